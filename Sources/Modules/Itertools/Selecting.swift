import CPythonABI
import Objects

/// Makes an instance from `(function, iterable)`.
private func make(
  _ type: TypeRef, _ base: TypeRef, _ name: String, _ args: Ref, _ keywords: Ref?
) throws(Raised) -> Owned {
  try noKeywords(type, base, name, keywords)
  try checkPositional(name, apus_var_size(args), least: 2, most: 2)
  let source = try own(PyObject_GetIter(apus_tuple_item(args, 1)))
  return try made(type, source, apus_tuple_item(args, 0))
}

/// The truth of `function(item)`; -1 with an exception.
private func decide(_ function: Ref, _ item: Ref) -> Int32 {
  guard let answer = PyObject_CallOneArg(function, item) else { return -1 }
  let truth = PyObject_IsTrue(answer)
  Py_DECREF(answer)
  return truth
}

/// `(type, (function, source), count)`: the state is a flag.
private func reducedWithFlag(_ object: Ref) throws(Raised) -> Owned {
  try warnPickling()
  let own = view(object).pointee
  let args = try tuple(orNone(own.function), orNone(own.source))
  return try tuple(typeOf(object), args, int(own.count))
}

private func setFlag(_ object: Ref, _ state: Ref) throws(Raised) {
  try warnPickling()
  view(object).pointee.count = Int(try check(PyObject_IsTrue(state)))
}

private let reduceWithFlag = Method.noargs("__reduce__", "Return state information for pickling.") { object, _ in
  new { try reducedWithFlag(object) }
}
private let setStateFlag = Method.o("__setstate__", "Set state information for unpickling.") { object, state in
  none { try setFlag(object, state) }
}

private let reducePair = Method.noargs("__reduce__", "Return state information for pickling.") { object, _ in
  new {
    try warnPickling()
    let own = view(object).pointee
    let args = try tuple(orNone(own.function), orNone(own.source))
    return try tuple(typeOf(object), args)
  }
}

/// itertools.dropwhile. `count` is 1 once dropping is over.
enum DropWhile {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = iteratorSpec(
    type, "itertools.dropwhile",
    """
    dropwhile(predicate, iterable, /)
    --

    Drop items from the iterable while predicate(item) is true.

    Afterwards, return every element until the iterable is exhausted.
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, Self.type, "dropwhile", args, keywords) }
    },
    next: .tp_iternext { object in
      guard let source = view(object).pointee.source, let function = view(object).pointee.function
      else { return nil }
      while let item = advance(source) {
        if view(object).pointee.count == 1 { return item }
        let holds = decide(function, item)
        if holds == 0 {
          view(object).pointee.count = 1
          return item
        }
        Py_DECREF(item)
        if holds < 0 { return nil }
      }
      return nil
    }, methods: [reduceWithFlag, setStateFlag])
}

/// itertools.takewhile. `count` is 1 once the predicate failed.
enum TakeWhile {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = iteratorSpec(
    type, "itertools.takewhile",
    """
    takewhile(predicate, iterable, /)
    --

    Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, Self.type, "takewhile", args, keywords) }
    },
    next: .tp_iternext { object in
      let own = view(object)
      guard own.pointee.count == 0, let source = own.pointee.source,
        let function = own.pointee.function, let item = advance(source)
      else { return nil }
      let holds = decide(function, item)
      if holds == 1 { return item }
      Py_DECREF(item)
      if holds == 0 { own.pointee.count = 1 }
      return nil
    }, methods: [reduceWithFlag, setStateFlag])
}

/// itertools.filterfalse.
enum FilterFalse {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = iteratorSpec(
    type, "itertools.filterfalse",
    """
    filterfalse(function, iterable, /)
    --

    Return those items of iterable for which function(item) is false.

    If function is None, return the items that are false.
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, Self.type, "filterfalse", args, keywords) }
    },
    next: .tp_iternext { object in
      guard let source = view(object).pointee.source, let function = view(object).pointee.function
      else { return nil }
      let byTruth = function.isNone || function == boolType().object
      while let item = advance(source) {
        let holds = byTruth ? PyObject_IsTrue(item) : decide(function, item)
        if holds == 0 { return item }
        Py_DECREF(item)
        if holds < 0 { return nil }
      }
      return nil
    }, methods: [reducePair])
}

/// itertools.starmap.
enum StarMap {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let spec = iteratorSpec(
    type, "itertools.starmap",
    """
    starmap(function, iterable, /)
    --

    Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, Self.type, "starmap", args, keywords) }
    },
    next: .tp_iternext { object in
      guard let source = view(object).pointee.source, let function = view(object).pointee.function,
        let item = advance(source)
      else { return nil }
      defer { Py_DECREF(item) }
      if item.isExactTuple { return PyObject_Call(function, item, nil) }
      guard let args = PySequence_Tuple(item) else { return nil }
      defer { Py_DECREF(args) }
      return PyObject_Call(function, args, nil)
    }, methods: [reducePair])
}

