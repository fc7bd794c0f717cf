import CPythonABI
import Objects

/// _asyncio.FutureIter: what `await future` goes through. It yields the future once.
enum FutureIterator {
  struct Layout {
    var base: PyObject
    /// nil when exhausted.
    var future: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func make(_ future: Ref) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.future = future.retained().give()
    return object
  }

  /// `am_send`: what is sent does not matter.
  private static let send: sendfunc = { object, _, result in
    result.pointee = nil
    guard let held = view(object).pointee.future else { return PYGEN_ERROR }
    let future = Future(held)
    if future.isPending {
      if future.own.pointee.isBlocking == 0 {
        future.own.pointee.isBlocking = 1
        result.pointee = Py_NewRef(held)
        return PYGEN_NEXT
      }
      _ = raise(.runtimeError, "await wasn't used with future")
      return PYGEN_ERROR
    }
    view(object).pointee.future = nil
    let owner = Owned(adopting: held)
    do throws(Raised) {
      result.pointee = try Future(owner.ref).result().give()
      return PYGEN_RETURN
    } catch { return PYGEN_ERROR }
  }

  private static func next(_ object: Ref) -> Ref? {
    var result: Ref?
    guard send(object, noneObject(), &result) == PYGEN_RETURN else { return result }
    guard let value = result else { return nil }
    defer { Py_DECREF(value) }
    if value.isNone { return nil }
    if value.isTuple || value.isException {
      if let stop = PyObject_CallOneArg(.stopIteration, value) {
        PyErr_SetObject(.stopIteration, stop)
        Py_DECREF(stop)
      }
    } else {
      PyErr_SetObject(.stopIteration, value)
    }
    return nil
  }

  private static let throwInto: Method = .fast("throw", "") { object, args, count in
    new {
      try checkPositional("throw", count, least: 1, most: 3)
      guard let args else { throw Raised() }
      if count > 1 {
        try check(
          PyErr_WarnEx(
            .deprecationWarning,
            "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature "
              + "instead.", 1))
      }
      let type = args[0]
      var value: Ref? = count > 1 && !args[1].isNone ? args[1] : nil
      var traceback: Ref? = count > 2 ? args[2] : nil
      if let given = traceback {
        if given.isNone {
          traceback = nil
        } else if given.type != tracebackType() {
          throw raise(.typeError, "throw() third argument must be a traceback")
        }
      }
      let exception: Owned
      if type.isType && PyType_IsSubtype(type.asType, Ref.baseException.asType) != 0 {
        if let given = value, given.isInstance(of: type.asType) {
          exception = given.retained()
        } else if let given = value {
          exception = try own(
            given.isTuple ? PyObject_Call(type, given, nil) : PyObject_CallOneArg(type, given))
        } else {
          exception = try own(PyObject_CallNoArgs(type))
        }
      } else if type.isException {
        if value != nil {
          throw raise(.typeError, "instance exception may not have a separate value")
        }
        exception = type.retained()
      } else {
        throw raise(
          .typeError,
          "exceptions must be classes deriving BaseException or instances of such a class")
      }
      value = nil
      if let traceback { try check(PyException_SetTraceback(exception.ref, traceback)) }
      clearReference(&view(object).pointee.future)
      PyErr_SetRaisedException(Py_NewRef(exception.ref))
      throw Raised()
    }
  }

  static let spec = TypeSpec(
    type, "_asyncio.FutureIter", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.future)
        object.type.pointee.tp_free?(object)
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        visitReference(view(object).pointee.future, visit, argument)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.future)
        return 0
      },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { next($0) },
      .am_send { send($0, $1, $2) },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .o("send($self, object, /)", "The same as next(); the value is not used.") { object, _ in
        let result = next(object)
        if result == nil && !hasRaised() { PyErr_SetNone(.stopIteration) }
        return result
      },
      throwInto,
      .noargs("close($self, /)", "Let go of the future.") { object, _ in
        clearReference(&view(object).pointee.future)
        return noneObject()
      },
    ])
}
