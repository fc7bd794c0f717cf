import CPythonABI
import Objects

/// `datetime.datetime_CAPI`: the types and constructors that extension modules use.
/// CPython: Include/datetime.h, PyDateTime_CAPI.
struct NativeInterface {
  typealias DateMaker = @convention(c) (Int32, Int32, Int32, TypeRef) -> Ref?
  typealias DateTimeMaker =
    @convention(c) (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Ref, TypeRef) -> Ref?
  typealias TimeMaker = @convention(c) (Int32, Int32, Int32, Int32, Ref, TypeRef) -> Ref?
  typealias DeltaMaker = @convention(c) (Int32, Int32, Int32, Int32, TypeRef) -> Ref?
  typealias ZoneMaker = @convention(c) (Ref, Ref?) -> Ref?
  typealias TimestampMaker = @convention(c) (Ref, Ref, Ref?) -> Ref?
  typealias DateTimestampMaker = @convention(c) (Ref, Ref) -> Ref?
  typealias FoldedDateTimeMaker =
    @convention(c) (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Ref, Int32, TypeRef) -> Ref?
  typealias FoldedTimeMaker =
    @convention(c) (Int32, Int32, Int32, Int32, Ref, Int32, TypeRef) -> Ref?

  var dateType = CalendarDate.type
  var dateTimeType = DateTimeObject.type
  var timeType = ClockTime.type
  var deltaType = TimeDelta.type
  var zoneType = TimeZones.type
  var utc: Ref

  var dateFromDate: DateMaker = { year, month, day, type in
    new { try CalendarDate.make(Int(year), Int(month), Int(day), type) }
  }
  var dateTimeFromDateAndTime: DateTimeMaker = {
    year, month, day, hour, minute, second, microsecond, zone, type in
    new {
      try DateTimeObject.make(
        Int(year), Int(month), Int(day), Int(hour), Int(minute), Int(second), Int(microsecond),
        zone, fold: 0, type)
    }
  }
  var timeFromTime: TimeMaker = { hour, minute, second, microsecond, zone, type in
    new {
      try ClockTime.make(
        Int(hour), Int(minute), Int(second), Int(microsecond), zone, fold: 0, type)
    }
  }
  var deltaFromDelta: DeltaMaker = { days, seconds, microseconds, normalize, type in
    new {
      if normalize == 0 {
        return try TimeDelta.make(Int(days), Int(seconds), Int(microseconds), type)
      }
      return try TimeDelta.normalized(Int(days), Int(seconds), Int(microseconds), type)
    }
  }
  var zoneFromZone: ZoneMaker = { offset, name in
    new {
      guard TimeDelta.isDelta(offset) else {
        throw raise(
          .typeError, "offset must be a timedelta, not \(offset.type.fullName)")
      }
      return try FixedZone.make(offset, name)
    }
  }
  var dateTimeFromTimestamp: TimestampMaker = { type, args, keywords in
    new { try DateTimeObject.fromTimestamp(type, args, keywords) }
  }
  var dateFromTimestamp: DateTimestampMaker = { type, args in
    new {
      try checkPositional("fromtimestamp", apus_var_size(args), least: 1, most: 1)
      return try CalendarDate.fromTimestamp(type, apus_tuple_item(args, 0))
    }
  }
  var dateTimeWithFold: FoldedDateTimeMaker = {
    year, month, day, hour, minute, second, microsecond, zone, fold, type in
    new {
      try DateTimeObject.make(
        Int(year), Int(month), Int(day), Int(hour), Int(minute), Int(second), Int(microsecond),
        zone, fold: Int(fold), type)
    }
  }
  var timeWithFold: FoldedTimeMaker = { hour, minute, second, microsecond, zone, fold, type in
    new {
      try ClockTime.make(
        Int(hour), Int(minute), Int(second), Int(microsecond), zone, fold: Int(fold), type)
    }
  }

  init(utc: Ref) { self.utc = utc }

  /// The capsule's name, which `PyDateTime_IMPORT` asks for. Alive as long as the process.
  nonisolated(unsafe) static let name = PermanentMemory.string("datetime.datetime_CAPI")
  nonisolated(unsafe) private static var known: UnsafeMutablePointer<NativeInterface>?

  static func table() throws(Raised) -> UnsafeMutableRawPointer {
    if let known { return UnsafeMutableRawPointer(known) }
    let made = UnsafeMutablePointer<NativeInterface>.allocate(capacity: 1)
    made.initialize(to: NativeInterface(utc: try FixedZone.utc()))
    known = made
    InterpreterEnd.add("datetime.datetime_CAPI") {
      known?.deallocate()
      known = nil
    }
    return UnsafeMutableRawPointer(made)
  }
}
