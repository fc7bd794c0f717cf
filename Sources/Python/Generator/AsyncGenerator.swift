import CPythonABI
import Objects

/// Asynchronous generators (PEP 525) and what their methods return. CPython: Objects/genobject.c.
///
/// `__anext__` and `asend` give an asend awaitable, `athrow` and `aclose` an athrow awaitable. Driving one
/// runs the generator: a value it awaits passes through, a value it yields comes wrapped
/// (`asyncGenWrappedValueType`) and ends the awaitable with `StopIteration(value)`.
enum AsyncGenerator {
  private static func view(_ object: Ref) -> GeneratorRef { object.view(PyGenObject.self) }

  /// Calls the hooks of the thread once, at the first iteration. False when one raised.
  static func initializeHooks(_ object: Ref) -> Bool {
    let generator = view(object)
    if generator.pointee.gi_hooks_inited != 0 { return true }
    generator.pointee.gi_hooks_inited = 1
    let thread = apus_tstate()
    if let finalizer = thread.pointee.async_gen_finalizer {
      Py_INCREF(finalizer)
      generator.pointee.gi_origin_or_finalizer = finalizer
    }
    if let first = thread.pointee.async_gen_firstiter {
      Py_INCREF(first)
      let result = PyObject_CallOneArg(first, object)
      Py_DECREF(first)
      guard let result else { return false }
      Py_DECREF(result)
    }
    return true
  }

  /// What a step of the generator means for the awaitable that drove it: a wrapped value becomes
  /// StopIteration(value), an end StopAsyncIteration. Takes `result` over.
  static func unwrap(_ object: Ref, _ result: Ref?) -> Ref? {
    let generator = view(object)
    guard let result else {
      if !hasRaised() { PyErr_SetObject(.stopAsyncIteration, nil) }
      if PyErr_ExceptionMatches(.stopAsyncIteration) != 0
        || PyErr_ExceptionMatches(.generatorExit) != 0
      {
        generator.pointee.gi_closed = 1
      }
      generator.pointee.gi_running_async = 0
      return nil
    }
    if result.type == asyncGenWrappedValueType() {
      let value = wrappedValue(result)
      PyGenerator.setStopIteration(value)
      Py_DECREF(result)
      generator.pointee.gi_running_async = 0
      return nil
    }
    return result
  }

  static func wrappedValue(_ wrapper: Ref) -> Ref {
    (UnsafeMutableRawPointer(wrapper) + 16).load(as: Ref.self)
  }

  // MARK: Methods

  static let asend: Method = .o("asend($self, object, /)", "Send a value; await the next one.") {
    object, value in
    if !initializeHooks(object) { return nil }
    return AsendAwaitable.make(object, value)
  }

  /// The arguments are looked at when the result is awaited.
  static let athrow: Method = .variable(
    "athrow", "Raise an exception inside; await the next value."
  ) { object, args in
    new {
      if apus_var_size(args) > 1 {
        try check(
          PyErr_WarnEx(
            .deprecationWarning,
            "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.",
            1))
      }
      guard initializeHooks(object) else { throw Raised() }
      return try own(AthrowAwaitable.make(object, args))
    }
  }

  static let aclose: Method = .noargs("aclose($self, /)", "Await the end of the generator.") {
    object, _ in
    if !initializeHooks(object) { return nil }
    return AthrowAwaitable.make(object, nil)
  }

  static let spec = TypeSpec(
    asyncGeneratorType(), "async_generator", basicSize: Generators.frameOffset, itemSize: 8,
    flags: [.haveGC, .disallowInstantiation], base: objectType(), weakListOffset: 16,
    slots: [
      .tp_dealloc { PyGenerator.deallocate($0) },
      .tp_repr { object in
        let name = view(object).pointee.gi_qualname.map { text(of: $0) } ?? "?"
        return newString("<async_generator object \(name) at \(GeneratorTypes.address(object))>")
      },
      .tp_traverse { PyGenerator.traverse($0, $1, $2) },
      .tp_finalize { PyGenerator.finalize($0) },
      .am_aiter(PyObject_SelfIter),
      .am_anext { object in
        if !initializeHooks(object) { return nil }
        return AsendAwaitable.make(object, nil)
      },
      .am_send { object, value, result in
        PyGenerator.resume(object, value, &result.pointee)
      },
    ],
    methods: [asend, athrow, aclose, GeneratorTypes.sizeof, GeneratorTypes.classGetItem],
    members: [
      Member(
        "ag_running", Py_T_BOOL, offset: MemoryLayout<PyGenObject>.at(\.gi_running_async),
        flags: Py_READONLY)
    ],
    properties: GeneratorTypes.names() + [
      Property("ag_await", "What is being awaited, or None.", get: GeneratorTypes.getDelegate),
      Property("ag_frame", get: GeneratorTypes.getFrame),
      Property("ag_code", get: GeneratorTypes.getCode),
      Property("ag_suspended", get: GeneratorTypes.getSuspended),
    ])

