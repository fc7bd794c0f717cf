import CPythonABI
import UnicodeData

extension PyUnicode {
  /// Adds the part `start..<end` to a list.
  @inline(__always)
  private func append(_ start: Int, _ end: Int, to list: inout PartList) throws(Raised) {
    try list.append(try substring(start, end))
  }

  @inline(__always) private static func isSpace(_ value: UInt32) -> Bool { apus_isspace(value) }

  /// More words than a text of this length can have.
  private var mostWords: Int { (count &- 1) / 2 &+ 1 }

  /// The words between runs of white space; after `limit` splits (negative: no limit) the rest.
  func splitAtWhitespace(limit: Int) throws(Raised) -> Owned {
    var list = try PartList(limit: limit < 0 ? mostWords : limit)
    let limit = limit < 0 ? Int.max : limit
    switch kind {
    case 1: try splitWords(data.as(UInt8.self), limit, into: &list)
    case 2: try splitWords(data.as(UInt16.self), limit, into: &list)
    default: try splitWords(data.as(UInt32.self), limit, into: &list)
    }
    return list.finish()
  }

  private func splitWords<T: CodeUnit>(
    _ units: UnsafePointer<T>, _ limit: Int, into list: inout PartList
  ) throws(Raised) {
    @inline(__always) func isSpace(_ index: Int) -> Bool {
      Self.isSpace(UInt32(truncatingIfNeeded: units[index]))
    }
    var left = limit
    let count = self.count
    var position = 0
    while true {
      while position < count && isSpace(position) { position &+= 1 }
      if position == count { return }
      let start = position
      if left == 0 {
        try append(start, count, to: &list)
        return
      }
      left &-= 1
      while position < count && !isSpace(position) { position &+= 1 }
      try append(start, position, to: &list)
    }
  }

  func splitAtWhitespaceFromEnd(limit: Int) throws(Raised) -> Owned {
    var list = try PartList(limit: limit < 0 ? mostWords : limit)
    let limit = limit < 0 ? Int.max : limit
    switch kind {
    case 1: try splitWordsFromEnd(data.as(UInt8.self), limit, into: &list)
    case 2: try splitWordsFromEnd(data.as(UInt16.self), limit, into: &list)
    default: try splitWordsFromEnd(data.as(UInt32.self), limit, into: &list)
    }
    return try list.finishReversed()
  }

  private func splitWordsFromEnd<T: CodeUnit>(
    _ units: UnsafePointer<T>, _ limit: Int, into list: inout PartList
  ) throws(Raised) {
    @inline(__always) func isSpace(_ index: Int) -> Bool {
      Self.isSpace(UInt32(truncatingIfNeeded: units[index]))
    }
    var left = limit
    var position = count
    while true {
      while position > 0 && isSpace(position &- 1) { position &-= 1 }
      if position == 0 { return }
      let end = position
      if left == 0 {
        try append(0, end, to: &list)
        return
      }
      left &-= 1
      while position > 0 && !isSpace(position &- 1) { position &-= 1 }
      try append(position, end, to: &list)
    }
  }

  /// The parts between occurrences of a separator. Raises ValueError for an empty one.
  func split(_ separator: PyUnicode, limit: Int, fromEnd: Bool = false) throws(Raised) -> Owned {
    if separator.count == 0 { throw raise(.valueError, "empty separator") }
    if !mayContain(separator) {
      var list = try PartList(limit: 0)
      try list.append(try exact())
      return list.finish()
    }
    // As many parts as fit into the text.
    var list = try PartList(limit: limit < 0 ? count / separator.count &+ 1 : limit)
    let limit = limit < 0 ? Int.max : limit
    switch kind {
    case 1: try split(UInt8.self, separator, limit, fromEnd, into: &list)
    case 2: try split(UInt16.self, separator, limit, fromEnd, into: &list)
    default: try split(UInt32.self, separator, limit, fromEnd, into: &list)
    }
    return fromEnd ? try list.finishReversed() : list.finish()
  }

  private func split<T: CodeUnit>(
    _: T.Type, _ separator: PyUnicode, _ limit: Int, _ fromEnd: Bool, into list: inout PartList
  ) throws(Raised) {
    let needle = try Needle<T>(separator)
    defer { needle.release() }
    var search = TextSearch<T>(needle.units, needle.count, backwards: fromEnd)
    let units = data.as(T.self)
    var left = limit
    if fromEnd {
      var end = count
      while left > 0 {
        let found = search.find(in: units, end)
        if found < 0 { break }
        try append(found + needle.count, end, to: &list)
        end = found
        left -= 1
      }
      try append(0, end, to: &list)
      return
    }
    var position = 0
    while left > 0 {
      let found = search.find(in: units + position, count - position)
      if found < 0 { break }
      try append(position, position + found, to: &list)
      position += found + needle.count
      left -= 1
    }
    try append(position, count, to: &list)
  }

