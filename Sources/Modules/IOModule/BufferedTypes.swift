import CPythonABI
import Objects
import SystemCalls

/// Parses `raw, buffer_size` and prepares the object: 0, or -1 with an exception.
private func initialize(
  _ object: Ref, _ constructor: Method, _ args: Ref, _ keywords: Ref?, reads: Bool, writes: Bool,
  type: TypeRef
) -> Int32 {
  status {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    try Buffered.initialize(
      object, raw: a.object(0), size: a.index(1, default: Streams.defaultBufferSize), reads: reads,
      writes: writes, type: type)
  }
}

/// A type over one buffered raw stream; `iterates` when it gives lines.
private func bufferedSpec(
  _ type: TypeRef, _ name: StaticString, doc: StaticString, init: Slot, iterates: Bool,
  methods: [Method]
) -> TypeSpec {
  var slots: [Slot] = [
    `init`,
    .tp_dealloc(Buffered.dealloc), .tp_repr(Buffered.repr), .tp_traverse(Buffered.traverse),
    .tp_clear(Buffered.clear),
  ]
  if iterates { slots.append(.tp_iternext(Buffered.next)) }
  return TypeSpec(
    type, name, basicSize: MemoryLayout<Buffered>.size, flags: [.baseType, .haveGC], doc: doc,
    base: BufferedIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset, slots: slots, methods: Buffered.common + methods,
    members: Buffered.members, properties: Buffered.properties)
}

/// `_io.BufferedReader`.
enum BufferedReader {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)", "", { _, _, _ in nil })

  static let spec = bufferedSpec(
    type, "_io.BufferedReader",
    doc: "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nCreate a new buffered reader using the given readable raw IO object.",
    init: .tp_init { object, args, keywords in
      initialize(object, constructor, args, keywords, reads: true, writes: false, type: type)
    },
    iterates: true, methods: [
      Buffered.simpleFlush, Buffered.readable, Buffered.read, Buffered.peek, Buffered.read1,
      Buffered.readInto, Buffered.readInto1, Buffered.readline,
    ])
}

/// `_io.BufferedWriter`.
enum BufferedWriter {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)", "", { _, _, _ in nil })

  static let spec = bufferedSpec(
    type, "_io.BufferedWriter",
    doc: "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for a writeable sequential raw stream.",
    init: .tp_init { object, args, keywords in
      initialize(object, constructor, args, keywords, reads: false, writes: true, type: type)
    },
    iterates: false, methods: [Buffered.writable, Buffered.flush, Buffered.write])
}

/// `_io.BufferedRandom`.
enum BufferedRandom {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)", "", { _, _, _ in nil })

  static let spec = bufferedSpec(
    type, "_io.BufferedRandom",
    doc: "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffered interface to random access streams.",
    init: .tp_init { object, args, keywords in
      initialize(object, constructor, args, keywords, reads: true, writes: true, type: type)
    },
    iterates: true, methods: [
      Buffered.flush, Buffered.readable, Buffered.writable, Buffered.read, Buffered.read1,
      Buffered.readInto, Buffered.readInto1, Buffered.readline, Buffered.peek, Buffered.write,
    ])
}

/// `_io.BufferedRWPair`: a reader and a writer as one stream.
enum BufferedRWPair {
  struct Pair {
    var head: StreamHead
    var reader: Ref?
    var writer: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variable(
    "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)", "", { _, _ in nil })

