import AST

/// Turns `"…%s…" % (a, b)` into the pieces of an f-string when every conversion is `%s`, `%r` or
/// `%a` with at most a width and a precision (CPython 3.11: `optimize_format` in
/// `Python/ast_opt.c`).
enum PercentFormat {
  /// The values of the f-string, nil when the format asks for anything else.
  static func fields(of format: [UInt8], values: [Expr], at location: SourceRange) -> [Expr]? {
    if values.contains(where: { if case .starred = $0.kind { true } else { false } }) { return nil }
    var pieces: [Expr] = []
    var literal: [UInt8] = []
    var position = 0
    var used = 0

    func flush() {
      if literal.isEmpty { return }
      pieces.append(Expr(.constant(value: .string(literal), kind: nil), at: location))
      literal = []
    }

    while position < format.count {
      let byte = format[position]
      position += 1
      if byte != UInt8(ascii: "%") {
        literal.append(byte)
        continue
      }
      guard position < format.count else { return nil }
      if format[position] == UInt8(ascii: "%") {
        literal.append(byte)
        position += 1
        continue
      }
      guard used < values.count,
        let field = conversion(format, &position, values[used], at: location)
      else { return nil }
      flush()
      pieces.append(field)
      used += 1
    }
    flush()
    return used == values.count ? pieces : nil
  }

  /// One conversion after its `%`.
  private static func conversion(
    _ format: [UInt8], _ position: inout Int, _ value: Expr, at location: SourceRange
  ) -> Expr? {
    let maxDigits = 3
    var leftAligned = false
    scan: while position < format.count {
      switch format[position] {
      case UInt8(ascii: "-"): leftAligned = true
      case UInt8(ascii: "+"), UInt8(ascii: " "), UInt8(ascii: "#"), UInt8(ascii: "0"): return nil
      default: break scan
      }
      position += 1
    }
    func number() -> Int? {
      var digits = 0
      var result = 0
      while position < format.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = format[position] {
        result = result * 10 + Int(format[position] - UInt8(ascii: "0"))
        digits += 1
        position += 1
        if digits >= maxDigits { return nil }
      }
      return digits == 0 ? -1 : result
    }
    guard let width = number() else { return nil }
    var precision = -1
    if position < format.count, format[position] == UInt8(ascii: ".") {
      position += 1
      guard let digits = number() else { return nil }
      precision = max(digits, 0)
    }
    guard position < format.count else { return nil }
    let kind = format[position]
    guard kind == UInt8(ascii: "s") || kind == UInt8(ascii: "r") || kind == UInt8(ascii: "a") else {
      return nil
    }
    position += 1
    var spec = ""
    if !leftAligned && width > 0 { spec = ">" }
    if width >= 0 { spec += String(width) }
    if precision >= 0 { spec += "." + String(precision) }
    var formatSpec: Expr?
    if !spec.isEmpty {
      let text = Expr(.constant(value: .string(Array(spec.utf8)), kind: nil), at: location)
      formatSpec = Expr(.joinedStr(values: [text]), at: location)
    }
    return Expr(
      .formattedValue(value: value, conversion: Int32(kind), formatSpec: formatSpec),
      at: value.location)
  }
}