  static let wrappedValueSpec = TypeSpec(
    asyncGenWrappedValueType(), "async_generator_wrapped_value", basicSize: 24, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_DECREF(wrappedValue(object))
        PyObject_GC_Del(object)
      },
      .tp_traverse { object, visit, argument in visit(wrappedValue(object), argument) },
    ])
}

/// The state an awaitable of an asynchronous generator goes through.
enum AwaitableState: Int32 {
  case initial, iterating, closed
}

/// async_generator_asend: one step of the generator.
enum AsendAwaitable {
  struct Layout {
    var base: PyObject
    var generator: Ref
    /// The value sent; nil is None.
    var value: Ref?
    var state: Int32
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> {
    object.view(Layout.self)
  }

  static func make(_ generator: Ref, _ value: Ref?) -> Ref? {
    guard let object = _PyObject_GC_New(asyncGenASendType()) else { return nil }
    Py_INCREF(generator)
    if let value { Py_INCREF(value) }
    view(object).pointee.generator = generator
    view(object).pointee.value = value
    view(object).pointee.state = AwaitableState.initial.rawValue
    PyObject_GC_Track(object)
    return object
  }

  private static func begin(_ object: Ref) -> Bool {
    let generator = view(object).pointee.generator.view(PyGenObject.self)
    if generator.pointee.gi_running_async != 0 {
      view(object).pointee.state = AwaitableState.closed.rawValue
      _ = raise(.runtimeError, "anext(): asynchronous generator is already running")
      return false
    }
    generator.pointee.gi_running_async = 1
    view(object).pointee.state = AwaitableState.iterating.rawValue
    return true
  }

  static func send(_ object: Ref, _ argument: Ref) -> Ref? {
    let state = view(object)
    if state.pointee.state == AwaitableState.closed.rawValue {
      _ = raise(.runtimeError, "cannot reuse already awaited __anext__()/asend()")
      return nil
    }
    var value = argument
    if state.pointee.state == AwaitableState.initial.rawValue {
      if !begin(object) { return nil }
      if value.isNone, let given = state.pointee.value { value = given }
    }
    let generator = state.pointee.generator
    let result = AsyncGenerator.unwrap(generator, PyGenerator.send(generator, value))
    if result == nil { state.pointee.state = AwaitableState.closed.rawValue }
    return result
  }

  static let sendMethod: Method = .o("send($self, object, /)", "Go on with a value.") { send($0, $1) }

  static let throwMethod: Method = .fast("throw", "Raise an exception where it stands.") {
    object, args, count in
    new {
      try own(
        throwInto(object) { generator in
          try? GeneratorTypes.throwArguments(generator, args, count).give()
        })
    }
  }

  /// Raises in the generator where it stands; nil with an exception ends the awaitable.
  private static func throwInto(_ object: Ref, _ raiseIn: (Ref) -> Ref?) -> Ref? {
    let state = view(object)
    if state.pointee.state == AwaitableState.closed.rawValue {
      _ = raise(.runtimeError, "cannot reuse already awaited __anext__()/asend()")
      return nil
    }
    if state.pointee.state == AwaitableState.initial.rawValue, !begin(object) { return nil }
    let generator = state.pointee.generator
    let result = AsyncGenerator.unwrap(generator, raiseIn(generator))
    if result == nil { state.pointee.state = AwaitableState.closed.rawValue }
    return result
  }

  static let closeMethod: Method = .noargs("close($self, /)", "End the awaitable.") { object, _ in
    let state = view(object)
    if state.pointee.state == AwaitableState.closed.rawValue { return noneObject() }
    return closeOutcome(
      throwInto(object) { PyGenerator.throw($0, .generatorExit, nil, nil) })
  }

