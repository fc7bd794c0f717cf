import CPythonABI

private func isModule(_ object: Ref) -> Bool { object.isInstance(of: moduleType()) }

@c @implementation
public func PyModule_NewObject(_ name: Ref) -> Ref? {
  new {
    let module = try PyModule.allocated(moduleType())
    try PyModule.initialize(module.ref, name: name, doc: noneObject())
    return module
  }
}

@c @implementation
public func PyModule_New(_ name: UnsafePointer<CChar>) -> Ref? {
  guard let text = PyUnicode_FromString(name) else { return nil }
  defer { Py_DECREF(text) }
  return PyModule_NewObject(text)
}

/// The module's dict (borrowed).
@c @implementation
public func PyModule_GetDict(_ module: Ref) -> Ref? {
  guard isModule(module) else {
    PyErr_BadInternalCall()
    return nil
  }
  return PyModule.view(module).pointee.md_dict
}

/// A str of the module's dict; SystemError when it is missing.
private func nameInDict(_ module: Ref, _ key: Ref, _ message: String) -> Ref? {
  guard isModule(module) else {
    _ = PyErr_BadArgument()
    return nil
  }
  var found: Ref?
  if let dict = PyModule.view(module).pointee.md_dict,
    PyDict_GetItemRef(dict, key, &found) < 0
  {
    return nil
  }
  if let found {
    if found.isStr { return found }
    Py_DECREF(found)
  }
  _ = raise(.systemError, message)
  return nil
}

@c @implementation
public func PyModule_GetNameObject(_ module: Ref) -> Ref? {
  nameInDict(module, SpecialName.name, "nameless module")
}

@c @implementation
public func PyModule_GetName(_ module: Ref) -> UnsafePointer<CChar>? {
  guard let name = PyModule_GetNameObject(module) else { return nil }
  // The dict holds it.
  Py_DECREF(name)
  return PyUnicode_AsUTF8(name)
}

@c @implementation
public func PyModule_GetFilenameObject(_ module: Ref) -> Ref? {
  nameInDict(module, SpecialName.file, "module filename missing")
}

@c @implementation
public func PyModule_GetFilename(_ module: Ref) -> UnsafePointer<CChar>? {
  guard let name = PyModule_GetFilenameObject(module) else { return nil }
  Py_DECREF(name)
  return PyUnicode_AsUTF8(name)
}

@c @implementation
public func PyModule_GetDef(_ module: Ref) -> UnsafeMutablePointer<PyModuleDef>? {
  guard isModule(module) else {
    _ = PyErr_BadArgument()
    return nil
  }
  return PyModule.view(module).pointee.md_def
}

@c @implementation
public func PyModule_GetState(_ module: Ref) -> UnsafeMutableRawPointer? {
  guard isModule(module) else {
    _ = PyErr_BadArgument()
    return nil
  }
  return PyModule.view(module).pointee.md_state
}

@c @implementation
public func PyModule_SetDocString(_ module: Ref, _ doc: UnsafePointer<CChar>?) -> Int32 {
  guard let doc else { return PyObject_SetAttr(module, SpecialName.doc, noneObject()) }
  guard let text = PyUnicode_FromString(doc) else { return -1 }
  defer { Py_DECREF(text) }
  return PyObject_SetAttr(module, SpecialName.doc, text)
}

/// Adds a function for each definition of a NULL-terminated table.
@c @implementation
public func PyModule_AddFunctions(
  _ module: Ref, _ functions: UnsafeMutablePointer<PyMethodDef>
) -> Int32 {
  guard let name = PyModule_GetNameObject(module) else { return -1 }
  defer { Py_DECREF(name) }
  return addFunctions(module, name, functions)
}

private func addFunctions(
  _ module: Ref, _ name: Ref, _ functions: UnsafeMutablePointer<PyMethodDef>
) -> Int32 {
  var definition = functions
  while let spelling = definition.pointee.ml_name {
    if definition.pointee.ml_flags & (METH_CLASS | METH_STATIC) != 0 {
      _ = raise(.valueError, "module functions cannot set METH_CLASS or METH_STATIC")
      return -1
    }
    guard let function = PyCFunction_NewEx(definition, module, name) else { return -1 }
    let failed = PyObject_SetAttrString(module, spelling, function)
    Py_DECREF(function)
    if failed != 0 { return -1 }
    definition += 1
  }
  return 0
}

// MARK: Adding names

