import CPythonABI
import Glibc
import Objects

/// datetime.datetime. CPython: Modules/_datetimemodule.c.
struct DateTimeObject {
  /// CPython's PyDateTime_DateTime.
  struct Layout {
    var base: PyObject
    /// -1 while unknown.
    var hash: Int
    var hasZone: UInt8
    /// Year (two bytes), month, day, hour, minute, second, microsecond (three bytes); big-endian.
    var data: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)
    var fold: UInt8
    /// A tzinfo; there only when `hasZone` is 1.
    var zone: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  @inline(__always) var data: UnsafeMutablePointer<UInt8> {
    (UnsafeMutableRawPointer(ref) + CalendarDate.dataOffset).assumingMemoryBound(to: UInt8.self)
  }
  var date: CalendarDate { CalendarDate(ref) }
  var year: Int { date.year }
  var month: Int { Int(data[2]) }
  var day: Int { Int(data[3]) }
  var hour: Int { Int(data[4]) }
  var minute: Int { Int(data[5]) }
  var second: Int { Int(data[6]) }
  var microsecond: Int { Int(data[7]) << 16 | Int(data[8]) << 8 | Int(data[9]) }
  var fold: Int { Int(layout.pointee.fold) }
  /// Borrowed; nil for a naive datetime.
  var zone: Ref? { layout.pointee.hasZone != 0 ? layout.pointee.zone : nil }
  /// Seconds since midnight.
  var secondOfDay: Int { (hour &* 60 &+ minute) &* 60 &+ second }

  static func isDateTime(_ object: Ref) -> Bool { object.isInstance(of: type) }

  // MARK: Making

  /// A datetime of exactly `type` (no constructor runs).
  static func make(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int,
    _ microsecond: Int, _ zone: Ref?, fold: Int, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    try CalendarDate.check(year, month, day)
    try ClockTime.check(hour, minute, second, microsecond, fold: fold)
    let zone = try TimeZones.zone(zone)
    let object = try blank(zone, type)
    let data = DateTimeObject(object.ref).data
    data[0] = UInt8(truncatingIfNeeded: year >> 8)
    data[1] = UInt8(truncatingIfNeeded: year)
    data[2] = UInt8(truncatingIfNeeded: month)
    data[3] = UInt8(truncatingIfNeeded: day)
    data[4] = UInt8(truncatingIfNeeded: hour)
    data[5] = UInt8(truncatingIfNeeded: minute)
    data[6] = UInt8(truncatingIfNeeded: second)
    data[7] = UInt8(truncatingIfNeeded: microsecond >> 16)
    data[8] = UInt8(truncatingIfNeeded: microsecond >> 8)
    data[9] = UInt8(truncatingIfNeeded: microsecond)
    DateTimeObject(object.ref).layout.pointee.fold = UInt8(truncatingIfNeeded: fold)
    return object
  }

