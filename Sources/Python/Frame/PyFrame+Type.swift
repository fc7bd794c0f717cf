import CPythonABI
import Objects

/// frame: what `sys._getframe` and tracebacks show. CPython: Objects/frameobject.c.
enum FrameType {
  private static func view(_ object: Ref) -> PyFrameObjects.ObjectRef {
    object.view(PyFrameObject.self)
  }

  private static func held(_ value: Ref?) -> Ref? {
    let value = value ?? noneObject()
    Py_INCREF(value)
    return value
  }

  // MARK: Locals (PEP 667)

  /// The value of a slot of the frame: cells are looked into. Borrowed; nil when unbound.
  static func value(_ frame: FrameRef, _ slot: Int) -> Ref? {
    let code = Frame.code(frame)
    guard let value = apus_frame_locals(frame)[slot] else { return nil }
    if slot >= Int(code.pointee.co_nlocals) && value.type == cellType() {
      return value.view(PyCellObject.self).pointee.ob_ref
    }
    return value
  }

  /// The slot a name belongs to and has a value in (`bound`), or any slot of the name; nil when
  /// unknown. Names are compared as dict keys are: by identity, else by hash and equality.
  static func slot(_ frame: FrameRef, _ name: Ref, bound: Bool) throws(Raised) -> Int? {
    let hash = try check(PyObject_Hash(name))
    let code = Frame.code(frame)
    let names = code.pointee.co_localsplusnames
    let count = Int(code.pointee.co_nlocalsplus)
    var candidate: Int?
    for isExact in [true, false] {
      for slot in 0..<count {
        let other = apus_tuple_item(names, slot)
        if isExact {
          guard other == name else { continue }
        } else {
          guard other != name, try check(PyObject_Hash(other)) == hash,
            try check(PyObject_RichCompareBool(other, name, Py_EQ)) != 0
          else { continue }
        }
        // An argument that is a cell variable lives in its cell.
        if slot < Int(code.pointee.co_nlocals) && isCellArgument(code, slot) { continue }
        if value(frame, slot) != nil { return slot }
        candidate = slot
      }
      if candidate != nil { break }
    }
    return bound ? nil : candidate
  }

  static func isCellArgument(_ code: CodeRef, _ slot: Int) -> Bool {
    guard let sources = code.pointee.co_cell2arg else { return false }
    for index in 0..<Int(code.pointee.co_ncellvars) where sources[index] == Int32(slot) {
      return true
    }
    return false
  }

  static func setSlot(_ frame: FrameRef, _ slot: Int, _ value: Ref) {
    let code = Frame.code(frame)
    let locals = apus_frame_locals(frame)
    Py_INCREF(value)
    if slot >= Int(code.pointee.co_nlocals), let cell = locals[slot], cell.type == cellType() {
      let old = cell.view(PyCellObject.self).pointee.ob_ref
      cell.view(PyCellObject.self).pointee.ob_ref = value
      Py_XDECREF(old)
    } else {
      let old = locals[slot]
      locals[slot] = value
      Py_XDECREF(old)
    }
  }

  /// `f_locals`: the namespace of a module or class, a proxy of a function's variables.
  static let getLocals: Property.Getter = { object, _ in
    guard let frame = view(object).pointee.f_frame else { return PyDict_New() }
    if Frame.code(frame).pointee.co_flags & 0x1 == 0 && !hasHiddenLocals(frame) {
      return held(frame.pointee.f_locals)
    }
    return FrameLocalsProxy.make(object)
  }

  /// Whether a module or class body is inside a comprehension that runs in its frame (PEP 709):
  /// then its variables are those of the comprehension.
  static func hasHiddenLocals(_ frame: FrameRef) -> Bool {
    let code = Frame.code(frame)
    if code.pointee.co_flags & 0x1 != 0 { return false }
    let locals = Int(code.pointee.co_nlocals)
    let names = code.pointee.co_localsplusnames
    for slot in 0..<locals + Int(code.pointee.co_ncellvars) where value(frame, slot) != nil {
      if slot < locals { return true }
      let name = apus_tuple_item(names, slot)
      if PyUnicode_CompareWithASCIIString(name, "__class__") != 0,
        PyUnicode_CompareWithASCIIString(name, "__classdict__") != 0
      {
        return true
      }
    }
    return false
  }

