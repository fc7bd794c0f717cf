import CPythonABI

/// typing.Generic: the base of generic classes. Its behaviour is in typing.py.
public enum Generic {
  static let spec = TypeSpec(
    genericType(), "typing.Generic", basicSize: MemoryLayout<PyObject>.size,
    flags: [.baseType, .mutable],
    doc: """
      Abstract base class for generic types.

      In the new syntax it is implied: class Mapping[KT, VT]: ... In the old one it is
      named: class Mapping(Generic[KT, VT]): ...
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in object.type.pointee.tp_free?(UnsafeMutableRawPointer(object)) },
    ],
    methods: [classGetItem, initSubclass])

  /// Calls a function of typing with the class before the arguments.
  private static func forward(
    _ name: StaticString, _ type: Ref, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("typing"))
    let function = try own(PyObject_GetAttrString(module.ref, cString(name)))
    let count = apus_var_size(args)
    let all = try own(PyTuple_New(count + 1))
    apus_tuple_items(all.ref)[0] = type.retained().give()
    for index in 0..<count {
      apus_tuple_items(all.ref)[index + 1] = apus_tuple_item(args, index).retained().give()
    }
    return try own(PyObject_Call(function.ref, all.ref, keywords))
  }

  private static let classGetItem = Method.variableKeywords(
    "__class_getitem__", "Parameterizes a generic class."
  ) { type, args, keywords in
    new { try forward("_generic_class_getitem", type, args, keywords) }
  }.classMethod

  private static let initSubclass = Method.variableKeywords(
    "__init_subclass__", "Function to initialize subclasses."
  ) { type, args, keywords in
    new { try forward("_generic_init_subclass", type, args, keywords) }
  }.classMethod

  /// `Generic[parameters]`, the base that a class with type parameters gets.
  public static func subscribed(_ parameters: Ref) throws(Raised) -> Owned {
    try TypingTypes.install()
    let unpacked = try TypeParameter.unpacked(parameters)
    let args = try tuple(genericType().object.retained(), unpacked)
    return try TypeParameter.callTyping("_GenericAlias", args)
  }
}

/// typing.NoDefault: what a type parameter without a default has.
public enum NoDefault {
  /// The one instance. Immortal.
  nonisolated(unsafe) public static let object: Ref = {
    let object = PermanentMemory.allocate(PyObject.self, count: 1)
    object.initialize(
      to: PyObject(ob_refcnt: Int(_Py_IMMORTAL_REFCNT), ob_type: noDefaultType()))
    return object
  }()

  static let spec = TypeSpec(
    noDefaultType(), "NoDefaultType", basicSize: MemoryLayout<PyObject>.size,
    doc: "The type of the NoDefault singleton.", base: objectType(),
    slots: [
      .tp_dealloc { _ in },
      .tp_repr { _ in PyUnicode_FromString("typing.NoDefault") },
      .tp_new { _, args, keywords in
        new {
          if apus_var_size(args) > 0 || keywords.map({ PyDict_Size($0) > 0 }) ?? false {
            throw raise(.typeError, "NoDefaultType takes no arguments")
          }
          return object.retained()
        }
      },
    ],
    methods: [.noargs("__reduce__", "") { _, _ in PyUnicode_FromString("NoDefault") }])
}

/// The types behind the module typing, in the order they are made ready.
public enum TypingTypes {
  public static let specs = [
    NoDefault.spec, TypeParameter.typeVarSpec, TypeParameter.paramSpecSpec,
    TypeParameter.typeVarTupleSpec, ParamSpecPart.argsSpec, ParamSpecPart.kwargsSpec,
    TypeAlias.spec, Generic.spec,
  ]

  public static func install() throws(Raised) {
    if Generic.spec.isReady { return }
    // Its one instance is found by name: no class says a module for it.
    try NoDefault.spec.install()
    for spec in specs where !spec.isReady { try spec.installInModule() }
    // Instances are made as object makes them; a static type does not inherit that.
    genericType().pointee.tp_new = objectType().pointee.tp_new
    genericType().pointee.tp_flags &= ~UInt(Py_TPFLAGS_DISALLOW_INSTANTIATION)
  }
}
