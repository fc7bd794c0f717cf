import CPythonABI

@c @implementation
public func PyCFunction_New(
  _ definition: UnsafeMutablePointer<PyMethodDef>, _ receiver: Ref?
) -> Ref? {
  PyCMethod_New(definition, receiver, nil, nil)
}

@c @implementation
public func PyCFunction_NewEx(
  _ definition: UnsafeMutablePointer<PyMethodDef>, _ receiver: Ref?, _ module: Ref?
) -> Ref? {
  PyCMethod_New(definition, receiver, module, nil)
}

/// A function object for a method definition. `definition` must outlive it. SystemError for flags
/// that do not go together.
@c @implementation
public func PyCMethod_New(
  _ definition: UnsafeMutablePointer<PyMethodDef>, _ receiver: Ref?, _ module: Ref?,
  _ definingClass: TypeRef?
) -> Ref? {
  let flags = definition.pointee.ml_flags
  let entry: vectorcallfunc?
  switch flags & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD) {
  case METH_VARARGS, METH_VARARGS | METH_KEYWORDS: entry = nil
  case METH_FASTCALL: entry = BuiltinFunction.fast
  case METH_FASTCALL | METH_KEYWORDS: entry = BuiltinFunction.fastKeywords
  case METH_NOARGS: entry = BuiltinFunction.noArguments
  case METH_O: entry = BuiltinFunction.oneArgument
  case METH_METHOD | METH_FASTCALL | METH_KEYWORDS: entry = BuiltinFunction.withClass
  default:
    let name = definition.pointee.ml_name.map { String(cString: $0) } ?? "?"
    _ = raise(.systemError, "\(name)() method: bad call flags")
    return nil
  }
  let object: Ref
  if flags & METH_METHOD != 0 {
    guard let definingClass else {
      _ = raise(
        .systemError,
        "attempting to create PyCMethod with a METH_METHOD flag but no class")
      return nil
    }
    guard let made = _PyObject_GC_New(builtinMethodType()) else { return nil }
    Py_INCREF(definingClass.object)
    made.view(PyCMethodObject.self).pointee.mm_class = definingClass
    object = made
  } else {
    guard definingClass == nil else {
      _ = raise(
        .systemError, "attempting to create PyCFunction with class but no METH_METHOD flag")
      return nil
    }
    guard let made = _PyObject_GC_New(builtinFunctionType()) else { return nil }
    object = made
  }
  Py_XINCREF(receiver)
  Py_XINCREF(module)
  let view = object.view(PyCFunctionObject.self)
  view.pointee.m_ml = definition
  view.pointee.m_self = receiver
  view.pointee.m_module = module
  view.pointee.m_weakreflist = nil
  view.pointee.vectorcall = entry
  PyObject_GC_Track(object)
  return object
}

@c @implementation
public func PyCFunction_GetSelf(_ object: Ref) -> Ref? {
  guard object.isInstance(of: builtinFunctionType()) else {
    PyErr_BadInternalCall()
    return nil
  }
  return BuiltinFunction.receiver(object)
}

/// The C function, in the shape that `PyCFunction_GetFlags` says.
@c @implementation
public func PyCFunction_GetFunction(_ object: Ref) -> UnsafeMutableRawPointer? {
  guard object.isInstance(of: builtinFunctionType()) else {
    PyErr_BadInternalCall()
    return nil
  }
  return BuiltinFunction.view(object).pointee.m_ml.pointee.ml_meth
}

@c @implementation
public func PyCFunction_GetFlags(_ object: Ref) -> Int32 {
  guard object.isInstance(of: builtinFunctionType()) else {
    PyErr_BadInternalCall()
    return -1
  }
  return BuiltinFunction.view(object).pointee.m_ml.pointee.ml_flags
}

/// The function as messages name it: `list.append()`, `mymodule.f()`, `f()` of builtins.
@c @implementation
public func _PyObject_FunctionStr(_ object: Ref) -> Ref? {
  new {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(object, SpecialName.qualname, &found))
    guard let found else { return try own(PyObject_Str(object)) }
    let qualname = Owned(adopting: found)
    let shown = try own(PyObject_Str(qualname.ref))
    var module: Ref?
    try check(PyObject_GetOptionalAttr(object, SpecialName.module, &module))
    guard let module else { return try own(newString("\(text(of: shown.ref))()")) }
    let owner = Owned(adopting: module)
    let isBuiltin =
      owner.ref.isNone
      || (owner.ref.isStr && PyUnicode_Compare(owner.ref, SpecialName.builtins) == 0)
    if isBuiltin { return try own(newString("\(text(of: shown.ref))()")) }
    let prefix = try own(PyObject_Str(owner.ref))
    return try own(newString("\(text(of: prefix.ref)).\(text(of: shown.ref))()"))
  }
}