  /// What `close()` of an awaitable comes to after GeneratorExit was thrown.
  static func closeOutcome(_ result: Ref?) -> Ref? {
    if let result {
      Py_DECREF(result)
      _ = raise(.runtimeError, "coroutine ignored GeneratorExit")
      return nil
    }
    if PyErr_ExceptionMatches(.stopIteration) != 0
      || PyErr_ExceptionMatches(.stopAsyncIteration) != 0
      || PyErr_ExceptionMatches(.generatorExit) != 0
    {
      PyErr_Clear()
      return noneObject()
    }
    return nil
  }

  static let spec = TypeSpec(
    asyncGenASendType(), "async_generator_asend", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        if PyObject_CallFinalizerFromDealloc(object) != 0 { return }
        PyObject_GC_UnTrack(object)
        Py_DECREF(view(object).pointee.generator)
        Py_XDECREF(view(object).pointee.value)
        PyObject_GC_Del(object)
      },
      .tp_finalize { object in
        guard view(object).pointee.state == AwaitableState.initial.rawValue else { return }
        NeverAwaited.warn(object, view(object).pointee.generator, "asend")
      },
      .tp_traverse { object, visit, argument in
        let status = visit(view(object).pointee.generator, argument)
        if status != 0 { return status }
        return view(object).pointee.value.map { visit($0, argument) } ?? 0
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { send($0, noneObject()) },
      .am_await(PyObject_SelfIter),
    ],
    methods: [sendMethod, throwMethod, closeMethod])
}

/// Warns of an awaitable of an asynchronous generator that nobody awaited.
enum NeverAwaited {
  static func warn(_ object: Ref, _ generator: Ref, _ method: String) {
    let pending = PyErr_GetRaisedException()
    defer { PyErr_SetRaisedException(pending) }
    let name = generator.view(PyGenObject.self).pointee.gi_qualname
    let shown = name.flatMap { PyObject_Repr($0) }
    defer { Py_XDECREF(shown) }
    let message =
      "coroutine method '\(method)' of \(shown.map { text(of: $0) } ?? "?") was never awaited"
    if PyErr_WarnEx(.runtimeWarning, message, 1) < 0 { PyErr_WriteUnraisable(object) }
  }
}

/// async_generator_athrow: raises inside the generator (`athrow`) or closes it (`aclose`).
enum AthrowAwaitable {
  struct Layout {
    var base: PyObject
    var generator: Ref
    /// The arguments of `athrow`; nil for `aclose`.
    var arguments: Ref?
    var state: Int32
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> {
    object.view(Layout.self)
  }

  static func make(_ generator: Ref, _ arguments: Ref?) -> Ref? {
    guard let object = _PyObject_GC_New(asyncGenAThrowType()) else { return nil }
    Py_INCREF(generator)
    if let arguments { Py_INCREF(arguments) }
    view(object).pointee.generator = generator
    view(object).pointee.arguments = arguments
    view(object).pointee.state = AwaitableState.initial.rawValue
    PyObject_GC_Track(object)
    return object
  }

  private static func raiseReuse() -> Ref? {
    _ = raise(.runtimeError, "cannot reuse already awaited aclose()/athrow()")
    return nil
  }

