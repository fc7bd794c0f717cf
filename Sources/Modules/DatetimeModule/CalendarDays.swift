/// Days of the proleptic Gregorian calendar: years 1 to 9999, day 1 is 0001-01-01.
enum CalendarDays {
  static let firstYear = 1
  static let lastYear = 9999
  /// The ordinal of 9999-12-31.
  static let last = 3_652_059
  /// The ordinal of 1970-01-01.
  static let epoch = 719_163

  static func isLeap(_ year: Int) -> Bool {
    year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  static func count(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of a year before the first of a month.
  static func before(year: Int, month: Int) -> Int {
    let days = (367 &* month &- 362) / 12
    return month <= 2 ? days : isLeap(year) ? days &- 1 : days &- 2
  }

  /// Days before January 1 of a year.
  static func before(year: Int) -> Int {
    let past = year &- 1
    return past &* 365 &+ past / 4 &- past / 100 &+ past / 400
  }

  /// The ordinal of a date.
  static func ordinal(_ year: Int, _ month: Int, _ day: Int) -> Int {
    before(year: year) &+ before(year: year, month: month) &+ day
  }

  /// The date of an ordinal of at least 1.
  static func date(_ ordinal: Int) -> (year: Int, month: Int, day: Int) {
    let zero = ordinal &- 1
    let centuries4 = zero / 146_097
    var rest = zero % 146_097
    let centuries = rest / 36_524
    rest %= 36_524
    let years4 = rest / 1_461
    rest %= 1_461
    let years = rest / 365
    rest %= 365
    let year = centuries4 &* 400 &+ centuries &* 100 &+ years4 &* 4 &+ years &+ 1
    if years == 4 || centuries == 4 { return (year &- 1, 12, 31) }
    var month = Swift.min((rest &+ 50) >> 5, 12)
    var start = before(year: year, month: month)
    if start > rest {
      month &-= 1
      start = before(year: year, month: month)
    }
    return (year, month, rest &- start &+ 1)
  }

  /// 0 for Monday.
  static func weekday(_ year: Int, _ month: Int, _ day: Int) -> Int {
    (ordinal(year, month, day) &+ 6) % 7
  }

  /// The ordinal of the Monday that starts week 1 of an ISO year.
  static func firstMonday(_ year: Int) -> Int {
    let first = ordinal(year, 1, 1)
    let weekday = (first &+ 6) % 7
    let monday = first &- weekday
    return weekday > 3 ? monday &+ 7 : monday
  }

  /// ISO year, week 1-53, weekday 1-7 of a date.
  static func iso(_ year: Int, _ month: Int, _ day: Int) -> (year: Int, week: Int, weekday: Int) {
    var isoYear = year
    var start = firstMonday(year)
    let today = ordinal(year, month, day)
    if today < start {
      isoYear &-= 1
      start = firstMonday(isoYear)
    } else if today &- start >= 51 * 7, today >= firstMonday(year &+ 1) {
      isoYear &+= 1
      start = firstMonday(isoYear)
    }
    let days = today &- start
    return (isoYear, days / 7 &+ 1, days % 7 &+ 1)
  }

  enum IsoFault: Error { case year, week, day }

  /// The date of an ISO year, week and weekday.
  static func date(
    isoYear year: Int, week: Int, weekday: Int
  ) throws(IsoFault) -> (year: Int, month: Int, day: Int) {
    guard year >= firstYear, year <= lastYear else { throw .year }
    if week <= 0 || week >= 53 {
      // A year has 53 weeks when it starts on a Thursday, or a leap year on a Wednesday.
      let first = weekdayOfNewYear(year)
      guard week == 53, first == 3 || (first == 2 && isLeap(year)) else { throw .week }
    }
    guard weekday > 0, weekday < 8 else { throw .day }
    return date(firstMonday(year) &+ (week &- 1) &* 7 &+ weekday &- 1)
  }

  private static func weekdayOfNewYear(_ year: Int) -> Int { (ordinal(year, 1, 1) &+ 6) % 7 }
}
