import CPythonABI
import Objects

/// `sys.monitoring`: tools register functions for events (PEP 669).
enum MonitoringNamespace {
  private static func state() throws(Raised) -> Monitoring.StateRef {
    guard let state = Monitoring.makeState() else { throw Raised() }
    return state
  }

  private static func tool(_ value: Int32) throws(Raised) -> Int {
    if value < 0 || value >= MonitoringState.toolCount {
      throw raise(.valueError, "invalid tool \(value) (must be between 0 and 5)")
    }
    return Int(value)
  }

  private static func requireInUse(_ tool: Int) throws(Raised) {
    if try state().pointee.names[tool] == nil {
      throw raise(.valueError, "tool \(tool) is not in use")
    }
  }

  private static func code(_ object: Ref) throws(Raised) -> CodeRef {
    guard object.type == codeType() else {
      throw raise(.typeError, "code must be a code object")
    }
    return object.view(PyCodeObject.self)
  }

  private static let results = MonitoringEvent.cReturn.bit | MonitoringEvent.cRaise.bit

  /// Refuses C_RETURN and C_RAISE without CALL; they are part of it otherwise.
  private static func grouped(_ events: Int32) throws(Raised) -> Int32 {
    let wanted = UInt32(bitPattern: events)
    let all = results | MonitoringEvent.call.bit
    if wanted & results != 0 && wanted & all != all {
      throw raise(.valueError, "cannot set C_RETURN or C_RAISE events independently")
    }
    return Int32(bitPattern: wanted & ~results)
  }

  /// Lets every thread of the interpreter know whether there is anything to listen to.
  private static func updateThreads() {
    var thread = apus_tstate().pointee.interp.pointee.threads
    while let each = thread {
      if each.pointee.tracing == 0 || each == apus_tstate() { Tracing.update(each) }
      thread = each.pointee.next
    }
  }

  // MARK: Functions

  static let useToolId: Method = .fast(
    "use_tool_id($module, tool_id, name, /)", "Claim a tool number under a name."
  ) { _, args, count in
    none {
      let a = try Arguments(useToolId, args, count)
      let tool = try tool(a.int32(0))
      let name = a.object(1)
      guard name.isStr else { throw raise(.valueError, "tool name must be a str") }
      let names = try state().pointee.names
      if names[tool] != nil { throw raise(.valueError, "tool \(tool) is already in use") }
      Py_INCREF(name)
      names[tool] = name
    }
  }

  static let freeToolId: Method = .o(
    "free_tool_id($module, tool_id, /)", "Give a tool number back."
  ) { _, value in
    none {
      let tool = try tool(number(value))
      let names = try state().pointee.names
      let old = names[tool]
      names[tool] = nil
      Py_XDECREF(old)
    }
  }

  static let getTool: Method = .o(
    "get_tool($module, tool_id, /)", "The name of a tool, or None when the number is free."
  ) { _, value in
    new {
      let tool = try tool(number(value))
      return try (state().pointee.names[tool] ?? noneObject()).retained()
    }
  }

  static let registerCallback: Method = .fast(
    "register_callback($module, tool_id, event, func, /)",
    "Set the function called for an event and return the one before; None takes it away."
  ) { _, args, count in
    new {
      let a = try Arguments(registerCallback, args, count)
      let tool = try tool(a.int32(0))
      let event = try a.int32(1)
      let function = a.object(2)
      if event <= 0 || event.nonzeroBitCount != 1 {
        throw raise(.valueError, "The callback can only be set for one event at a time")
      }
      guard let known = MonitoringEvent(rawValue: Int32(event.trailingZeroBitCount)) else {
        throw raise(.valueError, "invalid event \(event)")
      }
      try Audit.send("sys.monitoring.register_callback", [.object(function)])
      let slot = try state().pointee.callback(tool, known)
      let old = slot[0]
      if function.isNone {
        slot[0] = nil
      } else {
        Py_INCREF(function)
        slot[0] = function
      }
      return old.map { Owned(adopting: $0) } ?? noneObject().retained()
    }
  }

  static let getEvents: Method = .o(
    "get_events($module, tool_id, /)", "The events a tool wants of all code."
  ) { _, value in
    new {
      let tool = try tool(number(value))
      return try own(PyLong_FromLong(Int(state().pointee.global[tool])))
    }
  }

  static let setEvents: Method = .fast(
    "set_events($module, tool_id, event_set, /)", "Set the events a tool wants of all code."
  ) { _, args, count in
    none {
      let a = try Arguments(setEvents, args, count)
      let tool = try tool(a.int32(0))
      let given = try a.int32(1)
      if given < 0 || given >= 1 << MonitoringEvent.count {
        throw raise(
          .valueError,
          "invalid event set 0x\(String(UInt32(bitPattern: given), radix: 16))")
      }
      let events = try grouped(given)
      try requireInUse(tool)
      let state = try state()
      state.pointee.global[tool] = UInt32(bitPattern: events)
      var all: UInt32 = 0
      for each in 0..<MonitoringState.toolCount { all |= state.pointee.global[each] }
      state.pointee.anyGlobal = all
      updateThreads()
    }
  }

