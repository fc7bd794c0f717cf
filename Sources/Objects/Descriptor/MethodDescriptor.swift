import CPythonABI

/// A method of a builtin type: `list.append`. CPython: Objects/descrobject.c, `PyMethodDescr_Type`.
enum MethodDescriptor {
  static let spec = TypeSpec(
    methodDescrType(), "method_descriptor", basicSize: MemoryLayout<PyMethodDescrObject>.size,
    flags: [.haveGC, .haveVectorcall, .methodDescriptor], base: objectType(),
    vectorcallOffset: MemoryLayout<PyMethodDescrObject>.offset(of: \.vectorcall) ?? 0,
    slots: [
      .tp_dealloc(descriptor_dealloc),
      .tp_repr { Descriptors.repr($0, "method") },
      .tp_call(PyVectorcall_CallSlot),
      .tp_traverse(descriptor_traverse),
      .tp_descr_get { descriptor, object, _ in
        guard let object else {
          Py_INCREF(descriptor)
          return descriptor
        }
        guard Descriptors.applies(descriptor, to: object) else { return nil }
        let method = descriptor.view(PyMethodDescrObject.self)
        return PyCMethod_New(
          method.pointee.d_method, object, nil,
          method.pointee.d_method.pointee.ml_flags & METH_METHOD != 0
            ? method.pointee.d_common.d_type : nil)
      },
    ],
    methods: [Descriptors.reduce], members: Descriptors.members,
    properties: [doc, Descriptors.qualifiedName, textSignature])

  static let doc = Property(
    "__doc__",
    get: { descriptor, _ in
      new {
        try own(Docstring.text(of: descriptor.view(PyMethodDescrObject.self).pointee.d_method))
      }
    })

  static let textSignature = Property(
    "__text_signature__",
    get: { descriptor, _ in
      new {
        try own(
          Docstring.signatureText(of: descriptor.view(PyMethodDescrObject.self).pointee.d_method))
      }
    })

  /// "list.append" for messages.
  static func functionName(_ descriptor: Ref) -> String {
    guard let name = _PyObject_FunctionStr(descriptor) else {
      PyErr_Clear()
      return Descriptors.name(descriptor) + "()"
    }
    defer { Py_DECREF(name) }
    return text(of: name)
  }

  /// Checks the receiver and that no keywords came.
  @inline(__always)
  static func accepts(
    _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) -> Bool {
    guard acceptsReceiver(descriptor, args, count) else { return false }
    if let names, apus_var_size(names) > 0 {
      _ = raise(.typeError, "\(functionName(descriptor)) takes no keyword arguments")
      return false
    }
    return true
  }

  @inline(__always)
  static func acceptsReceiver(_ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ count: Int) -> Bool {
    guard count > 0, let args else {
      _ = raise(.typeError, "unbound method \(functionName(descriptor)) needs an argument")
      return false
    }
    return Descriptors.applies(descriptor, to: args[0])
  }

  @inline(__always)
  static func function<F>(_ descriptor: Ref, as _: F.Type) -> F {
    unsafeBitCast(
      descriptor.view(PyMethodDescrObject.self).pointee.d_method.pointee.ml_meth, to: F.self)
  }
}

/// `tp_call` of everything with a vectorcall: `PyVectorcall_Call` with the slot's nullability.
@c func PyVectorcall_CallSlot(_ callable: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  PyVectorcall_Call(callable, args, keywords)
}

// MARK: Vectorcalls, one for each calling convention

@c func method_vectorcall_NOARGS(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.accepts(descriptor, args, count, names), let args else { return nil }
  if count != 1 {
    _ = raise(
      .typeError,
      "\(MethodDescriptor.functionName(descriptor)) takes no arguments (\(count - 1) given)")
    return nil
  }
  let body = MethodDescriptor.function(descriptor, as: Method.NoArguments.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], nil)
  Py_LeaveRecursiveCall()
  return result
}

@c func method_vectorcall_O(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.accepts(descriptor, args, count, names), let args else { return nil }
  if count != 2 {
    _ = raise(
      .typeError,
      "\(MethodDescriptor.functionName(descriptor)) takes exactly one argument (\(count - 1) given)")
    return nil
  }
  let body = MethodDescriptor.function(descriptor, as: Method.OneArgument.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], args[1])
  Py_LeaveRecursiveCall()
  return result
}

@c func method_vectorcall_FASTCALL(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.accepts(descriptor, args, count, names), let args else { return nil }
  let body = MethodDescriptor.function(descriptor, as: Method.Fast.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], args + 1, count - 1)
  Py_LeaveRecursiveCall()
  return result
}

@c func method_vectorcall_FASTCALL_KEYWORDS(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.acceptsReceiver(descriptor, args, count), let args else { return nil }
  let body = MethodDescriptor.function(descriptor, as: Method.FastKeywords.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], args + 1, count - 1, names)
  Py_LeaveRecursiveCall()
  return result
}

/// METH_METHOD: the function also wants the class that defines it.
typealias MethodWithClass = @convention(c) (Ref, TypeRef, UnsafePointer<Ref>?, Int, Ref?) -> Ref?

@c func method_vectorcall_FASTCALL_KEYWORDS_METHOD(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.acceptsReceiver(descriptor, args, count), let args else { return nil }
  let body = MethodDescriptor.function(descriptor, as: MethodWithClass.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], Descriptors.owner(descriptor), args + 1, count - 1, names)
  Py_LeaveRecursiveCall()
  return result
}

/// A tuple of the arguments behind the receiver.
private func argumentTuple(_ args: UnsafePointer<Ref>, _ count: Int) -> Ref? {
  guard let tuple = PyTuple_New(count) else { return nil }
  for index in 0..<count {
    Py_INCREF(args[index])
    apus_tuple_items(tuple)[index] = args[index]
  }
  return tuple
}

