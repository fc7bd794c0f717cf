import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The functions of `_ssl`: random numbers, objects of ASN.1, standard places.
enum SslFunctions {
  static let methods = [
    addRandom, randomBytes, randomStatus, defaultPaths, objectByText, objectByNumber,
    decodeFile,
  ]

  private static let addRandom: Method = .fast(
    "RAND_add($module, string, entropy, /)",
    """
    Mix string into the OpenSSL PRNG state.

    entropy (a float) is a lower bound on the entropy contained in string.  See RFC 4086.
    """
  ) { _, args, count in
    none {
      let a = try Arguments(addRandom, args, count)
      let given = a.object(0)
      let bytes = given.isStr ? try own(PyUnicode_AsUTF8String(given)) : given.retained()
      let source = try BufferArgument(bytes.ref)
      let entropy = try a.double(1)
      var start = source.start
      var left = source.count
      repeat {
        let size = Swift.min(left, Int(Int32.max))
        RAND_add(start, Int32(size), entropy)
        start = start.map { $0 + size }
        left -= size
      } while left > 0
    }
  }

  private static let randomBytes: Method = .o(
    "RAND_bytes($module, n, /)", "Generate n cryptographically strong pseudo-random bytes."
  ) { _, given in
    new {
      let number = try own(PyNumber_Index(given))
      let size = PyLong_AsInt(number.ref)
      if size == -1 && hasRaised() { throw Raised() }
      if size < 0 { throw raise(.valueError, "num must be positive") }
      let bytes = try own(PyBytes_FromStringAndSize(nil, Int(size)))
      let target = PyBytes_AsString(bytes.ref).map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) }
      if RAND_bytes(target, size) != 1 { throw SslError.raise() }
      return bytes
    }
  }

  private static let randomStatus: Method = .noargs(
    "RAND_status($module, /)", "Returns True if the OpenSSL PRNG has been seeded with enough data and False if not."
  ) { _, _ in boolObject(RAND_status() != 0) }

  private static let defaultPaths: Method = .noargs(
    "get_default_verify_paths($module, /)",
    "Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load default CAs."
  ) { _, _ in
    new {
      func text(_ bytes: UnsafePointer<CChar>?) throws(Raised) -> Owned {
        guard let bytes else { return noneObject().retained() }
        return try own(PyUnicode_DecodeFSDefault(bytes))
      }
      return try tuple(
        text(X509_get_default_cert_file_env()), text(X509_get_default_cert_file()),
        text(X509_get_default_cert_dir_env()), text(X509_get_default_cert_dir()))
    }
  }

  // MARK: ASN.1

  /// (number, short name, long name, digits)
  private static func describe(_ object: OpaquePointer) throws(Raised) -> Owned {
    let number = OBJ_obj2nid(object)
    if number == 0 { throw raise(.valueError, "Unknown object") }
    var digits = [CChar](repeating: 0, count: 512)
    let count = OBJ_obj2txt(&digits, Int32(digits.count), object, 1)
    if count < 0 { throw SslError.raise() }
    let oid =
      count == 0
      ? noneObject().retained()
      : try own(PyUnicode_FromStringAndSize(&digits, Swift.min(Int(count), 511)))
    return try tuple(
      int(Int(number)), own(PyUnicode_FromString(OBJ_nid2sn(number))),
      own(PyUnicode_FromString(OBJ_nid2ln(number))), oid)
  }

  private static let objectByText: Method = .keywords(
    "txt2obj($module, /, txt, name=False)",
    """
    Lookup NID, short name, long name and OID of an ASN1_OBJECT.

    Only digits are looked up, unless name is true: then short and long names as well.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(objectByText, args, count, names)
      guard let given = try a.str(0) else { throw Raised() }
      let text = try NumberConversion.cText(given)
      let byName = try a.bool(1)
      guard let object = OBJ_txt2obj(text, byName ? 0 : 1) else {
        ERR_clear_error()
        let shown = String(Objects.text(of: given).prefix(100))
        throw raise(.valueError, "unknown object '\(shown)'")
      }
      defer { ASN1_OBJECT_free(object) }
      return try describe(object)
    }
  }

  private static let objectByNumber: Method = .o(
    "nid2obj($module, nid, /)", "Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID."
  ) { _, given in
    new {
      let index = try own(PyNumber_Index(given))
      let number = PyLong_AsInt(index.ref)
      if number == -1 && hasRaised() { throw Raised() }
      if number < 0 { throw raise(.valueError, "NID must be positive") }
      guard let object = OBJ_nid2obj(number) else {
        ERR_clear_error()
        throw raise(.valueError, "unknown NID \(number)")
      }
      return try describe(object)
    }
  }

  private static let decodeFile: Method = .o("_test_decode_cert($module, path, /)", "") { _, given in
    new {
      var encoded: Ref?
      if PyUnicode_FSConverter(given, &encoded) == 0 { throw Raised() }
      let path = try own(encoded)
      guard let name = PyBytes_AsString(path.ref), let file = apus_bio_file(name, "r") else {
        throw SslError.raise("Can't open file")
      }
      defer { BIO_free(file) }
      guard let certificate = PEM_read_bio_X509(file, nil, nil, nil) else {
        throw SslError.raise("Error decoding PEM-encoded file")
      }
      defer { X509_free(certificate) }
      return try CertificateDetails.decode(certificate)
    }
  }
}
