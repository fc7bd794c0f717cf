import CPythonABI
import Objects

/// The `__text_signature__` of the callables this module makes.
private let signature = Property("__text_signature__") { _, _ in PyUnicode_FromString("(obj, /)") }

/// The one argument of such a callable; TypeError otherwise.
private func single(
  _ name: String, _ args: ArgumentPointer?, _ nargsf: Int, _ names: Ref?
) throws(Raised) -> Ref {
  if let names, apus_var_size(names) > 0 {
    throw raise(.typeError, "\(name)() takes no keyword arguments")
  }
  let count = PyVectorcall_NARGS(nargsf)
  guard count == 1, let args else {
    throw raise(.typeError, "\(name) expected 1 argument, got \(count)")
  }
  return args[0]
}

/// Text of a tuple's items without its brackets.
private func shownItems(_ tuple: Ref) throws(Raised) -> String {
  var parts: [String] = []
  for index in 0..<apus_var_size(tuple) {
    let shown = try own(PyObject_Repr(apus_tuple_item(tuple, index)))
    parts.append(text(of: shown.ref))
  }
  return parts.joined(separator: ", ")
}

/// `body` unless this object is being shown already.
private func guardedRepr(_ object: Ref, _ body: () throws(Raised) -> String) -> Ref? {
  new {
    let name = object.type.fullName
    if try check(Py_ReprEnter(object)) != 0 { return try own(newString("\(name)(...)")) }
    defer { Py_ReprLeave(object) }
    return try own(newString("\(name)(\(body()))"))
  }
}

/// operator.itemgetter: a callable that fetches items.
enum ItemGetter {
  struct Layout {
    var base: PyObject
    /// The keys.
    var items: Ref?
    var vectorcall: vectorcallfunc?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "operator.itemgetter", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .haveVectorcall],
    doc: """
      itemgetter(item, /, *items)
      --

      Make a callable that fetches the given item(s) of its operand: after
      f = itemgetter(2), f(r) is r[2]; after g = itemgetter(2, 5, 3), g(r) is
      (r[2], r[5], r[3]).
      """,
    base: objectType(), vectorcallOffset: MemoryLayout<Layout>.at(\.vectorcall),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.items)
        PyObject_GC_Del(object)
      },
      .tp_traverse { visitReference(view($0).pointee.items, $1, $2) },
      .tp_clear { object in
        clearReference(&view(object).pointee.items)
        return 0
      },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_repr { object in
        guardedRepr(object) { () throws(Raised) in
          guard let items = view(object).pointee.items else { return "" }
          return try shownItems(items)
        }
      },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("itemgetter", keywords)
          if apus_var_size(args) < 1 {
            throw raise(.typeError, "itemgetter expected 1 argument, got 0")
          }
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          view(object.ref).pointee.items = args.retained().give()
          view(object.ref).pointee.vectorcall = vectorcall
          return object
        }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling") { object, _ in
        new {
          try tuple(
            object.type.object.retained(), (view(object).pointee.items ?? noneObject()).retained())
        }
      }
    ],
    members: [
      Member(
        "__vectorcalloffset__", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.vectorcall),
        flags: Py_READONLY)
    ],
    properties: [signature])

  private static let vectorcall: vectorcallfunc = { object, args, nargsf, names in
    new {
      let operand = try single("itemgetter", args, nargsf, names)
      guard let items = view(object).pointee.items else { throw Raised() }
      let count = apus_var_size(items)
      if count == 1 { return try own(PyObject_GetItem(operand, apus_tuple_item(items, 0))) }
      let result = try own(PyTuple_New(count))
      for index in 0..<count {
        apus_tuple_items(result.ref)[index] = try own(
          PyObject_GetItem(operand, apus_tuple_item(items, index))
        ).give()
      }
      return result
    }
  }
}

