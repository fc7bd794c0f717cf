import CPythonABI
import Objects

/// itertools.chain. `source` is the iterator over the iterables, `value` the one being read.
enum Chain {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.chain",
    """
    chain(*iterables)
    --

    Return a chain object whose .__next__() method returns elements from the
    first iterable until it is exhausted, then elements from the next
    iterable, until all of the iterables are exhausted.
    """,
    new: .tp_new { type, args, keywords in
      new {
        try noKeywords(type, Self.type, "chain", keywords)
        let source = try own(PyObject_GetIter(args))
        return try made(type, source)
      }
    },
    next: .tp_iternext { next($0) },
    methods: [fromIterable, reduce, setState, classGetItem])

  private static let fromIterable = Method.o(
    "from_iterable($type, iterable, /)",
    "Alternative chain() constructor taking a single iterable argument that evaluates lazily."
  ) { type, iterable in
    new {
      let source = try own(PyObject_GetIter(iterable))
      return try made(type.asType, source)
    }
  }.classMethod

  private static let reduce: Method = .noargs("__reduce__", "Return state information for pickling.") { object, _ in
    new {
      try warnPickling()
      let own = view(object).pointee
      let empty = try Objects.own(PyTuple_New(0))
      guard let source = own.source else { return try tuple(typeOf(object), empty) }
      guard let active = own.value else {
        let state = try tuple(source.retained())
        return try tuple(typeOf(object), empty, state)
      }
      let state = try tuple(source.retained(), active.retained())
      return try tuple(typeOf(object), empty, state)
    }
  }

  private static let setState: Method = .o("__setstate__", "Set state information for unpickling.") { object, state in
    none {
      try warnPickling()
      try stateTuple(state)
      let count = apus_var_size(state)
      if count < 1 || count > 2 {
        throw raise(
          .typeError,
          "function takes at \(count < 1 ? "least 1 argument" : "most 2 arguments") (\(count) given)")
      }
      let source = apus_tuple_item(state, 0)
      let active = count == 2 ? apus_tuple_item(state, 1) : nil
      guard PyIter_Check(source) != 0, active.map({ PyIter_Check($0) != 0 }) ?? true else {
        throw raise(.typeError, "Arguments must be iterators.")
      }
      replaceReference(&view(object).pointee.source, source.retained().give())
      replaceReference(&view(object).pointee.value, active.map { $0.retained().give() })
    }
  }

  private static let classGetItem = Method.o("__class_getitem__", "See PEP 585") {
    Py_GenericAlias($0, $1)
  }.classMethod

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    while let source = own.pointee.source {
      if own.pointee.value == nil {
        guard let iterable = PyIter_Next(source) else {
          clearReference(&own.pointee.source)
          return nil
        }
        let active = PyObject_GetIter(iterable)
        Py_DECREF(iterable)
        guard let active else {
          clearReference(&own.pointee.source)
          return nil
        }
        replaceReference(&own.pointee.value, active)
      }
      guard let active = own.pointee.value else { return nil }
      if let item = advance(active) { return item }
      if !endedQuietly() { return nil }
      clearReference(&own.pointee.value)
    }
    return nil
  }
}

/// itertools.accumulate. `value` is the total, `extra` an initial value not delivered yet.
enum Accumulate {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "accumulate(iterable, func=None, *, initial=None)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.accumulate",
    """
    accumulate(iterable, func=None, *, initial=None)
    --

    Return series of accumulated sums.
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let source = try own(PyObject_GetIter(a.object(0)))
        let object = try made(type, source, a.optional(1))
        if let initial = a.optional(2) {
          view(object.ref).pointee.extra = initial.retained().give()
        }
        return object
      }
    },
    next: .tp_iternext { next($0) },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reduced(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none {
          try warnPickling()
          replaceReference(&view(object).pointee.value, state.retained().give())
        }
      },
    ])

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    if let initial = own.pointee.extra {
      own.pointee.extra = nil
      Py_INCREF(initial)
      own.pointee.value = initial
      return initial
    }
    guard let source = own.pointee.source, let item = advance(source) else { return nil }
    guard let total = own.pointee.value else {
      Py_INCREF(item)
      own.pointee.value = item
      return item
    }
    let sum = own.pointee.function.map { call($0, total, item) } ?? PyNumber_Add(total, item)
    Py_DECREF(item)
    guard let sum else { return nil }
    Py_INCREF(sum)
    replaceReference(&own.pointee.value, sum)
    return sum
  }

  /// A chain of one object and the source.
  private static func chained(_ first: Ref, _ source: Ref?) throws(Raised) -> Owned {
    let single = try tuple(first.retained())
    let parts = try tuple(single, orNone(source))
    return try own(PyObject_Call(Chain.type.object, parts.ref, nil))
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    if let initial = own.extra {
      let source = try chained(initial, own.source)
      let args = try tuple(source, orNone(own.function))
      return try tuple(typeOf(object), args, noneObject().retained())
    }
    // A total of None cannot be told from no total: the first item is dropped again instead.
    if let total = own.value, total.isNone {
      let source = try chained(total, own.source)
      let fresh = try tuple(source, orNone(own.function))
      let inner = try Objects.own(PyObject_Call(type.object, fresh.ref, nil))
      let args = try tuple(inner, int(1), noneObject().retained())
      return try tuple(ISlice.type.object.retained(), args)
    }
    let args = try tuple(orNone(own.source), orNone(own.function))
    return try tuple(typeOf(object), args, orNone(own.value))
  }
}

/// itertools.pairwise. `value` is the item before, `extra` the pair, used again when it is free.
enum Pairwise {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.pairwise",
    """
    pairwise(iterable, /)
    --

