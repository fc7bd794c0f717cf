import CPythonABI
import Glibc
import Objects

// What C code asks about the process's Python. CPython: Python/pylifecycle.c, Python/ceval_gil.c.

@c @implementation
public func Py_IsInitialized() -> Int32 { Runtime.mainInterpreter == nil ? 0 : 1 }

@c @implementation
public func Py_IsFinalizing() -> Int32 {
  guard let interpreter = Runtime.mainInterpreter else { return 0 }
  return interpreter.pointee.finalizing != 0 ? 1 : 0
}

/// Functions that C code registered for the end of the process, last one first.
enum NativeExitFunctions {
  private static let most = 32
  nonisolated(unsafe) private static var functions: [@convention(c) () -> Void] = []

  /// False when there is no room left.
  static func add(_ function: @escaping @convention(c) () -> Void) -> Bool {
    if functions.count >= most { return false }
    functions.append(function)
    return true
  }

  static func run() {
    while let function = functions.popLast() { function() }
  }
}

/// 0, or -1 when 32 functions are registered already.
@c @implementation
public func Py_AtExit(_ function: @escaping @convention(c) () -> Void) -> Int32 {
  NativeExitFunctions.add(function) ? 0 : -1
}

/// Has the main thread call a function at its next check. 0, or -1 when 32 calls are waiting.
@c @implementation
public func Py_AddPendingCall(
  _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Int32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 { PendingCalls.add(function, argument) }

/// Simulates SIGINT.
@c @implementation
public func PyErr_SetInterrupt() { Signals.simulate(SIGINT) }

/// Simulates a signal, unless it is ignored or has its default action. -1 for no signal's number.
@c @implementation
public func PyErr_SetInterruptEx(_ signal: Int32) -> Int32 {
  if signal < 1 || Int(signal) >= Signals.count { return -1 }
  if signal == SIGINT && Signals.interruptsByItself {
    Signals.simulate(signal)
  } else if let handler = Signals.handlers[Int(signal)], !handler.isNone, !handler.isInt {
    Signals.simulate(signal)
  }
  return 0
}

/// Says what can never be, with the C function that found it, and ends the process by SIGABRT.
@c @implementation
public func _Py_FatalErrorFunc(
  _ function: UnsafePointer<CChar>, _ message: UnsafePointer<CChar>
) -> Never {
  fatal(String(cString: function) + ": " + String(cString: message))
}

@c @implementation
public func Py_FatalError(_ message: UnsafePointer<CChar>) -> Never {
  fatal(String(cString: message))
}

private func fatal(_ message: String) -> Never {
  let state =
    Py_IsFinalizing() != 0 ? "finalizing" : Py_IsInitialized() != 0 ? "initialized" : "uninitialized"
  RawOutput.write("Fatal Python error: \(message)\nPython runtime state: \(state)\n", to: 2)
  if Py_IsInitialized() != 0, let main = PyInterpreterState_Main() {
    RawTraceback.write("\n", to: 2)
    RawTraceback.writeAll(main, current: apus_tstate_or_null(), to: 2)
  }
  abort()
}

// MARK: What this Python is

/// A text that lives as long as the process, made at the first use.
private struct LastingText: @unchecked Sendable {
  let pointer: UnsafePointer<CChar>
  init(_ text: String) { pointer = UnsafePointer(strdup(text)) }
}

private let versionText = LastingText(SysValues.versionText)

/// `sys.version`.
@c @implementation
public func Py_GetVersion() -> UnsafePointer<CChar>? { versionText.pointer }

private let platformText = LastingText("linux")

/// `sys.platform`.
@c @implementation
public func Py_GetPlatform() -> UnsafePointer<CChar>? { platformText.pointer }

private let compilerText = LastingText("[Swift 6.3.1]")

@c @implementation
public func Py_GetCompiler() -> UnsafePointer<CChar>? { compilerText.pointer }

private let copyrightText = LastingText(SysValues.copyrightText)

/// `sys.copyright`.
@c @implementation
public func Py_GetCopyright() -> UnsafePointer<CChar>? { copyrightText.pointer }

/// The words of the command line as the process got them, in wide characters; kept for its lifetime.
private enum WideArguments {
  nonisolated(unsafe) static let words:
    (count: Int32, start: UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>) = {
      let count = Int(apus_argument_count())
      let start = UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>.allocate(capacity: count + 1)
      start.initialize(repeating: nil, count: count + 1)
      for index in 0..<count {
        guard let word = apus_argument(Int32(index)),
          let text = PyUnicode_DecodeFSDefault(word)
        else {
          PyErr_Clear()
          return (Int32(index), start)
        }
        defer { Py_DECREF(text) }
        let size = PyUnicode_AsWideChar(text, nil, 0)
        let copy = UnsafeMutablePointer<Int32>.allocate(capacity: Swift.max(size, 1))
        copy[0] = 0
        _ = PyUnicode_AsWideChar(text, copy, size)
        start[index] = copy
      }
      return (Int32(count), start)
    }()
}

@c
public func Py_GetArgcArgv(
  _ count: UnsafeMutablePointer<Int32>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>?>
) {
  (count.pointee, words.pointee) = WideArguments.words
}

@c
public func Py_GetRecursionLimit() -> Int32 { apus_tstate().pointee.py_recursion_limit }

/// How deep Python calls may nest, in all threads.
@c
public func Py_SetRecursionLimit(_ limit: Int32) {
  var each = apus_tstate().pointee.interp.pointee.threads
  while let thread = each {
    let used = thread.pointee.py_recursion_limit &- thread.pointee.py_recursion_remaining
    thread.pointee.py_recursion_limit = limit
    thread.pointee.py_recursion_remaining = limit &- used
    each = thread.pointee.next
  }
}

/// Does now what the main thread would do at its next check. -1 after an exception.
@c
public func Py_MakePendingCalls() -> Int32 {
  let thread = apus_tstate()
  guard thread == Signals.mainThread else { return 0 }
  if PyErr_CheckSignals() < 0 { return -1 }
  return PendingCalls.run(thread)
}
