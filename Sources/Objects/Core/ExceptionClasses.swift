import CPythonABI

/// The exception classes, so that `raise(.typeError, "…")` reads as it does. Immortal.
extension UnsafeMutablePointer where Pointee == PyObject {
  @inlinable @inline(__always) public static var arithmeticError: Ref { apus_exc_ArithmeticError().object }
  @inlinable @inline(__always) public static var assertionError: Ref { apus_exc_AssertionError().object }
  @inlinable @inline(__always) public static var attributeError: Ref { apus_exc_AttributeError().object }
  @inlinable @inline(__always) public static var baseException: Ref { apus_exc_BaseException().object }
  @inlinable @inline(__always) public static var baseExceptionGroup: Ref { apus_exc_BaseExceptionGroup().object }
  @inlinable @inline(__always) public static var blockingIOError: Ref { apus_exc_BlockingIOError().object }
  @inlinable @inline(__always) public static var brokenPipeError: Ref { apus_exc_BrokenPipeError().object }
  @inlinable @inline(__always) public static var bufferError: Ref { apus_exc_BufferError().object }
  @inlinable @inline(__always) public static var bytesWarning: Ref { apus_exc_BytesWarning().object }
  @inlinable @inline(__always) public static var childProcessError: Ref { apus_exc_ChildProcessError().object }
  @inlinable @inline(__always) public static var connectionAbortedError: Ref { apus_exc_ConnectionAbortedError().object }
  @inlinable @inline(__always) public static var connectionError: Ref { apus_exc_ConnectionError().object }
  @inlinable @inline(__always) public static var connectionRefusedError: Ref { apus_exc_ConnectionRefusedError().object }
  @inlinable @inline(__always) public static var connectionResetError: Ref { apus_exc_ConnectionResetError().object }
  @inlinable @inline(__always) public static var deprecationWarning: Ref { apus_exc_DeprecationWarning().object }
  @inlinable @inline(__always) public static var eofError: Ref { apus_exc_EOFError().object }
  @inlinable @inline(__always) public static var encodingWarning: Ref { apus_exc_EncodingWarning().object }
  @inlinable @inline(__always) public static var exception: Ref { apus_exc_Exception().object }
  @inlinable @inline(__always) public static var exceptionGroup: Ref { apus_exc_ExceptionGroup().object }
  @inlinable @inline(__always) public static var fileExistsError: Ref { apus_exc_FileExistsError().object }
  @inlinable @inline(__always) public static var fileNotFoundError: Ref { apus_exc_FileNotFoundError().object }
  @inlinable @inline(__always) public static var floatingPointError: Ref { apus_exc_FloatingPointError().object }
  @inlinable @inline(__always) public static var futureWarning: Ref { apus_exc_FutureWarning().object }
  @inlinable @inline(__always) public static var generatorExit: Ref { apus_exc_GeneratorExit().object }
  @inlinable @inline(__always) public static var importError: Ref { apus_exc_ImportError().object }
  @inlinable @inline(__always) public static var importWarning: Ref { apus_exc_ImportWarning().object }
  @inlinable @inline(__always) public static var incompleteInputError: Ref { apus_exc_IncompleteInputError().object }
  @inlinable @inline(__always) public static var indentationError: Ref { apus_exc_IndentationError().object }
  @inlinable @inline(__always) public static var indexError: Ref { apus_exc_IndexError().object }
  @inlinable @inline(__always) public static var interpreterError: Ref { apus_exc_InterpreterError().object }
  @inlinable @inline(__always) public static var interpreterNotFoundError: Ref { apus_exc_InterpreterNotFoundError().object }
  @inlinable @inline(__always) public static var interruptedError: Ref { apus_exc_InterruptedError().object }
  @inlinable @inline(__always) public static var isADirectoryError: Ref { apus_exc_IsADirectoryError().object }
  @inlinable @inline(__always) public static var keyError: Ref { apus_exc_KeyError().object }
  @inlinable @inline(__always) public static var keyboardInterrupt: Ref { apus_exc_KeyboardInterrupt().object }
  @inlinable @inline(__always) public static var lookupError: Ref { apus_exc_LookupError().object }
  @inlinable @inline(__always) public static var memoryError: Ref { apus_exc_MemoryError().object }
  @inlinable @inline(__always) public static var moduleNotFoundError: Ref { apus_exc_ModuleNotFoundError().object }
  @inlinable @inline(__always) public static var nameError: Ref { apus_exc_NameError().object }
  @inlinable @inline(__always) public static var notADirectoryError: Ref { apus_exc_NotADirectoryError().object }
  @inlinable @inline(__always) public static var notImplementedError: Ref { apus_exc_NotImplementedError().object }
  @inlinable @inline(__always) public static var osError: Ref { apus_exc_OSError().object }
  @inlinable @inline(__always) public static var overflowError: Ref { apus_exc_OverflowError().object }
  @inlinable @inline(__always) public static var pendingDeprecationWarning: Ref { apus_exc_PendingDeprecationWarning().object }
  @inlinable @inline(__always) public static var permissionError: Ref { apus_exc_PermissionError().object }
  @inlinable @inline(__always) public static var processLookupError: Ref { apus_exc_ProcessLookupError().object }
  @inlinable @inline(__always) public static var pythonFinalizationError: Ref { apus_exc_PythonFinalizationError().object }
  @inlinable @inline(__always) public static var recursionError: Ref { apus_exc_RecursionError().object }
  @inlinable @inline(__always) public static var referenceError: Ref { apus_exc_ReferenceError().object }
  @inlinable @inline(__always) public static var resourceWarning: Ref { apus_exc_ResourceWarning().object }
  @inlinable @inline(__always) public static var runtimeError: Ref { apus_exc_RuntimeError().object }
  @inlinable @inline(__always) public static var runtimeWarning: Ref { apus_exc_RuntimeWarning().object }
  @inlinable @inline(__always) public static var stopAsyncIteration: Ref { apus_exc_StopAsyncIteration().object }
  @inlinable @inline(__always) public static var stopIteration: Ref { apus_exc_StopIteration().object }
  @inlinable @inline(__always) public static var syntaxError: Ref { apus_exc_SyntaxError().object }
  @inlinable @inline(__always) public static var syntaxWarning: Ref { apus_exc_SyntaxWarning().object }
  @inlinable @inline(__always) public static var systemError: Ref { apus_exc_SystemError().object }
  @inlinable @inline(__always) public static var systemExit: Ref { apus_exc_SystemExit().object }
  @inlinable @inline(__always) public static var tabError: Ref { apus_exc_TabError().object }
  @inlinable @inline(__always) public static var timeoutError: Ref { apus_exc_TimeoutError().object }
  @inlinable @inline(__always) public static var typeError: Ref { apus_exc_TypeError().object }
  @inlinable @inline(__always) public static var unboundLocalError: Ref { apus_exc_UnboundLocalError().object }
  @inlinable @inline(__always) public static var unicodeDecodeError: Ref { apus_exc_UnicodeDecodeError().object }
  @inlinable @inline(__always) public static var unicodeEncodeError: Ref { apus_exc_UnicodeEncodeError().object }
  @inlinable @inline(__always) public static var unicodeError: Ref { apus_exc_UnicodeError().object }
  @inlinable @inline(__always) public static var unicodeTranslateError: Ref { apus_exc_UnicodeTranslateError().object }
  @inlinable @inline(__always) public static var unicodeWarning: Ref { apus_exc_UnicodeWarning().object }
  @inlinable @inline(__always) public static var userWarning: Ref { apus_exc_UserWarning().object }
  @inlinable @inline(__always) public static var valueError: Ref { apus_exc_ValueError().object }
  @inlinable @inline(__always) public static var warning: Ref { apus_exc_Warning().object }
  @inlinable @inline(__always) public static var zeroDivisionError: Ref { apus_exc_ZeroDivisionError().object }
}

