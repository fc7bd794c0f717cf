import CPythonABI
import Glibc
import Objects

/// Objects to marshal's bytes.
struct MarshalWriter {
  private typealias Code = MarshalFormat.Code

  /// Why an object has no marshalled form.
  private enum Problem: Error {
    case unmarshallable, tooDeep, codeNotAllowed
    /// A Python exception is set.
    case raised
  }

  private let version: Int
  private let allowCode: Bool
  private let layout: MarshalFormat.CodeLayout
  private var output: [UInt8] = []
  private var depth = 0
  /// Objects that later references may name, with their numbers.
  private var known: [Ref: Int32] = [:]

  private init(version: Int, allowCode: Bool, layout: MarshalFormat.CodeLayout) {
    self.version = version
    self.allowCode = allowCode
    self.layout = layout
  }

  /// The bytes of an object. Raises ValueError for what cannot be marshalled.
  static func dump(
    _ object: Ref, version: Int = MarshalFormat.version, allowCode: Bool = true
  ) throws(Raised) -> Owned {
    let content = try bytes(object, version: version, allowCode: allowCode)
    return try own(
      content.withUnsafeBytes {
        PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      })
  }

  static func bytes(
    _ object: Ref, version: Int = MarshalFormat.version, allowCode: Bool = true
  ) throws(Raised) -> [UInt8] {
    var writer = MarshalWriter(version: version, allowCode: allowCode, layout: .current)
    writer.output.reserveCapacity(64)
    do throws(Problem) {
      try writer.write(object)
    } catch {
      switch error {
      case .raised: throw Raised()
      case .tooDeep: throw raise(.valueError, "object too deeply nested to marshal")
      case .unmarshallable: throw raise(.valueError, "unmarshallable object")
      case .codeNotAllowed: throw raise(.valueError, "marshalling code objects is disallowed")
      }
    }
    return writer.output
  }

  private mutating func int32(_ value: Int32) {
    withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
  }

