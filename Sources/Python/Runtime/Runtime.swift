import CPythonABI
import Glibc
import Numerics
import Objects

/// The process-wide part: runtime > interpreter > thread > frame.
public enum Runtime {
  nonisolated(unsafe) private static var isStarted = false
  nonisolated(unsafe) private static var isSeeded = false
  nonisolated(unsafe) public private(set) static var mainInterpreter:
    UnsafeMutablePointer<PyInterpreterState>?

  /// Most nested Python calls (`sys.setrecursionlimit`).
  static let defaultRecursionLimit: Int32 = 1000

  /// Makes the runtime, the main interpreter and its first thread, and all builtin types.
  /// Nothing Python has run yet. False when memory is missing or a type cannot be made.
  public static func start(hashSeed: HashSeed) -> Bool {
    if isStarted { return true }
    isStarted = true
    // Names that live on carry their hash.
    if !isSeeded { hashSeed.install() }
    isSeeded = true
    guard let interpreter = makeInterpreter(), let thread = makeThread(interpreter) else {
      return false
    }
    mainInterpreter = interpreter
    Signals.mainThread = thread
    apus_set_gilstate(thread)
    thread.pointee.gilstate_counter = 1
    GIL.take(thread)
    Digits.mustStop = { hasRaised() || PyErr_CheckSignals() < 0 }
    Collector.initialize(interpreter)
    interpreter.pointee.eval_frame = _PyEval_EvalFrameDefault
    interpreter.pointee.function_vectorcall = Calls.functionEntry
    do {
      try BuiltinTypes.install(and: [
        FrameType.spec, FrameLocalsProxy.spec, TracebackType.spec, GeneratorTypes.generator,
        GeneratorTypes.coroutine, CoroutineWrapper.spec, AsyncGenerator.spec,
        AsyncGenerator.wrappedValueSpec, AsendAwaitable.spec, AthrowAwaitable.spec,
        AnextAwaitable.spec, StandardPrinter.spec,
      ])
      return true
    } catch {
      return false
    }
  }

  private static func makeInterpreter() -> UnsafeMutablePointer<PyInterpreterState>? {
    guard let memory = PyMem_RawCalloc(1, MemoryLayout<PyInterpreterState>.size) else {
      return nil
    }
    let interpreter = memory.bindMemory(to: PyInterpreterState.self, capacity: 1)
    interpreter.pointee.int_max_str_digits = 4300
    interpreter.pointee.next_type_version = 1
    interpreter.pointee.next_func_version = 1
    interpreter.pointee.next_keys_version = 1
    interpreter.pointee.next_code_version = 1
    interpreter.pointee.next_thread_id = 1
    return interpreter
  }

  /// Undoes `start`: takes the types apart and frees the threads' states and the interpreter, which
  /// has let go of everything Python. `start` may follow.
  static func end() {
    guard let interpreter = mainInterpreter else { return }
    let current = apus_tstate()
    while let other = interpreter.pointee.threads.flatMap({ $0 == current ? $0.pointee.next : $0 }) {
      ThreadStates.unlink(other)
      ThreadStates.free(other)
    }
    InterpreterEnd.clearTypes(interpreter)
    Signals.mainThread = nil
    ThreadStates.unlink(current)
    GIL.drop(current)
    ThreadStates.free(current)
    mainInterpreter = nil
    PyMem_RawFree(interpreter)
    isStarted = false
  }

  /// A state for the calling thread, linked into its interpreter.
  public static func makeThread(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>
  ) -> UnsafeMutablePointer<PyThreadState>? {
    guard let memory = PyMem_RawCalloc(1, MemoryLayout<PyThreadState>.size) else { return nil }
    let thread = memory.bindMemory(to: PyThreadState.self, capacity: 1)
    thread.pointee.interp = interpreter
    thread.pointee.py_recursion_limit = defaultRecursionLimit
    thread.pointee.py_recursion_remaining = defaultRecursionLimit
    thread.pointee.c_recursion_remaining = 10000
    thread.pointee.exc_info = exceptionState(thread)
    ThreadStates.link(thread)
    bind(thread)
    return thread
  }

  private static func exceptionState(
    _ thread: UnsafeMutablePointer<PyThreadState>
  ) -> UnsafeMutablePointer<_PyErr_StackItem> {
    let offset = MemoryLayout<PyThreadState>.offset(of: \.exc_state) ?? 256
    return (UnsafeMutableRawPointer(thread) + offset)
      .assumingMemoryBound(to: _PyErr_StackItem.self)
  }

  /// Ties a state to the calling native thread: its identity and the bounds of its stack.
  public static func bind(_ thread: UnsafeMutablePointer<PyThreadState>) {
    thread.pointee.thread_id = UInt(pthread_self())
    thread.pointee.native_thread_id = apus_native_thread_id()
    thread.pointee.native_stack_limit = stackLimit()
    Tracing.update(thread)
  }

  /// The lowest address the thread's native stack may reach, with room for what cannot raise.
  private static func stackLimit() -> UInt {
    var low: UInt = 0
    var size = 0
    guard apus_stack_bounds(&low, &size) == 0 else { return 0 }
    // The main thread's stack may be unlimited on paper; what is mapped grows on demand.
    let top = low &+ UInt(bitPattern: size)
    let usable = Swift.min(UInt(bitPattern: size), 512 << 20)
    return top &- usable &+ 256 * 1024
  }
}

/// The key of str hashes: random, or made from `PYTHONHASHSEED`.
public enum HashSeed {
  case random
  /// 0 switches randomisation off.
  case fixed(UInt32)

  func install() {
    let secret = UnsafeMutableRawPointer(apus_hash_secret())
    let size = MemoryLayout<_Py_HashSecret_t>.size
    switch self {
    case .fixed(0): memset(secret, 0, size)
    case .fixed(let seed):
      // The generator CPython stretches a seed with: Python/bootstrap_hash.c, lcg_urandom.
      var state = seed
      let bytes = secret.assumingMemoryBound(to: UInt8.self)
      for index in 0..<size {
        state = state &* 214013 &+ 2_531_011
        bytes[index] = UInt8(truncatingIfNeeded: state >> 16)
      }
    case .random:
      if apus_random_bytes(secret, size) != 0 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        HashSeed.fixed(UInt32(truncatingIfNeeded: now.tv_nsec ^ now.tv_sec) | 1).install()
      }
    }
  }
}
