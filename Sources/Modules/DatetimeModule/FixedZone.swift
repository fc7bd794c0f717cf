import CPythonABI
import Objects

/// datetime.timezone: a zone whose offset never changes. CPython: Modules/_datetimemodule.c.
struct FixedZone {
  struct Layout {
    var base: PyObject
    /// A timedelta.
    var offset: Ref
    /// A str, or nil for one made of the offset.
    var name: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) private static var knownUTC: Ref?

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  /// Borrowed.
  var offset: Ref { ref.view(Layout.self).pointee.offset }
  var name: Ref? { ref.view(Layout.self).pointee.name }

  /// `timezone.utc`.
  static func utc() throws(Raised) -> Ref {
    if let known = knownUTC { return known }
    let zero = try TimeDelta.make(0, 0, 0)
    let made = try create(zero.ref, nil).give()
    knownUTC = made
    InterpreterEnd.add("datetime.timezone.utc") { InterpreterEnd.drop(&knownUTC) }
    return made
  }

  private static func create(_ offset: Ref, _ name: Ref?) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.offset = offset.retained().give()
    object.ref.view(Layout.self).pointee.name = name?.retained().give()
    return object
  }

  /// A zone for an offset. Without a name the offset 0 is `timezone.utc`. Raises ValueError for a
  /// day or more.
  static func make(_ offset: Ref, _ name: Ref?) throws(Raised) -> Owned {
    let delta = TimeDelta(offset)
    if name == nil && delta.isZero { return try utc().retained() }
    if (delta.days == -1 && delta.seconds == 0 && delta.microseconds < 1) || delta.days < -1
      || delta.days >= 1
    {
      let shown = try own(PyObject_Repr(offset))
      throw raise(
        .valueError,
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), "
          + "not \(text(of: shown.ref)).")
    }
    return try create(offset, name)
  }

  private static let construct = ArgumentFormat(
    "O!|U:timezone", ["offset", "name"], types: [0: TimeDelta.type])

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    if object == knownUTC { return try own(PyUnicode_FromString("datetime.timezone.utc")) }
    let zone = FixedZone(object)
    let shown = try own(PyObject_Repr(zone.offset))
    var inner = text(of: shown.ref)
    guard let name = zone.name else {
      return try own(newString("\(object.type.fullName)(\(inner))"))
    }
    let open = try own(newString("\(object.type.fullName)(\(inner), "))
    inner = ""
    let quoted = try own(PyObject_Repr(name))
    let joined = try own(PyUnicode_Concat(open.ref, quoted.ref))
    let close = try own(PyUnicode_FromString(")"))
    return try own(PyUnicode_Concat(joined.ref, close.ref))
  }

  private static func str(_ object: Ref) throws(Raised) -> Owned {
    let zone = FixedZone(object)
    if let name = zone.name { return name.retained() }
    if object == knownUTC || TimeDelta(zone.offset).isZero {
      return try own(PyUnicode_FromString("UTC"))
    }
    var text = Stamp()
    text.append("UTC")
    TimeZones.append(offset: zone.offset, separator: ":", to: &text)
    return try text.string()
  }

  /// Raises TypeError for what is neither a datetime nor None.
  private static func checkArgument(_ object: Ref, _ name: String) throws(Raised) {
    if object.isNone || DateTimeObject.isDateTime(object) { return }
    throw raise(
      .typeError,
      "\(name)(dt) argument must be a datetime instance or None, not \(object.type.fullName)")
  }

  private static let tzname: Method = .o(
    "tzname($self, object, /)",
    "The name given at construction, or 'UTC' with the offset as ±HH:MM."
  ) { zone, argument in
    new {
      try checkArgument(argument, "tzname")
      return try str(zone)
    }
  }

  private static let utcoffset: Method = .o("utcoffset($self, object, /)", "Return fixed offset.") {
    zone, argument in
    new {
      try checkArgument(argument, "utcoffset")
      return FixedZone(zone).offset.retained()
    }
  }

  private static let dst: Method = .o("dst($self, object, /)", "Return None.") { _, argument in
    none { try checkArgument(argument, "dst") }
  }

  private static let fromUTC: Method = .o("fromutc($self, object, /)", "datetime in UTC -> datetime in local time.") {
    zone, moment in
    new {
      guard DateTimeObject.isDateTime(moment) else {
        throw raise(.typeError, "fromutc: argument must be a datetime")
      }
      guard DateTimeObject(moment).zone == zone else {
        throw raise(.valueError, "fromutc: dt.tzinfo is not self")
      }
      return try DateTimeObject(moment).adding(TimeDelta(FixedZone(zone).offset), sign: 1)
    }
  }

  private static let initArguments: Method = .noargs(
    "__getinitargs__($self, /)", "pickle support"
  ) { zone, _ in
    new {
      let offset = FixedZone(zone).offset.retained()
      guard let name = FixedZone(zone).name else { return try tuple(offset) }
      return try tuple(offset, name.retained())
    }
  }

  static let spec = TypeSpec(
    type, "datetime.timezone", basicSize: MemoryLayout<Layout>.size,
    doc: "Fixed offset from UTC implementation of tzinfo.", base: TimeZones.type,
    slots: [
      .tp_new { _, args, keywords in
        new {
          let given = try construct.parse(args, keywords)
          guard let offset = given.object(0) else { throw Raised() }
          return try make(offset, given.object(1))
        }
      },
      .tp_dealloc { object in
        Py_DECREF(FixedZone(object).offset)
        Py_XDECREF(FixedZone(object).name)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_str { object in new { try str(object) } },
      .tp_hash { object in size { try TimeDelta.hash(FixedZone(object).offset) } },
      .tp_richcompare { left, right, operation in
        guard operation == Py_EQ || operation == Py_NE, right.type == FixedZone.type else {
          return notImplementedObject()
        }
        let sign = TimeDelta(FixedZone(left).offset).compare(TimeDelta(FixedZone(right).offset))
        return TimeDelta.answer(sign, operation)
      },
    ],
    methods: [tzname, utcoffset, dst, fromUTC, initArguments])
}
