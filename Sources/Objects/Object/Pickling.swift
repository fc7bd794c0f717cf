import CPythonABI

/// `__reduce__`, `__reduce_ex__` and `__getstate__` of object.
/// CPython: Objects/typeobject.c, `reduce_newobj`, `object_getstate_default`.
enum Pickling {
  static func reduceEx(_ object: Ref, protocol version: Int32) throws(Raised) -> Owned {
    var method: Ref?
    try check(PyObject_GetOptionalAttr(object, id___reduce__(), &method))
    if let method {
      let held = Owned(adopting: method)
      let own1 = try own(PyObject_GetAttr(object.type.object, id___reduce__()))
      let base = PyDict_GetItemWithError(try borrow(objectType().pointee.tp_dict), id___reduce__())
      if own1.ref != base { return try own(PyObject_CallNoArgs(held.ref)) }
    }
    return try reduce(object, protocol: version)
  }

  static func reduce(_ object: Ref, protocol version: Int32) throws(Raised) -> Owned {
    if version >= 2 { return try reduceByNew(object) }
    let copyreg = try own(PyImport_Import(id_copyreg()))
    let function = try own(PyObject_GetAttrString(copyreg.ref, "_reduce_ex"))
    let number = try own(PyLong_FromLong(Int(version)))
    return try own(
      withArguments(object, number.ref) { PyObject_Vectorcall(function.ref, $0, 2, nil) })
  }

  /// Protocol 2 and later: `copyreg.__newobj__(cls, *args)` and the state.
  private static func reduceByNew(_ object: Ref) throws(Raised) -> Owned {
    guard object.type.pointee.tp_new != nil else {
      throw raise(.typeError, "cannot pickle '\(object.type.fullName)' object")
    }
    var args: Ref?
    var keywords: Ref?
    try newArguments(object, &args, &keywords)
    defer {
      Py_XDECREF(args)
      Py_XDECREF(keywords)
    }
    let copyreg = try own(PyImport_Import(id_copyreg()))
    let type = object.type.object
    let function: Owned
    let callArguments: Owned
    if let keywords, PyDict_Size(keywords) > 0 {
      function = try own(PyObject_GetAttrString(copyreg.ref, "__newobj_ex__"))
      let none = try own(PyTuple_New(0))
      callArguments = try own(PyTuple_Pack3(type, args ?? none.ref, keywords))
    } else {
      function = try own(PyObject_GetAttrString(copyreg.ref, "__newobj__"))
      let count = args.map { apus_var_size($0) } ?? 0
      callArguments = try own(PyTuple_New(count + 1))
      let items = apus_tuple_items(callArguments.ref)
      Py_INCREF(type)
      items[0] = type
      for index in 0..<count {
        let item = apus_tuple_item(args.unsafelyUnwrapped, index)
        Py_INCREF(item)
        items[index + 1] = item
      }
    }
    let state = try state(object, required: args == nil && !object.isList && !object.isDict)
    let listItems = object.isList ? try own(PyObject_GetIter(object)) : noneObject().retained()
    let dictItems: Owned
    if object.isDict {
      let pairs = try own(SpecialMethod.call(object, id_items()))
      dictItems = try own(PyObject_GetIter(pairs.ref))
    } else {
      dictItems = noneObject().retained()
    }
    let result = try own(PyTuple_New(5))
    let items = apus_tuple_items(result.ref)
    items[0] = function.give()
    items[1] = callArguments.give()
    items[2] = state.give()
    items[3] = listItems.give()
    items[4] = dictItems.give()
    return result
  }

