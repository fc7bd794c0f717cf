import Glibc

/// Owned memory for digits, freed when its owner goes out of scope.
///
/// Functions whose result size is not known beforehand return one; the object layer copies the
/// digits into a `PyLongObject`.
public struct DigitBuffer: ~Copyable {
  public let digits: UnsafeMutablePointer<UInt32>
  /// The digits in use.
  public var count: Int
  public let capacity: Int

  /// Nil when there is no memory. The contents are not initialised.
  public init?(capacity: Int) {
    let (bytes, overflow) = max(capacity, 1).multipliedReportingOverflow(by: 4)
    guard !overflow, capacity >= 0, let memory = malloc(bytes) else { return nil }
    digits = memory.assumingMemoryBound(to: UInt32.self)
    count = 0
    self.capacity = capacity
  }

  /// A copy of a magnitude with room for `extra` more digits.
  public init?(copying a: Digits.Source, _ na: Int, extra: Int = 0) {
    self.init(capacity: na &+ extra)
    digits.update(from: a, count: na)
    count = na
  }

  deinit { free(digits) }

  public var source: Digits.Source { Digits.Source(digits) }
}

/// Owned memory for 64-bit limbs, the currency of the large-number library.
struct LimbBuffer: ~Copyable {
  let limbs: UnsafeMutablePointer<UInt64>

  init?(capacity: Int) {
    let (bytes, overflow) = max(capacity, 1).multipliedReportingOverflow(by: 8)
    guard !overflow, let memory = malloc(bytes) else { return nil }
    limbs = memory.assumingMemoryBound(to: UInt64.self)
  }

  deinit { free(limbs) }
}
