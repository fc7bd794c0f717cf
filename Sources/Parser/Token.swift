/// What a token is.
///
/// Raw values below 100 are the numbers of CPython 3.13's `Lib/token.py`; keywords, which CPython's
/// tokenizer reports as `NAME`, follow from 100 so that the parser can switch on them.
public enum TokenKind: UInt8, Sendable {
  case endMarker = 0
  case name, number, string, newline, indent, dedent
  case leftParen = 7
  case rightParen, leftBracket, rightBracket, colon, comma, semicolon
  case plus = 14
  case minus, star, slash, verticalBar, ampersand, less, greater, equal, dot, percent
  case leftBrace = 25
  case rightBrace, equalEqual, notEqual, lessEqual, greaterEqual, tilde, circumflex
  case leftShift = 33
  case rightShift, doubleStar, plusEqual, minusEqual, starEqual, slashEqual
  case percentEqual = 40
  case ampersandEqual, verticalBarEqual, circumflexEqual, leftShiftEqual
  case rightShiftEqual = 45
  case doubleStarEqual, doubleSlash, doubleSlashEqual, at, atEqual
  case arrow = 51
  case ellipsis, colonEqual, exclamation
  case op = 55
  case typeIgnore, typeComment, softKeyword
  case fstringStart = 59
  case fstringMiddle, fstringEnd
  case comment = 62
  case nl, error

  case `false` = 100
  case none, `true`, and, `as`, assert, async, await, `break`, `class`, `continue`
  case def = 111
  case del, elif, `else`, except, finally, `for`, from, global, `if`, `import`, `in`
  case `is` = 123
  case lambda, nonlocal, not, or, pass, raise, `return`, `try`, `while`, with, yield

  /// True for the reserved words.
  @inlinable public var isKeyword: Bool { rawValue >= 100 }

  /// True for the tokens that stand for layout rather than text.
  @inlinable public var isLayout: Bool {
    self == .newline || self == .indent || self == .dedent || self == .endMarker
  }
}

/// One token: its kind and its place.
///
/// `start` and `end` are byte offsets into the UTF-8 source. Lines count from 1, columns in bytes
/// from 0; a column is -1 where CPython gives a token no text (`INDENT`, `DEDENT`, `ENDMARKER`).
public struct Token: Sendable {
  public var kind: TokenKind
  /// How many brackets are open after this token (at most 200).
  public var level: UInt8
  public var start: Int32
  public var end: Int32
  public var lineno: Int32
  public var colOffset: Int32
  public var endLineno: Int32
  public var endColOffset: Int32

  init(_ kind: TokenKind) {
    self.kind = kind
    level = 0
    start = 0
    end = 0
    lineno = 0
    colOffset = -1
    endLineno = 0
    endColOffset = -1
  }
}