  static func send(_ object: Ref, _ argument: Ref) -> Ref? {
    let state = view(object)
    let generatorObject = state.pointee.generator
    let generator = generatorObject.view(PyGenObject.self)
    if state.pointee.state == AwaitableState.closed.rawValue { return raiseReuse() }
    if PyGenerator.state(generatorObject) >= FRAME_COMPLETED {
      state.pointee.state = AwaitableState.closed.rawValue
      PyErr_SetObject(.stopIteration, nil)
      return nil
    }
    var result: Ref?
    if state.pointee.state == AwaitableState.initial.rawValue {
      if generator.pointee.gi_running_async != 0 {
        state.pointee.state = AwaitableState.closed.rawValue
        _ = raise(
          .runtimeError,
          state.pointee.arguments == nil
            ? "aclose(): asynchronous generator is already running"
            : "athrow(): asynchronous generator is already running")
        return nil
      }
      if generator.pointee.gi_closed != 0 {
        state.pointee.state = AwaitableState.closed.rawValue
        PyErr_SetObject(.stopAsyncIteration, nil)
        return nil
      }
      guard argument.isNone else {
        _ = raise(.runtimeError, "can't send non-None value to a just-started coroutine")
        return nil
      }
      state.pointee.state = AwaitableState.iterating.rawValue
      generator.pointee.gi_running_async = 1
      if let arguments = state.pointee.arguments {
        let count = apus_var_size(arguments)
        do { try checkPositional("athrow", count, least: 1, most: 3) } catch {
          return finish(state, generator)
        }
        result = PyGenerator.throw(
          generatorObject, apus_tuple_item(arguments, 0),
          count > 1 ? apus_tuple_item(arguments, 1) : nil,
          count > 2 ? apus_tuple_item(arguments, 2) : nil, closesOnExit: false)
        result = AsyncGenerator.unwrap(generatorObject, result)
      } else {
        generator.pointee.gi_closed = 1
        result = PyGenerator.throw(
          generatorObject, .generatorExit, nil, nil, closesOnExit: false)
        if let yielded = result, yielded.type == asyncGenWrappedValueType() {
          Py_DECREF(yielded)
          return raiseIgnored(generator, state)
        }
      }
      if result == nil { return finish(state, generator) }
      return result
    }
    result = PyGenerator.send(generatorObject, argument)
    if state.pointee.arguments != nil {
      result = AsyncGenerator.unwrap(generatorObject, result)
      if result == nil { state.pointee.state = AwaitableState.closed.rawValue }
      return result
    }
    if let yielded = result {
      if yielded.type == asyncGenWrappedValueType() {
        Py_DECREF(yielded)
        return raiseIgnored(generator, state)
      }
      return yielded
    }
    return finish(state, generator)
  }

  private static func raiseIgnored(
    _ generator: GeneratorRef, _ state: UnsafeMutablePointer<Layout>
  ) -> Ref? {
    generator.pointee.gi_running_async = 0
    state.pointee.state = AwaitableState.closed.rawValue
    _ = raise(.runtimeError, "async generator ignored GeneratorExit")
    return nil
  }

  /// The end of the generator: for `aclose` its exceptions mean success.
  private static func finish(
    _ state: UnsafeMutablePointer<Layout>, _ generator: GeneratorRef
  ) -> Ref? {
    generator.pointee.gi_running_async = 0
    state.pointee.state = AwaitableState.closed.rawValue
    if state.pointee.arguments == nil,
      PyErr_ExceptionMatches(.stopAsyncIteration) != 0
        || PyErr_ExceptionMatches(.generatorExit) != 0
    {
      PyErr_Clear()
      PyErr_SetObject(.stopIteration, nil)
    }
    return nil
  }

  static let sendMethod: Method = .o("send($self, object, /)", "Go on with a value.") { send($0, $1) }

  static let throwMethod: Method = .fast("throw", "Raise an exception where it stands.") {
    object, args, count in
    new {
      try own(
        throwInto(object) { generator in
          try? GeneratorTypes.throwArguments(generator, args, count).give()
        })
    }
  }

  /// Raises in the generator where it stands; nil with an exception ends the awaitable.
  private static func throwInto(_ object: Ref, _ raiseIn: (Ref) -> Ref?) -> Ref? {
    let state = view(object)
    let generatorObject = state.pointee.generator
    let generator = generatorObject.view(PyGenObject.self)
    if state.pointee.state == AwaitableState.closed.rawValue { return raiseReuse() }
    if state.pointee.state == AwaitableState.initial.rawValue {
      if generator.pointee.gi_running_async != 0 {
        state.pointee.state = AwaitableState.closed.rawValue
        _ = raise(
          .runtimeError,
          state.pointee.arguments == nil
            ? "aclose(): asynchronous generator is already running"
            : "athrow(): asynchronous generator is already running")
        return nil
      }
      state.pointee.state = AwaitableState.iterating.rawValue
      generator.pointee.gi_running_async = 1
    }
    let thrown = raiseIn(generatorObject)
    if state.pointee.arguments != nil {
      let result = AsyncGenerator.unwrap(generatorObject, thrown)
      if result == nil { state.pointee.state = AwaitableState.closed.rawValue }
      return result
    }
    guard let yielded = thrown else { return finish(state, generator) }
    if yielded.type == asyncGenWrappedValueType() {
      Py_DECREF(yielded)
      return raiseIgnored(generator, state)
    }
    return yielded
  }

