import CPythonABI

/// typing.ParamSpecArgs and typing.ParamSpecKwargs: `P.args` and `P.kwargs`.
enum ParamSpecPart {
  struct Layout {
    var base: PyObject
    var origin: Ref?
    var weakReferences: Ref?
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func make(_ type: TypeRef, _ origin: Ref) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw raise(.systemError, "type is not ready") }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.origin = origin.retained().give()
    return object
  }

  private static let argsParser: Method = .variableKeywords(
    "paramspecargs(origin)", "", { _, _, _ in nil })
  private static let kwargsParser: Method = .variableKeywords(
    "paramspeckwargs(origin)", "", { _, _, _ in nil })

  private static let slots: [Slot] = [
    .tp_dealloc { object in
      PyObject_GC_UnTrack(object)
      if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
      clearReference(&view(object).pointee.origin)
      object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
    },
    .tp_repr { object in
      new {
        let suffix = object.type == paramSpecArgsType() ? "args" : "kwargs"
        guard let origin = view(object).pointee.origin else { throw Raised() }
        if origin.type == paramSpecType(), let name = TypeParameter.view(origin).pointee.name {
          return try own(newString("\(text(of: name)).\(suffix)"))
        }
        let shown = try own(PyObject_Repr(origin))
        return try own(newString("\(text(of: shown.ref)).\(suffix)"))
      }
    },
    .tp_hash(PyObject_HashNotImplemented),
    .tp_traverse { visitReference(view($0).pointee.origin, $1, $2) },
    .tp_clear { object in
      clearReference(&view(object).pointee.origin)
      return 0
    },
    .tp_richcompare { left, right, operation in
      guard operation == Py_EQ || operation == Py_NE, left.type == right.type,
        let a = view(left).pointee.origin, let b = view(right).pointee.origin
      else { return notImplementedObject() }
      return PyObject_RichCompare(a, b, operation)
    },
    .tp_new { type, args, keywords in
      new {
        let parser = type == paramSpecArgsType() ? argsParser : kwargsParser
        return try make(type, Arguments(parser, tuple: args, keywords: keywords).object(0))
      }
    },
    .freesTracked,
  ]

  private static let origin = Member(
    "__origin__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.origin), flags: Py_READONLY)

  static let argsSpec = TypeSpec(
    paramSpecArgsType(), "typing.ParamSpecArgs", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC],
    doc: """
      The args for a ParamSpec object.

      P.args stands for the positional arguments of P in annotations; P.args.__origin__
      is P.

          >>> Q = ParamSpec("Q")
          >>> Q.args.__origin__ is Q
          True
      """,
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences), slots: slots,
    methods: [TypeParameter.mroEntries], members: [origin])

  static let kwargsSpec = TypeSpec(
    paramSpecKwargsType(), "typing.ParamSpecKwargs", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC],
    doc: """
      The kwargs for a ParamSpec object.

      P.kwargs stands for the keyword arguments of P in annotations;
      P.kwargs.__origin__ is P.

          >>> Q = ParamSpec("Q")
          >>> Q.kwargs.__origin__ is Q
          True
      """,
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences), slots: slots,
    methods: [TypeParameter.mroEntries], members: [origin])
}
