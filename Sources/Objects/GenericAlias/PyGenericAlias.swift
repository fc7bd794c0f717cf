import CPythonABI

/// types.GenericAlias: `list[int]` and, starred, `*tuple[int]`. CPython:
/// Objects/genericaliasobject.c.
enum PyGenericAlias {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<gaobject> {
    object.view(gaobject.self)
  }

  static func isAlias(_ object: Ref) -> Bool { object.isInstance(of: genericAliasType()) }

  static let spec = TypeSpec(
    genericAliasType(), "types.GenericAlias", basicSize: MemoryLayout<gaobject>.size,
    flags: [.haveGC, .baseType, .haveVectorcall],
    doc: """
      GenericAlias(origin, args, /)
      --

      A class with type arguments (PEP 585): list[int] has the origin list and the
      arguments (int,).
      """,
    base: objectType(), weakListOffset: MemoryLayout<gaobject>.at(\.weakreflist),
    vectorcallOffset: MemoryLayout<gaobject>.at(\.vectorcall),
    slots: [
      .tp_dealloc { alias in
        PyObject_GC_UnTrack(alias)
        if view(alias).pointee.weakreflist != nil { PyObject_ClearWeakRefs(alias) }
        let own = view(alias).pointee
        Py_DECREF(own.origin)
        Py_DECREF(own.args)
        Py_XDECREF(own.parameters)
        alias.type.pointee.tp_free?(UnsafeMutableRawPointer(alias))
      },
      .tp_repr { alias in new { try repr(alias) } },
      .tp_hash { alias in
        let origin = PyObject_Hash(view(alias).pointee.origin)
        if origin == -1 { return -1 }
        let args = PyObject_Hash(view(alias).pointee.args)
        if args == -1 { return -1 }
        let hash = origin ^ args
        return hash == -1 ? -2 : hash
      },
      .tp_call { alias, args, keywords in
        guard let object = PyObject_Call(view(alias).pointee.origin, args, keywords) else {
          return nil
        }
        return markClass(object, alias)
      },
      .tp_getattro { attribute($0, $1) },
      .tp_traverse { alias, visit, argument in
        let own = view(alias).pointee
        return visitReferences(visit, argument, own.origin, own.args, own.parameters)
      },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_iter { GenericAliasIterator.make($0) },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("GenericAlias", keywords)
          try checkPositional("GenericAlias", apus_var_size(args), least: 2, most: 2)
          return try make(type, apus_tuple_item(args, 0), apus_tuple_item(args, 1))
        }
      },
      .freesTracked,
      .nb_or { _Py_union_type_or($0, $1) },
      .mp_subscript { alias, item in new { try subscribe(alias, item) } },
    ],
    methods: [mroEntries, instanceCheck, subclassCheck, reduce, dir],
    members: [
      Member("__origin__", _Py_T_OBJECT, offset: MemoryLayout<gaobject>.at(\.origin), flags: Py_READONLY),
      Member("__args__", _Py_T_OBJECT, offset: MemoryLayout<gaobject>.at(\.args), flags: Py_READONLY),
      Member("__unpacked__", Py_T_BOOL, offset: MemoryLayout<gaobject>.at(\.starred), flags: Py_READONLY),
    ],
    properties: [
      Property("__parameters__", "Type variables in the GenericAlias.") { alias, _ in
        new { try parameters(alias) }
      },
      Property("__typing_unpacked_tuple_args__") { alias, _ in
        let own = view(alias).pointee
        let result =
          own.starred != 0 && own.origin == tupleType().object ? own.args : noneObject()
        Py_INCREF(result)
        return result
      },
    ])

  /// An alias; arguments that are no tuple become one.
  static func make(_ type: TypeRef, _ origin: Ref, _ args: Ref) throws(Raised) -> Owned {
    let tuple = args.isTuple ? args.retained() : try Objects.tuple(args.retained())
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let alias = try own(allocate(type, 0))
    Py_INCREF(origin)
    let own = view(alias.ref)
    own.pointee.origin = origin
    own.pointee.args = tuple.give()
    own.pointee.parameters = nil
    own.pointee.weakreflist = nil
    own.pointee.starred = 0
    own.pointee.vectorcall = vectorcallFunction(origin) == nil ? nil : vectorcall
    return alias
  }

  /// Calls the origin and notes on the new object what it was made through.
  private static let vectorcall: vectorcallfunc = { alias, args, nargsf, names in
    let origin = view(alias).pointee.origin
    guard let object = PyObject_Vectorcall(origin, args, nargsf, names) else { return nil }
    return markClass(object, alias)
  }

  /// `object.__orig_class__ = alias`, where the object takes attributes. Takes over the object.
  private static func markClass(_ object: Ref, _ alias: Ref) -> Ref? {
    if PyObject_SetAttr(object, SpecialName.origClass, alias) < 0 {
      guard PyErr_ExceptionMatches(.attributeError) != 0 || PyErr_ExceptionMatches(.typeError) != 0
      else {
        Py_DECREF(object)
        return nil
      }
      PyErr_Clear()
    }
    return object
  }

  // MARK: Text

  private static func repr(_ alias: Ref) throws(Raised) -> Owned {
    let own = view(alias).pointee
    var result = own.starred != 0 ? "*" : ""
    result += try typeText(own.origin)
    result += "["
    let count = apus_var_size(own.args)
    for index in 0..<count {
      if index > 0 { result += ", " }
      let argument = apus_tuple_item(own.args, index)
      result += try argument.isExactList ? listText(argument) : typeText(argument)
    }
    if count == 0 { result += "()" }
    return try Objects.own(newString(result + "]"))
  }

  /// A list among the arguments: the parameters of a ParamSpec.
  private static func listText(_ list: Ref) throws(Raised) -> String {
    var parts: [String] = []
    var index = 0
    while index < apus_var_size(list) {
      let item = apus_list_item(list, index).retained()
      parts.append(try typeText(item.ref))
      index += 1
    }
    return "[\(parts.joined(separator: ", "))]"
  }

  /// A type as annotations show it: `int`, `module.Class`, `...`, or its repr.
  /// CPython: _Py_typing_type_repr.
  static func typeText(_ object: Ref) throws(Raised) -> String {
    if object == ellipsisObject() { return "..." }
    func shown() throws(Raised) -> String {
      let repr = try own(PyObject_Repr(object))
      return text(of: repr.ref)
    }
    if try check(PyObject_HasAttrWithError(object, SpecialName.origin)) != 0,
      try check(PyObject_HasAttrWithError(object, SpecialName.args)) != 0
    {
      return try shown()
    }
    var found: Ref?
    try check(PyObject_GetOptionalAttr(object, SpecialName.qualname, &found))
    guard let found else { return try shown() }
    let qualname = Owned(adopting: found)
    var owner: Ref?
    try check(PyObject_GetOptionalAttr(object, SpecialName.module, &owner))
    guard let owner else { return try shown() }
    let module = Owned(adopting: owner)
    if module.ref.isNone { return try shown() }
    let name = try own(PyObject_Str(qualname.ref))
    let prefix = try own(PyObject_Str(module.ref))
    let moduleName = text(of: prefix.ref)
    return moduleName == "builtins" ? text(of: name.ref) : "\(moduleName).\(text(of: name.ref))"
  }

  // MARK: Attributes

  /// Attributes of the alias itself; all others are the origin's.
  private static let ownAttributes = [
    "__class__", "__origin__", "__args__", "__unpacked__", "__parameters__",
    "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__", "__reduce__",
    // The origin must not answer for these.
    "__bases__", "__copy__", "__deepcopy__",
  ]

  private static func attribute(_ alias: Ref, _ name: Ref) -> Ref? {
    if name.isStr {
      let spelling = text(of: name)
      if spelling.hasPrefix("__"), ownAttributes.contains(spelling) {
        return PyObject_GenericGetAttr(alias, name)
      }
      return PyObject_GetAttr(view(alias).pointee.origin, name)
    }
    return PyObject_GenericGetAttr(alias, name)
  }

  static let dir: Method = .noargs("__dir__", "") { alias, _ in
    new {
      let names = try own(PyObject_Dir(view(alias).pointee.origin))
      for spelling in ownAttributes {
        let name = try own(newString(spelling))
        if try check(PySequence_Contains(names.ref, name.ref)) == 0 {
          try check(PyList_Append(names.ref, name.ref))
        }
      }
      return names
    }
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard isAlias(left), isAlias(right), operation == Py_EQ || operation == Py_NE else {
      return notImplementedObject()
    }
    return bool {
      let a = view(left).pointee
      let b = view(right).pointee
      var same = a.starred == b.starred
      if same { same = try check(PyObject_RichCompareBool(a.origin, b.origin, Py_EQ)) != 0 }
      if same { same = try check(PyObject_RichCompareBool(a.args, b.args, Py_EQ)) != 0 }
      return same == (operation == Py_EQ)
    }
  }

  static let mroEntries: Method = .o("__mro_entries__", "") { alias, _ in
    new { try tuple(view(alias).pointee.origin.retained()) }
  }

  static let instanceCheck: Method = .o("__instancecheck__", "") { _, _ in
    new {
      throw raise(.typeError, "isinstance() argument 2 cannot be a parameterized generic")
    }
  }

  static let subclassCheck: Method = .o("__subclasscheck__", "") { _, _ in
    new {
      throw raise(.typeError, "issubclass() argument 2 cannot be a parameterized generic")
    }
  }

  static let reduce: Method = .noargs("__reduce__", "") { alias, _ in
    new {
      let own = view(alias).pointee
      if own.starred != 0 {
        let next = try builtin(SpecialName.interned("next"))
        let plain = try make(genericAliasType(), own.origin, own.args)
        let iterator = try Objects.own(PyObject_GetIter(plain.ref))
        let args = try tuple(iterator)
        return try tuple(next, args)
      }
      let args = try tuple(own.origin.retained(), own.args.retained())
      return try tuple(alias.type.object.retained(), args)
    }
  }

  // MARK: Subscription

  static func parameters(_ alias: Ref) throws(Raised) -> Owned {
    if let known = view(alias).pointee.parameters { return known.retained() }
    let made = try TypeParameters.collect(view(alias).pointee.args)
    replaceReference(&view(alias).pointee.parameters, made.ref.retained().give())
    return made
  }

  /// `alias[item]`: the type variables replaced.
  private static func subscribe(_ alias: Ref, _ item: Ref) throws(Raised) -> Owned {
    let variables = try parameters(alias)
    let args = try TypeParameters.substitute(
      alias, view(alias).pointee.args, variables.ref, item)
    let result = try make(genericAliasType(), view(alias).pointee.origin, args.ref)
    view(result.ref).pointee.starred = view(alias).pointee.starred
    return result
  }
}

