import CPythonABI
import Objects

/// The module `gc`: the collector seen from Python. CPython: Modules/gcmodule.c.
public let gcModule = ModuleSpec(
  "gc", doc: "Access to the garbage collector, which frees objects that refer to each other.",
  methods: [
    enable, disable, isEnabled, setDebug, getDebug, getCount, setThreshold, getThreshold, collect,
    getObjects, getStats, isTracked, isFinalized, getReferrers, getReferents, freeze, unfreeze,
    getFreezeCount,
  ],
  constants: [
    .int("DEBUG_STATS", 1), .int("DEBUG_COLLECTABLE", 2), .int("DEBUG_UNCOLLECTABLE", 4),
    .int("DEBUG_SAVEALL", 32), .int("DEBUG_LEAK", 38),
  ],
  exec: { module in
    status {
      let interpreter = apus_tstate().pointee.interp
      if interpreter.pointee.gc.garbage == nil {
        interpreter.pointee.gc.garbage = try own(PyList_New(0)).give()
      }
      if interpreter.pointee.gc.callbacks == nil {
        interpreter.pointee.gc.callbacks = try own(PyList_New(0)).give()
      }
      try check(PyModule_AddObjectRef(module, "garbage", interpreter.pointee.gc.garbage))
      try check(PyModule_AddObjectRef(module, "callbacks", interpreter.pointee.gc.callbacks))
    }
  })

private func interpreter() -> UnsafeMutablePointer<PyInterpreterState> {
  apus_tstate().pointee.interp
}

private let enable: Method = .noargs("enable($module, /)", "Enable automatic garbage collection.") { _, _ in
  _ = PyGC_Enable()
  return noneObject()
}

private let disable: Method = .noargs("disable($module, /)", "Disable automatic garbage collection.") { _, _ in
  _ = PyGC_Disable()
  return noneObject()
}

private let isEnabled: Method = .noargs(
  "isenabled($module, /)", "Returns true if automatic garbage collection is enabled."
) { _, _ in boolObject(PyGC_IsEnabled() != 0) }

private let setDebug: Method = .o(
  "set_debug($module, flags, /)",
  """
  Set the garbage collection debugging flags.

    flags
      DEBUG_STATS prints numbers during a collection, DEBUG_COLLECTABLE and
      DEBUG_UNCOLLECTABLE print the objects found, DEBUG_SAVEALL keeps them in
      gc.garbage, DEBUG_LEAK is all but the first.
  """
) { _, flags in
  none {
    let value = PyLong_AsInt(flags)
    if value == -1 && hasRaised() { throw Raised() }
    interpreter().pointee.gc.debug = value
  }
}

private let getDebug: Method = .noargs("get_debug($module, /)", "Get the garbage collection debugging flags.") { _, _ in
  PyLong_FromLong(Int(interpreter().pointee.gc.debug))
}

private let getCount: Method = .noargs(
  "get_count($module, /)", "Return a three-tuple of the current collection counts."
) { _, _ in
  new {
    let state = interpreter()
    return try tuple(
      int(Int(apus_gc_generation(state, 0).pointee.count)),
      int(Int(apus_gc_generation(state, 1).pointee.count)),
      int(Int(apus_gc_generation(state, 2).pointee.count)))
  }
}

private let getThreshold: Method = .noargs(
  "get_threshold($module, /)", "Return the current collection thresholds."
) { _, _ in
  new {
    let state = interpreter()
    return try tuple(
      int(Int(apus_gc_generation(state, 0).pointee.threshold)),
      int(Int(apus_gc_generation(state, 1).pointee.threshold)),
      int(Int(apus_gc_generation(state, 2).pointee.threshold)))
  }
}

private let setThreshold: Method = .variable(
  "set_threshold",
  """
  set_threshold(threshold0, [threshold1, [threshold2]])
  Set the collection thresholds (the collection frequency).

  Zero as threshold0 switches automatic collection off.
  """
) { _, args in
  none {
    let count = apus_var_size(args)
    guard count >= 1 && count <= 3 else {
      throw raise(.typeError, "gc.set_threshold requires 1 to 3 arguments")
    }
    for index in 0..<count {
      let value = PyLong_AsInt(apus_tuple_item(args, index))
      if value == -1 && hasRaised() { throw Raised() }
      apus_gc_generation(interpreter(), Int32(index)).pointee.threshold = value
    }
  }
}

