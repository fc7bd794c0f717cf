import CPythonABI
import Glibc

/// Issuing warnings: filters, registries, the text shown. Uses the lists of the `warnings` module
/// when it is imported, else the interpreter's own. CPython: Python/_warnings.c.
public enum Warnings {
  private static var interpreter: UnsafeMutablePointer<PyInterpreterState> {
    apus_tstate().pointee.interp
  }

  // MARK: State

  /// Makes the filter list, the once registry and the default action unless they exist.
  static func prepare() throws(Raised) {
    let state = interpreter
    if state.pointee.warnings_filters == nil {
      let filters = try own(PyList_New(0))
      try addFilter(filters.ref, "default", .deprecationWarning, module: "__main__")
      for category: Ref in [
        .deprecationWarning, .pendingDeprecationWarning, .importWarning, .resourceWarning,
      ] {
        try addFilter(filters.ref, "ignore", category)
      }
      state.pointee.warnings_filters = filters.give()
    }
    if state.pointee.warnings_once_registry == nil {
      state.pointee.warnings_once_registry = try own(PyDict_New()).give()
    }
    if state.pointee.warnings_default_action == nil {
      state.pointee.warnings_default_action = try own(PyUnicode_InternFromString("default")).give()
    }
  }

  private static func addFilter(
    _ filters: Ref, _ action: String, _ category: Ref, module: String? = nil
  ) throws(Raised) {
    let tuple = try own(PyTuple_New(5))
    let items = apus_tuple_items(tuple.ref)
    items[0] = try own(PyUnicode_InternFromString(action)).give()
    items[1] = noneObject()
    items[2] = category.retained().give()
    items[3] = module == nil ? noneObject() : try own(newString(module ?? "")).give()
    items[4] = apus_small_int(0)
    try check(PyList_Append(filters, tuple.ref))
  }

  /// Tells the registries that the filters changed.
  static func filtersMutated() { interpreter.pointee.warnings_filters_version &+= 1 }

  /// An attribute of the `warnings` module, nil when the module is not imported or lacks it.
  private static func moduleAttribute(
    _ name: StaticString, importing: Bool = false
  ) throws(Raised) -> Owned? {
    let moduleName = try own(PyUnicode_InternFromString("warnings"))
    let module: Owned
    if importing {
      guard let found = PyImport_Import(moduleName.ref) else {
        // During start-up the library may not be there yet.
        if PyErr_ExceptionMatches(.importError) != 0 {
          PyErr_Clear()
          return nil
        }
        throw Raised()
      }
      module = Owned(adopting: found)
    } else {
      if interpreter.pointee.modules == nil { return nil }
      guard let found = PyImport_GetModule(moduleName.ref) else {
        if hasRaised() { throw Raised() }
        return nil
      }
      module = Owned(adopting: found)
    }
    var value: Ref?
    try check(PyObject_GetOptionalAttrString(module.ref, cString(name), &value))
    guard let value else { return nil }
    return Owned(adopting: value)
  }

  // MARK: Filters

  private static func matches(_ pattern: Ref, _ subject: Ref) throws(Raised) -> Bool {
    if pattern.isNone { return true }
    if pattern.isExactStr {
      return subject.isStr && PyUnicode_Compare(pattern, subject) == 0
    }
    let name = try own(PyUnicode_InternFromString("match"))
    let result = try own(SpecialMethod.callMethod(pattern, name.ref, subject))
    return try check(PyObject_IsTrue(result.ref)) != 0
  }

