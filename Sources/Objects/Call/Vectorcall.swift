import CPythonABI

// Calls. CPython: Objects/call.c. Arguments lie in a C array: the positional ones, then the values
// of the keyword arguments whose names are in a tuple (PEP 590).

public typealias ArgumentPointer = UnsafePointer<Ref>

/// Tells the callee that it may overwrite `args[-1]`.
@inlinable @inline(__always) public var argumentsOffset: Int { Int.min }

/// The object's vectorcall function, nil when it has none.
@inlinable @inline(__always)
public func vectorcallFunction(_ callable: Ref) -> vectorcallfunc? {
  let type = callable.type
  guard type.pointee.tp_flags & (1 << 11) != 0 else { return nil }
  return (UnsafeRawPointer(callable) + type.pointee.tp_vectorcall_offset)
    .load(as: vectorcallfunc?.self)
}

@c @implementation
public func PyVectorcall_Function(_ callable: Ref) -> vectorcallfunc? {
  vectorcallFunction(callable)
}

/// Calls `callable` with `nargsf` positional arguments and the values of `names` behind them.
@c @implementation
public func PyObject_Vectorcall(
  _ callable: Ref, _ args: ArgumentPointer?, _ nargsf: Int, _ names: Ref?
) -> Ref? {
  if let function = vectorcallFunction(callable) {
    return checked(callable, function(callable, args, nargsf, names))
  }
  return _PyObject_MakeTpCall(apus_tstate(), callable, args, PyVectorcall_NARGS(nargsf), names)
}

/// Calls through `tp_call` with a tuple and a dict. `keywords` is a tuple of names whose values
/// follow the positional arguments, or a dict.
@c @implementation
public func _PyObject_MakeTpCall(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ callable: Ref, _ args: ArgumentPointer?,
  _ count: Int, _ keywords: Ref?
) -> Ref? {
  guard let call = callable.type.pointee.tp_call else {
    raiseNotCallable(callable)
    return nil
  }
  return new {
    let tuple = try tupleOfArguments(args, count)
    guard let keywords else { return try own(invoke(call, callable, tuple.ref, nil)) }
    if keywords.isDict { return try own(invoke(call, callable, tuple.ref, keywords)) }
    if apus_var_size(keywords) == 0 { return try own(invoke(call, callable, tuple.ref, nil)) }
    let dict = try own(_PyStack_AsDict(args.map { $0 + count }, keywords))
    return try own(invoke(call, callable, tuple.ref, dict.ref))
  }
}

/// A tuple of `count` borrowed arguments.
func tupleOfArguments(_ args: ArgumentPointer?, _ count: Int) throws(Raised) -> Owned {
  let tuple = try own(PyTuple_New(count))
  guard count > 0, let args else { return tuple }
  let items = apus_tuple_items(tuple.ref)
  for index in 0..<count {
    Py_INCREF(args[index])
    items[index] = args[index]
  }
  return tuple
}

/// `tp_call` within the bounds of the native stack, its result checked.
private func invoke(_ call: ternaryfunc, _ callable: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  return checked(callable, call(callable, args, keywords))
}

/// TypeError, with a hint when a module was called that has a callable of its own name.
private func raiseNotCallable(_ callable: Ref) {
  let plain = "'\(callable.type.fullName)' object is not callable"
  if callable.type == moduleType(), let hint = moduleCallHint(callable) {
    _ = raise(.typeError, "\(plain). Did you mean: '\(hint)(...)'?")
    return
  }
  PyErr_Clear()
  _ = raise(.typeError, plain)
}

private func moduleCallHint(_ module: Ref) -> String? {
  guard let name = PyModule_GetNameObject(module) else { return nil }
  defer { Py_DECREF(name) }
  let full = text(of: name)
  let last = full.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? ""
  guard let key = newString(last) else { return nil }
  defer { Py_DECREF(key) }
  var attribute: Ref?
  guard PyObject_GetOptionalAttr(module, key, &attribute) > 0, let attribute else { return nil }
  defer { Py_DECREF(attribute) }
  return PyCallable_Check(attribute) != 0 ? "\(full).\(last)" : nil
}

