import CPythonABI

/// `dict.keys()`, `dict.values()` and `dict.items()`: windows on the dict itself.
struct DictView {
  struct Layout {
    var base: PyObject
    /// nil after the collector cleared the view.
    var dict: Ref?
  }

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  var dict: Ref? { ref.view(Layout.self).pointee.dict }
  var count: Int { dict.map { PyDict($0).count } ?? 0 }
  var isKeys: Bool { ref.isInstance(of: dictKeysType()) }

  static func make(_ type: TypeRef, of dict: Ref) throws(Raised) -> Owned {
    let view = try own(_PyObject_GC_New(type))
    Py_INCREF(dict)
    view.ref.view(Layout.self).pointee.dict = dict
    view.ref.track()
    return view
  }

  /// Whether the object is a view of keys or items, which are sets.
  static func isSetLike(_ object: Ref) -> Bool {
    object.isInstance(of: dictKeysType()) || object.isInstance(of: dictItemsType())
  }

  // MARK: Behaviour

  func repr() throws(Raised) -> Owned {
    let entered = try check(Py_ReprEnter(ref))
    if entered != 0 { return try newString(ascii: "...") }
    defer { Py_ReprLeave(ref) }
    let list = try own(PySequence_List(ref))
    let body = try own(PyObject_Repr(list.ref))
    var text = ReprText(capacity: 16)
    let name = try own(newString(ref.type.fullName))
    try text.append(str: name.ref)
    try text.append("(")
    try text.append(str: body.ref)
    try text.append(")")
    return try text.finish()
  }

  func contains(_ object: Ref) throws(Raised) -> Bool {
    guard let dict else { return false }
    if isKeys { return try PyDict(dict).find(object) != nil }
    guard object.isTuple && apus_var_size(object) == 2 else { return false }
    guard let found = try PyDict(dict).find(apus_tuple_item(object, 0)) else { return false }
    let value = found.retained()
    return try equal(value.ref, apus_tuple_item(object, 1))
  }

