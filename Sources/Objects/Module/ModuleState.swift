import CPythonABI

// Modules of single-phase extensions, found again by their definition. CPython: Python/import.c,
// PyState_FindModule and following.

/// The module made from a definition (borrowed), NULL without an exception when there is none.
@c @implementation
public func PyState_FindModule(_ definition: UnsafeMutablePointer<PyModuleDef>) -> Ref? {
  let index = definition.pointee.m_base.m_index
  guard definition.pointee.m_slots == nil, index > 0,
    let list = apus_tstate().pointee.interp.pointee.modules_by_index, index < apus_var_size(list)
  else { return nil }
  let module = apus_list_item(list, index)
  return module.isNone ? nil : module
}

@c @implementation
public func PyState_AddModule(
  _ module: Ref, _ definition: UnsafeMutablePointer<PyModuleDef>
) -> Int32 {
  status {
    if definition.pointee.m_slots != nil {
      throw raise(
        .systemError, "PyState_AddModule called on module with slots")
    }
    let index = definition.pointee.m_base.m_index
    let interpreter = apus_tstate().pointee.interp
    if interpreter.pointee.modules_by_index == nil {
      interpreter.pointee.modules_by_index = try own(PyList_New(0)).give()
    }
    guard let list = interpreter.pointee.modules_by_index else { throw Raised() }
    while apus_var_size(list) <= index { try check(PyList_Append(list, noneObject())) }
    Py_INCREF(module)
    try check(PyList_SetItem(list, index, module))
  }
}

@c @implementation
public func PyState_RemoveModule(_ definition: UnsafeMutablePointer<PyModuleDef>) -> Int32 {
  status {
    let index = definition.pointee.m_base.m_index
    guard definition.pointee.m_slots == nil else {
      throw raise(.systemError, "PyState_RemoveModule called on module with slots")
    }
    guard let list = apus_tstate().pointee.interp.pointee.modules_by_index, index > 0,
      index < apus_var_size(list)
    else {
      throw raise(.systemError, "Module index out of bounds.")
    }
    Py_INCREF(noneObject())
    try check(PyList_SetItem(list, index, noneObject()))
  }
}
