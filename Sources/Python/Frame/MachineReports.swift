import CPythonABI
import Objects

/// What `apus.runtime()` and `apus.layers()` are made of: the runtime's own structures as dicts.
enum MachineReports {
  private static func put(
    _ dict: borrowing Owned, _ name: StaticString, _ value: consuming Owned
  ) throws(Raised) {
    let pointer = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    try check(PyDict_SetItemString(dict.ref, pointer, value.ref))
  }

  private static func bool(_ value: Bool) -> Owned { boolObject(value).retained() }

  // MARK: The nesting

  static let interpreters: Method = .noargs(
    "interpreters($module, /)",
    """
    The interpreters of the process as dicts, with their threads and these with their frames.

    A frame is (frame, entered): entered is true where an activation of the eval loop begins.
    """
  ) { _, _ in
    new {
      let result = try own(PyList_New(0))
      var next = PyInterpreterState_Head()
      while let interpreter = next {
        let entry = try MachineReports.interpreter(interpreter)
        try check(PyList_Append(result.ref, entry.ref))
        next = PyInterpreterState_Next(interpreter)
      }
      return result
    }
  }

  private static func interpreter(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>
  ) throws(Raised) -> Owned {
    let entry = try own(PyDict_New())
    try put(entry, "id", try int(Int(PyInterpreterState_GetID(interpreter))))
    try put(entry, "modules", try int(interpreter.pointee.modules.map { PyDict_Size($0) } ?? 0))
    let threads = try own(PyList_New(0))
    var next = PyInterpreterState_ThreadHead(interpreter)
    while let state = next {
      let thread = try MachineReports.thread(state)
      try check(PyList_Append(threads.ref, thread.ref))
      next = PyThreadState_Next(state)
    }
    try put(entry, "threads", threads)
    return entry
  }

  private static func thread(_ thread: ThreadRef) throws(Raised) -> Owned {
    let entry = try own(PyDict_New())
    try put(entry, "id", try int(Int(clamping: thread.pointee.thread_id)))
    try put(entry, "native_id", try int(Int(clamping: thread.pointee.native_thread_id)))
    try put(entry, "number", try int(Int(clamping: PyThreadState_GetID(thread))))
    try put(entry, "holds_lock", bool(thread == apus_tstate()))
    try put(entry, "traced", bool(Tracing.isOn(thread)))
    let frames = try own(PyList_New(0))
    var next = thread.pointee.current_frame
    while let frame = next {
      if let object = PyFrameObjects.object(for: frame) {
        let isEntered = frame.pointee.flags & Frame.enteredFromNative != 0
        let pair = try tuple(PyFrameObjects.asObject(object).retained(), bool(isEntered))
        try check(PyList_Append(frames.ref, pair.ref))
      } else if hasRaised() {
        throw Raised()
      }
      next = frame.pointee.previous
    }
    try put(entry, "frames", frames)
    return entry
  }

  // MARK: Memory

  static let memory: Method = .noargs(
    "memory($module, /)",
    "What the allocators of the process say of themselves, in bytes: a dict."
  ) { _, _ in
    new {
      // First, so that the lists below are not counted.
      let numbers = AllocatorNumbers()
      let lists = AllocatorNumbers.freeLists()
      let large = AllocatorNumbers.largeBlocks
      let raw = AllocatorNumbers.rawBlocks
      let malloc = apus_malloc_numbers()
      let entry = try own(PyDict_New())
      try put(entry, "allocator", try own(newString(AllocatorNumbers.mode)))

      let free = try own(PyList_New(0))
      for list in lists {
        let row = try tuple(try own(newString(list.name)), try int(list.count), try int(list.size))
        try check(PyList_Append(free.ref, row.ref))
      }
      try put(entry, "free_lists", free)

      let classes = try own(PyList_New(0))
      for kind in numbers.classes {
        let row = try tuple(
          try int(kind.size), try int(kind.pools), try int(kind.used), try int(kind.available))
        try check(PyList_Append(classes.ref, row.ref))
      }
      try put(entry, "classes", classes)
      let arenas = try own(PyList_New(0))
      for address in numbers.arenas {
        let number = try own(PyLong_FromUnsignedLongLong(UInt64(address)))
        try check(PyList_Append(arenas.ref, number.ref))
      }
      try put(entry, "arenas", arenas)
      try put(entry, "arena_bytes", try int(numbers.arenaBytes))
      try put(entry, "allocated", try int(numbers.allocated))
      try put(entry, "available", try int(numbers.available))
      try put(entry, "unused_pools", try int(numbers.unused))
      try put(entry, "pool_headers", try int(numbers.headers))
      try put(entry, "quantization", try int(numbers.quantization))

      try put(entry, "large_blocks", try int(large.blocks))
      try put(entry, "large_bytes", try int(large.bytes))
      try put(entry, "raw_blocks", try int(raw.blocks))
      try put(entry, "raw_bytes", try int(raw.bytes))

      try put(entry, "malloc_heap", try int(Int(malloc.heap)))
      try put(entry, "malloc_used", try int(Int(malloc.used)))
      try put(entry, "malloc_free", try int(Int(malloc.free)))
      try put(entry, "malloc_mapped", try int(Int(malloc.mapped)))
      try put(entry, "malloc_top", try int(Int(malloc.top)))
      return entry
    }
  }
}
