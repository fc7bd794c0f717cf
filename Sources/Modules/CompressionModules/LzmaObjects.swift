import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The container formats.
private enum Format {
  static let automatic: Int32 = 0
  static let xz: Int32 = 1
  static let alone: Int32 = 2
  static let raw: Int32 = 3
}

/// `_lzma.LZMACompressor`.
enum LzmaCompressor {
  struct Layout {
    var base: PyObject
    var lock: ObjectLock
    var isFlushed: Bool
    var stream: lzma_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func stream(_ object: Ref) -> UnsafeMutablePointer<lzma_stream> {
    withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "LZMACompressor(format=1, check=-1, preset=None, filters=None)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_lzma.LZMACompressor", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    doc: """
      LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)

      Create a compressor object for compressing data incrementally.

      The format is FORMAT_XZ, FORMAT_ALONE or FORMAT_RAW. The check is FORMAT_XZ's (CHECK_CRC64
      unless told otherwise); the others have none. A preset (0 to 9, or'ed with PRESET_EXTREME) or
      a chain of filters (a sequence of dicts, needed by FORMAT_RAW) says how to compress.

      For all data at once there is compress().
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        lzma_end(stream(object))
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [compress, flush])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(arguments, tuple: args, keywords: keywords)
    var format = Format.xz
    if let given = a[0] { format = try NumberConversion.int32(given) }
    var check: Int32 = -1
    if let given = a[1] { check = try NumberConversion.int32(given) }
    if a.optional(2) != nil && a.optional(3) != nil {
      throw raise(.valueError, "Cannot specify both preset and filter chain")
    }
    var preset: UInt32 = 6
    if let given = a.optional(2) { preset = try FilterChain.word(given) }
    let object = try own(PyType_GenericAlloc(type, 0))
    let stream = stream(object.ref)
    if format != Format.xz && check != -1 && check != 0 {
      throw raise(.valueError, "Integrity checks are only supported by FORMAT_XZ")
    }
    switch format {
    case Format.xz:
      // CHECK_CRC64
      let kind = lzma_check(rawValue: check == -1 ? 4 : UInt32(bitPattern: check))
      if let given = a.optional(3) {
        let chain = try FilterChain(given)
        try LzmaError.check(lzma_stream_encoder(stream, chain.filters, kind))
      } else {
        try LzmaError.check(lzma_easy_encoder(stream, preset, kind))
      }
    case Format.alone:
      if let given = a.optional(3) {
        let chain = try FilterChain(given)
        guard chain.isLzma1 else {
          throw raise(
            .valueError,
            "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter")
        }
        try LzmaError.check(
          lzma_alone_encoder(
            stream, chain.filters[0].options.assumingMemoryBound(to: lzma_options_lzma.self)))
      } else {
        var options = lzma_options_lzma()
        if lzma_lzma_preset(&options, preset) != 0 {
          throw LzmaError.raise("Invalid compression preset: \(preset)")
        }
        try LzmaError.check(lzma_alone_encoder(stream, &options))
      }
    case Format.raw:
      guard let given = a.optional(3) else {
        throw raise(.valueError, "Must specify filters for FORMAT_RAW")
      }
      let chain = try FilterChain(given)
      try LzmaError.check(lzma_raw_encoder(stream, chain.filters))
    default: throw raise(.valueError, "Invalid container format: \(format)")
    }
    return object
  }

  private static func run(
    _ object: Ref, _ start: UnsafeMutableRawPointer?, _ count: Int, _ action: lzma_action
  ) throws(Raised) -> Owned {
    let stream = stream(object)
    var output = try OutputBuffer()
    stream.pointee.next_in = start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
    stream.pointee.avail_in = count
    while true {
      _ = try output.makeRoom()
      let room = output.room
      stream.pointee.next_out = output.next
      stream.pointee.avail_out = Int(room)
      var status = withoutGIL { lzma_code(stream, action) }
      output.advance(room: room, left: UInt32(stream.pointee.avail_out))
      if status == LZMA_BUF_ERROR && count == 0 && stream.pointee.avail_out > 0 {
        status = LZMA_OK
      }
      try LzmaError.check(status)
      if action == LZMA_RUN && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0 { break }
      if action == LZMA_FINISH && status == LZMA_STREAM_END { break }
    }
    return try output.bytes()
  }

  static let compress: Method = .o(
    "compress($self, data, /)",
    """
    Provide data to the compressor object.

    Returns what is compressed so far, perhaps nothing. flush() gives the rest.
    """
  ) { object, data in
    new {
      let source = try BufferArgument(data)
      return try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        if view(object).pointee.isFlushed {
          throw raise(.valueError, "Compressor has been flushed")
        }
        return try run(object, source.start, source.count, LZMA_RUN)
      }
    }
  }

  static let flush: Method = .noargs(
    "flush($self, /)",
    "Finish the compression process.\n\nReturns the rest of the compressed data. The object can no longer be used."
  ) { object, _ in
    new {
      try ObjectLock.hold(&view(object).pointee.lock) { () throws(Raised) in
        if view(object).pointee.isFlushed { throw raise(.valueError, "Repeated call to flush()") }
        view(object).pointee.isFlushed = true
        return try run(object, nil, 0, LZMA_FINISH)
      }
    }
  }
}

/// `_lzma.LZMADecompressor`.
enum LzmaDecompressor {
  struct Layout {
    var state: DecompressorState
    /// The integrity check of the stream; CHECK_UNKNOWN before it is read.
    var check: Int32
    var stream: lzma_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func stream(_ object: Ref) -> UnsafeMutablePointer<lzma_stream> {
    withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "LZMADecompressor(format=0, memlimit=None, filters=None)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_lzma.LZMADecompressor", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    doc: """
      LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)
      --

