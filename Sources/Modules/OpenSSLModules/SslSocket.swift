import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SocketModule
import SystemCalls

/// `_ssl._SSLSocket`: a connection over a socket or over two memory BIOs.
enum SslSocket {
  struct Layout {
    var base: PyObject
    /// Weak reference to the `_socket.socket`; nil over memory.
    var socket: Ref?
    /// SSL
    var ssl: OpaquePointer?
    /// The _SSLContext.
    var context: Ref?
    /// The other end has said that it closes.
    var hasSeenEnd: Bool
    var isServer: Bool
    /// Weak reference to the object callbacks get.
    var owner: Ref?
    /// str
    var serverName: Ref?
    /// What a callback raised while OpenSSL was running.
    var exception: Ref?
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_ssl._SSLSocket", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType, .haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        object.untrackIfNeeded()
        let state = view(object)
        if let ssl = state.pointee.ssl {
          apus_ssl_set_app_data(ssl, nil)
          SSL_free(ssl)
        }
        Py_XDECREF(state.pointee.socket)
        Py_XDECREF(state.pointee.context)
        Py_XDECREF(state.pointee.owner)
        Py_XDECREF(state.pointee.serverName)
        Py_XDECREF(state.pointee.exception)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        for field in [view(object).pointee.exception, view(object).pointee.context] {
          if let field {
            let result = visit(field, argument)
            if result != 0 { return result }
          }
        }
        return 0
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.socket)
        clearReference(&view(object).pointee.owner)
        clearReference(&view(object).pointee.serverName)
        clearReference(&view(object).pointee.exception)
        return 0
      },
    ],
    methods: [
      handshake, write, read, pending, peerCertificate, channelBinding, cipher, sharedCiphers,
      version, selectedProtocol, compression, shutdown, verifyClient, unverifiedChain,
      verifiedChain,
    ],
    properties: properties)

  // MARK: Making

  /// A connection of a context. `name` is the server's as bytes.
  static func make(
    _ context: Ref, socket: Ref?, incoming: OpaquePointer?, outgoing: OpaquePointer?,
    isServer: Bool, name: Ref?, owner: Ref?, session: Ref?
  ) throws(Raised) -> Owned {
    let version = SslContext.view(context).pointee.version
    if isServer && version == SslContext.Version.client {
      throw SslError.raise(
        "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context", number: 1)
    }
    if !isServer && version == SslContext.Version.server {
      throw SslError.raise(
        "Cannot create a client socket with a PROTOCOL_TLS_SERVER context", number: 1)
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    let state = view(object.ref)
    state.pointee.isServer = isServer
    state.pointee.context = context.retained().give()
    ERR_clear_error()
    guard let ssl = SSL_new(try SslContext.context(context)) else { throw SslError.raise() }
    state.pointee.ssl = ssl
    apus_ssl_set_app_data(ssl, object.ref)
    // A client with one could not use external keys.
    if isServer { SSL_set_session_id_context(ssl, "Python", 7) }
    if let socket {
      if SSL_set_fd(ssl, SocketObject.view(socket).pointee.sock_fd) == 0 {
        throw SslError.raise()
      }
    } else {
      // The connection takes these references.
      BIO_up_ref(incoming)
      BIO_up_ref(outgoing)
      SSL_set_bio(ssl, incoming, outgoing)
    }
    // SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY
    _ = apus_ssl_set_mode(ssl, 2 | 4)
    if SslContext.view(context).pointee.usesPostHandshake {
      if isServer {
        // OpenSSL does not ignore the flag for clients.
        let mode = SSL_get_verify_mode(ssl)
        if mode & SSL_VERIFY_PEER != 0 {
          SSL_set_verify(ssl, mode | SSL_VERIFY_POST_HANDSHAKE, SSL_get_verify_callback(ssl))
        }
      } else {
        SSL_set_post_handshake_auth(ssl, 1)
      }
    }
    if let name { try setServerName(object.ref, ssl, context, name) }
    if let socket, SocketObject.view(socket).pointee.sock_timeout >= 0 {
      apus_bio_set_nonblocking(SSL_get_rbio(ssl), 1)
      apus_bio_set_nonblocking(SSL_get_wbio(ssl), 1)
    }
    if isServer { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
    if let socket { state.pointee.socket = try own(PyWeakref_NewRef(socket, nil)).give() }
    if let owner { try setOwner(object.ref, owner) }
    if let session { try setSession(object.ref, session) }
    return object
  }

  /// Sets the name a client asks for and the one a certificate must have.
  private static func setServerName(
    _ object: Ref, _ ssl: OpaquePointer, _ context: Ref, _ name: Ref
  ) throws(Raised) {
    guard let bytes = PyBytes_AsString(name) else { throw Raised() }
    if bytes[0] == 0 || bytes[0] == 0x2E {
      throw raise(
        .valueError, "server_hostname cannot be an empty string or start with a leading dot.")
    }
    let address = a2i_IPADDRESS(bytes)
    if address == nil { ERR_clear_error() }
    defer { if let address { ASN1_OCTET_STRING_free(address) } }
    view(object).pointee.serverName = try own(
      PyUnicode_DecodeASCII(bytes, apus_var_size(name), "strict")
    ).give()
    // RFC 6066: literal addresses are no host names.
    if address == nil && apus_ssl_set_host_name(ssl, bytes) == 0 { throw SslError.raise() }
    guard SslContext.view(context).pointee.checksHost else { return }
    let parameters = SSL_get0_param(ssl)
    if let address {
      let string = UnsafePointer(address)
      if X509_VERIFY_PARAM_set1_ip(
        parameters, ASN1_STRING_get0_data(string), Int(ASN1_STRING_length(string))) == 0
      {
        throw SslError.raise()
      }
    } else if X509_VERIFY_PARAM_set1_host(parameters, bytes, strlen(bytes)) == 0 {
      throw SslError.raise()
    }
  }

  // MARK: Errors

  /// What SSL_get_error() said of a call, with the errno of that moment.
  struct Outcome {
    var error: Int32
    var number: Int32

    init(_ ssl: OpaquePointer?, _ result: Int32) {
      number = errno
      error = result > 0 ? 0 : SSL_get_error(ssl, result)
    }
  }

  /// Sets the exception of a failed call.
  static func failure(
    _ object: Ref, _ result: Int32, _ outcome: Outcome, line: Int = #line
  ) -> Raised {
    let code = apus_err_peek_last()
    var type: Ref = SslError.type.object
    var number = outcome.error
    var text: String?
    switch outcome.error {
    case SslError.Number.zeroReturn:
      text = "TLS/SSL connection has been closed (EOF)"
      type = SslError.zeroReturn ?? type
    case SslError.Number.wantRead:
      text = "The operation did not complete (read)"
      type = SslError.wantRead ?? type
    case SslError.Number.wantWrite:
      text = "The operation did not complete (write)"
      type = SslError.wantWrite ?? type
    case SslError.Number.wantLookup: text = "The operation did not complete (X509 lookup)"
    case SslError.Number.wantConnect: text = "The operation did not complete (connect)"
    case SslError.Number.systemCall:
      if code == 0 {
        if result == 0 || socket(of: object) == nil || outcome.number == 0 {
          number = SslError.Number.endOfFile
          text = "EOF occurred in violation of protocol"
          type = SslError.endOfFile ?? type
        } else if result == -1 {
          ERR_clear_error()
          return raiseSystemError(number: outcome.number)
        } else {
          text = "Some I/O error occurred"
          type = SslError.systemCall ?? type
        }
      } else if isVerification(code) {
        type = SslError.verification ?? type
      }
    case SslError.Number.ssl:
      if code == 0 {
        text = "A failure in the SSL library occurred"
      } else if isVerification(code) {
        type = SslError.verification ?? type
      } else if apus_err_lib(code) == SslError.libraryOfSsl
        && apus_err_reason(code) == SslError.unexpectedEnd
      {
        number = SslError.Number.endOfFile
        text = "EOF occurred in violation of protocol"
        type = SslError.endOfFile ?? type
      }
    default:
      number = SslError.Number.invalid
      text = "Invalid error code"
    }
    let raised = SslError.set(type, number, text, code: code, socket: object, line: line)
    chainException(object)
    return raised
  }

  private static func isVerification(_ code: UInt) -> Bool {
    apus_err_lib(code) == SslError.libraryOfSsl && apus_err_reason(code) == SslError.verifyFailed
  }

  /// What a callback raised comes out as the context of the exception that is set, or itself.
  @discardableResult
  static func chainException(_ object: Ref) -> Bool {
    guard let pending = view(object).pointee.exception else { return false }
    view(object).pointee.exception = nil
    if let current = PyErr_GetRaisedException() {
      PyException_SetContext(pending, current)
    }
    PyErr_SetRaisedException(pending)
    return true
  }

  // MARK: The socket below

  /// The socket, borrowed; nil over memory or when it is gone.
  static func socket(of object: Ref) -> Ref? {
    guard let weak = view(object).pointee.socket else { return nil }
    var found: Ref?
    guard PyWeakref_GetRef(weak, &found) > 0, let found else { return nil }
    // Somebody else holds it: the socket of Python code that is calling.
    Py_DECREF(found)
    return found
  }

  /// The socket for an operation, held; nil over memory. SSLError when it is gone.
  static func heldSocket(_ object: Ref) throws(Raised) -> Ref? {
    guard let weak = view(object).pointee.socket else { return nil }
    var found: Ref?
    if PyWeakref_GetRef(weak, &found) > 0, let found {
      if SocketObject.view(found).pointee.sock_fd >= 0 { return found }
      Py_DECREF(found)
    }
    throw SslError.raise("Underlying socket connection gone", number: SslError.Number.noSocket)
  }

  enum Readiness { case ready, blocking, nonBlocking, timedOut, closed }

  /// Waits until the socket can be read or written. -1 nanoseconds: it blocks by itself.
  static func wait(_ socket: Ref?, writing: Bool, _ span: Int) -> Readiness {
    guard let socket, span != 0 else { return .nonBlocking }
    if span < 0 {
      return SocketObject.view(socket).pointee.sock_timeout > 0 ? .timedOut : .blocking
    }
    let descriptor = SocketObject.view(socket).pointee.sock_fd
    if descriptor < 0 { return .closed }
    var entry = pollfd(fd: descriptor, events: Int16(writing ? POLLOUT : POLLIN), revents: 0)
    let milliseconds = Int32(clamping: span / 1_000_000 + (span % 1_000_000 > 0 ? 1 : 0))
    return withoutGIL { poll(&entry, 1, milliseconds) } == 0 ? .timedOut : .ready
  }

  /// A call of OpenSSL's repeated until it is done, waiting for the socket within its timeout.
  struct Operation {
    let socket: Ref?
    private var span: Int
    private let deadline: Int
    private let hasTimeout: Bool
    private(set) var outcome: Outcome

    init(_ object: Ref, _ socket: Ref?) {
      self.socket = socket
      let ssl = view(object).pointee.ssl
      span = socket.map { SocketObject.view($0).pointee.sock_timeout } ?? 0
      hasTimeout = span > 0
      deadline = hasTimeout ? Timeout.deadline(span) : 0
      outcome = Outcome(ssl, 1)
      if socket != nil {
        apus_bio_set_nonblocking(SSL_get_rbio(ssl), span >= 0 ? 1 : 0)
        apus_bio_set_nonblocking(SSL_get_wbio(ssl), span >= 0 ? 1 : 0)
      }
    }

    /// How long the first wait may take.
    var timeout: Int { span }

    /// Calls `body` once without the GIL; the outcome is kept.
    mutating func call(_ ssl: OpaquePointer?, _ body: () -> Int32) throws(Raised) -> Int32 {
      let (result, outcome) = withoutGIL { () -> (Int32, Outcome) in
        errno = 0
        let result = body()
        return (result, Outcome(ssl, result))
      }
      self.outcome = outcome
      try check(PyErr_CheckSignals())
      if hasTimeout { span = deadline - Timeout.now() }
      return result
    }

    /// Waits for what the call wants. False when it is to be given up as it is.
    func mayGoOn(_ name: String) throws(Raised) -> Bool {
      let wantsWrite = outcome.error == SslError.Number.wantWrite
      guard wantsWrite || outcome.error == SslError.Number.wantRead else { return false }
      switch wait(socket, writing: wantsWrite, span) {
      case .timedOut: throw SslError.timedOut(name)
      case .closed: throw SslError.raise("Underlying socket has been closed.")
      case .nonBlocking: return false
      case .ready, .blocking: return true
      }
    }
  }
}
