import CPythonABI
import Glibc
import Interpreter
import Objects

/// What is traced. CPython: Python/tracemalloc.c.
enum Tracing {
  static let mostFrames = 65535

  nonisolated(unsafe) private(set) static var isTracing = false
  /// Frames kept of each allocation.
  nonisolated(unsafe) private(set) static var limit = 1
  /// Bytes in traced blocks, now and at most.
  nonisolated(unsafe) private(set) static var size = 0
  nonisolated(unsafe) private(set) static var peak = 0
  nonisolated(unsafe) private static var blocks = TraceTable()
  nonisolated(unsafe) private static var tracebacks = TracebackTable()
  /// Room for `limit` frames.
  nonisolated(unsafe) private static var frames: UnsafeMutablePointer<Traceback.Frame>?
  /// While set, new blocks are not recorded: the module itself is at work.
  nonisolated(unsafe) private static var isSuspended = false
  /// The file name of a block allocated outside Python code.
  nonisolated(unsafe) private static var unknown: Ref?

  static func start(limit: Int) throws(Raised) {
    if isTracing { return }
    guard AllocationTracing.isPossible else {
      throw raise(.runtimeError, "tracemalloc cannot trace with PYTHONMALLOC=debug")
    }
    if unknown == nil { unknown = PermanentName.make("<unknown>") }
    InterpreterEnd.add("tracemalloc") { stop() }
    guard let memory = malloc(limit * MemoryLayout<Traceback.Frame>.stride) else {
      throw raiseNoMemory()
    }
    free(frames)
    frames = memory.bindMemory(to: Traceback.Frame.self, capacity: limit)
    self.limit = limit
    isTracing = true
    AllocationTracing.start(
      AllocationTracing.Tracer(
        allocated: { block, size in Tracing.add(UInt(bitPattern: block), 0, size) },
        freed: { block in Tracing.remove(UInt(bitPattern: block), 0) }))
  }

  static func stop() {
    if !isTracing { return }
    AllocationTracing.stop()
    isTracing = false
    clear()
  }

  static func clear() {
    isSuspended = true
    blocks.clear()
    tracebacks.clear()
    isSuspended = false
    size = 0
    peak = 0
  }

  static func resetPeak() { peak = size }

  /// Bytes the records take.
  static var memory: Int { blocks.memory + tracebacks.memory }

  // MARK: Recording

  private static func traceback() -> UnsafeMutablePointer<Traceback>? {
    guard let frames else { return nil }
    var count = 0
    var total = 0
    let limit = limit
    if let thread = apus_tstate_or_null() {
      FramePlace.visit(thread) { filename, line in
        if count < limit {
          frames[count] = Traceback.Frame(filename: filename, line: Swift.max(line, 0))
          count += 1
        }
        total += 1
        return total < Tracing.mostFrames
      }
    }
    if count == 0, let unknown {
      frames[0] = Traceback.Frame(filename: unknown, line: 0)
      count = 1
      total = 1
    }
    return tracebacks.intern(frames, count, total: total)
  }

  /// Records a block.
  @discardableResult
  static func add(_ address: UInt, _ domain: UInt32, _ bytes: Int) -> Bool {
    if isSuspended || address == 0 { return true }
    guard let traceback = traceback() else { return false }
    let entry = TraceTable.Entry(
      address: address, domain: domain, size: bytes, traceback: traceback)
    let (done, replaced) = blocks.set(entry)
    if !done { return false }
    size += bytes - replaced
    if size > peak { peak = size }
    return true
  }

  static func remove(_ address: UInt, _ domain: UInt32) {
    size -= blocks.remove(address, domain)
  }

  // MARK: Answers

  /// `((filename, line), …)`, the innermost first.
  private static func tuple(
    of traceback: UnsafeMutablePointer<Traceback>
  ) throws(Raised) -> Owned {
    let count = traceback.pointee.count
    let result = try own(PyTuple_New(count))
    let frames = Traceback.frames(traceback)
    for index in 0..<count {
      let pair = try Objects.tuple(
        frames[index].filename.retained(), try int(frames[index].line))
      apus_tuple_items(result.ref)[index] = pair.give()
    }
    return result
  }

  static func traceback(of address: UInt) throws(Raised) -> Owned {
    guard isTracing, let traceback = blocks.find(address, 0)?.traceback else {
      return noneObject().retained()
    }
    return try tuple(of: traceback)
  }

  /// A list of `(domain, size, traceback, total frames)`; blocks of one place share the traceback.
  static func traces() throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    if !isTracing { return result }
    isSuspended = true
    defer { isSuspended = false }
    var known: [UnsafeMutablePointer<Traceback>: Ref] = [:]
    defer { for (_, tuple) in known { Py_DECREF(tuple) } }
    var snapshot: [TraceTable.Entry] = []
    snapshot.reserveCapacity(blocks.count)
    for index in 0..<blocks.capacity {
      if let entry = blocks.entries?[index], entry.address != 0 { snapshot.append(entry) }
    }
    for entry in snapshot {
      guard let traceback = entry.traceback else { continue }
      let frames: Ref
      if let made = known[traceback] {
        frames = made
      } else {
        frames = try tuple(of: traceback).give()
        known[traceback] = frames
      }
      let item = try Objects.tuple(
        try int(Int(entry.domain)), try int(entry.size), frames.retained(),
        try int(traceback.pointee.total))
      try check(PyList_Append(result.ref, item.ref))
    }
    return result
  }
}

// MARK: C API

/// Records a block of an extension's own allocator; -2 without tracing.
@_cdecl("PyTraceMalloc_Track")
public func PyTraceMalloc_Track(_ domain: UInt32, _ address: UInt, _ size: Int) -> Int32 {
  if !Tracing.isTracing { return -2 }
  let state = PyGILState_Ensure()
  defer { PyGILState_Release(state) }
  return Tracing.add(address, domain, size) ? 0 : -1
}

@_cdecl("PyTraceMalloc_Untrack")
public func PyTraceMalloc_Untrack(_ domain: UInt32, _ address: UInt) -> Int32 {
  if !Tracing.isTracing { return -2 }
  Tracing.remove(address, domain)
  return 0
}
