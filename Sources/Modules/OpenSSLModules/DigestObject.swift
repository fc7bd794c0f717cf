import COpenSSL
import CPythonABI
import Glibc
import HashModules
import Interpreter
import Objects
import SystemCalls

/// Bytes to hash. TypeError for str and for what has no buffer.
func hashedBuffer(_ data: Ref) throws(Raised) -> BufferArgument {
  if data.isStr { throw raise(.typeError, "Strings must be encoded before hashing") }
  guard PyObject_CheckBuffer(data) != 0 else {
    throw raise(.typeError, "object supporting the buffer API required")
  }
  return try BufferArgument(data)
}

/// Hexadecimal digits of bytes, as a str.
func hexadecimal(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
  let result = try own(PyUnicode_New(count * 2, 127))
  let target = UnsafeMutableRawPointer(apus_str_data(result.ref)).assumingMemoryBound(to: UInt8.self)
  for index in 0..<count {
    let (high, low) = (bytes[index] >> 4, bytes[index] & 15)
    target[2 * index] = high < 10 ? 48 + high : 87 + high
    target[2 * index + 1] = low < 10 ? 48 + low : 87 + low
  }
  return result
}

/// `_hashlib.HASH` and `_hashlib.HASHXOF`.
enum DigestObject {
  struct Layout {
    var base: PyObject
    /// EVP_MD_CTX
    var context: OpaquePointer?
    var lock: ObjectLock
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static let extendableType = PermanentMemory.type()

  /// Data as long as this is hashed without the GIL.
  static let long = 2048

  static let spec = TypeSpec(
    type, "_hashlib.HASH", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType, .baseType],
    doc: """
      HASH(name, string=b'')
      --

      A hash is a checksum under computation: update() adds bytes, digest() and hexdigest() give what it is
      so far, copy() makes another. Its name is the algorithm's, digest_size is in bytes.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        EVP_MD_CTX_free(view(object).pointee.context)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        newString(
          "<\(name(object)) \(object.type.fullName) object @ 0x"
            + "\(String(UInt(bitPattern: object), radix: 16))>")
      },
    ],
    methods: [update, digest, hexDigest, copy],
    properties: [
      Property("digest_size", get: { object, _ in
        PyLong_FromLong(Int(EVP_MD_get_size(digest(of: object))))
      }),
      Property("block_size", get: { object, _ in
        PyLong_FromLong(Int(EVP_MD_get_block_size(digest(of: object))))
      }),
      Property("name", get: { object, _ in newString(name(object)) }),
    ])

  static let extendableSpec = TypeSpec(
    extendableType, "_hashlib.HASHXOF", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType, .baseType],
    doc: """
      HASHXOF(name, string=b'')
      --

