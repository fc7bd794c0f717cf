import CPythonABI
import Objects

extension UnsafeMutablePointer where Pointee == _PyInterpreterFrame {
  /// The variables: locals, cells, free variables; then the value stack.
  @inline(__always) var locals: StackRef { apus_frame_locals(self) }
  /// Notes where the value stack ends.
  @inline(__always) func endStack(at sp: StackRef) {
    // A shift of the unsigned distance: `sp - locals` would round towards zero.
    let words = (UInt(bitPattern: sp) &- UInt(bitPattern: self)) >> 3
    pointee.stacktop = Int32(truncatingIfNeeded: words) &- Int32(Frame.headerWords)
  }

  /// The code that runs.
  @inline(__always) var code: CodeRef { Frame.code(self) }
}

/// Making, filling and clearing activations.
enum Frame {
  /// Words before `localsplus`.
  static let headerWords = 9
  /// Where a frame object holds the frame it took over (`_f_frame_data`), in bytes.
  static let embeddedOffset = 64
  /// The frame was entered from native code: its return leaves the eval loop.
  static let enteredFromNative: CChar = 1
  /// A trace function is being told of a line of this frame: it may set `f_lineno`.
  static let inLineEvent: CChar = 2
  /// A trace function is being told of an instruction or of the end of this frame: `stacktop` is right
  /// and everything below it alive.
  static let stackIsKnown: CChar = 8
  /// The frame runs `__init__` for a call of a class: the new object, which lies on the caller's
  /// stack already, is the call's result, not what the frame returns.
  static let initializesInstance: CChar = 4

  /// Fills the header of a new frame. Takes over the reference to `function`.
  @inline(__always)
  static func initialize(
    _ frame: FrameRef, code: CodeRef, function: UnsafeMutablePointer<PyFunctionObject>,
    instructions: InstructionRef?
  ) {
    let codeObject = UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)
    Py_INCREF(codeObject)
    frame.pointee.f_executable = codeObject
    frame.pointee.f_funcobj = UnsafeMutableRawPointer(function)
      .assumingMemoryBound(to: PyObject.self)
    frame.pointee.f_globals = function.pointee.func_globals
    frame.pointee.f_builtins = function.pointee.func_builtins
    frame.pointee.f_locals = nil
    frame.pointee.frame_obj = nil
    frame.pointee.instr_ptr = instructions
    frame.pointee.stacktop = 0
    frame.pointee.return_offset = 0
    frame.pointee.owner = CChar(FRAME_OWNED_BY_THREAD)
    frame.pointee.flags = 0
  }

  /// `endStack` out of the way: where it is rare, so that it leaves no trace in the common path.
  @inline(never)
  static func noteStack(_ frame: FrameRef, _ sp: StackRef) { frame.endStack(at: sp) }

  /// Makes `next`, whose arguments are in place, the frame that runs instead of `frame`, which
  /// stands before `pc` with its stack ending at `sp`. False when something waits or somebody
  /// listens, who must hear of the start.
  @inline(__always)
  static func enter(
    _ thread: ThreadRef, _ next: FrameRef, from frame: inout FrameRef, _ sp: inout StackRef,
    _ pc: inout InstructionRef
  ) -> Bool {
    frame.pointee.instr_ptr = pc - 1
    frame.endStack(at: sp)
    let code = next.code
    frame = next
    sp = next.locals + Int(code.pointee.co_nlocalsplus)
    pc = code.pointee.co_instructions.unsafelyUnwrapped
    if thread.pointee.eval_breaker == 0 && !Tracing.isOn(thread) { return true }
    noteStack(frame, sp)
    return false
  }

  @inline(__always) static func code(_ frame: FrameRef) -> CodeRef {
    UnsafeMutableRawPointer(frame.pointee.f_executable.unsafelyUnwrapped)
      .assumingMemoryBound(to: PyCodeObject.self)
  }

  /// Ends a frame: drops what it holds and, when it lives on the data stack, its room.
  /// The value stack must be empty.
  @inline(__always)
  static func clear(_ thread: ThreadRef, _ frame: FrameRef) {
    if frame.pointee.owner == CChar(FRAME_OWNED_BY_THREAD) {
      clearContent(frame, code(frame))
      DataStack.pop(thread, frame)
    } else {
      clearGeneratorFrame(frame)
    }
  }

  @inline(never)
  private static func clearGeneratorFrame(_ frame: FrameRef) {
    clearContent(frame, code(frame))
  }

  /// Drops locals, code and function. A frame object that others still hold takes the content over.
  @inline(__always)
  static func clearContent(_ frame: FrameRef, _ code: CodeRef) {
    if let object = frame.pointee.frame_obj {
      if detach(frame, object) { return }
    }
    let locals = apus_frame_locals(frame)
    let count = Int(code.pointee.co_nlocalsplus)
    var index = 0
    while index < count {
      if let value = locals[index] { Py_DECREF(value) }
      index &+= 1
    }
    if let mapping = frame.pointee.f_locals { Py_DECREF(mapping) }
    if let function = frame.pointee.f_funcobj { Py_DECREF(function) }
    Py_DECREF(frame.pointee.f_executable.unsafelyUnwrapped)
  }

  /// Separates a frame from its frame object. True when the object took the content.
  @inline(never)
  private static func detach(
    _ frame: FrameRef, _ object: UnsafeMutablePointer<PyFrameObject>
  ) -> Bool {
    let asObject = UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
    if asObject.pointee.ob_refcnt > 1 {
      frameObjectTakesOver(object, frame)
      Py_DECREF(asObject)
      return true
    }
    frame.pointee.frame_obj = nil
    Py_DECREF(asObject)
    return false
  }

  /// Moves the content of an ending frame into its frame object, which outlives it.
  private static func frameObjectTakesOver(
    _ object: UnsafeMutablePointer<PyFrameObject>, _ frame: FrameRef
  ) {
    let words = headerWords + Int(code(frame).pointee.co_nlocalsplus)
    let target = UnsafeMutableRawPointer(object).advanced(by: embeddedOffset)
      .assumingMemoryBound(to: _PyInterpreterFrame.self)
    UnsafeMutableRawPointer(target).copyMemory(from: frame, byteCount: words * 8)
    target.pointee.owner = CChar(FRAME_OWNED_BY_FRAME_OBJECT)
    target.pointee.previous = nil
    target.pointee.frame_obj = object
    target.pointee.stacktop = code(frame).pointee.co_nlocalsplus
    object.pointee.f_frame = target
    // The chain of frame objects replaces the chain of frames.
    if let previous = callerFrame(frame), object.pointee.f_back == nil {
      // Frames end with an exception on its way, too.
      let pending = PyErr_GetRaisedException()
      defer { PyErr_SetRaisedException(pending) }
      if let back = PyFrameObjects.object(for: previous) {
        Py_INCREF(UnsafeMutableRawPointer(back).assumingMemoryBound(to: PyObject.self))
        object.pointee.f_back = back
      } else {
        PyErr_Clear()
      }
    }
    let asObject = UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
    if _PyObject_GC_IS_TRACKED(asObject) == 0 { PyObject_GC_Track(object) }
  }

  /// The next frame below that runs Python code.
  static func callerFrame(_ frame: FrameRef) -> FrameRef? { frame.pointee.previous }

  /// Index of the instruction the frame is at.
  static func instructionIndex(_ frame: FrameRef) -> Int {
    guard let start = code(frame).pointee.co_instructions, let at = frame.pointee.instr_ptr else {
      return -1
    }
    return at - start
  }
}
