import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `zlib`. CPython: Modules/zlibmodule.c.
public let zlibModule = ModuleSpec(
  "zlib",
  doc: """
    Compression and decompression with the zlib library: checksums, whole strings, and streams in
    parts. Objects with a wbits argument read and write zlib, gzip and raw deflate data.
    """,
  methods: [
    ZlibFunctions.adler, ZlibFunctions.crc, ZlibFunctions.compress, ZlibFunctions.decompress,
    ZlibStream.makeCompressor, ZlibStream.makeDecompressor,
  ],
  constants: [
    .int("MAX_WBITS", 15), .int("DEFLATED", 8), .int("DEF_MEM_LEVEL", 8),
    .int("DEF_BUF_SIZE", 16384), .int("Z_NO_COMPRESSION", 0), .int("Z_BEST_SPEED", 1),
    .int("Z_BEST_COMPRESSION", 9), .int("Z_DEFAULT_COMPRESSION", -1), .int("Z_FILTERED", 1),
    .int("Z_HUFFMAN_ONLY", 2), .int("Z_RLE", 3), .int("Z_FIXED", 4), .int("Z_DEFAULT_STRATEGY", 0),
    .int("Z_NO_FLUSH", 0), .int("Z_PARTIAL_FLUSH", 1), .int("Z_SYNC_FLUSH", 2),
    .int("Z_FULL_FLUSH", 3), .int("Z_FINISH", 4), .int("Z_BLOCK", 5), .int("Z_TREES", 6),
    .string("__version__", "1.0"),
  ], types: [ZlibDecompressor.spec],
  exec: { module in
    status {
      for spec in ZlibStream.specs where !spec.isReady { try spec.install() }
      if ZlibError.type == nil {
        ZlibError.type = try own(PyErr_NewException("zlib.error", nil, nil)).give()
      }
      InterpreterEnd.add("zlib.error") { InterpreterEnd.drop(&ZlibError.type) }
      try check(PyModule_AddObjectRef(module, "error", borrow(ZlibError.type)))
      try check(PyModule_AddStringConstant(module, "ZLIB_VERSION", apus_zlib_header_version()))
      try check(PyModule_AddStringConstant(module, "ZLIB_RUNTIME_VERSION", zlibVersion()))
    }
  })

/// `zlib.error`
enum ZlibError {
  nonisolated(unsafe) static var type: Ref?

  /// Sets the error of a status, with the library's explanation or a standard one.
  static func raise(
    _ stream: UnsafeMutablePointer<z_stream>, _ status: Int32, _ what: String
  ) -> Raised {
    var reason: String?
    if status == Z_VERSION_ERROR {
      reason = "library version mismatch"
    } else if let text = stream.pointee.msg {
      reason = String(cString: text)
    } else {
      switch status {
      case Z_BUF_ERROR: reason = "incomplete or truncated stream"
      case Z_STREAM_ERROR: reason = "inconsistent stream state"
      case Z_DATA_ERROR: reason = "invalid input data"
      default: break
      }
    }
    let text = "Error \(status) \(what)" + (reason.map { ": \($0)" } ?? "")
    return Objects.raise(type ?? .exception, text)
  }

  static func raise(_ message: String) -> Raised { Objects.raise(type ?? .exception, message) }
}

/// Input handed to zlib in pieces it can count.
struct ZlibInput {
  /// Bytes not yet handed over.
  var left: Int

  init(
    _ stream: UnsafeMutablePointer<z_stream>, _ start: UnsafePointer<UInt8>?, _ count: Int
  ) {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
    stream.pointee.avail_in = 0
    left = count
  }

  mutating func refill(_ stream: UnsafeMutablePointer<z_stream>) {
    if stream.pointee.avail_in > 0 { return }
    stream.pointee.avail_in = UInt32(clamping: left)
    left -= Int(stream.pointee.avail_in)
  }

  /// Bytes zlib has not read.
  func remaining(_ stream: UnsafeMutablePointer<z_stream>) -> Int {
    left + Int(stream.pointee.avail_in)
  }
}

/// The functions of the module.
enum ZlibFunctions {
  /// Small data is not worth letting other threads run.
  private static let quick = 5 * 1024

