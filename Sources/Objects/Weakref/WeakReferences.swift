import CPythonABI

/// The list of weak references that an object carries, and their life. CPython:
/// Objects/weakrefobject.c.
///
/// The list starts with the reference without callback that `weakref.ref(x)` shares, then the
/// shared proxy; the others follow, the newest first.
public enum WeakReferences {
  public typealias Reference = UnsafeMutablePointer<PyWeakReference>

  @inline(__always)
  static func view(_ object: Ref) -> Reference { object.view(PyWeakReference.self) }

  @inline(__always)
  static func object(_ reference: Reference) -> Ref {
    UnsafeMutableRawPointer(reference).assumingMemoryBound(to: PyObject.self)
  }

  /// Where an object keeps its list, nil when its type has none.
  @inline(__always)
  static func list(of object: Ref) -> UnsafeMutablePointer<Reference?>? {
    let offset = object.type.pointee.tp_weaklistoffset
    if offset == 0 { return nil }
    return (UnsafeMutableRawPointer(object) + offset).assumingMemoryBound(to: Reference?.self)
  }

  static func isReference(_ object: Ref) -> Bool { object.isInstance(of: weakrefType()) }

  static func isProxy(_ object: Ref) -> Bool {
    object.type == weakProxyType() || object.type == weakCallableProxyType()
  }

  static func isWeak(_ object: Ref) -> Bool { isReference(object) || isProxy(object) }

  /// The referent as a new reference, nil when it is gone.
  static func target(_ reference: Ref) -> Ref? {
    let found = view(reference).pointee.wr_object
    // An object in its deallocation still has its weak references for a moment.
    if found.isNone || found.pointee.ob_refcnt <= 0 { return nil }
    Py_INCREF(found)
    return found
  }

  // MARK: Links

  /// Takes a reference out of its referent's list; the callback stays.
  static func clearKeepingCallback(_ reference: Ref) {
    let own = view(reference)
    let referent = own.pointee.wr_object
    if referent.isNone { return }
    if let list = list(of: referent), list.pointee == own { list.pointee = own.pointee.wr_next }
    own.pointee.wr_object = noneObject()
    if let previous = own.pointee.wr_prev { previous.pointee.wr_next = own.pointee.wr_next }
    if let next = own.pointee.wr_next { next.pointee.wr_prev = own.pointee.wr_prev }
    own.pointee.wr_prev = nil
    own.pointee.wr_next = nil
  }

  static func clear(_ reference: Ref) {
    clearKeepingCallback(reference)
    clearReference(&view(reference).pointee.wr_callback)
  }

  private static func isBasicReference(_ reference: Reference) -> Bool {
    reference.pointee.wr_callback == nil && object(reference).type == weakrefType()
  }

  private static func isBasicProxy(_ reference: Reference) -> Bool {
    reference.pointee.wr_callback == nil && isProxy(object(reference))
  }

  /// The shared reference and the shared proxy at the start of a list.
  private static func basics(_ head: Reference?) -> (reference: Reference?, proxy: Reference?) {
    var head = head
    var reference: Reference?
    if let first = head, isBasicReference(first) {
      reference = first
      head = first.pointee.wr_next
    }
    guard let second = head, isBasicProxy(second) else { return (reference, nil) }
    return (reference, second)
  }

  private static func insert(_ new: Reference, _ list: UnsafeMutablePointer<Reference?>) {
    let (reference, proxy) = basics(list.pointee)
    let before: Reference?
    if isBasicReference(new) {
      before = nil
    } else if isBasicProxy(new) {
      before = reference
    } else {
      before = proxy ?? reference
    }
    new.pointee.wr_prev = before
    let after = before.map { $0.pointee.wr_next } ?? list.pointee
    new.pointee.wr_next = after
    after?.pointee.wr_prev = new
    if let before { before.pointee.wr_next = new } else { list.pointee = new }
  }

