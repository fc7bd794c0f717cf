import CPythonABI
import Objects

/// Raising, finding handlers, and the exception being handled. On the value stack an exception takes
/// three entries: traceback, value, type (top), as in CPython 3.10.
enum Unwinding {
  /// What RAISE_VARARGS came to.
  enum RaiseOutcome {
    /// A new exception: this frame gets a traceback entry.
    case raised
    /// The one being handled goes on, with the traceback it has.
    case reraised
  }

  /// Puts the frame on the traceback of the exception on its way.
  @inline(never)
  static func addTraceback(_ thread: ThreadRef, _ frame: FrameRef, _ code: CodeRef) {
    guard let exception = PyErr_GetRaisedException() else {
      _ = Objects.raise(.systemError, "error return without exception set")
      return
    }
    let base = exception.view(PyBaseExceptionObject.self)
    guard
      let entry = Tracebacks.make(
        next: base.pointee.traceback, frame: frame,
        lasti: Int32(truncatingIfNeeded: Frame.instructionIndex(frame) * 2))
    else {
      // Out of memory while noting where: the newer exception stands.
      Py_DECREF(exception)
      return
    }
    base.pointee.traceback = entry
    PyErr_SetRaisedException(exception)
  }

  /// Unwinds the value stack, whose end is `sp`, to the innermost handler of the frame, pushes the
  /// exception for it and makes the frame stand there. False when there is none: the stack is empty
  /// then and the exception still set.
  @inline(never)
  static func enterHandler(
    _ thread: ThreadRef, _ frame: FrameRef, _ code: CodeRef, _ sp: StackRef
  ) -> Bool {
    var sp = sp
    let locals = apus_frame_locals(frame)
    let base = locals + Int(code.pointee.co_nlocalsplus)
    let instructions = code.pointee.co_instructions.unsafelyUnwrapped
    var block: Int32 = -1
    let index = frame.pointee.instr_ptr.unsafelyUnwrapped - instructions
    if index >= 0 && index < Int(code.pointee.co_ninstructions) {
      if code.pointee.co_blockmap == nil {
        let pending = PyErr_GetRaisedException()
        do {
          block = try BlockTable.block(in: code, at: index)
          PyErr_SetRaisedException(pending)
        } catch {
          // Without the table no handler is found: the MemoryError goes on.
          Py_XDECREF(pending)
        }
      } else {
        block = code.pointee.co_blockmap.unsafelyUnwrapped[index]
      }
    }
    while block >= 0 {
      let entry = code.pointee.co_blocks.unsafelyUnwrapped[Int(block)]
      if entry.kind == BlockTable.handlerBlock {
        let level = base + Int(entry.level) + 3
        pop(&sp, to: level)
        if sp == level { sp = restoreHandled(thread, sp) }
        block = entry.parent
        continue
      }
      pop(&sp, to: base + Int(entry.level))
      sp = pushForHandler(thread, sp)
      frame.pointee.instr_ptr = instructions + Int(entry.handler)
      frame.endStack(at: sp)
      return true
    }
    pop(&sp, to: base)
    return false
  }

  /// Lets a frame that an exception leaves appear to be where it was raised, not in the code that
  /// cleaned up after it.
  static func restorePlace(_ thread: ThreadRef, _ frame: FrameRef, _ code: CodeRef) {
    guard let exception = thread.pointee.current_exception, exception.isException,
      let entry = exception.view(PyBaseExceptionObject.self).pointee.traceback,
      entry.type == tracebackType(), let object = frame.pointee.frame_obj
    else { return }
    let traceback = entry.view(PyTracebackObject.self)
    guard traceback.pointee.tb_frame == PyFrameObjects.asObject(object),
      traceback.pointee.tb_lasti >= 0,
      Int(traceback.pointee.tb_lasti) / 2 < Int(code.pointee.co_ninstructions)
    else { return }
    frame.pointee.instr_ptr =
      code.pointee.co_instructions.unsafelyUnwrapped + Int(traceback.pointee.tb_lasti) / 2
  }

  @inline(__always)
  private static func pop(_ sp: inout StackRef, to level: StackRef) {
    while sp > level {
      sp -= 1
      if let value = sp[0] { Py_DECREF(value) }
    }
  }

  /// Pushes the exception handled until now, then the one on its way, which is handled from here on.
  private static func pushForHandler(_ thread: ThreadRef, _ sp: StackRef) -> StackRef {
    let info = thread.pointee.exc_info
    var sp = sp
    push(&sp, info.pointee.exc_value)
    info.pointee.exc_value = nil
    let exception = thread.pointee.current_exception
    thread.pointee.current_exception = nil
    if let exception { Py_INCREF(exception) }
    info.pointee.exc_value = exception
    push(&sp, exception)
    return sp
  }

  /// Pushes traceback, value, type of an exception (or three Nones), taking its reference over.
  @inline(__always)
  private static func push(_ sp: inout StackRef, _ exception: Ref?) {
    if let exception, !exception.isNone {
      let traceback = exception.view(PyBaseExceptionObject.self).pointee.traceback ?? noneObject()
      Py_INCREF(traceback)
      let type = exception.type.object
      Py_INCREF(type)
      sp[0] = traceback
      sp[1] = exception
      sp[2] = type
    } else {
      sp[0] = noneObject()
      sp[1] = noneObject()
      sp[2] = noneObject()
    }
    sp += 3
  }

