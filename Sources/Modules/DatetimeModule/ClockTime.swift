import CPythonABI
import Glibc
import Objects

/// datetime.time. CPython: Modules/_datetimemodule.c.
struct ClockTime {
  /// CPython's PyDateTime_Time.
  struct Layout {
    var base: PyObject
    /// -1 while unknown.
    var hash: Int
    var hasZone: UInt8
    /// Hour, minute, second, microsecond (three bytes, big-endian).
    var data: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)
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
  var hour: Int { Int(data[0]) }
  var minute: Int { Int(data[1]) }
  var second: Int { Int(data[2]) }
  var microsecond: Int { Int(data[3]) << 16 | Int(data[4]) << 8 | Int(data[5]) }
  var fold: Int { Int(layout.pointee.fold) }
  /// Borrowed; nil for a naive time.
  var zone: Ref? { layout.pointee.hasZone != 0 ? layout.pointee.zone : nil }

  static func isTime(_ object: Ref) -> Bool { object.isInstance(of: type) }

  // MARK: Making

  /// Raises ValueError for a time that does not exist.
  static func check(
    _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int, fold: Int
  ) throws(Raised) {
    guard hour >= 0, hour <= 23 else { throw raise(.valueError, "hour must be in 0..23") }
    guard minute >= 0, minute <= 59 else { throw raise(.valueError, "minute must be in 0..59") }
    guard second >= 0, second <= 59 else { throw raise(.valueError, "second must be in 0..59") }
    guard microsecond >= 0, microsecond <= 999_999 else {
      throw raise(.valueError, "microsecond must be in 0..999999")
    }
    guard fold == 0 || fold == 1 else {
      throw raise(.valueError, "fold must be either 0 or 1")
    }
  }

  /// A time of exactly `type` (no constructor runs).
  static func make(
    _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int, _ zone: Ref?, fold: Int,
    _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    try check(hour, minute, second, microsecond, fold: fold)
    let zone = try TimeZones.zone(zone)
    let object = try blank(zone, type)
    let data = ClockTime(object.ref).data
    data[0] = UInt8(truncatingIfNeeded: hour)
    data[1] = UInt8(truncatingIfNeeded: minute)
    data[2] = UInt8(truncatingIfNeeded: second)
    data[3] = UInt8(truncatingIfNeeded: microsecond >> 16)
    data[4] = UInt8(truncatingIfNeeded: microsecond >> 8)
    data[5] = UInt8(truncatingIfNeeded: microsecond)
    ClockTime(object.ref).layout.pointee.fold = UInt8(truncatingIfNeeded: fold)
    return object
  }

