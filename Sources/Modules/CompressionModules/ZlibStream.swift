import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `zlib.Compress` and `zlib.Decompress`, the objects of compressobj() and decompressobj().
enum ZlibStream {
  struct Layout {
    var base: PyObject
    var lock: ObjectLock
    /// bytes behind the end of the stream
    var unused: Ref?
    /// bytes not read yet because the output was limited
    var tail: Ref?
    var eof: Bool
    var isOpen: Bool
    /// A preset dictionary: bytes-like.
    var dictionary: Ref?
    var stream: z_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  static func stream(_ object: Ref) -> UnsafeMutablePointer<z_stream> {
    withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
  }

  nonisolated(unsafe) static let compressorType = PermanentMemory.type()
  nonisolated(unsafe) static let decompressorType = PermanentMemory.type()

  static let specs = [
    TypeSpec(
      compressorType, "zlib.Compress", basicSize: MemoryLayout<Layout>.size,
      flags: [.disallowInstantiation], base: objectType(),
      slots: [
        .tp_dealloc { object in
          if view(object).pointee.isOpen { deflateEnd(stream(object)) }
          release(object)
        }
      ],
      methods: [
        compress, flushCompressor, copyCompressor, copyCompressorSpecial, deepCopyCompressor,
      ]),
    TypeSpec(
      decompressorType, "zlib.Decompress", basicSize: MemoryLayout<Layout>.size,
      flags: [.disallowInstantiation], base: objectType(),
      slots: [
        .tp_dealloc { object in
          if view(object).pointee.isOpen { inflateEnd(stream(object)) }
          release(object)
        }
      ],
      methods: [
        decompress, flushDecompressor, copyDecompressor, copyDecompressorSpecial,
        deepCopyDecompressor,
      ],
      members: [
        Member("unused_data", Py_T_OBJECT_EX, offset: MemoryLayout<Layout>.offset(of: \.unused) ?? 0, flags: Py_READONLY),
        Member("unconsumed_tail", Py_T_OBJECT_EX, offset: MemoryLayout<Layout>.offset(of: \.tail) ?? 0, flags: Py_READONLY),
        Member("eof", Py_T_BOOL, offset: MemoryLayout<Layout>.offset(of: \.eof) ?? 0, flags: Py_READONLY),
      ]),
  ]

  private static func release(_ object: Ref) {
    Py_XDECREF(view(object).pointee.unused)
    Py_XDECREF(view(object).pointee.tail)
    Py_XDECREF(view(object).pointee.dictionary)
    object.type.pointee.tp_free.unsafelyUnwrapped(object)
  }

  private static func make(_ type: TypeRef) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    view(object.ref).pointee.unused = try own(PyBytes_FromStringAndSize(nil, 0)).give()
    view(object.ref).pointee.tail = try own(PyBytes_FromStringAndSize(nil, 0)).give()
    return object
  }

  private static func replace(_ field: UnsafeMutablePointer<Ref?>, _ value: consuming Owned) {
    let old = field.pointee
    field.pointee = value.give()
    Py_XDECREF(old)
  }

  // MARK: Compressing

