import CPythonABI
import Objects

/// Texts and pickles of datetimes.
extension DateTimeObject {
  static func repr(_ object: Ref) throws(Raised) -> Owned {
    let moment = DateTimeObject(object)
    var text =
      "\(object.type.fullName)(\(moment.year), \(moment.month), \(moment.day), \(moment.hour), "
      + "\(moment.minute)"
    if moment.second != 0 || moment.microsecond != 0 { text += ", \(moment.second)" }
    if moment.microsecond != 0 { text += ", \(moment.microsecond)" }
    return try ClockTime.closed(text, fold: moment.fold, zone: moment.zone)
  }

  static func str(_ object: Ref) throws(Raised) -> Owned {
    let space = apus_str_of_latin1(32)
    return try own(PyObject_CallMethodOneArg(object, Names.isoformat, space))
  }

  private static let isoformatFormat = ArgumentFormat("|Cs:isoformat", ["sep", "timespec"])

  static let isoformat: Method = .variableKeywords(
    "isoformat",
    """
    [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].

    sep stands between date and time, 'T' if not given. The optional argument timespec says how far
    the time goes: 'auto', 'hours', 'minutes', 'seconds', 'milliseconds' or 'microseconds'.
    """
  ) { object, args, keywords in
    new {
      let given = try isoformatFormat.parse(args, keywords) { $0.words[0] = 84 }
      let moment = DateTimeObject(object)
      let precision = try ClockTime.Precision.named(given.text(1))
      let separator = given.character(0)
      var text = Stamp()
      moment.date.append(isoTo: &text)
      text.append(byte: separator < 128 ? UInt8(separator) : 84)
      ClockTime.append(
        moment.hour, moment.minute, moment.second, moment.microsecond, precision, to: &text)
      if let offset = try moment.utcoffset() {
        let ref = offset.ref
        TimeZones.append(offset: ref, separator: ":", to: &text)
      }
      let plain = try text.string()
      if separator < 128 { return plain }
      let start = try own(PyUnicode_Substring(plain.ref, 0, 10))
      let end = try own(PyUnicode_Substring(plain.ref, 11, Int.max))
      let middle = try own(PyUnicode_FromOrdinal(Int32(bitPattern: separator)))
      let first = try own(PyUnicode_Concat(start.ref, middle.ref))
      return try own(PyUnicode_Concat(first.ref, end.ref))
    }
  }

  static let ctime: Method = .noargs("ctime($self, /)", "Return ctime() style string.") {
    object, _ in
    new {
      let moment = DateTimeObject(object)
      return try CalendarDate.ctime(moment.date, moment.hour, moment.minute, moment.second)
    }
  }

  private static let strptimeFormat = ArgumentFormat("UU:strptime", count: 2)

  static let strptime: Method = .variable(
    "strptime", "string, format -> new datetime parsed from a string (like time.strptime())."
  ) { type, args in
    new {
      let given = try strptimeFormat.parse(args)
      guard let text = given.object(0), let format = given.object(1) else { throw Raised() }
      let module = try own(PyImport_ImportModule("_strptime"))
      let function = try own(PyObject_GetAttrString(module.ref, "_strptime_datetime"))
      return try own(call(function.ref, type, text, format))
    }
  }.classMethod

  static let fromIsoFormat: Method = .o(
    "fromisoformat($type, object, /)", "string -> datetime from a string in most ISO 8601 formats"
  ) { type, source in
    new {
      guard source.isStr else { throw raise(.typeError, "fromisoformat: argument must be str") }
      let text = IsoText(source)
      guard text.count >= 7, let end = text.dateEnd(), end <= text.count,
        let date = text.date(0, end)
      else { throw IsoText.raiseInvalid(source) }
      var time = IsoText.Time()
      var offset: (seconds: Int, microseconds: Int)?
      if text.count > end {
        guard let read = text.time(end + 1) else { throw IsoText.raiseInvalid(source) }
        time = read.time
        offset = read.offset
      }
      let zone = TimeZones.object(try IsoText.zone(offset))
      return try make(
        date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond,
        zone.ref, fold: 0, calling: type.asType)
    }
  }.classMethod

  // MARK: Pickling

  private func state(_ version: Int) throws(Raised) -> Owned {
    let bytes = try own(
      PyBytes_FromStringAndSize(UnsafeRawPointer(data).assumingMemoryBound(to: CChar.self), 10))
    if version > 3 && fold != 0 { apus_bytes_data(bytes.ref)[2] |= 128 }
    guard let zone else { return try tuple(bytes) }
    return try tuple(bytes, zone.retained())
  }

  private static let reduceFormat = ArgumentFormat("i:__reduce_ex__", count: 1)

  static let reduceVersion: Method = .variable(
    "__reduce_ex__", "__reduce_ex__(proto) -> (cls, state)"
  ) { object, args in
    new {
      let given = try reduceFormat.parse(args)
      let state = try DateTimeObject(object).state(given.int(0))
      return try tuple(object.type.object.retained(), state)
    }
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "__reduce__() -> (cls, state)") {
    object, _ in
    new {
      let state = try DateTimeObject(object).state(2)
      return try tuple(object.type.object.retained(), state)
    }
  }
}
