import CPythonABI

/// The builtin number types, each after its base.
enum NumberTypes {
  static var specs: [TypeSpec] {
    LongTypes.specs + BoolTypes.specs + FloatTypes.specs + ComplexTypes.specs
  }
}
