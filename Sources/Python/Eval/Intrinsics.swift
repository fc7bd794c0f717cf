import Bytecode
import CPythonABI
import Objects

/// CALL_INTRINSIC_1 and CALL_INTRINSIC_2: type parameters and aliases (PEP 695, PEP 696).
/// False means that an exception is set.
enum Intrinsics {
  @inline(never)
  static func one(_ number: UInt32, _ sp: StackRef) -> Bool {
    let value = sp[-1].unsafelyUnwrapped
    let result: Ref?
    let kind = IntrinsicFunction1(rawValue: UInt8(clamping: number))
    // Code made by hand may bring anything.
    let isGood =
      switch kind {
      case .typeVar, .paramSpec, .typeVarTuple: value.isStr
      case .subscriptGeneric: value.isTuple
      case .typeAlias:
        value.isTuple && apus_var_size(value) == 3 && apus_tuple_item(value, 0).isStr
          && (apus_tuple_item(value, 1).isNone || apus_tuple_item(value, 1).isTuple)
      case nil: true
      }
    guard isGood else { return refuse() }
    switch kind {
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

  private static func refuse() -> Bool {
    _ = raise(.systemError, "bad operand of an intrinsic function")
    return false
  }

  @inline(never)
  static func two(_ number: UInt32, _ sp: StackRef) -> Bool {
    let second = sp[-1].unsafelyUnwrapped
    let first = sp[-2].unsafelyUnwrapped
    let result: Ref?
    switch IntrinsicFunction2(rawValue: UInt8(clamping: number)) {
    case .typeVarWithBound where !first.isStr: return refuse()
    case .typeVarWithConstraints where !first.isStr: return refuse()
    case .setFunctionTypeParams where first.type != functionType() || !second.isTuple: return refuse()
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