  /// The action of the first filter that matches, and that filter (None for the default).
  private static func action(
    _ category: Ref, _ text: Ref, _ line: Int, _ module: Ref
  ) throws(Raised) -> Owned {
    let filters: Owned
    if let replaced = try moduleAttribute("filters") {
      // Kept for a module whose list is taken away.
      let old = interpreter.pointee.warnings_filters
      Py_INCREF(replaced.ref)
      interpreter.pointee.warnings_filters = replaced.ref
      Py_XDECREF(old)
      filters = replaced
    } else {
      filters = try borrow(interpreter.pointee.warnings_filters).retained()
    }
    guard filters.ref.isList else {
      throw raise(.valueError, "warnings.filters must be a list")
    }
    var index = 0
    // Matching runs Python code, which may change the list.
    while index < apus_var_size(filters.ref) {
      let filter = apus_list_item(filters.ref, index).retained()
      guard filter.ref.isTuple, apus_var_size(filter.ref) == 5 else {
        throw raise(.valueError, "warnings.filters item \(index) isn't a 5-tuple")
      }
      index += 1
      let action = apus_tuple_item(filter.ref, 0)
      guard action.isStr else {
        throw raise(.typeError, "action must be a string, not '\(action.type.fullName)'")
      }
      guard try matches(apus_tuple_item(filter.ref, 1), text),
        try check(PyObject_IsSubclass(category, apus_tuple_item(filter.ref, 2))) != 0,
        try matches(apus_tuple_item(filter.ref, 3), module)
      else { continue }
      let filterLine = PyLong_AsSsize_t(apus_tuple_item(filter.ref, 4))
      if filterLine == -1 && hasRaised() { throw Raised() }
      if filterLine == 0 || filterLine == line { return action.retained() }
    }
    if let action = try moduleAttribute("defaultaction") {
      guard action.ref.isStr else {
        throw raise(
          .typeError,
          "warnings.defaultaction must be a string, not '\(action.ref.type.fullName)'")
      }
      return action
    }
    return try borrow(interpreter.pointee.warnings_default_action).retained()
  }

  // MARK: Registries

  /// Whether the registry has the key; with `adding` it has it afterwards. A registry from before a
  /// change of the filters is emptied.
  private static func isKnown(_ registry: Ref, _ key: Ref, adding: Bool) throws(Raised) -> Bool {
    guard registry.isDict else { return false }
    var version: Ref?
    try check(PyDict_GetItemStringRef(registry, "version", &version))
    let current = interpreter.pointee.warnings_filters_version
    var isCurrent = false
    if let version {
      let held = Owned(adopting: version)
      if held.ref.isExactInt {
        var overflow: Int32 = 0
        isCurrent = PyLong_AsLongAndOverflow(held.ref, &overflow) == current && overflow == 0
      }
    }
    if isCurrent {
      var known: Ref?
      try check(PyDict_GetItemRef(registry, key, &known))
      if let known {
        let held = Owned(adopting: known)
        if try check(PyObject_IsTrue(held.ref)) != 0 { return true }
      }
    } else {
      PyDict_Clear(registry)
      let number = try own(PyLong_FromLong(current))
      try check(PyDict_SetItemString(registry, "version", number.ref))
    }
    if adding { try check(PyDict_SetItem(registry, key, trueObject())) }
    return false
  }

  // MARK: Issuing

