import CPythonABI
import Glibc
import Objects

// What C code asks and sets of the process's settings: paths, arguments, options. What had to be
// said before the start has no effect any more. CPython: Python/pathconfig.c, Python/sysmodule.c.

/// Texts of `sys` in wide characters, which live as long as the process.
private enum WideTexts {
  nonisolated(unsafe) private static var known: [String: UnsafeMutablePointer<Int32>] = [:]

  /// `make` gives a new reference.
  static func text(_ key: String, _ make: () throws -> Ref?) -> UnsafeMutablePointer<Int32>? {
    if let found = known[key] { return found }
    do {
      guard let value = try make() else { return nil }
      defer { Py_DECREF(value) }
      guard let wide = PyUnicode_AsWideCharString(value, nil) else { throw Raised() }
      known[key] = wide
      return wide
    } catch {
      PyErr_Clear()
      return nil
    }
  }

  static func ofSys(_ name: String) -> UnsafeMutablePointer<Int32>? {
    text(name) {
      guard let value = name.withCString({ PySys_GetObject($0) }), value.isStr else { return nil }
      return value.retained().give()
    }
  }
}

/// `sys.prefix`.
@c
public func Py_GetPrefix() -> UnsafeMutablePointer<Int32>? { WideTexts.ofSys("prefix") }

/// `sys.exec_prefix`.
@c
public func Py_GetExecPrefix() -> UnsafeMutablePointer<Int32>? { WideTexts.ofSys("exec_prefix") }

/// `sys.executable`.
@c
public func Py_GetProgramFullPath() -> UnsafeMutablePointer<Int32>? { WideTexts.ofSys("executable") }

/// The name that the program was called by.
@c
public func Py_GetProgramName() -> UnsafeMutablePointer<Int32>? {
  WideTexts.text("program name") {
    guard let words = PySys_GetObject("orig_argv"), words.isList, apus_var_size(words) > 0 else { return nil }
    return apus_list_item(words, 0).retained().give()
  }
}

/// `PYTHONHOME`; NULL when it is not set.
@c
public func Py_GetPythonHome() -> UnsafeMutablePointer<Int32>? {
  WideTexts.text("home") {
    guard let home = getenv("PYTHONHOME"), home.pointee != 0 else { return nil }
    return try own(PyUnicode_DecodeFSDefault(home)).give()
  }
}

/// `sys.path` as it was at the first call, with colons between the folders.
@c
public func Py_GetPath() -> UnsafeMutablePointer<Int32>? {
  WideTexts.text("path") {
    guard let folders = PySys_GetObject("path") else { return nil }
    let colon = try own(newString(":"))
    return try own(PyUnicode_Join(colon.ref, folders)).give()
  }
}

@c
public func Py_SetPath(_ path: UnsafePointer<Int32>?) {}

@c
public func Py_SetProgramName(_ name: UnsafePointer<Int32>?) {}

@c
public func Py_SetPythonHome(_ home: UnsafePointer<Int32>?) {}

nonisolated(unsafe) private let buildText = strdup("Apus 0.1, " + SysValues.buildDate)

/// What `sys.version` says of the build.
@c @implementation
public func Py_GetBuildInfo() -> UnsafePointer<CChar>? { UnsafePointer(buildText) }

// MARK: Arguments and paths

/// `sys.path` becomes the folders of a text with colons between them.
@c
public func PySys_SetPath(_ path: UnsafePointer<Int32>) {
  let result = status {
    let whole = try own(PyUnicode_FromWideChar(path, -1))
    let colon = try own(newString(":"))
    let folders = try own(PyUnicode_Split(whole.ref, colon.ref, -1))
    try check(PySys_SetObject("path", folders.ref))
  }
  if result < 0 { Py_FatalError("can't assign sys.path") }
}

