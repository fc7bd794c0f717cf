import CPythonABI
import Objects

// The types of `_md5`, `_sha1` and `_sha2`: made by a function of the module only.

extension HashObject {
  /// What the modules' functions do: `data=b'', *, usedforsecurity=True, string=None`.
  fileprivate static func make(
    _ type: TypeRef, _ algorithm: HashAlgorithm, _ signature: Method, _ args: UnsafePointer<Ref>?,
    _ count: Int, _ names: Ref?
  ) -> Ref? {
    new {
      let a = try Arguments(signature, args, count, names)
      return try make(type, algorithm, hashedArgument(a[0], a[2]))
    }
  }
}

private enum MD5 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_md5.md5")
  static let make: Method = .keywords(
    "md5($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new MD5 hash object; optionally initialized with a string."
  ) { _, args, count, names in HashObject.make(type, .md5, make, args, count, names) }
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
  ) { _, args, count, names in HashObject.make(type, .sha1, make, args, count, names) }
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
  ) { _, args, count, names in HashObject.make(type, .sha256, make, args, count, names) }
}

private enum SHA224 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA224Type")
  static let make: Method = .keywords(
    "sha224($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA224 hash object; optionally initialized with a string."
  ) { _, args, count, names in HashObject.make(type, .sha224, make, args, count, names) }
}

private enum SHA512 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA512Type")
  static let make: Method = .keywords(
    "sha512($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA512 hash object; optionally initialized with a string."
  ) { _, args, count, names in HashObject.make(type, .sha512, make, args, count, names) }
}

private enum SHA384 {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = HashObject.spec(type, "_sha2.SHA384Type")
  static let make: Method = .keywords(
    "sha384($module, /, data=b'', *, usedforsecurity=True, string=None)",
    "Return a new SHA384 hash object; optionally initialized with a string."
  ) { _, args, count, names in HashObject.make(type, .sha384, make, args, count, names) }
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
