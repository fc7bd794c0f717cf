import CPythonABI

/// `property`. CPython: Objects/descrobject.c, `PyProperty_Type`.
enum Property_ {
  static let spec = TypeSpec(
    propertyType(), "property", basicSize: MemoryLayout<PyPropertyObject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      property(fget=None, fset=None, fdel=None, doc=None)
      --

      An attribute whose access calls functions.

        fget
          called to read it
        fset
          called to assign to it
        fdel
          called to delete it
        doc
          its docstring, by default that of fget

      Used as a decorator:

      class Circle:
          @property
          def area(self):
              "The enclosed area."
              return 3.14159 * self.radius ** 2
          @area.setter
          def area(self, value):
              self.radius = (value / 3.14159) ** 0.5
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { property in
        PyObject_GC_UnTrack(UnsafeMutableRawPointer(property))
        _ = clear(property)
        property.type.pointee.tp_free?(UnsafeMutableRawPointer(property))
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { property, visit, argument in
        let f = property.view(PyPropertyObject.self).pointee
        let fields: InlineArray<5, Ref?> = [f.prop_get, f.prop_set, f.prop_del, f.prop_doc, f.prop_name]
        for index in 0..<5 {
          if let field = fields[index] {
            let result = visit(field, argument)
            if result != 0 { return result }
          }
        }
        return 0
      },
      .tp_clear { clear($0) },
      .tp_descr_get { property, object, _ in
        guard let object, !object.isNone else {
          Py_INCREF(property)
          return property
        }
        guard let getter = property.view(PyPropertyObject.self).pointee.prop_get else {
          raiseMissing(property, object, "getter")
          return nil
        }
        return PyObject_CallOneArg(getter, object)
      },
      .tp_descr_set { property, object, value in
        let fields = property.view(PyPropertyObject.self).pointee
        let result: Ref?
        if let value {
          guard let setter = fields.prop_set else {
            raiseMissing(property, object, "setter")
            return -1
          }
          result = withArguments(object, value) { PyObject_Vectorcall(setter, $0, 2, nil) }
        } else {
          guard let deleter = fields.prop_del else {
            raiseMissing(property, object, "deleter")
            return -1
          }
          result = PyObject_CallOneArg(deleter, object)
        }
        guard let result else { return -1 }
        Py_DECREF(result)
        return 0
      },
      .tp_init { property, args, keywords in
        status {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          try initialize(
            property, a.optional(0), a.optional(1), a.optional(2), doc: a[3])
        }
      },
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(PyType_GenericNew),
      .freesTracked,
    ],
    methods: [getter, setter, deleter, setName],
    members: [
      Member("fget", _Py_T_OBJECT, offset: 16, flags: Py_READONLY),
      Member("fset", _Py_T_OBJECT, offset: 24, flags: Py_READONLY),
      Member("fdel", _Py_T_OBJECT, offset: 32, flags: Py_READONLY),
      Member("__doc__", _Py_T_OBJECT, offset: 40),
    ],
    properties: [name, isAbstract])

  private static let constructor: Method = .variableKeywords(
    "property(fget=None, fset=None, fdel=None, doc=None)", "") { _, _, _ in nil }

  private static func clear(_ property: Ref) -> Int32 {
    let fields = property.view(PyPropertyObject.self)
    let old = fields.pointee
    fields.pointee.prop_get = nil
    fields.pointee.prop_set = nil
    fields.pointee.prop_del = nil
    fields.pointee.prop_doc = nil
    fields.pointee.prop_name = nil
    Py_XDECREF(old.prop_get)
    Py_XDECREF(old.prop_set)
    Py_XDECREF(old.prop_del)
    Py_XDECREF(old.prop_doc)
    Py_XDECREF(old.prop_name)
    return 0
  }

  /// Replaces a field by a new reference to `value`.
  private static func assign(
    _ property: Ref, _ field: WritableKeyPath<PyPropertyObject, Ref?>, _ value: Ref?
  ) {
    let fields = property.view(PyPropertyObject.self)
    let old = fields.pointee[keyPath: field]
    Py_XINCREF(value)
    fields.pointee[keyPath: field] = value
    Py_XDECREF(old)
  }

