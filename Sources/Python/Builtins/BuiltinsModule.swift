import CPythonABI
import Objects

/// `builtins`.
enum BuiltinsModule {
  static let spec = ModuleSpec(
    "builtins", doc: "Functions, types and exceptions that every module sees.",
    methods: [
      BuiltinNamespaces.buildClass, BuiltinNamespaces.import, BuiltinFunctions.abs,
      BuiltinFunctions.all, BuiltinFunctions.any, BuiltinFunctions.ascii, BuiltinFunctions.bin,
      BuiltinEvaluation.breakpoint, BuiltinFunctions.callable, BuiltinFunctions.chr,
      BuiltinEvaluation.compile, BuiltinNamespaces.delattr, BuiltinNamespaces.dir,
      BuiltinFunctions.divmod, BuiltinEvaluation.eval, BuiltinEvaluation.exec,
      BuiltinFunctions.format, BuiltinNamespaces.getattr, BuiltinNamespaces.globals,
      BuiltinNamespaces.hasattr, BuiltinFunctions.hash, BuiltinFunctions.hex, BuiltinFunctions.id,
      BuiltinEvaluation.input, BuiltinFunctions.isinstance, BuiltinFunctions.issubclass,
      BuiltinFunctions.iter, BuiltinFunctions.aiter, BuiltinFunctions.len,
      BuiltinNamespaces.locals, BuiltinFunctions.max, BuiltinFunctions.min, BuiltinFunctions.next,
      BuiltinFunctions.anext, BuiltinFunctions.oct, BuiltinFunctions.ord, BuiltinFunctions.pow,
      BuiltinEvaluation.print, BuiltinFunctions.repr, BuiltinFunctions.round,
      BuiltinNamespaces.setattr, BuiltinFunctions.sorted, BuiltinFunctions.sum,
      BuiltinNamespaces.vars, BuiltinEvaluation.open,
    ],
    exec: { module in status { try addObjects(module) } })

  private static func addObjects(_ module: Ref) throws(Raised) {
    func add(_ name: String, _ value: Ref) throws(Raised) {
      try check(name.withCString { PyModule_AddObjectRef(module, $0, value) })
    }
    try add("None", noneObject())
    try add("Ellipsis", ellipsisObject())
    try add("NotImplemented", notImplementedObject())
    try add("False", falseObject())
    try add("True", trueObject())
    try add("__debug__", boolObject(Compilation.optimizeLevel == 0))
    for type in [
      boolType(), memoryViewType(), byteArrayType(), bytesType(), classMethodType(), complexType(),
      dictType(), enumerateType(), filterType(), floatType(), frozenSetType(), propertyType(),
      intType(), listType(), mapType(), objectType(), rangeType(), reversedType(), setType(),
      sliceType(), staticMethodType(), strType(), superType(), tupleType(), typeType(), zipType(),
    ] {
      try add(type.fullName, type.object)
    }
    for exception in ExceptionClasses.all {
      try add(exception.asType.fullName, exception)
    }
    try add("EnvironmentError", .osError)
    try add("IOError", .osError)
  }
}
