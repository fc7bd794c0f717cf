import AST

/// The text of an expression, for annotations under `from __future__ import annotations`.
///
/// Same text as CPython's `Python/ast_unparse.c`: canonical spacing, parentheses only where needed.
struct Unparser {
  /// How tightly an operator binds, from loose to tight.
  private enum Level: Int {
    case tuple, test, or, and, not, compare, bitOr, bitXor, bitAnd, shift, arithmetic, term, factor,
      power, await, atom

    var next: Level { Level(rawValue: rawValue + 1) ?? .atom }
  }

  private var out: [UInt8] = []

  static func text(of expression: Expr) -> [UInt8] {
    var unparser = Unparser()
    unparser.write(expression, .test)
    return unparser.out
  }

  private mutating func put(_ text: String) { out.append(contentsOf: text.utf8) }

  private mutating func put(_ text: String, if condition: Bool) { if condition { put(text) } }

  private mutating func list(_ items: [Expr], _ level: Level) {
    for (index, item) in items.enumerated() {
      put(", ", if: index > 0)
      write(item, level)
    }
  }

  private mutating func write(_ expression: Expr, _ level: Level) {
    func open(_ own: Level) -> Bool { level.rawValue > own.rawValue }
    switch expression.kind {
    case .boolOp(let op, let values):
      let own: Level = op == .and ? .and : .or
      put("(", if: open(own))
      for (index, value) in values.enumerated() {
        put(op == .and ? " and " : " or ", if: index > 0)
        write(value, own.next)
      }
      put(")", if: open(own))
    case .binOp(let left, let op, let right): binary(left, op, right, level)
    case .unaryOp(let op, let operand):
      let own: Level = op == .not ? .not : .factor
      put("(", if: open(own))
      switch op {
      case .invert: put("~")
      case .not: put("not ")
      case .uAdd: put("+")
      case .uSub: put("-")
      }
      write(operand, own)
      put(")", if: open(own))
    case .lambda(let args, let body):
      put("(", if: open(.test))
      put(args.args.isEmpty && args.posonlyargs.isEmpty ? "lambda" : "lambda ")
      parameters(args)
      put(": ")
      write(body, .test)
      put(")", if: open(.test))
    case .ifExp(let test, let body, let orelse):
      put("(", if: open(.test))
      write(body, .or)
      put(" if ")
      write(test, .or)
      put(" else ")
      write(orelse, .test)
      put(")", if: open(.test))
    case .dict(let keys, let values):
      put("{")
      for (index, value) in values.enumerated() {
        put(", ", if: index > 0)
        if let key = keys[index] {
          write(key, .test)
          put(": ")
          write(value, .test)
        } else {
          put("**")
          write(value, .bitOr)
        }
      }
      put("}")
    case .set(let elts):
      put("{")
      list(elts, .test)
      put("}")
    case .generatorExp(let elt, let generators):
      put("(")
      write(elt, .test)
      comprehensions(generators)
      put(")")
    case .listComp(let elt, let generators):
      put("[")
      write(elt, .test)
      comprehensions(generators)
      put("]")
    case .setComp(let elt, let generators):
      put("{")
      write(elt, .test)
      comprehensions(generators)
      put("}")
    case .dictComp(let key, let value, let generators):
      put("{")
      write(key, .test)
      put(": ")
      write(value, .test)
      comprehensions(generators)
      put("}")
    case .yield(let value):
      guard let value else { return put("(yield)") }
      put("(yield ")
      write(value, .test)
      put(")")
    case .yieldFrom(let value):
      put("(yield from ")
      write(value, .test)
      put(")")
    case .await(let value):
      put("(", if: open(.await))
      put("await ")
      write(value, .atom)
      put(")", if: open(.await))
    case .compare(let left, let ops, let comparators):
      put("(", if: open(.compare))
      write(left, .bitOr)
      for (op, right) in zip(ops, comparators) {
        put(Self.text(of: op))
        write(right, .bitOr)
      }
      put(")", if: open(.compare))
    case .call(let function, let args, let keywords): call(function, args, keywords)
    case .joinedStr(let values):
      put("f")
      out += Self.quoted(Self.body(of: values))
    case .formattedValue:
      put("f")
      out += Self.quoted(Self.body(of: [expression]))
    case .constant(let value, let kind):
      put(kind ?? "")
      put(Self.representation(of: value))
    case .attribute(let value, let attr, _):
      write(value, .atom)
      if case .constant(let number, _) = value.kind, Self.isInteger(number) { put(" ") }
      put("." + attr)
    case .subscript(let value, let slice, _):
      write(value, .atom)
      put("[")
      write(slice, .tuple)
      put("]")
    case .starred(let value, _):
      put("*")
      write(value, .bitOr)
    case .name(let id, _): put(id)
    case .list(let elts, _):
      put("[")
      list(elts, .test)
      put("]")
    case .tuple(let elts, _):
      if elts.isEmpty { return put("()") }
      put("(", if: open(.tuple))
      list(elts, .test)
      put(",", if: elts.count == 1)
      put(")", if: open(.tuple))
    case .slice(let lower, let upper, let step):
      if let lower { write(lower, .test) }
      put(":")
      if let upper { write(upper, .test) }
      if let step {
        put(":")
        write(step, .test)
      }
    case .namedExpr(let target, let value):
      put("(", if: open(.tuple))
      write(target, .atom)
      put(" := ")
      write(value, .atom)
      put(")", if: open(.tuple))
    }
  }

