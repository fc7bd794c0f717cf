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

// MARK: Modules

private enum MD5 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_md5.md5")
  static let make: Method = .keywords(
    "md5($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new MD5 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .md5, hashedArgument(a[0], a[2]))
    }
  }
}

/// The module `_md5`.
public let md5Module = ModuleSpec(
  "_md5", methods: [MD5.make],
  exec: { module in
    status {
      try MD5.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "MD5Type", MD5.type.object))
    }
  })

private enum SHA1 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha1.sha1")
  static let make: Method = .keywords(
    "sha1($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA1 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .sha1, hashedArgument(a[0], a[2]))
    }
  }
}

/// The module `_sha1`.
public let sha1Module = ModuleSpec(
  "_sha1", methods: [SHA1.make],
  exec: { module in
    status {
      try SHA1.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "SHA1Type", SHA1.type.object))
    }
  })

private enum SHA256 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA256Type")
  static let make: Method = .keywords(
    "sha256($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA256 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .sha256, hashedArgument(a[0], a[2]))
    }
  }
}

private enum SHA224 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA224Type")
  static let make: Method = .keywords(
    "sha224($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA224 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .sha224, hashedArgument(a[0], a[2]))
    }
  }
}

private enum SHA512 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA512Type")
  static let make: Method = .keywords(
    "sha512($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA512 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .sha512, hashedArgument(a[0], a[2]))
    }
  }
}

private enum SHA384 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA384Type")
  static let make: Method = .keywords(
    "sha384($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA384 hash object; optionally initialized with a string."
  ) { _, args, count, names in
    new {
      let a = try Arguments(make, args, count, names)
      return try HashObject.make(type, .sha384, hashedArgument(a[0], a[2]))
    }
  }
}

/// The module `_sha2`.
public let sha2Module = ModuleSpec(
  "_sha2", methods: [SHA256.make, SHA224.make, SHA512.make, SHA384.make],
  exec: { module in
    status {
      try SHA256.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "SHA256Type", SHA256.type.object))
      try SHA224.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "SHA224Type", SHA224.type.object))
      try SHA512.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "SHA512Type", SHA512.type.object))
      try SHA384.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "SHA384Type", SHA384.type.object))
    }
  })

private enum SHA3224 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "sha3_224(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.sha3_224", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "sha3_224([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .sha3_224, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.digestMethod, HashObject.hexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

private enum SHA3256 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "sha3_256(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.sha3_256", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "sha3_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .sha3_256, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.digestMethod, HashObject.hexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

private enum SHA3384 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "sha3_384(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.sha3_384", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "sha3_384([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .sha3_384, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.digestMethod, HashObject.hexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

private enum SHA3512 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "sha3_512(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.sha3_512", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "sha3_512([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .sha3_512, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.digestMethod, HashObject.hexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

private enum SHAKE128 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "shake_128(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.shake_128", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "shake_128([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .shake128, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.shakeDigest, HashObject.shakeHexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

private enum SHAKE256 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let parser: Method = .variableKeywords(
    "shake_256(data=b'', *, usedforsecurity=True, string=None)", "", { _, _, _ in nil })
  static let spec = TypeSpec(
    type, "_sha3.shake_256", basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
    doc: "shake_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.",
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(parser, tuple: args, keywords: keywords)
          return try HashObject.make(type, .shake256, hashedArgument(a[0], a[2]))
        }
      },
    ],
    methods: [HashObject.copy, HashObject.shakeDigest, HashObject.shakeHexDigest, HashObject.updateData],
    properties: HashObject.properties + HashObject.keccakProperties)
}

/// The module `_sha3`.
public let sha3Module = ModuleSpec(
  "_sha3", constants: [.string("implementation", "HACL")],
  types: [SHA3224.spec, SHA3256.spec, SHA3384.spec, SHA3512.spec, SHAKE128.spec, SHAKE256.spec])
