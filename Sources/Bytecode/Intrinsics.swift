/// What `CALL_INTRINSIC_1` does with the value it replaces; numbers of CPython 3.13
/// (`Include/internal/pycore_intrinsics.h`), of which only those without an own instruction occur.
public enum IntrinsicFunction1: UInt8, Sendable, CaseIterable {
  /// `name -- TypeVar(name, infer_variance=True)`, defining module taken from the caller.
  case typeVar = 7
  /// `name -- ParamSpec(name, infer_variance=True)`.
  case paramSpec = 8
  /// `name -- TypeVarTuple(name)`.
  case typeVarTuple = 9
  /// `type_params -- Generic[*type_params]` (a TypeVarTuple is unpacked).
  case subscriptGeneric = 10
  /// `(name, type_params or None, compute_value) -- TypeAliasType`, value computed on demand.
  case typeAlias = 11

  /// The name CPython gives it.
  public var name: String {
    switch self {
    case .typeVar: "INTRINSIC_TYPEVAR"
    case .paramSpec: "INTRINSIC_PARAMSPEC"
    case .typeVarTuple: "INTRINSIC_TYPEVARTUPLE"
    case .subscriptGeneric: "INTRINSIC_SUBSCRIPT_GENERIC"
    case .typeAlias: "INTRINSIC_TYPEALIAS"
    }
  }
}

/// What `CALL_INTRINSIC_2` does with the two values it replaces by one; numbers of CPython 3.13.
public enum IntrinsicFunction2: UInt8, Sendable, CaseIterable {
  /// `name, compute_bound -- TypeVar`, bound computed on demand.
  case typeVarWithBound = 2
  /// `name, compute_constraints -- TypeVar`, constraints computed on demand.
  case typeVarWithConstraints = 3
  /// `function, type_params -- function`, with `__type_params__` set.
  case setFunctionTypeParams = 4
  /// `type_param, compute_default -- type_param`, default computed on demand.
  case setTypeParamDefault = 5

  /// The name CPython gives it.
  public var name: String {
    switch self {
    case .typeVarWithBound: "INTRINSIC_TYPEVAR_WITH_BOUND"
    case .typeVarWithConstraints: "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS"
    case .setFunctionTypeParams: "INTRINSIC_SET_FUNCTION_TYPE_PARAMS"
    case .setTypeParamDefault: "INTRINSIC_SET_TYPEPARAM_DEFAULT"
    }
  }
}
