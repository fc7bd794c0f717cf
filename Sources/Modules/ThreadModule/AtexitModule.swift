import CPythonABI
import Interpreter
import Objects

/// The module `atexit`: functions to run when the interpreter ends. CPython: Modules/atexitmodule.c.
public let atexitModule = ModuleSpec(
  "atexit",
  doc: "Allow programs to register functions that run upon normal program termination.",
  methods: [register, clearAll, runAll, unregister, countAll],
  exec: { _ in
    ExitFunctions.runner = { run() }
    InterpreterEnd.add("atexit") {
      ExitFunctions.runner = nil
      InterpreterEnd.drop(&registrations)
    }
    return 0
  })

/// The registrations in order: tuples (function, args, keywords or None).
nonisolated(unsafe) private var registrations: Ref?

private func list() throws(Raised) -> Ref {
  if let registrations { return registrations }
  let made = try own(PyList_New(0)).give()
  registrations = made
  return made
}

private let register: Method = .variableKeywords(
  "register($module, func, /, *args, **kwargs)",
  """
  Register a function to be executed upon normal program termination.

  The arguments are handed to it. Returns func, so that this can be used as a decorator.
  """
) { _, args, keywords in
  new {
    guard apus_var_size(args) > 0 else {
      throw raise(.typeError, "register() takes at least 1 argument (0 given)")
    }
    let function = apus_tuple_item(args, 0)
    guard PyCallable_Check(function) != 0 else {
      throw raise(.typeError, "the first argument must be callable")
    }
    let rest = try own(PyTuple_GetSlice(args, 1, apus_var_size(args)))
    let entry = try tuple(function.retained(), rest, (keywords ?? noneObject()).retained())
    try check(PyList_Append(list(), entry.ref))
    return function.retained()
  }
}

/// The registrations that are being run.
nonisolated(unsafe) private var running: Ref?

/// Runs the functions, the last registered first. What they raise is reported and forgotten, and so are
/// functions that they register.
private func run() {
  if running != nil { return }
  running = registrations
  registrations = nil
  defer {
    InterpreterEnd.drop(&running)
    InterpreterEnd.drop(&registrations)
  }
  while let functions = running, apus_var_size(functions) > 0 {
    let last = apus_var_size(functions) - 1
    let entry = apus_list_item(functions, last).retained()
    if PyList_SetSlice(functions, last, last + 1, nil) < 0 { PyErr_Clear() }
    let keywords = apus_tuple_item(entry.ref, 2)
    let function = apus_tuple_item(entry.ref, 0)
    if let result = PyObject_Call(
      function, apus_tuple_item(entry.ref, 1), keywords.isNone ? nil : keywords)
    {
      Py_DECREF(result)
      continue
    }
    let pending = PyErr_GetRaisedException()
    let shown = PyObject_Repr(function)
    PyErr_Clear()
    let message = newString(
      "Exception ignored in atexit callback \(shown.map { text(of: $0) } ?? "?")")
    Py_XDECREF(shown)
    PyErr_SetRaisedException(pending)
    _PyErr_WriteUnraisableMsg(message, nil)
    Py_XDECREF(message)
  }
}

private let runAll: Method = .noargs("_run_exitfuncs($module, /)", "Run all registered exit functions.") {
  _, _ in
  run()
  return noneObject()
}

private let clearAll: Method = .noargs(
  "_clear($module, /)", "Clear the list of previously registered exit functions."
) { _, _ in
  none {
    if let functions = registrations {
      try check(PyList_SetSlice(functions, 0, apus_var_size(functions), nil))
    }
  }
}

private let countAll: Method = .noargs("_ncallbacks($module, /)", "Return the number of registered exit functions.") {
  _, _ in PyLong_FromSsize_t(registrations.map { apus_var_size($0) } ?? 0)
}

private let unregister: Method = .o(
  "unregister($module, func, /)",
  "Unregister an exit function which was previously registered using atexit.register"
) { _, function in
  none {
    for functions in [registrations, running] {
      if let held = functions?.retained() { try remove(function, from: held.ref) }
    }
  }
}

/// Takes every registration of a function out of a list.
private func remove(_ function: Ref, from functions: Ref) throws(Raised) {
  var index = apus_var_size(functions) - 1
  while index >= 0 {
    if index < apus_var_size(functions) {
      let entry = apus_list_item(functions, index).retained()
      let same = try check(
        PyObject_RichCompareBool(apus_tuple_item(entry.ref, 0), function, Py_EQ))
      // The comparison may have changed the list.
      if same != 0, index < apus_var_size(functions),
        apus_list_item(functions, index) == entry.ref
      {
        try check(PyList_SetSlice(functions, index, index + 1, nil))
      }
    }
    index -= 1
  }
}
