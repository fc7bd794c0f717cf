/// Checks that words are a program the matcher can run without leaving them.
/// CPython: Modules/_sre/sre.c, _validate.
struct CodeValidation {
  let code: UnsafePointer<UInt32>
  let groups: Int

  static func isValid(_ code: UnsafePointer<UInt32>, _ count: Int, groups: Int) -> Bool {
    guard groups >= 0, groups <= Op.maxGroups, count > 0, code[count - 1] == Op.success else {
      return false
    }
    let validation = CodeValidation(code: code, groups: groups)
    var at = 0
    if code[0] == Op.info {
      guard let end = validation.info(count) else { return false }
      at = end
    }
    return validation.body(at, count - 1, depth: 0)
  }

  /// The position a skip at `place` leads to, within `limit`.
  private func target(_ place: Int, _ limit: Int) -> Int? {
    guard place < limit else { return nil }
    let skip = Int(code[place])
    return skip <= limit - place ? place + skip : nil
  }

  private func info(_ count: Int) -> Int? {
    guard count > 5, let end = target(1, count - 1), end >= 5 else { return nil }
    let flags = code[2]
    if flags & ~7 != 0 || (flags & Op.infoPrefix != 0 && flags & Op.infoCharset != 0) { return nil }
    if flags & Op.infoLiteral != 0 && flags & Op.infoPrefix == 0 { return nil }
    if flags & Op.infoPrefix != 0 {
      guard end >= 7 else { return nil }
      let length = Int(code[5])
      guard length > 0, Int(code[6]) <= length, end - 7 == 2 * length else { return nil }
      // The matcher steps over the instructions of the literals to skip.
      let skipped = Int(code[6])
      guard count - end > 2 * skipped else { return nil }
      for index in 0..<skipped where code[end + 2 * index] != Op.literal { return nil }
      for index in 0..<length where Int(code[7 + length + index]) >= length { return nil }
    }
    if flags & Op.infoCharset != 0 {
      guard set(5, end) else { return nil }
    }
    return end
  }

  /// A set up to and with its FAILURE.
  private func set(_ start: Int, _ end: Int) -> Bool {
    guard start < end, code[end - 1] == Op.failure else { return false }
    var at = start
    while at < end - 1 {
      let op = code[at]
      at += 1
      switch op {
      case Op.negate: break
      case Op.literal: at += 1
      case Op.range, Op.rangeUniIgnore: at += 2
      case Op.category:
        guard at < end - 1, code[at] <= 17 else { return false }
        at += 1
      case Op.charset: at += 8
      case Op.bigCharset:
        guard at < end - 1 else { return false }
        let blocks = Int(code[at])
        guard blocks <= 256, at + 1 + 64 + blocks * 8 <= end - 1 else { return false }
        for word in 0..<64 {
          let four = code[at + 1 + word]
          for shift in stride(from: UInt32(0), to: 32, by: 8)
          where Int((four >> shift) & 255) >= blocks { return false }
        }
        at += 1 + 64 + blocks * 8
      default: return false
      }
      if at > end - 1 { return false }
    }
    return at == end - 1
  }

  private static let depthLimit = 3000

