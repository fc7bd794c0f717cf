import CPythonABI

// The functions behind slot wrappers (`int.__add__`): each takes the arguments of the special method
// as a tuple and calls the slot `wrapped`. CPython: Objects/typeobject.c, `wrap_*`.

/// The wrapped slot with its C type.
@inline(__always)
private func slot<F>(_ wrapped: UnsafeMutableRawPointer, as _: F.Type) -> F {
  unsafeBitCast(wrapped, to: F.self)
}

/// Checks the number of arguments, with the message of the wrappers that name nothing.
@inline(__always)
private func expects(_ args: Ref, _ count: Int) -> Bool {
  let given = apus_var_size(args)
  if given == count { return true }
  _ = raise(.typeError, "expected \(count) argument\(count == 1 ? "" : "s"), got \(given)")
  return false
}

/// The same check as `PyArg_UnpackTuple` words it with an empty name.
private func unpacks(_ args: Ref, _ least: Int, _ most: Int) -> Bool {
  let given = apus_var_size(args)
  if given >= least && given <= most { return true }
  _ = Arguments.raisePositional("", given, least: least, most: most)
  return false
}

private func noneResult(_ status: Int32) -> Ref? { status < 0 ? nil : noneObject() }

@c func wrap_lenfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  let length = slot(wrapped, as: lenfunc.self)(receiver)
  if length == -1 && hasRaised() { return nil }
  return PyLong_FromSsize_t(length)
}

@c func wrap_inquirypred(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  let answer = slot(wrapped, as: inquiry.self)(receiver)
  if answer == -1 && hasRaised() { return nil }
  return boolObject(answer != 0)
}

@c func wrap_binaryfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  return slot(wrapped, as: binaryfunc.self)(receiver, apus_tuple_item(args, 0))
}

@c func wrap_binaryfunc_r(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  return slot(wrapped, as: binaryfunc.self)(apus_tuple_item(args, 0), receiver)
}

@c func wrap_ternaryfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 2) else { return nil }
  let third = apus_var_size(args) == 2 ? apus_tuple_item(args, 1) : noneObject()
  return slot(wrapped, as: ternaryfunc.self)(receiver, apus_tuple_item(args, 0), third)
}

@c func wrap_ternaryfunc_r(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 2) else { return nil }
  let third = apus_var_size(args) == 2 ? apus_tuple_item(args, 1) : noneObject()
  return slot(wrapped, as: ternaryfunc.self)(apus_tuple_item(args, 0), receiver, third)
}

@c func wrap_unaryfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  return slot(wrapped, as: unaryfunc.self)(receiver)
}

@c func wrap_indexargfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 1) else { return nil }
  let index = PyNumber_AsSsize_t(apus_tuple_item(args, 0), .overflowError)
  if index == -1 && hasRaised() { return nil }
  return slot(wrapped, as: ssizeargfunc.self)(receiver, index)
}

/// An index argument with negative values counted from the end; nil with an exception set.
private func sequenceIndex(_ receiver: Ref, _ argument: Ref) -> Int? {
  var index = PyNumber_AsSsize_t(argument, .overflowError)
  if index == -1 && hasRaised() { return nil }
  if index < 0, let length = receiver.type.pointee.tp_as_sequence?.pointee.sq_length {
    let count = length(receiver)
    if count < 0 { return nil }
    index += count
  }
  return index
}

@c func wrap_sq_item(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1), let index = sequenceIndex(receiver, apus_tuple_item(args, 0)) else {
    return nil
  }
  return slot(wrapped, as: ssizeargfunc.self)(receiver, index)
}

@c func wrap_sq_setitem(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 2, 2), let index = sequenceIndex(receiver, apus_tuple_item(args, 0)) else {
    return nil
  }
  return noneResult(slot(wrapped, as: ssizeobjargproc.self)(receiver, index, apus_tuple_item(args, 1)))
}

@c func wrap_sq_delitem(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1), let index = sequenceIndex(receiver, apus_tuple_item(args, 0)) else {
    return nil
  }
  return noneResult(slot(wrapped, as: ssizeobjargproc.self)(receiver, index, nil))
}

@c func wrap_objobjproc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  let answer = slot(wrapped, as: objobjproc.self)(receiver, apus_tuple_item(args, 0))
  if answer == -1 && hasRaised() { return nil }
  return boolObject(answer != 0)
}

@c func wrap_objobjargproc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 2, 2) else { return nil }
  return noneResult(
    slot(wrapped, as: objobjargproc.self)(receiver, apus_tuple_item(args, 0), apus_tuple_item(args, 1)))
}

@c func wrap_delitem(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  return noneResult(slot(wrapped, as: objobjargproc.self)(receiver, apus_tuple_item(args, 0), nil))
}

