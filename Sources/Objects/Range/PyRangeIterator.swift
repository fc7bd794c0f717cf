import CPythonABI

/// range_iterator over machine ints and longrange_iterator over ints of any size. The eval loop
/// reads the first one's fields directly.
enum PyRangeIterator {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<_PyRangeIterObject> {
    object.view(_PyRangeIterObject.self)
  }

  static let spec = TypeSpec(
    rangeIterType(), "range_iterator", basicSize: MemoryLayout<_PyRangeIterObject>.size,
    base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { iterator in
        let own = view(iterator)
        if own.pointee.len <= 0 { return nil }
        let value = own.pointee.start
        own.pointee.start = value &+ own.pointee.step
        own.pointee.len -= 1
        return PyLong_FromLong(value)
      },
    ],
    methods: [
      .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { iterator, _ in
        PyLong_FromLong(view(iterator).pointee.len)
      },
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = view(iterator).pointee
          let range = try PyRange.make(
            int(own.start), int(own.start &+ own.len &* own.step), int(own.step))
          return try reduced(range)
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { iterator, state in
        none {
          let index = try check(PyLong_AsLong(state))
          let own = view(iterator)
          let clipped = Swift.min(Swift.max(index, 0), own.pointee.len)
          own.pointee.start = own.pointee.start &+ clipped &* own.pointee.step
          own.pointee.len -= clipped
        }
      },
    ])

  /// `(iter, (range,), None)`
  private static func reduced(_ range: consuming Owned) throws(Raised) -> Owned {
    let iter = try builtin(SpecialName.iter)
    let args = try tuple(range)
    return try tuple(iter, args, noneObject().retained())
  }

  /// Whether neither the numbers nor the one after the last leave a word.
  @inline(__always)
  static func isPossible(_ start: Int, _ stop: Int, _ step: Int) -> Bool {
    guard let count = PyRange.count(start, stop, step) else { return false }
    return count == 0
      || (step > 0 ? stop <= Int.max - (step - 1) : stop >= Int.min + (-1 - step))
  }

  /// An iterator over machine ints that `isPossible`. Nil with MemoryError.
  static func make(_ start: Int, _ stop: Int, _ step: Int) -> Ref? {
    guard let iterator = _PyObject_New(rangeIterType()) else { return nil }
    let own = view(iterator)
    own.pointee.start = start
    own.pointee.step = step
    own.pointee.len = PyRange.count(start, stop, step) ?? 0
    return iterator
  }

  // MARK: Ints of any size

  @inline(__always)
  static func longView(_ object: Ref) -> UnsafeMutablePointer<longrangeiterobject> {
    object.view(longrangeiterobject.self)
  }

  static let longSpec = TypeSpec(
    longRangeIterType(), "longrange_iterator", basicSize: MemoryLayout<longrangeiterobject>.size,
    base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        let own = longView(iterator).pointee
        Py_DECREF(own.start)
        Py_DECREF(own.step)
        Py_DECREF(own.len)
        PyObject_Free(iterator)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { nextLong($0) },
    ],
    methods: [
      .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { iterator, _ in
        Py_INCREF(longView(iterator).pointee.len)
        return longView(iterator).pointee.len
      },
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = longView(iterator).pointee
          let span = try Objects.own(PyNumber_Multiply(own.len, own.step))
          let stop = try Objects.own(PyNumber_Add(own.start, span.ref))
          let range = try PyRange.make(own.start.retained(), stop, own.step.retained())
          return try reduced(range)
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { iterator, state in
        none {
          guard state.isInt else {
            throw raise(.typeError, "state must be an int, not \(state.type.fullName)")
          }
          let own = longView(iterator)
          var index = state.retained()
          if apus_long_sign(index.ref) < 0 { index = try int(0) }
          if try check(PyObject_RichCompareBool(own.pointee.len, index.ref, Py_LT)) != 0 {
            index = own.pointee.len.retained()
          }
          let span = try Objects.own(PyNumber_Multiply(index.ref, own.pointee.step))
          let start = try Objects.own(PyNumber_Add(own.pointee.start, span.ref))
          let length = try Objects.own(PyNumber_Subtract(own.pointee.len, index.ref))
          let oldStart = Owned(adopting: own.pointee.start)
          let oldLength = Owned(adopting: own.pointee.len)
          own.pointee.start = start.give()
          own.pointee.len = length.give()
          _ = (oldStart.ref, oldLength.ref)
        }
      },
    ])

  static func makeLong(
    _ start: consuming Owned, _ step: consuming Owned, _ length: consuming Owned
  ) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_New(longRangeIterType()))
    let own = longView(iterator.ref)
    own.pointee.start = start.give()
    own.pointee.step = step.give()
    own.pointee.len = length.give()
    return iterator
  }

  private static func nextLong(_ iterator: Ref) -> Ref? {
    let own = longView(iterator)
    if apus_long_sign(own.pointee.len) <= 0 { return nil }
    return new {
      let one = try int(1)
      let length = try Objects.own(PyNumber_Subtract(own.pointee.len, one.ref))
      let following = try Objects.own(PyNumber_Add(own.pointee.start, own.pointee.step))
      let value = Owned(adopting: own.pointee.start)
      own.pointee.start = following.give()
      let oldLength = Owned(adopting: own.pointee.len)
      own.pointee.len = length.give()
      _ = oldLength.ref
      return value
    }
  }
}

enum SliceTypes {
  static let specs = [PySlice.spec]
}

enum RangeTypes {
  static let specs = [PyRange.spec, PyRangeIterator.spec, PyRangeIterator.longSpec]
}
