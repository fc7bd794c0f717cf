import CPythonABI
import Objects

/// Where the fields of a structure or union lie: the rules of GCC on this machine, with `_pack_`
/// and `_align_`. CPython: Modules/_ctypes/stgdict.c, cfield.c.
struct StructureLayout {
  private var size = 0
  private var offset = 0
  /// Of the field placed last.
  private var fieldAlign = 0
  /// Of the storage unit open for bit fields, in bits; 0 without one.
  private var unitSize = 0
  /// Bits of it that are taken.
  private var unitUsed = 0
  private let pack: Int
  private let isBigEndian: Bool

  private init(size: Int, pack: Int, isBigEndian: Bool) {
    self.size = size
    offset = size
    self.pack = pack
    self.isBigEndian = isBigEndian
  }

  /// Places a field: its offset and its size (see `Field`).
  private mutating func place(
    _ info: TypeInfo, bits: Int
  ) -> (offset: Int, size: Int) {
    let width = info.size &* 8
    if bits > 0 && unitSize > 0 && width <= unitSize && unitUsed + bits <= unitSize {
      // Goes on in the open unit.
      let shift = isBigEndian ? unitSize - unitUsed - bits : unitUsed
      unitUsed += bits
      return (offset - info.size, (bits << 16) + shift)
    }
    if bits > 0 && unitSize > 0 && width >= unitSize && unitUsed + bits <= width {
      // The unit grows to the wider type.
      offset += info.size - unitSize / 8
      size += info.size - unitSize / 8
      unitSize = width
      let shift = isBigEndian ? unitSize - unitUsed - bits : unitUsed
      unitUsed += bits
      return (offset - info.size, (bits << 16) + shift)
    }
    unitUsed = bits
    unitSize = bits > 0 ? width : 0
    let align = pack > 0 ? Swift.min(pack, info.align) : info.align
    if align > 0 && offset % align != 0 {
      let gap = align - offset % align
      size &+= gap
      offset &+= gap
    }
    let start = offset
    size &+= info.size
    offset &+= info.size
    fieldAlign = align
    if bits > 0 { return (start, (bits << 16) + (isBigEndian ? width - bits : 0)) }
    return (start, info.size)
  }

  /// A non-negative int attribute of the type, nil when there is none.
  private static func number(_ type: Ref, _ name: StaticString) throws(Raised) -> Int? {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, cString(name), &found))
    guard let found else { return nil }
    defer { Py_DECREF(found) }
    let value = found.isInt ? PyLong_AsInt(found) : -1
    if value < 0 {
      if hasRaised() {
        guard PyErr_ExceptionMatches(.typeError) != 0 || PyErr_ExceptionMatches(.overflowError) != 0
        else { throw Raised() }
        PyErr_Clear()
      }
      throw raise(.valueError, "\(name) must be a non-negative integer")
    }
    return Int(value)
  }

  /// Sets the type's information and its field descriptors from `_fields_`.
  static func apply(_ type: Ref, _ fields: Ref, isUnion: Bool) throws(Raised) {
    var swapped: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_swappedbytes_", &swapped))
    let isBigEndian = swapped != nil
    Py_XDECREF(swapped)
    let pack = try number(type, "_pack_") ?? 0
    let forcedAlign = try number(type, "_align_") ?? 1
    let count = PySequence_Size(fields)
    if count < 0 {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        PyErr_Clear()
        throw raise(.typeError, "_fields_ must be a sequence of pairs")
      }
      throw Raised()
    }
    guard let info = TypeInfo.of(type) else {
      throw raise(.typeError, "ctypes state is not initialized")
    }
    if info.pointee.isFinal { throw raise(.attributeError, "_fields_ is final") }
    let base = type.asType.pointee.tp_base.flatMap { TypeInfo.of($0.object) }
    var layout = StructureLayout(
      size: base?.pointee.size ?? 0, pack: pack, isBigEndian: isBigEndian)
    var totalAlign = Swift.max(base?.pointee.align ?? 1, forcedAlign, 1)
    var unionSize = base?.pointee.size ?? 0
    var result = TypeInfo.fresh()
    if let base {
      result.passing = base.pointee.passing
      result.hasPointer = base.pointee.hasPointer
      base.pointee.isFinal = true
    }
    var format = "T{"
    var end = 0
    if let base, base.pointee.size > 0, !isUnion {
      // The fields of the base come first.
      let inherited = base.pointee.formatText
      if inherited.hasPrefix("T{") && inherited.hasSuffix("}") {
        format = String(inherited.dropLast())
      }
      end = base.pointee.size
    }
    for index in 0..<count {
      let pair = try own(PySequence_GetItem(fields, index))
      guard pair.ref.isTuple, apus_var_size(pair.ref) == 2 || apus_var_size(pair.ref) == 3,
        apus_tuple_item(pair.ref, 0).isStr
      else {
        throw raise(.typeError, "_fields_ must be a sequence of (name, C type) pairs")
      }
      let name = apus_tuple_item(pair.ref, 0)
      let proto = apus_tuple_item(pair.ref, 1)
      guard let part = TypeInfo.of(proto) else {
        throw raise(
          .typeError, "second item in _fields_ tuple (index \(index)) must be a C type")
      }
      part.pointee.isFinal = true
      if info.pointee.isFinal {
        throw raise(.attributeError, "Structure or union cannot contain itself")
      }
      if part.pointee.isPointer || part.pointee.hasPointer { result.hasPointer = true }
      let bits = try bitCount(pair.ref, proto, part.pointee)
      let place: (offset: Int, size: Int)
      if isUnion {
        var single = StructureLayout(size: 0, pack: pack, isBigEndian: isBigEndian)
        place = single.place(part.pointee, bits: bits)
        totalAlign = Swift.max(totalAlign, single.fieldAlign)
        unionSize = Swift.max(unionSize, single.size)
      } else {
        place = layout.place(part.pointee, bits: bits)
        totalAlign = Swift.max(totalAlign, layout.fieldAlign)
        if place.offset > end { format += padding(place.offset - end) }
        format += part.pointee.shapedFormat + ":" + Objects.text(of: name) + ":"
        end = place.offset &+ part.pointee.size
      }
      result.addPassing(part.pointee, at: place.offset)
      var field = Field.Layout(
        base: PyObject(ob_refcnt: 1, ob_type: Field.type), offset: place.offset, size: place.size, index: index, proto: proto,
        code: 0, isAnonymous: 0, isSwapped: 0)
      field.code = Int(characterArrayCode(proto))
      let descriptor = try Field.make(field)
      try check(PyObject_SetAttr(type, name, descriptor.ref))
    }
    var size = isUnion ? unionSize : layout.size
    let (rounded, overflow) = size.addingReportingOverflow(totalAlign - 1)
    if size < 0 || overflow { throw raise(.overflowError, "structure too large") }
    let aligned = rounded / totalAlign * totalAlign
    if !isUnion && aligned > size { format += padding(aligned - size) }
    size = aligned
    info.pointee.passing = result.passing
    info.pointee.hasPointer = result.hasPointer
    info.pointee.size = size
    info.pointee.align = totalAlign
    info.pointee.length = (base?.pointee.length ?? 0) + count
    TypeInfo.setFormat(info, isUnion ? "B" : format + "}")
    TypeInfo.setForeign(info)
    info.pointee.isFinal = true
    try AnonymousFields.make(type)
  }

  private static func padding(_ count: Int) -> String { count == 1 ? "x" : "\(count)x" }

  /// The third item of a field, 0 without one.
  private static func bitCount(
    _ pair: Ref, _ proto: Ref, _ info: TypeInfo
  ) throws(Raised) -> Int {
    guard apus_var_size(pair) == 3 else { return 0 }
    let given = apus_tuple_item(pair, 2)
    guard given.isInt else {
      throw raise(.typeError, "_fields_ must be a sequence of (name, C type) pairs")
    }
    let bits = PyLong_AsLong(given)
    if bits == -1 && hasRaised() { throw Raised() }
    guard Metatypes.isSimple(proto), CValue.isSigned(info.code) != nil else {
      throw raise(.typeError, "bit fields not allowed for type \(proto.asType.name)")
    }
    guard bits > 0, bits <= info.size * 8 else {
      throw raise(.valueError, "number of bits invalid for bit field")
    }
    return bits
  }

  /// Arrays of characters are read and written as text.
  private static func characterArrayCode(_ proto: Ref) -> UInt8 {
    guard Metatypes.isArray(proto), let items = TypeInfo.of(proto)?.pointee.proto,
      let info = TypeInfo.of(items), Metatypes.isSimple(items)
    else { return 0 }
    switch info.pointee.code {
    case UInt8(ascii: "c"): return UInt8(ascii: "s")
    case UInt8(ascii: "u"): return UInt8(ascii: "U")
    default: return 0
    }
  }
}