  /// What `__getnewargs_ex__` or `__getnewargs__` give, checked.
  private static func newArguments(
    _ object: Ref, _ args: inout Ref?, _ keywords: inout Ref?
  ) throws(Raised) {
    if let method = _PyObject_LookupSpecial(object, id___getnewargs_ex__()) {
      let held = Owned(adopting: method)
      let pair = try own(PyObject_CallNoArgs(held.ref))
      guard pair.ref.isTuple else {
        throw raise(
          .typeError,
          "__getnewargs_ex__ should return a tuple, not '\(pair.ref.type.fullName)'")
      }
      guard apus_var_size(pair.ref) == 2 else {
        throw raise(
          .valueError,
          "__getnewargs_ex__ should return a tuple of length 2, not \(apus_var_size(pair.ref))")
      }
      let first = apus_tuple_item(pair.ref, 0)
      let second = apus_tuple_item(pair.ref, 1)
      guard first.isTuple else {
        throw raise(
          .typeError,
          "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not "
            + "'\(first.type.fullName)'")
      }
      guard second.isDict else {
        throw raise(
          .typeError,
          "second item of the tuple returned by __getnewargs_ex__ must be a dict, not "
            + "'\(second.type.fullName)'")
      }
      Py_INCREF(first)
      Py_INCREF(second)
      args = first
      keywords = second
      return
    }
    if hasRaised() { throw Raised() }
    guard let method = _PyObject_LookupSpecial(object, id___getnewargs__()) else {
      if hasRaised() { throw Raised() }
      return
    }
    let held = Owned(adopting: method)
    let given = try own(PyObject_CallNoArgs(held.ref))
    guard given.ref.isTuple else {
      throw raise(
        .typeError, "__getnewargs__ should return a tuple, not '\(given.ref.type.fullName)'")
    }
    args = given.give()
  }

  /// `__getstate__()`, without the detour for object's own.
  static func state(_ object: Ref, required: Bool) throws(Raised) -> Owned {
    let method = try own(PyObject_GetAttr(object, id___getstate__()))
    if method.ref.type == builtinFunctionType() {
      let function = method.ref.view(PyCFunctionObject.self)
      if function.pointee.m_self == object,
        let base = PyDict_GetItemWithError(
          try borrow(objectType().pointee.tp_dict), id___getstate__()),
        base.type == methodDescrType(),
        base.view(PyMethodDescrObject.self).pointee.d_method == function.pointee.m_ml
      {
        return try defaultState(object, required: required)
      }
    }
    return try own(PyObject_CallNoArgs(method.ref))
  }

  static func defaultState(_ object: Ref, required: Bool) throws(Raised) -> Owned {
    let type = object.type
    if required && type.pointee.tp_itemsize != 0 {
      throw raise(.typeError, "cannot pickle '\(type.fullName)' object")
    }
    var state: Owned
    if _PyObject_IsInstanceDictEmpty(object) != 0 {
      state = noneObject().retained()
    } else {
      state = try own(PyObject_GenericGetDict(object, nil))
    }
    let names = try slotNames(type)
    let nameCount = names.ref.isNone ? 0 : apus_var_size(names.ref)
    if required {
      var size = MemoryLayout<PyObject>.size
      if type.pointee.tp_dictoffset != 0 && !type.has(UInt(Py_TPFLAGS_MANAGED_DICT)) { size += 8 }
      if type.pointee.tp_weaklistoffset > 0 { size += 8 }
      size += 8 * nameCount
      if type.pointee.tp_basicsize > size {
        throw raise(.typeError, "cannot pickle '\(type.fullName)' object")
      }
    }
    guard nameCount > 0 else { return state }
    let slots = try own(PyDict_New())
    var index = 0
    // Code in a descriptor may change the list.
    while index < apus_var_size(names.ref) {
      let name = apus_list_item(names.ref, index).retained()
      index += 1
      var value: Ref?
      try check(PyObject_GetOptionalAttr(object, name.ref, &value))
      guard let value else { continue }
      let held = Owned(adopting: value)
      try check(PyDict_SetItem(slots.ref, name.ref, held.ref))
    }
    if PyDict_Size(slots.ref) > 0 {
      state = try own(PyTuple_Pack2(state.ref, slots.ref))
    }
    return state
  }

  /// The slot names of the class and its bases: a list, or None.
  private static func slotNames(_ type: TypeRef) throws(Raised) -> Owned {
    var cached: Ref?
    try check(PyDict_GetItemRef(try borrow(type.pointee.tp_dict), id___slotnames__(), &cached))
    if let cached {
      let held = Owned(adopting: cached)
      if held.ref.isNone || held.ref.isList { return held }
      throw raise(
        .typeError,
        "\(type.fullName).__slotnames__ should be a list or None, not \(held.ref.type.fullName)")
    }
    let copyreg = try own(PyImport_Import(id_copyreg()))
    let function = try own(PyObject_GetAttr(copyreg.ref, id__slotnames()))
    let names = try own(PyObject_CallOneArg(function.ref, type.object))
    guard names.ref.isNone || names.ref.isList else {
      throw raise(.typeError, "copyreg._slotnames didn't return a list or None")
    }
    return names
  }
}

@c @implementation public func _PyObject_GetState(_ object: Ref) -> Ref? {
  new { try Pickling.state(object, required: false) }
}
