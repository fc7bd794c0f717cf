import CPythonABI
import Glibc

/// The object layer: blocks of at most 512 bytes from pools and arenas, anything larger from the
/// raw layer. CPython: Objects/obmalloc.c. The GIL is held by every caller.
enum ObjectAllocator {
  static let arenaSize = 1 << 20
  static let poolSize = 1 << 14
  static let alignment = 16
  /// Fresh pools become present this many bytes at a time: four faults less for each pool.
  private static let populatedSize = 1 << 16
  static let largestBlock = 512
  static let headerSize = MemoryLayout<ApusPool>.size

  /// The byte map covers the 47 bits of a user address.
  private static let arenaMapSize = 1 << (47 - 20)

  @inline(__always) static var state: UnsafeMutablePointer<ApusObjectAllocator> { apus_allocator() }

  /// A block of at least `size` bytes, aligned to 16, or nil.
  @inline(__always)
  static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    if UInt(bitPattern: size &- 1) >= UInt(largestBlock) { return allocateLarge(size) }
    let sizeClass = UInt32(truncatingIfNeeded: (size &- 1) >> 4)
    guard let pool = apus_used_pool(sizeClass).pointee.next, pool != apus_used_pool(sizeClass),
      let block = pool.pointee.free_block
    else { return allocateFromNewPool(sizeClass, size) }
    pool.pointee.used &+= 1
    let next = block.load(as: UnsafeMutableRawPointer?.self)
    pool.pointee.free_block = next
    if next == nil { extend(pool) }
    return block
  }

  /// Takes the next block that was never used, or unlinks the pool because it is full.
  @inline(never)
  private static func extend(_ pool: UnsafeMutablePointer<ApusPool>) {
    let blockSize = (pool.pointee.size_class &+ 1) << 4
    if pool.pointee.next_offset <= pool.pointee.max_next_offset {
      let block = UnsafeMutableRawPointer(pool) + Int(pool.pointee.next_offset)
      pool.pointee.next_offset &+= blockSize
      block.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
      pool.pointee.free_block = block
      return
    }
    unlink(pool)
  }

  @inline(__always) private static func unlink(_ pool: UnsafeMutablePointer<ApusPool>) {
    let next = pool.pointee.next
    let previous = pool.pointee.previous
    previous?.pointee.next = next
    next?.pointee.previous = previous
  }

  /// Puts a pool at the front of its class.
  @inline(__always)
  private static func link(_ pool: UnsafeMutablePointer<ApusPool>, _ sizeClass: UInt32) {
    let head =
      state.pointee.mode == APUS_ALLOCATOR_TRACED
      ? AllocationTracing.heads + Int(sizeClass) : apus_used_pool(sizeClass)
    let first = head.pointee.next
    pool.pointee.next = first
    pool.pointee.previous = head
    first?.pointee.previous = pool
    head.pointee.next = pool
  }

  @inline(never)
  private static func allocateLarge(_ size: Int) -> UnsafeMutableRawPointer? {
    if size < 0 { return nil }
    if state.pointee.mode == APUS_ALLOCATOR_DEBUG { return DebugBlocks.allocate(size, .object) }
    if size == 0 { return allocate(1) }
    guard let memory = malloc(size) else { return nil }
    if state.pointee.mode == APUS_ALLOCATOR_TRACED {
      return AllocationTracing.allocated(memory, size)
    }
    if state.pointee.mode != APUS_ALLOCATOR_POOLS { return memory }
    countRaw(memory, 1)
    return memory
  }

  /// Counts a block that the object layer has from malloc(), or is about to free (`number` -1).
  @inline(__always) static func countRaw(_ block: UnsafeMutableRawPointer, _ number: Int64) {
    state.pointee.raw_blocks &+= number
    state.pointee.raw_bytes &+= number &* Int64(truncatingIfNeeded: malloc_usable_size(block))
  }

  /// Another size for a block that is counted.
  static func reallocateRaw(
    _ block: UnsafeMutableRawPointer, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    let old = malloc_usable_size(block)
    guard let moved = realloc(block, size) else { return nil }
    state.pointee.raw_bytes &+= Int64(truncatingIfNeeded: malloc_usable_size(moved)) &- Int64(
      truncatingIfNeeded: old)
    return moved
  }

  @inline(never)
  private static func allocateFromNewPool(
    _ sizeClass: UInt32, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    if state.pointee.mode != APUS_ALLOCATOR_POOLS {
      if state.pointee.mode == APUS_ALLOCATOR_TRACED {
        guard let memory = malloc(size) else { return nil }
        return AllocationTracing.allocated(memory, size)
      }
      return state.pointee.mode == APUS_ALLOCATOR_DEBUG
        ? DebugBlocks.allocate(size, .object) : malloc(size)
    }
    if state.pointee.initialized == 0 && !initialize() { return nil }
    guard let pool = takePool() else { return nil }
    let blockSize = (sizeClass &+ 1) << 4
    pool.pointee.used = 1
    pool.pointee.size_class = sizeClass
    pool.pointee.max_next_offset = UInt32(poolSize) &- blockSize
    let first = UnsafeMutableRawPointer(pool) + headerSize
    let second = first + Int(blockSize)
    second.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
    pool.pointee.free_block = second
    pool.pointee.next_offset = UInt32(headerSize) &+ blockSize &+ blockSize
    link(pool, sizeClass)
    return first
  }

  private static func initialize() -> Bool {
    guard
      let map = mmap(
        nil, arenaMapSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1, 0), map != MAP_FAILED
    else { return false }
    state.pointee.arena_map = map.assumingMemoryBound(to: UInt8.self)
    state.pointee.usable = -1
    state.pointee.unused = -1
    for sizeClass in 0..<UInt32(APUS_SIZE_CLASSES) {
      let head = apus_used_pool(sizeClass)
      head.pointee.next = head
      head.pointee.previous = head
    }
    state.pointee.initialized = 1
    return true
  }

  // MARK: Pools and arenas

  @inline(__always) private static func arena(_ index: Int32) -> UnsafeMutablePointer<ApusArena> {
    state.pointee.arenas.unsafelyUnwrapped + Int(index)
  }

  /// An unused pool, from the arena with the fewest free ones.
  private static func takePool() -> UnsafeMutablePointer<ApusPool>? {
    if state.pointee.usable < 0 && !addArena() { return nil }
    let index = state.pointee.usable
    let arena = arena(index)
    let pool: UnsafeMutablePointer<ApusPool>
    if let free = arena.pointee.free_pools {
      pool = free
      arena.pointee.free_pools = free.pointee.next
    } else {
      guard let fresh = UnsafeMutablePointer<ApusPool>(bitPattern: arena.pointee.pool_address)
      else { return nil }
      pool = fresh
      if arena.pointee.pool_address & UInt(populatedSize &- 1) == 0 {
        apus_populate(arena.pointee.pool_address, populatedSize)
      }
      arena.pointee.pool_address &+= UInt(poolSize)
    }
    pool.pointee.arena = UInt32(bitPattern: index)
    arena.pointee.free_pool_count &-= 1
    if arena.pointee.free_pool_count == 0 { removeUsable(index) }
    return pool
  }

  private static func removeUsable(_ index: Int32) {
    let item = arena(index)
    if item.pointee.previous >= 0 {
      arena(item.pointee.previous).pointee.next = item.pointee.next
    } else {
      state.pointee.usable = item.pointee.next
    }
    if item.pointee.next >= 0 { arena(item.pointee.next).pointee.previous = item.pointee.previous }
  }

  /// Keeps the usable list ordered: an arena that nearly is free should become free.
  private static func insertUsable(_ index: Int32) {
    let item = arena(index)
    var before: Int32 = -1
    var after = state.pointee.usable
    while after >= 0 && arena(after).pointee.free_pool_count < item.pointee.free_pool_count {
      before = after
      after = arena(after).pointee.next
    }
    item.pointee.previous = before
    item.pointee.next = after
    if before >= 0 { arena(before).pointee.next = index } else { state.pointee.usable = index }
    if after >= 0 { arena(after).pointee.previous = index }
  }

  /// Maps a new arena, aligned to its size.
  private static func addArena() -> Bool {
    if state.pointee.unused < 0 && !growArenaTable() { return false }
    guard
      let raw = mmap(
        nil, arenaSize * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      raw != MAP_FAILED
    else { return false }
    let start = UInt(bitPattern: raw)
    let aligned = (start &+ UInt(arenaSize) &- 1) & ~UInt(arenaSize &- 1)
    if aligned > start { munmap(raw, Int(aligned &- start)) }
    let end = start &+ UInt(arenaSize * 2)
    let alignedEnd = aligned &+ UInt(arenaSize)
    if end > alignedEnd {
      munmap(UnsafeMutableRawPointer(bitPattern: alignedEnd), Int(end &- alignedEnd))
    }
    let index = state.pointee.unused
    let item = arena(index)
    state.pointee.unused = item.pointee.next
    item.pointee.address = aligned
    item.pointee.pool_address = aligned
    item.pointee.total_pools = UInt32(arenaSize / poolSize)
    item.pointee.free_pool_count = item.pointee.total_pools
    item.pointee.free_pools = nil
    state.pointee.arena_map.unsafelyUnwrapped[Int(aligned >> 20)] = 1
    state.pointee.arenas_allocated &+= 1
    state.pointee.arenas_total &+= 1
    state.pointee.arenas_highwater = Swift.max(
      state.pointee.arenas_highwater, state.pointee.arenas_allocated)
    insertUsable(index)
    return true
  }

  private static func growArenaTable() -> Bool {
    let old = Int(state.pointee.arena_capacity)
    let capacity = old == 0 ? 16 : old * 2
    guard let memory = realloc(state.pointee.arenas, capacity * MemoryLayout<ApusArena>.stride)
    else { return false }
    let arenas = memory.assumingMemoryBound(to: ApusArena.self)
    for index in old..<capacity {
      (arenas + index).initialize(to: ApusArena())
      arenas[index].next = index + 1 < capacity ? Int32(index + 1) : -1
    }
    state.pointee.arenas = arenas
    state.pointee.arena_capacity = UInt32(capacity)
    state.pointee.unused = Int32(old)
    return true
  }

  // MARK: Freeing

  /// Whether the address lies in one of our arenas.
  @inline(__always) static func owns(_ block: UnsafeMutableRawPointer) -> Bool {
    let address = UInt(bitPattern: block)
    guard let map = state.pointee.arena_map, address >> 47 == 0 else { return false }
    return map[Int(address >> 20)] != 0
  }

  @inline(__always)
  private static func pool(of block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<ApusPool> {
    let address = UInt(bitPattern: block) & ~UInt(poolSize &- 1)
    return UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  @inline(__always)
  static func free(_ block: UnsafeMutableRawPointer) {
    guard owns(block) else { return freeLarge(block) }
    let pool = pool(of: block)
    let last = pool.pointee.free_block
    block.storeBytes(of: last, as: UnsafeMutableRawPointer?.self)
    pool.pointee.free_block = block
    pool.pointee.used &-= 1
    if last == nil {
      link(pool, pool.pointee.size_class)
      return
    }
    if pool.pointee.used == 0 { release(pool) }
  }

  @inline(never) private static func freeLarge(_ block: UnsafeMutableRawPointer) {
    if state.pointee.mode != APUS_ALLOCATOR_POOLS {
      if state.pointee.mode == APUS_ALLOCATOR_DEBUG {
        DebugBlocks.free(block, .object)
      } else if state.pointee.mode == APUS_ALLOCATOR_TRACED {
        AllocationTracing.freed(block)
        Glibc.free(block)
      } else {
        Glibc.free(block)
      }
      return
    }
    countRaw(block, -1)
    Glibc.free(block)
  }

  /// Gives an empty pool back to its arena, and the arena to the system when it is empty.
  @inline(never)
  private static func release(_ pool: UnsafeMutablePointer<ApusPool>) {
    unlink(pool)
    let index = Int32(bitPattern: pool.pointee.arena)
    let item = arena(index)
    pool.pointee.next = item.pointee.free_pools
    item.pointee.free_pools = pool
    item.pointee.free_pool_count &+= 1
    if item.pointee.free_pool_count == 1 {
      insertUsable(index)
      return
    }
    // The last usable arena is kept, so that a program at its edge does not map and unmap.
    let isOnly = state.pointee.usable == index && item.pointee.next < 0
    if item.pointee.free_pool_count == item.pointee.total_pools && !isOnly {
      unmap(index)
      return
    }
    if item.pointee.next >= 0
      && arena(item.pointee.next).pointee.free_pool_count < item.pointee.free_pool_count
    {
      removeUsable(index)
      insertUsable(index)
    }
  }

  /// Gives every arena back in which nothing is alive, the last one too.
  static func releaseFreeArenas() {
    guard state.pointee.initialized != 0 else { return }
    var index = state.pointee.usable
    while index >= 0 {
      let next = arena(index).pointee.next
      if arena(index).pointee.free_pool_count == arena(index).pointee.total_pools { unmap(index) }
      index = next
    }
  }

  /// Gives a usable arena without a live block back to the system.
  private static func unmap(_ index: Int32) {
    let item = arena(index)
    removeUsable(index)
    state.pointee.arena_map.unsafelyUnwrapped[Int(item.pointee.address >> 20)] = 0
    munmap(UnsafeMutableRawPointer(bitPattern: item.pointee.address), arenaSize)
    item.pointee.address = 0
    item.pointee.next = state.pointee.unused
    state.pointee.unused = index
    state.pointee.arenas_allocated &-= 1
  }

  /// The size of the block an address of ours lies in.
  @inline(__always) static func blockSize(_ block: UnsafeMutableRawPointer) -> Int {
    Int(pool(of: block).pointee.size_class &+ 1) << 4
  }

  /// Whether a block of `size` bytes may stay where it is and is a pool's.
  @inline(__always) static func fits(_ block: UnsafeMutableRawPointer, _ size: Int) -> Bool {
    size <= largestBlock && owns(block) && size <= blockSize(block)
  }

  /// Moves a block to one of another size, keeping its content; nil leaves the old one alone.
  static func reallocate(
    _ block: UnsafeMutableRawPointer?, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    guard let block else { return allocate(size) }
    if size < 0 { return nil }
    if !owns(block) {
      if state.pointee.mode == APUS_ALLOCATOR_DEBUG {
        return DebugBlocks.reallocate(block, size, .object)
      }
      if state.pointee.mode == APUS_ALLOCATOR_TRACED {
        return AllocationTracing.reallocate(block, Swift.max(size, 1))
      }
      if state.pointee.mode == APUS_ALLOCATOR_MALLOC { return realloc(block, Swift.max(size, 1)) }
      return reallocateRaw(block, Swift.max(size, 1))
    }
    let old = blockSize(block)
    // A block that shrinks a little stays: the copy would cost more than the room.
    if size <= old && 4 * size > 3 * old { return block }
    guard let moved = allocate(size) else { return nil }
    memcpy(moved, block, Swift.min(old, size))
    free(block)
    return moved
  }

  /// Calls `body` with each block of the pools that is in use and its size.
  static func forEachBlock(_ body: (UnsafeMutableRawPointer, Int) -> Void) {
    for index in 0..<Int32(bitPattern: state.pointee.arena_capacity) {
      let item = arena(index)
      guard item.pointee.address != 0 else { continue }
      var address = item.pointee.address
      while address < item.pointee.pool_address {
        if let pool = UnsafeMutablePointer<ApusPool>(bitPattern: address), pool.pointee.used > 0 {
          let size = Int(pool.pointee.size_class &+ 1) << 4
          let start = UnsafeMutableRawPointer(pool)
          var free: Set<UnsafeMutableRawPointer> = []
          var next = pool.pointee.free_block
          while let block = next {
            free.insert(block)
            next = block.load(as: UnsafeMutableRawPointer?.self)
          }
          var offset = headerSize
          while offset < Int(pool.pointee.next_offset), offset + size <= poolSize {
            if !free.contains(start + offset) { body(start + offset, size) }
            offset += size
          }
        }
        address &+= UInt(poolSize)
      }
    }
  }

  /// Blocks alive in the object layer, the larger ones included (`sys.getallocatedblocks()`).
  static var allocatedBlocks: Int {
    var count = 0
    for index in 0..<Int32(bitPattern: state.pointee.arena_capacity) {
      let item = arena(index)
      guard item.pointee.address != 0 else { continue }
      var address = item.pointee.address
      while address < item.pointee.pool_address {
        if let pool = UnsafeMutablePointer<ApusPool>(bitPattern: address) {
          count += Int(pool.pointee.used)
        }
        address &+= UInt(poolSize)
      }
    }
    return count + Int(state.pointee.raw_blocks)
  }
}
