import CPythonABI
import Objects

/// traceback: where an exception passed. CPython: Python/traceback.c.
enum TracebackType {
  private static func view(_ object: Ref) -> UnsafeMutablePointer<PyTracebackObject> {
    object.view(PyTracebackObject.self)
  }

  /// The line of an entry, worked out at the first call.
  static func line(_ object: Ref) -> Int32 {
    let traceback = view(object)
    if traceback.pointee.tb_lineno == -1, let frame = traceback.pointee.tb_frame,
      let inner = frame.view(PyFrameObject.self).pointee.f_frame
    {
      return Int32(
        truncatingIfNeeded: LineTable.line(
          of: Frame.code(inner), at: Int(traceback.pointee.tb_lasti)))
    }
    return traceback.pointee.tb_lineno
  }

  private static func setNext(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else {
      throw raise(.typeError, "can't delete tb_next attribute")
    }
    guard value.isNone || value.type == tracebackType() else {
      throw raise(.typeError, "expected traceback object, got '\(value.type.fullName)'")
    }
    let next: Ref? = value.isNone ? nil : value
    var cursor = next
    while let at = cursor {
      if at == object { throw raise(.valueError, "traceback loop detected") }
      cursor = view(at).pointee.tb_next
    }
    if let next { Py_INCREF(next) }
    let old = view(object).pointee.tb_next
    view(object).pointee.tb_next = next
    Py_XDECREF(old)
  }

  static let new: Method = .keywords(
    "traceback(tb_next, tb_frame, tb_lasti, tb_lineno)", "Make a traceback entry."
  ) { _, _, _, _ in nil }

  static let dir: Method = .noargs("__dir__", "The attributes.") { _, _ in
    guard let list = PyList_New(0) else { return nil }
    for name in ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"] {
      guard let text = newString(name) else {
        Py_DECREF(list)
        return nil
      }
      let status = PyList_Append(list, text)
      Py_DECREF(text)
      if status < 0 {
        Py_DECREF(list)
        return nil
      }
    }
    return list
  }

  static let spec = TypeSpec(
    tracebackType(), "traceback", basicSize: MemoryLayout<PyTracebackObject>.size,
    flags: [.haveGC],
    doc: "traceback(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nOne entry of a traceback.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        // A long chain is taken apart link by link, not by recursion.
        var current: Ref? = object
        while let at = current {
          PyObject_GC_UnTrack(at)
          let next = view(at).pointee.tb_next
          Py_XDECREF(view(at).pointee.tb_frame)
          PyObject_GC_Del(at)
          current = nil
          if let next {
            if next.pointee.ob_refcnt == 1 && next.type == tracebackType() {
              current = next
            } else {
              Py_DECREF(next)
            }
          }
        }
      },
      .tp_traverse { object, visit, argument in
        for value in [view(object).pointee.tb_next, view(object).pointee.tb_frame] {
          if let value {
            let status = visit(value, argument)
            if status != 0 { return status }
          }
        }
        return 0
      },
      .tp_clear { object in
        let next = view(object).pointee.tb_next
        view(object).pointee.tb_next = nil
        Py_XDECREF(next)
        let frame = view(object).pointee.tb_frame
        view(object).pointee.tb_frame = nil
        Py_XDECREF(frame)
        return 0
      },
      .tp_new { type, args, keywords in
        Objects.new {
          let arguments = try Arguments(new, tuple: args, keywords: keywords)
          let next = arguments.object(0)
          let frame = arguments.object(1)
          guard frame.type == frameType() else {
            throw arguments.badArgument(1, expected: "frame")
          }
          let lasti = try arguments.int32(2)
          let line = try arguments.int32(3)
          guard next.isNone || next.type == tracebackType() else {
            throw raise(
              .typeError, "expected traceback object or None, got '\(next.type.fullName)'")
          }
          let object = try own(_PyObject_GC_New(tracebackType()))
          let traceback = view(object.ref)
          Py_INCREF(frame)
          if !next.isNone { Py_INCREF(next) }
          traceback.pointee.tb_next = next.isNone ? nil : next
          traceback.pointee.tb_frame = frame
          traceback.pointee.tb_lasti = lasti
          traceback.pointee.tb_lineno = line
          PyObject_GC_Track(object.ref)
          return object
        }
      },
    ],
    methods: [dir],
    members: [
      Member("tb_frame", _Py_T_OBJECT, offset: 24, flags: Py_READONLY | Py_AUDIT_READ),
      Member("tb_lasti", Py_T_INT, offset: 32, flags: Py_READONLY),
    ],
    properties: [
      Property("tb_next", get: { object, _ in
        let next = view(object).pointee.tb_next ?? noneObject()
        Py_INCREF(next)
        return next
      }, set: { object, value, _ in status { try setNext(object, value) } }),
      Property("tb_lineno", get: { object, _ in
        let line = line(object)
        return line < 0 ? noneObject() : PyLong_FromLong(Int(line))
      }),
    ])
}

@c @implementation
public func PyTraceBack_Here(_ frame: UnsafeMutablePointer<PyFrameObject>) -> Int32 {
  guard let inner = frame.pointee.f_frame else { return -1 }
  let thread = apus_tstate()
  Unwinding.addTraceback(thread, inner, Frame.code(inner))
  // C code writes the line into the frame objects it makes.
  if frame.pointee.f_lineno != 0, let exception = thread.pointee.current_exception,
    let entry = exception.view(PyBaseExceptionObject.self).pointee.traceback
  {
    entry.view(PyTracebackObject.self).pointee.tb_lineno = frame.pointee.f_lineno
  }
  return 0
}
