import CPythonABI

/// iterator: the items of an object that has only `__getitem__`. CPython: Objects/iterobject.c.
enum PySequenceIterator {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<seqiterobject> {
    object.view(seqiterobject.self)
  }

  static let spec = TypeSpec(
    seqIterType(), "iterator", basicSize: MemoryLayout<seqiterobject>.size, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.it_seq)
        PyObject_GC_Del(iterator)
      },
      .tp_traverse { visitReference(view($0).pointee.it_seq, $1, $2) },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
    ],
    methods: [
      .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { iterator, _ in
        guard let sequence = view(iterator).pointee.it_seq else { return PyLong_FromSsize_t(0) }
        guard hasLength(sequence) else { return notImplementedObject() }
        let length = PySequence_Size(sequence)
        if length == -1 { return nil }
        return PyLong_FromSsize_t(Swift.max(length - view(iterator).pointee.it_index, 0))
      },
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let iter = try builtin(SpecialName.iter)
          // Looking the builtin up may have exhausted the iterator.
          guard let sequence = view(iterator).pointee.it_seq else { return try exhausted(iter) }
          let args = try tuple(sequence.retained())
          return try tuple(iter, args, try int(view(iterator).pointee.it_index))
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { iterator, state in
        none {
          let index = try check(PyLong_AsSsize_t(state))
          if view(iterator).pointee.it_seq != nil {
            view(iterator).pointee.it_index = Swift.max(index, 0)
          }
        }
      },
    ])

  /// `(iter, ((),))`: what an exhausted iterator pickles as.
  static func exhausted(_ iter: consuming Owned) throws(Raised) -> Owned {
    let empty = try own(PyTuple_New(0))
    let args = try tuple(empty)
    return try tuple(iter, args)
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator)
    guard let sequence = own.pointee.it_seq else { return nil }
    if own.pointee.it_index == Int.max {
      _ = raise(.overflowError, "iter index too large")
      return nil
    }
    if let item = PySequence_GetItem(sequence, own.pointee.it_index) {
      own.pointee.it_index += 1
      return item
    }
    if PyErr_ExceptionMatches(.indexError) != 0 || PyErr_ExceptionMatches(.stopIteration) != 0 {
      PyErr_Clear()
      clearReference(&own.pointee.it_seq)
    }
    return nil
  }
}

/// callable_iterator: `iter(function, sentinel)`.
enum PyCallableIterator {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<calliterobject> {
    object.view(calliterobject.self)
  }

  static let spec = TypeSpec(
    callIterType(), "callable_iterator", basicSize: MemoryLayout<calliterobject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(view(iterator).pointee.it_callable)
        Py_XDECREF(view(iterator).pointee.it_sentinel)
        PyObject_GC_Del(iterator)
      },
      .tp_traverse { iterator, visit, argument in
        let own = view(iterator).pointee
        return visitReferences(visit, argument, own.it_callable, own.it_sentinel)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let iter = try builtin(SpecialName.iter)
          guard let callable = view(iterator).pointee.it_callable,
            let sentinel = view(iterator).pointee.it_sentinel
          else { return try PySequenceIterator.exhausted(iter) }
          let args = try tuple(callable.retained(), sentinel.retained())
          return try tuple(iter, args)
        }
      }
    ])

  private static func finish(_ iterator: Ref) {
    clearReference(&view(iterator).pointee.it_callable)
    clearReference(&view(iterator).pointee.it_sentinel)
  }

  private static func next(_ iterator: Ref) -> Ref? {
    guard let callable = view(iterator).pointee.it_callable else { return nil }
    let held = callable.retained()
    guard let result = PyObject_CallNoArgs(held.ref) else {
      if PyErr_ExceptionMatches(.stopIteration) != 0 {
        PyErr_Clear()
        finish(iterator)
      }
      return nil
    }
    // The call may have exhausted the iterator.
    guard let sentinel = view(iterator).pointee.it_sentinel else {
      Py_DECREF(result)
      return nil
    }
    let kept = sentinel.retained()
    let same = PyObject_RichCompareBool(kept.ref, result, Py_EQ)
    if same == 0 { return result }
    Py_DECREF(result)
    if same > 0 { finish(iterator) }
    return nil
  }
}

@c @implementation
public func PySeqIter_New(_ sequence: Ref) -> Ref? {
  guard PySequence_Check(sequence) != 0 else {
    PyErr_BadInternalCall()
    return nil
  }
  guard let iterator = _PyObject_GC_New(seqIterType()) else { return nil }
  Py_INCREF(sequence)
  iterator.view(seqiterobject.self).pointee.it_index = 0
  iterator.view(seqiterobject.self).pointee.it_seq = sequence
  PyObject_GC_Track(iterator)
  return iterator
}

@c @implementation
public func PyCallIter_New(_ callable: Ref, _ sentinel: Ref) -> Ref? {
  guard let iterator = _PyObject_GC_New(callIterType()) else { return nil }
  Py_INCREF(callable)
  Py_INCREF(sentinel)
  iterator.view(calliterobject.self).pointee.it_callable = callable
  iterator.view(calliterobject.self).pointee.it_sentinel = sentinel
  PyObject_GC_Track(iterator)
  return iterator
}
