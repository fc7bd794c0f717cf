import CPythonABI
import Objects

/// The types of `_sha3`, which are called to make a hash object. All share their slots: the type says
/// which algorithm it is.
private enum Keccak {
  struct Kind {
    let algorithm: HashAlgorithm
    let type = PermanentMemory.type()
    /// Name and arguments of a call.
    let signature: Method
    let spec: TypeSpec

    init(
      _ algorithm: HashAlgorithm, _ name: StaticString, _ signature: StaticString,
      doc: StaticString, hasLength: Bool = false
    ) {
      self.algorithm = algorithm
      self.signature = .variableKeywords(signature, "", { _, _, _ in nil })
      spec = TypeSpec(
        type, name, basicSize: MemoryLayout<HashObject.Layout>.size, flags: [.immutableType],
        doc: doc, base: objectType(),
        slots: [
          .tp_dealloc { PyObject_Free($0) },
          .tp_new { type, args, keywords in Keccak.make(type, args, keywords) },
        ],
        methods: hasLength
          ? [HashObject.copy, HashObject.shakeDigest, HashObject.shakeHexDigest, HashObject.updateData]
          : [HashObject.copy, HashObject.digestMethod, HashObject.hexDigest, HashObject.updateData],
        properties: HashObject.properties + HashObject.keccakProperties)
    }
  }

  nonisolated(unsafe) static let kinds = [
    Kind(
      .sha3_224, "_sha3.sha3_224", "sha3_224(data=b'', *, usedforsecurity=True, string=None)",
      doc: "sha3_224([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object."),
    Kind(
      .sha3_256, "_sha3.sha3_256", "sha3_256(data=b'', *, usedforsecurity=True, string=None)",
      doc: "sha3_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object."),
    Kind(
      .sha3_384, "_sha3.sha3_384", "sha3_384(data=b'', *, usedforsecurity=True, string=None)",
      doc: "sha3_384([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object."),
    Kind(
      .sha3_512, "_sha3.sha3_512", "sha3_512(data=b'', *, usedforsecurity=True, string=None)",
      doc: "sha3_512([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object."),
    Kind(
      .shake128, "_sha3.shake_128", "shake_128(data=b'', *, usedforsecurity=True, string=None)",
      doc: "shake_128([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.", hasLength: true),
    Kind(
      .shake256, "_sha3.shake_256", "shake_256(data=b'', *, usedforsecurity=True, string=None)",
      doc: "shake_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object.", hasLength: true),
  ]

  /// A call of one of the types, which have no subclasses.
  static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
    new {
      guard let kind = kinds.first(where: { $0.type == type }) else {
        throw raise(.typeError, "\(type.fullName) is no type of _sha3")
      }
      let a = try Arguments(kind.signature, tuple: args, keywords: keywords)
      return try HashObject.make(type, kind.algorithm, hashedArgument(a[0], a[2]))
    }
  }
}

/// The module `_sha3`.
public let sha3Module = ModuleSpec(
  "_sha3", constants: [.string("implementation", "HACL")], types: Keccak.kinds.map { $0.spec })