/// The keyword arguments behind the positional ones as a dict.
@c @implementation
public func _PyStack_AsDict(_ values: ArgumentPointer?, _ names: Ref?) -> Ref? {
  guard let dict = PyDict_New() else { return nil }
  guard let names, let values else { return dict }
  for index in 0..<apus_var_size(names) {
    if PyDict_SetItem(dict, apus_tuple_item(names, index), values[index]) < 0 {
      Py_DECREF(dict)
      return nil
    }
  }
  return dict
}

/// Lays positional arguments and the items of a dict out as a vectorcall wants them and calls
/// `body`. TypeError when a key is no str.
private func withStack(
  _ args: ArgumentPointer?, _ count: Int, _ dict: Ref,
  _ body: (ArgumentPointer, Int, Ref) -> Ref?
) -> Ref? {
  let keywordCount = PyDict_Size(dict)
  guard let names = PyTuple_New(keywordCount) else { return nil }
  defer { Py_DECREF(names) }
  return withUnsafeTemporaryAllocation(of: Ref.self, capacity: count + keywordCount + 1) { room in
    guard let base = room.baseAddress else { return nil }
    let stack = base + 1
    for index in 0..<count { (stack + index).initialize(to: args.unsafelyUnwrapped[index]) }
    var position = 0
    var key: Ref?
    var value: Ref?
    var filled = 0
    var allStr = true
    while filled < keywordCount, PyDict_Next(dict, &position, &key, &value) != 0, let key, let value {
      if !key.isStr { allStr = false }
      Py_INCREF(key)
      apus_tuple_items(names)[filled] = key
      Py_INCREF(value)
      (stack + count + filled).initialize(to: value)
      filled += 1
    }
    defer { for index in 0..<filled { Py_DECREF(stack[count + index]) } }
    guard allStr else {
      _ = raise(.typeError, "keywords must be strings")
      return nil
    }
    return body(UnsafePointer(stack), count | argumentsOffset, names)
  }
}

/// A vectorcall with the keyword arguments in a dict.
@c @implementation
public func PyObject_VectorcallDict(
  _ callable: Ref, _ args: ArgumentPointer?, _ nargsf: Int, _ keywords: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(nargsf)
  guard let function = vectorcallFunction(callable) else {
    return _PyObject_MakeTpCall(apus_tstate(), callable, args, count, keywords)
  }
  guard let keywords, PyDict_Size(keywords) > 0 else {
    return checked(callable, function(callable, args, nargsf, nil))
  }
  return withStack(args, count, keywords) {
    checked(callable, function(callable, $0, $1, $2))
  }
}

/// The `tp_call` of types that implement vectorcall.
@c @implementation
public func PyVectorcall_Call(_ callable: Ref, _ tuple: Ref, _ keywords: Ref?) -> Ref? {
  let offset = callable.type.pointee.tp_vectorcall_offset
  guard offset > 0,
    let function = (UnsafeRawPointer(callable) + offset).load(as: vectorcallfunc?.self)
  else {
    _ = raise(.typeError, "'\(callable.type.fullName)' object does not support vectorcall")
    return nil
  }
  return call(callable, function, tuple, keywords)
}

private func call(
  _ callable: Ref, _ function: vectorcallfunc, _ tuple: Ref, _ keywords: Ref?
) -> Ref? {
  let count = apus_var_size(tuple)
  let items = UnsafeRawPointer(apus_tuple_items(tuple)).assumingMemoryBound(to: Ref.self)
  guard let keywords, PyDict_Size(keywords) > 0 else {
    return checked(callable, function(callable, items, count, nil))
  }
  return withStack(items, count, keywords) {
    checked(callable, function(callable, $0, $1, $2))
  }
}

/// `callable(*args, **keywords)`.
@c @implementation
public func PyObject_Call(_ callable: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  if let function = vectorcallFunction(callable) {
    return call(callable, function, args, keywords)
  }
  guard let slot = callable.type.pointee.tp_call else {
    raiseNotCallable(callable)
    return nil
  }
  return invoke(slot, callable, args, keywords)
}

@c @implementation
public func PyObject_CallObject(_ callable: Ref, _ args: Ref?) -> Ref? {
  guard let args else { return PyObject_CallNoArgs(callable) }
  guard args.isTuple else {
    _ = raise(.typeError, "argument list must be a tuple")
    return nil
  }
  return PyObject_Call(callable, args, nil)
}