  private static func checksum(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int, start: UInt32,
    _ body: (UInt32, UnsafePointer<UInt8>, Int) -> UInt32
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count)
    let data = try a.buffer(0)
    var value = start
    if let given = a[1] { value = UInt32(truncatingIfNeeded: try NumberConversion.mask(given)) }
    if let bytes = data.start, data.count > 0 {
      let size = data.count
      let first = value
      let start = UnsafePointer(bytes.assumingMemoryBound(to: UInt8.self))
      value = size > quick ? withoutGIL { body(first, start, size) } : body(first, start, size)
    }
    return try int(Int(value))
  }

  static let adler: Method = .fast(
    "adler32($module, data, value=1, /)",
    "Compute an Adler-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer."
  ) { _, args, count in
    new {
      try checksum(adler, args, count, start: 1) { UInt32(adler32_z(UInt($0), $1, $2)) }
    }
  }

  static let crc: Method = .fast(
    "crc32($module, data, value=0, /)",
    "Compute a CRC-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer."
  ) { _, args, count in
    new { try checksum(crc, args, count, start: 0) { UInt32(crc32_z(UInt($0), $1, $2)) } }
  }

  static let compress: Method = .keywords(
    "compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)",
    """
    Returns a bytes object containing compressed data.

      data
        Binary data to be compressed.
      level
        Compression level, in 0-9 or -1.
      wbits
        The window buffer size and container format.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(compress, args, count, names)
      let data = try a.buffer(0)
      let (level, bits) = (try a.int32(1, default: -1), try a.int32(2, default: 15))
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      stream.initialize(to: z_stream())
      defer { stream.deallocate() }
      switch apus_deflate_init(stream, level, 8, bits, 8, 0) {
      case Z_OK: break
      case Z_MEM_ERROR: throw raise(.memoryError, "Out of memory while compressing data")
      case Z_STREAM_ERROR: throw ZlibError.raise("Bad compression level")
      case let status:
        deflateEnd(stream)
        throw ZlibError.raise(stream, status, "while compressing data")
      }
      defer { deflateEnd(stream) }
      var output = try OutputBuffer()
      var input = ZlibInput(stream, data.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, data.count)
      while true {
        input.refill(stream)
        _ = try output.makeRoom()
        let room = output.room
        stream.pointee.next_out = output.next
        stream.pointee.avail_out = room
        let mode = input.left == 0 ? Z_FINISH : Z_NO_FLUSH
        let status = withoutGIL { deflate(stream, mode) }
        output.advance(room: room, left: stream.pointee.avail_out)
        if status == Z_STREAM_ERROR {
          throw ZlibError.raise(stream, status, "while compressing data")
        }
        if status == Z_STREAM_END { break }
      }
      return try output.bytes()
    }
  }

  static let decompress: Method = .keywords(
    "decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)",
    """
    Returns a bytes object containing the uncompressed data.

      data
        Compressed data.
      wbits
        The window buffer size and container format.
      bufsize
        The initial output buffer size.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(decompress, args, count, names)
      let data = try a.buffer(0)
      let bits = try a.int32(1, default: 15)
      let size = try a.index(2, default: 16384)
      if size < 0 { throw raise(.valueError, "bufsize must be non-negative") }
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      stream.initialize(to: z_stream())
      defer { stream.deallocate() }
      switch apus_inflate_init(stream, bits) {
      case Z_OK: break
      case Z_MEM_ERROR: throw raise(.memoryError, "Out of memory while decompressing data")
      case let status:
        inflateEnd(stream)
        throw ZlibError.raise(stream, status, "while preparing to decompress data")
      }
      defer { inflateEnd(stream) }
      var output = try OutputBuffer(capacity: size)
      var input = ZlibInput(stream, data.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, data.count)
      var status: Int32
      repeat {
        input.refill(stream)
        let mode = input.left == 0 ? Z_FINISH : Z_NO_FLUSH
        repeat {
          _ = try output.makeRoom()
          let room = output.room
          stream.pointee.next_out = output.next
          stream.pointee.avail_out = room
          status = withoutGIL { inflate(stream, mode) }
          output.advance(room: room, left: stream.pointee.avail_out)
          switch status {
          case Z_OK, Z_BUF_ERROR, Z_STREAM_END: break
          case Z_MEM_ERROR: throw raise(.memoryError, "Out of memory while decompressing data")
          default: throw ZlibError.raise(stream, status, "while decompressing data")
          }
        } while stream.pointee.avail_out == 0
      } while status != Z_STREAM_END && input.left > 0
      if status != Z_STREAM_END {
        throw ZlibError.raise(stream, status, "while decompressing data")
      }
      return try output.bytes()
    }
  }
}
