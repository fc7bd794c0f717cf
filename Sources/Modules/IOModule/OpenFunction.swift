import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `open()` and its small companions. CPython: Modules/_io/_iomodule.c.
enum OpenFunction {
  /// What a mode string says.
  private struct Mode {
    var isReading = false
    var isWriting = false
    var isCreating = false
    var isAppending = false
    var isUpdating = false
    var isText = false
    var isBinary = false

    init(_ object: Ref) throws(Raised) {
      var seen: [Unicode.Scalar] = []
      for letter in text(of: object).unicodeScalars {
        switch letter {
        case "x": isCreating = true
        case "r": isReading = true
        case "w": isWriting = true
        case "a": isAppending = true
        case "+": isUpdating = true
        case "t": isText = true
        case "b": isBinary = true
        default: throw Self.invalid(object)
        }
        if seen.contains(letter) { throw Self.invalid(object) }
        seen.append(letter)
      }
    }

    private static func invalid(_ object: Ref) -> Raised {
      guard let shown = PyObject_Repr(object) else { return Raised() }
      defer { Py_DECREF(shown) }
      return raise(.valueError, "invalid mode: \(text(of: shown))")
    }

    var raw: String {
      (isCreating ? "x" : "") + (isReading ? "r" : "") + (isWriting ? "w" : "")
        + (isAppending ? "a" : "") + (isUpdating ? "+" : "")
    }
    var directions: Int {
      (isCreating ? 1 : 0) + (isReading ? 1 : 0) + (isWriting ? 1 : 0) + (isAppending ? 1 : 0)
    }
  }

