import CPythonABI
import Glibc
import Numerics
import Objects

/// JSON text under construction: code units of 1, 2 or 4 bytes, widened when a character asks.
struct JsonText: ~Copyable {
  private var data: UnsafeMutableRawPointer?
  /// Bytes per unit.
  private var kind = 1
  private var count = 0
  /// Units.
  private var capacity: Int
  /// All characters or-ed together: says which kind of str the result is.
  private var bits: UInt32 = 0

  init(capacity: Int) {
    self.capacity = Swift.max(capacity, 64)
    data = malloc(self.capacity)
  }

  deinit { free(data) }

  /// Makes room for more units and gives the place of the next one.
  @inline(__always)
  private mutating func reserve(_ extra: Int) throws(Raised) -> UnsafeMutableRawPointer {
    if capacity &- count < extra || data == nil { try grow(extra) }
    return data.unsafelyUnwrapped + count &* kind
  }

  @inline(never)
  private mutating func grow(_ extra: Int) throws(Raised) {
    let (needed, overflow) = count.addingReportingOverflow(extra)
    let (bytes, tooMany) = Swift.max(needed, capacity &+ capacity / 2)
      .multipliedReportingOverflow(by: kind)
    guard !overflow, !tooMany, let larger = realloc(data, bytes) else { throw raiseNoMemory() }
    data = larger
    capacity = bytes / kind
  }

  /// Makes the units wide enough for a set of characters.
  @inline(never)
  private mutating func widen(_ to: Int) throws(Raised) {
    let (bytes, overflow) = capacity.multipliedReportingOverflow(by: to)
    guard !overflow, let old = data, let larger = malloc(bytes) else { throw raiseNoMemory() }
    for index in 0..<count { apus_str_write(Int32(to), larger, index, apus_str_read(Int32(kind), old, index)) }
    free(old)
    data = larger
    kind = to
  }

  private mutating func accept(_ characters: UInt32) throws(Raised) {
    bits |= characters
    let needed = characters <= 0xFF ? 1 : characters <= 0xFFFF ? 2 : 4
    if needed > kind { try widen(needed) }
  }

  // MARK: Appending

  /// An ASCII character.
  @inline(__always)
  mutating func append(_ byte: UInt8) throws(Raised) {
    let place = try reserve(1)
    if kind == 1 {
      place.storeBytes(of: byte, as: UInt8.self)
    } else {
      apus_str_write(Int32(kind), place, 0, UInt32(byte))
    }
    count &+= 1
  }

  mutating func append(ascii text: StaticString) throws(Raised) {
    try append(ascii: text.utf8Start, text.utf8CodeUnitCount)
  }

  mutating func append(ascii text: UnsafePointer<UInt8>, _ length: Int) throws(Raised) {
    let place = try reserve(length)
    if kind == 1 {
      memcpy(place, text, length)
    } else {
      for index in 0..<length { apus_str_write(Int32(kind), place, index, UInt32(text[index])) }
    }
    count &+= length
  }

  /// A str as it is.
  mutating func append(str text: Ref) throws(Raised) {
    let length = apus_str_length(text)
    let data = apus_str_data(text)
    let sourceKind = Int(apus_str_kind(text))
    if apus_str_is_ascii(text) == 0 { try accept(Self.limit(text)) }
    let place = try reserve(length)
    if sourceKind == kind {
      memcpy(place, data, length &* kind)
    } else {
      for index in 0..<length {
        apus_str_write(Int32(kind), place, index, apus_str_read(Int32(sourceKind), data, index))
      }
    }
    count &+= length
  }

  /// The largest character a str's kind has.
  private static func limit(_ text: Ref) -> UInt32 {
    switch apus_str_kind(text) {
    case 1: 0xFF
    case 2: 0xFFFF
    default: 0x10FFFF
    }
  }

