import CPythonABI

/// The name somebody may have meant. CPython: Python/suggestions.c.
public enum Suggestions {
  private static let mostCandidates = 750
  private static let longestName = 40
  private static let moveCost = 2
  private static let caseCost = 1

  /// The candidate nearest to a wrong name by edit distance, nil when none is near enough.
  public static func closest(to name: String, among candidates: [String]) -> String? {
    if candidates.count > mostCandidates { return nil }
    let wrong = Array(name.utf8)
    if wrong.count > longestName { return nil }
    var best: String?
    var bestDistance = Int.max
    for candidate in candidates where candidate != name {
      let other = Array(candidate.utf8)
      if other.count > longestName { continue }
      var limit = (wrong.count + other.count + 3) * moveCost / 6
      limit = Swift.min(limit, bestDistance - 1)
      let distance = distance(wrong, other, limit: limit)
      if distance > limit { continue }
      if distance < bestDistance {
        best = candidate
        bestDistance = distance
      }
    }
    return best
  }

  /// Levenshtein distance where a change of case costs half; more than `limit` when it is exceeded.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
    var a = a[...]
    var b = b[...]
    while let x = a.first, let y = b.first, x == y {
      a.removeFirst()
      b.removeFirst()
    }
    while let x = a.last, let y = b.last, x == y {
      a.removeLast()
      b.removeLast()
    }
    if a.isEmpty || b.isEmpty { return (a.count + b.count) * moveCost }
    if b.count < a.count { swap(&a, &b) }
    if (b.count - a.count) * moveCost > limit { return limit + 1 }
    var row = (1...a.count).map { $0 * moveCost }
    let short = Array(a)
    var result = 0
    for (index, code) in b.enumerated() {
      var distance = index * moveCost
      result = distance
      var least = Int.max
      for position in 0..<short.count {
        let substitute = distance + cost(code, short[position])
        distance = row[position]
        let insertDelete = Swift.min(result, distance) + moveCost
        result = Swift.min(insertDelete, substitute)
        row[position] = result
        least = Swift.min(least, result)
      }
      if least > limit { return limit + 1 }
    }
    return result
  }

  private static func cost(_ a: UInt8, _ b: UInt8) -> Int {
    if a & 31 != b & 31 { return moveCost }
    if a == b { return 0 }
    return lower(a) == lower(b) ? caseCost : moveCost
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 65 && byte <= 90 ? byte + 32 : byte
  }
}

/// The index of the name that a wrong keyword is most like, -1 when none is near.
@c @implementation public func _PyArg_NearestName(
  _ names: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ count: Int32, _ wrong: Ref
) -> Int32 {
  let candidates = (0..<Int(count)).map { index in names[index].map { String(cString: $0) } ?? "" }
  guard let meant = Suggestions.closest(to: text(of: wrong), among: candidates),
    let index = candidates.firstIndex(of: meant)
  else { return -1 }
  return Int32(index)
}