      A checksum under computation whose digest is as long as one asks for.
      """,
    base: type, slots: [], methods: [extendableDigest, extendableHexDigest],
    properties: [Property("digest_size", get: { _, _ in PyLong_FromLong(0) })])

  private static func digest(of object: Ref) -> OpaquePointer? {
    view(object).pointee.context.flatMap { EVP_MD_CTX_get0_md($0) }
  }
  private static func name(_ object: Ref) -> String {
    digest(of: object).map { DigestName.python($0) } ?? ""
  }

  /// A new object of an algorithm's type, with data hashed.
  static func make(
    _ digest: OpaquePointer, _ data: Ref?, forSecurity: Bool
  ) throws(Raised) -> Owned {
    let isExtendable = EVP_MD_get_flags(digest) & UInt(EVP_MD_FLAG_XOF) != 0
    let object = try own(PyType_GenericAlloc(isExtendable ? extendableType : type, 0))
    guard let context = EVP_MD_CTX_new() else { throw raiseNoMemory() }
    view(object.ref).pointee.context = context
    if !forSecurity { EVP_MD_CTX_set_flags(context, 8) }  // EVP_MD_CTX_FLAG_NON_FIPS_ALLOW
    if EVP_DigestInit_ex(context, digest, nil) == 0 { throw CryptoError.raise(.valueError) }
    if let data { try update(object.ref, data) }
    return object
  }

  private static func update(_ object: Ref, _ data: Ref) throws(Raised) {
    let source = try hashedBuffer(data)
    guard let bytes = source.start, source.count > 0 else { return }
    let size = source.count
    let result: Int32
    result = try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) -> Int32 in
      let context = view(object).pointee.context
      return size >= long
        ? withoutGIL { EVP_DigestUpdate(context, bytes, size) }
        : EVP_DigestUpdate(context, bytes, size)
    }
    if result == 0 { throw CryptoError.raise(.valueError) }
  }

  /// A copy of the computation, which a digest ends.
  private static func fork(_ object: Ref) throws(Raised) -> OpaquePointer {
    guard let copy = EVP_MD_CTX_new() else { throw raiseNoMemory() }
    let result = try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) -> Int32 in
      EVP_MD_CTX_copy(copy, view(object).pointee.context)
    }
    if result == 0 {
      EVP_MD_CTX_free(copy)
      throw CryptoError.raise(.valueError)
    }
    return copy
  }

  private static func finish<R: ~Copyable>(
    _ object: Ref, _ body: (UnsafePointer<UInt8>, Int) throws(Raised) -> R
  ) throws(Raised) -> R {
    let context = try fork(object)
    defer { EVP_MD_CTX_free(context) }
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    defer { bytes.deallocate() }
    var size: UInt32 = 0
    if EVP_DigestFinal(context, bytes, &size) == 0 { throw CryptoError.raise(.valueError) }
    return try body(bytes, Int(size))
  }

  // MARK: Methods

  private static let copy: Method = .noargs("copy($self, /)", "Return a copy of the hash object.") { object, _ in
    new {
      let made = try own(PyType_GenericAlloc(object.type, 0))
      view(made.ref).pointee.context = try fork(object)
      return made
    }
  }
  private static let update: Method = .o("update($self, obj, /)", "Update this hash object's state with the provided string.") { object, data in
    none { try update(object, data) }
  }
  private static let digest: Method = .noargs("digest($self, /)", "Return the digest value as a bytes object.") { object, _ in
    new {
      try finish(object) { bytes, count throws(Raised) in
        try own(
          PyBytes_FromStringAndSize(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), count))
      }
    }
  }
  private static let hexDigest: Method = .noargs("hexdigest($self, /)", "Return the digest value as a string of hexadecimal digits.") { object, _ in
    new { try finish(object) { bytes, count throws(Raised) in try hexadecimal(bytes, count) } }
  }

  /// The digest of an extendable function, as bytes.
  private static func extend(_ object: Ref, _ length: Int) throws(Raised) -> Owned {
    let bytes = try own(PyBytes_FromStringAndSize(nil, length))
    if length == 0 { return bytes }
    let context = try fork(object)
    defer { EVP_MD_CTX_free(context) }
    let target = PyBytes_AsString(bytes.ref).map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) }
    if EVP_DigestFinalXOF(context, target, length) == 0 { throw CryptoError.raise(.valueError) }
    return bytes
  }

  private static let extendableDigest: Method = .keywords("digest($self, /, length)", "Return the digest value as a bytes object.") {
    object, args, count, names in
    new {
      let a = try Arguments(extendableDigest, args, count, names)
      return try extend(object, a.index(0))
    }
  }
  private static let extendableHexDigest: Method = .keywords("hexdigest($self, /, length)", "Return the digest value as a string of hexadecimal digits.") {
    object, args, count, names in
    new {
      let a = try Arguments(extendableHexDigest, args, count, names)
      let length = try a.index(0)
      let bytes = try extend(object, length)
      guard let start = PyBytes_AsString(bytes.ref) else { throw Raised() }
      return try hexadecimal(UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), length)
    }
  }
}

/// Finding algorithms and making their objects.
enum HashConstructors {
  static let names = [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384",
    "sha3_512", "shake_128", "shake_256",
  ]

  /// The algorithm of a name; the caller frees it with EVP_MD_free().
  static func find(_ name: String, forSecurity: Bool = true) throws(Raised) -> OpaquePointer {
    let library = DigestName.library(name)
    // Without a property query the FIPS provider alone would do.
    if let digest = EVP_MD_fetch(nil, library, forSecurity ? nil : "-fips") { return digest }
    throw UnsupportedDigest.raiseLast("unsupported hash type \(name)")
  }

  private static func make(
    _ name: String, _ data: Ref?, forSecurity: Bool
  ) throws(Raised) -> Owned {
    let digest = try find(name, forSecurity: forSecurity)
    defer { EVP_MD_free(digest) }
    return try DigestObject.make(digest, data, forSecurity: forSecurity)
  }

  static let new: Method = .keywords(
    "new($module, /, name, data=b'', *, usedforsecurity=True, string=None)",
    """
    Return a new hash object using the named algorithm.

