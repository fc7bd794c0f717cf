import CPythonABI
import Glibc
import Interpreter
import Objects

/// The signals of faults and what they print.
enum FaultSignals {
  private struct Entry {
    var number: Int32
    var name: StaticString
    var previous: sigaction
    var isInstalled: Bool
  }

  nonisolated(unsafe) private static let entries: UnsafeMutablePointer<Entry> = {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: 5)
    let names: [(Int32, StaticString)] = [
      (SIGBUS, "Bus error"), (SIGILL, "Illegal instruction"),
      (SIGFPE, "Floating-point exception"), (SIGABRT, "Aborted"),
      (SIGSEGV, "Segmentation fault"),
    ]
    for (index, (number, name)) in names.enumerated() {
      (entries + index).initialize(
        to: Entry(number: number, name: name, previous: sigaction(), isInstalled: false))
    }
    return entries
  }()

  nonisolated(unsafe) private static var target = TraceTarget(descriptor: 2, file: nil)
  nonisolated(unsafe) private static var allThreads = true
  nonisolated(unsafe) private(set) static var isEnabled = false
  /// A fault while a traceback is written ends it.
  nonisolated(unsafe) private static var isDumping = false
  nonisolated(unsafe) private static var hasStack = false

  /// Gives signal handlers a stack of their own, for when the thread's is used up.
  static func prepare() {
    _ = entries
    ExtensionModules.prepare()
    if hasStack { return }
    hasStack = true
    let size = 1 << 16
    guard let memory = malloc(size) else { return }
    var stack = stack_t()
    stack.ss_sp = memory
    stack.ss_size = size
    stack.ss_flags = 0
    _ = sigaltstack(&stack, nil)
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    let saved = errno
    let entries = FaultSignals.entries
    var index = 0
    while index < 4 && entries[index].number != number { index += 1 }
    let descriptor = FaultSignals.target.descriptor
    if entries[index].isInstalled {
      entries[index].isInstalled = false
      var previous = entries[index].previous
      _ = sigaction(entries[index].number, &previous, nil)
    }
    RawTraceback.write("Fatal Python error: ", to: descriptor)
    RawTraceback.write(entries[index].name, to: descriptor)
    RawTraceback.write("\n\n", to: descriptor)
    if !FaultSignals.isDumping {
      FaultSignals.isDumping = true
      dumpTracebacks(descriptor, allThreads: FaultSignals.allThreads)
      ExtensionModules.write(to: descriptor)
      FaultSignals.isDumping = false
    }
    errno = saved
    // The handler that was there before, or the default, ends the process.
    _ = raise(number)
  }

  static func enable(_ new: TraceTarget, allThreads all: Bool) throws(Raised) {
    let old = target.file
    target = new
    allThreads = all
    Py_XDECREF(old)
    if isEnabled { return }
    isEnabled = true
    for index in 0..<5 {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      sigemptyset(&action.sa_mask)
      action.sa_flags = Int32(SA_NODEFER) | Int32(SA_ONSTACK)
      if sigaction(entries[index].number, &action, &entries[index].previous) != 0 {
        _ = PyErr_SetFromErrno(.runtimeError)
        throw Raised()
      }
      entries[index].isInstalled = true
    }
  }

  static func disable() -> Bool {
    let was = isEnabled
    isEnabled = false
    for index in 0..<5 where entries[index].isInstalled {
      entries[index].isInstalled = false
      _ = sigaction(entries[index].number, &entries[index].previous, nil)
    }
    clearReference(&target.file)
    return was
  }

  static func isFault(_ number: Int32) -> Bool {
    for index in 0..<5 where entries[index].number == number { return true }
    return false
  }
}

/// Signals that print tracebacks on demand.
enum UserSignals {
  private struct Entry {
    var isRegistered = false
    var target = TraceTarget(descriptor: 2, file: nil)
    var allThreads = true
    var chains = false
    var previous = sigaction()
  }

  private static let most: Int32 = 65