@c @implementation
public func PyObject_CallNoArgs(_ callable: Ref) -> Ref? {
  PyObject_Vectorcall(callable, nil, 0, nil)
}

@c @implementation
public func PyObject_CallOneArg(_ callable: Ref, _ argument: Ref) -> Ref? {
  withArguments(argument, argument) { PyObject_Vectorcall(callable, $0 + 1, 1 | argumentsOffset, nil) }
}

/// `callable(first, second)`, positional.
public func call(_ callable: Ref, _ first: Ref, _ second: Ref) -> Ref? {
  withArguments(first, first, second) {
    PyObject_Vectorcall(callable, $0 + 1, 2 | argumentsOffset, nil)
  }
}

/// `callable(first, second, third)`, positional.
public func call(_ callable: Ref, _ first: Ref, _ second: Ref, _ third: Ref) -> Ref? {
  withArguments(first, first, second, third) {
    PyObject_Vectorcall(callable, $0 + 1, 3 | argumentsOffset, nil)
  }
}

/// `self.name()`.
@c @implementation
public func PyObject_CallMethodNoArgs(_ object: Ref, _ name: Ref) -> Ref? {
  withArguments(object, object) {
    PyObject_VectorcallMethod(name, $0 + 1, 1 | argumentsOffset, nil)
  }
}

/// `self.name(argument)`.
@c @implementation
public func PyObject_CallMethodOneArg(_ object: Ref, _ name: Ref, _ argument: Ref) -> Ref? {
  withArguments(object, object, argument) {
    PyObject_VectorcallMethod(name, $0 + 1, 2 | argumentsOffset, nil)
  }
}

/// `self.name(first, second)`.
public func callMethod(_ object: Ref, _ name: Ref, _ first: Ref, _ second: Ref) -> Ref? {
  withArguments(object, object, first, second) {
    PyObject_VectorcallMethod(name, $0 + 1, 3 | argumentsOffset, nil)
  }
}

/// Arguments in an array on the stack; the first place is room for a callee that prepends.
@inline(__always)
private func withArguments(_ room: Ref, _ a: Ref, _ body: (ArgumentPointer) -> Ref?) -> Ref? {
  var items = (room, a)
  return withUnsafeMutablePointer(to: &items) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

@inline(__always)
private func withArguments(
  _ room: Ref, _ a: Ref, _ b: Ref, _ body: (ArgumentPointer) -> Ref?
) -> Ref? {
  var items = (room, a, b)
  return withUnsafeMutablePointer(to: &items) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

@inline(__always)
private func withArguments(
  _ room: Ref, _ a: Ref, _ b: Ref, _ c: Ref, _ body: (ArgumentPointer) -> Ref?
) -> Ref? {
  var items = (room, a, b, c)
  return withUnsafeMutablePointer(to: &items) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

/// `args[0].name(*args[1:])` without making a bound method where the type allows.
@c @implementation
public func PyObject_VectorcallMethod(
  _ name: Ref, _ args: ArgumentPointer?, _ nargsf: Int, _ names: Ref?
) -> Ref? {
  guard let args else {
    PyErr_BadInternalCall()
    return nil
  }
  var method: Ref?
  let unbound = _PyObject_GetMethod(args[0], name, &method)
  guard let method else { return nil }
  defer { Py_DECREF(method) }
  if unbound != 0 {
    // `args[-1]` stays the caller's business: what is before `self` may not be touched.
    return PyObject_Vectorcall(method, args, nargsf & ~argumentsOffset, names)
  }
  return PyObject_Vectorcall(
    method, args + 1, (PyVectorcall_NARGS(nargsf) - 1) | argumentsOffset, names)
}

/// `callable(object, *args, **keywords)`.
@c @implementation
public func _PyObject_Call_Prepend(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ callable: Ref, _ object: Ref, _ args: Ref,
  _ keywords: Ref?
) -> Ref? {
  let count = apus_var_size(args)
  return withUnsafeTemporaryAllocation(of: Ref.self, capacity: count + 1) { room in
    guard let base = room.baseAddress else { return nil }
    base.initialize(to: object)
    for index in 0..<count {
      (base + 1 + index).initialize(to: apus_tuple_item(args, index))
    }
    return PyObject_VectorcallDict(callable, UnsafePointer(base), count + 1, keywords)
  }
}
