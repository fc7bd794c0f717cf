import CPythonABI
import Glibc
import Objects

/// How a run of the matcher ends.
enum MatchOutcome {
  case matched, failed
  /// A Python exception is set.
  case raised
}

/// The backtracking stacks of a matcher. They live on the heap: no subject overflows the native
/// stack.
struct MatcherStacks {
  /// What to do when the path taken fails, or what to put back then.
  struct Frame {
    var kind: Kind
    /// The instruction, or the repetition or mark to restore.
    var pc: Int32
    var at: Int
    var a: Int
    var b: Int
  }

  enum Kind: Int32 {
    /// Next alternative; a: repetition.
    case branch
    /// One item fewer; a: items, b: repetition.
    case repeatOne
    /// One item more; a: items, b: repetition.
    case minRepeatOne
    /// Leave the loop; a: repetition.
    case maxUntil
    /// Go round once more; a: repetition.
    case minUntil
    /// Mark `pc` was `a`, `lastIndex` was `b`.
    case mark
    /// Repetition `pc` had count `a` and last position `b`.
    case repetition
    /// The newest repetition goes.
    case popRepetition
    /// Ends of nested programs; a: repetition, b: the barrier outside.
    case assert, assertNot, atomic, possessive
  }

  /// A REPEAT on its way.
  struct Repetition {
    /// Where the REPEAT stands.
    var pc: Int
    var count: Int
    /// Where the last item started, to stop at empty ones; -1 at first.
    var last: Int
    var outer: Int
  }

  var frames: UnsafeMutablePointer<Frame>
  var capacity: Int
  var repetitions: UnsafeMutablePointer<Repetition>
  var repetitionCapacity: Int

  /// The stacks of the last match, for the next one. The GIL guards it.
  nonisolated(unsafe) private static var spare: MatcherStacks?

  static func take() -> MatcherStacks {
    if let known = spare {
      spare = nil
      return known
    }
    return MatcherStacks(
      frames: .allocate(capacity: 256), capacity: 256, repetitions: .allocate(capacity: 32),
      repetitionCapacity: 32)
  }

  func giveBack() {
    // A giant is not kept.
    if Self.spare == nil && capacity <= 1 << 14 && repetitionCapacity <= 1 << 12 {
      Self.spare = self
      return
    }
    frames.deallocate()
    repetitions.deallocate()
  }

  @inline(never) mutating func growFrames() -> Bool {
    let size = capacity * 2 * MemoryLayout<Frame>.stride
    guard let memory = malloc(size) else { return false }
    let larger = memory.bindMemory(to: Frame.self, capacity: capacity * 2)
    larger.update(from: frames, count: capacity)
    frames.deallocate()
    frames = larger
    capacity *= 2
    return true
  }

  @inline(never) mutating func growRepetitions() -> Bool {
    let size = repetitionCapacity * 2 * MemoryLayout<Repetition>.stride
    guard let memory = malloc(size) else { return false }
    let larger = memory.bindMemory(to: Repetition.self, capacity: repetitionCapacity * 2)
    larger.update(from: repetitions, count: repetitionCapacity)
    repetitions.deallocate()
    repetitions = larger
    repetitionCapacity *= 2
    return true
  }
}

/// Runs a program over text of one code unit size.
///
/// Instructions run until one fails; then the newest frame says where to go on. Marks and counts
/// that changed on the way are put back by frames of their own, so an abandoned path leaves no
/// trace. A nested program (lookaround, atomic group, possessive loop) starts with a barrier; when
/// it succeeds, the frames above the barrier that are choices go, those that put back stay.
struct Matcher<Unit: FixedWidthInteger & UnsignedInteger> {
  typealias Frame = MatcherStacks.Frame
  typealias Kind = MatcherStacks.Kind

  let code: UnsafePointer<UInt32>
  let tableNumbers: UnsafePointer<Int32>
  let tables: UnsafePointer<UInt8>
  let text: UnsafePointer<Unit>
  /// The end of what may be looked at (`endpos`).
  let end: Int
  let marks: UnsafeMutablePointer<Int>
  /// The last group closed, -1 for none.
  var lastIndex = -1
  /// Only matches up to `end` count (`fullmatch`).
  var matchAll = false
  /// An empty match where the run started does not count.
  var mustAdvance = false
  /// Where the match ended.
  var matchEnd = 0

