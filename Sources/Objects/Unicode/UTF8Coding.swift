import CPythonABI
import Glibc

/// UTF-8 to code points and back, over raw buffers (Unicode Standard, table 3-7).
enum UTF8Coding {
  /// What stopped the decoder.
  enum Fault {
    case startByte
    case continuationByte
    /// The input ends inside a sequence that is good so far.
    case end

    var reason: StaticString {
      switch self {
      case .startByte: "invalid start byte"
      case .continuationByte: "invalid continuation byte"
      case .end: "unexpected end of data"
      }
    }
  }

  /// The result of reading a run of valid sequences.
  struct Scan {
    /// Bytes read.
    var bytes = 0
    /// Code points read.
    var points = 0
    /// Has every bit that any code point has.
    var union: UInt32 = 0
    /// Why reading stopped before the end, and how many bytes are at fault.
    var fault: Fault?
    var faultLength = 0
  }

  /// Bytes of the UTF-8 form.
  @inline(__always) static func width(_ value: UInt32) -> Int {
    value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
  }

  /// Writes the UTF-8 form, also of a surrogate, and returns its length.
  @inline(__always)
  static func write(_ value: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if value < 0x80 {
      target[0] = UInt8(truncatingIfNeeded: value)
      return 1
    }
    if value < 0x800 {
      target[0] = UInt8(truncatingIfNeeded: 0xC0 | value >> 6)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
      return 2
    }
    if value < 0x10000 {
      target[0] = UInt8(truncatingIfNeeded: 0xE0 | value >> 12)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F)
      target[2] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
      return 3
    }
    target[0] = UInt8(truncatingIfNeeded: 0xF0 | value >> 18)
    target[1] = UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F)
    target[2] = UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F)
    target[3] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
    return 4
  }

  /// Reads one sequence that starts with a byte >= 0x80. A negative length means a fault of that
  /// many bytes.
  @inline(__always)
  private static func next(
    _ bytes: UnsafePointer<UInt8>, _ left: Int
  ) -> (value: UInt32, length: Int, fault: Fault?) {
    let first = bytes[0]
    if first < 0xC2 || first > 0xF4 { return (0, 1, .startByte) }
    if left < 2 { return (0, 1, .end) }
    let second = bytes[1]
    if first < 0xE0 {
      if second & 0xC0 != 0x80 { return (0, 1, .continuationByte) }
      return (UInt32(first & 0x1F) << 6 | UInt32(second & 0x3F), 2, nil)
    }
    if first < 0xF0 {
      // E0 must not be overlong, ED must not encode a surrogate.
      let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
      let high: UInt8 = first == 0xED ? 0x9F : 0xBF
      if second < low || second > high { return (0, 1, .continuationByte) }
      if left < 3 { return (0, 2, .end) }
      let third = bytes[2]
      if third & 0xC0 != 0x80 { return (0, 2, .continuationByte) }
      return (
        UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F), 3, nil
      )
    }
    let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
    if second < low || second > high { return (0, 1, .continuationByte) }
    if left < 3 { return (0, 2, .end) }
    let third = bytes[2]
    if third & 0xC0 != 0x80 { return (0, 2, .continuationByte) }
    if left < 4 { return (0, 3, .end) }
    let fourth = bytes[3]
    if fourth & 0xC0 != 0x80 { return (0, 3, .continuationByte) }
    let value =
      UInt32(first & 0x07) << 18 | UInt32(second & 0x3F) << 12 | UInt32(third & 0x3F) << 6
      | UInt32(fourth & 0x3F)
    return (value, 4, nil)
  }

  /// Measures the valid text at the start of a buffer.
  static func scan(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Scan {
    var scan = Scan()
    var position = 0
    while position < count {
      if bytes[position] < 0x80 {
        let run = CodeUnits.asciiPrefix(bytes + position, count &- position)
        position &+= run
        scan.points &+= run
        continue
      }
      let (value, length, fault) = next(bytes + position, count &- position)
      if let fault {
        scan.fault = fault
        scan.faultLength = length
        break
      }
      scan.union |= value
      scan.points &+= 1
      position &+= length
    }
    scan.bytes = position
    return scan
  }

  /// Decodes bytes that `scan` found valid into units wide enough.
  @inline(__always)
  static func decode<T: CodeUnit>(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutablePointer<T>
  ) {
    var position = 0
    var index = 0
    while position < count {
      let first = bytes[position]
      if first < 0x80 {
        let run = CodeUnits.asciiPrefix(bytes + position, count &- position)
        CodeUnits.copy(bytes + position, to: target + index, run)
        position &+= run
        index &+= run
        continue
      }
      let (value, length, _) = next(bytes + position, count &- position)
      target[index] = T(truncatingIfNeeded: value)
      index &+= 1
      position &+= length
    }
  }

  static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutableRawPointer, width: Int
  ) {
    switch width {
    case 1: decode(bytes, count, into: target.as(UInt8.self))
    case 2: decode(bytes, count, into: target.as(UInt16.self))
    default: decode(bytes, count, into: target.as(UInt32.self))
    }
  }

  /// Bytes the UTF-8 form of the units needs, and the index of the first surrogate.
  static func measure<T: CodeUnit>(
    _ units: UnsafePointer<T>, _ count: Int
  ) -> (bytes: Int, surrogate: Int?) {
    var bytes = 0
    var surrogate: Int?
    for index in 0..<count {
      let value = UInt32(truncatingIfNeeded: units[index])
      bytes &+= width(value)
      if value & 0xFFFF_F800 == 0xD800 && surrogate == nil { surrogate = index }
    }
    return (bytes, surrogate)
  }

  static func encode<T: CodeUnit>(
    _ units: UnsafePointer<T>, _ count: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    var position = 0
    for index in 0..<count {
      position &+= write(UInt32(truncatingIfNeeded: units[index]), to: target + position)
    }
  }
}

