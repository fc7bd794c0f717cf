import CPythonABI
import CSockets
import Glibc
import Objects
import SystemCalls

/// Byte order, packed addresses and sizes of control messages.
enum NumberFunctions {
  static let methods = [
    swapShort, swapLong, fromShort, fromLong, packAddress, unpackAddress, pack, unpack,
    messageLength, messageSpace,
  ]

  private static func short(_ name: StaticString, _ object: Ref) throws(Raised) -> UInt16 {
    let value = PyLong_AsInt(object)
    if value == -1 && hasRaised() { throw Raised() }
    if value < 0 {
      throw raise(
        .overflowError, "\(name): can't convert negative Python int to C 16-bit unsigned integer")
    }
    guard let narrow = UInt16(exactly: value) else {
      throw raise(
        .overflowError,
        "\(name): Python int too large to convert to C 16-bit unsigned integer")
    }
    return narrow
  }

  private static func long(_ object: Ref) throws(Raised) -> UInt32 {
    guard object.isInt else {
      throw raise(.typeError, "expected int, \(object.type.name) found")
    }
    let value = PyLong_AsUnsignedLong(object)
    if value == .max && hasRaised() { throw Raised() }
    guard let narrow = UInt32(exactly: value) else {
      throw raise(.overflowError, "int larger than 32 bits")
    }
    return narrow
  }

  private static let swapShort: Method = .o(
    "ntohs($self, x, /)", "Convert a 16-bit unsigned integer from network to host byte order."
  ) { _, given in new { try int(Int(UInt16(bigEndian: short("ntohs", given)))) } }
  private static let fromShort: Method = .o(
    "htons($self, x, /)", "Convert a 16-bit unsigned integer from host to network byte order."
  ) { _, given in new { try int(Int(short("htons", given).bigEndian)) } }
  private static let swapLong: Method = .o(
    "ntohl($self, object, /)",
    "ntohl(integer) -> integer\n\nConvert a 32-bit integer from network to host byte order."
  ) { _, given in new { try int(Int(UInt32(bigEndian: long(given)))) } }
  private static let fromLong: Method = .o(
    "htonl($self, object, /)",
    "htonl(integer) -> integer\n\nConvert a 32-bit integer from host to network byte order."
  ) { _, given in new { try int(Int(long(given).bigEndian)) } }

  private static let packAddress: Method = .o(
    "inet_aton($self, ip_addr, /)",
    "Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format."
  ) { _, given in
    new {
      guard given.isStr else {
        throw badArgument("inet_aton", "argument", expected: "str", got: given)
      }
      var bits = in_addr()
      if inet_aton(try NumberConversion.cText(given), &bits) == 0 {
        throw raise(.osError, "illegal IP address string passed to inet_aton")
      }
      return try own(
        withUnsafeBytes(of: bits) {
          PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), 4)
        })
    }
  }

  private static let unpackAddress: Method = .o(
    "inet_ntoa($self, packed_ip, /)",
    "Convert an IP address from 32-bit packed binary format to string format."
  ) { _, given in
    new {
      let bytes = try BufferArgument(given)
      guard bytes.count == 4, let start = bytes.start else {
        throw raise(.osError, "packed IP wrong length for inet_ntoa")
      }
      return try digits(AF_INET, start)
    }
  }

  private static func digits(
    _ family: Int32, _ source: UnsafeRawPointer
  ) throws(Raised) -> Owned {
    var digits = InlineArray<64, CChar>(repeating: 0)
    return try own(
      withUnsafeMutableBytes(of: &digits) { target in
        let start = target.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
        guard inet_ntop(family, source, start, 64) != nil else {
          _ = PyErr_SetFromErrno(.osError)
          return nil
        }
        return PyUnicode_FromString(start)
      })
  }

  private static let pack: Method = .fast(
    "inet_pton",
    "inet_pton(af, ip) -> packed IP address string\n\nConvert an IP address from text to the packed form of its family."
  ) { _, args, count in
    new {
      let a = try TupleArguments("inet_pton", args, count, least: 2, most: 2)
      let family = try a.int32(0)
      let text = try a.text(1)
      var packed = in6_addr()
      let result = inet_pton(family, text, &packed)
      if result < 0 { throw raiseSystemError() }
      if result == 0 { throw raise(.osError, "illegal IP address string passed to inet_pton") }
      guard family == AF_INET || family == AF_INET6 else {
        throw raise(.osError, "unknown address family")
      }
      return try own(
        withUnsafeBytes(of: packed) {
          PyBytes_FromStringAndSize(
            $0.baseAddress?.assumingMemoryBound(to: CChar.self), family == AF_INET ? 4 : 16)
        })
    }
  }

  private static let unpack: Method = .fast(
    "inet_ntop",
    "inet_ntop(af, packed_ip) -> string formatted IP address\n\nConvert a packed IP address of a family to text."
  ) { _, args, count in
    new {
      let a = try TupleArguments("inet_ntop", args, count, least: 2, most: 2)
      let family = try a.int32(0)
      let bytes = try a.buffer(1)
      guard family == AF_INET || family == AF_INET6 else {
        throw raise(.valueError, "unknown address family \(family)")
      }
      guard bytes.count == (family == AF_INET ? 4 : 16), let start = bytes.start else {
        throw raise(.valueError, "invalid length of packed IP address string")
      }
      return try digits(family, start)
    }
  }

  private static func size(
    _ name: StaticString, _ args: UnsafePointer<Ref>?, _ count: Int, padding: Int,
    _ measure: (Int) -> Int
  ) throws(Raised) -> Owned {
    let a = try TupleArguments(name, args, count, least: 1, most: 1)
    let length = try a.size(0)
    if length < 0 || length > Int(Int32.max) - padding {
      throw raise(.overflowError, "\(name)() argument out of range")
    }
    return try int(measure(length))
  }

  private static let messageLength: Method = .fast(
    "CMSG_LEN",
    """
    CMSG_LEN(length) -> control message length

    The length of a control message with so many bytes of data, without padding behind it.
    """
  ) { _, args, count in new { try size("CMSG_LEN", args, count, padding: apus_cmsg_len(0)) { apus_cmsg_len($0) } } }

  private static let messageSpace: Method = .fast(
    "CMSG_SPACE",
    """
    CMSG_SPACE(length) -> buffer size

    The room a control message with so many bytes of data takes in a buffer, padding included.
    """
  ) { _, args, count in new { try size("CMSG_SPACE", args, count, padding: apus_cmsg_space(1)) { apus_cmsg_space($0) } } }
}
