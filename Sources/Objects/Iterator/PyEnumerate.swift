import CPythonABI

/// enumerate. CPython: Objects/enumobject.c.
enum PyEnumerate {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<enumobject> {
    object.view(enumobject.self)
  }

  static let spec = TypeSpec(
    enumerateType(), "enumerate", basicSize: MemoryLayout<enumobject>.size,
    flags: [.haveGC, .baseType],
    doc: """
      enumerate(iterable, start=0)
      --

      Return an enumerate object.

        iterable
          an object that can be iterated over

      It yields pairs of a number, counted from start, and an item of the iterable:
      (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
      """,
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        let own = view(iterator).pointee
        Py_XDECREF(own.en_sit)
        Py_XDECREF(own.en_result)
        Py_XDECREF(own.en_longindex)
        iterator.type.pointee.tp_free?(UnsafeMutableRawPointer(iterator))
      },
      .tp_traverse { iterator, visit, argument in
        let own = view(iterator).pointee
        return visitReferences(visit, argument, own.en_sit, own.en_result, own.en_longindex)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in
        new {
          let (iterable, start) = try parse(args, keywords)
          return try make(type, iterable, start)
        }
      },
      .freesTracked,
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { iterator, _ in
        new {
          let own = view(iterator).pointee
          let index =
            try own.en_longindex.map { $0.retained() } ?? int(own.en_index)
          let args = try tuple((own.en_sit ?? noneObject()).retained(), index)
          return try tuple(iterator.type.object.retained(), args)
        }
      },
      PyWeakref.classGetItem,
    ])

  /// The two parameters by position or keyword, with the messages of CPython's vectorcall.
  private static func parse(_ args: Ref, _ keywords: Ref?) throws(Raised) -> (Ref, Ref?) {
    let positional = apus_var_size(args)
    let named = keywords.map { PyDict_Size($0) } ?? 0
    var iterable = positional > 0 ? apus_tuple_item(args, 0) : nil
    var start = positional > 1 ? apus_tuple_item(args, 1) : nil
    if positional + named > 2 {
      throw raise(
        .typeError, "enumerate() takes at most 2 arguments (\(positional + named) given)")
    }
    var position = 0
    var key: Ref?
    var value: Ref?
    while let keywords, PyDict_Next(keywords, &position, &key, &value) != 0, let key {
      let name = key.isStr ? text(of: key) : ""
      if name == "iterable" && iterable == nil {
        iterable = value
      } else if name == "start" && start == nil {
        start = value
      } else {
        throw raise(.typeError, "'\(name)' is an invalid keyword argument for enumerate()")
      }
    }
    guard let iterable else {
      throw raise(.typeError, "enumerate() missing required argument 'iterable'")
    }
    return (iterable, start)
  }

  private static func make(_ type: TypeRef, _ iterable: Ref, _ start: Ref?) throws(Raised) -> Owned {
    var index = 0
    var large: Ref?
    if let start {
      let number = try own(PyNumber_Index(start))
      if let machine = PyRange.machine(number.ref) {
        index = machine
      } else {
        index = Int.max
        large = number.give()
      }
    }
    guard let allocate = type.pointee.tp_alloc, let made = allocate(type, 0) else {
      Py_XDECREF(large)
      throw Raised()
    }
    let result = Owned(adopting: made)
    let own = view(made)
    own.pointee.en_index = index
    own.pointee.en_longindex = large
    own.pointee.en_sit = try Objects.own(PyObject_GetIter(iterable)).give()
    own.pointee.en_result = try tuple(noneObject().retained(), noneObject().retained()).give()
    return result
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let own = view(iterator)
    guard let source = own.pointee.en_sit, let item = source.type.pointee.tp_iternext?(source)
    else { return nil }
    guard let number = nextNumber(own) else {
      Py_DECREF(item)
      return nil
    }
    return pair(&own.pointee.en_result, number, item)
  }

  /// The number of the next item; counting goes on with ints of any size at the end of the word.
  private static func nextNumber(_ own: UnsafeMutablePointer<enumobject>) -> Ref? {
    if own.pointee.en_index != Int.max {
      let number = PyLong_FromSsize_t(own.pointee.en_index)
      own.pointee.en_index += 1
      return number
    }
    if own.pointee.en_longindex == nil {
      own.pointee.en_longindex = PyLong_FromSsize_t(Int.max)
    }
    guard let number = own.pointee.en_longindex else { return nil }
    guard let following = PyNumber_Add(number, apus_small_int(1)) else { return nil }
    own.pointee.en_longindex = following
    return number
  }

  /// A pair of two references given away; the tuple in `slot` when nobody else holds it.
  @inline(__always)
  private static func pair(
    _ slot: UnsafeMutablePointer<Ref?>, _ first: Ref, _ second: Ref
  ) -> Ref? {
    if let known = slot.pointee, known.pointee.ob_refcnt == 1 {
      Py_INCREF(known)
      let items = apus_tuple_items(known)
      let old = (items[0], items[1])
      items[0] = first
      items[1] = second
      Py_XDECREF(old.0)
      Py_XDECREF(old.1)
      // The collector may have let go of the tuple while it held atoms.
      if _PyObject_GC_IS_TRACKED(known) == 0 { apus_gc_track(known) }
      return known
    }
    guard let made = PyTuple_New(2) else {
      Py_DECREF(first)
      Py_DECREF(second)
      return nil
    }
    apus_tuple_items(made)[0] = first
    apus_tuple_items(made)[1] = second
    return made
  }
}
