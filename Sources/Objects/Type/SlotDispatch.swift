import CPythonABI

// The functions that fill the slots of a class with Python-level special methods, except numbers.
// CPython: Objects/typeobject.c, `slot_tp_*`, `slot_sq_*`, `slot_mp_*`, `slot_am_*`.

// MARK: Sequences and mappings

@c func slot_sq_length(_ receiver: Ref) -> Int {
  guard let result = SpecialMethod.call(receiver, id___len__()) else { return -1 }
  guard let number = PyNumber_Index(result) else {
    Py_DECREF(result)
    return -1
  }
  Py_DECREF(result)
  defer { Py_DECREF(number) }
  if apus_long_sign(number) < 0 {
    _ = raise(.valueError, "__len__() should return >= 0")
    return -1
  }
  return PyNumber_AsSsize_t(number, .overflowError)
}

@c func slot_mp_length(_ receiver: Ref) -> Int { slot_sq_length(receiver) }

@c func slot_sq_item(_ receiver: Ref, _ index: Int) -> Ref? {
  guard let number = PyLong_FromSsize_t(index) else { return nil }
  defer { Py_DECREF(number) }
  return SpecialMethod.call(receiver, id___getitem__(), number)
}

@c func slot_sq_ass_item(_ receiver: Ref, _ index: Int, _ value: Ref?) -> Int32 {
  guard let number = PyLong_FromSsize_t(index) else { return -1 }
  defer { Py_DECREF(number) }
  return slot_mp_ass_subscript(receiver, number, value)
}

@c func slot_mp_subscript(_ receiver: Ref, _ key: Ref) -> Ref? {
  SpecialMethod.call(receiver, id___getitem__(), key)
}

@c func slot_mp_ass_subscript(_ receiver: Ref, _ key: Ref, _ value: Ref?) -> Int32 {
  let result =
    if let value {
      SpecialMethod.call(receiver, id___setitem__(), key, value)
    } else {
      SpecialMethod.call(receiver, id___delitem__(), key)
    }
  guard let result else { return -1 }
  Py_DECREF(result)
  return 0
}

@c func slot_sq_contains(_ receiver: Ref, _ item: Ref) -> Int32 {
  var unbound = false
  guard let method = SpecialMethod.find(receiver, id___contains__(), unbound: &unbound) else {
    if hasRaised() { return -1 }
    // Without the method `in` walks the iterator.
    let answer = _PySequence_IterSearch(receiver, item, 3)
    return Int32(truncatingIfNeeded: answer)
  }
  defer { Py_DECREF(method) }
  if method.isNone {
    _ = raise(.typeError, "'\(receiver.type.fullName)' object is not a container")
    return -1
  }
  let result = withArguments(receiver, item) {
    unbound
      ? PyObject_Vectorcall(method, $0, 2, nil) : PyObject_Vectorcall(method, $0 + 1, 1, nil)
  }
  guard let result else { return -1 }
  defer { Py_DECREF(result) }
  return PyObject_IsTrue(result)
}

// MARK: Text, hash, comparison

@c func slot_tp_repr(_ receiver: Ref) -> Ref? {
  var unbound = false
  guard let method = SpecialMethod.find(receiver, id___repr__(), unbound: &unbound) else {
    if hasRaised() { return nil }
    return newString("<\(receiver.type.fullName) object at \(address(of: receiver))>")
  }
  defer { Py_DECREF(method) }
  return withUnsafePointer(to: receiver) {
    unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
  }
}

@c func slot_tp_str(_ receiver: Ref) -> Ref? { SpecialMethod.call(receiver, id___str__()) }

/// An object's address as `%p` prints it.
public func address(of object: Ref) -> String {
  "0x" + String(UInt(bitPattern: object), radix: 16)
}

@c func slot_tp_hash(_ receiver: Ref) -> Int {
  var unbound = false
  let method = SpecialMethod.find(receiver, id___hash__(), unbound: &unbound)
  guard let method, !method.isNone else {
    if method == nil && hasRaised() { return -1 }
    return PyObject_HashNotImplemented(receiver)
  }
  let result = withUnsafePointer(to: receiver) {
    unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
  }
  Py_DECREF(method)
  guard let result else { return -1 }
  defer { Py_DECREF(result) }
  if !result.isInt {
    _ = raise(.typeError, "__hash__ method should return an integer")
    return -1
  }
  // A value that fits is the hash itself, a larger one is reduced as int's own hash reduces it.
  var hash = PyLong_AsSsize_t(result)
  if hash == -1 && hasRaised() {
    PyErr_Clear()
    guard let function = intType().pointee.tp_hash else { return -1 }
    hash = function(result)
  }
  return hash == -1 ? -2 : hash
}

