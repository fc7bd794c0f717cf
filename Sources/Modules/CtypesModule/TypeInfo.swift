import CForeign
import CPythonABI
import Glibc
import Objects

/// What a ctypes type knows beyond a Python type: size, alignment, items. It follows the heap type
/// in memory (the metatypes' basic size covers it). CPython: Modules/_ctypes/ctypes.h, StgInfo.
struct TypeInfo {
  /// Whether the rest is valid; it is not of abstract types.
  var isReady: Bool
  /// Whether `_fields_` is set for good.
  var isFinal: Bool
  /// Whether values are or hold addresses, which do not survive pickling.
  var isPointer: Bool
  var hasPointer: Bool
  /// The letter of a simple type, 0 otherwise; also "s" and "U".
  var code: UInt8
  /// Whether the bytes are in the order the machine has not.
  var isSwapped: Bool
  /// How each four bytes of a type of up to 16 bytes are passed (`Passing`).
  var passing: (UInt8, UInt8, UInt8, UInt8)
  /// In bytes.
  var size: Int
  /// In bytes.
  var align: Int
  /// Items of an array, fields of a structure.
  var length: Int
  /// FUNCFLAG_*, of function types.
  var callFlags: Int32
  /// The type to libffi; of structures `own`.
  var foreign: UnsafeMutablePointer<ffi_type>?
  var own: ffi_type
  /// The items' type (arrays, pointers) or the letter (simple types).
  var proto: Ref?
  var argtypes: Ref?
  var converters: Ref?
  var restype: Ref?
  var checker: Ref?
  /// PEP 3118, from malloc.
  var format: UnsafeMutablePointer<CChar>?
  var dimensions: Int
  /// From malloc.
  var shape: UnsafeMutablePointer<Int>?

  /// How four bytes travel when a structure is passed by value.
  enum Passing {
    static let none: UInt8 = 0
    static let float: UInt8 = 1
    static let double: UInt8 = 2
    static let longDouble: UInt8 = 3
    static let integer: UInt8 = 4
  }

  /// Where it lies in a type object.
  static let offset = (MemoryLayout<PyHeapTypeObject>.size + 15) & ~15
  /// The basic size of the metatypes.
  static let typeSize = offset + MemoryLayout<TypeInfo>.size

  /// The place in a type, valid or not.
  @inline(__always)
  static func place(_ type: Ref) -> UnsafeMutablePointer<TypeInfo> {
    (UnsafeMutableRawPointer(type) + offset).assumingMemoryBound(to: TypeInfo.self)
  }

  /// Of a type object, nil when it is not a ctypes type or an abstract one.
  static func of(_ type: Ref) -> UnsafeMutablePointer<TypeInfo>? {
    guard type.isType, type.isInstance(of: Metatypes.base) else { return nil }
    let info = place(type)
    return info.pointee.isReady ? info : nil
  }

  /// Of an instance's type.
  static func of(instance: Ref) -> UnsafeMutablePointer<TypeInfo>? { of(instance.type.object) }

  /// Of a type that can have instances; TypeError for an abstract one.
  static func required(_ type: Ref) throws(Raised) -> UnsafeMutablePointer<TypeInfo> {
    guard let info = of(type) else { throw raise(.typeError, "abstract class") }
    return info
  }

  /// Makes the information of a type that was just created.
  static func begin(_ type: Ref) throws(Raised) -> UnsafeMutablePointer<TypeInfo> {
    let info = place(type)
    if info.pointee.isReady {
      throw raise(.systemError, "'\(type.asType.name)' StgInfo is already initialized.")
    }
    memset(info, 0, MemoryLayout<TypeInfo>.size)
    info.pointee.isReady = true
    return info
  }

  static func setFormat(_ info: UnsafeMutablePointer<TypeInfo>, _ text: String) {
    free(info.pointee.format)
    info.pointee.format = strdup(text)
  }

  var formatText: String { format.map { String(cString: $0) } ?? "B" }

  /// The format with the shape in front: `(2,3)<i`.
  var shapedFormat: String {
    guard dimensions > 0, let shape else { return formatText }
    let extents = (0..<dimensions).map { String(shape[$0]) }
    return "(" + extents.joined(separator: ",") + ")" + formatText
  }

  static func clear(_ type: Ref) {
    let info = place(type)
    clearReference(&info.pointee.proto)
    clearReference(&info.pointee.argtypes)
    clearReference(&info.pointee.converters)
    clearReference(&info.pointee.restype)
    clearReference(&info.pointee.checker)
  }

  /// Copies what a subclass has of its base; references are counted.
  static func copy(
    _ source: UnsafeMutablePointer<TypeInfo>, to info: UnsafeMutablePointer<TypeInfo>
  ) {
    free(info.pointee.format)
    free(info.pointee.shape)
    info.pointee = source.pointee
    Py_XINCREF(info.pointee.proto)
    Py_XINCREF(info.pointee.argtypes)
    Py_XINCREF(info.pointee.converters)
    Py_XINCREF(info.pointee.restype)
    Py_XINCREF(info.pointee.checker)
    if let format = source.pointee.format { info.pointee.format = strdup(format) }
    info.pointee.shape = nil
    setShape(info, (0..<source.pointee.dimensions).map { source.pointee.shape?[$0] ?? 0 })
    info.pointee.own.elements = nil
    if source.pointee.foreign == Self.ownType(source) { setForeign(info) }
  }

