/// Why a decoder or encoder returned.
///
/// All codecs work the same way: they read on from `position` and append to their output. At an
/// error they stop with `position` at its start; the caller lets an error handler decide, appends the
/// replacement, moves `position` behind the error (or wherever the handler says) and calls again.
public enum CodecStop: Sendable {
  /// Everything that can be converted was; `position` tells how far. With `final` false an
  /// incomplete sequence at the end is left for the next call.
  case done
  /// Bytes (decoding) or code points (encoding) in `start ..< end` cannot be converted.
  case error(start: Int, end: Int, reason: StaticString)
  case outOfMemory
}

/// The order of the bytes in a code unit.
public enum ByteOrder: Sendable {
  case little, big
  public static var native: ByteOrder { .little }
}