@c func slot_tp_richcompare(_ receiver: Ref, _ other: Ref, _ operation: Int32) -> Ref? {
  let name: Ref =
    switch operation {
    case Py_LT: id___lt__()
    case Py_LE: id___le__()
    case Py_EQ: id___eq__()
    case Py_NE: id___ne__()
    case Py_GT: id___gt__()
    default: id___ge__()
    }
  var unbound = false
  guard let method = SpecialMethod.find(receiver, name, unbound: &unbound) else {
    // Whatever a descriptor raised: the method is not there.
    PyErr_Clear()
    return notImplementedObject()
  }
  defer { Py_DECREF(method) }
  return unbound
    ? withArguments(receiver, other) { PyObject_Vectorcall(method, $0, 2, nil) }
    : PyObject_CallOneArg(method, other)
}

// MARK: Calls

@c func slot_tp_call(_ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  var unbound = false
  guard let method = SpecialMethod.find(receiver, id___call__(), unbound: &unbound) else {
    if !hasRaised() { PyErr_SetObject(.attributeError, id___call__()) }
    return nil
  }
  defer { Py_DECREF(method) }
  return callPrepending(unbound ? receiver : nil, method, args, keywords)
}

/// Calls `callable` with `first` (unless nil) before the arguments of the tuple.
func callPrepending(_ first: Ref?, _ callable: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  guard let first else { return PyObject_Call(callable, args, keywords) }
  let count = apus_var_size(args)
  return withUnsafeTemporaryAllocation(of: Ref.self, capacity: count + 1) { stack in
    guard let base = stack.baseAddress else { return nil }
    base[0] = first
    for index in 0..<count { base[index + 1] = apus_tuple_item(args, index) }
    return PyObject_VectorcallDict(callable, base, count + 1, keywords)
  }
}

@c func slot_tp_init(_ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  var unbound = false
  guard let method = SpecialMethod.find(receiver, id___init__(), unbound: &unbound) else {
    if !hasRaised() { PyErr_SetObject(.attributeError, id___init__()) }
    return -1
  }
  let result = callPrepending(unbound ? receiver : nil, method, args, keywords)
  Py_DECREF(method)
  guard let result else { return -1 }
  defer { Py_DECREF(result) }
  if !result.isNone {
    _ = raise(.typeError, "__init__() should return None, not '\(result.type.fullName)'")
    return -1
  }
  return 0
}

@c func slot_tp_new(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
  guard let function = PyObject_GetAttr(type.object, id___new__()) else { return nil }
  defer { Py_DECREF(function) }
  return callPrepending(type.object, function, args, keywords)
}

@c func slot_tp_finalize(_ receiver: Ref) {
  // __del__ must neither see nor lose an exception that is on its way.
  let saved = PyErr_GetRaisedException()
  var unbound = false
  if let method = SpecialMethod.find(receiver, id___del__(), unbound: &unbound) {
    let result = withUnsafePointer(to: receiver) {
      unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
    }
    if result == nil { PyErr_WriteUnraisable(method) }
    Py_XDECREF(result)
    Py_DECREF(method)
  } else if hasRaised() {
    PyErr_WriteUnraisable(receiver)
  }
  PyErr_SetRaisedException(saved)
}

// MARK: Attributes

/// `__getattribute__` defined in Python, no `__getattr__`.
@c func slot_tp_getattro(_ receiver: Ref, _ name: Ref) -> Ref? {
  SpecialMethod.call(receiver, id___getattribute__(), name)
}

/// `__getattr__` exists, or may: the slot is replaced by `slot_tp_getattro` when it does not.
@c func slot_tp_getattr_hook(_ receiver: Ref, _ name: Ref) -> Ref? {
  let type = receiver.type
  guard let fallback = type.lookUp(id___getattr__()) else {
    type.pointee.tp_getattro = slot_tp_getattro
    return slot_tp_getattro(receiver, name)
  }
  Py_INCREF(fallback)
  defer { Py_DECREF(fallback) }
  var result: Ref?
  if let getter = type.lookUp(id___getattribute__()), !isGenericGetAttr(getter) {
    Py_INCREF(getter)
    result = callAttribute(receiver, getter, name)
    Py_DECREF(getter)
    if result == nil && PyErr_ExceptionMatches(.attributeError) != 0 { PyErr_Clear() }
  } else {
    // No exception is made only to be thrown away again.
    result = _PyObject_GenericGetAttrWithDict(receiver, name, nil, 1)
  }
  if result != nil || hasRaised() { return result }
  return callAttribute(receiver, fallback, name)
}

