import CPythonABI
import Glibc

extension PyUnicode {
  /// The units of a needle in the width of the text it is searched in; freed by `release`.
  struct Needle<T: CodeUnit> {
    let units: UnsafeMutablePointer<T>
    let count: Int
    private let isCopy: Bool

    init(_ text: PyUnicode) throws(Raised) {
      count = text.count
      isCopy = text.kind != MemoryLayout<T>.size
      if !isCopy {
        units = text.data.as(T.self)
        return
      }
      guard let memory = malloc(Swift.max(count * MemoryLayout<T>.size, 1)) else {
        throw raiseNoMemory()
      }
      CodeUnits.copy(
        text.data, width: text.kind, to: memory, width: MemoryLayout<T>.size, count)
      units = memory.as(T.self)
    }

    func release() { if isCopy { free(units) } }
  }

  /// Whether a needle stored like `other` can occur in this text at all.
  @inline(__always) func mayContain(_ other: PyUnicode) -> Bool {
    other.count <= count && other.kind <= kind && (!isASCII || other.isASCII)
  }

  /// The position of the first (backwards: last) occurrence between `start` and `end`, or -1.
  /// `0 <= start` and `end <= count`; an empty needle occurs at `start` (backwards: `end`).
  func find(
    _ needle: PyUnicode, _ start: Int, _ end: Int, backwards: Bool = false
  ) throws(Raised) -> Int {
    if start > end || end - start < needle.count { return -1 }
    if needle.count == 0 { return backwards ? end : start }
    guard mayContain(needle) else { return -1 }
    let found: Int
    switch kind {
    case 1: found = try find(UInt8.self, needle, start, end, backwards)
    case 2: found = try find(UInt16.self, needle, start, end, backwards)
    default: found = try find(UInt32.self, needle, start, end, backwards)
    }
    return found < 0 ? -1 : start + found
  }

  @inline(__always)
  private func find<T: CodeUnit>(
    _: T.Type, _ text: PyUnicode, _ start: Int, _ end: Int, _ backwards: Bool
  ) throws(Raised) -> Int {
    let needle = try Needle<T>(text)
    defer { needle.release() }
    var search = TextSearch<T>(needle.units, needle.count, backwards: backwards)
    return search.find(in: data.as(T.self) + start, end - start)
  }

  /// The position of a code point between `start` and `end`, or -1.
  func find(character: UInt32, _ start: Int, _ end: Int, backwards: Bool = false) -> Int {
    if start >= end || character > limit { return -1 }
    let found: Int
    switch kind {
    case 1:
      let unit = UInt8(truncatingIfNeeded: character)
      let units = data.as(UInt8.self) + start
      found =
        backwards
        ? TextSearch<UInt8>.lastIndex(of: unit, in: units, end - start)
        : TextSearch<UInt8>.index(of: unit, in: units, end - start)
    case 2:
      let unit = UInt16(truncatingIfNeeded: character)
      let units = data.as(UInt16.self) + start
      found =
        backwards
        ? TextSearch<UInt16>.lastIndex(of: unit, in: units, end - start)
        : TextSearch<UInt16>.index(of: unit, in: units, end - start)
    default:
      let units = data.as(UInt32.self) + start
      found =
        backwards
        ? TextSearch<UInt32>.lastIndex(of: character, in: units, end - start)
        : TextSearch<UInt32>.index(of: character, in: units, end - start)
    }
    return found < 0 ? -1 : start + found
  }

  /// Occurrences that do not overlap; an empty needle occurs between all code points.
  func occurrences(
    of needle: PyUnicode, _ start: Int, _ end: Int, limit: Int = .max
  ) throws(Raised) -> Int {
    if start > end || end - start < needle.count { return 0 }
    if needle.count == 0 { return Swift.min(end - start + 1, limit) }
    guard mayContain(needle) else { return 0 }
    switch kind {
    case 1: return try occurrences(UInt8.self, needle, start, end, limit)
    case 2: return try occurrences(UInt16.self, needle, start, end, limit)
    default: return try occurrences(UInt32.self, needle, start, end, limit)
    }
  }

  @inline(__always)
  private func occurrences<T: CodeUnit>(
    _: T.Type, _ text: PyUnicode, _ start: Int, _ end: Int, _ limit: Int
  ) throws(Raised) -> Int {
    let needle = try Needle<T>(text)
    defer { needle.release() }
    var search = TextSearch<T>(needle.units, needle.count)
    return search.occurrences(in: data.as(T.self) + start, end - start, limit: limit)
  }

  /// Whether the part from `start` to `end` begins (ends) with `affix`.
  func hasAffix(_ affix: PyUnicode, _ start: Int, _ end: Int, atEnd: Bool) -> Bool {
    let length = affix.count
    if start > end || end - start < length { return false }
    if length == 0 { return true }
    return matches(affix, at: atEnd ? end - length : start)
  }

