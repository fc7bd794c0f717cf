import CPythonABI
import Objects

extension Deque {
  private static let constructor: Method = .variableKeywords(
    "deque(iterable=None, maxlen=None)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "collections.deque", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .sequence],
    doc: """
      deque([iterable[, maxlen]])
      --

      A list-like sequence optimized for data accesses near its endpoints.
      """,
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clear(object)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        for index in 0..<count(object) {
          let answer = visitReference(slot(object, index).pointee, visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_richcompare { compare($0, $1, $2) },
      .tp_iter { object in new { try DequeIterator.make(object, reversed: false) } },
      .tp_init { object, args, keywords in
        status { try initialize(object, args, keywords) }
      },
      .tp_new { type, _, _ in
        new {
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          view(object.ref).pointee.maxLength = -1
          return object
        }
      },
      .tp_free { PyObject_GC_Del($0) },
      .sq_length { count($0) },
      .sq_concat { object, other in
        new {
          guard isDeque(other) else {
            throw raise(
              .typeError,
              "can only concatenate deque (not \"\(other.type.fullName)\") to deque")
          }
          let result = try copy(object)
          try extend(result.ref, other)
          return result
        }
      },
      .sq_repeat { object, times in
        new {
          let result = try copy(object)
          try repeatInPlace(result.ref, times)
          return result
        }
      },
      .sq_item { object, index in
        new {
          guard index >= 0, index < count(object) else {
            throw raise(.indexError, "deque index out of range")
          }
          return item(object, index)
        }
      },
      .sq_ass_item { object, index, value in status { try assign(object, index, value) } },
      .sq_contains { object, value in
        truth { try find(object, value, 0..<count(object)) != nil }
      },
      .sq_inplace_concat { object, other in
        new {
          try extend(object, other)
          return object.retained()
        }
      },
      .sq_inplace_repeat { object, times in
        new {
          try repeatInPlace(object, times)
          return object.retained()
        }
      },
    ],
    methods: [
      append, appendLeft, clearMethod, copyAlias, copyMethod, countMethod, extendMethod, extendLeft,
      index, insert, pop, popLeft, reduce, remove, reversed, reverse, rotateMethod, sizeOf,
      classGetItem,
    ],
    properties: [
      Property("maxlen", "maximum size of a deque or None if unbounded") { object, _ in
        new {
          let bound = view(object).pointee.maxLength
          return bound < 0 ? noneObject().retained() : try int(bound)
        }
      }
    ])

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    var bound = -1
    if let given = a.optional(1) {
      bound = try check(PyLong_AsSsize_t(given))
      if bound < 0 { throw raise(.valueError, "maxlen must be non-negative") }
    }
    view(object).pointee.maxLength = bound
    if count(object) > 0 { clear(object) }
    if let iterable = a[0] { try extend(object, iterable) }
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    if try check(Py_ReprEnter(object)) != 0 { return try own(PyUnicode_FromString("[...]")) }
    defer { Py_ReprLeave(object) }
    let list = try own(PySequence_List(object))
    let shown = try own(PyObject_Repr(list.ref))
    let bound = view(object).pointee.maxLength
    let tail = bound >= 0 ? ", maxlen=\(bound)" : ""
    return try own(newString("\(object.type.name)(\(text(of: shown.ref))\(tail))"))
  }

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard isDeque(left), isDeque(right) else { return notImplementedObject() }
    if count(left) != count(right) {
      if operation == Py_EQ { return falseObject() }
      if operation == Py_NE { return trueObject() }
    }
    return new {
      let a = try own(PyObject_GetIter(left))
      let b = try own(PyObject_GetIter(right))
      while true {
        let first = PyIter_Next(a.ref)
        if first == nil && hasRaised() { throw Raised() }
        let second = PyIter_Next(b.ref)
        guard let first, let second else {
          Py_XDECREF(first)
          Py_XDECREF(second)
          if hasRaised() { throw Raised() }
          // The shorter one is less.
          let order = first != nil ? 1 : second != nil ? -1 : 0
          return boolObject(ordered(order, operation)).retained()
        }
        let x = Owned(adopting: first)
        let y = Owned(adopting: second)
        if try check(PyObject_RichCompareBool(x.ref, y.ref, Py_EQ)) == 0 {
          if operation == Py_EQ { return falseObject().retained() }
          if operation == Py_NE { return trueObject().retained() }
          return try own(PyObject_RichCompare(x.ref, y.ref, operation))
        }
      }
    }
  }

  private static func ordered(_ order: Int, _ operation: Int32) -> Bool {
    switch operation {
    case Py_LT: return order < 0
    case Py_LE: return order <= 0
    case Py_EQ: return order == 0
    case Py_NE: return order != 0
    case Py_GT: return order > 0
    default: return order >= 0
    }
  }

  // MARK: Methods

  private static let append: Method = .o("append($self, item, /)", "Add an element to the right side of the deque.") { deque, item in
    none { try append(deque, item.retained()) }
  }
  private static let appendLeft: Method = .o("appendleft($self, item, /)", "Add an element to the left side of the deque.") { deque, item in
    none { try appendLeft(deque, item.retained()) }
  }
  private static let clearMethod: Method = .noargs("clear($self, /)", "Remove all elements from the deque.") { deque, _ in
    clear(deque)
    return noneObject()
  }
  private static let copyAlias: Method = .noargs("__copy__($self, /)", "Return a shallow copy of a deque.") { deque, _ in
    new { try copy(deque) }
  }
  private static let copyMethod: Method = .noargs("copy($self, /)", "Return a shallow copy of a deque.") { deque, _ in
    new { try copy(deque) }
  }
  private static let countMethod: Method = .o("count($self, value, /)", "Return number of occurrences of value.") { deque, value in
    new {
      var found = 0
      var start = 0
      let total = count(deque)
      while let index = try find(deque, value, start..<total) {
        found += 1
        start = index + 1
      }
      return try int(found)
    }
  }
  private static let extendMethod: Method = .o("extend($self, iterable, /)", "Extend the right side of the deque with elements from the iterable.") { deque, iterable in
    none { try extend(deque, iterable) }
  }
  private static let extendLeft: Method = .o("extendleft($self, iterable, /)", "Extend the left side of the deque with elements from the iterable.") { deque, iterable in
    none { try extend(deque, iterable, left: true) }
  }
  private static let index: Method = .fast(
    "index($self, value, [start, [stop]])",
    "Return first index of value.\n\nRaises ValueError if the value is not present."
  ) { deque, args, given in
    new {
      try checkPositional("index", given, least: 1, most: 3)
      guard let args else { throw Raised() }
      let total = count(deque)
      var bounds = [0, total]
      for place in 1..<Swift.max(given, 1) {
        var bound = 0
        if _PyEval_SliceIndexNotNone(args[place], &bound) == 0 { throw Raised() }
        if bound < 0 { bound = Swift.max(bound &+ total, 0) }
        bounds[place - 1] = bound
      }
      let stop = Swift.min(bounds[1], total)
      let start = Swift.min(bounds[0], stop)
      guard let found = try find(deque, args[0], start..<stop) else { throw raiseMissing(args[0]) }
      return try int(found)
    }
  }
  private static let insert: Method = .fast("insert($self, index, value, /)", "Insert value before index.") { deque, args, given in
    none {
      let a = try Arguments(insert, args, given)
      try insert(deque, try a.index(0), a.object(1))
    }
  }
  private static let pop: Method = .noargs("pop($self, /)", "Remove and return the rightmost element.") { deque, _ in
    new {
      if count(deque) == 0 { throw raise(.indexError, "pop from an empty deque") }
      return takeLast(deque)
    }
  }
  private static let popLeft: Method = .noargs("popleft($self, /)", "Remove and return the leftmost element.") { deque, _ in
    new {
      if count(deque) == 0 { throw raise(.indexError, "pop from an empty deque") }
      return takeFirst(deque)
    }
  }
  private static let reduce: Method = .noargs("__reduce__($self, /)", "Return state information for pickling.") { deque, _ in
    new {
      let state = try own(_PyObject_GetState(deque))
      let iterator = try own(PyObject_GetIter(deque))
      let empty = try own(PyTuple_New(0))
      let bound = view(deque).pointee.maxLength
      if bound < 0 { return try tuple(deque.type.object.retained(), empty, state, iterator) }
      let args = try tuple(empty, int(bound))
      return try tuple(deque.type.object.retained(), args, state, iterator)
    }
  }
  private static let remove: Method = .o("remove($self, value, /)", "Remove first occurrence of value.") { deque, value in
    none { try remove(deque, value) }
  }
  private static let reversed: Method = .noargs("__reversed__($self, /)", "Return a reverse iterator over the deque.") { deque, _ in
    new { try DequeIterator.make(deque, reversed: true) }
  }
  private static let reverse: Method = .noargs("reverse($self, /)", "Reverse *IN PLACE*.") { deque, _ in
    let total = count(deque)
    for low in 0..<(total / 2) {
      let a = slot(deque, low)
      let b = slot(deque, total - 1 - low)
      (a.pointee, b.pointee) = (b.pointee, a.pointee)
    }
    return noneObject()
  }
  private static let rotateMethod: Method = .fast(
    "rotate($self, n=1, /)",
    "Rotate the deque n steps to the right.  If n is negative, rotates left."
  ) { deque, args, given in
    none { rotate(deque, try Arguments(rotateMethod, args, given).index(0, default: 1)) }
  }
  private static let sizeOf: Method = .noargs("__sizeof__($self, /)", "Return the size of the deque in memory, in bytes.") { deque, _ in
    PyLong_FromSsize_t(
      deque.type.pointee.tp_basicsize
        + view(deque).pointee.capacity * MemoryLayout<Ref?>.stride)
  }
  private static let classGetItem = Method.o("__class_getitem__", "See PEP 585") {
    Py_GenericAlias($0, $1)
  }.classMethod
}

