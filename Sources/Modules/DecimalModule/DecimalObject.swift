import CPythonABI
import DecimalArithmetic
import Objects

/// decimal.Decimal: an immutable decimal number. CPython: Modules/_decimal/_decimal.c.
struct DecimalObject {
  struct Layout {
    var base: PyObject
    /// -1 until it is known.
    var hash: Int
    var number: DecimalNumber
    // The words of short coefficients follow (DecimalNumber.size).
  }

  /// Bytes of an instance.
  static let size = 16 + 8 + DecimalNumber.size

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  @inline(__always) init(_ ref: Ref) { self.ref = ref }

  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  @inline(__always) var number: Number {
    (UnsafeMutableRawPointer(ref) + 24).assumingMemoryBound(to: DecimalNumber.self)
  }

  @inline(__always) static func isDecimal(_ object: Ref) -> Bool {
    object.type == type || object.isInstance(of: type)
  }

  // MARK: Making

  /// A new zero.
  @inline(__always) static func make() throws(Raised) -> Owned {
    guard let memory = PyObject_Malloc(size) else { throw raiseNoMemory() }
    let object = memory.assumingMemoryBound(to: PyObject.self)
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = type
    let made = DecimalObject(object)
    made.layout.pointee.hash = -1
    made.number.start()
    return Owned(adopting: object)
  }

  /// A new zero of a type that may be a subclass.
  static func make(_ type: TypeRef) throws(Raised) -> Owned {
    if type == self.type { return try make() }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let made = DecimalObject(object.ref)
    made.layout.pointee.hash = -1
    made.number.start()
    return object
  }

  static func copy(_ type: TypeRef, _ other: Ref) throws(Raised) -> Owned {
    if type == self.type && other.type == self.type { return other.retained() }
    let object = try make(type)
    let number = DecimalObject(object.ref).number
    try attempt { () throws(OutOfMemory) in try number.copy(DecimalObject(other).number) }
    return object
  }

  // MARK: From other objects

  /// Reports the conditions of an exact conversion: anything inexact is invalid.
  private static func settle(
    _ object: consuming Owned, _ status: Conditions, _ context: ContextObject
  ) throws(Raised) -> Owned {
    var status = status
    if !status.isDisjoint(with: [.inexact, .rounded, .clamped]) {
      DecimalObject(object.ref).number.setNaN()
      status.insert(.invalidOperation)
    }
    try context.report(status.intersection(.errors))
    return object
  }

  /// Rounds to the rules, or checks that nothing need be rounded.
  private static func finish(
    _ object: consuming Owned, exact: Bool, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let number = DecimalObject(object.ref).number
    var status: Conditions = []
    let rules = exact ? DecimalContext.widest : context.rules
    try attempt { () throws(OutOfMemory) in try rules.finish(number, &status) }
    if exact { return try settle(object, status, context) }
    try context.report(status)
    return object
  }

  static func make(
    _ type: TypeRef, int value: Ref, exact: Bool, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let object = try make(type)
    try set(DecimalObject(object.ref).number, int: value)
    return try finish(object, exact: exact, context)
  }

  /// Sets a number to an int.
  static func set(_ number: Number, int value: Ref) throws(Raised) {
    if apus_long_is_compact(value) != 0 {
      let small = apus_long_compact_value(value)
      return number.set(small < 0 ? 1 : 0, magnitude: UInt64(small.magnitude))
    }
    let count = apus_long_digit_count(value)
    let digits = apus_long_digits(value)
    let sign: UInt8 = apus_long_sign(value) < 0 ? 1 : 0
    // 30-bit digits to 64-bit words.
    let size = (count * 30 + 63) / 64
    var result: Bool?
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { words in
      guard let base = words.baseAddress else { return }
      for index in 0..<size { base[index] = 0 }
      for index in 0..<count {
        let bit = index * 30
        let digit = UInt64(digits[index])
        base[bit / 64] |= digit << UInt64(bit % 64)
        if bit % 64 > 34 && bit / 64 + 1 < size {
          base[bit / 64 + 1] |= digit >> UInt64(64 - bit % 64)
        }
      }
      do {
        try number.set(sign, binary: base, size)
        result = true
      } catch { result = false }
    }
    if result != true { throw raiseNoMemory() }
  }

