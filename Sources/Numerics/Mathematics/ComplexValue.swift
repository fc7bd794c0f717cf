import Glibc

/// A complex number of two doubles and the arithmetic of Python's `complex`.
/// CPython: Objects/complexobject.c.
@frozen
public struct ComplexValue: Sendable, Equatable {
  public var real: Double, imaginary: Double

  @inlinable
  public init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  @inlinable
  public static func + (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    ComplexValue(a.real + b.real, a.imaginary + b.imaginary)
  }

  @inlinable
  public static func - (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    ComplexValue(a.real - b.real, a.imaginary - b.imaginary)
  }

  @inlinable
  public static prefix func - (a: ComplexValue) -> ComplexValue {
    ComplexValue(-a.real, -a.imaginary)
  }

  @inlinable
  public static func * (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    ComplexValue(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// Division by Smith's method (1962), which keeps the intermediate results in range. Nil for a
  /// zero divisor (ZeroDivisionError).
  public func divided(by b: ComplexValue) -> ComplexValue? {
    let size = (b.real.magnitude, b.imaginary.magnitude)
    if size.0 >= size.1 {
      if size.0 == 0 { return nil }
      let ratio = b.imaginary / b.real
      let denominator = b.real + b.imaginary * ratio
      return ComplexValue(
        (real + imaginary * ratio) / denominator, (imaginary - real * ratio) / denominator)
    }
    if size.1 >= size.0 {
      let ratio = b.real / b.imaginary
      let denominator = b.real * ratio + b.imaginary
      return ComplexValue(
        (real * ratio + imaginary) / denominator, (imaginary * ratio - real) / denominator)
    }
    return ComplexValue(.nan, .nan)
  }

  /// The absolute value; nil when it overflows (OverflowError: "absolute value too large").
  public var magnitude: Double? {
    if !real.isFinite || !imaginary.isFinite {
      // An infinity wins over NaN.
      return real.isInfinite || imaginary.isInfinite ? .infinity : .nan
    }
    let result = hypot(real, imaginary)
    return result.isFinite ? result : nil
  }

  public enum PowerOutcome: Sendable, Equatable {
    case value(ComplexValue)
    /// ZeroDivisionError: "zero to a negative or complex power"
    case zeroBase
    /// OverflowError: "complex exponentiation"
    case overflow
  }

  /// `a ** b`: by repeated multiplication for small whole exponents, else in polar form.
  public func power(_ b: ComplexValue) -> PowerOutcome {
    let result: ComplexValue
    if b.imaginary == 0 && b.real == b.real.rounded(.down) && b.real.magnitude <= 100 {
      let whole = wholePower(Int(b.real.magnitude))
      if b.real > 0 || b.real == 0 {
        result = b.real == 0 ? ComplexValue(1, 0) : whole
      } else {
        guard let inverse = ComplexValue(1, 0).divided(by: whole) else { return .zeroBase }
        result = inverse
      }
    } else if b.real == 0 && b.imaginary == 0 {
      result = ComplexValue(1, 0)
    } else if real == 0 && imaginary == 0 {
      if b.imaginary != 0 || b.real < 0 { return .zeroBase }
      result = ComplexValue(0, 0)
    } else {
      let size = hypot(real, imaginary)
      var length = pow(size, b.real)
      let angle = atan2(imaginary, real)
      var phase = angle * b.real
      if b.imaginary != 0 {
        length /= exp(angle * b.imaginary)
        phase += b.imaginary * log(size)
      }
      // The C library calls the cosine of an infinity a domain error, which CPython reports so.
      if phase.isInfinite { return .zeroBase }
      result = ComplexValue(length * cos(phase), length * sin(phase))
    }
    // As errno would be set: only an infinity counts as overflow.
    if result.real.isInfinite || result.imaginary.isInfinite { return .overflow }
    return .value(result)
  }

  private func wholePower(_ exponent: Int) -> ComplexValue {
    var result = ComplexValue(1, 0), power = self
    var mask = 1
    while mask <= exponent {
      if exponent & mask != 0 { result = result * power }
      mask <<= 1
      power = power * power
    }
    return result
  }
}
