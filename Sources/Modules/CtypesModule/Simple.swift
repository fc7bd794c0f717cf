import CForeign
import CPythonABI
import Glibc
import Objects

/// _ctypes._SimpleCData: numbers, characters, addresses. CPython: Modules/_ctypes/_ctypes.c.
enum Simple {
  nonisolated(unsafe) static let type = Metatypes.instance(of: Metatypes.simple)

  /// Whether values of the type stay instances: those of a class derived from `c_int` and so on.
  static func isSubclass(_ type: Ref) -> Bool {
    Metatypes.isSimple(type) && type.asType.pointee.tp_base != Self.type
  }

  // MARK: The metatype

  private static func initialize(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    guard let initialize = typeType().pointee.tp_init else { throw Raised() }
    try check(initialize(type, args, keywords))
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_type_", &found))
    guard let found else {
      throw raise(.attributeError, "class must define a '_type_' attribute")
    }
    let letter = Owned(adopting: found)
    guard letter.ref.isStr else {
      throw raise(.typeError, "class must define a '_type_' string attribute")
    }
    guard apus_str_length(letter.ref) == 1 else {
      throw raise(
        .attributeError,
        "class must define a '_type_' attribute which must be a string of length 1")
    }
    let c = apus_str_read(apus_str_kind(letter.ref), apus_str_data(letter.ref), 0)
    let known = CValue.letters.withUTF8Buffer { $0.contains { UInt32($0) == c } }
    guard known, let code = UInt8(exactly: c), CValue.size(code) > 0 else {
      throw raise(
        .attributeError,
        "class must define a '_type_' attribute which must be\na single character string "
          + "containing one of '\(CValue.letters)'.")
    }
    let info = try TypeInfo.begin(type)
    fill(info, code)
    info.pointee.proto = letter.give()
    if type.asType.pointee.tp_base == Self.type {
      try addConverter(type, code)
    }
    if type.type == Metatypes.simple, CValue.isSwappable(code) {
      try addSwapped(type, args, code)
    }
  }

  private static func fill(_ info: UnsafeMutablePointer<TypeInfo>, _ code: UInt8) {
    let size = CValue.size(code)
    info.pointee.code = code
    info.pointee.size = size
    info.pointee.align = size
    info.pointee.foreign = apus_ffi_type(CChar(bitPattern: code))
    switch code {
    case UInt8(ascii: "f"): info.pointee.passing = (TypeInfo.Passing.float, 0, 0, 0)
    case UInt8(ascii: "d"):
      info.pointee.passing = (TypeInfo.Passing.double, TypeInfo.Passing.double, 0, 0)
    case UInt8(ascii: "g"):
      info.pointee.passing = (
        TypeInfo.Passing.longDouble, TypeInfo.Passing.longDouble, TypeInfo.Passing.longDouble,
        TypeInfo.Passing.longDouble
      )
    default:
      info.pointee.passing = (
        TypeInfo.Passing.integer, size > 4 ? TypeInfo.Passing.integer : 0, 0, 0
      )
    }
    switch code {
    case UInt8(ascii: "z"), UInt8(ascii: "Z"), UInt8(ascii: "P"), UInt8(ascii: "O"),
      UInt8(ascii: "X"):
      info.pointee.isPointer = true
    default: break
    }
    TypeInfo.setFormat(info, CValue.format(code, swapped: false))
  }

  /// `c_char_p`, `c_wchar_p` and `c_void_p` take more than their own instances.
  private static func addConverter(_ type: Ref, _ code: UInt8) throws(Raised) {
    let definition: UnsafeMutablePointer<PyMethodDef>?
    switch code {
    case UInt8(ascii: "z"): definition = converters
    case UInt8(ascii: "Z"): definition = converters.map { $0 + 1 }
    case UInt8(ascii: "P"): definition = converters.map { $0 + 2 }
    default: return
    }
    guard let definition, let dict = type.asType.pointee.tp_dict else { return }
    let method = try own(PyDescr_NewClassMethod(type.asType, definition))
    try check(PyDict_SetItemString(dict, "from_param", method.ref))
    PyType_Modified(type.asType)
  }

