import CPosix
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The module `_uuid`: UUIDs of the time and the machine. CPython: Modules/_uuidmodule.c. RFC 9562,
/// section 5.1, without a daemon that keeps several processes apart.
public let uuidModule = ModuleSpec(
  "_uuid", doc: "UUIDs of the time and this machine.", methods: [generate],
  constants: [.int("has_uuid_generate_time_safe", 1)])

/// The last time stamp given out and the clock sequence, chosen at random for each process.
nonisolated(unsafe) private var lastStamp: UInt64 = 0
nonisolated(unsafe) private var sequence: UInt16?
nonisolated(unsafe) private var node: [UInt8] = []
nonisolated(unsafe) private var owner: pid_t = 0

/// The hardware address of the first network interface that has one, else random bits marked as
/// a group's address.
private func findNode() -> [UInt8] {
  var list: UnsafeMutablePointer<ifaddrs>?
  if getifaddrs(&list) == 0 {
    defer { freeifaddrs(list) }
    var next = list
    while let entry = next {
      next = entry.pointee.ifa_next
      // AF_PACKET; struct sockaddr_ll has the length at byte 11 and the address behind it.
      guard let address = entry.pointee.ifa_addr, address.pointee.sa_family == 17 else { continue }
      let bytes = UnsafeRawBufferPointer(start: address, count: 20)
      let found = Array(bytes[12..<18])
      if bytes[11] == 6 && found.contains(where: { $0 != 0 }) { return found }
    }
  }
  var random = [UInt8](repeating: 0, count: 6)
  _ = apus_getrandom(&random, 6, 0)
  random[0] |= 1
  return random
}

private let generate: Method = .noargs(
  "generate_time_safe($self, /)",
  "The 16 bytes of a new UUID of version 1 and -1: other processes were not asked."
) { _, _ in
  new {
    if owner != getpid() || sequence == nil {
      var bits: UInt16 = 0
      _ = apus_getrandom(&bits, 2, 0)
      sequence = bits & 0x3FFF
      owner = getpid()
      node = findNode()
    }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // Steps of 100 ns since 15 October 1582.
    var stamp = UInt64(bitPattern: Int64(now.tv_sec)) &* 10_000_000 &+ UInt64(now.tv_nsec / 100)
      &+ 0x01B2_1DD2_1381_4000
    if stamp <= lastStamp { stamp = lastStamp &+ 1 }
    lastStamp = stamp
    var bytes: [UInt8] = []
    let low = UInt32(truncatingIfNeeded: stamp)
    let middle = UInt16(truncatingIfNeeded: stamp >> 32)
    let high = UInt16(truncatingIfNeeded: stamp >> 48) & 0x0FFF | 0x1000
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: low >> UInt32(shift))) }
    bytes += [UInt8(middle >> 8), UInt8(middle & 255), UInt8(high >> 8), UInt8(high & 255)]
    let clock = (sequence ?? 0) | 0x8000
    bytes += [UInt8(clock >> 8), UInt8(clock & 255)]
    bytes += node
    let result = try own(
      bytes.withUnsafeBytes {
        PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), 16)
      })
    return try tuple(result, int(-1))
  }
}
