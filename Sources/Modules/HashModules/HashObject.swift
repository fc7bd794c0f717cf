import CPythonABI
import Objects

/// The hash objects of `_md5`, `_sha1`, `_sha2` and `_sha3`: one layout, a type per algorithm.
enum HashObject {
  struct Layout {
    var base: PyObject
    var algorithm: Int
    var state: HashState
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func algorithm(_ object: Ref) -> HashAlgorithm {
    HashAlgorithm(rawValue: view(object).pointee.algorithm) ?? .md5
  }

  /// Hashes an object's bytes. TypeError for str and for what has no buffer.
  static func update(_ object: Ref, _ data: Ref) throws(Raised) {
    try withBytes(of: data) { bytes, count in
      algorithm(object).update(&view(object).pointee.state, bytes, count)
    }
  }

  static func make(_ type: TypeRef, _ algorithm: HashAlgorithm, _ data: Ref?) throws(Raised) -> Owned {
    guard let object = _PyObject_New(type) else { throw Raised() }
    let result = Owned(adopting: object)
    view(object).pointee.algorithm = algorithm.rawValue
    view(object).pointee.state = algorithm.initial()
    if let data { try update(object, data) }
    return result
  }

  static func digest(_ object: Ref, length: Int? = nil) -> [UInt8] {
    let algorithm = algorithm(object)
    return algorithm.digest(
      view(object).pointee.state, length: length ?? algorithm.digestSize)
  }

  static func bytes(_ digest: [UInt8]) throws(Raised) -> Owned {
    let result = digest.withUnsafeBytes {
      PyBytes_FromStringAndSize(
        $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return try own(result)
  }

  static func hexadecimal(_ digest: [UInt8]) throws(Raised) -> Owned {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(digest.count * 2)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    let result = text.withUnsafeBytes {
      PyUnicode_DecodeASCII($0.baseAddress?.assumingMemoryBound(to: CChar.self) ?? cString(""), $0.count, nil)
    }
    return try own(result)
  }

  // MARK: Methods

  static let copy: Method = .noargs("copy($self, /)", "Return a copy of the hash object.") { object, _ in
    new {
      guard let made = _PyObject_New(object.type) else { throw Raised() }
      view(made).pointee.algorithm = view(object).pointee.algorithm
      view(made).pointee.state = view(object).pointee.state
      return Owned(adopting: made)
    }
  }
  static let digestMethod: Method = .noargs("digest($self, /)", "Return the digest value as a bytes object.") { object, _ in
    new { try bytes(digest(object)) }
  }
  static let hexDigest: Method = .noargs("hexdigest($self, /)", "Return the digest value as a string of hexadecimal digits.") { object, _ in
    new { try hexadecimal(digest(object)) }
  }
  static let updateMethod: Method = .o("update($self, obj, /)", "Update this hash object's state with the provided string.") { object, data in
    none { try update(object, data) }
  }
  static let updateData: Method = .o("update($self, data, /)", "Update this hash object's state with the provided bytes-like object.") { object, data in
    none { try update(object, data) }
  }

  private static func length(_ argument: Ref) throws(Raised) -> Int {
    let length = PyLong_AsUnsignedLong(argument)
    if length == UInt.max && hasRaised() {
      if PyErr_ExceptionMatches(.overflowError) != 0, argument.isInt, apus_long_sign(argument) < 0 {
        throw raise(.valueError, "value must be positive")
      }
      throw Raised()
    }
    if length >= 1 << 29 { throw raise(.valueError, "length is too large") }
    return Int(length)
  }
  static let shakeDigest: Method = .o("digest($self, length, /)", "Return the digest value as a bytes object.") { object, count in
    new { try bytes(digest(object, length: length(count))) }
  }
  static let shakeHexDigest: Method = .o("hexdigest($self, length, /)", "Return the digest value as a string of hexadecimal digits.") { object, count in
    new { try hexadecimal(digest(object, length: length(count))) }
  }

  static let properties: [Property] = [
    Property("block_size") { object, _ in PyLong_FromSsize_t(algorithm(object).blockSize) },
    Property("name") { object, _ in newString(algorithm(object).name) },
    Property("digest_size") { object, _ in PyLong_FromSsize_t(algorithm(object).digestSize) },
  ]
  static let keccakProperties: [Property] = [
    Property("_capacity_bits") { object, _ in
      PyLong_FromSsize_t(1600 - 8 * algorithm(object).blockSize)
    },
    Property("_rate_bits") { object, _ in PyLong_FromSsize_t(8 * algorithm(object).blockSize) },
    Property("_suffix") { object, _ in new { try bytes([algorithm(object).suffix]) } },
  ]

  static func spec(_ type: TypeRef, _ name: StaticString) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<Layout>.size,
      flags: [.disallowInstantiation, .immutableType], base: objectType(),
      slots: [.tp_dealloc { PyObject_Free($0) }],
      methods: [copy, digestMethod, hexDigest, updateMethod], properties: properties)
  }
}

/// The data to hash at once: given as `data`, or as `string`, its older name. TypeError for both.
public func hashedArgument(_ data: Ref?, _ string: Ref?) throws(Raised) -> Ref? {
  if data != nil && string != nil {
    throw raise(
      .typeError,
      "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is "
        + "slated for removal in a future version.")
  }
  return data ?? string
}

/// Calls `body` with the bytes of a bytes-like object.
func withBytes(
  of data: Ref, _ body: (UnsafePointer<UInt8>, Int) -> Void
) throws(Raised) {
  if data.isStr { throw raise(.typeError, "Strings must be encoded before hashing") }
  guard PyObject_CheckBuffer(data) != 0 else {
    throw raise(.typeError, "object supporting the buffer API required")
  }
  var view = Py_buffer()
  try check(PyObject_GetBuffer(data, &view, PyBUF_SIMPLE))
  defer { PyBuffer_Release(&view) }
  if view.ndim > 1 { throw raise(.bufferError, "Buffer must be single dimension") }
  if let start = view.buf, view.len > 0 {
    body(UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), view.len)
  }
}