  /// POP_EXCEPT: pops traceback, value, type and makes the value the exception being handled.
  @inline(__always)
  static func restoreHandled(_ thread: ThreadRef, _ sp: StackRef) -> StackRef {
    let info = thread.pointee.exc_info
    let old = info.pointee.exc_value
    var value = sp[-2]
    // None, or in code made by hand anything.
    if let other = value, !other.isException {
      value = nil
      Py_DECREF(other)
    }
    info.pointee.exc_value = value
    if let type = sp[-1] { Py_DECREF(type) }
    if let traceback = sp[-3] { Py_DECREF(traceback) }
    if let old { Py_DECREF(old) }
    return sp - 3
  }

  /// Pops traceback, value, type and sets the value as the exception on its way.
  @inline(never)
  static func reraise(_ thread: ThreadRef, _ sp: StackRef) -> StackRef {
    let type = sp[-1]
    let value = sp[-2].unsafelyUnwrapped
    let traceback = sp[-3]
    Py_XDECREF(type)
    if let traceback {
      if value.isException, traceback.isNone || traceback.type == tracebackType() {
        _ = PyException_SetTraceback(value, traceback)
      }
      Py_DECREF(traceback)
    }
    reraise(value)
    return sp - 3
  }

  /// Sets an exception as the one on its way, taking the reference over.
  @inline(never)
  static func reraise(_ value: Ref) {
    if value.isException {
      PyErr_SetRaisedException(value)
    } else {
      _ = Objects.raise(.typeError, "exceptions must derive from BaseException")
      Py_DECREF(value)
    }
  }

  /// RAISE_VARARGS. Takes the stack entries over.
  @inline(never)
  static func raise(_ thread: ThreadRef, _ sp: StackRef, _ count: UInt32) -> RaiseOutcome {
    switch count {
    case 0:
      guard let handled = handledException(thread) else {
        _ = Objects.raise(.runtimeError, "No active exception to reraise")
        return .raised
      }
      Py_INCREF(handled)
      PyErr_SetRaisedException(handled)
      return .reraised
    case 1, 2:
      let cause: Ref? = count == 2 ? sp[-1] : nil
      let exception = sp[count == 2 ? -2 : -1].unsafelyUnwrapped
      do { try raise(Owned(adopting: exception), cause) } catch {}
    default:
      _ = Objects.raise(.systemError, "bad RAISE_VARARGS oparg")
    }
    return .raised
  }

  @inline(never)
  private static func raise(_ exception: consuming Owned, _ cause: Ref?) throws(Raised) {
    var cause = cause
    defer { if let cause { Py_DECREF(cause) } }
    let value: Owned
    if exception.ref.isType && isExceptionClass(exception.ref) {
      value = try own(PyObject_CallNoArgs(exception.ref))
      guard value.ref.isException else {
        throw Objects.raise(
          .typeError,
          "calling \(repr(exception.ref)) should have returned an instance of BaseException, "
            + "not \(repr(value.ref.type.object))")
      }
    } else if exception.ref.isException {
      value = exception
    } else {
      throw Objects.raise(.typeError, "exceptions must derive from BaseException")
    }
    if let given = cause {
      cause = nil
      if given.isType && isExceptionClass(given) {
        let causeClass = Owned(adopting: given)
        let owned = try own(PyObject_CallNoArgs(causeClass.ref))
        guard owned.ref.isException else {
          throw Objects.raise(
            .typeError,
            "calling \(repr(causeClass.ref)) should have returned an instance of BaseException, "
              + "not \(repr(owned.ref.type.object))")
        }
        PyException_SetCause(value.ref, owned.give())
      } else if given.isException {
        PyException_SetCause(value.ref, given)
      } else if given.isNone {
        PyException_SetCause(value.ref, nil)
      } else {
        Py_DECREF(given)
        throw Objects.raise(.typeError, "exception causes must derive from BaseException")
      }
    }
    PyErr_SetObject(value.ref.type.object, value.ref)
  }

  static func isExceptionClass(_ object: Ref) -> Bool {
    object.isType && object.asType.pointee.tp_flags & (1 << 30) != 0
  }

  private static func repr(_ object: Ref) -> String {
    guard let text = PyObject_Repr(object) else {
      PyErr_Clear()
      return "?"
    }
    defer { Py_DECREF(text) }
    return Objects.text(of: text)
  }

  /// The innermost exception being handled in the thread, borrowed.
  static func handledException(_ thread: ThreadRef) -> Ref? {
    var info: UnsafeMutablePointer<_PyErr_StackItem>? = thread.pointee.exc_info
    while let item = info {
      if let value = item.pointee.exc_value, !value.isNone { return value }
      info = item.pointee.previous_item
    }
    return nil
  }

  /// Whether an exception class is caught by a pattern: 1, 0, or -1 when the pattern cannot catch.
  @inline(never)
  static func matches(_ raised: Ref, _ pattern: Ref) -> Int32 {
    if pattern.isTuple {
      for index in 0..<apus_var_size(pattern)
      where !isExceptionClass(apus_tuple_item(pattern, index)) {
        return refusePattern()
      }
    } else if !isExceptionClass(pattern) {
      return refusePattern()
    }
    return PyErr_GivenExceptionMatches(raised, pattern)
  }

  private static func refusePattern() -> Int32 {
    _ = Objects.raise(
      .typeError, "catching classes that do not inherit from BaseException is not allowed")
    return -1
  }
}