  /// Whether `other` lies at `position`, where there is room for it.
  func matches(_ other: PyUnicode, at position: Int) -> Bool {
    let length = other.count
    let kind = self.kind
    if kind == other.kind {
      return memcmp(data + position * kind, other.data, length * kind) == 0
    }
    if other.kind > kind { return false }
    for index in 0..<length where self[position + index] != other[index] { return false }
    return true
  }

  func contains(_ other: PyUnicode) throws(Raised) -> Bool {
    if other.count == 1 { return find(character: other[0], 0, count) >= 0 }
    return try find(other, 0, count) >= 0
  }

  // MARK: Replacing

  /// Replaces up to `limit` occurrences (negative: all). The result is this object when nothing
  /// changes and it is an exact str.
  func replacing(_ old: PyUnicode, with new: PyUnicode, limit: Int) throws(Raised) -> Owned {
    let limit = limit < 0 ? Int.max : limit
    if limit == 0 || old.equals(new) { return try exact() }
    if old.count == 0 { return try interleaving(new, limit) }
    guard mayContain(old) else { return try exact() }
    if old.count == 1 && new.count == 1 {
      return try replacing(old[0], with: new[0], limit)
    }
    let occurrences = try occurrences(of: old, 0, count, limit: limit)
    if occurrences == 0 { return try exact() }
    let (growth, overflow) = occurrences.multipliedReportingOverflow(by: new.count - old.count)
    let (size, tooLong) = count.addingReportingOverflow(growth)
    if overflow || tooLong {
      throw raise(.overflowError, "replace string is too long")
    }
    if size == 0 { return Self.empty }
    let result = try Self.make(size, max: Swift.max(limit_, new.limit))
    let target = PyUnicode(result.ref)
    switch kind {
    case 1: try replace(UInt8.self, old, new, occurrences, into: target)
    case 2: try replace(UInt16.self, old, new, occurrences, into: target)
    default: try replace(UInt32.self, old, new, occurrences, into: target)
    }
    return try target.narrowed(result)
  }

  /// `limit`, where a parameter of that name hides it.
  private var limit_: UInt32 { limit }

  private func replace<T: CodeUnit>(
    _: T.Type, _ old: PyUnicode, _ new: PyUnicode, _ occurrences: Int, into target: PyUnicode
  ) throws(Raised) {
    let needle = try Needle<T>(old)
    defer { needle.release() }
    var search = TextSearch<T>(needle.units, needle.count)
    let units = data.as(T.self)
    var position = 0
    var written = 0
    for _ in 0..<occurrences {
      let found = search.find(in: units + position, count - position)
      if found < 0 { break }
      target.copy(self, from: position, found, at: written)
      written += found
      target.copy(new, new.count, at: written)
      written += new.count
      position += found + needle.count
    }
    target.copy(self, from: position, count - position, at: written)
  }

  private func replacing(
    _ old: UInt32, with new: UInt32, _ limit: Int
  ) throws(Raised) -> Owned {
    var position = find(character: old, 0, count)
    if position < 0 { return try exact() }
    let result = try Self.make(count, max: Swift.max(self.limit, new))
    let target = PyUnicode(result.ref)
    target.copy(self, count, at: 0)
    var left = limit
    while position >= 0 && left > 0 {
      target.write(new, at: position)
      left -= 1
      position = find(character: old, position + 1, count)
    }
    return try target.narrowed(result)
  }

  /// `new` before every code point and at the end, at most `limit` times.
  private func interleaving(_ new: PyUnicode, _ limit: Int) throws(Raised) -> Owned {
    if new.count == 0 { return try exact() }
    let times = Swift.min(count + 1, limit)
    let (growth, overflow) = times.multipliedReportingOverflow(by: new.count)
    let (size, tooLong) = count.addingReportingOverflow(growth)
    if overflow || tooLong { throw raise(.overflowError, "replace string is too long") }
    let result = try Self.make(size, max: Swift.max(self.limit, new.limit))
    let target = PyUnicode(result.ref)
    var written = 0
    for index in 0..<times {
      target.copy(new, new.count, at: written)
      written += new.count
      if index < count {
        target.copy(self, from: index, 1, at: written)
        written += 1
      }
    }
    if times < count { target.copy(self, from: times, count - times, at: written) }
    return try target.narrowed(result)
  }

  /// `result`, which this view shows, in the smallest storage. Takes the shortcut for ASCII.
  func narrowed(_ result: consuming Owned) throws(Raised) -> Owned {
    if count == 1 || !isASCII && limit(from: 0, to: count) < limit {
      return try Self.make(data, width: kind, count)
    }
    return result
  }
}

// MARK: Methods

extension PyUnicode {
  enum Methods {}

