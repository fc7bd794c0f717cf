import CPythonABI
import DecimalArithmetic
import Objects

/// decimal.Context: how numbers are rounded, which conditions were met, which are errors.
/// CPython: Modules/_decimal/_decimal.c.
struct ContextObject {
  struct Layout {
    var base: PyObject
    var rules: DecimalContext
    var flagBits: UInt32
    var trapBits: UInt32
    var capitals: Bool
    /// SignalDict views of the bits.
    var flags: Ref?
    var traps: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  @inline(__always) init(_ ref: Ref) { self.ref = ref }
  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  @inline(__always) var rules: DecimalContext { layout.pointee.rules }

  @inline(__always) static func isContext(_ object: Ref) -> Bool {
    object.type == type || object.isInstance(of: type)
  }

  /// Adds conditions to the flags and raises if one of them is trapped.
  @inline(__always) func report(_ status: Conditions) throws(Raised) {
    if status.isEmpty { return }
    layout.pointee.flagBits |= status.rawValue
    let trapped = status.rawValue & layout.pointee.trapBits
    if trapped != 0 { throw Signals.raised(Conditions(rawValue: trapped)) }
  }

  // MARK: Making

  private static let initialTraps: Conditions = [.invalid, .divisionByZero, .overflow]

  static func make(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let context = ContextObject(object.ref)
    context.layout.pointee.flags = nil
    context.layout.pointee.traps = nil
    if let template = Contexts.standard {
      context.layout.pointee.rules = ContextObject(template).rules
      context.layout.pointee.trapBits = ContextObject(template).layout.pointee.trapBits
      context.layout.pointee.capitals = ContextObject(template).layout.pointee.capitals
    } else {
      context.layout.pointee.rules = DecimalContext(
        precision: 28, maxExponent: 999_999, minExponent: -999_999)
      context.layout.pointee.trapBits = initialTraps.rawValue
      context.layout.pointee.capitals = true
    }
    context.layout.pointee.flagBits = 0
    let flags = try withUnsafeMutablePointer(to: &context.layout.pointee.flagBits) {
      bits throws(Raised) in try SignalDict.make(bits)
    }
    context.layout.pointee.flags = flags.give()
    let traps = try withUnsafeMutablePointer(to: &context.layout.pointee.trapBits) {
      bits throws(Raised) in try SignalDict.make(bits)
    }
    context.layout.pointee.traps = traps.give()
    return object
  }

  /// A copy of a context, with its flags.
  func copied() throws(Raised) -> Owned {
    let result = try Self.make(Self.type)
    let copy = ContextObject(result.ref)
    copy.layout.pointee.rules = rules
    copy.layout.pointee.flagBits = layout.pointee.flagBits
    copy.layout.pointee.trapBits = layout.pointee.trapBits
    copy.layout.pointee.capitals = layout.pointee.capitals
    return result
  }

  // MARK: Attributes

  private static func number(_ value: Ref) throws(Raised) -> Int {
    guard value.isInt else { throw raise(.typeError, "an integer is required") }
    return try check(PyLong_AsSsize_t(value))
  }

