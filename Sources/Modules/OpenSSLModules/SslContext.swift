import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_ssl._SSLContext`. CPython: Modules/_ssl.c.
enum SslContext {
  struct Layout {
    var base: PyObject
    /// SSL_CTX
    var context: OpaquePointer?
    /// The names of set_alpn_protocols() as the protocol writes them, from malloc().
    var protocols: UnsafeMutablePointer<UInt8>?
    var protocolsCount: UInt32
    /// One of PROTOCOL_*.
    var version: Int32
    /// X509_CHECK_FLAG_*
    var hostFlags: UInt32
    var checksHost: Bool
    var usesPostHandshake: Bool
    var serverNameCallback: Ref?
    var messageCallback: Ref?
    var keyLogName: Ref?
    /// BIO of the file of keys.
    var keyLog: OpaquePointer?
    var clientKeyCallback: Ref?
    var serverKeyCallback: Ref?
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  static func context(_ object: Ref) throws(Raised) -> OpaquePointer {
    guard let context = view(object).pointee.context else {
      throw raise(.valueError, "the context is closed")
    }
    return context
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  enum Version {
    static let tls: Int32 = 2
    static let tls1: Int32 = 3
    static let tls1_1: Int32 = 4
    static let tls1_2: Int32 = 5
    static let client: Int32 = 16
    static let server: Int32 = 17
  }

  static let defaultCiphers: StaticString =
    "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM"

  static let spec = TypeSpec(
    type, "_ssl._SSLContext", basicSize: MemoryLayout<Layout>.size, flags: [.baseType, .haveGC],
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        object.untrackIfNeeded()
        clear(object)
        SSL_CTX_free(view(object).pointee.context)
        free(view(object).pointee.protocols)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        let state = view(object).pointee
        for field in [
          state.serverNameCallback, state.messageCallback, state.clientKeyCallback,
          state.serverKeyCallback,
        ] {
          if let field {
            let result = visit(field, argument)
            if result != 0 { return result }
          }
        }
        return 0
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
    ],
    methods: [
      wrapSocket, wrapBio, setCiphers, getCiphers, setProtocols, loadChain, loadParameters,
      loadLocations, statistics, setDefaultPaths, setCurve, storeStatistics, authorities,
      setClientKey, setServerKey,
    ],
    properties: properties)

  private static func clear(_ object: Ref) {
    let state = view(object)
    clearReference(&state.pointee.serverNameCallback)
    clearReference(&state.pointee.messageCallback)
    clearReference(&state.pointee.clientKeyCallback)
    clearReference(&state.pointee.serverKeyCallback)
    clearReference(&state.pointee.keyLogName)
    if let file = state.pointee.keyLog {
      state.pointee.keyLog = nil
      BIO_free_all(file)
    }
  }

  private static let arguments: Method = .variableKeywords(
    "_SSLContext(protocol, /)", "", { _, _, _ in nil })

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    if let keywords, PyDict_Size(keywords) > 0, type == SslContext.type {
      throw raise(.typeError, "_SSLContext() takes no keyword arguments")
    }
    try checkPositional("_SSLContext", apus_var_size(args), least: 1, most: 1)
    let number = PyLong_AsInt(apus_tuple_item(args, 0))
    if number == -1 && hasRaised() { throw Raised() }
    let method: OpaquePointer?
    var isFlexible = true
    switch number {
    case Version.tls:
      try warn(.deprecationWarning, "ssl.PROTOCOL_TLS is deprecated", stackLevel: 2)
      method = TLS_method()
    case Version.tls1:
      try warn(.deprecationWarning, "ssl.PROTOCOL_TLSv1 is deprecated", stackLevel: 2)
      method = TLSv1_method()
      isFlexible = false
    case Version.tls1_1:
      try warn(.deprecationWarning, "ssl.PROTOCOL_TLSv1_1 is deprecated", stackLevel: 2)
      method = TLSv1_1_method()
      isFlexible = false
    case Version.tls1_2:
      try warn(.deprecationWarning, "ssl.PROTOCOL_TLSv1_2 is deprecated", stackLevel: 2)
      method = TLSv1_2_method()
      isFlexible = false
    case Version.client: method = TLS_client_method()
    case Version.server: method = TLS_server_method()
    default: throw raise(.valueError, "invalid or unsupported protocol version")
    }
    guard let context = SSL_CTX_new(method) else { throw SslError.raise() }
    let object: Owned
    do throws(Raised) {
      object = try own(PyType_GenericAlloc(type, 0))
    } catch {
      SSL_CTX_free(context)
      throw error
    }
    let state = view(object.ref)
    state.pointee.context = context
    state.pointee.version = number
    // X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
    state.pointee.hostFlags = 4
    let isClient = number == Version.client
    state.pointee.checksHost = isClient
    try setVerifyMode(object.ref, isClient ? 2 : 0)
    // SSL_OP_ALL without the empty fragments it leaves out, and no old protocols, compression
    // or reused ephemeral keys.
    var options: UInt64 = 0x8000_0050
    options |= 0x0200_0000 | 0x0002_0000 | 0x0040_0000
    SSL_CTX_set_options(context, options)
    if SSL_CTX_set_cipher_list(context, cString(defaultCiphers)) == 0 {
      ERR_clear_error()
      throw SslError.raise("No cipher can be selected.")
    }
    if isFlexible && apus_ctx_set_min(context, 0x0303) == 0 {
      throw SslError.raise()
    }
    let parameters = SSL_CTX_get0_param(context)
    // X509_V_FLAG_TRUSTED_FIRST
    X509_VERIFY_PARAM_set_flags(parameters, 0x8000)
    X509_VERIFY_PARAM_set_hostflags(parameters, state.pointee.hostFlags)
    SSL_CTX_set_post_handshake_auth(context, 0)
    return object
  }

  // MARK: Verification mode

  static func setVerifyMode(_ object: Ref, _ mode: Int32) throws(Raised) {
    let flags: Int32
    switch mode {
    case 0: flags = SSL_VERIFY_NONE
    case 1: flags = SSL_VERIFY_PEER
    case 2: flags = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    default: throw raise(.valueError, "invalid value for verify_mode")
    }
    let context = try context(object)
    // The callback stays.
    SSL_CTX_set_verify(context, flags, SSL_CTX_get_verify_callback(context))
  }

  static func verifyMode(_ object: Ref) throws(Raised) -> Int {
    let mask = SSL_VERIFY_NONE | SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    switch SSL_CTX_get_verify_mode(try context(object)) & mask {
    case SSL_VERIFY_NONE: return 0
    case SSL_VERIFY_PEER: return 1
    case SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT: return 2
    default: throw SslError.raise("invalid return value from SSL_CTX_get_verify_mode")
    }
  }
}
