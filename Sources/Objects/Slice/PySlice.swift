import CPythonABI

/// slice: `start:stop:step` as an object. CPython: Objects/sliceobject.c.
enum PySlice {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PySliceObject> {
    object.view(PySliceObject.self)
  }

  static let spec = TypeSpec(
    sliceType(), "slice", basicSize: MemoryLayout<PySliceObject>.size, flags: [.haveGC],
    doc: """
      slice(stop)
      slice(start, stop[, step])

      Make a slice object, the key of extended slicing (as in a[0:10:2]).
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { slice in
        PyObject_GC_UnTrack(slice)
        let own = view(slice).pointee
        Py_DECREF(own.start)
        Py_DECREF(own.stop)
        Py_DECREF(own.step)
        PyObject_GC_Del(slice)
      },
      .tp_repr { slice in
        new {
          let own = view(slice).pointee
          let start = try Objects.own(PyObject_Repr(own.start))
          let stop = try Objects.own(PyObject_Repr(own.stop))
          let step = try Objects.own(PyObject_Repr(own.step))
          return try Objects.own(
            newString(
              "slice(\(text(of: start.ref)), \(text(of: stop.ref)), \(text(of: step.ref)))"))
        }
      },
      .tp_hash { hash($0) },
      .tp_traverse { slice, visit, argument in
        let own = view(slice).pointee
        return visitReferences(visit, argument, own.start, own.stop, own.step)
      },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("slice", keywords)
          let count = apus_var_size(args)
          try checkPositional("slice", count, least: 1, most: 3)
          if count == 1 { return try own(PySlice_New(nil, apus_tuple_item(args, 0), nil)) }
          return try own(
            PySlice_New(
              apus_tuple_item(args, 0), apus_tuple_item(args, 1),
              count == 3 ? apus_tuple_item(args, 2) : nil))
        }
      },
    ],
    methods: [indices, reduce],
    members: [
      Member("start", _Py_T_OBJECT, offset: MemoryLayout<PySliceObject>.at(\.start), flags: Py_READONLY),
      Member("stop", _Py_T_OBJECT, offset: MemoryLayout<PySliceObject>.at(\.stop), flags: Py_READONLY),
      Member("step", _Py_T_OBJECT, offset: MemoryLayout<PySliceObject>.at(\.step), flags: Py_READONLY),
    ])

  static let indices: Method = .o(
    "indices",
    """
    S.indices(len) -> (start, stop, stride)

    Compute the start, stop and stride that this slice selects in a sequence of the
    given length. Bounds beyond the sequence are cut as slicing cuts them.
    """
  ) { slice, length in
    new {
      let length = try own(PyNumber_Index(length))
      if apus_long_sign(length.ref) < 0 {
        throw raise(.valueError, "length should not be negative")
      }
      let bounds = try resolved(slice, length.ref)
      return try tuple(
        bounds.start.ref.retained(), bounds.stop.ref.retained(), bounds.step.ref.retained())
    }
  }

  static let reduce: Method = .noargs("__reduce__", "Return state information for pickling.") { slice, _ in
    new {
      let own = view(slice).pointee
      let arguments = try tuple(own.start.retained(), own.stop.retained(), own.step.retained())
      return try tuple(slice.type.object.retained(), arguments)
    }
  }

  /// The tuple hash of the three parts, without the mixing of the length.
  private static func hash(_ slice: Ref) -> Int {
    let own = view(slice).pointee
    var accumulator: UInt = 2_870_177_450_012_600_261
    for part in [own.start, own.stop, own.step] {
      let lane = PyObject_Hash(part)
      if lane == -1 { return -1 }
      accumulator = accumulator &+ UInt(bitPattern: lane) &* 14_029_467_366_897_019_727
      accumulator = accumulator << 31 | accumulator >> 33
      accumulator = accumulator &* 11_400_714_785_074_694_791
    }
    return accumulator == UInt.max ? 1_546_275_796 : Int(bitPattern: accumulator)
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard left.type == sliceType(), right.type == sliceType() else { return notImplementedObject() }
    if left == right { return boolObject(Objects.compare(0, 0, operation)) }
    return new {
      let a = view(left).pointee
      let b = view(right).pointee
      let first = try tuple(a.start.retained(), a.stop.retained(), a.step.retained())
      let second = try tuple(b.start.retained(), b.stop.retained(), b.step.retained())
      return try own(PyObject_RichCompare(first.ref, second.ref, operation))
    }
  }

  /// What a slice selects, as ints of any size.
  struct Bounds: ~Copyable {
    let start: Owned
    let stop: Owned
    let step: Owned
  }

  /// One part of a slice as an int. TypeError without `__index__`.
  private static func evaluate(_ part: Ref) throws(Raised) -> Owned {
    guard PyIndex_Check(part) != 0 else { throw raiseIndexType() }
    return try own(PyNumber_Index(part))
  }

  static func raiseIndexType() -> Raised {
    raise(
      .typeError, "slice indices must be integers or None or have an __index__ method")
  }

  private static func isLess(_ left: Ref, _ right: Ref) throws(Raised) -> Bool {
    try check(PyObject_RichCompareBool(left, right, Py_LT)) != 0
  }

  /// Start, stop and step for a sequence of `length` items (an int of any size).
  /// CPython: _PySlice_GetLongIndices.
  static func resolved(_ slice: Ref, _ length: Ref) throws(Raised) -> Bounds {
    let own = view(slice).pointee
    let step = own.step.isNone ? try int(1) : try evaluate(own.step)
    let sign = apus_long_sign(step.ref)
    if sign == 0 { throw raise(.valueError, "slice step cannot be zero") }
    let lower = try int(sign < 0 ? -1 : 0)
    let upper: Owned
    if sign < 0 {
      upper = try Objects.own(PyNumber_Add(length, lower.ref))
    } else {
      upper = length.retained()
    }
    func bound(_ part: Ref, _ fallback: Ref) throws(Raised) -> Owned {
      if part.isNone { return fallback.retained() }
      var value = try evaluate(part)
      if apus_long_sign(value.ref) < 0 {
        value = try Objects.own(PyNumber_Add(value.ref, length))
        return try isLess(value.ref, lower.ref) ? lower.ref.retained() : value
      }
      return try isLess(upper.ref, value.ref) ? upper.ref.retained() : value
    }
    let start = try bound(own.start, sign < 0 ? upper.ref : lower.ref)
    let stop = try bound(own.stop, sign < 0 ? lower.ref : upper.ref)
    return Bounds(start: start, stop: stop, step: step)
  }
}
