import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The exceptions of the module `_ssl`. CPython: Modules/_ssl.c, fill_and_set_sslerror.
enum SslError {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static var verification: Ref?
  nonisolated(unsafe) static var zeroReturn: Ref?
  nonisolated(unsafe) static var wantRead: Ref?
  nonisolated(unsafe) static var wantWrite: Ref?
  nonisolated(unsafe) static var systemCall: Ref?
  nonisolated(unsafe) static var endOfFile: Ref?

  static let spec = TypeSpec(
    type, "ssl.SSLError", basicSize: 112, flags: [.baseType, .haveGC],
    doc: "An error occurred in the SSL implementation.", base: apus_exc_OSError(),
    slots: [
      .tp_str { object in
        new {
          // The text alone when there is one.
          let reason = try own(PyObject_GetAttrString(object, "strerror"))
          if reason.ref.isStr { return reason }
          let arguments = try own(PyObject_GetAttrString(object, "args"))
          return try own(PyObject_Str(arguments.ref))
        }
      }
    ])

  /// Makes the classes once and adds them to the module.
  static func add(to module: Ref) throws(Raised) {
    try spec.installInModule()
    try check(PyModule_AddObjectRef(module, "SSLError", type.object))
    if verification == nil {
      let bases = try tuple(type.object.retained(), Ref.valueError.retained())
      verification = try own(
        PyErr_NewExceptionWithDoc(
          "ssl.SSLCertVerificationError", "A certificate could not be verified.", bases.ref, nil)
      ).give()
      zeroReturn = try make("ssl.SSLZeroReturnError", "SSL/TLS session closed cleanly.")
      wantRead = try make(
        "ssl.SSLWantReadError",
        "Non-blocking SSL socket needs to read more data\nbefore the requested operation can be completed.")
      wantWrite = try make(
        "ssl.SSLWantWriteError",
        "Non-blocking SSL socket needs to write more data\nbefore the requested operation can be completed.")
      systemCall = try make("ssl.SSLSyscallError", "System error when attempting SSL operation.")
      endOfFile = try make("ssl.SSLEOFError", "SSL/TLS connection terminated abruptly.")
      InterpreterEnd.add("_ssl") {
        InterpreterEnd.drop(&verification)
        InterpreterEnd.drop(&zeroReturn)
        InterpreterEnd.drop(&wantRead)
        InterpreterEnd.drop(&wantWrite)
        InterpreterEnd.drop(&systemCall)
        InterpreterEnd.drop(&endOfFile)
      }
    }
    try check(PyModule_AddObjectRef(module, "SSLCertVerificationError", borrow(verification)))
    try check(PyModule_AddObjectRef(module, "SSLZeroReturnError", borrow(zeroReturn)))
    try check(PyModule_AddObjectRef(module, "SSLWantReadError", borrow(wantRead)))
    try check(PyModule_AddObjectRef(module, "SSLWantWriteError", borrow(wantWrite)))
    try check(PyModule_AddObjectRef(module, "SSLSyscallError", borrow(systemCall)))
    try check(PyModule_AddObjectRef(module, "SSLEOFError", borrow(endOfFile)))
  }

  private static func make(_ name: StaticString, _ doc: StaticString) throws(Raised) -> Ref {
    try own(PyErr_NewExceptionWithDoc(cString(name), cString(doc), type.object, nil)).give()
  }

  // MARK: Numbers of SSL_get_error and Python's own

  enum Number {
    static let ssl: Int32 = 1
    static let wantRead: Int32 = 2
    static let wantWrite: Int32 = 3
    static let wantLookup: Int32 = 4
    static let systemCall: Int32 = 5
    static let zeroReturn: Int32 = 6
    static let wantConnect: Int32 = 7
    static let endOfFile: Int32 = 8
    static let noSocket: Int32 = 9
    static let invalid: Int32 = 10
  }

  /// Names of OpenSSL's libraries (ERR_LIB_*), as CPython shows them.
  private static let libraries: [Int32: String] = [
    2: "SYS", 3: "BN", 4: "RSA", 5: "DH", 6: "EVP", 7: "BUF", 8: "OBJ", 9: "PEM", 10: "DSA",
    11: "X509", 13: "ASN1", 14: "CONF", 15: "CRYPTO", 16: "EC", 20: "SSL", 32: "BIO", 33: "PKCS7",
    34: "X509V3", 35: "PKCS12", 36: "RAND", 37: "DSO", 38: "ENGINE", 39: "OCSP", 40: "UI",
    41: "COMP", 42: "ECDSA", 43: "ECDH", 44: "OSSL_STORE", 45: "FIPS", 46: "CMS", 47: "TS",
    48: "HMAC", 50: "CT", 51: "ASYNC", 52: "KDF", 53: "SM2", 54: "ESS", 55: "PROP", 56: "CRMF",
    57: "PROV", 58: "CMP", 59: "OSSL_ENCODER", 60: "OSSL_DECODER", 61: "HTTP",
  ]

