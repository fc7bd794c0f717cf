import CPythonABI

// The collector's own walk over what an object refers to. The containers that make up most of a
// heap (list, tuple, dict, plain instances) are walked in place, with the visitor inlined into the
// loop; every other type goes through its `tp_traverse` and the visitor's C function.

/// Whether the object has a GC header; `PyObject_IS_GC` without a call for nearly all objects.
@inline(__always) func hasGcHeader(_ object: Ref) -> Bool {
  let type = object.type
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 else { return false }
  guard type.pointee.tp_is_gc != nil else { return true }
  // Only classes that Python code made are tracked.
  if type == typeType() { return object.asType.isHeap }
  return PyObject_IS_GC(object) != 0
}

/// Shows `visit` each object that `object` refers to.
/// - Parameters:
///   - function: does what `visit` does, for types that only their `tp_traverse` knows.
///   - argument: handed to `function`.
@inline(__always) func forEachReference(
  of object: Ref, _ function: visitproc, _ argument: UnsafeMutableRawPointer?,
  _ visit: (Ref) -> Void
) {
  let type = object.type
  if type == listType() {
    let count = apus_var_size(object)
    guard let items = object.view(PyListObject.self).pointee.ob_item else { return }
    for index in 0..<count {
      if let item = items[index] { visit(item) }
    }
    return
  }
  if type == tupleType() {
    let items = apus_tuple_items(object)
    for index in 0..<apus_var_size(object) {
      if let item = items[index] { visit(item) }
    }
    return
  }
  if type == dictType() {
    let dict = object.view(PyDictObject.self)
    let keys = dict.pointee.ma_keys
    if Int32(keys.pointee.dk_kind) == DICT_KEYS_UNICODE && dict.pointee.ma_values == nil {
      let entries = apus_keys_unicode(keys)
      for index in 0..<keys.pointee.dk_nentries {
        if let value = entries[index].me_value { visit(value) }
      }
      return
    }
  } else if isPlainInstance(type) {
    let values = apus_inline_values(object)
    if let dict = apus_managed_dict(object).pointee {
      // The dict answers for inline values that it shares.
      visit(dict)
    } else if values.pointee.valid != 0 {
      let items = apus_values_items(values)
      for index in 0..<Int(values.pointee.capacity) {
        if let item = items[index] { visit(item) }
      }
    }
    visit(type.object)
    return
  }
  _ = type.pointee.tp_traverse?(object, function, argument)
}

/// A class whose instances hold nothing but inline attributes: every class up to `object` was
/// made by a class statement, without `__slots__`.
@inline(__always) private func isPlainInstance(_ type: TypeRef) -> Bool {
  let wanted = UInt(Py_TPFLAGS_INLINE_VALUES) | UInt(Py_TPFLAGS_HEAPTYPE)
  guard type.pointee.tp_flags & wanted == wanted else { return false }
  let own = unsafeBitCast(subtype_traverse as traverseproc, to: UnsafeRawPointer.self)
  var base = type
  while unsafeBitCast(base.pointee.tp_traverse, to: UnsafeRawPointer?.self) == own {
    if base.object.view(PyVarObject.self).pointee.ob_size != 0 { return false }
    guard let next = base.pointee.tp_base else { return false }
    base = next
  }
  return base == objectType()
}
