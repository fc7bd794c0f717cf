import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_socket`. CPython: Modules/socketmodule.c.
public let socketModule = ModuleSpec(
  "_socket", doc: "The system's sockets; the module socket has what programs use.",
  methods: NameFunctions.methods + NumberFunctions.methods + InterfaceFunctions.methods
    + [closeFunction, duplicate, socketPair, getDefaultTimeout, setDefaultTimeout],
  exec: { module in
    status {
      try SocketObject.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "error", .osError))
      try addError(module, "herror", &ResolverError.hostClass)
      try addError(module, "gaierror", &ResolverError.addressClass)
      try check(PyModule_AddObjectRef(module, "timeout", .timeoutError))
      try check(PyModule_AddObjectRef(module, "SocketType", SocketObject.type.object))
      try check(PyModule_AddObjectRef(module, "socket", SocketObject.type.object))
      try check(PyModule_AddObjectRef(module, "has_ipv6", trueObject()))
      var row = apus_socket_table()
      while let name = row.pointee.name {
        let value = try int(row.pointee.value)
        try check(PyModule_AddObjectRef(module, name, value.ref))
        row += 1
      }
      try addInterface(module)
    }
  })

/// Makes `socket.herror` or `socket.gaierror` once.
private func addError(
  _ module: Ref, _ name: StaticString, _ kept: inout Ref?
) throws(Raised) {
  if kept == nil {
    InterpreterEnd.add("_socket") {
      InterpreterEnd.drop(&ResolverError.addressClass)
      InterpreterEnd.drop(&ResolverError.hostClass)
      SocketObject.defaultTimeout = -1
    }
    kept = try own(PyErr_NewException(PermanentMemory.string("socket.\(name)"), .osError, nil)).give()
  }
  try check(PyModule_AddObjectRef(module, cString(name), borrow(kept)))
}

/// What `_socket.CAPI` points to (PySocketModule_APIObject).
private struct SocketInterface {
  var type: TypeRef
  var error: Ref
  var timeoutError: Ref
}

private func addInterface(_ module: Ref) throws(Raised) {
  let table = PermanentMemory.allocate(SocketInterface.self, count: 1)
  table.initialize(
    to: SocketInterface(type: SocketObject.type, error: .osError, timeoutError: .timeoutError))
  let capsule = try own(PyCapsule_New(table, cString("_socket.CAPI"), nil))
  try check(PyModule_AddObjectRef(module, "CAPI", capsule.ref))
}

private let closeFunction: Method = .o(
  "close($self, object, /)",
  "close(integer) -> None\n\nClose the descriptor of a socket. os.close() may not do for sockets everywhere."
) { _, given in
  none {
    let descriptor = PyLong_AsInt(given)
    if descriptor == -1 && hasRaised() { throw Raised() }
    if withoutGIL({ close(descriptor) }) < 0 && errno != ECONNRESET { throw raiseSystemError() }
  }
}

private let duplicate: Method = .o(
  "dup($self, object, /)",
  "dup(integer) -> integer\n\nA second descriptor of a socket, which child processes do not inherit."
) { _, given in
  new {
    let descriptor = PyLong_AsInt(given)
    if descriptor == -1 && hasRaised() { throw Raised() }
    return try int(Int(systemCall { apus_duplicate(descriptor) }))
  }
}

private let socketPair: Method = .fast(
  "socketpair",
  """
  socketpair([family[, type [, proto]]]) -> (socket object, socket object)

  Make two connected sockets, of AF_UNIX unless told otherwise.
  """
) { _, args, count in
  new {
    let a = try TupleArguments("socketpair", args, count, least: 0, most: 3)
    let family = try a.int32(0, default: AF_UNIX)
    let type = try a.int32(1, default: Int32(SOCK_STREAM.rawValue))
    let proto = try a.int32(2)
    var ends: (Int32, Int32) = (-1, -1)
    try withUnsafeMutableBytes(of: &ends) { memory throws(Raised) in
      let pair = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self)
      try systemCall { apus_socketpair(family, type, proto, pair) }
    }
    let first: Ref
    do throws(Raised) {
      first = try SocketObject.make(ends.0, family, type, proto).give()
    } catch {
      _ = close(ends.0)
      _ = close(ends.1)
      throw error
    }
    do throws(Raised) {
      let second = try SocketObject.make(ends.1, family, type, proto)
      return try tuple(Owned(adopting: first), second)
    } catch {
      Py_DECREF(first)
      _ = close(ends.1)
      throw error
    }
  }
}

private let getDefaultTimeout: Method = .noargs(
  "getdefaulttimeout($self, /)",
  "getdefaulttimeout() -> timeout\n\nThe timeout in seconds that new sockets have; None without one."
) { _, _ in
  let span = SocketObject.defaultTimeout
  return span < 0 ? noneObject() : PyFloat_FromDouble(Double(span) / 1e9)
}

private let setDefaultTimeout: Method = .o(
  "setdefaulttimeout($self, object, /)",
  "setdefaulttimeout(timeout)\n\nSet the timeout in seconds that new sockets have; None for none."
) { _, given in
  none { SocketObject.defaultTimeout = try SocketObject.parseTimeout(given) }
}
