import CPythonABI
import DecimalArithmetic
import Objects

/// The exception classes and what stands for them in a set of conditions.
enum Signals {
  /// A signal or condition: its class and its bits.
  struct Entry {
    let name: StaticString
    let conditions: Conditions
    let type: Ref
  }

  /// The keys of signal dicts, in their order.
  nonisolated(unsafe) static var signals: [Entry] = []
  /// The finer conditions that the argument of an InvalidOperation lists.
  nonisolated(unsafe) static var conditions: [Entry] = []
  nonisolated(unsafe) static var decimalException: Ref?
  /// A tuple of the signal classes.
  nonisolated(unsafe) private(set) static var tuple: Ref?

  static var isReady: Bool { tuple != nil }

  /// Makes the classes, once per process.
  static func prepare() throws(Raised) {
    if isReady { return }
    let root = try own(PyErr_NewException("decimal.DecimalException", .arithmeticError, nil)).give()
    decimalException = root
    InterpreterEnd.add("decimal signals") {
      InterpreterEnd.drop(&decimalException)
      InterpreterEnd.drop(&tuple)
      // The first condition shares its class with a signal.
      for entry in signals + conditions.dropFirst() { Py_DECREF(entry.type) }
      signals = []
      conditions = []
    }
    func make(_ name: StaticString, _ bits: Conditions, _ bases: [Ref]) throws(Raised) -> Entry {
      let base = try own(PyTuple_New(bases.count))
      for (index, type) in bases.enumerated() {
        Py_INCREF(type)
        PyTuple_SetItem(base.ref, index, type)
      }
      let full = PermanentMemory.string("decimal.\(name)")
      let type = try own(PyErr_NewException(full, base.ref, nil)).give()
      return Entry(name: name, conditions: bits, type: type)
    }
    let invalid = try make("InvalidOperation", .invalid, [root])
    let float = try make("FloatOperation", .floatOperation, [root, .typeError])
    let zero = try make("DivisionByZero", .divisionByZero, [root, .zeroDivisionError])
    let subnormal = try make("Subnormal", .subnormal, [root])
    let inexact = try make("Inexact", .inexact, [root])
    let rounded = try make("Rounded", .rounded, [root])
    let clamped = try make("Clamped", .clamped, [root])
    let overflow = try make("Overflow", .overflow, [inexact.type, rounded.type])
    let underflow = try make(
      "Underflow", .underflow, [inexact.type, rounded.type, subnormal.type])
    signals = [
      invalid, float, zero, overflow, underflow, subnormal, inexact, rounded, clamped,
    ]
    conditions = [
      Entry(name: "InvalidOperation", conditions: .invalidOperation, type: invalid.type),
      try make("ConversionSyntax", .conversionSyntax, [invalid.type]),
      try make("DivisionImpossible", .divisionImpossible, [invalid.type]),
      try make("DivisionUndefined", .divisionUndefined, [invalid.type, .zeroDivisionError]),
      try make("InvalidContext", .invalidContext, [invalid.type]),
    ]
    let all = try own(PyTuple_New(signals.count))
    for (index, entry) in signals.enumerated() {
      Py_INCREF(entry.type)
      PyTuple_SetItem(all.ref, index, entry.type)
    }
    tuple = all.give()
  }

  static func add(to module: Ref) throws(Raised) {
    if let decimalException {
      try check(PyModule_AddObjectRef(module, "DecimalException", decimalException))
    }
    for entry in signals { try check(PyModule_AddObjectRef(module, cString(entry.name), entry.type)) }
    for entry in conditions.dropFirst() {
      try check(PyModule_AddObjectRef(module, cString(entry.name), entry.type))
    }
  }

  private static let unknown =
    "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]"

  /// The bits of a signal class; KeyError for anything else.
  static func conditions(of type: Ref) throws(Raised) -> Conditions {
    for entry in signals where entry.type == type { return entry.conditions }
    throw raise(.keyError, unknown)
  }

  /// The bits of a list of signal classes.
  static func conditions(list: Ref) throws(Raised) -> Conditions {
    var result: Conditions = []
    var index = 0
    while index < apus_var_size(list) {
      result.formUnion(try conditions(of: apus_list_item(list, index)))
      index += 1
    }
    return result
  }

  /// The bits of a dict with all signals as keys.
  static func conditions(dict: Ref) throws(Raised) -> Conditions {
    guard dict.isDict else { throw raise(.typeError, "argument must be a signal dict") }
    guard PyDict_Size(dict) == signals.count else {
      throw raise(.keyError, "invalid signal dict")
    }
    var result: Conditions = []
    for entry in signals {
      guard let value = PyDict_GetItemWithError(dict, entry.type) else {
        if hasRaised() { throw Raised() }
        throw raise(.keyError, "invalid signal dict")
      }
      if try check(PyObject_IsTrue(value)) != 0 { result.formUnion(entry.conditions) }
    }
    return result
  }

  /// A list of the signal classes of some conditions.
  static func list(_ conditions: Conditions) throws(Raised) -> Owned {
    let list = try own(PyList_New(0))
    for entry in signals where !entry.conditions.isDisjoint(with: conditions) {
      try check(PyList_Append(list.ref, entry.type))
    }
    return list
  }

  /// The names in the order of the bits, for `repr`.
  static func names(_ conditions: Conditions) -> String {
    let order = [8, 0, 2, 6, 1, 3, 7, 5, 4]
    let shown = order.filter { !signals[$0].conditions.isDisjoint(with: conditions) }
    return "[" + shown.map { "\(signals[$0].name)" }.joined(separator: ", ") + "]"
  }

  /// Raises what some trapped conditions stand for: the first signal, with all as its argument.
  static func raised(_ trapped: Conditions) -> Raised {
    do {
      let list = try own(PyList_New(0))
      for entry in conditions where !entry.conditions.isDisjoint(with: trapped) {
        try check(PyList_Append(list.ref, entry.type))
      }
      for entry in signals.dropFirst() where !entry.conditions.isDisjoint(with: trapped) {
        try check(PyList_Append(list.ref, entry.type))
      }
      for entry in signals where !entry.conditions.isDisjoint(with: trapped) {
        return raise(entry.type, value: list.ref)
      }
      return raise(.runtimeError, "internal error in flags_as_exception")
    } catch {
      return error
    }
  }
}
