import CPythonABI

/// The six iterators of a dict: keys, values and items, forwards and backwards.
struct PyDictIterator {
  struct Layout {
    var base: PyObject
    /// Let go at the end.
    var dict: Ref?
    /// The dict's size at the start; -1 after the error about a changed size.
    var used: Int
    var position: Int
    /// The pair an items iterator hands out again when nobody kept it.
    var pair: Ref?
    /// How many are left.
    var left: Int
  }

  static func make(_ type: TypeRef, over object: Ref) throws(Raised) -> Owned {
    let isItems = type == dictIterItemType() || type == dictRevIterItemType()
    let pair: Owned? = isItems ? try PyTuple.pair(noneObject(), noneObject()) : nil
    let iterator = try own(_PyObject_GC_New(type))
    let dict = PyDict(object)
    let fields = iterator.ref.view(Layout.self)
    Py_INCREF(object)
    fields.pointee.dict = object
    fields.pointee.used = dict.count
    fields.pointee.left = dict.count
    let backwards =
      type == dictRevIterKeyType() || type == dictRevIterValueType() || type == dictRevIterItemType()
    fields.pointee.position =
      !backwards ? 0 : (dict.values != nil ? dict.count : dict.keys.count) - 1
    fields.pointee.pair = pair?.give()
    iterator.ref.track()
    return iterator
  }

  /// Whether the dict still has the size it had at the start; sets RuntimeError when not.
  @inline(__always)
  private static func isUnchanged(_ fields: UnsafeMutablePointer<Layout>, _ dict: PyDict) -> Bool {
    if fields.pointee.used == dict.count { return true }
    _ = raise(.runtimeError, "dictionary changed size during iteration")
    fields.pointee.used = -1
    return false
  }

  private static func finish(_ fields: UnsafeMutablePointer<Layout>) {
    let dict = fields.pointee.dict
    fields.pointee.dict = nil
    Py_XDECREF(dict)
  }

  /// The next entry, borrowed; nil at the end or with an exception set.
  @inline(__always)
  private static func forward(_ fields: UnsafeMutablePointer<Layout>) -> (key: Ref, value: Ref)? {
    guard let object = fields.pointee.dict else { return nil }
    let dict = PyDict(object)
    guard isUnchanged(fields, dict) else { return nil }
    guard let (key, value, _) = dict.next(&fields.pointee.position) else {
      finish(fields)
      return nil
    }
    if fields.pointee.left == 0 {
      _ = raise(.runtimeError, "dictionary keys changed during iteration")
      finish(fields)
      return nil
    }
    fields.pointee.left &-= 1
    return (key, value)
  }

  /// The entry before, borrowed; nil at the end or with an exception set.
  private static func backward(_ fields: UnsafeMutablePointer<Layout>) -> (key: Ref, value: Ref)? {
    guard let object = fields.pointee.dict else { return nil }
    let dict = PyDict(object)
    guard isUnchanged(fields, dict) else { return nil }
    var position = fields.pointee.position
    var found: (key: Ref, value: Ref)?
    if let values = dict.values {
      if position >= 0 && position < dict.count {
        let entry = Int(apus_values_order(values)[position])
        if let key = dict.keys.unicode[entry].me_key, let value = apus_values_items(values)[entry] {
          found = (key, value)
        }
      }
    } else {
      while position >= 0 && position < dict.keys.count {
        if let value = dict.valueSlot(position).pointee, let key = dict.keys.key(position) {
          found = (key, value)
          break
        }
        position &-= 1
      }
    }
    guard let found else {
      finish(fields)
      return nil
    }
    fields.pointee.position = position &- 1
    fields.pointee.left &-= 1
    return found
  }

