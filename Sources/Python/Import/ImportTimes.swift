import CPythonABI
import Glibc
import Objects

/// `-X importtime`: what each import took, itself and with what it imported. CPython: Python/import.c,
/// import_find_and_load.
enum ImportTimes {
  nonisolated(unsafe) static var isWanted = false
  nonisolated(unsafe) private static var isHeaderPrinted = false
  nonisolated(unsafe) private static var level = 0
  /// Nanoseconds taken by the imports that the current one made.
  nonisolated(unsafe) private static var inner: Int64 = 0

  /// What `end` must know: the start, and what the surrounding import's own imports took so far.
  struct Outer {
    var start: Int64
    var inner: Int64
  }

  static func begin() -> Outer {
    if !isHeaderPrinted {
      RawOutput.write("import time: self [us] | cumulative | imported package\n", to: 2)
      isHeaderPrinted = true
    }
    level += 1
    let outer = Outer(start: now(), inner: inner)
    inner = 0
    return outer
  }

  static func end(_ outer: Outer, _ name: Ref) {
    let whole = now() - outer.start
    level -= 1
    let shown = name.isStr ? text(of: name) : "?"
    RawOutput.write(
      "import time: \(padded((whole - inner + 999) / 1000, 9)) | \(padded((whole + 999) / 1000, 10)) | "
        + String(repeating: " ", count: level * 2) + shown + "\n", to: 2)
    inner = outer.inner + whole
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