extension TypeInfo {
  /// Information of nothing.
  static func fresh() -> TypeInfo {
    withUnsafeTemporaryAllocation(of: TypeInfo.self, capacity: 1) { buffer in
      let place = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
      place.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<TypeInfo>.size)
      return place.load(as: TypeInfo.self)
    }
  }
}

/// `_anonymous_`: the fields of these fields are fields of the structure too.
enum AnonymousFields {
  static func make(_ type: Ref) throws(Raised) {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_anonymous_", &found))
    guard let found else { return }
    defer { Py_DECREF(found) }
    guard let fast = PySequence_Fast(found, "_anonymous_ must be a sequence") else {
      throw Raised()
    }
    let names = Owned(adopting: fast)
    for index in 0..<(try check(PySequence_Size(names.ref))) {
      let name = try own(PySequence_GetItem(names.ref, index))
      var attribute: Ref?
      try check(PyObject_GetOptionalAttr(type, name.ref, &attribute))
      defer { Py_XDECREF(attribute) }
      guard let attribute, Field.isField(attribute) else {
        throw raise(
          .attributeError,
          "'\(Objects.text(of: name.ref))' is specified in _anonymous_ but not in _fields_")
      }
      let field = Field(attribute)
      field.own.pointee.isAnonymous = 1
      try copy(to: type, from: field, index: field.own.pointee.index, offset: field.own.pointee.offset)
    }
  }

  private static func copy(
    to type: Ref, from field: Field, index: Int, offset: Int
  ) throws(Raised) {
    guard let proto = field.own.pointee.proto else { return }
    let list = try own(PyObject_GetAttrString(proto, "_fields_"))
    for position in 0..<(try check(PySequence_Size(list.ref))) {
      let pair = try own(PySequence_GetItem(list.ref, position))
      let name = try own(PySequence_GetItem(pair.ref, 0))
      let attribute = try own(PyObject_GetAttr(proto, name.ref))
      guard Field.isField(attribute.ref) else { throw raise(.typeError, "unexpected type") }
      let inner = Field(attribute.ref)
      if inner.own.pointee.isAnonymous != 0 {
        try copy(
          to: type, from: inner, index: index + inner.own.pointee.index,
          offset: offset + inner.own.pointee.offset)
        continue
      }
      var layout = inner.own.pointee
      layout.offset += offset
      layout.index += index
      let copied = try Field.make(layout)
      try check(PyObject_SetAttr(type, name.ref, copied.ref))
    }
  }
}
