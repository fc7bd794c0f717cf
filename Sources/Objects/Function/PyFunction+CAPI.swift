import CPythonABI

/// The function's struct, nil with SystemError for anything else.
private func function(_ object: Ref) -> UnsafeMutablePointer<PyFunctionObject>? {
  if object.type == functionType() { return object.view(PyFunctionObject.self) }
  PyErr_BadInternalCall()
  return nil
}

@c @implementation
public func PyFunction_GetCode(_ object: Ref) -> Ref? { function(object)?.pointee.func_code }

@c @implementation
public func PyFunction_GetGlobals(_ object: Ref) -> Ref? { function(object)?.pointee.func_globals }

@c @implementation
public func PyFunction_GetModule(_ object: Ref) -> Ref? { function(object)?.pointee.func_module }

@c @implementation
public func PyFunction_GetDefaults(_ object: Ref) -> Ref? {
  function(object)?.pointee.func_defaults
}

@c @implementation
public func PyFunction_GetKwDefaults(_ object: Ref) -> Ref? {
  function(object)?.pointee.func_kwdefaults
}

@c @implementation
public func PyFunction_GetClosure(_ object: Ref) -> Ref? { function(object)?.pointee.func_closure }

@c @implementation
public func PyFunction_GetAnnotations(_ object: Ref) -> Ref? {
  function(object) == nil ? nil : PyFunction.annotations(object)
}

/// The value as a reference to store: nil for None; false with SystemError when `accepts` says no.
private func stored(
  _ value: Ref?, _ message: String, _ accepts: (Ref) -> Bool
) -> (value: Ref?, valid: Bool) {
  guard let value, !value.isNone else { return (nil, true) }
  guard accepts(value) else {
    _ = raise(.systemError, message)
    return (nil, false)
  }
  Py_INCREF(value)
  return (value, true)
}

@c @implementation
public func PyFunction_SetDefaults(_ object: Ref, _ value: Ref?) -> Int32 {
  guard let own = function(object) else { return -1 }
  let new = stored(value, "non-tuple default args") { $0.isTuple }
  guard new.valid else { return -1 }
  own.pointee.func_version = 0
  replaceReference(&own.pointee.func_defaults, new.value)
  return 0
}

@c @implementation
public func PyFunction_SetKwDefaults(_ object: Ref, _ value: Ref?) -> Int32 {
  guard let own = function(object) else { return -1 }
  let new = stored(value, "non-dict keyword only default args") { $0.isDict }
  guard new.valid else { return -1 }
  own.pointee.func_version = 0
  replaceReference(&own.pointee.func_kwdefaults, new.value)
  return 0
}

@c @implementation
public func PyFunction_SetClosure(_ object: Ref, _ value: Ref?) -> Int32 {
  guard let own = function(object) else { return -1 }
  let shown = value?.type.fullName ?? "NULL"
  let new = stored(value, "expected tuple for closure, got '\(shown)'") { $0.isTuple }
  guard new.valid else { return -1 }
  own.pointee.func_version = 0
  replaceReference(&own.pointee.func_closure, new.value)
  return 0
}

@c @implementation
public func PyFunction_SetAnnotations(_ object: Ref, _ value: Ref?) -> Int32 {
  guard let own = function(object) else { return -1 }
  let new = stored(value, "non-dict annotations") { $0.isDict }
  guard new.valid else { return -1 }
  own.pointee.func_version = 0
  replaceReference(&own.pointee.func_annotations, new.value)
  return 0
}

/// The number of the state of code, defaults and the rest, for inline caches; a new one is given
/// when the function has none. 0 when numbers ran out.
public func functionVersion(_ object: Ref) -> UInt32 {
  let own = object.view(PyFunctionObject.self)
  if own.pointee.func_version != 0 { return own.pointee.func_version }
  let interpreter = apus_tstate().pointee.interp
  let version = interpreter.pointee.next_func_version
  if version == 0 || own.pointee.vectorcall == nil { return 0 }
  own.pointee.func_version = version
  interpreter.pointee.next_func_version = version &+ 1
  return version
}
