import CPythonABI
import Objects

/// Making containers of stack entries, unpacking, formatting, `with`. A result of nil or false means
/// that an exception is set.
enum Builders {
  /// Drops the topmost `count` entries, none of which is NULL.
  @inline(__always)
  static func drop(_ sp: StackRef, _ count: Int) -> StackRef {
    var sp = sp
    var left = count
    while left > 0 {
      sp -= 1
      Py_DECREF(sp[0].unsafelyUnwrapped)
      left &-= 1
    }
    return sp
  }

  /// Drops the topmost `count` entries, of which any may be NULL.
  @inline(__always)
  static func dropOptional(_ sp: StackRef, _ count: Int) -> StackRef {
    var sp = sp
    var left = count
    while left > 0 {
      sp -= 1
      if let value = sp[0] { Py_DECREF(value) }
      left &-= 1
    }
    return sp
  }

  /// A tuple that takes over the topmost `count` references.
  @inline(__always)
  static func tuple(_ sp: StackRef, _ count: Int) -> Ref? {
    guard let tuple = PyTuple_New(count) else { return nil }
    let items = apus_tuple_items(tuple)
    var index = 0
    while index < count {
      items[index] = sp[index - count]
      index &+= 1
    }
    return tuple
  }

  /// A list that takes over the topmost `count` references.
  @inline(__always)
  static func list(_ sp: StackRef, _ count: Int) -> Ref? {
    guard let list = PyList_New(count) else { return nil }
    if count > 0, let items = list.view(PyListObject.self).pointee.ob_item {
      var index = 0
      while index < count {
        items[index] = sp[index - count]
        index &+= 1
      }
    }
    return list
  }

  @inline(never)
  static func set(_ sp: StackRef, _ count: Int) -> Ref? {
    guard let set = PySet_New(nil) else { return nil }
    for index in 0..<count where PySet_Add(set, sp[index - count].unsafelyUnwrapped) < 0 {
      Py_DECREF(set)
      return nil
    }
    return set
  }

  @inline(never)
  static func map(_ sp: StackRef, _ count: Int) -> Ref? {
    guard let map = PyDict_New() else { return nil }
    let first = sp - count * 2
    for index in 0..<count
    where PyDict_SetItem(
      map, first[index * 2].unsafelyUnwrapped, first[index * 2 + 1].unsafelyUnwrapped) < 0
    {
      Py_DECREF(map)
      return nil
    }
    return map
  }

  @inline(never)
  static func constKeyMap(_ sp: StackRef, _ count: Int) -> Ref? {
    let keys = sp[-1].unsafelyUnwrapped
    guard keys.isTuple && apus_var_size(keys) == count else {
      _ = raise(.systemError, "bad BUILD_CONST_KEY_MAP keys argument")
      return nil
    }
    guard let map = PyDict_New() else { return nil }
    let first = sp - 1 - count
    for index in 0..<count
    where PyDict_SetItem(map, apus_tuple_item(keys, index), first[index].unsafelyUnwrapped) < 0 {
      Py_DECREF(map)
      return nil
    }
    return map
  }

  @inline(never)
  static func string(_ sp: StackRef, _ count: Int) -> Ref? {
    guard let empty = PyUnicode_New(0, 0) else { return nil }
    defer { Py_DECREF(empty) }
    let items = UnsafeRawPointer(sp - count).assumingMemoryBound(to: Ref.self)
    return _PyUnicode_JoinArray(empty, items, count)
  }

  /// Appends to an exact list, taking the reference over also when it fails.
  @inline(__always)
  static func append(_ list: Ref, taking value: Ref) -> Bool {
    let object = list.view(PyListObject.self)
    let count = object.pointee.ob_base.ob_size
    if count < object.pointee.allocated, let items = object.pointee.ob_item {
      items[count] = value
      object.pointee.ob_base.ob_size = count &+ 1
      return true
    }
    let status = PyList_Append(list, value)
    Py_DECREF(value)
    return status >= 0
  }

  @inline(never)
  static func extend(_ list: Ref, _ iterable: Ref) -> Bool {
    if PyList_Extend(list, iterable) < 0 {
      if PyErr_ExceptionMatches(.typeError) != 0 && iterable.type.pointee.tp_iter == nil
        && PySequence_Check(iterable) == 0
      {
        PyErr_Clear()
        _ = raise(
          .typeError, "Value after * must be an iterable, not \(iterable.type.fullName)")
      }
      return false
    }
    return true
  }

  @inline(never)
  static func update(_ map: Ref, _ mapping: Ref) -> Bool {
    if PyDict_Update(map, mapping) >= 0 { return true }
    if PyErr_ExceptionMatches(.attributeError) != 0 {
      PyErr_Clear()
      _ = raise(.typeError, "'\(mapping.type.fullName)' object is not a mapping")
    }
    return false
  }

