import CPythonABI
import Objects

// The generators of combinatorics. `source` is the pool (a tuple; of product a tuple of tuples),
// `value` the tuple delivered last, `limit` how long the results are, `count` 1 once exhausted,
// `indices` the places of the last result's items in the pool.

/// The result as a tuple made from the indices; the one delivered last when nobody else holds it.
private func reusable(_ object: Ref) throws(Raised) -> Ref {
  let own = view(object)
  guard let known = own.pointee.value else { throw Raised() }
  if known.pointee.ob_refcnt == 1 {
    // The collector may have let go of it.
    if _PyObject_GC_IS_TRACKED(known) == 0 { PyObject_GC_Track(known) }
    return known
  }
  let count = apus_var_size(known)
  let copy = try Objects.own(PyTuple_New(count))
  for index in 0..<count {
    apus_tuple_items(copy.ref)[index] = apus_tuple_item(known, index).retained().give()
  }
  let made = copy.give()
  replaceReference(&own.pointee.value, made)
  return made
}

@inline(__always)
private func put(_ tuple: Ref, _ index: Int, _ item: Ref) {
  Py_INCREF(item)
  let slot = apus_tuple_items(tuple) + index
  let old = slot.pointee
  slot.pointee = item
  Py_XDECREF(old)
}

/// Hands out the stored result.
private func delivered(_ object: Ref) -> Ref? {
  Py_XINCREF(view(object).pointee.value)
  return view(object).pointee.value
}

/// The indices as a tuple of ints.
private func indexTuple(_ object: Ref, _ count: Int) throws(Raised) -> Owned {
  let result = try own(PyTuple_New(count))
  for index in 0..<count {
    apus_tuple_items(result.ref)[index] = try int(view(object).pointee.indices?[index] ?? 0).give()
  }
  return result
}

/// `((), limit)`: the arguments of an exhausted iterator.
private func exhaustedArguments(_ object: Ref) throws(Raised) -> Owned {
  let empty = try own(PyTuple_New(0))
  return try tuple(empty, int(view(object).pointee.limit))
}

/// `(type, (pool, r), state)` of the generators with a length.
private func reducedSelection(_ object: Ref) throws(Raised) -> Owned {
  try warnPickling()
  let own = view(object).pointee
  if own.value == nil {
    let args = try tuple(orNone(own.source), int(own.limit))
    return try tuple(typeOf(object), args)
  }
  if own.count == 1 {
    let args = try exhaustedArguments(object)
    return try tuple(typeOf(object), args)
  }
  let args = try tuple(orNone(own.source), int(own.limit))
  let state = try indexTuple(object, own.limit)
  return try tuple(typeOf(object), args, state)
}

/// Sets the indices from a tuple, each clipped to what is possible, and the result with them.
private func setSelection(
  _ object: Ref, _ state: Ref, _ highest: (Int) -> Int
) throws(Raised) {
  try warnPickling()
  let own = view(object)
  let count = own.pointee.limit
  guard state.isTuple, apus_var_size(state) == count, let pool = own.pointee.source,
    let indices = own.pointee.indices
  else { throw raise(.valueError, "invalid arguments") }
  let result = try Objects.own(PyTuple_New(count))
  for index in 0..<count {
    let place = try check(PyLong_AsSsize_t(apus_tuple_item(state, index)))
    let clipped = Swift.min(Swift.max(place, 0), Swift.max(highest(index), 0))
    guard clipped < apus_var_size(pool) else { throw raise(.valueError, "invalid arguments") }
    indices[index] = clipped
    apus_tuple_items(result.ref)[index] = apus_tuple_item(pool, clipped).retained().give()
  }
  replaceReference(&own.pointee.value, result.give())
}

private let sizeOf = Method.noargs("__sizeof__", "Returns size in memory, in bytes.") { object, _ in
  PyLong_FromSsize_t(
    object.type.pointee.tp_basicsize
      + view(object).pointee.step * MemoryLayout<Int>.stride)
}

/// Makes an instance over a pool with a length; `step` keeps the number of indices for sizeof.
private func makeSelection(
  _ type: TypeRef, _ iterable: Ref, _ length: Int, _ start: (Int) -> Int
) throws(Raised) -> Owned {
  let pool = try own(PySequence_Tuple(iterable))
  if length < 0 { throw raise(.valueError, "r must be non-negative") }
  let indices = try indexTable(length)
  for index in 0..<length { indices[index] = start(index) }
  guard let object = try? made(type, pool) else {
    PyMem_Free(indices)
    throw Raised()
  }
  view(object.ref).pointee.indices = indices
  view(object.ref).pointee.limit = length
  view(object.ref).pointee.step = length
  return object
}