  /// The same type with the other byte order, as `__ctype_be__`.
  private static func addSwapped(_ type: Ref, _ args: Ref, _ code: UInt8) throws(Raised) {
    guard apus_var_size(args) == 3 else { return }
    if CValue.size(code) == 1 && code != UInt8(ascii: "b") && code != UInt8(ascii: "B")
      && code != UInt8(ascii: "c")
    {
      return
    }
    let name = try own(newString(Objects.text(of: apus_tuple_item(args, 0)) + "_be"))
    let newArgs = try tuple(
      name.ref.retained(), apus_tuple_item(args, 1).retained(),
      apus_tuple_item(args, 2).retained())
    guard let make = typeType().pointee.tp_new else { throw Raised() }
    let swapped = try own(make(Metatypes.simple, newArgs.ref, nil))
    let info = try TypeInfo.begin(swapped.ref)
    fill(info, code)
    info.pointee.isSwapped = true
    TypeInfo.setFormat(info, CValue.format(code, swapped: true))
    info.pointee.proto = TypeInfo.place(type).pointee.proto.map { Py_NewRef($0) } ?? nil
    try check(PyObject_SetAttrString(type, "__ctype_le__", type))
    try check(PyObject_SetAttrString(type, "__ctype_be__", swapped.ref))
    try check(PyObject_SetAttrString(swapped.ref, "__ctype_le__", type))
    try check(PyObject_SetAttrString(swapped.ref, "__ctype_be__", swapped.ref))
  }

  static let metaSpec = Metatype.spec(
    Metatypes.simple, "_ctypes.PyCSimpleType", "The type of the types of simple values",
    { type, args, keywords in status { try initialize(type, args, keywords) } },
    convert: .o(
      "from_param($self, value, /)", "Convert a Python object into a function call parameter."
    ) { type, value in new { try convert(type, value) } })

  private static func convert(_ type: Ref, _ value: Ref) throws(Raised) -> Owned {
    if try check(PyObject_IsInstance(value, type)) != 0 { return value.retained() }
    let info = try TypeInfo.required(type)
    let argument = try CArgument.make(code: info.pointee.code)
    let place = CArgument(argument.ref).valuePlace
    do throws(Raised) {
      let kept = try CValue.set(
        info.pointee.code, place, value, swapped: info.pointee.isSwapped)
      CArgument(argument.ref).own.pointee.object = kept.give()
      return argument
    } catch {
      guard let raised = PyErr_GetRaisedException() else { throw error }
      let exception = Owned(adopting: raised)
      guard let parameter = try Metatype.asParameter(value) else {
        PyErr_SetRaisedException(exception.give())
        throw Raised()
      }
      defer { Py_DECREF(parameter) }
      return try Metatype.nested { () throws(Raised) in try convert(type, parameter) }
    }
  }

  // MARK: Converters of addresses

  nonisolated(unsafe) private static let converters = Method.table([
    .o("from_param", "") { type, value in
      new { try text(type, value, UInt8(ascii: "z"), "c_char_p") }
    },
    .o("from_param", "") { type, value in
      new { try text(type, value, UInt8(ascii: "Z"), "c_wchar_p") }
    },
    .o("from_param", "") { type, value in new { try address(type, value) } },
  ])

  /// A CArgument holding a value.
  private static func argument(_ code: UInt8, _ value: Ref) throws(Raised) -> Owned {
    let argument = try CArgument.make(code: code)
    let kept = try CValue.set(code, CArgument(argument.ref).valuePlace, value)
    CArgument(argument.ref).own.pointee.object = kept.give()
    return argument
  }

  private static func text(
    _ type: Ref, _ value: Ref, _ code: UInt8, _ name: String
  ) throws(Raised) -> Owned {
    if value.isNone { return value.retained() }
    if code == UInt8(ascii: "z") ? value.isBytes : value.isStr {
      return try argument(code, value)
    }
    if try check(PyObject_IsInstance(value, type)) != 0 { return value.retained() }
    let character = code == UInt8(ascii: "z") ? UInt8(ascii: "c") : UInt8(ascii: "u")
    func isCharacter(_ proto: Ref?) -> Bool {
      guard let proto, Metatypes.isSimple(proto), let info = TypeInfo.of(proto) else { return false }
      return info.pointee.code == character
    }
    if value.isInstance(of: ArrayType.type) || value.isInstance(of: PointerType.type),
      isCharacter(TypeInfo.of(instance: value)?.pointee.proto)
    {
      return value.retained()
    }
    if value.type == CArgument.type, let object = CArgument(value).own.pointee.object,
      isCharacter(object.type.object)
    {
      return value.retained()
    }
    if let parameter = try Metatype.asParameter(value) {
      defer { Py_DECREF(parameter) }
      return try Metatype.nested { () throws(Raised) in try text(type, parameter, code, name) }
    }
    throw raise(
      .typeError,
      "'\(value.type.fullName)' object cannot be interpreted as ctypes.\(name)")
  }

