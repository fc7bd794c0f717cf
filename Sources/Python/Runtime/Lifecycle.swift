import CPythonABI
import Glibc
import Objects

/// Bringing an interpreter up and down. CPython: Python/pylifecycle.c.
public enum Lifecycle {
  /// From nothing to an interpreter that can run programs. False after printing why not.
  public static func initialize(_ settings: Settings, modules: [ModuleSpec]) -> Bool {
    let seed: HashSeed = settings.hashSeed.map { .fixed($0) } ?? .random
    if settings.classic { Compilation.dialect = .classic }
    guard Runtime.start(hashSeed: seed) else { return fail("cannot make the builtin types") }
    BuiltinModules.register(
      [
        BuiltinsModule.spec, SysModule.spec, ImpModule.spec, WarningsModule.spec,
        MarshalModule.spec, SuggestionsModule.spec, MachineModule.spec, TokenizeModule.spec,
      ]
        + modules)
    Compilation.optimizeLevel = settings.optimize
    FrozenCode.isWritingAllowed = !settings.dontWriteBytecode
    FrozenModule.option = settings.frozenModules
    ImportLock.checkHashPycs = settings.checkHashPycs
    apus_tstate().pointee.interp.pointee.int_max_str_digits = settings.intMaxStrDigits
    PyCode.keepsColumns = !settings.noDebugRanges
    ProcessorCount.configured = settings.processorCount
    showSettings(settings)
    do {
      try makeCoreModules(settings)
      let hasLibrary = !settings.stdlib.isEmpty && BuiltinModules.contains("_io")
      if hasLibrary {
        try ImportlibBootstrap.install(stdlib: settings.stdlib)
      }
      try StandardStreams.install(settings)
      Signals.handleInterrupt()
      try makeMain()
      if settings.faultHandler { start("faulthandler", "enable", nil) }
      if settings.tracedFrames > 0 {
        start("_tracemalloc", "start", try int(Int(settings.tracedFrames)).give())
      }
      apus_tstate().pointee.interp.pointee.dev_mode = settings.devMode ? 1 : 0
      if !settings.warnOptions.isEmpty, hasLibrary {
        _ = try own("warnings".withCString { PyImport_ImportModule($0) })
      }
      if !settings.noSite && hasLibrary {
        _ = try own("site".withCString { PyImport_ImportModule($0) })
      }
      FrozenCode.save()
      return true
    } catch {
      return fail("can't initialize")
    }
  }

  /// Puts the settings where extension modules look for them.
  private static func showSettings(_ settings: Settings) {
    apus_setting("debug").pointee = Int32(truncatingIfNeeded: settings.debug)
    apus_setting("verbose").pointee = Int32(truncatingIfNeeded: settings.verbose)
    apus_setting("optimize").pointee = Int32(truncatingIfNeeded: settings.optimize)
    for (name, isSet) in [
      ("quiet", settings.quiet), ("interactive", settings.interactive),
      ("inspect", settings.inspect), ("no_site", settings.noSite),
      ("ignore_environment", settings.ignoreEnvironment),
      ("dont_write_bytecode", settings.dontWriteBytecode),
      ("no_user_site", settings.noUserSite), ("unbuffered", settings.unbuffered),
      ("hash_randomization", settings.hashRandomization), ("isolated", settings.isolated),
      ("utf8_mode", settings.utf8Mode),
    ] {
      apus_setting(name).pointee = isSet ? 1 : 0
    }
  }

  /// Calls a function of a native module; without the module, or when it fails, nothing is started.
  private static func start(_ module: StaticString, _ function: StaticString, _ argument: Ref?) {
    defer { Py_XDECREF(argument) }
    do throws(Raised) {
      let imported = try own(PyImport_ImportModule(cString(module)))
      let callable = try own(PyObject_GetAttrString(imported.ref, cString(function)))
      if let argument {
        _ = try own(PyObject_CallOneArg(callable.ref, argument))
      } else {
        _ = try own(PyObject_CallNoArgs(callable.ref))
      }
    } catch { PyErr_Clear() }
  }

  private static func fail(_ what: String) -> Bool {
    RawOutput.write("Fatal Python error: \(what)\n", to: 2)
    guard let thread = PyThreadState_GetUnchecked(),
      let exception = thread.pointee.current_exception
    else { return false }
    if thread.pointee.interp.pointee.sysdict != nil {
      PyErr_PrintEx(0)
    } else {
      // Types may be unfinished still: nothing but the name can be shown.
      RawOutput.write(exception.type.fullName + "\n", to: 2)
    }
    return false
  }

