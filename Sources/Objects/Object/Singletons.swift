import CPythonABI

/// None, NotImplemented and Ellipsis: immortal, one object each. CPython: Objects/object.c,
/// Objects/sliceobject.c.
enum Singletons {
  static let specs = [none, notImplemented, ellipsis]

  private static let none = TypeSpec(
    noneType(), "NoneType", basicSize: 0,
    doc: "NoneType()\n--\n\nThe type of None, the one object that says there is nothing.",
    base: objectType(),
    slots: [
      // Immortal: reached only through a reference counting error in an extension.
      .tp_dealloc { object in object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT) },
      .tp_repr { _ in PyUnicode_FromString("None") },
      .tp_hash { _ in 0xFCA8_6420 },
      .tp_richcompare(object_richcompare),
      .nb_bool { _ in 0 },
      .tp_new { _, args, keywords in
        if PyObjectType.hasArguments(args, keywords) {
          _ = raise(.typeError, "NoneType takes no arguments")
          return nil
        }
        return noneObject()
      },
    ])

  private static let notImplementedReduce: Method = .noargs("__reduce__", "") { _, _ in
    PyUnicode_FromString("NotImplemented")
  }

  private static let notImplemented = TypeSpec(
    notImplementedType(), "NotImplementedType", basicSize: 0,
    doc: "NotImplementedType()\n--\n\nThe type of NotImplemented, with which an operator passes the question on.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT) },
      .tp_repr { _ in PyUnicode_FromString("NotImplemented") },
      .nb_bool { _ in
        PyErr_WarnEx(
          .deprecationWarning, "NotImplemented should not be used in a boolean context", 1) < 0
          ? -1 : 1
      },
      .tp_new { _, args, keywords in
        if PyObjectType.hasArguments(args, keywords) {
          _ = raise(.typeError, "NotImplementedType takes no arguments")
          return nil
        }
        return notImplementedObject()
      },
    ],
    methods: [notImplementedReduce])

  private static let ellipsisReduce: Method = .noargs("__reduce__", "") { _, _ in
    PyUnicode_FromString("Ellipsis")
  }

  private static let ellipsis = TypeSpec(
    ellipsisType(), "ellipsis", basicSize: 0,
    doc: "ellipsis()\n--\n\nThe type of Ellipsis, written `...`.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT) },
      .tp_repr { _ in PyUnicode_FromString("Ellipsis") },
      .tp_new { _, args, keywords in
        if PyObjectType.hasArguments(args, keywords) {
          _ = raise(.typeError, "EllipsisType takes no arguments")
          return nil
        }
        return ellipsisObject()
      },
    ],
    methods: [ellipsisReduce])
}

@c @implementation public func Py_IsNone(_ object: Ref) -> Int32 { object.isNone ? 1 : 0 }

@c @implementation public func Py_NewRef(_ object: Ref) -> Ref? {
  Py_INCREF(object)
  return object
}

@c @implementation public func Py_XNewRef(_ object: Ref?) -> Ref? {
  Py_XINCREF(object)
  return object
}

@c @implementation public func Py_IncRef(_ object: Ref?) { Py_XINCREF(object) }

@c @implementation public func Py_DecRef(_ object: Ref?) { Py_XDECREF(object) }

/// `Py_CONSTANT_*`: None, False, True, Ellipsis, NotImplemented, 0, 1, "", b"", ().
@c @implementation public func Py_GetConstantBorrowed(_ id: UInt32) -> Ref? {
  let made: Ref?
  switch id {
  case 0: return noneObject()
  case 1: return falseObject()
  case 2: return trueObject()
  case 3: return ellipsisObject()
  case 4: return notImplementedObject()
  case 5: return apus_small_int(0)
  case 6: return apus_small_int(1)
  // The empty ones are immortal singletons, so the reference dropped here is not the last.
  case 7: made = PyUnicode_New(0, 0)
  case 8: made = PyBytes_FromStringAndSize(nil, 0)
  case 9: made = PyTuple_New(0)
  default:
    PyErr_BadInternalCall()
    return nil
  }
  Py_XDECREF(made)
  return made
}

@c @implementation public func Py_GetConstant(_ id: UInt32) -> Ref? {
  let constant = Py_GetConstantBorrowed(id)
  Py_XINCREF(constant)
  return constant
}

// MARK: Objects from memory

@c @implementation public func PyObject_Init(_ object: Ref, _ type: TypeRef) -> Ref? {
  object.pointee.ob_type = type
  object.pointee.ob_refcnt = 1
  if type.isHeap { Py_INCREF(type.object) }
  return object
}

@c @implementation public func PyObject_InitVar(
  _ object: UnsafeMutablePointer<PyVarObject>, _ type: TypeRef, _ size: Int
) -> UnsafeMutablePointer<PyVarObject>? {
  object.pointee.ob_base.ob_type = type
  object.pointee.ob_base.ob_refcnt = 1
  object.pointee.ob_size = size
  if type.isHeap { Py_INCREF(type.object) }
  return object
}

@c @implementation public func _PyObject_New(_ type: TypeRef) -> Ref? {
  guard let memory = PyObject_Malloc((type.pointee.tp_basicsize + 7) & ~7) else {
    return PyErr_NoMemory()
  }
  return PyObject_Init(memory.assumingMemoryBound(to: PyObject.self), type)
}

@c @implementation public func _PyObject_NewVar(
  _ type: TypeRef, _ items: Int
) -> UnsafeMutablePointer<PyVarObject>? {
  let (body, overflow) = type.pointee.tp_itemsize.multipliedReportingOverflow(by: items)
  let (size, overflow2) = type.pointee.tp_basicsize.addingReportingOverflow(body)
  guard !overflow, !overflow2, size <= Int.max - 8, let memory = PyObject_Malloc((size + 7) & ~7)
  else {
    _ = PyErr_NoMemory()
    return nil
  }
  return PyObject_InitVar(memory.assumingMemoryBound(to: PyVarObject.self), type, items)
}
