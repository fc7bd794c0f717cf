import AST

/// Counts how deep a tree walk is nested, so that deep trees raise RecursionError instead of
/// exhausting the native stack.
///
/// CPython counts the same way (`ENTER_RECURSIVE` in `Python/symtable.c`), with its C recursion
/// limit.
struct RecursionDepth {
  private var current = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// - Throws: `CompileError.recursion` at the limit.
  @inline(__always)
  mutating func enter() throws(CompileError) {
    current += 1
    if current > limit {
      current -= 1
      throw .recursion(message: "maximum recursion depth exceeded during compilation")
    }
  }

  @inline(__always)
  mutating func leave() { current -= 1 }
}
