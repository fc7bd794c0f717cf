import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// A certificate as a Python dict. CPython: Modules/_ssl.c, _decode_certificate.
enum CertificateDetails {
  /// A memory BIO for OpenSSL's printing functions.
  struct Printer: ~Copyable {
    let bio: OpaquePointer

    init() throws(Raised) {
      guard let made = BIO_new(BIO_s_mem()) else { throw SslError.raise("failed to allocate BIO") }
      bio = made
    }

    deinit { BIO_free(bio) }

    /// What was printed, as a str; then the BIO is empty again.
    func text(errors: StaticString = "strict") throws(Raised) -> Owned {
      var start: UnsafeMutablePointer<CChar>?
      let count = apus_bio_mem_data(bio, &start)
      let text: Ref?
      if let start {
        text = PyUnicode_DecodeUTF8(start, count, cString(errors))
      } else {
        text = PyUnicode_New(0, 0)
      }
      apus_bio_reset(bio)
      return try own(text)
    }
  }

  /// The long name of an object, or its digits when it has none.
  private static func name(_ object: OpaquePointer?) throws(Raised) -> Owned {
    var room = [CChar](repeating: 0, count: 1024)
    let count = OBJ_obj2txt(&room, Int32(room.count), object, 0)
    if count < 0 { throw SslError.raise() }
    return try own(PyUnicode_FromStringAndSize(&room, Swift.min(Int(count), room.count - 1)))
  }

  private static func attribute(_ entry: OpaquePointer?) throws(Raised) -> Owned {
    let label = try name(X509_NAME_ENTRY_get_object(entry))
    let value = X509_NAME_ENTRY_get_data(entry)
    var bytes: UnsafeMutablePointer<UInt8>?
    let size = ASN1_STRING_to_UTF8(&bytes, value)
    if size < 0 { throw SslError.raise() }
    defer { CRYPTO_free(bytes, "", 0) }
    let text = try own(
      PyUnicode_DecodeUTF8(
        UnsafeRawPointer(bytes.unsafelyUnwrapped).assumingMemoryBound(to: CChar.self), Int(size),
        "strict"))
    return try tuple(label, text)
  }

