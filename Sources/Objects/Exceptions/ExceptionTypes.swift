import CPythonABI

/// The exception hierarchy, bases before subclasses.
enum ExceptionTypes {
  static let specs: [TypeSpec] =
    [
      BaseException.spec, ExceptionGroups.base, SimpleExceptions.exception,
      SimpleExceptions.generatorExit,
      SimpleExceptions.keyboardInterrupt, ValueExceptions.systemExit,
      SimpleExceptions.arithmeticError, SimpleExceptions.assertionError,
      NamedExceptions.attributeError, SimpleExceptions.bufferError, SimpleExceptions.eOFError,
      NamedExceptions.importError, SimpleExceptions.lookupError, SimpleExceptions.memoryError,
      NamedExceptions.nameError, OSErrorType.spec, SimpleExceptions.referenceError,
      SimpleExceptions.runtimeError, SimpleExceptions.stopAsyncIteration,
      ValueExceptions.stopIteration,
    ] + Array(SyntaxErrorType.specs.prefix(1)) + [
      SimpleExceptions.systemError, SimpleExceptions.typeError, SimpleExceptions.valueError,
      SimpleExceptions.warning, SimpleExceptions.floatingPointError,
      SimpleExceptions.overflowError, SimpleExceptions.zeroDivisionError,
      SimpleExceptions.bytesWarning, SimpleExceptions.deprecationWarning,
      SimpleExceptions.encodingWarning, SimpleExceptions.futureWarning,
      SimpleExceptions.importWarning, SimpleExceptions.pendingDeprecationWarning,
      SimpleExceptions.resourceWarning, SimpleExceptions.runtimeWarning,
      SimpleExceptions.syntaxWarning, SimpleExceptions.unicodeWarning,
      SimpleExceptions.userWarning,
    ] + OSErrorType.subclasses + Array(SyntaxErrorType.specs.dropFirst()) + [
      SimpleExceptions.indexError, ValueExceptions.keyError,
      NamedExceptions.moduleNotFoundError, SimpleExceptions.notImplementedError,
      SimpleExceptions.pythonFinalizationError, SimpleExceptions.recursionError,
      NamedExceptions.unboundLocalError, SimpleExceptions.unicodeError,
    ] + UnicodeErrors.specs + [ExceptionGroups.exceptionGroup]
}
