import CPythonABI
import Objects

/// Running code objects outside of a call: modules, class bodies, `exec`.
/// CPython: Python/ceval.c, PyEval_EvalCode.
public enum CodeExecution {
  /// Runs code that takes no arguments in given namespaces. A new reference, nil with an exception.
  static func run(
    code: CodeRef, function: UnsafeMutablePointer<PyFunctionObject>, locals: Ref?
  ) -> Ref? {
    let thread = apus_tstate()
    let functionObject = UnsafeMutableRawPointer(function).assumingMemoryBound(to: PyObject.self)
    Py_INCREF(functionObject)
    let outcome = withUnsafeTemporaryAllocation(of: Ref?.self, capacity: 1) { empty in
      Calls.push(thread, function, empty.baseAddress.unsafelyUnwrapped, 0, names: nil)
    }
    switch outcome {
    case .frame(let frame):
      if let locals {
        Py_INCREF(locals)
        Py_XDECREF(frame.pointee.f_locals)
        frame.pointee.f_locals = locals
      }
      return Calls.run(thread, frame)
    case .result(let generator):
      // Top-level await: the coroutine works in the namespace it was made for.
      if let locals {
        Py_INCREF(locals)
        Py_XDECREF(apus_gen_frame(generator).pointee.f_locals)
        apus_gen_frame(generator).pointee.f_locals = locals
      }
      return generator
    case .failed: return nil
    }
  }

  /// Makes sure that a globals dict has `__builtins__`.
  public static func addBuiltins(_ globals: Ref) throws(Raised) {
    let name = id___builtins__().retained()
    if try check(PyDict_Contains(globals, name.ref)) != 0 { return }
    guard let builtins = PyEval_GetBuiltins() else { return }
    try check(PyDict_SetItem(globals, name.ref, builtins))
  }
}

@c @implementation
public func PyEval_EvalCode(
  _ code: UnsafeMutablePointer<PyObject>, _ globals: UnsafeMutablePointer<PyObject>,
  _ locals: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    if code.view(PyCodeObject.self).pointee.co_nfreevars > 0 {
      throw raise(.typeError, "code that runs in a namespace may not contain free variables")
    }
    let object = try own(PyFunction_New(code, globals))
    let function = object.ref.view(PyFunctionObject.self)
    return try own(
      CodeExecution.run(code: Frame.codeOf(function), function: function, locals: locals ?? globals))
  }
}
