import CPythonABI
import Glibc
import Numerics
import Objects

/// datetime.date. CPython: Modules/_datetimemodule.c.
struct CalendarDate {
  /// CPython's PyDateTime_Date. The fields of a date are those of a datetime too.
  struct Layout {
    var base: PyObject
    /// -1 while unknown.
    var hash: Int
    /// Whether a tzinfo follows (time and datetime only).
    var hasZone: UInt8
    /// Year (two bytes, big-endian), month, day.
    var data: (UInt8, UInt8, UInt8, UInt8)
  }

  /// Where the packed fields begin in dates, times and datetimes.
  static let dataOffset = 25

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  @inline(__always) var data: UnsafeMutablePointer<UInt8> {
    (UnsafeMutableRawPointer(ref) + Self.dataOffset).assumingMemoryBound(to: UInt8.self)
  }
  var year: Int { Int(data[0]) << 8 | Int(data[1]) }
  var month: Int { Int(data[2]) }
  var day: Int { Int(data[3]) }
  var ordinal: Int { CalendarDays.ordinal(year, month, day) }

  static func isDate(_ object: Ref) -> Bool { object.isInstance(of: type) }

  // MARK: Making

  /// Raises ValueError for a date that does not exist.
  static func check(_ year: Int, _ month: Int, _ day: Int) throws(Raised) {
    guard year >= CalendarDays.firstYear, year <= CalendarDays.lastYear else {
      throw raise(.valueError, "year \(year) is out of range")
    }
    guard month >= 1, month <= 12 else { throw raise(.valueError, "month must be in 1..12") }
    guard day >= 1, day <= CalendarDays.count(year: year, month: month) else {
      throw raise(.valueError, "day is out of range for month")
    }
  }

  /// A date of exactly `type` (no constructor runs).
  static func make(
    _ year: Int, _ month: Int, _ day: Int, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    try check(year, month, day)
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.hash = -1
    let data = CalendarDate(object.ref).data
    data[0] = UInt8(truncatingIfNeeded: year >> 8)
    data[1] = UInt8(truncatingIfNeeded: year)
    data[2] = UInt8(truncatingIfNeeded: month)
    data[3] = UInt8(truncatingIfNeeded: day)
    return object
  }

  /// A date of a class that may be a subclass with a constructor of its own.
  static func make(
    _ year: Int, _ month: Int, _ day: Int, calling type: TypeRef
  ) throws(Raised) -> Owned {
    if type == self.type { return try make(year, month, day, type) }
    if type == DateTimeObject.type {
      return try DateTimeObject.make(year, month, day, 0, 0, 0, 0, nil, fold: 0)
    }
    let first = try int(year)
    let second = try int(month)
    let third = try int(day)
    return try own(call(type.object, first.ref, second.ref, third.ref))
  }

  private static let construct = ArgumentFormat("iii", ["year", "month", "day"])

  /// The packed fields that a pickle holds, as bytes or as a str of Latin-1; nil for anything else.
  static func packed(
    _ state: Ref, size: Int, kind: StaticString, isSane: (UnsafePointer<UInt8>) -> Bool
  ) throws(Raised) -> Owned? {
    if state.isBytes {
      guard apus_var_size(state) == size, isSane(apus_bytes_data(state)) else { return nil }
      return state.retained()
    }
    guard state.isStr, apus_str_length(state) == size else { return nil }
    // Only what would be sane as bytes counts; the rest is an ordinary bad argument.
    var low = InlineArray<10, UInt8>(repeating: 0)
    let textKind = apus_str_kind(state)
    for index in 0..<Swift.min(size, 10) {
      let character = apus_str_read(textKind, apus_str_data(state), index)
      low[index] = character > 255 ? 255 : UInt8(character)
    }
    let span = low.span
    guard span.withUnsafeBufferPointer({ $0.baseAddress.map(isSane) ?? false }) else { return nil }
    guard let bytes = PyUnicode_AsLatin1String(state) else {
      if PyErr_ExceptionMatches(.unicodeEncodeError) != 0 {
        throw raise(
          .valueError,
          "Failed to encode latin1 string when unpickling a \(kind) object. "
            + "pickle.load(data, encoding='latin1') is assumed.")
      }
      throw Raised()
    }
    return Owned(adopting: bytes)
  }

