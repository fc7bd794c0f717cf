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

@c func slot_bf_releasebuffer(_ receiver: Ref, _ buffer: UnsafeMutablePointer<Py_buffer>) {
  let saved = PyErr_GetRaisedException()
  defer { PyErr_SetRaisedException(saved) }
  guard let view = PyMemoryView_FromBuffer(buffer) else {
    PyErr_WriteUnraisable(receiver)
    return
  }
  defer { Py_DECREF(view) }
  let result = SpecialMethod.call(receiver, id___release_buffer__(), view)
  if result == nil { PyErr_WriteUnraisable(receiver) }
  Py_XDECREF(result)
  let released = SpecialMethod.call(view, id_release())
  if released == nil { PyErr_WriteUnraisable(receiver) }
  Py_XDECREF(released)
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
        let release = object.type.pointee.tp_as_buffer?.pointee.bf_releasebuffer
        if unsafeBitCast(release, to: UnsafeRawPointer?.self)
          == unsafeBitCast(slot_bf_releasebuffer as releasebufferproc, to: UnsafeRawPointer.self)
        {
          slot_bf_releasebuffer(object, buffer)
        }
        fields.pointee.mv = nil
        fields.pointee.obj = nil
        Py_DECREF(view)
        Py_DECREF(object)
      },
    ])
}