  mutating func append(decimal value: Int) throws(Raised) {
    var room = InlineArray<24, UInt8>(repeating: 0)
    var position = 24
    var rest = value.magnitude
    repeat {
      position &-= 1
      room[position] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    if value < 0 {
      position &-= 1
      room[position] = 45
    }
    let span = room.span
    try span.withUnsafeBufferPointer { buffer throws(Raised) in
      try append(ascii: buffer.baseAddress.unsafelyUnwrapped + position, 24 &- position)
    }
  }

  mutating func append(double value: Double) throws(Raised) {
    let place = try reserve(32)
    if kind == 1 {
      count &+= FloatText.repr(value, into: place.assumingMemoryBound(to: UInt8.self))
      return
    }
    var room = InlineArray<32, UInt8>(repeating: 0)
    var span = room.mutableSpan
    try span.withUnsafeMutableBufferPointer { buffer throws(Raised) in
      let start = buffer.baseAddress.unsafelyUnwrapped
      try append(ascii: start, FloatText.repr(value, into: start))
    }
  }

  // MARK: Strings

  /// A str as a JSON string.
  mutating func append(quoted text: Ref, ascii: Bool) throws(Raised) {
    let length = apus_str_length(text)
    let data = apus_str_data(text)
    switch apus_str_kind(text) {
    case 1:
      let bytes = data.assumingMemoryBound(to: UInt8.self)
      if kind == 1 {
        try quote(bytes, length, ascii: ascii, plain: apus_str_is_ascii(text) != 0)
      } else {
        if !ascii && apus_str_is_ascii(text) == 0 { try accept(0xFF) }
        try quote(units: bytes, length, ascii: ascii)
      }
    case 2:
      if !ascii { try accept(0xFFFF) }
      try quote(units: data.assumingMemoryBound(to: UInt16.self), length, ascii: ascii)
    default:
      if !ascii { try accept(0x10FFFF) }
      try quote(units: data.assumingMemoryBound(to: UInt32.self), length, ascii: ascii)
    }
  }

  /// Bytes into bytes: stretches without anything to escape are copied eight at a time.
  private mutating func quote(
    _ text: UnsafePointer<UInt8>, _ length: Int, ascii: Bool, plain: Bool
  ) throws(Raised) {
    if !ascii && !plain { bits |= 0xFF }
    // Room for the text when nothing is escaped; escapes ask for more.
    var place = try reserve(length &+ 10).assumingMemoryBound(to: UInt8.self)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    place[0] = 34
    count &+= 1
    place += 1
    var index = 0
    while index < length {
      while index &+ 8 <= length {
        let word = UnsafeRawPointer(text + index).loadUnaligned(as: UInt64.self)
        let quote = word ^ (ones &* 34)
        let slash = word ^ (ones &* 92)
        var special =
          ((word &- ones &* 32) & ~word) | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)
        if ascii {
          let delete = word ^ (ones &* 127)
          special |= word | ((delete &- ones) & ~delete)
        }
        if special & highs != 0 { break }
        UnsafeMutableRawPointer(place).storeBytes(of: word, as: UInt64.self)
        place += 8
        count &+= 8
        index &+= 8
      }
      if index >= length { break }
      let byte = text[index]
      index &+= 1
      if byte >= 32 && byte != 34 && byte != 92 && (!ascii || byte < 127) {
        place[0] = byte
        place += 1
        count &+= 1
        continue
      }
      try escape(UInt32(byte))
      place = try reserve(length &- index &+ 10).assumingMemoryBound(to: UInt8.self)
    }
    place[0] = 34
    count &+= 1
  }

  /// Any units into any units.
  private mutating func quote<Unit: FixedWidthInteger & UnsignedInteger>(
    units text: UnsafePointer<Unit>, _ length: Int, ascii: Bool
  ) throws(Raised) {
    try append(34)
    for index in 0..<length {
      let character = UInt32(truncatingIfNeeded: text[index])
      if character >= 32 && character != 34 && character != 92 && (!ascii || character < 127) {
        let place = try reserve(1)
        apus_str_write(Int32(kind), place, 0, character)
        count &+= 1
      } else {
        try escape(character)
      }
    }
    try append(34)
  }

  private mutating func escape(_ character: UInt32) throws(Raised) {
    let short: UInt8
    switch character {
    case 34: short = 34
    case 92: short = 92
    case 8: short = 98
    case 9: short = 116
    case 10: short = 110
    case 12: short = 102
    case 13: short = 114
    default:
      if character > 0xFFFF {
        try escape(hex: 0xD800 &+ ((character &- 0x10000) >> 10))
        try escape(hex: 0xDC00 &+ ((character &- 0x10000) & 0x3FF))
      } else {
        try escape(hex: character)
      }
      return
    }
    try append(92)
    try append(short)
  }

  private mutating func escape(hex unit: UInt32) throws(Raised) {
    try append(92)
    try append(117)
    var shift: UInt32 = 16
    while shift > 0 {
      shift &-= 4
      let digit = UInt8(truncatingIfNeeded: (unit >> shift) & 15)
      try append(digit < 10 ? 48 &+ digit : 87 &+ digit)
    }
  }

  // MARK: Result

  /// The text as a str.
  consuming func finish() throws(Raised) -> Owned {
    // A wide unit may hold only narrow characters; FromKindAndData looks.
    if kind > 1 || bits > 127 {
      return try own(PyUnicode_FromKindAndData(Int32(kind), data, count))
    }
    let text = try own(PyUnicode_New(count, 127))
    if count > 0, let data { memcpy(apus_str_data(text.ref), data, count) }
    return text
  }
}
