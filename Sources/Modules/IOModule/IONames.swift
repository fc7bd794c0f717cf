import CPythonABI
import Interpreter
import Objects

/// Interned attribute names that streams use, made once.
enum Name {
  private static func intern(_ text: StaticString) -> Ref { PermanentName.make(text) }
  nonisolated(unsafe) static let read = intern("read")
  nonisolated(unsafe) static let read1 = intern("read1")
  nonisolated(unsafe) static let readall = intern("readall")
  nonisolated(unsafe) static let readinto = intern("readinto")
  nonisolated(unsafe) static let readinto1 = intern("readinto1")
  nonisolated(unsafe) static let readline = intern("readline")
  nonisolated(unsafe) static let peek = intern("peek")
  nonisolated(unsafe) static let write = intern("write")
  nonisolated(unsafe) static let close = intern("close")
  nonisolated(unsafe) static let closed = intern("closed")
  nonisolated(unsafe) static let flush = intern("flush")
  nonisolated(unsafe) static let seek = intern("seek")
  nonisolated(unsafe) static let tell = intern("tell")
  nonisolated(unsafe) static let truncate = intern("truncate")
  nonisolated(unsafe) static let fileno = intern("fileno")
  nonisolated(unsafe) static let isatty = intern("isatty")
  nonisolated(unsafe) static let readable = intern("readable")
  nonisolated(unsafe) static let writable = intern("writable")
  nonisolated(unsafe) static let seekable = intern("seekable")
  nonisolated(unsafe) static let name = intern("name")
  nonisolated(unsafe) static let mode = intern("mode")
  nonisolated(unsafe) static let raw = intern("raw")
  nonisolated(unsafe) static let decode = intern("decode")
  nonisolated(unsafe) static let encode = intern("encode")
  nonisolated(unsafe) static let reset = intern("reset")
  nonisolated(unsafe) static let getstate = intern("getstate")
  nonisolated(unsafe) static let setstate = intern("setstate")
  nonisolated(unsafe) static let newlines = intern("newlines")
  nonisolated(unsafe) static let finalizing = intern("_finalizing")
  nonisolated(unsafe) static let deallocWarn = intern("_dealloc_warn")
  nonisolated(unsafe) static let closedMark = intern("__IOBase_closed")
}

/// Calls a method without arguments.
func send(_ object: Ref, _ name: Ref) throws(Raised) -> Owned {
  try own(PyObject_CallMethodNoArgs(object, name))
}

/// Calls a method with one argument.
func send(_ object: Ref, _ name: Ref, _ argument: Ref) throws(Raised) -> Owned {
  try own(PyObject_CallMethodOneArg(object, name, argument))
}

/// The truth of a method's answer or of an attribute.
func ask(_ object: Ref, _ name: Ref) throws(Raised) -> Bool {
  let answer = try send(object, name)
  return try check(PyObject_IsTrue(answer.ref)) != 0
}

/// Whether the exception that is set is EINTR, whose signal handlers ran without raising; it is
/// cleared then and the call can be made again.
func shouldRetry() throws(Raised) -> Bool {
  guard PyErr_ExceptionMatches(.interruptedError) != 0 else { return false }
  PyErr_Clear()
  try check(PyErr_CheckSignals())
  return true
}

/// Sets `io.UnsupportedOperation`.
func unsupported(_ message: String) -> Raised { raise(Streams.unsupportedOperation, message) }

enum Streams {
  /// `io.UnsupportedOperation`, made with the module.
  nonisolated(unsafe) static var unsupportedOperation: Ref = .osError
  static let defaultBufferSize = 8192
}

/// What every stream object starts with.
struct StreamHead {
  var ob_base: PyObject
  var dict: Ref?
  var weakReferences: Ref?

  static let dictOffset = 16
  static let weakListOffset = 24
}

/// An argument that is a size, or None for -1.
func sizeArgument(_ object: Ref?, default fallback: Int = -1) throws(Raised) -> Int {
  guard let object, !object.isNone else { return fallback }
  guard PyIndex_Check(object) != 0 else {
    throw raise(
      .typeError, "argument should be integer or None, not '\(object.type.fullName)'")
  }
  return try check(PyNumber_AsSsize_t(object, .overflowError))
}

/// The one optional argument of a method.
func onlyArgument(
  _ name: String, _ args: UnsafePointer<Ref>?, _ count: Int
) throws(Raised) -> Ref? {
  if count > 1 { try checkPositional(name, count, least: 0, most: 1) }
  return count == 1 ? args.unsafelyUnwrapped[0] : nil
}
