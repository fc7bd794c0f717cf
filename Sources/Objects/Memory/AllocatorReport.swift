import CPythonABI
import Glibc

/// How memory is had, by its name in `PYTHONMALLOC`.
public enum AllocatorChoice {
  /// Sets the mode of the process, before its first allocation. False for an unknown name.
  public static func choose(_ name: String) -> Bool {
    switch name {
    case "", "default", "pymalloc", "mimalloc": apus_allocator().pointee.mode = APUS_ALLOCATOR_POOLS
    case "malloc":
      apus_allocator().pointee.mode = APUS_ALLOCATOR_MALLOC
      FreeLists.turnOff()
    // The checked blocks come from malloc() in every case.
    case "debug", "malloc_debug", "pymalloc_debug", "mimalloc_debug":
      apus_allocator().pointee.mode = APUS_ALLOCATOR_DEBUG
      FreeLists.turnOff()
      if getenv("APUS_GUARDMALLOC") != nil { GuardedBlocks.start() }
      if let range = getenv("APUS_FAILMALLOC") {
        AllocationFailures.start(String(cString: range))
      }
    default: return false
    }
    return true
  }
}

/// `sys._debugmallocstats()`: pools, arenas and free lists as text on the process's standard error.
/// CPython: Objects/obmalloc.c, _PyObject_DebugMallocStats.
public enum AllocatorReport {
  public static func write() {
    var text = ""
    if apus_allocator().pointee.mode == APUS_ALLOCATOR_POOLS { text += poolReport() }
    text += freeListReport()
    text.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }

  private static func poolReport() -> String {
    let state = apus_allocator()
    let numbers = AllocatorNumbers()
    let classes = numbers.classes
    var text = "Small block threshold = \(ObjectAllocator.largestBlock), in \(classes.count) size classes.\n\n"
    text += "class   size   num pools   blocks in use  avail blocks\n"
    text += "-----   ----   ---------   -------------  ------------\n"
    for (number, kind) in classes.enumerated() where kind.pools > 0 {
      text += right(number, 5) + right(kind.size, 7) + right(kind.pools, 12) + right(kind.used, 16)
      text += right(kind.available, 14) + "\n"
    }
    let arenas = numbers.arenas.count
    let total = Int(state.pointee.arenas_total)
    text += "\n" + line("# arenas allocated total", total)
    text += line("# arenas reclaimed", total - arenas)
    text += line("# arenas highwater mark", Int(state.pointee.arenas_highwater))
    text += line("# arenas allocated current", arenas)
    text += line("\(arenas) arenas * \(ObjectAllocator.arenaSize) bytes/arena", numbers.arenaBytes)
    text += "\n"
    text += line("# bytes in allocated blocks", numbers.allocated)
    text += line("# bytes in available blocks", numbers.available)
    text += line(
      "\(numbers.unusedPools) unused pools * \(ObjectAllocator.poolSize) bytes", numbers.unused)
    text += line("# bytes lost to pool headers", numbers.headers)
    text += line("# bytes lost to quantization", numbers.quantization)
    // Arenas are aligned to their own size.
    text += line("# bytes lost to arena alignment", 0)
    text += line("Total", numbers.total) + "\n"
    return text
  }

  private static func freeListReport() -> String {
    var text = ""
    for list in AllocatorNumbers.freeLists() { text += free(list.count, list.name, list.size) }
    return text
  }

  // MARK: Layout

  private static func right(_ number: Int, _ width: Int) -> String { right("\(number)", width) }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: Swift.max(width - text.utf8.count, 0)) + text
  }

  private static func grouped(_ number: Int) -> String {
    var digits = Array("\(number)".utf8)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(0x2C, at: place)
      place -= 3
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func line(_ what: String, _ value: Int) -> String {
    let gap = String(repeating: " ", count: Swift.max(35 - what.utf8.count, 0))
    return what + gap + "=" + right(grouped(value), 21) + "\n"
  }

  private static func free(_ count: Int, _ what: String, _ size: Int) -> String {
    right("\(count) free \(what)s * \(size) bytes each", 48) + " =" + right(grouped(count * size), 21)
      + "\n"
  }
}