/// operator.attrgetter: a callable that fetches attributes, dotted ones too.
enum AttributeGetter {
  struct Layout {
    var base: PyObject
    /// For each attribute a str, or the tuple of the parts of a dotted one.
    var attributes: Ref?
    var vectorcall: vectorcallfunc?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "operator.attrgetter", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .haveVectorcall],
    doc: """
      attrgetter(attr, /, *attrs)
      --

      Make a callable that fetches the given attribute(s) of its operand: after
      f = attrgetter('name'), f(r) is r.name; after g = attrgetter('name', 'date'),
      g(r) is (r.name, r.date); after h = attrgetter('name.first'), h(r) is
      r.name.first.
      """,
    base: objectType(), vectorcallOffset: MemoryLayout<Layout>.at(\.vectorcall),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.attributes)
        PyObject_GC_Del(object)
      },
      .tp_traverse { visitReference(view($0).pointee.attributes, $1, $2) },
      .tp_clear { object in
        clearReference(&view(object).pointee.attributes)
        return 0
      },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_repr { object in
        guardedRepr(object) { () throws(Raised) in
          let names = try names(object)
          return try shownItems(names.ref)
        }
      },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling") { object, _ in
        new {
          let names = try names(object)
          return try tuple(object.type.object.retained(), names)
        }
      }
    ],
    members: [
      Member(
        "__vectorcalloffset__", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.vectorcall),
        flags: Py_READONLY)
    ],
    properties: [signature])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    try checkNoKeywords("attrgetter", keywords)
    let count = apus_var_size(args)
    if count < 1 { throw raise(.typeError, "attrgetter expected 1 argument, got 0") }
    let attributes = try own(PyTuple_New(count))
    let dot = try own(PyUnicode_FromString("."))
    for index in 0..<count {
      let name = apus_tuple_item(args, index)
      guard name.isStr else { throw raise(.typeError, "attribute name must be a string") }
      let parts = try own(PyUnicode_Split(name, dot.ref, -1))
      let entry: Owned
      if apus_var_size(parts.ref) == 1 {
        entry = try interned(name)
      } else {
        for part in 0..<apus_var_size(parts.ref) {
          let piece = try interned(apus_list_item(parts.ref, part))
          try check(PyList_SetItem(parts.ref, part, piece.give()))
        }
        entry = try own(PyList_AsTuple(parts.ref))
      }
      apus_tuple_items(attributes.ref)[index] = entry.give()
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.attributes = attributes.give()
    view(object.ref).pointee.vectorcall = vectorcall
    return object
  }

  private static func interned(_ name: Ref) throws(Raised) -> Owned {
    var held: Ref? = name.retained().give()
    PyUnicode_InternInPlace(&held)
    return try own(held)
  }

  private static func attribute(_ object: Ref, _ entry: Ref) throws(Raised) -> Owned {
    if entry.isStr { return try own(PyObject_GetAttr(object, entry)) }
    var current = object.retained()
    for index in 0..<apus_var_size(entry) {
      current = try own(PyObject_GetAttr(current.ref, apus_tuple_item(entry, index)))
    }
    return current
  }

  private static let vectorcall: vectorcallfunc = { object, args, nargsf, names in
    new {
      let operand = try single("attrgetter", args, nargsf, names)
      guard let attributes = view(object).pointee.attributes else { throw Raised() }
      let count = apus_var_size(attributes)
      if count == 1 { return try attribute(operand, apus_tuple_item(attributes, 0)) }
      let result = try own(PyTuple_New(count))
      for index in 0..<count {
        apus_tuple_items(result.ref)[index] = try attribute(
          operand, apus_tuple_item(attributes, index)
        ).give()
      }
      return result
    }
  }

  /// The names as they were given.
  private static func names(_ object: Ref) throws(Raised) -> Owned {
    guard let attributes = view(object).pointee.attributes else { return try own(PyTuple_New(0)) }
    let dot = try own(PyUnicode_FromString("."))
    let count = apus_var_size(attributes)
    let result = try own(PyTuple_New(count))
    for index in 0..<count {
      let entry = apus_tuple_item(attributes, index)
      apus_tuple_items(result.ref)[index] =
        entry.isStr ? entry.retained().give() : try own(PyUnicode_Join(dot.ref, entry)).give()
    }
    return result
  }
}

