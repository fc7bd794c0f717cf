import CForeign
import CPythonABI
import Objects

/// _ctypes.CArgObject: an argument as C takes it, made by `byref()` and `from_param()`.
/// CPython: Modules/_ctypes/callproc.c.
struct CArgument {
  struct Layout {
    var base: PyObject
    var foreign: UnsafeMutablePointer<ffi_type>?
    /// The letter of the value's type.
    var tag: UInt8
    var size: Int
    var object: Ref?
    /// 16 bytes.
    var value: (UInt64, UInt64)
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  var valuePlace: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(own) + MemoryLayout<Layout>.at(\.value)
  }

  static func make(code: UInt8) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try Objects.own(allocate(type, 0))
    CArgument(object.ref).own.pointee.tag = code
    CArgument(object.ref).own.pointee.foreign = apus_ffi_type(CChar(bitPattern: code))
    return object
  }

  /// `byref(instance, offset)`
  static func reference(to instance: Ref, offset: Int) throws(Raised) -> Owned {
    guard CData.isInstance(instance) else {
      throw raise(
        .typeError, "byref() argument must be a ctypes instance, not '\(instance.type.name)'")
    }
    let argument = try make(code: UInt8(ascii: "P"))
    let own = CArgument(argument.ref).own
    CArgument(argument.ref).valuePlace.storeBytes(
      of: UInt(bitPattern: CData(instance).place) &+ UInt(bitPattern: offset), as: UInt.self)
    own.pointee.object = instance.retained().give()
    return argument
  }

  private func description() throws(Raised) -> String {
    let tag = own.pointee.tag
    let letter = String(Character(Unicode.Scalar(tag)))
    switch tag {
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "h"), UInt8(ascii: "H"),
      UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "l"), UInt8(ascii: "L"),
      UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "d"), UInt8(ascii: "f"):
      let value = try CValue.get(tag, valuePlace)
      return "<cparam '\(letter)' (\(try shown(value.ref)))>"
    case UInt8(ascii: "c"):
      let byte = valuePlace.load(as: UInt8.self)
      if byte >= 32 && byte < 127 && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\") {
        return "<cparam 'c' ('\(Character(Unicode.Scalar(byte)))')>"
      }
      let hex = String(byte, radix: 16)
      return "<cparam 'c' ('\\x\(hex.count < 2 ? "0" : "")\(hex)')>"
    case UInt8(ascii: "z"), UInt8(ascii: "Z"), UInt8(ascii: "P"):
      let address = valuePlace.load(as: UInt.self)
      return "<cparam '\(letter)' (0x\(String(address, radix: 16)))>"
    default:
      let address = String(UInt(bitPattern: ref), radix: 16)
      if tag >= 32 && tag < 127 { return "<cparam '\(letter)' at 0x\(address)>" }
      return "<cparam 0x\(String(tag, radix: 16)) at 0x\(address)>"
    }
  }

  static let spec = TypeSpec(
    type, "_ctypes.CArgObject", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(CArgument(object).own.pointee.object)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in
        new { try Objects.own(newString(try CArgument(object).description())) }
      },
      .tp_traverse { object, visit, argument in
        visitReference(CArgument(object).own.pointee.object, visit, argument)
      },
      .tp_clear { object in
        clearReference(&CArgument(object).own.pointee.object)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    members: [
      Member(
        "_obj", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.object), flags: Py_READONLY,
        "the wrapped object")
    ])
}