  /// A warning at a place. `message` is a text or a Warning instance, `module` the module's name
  /// (derived from the file name when nil), `registry` a dict, None or nil.
  static func issue(
    _ givenCategory: Ref, _ givenMessage: Ref, _ filename: Ref, _ line: Int, module: Ref?,
    registry: Ref?, sourceLine: Ref? = nil, source: Ref? = nil
  ) throws(Raised) {
    try prepare()
    // The module cannot be known at shutdown.
    if let module, module.isNone { return }
    if let registry, !registry.isDict, !registry.isNone {
      throw raise(.typeError, "'registry' must be a dict or None")
    }
    let moduleName = module == nil ? try normalizedModule(filename) : module.unsafelyUnwrapped.retained()
    let isInstance = try check(PyObject_IsInstance(givenMessage, .warning)) != 0
    let text: Owned
    let message: Owned
    let category: Ref
    if isInstance {
      text = try own(PyObject_Str(givenMessage))
      message = givenMessage.retained()
      category = givenMessage.type.object
    } else {
      text = givenMessage.retained()
      message = try own(PyObject_CallOneArg(givenCategory, givenMessage))
      category = givenCategory
    }
    let lineObject = try own(PyLong_FromSsize_t(line))
    let key = try own(PyTuple_Pack3(text.ref, category, lineObject.ref))
    let table: Ref? = if let registry, !registry.isNone { registry } else { nil }
    if let table, try isKnown(table, key.ref, adding: false) { return }
    let action = try action(category, text.ref, line, moduleName.ref)
    switch Objects.text(of: action.ref) {
    case "error":
      PyErr_SetObject(category, message.ref)
      throw Raised()
    case "ignore":
      return
    case "always", "all":
      break
    case "once":
      if let table { try check(PyDict_SetItem(table, key.ref, trueObject())) }
      let once: Owned
      if let table {
        once = table.retained()
      } else if let replaced = try moduleAttribute("onceregistry") {
        guard replaced.ref.isDict else {
          throw raise(
            .typeError,
            "_warnings.onceregistry must be a dict, not '\(replaced.ref.type.fullName)'")
        }
        once = replaced
      } else {
        once = try borrow(interpreter.pointee.warnings_once_registry).retained()
      }
      let short = try own(PyTuple_Pack2(text.ref, category))
      if try isKnown(once.ref, short.ref, adding: true) { return }
    case "module":
      if let table {
        try check(PyDict_SetItem(table, key.ref, trueObject()))
        let short = try own(PyTuple_Pack2(text.ref, category))
        if try isKnown(table, short.ref, adding: true) { return }
      }
    case "default":
      if let table { try check(PyDict_SetItem(table, key.ref, trueObject())) }
    default:
      let shown = try own(PyObject_Repr(action.ref))
      throw raise(
        .runtimeError,
        "Unrecognized action (\(Objects.text(of: shown.ref))) in warnings.filters:\n "
          + "\(Objects.text(of: shown.ref))")
    }
    try show(
      category, text.ref, message.ref, filename, line, lineObject.ref, sourceLine, source)
  }

  /// The file name without ".py".
  private static func normalizedModule(_ filename: Ref) throws(Raised) -> Owned {
    let length = apus_str_length(filename)
    if length == 0 { return try own(PyUnicode_FromString("<unknown>")) }
    if length >= 3 {
      let suffix = try own(PyUnicode_Substring(filename, length - 3, length))
      if PyUnicode_CompareWithASCIIString(suffix.ref, ".py") == 0 {
        return try own(PyUnicode_Substring(filename, 0, length - 3))
      }
    }
    return filename.retained()
  }