  private mutating func binary(_ left: Expr, _ op: Operator, _ right: Expr, _ level: Level) {
    let (text, own): (String, Level)
    switch op {
    case .add: (text, own) = (" + ", .arithmetic)
    case .sub: (text, own) = (" - ", .arithmetic)
    case .mult: (text, own) = (" * ", .term)
    case .matMult: (text, own) = (" @ ", .term)
    case .div: (text, own) = (" / ", .term)
    case .mod: (text, own) = (" % ", .term)
    case .floorDiv: (text, own) = (" // ", .term)
    case .pow: (text, own) = (" ** ", .power)
    case .lShift: (text, own) = (" << ", .shift)
    case .rShift: (text, own) = (" >> ", .shift)
    case .bitOr: (text, own) = (" | ", .bitOr)
    case .bitXor: (text, own) = (" ^ ", .bitXor)
    case .bitAnd: (text, own) = (" & ", .bitAnd)
    }
    let opens = level.rawValue > own.rawValue
    put("(", if: opens)
    write(left, op == .pow ? own.next : own)
    put(text)
    write(right, op == .pow ? own : own.next)
    put(")", if: opens)
  }

  private static func text(of op: CompareOperator) -> String {
    switch op {
    case .eq: " == "
    case .notEq: " != "
    case .lt: " < "
    case .ltE: " <= "
    case .gt: " > "
    case .gtE: " >= "
    case .is: " is "
    case .isNot: " is not "
    case .in: " in "
    case .notIn: " not in "
    }
  }

  private mutating func comprehensions(_ generators: [Comprehension]) {
    for generator in generators {
      put(generator.isAsync ? " async for " : " for ")
      write(generator.target, .tuple)
      put(" in ")
      write(generator.iter, .or)
      for condition in generator.ifs {
        put(" if ")
        write(condition, .or)
      }
    }
  }

  private mutating func call(_ function: Expr, _ args: [Expr], _ keywords: [Keyword]) {
    write(function, .atom)
    if args.count == 1, keywords.isEmpty, case .generatorExp = args[0].kind {
      return write(args[0], .test)
    }
    put("(")
    list(args, .test)
    for (index, keyword) in keywords.enumerated() {
      put(", ", if: index > 0 || !args.isEmpty)
      if let arg = keyword.arg { put(arg + "=") } else { put("**") }
      write(keyword.value, .test)
    }
    put(")")
  }

  private mutating func parameters(_ args: Arguments) {
    var first = true
    func separator() -> String {
      defer { first = false }
      return first ? "" : ", "
    }
    let positional = args.posonlyargs + args.args
    let required = positional.count - args.defaults.count
    for (index, arg) in positional.enumerated() {
      put(separator())
      parameter(arg)
      if index >= required, index - required < args.defaults.count {
        put("=")
        write(args.defaults[index - required], .test)
      }
      put(", /", if: !args.posonlyargs.isEmpty && index + 1 == args.posonlyargs.count)
    }
    if args.vararg != nil || !args.kwonlyargs.isEmpty {
      put(separator())
      put("*")
      if let vararg = args.vararg { parameter(vararg) }
    }
    for (index, arg) in args.kwonlyargs.enumerated() {
      put(separator())
      parameter(arg)
      if index < args.kwDefaults.count, let value = args.kwDefaults[index] {
        put("=")
        write(value, .test)
      }
    }
    if let kwarg = args.kwarg {
      put(separator())
      put("**")
      parameter(kwarg)
    }
  }

  private mutating func parameter(_ arg: Arg) {
    put(arg.arg)
    if let annotation = arg.annotation {
      put(": ")
      write(annotation, .test)
    }
  }

  // MARK: f-strings

  private static func body(of values: [Expr]) -> [UInt8] {
    var text: [UInt8] = []
    for value in values {
      switch value.kind {
      case .constant(.string(let literal), _):
        for byte in literal {
          text.append(byte)
          if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { text.append(byte) }
        }
      case .joinedStr(let inner): text += body(of: inner)
      case .formattedValue(let inner, let conversion, let formatSpec):
        var unparser = Unparser()
        unparser.write(inner, .or)
        text += Array((unparser.out.first == UInt8(ascii: "{") ? "{ " : "{").utf8)
        text += unparser.out
        if conversion > 0 { text += [UInt8(ascii: "!"), UInt8(truncatingIfNeeded: conversion)] }
        if let formatSpec {
          text.append(UInt8(ascii: ":"))
          text += body(of: [formatSpec])
        }
        text.append(UInt8(ascii: "}"))
      default: break
      }
    }
    return text
  }

