import Glibc

/// `-X stages`: the three stages of running a program, and what each took.
enum StageTimes {
  enum Stage: String, CaseIterable {
    /// From nothing to an interpreter: types, builtin modules, importlib, streams, site.
    case initialization
    /// From source text to a code object: tokens, tree, symbol table, wordcode.
    case compilation
    /// Running the code object.
    case interpretation
  }

  nonisolated(unsafe) static var isWanted = false
  nonisolated(unsafe) private static var current: (stage: Stage, start: Int64)?
  /// Nanoseconds by stage.
  nonisolated(unsafe) private static var taken: [Stage: Int64] = [:]

  static func begin(_ stage: Stage) {
    if isWanted { current = (stage, now()) }
  }

  static func end() {
    guard let (stage, start) = current else { return }
    taken[stage, default: 0] += now() - start
    current = nil
  }

  static func show() {
    if !isWanted { return }
    for stage in Stage.allCases {
      let microseconds = (taken[stage] ?? 0) / 1000
      RawOutput.write("stage \(stage.rawValue): \(microseconds) us\n", to: 2)
    }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