/// Sets `sys.argv`; with `updatesPath` the program's folder comes first in `sys.path`.
@c
public func PySys_SetArgvEx(
  _ count: Int32, _ words: UnsafePointer<UnsafePointer<Int32>?>?, _ updatesPath: Int32
) {
  let result = status {
    let list = try own(PyList_New(0))
    for index in 0..<Swift.max(Int(count), 0) {
      guard let word = words?[index] else { break }
      let text = try own(PyUnicode_FromWideChar(word, -1))
      try check(PyList_Append(list.ref, text.ref))
    }
    if apus_var_size(list.ref) == 0 {
      let empty = try own(newString(""))
      try check(PyList_Append(list.ref, empty.ref))
    }
    try check(PySys_SetObject("argv", list.ref))
    if updatesPath == 0 { return }
    let program = text(of: apus_list_item(list.ref, 0))
    let folder = program.lastIndex(of: "/").map { String(program[..<$0]) } ?? ""
    if let path = PySys_GetObject("path"), path.isList {
      let first = try own(newString(folder))
      try check(PyList_Insert(path, 0, first.ref))
    }
  }
  if result < 0 { Py_FatalError("can't assign sys.argv") }
}

@c
public func PySys_SetArgv(_ count: Int32, _ words: UnsafePointer<UnsafePointer<Int32>?>?) {
  let isIsolated = PySys_GetObject("flags").flatMap { PyObject_GetAttrString($0, "isolated") }
  let isolated = isIsolated.map { PyObject_IsTrue($0) } ?? 0
  Py_XDECREF(isIsolated)
  PySys_SetArgvEx(count, words, isolated == 0 ? 1 : 0)
}

// MARK: Options

/// `sys.warnoptions`, a new list when there is none.
private func warnOptions() throws(Raised) -> Ref {
  if let options = PySys_GetObject("warnoptions"), options.isList { return options }
  let made = try own(PyList_New(0))
  try check(PySys_SetObject("warnoptions", made.ref))
  return try borrow(PySys_GetObject("warnoptions"))
}

@c
public func PySys_AddWarnOptionUnicode(_ option: UnsafeMutablePointer<PyObject>) {
  if status({ try check(PyList_Append(try warnOptions(), option)) }) < 0 { PyErr_Clear() }
}

@c
public func PySys_AddWarnOption(_ option: UnsafePointer<Int32>) {
  guard let text = PyUnicode_FromWideChar(option, -1) else { return PyErr_Clear() }
  PySys_AddWarnOptionUnicode(text)
  Py_DECREF(text)
}

@c
public func PySys_HasWarnOptions() -> Int32 {
  guard let options = PySys_GetObject("warnoptions"), options.isList else { return 0 }
  return apus_var_size(options) > 0 ? 1 : 0
}

@c @implementation
public func PySys_ResetWarnOptions() {
  guard let options = PySys_GetObject("warnoptions"), options.isList else { return }
  if PyList_SetSlice(options, 0, apus_var_size(options), nil) < 0 { PyErr_Clear() }
}

/// `sys._xoptions`, borrowed; a new dict when there is none.
@c @implementation
public func PySys_GetXOptions() -> UnsafeMutablePointer<PyObject>? {
  if let options = PySys_GetObject("_xoptions"), options.isDict { return options }
  guard let made = PyDict_New() else { return nil }
  defer { Py_DECREF(made) }
  return PySys_SetObject("_xoptions", made) < 0 ? nil : made
}

/// `name=value`, or a name that is True.
@c
public func PySys_AddXOption(_ option: UnsafePointer<Int32>) {
  let result = status {
    let options = try borrow(PySys_GetXOptions())
    let whole = try own(PyUnicode_FromWideChar(option, -1))
    let sign = try own(newString("="))
    let parts = try own(PyUnicode_Partition(whole.ref, sign.ref))
    let hasValue = PyUnicode_GetLength(apus_tuple_item(parts.ref, 1)) > 0
    try check(
      PyObject_SetItem(
        options, apus_tuple_item(parts.ref, 0),
        hasValue ? apus_tuple_item(parts.ref, 2) : boolObject(true)))
  }
  if result < 0 { PyErr_Clear() }
}

// MARK: The end

/// Ends the process after everything that the end of a program does.
@c @implementation
public func Py_Exit(_ code: Int32) {
  exit(Lifecycle.finalize() < 0 ? 120 : code)
}