  static let libraryOfSsl: Int32 = 20
  static let libraryOfPem: Int32 = 9
  /// SSL_R_CERTIFICATE_VERIFY_FAILED
  static let verifyFailed: Int32 = 134
  /// SSL_R_UNEXPECTED_EOF_WHILE_READING
  static let unexpectedEnd: Int32 = 294

  /// A reason's name: its text in capitals, which is how OpenSSL's texts are made.
  private static func mnemonic(_ reason: String) -> String {
    var result = ""
    for byte in reason.utf8 {
      switch byte {
      case 0x61...0x7A: result.unicodeScalars.append(Unicode.Scalar(byte - 32))
      case 0x30...0x39, 0x41...0x5A: result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "_"
      }
    }
    return result
  }

  // MARK: Raising

  /// Sets an exception of a class with a number, text and what OpenSSL's code says.
  static func set(
    _ type: Ref, _ number: Int32, _ message: String?, code: UInt, socket: Ref? = nil,
    line: Int = #line
  ) -> Raised {
    var library: String?
    var reason: String?
    var text = message
    if code != 0 {
      library = libraries[apus_err_lib(code)]
      if apus_err_is_system(code) != 0 {
        if text == nil { text = strerror(apus_err_reason(code)).map { String(cString: $0) } }
      } else if let explanation = ERR_reason_error_string(code).map({ String(cString: $0) }) {
        reason = mnemonic(explanation)
        if text == nil { text = explanation }
      }
    }
    var full = text ?? "unknown error"
    var verifyCode: Int?
    var verifyText: String?
    if let socket, type == verification, let ssl = SslSocket.view(socket).pointee.ssl {
      let found = SSL_get_verify_result(ssl)
      verifyCode = found
      let host = SslSocket.view(socket).pointee.serverName.map { Objects.text(of: $0) } ?? "None"
      switch found {
      case 62: verifyText = "Hostname mismatch, certificate is not valid for '\(host)'."
      case 64: verifyText = "IP address mismatch, certificate is not valid for '\(host)'."
      default: verifyText = X509_verify_cert_error_string(found).map { String(cString: $0) }
      }
      if let verifyText, reason != nil, library != nil { full += ": \(verifyText)" }
    }
    if let library, let reason {
      full = "[\(library): \(reason)] \(full)"
    } else if let library {
      full = "[\(library)] \(full)"
    }
    full += " (_ssl.swift:\(line))"
    do throws(Raised) {
      let value = try tuple(int(Int(number)), own(newString(full)))
      let exception = try own(PyObject_Call(type, value.ref, nil))
      try set(exception.ref, "reason", reason)
      try set(exception.ref, "library", library)
      if let verifyCode {
        let number = try int(verifyCode)
        try check(PyObject_SetAttrString(exception.ref, "verify_code", number.ref))
        try set(exception.ref, "verify_message", verifyText)
      }
      PyErr_SetObject(type, exception.ref)
    } catch {}
    ERR_clear_error()
    return Raised()
  }

  private static func set(
    _ exception: Ref, _ name: StaticString, _ text: String?
  ) throws(Raised) {
    let value = try text.flatMap { newString($0) }.map { Owned(adopting: $0) } ?? noneObject().retained()
    try check(PyObject_SetAttrString(exception, cString(name), value.ref))
  }

  /// SSLError with OpenSSL's last error, or with a text and a number of Python's.
  static func raise(_ message: String? = nil, number: Int32 = 0, line: Int = #line) -> Raised {
    if let message { return set(type.object, number, message, code: 0, line: line) }
    let code = apus_err_peek_last()
    return set(
      type.object, Int32(truncatingIfNeeded: Int(code)), nil, code: code, line: line)
  }

  /// TimeoutError of an operation.
  static func timedOut(_ what: String, line: Int = #line) -> Raised {
    Objects.raise(.timeoutError, "_ssl.swift:\(line): The \(what) operation timed out")
  }
}
