import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Broken-down time and its text. CPython: Modules/timemodule.c.
enum Calendar {
  static let methods: [Method] = [
    gmtime, localtime, mktime, strftime, strptime, asctime, ctime, tzset,
  ]

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func install() throws(Raised) {
    try StructSequence.install(
      type, "time.struct_time",
      doc: """
        The time value as gmtime(), localtime() and strptime() return it and asctime(), mktime() and
        strftime() take it: a sequence of 9 integers with names. The fields are not C's: the year is
        the whole one, the month counts from 1.
        """,
      fields: [
        .init("tm_year", "year, for example, 1993"), .init("tm_mon", "month of year, range [1, 12]"),
        .init("tm_mday", "day of month, range [1, 31]"), .init("tm_hour", "hours, range [0, 23]"),
        .init("tm_min", "minutes, range [0, 59]"), .init("tm_sec", "seconds, range [0, 61])"),
        .init("tm_wday", "day of week, range [0, 6], Monday is 0"),
        .init("tm_yday", "day of year, range [1, 366]"),
        .init("tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"),
        .init("tm_zone", "abbreviation of timezone name"), .init("tm_gmtoff", "offset from UTC in seconds"),
      ], visible: 9)
  }

  private static func object(_ time: tm) throws(Raised) -> Owned {
    var result = try StructSequenceBuilder(type)
    try result.append(Int(time.tm_year) + 1900)
    try result.append(Int(time.tm_mon) + 1)
    try result.append(Int(time.tm_mday))
    try result.append(Int(time.tm_hour))
    try result.append(Int(time.tm_min))
    try result.append(Int(time.tm_sec))
    try result.append((Int(time.tm_wday) + 6) % 7)
    try result.append(Int(time.tm_yday) + 1)
    try result.append(Int(time.tm_isdst))
    if let zone = time.tm_zone {
      result.append(try own(PyUnicode_DecodeLocale(zone, "surrogateescape")))
    } else {
      result.append(noneObject().retained())
    }
    try result.append(time.tm_gmtoff)
    return result.finish()
  }

  /// Whole seconds since the Epoch: now when left out or None; a fraction is rounded down.
  private static func seconds(_ object: Ref?) throws(Raised) -> time_t {
    guard let object, !object.isNone else { return Glibc.time(nil) }
    if object.isInstance(of: floatType()) {
      let value = PyFloat_AsDouble(object)
      if value.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
      let floor = value.rounded(.down)
      guard floor >= -9223372036854775808.0 && floor < 9223372036854775808.0 else {
        throw raise(.overflowError, "timestamp out of range for platform time_t")
      }
      return Int(floor)
    }
    guard PyIndex_Check(object) != 0 else {
      throw raise(
        .typeError, "'\(object.type.fullName)' object cannot be interpreted as an integer")
    }
    let number = try own(PyNumber_Index(object))
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(number.ref, &overflow)
    if overflow != 0 {
      throw raise(.overflowError, "timestamp out of range for platform time_t")
    }
    return value
  }

  private static func only(_ name: String, _ args: Ref) throws(Raised) -> Ref? {
    let count = apus_var_size(args)
    if count > 1 {
      throw raise(.typeError, "\(name)() takes at most 1 argument (\(count) given)")
    }
    return count == 1 ? apus_tuple_item(args, 0) : nil
  }

  private static func local(_ seconds: time_t) throws(Raised) -> tm {
    var (seconds, result) = (seconds, tm())
    errno = 0
    if localtime_r(&seconds, &result) == nil {
      throw raiseSystemError(number: errno == 0 ? EINVAL : errno)
    }
    return result
  }

  private static let gmtime: Method = .variable(
    "gmtime",
    "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec, tm_wday, tm_yday, tm_isdst)\n\nConvert seconds since the Epoch to a time tuple in UTC."
  ) { _, args in
    new {
      var seconds = try seconds(only("gmtime", args))
      var result = tm()
      errno = 0
      if gmtime_r(&seconds, &result) == nil {
        throw raiseSystemError(number: errno == 0 ? EINVAL : errno)
      }
      return try object(result)
    }
  }

  private static let localtime: Method = .variable(
    "localtime",
    "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,tm_sec,tm_wday,tm_yday,tm_isdst)\n\nConvert seconds since the Epoch to a time tuple in local time."
  ) { _, args in new { try object(local(seconds(only("localtime", args)))) } }

  // MARK: From tuples

