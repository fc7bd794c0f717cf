import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// Functions that OpenSSL calls, without the GIL, and what sets them.
enum SslCallbacks {
  /// The connection's object; nil while it is being freed.
  private static func socket(_ ssl: OpaquePointer?) -> Ref? {
    guard let ssl, let data = apus_ssl_app_data(ssl) else { return nil }
    return data.assumingMemoryBound(to: PyObject.self)
  }

  /// The object Python code knows the connection by: its owner, else itself.
  private static func owner(_ socket: Ref) -> Owned {
    var found: Ref?
    if let weak = SslSocket.view(socket).pointee.owner, PyWeakref_GetRef(weak, &found) > 0,
      let found
    {
      return Owned(adopting: found)
    }
    return socket.retained()
  }

  /// Whether what Python code knows the connection by is still there.
  private static func isOwned(_ socket: Ref) -> Bool {
    guard let weak = SslSocket.view(socket).pointee.owner ?? SslSocket.view(socket).pointee.socket
    else { return true }
    var found: Ref?
    _ = PyWeakref_GetRef(weak, &found)
    Py_XDECREF(found)
    return found != nil
  }

  /// Keeps the exception that is set for the call that is under way.
  private static func keepException(_ socket: Ref) {
    let exception = PyErr_GetRaisedException()
    let old = SslSocket.view(socket).pointee.exception
    SslSocket.view(socket).pointee.exception = exception
    Py_XDECREF(old)
  }

  // MARK: ALPN