  var stacks: MatcherStacks
  var top = 0
  var repetitionCount = 0
  var ticks = 0

  init(_ program: Program, text: UnsafePointer<Unit>, end: Int, marks: UnsafeMutablePointer<Int>) {
    code = UnsafePointer(program.code)
    tableNumbers = UnsafePointer(program.tableNumbers)
    tables = UnsafePointer(program.tables)
    self.text = text
    self.end = end
    self.marks = marks
    stacks = MatcherStacks.take()
  }

  @inline(__always)
  private mutating func push(_ kind: Kind, _ pc: Int, _ at: Int, _ a: Int, _ b: Int) -> Bool {
    if top == stacks.capacity && !stacks.growFrames() { return false }
    stacks.frames[top] = Frame(
      kind: kind, pc: Int32(truncatingIfNeeded: pc), at: at, a: a, b: b)
    top &+= 1
    return true
  }

  private mutating func pushRepetition(_ pc: Int, _ outer: Int) -> Bool {
    if repetitionCount == stacks.repetitionCapacity && !stacks.growRepetitions() { return false }
    stacks.repetitions[repetitionCount] = .init(pc: pc, count: -1, last: -1, outer: outer)
    repetitionCount += 1
    return push(.popRepetition, 0, 0, 0, 0)
  }

  /// Removes a barrier and the choices above it.
  private mutating func cut(_ barrier: Int) {
    var kept = barrier
    var index = barrier + 1
    while index < top {
      switch stacks.frames[index].kind {
      case .mark, .repetition, .popRepetition:
        stacks.frames[kept] = stacks.frames[index]
        kept += 1
      default: break
      }
      index += 1
    }
    top = kept
  }

  @inline(__always)
  func isInSet(_ c: UInt32, _ pc: Int) -> Bool {
    let number = tableNumbers[pc]
    if c < 256 && number >= 0 { return tables[Int(number) &* 256 &+ Int(c)] != 0 }
    return isInSetSlowly(c, pc)
  }

  @inline(never)
  func isInSetSlowly(_ c: UInt32, _ pc: Int) -> Bool {
    switch code[pc] {
    case Op.inIgnore: return Characters.isMember(Characters.asciiLower(c), ofSet: code + pc + 2)
    case Op.inUniIgnore: return Characters.isMember(Characters.lower(c), ofSet: code + pc + 2)
    case Op.inLocIgnore:
      return Characters.isMemberIgnoringLocaleCase(c, ofSet: code + pc + 2)
    case Op.info: return Characters.isMember(c, ofSet: code + 5)
    default: return Characters.isMember(c, ofSet: code + pc + 2)
    }
  }

  /// Whether the instruction at `pc`, which takes one character, takes this one.
  @inline(__always)
  func takes(_ c: UInt32, _ pc: Int) -> Bool {
    switch code[pc] {
    case Op.any: return c != 10
    case Op.anyAll: return true
    case Op.in, Op.inIgnore, Op.inUniIgnore, Op.inLocIgnore: return isInSet(c, pc)
    case Op.literal: return c == code[pc + 1]
    case Op.notLiteral: return c != code[pc + 1]
    case Op.literalIgnore: return Characters.asciiLower(c) == code[pc + 1]
    case Op.notLiteralIgnore: return Characters.asciiLower(c) != code[pc + 1]
    case Op.literalUniIgnore: return Characters.lower(c) == code[pc + 1]
    case Op.notLiteralUniIgnore: return Characters.lower(c) != code[pc + 1]
    case Op.literalLocIgnore: return Characters.localeEquals(code[pc + 1], c)
    case Op.notLiteralLocIgnore: return !Characters.localeEquals(code[pc + 1], c)
    case Op.category: return Characters.isMember(c, of: code[pc + 1])
    default: return false
    }
  }

