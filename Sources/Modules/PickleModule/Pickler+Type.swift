import CPythonABI
import Objects

/// The type `_pickle.Pickler`.
extension Pickler {
  private static let construct = Method.variableKeywords(
    "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)", ""
  ) { _, _, _ in nil }

  static let spec = TypeSpec(
    type, "_pickle.Pickler", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: """
      Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)
      --

      Writes pickles to a binary file.

      protocol says which version of the format, 0 to 5 (None: 4, negative: the newest).
      file needs a write() method that takes bytes.
      With fix_imports, protocols below 3 use the module names of Python 2.
      buffer_callback, from protocol 5 on, is called with each buffer that may travel apart from
      the stream; when it returns something false, the buffer stays out of the stream.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in
        new {
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try Objects.own(allocate(type, 0))
          Pickler(object.ref).own.pointee.frameStart = -1
          return object
        }
      },
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(construct, tuple: args, keywords: keywords)
          try Pickler(object).initialize(
            file: a.object(0), version: a[1], fixImports: try a.bool(2, default: true),
            callback: a[3])
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Pickler(object).clear()
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let own = Pickler(object).own
        let answer = visitReferences(
          visit, argument, own.pointee.persistentID, own.pointee.persistentIDAttribute,
          own.pointee.dispatchTable, own.pointee.reducerOverride, own.pointee.write,
          own.pointee.fastMemo, own.pointee.bufferCallback)
        if answer != 0 { return answer }
        guard let table = own.pointee.memo else { return 0 }
        return PicklerMemo(table: table).traverse(visit, argument)
      },
      .tp_clear { object in
        Pickler(object).clear()
        return 0
      },
      .tp_getattro { object, name in
        if let value = Pickler(object).own.pointee.persistentIDAttribute,
          isPersistentID(name)
        {
          return Py_NewRef(value)
        }
        return PyObject_GenericGetAttr(object, name)
      },
      .tp_setattro { object, name, value in
        if isPersistentID(name) {
          // Deleting what is not set is an error of the usual kind.
          let own = Pickler(object).own
          if value != nil || own.pointee.persistentIDAttribute != nil {
            replaceReference(
              &own.pointee.persistentIDAttribute, value.flatMap { Py_NewRef($0) })
            return 0
          }
        }
        return PyObject_GenericSetAttr(object, name, value)
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [persistentIDMethod, dumpMethod, clearMemoMethod, sizeOf],
    members: [
      Member("bin", Py_T_INT, offset: MemoryLayout<Layout>.at(\.isBinary)),
      Member("fast", Py_T_INT, offset: MemoryLayout<Layout>.at(\.fast)),
      Member("dispatch_table", Py_T_OBJECT_EX, offset: MemoryLayout<Layout>.at(\.dispatchTable)),
    ],
    properties: [
      Property(
        "memo", nil, get: { object, _ in new { try MemoProxy.make(object, MemoProxy.picklerType) } },
        set: { object, value, _ in status { try setMemo(object, value) } })
    ])

  private static func isPersistentID(_ name: Ref) -> Bool {
    name == PickleState.names.persistentID
      || (name.isStr && PyUnicode_Compare(name, PickleState.names.persistentID) == 0)
  }

  private static let persistentIDMethod: Method = .o(
    "persistent_id($self, obj, /)",
    "What stands for an object in the stream, None to pickle the object itself."
  ) { _, _ in noneObject() }

  private static let dumpMethod: Method = .o(
    "dump($self, obj, /)", "Write the pickle of an object to the file."
  ) { object, value in
    none {
      let pickler = Pickler(object)
      guard pickler.own.pointee.write != nil else {
        throw PickleState.raisePickling(
          "Pickler.__init__() was not called by \(object.type.fullName).__init__()")
      }
      try pickler.startOutput()
      try pickler.dump(value)
      try pickler.flush()
    }
  }

  private static let clearMemoMethod: Method = .noargs(
    "clear_memo($self, /)",
    "Forget the objects written so far, so that the next pickle stands on its own."
  ) { object, _ in
    if let table = Pickler(object).own.pointee.memo { PicklerMemo(table: table).clear() }
    return noneObject()
  }

  private static let sizeOf: Method = .noargs(
    "__sizeof__($self, /)", "Bytes in memory, with memo and buffer."
  ) { object, _ in
    let own = Pickler(object).own
    var size = object.type.pointee.tp_basicsize
    if let table = own.pointee.memo {
      size += MemoryLayout<PicklerMemo.Table>.size
      size += table.pointee.places * MemoryLayout<PicklerMemo.Entry>.stride
    }
    if let output = own.pointee.output { size += apus_var_size(output) + 33 }
    return PyLong_FromLong(size)
  }

  private static func setMemo(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.typeError, "attribute deletion is not supported") }
    let memo: PicklerMemo
    if value.type == MemoProxy.picklerType {
      guard let source = MemoProxy.owner(value), let table = Pickler(source).own.pointee.memo else {
        throw raise(.typeError, "the memo's pickler is gone")
      }
      memo = try PicklerMemo(table: table).copy()
    } else if value.isDict {
      memo = try PicklerMemo.make(dict: value)
    } else {
      throw raise(
        .typeError,
        "'memo' attribute must be a PicklerMemoProxy object or dict, not \(value.type.fullName)")
    }
    let own = Pickler(object).own
    let old = own.pointee.memo
    own.pointee.memo = memo.table
    if let old { PicklerMemo(table: old).free() }
  }
}
