import CPythonABI
import Objects

/// Classes and functions: written as the name under which they are found again.
extension Pickler {
  /// A plain class. The types of the singletons have no importable name.
  func saveType(_ object: Ref) throws(Raised) {
    for value in [noneObject(), ellipsisObject(), notImplementedObject()]
    where value.type.object == object {
      let reduced = try tuple(typeType().object.retained(), try tuple(value.retained()))
      return try saveReduced(reduced.ref, of: object)
    }
    try saveGlobal(object, name: nil)
  }

  /// `name` is the qualified name that `__reduce__` gave, nil to ask the object.
  func saveGlobal(_ object: Ref, name given: Ref?) throws(Raised) {
    let name: Owned
    if let given { name = given.retained() } else { name = try Self.qualifiedName(of: object) }
    let path = try DottedName.split(name.ref, in: nil)
    let module = try Self.moduleName(of: object, path: path.ref)
    guard let imported = PyImport_Import(module.ref) else {
      throw PickleState.raisePickling(
        "Can't pickle \(try described(object)): import of module \(try shown(module.ref)) failed")
    }
    let source = Owned(adopting: imported)
    var parent: Ref?
    defer { Py_XDECREF(parent) }
    guard let found = DottedName.find(path.ref, in: source.ref, parent: &parent) else {
      PyErr_Clear()
      throw PickleState.raisePickling(
        "Can't pickle \(try shown(object)): attribute lookup \(try plain(name.ref)) on "
          + "\(try plain(module.ref)) failed")
    }
    let isSame = found == object
    Py_DECREF(found)
    guard isSame else {
      throw PickleState.raisePickling(
        "Can't pickle \(try shown(object)): it's not the same object as "
          + "\(try plain(module.ref)).\(try plain(name.ref))")
    }
    if own.pointee.version >= 2, try saveExtension(object, module.ref, name.ref) { return }
    if own.pointee.version >= 4 {
      try save(module.ref)
      try save(name.ref)
      try write(Opcode.stackGlobal)
    } else {
      // getattr(getattr(first, second), third) for a name with dots.
      let count = apus_var_size(path.ref)
      for _ in 1..<count {
        try save(PickleState.getattr)
        if own.pointee.version < 2 { try write(Opcode.mark) }
      }
      try saveGlobalLines(module.ref, apus_list_item(path.ref, 0))
      for index in 1..<count {
        try save(apus_list_item(path.ref, index))
        try write(own.pointee.version < 2 ? Opcode.tuple : Opcode.tuple2)
        try write(Opcode.reduce)
      }
    }
    try memoize(object)
  }

  /// `repr` with the pending exception out of the way.
  private func described(_ object: Ref) throws(Raised) -> String {
    PyErr_Clear()
    return try shown(object)
  }

  private static func qualifiedName(of object: Ref) throws(Raised) -> Owned {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(object, id___qualname__(), &found))
    if let found { return Owned(adopting: found) }
    return try Objects.own(PyObject_GetAttr(object, id___name__()))
  }

  /// The name of the module an object says it is from, else of one that has it.
  private static func moduleName(of object: Ref, path: Ref) throws(Raised) -> Owned {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(object, id___module__(), &found))
    if let found {
      if !found.isNone { return Owned(adopting: found) }
      Py_DECREF(found)
    }
    guard let modules = PySys_GetObject("modules") else {
      throw raise(.runtimeError, "unable to get sys.modules")
    }
    // Looking attributes up may import; go through a copy.
    let copy = try Objects.own(PyMapping_Items(modules))
    for index in 0..<apus_var_size(copy.ref) {
      let pair = apus_list_item(copy.ref, index)
      guard pair.isTuple, apus_var_size(pair) == 2 else { continue }
      let name = apus_tuple_item(pair, 0)
      let module = apus_tuple_item(pair, 1)
      if module.isNone { continue }
      if name.isStr, PyUnicode_CompareWithASCIIString(name, "__main__") == 0 { continue }
      var parent: Ref?
      guard let candidate = DottedName.find(path, in: module, parent: &parent) else {
        Py_XDECREF(parent)
        PyErr_Clear()
        continue
      }
      Py_XDECREF(parent)
      Py_DECREF(candidate)
      if candidate == object { return name.retained() }
    }
    return id___main__().retained()
  }

  /// Writes the number that `copyreg.add_extension` gave the name, if it did.
  private func saveExtension(_ object: Ref, _ module: Ref, _ name: Ref) throws(Raised) -> Bool {
    if PyDict_Size(PickleState.extensionRegistry) == 0 { return false }
    let key = try tuple(module.retained(), name.retained())
    guard let number = PyDict_GetItemWithError(PickleState.extensionRegistry, key.ref) else {
      if hasRaised() { throw Raised() }
      return false
    }
    guard number.isInt else {
      throw PickleState.raisePickling(
        "Can't pickle \(try shown(object)): extension code \(try shown(number)) isn't an integer")
    }
    let code = PyLong_AsLong(number)
    if code == -1 && hasRaised() { throw Raised() }
    guard code > 0, code <= 0x7FFF_FFFF else {
      throw raise(
        .runtimeError, "Can't pickle \(try shown(object)): extension code \(code) is out of range")
    }
    let place = try room(5)
    if code <= 0xFF {
      place[0] = Opcode.ext1
      place[1] = UInt8(code)
      own.pointee.count &+= 2
    } else if code <= 0xFFFF {
      place[0] = Opcode.ext2
      Self.store(UInt16(code), place + 1)
      own.pointee.count &+= 3
    } else {
      place[0] = Opcode.ext4
      Self.store(UInt32(code), place + 1)
      own.pointee.count &+= 5
    }
    return true
  }

  /// GLOBAL with its two lines; for Python 2 under the names it knows.
  private func saveGlobalLines(_ module: Ref, _ name: Ref) throws(Raised) {
    let pair: Owned
    if own.pointee.version < 3 && own.pointee.fixImports != 0 {
      pair = try NameMapping.toPython2(module, name)
    } else {
      pair = try tuple(module.retained(), name.retained())
    }
    try write(Opcode.global)
    try writeLine(apus_tuple_item(pair.ref, 0), "module")
    try writeLine(apus_tuple_item(pair.ref, 1), "global")
  }

  private func writeLine(_ identifier: Ref, _ kind: String) throws(Raised) {
    let encoded =
      own.pointee.version == 3
      ? PyUnicode_AsUTF8String(identifier) : PyUnicode_AsASCIIString(identifier)
    guard let encoded else {
      if PyErr_ExceptionMatches(.unicodeEncodeError) != 0 {
        PyErr_Clear()
        throw PickleState.raisePickling(
          "can't pickle \(kind) identifier '\(try plain(identifier))' using pickle protocol "
            + "\(own.pointee.version)")
      }
      throw Raised()
    }
    let line = Owned(adopting: encoded)
    try write(apus_bytes_data(line.ref), apus_var_size(line.ref))
    try write(UInt8(ascii: "\n"))
  }
}

