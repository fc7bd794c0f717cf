import CPythonABI
import UnicodeData

extension PyUnicode {
  /// Whether every code point passes the test; a loop per storage width.
  @inline(__always)
  func allSatisfy(_ test: (UInt32) -> Bool) -> Bool {
    let count = self.count
    switch kind {
    case 1:
      let units = data.as(UInt8.self)
      for index in 0..<count where !test(UInt32(units[index])) { return false }
    case 2:
      let units = data.as(UInt16.self)
      for index in 0..<count where !test(UInt32(units[index])) { return false }
    default:
      let units = data.as(UInt32.self)
      for index in 0..<count where !test(units[index]) { return false }
    }
    return true
  }

  /// At least one cased character and none of the other case.
  func isAll(_ wanted: UInt32, against unwanted: UInt32) -> Bool {
    var found = false
    let clean = allSatisfy { value in
      let flags = apus_flags(value)
      if flags & unwanted != 0 { return false }
      if flags & wanted != 0 { found = true }
      return true
    }
    return clean && found
  }

  var isTitlecased: Bool {
    var found = false
    var afterCased = false
    let clean = allSatisfy { value in
      if apus_isupper(value) || apus_istitle(value) {
        if afterCased { return false }
        afterCased = true
        found = true
      } else if apus_islower(value) {
        if !afterCased { return false }
        found = true
      } else {
        afterCased = false
      }
      return true
    }
    return clean && found
  }

  /// Whether the text is an identifier (keywords included).
  var isIdentifier: Bool {
    if count == 0 || !apus_isidentifierstart(self[0]) { return false }
    return allSatisfy { apus_isxidcontinue($0) }
  }
}

extension PyUnicode.Methods {
  static let isascii: Method = .noargs(
    "isascii($self, /)", "Whether every character is below 128; true of the empty text."
  ) { text, _ in
    boolObject(PyUnicode(text).isASCII)
  }
  static let islower: Method = .noargs(
    "islower($self, /)", "Whether there are cased characters and all of them are lower case."
  ) { text, _ in
    boolObject(
      PyUnicode(text).isAll(
        UInt32(APUS_LOWER), against: UInt32(APUS_UPPER | APUS_TITLE)))
  }
  static let isupper: Method = .noargs(
    "isupper($self, /)", "Whether there are cased characters and all of them are upper case."
  ) { text, _ in
    boolObject(
      PyUnicode(text).isAll(
        UInt32(APUS_UPPER), against: UInt32(APUS_LOWER | APUS_TITLE)))
  }
  static let istitle: Method = .noargs(
    "istitle($self, /)",
    "Whether upper and title case follow only uncased characters, and lower case only cased ones."
  ) { text, _ in
    boolObject(PyUnicode(text).isTitlecased)
  }
  static let isspace: Method = .noargs(
    "isspace($self, /)", "Whether the text is not empty and all white space."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isspace($0) })
  }
  static let isdecimal: Method = .noargs(
    "isdecimal($self, /)", "Whether the text is not empty and all decimal digits."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isdecimal($0) })
  }
  static let isdigit: Method = .noargs(
    "isdigit($self, /)", "Whether the text is not empty and all digits."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isdigit($0) })
  }
  static let isnumeric: Method = .noargs(
    "isnumeric($self, /)", "Whether the text is not empty and all characters stand for numbers."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isnumeric($0) })
  }
  static let isalpha: Method = .noargs(
    "isalpha($self, /)", "Whether the text is not empty and all letters."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isalpha($0) })
  }
  static let isalnum: Method = .noargs(
    "isalnum($self, /)", "Whether the text is not empty and all letters or digits."
  ) { text, _ in
    boolObject(PyUnicode(text).count > 0 && PyUnicode(text).allSatisfy { apus_isalnum($0) })
  }
  static let isidentifier: Method = .noargs(
    "isidentifier($self, /)", "Whether the text could name a variable; keywords could."
  ) { text, _ in
    boolObject(PyUnicode(text).isIdentifier)
  }
  static let isprintable: Method = .noargs(
    "isprintable($self, /)", "Whether repr() would escape none of the characters."
  ) { text, _ in
    boolObject(PyUnicode(text).allSatisfy { apus_isprintable($0) })
  }
}

// MARK: C API

@c @implementation
public func PyUnicode_IsIdentifier(_ text: Ref) -> Int32 { PyUnicode(text).isIdentifier ? 1 : 0 }

@c @implementation
public func _PyUnicode_IsAlpha(_ value: Py_UCS4) -> Int32 { apus_isalpha(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsDecimalDigit(_ value: Py_UCS4) -> Int32 {
  apus_decimal_value(value) < 0 ? 0 : 1
}
@c @implementation
public func _PyUnicode_IsDigit(_ value: Py_UCS4) -> Int32 { apus_digit_value(value) < 0 ? 0 : 1 }
@c @implementation
public func _PyUnicode_IsLinebreak(_ value: Py_UCS4) -> Int32 { apus_islinebreak(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsLowercase(_ value: Py_UCS4) -> Int32 { apus_islower(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsNumeric(_ value: Py_UCS4) -> Int32 { apus_isnumeric(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsPrintable(_ value: Py_UCS4) -> Int32 { apus_isprintable(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsTitlecase(_ value: Py_UCS4) -> Int32 { apus_istitle(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsUppercase(_ value: Py_UCS4) -> Int32 { apus_isupper(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_IsWhitespace(_ value: Py_UCS4) -> Int32 { apus_isspace(value) ? 1 : 0 }
@c @implementation
public func _PyUnicode_ToDecimalDigit(_ value: Py_UCS4) -> Int32 { apus_decimal_value(value) }
@c @implementation
public func _PyUnicode_ToDigit(_ value: Py_UCS4) -> Int32 { apus_digit_value(value) }
@c @implementation
public func _PyUnicode_ToLowercase(_ value: Py_UCS4) -> Py_UCS4 { apus_simple_lower(value) }
@c @implementation
public func _PyUnicode_ToNumeric(_ value: Py_UCS4) -> Double {
  var number = -1.0
  return apus_numeric_value(value, &number) ? number : -1
}
// Where the full mapping has several code points these give the first one.
@c @implementation
public func _PyUnicode_ToTitlecase(_ value: Py_UCS4) -> Py_UCS4 {
  if value < 128 { return apus_simple_title(value) }
  return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3) { mapped in
    guard let start = mapped.baseAddress else { return value }
    return apus_full_title(value, start) > 0 ? start[0] : value
  }
}
@c @implementation
public func _PyUnicode_ToUppercase(_ value: Py_UCS4) -> Py_UCS4 {
  if value < 128 { return apus_simple_upper(value) }
  return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3) { mapped in
    guard let start = mapped.baseAddress else { return value }
    return apus_full_upper(value, start) > 0 ? start[0] : value
  }
}