/// `module.name = value`; NULL with an exception set fails.
@c @implementation
public func PyModule_AddObjectRef(
  _ module: Ref, _ name: UnsafePointer<CChar>, _ value: Ref?
) -> Int32 {
  guard isModule(module) else {
    _ = raise(.typeError, "PyModule_AddObjectRef() first argument must be a module")
    return -1
  }
  guard let value else {
    if !hasRaised() {
      _ = raise(
        .systemError, "PyModule_AddObjectRef() must be called with an exception raised if value "
          + "is NULL")
    }
    return -1
  }
  guard let dict = PyModule.view(module).pointee.md_dict else { return -1 }
  return PyDict_SetItemString(dict, name, value)
}

/// The same; takes over the reference in any case.
@c @implementation
public func PyModule_Add(_ module: Ref, _ name: UnsafePointer<CChar>, _ value: Ref?) -> Int32 {
  let result = PyModule_AddObjectRef(module, name, value)
  Py_XDECREF(value)
  return result
}

/// The same; takes over the reference on success only.
@c @implementation
public func PyModule_AddObject(
  _ module: Ref, _ name: UnsafePointer<CChar>, _ value: Ref?
) -> Int32 {
  let result = PyModule_AddObjectRef(module, name, value)
  if result == 0 { Py_XDECREF(value) }
  return result
}

@c @implementation
public func PyModule_AddIntConstant(
  _ module: Ref, _ name: UnsafePointer<CChar>, _ value: Int
) -> Int32 {
  PyModule_Add(module, name, PyLong_FromLong(value))
}

@c @implementation
public func PyModule_AddStringConstant(
  _ module: Ref, _ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>
) -> Int32 {
  PyModule_Add(module, name, PyUnicode_FromString(value))
}

/// Makes the type ready and adds it under its name.
@c @implementation
public func PyModule_AddType(_ module: Ref?, _ type: TypeRef) -> Int32 {
  guard let module, PyType_Ready(type) >= 0, let full = type.pointee.tp_name else { return -1 }
  var name = full
  var here = full
  while here.pointee != 0 {
    if here.pointee == CChar(UInt8(ascii: ".")) { name = here + 1 }
    here += 1
  }
  return PyModule_AddObjectRef(module, name, type.object)
}

// MARK: Definitions

/// Process-wide: definitions are static data.
private enum ModuleIndex {
  nonisolated(unsafe) static var last = 0
}

/// The import that runs an extension's initialisation function. Such a function knows only the last
/// part of its module's name; the whole is here. CPython: `_PyImport_ResolveNameWithPackageContext`.
public enum ModulePackage {
  /// Nil outside such a function, and after it made its module. Used under the GIL.
  nonisolated(unsafe) public static var fullName: String?

  /// The name for a module that calls itself `name`.
  static func resolve(_ name: String) -> String {
    guard let whole = fullName, whole.hasSuffix("." + name) else { return name }
    fullName = nil
    return whole
  }
}

/// Prepares a definition for multi-phase initialisation and returns it as an object (PEP 489).
@c @implementation
public func PyModuleDef_Init(_ definition: UnsafeMutablePointer<PyModuleDef>) -> Ref? {
  let object = UnsafeMutableRawPointer(definition).assumingMemoryBound(to: PyObject.self)
  if definition.pointee.m_base.m_index == 0 {
    ModuleIndex.last += 1
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = moduleDefType()
    definition.pointee.m_base.m_index = ModuleIndex.last
  }
  return object
}

private func zeroedState(_ module: Ref, _ size: Int) -> Bool {
  guard let state = PyMem_Calloc(1, Swift.max(size, 1)) else {
    _ = PyErr_NoMemory()
    return false
  }
  PyModule.view(module).pointee.md_state = state
  return true
}

/// Single-phase initialisation: the whole module at once.
@c @implementation
public func PyModule_Create2(
  _ definition: UnsafeMutablePointer<PyModuleDef>, _ version: Int32
) -> Ref? {
  guard PyModuleDef_Init(definition) != nil else { return nil }
  let name = String(cString: definition.pointee.m_name)
  if definition.pointee.m_slots != nil {
    _ = raise(.systemError, "module \(name): PyModule_Create is incompatible with m_slots")
    return nil
  }
  return new {
    let whole = try own(newString(ModulePackage.resolve(name)))
    let module = try own(PyModule_NewObject(whole.ref))
    let size = definition.pointee.m_size
    if size > 0 && !zeroedState(module.ref, size) { throw Raised() }
    if let methods = definition.pointee.m_methods {
      try check(PyModule_AddFunctions(module.ref, methods))
    }
    if let doc = definition.pointee.m_doc { try check(PyModule_SetDocString(module.ref, doc)) }
    PyModule.view(module.ref).pointee.md_def = definition
    return module
  }
}

