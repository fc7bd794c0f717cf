import CPythonABI

/// typing.TypeVar, typing.ParamSpec and typing.TypeVarTuple: one layout, three types. CPython:
/// Objects/typevarobject.c. Bounds, constraints and defaults of the `[T: int = str]` syntax are
/// computed when somebody looks (PEP 695, PEP 696).
public enum TypeParameter {
  struct Layout {
    var base: PyObject
    var name: Ref?
    var bound: Ref?
    var evaluateBound: Ref?
    var constraints: Ref?
    var evaluateConstraints: Ref?
    var defaultValue: Ref?
    var evaluateDefault: Ref?
    var covariant: CChar
    var contravariant: CChar
    var inferVariance: CChar
    var dict: Ref?
    var weakReferences: Ref?
  }

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  /// Calls a function of the module typing.
  static func callTyping(_ name: StaticString, _ args: consuming Owned) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("typing"))
    let function = try own(PyObject_GetAttrString(module.ref, cString(name)))
    return try own(PyObject_Call(function.ref, args.ref, nil))
  }

  /// An argument that should be a type, as typing converts and checks it.
  private static func checkedType(_ argument: Ref, _ message: StaticString) throws(Raised) -> Owned {
    if argument.isNone { return noneType().object.retained() }
    if argument.type == typeType() { return argument.retained() }
    let text = try own(PyUnicode_FromString(cString(message)))
    let args = try tuple(argument.retained(), text)
    return try callTyping("_type_check", args)
  }

  /// The module whose code is running, nil when there is none.
  static func callerModule() -> Ref? {
    guard let globals = PyEval_GetGlobals(), globals.isDict else { return nil }
    return PyDict_GetItemWithError(globals, SpecialName.name)
  }

  // MARK: Life

  static let commonSlots: [Slot] = [
    .tp_dealloc { object in
      PyObject_GC_UnTrack(object)
      if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
      clear(object)
      clearReference(&view(object).pointee.name)
      object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
    },
    .tp_traverse { object, visit, argument in
      let own = view(object).pointee
      return visitReferences(
        visit, argument, own.bound, own.evaluateBound, own.constraints, own.evaluateConstraints,
        own.defaultValue, own.evaluateDefault, own.dict)
    },
    .tp_clear { object in
      clear(object)
      return 0
    },
    .freesTracked,
  ]

  private static func clear(_ object: Ref) {
    let own = view(object)
    clearReference(&own.pointee.bound)
    clearReference(&own.pointee.evaluateBound)
    clearReference(&own.pointee.constraints)
    clearReference(&own.pointee.evaluateConstraints)
    clearReference(&own.pointee.defaultValue)
    clearReference(&own.pointee.evaluateDefault)
    clearReference(&own.pointee.dict)
  }

  static func allocated(_ type: TypeRef, _ name: Ref) throws(Raised) -> Owned {
    try TypingTypes.install()
    guard let allocate = type.pointee.tp_alloc else { throw raise(.systemError, "type is not ready") }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.name = name.retained().give()
    return object
  }

  // MARK: What all three have

  static let orUnion: Slot = .nb_or { left, right in
    new {
      let args = try tuple(left.retained(), right.retained())
      return try callTyping("_make_union", args)
    }
  }

  /// The name with its variance: `~T`, `+T`, `-T`, or plain where it is inferred.
  static func repr(_ object: Ref) -> Ref? {
    let own = view(object).pointee
    let name = own.name.map { text(of: $0) } ?? "?"
    if own.inferVariance != 0 { return newString(name) }
    let sign = own.covariant != 0 ? "+" : own.contravariant != 0 ? "-" : "~"
    return newString(sign + name)
  }

  static let nameMember = Member(
    "__name__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.name), flags: Py_READONLY)

  static let varianceMembers = [
    Member("__covariant__", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.covariant), flags: Py_READONLY),
    Member("__contravariant__", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.contravariant), flags: Py_READONLY),
    Member("__infer_variance__", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.inferVariance), flags: Py_READONLY),
  ]

  /// A value computed at first use and kept.
  private static func evaluated(
    _ value: UnsafeMutablePointer<Ref?>, _ evaluate: Ref?
  ) throws(Raised) -> Owned? {
    if let known = value.pointee { return known.retained() }
    guard let evaluate else { return nil }
    let function = evaluate.retained()
    let result = try own(PyObject_CallNoArgs(function.ref))
    replaceReference(value, result.ref.retained().give())
    return result
  }

  static func defaultValue(_ object: Ref) throws(Raised) -> Owned {
    let found = try evaluated(
      &view(object).pointee.defaultValue, view(object).pointee.evaluateDefault)
    return found ?? NoDefault.object.retained()
  }

  static let defaultProperty = Property("__default__", "The default value for this type parameter.") { object, _ in
    new { try defaultValue(object) }
  }

  static let hasDefault: Method = .noargs("has_default($self, /)", "Whether the parameter has a default.") { object, _ in
    let own = view(object).pointee
    let hasValue = own.defaultValue.map { $0 != NoDefault.object } ?? false
    return boolObject(own.evaluateDefault != nil || hasValue)
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "The name, for pickle.") { object, _ in
    new { (view(object).pointee.name ?? noneObject()).retained() }
  }

  static let mroEntries: Method = .o("__mro_entries__", "") { object, _ in
    new { throw raise(.typeError, "Cannot subclass an instance of \(object.type.name)") }
  }

  /// Sets the variance flags, `__module__` and the default of a parameter made by a call.
  static func finish(
    _ object: Ref, covariant: Bool, contravariant: Bool, inferVariance: Bool, _ fallback: Ref?
  ) throws(Raised) {
    if covariant && contravariant {
      throw raise(.valueError, "Bivariant types are not supported.")
    }
    if inferVariance && (covariant || contravariant) {
      throw raise(.valueError, "Variance cannot be specified with infer_variance.")
    }
    let own = view(object)
    own.pointee.covariant = covariant ? 1 : 0
    own.pointee.contravariant = contravariant ? 1 : 0
    own.pointee.inferVariance = inferVariance ? 1 : 0
    if let fallback { own.pointee.defaultValue = fallback.retained().give() }
    let module = callerModule()
    if hasRaised() { throw Raised() }
    try check(PyObject_SetAttr(object, SpecialName.module, module ?? noneObject()))
  }

  // MARK: What the compiler's intrinsics make

  /// The type parameter of `[T]`, `[T: bound]` or `[T: (a, b)]`.
  public static func typeVar(
    _ name: Ref, evaluateBound: Ref? = nil, evaluateConstraints: Ref? = nil
  ) throws(Raised) -> Owned {
    let object = try allocated(typeVarType(), name)
    view(object.ref).pointee.inferVariance = 1
    view(object.ref).pointee.evaluateBound = evaluateBound.map { $0.retained().give() }
    view(object.ref).pointee.evaluateConstraints = evaluateConstraints.map { $0.retained().give() }
    return object
  }

  public static func paramSpec(_ name: Ref) throws(Raised) -> Owned {
    let object = try allocated(paramSpecType(), name)
    view(object.ref).pointee.inferVariance = 1
    return object
  }

  public static func typeVarTuple(_ name: Ref) throws(Raised) -> Owned {
    try allocated(typeVarTupleType(), name)
  }

  /// Gives a type parameter its default; returns the parameter.
  public static func setDefault(_ parameter: Ref, evaluate: Ref) throws(Raised) -> Owned {
    guard
      parameter.type == typeVarType() || parameter.type == paramSpecType()
        || parameter.type == typeVarTupleType()
    else { throw raise(.typeError, "Expected a type param, got \(parameter.type.fullName)") }
    replaceReference(&view(parameter).pointee.evaluateDefault, evaluate.retained().give())
    return parameter.retained()
  }

  /// The parameters with each TypeVarTuple unpacked (`Unpack[Ts]`).
  static func unpacked(_ parameters: Ref) throws(Raised) -> Owned {
    let count = apus_var_size(parameters)
    let result = try own(PyTuple_New(count))
    for index in 0..<count {
      let parameter = apus_tuple_item(parameters, index)
      apus_tuple_items(result.ref)[index] =
        parameter.type == typeVarTupleType()
        ? try unpack(parameter).give() : parameter.retained().give()
    }
    return result
  }

  static func unpack(_ parameter: Ref) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("typing"))
    let unpack = try own(PyObject_GetAttrString(module.ref, "Unpack"))
    return try own(PyObject_GetItem(unpack.ref, parameter))
  }

  // MARK: TypeVar

  private static let typeVarParser: Method = .variableKeywords(
    "typevar(name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False)",
    "", { _, _, _ in nil })

  static let typeVarSpec = TypeSpec(
    typeVarType(), "typing.TypeVar", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    doc: """
      Type variable.

      Type parameters of generic functions, classes and aliases. The best way to
      make one is the syntax for them:

          class Sequence[T]:  # T is a TypeVar
              ...

      Before Python 3.12, and for other needs, the class is called: T =
      TypeVar('T'). A bound (T: str) limits the type to subclasses, constraints
      (T: (str, bytes)) to exactly these types. The variance is inferred for
      parameters of the syntax, else it is stated.
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.dict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: commonSlots + [
      orUnion, .tp_repr { repr($0) },
      .tp_new { type, args, keywords in new { try makeTypeVar(type, args, keywords) } },
    ],
    methods: [typeVarSubst, typeVarPrepare, reduce, hasDefault, mroEntries],
    members: [nameMember] + varianceMembers,
    properties: [
      Property("__bound__", "The upper bound of the type variable.") { object, _ in
        new {
          let found = try evaluated(
            &view(object).pointee.bound, view(object).pointee.evaluateBound)
          return found ?? noneObject().retained()
        }
      },
      Property("__constraints__", "The types the type variable is limited to.") { object, _ in
        new {
          let found = try evaluated(
            &view(object).pointee.constraints, view(object).pointee.evaluateConstraints)
          if let found { return found }
          return try own(PyTuple_New(0))
        }
      },
      defaultProperty,
    ])

  private static func makeTypeVar(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    let head = try own(PyTuple_GetSlice(args, 0, Swift.min(count, 1)))
    let a = try Arguments(typeVarParser, tuple: head.ref, keywords: keywords)
    let name = try borrow(a.str(0))
    let constraints = try own(PyTuple_GetSlice(args, 1, Swift.max(count, 1)))
    let amount = apus_var_size(constraints.ref)
    let bound = a.optional(1)
    if amount == 1 { throw raise(.typeError, "A single constraint is not allowed") }
    if amount > 0 && bound != nil {
      throw raise(.typeError, "Constraints cannot be combined with bound=...")
    }
    let object = try allocated(type, name)
    if let bound {
      view(object.ref).pointee.bound = try checkedType(bound, "Bound must be a type.").give()
    }
    if amount > 0 { view(object.ref).pointee.constraints = constraints.give() }
    try finish(
      object.ref, covariant: a.bool(3), contravariant: a.bool(4), inferVariance: a.bool(5), a[2])
    return object
  }

  private static let typeVarSubst: Method = .o("__typing_subst__($self, arg, /)", "") { object, argument in
    new {
      let args = try tuple(object.retained(), argument.retained())
      return try callTyping("_typevar_subst", args)
    }
  }

  private static let typeVarPrepare: Method = .fast("__typing_prepare_subst__($self, alias, args, /)", "") { object, args, count in
    new {
      let a = try Arguments(typeVarPrepare, args, count)
      let alias = a.object(0)
      let given = a.object(1)
      let parameters = try own(PyObject_GetAttr(alias, SpecialName.parameters))
      let amount = try check(PySequence_Size(given))
      let index = PySequence_Index(parameters.ref, object)
      if index == -1 { throw Raised() }
      if index < amount { return given.retained() }
      if index == amount {
        let fallback = try defaultValue(object)
        if fallback.ref != NoDefault.object {
          let more = try tuple(fallback)
          return try own(PySequence_Concat(given, more.ref))
        }
      }
      let shown = try own(PyObject_Str(alias))
      throw raise(
        .typeError,
        "Too few arguments for \(text(of: shown.ref)); actual \(amount), expected at least "
          + "\(index + 1)")
    }
  }

  // MARK: ParamSpec

  private static let paramSpecParser: Method = .variableKeywords(
    "paramspec(name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False)",
    "", { _, _, _ in nil })

  static let paramSpecSpec = TypeSpec(
    paramSpecType(), "typing.ParamSpec", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    doc: """
      Parameter specification variable.

      It stands for all parameters of a callable at once, so that a decorator can
      say that it keeps them:

          def logged[T, **P](f: Callable[P, T]) -> Callable[P, T]: ...

      P.args and P.kwargs stand for the two halves in annotations of *args and
      **kwargs.

          >>> Q = ParamSpec("Q")
          >>> Q.__name__
          'Q'
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.dict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: commonSlots + [
      orUnion, .tp_repr { repr($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(paramSpecParser, tuple: args, keywords: keywords)
          let object = try allocated(type, try borrow(a.str(0)))
          view(object.ref).pointee.bound = try checkedType(
            a.object(1), "Bound must be a type."
          ).give()
          try finish(
            object.ref, covariant: a.bool(3), contravariant: a.bool(4), inferVariance: a.bool(5),
            a[2])
          return object
        }
      },
    ],
    methods: [paramSpecSubst, paramSpecPrepare, hasDefault, reduce, mroEntries],
    members: [
      nameMember,
      Member("__bound__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.bound), flags: Py_READONLY),
    ] + varianceMembers,
    properties: [
      Property("args", "Represents positional arguments.") { object, _ in
        new { try ParamSpecPart.make(paramSpecArgsType(), object) }
      },
      Property("kwargs", "Represents keyword arguments.") { object, _ in
        new { try ParamSpecPart.make(paramSpecKwargsType(), object) }
      },
      defaultProperty,
    ])

  private static let paramSpecSubst: Method = .o("__typing_subst__($self, arg, /)", "") { object, argument in
    new {
      let args = try tuple(object.retained(), argument.retained())
      return try callTyping("_paramspec_subst", args)
    }
  }

  private static let paramSpecPrepare: Method = .fast("__typing_prepare_subst__($self, alias, args, /)", "") { object, args, count in
    new {
      let a = try Arguments(paramSpecPrepare, args, count)
      let all = try tuple(object.retained(), a.object(0).retained(), a.object(1).retained())
      return try callTyping("_paramspec_prepare_subst", all)
    }
  }

  // MARK: TypeVarTuple

  private static let typeVarTupleParser: Method = .variableKeywords(
    "typevartuple(name, *, default=NoDefault)", "", { _, _, _ in nil })

  static let typeVarTupleSpec = TypeSpec(
    typeVarTupleType(), "typing.TypeVarTuple", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC],
    doc: """
      Type variable tuple.

      It stands for any number of types:

          def move_first_to_last[T, *Ts](tup: tuple[T, *Ts]) -> tuple[*Ts, T]: ...

      Where it is used it has to be unpacked, with * or Unpack[Ts].
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.dict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: commonSlots + [
      .tp_repr { object in new { (view(object).pointee.name ?? noneObject()).retained() } },
      .tp_iter { object in
        new {
          let single = try tuple(unpack(object))
          return try own(PyObject_GetIter(single.ref))
        }
      },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(typeVarTupleParser, tuple: args, keywords: keywords)
          let object = try allocated(type, try borrow(a.str(0)))
          try finish(
            object.ref, covariant: false, contravariant: false, inferVariance: false, a[1])
          return object
        }
      },
    ],
    methods: [typeVarTupleSubst, typeVarTuplePrepare, reduce, hasDefault, mroEntries],
    members: [nameMember], properties: [defaultProperty])

  private static let typeVarTupleSubst: Method = .o("__typing_subst__($self, arg, /)", "") { _, _ in
    new { throw raise(.typeError, "Substitution of bare TypeVarTuple is not supported") }
  }

  private static let typeVarTuplePrepare: Method = .fast("__typing_prepare_subst__($self, alias, args, /)", "") { object, args, count in
    new {
      let a = try Arguments(typeVarTuplePrepare, args, count)
      let all = try tuple(object.retained(), a.object(0).retained(), a.object(1).retained())
      return try callTyping("_typevartuple_prepare_subst", all)
    }
  }
}
