import CPythonABI

// Filling from other mappings. The items go through `__setitem__`, so a subclass sees them.
// CPython: Objects/odictobject.c, mutablemapping_update.

extension OrderedDict {
  /// `update(other, **keywords)`
  static func update(
    _ object: Ref, _ args: Ref, _ keywords: Ref?, _ tooMany: (Int) -> String
  ) throws(Raised) {
    let count = apus_var_size(args)
    if count > 1 { throw raise(.typeError, tooMany(count)) }
    if count == 1 { try update(object, apus_tuple_item(args, 0)) }
    if let keywords, PyDict_Size(keywords) > 0 {
      let items = try own(PyDict_Items(keywords))
      try addPairs(object, items.ref)
    }
  }

  static func update(_ object: Ref, _ other: Ref) throws(Raised) {
    if other.isExactDict {
      let items = try own(PyDict_Items(other))
      return try addPairs(object, items.ref)
    }
    var method: Ref?
    try check(PyObject_GetOptionalAttr(other, SpecialName.keys, &method))
    if let method {
      let getKeys = Owned(adopting: method)
      let keys = try own(PyObject_CallNoArgs(getKeys.ref))
      let iterator = try own(PyObject_GetIter(keys.ref))
      while let next = PyIter_Next(iterator.ref) {
        let key = Owned(adopting: next)
        let value = try own(PyObject_GetItem(other, key.ref))
        try check(PyObject_SetItem(object, key.ref, value.ref))
      }
      if hasRaised() { throw Raised() }
      return
    }
    try check(PyObject_GetOptionalAttr(other, SpecialName.items, &method))
    if let method {
      let getItems = Owned(adopting: method)
      let items = try own(PyObject_CallNoArgs(getItems.ref))
      return try addPairs(object, items.ref)
    }
    try addPairs(object, other)
  }

  private static func addPairs(_ object: Ref, _ pairs: Ref) throws(Raised) {
    let iterator = try own(PyObject_GetIter(pairs))
    while let next = PyIter_Next(iterator.ref) {
      let pair = Owned(adopting: next)
      let parts = try own(PyObject_GetIter(pair.ref))
      guard let key = PyIter_Next(parts.ref) else {
        if hasRaised() { throw Raised() }
        throw raise(.valueError, "need more than 0 values to unpack")
      }
      let heldKey = Owned(adopting: key)
      guard let value = PyIter_Next(parts.ref) else {
        if hasRaised() { throw Raised() }
        throw raise(.valueError, "need more than 1 value to unpack")
      }
      let heldValue = Owned(adopting: value)
      if let extra = PyIter_Next(parts.ref) {
        Py_DECREF(extra)
        throw raise(.valueError, "too many values to unpack (expected 2)")
      }
      if hasRaised() { throw Raised() }
      try check(PyObject_SetItem(object, heldKey.ref, heldValue.ref))
    }
    if hasRaised() { throw Raised() }
  }
}
