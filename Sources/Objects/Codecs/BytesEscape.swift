import CPythonABI
import Glibc
import Numerics
import TextCodecs

/// The escapes of bytes literals, and `codecs.escape_encode`.
public enum BytesEscape {
  /// Raises ValueError, and the DeprecationWarning of an escape that is none.
  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    var output = TextBuffer(capacity: count)
    var position = 0
    var doubt: EscapeCodec.Doubt?
    decoding: while true {
      switch EscapeCodec.decodeBytes(
        bytes, count, position: &position, doubt: &doubt, into: &output)
      {
      case .done: break decoding
      case .outOfMemory: throw raiseNoMemory()
      case .trailingBackslash: throw raise(.valueError, "Trailing \\ in string")
      case .invalidHexadecimal(let place):
        guard let errors, strcmp(errors, "strict") != 0 else {
          throw raise(.valueError, "invalid \\x escape at position \(place)")
        }
        if strcmp(errors, "replace") == 0 {
          output.append(63)
        } else if strcmp(errors, "ignore") != 0 {
          throw raise(
            .valueError,
            "decoding error; unknown error handling code: \(String(cString: errors))")
        }
      }
    }
    if let doubt { try TextDecoding.warn(doubt, bytes, count) }
    return try PyBytes.make(output.bytes, output.count)
  }

  public static func encode(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    var output = TextBuffer(capacity: count)
    EscapeCodec.encodeBytes(bytes, count, into: &output)
    if output.failed { throw raiseNoMemory() }
    return try PyBytes.make(output.bytes, output.count)
  }
}
