import CPythonABI

/// `object`, the root of all types. CPython: Objects/typeobject.c, `PyBaseObject_Type`.
public enum PyObjectType {
  static let spec = TypeSpec(
    objectType(), "object", basicSize: MemoryLayout<PyObject>.size, flags: [.baseType],
    doc: """
      object()
      --

      The root of all classes.

      A bare instance has no attributes of its own and cannot be given any.
      """,
    slots: [
      .tp_dealloc { object in
        let type = object.type
        type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr(object_repr),
      .tp_hash(PyObject_GenericHash),
      .tp_str(object_str),
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_setattro(PyObject_GenericSetAttr),
      .tp_richcompare(object_richcompare),
      .tp_init(object_init),
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(object_new),
      .freesUntracked,
    ],
    methods: [
      reduceEx, reduce, getState, subclassHook, initSubclass, format, sizeOf, dir,
    ],
    properties: [classProperty])

  static func hasArguments(_ args: Ref, _ keywords: Ref?) -> Bool {
    apus_var_size(args) > 0 || keywords.map { PyDict_Size($0) > 0 } ?? false
  }

  static func isObjectNew(_ type: TypeRef) -> Bool {
    unsafeBitCast(type.pointee.tp_new, to: UnsafeRawPointer?.self)
      == unsafeBitCast(object_new as newfunc, to: UnsafeRawPointer.self)
  }

  static func isObjectInit(_ type: TypeRef) -> Bool {
    unsafeBitCast(type.pointee.tp_init, to: UnsafeRawPointer?.self)
      == unsafeBitCast(object_init as initproc, to: UnsafeRawPointer.self)
  }

  static func raiseAbstract(_ type: TypeRef) throws(Raised) -> Raised {
    let methods = try own(PyObject_GetAttr(type.object, id___abstractmethods__()))
    let sorted = try own(PySequence_List(methods.ref))
    try check(PyList_Sort(sorted.ref))
    var names: [String] = []
    for index in 0..<apus_var_size(sorted.ref) {
      let name = apus_list_item(sorted.ref, index)
      guard name.isStr else {
        throw raise(
          .typeError, "sequence item \(index): expected str instance, \(name.type.fullName) found")
      }
      names.append("'\(text(of: name))'")
    }
    return raise(
      .typeError,
      "Can't instantiate abstract class \(type.fullName) without an implementation for abstract "
        + "method\(names.count > 1 ? "s" : "") \(names.joined(separator: ", "))")
  }

  // MARK: Methods

  static let reduce: Method = .noargs("__reduce__($self, /)", "What pickle protocols 0 and 1 need.") {
    object, _ in new { try Pickling.reduce(object, protocol: 0) }
  }

  static let reduceEx: Method = .o(
    "__reduce_ex__($self, protocol, /)", "What pickle needs to rebuild the object."
  ) { object, argument in
    new {
      let number = try own(PyNumber_Index(argument))
      let version = PyLong_AsInt(number.ref)
      if version == -1 && hasRaised() { throw Raised() }
      return try Pickling.reduceEx(object, protocol: version)
    }
  }

  static let getState: Method = .noargs("__getstate__($self, /)", "The state that pickle saves.") {
    object, _ in new { try Pickling.defaultState(object, required: false) }
  }

  static let subclassHook: Method = Method.o(
    "__subclasshook__($type, object, /)",
    """
    Lets an abstract class decide what counts as its subclass.

    ABCMeta.__subclasscheck__ asks it. True and False settle the question; NotImplemented leaves
    it to the usual check.
    """
  ) { _, _ in notImplementedObject() }.classMethod

  static let initSubclass: Method = Method.noargs(
    "__init_subclass__($type, /)",
    """
    Called for every new subclass.

    Does nothing here; a class overrides it to set its subclasses up.
    """
  ) { _, _ in noneObject() }.classMethod

  static let format: Method = .o(
    "__format__($self, format_spec, /)",
    """
    The object as text for format().

    An empty specification gives str(self); anything else is refused.
    """
  ) { object, specification in
    new {
      guard specification.isStr else {
        throw badArgument("__format__", "argument", expected: "str", got: specification)
      }
      if apus_str_length(specification) > 0 {
        throw raise(
          .typeError,
          "unsupported format string passed to \(object.type.fullName).__format__")
      }
      return try own(PyObject_Str(object))
    }
  }

  static let sizeOf: Method = .noargs("__sizeof__($self, /)", "Bytes of memory the object takes.") {
    object, _ in
    new {
      let type = object.type
      var size = 0
      if type.pointee.tp_itemsize > 0 {
        let items = abs(
          object.isInt ? apus_long_digit_count(object) : apus_var_size(object))
        size = items * type.pointee.tp_itemsize
      }
      size += type.pointee.tp_basicsize
      return try own(PyLong_FromSsize_t(size))
    }
  }

  static let dir: Method = .noargs("__dir__($self, /)", "The names of the object's attributes.") {
    object, _ in
    new {
      var given: Ref?
      try check(PyObject_GetOptionalAttr(object, id___dict__(), &given))
      let own1 = given.map { Owned(adopting: $0) }
      let names: Owned
      if let own1, own1.ref.isDict {
        names = try own(PyDict_Copy(own1.ref))
      } else {
        names = try own(PyDict_New())
      }
      var type: Ref?
      try check(PyObject_GetOptionalAttr(object, id___class__(), &type))
      if let type {
        let held = Owned(adopting: type)
        try Directory.merge(held.ref, into: names.ref)
      }
      return try own(PyDict_Keys(names.ref))
    }
  }

  static let classProperty = Property(
    "__class__", "The object's class.",
    get: { object, _ in
      Py_INCREF(object.type.object)
      return object.type.object
    },
    set: { object, value, _ in status { try ClassAssignment.assign(value, to: object) } })
}

// MARK: Slots

@c func object_new(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
  new {
    if PyObjectType.hasArguments(args, keywords) {
      if !PyObjectType.isObjectNew(type) {
        throw raise(
          .typeError, "object.__new__() takes exactly one argument (the type to instantiate)")
      }
      if PyObjectType.isObjectInit(type) {
        throw raise(.typeError, "\(type.fullName)() takes no arguments")
      }
    }
    if type.has(UInt(Py_TPFLAGS_IS_ABSTRACT)) { throw try PyObjectType.raiseAbstract(type) }
    guard let allocator = type.pointee.tp_alloc else { throw raiseNoMemory() }
    return try own(allocator(type, 0))
  }
}

@c func object_init(_ object: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  status {
    guard PyObjectType.hasArguments(args, keywords) else { return }
    let type = object.type
    if !PyObjectType.isObjectInit(type) {
      throw raise(
        .typeError, "object.__init__() takes exactly one argument (the instance to initialize)")
    }
    if PyObjectType.isObjectNew(type) {
      throw raise(
        .typeError,
        "\(type.fullName).__init__() takes exactly one argument (the instance to initialize)")
    }
  }
}

@c func object_repr(_ object: Ref) -> Ref? {
  new {
    let type = object.type
    var module: Owned?
    do { module = try PyType.moduleName(type) } catch { PyErr_Clear() }
    let name: String
    if let module, module.ref.isStr, PyUnicode_CompareWithASCIIString(module.ref, "builtins") != 0 {
      let qualified = try PyType.qualname(type)
      name = "\(text(of: module.ref)).\(text(of: qualified.ref))"
    } else {
      name = type.fullName
    }
    return try own(newString("<\(name) object at \(address(of: object))>"))
  }
}

@c func object_str(_ object: Ref) -> Ref? {
  (object.type.pointee.tp_repr ?? object_repr)(object)
}

@c func object_richcompare(_ object: Ref, _ other: Ref, _ operation: Int32) -> Ref? {
  switch operation {
  case Py_EQ:
    return object == other ? trueObject() : notImplementedObject()
  case Py_NE:
    // The opposite of ==, as the type defines that.
    guard let compare = object.type.pointee.tp_richcompare else { return notImplementedObject() }
    guard let equal = compare(object, other, Py_EQ) else { return nil }
    if equal == notImplementedObject() { return equal }
    let answer = PyObject_IsTrue(equal)
    Py_DECREF(equal)
    return answer < 0 ? nil : boolObject(answer == 0)
  default:
    return notImplementedObject()
  }
}
