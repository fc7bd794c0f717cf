import CPythonABI

extension PyList {
  static var spec: TypeSpec {
    TypeSpec(
      listType(), "list", basicSize: MemoryLayout<PyListObject>.size,
      flags: [.haveGC, .baseType, .listSubclass, .matchSelf, .sequence],
      doc: """
        list(iterable=(), /)
        --

        A mutable sequence of objects.

        Without an argument the list is empty; otherwise it holds the items of the iterable.
        """,
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_repr { list in new { try PyList(list).repr() } },
        .tp_hash(PyObject_HashNotImplemented),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_traverse(traverse),
        .tp_clear { list in
          PyList(list).clear()
          return 0
        },
        .tp_richcompare(richCompare),
        .tp_iter { list in new { try PyListIterator.make(over: list) } },
        .tp_init { list, args, keywords in
          status { try PyList(list).initialize(args, keywords) }
        },
        .tp_alloc(PyType_GenericAlloc),
        .tp_new(PyType_GenericNew),
        .freesTracked,
        .tp_vectorcall { type, args, flags, names in
          new { try PyList.vectorcall(type, args, PyVectorcall_NARGS(flags), names) }
        },
        .sq_length { list in apus_var_size(list) },
        .sq_concat { left, right in new { try PyList.concat(left, right) } },
        .sq_repeat { list, times in new { try PyList(list).repeated(times) } },
        .sq_item { list, index in new { try PyList(list).item(at: index).retained() } },
        .sq_ass_item { list, index, value in
          status { try PyList(list).setItem(at: index, value) }
        },
        .sq_contains { list, value in truth { try PyList(list).contains(value) } },
        .sq_inplace_concat { list, other in
          new {
            try PyList(list).extend(other)
            return list.retained()
          }
        },
        .sq_inplace_repeat { list, times in
          new {
            try PyList(list).repeatInPlace(times)
            return list.retained()
          }
        },
        .mp_length { list in apus_var_size(list) },
        .mp_subscript { list, key in new { try PyList(list).subscripted(key) } },
        .mp_ass_subscript { list, key, value in
          status { try PyList(list).setSubscript(key, value) }
        },
      ],
      methods: [
        getItem, reversed, sizeof, clearItems, copy, append, insert, extend, pop, remove, index,
        count, reverseItems, sort, classGetItem,
      ])
  }

  func initialize(_ args: Ref, _ keywords: Ref?) throws(Raised) {
    if ref.type == listType() || unsafeBitCast(ref.type.pointee.tp_new, to: Int.self)
      == unsafeBitCast(listType().pointee.tp_new, to: Int.self)
    {
      try checkNoKeywords("list", dict: keywords)
    }
    let given = apus_var_size(args)
    try checkPositional("list", given, least: 0, most: 1)
    clear()
    if given == 1 { try extend(apus_tuple_item(args, 0)) }
  }

  static func vectorcall(
    _ type: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    try checkNoKeywords("list", names: names)
    try checkPositional("list", count, least: 0, most: 1)
    let list = try own(PyType_GenericAlloc(type.asType, 0))
    if count == 1 { try PyList(list.ref).extend(args.unsafelyUnwrapped[0]) }
    return list
  }

  static let getItem = Method.o("__getitem__($self, index, /)", "self[index].") { list, key in
    new { try PyList(list).subscripted(key) }
  }.coexisting

  static let reversed: Method = .noargs(
    "__reversed__($self, /)", "An iterator from the last item to the first."
  ) { list, _ in
    new { try PyListReverseIterator.make(over: list) }
  }

  static let sizeof: Method = .noargs(
    "__sizeof__($self, /)", "The bytes of the list and its buffer."
  ) { list, _ in
    let room = Swift.max(PyList(list).object.pointee.allocated, 0)
    return PyLong_FromSsize_t(list.type.pointee.tp_basicsize + room * 8)
  }

  static let clearItems: Method = .noargs("clear($self, /)", "Removes every item.") { list, _ in
    none { PyList(list).clear() }
  }

  static let copy: Method = .noargs(
    "copy($self, /)", "A new list with the same items."
  ) { list, _ in
    new { try PyList(list).slice(0, PyList(list).count) }
  }

  static let append: Method = .o(
    "append($self, object, /)", "Adds an object behind the last item."
  ) { list, item in
    none { try PyList(list).append(item.retained()) }
  }

  static let insert: Method = .fast(
    "insert($self, index, object, /)", "Inserts an object before the index."
  ) { list, args, count in
    none {
      try checkPositional("insert", count, least: 2, most: 2)
      let args = args.unsafelyUnwrapped
      let index = try integerArgument(args[0])
      try PyList(list).insert(args[1], at: index)
    }
  }

  static let extend: Method = .o(
    "extend($self, iterable, /)", "Adds the items of an iterable behind the last item."
  ) { list, iterable in
    none { try PyList(list).extend(iterable) }
  }

  static let pop: Method = .fast(
    "pop($self, index=-1, /)",
    """
    Removes and returns the item at the index, by default the last.

    Raises IndexError if there is none.
    """
  ) { list, args, count in
    new {
      if count == 0 { return try PyList(list).pop(at: -1) }
      try checkPositional("pop", count, least: 0, most: 1)
      return try PyList(list).pop(at: integerArgument(args.unsafelyUnwrapped[0]))
    }
  }

  static let remove: Method = .o(
    "remove($self, value, /)",
    "Removes the first item equal to value.\n\nRaises ValueError if there is none."
  ) { object, value in
    none {
      let list = PyList(object)
      var index = 0
      while index < list.count {
        let item = list[index].retained()
        if try equal(item.ref, value) { return try list.replace(index, index + 1, with: nil) }
        index += 1
      }
      throw raise(.valueError, "list.remove(x): x not in list")
    }
  }

  static let index: Method = .fast(
    "index($self, value, start=0, stop=sys.maxsize, /)",
    "The first position of value between start and stop.\n\nRaises ValueError if there is none."
  ) { object, args, count in
    new {
      try checkPositional("index", count, least: 1, most: 3)
      let args = args.unsafelyUnwrapped
      let list = PyList(object)
      var start = 0
      var stop = Int.max
      if count > 1, _PyEval_SliceIndexNotNone(args[1], &start) == 0 { throw Raised() }
      if count > 2, _PyEval_SliceIndexNotNone(args[2], &stop) == 0 { throw Raised() }
      let size = list.count
      if start < 0 { start = Swift.max(start &+ size, 0) }
      if stop < 0 { stop = Swift.max(stop &+ size, 0) }
      var position = start
      while position < stop && position < list.count {
        let item = list[position].retained()
        if try equal(item.ref, args[0]) { return try own(PyLong_FromSsize_t(position)) }
        position += 1
      }
      let text = try own(PyObject_Repr(args[0]))
      throw raise(.valueError, "\(Objects.text(of: text.ref)) is not in list")
    }
  }

  static let count: Method = .o("count($self, value, /)", "How often value occurs.") { object, value in
    new {
      let list = PyList(object)
      var found = 0
      var index = 0
      while index < list.count {
        let item = list[index]
        if item == value {
          found += 1
        } else {
          let held = item.retained()
          if try equal(held.ref, value) { found += 1 }
        }
        index += 1
      }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let reverseItems: Method = .noargs(
    "reverse($self, /)", "Reverses the order of the items in place."
  ) { list, _ in
    none { PyList(list).reverse() }
  }

  static let sort: Method = .keywords(
    "sort($self, /, *, key=None, reverse=False)",
    """
    Sorts the items in place, smallest first.

    Items that compare equal keep their order. With key, items are compared by
    key(item); with reverse=True the largest comes first.
    """
  ) { list, args, count, names in
    none {
      let given = try Arguments(sort, args, count, names)
      try PyList(list).sort(key: given.optional(0), reverse: given.bool(1))
    }
  }

  static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585."
  ) { type, item in
    Py_GenericAlias(type, item)
  }.classMethod
}

/// An argument with `__index__` as an Int: TypeError for others, OverflowError beyond 64 bits.
@inline(__always)
func integerArgument(_ value: Ref) throws(Raised) -> Int {
  if value.isExactInt && apus_long_is_compact(value) != 0 { return apus_long_compact_value(value) }
  let number = try own(PyNumber_Index(value))
  return try check(PyLong_AsSsize_t(number.ref))
}

/// The types of this folder.
enum ListTypes {
  static var specs: [TypeSpec] { [PyList.spec, PyListIterator.spec, PyListReverseIterator.spec] }
}
