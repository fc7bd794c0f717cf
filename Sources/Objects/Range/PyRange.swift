import CPythonABI

/// range. CPython: Objects/rangeobject.c. Its numbers are ints of any size; what fits machine
/// words is computed there.
enum PyRange {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<rangeobject> {
    object.view(rangeobject.self)
  }

  static let spec = TypeSpec(
    rangeType(), "range", basicSize: MemoryLayout<rangeobject>.size, flags: [.sequence],
    doc: """
      range(stop) -> range object
      range(start, stop[, step]) -> range object

      An immutable sequence of the integers from start (included) to stop (excluded)
      by step. Start is 0 and step is 1 when they are left out; a negative step
      counts downwards.
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { dealloc($0) },
      .tp_repr { repr($0) },
      .tp_hash { hash($0) },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_iter { iterator($0) },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("range", keywords)
          return try make(
            UnsafeRawPointer(apus_tuple_items(args)).assumingMemoryBound(to: Ref.self),
            apus_var_size(args))
        }
      },
      .tp_vectorcall { _, args, nargsf, names in
        new {
          if let names, apus_var_size(names) > 0 {
            throw raise(.typeError, "range() takes no keyword arguments")
          }
          return try make(args, PyVectorcall_NARGS(nargsf))
        }
      },
      .nb_bool { range in truth { apus_long_sign(view(range).pointee.length) != 0 } },
      .sq_length { PyLong_AsSsize_t(view($0).pointee.length) },
      .sq_item { range, index in
        new {
          let index = try int(index)
          return try item(range, at: index.ref)
        }
      },
      .sq_contains { contains($0, $1) },
      .mp_length { PyLong_AsSsize_t(view($0).pointee.length) },
      .mp_subscript { range, key in
        new {
          if PyIndex_Check(key) != 0 {
            let index = try own(PyNumber_Index(key))
            return try item(range, at: index.ref)
          }
          if key.type == sliceType() { return try slice(range, key) }
          throw raise(
            .typeError, "range indices must be integers or slices, not \(key.type.fullName)")
        }
      },
    ],
    methods: [reversed, reduce, count, index],
    members: [
      Member("start", Py_T_OBJECT_EX, offset: MemoryLayout<rangeobject>.at(\.start), flags: Py_READONLY),
      Member("stop", Py_T_OBJECT_EX, offset: MemoryLayout<rangeobject>.at(\.stop), flags: Py_READONLY),
      Member("step", Py_T_OBJECT_EX, offset: MemoryLayout<rangeobject>.at(\.step), flags: Py_READONLY),
    ])

  private static func dealloc(_ range: Ref) {
    let own = view(range).pointee
    Py_DECREF(own.start)
    Py_DECREF(own.stop)
    Py_DECREF(own.step)
    Py_DECREF(own.length)
    PyObject_Free(range)
  }

  // MARK: Construction

  private static func make(_ args: ArgumentPointer?, _ count: Int) throws(Raised) -> Owned {
    try checkPositional("range", count, least: 1, most: 3)
    guard let args else { throw Raised() }
    if count == 1 {
      let stop = try own(PyNumber_Index(args[0]))
      return try make(try int(0), stop, try int(1))
    }
    let start = try own(PyNumber_Index(args[0]))
    let stop = try own(PyNumber_Index(args[1]))
    let step = count == 3 ? try own(PyNumber_Index(args[2])) : try int(1)
    if apus_long_sign(step.ref) == 0 {
      throw raise(.valueError, "range() arg 3 must not be zero")
    }
    return try make(start, stop, step)
  }

  /// A range of exact ints; `step` is not zero.
  static func make(
    _ start: consuming Owned, _ stop: consuming Owned, _ step: consuming Owned
  ) throws(Raised) -> Owned {
    let length = try length(start.ref, stop.ref, step.ref)
    let range = try own(_PyObject_New(rangeType()))
    let own = view(range.ref)
    own.pointee.start = start.give()
    own.pointee.stop = stop.give()
    own.pointee.step = step.give()
    own.pointee.length = length.give()
    return range
  }

  /// The value of an int that fits a machine word.
  @inline(__always)
  static func machine(_ value: Ref) -> Int? {
    if apus_long_is_compact(value) != 0 { return apus_long_compact_value(value) }
    var overflow: Int32 = 0
    let result = PyLong_AsLongAndOverflow(value, &overflow)
    return overflow == 0 ? result : nil
  }

  /// How many numbers lie in a range of machine words, nil when that does not fit one.
  static func count(_ start: Int, _ stop: Int, _ step: Int) -> Int? {
    let distance: UInt
    let stride: UInt
    if step > 0 {
      if start >= stop { return 0 }
      distance = UInt(bitPattern: stop) &- UInt(bitPattern: start) &- 1
      stride = UInt(step)
    } else {
      if start <= stop { return 0 }
      distance = UInt(bitPattern: start) &- UInt(bitPattern: stop) &- 1
      stride = step.magnitude
    }
    let result = distance / stride
    return result < UInt(Int.max) ? Int(result) + 1 : nil
  }

  private static func length(_ start: Ref, _ stop: Ref, _ step: Ref) throws(Raised) -> Owned {
    if let a = machine(start), let b = machine(stop), let c = machine(step),
      let result = count(a, b, c)
    {
      return try int(result)
    }
    // (high - low - 1) // |step| + 1, or 0 when high <= low.
    let up = apus_long_sign(step) > 0
    let low = up ? start : stop
    let high = up ? stop : start
    if try check(PyObject_RichCompareBool(low, high, Py_GE)) != 0 { return try int(0) }
    let stride = up ? step.retained() : try own(PyNumber_Negative(step))
    let one = try int(1)
    let span = try own(PyNumber_Subtract(high, low))
    let distance = try own(PyNumber_Subtract(span.ref, one.ref))
    let steps = try own(PyNumber_FloorDivide(distance.ref, stride.ref))
    return try own(PyNumber_Add(steps.ref, one.ref))
  }

  /// `start + index * step`
  static func computed(_ range: Ref, _ index: Ref) throws(Raised) -> Owned {
    let own = view(range).pointee
    if let a = machine(own.start), let b = machine(own.step), let i = machine(index) {
      let (product, overflow) = i.multipliedReportingOverflow(by: b)
      let (sum, overflow2) = a.addingReportingOverflow(product)
      if !overflow && !overflow2 { return try int(sum) }
    }
    let product = try Objects.own(PyNumber_Multiply(index, own.step))
    return try Objects.own(PyNumber_Add(own.start, product.ref))
  }

  // MARK: Items

  private static func item(_ range: Ref, at index: Ref) throws(Raised) -> Owned {
    let length = view(range).pointee.length
    if let i = machine(index), let count = machine(length) {
      let position = i < 0 ? i + count : i
      if position < 0 || position >= count {
        throw raise(.indexError, "range object index out of range")
      }
      let place = try int(position)
      return try computed(range, place.ref)
    }
    var place = index.retained()
    if apus_long_sign(index) < 0 { place = try own(PyNumber_Add(index, length)) }
    guard apus_long_sign(place.ref) >= 0,
      try check(PyObject_RichCompareBool(place.ref, length, Py_LT)) != 0
    else { throw raise(.indexError, "range object index out of range") }
    return try computed(range, place.ref)
  }

  private static func slice(_ range: Ref, _ slice: Ref) throws(Raised) -> Owned {
    let bounds = try PySlice.resolved(slice, view(range).pointee.length)
    let step = try own(PyNumber_Multiply(view(range).pointee.step, bounds.step.ref))
    let start = try computed(range, bounds.start.ref)
    let stop = try computed(range, bounds.stop.ref)
    return try make(start, stop, step)
  }

  // MARK: Searching

  /// Whether an int or bool is one of the numbers.
  private static func containsInt(_ range: Ref, _ value: Ref) throws(Raised) -> Bool {
    let own = view(range).pointee
    if let a = machine(own.start), let b = machine(own.stop), let c = machine(own.step),
      let v = machine(value)
    {
      if c > 0 ? v < a || v >= b : v > a || v <= b { return false }
      let distance = UInt(bitPattern: c > 0 ? v &- a : a &- v)
      return distance % c.magnitude == 0
    }
    let up = apus_long_sign(own.step) > 0
    if up {
      if try check(PyObject_RichCompareBool(own.start, value, Py_LE)) == 0 { return false }
      if try check(PyObject_RichCompareBool(value, own.stop, Py_LT)) == 0 { return false }
    } else {
      if try check(PyObject_RichCompareBool(value, own.start, Py_LE)) == 0 { return false }
      if try check(PyObject_RichCompareBool(own.stop, value, Py_LT)) == 0 { return false }
    }
    let distance = try Objects.own(PyNumber_Subtract(value, own.start))
    let rest = try Objects.own(PyNumber_Remainder(distance.ref, own.step))
    return apus_long_sign(rest.ref) == 0
  }

  private static func contains(_ range: Ref, _ value: Ref) -> Int32 {
    guard value.isExactInt || value.isBool else { return containsByIteration(range, value) }
    return truth { try containsInt(range, value) }
  }

  static let count: Method = .o(
    "count", "rangeobject.count(value) -> integer -- return number of occurrences of value"
  ) { range, value in
    guard value.isExactInt || value.isBool else {
      let found = PySequence_Count(range, value)
      return found < 0 ? nil : PyLong_FromSsize_t(found)
    }
    return new { try int(containsInt(range, value) ? 1 : 0) }
  }

  static let index: Method = .o(
    "index",
    """
    rangeobject.index(value) -> integer -- return index of value.
    Raise ValueError if the value is not present.
    """
  ) { range, value in
    guard value.isExactInt || value.isBool else {
      let found = PySequence_Index(range, value)
      return found < 0 ? nil : PyLong_FromSsize_t(found)
    }
    return new {
      guard try containsInt(range, value) else {
        let shown = try own(PyObject_Repr(value))
        throw raise(.valueError, "\(text(of: shown.ref)) is not in range")
      }
      let own = view(range).pointee
      let distance = try Objects.own(PyNumber_Subtract(value, own.start))
      if machine(own.step) == 1 { return distance }
      return try Objects.own(PyNumber_FloorDivide(distance.ref, own.step))
    }
  }

  // MARK: Text, equality, pickling

  private static func repr(_ range: Ref) -> Ref? {
    new {
      let own = view(range).pointee
      let start = try Objects.own(PyObject_Repr(own.start))
      let stop = try Objects.own(PyObject_Repr(own.stop))
      let bounds = "\(text(of: start.ref)), \(text(of: stop.ref))"
      if machine(own.step) == 1 { return try Objects.own(newString("range(\(bounds))")) }
      let step = try Objects.own(PyObject_Repr(own.step))
      return try Objects.own(newString("range(\(bounds), \(text(of: step.ref)))"))
    }
  }

  /// Ranges are equal as sequences: the hash is that of (length, start or None, step or None).
  private static func hash(_ range: Ref) -> Int {
    let own = view(range).pointee
    return size {
      let none = noneObject()
      let isEmpty = apus_long_sign(own.length) == 0
      let single = machine(own.length) == 1
      let key = try tuple(
        own.length.retained(), (isEmpty ? none : own.start).retained(),
        (isEmpty || single ? none : own.step).retained())
      return try check(PyObject_Hash(key.ref))
    }
  }

  private static func equal(_ left: Ref, _ right: Ref) throws(Raised) -> Bool {
    if left == right { return true }
    let a = view(left).pointee
    let b = view(right).pointee
    if try check(PyObject_RichCompareBool(a.length, b.length, Py_EQ)) == 0 { return false }
    if apus_long_sign(a.length) == 0 { return true }
    if try check(PyObject_RichCompareBool(a.start, b.start, Py_EQ)) == 0 { return false }
    if machine(a.length) == 1 { return true }
    return try check(PyObject_RichCompareBool(a.step, b.step, Py_EQ)) != 0
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard right.type == rangeType(), operation == Py_EQ || operation == Py_NE else {
      return notImplementedObject()
    }
    return bool { try equal(left, right) == (operation == Py_EQ) }
  }

  static let reduce: Method = .noargs("__reduce__", "") { range, _ in
    new {
      let own = view(range).pointee
      let args = try tuple(own.start.retained(), own.stop.retained(), own.step.retained())
      return try tuple(range.type.object.retained(), args)
    }
  }

  // MARK: Iteration

  private static func iterator(_ range: Ref) -> Ref? {
    let own = view(range).pointee
    if let start = machine(own.start), let stop = machine(own.stop), let step = machine(own.step),
      PyRangeIterator.isPossible(start, stop, step)
    {
      return PyRangeIterator.make(start, stop, step)
    }
    return new {
      try PyRangeIterator.makeLong(own.start.retained(), own.step.retained(), own.length.retained())
    }
  }

  static let reversed: Method = .noargs("__reversed__", "Return a reverse iterator.") { range, _ in
    let own = view(range).pointee
    if let start = machine(own.start), let stop = machine(own.stop), let step = machine(own.step),
      step != Int.min, let count = count(start, stop, step)
    {
      // Every number of the range lies between start and stop.
      let last = start &+ (count - 1) &* step
      if count == 0 { return PyRangeIterator.make(0, 0, 1) }
      let (end, overflow) = start.subtractingReportingOverflow(step)
      if !overflow && PyRangeIterator.isPossible(last, end, -step) {
        return PyRangeIterator.make(last, end, -step)
      }
    }
    return new {
      // The last item and the negated step.
      let one = try int(1)
      let lastIndex = try Objects.own(PyNumber_Subtract(own.length, one.ref))
      let last = try computed(range, lastIndex.ref)
      let step = try Objects.own(PyNumber_Negative(own.step))
      return try PyRangeIterator.makeLong(last, step, own.length.retained())
    }
  }
}
