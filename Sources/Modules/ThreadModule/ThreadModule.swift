import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_thread`. CPython: Modules/_threadmodule.c.
public let threadModule = ModuleSpec(
  "_thread", doc: "Primitive operations to write multi-threaded programs; see the threading module.",
  methods: [
    startNewThread, startNew, startJoinable, allowsDaemons, allocateLock, allocate, exitThread,
    exit, interruptMain, getIdent, getNativeID, countThreads, stackSize, exceptionHook,
    isMainInterpreter, shutdown, makeHandle, mainThreadIdent,
  ],
  constants: [.float("TIMEOUT_MAX", 9223372036.0)],
  types: [LockType.spec, RecursiveLock.spec, ThreadHandle.spec, ThreadLocal.spec],
  exec: { module in
    status {
      try StructSequence.install(
        exceptionHookArguments, "_thread._ExceptHookArgs",
        doc: "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
        fields: [
          .init("exc_type", "Exception type"), .init("exc_value", "Exception value"),
          .init("exc_traceback", "Exception traceback"), .init("thread", "Thread"),
        ])
      try check(PyModule_AddObjectRef(module, "_ExceptHookArgs", exceptionHookArguments.object))
      try check(PyModule_AddObjectRef(module, "LockType", LockType.type.object))
      try check(PyModule_AddObjectRef(module, "error", .runtimeError))
      if !repairsAreKnown {
        repairsAreKnown = true
        LocalsOfThreads.forget = { ThreadLocal.forget(thread: $0) }
        Forking.repairs.append {
          ThreadHandle.afterFork()
          ThreadStart.count = 0
        }
      }
    }
  })

nonisolated(unsafe) private let exceptionHookArguments = PermanentMemory.type()
nonisolated(unsafe) private var repairsAreKnown = false

private func start(_ a: Arguments) throws(Raised) -> Owned {
  let function = a.object(0)
  guard PyCallable_Check(function) != 0 else {
    throw raise(.typeError, "first arg must be callable")
  }
  guard a.object(1).isTuple else { throw raise(.typeError, "2nd arg must be a tuple") }
  if let keywords = a[2], !keywords.isDict {
    throw raise(.typeError, "optional 3rd arg must be a dictionary")
  }
  try Audit.send("_thread.start_new_thread", [.object(function), .object(a[1]), .object(a[2])])
  let record = ThreadRecord.make()
  defer { ThreadHandle.release(record) }
  try ThreadStart.start(function, a.object(1), a[2], record, daemon: true)
  return try own(PyLong_FromUnsignedLong(record.pointee.identity))
}

private let startNewThread: Method = .fast(
  "start_new_thread($module, function, args, kwargs={}, /)",
  """
  Start a new thread and return its identifier.

  The thread calls the function with the positional arguments of the tuple args and the keyword
  arguments of the dictionary kwargs, and ends when that returns.
  """
) { _, args, count in new { try start(Arguments(startNewThread, args, count)) } }

private let startNew: Method = .fast(
  "start_new($module, function, args, kwargs={}, /)", "An obsolete synonym of start_new_thread()."
) { _, args, count in new { try start(Arguments(startNew, args, count)) } }

private let startJoinable: Method = .keywords(
  "start_joinable_thread($module, /, function, handle=None, daemon=True)",
  "*For internal use only*: start a new thread that calls the function. Returns its handle."
) { _, args, count, names in
  new {
    let a = try Arguments(startJoinable, args, count, names)
    guard PyCallable_Check(a.object(0)) != 0 else {
      throw raise(.typeError, "thread function must be callable")
    }
    let handle: Owned
    if let given = a.optional(1) {
      guard given.type == ThreadHandle.type else {
        throw raise(.typeError, "'handle' must be a _ThreadHandle")
      }
      handle = given.retained()
    } else {
      handle = try ThreadHandle.make()
    }
    let daemon = try a.bool(2, default: true)
    try Audit.send(
      "_thread.start_joinable_thread",
      [.object(a[0]), .int(daemon ? 1 : 0), .object(a.optional(1))])
    let empty = try own(PyTuple_New(0))
    try ThreadStart.start(
      a.object(0), empty.ref, nil, ThreadHandle.record(handle.ref), daemon: daemon)
    return handle
  }
}

private let allowsDaemons: Method = .noargs(
  "daemon_threads_allowed($module, /)", "Return True if daemon threads are allowed in the current interpreter."
) { _, _ in trueObject() }

private let allocateLock: Method = .noargs(
  "allocate_lock($module, /)", "Create a new lock object. See help(type(threading.Lock())) for information about locks."
) { _, _ in new { try LockType.make() } }
private let allocate: Method = .noargs("allocate($module, /)", "An obsolete synonym of allocate_lock().") {
  _, _ in new { try LockType.make() }
}

private let exitThread: Method = .noargs("exit_thread($module, /)", "An obsolete synonym of exit().") { _, _ in
  PyErr_SetNone(.systemExit)
  return nil
}
private let exit: Method = .noargs(
  "exit($module, /)", "The same as raising SystemExit: ends the thread silently unless it is caught."
) { _, _ in
  PyErr_SetNone(.systemExit)
  return nil
}

private let interruptMain: Method = .fast(
  "interrupt_main($module, signum=signal.SIGINT, /)",
  """
  Simulate the arrival of the given signal in the main thread, where its handler will run.

  Nothing happens when the signal is ignored or left to the system.
  """
) { _, args, count in
  none {
    try checkPositional("interrupt_main", count, least: 0, most: 1)
    var number = Int(SIGINT)
    if count == 1 {
      number = PyLong_AsLong(args.unsafelyUnwrapped[0])
      if number == -1 && hasRaised() { throw Raised() }
    }
    guard number > 0 && number < Signals.count else {
      throw raise(.valueError, "signal number out of range")
    }
    // Before the module signal is imported SIGINT has no entry of its own.
    if number == Int(SIGINT) && Signals.interruptsByItself {
      return Signals.simulate(SIGINT)
    }
    guard let handler = Signals.handlers[number], !handler.isNone, !handler.isInt else { return }
    Signals.simulate(Int32(number))
  }
}

private let getIdent: Method = .noargs(
  "get_ident($module, /)",
  "Return a non-zero integer that uniquely identifies the current thread amongst those that exist."
) { _, _ in PyLong_FromUnsignedLong(apus_tstate().pointee.thread_id) }

private let getNativeID: Method = .noargs(
  "get_native_id($module, /)",
  "Return a non-negative integer identifying the thread as reported by the OS (kernel)."
) { _, _ in PyLong_FromUnsignedLong(apus_tstate().pointee.native_thread_id) }

private let countThreads: Method = .noargs(
  "_count($module, /)", "Return the number of currently running Python threads, without the main thread."
) { _, _ in PyLong_FromLong(ThreadStart.count) }

private let stackSize: Method = .fast(
  "stack_size($module, size=0, /)",
  """
  Return the thread stack size used when creating new threads.

  The optional size argument sets it, in bytes; 0 stands for the system's default.
  """
) { _, args, count in
  new {
    try checkPositional("stack_size", count, least: 0, most: 1)
    let old = ThreadStart.stackSize
    if count == 1 {
      let number = try own(PyNumber_Index(args.unsafelyUnwrapped[0]))
      let size = try check(PyLong_AsSsize_t(number.ref))
      if size < 0 { throw raise(.valueError, "size must be 0 or a positive value") }
      if size > 0 && size < 32768 { throw raise(.valueError, "size not valid: \(size) bytes") }
      ThreadStart.stackSize = size
    }
    return try int(old)
  }
}

private let exceptionHook: Method = .o(
  "_excepthook($module, (exc_type, exc_value, exc_traceback, thread), /)",
  "Handle uncaught Thread.run() exception."
) { _, args in
  none {
    guard args.type == exceptionHookArguments else {
      throw raise(.typeError, "_thread.excepthook argument type must be ExceptHookArgs")
    }
    let kind = apus_tuple_item(args, 0)
    if kind == .systemExit { return }
    let thread = apus_tuple_item(args, 3)
    var file = PySys_GetObject("stderr")
    var kept: Owned?
    let standard = file
    let isMissing = file.map({ $0.isNone }) ?? true
    if isMissing {
      if thread.isNone { return }
      // At the end of the interpreter the thread remembers the stream.
      kept = try own("_stderr".withCString { PyObject_GetAttrString(thread, $0) })
      file = kept?.ref
    }
    guard let file, !file.isNone else { return }
    let name: String
    if thread.isNone {
      name = "\(apus_tstate().pointee.thread_id)"
    } else {
      var found: Ref?
      try check(PyObject_GetOptionalAttrString(thread, "_name", &found))
      if let found {
        let shown = try own(PyObject_Str(found))
        Py_DECREF(found)
        name = text(of: shown.ref)
      } else {
        name = "<failed to get thread name>"
      }
    }
    let heading = try own(newString("Exception in thread \(name):\n"))
    let write = try own("write".withCString { PyObject_GetAttrString(file, $0) })
    _ = try own(PyObject_CallOneArg(write.ref, heading.ref)).ref
    if let hook = PySys_GetObject("__excepthook__") {
      let held = hook.retained()
      // The hook writes to sys.stderr.
      if isMissing { try check(PySys_SetObject("stderr", file)) }
      defer { if isMissing { _ = PySys_SetObject("stderr", standard) } }
      let value = apus_tuple_item(args, 1)
      let traceback = apus_tuple_item(args, 2)
      _ = try own(call(held.ref, kind, value, traceback)).ref
    }
    let flush = try own("flush".withCString { PyObject_GetAttrString(file, $0) })
    _ = try own(PyObject_CallNoArgs(flush.ref)).ref
    _ = kept?.ref
  }
}

private let isMainInterpreter: Method = .noargs(
  "_is_main_interpreter($module, /)", "Return True if the current interpreter is the main Python interpreter."
) { _, _ in boolObject(apus_tstate().pointee.interp == Runtime.mainInterpreter) }

private let shutdown: Method = .noargs(
  "_shutdown($module, /)", "Wait for all non-daemon threads (other than the calling thread) to stop."
) { _, _ in none { try ThreadHandle.shutdown() } }

private let makeHandle: Method = .o(
  "_make_thread_handle($module, ident, /)",
  "Internal only. Make a thread handle for threads not spawned by the _thread or threading module."
) { _, identity in
  new {
    guard identity.isInt else {
      throw raise(.typeError, "ident must be an integer")
    }
    let number = PyLong_AsUnsignedLong(identity)
    if number == .max && hasRaised() { throw Raised() }
    let handle = try ThreadHandle.make()
    ThreadHandle.record(handle.ref).pointee.identity = number
    ThreadHandle.record(handle.ref).pointee.state = .running
    return handle
  }
}

private let mainThreadIdent: Method = .noargs(
  "_get_main_thread_ident($module, /)",
  "Internal only. Return a non-zero integer that uniquely identifies the main thread."
) { _, _ in PyLong_FromUnsignedLong(Signals.mainThread?.pointee.thread_id ?? 0) }
