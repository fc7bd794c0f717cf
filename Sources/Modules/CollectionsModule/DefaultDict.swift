import CPythonABI
import Objects

/// collections.defaultdict: a dict that makes missing values.
enum DefaultDict {
  struct Layout {
    var dict: PyDictObject
    var factory: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "collections.defaultdict", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType],
    doc: """
      defaultdict(default_factory=None, /, [...]) --> dict with default factory

      The default factory is called without arguments to produce
      a new value when a key is not present, in __getitem__ only.
      A defaultdict compares equal to a dict with the same items.
      All remaining arguments are treated the same as if they were
      passed to the dict constructor, including keyword arguments.
      """,
    base: dictType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&view(object).pointee.factory)
        dictType().pointee.tp_dealloc?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        let answer = visitReference(view(object).pointee.factory, visit, argument)
        if answer != 0 { return answer }
        return dictType().pointee.tp_traverse?(object, visit, argument) ?? 0
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.factory)
        return dictType().pointee.tp_clear?(object) ?? 0
      },
      .tp_init { object, args, keywords in
        status { try initialize(object, args, keywords) }
      },
      .nb_or { union($0, $1) },
    ],
    methods: [missing, copyMethod, copyAlias, reduce, classGetItem],
    members: [
      Member(
        "default_factory", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.factory),
        "Factory for default value called by __missing__().")
    ])

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let count = apus_var_size(args)
    var factory: Ref?
    if count > 0 {
      let given = apus_tuple_item(args, 0)
      if !given.isNone {
        guard PyCallable_Check(given) != 0 else {
          throw raise(.typeError, "first argument must be callable or None")
        }
        factory = given.retained().give()
      }
    }
    replaceReference(&view(object).pointee.factory, factory)
    let rest = try own(PyTuple_GetSlice(args, Swift.min(1, count), count))
    guard let initialize = dictType().pointee.tp_init else { throw Raised() }
    try check(initialize(object, rest.ref, keywords))
  }

  private static let missing: Method = .o(
    "__missing__",
    """
    __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
      if self.default_factory is None: raise KeyError((key,))
      self[key] = value = self.default_factory()
      return value
    """
  ) { object, key in
    new {
      guard let factory = view(object).pointee.factory, !factory.isNone else {
        let args = try tuple(key.retained())
        throw raise(.keyError, value: args.ref)
      }
      let value = try own(PyObject_CallNoArgs(factory))
      try check(PyObject_SetItem(object, key, value.ref))
      return value
    }
  }

  /// A defaultdict of the same class and factory with the items of `source`.
  private static func make(like object: Ref, _ source: Ref) throws(Raised) -> Owned {
    let factory = (view(object).pointee.factory ?? noneObject()).retained()
    return try own(call(object.type.object, factory.ref, source))
  }

  private static let copyMethod: Method = .noargs("copy", "D.copy() -> a shallow copy of D.") { object, _ in
    new { try make(like: object, object) }
  }
  private static let copyAlias: Method = .noargs("__copy__", "D.copy() -> a shallow copy of D.") { object, _ in
    new { try make(like: object, object) }
  }

  private static let reduce: Method = .noargs("__reduce__", "Return state information for pickling.") { object, _ in
    new {
      let factory = view(object).pointee.factory
      let args: Owned
      if let factory, !factory.isNone {
        args = try tuple(factory.retained())
      } else {
        args = try own(PyTuple_New(0))
      }
      let name = try own(PyUnicode_InternFromString("items"))
      let items = try own(PyObject_CallMethodNoArgs(object, name.ref))
      let iterator = try own(PyObject_GetIter(items.ref))
      let result = try own(PyTuple_New(5))
      let slots = apus_tuple_items(result.ref)
      slots[0] = object.type.object.retained().give()
      slots[1] = args.give()
      slots[2] = noneObject()
      slots[3] = noneObject()
      slots[4] = iterator.give()
      return result
    }
  }

  private static let classGetItem = Method.o("__class_getitem__", "See PEP 585") {
    Py_GenericAlias($0, $1)
  }.classMethod

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    guard let show = dictType().pointee.tp_repr else { throw Raised() }
    let items = try own(show(object))
    return try own(
      newString("\(object.type.name)(\(factoryText(object)), \(text(of: items.ref)))"))
  }

  /// The factory may refer back to the dict.
  private static func factoryText(_ object: Ref) throws(Raised) -> String {
    guard let factory = view(object).pointee.factory else { return "None" }
    let held = factory.retained()
    if try check(Py_ReprEnter(held.ref)) != 0 { return "..." }
    defer { Py_ReprLeave(held.ref) }
    let shown = try own(PyObject_Repr(held.ref))
    return text(of: shown.ref)
  }

  private static func union(_ left: Ref, _ right: Ref) -> Ref? {
    let isLeft = left.isInstance(of: type)
    guard (isLeft ? right : left).isDict else { return notImplementedObject() }
    return new {
      let result = try make(like: isLeft ? left : right, left)
      try check(PyDict_Update(result.ref, right))
      return result
    }
  }
}