    Return an iterator of overlapping pairs taken from the input iterator.

        s -> (s0,s1), (s1,s2), (s2, s3), ...
    """,
    new: .tp_new { type, args, keywords in
      new {
        try noKeywords(type, Self.type, "pairwise", keywords)
        try checkPositional("pairwise", apus_var_size(args), least: 1, most: 1)
        let source = try own(PyObject_GetIter(apus_tuple_item(args, 0)))
        return try made(type, source)
      }
    },
    next: .tp_iternext { next($0) })

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    if own.pointee.value == nil {
      guard let source = own.pointee.source else { return nil }
      let held = source.retained()
      let first = advance(held.ref)
      replaceReference(&own.pointee.value, first)
      if first == nil {
        clearReference(&own.pointee.source)
        return nil
      }
    }
    guard let source = own.pointee.source, let before = own.pointee.value else {
      clearReference(&own.pointee.value)
      return nil
    }
    let held = source.retained()
    Py_INCREF(before)
    guard let item = advance(held.ref) else {
      Py_DECREF(before)
      clearReference(&own.pointee.source)
      clearReference(&own.pointee.value)
      return nil
    }
    Py_INCREF(item)
    replaceReference(&own.pointee.value, item)
    return new { try tuple(Owned(adopting: before), Owned(adopting: item)) }
  }
}

/// itertools.batched. `limit` is the size of a batch, `count` 1 when all must be full.
enum Batched {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "batched(iterable, n, *, strict=False)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.batched",
    """
    batched(iterable, n, *, strict=False)
    --

    Batch data into tuples of length n. The last batch may be shorter than n.

    With strict, ValueError is raised when it is shorter.

        >>> list(batched('abcde', 2))
        [('a', 'b'), ('c', 'd'), ('e',)]
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let size = try a.index(1)
        let strict = try a.bool(2)
        if size < 1 { throw raise(.valueError, "n must be at least one") }
        let source = try own(PyObject_GetIter(a.object(0)))
        let object = try made(type, source)
        view(object.ref).pointee.limit = size
        view(object.ref).pointee.count = strict ? 1 : 0
        return object
      }
    },
    next: .tp_iternext { next($0) })

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let source = own.pointee.source else { return nil }
    let held = source.retained()
    let size = own.pointee.limit
    // The batch may be much smaller than n: items are gathered first.
    guard let items = PyList_New(0) else { return nil }
    defer { Py_DECREF(items) }
    while apus_var_size(items) < size {
      guard let item = advance(held.ref) else {
        if !endedQuietly() {
          clearReference(&own.pointee.source)
          return nil
        }
        let got = apus_var_size(items)
        if got == 0 || own.pointee.count == 1 { clearReference(&own.pointee.source) }
        if got == 0 { return nil }
        if own.pointee.count == 1 {
          _ = raise(.valueError, "batched(): incomplete batch")
          return nil
        }
        break
      }
      let failed = PyList_Append(items, item)
      Py_DECREF(item)
      if failed < 0 { return nil }
    }
    return PyList_AsTuple(items)
  }
}

/// itertools.zip_longest. `value` is the tuple of iterators (NULL where one ended), `extra` the
/// fill value, `count` how many are left, `limit` how many there were.
enum ZipLongest {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.zip_longest",
    """
    zip_longest(*iterables, fillvalue=None)
    --

    Return a zip_longest object whose .__next__() method returns a tuple with one
    item of each iterable. It goes on until the longest of them is exhausted; the
    fill value stands in for those that ended before.
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, args, keywords) }
    },
    next: .tp_iternext { next($0) },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reduced(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none {
          try warnPickling()
          replaceReference(&view(object).pointee.extra, state.retained().give())
        }
      },
    ])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    var fill = noneObject()
    if let keywords, PyDict_Size(keywords) > 0 {
      guard PyDict_Size(keywords) == 1, let value = PyDict_GetItemString(keywords, "fillvalue")
      else {
        throw raise(
          .typeError, "zip_longest() got an unexpected keyword argument")
      }
      fill = value
    }
    let count = apus_var_size(args)
    let iterators = try own(PyTuple_New(count))
    for index in 0..<count {
      apus_tuple_items(iterators.ref)[index] = try own(
        PyObject_GetIter(apus_tuple_item(args, index))
      ).give()
    }
    let object = try allocated(type)
    view(object.ref).pointee.value = iterators.give()
    view(object.ref).pointee.extra = fill.retained().give()
    view(object.ref).pointee.count = count
    view(object.ref).pointee.limit = count
    return object
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard own.pointee.count > 0, let iterators = own.pointee.value else { return nil }
    guard let result = PyTuple_New(own.pointee.limit) else { return nil }
    for index in 0..<own.pointee.limit {
      var item: Ref?
      if let source = apus_tuple_items(iterators)[index] {
        item = advance(source)
        if item == nil {
          own.pointee.count -= 1
          if own.pointee.count == 0 || !endedQuietly() {
            own.pointee.count = 0
            Py_DECREF(result)
            return nil
          }
          clearReference(apus_tuple_items(iterators) + index)
        }
      }
      apus_tuple_items(result)[index] = item ?? orNone(own.pointee.extra).give()
    }
    return result
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    let args = try Objects.own(PyTuple_New(own.limit))
    for index in 0..<own.limit {
      if let iterators = own.value, let source = apus_tuple_items(iterators)[index] {
        apus_tuple_items(args.ref)[index] = source.retained().give()
      } else {
        apus_tuple_items(args.ref)[index] = try Objects.own(PyTuple_New(0)).give()
      }
    }
    return try tuple(typeOf(object), args, orNone(own.extra))
  }
}
