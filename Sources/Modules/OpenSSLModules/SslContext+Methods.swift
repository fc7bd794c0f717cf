import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SocketModule
import SystemCalls

/// Ciphers, certificates and statistics of a context, and its connections.
extension SslContext {
  static let setCiphers: Method = .o("set_ciphers($self, cipherlist, /)", "") { object, given in
    none {
      guard given.isStr else {
        throw badArgument("set_ciphers", "argument", expected: "str", got: given)
      }
      if SSL_CTX_set_cipher_list(try context(object), try NumberConversion.cText(given)) == 0 {
        // The error of OpenSSL's queue says less.
        ERR_clear_error()
        throw SslError.raise("No cipher can be selected.")
      }
    }
  }

  static let getCiphers: Method = .noargs("get_ciphers($self, /)", "") { object, _ in
    new {
      guard let ssl = SSL_new(try context(object)) else { throw SslError.raise() }
      defer { SSL_free(ssl) }
      let stack = apus_ssl_ciphers(ssl)
      let result = try own(PyList_New(0))
      for index in 0..<apus_ciphers_count(stack) {
        guard let stack, let cipher = apus_ciphers_at(stack, index) else { continue }
        let dict = try SslCipher.dictionary(cipher)
        try check(PyList_Append(result.ref, dict.ref))
      }
      return result
    }
  }

  static let setProtocols: Method = .o("_set_alpn_protocols($self, protos, /)", "") { object, given in
    none {
      let bytes = try BufferArgument(given)
      if bytes.count > Int(UInt32.max) {
        throw raise(.overflowError, "protocols longer than \(UInt32.max) bytes")
      }
      let state = view(object)
      free(state.pointee.protocols)
      let memory = malloc(Swift.max(1, bytes.count))
      state.pointee.protocols = memory?.assumingMemoryBound(to: UInt8.self)
      guard let memory else { throw raiseNoMemory() }
      if let start = bytes.start { memcpy(memory, start, bytes.count) }
      state.pointee.protocolsCount = UInt32(bytes.count)
      let context = try context(object)
      if SSL_CTX_set_alpn_protos(context, state.pointee.protocols, state.pointee.protocolsCount) != 0 {
        throw raiseNoMemory()
      }
      SSL_CTX_set_alpn_select_cb(context, SslCallbacks.selectProtocol, object)
    }
  }

  // MARK: Certificates

