import CPythonABI

/// builtin_function_or_method: a native function bound to its object or module, and its variant
/// that also gets the defining class. CPython: Objects/methodobject.c.
enum BuiltinFunction {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PyCFunctionObject> {
    object.view(PyCFunctionObject.self)
  }

  /// The object the function gets first; NULL for static methods.
  static func receiver(_ object: Ref) -> Ref? {
    view(object).pointee.m_ml.pointee.ml_flags & METH_STATIC != 0
      ? nil : view(object).pointee.m_self
  }

  static let spec = TypeSpec(
    builtinFunctionType(), "builtin_function_or_method",
    basicSize: MemoryLayout<PyCFunctionObject>.size,
    flags: [.haveGC, .haveVectorcall, .disallowInstantiation], base: objectType(),
    weakListOffset: MemoryLayout<PyCFunctionObject>.at(\.m_weakreflist),
    vectorcallOffset: MemoryLayout<PyCFunctionObject>.at(\.vectorcall),
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { repr($0) },
      .tp_hash { hash($0) },
      .tp_call { callWithTuple($0, $1, $2) },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_richcompare { compare($0, $1, $2) },
    ],
    methods: [reduce],
    members: [
      Member("__module__", _Py_T_OBJECT, offset: MemoryLayout<PyCFunctionObject>.at(\.m_module))
    ],
    properties: [
      Property("__doc__") { object, _ in
        Docstring.text(of: view(object).pointee.m_ml)
      },
      Property("__name__") { object, _ in name(object) },
      Property("__qualname__") { object, _ in qualifiedName(object) },
      Property("__self__") { object, _ in
        let receiver = receiver(object) ?? noneObject()
        Py_INCREF(receiver)
        return receiver
      },
      Property("__text_signature__") { object, _ in
        Docstring.signatureText(of: view(object).pointee.m_ml)
      },
    ])

  /// The type of functions that get their defining class (METH_METHOD).
  static let methodSpec = TypeSpec(
    builtinMethodType(), "builtin_method", basicSize: MemoryLayout<PyCMethodObject>.size,
    flags: [], base: builtinFunctionType())

  static let reduce: Method = .noargs("__reduce__", "") { object, _ in
    new {
      let name = try own(name(object))
      guard let receiver = view(object).pointee.m_self,
        !receiver.isInstance(of: moduleType())
      else { return name }
      let getattr = try builtin(SpecialName.getattr)
      let args = try tuple(receiver.retained(), name)
      return try tuple(getattr, args)
    }
  }

  static func name(_ object: Ref) -> Ref? {
    guard let name = view(object).pointee.m_ml.pointee.ml_name else { return noneObject() }
    return PyUnicode_FromString(name)
  }

  /// `list.append`: a method's name with its type's, a function's own name.
  private static func qualifiedName(_ object: Ref) -> Ref? {
    guard let receiver = view(object).pointee.m_self, !receiver.isInstance(of: moduleType()) else {
      return name(object)
    }
    return new {
      let type = receiver.isType ? receiver : receiver.type.object
      let prefix = try own(PyObject_GetAttr(type, SpecialName.qualname))
      guard prefix.ref.isStr else {
        throw raise(.typeError, "<method>.__class__.__qualname__ is not a unicode object")
      }
      let name = try own(name(object))
      return try own(newString("\(text(of: prefix.ref)).\(text(of: name.ref))"))
    }
  }

  private static func repr(_ object: Ref) -> Ref? {
    let name = view(object).pointee.m_ml.pointee.ml_name.map { String(cString: $0) } ?? "?"
    guard let receiver = view(object).pointee.m_self, !receiver.isInstance(of: moduleType()) else {
      return newString("<built-in function \(name)>")
    }
    return newString(
      "<built-in method \(name) of \(receiver.type.fullName) object at \(hexAddress(receiver))>")
  }

  private static func hash(_ object: Ref) -> Int {
    let hash =
      Py_HashPointer(view(object).pointee.m_self)
      ^ Py_HashPointer(view(object).pointee.m_ml.pointee.ml_meth)
    return hash == -1 ? -2 : hash
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard operation == Py_EQ || operation == Py_NE, left.isInstance(of: builtinFunctionType()),
      right.isInstance(of: builtinFunctionType())
    else { return notImplementedObject() }
    let a = view(left).pointee
    let b = view(right).pointee
    let same = a.m_self == b.m_self && a.m_ml.pointee.ml_meth == b.m_ml.pointee.ml_meth
    return boolObject(same == (operation == Py_EQ))
  }

  private static func traverse(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    if view(object).pointee.m_ml.pointee.ml_flags & METH_METHOD != 0 {
      let answer = visitReference(
        object.view(PyCMethodObject.self).pointee.mm_class?.object, visit, argument)
      if answer != 0 { return answer }
    }
    let answer = visitReference(view(object).pointee.m_self, visit, argument)
    if answer != 0 { return answer }
    return visitReference(view(object).pointee.m_module, visit, argument)
  }

  private static func dealloc(_ object: Ref) {
    PyObject_GC_UnTrack(object)
    if view(object).pointee.m_weakreflist != nil { PyObject_ClearWeakRefs(object) }
    let own = view(object).pointee
    let definingClass =
      own.m_ml.pointee.ml_flags & METH_METHOD != 0
      ? object.view(PyCMethodObject.self).pointee.mm_class : nil
    if let definingClass { Py_DECREF(definingClass.object) }
    Py_XDECREF(own.m_self)
    Py_XDECREF(own.m_module)
    PyObject_GC_Del(object)
  }
}

