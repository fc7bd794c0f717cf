import CPythonABI
import Objects

/// The chunked stack that frames live on. Calls and returns move one pointer; a new chunk is taken
/// when the current one is full. CPython: Python/pystate.c, _PyThreadState_PushFrame.
enum DataStack {
  /// Bytes of a first chunk; later ones double until a frame fits.
  private static let chunkSize = 16 * 1024
  /// Words of a chunk's header.
  private static let headerWords = 3

  /// Room for a frame of `words` words, or nil when memory is exhausted.
  @inline(__always)
  static func push(_ thread: ThreadRef, words: Int) -> FrameRef? {
    if let top = thread.pointee.datastack_top, let limit = thread.pointee.datastack_limit,
      words < limit - top
    {
      thread.pointee.datastack_top = top + words
      return UnsafeMutableRawPointer(top).assumingMemoryBound(to: _PyInterpreterFrame.self)
    }
    return pushChunk(thread, words)
  }

  @inline(never)
  private static func pushChunk(_ thread: ThreadRef, _ words: Int) -> FrameRef? {
    var size = chunkSize
    while size < (words + headerWords + 1) * 8 * 2 { size *= 2 }
    guard let memory = PyMem_RawMalloc(size) else { return nil }
    let chunk = memory.bindMemory(to: _PyStackChunk.self, capacity: 1)
    if let current = thread.pointee.datastack_chunk, let top = thread.pointee.datastack_top {
      current.pointee.top = top - data(of: current)
    }
    chunk.pointee.previous = thread.pointee.datastack_chunk
    chunk.pointee.size = size
    chunk.pointee.top = 0
    thread.pointee.datastack_chunk = chunk
    // The very first word stays empty, so that an address at the start of a chunk means "first frame
    // of a chunk that is not the first".
    let start = data(of: chunk) + (chunk.pointee.previous == nil ? 1 : 0)
    thread.pointee.datastack_top = start + words
    thread.pointee.datastack_limit = UnsafeMutableRawPointer(chunk).advanced(by: size)
      .assumingMemoryBound(to: Ref?.self)
    return UnsafeMutableRawPointer(start).assumingMemoryBound(to: _PyInterpreterFrame.self)
  }

  @inline(__always)
  private static func data(of chunk: UnsafeMutablePointer<_PyStackChunk>) -> StackRef {
    UnsafeMutableRawPointer(chunk).advanced(by: headerWords * 8).assumingMemoryBound(to: Ref?.self)
  }

  /// Gives the topmost frame's room back.
  @inline(__always)
  static func pop(_ thread: ThreadRef, _ frame: FrameRef) {
    let base = UnsafeMutableRawPointer(frame).assumingMemoryBound(to: Ref?.self)
    if let chunk = thread.pointee.datastack_chunk, base == data(of: chunk) {
      popChunk(thread, chunk)
    } else {
      thread.pointee.datastack_top = base
    }
  }

  @inline(never)
  private static func popChunk(_ thread: ThreadRef, _ chunk: UnsafeMutablePointer<_PyStackChunk>) {
    guard let previous = chunk.pointee.previous else { return }
    thread.pointee.datastack_chunk = previous
    thread.pointee.datastack_top = data(of: previous) + previous.pointee.top
    thread.pointee.datastack_limit = UnsafeMutableRawPointer(previous)
      .advanced(by: previous.pointee.size).assumingMemoryBound(to: Ref?.self)
    PyMem_RawFree(chunk)
  }
}