  /// The fields of a tuple or struct_time.
  private static func fields(_ args: Ref, _ function: String) throws(Raised) -> tm {
    guard args.isTuple else { throw raise(.typeError, "Tuple or struct_time argument required") }
    guard apus_var_size(args) == 9 else {
      throw raise(.typeError, "\(function)(): illegal time tuple argument")
    }
    var values = InlineArray<9, Int32>(repeating: 0)
    for index in 0..<9 {
      let number = try own(PyNumber_Index(apus_tuple_item(args, index)))
      let wide = PyLong_AsLong(number.ref)
      if wide == -1 && hasRaised() {
        if PyErr_ExceptionMatches(.overflowError) == 0 || index > 0 { throw Raised() }
      }
      guard let narrow = Int32(exactly: wide), !hasRaised() else {
        PyErr_Clear()
        throw raise(
          .overflowError,
          wide < -1 ? "signed integer is less than minimum" : "signed integer is greater than maximum")
      }
      values[index] = narrow
    }
    if values[0] < Int32.min + 1900 { throw raise(.overflowError, "year out of range") }
    var result = tm()
    result.tm_year = values[0] - 1900
    result.tm_mon = values[1] &- 1
    result.tm_mday = values[2]
    result.tm_hour = values[3]
    result.tm_min = values[4]
    result.tm_sec = values[5]
    result.tm_wday = (values[6] &+ 1) % 7
    result.tm_yday = values[7] &- 1
    result.tm_isdst = values[8]
    if args.type == type {
      let items = apus_tuple_items(args)
      if let zone = items[9], !zone.isNone, zone.isStr { result.tm_zone = UnsafePointer(PyUnicode_AsUTF8(zone)) }
      if let offset = items[10], !offset.isNone {
        result.tm_gmtoff = PyLong_AsLong(offset)
        if hasRaised() { throw Raised() }
      }
    }
    return result
  }

  /// Makes zeros acceptable and checks the ranges, as `asctime` and `strftime` need.
  private static func check(_ time: inout tm) throws(Raised) {
    if time.tm_mon == -1 { time.tm_mon = 0 } else if time.tm_mon < 0 || time.tm_mon > 11 {
      throw raise(.valueError, "month out of range")
    }
    if time.tm_mday == 0 { time.tm_mday = 1 } else if time.tm_mday < 0 || time.tm_mday > 31 {
      throw raise(.valueError, "day of month out of range")
    }
    if time.tm_hour < 0 || time.tm_hour > 23 { throw raise(.valueError, "hour out of range") }
    if time.tm_min < 0 || time.tm_min > 59 { throw raise(.valueError, "minute out of range") }
    if time.tm_sec < 0 || time.tm_sec > 61 { throw raise(.valueError, "seconds out of range") }
    if time.tm_wday < 0 { throw raise(.valueError, "day of week out of range") }
    if time.tm_yday == -1 { time.tm_yday = 0 } else if time.tm_yday < 0 || time.tm_yday > 365 {
      throw raise(.valueError, "day of year out of range")
    }
  }

  private static let mktime: Method = .o(
    "mktime($self, object, /)",
    "mktime(tuple) -> floating-point number\n\nConvert a time tuple in local time to seconds since the Epoch."
  ) { _, args in
    new {
      var time = try fields(args, "mktime")
      // The day of the week tells whether -1 is a result or an error.
      time.tm_wday = -1
      let result = Glibc.mktime(&time)
      if result == -1 && time.tm_wday == -1 {
        throw raise(.overflowError, "mktime argument out of range")
      }
      return try own(PyFloat_FromDouble(Double(result)))
    }
  }