// MARK: combinations

enum Combinations {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "combinations(iterable, r)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.combinations",
    """
    combinations(iterable, r)
    --

    Return successive r-length combinations of elements in the iterable.

    combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let length = try a.index(1)
        let object = try makeSelection(type, a.object(0), length) { $0 }
        if let pool = view(object.ref).pointee.source, length > apus_var_size(pool) {
          view(object.ref).pointee.count = 1
        }
        return object
      }
    },
    next: .tp_iternext { object in new2 { try next(object) } },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reducedSelection(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none {
          let count = view(object).pointee.source.map { apus_var_size($0) } ?? 0
          let length = view(object).pointee.limit
          try setSelection(object, state) { $0 + count - length }
        }
      },
      sizeOf,
    ])

  private static func next(_ object: Ref) throws(Raised) -> Ref? {
    let own = view(object)
    guard own.pointee.count == 0, let pool = own.pointee.source,
      let indices = own.pointee.indices
    else { return nil }
    let length = own.pointee.limit
    let size = apus_var_size(pool)
    if own.pointee.value == nil {
      let first = try Objects.own(PyTuple_New(length))
      for index in 0..<length { put(first.ref, index, apus_tuple_item(pool, indices[index])) }
      own.pointee.value = first.give()
      return delivered(object)
    }
    let result = try reusable(object)
    // The rightmost index that is not at its highest.
    var place = length - 1
    while place >= 0 && indices[place] == place + size - length { place -= 1 }
    if place < 0 {
      own.pointee.count = 1
      return nil
    }
    indices[place] += 1
    for index in (place + 1)..<Swift.max(length, place + 1) { indices[index] = indices[index - 1] + 1 }
    for index in place..<length { put(result, index, apus_tuple_item(pool, indices[index])) }
    return delivered(object)
  }
}

// MARK: combinations_with_replacement

enum CombinationsWithReplacement {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "combinations_with_replacement(iterable, r)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.combinations_with_replacement",
    """
    combinations_with_replacement(iterable, r)
    --

    Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.

    combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let length = try a.index(1)
        let object = try makeSelection(type, a.object(0), length) { _ in 0 }
        if let pool = view(object.ref).pointee.source, apus_var_size(pool) == 0, length > 0 {
          view(object.ref).pointee.count = 1
        }
        return object
      }
    },
    next: .tp_iternext { object in new2 { try next(object) } },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reducedSelection(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none {
          let count = view(object).pointee.source.map { apus_var_size($0) } ?? 0
          try setSelection(object, state) { _ in count - 1 }
        }
      },
      sizeOf,
    ])

  private static func next(_ object: Ref) throws(Raised) -> Ref? {
    let own = view(object)
    guard own.pointee.count == 0, let pool = own.pointee.source,
      let indices = own.pointee.indices
    else { return nil }
    let length = own.pointee.limit
    let size = apus_var_size(pool)
    if own.pointee.value == nil {
      let first = try Objects.own(PyTuple_New(length))
      for index in 0..<length { put(first.ref, index, apus_tuple_item(pool, 0)) }
      own.pointee.value = first.give()
      return delivered(object)
    }
    let result = try reusable(object)
    var place = length - 1
    while place >= 0 && indices[place] == size - 1 { place -= 1 }
    if place < 0 {
      own.pointee.count = 1
      return nil
    }
    let following = indices[place] + 1
    for index in place..<length {
      indices[index] = following
      put(result, index, apus_tuple_item(pool, following))
    }
    return delivered(object)
  }
}

// MARK: permutations

