import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_socket.socket`. CPython: Modules/socketmodule.c.
public enum SocketObject {
  /// CPython's PySocketSockObject, which users of the CAPI capsule read.
  public struct Layout {
    var ob_base: PyObject
    /// -1 when closed.
    public var sock_fd: Int32
    public var sock_family: Int32
    public var sock_type: Int32
    public var sock_proto: Int32
    var errorhandler: UnsafeMutableRawPointer?
    /// Nanoseconds; -1 blocks for ever, 0 never.
    public var sock_timeout: Int
  }

  public static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) public static let type = PermanentMemory.type()
  /// The timeout of new sockets, as `sock_timeout`.
  nonisolated(unsafe) static var defaultTimeout = -1

  static let spec = TypeSpec(
    type, "_socket.socket", basicSize: 56, flags: [.baseType, .haveGC],
    doc: """
      socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
      socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object

      One end of a connection. The descriptor it opens is not inherited by child processes. With a
      fileno, what is not given is found out from the descriptor.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in
        guard let object = PyType_GenericAlloc(type, 0) else { return nil }
        view(object).pointee.sock_fd = -1
        view(object).pointee.sock_timeout = defaultTimeout
        return object
      },
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_repr { object in
        let state = view(object).pointee
        return newString(
          "<socket object, fd=\(state.sock_fd), family=\(state.sock_family), "
            + "type=\(state.sock_type), proto=\(state.sock_proto)>")
      },
      .tp_traverse { _, _, _ in 0 },
      .tp_finalize { finalize($0) },
      .tp_dealloc { object in
        if PyObject_CallFinalizerFromDealloc(object) < 0 { return }
        object.untrackIfNeeded()
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ],
    methods: [
      accept, bind, close, connect, connectStatus, detach, fileno, getPeerName, getSocketName,
      getOption, listen, receive, receiveInto, receiveFrom, receiveFromInto, send, sendAll, sendTo,
      setBlocking, getBlocking, setTimeout, getTimeout, setOption, shutDown, receiveMessage,
      receiveMessageInto, sendMessage, sendCryptoMessage,
    ],
    members: [
      Member("family", Py_T_INT, offset: 20, flags: Py_READONLY, "the socket family"),
      Member("type", Py_T_INT, offset: 24, flags: Py_READONLY, "the socket type"),
      Member("proto", Py_T_INT, offset: 28, flags: Py_READONLY, "the socket protocol"),
    ],
    properties: [
      Property("timeout", "the socket timeout", get: { object, _ in new { try timeout(object) } })
    ])

  // MARK: Life

  private static let arguments: Method = .variableKeywords(
    "socket(family=-1, type=-1, proto=-1, fileno=None)", "", { _, _, _ in nil })

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let a = try Arguments(arguments, tuple: args, keywords: keywords)
    var family: Int32 = -1
    var type: Int32 = -1
    var proto: Int32 = -1
    if let given = a[0] { family = try NumberConversion.int32(given) }
    if let given = a[1] { type = try NumberConversion.int32(given) }
    if let given = a[2] { proto = try NumberConversion.int32(given) }
    try audit(
      "socket.__new__",
      tuple(object.retained(), int(Int(family)), int(Int(type)), int(Int(proto))))
    let descriptor: Int32
    if let given = a.optional(3) {
      descriptor = PyLong_AsInt(given)
      if descriptor == -1 && hasRaised() { throw Raised() }
      if descriptor < 0 { throw raise(.valueError, "negative file descriptor") }
      var address = SocketAddress()
      if address.fill({ apus_getsockname(descriptor, $0, $1) }) < 0 {
        if family == -1 || errno == EBADF || errno == ENOTSOCK { throw raiseSystemError() }
      } else if family == -1 {
        family = address.family
      }
      if type == -1 { type = try option(descriptor, SOL_SOCKET, SO_TYPE) }
      if proto == -1 { proto = try option(descriptor, SOL_SOCKET, SO_PROTOCOL) }
    } else {
      if family == -1 { family = AF_INET }
      if type == -1 { type = Int32(SOCK_STREAM.rawValue) }
      if proto == -1 { proto = 0 }
      let (domain, kind, number) = (family, type | closeOnExec, proto)
      descriptor = try systemCall { Glibc.socket(domain, kind, number) }
    }
    do throws(Raised) {
      try assign(object, descriptor, family, type, proto)
    } catch {
      if a.optional(3) == nil { _ = Glibc.close(descriptor) }
      throw error
    }
  }

  private static let SO_PROTOCOL: Int32 = 38
  private static let closeOnExec = O_CLOEXEC
  private static let nonBlocking = O_NONBLOCK

  /// Fills a socket object. With a default timeout the descriptor becomes non-blocking.
  static func assign(
    _ object: Ref, _ descriptor: Int32, _ family: Int32, _ type: Int32, _ proto: Int32
  ) throws(Raised) {
    let state = view(object)
    state.pointee.sock_fd = descriptor
    state.pointee.sock_family = family
    state.pointee.sock_type = type & ~(closeOnExec | nonBlocking)
    state.pointee.sock_proto = proto
    if type & nonBlocking != 0 {
      state.pointee.sock_timeout = 0
    } else {
      state.pointee.sock_timeout = defaultTimeout
      if defaultTimeout >= 0 { try systemCall { apus_set_blocking(descriptor, 0) } }
    }
  }

  /// A new object of the type itself, for socketpair().
  static func make(
    _ descriptor: Int32, _ family: Int32, _ type: Int32, _ proto: Int32
  ) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(self.type, 0))
    view(object.ref).pointee.sock_fd = -1
    try assign(object.ref, descriptor, family, type, proto)
    return object
  }

  /// Closes a socket nobody closed, with a ResourceWarning.
  private static func finalize(_ object: Ref) {
    let descriptor = view(object).pointee.sock_fd
    if descriptor == -1 { return }
    let pending = PyErr_GetRaisedException()
    if let shown = PyObject_Repr(object) {
      do throws(Raised) {
        try warn(.resourceWarning, "unclosed \(text(of: shown))")
      } catch {
        if PyErr_ExceptionMatches(.warning) != 0 { PyErr_WriteUnraisable(object) }
      }
      Py_DECREF(shown)
    }
    PyErr_Clear()
    view(object).pointee.sock_fd = -1
    _ = withoutGIL { Glibc.close(descriptor) }
    PyErr_SetRaisedException(pending)
  }

  static let close: Method = .noargs(
    "close($self, /)", "close()\n\nClose the socket. It can no longer be used."
  ) { object, _ in
    none {
      let descriptor = view(object).pointee.sock_fd
      if descriptor == -1 { return }
      view(object).pointee.sock_fd = -1
      // The other end may have gone already.
      if withoutGIL({ Glibc.close(descriptor) }) < 0 && errno != ECONNRESET {
        throw raiseSystemError()
      }
    }
  }

  static let detach: Method = .noargs(
    "detach($self, /)",
    "detach()\n\nTake the descriptor away from the object, which is closed without it, and return it."
  ) { object, _ in
    let descriptor = view(object).pointee.sock_fd
    view(object).pointee.sock_fd = -1
    return PyLong_FromLong(Int(descriptor))
  }

  static let fileno: Method = .noargs(
    "fileno($self, /)", "fileno() -> integer\n\nThe descriptor; -1 when closed."
  ) { object, _ in PyLong_FromLong(Int(view(object).pointee.sock_fd)) }

  // MARK: Blocking and timeouts

  private static func timeout(_ object: Ref) throws(Raised) -> Owned {
    let span = view(object).pointee.sock_timeout
    if span < 0 { return noneObject().retained() }
    return try own(PyFloat_FromDouble(Double(span) / 1e9))
  }

  /// A timeout argument: -1 for None, else nanoseconds.
  static func parseTimeout(_ object: Ref) throws(Raised) -> Int {
    if object.isNone { return -1 }
    let span = try Timeout.nanoseconds(object, .up)
    if span < 0 { throw raise(.valueError, "Timeout value out of range") }
    if span / 1_000_000 >= Int(Int32.max) {
      throw raise(.overflowError, "timeout doesn't fit into C timeval")
    }
    return span
  }

  private static func setBlocking(_ object: Ref, _ blocking: Bool) throws(Raised) {
    let descriptor = view(object).pointee.sock_fd
    try systemCall { apus_set_blocking(descriptor, blocking ? 1 : 0) }
  }

  static let setBlocking: Method = .o(
    "setblocking($self, object, /)",
    "setblocking(flag)\n\nSet the socket to blocking (true) or non-blocking mode: settimeout(None) or settimeout(0.0)."
  ) { object, flag in
    none {
      let blocking = try check(PyObject_IsTrue(flag)) != 0
      view(object).pointee.sock_timeout = blocking ? -1 : 0
      try setBlocking(object, blocking)
    }
  }

  static let getBlocking: Method = .noargs(
    "getblocking($self, /)", "getblocking()\n\nWhether the socket is in blocking mode."
  ) { object, _ in boolObject(view(object).pointee.sock_timeout != 0) }

  static let setTimeout: Method = .o(
    "settimeout($self, object, /)",
    "settimeout(timeout)\n\nSet how many seconds an operation may take: a float; None without limit; zero never waits."
  ) { object, given in
    none {
      let span = try parseTimeout(given)
      view(object).pointee.sock_timeout = span
      try setBlocking(object, span < 0)
    }
  }

  static let getTimeout: Method = .noargs(
    "gettimeout($self, /)", "gettimeout() -> timeout\n\nThe timeout in seconds, None without one."
  ) { object, _ in new { try timeout(object) } }
}
