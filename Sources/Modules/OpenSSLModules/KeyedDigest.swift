import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_hashlib.HMAC`.
enum KeyedDigest {
  struct Layout {
    var base: PyObject
    /// HMAC_CTX
    var context: OpaquePointer?
    var lock: ObjectLock
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// The module's mapping of functions to names.
  nonisolated(unsafe) static var constructors: Ref?

  static let spec = TypeSpec(
    type, "_hashlib.HMAC", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType],
    doc: """
      The HMAC of a message under computation: update() adds bytes, digest() and hexdigest() give
      what it is so far, copy() makes another. Its name is that of the algorithm, digest_size is in
      bytes.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        HMAC_CTX_free(view(object).pointee.context)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        newString(
          "<\(algorithm(object)) HMAC object @ 0x\(String(UInt(bitPattern: object), radix: 16))>")
      },
    ],
    methods: [update, digest, hexDigest, copy],
    properties: [
      Property("digest_size", get: { object, _ in PyLong_FromLong(size(object)) }),
      Property("block_size", get: { object, _ in
        PyLong_FromLong(Int(EVP_MD_get_block_size(HMAC_CTX_get_md(view(object).pointee.context))))
      }),
      Property("name", get: { object, _ in newString("hmac-\(algorithm(object))") }),
    ])

  private static func algorithm(_ object: Ref) -> String {
    HMAC_CTX_get_md(view(object).pointee.context).map { DigestName.python($0) } ?? ""
  }
  private static func size(_ object: Ref) -> Int {
    Int(EVP_MD_get_size(HMAC_CTX_get_md(view(object).pointee.context)))
  }

  /// The algorithm of a digestmod: a name or one of the module's functions.
  private static func find(_ mode: Ref) throws(Raised) -> OpaquePointer {
    if mode.isStr { return try HashConstructors.find(text(of: mode)) }
    if let constructors {
      let found = PyObject_GetItem(constructors, mode)
      if let found {
        defer { Py_DECREF(found) }
        return try HashConstructors.find(text(of: found))
      }
      if PyErr_ExceptionMatches(.keyError) == 0 && PyErr_ExceptionMatches(.typeError) == 0 {
        throw Raised()
      }
      PyErr_Clear()
    }
    let plain = try own(PyObject_Str(mode))
    throw UnsupportedDigest.raise("Unsupported digestmod \(text(of: plain.ref))")
  }

  static let new: Method = .keywords(
    "hmac_new($module, /, key, msg=b'', digestmod=None)", "Return a new hmac object."
  ) { _, args, count, names in
    Objects.new {
      let a = try Arguments(new, args, count, names)
      let key = try a.buffer(0)
      guard key.count <= Int(Int32.max) else { throw raise(.overflowError, "key is too long.") }
      guard let mode = a[2] else {
        throw raise(.typeError, "Missing required parameter 'digestmod'.")
      }
      let digest = try find(mode)
      defer { EVP_MD_free(digest) }
      guard let context = HMAC_CTX_new() else { throw raiseNoMemory() }
      let result = withUnsafePointer(to: UInt8(0)) { empty in
        HMAC_Init_ex(
          context, key.start.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(empty),
          Int32(key.count), digest, nil)
      }
      if result == 0 {
        HMAC_CTX_free(context)
        throw CryptoError.raise(.valueError)
      }
      let object: Owned
      do throws(Raised) {
        object = try own(PyType_GenericAlloc(type, 0))
      } catch {
        HMAC_CTX_free(context)
        throw error
      }
      view(object.ref).pointee.context = context
      if let message = a.optional(1) { try update(object.ref, message) }
      return object
    }
  }

  static let singleShot: Method = .keywords("hmac_digest($module, /, key, msg, digest)", "Single-shot HMAC.") {
    _, args, count, names in
    Objects.new {
      let a = try Arguments(singleShot, args, count, names)
      let key = try a.buffer(0)
      let message = try a.buffer(1)
      let digest = try find(a.object(2))
      defer { EVP_MD_free(digest) }
      guard key.count <= Int(Int32.max) else { throw raise(.overflowError, "key is too long.") }
      guard message.count <= Int(Int32.max) else {
        throw raise(.overflowError, "msg is too long.")
      }
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
      defer { bytes.deallocate() }
      var size: UInt32 = 0
      let (secret, secretCount) = (key.start, Int32(key.count))
      let (text, textCount) = (message.start?.assumingMemoryBound(to: UInt8.self), message.count)
      let done = withUnsafePointer(to: UInt8(0)) { empty in
        withoutGIL {
          HMAC(
            digest, secret.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(empty), secretCount,
            text.map { UnsafePointer($0) } ?? empty, textCount, bytes, &size) != nil
        }
      }
      if !done { throw CryptoError.raise(.valueError) }
      return try own(
        PyBytes_FromStringAndSize(
          UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), Int(size)))
    }
  }

  private static func update(_ object: Ref, _ data: Ref) throws(Raised) {
    let source = try hashedBuffer(data)
    guard let start = source.start, source.count > 0 else { return }
    let bytes = UnsafePointer(start.assumingMemoryBound(to: UInt8.self))
    let size = source.count
    let result = try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) -> Int32 in
      let context = view(object).pointee.context
      return size >= DigestObject.long
        ? withoutGIL { HMAC_Update(context, bytes, size) } : HMAC_Update(context, bytes, size)
    }
    if result == 0 { throw CryptoError.raise(.valueError) }
  }

  private static func fork(_ object: Ref) throws(Raised) -> OpaquePointer {
    guard let copy = HMAC_CTX_new() else { throw raiseNoMemory() }
    let result = try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) -> Int32 in
      HMAC_CTX_copy(copy, view(object).pointee.context)
    }
    if result == 0 {
      HMAC_CTX_free(copy)
      throw CryptoError.raise(.valueError)
    }
    return copy
  }

  private static func finish<R: ~Copyable>(
    _ object: Ref, _ body: (UnsafePointer<UInt8>, Int) throws(Raised) -> R
  ) throws(Raised) -> R {
    let context = try fork(object)
    defer { HMAC_CTX_free(context) }
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    defer { bytes.deallocate() }
    var size: UInt32 = 64
    if HMAC_Final(context, bytes, &size) == 0 { throw CryptoError.raise(.valueError) }
    return try body(bytes, Int(size))
  }

  private static let copy: Method = .noargs("copy($self, /)", "Return a copy (\"clone\") of the HMAC object.") { object, _ in
    Objects.new {
      let made = try own(PyType_GenericAlloc(object.type, 0))
      view(made.ref).pointee.context = try fork(object)
      return made
    }
  }
  private static let update: Method = .keywords("update($self, /, msg)", "Update the HMAC object with msg.") {
    object, args, count, names in
    none {
      let a = try Arguments(update, args, count, names)
      try update(object, a.object(0))
    }
  }
  private static let digest: Method = .noargs("digest($self, /)", "Return the digest of the bytes passed to the update() method so far.") { object, _ in
    Objects.new {
      try finish(object) { bytes, count throws(Raised) in
        try own(
          PyBytes_FromStringAndSize(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), count))
      }
    }
  }
  private static let hexDigest: Method = .noargs("hexdigest($self, /)", "Return hexadecimal digest of the bytes passed to the update() method so far.") { object, _ in
    Objects.new { try finish(object) { bytes, count throws(Raised) in try hexadecimal(bytes, count) } }
  }
}
