import CPythonABI
import Objects

/// The TypeError for keywords given to a native method that takes none.
///
/// In `object.method(name=value)` CPython 3.13 calls the descriptor, so that the message names the
/// class that defines the method. A bound method made before, or called with `*` and `**`, names the
/// class of the object; that message is the call's own.
enum KeywordRefusal {
  /// Whether the method takes no keywords and comes from a base of the object's class; the exception
  /// is set then.
  @inline(never)
  static func refuses(_ callable: Ref) -> Bool {
    let function = callable.view(PyCFunctionObject.self).pointee
    let definition = function.m_ml.pointee
    guard definition.ml_flags & METH_KEYWORDS == 0, let receiver = function.m_self,
      !receiver.isType, let spelling = definition.ml_name,
      let name = PyUnicode_InternFromString(spelling)
    else { return false }
    defer { Py_DECREF(name) }
    guard let found = receiver.type.lookUp(name), found.type == methodDescrType() else {
      return false
    }
    let descriptor = found.view(PyMethodDescrObject.self).pointee
    guard descriptor.d_method == function.m_ml, descriptor.d_common.d_type != receiver.type else {
      return false
    }
    if let shown = _PyObject_FunctionStr(found) {
      _ = raise(.typeError, "\(text(of: shown)) takes no keyword arguments")
      Py_DECREF(shown)
    }
    return true
  }
}
