import CPythonABI

// Comparison, truth and hash. CPython: Objects/object.c, do_richcompare and following.

/// The comparison seen from the other side: `<` becomes `>`.
@inline(__always)
private func swapped(_ operation: Int32) -> Int32 {
  switch operation {
  case Py_LT: return Py_GT
  case Py_LE: return Py_GE
  case Py_GT: return Py_LT
  case Py_GE: return Py_LE
  default: return operation
  }
}

private func symbol(_ operation: Int32) -> StaticString {
  switch operation {
  case Py_LT: return "<"
  case Py_LE: return "<="
  case Py_EQ: return "=="
  case Py_NE: return "!="
  case Py_GT: return ">"
  default: return ">="
  }
}

/// `left op right`: the right operand's method first when its type is a subclass of the left's;
/// identity when nobody knows about `==` and `!=`.
@c @implementation
public func PyObject_RichCompare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
  if Py_EnterRecursiveCall(" in comparison") != 0 { return nil }
  var triedRight = false
  if left.type != right.type, PyType_IsSubtype(right.type, left.type) != 0,
    let compare = right.type.pointee.tp_richcompare
  {
    triedRight = true
    let result = compare(right, left, swapped(operation))
    if result != notImplementedObject() { return result }
  }
  if let compare = left.type.pointee.tp_richcompare {
    let result = compare(left, right, operation)
    if result != notImplementedObject() { return result }
  }
  if !triedRight, let compare = right.type.pointee.tp_richcompare {
    let result = compare(right, left, swapped(operation))
    if result != notImplementedObject() { return result }
  }
  if operation == Py_EQ { return boolObject(left == right) }
  if operation == Py_NE { return boolObject(left != right) }
  _ = raise(
    .typeError,
    "'\(symbol(operation))' not supported between instances of '\(left.type.fullName)' and "
      + "'\(right.type.fullName)'")
  return nil
}

/// The truth of a comparison; identical objects are equal without asking them.
@c @implementation
public func PyObject_RichCompareBool(_ left: Ref, _ right: Ref, _ operation: Int32) -> Int32 {
  if left == right {
    if operation == Py_EQ { return 1 }
    if operation == Py_NE { return 0 }
  }
  guard let result = PyObject_RichCompare(left, right, operation) else { return -1 }
  if result == trueObject() { return 1 }
  if result == falseObject() { return 0 }
  let truth = PyObject_IsTrue(result)
  Py_DECREF(result)
  return truth
}

/// The result of a comparison of two sizes or numbers.
@inline(__always)
func compare<T: Comparable>(_ left: T, _ right: T, _ operation: Int32) -> Bool {
  switch operation {
  case Py_LT: return left < right
  case Py_LE: return left <= right
  case Py_EQ: return left == right
  case Py_NE: return left != right
  case Py_GT: return left > right
  default: return left >= right
  }
}

/// `bool(object)`: 1, 0, or -1 with an exception.
@c @implementation
public func PyObject_IsTrue(_ object: Ref) -> Int32 {
  if object == trueObject() { return 1 }
  if object == falseObject() || object.isNone { return 0 }
  let type = object.type
  if let test = type.pointee.tp_as_number?.pointee.nb_bool { return test(object) }
  if let length = type.pointee.tp_as_mapping?.pointee.mp_length {
    return Int32(truncatingIfNeeded: length(object).signum())
  }
  if let length = type.pointee.tp_as_sequence?.pointee.sq_length {
    return Int32(truncatingIfNeeded: length(object).signum())
  }
  return 1
}

@c @implementation
public func PyObject_Not(_ object: Ref) -> Int32 {
  let truth = PyObject_IsTrue(object)
  return truth < 0 ? truth : 1 - truth
}

/// `hash(object)`. TypeError for unhashable objects.
@c @implementation
public func PyObject_Hash(_ object: Ref) -> Int {
  let type = object.type
  if let hash = type.pointee.tp_hash {
    // Only containers can be nested without bound.
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0,
      Py_EnterRecursiveCall(" while hashing an object") != 0
    {
      return -1
    }
    return hash(object)
  }
  // A static type of an extension may be used before anyone made it ready.
  if type.pointee.tp_dict == nil {
    if PyType_Ready(type) < 0 { return -1 }
    if let hash = type.pointee.tp_hash { return hash(object) }
  }
  return PyObject_HashNotImplemented(object)
}

/// `tp_hash` of types that are unhashable on purpose.
@c @implementation
public func PyObject_HashNotImplemented(_ object: Ref) -> Int {
  _ = raise(.typeError, "unhashable type: '\(object.type.fullName)'")
  return -1
}

/// The hash by address.
@c @implementation
public func PyObject_GenericHash(_ object: Ref) -> Int { Py_HashPointer(object) }

@c @implementation
public func PyCallable_Check(_ object: Ref?) -> Int32 {
  object?.type.pointee.tp_call != nil ? 1 : 0
}
