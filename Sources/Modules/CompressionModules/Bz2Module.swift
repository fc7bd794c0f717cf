import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_bz2`. CPython: Modules/_bz2module.c.
public let bz2Module = ModuleSpec("_bz2", types: [Bz2Compressor.spec, Bz2Decompressor.spec])

/// Raises what a status of libbzip2 means, if it is an error.
private func checkBz2(_ status: Int32) throws(Raised) {
  switch status {
  case BZ_OK, BZ_RUN_OK, BZ_FLUSH_OK, BZ_FINISH_OK, BZ_STREAM_END: return
  case BZ_CONFIG_ERROR: throw raise(.systemError, "libbzip2 was not compiled correctly")
  case BZ_PARAM_ERROR:
    throw raise(.valueError, "Internal error - invalid parameters passed to libbzip2")
  case BZ_MEM_ERROR: throw raiseNoMemory()
  case BZ_DATA_ERROR, BZ_DATA_ERROR_MAGIC: throw raise(.osError, "Invalid data stream")
  case BZ_IO_ERROR: throw raise(.osError, "Unknown I/O error")
  case BZ_UNEXPECTED_EOF:
    throw raise(
      .eofError, "Compressed file ended before the logical end-of-stream was detected")
  case BZ_SEQUENCE_ERROR:
    throw raise(
      .runtimeError, "Internal error - Invalid sequence of commands sent to libbzip2")
  default: throw raise(.osError, "Unrecognized error from libbzip2: \(status)")
  }
}

/// `_bz2.BZ2Compressor`.
private enum Bz2Compressor {
  struct Layout {
    var base: PyObject
    var lock: ObjectLock
    var isFlushed: Bool
    var isOpen: Bool
    var stream: bz_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "BZ2Compressor(compresslevel=9, /)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_bz2.BZ2Compressor", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    doc: """
      BZ2Compressor(compresslevel=9, /)
      --

      Create a compressor object for compressing data incrementally.

        compresslevel
          Compression level, as a number between 1 and 9.

      For all data at once there is compress().
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          if let keywords, PyDict_Size(keywords) > 0, type == Bz2Compressor.type {
            throw raise(.typeError, "BZ2Compressor() takes no keyword arguments")
          }
          try checkPositional("BZ2Compressor", apus_var_size(args), least: 0, most: 1)
          let a = try Arguments(arguments, tuple: args, keywords: nil)
          let level = try a.int32(0, default: 9)
          if level < 1 || level > 9 {
            throw raise(.valueError, "compresslevel must be between 1 and 9")
          }
          let object = try own(PyType_GenericAlloc(type, 0))
          let state = view(object.ref)
          try checkBz2(BZ2_bzCompressInit(&state.pointee.stream, level, 0, 0))
          state.pointee.isOpen = true
          return object
        }
      },
      .tp_dealloc { object in
        if view(object).pointee.isOpen { BZ2_bzCompressEnd(&view(object).pointee.stream) }
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [compress, flush])

  private static func run(
    _ object: Ref, _ start: UnsafeMutableRawPointer?, _ count: Int, _ action: Int32
  ) throws(Raised) -> Owned {
    let stream = withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
    var output = try OutputBuffer()
    var left = count
    stream.pointee.next_in = start?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_in = 0
    while true {
      if stream.pointee.avail_in == 0 && left > 0 {
        stream.pointee.avail_in = UInt32(clamping: left)
        left -= Int(stream.pointee.avail_in)
      }
      if action == BZ_RUN && stream.pointee.avail_in == 0 { break }
      _ = try output.makeRoom()
      let room = output.room
      stream.pointee.next_out = UnsafeMutableRawPointer(output.next).assumingMemoryBound(to: CChar.self)
      stream.pointee.avail_out = room
      let status = withoutGIL { BZ2_bzCompress(stream, action) }
      output.advance(room: room, left: stream.pointee.avail_out)
      try checkBz2(status)
      if action == BZ_FINISH && status == BZ_STREAM_END { break }
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
        return try run(object, source.start, source.count, BZ_RUN)
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
        return try run(object, nil, 0, BZ_FINISH)
      }
    }
  }
}

/// `_bz2.BZ2Decompressor`.
private enum Bz2Decompressor {
  struct Layout {
    var state: DecompressorState
    var isOpen: Bool
    /// The data was bad: libbzip2's state is not to be trusted any more.
    var hasFailed: Bool
    var stream: bz_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_bz2.BZ2Decompressor", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    doc: """
      BZ2Decompressor()
      --

      Create a decompressor object for decompressing data incrementally.

      For all data at once there is decompress().
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          if apus_var_size(args) > 0 && type == Bz2Decompressor.type {
            throw raise(.typeError, "BZ2Decompressor() takes no positional arguments")
          }
          if let keywords, PyDict_Size(keywords) > 0, type == Bz2Decompressor.type {
            throw raise(.typeError, "BZ2Decompressor() takes no keyword arguments")
          }
          let object = try own(PyType_GenericAlloc(type, 0))
          try DecompressorState.prepare(&view(object.ref).pointee.state)
          try checkBz2(BZ2_bzDecompressInit(&view(object.ref).pointee.stream, 0, 0))
          view(object.ref).pointee.isOpen = true
          return object
        }
      },
      .tp_dealloc { object in
        if view(object).pointee.isOpen { BZ2_bzDecompressEnd(&view(object).pointee.stream) }
        DecompressorState.release(&view(object).pointee.state)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [decompress], members: DecompressorState.members)

  private static func step(
    _ object: Ref, _ start: UnsafePointer<UInt8>, _ count: Int, _ output: inout OutputBuffer
  ) throws(Raised) -> DecompressorState.Step {
    let stream = withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
    var left = count
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: start).assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_in = 0
    while true {
      if stream.pointee.avail_in == 0 && left > 0 {
        stream.pointee.avail_in = UInt32(clamping: left)
        left -= Int(stream.pointee.avail_in)
      }
      if !(try output.makeRoom()) { break }
      let room = output.room
      stream.pointee.next_out = UnsafeMutableRawPointer(output.next).assumingMemoryBound(to: CChar.self)
      stream.pointee.avail_out = room
      let status = withoutGIL { BZ2_bzDecompress(stream) }
      output.advance(room: room, left: stream.pointee.avail_out)
      if status < 0 { view(object).pointee.hasFailed = true }
      try checkBz2(status)
      if status == BZ_STREAM_END {
        return .init(consumed: count - left - Int(stream.pointee.avail_in), isAtEnd: true)
      }
      if stream.pointee.avail_in == 0 && left == 0 && stream.pointee.avail_out > 0 { break }
    }
    return .init(consumed: count - left - Int(stream.pointee.avail_in), isAtEnd: false)
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
          throw raise(.eofError, "End of stream already reached")
        }
        if view(object).pointee.hasFailed {
          throw raise(.valueError, "Decompressor is unusable after a previous error")
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
