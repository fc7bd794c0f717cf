import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The password of a private key while it is loaded: bytes, or a callable that gives them.
struct SslPassword {
  /// Borrowed from the caller.
  var callable: Ref?
  private var bytes: [UInt8] = []
  /// A Python exception is set.
  private(set) var hasFailed = false

  init() {}

  /// The most bytes OpenSSL has room for.
  private static let most = Int(PEM_BUFSIZE)

  mutating func take(_ given: Ref, _ message: String) throws(Raised) {
    let source: Owned
    if given.isStr {
      source = try own(PyUnicode_AsUTF8String(given))
    } else if given.isBytes || given.isInstance(of: byteArrayType()) {
      source = given.retained()
    } else {
      throw raise(.typeError, message)
    }
    let buffer = try BufferArgument(source.ref)
    if buffer.count > Self.most {
      throw raise(.valueError, "password cannot be longer than \(Self.most) bytes")
    }
    bytes = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
  }

  /// What OpenSSL calls, without the GIL: the number of bytes put into the buffer, or -1.
  static let callback:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
      { buffer, room, _, data in
        guard let buffer, let data else { return -1 }
        let state = PyGILState_Ensure()
        defer { PyGILState_Release(state) }
        let password = data.assumingMemoryBound(to: SslPassword.self)
        // OpenSSL may ask again.
        if password.pointee.hasFailed { return -1 }
        do throws(Raised) {
          if let callable = password.pointee.callable {
            let result = try own(PyObject_CallNoArgs(callable))
            try password.pointee.take(result.ref, "password callback must return a string")
          }
          let bytes = password.pointee.bytes
          if bytes.count > Int(room) {
            throw raise(.valueError, "password cannot be longer than \(room) bytes")
          }
          for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
          return Int32(bytes.count)
        } catch {
          password.pointee.hasFailed = true
          return -1
        }
      }
}
