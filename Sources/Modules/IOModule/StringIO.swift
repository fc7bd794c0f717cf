import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_io.StringIO`: text in memory as a stream. CPython: Modules/_io/stringio.c.
///
/// While text is only appended it collects in a `_PyUnicodeWriter`. The first other operation turns
/// it into an array of code points, in which any position can be reached and changed.
enum StringIO {
  struct Buffer {
    var head: StreamHead
    var writer: _PyUnicodeWriter
    /// Whether the text is in the writer, not in the array.
    var isCollecting: Bool
    var isOpen: Bool
    var characters: UnsafeMutablePointer<UInt32>?
    var capacity: Int
    /// Code points in use.
    var count: Int
    var position: Int
    /// The newline argument: nil for None.
    var newline: Ref?
    /// What "\n" becomes when written: 0 itself, 1 "\r", 2 "\r\n".
    var writesNewline: UInt8
    var isUniversal: Bool
    var translates: Bool
    var seen: UInt8
  }
  typealias BufferRef = UnsafeMutablePointer<Buffer>

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "StringIO(initial_value='', newline='\\n')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_io.StringIO", basicSize: MemoryLayout<Buffer>.size, flags: [.baseType, .haveGC],
    doc: """
      StringIO(initial_value='', newline='\\n')
      --

      Text I/O implementation using an in-memory buffer.

      The initial_value argument sets the value of object. The newline argument is like the one of
      TextIOWrapper's constructor.
      """,
    base: TextIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .tp_new { type, _, _ in PyType_GenericAlloc(type, 0) },
      .tp_init { object, args, keywords in
        status { try initialize(object, Arguments(constructor, tuple: args, keywords: keywords)) }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let buffer = object.view(Buffer.self)
        free(buffer)
        clearReference(&buffer.pointee.newline)
        IOBase.clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in IOBase.traverseHead(object, visit, argument) },
      .tp_clear { object in
        clearReference(&object.view(StreamHead.self).pointee.dict)
        return 0
      },
      .tp_iternext { object in
        let found: Ref?
        if object.type == type {
          found = new {
            try checkOpen(object)
            return try line(object.view(Buffer.self), -1)
          }
        } else {
          found = PyObject_CallMethodNoArgs(object, Name.readline)
          if let found, !found.isStr {
            _ = raise(
              .osError, "readline() should have returned a str object, not '\(found.type.fullName)'")
            Py_DECREF(found)
            return nil
          }
        }
        guard let found else { return nil }
        if apus_str_length(found) == 0 {
          Py_DECREF(found)
          return nil
        }
        return found
      },
    ],
    methods: [
      close, getvalue, read, readline, tell, truncate, seek, write, seekable, readable, writable,
      getstate, setstate,
    ],
    properties: [
      Property("closed", get: { object, _ in
        bool {
          try checkReady(object)
          return !object.view(Buffer.self).pointee.isOpen
        }
      }),
      Property("newlines", get: { object, _ in
        new {
          try checkOpen(object)
          return try NewlineKinds(rawValue: object.view(Buffer.self).pointee.seen).object()
        }
      }),
      Property("line_buffering", get: { object, _ in
        bool {
          try checkOpen(object)
          return false
        }
      }),
    ])

  // MARK: State

  private static func free(_ buffer: BufferRef) {
    if buffer.pointee.isCollecting { _PyUnicodeWriter_Dealloc(&buffer.pointee.writer) }
    buffer.pointee.isCollecting = false
    PyMem_Free(buffer.pointee.characters)
    buffer.pointee.characters = nil
    buffer.pointee.capacity = 0
    buffer.pointee.count = 0
  }

  private static func checkReady(_ object: Ref) throws(Raised) {
    let buffer = object.view(Buffer.self)
    if !buffer.pointee.isOpen && !buffer.pointee.isCollecting && buffer.pointee.position != -1 {
      throw raise(.valueError, "I/O operation on uninitialized object")
    }
  }
  private static func checkOpen(_ object: Ref) throws(Raised) {
    try checkReady(object)
    if !object.view(Buffer.self).pointee.isOpen {
      throw raise(.valueError, "I/O operation on closed file")
    }
  }

  private static func initialize(_ object: Ref, _ a: Arguments) throws(Raised) {
    let buffer = object.view(Buffer.self)
    var newline: Ref?
    var text = ""
    if let given = a[1] {
      if !given.isNone {
        guard given.isStr else {
          throw raise(
            .typeError, "newline must be str or None, not \(given.type.fullName)")
        }
        text = Objects.text(of: given)
        guard ["", "\n", "\r", "\r\n"].contains(text) else {
          let shown = try own(PyObject_Repr(given))
          throw raise(.valueError, "illegal newline value: \(Objects.text(of: shown.ref))")
        }
        newline = given
      }
    } else {
      text = "\n"
    }
    let isNone = a[1].map { $0.isNone } ?? false
    if let initial = a.optional(0), !initial.isStr {
      throw raise(
        .typeError, "initial_value must be str or None, not \(initial.type.fullName)")
    }
    free(buffer)
    if let newline {
      replaceReference(&buffer.pointee.newline, newline.retained().give())
    } else if isNone {
      replaceReference(&buffer.pointee.newline, nil)
    } else {
      replaceReference(&buffer.pointee.newline, try own(newString("\n")).give())
    }
    buffer.pointee.isUniversal = isNone || text == ""
    buffer.pointee.translates = isNone
    buffer.pointee.writesNewline = text == "\r" ? 1 : text == "\r\n" ? 2 : 0
    buffer.pointee.seen = 0
    buffer.pointee.position = 0
    buffer.pointee.isOpen = true
    collect(buffer)
    if let initial = a.optional(0), apus_str_length(initial) > 0 {
      try put(buffer, initial)
      buffer.pointee.position = 0
    }
  }

  private static func collect(_ buffer: BufferRef) {
    _PyUnicodeWriter_Init(&buffer.pointee.writer)
    buffer.pointee.writer.overallocate = 1
    buffer.pointee.isCollecting = true
  }

  /// Turns the collected text into an array.
  private static func realize(_ buffer: BufferRef) throws(Raised) {
    if !buffer.pointee.isCollecting { return }
    let text = try own(_PyUnicodeWriter_Finish(&buffer.pointee.writer))
    buffer.pointee.isCollecting = false
    buffer.pointee.count = 0
    let length = apus_str_length(text.ref)
    try reserve(buffer, length)
    if let characters = buffer.pointee.characters, length > 0,
      PyUnicode_AsUCS4(text.ref, characters, length, 0) == nil
    {
      throw Raised()
    }
    buffer.pointee.count = length
  }

  private static func reserve(_ buffer: BufferRef, _ wanted: Int) throws(Raised) {
    if wanted <= buffer.pointee.capacity && buffer.pointee.characters != nil { return }
    let capacity = wanted &+ wanted >> 3 &+ 8
    let (bytes, overflow) = capacity.multipliedReportingOverflow(by: 4)
    if overflow || capacity < wanted { throw raise(.overflowError, "new buffer size too large") }
    guard let memory = PyMem_Realloc(buffer.pointee.characters, bytes) else {
      throw raiseNoMemory()
    }
    buffer.pointee.characters = memory.bindMemory(to: UInt32.self, capacity: capacity)
    buffer.pointee.capacity = capacity
  }

  private static func put(_ buffer: BufferRef, _ given: Ref) throws(Raised) {
    var text = given.retained()
    if buffer.pointee.isUniversal {
      buffer.pointee.seen |= Newlines.kinds(text.ref).rawValue
      if buffer.pointee.translates { text = try Newlines.translate(text.ref) }
    }
    switch buffer.pointee.writesNewline {
    case 1: text = try Newlines.replace(text.ref, by: "\r")
    case 2: text = try Newlines.replace(text.ref, by: "\r\n")
    default: break
    }
    let length = apus_str_length(text.ref)
    if length == 0 { return }
    if buffer.pointee.isCollecting {
      if buffer.pointee.position == buffer.pointee.count {
        try check(_PyUnicodeWriter_WriteStr(&buffer.pointee.writer, text.ref))
        buffer.pointee.count += length
        buffer.pointee.position = buffer.pointee.count
        return
      }
      try realize(buffer)
    }
    let (end, overflow) = buffer.pointee.position.addingReportingOverflow(length)
    if overflow { throw raise(.overflowError, "new position too large") }
    try reserve(buffer, Swift.max(end, buffer.pointee.count))
    guard let characters = buffer.pointee.characters else { throw raiseNoMemory() }
    if buffer.pointee.position > buffer.pointee.count {
      (characters + buffer.pointee.count).update(
        repeating: 0, count: buffer.pointee.position - buffer.pointee.count)
    }
    if PyUnicode_AsUCS4(text.ref, characters + buffer.pointee.position, length, 0) == nil {
      throw Raised()
    }
    buffer.pointee.position = end
    buffer.pointee.count = Swift.max(end, buffer.pointee.count)
  }

  private static func slice(
    _ buffer: BufferRef, _ start: Int, _ count: Int
  ) throws(Raised) -> Owned {
    guard count > 0, let characters = buffer.pointee.characters else {
      return try own(PyUnicode_New(0, 0))
    }
    return try own(PyUnicode_FromKindAndData(4, characters + start, count))
  }

  /// The text, which stays: a writer starts anew with it.
  private static func value(_ buffer: BufferRef) throws(Raised) -> Owned {
    if !buffer.pointee.isCollecting { return try slice(buffer, 0, buffer.pointee.count) }
    let text = try own(_PyUnicodeWriter_Finish(&buffer.pointee.writer))
    collect(buffer)
    if apus_str_length(text.ref) > 0 {
      try check(_PyUnicodeWriter_WriteStr(&buffer.pointee.writer, text.ref))
    }
    return text
  }

  private static func line(_ buffer: BufferRef, _ limit: Int) throws(Raised) -> Owned {
    try realize(buffer)
    let start = buffer.pointee.position
    let rest = buffer.pointee.count - start
    if rest <= 0 || limit == 0 { return try own(PyUnicode_New(0, 0)) }
    let most = limit < 0 ? rest : Swift.min(limit, rest)
    guard let characters = buffer.pointee.characters else { return try own(PyUnicode_New(0, 0)) }
    let from = characters + start
    var end = most
    var index = 0
    if buffer.pointee.translates || (!buffer.pointee.isUniversal && buffer.pointee.writesNewline == 0) {
      while index < most && from[index] != 0x0A { index += 1 }
      if index < most { end = index + 1 }
    } else if buffer.pointee.isUniversal {
      while index < most && from[index] != 0x0A && from[index] != 0x0D { index += 1 }
      if index < most {
        end = index + 1
        if from[index] == 0x0D && end < most && from[end] == 0x0A { end += 1 }
      }
    } else if buffer.pointee.writesNewline == 1 {
      while index < most && from[index] != 0x0D { index += 1 }
      if index < most { end = index + 1 }
    } else {
      while index + 1 < most && !(from[index] == 0x0D && from[index + 1] == 0x0A) { index += 1 }
      if index + 1 < most { end = index + 2 }
    }
    buffer.pointee.position += end
    return try slice(buffer, start, end)
  }

  // MARK: Methods

  private static let getvalue: Method = .noargs("getvalue($self, /)", "Retrieve the entire contents of the object.") {
    object, _ in
    new {
      try checkOpen(object)
      return try value(object.view(Buffer.self))
    }
  }
  private static let tell: Method = .noargs("tell($self, /)", "Tell the current file position.") { object, _ in
    new {
      try checkOpen(object)
      return try int(object.view(Buffer.self).pointee.position)
    }
  }
  private static let read: Method = .fast(
    "read($self, size=-1, /)", "Read at most size characters, returned as a string; until the end when negative."
  ) { object, args, count in
    new {
      let size = try sizeArgument(onlyArgument("read", args, count))
      try checkOpen(object)
      let buffer = object.view(Buffer.self)
      let rest = Swift.max(0, buffer.pointee.count - buffer.pointee.position)
      let wanted = size < 0 ? rest : Swift.min(size, rest)
      if buffer.pointee.isCollecting && buffer.pointee.position == 0
        && wanted == buffer.pointee.count
      {
        let text = try value(buffer)
        buffer.pointee.position = buffer.pointee.count
        return text
      }
      try realize(buffer)
      let text = try slice(buffer, buffer.pointee.position, wanted)
      buffer.pointee.position += wanted
      return text
    }
  }
  private static let readline: Method = .fast(
    "readline($self, size=-1, /)", "Read until newline or EOF. Returns an empty string if EOF is hit immediately."
  ) { object, args, count in
    new {
      let size = try sizeArgument(onlyArgument("readline", args, count))
      try checkOpen(object)
      return try line(object.view(Buffer.self), size)
    }
  }
  private static let truncate: Method = .fast(
    "truncate($self, pos=None, /)", "Truncate size to pos, by default the current position. Returns the new size."
  ) { object, args, count in
    new {
      try checkOpen(object)
      let buffer = object.view(Buffer.self)
      let size = try sizeArgument(
        onlyArgument("truncate", args, count), default: buffer.pointee.position)
      if size < 0 { throw raise(.valueError, "Negative size value \(size)") }
      if size < buffer.pointee.count {
        try realize(buffer)
        buffer.pointee.count = size
      }
      return try int(size)
    }
  }
  private static let seek: Method = .fast(
    "seek($self, pos, whence=0, /)",
    "Change stream position: whence 0 from the start, 1 and 2 (here, the end) only with pos 0."
  ) { object, args, count in
    new {
      let a = try Arguments(seek, args, count)
      let target = try a.index(0)
      let whence = try a.int32(1)
      try checkOpen(object)
      guard (0...2).contains(whence) else {
        throw raise(.valueError, "Invalid whence (\(whence), should be 0, 1 or 2)")
      }
      if target < 0 && whence == 0 { throw raise(.valueError, "Negative seek position \(target)") }
      if whence != 0 && target != 0 {
        throw raise(.osError, "Can't do nonzero cur-relative seeks")
      }
      let buffer = object.view(Buffer.self)
      switch whence {
      case 0: buffer.pointee.position = target
      case 2: buffer.pointee.position = buffer.pointee.count
      default: break
      }
      return try int(buffer.pointee.position)
    }
  }
  private static let write: Method = .o(
    "write($self, s, /)", "Write string to file. Returns the number of characters written."
  ) { object, text in
    new {
      try checkReady(object)
      guard text.isStr else {
        throw raise(.typeError, "string argument expected, got '\(text.type.fullName)'")
      }
      try checkOpen(object)
      try put(object.view(Buffer.self), text)
      return try int(apus_str_length(text))
    }
  }
  private static let close: Method = .noargs("close($self, /)", "Close the IO object; further operations raise ValueError.") {
    object, _ in
    none {
      let buffer = object.view(Buffer.self)
      free(buffer)
      buffer.pointee.isOpen = false
      buffer.pointee.position = -1
    }
  }
  private static let readable: Method = .noargs("readable($self, /)", "Returns True if the IO object can be read.") { object, _ in
    bool { try checkOpen(object); return true }
  }
  private static let writable: Method = .noargs("writable($self, /)", "Returns True if the IO object can be written.") { object, _ in
    bool { try checkOpen(object); return true }
  }
  private static let seekable: Method = .noargs("seekable($self, /)", "Returns True if the IO object can be seeked.") { object, _ in
    bool { try checkOpen(object); return true }
  }

  private static let getstate: Method = .noargs("__getstate__($self, /)", "") { object, _ in
    new {
      try checkOpen(object)
      let buffer = object.view(Buffer.self)
      let text = try value(buffer)
      let newline = (buffer.pointee.newline ?? noneObject()).retained()
      let dict = try buffer.pointee.head.dict.map { try own(PyDict_Copy($0)).give() }
      return try tuple(
        text, newline, int(buffer.pointee.position), Owned(adopting: dict ?? noneObject()))
    }
  }
  private static let setstate: Method = .o("__setstate__($self, state, /)", "") { object, state in
    none {
      guard state.isTuple, apus_var_size(state) >= 4 else {
        throw raise(
          .typeError,
          "\(object.type.fullName).__setstate__ argument should be 4-tuple, "
            + "got \(state.type.fullName)")
      }
      let closing = object.view(Buffer.self)
      if !closing.pointee.isOpen && (closing.pointee.isCollecting || closing.pointee.position == -1) {
        throw raise(.valueError, "I/O operation on closed file")
      }
      let arguments = try own(PyTuple_GetSlice(state, 0, 2))
      try initialize(object, Arguments(constructor, tuple: arguments.ref, keywords: nil))
      // The text is as it was: no newline is translated again.
      let buffer = object.view(Buffer.self)
      let text = apus_tuple_item(state, 0)
      if text.isStr {
        free(buffer)
        collect(buffer)
        try check(_PyUnicodeWriter_WriteStr(&buffer.pointee.writer, text))
        buffer.pointee.count = apus_str_length(text)
      }
      guard apus_tuple_item(state, 2).isInt else {
        throw raise(
          .typeError,
          "third item of state must be an integer, got \(apus_tuple_item(state, 2).type.fullName)")
      }
      let position = try check(PyLong_AsSsize_t(apus_tuple_item(state, 2)))
      if position < 0 { throw raise(.valueError, "position value cannot be negative") }
      buffer.pointee.position = position
      let dict = apus_tuple_item(state, 3)
      if dict.isNone { return }
      guard dict.isDict else {
        throw raise(
          .typeError, "fourth item of state should be a dict, got a \(dict.type.fullName)")
      }
      if let mine = buffer.pointee.head.dict {
        try check(PyDict_Update(mine, dict))
      } else {
        buffer.pointee.head.dict = dict.retained().give()
      }
    }
  }
}
