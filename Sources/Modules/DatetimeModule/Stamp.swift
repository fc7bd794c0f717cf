import CPythonABI
import Objects

/// A short ASCII text of numbers and punctuation, built in place. Holds 128 characters; more are
/// dropped.
struct Stamp {
  private var room = InlineArray<128, UInt8>(repeating: 0)
  private(set) var count = 0

  mutating func append(byte: UInt8) {
    guard count < 128 else { return }
    room[count] = byte
    count &+= 1
  }

  mutating func append(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { append(byte: text.utf8Start[index]) }
  }

  mutating func append(_ text: String) { for byte in text.utf8 { append(byte: byte) } }

  /// A number with at least `width` digits.
  mutating func append(_ value: Int, width: Int = 1) {
    if value < 0 { append(byte: 45) }
    let rest = value.magnitude
    var power: UInt = 1
    var digits = 1
    while digits < width || (digits < 20 && rest / power >= 10) {
      power &*= 10
      digits &+= 1
    }
    while power > 0 {
      append(byte: 48 &+ UInt8(truncatingIfNeeded: rest / power % 10))
      power /= 10
    }
  }

  /// The text as a str.
  func string() throws(Raised) -> Owned {
    let span = room.span
    return try span.withUnsafeBufferPointer { buffer throws(Raised) in
      try own(PyUnicode_FromKindAndData(1, buffer.baseAddress, count))
    }
  }
}
