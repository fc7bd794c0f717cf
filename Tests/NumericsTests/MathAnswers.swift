import Numerics

private let unary: [Substring: Elementary.Function] = [
  "acos": .acos, "acosh": .acosh, "asin": .asin, "asinh": .asinh, "atan": .atan, "atanh": .atanh,
  "cbrt": .cbrt, "cos": .cos, "cosh": .cosh, "erf": .erf, "erfc": .erfc, "exp": .exp, "exp2": .exp2,
  "expm1": .expm1, "fabs": .fabs, "gamma": .gamma, "lgamma": .lgamma, "log": .log, "log10": .log10,
  "log1p": .log1p, "log2": .log2, "sin": .sin, "sinh": .sinh, "sqrt": .sqrt, "tan": .tan,
  "tanh": .tanh,
]

private func show(_ outcome: MathOutcome) -> String {
  switch outcome {
  case .value(let value): return show(value)
  case .domainError: return "DOM"
  case .rangeError: return "OVF"
  }
}

private func show(_ z: ComplexValue) -> String { show(z.real) + " " + show(z.imaginary) }

private func show(_ outcome: ComplexFunctions.Outcome) -> String {
  switch outcome {
  case .value(let value): return show(value)
  case .domainError: return "DOM"
  case .rangeError: return "OVF"
  }
}

/// Runs a command about `math` and `cmath`; nil when it is none.
func mathAnswer(_ p: [Substring]) -> String? {
  let values = p.dropFirst().map(double)
  switch p[0] {
  case "u": return unary[p[1]].map { show(Elementary.apply($0, double(p[2]))) }
  case "b": return binaryAnswer(p[1], double(p[2]), double(p[3]))
  case "ldexp": return show(Elementary.ldexp(values[0], Int(p[2]) ?? 0))
  case "nexts": return show(Elementary.nextAfter(values[0], values[1], steps: UInt64(p[3]) ?? 0))
  case "fma": return show(Elementary.fma(values[0], values[1], values[2]))
  case "fsum":
    var sum = ExactSum()
    for value in values where !sum.add(value) { return "OVF" }
    guard case .value(let value) = sum.finish() else { return "VAL" }
    return show(value)
  case "sum":
    var sum = CompensatedSum(0)
    for value in values { sum.add(value) }
    return show(sum.value)
  case "sumprod":
    var sum = ProductSum()
    for i in stride(from: 0, to: values.count, by: 2) { sum.add(values[i], values[i + 1]) }
    return show(sum.value)
  case "hypot":
    var vector = values.map(\.magnitude)
    let largest = vector.filter { !$0.isNaN }.max() ?? 0
    let hasNaN = vector.contains { $0.isNaN }
    return show(Norm.norm(&vector, values.count, largest: largest, hasNaN: hasNaN))
  case "fact": return Combinatorics.factorial(UInt64(p[1]) ?? 0).text(base: 16)
  case "comb":
    let k = UInt64(p[2]) ?? 0
    if let n = UInt64(p[1]) { return Combinatorics.combinations(n, k).text(base: 16) }
    return BigInteger(p[1]).map { Combinatorics.combinations(large: $0, k).text(base: 16) }
  case "perm":
    let k = UInt64(p[2]) ?? 0
    if let n = UInt64(p[1]) { return Combinatorics.permutations(n, k).text(base: 16) }
    return BigInteger(p[1]).map { Combinatorics.permutations(large: $0, k).text(base: 16) }
  case "c": return complexAnswer(p[1], ComplexValue(double(p[2]), double(p[3])))
  case "cb":
    let a = ComplexValue(double(p[2]), double(p[3])), b = ComplexValue(double(p[4]), double(p[5]))
    switch p[1] {
    case "mul": return show(a * b)
    case "div": return a.divided(by: b).map { show($0) } ?? "ZERO"
    default:
      switch a.power(b) {
      case .value(let value): return show(value)
      case .zeroBase: return "ZERO"
      case .overflow: return "OVF"
      }
    }
  default: return nil
  }
}

private func binaryAnswer(_ name: Substring, _ x: Double, _ y: Double) -> String? {
  switch name {
  case "atan2": return show(Elementary.atan2(x, y))
  case "fmod": return show(Elementary.fmod(x, y))
  case "remainder": return show(Elementary.remainder(x, y))
  case "pow": return show(Elementary.pow(x, y))
  case "nextafter": return show(Elementary.nextAfter(x, y))
  case "ulp": return show(Elementary.ulp(x))
  default: return nil
  }
}

private func complexAnswer(_ name: Substring, _ z: ComplexValue) -> String? {
  switch name {
  case "sqrt": return show(ComplexFunctions.sqrt(z))
  case "log": return show(ComplexFunctions.log(z))
  case "log10": return show(ComplexFunctions.log10(z))
  case "exp": return show(ComplexFunctions.exp(z))
  case "acos": return show(ComplexFunctions.acos(z))
  case "acosh": return show(ComplexFunctions.acosh(z))
  case "asin": return show(ComplexFunctions.asin(z))
  case "asinh": return show(ComplexFunctions.asinh(z))
  case "atan": return show(ComplexFunctions.atan(z))
  case "atanh": return show(ComplexFunctions.atanh(z))
  case "cos": return show(ComplexFunctions.cos(z))
  case "cosh": return show(ComplexFunctions.cosh(z))
  case "sin": return show(ComplexFunctions.sin(z))
  case "sinh": return show(ComplexFunctions.sinh(z))
  case "tan": return show(ComplexFunctions.tan(z))
  case "tanh": return show(ComplexFunctions.tanh(z))
  case "rect": return show(ComplexFunctions.rect(z.real, z.imaginary))
  default: return nil
  }
}
