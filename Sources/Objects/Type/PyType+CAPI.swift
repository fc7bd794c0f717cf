import CPythonABI

// What the C API tells of a type. CPython: Objects/typeobject.c.

@c @implementation public func PyType_GetFlags(_ type: TypeRef) -> UInt { type.pointee.tp_flags }

@c @implementation public func PyType_GetName(_ type: TypeRef) -> Ref? {
  new { try PyType.shortName(type) }
}

@c @implementation public func PyType_GetQualName(_ type: TypeRef) -> Ref? {
  new { try PyType.qualname(type) }
}

@c @implementation public func PyType_GetModuleName(_ type: TypeRef) -> Ref? {
  new { try PyType.moduleName(type) }
}

/// "module.qualname", without the module for builtins and `__main__`.
@c @implementation public func PyType_GetFullyQualifiedName(_ type: TypeRef) -> Ref? {
  new {
    if !type.isHeap { return try own(newString(type.fullName)) }
    let qualified = try PyType.qualname(type)
    let module = try PyType.moduleName(type)
    if module.ref.isStr, PyUnicode_CompareWithASCIIString(module.ref, "builtins") != 0,
      PyUnicode_CompareWithASCIIString(module.ref, "__main__") != 0
    {
      return try own(newString("\(text(of: module.ref)).\(text(of: qualified.ref))"))
    }
    return qualified
  }
}

@c @implementation public func PyType_GetDict(_ type: TypeRef) -> Ref? {
  Py_XINCREF(type.pointee.tp_dict)
  return type.pointee.tp_dict
}

@c @implementation public func PyType_GetSlot(_ type: TypeRef, _ slot: Int32) -> UnsafeMutableRawPointer? {
  guard let offset = SpecSlots.offset(slot) else {
    PyErr_BadInternalCall()
    return nil
  }
  return type.slotAddress(offset)?.pointee
}

// MARK: Modules of types

@c @implementation public func PyType_GetModule(_ type: TypeRef) -> Ref? {
  guard type.isHeap else {
    _ = raise(
      .typeError, "PyType_GetModule: Type '\(type.fullName)' is not a heap type")
    return nil
  }
  guard let module = type.heap.pointee.ht_module else {
    _ = raise(
      .typeError, "PyType_GetModule: Type '\(type.fullName)' has no associated module")
    return nil
  }
  return module
}

@c @implementation public func PyType_GetModuleState(_ type: TypeRef) -> UnsafeMutableRawPointer? {
  guard let module = PyType_GetModule(type) else { return nil }
  return PyModule_GetState(module)
}

/// The module of the first class in the MRO that was made by this module definition (borrowed).
@c @implementation public func PyType_GetModuleByDef(
  _ type: TypeRef, _ definition: UnsafeMutablePointer<PyModuleDef>
) -> Ref? {
  if let mro = type.pointee.tp_mro {
    for index in 0..<apus_var_size(mro) {
      let base = apus_tuple_item(mro, index).asType
      guard base.isHeap, let module = base.heap.pointee.ht_module, module.isInstance(of: moduleType())
      else { continue }
      if PyModule_GetDef(module) == definition { return module }
    }
  }
  _ = raise(
    .typeError,
    "PyType_GetModuleByDef: No superclass of '\(type.fullName)' has the given module")
  return nil
}

// MARK: Data of extended types (PEP 697)

@c @implementation public func PyObject_GetTypeData(
  _ object: Ref, _ type: TypeRef
) -> UnsafeMutableRawPointer? {
  let base = type.pointee.tp_base?.pointee.tp_basicsize ?? 0
  return UnsafeMutableRawPointer(object) + ((base + 15) & ~15)
}

@c @implementation public func PyType_GetTypeDataSize(_ type: TypeRef) -> Int {
  let base = ((type.pointee.tp_base?.pointee.tp_basicsize ?? 0) + 15) & ~15
  return Swift.max(0, type.pointee.tp_basicsize - base)
}

@c @implementation public func PyObject_GetItemData(_ object: Ref) -> UnsafeMutableRawPointer? {
  guard object.has(UInt(Py_TPFLAGS_ITEMS_AT_END)) else {
    _ = raise(
      .typeError,
      "type '\(object.type.fullName)' does not have Py_TPFLAGS_ITEMS_AT_END")
    return nil
  }
  return UnsafeMutableRawPointer(object) + object.type.pointee.tp_basicsize
}
