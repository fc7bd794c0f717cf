import CPythonABI

/// Calls of special methods: looked up on the type, never on the instance.
/// CPython: Objects/typeobject.c, `lookup_maybe_method`, `vectorcall_method`, `vectorcall_maybe`.
enum SpecialMethod {
  /// The method and whether `self` must still be passed; nil without an exception when the type has
  /// none, nil with one when its `__get__` failed. A new reference.
  @inline(__always)
  static func find(_ receiver: Ref, _ name: Ref, unbound: inout Bool) -> Ref? {
    guard let found = receiver.type.lookUp(name) else { return nil }
    return bind(found, receiver, unbound: &unbound)
  }

  @inline(__always)
  static func bind(_ found: Ref, _ receiver: Ref, unbound: inout Bool) -> Ref? {
    if found.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)) {
      unbound = true
      Py_INCREF(found)
      return found
    }
    unbound = false
    guard let get = found.type.pointee.tp_descr_get else {
      Py_INCREF(found)
      return found
    }
    // The descriptor may leave the type's dict while its __get__ runs.
    Py_INCREF(found)
    let result = get(found, receiver, receiver.type.object)
    Py_DECREF(found)
    return result
  }

  /// Calls the method with `arguments`, of which the first is the receiver.
  static func call(_ arguments: UnsafePointer<Ref>, _ count: Int, _ name: Ref) -> Ref? {
    var unbound = false
    guard let method = find(arguments[0], name, unbound: &unbound) else {
      if !hasRaised() { PyErr_SetObject(.attributeError, name) }
      return nil
    }
    defer { Py_DECREF(method) }
    return unbound
      ? PyObject_Vectorcall(method, arguments, count, nil)
      : PyObject_Vectorcall(method, arguments + 1, count - 1, nil)
  }

  /// The same, with NotImplemented for a missing method.
  static func callMaybe(_ arguments: UnsafePointer<Ref>, _ count: Int, _ name: Ref) -> Ref? {
    var unbound = false
    guard let method = find(arguments[0], name, unbound: &unbound) else {
      return hasRaised() ? nil : notImplementedObject()
    }
    defer { Py_DECREF(method) }
    return unbound
      ? PyObject_Vectorcall(method, arguments, count, nil)
      : PyObject_Vectorcall(method, arguments + 1, count - 1, nil)
  }

  static func call(_ receiver: Ref, _ name: Ref) -> Ref? {
    withUnsafePointer(to: receiver) { call($0, 1, name) }
  }

  static func call(_ receiver: Ref, _ name: Ref, _ argument: Ref) -> Ref? {
    withArguments(receiver, argument) { call($0, 2, name) }
  }

  static func call(_ receiver: Ref, _ name: Ref, _ first: Ref, _ second: Ref) -> Ref? {
    withArguments(receiver, first, second) { call($0, 3, name) }
  }

  static func callMaybe(_ receiver: Ref, _ name: Ref, _ argument: Ref) -> Ref? {
    withArguments(receiver, argument) { callMaybe($0, 2, name) }
  }
}

/// Two arguments in a row, as a vectorcall wants them.
@inline(__always)
func withArguments<R>(_ a: Ref, _ b: Ref, _ body: (UnsafePointer<Ref>) -> R) -> R {
  let both: InlineArray<2, Ref> = [a, b]
  return withUnsafePointer(to: both) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

/// Three arguments in a row.
@inline(__always)
func withArguments<R>(_ a: Ref, _ b: Ref, _ c: Ref, _ body: (UnsafePointer<Ref>) -> R) -> R {
  let all: InlineArray<3, Ref> = [a, b, c]
  return withUnsafePointer(to: all) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

/// Four arguments in a row.
@inline(__always)
func withArguments<R>(_ a: Ref, _ b: Ref, _ c: Ref, _ d: Ref, _ body: (UnsafePointer<Ref>) -> R) -> R {
  let all: InlineArray<4, Ref> = [a, b, c, d]
  return withUnsafePointer(to: all) {
    body(UnsafeRawPointer($0).assumingMemoryBound(to: Ref.self))
  }
}

@c @implementation public func _PyObject_LookupSpecial(_ receiver: Ref, _ name: Ref) -> Ref? {
  guard let found = receiver.type.lookUp(name) else { return nil }
  Py_INCREF(found)
  guard let get = found.type.pointee.tp_descr_get else { return found }
  let result = get(found, receiver, receiver.type.object)
  Py_DECREF(found)
  return result
}

@c @implementation public func _PyObject_LookupSpecialMethod(
  _ receiver: Ref, _ name: Ref, _ unbound: UnsafeMutablePointer<Int32>
) -> Ref? {
  var flag = false
  let result = SpecialMethod.find(receiver, name, unbound: &flag)
  unbound.pointee = flag ? 1 : 0
  return result
}
