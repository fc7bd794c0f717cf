import CPythonABI

/// module. CPython: Objects/moduleobject.c.
enum PyModule {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PyModuleObject> {
    object.view(PyModuleObject.self)
  }

  static let spec = TypeSpec(
    moduleType(), "module", basicSize: MemoryLayout<PyModuleObject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      module(name, doc=None)
      --

      Create a module object.

      The name must be a string; the optional docstring can have any type.
      """,
    base: objectType(), dictOffset: MemoryLayout<PyModuleObject>.at(\.md_dict),
    weakListOffset: MemoryLayout<PyModuleObject>.at(\.md_weaklist),
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { repr($0) },
      .tp_getattro { attribute($0, $1) },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_clear { clear($0) },
      .tp_init { module, args, keywords in
        status {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          guard let name = try a.str(0) else { throw Raised() }
          if view(module).pointee.md_dict == nil {
            view(module).pointee.md_dict = try own(PyDict_New()).give()
          }
          try initialize(module, name: name, doc: a.object(1))
        }
      },
      .tp_new { type, _, _ in new { try allocated(type) } },
      .freesTracked,
    ],
    methods: [dir],
    members: [
      Member(
        "__dict__", _Py_T_OBJECT, offset: MemoryLayout<PyModuleObject>.at(\.md_dict),
        flags: Py_READONLY)
    ],
    properties: [
      Property(
        "__annotations__", get: { module, _ in new { try annotations(module) } },
        set: { module, value, _ in status { try setAnnotations(module, value) } })
    ])

  private static let constructor: Method = .variableKeywords(
    "module(name, doc=None)", "", { _, _, _ in nil })

  /// An empty module of `type`.
  static func allocated(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "module type is not ready")
    }
    let module = try own(allocate(type, 0))
    view(module.ref).pointee.md_dict = try own(PyDict_New()).give()
    return module
  }

  /// Puts the names every module has into its dict.
  static func initialize(_ module: Ref, name: Ref, doc: Ref) throws(Raised) {
    guard let dict = view(module).pointee.md_dict else { throw Raised() }
    try check(PyDict_SetItem(dict, SpecialName.name, name))
    try check(PyDict_SetItem(dict, SpecialName.doc, doc))
    try check(PyDict_SetItem(dict, SpecialName.package, noneObject()))
    try check(PyDict_SetItem(dict, SpecialName.loader, noneObject()))
    try check(PyDict_SetItem(dict, SpecialName.spec, noneObject()))
    if name.isExactStr {
      Py_INCREF(name)
      replaceReference(&view(module).pointee.md_name, name)
    }
  }

  // MARK: Life

  private static func traverse(
    _ module: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    let own = view(module).pointee
    if let definition = own.md_def, let traverse = definition.pointee.m_traverse,
      definition.pointee.m_size <= 0 || own.md_state != nil
    {
      let answer = traverse(module, visit, argument)
      if answer != 0 { return answer }
    }
    return visitReference(own.md_dict, visit, argument)
  }

  private static func clear(_ module: Ref) -> Int32 {
    let own = view(module)
    if let definition = own.pointee.md_def, let clear = definition.pointee.m_clear,
      definition.pointee.m_size <= 0 || own.pointee.md_state != nil
    {
      let answer = clear(module)
      if hasRaised() { PyErr_WriteUnraisable(module) }
      if answer != 0 { return answer }
    }
    clearReference(&own.pointee.md_dict)
    return 0
  }

  private static func dealloc(_ module: Ref) {
    PyObject_GC_UnTrack(module)
    let own = view(module)
    if own.pointee.md_weaklist != nil { PyObject_ClearWeakRefs(module) }
    if let definition = own.pointee.md_def, let free = definition.pointee.m_free,
      definition.pointee.m_size <= 0 || own.pointee.md_state != nil
    {
      free(UnsafeMutableRawPointer(module))
    }
    clearReference(&own.pointee.md_dict)
    clearReference(&own.pointee.md_name)
    PyMem_Free(own.pointee.md_state)
    module.type.pointee.tp_free?(UnsafeMutableRawPointer(module))
  }

  // MARK: Text and directory

  /// importlib knows how to show a module; before it is there the name has to do.
  private static func repr(_ module: Ref) -> Ref? {
    if let importlib = apus_tstate().pointee.interp.pointee.importlib {
      return new {
        let name = try own(PyUnicode_InternFromString("_module_repr"))
        return try own(PyObject_CallMethodOneArg(importlib, name.ref, module))
      }
    }
    guard let dict = view(module).pointee.md_dict else { return newString("<module ?>") }
    var name: Ref?
    if PyDict_GetItemRef(dict, SpecialName.name, &name) < 0 { return nil }
    guard let name else { return newString("<module ?>") }
    defer { Py_DECREF(name) }
    guard let shown = PyObject_Repr(name) else { return nil }
    defer { Py_DECREF(shown) }
    return newString("<module \(text(of: shown)) (built-in)>")
  }

  static let dir: Method = .noargs("__dir__", "__dir__() -> list\nspecialized dir() implementation") { module, _ in
    new {
      let dict = try own(PyObject_GetAttr(module, SpecialName.dict))
      guard dict.ref.isDict else {
        throw raise(.typeError, "<module>.__dict__ is not a dictionary")
      }
      let name = try own(PyUnicode_InternFromString("__dir__"))
      var function: Ref?
      try check(PyDict_GetItemRef(dict.ref, name.ref, &function))
      if let function {
        let function = Owned(adopting: function)
        return try own(PyObject_CallNoArgs(function.ref))
      }
      return try own(PyDict_Keys(dict.ref))
    }
  }

  // MARK: Annotations

  private static func dictionary(_ module: Ref) throws(Raised) -> Owned {
    let dict = try own(PyObject_GetAttr(module, SpecialName.dict))
    guard dict.ref.isDict else {
      throw raise(.typeError, "<module>.__dict__ is not a dictionary")
    }
    return dict
  }

  /// A module without annotations gets an empty dict when somebody looks.
  private static func annotations(_ module: Ref) throws(Raised) -> Owned {
    let dict = try dictionary(module)
    var found: Ref?
    try check(PyDict_GetItemRef(dict.ref, SpecialName.annotations, &found))
    if let found { return Owned(adopting: found) }
    let made = try own(PyDict_New())
    try check(PyDict_SetItem(dict.ref, SpecialName.annotations, made.ref))
    return made
  }

  private static func setAnnotations(_ module: Ref, _ value: Ref?) throws(Raised) {
    let dict = try dictionary(module)
    if let value {
      try check(PyDict_SetItem(dict.ref, SpecialName.annotations, value))
      return
    }
    var old: Ref?
    let found = try check(PyDict_Pop(dict.ref, SpecialName.annotations, &old))
    Py_XDECREF(old)
    if found == 0 { throw raise(.attributeError, "__annotations__") }
  }
}
