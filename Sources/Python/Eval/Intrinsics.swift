import Bytecode
import CPythonABI
import Objects

/// CALL_INTRINSIC_1 and CALL_INTRINSIC_2: type parameters and aliases (PEP 695, PEP 696).
/// False means that an exception is set.
enum Intrinsics {
  static func one(_ number: UInt32, _ sp: StackRef) -> Bool {
    let value = sp[-1].unsafelyUnwrapped
    let result: Ref?
    switch IntrinsicFunction1(rawValue: UInt8(truncatingIfNeeded: number)) {
    case .typeVar: result = _Py_make_typevar(value, nil, nil)
    case .paramSpec: result = _Py_make_paramspec(value)
    case .typeVarTuple: result = _Py_make_typevartuple(value)
    case .subscriptGeneric: result = _Py_subscript_generic(value)
    case .typeAlias: result = _Py_make_typealias(value)
    case nil:
      _ = raise(.systemError, "bad CALL_INTRINSIC_1 oparg")
      return false
    }
    guard let result else { return false }
    sp[-1] = result
    Py_DECREF(value)
    return true
  }

  static func two(_ number: UInt32, _ sp: StackRef) -> Bool {
    let second = sp[-1].unsafelyUnwrapped
    let first = sp[-2].unsafelyUnwrapped
    let result: Ref?
    switch IntrinsicFunction2(rawValue: UInt8(truncatingIfNeeded: number)) {
    case .typeVarWithBound: result = _Py_make_typevar(first, second, nil)
    case .typeVarWithConstraints: result = _Py_make_typevar(first, nil, second)
    case .setFunctionTypeParams:
      let function = first.view(PyFunctionObject.self)
      Py_INCREF(second)
      Py_XDECREF(function.pointee.func_typeparams)
      function.pointee.func_typeparams = second
      Py_INCREF(first)
      result = first
    case .setTypeParamDefault: result = _Py_set_typeparam_default(first, second)
    case nil:
      _ = raise(.systemError, "bad CALL_INTRINSIC_2 oparg")
      return false
    }
    guard let result else { return false }
    sp[-2] = result
    Py_DECREF(first)
    Py_DECREF(second)
    return true
  }
}
