import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Names of hosts, services and protocols.
enum NameFunctions {
  static let methods = [
    hostByName, hostByNameExtended, hostByAddress, serviceByName, serviceByPort, protocolByName,
    addressInfo, nameInfo,
  ]

  /// A host argument (`et` with IDNA): str, bytes or bytearray.
  private static func host(_ a: TupleArguments) throws(Raised) -> HostName {
    let given = a.object(0)
    guard given.isStr || given.isBytes || given.isInstance(of: byteArrayType()) else {
      throw a.bad(0, "str, bytes or bytearray")
    }
    return try HostName(given)
  }

  private static let hostByName: Method = .fast(
    "gethostbyname",
    "gethostbyname(host) -> address\n\nThe IPv4 address of a host, as text."
  ) { _, args, count in
    new {
      let a = try TupleArguments("gethostbyname", args, count, least: 1, most: 1)
      let name = try host(a)
      try audit("socket.gethostbyname", tuple(a.object(0).retained()))
      return try HostName.resolve(name.text, AF_INET).text(AF_INET, at: 4)
    }
  }

  /// The triple (name, aliases, addresses) of a host's entry.
  private static func entry(_ host: hostent, _ family: Int32) throws(Raised) -> Owned {
    if host.h_addrtype != family { throw raiseSystemError(number: EAFNOSUPPORT) }
    let aliases = try own(PyList_New(0))
    if var next = host.h_aliases {
      while let alias = next.pointee {
        let name = try own(PyUnicode_DecodeFSDefault(alias))
        try check(PyList_Append(aliases.ref, name.ref))
        next += 1
      }
    }
    let addresses = try own(PyList_New(0))
    if var next = host.h_addr_list {
      while let bytes = next.pointee {
        var address = SocketAddress(family: family, length: family == AF_INET ? 16 : 28)
        let offset = family == AF_INET ? 4 : 8
        address.copy(bytes, count: family == AF_INET ? 4 : 16, at: offset)
        let text = try address.text(family, at: offset)
        try check(PyList_Append(addresses.ref, text.ref))
        next += 1
      }
    }
    return try tuple(own(PyUnicode_DecodeFSDefault(host.h_name)), aliases, addresses)
  }

  private static let room = 16384

