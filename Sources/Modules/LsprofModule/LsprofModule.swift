import CPythonABI
import Objects

/// The module `_lsprof`: the profiler behind cProfile. CPython: Modules/_lsprof.c.
public let lsprofModule = ModuleSpec(
  "_lsprof", doc: "Fast profiler",
  exec: { module in
    status {
      if !Profiler.spec.isReady {
        try StructSequence.install(
          ProfileTypes.entry, "_lsprof.profiler_entry", doc: nil,
          fields: ProfileTypes.fields + [.init("calls", "list of calls")], visible: 6)
        try StructSequence.install(
          ProfileTypes.subentry, "_lsprof.profiler_subentry", doc: nil,
          fields: ProfileTypes.fields, visible: 5)
        try Profiler.spec.installInModule()
      }
      try check(PyModule_AddType(module, ProfileTypes.entry))
      try check(PyModule_AddType(module, ProfileTypes.subentry))
      try check(PyModule_AddObjectRef(module, "Profiler", Profiler.type.object))
    }
  })

/// The named tuples that `getstats` gives.
enum ProfileTypes {
  nonisolated(unsafe) static let entry = PermanentMemory.type()
  nonisolated(unsafe) static let subentry = PermanentMemory.type()
  static let fields: [StructSequence.Field] = [
    .init("code", "code object or built-in function name"),
    .init("callcount", "how many times this was called"),
    .init("reccallcount", "how many times called recursively"),
    .init("totaltime", "total time in this entry"),
    .init("inlinetime", "inline time in this entry (not in subcalls)"),
  ]
}
