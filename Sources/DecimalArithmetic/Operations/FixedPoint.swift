import Glibc

/// Numbers with `fraction` words after the point and one before it, for the elementary functions. A
/// unit is the last place, 10**(-19 * fraction).
enum FixedPoint {
  typealias Source = Words.Source
  typealias Target = Words.Target

  /// How often the argument of `exponential` is halved: weighs squarings against terms.
  static func halvings(_ fraction: Int) -> Int {
    Swift.min(40, Int((Double(fraction) * 63).squareRoot() * 0.7))
  }

  /// Decimal digits lost to the halvings, with some to spare.
  static func guardDigits(_ fraction: Int) -> Int { 16 + halvings(fraction) / 3 }

  /// Units by which `exponential` may be off.
  static func exponentialError(_ fraction: Int) -> UInt64 { 256 << UInt64(halvings(fraction)) }

  /// result = e**x for 0 <= x < 2.4, both `fraction + 1` words.
  static func exponential(_ result: Target, _ x: Source, _ fraction: Int) throws(OutOfMemory) {
    let size = fraction + 1
    let halvings = halvings(fraction)
    let buffer = try WordBuffer(size + 2 * size + 2)
    let r = buffer.words
    let product = r + size
    Words.divide(r, x, size, by: 1 << UInt64(halvings))
    let length = Words.normalized(r, size)
    if length == 1 && r[0] == 0 {
      Words.clear(result, fraction)
      result[fraction] = 1
      return
    }
    // Terms until x**n / n! is below a unit.
    let magnitude =
      Double(size - length) * 19 - 19 + (19 - Glibc.log10(Double(r[length - 1]) + 1))
    var terms = 1
    var reached = magnitude
    while reached < Double(19 * fraction + 1) {
      terms += 1
      reached += magnitude + Glibc.log10(Double(terms))
    }
    // Horner: 1 + x (1 + x/2 (1 + x/3 (…))).
    Words.clear(result, fraction)
    result[fraction] = 1
    var term = terms
    while term > 0 {
      try Words.multiply(product, result, size, r, length)
      product[size + length] = 0
      for index in (size + length)..<(fraction + size + 1) { product[index] = 0 }
      Words.divide(result, product + fraction, size, by: UInt64(term))
      result[fraction] += 1
      term -= 1
    }
    for _ in 0..<halvings {
      try Words.multiply(product, result, size, result, size)
      Words.copy(result, product + fraction, size)
    }
  }

  /// Units by which `logarithm` may be off.
  static func logarithmError(_ fraction: Int) -> UInt64 { 4096 << UInt64(halvings(fraction)) }

