import CPythonABI
import Objects

/// datetime.tzinfo, the base of time zones, and what this module asks of them.
/// CPython: Modules/_datetimemodule.c.
enum TimeZones {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func isZone(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// A zone argument: nil for None. Raises TypeError for anything that is no tzinfo.
  static func zone(_ object: Ref?) throws(Raised) -> Ref? {
    guard let object, !object.isNone else { return nil }
    guard isZone(object) else {
      throw raise(
        .typeError,
        "tzinfo argument must be None or of a tzinfo subclass, not type '\(object.type.fullName)'")
    }
    return object
  }

  /// `zone.name(argument)` for utcoffset and dst: a timedelta of less than a day, or nil for None.
  private static func offset(
    _ zone: Ref?, _ name: Ref, _ argument: Ref
  ) throws(Raised) -> Owned? {
    guard let zone else { return nil }
    if zone.type == FixedZone.type {
      if name == Names.dst { return nil }
      return FixedZone(zone).offset.retained()
    }
    let result = try own(PyObject_CallMethodOneArg(zone, name, argument))
    if result.ref.isNone { return nil }
    guard TimeDelta.isDelta(result.ref) else {
      throw raise(
        .typeError,
        "tzinfo.\(text(of: name))() must return None or timedelta, not '\(result.ref.type.fullName)'"
      )
    }
    let delta = TimeDelta(result.ref)
    if (delta.days == -1 && delta.seconds == 0 && delta.microseconds < 1) || delta.days < -1
      || delta.days >= 1
    {
      throw raise(
        .valueError,
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).")
    }
    return result
  }

  static func utcoffset(_ zone: Ref?, _ argument: Ref) throws(Raised) -> Owned? {
    try offset(zone, Names.utcoffset, argument)
  }

  static func dst(_ zone: Ref?, _ argument: Ref) throws(Raised) -> Owned? {
    try offset(zone, Names.dst, argument)
  }

  /// `zone.tzname(argument)`: a str, or nil for None.
  static func name(_ zone: Ref?, _ argument: Ref) throws(Raised) -> Owned? {
    guard let zone else { return nil }
    let result = try own(PyObject_CallMethodOneArg(zone, Names.tzname, argument))
    if result.ref.isNone { return nil }
    guard result.ref.isStr else {
      throw raise(
        .typeError,
        "tzinfo.tzname() must return None or a string, not '\(result.ref.type.fullName)'")
    }
    return result
  }

  /// The timedelta or None for an offset that may be missing.
  static func object(_ offset: consuming Owned?) -> Owned { offset ?? noneObject().retained() }

  /// Appends an offset as `+HH:MM[:SS[.ffffff]]`.
  static func append(offset: Ref, separator: StaticString, to text: inout Stamp) {
    var total = TimeDelta(offset).total
    text.append(byte: total < 0 ? 45 : 43)
    if total < 0 { total = -total }
    let microseconds = Int(truncatingIfNeeded: total % 1_000_000)
    let seconds = Int(truncatingIfNeeded: total / 1_000_000)
    text.append(seconds / 3600, width: 2)
    text.append(separator)
    text.append(seconds / 60 % 60, width: 2)
    guard seconds % 60 != 0 || microseconds != 0 else { return }
    text.append(separator)
    text.append(seconds % 60, width: 2)
    guard microseconds != 0 else { return }
    text.append(byte: 46)
    text.append(microseconds, width: 6)
  }

  // MARK: Type

  private static func missing(_ name: String) -> Ref? {
    new { throw raise(.notImplementedError, "a tzinfo subclass must implement \(name)()") }
  }

  private static let tzname: Method = .o("tzname($self, object, /)", "datetime -> string name of time zone.") {
    _, _ in missing("tzname")
  }
  private static let utcoffset: Method = .o(
    "utcoffset($self, object, /)",
    "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"
  ) { _, _ in missing("utcoffset") }
  private static let dst: Method = .o(
    "dst($self, object, /)",
    "datetime -> DST offset as timedelta positive east of UTC.") { _, _ in missing("dst") }

  private static let fromUTC: Method = .o(
    "fromutc($self, object, /)", "datetime in UTC -> datetime in local time."
  ) { zone, moment in new { try fromUTC(zone, moment) } }

  private static func fromUTC(_ zone: Ref, _ moment: Ref) throws(Raised) -> Owned {
    guard DateTimeObject.isDateTime(moment) else {
      throw raise(.typeError, "fromutc: argument must be a datetime")
    }
    guard DateTimeObject(moment).zone == zone else {
      throw raise(.valueError, "fromutc: dt.tzinfo is not self")
    }
    guard let offset = try utcoffset(zone, moment) else {
      throw raise(.valueError, "fromutc: non-None utcoffset() result required")
    }
    guard let summer = try dst(zone, moment) else {
      throw raise(.valueError, "fromutc: non-None dst() result required")
    }
    let standard = try TimeDelta.sum(TimeDelta(offset.ref), TimeDelta(summer.ref), sign: -1)
    let local = try DateTimeObject(moment).adding(TimeDelta(standard.ref), sign: 1)
    guard let there = try dst(DateTimeObject(moment).zone, local.ref) else {
      throw raise(.valueError, "fromutc: tz.dst() gave inconsistent results; cannot convert")
    }
    if TimeDelta(there.ref).isZero { return local }
    return try DateTimeObject(local.ref).adding(TimeDelta(there.ref), sign: 1)
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "-> (cls, state)") { zone, _ in
    new {
      var function: Ref?
      try check(PyObject_GetOptionalAttr(zone, Names.getInitArguments, &function))
      let arguments: Owned
      if let function {
        let held = Owned(adopting: function)
        arguments = try own(PyObject_CallNoArgs(held.ref))
      } else {
        arguments = try own(PyTuple_New(0))
      }
      let state = try own(_PyObject_GetState(zone))
      return try tuple(zone.type.object.retained(), arguments, state)
    }
  }

  static let spec = TypeSpec(
    type, "datetime.tzinfo", basicSize: MemoryLayout<PyObject>.size, flags: [.baseType],
    doc: "Abstract base class for time zone info objects.", base: objectType(),
    slots: [.tp_new(PyType_GenericNew)],
    methods: [tzname, utcoffset, dst, fromUTC, reduce])
}
