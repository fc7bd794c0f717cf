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

  private struct SizeClass {
    var pools = 0
    var used = 0
    var available = 0
  }

  private static func poolReport() -> String {
    let state = apus_allocator()
    var classes = [SizeClass](repeating: SizeClass(), count: Int(APUS_SIZE_CLASSES))
    var unusedPools = 0
    var arenas = 0
    for index in 0..<Int(state.pointee.arena_capacity) {
      guard let table = state.pointee.arenas, table[index].address != 0 else { continue }
      let arena = table[index]
      arenas += 1
      unusedPools += Int(arena.free_pool_count)
      var address = arena.address
      while address < arena.pool_address {
        if let pool = UnsafePointer<ApusPool>(bitPattern: address), pool.pointee.used > 0 {
          let number = Int(pool.pointee.size_class)
          let fit = (ObjectAllocator.poolSize - ObjectAllocator.headerSize) / ((number + 1) << 4)
          classes[number].pools += 1
          classes[number].used += Int(pool.pointee.used)
          classes[number].available += fit - Int(pool.pointee.used)
        }
        address += UInt(ObjectAllocator.poolSize)
      }
    }
    var text = "Small block threshold = \(ObjectAllocator.largestBlock), in \(classes.count) size classes.\n\n"
    text += "class   size   num pools   blocks in use  avail blocks\n"
    text += "-----   ----   ---------   -------------  ------------\n"
    var allocated = 0
    var available = 0
    var headers = 0
    var quantization = 0
    for (number, kind) in classes.enumerated() where kind.pools > 0 {
      let size = (number + 1) << 4
      text += right(number, 5) + right(size, 7) + right(kind.pools, 12) + right(kind.used, 16)
      text += right(kind.available, 14) + "\n"
      allocated += kind.used * size
      available += kind.available * size
      headers += kind.pools * ObjectAllocator.headerSize
      quantization +=
        kind.pools * ((ObjectAllocator.poolSize - ObjectAllocator.headerSize) % size)
    }
    let total = Int(state.pointee.arenas_total)
    text += "\n" + line("# arenas allocated total", total)
    text += line("# arenas reclaimed", total - arenas)
    text += line("# arenas highwater mark", Int(state.pointee.arenas_highwater))
    text += line("# arenas allocated current", arenas)
    let arenaBytes = arenas * ObjectAllocator.arenaSize
    text += line("\(arenas) arenas * \(ObjectAllocator.arenaSize) bytes/arena", arenaBytes) + "\n"
    let unused = unusedPools * ObjectAllocator.poolSize
    text += line("# bytes in allocated blocks", allocated)
    text += line("# bytes in available blocks", available)
    text += line("\(unusedPools) unused pools * \(ObjectAllocator.poolSize) bytes", unused)
    text += line("# bytes lost to pool headers", headers)
    text += line("# bytes lost to quantization", quantization)
    // Arenas are aligned to their own size.
    text += line("# bytes lost to arena alignment", 0)
    text += line("Total", allocated + available + unused + headers + quantization) + "\n"
    return text
  }

  private static func freeListReport() -> String {
    let lists = apus_freelists().pointee
    var text = free(FreeLists.kept(lists.dict_count), "PyDictObject", MemoryLayout<PyDictObject>.size)
    text += free(FreeLists.kept(lists.keys_count), "PyDictKeysObject", MemoryLayout<PyDictKeysObject>.size)
    text += free(FreeLists.kept(lists.float_count), "PyFloatObject", MemoryLayout<PyFloatObject>.size)
    text += free(FreeLists.kept(lists.list_count), "PyListObject", MemoryLayout<PyListObject>.size)
    for size in 1..<Int(APUS_TUPLE_FREE_SIZES) {
      text += free(
        FreeLists.kept(apus_free_tuple_count(size).pointee), "\(size)-sized PyTupleObject", 24 + 8 * size)
    }
    text += free(FreeLists.kept(lists.int_count), "PyLongObject", MemoryLayout<PyLongObject>.size)
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