  static let spec = TypeSpec(
    type, "_io.BufferedRWPair", basicSize: MemoryLayout<Pair>.size, flags: [.baseType, .haveGC],
    doc: """
      BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)
      --

      A buffered reader and writer object together: for two streams that are one, such as a socket.
      """,
    base: BufferedIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .tp_init { object, args, keywords in
        status {
          try checkNoKeywords("BufferedRWPair", dict: keywords)
          let a = try Arguments(constructor, tuple: args, keywords: nil)
          _ = try IOBase.checkReadable(a.object(0)).ref
          _ = try IOBase.checkWritable(a.object(1)).ref
          let size = try int(a.index(2, default: Streams.defaultBufferSize))
          let reader = try own(call(BufferedReader.type.object, a.object(0), size.ref))
          let writer = try own(call(BufferedWriter.type.object, a.object(1), size.ref))
          let pair = object.view(Pair.self)
          replaceReference(&pair.pointee.reader, reader.give())
          replaceReference(&pair.pointee.writer, writer.give())
        }
      },
      .tp_dealloc { object in
        if IOBase.finalize(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        clearReference(&object.view(Pair.self).pointee.reader)
        clearReference(&object.view(Pair.self).pointee.writer)
        IOBase.clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        let pair = object.view(Pair.self).pointee
        for reference in [pair.reader, pair.writer, pair.head.dict] {
          let answer = visitReference(reference, visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { object in
        clearReference(&object.view(Pair.self).pointee.reader)
        clearReference(&object.view(Pair.self).pointee.writer)
        clearReference(&object.view(StreamHead.self).pointee.dict)
        return 0
      },
    ],
    methods: [
      read, peek, read1, readInto, readInto1, write, flush, readable, writable, close, isatty,
    ],
    properties: [
      Property("closed", get: { object, _ in
        new {
          guard let writer = object.view(Pair.self).pointee.writer else {
            throw raise(
              .runtimeError, "the BufferedRWPair object is being garbage-collected")
          }
          return try own(PyObject_GetAttr(writer, Name.closed))
        }
      })
    ])

  private static func forward(
    _ target: Ref?, _ name: Ref, _ args: Ref? = nil
  ) throws(Raised) -> Owned {
    guard let target else {
      throw raise(.valueError, "I/O operation on uninitialized object")
    }
    let method = try own(PyObject_GetAttr(target, name))
    return try own(
      args.map { PyObject_Call(method.ref, $0, nil) } ?? PyObject_CallNoArgs(method.ref))
  }

  private static let read: Method = .variable("read", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.reader, Name.read, args) }
  }
  private static let peek: Method = .variable("peek", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.reader, Name.peek, args) }
  }
  private static let read1: Method = .variable("read1", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.reader, Name.read1, args) }
  }
  private static let readInto: Method = .variable("readinto", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.reader, Name.readinto, args) }
  }
  private static let readInto1: Method = .variable("readinto1", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.reader, Name.readinto1, args) }
  }
  private static let write: Method = .variable("write", "") { object, args in
    new { try forward(object.view(Pair.self).pointee.writer, Name.write, args) }
  }
  private static let flush: Method = .noargs("flush($self, /)", "") { object, _ in
    new { try forward(object.view(Pair.self).pointee.writer, Name.flush) }
  }
  private static let readable: Method = .noargs("readable($self, /)", "") { object, _ in
    new { try forward(object.view(Pair.self).pointee.reader, Name.readable) }
  }
  private static let writable: Method = .noargs("writable($self, /)", "") { object, _ in
    new { try forward(object.view(Pair.self).pointee.writer, Name.writable) }
  }
  private static let isatty: Method = .noargs("isatty($self, /)", "") { object, _ in
    new {
      let answer = try forward(object.view(Pair.self).pointee.writer, Name.isatty)
      if answer.ref != falseObject() { return answer }
      return try forward(object.view(Pair.self).pointee.reader, Name.isatty)
    }
  }
  private static let close: Method = .noargs("close($self, /)", "") { object, _ in
    new {
      var pending: Ref?
      do {
        _ = try forward(object.view(Pair.self).pointee.writer, Name.close).ref
      } catch {
        pending = PyErr_GetRaisedException()
      }
      let result = try? forward(object.view(Pair.self).pointee.reader, Name.close).give()
      if let pending {
        if result == nil, let second = PyErr_GetRaisedException() {
          PyException_SetContext(second, pending)
          PyErr_SetRaisedException(second)
        } else {
          Py_XDECREF(result)
          PyErr_SetRaisedException(pending)
        }
        throw Raised()
      }
      return try own(result)
    }
  }
}
