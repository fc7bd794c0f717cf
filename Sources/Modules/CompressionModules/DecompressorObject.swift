import CPythonABI
import Glibc
import Objects
import SystemCalls

/// What the decompressors of the three libraries have in common: input that is kept for the next
/// call when the output was limited. CPython: decompress() in Modules/_bz2module.c.
struct DecompressorState {
  var base: PyObject
  var lock: ObjectLock
  /// The end of the stream has been read.
  var eof: Bool
  /// More input is needed before there can be output.
  var needsInput: Bool
  /// What came behind the end of the stream: bytes.
  var unused: Ref?
  /// Input kept for the next call, from malloc().
  var pending: UnsafeMutablePointer<UInt8>?
  var pendingCount: Int

  static let unusedOffset = MemoryLayout<DecompressorState>.offset(of: \.unused) ?? 0
  static let eofOffset = MemoryLayout<DecompressorState>.offset(of: \.eof) ?? 0
  static let needsInputOffset = MemoryLayout<DecompressorState>.offset(of: \.needsInput) ?? 0

  static var members: [Member] {
    [
      Member(
        "eof", Py_T_BOOL, offset: eofOffset, flags: Py_READONLY,
        "True if the end-of-stream marker has been reached."),
      Member(
        "unused_data", Py_T_OBJECT_EX, offset: unusedOffset, flags: Py_READONLY,
        "Data found after the end of the compressed stream."),
      Member(
        "needs_input", Py_T_BOOL, offset: needsInputOffset, flags: Py_READONLY,
        "True if more input is needed before more decompressed data can be produced."),
    ]
  }

  static func prepare(_ state: UnsafeMutablePointer<DecompressorState>) throws(Raised) {
    state.pointee.needsInput = true
    state.pointee.unused = try own(PyBytes_FromStringAndSize(nil, 0)).give()
  }

  static func release(_ state: UnsafeMutablePointer<DecompressorState>) {
    Py_XDECREF(state.pointee.unused)
    free(state.pointee.pending)
  }

  /// What a step of the library did.
  struct Step {
    /// Bytes of input read.
    var consumed: Int
    var isAtEnd: Bool
  }

  /// Decompresses what was kept and `data`. `step` reads from memory and writes into the buffer
  /// until the input is used up, the buffer is full or the stream ends.
  static func decompress(
    _ state: UnsafeMutablePointer<DecompressorState>, _ data: Ref, limit: Int,
    hasInnerOutput: Bool,
    _ step: (UnsafePointer<UInt8>, Int, inout OutputBuffer) throws(Raised) -> Step
  ) throws(Raised) -> Owned {
    let source = try BufferArgument(data)
    var output = try OutputBuffer(limit: limit)
    var nothing: UInt8 = 0
    return try withUnsafeMutablePointer(to: &nothing) { empty throws(Raised) in
      var start = UnsafePointer(empty)
      var count = source.count
      if let bytes = source.start { start = UnsafePointer(bytes.assumingMemoryBound(to: UInt8.self)) }
      let isKept = state.pointee.pendingCount > 0
      if isKept {
        // What was kept comes first.
        let total = state.pointee.pendingCount + count
        guard let memory = realloc(state.pointee.pending, Swift.max(1, total)) else {
          throw raiseNoMemory()
        }
        let joined = memory.assumingMemoryBound(to: UInt8.self)
        memcpy(joined + state.pointee.pendingCount, start, count)
        state.pointee.pending = joined
        state.pointee.pendingCount = total
        start = UnsafePointer(joined)
        count = total
      }
      let done: Step
      do throws(Raised) {
        done = try step(start, count, &output)
      } catch {
        state.pointee.pendingCount = 0
        state.pointee.needsInput = false
        throw error
      }
      let left = count - done.consumed
      let rest = start + done.consumed
      if done.isAtEnd {
        state.pointee.eof = true
        state.pointee.needsInput = false
        if left > 0 {
          let unused = try own(
            PyBytes_FromStringAndSize(UnsafeRawPointer(rest).assumingMemoryBound(to: CChar.self), left))
          Py_XDECREF(state.pointee.unused)
          state.pointee.unused = unused.give()
        }
        state.pointee.pendingCount = 0
      } else if left == 0 {
        state.pointee.pendingCount = 0
        state.pointee.needsInput = !(hasInnerOutput && output.isFull)
      } else {
        if isKept, let memory = state.pointee.pending {
          memmove(memory, rest, left)
        } else {
          guard let memory = realloc(state.pointee.pending, left) else { throw raiseNoMemory() }
          memcpy(memory, rest, left)
          state.pointee.pending = memory.assumingMemoryBound(to: UInt8.self)
        }
        state.pointee.pendingCount = left
        state.pointee.needsInput = false
      }
      return try output.bytes()
    }
  }
}