  static func make(
    _ type: TypeRef, float value: Ref, exact: Bool, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let object = try make(type)
    let number = DecimalObject(object.ref).number
    let double = PyFloat_AsDouble(value)
    if double == -1 && hasRaised() { throw Raised() }
    try attempt { () throws(OutOfMemory) in try number.set(double) }
    return try finish(object, exact: exact, context)
  }

  /// From a str; exact conversions take white space around the number and underscores in it.
  static func make(
    _ type: TypeRef, text: Ref, exact: Bool, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let object = try make(type)
    let number = DecimalObject(object.ref).number
    var status: Conditions = []
    let rules = exact ? DecimalContext.widest : context.rules
    let length = apus_str_length(text)
    let kind = apus_str_kind(text)
    let data = apus_str_data(text)
    var start = 0
    var end = length
    if exact {
      while start < end && _PyUnicode_IsWhitespace(apus_str_read(kind, data, start)) != 0 {
        start += 1
      }
      while start < end && _PyUnicode_IsWhitespace(apus_str_read(kind, data, end - 1)) != 0 {
        end -= 1
      }
    }
    func ascii(_ buffer: UnsafeMutablePointer<UInt8>) -> Int? {
      var count = 0
      for index in start..<end {
        let character = apus_str_read(kind, data, index)
        if exact && character == 0x5F { continue }
        if character < 128 {
          // A NUL would end the text in C.
          if character == 0 { return nil }
          buffer[count] = UInt8(character)
        } else if _PyUnicode_IsWhitespace(character) != 0 {
          buffer[count] = 0x20
        } else {
          let digit = _PyUnicode_ToDecimalDigit(character)
          if digit < 0 { return nil }
          buffer[count] = 0x30 + UInt8(digit)
        }
        count += 1
      }
      return count
    }
    var noMemory = false
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: end - start + 1) { buffer in
      guard let base = buffer.baseAddress else { return }
      let count = ascii(base) ?? 0
      do { try rules.read(number, base, count, &status) } catch { noMemory = true }
    }
    if noMemory { throw raiseNoMemory() }
    if exact { return try settle(object, status, context) }
    try context.report(status)
    return object
  }

  /// From (sign, digits, exponent).
  static func make(
    _ type: TypeRef, triple: Ref, exact: Bool, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let parts = try own(PySequence_Tuple(triple))
    guard apus_var_size(parts.ref) == 3 else {
      throw raise(.valueError, "argument must be a sequence of length 3")
    }
    var text: [UInt8] = []
    let signObject = apus_tuple_item(parts.ref, 0)
    guard signObject.isInt else {
      throw raise(.valueError, "sign must be an integer with the value 0 or 1")
    }
    let sign = try check(PyLong_AsLong(signObject))
    guard sign == 0 || sign == 1 else {
      throw raise(.valueError, "sign must be an integer with the value 0 or 1")
    }
    if sign == 1 { text.append(0x2D) }
    let exponentObject = apus_tuple_item(parts.ref, 2)
    var exponent: Int?
    var isInfinite = false
    if exponentObject.isStr {
      if PyUnicode_EqualToUTF8(exponentObject, "F") != 0 {
        isInfinite = true
        text += Array("Inf".utf8)
      } else if PyUnicode_EqualToUTF8(exponentObject, "n") != 0 {
        text += Array("NaN".utf8)
      } else if PyUnicode_EqualToUTF8(exponentObject, "N") != 0 {
        text += Array("sNaN".utf8)
      } else {
        throw raise(
          .valueError, "string argument in the third position must be 'F', 'n' or 'N'")
      }
    } else {
      guard exponentObject.isInt else {
        throw raise(.valueError, "exponent must be an integer")
      }
      exponent = try check(PyLong_AsSsize_t(exponentObject))
    }
    let digitsObject = apus_tuple_item(parts.ref, 1)
    guard digitsObject.isTuple || digitsObject.isList else {
      throw raise(.valueError, "coefficient must be a tuple of digits")
    }
    let digits = try own(PySequence_Tuple(digitsObject))
    let count = apus_var_size(digits.ref)
    for index in 0..<count {
      let item = apus_tuple_item(digits.ref, index)
      guard item.isInt else {
        throw raise(.valueError, "coefficient must be a tuple of digits")
      }
      let digit = try check(PyLong_AsLong(item))
      guard digit >= 0, digit <= 9 else {
        throw raise(.valueError, "coefficient must be a tuple of digits")
      }
      if !isInfinite { text.append(0x30 + UInt8(digit)) }
    }
    if let exponent {
      if count == 0 { text.append(0x30) }
      text += Array("E\(exponent)".utf8)
    }
    let object = try make(type)
    let number = DecimalObject(object.ref).number
    var status: Conditions = []
    let rules = exact ? DecimalContext.widest : context.rules
    var noMemory = false
    text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do { try rules.read(number, base, buffer.count, &status) } catch { noMemory = true }
    }
    if noMemory { throw raiseNoMemory() }
    if exact { return try settle(object, status, context) }
    try context.report(status)
    return object
  }

  static func raiseUnsupported(_ value: Ref) -> Raised {
    raise(.typeError, "conversion from \(value.type.fullName) to Decimal is not supported")
  }

  /// `Decimal(value)`: exact.
  static func make(
    _ type: TypeRef, exactly value: Ref?, _ context: ContextObject
  ) throws(Raised) -> Owned {
    guard let value else { return try make(type) }
    if isDecimal(value) { return try copy(type, value) }
    if value.isStr { return try make(type, text: value, exact: true, context) }
    if value.isInt { return try make(type, int: value, exact: true, context) }
    if value.isList || value.isTuple {
      return try make(type, triple: value, exact: true, context)
    }
    if value.type == floatType() || value.isInstance(of: floatType()) {
      try context.report(.floatOperation)
      return try make(type, float: value, exact: true, context)
    }
    throw raiseUnsupported(value)
  }

  /// `context.create_decimal(value)`: rounded.
  static func make(rounding value: Ref?, _ context: ContextObject) throws(Raised) -> Owned {
    guard let value else { return try make() }
    if isDecimal(value) {
      let number = DecimalObject(value).number
      let rules = context.rules
      if number.isNaN && number.pointee.digits > rules.precision - (rules.clamp ? 1 : 0) {
        // Too much of a payload.
        try context.report(.conversionSyntax)
        let object = try make()
        DecimalObject(object.ref).number.setNaN()
        return object
      }
      let object = try make()
      let target = DecimalObject(object.ref).number
      try attempt { () throws(OutOfMemory) in try target.copy(number) }
      return try finish(object, exact: false, context)
    }
    if value.isStr { return try make(type, text: value, exact: false, context) }
    if value.isInt { return try make(type, int: value, exact: false, context) }
    if value.isList || value.isTuple {
      return try make(type, triple: value, exact: false, context)
    }
    if value.type == floatType() || value.isInstance(of: floatType()) {
      try context.report(.floatOperation)
      return try make(type, float: value, exact: false, context)
    }
    throw raiseUnsupported(value)
  }

  /// An operand: a Decimal or an int made one; nil for anything else.
  @inline(__always)
  static func operand(_ value: Ref, _ context: ContextObject) throws(Raised) -> Owned? {
    if isDecimal(value) { return value.retained() }
    if value.isInt { return try make(type, int: value, exact: true, context) }
    return nil
  }

  /// An operand; TypeError for anything that cannot be one.
  @inline(__always)
  static func requiredOperand(
    _ value: Ref, _ context: ContextObject
  ) throws(Raised) -> Owned {
    if isDecimal(value) { return value.retained() }
    if value.isInt { return try make(type, int: value, exact: true, context) }
    throw raiseUnsupported(value)
  }
}

/// Runs arithmetic; a lack of memory becomes MemoryError.
@inline(__always)
func attempt<R>(_ body: () throws(OutOfMemory) -> R) throws(Raised) -> R {
  do { return try body() } catch { throw raiseNoMemory() }
}
