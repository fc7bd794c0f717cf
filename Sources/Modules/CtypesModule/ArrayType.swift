import CPythonABI
import Glibc
import Objects

/// _ctypes.Array. CPython: Modules/_ctypes/_ctypes.c.
enum ArrayType {
  nonisolated(unsafe) static let type = Metatypes.instance(of: Metatypes.array)

  /// The array type of an item type and a length; the same one each time.
  static func of(_ item: Ref, _ count: Int) throws(Raised) -> Owned {
    let key = try tuple(item.retained(), try int(count))
    let cache = CtypesState.arrayTypes
    if let known = PyDict_GetItemWithError(cache, key.ref) { return known.retained() }
    if hasRaised() { throw Raised() }
    if count < 0 {
      throw raise(.valueError, "Array length must be >= 0, not \(count)")
    }
    let attributes = try own(PyDict_New())
    let length = try int(count)
    try check(PyDict_SetItemString(attributes.ref, "_length_", length.ref))
    try check(PyDict_SetItemString(attributes.ref, "_type_", item))
    let name = try own(newString("\(item.asType.name)_Array_\(count)"))
    let bases = try tuple(type.object.retained())
    let args = try tuple(name.ref.retained(), bases.ref.retained(), attributes.ref.retained())
    let made = try own(PyObject_Call(Metatypes.array.object, args.ref, nil))
    try check(PyDict_SetItem(cache, key.ref, made.ref))
    return made
  }

  // MARK: The metatype

  private static func initialize(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    guard let initialize = typeType().pointee.tp_init else { throw Raised() }
    try check(initialize(type, args, keywords))
    // The base itself has no items.
    if let base = type.asType.pointee.tp_base, base == CData.type { return }
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_length_", &found))
    guard let found, !found.isNone else {
      throw raise(.attributeError, "class must define a '_length_' attribute")
    }
    let given = Owned(adopting: found)
    guard given.ref.isInt else {
      throw raise(.typeError, "The '_length_' attribute must be an integer")
    }
    if _PyLong_Sign(given.ref) < 0 {
      throw raise(.valueError, "The '_length_' attribute must not be negative")
    }
    let length = PyLong_AsSsize_t(given.ref)
    if length == -1 && hasRaised() {
      if PyErr_ExceptionMatches(.overflowError) != 0 {
        PyErr_Clear()
        throw raise(.overflowError, "The '_length_' attribute is too large")
      }
      throw Raised()
    }
    var items: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_type_", &items))
    guard let items else {
      throw raise(.attributeError, "class must define a '_type_' attribute")
    }
    let proto = Owned(adopting: items)
    guard let item = TypeInfo.of(proto.ref) else {
      throw raise(.typeError, "_type_ must have storage info")
    }
    let (size, overflow) = item.pointee.size.multipliedReportingOverflow(by: length)
    if overflow { throw raise(.overflowError, "array too large") }
    let info = try TypeInfo.begin(type)
    info.pointee.size = size
    info.pointee.align = item.pointee.align
    info.pointee.length = length
    info.pointee.hasPointer = item.pointee.hasPointer || item.pointee.isPointer
    TypeInfo.setFormat(info, item.pointee.formatText)
    var shape = [length]
    for index in 0..<item.pointee.dimensions { shape.append(item.pointee.shape?[index] ?? 0) }
    TypeInfo.setShape(info, shape)
    var passing = TypeInfo.fresh()
    for index in 0..<Swift.min(length, 16) {
      passing.addPassing(item.pointee, at: index &* item.pointee.size)
    }
    info.pointee.passing = passing.passing
    info.pointee.foreign = CtypesState.pointerType
    info.pointee.proto = proto.ref.retained().give()
    try addText(type, item.pointee, proto.ref)
  }

  /// Arrays of characters have `value`, those of bytes `raw` too.
  private static func addText(_ type: Ref, _ item: TypeInfo, _ proto: Ref) throws(Raised) {
    guard Metatypes.isSimple(proto), let dict = type.asType.pointee.tp_dict else { return }
    let table: UnsafeMutablePointer<PyGetSetDef>
    let names: [String]
    switch item.code {
    case UInt8(ascii: "c"): (table, names) = (characterTable, ["value", "raw"])
    case UInt8(ascii: "u"): (table, names) = (wideTable, ["value"])
    default: return
    }
    for (index, name) in names.enumerated() {
      let descriptor = try own(PyDescr_NewGetSet(type.asType, table + index))
      try check(PyDict_SetItemString(dict, name, descriptor.ref))
    }
    PyType_Modified(type.asType)
  }

