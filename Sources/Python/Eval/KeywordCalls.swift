import CPythonABI
import Objects

/// Calls with keywords whose parameters are known: the specialised form of CALL_FUNCTION_KW.
///
/// Where each keyword goes depends on the callee's code and the tuple of names only, so it is worked
/// out once. The cache entry then holds `version`, the version of that code; `object`, the names;
/// `extra`, the number of the parameter of each keyword, a byte each from the lowest; `index`, a bit
/// for each parameter that a keyword fills. CPython: Python/ceval.c, initialize_locals, which looks
/// every name up at every call.
enum KeywordCalls {
  /// Keywords that `extra` has room for.
  private static let maximumKeywords = 8
  /// Parameters that `index` has room for.
  private static let maximumParameters = 32
  /// Flags of code whose frame needs more than parameters: `*args`, `**kwargs`, generators.
  private static let unsuitable: Int32 = 0x04 | 0x08 | 0x20 | 0x80 | 0x200
  /// CO_OPTIMIZED and CO_NEWLOCALS.
  private static let function: Int32 = 0x03

  /// The Python function behind a callable or a bound method.
  @inline(__always)
  private static func function(behind callable: Ref) -> UnsafeMutablePointer<PyFunctionObject>? {
    var object = callable
    if callable.type == methodType() { object = callable.view(PyMethodObject.self).pointee.im_func }
    return object.type == functionType() ? object.view(PyFunctionObject.self) : nil
  }

  /// Works out where the keywords of a call go; does nothing when that is not simple.
  ///
  /// - Parameters:
  ///   - given: positional arguments, without the receiver of a bound method.
  ///   - names: the tuple of keywords.
  @inline(never)
  static func specialize(
    _ callable: Ref, _ given: Int, _ names: Ref, _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    Specializer.wait(cache)
    guard let function = function(behind: callable) else { return }
    let code = Frame.codeOf(function)
    let positional = given + (callable.type == methodType() ? 1 : 0)
    let parameters = Int(code.pointee.co_argcount + code.pointee.co_kwonlyargcount)
    let keywords = apus_var_size(names)
    // The names must be the instruction's own constant: the entry does not hold them.
    guard QuickOpcode(instruction[-1].opcode) == .loadConst, keywords <= maximumKeywords,
      parameters <= maximumParameters, positional <= code.pointee.co_argcount,
      code.pointee.co_flags & unsuitable == 0,
      code.pointee.co_flags & Self.function == Self.function, code.pointee.co_ncellvars == 0,
      code.pointee.co_version != 0, code.pointee.co_instructions != nil
    else { return }
    var slots: UInt = 0
    var filled: UInt32 = 0
    for keyword in 0..<keywords {
      let name = apus_tuple_item(names, keyword)
      let first = Swift.max(positional, Int(code.pointee.co_posonlyargcount))
      guard
        let slot = (first..<Swift.max(first, parameters)).first(where: {
          apus_tuple_item(code.pointee.co_varnames, $0) == name
        }), filled & 1 << UInt32(slot) == 0
      else { return }
      filled |= 1 << UInt32(slot)
      slots |= UInt(slot) << UInt(keyword * 8)
    }
    cache.pointee.version = code.pointee.co_version
    cache.pointee.index = filled
    cache.pointee.flags = UInt16(truncatingIfNeeded: positional)
    cache.pointee.object = names
    cache.pointee.extra = UnsafeMutableRawPointer(bitPattern: slots)
    instruction.pointee.opcode = QuickOpcode.callPythonKeywords.stored
  }

  /// The frame of a call, with its arguments; nil, with the stack as it was, when it is not the call
  /// that the cache entry describes or an exception is set.
  ///
  /// - Parameter arguments: on the value stack, behind the callable; the references to both go into
  ///   the frame.
  @inline(never)
  static func push(
    _ thread: ThreadRef, _ arguments: StackRef, _ total: Int, _ names: Ref, _ cache: CacheRef
  ) -> FrameRef? {
    let callable = arguments[-1].unsafelyUnwrapped
    guard let function = function(behind: callable) else { return nil }
    let code = Frame.codeOf(function)
    let keywords = apus_var_size(names)
    let given = total &- keywords
    let receiver =
      callable.type == methodType() ? callable.view(PyMethodObject.self).pointee.im_self : nil
    let positional = given &+ (receiver == nil ? 0 : 1)
    guard code.pointee.co_version == cache.pointee.version, names == cache.pointee.object,
      positional == Int(cache.pointee.flags),
      let frame = Calls.pushSimple(thread, function, code, filled: 0)
    else { return nil }
    let locals = frame.locals
    // The lookup of a default may run code, which sees the caller's frame on top.
    thread.pointee.current_frame = frame.pointee.previous
    if !fillDefaults(function, code, locals, positional, cache.pointee.index) {
      thread.pointee.py_recursion_remaining &+= 1
      frame.pointee.f_funcobj = nil
      Frame.clearContent(frame, code)
      DataStack.pop(thread, frame)
      return nil
    }
    thread.pointee.current_frame = frame
    if let receiver {
      Py_INCREF(receiver)
      locals[0] = receiver
      Calls.move(arguments, given, to: locals + 1)
      Py_INCREF(frame.pointee.f_funcobj.unsafelyUnwrapped)
      Py_DECREF(callable)
    } else {
      Calls.move(arguments, given, to: locals)
    }
    var slots = UInt(bitPattern: cache.pointee.extra)
    var index = given
    while index < total {
      locals[Int(slots & 0xff)] = arguments[index]
      slots >>= 8
      index &+= 1
    }
    return frame
  }

  /// Fills the parameters that neither an argument nor a keyword (a bit in `filled`) does with their
  /// defaults; false when there is none.
  @inline(__always)
  private static func fillDefaults(
    _ function: UnsafeMutablePointer<PyFunctionObject>, _ code: CodeRef, _ locals: StackRef,
    _ positional: Int, _ filled: UInt32
  ) -> Bool {
    let positionalCount = Int(code.pointee.co_argcount)
    let parameters = positionalCount &+ Int(code.pointee.co_kwonlyargcount)
    var index = positional
    while index < parameters {
      if filled & 1 &<< UInt32(truncatingIfNeeded: index) == 0 {
        guard
          let value = index < positionalCount
            ? ArgumentBinder.positionalDefault(function, index, of: positionalCount)
            : ArgumentBinder.keywordDefault(
              function, apus_tuple_item(code.pointee.co_varnames, index))
        else { return false }
        Py_INCREF(value)
        locals[index] = value
      }
      index &+= 1
    }
    return true
  }
}
