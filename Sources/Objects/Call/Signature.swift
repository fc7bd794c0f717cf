import CPythonABI

/// The parameters of a builtin function, parsed from its text signature
/// (`"sort($self, /, *, key=None, reverse=False)"`).
struct Signature {
  /// The function's name, as messages show it.
  let name: String
  /// Parameters that only a position can give.
  private(set) var positionalOnly = 0
  /// Parameters that a position can give.
  private(set) var positional = 0
  /// Of those, the leading ones without a default.
  private(set) var requiredPositional = 0
  /// Keyword-only parameters without a default.
  private(set) var requiredKeywordOnly = 0
  /// The parameters' names in order: interned str objects, alive as long as the process.
  private(set) var names: [Ref] = []
  /// Whether the parameter has a default.
  private(set) var hasDefault: [Bool] = []

  var count: Int { names.count }

  init(_ text: StaticString) {
    let source = text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    guard let open = source.firstIndex(of: "("), let close = source.lastIndex(of: ")") else {
      name = source
      return
    }
    name = String(source[..<open])
    var keywordOnly = false
    for item in Self.split(source[source.index(after: open)..<close]) {
      if item.hasPrefix("$") { continue }
      if item == "/" {
        positionalOnly = names.count
        continue
      }
      if item.hasPrefix("*") {
        keywordOnly = true
        continue
      }
      let parts = item.split(separator: "=", maxSplits: 1)
      let defaulted = parts.count > 1
      names.append(PermanentName.make(String(parts[0])))
      hasDefault.append(defaulted)
      if keywordOnly {
        if !defaulted { requiredKeywordOnly += 1 }
      } else {
        positional += 1
        if !defaulted { requiredPositional = positional }
      }
    }
  }

  /// Splits at top-level commas; a default may hold brackets or quotes.
  private static func split(_ text: Substring) -> [Substring] {
    var items: [Substring] = []
    var start = text.startIndex
    var depth = 0
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "," where depth == 0:
        items.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    items.append(text[start...])
    return items.map { item in
      item.drop { $0 == " " || $0 == "\n" }
    }.filter { !$0.isEmpty }
  }

  /// Where a method keeps its parsed signature.
  struct Box {
    private let storage: UnsafeMutablePointer<UnsafeMutablePointer<Signature>?>

    init() {
      storage = .allocate(capacity: 1)
      storage.initialize(to: nil)
    }

    /// The signature, parsed at the first call. The GIL orders this.
    func get(_ text: StaticString) -> UnsafeMutablePointer<Signature> {
      if let known = storage.pointee { return known }
      let made = UnsafeMutablePointer<Signature>.allocate(capacity: 1)
      made.initialize(to: Signature(text))
      storage.pointee = made
      return made
    }
  }
}
