import CEdit
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// Completion, hooks and the line being edited.
enum LineFunctions {
  static let methods = [
    parse, readInit, insert, redisplay, lineBuffer, completionType, beginning, end, setCompleter,
    getCompleter, setDelimiters, getDelimiters, setStartup, setBeforeInput, setMatches,
  ]

  private static func text(_ name: String, _ given: Ref) throws(Raised) -> Owned {
    guard given.isStr else { throw badArgument(name, "argument", expected: "str", got: given) }
    return try Editor.encode(given)
  }

  private static let parse: Method = .o(
    "parse_and_bind($module, string, /)", "Execute the init line provided in the string argument."
  ) { _, given in
    none {
      let line = try text("parse_and_bind", given)
      if let start = PyBytes_AsString(line.ref) { _ = apus_edit_parse(start) }
    }
  }

  private static let readInit: Method = .fast(
    "read_init_file($module, filename=None, /)",
    "Execute a readline initialization file.\n\nThe default filename is the last filename used."
  ) { _, args, count in
    none {
      let a = try Arguments(readInit, args, count)
      let path = try HistoryFunctions.path(a[0])
      defer { Py_XDECREF(path) }
      let number = apus_edit_read_init(path.flatMap { PyBytes_AsString($0) })
      if number != 0 { throw raiseSystemError(number: number) }
    }
  }

  private static let insert: Method = .o(
    "insert_text($module, string, /)", "Insert text into the line buffer at the cursor position."
  ) { _, given in
    none {
      let line = try text("insert_text", given)
      if let start = PyBytes_AsString(line.ref) { apus_edit_insert(start) }
    }
  }
  private static let redisplay: Method = .noargs(
    "redisplay($module, /)", "Change what's displayed on the screen to reflect contents of the line buffer."
  ) { _, _ in
    apus_edit_redisplay()
    return noneObject()
  }
  private static let lineBuffer: Method = .noargs(
    "get_line_buffer($module, /)", "Return the current contents of the line buffer."
  ) { _, _ in Editor.decode(apus_edit_line()) }

  // MARK: Completion

  private static let completionType: Method = .noargs(
    "get_completion_type($module, /)", "Get the type of completion being attempted."
  ) { _, _ in PyLong_FromLong(Int(apus_edit_completion_type())) }
  private static let beginning: Method = .noargs(
    "get_begidx($module, /)", "Get the beginning index of the completion scope."
  ) { _, _ in PyLong_FromLong(Editor.wordStart) }
  private static let end: Method = .noargs(
    "get_endidx($module, /)", "Get the ending index of the completion scope."
  ) { _, _ in PyLong_FromLong(Editor.wordEnd) }

  private static let setDelimiters: Method = .o(
    "set_completer_delims($module, string, /)", "Set the word delimiters for completion."
  ) { _, given in
    none {
      let line = try text("set_completer_delims", given)
      if let start = PyBytes_AsString(line.ref), apus_edit_set_delimiters(start) == 0 {
        throw raiseNoMemory()
      }
    }
  }
  private static let getDelimiters: Method = .noargs(
    "get_completer_delims($module, /)", "Get the word delimiters for completion."
  ) { _, _ in Editor.decode(apus_edit_delimiters()) }

  /// Sets a function or takes it away. TypeError for what cannot be called.
  private static func set(
    _ name: String, _ place: UnsafeMutablePointer<Ref?>, _ given: Ref?
  ) throws(Raised) {
    var fresh: Ref?
    if let given, !given.isNone {
      guard PyCallable_Check(given) != 0 else {
        throw raise(.typeError, "set_\(name)(func): argument not callable")
      }
      fresh = given.retained().give()
    }
    let old = place.pointee
    place.pointee = fresh
    Py_XDECREF(old)
  }

  private static let setCompleter: Method = .fast(
    "set_completer($module, function=None, /)",
    """
    Set or remove the completer function.

    It is called as function(text, state) for state 0, 1, 2 and on until it returns no string; each
    is a completion of text.
    """
  ) { _, args, count in
    none {
      let a = try Arguments(setCompleter, args, count)
      try set("completer", &Editor.completer, a[0])
    }
  }
  private static let getCompleter: Method = .noargs("get_completer($module, /)", "Get the current completer function.") {
    _, _ in new { (Editor.completer ?? noneObject()).retained() }
  }

  private static let setStartup: Method = .fast(
    "set_startup_hook($module, function=None, /)",
    "Set or remove the function invoked by the rl_startup_hook callback.\n\nIt is called before the prompt is printed."
  ) { _, args, count in
    none {
      let a = try Arguments(setStartup, args, count)
      try set("startup_hook", &Editor.startupHook, a[0])
      apus_edit_enable(0, Editor.startupHook == nil ? 0 : 1)
    }
  }
  private static let setBeforeInput: Method = .fast(
    "set_pre_input_hook($module, function=None, /)",
    "Set or remove the function invoked by the rl_pre_input_hook callback.\n\nIt is called after the prompt is printed and before the first key is read."
  ) { _, args, count in
    none {
      let a = try Arguments(setBeforeInput, args, count)
      try set("pre_input_hook", &Editor.inputHook, a[0])
      apus_edit_enable(1, Editor.inputHook == nil ? 0 : 1)
    }
  }
  private static let setMatches: Method = .fast(
    "set_completion_display_matches_hook($module, function=None, /)",
    "Set or remove the completion display function.\n\nIt is called as function(substitution, [matches], longest_match_length)."
  ) { _, args, count in
    none {
      let a = try Arguments(setMatches, args, count)
      try set("completion_display_matches_hook", &Editor.matchesHook, a[0])
      apus_edit_enable(2, Editor.matchesHook == nil ? 0 : 1)
    }
  }
}
