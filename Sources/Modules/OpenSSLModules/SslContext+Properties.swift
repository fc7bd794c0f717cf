import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The attributes of a context.
extension SslContext {
  static let properties: [Property] = [
    Property(
      "_host_flags", get: { object, _ in PyLong_FromUnsignedLong(UInt(view(object).pointee.hostFlags)) },
      set: { object, value, _ in
        status {
          let flags = try number(value)
          view(object).pointee.hostFlags = UInt32(bitPattern: flags)
          let parameters = SSL_CTX_get0_param(try context(object))
          X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(bitPattern: flags))
        }
      }),
    Property(
      "check_hostname", get: { object, _ in boolObject(view(object).pointee.checksHost) },
      set: { object, value, _ in
        status {
          let checks = try check(PyObject_IsTrue(given(value))) != 0
          // Without verification the name would mean nothing.
          if try checks && verifyMode(object) == 0 { try setVerifyMode(object, 2) }
          view(object).pointee.checksHost = checks
        }
      }),
    Property(
      "verify_mode", get: { object, _ in new { try int(verifyMode(object)) } },
      set: { object, value, _ in
        status {
          let mode = try number(value)
          if mode == 0 && view(object).pointee.checksHost {
            throw raise(
              .valueError, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
          }
          try setVerifyMode(object, mode)
        }
      }),
    Property(
      "verify_flags",
      get: { object, _ in
        new {
          try own(
            PyLong_FromUnsignedLong(
              X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(try context(object)))))
        }
      },
      set: { object, value, _ in
        status {
          let wanted = PyLong_AsUnsignedLong(try given(value))
          if wanted == .max && hasRaised() { throw Raised() }
          let parameters = SSL_CTX_get0_param(try context(object))
          let flags = X509_VERIFY_PARAM_get_flags(parameters)
          let (cleared, added) = (flags & ~wanted, ~flags & wanted)
          if cleared != 0 && X509_VERIFY_PARAM_clear_flags(parameters, cleared) == 0 {
            throw SslError.raise()
          }
          if added != 0 && X509_VERIFY_PARAM_set_flags(parameters, added) == 0 {
            throw SslError.raise()
          }
        }
      }),
    Property(
      "options",
      get: { object, _ in
        new { try own(PyLong_FromUnsignedLongLong(SSL_CTX_get_options(try context(object)))) }
      },
      set: { object, value, _ in status { try setOptions(object, given(value)) } }),
    Property(
      "minimum_version",
      get: { object, _ in
        new {
          let version = apus_ctx_get_min(try context(object))
          return try int(version == 0 ? -2 : version)
        }
      },
      set: { object, value, _ in status { try setVersion(object, given(value), isMinimum: true) } }),
    Property(
      "maximum_version",
      get: { object, _ in
        new {
          let version = apus_ctx_get_max(try context(object))
          return try int(version == 0 ? -1 : version)
        }
      },
      set: { object, value, _ in status { try setVersion(object, given(value), isMinimum: false) } }),
    Property(
      "num_tickets", "Control the number of TLSv1.3 session tickets",
      get: { object, _ in new { try own(PyLong_FromSize_t(SSL_CTX_get_num_tickets(context(object)))) } },
      set: { object, value, _ in
        status {
          let count = PyLong_AsLong(try given(value))
          if count == -1 && hasRaised() { throw Raised() }
          if count < 0 { throw raise(.valueError, "value must be non-negative") }
          if view(object).pointee.version != Version.server {
            throw raise(.valueError, "SSLContext is not a server context.")
          }
          if SSL_CTX_set_num_tickets(try context(object), count) != 1 {
            throw raise(.valueError, "failed to set num tickets.")
          }
        }
      }),
    Property(
      "post_handshake_auth", get: { object, _ in boolObject(view(object).pointee.usesPostHandshake) },
      set: { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          let wanted = try check(PyObject_IsTrue(value)) != 0
          view(object).pointee.usesPostHandshake = wanted
          // The client says that it can; a server asks by its sockets.
          SSL_CTX_set_post_handshake_auth(try context(object), wanted ? 1 : 0)
        }
      }),
    Property("protocol", get: { object, _ in PyLong_FromLong(Int(view(object).pointee.version)) }),
    Property(
      "security_level", "The current security level",
      get: { object, _ in new { try int(Int(SSL_CTX_get_security_level(context(object)))) } }),
    Property(
      "sni_callback",
      """
      A function that is called when a client names the server it wants.

      It gets the socket, the name and the context, and returns None or the number of an alert.
      """,
      get: { object, _ in
        new { (view(object).pointee.serverNameCallback ?? noneObject()).retained() }
      },
      set: { object, value, _ in status { try SslCallbacks.setServerName(object, given(value)) } }),
    Property(
      "_msg_callback",
      get: { object, _ in new { (view(object).pointee.messageCallback ?? noneObject()).retained() } },
      set: { object, value, _ in status { try SslCallbacks.setMessage(object, given(value)) } }),
    Property(
      "keylog_filename",
      get: { object, _ in new { (view(object).pointee.keyLogName ?? noneObject()).retained() } },
      set: { object, value, _ in status { try SslCallbacks.setKeyLog(object, given(value)) } }),
  ]

  private static func given(_ value: Ref?) throws(Raised) -> Ref {
    guard let value else { throw raise(.attributeError, "cannot delete attribute") }
    return value
  }

  private static func number(_ value: Ref?) throws(Raised) -> Int32 {
    try NumberConversion.int32(given(value))
  }

  private static func setOptions(_ object: Ref, _ value: Ref) throws(Raised) {
    guard value.isInt else {
      throw raise(.typeError, "argument must be int, not \(value.isNone ? "None" : value.type.name)")
    }
    let wanted = PyLong_AsUnsignedLongLong(value)
    if wanted == .max && hasRaised() { throw Raised() }
    let context = try context(object)
    let options = SSL_CTX_get_options(context)
    let (cleared, added) = (options & ~wanted, ~options & wanted)
    // SSL_OP_NO_SSLv3, NO_TLSv1, NO_TLSv1_1, NO_TLSv1_2, NO_TLSv1_3
    if added & 0x3E00_0000 != 0 {
      try warn(
        .deprecationWarning, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated", stackLevel: 2)
    }
    if cleared != 0 { SSL_CTX_clear_options(context, cleared) }
    if added != 0 { SSL_CTX_set_options(context, added) }
  }

  private static func setVersion(
    _ object: Ref, _ value: Ref, isMinimum: Bool
  ) throws(Raised) {
    var version = try NumberConversion.int32(value)
    let protocol_ = view(object).pointee.version
    guard protocol_ == Version.tls || protocol_ == Version.client || protocol_ == Version.server
    else {
      throw raise(
        .valueError,
        "The context's protocol doesn't support modification of highest and lowest version.")
    }
    switch version {
    case 0x300: try warn(.deprecationWarning, "ssl.TLSVersion.SSLv3 is deprecated", stackLevel: 2)
    case 0x301: try warn(.deprecationWarning, "ssl.TLSVersion.TLSv1 is deprecated", stackLevel: 2)
    case 0x302:
      try warn(.deprecationWarning, "ssl.TLSVersion.TLSv1_1 is deprecated", stackLevel: 2)
    default: break
    }
    switch (version, isMinimum) {
    case (-2, true), (-1, false): version = 0
    case (-1, true): version = 0x304
    case (-2, false): version = 0x301
    default: break
    }
    let context = try context(object)
    let result = isMinimum ? apus_ctx_set_min(context, version) : apus_ctx_set_max(context, version)
    if result == 0 {
      throw raise(
        .valueError, "Unsupported protocol version 0x\(String(version, radix: 16))")
    }
  }
}
