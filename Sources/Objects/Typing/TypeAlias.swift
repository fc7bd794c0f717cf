import CPythonABI

/// typing.TypeAliasType: what `type X = …` makes. The value is computed when somebody looks.
public enum TypeAlias {
  struct Layout {
    var base: PyObject
    var name: Ref?
    /// A tuple; nil without type parameters.
    var parameters: Ref?
    var evaluateValue: Ref?
    var value: Ref?
    var module: Ref?
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let parser: Method = .variableKeywords(
    "typealias(name, value, *, type_params=())", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    typeAliasType(), "typing.TypeAliasType", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC],
    doc: """
      Type alias.

      The type statement makes them:

          type Alias = int

      Reading __value__ computes what the alias stands for; a generic alias
      (type Pairs[T] = list[tuple[T, T]]) is used with a subscript.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        clearReference(&view(object).pointee.name)
        PyObject_GC_Del(object)
      },
      .tp_repr { object in new { (view(object).pointee.name ?? noneObject()).retained() } },
      .tp_traverse { object, visit, argument in
        let own = view(object).pointee
        return visitReferences(
          visit, argument, own.parameters, own.evaluateValue, own.value, own.module)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_new { _, args, keywords in new { try construct(args, keywords) } },
      .nb_or { _Py_union_type_or($0, $1) },
      .mp_subscript { object, item in
        new {
          guard view(object).pointee.parameters != nil else {
            throw raise(.typeError, "Only generic type aliases are subscriptable")
          }
          return try own(Py_GenericAlias(object, item))
        }
      },
    ],
    methods: [
      .noargs("__reduce__($self, /)", "The name, for pickle.") { object, _ in
        new { (view(object).pointee.name ?? noneObject()).retained() }
      }
    ],
    members: [
      Member("__name__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.name), flags: Py_READONLY)
    ],
    properties: [
      Property("__parameters__", "The type parameters, variadic ones unpacked.") { object, _ in
        new {
          guard let parameters = view(object).pointee.parameters else {
            return try own(PyTuple_New(0))
          }
          return try TypeParameter.unpacked(parameters)
        }
      },
      Property("__type_params__", "The type parameters.") { object, _ in
        new {
          if let parameters = view(object).pointee.parameters { return parameters.retained() }
          return try own(PyTuple_New(0))
        }
      },
      Property("__value__", "What the alias stands for.") { object, _ in
        new {
          if let known = view(object).pointee.value { return known.retained() }
          guard let evaluate = view(object).pointee.evaluateValue else { throw Raised() }
          let function = evaluate.retained()
          let value = try own(PyObject_CallNoArgs(function.ref))
          replaceReference(&view(object).pointee.value, value.ref.retained().give())
          return value
        }
      },
      Property("__module__", nil) { object, _ in
        new {
          let own = view(object).pointee
          if let module = own.module { return module.retained() }
          if let function = own.evaluateValue, function.type == functionType(),
            let module = PyFunction_GetModule(function)
          {
            return module.retained()
          }
          return noneObject().retained()
        }
      },
    ])

  private static func clear(_ object: Ref) {
    let own = view(object)
    clearReference(&own.pointee.parameters)
    clearReference(&own.pointee.evaluateValue)
    clearReference(&own.pointee.value)
    clearReference(&own.pointee.module)
  }

  private static func allocated(_ name: Ref, _ parameters: Ref?) throws(Raised) -> Owned {
    try TypingTypes.install()
    let object = try own(_PyObject_GC_New(typeAliasType()))
    let fields = view(object.ref)
    fields.pointee.name = name.retained().give()
    fields.pointee.parameters = parameters.map { $0.retained().give() }
    fields.pointee.evaluateValue = nil
    fields.pointee.value = nil
    fields.pointee.module = nil
    PyObject_GC_Track(object.ref)
    return object
  }

  private static func construct(_ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(parser, tuple: args, keywords: keywords)
    let name = try borrow(a.str(0))
    let parameters = a[2]
    if let parameters, !parameters.isTuple {
      throw raise(.typeError, "type_params must be a tuple")
    }
    let isGeneric = parameters.map { apus_var_size($0) > 0 } ?? false
    let object = try allocated(name, isGeneric ? parameters : nil)
    view(object.ref).pointee.value = a.object(1).retained().give()
    if let module = TypeParameter.callerModule() {
      view(object.ref).pointee.module = module.retained().give()
    }
    if hasRaised() { throw Raised() }
    return object
  }

  /// The alias of a `type` statement: `arguments` is (name, type parameters or None, function that
  /// computes the value).
  public static func make(_ arguments: Ref) throws(Raised) -> Owned {
    guard arguments.isTuple, apus_var_size(arguments) == 3 else {
      throw raise(.systemError, "a type alias is made from three values")
    }
    let parameters = apus_tuple_item(arguments, 1)
    let object = try allocated(
      apus_tuple_item(arguments, 0), parameters.isNone ? nil : parameters)
    view(object.ref).pointee.evaluateValue = apus_tuple_item(arguments, 2).retained().give()
    return object
  }
}
