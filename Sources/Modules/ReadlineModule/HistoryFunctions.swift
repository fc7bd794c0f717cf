import CEdit
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The list of lines typed before.
enum HistoryFunctions {
  static let methods = [
    add, clear, read, write, append, getLimit, setLimit, count, item, remove, replace, setAutomatic,
  ]

  /// The bytes of a file's name: a new reference; nil for None.
  static func path(_ given: Ref?) throws(Raised) -> Ref? {
    guard let given, !given.isNone else { return nil }
    var encoded: Ref?
    if PyUnicode_FSConverter(given, &encoded) == 0 { throw Raised() }
    return encoded
  }

  private static func auditOpen(_ given: Ref?, _ mode: StaticString) throws(Raised) {
    try audit(
      "open",
      tuple(
        (given ?? noneObject()).retained(), own(PyUnicode_FromString(cString(mode))), int(0)))
  }

  private static let add: Method = .o("add_history($module, string, /)", "Add an item to the history buffer.") {
    _, given in
    none {
      guard given.isStr else {
        throw badArgument("add_history", "argument", expected: "str", got: given)
      }
      let line = try Editor.encode(given)
      if let start = PyBytes_AsString(line.ref) { apus_history_add(start) }
    }
  }
  private static let clear: Method = .noargs("clear_history($module, /)", "Clear the current readline history.") {
    _, _ in
    apus_history_clear()
    return noneObject()
  }

  // MARK: Files

  private static let read: Method = .fast(
    "read_history_file($module, filename=None, /)", "Load a readline history file.\n\nThe default filename is ~/.history."
  ) { _, args, count in
    none {
      let a = try Arguments(read, args, count)
      try auditOpen(a[0], "r")
      let path = try path(a[0])
      defer { Py_XDECREF(path) }
      let number = apus_history_read(path.flatMap { PyBytes_AsString($0) })
      if number != 0 { throw raiseSystemError(number: errno == 0 ? number : errno) }
    }
  }
  private static let write: Method = .fast(
    "write_history_file($module, filename=None, /)", "Save a readline history file.\n\nThe default filename is ~/.history."
  ) { _, args, count in
    none {
      let a = try Arguments(write, args, count)
      try auditOpen(a[0], "w")
      let path = try path(a[0])
      defer { Py_XDECREF(path) }
      let name = path.flatMap { PyBytes_AsString($0) }
      let number = apus_history_write(name)
      if number != 0 { throw raiseSystemError(number: errno == 0 ? number : errno) }
      if Editor.historyLimit >= 0 { apus_history_truncate(name, Editor.historyLimit) }
    }
  }
  private static let append: Method = .fast(
    "append_history_file($module, nelements, filename=None, /)",
    "Append the last nelements items of the history list to file.\n\nThe default filename is ~/.history."
  ) { _, args, count in
    none {
      let a = try Arguments(append, args, count)
      let elements = try a.int32(0)
      if elements < 0 {
        throw raise(.valueError, "nelements must be positive")
      }
      try auditOpen(a[1], "a")
      let path = try path(a[1])
      defer { Py_XDECREF(path) }
      let name = path.flatMap { PyBytes_AsString($0) }
      let number = apus_history_append(elements, name)
      if number != 0 { throw raiseSystemError(number: errno == 0 ? number : errno) }
      if Editor.historyLimit >= 0 { apus_history_truncate(name, Editor.historyLimit) }
    }
  }
  private static let getLimit: Method = .noargs(
    "get_history_length($module, /)", "Return the maximum number of lines that will be written to the history file."
  ) { _, _ in PyLong_FromLong(Int(Editor.historyLimit)) }
  private static let setLimit: Method = .o(
    "set_history_length($module, length, /)",
    "Set the maximal number of lines which will be written to the history file.\n\nA negative length is used to inhibit history truncation."
  ) { _, given in
    none {
      let length = PyLong_AsInt(given)
      if length == -1 && hasRaised() { throw Raised() }
      Editor.historyLimit = length
    }
  }

  // MARK: Items

  private static let count: Method = .noargs(
    "get_current_history_length($module, /)", "Return the current (not the maximum) length of history."
  ) { _, _ in PyLong_FromLong(Int(apus_history_count())) }
  private static let item: Method = .o(
    "get_history_item($module, index, /)", "Return the current contents of history item at one-based index."
  ) { _, given in
    new {
      let index = PyLong_AsInt(given)
      if index == -1 && hasRaised() { throw Raised() }
      guard let line = apus_history_at(index) else { return noneObject().retained() }
      return try own(Editor.decode(line))
    }
  }
  private static let remove: Method = .o(
    "remove_history_item($module, pos, /)", "Remove history item given by its zero-based position."
  ) { _, given in
    none {
      let position = PyLong_AsInt(given)
      if position == -1 && hasRaised() { throw Raised() }
      if position < 0 { throw raise(.valueError, "History index cannot be negative") }
      if apus_history_remove(position) == 0 {
        throw raise(.valueError, "No history item at position \(position)")
      }
    }
  }
  private static let replace: Method = .fast(
    "replace_history_item($module, pos, line, /)",
    "Replaces history item given by its position with contents of line.\n\npos is zero-based."
  ) { _, args, count in
    none {
      let a = try Arguments(replace, args, count)
      let position = try a.int32(0)
      guard a.object(1).isStr else { throw a.badArgument(1, expected: "str") }
      if position < 0 { throw raise(.valueError, "History index cannot be negative") }
      let line = try Editor.encode(a.object(1))
      guard let start = PyBytes_AsString(line.ref) else { throw Raised() }
      if apus_history_replace(position, start) == 0 {
        throw raise(.valueError, "No history item at position \(position)")
      }
    }
  }
  private static let setAutomatic: Method = .o(
    "set_auto_history($module, enabled, /)", "Enables or disables automatic history."
  ) { _, given in
    none { Editor.addsHistory = try check(PyObject_IsTrue(given)) != 0 }
  }
}
