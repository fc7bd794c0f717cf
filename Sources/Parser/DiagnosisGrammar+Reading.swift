/// One item of an alternative. What `a` and `b` are depends on `op`.
struct GrammarNode {
  enum Op: UInt8 {
    /// A token of `kind`.
    case token
    /// A name spelled like word `a`.
    case word
    /// A name that is one of the soft keywords.
    case softKeyword
    /// Rule `a`.
    case rule
    /// `b` alternatives from `a` on.
    case group
    /// Node `a`: once or not, any number of times, at least once.
    case optional, zeroOrMore, oneOrMore
    /// Node `b`, at least once, with node `a` between.
    case gather
    /// Node `a` matches, or does not match, what comes.
    case ahead, notAhead
    case cut
    /// A token of `kind`, spelled word `a`, or an error.
    case forced
  }

  enum Capture: UInt8 { case none, a, b }

  var op: Op
  var capture = Capture.none
  var kind = TokenKind.op
  var a: Int32 = 0
  var b: Int32 = 0
}

/// Nodes from `first` on that must match one after the other.
struct GrammarAlternative {
  var first: Int32
  var count: Int32
  /// The number of what stands in braces; -1 for nothing.
  var action: Int32
  /// It is one `invalid_` rule, tried in the second pass only.
  var isInvalid: Bool
}

/// What stands in braces: a verb, the captures it names, a version and a message.
final class GrammarAction {
  let verb: String
  var operands: [GrammarNode.Capture] = []
  var version = 0
  var message = ""

  init(verb: String) { self.verb = verb }
}

struct GrammarRule {
  /// Its alternatives.
  var first: Int32 = 0
  var count: Int32 = 0
  var isRemembered = false
  var isLeftRecursive = false
  var isQuiet = false
}

/// The grammar in the form the diagnosis walks, read once from `diagnosisGrammar`. The tables live
/// as long as the program.
final class DiagnosisGrammar: @unchecked Sendable {
  static let shared = DiagnosisGrammar(diagnosisGrammar)

  let nodes: UnsafePointer<GrammarNode>
  let alternatives: UnsafePointer<GrammarAlternative>
  let rules: UnsafePointer<GrammarRule>
  let names: [String]
  let words: [[UInt8]]
  let actions: [GrammarAction]

  private init(_ text: String) {
    var names: [String] = []
    var rules: [GrammarRule] = []
    var bodies: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("|") {
        bodies[bodies.count - 1] += " " + line
        continue
      }
      guard let colon = line.firstIndex(of: ":") else { continue }
      let head = line[..<colon]
      let open = head.firstIndex(of: "[") ?? colon
      let flags = head[open...]
      var rule = GrammarRule()
      rule.isRemembered = flags.contains("m")
      rule.isLeftRecursive = flags.contains("l")
      rule.isQuiet = flags.contains("q")
      names.append(String(head[..<open]))
      rules.append(rule)
      bodies.append(String(line[line.index(after: colon)...]))
    }
    var reader = GrammarReader(names)
    for (index, body) in bodies.enumerated() {
      (rules[index].first, rules[index].count) = reader.read(body)
    }
    self.names = names
    self.rules = Self.permanent(rules)
    nodes = Self.permanent(reader.nodes)
    alternatives = Self.permanent(reader.alternatives)
    words = reader.words
    actions = reader.actions
  }

  private static func permanent<T>(_ items: [T]) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: items.count)
    for (index, item) in items.enumerated() { (memory + index).initialize(to: item) }
    return UnsafePointer(memory)
  }

  /// The number of the rule `name`.
  func rule(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }
}

/// Reads the right sides of rules into tables.
private struct GrammarReader {
  private(set) var nodes: [GrammarNode] = []
  private(set) var alternatives: [GrammarAlternative] = []
  private(set) var words: [[UInt8]] = []
  private(set) var actions: [GrammarAction] = []

  private let rules: [String: Int]
  private var text: [UInt8] = []
  private var p = 0

