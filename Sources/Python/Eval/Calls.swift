import CPythonABI
import Objects

/// Calls: Python functions get a frame, everything else goes through vectorcall.
enum Calls {
  typealias NoArguments = @convention(c) (Ref, Ref?) -> Ref?
  typealias OneArgument = @convention(c) (Ref?, Ref) -> Ref?
  typealias FastFunction = @convention(c) (Ref?, UnsafePointer<Ref>?, Int) -> Ref?
  typealias Fast = @convention(c) (Ref, UnsafePointer<Ref>?, Int) -> Ref?
  typealias FastKeywords = @convention(c) (Ref, UnsafePointer<Ref>?, Int, Ref?) -> Ref?

  /// What calling a Python function comes to.
  enum Outcome {
    /// A frame to run, linked on top of the current one.
    case frame(FrameRef)
    /// A new generator, coroutine or asynchronous generator.
    case result(Ref)
    /// An exception is set.
    case failed
  }

  /// A frame for a function of which the caller moves all arguments in itself
  /// (`co_simple_argcount` of them).
  @inline(__always)
  static func pushSimple(
    _ thread: ThreadRef, _ function: UnsafeMutablePointer<PyFunctionObject>, _ code: CodeRef
  ) -> FrameRef? {
    pushSimple(thread, function, code, filled: Int(code.pointee.co_simple_argcount))
  }

  /// A frame for a function without cells, whose first `filled` variables the caller moves in itself;
  /// the others are empty. Takes the reference to `function` over; nil, with nothing taken, when an
  /// exception is set.
  @inline(__always)
  static func pushSimple(
    _ thread: ThreadRef, _ function: UnsafeMutablePointer<PyFunctionObject>, _ code: CodeRef,
    filled: Int
  ) -> FrameRef? {
    thread.pointee.py_recursion_remaining &-= 1
    if thread.pointee.py_recursion_remaining < 0 {
      thread.pointee.py_recursion_remaining &+= 1
      raiseTooDeep()
      return nil
    }
    guard let instructions = code.pointee.co_instructions,
      let frame = DataStack.push(thread, words: Int(code.pointee.co_framesize))
    else {
      thread.pointee.py_recursion_remaining &+= 1
      _ = raiseNoMemory()
      return nil
    }
    Frame.initialize(frame, code: code, function: function, instructions: instructions)
    frame.pointee.stacktop = code.pointee.co_nlocalsplus
    let locals = apus_frame_locals(frame)
    var index = filled
    let count = Int(code.pointee.co_nlocalsplus)
    while index < count {
      locals[index] = nil
      index &+= 1
    }
    if code.pointee.co_nfreevars != 0 { fillFree(locals, code, function) }
    frame.pointee.previous = thread.pointee.current_frame
    thread.pointee.current_frame = frame
    return frame
  }

  /// Moves `count` arguments from a value stack into a frame's variables.
  @inline(__always)
  static func move(_ arguments: StackRef, _ count: Int, to variables: StackRef) {
    var index = 0
    while index < count {
      variables[index] = arguments[index]
      index &+= 1
    }
  }

  /// The Python function that a specialised call pushes a frame for; nil when what is called, or the
  /// defaults it lacks arguments for, are not those the call was specialised to.
  @inline(__always)
  static func exactFunction(
    _ callable: Ref?, _ count: Int, _ cache: CacheRef
  ) -> UnsafeMutablePointer<PyFunctionObject>? {
    guard let callable, callable.type == functionType() else { return nil }
    let function = callable.view(PyFunctionObject.self)
    let code = Frame.codeOf(function)
    let missing = Int(cache.pointee.index)
    // Which function it is matters only for its defaults.
    guard Int(code.pointee.co_simple_argcount) == count &+ missing,
      missing == 0 || function.pointee.func_version == cache.pointee.version,
      code.pointee.co_instructions != nil
    else { return nil }
    return function
  }

  /// The frame of a function found by `exactFunction`: its `count` arguments and the function itself
  /// go from the value stack into it. Nil, with the stack as it was, when an exception is set.
  @inline(__always)
  static func pushExact(
    _ thread: ThreadRef, _ function: UnsafeMutablePointer<PyFunctionObject>, _ sp: inout StackRef,
    _ count: Int, _ cache: CacheRef
  ) -> FrameRef? {
    guard let next = pushSimple(thread, function, Frame.codeOf(function)) else { return nil }
    sp -= count
    move(sp, count, to: next.locals)
    let missing = Int(cache.pointee.index)
    if missing != 0 { fillDefaults(function, next.locals, count, missing) }
    sp -= 1
    return next
  }

