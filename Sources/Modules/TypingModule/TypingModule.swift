import CPythonABI
import Objects

/// The module `_typing`. CPython: Modules/_typingmodule.c.
public let typingModule = ModuleSpec(
  "_typing", doc: "The native half of typing: type parameters, aliases and Generic.",
  methods: [identity],
  exec: { module in
    status {
      try TypingTypes.install()
      for (name, object) in [
        ("TypeVar", typeVarType().object), ("TypeVarTuple", typeVarTupleType().object),
        ("ParamSpec", paramSpecType().object), ("ParamSpecArgs", paramSpecArgsType().object),
        ("ParamSpecKwargs", paramSpecKwargsType().object), ("Generic", genericType().object),
        ("TypeAliasType", typeAliasType().object), ("NoDefault", NoDefault.object),
      ] {
        try check(PyModule_AddObjectRef(module, name, object))
      }
    }
  })

private let identity: Method = .o("_idfunc($module, x, /)", "") { _, object in
  Py_INCREF(object)
  return object
}
