import CPythonABI
import Glibc
import Objects

/// `_lsprof.Profiler`: times calls through sys.monitoring.
enum Profiler {
  struct Layout {
    var base: PyObject
    /// A `ProfileData`, retained.
    var data: UnsafeMutableRawPointer?
    /// A callable, or nil for the clock of the machine.
    var timer: Ref?
    /// Seconds of a tick of the timer; 0 when it counts seconds.
    var unit: Double
    var subcalls: UInt8
    var builtins: UInt8
    var isEnabled: UInt8
    /// How many calls of the timer are under way.
    var inTimer: UInt8
    /// sys.monitoring.MISSING.
    var missing: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// sys.monitoring.PROFILER_ID
  private static let tool = 2

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static func data(_ object: Ref) -> ProfileData? {
    view(object).pointee.data.map { Unmanaged<ProfileData>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Time

  /// Ticks: nanoseconds, or what the timer counts.
  private static func now(_ object: Ref) -> Int {
    guard let timer = view(object).pointee.timer else {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }
    let held = timer.retained()
    view(object).pointee.inTimer += 1
    let answer = PyObject_CallNoArgs(held.ref)
    view(object).pointee.inTimer -= 1
    do {
      let result = try own(answer)
      if view(object).pointee.unit > 0 {
        let number = PyLong_AsLongLong(result.ref)
        if number == -1 && hasRaised() { throw Raised() }
        return Int(number)
      }
      if result.ref.isInstance(of: floatType()) {
        let scaled = (PyFloat_AsDouble(result.ref) * 1e9).rounded(.down)
        guard abs(scaled) < 9e18 else {
          throw raise(.overflowError, "timestamp out of range for platform time_t")
        }
        return Int(scaled)
      }
      let number = PyLong_AsLongLong(result.ref)
      if number == -1 && hasRaised() { throw Raised() }
      let (product, overflow) = Int(number).multipliedReportingOverflow(by: 1_000_000_000)
      if overflow {
        throw raise(.overflowError, "timestamp too large to convert to C PyTime_t")
      }
      return product
    } catch {
      PyErr_WriteUnraisable(held.ref)
      return 0
    }
  }

  // MARK: Events

  private static func enter(_ object: Ref, _ key: UnsafeRawPointer, _ name: () -> Ref?) {
    guard let data = data(object) else { return }
    let saved = PyErr_GetRaisedException()
    defer { PyErr_SetRaisedException(saved) }
    let index: Int
    if let known = data.index(of: key) {
      index = known
    } else {
      guard let made = name() else { return PyErr_Clear() }
      index = data.add(key, made)
    }
    data.enter(index, subcalls: view(object).pointee.subcalls != 0) { now(object) }
  }

  private static func leave(_ object: Ref, _ key: UnsafeRawPointer) {
    let saved = PyErr_GetRaisedException()
    data(object)?.leave(key, subcalls: view(object).pointee.subcalls != 0) { now(object) }
    PyErr_SetRaisedException(saved)
  }

  /// The builtin function that a call is of, bound to its first argument; nil for anything else.
  private static func builtin(_ callable: Ref, _ argument: Ref, missing: Ref?) -> Ref? {
    if callable.type == builtinFunctionType() { return callable.retained().give() }
    guard argument != missing, callable.type == methodDescrType(),
      let bind = callable.type.pointee.tp_descr_get
    else { return nil }
    guard let bound = bind(callable, argument, argument.type.object) else {
      PyErr_Clear()
      return nil
    }
    if bound.type == builtinFunctionType() { return bound }
    Py_DECREF(bound)
    return nil
  }

  private static func key(_ function: Ref) -> UnsafeRawPointer {
    UnsafeRawPointer(function.view(PyCFunctionObject.self).pointee.m_ml)
  }

  /// How a builtin is shown.
  private static func name(_ function: Ref) -> Ref? {
    let fields = function.view(PyCFunctionObject.self).pointee
    let plain = fields.m_ml.pointee.ml_name.map { String(cString: $0) } ?? "?"
    var module = ""
    if let owner = fields.m_module {
      if owner.isStr {
        module = text(of: owner)
      } else if owner.isInstance(of: moduleType()), let found = PyModule_GetNameObject(owner) {
        module = text(of: found)
        Py_DECREF(found)
      }
      PyErr_Clear()
    }
    guard let receiver = fields.m_self else {
      return newString(module.isEmpty || module == "builtins" ? "<\(plain)>" : "<\(module).\(plain)>")
    }
    if let attribute = newString(plain) {
      defer { Py_DECREF(attribute) }
      if let method = _PyType_Lookup(receiver.type, attribute) {
        let held = method.retained()
        if let shown = PyObject_Repr(held.ref) { return shown }
      }
    }
    PyErr_Clear()
    return newString(
      module.isEmpty ? "<built-in method \(plain)>" : "<built-in method \(module).\(plain)>")
  }

  private static let started: Method = .fast("_pystart_callback", "") { object, args, count in
    none {
      try checkPositional("_pystart_callback", count, least: 2, most: Int.max)
      guard let code = args?[0] else { return }
      enter(object, UnsafeRawPointer(code)) { code.retained().give() }
    }
  }

  private static let returned: Method = .fast("_pyreturn_callback", "") { object, args, count in
    none {
      try checkPositional("_pyreturn_callback", count, least: 2, most: Int.max)
      guard let code = args?[0] else { return }
      leave(object, UnsafeRawPointer(code))
    }
  }

  private static let called: Method = .fast("_ccall_callback", "") { object, args, count in
    do { try checkPositional("_ccall_callback", count, least: 4, most: Int.max) } catch { return nil }
    guard let args, view(object).pointee.builtins != 0,
      let function = builtin(args[2], args[3], missing: view(object).pointee.missing)
    else { return noneObject() }
    enter(object, key(function)) { name(function) }
    Py_DECREF(function)
    return noneObject()
  }

  private static let callReturned: Method = .fast("_creturn_callback", "") { object, args, count in
    do { try checkPositional("_creturn_callback", count, least: 4, most: Int.max) } catch { return nil }
    guard let args, view(object).pointee.builtins != 0,
      let function = builtin(args[2], args[3], missing: view(object).pointee.missing)
    else { return noneObject() }
    leave(object, key(function))
    Py_DECREF(function)
    return noneObject()
  }

  /// The events and the methods that take them.
  private static let callbacks: [(event: String, method: String)] = [
    ("PY_START", "_pystart_callback"), ("PY_RESUME", "_pystart_callback"),
    ("PY_THROW", "_pystart_callback"), ("PY_RETURN", "_pyreturn_callback"),
    ("PY_YIELD", "_pyreturn_callback"), ("PY_UNWIND", "_pyreturn_callback"),
    ("CALL", "_ccall_callback"), ("C_RETURN", "_creturn_callback"),
    ("C_RAISE", "_creturn_callback"),
  ]

  // MARK: On and off

  private static func monitoring() throws(Raised) -> Owned {
    guard let module = PySys_GetObject("monitoring") else {
      throw raise(.runtimeError, "lost sys.monitoring")
    }
    return module.retained()
  }

  /// Registers the callbacks, or takes them away; gives the events as one number.
  private static func register(
    _ object: Ref?, _ module: Ref, _ number: Ref
  ) throws(Raised) -> Int {
    let events = try own(PyObject_GetAttrString(module, "events"))
    let function = try own(PyObject_GetAttrString(module, "register_callback"))
    var all = 0
    for (event, method) in callbacks {
      let flag = try own(PyObject_GetAttrString(events.ref, event))
      let bits = try check(PyLong_AsLong(flag.ref))
      // C_RETURN and C_RAISE come with CALL.
      if event != "C_RETURN" && event != "C_RAISE" { all |= bits }
      let callback: Owned
      if let object {
        callback = try own(PyObject_GetAttrString(object, method))
      } else {
        callback = noneObject().retained()
      }
      _ = try own(call(function.ref, number, flag.ref, callback.ref))
    }
    return all
  }

  private static func callMonitoring(
    _ module: Ref, _ name: String, _ first: Ref, _ second: Ref?
  ) throws(Raised) {
    let function = try own(PyObject_GetAttrString(module, name))
    if let second {
      _ = try own(call(function.ref, first, second))
    } else {
      _ = try own(PyObject_CallOneArg(function.ref, first))
    }
  }

  private static let enableParameters: Method = .variableKeywords(
    "enable(subcalls=True, builtins=True)", "") { _, _, _ in nil }

  private static let enableMethod: Method = .keywords(
    "enable",
    "enable(subcalls=True, builtins=True)\n\nStart measuring. With 'subcalls' true the figures are also kept for each caller apart,\nwith 'builtins' true those of builtin functions apart from their callers.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(enableParameters, args, count, names)
      let it = view(object)
      if a[0] != nil { it.pointee.subcalls = try a.bool(0) ? 1 : 0 }
      if a[1] != nil { it.pointee.builtins = try a.bool(1) ? 1 : 0 }
      let module = try monitoring()
      let number = try int(tool)
      let name = try own(PyUnicode_FromString("cProfile"))
      do { try callMonitoring(module.ref, "use_tool_id", number.ref, name.ref) } catch {
        PyErr_Clear()
        throw raise(.valueError, "Another profiling tool is already active")
      }
      let missing = try own(PyObject_GetAttrString(module.ref, "MISSING"))
      replaceReference(&it.pointee.missing, missing.give())
      let events = try register(object, module.ref, number.ref)
      let all = try int(events)
      it.pointee.isEnabled = 1
      try callMonitoring(module.ref, "set_events", number.ref, all.ref)
    }
  }

  private static func disable(_ object: Ref) throws(Raised) {
    let it = view(object)
    if it.pointee.inTimer != 0 {
      throw raise(.runtimeError, "cannot disable profiler in external timer")
    }
    if it.pointee.isEnabled != 0 {
      let module = try monitoring()
      let number = try int(tool)
      let nothing = try int(0)
      try callMonitoring(module.ref, "set_events", number.ref, nothing.ref)
      _ = try register(nil, module.ref, number.ref)
      try callMonitoring(module.ref, "free_tool_id", number.ref, nil)
      it.pointee.isEnabled = 0
      data(object)?.flush(subcalls: it.pointee.subcalls != 0) { now(object) }
    }
  }

  private static let disableMethod: Method = .noargs("disable($self, /)", "disable()\n\nStop measuring.\n") {
    object, _ in none { try disable(object) }
  }

  private static let clearMethod: Method = .noargs("clear($self, /)", "clear()\n\nForget all figures.\n") {
    object, _ in
    none {
      if view(object).pointee.inTimer != 0 {
        throw raise(.runtimeError, "cannot clear profiler in external timer")
      }
      data(object)?.clear()
    }
  }

  // MARK: Figures

  private static let getStats: Method = .noargs(
    "getstats($self, /)",
    """
    list of profiler_entry objects.

    getstats() -> list of profiler_entry objects

    An entry has the code object (or the name of a builtin), how often it was called and how often
    recursively, the seconds in it with and without the functions it called, and None or a list of
    profiler_subentry objects: the same figures for each function it called.
    """
  ) { object, _ in
    new {
      let it = view(object)
      let entries = data(object)?.entries ?? []
      let factor = it.pointee.timer == nil || it.pointee.unit == 0 ? 1e-9 : it.pointee.unit
      let list = try own(PyList_New(0))
      for entry in entries where entry.calls > 0 {
        let calls: Owned
        if entry.callees.isEmpty {
          calls = noneObject().retained()
        } else {
          calls = try own(PyList_New(0))
          for callee in entry.callees where callee.calls > 0 && callee.function < entries.count {
            let record = try own(PyStructSequence_New(ProfileTypes.subentry))
            try fill(
              record.ref, entries[callee.function].object, callee.calls, callee.recursiveCalls,
              Double(callee.total) * factor, Double(callee.inline) * factor)
            try check(PyList_Append(calls.ref, record.ref))
          }
        }
        let record = try own(PyStructSequence_New(ProfileTypes.entry))
        try fill(
          record.ref, entry.object, entry.calls, entry.recursiveCalls,
          Double(entry.total) * factor, Double(entry.inline) * factor)
        PyStructSequence_SetItem(record.ref, 5, calls.give())
        try check(PyList_Append(list.ref, record.ref))
      }
      return list
    }
  }

  private static func fill(
    _ record: Ref, _ object: Ref, _ calls: Int, _ recursive: Int, _ total: Double, _ inline: Double
  ) throws(Raised) {
    PyStructSequence_SetItem(record, 0, object.retained().give())
    PyStructSequence_SetItem(record, 1, try int(calls).give())
    PyStructSequence_SetItem(record, 2, try int(recursive).give())
    PyStructSequence_SetItem(record, 3, try own(PyFloat_FromDouble(total)).give())
    PyStructSequence_SetItem(record, 4, try own(PyFloat_FromDouble(inline)).give())
  }

  // MARK: Type

  private static let construct: Method = .variableKeywords(
    "Profiler(timer=None, timeunit=0.0, subcalls=True, builtins=True)", "") { _, _, _ in nil }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    let unit = try a.double(1)
    let it = view(object)
    it.pointee.subcalls = try a.bool(2, default: true) ? 1 : 0
    it.pointee.builtins = try a.bool(3, default: true) ? 1 : 0
    replaceReference(&it.pointee.timer, a.optional(0).map { $0.retained().give() })
    it.pointee.unit = unit
  }

