import CPythonABI
import Objects

typealias GeneratorRef = UnsafeMutablePointer<PyGenObject>

/// Generators, coroutines and asynchronous generators as the eval loop sees them: their frame lies
/// inside the object and is linked into the frame chain only while it runs.
enum Generators {
  /// Bytes before the frame.
  static let frameOffset = 72

  static func object(of frame: FrameRef) -> GeneratorRef {
    (UnsafeMutableRawPointer(frame) - frameOffset).assumingMemoryBound(to: PyGenObject.self)
  }

  private static func asObject(_ generator: GeneratorRef) -> Ref {
    UnsafeMutableRawPointer(generator).assumingMemoryBound(to: PyObject.self)
  }

  /// A generator of the kind the code's flags say, which takes over what the frame holds.
  @inline(never)
  static func make(
    _ frame: FrameRef, _ code: CodeRef, _ function: UnsafeMutablePointer<PyFunctionObject>
  ) -> Ref? {
    guard let object = allocate(code, function) else { return nil }
    let moved = Frame.headerWords + Int(code.pointee.co_nlocalsplus)
    UnsafeMutableRawPointer(apus_gen_frame(object)).copyMemory(from: frame, byteCount: moved * 8)
    return start(object, code) ? object : nil
  }

  /// A generator whose frame is still to be filled; the collector does not know it yet.
  static func allocate(
    _ code: CodeRef, _ function: UnsafeMutablePointer<PyFunctionObject>
  ) -> Ref? {
    let flags = code.pointee.co_flags
    let type =
      flags & 0x200 != 0 ? asyncGeneratorType() : flags & 0x80 != 0 ? coroutineType() : generatorType()
    let words = Int(code.pointee.co_framesize)
    guard let memory = _PyObject_GC_NewVar(type, words) else { return nil }
    let object = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: PyObject.self)
    let generator = object.view(PyGenObject.self)
    generator.pointee.gi_weakreflist = nil
    let name = function.pointee.func_name.unsafelyUnwrapped
    let qualifiedName = function.pointee.func_qualname.unsafelyUnwrapped
    Py_INCREF(name)
    Py_INCREF(qualifiedName)
    generator.pointee.gi_name = name
    generator.pointee.gi_qualname = qualifiedName
    generator.pointee.gi_exc_state.exc_value = nil
    generator.pointee.gi_exc_state.previous_item = nil
    generator.pointee.gi_origin_or_finalizer = nil
    generator.pointee.gi_hooks_inited = 0
    generator.pointee.gi_closed = 0
    generator.pointee.gi_running_async = 0
    generator.pointee.gi_frame_state = Int8(FRAME_CREATED)
    return object
  }

  /// Hands a generator with a filled frame to the collector. False, with the generator gone, when
  /// an exception is set.
  static func start(_ object: Ref, _ code: CodeRef) -> Bool {
    let frame = apus_gen_frame(object)
    frame.pointee.owner = CChar(FRAME_OWNED_BY_GENERATOR)
    frame.pointee.previous = nil
    apus_gc_track(object)
    if code.pointee.co_flags & 0x80 != 0 {
      let depth = Int(apus_tstate().pointee.coroutine_origin_tracking_depth)
      if depth > 0 {
        guard let origin = CoroutineOrigin.make(depth: depth) else {
          Py_DECREF(object)
          return false
        }
        object.view(PyGenObject.self).pointee.gi_origin_or_finalizer = origin
      }
    }
    return true
  }

  // MARK: Running

  /// Links the frame on top of `from` and hands it the value sent. The caller has counted the
  /// recursion.
  @inline(__always)
  static func resume(
    _ thread: ThreadRef, _ generator: GeneratorRef, _ frame: FrameRef, from caller: FrameRef?,
    sending value: Ref
  ) {
    if generator.pointee.gi_frame_state != Int8(FRAME_CREATED) {
      frame.pointee.instr_ptr = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
    }
    Py_INCREF(value)
    let stack = apus_frame_locals(frame) + Int(frame.pointee.stacktop)
    stack[0] = value
    frame.pointee.stacktop &+= 1
    link(thread, generator, frame, from: caller)
  }

  /// Links the frame on top of `from` without sending anything: to raise in it.
  @inline(__always)
  static func link(
    _ thread: ThreadRef, _ generator: GeneratorRef, _ frame: FrameRef, from caller: FrameRef?
  ) {
    frame.pointee.flags = 0
    generator.pointee.gi_frame_state = Int8(FRAME_EXECUTING)
    generator.pointee.gi_exc_state.previous_item = thread.pointee.exc_info
    thread.pointee.exc_info = exceptionState(generator)
    frame.pointee.previous = caller
    thread.pointee.current_frame = frame
  }

  @inline(__always)
  private static func exceptionState(
    _ generator: GeneratorRef
  ) -> UnsafeMutablePointer<_PyErr_StackItem> {
    (UnsafeMutableRawPointer(generator) + 40).assumingMemoryBound(to: _PyErr_StackItem.self)
  }

  /// Takes the frame out of the chain at a yield.
  @inline(__always)
  static func suspend(_ thread: ThreadRef, _ frame: FrameRef, _ state: Int32) {
    let generator = object(of: frame)
    generator.pointee.gi_frame_state = Int8(truncatingIfNeeded: state)
    thread.pointee.exc_info = generator.pointee.gi_exc_state.previous_item.unsafelyUnwrapped
    generator.pointee.gi_exc_state.previous_item = nil
    frame.pointee.previous = nil
  }

  /// Takes a value that was yielded up through frames that delegate, from `frame` on, which stands at
  /// its YIELD_FROM: the next value sent makes that run again. The frame that consumes the value, or
  /// nil when that is native code.
  @inline(never)
  static func passUp(_ thread: ThreadRef, _ frame: FrameRef) -> FrameRef? {
    var frame = frame
    while let at = frame.pointee.instr_ptr, QuickOpcode(at.pointee.opcode) == .yieldFrom {
      frame.pointee.instr_ptr = at - 1
      let caller = frame.pointee.previous
      let isEntry = frame.pointee.flags & Frame.enteredFromNative != 0
      suspend(thread, frame, FRAME_SUSPENDED_YIELD_FROM)
      thread.pointee.current_frame = caller
      thread.pointee.py_recursion_remaining &+= 1
      guard !isEntry, let caller else { return nil }
      frame = caller
    }
    return frame
  }

  /// Sends a value to any iterator. Nil when an exception is set.
  @inline(never)
  static func send(_ receiver: Ref, _ value: Ref) -> (PySendResult, Ref)? {
    var result: Ref?
    let outcome = PyIter_Send(receiver, value, &result)
    guard let result, outcome != PYGEN_ERROR else { return nil }
    return (outcome, result)
  }

  /// Ends a generator that returned.
  @inline(never)
  static func finish(_ thread: ThreadRef, _ frame: FrameRef) {
    let generator = object(of: frame)
    generator.pointee.gi_frame_state = Int8(FRAME_COMPLETED)
    thread.pointee.exc_info = generator.pointee.gi_exc_state.previous_item.unsafelyUnwrapped
    generator.pointee.gi_exc_state.previous_item = nil
    let handled = generator.pointee.gi_exc_state.exc_value
    generator.pointee.gi_exc_state.exc_value = nil
    generator.pointee.gi_frame_state = Int8(FRAME_CLEARED)
    // The generator goes on showing its code.
    Py_XINCREF(frame.pointee.f_executable)
    Frame.clearContent(frame, Frame.code(frame))
    frame.pointee.previous = nil
    Py_XDECREF(handled)
  }

  /// Ends a generator that raised. A StopIteration must not look like its end (PEP 479).
  @inline(never)
  static func finishRaised(_ thread: ThreadRef, _ frame: FrameRef) {
    let flags = Frame.code(frame).pointee.co_flags
    let pending = PyErr_GetRaisedException()
    finish(thread, frame)
    PyErr_SetRaisedException(pending)
    var message: String?
    if PyErr_ExceptionMatches(.stopIteration) != 0 {
      message =
        flags & 0x200 != 0
        ? "async generator raised StopIteration"
        : flags & 0x80 != 0 ? "coroutine raised StopIteration" : "generator raised StopIteration"
    } else if flags & 0x200 != 0 && PyErr_ExceptionMatches(.stopAsyncIteration) != 0 {
      message = "async generator raised StopAsyncIteration"
    }
    if let message, let text = newString(message) {
      _ = _PyErr_FormatFromCause(.runtimeError, text)
      Py_DECREF(text)
    }
  }

  /// Whether the exception on its way only ends an iteration; it is cleared then.
  @inline(never)
  static func endsIteration(_ thread: ThreadRef) -> Bool {
    if PyErr_ExceptionMatches(.stopIteration) == 0 { return false }
    PyErr_Clear()
    return true
  }

  // MARK: yield from, await, async for, async with

  @inline(never)
  static func yieldFromIterator(_ iterable: Ref, _ code: CodeRef) -> Ref? {
    if iterable.type == coroutineType() {
      if code.pointee.co_flags & (0x80 | 0x100) == 0 {
        _ = raise(
          .typeError, "cannot 'yield from' a coroutine object in a non-coroutine generator")
        return nil
      }
      Py_INCREF(iterable)
      return iterable
    }
    if iterable.type == generatorType() {
      Py_INCREF(iterable)
      return iterable
    }
    return PyObject_GetIter(iterable)
  }

  /// GET_AWAITABLE. The instruction before it tells whether the object came from `async with`.
  @inline(never)
  static func awaitable(_ object: Ref, before pc: InstructionRef, _ code: CodeRef) -> Ref? {
    guard let iterator = Awaitables.iterator(of: object) else {
      let at = pc - 2
      if at >= code.pointee.co_instructions.unsafelyUnwrapped,
        PyErr_ExceptionMatches(.typeError) != 0, object.type.pointee.tp_as_async == nil
          || object.type.pointee.tp_as_async.unsafelyUnwrapped.pointee.am_await == nil
      {
        let previous = QuickOpcode(at.pointee.opcode)
        if previous == .beforeAsyncWith {
          _ = raise(
            .typeError,
            "'async with' received an object from __aenter__ that does not implement __await__: "
              + object.type.fullName)
        } else if previous == .withExceptStart
          || (previous == .callFunction && QuickOpcode(at[-1].opcode) == .dupTop)
        {
          _ = raise(
            .typeError,
            "'async with' received an object from __aexit__ that does not implement __await__: "
              + object.type.fullName)
        }
      }
      return nil
    }
    if iterator.type == coroutineType() {
      let coroutine = iterator.view(PyGenObject.self)
      if coroutine.pointee.gi_frame_state == Int8(FRAME_SUSPENDED_YIELD_FROM) {
        Py_DECREF(iterator)
        _ = raise(.runtimeError, "coroutine is being awaited already")
        return nil
      }
    }
    return iterator
  }

  @inline(never)
  static func asyncIterator(_ object: Ref) -> Ref? {
    guard let getter = object.type.pointee.tp_as_async?.pointee.am_aiter else {
      _ = raise(
        .typeError,
        "'async for' requires an object with __aiter__ method, got \(object.type.fullName)")
      return nil
    }
    guard let iterator = getter(object) else { return nil }
    if iterator.type.pointee.tp_as_async?.pointee.am_anext == nil {
      _ = raise(
        .typeError,
        "'async for' received an object from __aiter__ that does not implement __anext__: "
          + iterator.type.fullName)
      Py_DECREF(iterator)
      return nil
    }
    return iterator
  }

  @inline(never)
  static func asyncNext(_ iterator: Ref) -> Ref? {
    guard let next = iterator.type.pointee.tp_as_async?.pointee.am_anext else {
      _ = raise(
        .typeError,
        "'async for' requires an iterator with __anext__ method, got \(iterator.type.fullName)")
      return nil
    }
    if iterator.type == asyncGeneratorType() { return next(iterator) }
    guard let item = next(iterator) else { return nil }
    defer { Py_DECREF(item) }
    guard let awaitable = Awaitables.iterator(of: item) else {
      if let text = newString(
        "'async for' received an invalid object from __anext__: \(item.type.fullName)")
      {
        _ = _PyErr_FormatFromCause(.typeError, text)
        Py_DECREF(text)
      }
      return nil
    }
    return awaitable
  }

  /// BEFORE_ASYNC_WITH (manager -- exit, awaitable).
  @inline(never)
  static func enterAsyncWith(_ sp: StackRef) -> Bool {
    let manager = sp[-1].unsafelyUnwrapped
    guard
      let enter = Builders.special(
        manager, id___aenter__(), asynchronous: true, missing: "")
    else { return false }
    guard
      let exit = Builders.special(
        manager, id___aexit__(), asynchronous: true, missing: " (missed __aexit__ method)")
    else {
      Py_DECREF(enter)
      return false
    }
    let result = PyObject_CallNoArgs(enter)
    Py_DECREF(enter)
    guard let result else {
      Py_DECREF(exit)
      return false
    }
    sp[-1] = exit
    sp[0] = result
    Py_DECREF(manager)
    return true
  }

  /// A value that an asynchronous generator yields, marked. Takes the reference over on success.
  @inline(never)
  static func wrap(_ value: Ref) -> Ref? {
    guard let wrapped = _PyObject_GC_New(asyncGenWrappedValueType()) else { return nil }
    (UnsafeMutableRawPointer(wrapped) + 16).storeBytes(of: value, as: Ref.self)
    PyObject_GC_Track(wrapped)
    return wrapped
  }
}