  /// Whether every item of an iterable is in a container.
  private static func allContained(_ items: Ref, in container: Ref) throws(Raised) -> Bool {
    let iterator = try own(PyObject_GetIter(items))
    while let next = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: next)
      if try check(PySequence_Contains(container, item.ref)) == 0 { return false }
    }
    if hasRaised() { throw Raised() }
    return true
  }

  func compare(_ other: Ref, _ operation: Int32) throws(Raised) -> Owned {
    guard PySet.isAnySet(other) || DictView.isSetLike(other) else {
      return Owned(adopting: notImplementedObject())
    }
    let mine = count
    let theirs = try check(PyObject_Size(other))
    // What the sizes already decide is not looked at.
    let possible =
      operation == Py_NE ? mine == theirs : compareSizes(mine, theirs, operation)
    let contained: Bool
    if !possible {
      contained = false
    } else if operation == Py_GT || operation == Py_GE {
      contained = try DictView.allContained(other, in: ref)
    } else {
      contained = try DictView.allContained(ref, in: other)
    }
    return Owned(adopting: boolObject(contained != (operation == Py_NE)))
  }

  /// A new set of what a view, or anything else that can be iterated, holds.
  private static func makeSet(_ items: Ref) throws(Raised) -> Owned {
    if items.isInstance(of: dictKeysType()), let dict = DictView(items).dict, dict.isExactDict {
      return try PySet.make(setType(), from: dict)
    }
    return try PySet.make(setType(), from: items)
  }

  static func subtract(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    let result = try makeSet(left)
    try PySet(result.ref).subtract(right)
    return result
  }

  static func union(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    let result = try makeSet(left)
    try PySet(result.ref).update(right)
    return result
  }

  static func symmetricDifference(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    let result = try makeSet(left)
    try PySet(result.ref).updateSymmetricDifference(right)
    return result
  }

  static func intersect(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    var view = left
    var other = right
    // The operands arrive swapped when only the right one is a view.
    if !isSetLike(view) { swap(&view, &other) }
    if other.type == setType(), DictView(view).count <= PySet(other).count {
      return try PySet(other).intersection(view)
    }
    if isSetLike(other) && DictView(other).count > DictView(view).count { swap(&view, &other) }
    let result = try PySet.make(setType(), from: nil)
    let iterator = try own(PyObject_GetIter(other))
    while let next = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: next)
      if try DictView(view).contains(item.ref) { try PySet(result.ref).add(item.ref) }
    }
    if hasRaised() { throw Raised() }
    return result
  }

  static let isDisjoint: Method = .o(
    "isdisjoint($self, object, /)", "Whether the view and the iterable have nothing in common."
  ) { view, other in
    bool { try isDisjoint(view, other) }
  }

  private static func isDisjoint(_ left: Ref, _ right: Ref) throws(Raised) -> Bool {
    if left == right { return DictView(left).count == 0 }
    var view = left
    var other = right
    // Iterate over the shorter one.
    if PySet.isAnySet(other) || isSetLike(other),
      try check(PyObject_Size(other)) > DictView(view).count
    {
      swap(&view, &other)
    }
    let iterator = try own(PyObject_GetIter(other))
    while let next = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: next)
      if try check(PySequence_Contains(view, item.ref)) != 0 { return false }
    }
    if hasRaised() { throw Raised() }
    return true
  }

  static let mapping = Property("mapping", "The dictionary behind the view, read-only.") { view, _ in
    guard let dict = DictView(view).dict else { return noneObject() }
    return PyDictProxy_New(dict)
  }

  // MARK: The types

  private static func iterate(_ view: Ref, _ type: TypeRef) -> Ref? {
    guard let dict = DictView(view).dict else { return noneObject() }
    return new { try PyDictIterator.make(type, over: dict) }
  }

  private static var commonSlots: [Slot] {
    [
      .tp_dealloc { view in
        view.untrackIfNeeded()
        Py_XDECREF(view.view(Layout.self).pointee.dict)
        PyObject_GC_Del(view)
      },
      .tp_repr { view in new { try DictView(view).repr() } },
      .tp_traverse { view, visit, argument in
        guard let dict = DictView(view).dict else { return 0 }
        return visit(dict, argument)
      },
      .sq_length { view in DictView(view).count },
    ]
  }

  private static var setSlots: [Slot] {
    [
      .tp_richcompare { view, other, operation in
        new { try DictView(view).compare(other, operation) }
      },
      .nb_subtract { left, right in new { try DictView.subtract(left, right) } },
      .nb_and { left, right in new { try DictView.intersect(left, right) } },
      .nb_xor { left, right in new { try DictView.symmetricDifference(left, right) } },
      .nb_or { left, right in new { try DictView.union(left, right) } },
      .sq_contains { view, object in truth { try DictView(view).contains(object) } },
    ]
  }

  static var keysSpec: TypeSpec {
    TypeSpec(
      dictKeysType(), "dict_keys", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: commonSlots + setSlots + [
        .tp_iter { view in DictView.iterate(view, dictIterKeyType()) }
      ],
      methods: [isDisjoint, reversedKeys], properties: [mapping])
  }

  static var valuesSpec: TypeSpec {
    TypeSpec(
      dictValuesType(), "dict_values", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: commonSlots + [.tp_iter { view in DictView.iterate(view, dictIterValueType()) }],
      methods: [reversedValues], properties: [mapping])
  }

  static var itemsSpec: TypeSpec {
    TypeSpec(
      dictItemsType(), "dict_items", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
      base: objectType(),
      slots: commonSlots + setSlots + [
        .tp_iter { view in DictView.iterate(view, dictIterItemType()) }
      ],
      methods: [isDisjoint, reversedItems], properties: [mapping])
  }

  static let reversedKeys: Method = .noargs(
    "__reversed__($self, /)", "An iterator of the keys, newest first."
  ) { view, _ in
    DictView.iterate(view, dictRevIterKeyType())
  }

  static let reversedValues: Method = .noargs(
    "__reversed__($self, /)", "An iterator of the values, newest first."
  ) { view, _ in
    DictView.iterate(view, dictRevIterValueType())
  }

  static let reversedItems: Method = .noargs(
    "__reversed__($self, /)", "An iterator of the items, newest first."
  ) { view, _ in
    DictView.iterate(view, dictRevIterItemType())
  }
}
