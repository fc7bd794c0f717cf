import CPythonABI
import Glibc
import Objects

extension Matcher {
  /// Runs at the first place from `start` on that matches; where it starts goes to `origin`.
  mutating func search(_ program: Program, from start: Int, origin: inout Int) -> MatchOutcome {
    var at = start
    var last = end
    let first = program.start
    var flags: UInt32 = 0
    if code[0] == Op.info {
      flags = code[2]
      let least = Int(code[3])
      if least > 0 {
        if end - at < least { return .failed }
        last = end - least
      }
    }
    if flags & Op.infoPrefix != 0 && !matchAll {
      return searchPrefix(from: start, to: last, isAll: flags & Op.infoLiteral != 0, &origin)
    }
    if flags & Op.infoCharset != 0 {
      let number = Int(tableNumbers[0])
      let table = tables + Swift.max(number, 0) * 256
      let stop = Swift.min(last + 1, end)
      let text = self.text
      while true {
        if number < 0 {
          while at < stop && !Characters.isMember(UInt32(text[at]), ofSet: code + 5) { at &+= 1 }
        } else if Unit.bitWidth == 8 {
          while at < stop && table[Int(text[at])] == 0 { at &+= 1 }
        } else {
          while at < stop
            && !(UInt32(text[at]) < 256
              ? table[Int(truncatingIfNeeded: text[at])] != 0
              : Characters.isMember(UInt32(text[at]), ofSet: code + 5))
          {
            at &+= 1
          }
        }
        if at >= stop { return .failed }
        let outcome = run(first, at, origin: at)
        if outcome != .failed {
          origin = at
          return outcome
        }
        mustAdvance = false
        at &+= 1
      }
    }
    let literal: Unit? = code[first] == Op.literal ? Unit(exactly: code[first + 1]) : nil
    if code[first] == Op.literal && literal == nil { return .failed }
    let isSingle = literal == nil && takesOne(code[first])
    if code[first] == Op.at && (code[first + 1] == 0 || code[first + 1] == 2) {
      // Anchored at the beginning: nowhere else.
      if at > 0 { return .failed }
      last = 0
    }
    while at <= last {
      if let literal {
        guard let found = find(literal, from: at, to: end) else { return .failed }
        at = found
        if at > last { return .failed }
      } else if isSingle {
        // No need to start where the first character cannot match.
        while at < end && !takes(UInt32(text[at]), first) { at &+= 1 }
        if at > last || at >= end { return .failed }
      }
      let outcome = run(first, at, origin: at)
      if outcome != .failed {
        origin = at
        return outcome
      }
      mustAdvance = false
      at &+= 1
    }
    return .failed
  }

  /// Whether an instruction stands for exactly one character.
  private func takesOne(_ op: UInt32) -> Bool {
    switch op {
    case Op.in, Op.inIgnore, Op.inUniIgnore, Op.inLocIgnore, Op.notLiteral, Op.literalIgnore,
      Op.notLiteralIgnore, Op.literalUniIgnore, Op.notLiteralUniIgnore, Op.literalLocIgnore,
      Op.notLiteralLocIgnore, Op.category:
      return true
    default: return false
    }
  }

  /// The first place of a character.
  @inline(__always)
  private func find(_ c: Unit, from: Int, to: Int) -> Int? {
    if Unit.bitWidth == 8 {
      if from >= to { return nil }
      let start = UnsafeRawPointer(text)
      guard let found = memchr(start + from, Int32(truncatingIfNeeded: c), to - from) else {
        return nil
      }
      return UnsafeRawPointer(found) - start
    }
    var at = from
    while at < to {
      if text[at] == c { return at }
      at &+= 1
    }
    return nil
  }

  /// All matches start with the literals of the INFO block.
  private mutating func searchPrefix(
    from start: Int, to last: Int, isAll: Bool, _ origin: inout Int
  ) -> MatchOutcome {
    let length = Int(code[5])
    let skip = Int(code[6])
    let prefix = code + 7
    let overlap = prefix + length
    guard let head = Unit(exactly: prefix[0]) else { return .failed }
    // Instructions of the literals before the first group need not run again.
    let body = 1 + Int(code[1]) + 2 * skip
    for index in 1..<Swift.max(length, 1) where Unit(exactly: prefix[index]) == nil {
      return .failed
    }
    var at = start
    var known = 0
    while at < end {
      if known == 0 {
        guard let found = find(head, from: at, to: end) else { return .failed }
        at = found &+ 1
        if found > last { return .failed }
        known = 1
      } else if UInt32(text[at]) == prefix[known] {
        known &+= 1
        at &+= 1
      } else {
        // Knuth-Morris-Pratt: what is known of the prefix's own repetitions.
        known = Int(overlap[known &- 1])
        continue
      }
      if known < length { continue }
      let place = at - length
      if isAll {
        origin = place
        matchEnd = at
        return .matched
      }
      let outcome = run(body, place + skip, origin: place)
      if outcome != .failed {
        origin = place
        return outcome
      }
      mustAdvance = false
      known = Int(overlap[length - 1])
    }
    return .failed
  }
}
