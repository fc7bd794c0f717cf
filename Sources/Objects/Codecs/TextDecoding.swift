import CPythonABI
import Glibc

/// The builtin decoders: bytes to str.
enum TextDecoding {
  /// UTF-8 with faults in it (the fault-free case is `PyUnicode.decodeUTF8`).
  static func utf8(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var run = DecodingRun(bytes, count, "utf-8", errors)
    var position = 0
    while position < run.count {
      let scan = UTF8Coding.scan(run.bytes + position, run.count - position)
      try run.output.append(utf8: run.bytes + position, scan)
      position += scan.bytes
      guard let fault = scan.fault else { break }
      if fault == .end && consumed != nil { break }
      position = try run.fail(position, position + scan.faultLength, fault.reason)
    }
    consumed?.pointee = position
    return try run.finish()
  }

  static func ascii(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let prefix = CodeUnits.asciiPrefix(bytes, count)
    if prefix == count { return try PyUnicode.make(ascii: bytes, count) }
    var run = DecodingRun(bytes, count, "ascii", errors)
    var position = 0
    while position < run.count {
      let good = CodeUnits.asciiPrefix(run.bytes + position, run.count - position)
      try run.output.append(ascii: run.bytes + position, good)
      position += good
      if position >= run.count { break }
      position = try run.fail(position, position + 1, "ordinal not in range(128)")
    }
    return try run.finish()
  }

  static func latin1(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    try PyUnicode.make(bytes, count)
  }
}

// MARK: C API

/// The bytes of a C buffer.
@inline(__always)
func buffer(_ text: UnsafePointer<CChar>) -> UnsafePointer<UInt8> {
  UnsafeRawPointer(text).as(UInt8.self)
}

@c @implementation
public func PyUnicode_DecodeASCII(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  if size <= 0 { return apus_str_empty() }
  return new { try TextDecoding.ascii(buffer(text), size, errors: errors) }
}

@c @implementation
public func PyUnicode_DecodeLatin1(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  if size <= 0 { return apus_str_empty() }
  return new { try TextDecoding.latin1(buffer(text), size) }
}
