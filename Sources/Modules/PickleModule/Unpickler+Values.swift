import CPythonABI
import Glibc
import Objects

/// Instructions that push a value out of the stream.
extension Unpickler {
  private static func characters(_ bytes: UnsafePointer<UInt8>) -> UnsafePointer<CChar> {
    UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)
  }

  func loadLong(_ size: Int) throws(Raised) {
    if size == 0 { return try push(try int(0)) }
    try push(try Objects.own(_PyLong_FromByteArray(try read(size), size, 1, 1)))
  }

  func loadUnicode(_ size: Int) throws(Raised) {
    let bytes = try read(size)
    try push(
      try Objects.own(PyUnicode_DecodeUTF8(Self.characters(bytes), size, "surrogatepass")))
  }

  /// Refuses a size that the rest of a buffer cannot have before memory for it is taken.
  private func checkSize(_ size: Int) throws(Raised) {
    if own.pointee.read == nil, size > own.pointee.inputSize - own.pointee.next {
      if size >= 1 << 47 { throw raiseNoMemory() }
      throw Self.raiseTruncated()
    }
  }

  func loadBytes(_ size: Int) throws(Raised) {
    try checkSize(size)
    let bytes = try Objects.own(PyBytes_FromStringAndSize(nil, size))
    if size > 0 {
      if size == 1 {
        // One byte is a shared object.
        let byte = try read(1).pointee
        return try push(borrowed: apus_bytes_of(byte))
      }
      try read(into: apus_bytes_data(bytes.ref), size)
    }
    try push(bytes)
  }

  func loadByteArray(_ size: Int) throws(Raised) {
    try checkSize(size)
    let bytes = try Objects.own(PyByteArray_FromStringAndSize(nil, size))
    if size > 0, let data = PyByteArray_AsString(bytes.ref) {
      try read(into: UnsafeMutableRawPointer(data).assumingMemoryBound(to: UInt8.self), size)
    }
    try push(bytes)
  }

  func loadNextBuffer() throws(Raised) {
    guard let buffers = own.pointee.buffers else {
      throw PickleState.raiseUnpickling(
        "pickle stream refers to out-of-band data but no *buffers* argument was given")
    }
    let iterator = buffers.retained()
    guard let buffer = PyIter_Next(iterator.ref) else {
      if hasRaised() { throw Raised() }
      throw PickleState.raiseUnpickling("not enough out-of-band buffers")
    }
    try push(Owned(adopting: buffer))
  }

  /// Makes the buffer on top one that cannot be written through.
  func loadReadOnlyBuffer() throws(Raised) {
    let buffer = try top()
    let view = try Objects.own(PyMemoryView_FromObject(buffer))
    let info = view.ref.view(PyMemoryViewObject.self)
    if info.pointee.view.readonly != 0 { return }
    info.pointee.view.readonly = 1
    _ = try pop()
    try push(view)
  }

  // MARK: Text of protocol 0

  private func readValueLine(least: Int = 2) throws(Raised) -> (UnsafeMutablePointer<UInt8>, Int) {
    let (line, count) = try readLine()
    if count < least { throw Self.raiseTruncated() }
    return (line, count)
  }

  /// INT: a decimal number; two characters that mean 0 or 1 are a bool.
  func loadIntLine() throws(Raised) {
    let (line, count) = try readValueLine()
    let text = UnsafeMutableRawPointer(line).assumingMemoryBound(to: CChar.self)
    errno = 0
    var end: UnsafeMutablePointer<CChar>?
    let value = strtol(text, &end, 0)
    let stop = end?.pointee ?? 0
    if errno != 0 || (stop != 10 && stop != 0) {
      errno = 0
      guard let number = PyLong_FromString(text, nil, 0) else {
        PyErr_Clear()
        throw raise(.valueError, "could not convert string to int")
      }
      return try push(Owned(adopting: number))
    }
    if count == 3 && (value == 0 || value == 1) {
      return try push(borrowed: boolObject(value == 1))
    }
    try push(try int(value))
  }

  func loadLongLine() throws(Raised) {
    let (line, count) = try readValueLine()
    if line[count - 2] == UInt8(ascii: "L") { line[count - 2] = 0 }
    let text = UnsafeMutableRawPointer(line).assumingMemoryBound(to: CChar.self)
    // A prefix only with a zero in front.
    let isDecimal = line[0] != UInt8(ascii: "0") && line[0] != UInt8(ascii: "-")
    try push(try Objects.own(PyLong_FromString(text, nil, isDecimal ? 10 : 0)))
  }

  func loadFloatLine() throws(Raised) {
    let (line, _) = try readValueLine()
    let text = UnsafeMutableRawPointer(line).assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = PyOS_string_to_double(text, &end, .overflowError)
    if value == -1 && hasRaised() { throw Raised() }
    let stop = end?.pointee ?? 0
    if stop != 10 && stop != 0 {
      throw raise(.valueError, "could not convert string to float")
    }
    try push(try Objects.own(PyFloat_FromDouble(value)))
  }

  func loadStringLine() throws(Raised) {
    let (line, count) = try readValueLine()
    let last = count - 2
    guard last >= 1, line[0] == line[last],
      line[0] == UInt8(ascii: "'") || line[0] == UInt8(ascii: "\"")
    else {
      throw PickleState.raiseUnpickling("the STRING opcode argument must be quoted")
    }
    let bytes = try Objects.own(
      PyBytes_DecodeEscape(Self.characters(line + 1), last - 1, nil, 0, nil))
    try pushString(bytes)
  }

  func loadString(_ size: Int) throws(Raised) {
    let bytes = try Objects.own(PyBytes_FromStringAndSize(Self.characters(try read(size)), size))
    try pushString(bytes)
  }

  /// A str of Python 2: decoded, or left alone with encoding "bytes".
  private func pushString(_ bytes: consuming Owned) throws(Raised) {
    if keepsBytes { return try push(bytes) }
    let text = PyUnicode_FromEncodedObject(bytes.ref, own.pointee.encoding, own.pointee.errors)
    try push(try Objects.own(text))
  }

  func loadUnicodeLine() throws(Raised) {
    let (line, count) = try readValueLine(least: 1)
    try push(
      try Objects.own(PyUnicode_DecodeRawUnicodeEscape(Self.characters(line), count - 1, nil)))
  }

  /// The decimal number of GET and PUT.
  func readIndexLine() throws(Raised) -> Int {
    let (line, _) = try readValueLine()
    let text = UnsafeMutableRawPointer(line).assumingMemoryBound(to: CChar.self)
    let number = try Objects.own(PyLong_FromString(text, nil, 10))
    let value = PyLong_AsSsize_t(number.ref)
    if value == -1 && hasRaised() { throw Raised() }
    return value
  }

  // MARK: Persistent ids

  private static func raiseNoHook() -> Raised {
    PickleState.raiseUnpickling(
      "A load persistent id instruction was encountered, but no persistent_load function was "
        + "specified.")
  }

  func loadPersistentIDLine() throws(Raised) {
    let (line, count) = try readValueLine(least: 1)
    guard let identity = PyUnicode_DecodeASCII(Self.characters(line), count - 1, "strict") else {
      if PyErr_ExceptionMatches(.unicodeDecodeError) != 0 {
        PyErr_Clear()
        throw PickleState.raiseUnpickling("persistent IDs in protocol 0 must be ASCII strings")
      }
      throw Raised()
    }
    let text = Owned(adopting: identity)
    try loadPersistent(text.ref)
  }

  func loadPersistent(_ identity: Ref) throws(Raised) {
    guard let hook = own.pointee.persistentLoad else { throw Self.raiseNoHook() }
    let function = hook.retained()
    try push(try Objects.own(PyObject_CallOneArg(function.ref, identity)))
  }
}