/// generic_alias_iterator: yields the alias once, starred (`*tuple[int]`).
enum GenericAliasIterator {
  @inline(__always)
  private static func view(_ object: Ref) -> UnsafeMutablePointer<gaiterobject> {
    object.view(gaiterobject.self)
  }

  static let spec = TypeSpec(
    genericAliasIterType(), "generic_alias_iterator", basicSize: MemoryLayout<gaiterobject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.obj)
        PyObject_GC_Del(iterator)
      },
      .tp_traverse { visitReference(view($0).pointee.obj, $1, $2) },
      .tp_clear { iterator in
        clearReference(&view(iterator).pointee.obj)
        return 0
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { iterator in
        guard let alias = view(iterator).pointee.obj else { return nil }
        let its = PyGenericAlias.view(alias).pointee
        guard let starred = Py_GenericAlias(its.origin, its.args) else { return nil }
        PyGenericAlias.view(starred).pointee.starred = 1
        clearReference(&view(iterator).pointee.obj)
        return starred
      },
    ],
    methods: [
      .noargs("__reduce__", "") { iterator, _ in
        new {
          let iter = try builtin(SpecialName.iter)
          guard let alias = view(iterator).pointee.obj else {
            return try PySequenceIterator.exhausted(iter)
          }
          let args = try tuple(alias.retained())
          return try tuple(iter, args)
        }
      }
    ])

  static func make(_ alias: Ref) -> Ref? {
    guard let iterator = _PyObject_GC_New(genericAliasIterType()) else { return nil }
    Py_INCREF(alias)
    view(iterator).pointee.obj = alias
    PyObject_GC_Track(iterator)
    return iterator
  }
}

/// `origin[args]`
@c @implementation
public func Py_GenericAlias(_ origin: Ref, _ args: Ref) -> Ref? {
  new { try PyGenericAlias.make(genericAliasType(), origin, args) }
}

enum GenericAliasTypes {
  static let specs = [PyGenericAlias.spec, GenericAliasIterator.spec, PyUnion.spec]
}