  private mutating func int16(_ value: UInt16) {
    output.append(UInt8(truncatingIfNeeded: value))
    output.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  private mutating func double(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { output.append(contentsOf: $0) }
  }

  private mutating func count(_ value: Int) throws(Problem) {
    guard let narrow = Int32(exactly: value) else { throw .unmarshallable }
    int32(narrow)
  }

  private mutating func content(_ start: UnsafeRawPointer?, _ count: Int) {
    output.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
  }

  private mutating func floatText(_ value: Double) throws(Problem) {
    guard let text = PyOS_double_to_string(value, CChar(UInt8(ascii: "g")), 17, 0, nil) else {
      throw .raised
    }
    defer { PyMem_Free(text) }
    let length = strlen(text)
    output.append(UInt8(truncatingIfNeeded: length))
    content(text, length)
  }

  private mutating func write(_ object: Ref?) throws(Problem) {
    guard let object else { return output.append(Code.null) }
    depth += 1
    defer { depth -= 1 }
    if depth > MarshalFormat.depthLimit { throw .tooDeep }
    if object.isNone { return output.append(Code.none) }
    if object == falseObject() { return output.append(Code.false) }
    if object == trueObject() { return output.append(Code.true) }
    if object == ellipsisObject() { return output.append(Code.ellipsis) }
    if object == .stopIteration { return output.append(Code.stopIteration) }
    var flag: UInt8 = 0
    // An object with one reference cannot turn up a second time. Interned strings may have it by
    // chance, and are entered all the same since 3.12, so that equal code gives equal files.
    if version >= 3 && (object.pointee.ob_refcnt != 1 || (layout == .own && isInterned(object))) {
      if let number = known[object] {
        output.append(Code.reference)
        return int32(number)
      }
      guard let number = Int32(exactly: known.count) else { throw .unmarshallable }
      known[object] = number
      flag = MarshalFormat.referenceFlag
    }
    try writeNew(object, flag)
  }

  private func isInterned(_ object: Ref) -> Bool {
    object.type == strType() && apus_str_interned(object) != 0
  }

  private mutating func writeNew(_ object: Ref, _ flag: UInt8) throws(Problem) {
    let type = object.type
    switch type {
    case intType(): try integer(object, flag)
    case floatType():
      let value = object.view(PyFloatObject.self).pointee.ob_fval
      if version > 1 {
        output.append(Code.binaryFloat | flag)
        double(value)
      } else {
        output.append(Code.float | flag)
        try floatText(value)
      }
    case complexType():
      let value = object.view(PyComplexObject.self).pointee.cval
      if version > 1 {
        output.append(Code.binaryComplex | flag)
        double(value.real)
        double(value.imag)
      } else {
        output.append(Code.complex | flag)
        try floatText(value.real)
        try floatText(value.imag)
      }
    case bytesType():
      output.append(Code.bytes | flag)
      try count(apus_var_size(object))
      content(apus_bytes_data(object), apus_var_size(object))
    case strType(): try string(object, flag)
    case tupleType():
      let size = apus_var_size(object)
      if version >= 4 && size < 256 {
        output.append(Code.smallTuple | flag)
        output.append(UInt8(size))
      } else {
        output.append(Code.tuple | flag)
        try count(size)
      }
      for index in 0..<size { try write(apus_tuple_item(object, index)) }
    case listType():
      output.append(Code.list | flag)
      let size = apus_var_size(object)
      try count(size)
      // Nothing here runs Python code, except through the buffer of an item.
      for index in 0..<size where index < apus_var_size(object) {
        try write(apus_list_item(object, index))
      }
    case dictType():
      output.append(Code.dict | flag)
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(object, &position, &key, &value) != 0 {
        try write(key)
        try write(value)
      }
      output.append(Code.null)
    case setType(), frozenSetType(): try set(object, flag)
    case codeType(): try code(object, flag)
    default:
      guard PyObject_CheckBuffer(object) != 0 else {
        output.append(Code.unknown)
        throw .unmarshallable
      }
      var view = Py_buffer()
      if PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0 {
        PyErr_Clear()
        throw .unmarshallable
      }
      defer { PyBuffer_Release(&view) }
      output.append(Code.bytes | flag)
      try count(view.len)
      content(view.buf, view.len)
    }
  }

  /// Within 32 bits a number; beyond, digits of 15 bits, their count carrying the sign.
  private mutating func integer(_ object: Ref, _ flag: UInt8) throws(Problem) {
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(object, &overflow)
    if overflow == 0, let narrow = Int32(exactly: value) {
      output.append(Code.int | flag)
      return int32(narrow)
    }
    output.append(Code.long | flag)
    let digits = apus_long_digits(object)
    let size = apus_long_digit_count(object)
    var halves = size * 2
    if size > 0 && digits[size - 1] < 1 << 15 { halves -= 1 }
    try count(apus_long_sign(object) < 0 ? -halves : halves)
    for half in 0..<halves {
      int16(UInt16(truncatingIfNeeded: (digits[half >> 1] >> (half & 1 == 0 ? 0 : 15)) & 0x7FFF))
    }
  }

  private mutating func string(_ object: Ref, _ flag: UInt8) throws(Problem) {
    let interned = apus_str_interned(object) != 0
    if version >= 4 && apus_str_is_ascii(object) != 0 {
      let length = apus_str_length(object)
      if length < 256 {
        output.append((interned ? Code.shortAsciiInterned : Code.shortAscii) | flag)
        output.append(UInt8(length))
      } else {
        output.append((interned ? Code.asciiInterned : Code.ascii) | flag)
        try count(length)
      }
      content(apus_str_data(object), length)
      return
    }
    guard let encoded = PyUnicode_AsEncodedString(object, "utf8", "surrogatepass") else {
      throw .raised
    }
    defer { Py_DECREF(encoded) }
    output.append((version >= 3 && interned ? Code.interned : Code.unicode) | flag)
    try count(apus_var_size(encoded))
    content(apus_bytes_data(encoded), apus_var_size(encoded))
  }

  /// The keys in the order of their own marshalled bytes, so that equal sets have equal bytes.
  private mutating func set(_ object: Ref, _ flag: UInt8) throws(Problem) {
    output.append((object.type == setType() ? Code.set : Code.frozenset) | flag)
    let view = object.view(PySetObject.self)
    try count(view.pointee.used)
    var keys: [(bytes: [UInt8], key: Ref)] = []
    // Held twice, as the set and the list of pairs do: the keys count as shared.
    defer { for entry in keys { Py_DECREF(entry.key) } }
    for slot in 0...view.pointee.mask {
      guard let key = view.pointee.table[slot].key, view.pointee.table[slot].hash != -1 else {
        continue
      }
      Py_INCREF(key)
      keys.append(([], key))
    }
    for index in keys.indices {
      var writer = MarshalWriter(version: version, allowCode: allowCode, layout: layout)
      writer.depth = depth
      try writer.write(keys[index].key)
      keys[index].bytes = writer.output
    }
    let order = keys.indices.sorted { keys[$0].bytes.lexicographicallyPrecedes(keys[$1].bytes) }
    for index in order { try write(keys[index].key) }
  }

  /// The fields of `CodeParts` in their order, but the first line before the tables.
  private mutating func code(_ object: Ref, _ flag: UInt8) throws(Problem) {
    if !allowCode { throw .codeNotAllowed }
    let code = object.view(PyCodeObject.self)
    output.append(Code.code | flag)
    if layout == .python310 { return try code310(code) }
    int32(code.pointee.co_argcount)
    int32(code.pointee.co_posonlyargcount)
    int32(code.pointee.co_kwonlyargcount)
    int32(code.pointee.co_stacksize)
    int32(code.pointee.co_flags)
    try write(code.pointee.co_wordcode)
    try write(code.pointee.co_consts)
    try write(code.pointee.co_names)
    try write(code.pointee.co_varnames)
    try write(code.pointee.co_cellvars)
    try write(code.pointee.co_freevars)
    try write(code.pointee.co_filename)
    try write(code.pointee.co_name)
    try write(code.pointee.co_qualname)
    int32(code.pointee.co_firstlineno)
    try write(code.pointee.co_lnotab310)
    try write(code.pointee.co_linetable)
  }

  /// CPython: Python/marshal.c of 3.10, w_complex_object.
  private mutating func code310(_ code: UnsafeMutablePointer<PyCodeObject>) throws(Problem) {
    int32(code.pointee.co_argcount)
    int32(code.pointee.co_posonlyargcount)
    int32(code.pointee.co_kwonlyargcount)
    int32(code.pointee.co_nlocals)
    int32(code.pointee.co_stacksize)
    int32(code.pointee.co_flags)
    try write(code.pointee.co_wordcode)
    try write(code.pointee.co_consts)
    try write(code.pointee.co_names)
    try write(code.pointee.co_varnames)
    try write(code.pointee.co_freevars)
    try write(code.pointee.co_cellvars)
    try write(code.pointee.co_filename)
    try write(code.pointee.co_name)
    int32(code.pointee.co_firstlineno)
    try write(code.pointee.co_lnotab310)
  }
}
