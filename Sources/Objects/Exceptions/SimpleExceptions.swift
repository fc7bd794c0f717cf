import CPythonABI

/// The exception classes that only have a place in the hierarchy: BaseException's struct and methods.
enum SimpleExceptions {
  static let exception = simple(apus_exc_Exception(), "Exception", apus_exc_BaseException(), "The base of all exceptions that do not ask the program to end.")
  static let generatorExit = simple(apus_exc_GeneratorExit(), "GeneratorExit", apus_exc_BaseException(), "Asks a generator to finish.")
  static let keyboardInterrupt = simple(apus_exc_KeyboardInterrupt(), "KeyboardInterrupt", apus_exc_BaseException(), "The user interrupted the program.")
  static let typeError = simple(apus_exc_TypeError(), "TypeError", apus_exc_Exception(), "An object of the wrong type.")
  static let stopAsyncIteration = simple(apus_exc_StopAsyncIteration(), "StopAsyncIteration", apus_exc_Exception(), "An asynchronous iterator has no more items.")
  static let eOFError = simple(apus_exc_EOFError(), "EOFError", apus_exc_Exception(), "Input ended too early.")
  static let runtimeError = simple(apus_exc_RuntimeError(), "RuntimeError", apus_exc_Exception(), "An error that fits no other class.")
  static let recursionError = simple(apus_exc_RecursionError(), "RecursionError", apus_exc_RuntimeError(), "Calls nest too deeply.")
  static let notImplementedError = simple(apus_exc_NotImplementedError(), "NotImplementedError", apus_exc_RuntimeError(), "A method that a subclass should provide.")
  static let pythonFinalizationError = simple(apus_exc_PythonFinalizationError(), "PythonFinalizationError", apus_exc_RuntimeError(), "Not possible while the interpreter shuts down.")
  static let assertionError = simple(apus_exc_AssertionError(), "AssertionError", apus_exc_Exception(), "An assert statement failed.")
  static let lookupError = simple(apus_exc_LookupError(), "LookupError", apus_exc_Exception(), "The base of failed lookups.")
  static let indexError = simple(apus_exc_IndexError(), "IndexError", apus_exc_LookupError(), "A sequence index out of range.")
  static let valueError = simple(apus_exc_ValueError(), "ValueError", apus_exc_Exception(), "The right type, but an unsuitable value.")
  static let unicodeError = simple(apus_exc_UnicodeError(), "UnicodeError", apus_exc_ValueError(), "An error in encoding or decoding text.")
  static let arithmeticError = simple(apus_exc_ArithmeticError(), "ArithmeticError", apus_exc_Exception(), "The base of arithmetic errors.")
  static let floatingPointError = simple(apus_exc_FloatingPointError(), "FloatingPointError", apus_exc_ArithmeticError(), "A floating-point operation failed.")
  static let overflowError = simple(apus_exc_OverflowError(), "OverflowError", apus_exc_ArithmeticError(), "A result too large to represent.")
  static let zeroDivisionError = simple(apus_exc_ZeroDivisionError(), "ZeroDivisionError", apus_exc_ArithmeticError(), "Division or modulo by zero.")
  static let systemError = simple(apus_exc_SystemError(), "SystemError", apus_exc_Exception(), "An error inside the interpreter; please report it with the traceback and the version.")
  static let referenceError = simple(apus_exc_ReferenceError(), "ReferenceError", apus_exc_Exception(), "A weak proxy outlived its referent.")
  static let memoryError = simple(apus_exc_MemoryError(), "MemoryError", apus_exc_Exception(), "Out of memory.")
  static let bufferError = simple(apus_exc_BufferError(), "BufferError", apus_exc_Exception(), "A buffer operation is not possible now.")
  static let warning = simple(apus_exc_Warning(), "Warning", apus_exc_Exception(), "The base of warning categories.")
  static let userWarning = simple(apus_exc_UserWarning(), "UserWarning", apus_exc_Warning(), "A warning issued by user code.")
  static let deprecationWarning = simple(apus_exc_DeprecationWarning(), "DeprecationWarning", apus_exc_Warning(), "A feature that will go away, for developers to see.")
  static let pendingDeprecationWarning = simple(apus_exc_PendingDeprecationWarning(), "PendingDeprecationWarning", apus_exc_Warning(), "A feature that will be deprecated later.")
  static let syntaxWarning = simple(apus_exc_SyntaxWarning(), "SyntaxWarning", apus_exc_Warning(), "Questionable syntax.")
  static let runtimeWarning = simple(apus_exc_RuntimeWarning(), "RuntimeWarning", apus_exc_Warning(), "Questionable behaviour at run time.")
  static let futureWarning = simple(apus_exc_FutureWarning(), "FutureWarning", apus_exc_Warning(), "A meaning that will change, for users to see.")
  static let importWarning = simple(apus_exc_ImportWarning(), "ImportWarning", apus_exc_Warning(), "A probable mistake in an import.")
  static let unicodeWarning = simple(apus_exc_UnicodeWarning(), "UnicodeWarning", apus_exc_Warning(), "A problem with Unicode text.")
  static let bytesWarning = simple(apus_exc_BytesWarning(), "BytesWarning", apus_exc_Warning(), "A problem with bytes and buffers, mostly mixing them with str.")
  static let resourceWarning = simple(apus_exc_ResourceWarning(), "ResourceWarning", apus_exc_Warning(), "A resource that was not released.")
  static let encodingWarning = simple(apus_exc_EncodingWarning(), "EncodingWarning", apus_exc_Warning(), "A text encoding left to the locale.")

  private static func simple(
    _ type: TypeRef, _ name: StaticString, _ base: TypeRef, _ doc: StaticString
  ) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<PyBaseExceptionObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: doc, base: base, dictOffset: 16,
      slots: [
        .tp_dealloc { ExceptionFields.deallocate($0, objects: 0) },
        .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 0) },
        .tp_clear { ExceptionFields.clear($0, objects: 0) },
        .tp_init(BaseException_init),
        .tp_new(BaseException_new),
        .tp_vectorcall(BaseException_vectorcall),
      ])
  }
}