  func setPrecision(_ value: Ref) throws(Raised) {
    let number = try Self.number(value)
    guard number >= 1, number <= DecimalContext.maxPrecision else {
      throw raise(.valueError, "valid range for prec is [1, MAX_PREC]")
    }
    layout.pointee.rules.precision = number
  }
  func setMinExponent(_ value: Ref) throws(Raised) {
    let number = try Self.number(value)
    guard number <= 0, number >= DecimalContext.minEmin else {
      throw raise(.valueError, "valid range for Emin is [MIN_EMIN, 0]")
    }
    layout.pointee.rules.minExponent = number
  }
  func setMaxExponent(_ value: Ref) throws(Raised) {
    let number = try Self.number(value)
    guard number >= 0, number <= DecimalContext.maxEmax else {
      throw raise(.valueError, "valid range for Emax is [0, MAX_EMAX]")
    }
    layout.pointee.rules.maxExponent = number
  }
  func setRounding(_ value: Ref) throws(Raised) {
    layout.pointee.rules.rounding = try Contexts.rounding(value)
  }
  func setCapitals(_ value: Ref) throws(Raised) {
    let number = try Self.number(value)
    guard number == 0 || number == 1 else {
      throw raise(.valueError, "valid values for capitals are 0 or 1")
    }
    layout.pointee.capitals = number == 1
  }
  func setClamp(_ value: Ref) throws(Raised) {
    let number = try Self.number(value)
    guard number == 0 || number == 1 else {
      throw raise(.valueError, "valid values for clamp are 0 or 1")
    }
    layout.pointee.rules.clamp = number == 1
  }
  private static func conditions(_ value: Ref) throws(Raised) -> Conditions {
    if SignalDict.isSignalDict(value) { return try SignalDict(value).conditions() }
    return try Signals.conditions(dict: value)
  }
  func setFlags(_ value: Ref, listAllowed: Bool) throws(Raised) {
    let set =
      listAllowed && value.isList ? try Signals.conditions(list: value) : try Self.conditions(value)
    layout.pointee.flagBits = set.rawValue
  }
  func setTraps(_ value: Ref, listAllowed: Bool) throws(Raised) {
    let set =
      listAllowed && value.isList ? try Signals.conditions(list: value) : try Self.conditions(value)
    layout.pointee.trapBits = set.rawValue
  }

  /// Sets what is given of prec, rounding, Emin, Emax, capitals, clamp, flags, traps; the first of
  /// them is argument number `first`.
  func configure(_ a: CallArguments, from first: Int) throws(Raised) {
    if let value = a.optional(first) { try setPrecision(value) }
    if let value = a.optional(first + 1) { try setRounding(value) }
    if let value = a.optional(first + 2) { try setMinExponent(value) }
    if let value = a.optional(first + 3) { try setMaxExponent(value) }
    if let value = a.optional(first + 4) { try setCapitals(value) }
    if let value = a.optional(first + 5) { try setClamp(value) }
    if let value = a.optional(first + 7) { try setTraps(value, listAllowed: true) }
    if let value = a.optional(first + 6) { try setFlags(value, listAllowed: true) }
  }

  private func setAttribute(_ name: Ref, _ value: Ref?) throws(Raised) {
    guard let value else {
      throw raise(.attributeError, "context attributes cannot be deleted")
    }
    if name.isStr {
      if PyUnicode_EqualToUTF8(name, "traps") != 0 {
        return try setTraps(value, listAllowed: false)
      }
      if PyUnicode_EqualToUTF8(name, "flags") != 0 {
        return try setFlags(value, listAllowed: false)
      }
    }
    try check(PyObject_GenericSetAttr(ref, name, value))
  }

  private func attribute(_ name: Ref) throws(Raised) -> Owned {
    if name.isStr {
      if PyUnicode_EqualToUTF8(name, "traps") != 0 {
        return try borrow(layout.pointee.traps).retained()
      }
      if PyUnicode_EqualToUTF8(name, "flags") != 0 {
        return try borrow(layout.pointee.flags).retained()
      }
    }
    return try own(PyObject_GenericGetAttr(ref, name))
  }

  private func shown() throws(Raised) -> Owned {
    let rules = rules
    return try own(
      newString(
        "Context(prec=\(rules.precision), rounding=\(Contexts.name(rules.rounding)), "
          + "Emin=\(rules.minExponent), Emax=\(rules.maxExponent), "
          + "capitals=\(layout.pointee.capitals ? 1 : 0), clamp=\(rules.clamp ? 1 : 0), "
          + "flags=\(Signals.names(Conditions(rawValue: layout.pointee.flagBits))), "
          + "traps=\(Signals.names(Conditions(rawValue: layout.pointee.trapBits))))"))
  }

