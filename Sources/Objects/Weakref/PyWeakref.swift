import CPythonABI

/// weakref.ReferenceType.
enum PyWeakref {
  static let spec = TypeSpec(
    weakrefType(), "weakref.ReferenceType", basicSize: MemoryLayout<PyWeakReference>.size,
    flags: [.haveGC, .haveVectorcall, .baseType], base: objectType(),
    vectorcallOffset: MemoryLayout<PyWeakReference>.at(\.vectorcall),
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { repr($0) },
      .tp_hash { hash($0) },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_clear { clear($0) },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_init { _, args, keywords in
        status {
          try checkNoKeywords("ref", keywords)
          try checkPositional("__init__", apus_var_size(args), least: 1, most: 2)
        }
      },
      .tp_new { type, args, _ in
        new {
          let count = apus_var_size(args)
          try checkPositional("__new__", count, least: 1, most: 2)
          return try WeakReferences.make(
            type, apus_tuple_item(args, 0), count > 1 ? apus_tuple_item(args, 1) : nil)
        }
      },
      .freesTracked,
    ],
    methods: [classGetItem],
    members: [
      Member(
        "__callback__", _Py_T_OBJECT, offset: MemoryLayout<PyWeakReference>.at(\.wr_callback),
        flags: Py_READONLY)
    ])

  static let classGetItem = Method.o("__class_getitem__", "See PEP 585") { Py_GenericAlias($0, $1) }
    .classMethod

  /// `reference()`: the referent or None.
  static let vectorcall: vectorcallfunc = { reference, _, nargsf, names in
    if let names, apus_var_size(names) > 0 {
      _ = raise(.typeError, "weakref() takes no keyword arguments")
      return nil
    }
    let count = PyVectorcall_NARGS(nargsf)
    if count != 0 {
      _ = raise(.typeError, "weakref expected 0 arguments, got \(count)")
      return nil
    }
    return WeakReferences.target(reference) ?? noneObject()
  }

  static func traverse(
    _ reference: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    visitReference(WeakReferences.view(reference).pointee.wr_callback, visit, argument)
  }

  static func clear(_ reference: Ref) -> Int32 {
    WeakReferences.clear(reference)
    return 0
  }

  static func dealloc(_ reference: Ref) {
    PyObject_GC_UnTrack(reference)
    WeakReferences.clear(reference)
    let type = reference.type
    type.pointee.tp_free?(UnsafeMutableRawPointer(reference))
  }

  private static func repr(_ reference: Ref) -> Ref? {
    let address = hexAddress(reference)
    guard let found = WeakReferences.target(reference) else {
      return newString("<weakref at \(address); dead>")
    }
    return new {
      let target = Owned(adopting: found)
      let type = target.ref.type.fullName
      // Of the type: an instance's own attributes are not asked.
      let name = _PyObject_LookupSpecial(target.ref, SpecialName.name)
      if name == nil && hasRaised() { throw Raised() }
      if let name {
        let shown = Owned(adopting: name)
        if shown.ref.isStr {
          return try own(
            newString(
              "<weakref at \(address); to '\(type)' at \(hexAddress(target.ref)) "
                + "(\(text(of: shown.ref)))>"))
        }
      }
      return try own(
        newString("<weakref at \(address); to '\(type)' at \(hexAddress(target.ref))>"))
    }
  }

  private static func hash(_ reference: Ref) -> Int {
    let own = WeakReferences.view(reference)
    if own.pointee.hash != -1 { return own.pointee.hash }
    guard let target = WeakReferences.target(reference) else {
      _ = raise(.typeError, "weak object has gone away")
      return -1
    }
    let hash = PyObject_Hash(target)
    Py_DECREF(target)
    own.pointee.hash = hash
    return hash
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard operation == Py_EQ || operation == Py_NE, WeakReferences.isReference(left),
      WeakReferences.isReference(right)
    else { return notImplementedObject() }
    guard let a = WeakReferences.target(left) else {
      return boolObject((left == right) == (operation == Py_EQ))
    }
    defer { Py_DECREF(a) }
    guard let b = WeakReferences.target(right) else {
      return boolObject((left == right) == (operation == Py_EQ))
    }
    defer { Py_DECREF(b) }
    return PyObject_RichCompare(a, b, operation)
  }
}