  private static func construct(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    if apus_var_size(args) == 1,
      let state = try packed(
        apus_tuple_item(args, 0), size: 4, kind: "date", isSane: { $0[2] >= 1 && $0[2] <= 12 })
    {
      guard let allocate = type.pointee.tp_alloc else { throw Raised() }
      let object = try own(allocate(type, 0))
      object.ref.view(Layout.self).pointee.hash = -1
      memcpy(CalendarDate(object.ref).data, apus_bytes_data(state.ref), 4)
      return object
    }
    if keywords == nil, let fields = smallInts(args, 3...3) {
      return try make(fields[0], fields[1], fields[2], type)
    }
    let given = try construct.parse(args, keywords)
    return try make(given.int(0), given.int(1), given.int(2), type)
  }

  /// Arguments that are all plain small ints, as constructors mostly get; nil otherwise.
  static func smallInts(_ args: Ref, _ counts: ClosedRange<Int>) -> InlineArray<8, Int>? {
    let count = apus_var_size(args)
    guard counts.contains(count) else { return nil }
    var fields = InlineArray<8, Int>(repeating: 0)
    for index in 0..<count {
      let value = apus_tuple_item(args, index)
      guard value.isExactInt, apus_long_is_compact(value) != 0 else { return nil }
      fields[index] = apus_long_compact_value(value)
    }
    return fields
  }

  /// The date `days` after a date. Raises OverflowError outside the calendar.
  static func shifted(
    _ year: Int, _ month: Int, _ day: Int
  ) throws(Raised) -> (year: Int, month: Int, day: Int) {
    if day >= 1 && day <= 28 { return (year, month, day) }
    let ordinal = CalendarDays.ordinal(year, month, 1) &+ day &- 1
    guard ordinal >= 1, ordinal <= CalendarDays.last else {
      throw raise(.overflowError, "date value out of range")
    }
    return CalendarDays.date(ordinal)
  }

  func adding(_ delta: TimeDelta, sign: Int) throws(Raised) -> Owned {
    let (year, month, day) = try Self.shifted(year, month, day &+ sign &* delta.days)
    return try Self.make(year, month, day, calling: ref.type)
  }

  // MARK: Class methods

  private static let today: Method = .noargs(
    "today($type, /)", "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."
  ) { type, _ in
    new {
      let module = try own(PyImport_ImportModule("time"))
      let time = try own(callMethod(module.ref, "time"))
      return try own(PyObject_CallMethodOneArg(type, Names.fromTimestamp, time.ref))
    }
  }.classMethod

  static func fromTimestamp(_ type: Ref, _ timestamp: Ref) throws(Raised) -> Owned {
    let seconds = try LocalTime.seconds(timestamp)
    let moment = try LocalTime.local(seconds)
    return try make(
      Int(moment.tm_year) &+ 1900, Int(moment.tm_mon) &+ 1, Int(moment.tm_mday),
      calling: type.asType)
  }

  private static let fromTimestamp: Method = .o(
    "fromtimestamp($type, timestamp, /)",
    "The local date of a POSIX timestamp.\n\nThe timestamp is in seconds, as time.time() gives it."
  ) { type, timestamp in new { try fromTimestamp(type, timestamp) } }.classMethod

  private static let ordinalFormat = ArgumentFormat("i:fromordinal", count: 1)

