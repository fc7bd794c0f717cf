import CPythonABI

/// map. CPython: Python/bltinmodule.c.
enum PyMap {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<mapobject> {
    object.view(mapobject.self)
  }

  static let spec = TypeSpec(
    mapType(), "map", basicSize: MemoryLayout<mapobject>.size, flags: [.haveGC, .baseType],
    doc: """
      map(function, iterable, /, *iterables)
      --

      Make an iterator that computes the function with one argument from each of the
      iterables. It ends with the shortest of them.
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.iters)
        Py_XDECREF(view(iterator).pointee.func)
        iterator.type.pointee.tp_free?(UnsafeMutableRawPointer(iterator))
      },
      .tp_traverse { iterator, visit, argument in
        visitReferences(
          visit, argument, view(iterator).pointee.iters, view(iterator).pointee.`func`)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("map", type, mapType(), keywords)
          return try make(type, args)
        }
      },
      .freesTracked,
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = view(iterator).pointee
          guard let iterators = own.iters, let function = own.func else {
            throw raise(.systemError, "map is not initialised")
          }
          let count = apus_var_size(iterators)
          let args = try Objects.own(PyTuple_New(count + 1))
          apus_tuple_items(args.ref)[0] = function.retained().give()
          for index in 0..<count {
            apus_tuple_items(args.ref)[index + 1] = apus_tuple_item(iterators, index).retained()
              .give()
          }
          return try tuple(iterator.type.object.retained(), args)
        }
      }
    ])

  private static func make(_ type: TypeRef, _ args: Ref) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count < 2 { throw raise(.typeError, "map() must have at least two arguments.") }
    let iterators = try own(PyTuple_New(count - 1))
    for index in 1..<count {
      apus_tuple_items(iterators.ref)[index - 1] = try own(
        PyObject_GetIter(apus_tuple_item(args, index))
      ).give()
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let made = try own(allocate(type, 0))
    view(made.ref).pointee.iters = iterators.give()
    view(made.ref).pointee.func = apus_tuple_item(args, 0).retained().give()
    return made
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator).pointee
    guard let iterators = own.iters, let function = own.func else { return nil }
    let count = apus_var_size(iterators)
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: count + 1) { room in
      guard let base = room.baseAddress else { return nil }
      // One place before the arguments for a callee that prepends.
      base.initialize(to: function)
      var filled = 0
      defer { for index in 0..<filled { Py_DECREF(base[index + 1]) } }
      while filled < count {
        let source = apus_tuple_item(iterators, filled)
        guard let item = source.type.pointee.tp_iternext?(source) else { return nil }
        (base + filled + 1).initialize(to: item)
        filled += 1
      }
      return PyObject_Vectorcall(function, base + 1, count | argumentsOffset, nil)
    }
  }
}
