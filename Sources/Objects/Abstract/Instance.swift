import CPythonABI

// isinstance() and issubclass(). CPython: Objects/abstract.c, PyObject_IsInstance and following.

/// `cls.__bases__` when it is a tuple; nil with or without an exception.
private func bases(of object: Ref) -> Ref? {
  var found: Ref?
  _ = PyObject_GetOptionalAttr(object, SpecialName.bases, &found)
  guard let found else { return nil }
  if found.isTuple { return found }
  Py_DECREF(found)
  return nil
}

/// Whether `cls` is reached from `derived` through `__bases__`.
private func isAbstractSubclass(_ derived: Ref, _ cls: Ref) throws(Raised) -> Bool {
  var current = derived.retained()
  while true {
    if current.ref == cls { return true }
    guard let found = bases(of: current.ref) else {
      if hasRaised() { throw Raised() }
      return false
    }
    let all = Owned(adopting: found)
    let count = apus_var_size(all.ref)
    if count == 0 { return false }
    // The common chain of single bases needs no recursion.
    if count == 1 {
      current = apus_tuple_item(all.ref, 0).retained()
      continue
    }
    for index in 0..<count {
      try checkRecursion(" in __issubclass__")
      if try isAbstractSubclass(apus_tuple_item(all.ref, index), cls) { return true }
    }
    return false
  }
}

private func checkClass(_ object: Ref, _ message: StaticString) throws(Raised) {
  guard let found = bases(of: object) else {
    if hasRaised() { throw Raised() }
    throw raise(.typeError, "\(message)")
  }
  Py_DECREF(found)
}

/// `type.__instancecheck__`: by type, then by `__class__`.
private func isRealInstance(_ object: Ref, _ cls: Ref) throws(Raised) -> Bool {
  var found: Ref?
  if cls.isType {
    if object.isInstance(of: cls.asType) { return true }
    try check(PyObject_GetOptionalAttr(object, SpecialName.class, &found))
    guard let found else { return false }
    let claimed = Owned(adopting: found)
    return claimed.ref != object.type.object && claimed.ref.isType
      && PyType_IsSubtype(claimed.ref.asType, cls.asType) != 0
  }
  try checkClass(cls, "isinstance() arg 2 must be a type, a tuple of types, or a union")
  try check(PyObject_GetOptionalAttr(object, SpecialName.class, &found))
  guard let found else { return false }
  let claimed = Owned(adopting: found)
  return try isAbstractSubclass(claimed.ref, cls)
}

private func isRealSubclass(_ derived: Ref, _ cls: Ref) throws(Raised) -> Bool {
  if derived.isType && cls.isType { return PyType_IsSubtype(derived.asType, cls.asType) != 0 }
  try checkClass(derived, "issubclass() arg 1 must be a class")
  if cls.type != unionType() {
    try checkClass(cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union")
  }
  return try isAbstractSubclass(derived, cls)
}

/// How deep tuples of classes may be nested (CPython's limit for native recursion).
private let deepestTuple = 10_000

private func raiseNesting(_ method: StaticString) -> Raised {
  raise(.recursionError, "maximum recursion depth exceeded in \(method)")
}

private func isInstance(_ object: Ref, _ cls: Ref, _ depth: Int = 0) throws(Raised) -> Bool {
  if object.type.object == cls { return true }
  if cls.type == typeType() { return try isRealInstance(object, cls) }
  var cls = cls
  if cls.type == unionType() { cls = cls.view(unionobject.self).pointee.args }
  if cls.isTuple {
    if depth > deepestTuple { throw raiseNesting("__instancecheck__") }
    try checkRecursion(" in __instancecheck__")
    for index in 0..<apus_var_size(cls)
    where try isInstance(object, apus_tuple_item(cls, index), depth + 1) { return true }
    return false
  }
  if let raw = lookupSpecial(cls, SpecialName.instanceCheck) {
    let checker = Owned(adopting: raw)
    try checkRecursion(" in __instancecheck__")
    let answer = try own(PyObject_CallOneArg(checker.ref, object))
    return try check(PyObject_IsTrue(answer.ref)) != 0
  }
  if hasRaised() { throw Raised() }
  return try isRealInstance(object, cls)
}

private func isSubclass(_ derived: Ref, _ cls: Ref, _ depth: Int = 0) throws(Raised) -> Bool {
  if cls.type == typeType() {
    if derived == cls { return true }
    return try isRealSubclass(derived, cls)
  }
  var cls = cls
  if cls.type == unionType() { cls = cls.view(unionobject.self).pointee.args }
  if cls.isTuple {
    if depth > deepestTuple { throw raiseNesting("__subclasscheck__") }
    try checkRecursion(" in __subclasscheck__")
    for index in 0..<apus_var_size(cls)
    where try isSubclass(derived, apus_tuple_item(cls, index), depth + 1) { return true }
    return false
  }
  if let raw = lookupSpecial(cls, SpecialName.subclassCheck) {
    let checker = Owned(adopting: raw)
    try checkRecursion(" in __subclasscheck__")
    let answer = try own(PyObject_CallOneArg(checker.ref, derived))
    return try check(PyObject_IsTrue(answer.ref)) != 0
  }
  if hasRaised() { throw Raised() }
  return try isRealSubclass(derived, cls)
}

/// `isinstance(object, cls)`.
@c @implementation
public func PyObject_IsInstance(_ object: Ref, _ cls: Ref) -> Int32 {
  if object.type.object == cls { return 1 }
  return truth { try isInstance(object, cls) }
}

/// `issubclass(derived, cls)`.
@c @implementation
public func PyObject_IsSubclass(_ derived: Ref, _ cls: Ref) -> Int32 {
  truth { try isSubclass(derived, cls) }
}

/// What `type.__instancecheck__` answers.
@c @implementation
public func _PyObject_RealIsInstance(_ object: Ref, _ cls: Ref) -> Int32 {
  truth { try isRealInstance(object, cls) }
}

/// What `type.__subclasscheck__` answers.
@c @implementation
public func _PyObject_RealIsSubclass(_ derived: Ref, _ cls: Ref) -> Int32 {
  truth { try isRealSubclass(derived, cls) }
}