      Create a decompressor object for decompressing data incrementally.

        format
          FORMAT_AUTO finds out whether the stream is FORMAT_XZ or FORMAT_ALONE; FORMAT_RAW must be
          said.
        memlimit
          The most bytes of memory the decompressor may use.
        filters
          The chain of filters of FORMAT_RAW, a sequence of dicts.

      For all data at once there is decompress().
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        lzma_end(stream(object))
        DecompressorState.release(&view(object).pointee.state)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [decompress],
    members: DecompressorState.members + [
      Member(
        "check", Py_T_INT, offset: MemoryLayout<Layout>.offset(of: \.check) ?? 0,
        flags: Py_READONLY, "ID of the integrity check used by the input stream.")
    ])

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(arguments, tuple: args, keywords: keywords)
    var format = Format.automatic
    if let given = a[0] { format = try NumberConversion.int32(given) }
    var limit = UInt64.max
    if let given = a.optional(1) {
      if format == Format.raw {
        throw raise(.valueError, "Cannot specify memory limit with FORMAT_RAW")
      }
      limit = PyLong_AsUnsignedLongLong(given)
      if limit == .max && hasRaised() { throw Raised() }
    }
    if format == Format.raw && a.optional(2) == nil {
      throw raise(.valueError, "Must specify filters for FORMAT_RAW")
    }
    if format != Format.raw && a.optional(2) != nil {
      throw raise(.valueError, "Cannot specify filters except with FORMAT_RAW")
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    try DecompressorState.prepare(&view(object.ref).pointee.state)
    let stream = stream(object.ref)
    // LZMA_TELL_NO_CHECK | LZMA_TELL_ANY_CHECK
    let flags: UInt32 = 1 | 4
    switch format {
    case Format.automatic:
      view(object.ref).pointee.check = 16
      try LzmaError.check(lzma_auto_decoder(stream, limit, flags))
    case Format.xz:
      view(object.ref).pointee.check = 16
      try LzmaError.check(lzma_stream_decoder(stream, limit, flags))
    case Format.alone: try LzmaError.check(lzma_alone_decoder(stream, limit))
    case Format.raw:
      let chain = try FilterChain(a.object(2))
      try LzmaError.check(lzma_raw_decoder(stream, chain.filters))
    default: throw raise(.valueError, "Invalid container format: \(format)")
    }
    return object
  }

  private static func step(
    _ object: Ref, _ start: UnsafePointer<UInt8>, _ count: Int, _ output: inout OutputBuffer
  ) throws(Raised) -> DecompressorState.Step {
    let stream = stream(object)
    stream.pointee.next_in = start
    stream.pointee.avail_in = count
    while try output.makeRoom() {
      let room = output.room
      stream.pointee.next_out = output.next
      stream.pointee.avail_out = Int(room)
      var status = withoutGIL { lzma_code(stream, LZMA_RUN) }
      output.advance(room: room, left: UInt32(stream.pointee.avail_out))
      if status == LZMA_BUF_ERROR { status = LZMA_OK }
      try LzmaError.check(status)
      if status == LZMA_GET_CHECK || status == LZMA_NO_CHECK {
        view(object).pointee.check = Int32(bitPattern: lzma_get_check(stream).rawValue)
      }
      if status == LZMA_STREAM_END {
        return .init(consumed: count - stream.pointee.avail_in, isAtEnd: true)
      }
      if stream.pointee.avail_out > 0 && stream.pointee.avail_in == 0 { break }
    }
    return .init(consumed: count - stream.pointee.avail_in, isAtEnd: false)
  }

  static let decompress: Method = .keywords(
    "decompress($self, /, data, max_length=-1)",
    """
    Decompress *data*, returning uncompressed data as bytes.

    With a *max_length* that is not negative no more bytes than that are returned; the rest of the
    input is kept, and needs_input is False as long as more output can be had with b"". Behind the
    end of the stream EOFError is raised.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(decompress, args, count, names)
      let limit = try a.index(1, default: -1)
      return try ObjectLock.hold(&view(object).pointee.state.lock) { () throws(Raised) in
        if view(object).pointee.state.eof {
          throw raise(.eofError, "Already at end of stream")
        }
        return try DecompressorState.decompress(
          &view(object).pointee.state, a.object(0), limit: limit, hasInnerOutput: true
        ) { start, count, output throws(Raised) in
          try step(object, start, count, &output)
        }
      }
    }
  }
}
