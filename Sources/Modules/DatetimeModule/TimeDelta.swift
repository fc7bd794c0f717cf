import CPythonABI
import Glibc
import Numerics
import Objects

/// datetime.timedelta: days, seconds and microseconds, the last two never negative.
/// CPython: Modules/_datetimemodule.c.
struct TimeDelta {
  /// CPython's PyDateTime_Delta.
  struct Layout {
    var base: PyObject
    /// -1 while unknown.
    var hash: Int
    var days: Int32
    var seconds: Int32
    var microseconds: Int32
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let mostDays = 999_999_999

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  @inline(__always) private var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var days: Int { Int(layout.pointee.days) }
  var seconds: Int { Int(layout.pointee.seconds) }
  var microseconds: Int { Int(layout.pointee.microseconds) }

  static func isDelta(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// The whole duration.
  var total: Int128 {
    (Int128(days) &* 86_400 &+ Int128(seconds)) &* 1_000_000 &+ Int128(microseconds)
  }

  var isZero: Bool { days == 0 && seconds == 0 && microseconds == 0 }

  /// Seconds of an offset, exact for the days an int of 64 bits can count.
  var wholeSeconds: Int { days &* 86_400 &+ seconds }

  /// -1, 0 or 1.
  func compare(_ other: TimeDelta) -> Int {
    if days != other.days { return days < other.days ? -1 : 1 }
    if seconds != other.seconds { return seconds < other.seconds ? -1 : 1 }
    if microseconds != other.microseconds { return microseconds < other.microseconds ? -1 : 1 }
    return 0
  }

  // MARK: Making

  /// A timedelta of parts in their ranges, of `type`. Raises OverflowError for too many days.
  static func make(
    _ days: Int, _ seconds: Int, _ microseconds: Int, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    guard days >= -mostDays, days <= mostDays else {
      throw raise(.overflowError, "days=\(days); must have magnitude <= \(mostDays)")
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.hash = -1
    layout.pointee.days = Int32(truncatingIfNeeded: days)
    layout.pointee.seconds = Int32(truncatingIfNeeded: seconds)
    layout.pointee.microseconds = Int32(truncatingIfNeeded: microseconds)
    return object
  }

  /// A timedelta of parts of any size.
  static func normalized(
    _ days: Int, _ seconds: Int, _ microseconds: Int, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    let (carry, small) = floorDivide(microseconds, 1_000_000)
    let (moreDays, rest) = floorDivide(seconds &+ carry, 86_400)
    return try make(days &+ moreDays, rest, small, type)
  }

  static func floorDivide(_ a: Int, _ b: Int) -> (Int, Int) {
    var (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    if rest < 0 {
      rest += b
      quotient -= 1
    }
    return (quotient, rest)
  }

  static func make(microseconds total: Int128, _ type: TypeRef = type) throws(Raised) -> Owned {
    var (seconds, small) = total.quotientAndRemainder(dividingBy: 1_000_000)
    if small < 0 {
      small += 1_000_000
      seconds -= 1
    }
    var (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    if rest < 0 {
      rest += 86_400
      days -= 1
    }
    guard let few = Int32(exactly: days) else {
      throw raise(.overflowError, "Python int too large to convert to C int")
    }
    return try make(
      Int(few), Int(truncatingIfNeeded: rest), Int(truncatingIfNeeded: small), type)
  }

  /// From microseconds as a Python int.
  static func make(integer: Ref, _ type: TypeRef = type) throws(Raised) -> Owned {
    try make(microseconds: try narrow(integer), type)
  }

  /// An int as 128 bits. Raises the OverflowError of a day count beyond a C int.
  private static func narrow(_ integer: Ref) throws(Raised) -> Int128 {
    var value: Int128 = 0
    let size = withUnsafeMutableBytes(of: &value) {
      PyLong_AsNativeBytes(integer, $0.baseAddress, 16, -1)
    }
    if size < 0 { throw Raised() }
    if size > 16 { throw raise(.overflowError, "Python int too large to convert to C int") }
    return value
  }

  /// The duration in microseconds as a Python int.
  func integer() throws(Raised) -> Owned {
    let total = total
    if let small = Int(exactly: total) { return try int(small) }
    return try withUnsafeBytes(of: total) { bytes throws(Raised) in
      try own(PyLong_FromNativeBytes(bytes.baseAddress, 16, -1))
    }
  }

  // MARK: The constructor

  private static let construct = ArgumentFormat(
    "|OOOOOOO:__new__",
    ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"])

  /// The parts in the order they are added up: place among the arguments, name, microseconds.
  private static let parts: [(index: Int, name: String, unit: Int)] = [
    (2, "microseconds", 1), (3, "milliseconds", 1_000), (1, "seconds", 1_000_000),
    (4, "minutes", 60_000_000), (5, "hours", 3_600_000_000), (0, "days", 86_400_000_000),
    (6, "weeks", 604_800_000_000),
  ]

  private static func construct(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let given = try construct.parse(args, keywords)
    var sum: Int128 = 0
    // What did not fit 128 bits, as a Python int.
    var large: Ref?
    defer { Py_XDECREF(large) }
    // Fractions of microseconds.
    var fraction = 0.0
    for part in parts {
      guard let value = given.object(part.index) else { continue }
      if value.isInt {
        var overflow: Int32 = 0
        let whole = PyLong_AsLongAndOverflow(value, &overflow)
        if whole == -1 && hasRaised() { throw Raised() }
        if overflow == 0 {
          sum &+= Int128(whole) &* Int128(part.unit)
        } else {
          try add(value, part.unit, to: &large)
        }
      } else if value.isInstance(of: floatType()) {
        let number = value.view(PyFloatObject.self).pointee.ob_fval
        let whole = number.rounded(.towardZero)
        if abs(whole) < 9e18 {
          sum &+= Int128(Int(whole)) &* Int128(part.unit)
        } else {
          let integer = try own(PyLong_FromDouble(whole))
          try add(integer.ref, part.unit, to: &large)
        }
        let rest = number - whole
        if rest == 0 { continue }
        let scaled = Double(part.unit) * rest
        let units = scaled.rounded(.towardZero)
        fraction += scaled - units
        sum &+= Int128(units)
      } else {
        throw raise(
          .typeError,
          "unsupported type for timedelta \(part.name) component: \(value.type.fullName)")
      }
    }
    if fraction != 0 {
      // Half to even, of the sum and not of the fraction alone.
      var whole = fraction.rounded(.toNearestOrAwayFromZero)
      if abs(whole - fraction) == 0.5 {
        var odd = sum & 1 != 0
        if let kept = large {
          let one = try int(1)
          let bit = try own(PyNumber_And(kept, one.ref))
          if try check(PyObject_IsTrue(bit.ref)) != 0 { odd.toggle() }
        }
        let parity = odd ? 1.0 : 0.0
        whole = 2 * ((fraction + parity) * 0.5).rounded(.toNearestOrAwayFromZero) - parity
      }
      sum &+= Int128(whole)
    }
    if let kept = large {
      let rest = try withUnsafeBytes(of: sum) { bytes throws(Raised) in
        try own(PyLong_FromNativeBytes(bytes.baseAddress, 16, -1))
      }
      let total = try own(PyNumber_Add(kept, rest.ref))
      return try make(integer: total.ref, type)
    }
    return try make(microseconds: sum, type)
  }

  /// Adds `value * unit` to a Python int, made when there is none yet.
  private static func add(_ value: Ref, _ unit: Int, to sum: inout Ref?) throws(Raised) {
    let factor = try int(unit)
    let product = try own(PyNumber_Multiply(value, factor.ref))
    guard let old = sum else {
      sum = product.give()
      return
    }
    sum = try own(PyNumber_Add(old, product.ref)).give()
    Py_DECREF(old)
  }

  // MARK: Text

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let delta = TimeDelta(object)
    var parts: [String] = []
    if delta.days != 0 { parts.append("days=\(delta.days)") }
    if delta.seconds != 0 { parts.append("seconds=\(delta.seconds)") }
    if delta.microseconds != 0 { parts.append("microseconds=\(delta.microseconds)") }
    let inner = parts.isEmpty ? "0" : parts.joined(separator: ", ")
    return try own(newString("\(object.type.fullName)(\(inner))"))
  }

  private static func str(_ object: Ref) throws(Raised) -> Owned {
    let delta = TimeDelta(object)
    var text = Stamp()
    if delta.days != 0 {
      text.append(delta.days)
      text.append(abs(delta.days) == 1 ? " day, " : " days, ")
    }
    text.append(delta.seconds / 3600)
    text.append(byte: 58)
    text.append(delta.seconds / 60 % 60, width: 2)
    text.append(byte: 58)
    text.append(delta.seconds % 60, width: 2)
    if delta.microseconds != 0 {
      text.append(byte: 46)
      text.append(delta.microseconds, width: 6)
    }
    return try text.string()
  }

  /// `(days, seconds, microseconds)`
  private func state() throws(Raised) -> Owned {
    let days = try int(days)
    let seconds = try int(seconds)
    let microseconds = try int(microseconds)
    return try tuple(days, seconds, microseconds)
  }

  static func hash(_ object: Ref) throws(Raised) -> Int {
    let layout = object.view(Layout.self)
    if layout.pointee.hash == -1 {
      var mix = ObjectHash.Tuple()
      let delta = TimeDelta(object)
      mix.combine(ObjectHash.integer(delta.days))
      mix.combine(ObjectHash.integer(delta.seconds))
      mix.combine(ObjectHash.integer(delta.microseconds))
      layout.pointee.hash = mix.finish(count: 3)
    }
    return layout.pointee.hash
  }

  /// The answer to a comparison of two things that order as `sign` and 0.
  static func answer(_ sign: Int, _ operation: Int32) -> Ref {
    switch operation {
    case Py_LT: boolObject(sign < 0)
    case Py_LE: boolObject(sign <= 0)
    case Py_EQ: boolObject(sign == 0)
    case Py_NE: boolObject(sign != 0)
    case Py_GT: boolObject(sign > 0)
    default: boolObject(sign >= 0)
    }
  }

  // MARK: Type

  private static let reduce: Method = .noargs("__reduce__($self, /)", "__reduce__() -> (cls, state)") {
    object, _ in
    new {
      let state = try TimeDelta(object).state()
      return try tuple(object.type.object.retained(), state)
    }
  }

  private static let totalSeconds: Method = .noargs(
    "total_seconds($self, /)", "The duration as a float, in seconds."
  ) { object, _ in
    new {
      let total = TimeDelta(object).total
      if total.magnitude < 1 << 53 {
        return try own(PyFloat_FromDouble(Double(Int(truncatingIfNeeded: total)) / 1e6))
      }
      let integer = try TimeDelta(object).integer()
      let million = try int(1_000_000)
      return try own(PyNumber_TrueDivide(integer.ref, million.ref))
    }
  }

  static let spec = TypeSpec(
    type, "datetime.timedelta", basicSize: MemoryLayout<Layout>.stride, flags: [.baseType],
    doc: """
      Difference between two datetime values.

      timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)

      Every argument may be left out, be an int or a float, and be negative.
      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try construct(type, args, keywords) } },
      .tp_repr { object in new { try repr(object) } },
      .tp_str { object in new { try str(object) } },
      .tp_hash { object in size { try hash(object) } },
      .tp_richcompare { left, right, operation in
        guard isDelta(right) else { return notImplementedObject() }
        return answer(TimeDelta(left).compare(TimeDelta(right)), operation)
      },
      .nb_add { left, right in add(left, right) },
      .nb_subtract { left, right in subtract(left, right) },
      .nb_multiply { left, right in multiply(left, right) },
      .nb_remainder { left, right in remainder(left, right) },
      .nb_divmod { left, right in divmod(left, right) },
      .nb_negative { object in new { try make(microseconds: -TimeDelta(object).total) } },
      .nb_positive { object in
        new {
          let delta = TimeDelta(object)
          return try make(delta.days, delta.seconds, delta.microseconds)
        }
      },
      .nb_absolute { object in
        new {
          let total = TimeDelta(object).total
          return try make(microseconds: total < 0 ? -total : total)
        }
      },
      .nb_bool { object in TimeDelta(object).isZero ? 0 : 1 },
      .nb_floor_divide { left, right in floorDivide(left, right) },
      .nb_true_divide { left, right in trueDivide(left, right) },
    ],
    methods: [totalSeconds, reduce],
    members: [
      Member("days", Py_T_INT, offset: MemoryLayout<Layout>.at(\.days), flags: Py_READONLY, "Number of days."),
      Member(
        "seconds", Py_T_INT, offset: MemoryLayout<Layout>.at(\.seconds), flags: Py_READONLY,
        "Number of seconds (>= 0 and less than 1 day)."),
      Member(
        "microseconds", Py_T_INT, offset: MemoryLayout<Layout>.at(\.microseconds),
        flags: Py_READONLY, "Number of microseconds (>= 0 and less than 1 second)."),
    ])
}
