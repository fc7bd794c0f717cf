import CPythonABI

/// instancemethod: binds any callable as a method (C API only). CPython: Objects/classobject.c.
enum PyInstanceMethod {
  private static func function(_ object: Ref) -> Ref {
    object.view(PyInstanceMethodObject.self).pointee.func
  }

  static let spec = TypeSpec(
    instanceMethodType(), "instancemethod", basicSize: MemoryLayout<PyInstanceMethodObject>.size,
    flags: [.haveGC],
    doc: """
      instancemethod(function, /)
      --

      Bind a function to a class.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_DECREF(function(object))
        PyObject_GC_Del(object)
      },
      .tp_repr { object in
        new {
          let name = try PyMethod.shownName(function(object))
          return try own(newString("<instancemethod \(name) at \(hexAddress(object))>"))
        }
      },
      .tp_call { PyObject_Call(function($0), $1, $2) },
      .tp_getattro { PyMethod.forwardedAttribute($0, $1, function($0)) },
      .tp_traverse { visitReference(function($0), $1, $2) },
      .tp_richcompare { left, right, operation in
        guard operation == Py_EQ || operation == Py_NE, left.type == instanceMethodType(),
          right.type == instanceMethodType()
        else { return notImplementedObject() }
        let same = PyObject_RichCompareBool(function(left), function(right), Py_EQ)
        if same < 0 { return nil }
        return boolObject((same == 1) == (operation == Py_EQ))
      },
      .tp_descr_get { object, instance, _ in
        guard let instance else {
          Py_INCREF(function(object))
          return function(object)
        }
        return PyMethod_New(function(object), instance)
      },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("instancemethod", keywords)
          try checkPositional("instancemethod", apus_var_size(args), least: 1, most: 1)
          guard PyCallable_Check(apus_tuple_item(args, 0)) != 0 else {
            throw raise(.typeError, "first argument must be callable")
          }
          return try own(PyInstanceMethod_New(apus_tuple_item(args, 0)))
        }
      },
    ],
    members: [
      Member(
        "__func__", _Py_T_OBJECT, offset: MemoryLayout<PyInstanceMethodObject>.at(\.func),
        flags: Py_READONLY, "the function (or other callable) implementing a method")
    ],
    properties: [
      Property("__doc__") { object, _ in PyObject_GetAttr(function(object), SpecialName.doc) }
    ])
}

@c @implementation
public func PyInstanceMethod_New(_ function: Ref) -> Ref? {
  guard let object = _PyObject_GC_New(instanceMethodType()) else { return nil }
  Py_INCREF(function)
  object.view(PyInstanceMethodObject.self).pointee.func = function
  PyObject_GC_Track(object)
  return object
}

@c @implementation
public func PyInstanceMethod_Function(_ object: Ref) -> Ref? {
  if object.type == instanceMethodType() {
    return object.view(PyInstanceMethodObject.self).pointee.func
  }
  PyErr_BadInternalCall()
  return nil
}
