import CPythonABI
import Objects

// Tracing and profiling of all threads of the interpreter (`threading.settrace_all_threads`).
// CPython: Python/ceval.c, PyEval_SetTraceAllThreads.

extension Tracing {
  /// Changes the trace or profile function of every thread; the GIL keeps them still meanwhile.
  private static func forEachThread(
    _ argument: UnsafeMutablePointer<PyObject>?,
    _ set: (ThreadRef, UnsafeMutablePointer<PyObject>?) -> UnsafeMutablePointer<PyObject>?
  ) {
    // What the old functions' death runs must not see the list half done.
    var old: [UnsafeMutablePointer<PyObject>] = []
    var next = apus_tstate().pointee.interp.pointee.threads
    while let thread = next {
      if let argument { Py_INCREF(argument) }
      if let replaced = set(thread, argument) { old.append(replaced) }
      update(thread)
      next = thread.pointee.next
    }
    for object in old { Py_DECREF(object) }
  }

  static func setTraceInAllThreads(
    _ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>?
  ) {
    forEachThread(argument) { thread, argument in
      let old = thread.pointee.c_traceobj
      thread.pointee.c_tracefunc = function
      thread.pointee.c_traceobj = argument
      return old
    }
  }

  static func setProfileInAllThreads(
    _ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>?
  ) {
    forEachThread(argument) { thread, argument in
      let old = thread.pointee.c_profileobj
      thread.pointee.c_profilefunc = function
      thread.pointee.c_profileobj = argument
      return old
    }
  }

  /// `sys._settraceallthreads(function)`
  static let settraceAllThreads: Method = .o(
    "_settraceallthreads($module, function, /)",
    "Set the trace function of all threads that run now."
  ) { _, function in
    setTraceInAllThreads(
      function.isNone ? nil : traceTrampoline, function.isNone ? nil : function)
    return noneObject()
  }

  /// `sys._setprofileallthreads(function)`
  static let setprofileAllThreads: Method = .o(
    "_setprofileallthreads($module, function, /)",
    "Set the profile function of all threads that run now."
  ) { _, function in
    setProfileInAllThreads(
      function.isNone ? nil : profileTrampoline, function.isNone ? nil : function)
    return noneObject()
  }
}

@c @implementation
public func PyEval_SetTraceAllThreads(
  _ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>
) {
  Tracing.setTraceInAllThreads(function, argument)
}

@c @implementation
public func PyEval_SetProfileAllThreads(
  _ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>
) {
  Tracing.setProfileInAllThreads(function, argument)
}
