import CPythonABI

/// Which base decides the layout of a type's instances. CPython: Objects/typeobject.c, `solid_base`,
/// `best_base`, `compatible_for_assignment`, `_PyType_CalculateMetaclass`.
extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// The nearest ancestor (or the type itself) that changed the struct of the instances.
  var solidBase: TypeRef {
    var current = self
    var solid: TypeRef?
    // Walk to the root, remembering the last type that differs from its base.
    while let base = current.pointee.tp_base {
      if solid == nil && current.differsInShape(from: base) { solid = current }
      current = base
    }
    return solid ?? current
  }

  func differsInShape(from other: TypeRef) -> Bool {
    pointee.tp_basicsize != other.pointee.tp_basicsize
      || pointee.tp_itemsize != other.pointee.tp_itemsize
  }

  /// The base whose layout a class with these bases extends. Raises TypeError.
  static func bestBase(_ bases: Ref) throws(Raised) -> TypeRef {
    var winner: TypeRef?
    var result: TypeRef?
    for index in 0..<apus_var_size(bases) {
      let item = apus_tuple_item(bases, index)
      guard item.isType else { throw raise(.typeError, "bases must be types") }
      let base = item.asType
      if base.mayBeReadied { try check(PyType_Ready(base)) }
      guard base.has(UInt(Py_TPFLAGS_BASETYPE)) else {
        throw raise(.typeError, "type '\(base.fullName)' is not an acceptable base type")
      }
      let candidate = base.solidBase
      if let best = winner {
        if PyType_IsSubtype(best, candidate) != 0 { continue }
        guard PyType_IsSubtype(candidate, best) != 0 else {
          throw raise(.typeError, "multiple bases have instance lay-out conflict")
        }
      }
      winner = candidate
      result = base
    }
    guard let result else {
      throw raise(.typeError, "a new-style class can't have only classic bases")
    }
    return result
  }

  /// The most derived of a metaclass and the metaclasses of the bases. Raises TypeError.
  static func metaclass(_ start: TypeRef, bases: Ref) throws(Raised) -> TypeRef {
    var winner = start
    for index in 0..<apus_var_size(bases) {
      let candidate = apus_tuple_item(bases, index).type
      if PyType_IsSubtype(winner, candidate) != 0 { continue }
      guard PyType_IsSubtype(candidate, winner) != 0 else {
        throw raise(
          .typeError,
          "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass "
            + "of the metaclasses of all its bases")
      }
      winner = candidate
    }
    return winner
  }

  /// Whether instances may change between the types: `__class__` and `__bases__` assignment.
  static func checkAssignable(
    _ new: TypeRef, _ old: TypeRef, attribute: String
  ) throws(Raised) {
    if unsafeBitCast(new.pointee.tp_free, to: Int.self)
      != unsafeBitCast(old.pointee.tp_free, to: Int.self)
    {
      throw raise(
        .typeError,
        "\(attribute) assignment: '\(new.fullName)' deallocator differs from '\(old.fullName)'")
    }
    let inline = UInt(Py_TPFLAGS_INLINE_VALUES) | UInt(Py_TPFLAGS_PREHEADER)
    var newBase = new
    var oldBase = old
    while newBase.sharesLayoutWithBase, let base = newBase.pointee.tp_base { newBase = base }
    while oldBase.sharesLayoutWithBase, let base = oldBase.pointee.tp_base { oldBase = base }
    if (newBase != oldBase && !newBase.addsSameSlots(as: oldBase))
      || new.pointee.tp_flags & inline != old.pointee.tp_flags & inline
    {
      throw raise(
        .typeError,
        "\(attribute) assignment: '\(new.fullName)' object layout differs from '\(old.fullName)'")
    }
  }

  /// Whether the type adds nothing to the instances of its base.
  private var sharesLayoutWithBase: Bool {
    guard let base = pointee.tp_base, !differsInShape(from: base) else { return false }
    let gc = UInt(Py_TPFLAGS_HAVE_GC)
    let clear = unsafeBitCast(pointee.tp_clear, to: Int.self)
    return pointee.tp_dictoffset == base.pointee.tp_dictoffset
      && pointee.tp_weaklistoffset == base.pointee.tp_weaklistoffset
      && pointee.tp_flags & gc == base.pointee.tp_flags & gc
      && (!has(gc) || clear == unsafeBitCast(subtype_clear as inquiry, to: Int.self)
        || clear == unsafeBitCast(base.pointee.tp_clear, to: Int.self))
  }

  /// Whether two classes add the same dict, weak reference list and slots to the same base.
  private func addsSameSlots(as other: TypeRef) -> Bool {
    guard let base = pointee.tp_base, base == other.pointee.tp_base, isHeap, other.isHeap else {
      return false
    }
    var size = base.pointee.tp_basicsize
    if pointee.tp_dictoffset == size && other.pointee.tp_dictoffset == size { size += 8 }
    if pointee.tp_weaklistoffset == size && other.pointee.tp_weaklistoffset == size { size += 8 }
    if let mine = heap.pointee.ht_slots, let theirs = other.heap.pointee.ht_slots {
      if PyObject_RichCompareBool(mine, theirs, Py_EQ) != 1 {
        PyErr_Clear()
        return false
      }
      size += 8 * apus_var_size(mine)
    }
    return size == pointee.tp_basicsize && size == other.pointee.tp_basicsize
  }
}

@c @implementation public func _PyType_CalculateMetaclass(
  _ metatype: TypeRef, _ bases: Ref
) -> TypeRef? {
  do { return try TypeRef.metaclass(metatype, bases: bases) } catch { return nil }
}