  /// The lines, with their ends when `keepEnds`.
  func splitLines(keepEnds: Bool) throws(Raised) -> Owned {
    var list = try PartList(growing: ())
    switch kind {
    case 1: try splitLines(data.as(UInt8.self), keepEnds, into: &list)
    case 2: try splitLines(data.as(UInt16.self), keepEnds, into: &list)
    default: try splitLines(data.as(UInt32.self), keepEnds, into: &list)
    }
    return list.finish()
  }

  private func splitLines<T: CodeUnit>(
    _ units: UnsafePointer<T>, _ keepEnds: Bool, into list: inout PartList
  ) throws(Raised) {
    let count = self.count
    var position = 0
    while position < count {
      let start = position
      while position < count && !apus_islinebreak(UInt32(truncatingIfNeeded: units[position])) {
        position &+= 1
      }
      var end = position
      if position < count {
        let isPair = units[position] == 13 && position &+ 1 < count && units[position &+ 1] == 10
        position &+= isPair ? 2 : 1
        if keepEnds { end = position }
      }
      try append(start, end, to: &list)
    }
  }

  /// (before, separator, after), or (text, "", "") (from the end: ("", "", text)).
  func partition(_ separator: Ref, fromEnd: Bool) throws(Raised) -> Owned {
    let needle = PyUnicode(separator)
    if needle.count == 0 { throw raise(.valueError, "empty separator") }
    let found = try find(needle, 0, count, backwards: fromEnd)
    if found < 0 {
      let whole = ref.retained()
      return fromEnd
        ? try Self.triple(Self.empty, Self.empty, whole)
        : try Self.triple(whole, Self.empty, Self.empty)
    }
    let head = try substring(0, found)
    let tail = try substring(found + needle.count, count)
    return try Self.triple(head, separator.retained(), tail)
  }

  static func triple(
    _ first: consuming Owned, _ second: consuming Owned, _ third: consuming Owned
  ) throws(Raised) -> Owned {
    let tuple = try own(PyTuple_New(3))
    let items = apus_tuple_items(tuple.ref)
    items[0] = first.give()
    items[1] = second.give()
    items[2] = third.give()
    return tuple
  }

  // MARK: Stripping

  enum Side { case both, left, right }

  /// Without white space at the ends.
  func stripped(_ side: Side) throws(Raised) -> Owned {
    var start = 0
    var end = count
    if side != .right { while start < end && Self.isSpace(self[start]) { start &+= 1 } }
    if side != .left { while end > start && Self.isSpace(self[end &- 1]) { end &-= 1 } }
    return try substring(start, end)
  }

  /// Without the characters of `set` at the ends.
  func stripped(_ side: Side, of set: PyUnicode) throws(Raised) -> Owned {
    var start = 0
    var end = count
    let size = set.count
    if size > 0 {
      @inline(__always) func isMember(_ value: UInt32) -> Bool {
        size == 1 ? set[0] == value : set.find(character: value, 0, size) >= 0
      }
      if side != .right { while start < end && isMember(self[start]) { start &+= 1 } }
      if side != .left { while end > start && isMember(self[end &- 1]) { end &-= 1 } }
    }
    return try substring(start, end)
  }

  fileprivate static func strip(
    _ name: String, _ text: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ side: Side
  ) throws(Raised) -> Owned {
    try checkPositional(name, count, least: 0, most: 1)
    guard count == 1, let set = args?[0], !set.isNone else {
      return try PyUnicode(text).stripped(side)
    }
    guard set.isStr else {
      throw raise(.typeError, "\(name) arg must be None or str")
    }
    return try PyUnicode(text).stripped(side, of: PyUnicode(set))
  }
}

