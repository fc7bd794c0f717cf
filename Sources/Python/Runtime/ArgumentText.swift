import CPythonABI
import Glibc
import Objects

/// Arguments of the process as Swift text. Bytes that are not UTF-8 what stands for
/// the surrogates of PEP 383, which they are in `sys.argv`; for the system they are the bytes again.
enum ArgumentText {
  /// Stands for byte 0, as what stands for U+DC00.
  private static let first = SurrogateStand.first + 0x400

  static func decode(_ bytes: UnsafePointer<CChar>) -> String {
    let buffer = UnsafeBufferPointer(
      start: UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self), count: strlen(bytes))
    if let text = String(validating: buffer, as: UTF8.self) { return text }
    var scalars = String.UnicodeScalarView()
    var rest = buffer[...]
    while let byte = rest.first {
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      if let character = String(validating: rest.prefix(length), as: UTF8.self) {
        scalars.append(contentsOf: character.unicodeScalars)
        rest = rest.dropFirst(length)
      } else {
        if let stand = Unicode.Scalar(first + UInt32(byte)) { scalars.append(stand) }
        rest = rest.dropFirst()
      }
    }
    return String(scalars)
  }

  private static func isByte(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= first + 0x80 && scalar.value <= first + 0xFF
  }

  /// Whether there are bytes that are not UTF-8.
  static func isDamaged(_ text: String) -> Bool {
    text.unicodeScalars.contains { isByte($0) }
  }

  /// The bytes as the system knows them, ended by a zero.
  static func bytes(_ text: String) -> [CChar] {
    if !isDamaged(text) { return Array(text.utf8CString) }
    var bytes: [CChar] = []
    for scalar in text.unicodeScalars {
      if isByte(scalar) {
        bytes.append(CChar(bitPattern: UInt8(truncatingIfNeeded: scalar.value)))
      } else {
        bytes += String(scalar).utf8.map { CChar(bitPattern: $0) }
      }
    }
    return bytes + [0]
  }

  /// The text as standard error shows it, with escapes for such bytes.
  static func shown(_ text: String) -> String {
    if !isDamaged(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isByte(scalar) {
        result += "\\udc" + String(scalar.value & 0xFF, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
