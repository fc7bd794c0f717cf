import CPythonABI
import Glibc

/// A memoryview, borrowed. `ob_array` behind the header holds shape, strides and suboffsets, `ndim`
/// items each; `view.shape` and `view.strides` point there, also for one dimension.
public struct PyMemoryView {
  public let ref: Ref

  @inline(__always) public init(_ ref: Ref) { self.ref = ref }

  @inline(__always) var object: UnsafeMutablePointer<PyMemoryViewObject> {
    ref.view(PyMemoryViewObject.self)
  }
  @inline(__always) var view: Py_buffer { object.pointee.view }
  @inline(__always) var dimensions: Int { Int(object.pointee.view.ndim) }

  enum Flag {
    static let released: Int32 = 1
    static let contiguousC: Int32 = 2
    static let contiguousFortran: Int32 = 4
    static let scalar: Int32 = 8
    static let indirect: Int32 = 16
    static let restricted: Int32 = 32
  }

  /// Bytes before `ob_array`.
  static let header = 144
  static let weakListOffset = 136

  // MARK: Making

  private static func allocate(_ dimensions: Int) throws(Raised) -> Owned {
    guard let made = _PyObject_GC_NewVar(memoryViewType(), 3 * dimensions) else { throw Raised() }
    let result = Owned(adopting: UnsafeMutableRawPointer(made).as(PyObject.self))
    let object = result.ref.view(PyMemoryViewObject.self)
    object.pointee.mbuf = nil
    object.pointee.hash = -1
    object.pointee.flags = 0
    object.pointee.exports = 0
    object.pointee.view = Py_buffer()
    object.pointee.view.ndim = Int32(dimensions)
    let array = (UnsafeMutableRawPointer(object) + header).as(Int.self)
    object.pointee.view.shape = array
    object.pointee.view.strides = array + dimensions
    object.pointee.view.suboffsets = array + 2 * dimensions
    object.pointee.weakreflist = nil
    PyObject_GC_Track(result.ref)
    return result
  }

  /// A view of the memory that `source` (the managed buffer's own description when nil) describes.
  /// With `dimensions` given the shape is left for the caller to set.
  static func make(
    _ managed: Ref, _ source: Py_buffer? = nil, dimensions: Int? = nil
  ) throws(Raised) -> Owned {
    let buffer = managed.view(_PyManagedBufferObject.self)
    let source = source ?? buffer.pointee.master
    if source.ndim > PyBUF_MAX_NDIM || (dimensions ?? 0) > Int(PyBUF_MAX_NDIM) {
      throw raise(
        .valueError, "memoryview: number of dimensions must not exceed \(PyBUF_MAX_NDIM)")
    }
    let result = try allocate(dimensions ?? Int(source.ndim))
    let target = PyMemoryView(result.ref)
    target.adopt(source)
    if dimensions == nil {
      target.adoptShape(source)
      target.updateFlags()
    }
    target.object.pointee.mbuf = buffer
    Py_INCREF(managed)
    buffer.pointee.exports += 1
    return result
  }

  private func adopt(_ source: Py_buffer) {
    object.pointee.view.obj = source.obj
    object.pointee.view.buf = source.buf
    object.pointee.view.len = source.len
    object.pointee.view.itemsize = source.itemsize
    object.pointee.view.readonly = source.readonly
    object.pointee.view.format = source.format ?? UnsafeMutablePointer(mutating: cString("B"))
    object.pointee.view.internal = source.internal
  }

  private func adoptShape(_ source: Py_buffer) {
    let count = Int(source.ndim)
    if count == 0 {
      object.pointee.view.shape = nil
      object.pointee.view.strides = nil
      object.pointee.view.suboffsets = nil
      return
    }
    guard let shape = object.pointee.view.shape, let strides = object.pointee.view.strides else {
      return
    }
    if count == 1 {
      shape[0] =
        source.shape?[0] ?? (source.itemsize > 0 ? source.len / source.itemsize : source.len)
      strides[0] = source.strides?[0] ?? source.itemsize
    } else {
      for index in 0..<count { shape[index] = source.shape?[index] ?? 0 }
      if let given = source.strides {
        for index in 0..<count { strides[index] = given[index] }
      } else {
        setStridesFromShape()
      }
    }
    if let given = source.suboffsets, let suboffsets = object.pointee.view.suboffsets {
      for index in 0..<count { suboffsets[index] = given[index] }
    } else {
      object.pointee.view.suboffsets = nil
    }
  }

  /// C-contiguous strides.
  func setStridesFromShape() {
    guard let shape = view.shape, let strides = view.strides else { return }
    var stride = view.itemsize
    for index in stride_indices(dimensions) {
      strides[index] = stride
      stride = stride &* shape[index]
    }
  }