private let collect: Method = .keywords(
  "collect($module, /, generation=2)",
  """
  Run the garbage collector.

  Without an argument everything is collected; a generation from 0 to 2 limits
  it to the younger objects. Returns the number of unreachable objects found.
  """
) { _, args, count, names in
  new {
    let a = try Arguments(collect, args, count, names)
    let generation = try a.int32(0, default: 2)
    guard generation >= 0 && generation < 3 else {
      throw raise(.valueError, "invalid generation")
    }
    return try int(Collector.collect(generation: Int(generation)))
  }
}

private let getObjects: Method = .keywords(
  "get_objects($module, /, generation=None)",
  """
  Return a list of objects tracked by the collector (excluding the list returned).

    generation
      only the objects of this generation
  """
) { _, args, count, names in
  new {
    let a = try Arguments(getObjects, args, count, names)
    try Audit.send("gc.get_objects", [.int(-1)])
    guard let chosen = a.optional(0) else { return try Collector.objects(generation: nil) }
    guard PyIndex_Check(chosen) != 0 else {
      throw raise(
        .typeError, "argument should be integer or None, not '\(chosen.type.fullName)'")
    }
    let generation = try check(PyNumber_AsSsize_t(chosen, .overflowError))
    if generation == -1 { return try Collector.objects(generation: nil) }
    if generation >= 3 {
      throw raise(
        .valueError,
        "generation parameter must be less than the number of available generations (3)")
    }
    if generation < 0 {
      throw raise(.valueError, "generation parameter cannot be negative")
    }
    return try Collector.objects(generation: generation)
  }
}

private let getStats: Method = .noargs(
  "get_stats($module, /)", "Return a list of dictionaries containing per-generation statistics."
) { _, _ in
  new {
    let result = try own(PyList_New(0))
    for number in 0..<3 {
      let stats = apus_gc_stats(interpreter(), Int32(number)).pointee
      let entry = try own(PyDict_New())
      for (name, value) in [
        ("collections", stats.collections), ("collected", stats.collected),
        ("uncollectable", stats.uncollectable),
      ] {
        let number = try int(value)
        try check(PyDict_SetItemString(entry.ref, name, number.ref))
      }
      try check(PyList_Append(result.ref, entry.ref))
    }
    return result
  }
}

private let isTracked: Method = .o(
  "is_tracked($module, obj, /)",
  "Whether the collector tracks the object. Atoms such as numbers and strings are not tracked."
) { _, object in boolObject(PyObject_GC_IsTracked(object) != 0) }

private let isFinalized: Method = .o(
  "is_finalized($module, obj, /)", "Returns true if the object has been already finalized by the GC."
) { _, object in boolObject(PyObject_GC_IsFinalized(object) != 0) }

private let getReferrers: Method = .variable(
  "get_referrers($module, /, *objs)", "Return the list of objects that directly refer to any of 'objs'."
) { _, objects in
  new {
    try Audit.send("gc.get_referrers", [.object(objects)])
    return try Collector.referrers(objects)
  }
}

private let getReferents: Method = .variable(
  "get_referents($module, /, *objs)", "Return the list of objects that are directly referred to by 'objs'."
) { _, objects in
  new {
    try Audit.send("gc.get_referents", [.object(objects)])
    return try Collector.referents(objects)
  }
}

private let freeze: Method = .noargs(
  "freeze($module, /)",
  "Put all tracked objects aside, where no collection looks any more. Useful before fork()."
) { _, _ in
  Collector.freeze()
  return noneObject()
}

private let unfreeze: Method = .noargs(
  "unfreeze($module, /)", "Put the objects of the permanent generation into the oldest one."
) { _, _ in
  Collector.unfreeze()
  return noneObject()
}

private let getFreezeCount: Method = .noargs(
  "get_freeze_count($module, /)", "Return the number of objects in the permanent generation."
) { _, _ in PyLong_FromSsize_t(Collector.frozenCount) }
