import CPythonABI
import Glibc
import Objects

/// The type `_pickle.Unpickler`.
extension Unpickler {
  private static let construct = Method.variableKeywords(
    "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", ""
  ) { _, _, _ in nil }

  static let spec = TypeSpec(
    type, "_pickle.Unpickler", basicSize: basicSize, flags: [.haveGC, .baseType],
    doc: """
      Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',
                buffers=())
      --

      Reads pickles from a binary file.

      file needs read() and readline(); readinto() and peek() are used when there are.
      The stream says which protocol it is written in.
      fix_imports, encoding and errors are for streams of Python 2: whether module names are
      translated, and how its strings are decoded ("bytes" leaves them alone).
      buffers is an iterable of the buffers that were kept out of the stream.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in new { try make(type) } },
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(construct, tuple: args, keywords: keywords)
          let encoding = try text(a, 2, "ASCII")
          let errors = try text(a, 3, "strict")
          let fixes = try a.bool(1, default: true)
          let unpickler = Unpickler(object)
          if unpickler.own.pointee.read != nil || unpickler.own.pointee.memo == nil {
            unpickler.clear()
            guard let memo = PyMem_Calloc(smallestMemo, MemoryLayout<Ref?>.stride) else {
              throw raiseNoMemory()
            }
            unpickler.own.pointee.memo = memo.bindMemory(to: Ref?.self, capacity: smallestMemo)
            unpickler.own.pointee.memoSize = smallestMemo
          }
          unpickler.own.pointee.next = 0
          unpickler.own.pointee.prefetched = 0
          try unpickler.setFile(a.object(0))
          try unpickler.setEncoding(encoding, errors)
          try unpickler.setBuffers(a[4])
          unpickler.own.pointee.fixImports = fixes ? 1 : 0
          unpickler.own.pointee.version = 0
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Unpickler(object).clear()
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let own = Unpickler(object).own
        let answer = visitReferences(
          visit, argument, own.pointee.read, own.pointee.readInto, own.pointee.readLine,
          own.pointee.peek, own.pointee.buffers, own.pointee.persistentLoad,
          own.pointee.persistentLoadAttribute)
        if answer != 0 { return answer }
        for index in 0..<own.pointee.height {
          let answer = visitReference(own.pointee.stack?[index], visit, argument)
          if answer != 0 { return answer }
        }
        for index in 0..<own.pointee.memoSize {
          let answer = visitReference(own.pointee.memo?[index], visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { object in
        Unpickler(object).clear()
        return 0
      },
      .tp_getattro { object, name in
        if let value = Unpickler(object).own.pointee.persistentLoadAttribute,
          isPersistentLoad(name)
        {
          return Py_NewRef(value)
        }
        return PyObject_GenericGetAttr(object, name)
      },
      .tp_setattro { object, name, value in
        if isPersistentLoad(name) {
          let own = Unpickler(object).own
          if value != nil || own.pointee.persistentLoadAttribute != nil {
            replaceReference(
              &own.pointee.persistentLoadAttribute, value.flatMap { Py_NewRef($0) })
            return 0
          }
        }
        return PyObject_GenericSetAttr(object, name, value)
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [persistentLoadMethod, loadMethod, findClassMethod, sizeOf],
    properties: [
      Property(
        "memo", nil,
        get: { object, _ in new { try MemoProxy.make(object, MemoProxy.unpicklerType) } },
        set: { object, value, _ in status { try setMemo(object, value) } })
    ])

  private static func isPersistentLoad(_ name: Ref) -> Bool {
    name == PickleState.names.persistentLoad
      || (name.isStr && PyUnicode_Compare(name, PickleState.names.persistentLoad) == 0)
  }

  /// A text argument as a C string that lives as long as the argument.
  static func text(
    _ a: Arguments, _ index: Int, _ fallback: StaticString
  ) throws(Raised) -> UnsafePointer<CChar> {
    guard let value = try a.str(index) else { return cString(fallback) }
    var size = 0
    guard let text = PyUnicode_AsUTF8AndSize(value, &size) else { throw Raised() }
    if strlen(text) != size { throw raise(.valueError, "embedded null character") }
    return text
  }

  private static let persistentLoadMethod: Method = .o(
    "persistent_load($self, pid, /)",
    "The object that a persistent id stands for; UnpicklingError unless a subclass knows."
  ) { _, _ in
    new {
      throw PickleState.raiseUnpickling(
        "A load persistent id instruction was encountered, but no persistent_load function was "
          + "specified.")
    }
  }

  private static let loadMethod: Method = .noargs(
    "load($self, /)", "Read the next pickle of the file and return its object."
  ) { object, _ in
    new {
      let unpickler = Unpickler(object)
      guard unpickler.own.pointee.read != nil else {
        throw PickleState.raiseUnpickling(
          "Unpickler.__init__() was not called by \(object.type.fullName).__init__()")
      }
      return try unpickler.load()
    }
  }

  private static let findClassMethod: Method = .fast(
    "find_class($self, module_name, global_name, /)",
    "The object of that name in that module, which is imported if need be."
  ) { object, args, count in
    new {
      let a = try Arguments(findClassMethod, args, count)
      return try Unpickler(object).find(a.object(0), a.object(1))
    }
  }

  private static let sizeOf: Method = .noargs(
    "__sizeof__($self, /)", "Bytes in memory, with memo and marks."
  ) { object, _ in
    let own = Unpickler(object).own
    var size = object.type.pointee.tp_basicsize
    if own.pointee.memo != nil { size += own.pointee.memoSize * MemoryLayout<Ref?>.stride }
    if own.pointee.marks != nil {
      size += Int(own.pointee.markCapacity) * MemoryLayout<Int>.stride
    }
    if let line = own.pointee.line {
      size += strlen(UnsafeRawPointer(line).assumingMemoryBound(to: CChar.self)) + 1
    }
    if let encoding = own.pointee.encoding { size += strlen(encoding) + 1 }
    if let errors = own.pointee.errors { size += strlen(errors) + 1 }
    return PyLong_FromLong(size)
  }

  private static func setMemo(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.typeError, "attribute deletion is not supported") }
    let source: Owned
    if value.type == MemoProxy.unpicklerType {
      guard let owner = MemoProxy.owner(value) else {
        throw raise(.typeError, "the memo's unpickler is gone")
      }
      source = try Unpickler(owner).memoDict()
    } else if value.isDict {
      source = value.retained()
    } else {
      throw raise(
        .typeError,
        "'memo' attribute must be an UnpicklerMemoProxy object or dict, not "
          + value.type.fullName)
    }
    // Checked as a whole before the old memo goes.
    var position = 0
    var key: Ref?
    var item: Ref?
    while PyDict_Next(source.ref, &position, &key, &item) != 0 {
      guard let key else { break }
      guard key.isInt else { throw raise(.typeError, "memo key must be integers") }
      let number = try check(PyLong_AsSsize_t(key))
      if number < 0 { throw raise(.valueError, "memo key must be positive integers.") }
    }
    let unpickler = Unpickler(object)
    let kept = try Objects.own(PyDict_Copy(source.ref))
    unpickler.resetMemo()
    position = 0
    while PyDict_Next(kept.ref, &position, &key, &item) != 0 {
      guard let key, let item else { break }
      try unpickler.memoize(try check(PyLong_AsSsize_t(key)), item)
    }
  }
}