  private static let fromOrdinal: Method = .variable(
    "fromordinal",
    "int -> date corresponding to a proleptic Gregorian ordinal."
  ) { type, args in
    new {
      let given = try ordinalFormat.parse(args)
      let ordinal = given.int(0)
      guard ordinal >= 1 else { throw raise(.valueError, "ordinal must be >= 1") }
      if ordinal > CalendarDays.last {
        // The year that the message names is the one the ordinal would be in.
        let (year, _, _) = CalendarDays.date(ordinal)
        throw raise(.valueError, "year \(year) is out of range")
      }
      let (year, month, day) = CalendarDays.date(ordinal)
      return try make(year, month, day, calling: type.asType)
    }
  }.classMethod

  private static let isoCalendarFormat = ArgumentFormat(
    "iii:fromisocalendar", ["year", "week", "day"])

  private static let fromIsoCalendar: Method = .variableKeywords(
    "fromisocalendar",
    "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\nThis is the inverse of the function date.isocalendar()"
  ) { type, args, keywords in
    new {
      let given: ArgumentFormat.Values
      do { given = try isoCalendarFormat.parse(args, keywords) } catch {
        if PyErr_ExceptionMatches(.overflowError) != 0 {
          throw raise(.valueError, "ISO calendar component out of range")
        }
        throw error
      }
      do {
        let (year, month, day) = try CalendarDays.date(
          isoYear: given.int(0), week: given.int(1), weekday: given.int(2))
        return try make(year, month, day, calling: type.asType)
      } catch let fault as CalendarDays.IsoFault {
        switch fault {
        case .year: throw raise(.valueError, "Year is out of range: \(given.int(0))")
        case .week: throw raise(.valueError, "Invalid week: \(given.int(1))")
        case .day: throw raise(.valueError, "Invalid day: \(given.int(2)) (range is [1, 7])")
        }
      }
    }
  }.classMethod

  private static let fromIsoFormat: Method = .o(
    "fromisoformat($type, object, /)", "str -> Construct a date from a string in ISO 8601 format."
  ) { type, source in
    new {
      guard source.isStr else { throw raise(.typeError, "fromisoformat: argument must be str") }
      let text = IsoText(source)
      guard text.count == 7 || text.count == 8 || text.count == 10,
        let date = text.date(0, text.count)
      else { throw IsoText.raiseInvalid(source) }
      return try make(date.year, date.month, date.day, calling: type.asType)
    }
  }.classMethod

  // MARK: Methods

  private static let format = ArgumentFormat("U:__format__", count: 1)
  private static let strftimeFormat = ArgumentFormat("U:strftime", ["format"])

  /// `__format__` of all three types: `strftime`, or `str` for an empty format.
  static let formatMethod: Method = .variable("__format__", "Formats self with strftime.") {
    object, args in
    new {
      let given = try format.parse(args)
      guard let text = given.object(0) else { throw Raised() }
      if apus_str_length(text) == 0 { return try own(PyObject_Str(object)) }
      return try own(PyObject_CallMethodOneArg(object, Names.strftime, text))
    }
  }

  private static let strftime: Method = .variableKeywords(
    "strftime", "format -> strftime() style string."
  ) { object, args, keywords in
    new {
      let given = try strftimeFormat.parse(args, keywords)
      guard let text = given.object(0) else { throw Raised() }
      let fields = try own(PyObject_CallMethodNoArgs(object, Names.timetuple))
      return try Strftime.format(object, text, fields.ref, argument: object)
    }
  }

  /// `Thu Feb 29 01:02:03 2024`
  static func ctime(_ date: CalendarDate, _ hour: Int, _ minute: Int, _ second: Int) throws(Raised) -> Owned {
    var text = Stamp()
    let days: [StaticString] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months: [StaticString] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    text.append(days[CalendarDays.weekday(date.year, date.month, date.day)])
    text.append(byte: 32)
    text.append(months[(date.month &+ 11) % 12])
    text.append(date.day < 10 ? "  " : " ")
    text.append(date.day)
    text.append(byte: 32)
    text.append(hour, width: 2)
    text.append(byte: 58)
    text.append(minute, width: 2)
    text.append(byte: 58)
    text.append(second, width: 2)
    text.append(byte: 32)
    text.append(date.year, width: 4)
    return try text.string()
  }