  // MARK: constants

  private static func isInteger(_ constant: Constant) -> Bool {
    switch constant {
    case .int, .bigInt, .negativeBigInt: true
    default: false
    }
  }

  /// `repr()`, with infinity spelt as a literal that overflows.
  static func representation(of constant: Constant) -> String {
    switch constant {
    case .none: "None"
    case .true: "True"
    case .false: "False"
    case .ellipsis: "..."
    case .int(let value): String(value)
    case .bigInt(let digits): BigInteger(negative: false, digits: digits).decimal
    case .negativeBigInt(let digits): BigInteger(negative: true, digits: digits).decimal
    case .float(let value): text(of: value, withPoint: true)
    case .complex(let imaginary): text(of: imaginary, withPoint: false) + "j"
    case .complexNumber(let real, let imaginary):
      real == 0 && real.sign == .plus
        ? text(of: imaginary, withPoint: false) + "j"
        : "(" + text(of: real, withPoint: false) + (imaginary.sign == .minus ? "" : "+")
          + text(of: imaginary, withPoint: false) + "j)"
    case .string(let bytes): String(decoding: quoted(bytes), as: UTF8.self)
    case .bytes(let bytes): "b" + String(decoding: quoted(bytes, isBytes: true), as: UTF8.self)
    case .tuple(let items):
      "(" + items.map(representation).joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
    case .frozenset(let items):
      "frozenset({" + items.map(representation).joined(separator: ", ") + "})"
    }
  }

  /// Shortest digits, in Python's choice of notation.
  private static func text(of value: Double, withPoint: Bool) -> String {
    if value.isInfinite { return value < 0 ? "-1e309" : "1e309" }
    if value.isNaN { return "nan" }
    if value == 0 { return (value.sign == .minus ? "-0" : "0") + (withPoint ? ".0" : "") }
    var digits = ""
    var exponent = 0
    var point: Int?
    var text = value.magnitude.description[...]
    if let mark = text.firstIndex(of: "e") {
      exponent = Int(text[text.index(after: mark)...]) ?? 0
      text = text[..<mark]
    }
    for character in text {
      if character == "." { point = digits.count } else { digits.append(character) }
    }
    exponent += point ?? digits.count
    while digits.hasPrefix("0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.hasSuffix("0") { digits.removeLast() }
    let sign = value < 0 ? "-" : ""
    if exponent > 16 || exponent < -3 {
      let rest = digits.dropFirst()
      let power = exponent - 1
      let number = String(abs(power))
      return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e"
        + (power < 0 ? "-" : "+")
        + (number.count < 2 ? "0" : "") + number
    }
    if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + digits }
    if digits.count <= exponent {
      return sign + digits + String(repeating: "0", count: exponent - digits.count)
        + (withPoint ? ".0" : "")
    }
    return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
  }

  /// A string or bytes literal without prefix.
  private static func quoted(_ bytes: [UInt8], isBytes: Bool = false) -> [UInt8] {
    let hex = Array("0123456789abcdef".utf8)
    let single = UInt8(ascii: "'"), double = UInt8(ascii: "\"")
    let quote = bytes.contains(single) && !bytes.contains(double) ? double : single
    var out: [UInt8] = [quote]
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case quote, UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): out += Array("\\n".utf8)
      case UInt8(ascii: "\r"): out += Array("\\r".utf8)
      case UInt8(ascii: "\t"): out += Array("\\t".utf8)
      case 0x20..<0x7F: out.append(byte)
      case 0x80... where !isBytes:
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        let sequence = bytes[index..<min(index + length, bytes.count)]
        let scalar = sequence.dropFirst().reduce(UInt32(byte) & (0xFF >> UInt32(length + 1))) {
          $0 << 6 | UInt32($1 & 0x3F)
        }
        if isPrintable(scalar) {
          out += sequence
        } else {
          let width = scalar < 0x100 ? 2 : scalar < 0x10000 ? 4 : 8
          out += [UInt8(ascii: "\\"), UInt8(ascii: width == 2 ? "x" : width == 4 ? "u" : "U")]
          for shift in stride(from: (width - 1) * 4, through: 0, by: -4) {
            out.append(hex[Int(scalar >> UInt32(shift)) & 15])
          }
        }
        index += length - 1
      default:
        out += [UInt8(ascii: "\\"), UInt8(ascii: "x"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
      index += 1
    }
    out.append(quote)
    return out
  }

  private static func isPrintable(_ scalar: UInt32) -> Bool {
    guard let value = Unicode.Scalar(scalar) else { return false }
    switch value.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator,
      .spaceSeparator:
      return false
    default: return true
    }
  }
}
