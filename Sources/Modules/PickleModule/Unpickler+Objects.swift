import CPythonABI
import Objects

/// Instructions that find classes and functions, call them, and set the state of what they made.
extension Unpickler {
  // MARK: Names

  /// `find_class` as the class of the unpickler has it.
  private func findClass(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    if ref.type == Self.type { return try find(module, name) }
    let method = try Objects.own(PyObject_GetAttr(ref, PickleState.names.findClass))
    return try Objects.own(Objects.call(method.ref, module, name))
  }

  /// Imports a module and takes a name out of it.
  func find(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    let event = try tuple(module.retained(), name.retained())
    try check(PySys_AuditTuple("pickle.find_class", event.ref))
    let place: Owned
    if own.pointee.version < 3 && own.pointee.fixImports != 0 {
      place = try NameMapping.toPython3(module, name)
    } else {
      place = try tuple(module.retained(), name.retained())
    }
    let moduleName = apus_tuple_item(place.ref, 0)
    let attribute = apus_tuple_item(place.ref, 1)
    let imported = try Objects.own(PyImport_Import(moduleName))
    var found: Ref?
    if own.pointee.version >= 4 {
      let path = try DottedName.split(attribute, in: imported.ref)
      var parent: Ref?
      found = DottedName.find(path.ref, in: imported.ref, parent: &parent)
      Py_XDECREF(parent)
      if found == nil && hasRaised() { throw Raised() }
    } else {
      try check(PyObject_GetOptionalAttr(imported.ref, attribute, &found))
    }
    guard let found else {
      throw raise(
        .attributeError,
        "Can't get attribute \(try shown(attribute)) on \(try shown(imported.ref))")
    }
    return Owned(adopting: found)
  }

  private func readName(utf8: Bool) throws(Raised) -> Owned {
    let (line, count) = try readLine()
    if count < 2 { throw Self.raiseTruncated() }
    let text = UnsafeMutableRawPointer(line).assumingMemoryBound(to: CChar.self)
    return try Objects.own(
      utf8
        ? PyUnicode_DecodeUTF8(text, count - 1, "strict")
        : PyUnicode_DecodeASCII(text, count - 1, "strict"))
  }

  func loadGlobal() throws(Raised) {
    let module = try readName(utf8: true)
    let name = try readName(utf8: true)
    try push(try findClass(module.ref, name.ref))
  }

  func loadStackGlobal() throws(Raised) {
    let name = try pop()
    let module = try pop()
    guard name.ref.isExactStr, module.ref.isExactStr else {
      throw PickleState.raiseUnpickling("STACK_GLOBAL requires str")
    }
    try push(try findClass(module.ref, name.ref))
  }

  /// EXT1, EXT2, EXT4: a name by its number in `copyreg`.
  func loadExtension(_ code: Int) throws(Raised) {
    guard code > 0 else { throw PickleState.raiseUnpickling("EXT specifies code <= 0") }
    let key = try int(code)
    if let known = PyDict_GetItemWithError(PickleState.extensionCache, key.ref) {
      return try push(borrowed: known)
    }
    if hasRaised() { throw Raised() }
    guard let pair = PyDict_GetItemWithError(PickleState.invertedRegistry, key.ref) else {
      if hasRaised() { throw Raised() }
      throw raise(.valueError, "unregistered extension code \(code)")
    }
    guard pair.isTuple, apus_var_size(pair) == 2, apus_tuple_item(pair, 0).isStr,
      apus_tuple_item(pair, 1).isStr
    else {
      throw raise(.valueError, "_inverted_registry[\(code)] isn't a 2-tuple of strings")
    }
    let held = pair.retained()
    let object = try findClass(apus_tuple_item(held.ref, 0), apus_tuple_item(held.ref, 1))
    try check(PyDict_SetItem(PickleState.extensionCache, key.ref, object.ref))
    try push(object)
  }

  // MARK: Calls

  func loadReduce() throws(Raised) {
    let arguments = try pop()
    let function = try pop()
    try push(try Objects.own(PyObject_CallObject(function.ref, arguments.ref)))
  }

