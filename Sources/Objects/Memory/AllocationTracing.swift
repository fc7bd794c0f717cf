import CPythonABI
import Glibc

/// The allocator under the eye of `tracemalloc`.
///
/// While a tracer watches, the lists of partly used pools are put aside, so that the allocator's fast
/// path finds nothing and every new block comes from malloc() by way of the tracer. Blocks of pools
/// are older than the watch and go back to their pools unseen. Without a tracer nothing is asked.
public enum AllocationTracing {
  /// Told of every block, with the GIL held. It must not use the object layer itself.
  public struct Tracer {
    public var allocated: @convention(c) (UnsafeMutableRawPointer, Int) -> Void
    public var freed: @convention(c) (UnsafeMutableRawPointer) -> Void

    public init(
      allocated: @escaping @convention(c) (UnsafeMutableRawPointer, Int) -> Void,
      freed: @escaping @convention(c) (UnsafeMutableRawPointer) -> Void
    ) {
      self.allocated = allocated
      self.freed = freed
    }
  }

  nonisolated(unsafe) private static var tracer: Tracer?
  /// The mode to go back to.
  nonisolated(unsafe) private static var mode: Int32 = 0

  /// Where the lists of pools are meanwhile.
  nonisolated(unsafe) static let heads: UnsafeMutablePointer<ApusPool> = {
    let count = Int(APUS_SIZE_CLASSES)
    let heads = PermanentMemory.allocate(ApusPool.self, count: count)
    for index in 0..<count {
      heads[index].next = heads + index
      heads[index].previous = heads + index
    }
    return heads
  }()

  /// Moves a circular list from one sentinel to another.
  private static func move(
    from source: UnsafeMutablePointer<ApusPool>, to target: UnsafeMutablePointer<ApusPool>
  ) {
    guard let first = source.pointee.next, let last = source.pointee.previous, first != source
    else { return }
    let behind = target.pointee.next
    first.pointee.previous = target
    target.pointee.next = first
    last.pointee.next = behind
    behind?.pointee.previous = last
    source.pointee.next = source
    source.pointee.previous = source
  }

  /// Whether blocks can be watched: not those that PYTHONMALLOC=debug marks.
  public static var isPossible: Bool { apus_allocator().pointee.mode != APUS_ALLOCATOR_DEBUG }

  public static func start(_ tracer: Tracer) {
    let state = apus_allocator()
    if state.pointee.mode == APUS_ALLOCATOR_TRACED || !isPossible { return }
    Self.tracer = tracer
    mode = state.pointee.mode
    for index in 0..<UInt32(APUS_SIZE_CLASSES) {
      move(from: apus_used_pool(index), to: heads + Int(index))
    }
    state.pointee.mode = APUS_ALLOCATOR_TRACED
    FreeLists.turnOff()
  }

  public static func stop() {
    let state = apus_allocator()
    if state.pointee.mode != APUS_ALLOCATOR_TRACED { return }
    if mode == APUS_ALLOCATOR_POOLS { FreeLists.turnOn() }
    state.pointee.mode = mode
    for index in 0..<UInt32(APUS_SIZE_CLASSES) {
      move(from: heads + Int(index), to: apus_used_pool(index))
    }
    tracer = nil
  }

  static func allocated(_ block: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer {
    ObjectAllocator.countRaw(block, 1)
    tracer?.allocated(block, size)
    return block
  }

  static func freed(_ block: UnsafeMutableRawPointer) {
    ObjectAllocator.countRaw(block, -1)
    tracer?.freed(block)
  }

  static func reallocate(
    _ block: UnsafeMutableRawPointer, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    guard let moved = ObjectAllocator.reallocateRaw(block, size) else { return nil }
    tracer?.freed(block)
    tracer?.allocated(moved, size)
    return moved
  }
}
