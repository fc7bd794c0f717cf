import CPythonABI

/// The hash of an address: its low bits, which alignment leaves zero, go to the top.
@c @implementation
public func Py_HashPointer(_ pointer: UnsafeRawPointer?) -> Int {
  let address = UInt(bitPattern: pointer)
  let hash = Int(bitPattern: address >> 4 | address << 60)
  return hash == -1 ? -2 : hash
}

/// Gives a new object its first reference.
@c @implementation
public func _Py_NewReference(_ object: Ref) { object.pointee.ob_refcnt = 1 }

@c @implementation
public func _Py_NewReferenceNoTotal(_ object: Ref) { object.pointee.ob_refcnt = 1 }

/// Gives an object back its first reference when a finaliser kept it alive.
@c @implementation
public func _Py_ResurrectReference(_ object: Ref) { object.pointee.ob_refcnt = 1 }

@c @implementation
public func _Py_SetRefcnt(_ object: Ref, _ count: Int) {
  if _Py_IsImmortal(object) == 0 { object.pointee.ob_refcnt = count }
}

@c @implementation
public func _Py_IncRef(_ object: Ref) { Py_INCREF(object) }

@c @implementation
public func _Py_DecRef(_ object: Ref) { Py_DECREF(object) }

/// Whether the object is an abstract method or property: `__isabstractmethod__` is true.
@c @implementation
public func _PyObject_IsAbstract(_ object: Ref) -> Int32 {
  truth {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(object, "__isabstractmethod__", &found))
    guard let found else { return false }
    let flag = Owned(adopting: found)
    return try check(PyObject_IsTrue(flag.ref)) != 0
  }
}

/// 1 when all keys are str, else 0 with TypeError.
@c @implementation
public func PyArg_ValidateKeywordArguments(_ keywords: Ref) -> Int32 {
  guard keywords.isDict else {
    PyErr_BadInternalCall()
    return 0
  }
  var position = 0
  var key: Ref?
  while PyDict_Next(keywords, &position, &key, nil) != 0 {
    if let key, !key.isStr {
      _ = raise(.typeError, "keywords must be strings")
      return 0
    }
  }
  return 1
}
