import CPythonABI
import Glibc
import Objects

/// Sums, differences and order of datetimes.
extension DateTimeObject {
  typealias Parts = (
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int
  )

  /// The fields after a shift. Raises OverflowError outside the calendar.
  func parts(adding delta: TimeDelta, sign: Int) throws(Raised) -> Parts {
    let (carry, small) = TimeDelta.floorDivide(
      microsecond &+ sign &* delta.microseconds, 1_000_000)
    let (days, rest) = TimeDelta.floorDivide(
      secondOfDay &+ sign &* delta.seconds &+ carry, 86_400)
    let (year, month, day) = try CalendarDate.shifted(
      year, month, day &+ sign &* delta.days &+ days)
    return (year, month, day, rest / 3600, rest / 60 % 60, rest % 60, small)
  }

  func adding(_ delta: TimeDelta, sign: Int) throws(Raised) -> Owned {
    let p = try parts(adding: delta, sign: sign)
    return try Self.make(
      p.year, p.month, p.day, p.hour, p.minute, p.second, p.microsecond, zone, fold: 0,
      calling: ref.type)
  }

  static func add(_ left: Ref, _ right: Ref) -> Ref? {
    if isDateTime(left), TimeDelta.isDelta(right) {
      return new { try DateTimeObject(left).adding(TimeDelta(right), sign: 1) }
    }
    if isDateTime(right), TimeDelta.isDelta(left) {
      return new { try DateTimeObject(right).adding(TimeDelta(left), sign: 1) }
    }
    return notImplementedObject()
  }

  static func subtract(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDateTime(left) else { return notImplementedObject() }
    if isDateTime(right) {
      return new { try DateTimeObject(left).subtracting(DateTimeObject(right)) }
    }
    if TimeDelta.isDelta(right) {
      return new { try DateTimeObject(left).adding(TimeDelta(right), sign: -1) }
    }
    return notImplementedObject()
  }

  /// The time between two datetimes.
  func subtracting(_ other: DateTimeObject) throws(Raised) -> Owned {
    let days = date.ordinal &- other.date.ordinal
    let seconds = secondOfDay &- other.secondOfDay
    let microseconds = microsecond &- other.microsecond
    if zone == other.zone { return try TimeDelta.normalized(days, seconds, microseconds) }
    let mine = TimeZones.object(try utcoffset())
    let theirs = TimeZones.object(try other.utcoffset())
    if mine.ref.isNone != theirs.ref.isNone {
      throw raise(.typeError, "can't subtract offset-naive and offset-aware datetimes")
    }
    let plain = try TimeDelta.normalized(days, seconds, microseconds)
    if mine.ref.isNone { return plain }
    let shift = try TimeDelta.sum(TimeDelta(mine.ref), TimeDelta(theirs.ref), sign: -1)
    return try TimeDelta.sum(TimeDelta(plain.ref), TimeDelta(shift.ref), sign: -1)
  }

  /// Whether the offset depends on the fold: such a datetime equals none of another zone (PEP 495).
  private func dependsOnFold(_ offset: Ref) throws(Raised) -> Bool {
    let other = try copy(zone, fold: 1 - fold)
    let flipped = TimeZones.object(try DateTimeObject(other.ref).utcoffset())
    if flipped.ref == offset { return false }
    guard TimeDelta.isDelta(flipped.ref), TimeDelta.isDelta(offset) else { return true }
    return TimeDelta(flipped.ref).compare(TimeDelta(offset)) != 0
  }

  static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard isDateTime(right) else { return notImplementedObject() }
    let a = DateTimeObject(left)
    let b = DateTimeObject(right)
    if a.zone == b.zone { return TimeDelta.answer(Int(memcmp(a.data, b.data, 10)), operation) }
    return new {
      let first = TimeZones.object(try a.utcoffset())
      let second = TimeZones.object(try b.utcoffset())
      let bothAware = !first.ref.isNone && !second.ref.isNone
      let asks = operation == Py_EQ || operation == Py_NE
      var difference: Int
      if first.ref == second.ref
        || (bothAware && TimeDelta(first.ref).compare(TimeDelta(second.ref)) == 0)
      {
        difference = Int(memcmp(a.data, b.data, 10))
      } else if bothAware {
        let delta = try a.subtracting(b)
        let distance = TimeDelta(delta.ref)
        difference = distance.days
        if difference == 0 { difference = distance.seconds | distance.microseconds }
      } else {
        if operation == Py_EQ { return falseObject().retained() }
        if operation == Py_NE { return trueObject().retained() }
        throw raise(.typeError, "can't compare offset-naive and offset-aware datetimes")
      }
      if asks, difference == 0 {
        var depends = try a.dependsOnFold(first.ref)
        if !depends { depends = try b.dependsOnFold(second.ref) }
        if depends { difference = 1 }
      }
      return TimeDelta.answer(difference, operation).retained()
    }
  }

  static func hash(_ object: Ref) throws(Raised) -> Int {
    let moment = DateTimeObject(object)
    if moment.layout.pointee.hash != -1 { return moment.layout.pointee.hash }
    let value: Int
    // The fold does not count: both readings of a clock hash alike.
    var asked = object.retained()
    if moment.fold != 0 { asked = try moment.copy(moment.zone, fold: 0) }
    if let zone = moment.zone, let offset = try TimeZones.utcoffset(zone, asked.ref) {
      let ref = offset.ref
      let clock = try TimeDelta.normalized(
        moment.date.ordinal, moment.secondOfDay, moment.microsecond)
      let shifted = try TimeDelta.sum(TimeDelta(clock.ref), TimeDelta(ref), sign: -1)
      value = try TimeDelta.hash(shifted.ref)
    } else {
      value = try CalendarDate.hash(moment.data, 10)
    }
    moment.layout.pointee.hash = value
    return value
  }
}