@c func method_vectorcall_VARARGS(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.accepts(descriptor, args, count, names), let args,
    let tuple = argumentTuple(args + 1, count - 1)
  else { return nil }
  defer { Py_DECREF(tuple) }
  let body = MethodDescriptor.function(descriptor, as: Method.Variable.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], tuple)
  Py_LeaveRecursiveCall()
  return result
}

@c func method_vectorcall_VARARGS_KEYWORDS(
  _ descriptor: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  guard MethodDescriptor.acceptsReceiver(descriptor, args, count), let args,
    let tuple = argumentTuple(args + 1, count - 1)
  else { return nil }
  defer { Py_DECREF(tuple) }
  var keywords: Ref?
  if let names, apus_var_size(names) > 0 {
    guard let dict = PyDict_New() else { return nil }
    keywords = dict
    for index in 0..<apus_var_size(names) {
      if PyDict_SetItem(dict, apus_tuple_item(names, index), args[count + index]) < 0 {
        Py_DECREF(dict)
        return nil
      }
    }
  }
  defer { Py_XDECREF(keywords) }
  let body = MethodDescriptor.function(descriptor, as: Method.VariableKeywords.self)
  if Py_EnterRecursiveCall(" while calling a Python object") != 0 { return nil }
  let result = body(args[0], tuple, keywords)
  Py_LeaveRecursiveCall()
  return result
}

@c @implementation public func PyDescr_NewMethod(
  _ type: TypeRef, _ method: UnsafeMutablePointer<PyMethodDef>
) -> Ref? {
  let call: vectorcallfunc
  let flags = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD
  switch method.pointee.ml_flags & flags {
  case METH_VARARGS: call = method_vectorcall_VARARGS
  case METH_VARARGS | METH_KEYWORDS: call = method_vectorcall_VARARGS_KEYWORDS
  case METH_FASTCALL: call = method_vectorcall_FASTCALL
  case METH_FASTCALL | METH_KEYWORDS: call = method_vectorcall_FASTCALL_KEYWORDS
  case METH_NOARGS: call = method_vectorcall_NOARGS
  case METH_O: call = method_vectorcall_O
  case METH_METHOD | METH_FASTCALL | METH_KEYWORDS:
    call = method_vectorcall_FASTCALL_KEYWORDS_METHOD
  default:
    let name = method.pointee.ml_name.map { String(cString: $0) } ?? "?"
    _ = raise(.systemError, "\(name)() method: bad call flags")
    return nil
  }
  guard let object = Descriptors.make(methodDescrType(), type, method.pointee.ml_name) else {
    return nil
  }
  let fields = object.view(PyMethodDescrObject.self)
  fields.pointee.d_method = method
  fields.pointee.vectorcall = call
  return object
}

/// A class method of a builtin type: `dict.fromkeys`.
/// CPython: Objects/descrobject.c, `PyClassMethodDescr_Type`.
enum ClassMethodDescriptor {
  static let spec = TypeSpec(
    classMethodDescrType(), "classmethod_descriptor",
    basicSize: MemoryLayout<PyMethodDescrObject>.size, flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc(descriptor_dealloc),
      .tp_repr { Descriptors.repr($0, "method") },
      .tp_call { descriptor, args, keywords in
        guard apus_var_size(args) > 0 else {
          _ = raise(
            .typeError,
            "descriptor '\(Descriptors.name(descriptor))' of "
              + "'\(Descriptors.owner(descriptor).fullName)' object needs an argument")
          return nil
        }
        guard let bound = bind(descriptor, nil, apus_tuple_item(args, 0)) else { return nil }
        defer { Py_DECREF(bound) }
        guard let rest = PyTuple_GetSlice(args, 1, apus_var_size(args)) else { return nil }
        defer { Py_DECREF(rest) }
        return PyObject_Call(bound, rest, keywords)
      },
      .tp_traverse(descriptor_traverse),
      .tp_descr_get { bind($0, $1, $2) },
    ],
    members: Descriptors.members,
    properties: [MethodDescriptor.doc, Descriptors.qualifiedName, MethodDescriptor.textSignature])

  static func bind(_ descriptor: Ref, _ object: Ref?, _ given: Ref?) -> Ref? {
    new {
      let owner = Descriptors.owner(descriptor)
      let name = Descriptors.name(descriptor)
      guard let type = given ?? object?.type.object else {
        throw raise(
          .typeError,
          "descriptor '\(name)' for type '\(owner.fullName)' needs either an object or a type")
      }
      guard type.isType else {
        throw raise(
          .typeError,
          "descriptor '\(name)' for type '\(owner.fullName)' needs a type, not a "
            + "'\(type.type.fullName)' as arg 2")
      }
      guard PyType_IsSubtype(type.asType, owner) != 0 else {
        throw raise(
          .typeError,
          "descriptor '\(name)' requires a subtype of '\(owner.fullName)' but received "
            + "'\(type.asType.fullName)'")
      }
      let method = descriptor.view(PyMethodDescrObject.self)
      return try own(
        PyCMethod_New(
          method.pointee.d_method, type, nil,
          method.pointee.d_method.pointee.ml_flags & METH_METHOD != 0 ? owner : nil))
    }
  }
}

@c @implementation public func PyDescr_NewClassMethod(
  _ type: TypeRef, _ method: UnsafeMutablePointer<PyMethodDef>
) -> Ref? {
  guard let object = Descriptors.make(classMethodDescrType(), type, method.pointee.ml_name) else {
    return nil
  }
  object.view(PyMethodDescrObject.self).pointee.d_method = method
  return object
}
