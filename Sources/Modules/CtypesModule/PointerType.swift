import CPythonABI
import Objects

/// _ctypes._Pointer. CPython: Modules/_ctypes/_ctypes.c.
enum PointerType {
  nonisolated(unsafe) static let type = Metatypes.instance(of: Metatypes.pointer)

  /// The pointer type of a C type, or of a name to be defined later.
  static func of(_ target: Ref) throws(Raised) -> Owned {
    let cache = CtypesState.pointerTypes
    if let known = PyDict_GetItemWithError(cache, target) { return known.retained() }
    if hasRaised() { throw Raised() }
    let attributes = try own(PyDict_New())
    let name: Owned
    let key: Owned
    let made: Owned
    let bases = try tuple(type.object.retained())
    if target.isStr {
      name = try own(newString("LP_" + Objects.text(of: target)))
      let args = try tuple(name.ref.retained(), bases.ref.retained(), attributes.ref.retained())
      made = try own(PyObject_Call(Metatypes.pointer.object, args.ref, nil))
      key = try own(PyLong_FromVoidPtr(made.ref))
    } else if target.isType {
      name = try own(newString("LP_" + target.asType.name))
      try check(PyDict_SetItemString(attributes.ref, "_type_", target))
      let args = try tuple(name.ref.retained(), bases.ref.retained(), attributes.ref.retained())
      made = try own(PyObject_Call(Metatypes.pointer.object, args.ref, nil))
      key = target.retained()
    } else {
      throw raise(.typeError, "must have a ctypes type")
    }
    try check(PyDict_SetItem(cache, key.ref, made.ref))
    return made
  }

  // MARK: The metatype

  private static func setTarget(
    _ info: UnsafeMutablePointer<TypeInfo>, _ target: Ref
  ) throws(Raised) {
    guard target.isType else { throw raise(.typeError, "_type_ must be a type") }
    guard TypeInfo.of(target) != nil else {
      throw raise(.typeError, "_type_ must have storage info")
    }
    replaceReference(&info.pointee.proto, Py_NewRef(target))
  }

  private static func initialize(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let info = try Metatype.begin(type, args, keywords)
    info.pointee.size = 8
    info.pointee.align = 8
    info.pointee.length = 1
    info.pointee.foreign = CtypesState.pointerType
    info.pointee.isPointer = true
    info.pointee.passing = (
      TypeInfo.Passing.integer, TypeInfo.Passing.integer, 0, 0
    )
    var target: Ref?
    guard let dict = type.asType.pointee.tp_dict else { return }
    // A subclass without its own has none.
    try check(PyDict_GetItemStringRef(dict, "_type_", &target))
    guard let target else { return }
    defer { Py_DECREF(target) }
    try setTarget(info, target)
    if let item = TypeInfo.of(target) {
      TypeInfo.setFormat(info, "&" + item.pointee.shapedFormat)
    }
  }

  static let metaSpec = Metatype.spec(
    Metatypes.pointer, "_ctypes.PyCPointerType", "The type of pointer types",
    { type, args, keywords in status { try initialize(type, args, keywords) } },
    convert: .o(
      "from_param($self, value, /)", "Convert a Python object into a function call parameter."
    ) { type, value in
      new {
        if value.isNone { return value.retained() }
        if let target = TypeInfo.of(type)?.pointee.proto {
          if try check(PyObject_IsInstance(value, target)) != 0 {
            return try CArgument.reference(to: value, offset: 0)
          }
          if value.isInstance(of: PointerType.type) || value.isInstance(of: ArrayType.type),
            let items = TypeInfo.of(instance: value)?.pointee.proto,
            try check(PyObject_IsSubclass(items, target)) != 0
          {
            return value.retained()
          }
        }
        return try Metatype.convert(type, value)
      }
    },
    methods: [
      .o("set_type($self, type, /)", "Give an incomplete pointer type its target.") {
        type, target in
        none {
          let info = try TypeInfo.required(type)
          try setTarget(info, target)
          try check(PyObject_SetAttrString(type, "_type_", target))
        }
      }
    ])

  // MARK: Instances

  private static func address(_ object: Ref) throws(Raised) -> UnsafeMutableRawPointer {
    guard let address = CData(object).place.loadUnaligned(as: UnsafeMutableRawPointer?.self)
    else { throw raise(.valueError, "NULL pointer access") }
    return address
  }

  private static func target(
    _ object: Ref
  ) throws(Raised) -> (proto: Ref, info: UnsafeMutablePointer<TypeInfo>) {
    guard let proto = TypeInfo.of(instance: object)?.pointee.proto, let info = TypeInfo.of(proto)
    else { throw raise(.typeError, "Cannot create instance: has no _type_") }
    return (proto, info)
  }

  private static func get(_ object: Ref, _ index: Int) throws(Raised) -> Owned {
    let start = try address(object)
    let (proto, info) = try target(object)
    let size = info.pointee.size
    return try CData.get(
      proto, code: 0, swapped: false, owner: object, index: index, size: size,
      at: start + index &* size)
  }