  /// The bytes of a path argument.
  private static func path(_ given: Ref, _ name: String) throws(Raised) -> Owned {
    var encoded: Ref?
    if PyUnicode_FSConverter(given, &encoded) == 0 {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        PyErr_Clear()
        throw raise(.typeError, "\(name) should be a valid filesystem path")
      }
      throw Raised()
    }
    return try own(encoded)
  }

  static let loadChain: Method = .keywords("load_cert_chain($self, /, certfile, keyfile=None, password=None)", "") {
    object, args, count, names in
    none {
      let a = try Arguments(loadChain, args, count, names)
      let context = try context(object)
      let certificate = try path(a.object(0), "certfile")
      let key = a.optional(1) == nil ? certificate.ref.retained() : try path(a.object(1), "keyfile")
      guard let certificateName = PyBytes_AsString(certificate.ref),
        let keyName = PyBytes_AsString(key.ref)
      else { throw Raised() }
      let password = UnsafeMutablePointer<SslPassword>.allocate(capacity: 1)
      password.initialize(to: SslPassword())
      defer {
        password.deinitialize(count: 1)
        password.deallocate()
      }
      let oldCallback = SSL_CTX_get_default_passwd_cb(context)
      let oldData = SSL_CTX_get_default_passwd_cb_userdata(context)
      defer {
        SSL_CTX_set_default_passwd_cb(context, oldCallback)
        SSL_CTX_set_default_passwd_cb_userdata(context, oldData)
      }
      if let given = a.optional(2) {
        if PyCallable_Check(given) != 0 {
          password.pointee.callable = given
        } else {
          try password.pointee.take(given, "password should be a string or callable")
        }
        SSL_CTX_set_default_passwd_cb(context, SslPassword.callback)
        SSL_CTX_set_default_passwd_cb_userdata(context, password)
      }
      func finish(_ result: Int32) throws(Raised) {
        if result == 1 { return }
        if password.pointee.hasFailed {
          ERR_clear_error()
          throw Raised()
        }
        let number = errno
        if number != 0 {
          ERR_clear_error()
          throw raiseSystemError(number: number)
        }
        throw SslError.raise()
      }
      errno = 0
      try finish(withoutGIL { SSL_CTX_use_certificate_chain_file(context, certificateName) })
      errno = 0
      try finish(withoutGIL { SSL_CTX_use_PrivateKey_file(context, keyName, SSL_FILETYPE_PEM) })
      if withoutGIL({ SSL_CTX_check_private_key(context) }) != 1 { throw SslError.raise() }
    }
  }

  static let loadLocations: Method = .keywords(
    "load_verify_locations($self, /, cafile=None, capath=None, cadata=None)", ""
  ) { object, args, count, names in
    none {
      let a = try Arguments(loadLocations, args, count, names)
      let context = try context(object)
      if a.optional(0) == nil && a.optional(1) == nil && a.optional(2) == nil {
        throw raise(.typeError, "cafile, capath and cadata cannot be all omitted")
      }
      let file = a.optional(0) == nil ? noneObject().retained() : try path(a.object(0), "cafile")
      let folder = a.optional(1) == nil ? noneObject().retained() : try path(a.object(1), "capath")
      if let given = a.optional(2) {
        if given.isStr {
          guard let encoded = PyUnicode_AsASCIIString(given) else {
            if PyErr_ExceptionMatches(.unicodeEncodeError) == 0 { throw Raised() }
            PyErr_Clear()
            throw raise(
              .typeError, "cadata should be an ASCII string or a bytes-like object")
          }
          let bytes = Owned(adopting: encoded)
          let source = try BufferArgument(bytes.ref)
          try add(context, source, isText: true)
        } else {
          guard PyObject_CheckBuffer(given) != 0 else {
            throw raise(
              .typeError, "cadata should be an ASCII string or a bytes-like object")
          }
          let source = try BufferArgument(given)
          try add(context, source, isText: false)
        }
      }
      if file.ref.isNone && folder.ref.isNone { return }
      let fileName = file.ref.isNone ? nil : PyBytes_AsString(file.ref)
      let folderName = folder.ref.isNone ? nil : PyBytes_AsString(folder.ref)
      errno = 0
      if withoutGIL({ SSL_CTX_load_verify_locations(context, fileName, folderName) }) != 1 {
        let number = errno
        if number != 0 {
          ERR_clear_error()
          throw raiseSystemError(number: number)
        }
        throw SslError.raise()
      }
    }
  }

  /// Adds the certificates of PEM text or of DER bytes to the trusted ones.
  private static func add(
    _ context: OpaquePointer, _ source: borrowing BufferArgument, isText: Bool
  ) throws(Raised) {
    if source.count <= 0 { throw raise(.valueError, "Empty certificate data") }
    if source.count > Int(Int32.max) {
      throw raise(.valueError, "Certificate data is too long.")
    }
    guard let bio = BIO_new_mem_buf(source.start, Int32(source.count)) else {
      throw SslError.raise("Can't allocate buffer")
    }
    defer { BIO_free(bio) }
    let store = SSL_CTX_get_cert_store(context)
    var loaded = 0
    while true {
      if !isText && loaded > 0 && BIO_ctrl_pending(bio) == 0 {
        ERR_clear_error()
        return
      }
      let certificate: OpaquePointer?
      if isText {
        certificate = PEM_read_bio_X509(
          bio, nil, SSL_CTX_get_default_passwd_cb(context),
          SSL_CTX_get_default_passwd_cb_userdata(context))
      } else {
        certificate = d2i_X509_bio(bio, nil)
      }
      guard let certificate else { break }
      // One that is there already is no error since OpenSSL 1.1.1.
      let result = X509_STORE_add_cert(store, certificate)
      X509_free(certificate)
      if result != 1 { break }
      loaded += 1
    }
    let code = apus_err_peek_last()
    if loaded == 0 {
      ERR_clear_error()
      throw SslError.raise(
        isText
          ? "no start line: cadata does not contain a certificate"
          : "not enough data: cadata does not contain a certificate")
    }
    // The end of the text: PEM_R_NO_START_LINE.
    let isEnd =
      isText && apus_err_lib(code) == SslError.libraryOfPem && apus_err_reason(code) == 108
    if isEnd || code == 0 {
      ERR_clear_error()
      return
    }
    throw SslError.raise()
  }

  static let setDefaultPaths: Method = .noargs("set_default_verify_paths($self, /)", "") { object, _ in
    none {
      let context = try context(object)
      if withoutGIL({ SSL_CTX_set_default_verify_paths(context) }) == 0 { throw SslError.raise() }
    }
  }

  static let storeStatistics: Method = .noargs(
    "cert_store_stats($self, /)",
    "Returns quantities of loaded X.509 certificates.\n\nCertificates in capath folders do not count before they are used."
  ) { object, _ in
    new {
      var (certificates, lists, authorities): (Int32, Int32, Int32) = (0, 0, 0)
      guard let store = SSL_CTX_get_cert_store(try context(object)) else { throw Raised() }
      apus_store_count(store, &certificates, &lists, &authorities)
      let dict = try own(PyDict_New())
      let rows: [(StaticString, Int32)] = [
        ("x509", certificates), ("crl", lists), ("x509_ca", authorities),
      ]
      for (name, value) in rows {
        let number = try int(Int(value))
        try check(PyDict_SetItemString(dict.ref, cString(name), number.ref))
      }
      return dict
    }
  }

  static let authorities: Method = .keywords(
    "get_ca_certs($self, /, binary_form=False)",
    "Returns a list of dicts with information of loaded CA certs.\n\nWith binary_form the list has their DER encodings."
  ) { object, args, count, names in
    new {
      let a = try Arguments(authorities, args, count, names)
      let isBinary = try a.bool(0)
      let result = try own(PyList_New(0))
      guard let store = SSL_CTX_get_cert_store(try context(object)) else { throw Raised() }
      for index in 0..<apus_store_size(store) {
        guard let certificate = apus_store_certificate(store, index),
          X509_check_ca(certificate) != 0
        else { continue }
        let item =
          isBinary
          ? try CertificateDetails.encode(certificate) : try CertificateDetails.decode(certificate)
        try check(PyList_Append(result.ref, item.ref))
      }
      return result
    }
  }

  // MARK: Key exchange and statistics

  static let loadParameters: Method = .o("load_dh_params($self, path, /)", "") { object, given in
    none {
      var encoded: Ref?
      if PyUnicode_FSConverter(given, &encoded) == 0 { throw Raised() }
      let path = try own(encoded)
      let context = try context(object)
      guard let name = PyBytes_AsString(path.ref) else { throw Raised() }
      try Audit.send("open", [.object(given), .text("rb"), .int(0)])
      errno = 0
      switch withoutGIL({ apus_ctx_load_dh(context, name) }) {
      case 1: return
      case -1: throw raiseSystemError(given)
      case -2:
        let number = errno
        ERR_clear_error()
        throw raiseSystemError(number: number)
      default: throw SslError.raise()
      }
    }
  }

  static let setCurve: Method = .o("set_ecdh_curve($self, name, /)", "") { object, given in
    none {
      var encoded: Ref?
      if PyUnicode_FSConverter(given, &encoded) == 0 { throw Raised() }
      let name = try own(encoded)
      guard let text = PyBytes_AsString(name.ref) else { throw Raised() }
      var number = OBJ_sn2nid(text)
      if number == 0 {
        let shown = try own(PyObject_Repr(name.ref))
        throw raise(.valueError, "unknown elliptic curve name \(Objects.text(of: shown.ref))")
      }
      if apus_ctx_set_groups(try context(object), &number, 1) == 0 { throw SslError.raise() }
    }
  }

  static let statistics: Method = .noargs("session_stats($self, /)", "") { object, _ in
    new {
      let context = try context(object)
      let dict = try own(PyDict_New())
      let names: [StaticString] = [
        "number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good",
        "accept_renegotiate", "cache_full", "hits", "misses", "timeouts",
      ]
      for (index, name) in names.enumerated() {
        let value = try int(apus_ctx_statistic(context, Int32(index)))
        try check(PyDict_SetItemString(dict.ref, cString(name), value.ref))
      }
      return dict
    }
  }

  // MARK: Pre-shared keys

  static let setClientKey: Method = .keywords("set_psk_client_callback($self, /, callback)", "") {
    object, args, count, names in
    none {
      let a = try Arguments(setClientKey, args, count, names)
      if view(object).pointee.version == Version.server {
        throw SslError.raise(
          "Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context", number: 0)
      }
      let given = a.object(0)
      if !given.isNone && PyCallable_Check(given) == 0 {
        throw raise(.typeError, "callback must be callable")
      }
      let state = view(object)
      clearReference(&state.pointee.clientKeyCallback)
      if !given.isNone { state.pointee.clientKeyCallback = given.retained().give() }
      SSL_CTX_set_psk_client_callback(
        try context(object), given.isNone ? nil : SslCallbacks.clientKey)
    }
  }

  static let setServerKey: Method = .keywords(
    "set_psk_server_callback($self, /, callback, identity_hint=None)", ""
  ) { object, args, count, names in
    none {
      let a = try Arguments(setServerKey, args, count, names)
      if view(object).pointee.version == Version.client {
        throw SslError.raise(
          "Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context", number: 0)
      }
      let given = a.object(0)
      if !given.isNone && PyCallable_Check(given) == 0 {
        throw raise(.typeError, "callback must be callable")
      }
      if let hint = a.optional(1), !hint.isStr { throw a.badArgument(1, expected: "str or None") }
      let context = try context(object)
      let hint: UnsafePointer<CChar>? =
        given.isNone || a.optional(1) == nil ? nil : try NumberConversion.cText(a.object(1))
      if SSL_CTX_use_psk_identity_hint(context, hint) != 1 {
        throw SslError.raise("failed to set identity hint", number: 0)
      }
      let state = view(object)
      clearReference(&state.pointee.serverKeyCallback)
      if !given.isNone { state.pointee.serverKeyCallback = given.retained().give() }
      SSL_CTX_set_psk_server_callback(context, given.isNone ? nil : SslCallbacks.serverKey)
    }
  }

  // MARK: Connections

  /// The ASCII bytes of a server's name without NUL; nil for None.
  private static func hostName(_ given: Ref?) throws(Raised) -> Ref? {
    guard let given else { return nil }
    if given.isBytes || given.isInstance(of: byteArrayType()) {
      return try own(PyBytes_FromObject(given)).give()
    }
    guard given.isStr else {
      throw raise(.typeError, "argument must be str, bytes or bytearray, not \(given.type.name)")
    }
    let bytes = try own(PyUnicode_AsASCIIString(given))
    if let text = PyBytes_AsString(bytes.ref), strlen(text) != apus_var_size(bytes.ref) {
      throw raise(
        .typeError, "argument must be encoded string without null bytes, not \(given.type.name)")
    }
    return bytes.give()
  }

  static let wrapSocket: Method = .keywords(
    "_wrap_socket($self, /, sock, server_side, server_hostname=None, *,\n             owner=None, session=None)",
    ""
  ) { object, args, count, names in
    new {
      let a = try Arguments(wrapSocket, args, count, names)
      guard a.object(0).isInstance(of: SocketObject.type) else {
        throw a.badArgument(0, expected: "_socket.socket")
      }
      let isServer = try a.int32(1) != 0
      let name = try hostName(a.optional(2))
      defer { Py_XDECREF(name) }
      return try SslSocket.make(
        object, socket: a.object(0), incoming: nil, outgoing: nil, isServer: isServer, name: name,
        owner: a.optional(3), session: a.optional(4))
    }
  }

  static let wrapBio: Method = .keywords(
    "_wrap_bio($self, /, incoming, outgoing, server_side,\n          server_hostname=None, *, owner=None, session=None)",
    ""
  ) { object, args, count, names in
    new {
      let a = try Arguments(wrapBio, args, count, names)
      guard a.object(0).type == MemoryBio.type else {
        throw a.badArgument(0, expected: "_ssl.MemoryBIO")
      }
      guard a.object(1).type == MemoryBio.type else {
        throw a.badArgument(1, expected: "_ssl.MemoryBIO")
      }
      let isServer = try a.int32(2) != 0
      let name = try hostName(a.optional(3))
      defer { Py_XDECREF(name) }
      return try SslSocket.make(
        object, socket: nil, incoming: MemoryBio.view(a.object(0)).pointee.bio,
        outgoing: MemoryBio.view(a.object(1)).pointee.bio, isServer: isServer, name: name,
        owner: a.optional(4), session: a.optional(5))
    }
  }
}