  /// OBJ and INST: a class that is called, or made without arguments by `__new__`.
  private func instantiate(_ cls: Ref, _ arguments: Ref) throws(Raised) -> Owned {
    if apus_var_size(arguments) == 0 && cls.isType {
      var initial: Ref?
      try check(PyObject_GetOptionalAttr(cls, id___getinitargs__(), &initial))
      guard let initial else {
        return try Objects.own(PyObject_CallMethodOneArg(cls, id___new__(), cls))
      }
      Py_DECREF(initial)
    }
    return try Objects.own(PyObject_CallObject(cls, arguments))
  }

  func loadObj() throws(Raised) {
    let start = try popMark()
    guard own.pointee.height - start >= 1 else { throw raiseUnderflow() }
    let arguments = try popTuple(from: start + 1)
    let cls = try pop()
    try push(try instantiate(cls.ref, arguments.ref))
  }

  func loadInst() throws(Raised) {
    let start = try popMark()
    let module = try readName(utf8: false)
    let name = try readName(utf8: false)
    let cls = try findClass(module.ref, name.ref)
    let arguments = try popTuple(from: start)
    try push(try instantiate(cls.ref, arguments.ref))
  }

  func loadNewObj(keywords: Bool) throws(Raised) {
    let opcode = keywords ? "NEWOBJ_EX" : "NEWOBJ"
    var named: Ref?
    defer { Py_XDECREF(named) }
    if keywords { named = try pop().give() }
    let arguments = try pop()
    let cls = try pop()
    guard cls.ref.isType else {
      throw PickleState.raiseUnpickling(
        "\(opcode) class argument must be a type, not \(cls.ref.type.fullName)")
    }
    guard let make = cls.ref.asType.pointee.tp_new else {
      throw PickleState.raiseUnpickling(
        "\(opcode) class argument '\(cls.ref.asType.fullName)' doesn't have __new__")
    }
    guard arguments.ref.isTuple else {
      throw PickleState.raiseUnpickling(
        "\(opcode) args argument must be a tuple, not \(arguments.ref.type.fullName)")
    }
    if let named, !named.isDict {
      throw PickleState.raiseUnpickling(
        "\(opcode) kwargs argument must be a dict, not \(named.type.fullName)")
    }
    try push(try Objects.own(make(cls.ref.asType, arguments.ref, named)))
  }

  // MARK: State

  /// BUILD: `__setstate__`, else the instance's `__dict__` and slots.
  func loadBuild() throws(Raised) {
    guard own.pointee.height - 2 >= own.pointee.fence else { throw raiseUnderflow() }
    let given = try pop()
    let instance = try top().retained()
    var setter: Ref?
    try check(PyObject_GetOptionalAttr(instance.ref, id___setstate__(), &setter))
    if let setter {
      defer { Py_DECREF(setter) }
      _ = try Objects.own(PyObject_CallOneArg(setter, given.ref))
      return
    }
    var state = given.ref
    var slots: Ref?
    if state.isTuple && apus_var_size(state) == 2 {
      slots = apus_tuple_item(given.ref, 1)
      state = apus_tuple_item(given.ref, 0)
    }
    var position = 0
    var key: Ref?
    var value: Ref?
    if !state.isNone {
      guard state.isDict else { throw PickleState.raiseUnpickling("state is not a dictionary") }
      let attributes = try Objects.own(PyObject_GetAttr(instance.ref, id___dict__()))
      let isExact = attributes.ref.isExactDict
      while PyDict_Next(state, &position, &key, &value) != 0 {
        guard let key, let value else { break }
        var name: Ref? = Py_NewRef(key)
        defer { Py_XDECREF(name) }
        if key.isExactStr { PyUnicode_InternInPlace(&name) }
        guard let name else { break }
        let held = value.retained()
        try check(
          isExact
            ? PyDict_SetItem(attributes.ref, name, held.ref)
            : PyObject_SetItem(attributes.ref, name, held.ref))
      }
    }
    guard let slots else { return }
    guard slots.isDict else {
      throw PickleState.raiseUnpickling("slot state is not a dictionary")
    }
    position = 0
    while PyDict_Next(slots, &position, &key, &value) != 0 {
      guard let key, let value else { break }
      let name = key.retained()
      let held = value.retained()
      try check(PyObject_SetAttr(instance.ref, name.ref, held.ref))
    }
  }
}
