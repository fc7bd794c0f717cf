import CPythonABI
import Objects

// What the compiler's intrinsics for type parameters and aliases make (PEP 695, PEP 696).

@c @implementation
public func _Py_make_typevar(_ name: Ref, _ bound: Ref?, _ constraints: Ref?) -> Ref? {
  new { try TypeParameter.typeVar(name, evaluateBound: bound, evaluateConstraints: constraints) }
}

@c @implementation
public func _Py_make_paramspec(_ name: Ref) -> Ref? { new { try TypeParameter.paramSpec(name) } }

@c @implementation
public func _Py_make_typevartuple(_ name: Ref) -> Ref? {
  new { try TypeParameter.typeVarTuple(name) }
}

@c @implementation
public func _Py_subscript_generic(_ parameters: Ref) -> Ref? {
  new { try Generic.subscribed(parameters) }
}

@c @implementation
public func _Py_make_typealias(_ arguments: Ref) -> Ref? { new { try TypeAlias.make(arguments) } }

@c @implementation
public func _Py_set_typeparam_default(_ parameter: Ref, _ evaluate: Ref) -> Ref? {
  new { try TypeParameter.setDefault(parameter, evaluate: evaluate) }
}
