import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Binding, connecting, accepting and options.
extension SocketObject {
  static func address(_ object: Ref, _ address: SocketAddress) throws(Raised) -> Owned {
    let state = view(object).pointee
    return try address.object(descriptor: state.sock_fd, proto: state.sock_proto)
  }

  static let accept: Method = .noargs(
    "_accept($self, /)",
    """
    _accept() -> (integer, address info)

    Wait for a connection. Returns the descriptor of its socket and the address of the other end.
    """
  ) { object, _ in
    new {
      var peer = SocketAddress()
      let descriptor = try call(object, .reading) {
        let listener = view(object).pointee.sock_fd
        return Int(peer.fill { apus_accept(listener, $0, $1) })
      }
      do throws(Raised) {
        return try tuple(int(descriptor), address(object, peer))
      } catch {
        _ = Glibc.close(Int32(truncatingIfNeeded: descriptor))
        throw error
      }
    }
  }

  static let bind: Method = .o(
    "bind($self, object, /)",
    """
    bind(address)

    Bind the socket to a local address: (host, port) for IP, (interface, protocol [, packet type
    [, hardware type [, address]]]) for raw packets.
    """
  ) { object, given in
    none {
      let address = try SocketAddress.parse(given, for: object, "bind")
      try audit("socket.bind", tuple(object.retained(), given.retained()))
      let descriptor = view(object).pointee.sock_fd
      try systemCall { address.withBytes { apus_bind(descriptor, $0, address.length) } }
    }
  }

  /// Connects; the error number instead of an exception when `raises` is false.
  private static func connect(
    _ object: Ref, _ address: SocketAddress, raises: Bool
  ) throws(Raised) -> Int32 {
    let descriptor = view(object).pointee.sock_fd
    let result = withoutGIL { address.withBytes { apus_connect(descriptor, $0, address.length) } }
    if result >= 0 { return 0 }
    let number = errno
    let timeout = view(object).pointee.sock_timeout
    let waits = number == EINTR ? timeout != 0 : timeout > 0 && number == EINPROGRESS
    if !waits {
      if raises { throw raiseSystemError(number: number) }
      return number
    }
    if number == EINTR { try check(PyErr_CheckSignals()) }
    var failure: Int32 = 0
    do throws(Raised) {
      try call(object, .connecting, timeout: timeout) {
        var pending: Int32 = 0
        var size = socklen_t(4)
        if getsockopt(view(object).pointee.sock_fd, SOL_SOCKET, SO_ERROR, &pending, &size) != 0 {
          failure = errno
          return -1
        }
        if pending == 0 || pending == EISCONN { return 0 }
        failure = pending
        errno = pending
        return -1
      }
    } catch {
      if raises { throw error }
      if PyErr_ExceptionMatches(.timeoutError) != 0 && failure == 0 {
        PyErr_Clear()
        return EWOULDBLOCK
      }
      if failure == 0 { throw error }
      PyErr_Clear()
      return failure
    }
    return 0
  }

  static let connect: Method = .o(
    "connect($self, object, /)",
    "connect(address)\n\nConnect the socket to a remote address: (host, port) for IP."
  ) { object, given in
    none {
      let address = try SocketAddress.parse(given, for: object, "connect")
      try audit("socket.connect", tuple(object.retained(), given.retained()))
      _ = try connect(object, address, raises: true)
    }
  }

  static let connectStatus: Method = .o(
    "connect_ex($self, object, /)",
    "connect_ex(address) -> errno\n\nLike connect(), but an error of the system's is returned as its number."
  ) { object, given in
    new {
      let address = try SocketAddress.parse(given, for: object, "connect_ex")
      try audit("socket.connect", tuple(object.retained(), given.retained()))
      return try int(Int(connect(object, address, raises: false)))
    }
  }

  static let getSocketName: Method = .noargs(
    "getsockname($self, /)",
    """
    getsockname() -> address info

    The address of this end: (host, port) for IPv4, (host, port, flowinfo, scope_id) for IPv6.
    """
  ) { object, _ in
    new {
      var own = SocketAddress()
      let descriptor = view(object).pointee.sock_fd
      try systemCall { own.fill { apus_getsockname(descriptor, $0, $1) } }
      return try address(object, own)
    }
  }

  static let getPeerName: Method = .noargs(
    "getpeername($self, /)", "getpeername() -> address info\n\nThe address of the other end."
  ) { object, _ in
    new {
      var peer = SocketAddress()
      let descriptor = view(object).pointee.sock_fd
      try systemCall { peer.fill { apus_getpeername(descriptor, $0, $1) } }
      return try address(object, peer)
    }
  }

