import CPythonABI
import Objects

/// The module `_asyncio`. CPython: Modules/_asynciomodule.c.
public let asyncioModule = ModuleSpec(
  "_asyncio", doc: "Futures and tasks of asyncio.",
  methods: [
    currentTask, getEventLoop, getRunningLoop, runningLoopOrNone, setRunningLoop, registerTask,
    unregisterTask, registerEagerTask, unregisterEagerTask, enterTask, leaveTask, swapCurrentTask,
  ],
  types: [Future.spec, Task.spec],
  exec: { module in
    status {
      try AsyncioState.load()
      for spec in [FutureIterator.spec, TaskStep.spec] where !spec.isReady {
        try spec.installInModule()
      }
      for (name, object) in [
        ("_scheduled_tasks", AsyncioState.scheduledTasks),
        ("_eager_tasks", AsyncioState.eagerTasks),
        ("_current_tasks", AsyncioState.currentTasks),
      ] {
        try check(PyModule_AddObjectRef(module, name, object))
      }
    }
  })

private func runningLoop() throws(Raised) -> Ref {
  guard let loop = try RunningLoop.get() else {
    throw raise(.runtimeError, "no running event loop")
  }
  return loop
}

private let currentTask: Method = .keywords(
  "current_task($module, /, loop=None)", "The task that runs in an event loop, or None."
) { _, args, count, names in
  new {
    let a = try Arguments(currentTask, args, count, names)
    return try TaskRegistry.current(try a.optional(0) ?? runningLoop()).retained()
  }
}

private let getEventLoop: Method = .noargs(
  "get_event_loop($module, /)", "The running event loop, else the one of the current policy."
) { _, _ in new { try RunningLoop.orPolicy() } }

private let getRunningLoop: Method = .noargs(
  "get_running_loop($module, /)", "The running event loop; RuntimeError when there is none."
) { _, _ in new { try runningLoop().retained() } }

private let runningLoopOrNone: Method = .noargs(
  "_get_running_loop($module, /)", "The event loop that runs in this thread, or None."
) { _, _ in new { (try RunningLoop.get() ?? noneObject()).retained() } }

private let setRunningLoop: Method = .o(
  "_set_running_loop($module, loop, /)", "Say which event loop runs in this thread, for loops."
) { _, loop in none { try RunningLoop.set(loop) } }

private let registerTask: Method = .keywords(
  "_register_task($module, /, task)", "Add a task to those that event loops run."
) { _, args, count, names in
  none {
    let a = try Arguments(registerTask, args, count, names)
    try TaskRegistry.add(a.object(0))
  }
}

private let unregisterTask: Method = .keywords(
  "_unregister_task($module, /, task)", "Take a task out of those that event loops run."
) { _, args, count, names in
  none {
    let a = try Arguments(unregisterTask, args, count, names)
    try TaskRegistry.remove(a.object(0))
  }
}

private let registerEagerTask: Method = .keywords(
  "_register_eager_task($module, /, task)", "Add a task to those in their eager first step."
) { _, args, count, names in
  none {
    let a = try Arguments(registerEagerTask, args, count, names)
    try check(PySet_Add(AsyncioState.eagerTasks, a.object(0)))
  }
}

private let unregisterEagerTask: Method = .keywords(
  "_unregister_eager_task($module, /, task)", "Take a task out of those in their eager first step."
) { _, args, count, names in
  none {
    let a = try Arguments(unregisterEagerTask, args, count, names)
    try check(PySet_Discard(AsyncioState.eagerTasks, a.object(0)))
  }
}

private let enterTask: Method = .keywords(
  "_enter_task($module, /, loop, task)",
  "Make a task the current one of its loop; RuntimeError when the loop has one."
) { _, args, count, names in
  none {
    let a = try Arguments(enterTask, args, count, names)
    try TaskRegistry.enter(a.object(0), a.object(1))
  }
}

private let leaveTask: Method = .keywords(
  "_leave_task($module, /, loop, task)",
  "Make a task no longer the current one; RuntimeError when it is not."
) { _, args, count, names in
  none {
    let a = try Arguments(leaveTask, args, count, names)
    try TaskRegistry.leave(a.object(0), a.object(1))
  }
}

private let swapCurrentTask: Method = .keywords(
  "_swap_current_task($module, /, loop, task)",
  "Make a task (None for none) the current one of a loop and return the one before."
) { _, args, count, names in
  new {
    let a = try Arguments(swapCurrentTask, args, count, names)
    return try TaskRegistry.swap(a.object(0), a.object(1))
  }
}
