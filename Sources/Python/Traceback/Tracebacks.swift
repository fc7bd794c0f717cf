import CPythonABI
import Objects

/// Traceback objects as the eval loop makes them.
enum Tracebacks {
  /// A new entry in front of `next`, whose reference it takes over on success.
  static func make(next: Ref?, frame: FrameRef, lasti: Int32) -> Ref? {
    guard let frameObject = PyFrameObjects.object(for: frame) else { return nil }
    guard let entry = _PyObject_GC_New(tracebackType()) else { return nil }
    let traceback = entry.view(PyTracebackObject.self)
    traceback.pointee.tb_next = next
    let asObject = UnsafeMutableRawPointer(frameObject).assumingMemoryBound(to: PyObject.self)
    Py_INCREF(asObject)
    traceback.pointee.tb_frame = asObject
    traceback.pointee.tb_lasti = lasti
    // Worked out when somebody asks.
    traceback.pointee.tb_lineno = -1
    PyObject_GC_Track(entry)
    return entry
  }
}