  static let makeCompressor: Method = .keywords(
    "compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n            wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n            strategy=Z_DEFAULT_STRATEGY, zdict=None)",
    """
    Return a compressor object.

      level
        0 to 9: fast to small; -1: the default, 6 today.
      method
        DEFLATED is the only one.
      wbits
        Window and container: 9 to 15 zlib, 25 to 31 gzip, -15 to -9 neither.
      memLevel
        1 to 9: how much memory the compressor may use.
      strategy
        One of Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED.
      zdict
        Bytes that are frequent in the data, the most frequent last.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(makeCompressor, args, count, names)
      let (level, method) = (try a.int32(0, default: -1), try a.int32(1, default: 8))
      let (bits, memory) = (try a.int32(2, default: 15), try a.int32(3, default: 8))
      let strategy = try a.int32(4)
      let object = try make(compressorType)
      if let given = a.optional(5) {
        let dictionary = try BufferArgument(given)
        if dictionary.count > Int(UInt32.max) {
          throw raise(.overflowError, "zdict length does not fit in an unsigned int")
        }
        try open(object.ref, level, method, bits, memory, strategy)
        let bytes = dictionary.start?.assumingMemoryBound(to: UInt8.self)
        switch deflateSetDictionary(stream(object.ref), bytes, UInt32(dictionary.count)) {
        case Z_OK: break
        case Z_STREAM_ERROR: throw raise(.valueError, "Invalid dictionary")
        default: throw raise(.valueError, "deflateSetDictionary()")
        }
      } else {
        try open(object.ref, level, method, bits, memory, strategy)
      }
      return object
    }
  }

  private static func open(
    _ object: Ref, _ level: Int32, _ method: Int32, _ bits: Int32, _ memory: Int32,
    _ strategy: Int32
  ) throws(Raised) {
    switch apus_deflate_init(stream(object), level, method, bits, memory, strategy) {
    case Z_OK: view(object).pointee.isOpen = true
    case Z_MEM_ERROR:
      throw raise(.memoryError, "Can't allocate memory for compression object")
    case Z_STREAM_ERROR: throw raise(.valueError, "Invalid initialization option")
    case let status:
      throw ZlibError.raise(stream(object), status, "while creating compression object")
    }
  }

  static let compress: Method = .keywords(
    "compress($self, data, /)",
    """
    Returns a bytes object containing compressed data.

      data
        Binary data to be compressed.

    Some of it may be kept back until flush().
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(compress, args, count, names)
      let source = try a.buffer(0)
      return try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        let stream = stream(object)
        var output = try OutputBuffer()
        var input = ZlibInput(stream, source.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, source.count)
        repeat {
          input.refill(stream)
          repeat {
            _ = try output.makeRoom()
            let room = output.room
            stream.pointee.next_out = output.next
            stream.pointee.avail_out = room
            let status = withoutGIL { deflate(stream, Z_NO_FLUSH) }
            output.advance(room: room, left: stream.pointee.avail_out)
            if status == Z_STREAM_ERROR {
              throw ZlibError.raise(stream, status, "while compressing data")
            }
          } while stream.pointee.avail_out == 0
        } while input.left > 0
        return try output.bytes()
      }
    }
  }

  static let flushCompressor: Method = .fast(
    "flush($self, mode=zlib.Z_FINISH, /)",
    """
    Return a bytes object containing any remaining compressed data.

      mode
        Z_FINISH ends the stream; Z_SYNC_FLUSH, Z_FULL_FLUSH and others only push out what there is.
    """
  ) { object, args, count in
    new {
      let a = try Arguments(flushCompressor, args, count)
      let mode = try a.int32(0, default: Z_FINISH)
      if mode == Z_NO_FLUSH { return try own(PyBytes_FromStringAndSize(nil, 0)) }
      return try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        let stream = stream(object)
        stream.pointee.avail_in = 0
        var output = try OutputBuffer()
        var status: Int32
        repeat {
          _ = try output.makeRoom()
          let room = output.room
          stream.pointee.next_out = output.next
          stream.pointee.avail_out = room
          status = withoutGIL { deflate(stream, mode) }
          output.advance(room: room, left: stream.pointee.avail_out)
          if status == Z_STREAM_ERROR { throw ZlibError.raise(stream, status, "while flushing") }
        } while stream.pointee.avail_out == 0
        if status == Z_STREAM_END && mode == Z_FINISH {
          view(object).pointee.isOpen = false
          status = deflateEnd(stream)
          if status != Z_OK {
            throw ZlibError.raise(stream, status, "while finishing compression")
          }
        } else if status != Z_OK && status != Z_BUF_ERROR {
          throw ZlibError.raise(stream, status, "while flushing")
        }
        return try output.bytes()
      }
    }
  }

  private static func copyCompressor(_ object: Ref) throws(Raised) -> Owned {
    if !view(object).pointee.isOpen { throw raise(.valueError, "Inconsistent stream state") }
    let copy = try make(compressorType)
    try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
      switch deflateCopy(stream(copy.ref), stream(object)) {
      case Z_OK: view(copy.ref).pointee.isOpen = true
      case Z_STREAM_ERROR: throw raise(.valueError, "Inconsistent stream state")
      case Z_MEM_ERROR:
        throw raise(.memoryError, "Can't allocate memory for compression object")
      case let status:
        throw ZlibError.raise(stream(object), status, "while copying compression object")
      }
    }
    return copy
  }

  static let copyCompressor: Method = .noargs("copy($self, /)", "Return a copy of the compression object.") {
    object, _ in new { try copyCompressor(object) }
  }
  static let copyCompressorSpecial: Method = .noargs("__copy__($self, /)", "") { object, _ in
    new { try copyCompressor(object) }
  }
  static let deepCopyCompressor: Method = .o("__deepcopy__($self, memo, /)", "") { object, _ in
    new { try copyCompressor(object) }
  }

  // MARK: Decompressing

  static let makeDecompressor: Method = .keywords(
    "decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')",
    """
    Return a decompressor object.

      wbits
        The window buffer size and container format.
      zdict
        The preset dictionary the compressor had.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(makeDecompressor, args, count, names)
      let bits = try a.int32(0, default: 15)
      if let given = a[1], PyObject_CheckBuffer(given) == 0 {
        throw raise(.typeError, "zdict argument must support the buffer protocol")
      }
      let object = try make(decompressorType)
      view(object.ref).pointee.dictionary = a[1].map { $0.retained().give() }
      switch apus_inflate_init(stream(object.ref), bits) {
      case Z_OK: view(object.ref).pointee.isOpen = true
      case Z_STREAM_ERROR: throw raise(.valueError, "Invalid initialization option")
      case Z_MEM_ERROR:
        throw raise(.memoryError, "Can't allocate memory for decompression object")
      case let status:
        throw ZlibError.raise(
          stream(object.ref), status, "while creating decompression object")
      }
      // Raw data does not say that it needs a dictionary.
      if bits < 0, let dictionary = a[1] { try setDictionary(stream(object.ref), dictionary) }
      return object
    }
  }

  static func setDictionary(
    _ stream: UnsafeMutablePointer<z_stream>, _ object: Ref
  ) throws(Raised) {
    let bytes = try BufferArgument(object)
    if bytes.count > Int(UInt32.max) {
      throw raise(.overflowError, "zdict length does not fit in an unsigned int")
    }
    let status = inflateSetDictionary(
      stream, bytes.start?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count))
    if status != Z_OK { throw ZlibError.raise(stream, status, "while setting zdict") }
  }

  /// Decompresses until the input is read, the output is full or the stream ends. The status.
  private static func inflateAll(
    _ object: Ref, _ input: inout ZlibInput, _ output: inout OutputBuffer, isFlush: Bool
  ) throws(Raised) -> Int32 {
    let stream = stream(object)
    var status: Int32 = Z_OK
    repeat {
      input.refill(stream)
      let mode = !isFlush ? Z_SYNC_FLUSH : input.left == 0 ? Z_FINISH : Z_NO_FLUSH
      repeat {
        if !(try output.makeRoom()) { return status }
        let room = output.room
        stream.pointee.next_out = output.next
        stream.pointee.avail_out = room
        status = withoutGIL { inflate(stream, mode) }
        output.advance(room: room, left: stream.pointee.avail_out)
        if status == Z_NEED_DICT, let dictionary = view(object).pointee.dictionary {
          try setDictionary(stream, dictionary)
        } else if status != Z_OK && status != Z_BUF_ERROR {
          return status
        }
      } while stream.pointee.avail_out == 0 || status == Z_NEED_DICT
    } while input.left > 0
    return status
  }

  /// Keeps the input that was not read: behind the end of the stream, or for the next call.
  private static func keepInput(
    _ object: Ref, _ start: UnsafePointer<UInt8>?, _ count: Int, _ input: ZlibInput, _ status: Int32
  ) throws(Raised) {
    let remaining = input.remaining(stream(object))
    let rest = start.map { UnsafeRawPointer($0 + (count - remaining)).assumingMemoryBound(to: CChar.self) }
    let state = view(object)
    if status == Z_STREAM_END {
      if remaining > 0, let rest, let old = state.pointee.unused {
        let more = try own(PyBytes_FromStringAndSize(rest, remaining))
        replace(&state.pointee.unused, try own(PySequence_Concat(old, more.ref)))
      }
      stream(object).pointee.avail_in = 0
    }
    let left = status == Z_STREAM_END ? 0 : remaining
    if left > 0 || state.pointee.tail.map({ apus_var_size($0) > 0 }) ?? false {
      replace(&state.pointee.tail, try own(PyBytes_FromStringAndSize(rest, left)))
    }
  }

  static let decompress: Method = .keywords(
    "decompress($self, data, /, max_length=0)",
    """
    Return a bytes object containing the decompressed version of the data.

      data
        The binary data to decompress.
      max_length
        The most bytes to return; what input is left is in unconsumed_tail. Zero: all.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(decompress, args, count, names)
      let source = try a.buffer(0)
      let limit = try a.index(1)
      if limit < 0 { throw raise(.valueError, "max_length must be non-negative") }
      return try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        let start = source.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
        var output = try OutputBuffer(limit: limit == 0 ? -1 : limit)
        var input = ZlibInput(stream(object), start, source.count)
        let status = try inflateAll(object, &input, &output, isFlush: false)
        try keepInput(object, start, source.count, input, status)
        if status == Z_STREAM_END {
          view(object).pointee.eof = true
        } else if status != Z_OK && status != Z_BUF_ERROR {
          throw ZlibError.raise(stream(object), status, "while decompressing data")
        }
        return try output.bytes()
      }
    }
  }

  static let flushDecompressor: Method = .fast(
    "flush($self, length=zlib.DEF_BUF_SIZE, /)",
    "Return a bytes object containing any remaining decompressed data.\n\n  length\n    the initial size of the output buffer."
  ) { object, args, count in
    new {
      let a = try Arguments(flushDecompressor, args, count)
      let size = try a.index(0, default: 16384)
      if size <= 0 { throw raise(.valueError, "length must be greater than zero") }
      return try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        let kept = try borrow(view(object).pointee.tail).retained()
        let source = try BufferArgument(kept.ref)
        let start = source.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
        var output = try OutputBuffer(capacity: Swift.min(size, 1 << 20))
        var input = ZlibInput(stream(object), start, source.count)
        let status = try inflateAll(object, &input, &output, isFlush: true)
        try keepInput(object, start, source.count, input, status)
        if status == Z_STREAM_END {
          view(object).pointee.eof = true
          view(object).pointee.isOpen = false
          let end = inflateEnd(stream(object))
          if end != Z_OK {
            throw ZlibError.raise(stream(object), end, "while finishing decompression")
          }
        }
        return try output.bytes()
      }
    }
  }

  private static func copyDecompressor(_ object: Ref) throws(Raised) -> Owned {
    if !view(object).pointee.isOpen { throw raise(.valueError, "Inconsistent stream state") }
    let copy = try make(decompressorType)
    try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
      switch inflateCopy(stream(copy.ref), stream(object)) {
      case Z_OK: view(copy.ref).pointee.isOpen = true
      case Z_STREAM_ERROR: throw raise(.valueError, "Inconsistent stream state")
      case Z_MEM_ERROR:
        throw raise(.memoryError, "Can't allocate memory for decompression object")
      case let status:
        throw ZlibError.raise(stream(object), status, "while copying decompression object")
      }
      let (from, to) = (view(object), view(copy.ref))
      replace(&to.pointee.unused, try borrow(from.pointee.unused).retained())
      replace(&to.pointee.tail, try borrow(from.pointee.tail).retained())
      to.pointee.dictionary = from.pointee.dictionary.map { $0.retained().give() }
      to.pointee.eof = from.pointee.eof
    }
    return copy
  }

  static let copyDecompressor: Method = .noargs("copy($self, /)", "Return a copy of the decompression object.") {
    object, _ in new { try copyDecompressor(object) }
  }
  static let copyDecompressorSpecial: Method = .noargs("__copy__($self, /)", "") { object, _ in
    new { try copyDecompressor(object) }
  }
  static let deepCopyDecompressor: Method = .o("__deepcopy__($self, memo, /)", "") { object, _ in
    new { try copyDecompressor(object) }
  }
}
