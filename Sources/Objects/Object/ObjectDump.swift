import CPythonABI
import Glibc

// What is printed of an object when something is badly wrong. CPython: Objects/object.c,
// `_PyObject_Dump`.

private func writeError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    if let base = bytes.baseAddress { _ = Glibc.write(2, base, bytes.count) }
  }
}

@c @implementation public func _PyObject_Dump(_ object: Ref) {
  writeError("object address  : \(address(of: object))\n")
  writeError("object refcount : \(object.pointee.ob_refcnt)\n")
  writeError("object type     : \(address(of: object.type.object))\n")
  writeError("object type name: \(object.type.fullName)\n")
  writeError("object repr     : ")
  let saved = PyErr_GetRaisedException()
  if let shown = PyObject_Repr(object) {
    writeError(text(of: shown) + "\n")
    Py_DECREF(shown)
  } else {
    PyErr_Clear()
    writeError("<object repr() failed>\n")
  }
  PyErr_SetRaisedException(saved)
}

@c @implementation public func _PyObject_AssertFailed(
  _ object: Ref, _ expression: UnsafePointer<CChar>, _ message: UnsafePointer<CChar>,
  _ file: UnsafePointer<CChar>, _ line: Int32, _ function: UnsafePointer<CChar>
) {
  writeError(
    "\(String(cString: file)):\(line): \(String(cString: function)): Assertion \""
      + "\(String(cString: expression))\" failed: \(String(cString: message))\n")
  _PyObject_Dump(object)
  abort()
}
