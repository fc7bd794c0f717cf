import CPythonABI
import Glibc
import Interpreter
import Objects

/// Sets the OSError of the current `errno`, with the files it is about, and returns what to throw.
public func raiseSystemError(_ filename: Ref? = nil, _ second: Ref? = nil) -> Raised {
  if second != nil {
    _ = PyErr_SetFromErrnoWithFilenameObjects(.osError, filename, second)
  } else {
    _ = PyErr_SetFromErrnoWithFilenameObject(.osError, filename)
  }
  return Raised()
}

/// Sets the OSError of an error number and returns what to throw.
public func raiseSystemError(number: Int32, _ filename: Ref? = nil) -> Raised {
  errno = number
  return raiseSystemError(filename)
}

/// Makes a system call without the GIL. A negative result becomes the OSError of `errno`.
@discardableResult @inline(__always)
public func systemCall<Result: SignedInteger>(
  _ filename: Ref? = nil, _ second: Ref? = nil, _ body: () -> Result
) throws(Raised) -> Result {
  let result = withoutGIL(body)
  if result < 0 { throw raiseSystemError(filename, second) }
  return result
}

/// The same, and the call is made again when a signal interrupted it (PEP 475), unless the
/// signal's Python handler raised.
@discardableResult @inline(__always)
public func interruptibleCall<Result: SignedInteger>(
  _ filename: Ref? = nil, _ body: () -> Result
) throws(Raised) -> Result {
  while true {
    let result = withoutGIL(body)
    if result >= 0 { return result }
    if errno != EINTR { throw raiseSystemError(filename) }
    try check(PyErr_CheckSignals())
  }
}
