import CPythonABI

/// The iterator of a set.
struct PySetIterator {
  struct Layout {
    var base: PyObject
    /// Let go at the end.
    var set: Ref?
    /// The set's size at the start; -1 after the error about a changed size.
    var used: Int
    var position: Int
    /// How many are left.
    var left: Int
  }

  static func make(over object: Ref) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_GC_New(setIterType()))
    let fields = iterator.ref.view(Layout.self)
    Py_INCREF(object)
    fields.pointee.set = object
    fields.pointee.used = PySet(object).count
    fields.pointee.left = PySet(object).count
    fields.pointee.position = 0
    iterator.ref.track()
    return iterator
  }

  static var spec: TypeSpec {
    TypeSpec(
      setIterType(), "set_iterator", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: [
        .tp_dealloc { iterator in
          iterator.untrackIfNeeded()
          Py_XDECREF(iterator.view(Layout.self).pointee.set)
          PyObject_GC_Del(iterator)
        },
        .tp_traverse { iterator, visit, argument in
          guard let set = iterator.view(Layout.self).pointee.set else { return 0 }
          return visit(set, argument)
        },
        .tp_iter(PyObject_SelfIter),
        .tp_iternext { iterator in
          let fields = iterator.view(Layout.self)
          guard let object = fields.pointee.set else { return nil }
          let set = PySet(object)
          if fields.pointee.used != set.count {
            _ = raise(.runtimeError, "Set changed size during iteration")
            fields.pointee.used = -1
            return nil
          }
          if let key = set.next(&fields.pointee.position) {
            fields.pointee.left &-= 1
            Py_INCREF(key)
            return key
          }
          fields.pointee.set = nil
          Py_DECREF(object)
          return nil
        },
      ],
      methods: [lengthHint, reduce])
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many items are left."
  ) { iterator, _ in
    let fields = iterator.view(Layout.self)
    guard let set = fields.pointee.set, PySet(set).count == fields.pointee.used else {
      return PyLong_FromSsize_t(0)
    }
    return PyLong_FromSsize_t(fields.pointee.left)
  }

  static let reduce: Method = .noargs(
    "__reduce__($self, /)", "The state for pickle: what is left as a list."
  ) { iterator, _ in
    new {
      let function = try builtin("iter")
      let fields = iterator.view(Layout.self)
      guard let set = fields.pointee.set else {
        let empty = try PyList.make(count: 0)
        return try PyTuple.pair(function.ref, PyTuple.single(empty.ref))
      }
      // A second iterator at the same place, so that this one does not move.
      let copy = try make(over: set)
      let copied = copy.ref.view(Layout.self)
      copied.pointee.used = fields.pointee.used
      copied.pointee.position = fields.pointee.position
      copied.pointee.left = fields.pointee.left
      let list = try own(PySequence_List(copy.ref))
      return try PyTuple.pair(function.ref, PyTuple.single(list.ref))
    }
  }
}
