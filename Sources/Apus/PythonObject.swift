import CPythonABI
import Objects

/// A Python object, kept alive. Members, calls, subscripts and operators go to the object; what
/// Python raises is thrown as `PythonError`.
///
///     let list = try Python.list([3, 1, 2])
///     try list.sort(reverse: true)
///     let first = try Int(list[0])
@dynamicMemberLookup
@dynamicCallable
public final class PythonObject: @unchecked Sendable {
  /// The object; borrowed from this wrapper.
  let reference: Ref
  /// `Python.run` when it was made.
  private let run = Python.run

  /// Takes over a reference.
  init(adopting reference: Ref) { self.reference = reference }

  /// Wraps an object of the C API. The caller holds Python's lock.
  public init(retaining reference: UnsafeMutablePointer<PyObject>) {
    Py_INCREF(reference)
    self.reference = reference
  }

  deinit {
    guard Python.isRunning, run == Python.run else { return }
    Python.withLock { Py_DECREF(reference) }
  }

  /// Wraps the new reference that a body makes with the lock held, or throws what was raised.
  static func take(_ body: () throws -> Ref?) throws -> PythonObject {
    try Python.withLock {
      guard let result = try body() else { throw PythonError.current() }
      return PythonObject(adopting: result)
    }
  }

  /// Python's None.
  public static var none: PythonObject { PythonObject(retaining: noneObject()) }

  public var isNone: Bool { reference.isNone }

  /// `self is other`.
  public func isSame(as other: PythonObject) -> Bool { reference == other.reference }

  // MARK: Attributes

  /// An attribute.
  public subscript(dynamicMember name: String) -> PythonObject {
    get throws {
      try PythonObject.take { name.withCString { PyObject_GetAttrString(reference, $0) } }
    }
  }

  /// `setattr(self, name, value)`; nil deletes.
  public func setAttribute(_ name: String, _ value: (any PythonConvertible)?) throws {
    try Python.withLock {
      let object = try value?.pythonObject()
      if name.withCString({ PyObject_SetAttrString(reference, $0, object?.reference) }) < 0 {
        throw PythonError.current()
      }
    }
  }

  public func hasAttribute(_ name: String) throws -> Bool {
    try Python.withLock {
      let answer = name.withCString { PyObject_HasAttrStringWithError(reference, $0) }
      if answer < 0 { throw PythonError.current() }
      return answer != 0
    }
  }

  // MARK: Items

  /// `self[key]`; several keys make a tuple.
  public subscript(_ keys: any PythonConvertible...) -> PythonObject {
    get throws {
      try PythonObject.take {
        let key = try PythonObject.key(keys)
        return PyObject_GetItem(reference, key.reference)
      }
    }
  }

  /// `self[key] = value`; nil deletes.
  public func setItem(_ key: any PythonConvertible, _ value: (any PythonConvertible)?) throws {
    try Python.withLock {
      let key = try key.pythonObject()
      let status: Int32
      if let value {
        let object = try value.pythonObject()
        status = PyObject_SetItem(reference, key.reference, object.reference)
      } else {
        status = PyObject_DelItem(reference, key.reference)
      }
      if status < 0 { throw PythonError.current() }
    }
  }

  private static func key(_ keys: [any PythonConvertible]) throws -> PythonObject {
    if keys.count == 1 { return try keys[0].pythonObject() }
    return try PythonObject.tuple(keys)
  }

  /// A tuple of values.
  public static func tuple(_ items: [any PythonConvertible]) throws -> PythonObject {
    try take {
      guard let tuple = PyTuple_New(items.count) else { return nil }
      for (index, item) in items.enumerated() {
        let object: PythonObject
        do {
          object = try item.pythonObject()
        } catch {
          Py_DECREF(tuple)
          throw error
        }
        Py_INCREF(object.reference)
        apus_tuple_items(tuple)[index] = object.reference
      }
      return tuple
    }
  }

  // MARK: Calls

  @discardableResult
  public func dynamicallyCall(withArguments arguments: [any PythonConvertible]) throws
    -> PythonObject
  {
    try PythonObject.take {
      let tuple = try PythonObject.tuple(arguments)
      return PyObject_Call(reference, tuple.reference, nil)
    }
  }

  @discardableResult
  public func dynamicallyCall(
    withKeywordArguments arguments: KeyValuePairs<String, any PythonConvertible>
  ) throws -> PythonObject {
    try PythonObject.take {
      let positional = try PythonObject.tuple(
        arguments.lazy.filter { $0.key.isEmpty }.map { $0.value })
      guard let keywords = PyDict_New() else { return nil }
      defer { Py_DECREF(keywords) }
      for (name, value) in arguments where !name.isEmpty {
        let object = try value.pythonObject()
        if name.withCString({ PyDict_SetItemString(keywords, $0, object.reference) }) < 0 {
          return nil
        }
      }
      return PyObject_Call(reference, positional.reference, keywords)
    }
  }

  // MARK: Values

  /// `bool(self)`.
  public func isTrue() throws -> Bool {
    try Python.withLock {
      let answer = PyObject_IsTrue(reference)
      if answer < 0 { throw PythonError.current() }
      return answer != 0
    }
  }

  /// `len(self)`.
  public func count() throws -> Int {
    try Python.withLock {
      let count = PyObject_Size(reference)
      if count < 0 { throw PythonError.current() }
      return count
    }
  }

  /// Calls a body with each item of `iter(self)`.
  public func forEach(_ body: (PythonObject) throws -> Void) throws {
    let iterator = try PythonObject.take { PyObject_GetIter(reference) }
    while true {
      let item = try Python.withLock { () -> PythonObject? in
        if let item = PyIter_Next(iterator.reference) { return PythonObject(adopting: item) }
        if PyErr_Occurred() != nil { throw PythonError.current() }
        return nil
      }
      guard let item else { return }
      try body(item)
    }
  }

  /// `list(self)` as a Swift array.
  public func items() throws -> [PythonObject] {
    var items: [PythonObject] = []
    try forEach { items.append($0) }
    return items
  }

  /// `repr(self)`.
  public func repr() throws -> String {
    try PythonObject.take { PyObject_Repr(reference) }.text()
  }

  /// The characters of a str.
  func text() throws -> String {
    try Python.withLock {
      var size = 0
      guard let bytes = PyUnicode_AsUTF8AndSize(reference, &size) else {
        throw PythonError.current()
      }
      return String(
        decoding: UnsafeRawBufferPointer(start: bytes, count: size), as: UTF8.self)
    }
  }
}

extension PythonObject: CustomStringConvertible {
  /// `str(self)`; what went wrong when that raises.
  public var description: String {
    do {
      return try PythonObject.take { PyObject_Str(reference) }.text()
    } catch {
      return "<unprintable object: \(error)>"
    }
  }
}
