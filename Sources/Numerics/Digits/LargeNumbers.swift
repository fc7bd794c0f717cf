import Glibc

/// The few functions of GNU MP that beat digit loops on long numbers.
///
/// The library is looked for when the first long number is met, not linked: programs without long
/// numbers pay nothing at start-up, nothing is needed to build, and without the library everything
/// still works with the algorithms of this module (Karatsuba multiplication, Knuth division,
/// quadratic conversion). Debian's coreutils need libgmp.so.10, so it is there in practice.
/// The environment variable `APUS_WITHOUT_GMP` keeps it away.
///
/// Numbers cross the border as 64-bit limbs. Packing costs about 1 ns per digit.
struct LargeNumbers: @unchecked Sendable {
  typealias Limbs = UnsafeMutablePointer<UInt64>
  typealias ConstLimbs = UnsafePointer<UInt64>

  /// `__mpz_struct`.
  struct Integer {
    var alloc: Int32 = 0
    var size: Int32 = 0
    var limbs: Limbs?

    init() {}

    /// A read-only view of `count` limbs, the top one not zero.
    init(viewing limbs: Limbs, _ count: Int) {
      size = Int32(truncatingIfNeeded: count)
      self.limbs = limbs
    }
  }

  /// The address of an `Integer`; typed pointers to Swift structs cannot cross a C signature.
  typealias IntegerPointer = UnsafeMutableRawPointer
  typealias Multiply = @convention(c) (Limbs, ConstLimbs, Int, ConstLimbs, Int) -> UInt64
  typealias Square = @convention(c) (Limbs, ConstLimbs, Int) -> Void
  typealias Divide = @convention(c) (Limbs, Limbs, Int, ConstLimbs, Int, ConstLimbs, Int) -> Void
  typealias GetText = @convention(c) (UnsafeMutablePointer<UInt8>, Int32, Limbs, Int) -> Int
  typealias SetText = @convention(c) (Limbs, UnsafePointer<UInt8>, Int, Int32) -> Int
  typealias Root = @convention(c) (Limbs, Limbs?, ConstLimbs, Int) -> Int
  typealias Unary = @convention(c) (IntegerPointer) -> Void
  typealias Power = @convention(c) (IntegerPointer, IntegerPointer, UInt) -> Void
  typealias Ternary = @convention(c) (IntegerPointer, IntegerPointer, IntegerPointer) -> Void
  typealias Quaternary =
    @convention(c) (IntegerPointer, IntegerPointer, IntegerPointer, IntegerPointer) -> Void

  let multiply: Multiply
  let square: Square
  let divide: Divide
  let getText: GetText
  let setText: SetText
  let root: Root
  let initialize: Unary
  let clear: Unary
  let power: Power
  let gcd: Ternary
  let modularPower: Quaternary

  /// The library, or nil where it is not installed.
  static let shared: LargeNumbers? = load()

  private static func load() -> LargeNumbers? {
    guard getenv("APUS_WITHOUT_GMP") == nil,
      let handle = dlopen("libgmp.so.10", RTLD_NOW | RTLD_LOCAL)
    else { return nil }
    func symbol<Function>(_ name: String) -> Function? {
      guard let address = dlsym(handle, name) else { return nil }
      return unsafeBitCast(address, to: Function.self)
    }
    guard let multiply: Multiply = symbol("__gmpn_mul"),
      let square: Square = symbol("__gmpn_sqr"),
      let divide: Divide = symbol("__gmpn_tdiv_qr"),
      let getText: GetText = symbol("__gmpn_get_str"),
      let setText: SetText = symbol("__gmpn_set_str"),
      let root: Root = symbol("__gmpn_sqrtrem"),
      let initialize: Unary = symbol("__gmpz_init"),
      let clear: Unary = symbol("__gmpz_clear"),
      let power: Power = symbol("__gmpz_pow_ui"),
      let gcd: Ternary = symbol("__gmpz_gcd"),
      let modularPower: Quaternary = symbol("__gmpz_powm")
    else { return nil }
    return LargeNumbers(
      multiply: multiply, square: square, divide: divide, getText: getText, setText: setText,
      root: root, initialize: initialize, clear: clear, power: power, gcd: gcd,
      modularPower: modularPower)
  }

  // MARK: Between digits and limbs

  /// The limbs that `digits` digits need.
  static func limbCount(_ digits: Int) -> Int { (digits &* 30 &+ 63) / 64 }

  /// The digits that `limbs` limbs may fill.
  static func digitCount(_ limbs: Int) -> Int { (limbs &* 64 &+ 29) / 30 }

  /// Packs a magnitude and returns the count of limbs without leading zeros.
  static func pack(_ a: Digits.Source, _ na: Int, into limbs: Limbs) -> Int {
    var pending: UInt64 = 0
    var filled: UInt64 = 0
    var n = 0
    for i in 0..<na {
      let digit = UInt64(a[i])
      pending |= digit &<< filled
      filled &+= 30
      if filled >= 64 {
        limbs[n] = pending
        n &+= 1
        filled &-= 64
        pending = digit &>> (30 &- filled)
      }
    }
    if filled > 0 {
      limbs[n] = pending
      n &+= 1
    }
    while n > 0 && limbs[n &- 1] == 0 { n &-= 1 }
    return n
  }

  /// Unpacks limbs into at most `capacity` digits and returns the normalised count. Digits beyond
  /// `capacity` must be zero.
  static func unpack(_ limbs: ConstLimbs, _ count: Int, into r: Digits.Target, capacity: Int) -> Int {
    var pending: UInt64 = 0
    var filled: UInt64 = 0
    var next = 0
    var n = 0
    while n < capacity {
      if filled < 30 {
        if next < count {
          let limb = limbs[next]
          next &+= 1
          r[n] = UInt32(truncatingIfNeeded: pending | limb &<< filled) & Digits.mask
          n &+= 1
          pending = limb &>> (30 &- filled)
          filled &+= 34
          continue
        }
        if pending == 0 { break }
      }
      r[n] = UInt32(truncatingIfNeeded: pending) & Digits.mask
      n &+= 1
      pending &>>= 30
      filled = filled >= 30 ? filled &- 30 : 0
    }
    return Digits.normalized(r, n)
  }
}
