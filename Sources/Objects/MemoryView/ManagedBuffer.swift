import CPythonABI
import Glibc

/// The buffer that memoryviews share: got from its exporter once, given back with the last view.
enum ManagedBuffer {
  static let released: Int32 = 1
  static let ownsFormat: Int32 = 2

  typealias Object = UnsafeMutablePointer<_PyManagedBufferObject>

  private static func allocate() throws(Raised) -> Owned {
    let result = try own(_PyObject_GC_New(managedBufferType()))
    let buffer = result.ref.view(_PyManagedBufferObject.self)
    buffer.pointee.flags = 0
    buffer.pointee.exports = 0
    buffer.pointee.master = Py_buffer()
    PyObject_GC_Track(result.ref)
    return result
  }

  /// Gets the buffer of an object.
  static func make(_ exporter: Ref, flags: Int32) throws(Raised) -> Owned {
    let result = try allocate()
    let buffer = result.ref.view(_PyManagedBufferObject.self)
    if PyObject_GetBuffer(exporter, &buffer.pointee.master, flags) < 0 {
      buffer.pointee.master.obj = nil
      throw Raised()
    }
    return result
  }

  /// Takes over a description of memory without an owner.
  static func make(_ info: Py_buffer) throws(Raised) -> Owned {
    let result = try allocate()
    result.ref.view(_PyManagedBufferObject.self).pointee.master = info
    result.ref.view(_PyManagedBufferObject.self).pointee.master.obj = nil
    return result
  }

  /// Gets a buffer with a function that fills it in and returns 0, or -1 with an exception.
  static func make(
    _ fill: (UnsafeMutablePointer<Py_buffer>) -> Int32
  ) throws(Raised) -> Owned {
    let result = try allocate()
    let buffer = result.ref.view(_PyManagedBufferObject.self)
    if fill(&buffer.pointee.master) < 0 {
      buffer.pointee.master.obj = nil
      throw Raised()
    }
    return result
  }

  /// Gives the buffer back.
  static func release(_ buffer: Object) {
    if buffer.pointee.flags & released != 0 { return }
    buffer.pointee.flags |= released
    let object = UnsafeMutableRawPointer(buffer)
    if PyObject_GC_IsTracked(object.as(PyObject.self)) != 0 { PyObject_GC_UnTrack(object) }
    PyBuffer_Release(&buffer.pointee.master)
  }

  static let spec = TypeSpec(
    managedBufferType(), "managedbuffer", basicSize: MemoryLayout<_PyManagedBufferObject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        let buffer = object.view(_PyManagedBufferObject.self)
        ManagedBuffer.release(buffer)
        if buffer.pointee.flags & ManagedBuffer.ownsFormat != 0 {
          PyMem_Free(buffer.pointee.master.format)
        }
        PyObject_GC_Del(object)
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        guard let exporter = object.view(_PyManagedBufferObject.self).pointee.master.obj else {
          return 0
        }
        return visit(exporter, argument)
      },
      .tp_clear { object in
        ManagedBuffer.release(object.view(_PyManagedBufferObject.self))
        return 0
      },
    ])
}