  /// Hands the warning to `warnings._showwarnmsg`, or writes it to stderr without that module.
  private static func show(
    _ category: Ref, _ text: Ref, _ message: Ref, _ filename: Ref, _ line: Int,
    _ lineObject: Ref, _ sourceLine: Ref?, _ source: Ref?
  ) throws(Raised) {
    let hasSource = source.map { !$0.isNone } ?? false
    guard let function = try moduleAttribute("_showwarnmsg", importing: hasSource) else {
      try write(category, text, filename, line, sourceLine)
      return
    }
    guard PyCallable_Check(function.ref) != 0 else {
      throw raise(.typeError, "warnings._showwarnmsg() must be set to a callable")
    }
    guard let class1 = try moduleAttribute("WarningMessage") else {
      throw raise(.runtimeError, "unable to get warnings.WarningMessage")
    }
    let none = noneObject()
    let arguments: InlineArray<7, Ref> = [
      message, category, filename, lineObject, none, none, source ?? none,
    ]
    let report = try own(
      withUnsafePointer(to: arguments) {
        PyObject_Vectorcall(
          class1.ref, UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self), 7, nil)
      })
    let result = try own(PyObject_CallOneArg(function.ref, report.ref))
    _ = result.ref
  }

  /// `file:line: Category: text`, then the source line.
  private static func write(
    _ category: Ref, _ text: Ref, _ filename: Ref, _ line: Int, _ sourceLine: Ref?
  ) throws(Raised) {
    guard let stream = PySys_GetObject("stderr"), !stream.isNone else { return }
    let held = stream.retained()
    let name = try own(PyObject_GetAttr(category, id___name__()))
    let shown = try own(PyObject_Str(text))
    let head = try own(
      newString(
        "\(Objects.text(of: filename)):\(line): \(Objects.text(of: name.ref)): "
          + "\(Objects.text(of: shown.ref))\n"))
    try check(PyFile_WriteObject(head.ref, held.ref, 1))
    let code: Owned?
    if let sourceLine {
      code = sourceLine.retained()
    } else if let read = PyErr_ProgramTextObject(filename, Int32(clamping: line)) {
      code = Owned(adopting: read)
    } else {
      PyErr_Clear()
      code = nil
    }
    guard let code else { return }
    let trimmed = Objects.text(of: code.ref).drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
    let end = trimmed.last == "\n" ? "" : "\n"
    let indented = try own(newString("  \(trimmed)\(end)"))
    try check(PyFile_WriteObject(indented.ref, held.ref, 1))
  }

  // MARK: The caller's place

  private static func codeName(_ frame: Ref) -> Ref? {
    guard let code = PyFrame_GetCode(frame.view(PyFrameObject.self)) else { return nil }
    defer { Py_DECREF(UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)) }
    let name = code.pointee.co_filename
    Py_INCREF(name)
    return name
  }

  /// Frames of the import machinery, which warnings look through.
  private static func isInternal(_ frame: Ref) -> Bool {
    guard let name = codeName(frame) else { return false }
    defer { Py_DECREF(name) }
    guard name.isStr, let file = PyUnicode_AsUTF8(name) else {
      PyErr_Clear()
      return false
    }
    return strstr(file, "importlib") != nil && strstr(file, "_bootstrap") != nil
  }

  private static func isSkipped(_ frame: Ref, _ prefixes: Ref?) -> Bool {
    guard let prefixes, let name = codeName(frame) else { return false }
    defer { Py_DECREF(name) }
    for index in 0..<apus_var_size(prefixes)
    where PyUnicode_Tailmatch(
      name, apus_tuple_item(prefixes, index), 0, Int.max, -1) > 0
    {
      return true
    }
    return false
  }

  private static func back(_ frame: Ref) -> Owned? {
    guard let previous = PyFrame_GetBack(frame.view(PyFrameObject.self)) else { return nil }
    return Owned(
      adopting: UnsafeMutableRawPointer(previous).assumingMemoryBound(to: PyObject.self))
  }

  /// Issues a warning that blames the frame `stackLevel` levels up, or `place` with that frame's
  /// registry.
  static func issue(
    _ category: Ref, _ message: Ref, stackLevel: Int, source: Ref? = nil,
    skipping prefixes: Ref? = nil, place: (filename: Ref, line: Int)? = nil
  ) throws(Raised) {
    try prepare()
    var frame: Owned?
    if let top = PyThreadState_GetFrame(apus_tstate()) {
      frame = Owned(
        adopting: UnsafeMutableRawPointer(top).assumingMemoryBound(to: PyObject.self))
    } else if hasRaised() {
      throw Raised()
    }
    var level = stackLevel
    var external = level > 0
    if let top = frame.ref, isInternal(top) { external = false }
    while level > 1, let current = frame.ref {
      frame = back(current)
      if external {
        while let next = frame.ref, isInternal(next) || isSkipped(next, prefixes) {
          frame = back(next)
        }
      }
      level -= 1
    }
    let globals: Owned
    let filename: Owned
    var line = 0
    if let current = frame.ref {
      globals = try own(PyFrame_GetGlobals(current.view(PyFrameObject.self)))
      filename = try own(codeName(current))
      line = Int(PyFrame_GetLineNumber(current.view(PyFrameObject.self)))
    } else {
      globals = try borrow(interpreter.pointee.sysdict).retained()
      filename = try own(PyUnicode_FromString("<sys>"))
    }
    let registry: Owned
    var known: Ref?
    try check(PyDict_GetItemRef(globals.ref, id___warningregistry__(), &known))
    if let known {
      registry = Owned(adopting: known)
    } else {
      registry = try own(PyDict_New())
      try check(PyDict_SetItem(globals.ref, id___warningregistry__(), registry.ref))
    }
    var name: Ref?
    try check(PyDict_GetItemRef(globals.ref, id___name__(), &name))
    let module: Owned
    if let name {
      let held = Owned(adopting: name)
      module =
        held.ref.isNone || held.ref.isStr
        ? held.ref.retained() : try own(PyUnicode_FromString("<string>"))
    } else {
      module = try own(PyUnicode_FromString("<string>"))
    }
    if let place {
      try issue(
        category, message, place.filename, place.line, module: module.ref,
        registry: registry.ref, source: source)
    } else {
      try issue(
        category, message, filename.ref, line, module: module.ref, registry: registry.ref,
        source: source)
    }
  }

  /// The category of a message: its own class, the given one, or UserWarning. Raises TypeError.
  static func category(of message: Ref, _ given: Ref?) throws(Raised) -> Ref {
    if try check(PyObject_IsInstance(message, .warning)) != 0 { return message.type.object }
    guard let given, !given.isNone else { return .userWarning }
    guard given.isType, PyType_IsSubtype(given.asType, apus_exc_Warning()) != 0 else {
      throw raise(
        .typeError, "category must be a Warning subclass, not '\(given.type.fullName)'")
    }
    return given
  }
}

