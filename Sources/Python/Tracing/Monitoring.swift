import CPythonABI
import Objects

/// The events of `sys.monitoring` (PEP 669), in the order of CPython 3.13: each is a bit of an event
/// set. The first ten can be had of single code objects and be disabled per instruction.
enum MonitoringEvent: Int32 {
  case pyStart = 0, pyResume, pyReturn, pyYield, call, line, instruction, jump, branch,
    stopIteration
  case raise, exceptionHandled, pyUnwind, pyThrow, reraise
  /// These come with `call`.
  case cReturn, cRaise

  static let count = 17
  static let localCount = 10
  /// Those that can be set by themselves.
  static let ungroupedCount = 15
  static let names = [
    "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "INSTRUCTION", "JUMP",
    "BRANCH", "STOP_ITERATION", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE",
    "C_RETURN", "C_RAISE",
  ]

  @inline(__always) var bit: UInt32 { 1 << UInt32(rawValue) }
  var isLocal: Bool { rawValue < Self.localCount }
}

/// The tools of an interpreter: their names, events and functions.
struct MonitoringState {
  static let toolCount = 6

  var global = InlineArray<8, UInt32>(repeating: 0)
  var anyGlobal: UInt32 = 0
  /// How many sets of local events are not empty.
  var localSets = 0
  /// Counts `restart_events()` and changes of the global events.
  var version: UInt32 = 1
  /// Names by tool, functions by tool and event (strong).
  let names: UnsafeMutablePointer<Ref?>
  let callbacks: UnsafeMutablePointer<Ref?>
  var disable: Ref?
  var missing: Ref?

  init?() {
    guard
      let memory = PyMem_Calloc(
        Self.toolCount * (1 + MonitoringEvent.count), MemoryLayout<Ref?>.stride)
    else { return nil }
    names = memory.bindMemory(
      to: Ref?.self, capacity: Self.toolCount * (1 + MonitoringEvent.count))
    callbacks = names + Self.toolCount
  }

  @inline(__always)
  func callback(_ tool: Int, _ event: MonitoringEvent) -> UnsafeMutablePointer<Ref?> {
    callbacks + tool * MonitoringEvent.count + Int(event.rawValue)
  }
}

/// Sends events to the tools of `sys.monitoring`. CPython: Python/instrumentation.c.
enum Monitoring {
  typealias StateRef = UnsafeMutablePointer<MonitoringState>

  @inline(__always)
  static func state(_ thread: ThreadRef) -> StateRef? {
    thread.pointee.interp.pointee.monitoring?.assumingMemoryBound(to: MonitoringState.self)
  }

  /// The state, made when `sys` is. Nil with MemoryError.
  static func makeState() -> StateRef? {
    let thread = apus_tstate()
    if let made = state(thread) { return made }
    guard let made = MonitoringState(),
      let memory = PyMem_Malloc(MemoryLayout<MonitoringState>.size)
    else {
      _ = raiseNoMemory()
      return nil
    }
    let target = memory.bindMemory(to: MonitoringState.self, capacity: 1)
    target.initialize(to: made)
    thread.pointee.interp.pointee.monitoring = memory
    return target
  }

  /// Lets go of all tools when the interpreter ends.
  static func forgetAll(_ thread: ThreadRef) {
    guard let made = state(thread) else { return }
    for index in 0..<MonitoringState.toolCount * (1 + MonitoringEvent.count) {
      InterpreterEnd.drop(&made.pointee.names[index])
    }
    InterpreterEnd.drop(&made.pointee.disable)
    InterpreterEnd.drop(&made.pointee.missing)
    PyMem_Free(made.pointee.names)
    PyMem_Free(made)
    thread.pointee.interp.pointee.monitoring = nil
  }

  /// Whether any tool listens to anything.
  static func isActive(_ thread: ThreadRef) -> Bool {
    guard let state = state(thread) else { return false }
    return state.pointee.anyGlobal != 0 || state.pointee.localSets != 0
  }

  /// Whether some tool may want an event of a code object.
  @inline(__always)
  static func wants(_ thread: ThreadRef, _ code: CodeRef, _ event: MonitoringEvent) -> Bool {
    guard let state = state(thread) else { return false }
    if state.pointee.anyGlobal & event.bit != 0 { return true }
    return state.pointee.localSets != 0 && event.isLocal
      && (CodeEvents.existing(code)?.header.pointee.anyLocal ?? 0) & event.bit != 0
  }

