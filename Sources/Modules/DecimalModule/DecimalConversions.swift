import CPythonABI
import DecimalArithmetic
import Glibc
import Objects

/// From decimals to other objects.
extension DecimalObject {
  /// A str of ASCII bytes.
  static func string(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    let result = try own(PyUnicode_New(count, 127))
    if count > 0 { memcpy(apus_str_data(result.ref), bytes, count) }
    return result
  }

  func text(engineering: Bool = false, capitals: Bool) throws(Raised) -> Owned {
    let number = number
    do {
      let made = try DecimalText.make(number, engineering: engineering, capitals: capitals)
      return try Self.string(made.bytes, made.count)
    } catch is OutOfMemory {
      throw raiseNoMemory()
    } catch {
      throw Raised()
    }
  }

  /// `str(self)`: as the current context wants the exponent's letter.
  func shown() throws(Raised) -> Owned {
    let context = try Contexts.current()
    return try text(capitals: ContextObject(context.ref).layout.pointee.capitals)
  }

  func represented() throws(Raised) -> Owned {
    let shown = try shown()
    var result: Ref? = newString("Decimal('")
    PyUnicode_Append(&result, shown.ref)
    PyUnicode_AppendAndDel(&result, newString("')"))
    return try own(result)
  }

  /// An int, rounded.
  func int(_ rounding: Rounding) throws(Raised) -> Owned {
    let number = number
    if number.isSpecial {
      if number.isNaN { throw raise(.valueError, "cannot convert NaN to integer") }
      throw raise(.overflowError, "cannot convert Infinity to integer")
    }
    let whole: Owned
    if number.pointee.exponent >= 0 {
      whole = ref.retained()
    } else {
      whole = try Self.make()
      let target = DecimalObject(whole.ref).number
      try attempt { () throws(OutOfMemory) in try target.truncate(number, rounding) }
    }
    return try DecimalObject(whole.ref).exactInt(withSign: true)
  }

  /// The int of a finite number without fraction, or of its coefficient's magnitude.
  private func exactInt(withSign: Bool) throws(Raised) -> Owned {
    let number = number
    let negative = withSign && number.isNegative
    return try own(
      try attempt { () throws(OutOfMemory) in
        try number.withBinary { words, count in
          if count <= 1 {
            let word = count == 0 ? 0 : words[0]
            if word <= UInt64(Int64.max) {
              return PyLong_FromLongLong(negative ? -Int64(word) : Int64(word))
            }
          }
          let magnitude = UnsafeRawPointer(words).withMemoryRebound(
            to: UInt8.self, capacity: count * 8
          ) { _PyLong_FromByteArray($0, count * 8, 1, 0) }
          guard negative, let magnitude else { return magnitude }
          defer { Py_DECREF(magnitude) }
          return PyNumber_Negative(magnitude)
        }
      })
  }

  func float() throws(Raised) -> Owned {
    let number = number
    if number.isNaN {
      if number.isSignalingNaN {
        throw raise(.valueError, "cannot convert signaling NaN to float")
      }
      return try own(PyFloat_FromDouble(number.isNegative ? -Double.nan : Double.nan))
    }
    if number.isInfinite {
      return try own(PyFloat_FromDouble(number.isNegative ? -Double.infinity : .infinity))
    }
    // A coefficient and power of ten that doubles hold exactly give a correctly rounded quotient.
    if number.pointee.count == 1 && number.pointee.words[0] < 1 << 53
      && number.pointee.exponent >= -22 && number.pointee.exponent <= 22
    {
      let coefficient = Double(number.pointee.words[0])
      var power = 1.0
      for _ in 0..<number.pointee.exponent.magnitude { power *= 10 }
      let value = number.pointee.exponent < 0 ? coefficient / power : coefficient * power
      return try own(PyFloat_FromDouble(number.isNegative ? -value : value))
    }
    let text = try text(capitals: true)
    return try own(PyFloat_FromString(text.ref))
  }

