import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `zlib._ZlibDecompressor`, which keeps input itself as the decompressors of bz2 and lzma do.
enum ZlibDecompressor {
  struct Layout {
    var state: DecompressorState
    var isOpen: Bool
    var dictionary: Ref?
    var stream: z_stream
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func stream(_ object: Ref) -> UnsafeMutablePointer<z_stream> {
    withUnsafeMutablePointer(to: &view(object).pointee.stream) { $0 }
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "_ZlibDecompressor(wbits=15, zdict=b'')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "zlib._ZlibDecompressor", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    doc: """
      _ZlibDecompressor(wbits=15, zdict=b'')
      --

      Create a decompressor object for decompressing data incrementally.

        wbits
          The window buffer size and container format.
        zdict
          The preset dictionary the compressor had.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(arguments, tuple: args, keywords: keywords)
          let bits = try a.int32(0, default: 15)
          let object = try own(PyType_GenericAlloc(type, 0))
          let state = view(object.ref)
          try DecompressorState.prepare(&state.pointee.state)
          state.pointee.dictionary = a[1].map { $0.retained().give() }
          switch apus_inflate_init(stream(object.ref), bits) {
          case Z_OK: state.pointee.isOpen = true
          case Z_STREAM_ERROR: throw raise(.valueError, "Invalid initialization option")
          case Z_MEM_ERROR:
            throw raise(.memoryError, "Can't allocate memory for decompression object")
          case let status:
            throw ZlibError.raise(
              stream(object.ref), status, "while creating decompression object")
          }
          if bits < 0, let dictionary = a[1] {
            try ZlibStream.setDictionary(stream(object.ref), dictionary)
          }
          return object
        }
      },
      .tp_dealloc { object in
        if view(object).pointee.isOpen { inflateEnd(stream(object)) }
        Py_XDECREF(view(object).pointee.dictionary)
        DecompressorState.release(&view(object).pointee.state)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [decompress], members: DecompressorState.members)

  private static func step(
    _ object: Ref, _ start: UnsafePointer<UInt8>, _ count: Int, _ output: inout OutputBuffer
  ) throws(Raised) -> DecompressorState.Step {
    let stream = stream(object)
    var input = ZlibInput(stream, start, count)
    repeat {
      input.refill(stream)
      var status: Int32
      repeat {
        if !(try output.makeRoom()) {
          return .init(consumed: count - input.remaining(stream), isAtEnd: false)
        }
        let room = output.room
        stream.pointee.next_out = output.next
        stream.pointee.avail_out = room
        status = withoutGIL { inflate(stream, Z_SYNC_FLUSH) }
        output.advance(room: room, left: stream.pointee.avail_out)
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
          return .init(consumed: count - input.remaining(stream), isAtEnd: true)
        case Z_NEED_DICT where view(object).pointee.dictionary != nil:
          try ZlibStream.setDictionary(stream, borrow(view(object).pointee.dictionary))
        default: throw ZlibError.raise(stream, status, "while decompressing data")
        }
      } while stream.pointee.avail_out == 0 || status == Z_NEED_DICT
    } while input.left > 0
    return .init(consumed: count - input.remaining(stream), isAtEnd: false)
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
        return try DecompressorState.decompress(
          &view(object).pointee.state, a.object(0), limit: limit, hasInnerOutput: true
        ) { start, count, output throws(Raised) in
          try step(object, start, count, &output)
        }
      }
    }
  }
}
