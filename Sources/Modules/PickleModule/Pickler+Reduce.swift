import CPythonABI
import Objects

/// Objects of other types: a name, or what `__reduce_ex__` and its relatives say.
extension Pickler {
  func saveByReduction(_ object: Ref) throws(Raised) {
    let type = object.type
    if let hook = own.pointee.reducerOverride {
      let function = hook.retained()
      let value = try Objects.own(PyObject_CallOneArg(function.ref, object))
      if value.ref != notImplementedObject() { return try saveResult(value.ref, of: object) }
    }
    if type == typeType() { return try saveType(object) }
    if type == functionType() { return try saveGlobal(object, name: nil) }
    if let reducer = try registeredReducer(type) {
      defer { Py_DECREF(reducer) }
      let value = try Objects.own(PyObject_CallOneArg(reducer, object))
      return try saveResult(value.ref, of: object)
    }
    if PyType_IsSubtype(type, typeType()) != 0 { return try saveGlobal(object, name: nil) }
    let value = try reduce(object)
    try saveResult(value.ref, of: object)
  }

  /// The function of `copyreg` or the pickler's own table for a type, a new reference.
  private func registeredReducer(_ type: TypeRef) throws(Raised) -> Ref? {
    var found: Ref?
    if let table = own.pointee.dispatchTable {
      try check(PyMapping_GetOptionalItem(table, type.object, &found))
    } else {
      try check(PyDict_GetItemRef(PickleState.dispatchTable, type.object, &found))
    }
    return found
  }

  private func reduce(_ object: Ref) throws(Raised) -> Owned {
    var method: Ref?
    try check(PyObject_GetOptionalAttr(object, id___reduce_ex__(), &method))
    if let method {
      defer { Py_DECREF(method) }
      let version = try int(Int(own.pointee.version))
      return try Objects.own(PyObject_CallOneArg(method, version.ref))
    }
    try check(PyObject_GetOptionalAttr(object, id___reduce__(), &method))
    guard let method else {
      throw PickleState.raisePickling(
        "can't pickle '\(object.type.fullName)' object: \(try shown(object))")
    }
    defer { Py_DECREF(method) }
    return try Objects.own(PyObject_CallNoArgs(method))
  }

  private func saveResult(_ value: Ref, of object: Ref) throws(Raised) {
    if value.isStr { return try saveGlobal(object, name: value) }
    guard value.isTuple else {
      throw PickleState.raisePickling("__reduce__ must return a string or tuple")
    }
    try saveReduced(value, of: object)
  }

  /// Writes what a reduction describes: a call, the state, items. `object` is what it makes, nil
  /// when that is not to be remembered.
  func saveReduced(_ value: Ref, of object: Ref?) throws(Raised) {
    let count = apus_var_size(value)
    guard count >= 2, count <= 6 else {
      throw PickleState.raisePickling(
        "tuple returned by __reduce__ must contain 2 through 6 elements")
    }
    func part(_ index: Int) -> Ref? {
      if index >= count { return nil }
      let item = apus_tuple_item(value, index)
      return item.isNone ? nil : item
    }
    let callable = apus_tuple_item(value, 0)
    let arguments = apus_tuple_item(value, 1)
    guard PyCallable_Check(callable) != 0 else {
      throw PickleState.raisePickling(
        "first item of the tuple returned by __reduce__ must be callable")
    }
    guard arguments.isTuple else {
      throw PickleState.raisePickling(
        "second item of the tuple returned by __reduce__ must be a tuple")
    }
    let state = part(2)
    let listItems = part(3)
    let dictItems = part(4)
    let setter = part(5)
    if let listItems, PyIter_Check(listItems) == 0 {
      throw Self.raiseNotIterator("fourth", listItems)
    }
    if let dictItems, PyIter_Check(dictItems) == 0 {
      throw Self.raiseNotIterator("fifth", dictItems)
    }
    if let setter, PyCallable_Check(setter) == 0 {
      throw PickleState.raisePickling(
        "sixth element of the tuple returned by __reduce__ must be a function, not "
          + setter.type.fullName)
    }
    try saveCall(callable, arguments, of: object)
    if let object {
      // An object that its own arguments hold is in the memo by now.
      if let number = memo.find(object) {
        try write(Opcode.pop)
        return try saveReference(number)
      }
      try memoize(object)
    }
    if let listItems { try appendItems(of: listItems) }
    if let dictItems { try setItems(of: dictItems) }
    guard let state else { return }
    guard let setter, let object else {
      try save(state)
      return try write(Opcode.build)
    }
    try save(setter)
    try save(object)
    try save(state)
    try write(Opcode.tuple2)
    try write(Opcode.reduce)
    try write(Opcode.pop)
  }

