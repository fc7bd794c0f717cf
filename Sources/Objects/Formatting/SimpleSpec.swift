import CPythonABI
import Glibc

/// The specifications that programs write most, `[[fill]align][0][width][type]`, for ASCII texts and
/// ints of one digit of 30 bits: rendered straight into the result. Everything else, and every
/// mistake, is left to `FormatSpec`.
struct SimpleSpec {
  private var fill = UInt8(ascii: " ")
  /// `<`, `>`, `^` or `=`; 0 when none is given.
  private var alignment: UInt8 = 0
  private var isZeroPadded = false
  private var width = 0
  /// 0 when none is given.
  private var type: UInt8 = 0

  /// The widest field rendered here.
  private static let widest = 1000

  /// Nil for a specification of another form.
  init?(_ spec: Ref) {
    let count = apus_str_length(spec)
    guard count > 0, count <= 8, apus_str_is_ascii(spec) != 0 else { return nil }
    let bytes = apus_str_data(spec).assumingMemoryBound(to: UInt8.self)
    var index = 0
    if count > 1 && Self.isAlignment(bytes[1]) {
      fill = bytes[0]
      alignment = bytes[1]
      index = 2
    } else {
      if Self.isAlignment(bytes[0]) {
        alignment = bytes[0]
        index = 1
      }
      if index < count && bytes[index] == UInt8(ascii: "0") {
        fill = UInt8(ascii: "0")
        isZeroPadded = true
        index += 1
      }
    }
    while index < count, bytes[index] &- 48 < 10 {
      width = width &* 10 &+ Int(bytes[index] &- 48)
      index += 1
    }
    if index < count {
      type = bytes[index]
      index += 1
    }
    guard index == count, width <= Self.widest else { return nil }
  }

  @inline(__always) private static func isAlignment(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "^")
      || byte == UInt8(ascii: "=")
  }

  /// The fill on both sides of what is shown, `padding` in all.
  @inline(__always)
  private func sides(_ alignment: UInt8, _ padding: Int) -> (left: Int, right: Int) {
    switch alignment {
    case UInt8(ascii: "<"): (0, padding)
    case UInt8(ascii: "^"): (padding / 2, padding - padding / 2)
    default: (padding, 0)
    }
  }

  /// A str, nil when the type asks for more or memory is out.
  func text(_ value: Ref) -> Owned? {
    guard type == 0 || type == UInt8(ascii: "s"), alignment != UInt8(ascii: "="),
      apus_str_is_ascii(value) != 0
    else { return nil }
    let count = apus_str_length(value)
    if count >= width { return value.isExactStr ? value.retained() : nil }
    if width == 1 { return Owned(adopting: apus_str_of_latin1(fill)) }
    guard let result = make(width) else { return nil }
    let (left, _) = sides(alignment == 0 ? UInt8(ascii: "<") : alignment, width - count)
    let bytes = apus_str_data(result.ref)
    memset(bytes, Int32(fill), width)
    memcpy(bytes + left, apus_str_data(value), count)
    return result
  }

  /// An int, nil when the type asks for more or memory is out.
  func number(_ value: Int) -> Owned? {
    let base: UInt
    var letters = UInt8(ascii: "a") &- 10
    switch type {
    case 0, UInt8(ascii: "d"): base = 10
    case UInt8(ascii: "x"): base = 16
    case UInt8(ascii: "X"):
      base = 16
      letters = UInt8(ascii: "A") &- 10
    case UInt8(ascii: "o"): base = 8
    case UInt8(ascii: "b"): base = 2
    default: return nil
    }
    let made: Ref? = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
      guard let digits = buffer.baseAddress else { return nil }
      var start = 64
      var rest = value.magnitude
      repeat {
        let digit = UInt8(truncatingIfNeeded: rest % base)
        rest /= base
        start -= 1
        digits[start] = digit < 10 ? 48 &+ digit : letters &+ digit
      } while rest != 0
      let count = 64 - start
      let sign = value < 0 ? 1 : 0
      let size = Swift.max(width, count + sign)
      if size == 1 { return apus_str_of_latin1(digits[start]) }
      guard let result = make(size) else { return nil }
      let bytes = apus_str_data(result.ref)
      let kind =
        alignment != 0 ? alignment : isZeroPadded ? UInt8(ascii: "=") : UInt8(ascii: ">")
      let padding = size - count - sign
      let (left, right) = sides(kind, padding)
      if padding > 0 { memset(bytes, Int32(fill), size) }
      // `=` puts the fill between the sign and the digits.
      let place = kind == UInt8(ascii: "=") ? 0 : left
      if sign == 1 { bytes.storeBytes(of: UInt8(ascii: "-"), toByteOffset: place, as: UInt8.self) }
      memcpy(bytes + (size - right - count), digits + start, count)
      return result.give()
    }
    return made.map { Owned(adopting: $0) }
  }

  /// A new ASCII str of at least two characters; nil, without an exception, when memory is out.
  private func make(_ count: Int) -> Owned? {
    guard let result = PyUnicode.allocate(count, max: 127) else {
      PyErr_Clear()
      return nil
    }
    return Owned(adopting: result)
  }
}
