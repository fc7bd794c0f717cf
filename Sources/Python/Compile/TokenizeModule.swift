import CPythonABI
import Objects
import Parser

/// The module `_tokenize`: the tokenizer behind `tokenize`. CPython: Python/Python-tokenize.c.
enum TokenizeModule {
  static let spec = ModuleSpec("_tokenize", types: [TokenizerIterator.spec])
}

/// _tokenize.TokenizerIter. The whole source is read at the first token.
private enum TokenizerIterator {
  struct Layout {
    var base: PyObject
    var readline: Ref?
    /// str, or NULL when lines are text.
    var encoding: Ref?
    var extraTokens: Bool
    /// A retained TokenReader once the source is read.
    var reader: UnsafeMutableRawPointer?
    /// Warnings issued.
    var cautions: Int
    var isDone: Bool
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> {
    object.view(Layout.self)
  }

  private static let make = Method.variableKeywords(
    "tokenizeriter(readline, /, *, extra_tokens, encoding=None)", ""
  ) { _, _, _ in nil }

  static let spec = TypeSpec(
    type, "_tokenize.TokenizerIter", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(make, tuple: args, keywords: keywords)
          let extraTokens = try a.bool(1)
          let encoding = try a.str(2)
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          let layout = view(object.ref)
          layout.pointee.readline = a.object(0).retained().give()
          layout.pointee.encoding = encoding.map { $0.retained().give() }
          layout.pointee.extraTokens = extraTokens
          return object
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.readline)
        Py_XDECREF(view(object).pointee.encoding)
        if let reader = view(object).pointee.reader {
          Unmanaged<TokenReader>.fromOpaque(reader).release()
        }
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { visitReference(view($0).pointee.readline, $1, $2) },
      .tp_clear { object in
        clearReference(&view(object).pointee.readline)
        return 0
      },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { object in
        do { return try next(object)?.give() } catch { return nil }
      },
      .tp_free { PyObject_GC_Del($0) },
    ])

  private static func next(_ object: Ref) throws(Raised) -> Owned? {
    if view(object).pointee.isDone { return nil }
    let fileName = try own(newString("<string>"))
    let reader = try reader(object, fileName.ref)
    let result: Result<TokenRecord?, SyntaxFailure> = {
      do throws(SyntaxFailure) { return .success(try reader.next()) } catch {
        return .failure(error)
      }
    }()
    let cautions = reader.cautions
    while view(object).pointee.cautions < cautions.count {
      let caution = cautions[view(object).pointee.cautions]
      view(object).pointee.cautions += 1
      switch SyntaxErrors.warn(
        caution.message, line: caution.lineno, fileName: fileName.ref, isOfParser: true) {
      case .proceed: break
      case .syntaxError: throw SyntaxErrors.raise(caution.asError, fileName: fileName.ref)
      case .raised: throw Raised()
      }
    }
    switch result {
    case .success(let token):
      guard let token else {
        view(object).pointee.isDone = true
        return nil
      }
      return try record(token)
    case .failure(let failure):
      view(object).pointee.isDone = true
      if failure.text == nil && failure.lineno != nil {
        throw try raiseWithoutText(failure, fileName.ref)
      }
      throw SyntaxErrors.raise(failure, fileName: fileName.ref)
    }
  }

  /// A SyntaxError whose arguments are the message alone.
  private static func raiseWithoutText(
    _ failure: SyntaxFailure, _ fileName: Ref
  ) throws(Raised) -> Raised {
    let message = try own(newString(failure.message))
    let exception = try own(PyObject_CallOneArg(.syntaxError, message.ref))
    func set(_ name: String, _ value: Int?) throws(Raised) {
      let number = try value.map { (n) throws(Raised) in try int(n) } ?? noneObject().retained()
      try check(name.withCString { PyObject_SetAttrString(exception.ref, $0, number.ref) })
    }
    try check(PyObject_SetAttrString(exception.ref, "filename", fileName))
    try set("lineno", failure.lineno)
    try set("offset", failure.offset)
    try set("end_lineno", failure.endLineno)
    try set("end_offset", failure.endOffset)
    PyErr_SetObject(.syntaxError, exception.ref)
    return Raised()
  }

  private static func text(_ bytes: [UInt8]) throws(Raised) -> Owned {
    try own(
      bytes.withUnsafeBytes { buffer -> Ref? in
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return PyUnicode_New(0, 0) }
        return PyUnicode_DecodeUTF8(
          base.assumingMemoryBound(to: CChar.self), buffer.count, "replace")
      })
  }

  private static func place(_ line: Int, _ column: Int) throws(Raised) -> Owned {
    let first = try int(line)
    let second = try int(column)
    return try tuple(first, second)
  }

  private static func record(_ token: TokenRecord) throws(Raised) -> Owned {
    let result = try own(PyTuple_New(5))
    let items = apus_tuple_items(result.ref)
    items[0] = try int(token.type).give()
    items[1] = try text(token.string).give()
    items[2] = try place(token.start.line, token.start.column).give()
    items[3] = try place(token.end.line, token.end.column).give()
    items[4] = try text(token.line).give()
    return result
  }

  private static func reader(_ object: Ref, _ fileName: Ref) throws(Raised) -> TokenReader {
    if let known = view(object).pointee.reader {
      return Unmanaged<TokenReader>.fromOpaque(known).takeUnretainedValue()
    }
    let source = try read(object)
    let extraTokens = view(object).pointee.extraTokens
    let made: Result<TokenReader, SyntaxFailure> = source.withUnsafeBufferPointer { bytes in
      do throws(SyntaxFailure) {
        return .success(try TokenReader(bytes, extraTokens: extraTokens))
      } catch {
        return .failure(error)
      }
    }
    switch made {
    case .success(let reader):
      // A `readline` that uses this iterator may have been here before.
      if view(object).pointee.reader == nil {
        view(object).pointee.reader = Unmanaged.passRetained(reader).toOpaque()
      }
      return reader
    case .failure(let failure): throw SyntaxErrors.raise(failure, fileName: fileName)
    }
  }

  /// All lines as UTF-8.
  private static func read(_ object: Ref) throws(Raised) -> [UInt8] {
    var source: [UInt8] = []
    guard let callable = view(object).pointee.readline else { return source }
    let readline = callable.retained()
    let encoding = view(object).pointee.encoding.map { Objects.text(of: $0) }
    while true {
      guard let result = PyObject_CallNoArgs(readline.ref) else {
        if PyErr_ExceptionMatches(.stopIteration) != 0 {
          PyErr_Clear()
          return source
        }
        throw Raised()
      }
      let line = Owned(adopting: result)
      let decoded: Owned
      if let encoding {
        guard line.ref.isBytes else {
          throw raise(.typeError, "readline() returned a non-bytes object")
        }
        decoded = try own(
          encoding.withCString {
            PyUnicode_Decode(
              UnsafeRawPointer(apus_bytes_data(line.ref)).assumingMemoryBound(to: CChar.self),
              apus_var_size(line.ref), $0, "replace")
          })
      } else {
        guard line.ref.isStr else {
          throw raise(.typeError, "readline() returned a non-string object")
        }
        decoded = line
      }
      var size = 0
      guard let start = PyUnicode_AsUTF8AndSize(decoded.ref, &size) else { throw Raised() }
      if size == 0 { return source }
      source.append(contentsOf: UnsafeRawBufferPointer(start: start, count: size))
    }
  }
}
