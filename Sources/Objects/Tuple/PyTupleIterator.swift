import CPythonABI

/// The iterator of a tuple: its position and the tuple, which is let go at the end.
struct PyTupleIterator {
  struct Layout {
    var base: PyObject
    var index: Int
    var sequence: Ref?
  }

  static func make(over tuple: Ref) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_GC_New(tupleIterType()))
    let fields = iterator.ref.view(Layout.self)
    Py_INCREF(tuple)
    fields.pointee.index = 0
    fields.pointee.sequence = tuple
    iterator.ref.track()
    return iterator
  }

  static var spec: TypeSpec {
    TypeSpec(
      tupleIterType(), "tuple_iterator", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: [
        .tp_dealloc { iterator in
          iterator.untrackIfNeeded()
          Py_XDECREF(iterator.view(Layout.self).pointee.sequence)
          PyObject_GC_Del(iterator)
        },
        .tp_traverse { iterator, visit, argument in
          guard let sequence = iterator.view(Layout.self).pointee.sequence else { return 0 }
          return visit(sequence, argument)
        },
        .tp_iter(PyObject_SelfIter),
        .tp_iternext { iterator in
          let fields = iterator.view(Layout.self)
          guard let sequence = fields.pointee.sequence else { return nil }
          let index = fields.pointee.index
          if index < apus_var_size(sequence) {
            fields.pointee.index = index &+ 1
            let item = apus_tuple_item(sequence, index)
            Py_INCREF(item)
            return item
          }
          fields.pointee.sequence = nil
          Py_DECREF(sequence)
          return nil
        },
      ],
      methods: [lengthHint, reduce, setState])
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many items are left."
  ) { iterator, _ in
    let fields = iterator.view(Layout.self)
    let left = fields.pointee.sequence.map { apus_var_size($0) - fields.pointee.index } ?? 0
    return PyLong_FromSsize_t(left)
  }

  static let reduce: Method = .noargs(
    "__reduce__($self, /)", "The state for pickle."
  ) { iterator, _ in
    new {
      let function = try builtin("iter")
      let fields = iterator.view(Layout.self)
      guard let sequence = fields.pointee.sequence else {
        return try PyTuple.pair(function.ref, PyTuple.single(emptyTuple()))
      }
      let index = try own(PyLong_FromSsize_t(fields.pointee.index))
      return try PyTuple.triple(function.ref, PyTuple.single(sequence), index.ref)
    }
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Sets the position from pickle's state."
  ) { iterator, state in
    none {
      let index = try check(PyLong_AsSsize_t(state))
      let fields = iterator.view(Layout.self)
      guard let sequence = fields.pointee.sequence else { return }
      fields.pointee.index = Swift.min(Swift.max(index, 0), apus_var_size(sequence))
    }
  }
}

/// A function of the `builtins` module by name, as pickling looks it up.
func builtin(_ name: StaticString) throws(Raised) -> Owned {
  let key = try own(PyUnicode_InternFromString(cString(name)))
  return try builtin(key.ref)
}
