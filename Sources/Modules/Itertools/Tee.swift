import CPythonABI
import Objects

/// itertools.tee: iterators over one source that share what was read.
///
/// The items lie in a chain of blocks of 57; each iterator holds its block and place, so a block
/// goes when the last iterator has passed it.
enum Tee {
  static let capacity = 57

  struct Block {
    var base: PyObject
    var source: Ref?
    /// A list of the items read so far.
    var items: Ref?
    var next: Ref?
    /// 1 while the source runs, which must not come back here.
    var running: Int
  }

  struct Layout {
    var base: PyObject
    var block: Ref?
    var index: Int
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static let blockType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func block(_ object: Ref) -> UnsafeMutablePointer<Block> { object.view(Block.self) }

  // MARK: Blocks

  static let blockSpec = TypeSpec(
    blockType, "itertools._tee_dataobject", basicSize: MemoryLayout<Block>.size,
    flags: [.haveGC], doc: "teedataobject(iterable, values, next, /)\n--\n\nItems shared by several tee objects.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearBlock(object)
        PyObject_GC_Del(object)
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        let own = block(object).pointee
        return visitReferences(visit, argument, own.source, own.items, own.next)
      },
      .tp_clear { object in
        clearBlock(object)
        return 0
      },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("teedataobject", keywords)
          try checkPositional("teedataobject", apus_var_size(args), least: 3, most: 3)
          return try makeBlock(
            apus_tuple_item(args, 0), apus_tuple_item(args, 1), apus_tuple_item(args, 2))
        }
      },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = block(object).pointee
          let values = try Objects.own(PySequence_List(own.items ?? noneObject()))
          let args = try tuple(orNone(own.source), values, orNone(own.next))
          return try tuple(typeOf(object), args)
        }
      }
    ])

  /// Drops a chain of blocks one by one: it may be too long for recursion.
  private static func clearBlock(_ object: Ref) {
    let own = block(object)
    clearReference(&own.pointee.source)
    clearReference(&own.pointee.items)
    var next = own.pointee.next
    own.pointee.next = nil
    while let current = next {
      guard current.type == blockType, current.pointee.ob_refcnt == 1 else {
        Py_DECREF(current)
        return
      }
      next = block(current).pointee.next
      block(current).pointee.next = nil
      Py_DECREF(current)
    }
  }

  private static func newBlock(_ source: Ref) throws(Raised) -> Owned {
    let items = try own(PyList_New(0))
    let object = try own(_PyObject_GC_New(blockType))
    let fields = block(object.ref)
    fields.pointee.source = source.retained().give()
    fields.pointee.items = items.give()
    fields.pointee.next = nil
    fields.pointee.running = 0
    PyObject_GC_Track(object.ref)
    return object
  }

  private static func makeBlock(_ source: Ref, _ values: Ref, _ next: Ref) throws(Raised) -> Owned {
    guard values.isList else {
      throw raise(
        .typeError, "teedataobject() argument 2 must be list, not \(values.type.fullName)")
    }
    let object = try newBlock(source)
    let count = apus_var_size(values)
    guard count <= capacity, let items = block(object.ref).pointee.items else {
      throw raise(.valueError, "Invalid arguments")
    }
    try check(PyList_Extend(items, values))
    if count == capacity {
      if !next.isNone {
        guard next.type == blockType else { throw raise(.valueError, "Invalid arguments") }
        block(object.ref).pointee.next = next.retained().give()
      }
    } else if !next.isNone {
      throw raise(.valueError, "Invalid arguments")
    }
    return object
  }

  /// An item of a block, read from the source when it is the next one.
  private static func item(_ object: Ref, _ index: Int) -> Ref? {
    let own = block(object)
    guard let items = own.pointee.items else { return nil }
    if index < apus_var_size(items) {
      let item = apus_list_item(items, index)
      Py_INCREF(item)
      return item
    }
    if own.pointee.running != 0 {
      _ = raise(.runtimeError, "cannot re-enter the tee iterator")
      return nil
    }
    guard let source = own.pointee.source else { return nil }
    own.pointee.running = 1
    let item = PyIter_Next(source)
    own.pointee.running = 0
    guard let item else { return nil }
    guard let list = own.pointee.items, PyList_Append(list, item) >= 0 else {
      Py_DECREF(item)
      return nil
    }
    return item
  }

  private static func following(_ object: Ref) throws(Raised) -> Owned {
    let own = block(object)
    if own.pointee.next == nil, let source = own.pointee.source {
      own.pointee.next = try newBlock(source).give()
    }
    guard let next = own.pointee.next else { throw Raised() }
    return next.retained()
  }

  // MARK: Iterators

  static let spec = TypeSpec(
    type, "itertools._tee", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    doc: "_tee(iterable, /)\n--\n\nIterator wrapped to make it copyable.", base: objectType(),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        Py_XDECREF(view(object).pointee.block)
        PyObject_GC_Del(object)
      },
      .tp_traverse { visitReference(view($0).pointee.block, $1, $2) },
      .tp_clear { object in
        clearReference(&view(object).pointee.block)
        return 0
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("_tee", keywords)
          try checkPositional("_tee", apus_var_size(args), least: 1, most: 1)
          let source = try own(PyObject_GetIter(apus_tuple_item(args, 0)))
          return try wrap(source.ref)
        }
      },
    ],
    methods: [
      .noargs("__copy__", "Returns an independent iterator.") { object, _ in
        new { try copy(object) }
      },
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let empty = try own(PyTuple_New(0))
          let args = try tuple(empty)
          let state = try tuple(orNone(view(object).pointee.block), int(view(object).pointee.index))
          return try tuple(typeOf(object), args, state)
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none { try setState(object, state) }
      },
    ])

  private static func make(_ block: consuming Owned, _ index: Int) throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(type))
    view(object.ref).pointee.block = block.give()
    view(object.ref).pointee.index = index
    view(object.ref).pointee.weakReferences = nil
    PyObject_GC_Track(object.ref)
    return object
  }

  static func copy(_ object: Ref) throws(Raised) -> Owned {
    try make(orNone(view(object).pointee.block), view(object).pointee.index)
  }

  /// A copyable iterator over an iterator; a copy of one that is that already.
  static func wrap(_ source: Ref) throws(Raised) -> Owned {
    if source.type == type { return try copy(source) }
    let block = try newBlock(source)
    return try make(block, 0)
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let current = own.pointee.block, current.type == blockType else { return nil }
    if own.pointee.index >= capacity {
      guard let next = try? following(current) else { return nil }
      replaceReference(&own.pointee.block, next.give())
      own.pointee.index = 0
    }
    guard let block = own.pointee.block else { return nil }
    let held = block.retained()
    guard let item = item(held.ref, own.pointee.index) else { return nil }
    own.pointee.index += 1
    return item
  }

  private static func setState(_ object: Ref, _ state: Ref) throws(Raised) {
    try warnPickling()
    try stateTuple(state)
    let count = apus_var_size(state)
    if count != 2 { throw raise(.typeError, "function takes exactly 2 arguments (\(count) given)") }
    let block = apus_tuple_item(state, 0)
    guard block.type == blockType else {
      throw raise(
        .typeError,
        "argument 1 must be itertools._tee_dataobject, not \(block.type.fullName)")
    }
    let index = PyLong_AsInt(apus_tuple_item(state, 1))
    if index == -1 && hasRaised() { throw Raised() }
    guard index >= 0 && index <= capacity else { throw raise(.valueError, "Index out of range") }
    replaceReference(&view(object).pointee.block, block.retained().give())
    view(object).pointee.index = Int(index)
  }

  static let function: Method = .fast(
    "tee($module, iterable, n=2, /)", "Returns a tuple of n independent iterators."
  ) { _, args, count in
    new {
      let a = try Arguments(function, args, count)
      let number = try a.index(1, default: 2)
      if number < 0 { throw raise(.valueError, "n must be >= 0") }
      let result = try own(PyTuple_New(number))
      if number == 0 { return result }
      var iterator = try own(PyObject_GetIter(a.object(0)))
      let name = try own(PyUnicode_InternFromString("__copy__"))
      var method: Ref?
      try check(PyObject_GetOptionalAttr(iterator.ref, name.ref, &method))
      // A tee object is not handed out itself: all results are independent of it.
      if method == nil || iterator.ref.type == type {
        Py_XDECREF(method)
        iterator = try wrap(iterator.ref)
        method = PyObject_GetAttr(iterator.ref, name.ref)
      }
      let copy = try own(method)
      for index in 1..<Swift.max(number, 1) {
        apus_tuple_items(result.ref)[index] = try own(PyObject_CallNoArgs(copy.ref)).give()
      }
      apus_tuple_items(result.ref)[0] = iterator.give()
      return result
    }
  }
}