  static let open: Method = .keywords(
    "open($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)",
    """
    Open file and return a stream.  Raise OSError upon failure.

      file
        a path (str, bytes or path-like), or the descriptor of an open file
      mode
        'r' read (the default), 'w' write to an empty file, 'x' create and write, 'a' append;
        with '+' also the other direction; 't' text (the default) or 'b' bytes
      buffering
        0 none (bytes only), 1 by lines (text only), the size of the buffer above; -1 by lines for
        terminals, else a suitable size
      encoding, errors, newline
        how text is decoded and encoded, what becomes of errors, and what ends lines
      closefd
        False leaves a given descriptor open when the stream is closed
      opener
        a callable that gets the path and flags and returns a descriptor
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(open, args, count, names)
      if let mode = a[1], !mode.isStr { throw a.badArgument(1, expected: "str") }
      for index in [3, 4, 5] {
        if let given = try a.strOrNone(index), text(of: given).unicodeScalars.contains("\0") {
          throw raise(.valueError, "embedded null character")
        }
      }
      let modeObject = try a[1]?.retained() ?? own(newString("r"))
      var buffering = try a.int32(2, default: -1)
      let path =
        a.object(0).isInt ? a.object(0).retained() : try own(PyOS_FSPath(a.object(0)))
      let mode = try Mode(modeObject.ref)
      if mode.isText && mode.isBinary {
        throw raise(.valueError, "can't have text and binary mode at once")
      }
      if mode.directions > 1 {
        throw raise(
          .valueError, "must have exactly one of create/read/write/append mode")
      }
      for (index, name) in [(3, "n encoding"), (4, "n errors"), (5, " newline")]
      where mode.isBinary && a.optional(index) != nil {
        throw raise(.valueError, "binary mode doesn't take a\(name) argument")
      }
      if mode.isBinary && buffering == 1 {
        try warn(
          .runtimeWarning,
          "line buffering (buffering=1) isn't supported in binary mode, the default buffer size "
            + "will be used")
      }
      let raw = try own(PyType_GenericAlloc(FileIO.type, 0))
      raw.ref.view(FileIO.File.self).pointee.descriptor = -1
      raw.ref.view(FileIO.File.self).pointee.seekable = -1
      try FileIO.open(
        raw.ref, path.ref, mode.raw, closes: a.bool(6, default: true), opener: a.optional(7))
      // Whatever fails from here on, the file is closed.
      var result = raw.ref.retained()
      do throws(Raised) {
        let file = raw.ref.view(FileIO.File.self)
        let isTerminal = buffering < 0 && isatty(file.pointee.descriptor) != 0
        let isLineBuffered = buffering == 1 && !mode.isBinary || isTerminal
        if buffering == 1 || isTerminal { buffering = -1 }
        if buffering < 0 {
          buffering = Int32(clamping: file.pointee.blockSize)
          if buffering <= 1 { buffering = Int32(Streams.defaultBufferSize) }
        }
        if buffering == 0 {
          if !mode.isBinary { throw raise(.valueError, "can't have unbuffered text I/O") }
          return result
        }
        let type =
          mode.isUpdating
          ? BufferedRandom.type
          : mode.isReading ? BufferedReader.type : BufferedWriter.type
        let buffer = try own(PyType_GenericAlloc(type, 0))
        try Buffered.initialize(
          buffer.ref, raw: raw.ref, size: Int(buffering), reads: mode.isReading || mode.isUpdating,
          writes: !mode.isReading || mode.isUpdating, type: type)
        result = consume buffer
        if mode.isBinary { return result }
        let text = try own(TextStream.type.pointee.tp_new.flatMap { make in
          guard let empty = PyTuple_New(0) else { return nil }
          defer { Py_DECREF(empty) }
          return make(TextStream.type, empty, nil)
        })
        let arguments = try own(PyTuple_New(5))
        let items = apus_tuple_items(arguments.ref)
        items[0] = result.ref.retained().give()
        items[1] = a.object(3).retained().give()
        items[2] = a.object(4).retained().give()
        items[3] = a.object(5).retained().give()
        items[4] = boolObject(isLineBuffered)
        try TextStream.initialize(
          text.ref, Arguments(TextStream.constructor, tuple: arguments.ref, keywords: nil))
        result = consume text
        try check(PyObject_SetAttr(result.ref, Name.mode, modeObject.ref))
        return result
      } catch {
        let pending = PyErr_GetRaisedException()
        if let closed = PyObject_CallMethodNoArgs(result.ref, Name.close) {
          Py_DECREF(closed)
        } else {
          PyErr_Clear()
        }
        PyErr_SetRaisedException(pending)
        throw error
      }
    }
  }

  /// `open` as an object, for `open_code`.
  nonisolated(unsafe) private static var openObject: Ref?

  static let openCode: Method = .keywords(
    "open_code($module, /, path)",
    "Opens the provided file, whose content is to be run, with mode 'rb'."
  ) { _, args, count, names in
    new {
      let a = try Arguments(openCode, args, count, names)
      guard let path = try a.str(0) else { throw Raised() }
      let mode = try own(newString("rb"))
      if openObject == nil, let table = Method.table([open]) {
        openObject = try own(PyCFunction_NewEx(table, nil, nil)).give()
        InterpreterEnd.add("io.open") { InterpreterEnd.drop(&openObject) }
      }
      guard let function = openObject else { throw raiseNoMemory() }
      return try own(call(function, path, mode.ref))
    }
  }

  /// `sys.flags.warn_default_encoding`
  static func warnsOfDefaultEncoding() throws(Raised) -> Bool {
    var flag: Ref?
    if let flags = PySys_GetObject("flags") {
      try check(
        "warn_default_encoding".withCString { PyObject_GetOptionalAttrString(flags, $0, &flag) })
    }
    guard let flag else { return false }
    let held = Owned(adopting: flag)
    return try check(PyObject_IsTrue(held.ref)) != 0
  }

  static let textEncoding: Method = .fast(
    "text_encoding($module, encoding, stacklevel=2, /)",
    """
    A helper function to choose the text encoding.

    'locale' when encoding is None, else encoding. With -X warn_default_encoding None warns.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(textEncoding, args, count)
      let level = try a.index(1, default: 2)
      if let encoding = a.optional(0) { return encoding.retained() }
      if try warnsOfDefaultEncoding() {
        try warn(.encodingWarning, "'encoding' argument not specified", stackLevel: level)
      }
      let isUTF8 = apus_setting("utf8_mode").pointee != 0
      return try own(PyUnicode_InternFromString(isUTF8 ? "utf-8" : "locale"))
    }
  }
}
