import CPythonABI

// Small tuples from owned references, as `__reduce__` and callers of functions build them.

/// `(a,)`
public func tuple(_ a: consuming Owned) throws(Raised) -> Owned {
  let result = try own(PyTuple_New(1))
  apus_tuple_items(result.ref)[0] = a.give()
  return result
}

/// `(a, b)`
public func tuple(_ a: consuming Owned, _ b: consuming Owned) throws(Raised) -> Owned {
  let result = try own(PyTuple_New(2))
  apus_tuple_items(result.ref)[0] = a.give()
  apus_tuple_items(result.ref)[1] = b.give()
  return result
}

/// `(a, b, c)`
public func tuple(
  _ a: consuming Owned, _ b: consuming Owned, _ c: consuming Owned
) throws(Raised) -> Owned {
  let result = try own(PyTuple_New(3))
  apus_tuple_items(result.ref)[0] = a.give()
  apus_tuple_items(result.ref)[1] = b.give()
  apus_tuple_items(result.ref)[2] = c.give()
  return result
}

/// `(a, b, c, d)`
public func tuple(
  _ a: consuming Owned, _ b: consuming Owned, _ c: consuming Owned, _ d: consuming Owned
) throws(Raised) -> Owned {
  let result = try own(PyTuple_New(4))
  apus_tuple_items(result.ref)[0] = a.give()
  apus_tuple_items(result.ref)[1] = b.give()
  apus_tuple_items(result.ref)[2] = c.give()
  apus_tuple_items(result.ref)[3] = d.give()
  return result
}

/// An int of machine size.
@inline(__always)
public func int(_ value: Int) throws(Raised) -> Owned { try own(PyLong_FromSsize_t(value)) }

/// The object `builtins.name` as the running code sees it (`_PyEval_GetBuiltin`).
public func builtin(_ name: Ref) throws(Raised) -> Owned {
  var found: Ref?
  let builtins = try borrow(PyEval_GetBuiltins())
  if try check(PyMapping_GetOptionalItem(builtins, name, &found)) == 0 {
    throw raise(.attributeError, value: name)
  }
  return try own(found)
}