  private static let hostByNameExtended: Method = .fast(
    "gethostbyname_ex",
    """
    gethostbyname_ex(host) -> (name, aliaslist, addresslist)

    The true name, the other names and the IPv4 addresses of a host.
    """
  ) { _, args, count in
    new {
      let a = try TupleArguments("gethostbyname_ex", args, count, least: 1, most: 1)
      let name = try host(a)
      try audit("socket.gethostbyname", tuple(a.object(0).retained()))
      let address = try HostName.resolve(name.text, AF_INET)
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: room)
      defer { memory.deallocate() }
      var found = hostent()
      let text = name.text
      let status = withoutGIL { apus_gethostbyname(text, &found, memory, room) }
      if status != 0 { throw ResolverError.raiseHost(status) }
      return try entry(found, address.family)
    }
  }

  private static let hostByAddress: Method = .fast(
    "gethostbyaddr",
    """
    gethostbyaddr(host) -> (name, aliaslist, addresslist)

    The true name, the other names and the addresses of a host given by name or address.
    """
  ) { _, args, count in
    new {
      let a = try TupleArguments("gethostbyaddr", args, count, least: 1, most: 1)
      let name = try host(a)
      try audit("socket.gethostbyaddr", tuple(a.object(0).retained()))
      let address = try HostName.resolve(name.text, AF_UNSPEC)
      let family = address.family
      guard family == AF_INET || family == AF_INET6 else {
        throw raise(.osError, "unsupported address family")
      }
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: room)
      defer { memory.deallocate() }
      var found = hostent()
      let status = withoutGIL {
        address.withBytes {
          apus_gethostbyaddr(
            $0 + (family == AF_INET ? 4 : 8), family == AF_INET ? 4 : 16, family, &found, memory, room)
        }
      }
      if status != 0 { throw ResolverError.raiseHost(status) }
      return try entry(found, family)
    }
  }

  // MARK: Services and protocols

  private static let serviceByName: Method = .fast(
    "getservbyname",
    """
    getservbyname(servicename[, protocolname]) -> integer

    The port of a service. The protocol is 'tcp' or 'udp'; without it any will do.
    """
  ) { _, args, count in
    new {
      let a = try TupleArguments("getservbyname", args, count, least: 1, most: 2)
      let name = try a.text(0)
      let proto: UnsafePointer<CChar>? = count > 1 ? try a.text(1) : nil
      try audit(
        "socket.getservbyname",
        tuple(a.object(0).retained(), count > 1 ? a.object(1).retained() : own(PyUnicode_New(0, 0))))
      guard let found = withoutGIL({ getservbyname(name, proto) }) else {
        throw raise(.osError, "service/proto not found")
      }
      return try int(Int(UInt16(bigEndian: UInt16(truncatingIfNeeded: found.pointee.s_port))))
    }
  }

  private static let serviceByPort: Method = .fast(
    "getservbyport",
    """
    getservbyport(port[, protocolname]) -> string

    The service of a port. The protocol is 'tcp' or 'udp'; without it any will do.
    """
  ) { _, args, count in
    new {
      let a = try TupleArguments("getservbyport", args, count, least: 1, most: 2)
      let number = try a.int32(0)
      let proto: UnsafePointer<CChar>? = count > 1 ? try a.text(1) : nil
      guard let port = UInt16(exactly: number) else {
        throw raise(.overflowError, "getservbyport: port must be 0-65535.")
      }
      try audit(
        "socket.getservbyport",
        tuple(int(Int(number)), count > 1 ? a.object(1).retained() : own(PyUnicode_New(0, 0))))
      guard let found = withoutGIL({ getservbyport(Int32(port.bigEndian), proto) }) else {
        throw raise(.osError, "port/proto not found")
      }
      return try own(PyUnicode_FromString(found.pointee.s_name))
    }
  }

  private static let protocolByName: Method = .fast(
    "getprotobyname", "getprotobyname(name) -> integer\n\nThe number of a protocol."
  ) { _, args, count in
    new {
      let a = try TupleArguments("getprotobyname", args, count, least: 1, most: 1)
      let name = try a.text(0)
      guard let found = withoutGIL({ getprotobyname(name) }) else {
        throw raise(.osError, "protocol not found")
      }
      return try int(Int(found.pointee.p_proto))
    }
  }

  // MARK: getaddrinfo and getnameinfo

  private static let addressArguments: Method = .keywords(
    "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", "", { _, _, _, _ in nil })

  /// A host or port argument as bytes; nil for None. The reference is new.
  private static func hostBytes(_ given: Ref) throws(Raised) -> Ref? {
    if given.isNone { return nil }
    if given.isStr { return try own(PyUnicode_AsEncodedString(given, "idna", nil)).give() }
    if given.isBytes { return given.retained().give() }
    throw raise(.typeError, "getaddrinfo() argument 1 must be string or None")
  }

  private static func portBytes(_ given: Ref) throws(Raised) -> Ref? {
    if given.isNone { return nil }
    if given.isInt {
      // The number's digits, also of a subclass of int.
      let text = try own(intType().pointee.tp_repr?(given))
      return try own(PyUnicode_AsUTF8String(text.ref)).give()
    }
    if given.isStr { return try own(PyUnicode_AsUTF8String(given)).give() }
    if given.isBytes { return given.retained().give() }
    throw raise(.osError, "Int or String expected")
  }

  private static let addressInfo: Method = .keywords(
    "getaddrinfo",
    """
    getaddrinfo(host, port [, family, type, proto, flags])
        -> list of (family, type, proto, canonname, sockaddr)

    Resolve host and port into what the calls of sockets need.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(addressArguments, args, count, names)
      var hints = addrinfo()
      if let given = a[2] { hints.ai_family = try NumberConversion.int32(given) }
      if let given = a[3] { hints.ai_socktype = try NumberConversion.int32(given) }
      if let given = a[4] { hints.ai_protocol = try NumberConversion.int32(given) }
      if let given = a[5] { hints.ai_flags = try NumberConversion.int32(given) }
      let host = try hostBytes(a.object(0))
      defer { Py_XDECREF(host) }
      let port = try portBytes(a.object(1))
      defer { Py_XDECREF(port) }
      let details = try own(PyTuple_New(5))
      let items = apus_tuple_items(details.ref)
      items[0] = a.object(0).retained().give()
      items[1] = a.object(1).retained().give()
      items[2] = try int(Int(hints.ai_family)).give()
      items[3] = try int(Int(hints.ai_socktype)).give()
      items[4] = try int(Int(hints.ai_protocol)).give()
      try check(PySys_AuditTuple(cString("socket.getaddrinfo"), details.ref))
      let found = try AddressList(
        host.flatMap { PyBytes_AsString($0) }.map { UnsafePointer($0) },
        port.flatMap { PyBytes_AsString($0) }.map { UnsafePointer($0) }, hints)
      let result = try own(PyList_New(0))
      var next: UnsafeMutablePointer<addrinfo>? = found.first
      while let entry = next {
        let row = try own(PyTuple_New(5))
        let cells = apus_tuple_items(row.ref)
        cells[0] = try int(Int(entry.pointee.ai_family)).give()
        cells[1] = try int(Int(entry.pointee.ai_socktype)).give()
        cells[2] = try int(Int(entry.pointee.ai_protocol)).give()
        cells[3] = try own(
          PyUnicode_FromString(entry.pointee.ai_canonname.map { UnsafePointer($0) } ?? cString(""))
        ).give()
        cells[4] = try AddressList.address(of: entry)
          .object(descriptor: -1, proto: entry.pointee.ai_protocol).give()
        try check(PyList_Append(result.ref, row.ref))
        next = entry.pointee.ai_next
      }
      return result
    }
  }

  private static let nameInfo: Method = .fast(
    "getnameinfo",
    "getnameinfo(sockaddr, flags) --> (host, port)\n\nThe names of the host and the service of an address."
  ) { _, args, count in
    new {
      let a = try TupleArguments("getnameinfo", args, count, least: 2, most: 2)
      let flags = try a.int32(1)
      let given = a.object(0)
      guard given.isTuple else {
        throw raise(.typeError, "getnameinfo() argument 1 must be a tuple")
      }
      let size = apus_var_size(given)
      guard size >= 2 && size <= 4, apus_tuple_item(given, 0).isStr else {
        throw raise(.typeError, "getnameinfo(): illegal sockaddr argument")
      }
      let host = try NumberConversion.cText(apus_tuple_item(given, 0))
      let port = try NumberConversion.int32(apus_tuple_item(given, 1))
      let flow =
        size > 2
        ? UInt32(truncatingIfNeeded: try NumberConversion.mask(apus_tuple_item(given, 2))) : 0
      let scope =
        size > 3
        ? UInt32(truncatingIfNeeded: try NumberConversion.mask(apus_tuple_item(given, 3))) : 0
      if flow > 0xFFFFF {
        throw raise(.overflowError, "getnameinfo(): flowinfo must be 0-1048575.")
      }
      try audit("socket.getnameinfo", tuple(given.retained()))
      var hints = addrinfo()
      hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
      hints.ai_flags = AI_NUMERICHOST
      let service = try own(newString("\(port)"))
      let found = try AddressList(host, NumberConversion.cText(service.ref), hints)
      if found.first.pointee.ai_next != nil {
        throw raise(.osError, "sockaddr resolved to multiple addresses")
      }
      var address = found.address
      if address.family == AF_INET && size != 2 {
        throw raise(.osError, "IPv4 sockaddr must be 2 tuple")
      }
      if address.family == AF_INET6 {
        address.store(flow.bigEndian, at: 4)
        address.store(scope, at: 24)
      }
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1025 + 32)
      memory.initialize(repeating: 0, count: 1025 + 32)
      defer { memory.deallocate() }
      let status = withoutGIL {
        address.withBytes {
          apus_getnameinfo($0, address.length, memory, 1025, memory + 1025, 32, flags)
        }
      }
      if status != 0 { throw ResolverError.raise(status) }
      return try tuple(
        own(PyUnicode_DecodeFSDefault(memory)), own(PyUnicode_FromString(memory + 1025)))
    }
  }
}