  private func stride_indices(_ count: Int) -> ReversedCollection<Range<Int>> { (0..<count).reversed() }

  func updateFlags() {
    var flags: Int32 = 0
    switch view.ndim {
    case 0: flags = Flag.scalar | Flag.contiguousC | Flag.contiguousFortran
    case 1:
      if view.shape?[0] == 1 || view.strides?[0] == view.itemsize {
        flags = Flag.contiguousC | Flag.contiguousFortran
      }
    default:
      var copy = view
      if PyBuffer_IsContiguous(&copy, CChar(UInt8(ascii: "C"))) != 0 { flags |= Flag.contiguousC }
      if PyBuffer_IsContiguous(&copy, CChar(UInt8(ascii: "F"))) != 0 {
        flags |= Flag.contiguousFortran
      }
    }
    if view.suboffsets != nil {
      flags |= Flag.indirect
      flags &= ~(Flag.contiguousC | Flag.contiguousFortran)
    }
    object.pointee.flags = object.pointee.flags & (Flag.released | Flag.restricted) | flags
  }

  /// A view of any object with a buffer. `flags` are those of the request to the exporter.
  static func make(from source: Ref, flags: Int32 = PyBUF_FULL_RO) throws(Raised) -> Owned {
    if source.type == memoryViewType() {
      let original = PyMemoryView(source)
      try original.requireUsable()
      try original.requireUnrestricted()
      return try make(original.managed, original.view)
    }
    if PyObject_CheckBuffer(source) != 0 {
      let managed = try ManagedBuffer.make(source, flags: flags)
      return try make(managed.ref)
    }
    throw raise(
      .typeError,
      "memoryview: a bytes-like object is required, not '\(source.type.fullName)'")
  }

  /// The managed buffer; valid while the view is not released.
  var managed: Ref {
    guard let buffer = object.pointee.mbuf else { return noneObject() }
    return UnsafeMutableRawPointer(buffer).as(PyObject.self)
  }

  // MARK: Releasing

  var isReleased: Bool {
    if object.pointee.flags & Flag.released != 0 { return true }
    guard let buffer = object.pointee.mbuf else { return true }
    return buffer.pointee.flags & ManagedBuffer.released != 0
  }

  func requireUsable() throws(Raised) {
    if isReleased {
      throw raise(.valueError, "operation forbidden on released memoryview object")
    }
  }

  func requireUnrestricted() throws(Raised) {
    if object.pointee.flags & Flag.restricted != 0 {
      throw raise(.valueError, "cannot create new view on restricted memoryview")
    }
  }

  /// Raises BufferError while buffers of this view are in use.
  func release() throws(Raised) {
    if object.pointee.flags & Flag.released != 0 { return }
    let exports = object.pointee.exports
    if exports == 0 {
      object.pointee.flags |= Flag.released
      guard let buffer = object.pointee.mbuf else { return }
      buffer.pointee.exports -= 1
      if buffer.pointee.exports == 0 { ManagedBuffer.release(buffer) }
      return
    }
    throw raise(
      .bufferError, "memoryview has \(exports) exported buffer\(exports == 1 ? "" : "s")")
  }

  static func deallocate(_ ref: Ref) {
    PyObject_GC_UnTrack(ref)
    let view = PyMemoryView(ref)
    do { try view.release() } catch { PyErr_Clear() }
    if view.object.pointee.weakreflist != nil { PyObject_ClearWeakRefs(ref) }
    view.dropManaged()
    PyObject_GC_Del(ref)
  }

  func dropManaged() {
    guard let buffer = object.pointee.mbuf else { return }
    object.pointee.mbuf = nil
    Py_DECREF(UnsafeMutableRawPointer(buffer).as(PyObject.self))
  }

  // MARK: Exporting

