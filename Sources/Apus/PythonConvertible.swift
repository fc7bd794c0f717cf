import CPythonABI
import Objects

/// A Swift value that has a Python counterpart.
public protocol PythonConvertible {
  /// The value as a Python object.
  func pythonObject() throws -> PythonObject
}

/// A Swift type whose values can be read from Python objects.
public protocol ConvertibleFromPython {
  /// - Throws: `PythonError` (TypeError, OverflowError, …) when the object has no such value.
  init(_ object: PythonObject) throws
}

extension PythonObject: PythonConvertible {
  public func pythonObject() -> PythonObject { self }
}

extension Bool: PythonConvertible, ConvertibleFromPython {
  public func pythonObject() -> PythonObject { PythonObject(retaining: boolObject(self)) }
  /// `bool(object)`.
  public init(_ object: PythonObject) throws { self = try object.isTrue() }
}

extension Int: PythonConvertible, ConvertibleFromPython {
  public func pythonObject() throws -> PythonObject {
    try PythonObject.take { PyLong_FromSsize_t(self) }
  }
  /// The value of an int, or of what has `__index__`. OverflowError when it needs more than 64 bits.
  public init(_ object: PythonObject) throws {
    self = try Python.withLock {
      let number = PyNumber_AsSsize_t(object.reference, .overflowError)
      if number == -1 && PyErr_Occurred() != nil { throw PythonError.current() }
      return number
    }
  }
}

extension Double: PythonConvertible, ConvertibleFromPython {
  public func pythonObject() throws -> PythonObject {
    try PythonObject.take { PyFloat_FromDouble(self) }
  }
  /// `float(object)` for numbers.
  public init(_ object: PythonObject) throws {
    self = try Python.withLock {
      let number = PyFloat_AsDouble(object.reference)
      if number == -1 && PyErr_Occurred() != nil { throw PythonError.current() }
      return number
    }
  }
}

extension String: PythonConvertible, ConvertibleFromPython {
  public func pythonObject() throws -> PythonObject {
    var copy = self
    return try PythonObject.take {
      copy.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          PyUnicode_FromStringAndSize($0.baseAddress, $0.count)
        }
      }
    }
  }
  /// The characters of a str. TypeError for anything else (`description` is `str(object)`).
  public init(_ object: PythonObject) throws {
    self = try Python.withLock {
      guard object.reference.isStr else {
        throw PythonError.make("TypeError", "a str is required")
      }
      return try object.text()
    }
  }
}

extension PythonError {
  /// An exception of a builtin class.
  static func make(_ type: String, _ message: String) -> PythonError {
    do {
      let exception = try Python[dynamicMember: type]
      return PythonError(exception: try exception.dynamicallyCall(withArguments: [message]))
    } catch let error as PythonError {
      return error
    } catch {
      return PythonError(exception: .none)
    }
  }
}

extension Optional: PythonConvertible where Wrapped: PythonConvertible {
  /// nil is None.
  public func pythonObject() throws -> PythonObject { try self?.pythonObject() ?? .none }
}

extension Array: PythonConvertible where Element: PythonConvertible {
  /// A list.
  public func pythonObject() throws -> PythonObject {
    try PythonObject.take {
      guard let list = PyList_New(0) else { return nil }
      do {
        for item in self {
          let object = try item.pythonObject()
          if PyList_Append(list, object.reference) < 0 { throw PythonError.current() }
        }
      } catch {
        Py_DECREF(list)
        throw error
      }
      return list
    }
  }
}

extension Array: ConvertibleFromPython where Element: ConvertibleFromPython {
  /// The items of any iterable.
  public init(_ object: PythonObject) throws {
    self = try object.items().map { try Element($0) }
  }
}

extension Dictionary: PythonConvertible where Key: PythonConvertible, Value: PythonConvertible {
  /// A dict.
  public func pythonObject() throws -> PythonObject {
    let dict = try PythonObject.take { PyDict_New() }
    for (key, value) in self { try dict.setItem(key, value) }
    return dict
  }
}

extension Dictionary: ConvertibleFromPython
where Key: ConvertibleFromPython, Value: ConvertibleFromPython {
  /// The items of a mapping.
  public init(_ object: PythonObject) throws {
    self.init()
    try object.items().forEach { key in self[try Key(key)] = try Value(try object[key]) }
  }
}
