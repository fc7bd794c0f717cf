import CPythonABI
import DecimalArithmetic
import Objects

/// The contexts of a process: the templates, and the current one in a context variable.
enum Contexts {
  /// DefaultContext, BasicContext and ExtendedContext.
  nonisolated(unsafe) static var standard: Ref?
  nonisolated(unsafe) static var basic: Ref?
  nonisolated(unsafe) static var extended: Ref?
  nonisolated(unsafe) private static var variable: Ref?

  static let modes: [(Rounding, StaticString)] = [
    (.up, "ROUND_UP"), (.down, "ROUND_DOWN"), (.ceiling, "ROUND_CEILING"), (.floor, "ROUND_FLOOR"),
    (.halfUp, "ROUND_HALF_UP"), (.halfDown, "ROUND_HALF_DOWN"), (.halfEven, "ROUND_HALF_EVEN"),
    (.zeroFiveUp, "ROUND_05UP"),
  ]

  static func name(_ rounding: Rounding) -> StaticString {
    for (mode, name) in modes where mode == rounding { return name }
    return "ROUND_HALF_EVEN"
  }

  /// The mode that a str names.
  static func rounding(_ value: Ref) throws(Raised) -> Rounding {
    if value.isStr {
      for (mode, name) in modes where PyUnicode_EqualToUTF8(value, cString(name)) != 0 {
        return mode
      }
    }
    throw raise(
      .typeError,
      "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]"
    )
  }

  static func prepare() throws(Raised) {
    if variable != nil { return }
    variable = try own(PyContextVar_New("decimal_context", nil)).give()
    InterpreterEnd.add("decimal contexts") {
      InterpreterEnd.drop(&variable)
      InterpreterEnd.drop(&standard)
      InterpreterEnd.drop(&basic)
      InterpreterEnd.drop(&extended)
    }
    let first = try ContextObject.make(ContextObject.type)
    standard = first.give()
    let plain = try ContextObject.make(ContextObject.type)
    let basicContext = ContextObject(plain.ref)
    basicContext.layout.pointee.rules.precision = 9
    basicContext.layout.pointee.rules.rounding = .halfUp
    let basicTraps: Conditions = [
      .invalid, .divisionByZero, .overflow, .underflow, .clamped,
    ]
    basicContext.layout.pointee.trapBits = basicTraps.rawValue
    basic = plain.give()
    let wide = try ContextObject.make(ContextObject.type)
    let extendedContext = ContextObject(wide.ref)
    extendedContext.layout.pointee.rules.precision = 9
    extendedContext.layout.pointee.trapBits = 0
    extended = wide.give()
  }

  /// The context of this thread or task; made when there is none yet.
  @inline(__always) static func current() throws(Raised) -> Owned {
    guard let variable else { throw raise(.runtimeError, "decimal is not initialised") }
    var found: Ref?
    try check(PyContextVar_Get(variable, nil, &found))
    if let found { return Owned(adopting: found) }
    return try start(variable)
  }

  private static func start(_ variable: Ref) throws(Raised) -> Owned {
    let made = try ContextObject(try borrow(standard)).copied()
    ContextObject(made.ref).layout.pointee.flagBits = 0
    let token = try own(PyContextVar_Set(variable, made.ref))
    _ = token.ref
    return made
  }

  static func setCurrent(_ context: Ref) throws(Raised) {
    guard ContextObject.isContext(context) else {
      throw raise(.typeError, "argument must be a context")
    }
    guard let variable else { throw raise(.runtimeError, "decimal is not initialised") }
    let chosen: Owned
    if context == standard || context == basic || context == extended {
      // The templates stay as they are.
      chosen = try ContextObject(context).copied()
      ContextObject(chosen.ref).layout.pointee.flagBits = 0
    } else {
      chosen = context.retained()
    }
    let token = try own(PyContextVar_Set(variable, chosen.ref))
    _ = token.ref
  }

  /// The context given as an argument, else the current one.
  @inline(__always) static func chosen(_ argument: Ref?) throws(Raised) -> Owned {
    guard let argument, !argument.isNone else { return try current() }
    guard ContextObject.isContext(argument) else {
      throw raise(.typeError, "optional argument must be a context")
    }
    return argument.retained()
  }
}

/// decimal.ContextManager: what `localcontext()` returns.
struct ContextManager {
  struct Layout {
    var base: PyObject
    var local: Ref?
    var outer: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static let localContext: Method = .keywords(
    "localcontext($module, /, ctx=None, **kwargs)",
    "A context manager that makes a copy of ctx (or of the current context) the current one."
  ) { _, args, count, names in
    new {
      let a = try CallArguments(
        "ctx prec rounding Emin Emax capitals clamp flags traps", total: 9, required: 0, args,
        count, names)
      let outer = try Contexts.current()
      let source = try Contexts.chosen(a[0])
      let local = try ContextObject(source.ref).copied()
      try ContextObject(local.ref).configure(a, from: 1)
      let object = try own(_PyObject_New(type))
      let layout = ContextManager(object.ref).layout
      layout.pointee.local = local.give()
      layout.pointee.outer = outer.give()
      return object
    }
  }

  private static let enter: Method = .noargs("__enter__($self, /)", "") { object, _ in
    new {
      let local = try borrow(ContextManager(object).layout.pointee.local).retained()
      try Contexts.setCurrent(local.ref)
      return local
    }
  }

  private static let exit: Method = .fast("__exit__", "") { object, _, _ in
    new {
      try Contexts.setCurrent(try borrow(ContextManager(object).layout.pointee.outer))
      return falseObject().retained()
    }
  }

  static let spec = TypeSpec(
    type, "decimal.ContextManager", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation], base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { object in
        let layout = ContextManager(object).layout
        Py_XDECREF(layout.pointee.local)
        Py_XDECREF(layout.pointee.outer)
        object.type.pointee.tp_free?(object)
      }
    ],
    methods: [enter, exit])
}
