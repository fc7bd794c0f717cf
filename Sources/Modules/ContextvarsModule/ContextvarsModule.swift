import CPythonABI
import Objects

/// The module `_contextvars`. CPython: Modules/_contextvarsmodule.c.
public let contextvarsModule = ModuleSpec(
  "_contextvars", doc: "Context Variables", methods: [PyContext.copyContext],
  exec: { module in
    status {
      try ContextTypes.install()
      for (name, type) in [
        ("Context", contextType()), ("ContextVar", contextVarType()), ("Token", contextTokenType()),
      ] {
        try check(PyModule_AddObjectRef(module, name, type.object))
      }
    }
  })