  private static func set(_ object: Ref, _ index: Int, _ value: Ref?) throws(Raised) {
    guard let value else {
      throw raise(.typeError, "Pointer does not support item deletion")
    }
    let start = try address(object)
    let (proto, info) = try target(object)
    let size = info.pointee.size
    try CData.set(
      object, proto, code: 0, swapped: false, value, index: index, size: size,
      at: start + index &* size)
  }

  private static func setContents(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else {
      throw raise(.typeError, "Pointer does not support item deletion")
    }
    let (proto, _) = try target(object)
    if try check(PyObject_IsInstance(value, proto)) == 0 && !CData.isInstance(value) {
      throw raise(
        .typeError, "expected \(proto.asType.name) instead of \(value.type.name)")
    }
    guard CData.isInstance(value) else {
      throw raise(
        .typeError, "expected \(proto.asType.name) instead of \(value.type.name)")
    }
    if try check(PyObject_IsInstance(value, proto)) == 0 {
      throw raise(
        .typeError, "expected \(proto.asType.name) instead of \(value.type.name)")
    }
    let data = CData(object)
    let source = CData(value)
    data.place.storeBytes(of: source.place, as: UnsafeMutableRawPointer?.self)
    try data.keep(value, at: 1)
    let kept = try source.keptObjects().retained()
    try data.keep(kept.ref, at: 0)
  }

  private static func slice(_ object: Ref, _ key: Ref) throws(Raised) -> Owned {
    let slice = key.view(PySliceObject.self)
    var step = 1
    if !slice.pointee.step.isNone {
      step = PyNumber_AsSsize_t(slice.pointee.step, .valueError)
      if step == -1 && hasRaised() { throw Raised() }
      if step == 0 { throw raise(.valueError, "slice step cannot be zero") }
    }
    var start = 0
    if slice.pointee.start.isNone {
      if step < 0 { throw raise(.valueError, "slice start is required for step < 0") }
    } else {
      start = PyNumber_AsSsize_t(slice.pointee.start, .valueError)
      if start == -1 && hasRaised() { throw Raised() }
    }
    if slice.pointee.stop.isNone { throw raise(.valueError, "slice stop is required") }
    let stop = PyNumber_AsSsize_t(slice.pointee.stop, .valueError)
    if stop == -1 && hasRaised() { throw Raised() }
    var count = 0
    if step > 0 && start < stop { count = (stop - start - 1) / step + 1 }
    if step < 0 && start > stop { count = (stop - start + 1) / step + 1 }
    let (proto, info) = try target(object)
    if count == 0 {
      return try ArrayType.slice(
        object, proto, info, count: 0, start: 0, step: 1, place: CData(object).place
      ) { index throws(Raised) in try get(object, index) }
    }
    return try ArrayType.slice(
      object, proto, info, count: count, start: start, step: step, place: try address(object)
    ) { index throws(Raised) in try get(object, index) }
  }

  static let spec = TypeSpec(
    type, "_ctypes._Pointer", basicSize: MemoryLayout<CData.Layout>.size,
    flags: [.haveGC, .baseType], doc: "Base class of pointers", base: CData.type,
    slots: [
      .tp_init { object, args, keywords in
        status {
          try checkPositional("POINTER", apus_var_size(args), least: 0, most: 1)
          if apus_var_size(args) == 1 { try setContents(object, apus_tuple_item(args, 0)) }
        }
      },
      .tp_new { type, _, _ in
        new {
          guard let info = TypeInfo.of(type.object), info.pointee.proto != nil else {
            throw raise(.typeError, "Cannot create instance: has no _type_")
          }
          return try CData.make(type.object)
        }
      },
      .bf_getbuffer { object, view, flags in
        CData.type.pointee.tp_as_buffer?.pointee.bf_getbuffer?(object, view, flags) ?? -1
      },
      .nb_bool { object in
        CData(object).place.loadUnaligned(as: UnsafeMutableRawPointer?.self) != nil ? 1 : 0
      },
      .sq_item { object, index in new { try get(object, index) } },
      .sq_ass_item { object, index, value in status { try set(object, index, value) } },
      .mp_subscript { object, key in
        new {
          if PyIndex_Check(key) != 0 {
            let index = PyNumber_AsSsize_t(key, .indexError)
            if index == -1 && hasRaised() { throw Raised() }
            return try get(object, index)
          }
          guard key.type == sliceType() else {
            throw raise(.typeError, "Pointer indices must be integer")
          }
          return try slice(object, key)
        }
      },
    ],
    properties: [
      Property(
        "contents", "the object this pointer points to (read-write)",
        get: { object, _ in
          new {
            let place = try address(object)
            let (proto, _) = try target(object)
            return try CData.make(proto, owner: object, index: 0, at: place)
          }
        }, set: { object, value, _ in status { try setContents(object, value) } })
    ])
}
