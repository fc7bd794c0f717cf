import CPythonABI

extension PyTuple {
  static var spec: TypeSpec {
    TypeSpec(
      tupleType(), "tuple", basicSize: 24, itemSize: 8,
      flags: [.haveGC, .baseType, .tupleSubclass, .matchSelf, .sequence],
      doc: """
        tuple(iterable=(), /)
        --

        An immutable sequence of objects.

        Without an argument the tuple is empty; otherwise it holds the items of the iterable.
        A tuple given as the argument is returned itself.
        """,
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_repr { tuple in new { try PyTuple(tuple).repr() } },
        .tp_hash(hash),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_traverse(traverse),
        .tp_richcompare(richCompare),
        .tp_iter { tuple in new { try PyTupleIterator.make(over: tuple) } },
        .tp_new { type, args, keywords in new { try PyTuple.construct(type, args, keywords) } },
        .freesTracked,
        .tp_vectorcall { type, args, flags, names in
          new { try PyTuple.vectorcall(type, args, PyVectorcall_NARGS(flags), names) }
        },
        .sq_length { tuple in apus_var_size(tuple) },
        .sq_concat { left, right in new { try PyTuple.concat(left, right) } },
        .sq_repeat { tuple, times in new { try PyTuple(tuple).repeated(times) } },
        .sq_item { tuple, index in new { try PyTuple(tuple).item(at: index).retained() } },
        .sq_contains { tuple, value in truth { try PyTuple(tuple).contains(value) } },
        .mp_length { tuple in apus_var_size(tuple) },
        .mp_subscript { tuple, key in new { try PyTuple(tuple).subscripted(key) } },
      ],
      methods: [getNewArguments, index, count, classGetItem])
  }

  static let getNewArguments: Method = .noargs(
    "__getnewargs__($self, /)", "The arguments for __new__ that make an equal tuple."
  ) { tuple, _ in
    new {
      let items = UnsafeRawPointer(PyTuple(tuple).items).assumingMemoryBound(to: Ref.self)
      let copy = tuple.isExactTuple
        ? tuple.retained() : try PyTuple.make(from: items, count: PyTuple(tuple).count)
      return try PyTuple.single(copy.ref)
    }
  }

  static let index: Method = .fast(
    "index($self, value, start=0, stop=sys.maxsize, /)",
    "The first position of value between start and stop.\n\nRaises ValueError if there is none."
  ) { tuple, args, count in
    new {
      try checkPositional("index", count, least: 1, most: 3)
      let args = args.unsafelyUnwrapped
      let tuple = PyTuple(tuple)
      var start = 0
      var stop = Int.max
      if count > 1, _PyEval_SliceIndexNotNone(args[1], &start) == 0 { throw Raised() }
      if count > 2, _PyEval_SliceIndexNotNone(args[2], &stop) == 0 { throw Raised() }
      let size = tuple.count
      if start < 0 { start = Swift.max(start &+ size, 0) }
      if stop < 0 { stop = stop &+ size }
      stop = Swift.min(stop, size)
      while start < stop {
        if try equal(tuple[start], args[0]) { return try own(PyLong_FromSsize_t(start)) }
        start += 1
      }
      throw raise(.valueError, "tuple.index(x): x not in tuple")
    }
  }

  static let count: Method = .o(
    "count($self, value, /)", "How often value occurs."
  ) { tuple, value in
    new {
      let tuple = PyTuple(tuple)
      var found = 0
      for index in 0..<tuple.count where try equal(tuple[index], value) { found += 1 }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585."
  ) { type, item in
    Py_GenericAlias(type, item)
  }.classMethod

  // MARK: Construction

  static func construct(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    if type == tupleType() || unsafeBitCast(type.pointee.tp_init, to: Int.self)
      == unsafeBitCast(tupleType().pointee.tp_init, to: Int.self)
    {
      try checkNoKeywords("tuple", dict: keywords)
    }
    let given = apus_var_size(args)
    try checkPositional("tuple", given, least: 0, most: 1)
    return try construct(type, from: given == 0 ? nil : apus_tuple_item(args, 0))
  }

  static func construct(_ type: TypeRef, from iterable: Ref?) throws(Raised) -> Owned {
    if type == tupleType() {
      guard let iterable else { return Owned(adopting: emptyTuple()) }
      return try own(PySequence_Tuple(iterable))
    }
    let plain = try construct(tupleType(), from: iterable)
    let count = apus_var_size(plain.ref)
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let result = try own(allocate(type, count))
    copyRetaining(apus_tuple_items(plain.ref), to: apus_tuple_items(result.ref), count: count)
    return result
  }

  static func vectorcall(
    _ type: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    try checkNoKeywords("tuple", names: names)
    try checkPositional("tuple", count, least: 0, most: 1)
    return try construct(type.asType, from: count == 0 ? nil : args.unsafelyUnwrapped[0])
  }
}

/// The types of this folder.
enum TupleTypes {
  static var specs: [TypeSpec] { [PyTuple.spec, PyTupleIterator.spec] }
}
