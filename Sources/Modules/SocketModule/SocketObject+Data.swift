import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Sending and receiving bytes.
extension SocketObject {
  /// Receives into memory. Asking for nothing receives nothing.
  private static func receive(
    _ object: Ref, _ start: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32
  ) throws(Raised) -> Int {
    if count == 0 { return 0 }
    return try call(object, .reading) { Glibc.recv(view(object).pointee.sock_fd, start, count, flags) }
  }

  static let receive: Method = .fast(
    "recv",
    """
    recv(buffersize[, flags]) -> data

    Receive up to buffersize bytes, at least one unless the other end has closed: then, with all
    read, empty bytes.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("recv", args, count, least: 1, most: 2)
      let (size, flags) = (try a.size(0), try a.int32(1))
      if size < 0 { throw raise(.valueError, "negative buffersize in recv") }
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      defer { Py_XDECREF(bytes) }
      let got = try receive(object, PyBytes_AsString(bytes.unsafelyUnwrapped), size, flags)
      if got != size { try check(_PyBytes_Resize(&bytes, got)) }
      return try borrow(bytes).retained()
    }
  }

  private static let receiveIntoArguments: Method = .keywords(
    "recv_into(buffer, nbytes=0, flags=0)", "", { _, _, _, _ in nil })

  /// The writable memory of an argument, with the message of a bad one.
  private static func target(
    _ function: StaticString, _ object: Ref
  ) throws(Raised) -> BufferArgument {
    do throws(Raised) {
      return try BufferArgument(object, writable: true)
    } catch {
      PyErr_Clear()
      throw raise(
        .typeError,
        "\(function)() argument 1 must be read-write bytes-like object, not "
          + (object.isNone ? "None" : object.type.name))
    }
  }

  static let receiveInto: Method = .keywords(
    "recv_into",
    """
    recv_into(buffer, [nbytes[, flags]]) -> nbytes_read

    Like recv(), but into a writable buffer: as many bytes as it holds unless nbytes says less.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(receiveIntoArguments, args, count, names)
      let memory = try target("recv_into", a.object(0))
      var size = 0
      if let given = a[1] { size = try NumberConversion.size(given) }
      var flags: Int32 = 0
      if let given = a[2] { flags = try NumberConversion.int32(given) }
      if size < 0 { throw raise(.valueError, "negative buffersize in recv_into") }
      if size == 0 { size = memory.count }
      if size > memory.count { throw raise(.valueError, "buffer too small for requested bytes") }
      return try int(receive(object, memory.start, size, flags))
    }
  }

  private static func receive(
    from object: Ref, _ start: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32
  ) throws(Raised) -> (Int, SocketAddress) {
    var peer = SocketAddress()
    let got = try call(object, .reading) {
      let descriptor = view(object).pointee.sock_fd
      return peer.fill { apus_recvfrom(descriptor, start, count, flags, $0, $1) }
    }
    return (got, peer)
  }

  static let receiveFrom: Method = .fast(
    "recvfrom",
    "recvfrom(buffersize[, flags]) -> (data, address info)\n\nLike recv(), with the sender's address."
  ) { object, args, count in
    new {
      let a = try TupleArguments("recvfrom", args, count, least: 1, most: 2)
      let (size, flags) = (try a.size(0), try a.int32(1))
      if size < 0 { throw raise(.valueError, "negative buffersize in recvfrom") }
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      defer { Py_XDECREF(bytes) }
      let (got, peer) = try receive(
        from: object, PyBytes_AsString(bytes.unsafelyUnwrapped), size, flags)
      let sender = try address(object, peer)
      if got != size { try check(_PyBytes_Resize(&bytes, got)) }
      return try tuple(borrow(bytes).retained(), sender)
    }
  }

  private static let receiveFromIntoArguments: Method = .keywords(
    "recvfrom_into(buffer, nbytes=0, flags=0)", "", { _, _, _, _ in nil })

  static let receiveFromInto: Method = .keywords(
    "recvfrom_into",
    """
    recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)

    Like recv_into(), with the sender's address.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(receiveFromIntoArguments, args, count, names)
      let memory = try target("recvfrom_into", a.object(0))
      var size = 0
      if let given = a[1] { size = try NumberConversion.size(given) }
      var flags: Int32 = 0
      if let given = a[2] { flags = try NumberConversion.int32(given) }
      if size < 0 { throw raise(.valueError, "negative buffersize in recvfrom_into") }
      if size == 0 { size = memory.count }
      if size > memory.count {
        throw raise(.valueError, "nbytes is greater than the length of the buffer")
      }
      let (got, peer) = try receive(from: object, memory.start, size, flags)
      return try tuple(int(got), address(object, peer))
    }
  }

  static let send: Method = .fast(
    "send",
    """
    send(data[, flags]) -> count

    Send bytes, perhaps not all of them: the number sent is returned.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("send", args, count, least: 1, most: 2)
      let data = try a.buffer(0)
      let flags = try a.int32(1)
      let (start, size) = (data.start, data.count)
      return try int(
        call(object, .writing) { Glibc.send(view(object).pointee.sock_fd, start, size, flags) })
    }
  }

  static let sendAll: Method = .fast(
    "sendall",
    """
    sendall(data[, flags])

    Send all of the bytes. After an error it cannot be said how many were sent.
    """
  ) { object, args, count in
    none {
      let a = try TupleArguments("sendall", args, count, least: 1, most: 2)
      let data = try a.buffer(0)
      let flags = try a.int32(1)
      let timeout = view(object).pointee.sock_timeout
      let deadline = timeout > 0 ? Timeout.deadline(timeout) : 0
      var sent = 0
      while sent < data.count {
        var left = timeout
        if timeout > 0 && sent > 0 {
          left = deadline - Timeout.now()
          if left <= 0 { throw timedOut() }
        }
        let (start, size) = (data.start.map { $0 + sent }, data.count - sent)
        sent += try call(object, .writing, timeout: left) {
          Glibc.send(view(object).pointee.sock_fd, start, size, flags)
        }
        // A signal may have come while sending.
        try check(PyErr_CheckSignals())
      }
    }
  }

  static let sendTo: Method = .fast(
    "sendto",
    """
    sendto(data[, flags], address) -> count

    Like send(), to an address: (host, port) for IP.
    """
  ) { object, args, count in
    new {
      guard count == 2 || count == 3 else {
        throw raise(.typeError, "sendto() takes 2 or 3 arguments (\(count) given)")
      }
      let a = try TupleArguments("sendto", args, count, least: 2, most: 3)
      let data = try a.buffer(0)
      let flags = count == 3 ? try a.int32(1) : 0
      let given = a.object(count - 1)
      let address = try SocketAddress.parse(given, for: object, "sendto")
      try audit("socket.sendto", tuple(object.retained(), given.retained()))
      let (start, size) = (data.start, data.count)
      return try int(
        call(object, .writing) {
          let descriptor = view(object).pointee.sock_fd
          return address.withBytes {
            apus_sendto(descriptor, start, size, flags, $0, address.length)
          }
        })
    }
  }
}
