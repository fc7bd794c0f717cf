import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SocketModule
import SystemCalls

/// Handshake, reading, writing and the end of a connection.
extension SslSocket {
  static let handshake: Method = .noargs("do_handshake($self, /)", "") { object, _ in
    none {
      let socket = try heldSocket(object)
      defer { Py_XDECREF(socket) }
      let ssl = view(object).pointee.ssl
      var operation = Operation(object, socket)
      var result: Int32
      repeat {
        result = try operation.call(ssl) { SSL_do_handshake(ssl) }
      } while try result < 1 && operation.mayGoOn("handshake")
      if result < 1 { throw failure(object, result, operation.outcome) }
      if chainException(object) { throw Raised() }
    }
  }

  static let read: Method = .fast("read", "read(size, [buffer])\nRead up to size bytes from the SSL socket.") {
    object, args, count in
    new {
      guard count == 1 || count == 2 else {
        throw raise(.typeError, "_ssl._SSLSocket.read requires 1 to 2 arguments")
      }
      let a = try TupleArguments("read", args, count, least: 1, most: 2)
      var size = Int(try a.int32(0))
      if count == 1 && size < 0 {
        throw raise(.valueError, "size should not be negative")
      }
      let socket = try heldSocket(object)
      defer { Py_XDECREF(socket) }
      if count == 2 {
        let target = try a.writableBuffer(1)
        if size <= 0 || size > target.count { size = target.count }
        if size > Int(Int32.max) {
          throw raise(.overflowError, "maximum length can't fit in a C 'int'")
        }
        guard size > 0, let start = target.start else { return try int(0) }
        return try int(receive(object, socket, start, size))
      }
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      defer { Py_XDECREF(bytes) }
      if size > 0, let start = PyBytes_AsString(bytes.unsafelyUnwrapped) {
        let got = try receive(object, socket, start, size)
        if got != size { try check(_PyBytes_Resize(&bytes, got)) }
      }
      return try borrow(bytes).retained()
    }
  }

  private static func receive(
    _ object: Ref, _ socket: Ref?, _ start: UnsafeMutableRawPointer, _ size: Int
  ) throws(Raised) -> Int {
    let ssl = view(object).pointee.ssl
    var operation = Operation(object, socket)
    var got = 0
    var result: Int32
    while true {
      result = try operation.call(ssl) { SSL_read_ex(ssl, start, size, &got) }
      if result > 0 { break }
      // A closed connection reads as nothing.
      if operation.outcome.error == SslError.Number.zeroReturn
        && SSL_get_shutdown(ssl) == SSL_RECEIVED_SHUTDOWN
      {
        got = 0
        result = 1
        break
      }
      if !(try operation.mayGoOn("read")) { break }
    }
    if result == 0 { throw failure(object, result, operation.outcome) }
    if chainException(object) { throw Raised() }
    return got
  }

  static let write: Method = .o(
    "write($self, b, /)", "Writes the bytes-like object b into the SSL object.\n\nReturns the number of bytes written."
  ) { object, data in
    new {
      let bytes = try BufferArgument(data)
      let socket = try heldSocket(object)
      defer { Py_XDECREF(socket) }
      let ssl = view(object).pointee.ssl
      var operation = Operation(object, socket)
      switch wait(socket, writing: true, operation.timeout) {
      case .timedOut: throw SslError.timedOut("write")
      case .closed: throw SslError.raise("Underlying socket has been closed.")
      default: break
      }
      var sent = 0
      var result: Int32
      let (start, size) = (bytes.start, bytes.count)
      repeat {
        result = try withUnsafePointer(to: UInt8(0)) { empty throws(Raised) in
          try operation.call(ssl) {
            SSL_write_ex(ssl, start.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(empty), size, &sent)
          }
        }
      } while try result == 0 && operation.mayGoOn("write")
      if result == 0 { throw failure(object, result, operation.outcome) }
      if chainException(object) { throw Raised() }
      return try int(sent)
    }
  }

  static let pending: Method = .noargs(
    "pending($self, /)", "Returns the number of already decrypted bytes available for read, pending on the connection."
  ) { object, _ in
    new {
      let ssl = view(object).pointee.ssl
      let count = SSL_pending(ssl)
      if count < 0 { throw failure(object, count, Outcome(ssl, count)) }
      return try int(Int(count))
    }
  }

  static let shutdown: Method = .noargs(
    "shutdown($self, /)", "Does the SSL shutdown handshake with the remote end."
  ) { object, _ in
    new {
      let socket = try heldSocket(object)
      defer { Py_XDECREF(socket) }
      let ssl = view(object).pointee.ssl
      var operation = Operation(object, socket)
      var zeros = 0
      var result: Int32
      while true {
        // What comes behind the end belongs to the unencrypted connection.
        if view(object).pointee.hasSeenEnd { SSL_set_read_ahead(ssl, 0) }
        result = try operation.call(ssl) { SSL_shutdown(ssl) }
        if result > 0 { break }
        if result == 0 {
          // Twice at most: the other end may never answer.
          zeros += 1
          if zeros > 1 { break }
          view(object).pointee.hasSeenEnd = true
          continue
        }
        let isReading = operation.outcome.error == SslError.Number.wantRead
        if !(try operation.mayGoOn(isReading ? "read" : "write")) { break }
      }
      if result < 0 { throw failure(object, result, operation.outcome) }
      if chainException(object) { throw Raised() }
      return socket.map { $0.retained() } ?? noneObject().retained()
    }
  }

  static let verifyClient: Method = .noargs(
    "verify_client_post_handshake($self, /)", "Initiate TLS 1.3 post-handshake authentication."
  ) { object, _ in
    none {
      if SSL_verify_client_post_handshake(view(object).pointee.ssl) == 0 { throw SslError.raise() }
    }
  }
}
