import CPythonABI
import Objects

/// A str in one of the forms of ISO 8601 that `fromisoformat` reads.
struct IsoText {
  private let kind: Int32
  private let data: UnsafeMutableRawPointer
  let count: Int

  /// The str must outlive this.
  init(_ text: Ref) {
    kind = apus_str_kind(text)
    data = apus_str_data(text)
    count = apus_str_length(text)
  }

  static func raiseInvalid(_ source: Ref) -> Raised {
    do {
      let shown = try own(PyObject_Repr(source))
      let words = try own(PyUnicode_FromString("Invalid isoformat string: "))
      let message = try own(PyUnicode_Concat(words.ref, shown.ref))
      return raise(.valueError, value: message.ref)
    } catch { return error }
  }

  /// The character, 0 behind the end.
  subscript(_ index: Int) -> UInt32 {
    guard index >= 0 && index < count else { return 0 }
    if kind == 1 { return UInt32(data.load(fromByteOffset: index, as: UInt8.self)) }
    return apus_str_read(kind, data, index)
  }

  private func isDigit(_ index: Int) -> Bool { self[index] >= 48 && self[index] <= 57 }

  /// A number of exactly `length` digits.
  private func digits(_ index: Int, _ length: Int) -> Int? {
    var value = 0
    for offset in 0..<length {
      guard isDigit(index + offset) else { return nil }
      value = value * 10 + Int(self[index + offset] - 48)
    }
    return value
  }

  typealias Date = (year: Int, month: Int, day: Int)

  /// The date of `length` characters; only its form is checked, and ISO weeks.
  func date(_ start: Int, _ length: Int) -> Date? {
    guard let year = digits(start, 4) else { return nil }
    var index = start + 4
    let end = start + length
    let separated = self[index] == 45
    if separated { index += 1 }
    if self[index] == 87 {
      guard let week = digits(index + 1, 2) else { return nil }
      index += 3
      var weekday = 1
      if index < end {
        if separated {
          guard self[index] == 45 else { return nil }
          index += 1
        }
        guard let given = digits(index, 1), index + 1 == end else { return nil }
        weekday = given
      }
      return try? CalendarDays.date(isoYear: year, week: week, weekday: weekday)
    }
    guard let month = digits(index, 2) else { return nil }
    index += 2
    if separated {
      guard self[index] == 45 else { return nil }
      index += 1
    }
    guard let day = digits(index, 2), index + 2 == end else { return nil }
    return (year, month, day)
  }

  /// Where the date of a date and time ends. The form is told by the characters at 4 and 5.
  func dateEnd() -> Int? {
    if count == 7 { return 7 }
    if self[4] == 45 {
      guard self[5] == 87 else { return 10 }
      guard count > 8, self[8] == 45 else { return 8 }
      if count == 9 { return nil }
      // `YYYY-Www-##`: more likely a hyphen before the hour than a digit before it.
      return count > 10 && isDigit(10) ? 8 : 10
    }
    guard self[4] == 87 else { return 8 }
    var index = 7
    while index < count, isDigit(index) { index += 1 }
    if index < 9 { return index }
    return index % 2 == 0 ? 7 : 8
  }

  struct Time {
    var hour = 0, minute = 0, second = 0, microsecond = 0
  }

  /// The time from `start` on, and its offset in seconds and microseconds if it has one.
  func time(_ start: Int) -> (time: Time, offset: (seconds: Int, microseconds: Int)?)? {
    var zone = start
    while zone < count, self[zone] != 43, self[zone] != 45, self[zone] != 90 { zone += 1 }
    guard let (time, whole) = clock(start, zone) else { return nil }
    if zone == count { return whole ? (time, nil) : nil }
    if self[zone] == 90 { return zone + 1 == count ? (time, (0, 0)) : nil }
    let sign = self[zone] == 45 ? -1 : 1
    guard let (shift, complete) = clock(zone + 1, count), complete else { return nil }
    let seconds = shift.hour * 3600 + shift.minute * 60 + shift.second
    return (time, (sign * seconds, sign * shift.microsecond))
  }

  /// `HH[:MM[:SS[.ffffff]]]` with or without colons up to `end`; whether the text ends there too.
  private func clock(_ start: Int, _ end: Int) -> (Time, Bool)? {
    var parts = InlineArray<3, Int>(repeating: 0)
    var index = start
    var colons = true
    var part = 0
    while part < 3 {
      guard let value = digits(index, 2) else { return nil }
      parts[part] = value
      index += 2
      let next = self[index]
      index += 1
      if part == 0 { colons = next == 58 }
      if index > end || (index == end && next != 0) {
        return (Time(hour: parts[0], minute: parts[1], second: parts[2]), next == 0)
      }
      if colons && next == 58 {
        part += 1
        continue
      }
      if next == 46 || next == 44 { break }
      if colons { return nil }
      index -= 1
      part += 1
    }
    let rest = end - index
    let length = Swift.min(rest, 6)
    guard length > 0, var fraction = digits(index, length) else { return nil }
    index += length
    for _ in length..<6 { fraction *= 10 }
    while isDigit(index) { index += 1 }
    let time = Time(hour: parts[0], minute: parts[1], second: parts[2], microsecond: fraction)
    return (time, index >= count)
  }

  /// The zone of an offset that was read, nil for none.
  static func zone(_ offset: (seconds: Int, microseconds: Int)?) throws(Raised) -> Owned? {
    guard let offset else { return nil }
    if offset.seconds == 0 { return try FixedZone.utc().retained() }
    let delta = try TimeDelta.normalized(0, offset.seconds, offset.microseconds)
    return try FixedZone.make(delta.ref, nil)
  }
}