/// The iterators of deques, in both directions.
enum DequeIterator {
  struct Layout {
    var base: PyObject
    var deque: Ref?
    /// Items delivered.
    var index: Int
    /// The deque's state when iteration began.
    var state: Int
    /// Items still to come.
    var remaining: Int
  }

  nonisolated(unsafe) static let forwardType = PermanentMemory.type()
  nonisolated(unsafe) static let reverseType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let slots: [Slot] = [
    .tp_dealloc { object in
      PyObject_GC_UnTrack(object)
      Py_XDECREF(view(object).pointee.deque)
      PyObject_GC_Del(object)
    },
    .tp_getattro(PyObject_GenericGetAttr),
    .tp_traverse { visitReference(view($0).pointee.deque, $1, $2) },
    .tp_iter(PyObject_SelfIter),
    .tp_iternext { next($0) },
    .tp_new { type, args, keywords in
      new {
        let count = apus_var_size(args)
        if count < 1 { throw raise(.typeError, "function takes at least 1 argument (0 given)") }
        if count > 2 {
          throw raise(.typeError, "function takes at most 2 arguments (\(count) given)")
        }
        let deque = apus_tuple_item(args, 0)
        guard Deque.isDeque(deque) else {
          throw raise(
            .typeError, "argument 1 must be collections.deque, not \(deque.type.fullName)")
        }
        let skipped = count == 2 ? try check(PyNumber_AsSsize_t(apus_tuple_item(args, 1), .overflowError)) : 0
        let iterator = try make(deque, reversed: type == reverseType)
        for _ in 0..<Swift.max(skipped, 0) {
          guard let item = next(iterator.ref) else {
            if hasRaised() { throw Raised() }
            break
          }
          Py_DECREF(item)
        }
        return iterator
      }
    },
  ]