  /// A distinguished name: a tuple of relative ones, each a tuple of (name, value) pairs.
  static func distinguishedName(_ given: OpaquePointer?) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    let count = X509_NAME_entry_count(given)
    var level: Int32 = -1
    var relative = try own(PyList_New(0)).give()
    defer { Py_DECREF(relative) }
    for index in 0..<Swift.max(0, count) {
      let entry = X509_NAME_get_entry(given, index)
      let set = X509_NAME_ENTRY_set(entry)
      if level >= 0 && set != level {
        let finished = try own(PyList_AsTuple(relative))
        try check(PyList_Append(result.ref, finished.ref))
        let fresh = try own(PyList_New(0)).give()
        Py_DECREF(relative)
        relative = fresh
      }
      level = set
      let pair = try attribute(entry)
      try check(PyList_Append(relative, pair.ref))
    }
    if apus_var_size(relative) > 0 {
      let finished = try own(PyList_AsTuple(relative))
      try check(PyList_Append(result.ref, finished.ref))
    }
    return try own(PyList_AsTuple(result.ref))
  }

  // MARK: Extensions

  private static func pair(_ label: String, _ value: consuming Owned) throws(Raised) -> Owned {
    try tuple(own(newString(label)), value)
  }

  private static func text(_ bytes: UnsafePointer<UInt8>?, _ size: Int) throws(Raised) -> Owned {
    guard let bytes else { return try own(PyUnicode_New(0, 0)) }
    return try own(
      PyUnicode_DecodeUTF8(
        UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), size, "strict"))
  }

  private static func hexadecimal(_ word: Int) -> String {
    String(word, radix: 16, uppercase: true)
  }

  private static func address(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> String {
    guard let bytes else { return "<invalid>" }
    if size == 4 { return (0..<4).map { String(bytes[$0]) }.joined(separator: ".") }
    if size == 16 {
      return (0..<8).map { hexadecimal(Int(bytes[2 * $0]) << 8 | Int(bytes[2 * $0 + 1])) }
        .joined(separator: ":")
    }
    return "<invalid>"
  }

  /// One alternative name as a pair (kind, value).
  private static func alternativeName(
    _ names: UnsafeMutableRawPointer, _ index: Int32, _ printer: borrowing Printer
  ) throws(Raised) -> Owned {
    var bytes: UnsafePointer<UInt8>?
    var size = 0
    let kind = apus_name_at(names, index, &bytes, &size)
    switch kind {
    case GEN_DIRNAME:
      return try pair("DirName", distinguishedName(apus_name_directory(names, index)))
    case GEN_EMAIL: return try pair("email", text(bytes, size))
    case GEN_DNS: return try pair("DNS", text(bytes, size))
    case GEN_URI: return try pair("URI", text(bytes, size))
    case GEN_RID:
      var room = [CChar](repeating: 0, count: 2048)
      let count = i2t_ASN1_OBJECT(&room, 2047, apus_name_object(names, index))
      if count <= 0 { return try pair("Registered ID", own(newString("<INVALID>"))) }
      return try pair(
        "Registered ID", own(PyUnicode_FromStringAndSize(&room, Swift.min(Int(count), 2047))))
    case GEN_IPADD: return try pair("IP Address", own(newString(address(bytes, size))))
    default:
      if kind != GEN_OTHERNAME && kind != GEN_X400 && kind != GEN_EDIPARTY {
        try warn(.runtimeWarning, "Unknown general name type \(kind)")
      }
      apus_name_print(names, index, printer.bio)
      let printed = try printer.text(errors: "replace")
      let shown = Objects.text(of: printed.ref)
      guard let colon = shown.firstIndex(of: ":") else {
        throw raise(.valueError, "Invalid value \(shown)")
      }
      return try pair(
        String(shown[..<colon]), own(newString(String(shown[shown.index(after: colon)...]))))
    }
  }

  private static func alternativeNames(
    _ certificate: OpaquePointer, _ printer: borrowing Printer
  ) throws(Raised) -> Owned? {
    guard let names = apus_alternative_names(certificate) else { return nil }
    defer { apus_names_free(names) }
    let list = try own(PyList_New(0))
    for index in 0..<Swift.max(0, apus_names_count(names)) {
      let item = try alternativeName(names, index, printer)
      try check(PyList_Append(list.ref, item.ref))
    }
    return try own(PyList_AsTuple(list.ref))
  }

  private static func authorityUris(
    _ certificate: OpaquePointer, _ method: Int32
  ) throws(Raised) -> Owned? {
    guard let access = apus_authority_access(certificate) else { return nil }
    defer { apus_authority_free(access) }
    let list = try own(PyList_New(0))
    for index in 0..<Swift.max(0, apus_authority_count(access)) {
      var size = 0
      guard let uri = apus_authority_uri(access, index, method, &size) else { continue }
      let item = try text(uri, size)
      try check(PyList_Append(list.ref, item.ref))
    }
    if apus_var_size(list.ref) == 0 { return nil }
    return try own(PyList_AsTuple(list.ref))
  }

  private static func distributionPoints(_ certificate: OpaquePointer) throws(Raised) -> Owned? {
    guard let points = apus_distribution_points(certificate) else { return nil }
    defer { apus_distribution_free(points) }
    let list = try own(PyList_New(0))
    for index in 0..<Swift.max(0, apus_distribution_count(points)) {
      guard let names = apus_distribution_names(points, index) else { continue }
      for place in 0..<Swift.max(0, apus_names_count(names)) {
        var bytes: UnsafePointer<UInt8>?
        var size = 0
        guard apus_name_at(names, place, &bytes, &size) == GEN_URI else { continue }
        let item = try text(bytes, size)
        try check(PyList_Append(list.ref, item.ref))
      }
    }
    if apus_var_size(list.ref) == 0 { return nil }
    return try own(PyList_AsTuple(list.ref))
  }

  // MARK: The whole

  private static func set(
    _ dict: Ref, _ name: StaticString, _ value: consuming Owned
  ) throws(Raised) {
    let item = value
    try check(PyDict_SetItemString(dict, cString(name), item.ref))
  }

  static func decode(_ certificate: OpaquePointer) throws(Raised) -> Owned {
    let dict = try own(PyDict_New())
    let printer = try Printer()
    try set(dict.ref, "subject", distinguishedName(X509_get_subject_name(certificate)))
    try set(dict.ref, "issuer", distinguishedName(X509_get_issuer_name(certificate)))
    try set(dict.ref, "version", int(X509_get_version(certificate) + 1))
    i2a_ASN1_INTEGER(printer.bio, X509_get0_serialNumber(certificate))
    try set(dict.ref, "serialNumber", printer.text())
    ASN1_TIME_print(printer.bio, X509_get0_notBefore(certificate))
    try set(dict.ref, "notBefore", printer.text())
    ASN1_TIME_print(printer.bio, X509_get0_notAfter(certificate))
    try set(dict.ref, "notAfter", printer.text())
    if let names = try alternativeNames(certificate, printer) {
      try set(dict.ref, "subjectAltName", names)
    }
    if let uris = try authorityUris(certificate, NID_ad_OCSP) { try set(dict.ref, "OCSP", uris) }
    if let uris = try authorityUris(certificate, NID_ad_ca_issuers) {
      try set(dict.ref, "caIssuers", uris)
    }
    if let points = try distributionPoints(certificate) {
      try set(dict.ref, "crlDistributionPoints", points)
    }
    return dict
  }

  /// The DER encoding as bytes.
  static func encode(_ certificate: OpaquePointer) throws(Raised) -> Owned {
    var bytes: UnsafeMutablePointer<UInt8>?
    let size = i2d_X509(certificate, &bytes)
    if size < 0 { throw SslError.raise() }
    defer { CRYPTO_free(bytes, "", 0) }
    return try own(
      PyBytes_FromStringAndSize(
        bytes.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }, Int(size)))
  }
}
