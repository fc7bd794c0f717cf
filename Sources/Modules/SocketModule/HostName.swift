import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// A host's name as bytes: ASCII str, bytes or bytearray as they are, other str encoded with IDNA.
/// CPython: Modules/socketmodule.c, idna_converter.
struct HostName: ~Copyable {
  private let owner: Owned
  let text: UnsafePointer<CChar>

  init(_ object: Ref) throws(Raised) {
    let found = try Self.find(object)
    owner = found.owner
    text = found.text
  }

  private struct Found: ~Copyable {
    let owner: Owned
    let text: UnsafePointer<CChar>
  }

  private static func find(_ object: Ref) throws(Raised) -> Found {
    if object.isStr && apus_str_is_ascii(object) != 0 {
      var size = 0
      guard let start = PyUnicode_AsUTF8AndSize(object, &size) else { throw Raised() }
      return try checked(object.retained(), UnsafePointer(start), size)
    }
    if object.isBytes {
      guard let start = PyBytes_AsString(object) else { throw Raised() }
      return try checked(object.retained(), UnsafePointer(start), apus_var_size(object))
    }
    if object.isInstance(of: byteArrayType()) {
      let copy = try own(PyBytes_FromObject(object))
      guard let start = PyBytes_AsString(copy.ref) else { throw Raised() }
      let count = apus_var_size(copy.ref)
      return try checked(copy, UnsafePointer(start), count)
    }
    guard object.isStr else {
      throw raise(.typeError, "str, bytes or bytearray expected, not \(object.type.fullName)")
    }
    guard let encoded = PyUnicode_AsEncodedString(object, "idna", nil) else {
      PyErr_Clear()
      throw raise(.typeError, "encoding of hostname failed")
    }
    let bytes = Owned(adopting: encoded)
    guard let start = PyBytes_AsString(bytes.ref) else { throw Raised() }
    let count = apus_var_size(bytes.ref)
    return try checked(bytes, UnsafePointer(start), count)
  }

  private static func checked(
    _ owner: consuming Owned, _ text: UnsafePointer<CChar>, _ count: Int
  ) throws(Raised) -> Found {
    if strlen(text) != count {
      throw raise(.typeError, "host name must not contain null character")
    }
    return Found(owner: owner, text: text)
  }

  /// The address of a host: digits, the empty name for all interfaces, `<broadcast>`, or a name
  /// that the system resolves. CPython: setipaddr.
  static func resolve(_ name: UnsafePointer<CChar>, _ family: Int32) throws(Raised) -> SocketAddress {
    if name[0] == 0 {
      var hints = addrinfo()
      hints.ai_family = family
      hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
      hints.ai_flags = AI_PASSIVE
      let found = try AddressList(nil, cString("0"), hints)
      if found.first.pointee.ai_next != nil {
        throw raise(.osError, "wildcard resolved to multiple address")
      }
      return found.address
    }
    if strcmp(name, "255.255.255.255") == 0 || strcmp(name, "<broadcast>") == 0 {
      if family != AF_INET && family != AF_UNSPEC {
        throw raise(.osError, "address family mismatched")
      }
      var address = SocketAddress(family: AF_INET, length: 16)
      address.store(UInt32.max, at: 4)
      return address
    }
    if family == AF_UNSPEC || family == AF_INET {
      var bits = in_addr()
      if inet_pton(AF_INET, name, &bits) > 0 {
        var address = SocketAddress(family: AF_INET, length: 16)
        address.store(bits, at: 4)
        return address
      }
    }
    // Digits with a scope ("fe80::1%eth0") are left to the resolver.
    if (family == AF_UNSPEC || family == AF_INET6) && strchr(name, 0x25) == nil {
      var bits = in6_addr()
      if inet_pton(AF_INET6, name, &bits) > 0 {
        var address = SocketAddress(family: AF_INET6, length: 28)
        address.store(bits, at: 8)
        return address
      }
    }
    var hints = addrinfo()
    hints.ai_family = family
    return try AddressList(name, nil, hints).address
  }
}

/// What getaddrinfo() found.
struct AddressList: ~Copyable {
  let first: UnsafeMutablePointer<addrinfo>

  /// Asks the system without the GIL. Raises `socket.gaierror`.
  init(
    _ host: UnsafePointer<CChar>?, _ service: UnsafePointer<CChar>?, _ hints: addrinfo
  ) throws(Raised) {
    var hints = hints
    var found: UnsafeMutablePointer<addrinfo>?
    let status = withoutGIL { getaddrinfo(host, service, &hints, &found) }
    if status != 0 { throw ResolverError.raise(status) }
    guard let found else { throw ResolverError.raise(EAI_NONAME) }
    first = found
  }

  deinit { freeaddrinfo(first) }

  /// The first address.
  var address: SocketAddress { Self.address(of: first) }

  static func address(of entry: UnsafeMutablePointer<addrinfo>) -> SocketAddress {
    var address = SocketAddress()
    address.length = entry.pointee.ai_addrlen
    if let bytes = entry.pointee.ai_addr { address.copy(bytes, count: Int(entry.pointee.ai_addrlen), at: 0) }
    return address
  }
}

/// `socket.gaierror` and `socket.herror`.
enum ResolverError {
  nonisolated(unsafe) static var addressClass: Ref?
  nonisolated(unsafe) static var hostClass: Ref?

  /// Sets the error of getaddrinfo() or getnameinfo().
  static func raise(_ status: Int32) -> Raised {
    if status == EAI_SYSTEM { return raiseSystemError() }
    return set(addressClass ?? .osError, status, gai_strerror(status))
  }

  /// Sets the error of a lookup by gethostbyname() or gethostbyaddr().
  static func raiseHost(_ number: Int32) -> Raised {
    set(hostClass ?? .osError, number, apus_hstrerror(number))
  }

  private static func set(
    _ type: Ref, _ number: Int32, _ text: UnsafePointer<CChar>?
  ) -> Raised {
    do throws(Raised) {
      let details = try tuple(int(Int(number)), own(PyUnicode_FromString(text ?? cString(""))))
      return Objects.raise(type, value: details.ref)
    } catch { return error }
  }
}
