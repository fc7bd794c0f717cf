import CPythonABI

extension OrderedDict {
  static let spec = TypeSpec(
    orderedDictType(), "collections.OrderedDict", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType], doc: "Dictionary that remembers insertion order",
    base: dictType(), dictOffset: MemoryLayout<Layout>.at(\.instanceDict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&view(object).pointee.instanceDict)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clearNodes(object)
        dictType().pointee.tp_dealloc?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_traverse { object, visit, argument in
        let answer = visitReference(view(object).pointee.instanceDict, visit, argument)
        if answer != 0 { return answer }
        var next = view(object).pointee.first
        while let node = next {
          let answer = visit(node.pointee.key, argument)
          if answer != 0 { return answer }
          next = node.pointee.next
        }
        return dictType().pointee.tp_traverse?(object, visit, argument) ?? 0
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.instanceDict)
        clear(object)
        return 0
      },
      .tp_richcompare { left, right, operation in
        guard operation == Py_EQ || operation == Py_NE, isOrdered(left), right.isDict else {
          return notImplementedObject()
        }
        return new {
          guard let compareItems = dictType().pointee.tp_richcompare else { throw Raised() }
          let items = try own(compareItems(left, right, Py_EQ))
          if items.ref == notImplementedObject() { return items }
          var same = try check(PyObject_IsTrue(items.ref)) != 0
          if same && isOrdered(right) { same = try sameOrder(left, right) }
          return boolObject(same == (operation == Py_EQ)).retained()
        }
      },
      .tp_iter { object in new { try OrderedDictIterator.make(object, [.keys]) } },
      .tp_init { object, args, keywords in
        status {
          try update(object, args, keywords) { "expected at most 1 arguments, got \($0)" }
        }
      },
      .mp_ass_subscript { object, key, value in
        status {
          if let value { try set(object, key, value) } else { try delete(object, key) }
        }
      },
      .nb_or { union($0, $1) },
      .nb_inplace_or { object, other in
        new {
          try update(object, other)
          return object.retained()
        }
      },
    ],
    methods: [
      fromKeys, sizeOf, reduce, setDefault, popMethod, popItemMethod, keysMethod, valuesMethod,
      itemsMethod, updateMethod, clearMethod, copyMethod, reversed, moveToEnd,
    ],
    properties: [
      Property(
        "__dict__", get: { PyObject_GenericGetDict($0, $1) },
        set: { PyObject_GenericSetDict($0, $1, $2) })
    ])

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let name = object.type.name
    if PyDict(object).count == 0 { return try own(Objects.newString("\(name)()")) }
    if try check(Py_ReprEnter(object)) != 0 { return try own(PyUnicode_FromString("...")) }
    defer { Py_ReprLeave(object) }
    let plain = try own(PyDict_New())
    if object.type == orderedDictType() {
      var next = view(object).pointee.first
      let state = view(object).pointee.state
      while let node = next {
        let key = node.pointee.key.retained()
        guard let value = try PyDict(object).find(key.ref) else {
          throw raise(.keyError, value: key.ref)
        }
        let held = value.retained()
        try check(PyDict_SetItem(plain.ref, key.ref, held.ref))
        if view(object).pointee.state != state {
          throw raise(.runtimeError, "OrderedDict mutated during iteration")
        }
        next = node.pointee.next
      }
    } else {
      let items = try own(PyObject_CallMethodNoArgs(object, SpecialName.items))
      try check(PyDict_MergeFromSeq2(plain.ref, items.ref, 1))
    }
    let shown = try own(PyObject_Repr(plain.ref))
    return try own(Objects.newString("\(name)(\(text(of: shown.ref)))"))
  }

  private static func union(_ left: Ref, _ right: Ref) -> Ref? {
    let isLeft = isOrdered(left)
    guard (isLeft ? right : left).isDict else { return notImplementedObject() }
    return new {
      let type = isLeft ? left.type : right.type
      let result = try own(PyObject_CallOneArg(type.object, left))
      try update(result.ref, right)
      return result
    }
  }

  // MARK: Methods

  private static let fromKeys: Method = Method.keywords(
    "fromkeys($type, /, iterable, value=None)",
    "Create a new ordered dictionary with keys from iterable and values set to value."
  ) { type, args, count, names in
    new {
      let a = try Arguments(fromKeysParser, args, count, names)
      let result = try own(PyObject_CallNoArgs(type))
      let iterator = try own(PyObject_GetIter(a.object(0)))
      while let next = PyIter_Next(iterator.ref) {
        let key = Owned(adopting: next)
        try check(PyObject_SetItem(result.ref, key.ref, a.object(1)))
      }
      if hasRaised() { throw Raised() }
      return result
    }
  }.classMethod

  private static let fromKeysParser: Method = .keywords(
    "fromkeys($type, /, iterable, value=None)", "", { _, _, _, _ in nil })

  private static let sizeOf: Method = .noargs("__sizeof__", "") { object, _ in
    new {
      let plain = try own(PyObject_GetAttrString(dictType().object, "__sizeof__"))
      let size = try own(PyObject_CallOneArg(plain.ref, object))
      let more =
        view(object).pointee.fastCount * MemoryLayout<NodePointer?>.stride
        + PyDict(object).count * MemoryLayout<Node>.stride
      let extra = try int(more)
      return try own(PyNumber_Add(size.ref, extra.ref))
    }
  }

  private static let reduce: Method = .noargs("__reduce__", "Return state information for pickling") { object, _ in
    new {
      let state = try own(_PyObject_GetState(object))
      let items = try own(PyObject_CallMethodNoArgs(object, SpecialName.items))
      let iterator = try own(PyObject_GetIter(items.ref))
      let empty = try own(PyTuple_New(0))
      let result = try own(PyTuple_New(5))
      let slots = apus_tuple_items(result.ref)
      slots[0] = object.type.object.retained().give()
      slots[1] = empty.give()
      slots[2] = state.give()
      slots[3] = noneObject()
      slots[4] = iterator.give()
      return result
    }
  }

  private static let setDefault: Method = .keywords(
    "setdefault($self, /, key, default=None)",
    """
    Insert key with a value of default if key is not in the dictionary.

    Return the value for key if key is in the dictionary, else default.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(setDefault, args, count, names)
      let key = a.object(0)
      let fallback = a.object(1)
      if object.type == orderedDictType() {
        if let found = PyDict_GetItemWithError(object, key) { return found.retained() }
        if hasRaised() { throw Raised() }
        try set(object, key, fallback)
        return fallback.retained()
      }
      if try check(PySequence_Contains(object, key)) != 0 {
        return try own(PyObject_GetItem(object, key))
      }
      try check(PyObject_SetItem(object, key, fallback))
      return fallback.retained()
    }
  }

  private static let popMethod: Method = .keywords(
    "pop($self, /, key, default=<unrepresentable>)",
    """
    od.pop(key[,default]) -> v, remove specified key and return the corresponding value.

    If the key is not found, return the default if given; otherwise,
    raise a KeyError.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(popMethod, args, count, names)
      return try pop(object, a.object(0), a[1])
    }
  }

  private static let popItemMethod: Method = .keywords(
    "popitem($self, /, last=True)",
    """
    Remove and return a (key, value) pair from the dictionary.

    Pairs are returned in LIFO order if last is true or FIFO order if false.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(popItemMethod, args, count, names)
      return try popItem(object, last: a.bool(0, default: true))
    }
  }

  private static let keysMethod: Method = .noargs("keys", "") { object, _ in
    new { try DictView.make(oDictKeysType(), of: object) }
  }
  private static let valuesMethod: Method = .noargs("values", "") { object, _ in
    new { try DictView.make(oDictValuesType(), of: object) }
  }
  private static let itemsMethod: Method = .noargs("items", "") { object, _ in
    new { try DictView.make(oDictItemsType(), of: object) }
  }

  private static let updateMethod: Method = .variableKeywords("update", "") { object, args, keywords in
    none {
      try update(object, args, keywords) {
        "update() takes at most 1 positional argument (\($0) given)"
      }
    }
  }

  private static let clearMethod: Method = .noargs("clear", "od.clear() -> None.  Remove all items from od.") { object, _ in
    clear(object)
    return noneObject()
  }

  private static let copyMethod: Method = .noargs("copy", "od.copy() -> a shallow copy of od") { object, _ in
    new { try copy(object) }
  }

  private static let reversed: Method = .noargs("__reversed__", "od.__reversed__() <==> reversed(od)") { object, _ in
    new { try OrderedDictIterator.make(object, [.keys, .reversed]) }
  }

  private static let moveToEnd: Method = .keywords(
    "move_to_end($self, /, key, last=True)",
    """
    Move an existing element to the end (or beginning if last is false).

    Raise KeyError if the element does not exist.
    """
  ) { object, args, count, names in
    none {
      let a = try Arguments(moveToEnd, args, count, names)
      try move(object, a.object(0), last: a.bool(1, default: true))
    }
  }
}