  private static func blank(_ zone: Ref?, _ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, zone == nil ? 0 : 1))
    let layout = DateTimeObject(object.ref).layout
    layout.pointee.hash = -1
    layout.pointee.hasZone = zone == nil ? 0 : 1
    if let zone { layout.pointee.zone = zone.retained().give() }
    return object
  }

  /// A datetime of a class that may be a subclass with a constructor of its own.
  static func make(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int,
    _ microsecond: Int, _ zone: Ref?, fold: Int, calling type: TypeRef
  ) throws(Raised) -> Owned {
    if type == self.type {
      return try make(
        year, month, day, hour, minute, second, microsecond, zone, fold: fold, type)
    }
    let args = try own(PyTuple_New(8))
    for (index, value) in [year, month, day, hour, minute, second, microsecond].enumerated() {
      apus_tuple_items(args.ref)[index] = try int(value).give()
    }
    apus_tuple_items(args.ref)[7] = (zone ?? noneObject()).retained().give()
    let made = try own(PyObject_Call(type.object, args.ref, nil))
    if isDateTime(made.ref) {
      DateTimeObject(made.ref).layout.pointee.fold = UInt8(truncatingIfNeeded: fold)
    }
    return made
  }

  private static let construct = ArgumentFormat(
    "iii|iiiiO$i",
    ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"])

  static func construct(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count >= 1, count <= 2 {
      let zone = count == 2 ? apus_tuple_item(args, 1) : noneObject()
      if let state = try CalendarDate.packed(
        apus_tuple_item(args, 0), size: 10, kind: "datetime",
        isSane: { $0[2] & 0x7F >= 1 && $0[2] & 0x7F <= 12 })
      {
        guard zone.isNone || TimeZones.isZone(zone) else {
          throw raise(.typeError, "bad tzinfo state arg")
        }
        let object = try blank(zone.isNone ? nil : zone, type)
        let moment = DateTimeObject(object.ref)
        memcpy(moment.data, apus_bytes_data(state.ref), 10)
        moment.layout.pointee.fold = moment.data[2] & 128 != 0 ? 1 : 0
        moment.data[2] &= 127
        return object
      }
    }
    if keywords == nil, let f = CalendarDate.smallInts(args, 3...7) {
      return try make(f[0], f[1], f[2], f[3], f[4], f[5], f[6], nil, fold: 0, type)
    }
    let given = try construct.parse(args, keywords)
    return try make(
      given.int(0), given.int(1), given.int(2), given.int(3), given.int(4), given.int(5),
      given.int(6), given.object(7), fold: given.int(8), type)
  }

  /// A copy of exactly datetime with another zone and fold.
  func copy(_ zone: Ref?, fold: Int) throws(Raised) -> Owned {
    try Self.make(
      year, month, day, hour, minute, second, microsecond, zone, fold: fold)
  }

  // MARK: Moments

  /// The datetime of a timestamp on some clock.
  static func make(
    _ type: TypeRef, seconds: Int, microseconds: Int, local: Bool, _ zone: Ref?
  ) throws(Raised) -> Owned {
    let clock = local ? try LocalTime.local(seconds) : try LocalTime.utc(seconds)
    let year = Int(clock.tm_year) &+ 1900
    let month = Int(clock.tm_mon) &+ 1
    // No leap seconds here.
    let second = Swift.min(59, Int(clock.tm_sec))
    var fold = 0
    if local && zone == nil {
      let shown = try LocalTime.count(
        year, month, Int(clock.tm_mday), Int(clock.tm_hour), Int(clock.tm_min), second)
      fold = try LocalTime.fold(at: seconds, clock: shown)
    }
    return try make(
      year, month, Int(clock.tm_mday), Int(clock.tm_hour), Int(clock.tm_min), second, microseconds,
      zone, fold: fold, calling: type)
  }

  /// The timestamp of what a naive datetime says in local time, in whole seconds.
  private func localSeconds() throws(Raised) -> Int {
    let clock = try LocalTime.count(year, month, day, hour, minute, second)
    return try LocalTime.moment(ofLocal: clock, fold: fold) &- LocalTime.epoch
  }

  /// The zone of local clocks when they show this. In a gap the one that the fold names.
  private func localZone() throws(Raised) -> Owned {
    let clock = try LocalTime.count(year, month, day, hour, minute, second)
    var moment = try LocalTime.moment(ofLocal: clock, fold: fold)
    let other = try LocalTime.moment(ofLocal: clock, fold: 1 - fold)
    if other != moment, (other > moment) == (fold != 0) { moment = other }
    return try LocalTime.zone(at: moment &- LocalTime.epoch)
  }

  private static let now: Method = .keywords(
    "now($type, /, tz=None)",
    "Returns new datetime object representing current time local to tz.\n\nWithout tz the time is local and naive."
  ) { type, args, count, names in
    new {
      let a = try Arguments(now, args, count, names)
      let zone = try TimeZones.zone(a.optional(0))
      let (seconds, microseconds) = LocalTime.now()
      let moment = try make(
        type.asType, seconds: seconds, microseconds: microseconds, local: zone == nil, zone)
      guard let zone else { return moment }
      return try own(PyObject_CallMethodOneArg(zone, Names.fromUTC, moment.ref))
    }
  }.classMethod

  private static func warn(_ name: String, _ instead: String) throws(Raised) {
    try check(
      PyErr_WarnEx(
        .deprecationWarning,
        "datetime.datetime.\(name)() is deprecated and scheduled for removal in a future version. "
          + "Use timezone-aware objects to represent datetimes in UTC: "
          + "datetime.datetime.\(instead).", 1))
  }

  private static let utcnow: Method = .noargs(
    "utcnow($type, /)", "Return a new datetime representing UTC day and time."
  ) { type, _ in
    new {
      try warn("utcnow", "now(datetime.UTC)")
      let (seconds, microseconds) = LocalTime.now()
      return try make(
        type.asType, seconds: seconds, microseconds: microseconds, local: false, nil)
    }
  }.classMethod

  private static let timestampFormat = ArgumentFormat("O|O:fromtimestamp", ["timestamp", "tz"])

  static func fromTimestamp(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let given = try timestampFormat.parse(args, keywords)
    guard let timestamp = given.object(0) else { throw Raised() }
    let zone = try TimeZones.zone(given.value(1))
    let (seconds, microseconds) = try LocalTime.moment(timestamp)
    let moment = try make(
      type.asType, seconds: seconds, microseconds: microseconds, local: zone == nil, zone)
    guard let zone else { return moment }
    return try own(PyObject_CallMethodOneArg(zone, Names.fromUTC, moment.ref))
  }

  private static let fromTimestamp: Method = .variableKeywords(
    "fromtimestamp", "timestamp[, tz] -> tz's local time from POSIX timestamp."
  ) { type, args, keywords in new { try fromTimestamp(type, args, keywords) } }.classMethod

  private static let utcTimestampFormat = ArgumentFormat("O:utcfromtimestamp", count: 1)

  private static let utcFromTimestamp: Method = .variable(
    "utcfromtimestamp", "Construct a naive UTC datetime from a POSIX timestamp."
  ) { type, args in
    new {
      try warn("utcfromtimestamp", "fromtimestamp(timestamp, datetime.UTC)")
      let given = try utcTimestampFormat.parse(args)
      guard let timestamp = given.object(0) else { throw Raised() }
      let (seconds, microseconds) = try LocalTime.moment(timestamp)
      return try make(
        type.asType, seconds: seconds, microseconds: microseconds, local: false, nil)
    }
  }.classMethod

  private static let timestamp: Method = .noargs(
    "timestamp($self, /)", "Return POSIX timestamp as float."
  ) { object, _ in
    new {
      let moment = DateTimeObject(object)
      guard moment.zone != nil else {
        let seconds = try moment.localSeconds()
        return try own(
          PyFloat_FromDouble(Double(seconds) + Double(moment.microsecond) / 1e6))
      }
      let utc = try FixedZone.utc()
      let epoch = try make(1970, 1, 1, 0, 0, 0, 0, utc, fold: 0)
      let difference = try moment.subtracting(DateTimeObject(epoch.ref))
      let total = try TimeDelta(difference.ref).integer()
      let million = try int(1_000_000)
      return try own(PyNumber_TrueDivide(total.ref, million.ref))
    }
  }

  // MARK: Zones

  func utcoffset() throws(Raised) -> Owned? { try TimeZones.utcoffset(zone, ref) }

  private static let astimezoneFormat = ArgumentFormat("|O:astimezone", ["tz"])

  private static let astimezone: Method = .variableKeywords(
    "astimezone", "tz -> convert to local time in new timezone tz\n"
  ) { object, args, keywords in
    new {
      let given = try astimezoneFormat.parse(args, keywords)
      if let tz = given.value(0), !TimeZones.isZone(tz) {
        throw raise(
          .typeError,
          "tzinfo argument must be None or of a tzinfo subclass, not type '\(tz.type.fullName)'")
      }
      return try DateTimeObject(object).converted(to: given.value(0))
    }
  }

  /// The same moment in another zone; nil for the local one.
  private func converted(to zone: Ref?) throws(Raised) -> Owned {
    // Held by hand: an optional Owned would end with its last use.
    var source: Ref
    if let own = self.zone { source = own.retained().give() } else { source = try localZone().give() }
    defer { Py_DECREF(source) }
    if source == zone { return ref.retained() }
    var found = try TimeZones.utcoffset(source, ref)?.give()
    if found == nil {
      // A zone without an offset is taken for the local one.
      let local = try localZone().give()
      Py_DECREF(source)
      source = local
      if source == zone { return ref.retained() }
      found = try TimeZones.utcoffset(source, ref)?.give()
    }
    guard let found else { throw Raised() }
    let offset = Owned(adopting: found)
    let offsetRef = offset.ref
    let shifted = try adding(TimeDelta(offsetRef), sign: -1)
    let utcZone = try FixedZone.utc()
    let moment = DateTimeObject(shifted.ref)
    let target: Owned
    if let zone {
      target = zone.retained()
    } else {
      let inUTC = try moment.copy(utcZone, fold: 0)
      let epoch = try Self.make(1970, 1, 1, 0, 0, 0, 0, utcZone, fold: 0)
      let distance = try DateTimeObject(inUTC.ref).subtracting(DateTimeObject(epoch.ref))
      target = try LocalTime.zone(at: TimeDelta(distance.ref).wholeSeconds)
    }
    let there: Owned
    if moment.layout.pointee.hasZone != 0 {
      // The result keeps its class: only the zone is replaced.
      let old = moment.layout.pointee.zone
      moment.layout.pointee.zone = target.ref.retained().give()
      moment.layout.pointee.hash = -1
      Py_XDECREF(old)
      there = shifted
    } else {
      there = try Self.make(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second,
        moment.microsecond, target.ref, fold: moment.fold, calling: ref.type)
    }
    return try own(PyObject_CallMethodOneArg(target.ref, Names.fromUTC, there.ref))
  }

  private static let utcoffset: Method = .noargs("utcoffset($self, /)", "Return self.tzinfo.utcoffset(self).") {
    object, _ in new { TimeZones.object(try DateTimeObject(object).utcoffset()) }
  }

  private static let dst: Method = .noargs("dst($self, /)", "Return self.tzinfo.dst(self).") {
    object, _ in new { TimeZones.object(try TimeZones.dst(DateTimeObject(object).zone, object)) }
  }

  private static let tzname: Method = .noargs("tzname($self, /)", "Return self.tzinfo.tzname(self).") {
    object, _ in new { TimeZones.object(try TimeZones.name(DateTimeObject(object).zone, object)) }
  }

  // MARK: Parts

  private static let dateMethod: Method = .noargs("date($self, /)", "Return date object with same year, month and day.") {
    object, _ in
    new {
      let moment = DateTimeObject(object)
      return try CalendarDate.make(moment.year, moment.month, moment.day)
    }
  }

  private func time(_ zone: Ref?) throws(Raised) -> Owned {
    try ClockTime.make(hour, minute, second, microsecond, zone, fold: fold)
  }

  private static let timeMethod: Method = .noargs(
    "time($self, /)", "Return time object with same time but with tzinfo=None."
  ) { object, _ in new { try DateTimeObject(object).time(nil) } }

  private static let timetz: Method = .noargs(
    "timetz($self, /)", "Return time object with same time and tzinfo."
  ) { object, _ in new { try DateTimeObject(object).time(DateTimeObject(object).zone) } }

  private static let timetuple: Method = .noargs(
    "timetuple($self, /)", "Return time tuple, compatible with time.localtime()."
  ) { object, _ in
    new {
      let moment = DateTimeObject(object)
      var summer = -1
      if let zone = moment.zone, let dst = try TimeZones.dst(zone, object) {
        let ref = dst.ref
        summer = TimeDelta(ref).isZero ? 0 : 1
      }
      return try CalendarDate.timeTuple(
        moment.date, moment.hour, moment.minute, moment.second, summer: summer)
    }
  }

  private static let utctimetuple: Method = .noargs(
    "utctimetuple($self, /)", "Return UTC time tuple, compatible with time.localtime()."
  ) { object, _ in
    new {
      let moment = DateTimeObject(object)
      guard let offset = try moment.utcoffset() else {
        return try CalendarDate.timeTuple(
          moment.date, moment.hour, moment.minute, moment.second, summer: 0)
      }
      let ref = offset.ref
      let utc = try moment.parts(adding: TimeDelta(ref), sign: -1)
      return try CalendarDate.timeTuple(
        utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, summer: 0)
    }
  }

  private static let combineFormat = ArgumentFormat(
    "O!O!|O:combine", ["date", "time", "tzinfo"], types: [0: CalendarDate.type, 1: ClockTime.type])

  private static let combine: Method = .variableKeywords(
    "combine", "date, time -> datetime with same date and time fields"
  ) { type, args, keywords in
    new {
      let given = try combineFormat.parse(args, keywords)
      guard let dateObject = given.object(0), let timeObject = given.object(1) else {
        throw Raised()
      }
      let date = CalendarDate(dateObject)
      let time = ClockTime(timeObject)
      return try make(
        date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond,
        given.object(2) ?? time.zone, fold: time.fold, calling: type.asType)
    }
  }.classMethod

  private static let replaceSignature: Method = .keywords(
    "replace($self, /, year=unchanged, month=unchanged, day=unchanged,\n        hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)",
    "Return datetime with new specified fields."
  ) { object, args, count, names in
    new { try replaced(object, try Arguments(replaceSignature, args, count, names)) }
  }

  private static let changed: Method = .keywords(
    "__replace__($self, /, **changes)", "The same as replace()."
  ) { object, args, count, names in
    new {
      return try replaced(object, try Arguments(replaceSignature, args, count, names))
    }
  }

  private static func replaced(_ object: Ref, _ a: Arguments) throws(Raised) -> Owned {
    let moment = DateTimeObject(object)
    let year = a[0] == nil ? moment.year : Int(try a.int32(0))
    let month = a[1] == nil ? moment.month : Int(try a.int32(1))
    let day = a[2] == nil ? moment.day : Int(try a.int32(2))
    let hour = a[3] == nil ? moment.hour : Int(try a.int32(3))
    let minute = a[4] == nil ? moment.minute : Int(try a.int32(4))
    let second = a[5] == nil ? moment.second : Int(try a.int32(5))
    let microsecond = a[6] == nil ? moment.microsecond : Int(try a.int32(6))
    let zone = a[7] ?? moment.zone
    let fold = a[8] == nil ? moment.fold : Int(try a.int32(8))
    guard fold == 0 || fold == 1 else { throw raise(.valueError, "fold must be either 0 or 1") }
    return try make(
      year, month, day, hour, minute, second, microsecond, zone, fold: fold, calling: object.type)
  }

  // MARK: Type

  static let spec = TypeSpec(
    type, "datetime.datetime", basicSize: MemoryLayout<Layout>.size, flags: [.baseType],
    doc: """
      datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])

      The year, month and day arguments are required. tzinfo may be None, or an instance of a tzinfo
      subclass; the others are ints.
      """,
    base: CalendarDate.type,
    slots: [
      .tp_new { type, args, keywords in new { try construct(type, args, keywords) } },
      .tp_alloc { type, aware in ZonedMemory.allocate(type, aware, short: 40, long: 48) },
      .tp_dealloc { object in
        if let zone = DateTimeObject(object).zone { Py_DECREF(zone) }
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_str { object in new { try str(object) } },
      .tp_hash { object in size { try hash(object) } },
      .tp_richcompare { left, right, operation in compare(left, right, operation) },
      .nb_add { left, right in add(left, right) },
      .nb_subtract { left, right in subtract(left, right) },
    ],
    methods: [
      now, utcnow, fromTimestamp, utcFromTimestamp, strptime, combine, fromIsoFormat, dateMethod,
      timeMethod, timetz, ctime, timetuple, timestamp, utctimetuple, isoformat, utcoffset, tzname,
      dst, replaceSignature, changed, astimezone, reduceVersion, reduce,
    ],
    properties: [
      Property("hour", get: { object, _ in PyLong_FromLong(DateTimeObject(object).hour) }),
      Property("minute", get: { object, _ in PyLong_FromLong(DateTimeObject(object).minute) }),
      Property("second", get: { object, _ in PyLong_FromLong(DateTimeObject(object).second) }),
      Property(
        "microsecond", get: { object, _ in PyLong_FromLong(DateTimeObject(object).microsecond) }),
      Property(
        "tzinfo", get: { object, _ in Py_NewRef(DateTimeObject(object).zone ?? noneObject()) }),
      Property("fold", get: { object, _ in PyLong_FromLong(DateTimeObject(object).fold) }),
    ])
}
