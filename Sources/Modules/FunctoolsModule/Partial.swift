import CPythonABI
import Objects

/// functools.partial. CPython: Modules/_functoolsmodule.c.
enum Partial {
  struct Layout {
    var base: PyObject
    var function: Ref?
    /// A tuple.
    var args: Ref?
    /// A dict.
    var keywords: Ref?
    var dict: Ref?
    var weakReferences: Ref?
    var vectorcall: vectorcallfunc?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "functools.partial", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .haveVectorcall],
    doc: """
      partial(func, /, *args, **keywords)
      --

      Create a new function with partial application of the given arguments and keywords.
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.dict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    vectorcallOffset: MemoryLayout<Layout>.at(\.vectorcall),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clear(object)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_call { object, args, keywords in new { try call(object, args, keywords) } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_setattro(PyObject_GenericSetAttr),
      .tp_traverse { object, visit, argument in
        let own = view(object).pointee
        return visitReferences(
          visit, argument, own.function, own.args, own.keywords, own.dict)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_descr_get { object, instance, _ in
        new {
          guard let instance, !instance.isNone else { return object.retained() }
          try check(
            PyErr_WarnEx(
              .futureWarning,
              "functools.partial will be a method descriptor in future Python versions; "
                + "wrap it in staticmethod() if you want to preserve the old behavior", 1))
          return object.retained()
        }
      },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [reduce, setState, classGetItem],
    members: [
      Member(
        "__vectorcalloffset__", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.vectorcall),
        flags: Py_READONLY),
      Member(
        "func", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.function), flags: Py_READONLY,
        "function object to use in future partial calls"),
      Member(
        "args", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.args), flags: Py_READONLY,
        "tuple of arguments to future partial calls"),
      Member(
        "keywords", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.keywords), flags: Py_READONLY,
        "dictionary of keyword arguments to future partial calls"),
    ],
    properties: [
      Property(
        "__dict__", get: { PyObject_GenericGetDict($0, $1) },
        set: { PyObject_GenericSetDict($0, $1, $2) })
    ])

  private static func clear(_ object: Ref) {
    let own = view(object)
    clearReference(&own.pointee.function)
    clearReference(&own.pointee.args)
    clearReference(&own.pointee.keywords)
    clearReference(&own.pointee.dict)
  }

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count < 1 { throw raise(.typeError, "type 'partial' takes at least one argument") }
    var function = apus_tuple_item(args, 0)
    guard PyCallable_Check(function) != 0 else {
      throw raise(.typeError, "the first argument must be callable")
    }
    var given = try own(PyTuple_GetSlice(args, 1, count))
    var named = try own(PyDict_New())
    // A partial of a partial is one; not when the inner one has attributes of its own.
    if function.isInstance(of: Partial.type), view(function).pointee.dict == nil,
      let inner = view(function).pointee.function, let before = view(function).pointee.args,
      let innerNamed = view(function).pointee.keywords
    {
      given = try own(PySequence_Concat(before, given.ref))
      named = try own(PyDict_Copy(innerNamed))
      function = inner
    }
    if let keywords { try check(PyDict_Update(named.ref, keywords)) }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.function = function.retained().give()
    view(object.ref).pointee.args = given.give()
    view(object.ref).pointee.keywords = named.give()
    view(object.ref).pointee.vectorcall = vectorcall
    return object
  }

  // MARK: Calls

  private static func call(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let own = view(object).pointee
    guard let function = own.function, let before = own.args, let named = own.keywords else {
      throw raise(.systemError, "partial is not initialised")
    }
    let held = function.retained()
    let all = try Objects.own(PySequence_Concat(before, args))
    if PyDict_Size(named) == 0 {
      return try Objects.own(PyObject_Call(held.ref, all.ref, keywords))
    }
    let merged = try Objects.own(PyDict_Copy(named))
    if let keywords { try check(PyDict_Merge(merged.ref, keywords, 1)) }
    return try Objects.own(PyObject_Call(held.ref, all.ref, merged.ref))
  }

  /// Without keywords of its own the arguments are only put side by side.
  private static let vectorcall: vectorcallfunc = { object, args, nargsf, names in
    let own = view(object).pointee
    guard let function = own.function, let before = own.args, let named = own.keywords else {
      _ = raise(.systemError, "partial is not initialised")
      return nil
    }
    let count = PyVectorcall_NARGS(nargsf)
    if PyDict_Size(named) > 0 {
      return new {
        let tuple = try Objects.own(PyTuple_New(count))
        for index in 0..<count {
          apus_tuple_items(tuple.ref)[index] = args.unsafelyUnwrapped[index].retained().give()
        }
        let keywords = try Objects.own(_PyStack_AsDict(args.map { $0 + count }, names))
        return try call(object, tuple.ref, keywords.ref)
      }
    }
    let first = apus_var_size(before)
    let total = count + (names.map { apus_var_size($0) } ?? 0)
    let held = function.retained()
    let kept = before.retained()
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: first + total + 1) { room in
      guard let base = room.baseAddress else { return nil }
      base.initialize(to: held.ref)
      for index in 0..<first {
        (base + 1 + index).initialize(to: apus_tuple_item(kept.ref, index))
      }
      for index in 0..<total {
        (base + 1 + first + index).initialize(to: args.unsafelyUnwrapped[index])
      }
      return PyObject_Vectorcall(
        held.ref, base + 1, (first + count) | argumentsOffset, names)
    }
  }

  // MARK: Text and pickling

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    if try check(Py_ReprEnter(object)) != 0 { return try own(PyUnicode_FromString("...")) }
    defer { Py_ReprLeave(object) }
    let fields = view(object).pointee
    guard let function = fields.function, let args = fields.args, let named = fields.keywords
    else { throw Raised() }
    let heldArgs = args.retained()
    let heldNamed = named.retained()
    let module = try own(PyType_GetModuleName(object.type))
    let name = try own(PyType_GetQualName(object.type))
    let shown = try own(PyObject_Repr(function))
    var parts = [text(of: shown.ref)]
    for index in 0..<apus_var_size(heldArgs.ref) {
      let shown = try own(PyObject_Repr(apus_tuple_item(heldArgs.ref, index)))
      parts.append(text(of: shown.ref))
    }
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(heldNamed.ref, &position, &key, &value) != 0, let key, let value {
      let name = key.retained()
      let held = value.retained()
      let spelling = try own(PyObject_Str(name.ref))
      let shown = try own(PyObject_Repr(held.ref))
      parts.append("\(text(of: spelling.ref))=\(text(of: shown.ref))")
    }
    return try own(
      newString(
        "\(text(of: module.ref)).\(text(of: name.ref))(\(parts.joined(separator: ", ")))"))
  }

  private static let reduce: Method = .noargs("__reduce__", "") { object, _ in
    new {
      let own = view(object).pointee
      let none = noneObject()
      let args = try tuple((own.function ?? none).retained())
      let state = try tuple(
        (own.function ?? none).retained(), (own.args ?? none).retained(),
        (own.keywords ?? none).retained(), (own.dict ?? none).retained())
      return try tuple(object.type.object.retained(), args, state)
    }
  }

  private static let setState: Method = .o("__setstate__", "") { object, state in
    none {
      guard state.isTuple, apus_var_size(state) == 4 else {
        throw raise(.typeError, "invalid partial state")
      }
      let function = apus_tuple_item(state, 0)
      let args = apus_tuple_item(state, 1)
      let named = apus_tuple_item(state, 2)
      let dict = apus_tuple_item(state, 3)
      guard PyCallable_Check(function) != 0, args.isTuple, named.isNone || named.isDict else {
        throw raise(.typeError, "invalid partial state")
      }
      let exactArgs = args.isExactTuple ? args.retained() : try own(PySequence_Tuple(args))
      let keywords: Owned
      if named.isNone {
        keywords = try own(PyDict_New())
      } else if named.isExactDict {
        keywords = named.retained()
      } else {
        keywords = try own(PyDict_Copy(named))
      }
      let own = view(object)
      replaceReference(&own.pointee.function, function.retained().give())
      replaceReference(&own.pointee.args, exactArgs.give())
      replaceReference(&own.pointee.keywords, keywords.give())
      replaceReference(&own.pointee.dict, dict.isNone ? nil : dict.retained().give())
    }
  }

  private static let classGetItem = Method.o("__class_getitem__", "See PEP 585") {
    Py_GenericAlias($0, $1)
  }.classMethod
}