  /// Chooses the first protocol of the server's that the client has too.
  static let selectProtocol:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
      UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
    ) -> Int32 = { _, chosen, count, client, clientCount, argument in
      guard let chosen, let count, let client, let argument else { return SSL_TLSEXT_ERR_NOACK }
      let state = SslContext.view(argument.assumingMemoryBound(to: PyObject.self))
      guard let server = state.pointee.protocols else { return SSL_TLSEXT_ERR_NOACK }
      var result: UnsafeMutablePointer<UInt8>?
      let status = SSL_select_next_proto(
        &result, count, server, state.pointee.protocolsCount, client, clientCount)
      if status != OPENSSL_NPN_NEGOTIATED { return SSL_TLSEXT_ERR_NOACK }
      chosen.pointee = result.map { UnsafePointer($0) }
      return SSL_TLSEXT_ERR_OK
    }

  // MARK: The server's name

  static func setServerName(_ context: Ref, _ value: Ref) throws(Raised) {
    let state = SslContext.view(context)
    if state.pointee.version == SslContext.Version.client {
      throw raise(.valueError, "sni_callback cannot be set on TLS_CLIENT context")
    }
    clearReference(&state.pointee.serverNameCallback)
    let library = try SslContext.context(context)
    if value.isNone {
      apus_ctx_set_servername(library, nil, nil)
      return
    }
    guard PyCallable_Check(value) != 0 else {
      apus_ctx_set_servername(library, nil, nil)
      throw raise(.typeError, "not a callable object")
    }
    state.pointee.serverNameCallback = value.retained().give()
    apus_ctx_set_servername(library, serverName, context)
  }

  private static let serverName:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?
    ) -> Int32 = { ssl, alert, argument in
      guard let argument else { return SSL_TLSEXT_ERR_OK }
      let context = argument.assumingMemoryBound(to: PyObject.self)
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let callback = SslContext.view(context).pointee.serverNameCallback, let socket = socket(ssl)
      else { return SSL_TLSEXT_ERR_OK }
      let held = callback.retained()
      guard isOwned(socket) else {
        alert?.pointee = SSL_AD_INTERNAL_ERROR
        return SSL_TLSEXT_ERR_ALERT_FATAL
      }
      let owner = owner(socket)
      do throws(Raised) {
        var name = noneObject().retained().give()
        defer { Py_DECREF(name) }
        if let text = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) {
          let decoded = try own(PyUnicode_DecodeASCII(text, strlen(text), "strict"))
          Py_DECREF(name)
          name = decoded.give()
        }
        let arguments = try tuple(owner.ref.retained(), name.retained(), context.retained())
        let result = try own(PyObject_Call(held.ref, arguments.ref, nil))
        if result.ref.isNone { return SSL_TLSEXT_ERR_OK }
        // The number of an alert.
        let number = PyLong_AsLong(result.ref)
        if number == -1 && hasRaised() {
          PyErr_WriteUnraisable(result.ref)
          alert?.pointee = SSL_AD_INTERNAL_ERROR
        } else {
          alert?.pointee = Int32(truncatingIfNeeded: number)
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
      } catch {
        PyErr_WriteUnraisable(held.ref)
        alert?.pointee = SSL_AD_HANDSHAKE_FAILURE
        return SSL_TLSEXT_ERR_ALERT_FATAL
      }
    }

  // MARK: Messages

  static func setMessage(_ context: Ref, _ value: Ref) throws(Raised) {
    let state = SslContext.view(context)
    clearReference(&state.pointee.messageCallback)
    let library = try SslContext.context(context)
    if value.isNone {
      SSL_CTX_set_msg_callback(library, nil)
      return
    }
    guard PyCallable_Check(value) != 0 else {
      SSL_CTX_set_msg_callback(library, nil)
      throw raise(.typeError, "not a callable object")
    }
    state.pointee.messageCallback = value.retained().give()
    SSL_CTX_set_msg_callback(library, message)
  }

  /// Calls the callback with (connection, "read" or "write", version, content type, message type,
  /// data).
  static let message:
    @convention(c) (
      Int32, Int32, Int32, UnsafeRawPointer?, Int, OpaquePointer?, UnsafeMutableRawPointer?
    ) -> Void = { isWriting, version, content, bytes, count, ssl, _ in
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let socket = socket(ssl), let context = SslSocket.view(socket).pointee.context,
        let callback = SslContext.view(context).pointee.messageCallback
      else { return }
      let held = callback.retained()
      let owner = owner(socket)
      var version = version
      var kind: Int32 = -1
      func byte(_ index: Int) -> Int32 {
        index < count ? Int32(bytes?.load(fromByteOffset: index, as: UInt8.self) ?? 0) : 0
      }
      switch content {
      case 20: kind = 0x0101  // ChangeCipherSpec
      case 21: kind = byte(1)  // Alert: its description
      case 22: kind = byte(0)  // Handshake
      case 0x100:  // The header of a record has the version.
        version = byte(1) << 8 | byte(2)
        kind = byte(0)
      case 0x101: kind = byte(0)  // The inner content type of TLS 1.3
      default: break
      }
      do throws(Raised) {
        let arguments = try own(PyTuple_New(6))
        let items = apus_tuple_items(arguments.ref)
        items[0] = owner.ref.retained().give()
        items[1] = try own(PyUnicode_FromString(isWriting != 0 ? "write" : "read")).give()
        items[2] = try int(Int(version)).give()
        items[3] = try int(Int(content)).give()
        items[4] = try int(Int(kind)).give()
        items[5] = try own(
          PyBytes_FromStringAndSize(bytes?.assumingMemoryBound(to: CChar.self), count)
        ).give()
        let result = try own(PyObject_Call(held.ref, arguments.ref, nil))
        _ = result
      } catch {
        keepException(socket)
      }
    }

  // MARK: The log of keys

  static func setKeyLog(_ context: Ref, _ value: Ref) throws(Raised) {
    let state = SslContext.view(context)
    let library = try SslContext.context(context)
    SSL_CTX_set_keylog_callback(library, nil)
    clearReference(&state.pointee.keyLogName)
    if let file = state.pointee.keyLog {
      state.pointee.keyLog = nil
      BIO_free_all(file)
    }
    if value.isNone { return }
    var encoded: Ref?
    if PyUnicode_FSConverter(value, &encoded) == 0 { throw Raised() }
    let path = try own(encoded)
    guard let name = PyBytes_AsString(path.ref) else { throw Raised() }
    errno = 0
    guard let file = apus_bio_file(name, "a") else {
      let number = errno
      ERR_clear_error()
      throw raiseSystemError(number: number, value)
    }
    state.pointee.keyLog = file
    state.pointee.keyLogName = value.retained().give()
    if apus_bio_tell(file) == 0 {
      BIO_puts(file, "# TLS secrets log file, generated by OpenSSL / Python\n")
      flush(file)
    }
    SSL_CTX_set_keylog_callback(library, keyLog)
  }

  private static func flush(_ file: OpaquePointer) { BIO_ctrl(file, 11, 0, nil) }

  private static let keyLog: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = {
    ssl, line in
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    guard let socket = socket(ssl), let line, let context = SslSocket.view(socket).pointee.context,
      let file = SslContext.view(context).pointee.keyLog
    else { return }
    // With the GIL, so that the lines of several connections do not mix.
    errno = 0
    let written = BIO_puts(file, line)
    BIO_puts(file, "\n")
    flush(file)
    if written < 0 {
      _ = PyErr_SetFromErrnoWithFilenameObject(
        .osError, SslContext.view(context).pointee.keyLogName)
      keepException(socket)
    }
  }

  // MARK: Pre-shared keys

  /// Copies bytes with a limit; the number copied, nil when there are too many.
  private static func copy(
    _ object: Ref, _ target: UnsafeMutableRawPointer, _ room: Int
  ) throws(Raised) -> Int? {
    let bytes = try BufferArgument(object)
    if bytes.count > room { return nil }
    if let start = bytes.start { memcpy(target, start, bytes.count) }
    return bytes.count
  }

  static let clientKey:
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, UInt32,
      UnsafeMutablePointer<UInt8>?, UInt32
    ) -> UInt32 = { ssl, hint, identity, identityRoom, key, keyRoom in
      guard let identity, let key else { return 0 }
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let socket = socket(ssl), let context = SslSocket.view(socket).pointee.context,
        let callback = SslContext.view(context).pointee.clientKeyCallback
      else { return 0 }
      let held = callback.retained()
      do throws(Raised) {
        let argument =
          hint.map { strlen($0) } ?? 0 > 0
          ? try own(PyUnicode_DecodeUTF8(hint.unsafelyUnwrapped, strlen(hint.unsafelyUnwrapped), "strict"))
          : noneObject().retained()
        let result = try own(PyObject_CallOneArg(held.ref, argument.ref))
        guard result.ref.isTuple, apus_var_size(result.ref) == 2 else {
          throw raise(.typeError, "callback must return a tuple of identity and key")
        }
        let name = apus_tuple_item(result.ref, 0)
        guard let count = try copy(apus_tuple_item(result.ref, 1), key, Int(keyRoom)) else { return 0 }
        identity[0] = 0
        if !name.isNone {
          guard name.isStr else {
            throw raise(.typeError, "identity must be str or None, not \(name.type.name)")
          }
          let text = try NumberConversion.cText(name)
          if strlen(text) + 1 > Int(identityRoom) { return 0 }
          strcpy(identity, text)
        }
        return UInt32(count)
      } catch {
        PyErr_WriteUnraisable(held.ref)
        return 0
      }
    }

  static let serverKey:
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutablePointer<UInt8>?, UInt32
    ) -> UInt32 = { ssl, identity, key, keyRoom in
      guard let key else { return 0 }
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let socket = socket(ssl), let context = SslSocket.view(socket).pointee.context,
        let callback = SslContext.view(context).pointee.serverKeyCallback
      else { return 0 }
      let held = callback.retained()
      do throws(Raised) {
        let argument =
          identity.map { strlen($0) } ?? 0 > 0
          ? try own(
            PyUnicode_DecodeUTF8(identity.unsafelyUnwrapped, strlen(identity.unsafelyUnwrapped), "strict"))
          : noneObject().retained()
        let result = try own(PyObject_CallOneArg(held.ref, argument.ref))
        return UInt32(try copy(result.ref, key, Int(keyRoom)) ?? 0)
      } catch {
        PyErr_WriteUnraisable(held.ref)
        return 0
      }
    }
}
