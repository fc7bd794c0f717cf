import CPythonABI

/// What classmethod and staticmethod share. CPython: Objects/funcobject.c.
enum MethodDecorator {
  static func callable(_ object: Ref) -> Ref? {
    object.view(PyMethodDecoratorObject.self).pointee.callable
  }

  /// Without the function's names, which only a decorator takes over.
  static func make(_ type: TypeRef, _ function: Ref) -> Ref? {
    guard let object = PyType_GenericAlloc(type, 0) else { return nil }
    Py_INCREF(function)
    object.view(PyMethodDecoratorObject.self).pointee.callable = function
    return object
  }

  static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?, _ name: String) -> Int32 {
    status {
      if let keywords, PyDict_Size(keywords) > 0 {
        throw raise(.typeError, "\(name)() takes no keyword arguments")
      }
      try checkPositional(name, apus_var_size(args), least: 1, most: 1)
      try wrap(object, apus_tuple_item(args, 0))
    }
  }

  /// Remembers the function and takes over its names and docstring, as functools.wraps does.
  private static func wrap(_ object: Ref, _ function: Ref) throws(Raised) {
    let fields = object.view(PyMethodDecoratorObject.self)
    let old = fields.pointee.callable
    Py_INCREF(function)
    fields.pointee.callable = function
    Py_XDECREF(old)
    let names: InlineArray<5, Ref> = [
      id___module__(), id___name__(), id___qualname__(), id___doc__(), id___annotations__(),
    ]
    for index in 0..<5 {
      var value: Ref?
      try check(PyObject_GetOptionalAttr(function, names[index], &value))
      guard let value else { continue }
      let held = Owned(adopting: value)
      try check(PyObject_SetAttr(object, names[index], held.ref))
    }
  }

  static func repr(_ object: Ref, _ name: String) -> Ref? {
    guard let inner = PyObject_Repr(callable(object)) else { return nil }
    defer { Py_DECREF(inner) }
    return MappingProxy.join("<\(name)(", inner, ")>")
  }

  static let members = [
    Member("__func__", _Py_T_OBJECT, offset: 16, flags: Py_READONLY),
    Member("__wrapped__", _Py_T_OBJECT, offset: 16, flags: Py_READONLY),
  ]

  static let properties = [
    Property(
      "__isabstractmethod__",
      get: { object, _ in bool { try AbstractMark.isSet(callable(object)) } }),
    Property("__dict__", get: PyObject_GenericGetDict, set: PyObject_GenericSetDict),
  ]
}

/// `classmethod`.
enum ClassMethod {
  static let spec = TypeSpec(
    classMethodType(), "classmethod", basicSize: MemoryLayout<PyMethodDecoratorObject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      classmethod(function, /)
      --

      Makes a function a class method.

      Its first argument is the class, whether it is called on the class or on an instance:

        class C:
            @classmethod
            def f(cls, argument):
                ...
      """,
    base: objectType(), dictOffset: 24,
    slots: [
      .tp_dealloc(method_decorator_dealloc),
      .tp_repr { MethodDecorator.repr($0, "classmethod") },
      .tp_traverse(method_decorator_traverse),
      .tp_clear(method_decorator_clear),
      .tp_descr_get { object, instance, owner in
        guard let callable = MethodDecorator.callable(object) else {
          _ = raise(.runtimeError, "uninitialized classmethod object")
          return nil
        }
        guard let owner = owner ?? instance?.type.object else {
          _ = raise(.typeError, "__get__(None, None) is invalid")
          return nil
        }
        return PyMethod_New(callable, owner)
      },
      .tp_init { MethodDecorator.initialize($0, $1, $2, "classmethod") },
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(PyType_GenericNew),
      .freesTracked,
    ],
    members: MethodDecorator.members, properties: MethodDecorator.properties)
}

/// `staticmethod`.
enum StaticMethod {
  static let spec = TypeSpec(
    staticMethodType(), "staticmethod", basicSize: MemoryLayout<PyMethodDecoratorObject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      staticmethod(function, /)
      --

      Makes a function a static method: neither instance nor class is passed to it.

        class C:
            @staticmethod
            def f(argument):
                ...
      """,
    base: objectType(), dictOffset: 24,
    slots: [
      .tp_dealloc(method_decorator_dealloc),
      .tp_repr { MethodDecorator.repr($0, "staticmethod") },
      .tp_call { object, args, keywords in
        guard let callable = MethodDecorator.callable(object) else {
          _ = raise(.runtimeError, "uninitialized staticmethod object")
          return nil
        }
        return PyObject_Call(callable, args, keywords)
      },
      .tp_traverse(method_decorator_traverse),
      .tp_clear(method_decorator_clear),
      .tp_descr_get { object, _, _ in
        guard let callable = MethodDecorator.callable(object) else {
          _ = raise(.runtimeError, "uninitialized staticmethod object")
          return nil
        }
        Py_INCREF(callable)
        return callable
      },
      .tp_init { MethodDecorator.initialize($0, $1, $2, "staticmethod") },
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(PyType_GenericNew),
      .freesTracked,
    ],
    members: MethodDecorator.members, properties: MethodDecorator.properties)
}

@c @implementation public func PyClassMethod_New(_ function: Ref) -> Ref? {
  MethodDecorator.make(classMethodType(), function)
}

@c @implementation public func PyStaticMethod_New(_ function: Ref) -> Ref? {
  MethodDecorator.make(staticMethodType(), function)
}

@c func method_decorator_dealloc(_ object: Ref) {
  PyObject_GC_UnTrack(UnsafeMutableRawPointer(object))
  _ = method_decorator_clear(object)
  object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
}

@c func method_decorator_clear(_ object: Ref) -> Int32 {
  let fields = object.view(PyMethodDecoratorObject.self)
  let old = fields.pointee
  fields.pointee.callable = nil
  fields.pointee.dict = nil
  Py_XDECREF(old.callable)
  Py_XDECREF(old.dict)
  return 0
}

@c func method_decorator_traverse(
  _ object: Ref, _ visit: @escaping visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let fields = object.view(PyMethodDecoratorObject.self).pointee
  if let callable = fields.callable {
    let result = visit(callable, argument)
    if result != 0 { return result }
  }
  return fields.dict.map { visit($0, argument) } ?? 0
}