/// Ciphers as Python shows them.
enum SslCipher {
  private static func text(_ bytes: UnsafePointer<CChar>?) throws(Raised) -> Owned {
    guard let bytes else { return noneObject().retained() }
    return try own(PyUnicode_FromString(bytes))
  }

  /// (name, protocol, bits)
  static func triple(_ cipher: OpaquePointer) throws(Raised) -> Owned {
    try tuple(
      text(SSL_CIPHER_get_name(cipher)), text(SSL_CIPHER_get_version(cipher)),
      int(Int(SSL_CIPHER_get_bits(cipher, nil))))
  }

  private static func shortName(_ number: Int32) throws(Raised) -> Owned {
    number == 0 ? noneObject().retained() : try text(OBJ_nid2ln(number))
  }

  static func dictionary(_ cipher: OpaquePointer) throws(Raised) -> Owned {
    let dict = try own(PyDict_New())
    let target = dict.ref
    func set(_ name: StaticString, _ value: consuming Owned) throws(Raised) {
      let item = value
      try check(PyDict_SetItemString(target, cString(name), item.ref))
    }
    var description = [CChar](repeating: 0, count: 512)
    SSL_CIPHER_description(cipher, &description, 511)
    if let end = description.firstIndex(of: 10) { description[end] = 0 }
    var algorithmBits: Int32 = 0
    let strength = SSL_CIPHER_get_bits(cipher, &algorithmBits)
    try set("id", int(Int(SSL_CIPHER_get_id(cipher))))
    try set("name", text(SSL_CIPHER_get_name(cipher)))
    try set("protocol", text(SSL_CIPHER_get_version(cipher)))
    try set("description", own(PyUnicode_FromString(&description)))
    try set("strength_bits", int(Int(strength)))
    try set("alg_bits", int(Int(algorithmBits)))
    try set("aead", boolObject(SSL_CIPHER_is_aead(cipher) != 0).retained())
    try set("symmetric", shortName(SSL_CIPHER_get_cipher_nid(cipher)))
    try set("digest", shortName(SSL_CIPHER_get_digest_nid(cipher)))
    try set("kea", shortName(SSL_CIPHER_get_kx_nid(cipher)))
    try set("auth", shortName(SSL_CIPHER_get_auth_nid(cipher)))
    return dict
  }
}
