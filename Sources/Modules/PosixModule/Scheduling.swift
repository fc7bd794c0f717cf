import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The scheduler and the processors.
enum Scheduling {
  static let methods: [Method] = [
    cpuCount, priorityMax, priorityMin, getScheduler, setScheduler, getParameters, setParameters,
    interval, yieldProcessor, setAffinity, getAffinity,
  ]

  nonisolated(unsafe) static let parameterType = PermanentMemory.type()
  nonisolated(unsafe) private static var structureNew: newfunc?

  static func install() throws(Raised) {
    try StructSequence.install(
      parameterType, "posix.sched_param",
      doc: "sched_param(sched_priority)\n--\n\nThe scheduling parameters of a process.",
      fields: [.init("sched_priority", "the scheduling priority")])
    guard structureNew == nil else { return }
    // Copies and pickles are made by the constructor, which takes the number alone.
    let definition = PermanentMemory.allocate(PyMethodDef.self, count: 1)
    reduce.write(to: definition)
    if let dict = parameterType.pointee.tp_dict {
      let method = try own(PyDescr_NewMethod(parameterType, definition))
      try check(PyDict_SetItemString(dict, "__reduce__", method.ref))
      PyType_Modified(parameterType)
    }
    structureNew = parameterType.pointee.tp_new
    parameterType.pointee.tp_new = { type, args, keywords in
      new {
        let a = try Arguments(Scheduling.constructor, tuple: args, keywords: keywords)
        let result = try own(PyStructSequence_New(type))
        PyStructSequence_SetItem(result.ref, 0, a.object(0).retained().give())
        return result
      }
    }
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "") { object, _ in
    new {
      try tuple(
        object.type.object.retained(), tuple(apus_tuple_item(object, 0).retained()))
    }
  }

  private static let constructor: Method = .variableKeywords(
    "sched_param(sched_priority)", "", { _, _, _ in nil })

  /// The scheduling parameters an object holds.
  static func parameters(_ object: Ref) throws(Raised) -> sched_param {
    guard object.type == parameterType else {
      throw raise(.typeError, "must have a sched_param object")
    }
    let value = PyLong_AsLong(apus_tuple_item(object, 0))
    if value == -1 && hasRaised() { throw Raised() }
    guard let priority = Int32(exactly: value) else {
      throw raise(.overflowError, "sched_priority out of range")
    }
    return sched_param(sched_priority: priority)
  }

  static let cpuCount: Method = .noargs(
    "cpu_count($module, /)", "Return the number of logical CPUs in the system; None if indeterminable."
  ) { _, _ in
    let configured = Int(ProcessorCount.configured)
    let count = configured > 0 ? configured : sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return count < 1 ? noneObject() : PyLong_FromLong(count)
  }