  func append(isoTo text: inout Stamp) {
    text.append(year, width: 4)
    text.append(byte: 45)
    text.append(month, width: 2)
    text.append(byte: 45)
    text.append(day, width: 2)
  }

  private static let isoformat: Method = .noargs(
    "isoformat($self, /)", "Return string in ISO 8601 format, YYYY-MM-DD."
  ) { object, _ in
    new {
      var text = Stamp()
      CalendarDate(object).append(isoTo: &text)
      return try text.string()
    }
  }

  private static let isoweekday: Method = .noargs(
    "isoweekday($self, /)", "Day of the week: Monday is 1, Sunday is 7."
  ) { object, _ in
    let date = CalendarDate(object)
    return PyLong_FromLong(CalendarDays.weekday(date.year, date.month, date.day) &+ 1)
  }

  private static let isocalendar: Method = .noargs(
    "isocalendar($self, /)", "The ISO year, week number and weekday, as a named tuple."
  ) { object, _ in
    new {
      let date = CalendarDate(object)
      let (year, week, weekday) = CalendarDays.iso(date.year, date.month, date.day)
      return try IsoCalendarDate.make(year, week, weekday)
    }
  }

  /// time.struct_time of a moment.
  static func timeTuple(
    _ date: CalendarDate, _ hour: Int, _ minute: Int, _ second: Int, summer: Int
  ) throws(Raised) -> Owned {
    try timeTuple(date.year, date.month, date.day, hour, minute, second, summer: summer)
  }

  static func timeTuple(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int, summer: Int
  ) throws(Raised) -> Owned {
    let dayOfYear = CalendarDays.before(year: year, month: month) &+ day
    let numbers = [
      year, month, day, hour, minute, second, CalendarDays.weekday(year, month, day), dayOfYear,
      summer,
    ]
    let fields = try own(PyTuple_New(9))
    for (index, number) in numbers.enumerated() {
      apus_tuple_items(fields.ref)[index] = try int(number).give()
    }
    let module = try own(PyImport_ImportModule("time"))
    let type = try own(PyObject_GetAttrString(module.ref, "struct_time"))
    return try own(PyObject_CallOneArg(type.ref, fields.ref))
  }

  private static let timetuple: Method = .noargs(
    "timetuple($self, /)", "Return time tuple, compatible with time.localtime()."
  ) { object, _ in new { try timeTuple(CalendarDate(object), 0, 0, 0, summer: -1) } }

  private static let toordinal: Method = .noargs(
    "toordinal($self, /)",
    "Proleptic Gregorian ordinal: January 1 of year 1 is day 1."
  ) { object, _ in PyLong_FromLong(CalendarDate(object).ordinal) }

  private static let weekday: Method = .noargs(
    "weekday($self, /)", "Day of the week: Monday is 0, Sunday is 6."
  ) { object, _ in
    let date = CalendarDate(object)
    return PyLong_FromLong(CalendarDays.weekday(date.year, date.month, date.day))
  }

  private static let replace: Method = .keywords(
    "replace($self, /, year=unchanged, month=unchanged, day=unchanged)",
    "Return date with new specified fields."
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
    let date = CalendarDate(object)
    let year = a[0] == nil ? date.year : Int(try a.int32(0))
    let month = a[1] == nil ? date.month : Int(try a.int32(1))
    let day = a[2] == nil ? date.day : Int(try a.int32(2))
    return try make(year, month, day, calling: object.type)
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "__reduce__() -> (cls, state)") {
    object, _ in
    new {
      let state = try own(
        PyBytes_FromStringAndSize(
          UnsafeRawPointer(CalendarDate(object).data).assumingMemoryBound(to: CChar.self), 4))
      return try tuple(object.type.object.retained(), tuple(state))
    }
  }