  init(_ names: [String]) {
    rules = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// The alternatives of one rule.
  mutating func read(_ body: String) -> (first: Int32, count: Int32) {
    text = Array(body.utf8)
    p = 0
    return readAlternatives()
  }

  private mutating func skipBlanks() {
    while p < text.count, text[p] == UInt8(ascii: " ") { p += 1 }
  }

  private func at(_ c: Character) -> Bool {
    p < text.count && text[p] == c.asciiValue
  }

  private mutating func accept(_ c: Character) -> Bool {
    guard at(c) else { return false }
    p += 1
    return true
  }

  private mutating func readAlternatives() -> (first: Int32, count: Int32) {
    var all: [GrammarAlternative] = []
    repeat { all.append(alternative()) } while accept("|")
    alternatives += all
    return (Int32(alternatives.count - all.count), Int32(all.count))
  }

  private mutating func alternative() -> GrammarAlternative {
    var items: [GrammarNode] = []
    var result = GrammarAlternative(first: 0, count: 0, action: -1, isInvalid: false)
    var names: [String] = []
    while true {
      skipBlanks()
      if p >= text.count || at("|") || at(")") { break }
      if at("{") {
        actions.append(action())
        result.action = Int32(actions.count - 1)
        continue
      }
      names.append(upcomingWord())
      items.append(item())
    }
    nodes += items
    result.first = Int32(nodes.count - items.count)
    result.count = Int32(items.count)
    result.isInvalid = names.count == 1 && names[0].hasPrefix("invalid_")
    return result
  }

  private func upcomingWord() -> String {
    var end = p
    while end < text.count, isASCIIAlphanumeric(text[end]) || text[end] == UInt8(ascii: "_") {
      end += 1
    }
    return String(decoding: text[p..<end], as: UTF8.self)
  }

  /// The number of a node that stands on its own.
  private mutating func number(of node: GrammarNode) -> Int32 {
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  private mutating func number(ofWord word: String) -> Int32 {
    words.append(Array(word.utf8))
    return Int32(words.count - 1)
  }

  private mutating func item() -> GrammarNode {
    var capture = GrammarNode.Capture.none
    if at("a") || at("b"), p + 1 < text.count, text[p + 1] == UInt8(ascii: "=") {
      capture = at("a") ? .a : .b
      p += 2
    }
    var node = repeated()
    node.capture = capture
    return node
  }

  private mutating func repeated() -> GrammarNode {
    if accept("~") { return GrammarNode(op: .cut) }
    if accept("!") { return GrammarNode(op: .notAhead, a: number(of: repeated())) }
    if accept("&") {
      if accept("&") {
        let spelling = quoted()
        return GrammarNode(
          op: .forced, kind: Self.kind(spelling), a: number(ofWord: spelling))
      }
      return GrammarNode(op: .ahead, a: number(of: repeated()))
    }
    let atom = atom()
    if accept("?") { return GrammarNode(op: .optional, a: number(of: atom)) }
    if accept("*") { return GrammarNode(op: .zeroOrMore, a: number(of: atom)) }
    if accept("+") { return GrammarNode(op: .oneOrMore, a: number(of: atom)) }
    if accept(".") {
      let element = self.atom()
      _ = accept("+")
      return GrammarNode(op: .gather, a: number(of: atom), b: number(of: element))
    }
    return atom
  }

  private mutating func atom() -> GrammarNode {
    if accept("(") {
      let (first, count) = readAlternatives()
      _ = accept(")")
      return GrammarNode(op: .group, a: first, b: count)
    }
    if at("'") { return GrammarNode(op: .token, kind: Self.kind(quoted())) }
    if at("\"") {
      let spelling = quoted()
      if spelling.utf8.allSatisfy({ isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "_") }) {
        return GrammarNode(op: .word, a: number(ofWord: spelling))
      }
      return GrammarNode(op: .token, kind: Self.kind(spelling))
    }
    let word = upcomingWord()
    p += word.utf8.count
    if let rule = rules[word] { return GrammarNode(op: .rule, a: Int32(rule)) }
    if word == "SOFT_KEYWORD" { return GrammarNode(op: .softKeyword) }
    guard let kind = Self.classes[word] else {
      preconditionFailure("the grammar has no rule \(word)")
    }
    return GrammarNode(op: .token, kind: kind)
  }

  private static let classes: [String: TokenKind] = [
    "NAME": .name, "NUMBER": .number, "STRING": .string, "NEWLINE": .newline, "INDENT": .indent,
    "DEDENT": .dedent, "ENDMARKER": .endMarker, "TYPE_COMMENT": .typeComment,
    "FSTRING_START": .fstringStart, "FSTRING_MIDDLE": .fstringMiddle, "FSTRING_END": .fstringEnd,
  ]

  private mutating func quoted() -> String {
    let quote = text[p]
    p += 1
    var out: [UInt8] = []
    while text[p] != quote {
      if text[p] == UInt8(ascii: "\\") { p += 1 }
      out.append(text[p])
      p += 1
    }
    p += 1
    return String(decoding: out, as: UTF8.self)
  }

  /// The token spelled so.
  private static func kind(_ spelling: String) -> TokenKind {
    let bytes = Array(spelling.utf8)
    if isASCIIAlphanumeric(bytes[0]) {
      return bytes.withUnsafeBufferPointer { text in
        text.baseAddress.map { TokenKind.keyword($0, text.count) } ?? .name
      }
    }
    switch bytes.count {
    case 1: return .single(bytes[0])
    case 2: return .pair(bytes[0], bytes[1])
    default:
      return spelling == "..." ? .ellipsis : .triple(.pair(bytes[0], bytes[1]), bytes[2])
    }
  }

  private mutating func action() -> GrammarAction {
    p += 1
    let action = GrammarAction(verb: upcomingWord())
    p += action.verb.utf8.count
    while true {
      skipBlanks()
      if accept("}") { return action }
      if at("\"") {
        action.message = quoted()
      } else if at("3") {
        p += 2
        let digits = upcomingWord()
        action.version = Int(digits) ?? 0
        p += digits.utf8.count
      } else {
        action.operands.append(at("a") ? .a : .b)
        p += 1
      }
    }
  }
}