  /// Fills the last `missing` parameters, behind `count` given ones, with their defaults.
  @inline(never)
  static func fillDefaults(
    _ function: UnsafeMutablePointer<PyFunctionObject>, _ variables: StackRef, _ count: Int,
    _ missing: Int
  ) {
    let defaults = function.pointee.func_defaults.unsafelyUnwrapped
    let first = apus_var_size(defaults) &- missing
    for index in 0..<missing {
      let value = apus_tuple_item(defaults, first &+ index)
      Py_INCREF(value)
      variables[count &+ index] = value
    }
  }

  /// TypeError: `__init__` returned something.
  @inline(never)
  static func raiseInitResult(_ result: Ref) {
    _ = raise(.typeError, "__init__() should return None, not '\(result.type.name)'")
  }

  /// RecursionError: the limit of `sys.setrecursionlimit`.
  @inline(never)
  static func raiseTooDeep() {
    _ = raise(.recursionError, "maximum recursion depth exceeded")
  }

  /// Puts the cells of the closure into their slots.
  @inline(__always)
  private static func fillFree(
    _ locals: StackRef, _ code: CodeRef, _ function: UnsafeMutablePointer<PyFunctionObject>
  ) {
    guard let closure = function.pointee.func_closure else { return }
    let count = Int(code.pointee.co_nfreevars)
    let first = Int(code.pointee.co_nlocalsplus) &- count
    var index = 0
    while index < count {
      let cell = apus_tuple_item(closure, index)
      Py_INCREF(cell)
      locals[first &+ index] = cell
      index &+= 1
    }
  }

  /// The Python function behind a callable whose arguments begin at `arguments`, and where they
  /// begin for the function: a bound method gives its place on the stack to the receiver. Nil for
  /// other callables.
  @inline(__always)
  static func pythonFunction(
    _ callable: Ref, _ arguments: StackRef
  ) -> (UnsafeMutablePointer<PyFunctionObject>, StackRef)? {
    if callable.type == functionType() { return (callable.view(PyFunctionObject.self), arguments) }
    guard callable.type == methodType() else { return nil }
    let method = callable.view(PyMethodObject.self)
    let function = method.pointee.im_func
    guard function.type == functionType() else { return nil }
    let receiver = method.pointee.im_self
    Py_INCREF(function)
    Py_INCREF(receiver)
    arguments[-1] = receiver
    Py_DECREF(callable)
    return (function.view(PyFunctionObject.self), arguments - 1)
  }

