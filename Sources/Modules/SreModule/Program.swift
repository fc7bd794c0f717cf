import CPythonABI
import Glibc
import Objects

/// A validated program with a table for each set: which of the first 256 characters it takes.
struct Program {
  let code: UnsafeMutablePointer<UInt32>
  let count: Int
  /// For the position of a set instruction the number of its table, else -1.
  let tableNumbers: UnsafeMutablePointer<Int32>
  /// 256 bytes of 0 or 1 per table.
  let tables: UnsafeMutablePointer<UInt8>
  let groups: Int

  /// Where the instructions start, behind the INFO block.
  var start: Int { code[0] == Op.info ? 1 + Int(code[1]) : 0 }

  /// Takes over the words.
  init(code: UnsafeMutablePointer<UInt32>, count: Int, groups: Int) {
    self.code = code
    self.count = count
    self.groups = groups
    tableNumbers = .allocate(capacity: count)
    tableNumbers.initialize(repeating: -1, count: count)
    var sets: [Int] = []
    Self.findSets(code, count, &sets)
    tables = .allocate(capacity: Swift.max(sets.count, 1) * 256)
    for (number, place) in sets.enumerated() {
      tableNumbers[place] = Int32(truncatingIfNeeded: number)
      let table = tables + number * 256
      let op = code[place]
      // The INFO block's set has no instruction of its own: its place is that of its first word.
      let set = UnsafePointer(code) + (op == Op.info ? 5 : place + 2)
      for c in UInt32(0)..<256 {
        let folded =
          op == Op.inIgnore
          ? Characters.asciiLower(c) : op == Op.inUniIgnore ? Characters.lower(c) : c
        table[Int(c)] = Characters.isMember(folded, ofSet: set) ? 1 : 0
      }
    }
  }

  func deallocate() {
    code.deallocate()
    tableNumbers.deallocate()
    tables.deallocate()
  }

  /// The places of set instructions. Sets that depend on the locale are left out.
  private static func findSets(_ code: UnsafePointer<UInt32>, _ count: Int, _ sets: inout [Int]) {
    var at = 0
    if code[0] == Op.info {
      if code[2] & Op.infoCharset != 0 && !dependsOnLocale(code, 5) { sets.append(0) }
      at = 1 + Int(code[1])
    }
    findSets(code, at, count, &sets)
  }

  private static func findSets(
    _ code: UnsafePointer<UInt32>, _ start: Int, _ end: Int, _ sets: inout [Int]
  ) {
    var at = start
    while at < end {
      switch code[at] {
      case Op.in, Op.inIgnore, Op.inUniIgnore, Op.inLocIgnore:
        if code[at] != Op.inLocIgnore && !dependsOnLocale(code, at + 2) { sets.append(at) }
        at += 1 + Int(code[at + 1])
      case Op.branch:
        at += 1
        while code[at] != 0 {
          let next = at + Int(code[at])
          findSets(code, at + 1, next - 2, &sets)
          at = next
        }
        at += 1
      case Op.repeat, Op.repeatOne, Op.minRepeatOne, Op.possessiveRepeat, Op.possessiveRepeatOne:
        at += 4
      case Op.assert, Op.assertNot, Op.groupRefExists: at += 3
      case Op.atomicGroup: at += 2
      case Op.success, Op.failure, Op.any, Op.anyAll, Op.maxUntil, Op.minUntil: at += 1
      default: at += 2
      }
    }
  }

  private static func dependsOnLocale(_ code: UnsafePointer<UInt32>, _ start: Int) -> Bool {
    var at = start
    while true {
      switch code[at] {
      case Op.literal: at += 2
      case Op.range, Op.rangeUniIgnore: at += 3
      case Op.category:
        if code[at + 1] == 8 || code[at + 1] == 9 { return true }
        at += 2
      case Op.charset: at += 9
      case Op.bigCharset: at += 2 + 64 + Int(code[at + 1]) * 8
      case Op.negate: at += 1
      default: return false
      }
    }
  }
}