/// The exception classes that `builtins` shows.
public enum ExceptionClasses {
  public static var all: [Ref] {
    [
      .arithmeticError,
      .assertionError,
      .attributeError,
      .baseException,
      .baseExceptionGroup,
      .blockingIOError,
      .brokenPipeError,
      .bufferError,
      .bytesWarning,
      .childProcessError,
      .connectionAbortedError,
      .connectionError,
      .connectionRefusedError,
      .connectionResetError,
      .deprecationWarning,
      .eofError,
      .encodingWarning,
      .exception,
      .exceptionGroup,
      .fileExistsError,
      .fileNotFoundError,
      .floatingPointError,
      .futureWarning,
      .generatorExit,
      .importError,
      .importWarning,
      .incompleteInputError,
      .indentationError,
      .indexError,
      .interruptedError,
      .isADirectoryError,
      .keyError,
      .keyboardInterrupt,
      .lookupError,
      .memoryError,
      .moduleNotFoundError,
      .nameError,
      .notADirectoryError,
      .notImplementedError,
      .osError,
      .overflowError,
      .pendingDeprecationWarning,
      .permissionError,
      .processLookupError,
      .pythonFinalizationError,
      .recursionError,
      .referenceError,
      .resourceWarning,
      .runtimeError,
      .runtimeWarning,
      .stopAsyncIteration,
      .stopIteration,
      .syntaxError,
      .syntaxWarning,
      .systemError,
      .systemExit,
      .tabError,
      .timeoutError,
      .typeError,
      .unboundLocalError,
      .unicodeDecodeError,
      .unicodeEncodeError,
      .unicodeError,
      .unicodeTranslateError,
      .unicodeWarning,
      .userWarning,
      .valueError,
      .warning,
      .zeroDivisionError,
    ]
  }
}
