import CPythonABI
import Objects

/// `_imp`: what importlib needs of the interpreter. CPython: Python/import.c.
enum ImpModule {
  static let lockHeld: Method = .noargs(
    "lock_held($module, /)", "Whether the import lock is held; always False, modules have their own."
  ) { _, _ in boolObject(ImportLock.isHeld) }

  static let acquireLock: Method = .noargs("acquire_lock($module, /)", "Take the import lock.") {
    _, _ in
    ImportLock.acquire()
    return noneObject()
  }

  static let releaseLock: Method = .noargs("release_lock($module, /)", "Let the import lock go.") {
    _, _ in
    none {
      guard ImportLock.release() else {
        throw raise(.runtimeError, "not holding the import lock")
      }
    }
  }

  static let isBuiltin: Method = .o(
    "is_builtin($module, name, /)", "1 when a module of that name is part of the program, else 0."
  ) { _, name in
    PyLong_FromLong(name.isStr && BuiltinModules.contains(text(of: name)) ? 1 : 0)
  }

  static let createBuiltin: Method = .o(
    "create_builtin($module, spec, /)", "A native module for a spec, not executed yet."
  ) { _, spec in
    new {
      let name = try own("name".withCString { PyObject_GetAttrString(spec, $0) })
      // sys, builtins and the like exist once.
      if let known = try ImportSystem.loaded(name.ref) { return known }
      guard let module = try BuiltinModules.create(text(of: name.ref), spec: spec) else {
        return noneObject().retained()
      }
      return module
    }
  }

  static let execBuiltin: Method = .o(
    "exec_builtin($module, mod, /)", "Execute a module that create_builtin made."
  ) { _, module in
    new {
      if module.isInstance(of: moduleType()) { try BuiltinModules.execute(module) }
      return try own(PyLong_FromLong(0))
    }
  }

  static let isFrozen: Method = .o(
    "is_frozen($module, name, /)", "Whether a frozen module of that name exists."
  ) { _, name in boolObject(FrozenModule.find(name) != nil) }

  static let isFrozenPackage: Method = .o(
    "is_frozen_package($module, name, /)", "Whether the frozen module is a package."
  ) { _, name in
    new {
      guard let module = FrozenModule.find(name) else { throw noFrozen(name) }
      return boolObject(module.isPackage).retained()
    }
  }

  private static func noFrozen(_ name: Ref, _ problem: String? = nil) -> Raised {
    let shown = PyObject_Repr(name)
    defer { Py_XDECREF(shown) }
    let quoted = shown.map { text(of: $0) } ?? "?"
    guard
      let message = newString(
        problem.map { "Frozen object named \(quoted) is \($0)" }
          ?? "No such frozen object named \(quoted)")
    else { return Raised() }
    defer { Py_DECREF(message) }
    _ = PyErr_SetImportError(message, name, nil)
    return Raised()
  }