  private func body(_ start: Int, _ end: Int, depth: Int) -> Bool {
    if depth > Self.depthLimit { return false }
    var at = start
    while at < end {
      let op = code[at]
      let first = at + 1
      switch op {
      case Op.mark:
        guard first < end, Int(code[first]) < 2 * groups else { return false }
        at += 2
      case Op.literal, Op.notLiteral, Op.literalIgnore, Op.notLiteralIgnore, Op.literalLocIgnore,
        Op.notLiteralLocIgnore, Op.literalUniIgnore, Op.notLiteralUniIgnore:
        guard first < end else { return false }
        at += 2
      case Op.success, Op.failure, Op.any, Op.anyAll: at += 1
      case Op.at:
        guard first < end, code[first] <= 11 else { return false }
        at += 2
      case Op.category:
        guard first < end, code[first] <= 17 else { return false }
        at += 2
      case Op.in, Op.inIgnore, Op.inLocIgnore, Op.inUniIgnore:
        guard let next = target(first, end), set(first + 1, next) else { return false }
        at = next
      case Op.groupRef, Op.groupRefIgnore, Op.groupRefLocIgnore, Op.groupRefUniIgnore:
        guard first < end, Int(code[first]) < groups else { return false }
        at += 2
      case Op.branch:
        guard let next = branch(first, end, depth) else { return false }
        at = next
      case Op.repeatOne, Op.minRepeatOne, Op.possessiveRepeatOne:
        guard let next = target(first, end), first + 4 < next, code[first + 1] <= code[first + 2],
          code[next - 1] == Op.success, isUnit(first + 3, next - 1)
        else { return false }
        at = next
      case Op.repeat, Op.possessiveRepeat:
        guard let next = target(first, end), next < end, first + 2 < next,
          code[first + 1] <= code[first + 2], body(first + 3, next, depth: depth + 1)
        else { return false }
        if op == Op.possessiveRepeat {
          if code[next] != Op.success { return false }
        } else if code[next] != Op.maxUntil && code[next] != Op.minUntil {
          return false
        }
        at = next + 1
      case Op.atomicGroup:
        guard let next = target(first, end), next > first + 1, code[next - 1] == Op.success,
          body(first + 1, next - 1, depth: depth + 1)
        else { return false }
        at = next
      case Op.assert, Op.assertNot:
        guard let next = target(first, end), next > first + 2, code[first + 1] & 0x8000_0000 == 0,
          code[next - 1] == Op.success, body(first + 2, next - 1, depth: depth + 1)
        else { return false }
        at = next
      case Op.groupRefExists:
        guard first + 1 < end, Int(code[first]) < groups, let next = conditional(first, end, depth)
        else { return false }
        at = next
      default: return false
      }
    }
    return at == end
  }

  /// Alternatives, which all jump to the same place.
  private func branch(_ start: Int, _ end: Int, _ depth: Int) -> Int? {
    var at = start
    var after: Int?
    while true {
      guard at < end else { return nil }
      if code[at] == 0 { break }
      guard let next = target(at, end), next - at >= 3, code[next - 2] == Op.jump,
        let goal = target(next - 1, end), goal > next,
        body(at + 1, next - 2, depth: depth + 1)
      else { return nil }
      if let after, after != goal { return nil }
      after = goal
      at = next
    }
    guard let after, after == at + 1 else { return nil }
    return after
  }

  private func conditional(_ place: Int, _ end: Int, _ depth: Int) -> Int? {
    // Counted from the group's word, which stands before the skip.
    let skip = Int(code[place + 1])
    guard skip >= 2, skip <= end - place else { return nil }
    let other = place + skip
    // A JUMP before the other branch ends the first one.
    if other - place >= 4, code[other - 2] == Op.jump, let goal = target(other - 1, end),
      goal > other, body(place + 2, other - 2, depth: depth + 1),
      body(other, goal, depth: depth + 1)
    {
      return goal
    }
    return body(place + 2, other, depth: depth + 1) ? other : nil
  }

  /// One instruction that takes one character.
  private func isUnit(_ start: Int, _ end: Int) -> Bool {
    switch code[start] {
    case Op.any, Op.anyAll: return end == start + 1
    case Op.literal, Op.notLiteral, Op.literalIgnore, Op.notLiteralIgnore, Op.literalLocIgnore,
      Op.notLiteralLocIgnore, Op.literalUniIgnore, Op.notLiteralUniIgnore:
      return end == start + 2
    case Op.category: return end == start + 2 && code[start + 1] <= 17
    case Op.in, Op.inIgnore, Op.inLocIgnore, Op.inUniIgnore:
      guard let next = target(start + 1, end) else { return false }
      return next == end && set(start + 2, next)
    default: return false
    }
  }
}