  /// A pair for `items()`: the one of last time when only the iterator has it.
  private static func pair(
    _ fields: UnsafeMutablePointer<Layout>, _ entry: (key: Ref, value: Ref)
  ) -> Ref? {
    if let kept = fields.pointee.pair, kept.pointee.ob_refcnt == 1 {
      let items = apus_tuple_items(kept)
      let oldKey = items[0]
      let oldValue = items[1]
      Py_INCREF(entry.key)
      Py_INCREF(entry.value)
      items[0] = entry.key
      items[1] = entry.value
      Py_INCREF(kept)
      // The collector may have found the pair harmless with its old items.
      if !kept.isTracked { kept.track() }
      Py_XDECREF(oldKey)
      Py_XDECREF(oldValue)
      return kept
    }
    return new { try PyTuple.pair(entry.key, entry.value) }
  }

  // MARK: The types

  static var specs: [TypeSpec] {
    [
      spec(dictIterKeyType(), "dict_keyiterator") { iterator in
        guard let entry = PyDictIterator.forward(iterator.view(Layout.self)) else { return nil }
        Py_INCREF(entry.key)
        return entry.key
      },
      spec(dictIterValueType(), "dict_valueiterator") { iterator in
        guard let entry = PyDictIterator.forward(iterator.view(Layout.self)) else { return nil }
        Py_INCREF(entry.value)
        return entry.value
      },
      spec(dictIterItemType(), "dict_itemiterator") { iterator in
        let fields = iterator.view(Layout.self)
        guard let entry = PyDictIterator.forward(fields) else { return nil }
        return PyDictIterator.pair(fields, entry)
      },
      spec(dictRevIterKeyType(), "dict_reversekeyiterator") { iterator in
        guard let entry = PyDictIterator.backward(iterator.view(Layout.self)) else { return nil }
        Py_INCREF(entry.key)
        return entry.key
      },
      spec(dictRevIterValueType(), "dict_reversevalueiterator") { iterator in
        guard let entry = PyDictIterator.backward(iterator.view(Layout.self)) else { return nil }
        Py_INCREF(entry.value)
        return entry.value
      },
      spec(dictRevIterItemType(), "dict_reverseitemiterator") { iterator in
        let fields = iterator.view(Layout.self)
        guard let entry = PyDictIterator.backward(fields) else { return nil }
        return PyDictIterator.pair(fields, entry)
      },
    ]
  }

  private static func spec(
    _ type: TypeRef, _ name: StaticString, _ next: @escaping iternextfunc
  ) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<Layout>.size, flags: [.haveGC], base: objectType(),
      slots: [
        .tp_dealloc { iterator in
          iterator.untrackIfNeeded()
          let fields = iterator.view(Layout.self)
          Py_XDECREF(fields.pointee.dict)
          Py_XDECREF(fields.pointee.pair)
          PyObject_GC_Del(iterator)
        },
        .tp_traverse { iterator, visit, argument in
          let fields = iterator.view(Layout.self)
          if let dict = fields.pointee.dict {
            let result = visit(dict, argument)
            if result != 0 { return result }
          }
          guard let pair = fields.pointee.pair else { return 0 }
          return visit(pair, argument)
        },
        .tp_iter(PyObject_SelfIter),
        .tp_iternext(next),
      ],
      methods: [lengthHint, reduce])
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many items are left."
  ) { iterator, _ in
    let fields = iterator.view(Layout.self)
    guard let dict = fields.pointee.dict, PyDict(dict).count == fields.pointee.used else {
      return PyLong_FromSsize_t(0)
    }
    return PyLong_FromSsize_t(fields.pointee.left)
  }

  static let reduce: Method = .noargs(
    "__reduce__($self, /)", "The state for pickle: what is left as a list."
  ) { iterator, _ in
    new {
      let function = try builtin("iter")
      // A second iterator at the same place, so that this one does not move.
      let fields = iterator.view(Layout.self)
      guard let dict = fields.pointee.dict else {
        let empty = try PyList.make(count: 0)
        return try PyTuple.pair(function.ref, PyTuple.single(empty.ref))
      }
      let copy = try PyDictIterator.make(iterator.type, over: dict)
      let copied = copy.ref.view(Layout.self)
      copied.pointee.used = fields.pointee.used
      copied.pointee.position = fields.pointee.position
      copied.pointee.left = fields.pointee.left
      let list = try own(PySequence_List(copy.ref))
      return try PyTuple.pair(function.ref, PyTuple.single(list.ref))
    }
  }
}
