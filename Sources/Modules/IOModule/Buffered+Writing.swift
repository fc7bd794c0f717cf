import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The writing half.
extension Buffered {
  /// Writes bytes to the buffer, and beyond it to the raw stream. Takes all of them or raises.
  static func write(
    _ buffered: BufferedRef, _ source: UnsafeRawPointer?, _ count: Int
  ) throws(Raised) {
    guard let source, count > 0 else { return }
    if buffered.pointee.owner == 0, buffered.pointee.readEnd == 0, let memory = buffered.pointee.memory,
      count <= buffered.pointee.size - buffered.pointee.pending
    {
      memcpy(memory + buffered.pointee.pending, source, count)
      buffered.pointee.pending += count
      return
    }
    try buffered.locked { () throws(Raised) in
      if buffered.pointee.readEnd > 0 { try buffered.leaveReading() }
      guard let memory = buffered.pointee.memory else {
        throw raise(.valueError, "write to closed file")
      }
      let room = buffered.pointee.size - buffered.pointee.pending
      if count <= room {
        memcpy(memory + buffered.pointee.pending, source, count)
        buffered.pointee.pending += count
        return
      }
      do throws(Raised) {
        try buffered.flushPending()
      } catch {
        if PyErr_ExceptionMatches(.blockingIOError) == 0 { throw error }
        // The raw stream takes no more: what fits is kept, the rest is the caller's.
        PyErr_Clear()
        let space = buffered.pointee.size - buffered.pointee.pending
        let kept = Swift.min(space, count)
        memcpy(memory + buffered.pointee.pending, source, kept)
        buffered.pointee.pending += kept
        if kept < count { throw blocked(kept) }
        return
      }
      var done = 0
      while count - done > buffered.pointee.size {
        guard let written = try buffered.rawWrite(source + done, count - done) else {
          let kept = Swift.min(buffered.pointee.size, count - done)
          memcpy(memory, source + done, kept)
          buffered.pointee.pending = kept
          done += kept
          if done < count { throw blocked(done) }
          return
        }
        done += written
        try check(PyErr_CheckSignals())
      }
      if done < count {
        memcpy(memory, source + done, count - done)
        buffered.pointee.pending = count - done
      }
    }
  }

  static let write: Method = .o(
    "write($self, buffer, /)",
    "Write the given buffer to the IO stream. Returns the number of bytes, always all of them."
  ) { object, data in
    new {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      if data.type == bytesType() {
        try buffered.checkOpen("write to closed file")
        let count = apus_var_size(data)
        try write(buffered, UnsafeRawPointer(apus_bytes_data(data)), count)
        return try int(count)
      }
      let source = try BufferArgument(data)
      try buffered.checkOpen("write to closed file")
      try write(buffered, source.start, source.count)
      return try int(source.count)
    }
  }
}
