import CPythonABI
import CSockets
import Glibc
import Objects
import SystemCalls

/// Addresses as Python gives them. CPython: Modules/socketmodule.c, getsockaddrarg.
extension SocketAddress {
  /// The address for a socket. `function` names the caller in messages.
  static func parse(
    _ object: Ref, for socket: Ref, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    let state = SocketObject.view(socket).pointee
    switch state.sock_family {
    case AF_UNIX: return try path(object)
    case AF_INET, Family.rds: return try internet(object, function, state.sock_family)
    case AF_INET6: return try internet6(object, function)
    case Family.netlink:
      let items = try parts(
        object, function, "AF_NETLINK", 2...2, "AF_NETLINK address must be a pair (pid, groups)")
      var address = SocketAddress(family: Family.netlink, length: 12)
      address.store(try word(items, 0), at: 4)
      address.store(try word(items, 1), at: 8)
      return address
    case Family.qualcomm:
      let items = try parts(
        object, function, "AF_QIPCRTR", 2...2, "AF_QIPCRTR address must be a pair (node, port)")
      var address = SocketAddress(family: Family.qualcomm, length: 12)
      address.store(try word(items, 0), at: 4)
      address.store(try word(items, 1), at: 8)
      return address
    case Family.virtual:
      let items = try parts(
        object, function, "AF_VSOCK", 2...2, "\(function)(): AF_VSOCK address must be a pair (CID, port)")
      var address = SocketAddress(family: Family.virtual, length: 16)
      address.store(try word(items, 0), at: 8)
      address.store(try word(items, 1), at: 4)
      return address
    case Family.packet: return try packet(object, state.sock_fd, function)
    case Family.can: return try controllerArea(object, state, function)
    case Family.tipc: return try cluster(object, function)
    case Family.crypto: return try crypto(object, function)
    default: throw raise(.osError, "\(function)(): bad family")
    }
  }

  /// The items of an address tuple.
  private static func parts(
    _ object: Ref, _ function: StaticString, _ family: StaticString, _ counts: ClosedRange<Int>,
    _ shape: @autoclosure () -> String
  ) throws(Raised) -> UnsafeMutablePointer<Ref?> {
    guard object.isTuple else {
      throw raise(
        .typeError, "\(function)(): \(family) address must be tuple, not \(object.type.fullName)")
    }
    guard counts.contains(apus_var_size(object)) else { throw raise(.typeError, shape()) }
    return UnsafeMutableRawPointer(apus_tuple_items(object)).assumingMemoryBound(to: Ref?.self)
  }

  private static func item(_ items: UnsafeMutablePointer<Ref?>, _ index: Int) -> Ref {
    items[index] ?? noneObject()
  }

  private static func word(
    _ items: UnsafeMutablePointer<Ref?>, _ index: Int
  ) throws(Raised) -> UInt32 {
    UInt32(truncatingIfNeeded: try NumberConversion.mask(item(items, index)))
  }

  // MARK: Files and the internet

  private static func path(_ object: Ref) throws(Raised) -> SocketAddress {
    let encoded = object.isStr ? try own(PyUnicode_EncodeFSDefault(object)) : object.retained()
    let bytes = try BufferArgument(encoded.ref)
    let isAbstract =
      bytes.count > 0 && bytes.start.map { $0.load(as: UInt8.self) == 0 } ?? false
    // 108 bytes, a NUL at the end of a path included.
    if bytes.count > 108 || (!isAbstract && bytes.count == 108) {
      throw raise(.osError, "AF_UNIX path too long")
    }
    var address = SocketAddress(family: AF_UNIX, length: 2 + bytes.count)
    if let start = bytes.start { address.copy(start, count: bytes.count, at: 2) }
    return address
  }

  /// A port number: an `'i'`, whose overflow is reported as a bad port.
  private static func port(_ object: Ref, _ function: StaticString) throws(Raised) -> Int32 {
    do throws(Raised) {
      return try NumberConversion.int32(object)
    } catch {
      if PyErr_ExceptionMatches(.overflowError) == 0 { throw error }
      PyErr_Clear()
      throw raise(.overflowError, "\(function)(): port must be 0-65535.")
    }
  }

