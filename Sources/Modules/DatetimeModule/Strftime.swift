import CPythonABI
import Objects

/// `strftime` of dates and times: the directives that C's does not know or does otherwise are
/// replaced, then time.strftime does the rest.
enum Strftime {
  /// - Parameters:
  ///   - fields: the time tuple.
  ///   - argument: what tzinfo methods get: the datetime, or None for a time.
  static func format(
    _ object: Ref, _ format: Ref, _ fields: Ref, argument: Ref
  ) throws(Raised) -> Owned {
    var writer = _PyUnicodeWriter()
    _PyUnicodeWriter_Init(&writer)
    writer.overallocate = 1
    var finished = false
    defer { if !finished { _PyUnicodeWriter_Dealloc(&writer) } }
    let count = apus_str_length(format)
    let kind = apus_str_kind(format)
    let data = apus_str_data(format)
    func read(_ index: Int) -> UInt32 { index < count ? apus_str_read(kind, data, index) : 0 }
    var index = 0
    while index < count {
      let character = read(index)
      guard character == 37, index + 1 < count else {
        try check(_PyUnicodeWriter_WriteChar(&writer, character))
        index += 1
        continue
      }
      let letter = read(index + 1)
      var replacement: Owned?
      var length = 2
      switch letter {
      case 122: replacement = try offset(object, argument, separator: "")
      case 58 where read(index + 2) == 122:
        replacement = try offset(object, argument, separator: ":")
        length = 3
      case 90: replacement = try zoneName(object, argument)
      case 102: replacement = try microseconds(object)
      default: break
      }
      if let replacement {
        let held = replacement.ref
        try check(_PyUnicodeWriter_WriteStr(&writer, held))
      } else {
        try check(_PyUnicodeWriter_WriteChar(&writer, character))
        try check(_PyUnicodeWriter_WriteChar(&writer, letter))
      }
      index += length
    }
    finished = true
    let prepared = try own(_PyUnicodeWriter_Finish(&writer))
    return try timeFormat(prepared.ref, fields)
  }

  private static func timeFormat(_ format: Ref, _ fields: Ref) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("time"))
    let function = try own(PyObject_GetAttrString(module.ref, "strftime"))
    return try own(call(function.ref, format, fields))
  }

  private static func zone(_ object: Ref) -> Ref? {
    if ClockTime.isTime(object) { return ClockTime(object).zone }
    if DateTimeObject.isDateTime(object) { return DateTimeObject(object).zone }
    return nil
  }

  private static func offset(
    _ object: Ref, _ argument: Ref, separator: StaticString
  ) throws(Raised) -> Owned {
    guard let zone = zone(object), let offset = try TimeZones.utcoffset(zone, argument) else {
      return apus_str_empty().retained()
    }
    var text = Stamp()
    let ref = offset.ref
    TimeZones.append(offset: ref, separator: separator, to: &text)
    return try text.string()
  }

  /// The zone's name with its percent signs doubled.
  private static func zoneName(_ object: Ref, _ argument: Ref) throws(Raised) -> Owned {
    guard let zone = zone(object), let name = try TimeZones.name(zone, argument) else {
      return apus_str_empty().retained()
    }
    let percent = try own(PyUnicode_FromString("%"))
    let doubled = try own(PyUnicode_FromString("%%"))
    let ref = name.ref
    if ref.isExactStr { return try own(PyUnicode_Replace(ref, percent.ref, doubled.ref, -1)) }
    let method = try own(PyObject_GetAttrString(ref, "replace"))
    let result = try own(call(method.ref, percent.ref, doubled.ref))
    guard result.ref.isStr else {
      throw raise(.typeError, "tzname.replace() did not return a string")
    }
    return result
  }

  private static func microseconds(_ object: Ref) throws(Raised) -> Owned {
    var value = 0
    if ClockTime.isTime(object) {
      value = ClockTime(object).microsecond
    } else if DateTimeObject.isDateTime(object) {
      value = DateTimeObject(object).microsecond
    }
    var text = Stamp()
    text.append(value, width: 6)
    return try text.string()
  }
}
