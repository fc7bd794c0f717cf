import CPythonABI
import Glibc
import Objects

/// struct.Struct: a compiled format.
struct Struct {
  struct Layout {
    var base: PyObject
    /// Bytes and values in all; -1 before `__init__`.
    var size: Int
    var values: Int
    var items: UnsafeMutablePointer<StructFormat.Item>?
    var itemCount: Int
    /// str.
    var format: Ref?
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var size: Int { layout.pointee.size }

  private var items: UnsafeBufferPointer<StructFormat.Item> {
    UnsafeBufferPointer(start: layout.pointee.items, count: layout.pointee.itemCount)
  }

  /// Compiles a format, str or bytes, into this object.
  func initialize(_ format: Ref) throws(Raised) {
    let bytes: Owned
    if format.isStr {
      bytes = try own(PyUnicode_AsASCIIString(format))
    } else if format.isBytes {
      bytes = format.retained()
    } else {
      throw raise(
        .typeError,
        "Struct() argument 1 must be a str or bytes object, not \(format.type.name)")
    }
    if memchr(apus_bytes_data(bytes.ref), 0, apus_var_size(bytes.ref)) != nil {
      throw StructError.raise("embedded null character")
    }
    let compiled = try StructFormat(
      UnsafePointer(apus_bytes_data(bytes.ref)), apus_var_size(bytes.ref))
    let characters = UnsafeRawPointer(apus_bytes_data(bytes.ref)).assumingMemoryBound(to: CChar.self)
    let text = try own(PyUnicode_DecodeASCII(characters, apus_var_size(bytes.ref), "surrogateescape"))
    let items = UnsafeMutablePointer<StructFormat.Item>.allocate(
      capacity: Swift.max(compiled.items.count, 1))
    for (index, item) in compiled.items.enumerated() { (items + index).initialize(to: item) }
    layout.pointee.items?.deallocate()
    layout.pointee.items = items
    layout.pointee.itemCount = compiled.items.count
    layout.pointee.size = compiled.size
    layout.pointee.values = compiled.values
    let old = layout.pointee.format
    layout.pointee.format = text.give()
    Py_XDECREF(old)
  }

  static func make(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.size = -1
    object.ref.view(Layout.self).pointee.values = -1
    return object
  }

  private func deallocate() {
    PyObject_GC_UnTrack(ref)
    if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(ref) }
    layout.pointee.items?.deallocate()
    Py_XDECREF(layout.pointee.format)
    ref.type.pointee.tp_free?(ref)
  }

  // MARK: Packing

  /// The values in new bytes.
  func pack(_ name: String, _ args: UnsafePointer<Ref>?, _ count: Int) throws(Raised) -> Owned {
    try requireCount(name, count)
    let result = try own(PyBytes_FromStringAndSize(nil, Swift.max(size, 0)))
    if size > 0 {
      memset(apus_bytes_data(result.ref), 0, size)
      try pack(args, apus_bytes_data(result.ref))
    }
    return result
  }

  private func requireCount(_ name: String, _ count: Int) throws(Raised) {
    if count != layout.pointee.values {
      throw StructError.raise(
        "\(name) expected \(layout.pointee.values) items for packing (got \(count))")
    }
  }

  private func pack(
    _ args: UnsafePointer<Ref>?, _ target: UnsafeMutablePointer<UInt8>
  ) throws(Raised) {
    var next = 0
    for item in items {
      var place = UnsafeMutableRawPointer(target) + item.offset
      for _ in 0..<item.count {
        try item.pack(args.unsafelyUnwrapped[next], place)
        next += 1
        place += item.size
      }
    }
  }

  func pack(into args: UnsafePointer<Ref>?, _ count: Int) throws(Raised) {
    if count < 2 {
      throw StructError.raise(
        count == 0
          ? "pack_into expected buffer argument" : "pack_into expected offset argument")
    }
    let args = args.unsafelyUnwrapped
    try requireCount("pack_into", count - 2)
    var view = Py_buffer()
    if PyObject_GetBuffer(args[0], &view, PyBUF_WRITABLE) < 0 {
      PyErr_Clear()
      throw raise(
        .typeError,
        "argument must be read-write bytes-like object, not \(args[0].type.fullName)")
    }
    defer { PyBuffer_Release(&view) }
    let given = PyNumber_AsSsize_t(args[1], .indexError)
    if given == -1 && hasRaised() { throw Raised() }
    let offset = try place(
      given, view.len, short: "no space to pack \(size) bytes at offset \(given)",
      small: "pack_into requires a buffer of at least", action: "packing")
    let target = (view.buf ?? UnsafeMutableRawPointer(apus_bytes_data(apus_bytes_empty())))
      .assumingMemoryBound(to: UInt8.self)
    memset(target + offset, 0, size)
    try pack(args + 2, target + offset)
  }