  func reduced() throws(Raised) -> Owned {
    let rules = rules
    let args = try own(PyTuple_New(8))
    PyTuple_SetItem(args.ref, 0, try int(rules.precision).give())
    PyTuple_SetItem(args.ref, 1, try own(newString("\(Contexts.name(rules.rounding))")).give())
    PyTuple_SetItem(args.ref, 2, try int(rules.minExponent).give())
    PyTuple_SetItem(args.ref, 3, try int(rules.maxExponent).give())
    PyTuple_SetItem(args.ref, 4, try int(layout.pointee.capitals ? 1 : 0).give())
    PyTuple_SetItem(args.ref, 5, try int(rules.clamp ? 1 : 0).give())
    PyTuple_SetItem(
      args.ref, 6, try Signals.list(Conditions(rawValue: layout.pointee.flagBits)).give())
    PyTuple_SetItem(
      args.ref, 7, try Signals.list(Conditions(rawValue: layout.pointee.trapBits)).give())
    return try tuple(ref.type.object.retained(), args)
  }

  private static let parameters: StaticString =
    "prec rounding Emin Emax capitals clamp flags traps"

  static let spec = TypeSpec(
    type, "decimal.Context", basicSize: 96, flags: [.baseType],
    doc: """
      Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)
      --

      The rules that operations on decimals follow: digits, exponents, rounding,
      and which conditions raise. What is not given is taken from DefaultContext.

          >>> Context(prec=6, rounding=ROUND_DOWN).divide(Decimal(2), Decimal(3))
          Decimal('0.666666')


      """,
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in new { try make(type) } },
      .tp_init { object, args, keywords in
        status {
          let a = try CallArguments(
            parameters, total: 8, required: 0, tuple: args, keywords: keywords)
          try ContextObject(object).configure(a, from: 0)
        }
      },
      .tp_dealloc { object in
        let layout = ContextObject(object).layout
        for view in [layout.pointee.flags, layout.pointee.traps] {
          if let view { SignalDict(view).layout.pointee.bits = nil }
          Py_XDECREF(view)
        }
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try ContextObject(object).shown() } },
      .tp_getattro { object, name in new { try ContextObject(object).attribute(name) } },
      .tp_setattro { object, name, value in
        status { try ContextObject(object).setAttribute(name, value) }
      },
    ],
    methods: ContextMethods.all,
    properties: [
      Property(
        "prec", get: { object, _ in PyLong_FromSsize_t(ContextObject(object).rules.precision) },
        set: { object, value, _ in
          status { try ContextObject(object).setPrecision(value ?? noneObject()) }
        }),
      Property(
        "Emax", get: { object, _ in PyLong_FromSsize_t(ContextObject(object).rules.maxExponent) },
        set: { object, value, _ in
          status { try ContextObject(object).setMaxExponent(value ?? noneObject()) }
        }),
      Property(
        "Emin", get: { object, _ in PyLong_FromSsize_t(ContextObject(object).rules.minExponent) },
        set: { object, value, _ in
          status { try ContextObject(object).setMinExponent(value ?? noneObject()) }
        }),
      Property(
        "rounding",
        get: { object, _ in
          PyUnicode_InternFromString(cString(Contexts.name(ContextObject(object).rules.rounding)))
        },
        set: { object, value, _ in
          status { try ContextObject(object).setRounding(value ?? noneObject()) }
        }),
      Property(
        "capitals",
        get: { object, _ in PyLong_FromLong(ContextObject(object).layout.pointee.capitals ? 1 : 0) },
        set: { object, value, _ in
          status { try ContextObject(object).setCapitals(value ?? noneObject()) }
        }),
      Property(
        "clamp",
        get: { object, _ in PyLong_FromLong(ContextObject(object).rules.clamp ? 1 : 0) },
        set: { object, value, _ in
          status { try ContextObject(object).setClamp(value ?? noneObject()) }
        }),
    ])
}
