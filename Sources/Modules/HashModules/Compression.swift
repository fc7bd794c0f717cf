/// The compression functions. Numbers: RFC 1321, FIPS 180-4, FIPS 202, RFC 7693.
enum Compression {
  typealias Words = InlineArray<25, UInt64>

  @inline(__always)
  static func little32(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
  }
  @inline(__always)
  static func little64(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }
  @inline(__always)
  private static func big32(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
  }
  @inline(__always)
  private static func big64(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }
  @inline(__always) private static func left(_ x: UInt32, _ n: UInt32) -> UInt32 { x << n | x >> (32 - n) }
  @inline(__always) private static func right(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
  @inline(__always) private static func right(_ x: UInt64, _ n: UInt64) -> UInt64 { x >> n | x << (64 - n) }
  @inline(__always) private static func word(_ words: Words, _ index: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: words[index])
  }

  static func md5(_ words: inout Words, _ block: UnsafePointer<UInt8>) {
    let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
    var a = word(words, 0), b = word(words, 1), c = word(words, 2), d = word(words, 3)
    for round in 0..<64 {
      let mixed: UInt32
      let place: Int
      switch round >> 4 {
      case 0: (mixed, place) = (b & c | ~b & d, round)
      case 1: (mixed, place) = (d & b | ~d & c, (5 * round + 1) & 15)
      case 2: (mixed, place) = (b ^ c ^ d, (3 * round + 5) & 15)
      default: (mixed, place) = (c ^ (b | ~d), (7 * round) & 15)
      }
      let sum = a &+ mixed &+ MD5Constants.rounds[round] &+ little32(block + 4 * place)
      (a, d, c) = (d, c, b)
      b = b &+ left(sum, shifts[(round >> 4) * 4 + round & 3])
    }
    words[0] = UInt64(word(words, 0) &+ a)
    words[1] = UInt64(word(words, 1) &+ b)
    words[2] = UInt64(word(words, 2) &+ c)
    words[3] = UInt64(word(words, 3) &+ d)
  }

  static func sha1(_ words: inout Words, _ block: UnsafePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { w in
      for index in 0..<16 { w[index] = big32(block + 4 * index) }
      for index in 16..<80 {
        w[index] = left(w[index - 3] ^ w[index - 8] ^ w[index - 14] ^ w[index - 16], 1)
      }
      var a = word(words, 0), b = word(words, 1), c = word(words, 2), d = word(words, 3)
      var e = word(words, 4)
      for round in 0..<80 {
        let mixed: UInt32
        switch round / 20 {
        case 0: mixed = (b & c | ~b & d) &+ 0x5a82_7999
        case 1: mixed = (b ^ c ^ d) &+ 0x6ed9_eba1
        case 2: mixed = (b & c | b & d | c & d) &+ 0x8f1b_bcdc
        default: mixed = (b ^ c ^ d) &+ 0xca62_c1d6
        }
        let sum = left(a, 5) &+ mixed &+ e &+ w[round]
        (e, d, c, b, a) = (d, c, left(b, 30), a, sum)
      }
      words[0] = UInt64(word(words, 0) &+ a)
      words[1] = UInt64(word(words, 1) &+ b)
      words[2] = UInt64(word(words, 2) &+ c)
      words[3] = UInt64(word(words, 3) &+ d)
      words[4] = UInt64(word(words, 4) &+ e)
    }
  }

  static func sha256(_ words: inout Words, _ block: UnsafePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 72) { w in
      for index in 0..<16 { w[index] = big32(block + 4 * index) }
      for index in 16..<64 {
        let x = w[index - 15], y = w[index - 2]
        let s0 = right(x, 7) ^ right(x, 18) ^ x >> 3
        let s1 = right(y, 17) ^ right(y, 19) ^ y >> 10
        w[index] = w[index - 16] &+ s0 &+ w[index - 7] &+ s1
      }
      var a = word(words, 0), b = word(words, 1), c = word(words, 2), d = word(words, 3)
      var e = word(words, 4), f = word(words, 5), g = word(words, 6), h = word(words, 7)
      SHA2Constants.rounds.withUnsafeBufferPointer { k in
        for round in 0..<64 {
          let s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25)
          let constant = UInt32(truncatingIfNeeded: k[round] >> 32)
          let first = h &+ s1 &+ (e & f ^ ~e & g) &+ constant &+ w[round]
          let s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22)
          let second = s0 &+ (a & b ^ a & c ^ b & c)
          (h, g, f, e) = (g, f, e, d &+ first)
          (d, c, b, a) = (c, b, a, first &+ second)
        }
      }
      let sums = [a, b, c, d, e, f, g, h]
      for index in 0..<8 { words[index] = UInt64(word(words, index) &+ sums[index]) }
    }
  }

  static func sha512(_ words: inout Words, _ block: UnsafePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 80) { w in
      for index in 0..<16 { w[index] = big64(block + 8 * index) }
      for index in 16..<80 {
        let x = w[index - 15], y = w[index - 2]
        let s0 = right(x, 1) ^ right(x, 8) ^ x >> 7
        let s1 = right(y, 19) ^ right(y, 61) ^ y >> 6
        w[index] = w[index - 16] &+ s0 &+ w[index - 7] &+ s1
      }
      var a = words[0], b = words[1], c = words[2], d = words[3]
      var e = words[4], f = words[5], g = words[6], h = words[7]
      SHA2Constants.rounds.withUnsafeBufferPointer { k in
        for round in 0..<80 {
          let s1 = right(e, 14) ^ right(e, 18) ^ right(e, 41)
          let first = h &+ s1 &+ (e & f ^ ~e & g) &+ k[round] &+ w[round]
          let s0 = right(a, 28) ^ right(a, 34) ^ right(a, 39)
          let second = s0 &+ (a & b ^ a & c ^ b & c)
          (h, g, f, e) = (g, f, e, d &+ first)
          (d, c, b, a) = (c, b, a, first &+ second)
        }
      }
      let sums = [a, b, c, d, e, f, g, h]
      for index in 0..<8 { words[index] = words[index] &+ sums[index] }
    }
  }

  static func keccak(_ words: inout Words) {
    func left(_ x: UInt64, _ n: UInt64) -> UInt64 { x << n | x >> ((64 - n) & 63) }
    for round in 0..<24 {
      var columns = InlineArray<5, UInt64>(repeating: 0)
      for x in 0..<5 {
        columns[x] = words[x] ^ words[x + 5] ^ words[x + 10] ^ words[x + 15] ^ words[x + 20]
      }
      for x in 0..<5 {
        let mixed = columns[(x + 4) % 5] ^ left(columns[(x + 1) % 5], 1)
        for y in 0..<5 { words[x + 5 * y] ^= mixed }
      }
      var carried = words[1]
      for step in 0..<24 {
        let lane = KeccakConstants.lanes[step]
        let next = words[lane]
        words[lane] = left(carried, KeccakConstants.rotations[step])
        carried = next
      }
      for y in 0..<5 {
        var row = InlineArray<5, UInt64>(repeating: 0)
        for x in 0..<5 { row[x] = words[5 * y + x] }
        for x in 0..<5 { words[5 * y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
      }
      words[0] ^= KeccakConstants.rounds[round]
    }
  }
}