  /// How many characters from `start` on the instruction at `pc` takes, at most `most`.
  private func count(_ pc: Int, _ start: Int, most: UInt32) -> Int {
    let limit = Int(most) < end &- start ? start &+ Int(most) : end
    var at = start
    switch code[pc] {
    case Op.anyAll: return limit &- start
    case Op.any:
      while at < limit && text[at] != 10 { at &+= 1 }
    case Op.literal:
      guard let c = Unit(exactly: code[pc + 1]) else { return 0 }
      while at < limit && text[at] == c { at &+= 1 }
    case Op.notLiteral:
      guard let c = Unit(exactly: code[pc + 1]) else { return limit - start }
      while at < limit && text[at] != c { at &+= 1 }
    case Op.in, Op.inIgnore, Op.inUniIgnore:
      let number = Int(tableNumbers[pc])
      if Unit.bitWidth == 8 && number >= 0 {
        let table = tables + number &* 256
        while at < limit && table[Int(text[at])] != 0 { at &+= 1 }
      } else {
        while at < limit && isInSet(UInt32(text[at]), pc) { at &+= 1 }
      }
    default:
      while at < limit && takes(UInt32(text[at]), pc) { at &+= 1 }
    }
    return at &- start
  }

  @inline(__always)
  private func isAt(_ place: UInt32, _ at: Int) -> Bool {
    switch place {
    case 0, 2: return at == 0
    case 1: return at == 0 || text[at - 1] == 10
    case 3, 4, 8, 9, 10, 11:
      if end == 0 { return false }
      let before: Bool
      let after: Bool
      switch place {
      case 3, 4:
        before = at > 0 && Characters.isAsciiWord(UInt32(text[at - 1]))
        after = at < end && Characters.isAsciiWord(UInt32(text[at]))
      case 8, 9:
        before = at > 0 && Characters.isLocaleWord(UInt32(text[at - 1]))
        after = at < end && Characters.isLocaleWord(UInt32(text[at]))
      default:
        before = at > 0 && Characters.isWord(UInt32(text[at - 1]))
        after = at < end && Characters.isWord(UInt32(text[at]))
      }
      return (before != after) == (place == 3 || place == 8 || place == 10)
    case 5: return at == end || (at == end - 1 && text[at] == 10)
    case 6: return at == end || text[at] == 10
    case 7: return at == end
    default: return false
    }
  }

  /// The end of a repeated group's text at `at`, or nil when it is not there.
  private func repeated(_ op: UInt32, _ group: Int, _ start: Int) -> Int? {
    let from = marks[2 * group]
    let to = marks[2 * group + 1]
    if from < 0 || to < from { return nil }
    if to - from > end - start { return nil }
    var at = start
    for index in from..<to {
      let a = UInt32(text[index])
      let b = UInt32(text[at])
      let equal: Bool
      switch op {
      case Op.groupRef: equal = a == b
      case Op.groupRefIgnore: equal = Characters.asciiLower(a) == Characters.asciiLower(b)
      case Op.groupRefLocIgnore: equal = Characters.localeLower(a) == Characters.localeLower(b)
      default: equal = Characters.lower(a) == Characters.lower(b)
      }
      if !equal { return nil }
      at += 1
    }
    return at
  }

  /// Whether a step count is reached at which signals are looked at; false when one raised.
  @inline(__always)
  private mutating func tick() -> Bool {
    ticks &+= 1
    return ticks & 0x3FFF != 0 || PyErr_CheckSignals() == 0
  }

