import CPythonABI

/// pickle.PickleBuffer: a buffer that pickle protocol 5 may transfer out of band (PEP 574).
public struct PyPickleBuffer {
  /// The buffer, whose `obj` is NULL after release, and the weak references.
  struct Layout {
    var base: PyObject
    var view: Py_buffer
    var weakReferences: Ref?
  }

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  private var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static func make(_ type: TypeRef, _ exporter: Ref) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let result = try own(allocate(type, 0))
    let layout = result.ref.view(Layout.self)
    layout.pointee.view.obj = nil
    layout.pointee.weakReferences = nil
    if PyObject_GetBuffer(exporter, &layout.pointee.view, PyBUF_FULL_RO) < 0 {
      layout.pointee.view.obj = nil
      throw Raised()
    }
    return result
  }

  private func requireHeld() throws(Raised) {
    if layout.pointee.view.obj == nil {
      throw raise(.valueError, "operation forbidden on released PickleBuffer object")
    }
  }

  /// The buffer. Raises ValueError once it is released.
  fileprivate func held() throws(Raised) -> UnsafePointer<Py_buffer> {
    try requireHeld()
    let start = UnsafeMutableRawPointer(layout) + MemoryLayout<PyObject>.size
    return UnsafePointer(start.as(Py_buffer.self))
  }

  fileprivate func release() { PyBuffer_Release(&layout.pointee.view) }

  private func deallocate() {
    PyObject_GC_UnTrack(ref)
    if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(ref) }
    release()
    ref.type.pointee.tp_free?(ref)
  }

  static let spec = TypeSpec(
    pickleBufferType(), "pickle.PickleBuffer", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], doc: "A buffer that may be transferred out of band.", base: objectType(),
    weakListOffset: MemoryLayout<Layout>.size - 8,
    slots: [
      .tp_dealloc { PyPickleBuffer($0).deallocate() },
      .tp_traverse { buffer, visit, argument in
        guard let exporter = buffer.view(Layout.self).pointee.view.obj else { return 0 }
        return visit(exporter, argument)
      },
      .tp_clear { buffer in
        PyPickleBuffer(buffer).release()
        return 0
      },
      .tp_alloc { PyType_GenericAlloc($0, $1) },
      .freesTracked,
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          return try make(type, a.object(0))
        }
      },
      .bf_getbuffer { buffer, view, flags in
        status {
          let held = try PyPickleBuffer(buffer).held()
          guard let exporter = held.pointee.obj else { throw Raised() }
          try check(PyObject_GetBuffer(exporter, view, flags))
        }
      },
      // The exporter is the one that views are given back to.
      .bf_releasebuffer { _, _ in },
    ],
    methods: [raw, releaseMethod])

  private static let constructor: Method = .noargs("PickleBuffer(object, /)", "") { _, _ in nil }

  static let raw: Method = .noargs(
    "raw($self, /)", "A one-dimensional view of the bytes; BufferError when they are not contiguous."
  ) { buffer, _ in
    new {
      let held = try PyPickleBuffer(buffer).held()
      var info = held.pointee
      let orders = [UInt8(ascii: "C"), UInt8(ascii: "F")]
      guard orders.contains(where: { PyBuffer_IsContiguous(&info, CChar($0)) != 0 }) else {
        throw raise(.bufferError, "cannot extract raw buffer from non-contiguous buffer")
      }
      guard let exporter = info.obj else { throw Raised() }
      let managed = try ManagedBuffer.make(exporter, flags: PyBUF_FULL_RO)
      let master = managed.ref.view(_PyManagedBufferObject.self)
      var flat = master.pointee.master
      flat.format = UnsafeMutablePointer(mutating: cString("B"))
      flat.ndim = 1
      flat.itemsize = 1
      flat.shape = nil
      flat.strides = nil
      flat.suboffsets = nil
      return try PyMemoryView.make(managed.ref, flat)
    }
  }

  static let releaseMethod: Method = .noargs("release($self, /)", "Gives the buffer back.") {
    buffer, _ in
    PyPickleBuffer(buffer).release()
    return noneObject()
  }
}

// MARK: C API

@c @implementation
public func PyPickleBuffer_FromObject(_ object: Ref) -> Ref? {
  new { try PyPickleBuffer.make(pickleBufferType(), object) }
}

@c @implementation
public func PyPickleBuffer_GetBuffer(_ object: Ref) -> UnsafePointer<Py_buffer>? {
  do {
    guard object.isInstance(of: pickleBufferType()) else {
      throw raise(.typeError, "expected PickleBuffer, \(object.type.fullName) found")
    }
    return try PyPickleBuffer(object).held()
  } catch { return nil }
}

@c @implementation
public func PyPickleBuffer_Release(_ object: Ref) -> Int32 {
  status {
    guard object.isInstance(of: pickleBufferType()) else {
      throw raise(.typeError, "expected PickleBuffer, \(object.type.fullName) found")
    }
    PyPickleBuffer(object).release()
  }
}