/// itertools.compress. `function` is the iterator over the selectors.
enum Compress {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "compress(data, selectors)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.compress",
    """
    compress(data, selectors)
    --

    Return data elements corresponding to true selector elements.

    The shorter of the two inputs ends it.
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let data = try own(PyObject_GetIter(a.object(0)))
        let selectors = try own(PyObject_GetIter(a.object(1)))
        return try made(type, data, selectors.ref)
      }
    },
    next: .tp_iternext { object in
      guard let data = view(object).pointee.source, let selectors = view(object).pointee.function
      else { return nil }
      while let item = advance(data) {
        guard let selector = advance(selectors) else {
          Py_DECREF(item)
          return nil
        }
        let chosen = PyObject_IsTrue(selector)
        Py_DECREF(selector)
        if chosen == 1 { return item }
        Py_DECREF(item)
        if chosen < 0 { return nil }
      }
      return nil
    },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = view(object).pointee
          let args = try tuple(orNone(own.source), orNone(own.function))
          return try tuple(typeOf(object), args)
        }
      }
    ])
}

/// itertools.islice. `count` is the place of the next item of the source, `limit` where to stop or
/// -1, `step` the stride, `indices` (one) the place to deliver next.
enum ISlice {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.islice",
    """
    islice(iterable, stop) --> islice object
    islice(iterable, start, stop[, step]) --> islice object

    Make an iterator over selected items of an iterable: those a slice would
    select, without negative places. Items before start are skipped; step says how
    many items to go on after each one delivered. It works like a slice of a list,
    but delivers one item after the other.
    """,
    new: .tp_new { type, args, keywords in
      new {
        try noKeywords(type, Self.type, "islice", keywords)
        return try make(type, args)
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
          view(object).pointee.count = try check(PyLong_AsSsize_t(state))
        }
      },
    ])

  /// A start, stop or step: None is `fallback`, what is no number -1.
  private static func place(_ value: Ref, _ fallback: Int) -> Int {
    if value.isNone { return fallback }
    let number = PyNumber_AsSsize_t(value, .overflowError)
    if number == -1 && hasRaised() { PyErr_Clear() }
    return number
  }

  private static func make(_ type: TypeRef, _ args: Ref) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    try checkPositional("islice", count, least: 2, most: 4)
    let stopArgument = apus_tuple_item(args, count == 2 ? 1 : 2)
    let stop = place(stopArgument, -1)
    if stop == -1 && !stopArgument.isNone {
      throw raise(
        .valueError,
        "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    }
    let start = count > 2 ? place(apus_tuple_item(args, 1), 0) : 0
    if start < 0 || stop < -1 {
      throw raise(
        .valueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    }
    var step = 1
    if count == 4 {
      let value = place(apus_tuple_item(args, 3), 1)
      if value < 1 {
        throw raise(.valueError, "Step for islice() must be a positive integer or None.")
      }
      step = value
    }
    let source = try own(PyObject_GetIter(apus_tuple_item(args, 0)))
    let object = try made(type, source)
    let fields = view(object.ref)
    fields.pointee.indices = try indexTable(1)
    fields.pointee.indices?.pointee = start
    fields.pointee.limit = stop
    fields.pointee.step = step
    return object
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let source = own.pointee.source, let place = own.pointee.indices else { return nil }
    let held = source.retained()
    let stop = own.pointee.limit
    func end() -> Ref? {
      clearReference(&own.pointee.source)
      return nil
    }
    while own.pointee.count < place.pointee {
      guard let skipped = advance(held.ref) else { return end() }
      Py_DECREF(skipped)
      own.pointee.count += 1
    }
    if stop != -1 && own.pointee.count >= stop { return end() }
    guard let item = advance(held.ref) else { return end() }
    own.pointee.count += 1
    let before = place.pointee
    let (following, overflow) = before.addingReportingOverflow(own.pointee.step)
    place.pointee = overflow || (stop != -1 && following > stop) ? stop : following
    if overflow && stop == -1 { place.pointee = Int.max }
    return item
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    guard let source = own.source else {
      let empty = try Objects.own(PyList_New(0))
      let iterator = try Objects.own(PyObject_GetIter(empty.ref))
      let args = try tuple(iterator, int(0))
      return try tuple(typeOf(object), args, int(0))
    }
    let stop = own.limit == -1 ? noneObject().retained() : try int(own.limit)
    let start = try int(own.indices?.pointee ?? 0)
    let args = try tuple(source.retained(), start, stop, int(own.step))
    return try tuple(typeOf(object), args, int(own.count))
  }
}
