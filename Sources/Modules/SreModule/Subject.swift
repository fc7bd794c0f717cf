import CPythonABI
import Glibc
import Objects

/// The string a pattern is applied to, with the bounds of the search and the marks of the match.
struct Subject: ~Copyable {
  let string: Ref
  let program: Program
  private let data: UnsafeRawPointer
  /// Bytes per character.
  private let kind: Int32
  let isBytes: Bool
  let length: Int
  private var view: Py_buffer
  private var hasView: Bool
  /// Where the next search starts, and the end of everything.
  var start: Int
  let pos: Int
  let end: Int
  /// The match: its bounds, the marks (-1 for none), the last group closed (-1 for none).
  private(set) var matchStart: Int
  private(set) var matchEnd: Int
  let marks: UnsafeMutablePointer<Int>
  private let markCount: Int
  private(set) var lastIndex: Int
  var mustAdvance: Bool

  init(_ pattern: Pattern, _ string: Ref, _ pos: Int, _ endpos: Int) throws(Raised) {
    var view = Py_buffer()
    // Everything that may fail comes before the first field is set.
    var kind: Int32 = 1
    var data: UnsafeRawPointer
    var length: Int
    var bytes = true
    if string.isStr {
      kind = apus_str_kind(string)
      data = UnsafeRawPointer(apus_str_data(string))
      length = apus_str_length(string)
      bytes = false
    } else {
      if PyObject_GetBuffer(string, &view, PyBUF_SIMPLE) < 0 {
        PyErr_Clear()
        throw raise(
          .typeError, "expected string or bytes-like object, got '\(string.type.fullName)'")
      }
      data = view.buf.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(apus_bytes_data(apus_bytes_empty()))
      length = view.len
    }
    let expected = pattern.layout.pointee.isBytes
    if expected >= 0 && (expected != 0) != bytes {
      if bytes { PyBuffer_Release(&view) }
      throw raise(
        .typeError,
        bytes
          ? "cannot use a string pattern on a bytes-like object"
          : "cannot use a bytes pattern on a string-like object")
    }
    self.kind = kind
    self.data = data
    self.length = length
    self.view = view
    hasView = bytes
    isBytes = bytes
    Py_INCREF(string)
    self.string = string
    program = pattern.program
    self.pos = Swift.min(Swift.max(pos, 0), length)
    end = Swift.max(Swift.min(endpos, length), 0)
    start = Swift.min(self.pos, end)
    markCount = Swift.max(pattern.layout.pointee.groups * 2, 1)
    marks = .allocate(capacity: markCount)
    matchStart = 0
    matchEnd = 0
    lastIndex = -1
    mustAdvance = false
  }

  deinit {
    marks.deallocate()
    if hasView {
      var view = view
      PyBuffer_Release(&view)
    }
    Py_DECREF(string)
  }

  enum Mode { case search, match, fullMatch }

  /// Applies the pattern from `start` on. Whether it matched.
  mutating func find(_ mode: Mode) throws(Raised) -> Bool {
    marks.initialize(repeating: -1, count: markCount)
    let outcome: MatchOutcome
    switch kind {
    case 1: outcome = find(mode, data.assumingMemoryBound(to: UInt8.self))
    case 2: outcome = find(mode, data.assumingMemoryBound(to: UInt16.self))
    default: outcome = find(mode, data.assumingMemoryBound(to: UInt32.self))
    }
    switch outcome {
    case .matched: return true
    case .failed: return false
    case .raised: throw Raised()
    }
  }

  @inline(__always)
  private mutating func find<Unit: FixedWidthInteger & UnsignedInteger>(
    _ mode: Mode, _ text: UnsafePointer<Unit>
  ) -> MatchOutcome {
    if pos > end { return .failed }
    var matcher = Matcher<Unit>(program, text: text, end: end, marks: marks)
    defer { matcher.stacks.giveBack() }
    matcher.mustAdvance = mustAdvance
    matchStart = start
    let outcome: MatchOutcome
    switch mode {
    case .search: outcome = matcher.search(program, from: start, origin: &matchStart)
    case .match: outcome = matcher.run(program.start, start, origin: start)
    case .fullMatch:
      matcher.matchAll = true
      outcome = matcher.run(program.start, start, origin: start)
    }
    matchEnd = matcher.matchEnd
    lastIndex = matcher.lastIndex
    return outcome
  }

  /// Moves the start behind the match just found; an empty one there does not count.
  mutating func advance() {
    mustAdvance = matchEnd == matchStart
    start = matchEnd
  }

  /// A piece of the subject.
  func slice(_ from: Int, _ to: Int) throws(Raised) -> Owned {
    try Self.slice(
      string, isBytes ? data : nil, length, from, to)
  }

  /// A piece of a string; `data` are the bytes of one that is not str.
  static func slice(
    _ string: Ref, _ data: UnsafeRawPointer?, _ length: Int, _ from: Int, _ to: Int
  ) throws(Raised) -> Owned {
    guard let data else { return try own(PyUnicode_Substring(string, from, to)) }
    if from == 0 && to == length && string.type == bytesType() { return string.retained() }
    return try own(
      PyBytes_FromStringAndSize(
        (data + from).assumingMemoryBound(to: CChar.self), Swift.max(to - from, 0)))
  }

  /// The text of a group of the match, counted from 1; nil when it took no part.
  func group(_ number: Int) throws(Raised) -> Owned? {
    if number == 0 { return try slice(matchStart, matchEnd) }
    let from = marks[2 * number - 2]
    let to = marks[2 * number - 1]
    if from < 0 || to < 0 { return nil }
    return try slice(from, Swift.max(from, to))
  }

  /// Joins pieces of the subject's kind.
  func join(_ pieces: Ref) throws(Raised) -> Owned {
    if isBytes { return try own(_PyBytes_Join(apus_bytes_empty(), pieces)) }
    return try own(PyUnicode_Join(apus_str_empty(), pieces))
  }
}
