import CPythonABI
import Glibc
import Objects

/// Arguments of the process as Swift text. Bytes that are not UTF-8 become characters at the end of
/// Unicode's last plane, for private use, until they are needed again: in `sys.argv` they are
/// surrogates (PEP 383), for the system the bytes they were.
enum ArgumentText {
  private static let first: UInt32 = 0x10FF00

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

  /// Whether there are bytes that are not UTF-8.
  static func isDamaged(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value >= first + 0x80 }
  }

  /// The bytes as the system knows them, ended by a zero.
  static func bytes(_ text: String) -> [CChar] {
    if !isDamaged(text) { return Array(text.utf8CString) }
    var bytes: [CChar] = []
    for scalar in text.unicodeScalars {
      if scalar.value >= first + 0x80 {
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
      if scalar.value >= first + 0x80 {
        result += "\\udc" + String(scalar.value & 0xFF, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
