import CPythonABI
import CSockets
import Glibc
import Objects
import SystemCalls

/// The address of a socket as the system has it. Families that Swift's Glibc module lacks are
/// written by their byte offsets, which are the kernel's ABI.
struct SocketAddress {
  private var storage = sockaddr_storage()
  /// Bytes in use.
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  static let capacity = socklen_t(MemoryLayout<sockaddr_storage>.size)

  /// Room for any address, for a call that fills it in.
  init() {}

  init(family: Int32, length: Int) {
    self.length = socklen_t(length)
    store(sa_family_t(truncatingIfNeeded: family), at: 0)
  }

  var family: Int32 { Int32(load(sa_family_t.self, at: 0)) }

  mutating func store<T>(_ value: T, at offset: Int) {
    withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: value, toByteOffset: offset, as: T.self) }
  }

  func load<T>(_: T.Type, at offset: Int) -> T {
    withUnsafeBytes(of: storage) { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
  }

  mutating func copy(_ bytes: UnsafeRawPointer, count: Int, at offset: Int) {
    withUnsafeMutableBytes(of: &storage) { target in
      guard let base = target.baseAddress, offset + count <= target.count else { return }
      memcpy(base + offset, bytes, count)
    }
  }

  /// The memory for a call that reads the address.
  func withBytes<R>(_ body: (UnsafeRawPointer) -> R) -> R {
    withUnsafeBytes(of: storage) { body($0.baseAddress.unsafelyUnwrapped) }
  }

  /// The memory and the length for a call that fills the address in.
  mutating func fill<R>(_ body: (UnsafeMutableRawPointer, UnsafeMutablePointer<socklen_t>) -> R) -> R {
    var size = Self.capacity
    let result = withUnsafeMutableBytes(of: &storage) { body($0.baseAddress.unsafelyUnwrapped, &size) }
    length = size
    return result
  }

  // MARK: To Python

  /// The address as Python shows it; None without one. `descriptor` finds names of interfaces.
  func object(descriptor: Int32, proto: Int32) throws(Raised) -> Owned {
    if length == 0 { return noneObject().retained() }
    switch family {
    case AF_INET:
      return try tuple(text(AF_INET, at: 4), int(Int(UInt16(bigEndian: load(UInt16.self, at: 2)))))
    case AF_INET6:
      return try tuple(
        text(AF_INET6, at: 8), int(Int(UInt16(bigEndian: load(UInt16.self, at: 2)))),
        int(Int(UInt32(bigEndian: load(UInt32.self, at: 4)))), int(Int(load(UInt32.self, at: 24))))
    case AF_UNIX: return try path()
    case Family.netlink:
      return try tuple(int(Int(load(UInt32.self, at: 4))), int(Int(load(UInt32.self, at: 8))))
    case Family.qualcomm:
      return try tuple(int(Int(load(UInt32.self, at: 4))), int(Int(load(UInt32.self, at: 8))))
    case Family.virtual:
      return try tuple(int(Int(load(UInt32.self, at: 8))), int(Int(load(UInt32.self, at: 4))))
    case Family.packet: return try packet(descriptor)
    case Family.can: return try controllerArea(descriptor, proto)
    case Family.tipc: return try cluster()
    case Family.crypto: return try crypto()
    default:
      return try tuple(int(Int(family)), bytes(at: 2, count: 14))
    }
  }

  private func bytes(at offset: Int, count: Int) throws(Raised) -> Owned {
    try own(
      withBytes {
        PyBytes_FromStringAndSize(($0 + offset).assumingMemoryBound(to: CChar.self), count)
      })
  }

  /// The digits of an internet address.
  func text(_ family: Int32, at offset: Int) throws(Raised) -> Owned {
    var digits = InlineArray<64, CChar>(repeating: 0)
    return try own(
      withBytes { source in
        withUnsafeMutableBytes(of: &digits) { target in
          let start = target.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
          guard inet_ntop(family, source + offset, start, 64) != nil else {
            _ = PyErr_SetFromErrno(.osError)
            return nil
          }
          return PyUnicode_FromString(start)
        }
      })
  }

  /// A file's path as str; a name in the abstract namespace as bytes, its leading NUL with it.
  private func path() throws(Raised) -> Owned {
    let used = Int(length) - 2
    if used > 0 && load(UInt8.self, at: 2) == 0 { return try bytes(at: 2, count: used) }
    return try own(
      withBytes { source in
        let start = (source + 2).assumingMemoryBound(to: CChar.self)
        return PyUnicode_DecodeFSDefaultAndSize(start, strnlen(start, Swift.max(0, Swift.min(used, 126))))
      })
  }

  private func interface(_ descriptor: Int32, _ index: Int32) throws(Raised) -> Owned {
    var name = InlineArray<16, CChar>(repeating: 0)
    return try own(
      withUnsafeMutableBytes(of: &name) { target in
        let start = target.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
        apus_interface_name(descriptor, index, start)
        return PyUnicode_DecodeFSDefault(start)
      })
  }

  /// (interface, protocol, packet type, hardware type, hardware address)
  private func packet(_ descriptor: Int32) throws(Raised) -> Owned {
    let result = try own(PyTuple_New(5))
    let items = apus_tuple_items(result.ref)
    items[0] = try interface(descriptor, load(Int32.self, at: 4)).give()
    items[1] = try int(Int(UInt16(bigEndian: load(UInt16.self, at: 2)))).give()
    items[2] = try int(Int(load(UInt8.self, at: 10))).give()
    items[3] = try int(Int(load(UInt16.self, at: 8))).give()
    items[4] = try bytes(at: 12, count: Swift.min(8, Int(load(UInt8.self, at: 11)))).give()
    return result
  }

  private func controllerArea(_ descriptor: Int32, _ proto: Int32) throws(Raised) -> Owned {
    let name = try interface(descriptor, load(Int32.self, at: 4))
    switch proto {
    case CAN.isotp:
      return try tuple(
        name, int(Int(load(UInt32.self, at: 8))), int(Int(load(UInt32.self, at: 12))))
    case CAN.j1939:
      return try tuple(
        name, own(PyLong_FromUnsignedLongLong(load(UInt64.self, at: 8))),
        int(Int(load(UInt32.self, at: 16))), int(Int(load(UInt8.self, at: 20))))
    default:
      return try tuple(name)
    }
  }

  /// (address type, v1, v2, v3, scope)
  private func cluster() throws(Raised) -> Owned {
    let kind = load(UInt8.self, at: 2)
    var numbers = (Int(load(UInt32.self, at: 4)), Int(load(UInt32.self, at: 8)), 0)
    switch kind {
    case TIPC.sequence: numbers.2 = Int(load(UInt32.self, at: 12))
    case TIPC.name: numbers.2 = Int(load(UInt32.self, at: 8))
    case TIPC.identity: break
    default: throw raise(.valueError, "Invalid address type")
    }
    let result = try own(PyTuple_New(5))
    let items = apus_tuple_items(result.ref)
    items[0] = try int(Int(kind)).give()
    items[1] = try int(numbers.0).give()
    items[2] = try int(numbers.1).give()
    items[3] = try int(numbers.2).give()
    items[4] = try int(Int(load(Int8.self, at: 3))).give()
    return result
  }

  private func crypto() throws(Raised) -> Owned {
    let type = try own(
      withBytes {
        let start = ($0 + 2).assumingMemoryBound(to: CChar.self)
        return PyUnicode_FromStringAndSize(start, strnlen(start, 14))
      })
    let name = try own(
      withBytes {
        let start = ($0 + 24).assumingMemoryBound(to: CChar.self)
        return PyUnicode_FromStringAndSize(start, strnlen(start, 64))
      })
    return try tuple(
      type, name, int(Int(load(UInt32.self, at: 16))), int(Int(load(UInt32.self, at: 20))))
  }

  /// Numbers of address families that Swift's Glibc module does not show.
  enum Family {
    static let netlink: Int32 = 16
    static let packet: Int32 = 17
    static let rds: Int32 = 21
    static let can: Int32 = 29
    static let tipc: Int32 = 30
    static let crypto: Int32 = 38
    static let virtual: Int32 = 40
    static let qualcomm: Int32 = 42
  }
  enum CAN {
    static let raw: Int32 = 1
    static let broadcast: Int32 = 2
    static let isotp: Int32 = 6
    static let j1939: Int32 = 7
  }
  enum TIPC {
    static let sequence: UInt8 = 1
    static let name: UInt8 = 2
    static let identity: UInt8 = 3
  }
}
