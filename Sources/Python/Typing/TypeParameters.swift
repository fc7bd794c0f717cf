import CPythonABI
import Objects

// What the compiler's intrinsics for type parameters and aliases make (PEP 695, PEP 696).

private func unavailable() -> Ref? {
  _ = raise(.notImplementedError, "type parameters")
  return nil
}

@c @implementation
public func _Py_make_typevar(
  _ name: UnsafeMutablePointer<PyObject>, _ bound: UnsafeMutablePointer<PyObject>?,
  _ constraints: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? { unavailable() }

@c @implementation
public func _Py_make_paramspec(
  _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? { unavailable() }

@c @implementation
public func _Py_make_typevartuple(
  _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? { unavailable() }

@c @implementation
public func _Py_subscript_generic(
  _ parameters: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? { unavailable() }

@c @implementation
public func _Py_make_typealias(
  _ arguments: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? { unavailable() }

@c @implementation
public func _Py_set_typeparam_default(
  _ parameter: UnsafeMutablePointer<PyObject>, _ evaluate: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? { unavailable() }
