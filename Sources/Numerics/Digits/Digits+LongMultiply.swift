import Glibc

/// Products so long that a program may want to end them: made of parts, between which the object
/// layer looks for signals.
extension Digits {
  /// Asked between the parts of a long product: true ends it, with an exception set. The object
  /// layer installs it.
  nonisolated(unsafe) public static var mustStop: @convention(c) () -> Bool = { false }

  /// From this many digits of the shorter factor (4 MB) the memory is looked for beforehand: the
  /// large-number library ends the process when there is none.
  public static var longMultiplication: Int { 1 << 20 }

  /// Parts have fewer digits (30 MB), a second's work for the library.
  private static var longestPart: Int { 8 << 20 }

  /// Writes all na + nb digits of a * b, made of parts of fewer than `longest` (at least 4)
  /// digits. False when there is no memory or `mustStop` said so.
  public static func multiply(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target, longest: Int
  ) -> Bool {
    product(a, na, b, nb, into: r, max(longest, 4))
  }

  /// Writes a * b into `r`, which has room for na + nb digits and overlaps neither factor. Nil when
  /// there is no memory or `mustStop` said so.
  public static func multiplyLong(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Int? {
    if min(na, nb) < longMultiplication { return multiply(a, na, b, nb, into: r) }
    return product(a, na, b, nb, into: r, longestPart) ? normalized(r, na &+ nb) : nil
  }

  /// Writes all na + nb digits of a * b, whose top digits may be zero.
  private static func product(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target, _ longest: Int
  ) -> Bool {
    if na < nb { return product(b, nb, a, na, into: r, longest) }
    if mustStop() { return false }
    if nb < longest {
      return na < 2 &* longest
        ? part(a, na, b, nb, into: r) : lopsidedProduct(a, na, b, nb, into: r, longest, longest)
    }
    let low = (na &+ 1) / 2
    if nb <= low { return lopsidedProduct(a, na, b, nb, into: r, low, longest) }
    return halvedProduct(a, na, b, nb, into: r, low, longest)
  }

  /// A product that the library makes at once.
  private static func part(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Bool {
    // Its transform needs up to three times the size of the product.
    guard let room = malloc((na &+ nb) &* 16) else { return false }
    free(room)
    let count = multiply(a, normalized(a, na), b, normalized(b, nb), into: r)
    zero(r, from: count, to: na &+ nb)
    return true
  }

  /// The longer factor in pieces of `size` digits.
  private static func lopsidedProduct(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target, _ size: Int,
    _ longest: Int
  ) -> Bool {
    guard let piece = DigitBuffer(capacity: size &+ nb) else { return false }
    zero(r, from: 0, to: na &+ nb)
    var at = 0
    while at < na {
      let count = min(size, na &- at)
      guard product(a + at, count, b, nb, into: piece.digits, longest) else { return false }
      _ = accumulate(r + at, na &+ nb &- at, piece.source, count &+ nb)
      at &+= count
    }
    return true
  }

  /// Both factors in halves of `low` digits and the rest: three products instead of four.
  /// (Karatsuba & Ofman 1962; Knuth, TAOCP vol. 2, 4.3.3.)
  private static func halvedProduct(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target, _ low: Int,
    _ longest: Int
  ) -> Bool {
    let isSquare = a == b && na == nb
    let highA = na &- low, highB = nb &- low
    guard product(a, low, b, low, into: r, longest),
      product(a + low, highA, b + low, highB, into: r + 2 &* low, longest)
    else { return false }
    let size = low &+ 1
    guard let sumA = DigitBuffer(capacity: size),
      let sumB = DigitBuffer(capacity: isSquare ? 0 : size),
      let middle = DigitBuffer(capacity: 2 &* size)
    else { return false }
    zero(sumA.digits, from: add(a, low, a + low, highA, into: sumA.digits), to: size)
    if isSquare {
      guard product(sumA.source, size, sumA.source, size, into: middle.digits, longest) else {
        return false
      }
    } else {
      zero(sumB.digits, from: add(b, low, b + low, highB, into: sumB.digits), to: size)
      guard product(sumA.source, size, sumB.source, size, into: middle.digits, longest) else {
        return false
      }
    }
    _ = deduct(middle.digits, 2 &* size, r, 2 &* low)
    _ = deduct(middle.digits, 2 &* size, r + 2 &* low, highA &+ highB)
    let room = na &+ nb &- low
    _ = accumulate(r + low, room, middle.source, min(normalized(middle.source, 2 &* size), room))
    return true
  }

  private static func zero(_ r: Target, from start: Int, to end: Int) {
    if start < end { (r + start).update(repeating: 0, count: end &- start) }
  }
}