  /// DecimalTuple(sign, digits, exponent).
  func tuple() throws(Raised) -> Owned {
    let number = number
    let exponent: Owned
    var count = number.pointee.digits
    if number.isInfinite {
      exponent = try own(PyUnicode_FromString("F"))
      count = 1
    } else if number.isNaN {
      exponent = try own(PyUnicode_FromString(number.isSignalingNaN ? "N" : "n"))
    } else {
      exponent = try Objects.int(number.pointee.exponent)
    }
    let digits = try own(PyTuple_New(count))
    for index in 0..<count {
      let digit = number.isInfinite ? 0 : Int(number.digit(at: count - 1 - index))
      PyTuple_SetItem(digits.ref, index, try Objects.int(digit).give())
    }
    let args = try Objects.tuple(try Objects.int(Int(number.sign)), digits, exponent)
    return try own(PyObject_Call(try borrow(Classes.decimalTuple), args.ref, nil))
  }

  func integerRatio() throws(Raised) -> Owned {
    let number = number
    if number.isSpecial {
      if number.isNaN { throw raise(.valueError, "cannot convert NaN to integer ratio") }
      throw raise(.overflowError, "cannot convert Infinity to integer ratio")
    }
    if number.isZero {
      return try Objects.tuple(try Objects.int(0), try Objects.int(1))
    }
    if number.pointee.exponent >= 0 {
      return try Objects.tuple(try exactInt(withSign: true), try Objects.int(1))
    }
    // The coefficient over a power of ten, in lowest terms.
    let scaled = try Self.make()
    let coefficient = DecimalObject(scaled.ref).number
    try attempt { () throws(OutOfMemory) in try coefficient.copy(number) }
    coefficient.pointee.exponent = 0
    let top = try DecimalObject(scaled.ref).exactInt(withSign: true)
    let ten = try Objects.int(10)
    let power = try Objects.int(-number.pointee.exponent)
    let bottom = try own(PyNumber_Power(ten.ref, power.ref, noneObject()))
    let divisor = try own(_PyLong_GCD(top.ref, bottom.ref))
    let numerator = try own(PyNumber_FloorDivide(top.ref, divisor.ref))
    let denominator = try own(PyNumber_FloorDivide(bottom.ref, divisor.ref))
    return try Objects.tuple(numerator, denominator)
  }

  func hash() throws(Raised) -> Int {
    if layout.pointee.hash != -1 { return layout.pointee.hash }
    let number = number
    if number.isSpecial {
      if number.isSignalingNaN {
        throw raise(.typeError, "Cannot hash a signaling NaN value")
      }
      if number.isNaN { return PyObject_GenericHash(ref) }
      return number.isNegative ? -314_159 : 314_159
    }
    let value = number.hashModulus
    layout.pointee.hash = value
    return value
  }

  // MARK: Rounding

  /// `round(self)` and `round(self, ndigits)`.
  func rounded(_ digits: Ref?) throws(Raised) -> Owned {
    guard let digits else { return try int(.halfEven) }
    guard digits.isInt else { throw raise(.typeError, "optional arg must be an integer") }
    let places = try check(PyLong_AsSsize_t(digits))
    let context = try Contexts.current()
    let rules = ContextObject(context.ref).rules
    let exponent = try Self.make()
    DecimalObject(exponent.ref).number.set(0, 1, places == Int.min ? Int.max : -places)
    let result = try Self.make()
    var status: Conditions = []
    let target = DecimalObject(result.ref).number
    try attempt { () throws(OutOfMemory) in
      try rules.quantize(target, number, DecimalObject(exponent.ref).number, &status)
    }
    try ContextObject(context.ref).report(status)
    return result
  }

  // MARK: Formatting

