import CPythonABI
import Objects

// Python's operators on wrapped objects. `==` and `<` answer a Swift Bool, as `if` would see them.

extension PythonObject {
  private typealias Operation = (Ref, Ref) -> Ref?

  private static func apply(
    _ left: any PythonConvertible, _ right: any PythonConvertible, _ operation: Operation
  ) throws -> PythonObject {
    try take {
      let left = try left.pythonObject()
      let right = try right.pythonObject()
      return operation(left.reference, right.reference)
    }
  }

  public static func + (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_Add($0, $1) }
  }
  public static func - (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_Subtract($0, $1) }
  }
  public static func * (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_Multiply($0, $1) }
  }
  public static func / (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_TrueDivide($0, $1) }
  }
  public static func % (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_Remainder($0, $1) }
  }
  public static func & (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_And($0, $1) }
  }
  public static func | (a: PythonObject, b: any PythonConvertible) throws -> PythonObject {
    try apply(a, b) { PyNumber_Or($0, $1) }
  }
  public static prefix func - (a: PythonObject) throws -> PythonObject {
    try take { PyNumber_Negative(a.reference) }
  }

  private func compare(_ other: any PythonConvertible, _ operation: Int32) throws -> Bool {
    try Python.withLock {
      let other = try other.pythonObject()
      let answer = PyObject_RichCompareBool(reference, other.reference, operation)
      if answer < 0 { throw PythonError.current() }
      return answer != 0
    }
  }

  public static func == (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_EQ))
  }
  public static func != (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_NE))
  }
  public static func < (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_LT))
  }
  public static func <= (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_LE))
  }
  public static func > (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_GT))
  }
  public static func >= (a: PythonObject, b: any PythonConvertible) throws -> Bool {
    try a.compare(b, Int32(Py_GE))
  }

  /// `item in self`.
  public func contains(_ item: any PythonConvertible) throws -> Bool {
    try Python.withLock {
      let item = try item.pythonObject()
      let answer = PySequence_Contains(reference, item.reference)
      if answer < 0 { throw PythonError.current() }
      return answer != 0
    }
  }
}