  /// An offset, perhaps from the end, checked against a buffer of `length` bytes.
  private func place(
    _ given: Int, _ length: Int, short: String, small: String, action: String
  ) throws(Raised) -> Int {
    var offset = given
    if offset < 0 {
      // The item would end behind the buffer.
      if offset + size > 0 { throw StructError.raise(short) }
      if offset + length < 0 {
        throw StructError.raise("offset \(given) out of range for \(length)-byte buffer")
      }
      offset += length
    }
    if length - offset < size {
      throw StructError.raise(
        "\(small) \(UInt(size) &+ UInt(offset)) bytes for \(action) \(size) bytes at offset \(offset) "
          + "(actual buffer size is \(length))")
    }
    return offset
  }

  // MARK: Unpacking

  func unpack(at start: UnsafePointer<UInt8>) throws(Raised) -> Owned {
    let tuple = try own(PyTuple_New(layout.pointee.values))
    var next = 0
    for item in items {
      var place = UnsafeRawPointer(start) + item.offset
      for _ in 0..<item.count {
        apus_tuple_items(tuple.ref)[next] = try item.unpack(place).give()
        next += 1
        place += item.size
      }
    }
    return tuple
  }

  func unpack(_ source: Ref) throws(Raised) -> Owned {
    try requireInitialized()
    let buffer = try ByteBuffer(source)
    if buffer.count != size {
      throw StructError.raise("unpack requires a buffer of \(size) bytes")
    }
    return try unpack(at: buffer.base)
  }

  func unpack(from source: Ref, offset given: Int) throws(Raised) -> Owned {
    try requireInitialized()
    let buffer = try ByteBuffer(source)
    let offset = try place(
      given, buffer.count, short: "not enough data to unpack \(size) bytes at offset \(given)",
      small: "unpack_from requires a buffer of at least", action: "unpacking")
    return try unpack(at: buffer.base + offset)
  }

  private func requireInitialized() throws(Raised) {
    if layout.pointee.items == nil {
      throw raise(.runtimeError, "Struct object is not initialized")
    }
  }

  // MARK: The type

