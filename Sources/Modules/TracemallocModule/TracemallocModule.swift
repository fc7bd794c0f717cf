import CPythonABI
import Objects

/// The module `_tracemalloc`. CPython: Modules/_tracemalloc.c.
public let tracemallocModule = ModuleSpec(
  "_tracemalloc", doc: "Which code allocated the memory in use.",
  methods: [
    isTracing, clearTraces, getTraces, getObjectTraceback, start, stop, getLimit, getOwnMemory,
    getTracedMemory, resetPeak,
  ])

private let isTracing: Method = .noargs(
  "is_tracing($module, /)", "Whether allocations are traced."
) { _, _ in boolObject(Tracing.isTracing) }

private let clearTraces: Method = .noargs(
  "clear_traces($module, /)", "Forget the blocks traced so far."
) { _, _ in
  if Tracing.isTracing { Tracing.clear() }
  return noneObject()
}

private let getTraces: Method = .noargs(
  "_get_traces($module, /)",
  "The traced blocks: a list of (domain, size, traceback, number of frames)."
) { _, _ in new { try Tracing.traces() } }

private let getObjectTraceback: Method = .o(
  "_get_object_traceback($module, obj, /)",
  "Where an object was allocated: a tuple of (filename, line), None when it is not known."
) { _, object in
  new {
    // The block starts with what lies in front of the object.
    let flags = object.type.pointee.tp_flags
    var before = 0
    if flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 { before += 16 }
    if flags & (1 << 3 | 1 << 4) != 0 { before += 16 }
    return try Tracing.traceback(of: UInt(bitPattern: object) &- UInt(before))
  }
}

private let start: Method = .fast(
  "start($module, nframe=1, /)",
  "Trace allocations from now on, keeping at most nframe frames of each."
) { _, args, count in
  none {
    let a = try Arguments(start, args, count)
    let limit = try a.int32(0, default: 1)
    guard limit >= 1, limit <= Tracing.mostFrames else {
      throw raise(
        .valueError, "the number of frames must be in range [1; \(Tracing.mostFrames)]")
    }
    try Tracing.start(limit: Int(limit))
  }
}

private let stop: Method = .noargs(
  "stop($module, /)", "Trace no longer and forget the traced blocks."
) { _, _ in
  Tracing.stop()
  return noneObject()
}

private let getLimit: Method = .noargs(
  "get_traceback_limit($module, /)", "How many frames are kept of an allocation."
) { _, _ in PyLong_FromLong(Tracing.limit) }

private let getOwnMemory: Method = .noargs(
  "get_tracemalloc_memory($module, /)", "The bytes that tracing itself takes."
) { _, _ in PyLong_FromLong(Tracing.memory) }

private let getTracedMemory: Method = .noargs(
  "get_traced_memory($module, /)", "The bytes in traced blocks, (now, at most)."
) { _, _ in
  new {
    if !Tracing.isTracing { return try tuple(try int(0), try int(0)) }
    return try tuple(try int(Tracing.size), try int(Tracing.peak))
  }
}

private let resetPeak: Method = .noargs(
  "reset_peak($module, /)", "Begin the highest number of bytes anew at the present one."
) { _, _ in
  if Tracing.isTracing { Tracing.resetPeak() }
  return noneObject()
}
