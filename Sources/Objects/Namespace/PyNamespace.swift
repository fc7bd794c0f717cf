import CPythonABI

/// types.SimpleNamespace. CPython: Objects/namespaceobject.c.
enum PyNamespace {
  @inline(__always)
  private static func dict(_ object: Ref) -> UnsafeMutablePointer<Ref?> {
    (UnsafeMutableRawPointer(object) + MemoryLayout<_PyNamespaceObject>.at(\.ns_dict))
      .assumingMemoryBound(to: Ref?.self)
  }

  static let spec = TypeSpec(
    namespaceType(), "types.SimpleNamespace", basicSize: MemoryLayout<_PyNamespaceObject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      SimpleNamespace(mapping_or_iterable=(), /, **kwargs)
      --

      A plain object whose attributes are what it was made with.
      """,
    base: objectType(), dictOffset: MemoryLayout<_PyNamespaceObject>.at(\.ns_dict),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(dict(object))
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_traverse { visitReference(dict($0).pointee, $1, $2) },
      .tp_clear { object in
        clearReference(dict(object))
        return 0
      },
      .tp_richcompare { left, right, operation in
        guard left.isInstance(of: namespaceType()), right.isInstance(of: namespaceType()),
          let a = dict(left).pointee, let b = dict(right).pointee
        else { return notImplementedObject() }
        return PyObject_RichCompare(a, b, operation)
      },
      .tp_init { object, args, keywords in
        status { try initialize(object, args, keywords) }
      },
      .tp_new { type, _, _ in new { try allocated(type) } },
      .freesTracked,
    ],
    methods: [reduce, replace],
    members: [
      Member(
        "__dict__", _Py_T_OBJECT, offset: MemoryLayout<_PyNamespaceObject>.at(\.ns_dict),
        flags: Py_READONLY)
    ])

  static func allocated(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    dict(object.ref).pointee = try own(PyDict_New()).give()
    return object
  }

  static func update(_ object: Ref, _ names: Ref) throws(Raised) {
    guard let dict = dict(object).pointee else { throw Raised() }
    if PyArg_ValidateKeywordArguments(names) == 0 { throw Raised() }
    try check(PyDict_Update(dict, names))
  }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    try checkPositional(object.type.name, apus_var_size(args), least: 0, most: 1)
    if apus_var_size(args) == 1 {
      let source = apus_tuple_item(args, 0)
      if source.isExactDict {
        try update(object, source)
      } else {
        let names = try own(PyObject_CallOneArg(dictType().object, source))
        try update(object, names.ref)
      }
    }
    if let keywords { try update(object, keywords) }
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let name = object.type == namespaceType() ? "namespace" : object.type.fullName
    if try check(Py_ReprEnter(object)) != 0 { return try own(newString("\(name)(...)")) }
    defer { Py_ReprLeave(object) }
    guard let dict = dict(object).pointee else { return try own(newString("\(name)()")) }
    let keys = try own(PyDict_Keys(dict))
    var parts: [String] = []
    for index in 0..<apus_var_size(keys.ref) {
      let key = apus_list_item(keys.ref, index)
      guard key.isStr, apus_str_length(key) > 0 else { continue }
      var value: Ref?
      if try check(PyDict_GetItemRef(dict, key, &value)) == 0 { continue }
      let held = try own(value)
      let shown = try own(PyObject_Repr(held.ref))
      parts.append("\(text(of: key))=\(text(of: shown.ref))")
    }
    return try own(newString("\(name)(\(parts.joined(separator: ", ")))"))
  }

  static let reduce: Method = .noargs("__reduce__", "Return state information for pickling") { object, _ in
    new {
      let empty = try own(PyTuple_New(0))
      return try tuple(
        object.type.object.retained(), empty, (dict(object).pointee ?? noneObject()).retained())
    }
  }

  static let replace: Method = .variableKeywords(
    "__replace__($self, /, **changes)", "Return a copy with some attributes changed."
  ) { object, args, keywords in
    new {
      if apus_var_size(args) > 0 {
        throw raise(.typeError, "__replace__() takes no positional arguments")
      }
      let copy = try own(PyObject_CallNoArgs(object.type.object))
      guard copy.ref.isInstance(of: namespaceType()) else {
        throw raise(
          .typeError,
          "expect \(namespaceType().fullName) type, but \(object.type.fullName)() returned "
            + "'\(copy.ref.type.fullName)' object")
      }
      if let its = dict(copy.ref).pointee, let mine = dict(object).pointee {
        try check(PyDict_Update(its, mine))
        if let keywords { try check(PyDict_Update(its, keywords)) }
      }
      return copy
    }
  }
}

/// A namespace with the names of a dict.
@c @implementation
public func _PyNamespace_New(_ keywords: Ref?) -> Ref? {
  new {
    let object = try PyNamespace.allocated(namespaceType())
    if let keywords { try PyNamespace.update(object.ref, keywords) }
    return object
  }
}
