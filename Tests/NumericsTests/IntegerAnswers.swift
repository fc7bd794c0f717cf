import Numerics

func big(_ text: Substring) -> BigInteger { BigInteger(text, base: 16) ?? 0 }

func lend<Result>(_ x: BigInteger, _ body: (Digits.Source, Int) -> Result) -> Result {
  lend(x.digits, or: 0, body)
}

/// Runs a command about integers; nil when it is none.
func integerAnswer(_ p: [Substring]) -> String? {
  func hex(_ x: BigInteger) -> String { x.text(base: 16) }
  func argument(_ index: Int) -> BigInteger { big(p[index]) }
  func count(_ index: Int) -> Int { Int(p[index]) ?? 0 }
  switch p[0] {
  case "add": return hex(argument(1) + argument(2))
  case "sub": return hex(argument(1) - argument(2))
  case "mul": return hex(argument(1) * argument(2))
  case "sqr":
    let x = argument(1)
    return hex(x * x)
  case "div":
    return argument(1).dividedFloor(by: argument(2)).map { hex($0.quotient) + " " + hex($0.remainder) }
  case "shl": return hex(argument(1) << count(2))
  case "shr": return hex(argument(1) >> count(2))
  case "and": return hex(argument(1) & argument(2))
  case "or": return hex(argument(1) | argument(2))
  case "xor": return hex(argument(1) ^ argument(2))
  case "inv": return hex(~argument(1))
  case "pow": return argument(1).power(UInt64(count(2))).map(hex)
  case "powm":
    return lend(argument(1)) { a, na in
      lend(argument(2)) { e, ne in
        lend(argument(3)) { m, nm in
          guard let power = Digits.modularPower(a, na, exponent: e, ne, modulus: m, nm) else {
            return "out of memory"
          }
          return hex(BigInteger(power))
        }
      }
    }
  case "gcd":
    return lend(argument(1)) { a, na in
      lend(argument(2)) { b, nb in
        guard let divisor = Digits.gcd(a, na, b, nb) else { return "out of memory" }
        return hex(BigInteger(divisor))
      }
    }
  case "isqrt":
    return lend(argument(1)) { a, na in
      guard let root = Digits.squareRoot(a, na) else { return "out of memory" }
      return hex(BigInteger(root))
    }
  case "str": return argument(1).text(base: count(2))
  case "parse": return BigInteger(p[1], base: count(2)).map(hex) ?? "None"
  case "float": return argument(1).double.map(show) ?? "overflow"
  case "frexp":
    let (fraction, exponent) = lend(argument(1)) { Digits.frexp($0, $1) }
    return "\(show(fraction)) \(exponent)"
  case "trunc": return hex(BigInteger(truncating: double(p[1])))
  case "truediv":
    let outcome = lend(argument(1)) { a, na in
      lend(argument(2)) { b, nb in Digits.trueDivide(a, na, b, nb) }
    }
    switch outcome {
    case .value(let value): return show(value)
    case .overflow: return "overflow"
    case .outOfMemory: return "out of memory"
    }
  case "hash": return "\(lend(argument(1)) { Digits.hash($0, $1) })"
  case "bits":
    return lend(argument(1)) { "\(Digits.bitLength($0, $1)) \(Digits.bitCount($0, $1))" }
  case "tob":
    let x = argument(1), size = count(2)
    var data = [UInt8](repeating: 0, count: size + 1)
    let outcome = lend(x) { a, na in
      Digits.write(
        a, na, negative: x.isNegative, bytes: &data, size, p[3] == "l" ? .little : .big,
        signed: p[4] == "s")
    }
    return outcome == .done ? show(data, size) : "big"
  case "fromb":
    var digits = [UInt32](repeating: 0, count: p[1].count + 2)
    let result = lend(bytes(p[1]), or: 0) { data, count in
      Digits.read(
        bytes: data, count, p[2] == "l" ? .little : .big, signed: p[3] == "s", into: &digits)
    }
    return hex(BigInteger(negative: result.negative, digits: Array(digits[..<result.count])))
  default: return nil
  }
}
