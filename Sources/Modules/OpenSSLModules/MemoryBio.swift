import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_ssl.MemoryBIO`: a pipe in memory between Python and OpenSSL.
enum MemoryBio {
  struct Layout {
    var base: PyObject
    /// BIO
    var bio: OpaquePointer?
    /// write_eof() was called.
    var isEnded: Bool
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords("MemoryBIO()", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_ssl.MemoryBIO", basicSize: MemoryLayout<Layout>.size, flags: [.immutableType],
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          if apus_var_size(args) > 0 {
            throw raise(.typeError, "MemoryBIO() takes no positional arguments")
          }
          if let keywords, PyDict_Size(keywords) > 0 {
            throw raise(.typeError, "MemoryBIO() takes no keyword arguments")
          }
          guard let bio = BIO_new(BIO_s_mem()) else {
            throw SslError.raise("failed to allocate BIO")
          }
          // An empty pipe asks to try again, until its end is written.
          apus_bio_set_retry_read(bio)
          _ = apus_bio_set_mem_eof_return(bio, -1)
          let object = try own(PyType_GenericAlloc(type, 0))
          view(object.ref).pointee.bio = bio
          return object
        }
      },
      .tp_dealloc { object in
        BIO_free(view(object).pointee.bio)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ], methods: [read, write, writeEnd],
    properties: [
      Property("pending", "The number of bytes pending in the memory BIO.", get: { object, _ in
        PyLong_FromSize_t(BIO_ctrl_pending(view(object).pointee.bio))
      }),
      Property("eof", "Whether the memory BIO is at EOF.", get: { object, _ in
        boolObject(
          view(object).pointee.isEnded && BIO_ctrl_pending(view(object).pointee.bio) == 0)
      }),
    ])

  private static let read: Method = .fast(
    "read($self, size=-1, /)",
    """
    Read up to size bytes from the memory BIO.

    Without a size or with a negative one, all there are.
    """
  ) { object, args, count in
    new {
      let a = try Arguments(read, args, count)
      let wanted = try a.int32(0, default: -1)
      let pending = Int(BIO_ctrl_pending(view(object).pointee.bio))
      let size = wanted < 0 ? Swift.min(pending, Int(Int32.max)) : Swift.min(Int(wanted), pending)
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      defer { Py_XDECREF(bytes) }
      if size > 0 {
        let got = BIO_read(
          view(object).pointee.bio, PyBytes_AsString(bytes.unsafelyUnwrapped), Int32(size))
        if got < 0 { throw SslError.raise() }
        if Int(got) != size { try check(_PyBytes_Resize(&bytes, Int(got))) }
      }
      return try borrow(bytes).retained()
    }
  }

  private static let write: Method = .o(
    "write($self, b, /)", "Writes the bytes b into the memory BIO.\n\nReturns the number of bytes written."
  ) { object, data in
    new {
      let bytes = try BufferArgument(data)
      if bytes.count > Int(Int32.max) {
        throw raise(.overflowError, "string longer than \(Int32.max) bytes")
      }
      if view(object).pointee.isEnded {
        throw raise(SslError.type.object, "cannot write() after write_eof()")
      }
      if bytes.count == 0 { return try int(0) }
      let written = BIO_write(view(object).pointee.bio, bytes.start, Int32(bytes.count))
      if written < 0 { throw SslError.raise() }
      return try int(Int(written))
    }
  }

  private static let writeEnd: Method = .noargs(
    "write_eof($self, /)",
    "Write an EOF marker to the memory BIO.\n\nWhen all data has been read, the \"eof\" property will be True."
  ) { object, _ in
    if let bio = view(object).pointee.bio {
      view(object).pointee.isEnded = true
      // An empty pipe is at its end now.
      apus_bio_clear_retry(bio)
      _ = apus_bio_set_mem_eof_return(bio, 0)
    }
    return noneObject()
  }
}
