import CNumerics
import Glibc

/// The secret of one process that keys the hash of text (CPython's `_Py_HashSecret`, 24 bytes).
public struct HashSecret: Sendable, Equatable {
  public var key0: UInt64 = 0
  public var key1: UInt64 = 0
  /// The salt that CPython hands to expat.
  public var salt: UInt64 = 0

  /// The secret of `PYTHONHASHSEED=0`: all zero.
  public static let zero = HashSecret()

  public init() {}

  /// The secret of `PYTHONHASHSEED=seed`: bytes of a linear congruential generator, so that a seed
  /// gives the same hashes as CPython. 0 gives the zero secret.
  public init(seed: UInt32) {
    if seed == 0 { return }
    var state = seed
    func word() -> UInt64 {
      var word: UInt64 = 0
      for i: UInt64 in 0..<8 {
        state = state &* 214_013 &+ 2_531_011
        word |= UInt64(state >> 16 & 0xFF) &<< (8 &* i)
      }
      return word
    }
    key0 = word()
    key1 = word()
    salt = word()
  }

  /// A secret from the system's random source; nil when there is none.
  public static func random() -> HashSecret? {
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    let filled = withUnsafeMutableBytes(of: &words) { buffer -> Bool in
      guard let start = buffer.baseAddress else { return false }
      return fillRandom(start, buffer.count)
    }
    if !filled { return nil }
    var secret = HashSecret()
    (secret.key0, secret.key1, secret.salt) = words
    return secret
  }

  /// Fills memory from the system's random source without waiting for it to warm up (PEP 524).
  public static func fillRandom(_ memory: UnsafeMutableRawPointer, _ count: Int) -> Bool {
    let nonBlocking: UInt32 = 1  // GRND_NONBLOCK
    var done = 0
    while done < count {
      let n = getrandom(memory + done, count &- done, nonBlocking)
      if n < 0 {
        if errno == EINTR { continue }
        break
      }
      done &+= n
    }
    if done == count { return true }
    let file = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    if file < 0 { return false }
    defer { close(file) }
    while done < count {
      let n = read(file, memory + done, count &- done)
      if n < 0 && errno == EINTR { continue }
      if n <= 0 { return false }
      done &+= n
    }
    return true
  }
}
