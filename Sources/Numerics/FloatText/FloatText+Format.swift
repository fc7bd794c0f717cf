import CNumerics

extension FloatText {
  /// Appends the number as CPython's `PyOS_double_to_string` (Python/pystrtod.c) writes it. The
  /// precision is not negative and does not matter for `.repr`.
  public static func format(
    _ value: Double, _ code: Code, precision: Int, _ flags: Flags, into out: inout TextBuffer
  ) {
    if !value.isFinite {
      out.append(upTo: 8) { writeSpecial(value, flags, into: $0) }
      return
    }
    var exact = ExactDigits(capacity: 64)
    switch code {
    case .repr: exact.shortest(value.magnitude)
    case .exponent: exact.significant(value.magnitude, precision &+ 1)
    case .fixed: exact.decimals(value.magnitude, precision)
    case .general: exact.significant(value.magnitude, max(precision, 1))
    }
    guard let digits = exact.digits else {
      out.fail()
      return
    }
    var count = exact.count
    let point = exact.point

    var decimals = 0
    var exponent = false
    switch code {
    case .repr:
      exponent = point <= -4 || point > 16
    case .exponent:
      exponent = true
      decimals = precision
    case .fixed:
      decimals = precision
    case .general:
      let precision = max(precision, 1)
      exponent = point <= -4 || point > precision &- (flags.contains(.addDotZero) ? 1 : 0)
      if flags.contains(.alternate) {
        decimals = exponent ? precision &- 1 : precision &- point
      } else {
        while count > 1 && digits[count &- 1] == 0x30 { count &-= 1 }
      }
    }
    if value.sign == .minus && !(flags.contains(.noNegativeZero) && exact.isZero) {
      out.append(0x2D)
    } else if flags.contains(.sign) {
      out.append(0x2B)
    }
    let room = count &+ abs(point) &+ max(decimals, 0) &+ 16
    out.append(upTo: room) {
      assemble(
        digits, count, point: point, exponent: exponent, decimals: decimals, flags, into: $0)
    }
  }

  /// Decimal digits of a number, exact to a chosen place. The C library computes them; only the
  /// digits are taken from its text, so the locale's decimal point does not matter.
  struct ExactDigits: ~Copyable {
    private var buffer: TextBuffer
    /// The digits, or nil when there was no memory.
    var digits: UnsafeMutablePointer<UInt8>? { buffer.failed ? nil : buffer.bytes + start }
    private(set) var count = 0
    /// value = 0.d1d2d3... * 10**point
    private(set) var point = 0
    private var start = 0

    init(capacity: Int) { buffer = TextBuffer(capacity: capacity) }

    var isZero: Bool {
      guard let digits else { return false }
      for i in 0..<count where digits[i] != 0x30 { return false }
      return true
    }

    mutating func shortest(_ value: Double) {
      if buffer.failed { return }
      if value == 0 {
        buffer.append(0x30)
        (count, point) = (1, 1)
      } else {
        (count, point) = ShortestDigits.write(value, into: buffer.bytes)
      }
    }

    /// `n` > 0 significant digits.
    mutating func significant(_ value: Double, _ n: Int) {
      if quickSignificant(value, n) { return }
      guard print(value, precision: n &- 1, conversion: 0x65, bound: n &+ 32) else { return }
      // d.ddddde±x
      var read = 0
      while read < buffer.count && buffer.bytes[read] != 0x65 {
        let byte = buffer.bytes[read]
        if byte >= 0x30 && byte <= 0x39 {
          buffer.bytes[count] = byte
          count &+= 1
        }
        read &+= 1
      }
      read &+= 1
      var exponent = 0
      var negative = false
      while read < buffer.count {
        let byte = buffer.bytes[read]
        if byte == 0x2D { negative = true }
        if byte >= 0x30 && byte <= 0x39 { exponent = exponent &* 10 &+ Int(byte &- 0x30) }
        read &+= 1
      }
      point = (negative ? -exponent : exponent) &+ 1
      if isZero { point = 1 }
    }

    /// All digits down to the `n`th after the point; 0 is one digit.
    mutating func decimals(_ value: Double, _ n: Int) {
      if let scaled = ScaledDecimal.rounded(value, places: n) {
        write(scaled)
        point = count &- n
        return
      }
      guard print(value, precision: n, conversion: 0x66, bound: n &+ 340) else { return }
      for read in 0..<buffer.count {
        let byte = buffer.bytes[read]
        if byte >= 0x30 && byte <= 0x39 {
          buffer.bytes[count] = byte
          count &+= 1
        }
      }
      point = count &- n
      // 0.00123 has its point before the first digit that counts.
      while start < count &- 1 && buffer.bytes[start] == 0x30 { start &+= 1 }
      count &-= start
      point &-= start
    }

    /// The usual case: few digits of a number of moderate size, by exact 128-bit arithmetic.
    private mutating func quickSignificant(_ value: Double, _ n: Int) -> Bool {
      if value == 0 || n > 17 { return false }
      // floor(log10(value)), perhaps one too small; the digits tell.
      var exponent = Int((Double(value.exponent) * 0.30102999566398120).rounded(.down))
      for _ in 0..<2 {
        guard let scaled = ScaledDecimal.rounded(value, places: n &- 1 &- exponent) else {
          return false
        }
        if scaled < ScaledDecimal.powers[n] {
          write(scaled)
          point = exponent &+ 1
          return count == n
        }
        exponent &+= 1
      }
      return false
    }

    private mutating func write(_ word: UInt64) {
      start = 0
      count = buffer.reserve(20) ? Digits.write(word: word, base: 10, text: buffer.bytes) : 0
    }

    private mutating func print(
      _ value: Double, precision: Int, conversion: UInt8, bound: Int
    ) -> Bool {
      guard let precision = Int32(exactly: precision), buffer.reserve(bound) else { return false }
      let size = buffer.capacity
      let written = buffer.bytes.withMemoryRebound(to: CChar.self, capacity: size) {
        Int(apus_print_double($0, size, CChar(conversion), precision, value))
      }
      if written < 0 || written >= size {
        buffer.fail()
        return false
      }
      buffer.commit(written)
      return true
    }
  }
}