  static let closeMethod: Method = .noargs("close($self, /)", "End the awaitable.") { object, _ in
    if view(object).pointee.state == AwaitableState.closed.rawValue { return noneObject() }
    return AsendAwaitable.closeOutcome(
      throwInto(object) { PyGenerator.throw($0, .generatorExit, nil, nil) })
  }

  static let spec = TypeSpec(
    asyncGenAThrowType(), "async_generator_athrow", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        if PyObject_CallFinalizerFromDealloc(object) != 0 { return }
        PyObject_GC_UnTrack(object)
        Py_DECREF(view(object).pointee.generator)
        Py_XDECREF(view(object).pointee.arguments)
        PyObject_GC_Del(object)
      },
      .tp_finalize { object in
        guard view(object).pointee.state == AwaitableState.initial.rawValue else { return }
        NeverAwaited.warn(
          object, view(object).pointee.generator,
          view(object).pointee.arguments == nil ? "aclose" : "athrow")
      },
      .tp_traverse { object, visit, argument in
        let status = visit(view(object).pointee.generator, argument)
        if status != 0 { return status }
        return view(object).pointee.arguments.map { visit($0, argument) } ?? 0
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { send($0, noneObject()) },
      .am_await(PyObject_SelfIter),
    ],
    methods: [sendMethod, throwMethod, closeMethod])
}

/// anext_awaitable: `anext(iterator, default)`. CPython: Objects/iterobject.c.
enum AnextAwaitable {
  struct Layout {
    var base: PyObject
    var wrapped: Ref
    var fallback: Ref
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> {
    object.view(Layout.self)
  }

  static func make(_ awaitable: Ref, _ fallback: Ref) -> Ref? {
    guard let object = _PyObject_GC_New(anextAwaitableType()) else { return nil }
    Py_INCREF(awaitable)
    Py_INCREF(fallback)
    view(object).pointee.wrapped = awaitable
    view(object).pointee.fallback = fallback
    PyObject_GC_Track(object)
    return object
  }

  /// The iterator that drives the wrapped awaitable (new).
  private static func iterator(_ object: Ref) -> Ref? {
    guard let iterator = Awaitables.iterator(of: view(object).pointee.wrapped) else { return nil }
    guard iterator.type == coroutineType() else { return iterator }
    defer { Py_DECREF(iterator) }
    return CoroutineWrapper.make(iterator)
  }

  /// An end of the iteration gives the default.
  private static func settle(_ object: Ref, _ result: Ref?) -> Ref? {
    if result != nil { return result }
    if PyErr_ExceptionMatches(.stopAsyncIteration) != 0 {
      PyErr_Clear()
      PyGenerator.setStopIteration(view(object).pointee.fallback)
    }
    return nil
  }

  private static func forward(
    _ object: Ref, _ method: String, _ args: UnsafePointer<Ref>?, _ count: Int
  ) -> Ref? {
    guard let iterator = iterator(object) else { return nil }
    defer { Py_DECREF(iterator) }
    guard let bound = method.withCString({ PyObject_GetAttrString(iterator, $0) }) else {
      return nil
    }
    defer { Py_DECREF(bound) }
    return settle(object, PyObject_Vectorcall(bound, args, count, nil))
  }

  static let spec = TypeSpec(
    anextAwaitableType(), "anext_awaitable", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_DECREF(view(object).pointee.wrapped)
        Py_DECREF(view(object).pointee.fallback)
        PyObject_GC_Del(object)
      },
      .tp_traverse { object, visit, argument in
        let status = visit(view(object).pointee.wrapped, argument)
        return status != 0 ? status : visit(view(object).pointee.fallback, argument)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { object in
        guard let iterator = iterator(object) else { return nil }
        defer { Py_DECREF(iterator) }
        guard let next = iterator.type.pointee.tp_iternext else {
          _ = raise(
            .typeError,
            "__anext__ returned a non-iterable object of type '\(iterator.type.fullName)'")
          return nil
        }
        return settle(object, next(iterator))
      },
      .am_await(PyObject_SelfIter),
    ],
    methods: [
      Method.fast("send($self, object, /)", "Go on with a value.") { forward($0, "send", $1, $2) },
      Method.fast("throw", "Raise an exception where it stands.") { forward($0, "throw", $1, $2) },
      Method.fast("close", "End the awaitable.") { forward($0, "close", $1, $2) },
    ])
}