  /// Start and end of `find(sub[, start[, end]])`, brought into 0...count (start may be larger).
  static func range(
    _ args: UnsafePointer<Ref>, _ count: Int, length: Int
  ) throws(Raised) -> (start: Int, end: Int) {
    var start = 0
    var end = Int.max
    if count > 1 && !args[1].isNone { try sliceIndex(args[1], &start) }
    if count > 2 && !args[2].isNone { try sliceIndex(args[2], &end) }
    if end > length { end = length } else if end < 0 { end = Swift.max(end + length, 0) }
    if start < 0 { start = Swift.max(start + length, 0) }
    return (start, end)
  }

  private static func sliceIndex(_ object: Ref, _ value: inout Int) throws(Raised) {
    if _PyEval_SliceIndex(object, &value) == 0 { throw Raised() }
  }

  /// Checks the arguments of a search method and returns needle and range.
  fileprivate static func searchArguments(
    _ name: String, _ text: Ref, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> (needle: PyUnicode, start: Int, end: Int) {
    try checkPositional(name, count, least: 1, most: 3)
    let args = args.unsafelyUnwrapped
    guard args[0].isStr else {
      throw badArgument(name, "argument 1", expected: "str", got: args[0])
    }
    let (start, end) = try range(args, count, length: PyUnicode(text).count)
    return (PyUnicode(args[0]), start, end)
  }

  fileprivate static func affix(
    _ name: String, _ text: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, atEnd: Bool
  ) throws(Raised) -> Bool {
    try checkPositional(name, count, least: 1, most: 3)
    let args = args.unsafelyUnwrapped
    let view = PyUnicode(text)
    let (start, end) = try range(args, count, length: view.count)
    let affix = args[0]
    if affix.isStr { return view.hasAffix(PyUnicode(affix), start, end, atEnd: atEnd) }
    guard affix.isTuple else {
      throw raise(
        .typeError,
        "\(name) first arg must be str or a tuple of str, not \(affix.type.fullName)")
    }
    for index in 0..<apus_var_size(affix) {
      let item = apus_tuple_item(affix, index)
      guard item.isStr else {
        throw raise(
          .typeError, "tuple for \(name) must only contain str, not \(item.type.fullName)")
      }
      if view.hasAffix(PyUnicode(item), start, end, atEnd: atEnd) { return true }
    }
    return false
  }
}

extension PyUnicode.Methods {
  static let find: Method = .fast(
    "find($self, sub[, start[, end]], /)",
    "The lowest index of sub within S[start:end], or -1 when it is not there."
  ) { text, args, count in
    new {
      let (needle, start, end) = try PyUnicode.searchArguments("find", text, args, count)
      return try own(PyLong_FromSsize_t(try PyUnicode(text).find(needle, start, end)))
    }
  }

  static let rfind: Method = .fast(
    "rfind($self, sub[, start[, end]], /)",
    "The highest index of sub within S[start:end], or -1 when it is not there."
  ) { text, args, count in
    new {
      let (needle, start, end) = try PyUnicode.searchArguments("rfind", text, args, count)
      return try own(
        PyLong_FromSsize_t(try PyUnicode(text).find(needle, start, end, backwards: true)))
    }
  }