  private static func blank(_ zone: Ref?, _ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, zone == nil ? 0 : 1))
    let layout = ClockTime(object.ref).layout
    layout.pointee.hash = -1
    layout.pointee.hasZone = zone == nil ? 0 : 1
    if let zone { layout.pointee.zone = zone.retained().give() }
    return object
  }

  /// A time of a class that may be a subclass with a constructor of its own.
  static func make(
    _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int, _ zone: Ref?, fold: Int,
    calling type: TypeRef
  ) throws(Raised) -> Owned {
    if type == self.type {
      return try make(hour, minute, second, microsecond, zone, fold: fold, type)
    }
    let args = try own(PyTuple_New(5))
    for (index, value) in [hour, minute, second, microsecond].enumerated() {
      apus_tuple_items(args.ref)[index] = try int(value).give()
    }
    apus_tuple_items(args.ref)[4] = (zone ?? noneObject()).retained().give()
    let made = try own(PyObject_Call(type.object, args.ref, nil))
    if isTime(made.ref) { ClockTime(made.ref).layout.pointee.fold = UInt8(truncatingIfNeeded: fold) }
    return made
  }

  private static let construct = ArgumentFormat(
    "|iiiiO$i", ["hour", "minute", "second", "microsecond", "tzinfo", "fold"])

  private static func construct(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count >= 1, count <= 2 {
      let zone = count == 2 ? apus_tuple_item(args, 1) : noneObject()
      if let state = try CalendarDate.packed(
        apus_tuple_item(args, 0), size: 6, kind: "time", isSane: { $0[0] & 0x7F < 24 })
      {
        guard zone.isNone || TimeZones.isZone(zone) else {
          throw raise(.typeError, "bad tzinfo state arg")
        }
        let object = try blank(zone.isNone ? nil : zone, type)
        let time = ClockTime(object.ref)
        memcpy(time.data, apus_bytes_data(state.ref), 6)
        time.layout.pointee.fold = time.data[0] & 128 != 0 ? 1 : 0
        time.data[0] &= 127
        return object
      }
    }
    if keywords == nil, let fields = CalendarDate.smallInts(args, 0...4) {
      return try make(fields[0], fields[1], fields[2], fields[3], nil, fold: 0, type)
    }
    let given = try construct.parse(args, keywords)
    return try make(
      given.int(0), given.int(1), given.int(2), given.int(3), given.object(4), fold: given.int(5),
      type)
  }

  // MARK: Offsets

  func utcoffset() throws(Raised) -> Owned? { try TimeZones.utcoffset(zone, noneObject()) }

  // MARK: Text

  enum Precision {
    case auto, hours, minutes, seconds, milliseconds, microseconds

    /// Raises ValueError for an unknown `timespec`.
    static func named(_ name: String?) throws(Raised) -> Precision {
      switch name {
      case nil, "auto": .auto
      case "hours": .hours
      case "minutes": .minutes
      case "seconds": .seconds
      case "milliseconds": .milliseconds
      case "microseconds": .microseconds
      default: throw raise(.valueError, "Unknown timespec value")
      }
    }
  }

  static func append(
    _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int, _ precision: Precision,
    to text: inout Stamp
  ) {
    text.append(hour, width: 2)
    if precision == .hours { return }
    text.append(byte: 58)
    text.append(minute, width: 2)
    if precision == .minutes { return }
    text.append(byte: 58)
    text.append(second, width: 2)
    if precision == .seconds || (precision == .auto && microsecond == 0) { return }
    text.append(byte: 46)
    if precision == .milliseconds {
      text.append(microsecond / 1000, width: 3)
    } else {
      text.append(microsecond, width: 6)
    }
  }

  private static let isoformatFormat = ArgumentFormat("|s:isoformat", ["timespec"])

  private static let isoformat: Method = .variableKeywords(
    "isoformat",
    """
    The time in ISO 8601 format: [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].

    The optional argument timespec says how far the time goes: 'auto', 'hours', 'minutes', 'seconds',
    'milliseconds' or 'microseconds'.
    """
  ) { object, args, keywords in
    new {
      let given = try isoformatFormat.parse(args, keywords)
      let time = ClockTime(object)
      let precision = try Precision.named(given.text(0))
      var text = Stamp()
      append(time.hour, time.minute, time.second, time.microsecond, precision, to: &text)
      if let offset = try time.utcoffset() {
        let ref = offset.ref
        TimeZones.append(offset: ref, separator: ":", to: &text)
      }
      return try text.string()
    }
  }

  /// Closes a repr with the fold and the zone where there are any.
  static func closed(_ open: String, fold: Int, zone: Ref?) throws(Raised) -> Owned {
    var open = open
    if fold != 0 { open += ", fold=\(fold)" }
    guard let zone else { return try own(newString(open + ")")) }
    let start = try own(newString(open + ", tzinfo="))
    let shown = try own(PyObject_Repr(zone))
    let joined = try own(PyUnicode_Concat(start.ref, shown.ref))
    let end = try own(PyUnicode_FromString(")"))
    return try own(PyUnicode_Concat(joined.ref, end.ref))
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let time = ClockTime(object)
    var text = "\(object.type.fullName)(\(time.hour), \(time.minute)"
    if time.second != 0 || time.microsecond != 0 { text += ", \(time.second)" }
    if time.microsecond != 0 { text += ", \(time.microsecond)" }
    guard time.fold != 0, time.zone != nil else {
      return try closed(text, fold: time.fold, zone: time.zone)
    }
    // Unlike that of a datetime, this repr ends with the fold.
    let open = try closed(text, fold: 0, zone: time.zone)
    let most = try own(PyUnicode_Substring(open.ref, 0, apus_str_length(open.ref) &- 1))
    let end = try own(newString(", fold=\(time.fold))"))
    return try own(PyUnicode_Concat(most.ref, end.ref))
  }

  private static let strftimeFormat = ArgumentFormat("U:strftime", ["format"])

  private static let strftime: Method = .variableKeywords(
    "strftime", "format -> strftime() style string."
  ) { object, args, keywords in
    new {
      let given = try strftimeFormat.parse(args, keywords)
      guard let format = given.object(0) else { throw Raised() }
      let time = ClockTime(object)
      // A day that every calendar knows.
      let numbers = [1900, 1, 1, time.hour, time.minute, time.second, 0, 1, -1]
      let fields = try own(PyTuple_New(9))
      for (index, number) in numbers.enumerated() {
        apus_tuple_items(fields.ref)[index] = try int(number).give()
      }
      return try Strftime.format(object, format, fields.ref, argument: noneObject())
    }
  }

  // MARK: Comparison

  private static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) -> Ref? {
    guard isTime(right) else { return notImplementedObject() }
    let a = ClockTime(left)
    let b = ClockTime(right)
    if a.zone == b.zone { return TimeDelta.answer(Int(memcmp(a.data, b.data, 6)), operation) }
    return new {
      let first = TimeZones.object(try a.utcoffset())
      let second = TimeZones.object(try b.utcoffset())
      let bothAware = !first.ref.isNone && !second.ref.isNone
      if first.ref == second.ref
        || (bothAware && TimeDelta(first.ref).compare(TimeDelta(second.ref)) == 0)
      {
        return TimeDelta.answer(Int(memcmp(a.data, b.data, 6)), operation).retained()
      }
      if bothAware {
        func count(_ time: ClockTime, _ offset: Ref) -> Int {
          ((time.hour &* 60 &+ time.minute) &* 60 &+ time.second
            &- TimeDelta(offset).wholeSeconds) &* 1_000_000
            &+ time.microsecond &- TimeDelta(offset).microseconds
        }
        let difference = count(a, first.ref) &- count(b, second.ref)
        return TimeDelta.answer(difference, operation).retained()
      }
      if operation == Py_EQ { return falseObject().retained() }
      if operation == Py_NE { return trueObject().retained() }
      throw raise(.typeError, "can't compare offset-naive and offset-aware times")
    }
  }

  private static func hash(_ object: Ref) throws(Raised) -> Int {
    let time = ClockTime(object)
    if time.layout.pointee.hash != -1 { return time.layout.pointee.hash }
    let value: Int
    if let zone = time.zone, let offset = try TimeZones.utcoffset(zone, noneObject()) {
      let ref = offset.ref
      let clock = try TimeDelta.normalized(
        0, (time.hour &* 60 &+ time.minute) &* 60 &+ time.second, time.microsecond)
      let shifted = try TimeDelta.sum(TimeDelta(clock.ref), TimeDelta(ref), sign: -1)
      value = try TimeDelta.hash(shifted.ref)
    } else {
      value = try CalendarDate.hash(time.data, 6)
    }
    time.layout.pointee.hash = value
    return value
  }

  // MARK: Methods

  private static let utcoffset: Method = .noargs("utcoffset($self, /)", "Return self.tzinfo.utcoffset(self).") {
    object, _ in new { TimeZones.object(try ClockTime(object).utcoffset()) }
  }

  private static let dst: Method = .noargs("dst($self, /)", "Return self.tzinfo.dst(self).") {
    object, _ in new { TimeZones.object(try TimeZones.dst(ClockTime(object).zone, noneObject())) }
  }

  private static let tzname: Method = .noargs("tzname($self, /)", "Return self.tzinfo.tzname(self).") {
    object, _ in new { TimeZones.object(try TimeZones.name(ClockTime(object).zone, noneObject())) }
  }

  private static let replace: Method = .keywords(
    "replace($self, /, hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)",
    "Return time with new specified fields."
  ) { object, args, count, names in
    new { try replaced(object, try Arguments(replace, args, count, names)) }
  }

  private static let changed: Method = .keywords(
    "__replace__($self, /, **changes)", "The same as replace()."
  ) { object, args, count, names in
    new {
      return try replaced(object, try Arguments(replace, args, count, names))
    }
  }

  private static func replaced(_ object: Ref, _ a: Arguments) throws(Raised) -> Owned {
    let time = ClockTime(object)
    let hour = a[0] == nil ? time.hour : Int(try a.int32(0))
    let minute = a[1] == nil ? time.minute : Int(try a.int32(1))
    let second = a[2] == nil ? time.second : Int(try a.int32(2))
    let microsecond = a[3] == nil ? time.microsecond : Int(try a.int32(3))
    let zone = a[4] ?? time.zone
    let fold = a[5] == nil ? time.fold : Int(try a.int32(5))
    guard fold == 0 || fold == 1 else { throw raise(.valueError, "fold must be either 0 or 1") }
    return try make(hour, minute, second, microsecond, zone, fold: fold, calling: object.type)
  }

  private static let fromIsoFormat: Method = .o(
    "fromisoformat($type, object, /)", "string -> time from a string in ISO 8601 format"
  ) { type, source in
    new {
      guard source.isStr else { throw raise(.typeError, "fromisoformat: argument must be str") }
      let text = IsoText(source)
      guard let (time, offset) = text.time(text[0] == 84 ? 1 : 0) else {
        throw IsoText.raiseInvalid(source)
      }
      let zone = TimeZones.object(try IsoText.zone(offset))
      return try make(
        time.hour, time.minute, time.second, time.microsecond, zone.ref, fold: 0,
        calling: type.asType)
    }
  }.classMethod

  // MARK: Pickling

  private func state(_ version: Int) throws(Raised) -> Owned {
    let bytes = try own(
      PyBytes_FromStringAndSize(UnsafeRawPointer(data).assumingMemoryBound(to: CChar.self), 6))
    if version > 3 && fold != 0 { apus_bytes_data(bytes.ref)[0] |= 128 }
    guard let zone else { return try tuple(bytes) }
    return try tuple(bytes, zone.retained())
  }

  private static let reduceFormat = ArgumentFormat("i:__reduce_ex__", count: 1)

  private static let reduceVersion: Method = .variable(
    "__reduce_ex__", "__reduce_ex__(proto) -> (cls, state)"
  ) { object, args in
    new {
      let given = try reduceFormat.parse(args)
      let state = try ClockTime(object).state(given.int(0))
      return try tuple(object.type.object.retained(), state)
    }
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "__reduce__() -> (cls, state)") {
    object, _ in
    new {
      let state = try ClockTime(object).state(2)
      return try tuple(object.type.object.retained(), state)
    }
  }

  static let spec = TypeSpec(
    type, "datetime.time", basicSize: MemoryLayout<Layout>.size, flags: [.baseType],
    doc: """
      time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object

      Every argument may be left out. tzinfo is None or an object of a subclass of tzinfo; the others
      are ints.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try construct(type, args, keywords) } },
      .tp_alloc { type, aware in ZonedMemory.allocate(type, aware, short: 32, long: 40) },
      .tp_dealloc { object in
        if let zone = ClockTime(object).zone { Py_DECREF(zone) }
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_str { object in PyObject_CallMethodNoArgs(object, Names.isoformat) },
      .tp_hash { object in size { try hash(object) } },
      .tp_richcompare { left, right, operation in compare(left, right, operation) },
    ],
    methods: [
      isoformat, strftime, CalendarDate.formatMethod, utcoffset, tzname, dst, replace, changed,
      fromIsoFormat, reduceVersion, reduce,
    ],
    properties: [
      Property("hour", get: { object, _ in PyLong_FromLong(ClockTime(object).hour) }),
      Property("minute", get: { object, _ in PyLong_FromLong(ClockTime(object).minute) }),
      Property("second", get: { object, _ in PyLong_FromLong(ClockTime(object).second) }),
      Property("microsecond", get: { object, _ in PyLong_FromLong(ClockTime(object).microsecond) }),
      Property("tzinfo", get: { object, _ in Py_NewRef(ClockTime(object).zone ?? noneObject()) }),
      Property("fold", get: { object, _ in PyLong_FromLong(ClockTime(object).fold) }),
    ])
}

/// The memory of times and datetimes: naive ones leave out the place of the tzinfo.
enum ZonedMemory {
  static func allocate(_ type: TypeRef, _ aware: Int, short: Int, long: Int) -> Ref? {
    guard let memory = PyObject_Malloc(aware != 0 ? long : short) else { return PyErr_NoMemory() }
    memset(memory, 0, aware != 0 ? long : short)
    return PyObject_Init(memory.assumingMemoryBound(to: PyObject.self), type)
  }
}