  /// Merges `**mapping` of a call into the keyword dict.
  @inline(never)
  static func merge(_ map: Ref, _ mapping: Ref, callable: Ref) -> Bool {
    if _PyDict_MergeEx(map, mapping, 2) >= 0 { return true }
    Calls.describeMergeFailure(callable, mapping)
    return false
  }

  /// Fills `sp` upwards with the items of an iterable, the first one on top.
  ///
  /// - Parameter after: how many targets follow a starred one, or -1 without a starred target.
  @inline(never)
  static func unpack(_ sequence: Ref, _ sp: StackRef, before: Int, after: Int) -> Bool {
    guard let iterator = PyObject_GetIter(sequence) else {
      if PyErr_ExceptionMatches(.typeError) != 0 && sequence.type.pointee.tp_iter == nil
        && PySequence_Check(sequence) == 0
      {
        PyErr_Clear()
        _ = raise(.typeError, "cannot unpack non-iterable \(sequence.type.fullName) object")
      }
      return false
    }
    defer { Py_DECREF(iterator) }
    let total = after < 0 ? before : before + 1 + after
    var top = sp + total
    let end = top
    func fail() -> Bool {
      while top < end {
        Py_DECREF(top[0].unsafelyUnwrapped)
        top += 1
      }
      return false
    }
    for index in 0..<before {
      guard let item = PyIter_Next(iterator) else {
        if !hasRaised() {
          _ = raise(
            .valueError,
            after < 0
              ? "not enough values to unpack (expected \(before), got \(index))"
              : "not enough values to unpack (expected at least \(before + after), got \(index))")
        }
        return fail()
      }
      top -= 1
      top[0] = item
    }
    if after < 0 {
      guard let extra = PyIter_Next(iterator) else { return hasRaised() ? fail() : true }
      Py_DECREF(extra)
      _ = raise(.valueError, "too many values to unpack (expected \(before))")
      return fail()
    }
    guard let list = PySequence_List(iterator) else { return fail() }
    top -= 1
    top[0] = list
    let count = apus_var_size(list)
    if count < after {
      _ = raise(
        .valueError,
        "not enough values to unpack (expected at least \(before + after), got \(before + count))")
      return fail()
    }
    // The last `after` items of the list become values of their own.
    let items = list.view(PyListObject.self).pointee.ob_item
    for index in 0..<after {
      top -= 1
      top[0] = items.unsafelyUnwrapped[count - after + index]
    }
    list.view(PyListObject.self).pointee.ob_base.ob_size = count - after
    return true
  }

  /// FORMAT_VALUE: conversion 1 str, 2 repr, 3 ascii, then `format(value, spec)`.
  @inline(never)
  static func format(_ value: Ref, _ spec: Ref?, conversion: UInt32) -> Ref? {
    var converted: Ref?
    switch conversion {
    case 1: converted = PyObject_Str(value)
    case 2: converted = PyObject_Repr(value)
    case 3: converted = PyObject_ASCII(value)
    default:
      Py_INCREF(value)
      converted = value
    }
    guard let converted else { return nil }
    if converted.isExactStr && spec == nil { return converted }
    defer { Py_DECREF(converted) }
    return PyObject_Format(converted, spec)
  }

  // MARK: with

  /// SETUP_WITH: replaces the manager by its bound `__exit__` and puts the result of `__enter__()`
  /// above it.
  @inline(never)
  static func enterWith(_ sp: StackRef) -> Bool {
    let manager = sp[-1].unsafelyUnwrapped
    guard let enter = special(manager, id___enter__(), asynchronous: false, missing: "")
    else { return false }
    guard
      let exit = special(
        manager, id___exit__(), asynchronous: false, missing: " (missed __exit__ method)")
    else {
      Py_DECREF(enter)
      return false
    }
    let result = PyObject_CallNoArgs(enter)
    Py_DECREF(enter)
    guard let result else {
      Py_DECREF(exit)
      return false
    }
    sp[-1] = exit
    sp[0] = result
    Py_DECREF(manager)
    return true
  }

  /// A special method of a context manager, bound; TypeError when it has none.
  static func special(
    _ manager: Ref, _ method: Ref, asynchronous: Bool, missing: String
  ) -> Ref? {
    if let found = _PyObject_LookupSpecial(manager, method) { return found }
    if hasRaised() { return nil }
    let message =
      "'\(manager.type.fullName)' object does not support the "
      + (asynchronous ? "asynchronous " : "") + "context manager protocol" + missing
    _ = raise(.typeError, message)
    return nil
  }

  /// WITH_EXCEPT_START: calls `__exit__(type, value, traceback)`.
  @inline(never)
  static func callExit(_ sp: StackRef) -> Ref? {
    let exit = sp[-7].unsafelyUnwrapped
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
      arguments[0] = sp[-1].unsafelyUnwrapped
      arguments[1] = sp[-2].unsafelyUnwrapped
      arguments[2] = sp[-3].unsafelyUnwrapped
      return PyObject_Vectorcall(exit, arguments.baseAddress, 3, nil)
    }
  }
}
