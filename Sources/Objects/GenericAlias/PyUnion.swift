import CPythonABI

/// types.UnionType: `int | str`. CPython: Objects/unionobject.c.
enum PyUnion {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<unionobject> {
    object.view(unionobject.self)
  }

  static let spec = TypeSpec(
    unionType(), "types.UnionType", basicSize: MemoryLayout<unionobject>.size,
    flags: [.haveGC, .disallowInstantiation],
    doc: """
      A choice of types (PEP 604), as in int | str.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { union in
        PyObject_GC_UnTrack(union)
        Py_DECREF(view(union).pointee.args)
        Py_XDECREF(view(union).pointee.parameters)
        PyObject_GC_Del(union)
      },
      .tp_repr { union in new { try repr(union) } },
      .tp_hash { union in
        size {
          let set = try own(PyFrozenSet_New(view(union).pointee.args))
          return try check(PyObject_Hash(set.ref))
        }
      },
      .tp_getattro { union, name in
        // The module is the type's: a union has no name of its own.
        if name.isStr, PyUnicode_Compare(name, SpecialName.module) == 0 {
          return PyObject_GetAttr(union.type.object, name)
        }
        return PyObject_GenericGetAttr(union, name)
      },
      .tp_traverse { union, visit, argument in
        visitReferences(
          visit, argument, view(union).pointee.args, view(union).pointee.parameters)
      },
      .tp_richcompare { compare($0, $1, $2) },
      .nb_or { _Py_union_type_or($0, $1) },
      .mp_subscript { union, item in new { try subscribe(union, item) } },
    ],
    members: [
      Member("__args__", _Py_T_OBJECT, offset: MemoryLayout<unionobject>.at(\.args), flags: Py_READONLY)
    ],
    properties: [
      Property("__parameters__", "Type variables in the types.UnionType.") { union, _ in
        new { try parameters(union) }
      }
    ])

  /// The types of a union (borrowed tuple).
  static func arguments(of union: Ref) -> Ref { view(union).pointee.args }

  private static func repr(_ union: Ref) throws(Raised) -> Owned {
    var parts: [String] = []
    let args = view(union).pointee.args
    for index in 0..<apus_var_size(args) {
      let item = apus_tuple_item(args, index)
      parts.append(item == noneType().object ? "None" : try PyGenericAlias.typeText(item))
    }
    return try own(newString(parts.joined(separator: " | ")))
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard left.type == unionType(), right.type == unionType(),
      operation == Py_EQ || operation == Py_NE
    else { return notImplementedObject() }
    return new {
      let a = try own(PySet_New(view(left).pointee.args))
      let b = try own(PySet_New(view(right).pointee.args))
      return try own(PyObject_RichCompare(a.ref, b.ref, operation))
    }
  }

  private static func parameters(_ union: Ref) throws(Raised) -> Owned {
    if let known = view(union).pointee.parameters { return known.retained() }
    let made = try TypeParameters.collect(view(union).pointee.args)
    replaceReference(&view(union).pointee.parameters, made.ref.retained().give())
    return made
  }

  private static func subscribe(_ union: Ref, _ item: Ref) throws(Raised) -> Owned {
    let variables = try parameters(union)
    let args = try TypeParameters.substitute(
      union, view(union).pointee.args, variables.ref, item)
    let count = apus_var_size(args.ref)
    if count == 0 { return try make(args.ref) }
    var result = apus_tuple_item(args.ref, 0).retained()
    for index in 1..<Swift.max(count, 1) {
      result = try own(PyNumber_Or(result.ref, apus_tuple_item(args.ref, index)))
    }
    return result
  }

  /// Whether an object may stand in a union: a type, None, an alias, a type alias, a union.
  static func accepts(_ object: Ref) -> Bool {
    object.isNone || object.isType || PyGenericAlias.isAlias(object)
      || object.type == typeAliasType() || object.type == unionType()
  }

  private static func isSame(_ left: Ref, _ right: Ref) throws(Raised) -> Bool {
    if PyGenericAlias.isAlias(left) && PyGenericAlias.isAlias(right) {
      return try check(PyObject_RichCompareBool(left, right, Py_EQ)) != 0
    }
    return left == right
  }

  /// The union of types, flattened and each once; a single type is itself.
  static func make(_ types: Ref) throws(Raised) -> Owned {
    let unique = try own(PyList_New(0))
    func add(_ item: Ref) throws(Raised) {
      let item = item.isNone ? noneType().object : item
      for index in 0..<apus_var_size(unique.ref)
      where try isSame(apus_list_item(unique.ref, index), item) { return }
      try check(PyList_Append(unique.ref, item))
    }
    for index in 0..<apus_var_size(types) {
      let item = apus_tuple_item(types, index)
      if item.type == unionType() {
        let inner = arguments(of: item)
        for each in 0..<apus_var_size(inner) { try add(apus_tuple_item(inner, each)) }
      } else {
        try add(item)
      }
    }
    if apus_var_size(unique.ref) == 1 { return apus_list_item(unique.ref, 0).retained() }
    let args = try own(PyList_AsTuple(unique.ref))
    let union = try own(_PyObject_GC_New(unionType()))
    view(union.ref).pointee.args = args.give()
    view(union.ref).pointee.parameters = nil
    PyObject_GC_Track(union.ref)
    return union
  }
}

/// `left | right` of types; NotImplemented when one of them cannot be in a union.
@c @implementation
public func _Py_union_type_or(_ left: Ref, _ right: Ref) -> Ref? {
  guard PyUnion.accepts(left), PyUnion.accepts(right) else { return notImplementedObject() }
  return new {
    let pair = try tuple(left.retained(), right.retained())
    return try PyUnion.make(pair.ref)
  }
}