  static func clear(_ object: Ref) throws(Raised) {
    let frame = view(object)
    if let inner = frame.pointee.f_frame {
      if inner.pointee.owner == CChar(FRAME_OWNED_BY_GENERATOR) {
        let generator = UnsafeMutableRawPointer(Generators.object(of: inner))
          .assumingMemoryBound(to: PyObject.self)
        switch PyGenerator.state(generator) {
        case FRAME_EXECUTING:
          throw raise(.runtimeError, "cannot clear an executing frame")
        case FRAME_SUSPENDED, FRAME_SUSPENDED_YIELD_FROM:
          throw raise(.runtimeError, "cannot clear a suspended frame")
        default:
          PyGenerator.finalize(generator)
          return
        }
      }
      if inner.pointee.owner == CChar(FRAME_OWNED_BY_THREAD) {
        throw raise(.runtimeError, "cannot clear an executing frame")
      }
    }
    clearReferences(frame)
  }

  private static func clearReferences(_ frame: PyFrameObjects.ObjectRef) {
    let trace = frame.pointee.f_trace
    frame.pointee.f_trace = nil
    Py_XDECREF(trace)
    let extra = frame.pointee.f_extra_locals
    frame.pointee.f_extra_locals = nil
    Py_XDECREF(extra)
    guard let inner = frame.pointee.f_frame,
      inner.pointee.owner == CChar(FRAME_OWNED_BY_FRAME_OBJECT)
    else { return }
    let locals = apus_frame_locals(inner)
    for index in 0..<Int(inner.pointee.stacktop) {
      let old = locals[index]
      locals[index] = nil
      Py_XDECREF(old)
    }
    let mapping = inner.pointee.f_locals
    inner.pointee.f_locals = nil
    Py_XDECREF(mapping)
  }

  static func deallocate(_ object: Ref) {
    // A long chain of callers is taken apart link by link, not by recursion.
    var current: Ref? = object
    while let at = current {
      PyObject_GC_UnTrack(at)
      let frame = view(at)
      let back = frame.pointee.f_back.map { PyFrameObjects.asObject($0) }
      frame.pointee.f_back = nil
      clearReferences(frame)
      if let inner = frame.pointee.f_frame,
        inner.pointee.owner == CChar(FRAME_OWNED_BY_FRAME_OBJECT)
      {
        // Globals and builtins are the function's, which stays until here for their sake.
        Py_XDECREF(inner.pointee.f_funcobj)
        Py_XDECREF(inner.pointee.f_executable)
      }
      PyObject_GC_Del(at)
      current = nil
      if let back {
        if back.pointee.ob_refcnt == 1 && back.type == frameType() {
          current = back
        } else {
          Py_DECREF(back)
        }
      }
    }
  }

  // MARK: Type

  static let clearMethod: Method = .noargs("clear($self, /)", "Drop what the frame holds.") {
    object, _ in
    none { try clear(object) }
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "Memory of the object in bytes.") {
    object, _ in
    // As CPython counts: the object, nine words of the frame, its variables and stack.
    let code = view(object).pointee.f_frame.map { Frame.code($0) }
    let slots = code.map { Int($0.pointee.co_nlocalsplus) + Int($0.pointee.co_stacksize) } ?? 0
    return PyLong_FromSsize_t(136 + slots * 8)
  }