/// Slot numbers of PyModuleDef_Slot.
private enum ModuleSlot {
  static let create: Int32 = 1
  static let exec: Int32 = 2
  static let multipleInterpreters: Int32 = 3
  static let gil: Int32 = 4
}

/// The first phase: an empty module from a definition and an import spec.
@c @implementation
public func PyModule_FromDefAndSpec2(
  _ definition: UnsafeMutablePointer<PyModuleDef>, _ spec: Ref, _ version: Int32
) -> Ref? {
  new {
    _ = try borrow(PyModuleDef_Init(definition))
    let nameObject = try own(PyObject_GetAttrString(spec, "name"))
    let name = text(of: nameObject.ref)
    if definition.pointee.m_size < 0 {
      throw raise(
        .systemError,
        "module \(name): m_size may not be negative for multi-phase initialization")
    }
    typealias Create = @convention(c) (Ref, UnsafeMutablePointer<PyModuleDef>) -> Ref?
    var create: Create?
    var executes = false
    if var slot = definition.pointee.m_slots {
      while slot.pointee.slot != 0 {
        switch slot.pointee.slot {
        case ModuleSlot.create:
          if create != nil {
            throw raise(.systemError, "module \(name) has multiple create slots")
          }
          create = unsafeBitCast(slot.pointee.value, to: Create?.self)
        case ModuleSlot.exec: executes = true
        case ModuleSlot.multipleInterpreters, ModuleSlot.gil: break
        default:
          throw raise(
            .systemError, "module \(name) uses unknown slot ID \(slot.pointee.slot)")
        }
        slot += 1
      }
    }
    let module: Owned
    if let create {
      let made = create(spec, definition)
      guard let made else {
        if !hasRaised() {
          throw raise(
            .systemError, "creation of module \(name) failed without setting an exception")
        }
        throw Raised()
      }
      if hasRaised() {
        Py_DECREF(made)
        throw raise(.systemError, "creation of module \(name) raised unreported exception")
      }
      module = Owned(adopting: made)
    } else {
      module = try own(PyModule_NewObject(nameObject.ref))
    }
    if isModule(module.ref) {
      PyModule.view(module.ref).pointee.md_state = nil
      PyModule.view(module.ref).pointee.md_def = definition
    } else {
      if definition.pointee.m_size > 0 || definition.pointee.m_traverse != nil
        || definition.pointee.m_clear != nil || definition.pointee.m_free != nil
      {
        throw raise(
          .systemError,
          "module \(name) is not a module object, but requests module state")
      }
      if executes {
        throw raise(
          .systemError,
          "module \(name) specifies execution slots, but did not create a ModuleType instance")
      }
    }
    if let methods = definition.pointee.m_methods {
      try check(addFunctions(module.ref, nameObject.ref, methods))
    }
    if let doc = definition.pointee.m_doc { try check(PyModule_SetDocString(module.ref, doc)) }
    return module
  }
}

/// The second phase: the state, then the execution slots.
@c @implementation
public func PyModule_ExecDef(
  _ module: Ref?, _ definition: UnsafeMutablePointer<PyModuleDef>
) -> Int32 {
  guard let module, let raw = PyModule_GetName(module) else { return -1 }
  let name = String(cString: raw)
  if definition.pointee.m_size >= 0 && PyModule.view(module).pointee.md_state == nil
    && !zeroedState(module, definition.pointee.m_size)
  {
    return -1
  }
  guard var slot = definition.pointee.m_slots else { return 0 }
  while slot.pointee.slot != 0 {
    if slot.pointee.slot == ModuleSlot.exec {
      typealias Exec = @convention(c) (Ref) -> Int32
      let result = unsafeBitCast(slot.pointee.value, to: Exec?.self)?(module) ?? 0
      if result != 0 {
        if !hasRaised() {
          _ = raise(
            .systemError, "execution of module \(name) failed without setting an exception")
        }
        return -1
      }
      if hasRaised() {
        _ = raise(.systemError, "execution of module \(name) raised unreported exception")
        return -1
      }
    }
    slot += 1
  }
  return 0
}
