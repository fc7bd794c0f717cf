import CPythonABI

// `__buffer__` and `__release_buffer__` of classes (PEP 688).
// CPython: Objects/typeobject.c, `slot_bf_getbuffer`, `_PyBufferWrapper_Type`.

@c func slot_bf_getbuffer(
  _ receiver: Ref, _ buffer: UnsafeMutablePointer<Py_buffer>, _ flags: Int32
) -> Int32 {
  buffer.pointee.obj = nil
  return status {
    let number = try own(PyLong_FromLong(Int(flags)))
    let view = try own(SpecialMethod.call(receiver, id___buffer__(), number.ref))
    guard view.ref.type == memoryViewType() else {
      throw raise(.typeError, "__buffer__ returned non-memoryview object")
    }
    try check(PyObject_GetBuffer(view.ref, buffer, flags))
    // The exporter is a wrapper that remembers whose `__release_buffer__` to call.
    guard let wrapper = _PyObject_GC_New(bufferWrapperType()) else {
      PyBuffer_Release(buffer)
      throw Raised()
    }
    let fields = wrapper.view(PyBufferWrapperObject.self)
    Py_INCREF(view.ref)
    Py_INCREF(receiver)
    fields.pointee.mv = view.ref
    fields.pointee.obj = receiver
    PyObject_GC_Track(UnsafeMutableRawPointer(wrapper))
    Py_XDECREF(buffer.pointee.obj)
    buffer.pointee.obj = wrapper
  }
}

/// Calls `__release_buffer__` with the view that `__buffer__` returned, or, when the buffer came from
/// a native base class, with a view that ends with the call and allows no others on it.
private func callReleaseBuffer(_ receiver: Ref, _ buffer: UnsafeMutablePointer<Py_buffer>) {
  let saved = PyErr_GetRaisedException()
  defer { PyErr_SetRaisedException(saved) }
  if let owner = buffer.pointee.obj, owner.type == bufferWrapperType() {
    guard let view = owner.view(PyBufferWrapperObject.self).pointee.mv else { return }
    Py_INCREF(view)
    defer { Py_DECREF(view) }
    let result = SpecialMethod.call(receiver, id___release_buffer__(), view)
    if result == nil { PyErr_WriteUnraisable(receiver) }
    Py_XDECREF(result)
    return
  }
  guard let view = PyMemoryView_FromBuffer(buffer) else {
    PyErr_WriteUnraisable(receiver)
    return
  }
  defer { Py_DECREF(view) }
  PyMemoryView(view).object.pointee.flags |= PyMemoryView.Flag.restricted
  let result = SpecialMethod.call(receiver, id___release_buffer__(), view)
  if result == nil { PyErr_WriteUnraisable(receiver) }
  Py_XDECREF(result)
  let released = SpecialMethod.call(view, id_release())
  if released == nil { PyErr_WriteUnraisable(receiver) }
  Py_XDECREF(released)
}

private func isDispatcher(_ release: releasebufferproc?) -> Bool {
  unsafeBitCast(release, to: UnsafeRawPointer?.self)
    == unsafeBitCast(slot_bf_releasebuffer as releasebufferproc, to: UnsafeRawPointer.self)
}

/// A method in Python need not call the native release of a base class, so this does.
@c func slot_bf_releasebuffer(_ receiver: Ref, _ buffer: UnsafeMutablePointer<Py_buffer>) {
  callReleaseBuffer(receiver, buffer)
  guard let order = receiver.type.pointee.tp_mro else { return }
  var seen = false
  for index in 0..<apus_var_size(order) {
    let entry = apus_tuple_item(order, index)
    if entry == receiver.type.object {
      seen = true
      continue
    }
    guard seen, entry.isType,
      let release = entry.asType.pointee.tp_as_buffer?.pointee.bf_releasebuffer,
      !isDispatcher(release)
    else { continue }
    release(receiver, buffer)
    return
  }
}

enum BufferWrapper {
  static let spec = TypeSpec(
    bufferWrapperType(), "_buffer_wrapper", basicSize: MemoryLayout<PyBufferWrapperObject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { wrapper in
        PyObject_GC_UnTrack(UnsafeMutableRawPointer(wrapper))
        let fields = wrapper.view(PyBufferWrapperObject.self).pointee
        Py_XDECREF(fields.mv)
        Py_XDECREF(fields.obj)
        PyObject_GC_Del(UnsafeMutableRawPointer(wrapper))
      },
      .tp_traverse { wrapper, visit, argument in
        let fields = wrapper.view(PyBufferWrapperObject.self).pointee
        if let view = fields.mv {
          let result = visit(view, argument)
          if result != 0 { return result }
        }
        return fields.obj.map { visit($0, argument) } ?? 0
      },
      .bf_releasebuffer { wrapper, buffer in
        let fields = wrapper.view(PyBufferWrapperObject.self)
        guard let view = fields.pointee.mv, let object = fields.pointee.obj else { return }
        memoryViewType().pointee.tp_as_buffer?.pointee.bf_releasebuffer?(view, buffer)
        // A native release happens when the view is given up.
        if view.view(PyMemoryViewObject.self).pointee.view.obj != object,
          isDispatcher(object.type.pointee.tp_as_buffer?.pointee.bf_releasebuffer)
        {
          callReleaseBuffer(object, buffer)
        }
        fields.pointee.mv = nil
        fields.pointee.obj = nil
        Py_DECREF(view)
        Py_DECREF(object)
      },
    ])
}
