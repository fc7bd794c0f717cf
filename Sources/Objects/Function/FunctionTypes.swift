/// The types of callables, in the order they are made ready.
enum FunctionTypes {
  static let specs = [
    BuiltinFunction.spec, BuiltinFunction.methodSpec, PyFunction.spec, PyMethod.spec,
    PyInstanceMethod.spec, PyCell.spec,
  ]
}
