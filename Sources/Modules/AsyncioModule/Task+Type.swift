import CPythonABI
import Objects

/// The type `_asyncio.Task`.
extension Task {
  private static let construct = Method.variableKeywords(
    "Task(coro, *, loop=None, name=None, context=None, eager_start=False)", ""
  ) { _, _, _ in nil }

  static let spec = TypeSpec(
    type, "_asyncio.Task", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .managedDict, .managedWeakref],
    doc: """
      Task(coro, *, loop=None, name=None, context=None, eager_start=False)
      --

      A coroutine that an event loop runs, as a future of what it returns.
      """,
    base: Future.type,
    slots: [
      Future.constructor,
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(construct, tuple: args, keywords: keywords)
          try Task(object).initialize(
            a.object(0), loop: a[1], name: a[2], context: a[3], eager: try a.bool(4))
        }
      },
      .tp_dealloc { object in
        if object.type == type && PyObject_CallFinalizerFromDealloc(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        PyObject_ClearWeakRefs(object)
        Task(object).clearFields()
        PyObject_ClearManagedDict(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { PyObject_CallOneArg(AsyncioState.taskRepr, $0) },
      .tp_traverse { object, visit, argument in
        let own = Task(object).own
        let answer = visitReferences(
          visit, argument, own.pointee.context, own.pointee.coroutine, own.pointee.name,
          own.pointee.waiter)
        return answer != 0 ? answer : Task(object).future.traverse(visit, argument)
      },
      .tp_clear { object in
        Task(object).clearFields()
        PyObject_ClearManagedDict(object)
        return 0
      },
      .tp_iter { object in iterate(object) },
      .am_await { object in iterate(object) },
      .tp_finalize { Task($0).finalize() },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      Future.resultMethod, Future.exceptionMethod, Future.addMethod, Future.removeMethod,
      Future.cancelledMethod, Future.doneMethod, setResultMethod, setExceptionMethod, cancelMethod,
      cancellingMethod, uncancelMethod, getStackMethod, printStackMethod, Future.makeErrorMethod,
      getNameMethod, setNameMethod, getCoroMethod, getContextMethod, Future.classItemMethod,
    ],
    properties: Future.properties + [
      Property("_log_destroy_pending", get: { object, _ in
        boolObject(Task(object).own.pointee.logsDestroyed != 0)
      }, set: { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          Task(object).own.pointee.logsDestroyed = try check(PyObject_IsTrue(value)) != 0 ? 1 : 0
        }
      }),
      Property("_must_cancel", get: { object, _ in
        boolObject(Task(object).own.pointee.mustCancel != 0)
      }),
      Property("_coro", get: { object, _ in
        Py_NewRef(Task(object).own.pointee.coroutine ?? noneObject())
      }),
      Property("_fut_waiter", get: { object, _ in
        Py_NewRef(Task(object).own.pointee.waiter ?? noneObject())
      }),
    ])

  private static func iterate(_ object: Ref) -> Ref? {
    new {
      try Future(object).requireInitialized()
      return try FutureIterator.make(object)
    }
  }

  private static let setResultMethod: Method = .o("set_result($self, result, /)", "") { _, _ in
    new { throw raise(.runtimeError, "Task does not support set_result operation") }
  }

  private static let setExceptionMethod: Method = .o(
    "set_exception($self, exception, /)", ""
  ) { _, _ in
    new { throw raise(.runtimeError, "Task does not support set_exception operation") }
  }

  private static let cancelMethod: Method = .keywords(
    "cancel($self, /, msg=None)",
    "Have CancelledError thrown into the coroutine; False when the task is done.\n\nThe coroutine may catch it, so the task need not end cancelled."
  ) { object, args, count, names in
    bool {
      let a = try Arguments(cancelMethod, args, count, names)
      try Future(object).requireInitialized()
      return try Task(object).cancel(a[0])
    }
  }

  private static let cancellingMethod: Method = .noargs(
    "cancelling($self, /)",
    "How many requests for cancellation there are that uncancel() has not taken back."
  ) { object, _ in PyLong_FromLong(Int(Task(object).own.pointee.cancelRequests)) }

  private static let uncancelMethod: Method = .noargs(
    "uncancel($self, /)",
    "Take one request for cancellation back and return how many are left."
  ) { object, _ in
    let own = Task(object).own
    if own.pointee.cancelRequests > 0 {
      own.pointee.cancelRequests -= 1
      if own.pointee.cancelRequests == 0 { own.pointee.mustCancel = 0 }
    }
    return PyLong_FromLong(Int(own.pointee.cancelRequests))
  }

  private static let getStackMethod: Method = .keywords(
    "get_stack($self, /, *, limit=None)",
    "The frames of the coroutine: where it is suspended, or the traceback of its exception.\n\nlimit keeps the newest frames, of a traceback the oldest."
  ) { object, args, count, names in
    new {
      let a = try Arguments(getStackMethod, args, count, names)
      return try Objects.own(
        Objects.call(AsyncioState.getStack, object, a[0] ?? noneObject()))
    }
  }

  private static let printStackMethod: Method = .keywords(
    "print_stack($self, /, *, limit=None, file=None)",
    "Print the frames of get_stack() as a traceback, to sys.stderr without a file."
  ) { object, args, count, names in
    new {
      let a = try Arguments(printStackMethod, args, count, names)
      return try Objects.own(
        Objects.call(
          AsyncioState.printStack, object, a[0] ?? noneObject(), a[1] ?? noneObject()))
    }
  }

  private static let getNameMethod: Method = .noargs("get_name($self, /)", "") { object, _ in
    new { try Task(object).title() }
  }

  private static let setNameMethod: Method = .o("set_name($self, value, /)", "") { object, value in
    none {
      let name = value.isExactStr ? value.retained() : try Objects.own(PyObject_Str(value))
      replaceReference(&Task(object).own.pointee.name, name.give())
    }
  }

  private static let getCoroMethod: Method = .noargs("get_coro($self, /)", "") { object, _ in
    Py_NewRef(Task(object).own.pointee.coroutine ?? noneObject())
  }

  private static let getContextMethod: Method = .noargs("get_context($self, /)", "") {
    object, _ in Py_NewRef(Task(object).own.pointee.context ?? noneObject())
  }
}