  private static func address(_ type: Ref, _ value: Ref) throws(Raised) -> Owned {
    if value.isNone { return value.retained() }
    if value.isInt { return try argument(UInt8(ascii: "P"), value) }
    if value.isBytes { return try argument(UInt8(ascii: "z"), value) }
    if value.isStr { return try argument(UInt8(ascii: "Z"), value) }
    if try check(PyObject_IsInstance(value, type)) != 0 { return value.retained() }
    if value.isInstance(of: ArrayType.type) || value.isInstance(of: PointerType.type) {
      return value.retained()
    }
    if value.type == CArgument.type, CArgument(value).own.pointee.tag == UInt8(ascii: "P") {
      return value.retained()
    }
    if value.isInstance(of: FunctionPointer.type) {
      let made = try CArgument.make(code: UInt8(ascii: "P"))
      CArgument(made.ref).valuePlace.storeBytes(
        of: CData(value).place.loadUnaligned(as: UInt64.self), as: UInt64.self)
      CArgument(made.ref).own.pointee.object = value.retained().give()
      return made
    }
    if Metatypes.isSimple(value.type.object), let info = TypeInfo.of(instance: value),
      info.pointee.code == UInt8(ascii: "z") || info.pointee.code == UInt8(ascii: "Z")
    {
      let made = try CArgument.make(code: UInt8(ascii: "Z"))
      CArgument(made.ref).valuePlace.storeBytes(
        of: CData(value).place.loadUnaligned(as: UInt64.self), as: UInt64.self)
      CArgument(made.ref).own.pointee.object = value.retained().give()
      return made
    }
    if let parameter = try Metatype.asParameter(value) {
      defer { Py_DECREF(parameter) }
      return try Metatype.nested { () throws(Raised) in try address(type, parameter) }
    }
    throw raise(
      .typeError, "'\(value.type.fullName)' object cannot be interpreted as ctypes.c_void_p")
  }

  // MARK: Instances

  static func value(_ object: Ref) throws(Raised) -> Owned {
    let info = try TypeInfo.required(object.type.object)
    return try CValue.get(
      info.pointee.code, CData(object).place, swapped: info.pointee.isSwapped)
  }

  private static func setValue(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.typeError, "can't delete attribute") }
    let info = try TypeInfo.required(object.type.object)
    let kept = try CValue.set(
      info.pointee.code, CData(object).place, value, swapped: info.pointee.isSwapped)
    try CData(object).keep(kept.ref, at: 0)
  }

  static let spec = TypeSpec(
    type, "_ctypes._SimpleCData", basicSize: MemoryLayout<CData.Layout>.size,
    flags: [.haveGC, .baseType], doc: "Base class of simple values", base: CData.type,
    slots: [
      .tp_repr { object in
        new {
          if object.type.pointee.tp_base != type {
            return try own(
              newString(
                "<\(object.type.fullName) object at 0x"
                  + "\(String(UInt(bitPattern: object), radix: 16))>"))
          }
          let value = try value(object)
          return try own(newString("\(object.type.name)(\(try shown(value.ref)))"))
        }
      },
      .tp_init { object, args, keywords in
        status {
          try checkPositional("__init__", apus_var_size(args), least: 0, most: 1)
          if apus_var_size(args) == 1 { try setValue(object, apus_tuple_item(args, 0)) }
        }
      },
      .tp_new { type, _, _ in new { try CData.make(type.object) } },
      .bf_getbuffer { object, view, flags in
        CData.type.pointee.tp_as_buffer?.pointee.bf_getbuffer?(object, view, flags) ?? -1
      },
      .nb_bool { object in
        let data = CData(object)
        let bytes = data.place.assumingMemoryBound(to: UInt8.self)
        for index in 0..<data.own.pointee.size where bytes[index] != 0 { return 1 }
        return 0
      },
    ],
    methods: [
      .noargs("__ctypes_from_outparam__($self, /)", "") { object, _ in
        new { isSubclass(object.type.object) ? object.retained() : try value(object) }
      }
    ],
    properties: [
      Property("value", "current value", get: { object, _ in new { try value(object) } },
        set: { object, value, _ in status { try setValue(object, value) } })
    ])
}
