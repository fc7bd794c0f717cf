import CPythonABI

/// zip. CPython: Python/bltinmodule.c.
enum PyZip {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<zipobject> {
    object.view(zipobject.self)
  }

  static let spec = TypeSpec(
    zipType(), "zip", basicSize: MemoryLayout<zipobject>.size, flags: [.haveGC, .baseType],
    doc: """
      zip(*iterables, strict=False)
      --

      Iterate over several iterables in parallel: each tuple holds one item of each.

         >>> list(zip('abcdefg', range(3), range(4)))
         [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]

      The shortest iterable ends it. With strict=True, ValueError is raised when one
      of the others goes on.
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.ittuple)
        Py_XDECREF(view(iterator).pointee.result)
        iterator.type.pointee.tp_free?(UnsafeMutableRawPointer(iterator))
      },
      .tp_traverse { iterator, visit, argument in
        visitReferences(
          visit, argument, view(iterator).pointee.ittuple, view(iterator).pointee.result)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .freesTracked,
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = view(iterator).pointee
          let type = iterator.type.object.retained()
          let iterators = (own.ittuple ?? noneObject()).retained()
          if own.strict != 0 { return try tuple(type, iterators, trueObject().retained()) }
          return try tuple(type, iterators)
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { iterator, state in
        none { view(iterator).pointee.strict = try check(PyObject_IsTrue(state)) }
      },
    ])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let strict = try strictness(keywords)
    let count = apus_var_size(args)
    let iterators = try own(PyTuple_New(count))
    for index in 0..<count {
      apus_tuple_items(iterators.ref)[index] = try own(
        PyObject_GetIter(apus_tuple_item(args, index))
      ).give()
    }
    let result = try own(PyTuple_New(count))
    for index in 0..<count { apus_tuple_items(result.ref)[index] = noneObject() }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let made = try own(allocate(type, 0))
    let fields = view(made.ref)
    fields.pointee.tuplesize = count
    fields.pointee.ittuple = iterators.give()
    fields.pointee.result = result.give()
    fields.pointee.strict = strict ? 1 : 0
    return made
  }

  private static func strictness(_ keywords: Ref?) throws(Raised) -> Bool {
    guard let keywords else { return false }
    let count = PyDict_Size(keywords)
    if count > 1 {
      throw raise(
        .typeError, "zip() takes at most 1 keyword argument (\(count) given)")
    }
    var position = 0
    var key: Ref?
    var value: Ref?
    var strict = false
    while PyDict_Next(keywords, &position, &key, &value) != 0, let key, let value {
      guard key.isStr, text(of: key) == "strict" else {
        throw unexpectedKeyword("zip()", text(of: key), among: ["strict"])
      }
      strict = try check(PyObject_IsTrue(value)) != 0
    }
    return strict
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator)
    let count = own.pointee.tuplesize
    guard count > 0, let sources = own.pointee.ittuple, let known = own.pointee.result else {
      return nil
    }
    if known.pointee.ob_refcnt == 1 {
      Py_INCREF(known)
      let items = apus_tuple_items(known)
      for index in 0..<count {
        let source = apus_tuple_item(sources, index)
        guard let item = source.type.pointee.tp_iternext?(source) else {
          Py_DECREF(known)
          return ended(iterator, index)
        }
        let old = items[index]
        items[index] = item
        Py_XDECREF(old)
      }
      if _PyObject_GC_IS_TRACKED(known) == 0 { apus_gc_track(known) }
      return known
    }
    guard let result = PyTuple_New(count) else { return nil }
    for index in 0..<count {
      let source = apus_tuple_item(sources, index)
      guard let item = source.type.pointee.tp_iternext?(source) else {
        Py_DECREF(result)
        return ended(iterator, index)
      }
      apus_tuple_items(result)[index] = item
    }
    return result
  }

  /// Source `index` ended: with `strict`, ValueError unless all end together.
  private static func ended(_ iterator: Ref, _ index: Int) -> Ref? {
    let own = view(iterator).pointee
    guard own.strict != 0, let sources = own.ittuple else { return nil }
    if hasRaised() {
      if PyErr_ExceptionMatches(.stopIteration) == 0 { return nil }
      PyErr_Clear()
    }
    if index > 0 {
      let others = index == 1 ? " 1" : "s 1-\(index)"
      _ = raise(.valueError, "zip() argument \(index + 1) is shorter than argument\(others)")
      return nil
    }
    for other in 1..<Swift.max(own.tuplesize, 1) {
      let source = apus_tuple_item(sources, other)
      if let item = source.type.pointee.tp_iternext?(source) {
        Py_DECREF(item)
        let before = other == 1 ? " 1" : "s 1-\(other)"
        _ = raise(.valueError, "zip() argument \(other + 1) is longer than argument\(before)")
        return nil
      }
      if hasRaised() {
        if PyErr_ExceptionMatches(.stopIteration) == 0 { return nil }
        PyErr_Clear()
      }
    }
    return nil
  }
}