extension PyUnicode {
  /// A text of UTF-8 bytes; `errors` is the name of the error handler, nil for strict.
  /// Raises UnicodeDecodeError.
  @inline(__always)
  static func decodeUTF8(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>? = nil,
    consumed: UnsafeMutablePointer<Int>? = nil
  ) throws(Raised) -> Owned {
    if CodeUnits.asciiPrefix(bytes, count) == count {
      consumed?.pointee = count
      return try make(ascii: bytes, count)
    }
    return try decodeUTF8Slow(bytes, count, errors: errors, consumed: consumed)
  }

  @inline(never)
  private static func decodeUTF8Slow(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    let scan = UTF8Coding.scan(bytes, count)
    let stopsEarly = scan.fault == .end && consumed != nil
    if scan.fault == nil || stopsEarly {
      consumed?.pointee = scan.bytes
      if scan.points == 0 { return empty }
      if scan.points == 1 && scan.union < 256 && scan.union >= 128 {
        return try character(scan.union)
      }
      if scan.union == 0 { return try make(ascii: bytes, scan.bytes) }
      let result = try make(scan.points, max: Swift.min(Swift.max(scan.union, 127), 0x10FFFF))
      let view = PyUnicode(result.ref)
      UTF8Coding.decode(bytes, scan.bytes, into: view.data, width: view.kind)
      return result
    }
    return try TextDecoding.utf8(bytes, count, errors: errors, consumed: consumed)
  }

  /// The UTF-8 form, cached in the object; a NUL follows. Raises UnicodeEncodeError for lone
  /// surrogates.
  public func utf8() throws(Raised) -> UnsafeBufferPointer<UInt8> {
    if isASCII && isCompact {
      return UnsafeBufferPointer(start: data.as(UInt8.self), count: count)
    }
    let object = ref.view(PyCompactUnicodeObject.self)
    if object.pointee.utf8 == nil { try cacheUTF8() }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(object.pointee.utf8)?.as(UInt8.self),
      count: object.pointee.utf8_length)
  }

  private func cacheUTF8() throws(Raised) {
    let size: Int
    let surrogate: Int?
    switch kind {
    case 1: (size, surrogate) = UTF8Coding.measure(data.as(UInt8.self), count)
    case 2: (size, surrogate) = UTF8Coding.measure(data.as(UInt16.self), count)
    default: (size, surrogate) = UTF8Coding.measure(data.as(UInt32.self), count)
    }
    if let surrogate {
      var end = surrogate + 1
      while end < count && self[end] & 0xFFFF_F800 == 0xD800 { end += 1 }
      throw TextEncoding.raise("utf-8", ref, surrogate, end, "surrogates not allowed")
    }
    guard let memory = PyMem_Malloc(size + 1) else { throw raiseNoMemory() }
    encodeUTF8(into: memory.as(UInt8.self))
    memory.as(UInt8.self)[size] = 0
    let object = ref.view(PyCompactUnicodeObject.self)
    object.pointee.utf8 = memory.as(CChar.self)
    object.pointee.utf8_length = size
  }

  /// Writes the UTF-8 form, surrogates included, to a buffer that is large enough.
  func encodeUTF8(into target: UnsafeMutablePointer<UInt8>) {
    switch kind {
    case 1: UTF8Coding.encode(data.as(UInt8.self), count, into: target)
    case 2: UTF8Coding.encode(data.as(UInt16.self), count, into: target)
    default: UTF8Coding.encode(data.as(UInt32.self), count, into: target)
    }
  }
}

@c @implementation
public func PyUnicode_AsUTF8AndSize(
  _ object: Ref, _ size: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  guard object.isStr else {
    _ = PyErr_BadArgument()
    size?.pointee = -1
    return nil
  }
  do {
    let utf8 = try PyUnicode(object).utf8()
    size?.pointee = utf8.count
    return UnsafeRawPointer(utf8.baseAddress)?.as(CChar.self)
  } catch {
    size?.pointee = -1
    return nil
  }
}

@c @implementation
public func PyUnicode_AsUTF8(_ object: Ref) -> UnsafePointer<CChar>? {
  PyUnicode_AsUTF8AndSize(object, nil)
}

@c @implementation
public func PyUnicode_DecodeUTF8(
  _ text: UnsafePointer<CChar>?, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  guard let text, size > 0 else { return apus_str_empty() }
  return new { try PyUnicode.decodeUTF8(UnsafeRawPointer(text).as(UInt8.self), size, errors: errors) }
}

@c @implementation
public func PyUnicode_DecodeUTF8Stateful(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ consumed: UnsafeMutablePointer<Int>?
) -> Ref? {
  if size <= 0 {
    consumed?.pointee = 0
    return apus_str_empty()
  }
  return new {
    try PyUnicode.decodeUTF8(
      UnsafeRawPointer(text).as(UInt8.self), size, errors: errors, consumed: consumed)
  }
}
