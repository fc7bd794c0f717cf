import CPythonABI
import Glibc

/// Memory that runs out when a test asks for it: allocations fail by their number. Only blocks of
/// `PYTHONMALLOC=debug` take part, so that the other ways to have memory pay nothing.
///
/// `APUS_FAILMALLOC=first[:end]` counts from the start of the process, the module `_failmalloc` from a
/// point of the program. CPython: Modules/_testcapi/mem.c, set_nomemory.
public enum AllocationFailures {
  /// Allocations since counting began.
  nonisolated(unsafe) public private(set) static var count: Int = 0
  /// The first allocation that fails, counted from 1, and the first one behind it that does not.
  nonisolated(unsafe) private static var first = 0
  nonisolated(unsafe) private static var end = 0
  nonisolated(unsafe) private static var isCounting = false

  /// Whether blocks are had in a way that can fail.
  public static var isPossible: Bool { apus_allocator().pointee.mode == APUS_ALLOCATOR_DEBUG }

  /// Lets the allocations number `first` to `end - 1` from here fail; 0 as `end`: all from `first` on.
  /// 0 as `first`: none, they are only counted.
  public static func start(first: Int, end: Int) {
    count = 0
    self.first = first
    self.end = end == 0 ? Int.max : end
    isCounting = true
  }

  /// `first` or `first:end`, as the environment has it. Anything else is ignored.
  static func start(_ range: String) {
    let parts = range.split(separator: ":")
    guard let text = parts.first, let first = Int(text), first >= 0 else { return }
    start(first: first, end: parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }

  public static func stop() { isCounting = false }

  /// Counts an allocation. Whether it is to fail.
  @inline(__always) static var isDue: Bool { isCounting && isNextDue }

  @inline(never) private static var isNextDue: Bool {
    count &+= 1
    return first > 0 && count >= first && count < end
  }
}
