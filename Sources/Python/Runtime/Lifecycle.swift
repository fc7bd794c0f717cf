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
      if settings.handlesSignals { Signals.handleInterrupt() }
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
    if let dict = interpreter.pointee.builtins { try ModuleFinalization.keepBuiltins(dict) }
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
    _ = PendingCalls.run(thread)
    if hasRaised() { PyErr_Clear() }
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
    ModuleFinalization.clearCore()
    return result
  }

  /// `finalize`, and then frees everything: the process is as it was before `initialize`, which may
  /// follow. A process that ends anyway need not do this.
  public static func finalizeAndFree() -> Int32 {
    let result = finalize()
    let thread = apus_tstate()
    AuditHooks.forgetAll()
    Signals.forgetHandlers()
    ThreadStates.forgetInterpreterDict()
    InterpreterEnd.releaseModules()
    Monitoring.forgetAll(thread)
    ThreadStates.clear(thread)
    InterpreterEnd.clear(thread.pointee.interp)
    ThreadStates.clear(thread)
    AttributeMemo.clear()
    Runtime.end()
    Interactive.isInspecting = false
    return result
  }

  /// Drops what belongs to threads that are left (daemons): they do not run again.
  private static func clearOtherThreads() {
    let current = apus_tstate()
    var numbers: [UInt64] = []
    var next = current.pointee.interp.pointee.threads
    while let thread = next {
      next = thread.pointee.next
      if thread == current { continue }
      numbers.append(thread.pointee.id)
      if let dict = thread.pointee.dict {
        thread.pointee.dict = nil
        Py_DECREF(dict)
      }
    }
    for number in numbers { LocalsOfThreads.forget?(number) }
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

/// What objects keep for each thread (`threading.local`); installed by the module `_thread`.
public enum LocalsOfThreads {
  /// Drops what belongs to the thread of a number.
  nonisolated(unsafe) public static var forget: ((UInt64) -> Void)?
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
    if let builtins = interpreter.pointee.builtins,
      PyDict_SetItemString(builtins, "_", noneObject()) < 0
    {
      PyErr_Clear()
    }
    for name in ["path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value",
      "last_traceback", "path_hooks", "path_importer_cache", "meta_path", "__interactivehook__"]
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
    let weak = removeAll(modules)
    if modules.isDict { PyDict_Clear(modules) }
    restoreBuiltins(interpreter)
    Collector.collectAtShutdown()
    warnOfGarbage(interpreter)
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

  /// Puts None in the place of each module, one after the other: a module that nobody else holds goes
  /// at once. Returns weak references to all.
  private static func removeAll(_ modules: Ref) -> [Ref] {
    var weak: [Ref] = []
    guard let names = PyMapping_Keys(modules) else {
      PyErr_Clear()
      return weak
    }
    defer { Py_DECREF(names) }
    for index in 0..<apus_var_size(names) {
      let name = apus_list_item(names, index)
      if let module = PyObject_GetItem(modules, name) {
        if module.isInstance(of: moduleType()) {
          let isCore =
            name.isStr
            && (PyUnicode_EqualToUTF8(name, "sys") != 0
              || PyUnicode_EqualToUTF8(name, "builtins") != 0)
          if !isCore, let reference = PyWeakref_NewRef(module, nil) { weak.append(reference) }
        }
        Py_DECREF(module)
      }
      PyErr_Clear()
      if PyObject_SetItem(modules, name, noneObject()) < 0 { PyErr_Clear() }
    }
    return weak
  }

  nonisolated(unsafe) private static var builtinsCopy: Ref?

  /// Remembers the functions that `builtins` has at the start.
  static func keepBuiltins(_ builtins: Ref) throws(Raised) {
    builtinsCopy = try own(PyDict_Copy(builtins)).give()
    InterpreterEnd.add("builtins") { InterpreterEnd.drop(&builtinsCopy) }
  }

  /// Undoes what a program did to `builtins`, as finalisers may need what it has hidden.
  private static func restoreBuiltins(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    guard let copy = builtinsCopy, let builtins = interpreter.pointee.builtins else { return }
    var changed = PyDict_Copy(builtins)
    PyDict_Clear(builtins)
    if PyDict_Update(builtins, copy) < 0 { PyErr_WriteUnraisable(nil) }
    PyErr_Clear()
    // What the program put there goes now.
    InterpreterEnd.drop(&changed)
    InterpreterEnd.drop(&builtinsCopy)
  }

  /// The ResourceWarning about what is left in `gc.garbage`. CPython: Python/gc.c,
  /// _PyGC_DumpShutdownStats.
  private static func warnOfGarbage(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    let (saveAll, uncollectable): (Int32, Int32) = (32, 4)
    let debug = interpreter.pointee.gc.debug
    guard debug & saveAll == 0, let garbage = interpreter.pointee.gc.garbage, garbage.isList,
      apus_var_size(garbage) > 0
    else { return }
    var message = "gc: \(apus_var_size(garbage)) uncollectable objects at shutdown"
    if debug & uncollectable == 0 {
      message += "; use gc.set_debug(gc.DEBUG_UNCOLLECTABLE) to list them"
    }
    if PyErr_WarnExplicit(.resourceWarning, message, "gc", 0, "gc", nil) < 0 {
      PyErr_WriteUnraisable(nil)
    }
    if debug & uncollectable != 0 {
      if let shown = PyObject_Repr(garbage) {
        ExceptionPrinter.write("      \(text(of: shown))\n")
        Py_DECREF(shown)
      } else {
        PyErr_WriteUnraisable(garbage)
      }
    }
  }

  /// Clears `sys` and `builtins`, when no other module is left. CPython:
  /// finalize_clear_sys_builtins_dict.
  static func clearCore() {
    let interpreter = apus_tstate().pointee.interp
    if let sys = interpreter.pointee.sysdict { clear(dict: sys) }
    if let builtins = interpreter.pointee.builtins { clear(dict: builtins) }
    Collector.collectAtShutdown()
  }

  /// Sets the names of a module to None: first those with one underscore, then the rest.
  private static func clear(_ module: Ref) {
    if let dict = PyModule_GetDict(module) { clear(dict: dict) }
  }

  private static func clear(dict: Ref) {
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