  /// A weak reference or proxy of `type` to `target`; the shared one when there is no callback.
  static func make(_ type: TypeRef, _ target: Ref, _ callback: Ref?) throws(Raised) -> Owned {
    guard let list = list(of: target) else {
      throw raise(
        .typeError, "cannot create weak reference to '\(target.type.fullName)' object")
    }
    let callback = callback.flatMap { $0.isNone ? nil : $0 }
    let isBuiltin =
      type == weakrefType() || type == weakProxyType() || type == weakCallableProxyType()
    if isBuiltin && callback == nil {
      let (reference, proxy) = basics(list.pointee)
      if let shared = type == weakrefType() ? reference : proxy,
        object(shared).pointee.ob_refcnt > 0
      {
        return object(shared).retained()
      }
    }
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "weak reference type is not ready")
    }
    let made = try own(allocate(type, 0))
    let new = view(made.ref)
    new.pointee.hash = -1
    new.pointee.wr_object = target
    new.pointee.wr_prev = nil
    new.pointee.wr_next = nil
    Py_XINCREF(callback)
    new.pointee.wr_callback = callback
    new.pointee.vectorcall = PyWeakref.vectorcall
    // Allocating may have run the collector, and that anything.
    insert(new, list)
    return made
  }

  /// `weakref.getweakrefcount(object)`
  public static func count(_ object: Ref) -> Int {
    var count = 0
    var next = list(of: object)?.pointee
    while let reference = next {
      count += 1
      next = reference.pointee.wr_next
    }
    return count
  }

  /// `weakref.getweakrefs(object)`
  public static func all(_ object: Ref) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    var next = list(of: object)?.pointee
    while let reference = next {
      let its = Self.object(reference)
      if its.pointee.ob_refcnt > 0 { try check(PyList_Append(result.ref, its)) }
      next = reference.pointee.wr_next
    }
    return result
  }
}

// MARK: C API

/// Clears all weak references to an object that is being deallocated, then calls their callbacks.
@c @implementation
public func PyObject_ClearWeakRefs(_ object: Ref) {
  guard let list = WeakReferences.list(of: object), object.pointee.ob_refcnt == 0 else {
    PyErr_BadInternalCall()
    return
  }
  // The shared ones have no callback and need no room.
  while let first = list.pointee, first.pointee.wr_callback == nil {
    WeakReferences.clear(WeakReferences.object(first))
  }
  guard list.pointee != nil else { return }
  let pending = PyErr_GetRaisedException()
  defer { PyErr_SetRaisedException(pending) }
  guard let tuple = PyTuple_New(WeakReferences.count(object) * 2) else {
    PyErr_WriteUnraisable(nil)
    PyUnstable_Object_ClearWeakRefsNoCallbacks(object)
    return
  }
  defer { Py_DECREF(tuple) }
  let items = apus_tuple_items(tuple)
  var filled = 0
  while let reference = list.pointee {
    let its = WeakReferences.object(reference)
    let callback = reference.pointee.wr_callback
    reference.pointee.wr_callback = nil
    WeakReferences.clearKeepingCallback(its)
    if its.pointee.ob_refcnt > 0 {
      Py_INCREF(its)
      items[filled] = its
      items[filled + 1] = callback
      filled += 2
    } else {
      Py_XDECREF(callback)
    }
  }
  var index = 0
  while index < filled {
    if let reference = items[index], let callback = items[index + 1] {
      if let result = PyObject_CallOneArg(callback, reference) {
        Py_DECREF(result)
      } else {
        PyErr_WriteUnraisable(callback)
      }
    }
    index += 2
  }
}

/// Clears the weak references without callback of an object whose memory goes away early.
@c @implementation
public func PyUnstable_Object_ClearWeakRefsNoCallbacks(_ object: Ref) {
  guard let list = WeakReferences.list(of: object) else { return }
  while let reference = list.pointee {
    WeakReferences.clear(WeakReferences.object(reference))
  }
}

@c @implementation
public func PyWeakref_NewRef(_ object: Ref, _ callback: Ref?) -> Ref? {
  new { try WeakReferences.make(weakrefType(), object, callback) }
}

@c @implementation
public func PyWeakref_NewProxy(_ object: Ref, _ callback: Ref?) -> Ref? {
  let type = PyCallable_Check(object) != 0 ? weakCallableProxyType() : weakProxyType()
  return new { try WeakReferences.make(type, object, callback) }
}

/// 1 and a new reference, 0 when the referent is gone, -1 with TypeError for another object.
@c @implementation
public func PyWeakref_GetRef(_ reference: Ref, _ result: UnsafeMutablePointer<Ref?>) -> Int32 {
  guard WeakReferences.isWeak(reference) else {
    result.pointee = nil
    _ = raise(.typeError, "expected a weakref")
    return -1
  }
  result.pointee = WeakReferences.target(reference)
  return result.pointee == nil ? 0 : 1
}

/// The referent (borrowed) or None.
@c @implementation
public func PyWeakref_GetObject(_ reference: Ref) -> Ref? {
  guard WeakReferences.isWeak(reference) else {
    PyErr_BadInternalCall()
    return nil
  }
  guard let target = WeakReferences.target(reference) else { return noneObject() }
  Py_DECREF(target)
  return target
}
