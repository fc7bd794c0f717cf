import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// What a connection knows about itself and its other end.
extension SslSocket {
  static let peerCertificate: Method = .fast(
    "getpeercert($self, der=False, /)",
    """
    Returns the certificate for the peer.

    None without one; a dict, which is empty when it was not validated; its DER encoding if der is
    true.
    """
  ) { object, args, count in
    new {
      let a = try Arguments(peerCertificate, args, count)
      let isBinary = try a.bool(0)
      guard let ssl = view(object).pointee.ssl else { throw Raised() }
      if SSL_is_init_finished(ssl) == 0 {
        throw raise(.valueError, "handshake not done yet")
      }
      guard let certificate = apus_ssl_peer_certificate(ssl) else { return noneObject().retained() }
      defer { X509_free(certificate) }
      if isBinary { return try CertificateDetails.encode(certificate) }
      if SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(ssl)) & SSL_VERIFY_PEER == 0 {
        return try own(PyDict_New())
      }
      return try CertificateDetails.decode(certificate)
    }
  }

  static let verifiedChain: Method = .noargs("get_verified_chain($self, /)", "") { object, _ in
    new {
      guard let ssl = view(object).pointee.ssl, let chain = apus_ssl_chain(ssl, 1) else {
        return noneObject().retained()
      }
      return try SslCertificate.list(chain)
    }
  }

  static let unverifiedChain: Method = .noargs("get_unverified_chain($self, /)", "") { object, _ in
    new {
      guard let ssl = view(object).pointee.ssl, let chain = apus_ssl_chain(ssl, 0) else {
        return noneObject().retained()
      }
      let list = try SslCertificate.list(chain)
      // A server's chain lacks the client's own certificate.
      if view(object).pointee.isServer, let own = apus_ssl_peer_certificate(ssl) {
        let item: Owned
        do throws(Raised) {
          item = try SslCertificate.make(own, adopting: true)
        } catch {
          X509_free(own)
          throw error
        }
        try check(PyList_Insert(list.ref, 0, item.ref))
      }
      return list
    }
  }

  // MARK: Ciphers and versions

  static let cipher: Method = .noargs("cipher($self, /)", "") { object, _ in
    new {
      guard let current = SSL_get_current_cipher(view(object).pointee.ssl) else {
        return noneObject().retained()
      }
      return try SslCipher.triple(current)
    }
  }

  static let sharedCiphers: Method = .noargs("shared_ciphers($self, /)", "") { object, _ in
    new {
      guard let ssl = view(object).pointee.ssl, let server = apus_ssl_ciphers(ssl),
        let client = apus_ssl_client_ciphers(ssl)
      else { return noneObject().retained() }
      let list = try own(PyList_New(0))
      for index in 0..<apus_ciphers_count(server) {
        guard let cipher = apus_ciphers_at(server, index), apus_ciphers_contain(client, cipher) != 0
        else { continue }
        let item = try SslCipher.triple(cipher)
        try check(PyList_Append(list.ref, item.ref))
      }
      return list
    }
  }

  static let version: Method = .noargs("version($self, /)", "") { object, _ in
    new {
      let ssl = view(object).pointee.ssl
      guard SSL_is_init_finished(ssl) != 0, let text = SSL_get_version(ssl),
        strcmp(text, "unknown") != 0
      else { return noneObject().retained() }
      return try own(PyUnicode_FromString(text))
    }
  }

  static let selectedProtocol: Method = .noargs("selected_alpn_protocol($self, /)", "") { object, _ in
    new {
      var bytes: UnsafePointer<UInt8>?
      var count: UInt32 = 0
      SSL_get0_alpn_selected(view(object).pointee.ssl, &bytes, &count)
      guard let bytes else { return noneObject().retained() }
      return try own(
        PyUnicode_FromStringAndSize(
          UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), Int(count)))
    }
  }

  static let compression: Method = .noargs("compression($self, /)", "") { object, _ in
    new {
      guard let method = SSL_get_current_compression(view(object).pointee.ssl) else {
        return noneObject().retained()
      }
      let number = COMP_get_type(method)
      guard number != 0, let name = OBJ_nid2sn(number) else { return noneObject().retained() }
      return try own(PyUnicode_DecodeFSDefault(name))
    }
  }

  static let channelBinding: Method = .keywords(
    "get_channel_binding($self, /, cb_type='tls-unique')",
    """
    Get channel binding data for current connection.

    Only `tls-unique` (RFC 5929) is known. Bytes, or None when there are none yet.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(channelBinding, args, count, names)
      if let kind = try a.str(0), text(of: kind) != "tls-unique" {
        throw raise(
          .valueError, "'\(text(of: kind))' channel binding type not implemented")
      }
      let ssl = view(object).pointee.ssl
      var bytes = [CChar](repeating: 0, count: 128)
      // The end that sent its message first: the client, except in a resumed session.
      let isOwn = (SSL_session_reused(ssl) != 0) != !view(object).pointee.isServer
      let size = isOwn ? SSL_get_finished(ssl, &bytes, 128) : SSL_get_peer_finished(ssl, &bytes, 128)
      if size == 0 { return noneObject().retained() }
      return try own(PyBytes_FromStringAndSize(&bytes, Swift.min(size, 128)))
    }
  }

  // MARK: Attributes

  static let properties: [Property] = [
    Property(
      "context",
      """
      The context of the connection.

      A callback for the server's name may set another one, with other certificates.
      """,
      get: { object, _ in new { try borrow(view(object).pointee.context).retained() } },
      set: { object, value, _ in
        status {
          guard let value, value.isInstance(of: SslContext.type) else {
            throw raise(.typeError, "The value must be a SSLContext")
          }
          SSL_set_SSL_CTX(view(object).pointee.ssl, try SslContext.context(value))
          let old = view(object).pointee.context
          view(object).pointee.context = value.retained().give()
          Py_XDECREF(old)
          SSL_set_msg_callback(
            view(object).pointee.ssl,
            SslContext.view(value).pointee.messageCallback == nil ? nil : SslCallbacks.message)
        }
      }),
    Property("server_side", "Whether this is a server-side socket.", get: { object, _ in
      boolObject(view(object).pointee.isServer)
    }),
    Property(
      "server_hostname", "The currently set server hostname (for SNI).",
      get: { object, _ in new { (view(object).pointee.serverName ?? noneObject()).retained() } }),
    Property(
      "owner", "The Python-level owner of this object, which callbacks get.",
      get: { object, _ in
        new {
          guard let weak = view(object).pointee.owner else { return noneObject().retained() }
          var found: Ref?
          try check(PyWeakref_GetRef(weak, &found))
          return found.map { Owned(adopting: $0) } ?? noneObject().retained()
        }
      },
      set: { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          try setOwner(object, value)
        }
      }),
    Property(
      "session", "The session of the connection, to be reused by another one.",
      get: { object, _ in
        new {
          let state = view(object)
          guard let current = SSL_get_session(state.pointee.ssl) else {
            return noneObject().retained()
          }
          // A copy: OpenSSL changes the session of a connection.
          guard let copy = SSL_SESSION_dup(current) else { return noneObject().retained() }
          let made: Owned
          do throws(Raised) {
            made = try own(PyType_GenericAlloc(SslSession.type, 0))
          } catch {
            SSL_SESSION_free(copy)
            throw error
          }
          SslSession.view(made.ref).pointee.session = copy
          SslSession.view(made.ref).pointee.context = try borrow(state.pointee.context).retained().give()
          return made
        }
      },
      set: { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          try setSession(object, value)
        }
      }),
    Property("session_reused", "Was the client session reused during handshake?", get: { object, _ in
      boolObject(SSL_session_reused(view(object).pointee.ssl) != 0)
    }),
  ]

  static func setOwner(_ object: Ref, _ owner: Ref) throws(Raised) {
    let weak = try own(PyWeakref_NewRef(owner, nil))
    let old = view(object).pointee.owner
    view(object).pointee.owner = weak.give()
    Py_XDECREF(old)
  }

  static func setSession(_ object: Ref, _ value: Ref) throws(Raised) {
    guard value.type == SslSession.type else {
      throw raise(.typeError, "Value is not a SSLSession.")
    }
    let state = view(object)
    let own = state.pointee.context.flatMap { SslContext.view($0).pointee.context }
    let other = SslSession.view(value).pointee.context.flatMap { SslContext.view($0).pointee.context }
    if own != other {
      throw raise(.valueError, "Session refers to a different SSLContext.")
    }
    if state.pointee.isServer {
      throw raise(.valueError, "Cannot set session for server-side SSLSocket.")
    }
    if SSL_is_init_finished(state.pointee.ssl) != 0 {
      throw raise(.valueError, "Cannot set session after handshake.")
    }
    guard let copy = SSL_SESSION_dup(SslSession.view(value).pointee.session) else {
      throw SslError.raise()
    }
    defer { SSL_SESSION_free(copy) }
    if SSL_set_session(state.pointee.ssl, copy) == 0 { throw SslError.raise() }
  }
}
