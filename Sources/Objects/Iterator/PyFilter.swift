import CPythonABI

/// filter. CPython: Python/bltinmodule.c.
enum PyFilter {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<filterobject> {
    object.view(filterobject.self)
  }

  static let spec = TypeSpec(
    filterType(), "filter", basicSize: MemoryLayout<filterobject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      filter(function, iterable, /)
      --

      Make an iterator over the items for which the function is true; with None as
      the function, over the items that are true themselves.
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.func)
        Py_XDECREF(view(iterator).pointee.it)
        iterator.type.pointee.tp_free?(UnsafeMutableRawPointer(iterator))
      },
      .tp_traverse { iterator, visit, argument in
        visitReferences(visit, argument, view(iterator).pointee.it, view(iterator).pointee.`func`)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("filter", type, filterType(), keywords)
          try checkPositional("filter", apus_var_size(args), least: 2, most: 2)
          let source = try own(PyObject_GetIter(apus_tuple_item(args, 1)))
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let made = try own(allocate(type, 0))
          view(made.ref).pointee.func = apus_tuple_item(args, 0).retained().give()
          view(made.ref).pointee.it = source.give()
          return made
        }
      },
      .freesTracked,
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = view(iterator).pointee
          let args = try tuple(
            (own.func ?? noneObject()).retained(), (own.it ?? noneObject()).retained())
          return try tuple(iterator.type.object.retained(), args)
        }
      }
    ])

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator).pointee
    guard let source = own.it, let function = own.func,
      let advance = source.type.pointee.tp_iternext
    else { return nil }
    let byTruth = function.isNone || function == boolType().object
    while let item = advance(source) {
      let accepted: Int32
      if byTruth {
        accepted = PyObject_IsTrue(item)
      } else {
        guard let answer = PyObject_CallOneArg(function, item) else {
          Py_DECREF(item)
          return nil
        }
        accepted = PyObject_IsTrue(answer)
        Py_DECREF(answer)
      }
      if accepted > 0 { return item }
      Py_DECREF(item)
      if accepted < 0 { return nil }
    }
    return nil
  }
}

enum IteratorTypes {
  static let specs = [
    PySequenceIterator.spec, PyCallableIterator.spec, PyEnumerate.spec, PyReversed.spec,
    PyZip.spec, PyMap.spec, PyFilter.spec,
  ]
}
