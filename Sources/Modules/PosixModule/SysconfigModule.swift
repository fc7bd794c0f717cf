import CPythonABI
import Objects

/// The module `_sysconfig`: what the build decided. CPython: Modules/_sysconfig.c.
public let sysconfigModule = ModuleSpec(
  "_sysconfig", doc: "What the module sysconfig asks the interpreter for.", methods: [configVars])

private let configVars: Method = .noargs(
  "config_vars($module, /)", "The variables of the build that sysconfig shows, as a dict."
) { _, _ in
  new {
    let variables = try own(PyDict_New())
    // There is a GIL.
    let disabled = try int(0)
    try check(PyDict_SetItemString(variables.ref, "Py_GIL_DISABLED", disabled.ref))
    return variables
  }
}