extension PyUnicode.Methods {
  static let split: Method = .keywords(
    "split($self, /, sep=None, maxsplit=-1)",
    """
    The list of the parts between separators, split from the left.

    Without sep, runs of white space separate and empty parts are left out. At most maxsplit
    splits are made when it is not negative.
    """
  ) { text, args, count, names in
    new {
      let a = try Arguments(split, args, count, names)
      let limit = try a.index(1, default: -1)
      guard let separator = a.optional(0) else {
        return try PyUnicode(text).splitAtWhitespace(limit: limit)
      }
      try requireSeparator(separator)
      return try PyUnicode(text).split(PyUnicode(separator), limit: limit)
    }
  }

  static let rsplit: Method = .keywords(
    "rsplit($self, /, sep=None, maxsplit=-1)",
    """
    The list of the parts between separators, split from the right.

    Without sep, runs of white space separate and empty parts are left out. At most maxsplit
    splits are made when it is not negative.
    """
  ) { text, args, count, names in
    new {
      let a = try Arguments(rsplit, args, count, names)
      let limit = try a.index(1, default: -1)
      guard let separator = a.optional(0) else {
        return try PyUnicode(text).splitAtWhitespaceFromEnd(limit: limit)
      }
      try requireSeparator(separator)
      return try PyUnicode(text).split(PyUnicode(separator), limit: limit, fromEnd: true)
    }
  }

  private static func requireSeparator(_ object: Ref) throws(Raised) {
    if !object.isStr {
      throw raise(.typeError, "must be str or None, not \(object.type.fullName)")
    }
  }

  static let splitlines: Method = .keywords(
    "splitlines($self, /, keepends=False)",
    "The list of the lines, with their ends when keepends is true."
  ) { text, args, count, names in
    new {
      let a = try Arguments(splitlines, args, count, names)
      return try PyUnicode(text).splitLines(keepEnds: a.bool(0))
    }
  }

  static let partition: Method = .o(
    "partition($self, sep, /)",
    "The text before the first sep, sep, and the text after it; (text, '', '') without one."
  ) { text, separator in
    PyUnicode_Partition(text, separator)
  }

  static let rpartition: Method = .o(
    "rpartition($self, sep, /)",
    "The text before the last sep, sep, and the text after it; ('', '', text) without one."
  ) { text, separator in
    PyUnicode_RPartition(text, separator)
  }

  static let strip: Method = .fast(
    "strip($self, chars=None, /)",
    "The text without white space, or without the characters given, at both ends."
  ) { text, args, count in
    new { try PyUnicode.strip("strip", text, args, count, .both) }
  }

  static let lstrip: Method = .fast(
    "lstrip($self, chars=None, /)",
    "The text without white space, or without the characters given, at its start."
  ) { text, args, count in
    new { try PyUnicode.strip("lstrip", text, args, count, .left) }
  }

  static let rstrip: Method = .fast(
    "rstrip($self, chars=None, /)",
    "The text without white space, or without the characters given, at its end."
  ) { text, args, count in
    new { try PyUnicode.strip("rstrip", text, args, count, .right) }
  }
}

// MARK: C API

@c @implementation
public func PyUnicode_Split(_ text: Ref, _ separator: Ref?, _ limit: Int) -> Ref? {
  new {
    try requireStr(text)
    guard let separator, !separator.isNone else {
      return try PyUnicode(text).splitAtWhitespace(limit: limit)
    }
    try requireStr(separator)
    return try PyUnicode(text).split(PyUnicode(separator), limit: limit)
  }
}

@c @implementation
public func PyUnicode_RSplit(_ text: Ref, _ separator: Ref?, _ limit: Int) -> Ref? {
  new {
    try requireStr(text)
    guard let separator, !separator.isNone else {
      return try PyUnicode(text).splitAtWhitespaceFromEnd(limit: limit)
    }
    try requireStr(separator)
    return try PyUnicode(text).split(PyUnicode(separator), limit: limit, fromEnd: true)
  }
}

@c @implementation
public func PyUnicode_Splitlines(_ text: Ref, _ keepEnds: Int32) -> Ref? {
  new {
    try requireStr(text)
    return try PyUnicode(text).splitLines(keepEnds: keepEnds != 0)
  }
}

@c @implementation
public func PyUnicode_Partition(_ text: Ref, _ separator: Ref) -> Ref? {
  new {
    try requireStr(text)
    try requireStr(separator)
    return try PyUnicode(text).partition(separator, fromEnd: false)
  }
}

@c @implementation
public func PyUnicode_RPartition(_ text: Ref, _ separator: Ref) -> Ref? {
  new {
    try requireStr(text)
    try requireStr(separator)
    return try PyUnicode(text).partition(separator, fromEnd: true)
  }
}
