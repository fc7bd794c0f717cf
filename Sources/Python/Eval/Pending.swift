import CPythonABI
import Objects

/// What runs between instructions: the collector, signals, pending calls, other threads.
/// CPython: Python/ceval_gil.c, _Py_HandlePending.
enum Pending {
  /// What waits gets its turn when a loop turns: before a jump of so many instructions, behind which
  /// `pc` stands. Before, because what a signal raises belongs to the loop and the blocks it lies in,
  /// not to what stands before its first instruction. False when an exception is set.
  @inline(__always)
  static func settle(
    _ thread: ThreadRef, _ frame: FrameRef, _ pc: InstructionRef, beforeJump offset: Int
  ) -> Bool {
    if offset >= 0 || thread.pointee.eval_breaker == 0 { return true }
    frame.pointee.instr_ptr = pc - 1
    return handle(thread)
  }

  /// False when an exception is set.
  @inline(never)
  static func handle(_ thread: ThreadRef) -> Bool {
    let breaker = thread.pointee.eval_breaker
    if breaker & UInt(APUS_BREAK_SIGNALS) != 0 && Signals.handle(thread) < 0 { return false }
    if breaker & UInt(APUS_BREAK_PENDING_CALLS) != 0 && PendingCalls.run(thread) < 0 {
      return false
    }
    if breaker & UInt(APUS_BREAK_GC) != 0 {
      _Py_RunGC(thread)
    }
    if breaker & UInt(APUS_BREAK_GIL_DROP_REQUEST) != 0 { GIL.yield(thread) }
    if breaker & UInt(APUS_BREAK_ASYNC_EXCEPTION) != 0 {
      thread.pointee.eval_breaker &= ~UInt(APUS_BREAK_ASYNC_EXCEPTION)
      if let exception = thread.pointee.async_exc {
        thread.pointee.async_exc = nil
        PyErr_SetObject(exception, nil)
        Py_DECREF(exception)
        return false
      }
    }
    return true
  }
}

/// The bounds of the native stack.
enum NativeStack {
  /// RecursionError for a call that the native stack has no room for; the frame goes.
  @inline(never)
  static func overflow(_ thread: ThreadRef, _ frame: FrameRef) -> Ref? {
    _ = raise(.recursionError, "maximum recursion depth exceeded")
    thread.pointee.current_frame = frame.pointee.previous
    thread.pointee.py_recursion_remaining &+= 1
    if frame.pointee.owner == CChar(FRAME_OWNED_BY_GENERATOR) {
      Generators.finishRaised(thread, frame)
    } else {
      Frame.clear(thread, frame)
    }
    return nil
  }
}