extension Optional where Wrapped == Owned {
  /// The object, borrowed: valid while this lives.
  var ref: Ref? {
    borrowing get {
      switch self {
      case .some(let owned): return owned.ref
      case .none: return nil
      }
    }
  }
}

// MARK: C API

@c @implementation public func PyErr_WarnEx(
  _ category: Ref?, _ message: UnsafePointer<CChar>, _ stackLevel: Int
) -> Int32 {
  status {
    let text = try own(PyUnicode_FromString(message))
    try Warnings.issue(category ?? .runtimeWarning, text.ref, stackLevel: stackLevel)
  }
}

@c @implementation public func _PyErr_WarnUnicode(
  _ category: Ref?, _ message: Ref, _ stackLevel: Int, _ source: Ref?
) -> Int32 {
  status {
    try Warnings.issue(
      category ?? .runtimeWarning, message, stackLevel: stackLevel, source: source)
  }
}

/// A warning about a place in source text that counts as one of the running code: shown once for
/// each line. CPython: Python/_warnings.c, _PyErr_WarnExplicitObjectWithContext.
public func warnWithContext(
  _ category: Ref, _ message: Ref, _ filename: Ref, _ line: Int
) -> Int32 {
  status {
    try Warnings.issue(category, message, stackLevel: 1, place: (filename, line))
  }
}

@c @implementation public func PyErr_WarnExplicitObject(
  _ category: Ref, _ message: Ref, _ filename: Ref?, _ line: Int32, _ module: Ref?,
  _ registry: Ref?
) -> Int32 {
  status {
    let unknown = try own(PyUnicode_FromString("<unknown>"))
    try Warnings.issue(
      category, message, filename ?? unknown.ref, Int(line), module: module, registry: registry)
  }
}

@c @implementation public func PyErr_WarnExplicit(
  _ category: Ref, _ message: UnsafePointer<CChar>, _ filename: UnsafePointer<CChar>?,
  _ line: Int32, _ module: UnsafePointer<CChar>?, _ registry: Ref?
) -> Int32 {
  status {
    let text = try own(PyUnicode_FromString(message))
    let file =
      filename == nil
      ? try own(PyUnicode_FromString("<unknown>"))
      : try own(PyUnicode_DecodeFSDefault(filename.unsafelyUnwrapped))
    let name: Owned? = if let module { try own(PyUnicode_FromString(module)) } else { nil }
    try Warnings.issue(
      category, text.ref, file.ref, Int(line), module: name.ref, registry: registry)
  }
}