  static func setShape(_ info: UnsafeMutablePointer<TypeInfo>, _ extents: [Int]) {
    info.pointee.dimensions = extents.count
    guard !extents.isEmpty,
      let memory = malloc(extents.count * MemoryLayout<Int>.stride)
    else { return }
    let shape = memory.bindMemory(to: Int.self, capacity: extents.count)
    for (index, extent) in extents.enumerated() { shape[index] = extent }
    info.pointee.shape = shape
  }

  private static func ownType(
    _ info: UnsafeMutablePointer<TypeInfo>
  ) -> UnsafeMutablePointer<ffi_type> {
    let place = UnsafeMutableRawPointer(info) + MemoryLayout<TypeInfo>.at(\.own)
    return place.assumingMemoryBound(to: ffi_type.self)
  }

  /// Describes a structure to libffi by how its four-byte pieces are passed.
  static func setForeign(_ info: UnsafeMutablePointer<TypeInfo>) {
    var elements: [UnsafeMutablePointer<ffi_type>?] = []
    let size = info.pointee.size
    if size > 0 && size <= 16 {
      let pieces = [
        info.pointee.passing.0, info.pointee.passing.1, info.pointee.passing.2,
        info.pointee.passing.3,
      ]
      if pieces[0] == Passing.longDouble {
        elements.append(apus_ffi_type(CChar(UInt8(ascii: "g"))))
      } else {
        for word in 0..<((size + 7) / 8) {
          let left = Swift.min(size - word * 8, 8)
          let pair = (pieces[word * 2], pieces[word * 2 + 1])
          if pair.0 == Passing.double && pair.1 == Passing.double && left == 8 {
            elements.append(apus_ffi_type(CChar(UInt8(ascii: "d"))))
          } else if pair.0 == Passing.float && (pair.1 == Passing.float || left <= 4) {
            for _ in 0..<(left / 4) { elements.append(apus_ffi_type(CChar(UInt8(ascii: "f")))) }
          } else if left == 8 {
            elements.append(apus_ffi_type(CChar(UInt8(ascii: "Q"))))
          } else {
            for _ in 0..<left { elements.append(apus_ffi_type(CChar(UInt8(ascii: "B")))) }
          }
        }
      }
    } else if size > 0 {
      elements.append(apus_ffi_type(CChar(UInt8(ascii: "B"))))
    }
    elements.append(nil)
    free(info.pointee.own.elements)
    let memory = malloc(elements.count * MemoryLayout<UnsafeMutablePointer<ffi_type>?>.stride)
    let list = memory?.bindMemory(
      to: UnsafeMutablePointer<ffi_type>?.self, capacity: elements.count)
    for (index, element) in elements.enumerated() { (list.unsafelyUnwrapped + index).initialize(to: element) }
    info.pointee.own.size = size
    info.pointee.own.alignment = UInt16(truncatingIfNeeded: Swift.max(info.pointee.align, 1))
    info.pointee.own.type = UInt16(FFI_TYPE_STRUCT)
    info.pointee.own.elements = list
    info.pointee.foreign = ownType(info)
  }

  /// Adds a part at an offset to how the whole is passed.
  mutating func addPassing(_ part: TypeInfo, at offset: Int) {
    if offset < 0 || offset >= 16 { return }
    let pieces = [part.passing.0, part.passing.1, part.passing.2, part.passing.3]
    for index in 0..<((Swift.min(part.size, 16) + 3) / 4) {
      let first = (offset + index * 4) / 4
      let last = (offset + Swift.min(index * 4 + 4, part.size) - 1) / 4
      let piece = offset % 4 == 0 ? pieces[index] : Passing.integer
      for place in first...Swift.max(first, last) where place < 4 {
        withUnsafeMutableBytes(of: &passing) { $0[place] = Swift.max($0[place], piece) }
      }
    }
  }
}

/// The metatypes of ctypes.
enum Metatypes {
  nonisolated(unsafe) static let base = PermanentMemory.type()
  nonisolated(unsafe) static let structure = PermanentMemory.type()
  nonisolated(unsafe) static let union = PermanentMemory.type()
  nonisolated(unsafe) static let pointer = PermanentMemory.type()
  nonisolated(unsafe) static let array = PermanentMemory.type()
  nonisolated(unsafe) static let simple = PermanentMemory.type()
  nonisolated(unsafe) static let function = PermanentMemory.type()

  /// Room for a static type that is an instance of a metatype.
  static func instance(of metatype: TypeRef) -> TypeRef {
    let memory = UnsafeMutableRawPointer(
      PermanentMemory.allocate(UInt8.self, count: TypeInfo.typeSize + 16))
    let type = memory.bindMemory(to: PyTypeObject.self, capacity: 1)
    type.pointee.ob_base.ob_base.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
    type.pointee.ob_base.ob_base.ob_type = metatype
    return type
  }

  static func isStructure(_ type: Ref) -> Bool {
    type.isType && (type.isInstance(of: structure) || type.isInstance(of: union))
  }
  static func isPointer(_ type: Ref) -> Bool { type.isType && type.isInstance(of: pointer) }
  static func isArray(_ type: Ref) -> Bool { type.isType && type.isInstance(of: array) }
  static func isSimple(_ type: Ref) -> Bool { type.isType && type.isInstance(of: simple) }
  static func isFunction(_ type: Ref) -> Bool { type.isType && type.isInstance(of: function) }
}