extension TokenKind {
  /// The operators of one character, by their byte.
  static func single(_ c: UInt8) -> TokenKind {
    switch c {
    case UInt8(ascii: "("): .leftParen
    case UInt8(ascii: ")"): .rightParen
    case UInt8(ascii: "["): .leftBracket
    case UInt8(ascii: "]"): .rightBracket
    case UInt8(ascii: "{"): .leftBrace
    case UInt8(ascii: "}"): .rightBrace
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: ";"): .semicolon
    case UInt8(ascii: "+"): .plus
    case UInt8(ascii: "-"): .minus
    case UInt8(ascii: "*"): .star
    case UInt8(ascii: "/"): .slash
    case UInt8(ascii: "|"): .verticalBar
    case UInt8(ascii: "&"): .ampersand
    case UInt8(ascii: "<"): .less
    case UInt8(ascii: ">"): .greater
    case UInt8(ascii: "="): .equal
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "%"): .percent
    case UInt8(ascii: "~"): .tilde
    case UInt8(ascii: "^"): .circumflex
    case UInt8(ascii: "@"): .at
    case UInt8(ascii: "!"): .exclamation
    default: .op
    }
  }

  /// The operators of two characters; `op` when the pair is none.
  static func pair(_ a: UInt8, _ b: UInt8) -> TokenKind {
    switch (a, b) {
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): .notEqual
    case (UInt8(ascii: "%"), UInt8(ascii: "=")): .percentEqual
    case (UInt8(ascii: "&"), UInt8(ascii: "=")): .ampersandEqual
    case (UInt8(ascii: "*"), UInt8(ascii: "*")): .doubleStar
    case (UInt8(ascii: "*"), UInt8(ascii: "=")): .starEqual
    case (UInt8(ascii: "+"), UInt8(ascii: "=")): .plusEqual
    case (UInt8(ascii: "-"), UInt8(ascii: "=")): .minusEqual
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): .arrow
    case (UInt8(ascii: "/"), UInt8(ascii: "/")): .doubleSlash
    case (UInt8(ascii: "/"), UInt8(ascii: "=")): .slashEqual
    case (UInt8(ascii: ":"), UInt8(ascii: "=")): .colonEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "<")): .leftShift
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessEqual
    case (UInt8(ascii: "<"), UInt8(ascii: ">")): .notEqual
    case (UInt8(ascii: "="), UInt8(ascii: "=")): .equalEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterEqual
    case (UInt8(ascii: ">"), UInt8(ascii: ">")): .rightShift
    case (UInt8(ascii: "@"), UInt8(ascii: "=")): .atEqual
    case (UInt8(ascii: "^"), UInt8(ascii: "=")): .circumflexEqual
    case (UInt8(ascii: "|"), UInt8(ascii: "=")): .verticalBarEqual
    default: .op
    }
  }

  /// The operators of three characters, given the first two as a kind; `op` when there is none.
  static func triple(_ pair: TokenKind, _ c: UInt8) -> TokenKind {
    switch (pair, c) {
    case (.doubleStar, UInt8(ascii: "=")): .doubleStarEqual
    case (.doubleSlash, UInt8(ascii: "=")): .doubleSlashEqual
    case (.leftShift, UInt8(ascii: "=")): .leftShiftEqual
    case (.rightShift, UInt8(ascii: "=")): .rightShiftEqual
    default: .op
    }
  }

  /// The reserved word spelled by `count` bytes at `text`, or `name`.
  static func keyword(_ text: UnsafePointer<UInt8>, _ count: Int) -> TokenKind {
    guard count >= 2, count <= 8 else { return .name }
    func `is`(_ word: StaticString) -> Bool {
      word.utf8CodeUnitCount == count && word.utf8Start.same(as: text, count)
    }
    switch text[0] {
    case UInt8(ascii: "F"): return `is`("False") ? .false : .name
    case UInt8(ascii: "N"): return `is`("None") ? .none : .name
    case UInt8(ascii: "T"): return `is`("True") ? .true : .name
    case UInt8(ascii: "a"):
      if `is`("as") { return .as }
      if `is`("and") { return .and }
      if `is`("async") { return .async }
      if `is`("await") { return .await }
      return `is`("assert") ? .assert : .name
    case UInt8(ascii: "b"): return `is`("break") ? .break : .name
    case UInt8(ascii: "c"):
      if `is`("class") { return .class }
      return `is`("continue") ? .continue : .name
    case UInt8(ascii: "d"):
      if `is`("def") { return .def }
      return `is`("del") ? .del : .name
    case UInt8(ascii: "e"):
      if `is`("else") { return .else }
      if `is`("elif") { return .elif }
      return `is`("except") ? .except : .name
    case UInt8(ascii: "f"):
      if `is`("for") { return .for }
      if `is`("from") { return .from }
      return `is`("finally") ? .finally : .name
    case UInt8(ascii: "g"): return `is`("global") ? .global : .name
    case UInt8(ascii: "i"):
      if `is`("if") { return .if }
      if `is`("in") { return .in }
      if `is`("is") { return .is }
      return `is`("import") ? .import : .name
    case UInt8(ascii: "l"): return `is`("lambda") ? .lambda : .name
    case UInt8(ascii: "n"):
      if `is`("not") { return .not }
      return `is`("nonlocal") ? .nonlocal : .name
    case UInt8(ascii: "o"): return `is`("or") ? .or : .name
    case UInt8(ascii: "p"): return `is`("pass") ? .pass : .name
    case UInt8(ascii: "r"):
      if `is`("return") { return .return }
      return `is`("raise") ? .raise : .name
    case UInt8(ascii: "t"): return `is`("try") ? .try : .name
    case UInt8(ascii: "w"):
      if `is`("while") { return .while }
      return `is`("with") ? .with : .name
    case UInt8(ascii: "y"): return `is`("yield") ? .yield : .name
    default: return .name
    }
  }
}

extension UnsafePointer<UInt8> {
  /// Whether `count` bytes here and at `other` are equal.
  @inline(__always) func same(as other: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    for i in 0..<count where self[i] != other[i] { return false }
    return true
  }
}
