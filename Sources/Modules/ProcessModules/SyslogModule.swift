import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `syslog`. CPython: Modules/syslogmodule.c.
public let syslogModule = ModuleSpec(
  "syslog", methods: [openLog, send, closeLog, setMask, mask, maskUpTo],
  exec: { module in status { try addConstants(module, apus_syslog_table()) } })

/// The name before each message: openlog() of the system keeps a pointer to it.
nonisolated(unsafe) private var identity: Ref?
nonisolated(unsafe) private var isOpen = false

/// The last part of `sys.argv[0]`, nil when there is none.
private func programName() throws(Raised) -> Ref? {
  guard let list = PySys_GetObject("argv"), list.isList, apus_var_size(list) > 0 else {
    return nil
  }
  let script = apus_list_item(list, 0)
  guard script.isStr, apus_str_length(script) > 0 else { return nil }
  let slash = PyUnicode_FindChar(script, 0x2F, 0, apus_str_length(script), -1)
  if slash < -1 { throw Raised() }
  return try own(PyUnicode_Substring(script, slash + 1, apus_str_length(script))).give()
}

/// Opens the log. Takes over the reference to the name.
private func open(_ name: Ref?, _ options: Int, _ facility: Int) throws(Raised) {
  var text: UnsafePointer<CChar>?
  if let name {
    guard let bytes = PyUnicode_AsUTF8(name) else {
      Py_DECREF(name)
      throw Raised()
    }
    text = UnsafePointer(bytes)
  }
  do throws(Raised) {
    try audit(
      "syslog.openlog",
      tuple((name ?? noneObject()).retained(), int(options), int(facility)))
  } catch {
    Py_XDECREF(name)
    throw error
  }
  openlog(text, Int32(truncatingIfNeeded: options), Int32(truncatingIfNeeded: facility))
  isOpen = true
  let old = identity
  identity = name
  InterpreterEnd.add("syslog") {
    if isOpen { closelog() }
    isOpen = false
    InterpreterEnd.drop(&identity)
  }
  Py_XDECREF(old)
}

private let openLog: Method = .keywords(
  "openlog($module, /, ident=<unrepresentable>, logoption=0,\n        facility=LOG_USER)",
  "Set logging options of subsequent syslog() calls."
) { _, args, count, names in
  none {
    let a = try Arguments(openLog, args, count, names)
    if let given = a[0], !given.isStr { throw a.badArgument(0, expected: "str") }
    let options = try a.offset(1)
    let facility = try a.offset(2, default: 8)
    try open(a[0].map { $0.retained().give() } ?? programName(), options, facility)
  }
}

private let send: Method = .fast(
  "syslog", "syslog([priority=LOG_INFO,] message)\nSend the string message to the system logger."
) { _, args, count in
  none {
    guard count == 1 || count == 2 else {
      throw raise(.typeError, "syslog.syslog requires 1 to 2 arguments")
    }
    let a = try TupleArguments("syslog", args, count, least: 1, most: 2)
    let priority = count == 2 ? try a.int32(0) : 6
    let message = try a.text(count - 1)
    try audit("syslog.syslog", tuple(int(Int(priority)), a.object(count - 1).retained()))
    if !isOpen { try open(programName(), 0, 8) }
    withoutGIL { apus_syslog(priority, message) }
  }
}

private let closeLog: Method = .noargs("closelog($module, /)", "Reset the syslog module values and call the system library closelog().") {
  _, _ in
  none {
    if !isOpen { return }
    try audit("syslog.closelog", own(PyTuple_New(0)))
    closelog()
    isOpen = false
    let old = identity
    identity = nil
    Py_XDECREF(old)
  }
}

private let setMask: Method = .o(
  "setlogmask($module, maskpri, /)", "Set the priority mask to maskpri and return the previous mask value."
) { _, given in
  new {
    let priorities = try check(PyLong_AsLong(given))
    try audit("syslog.setlogmask", tuple(int(priorities)))
    return try int(Int(setlogmask(Int32(truncatingIfNeeded: priorities))))
  }
}

private let mask: Method = .o(
  "LOG_MASK($module, pri, /)", "Calculates the mask for the individual priority pri."
) { _, given in
  new {
    let priority = try check(PyLong_AsLong(given))
    return try int(Int(Int32(1) &<< Int32(truncatingIfNeeded: priority)))
  }
}

private let maskUpTo: Method = .o(
  "LOG_UPTO($module, pri, /)", "Calculates the mask for all priorities up to and including pri."
) { _, given in
  new {
    let priority = try check(PyLong_AsLong(given))
    return try int(Int((Int32(1) &<< (Int32(truncatingIfNeeded: priority) &+ 1)) &- 1))
  }
}