  private static func checkPort(_ port: Int32, _ function: StaticString) throws(Raised) -> UInt16 {
    guard let number = UInt16(exactly: port) else {
      throw raise(.overflowError, "\(function)(): port must be 0-65535.")
    }
    return number.bigEndian
  }

  private static func internet(
    _ object: Ref, _ function: StaticString, _ family: Int32
  ) throws(Raised) -> SocketAddress {
    let items = try parts(
      object, function, "AF_INET", 2...2, "AF_INET address must be a pair (host, port)")
    let host = try HostName(item(items, 0))
    let number = try port(item(items, 1), function)
    var address = try HostName.resolve(host.text, AF_INET)
    address.store(try checkPort(number, function), at: 2)
    address.length = 16
    return address
  }

  private static func internet6(
    _ object: Ref, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    let items = try parts(
      object, function, "AF_INET6", 2...4,
      "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])")
    let count = apus_var_size(object)
    let host = try HostName(item(items, 0))
    let number = try port(item(items, 1), function)
    let flow = count > 2 ? try word(items, 2) : 0
    let scope = count > 3 ? try word(items, 3) : 0
    var address = try HostName.resolve(host.text, AF_INET6)
    let port = try checkPort(number, function)
    if flow > 0xFFFFF {
      throw raise(.overflowError, "\(function)(): flowinfo must be 0-1048575.")
    }
    address.store(sa_family_t(AF_INET6), at: 0)
    address.store(port, at: 2)
    address.store(flow.bigEndian, at: 4)
    if scope != 0 || count > 3 { address.store(scope, at: 24) }
    address.length = 28
    return address
  }

  // MARK: Linux

  private static func interface(
    _ object: Ref, _ descriptor: Int32
  ) throws(Raised) -> Int32 {
    var encoded: Ref?
    if PyUnicode_FSConverter(object, &encoded) == 0 { throw Raised() }
    let bytes = try own(encoded)
    var index: Int32 = 0
    guard let name = PyBytes_AsString(bytes.ref) else { throw Raised() }
    if apus_interface_index(descriptor, name, &index) < 0 { throw raiseSystemError() }
    return index
  }

  private static func packet(
    _ object: Ref, _ descriptor: Int32, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    let shape = "AF_PACKET address must be a tuple of two to five elements"
    let items = try parts(object, function, "AF_PACKET", 2...5, shape)
    let count = apus_var_size(object)
    guard item(items, 0).isStr else { throw raise(.typeError, shape) }
    let proto = try NumberConversion.int32(item(items, 1))
    let kind = count > 2 ? try NumberConversion.int32(item(items, 2)) : 0
    let hardware = count > 3 ? try NumberConversion.int32(item(items, 3)) : 0
    var address = SocketAddress(family: Family.packet, length: 20)
    if count > 4 {
      let bytes = try BufferArgument(item(items, 4))
      if bytes.count > 8 {
        throw raise(.valueError, "Hardware address must be 8 bytes or less")
      }
      if let start = bytes.start { address.copy(start, count: bytes.count, at: 12) }
      address.store(UInt8(truncatingIfNeeded: bytes.count), at: 11)
    }
    let index = try interface(item(items, 0), descriptor)
    guard let wide = UInt16(exactly: proto) else {
      throw raise(.overflowError, "\(function)(): proto must be 0-65535.")
    }
    address.store(wide.bigEndian, at: 2)
    address.store(index, at: 4)
    address.store(UInt16(truncatingIfNeeded: hardware), at: 8)
    address.store(UInt8(truncatingIfNeeded: kind), at: 10)
    return address
  }

