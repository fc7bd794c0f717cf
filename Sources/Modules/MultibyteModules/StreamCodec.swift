import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_multibytecodec.MultibyteStreamReader`.
enum StreamReader {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "StreamReader(stream, errors='strict')", "", { _, _, _ in nil })
  static let streamMember = Member(
    "stream", Py_T_OBJECT_EX, offset: MemoryLayout<StatefulLayout>.offset(of: \.stream) ?? 0,
    flags: Py_READONLY)

  static let spec = TypeSpec(
    type, "_multibytecodec.MultibyteStreamReader", basicSize: MemoryLayout<StatefulLayout>.size,
    flags: [.baseType, .haveGC], base: objectType(),
    slots: StatefulLayout.slots + [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(arguments, tuple: args, keywords: keywords)
          if let given = a[1], !given.isStr {
            throw raise(.typeError, "StreamReader() argument 2 must be str, not \(given.type.name)")
          }
          let object = try StatefulLayout.make(type, errors: a[1], stream: a.object(0))
          try StatefulLayout.engine(object.ref)
            .startDecoding(&StatefulLayout.view(object.ref).pointee.state)
          return object
        }
      },
      .tp_init { _, _, _ in 0 },
    ],
    methods: [read, readLine, readLines, reset], members: [streamMember],
    properties: [StatefulLayout.errorsProperty])

  /// Calls a method of the stream's until there is a character or the stream ends.
  private static func read(_ object: Ref, _ method: StaticString, _ size: Int) throws(Raised) -> Owned {
    if size == 0 { return try own(PyUnicode_New(0, 0)) }
    let result = try own(PyList_New(0))
    var wanted = size
    while true {
      let stream = try borrow(StatefulLayout.view(object).pointee.stream)
      let function = try own(PyObject_GetAttrString(stream, cString(method)))
      let data: Owned
      if wanted < 0 {
        data = try own(PyObject_CallNoArgs(function.ref))
      } else {
        let number = try int(wanted)
        data = try own(PyObject_CallOneArg(function.ref, number.ref))
      }
      guard data.ref.isBytes, let start = PyBytes_AsString(data.ref) else {
        throw raise(
          .typeError, "stream function returned a non-bytes object (\(data.ref.type.fullName))")
      }
      let count = apus_var_size(data.ref)
      // Without a size all has come; else only nothing means the end.
      let isEnd = count == 0 || wanted < 0
      let text = try StatefulLayout.decode(object, start, count, final: isEnd)
      if isEnd || wanted < 0 || apus_str_length(text.ref) > 0 {
        _ = result
        return text
      }
      // Part of a character came: one byte more each time.
      wanted = 1
    }
  }

  private static func size(_ given: Ref?) throws(Raised) -> Int {
    guard let given, !given.isNone else { return -1 }
    guard given.isInt else { throw raise(.typeError, "arg 1 must be an integer") }
    return try check(PyLong_AsSsize_t(given))
  }

  private static let read: Method = .fast("read($self, sizeobj=None, /)", "") { object, args, count in
    new {
      let a = try Arguments(read, args, count)
      return try read(object, "read", size(a[0]))
    }
  }
  private static let readLine: Method = .fast("readline($self, sizeobj=None, /)", "") { object, args, count in
    new {
      let a = try Arguments(readLine, args, count)
      return try read(object, "readline", size(a[0]))
    }
  }
  private static let readLines: Method = .fast("readlines($self, sizehintobj=None, /)", "") { object, args, count in
    new {
      let a = try Arguments(readLines, args, count)
      let text = try read(object, "read", size(a[0]))
      return try own(PyUnicode_Splitlines(text.ref, 1))
    }
  }
  private static let reset: Method = .noargs("reset($self, /)", "") { object, _ in
    none {
      let layout = StatefulLayout.view(object)
      try StatefulLayout.engine(object).startDecoding(&layout.pointee.state)
      layout.pointee.pendingCount = 0
    }
  }
}

/// `_multibytecodec.MultibyteStreamWriter`.
enum StreamWriter {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "StreamWriter(stream, errors='strict')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_multibytecodec.MultibyteStreamWriter", basicSize: MemoryLayout<StatefulLayout>.size,
    flags: [.baseType, .haveGC], base: objectType(),
    slots: StatefulLayout.slots + [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(arguments, tuple: args, keywords: keywords)
          if let given = a[1], !given.isStr {
            throw raise(.typeError, "StreamWriter() argument 2 must be str, not \(given.type.name)")
          }
          let object = try StatefulLayout.make(type, errors: a[1], stream: a.object(0))
          try StatefulLayout.engine(object.ref)
            .startEncoding(&StatefulLayout.view(object.ref).pointee.state)
          return object
        }
      },
      .tp_init { _, _, _ in 0 },
    ],
    methods: [write, writeLines, reset], members: [StreamReader.streamMember],
    properties: [StatefulLayout.errorsProperty])

  private static func send(_ object: Ref, _ bytes: Ref) throws(Raised) {
    let stream = try borrow(StatefulLayout.view(object).pointee.stream)
    let function = try own(PyObject_GetAttrString(stream, "write"))
    _ = try own(PyObject_CallOneArg(function.ref, bytes))
  }

  private static let write: Method = .o("write($self, strobj, /)", "") { object, text in
    none {
      let bytes = try StatefulLayout.encode(object, text, final: false)
      try send(object, bytes.ref)
    }
  }

  private static let writeLines: Method = .o("writelines($self, lines, /)", "") { object, lines in
    none {
      guard PySequence_Check(lines) != 0 else {
        throw raise(.typeError, "arg must be a sequence object")
      }
      var index = 0
      while try index < check(PySequence_Size(lines)) {
        let line = try own(PySequence_GetItem(lines, index))
        let bytes = try StatefulLayout.encode(object, line.ref, final: false)
        try send(object, bytes.ref)
        index += 1
      }
    }
  }

  private static let reset: Method = .noargs("reset($self, /)", "") { object, _ in
    none {
      let layout = StatefulLayout.view(object)
      var output: [UInt8] = []
      let (codec, name) = (try StatefulLayout.engine(object), try StatefulLayout.name(object))
      if let pending = layout.pointee.pendingText {
        let result = try Conversion.encode(
          codec, name, &layout.pointee.state, pending, StatefulLayout.errors(object), flush: true,
          reset: true)
        output = result.bytes
        clearReference(&layout.pointee.pendingText)
      } else {
        codec.reset(&layout.pointee.state, &output)
      }
      if !output.isEmpty {
        let bytes = try Conversion.bytes(output)
        try send(object, bytes.ref)
      }
    }
  }
}
