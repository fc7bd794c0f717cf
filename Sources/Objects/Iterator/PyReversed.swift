import CPythonABI

/// reversed: a sequence from its end. CPython: Objects/enumobject.c.
enum PyReversed {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<reversedobject> {
    object.view(reversedobject.self)
  }

  static let spec = TypeSpec(
    reversedType(), "reversed", basicSize: MemoryLayout<reversedobject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      reversed(sequence, /)
      --

      Return a reverse iterator over the values of the given sequence.
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.seq)
        iterator.type.pointee.tp_free?(UnsafeMutableRawPointer(iterator))
      },
      .tp_traverse { visitReference(view($0).pointee.seq, $1, $2) },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("reversed", type, reversedType(), keywords)
          try checkPositional("reversed", apus_var_size(args), least: 1, most: 1)
          return try make(type, apus_tuple_item(args, 0))
        }
      },
      .freesTracked,
    ],
    methods: [
      .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { iterator, _ in
        guard let sequence = view(iterator).pointee.seq else { return PyLong_FromSsize_t(0) }
        let length = PySequence_Size(sequence)
        if length == -1 { return nil }
        let left = view(iterator).pointee.index + 1
        return PyLong_FromSsize_t(length < left ? 0 : left)
      },
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let type = iterator.type.object.retained()
          guard let sequence = view(iterator).pointee.seq else {
            return try PySequenceIterator.exhausted(type)
          }
          let args = try tuple(sequence.retained())
          return try tuple(type, args, try int(view(iterator).pointee.index))
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { iterator, state in
        none {
          let index = try check(PyLong_AsSsize_t(state))
          guard let sequence = view(iterator).pointee.seq else { return }
          let length = PySequence_Size(sequence)
          if length < 0 { throw Raised() }
          view(iterator).pointee.index = Swift.min(Swift.max(index, -1), length - 1)
        }
      },
    ])

  private static func make(_ type: TypeRef, _ sequence: Ref) throws(Raised) -> Owned {
    if let found = lookupSpecial(sequence, SpecialName.reversed) {
      let method = Owned(adopting: found)
      if method.ref.isNone {
        throw raise(.typeError, "'\(sequence.type.fullName)' object is not reversible")
      }
      return try own(PyObject_CallNoArgs(method.ref))
    }
    if hasRaised() { throw Raised() }
    guard PySequence_Check(sequence) != 0 else {
      throw raise(.typeError, "'\(sequence.type.fullName)' object is not reversible")
    }
    let length = try check(PySequence_Size(sequence))
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let result = try own(allocate(type, 0))
    Py_INCREF(sequence)
    view(result.ref).pointee.index = length - 1
    view(result.ref).pointee.seq = sequence
    return result
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator)
    guard let sequence = own.pointee.seq else { return nil }
    if own.pointee.index >= 0 {
      if let item = PySequence_GetItem(sequence, own.pointee.index) {
        own.pointee.index -= 1
        return item
      }
      if PyErr_ExceptionMatches(.indexError) != 0 || PyErr_ExceptionMatches(.stopIteration) != 0 {
        PyErr_Clear()
      }
    }
    own.pointee.index = -1
    clearReference(&own.pointee.seq)
    return nil
  }
}