/// The "Carlo Verre hack" check: `object.__setattr__` may not be used to get around a `__setattr__`
/// of a builtin type below. CPython: `hackcheck`.
private func maySet(_ receiver: Ref, _ function: setattrofunc, _ what: String) -> Bool {
  let wanted = unsafeBitCast(function, to: UnsafeRawPointer.self)
  let dispatcher = unsafeBitCast(slot_tp_setattro as setattrofunc, to: UnsafeRawPointer.self)
  guard let mro = receiver.type.pointee.tp_mro else { return true }
  let current = unsafeBitCast(receiver.type.pointee.tp_setattro, to: UnsafeRawPointer?.self)
  // The type that brought in the native slot; classes only dispatch to Python.
  var start = receiver.type
  if current != dispatcher {
    for index in stride(from: apus_var_size(mro) - 1, through: 0, by: -1) {
      let base = apus_tuple_item(mro, index).asType
      if unsafeBitCast(base.pointee.tp_setattro, to: UnsafeRawPointer?.self) == current {
        start = base
        break
      }
    }
  }
  var next: TypeRef? = start
  while let base = next {
    let slot = unsafeBitCast(base.pointee.tp_setattro, to: UnsafeRawPointer?.self)
    if slot == wanted { break }
    if slot != dispatcher {
      _ = raise(.typeError, "can't apply this \(what) to \(receiver.type.fullName) object")
      return false
    }
    next = base.pointee.tp_base
  }
  return true
}

@c func wrap_setattr(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 2, 2) else { return nil }
  let function = slot(wrapped, as: setattrofunc.self)
  guard maySet(receiver, function, "__setattr__") else { return nil }
  return noneResult(function(receiver, apus_tuple_item(args, 0), apus_tuple_item(args, 1)))
}

@c func wrap_delattr(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  let function = slot(wrapped, as: setattrofunc.self)
  guard maySet(receiver, function, "__delattr__") else { return nil }
  return noneResult(function(receiver, apus_tuple_item(args, 0), nil))
}

@c func wrap_hashfunc(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  let hash = slot(wrapped, as: hashfunc.self)(receiver)
  if hash == -1 && hasRaised() { return nil }
  return PyLong_FromSsize_t(hash)
}

@c func wrap_call(
  _ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer, _ keywords: Ref?
) -> Ref? {
  slot(wrapped, as: ternaryfunc.self)(receiver, args, keywords)
}

@c func wrap_del(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  slot(wrapped, as: destructor.self)(receiver)
  return noneObject()
}

@inline(__always)
private func compare(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer, _ operation: Int32) -> Ref? {
  guard expects(args, 1) else { return nil }
  return slot(wrapped, as: richcmpfunc.self)(receiver, apus_tuple_item(args, 0), operation)
}

@c func richcmp_lt(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_LT) }
@c func richcmp_le(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_LE) }
@c func richcmp_eq(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_EQ) }
@c func richcmp_ne(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_NE) }
@c func richcmp_gt(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_GT) }
@c func richcmp_ge(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? { compare(receiver, args, wrapped, Py_GE) }

@c func wrap_next(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 0) else { return nil }
  let result = slot(wrapped, as: iternextfunc.self)(receiver)
  if result == nil && !hasRaised() { PyErr_SetNone(.stopIteration) }
  return result
}

@c func wrap_descr_get(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 2) else { return nil }
  let instance = apus_tuple_item(args, 0)
  let owner: Ref? = apus_var_size(args) == 2 ? apus_tuple_item(args, 1) : nil
  if instance.isNone && (owner?.isNone ?? true) {
    _ = raise(.typeError, "__get__(None, None) is invalid")
    return nil
  }
  return slot(wrapped, as: descrgetfunc.self)(
    receiver, instance.isNone ? nil : instance, (owner?.isNone ?? true) ? nil : owner)
}

@c func wrap_descr_set(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 2, 2) else { return nil }
  return noneResult(
    slot(wrapped, as: descrsetfunc.self)(receiver, apus_tuple_item(args, 0), apus_tuple_item(args, 1)))
}

@c func wrap_descr_delete(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard expects(args, 1) else { return nil }
  return noneResult(slot(wrapped, as: descrsetfunc.self)(receiver, apus_tuple_item(args, 0), nil))
}

@c func wrap_init(
  _ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer, _ keywords: Ref?
) -> Ref? {
  noneResult(slot(wrapped, as: initproc.self)(receiver, args, keywords))
}

/// `T.__buffer__(flags)`: a memoryview over the object.
@c func wrap_buffer(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 1) else { return nil }
  let flags = PyNumber_AsSsize_t(apus_tuple_item(args, 0), .overflowError)
  if flags == -1 && hasRaised() { return nil }
  guard let narrow = Int32(exactly: flags) else {
    _ = raise(.overflowError, "buffer flags out of range")
    return nil
  }
  return _PyMemoryView_FromBufferProc(receiver, narrow, slot(wrapped, as: getbufferproc.self))
}

/// `T.__release_buffer__(view)`.
@c func wrap_releasebuffer(_ receiver: Ref, _ args: Ref, _ wrapped: UnsafeMutableRawPointer) -> Ref? {
  guard unpacks(args, 1, 1) else { return nil }
  let view = apus_tuple_item(args, 0)
  guard view.type == memoryViewType() else {
    _ = raise(.typeError, "expected a memoryview object")
    return nil
  }
  let memory = view.view(PyMemoryViewObject.self)
  guard memory.pointee.view.obj != nil else { return noneObject() }
  if memory.pointee.view.obj != receiver {
    _ = raise(.valueError, "memoryview's buffer is not this object")
    return nil
  }
  if memory.pointee.flags & 1 != 0 {
    _ = raise(.valueError, "memoryview's buffer has already been released")
    return nil
  }
  guard let released = SpecialMethod.call(view, id_release()) else { return nil }
  Py_DECREF(released)
  return noneObject()
}