  /// result = |ln(m)| for 0.3 < m < 3.2, both `fraction + 1` words; whether ln(m) is negative.
  ///
  /// From an approximation y: ln m = y + 2 atanh((m - e**y) / (m + e**y)), the first y from machine
  /// arithmetic, a better one from half the digits.
  static func logarithm(_ result: Target, _ m: Source, _ fraction: Int) throws(OutOfMemory) -> Bool {
    let size = fraction + 1
    Words.clear(result, size)
    var negative: Bool
    if fraction > 12 {
      let half = fraction / 2 + 1
      let upper = try WordBuffer(half + 1)
      negative = try logarithm(upper.words, m + (fraction - half), half)
      Words.copy(result + (fraction - half), upper.words, half + 1)
    } else {
      let approximate = Glibc.log(
        Double(m[fraction]) + Double(fraction > 0 ? m[fraction - 1] : 0) / 1e19)
      negative = approximate < 0
      let scaled = UInt64(abs(approximate) * 1e18)
      result[fraction] = scaled / 1_000_000_000_000_000_000
      if fraction > 0 { result[fraction - 1] = scaled % 1_000_000_000_000_000_000 * 10 }
    }
    let buffer = try WordBuffer(8 * size + 16)
    let e = buffer.words
    let numerator = e + size
    let denominator = numerator + (fraction + size + 2)
    let product = denominator + (size + 1)
    let power = product + (2 * size + 2)
    try exponential(e, result, fraction)
    // y >= 0: (m - e) / (m + e); y < 0, with e = e**-y: (m e - 1) / (m e + 1).
    let a = numerator + fraction
    if negative {
      try Words.multiply(product, m, size, e, size)
      Words.copy(a, product + fraction, size)
      Words.clear(e, fraction)
      e[fraction] = 1
    } else {
      Words.copy(a, m, size)
    }
    Words.copy(denominator, a, size)
    Words.add(denominator, size, e, size)
    let aLength = Words.normalized(a, size)
    let eLength = Words.normalized(e, size)
    let order = Words.compare(a, aLength, e, eLength)
    if order == 0 { return negative }
    if order > 0 {
      Words.subtract(a, size, e, size)
    } else {
      Words.subtractReversed(a, size, from: e, size)
    }
    let correctionNegative = order < 0
    // u = a / denominator, in place of e.
    Words.clear(numerator, fraction)
    let numeratorLength = Words.normalized(numerator, fraction + size)
    let denominatorLength = Words.normalized(denominator, size)
    let u = e
    Words.clear(u, size)
    if Words.compare(numerator, numeratorLength, denominator, denominatorLength) >= 0 {
      try Words.divide(product, nil, numerator, numeratorLength, denominator, denominatorLength)
      Words.copy(u, product, Swift.min(size, numeratorLength - denominatorLength + 1))
    }
    // 2 (u + u**3 / 3 + u**5 / 5 + …), summed in `numerator`.
    let sum = numerator
    Words.copy(sum, u, size)
    Words.copy(power, u, size)
    let square = denominator
    try Words.multiply(product, u, size, u, size)
    Words.copy(square, product + fraction, size)
    let squareLength = Words.normalized(square, size)
    var divisor: UInt64 = 3
    let term = power + (size + 1)
    while true {
      let length = Words.normalized(power, size)
      try Words.multiply(product, power, length, square, squareLength)
      for index in (length + squareLength)..<(2 * size + 1) { product[index] = 0 }
      Words.copy(power, product + fraction, size)
      if Words.isZero(power, size) { break }
      Words.divide(term, power, size, by: divisor)
      Words.add(sum, size, term, size)
      divisor += 2
    }
    Words.multiply(sum, size, by: 2)
    if negative == correctionNegative {
      Words.add(result, size, sum, size)
      return negative
    }
    let resultLength = Words.normalized(result, size)
    let sumLength = Words.normalized(sum, size)
    if Words.compare(result, resultLength, sum, sumLength) >= 0 {
      Words.subtract(result, size, sum, size)
      return negative
    }
    Words.subtractReversed(result, size, from: sum, size)
    return correctionNegative
  }

  // MARK: ln(10)

  private struct Known {
    var words: Target?
    var fraction = 0
  }
  nonisolated(unsafe) private static var known = Known()

  /// ln(10) with `fraction + 1` words, off by less than two units. Valid until the next call; the
  /// longest so far is kept for the life of the process.
  static func logarithmOfTen(_ fraction: Int) throws(OutOfMemory) -> Source {
    if let words = known.words, known.fraction >= fraction {
      return Source(words + (known.fraction - fraction))
    }
    let made = fraction + 3 + fraction / 8
    let size = made + 1
    guard made < Int.max / 64, let memory = malloc(size * 8) else { throw OutOfMemory() }
    let total = memory.assumingMemoryBound(to: UInt64.self)
    Words.clear(total, size)
    let buffer = try WordBuffer(2 * size)
    let power = buffer.words
    let term = power + size
    // 46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161)
    for (factor, n) in [(46, 31), (34, 49), (20, 161)] as [(UInt64, UInt64)] {
      Words.clear(power, made)
      power[made] = factor
      Words.divide(power, power, size, by: n)
      var odd: UInt64 = 1
      var length = Words.normalized(power, size)
      while !(length == 1 && power[0] == 0) {
        Words.divide(term, power, length, by: odd)
        Words.add(total, size, term, length)
        Words.divide(power, power, length, by: n * n)
        length = Words.normalized(power, length)
        odd += 2
      }
    }
    free(known.words)
    known = Known(words: total, fraction: made)
    return Source(total + (made - fraction))
  }
}
