import CPythonABI

// What `tp_traverse` and `tp_clear` of every type are made of.

/// Py_VISIT: shows a reference to the collector; a non-zero answer ends the traversal.
@inlinable @inline(__always)
public func visitReference(
  _ object: Ref?, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  guard let object else { return 0 }
  return visit(object, argument)
}

/// Py_VISIT of several references.
@inlinable @inline(__always)
public func visitReferences(
  _ visit: visitproc, _ argument: UnsafeMutableRawPointer?, _ objects: Ref?...
) -> Int32 {
  for case let object? in objects {
    let answer = visit(object, argument)
    if answer != 0 { return answer }
  }
  return 0
}

/// Py_CLEAR: empties the field before the reference is dropped, for dropping may run anything.
@inlinable @inline(__always)
public func clearReference(_ field: UnsafeMutablePointer<Ref?>) {
  guard let old = field.pointee else { return }
  field.pointee = nil
  Py_DECREF(old)
}

/// Py_XSETREF: puts a new reference (given away) in place, then drops the old one.
@inlinable @inline(__always)
public func replaceReference(_ field: UnsafeMutablePointer<Ref?>, _ value: Ref?) {
  let old = field.pointee
  field.pointee = value
  Py_XDECREF(old)
}
