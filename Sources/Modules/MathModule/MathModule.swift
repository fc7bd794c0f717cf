import CPythonABI
import Glibc
import Numerics
import Objects

/// The module `math`. CPython: Modules/mathmodule.c. The algorithms are in Numerics.
public let mathModule = ModuleSpec(
  "math", doc: "The mathematical functions of the C standard, and more, for real numbers.",
  methods: ElementaryFunctions.all + FloatFunctions.all + IntegerFunctions.all + SumFunctions.all,
  constants: [
    .float("pi", .pi), .float("e", 2.718281828459045), .float("tau", 2 * .pi),
    .float("inf", .infinity), .float("nan", .nan),
  ])

/// A number argument as a double. TypeError for anything that is not a real number.
@inline(__always)
func real(_ object: Ref) throws(Raised) -> Double {
  if object.isExactFloat { return object.view(PyFloatObject.self).pointee.ob_fval }
  if object.isExactInt && apus_long_is_compact(object) != 0 {
    return Double(apus_long_compact_value(object))
  }
  let value = PyFloat_AsDouble(object)
  if value == -1 && hasRaised() { throw Raised() }
  return value
}

/// The float of an outcome, or its exception.
@inline(__always)
func float(
  _ outcome: MathOutcome, domain: String = "math domain error", range: String = "math range error"
) throws(Raised) -> Owned {
  switch outcome {
  case .value(let value): return try own(PyFloat_FromDouble(value))
  case .domainError: throw raise(.valueError, domain)
  case .rangeError: throw raise(.overflowError, range)
  }
}

@inline(__always)
func float(_ value: Double) throws(Raised) -> Owned { try own(PyFloat_FromDouble(value)) }
