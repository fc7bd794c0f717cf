import CPythonABI
import Objects

/// The module `_queue`. CPython: Modules/_queuemodule.c.
public let queueModule = ModuleSpec(
  "_queue",
  doc: "The unbounded queue of the module queue.\nAn implementation detail: use queue instead.",
  types: [SimpleQueue.spec],
  exec: { module in
    status { try check(PyModule_AddObjectRef(module, "Empty", try SimpleQueue.empty())) }
  })
