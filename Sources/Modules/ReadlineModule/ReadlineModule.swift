import CEdit
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `readline`, over libedit. CPython: Modules/readline.c.
public let readlineModule = ModuleSpec(
  "readline", doc: "Importing this module enables command line editing using libedit readline.",
  methods: LineFunctions.methods + HistoryFunctions.methods,
  constants: [.string("backend", "editline")],
  exec: { module in
    status {
      Editor.prepare()
      let numbers: [(StaticString, Int32)] = [
        ("_READLINE_VERSION", apus_edit_header_version()),
        ("_READLINE_RUNTIME_VERSION", apus_edit_version()),
      ]
      for (name, value) in numbers {
        let number = try int(Int(value))
        try check(PyModule_AddObjectRef(module, cString(name), number.ref))
      }
      try check(
        PyModule_AddStringConstant(module, "_READLINE_LIBRARY_VERSION", apus_edit_library_version()))
    }
  })

/// The editor of the process and the functions it calls.
enum Editor {
  nonisolated(unsafe) static var completer: Ref?
  nonisolated(unsafe) static var startupHook: Ref?
  nonisolated(unsafe) static var inputHook: Ref?
  nonisolated(unsafe) static var matchesHook: Ref?
  nonisolated(unsafe) static var wordStart = 0
  nonisolated(unsafe) static var wordEnd = 0
  nonisolated(unsafe) static var addsHistory = true
  /// Lines that write_history_file() keeps; negative: all.
  nonisolated(unsafe) static var historyLimit: Int32 = -1
  nonisolated(unsafe) private static var isPrepared = false

  static func prepare() {
    LineEditor.read = readLine
    InterpreterEnd.add("readline") {
      LineEditor.read = nil
      InterpreterEnd.drop(&completer)
      InterpreterEnd.drop(&startupHook)
      InterpreterEnd.drop(&inputHook)
      InterpreterEnd.drop(&matchesHook)
    }
    if isPrepared { return }
    isPrepared = true
    var hooks = ApusEditHooks(
      complete: complete, attempt: { start, end in
        Editor.wordStart = Int(start)
        Editor.wordEnd = Int(end)
      }, startup: { Editor.run(Editor.startupHook) }, before_input: { Editor.run(Editor.inputHook) },
      show: show)
    apus_edit_setup(&hooks)
  }

  /// Text for the editor in the locale's encoding.
  static func encode(_ text: Ref) throws(Raised) -> Owned {
    try own(PyUnicode_EncodeLocale(text, "surrogateescape"))
  }
  static func decode(_ text: UnsafePointer<CChar>) -> Ref? {
    PyUnicode_DecodeLocale(text, "surrogateescape")
  }

  // MARK: Callbacks

  private static let complete: @convention(c) (UnsafePointer<CChar>, Int32) -> UnsafeMutablePointer<CChar>? = {
    text, state in
    guard let completer = Editor.completer else { return nil }
    let gil = PyGILState_Ensure()
    defer { PyGILState_Release(gil) }
    do throws(Raised) {
      let held = completer.retained()
      let word = try own(Editor.decode(text))
      let number = try int(Int(state))
      let arguments = try tuple(word.ref.retained(), number.ref.retained())
      let result = try own(PyObject_Call(held.ref, arguments.ref, nil))
      if result.ref.isNone { return nil }
      let bytes = try Editor.encode(result.ref)
      return PyBytes_AsString(bytes.ref).flatMap { strdup($0) }
    } catch {
      PyErr_Clear()
      return nil
    }
  }

  private static func run(_ hook: Ref?) -> Int32 {
    guard let hook else { return 0 }
    let gil = PyGILState_Ensure()
    defer { PyGILState_Release(gil) }
    do throws(Raised) {
      let held = hook.retained()
      let result = try own(PyObject_CallNoArgs(held.ref))
      if result.ref.isNone { return 0 }
      let number = PyLong_AsInt(result.ref)
      if number == -1 && hasRaised() { throw Raised() }
      return number
    } catch {
      PyErr_Clear()
      return 0
    }
  }

  private static let show:
    @convention(c) (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, Int32, Int32) -> Void = {
      matches, count, longest in
      guard let hook = Editor.matchesHook else { return }
      let gil = PyGILState_Ensure()
      defer { PyGILState_Release(gil) }
      do throws(Raised) {
        let held = hook.retained()
        let list = try own(PyList_New(0))
        for index in 1..<Swift.max(1, Int(count) + 1) {
          guard let match = matches[index] else { break }
          let text = try own(Editor.decode(match))
          try check(PyList_Append(list.ref, text.ref))
        }
        let shared = try own(Editor.decode(matches[0].map { UnsafePointer($0) } ?? cString("")))
        let arguments = try tuple(shared, list, int(Int(longest)))
        _ = try own(PyObject_Call(held.ref, arguments.ref, nil))
      } catch { PyErr_Clear() }
    }

  // MARK: Lines

  /// What `input()` calls on a terminal.
  private static func readLine(_ prompt: UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>? {
    apus_edit_begin(prompt)
    var line: UnsafeMutablePointer<CChar>?
    while apus_edit_is_done(&line) == 0 {
      let ready = withoutGIL {
        let ready = apus_edit_wait()
        if ready > 0 { apus_edit_read() }
        return ready
      }
      if ready <= 0 && PyErr_CheckSignals() < 0 {
        apus_edit_cancel()
        return nil
      }
      if ready < 0 {
        apus_edit_cancel()
        _ = PyErr_SetFromErrno(.osError)
        return nil
      }
    }
    guard let line else { return strdup("") }
    let count = strlen(line)
    if count > 0 && addsHistory {
      let last = apus_history_at(apus_history_count())
      if last.map({ strcmp($0, line) != 0 }) ?? true { apus_history_add(line) }
    }
    guard let result = realloc(line, count + 2)?.assumingMemoryBound(to: CChar.self) else {
      free(line)
      _ = PyErr_NoMemory()
      return nil
    }
    result[count] = 10
    result[count + 1] = 0
    return result
  }
}
