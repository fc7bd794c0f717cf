import CPythonABI

/// The iterator of a list: the next index and the list, which is let go at the end.
struct PyListIterator {
  struct Layout {
    var base: PyObject
    var index: Int
    var sequence: Ref?
  }

  static func make(over list: Ref) throws(Raised) -> Owned {
    try make(listIterType(), over: list, from: 0)
  }

  static func make(_ type: TypeRef, over list: Ref, from index: Int) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_GC_New(type))
    let fields = iterator.ref.view(Layout.self)
    Py_INCREF(list)
    fields.pointee.index = index
    fields.pointee.sequence = list
    iterator.ref.track()
    return iterator
  }

  static let dealloc: destructor = { iterator in
    iterator.untrackIfNeeded()
    Py_XDECREF(iterator.view(Layout.self).pointee.sequence)
    PyObject_GC_Del(iterator)
  }

  static let traverse: traverseproc = { iterator, visit, argument in
    guard let sequence = iterator.view(Layout.self).pointee.sequence else { return 0 }
    return visit(sequence, argument)
  }

  static var spec: TypeSpec {
    TypeSpec(
      listIterType(), "list_iterator", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_traverse(traverse),
        .tp_iter(PyObject_SelfIter),
        .tp_iternext { iterator in
          let fields = iterator.view(Layout.self)
          guard let list = fields.pointee.sequence else { return nil }
          let index = fields.pointee.index
          if index < apus_var_size(list) {
            fields.pointee.index = index &+ 1
            let item = apus_list_item(list, index)
            Py_INCREF(item)
            return item
          }
          fields.pointee.index = -1
          fields.pointee.sequence = nil
          Py_DECREF(list)
          return nil
        },
      ],
      methods: [lengthHint, reduce, setState])
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many items are left."
  ) { iterator, _ in
    let fields = iterator.view(Layout.self)
    guard let list = fields.pointee.sequence else { return PyLong_FromSsize_t(0) }
    return PyLong_FromSsize_t(Swift.max(apus_var_size(list) - fields.pointee.index, 0))
  }

  static let reduce: Method = .noargs(
    "__reduce__($self, /)", "The state for pickle."
  ) { iterator, _ in
    new { try reduce(iterator, function: "iter") }
  }

  /// `(iter, (list,), index)`, or `(iter, ([],))` at the end, with reversed in place of iter.
  static func reduce(_ iterator: Ref, function: StaticString) throws(Raised) -> Owned {
    // Looking the function up may run code that ends this iterator.
    let function = try builtin(function)
    let fields = iterator.view(Layout.self)
    if fields.pointee.index >= 0, let list = fields.pointee.sequence {
      let index = try own(PyLong_FromSsize_t(fields.pointee.index))
      return try PyTuple.triple(function.ref, PyTuple.single(list), index.ref)
    }
    let list = try PyList.make(count: 0)
    return try PyTuple.pair(function.ref, PyTuple.single(list.ref))
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Sets the position from pickle's state."
  ) { iterator, state in
    none {
      let index = try check(PyLong_AsSsize_t(state))
      let fields = iterator.view(Layout.self)
      guard let list = fields.pointee.sequence else { return }
      fields.pointee.index = Swift.min(Swift.max(index, 0), apus_var_size(list))
    }
  }
}

/// The iterator of `reversed(list)`: the same fields, counting down; -1 at the end.
struct PyListReverseIterator {
  typealias Layout = PyListIterator.Layout

  static func make(over list: Ref) throws(Raised) -> Owned {
    try PyListIterator.make(listRevIterType(), over: list, from: apus_var_size(list) - 1)
  }

  static var spec: TypeSpec {
    TypeSpec(
      listRevIterType(), "list_reverseiterator", basicSize: MemoryLayout<Layout>.size,
      flags: [.haveGC], base: objectType(),
      slots: [
        .tp_dealloc(PyListIterator.dealloc),
        .tp_traverse(PyListIterator.traverse),
        .tp_iter(PyObject_SelfIter),
        .tp_iternext { iterator in
          let fields = iterator.view(Layout.self)
          guard let list = fields.pointee.sequence else { return nil }
          let index = fields.pointee.index
          if index >= 0 && index < apus_var_size(list) {
            fields.pointee.index = index &- 1
            let item = apus_list_item(list, index)
            Py_INCREF(item)
            return item
          }
          fields.pointee.index = -1
          fields.pointee.sequence = nil
          Py_DECREF(list)
          return nil
        },
      ],
      methods: [lengthHint, reduce, setState])
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many items are left."
  ) { iterator, _ in
    let fields = iterator.view(Layout.self)
    let left = fields.pointee.index + 1
    guard let list = fields.pointee.sequence, apus_var_size(list) >= left else {
      return PyLong_FromSsize_t(0)
    }
    return PyLong_FromSsize_t(left)
  }

  static let reduce: Method = .noargs(
    "__reduce__($self, /)", "The state for pickle."
  ) { iterator, _ in
    new { try PyListIterator.reduce(iterator, function: "reversed") }
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Sets the position from pickle's state."
  ) { iterator, state in
    none {
      let index = try check(PyLong_AsSsize_t(state))
      let fields = iterator.view(Layout.self)
      guard let list = fields.pointee.sequence else { return }
      fields.pointee.index = Swift.max(Swift.min(index, apus_var_size(list) - 1), -1)
    }
  }
}