  /// `bf_getbuffer`
  func export(_ target: UnsafeMutablePointer<Py_buffer>, _ flags: Int32) throws(Raised) {
    try requireUsable()
    try requireUnrestricted()
    func refuse(_ reason: String) -> Raised {
      raise(.bufferError, "memoryview: \(reason)")
    }
    func wants(_ flag: Int32) -> Bool { flags & flag == flag }
    target.pointee = view
    target.pointee.obj = nil
    if wants(PyBUF_WRITABLE) && view.readonly != 0 {
      throw refuse("underlying buffer is not writable")
    }
    if !wants(PyBUF_FORMAT) { target.pointee.format = nil }
    let state = object.pointee.flags
    if wants(PyBUF_C_CONTIGUOUS) && state & Flag.contiguousC == 0 {
      throw refuse("underlying buffer is not C-contiguous")
    }
    if wants(PyBUF_F_CONTIGUOUS) && state & Flag.contiguousFortran == 0 {
      throw refuse("underlying buffer is not Fortran contiguous")
    }
    if wants(PyBUF_ANY_CONTIGUOUS) && state & (Flag.contiguousC | Flag.contiguousFortran) == 0 {
      throw refuse("underlying buffer is not contiguous")
    }
    if !wants(PyBUF_INDIRECT) && state & Flag.indirect != 0 {
      throw refuse("underlying buffer requires suboffsets")
    }
    if !wants(PyBUF_STRIDES) {
      if state & Flag.contiguousC == 0 {
        throw refuse("underlying buffer is not C-contiguous")
      }
      target.pointee.strides = nil
    }
    if !wants(PyBUF_ND) {
      if target.pointee.format != nil {
        throw refuse("cannot cast to unsigned bytes if the format flag is present")
      }
      target.pointee.ndim = 1
      target.pointee.shape = nil
    }
    Py_INCREF(ref)
    target.pointee.obj = ref
    object.pointee.exports += 1
  }

  // MARK: Content

  /// The content in C or Fortran order ("A": Fortran when it is so laid out, else C).
  func content(order: UInt8 = UInt8(ascii: "C")) throws(Raised) -> Owned {
    let result = try PyBytes.make(view.len)
    if view.len > 0 {
      var copy = view
      try check(
        PyBuffer_ToContiguous(PyBytes(result.ref).data, &copy, view.len, CChar(order)))
    }
    return result
  }
}

// MARK: C API

@c @implementation
public func PyMemoryView_FromObject(_ object: Ref) -> Ref? {
  new { try PyMemoryView.make(from: object) }
}

@c @implementation
public func PyMemoryView_FromBuffer(_ info: UnsafePointer<Py_buffer>) -> Ref? {
  new {
    if info.pointee.buf == nil {
      throw raise(.valueError, "PyMemoryView_FromBuffer(): info->buf must not be NULL")
    }
    let managed = try ManagedBuffer.make(info.pointee)
    return try PyMemoryView.make(managed.ref)
  }
}

@c @implementation
public func PyMemoryView_FromMemory(
  _ memory: UnsafeMutablePointer<CChar>, _ size: Int, _ flags: Int32
) -> Ref? {
  new {
    var info = Py_buffer()
    info.buf = UnsafeMutableRawPointer(memory)
    info.len = size
    info.itemsize = 1
    info.ndim = 1
    info.readonly = flags == PyBUF_WRITE ? 0 : 1
    let managed = try ManagedBuffer.make(info)
    return try PyMemoryView.make(managed.ref)
  }
}

@c @implementation
public func PyMemoryView_GetContiguous(_ object: Ref, _ type: Int32, _ order: CChar) -> Ref? {
  new {
    let result = try PyMemoryView.make(from: object)
    var info = PyMemoryView(result.ref).view
    if type == PyBUF_WRITE && info.readonly != 0 {
      throw raise(.bufferError, "underlying buffer is not writable")
    }
    if PyBuffer_IsContiguous(&info, order) != 0 { return result }
    if type == PyBUF_WRITE {
      throw raise(
        .bufferError, "writable contiguous buffer requested for a non-contiguous object.")
    }
    // A copy in bytes, seen with the same shape and format.
    let bytes = try PyMemoryView(result.ref).content(order: UInt8(bitPattern: order))
    let managed = try ManagedBuffer.make(bytes.ref, flags: PyBUF_FULL_RO)
    let copy = try PyMemoryView.make(managed.ref, dimensions: Int(info.ndim))
    let view = PyMemoryView(copy.ref)
    view.object.pointee.view.itemsize = info.itemsize
    view.object.pointee.view.format = info.format
    for index in 0..<Int(info.ndim) {
      view.object.pointee.view.shape?[index] = info.shape?[index] ?? 0
    }
    if order == CChar(UInt8(ascii: "F")) {
      PyBuffer_FillContiguousStrides(
        info.ndim, view.view.shape, view.view.strides, Int32(info.itemsize), order)
    } else {
      view.setStridesFromShape()
    }
    view.object.pointee.view.suboffsets = nil
    view.updateFlags()
    return copy
  }
}

/// A view of what a type's `bf_getbuffer` gives for an object: `object.__buffer__(flags)`.
@c @implementation
public func _PyMemoryView_FromBufferProc(
  _ object: Ref, _ flags: Int32, _ getBuffer: @escaping getbufferproc
) -> Ref? {
  new {
    let managed = try ManagedBuffer.make { getBuffer(object, $0, flags) }
    return try PyMemoryView.make(managed.ref)
  }
}
