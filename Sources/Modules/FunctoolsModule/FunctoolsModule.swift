import CPythonABI
import Objects

/// The module `_functools`. CPython: Modules/_functoolsmodule.c.
public let functoolsModule = ModuleSpec(
  "_functools", doc: "Tools that operate on functions.",
  methods: [reduceFunction, KeyWrapper.compareToKey],
  types: [Partial.spec, LruCache.spec],
  exec: { _ in
    status {
      for spec in [KeyWrapper.spec, LruCache.linkSpec, LruCache.markSpec] {
        try spec.installInModule()
      }
    }
  })