  static let index: Method = .fast(
    "index($self, sub[, start[, end]], /)",
    "The lowest index of sub within S[start:end]; ValueError when it is not there."
  ) { text, args, count in
    new {
      let (needle, start, end) = try PyUnicode.searchArguments("index", text, args, count)
      let found = try PyUnicode(text).find(needle, start, end)
      if found < 0 { throw raise(.valueError, "substring not found") }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let rindex: Method = .fast(
    "rindex($self, sub[, start[, end]], /)",
    "The highest index of sub within S[start:end]; ValueError when it is not there."
  ) { text, args, count in
    new {
      let (needle, start, end) = try PyUnicode.searchArguments("rindex", text, args, count)
      let found = try PyUnicode(text).find(needle, start, end, backwards: true)
      if found < 0 { throw raise(.valueError, "substring not found") }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let count: Method = .fast(
    "count($self, sub[, start[, end]], /)",
    "How often sub occurs within S[start:end], without overlap."
  ) { text, args, count in
    new {
      let (needle, start, end) = try PyUnicode.searchArguments("count", text, args, count)
      return try own(
        PyLong_FromSsize_t(try PyUnicode(text).occurrences(of: needle, start, end)))
    }
  }

  static let startswith: Method = .fast(
    "startswith($self, prefix[, start[, end]], /)",
    "Whether S[start:end] begins with prefix, or with one of a tuple of prefixes."
  ) { text, args, count in
    bool { try PyUnicode.affix("startswith", text, args, count, atEnd: false) }
  }

  static let endswith: Method = .fast(
    "endswith($self, suffix[, start[, end]], /)",
    "Whether S[start:end] ends with suffix, or with one of a tuple of suffixes."
  ) { text, args, count in
    bool { try PyUnicode.affix("endswith", text, args, count, atEnd: true) }
  }

  static let removeprefix: Method = .o(
    "removeprefix($self, prefix, /)", "The text without prefix at its start, if it is there."
  ) { text, prefix in
    new {
      guard prefix.isStr else {
        throw badArgument("removeprefix", "argument", expected: "str", got: prefix)
      }
      let view = PyUnicode(text)
      if view.hasAffix(PyUnicode(prefix), 0, view.count, atEnd: false) {
        return try view.substring(PyUnicode(prefix).count, view.count)
      }
      return try view.exact()
    }
  }

  static let removesuffix: Method = .o(
    "removesuffix($self, suffix, /)", "The text without suffix at its end, if it is there."
  ) { text, suffix in
    new {
      guard suffix.isStr else {
        throw badArgument("removesuffix", "argument", expected: "str", got: suffix)
      }
      let view = PyUnicode(text)
      if view.hasAffix(PyUnicode(suffix), 0, view.count, atEnd: true) {
        return try view.substring(0, view.count - PyUnicode(suffix).count)
      }
      return try view.exact()
    }
  }

  static let replace: Method = .keywords(
    "replace($self, old, new, /, count=-1)",
    "A copy with occurrences of old replaced by new: the first count of them, or all (-1)."
  ) { text, args, count, names in
    new {
      let a = try Arguments(replace, args, count, names)
      guard let old = try a.str(0), let fresh = try a.str(1) else { throw Raised() }
      return try PyUnicode(text).replacing(
        PyUnicode(old), with: PyUnicode(fresh), limit: a.index(2, default: -1))
    }
  }
}

// MARK: C API

/// Brings slice-like bounds of the C API into the text.
private func adjust(_ start: inout Int, _ end: inout Int, _ length: Int) {
  if end > length { end = length } else if end < 0 { end = Swift.max(end &+ length, 0) }
  if start < 0 { start = Swift.max(start &+ length, 0) }
}

/// Raises TypeError unless the object is a str ("must be str, not int").
func requireStr(_ object: Ref) throws(Raised) {
  if !object.isStr { throw raise(.typeError, "must be str, not \(object.type.fullName)") }
}

@c @implementation
public func PyUnicode_Find(
  _ text: Ref, _ needle: Ref, _ start: Int, _ end: Int, _ direction: Int32
) -> Int {
  do {
    try requireStr(text)
    try requireStr(needle)
    var (start, end) = (start, end)
    adjust(&start, &end, PyUnicode(text).count)
    return try PyUnicode(text).find(PyUnicode(needle), start, end, backwards: direction < 0)
  } catch { return -2 }
}

@c @implementation
public func PyUnicode_FindChar(
  _ text: Ref, _ character: Py_UCS4, _ start: Int, _ end: Int, _ direction: Int32
) -> Int {
  var (start, end) = (start, end)
  adjust(&start, &end, PyUnicode(text).count)
  return PyUnicode(text).find(character: character, start, end, backwards: direction < 0)
}

@c @implementation
public func PyUnicode_Count(_ text: Ref, _ needle: Ref, _ start: Int, _ end: Int) -> Int {
  size {
    try requireStr(text)
    try requireStr(needle)
    var (start, end) = (start, end)
    adjust(&start, &end, PyUnicode(text).count)
    return try PyUnicode(text).occurrences(of: PyUnicode(needle), start, end)
  }
}

@c @implementation
public func PyUnicode_Tailmatch(
  _ text: Ref, _ affix: Ref, _ start: Int, _ end: Int, _ direction: Int32
) -> Int {
  size {
    try requireStr(text)
    try requireStr(affix)
    var (start, end) = (start, end)
    adjust(&start, &end, PyUnicode(text).count)
    return PyUnicode(text).hasAffix(PyUnicode(affix), start, end, atEnd: direction > 0) ? 1 : 0
  }
}

@c @implementation
public func PyUnicode_Contains(_ text: Ref, _ needle: Ref) -> Int32 {
  truth {
    guard needle.isStr else {
      throw raise(
        .typeError,
        "'in <string>' requires string as left operand, not \(needle.type.fullName)")
    }
    try requireStr(text)
    return try PyUnicode(text).contains(PyUnicode(needle))
  }
}

@c @implementation
public func PyUnicode_Replace(_ text: Ref, _ old: Ref, _ fresh: Ref, _ limit: Int) -> Ref? {
  new {
    try requireStr(text)
    try requireStr(old)
    try requireStr(fresh)
    return try PyUnicode(text).replacing(PyUnicode(old), with: PyUnicode(fresh), limit: limit)
  }
}
