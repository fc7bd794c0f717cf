import CPythonABI
import Objects

/// The module `_operator`: the operators as functions. CPython: Modules/_operator.c.
public let operatorModule = ModuleSpec(
  "_operator",
  doc: "The operators of Python as functions: operator.add(x, y) is x+y.",
  methods: OperatorFunctions.all,
  types: [ItemGetter.spec, AttributeGetter.spec, MethodCaller.spec])