  // MARK: Sending

  /// Events without a further value: (code, offset).
  static func send(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent
  ) -> Bool {
    guard wants(thread, code, event) else { return true }
    return send(thread, code, index, event, index * 2, nil, nil)
  }

  /// Events with a value: (code, offset, value).
  static func send(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent, _ value: Ref?
  ) -> Bool {
    guard wants(thread, code, event) else { return true }
    return send(thread, code, index, event, index * 2, value ?? noneObject(), nil)
  }

  /// JUMP and BRANCH: (code, offset, destination offset).
  static func send(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent, to target: Int
  ) -> Bool {
    guard wants(thread, code, event) else { return true }
    guard let destination = PyLong_FromSsize_t(target * 2) else { return false }
    defer { Py_DECREF(destination) }
    return send(thread, code, index, event, index * 2, destination, nil)
  }

  /// LINE: (code, line).
  static func sendLine(_ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ line: Int) -> Bool {
    send(thread, code, index, .line, line, nil, nil)
  }

  /// Calls: (code, offset, callable, first argument or MISSING).
  static func sendCall(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent,
    _ callable: Ref, _ argument: Ref?
  ) -> Bool {
    let first = argument ?? state(thread)?.pointee.missing ?? noneObject()
    return send(thread, code, index, event, index * 2, callable, first)
  }

  private static func send(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent, _ place: Int,
    _ value: Ref?, _ second: Ref?
  ) -> Bool {
    guard thread.pointee.tracing == 0, let state = state(thread) else { return true }
    let isCResult = event == .cReturn || event == .cRaise
    let wanted = isCResult ? MonitoringEvent.call.bit : event.bit
    var events: CodeEvents?
    if event.isLocal || isCResult {
      guard let made = CodeEvents.of(code) else { return false }
      made.refresh(state.pointee.version)
      events = made
    }
    guard let number = PyLong_FromSsize_t(place) else { return false }
    defer { Py_DECREF(number) }
    let codeObject = UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)
    Py_INCREF(codeObject)
    defer { Py_DECREF(codeObject) }
    var tool = MonitoringState.toolCount - 1
    while tool >= 0 {
      defer { tool -= 1 }
      let local = events?.header.pointee.local[tool] ?? 0
      guard (state.pointee.global[tool] | local) & wanted != 0,
        let callback = state.pointee.callback(tool, event)[0]
      else { continue }
      if let events, events.disabledTools(at: index, event) & (1 << UInt8(tool)) != 0 { continue }
      Py_INCREF(callback)
      let oldEvent = thread.pointee.what_event
      thread.pointee.what_event = event.rawValue
      thread.pointee.tracing &+= 1
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 4) { arguments in
        arguments[0] = codeObject
        arguments[1] = number
        var count = 2
        if let value {
          arguments[2] = value
          count = 3
        }
        if let second {
          arguments[3] = second
          count = 4
        }
        return PyObject_Vectorcall(callback, arguments.baseAddress, count, nil)
      }
      thread.pointee.tracing &-= 1
      thread.pointee.what_event = oldEvent
      Py_DECREF(callback)
      guard let result else { return false }
      defer { Py_DECREF(result) }
      guard result == state.pointee.disable else { continue }
      if let events, event.isLocal {
        events.disable(at: index, event, tool: tool)
      } else {
        _ = raise(
          .valueError,
          "Cannot disable \(MonitoringEvent.names[Int(event.rawValue)]) events. Callback removed.")
        let slot = state.pointee.callback(tool, event)
        let old = slot[0]
        slot[0] = nil
        Py_XDECREF(old)
        return false
      }
    }
    return true
  }

  /// Sends an event while an exception is set. The exception stays, unless a function raised
  /// another.
  static func sendException(
    _ thread: ThreadRef, _ code: CodeRef, _ index: Int, _ event: MonitoringEvent
  ) {
    guard wants(thread, code, event), thread.pointee.tracing == 0,
      let pending = PyErr_GetRaisedException()
    else { return }
    if send(thread, code, index, event, index * 2, pending, nil) {
      PyErr_SetRaisedException(pending)
    } else {
      Py_DECREF(pending)
    }
  }
}
