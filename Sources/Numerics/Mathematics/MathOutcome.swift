/// The result of a function of the `math` module.
public enum MathOutcome: Sendable, Equatable {
  case value(Double)
  /// ValueError: "math domain error"
  case domainError
  /// OverflowError: "math range error"
  case rangeError

  /// Judges a result by the rules of C's Annex F: a NaN that no argument explains is a domain error,
  /// an infinity from finite arguments an overflow, or a domain error where the function has poles.
  @inlinable
  static func checked(_ result: Double, finite: Bool, nan: Bool, overflows: Bool) -> MathOutcome {
    if result.isNaN && !nan { return .domainError }
    if result.isInfinite && finite { return overflows ? .rangeError : .domainError }
    return .value(result)
  }
}