  /// Runs from instruction `pc0` at character `at0`. `origin` is where the match starts.
  mutating func run(_ pc0: Int, _ at0: Int, origin: Int) -> MatchOutcome {
    let code = self.code
    let text = self.text
    let end = self.end
    var pc = pc0
    var at = at0
    var repetition = -1
    var barrier = -1
    top = 0
    repetitionCount = 0
    while true {
      advance: while true {
        let op = code[pc]
        switch op {
        case Op.literal:
          if at >= end || UInt32(text[at]) != code[pc &+ 1] { break advance }
          at &+= 1
          pc &+= 2
        case Op.in, Op.inIgnore, Op.inUniIgnore, Op.inLocIgnore:
          if at >= end || !isInSet(UInt32(text[at]), pc) { break advance }
          at &+= 1
          pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.any:
          if at >= end || text[at] == 10 { break advance }
          at &+= 1
          pc &+= 1
        case Op.anyAll:
          if at >= end { break advance }
          at &+= 1
          pc &+= 1
        case Op.notLiteral, Op.literalIgnore, Op.notLiteralIgnore, Op.literalUniIgnore,
          Op.notLiteralUniIgnore, Op.literalLocIgnore, Op.notLiteralLocIgnore, Op.category:
          if at >= end || !takes(UInt32(text[at]), pc) { break advance }
          at &+= 1
          pc &+= 2
        case Op.mark:
          let mark = Int(code[pc &+ 1])
          if !push(.mark, mark, 0, marks[mark], lastIndex) { return noMemory() }
          marks[mark] = at
          if mark & 1 != 0 { lastIndex = mark / 2 + 1 }
          pc &+= 2
        case Op.at:
          if !isAt(code[pc &+ 1], at) { break advance }
          pc &+= 2
        case Op.jump: pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.info: pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.branch:
          guard let next = alternative(pc &+ 1, at) else { break advance }
          if code[next &+ Int(code[next])] != 0
            && !push(.branch, next &+ Int(code[next]), at, repetition, 0)
          {
            return noMemory()
          }
          pc = next &+ 1
        case Op.repeatOne:
          let least = Int(code[pc &+ 2])
          if least > end &- at { break advance }
          let taken = count(pc &+ 4, at, most: code[pc &+ 3])
          if taken < least { break advance }
          let tail = pc &+ 1 &+ Int(code[pc &+ 1])
          var use = taken
          if code[tail] == Op.literal {
            // Only where the next literal stands can the rest match.
            use = last(code[tail &+ 1], at, from: taken, downTo: least)
            if use < least { break advance }
          }
          if use > least && !push(.repeatOne, pc, at, use, repetition) { return noMemory() }
          at &+= use
          pc = tail
        case Op.minRepeatOne:
          let least = code[pc &+ 2]
          if Int(least) > end &- at { break advance }
          if least > 0 && count(pc &+ 4, at, most: least) < Int(least) { break advance }
          at &+= Int(least)
          if !push(.minRepeatOne, pc, at, Int(least), repetition) { return noMemory() }
          pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.possessiveRepeatOne:
          let least = Int(code[pc &+ 2])
          if least > end &- at { break advance }
          let taken = count(pc &+ 4, at, most: code[pc &+ 3])
          if taken < least { break advance }
          at &+= taken
          pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.repeat:
          if !pushRepetition(pc, repetition) { return noMemory() }
          repetition = repetitionCount &- 1
          pc &+= 1 &+ Int(code[pc &+ 1])
        case Op.maxUntil, Op.minUntil:
          if !tick() { return .raised }
          if repetition < 0 { return internalError() }
          let loop = stacks.repetitions[repetition]
          let rounds = loop.count &+ 1
          let most = code[loop.pc &+ 3]
          if rounds < Int(code[loop.pc &+ 2]) {
            if !push(.repetition, repetition, 0, loop.count, loop.last) { return noMemory() }
            stacks.repetitions[repetition].count = rounds
            pc = loop.pc &+ 4
          } else if op == Op.minUntil {
            if !push(.minUntil, pc, at, repetition, 0) { return noMemory() }
            repetition = loop.outer
            pc &+= 1
          } else if (most == Op.maxRepeat || rounds < Int(most)) && at != loop.last {
            if !push(.maxUntil, pc, at, repetition, 0)
              || !push(.repetition, repetition, 0, loop.count, loop.last)
            {
              return noMemory()
            }
            stacks.repetitions[repetition].count = rounds
            stacks.repetitions[repetition].last = at
            pc = loop.pc &+ 4
          } else {
            repetition = loop.outer
            pc &+= 1
          }
        case Op.possessiveRepeat:
          if !pushRepetition(pc, repetition) { return noMemory() }
          let own = repetitionCount &- 1
          stacks.repetitions[own].count = 0
          if code[pc &+ 3] == 0 {
            pc &+= 2 &+ Int(code[pc &+ 1])
          } else {
            if code[pc &+ 2] == 0 { stacks.repetitions[own].last = at }
            if !push(.possessive, pc, at, own, barrier) { return noMemory() }
            barrier = top &- 1
            pc &+= 4
          }
        case Op.atomicGroup:
          if !push(.atomic, pc, at, repetition, barrier) { return noMemory() }
          barrier = top &- 1
          pc &+= 2
        case Op.assert, Op.assertNot:
          let back = Int(code[pc &+ 2])
          if at < back {
            if op == Op.assert { break advance }
            pc &+= 1 &+ Int(code[pc &+ 1])
            continue advance
          }
          if !push(op == Op.assert ? .assert : .assertNot, pc, at, repetition, barrier) {
            return noMemory()
          }
          barrier = top &- 1
          at &-= back
          pc &+= 3
        case Op.groupRef, Op.groupRefIgnore, Op.groupRefLocIgnore, Op.groupRefUniIgnore:
          guard let next = repeated(op, Int(code[pc &+ 1]), at) else { break advance }
          at = next
          pc &+= 2
        case Op.groupRefExists:
          let group = Int(code[pc &+ 1])
          if marks[2 * group] < 0 || marks[2 * group + 1] < marks[2 * group] {
            pc &+= 1 &+ Int(code[pc &+ 2])
          } else {
            pc &+= 3
          }
        case Op.success:
          if barrier < 0 {
            if (matchAll && at != end) || (mustAdvance && at == origin) { break advance }
            matchEnd = at
            return .matched
          }
          let frame = stacks.frames[barrier]
          let here = barrier
          barrier = frame.b
          let start = Int(frame.pc)
          switch frame.kind {
          case .assert:
            cut(here)
            at = frame.at
            repetition = frame.a
            pc = start &+ 1 &+ Int(code[start &+ 1])
          case .assertNot:
            // What was found must not be there: undo it and fail.
            while top > here &+ 1 {
              top &-= 1
              putBack(stacks.frames[top])
            }
            top = here
            break advance
          case .atomic:
            cut(here)
            repetition = frame.a
            pc = start &+ 1 &+ Int(code[start &+ 1])
          default:
            if !tick() { return .raised }
            cut(here)
            let own = frame.a
            let rounds = stacks.repetitions[own].count &+ 1
            stacks.repetitions[own].count = rounds
            let needed = rounds < Int(code[start &+ 2])
            let most = code[start &+ 3]
            if needed
              || ((most == Op.maxRepeat || rounds < Int(most))
                && at != stacks.repetitions[own].last)
            {
              if !needed { stacks.repetitions[own].last = at }
              if !push(.possessive, start, at, own, barrier) { return noMemory() }
              barrier = top &- 1
              pc = start &+ 4
            } else {
              repetition = stacks.repetitions[own].outer
              pc = start &+ 2 &+ Int(code[start &+ 1])
            }
          }
        default: break advance
        }
      }
      // The path failed: the newest frame decides.
      back: while true {
        if top == 0 { return .failed }
        top &-= 1
        let frame = stacks.frames[top]
        let start = Int(frame.pc)
        switch frame.kind {
        case .mark, .repetition, .popRepetition: putBack(frame)
        case .branch:
          guard let next = alternative(start, frame.at) else { continue back }
          at = frame.at
          repetition = frame.a
          if code[next &+ Int(code[next])] != 0 {
            // Its slot is still there.
            stacks.frames[top].pc = Int32(truncatingIfNeeded: next &+ Int(code[next]))
            top &+= 1
          }
          pc = next &+ 1
          if !tick() { return .raised }
          break back
        case .repeatOne:
          let least = Int(code[start &+ 2])
          let tail = start &+ 1 &+ Int(code[start &+ 1])
          var use = frame.a &- 1
          if code[tail] == Op.literal {
            use = last(code[tail &+ 1], frame.at, from: use, downTo: least)
            if use < least { continue back }
          }
          if use > least {
            stacks.frames[top].a = use
            top &+= 1
          }
          at = frame.at &+ use
          repetition = frame.b
          pc = tail
          if !tick() { return .raised }
          break back
        case .minRepeatOne:
          let most = code[start &+ 3]
          var taken = frame.a
          at = frame.at
          let tail = start &+ 1 &+ Int(code[start &+ 1])
          repeat {
            if most != Op.maxRepeat && taken >= Int(most) { continue back }
            if at >= end || !takes(UInt32(text[at]), start &+ 4) { continue back }
            at &+= 1
            taken &+= 1
          } while code[tail] == Op.literal && (at >= end || UInt32(text[at]) != code[tail &+ 1])
          stacks.frames[top].at = at
          stacks.frames[top].a = taken
          top &+= 1
          repetition = frame.b
          pc = tail
          if !tick() { return .raised }
          break back
        case .maxUntil:
          at = frame.at
          repetition = stacks.repetitions[frame.a].outer
          pc = start &+ 1
          if !tick() { return .raised }
          break back
        case .minUntil:
          let loop = stacks.repetitions[frame.a]
          let rounds = loop.count &+ 1
          let most = code[loop.pc &+ 3]
          if (most != Op.maxRepeat && rounds >= Int(most)) || frame.at == loop.last {
            continue back
          }
          at = frame.at
          repetition = frame.a
          if !push(.repetition, repetition, 0, loop.count, loop.last) { return noMemory() }
          stacks.repetitions[repetition].count = rounds
          stacks.repetitions[repetition].last = at
          pc = loop.pc &+ 4
          if !tick() { return .raised }
          break back
        case .assert, .atomic: barrier = frame.b
        case .assertNot:
          barrier = frame.b
          at = frame.at
          repetition = frame.a
          pc = start &+ 1 &+ Int(code[start &+ 1])
          break back
        case .possessive:
          barrier = frame.b
          if stacks.repetitions[frame.a].count < Int(code[start &+ 2]) { continue back }
          at = frame.at
          repetition = stacks.repetitions[frame.a].outer
          pc = start &+ 2 &+ Int(code[start &+ 1])
          break back
        }
      }
    }
  }