  func formatted(_ spec: Ref, _ override: Ref?) throws(Raised) -> Owned {
    guard spec.isStr else { throw raise(.typeError, "format arg must be str") }
    let context = try Contexts.current()
    let capitals = ContextObject(context.ref).layout.pointee.capitals
    var size = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(spec, &size) else { throw Raised() }
    let raw = UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self)
    if size > 0 && raw[size - 1] == 0x4E {
      try check(
        PyErr_WarnEx(.deprecationWarning, "Format specifier 'N' is deprecated", 1))
    }
    // As in C, a NUL ends the specification, except as fill character.
    var used = size > 0 ? 1 : 0
    while used < size && raw[used] != 0 { used += 1 }
    guard
      var format = DecimalFormat(
        UnsafeBufferPointer(start: raw, count: used), capitals: capitals)
    else { return try formattedElsewhere(spec, context.ref) }
    if format.width > DecimalContext.maxPrecision || format.precision > DecimalContext.maxPrecision {
      throw raise(.valueError, "format specification exceeds internal limits of _decimal")
    }
    if let override {
      guard override.isDict else { throw raise(.typeError, "optional argument must be a dict") }
      func item(_ key: StaticString) throws(Raised) -> [UInt8]? {
        guard let found = PyDict_GetItemString(override, cString(key)) else {
          if hasRaised() { throw Raised() }
          return nil
        }
        guard found.isStr else {
          throw raise(.typeError, "bad argument type for built-in operation")
        }
        guard let text = PyUnicode_AsUTF8(found) else { throw Raised() }
        return Array(String(cString: text).utf8)
      }
      if let point = try item("decimal_point") { format.point = point }
      if let separator = try item("thousands_sep") { format.separator = separator }
      if let grouping = try item("grouping") { format.grouping = grouping }
      func characters(_ text: [UInt8]) -> Int { text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
      if format.point.isEmpty || format.grouping.contains(where: { $0 >= 0x80 }) || characters(format.point) > 1 || characters(format.separator) > 1 {
        throw raise(.valueError, "invalid override dict")
      }
    } else if format.isLocal, let facts = localeconv() {
      format.point = try Self.localeText(facts.pointee.decimal_point)
      format.separator = try Self.localeText(facts.pointee.thousands_sep)
      if let grouping = facts.pointee.grouping {
        format.grouping = Array(String(cString: grouping).utf8)
      }
    }
    let rules = ContextObject(context.ref).rules
    let number = number
    let result = try attempt { () throws(OutOfMemory) in try rules.format(number, format) }
    let made = result.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        PyUnicode_DecodeUTF8($0.baseAddress ?? bytes, $0.count, nil)
      }
    }
    return try own(made)
  }

  /// UTF-8 of a text in the locale's encoding.
  private static func localeText(_ text: UnsafePointer<CChar>?) throws(Raised) -> [UInt8] {
    guard let text else { return [] }
    let decoded = try own(PyUnicode_DecodeLocale(text, "surrogateescape"))
    guard let utf8 = PyUnicode_AsUTF8(decoded.ref) else { throw Raised() }
    return Array(String(cString: utf8).utf8)
  }

  /// A specification that only the Python implementation understands (`#`, digits beyond ASCII).
  private func formattedElsewhere(_ spec: Ref, _ context: Ref) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("_pydecimal"))
    let type = try own(PyObject_GetAttrString(module.ref, "Decimal"))
    let text = try text(capitals: true)
    let twin = try own(PyObject_CallOneArg(type.ref, text.ref))
    let method = try own(PyObject_GetAttrString(twin.ref, "__format__"))
    let args = try Objects.tuple(spec.retained(), context.retained())
    guard let result = PyObject_Call(method.ref, args.ref, nil) else {
      if PyErr_ExceptionMatches(.valueError) != 0 {
        PyErr_Clear()
        throw raise(.valueError, "invalid format string")
      }
      throw Raised()
    }
    return Owned(adopting: result)
  }
}

/// Python classes that the module uses.
enum Classes {
  nonisolated(unsafe) static var decimalTuple: Ref?
  nonisolated(unsafe) static var rational: Ref?

  static func prepare() throws(Raised) {
    if decimalTuple != nil { return }
    let collections = try own(PyImport_ImportModule("collections"))
    let factory = try own(PyObject_GetAttrString(collections.ref, "namedtuple"))
    let name = try own(PyUnicode_FromString("DecimalTuple"))
    let fields = try own(PyUnicode_FromString("sign digits exponent"))
    let args = try Objects.tuple(name, fields)
    let made = try own(PyObject_Call(factory.ref, args.ref, nil))
    let home = try own(PyUnicode_FromString("decimal"))
    try check(PyObject_SetAttrString(made.ref, "__module__", home.ref))
    decimalTuple = made.give()
    InterpreterEnd.add("decimal classes") {
      InterpreterEnd.drop(&decimalTuple)
      InterpreterEnd.drop(&rational)
    }
    let numbers = try own(PyImport_ImportModule("numbers"))
    rational = try own(PyObject_GetAttrString(numbers.ref, "Rational")).give()
    let number = try own(PyObject_GetAttrString(numbers.ref, "Number"))
    let register = try own(PyObject_GetAttrString(number.ref, "register"))
    let registered = try own(PyObject_CallOneArg(register.ref, DecimalObject.type.object))
    _ = registered.ref
  }
}