  static let listen: Method = .fast(
    "listen",
    """
    listen([backlog])

    Accept connections from now on. The backlog is how many may wait to be accepted; without it a
    reasonable number is taken.
    """
  ) { object, args, count in
    none {
      let a = try TupleArguments("listen", args, count, least: 0, most: 1)
      let backlog = Swift.max(0, try a.int32(0, default: Swift.min(SOMAXCONN, 128)))
      let descriptor = view(object).pointee.sock_fd
      try systemCall { Glibc.listen(descriptor, backlog) }
    }
  }

  static let shutDown: Method = .o(
    "shutdown($self, object, /)",
    "shutdown(flag)\n\nEnd reading (SHUT_RD), writing (SHUT_WR) or both (SHUT_RDWR)."
  ) { object, given in
    none {
      let how = PyLong_AsInt(given)
      if how == -1 && hasRaised() { throw Raised() }
      let descriptor = view(object).pointee.sock_fd
      try systemCall { shutdown(descriptor, how) }
    }
  }

  // MARK: Options

  /// The value of an option that is a C int.
  static func option(_ descriptor: Int32, _ level: Int32, _ name: Int32) throws(Raised) -> Int32 {
    var value: Int32 = 0
    var size = socklen_t(4)
    if getsockopt(descriptor, level, name, &value, &size) < 0 { throw raiseSystemError() }
    return value
  }

  static let getOption: Method = .fast(
    "getsockopt",
    """
    getsockopt(level, option[, buffersize]) -> value

    A socket option: an int, or bytes when a buffer size is given.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("getsockopt", args, count, least: 2, most: 3)
      let (level, name, size) = (try a.int32(0), try a.int32(1), try a.int32(2))
      let descriptor = view(object).pointee.sock_fd
      if size == 0 {
        if view(object).pointee.sock_family == SocketAddress.Family.virtual {
          var value: UInt64 = 0
          var room = socklen_t(8)
          if getsockopt(descriptor, level, name, &value, &room) < 0 { throw raiseSystemError() }
          return try own(PyLong_FromUnsignedLongLong(value))
        }
        return try int(Int(option(descriptor, level, name)))
      }
      if view(object).pointee.sock_family == SocketAddress.Family.virtual {
        throw raise(.osError, "getsockopt string buffer not allowed")
      }
      if size < 0 || size > 1024 { throw raise(.osError, "getsockopt buflen out of range") }
      var room = socklen_t(size)
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: Int(size))
      defer { memory.deallocate() }
      if getsockopt(descriptor, level, name, memory, &room) < 0 { throw raiseSystemError() }
      return try own(PyBytes_FromStringAndSize(memory, Int(room)))
    }
  }

  static let setOption: Method = .fast(
    "setsockopt",
    """
    setsockopt(level, option, value: int)
    setsockopt(level, option, value: buffer)
    setsockopt(level, option, None, optlen: int)

    Set a socket option to an int, to bytes, or to no value of a given length.
    """
  ) { object, args, count in
    none {
      // Four arguments are only right when the third is None.
      let isEmpty =
        count == 4 && args.map { $0[2].isNone && PyIndex_Check($0[3]) != 0 } ?? false
      let a = try TupleArguments(
        "setsockopt", args, count, least: isEmpty ? 4 : 3, most: isEmpty ? 4 : 3)
      let (level, name) = (try a.int32(0), try a.int32(1))
      let descriptor = view(object).pointee.sock_fd
      if isEmpty {
        let size = UInt32(truncatingIfNeeded: try NumberConversion.mask(a.object(3)))
        try systemCall { setsockopt(descriptor, level, name, nil, size) }
      } else if view(object).pointee.sock_family == SocketAddress.Family.virtual && a.object(2).isInt {
        var value = UInt64(try NumberConversion.mask(a.object(2)))
        try systemCall { setsockopt(descriptor, level, name, &value, 8) }
      } else if PyIndex_Check(a.object(2)) != 0 {
        var value = try a.int32(2)
        try systemCall { setsockopt(descriptor, level, name, &value, 4) }
      } else {
        let bytes = try a.buffer(2)
        guard bytes.count <= Int(Int32.max) else {
          throw raise(.overflowError, "Python int too large to convert to C int")
        }
        let (start, size) = (bytes.start, socklen_t(bytes.count))
        try systemCall { setsockopt(descriptor, level, name, start, size) }
      }
    }
  }
}
