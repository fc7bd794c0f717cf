import CPythonABI
import Objects

/// The type `_asyncio.Future`, and what tasks have in common with it.
extension Future {
  private static let construct = Method.variableKeywords("Future(*, loop=None)", "") { _, _, _ in
    nil
  }

  static let constructor = Slot.tp_new { type, _, _ in
    new {
      guard let allocate = type.pointee.tp_alloc else { throw Raised() }
      return try Objects.own(allocate(type, 0))
    }
  }

  static let spec = TypeSpec(
    type, "_asyncio.Future", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .managedDict, .managedWeakref],
    doc: """
      Future(*, loop=None)
      --

      A result that comes later, bound to an event loop.

      It differs from concurrent.futures.Future: result() and exception() take no timeout and
      raise when the future is not done, callbacks run through the event loop's call_soon(), and
      wait() and as_completed() of concurrent.futures do not take it.
      """,
    base: objectType(),
    slots: [
      constructor,
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(construct, tuple: args, keywords: keywords)
          try Future(object).initialize(loop: a[0])
        }
      },
      .tp_dealloc { object in
        if object.type == type && PyObject_CallFinalizerFromDealloc(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        PyObject_ClearWeakRefs(object)
        Future(object).clearFields()
        PyObject_ClearManagedDict(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { PyObject_CallOneArg(AsyncioState.futureRepr, $0) },
      .tp_traverse { Future($0).traverse($1, $2) },
      .tp_clear { object in
        Future(object).clearFields()
        PyObject_ClearManagedDict(object)
        return 0
      },
      .tp_iter { object in iterate(object) },
      .am_await { object in iterate(object) },
      .tp_finalize { Future($0).finalize() },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      resultMethod, exceptionMethod, setResultMethod, setExceptionMethod, addMethod, removeMethod,
      cancelMethod, cancelledMethod, doneMethod, loopMethod, makeErrorMethod, classItemMethod,
    ],
    properties: properties)

  private static func iterate(_ object: Ref) -> Ref? {
    new {
      try Future(object).requireInitialized()
      return try FutureIterator.make(object)
    }
  }

  // MARK: Methods

  static let resultMethod: Method = .noargs(
    "result($self, /)",
    "The result. Raises its exception, CancelledError, or InvalidStateError before it is done."
  ) { object, _ in new { try Future(object).result() } }

  static let exceptionMethod: Method = .noargs(
    "exception($self, /)",
    "The exception, None when it ended without. Raises CancelledError and InvalidStateError."
  ) { object, _ in
    new {
      let future = Future(object)
      if future.own.pointee.loop == nil {
        throw AsyncioState.raiseInvalidState("Future object is not initialized.")
      }
      if future.own.pointee.state == State.cancelled { throw future.raiseCancelled() }
      if future.own.pointee.state != State.finished {
        throw AsyncioState.raiseInvalidState("Exception is not set.")
      }
      guard let exception = future.own.pointee.exception else { return noneObject().retained() }
      future.own.pointee.logsTraceback = 0
      return exception.retained()
    }
  }

  private static let setResultMethod: Method = .o(
    "set_result($self, result, /)",
    "Make the future done with a result; InvalidStateError when it is done already."
  ) { object, value in none { try Future(object).setResult(value) } }

  private static let setExceptionMethod: Method = .o(
    "set_exception($self, exception, /)",
    "Make the future done with an exception; InvalidStateError when it is done already."
  ) { object, exception in none { try Future(object).setException(exception) } }

  static let addMethod: Method = .keywords(
    "add_done_callback($self, fn, /, *, context=<unrepresentable>)",
    "Call fn with the future, through the loop's call_soon(), once it is done."
  ) { object, args, count, names in
    none {
      let a = try Arguments(addMethod, args, count, names)
      try Future(object).requireInitialized()
      let context: Owned
      if let given = a[1] {
        context = given.retained()
      } else {
        context = try Objects.own(PyContext_CopyCurrent())
      }
      try Future(object).addDoneCallback(a.object(0), context.ref)
    }
  }

  static let removeMethod: Method = .o(
    "remove_done_callback($self, fn, /)",
    "Drop every callback equal to fn and return how many there were."
  ) { object, function in
    new {
      try Future(object).requireInitialized()
      return try int(try Future(object).removeDoneCallback(function))
    }
  }

  private static let cancelMethod: Method = .keywords(
    "cancel($self, /, msg=None)",
    "Cancel the future and schedule its callbacks; False when it is done already."
  ) { object, args, count, names in
    bool {
      let a = try Arguments(cancelMethod, args, count, names)
      try Future(object).requireInitialized()
      return try Future(object).cancel(a[0])
    }
  }

  static let cancelledMethod: Method = .noargs(
    "cancelled($self, /)", "Whether the future was cancelled."
  ) { object, _ in
    let own = Future(object).own
    return boolObject(own.pointee.loop != nil && own.pointee.state == State.cancelled)
  }

  static let doneMethod: Method = .noargs(
    "done($self, /)", "Whether there is a result, an exception, or a cancellation."
  ) { object, _ in
    let own = Future(object).own
    return boolObject(own.pointee.loop != nil && own.pointee.state != State.pending)
  }

  private static let loopMethod: Method = .noargs(
    "get_loop($self, /)", "The event loop of the future."
  ) { object, _ in
    new {
      try Future(object).requireInitialized()
      return (Future(object).own.pointee.loop ?? noneObject()).retained()
    }
  }

  static let makeErrorMethod: Method = .noargs(
    "_make_cancelled_error($self, /)",
    "The CancelledError to raise for a cancelled future; one that was kept is given out once."
  ) { object, _ in new { try Future(object).takeCancelledError() } }

  static let classItemMethod: Method = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585"
  ) { type, item in Py_GenericAlias(type, item) }.classMethod

  // MARK: Attributes

  private static func noDeletion() -> Raised {
    raise(.attributeError, "cannot delete attribute")
  }

  /// The attributes a task has as well.
  static let properties: [Property] = [
    Property("_state", get: { object, _ in
      new {
        try Future(object).requireInitialized()
        switch Future(object).own.pointee.state {
        case State.pending: return try Objects.own(PyUnicode_InternFromString("PENDING"))
        case State.cancelled: return try Objects.own(PyUnicode_InternFromString("CANCELLED"))
        default: return try Objects.own(PyUnicode_InternFromString("FINISHED"))
        }
      }
    }),
    Property("_asyncio_future_blocking", get: { object, _ in
      let own = Future(object).own
      return boolObject(own.pointee.loop != nil && own.pointee.isBlocking != 0)
    }, set: { object, value, _ in
      status {
        try Future(object).requireInitialized()
        guard let value else { throw noDeletion() }
        Future(object).own.pointee.isBlocking = try check(PyObject_IsTrue(value)) != 0 ? 1 : 0
      }
    }),
    Property("_loop", get: { object, _ in
      Py_NewRef(Future(object).own.pointee.loop ?? noneObject())
    }),
    Property("_callbacks", get: { object, _ in
      new {
        try Future(object).requireInitialized()
        return try Future(object).callbackList()
      }
    }),
    Property("_result", get: { object, _ in
      new {
        try Future(object).requireInitialized()
        return (Future(object).own.pointee.result ?? noneObject()).retained()
      }
    }),
    Property("_exception", get: { object, _ in
      new {
        try Future(object).requireInitialized()
        return (Future(object).own.pointee.exception ?? noneObject()).retained()
      }
    }),
    Property("_log_traceback", get: { object, _ in
      new {
        try Future(object).requireInitialized()
        return boolObject(Future(object).own.pointee.logsTraceback != 0).retained()
      }
    }, set: { object, value, _ in
      status {
        guard let value else { throw noDeletion() }
        if try check(PyObject_IsTrue(value)) != 0 {
          throw raise(.valueError, "_log_traceback can only be set to False")
        }
        Future(object).own.pointee.logsTraceback = 0
      }
    }),
    Property("_source_traceback", get: { object, _ in
      Py_NewRef(Future(object).own.pointee.sourceTraceback ?? noneObject())
    }),
    Property("_cancel_message", get: { object, _ in
      Py_NewRef(Future(object).own.pointee.cancelMessage ?? noneObject())
    }, set: { object, value, _ in
      status {
        guard let value else { throw noDeletion() }
        replaceReference(&Future(object).own.pointee.cancelMessage, Py_NewRef(value))
      }
    }),
  ]
}
