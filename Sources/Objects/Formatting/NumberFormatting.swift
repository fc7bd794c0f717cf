import CPythonABI
import Glibc
import Numerics

/// `__format__` of the builtin types: the specification is parsed and applied by Numerics; this
/// connects objects, locale and exceptions. CPython: Python/formatter_unicode.c.
public enum Formatting {
  /// `str.__format__(text, spec)`.
  public static func string(_ text: Ref, _ spec: Ref) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    if PyUnicode(spec).count == 0 { return try own(PyObject_Str(text)) }
    if let simple = SimpleSpec(spec), let result = simple.text(text) { return result }
    let parsed = try parse(spec, "s", .left, of: text)
    let (kept, left, right) = try attempt(spec, text) { () throws(FormatError) in
      try parsed.layoutString(view.count)
    }
    return try place(view, kept, left, right, parsed.fill)
  }

  /// The first `kept` code points with fill around them.
  private static func place(
    _ text: PyUnicode, _ kept: Int, _ left: Int, _ right: Int, _ fill: UInt32
  ) throws(Raised) -> Owned {
    if left <= 0 && right <= 0 { return try text.substring(0, kept) }
    var writer = TextWriter(minimum: left + kept + right, overallocate: false)
    try writer.prepare(left + kept + right, max: Swift.max(fill, text.limit(from: 0, to: kept)))
    try writer.append(fill, times: left)
    try writer.append(text, 0, kept)
    try writer.append(fill, times: right)
    return try writer.finish()
  }

  /// `int.__format__(number, spec)`.
  public static func int(_ number: Ref, _ spec: Ref) throws(Raised) -> Owned {
    if PyUnicode(spec).count == 0 {
      return try own(number.isExactInt ? PyObject_Str(number) : PyObject_Str(number))
    }
    if apus_long_is_compact(number) != 0, let simple = SimpleSpec(spec),
      let result = simple.number(apus_long_compact_value(number))
    {
      return result
    }
    let parsed = try parse(spec, "d", .right, of: number)
    switch parsed.type {
    case UInt32(UInt8(ascii: "c")):
      let value =
        apus_long_digit_count(number) <= 2 ? PyLong_AsLong(number) : nil
      if value == -1 && hasRaised() { throw Raised() }
      let (left, right) = try attempt(spec, number) { () throws(FormatError) in
        try parsed.layoutCharacter(value)
      }
      let character = try PyUnicode.character(UInt32(truncatingIfNeeded: value ?? 0))
      return try place(PyUnicode(character.ref), 1, left, right, parsed.fill)
    case UInt32(UInt8(ascii: "e")), UInt32(UInt8(ascii: "E")), UInt32(UInt8(ascii: "f")),
      UInt32(UInt8(ascii: "F")), UInt32(UInt8(ascii: "g")), UInt32(UInt8(ascii: "G")),
      UInt32(UInt8(ascii: "%")):
      let value = PyLong_AsDouble(number)
      if value == -1 && hasRaised() { throw Raised() }
      let locale = locale(for: parsed)
      let result = try attempt(spec, number) { () throws(FormatError) in
        try parsed.renderFloat(value, locale: locale)
      }
      return try text(result)
    default:
      if parsed.integerBase == 10 { try requireShort(number) }
      let locale = locale(for: parsed)
      let digits = UnsafePointer(apus_long_digits(number))
      let count = apus_long_digit_count(number)
      let negative = apus_long_sign(number) < 0
      let result = try attempt(spec, number) { () throws(FormatError) in
        try parsed.renderInteger(digits, count, negative: negative, locale: locale)
      }
      return try text(result)
    }
  }

  /// `float.__format__(number, spec)`.
  public static func float(_ number: Ref, _ spec: Ref) throws(Raised) -> Owned {
    if PyUnicode(spec).count == 0 { return try own(PyObject_Str(number)) }
    let parsed = try parse(spec, nil, .right, of: number)
    let value = number.view(PyFloatObject.self).pointee.ob_fval
    let locale = locale(for: parsed)
    let result = try attempt(spec, number) { () throws(FormatError) in
      try parsed.renderFloat(value, locale: locale)
    }
    return try text(result)
  }

  /// `complex.__format__(number, spec)`.
  public static func complex(_ number: Ref, _ spec: Ref) throws(Raised) -> Owned {
    if PyUnicode(spec).count == 0 { return try own(PyObject_Str(number)) }
    let parsed = try parse(spec, nil, .right, of: number)
    let value = number.view(PyComplexObject.self).pointee.cval
    let locale = locale(for: parsed)
    let result = try attempt(spec, number) { () throws(FormatError) in
      try parsed.renderComplex(value.real, value.imag, locale: locale)
    }
    return try text(result)
  }

  /// Formats an object of an exact builtin type, nil for other types: what str.format and f-strings
  /// do without a method call.
  static func builtin(_ object: Ref, _ spec: Ref) throws(Raised) -> Owned? {
    if object.isExactStr { return try string(object, spec) }
    if object.isExactInt { return try int(object, spec) }
    if object.isExactFloat { return try float(object, spec) }
    if object.type == complexType() { return try complex(object, spec) }
    return nil
  }

  // MARK: Specification, locale, errors

  private static func parse(
    _ spec: Ref, _ type: Unicode.Scalar?, _ alignment: FormatSpec.Alignment, of object: Ref
  ) throws(Raised) -> FormatSpec {
    let view = PyUnicode(spec)
    let type = type.map { UInt8(ascii: $0) } ?? 0
    return try attempt(spec, object) { () throws(FormatError) in
      switch view.kind {
      case 1:
        try FormatSpec(
          view.data.as(UInt8.self), view.count, defaultType: type, defaultAlignment: alignment)
      case 2:
        try FormatSpec(
          view.data.as(UInt16.self), view.count, defaultType: type, defaultAlignment: alignment)
      default:
        try FormatSpec(
          view.data.as(UInt32.self), view.count, defaultType: type, defaultAlignment: alignment)
      }
    }
  }

  /// Turns a `FormatError` into the Python exception.
  @inline(__always)
  private static func attempt<T: ~Copyable>(
    _ spec: Ref, _ object: Ref, _ body: () throws(FormatError) -> T
  ) throws(Raised) -> T {
    do { return try body() } catch {
      if error.isOutOfMemory { throw raiseNoMemory() }
      let message = error.message(
        specification: Objects.text(of: spec), typeName: object.type.fullName)
      throw raise(error.isOverflow ? .overflowError : .valueError, message)
    }
  }

  /// What the process's locale says about numbers; only type `n` asks.
  static func locale(for spec: FormatSpec) -> NumberLocale {
    guard spec.type == UInt32(UInt8(ascii: "n")), let facts = localeconv() else { return .c }
    func points(_ text: UnsafePointer<CChar>?) -> [UInt32] {
      guard let text else { return [] }
      return String(cString: text).unicodeScalars.map(\.value)
    }
    var grouping: [UInt8] = []
    var sizes = UnsafePointer(facts.pointee.grouping)
    while let size = sizes?.pointee, size != 0 {
      grouping.append(UInt8(bitPattern: size))
      if size == CChar.max { break }
      sizes = sizes.map { $0 + 1 }
    }
    return NumberLocale(
      decimalPoint: points(facts.pointee.decimal_point),
      thousandsSeparator: points(facts.pointee.thousands_sep), grouping: grouping)
  }

  /// Raises ValueError for an int with more decimal digits than `sys.set_int_max_str_digits` allows.
  static func requireShort(_ number: Ref) throws(Raised) {
    let limit = Int(apus_tstate().pointee.interp.pointee.int_max_str_digits)
    let digits = apus_long_digit_count(number)
    // 30 bits are at most 9.04 decimal digits; below the limit nothing needs counting.
    if limit <= 0 || digits * 9 + digits / 10 + 1 <= limit { return }
    let bits = Digits.bitLength(UnsafePointer(apus_long_digits(number)), digits)
    let length = Double(bits - 1) * 0.30102999566398120
    if length >= Double(limit) {
      throw raise(
        .valueError,
        "Exceeds the limit (\(limit) digits) for integer string conversion; "
          + "use sys.set_int_max_str_digits() to increase the limit")
    }
  }

  /// The str of a formatted number.
  static func text(_ number: borrowing FormattedNumber) throws(Raised) -> Owned {
    let count = number.count
    if count == 0 { return PyUnicode.empty }
    let result = try PyUnicode.make(count, max: number.maxCodePoint)
    let view = PyUnicode(result.ref)
    switch view.kind {
    case 1: number.write(into: view.data.as(UInt8.self))
    case 2: number.write(into: view.data.as(UInt16.self))
    default: number.write(into: view.data.as(UInt32.self))
    }
    return try view.narrowed(result)
  }
}

extension PyUnicode.Methods {
  static let dunderFormat: Method = .o(
    "__format__($self, format_spec, /)", "The text laid out by a format specification."
  ) { text, spec in
    new {
      guard spec.isStr else {
        throw badArgument("__format__", "argument", expected: "str", got: spec)
      }
      if PyUnicode(spec).count == 0 && text.isExactStr { return text.retained() }
      return try Formatting.string(text, spec)
    }
  }
}
