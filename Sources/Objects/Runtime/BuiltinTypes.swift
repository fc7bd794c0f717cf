import CPythonABI

/// All types that exist before the first instruction runs.
public enum BuiltinTypes {
  /// In the order they become ready: a base before what inherits from it.
  private static var specs: [[TypeSpec]] {
    [
      CoreTypes.specs, DescriptorTypes.specs, NumberTypes.specs, StrTypes.specs, BytesTypes.specs,
      ByteArrayTypes.specs, TupleTypes.specs, ListTypes.specs, DictTypes.specs, SetTypes.specs,
      SliceTypes.specs, RangeTypes.specs, IteratorTypes.specs, FunctionTypes.specs,
      ModuleTypes.specs, WeakrefTypes.specs, FormatterIterator.specs, NamespaceTypes.specs, MemoryViewTypes.specs, GenericAliasTypes.specs, [PyCode.spec],
      ExceptionTypes.specs,
    ]
  }

  /// Fills every type object, then makes each ready. An interpreter that starts after another one finds
  /// them filled.
  /// - Parameter more: types of targets above this one, readied last.
  public static func install(and more: [TypeSpec]) throws(Raised) {
    let all = specs.flatMap { $0 } + more
    for spec in all where !spec.isFilled { spec.fill() }
    for spec in all { try check(PyType_Ready(spec.type)) }
  }
}