  /// Calls a Python function with arguments that lie in a row: `count` positional ones, then those
  /// that the tuple `names` names. Takes over the references to the arguments and to the function
  /// (whatever the outcome), not to `names`.
  static func push(
    _ thread: ThreadRef, _ function: UnsafeMutablePointer<PyFunctionObject>,
    _ arguments: StackRef, _ count: Int, names: Ref?
  ) -> Outcome {
    let codeObject = function.pointee.func_code.unsafelyUnwrapped
    let code = codeObject.view(PyCodeObject.self)
    let total = count + (names.map { apus_var_size($0) } ?? 0)
    let functionObject = UnsafeMutableRawPointer(function).assumingMemoryBound(to: PyObject.self)
    if code.pointee.co_instructions == nil {
      do { _ = try Quickener.instructions(of: code) } catch {
        release(arguments, total)
        Py_DECREF(functionObject)
        return .failed
      }
    }
    if names == nil && Int32(truncatingIfNeeded: count) == code.pointee.co_simple_argcount {
      guard let frame = pushSimple(thread, function, code) else {
        release(arguments, total)
        Py_DECREF(functionObject)
        return .failed
      }
      let locals = apus_frame_locals(frame)
      var index = 0
      while index < count {
        locals[index] = arguments[index]
        index &+= 1
      }
      return .frame(frame)
    }
    if names == nil && code.pointee.co_flags & (0x20 | 0x80 | 0x200) != 0
      && code.pointee.co_flags & (0x04 | 0x08) == 0 && code.pointee.co_kwonlyargcount == 0
      && Int32(truncatingIfNeeded: count) == code.pointee.co_argcount
    {
      return makeGenerator(function, code, arguments, count)
    }
    thread.pointee.py_recursion_remaining &-= 1
    guard thread.pointee.py_recursion_remaining >= 0,
      let frame = DataStack.push(thread, words: Int(code.pointee.co_framesize))
    else {
      thread.pointee.py_recursion_remaining &+= 1
      raiseTooDeep()
      release(arguments, total)
      Py_DECREF(functionObject)
      return .failed
    }
    Frame.initialize(
      frame, code: code, function: function,
      instructions: code.pointee.co_instructions.unsafelyUnwrapped)
    frame.pointee.stacktop = code.pointee.co_nlocalsplus
    let locals = apus_frame_locals(frame)
    for index in 0..<Int(code.pointee.co_nlocalsplus) { locals[index] = nil }
    var binder = ArgumentBinder(function: function, code: code, locals: locals)
    guard binder.bind(arguments, count, names), makeCells(code, locals) else {
      thread.pointee.py_recursion_remaining &+= 1
      Frame.clearContent(frame, code)
      DataStack.pop(thread, frame)
      return .failed
    }
    fillFree(locals, code, function)
    if code.pointee.co_flags & 0x1 == 0 { useGlobals(frame, function) }
    if code.pointee.co_flags & (0x20 | 0x80 | 0x200) != 0 {
      thread.pointee.py_recursion_remaining &+= 1
      guard let generator = Generators.make(frame, code, function) else {
        Frame.clearContent(frame, code)
        DataStack.pop(thread, frame)
        return .failed
      }
      DataStack.pop(thread, frame)
      return .result(generator)
    }
    frame.pointee.previous = thread.pointee.current_frame
    thread.pointee.current_frame = frame
    return .frame(frame)
  }

  /// Code of a module or class that was made a function: its names are the globals.
  private static func useGlobals(
    _ frame: FrameRef, _ function: UnsafeMutablePointer<PyFunctionObject>
  ) {
    Py_XINCREF(function.pointee.func_globals)
    frame.pointee.f_locals = function.pointee.func_globals
  }

  /// A generator whose frame takes exactly the parameters' arguments over, and the function.
  private static func makeGenerator(
    _ function: UnsafeMutablePointer<PyFunctionObject>, _ code: CodeRef, _ arguments: StackRef,
    _ count: Int
  ) -> Outcome {
    guard let generator = Generators.allocate(code, function) else {
      release(arguments, count)
      Py_DECREF(UnsafeMutableRawPointer(function).assumingMemoryBound(to: PyObject.self))
      return .failed
    }
    let frame = apus_gen_frame(generator)
    Frame.initialize(
      frame, code: code, function: function,
      instructions: code.pointee.co_instructions.unsafelyUnwrapped)
    frame.pointee.stacktop = code.pointee.co_nlocalsplus
    let locals = frame.locals
    move(arguments, count, to: locals)
    var index = count
    while index < Int(code.pointee.co_nlocalsplus) {
      locals[index] = nil
      index &+= 1
    }
    if !makeCells(code, locals) {
      frame.pointee.owner = CChar(FRAME_OWNED_BY_GENERATOR)
      frame.pointee.previous = nil
      Py_DECREF(generator)
      return .failed
    }
    if code.pointee.co_nfreevars != 0 { fillFree(locals, code, function) }
    if code.pointee.co_flags & 0x1 == 0 { useGlobals(apus_gen_frame(generator), function) }
    return Generators.start(generator, code) ? .result(generator) : .failed
  }

  /// New cells for the variables that inner functions use; an argument moves into its cell.
  private static func makeCells(_ code: CodeRef, _ locals: StackRef) -> Bool {
    let count = Int(code.pointee.co_ncellvars)
    if count == 0 { return true }
    let first = Int(code.pointee.co_nlocals)
    for index in 0..<count {
      var content: Ref?
      if let sources = code.pointee.co_cell2arg, sources[index] >= 0 {
        let argument = Int(sources[index])
        content = locals[argument]
        locals[argument] = nil
      }
      guard let cell = PyCell_New(nil) else {
        Py_XDECREF(content)
        return false
      }
      cell.view(PyCellObject.self).pointee.ob_ref = content
      locals[first + index] = cell
    }
    return true
  }