  private static func makeCoreModules(_ settings: Settings) throws(Raised) {
    let interpreter = apus_tstate().pointee.interp
    interpreter.pointee.modules = try own(PyDict_New()).give()
    guard let modules = interpreter.pointee.modules else { return }
    let builtins = try BuiltinModules.make("builtins")
    interpreter.pointee.builtins = PyModule_GetDict(builtins.ref).map { dict in
      Py_INCREF(dict)
      return dict
    }
    try check(PyDict_SetItemString(modules, "builtins", builtins.ref))
    if let dict = interpreter.pointee.builtins,
      let function = PyDict_GetItemString(dict, "__import__")
    {
      Py_INCREF(function)
      interpreter.pointee.import_func = function
    }
    let sys = try BuiltinModules.make("sys")
    interpreter.pointee.sysdict = PyModule_GetDict(sys.ref).map { dict in
      Py_INCREF(dict)
      return dict
    }
    try check(PyDict_SetItemString(modules, "sys", sys.ref))
    try check("modules".withCString { PyModule_AddObjectRef(sys.ref, $0, modules) })
    try SysValues.install(sys.ref, settings)
    // Until the real stream can be made; `-v` writes to it from the first import on.
    let printer = try StandardPrinter.make(2)
    for name in ["stderr", "__stderr__"] {
      try check(name.withCString { PySys_SetObject($0, printer.ref) })
    }
    ImportTimes.isWanted = settings.importTime
    try MonitoringNamespace.install(in: sys.ref)
  }

  /// `__main__`, empty.
  private static func makeMain() throws(Raised) {
    let main = try own("__main__".withCString { PyImport_AddModuleRef($0) })
    guard let dict = PyModule_GetDict(main.ref) else { throw Raised() }
    let annotations = try own(PyDict_New())
    try check(PyDict_SetItemString(dict, "__annotations__", annotations.ref))
    try CodeExecution.addBuiltinsModule(dict)
    if let importlib = apus_tstate().pointee.interp.pointee.importlib {
      let loader = try own(
        "BuiltinImporter".withCString { PyObject_GetAttrString(importlib, $0) })
      try check(PyDict_SetItemString(dict, "__loader__", loader.ref))
    }
  }

  // MARK: The end

  /// Runs exit functions, flushes streams, drops modules. The exit status to use when flushing failed.
  public static func finalize() -> Int32 {
    let thread = apus_tstate()
    let interpreter = thread.pointee.interp
    waitForThreads()
    ExitFunctions.run()
    CommandText.forget()
    FrozenCode.save()
    var result: Int32 = 0
    if flushStreams(reporting: true) < 0 { result = 120 }
    interpreter.pointee.finalizing = 1
    clearOtherThreads()
    ModuleFinalization.run()
    NativeExitFunctions.run()
    if result == 0 && flushStreams(reporting: true) < 0 { result = 120 }
    return result
  }

  /// Drops what belongs to threads that are left (daemons): they do not run again.
  private static func clearOtherThreads() {
    let current = apus_tstate()
    var next = current.pointee.interp.pointee.threads
    while let thread = next {
      next = thread.pointee.next
      if thread != current, let dict = thread.pointee.dict {
        thread.pointee.dict = nil
        Py_DECREF(dict)
      }
    }
  }

  /// `threading._shutdown()`: waits for threads that are no daemons.
  private static func waitForThreads() {
    guard let modules = apus_tstate().pointee.interp.pointee.modules,
      let threading = PyDict_GetItemString(modules, "threading"),
      let function = "_shutdown".withCString({ PyObject_GetAttrString(threading, $0) })
    else {
      PyErr_Clear()
      return
    }
    defer { Py_DECREF(function) }
    if let result = PyObject_CallNoArgs(function) {
      Py_DECREF(result)
    } else {
      PyErr_WriteUnraisable(threading)
    }
  }

  /// Flushes `sys.stdout` and `sys.stderr`; -1 when one could not be. At the end of the process it is
  /// reported why stdout could not.
  static func flushStreams(reporting: Bool = false) -> Int32 {
    var status: Int32 = 0
    for name in ["stdout", "stderr"] {
      guard let stream = name.withCString({ PySys_GetObject($0) }), !stream.isNone else { continue }
      if isClosed(stream) { continue }
      guard let method = newString("flush") else { continue }
      let result = PyObject_CallMethodNoArgs(stream, method)
      Py_DECREF(method)
      if let result {
        Py_DECREF(result)
      } else if name == "stdout" && reporting {
        let message = newString("Exception ignored on flushing sys.stdout")
        _PyErr_WriteUnraisableMsg(message, nil)
        Py_XDECREF(message)
        status = -1
      } else {
        PyErr_Clear()
        status = -1
      }
    }
    return status
  }