  @inline(__always)
  private mutating func putBack(_ frame: Frame) {
    switch frame.kind {
    case .mark:
      marks[Int(frame.pc)] = frame.a
      lastIndex = frame.b
    case .repetition:
      stacks.repetitions[Int(frame.pc)].count = frame.a
      stacks.repetitions[Int(frame.pc)].last = frame.b
    case .popRepetition: repetitionCount &-= 1
    default: break
    }
  }

  /// From alternative `place` (its skip) on the first whose first character can match here.
  @inline(__always)
  private func alternative(_ place: Int, _ at: Int) -> Int? {
    var place = place
    while code[place] != 0 {
      let first = code[place &+ 1]
      if first == Op.literal {
        if at < end && UInt32(text[at]) == code[place &+ 2] { return place }
      } else if first == Op.in {
        if at < end && isInSet(UInt32(text[at]), place &+ 1) { return place }
      } else {
        return place
      }
      place &+= Int(code[place])
    }
    return nil
  }

  /// The largest number of items, at most `from`, behind which the literal stands; less than
  /// `least` when there is none.
  @inline(__always)
  private func last(_ literal: UInt32, _ start: Int, from: Int, downTo least: Int) -> Int {
    guard let c = Unit(exactly: literal) else { return least &- 1 }
    var use = from
    if start &+ use >= end { use = end &- start &- 1 }
    while use >= least && text[start &+ use] != c { use &-= 1 }
    return use
  }

  @inline(never) private func noMemory() -> MatchOutcome {
    _ = PyErr_NoMemory()
    return .raised
  }

  @inline(never) private func internalError() -> MatchOutcome {
    _ = raise(.runtimeError, "internal error in regular expression engine")
    return .raised
  }
}