  static let properties: [Property] = [
    Property("f_back", get: { object, _ in
      guard let back = PyFrame_GetBack(view(object)) else {
        return hasRaised() ? nil : noneObject()
      }
      return PyFrameObjects.asObject(back)
    }),
    Property("f_locals", get: getLocals),
    Property("f_lineno", get: { object, _ in
      let line = PyFrame_GetLineNumber(view(object))
      return line < 0 ? noneObject() : PyLong_FromLong(Int(line))
    }, set: { object, value, _ in status { try LineJump.set(object, value) } }),
    Property("f_trace", get: { object, _ in held(view(object).pointee.f_trace) },
      set: { object, value, _ in
        let frame = view(object)
        let new = value.flatMap { $0.isNone ? nil : $0 }
        if let new { Py_INCREF(new) }
        let old = frame.pointee.f_trace
        frame.pointee.f_trace = new
        Py_XDECREF(old)
        return 0
      }),
    Property("f_globals", get: { object, _ in held(view(object).pointee.f_frame?.pointee.f_globals) }),
    Property("f_builtins", get: { object, _ in held(view(object).pointee.f_frame?.pointee.f_builtins) }),
    Property("f_code", get: { object, _ in
      if Audit.refuses("object.__getattr__", [.object(object), .text("f_code")]) { return nil }
      return held(view(object).pointee.f_frame?.pointee.f_executable) }),
    Property("f_lasti", get: { object, _ in
      guard let frame = view(object).pointee.f_frame else { return PyLong_FromLong(-1) }
      var index = Frame.instructionIndex(frame)
      // A frame that is about to start has run nothing yet.
      if index == 0, view(object).pointee.f_lineno != 0 { index = -1 }
      return PyLong_FromSsize_t(index < 0 ? -1 : index * 2)
    }),
    Property("f_trace_opcodes", get: { object, _ in boolObject(view(object).pointee.f_trace_opcodes != 0) },
      set: { object, value, _ in
        status {
          guard let value, value.isBool else {
            throw raise(.typeError, "attribute value type must be bool")
          }
          view(object).pointee.f_trace_opcodes = value == trueObject() ? 1 : 0
        }
      }),
  ]

  static let spec = TypeSpec(
    frameType(), "frame", basicSize: 64, itemSize: 8, flags: [.haveGC, .disallowInstantiation],
    base: objectType(),
    slots: [
      .tp_dealloc { deallocate($0) },
      .tp_repr { object in
        let frame = view(object)
        guard let inner = frame.pointee.f_frame else { return newString("<frame object>") }
        let code = Frame.code(inner)
        return newString(
          "<frame at \(GeneratorTypes.address(object)), file '\(text(of: code.pointee.co_filename))'"
            + ", line \(PyFrame_GetLineNumber(frame)), code \(text(of: code.pointee.co_name))>")
      },
      .tp_traverse { object, visit, argument in
        let frame = view(object)
        for value in [frame.pointee.f_trace, frame.pointee.f_extra_locals] {
          if let value {
            let status = visit(value, argument)
            if status != 0 { return status }
          }
        }
        if let back = frame.pointee.f_back {
          let status = visit(PyFrameObjects.asObject(back), argument)
          if status != 0 { return status }
        }
        guard let inner = frame.pointee.f_frame,
          inner.pointee.owner == CChar(FRAME_OWNED_BY_FRAME_OBJECT)
        else { return 0 }
        let locals = apus_frame_locals(inner)
        for index in 0..<Int(inner.pointee.stacktop) {
          if let value = locals[index] {
            let status = visit(value, argument)
            if status != 0 { return status }
          }
        }
        for value in [inner.pointee.f_locals, inner.pointee.f_funcobj, inner.pointee.f_executable] {
          if let value {
            let status = visit(value, argument)
            if status != 0 { return status }
          }
        }
        return 0
      },
      .tp_clear { object in
        clearReferences(view(object))
        return 0
      },
    ],
    methods: [clearMethod, sizeof],
    members: [Member("f_trace_lines", Py_T_BOOL, offset: 44)],
    properties: properties)
}