  private static func raiseNotIterator(_ which: String, _ items: Ref) -> Raised {
    PickleState.raisePickling(
      "\(which) element of the tuple returned by __reduce__ must be an iterator, not "
        + items.type.fullName)
  }

  private func saveCall(_ callable: Ref, _ arguments: Ref, of object: Ref?) throws(Raised) {
    if own.pointee.version >= 2 {
      var name: Ref?
      try check(PyObject_GetOptionalAttr(callable, id___name__(), &name))
      defer { Py_XDECREF(name) }
      if name == PickleState.names.newObj { return try saveNewObj(arguments, of: object) }
      if let name, name.isStr {
        if PyUnicode_CompareWithASCIIString(name, "__newobj_ex__") == 0 {
          return try saveNewObjEx(arguments)
        }
        if PyUnicode_CompareWithASCIIString(name, "__newobj__") == 0 {
          return try saveNewObj(arguments, of: object)
        }
      }
    }
    try save(callable)
    try save(arguments)
    try write(Opcode.reduce)
  }

  private func saveNewObj(_ arguments: Ref, of object: Ref?) throws(Raised) {
    guard apus_var_size(arguments) >= 1 else {
      throw PickleState.raisePickling("__newobj__ arglist is empty")
    }
    let cls = apus_tuple_item(arguments, 0)
    guard cls.isType else {
      throw PickleState.raisePickling("args[0] from __newobj__ args is not a type")
    }
    // The attribute is asked only where a class has its own.
    if let object,
      object.type.object != cls
        || _PyType_Lookup(object.type, id___class__())
          != _PyType_Lookup(objectType(), id___class__())
    {
      let actual = try Objects.own(PyObject_GetAttr(object, id___class__()))
      if actual.ref != cls {
        throw PickleState.raisePickling("args[0] from __newobj__ args has the wrong class")
      }
    }
    try save(cls)
    if apus_var_size(arguments) == 1 {
      try save(emptyTuple())
    } else {
      let rest = try Objects.own(PyTuple_GetSlice(arguments, 1, apus_var_size(arguments)))
      try save(rest.ref)
    }
    try write(Opcode.newObj)
  }

  private func saveNewObjEx(_ arguments: Ref) throws(Raised) {
    guard apus_var_size(arguments) == 3 else {
      throw PickleState.raisePickling(
        "length of the NEWOBJ_EX argument tuple must be exactly 3, not \(apus_var_size(arguments))"
      )
    }
    let cls = apus_tuple_item(arguments, 0)
    let positional = apus_tuple_item(arguments, 1)
    let keywords = apus_tuple_item(arguments, 2)
    guard cls.isType else {
      throw PickleState.raisePickling(
        "first item from NEWOBJ_EX argument tuple must be a class, not \(cls.type.fullName)")
    }
    guard positional.isTuple else {
      throw PickleState.raisePickling(
        "second item from NEWOBJ_EX argument tuple must be a tuple, not "
          + positional.type.fullName)
    }
    guard keywords.isDict else {
      throw PickleState.raisePickling(
        "third item from NEWOBJ_EX argument tuple must be a dict, not \(keywords.type.fullName)")
    }
    if own.pointee.version >= 4 {
      try save(cls)
      try save(positional)
      try save(keywords)
      return try write(Opcode.newObjEx)
    }
    // functools.partial(cls.__new__, cls, *positional, **keywords)()
    let count = apus_var_size(positional)
    let bound = try Objects.own(PyTuple_New(count + 2))
    apus_tuple_items(bound.ref)[0] =
      try Objects.own(PyObject_GetAttr(cls, id___new__())).give()
    apus_tuple_items(bound.ref)[1] = cls.retained().give()
    for index in 0..<count {
      apus_tuple_items(bound.ref)[index + 2] = apus_tuple_item(positional, index).retained().give()
    }
    let partial = try Objects.own(PyObject_Call(PickleState.partial, bound.ref, keywords))
    try save(partial.ref)
    try save(emptyTuple())
    try write(Opcode.reduce)
  }
}