  static let spec = TypeSpec(
    type, "_lsprof.Profiler", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: "Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)\n\n    Measures calls with a timer, or with the clock of the machine when there is none. Of a timer\n    that returns ints, timeunit is the length of a unit in seconds.\n",
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in
        new {
          let object = try own(PyType_GenericAlloc(type, 0))
          view(object.ref).pointee.data = Unmanaged.passRetained(ProfileData()).toOpaque()
          return object
        }
      },
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let it = view(object)
        if it.pointee.isEnabled != 0 {
          let saved = PyErr_GetRaisedException()
          object.pointee.ob_refcnt += 1
          do { try disable(object) } catch { PyErr_WriteUnraisable(object) }
          object.pointee.ob_refcnt -= 1
          PyErr_SetRaisedException(saved)
        }
        if let data = it.pointee.data {
          it.pointee.data = nil
          let held = Unmanaged<ProfileData>.fromOpaque(data).takeRetainedValue()
          held.clear()
        }
        clearReference(&it.pointee.timer)
        clearReference(&it.pointee.missing)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        for entry in data(object)?.entries ?? [] {
          let answer = visit(entry.object, argument)
          if answer != 0 { return answer }
        }
        return visitReferences(
          visit, argument, view(object).pointee.timer, view(object).pointee.missing)
      },
      .tp_clear { object in
        data(object)?.clear()
        clearReference(&view(object).pointee.timer)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      getStats, enableMethod, disableMethod, clearMethod, started, returned, called, callReturned,
    ])
}
