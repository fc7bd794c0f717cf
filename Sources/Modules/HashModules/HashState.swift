/// The state of a hash under computation: chaining words and the block being filled.
struct HashState {
  /// MD5, SHA-1 and SHA-2 use the first 4, 5 or 8; Keccak 25; BLAKE2 8.
  var words: InlineArray<25, UInt64> = .init(repeating: 0)
  var buffer: InlineArray<200, UInt8> = .init(repeating: 0)
  /// Bytes in `buffer`.
  var buffered = 0
  /// Bytes hashed, those in the buffer included.
  var length: UInt64 = 0
}

/// A hash function: its sizes and its compression.
enum HashAlgorithm: Int {
  case md5, sha1, sha224, sha256, sha384, sha512
  case sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256

  /// Bytes of a block.
  var blockSize: Int {
    switch self {
    case .md5, .sha1, .sha224, .sha256: return 64
    case .sha384, .sha512: return 128
    case .shake128: return 168
    case .shake256: return 136
    default: return 200 - 2 * digestSize
    }
  }

  /// Bytes of a digest; 0 where the caller chooses.
  var digestSize: Int {
    switch self {
    case .md5: return 16
    case .sha1: return 20
    case .sha224, .sha3_224: return 28
    case .sha256, .sha3_256: return 32
    case .sha384, .sha3_384: return 48
    case .sha512, .sha3_512: return 64
    case .shake128, .shake256: return 0
    }
  }

  var name: String {
    switch self {
    case .md5: return "md5"
    case .sha1: return "sha1"
    case .sha224: return "sha224"
    case .sha256: return "sha256"
    case .sha384: return "sha384"
    case .sha512: return "sha512"
    case .sha3_224: return "sha3_224"
    case .sha3_256: return "sha3_256"
    case .sha3_384: return "sha3_384"
    case .sha3_512: return "sha3_512"
    case .shake128: return "shake_128"
    case .shake256: return "shake_256"
    }
  }

  var isKeccak: Bool { rawValue >= HashAlgorithm.sha3_224.rawValue }
  /// The padding byte that keeps SHA-3 and SHAKE apart.
  var suffix: UInt8 { digestSize == 0 ? 0x1F : 0x06 }

  func initial() -> HashState {
    var state = HashState()
    switch self {
    case .md5, .sha1:
      let start: [UInt64] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
      for index in 0..<(self == .md5 ? 4 : 5) { state.words[index] = start[index] }
    case .sha224: for index in 0..<8 { state.words[index] = SHA2Constants.initial384[index] & 0xffff_ffff }
    case .sha256: for index in 0..<8 { state.words[index] = SHA2Constants.initial512[index] >> 32 }
    case .sha384: for index in 0..<8 { state.words[index] = SHA2Constants.initial384[index] }
    case .sha512: for index in 0..<8 { state.words[index] = SHA2Constants.initial512[index] }
    default: break
    }
    return state
  }

  private func compress(_ state: inout HashState, _ block: UnsafePointer<UInt8>) {
    switch self {
    case .md5: Compression.md5(&state.words, block)
    case .sha1: Compression.sha1(&state.words, block)
    case .sha224, .sha256: Compression.sha256(&state.words, block)
    case .sha384, .sha512: Compression.sha512(&state.words, block)
    default:
      for lane in 0..<(blockSize / 8) { state.words[lane] ^= Compression.little64(block + 8 * lane) }
      Compression.keccak(&state.words)
    }
  }

  private func compressBuffer(_ state: inout HashState) {
    let copy = state.buffer
    let size = blockSize
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { room in
      for index in 0..<size { room[index] = copy[index] }
      if let base = room.baseAddress { compress(&state, UnsafePointer(base)) }
    }
    state.buffered = 0
  }

  func update(_ state: inout HashState, _ data: UnsafePointer<UInt8>, _ count: Int) {
    let size = blockSize
    state.length &+= UInt64(count)
    var done = 0
    while done < count {
      if state.buffered == 0 && count - done >= size {
        compress(&state, data + done)
        done += size
        continue
      }
      let part = Swift.min(size - state.buffered, count - done)
      for index in 0..<part { state.buffer[state.buffered + index] = data[done + index] }
      state.buffered += part
      done += part
      if state.buffered == size { compressBuffer(&state) }
    }
  }

  /// The digest of what was hashed so far; `length` bytes of a SHAKE.
  func digest(_ state: HashState, length: Int) -> [UInt8] {
    var state = state
    return isKeccak ? squeeze(&state, length) : finish(&state)
  }

  private func finish(_ state: inout HashState) -> [UInt8] {
    let size = blockSize
    let bits = state.length &* 8
    let carry = state.length >> 61
    state.buffer[state.buffered] = 0x80
    for index in (state.buffered + 1)..<(size + 1) where index < size { state.buffer[index] = 0 }
    if state.buffered >= size - size / 8 {
      compressBuffer(&state)
      for index in 0..<size { state.buffer[index] = 0 }
    }
    for index in 0..<8 {
      if self == .md5 {
        state.buffer[size - 8 + index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))
      } else {
        state.buffer[size - 1 - index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))
      }
    }
    if size == 128 { state.buffer[size - 9] = UInt8(truncatingIfNeeded: carry) }
    compressBuffer(&state)
    let wordSize = size == 128 ? 8 : 4
    return (0..<digestSize).map { index in
      let place = index % wordSize
      let shift = self == .md5 ? place : wordSize - 1 - place
      return UInt8(truncatingIfNeeded: state.words[index / wordSize] >> UInt64(8 * shift))
    }
  }

  private func squeeze(_ state: inout HashState, _ count: Int) -> [UInt8] {
    let size = blockSize
    for index in state.buffered..<size { state.buffer[index] = 0 }
    state.buffer[state.buffered] = suffix
    state.buffer[size - 1] |= 0x80
    compressBuffer(&state)
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while result.count < count {
      for index in 0..<Swift.min(size, count - result.count) {
        result.append(UInt8(truncatingIfNeeded: state.words[index / 8] >> UInt64(8 * (index % 8))))
      }
      if result.count < count { Compression.keccak(&state.words) }
    }
    return result
  }
}
