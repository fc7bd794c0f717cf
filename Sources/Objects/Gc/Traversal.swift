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

/// Py_VISIT of several references. Plain parameters: a variadic list would be an array per object.
@inlinable @inline(__always)
public func visitReferences(
  _ visit: visitproc, _ argument: UnsafeMutableRawPointer?, _ a: Ref?, _ b: Ref?,
  _ c: Ref? = nil, _ d: Ref? = nil, _ e: Ref? = nil, _ f: Ref? = nil, _ g: Ref? = nil,
  _ h: Ref? = nil, _ i: Ref? = nil, _ j: Ref? = nil, _ k: Ref? = nil, _ l: Ref? = nil,
  _ m: Ref? = nil
) -> Int32 {
  if let a {
    let answer = visit(a, argument)
    if answer != 0 { return answer }
  }
  if let b {
    let answer = visit(b, argument)
    if answer != 0 { return answer }
  }
  if let c {
    let answer = visit(c, argument)
    if answer != 0 { return answer }
  }
  if let d {
    let answer = visit(d, argument)
    if answer != 0 { return answer }
  }
  if let e {
    let answer = visit(e, argument)
    if answer != 0 { return answer }
  }
  if let f {
    let answer = visit(f, argument)
    if answer != 0 { return answer }
  }
  if let g {
    let answer = visit(g, argument)
    if answer != 0 { return answer }
  }
  if let h {
    let answer = visit(h, argument)
    if answer != 0 { return answer }
  }
  if let i {
    let answer = visit(i, argument)
    if answer != 0 { return answer }
  }
  if let j {
    let answer = visit(j, argument)
    if answer != 0 { return answer }
  }
  if let k {
    let answer = visit(k, argument)
    if answer != 0 { return answer }
  }
  if let l {
    let answer = visit(l, argument)
    if answer != 0 { return answer }
  }
  if let m {
    let answer = visit(m, argument)
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