/// operator.methodcaller: a callable that calls a method of its operand.
enum MethodCaller {
  struct Layout {
    var base: PyObject
    var name: Ref?
    /// The positional arguments behind the operand.
    var args: Ref?
    var keywords: Ref?
    var vectorcall: vectorcallfunc?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "operator.methodcaller", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .haveVectorcall],
    doc: """
      methodcaller(name, /, *args, **kwargs)
      --

      Make a callable that calls the given method of its operand: after
      f = methodcaller('name'), f(r) is r.name(); after
      g = methodcaller('name', 'date', foo=1), g(r) is r.name('date', foo=1).
      """,
    base: objectType(), vectorcallOffset: MemoryLayout<Layout>.at(\.vectorcall),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let own = view(object).pointee
        Py_XDECREF(own.name)
        Py_XDECREF(own.args)
        Py_XDECREF(own.keywords)
        PyObject_GC_Del(object)
      },
      .tp_traverse { object, visit, argument in
        let own = view(object).pointee
        return visitReferences(visit, argument, own.name, own.args, own.keywords)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.args)
        clearReference(&view(object).pointee.keywords)
        return 0
      },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_repr { object in
        guardedRepr(object) { () throws(Raised) in
          let own = view(object).pointee
          guard let name = own.name, let args = own.args else { return "" }
          let shown = try Objects.own(PyObject_Repr(name))
          var parts = [text(of: shown.ref)]
          if apus_var_size(args) > 0 { parts.append(try shownItems(args)) }
          if let keywords = own.keywords {
            var position = 0
            var key: Ref?
            var value: Ref?
            while PyDict_Next(keywords, &position, &key, &value) != 0, let key, let value {
              let name = key.retained()
              let held = value.retained()
              let shown = try Objects.own(PyObject_Repr(held.ref))
              parts.append("\(text(of: name.ref))=\(text(of: shown.ref))")
            }
          }
          return parts.joined(separator: ", ")
        }
      },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling") { object, _ in
        new { try reduced(object) }
      }
    ],
    members: [
      Member(
        "__vectorcalloffset__", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.vectorcall),
        flags: Py_READONLY)
    ],
    properties: [signature])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count < 1 {
      throw raise(
        .typeError, "methodcaller needs at least one argument, the method name")
    }
    let name = apus_tuple_item(args, 0)
    guard name.isStr else { throw raise(.typeError, "method name must be a string") }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let fields = view(object.ref)
    var held: Ref? = name.retained().give()
    PyUnicode_InternInPlace(&held)
    fields.pointee.name = held
    fields.pointee.args = try own(PyTuple_GetSlice(args, 1, count)).give()
    if let keywords, PyDict_Size(keywords) > 0 {
      fields.pointee.keywords = try own(PyDict_Copy(keywords)).give()
    }
    fields.pointee.vectorcall = vectorcall
    return object
  }

  private static let vectorcall: vectorcallfunc = { object, args, nargsf, names in
    new {
      let count = PyVectorcall_NARGS(nargsf)
      guard count == 1, let args else {
        throw raise(.typeError, "methodcaller expected 1 argument, got \(count)")
      }
      let operand = try single("methodcaller", args, nargsf, names)
      let own = view(object).pointee
      guard let name = own.name, let tail = own.args else { throw Raised() }
      if own.keywords == nil && apus_var_size(tail) == 0 {
        return try Objects.own(PyObject_CallMethodNoArgs(operand, name))
      }
      let method = try Objects.own(PyObject_GetAttr(operand, name))
      return try Objects.own(PyObject_Call(method.ref, tail, own.keywords))
    }
  }

  /// Keywords go through functools.partial, which pickles them.
  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    let own = view(object).pointee
    guard let name = own.name, let args = own.args else { throw Raised() }
    let type = object.type.object
    guard let keywords = own.keywords, PyDict_Size(keywords) > 0 else {
      let count = apus_var_size(args)
      let all = try Objects.own(PyTuple_New(count + 1))
      apus_tuple_items(all.ref)[0] = name.retained().give()
      for index in 0..<count {
        apus_tuple_items(all.ref)[index + 1] = apus_tuple_item(args, index).retained().give()
      }
      return try tuple(type.retained(), all)
    }
    let functools = try Objects.own(PyImport_ImportModule("functools"))
    let partial = try Objects.own(PyObject_GetAttrString(functools.ref, "partial"))
    let first = try tuple(type.retained(), name.retained())
    let constructor = try Objects.own(PyObject_Call(partial.ref, first.ref, keywords))
    return try tuple(constructor, args.retained())
  }
}
