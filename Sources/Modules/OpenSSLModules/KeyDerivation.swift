import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Keys made of passwords.
enum KeyDerivation {
  static let pbkdf2: Method = .keywords(
    "pbkdf2_hmac($module, /, hash_name, password, salt, iterations,\n            dklen=None)",
    "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."
  ) { _, args, count, names in
    new {
      let a = try Arguments(pbkdf2, args, count, names)
      guard let name = try a.str(0) else { throw Raised() }
      let password = try a.buffer(1)
      let salt = try a.buffer(2)
      let rounds = try a.index(3)
      let digest = try HashConstructors.find(text(of: name))
      defer { EVP_MD_free(digest) }
      let most = Int(Int32.max)
      if password.count > most { throw raise(.overflowError, "password is too long.") }
      if salt.count > most { throw raise(.overflowError, "salt is too long.") }
      if rounds < 1 {
        throw raise(.valueError, "iteration value must be greater than 0.")
      }
      if rounds > most { throw raise(.overflowError, "iteration value is too great.") }
      var length = Int(EVP_MD_get_size(digest))
      if a.optional(4) != nil { length = try a.index(4) }
      if length < 1 { throw raise(.valueError, "key length must be greater than 0.") }
      if length > most { throw raise(.overflowError, "key length is too great.") }
      let key = try own(PyBytes_FromStringAndSize(nil, length))
      guard let target = PyBytes_AsString(key.ref) else { throw Raised() }
      let (secret, secretCount) = (password.start, Int32(password.count))
      let (seed, seedCount) = (salt.start, Int32(salt.count))
      let result = withUnsafePointer(to: CChar(0)) { empty in
        withoutGIL {
          PKCS5_PBKDF2_HMAC(
            secret.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) } ?? empty, secretCount,
            seed.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, seedCount,
            Int32(rounds), digest, Int32(length),
            UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt8.self))
        }
      }
      if result == 0 { throw CryptoError.raise(.valueError) }
      return key
    }
  }

  /// A required unsigned number.
  private static func number(_ a: Arguments, _ index: Int, _ name: String) throws(Raised) -> UInt {
    let message = "\(name) is required and must be an unsigned int"
    guard let given = a.optional(index) else { throw raise(.typeError, message) }
    guard given.isInt else { throw a.badArgument(index, expected: "int") }
    let value = PyLong_AsUnsignedLong(given)
    if value == .max && hasRaised() {
      PyErr_Clear()
      throw raise(.typeError, message)
    }
    return value
  }

  static let scrypt: Method = .keywords(
    "scrypt($module, /, password, *, salt=None, n=None, r=None, p=None,\n       maxmem=0, dklen=64)",
    "scrypt password-based key derivation function."
  ) { _, args, count, names in
    new {
      let a = try Arguments(scrypt, args, count, names)
      let password = try a.buffer(0)
      let most = Int(Int32.max)
      for index in 2...4 {
        if let given = a.optional(index), !given.isInt {
          throw a.badArgument(index, expected: "int")
        }
      }
      let (memory, length) = (try a.index(5), try a.index(6, default: 64))
      if password.count > most { throw raise(.overflowError, "password is too long.") }
      guard a.optional(1) != nil else { throw raise(.typeError, "salt is required") }
      let salt = try a.buffer(1)
      if salt.count > most { throw raise(.overflowError, "salt is too long.") }
      let cost = try number(a, 2, "n")
      if cost < 2 || cost & (cost - 1) != 0 {
        throw raise(.valueError, "n must be a power of 2.")
      }
      let (block, parallel) = (try number(a, 3, "r"), try number(a, 4, "p"))
      if memory < 0 || memory > most {
        throw raise(.valueError, "maxmem must be positive and smaller than \(most)")
      }
      if length < 1 || length > most {
        throw raise(.valueError, "dklen must be greater than 0 and smaller than \(most)")
      }
      // Without room for a key only the parameters are checked.
      if EVP_PBE_scrypt(nil, 0, nil, 0, UInt64(cost), UInt64(block), UInt64(parallel), UInt64(memory), nil, 0) == 0 {
        throw CryptoError.raise(
          .valueError, "Invalid parameter combination for n, r, p, maxmem.")
      }
      let key = try own(PyBytes_FromStringAndSize(nil, length))
      guard let target = PyBytes_AsString(key.ref) else { throw Raised() }
      let (secret, secretCount) = (password.start, password.count)
      let (seed, seedCount) = (salt.start, salt.count)
      let result = withUnsafePointer(to: CChar(0)) { empty in
        withoutGIL {
          EVP_PBE_scrypt(
            secret.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) } ?? empty, secretCount,
            seed.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, seedCount,
            UInt64(cost), UInt64(block), UInt64(parallel), UInt64(memory),
            UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt8.self), length)
        }
      }
      if result == 0 { throw CryptoError.raise(.valueError) }
      return key
    }
  }
}

/// Comparison in a time that does not tell where two digests differ.
enum DigestComparison {
  static let compare: Method = .fast(
    "compare_digest($module, a, b, /)",
    """
    Return 'a == b'.

    The time it takes does not depend on the contents, only on the length and the types. Both are
    ASCII str or both bytes-like.
    """
  ) { _, args, count in
    bool {
      let a = try Arguments(compare, args, count)
      let (first, second) = (a.object(0), a.object(1))
      if first.isStr && second.isStr {
        guard apus_str_is_ascii(first) != 0, apus_str_is_ascii(second) != 0 else {
          throw raise(
            .typeError, "comparing strings with non-ASCII characters is not supported")
        }
        return equal(
          apus_str_data(first), apus_str_length(first), apus_str_data(second),
          apus_str_length(second))
      }
      guard PyObject_CheckBuffer(first) != 0 || PyObject_CheckBuffer(second) != 0 else {
        throw raise(
          .typeError,
          "unsupported operand types(s) or combination of types: "
            + "'\(first.type.fullName)' and '\(second.type.fullName)'")
      }
      let left = try BufferArgument(first)
      let right = try BufferArgument(second)
      return equal(left.start, left.count, right.start, right.count)
    }
  }

  /// Looks at every byte of the second whatever the first is.
  private static func equal(
    _ a: UnsafeRawPointer?, _ count: Int, _ b: UnsafeRawPointer?, _ other: Int
  ) -> Bool {
    guard let a, let b else { return count == other }
    if count != other {
      _ = CRYPTO_memcmp(b, b, other)
      return false
    }
    return CRYPTO_memcmp(a, b, count) == 0
  }
}