private func isGenericGetAttr(_ getter: Ref) -> Bool {
  guard getter.type == wrapperDescrType() else { return false }
  return getter.view(PyWrapperDescrObject.self).pointee.d_wrapped
    == unsafeBitCast(PyObject_GenericGetAttr as getattrofunc, to: UnsafeMutableRawPointer.self)
}

private func callAttribute(_ receiver: Ref, _ method: Ref, _ name: Ref) -> Ref? {
  if method.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)) {
    return withArguments(receiver, name) { PyObject_Vectorcall(method, $0, 2, nil) }
  }
  guard let get = method.type.pointee.tp_descr_get else {
    return PyObject_CallOneArg(method, name)
  }
  guard let bound = get(method, receiver, receiver.type.object) else { return nil }
  defer { Py_DECREF(bound) }
  return PyObject_CallOneArg(bound, name)
}

@c func slot_tp_setattro(_ receiver: Ref, _ name: Ref, _ value: Ref?) -> Int32 {
  let result =
    if let value {
      SpecialMethod.call(receiver, id___setattr__(), name, value)
    } else {
      SpecialMethod.call(receiver, id___delattr__(), name)
    }
  guard let result else { return -1 }
  Py_DECREF(result)
  return 0
}

@c func slot_tp_descr_get(_ descriptor: Ref, _ instance: Ref?, _ owner: Ref?) -> Ref? {
  let type = descriptor.type
  guard let get = type.lookUp(id___get__()) else {
    // The method is gone from the class: stop asking.
    type.pointee.tp_descr_get = nil
    Py_INCREF(descriptor)
    return descriptor
  }
  Py_INCREF(get)
  defer { Py_DECREF(get) }
  return withArguments(descriptor, instance ?? noneObject(), owner ?? noneObject()) {
    PyObject_Vectorcall(get, $0, 3, nil)
  }
}

@c func slot_tp_descr_set(_ descriptor: Ref, _ target: Ref, _ value: Ref?) -> Int32 {
  let result =
    if let value {
      SpecialMethod.call(descriptor, id___set__(), target, value)
    } else {
      SpecialMethod.call(descriptor, id___delete__(), target)
    }
  guard let result else { return -1 }
  Py_DECREF(result)
  return 0
}

// MARK: Iteration

@c func slot_tp_iter(_ receiver: Ref) -> Ref? {
  var unbound = false
  if let method = SpecialMethod.find(receiver, id___iter__(), unbound: &unbound) {
    defer { Py_DECREF(method) }
    if method.isNone {
      _ = raise(.typeError, "'\(receiver.type.fullName)' object is not iterable")
      return nil
    }
    return withUnsafePointer(to: receiver) {
      unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
    }
  }
  if hasRaised() { return nil }
  guard let getItem = SpecialMethod.find(receiver, id___getitem__(), unbound: &unbound) else {
    if !hasRaised() {
      _ = raise(.typeError, "'\(receiver.type.fullName)' object is not iterable")
    }
    return nil
  }
  Py_DECREF(getItem)
  return PySeqIter_New(receiver)
}

@c func slot_tp_iternext(_ receiver: Ref) -> Ref? { SpecialMethod.call(receiver, id___next__()) }

// MARK: Asynchronous protocols

@c func slot_am_await(_ receiver: Ref) -> Ref? {
  asynchronous(receiver, id___await__(), "object \(receiver.type.fullName) does not have __await__ method")
}

@c func slot_am_aiter(_ receiver: Ref) -> Ref? {
  asynchronous(receiver, id___aiter__(), "object \(receiver.type.fullName) does not have __aiter__ method")
}

@c func slot_am_anext(_ receiver: Ref) -> Ref? {
  asynchronous(receiver, id___anext__(), "object \(receiver.type.fullName) does not have __anext__ method")
}

private func asynchronous(_ receiver: Ref, _ name: Ref, _ missing: @autoclosure () -> String) -> Ref? {
  var unbound = false
  guard let method = SpecialMethod.find(receiver, name, unbound: &unbound) else {
    if !hasRaised() { _ = raise(.attributeError, missing()) }
    return nil
  }
  defer { Py_DECREF(method) }
  return withUnsafePointer(to: receiver) {
    unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
  }
}
