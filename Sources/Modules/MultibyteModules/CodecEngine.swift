import Glibc

/// Eight bytes a codec keeps between calls; their meaning is the codec's.
typealias CodecState = InlineArray<8, UInt8>

/// What a codec makes of the next bytes.
enum DecodedStep {
  case one(UInt32, bytes: Int)
  case two(UInt32, UInt32, bytes: Int)
  /// Bytes that only change the state.
  case nothing(bytes: Int)
  /// More bytes are needed.
  case incomplete
  /// So many bytes are wrong.
  case invalid(Int)
}

/// What a codec makes of the next characters.
enum EncodedStep {
  /// So many characters went into the output.
  case done(Int)
  /// The next character decides.
  case incomplete
  case invalid
}

/// An East Asian codec. CPython: Modules/cjkcodecs/cjkcodecs.h.
protocol CodecEngine: Sendable {
  func startDecoding(_ state: inout CodecState)
  func startEncoding(_ state: inout CodecState)
  /// The bytes that lead back to the first state.
  func reset(_ state: inout CodecState, _ output: inout [UInt8])
  /// `count` is at least 1.
  func decode(
    _ state: inout CodecState, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> DecodedStep
  /// `next` is nil at the end of the text; `flush`: nothing will follow it.
  func encode(
    _ state: inout CodecState, _ character: UInt32, _ next: UInt32?, flush: Bool,
    _ output: inout [UInt8]
  ) -> EncodedStep
}

extension CodecEngine {
  func startDecoding(_ state: inout CodecState) {}
  func startEncoding(_ state: inout CodecState) {}
  func reset(_ state: inout CodecState, _ output: inout [UInt8]) {}
}
