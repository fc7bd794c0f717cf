import CPythonABI

/// The types of what `code.co_lines()` and `code.co_positions()` return: iterators over entries that
/// are made with them.
enum CodeIterators {
  struct Layout {
    var base: PyObject
    /// A list of the entries left, nil at the end.
    var entries: Ref?
    var index: Int
  }

  nonisolated(unsafe) private static let lineType = PermanentMemory.type()
  nonisolated(unsafe) private static let positionsType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let slots: [Slot] = [
    .tp_dealloc { object in
      Py_XDECREF(view(object).pointee.entries)
      PyObject_Free(object)
    },
    .tp_iter(PyObject_SelfIter),
    .tp_iternext { object in
      let own = view(object)
      guard let entries = own.pointee.entries else { return nil }
      let index = own.pointee.index
      if index >= apus_var_size(entries) {
        own.pointee.entries = nil
        Py_DECREF(entries)
        return nil
      }
      own.pointee.index = index + 1
      return Py_NewRef(apus_list_item(entries, index))
    },
  ]

  private static let lineSpec = TypeSpec(
    lineType, "line_iterator", basicSize: 64, flags: [.disallowInstantiation, .baseType],
    base: objectType(), slots: slots)
  private static let positionsSpec = TypeSpec(
    positionsType, "positions_iterator", basicSize: 80,
    flags: [.disallowInstantiation, .baseType], base: objectType(), slots: slots)

  private static func make(
    _ spec: TypeSpec, _ type: TypeRef, _ entries: Ref
  ) throws(Raised) -> Owned {
    if !spec.isReady { try spec.install() }
    let object = try own(_PyObject_New(type))
    view(object.ref).pointee.entries = entries.retained().give()
    view(object.ref).pointee.index = 0
    return object
  }

  static func lines(_ entries: Ref) throws(Raised) -> Owned {
    try make(lineSpec, lineType, entries)
  }

  static func positions(_ entries: Ref) throws(Raised) -> Owned {
    try make(positionsSpec, positionsType, entries)
  }
}
