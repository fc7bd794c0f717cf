import CPythonABI
import Glibc
import Objects

/// _ctypes.Structure and _ctypes.Union. CPython: Modules/_ctypes/stgdict.c, _ctypes.c.
enum Structures {
  nonisolated(unsafe) static let structure = Metatypes.instance(of: Metatypes.structure)
  nonisolated(unsafe) static let union = Metatypes.instance(of: Metatypes.union)

  // MARK: The metatypes

  private static func initialize(
    _ type: Ref, _ args: Ref, _ keywords: Ref?, isUnion: Bool
  ) throws(Raised) {
    guard let initialize = typeType().pointee.tp_init else { throw Raised() }
    try check(initialize(type, args, keywords))
    guard let dict = type.asType.pointee.tp_dict else { return }
    if try check(PyDict_ContainsString(dict, "_abstract_")) != 0 { return }
    let info = try TypeInfo.begin(type)
    TypeInfo.setFormat(info, "B")
    var fields: Ref?
    try check(PyDict_GetItemStringRef(dict, "_fields_", &fields))
    if let fields {
      defer { Py_DECREF(fields) }
      try check(PyObject_SetAttrString(type, "_fields_", fields))
      return
    }
    guard let base = type.asType.pointee.tp_base, let inherited = TypeInfo.of(base.object) else {
      TypeInfo.setForeign(info)
      return
    }
    TypeInfo.copy(inherited, to: info)
    info.pointee.isFinal = false
    inherited.pointee.isFinal = true
  }

  private static func setAttribute(
    _ type: Ref, _ name: Ref, _ value: Ref?, isUnion: Bool
  ) throws(Raised) {
    guard let setter = typeType().pointee.tp_setattro else { throw Raised() }
    try check(setter(type, name, value))
    if let value, name.isStr, PyUnicode_CompareWithASCIIString(name, "_fields_") == 0 {
      try StructureLayout.apply(type, value, isUnion: isUnion)
    }
  }

  static let structureMetaSpec = Metatype.spec(
    Metatypes.structure, "_ctypes.PyCStructType", "The type of structure types",
    { type, args, keywords in status { try initialize(type, args, keywords, isUnion: false) } },
    setAttribute: { type, name, value in
      status { try setAttribute(type, name, value, isUnion: false) }
    })

  static let unionMetaSpec = Metatype.spec(
    Metatypes.union, "_ctypes.UnionType", "The type of union types",
    { type, args, keywords in status { try initialize(type, args, keywords, isUnion: true) } },
    setAttribute: { type, name, value in
      status { try setAttribute(type, name, value, isUnion: true) }
    })

  // MARK: Instances

  /// Sets fields from positions, those of the base types first: the next position.
  private static func setPositions(
    _ object: Ref, _ type: Ref, _ args: Ref, _ keywords: Ref?, _ start: Int
  ) throws(Raised) -> Int {
    var index = start
    if let base = type.asType.pointee.tp_base, TypeInfo.of(base.object) != nil {
      index = try setPositions(object, base.object, args, keywords, index)
    }
    guard let dict = type.asType.pointee.tp_dict else { return index }
    var found: Ref?
    try check(PyDict_GetItemStringRef(dict, "_fields_", &found))
    guard let found else { return index }
    let fields = Owned(adopting: found)
    let count = try check(PySequence_Size(fields.ref))
    for position in 0..<count {
      if index >= apus_var_size(args) { break }
      let pair = try own(PySequence_GetItem(fields.ref, position))
      let name = try own(PySequence_GetItem(pair.ref, 0))
      if let keywords, try check(PyDict_Contains(keywords, name.ref)) != 0 {
        throw raise(.typeError, "duplicate values for field \(try shown(name.ref))")
      }
      try check(PyObject_SetAttr(object, name.ref, apus_tuple_item(args, index)))
      index += 1
    }
    return index
  }

  private static let initializeInstance: initproc = { object, args, keywords in
    status {
      if apus_var_size(args) > 0 {
        let used = try setPositions(object, object.type.object, args, keywords, 0)
        if used < apus_var_size(args) { throw raise(.typeError, "too many initializers") }
      }
      guard let keywords else { return }
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(keywords, &position, &key, &value) != 0 {
        guard let key, let value else { break }
        try check(PyObject_SetAttr(object, key, value))
      }
    }
  }

  private static func spec(_ type: TypeRef, _ name: StaticString, _ doc: StaticString) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<CData.Layout>.size, flags: [.haveGC, .baseType],
      doc: doc, base: CData.type,
      slots: [
        .tp_init(initializeInstance),
        .tp_new { type, _, _ in new { try CData.make(type.object) } },
        .bf_getbuffer { object, view, flags in
          CData.type.pointee.tp_as_buffer?.pointee.bf_getbuffer?(object, view, flags) ?? -1
        },
      ])
  }

  static let specs = [
    spec(structure, "_ctypes.Structure", "Structure base class"),
    spec(union, "_ctypes.Union", "Union base class"),
  ]
}

/// `repr(object)` for a message.
func shown(_ object: Ref) throws(Raised) -> String {
  let text = try own(PyObject_Repr(object))
  return Objects.text(of: text.ref)
}