  static let getLocalEvents: Method = .fast(
    "get_local_events($module, tool_id, code, /)", "The events a tool wants of one code object."
  ) { _, args, count in
    new {
      let a = try Arguments(getLocalEvents, args, count)
      let number = try a.int32(0)
      let code = try code(a.object(1))
      let tool = try tool(number)
      let events = CodeEvents.existing(code)?.header.pointee.local[tool] ?? 0
      return try own(PyLong_FromLong(Int(events)))
    }
  }

  static let setLocalEvents: Method = .fast(
    "set_local_events($module, tool_id, code, event_set, /)",
    "Set the events a tool wants of one code object."
  ) { _, args, count in
    none {
      let a = try Arguments(setLocalEvents, args, count)
      let number = try a.int32(0)
      let given = try a.int32(2)
      let code = try code(a.object(1))
      let tool = try tool(number)
      let events = try grouped(given)
      if events < 0 || events >= 1 << MonitoringEvent.localCount {
        throw raise(
          .valueError,
          "invalid local event set 0x\(String(UInt32(bitPattern: events), radix: 16))")
      }
      try requireInUse(tool)
      let state = try state()
      guard let block = CodeEvents.of(code) else { throw Raised() }
      block.refresh(state.pointee.version)
      let old = block.header.pointee.local[tool]
      let wanted = UInt32(bitPattern: events)
      block.header.pointee.local[tool] = wanted
      var all: UInt32 = 0
      for each in 0..<MonitoringState.toolCount { all |= block.header.pointee.local[each] }
      block.header.pointee.anyLocal = all
      block.enable(wanted & ~old, tool: tool)
      state.pointee.localSets += (wanted != 0 ? 1 : 0) - (old != 0 ? 1 : 0)
      updateThreads()
    }
  }

  static let restartEvents: Method = .noargs(
    "restart_events($module, /)", "Send again all events that functions had disabled."
  ) { _, _ in
    none { try state().pointee.version &+= 1 }
  }

  static let allEvents: Method = .noargs(
    "_all_events($module, /)", "A dict of the events in use and the bits of their tools."
  ) { _, _ in
    new {
      let state = try state()
      let dict = try own(PyDict_New())
      for event in 0..<MonitoringEvent.ungroupedCount {
        var tools = 0
        for tool in 0..<MonitoringState.toolCount
        where state.pointee.global[tool] & (1 << UInt32(event)) != 0 {
          tools |= 1 << tool
        }
        if tools == 0 { continue }
        let value = try own(PyLong_FromLong(tools))
        try check(
          MonitoringEvent.names[event].withCString {
            PyDict_SetItemString(dict.ref, $0, value.ref)
          })
      }
      return dict
    }
  }

  private static func number(_ value: Ref) throws(Raised) -> Int32 {
    let number = PyLong_AsInt(value)
    if number == -1 && hasRaised() { throw Raised() }
    return number
  }

  // MARK: The module

  static let spec = ModuleSpec(
    "sys.monitoring", doc: "Functions that are told what running code does.",
    methods: [
      useToolId, freeToolId, getTool, registerCallback, getEvents, setEvents, getLocalEvents,
      setLocalEvents, restartEvents, allEvents,
    ],
    constants: [
      .int("DEBUGGER_ID", 0), .int("COVERAGE_ID", 1), .int("PROFILER_ID", 2),
      .int("OPTIMIZER_ID", 5),
    ])

  /// Puts the namespace into `sys`.
  static func install(in sys: Ref) throws(Raised) {
    let state = try state()
    let module = try BuiltinModules.make(unlisted: spec)
    let objectClass = objectType().object
    for name in ["DISABLE", "MISSING"] {
      let marker = try own(PyObject_CallNoArgs(objectClass))
      try check(name.withCString { PyModule_AddObjectRef(module.ref, $0, marker.ref) })
      Py_INCREF(marker.ref)
      if name == "DISABLE" {
        state.pointee.disable = marker.ref
      } else {
        state.pointee.missing = marker.ref
      }
    }
    let values = try own(PyDict_New())
    for (event, name) in MonitoringEvent.names.enumerated() {
      let value = try own(PyLong_FromLong(1 << event))
      try check(name.withCString { PyDict_SetItemString(values.ref, $0, value.ref) })
    }
    let nothing = try own(PyLong_FromLong(0))
    try check(PyDict_SetItemString(values.ref, "NO_EVENTS", nothing.ref))
    let empty = try own(PyTuple_New(0))
    let events = try own(PyObject_Call(namespaceType().object, empty.ref, values.ref))
    try check(PyModule_AddObjectRef(module.ref, "events", events.ref))
    try check(PyModule_AddObjectRef(sys, "monitoring", module.ref))
  }
}
