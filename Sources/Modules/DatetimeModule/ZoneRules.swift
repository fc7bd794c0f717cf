/// The rule at the end of a zone file: a POSIX TZ string (RFC 8536, section 3.3.1).
struct ZoneRules {
  struct Offset {
    /// East of UTC.
    var seconds: Int
    var name: String
  }

  /// When a transition happens in every year, in seconds of local time.
  enum Day {
    /// Days counted from 0, or from 1 without February 29.
    case ordinal(Int, julian: Bool)
    /// The `week`th (5: last) `weekday` (0: Sunday) of a month.
    case weekday(month: Int, week: Int, weekday: Int)
  }

  struct Transition {
    var day: Day
    /// Seconds after midnight, may be negative or more than a day.
    var time: Int

    /// Seconds since 1970-01-01 on local clocks.
    func moment(in year: Int) -> Int {
      var days: Int
      switch day {
      case .ordinal(let count, let julian):
        // Both kinds count as zoneinfo counts them: day 1 is January 1.
        days = CalendarDays.before(year: year) &- CalendarDays.epoch &+ count
        if julian && count >= 59 && CalendarDays.isLeap(year) { days &+= 1 }
      case .weekday(let month, let week, let weekday):
        // Of the first of the month, Sunday is 0.
        let first = (CalendarDays.ordinal(year, month, 1)) % 7
        var day = (weekday &- first &+ 7) % 7 &+ 1 &+ (week &- 1) &* 7
        if day > CalendarDays.count(year: year, month: month) { day &-= 7 }
        days = CalendarDays.ordinal(year, month, day) &- CalendarDays.epoch
      }
      return days &* 86_400 &+ time
    }
  }

  var standard: Offset
  /// The offset of summer time with its start and end; nil when clocks never change.
  var summer: (offset: Offset, start: Transition, end: Transition)?

  // MARK: Reading

  enum Fault: Error { case malformed }

  private struct Reader {
    let text: [UInt8]
    var index = 0

    var current: UInt8 { index < text.count ? text[index] : 0 }
    var isAtEnd: Bool { index >= text.count }

    mutating func take(_ byte: UInt8) -> Bool {
      guard current == byte else { return false }
      index += 1
      return true
    }

    /// A number of `least` to `most` digits.
    mutating func number(_ least: Int, _ most: Int) throws(Fault) -> Int {
      var value = 0
      var count = 0
      while count < most, current >= 48, current <= 57 {
        value = value * 10 + Int(current - 48)
        index += 1
        count += 1
      }
      guard count >= least, !(current >= 48 && current <= 57) else { throw .malformed }
      return value
    }

    /// `h[hh][:mm[:ss]]` in seconds.
    mutating func time(most: Int) throws(Fault) -> Int {
      var sign = 1
      if take(45) { sign = -1 } else { _ = take(43) }
      let hours = try number(1, 3)
      guard hours <= most else { throw .malformed }
      var total = hours * 3600
      if take(58) {
        let minutes = try number(2, 2)
        guard minutes < 60 else { throw .malformed }
        total += minutes * 60
        if take(58) {
          let seconds = try number(2, 2)
          guard seconds < 60 else { throw .malformed }
          total += seconds
        }
      }
      return sign * total
    }

    mutating func name() throws(Fault) -> String {
      var bytes: [UInt8] = []
      func isLetter(_ byte: UInt8) -> Bool {
        (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
      }
      if take(60) {
        while isLetter(current) || (current >= 48 && current <= 57) || current == 43 || current == 45 {
          bytes.append(current)
          index += 1
        }
        guard take(62) else { throw .malformed }
      } else {
        while isLetter(current) {
          bytes.append(current)
          index += 1
        }
      }
      guard !bytes.isEmpty else { throw .malformed }
      return String(decoding: bytes, as: UTF8.self)
    }

    mutating func transition() throws(Fault) -> Transition {
      let day: Day
      if take(77) {
        let month = try number(1, 2)
        guard take(46) else { throw .malformed }
        let week = try number(1, 1)
        guard take(46) else { throw .malformed }
        let weekday = try number(1, 1)
        guard month >= 1, month <= 12, week >= 1, week <= 5, weekday <= 6 else {
          throw .malformed
        }
        day = .weekday(month: month, week: week, weekday: weekday)
      } else {
        let julian = take(74)
        let count = try number(1, 3)
        guard count <= 365, !julian || count >= 1 else { throw .malformed }
        day = .ordinal(count, julian: julian)
      }
      var time = 2 * 3600
      if take(47) { time = try self.time(most: 167) }
      return Transition(day: day, time: time)
    }
  }

  init(_ text: [UInt8]) throws(Fault) {
    var reader = Reader(text: text)
    let name = try reader.name()
    var offset = 0
    // West is positive in these strings.
    if !reader.isAtEnd { offset = -(try reader.time(most: 24)) }
    standard = Offset(seconds: offset, name: name)
    if reader.isAtEnd { return }
    let summerName = try reader.name()
    var summerOffset = offset + 3600
    if reader.current != 44 { summerOffset = -(try reader.time(most: 24)) }
    guard reader.take(44) else { throw .malformed }
    let start = try reader.transition()
    guard reader.take(44) else { throw .malformed }
    let end = try reader.transition()
    guard reader.isAtEnd else { throw .malformed }
    summer = (Offset(seconds: summerOffset, name: summerName), start, end)
  }
}
