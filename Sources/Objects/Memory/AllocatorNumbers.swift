import CPythonABI

/// How the memory of the object layer is divided, counted by walking all pools: for
/// `sys._debugmallocstats()` and `apus.layers()`. The GIL is held.
///
/// ```
/// arenaBytes = allocated + available + unused + headers + quantization
/// ```
public struct AllocatorNumbers {
  /// The pools of one size of block.
  public struct SizeClass {
    /// Bytes of a block.
    public var size: Int
    public var pools = 0
    /// Blocks given out, and free ones in the same pools.
    public var used = 0
    public var available = 0
  }

  /// Dead objects of one type that wait to be used again; their blocks count as allocated.
  public struct FreeList {
    public var name: String
    public var count: Int
    /// Bytes of one, without the collector's header.
    public var size: Int
  }

  public private(set) var classes: [SizeClass]
  /// Addresses of the arenas that are mapped.
  public private(set) var arenas: [UInt] = []
  /// Pools that belong to no size class now.
  public private(set) var unusedPools = 0

  public init() {
    classes = (0..<Int(APUS_SIZE_CLASSES)).map { SizeClass(size: ($0 + 1) << 4) }
    let state = apus_allocator()
    for index in 0..<Int(state.pointee.arena_capacity) {
      guard let table = state.pointee.arenas, table[index].address != 0 else { continue }
      let arena = table[index]
      arenas.append(arena.address)
      unusedPools += Int(arena.free_pool_count)
      var address = arena.address
      while address < arena.pool_address {
        if let pool = UnsafePointer<ApusPool>(bitPattern: address), pool.pointee.used > 0 {
          let number = Int(pool.pointee.size_class)
          let fit = Self.room / classes[number].size
          classes[number].pools += 1
          classes[number].used += Int(pool.pointee.used)
          classes[number].available += fit - Int(pool.pointee.used)
        }
        address += UInt(ObjectAllocator.poolSize)
      }
    }
  }

  /// Bytes of a pool behind its header.
  private static let room = ObjectAllocator.poolSize - ObjectAllocator.headerSize

  private func sum(_ bytes: (SizeClass) -> Int) -> Int { classes.reduce(0) { $0 + bytes($1) } }

  // MARK: Bytes

  public var arenaBytes: Int { arenas.count * ObjectAllocator.arenaSize }
  /// Of blocks that are given out.
  public var allocated: Int { sum { $0.used * $0.size } }
  /// Of free blocks in pools that have a size class.
  public var available: Int { sum { $0.available * $0.size } }
  /// Of pools without a size class.
  public var unused: Int { unusedPools * ObjectAllocator.poolSize }
  public var headers: Int { sum { $0.pools * ObjectAllocator.headerSize } }
  /// Behind the last block of a pool.
  public var quantization: Int { sum { $0.pools * (Self.room % $0.size) } }
  public var total: Int { allocated + available + unused + headers + quantization }

  // MARK: Above and below

  /// The free lists of the types, empty ones included.
  public static func freeLists() -> [FreeList] {
    let lists = apus_freelists().pointee
    func list(_ name: String, _ count: Int32, _ size: Int) -> FreeList {
      FreeList(name: name, count: FreeLists.kept(count), size: size)
    }
    return [
      list("PyDictObject", lists.dict_count, MemoryLayout<PyDictObject>.size),
      list("PyDictKeysObject", lists.keys_count, MemoryLayout<PyDictKeysObject>.size),
      list("PyFloatObject", lists.float_count, MemoryLayout<PyFloatObject>.size),
      list("PyListObject", lists.list_count, MemoryLayout<PyListObject>.size),
    ]
      + (1..<Int(APUS_TUPLE_FREE_SIZES)).map {
        list("\($0)-sized PyTupleObject", apus_free_tuple_count($0).pointee, 24 + 8 * $0)
      } + [list("PyLongObject", lists.int_count, MemoryLayout<PyLongObject>.size)]
  }

  /// Blocks larger than the pools hold, which the object layer has from malloc(): number and bytes.
  public static var largeBlocks: (blocks: Int, bytes: Int) {
    let state = apus_allocator()
    return (Int(state.pointee.raw_blocks), Int(state.pointee.raw_bytes))
  }

  /// What `PyMem_RawMalloc()` and its like have given out: number and bytes.
  public static var rawBlocks: (blocks: Int, bytes: Int) {
    let counts = apus_counted_raw()
    return (Int(counts.blocks), Int(counts.bytes))
  }

  /// The allocator that PYTHONMALLOC chose; `tracemalloc` and profiles have their own while they run.
  public static var mode: String {
    switch apus_allocator().pointee.mode {
    case APUS_ALLOCATOR_POOLS: "pymalloc"
    case APUS_ALLOCATOR_MALLOC: "malloc"
    case APUS_ALLOCATOR_DEBUG: "debug"
    default: "traced"
    }
  }
}
