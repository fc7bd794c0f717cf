import CPythonABI
import Interpreter
import Objects

// Starting and ending Python from C. CPython: Python/pylifecycle.c.

/// Starts Python with the settings of `python3` without arguments, unless it runs. A failure ends
/// the process, as C programs expect.
@c @implementation
public func Py_Initialize() { Py_InitializeEx(1) }

/// - Parameter signals: 0 leaves SIGINT to the program.
@c @implementation
public func Py_InitializeEx(_ signals: Int32) {
  if Py_IsInitialized() != 0 { return }
  var options = CommandLineOptions(["apus"])
  options.settings.argv = [""]
  options.settings.handlesSignals = signals != 0
  LibraryLocation.fill(&options)
  if !Lifecycle.initialize(options.settings, modules: nativeModules) {
    Py_FatalError("Python could not be initialized")
  }
}

/// Ends Python and frees everything it had; `Py_Initialize` may follow. -1 when buffered output was
/// lost. Only the thread that initialized Python may call this, holding the GIL.
@c @implementation
public func Py_FinalizeEx() -> Int32 {
  if Py_IsInitialized() == 0 { return 0 }
  return Lifecycle.finalizeAndFree() == 0 ? 0 : -1
}

@c @implementation
public func Py_Finalize() { _ = Py_FinalizeEx() }