/// Names with dots, as `__qualname__` has them.
enum DottedName {
  /// The list of the parts. AttributeError for what is local to a function; `object` is where it
  /// was to be looked up, nil when pickling.
  static func split(_ name: Ref, in object: Ref?) throws(Raised) -> Owned {
    let path = try own(PyUnicode_Split(name, PickleState.names.dot, -1))
    for index in 0..<apus_var_size(path.ref)
    where PyUnicode_Compare(apus_list_item(path.ref, index), PickleState.names.locals) == 0 {
      guard let object else {
        throw raise(.attributeError, "Can't get local object \(try shown(name))")
      }
      throw raise(
        .attributeError, "Can't get local attribute \(try shown(name)) on \(try shown(object))")
    }
    return path
  }

  /// Follows the parts from an object: a new reference, nil when one is missing (with or without
  /// an exception). `parent` gets a new reference to what had the last one.
  static func find(_ path: Ref, in object: Ref, parent: inout Ref?) -> Ref? {
    var current = object
    Py_INCREF(current)
    for index in 0..<apus_var_size(path) {
      Py_XDECREF(parent)
      parent = current
      var next: Ref?
      if PyObject_GetOptionalAttr(current, apus_list_item(path, index), &next) <= 0 { return nil }
      guard let next else { return nil }
      current = next
    }
    return current
  }
}

/// The names that moved between Python 2 and 3, by the tables of `_compat_pickle`.
enum NameMapping {
  static func toPython2(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    try map(
      module, name, names: PickleState.names3to2, modules: PickleState.modules3to2,
      namesTable: "REVERSE_NAME_MAPPING", modulesTable: "REVERSE_IMPORT_MAPPING")
  }

  static func toPython3(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    try map(
      module, name, names: PickleState.names2to3, modules: PickleState.modules2to3,
      namesTable: "NAME_MAPPING", modulesTable: "IMPORT_MAPPING")
  }

  /// A tuple of the module and the name.
  private static func map(
    _ module: Ref, _ name: Ref, names: Ref, modules: Ref, namesTable: String, modulesTable: String
  ) throws(Raised) -> Owned {
    let pair = try tuple(module.retained(), name.retained())
    if let found = PyDict_GetItemWithError(names, pair.ref) {
      guard found.isTuple, apus_var_size(found) == 2 else {
        throw raise(
          .runtimeError,
          "_compat_pickle.\(namesTable) values should be 2-tuples, not \(found.type.fullName)")
      }
      let first = apus_tuple_item(found, 0)
      let second = apus_tuple_item(found, 1)
      guard first.isStr, second.isStr else {
        throw raise(
          .runtimeError,
          "_compat_pickle.\(namesTable) values should be pairs of str, not "
            + "(\(first.type.fullName), \(second.type.fullName))")
      }
      return found.retained()
    }
    if hasRaised() { throw Raised() }
    if let found = PyDict_GetItemWithError(modules, module) {
      guard found.isStr else {
        throw raise(
          .runtimeError,
          "_compat_pickle.\(modulesTable) values should be strings, not \(found.type.fullName)")
      }
      return try tuple(found.retained(), name.retained())
    }
    if hasRaised() { throw Raised() }
    return pair
  }
}
