import CPythonABI

extension PyDict {
  static var spec: TypeSpec {
    TypeSpec(
      dictType(), "dict", basicSize: MemoryLayout<PyDictObject>.size,
      flags: [.haveGC, .baseType, .dictSubclass, .matchSelf, .mapping],
      doc: """
        dict() -> new empty dictionary
        dict(mapping) -> new dictionary initialized from a mapping object's
            (key, value) pairs
        dict(iterable) -> new dictionary initialized as if via:
            d = {}
            for k, v in iterable:
                d[k] = v
        dict(**kwargs) -> new dictionary initialized with the name=value pairs
            in the keyword argument list.  For example:  dict(one=1, two=2)
        """,
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_repr { dict in new { try PyDict(dict).repr() } },
        .tp_hash(PyObject_HashNotImplemented),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_traverse(traverse),
        .tp_clear { dict in
          PyDict(dict).clear()
          return 0
        },
        .tp_richcompare(richCompare),
        .tp_iter { dict in new { try PyDictIterator.make(dictIterKeyType(), over: dict) } },
        .tp_init { dict, args, keywords in
          status { try PyDict(dict).update("dict", args, keywords) }
        },
        .tp_alloc(PyType_GenericAlloc),
        .tp_new { type, args, keywords in new { try PyDict.construct(type) } },
        .freesTracked,
        .tp_vectorcall { type, args, flags, names in
          new { try PyDict.vectorcall(type, args, PyVectorcall_NARGS(flags), names) }
        },
        .nb_or { left, right in new { try PyDict.union(left, right) } },
        .nb_inplace_or { dict, other in
          new {
            try PyDict(dict).update(from: other)
            return dict.retained()
          }
        },
        .sq_contains { dict, key in truth { try PyDict(dict).find(key) != nil } },
        .mp_length { dict in PyDict(dict).count },
        .mp_subscript { dict, key in new { try PyDict(dict).subscripted(key) } },
        .mp_ass_subscript { dict, key, value in
          status {
            if let value { return try PyDict(dict).set(key, value) }
            // The key must be hashable even when there is nothing to find.
            if !key.isExactStr && PyDict(dict).count == 0 { try check(PyObject_Hash(key)) }
            if try !PyDict(dict).delete(key) { throw raiseKeyError(key) }
          }
        },
      ],
      methods: [
        contains, getItem, sizeof, get, setDefault, pop, popItem, keysView, itemsView, valuesView,
        update, fromKeys, clearItems, copyDict, reversed, classGetItem,
      ])
  }

  // MARK: Slots

  static func construct(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let result = try own(allocate(type, 0))
    let dict = PyDict(result.ref)
    dict.object.pointee.ma_used = 0
    dict.object.pointee.ma_version_tag = 0
    dict.object.pointee.ma_keys = emptyKeys()
    dict.object.pointee.ma_values = nil
    // A dict is tracked when it first holds something the collector must see.
    if type == dictType() { result.ref.untrackIfNeeded() }
    return result
  }

  static func vectorcall(
    _ type: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    try checkPositional("dict", count, least: 0, most: 1)
    let result = try type == dictType().object ? make() : construct(type.asType)
    let dict = PyDict(result.ref)
    if count == 1 { try dict.update(from: args.unsafelyUnwrapped[0]) }
    if let names {
      for index in 0..<apus_var_size(names) {
        try dict.set(apus_tuple_item(names, index), args.unsafelyUnwrapped[count + index])
      }
    }
    return result
  }

  static let traverse: traverseproc = { object, visit, argument in
    let dict = PyDict(object)
    let keys = dict.keys
    if keys.isGeneral {
      let entries = keys.general
      for index in 0..<keys.count {
        if let value = entries[index].me_value {
          var result = visit(value, argument)
          if result != 0 { return result }
          if let key = entries[index].me_key {
            result = visit(key, argument)
            if result != 0 { return result }
          }
        }
      }
      return 0
    }
    // Keys that are exact strs hold no references.
    if let values = dict.values {
      // Also inline values: their object leaves them to its dict.
      let items = apus_values_items(values)
      for index in 0..<Int(values.pointee.capacity) {
        if let value = items[index] {
          let result = visit(value, argument)
          if result != 0 { return result }
        }
      }
      return 0
    }
    let entries = keys.unicode
    for index in 0..<keys.count {
      if let value = entries[index].me_value {
        let result = visit(value, argument)
        if result != 0 { return result }
      }
    }
    return 0
  }

  func repr() throws(Raised) -> Owned {
    let entered = try check(Py_ReprEnter(ref))
    if entered != 0 { return try newString(ascii: "{...}") }
    defer { Py_ReprLeave(ref) }
    if count == 0 { return try newString(ascii: "{}") }
    var text = ReprText(capacity: 1 + 4 + (2 + 4) * (count - 1) + 1)
    try text.append("{")
    var position = 0
    var first = true
    while let (keyRef, valueRef, _) = next(&position) {
      let key = keyRef.retained()
      let value = valueRef.retained()
      if !first { try text.append(", ") }
      first = false
      try text.append(reprOf: key.ref)
      try text.append(": ")
      try text.append(reprOf: value.ref)
    }
    try text.append("}")
    return try text.finish()
  }

  static let richCompare: richcmpfunc = { left, right, operation in
    guard operation == Py_EQ || operation == Py_NE, left.isDict, right.isDict else {
      return notImplementedObject()
    }
    do {
      let same = try PyDict(left).isEqual(to: PyDict(right))
      return boolObject(same == (operation == Py_EQ))
    } catch {
      return nil
    }
  }

  func isEqual(to other: PyDict) throws(Raised) -> Bool {
    if count != other.count { return false }
    var position = 0
    while let (keyRef, valueRef, hash) = next(&position) {
      let key = keyRef.retained()
      let value = valueRef.retained()
      guard let found = try other.find(key.ref, hash) else { return false }
      let theirs = found.retained()
      if try !equal(value.ref, theirs.ref) { return false }
    }
    return true
  }

  /// `dict[key]`, with `__missing__` of a subclass.
  func subscripted(_ key: Ref) throws(Raised) -> Owned {
    if let value = try find(key) { return value.retained() }
    if !ref.isExactDict {
      let name = try own(PyUnicode_InternFromString("__missing__"))
      if let missing = _PyObject_LookupSpecial(ref, name.ref) {
        let method = Owned(adopting: missing)
        return try own(PyObject_CallOneArg(method.ref, key))
      }
      if hasRaised() { throw Raised() }
    }
    throw raiseKeyError(key)
  }

  static func union(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    guard left.isDict && right.isDict else { return Owned(adopting: notImplementedObject()) }
    let result = try PyDict(left).copy()
    try PyDict(result.ref).update(from: right)
    return result
  }

  // MARK: Methods

  static let contains = Method.o(
    "__contains__($self, key, /)", "Whether the dictionary has the key."
  ) { dict, key in
    bool { try PyDict(dict).find(key) != nil }
  }.coexisting

  static let getItem = Method.o("__getitem__($self, key, /)", "self[key].") { dict, key in
    new { try PyDict(dict).subscripted(key) }
  }.coexisting

  static let sizeof: Method = .noargs(
    "__sizeof__($self, /)", "The bytes of the dictionary and its table."
  ) { dict, _ in
    PyLong_FromSsize_t(PyDict(dict).byteSize)
  }

  /// The bytes of the object, and of what belongs to it alone.
  var byteSize: Int {
    var size = ref.type.pointee.tp_basicsize
    if values != nil { size += keys.sharedCapacity * 8 }
    if keys != emptyKeys() && keys.pointee.dk_refcnt == 1 { size += keys.byteSize }
    return size
  }

  static let get: Method = .fast(
    "get($self, key, default=None, /)",
    "The value of the key, or default if the key is missing."
  ) { dict, args, count in
    new {
      try checkPositional("get", count, least: 1, most: 2)
      let args = args.unsafelyUnwrapped
      if let value = try PyDict(dict).find(args[0]) { return value.retained() }
      return count > 1 ? args[1].retained() : Owned(adopting: noneObject())
    }
  }

  static let setDefault: Method = .fast(
    "setdefault($self, key, default=None, /)",
    "The value of the key; a missing key is added with default as its value."
  ) { dict, args, count in
    new {
      try checkPositional("setdefault", count, least: 1, most: 2)
      let args = args.unsafelyUnwrapped
      var present = false
      return try PyDict(dict).setDefault(
        args[0], count > 1 ? args[1] : noneObject(), present: &present)
    }
  }

  /// The value of a key, added when missing. `present` says whether it was there.
  func setDefault(_ key: Ref, _ value: Ref, present: inout Bool) throws(Raised) -> Owned {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    if let there = try find(key, hash) {
      present = true
      return there.retained()
    }
    present = false
    // Without a second search: keys are compared once.
    if keys.isSplit { try set(key, hash, value) } else { try insertMissing(key, hash, value) }
    return value.retained()
  }

  static let pop: Method = .fast(
    "pop($self, key, default=<unrepresentable>, /)",
    """
    D.pop(k[,d]) -> v, remove specified key and return the corresponding value.

    Without the key, default is returned; without default KeyError is raised.
    """
  ) { dict, args, count in
    new {
      try checkPositional("pop", count, least: 1, most: 2)
      let args = args.unsafelyUnwrapped
      if let value = try PyDict(dict).pop(args[0]) { return value }
      if count > 1 { return args[1].retained() }
      throw raiseKeyError(args[0])
    }
  }

  static let popItem: Method = .noargs(
    "popitem($self, /)",
    """
    Removes and returns the newest (key, value) pair.

    Raises KeyError if the dictionary is empty.
    """
  ) { dict, _ in
    new { try PyDict(dict).popItem() }
  }

  static let keysView: Method = .noargs(
    "keys($self, /)", "A set-like view of the keys."
  ) { dict, _ in
    new { try DictView.make(dictKeysType(), of: dict) }
  }

  static let itemsView: Method = .noargs(
    "items($self, /)", "A set-like view of the (key, value) pairs."
  ) { dict, _ in
    new { try DictView.make(dictItemsType(), of: dict) }
  }

  static let valuesView: Method = .noargs(
    "values($self, /)", "A view of the values."
  ) { dict, _ in
    new { try DictView.make(dictValuesType(), of: dict) }
  }

  static let update: Method = .variableKeywords(
    "update",
    """
    D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.

    E with a keys() method is read as a mapping, anything else as (key, value)
    pairs; the keywords F follow.
    """
  ) { dict, args, keywords in
    none { try PyDict(dict).update("update", args, keywords) }
  }

  static let fromKeys = Method.fast(
    "fromkeys($type, iterable, value=None, /)",
    "A new dictionary with the keys of the iterable, all with the same value."
  ) { type, args, count in
    new {
      try checkPositional("fromkeys", count, least: 1, most: 2)
      let args = args.unsafelyUnwrapped
      return try PyDict.fromKeys(type, args[0], count > 1 ? args[1] : noneObject())
    }
  }.classMethod

  static let clearItems: Method = .noargs("clear($self, /)", "Removes every item.") { dict, _ in
    none { PyDict(dict).clear() }
  }

  static let copyDict: Method = .noargs(
    "copy($self, /)", "A new dictionary with the same items."
  ) { dict, _ in
    new { try PyDict(dict).copy() }
  }

  static let reversed: Method = .noargs(
    "__reversed__($self, /)", "An iterator of the keys, newest first."
  ) { dict, _ in
    new { try PyDictIterator.make(dictRevIterKeyType(), over: dict) }
  }

  static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585."
  ) { type, item in
    Py_GenericAlias(type, item)
  }.classMethod
}

/// The types of this folder.
enum DictTypes {
  static var specs: [TypeSpec] {
    [PyDict.spec] + PyDictIterator.specs + [DictView.keysSpec, DictView.valuesSpec, DictView.itemsSpec]
  }
}
