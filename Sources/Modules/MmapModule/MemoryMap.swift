import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `mmap.mmap`.
enum MemoryMap {
  struct Layout {
    var ob_base: PyObject
    /// nil when closed.
    var data: UnsafeMutableRawPointer?
    /// Bytes.
    var size: Int
    /// Where read() and write() go on.
    var position: Int
    /// Where in the file the map begins.
    var offset: Int
    /// Buffers that are held.
    var exports: Int
    /// A duplicate of the file's descriptor; -1 without a file.
    var descriptor: Int32
    var tracksDescriptor: Bool
    var weakReferences: Ref?
    var access: Int32
  }

  enum Access {
    static let `default`: Int32 = 0
    static let read: Int32 = 1
    static let write: Int32 = 2
    static let copy: Int32 = 3
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "mmap.mmap", basicSize: 80, flags: [.baseType, .haveGC],
    doc: """
      mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])

      The memory of length bytes of a file, or of the whole of it when length is zero. flags says
      whether changes are shared (MAP_SHARED, the default) or private (MAP_PRIVATE). A fileno of -1
      maps anonymous memory.
      """,
    base: objectType(), weakListOffset: 64,
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        object.untrackIfNeeded()
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        release(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { _, _, _ in 0 },
      .tp_repr { object in represent(object) },
      .tp_getattro { object, name in PyObject_GenericGetAttr(object, name) },
      .sq_length { object in size { try open(object).pointee.size } },
      .sq_item { object, index in
        new {
          let state = try open(object)
          guard index >= 0 && index < state.pointee.size, let data = state.pointee.data else {
            throw raise(.indexError, "mmap index out of range")
          }
          return try own(
            PyBytes_FromStringAndSize((data + index).assumingMemoryBound(to: CChar.self), 1))
        }
      },
      .mp_length { object in size { try open(object).pointee.size } },
      .mp_subscript { object, key in new { try item(object, key) } },
      .mp_ass_subscript { object, key, value in status { try assign(object, key, value) } },
      .bf_getbuffer { object, buffer, flags in
        status {
          let state = try open(object)
          try check(
            PyBuffer_FillInfo(
              buffer, object, state.pointee.data, state.pointee.size,
              state.pointee.access == Access.read ? 1 : 0, flags))
          state.pointee.exports += 1
        }
      },
      .bf_releasebuffer { object, _ in view(object).pointee.exports -= 1 },
    ],
    methods: [
      close, find, findLast, flush, advise, move, read, readByte, readLine, resize, seek, seekable,
      fileSize, tell, write, writeByte, enter, exit,
    ],
    properties: [
      Property("closed", get: { object, _ in boolObject(view(object).pointee.data == nil) })
    ])

  /// The fields of a map that is not closed. ValueError otherwise.
  static func open(_ object: Ref) throws(Raised) -> UnsafeMutablePointer<Layout> {
    if view(object).pointee.data == nil { throw raise(.valueError, "mmap closed or invalid") }
    return view(object)
  }

  /// TypeError unless the map may be changed.
  static func checkWritable(_ object: Ref) throws(Raised) {
    if view(object).pointee.access == Access.read {
      throw raise(.typeError, "mmap can't modify a readonly memory map.")
    }
  }

  // MARK: Life