  nonisolated(unsafe) private static let entries: UnsafeMutablePointer<Entry> = {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: Int(most))
    entries.initialize(repeating: Entry(), count: Int(most))
    return entries
  }()

  static func check(_ number: Int32) throws(Raised) {
    if FaultSignals.isFault(number) {
      throw raise(
        .runtimeError, "signal \(number) cannot be registered, use enable() instead")
    }
    if number < 1 || number >= most {
      throw raise(.valueError, "signal number out of range")
    }
  }

  private static func install(_ number: Int32, chains: Bool, saving: Bool) -> Int32 {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    // A system call goes on afterwards; with a chain the handler before must be able to run.
    action.sa_flags = Int32(SA_RESTART) | (chains ? Int32(SA_NODEFER) : 0) | Int32(SA_ONSTACK)
    if saving { return sigaction(number, &action, &entries[Int(number)].previous) }
    return sigaction(number, &action, nil)
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    let saved = errno
    let entry = UserSignals.entries + Int(number)
    guard entry.pointee.isRegistered else { return }
    dumpTracebacks(entry.pointee.target.descriptor, allThreads: entry.pointee.allThreads)
    if entry.pointee.chains {
      _ = sigaction(number, &entry.pointee.previous, nil)
      errno = saved
      _ = raise(number)
      _ = UserSignals.install(number, chains: true, saving: false)
    }
    errno = saved
  }

  static func register(
    _ number: Int32, _ target: TraceTarget, allThreads: Bool, chains: Bool
  ) throws(Raised) {
    let entry = entries + Int(number)
    if !entry.pointee.isRegistered {
      if install(number, chains: chains, saving: true) != 0 {
        Py_XDECREF(target.file)
        _ = PyErr_SetFromErrno(.osError)
        throw Raised()
      }
    }
    let old = entry.pointee.target.file
    entry.pointee.target = target
    entry.pointee.allThreads = allThreads
    entry.pointee.chains = chains
    entry.pointee.isRegistered = true
    Py_XDECREF(old)
  }

  static func unregister(_ number: Int32) -> Bool {
    let entry = entries + Int(number)
    guard entry.pointee.isRegistered else { return false }
    entry.pointee.isRegistered = false
    _ = sigaction(number, &entry.pointee.previous, nil)
    clearReference(&entry.pointee.target.file)
    return true
  }
}

/// The native modules from outside the standard library: suspects of a fault.
enum ExtensionModules {
  /// The name `stdlib_module_names`, whose hash is known.
  nonisolated(unsafe) private static var key: Ref?

  static func prepare() {
    if key == nil { key = PermanentName.make("stdlib_module_names") }
    InterpreterEnd.add("faulthandler") {
      _ = FaultSignals.disable()
      for number in 1..<Int32(65) { _ = UserSignals.unregister(number) }
    }
    if let key { _ = PyObject_Hash(key) }
  }

  private static func contains(_ set: Ref?, _ name: Ref) -> Bool {
    guard let set, set.isInstance(of: frozenSetType()) || set.isInstance(of: setType()) else {
      return false
    }
    var position = 0
    var item: Ref?
    var hash = 0
    while _PySet_NextEntry(set, &position, &item, &hash) != 0 {
      if let item, item.isStr, PyUnicode_Compare(item, name) == 0 { return true }
    }
    return false
  }

  /// Writes their names, if there are any.
  static func write(to descriptor: Int32) {
    guard let interpreter = PyInterpreterState_Main(), let modules = interpreter.pointee.modules,
      modules.isDict
    else { return }
    var standard: Ref?
    if let key, let names = interpreter.pointee.sysdict { standard = PyDict_GetItem(names, key) }
    var position = 0
    var name: Ref?
    var module: Ref?
    var count = 0
    while PyDict_Next(modules, &position, &name, &module) != 0 {
      guard let name, let module, name.isStr, module.isInstance(of: moduleType()),
        let definition = module.view(PyModuleObject.self).pointee.md_def,
        definition.pointee.m_methods != nil, !contains(standard, name)
      else { continue }
      if count == 0 {
        RawTraceback.write("\nExtension modules: ", to: descriptor)
      } else {
        RawTraceback.write(", ", to: descriptor)
      }
      RawTraceback.write(str: name, to: descriptor)
      count += 1
    }
    if count == 0 { return }
    RawTraceback.write(" (total: ", to: descriptor)
    RawTraceback.write(count, width: 1, to: descriptor)
    RawTraceback.write(")\n", to: descriptor)
  }
}
