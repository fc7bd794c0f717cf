import CPythonABI
import Objects

/// The module `_failmalloc`: allocations that fail, for tests. It has no counterpart in CPython's
/// library; `_testcapi.set_nomemory` there does the same.
public let failmallocModule = ModuleSpec(
  "_failmalloc", doc: "Let allocations fail, with PYTHONMALLOC=debug.",
  methods: [enable, disable])

private let enable: Method = .fast(
  "enable($module, first=0, end=0, /)",
  "Let the allocations from number first on fail, up to number end - 1 unless end is 0."
) { _, args, count in
  none {
    let a = try Arguments(enable, args, count)
    let first = try a.index(0, default: 0)
    let end = try a.index(1, default: 0)
    if first < 0 || end < 0 { throw raise(.valueError, "first and end must not be negative") }
    if !AllocationFailures.isPossible {
      throw raise(.runtimeError, "allocations fail with PYTHONMALLOC=debug only")
    }
    AllocationFailures.start(first: first, end: end)
  }
}

private let disable: Method = .noargs(
  "disable($module, /)",
  "Let no allocation fail any more. How many there were since enable()."
) { _, _ in
  AllocationFailures.stop()
  return PyLong_FromLong(AllocationFailures.count)
}
