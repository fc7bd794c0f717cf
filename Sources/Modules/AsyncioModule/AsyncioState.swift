import CPythonABI
import Objects

/// What futures and tasks take from Python code, and the registries of tasks.
enum AsyncioState {
  nonisolated(unsafe) private(set) static var cancelledError: Ref = .exception
  nonisolated(unsafe) private(set) static var invalidStateError: Ref = .exception
  nonisolated(unsafe) private(set) static var getPolicy: Ref = noneObject()
  nonisolated(unsafe) private(set) static var futureRepr: Ref = noneObject()
  nonisolated(unsafe) private(set) static var taskRepr: Ref = noneObject()
  nonisolated(unsafe) private(set) static var getStack: Ref = noneObject()
  nonisolated(unsafe) private(set) static var printStack: Ref = noneObject()
  nonisolated(unsafe) private(set) static var isCoroutine: Ref = noneObject()
  nonisolated(unsafe) private(set) static var extractStack: Ref = noneObject()
  /// dict: event loop to its running task.
  nonisolated(unsafe) private(set) static var currentTasks: Ref = noneObject()
  /// WeakSet of the tasks a loop has been given.
  nonisolated(unsafe) private(set) static var scheduledTasks: Ref = noneObject()
  /// set of the tasks in their eager first step.
  nonisolated(unsafe) private(set) static var eagerTasks: Ref = noneObject()
  /// set of types whose instances `asyncio.iscoroutine` took; at most 100.
  nonisolated(unsafe) private(set) static var coroutineTypes: Ref = noneObject()
  /// Of the next task without a name.
  nonisolated(unsafe) static var taskNumber = 0
  nonisolated(unsafe) private(set) static var names = Names()
  nonisolated(unsafe) private static var isLoaded = false

  /// Interned names.
  struct Names {
    var blocking = noneObject(), callSoon = noneObject(), getLoop = noneObject()
    var loop = noneObject(), result = noneObject(), cancel = noneObject()
    var addDoneCallback = noneObject(), getDebug = noneObject(), isRunning = noneObject()
    var add = noneObject(), discard = noneObject(), getEventLoop = noneObject()
    var handler = noneObject(), runningLoop = noneObject()
    /// ("context",) and ("msg",), names of keyword arguments.
    var contextKeyword = noneObject(), messageKeyword = noneObject()
  }

  static func load() throws(Raised) {
    if isLoaded { return }
    names = Names(
      blocking: PermanentName.make("_asyncio_future_blocking"), callSoon: PermanentName.make("call_soon"),
      getLoop: PermanentName.make("get_loop"), loop: PermanentName.make("_loop"), result: PermanentName.make("result"),
      cancel: PermanentName.make("cancel"), addDoneCallback: PermanentName.make("add_done_callback"),
      getDebug: PermanentName.make("get_debug"), isRunning: PermanentName.make("is_running"),
      add: PermanentName.make("add"), discard: PermanentName.make("discard"),
      getEventLoop: PermanentName.make("get_event_loop"), handler: PermanentName.make("call_exception_handler"),
      runningLoop: PermanentName.make("__asyncio_running_event_loop__"),
      contextKeyword: try keyword("context"), messageKeyword: try keyword("msg"))
    getPolicy = try attribute("asyncio.events", "get_event_loop_policy")
    futureRepr = try attribute("asyncio.base_futures", "_future_repr")
    invalidStateError = try attribute("asyncio.exceptions", "InvalidStateError")
    cancelledError = try attribute("asyncio.exceptions", "CancelledError")
    taskRepr = try attribute("asyncio.base_tasks", "_task_repr")
    getStack = try attribute("asyncio.base_tasks", "_task_get_stack")
    printStack = try attribute("asyncio.base_tasks", "_task_print_stack")
    isCoroutine = try attribute("asyncio.coroutines", "iscoroutine")
    extractStack = try attribute("traceback", "extract_stack")
    let weakSet = Owned(adopting: try attribute("weakref", "WeakSet"))
    scheduledTasks = try own(PyObject_CallNoArgs(weakSet.ref)).give()
    eagerTasks = try own(PySet_New(nil)).give()
    coroutineTypes = try own(PySet_New(nil)).give()
    currentTasks = try own(PyDict_New()).give()
    RunningLoop.watchForks()
    isLoaded = true
    InterpreterEnd.add("_asyncio") { forget() }
  }

  /// Lets go of everything when the interpreter ends.
  private static func forget() {
    isLoaded = false
    taskNumber = 0
    RunningLoop.forget()
    InterpreterEnd.drop(&cancelledError, leaving: .exception)
    InterpreterEnd.drop(&invalidStateError, leaving: .exception)
    InterpreterEnd.drop(&getPolicy, leaving: noneObject())
    InterpreterEnd.drop(&futureRepr, leaving: noneObject())
    InterpreterEnd.drop(&taskRepr, leaving: noneObject())
    InterpreterEnd.drop(&getStack, leaving: noneObject())
    InterpreterEnd.drop(&printStack, leaving: noneObject())
    InterpreterEnd.drop(&isCoroutine, leaving: noneObject())
    InterpreterEnd.drop(&extractStack, leaving: noneObject())
    InterpreterEnd.drop(&currentTasks, leaving: noneObject())
    InterpreterEnd.drop(&scheduledTasks, leaving: noneObject())
    InterpreterEnd.drop(&eagerTasks, leaving: noneObject())
    InterpreterEnd.drop(&coroutineTypes, leaving: noneObject())
    InterpreterEnd.drop(&names.contextKeyword, leaving: noneObject())
    InterpreterEnd.drop(&names.messageKeyword, leaving: noneObject())
  }

  private static func keyword(_ text: StaticString) throws(Raised) -> Ref {
    try tuple(try own(PyUnicode_InternFromString(cString(text)))).give()
  }

  private static func attribute(
    _ module: StaticString, _ name: StaticString
  ) throws(Raised) -> Ref {
    let imported = try own(PyImport_ImportModule(cString(module)))
    return try own(PyObject_GetAttrString(imported.ref, cString(name))).give()
  }

  static func raiseInvalidState(_ message: String) -> Raised { raise(invalidStateError, message) }
}

/// `repr(object)` for a message.
func shown(_ object: Ref) throws(Raised) -> String {
  let text = try own(PyObject_Repr(object))
  return Objects.text(of: text.ref)
}

/// `receiver.name(argument?, keyword=value)`
func callMethod(
  _ receiver: Ref, _ name: Ref, _ first: Ref, _ second: Ref? = nil, keyword: Ref, value: Ref
) throws(Raised) -> Owned {
  var arguments = (receiver, receiver, first, value, value)
  var count = 2
  if let second {
    arguments.3 = second
    count = 3
  }
  let result = withUnsafeMutableBytes(of: &arguments) { buffer -> Ref? in
    guard let base = buffer.baseAddress?.assumingMemoryBound(to: Ref.self) else { return nil }
    return PyObject_VectorcallMethod(name, base + 1, count, keyword)
  }
  return try own(result)
}

/// `receiver.name(keyword=value)`
func callMethod(
  _ receiver: Ref, _ name: Ref, keyword: Ref, value: Ref
) throws(Raised) -> Owned {
  var arguments = (receiver, receiver, value)
  let result = withUnsafeMutableBytes(of: &arguments) { buffer -> Ref? in
    guard let base = buffer.baseAddress?.assumingMemoryBound(to: Ref.self) else { return nil }
    return PyObject_VectorcallMethod(name, base + 1, 1, keyword)
  }
  return try own(result)
}