  private static func release(_ arguments: StackRef, _ count: Int) {
    for index in 0..<count { Py_XDECREF(arguments[index]) }
  }

  /// Runs a frame that `push` made, from native code. CPython: _PyEval_Vector.
  static func run(_ thread: ThreadRef, _ frame: FrameRef) -> Ref? {
    _PyEval_EvalFrameDefault(thread, frame, 0)
  }

  /// The vectorcall entry of Python functions: arguments are borrowed.
  static let functionEntry: vectorcallfunc = { callable, arguments, nargsf, names in
    let thread = apus_tstate()
    let count = PyVectorcall_NARGS(nargsf)
    let total = count + (names.map { apus_var_size($0) } ?? 0)
    if let arguments {
      for index in 0..<total { Py_INCREF(arguments[index]) }
    }
    Py_INCREF(callable)
    return withUnsafeTemporaryAllocation(of: Ref?.self, capacity: 1) { empty in
      let items = UnsafeMutableRawPointer(mutating: arguments).map {
        $0.assumingMemoryBound(to: Ref?.self)
      }
      guard let row = items ?? empty.baseAddress else { return nil }
      switch push(thread, callable.view(PyFunctionObject.self), row, count, names: names) {
      case .frame(let frame): return run(thread, frame)
      case .result(let generator): return generator
      case .failed: return nil
      }
    }
  }

  /// Calls anything with borrowed arguments that lie in a row.
  @inline(__always)
  static func vector(_ callable: Ref, _ arguments: StackRef, _ count: Int, names: Ref?) -> Ref? {
    let row = UnsafeRawPointer(arguments).assumingMemoryBound(to: Ref.self)
    if Tracing.isOn(apus_tstate()) {
      let keywords = names.map { apus_var_size($0) } ?? 0
      return Tracing.call(callable, count + keywords > 0 ? row[0] : nil) {
        PyObject_Vectorcall(callable, row, count, names)
      }
    }
    return PyObject_Vectorcall(
      callable, row, count | Int(bitPattern: UInt(1) << 63), names)
  }

  /// MAKE_FUNCTION: the new function and the stack without what went into it.
  @inline(never)
  static func makeFunction(
    _ frame: FrameRef, _ sp: StackRef, _ flags: UInt32
  ) -> (Ref, StackRef)? {
    if flags & 3 != 0 && !hasGoodDefaults(sp, flags) { return nil }
    var sp = sp - 1
    let qualifiedName = sp[0].unsafelyUnwrapped
    let codeObject = sp[-1].unsafelyUnwrapped
    guard
      let object = PyFunction_NewWithQualName(
        codeObject, frame.pointee.f_globals.unsafelyUnwrapped, qualifiedName)
    else { return nil }
    Py_DECREF(qualifiedName)
    sp -= 1
    Py_DECREF(codeObject)
    let function = object.view(PyFunctionObject.self)
    if flags & 8 != 0 {
      sp -= 1
      function.pointee.func_closure = sp[0]
    }
    if flags & 4 != 0 {
      sp -= 1
      function.pointee.func_annotations = sp[0]
    }
    if flags & 2 != 0 {
      sp -= 1
      function.pointee.func_kwdefaults = sp[0]
    }
    if flags & 1 != 0 {
      sp -= 1
      function.pointee.func_defaults = sp[0]
    }
    return (object, sp)
  }
}

extension Calls {
  /// Whether the defaults are a tuple and the keyword defaults a dict. Code made by hand may take
  /// them from anywhere.
  private static func hasGoodDefaults(_ sp: StackRef, _ flags: UInt32) -> Bool {
    var place = -3 - Int(flags >> 3 & 1) - Int(flags >> 2 & 1)
    var isGood = true
    if flags & 2 != 0 {
      isGood = sp[place].unsafelyUnwrapped.isDict
      place -= 1
    }
    if flags & 1 != 0 && !sp[place].unsafelyUnwrapped.isTuple { isGood = false }
    if !isGood { _ = raise(.systemError, "bad operand of MAKE_FUNCTION") }
    return isGood
  }
}

extension Frame {
  @inline(__always)
  static func codeOf(_ function: UnsafeMutablePointer<PyFunctionObject>) -> CodeRef {
    function.pointee.func_code.unsafelyUnwrapped.view(PyCodeObject.self)
  }
}