  /// The hash of packed fields: that of the bytes.
  static func hash(_ data: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Int {
    let bytes = try own(
      PyBytes_FromStringAndSize(
        UnsafeRawPointer(data).assumingMemoryBound(to: CChar.self), count))
    return try Objects.check(PyObject_Hash(bytes.ref))
  }

  // MARK: Arithmetic

  private static func add(_ left: Ref, _ right: Ref) -> Ref? {
    if DateTimeObject.isDateTime(left) || DateTimeObject.isDateTime(right) {
      return notImplementedObject()
    }
    if isDate(left), TimeDelta.isDelta(right) {
      return new { try CalendarDate(left).adding(TimeDelta(right), sign: 1) }
    }
    if isDate(right), TimeDelta.isDelta(left) {
      return new { try CalendarDate(right).adding(TimeDelta(left), sign: 1) }
    }
    return notImplementedObject()
  }

  private static func subtract(_ left: Ref, _ right: Ref) -> Ref? {
    if DateTimeObject.isDateTime(left) || DateTimeObject.isDateTime(right) {
      return notImplementedObject()
    }
    guard isDate(left) else { return notImplementedObject() }
    if isDate(right) {
      return new {
        try TimeDelta.make(CalendarDate(left).ordinal &- CalendarDate(right).ordinal, 0, 0)
      }
    }
    if TimeDelta.isDelta(right) {
      return new { try CalendarDate(left).adding(TimeDelta(right), sign: -1) }
    }
    return notImplementedObject()
  }

  static let spec = TypeSpec(
    type, "datetime.date", basicSize: MemoryLayout<Layout>.stride, flags: [.baseType],
    doc: "date(year, month, day) --> date object", base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try construct(type, args, keywords) } },
      .tp_repr { object in
        new {
          let date = CalendarDate(object)
          return try own(
            newString("\(object.type.fullName)(\(date.year), \(date.month), \(date.day))"))
        }
      },
      .tp_str { object in PyObject_CallMethodNoArgs(object, Names.isoformat) },
      .tp_hash { object in
        size {
          let layout = object.view(Layout.self)
          if layout.pointee.hash == -1 {
            layout.pointee.hash = try hash(CalendarDate(object).data, 4)
          }
          return layout.pointee.hash
        }
      },
      .tp_richcompare { left, right, operation in
        // A datetime is a date too, but only its date part would be compared.
        guard isDate(right), !DateTimeObject.isDateTime(right) else {
          return notImplementedObject()
        }
        let sign = memcmp(CalendarDate(left).data, CalendarDate(right).data, 4)
        return TimeDelta.answer(Int(sign), operation)
      },
      .nb_add { left, right in add(left, right) },
      .nb_subtract { left, right in subtract(left, right) },
    ],
    methods: [
      fromTimestamp, fromOrdinal, fromIsoFormat, fromIsoCalendar, today, ctime, strftime,
      formatMethod, timetuple, isocalendar, isoformat, isoweekday, toordinal, weekday, replace,
      changed, reduce,
    ],
    properties: [
      Property("year", get: { object, _ in PyLong_FromLong(CalendarDate(object).year) }),
      Property("month", get: { object, _ in PyLong_FromLong(CalendarDate(object).month) }),
      Property("day", get: { object, _ in PyLong_FromLong(CalendarDate(object).day) }),
    ])

  private static let ctime: Method = .noargs("ctime($self, /)", "Return ctime() style string.") {
    object, _ in new { try ctime(CalendarDate(object), 0, 0, 0) }
  }
}

/// `object.name()` for a name that is looked up rarely.
func callMethod(_ object: Ref, _ name: StaticString) -> Ref? {
  guard let text = PyUnicode_FromString(cString(name)) else { return nil }
  defer { Py_DECREF(text) }
  return PyObject_CallMethodNoArgs(object, text)
}
