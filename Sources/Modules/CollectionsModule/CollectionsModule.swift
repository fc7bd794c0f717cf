import CPythonABI
import Objects

/// The module `_collections`. CPython: Modules/_collectionsmodule.c.
public let collectionsModule = ModuleSpec(
  "_collections",
  doc: "High performance data structures: deque, defaultdict, OrderedDict.",
  methods: [countElements],
  types: [
    Deque.spec, DefaultDict.spec, DequeIterator.forwardSpec, DequeIterator.reverseSpec,
    TupleGetter.spec,
  ],
  exec: { module in
    status {
      try OrderedDictTypes.install()
      try check(PyModule_AddObjectRef(module, "OrderedDict", orderedDictType().object))
    }
  })
