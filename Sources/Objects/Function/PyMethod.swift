import CPythonABI

/// Bound methods. CPython: Objects/classobject.c.
enum PyMethod {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PyMethodObject> {
    object.view(PyMethodObject.self)
  }

  static let spec = TypeSpec(
    methodType(), "method", basicSize: MemoryLayout<PyMethodObject>.size,
    flags: [.haveGC, .haveVectorcall],
    doc: """
      method(function, instance, /)
      --

      Create a bound instance method object.
      """,
    base: objectType(), weakListOffset: MemoryLayout<PyMethodObject>.at(\.im_weakreflist),
    vectorcallOffset: MemoryLayout<PyMethodObject>.at(\.vectorcall),
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { repr($0) },
      .tp_hash { hash($0) },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_getattro { forwardedAttribute($0, $1, view($0).pointee.im_func) },
      .tp_traverse { object, visit, argument in
        let answer = visitReference(view(object).pointee.im_func, visit, argument)
        return answer != 0 ? answer : visitReference(view(object).pointee.im_self, visit, argument)
      },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_descr_get { method, _, _ in
        Py_INCREF(method)
        return method
      },
      .tp_new { _, args, keywords in new { try make(args, keywords) } },
    ],
    methods: [reduce],
    members: [
      Member(
        "__func__", _Py_T_OBJECT, offset: MemoryLayout<PyMethodObject>.at(\.im_func),
        flags: Py_READONLY, "the function (or other callable) implementing a method"),
      Member(
        "__self__", _Py_T_OBJECT, offset: MemoryLayout<PyMethodObject>.at(\.im_self),
        flags: Py_READONLY, "the instance to which a method is bound"),
    ],
    properties: [
      Property("__doc__") { method, _ in
        PyObject_GetAttr(view(method).pointee.im_func, SpecialName.doc)
      }
    ])

  static let reduce: Method = .noargs("__reduce__($self, /)", "How to make this method again, for pickle.") { method, _ in
    new {
      let name = try own(PyObject_GetAttr(view(method).pointee.im_func, SpecialName.name))
      let getattr = try builtin(SpecialName.getattr)
      let args = try tuple(view(method).pointee.im_self.retained(), name)
      return try tuple(getattr, args)
    }
  }

  private static func make(_ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    try checkNoKeywords("method", keywords)
    try checkPositional("method", apus_var_size(args), least: 2, most: 2)
    let function = apus_tuple_item(args, 0)
    guard PyCallable_Check(function) != 0 else {
      throw raise(.typeError, "first argument must be callable")
    }
    let instance = apus_tuple_item(args, 1)
    if instance.isNone { throw raise(.typeError, "instance must not be None") }
    return try own(PyMethod_New(function, instance))
  }

  private static func dealloc(_ method: Ref) {
    PyObject_GC_UnTrack(method)
    if view(method).pointee.im_weakreflist != nil { PyObject_ClearWeakRefs(method) }
    Py_DECREF(view(method).pointee.im_func)
    Py_DECREF(view(method).pointee.im_self)
    PyObject_GC_Del(method)
  }

  private static func repr(_ method: Ref) -> Ref? {
    new {
      let name = try shownName(view(method).pointee.im_func)
      let receiver = try own(PyObject_Repr(view(method).pointee.im_self))
      return try own(newString("<bound method \(name) of \(text(of: receiver.ref))>"))
    }
  }

  /// `__qualname__`, `__name__` or `?` of a callable.
  static func shownName(_ function: Ref) throws(Raised) -> String {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(function, SpecialName.qualname, &found))
    if found == nil { try check(PyObject_GetOptionalAttr(function, SpecialName.name, &found)) }
    guard let found else { return "?" }
    defer { Py_DECREF(found) }
    return found.isStr ? text(of: found) : "?"
  }

  private static func hash(_ method: Ref) -> Int {
    let receiver = PyObject_GenericHash(view(method).pointee.im_self)
    let function = PyObject_Hash(view(method).pointee.im_func)
    if function == -1 { return -1 }
    let hash = receiver ^ function
    return hash == -1 ? -2 : hash
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard operation == Py_EQ || operation == Py_NE, left.type == methodType(),
      right.type == methodType()
    else { return notImplementedObject() }
    var same = PyObject_RichCompareBool(
      view(left).pointee.im_func, view(right).pointee.im_func, Py_EQ)
    if same < 0 { return nil }
    if same == 1 { same = view(left).pointee.im_self == view(right).pointee.im_self ? 1 : 0 }
    return boolObject((same == 1) == (operation == Py_EQ))
  }

  /// An attribute of the wrapper's own type, or else of the function it wraps.
  static func forwardedAttribute(_ object: Ref, _ name: Ref, _ function: Ref) -> Ref? {
    let type = object.type
    if type.pointee.tp_dict == nil && PyType_Ready(type) < 0 { return nil }
    guard let descriptor = _PyType_LookupRef(type, name) else {
      return PyObject_GetAttr(function, name)
    }
    guard let get = descriptor.type.pointee.tp_descr_get else { return descriptor }
    let result = get(descriptor, object, type.object)
    Py_DECREF(descriptor)
    return result
  }

  /// Calls the function with the receiver put before the arguments: in the caller's spare place
  /// when it left one, else in a copy.
  static let vectorcall: vectorcallfunc = { method, args, nargsf, names in
    let receiver = view(method).pointee.im_self
    let function = view(method).pointee.im_func
    let count = PyVectorcall_NARGS(nargsf)
    if nargsf & argumentsOffset != 0, let args {
      let extended = UnsafeMutablePointer(mutating: args) - 1
      let saved = UnsafeMutableRawPointer(extended).load(as: Ref?.self)
      extended.initialize(to: receiver)
      let result = PyObject_Vectorcall(function, extended, count + 1, names)
      UnsafeMutableRawPointer(extended).storeBytes(of: saved, as: Ref?.self)
      return result
    }
    let total = count + (names.map { apus_var_size($0) } ?? 0)
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: total + 1) { room in
      guard let base = room.baseAddress else { return nil }
      base.initialize(to: receiver)
      for index in 0..<total { (base + 1 + index).initialize(to: args.unsafelyUnwrapped[index]) }
      return PyObject_Vectorcall(function, base, count + 1, names)
    }
  }
}

/// Raises TypeError when keyword arguments were given (`_PyArg_NoKeywords`).
public func checkNoKeywords(
  _ name: @autoclosure () -> String, _ keywords: Ref?
) throws(Raised) {
  if let keywords, PyDict_Size(keywords) > 0 {
    throw raise(.typeError, "\(name())() takes no keyword arguments")
  }
}

@c @implementation
public func PyMethod_New(_ function: Ref, _ receiver: Ref) -> Ref? {
  guard let method = _PyObject_GC_New(methodType()) else { return nil }
  Py_INCREF(function)
  Py_INCREF(receiver)
  let own = PyMethod.view(method)
  own.pointee.im_func = function
  own.pointee.im_self = receiver
  own.pointee.im_weakreflist = nil
  own.pointee.vectorcall = PyMethod.vectorcall
  PyObject_GC_Track(method)
  return method
}

@c @implementation
public func PyMethod_Function(_ method: Ref) -> Ref? {
  if method.type == methodType() { return PyMethod.view(method).pointee.im_func }
  PyErr_BadInternalCall()
  return nil
}

@c @implementation
public func PyMethod_Self(_ method: Ref) -> Ref? {
  if method.type == methodType() { return PyMethod.view(method).pointee.im_self }
  PyErr_BadInternalCall()
  return nil
}
