import CPythonABI

extension PyDict {
  /// What a merge does with a key that is there already.
  enum Collision {
    case keep
    case override
    /// Raises KeyError (`f(**a, **b)`).
    case raise

    init(_ code: Int32) { self = code == 0 ? .keep : code == 1 ? .override : .raise }
  }

  /// Adds the entries of a mapping: a dict directly, anything else through `keys()` and indexing.
  func merge(_ other: Ref, _ collision: Collision) throws(Raised) {
    if other.isDict && PyDict(other).iteratesItself {
      return try merge(dict: PyDict(other), collision)
    }
    let keys = try own(PyMapping_Keys(other))
    let iterator = try own(PyObject_GetIter(keys.ref))
    while true {
      guard let next = PyIter_Next(iterator.ref) else {
        if hasRaised() { throw Raised() }
        return
      }
      let key = Owned(adopting: next)
      if collision != .override {
        let there = try find(key.ref) != nil
        if there {
          if collision == .keep { continue }
          throw raiseKeyError(key.ref)
        }
      }
      let value = try own(PyObject_GetItem(other, key.ref))
      try set(key.ref, value.ref)
    }
  }

  private func merge(dict other: PyDict, _ asked: Collision) throws(Raised) {
    if other.object == object || other.count == 0 { return }
    let collision = count == 0 ? .override : asked
    let source = other.keys
    if values == nil && count == 0 && other.values == nil && other.count == source.count
      && (source.pointee.dk_log2_size == DictKeys.smallestLog
        || DictKeys.usable(source.slots / 2) < other.count)
    {
      if isWatched { notify(PyDict_EVENT_CLONED, other.ref, nil) }
      let made = try other.cloneKeys()
      let old = keys
      object.pointee.ma_keys = made
      object.pointee.ma_used = other.count
      old.release()
      if other.ref.isTracked && !ref.isTracked { ref.track() }
      return
    }
    // Make room once. Some keys may be there already, so this can be too much, as in CPython.
    if DictKeys.usable(keys.slots) < other.count {
      let (total, overflow) = count.addingReportingOverflow(other.count)
      if overflow { throw raiseNoMemory() }
      try resize(log: DictKeys.log(holding: total), unicode: !source.isGeneral)
    }
    let entries = source.count
    var position = 0
    while let (keyRef, valueRef, hash) = other.next(&position) {
      let key = keyRef.retained()
      let value = valueRef.retained()
      if collision == .override {
        try set(key.ref, hash, value.ref)
      } else {
        let there = try find(key.ref, hash) != nil
        if !there {
          try set(key.ref, hash, value.ref)
        } else if collision == .raise {
          throw raiseKeyError(key.ref)
        }
      }
      if entries != other.keys.count {
        throw raise(.runtimeError, "dict mutated during update")
      }
    }
  }

  /// Adds pairs from an iterable of two-item sequences.
  func merge(pairs: Ref, _ collision: Collision) throws(Raised) {
    let iterator = try own(PyObject_GetIter(pairs))
    var number = 0
    while true {
      guard let next = PyIter_Next(iterator.ref) else {
        if hasRaised() { throw Raised() }
        return
      }
      let item = Owned(adopting: next)
      let fast: Owned
      do {
        fast = try fastSequence(item.ref, "")
      } catch {
        if PyErr_ExceptionMatches(.typeError) == 0 { throw error }
        throw raise(
          .typeError, "cannot convert dictionary update sequence element #\(number) to a sequence")
      }
      let (items, count) = sequenceItems(fast.ref)
      guard count == 2, let items, let first = items[0], let second = items[1] else {
        throw raise(
          .valueError,
          "dictionary update sequence element #\(number) has length \(count); 2 is required")
      }
      let key = first.retained()
      let value = second.retained()
      if collision == .override {
        try set(key.ref, value.ref)
      } else if try find(key.ref) == nil {
        try set(key.ref, value.ref)
      }
      number += 1
    }
  }

  /// The update that `dict()` and `dict.update()` do with their positional argument: something
  /// with a `keys` attribute is a mapping, anything else holds pairs.
  func update(from argument: Ref) throws(Raised) {
    if argument.isExactDict { return try merge(argument, .override) }
    var keys: Ref?
    let name = try own(PyUnicode_InternFromString("keys"))
    if try check(PyObject_GetOptionalAttr(argument, name.ref, &keys)) != 0 {
      Py_XDECREF(keys)
      return try merge(argument, .override)
    }
    try merge(pairs: argument, .override)
  }

  /// `dict(...)` and `update(...)` with an argument tuple and keywords.
  func update(_ name: String, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let given = apus_var_size(args)
    try checkPositional(name, given, least: 0, most: 1)
    if given == 1 { try update(from: apus_tuple_item(args, 0)) }
    if let keywords {
      if PyArg_ValidateKeywordArguments(keywords) == 0 { throw Raised() }
      try merge(keywords, .override)
    }
  }

  /// `cls.fromkeys(iterable, value)`
  static func fromKeys(_ type: Ref, _ iterable: Ref, _ value: Ref) throws(Raised) -> Owned {
    let result = type == dictType().object ? try make() : try own(PyObject_CallNoArgs(type))
    if result.ref.isExactDict {
      let dict = PyDict(result.ref)
      if iterable.isExactDict {
        let source = PyDict(iterable)
        let room = Swift.max(DictKeys.log(holding: source.count), dict.keys.pointee.dk_log2_size)
        if source.count > 0 { try dict.resize(log: room, unicode: !source.keys.isGeneral) }
        var position = 0
        while let (keyRef, _, hash) = source.next(&position) {
          let key = keyRef.retained()
          try dict.set(key.ref, hash, value)
        }
        return result
      }
      if iterable.type == setType() || iterable.type == frozenSetType() {
        let source = PySet(iterable)
        if source.count > 0 {
          let room = Swift.max(DictKeys.log(holding: source.count), dict.keys.pointee.dk_log2_size)
          try dict.resize(log: room, unicode: false)
        }
        var position = 0
        while let (item, hash) = source.nextEntry(&position) {
          let key = item.retained()
          try dict.set(key.ref, hash, value)
        }
        return result
      }
    }
    let iterator = try own(PyObject_GetIter(iterable))
    while let next = PyIter_Next(iterator.ref) {
      let key = Owned(adopting: next)
      if result.ref.isExactDict {
        try PyDict(result.ref).set(key.ref, value)
      } else {
        try check(PyObject_SetItem(result.ref, key.ref, value))
      }
    }
    if hasRaised() { throw Raised() }
    return result
  }
}

/// Sets KeyError with the key as its only argument, also when it is a tuple.
func raiseKeyError(_ key: Ref) -> Raised {
  _PyErr_SetKeyError(key)
  return Raised()
}