  private static func initialize(
    _ property: Ref, _ get: Ref?, _ set: Ref?, _ delete: Ref?, doc given: Ref?
  ) throws(Raised) {
    let fields = property.view(PyPropertyObject.self)
    assign(property, \.prop_get, get)
    assign(property, \.prop_set, set)
    assign(property, \.prop_del, delete)
    assign(property, \.prop_doc, nil)
    assign(property, \.prop_name, nil)
    fields.pointee.getter_doc = 0
    var doc: Ref?  // a reference of ours, given back at the end
    if let given, !given.isNone {
      Py_INCREF(given)
      doc = given
    } else if let get {
      try check(PyObject_GetOptionalAttr(get, id___doc__(), &doc))
      if let found = doc {
        if found.isNone {
          Py_DECREF(found)
          doc = nil
        } else {
          fields.pointee.getter_doc = 1
        }
      }
    } else if let given {
      Py_INCREF(given)
      doc = given
    }
    defer { Py_XDECREF(doc) }
    if property.type == propertyType() {
      assign(property, \.prop_doc, doc)
      return
    }
    // The instances of a subclass have `__doc__` in their own dict or slot.
    if PyObject_SetAttr(property, id___doc__(), doc ?? noneObject()) < 0 {
      if fields.pointee.getter_doc == 0 && PyErr_ExceptionMatches(.attributeError) != 0 {
        PyErr_Clear()
        return
      }
      throw Raised()
    }
  }

  /// The name given by `__set_name__`, else that of the getter; nil when there is none.
  private static func findName(_ property: Ref) throws(Raised) -> Owned? {
    let fields = property.view(PyPropertyObject.self).pointee
    if let name = fields.prop_name { return name.retained() }
    guard let getter = fields.prop_get else { return nil }
    var name: Ref?
    try check(PyObject_GetOptionalAttr(getter, id___name__(), &name))
    guard let name else { return nil }
    return Owned(adopting: name)
  }

  /// Sets the AttributeError of a property without that function.
  private static func raiseMissing(_ property: Ref, _ object: Ref, _ function: String) {
    _ = status {
      let name = try findName(property)
      let type = try own(PyObject_GetAttr(object.type.object, id___qualname__()))
      let shownType = try own(PyObject_Repr(type.ref))
      if let name {
        let shown = try own(PyObject_Repr(name.ref))
        throw raise(
          .attributeError,
          "property \(text(of: shown.ref)) of \(text(of: shownType.ref)) object has no \(function)")
      }
      throw raise(
        .attributeError, "property of \(text(of: shownType.ref)) object has no \(function)")
    }
  }

  /// A copy with one function replaced; None keeps the old one.
  private static func copy(_ property: Ref, get: Ref?, set: Ref?, delete: Ref?) -> Ref? {
    new {
      let fields = property.view(PyPropertyObject.self).pointee
      func choose(_ given: Ref?, _ old: Ref?) -> Ref {
        if let given, !given.isNone { return given }
        return old ?? noneObject()
      }
      let newGet = choose(get, fields.prop_get)
      let doc: Ref =
        fields.getter_doc != 0 && !newGet.isNone
        ? noneObject() : fields.prop_doc ?? noneObject()
      let made = try own(
        withArguments(newGet, choose(set, fields.prop_set), choose(delete, fields.prop_del), doc) {
          PyObject_Vectorcall(property.type.object, $0, 4, nil)
        })
      if made.ref.isInstance(of: propertyType()) {
        assign(made.ref, \.prop_name, fields.prop_name)
      }
      return made
    }
  }

  static let getter: Method = .o("getter($self, object, /)", "The property with another getter.") {
    copy($0, get: $1, set: nil, delete: nil)
  }
  static let setter: Method = .o("setter($self, object, /)", "The property with another setter.") {
    copy($0, get: nil, set: $1, delete: nil)
  }
  static let deleter: Method = .o("deleter($self, object, /)", "The property with another deleter.") {
    copy($0, get: nil, set: nil, delete: $1)
  }

  static let setName: Method = .variable(
    "__set_name__($self, owner, name, /)", "Tells the property its name."
  ) { property, args in
    none {
      let count = apus_var_size(args)
      if count != 2 {
        throw raise(
          .typeError, "__set_name__() takes 2 positional arguments but \(count) were given")
      }
      assign(property, \.prop_name, apus_tuple_item(args, 1))
    }
  }

  static let name = Property(
    "__name__",
    get: { property, _ in
      new {
        if let name = try findName(property) { return name }
        throw raise(
          .attributeError, "'\(property.type.fullName)' object has no attribute '__name__'")
      }
    },
    set: { property, value, _ in
      assign(property, \.prop_name, value)
      return 0
    })

  static let isAbstract = Property(
    "__isabstractmethod__",
    get: { property, _ in
      bool {
        let fields = property.view(PyPropertyObject.self).pointee
        if try AbstractMark.isSet(fields.prop_get) { return true }
        if try AbstractMark.isSet(fields.prop_set) { return true }
        return try AbstractMark.isSet(fields.prop_del)
      }
    })
}

/// `__isabstractmethod__` of a function (PEP 3119).
enum AbstractMark {
  static func isSet(_ function: Ref?) throws(Raised) -> Bool {
    guard let function else { return false }
    var mark: Ref?
    try check(PyObject_GetOptionalAttr(function, id___isabstractmethod__(), &mark))
    guard let mark else { return false }
    let held = Owned(adopting: mark)
    return try check(PyObject_IsTrue(held.ref)) != 0
  }
}
