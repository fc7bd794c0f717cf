import CPythonABI

/// A Python exception is on its way. The exception itself is in the thread state
/// (`current_exception`); this carries nothing.
@frozen public struct Raised: Error {
  @inlinable @inline(__always) public init() {}
}

/// Sets an exception of class `type` with a text and returns what to throw:
/// `throw raise(.typeError, "…")`.
@inline(never) public func raise(_ type: Ref, _ message: String) -> Raised {
  guard let text = newString(message) else { return Raised() }
  PyErr_SetObject(type, text)
  Py_DECREF(text)
  return Raised()
}

/// Sets an exception of class `type` with a value (its argument) and returns what to throw.
public func raise(_ type: Ref, value: Ref) -> Raised {
  PyErr_SetObject(type, value)
  return Raised()
}

/// Sets an exception of class `type` without arguments and returns what to throw.
public func raise(_ type: Ref) -> Raised {
  PyErr_SetObject(type, nil)
  return Raised()
}

/// Sets MemoryError and returns what to throw.
public func raiseNoMemory() -> Raised {
  _ = PyErr_NoMemory()
  return Raised()
}

/// Whether an exception is set in this thread.
@inlinable @inline(__always) public func hasRaised() -> Bool {
  apus_tstate().pointee.current_exception != nil
}

/// A new str with the text, or nil with an exception set. For messages and names, not hot paths.
public func newString(_ text: String) -> Ref? {
  var text = text
  return text.withUTF8 { utf8 in
    guard let base = utf8.baseAddress, utf8.count > 0 else {
      return PyUnicode_New(0, 0)
    }
    let made = UnsafeRawPointer(base).withMemoryRebound(to: CChar.self, capacity: utf8.count) {
      PyUnicode_DecodeUTF8($0, utf8.count, nil)
    }
    guard let made, apus_str_kind(made) == 4 else { return made }
    return SurrogateStand.removed(from: made)
  }
}

// MARK: From throwing Swift to C results

/// The result of a slot or method that returns a new reference.
@inlinable @inline(__always) public func new(_ body: () throws -> Owned) -> Ref? {
  do { return try body().give() } catch { return nil }
}

/// The result of a method that returns None.
@inlinable @inline(__always) public func none(_ body: () throws -> Void) -> Ref? {
  do { try body() } catch { return nil }
  return noneObject()
}

/// The result of a method that returns True or False.
@inlinable @inline(__always) public func bool(_ body: () throws -> Bool) -> Ref? {
  do { return boolObject(try body()) } catch { return nil }
}

/// The result of a slot that returns 0, or -1 when an exception is set.
@inlinable @inline(__always) public func status(_ body: () throws -> Void) -> Int32 {
  do { try body() } catch { return -1 }
  return 0
}

/// The result of a slot that returns 1 or 0, or -1 when an exception is set.
@inlinable @inline(__always) public func truth(_ body: () throws -> Bool) -> Int32 {
  do { return try body() ? 1 : 0 } catch { return -1 }
}

/// The result of a slot that returns a size or a hash, or -1 when an exception is set.
@inlinable @inline(__always) public func size(_ body: () throws -> Int) -> Int {
  do { return try body() } catch { return -1 }
}