  static let priorityMax: Method = .keywords(
    "sched_get_priority_max($module, /, policy)", "Get the maximum scheduling priority for policy."
  ) { _, args, count, names in
    new {
      let policy = try Arguments(priorityMax, args, count, names).int32(0)
      return try int(Int(systemCall { sched_get_priority_max(policy) }))
    }
  }
  static let priorityMin: Method = .keywords(
    "sched_get_priority_min($module, /, policy)", "Get the minimum scheduling priority for policy."
  ) { _, args, count, names in
    new {
      let policy = try Arguments(priorityMin, args, count, names).int32(0)
      return try int(Int(systemCall { sched_get_priority_min(policy) }))
    }
  }
  static let getScheduler: Method = .o(
    "sched_getscheduler($module, pid, /)", "Get the scheduling policy for the process identified by pid."
  ) { _, object in
    new {
      let pid = try intArgument(object)
      return try int(Int(systemCall { sched_getscheduler(pid) }))
    }
  }
  static let setScheduler: Method = .fast(
    "sched_setscheduler($module, pid, policy, param, /)",
    "Set the scheduling policy for the process identified by pid."
  ) { _, args, count in
    none {
      let a = try Arguments(setScheduler, args, count)
      let (pid, policy) = (try a.int32(0), try a.int32(1))
      var value = try parameters(a.object(2))
      try systemCall { sched_setscheduler(pid, policy, &value) }
    }
  }
  static let getParameters: Method = .o(
    "sched_getparam($module, pid, /)", "Returns scheduling parameters for the process identified by pid."
  ) { _, object in
    new {
      let pid = try intArgument(object)
      var value = sched_param()
      try systemCall { sched_getparam(pid, &value) }
      var result = try StructSequenceBuilder(parameterType)
      try result.append(Int(value.sched_priority))
      return result.finish()
    }
  }
  static let setParameters: Method = .fast(
    "sched_setparam($module, pid, param, /)", "Set scheduling parameters for the process identified by pid."
  ) { _, args, count in
    none {
      let a = try Arguments(setParameters, args, count)
      let pid = try a.int32(0)
      var value = try parameters(a.object(1))
      try systemCall { sched_setparam(pid, &value) }
    }
  }
  static let interval: Method = .o(
    "sched_rr_get_interval($module, pid, /)",
    "Return the round-robin quantum for the process identified by pid, in seconds."
  ) { _, object in
    new {
      let pid = try intArgument(object)
      var value = timespec()
      try systemCall { sched_rr_get_interval(pid, &value) }
      return try own(PyFloat_FromDouble(Double(value.tv_sec) + 1e-9 * Double(value.tv_nsec)))
    }
  }
  static let yieldProcessor: Method = .noargs(
    "sched_yield($module, /)", "Voluntarily relinquish the CPU."
  ) { _, _ in none { try systemCall { sched_yield() } } }

  private static let maskBytes = 8192

  static let setAffinity: Method = .fast(
    "sched_setaffinity($module, pid, mask, /)",
    "Set the CPU affinity of the process identified by pid to the CPU numbers of an iterable."
  ) { _, args, count in
    none {
      let a = try Arguments(setAffinity, args, count)
      let pid = try a.int32(0)
      let iterator = try own(PyObject_GetIter(a.object(1)))
      let mask = UnsafeMutablePointer<UInt8>.allocate(capacity: maskBytes)
      mask.initialize(repeating: 0, count: maskBytes)
      defer { mask.deallocate() }
      var used = 8
      while let next = PyIter_Next(iterator.ref) {
        let item = Owned(adopting: next)
        guard item.ref.isInt else {
          let shown = try own(PyObject_Repr(item.ref.type.object))
          throw raise(
            .typeError,
            "expected an iterator of ints, but iterator yielded \(text(of: shown.ref))")
        }
        let cpu = PyLong_AsLong(item.ref)
        if cpu < 0 {
          if !hasRaised() { throw raise(.valueError, "negative CPU number") }
          throw Raised()
        }
        if cpu > Int(Int32.max) - 1 { throw raise(.overflowError, "CPU number too large") }
        guard cpu < maskBytes * 8 else { throw raiseSystemError(number: EINVAL) }
        mask[cpu / 8] |= 1 << UInt8(cpu % 8)
        used = Swift.max(used, (cpu / 64 + 1) * 8)
      }
      if hasRaised() { throw Raised() }
      try systemCall { apus_sched_setaffinity(pid, used, mask) }
    }
  }

  static let getAffinity: Method = .o(
    "sched_getaffinity($module, pid, /)",
    "Return the affinity of the process identified by pid (or the current process if zero) as a set."
  ) { _, object in
    new {
      let pid = try intArgument(object)
      let mask = UnsafeMutablePointer<UInt8>.allocate(capacity: maskBytes)
      mask.initialize(repeating: 0, count: maskBytes)
      defer { mask.deallocate() }
      let size = apus_sched_getaffinity(pid, maskBytes, mask)
      if size < 0 { throw raiseSystemError() }
      let result = try own(PySet_New(nil))
      for cpu in 0..<Int(size) * 8 where mask[cpu / 8] & (1 << UInt8(cpu % 8)) != 0 {
        let number = try int(cpu)
        try check(PySet_Add(result.ref, number.ref))
      }
      return result
    }
  }
}