/// `indices` holds the places of all items of the pool, then the `limit` cycle counters.
enum Permutations {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "permutations(iterable, r=None)", "", { _, _, _ in nil })

  static let spec = iteratorSpec(
    type, "itertools.permutations",
    """
    permutations(iterable, r=None)
    --

    Return successive r-length permutations of elements in the iterable.

    permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        return try make(type, a.object(0), a.optional(1))
      }
    },
    next: .tp_iternext { object in new2 { try next(object) } },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reduced(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none { try setState(object, state) }
      },
      sizeOf,
    ])

  private static func make(_ type: TypeRef, _ iterable: Ref, _ r: Ref?) throws(Raised) -> Owned {
    let pool = try own(PySequence_Tuple(iterable))
    let size = apus_var_size(pool.ref)
    var length = size
    if let r {
      guard r.isInt else { throw raise(.typeError, "Expected int as r") }
      length = try check(PyLong_AsSsize_t(r))
    }
    if length < 0 { throw raise(.valueError, "r must be non-negative") }
    let object = try made(type, pool)
    let fields = view(object.ref)
    fields.pointee.limit = length
    fields.pointee.count = length > size ? 1 : 0
    let counters = length > size ? 0 : length
    let indices = try indexTable(size + counters)
    fields.pointee.indices = indices
    fields.pointee.step = size + counters
    for index in 0..<size { indices[index] = index }
    for index in 0..<counters { indices[size + index] = size - index }
    return object
  }

  private static func next(_ object: Ref) throws(Raised) -> Ref? {
    let own = view(object)
    guard own.pointee.count == 0, let pool = own.pointee.source,
      let indices = own.pointee.indices
    else { return nil }
    let length = own.pointee.limit
    let size = apus_var_size(pool)
    let cycles = indices + size
    if own.pointee.value == nil {
      let first = try Objects.own(PyTuple_New(length))
      for index in 0..<length { put(first.ref, index, apus_tuple_item(pool, indices[index])) }
      own.pointee.value = first.give()
      return delivered(object)
    }
    if size == 0 {
      own.pointee.count = 1
      return nil
    }
    let result = try reusable(object)
    var place = length - 1
    while place >= 0 {
      cycles[place] -= 1
      if cycles[place] > 0 {
        let other = size - cycles[place]
        let index = indices[place]
        indices[place] = indices[other]
        indices[other] = index
        for each in place..<length { put(result, each, apus_tuple_item(pool, indices[each])) }
        return delivered(object)
      }
      // Rotates the rest to the left and starts this counter again.
      let index = indices[place]
      for each in place..<(size - 1) { indices[each] = indices[each + 1] }
      indices[size - 1] = index
      cycles[place] = size - place
      place -= 1
    }
    own.pointee.count = 1
    return nil
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    if own.value == nil {
      let args = try tuple(orNone(own.source), int(own.limit))
      return try tuple(typeOf(object), args)
    }
    if own.count == 1 {
      let args = try exhaustedArguments(object)
      return try tuple(typeOf(object), args)
    }
    let size = own.source.map { apus_var_size($0) } ?? 0
    let indices = try indexTuple(object, size)
    let cycles = try Objects.own(PyTuple_New(own.limit))
    for index in 0..<own.limit {
      apus_tuple_items(cycles.ref)[index] = try int(own.indices?[size + index] ?? 0).give()
    }
    let args = try tuple(orNone(own.source), int(own.limit))
    let state = try tuple(indices, cycles)
    return try tuple(typeOf(object), args, state)
  }

  private static func setState(_ object: Ref, _ state: Ref) throws(Raised) {
    try warnPickling()
    try stateTuple(state)
    let given = apus_var_size(state)
    if given != 2 { throw raise(.typeError, "function takes exactly 2 arguments (\(given) given)") }
    let own = view(object)
    let size = own.pointee.source.map { apus_var_size($0) } ?? 0
    let length = own.pointee.limit
    for part in 0..<2 where !apus_tuple_item(state, part).isTuple {
      throw raise(
        .typeError,
        "argument \(part + 1) must be tuple, not \(apus_tuple_item(state, part).type.fullName)")
    }
    guard apus_var_size(apus_tuple_item(state, 0)) == size,
      apus_var_size(apus_tuple_item(state, 1)) == length, length <= size,
      let pool = own.pointee.source, let indices = own.pointee.indices
    else { throw raise(.valueError, "invalid arguments") }
    for index in 0..<size {
      let place = try check(PyLong_AsSsize_t(apus_tuple_item(apus_tuple_item(state, 0), index)))
      indices[index] = Swift.min(Swift.max(place, 0), size - 1)
    }
    for index in 0..<length {
      let counter = try check(PyLong_AsSsize_t(apus_tuple_item(apus_tuple_item(state, 1), index)))
      indices[size + index] = Swift.min(Swift.max(counter, 1), size - index)
    }
    let result = try Objects.own(PyTuple_New(length))
    for index in 0..<length { put(result.ref, index, apus_tuple_item(pool, indices[index])) }
    replaceReference(&own.pointee.value, result.give())
  }
}

// MARK: product

enum Product {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.product",
    """
    product(*iterables, repeat=1)
    --

    Cartesian product of input iterables. Equivalent to nested for-loops.

    For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
    The last iterable runs fastest, so that sorted iterables give a sorted product.

    repeat says how often the iterables are taken: product(A, repeat=4) is the same
    as product(A, A, A, A).
    """,
    new: .tp_new { type, args, keywords in
      new { try make(type, args, keywords) }
    },
    next: .tp_iternext { object in new2 { try next(object) } },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reduced(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none { try setState(object, state) }
      },
      sizeOf,
    ])

  private static let repeatParser: Method = .variableKeywords(
    "product(repeat=1)", "", { _, _, _ in nil })

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    var times = 1
    if let keywords {
      let empty = try own(PyTuple_New(0))
      times = try Arguments(repeatParser, tuple: empty.ref, keywords: keywords).index(0, default: 1)
      if times < 0 { throw raise(.valueError, "repeat argument cannot be negative") }
    }
    let given = times == 0 ? 0 : apus_var_size(args)
    let (count, overflow) = given.multipliedReportingOverflow(by: times)
    if overflow || count > Int.max / 8 {
      throw raise(.overflowError, "repeat argument too large")
    }
    let indices = try indexTable(count)
    guard let pools = try? makePools(args, given, count), let object = try? made(type, pools) else {
      PyMem_Free(indices)
      throw Raised()
    }
    view(object.ref).pointee.indices = indices
    view(object.ref).pointee.limit = count
    view(object.ref).pointee.step = count
    return object
  }

  private static func makePools(_ args: Ref, _ given: Int, _ count: Int) throws(Raised) -> Owned {
    let pools = try own(PyTuple_New(count))
    for index in 0..<given {
      apus_tuple_items(pools.ref)[index] = try own(
        PySequence_Tuple(apus_tuple_item(args, index))
      ).give()
    }
    for index in given..<Swift.max(count, given) {
      apus_tuple_items(pools.ref)[index] =
        apus_tuple_item(pools.ref, index - given).retained().give()
    }
    return pools
  }

  private static func next(_ object: Ref) throws(Raised) -> Ref? {
    let own = view(object)
    guard own.pointee.count == 0, let pools = own.pointee.source,
      let indices = own.pointee.indices
    else { return nil }
    let length = own.pointee.limit
    if own.pointee.value == nil {
      let first = try Objects.own(PyTuple_New(length))
      for index in 0..<length {
        let pool = apus_tuple_item(pools, index)
        if apus_var_size(pool) == 0 {
          own.pointee.count = 1
          return nil
        }
        put(first.ref, index, apus_tuple_item(pool, 0))
      }
      own.pointee.value = first.give()
      return delivered(object)
    }
    let result = try reusable(object)
    var place = length - 1
    while place >= 0 {
      let pool = apus_tuple_item(pools, place)
      indices[place] += 1
      if indices[place] < apus_var_size(pool) {
        put(result, place, apus_tuple_item(pool, indices[place]))
        return delivered(object)
      }
      indices[place] = 0
      put(result, place, apus_tuple_item(pool, 0))
      place -= 1
    }
    own.pointee.count = 1
    return nil
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    if own.count == 1 {
      let empty = try Objects.own(PyTuple_New(0))
      let args = try tuple(empty)
      return try tuple(typeOf(object), args)
    }
    if own.value == nil { return try tuple(typeOf(object), orNone(own.source)) }
    let state = try indexTuple(object, own.limit)
    return try tuple(typeOf(object), orNone(own.source), state)
  }

  private static func setState(_ object: Ref, _ state: Ref) throws(Raised) {
    try warnPickling()
    let own = view(object)
    let length = own.pointee.limit
    guard state.isTuple, apus_var_size(state) == length, let pools = own.pointee.source,
      let indices = own.pointee.indices
    else { throw raise(.valueError, "invalid arguments") }
    let result = try Objects.own(PyTuple_New(length))
    for index in 0..<length {
      let place = try check(PyLong_AsSsize_t(apus_tuple_item(state, index)))
      let pool = apus_tuple_item(pools, index)
      let size = apus_var_size(pool)
      if size == 0 {
        own.pointee.count = 1
        return
      }
      indices[index] = Swift.min(Swift.max(place, 0), size - 1)
      put(result.ref, index, apus_tuple_item(pool, indices[index]))
    }
    replaceReference(&own.pointee.value, result.give())
  }
}

/// The result of an iteration: nil at the end or with an exception.
@inline(__always)
private func new2(_ body: () throws -> Ref?) -> Ref? {
  do { return try body() } catch { return nil }
}