  static let findFrozen: Method = .keywords(
    "find_frozen($module, name, /, *, withdata=False)",
    "What is known of a frozen module: (data, whether it is a package, the name of its source)."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(findFrozen, args, count, names)
      let name = arguments.object(0)
      guard name.isStr else {
        throw raise(
          .typeError, "find_frozen() argument 1 must be str, not \(name.type.fullName)")
      }
      guard let module = FrozenModule.find(name) else { return noneObject().retained() }
      var data = noneObject().retained()
      if let wanted = arguments[1], try check(PyObject_IsTrue(wanted)) != 0 {
        let code = try FrozenCode.code(of: module)
        let bytes = try MarshalWriter.dump(code.ref)
        data = try own(PyMemoryView_FromObject(bytes.ref))
      }
      let origin = try module.reportedOrigin.map { origin throws(Raised) in
        try own(newString(origin)).give()
      }
      let shown = origin.map { Owned(adopting: $0) } ?? noneObject().retained()
      return try tuple(data, boolObject(module.isPackage).retained(), shown)
    }
  }

  static let getFrozenObject: Method = .fast(
    "get_frozen_object($module, name, data=None, /)",
    "The code of a frozen module, or of marshalled data."
  ) { _, args, count in
    new {
      let arguments = try Arguments(getFrozenObject, args, count)
      let name = arguments.object(0)
      guard name.isStr else {
        throw raise(
          .typeError, "get_frozen_object() argument 1 must be str, not \(name.type.fullName)")
      }
      if let data = arguments.optional(1) { return try unpack(data, name) }
      guard let module = FrozenModule.find(name) else { throw noFrozen(name) }
      return try FrozenCode.code(of: module)
    }
  }

  /// The code object in a buffer of marshalled data.
  private static func unpack(_ data: Ref, _ name: Ref) throws(Raised) -> Owned {
    guard PyObject_CheckBuffer(data) != 0 else {
      throw raise(
        .typeError, "get_frozen_object() argument 2 must be bytes, not \(data.type.fullName)")
    }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(data, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    if view.len == 0 { throw noFrozen(name) }
    let bytes = UnsafeRawBufferPointer(start: view.buf, count: view.len)
    guard let code = new({ try MarshalReader.load(bytes.assumingMemoryBound(to: UInt8.self)) })
    else {
      PyErr_Clear()
      throw noFrozen(name, "invalid")
    }
    let owned = Owned(adopting: code)
    guard owned.ref.type == codeType() else {
      throw raise(.typeError, "frozen object \(text(of: name)) is not a code object")
    }
    return owned
  }

  static let initFrozen: Method = .o(
    "init_frozen($module, name, /)", "Import a frozen module; None when there is none."
  ) { _, name in
    new {
      guard let module = FrozenModule.find(name), module.origin != nil else {
        return noneObject().retained()
      }
      let made = try own(PyImport_AddModuleObject(name).map { Py_INCREF($0); return $0 })
      guard let dict = PyModule_GetDict(made.ref) else { throw Raised() }
      try CodeExecution.addBuiltins(dict)
      let code = try FrozenCode.code(of: module)
      if module.isPackage {
        let path = try own(PyList_New(0))
        try check(PyDict_SetItemString(dict, "__path__", path.ref))
      }
      if let origin = module.reportedOrigin {
        let text = try own(newString(origin))
        try check(PyDict_SetItemString(dict, "__origname__", text.ref))
      }
      _ = try own(PyEval_EvalCode(code.ref, dict, dict))
      return made
    }
  }

  static let frozenModuleNames: Method = .noargs(
    "_frozen_module_names($module, /)", "Names of the frozen modules."
  ) { _, _ in
    new { try SysValues.list(FrozenModule.all.map { "\($0.name)" }) }
  }

  static let overrideFrozen: Method = .o(
    "_override_frozen_modules_for_tests($module, override, /)",
    "Switch frozen modules on (1) or off (-1), or back to what the command line says (0)."
  ) { _, value in
    none {
      let number = PyLong_AsLong(value)
      if number == -1 && hasRaised() { throw Raised() }
      FrozenModule.override = Int32(number.signum())
    }
  }

  static let overrideMultiInterp: Method = .o(
    "_override_multi_interp_extensions_check($module, override, /)",
    "Return the override in force: 0."
  ) { _, _ in PyLong_FromLong(0) }

  static let extensionSuffixes: Method = .noargs(
    "extension_suffixes($module, /)", "Endings of files that hold extension modules."
  ) { _, _ in
    new {
      try SysValues.list([".cpython-313-x86_64-linux-gnu.so", ".abi3.so", ".so"])
    }
  }

  static let createDynamic: Method = .fast(
    "create_dynamic($module, spec, file=<unrepresentable>, /)", "Load an extension module."
  ) { _, args, count in
    new {
      try checkPositional("create_dynamic", count, least: 1, most: 2)
      guard let args else { throw Raised() }
      return try ExtensionLoader.load(spec: args[0])
    }
  }

  static let execDynamic: Method = .o(
    "exec_dynamic($module, mod, /)", "Execute an extension module."
  ) { _, module in
    new {
      if module.isInstance(of: moduleType()), let definition = PyModule_GetDef(module),
        module.view(PyModuleObject.self).pointee.md_state == nil
      {
        try check(PyModule_ExecDef(module, definition))
      }
      return try own(PyLong_FromLong(0))
    }
  }

  static let sourceHash: Method = .keywords(
    "source_hash($module, /, key, source)", "The hash of a source that hash-based caches keep."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(sourceHash, args, count, names)
      let key = try arguments.index(0)
      var view = Py_buffer()
      try check(PyObject_GetBuffer(arguments.object(1), &view, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&view) }
      let bytes = UnsafeRawBufferPointer(start: view.buf, count: view.len)
      var hash = SourceHash.sipHash13(key: UInt64(bitPattern: Int64(key)), bytes).littleEndian
      return try own(
        withUnsafeBytes(of: &hash) {
          PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), 8)
        })
    }
  }

  static let fixCoFilename: Method = .fast(
    "_fix_co_filename($module, code, path, /)", "Set the file name of code and the code inside it."
  ) { _, args, count in
    none {
      try checkPositional("_fix_co_filename", count, least: 2, most: 2)
      guard let args, args[0].type == codeType(), args[1].isStr else {
        throw raise(.typeError, "_fix_co_filename() needs a code object and a str")
      }
      fix(args[0], args[1])
      // Importlib does this for the cache of a source file, which the compiler has made.
      // The files of the classic mode another implementation may have made.
      if MarshalFormat.CodeLayout.current == .own { PycFile.trust(args[0]) }
    }
  }

  private static func fix(_ code: Ref, _ path: Ref) {
    let object = code.view(PyCodeObject.self)
    if PyUnicode_Compare(object.pointee.co_filename, path) == 0 { return }
    Py_INCREF(path)
    let old = object.pointee.co_filename
    object.pointee.co_filename = path
    Py_DECREF(old)
    let constants = object.pointee.co_consts
    for index in 0..<apus_var_size(constants) {
      let constant = apus_tuple_item(constants, index)
      if constant.type == codeType() { fix(constant, path) }
    }
  }

  static let spec = ModuleSpec(
    "_imp", doc: "What importlib needs of the interpreter.",
    methods: [
      lockHeld, acquireLock, releaseLock, isBuiltin, createBuiltin, execBuiltin, isFrozen,
      isFrozenPackage, findFrozen, getFrozenObject, initFrozen, frozenModuleNames, overrideFrozen,
      overrideMultiInterp, extensionSuffixes, createDynamic, execDynamic, sourceHash,
      fixCoFilename, ArchiveHook.method,
    ],
    constants: [.int("pyc_magic_number_token", PycFile.magic)],
    exec: { module in
      status {
        let mode = try own(newString(ImportLock.checkHashPycs))
        try check(
          "check_hash_based_pycs".withCString { PyModule_AddObjectRef(module, $0, mode.ref) })
      }
    })
}

/// The global import lock, reentrant. Modules have locks of their own in importlib.
public enum ImportLock {
  nonisolated(unsafe) private static var owner: UnsafeMutablePointer<PyThreadState>?
  nonisolated(unsafe) private static var depth = 0
  /// `--check-hash-based-pycs`.
  nonisolated(unsafe) static var checkHashPycs = "default"

  static var isHeld: Bool { depth > 0 }

  public static func acquire() {
    let thread = apus_tstate()
    while depth > 0 && owner != thread { GIL.yield(thread) }
    owner = thread
    depth += 1
  }

  /// False when the calling thread does not hold it.
  public static func release() -> Bool {
    guard depth > 0, owner == apus_tstate() else { return false }
    depth -= 1
    if depth == 0 { owner = nil }
    return true
  }
}
