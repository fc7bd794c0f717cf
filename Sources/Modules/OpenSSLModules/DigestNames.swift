import COpenSSL
import CPythonABI
import Objects

/// The names of digests: Python's, an older one of Python's, OpenSSL's.
struct DigestName: Sendable {
  let python: String
  let alias: String
  let library: String

  init(_ python: String, _ alias: String, _ library: String) {
    self.python = python
    self.alias = alias
    self.library = library
  }

  static let all = [
    DigestName("md5", "MD5", "MD5"), DigestName("sha1", "SHA1", "SHA1"),
    DigestName("sha224", "SHA224", "SHA224"), DigestName("sha256", "SHA256", "SHA256"),
    DigestName("sha384", "SHA384", "SHA384"), DigestName("sha512", "SHA512", "SHA512"),
    DigestName("sha512_224", "SHA512_224", "SHA512-224"),
    DigestName("sha512_256", "SHA512_256", "SHA512-256"),
    DigestName("sha3_224", "sha3_224", "SHA3-224"), DigestName("sha3_256", "sha3_256", "SHA3-256"),
    DigestName("sha3_384", "sha3_384", "SHA3-384"), DigestName("sha3_512", "sha3_512", "SHA3-512"),
    DigestName("shake_128", "shake_128", "SHAKE128"),
    DigestName("shake_256", "shake_256", "SHAKE256"),
    DigestName("blake2s", "blake2s256", "BLAKE2s256"),
    DigestName("blake2b", "blake2b512", "BLAKE2b512"),
  ]

  /// OpenSSL's name for a name Python gives.
  static func library(_ name: String) -> String {
    all.first { $0.python == name || $0.alias == name }?.library ?? name
  }

  /// Python's name for a digest; empty when OpenSSL has no number for it.
  static func python(_ digest: OpaquePointer) -> String {
    let number = EVP_MD_get_type(digest)
    guard number != 0, let name = OBJ_nid2ln(number).map({ String(cString: $0) }) else { return "" }
    let folded = lowercase(name)
    for known in all where lowercase(known.library) == folded { return known.python }
    switch folded {
    case "sha512-224": return "sha512_224"
    case "sha512-256": return "sha512_256"
    default: return folded
    }
  }

  private static func lowercase(_ text: String) -> String {
    String(
      decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 }, as: UTF8.self)
  }
}