  private static func table(
    _ entries: [(StaticString, StaticString, Property.Getter, Property.Setter)]
  ) -> UnsafeMutablePointer<PyGetSetDef> {
    let table = PermanentMemory.allocate(PyGetSetDef.self, count: entries.count + 1)
    for (index, entry) in entries.enumerated() {
      (table + index).initialize(
        to: PyGetSetDef(
          name: cString(entry.0), get: entry.2, set: entry.3, doc: cString(entry.1), closure: nil))
    }
    return table
  }

  nonisolated(unsafe) private static let characterTable = table([
    (
      "value", "string value",
      { object, _ in
        let data = CData(object)
        let text = data.place.assumingMemoryBound(to: CChar.self)
        return PyBytes_FromStringAndSize(text, strnlen(text, data.own.pointee.size))
      },
      { object, value, _ in
        status {
          guard let value else { throw raise(.typeError, "can't delete attribute") }
          guard value.isBytes else {
            throw raise(
              .typeError, "bytes expected instead of \(value.type.fullName) instance")
          }
          let data = CData(object)
          let size = apus_var_size(value)
          if size > data.own.pointee.size { throw raise(.valueError, "byte string too long") }
          memcpy(data.place, apus_bytes_data(value), size)
          if size < data.own.pointee.size {
            (data.place + size).storeBytes(of: 0, as: UInt8.self)
          }
        }
      }
    ),
    (
      "raw", "value",
      { object, _ in
        let data = CData(object)
        return PyBytes_FromStringAndSize(
          data.place.assumingMemoryBound(to: CChar.self), data.own.pointee.size)
      },
      { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          var buffer = Py_buffer()
          try check(PyObject_GetBuffer(value, &buffer, PyBUF_SIMPLE))
          defer { PyBuffer_Release(&buffer) }
          let data = CData(object)
          if buffer.len > data.own.pointee.size {
            throw raise(.valueError, "byte string too long")
          }
          if let bytes = buffer.buf { memmove(data.place, bytes, buffer.len) }
        }
      }
    ),
  ])

  nonisolated(unsafe) private static let wideTable = table([
    (
      "value", "string value",
      { object, _ in
        let data = CData(object)
        let text = data.place.assumingMemoryBound(to: Int32.self)
        var count = 0
        while count < data.own.pointee.size / 4, text[count] != 0 { count += 1 }
        return PyUnicode_FromWideChar(text, count)
      },
      { object, value, _ in
        status {
          guard let value else { throw raise(.typeError, "can't delete attribute") }
          guard value.isStr else {
            throw raise(
              .typeError, "unicode string expected instead of \(value.type.fullName) instance")
          }
          let data = CData(object)
          if apus_str_length(value) > data.own.pointee.size / 4 {
            throw raise(.valueError, "string too long")
          }
          _ = try CValue.set(UInt8(ascii: "U"), data.place, value, length: data.own.pointee.size)
        }
      }
    )
  ])

  static let metaSpec = Metatype.spec(
    Metatypes.array, "_ctypes.PyCArrayType", "The type of array types",
    { type, args, keywords in status { try initialize(type, args, keywords) } })

  // MARK: Instances

  private static func items(
    _ object: Ref
  ) throws(Raised) -> (proto: Ref, info: UnsafeMutablePointer<TypeInfo>) {
    guard let proto = TypeInfo.of(instance: object)?.pointee.proto, let info = TypeInfo.of(proto)
    else { throw raise(.typeError, "abstract class") }
    return (proto, info)
  }

  private static func get(_ object: Ref, _ index: Int) throws(Raised) -> Owned {
    let data = CData(object)
    guard index >= 0, index < data.own.pointee.length else {
      throw raise(.indexError, "invalid index")
    }
    let (proto, info) = try items(object)
    let size = info.pointee.size
    return try CData.get(
      proto, code: 0, swapped: false, owner: object, index: index, size: size,
      at: data.place + index * size)
  }

  private static func set(_ object: Ref, _ index: Int, _ value: Ref?) throws(Raised) {
    guard let value else {
      throw raise(.typeError, "Array does not support item deletion")
    }
    let data = CData(object)
    guard index >= 0, index < data.own.pointee.length else {
      throw raise(.indexError, "invalid index")
    }
    let (proto, info) = try items(object)
    let size = info.pointee.size
    try CData.set(
      object, proto, code: 0, swapped: false, value, index: index, size: size,
      at: data.place + index * size)
  }

  private static func position(_ object: Ref, _ key: Ref) throws(Raised) -> Int {
    let index = PyNumber_AsSsize_t(key, .indexError)
    if index == -1 && hasRaised() { throw Raised() }
    return index < 0 ? index + CData(object).own.pointee.length : index
  }

  private static func slice(_ object: Ref, _ key: Ref) throws(Raised) -> Owned {
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let data = CData(object)
    let count = PySlice_AdjustIndices(data.own.pointee.length, &start, &stop, step)
    let (proto, info) = try items(object)
    return try Self.slice(
      object, proto, info, count: count, start: start, step: step, place: data.place
    ) { index throws(Raised) in try get(object, index) }
  }

  /// A slice: bytes or str of characters, else a list.
  static func slice(
    _ object: Ref, _ proto: Ref, _ info: UnsafeMutablePointer<TypeInfo>, count: Int, start: Int,
    step: Int, place: UnsafeMutableRawPointer, item: (Int) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    if Metatypes.isSimple(proto), info.pointee.code == UInt8(ascii: "c") {
      if count <= 0 { return apus_bytes_empty().retained() }
      let result = try own(PyBytes_FromStringAndSize(nil, count))
      let bytes = place.assumingMemoryBound(to: UInt8.self)
      if count == 1 { return apus_bytes_of(bytes[start]).retained() }
      for index in 0..<count { apus_bytes_data(result.ref)[index] = bytes[start &+ index &* step] }
      return result
    }
    if Metatypes.isSimple(proto), info.pointee.code == UInt8(ascii: "u") {
      if count <= 0 { return apus_str_empty().retained() }
      let text = place.assumingMemoryBound(to: Int32.self)
      let wide = (0..<count).map { text[start &+ $0 &* step] }
      return try own(wide.withUnsafeBufferPointer { PyUnicode_FromWideChar($0.baseAddress, count) })
    }
    let result = try own(PyList_New(0))
    var index = 0
    while index < count {
      let value = try item(start &+ index &* step)
      try check(PyList_Append(result.ref, value.ref))
      index += 1
    }
    return result
  }

  private static func setSlice(_ object: Ref, _ key: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.typeError, "Array does not support item deletion") }
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let count = PySlice_AdjustIndices(CData(object).own.pointee.length, &start, &stop, step)
    guard try check(PySequence_Size(value)) == count else {
      throw raise(.valueError, "Can only assign sequence of same size")
    }
    for index in 0..<count {
      let item = try own(PySequence_GetItem(value, index))
      try set(object, start &+ index &* step, item.ref)
    }
  }

  static let spec = TypeSpec(
    type, "_ctypes.Array", basicSize: MemoryLayout<CData.Layout>.size, flags: [.haveGC, .baseType],
    doc: """
      Abstract base class for arrays.

      An array type is made by multiplying a C type with a length, or as a subclass with _type_ and
      _length_. Items are read and written by index; a slice is a list, or the text of characters.
      """,
    base: CData.type,
    slots: [
      .tp_init { object, args, _ in
        status {
          for index in 0..<apus_var_size(args) {
            try set(object, index, apus_tuple_item(args, index))
          }
        }
      },
      .tp_new { type, _, _ in new { try CData.make(type.object) } },
      .bf_getbuffer { object, view, flags in
        CData.type.pointee.tp_as_buffer?.pointee.bf_getbuffer?(object, view, flags) ?? -1
      },
      .sq_length { CData($0).own.pointee.length },
      .sq_item { object, index in new { try get(object, index) } },
      .sq_ass_item { object, index, value in status { try set(object, index, value) } },
      .mp_length { CData($0).own.pointee.length },
      .mp_subscript { object, key in
        new {
          if PyIndex_Check(key) != 0 { return try get(object, try position(object, key)) }
          guard key.type == sliceType() else {
            throw raise(.typeError, "indices must be integers")
          }
          return try slice(object, key)
        }
      },
      .mp_ass_subscript { object, key, value in
        status {
          if PyIndex_Check(key) != 0 {
            guard value != nil else {
              throw raise(.typeError, "Array does not support item deletion")
            }
            return try set(object, try position(object, key), value)
          }
          guard key.type == sliceType() else {
            throw raise(.typeError, "indices must be integer")
          }
          try setSlice(object, key, value)
        }
      },
    ],
    methods: [
      Method.o("__class_getitem__($type, object, /)", "See PEP 585") { type, item in
        Py_GenericAlias(type, item)
      }.classMethod
    ])
}