    The string argument is hashed at once. MD5 and SHA1 are always there.
    """
  ) { _, args, count, names in
    Objects.new {
      let a = try Arguments(new, args, count, names)
      guard a.object(0).isStr else { throw a.badArgument(0, expected: "str") }
      return try make(
        text(of: a.object(0)), hashedArgument(a[1], a[3]), forSecurity: a.bool(2, default: true))
    }
  }

  private static func construct(
    _ method: Method, _ name: String, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) -> Ref? {
    Objects.new {
      let a = try Arguments(method, args, count, names)
      return try make(name, hashedArgument(a[0], a[2]), forSecurity: a.bool(1, default: true))
    }
  }

  static let all = [
    md5, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512, shake128,
    shake256,
  ]

  private static let md5: Method = .keywords(
    "openssl_md5($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Returns a md5 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(md5, "md5", args, count, names) }
  private static let sha1: Method = .keywords(
    "openssl_sha1($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Returns a sha1 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha1, "sha1", args, count, names) }
  private static let sha224: Method = .keywords(
    "openssl_sha224($module, /, data=b'', *, usedforsecurity=True,\n               string=None)",
    "Returns a sha224 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha224, "sha224", args, count, names) }
  private static let sha256: Method = .keywords(
    "openssl_sha256($module, /, data=b'', *, usedforsecurity=True,\n               string=None)",
    "Returns a sha256 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha256, "sha256", args, count, names) }
  private static let sha384: Method = .keywords(
    "openssl_sha384($module, /, data=b'', *, usedforsecurity=True,\n               string=None)",
    "Returns a sha384 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha384, "sha384", args, count, names) }
  private static let sha512: Method = .keywords(
    "openssl_sha512($module, /, data=b'', *, usedforsecurity=True,\n               string=None)",
    "Returns a sha512 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha512, "sha512", args, count, names) }
  private static let sha3_224: Method = .keywords(
    "openssl_sha3_224($module, /, data=b'', *, usedforsecurity=True,\n                 string=None)",
    "Returns a sha3-224 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha3_224, "sha3_224", args, count, names) }
  private static let sha3_256: Method = .keywords(
    "openssl_sha3_256($module, /, data=b'', *, usedforsecurity=True,\n                 string=None)",
    "Returns a sha3-256 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha3_256, "sha3_256", args, count, names) }
  private static let sha3_384: Method = .keywords(
    "openssl_sha3_384($module, /, data=b'', *, usedforsecurity=True,\n                 string=None)",
    "Returns a sha3-384 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha3_384, "sha3_384", args, count, names) }
  private static let sha3_512: Method = .keywords(
    "openssl_sha3_512($module, /, data=b'', *, usedforsecurity=True,\n                 string=None)",
    "Returns a sha3-512 hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(sha3_512, "sha3_512", args, count, names) }
  private static let shake128: Method = .keywords(
    "openssl_shake_128($module, /, data=b'', *, usedforsecurity=True,\n                  string=None)",
    "Returns a shake-128 variable hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(shake128, "shake_128", args, count, names) }
  private static let shake256: Method = .keywords(
    "openssl_shake_256($module, /, data=b'', *, usedforsecurity=True,\n                  string=None)",
    "Returns a shake-256 variable hash object; optionally initialized with a string"
  ) { _, args, count, names in construct(shake256, "shake_256", args, count, names) }
}
