import CPythonABI
import Objects

/// `_suggestions`: what `traceback` asks for "Did you mean: …?". CPython: Python/suggestions.c.
enum SuggestionsModule {
  /// More names than this are not searched, longer ones not compared.
  private static let mostNames = 750
  private static let longestName = 40
  /// Cost of an inserted, removed or exchanged byte; exchanging upper and lower case costs 1.
  private static let moveCost = 2

  static let generate: Method = .fast(
    "_generate_suggestions($module, candidates, item, /)",
    "The name in candidates that is most like item, or None."
  ) { _, args, count in
    new {
      let arguments = try Arguments(generate, args, count)
      let candidates = arguments.object(0)
      let item = arguments.object(1)
      guard item.isStr else {
        throw badArgument("_generate_suggestions", "argument 2", expected: "str", got: item)
      }
      guard candidates.isExactList else {
        throw raise(.typeError, "candidates must be a list")
      }
      return try closest(to: item, in: candidates)?.retained() ?? noneObject().retained()
    }
  }

  private static func bytes(_ text: Ref) throws(Raised) -> UnsafeBufferPointer<UInt8> {
    var size = 0
    guard let start = PyUnicode_AsUTF8AndSize(text, &size) else { throw Raised() }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: size)
  }

  private static func closest(to name: Ref, in candidates: Ref) throws(Raised) -> Ref? {
    let count = apus_var_size(candidates)
    for index in 0..<count where !apus_list_item(candidates, index).isStr {
      throw raise(.typeError, "all elements in 'candidates' must be strings")
    }
    if count >= mostNames { return nil }
    let wrong = try bytes(name)
    var found: Ref?
    var best = Int.max
    for index in 0..<count {
      let candidate = apus_list_item(candidates, index)
      let text = try bytes(candidate)
      if text.elementsEqual(wrong) { continue }
      // No more than a third of the bytes may differ.
      let most = min((wrong.count + text.count + 3) * moveCost / 6, best - 1)
      let distance = distance(wrong, text, most)
      if distance <= most {
        found = candidate
        best = distance
      }
    }
    return found
  }

  /// The Levenshtein distance, or something above `most`.
  private static func distance(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, _ most: Int
  ) -> Int {
    var a = first[...]
    var b = second[...]
    while let x = a.first, let y = b.first, x == y {
      a.removeFirst()
      b.removeFirst()
    }
    while let x = a.last, let y = b.last, x == y {
      a.removeLast()
      b.removeLast()
    }
    if a.isEmpty || b.isEmpty { return (a.count + b.count) * moveCost }
    if a.count > longestName || b.count > longestName { return most + 1 }
    if b.count < a.count { swap(&a, &b) }
    if (b.count - a.count) * moveCost > most { return most + 1 }
    var row = (1...a.count).map { $0 * moveCost }
    var result = 0
    for (line, code) in b.enumerated() {
      var diagonal = line * moveCost
      result = diagonal
      var least = Int.max
      for (column, other) in a.enumerated() {
        let exchanged = diagonal + exchangeCost(code, other)
        diagonal = row[column]
        result = min(min(result, diagonal) + moveCost, exchanged)
        row[column] = result
        least = min(least, result)
      }
      if least > most { return most + 1 }
    }
    return result
  }

  private static func exchangeCost(_ a: UInt8, _ b: UInt8) -> Int {
    if a == b { return 0 }
    func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
    return lower(a) == lower(b) ? 1 : moveCost
  }

  static let spec = ModuleSpec(
    "_suggestions", doc: "Names that are like a wrong one.", methods: [generate])
}
