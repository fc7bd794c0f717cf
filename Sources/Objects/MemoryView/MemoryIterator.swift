import CPythonABI

/// The iterator of a one-dimensional memoryview.
enum MemoryIterator {
  /// index, view (NULL at the end), items, format.
  struct Layout {
    var base: PyObject
    var index: Int
    var view: Ref?
    var count: Int
    var format: UnsafeMutablePointer<CChar>?
  }

  static func make(_ view: Ref) throws(Raised) -> Owned {
    let source = PyMemoryView(view)
    try source.requireUsable()
    if source.dimensions == 0 {
      throw raise(.typeError, "invalid indexing of 0-dim memory")
    }
    if source.dimensions > 1 {
      throw raise(
        .notImplementedError, "multi-dimensional sub-views are not implemented")
    }
    if MemoryItem.native(source.view.format) == nil {
      throw MemoryItem.unsupported(source.view.format)
    }
    let iterator = try own(_PyObject_GC_New(memoryIterType()))
    let layout = iterator.ref.view(Layout.self)
    layout.pointee.index = 0
    Py_INCREF(view)
    layout.pointee.view = view
    layout.pointee.count = source.view.shape?[0] ?? 0
    layout.pointee.format = source.view.format
    PyObject_GC_Track(iterator.ref)
    return iterator
  }

  static func next(_ iterator: Ref) -> Ref? {
    let layout = iterator.view(Layout.self)
    guard let view = layout.pointee.view else { return nil }
    let index = layout.pointee.index
    if index < layout.pointee.count {
      layout.pointee.index = index &+ 1
      return new { try PyMemoryView(view).item(at: index) }
    }
    layout.pointee.view = nil
    Py_DECREF(view)
    return nil
  }

  static let spec = TypeSpec(
    memoryIterType(), "memory_iterator", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        PyObject_GC_UnTrack(iterator)
        Py_XDECREF(iterator.view(Layout.self).pointee.view)
        PyObject_GC_Del(iterator)
      },
      .tp_traverse { iterator, visit, argument in
        guard let view = iterator.view(Layout.self).pointee.view else { return 0 }
        return visit(view, argument)
      },
      .tp_iter { $0.retained().give() },
      .tp_iternext { MemoryIterator.next($0) },
    ])
}

/// The types of this folder.
enum MemoryViewTypes {
  static let specs = [
    ManagedBuffer.spec, PyMemoryView.spec, MemoryIterator.spec, PyPickleBuffer.spec,
  ]
}