  private static func isClosed(_ stream: Ref) -> Bool {
    guard let closed = "closed".withCString({ PyObject_GetAttrString(stream, $0) }) else {
      PyErr_Clear()
      return false
    }
    defer { Py_DECREF(closed) }
    let truth = PyObject_IsTrue(closed)
    if truth < 0 { PyErr_Clear() }
    return truth > 0
  }
}

/// Functions that run when the interpreter ends (`atexit`); installed by that module.
public enum ExitFunctions {
  nonisolated(unsafe) public static var runner: (() -> Void)?
  static func run() { runner?() }
}

/// Lets go of what modules hold, in CPython's order. CPython: Python/pylifecycle.c,
/// finalize_modules.
enum ModuleFinalization {
  static func run() {
    let interpreter = apus_tstate().pointee.interp
    guard let modules = interpreter.pointee.modules, let sys = interpreter.pointee.sysdict else {
      return
    }
    for name in ["path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value",
      "last_traceback", "path_hooks", "path_importer_cache", "meta_path"]
    {
      if PyDict_GetItemString(sys, name) != nil {
        if PyDict_SetItemString(sys, name, noneObject()) < 0 { PyErr_Clear() }
      }
    }
    for (stream, original) in [
      ("stdin", "__stdin__"), ("stdout", "__stdout__"), ("stderr", "__stderr__"),
    ] {
      let value = PyDict_GetItemString(sys, original) ?? noneObject()
      if PyDict_SetItemString(sys, stream, value) < 0 { PyErr_Clear() }
    }
    // Every module but sys and builtins goes; those still alive after that are cleared.
    var weak: [Ref] = []
    if let items = PyMapping_Items(modules) {
      for index in 0..<apus_var_size(items) {
        let pair = apus_list_item(items, index)
        let name = apus_tuple_item(pair, 0)
        let module = apus_tuple_item(pair, 1)
        if module.isInstance(of: moduleType()) {
          let text = name.isStr ? text(of: name) : ""
          if text != "sys" && text != "builtins", let reference = PyWeakref_NewRef(module, nil) {
            weak.append(reference)
          } else {
            PyErr_Clear()
          }
        }
        if PyObject_SetItem(modules, name, noneObject()) < 0 { PyErr_Clear() }
      }
      Py_DECREF(items)
    } else {
      PyErr_Clear()
    }
    if modules.isDict { PyDict_Clear(modules) }
    Collector.collectAtShutdown()
    for reference in weak.reversed() {
      var module: Ref?
      if PyWeakref_GetRef(reference, &module) > 0, let module {
        clear(module)
        Py_DECREF(module)
      }
      Py_DECREF(reference)
    }
    Collector.collectAtShutdown()
  }

  /// Sets the names of a module to None: first those with one underscore, then the rest.
  private static func clear(_ module: Ref) {
    guard let dict = PyModule_GetDict(module) else { return }
    for pass in 0..<2 {
      guard let keys = PyDict_Keys(dict) else { return PyErr_Clear() }
      for index in 0..<apus_var_size(keys) {
        let key = apus_list_item(keys, index)
        guard key.isStr else { continue }
        let isPrivate = character(key, 0) == 0x5F && character(key, 1) != 0x5F
        if pass == 0 ? isPrivate : PyUnicode_EqualToUTF8(key, "__builtins__") == 0 {
          if PyDict_SetItem(dict, key, noneObject()) < 0 { PyErr_Clear() }
        }
      }
      Py_DECREF(keys)
    }
  }
}

/// A character of a str, 0 beyond its end.
private func character(_ text: Ref, _ index: Int) -> UInt32 {
  index < apus_str_length(text) ? apus_str_read(apus_str_kind(text), apus_str_data(text), index) : 0
}

extension CodeExecution {
  /// `__main__` shows the module, other namespaces its dict.
  static func addBuiltinsModule(_ globals: Ref) throws(Raised) {
    guard let modules = apus_tstate().pointee.interp.pointee.modules,
      let builtins = PyDict_GetItemString(modules, "builtins")
    else { return }
    try check(PyDict_SetItemString(globals, "__builtins__", builtins))
  }
}
