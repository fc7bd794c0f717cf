import CPythonABI
import Objects

/// `_machine`: what only native code can see of the machine, for the package `apus` (`Lib/apus`).
enum MachineModule {
  // MARK: Frames

  /// The frame behind a frame object that is still alive and stopped at an instruction.
  private static func activation(_ object: Ref, _ name: String) throws(Raised) -> FrameRef {
    guard object.type == frameType() else {
      throw badArgument(name, "argument", expected: "frame", got: object)
    }
    guard let frame = object.view(PyFrameObject.self).pointee.f_frame,
      frame.pointee.owner != CChar(FRAME_OWNED_BY_FRAME_OBJECT), frame.pointee.stacktop >= 0
    else { throw raise(.valueError, "the frame does not run") }
    return frame
  }

  static let stack: Method = .o(
    "stack($module, frame, /)",
    """
    The value stack of a traced frame, top last: a list of (value, references).

    references counts as before this call; it is None for an immortal value. NULL is an empty tuple. To
    be asked from a trace function, for the frame that it is told of: at an instruction, a line, or a
    return, where the value returned is not on the stack any more. Anything else raises ValueError.
    """
  ) { _, object in
    new {
      let frame = try activation(object, "stack")
      guard frame.pointee.flags & Frame.stackIsKnown != 0 else {
        throw raise(
          .valueError, "the stack is known only to a trace function that is told of an instruction")
      }
      let locals = apus_frame_locals(frame)
      let base = Int(Frame.code(frame).pointee.co_nlocalsplus)
      let result = try own(PyList_New(0))
      for index in base..<max(base, Int(frame.pointee.stacktop)) {
        let entry: Owned
        if let value = locals[index] {
          let references: Owned =
            _Py_IsImmortal(value) != 0
            ? noneObject().retained() : try own(PyLong_FromSsize_t(Int(value.pointee.ob_refcnt)))
          entry = try own(PyTuple_New(2))
          apus_tuple_items(entry.ref)[0] = value.retained().give()
          apus_tuple_items(entry.ref)[1] = references.give()
        } else {
          entry = try own(PyTuple_New(0))
        }
        try check(PyList_Append(result.ref, entry.ref))
      }
      return result
    }
  }

  static let blocks: Method = .o(
    "blocks($module, frame, /)",
    """
    The block stack of a traced frame, innermost last: a list of (kind, handler, level).

    kind is 'finally' where the handler waits and 'handler' where it runs, handler the offset of its
    first instruction, level the depth of the value stack below the block.
    """
  ) { _, object in
    new {
      let frame = try activation(object, "blocks")
      let code = Frame.code(frame)
      let result = try own(PyList_New(0))
      let index = Frame.instructionIndex(frame)
      guard index >= 0, index < Int(code.pointee.co_ninstructions) else { return result }
      var number = try BlockTable.block(in: code, at: index)
      while number >= 0, let table = code.pointee.co_blocks {
        let block = table[Int(number)]
        let entry = try own(PyTuple_New(3))
        let kind = block.kind == BlockTable.handlerBlock ? "handler" : "finally"
        apus_tuple_items(entry.ref)[0] = try own(newString(kind)).give()
        apus_tuple_items(entry.ref)[1] = try own(PyLong_FromLong(Int(block.handler) * 2)).give()
        apus_tuple_items(entry.ref)[2] = try own(PyLong_FromLong(Int(block.level))).give()
        try check(PyList_Insert(result.ref, 0, entry.ref))
        number = block.parent
      }
      return result
    }
  }

  // MARK: Time and counts

  static let timeStamp: Method = .noargs(
    "time_stamp($module, /)", "The processor's time-stamp counter."
  ) { _, _ in
    PyLong_FromUnsignedLongLong(apus_time_stamp())
  }

  static let profile: Method = .fast(
    "profile($module, function, args, keywords, /)",
    """
    Call function(*args, **keywords) and count its instructions: (result, counts).

    counts is what profiled() returns.
    """
  ) { _, args, count in
    new {
      try checkPositional("profile", count, least: 3, most: 3)
      guard let args else { throw Raised() }
      guard args[1].isTuple else {
        throw badArgument("profile", "argument 2", expected: "tuple", got: args[1])
      }
      guard args[2].isDict else {
        throw badArgument("profile", "argument 3", expected: "dict", got: args[2])
      }
      guard OpcodeProfile.start() else {
        throw raise(.runtimeError, "a profile of opcodes is being made already")
      }
      let result = PyObject_Call(args[0], args[1], args[2])
      OpcodeProfile.stop()
      let value = try own(result)
      return try tuple(value, try OpcodeProfile.take())
    }
  }

  static let profiled: Method = .noargs(
    "profiled($module, /)",
    """
    The counts of the last profile of opcodes: (unit of time, whether allocations were counted, codes,
    pairs).

    codes is a list of (code, [(instruction, count, time, allocations), ...]), pairs a list of
    (opcode, next opcode, count). The counts are forgotten.
    """
  ) { _, _ in
    new { try OpcodeProfile.take() }
  }

  static let spec = ModuleSpec(
    "_machine", doc: "What the machine is made of and does, as `apus` shows it.",
    methods: [
      stack, blocks, QuickenedCode.method, MachineReports.interpreters, MachineReports.memory, timeStamp,
      profile, profiled,
    ])
}