  private static func text(_ time: tm) throws(Raised) -> Owned {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ value: Int32, _ pad: Character) -> String {
      value < 10 ? "\(pad)\(value)" : "\(value)"
    }
    return try own(
      newString(
        "\(days[Int(time.tm_wday) % 7]) \(months[Int(time.tm_mon) % 12]) "
          + "\(two(time.tm_mday, " ")) "
          + "\(two(time.tm_hour, "0")):\(two(time.tm_min, "0")):\(two(time.tm_sec, "0")) "
          + "\(Int(time.tm_year) + 1900)"))
  }

  private static let asctime: Method = .variable(
    "asctime", "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'."
  ) { _, args in
    new {
      guard let given = try only("asctime", args) else { return try text(local(Glibc.time(nil))) }
      var time = try fields(given, "asctime")
      try check(&time)
      return try text(time)
    }
  }
  private static let ctime: Method = .variable(
    "ctime", "ctime(seconds) -> string\n\nConvert seconds since the Epoch to a string in local time."
  ) { _, args in new { try text(local(seconds(only("ctime", args)))) } }

  // MARK: strftime

  private static let strftime: Method = .variable(
    "strftime",
    "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string by a format with %-directives."
  ) { _, args in
    new {
      let count = apus_var_size(args)
      if count < 1 || count > 2 {
        throw raise(
          .typeError,
          count < 1
            ? "strftime() takes at least 1 argument (0 given)"
            : "strftime() takes at most 2 arguments (\(count) given)")
      }
      let format = apus_tuple_item(args, 0)
      guard format.isStr else {
        throw raise(.typeError, "strftime() argument 1 must be str, not \(format.type.fullName)")
      }
      var time =
        count == 2
        ? try fields(apus_tuple_item(args, 1), "strftime") : try local(Glibc.time(nil))
      try check(&time)
      time.tm_isdst = Swift.min(Swift.max(time.tm_isdst, -1), 1)
      return try formatted(format, time)
    }
  }

  /// Replaces the directives; all other characters stay, whatever they are.
  private static func formatted(_ format: Ref, _ time: tm) throws(Raised) -> Owned {
    var writer = _PyUnicodeWriter()
    _PyUnicodeWriter_Init(&writer)
    writer.overallocate = 1
    defer { _PyUnicodeWriter_Dealloc(&writer) }
    let (kind, data, length) = (
      apus_str_kind(format), apus_str_data(format), apus_str_length(format)
    )
    var index = 0
    while index < length {
      let character = apus_str_read(kind, data, index)
      if character != 0x25 {
        try Objects.check(_PyUnicodeWriter_WriteChar(&writer, character))
        index += 1
        continue
      }
      // "%", flags and width, a modifier, the letter.
      var end = index + 1
      func at(_ place: Int) -> UInt32 { place < length ? apus_str_read(kind, data, place) : 0 }
      while "_-0^#+123456789".unicodeScalars.contains(where: { $0.value == at(end) }) { end += 1 }
      if at(end) == 0x45 || at(end) == 0x4F { end += 1 }
      guard end < length, at(end) < 0x80, at(end) != 0 else {
        try Objects.check(_PyUnicodeWriter_WriteChar(&writer, character))
        index += 1
        continue
      }
      var directive: [CChar] = []
      for place in index...end { directive.append(CChar(truncatingIfNeeded: at(place))) }
      directive.append(0)
      index = end + 1
      var room = 256
      var time = time
      while true {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
        defer { buffer.deallocate() }
        let written = Glibc.strftime(buffer, room, directive, &time)
        if written == 0 && room < 256 * 1024 && !directive.isEmpty && mayBeLonger(directive, room) {
          room *= 4
          continue
        }
        let piece = try own(
          PyUnicode_DecodeLocaleAndSize(buffer, written, "surrogateescape"))
        try Objects.check(_PyUnicodeWriter_WriteStr(&writer, piece.ref))
        break
      }
    }
    let result = _PyUnicodeWriter_Finish(&writer)
    writer = _PyUnicodeWriter()
    _PyUnicodeWriter_Init(&writer)
    return try own(result)
  }

  /// An empty result may be right (`%Z`, `%p`); only a width explains one that did not fit.
  private static func mayBeLonger(_ directive: [CChar], _ room: Int) -> Bool {
    directive.contains { $0 >= 0x31 && $0 <= 0x39 }
  }

  private static let strptime: Method = .variable(
    "strptime",
    "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according to a format specification."
  ) { _, args in
    new {
      let module = try own("_strptime".withCString { PyImport_ImportModule($0) })
      let function = try own(
        "_strptime_time".withCString { PyObject_GetAttrString(module.ref, $0) })
      return try own(PyObject_Call(function.ref, args, nil))
    }
  }

  // MARK: Time zones

  private static let tzset: Method = .noargs(
    "tzset($self, /)", "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored in os.environ['TZ']."
  ) { module, _ in
    none {
      Glibc.tzset()
      try setZone(module)
    }
  }

  /// Sets `timezone`, `altzone`, `daylight` and `tzname`, from January and July of this year.
  static func setZone(_ module: Ref) throws(Raised) {
    let year = 365 * 24 * 3600 + 6 * 3600
    let now = Glibc.time(nil)
    let start = now / year * year
    let (january, july) = (try local(start), try local(start + year / 2))
    func name(_ time: tm) throws(Raised) -> Owned {
      guard let zone = time.tm_zone else { return try own(newString("")) }
      return try own(PyUnicode_DecodeLocale(zone, "surrogateescape"))
    }
    let januaryZone = -january.tm_gmtoff
    let julyZone = -july.tm_gmtoff
    // South of the equator summer time is in January.
    let isSouthern = januaryZone < julyZone
    let standard = isSouthern ? julyZone : januaryZone
    let summer = isSouthern ? januaryZone : julyZone
    for (label, value) in [
      ("timezone", standard), ("altzone", summer), ("daylight", januaryZone != julyZone ? 1 : 0),
    ] {
      let number = try int(value)
      try Objects.check(PyModule_AddObjectRef(module, label, number.ref))
    }
    let names =
      isSouthern ? try tuple(name(july), name(january)) : try tuple(name(january), name(july))
    try Objects.check(PyModule_AddObjectRef(module, "tzname", names.ref))
  }
}