  private static let methods: [Method] = [
    .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { object, _ in
      PyLong_FromSsize_t(view(object).pointee.remaining)
    },
    .noargs("__reduce__", "Return state information for pickling.") { object, _ in
      new {
        let own = view(object).pointee
        guard let deque = own.deque else { throw Raised() }
        let args = try tuple(deque.retained(), int(Deque.count(deque) - own.remaining))
        return try tuple(object.type.object.retained(), args)
      }
    },
  ]

  static let forwardSpec = TypeSpec(
    forwardType, "collections._deque_iterator", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(), slots: slots, methods: methods)

  static let reverseSpec = TypeSpec(
    reverseType, "collections._deque_reverse_iterator", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(), slots: slots, methods: methods)

  static func make(_ deque: Ref, reversed: Bool) throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(reversed ? reverseType : forwardType))
    let own = view(object.ref)
    own.pointee.deque = deque.retained().give()
    own.pointee.index = 0
    own.pointee.state = Deque.view(deque).pointee.state
    own.pointee.remaining = Deque.count(deque)
    PyObject_GC_Track(object.ref)
    return object
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let deque = own.pointee.deque else { return nil }
    if Deque.view(deque).pointee.state != own.pointee.state {
      own.pointee.remaining = 0
      _ = raise(.runtimeError, "deque mutated during iteration")
      return nil
    }
    if own.pointee.remaining == 0 { return nil }
    let place =
      object.type == reverseType ? own.pointee.remaining - 1 : own.pointee.index
    own.pointee.index += 1
    own.pointee.remaining -= 1
    return Deque.item(deque, place).give()
  }
}