  static let spec = TypeSpec(
    type, "_struct.Struct", basicSize: MemoryLayout<Layout>.size, flags: [.baseType, .haveGC],
    doc: "Struct(fmt) --> compiled struct object\n\n", base: objectType(),
    weakListOffset: MemoryLayout<Layout>.size - 8,
    slots: [
      .tp_dealloc { Struct($0).deallocate() },
      .tp_repr { object in
        new {
          guard let format = Struct(object).layout.pointee.format else {
            throw raise(.runtimeError, "Struct object is not initialized")
          }
          let shown = try own(PyObject_ASCII(format))
          return try own(newString("\(object.type.name)(\(text(of: shown.ref)))"))
        }
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_setattro(PyObject_GenericSetAttr),
      .tp_traverse { object, visit, argument in
        guard let format = Struct(object).layout.pointee.format else { return 0 }
        return visit(format, argument)
      },
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          try Struct(object).initialize(a.object(0))
        }
      },
      .tp_alloc { PyType_GenericAlloc($0, $1) },
      .tp_new { type, _, _ in new { try make(type) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [iterUnpack, packMethod, packInto, unpackMethod, unpackFrom, sizeof],
    properties: [
      Property("format", "The format string.") { object, _ in
        (Struct(object).layout.pointee.format ?? noneObject()).retained().give()
      },
      Property("size", "The bytes of a packed struct.") { object, _ in
        PyLong_FromSsize_t(Struct(object).size)
      },
    ])

  private static let constructor: Method = .noargs("Struct(format)", "") { _, _ in nil }

  static let packMethod: Method = .fast("pack", "S.pack(v1, v2, ...) -> bytes\n\nThe values as bytes.") {
    object, args, count in
    new { try Struct(object).pack("pack", args, count) }
  }

  static let packInto: Method = .fast(
    "pack_into", "S.pack_into(buffer, offset, v1, v2, ...)\n\nWrites the values into a buffer."
  ) { object, args, count in
    none { try Struct(object).pack(into: args, count) }
  }

  static let unpackMethod: Method = .o(
    "unpack($self, buffer, /)", "The tuple of values that a buffer of exactly the size holds."
  ) { object, source in
    new { try Struct(object).unpack(source) }
  }

  static let unpackFrom: Method = .keywords(
    "unpack_from($self, /, buffer, offset=0)", "The tuple of values at an offset of a buffer."
  ) { object, args, count, names in
    new {
      let a = try Arguments(unpackFrom, args, count, names)
      return try Struct(object).unpack(from: a.object(0), offset: a.index(1))
    }
  }

  static let iterUnpack: Method = .o(
    "iter_unpack($self, buffer, /)", "An iterator of the tuples that a buffer holds one by one."
  ) { object, source in
    new { try UnpackIterator.make(object, source) }
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "The bytes of memory it takes.") {
    object, _ in
    PyLong_FromSsize_t(
      object.type.pointee.tp_basicsize + 32 * (Struct(object).layout.pointee.itemCount + 1))
  }
}

/// What iter_unpack returns.
enum UnpackIterator {
  struct Layout {
    var base: PyObject
    var owner: Ref?
    var buffer: Py_buffer
    var offset: Int
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func make(_ owner: Ref, _ source: Ref) throws(Raised) -> Owned {
    let size = Struct(owner).size
    if size <= 0 {
      throw StructError.raise("cannot iteratively unpack with a struct of length 0")
    }
    let iterator = try own(_PyObject_GC_New(type))
    let layout = iterator.ref.view(Layout.self)
    layout.pointee.owner = nil
    layout.pointee.buffer = Py_buffer()
    layout.pointee.offset = 0
    if PyObject_GetBuffer(source, &layout.pointee.buffer, PyBUF_SIMPLE) < 0 {
      layout.pointee.buffer.obj = nil
      throw Raised()
    }
    if layout.pointee.buffer.len % size != 0 {
      throw StructError.raise(
        "iterative unpacking requires a buffer of a multiple of \(size) bytes")
    }
    Py_INCREF(owner)
    layout.pointee.owner = owner
    PyObject_GC_Track(iterator.ref)
    return iterator
  }

  private static func next(_ iterator: Ref) -> Ref? {
    let layout = iterator.view(Layout.self)
    guard let owner = layout.pointee.owner else { return nil }
    let size = Struct(owner).size
    guard layout.pointee.offset + size <= layout.pointee.buffer.len,
      let start = layout.pointee.buffer.buf
    else {
      layout.pointee.owner = nil
      Py_DECREF(owner)
      PyBuffer_Release(&layout.pointee.buffer)
      return nil
    }
    let place = start.assumingMemoryBound(to: UInt8.self) + layout.pointee.offset
    layout.pointee.offset += size
    return new { try Struct(owner).unpack(at: place) }
  }

  static let spec = TypeSpec(
    type, "_struct.unpack_iterator", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { iterator in
        if PyObject_GC_IsTracked(iterator) != 0 { PyObject_GC_UnTrack(iterator) }
        let layout = iterator.view(Layout.self)
        Py_XDECREF(layout.pointee.owner)
        PyBuffer_Release(&layout.pointee.buffer)
        PyObject_GC_Del(iterator)
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { iterator, visit, argument in
        let layout = iterator.view(Layout.self)
        for object in [layout.pointee.owner, layout.pointee.buffer.obj] {
          if let object {
            let result = visit(object, argument)
            if result != 0 { return result }
          }
        }
        return 0
      },
      .tp_iter { $0.retained().give() },
      .tp_iternext { UnpackIterator.next($0) },
    ],
    methods: [
      .noargs("__length_hint__($self, /)", "How many tuples are left.") { iterator, _ in
        let layout = iterator.view(Layout.self)
        guard let owner = layout.pointee.owner else { return apus_small_int(0) }
        return PyLong_FromSsize_t(
          (layout.pointee.buffer.len - layout.pointee.offset) / Struct(owner).size)
      }
    ])
}