  /// The interface of a CAN address; an empty name stands for all.
  private static func canInterface(_ object: Ref, _ descriptor: Int32) throws(Raised) -> Int32 {
    var encoded: Ref?
    if PyUnicode_FSConverter(object, &encoded) == 0 { throw Raised() }
    let bytes = try own(encoded)
    let count = apus_var_size(bytes.ref)
    if count == 0 { return 0 }
    if count >= 16 { throw raise(.osError, "AF_CAN interface name too long") }
    var index: Int32 = 0
    guard let name = PyBytes_AsString(bytes.ref) else { throw Raised() }
    if apus_interface_index(descriptor, name, &index) < 0 { throw raiseSystemError() }
    return index
  }

  private static func controllerArea(
    _ object: Ref, _ state: SocketObject.Layout, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    var address = SocketAddress(family: Family.can, length: 24)
    switch state.sock_proto {
    case CAN.raw, CAN.broadcast:
      let items = try parts(
        object, function, "AF_CAN", 1...1, "AF_CAN address must be a tuple (interface, )")
      address.store(try canInterface(item(items, 0), state.sock_fd), at: 4)
    case CAN.isotp:
      let items = try parts(
        object, function, "AF_CAN", 3...3,
        "AF_CAN address must be a tuple (interface, rx_id, tx_id)")
      let (receive, transmit) = (try word(items, 1), try word(items, 2))
      address.store(try canInterface(item(items, 0), state.sock_fd), at: 4)
      address.store(receive, at: 8)
      address.store(transmit, at: 12)
    case CAN.j1939:
      let items = try parts(
        object, function, "AF_CAN", 4...4,
        "AF_CAN address must be a tuple (ifname, j1939_name, j1939_pgn, j1939_addr)")
      let name = try NumberConversion.mask(item(items, 1))
      let group = try word(items, 2)
      let target = try NumberConversion.mask(item(items, 3))
      address.store(try canInterface(item(items, 0), state.sock_fd), at: 4)
      address.store(UInt64(name), at: 8)
      address.store(group, at: 16)
      address.store(UInt8(truncatingIfNeeded: target), at: 20)
    default:
      throw raise(.osError, "\(function)(): unsupported CAN protocol")
    }
    return address
  }

  private static func cluster(
    _ object: Ref, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    let items = try parts(
      object, function, "AF_TIPC", 4...5,
      "AF_TIPC address must be a tuple (addr_type, v1, v2, v3[, scope])")
    let kind = UInt8(truncatingIfNeeded: try word(items, 0))
    let (first, second, third) = (try word(items, 1), try word(items, 2), try word(items, 3))
    // TIPC_CLUSTER_SCOPE
    let scope = apus_var_size(object) > 4 ? try word(items, 4) : 2
    var address = SocketAddress(family: Family.tipc, length: 16)
    address.store(kind, at: 2)
    address.store(Int8(truncatingIfNeeded: Int(scope)), at: 3)
    address.store(first, at: 4)
    address.store(second, at: 8)
    switch kind {
    case TIPC.sequence: address.store(third, at: 12)
    case TIPC.name, TIPC.identity: break
    default: throw raise(.typeError, "\(function)(): invalid address type")
    }
    return address
  }

  private static func crypto(
    _ object: Ref, _ function: StaticString
  ) throws(Raised) -> SocketAddress {
    let shape = "AF_ALG address must be a tuple of 2 to 4 elements"
    let items = try parts(object, function, "AF_ALG", 2...4, shape)
    guard item(items, 0).isStr, item(items, 1).isStr else { throw raise(.typeError, shape) }
    let type = try NumberConversion.cText(item(items, 0))
    let name = try NumberConversion.cText(item(items, 1))
    var address = SocketAddress(family: Family.crypto, length: 88)
    if apus_var_size(object) > 2 { address.store(try word(items, 2), at: 16) }
    if apus_var_size(object) > 3 { address.store(try word(items, 3), at: 20) }
    let (typeCount, nameCount) = (strlen(type), strlen(name))
    if typeCount > 14 { throw raise(.valueError, "AF_ALG type too long.") }
    if nameCount > 64 { throw raise(.valueError, "AF_ALG name too long.") }
    address.copy(type, count: typeCount, at: 2)
    address.copy(name, count: nameCount, at: 24)
    return address
  }
}