// MARK: Calls by METH_ flavour

private typealias VariableFunction = @convention(c) (Ref?, Ref) -> Ref?
private typealias VariableKeywordsFunction = @convention(c) (Ref?, Ref, Ref?) -> Ref?
private typealias FastFunction = @convention(c) (Ref?, ArgumentPointer?, Int) -> Ref?
private typealias FastKeywordsFunction = @convention(c) (Ref?, ArgumentPointer?, Int, Ref?) -> Ref?
private typealias OneFunction = @convention(c) (Ref?, Ref?) -> Ref?
private typealias ClassFunction = @convention(c) (
  Ref?, TypeRef?, ArgumentPointer?, Int, Ref?
) -> Ref?

extension BuiltinFunction {
  @inline(__always)
  private static func function<T>(_ callable: Ref, _: T.Type) -> T {
    unsafeBitCast(view(callable).pointee.m_ml.pointee.ml_meth, to: T.self)
  }

  private static func refuseKeywords(_ callable: Ref, _ names: Ref?) -> Bool {
    guard let names, apus_var_size(names) > 0 else { return false }
    if let shown = _PyObject_FunctionStr(callable) {
      _ = raise(.typeError, "\(text(of: shown)) takes no keyword arguments")
      Py_DECREF(shown)
    }
    return true
  }

  private static func refuseCount(_ callable: Ref, _ count: Int, _ takes: StaticString) -> Ref? {
    if let shown = _PyObject_FunctionStr(callable) {
      _ = raise(.typeError, "\(text(of: shown)) takes \(takes) (\(count) given)")
      Py_DECREF(shown)
    }
    return nil
  }

  static let fast: vectorcallfunc = { callable, args, nargsf, names in
    if refuseKeywords(callable, names) { return nil }
    if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
    return function(callable, FastFunction.self)(
      receiver(callable), args, PyVectorcall_NARGS(nargsf))
  }

  static let fastKeywords: vectorcallfunc = { callable, args, nargsf, names in
    if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
    return function(callable, FastKeywordsFunction.self)(
      receiver(callable), args, PyVectorcall_NARGS(nargsf), names)
  }

  static let withClass: vectorcallfunc = { callable, args, nargsf, names in
    if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
    return function(callable, ClassFunction.self)(
      receiver(callable), callable.view(PyCMethodObject.self).pointee.mm_class, args,
      PyVectorcall_NARGS(nargsf), names)
  }

  static let noArguments: vectorcallfunc = { callable, args, nargsf, names in
    if refuseKeywords(callable, names) { return nil }
    let count = PyVectorcall_NARGS(nargsf)
    if count != 0 { return refuseCount(callable, count, "no arguments") }
    if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
    return function(callable, OneFunction.self)(receiver(callable), nil)
  }

  static let oneArgument: vectorcallfunc = { callable, args, nargsf, names in
    if refuseKeywords(callable, names) { return nil }
    let count = PyVectorcall_NARGS(nargsf)
    guard count == 1, let args else {
      return refuseCount(callable, count, "exactly one argument")
    }
    if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
    return function(callable, OneFunction.self)(receiver(callable), args[0])
  }

  /// `tp_call`: the METH_VARARGS flavours take their tuple as it is.
  private static func callWithTuple(_ callable: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
    let flags = view(callable).pointee.m_ml.pointee.ml_flags
    guard flags & METH_VARARGS != 0 else { return PyVectorcall_Call(callable, args, keywords) }
    if flags & METH_KEYWORDS != 0 {
      return function(callable, VariableKeywordsFunction.self)(receiver(callable), args, keywords)
    }
    if let keywords, PyDict_Size(keywords) > 0 {
      _ = raise(
        .typeError,
        "\(String(cString: view(callable).pointee.m_ml.pointee.ml_name ?? cString("?")))() takes "
          + "no keyword arguments")
      return nil
    }
    return function(callable, VariableFunction.self)(receiver(callable), args)
  }
}