  private static let arguments: Method = .variableKeywords(
    "mmap(fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True)", "",
    { _, _, _ in nil })

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(arguments, tuple: args, keywords: keywords)
    let descriptor = try NumberConversion.int32(a.object(0))
    var length = try NumberConversion.size(a.object(1))
    var flags = MAP_SHARED
    if let given = a[2] { flags = try NumberConversion.int32(given) }
    var protection = PROT_READ | PROT_WRITE
    if let given = a[3] { protection = try NumberConversion.int32(given) }
    var access = Access.default
    if let given = a[4] { access = try NumberConversion.int32(given) }
    let offset = try a.offset(5)
    let tracks = try a.bool(6, default: true)
    if length < 0 { throw raise(.overflowError, "memory mapped length must be positive") }
    if offset < 0 { throw raise(.overflowError, "memory mapped offset must be positive") }
    if access != Access.default && (flags != MAP_SHARED || protection != (PROT_READ | PROT_WRITE)) {
      throw raise(.valueError, "mmap can't specify both access and flags, prot.")
    }
    switch access {
    case Access.read:
      flags = MAP_SHARED
      protection = PROT_READ
    case Access.write:
      flags = MAP_SHARED
      protection = PROT_READ | PROT_WRITE
    case Access.copy:
      flags = MAP_PRIVATE
      protection = PROT_READ | PROT_WRITE
    case Access.default:
      if protection & PROT_WRITE == 0 {
        access = Access.read
      } else if protection & PROT_READ == 0 {
        access = Access.write
      }
    default: throw raise(.valueError, "mmap invalid access parameter.")
    }
    try audit(
      "mmap.__new__", tuple(int(Int(descriptor)), int(length), int(Int(access)), int(offset)))
    var status = stat()
    if descriptor != -1, withoutGIL({ fstat(descriptor, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG
    {
      if length == 0 {
        if status.st_size == 0 { throw raise(.valueError, "cannot mmap an empty file") }
        if offset >= status.st_size {
          throw raise(.valueError, "mmap offset is greater than file size")
        }
        length = status.st_size - offset
      } else if offset > status.st_size || status.st_size - offset < length {
        throw raise(.valueError, "mmap length is greater than file size")
      }
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    let state = view(object.ref)
    state.pointee.descriptor = -1
    state.pointee.size = length
    state.pointee.offset = offset
    state.pointee.access = access
    state.pointee.tracksDescriptor = tracks
    if descriptor == -1 {
      flags |= 0x20  // MAP_ANONYMOUS
    } else if tracks {
      state.pointee.descriptor = try systemCall { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
    }
    let (kind, rights, count) = (flags, protection, length)
    let data = withoutGIL { mmap(nil, count, rights, kind, descriptor, offset) }
    guard data != MAP_FAILED, let data else { throw raiseSystemError() }
    state.pointee.data = data
    return object
  }

  private static func release(_ object: Ref) {
    let state = view(object)
    let (data, size, descriptor) = (
      state.pointee.data, state.pointee.size, state.pointee.descriptor
    )
    state.pointee.data = nil
    state.pointee.descriptor = -1
    if data == nil && descriptor < 0 { return }
    withoutGIL {
      if let data { munmap(data, size) }
      if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }
  }

  private static func represent(_ object: Ref) -> Ref? {
    let state = view(object).pointee
    let type = object.type.fullName
    if state.data == nil { return newString("<\(type) closed=True>") }
    let access =
      switch state.access {
      case Access.read: "ACCESS_READ"
      case Access.write: "ACCESS_WRITE"
      case Access.copy: "ACCESS_COPY"
      default: "ACCESS_DEFAULT"
      }
    return newString(
      "<\(type) closed=False, access=\(access), length=\(state.size), pos=\(state.position), "
        + "offset=\(state.offset)>")
  }

  static let close: Method = .noargs("close($self, /)", "") { object, _ in
    none {
      if view(object).pointee.exports > 0 {
        throw raise(.bufferError, "cannot close exported pointers exist")
      }
      release(object)
    }
  }
  static let enter: Method = .noargs("__enter__($self, /)", "") { object, _ in
    new {
      _ = try open(object)
      return object.retained()
    }
  }
  static let exit: Method = .fast("__exit__", "") { object, _, _ in
    PyObject_CallMethodNoArgs(object, closeName)
  }
  nonisolated(unsafe) private static let closeName = PermanentName.make("close")

  // MARK: Items

  /// A position given as an index, counted from the end when negative.
  private static func position(_ object: Ref, _ key: Ref) throws(Raised) -> Int {
    var index = PyNumber_AsSsize_t(key, .indexError)
    if index == -1 && hasRaised() { throw Raised() }
    let size = try open(object).pointee.size
    if index < 0 { index += size }
    guard index >= 0 && index < size else {
      throw raise(.indexError, "mmap index out of range")
    }
    return index
  }

  private static func item(_ object: Ref, _ key: Ref) throws(Raised) -> Owned {
    _ = try open(object)
    if PyIndex_Check(key) != 0 {
      let index = try position(object, key)
      guard let data = view(object).pointee.data else { throw Raised() }
      return try int(Int(data.load(fromByteOffset: index, as: UInt8.self)))
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "mmap indices must be integers")
    }
    var start = 0, stop = 0, step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let state = try open(object)
    let count = PySlice_AdjustIndices(state.pointee.size, &start, &stop, step)
    guard count > 0, let data = state.pointee.data else {
      return try own(PyBytes_FromStringAndSize(nil, 0))
    }
    if step == 1 {
      return try own(
        PyBytes_FromStringAndSize((data + start).assumingMemoryBound(to: CChar.self), count))
    }
    let bytes = try own(PyBytes_FromStringAndSize(nil, count))
    guard let target = PyBytes_AsString(bytes.ref) else { throw Raised() }
    for index in 0..<count {
      target[index] = data.load(fromByteOffset: start + index * step, as: CChar.self)
    }
    return bytes
  }

  private static func assign(_ object: Ref, _ key: Ref, _ value: Ref?) throws(Raised) {
    _ = try open(object)
    try checkWritable(object)
    if PyIndex_Check(key) != 0 {
      let index = try position(object, key)
      guard let value else { throw raise(.typeError, "mmap doesn't support item deletion") }
      guard PyIndex_Check(value) != 0 else {
        throw raise(.typeError, "mmap item value must be an int")
      }
      let byte = PyNumber_AsSsize_t(value, .typeError)
      if byte == -1 && hasRaised() { throw Raised() }
      guard byte >= 0 && byte <= 255 else {
        throw raise(.valueError, "mmap item value must be in range(0, 256)")
      }
      guard let data = try open(object).pointee.data else { return }
      data.storeBytes(of: UInt8(byte), toByteOffset: index, as: UInt8.self)
      return
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "mmap indices must be integer")
    }
    var start = 0, stop = 0, step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let count = PySlice_AdjustIndices(view(object).pointee.size, &start, &stop, step)
    guard let value else {
      throw raise(.typeError, "mmap object doesn't support slice deletion")
    }
    let source = try BufferArgument(value)
    if source.count != count {
      throw raise(.indexError, "mmap slice assignment is wrong size")
    }
    guard count > 0, let data = try open(object).pointee.data, let bytes = source.start else { return }
    if step == 1 {
      memmove(data + start, bytes, count)
      return
    }
    for index in 0..<count {
      data.storeBytes(
        of: bytes.load(fromByteOffset: index, as: UInt8.self), toByteOffset: start + index * step,
        as: UInt8.self)
    }
  }
}
