import CPythonABI

/// Exceptions nobody can catch: from finalisers, callbacks, the collector. They go to
/// `sys.unraisablehook`. CPython: Python/errors.c, `_PyErr_WriteUnraisableMsg`.
public enum Unraisable {
  /// `sys.UnraisableHookArgs`, made at first use.
  public static func reportType() throws(Raised) -> TypeRef {
    let type = unraisableHookArgsType()
    if !type.has(UInt(Py_TPFLAGS_READY)) {
      try StructSequence.install(
        type, "UnraisableHookArgs", doc: "What sys.unraisablehook is called with.",
        fields: [
          StructSequence.Field("exc_type", "The exception's class."),
          StructSequence.Field("exc_value", "The exception."),
          StructSequence.Field("exc_traceback", "Its traceback."),
          StructSequence.Field("err_msg", "What to say of it, or None."),
          StructSequence.Field("object", "The object that caused it, or None."),
        ])
    }
    return type
  }

  /// Reports the exception that is set and clears it.
  static func report(message: Ref?, object: Ref?) {
    guard let exception = PyErr_GetRaisedException() else { return }
    let held = Owned(adopting: exception)
    if exception.view(PyBaseExceptionObject.self).pointee.traceback == nil,
      let frame = PyEval_GetFrame()
    {
      // Where it happened is all there is to see.
      PyErr_SetRaisedException(held.ref.retained().give())
      if PyTraceBack_Here(frame) < 0 { PyErr_Clear() }
      Py_XDECREF(PyErr_GetRaisedException())
    }
    do {
      let report = try own(PyStructSequence_New(try reportType()))
      let traceback = PyException_GetTraceback(held.ref) ?? noneObject()
      PyStructSequence_SetItem(report.ref, 0, held.ref.type.object.retained().give())
      PyStructSequence_SetItem(report.ref, 1, held.ref.retained().give())
      PyStructSequence_SetItem(report.ref, 2, traceback)
      PyStructSequence_SetItem(report.ref, 3, (message ?? noneObject()).retained().give())
      PyStructSequence_SetItem(report.ref, 4, (object ?? noneObject()).retained().give())
      guard let hook = PySys_GetObject("unraisablehook"), !hook.isNone else { return }
      let heldHook = hook.retained()
      try Audit.send("sys.unraisablehook", [.object(heldHook.ref), .object(report.ref)])
      let result = try own(PyObject_CallOneArg(heldHook.ref, report.ref))
      _ = result.ref
    } catch {
      // A hook that fails itself: nothing is left to tell.
      PyErr_Clear()
    }
  }
}

@c @implementation public func PyErr_WriteUnraisable(_ object: Ref?) {
  Unraisable.report(message: nil, object: object)
}

/// The same with a text of its own ("Exception ignored while ...").
@c @implementation public func _PyErr_WriteUnraisableMsg(_ message: Ref?, _ object: Ref?) {
  Unraisable.report(message: message, object: object)
}
