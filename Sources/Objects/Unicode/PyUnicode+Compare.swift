import CPythonABI
import Glibc

extension PyUnicode {
  /// Whether the texts are equal.
  @inline(__always)
  public func equals(_ other: PyUnicode) -> Bool {
    if ref == other.ref { return true }
    let count = self.count
    if count != other.count { return false }
    let kind = self.kind
    if kind != other.kind { return false }
    return memcmp(data, other.data, count &* kind) == 0
  }

  /// -1, 0 or 1: the order of the code points.
  func compare(_ other: PyUnicode) -> Int {
    if ref == other.ref { return 0 }
    let common = Swift.min(count, other.count)
    let order: Int
    switch (kind, other.kind) {
    case (1, 1):
      let result = memcmp(data, other.data, common)
      order = result < 0 ? -1 : result > 0 ? 1 : 0
    case (1, 2): order = Self.order(data.as(UInt8.self), other.data.as(UInt16.self), common)
    case (1, _): order = Self.order(data.as(UInt8.self), other.data.as(UInt32.self), common)
    case (2, 1): order = Self.order(data.as(UInt16.self), other.data.as(UInt8.self), common)
    case (2, 2): order = Self.order(data.as(UInt16.self), other.data.as(UInt16.self), common)
    case (2, _): order = Self.order(data.as(UInt16.self), other.data.as(UInt32.self), common)
    case (_, 1): order = Self.order(data.as(UInt32.self), other.data.as(UInt8.self), common)
    case (_, 2): order = Self.order(data.as(UInt32.self), other.data.as(UInt16.self), common)
    default: order = Self.order(data.as(UInt32.self), other.data.as(UInt32.self), common)
    }
    if order != 0 { return order }
    return count < other.count ? -1 : count > other.count ? 1 : 0
  }

  @inline(__always)
  private static func order<A: CodeUnit, B: CodeUnit>(
    _ a: UnsafePointer<A>, _ b: UnsafePointer<B>, _ count: Int
  ) -> Int {
    for index in 0..<count {
      let left = UInt32(truncatingIfNeeded: a[index])
      let right = UInt32(truncatingIfNeeded: b[index])
      if left != right { return left < right ? -1 : 1 }
    }
    return 0
  }

  /// Whether the text is this ASCII string.
  func equals(_ text: StaticString) -> Bool {
    kind == 1 && count == text.utf8CodeUnitCount && memcmp(data, text.utf8Start, count) == 0
  }

  /// `left <op> right` for two str objects.
  @inline(__always)
  static func richCompare(_ left: Ref, _ right: Ref, _ op: Int32) -> Ref? {
    guard left.isStr && right.isStr else { return notImplementedObject() }
    let a = PyUnicode(left)
    let b = PyUnicode(right)
    switch op {
    case Py_EQ: return boolObject(a.equals(b))
    case Py_NE: return boolObject(!a.equals(b))
    default: break
    }
    let order = a.compare(b)
    switch op {
    case Py_LT: return boolObject(order < 0)
    case Py_LE: return boolObject(order <= 0)
    case Py_GT: return boolObject(order > 0)
    case Py_GE: return boolObject(order >= 0)
    default:
      PyErr_BadInternalCall()
      return nil
    }
  }
}

@c @implementation
public func PyUnicode_RichCompare(_ left: Ref, _ right: Ref, _ op: Int32) -> Ref? {
  PyUnicode.richCompare(left, right, op)
}

@c @implementation
public func PyUnicode_Compare(_ left: Ref, _ right: Ref) -> Int32 {
  guard left.isStr && right.isStr else {
    _ = raise(.typeError, "Can't compare \(left.type.fullName) and \(right.type.fullName)")
    return -1
  }
  return Int32(truncatingIfNeeded: PyUnicode(left).compare(PyUnicode(right)))
}

/// 1 when two str objects are equal, else 0. Never fails.
@c @implementation
public func _PyUnicode_Equal(_ left: Ref, _ right: Ref) -> Int32 {
  PyUnicode(left).equals(PyUnicode(right)) ? 1 : 0
}

@c @implementation
public func PyUnicode_CompareWithASCIIString(
  _ left: Ref, _ right: UnsafePointer<CChar>
) -> Int32 {
  let text = PyUnicode(left)
  let bytes = UnsafeRawPointer(right).as(UInt8.self)
  let count = text.count
  var index = 0
  while index < count && bytes[index] != 0 {
    let value = text[index]
    if value != UInt32(bytes[index]) { return value < UInt32(bytes[index]) ? -1 : 1 }
    index += 1
  }
  if index < count { return 1 }
  return bytes[index] != 0 ? -1 : 0
}

@c @implementation
public func PyUnicode_EqualToUTF8(_ object: Ref, _ text: UnsafePointer<CChar>) -> Int32 {
  PyUnicode_EqualToUTF8AndSize(object, text, strlen(text))
}

@c @implementation
public func PyUnicode_EqualToUTF8AndSize(
  _ object: Ref, _ text: UnsafePointer<CChar>, _ size: Int
) -> Int32 {
  let view = PyUnicode(object)
  if view.isASCII {
    return view.count == size && memcmp(view.data, text, size) == 0 ? 1 : 0
  }
  // Compare code point by code point; a surrogate has no UTF-8 and is equal to nothing.
  let bytes = UnsafeRawPointer(text).as(UInt8.self)
  var position = 0
  for index in 0..<view.count {
    let value = view[index]
    if value >= 0xD800 && value < 0xE000 { return 0 }
    let width = UTF8Coding.width(value)
    if position + width > size { return 0 }
    var encoded: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
    let same = withUnsafeMutableBytes(of: &encoded) { buffer -> Bool in
      let start = buffer.baseAddress.unsafelyUnwrapped.as(UInt8.self)
      _ = UTF8Coding.write(value, to: start)
      return memcmp(start, bytes + position, width) == 0
    }
    if !same { return 0 }
    position += width
  }
  return position == size ? 1 : 0
}
