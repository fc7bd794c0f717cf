import CPythonABI

/// The iterators of bytes and bytearray.
enum ByteIterator {
  /// index and sequence, which is NULL at the end.
  struct Layout {
    var base: PyObject
    var index: Int
    var sequence: Ref?
  }

  static func make(_ sequence: Ref, _ type: TypeRef) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_GC_New(type))
    iterator.ref.view(Layout.self).pointee.index = 0
    Py_INCREF(sequence)
    iterator.ref.view(Layout.self).pointee.sequence = sequence
    PyObject_GC_Track(iterator.ref)
    return iterator
  }

  static func next(_ iterator: Ref) -> Ref? {
    let layout = iterator.view(Layout.self)
    guard let sequence = layout.pointee.sequence else { return nil }
    let index = layout.pointee.index
    let view = ByteView(sequence)
    if index < view.count {
      layout.pointee.index = index &+ 1
      return apus_small_int(Int(view[index]))
    }
    layout.pointee.sequence = nil
    Py_DECREF(sequence)
    return nil
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many bytes are left."
  ) { iterator, _ in
    let layout = iterator.view(Layout.self).pointee
    guard let sequence = layout.sequence else { return apus_small_int(0) }
    return PyLong_FromSsize_t(Swift.max(apus_var_size(sequence) - layout.index, 0))
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "For pickling.") { iterator, _ in
    new {
      // Looking up the name may run code, so it comes first.
      let function = try own(builtinFunction("iter"))
      let layout = iterator.view(Layout.self).pointee
      let arguments = try own(PyTuple_New(1))
      let tuple = try own(PyTuple_New(layout.sequence == nil ? 2 : 3))
      if let sequence = layout.sequence {
        apus_tuple_items(arguments.ref)[0] = sequence.retained().give()
        apus_tuple_items(tuple.ref)[2] = try own(PyLong_FromSsize_t(layout.index)).give()
      } else {
        apus_tuple_items(arguments.ref)[0] = try own(PyTuple_New(0)).give()
      }
      apus_tuple_items(tuple.ref)[0] = function.give()
      apus_tuple_items(tuple.ref)[1] = arguments.give()
      return tuple
    }
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Moves the iterator; for unpickling."
  ) { iterator, state in
    none {
      let index = PyLong_AsSsize_t(state)
      if index == -1 && hasRaised() { throw Raised() }
      let layout = iterator.view(Layout.self)
      guard let sequence = layout.pointee.sequence else { return }
      layout.pointee.index = Swift.min(Swift.max(index, 0), apus_var_size(sequence))
    }
  }

  static func spec(_ type: TypeRef, _ name: StaticString) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: 32, flags: [.haveGC], base: objectType(),
      slots: [
        .tp_dealloc { iterator in
          PyObject_GC_UnTrack(iterator)
          Py_XDECREF(iterator.view(Layout.self).pointee.sequence)
          PyObject_GC_Del(iterator)
        },
        .tp_traverse { iterator, visit, argument in
          guard let sequence = iterator.view(Layout.self).pointee.sequence else { return 0 }
          return visit(sequence, argument)
        },
        .tp_iter { $0.retained().give() },
        .tp_iternext { ByteIterator.next($0) },
      ],
      methods: [lengthHint, reduce, setState])
  }
}
