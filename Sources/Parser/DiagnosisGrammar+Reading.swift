/// One item of an alternative.
final class GrammarItem {
  enum Op {
    case token(TokenKind)
    case word([UInt8])
    case softKeyword
    case rule(Int)
    case group([GrammarAlternative])
    case optional(GrammarItem)
    case zeroOrMore(GrammarItem)
    case oneOrMore(GrammarItem)
    case gather(separator: GrammarItem, GrammarItem)
    case lookahead(GrammarItem, positive: Bool)
    case cut
    case forced(TokenKind, text: String)
  }

  enum Capture { case none, a, b }

  let op: Op
  var capture = Capture.none

  init(_ op: Op) { self.op = op }
}

final class GrammarAlternative {
  var items: [GrammarItem] = []
  var action: GrammarAction?
  /// It is one `invalid_` rule, tried in the second pass only.
  var isInvalid = false
}

/// What stands in braces: a verb, the captures it names, a version and a message.
final class GrammarAction {
  let verb: String
  var operands: [GrammarItem.Capture] = []
  var version = 0
  var message = ""

  init(verb: String) { self.verb = verb }
}

final class GrammarRule {
  let name: String
  var alternatives: [GrammarAlternative] = []
  var isRemembered = false
  var isLeftRecursive = false
  var isQuiet = false

  init(name: String) { self.name = name }
}

/// The grammar in the form the diagnosis walks, read once from `diagnosisGrammar`.
final class DiagnosisGrammar: @unchecked Sendable {
  static let shared = DiagnosisGrammar(diagnosisGrammar)

  private(set) var rules: [GrammarRule] = []
  private var indices: [String: Int] = [:]

  init(_ text: String) {
    var bodies: [(index: Int, body: String)] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("|") {
        bodies[bodies.count - 1].body += " " + line
        continue
      }
      guard let colon = line.firstIndex(of: ":") else { continue }
      let head = line[..<colon]
      let open = head.firstIndex(of: "[") ?? colon
      let rule = GrammarRule(name: String(head[..<open]))
      if open < colon {
        let flags = head[open...]
        rule.isRemembered = flags.contains("m")
        rule.isLeftRecursive = flags.contains("l")
        rule.isQuiet = flags.contains("q")
      }
      indices[rule.name] = rules.count
      bodies.append((rules.count, String(line[line.index(after: colon)...])))
      rules.append(rule)
    }
    for (index, body) in bodies {
      var reader = GrammarReader(Array(body.utf8), indices)
      rules[index].alternatives = reader.alternatives()
    }
  }

  /// The number of the rule `name`.
  func rule(_ name: String) -> Int { indices[name] ?? 0 }
}

/// Reads the right side of a rule.
private struct GrammarReader {
  private let text: [UInt8]
  private let rules: [String: Int]
  private var p = 0

  init(_ text: [UInt8], _ rules: [String: Int]) {
    self.text = text
    self.rules = rules
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

  mutating func alternatives() -> [GrammarAlternative] {
    var all: [GrammarAlternative] = []
    repeat { all.append(alternative()) } while accept("|")
    return all
  }

  private mutating func alternative() -> GrammarAlternative {
    let result = GrammarAlternative()
    var names: [String] = []
    while true {
      skipBlanks()
      if p >= text.count || at("|") || at(")") { break }
      if at("{") {
        result.action = action()
        continue
      }
      names.append(upcomingWord())
      result.items.append(item())
    }
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

  private mutating func item() -> GrammarItem {
    var capture = GrammarItem.Capture.none
    if at("a") || at("b"), p + 1 < text.count, text[p + 1] == UInt8(ascii: "=") {
      capture = at("a") ? .a : .b
      p += 2
    }
    let result = repeated()
    result.capture = capture
    return result
  }

  private mutating func repeated() -> GrammarItem {
    if accept("~") { return GrammarItem(.cut) }
    if accept("!") { return GrammarItem(.lookahead(repeated(), positive: false)) }
    if accept("&") {
      if accept("&") {
        let spelling = quoted()
        return GrammarItem(.forced(Self.kind(spelling), text: spelling))
      }
      return GrammarItem(.lookahead(repeated(), positive: true))
    }
    let atom = atom()
    if accept("?") { return GrammarItem(.optional(atom)) }
    if accept("*") { return GrammarItem(.zeroOrMore(atom)) }
    if accept("+") { return GrammarItem(.oneOrMore(atom)) }
    if accept(".") {
      let element = self.atom()
      _ = accept("+")
      return GrammarItem(.gather(separator: atom, element))
    }
    return atom
  }

  private mutating func atom() -> GrammarItem {
    if accept("(") {
      let inner = alternatives()
      _ = accept(")")
      return GrammarItem(.group(inner))
    }
    if at("'") { return GrammarItem(.token(Self.kind(quoted()))) }
    if at("\"") {
      let spelling = quoted()
      let isWord = spelling.utf8.allSatisfy { isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "_") }
      return GrammarItem(isWord ? .word(Array(spelling.utf8)) : .token(Self.kind(spelling)))
    }
    let word = upcomingWord()
    p += word.utf8.count
    if let rule = rules[word] { return GrammarItem(.rule(rule)) }
    switch word {
    case "NAME": return GrammarItem(.token(.name))
    case "NUMBER": return GrammarItem(.token(.number))
    case "STRING": return GrammarItem(.token(.string))
    case "NEWLINE": return GrammarItem(.token(.newline))
    case "INDENT": return GrammarItem(.token(.indent))
    case "DEDENT": return GrammarItem(.token(.dedent))
    case "ENDMARKER": return GrammarItem(.token(.endMarker))
    case "TYPE_COMMENT": return GrammarItem(.token(.typeComment))
    case "FSTRING_START": return GrammarItem(.token(.fstringStart))
    case "FSTRING_MIDDLE": return GrammarItem(.token(.fstringMiddle))
    case "FSTRING_END": return GrammarItem(.token(.fstringEnd))
    case "SOFT_KEYWORD": return GrammarItem(.softKeyword)
    default: preconditionFailure("the grammar has no rule \(word)")
    }
  }

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
