import CPythonABI
import Glibc
import Objects

/// Which instructions an object becomes.
extension Pickler {
  private static let recursionPlace: StaticString = " while pickling an object"

  /// Writes an object. `persistent` is off for what `persistent_id` itself returned.
  func save(_ object: Ref, persistent: Bool = true) throws(Raised) {
    try commitFrame()
    if own.pointee.persistentID != nil, persistent, try savePersistent(object) { return }
    let type = object.type
    // Not in the memo.
    if type == intType() { return try saveInt(object) }
    if object.isNone { return try write(Opcode.none) }
    if type == boolType() { return try saveBool(object) }
    if type == floatType() { return try saveFloat(object) }
    if let number = memo.find(object) { return try saveReference(number) }
    if type == strType() { return try saveStr(object) }
    if type == bytesType() { return try saveBytes(object) }
    try check(Py_EnterRecursiveCall(cString(Self.recursionPlace)))
    defer { Py_LeaveRecursiveCall() }
    if type == dictType() { return try saveDict(object) }
    if type == listType() { return try saveList(object) }
    if type == tupleType() { return try saveTuple(object) }
    if type == setType() { return try saveSet(object) }
    if type == frozenSetType() { return try saveFrozenSet(object) }
    if type == byteArrayType() { return try saveByteArray(object) }
    if type == pickleBufferType() { return try savePickleBuffer(object) }
    try saveByReduction(object)
  }

  /// Writes `persistent_id(object)` in place of the object unless that is None.
  private func savePersistent(_ object: Ref) throws(Raised) -> Bool {
    guard let hook = own.pointee.persistentID else { return false }
    let method = hook.retained()
    let identity = try Objects.own(PyObject_CallOneArg(method.ref, object))
    if identity.ref.isNone { return false }
    if own.pointee.isBinary != 0 {
      try save(identity.ref, persistent: false)
      try write(Opcode.binPersistentID)
      return true
    }
    let text = try Objects.own(PyObject_Str(identity.ref))
    guard apus_str_is_ascii(text.ref) != 0 else {
      throw PickleState.raisePickling("persistent IDs in protocol 0 must be ASCII strings")
    }
    try write(Opcode.persistentID)
    try write(apus_str_data(text.ref), apus_str_length(text.ref))
    try write(UInt8(ascii: "\n"))
    return true
  }

  // MARK: The memo

  func saveReference(_ number: Int) throws(Raised) {
    if own.pointee.isBinary == 0 {
      try write(Opcode.get)
      return try write("\(number)\n")
    }
    let place = try room(5)
    if number < 256 {
      place[0] = Opcode.binGet
      place[1] = UInt8(truncatingIfNeeded: number)
      own.pointee.count &+= 2
    } else if number <= 0xFFFF_FFFF {
      place[0] = Opcode.longBinGet
      Self.store(UInt32(truncatingIfNeeded: number), place + 1)
      own.pointee.count &+= 5
    } else {
      throw PickleState.raisePickling("memo id too large for LONG_BINGET")
    }
  }

  /// Remembers the object on top of the machine's stack.
  func memoize(_ object: Ref) throws(Raised) {
    if own.pointee.fast != 0 { return }
    let memo = memo
    let number = memo.count
    try memo.set(object, number)
    if own.pointee.version >= 4 { return try write(Opcode.memoize) }
    if own.pointee.isBinary == 0 {
      try write(Opcode.put)
      return try write("\(number)\n")
    }
    let place = try room(5)
    if number < 256 {
      place[0] = Opcode.binPut
      place[1] = UInt8(truncatingIfNeeded: number)
      own.pointee.count &+= 2
    } else if number <= 0xFFFF_FFFF {
      place[0] = Opcode.longBinPut
      Self.store(UInt32(truncatingIfNeeded: number), place + 1)
      own.pointee.count &+= 5
    } else {
      throw PickleState.raisePickling("memo id too large for LONG_BINPUT")
    }
  }

  // MARK: Scalars

  private func saveBool(_ object: Ref) throws(Raised) {
    let value = object == trueObject()
    if own.pointee.version >= 2 {
      return try write(value ? Opcode.newTrue : Opcode.newFalse)
    }
    try write(value ? "I01\n" : "I00\n")
  }

  private func saveInt(_ object: Ref) throws(Raised) {
    if apus_long_is_compact(object) != 0 {
      let value = apus_long_compact_value(object)
      if let small = Int32(exactly: value) { return try saveInt32(small) }
    } else {
      var overflow: Int32 = 0
      let value = PyLong_AsLongAndOverflow(object, &overflow)
      if overflow == 0, let small = Int32(exactly: value) { return try saveInt32(small) }
    }
    if own.pointee.version < 2 {
      let shown = try Objects.own(PyObject_Repr(object))
      try write(Opcode.long)
      try write(apus_str_data(shown.ref), apus_str_length(shown.ref))
      return try write("L\n")
    }
    var size = _PyLong_NumBits(object) / 8 + 1
    guard size <= 0x7FFF_FFFF else {
      throw raise(.overflowError, "int too large to pickle")
    }
    let short = size < 256
    let header = short ? 2 : 5
    let place = try room(header + size)
    let digits = place + header
    if _PyLong_AsByteArray(object, digits, size, 1, 1, 1) < 0 { throw Raised() }
    // A negative power of two has a byte too many.
    if size > 1 && digits[size - 1] == 0xFF && digits[size - 2] & 0x80 != 0 { size -= 1 }
    if short {
      place[0] = Opcode.long1
      place[1] = UInt8(truncatingIfNeeded: size)
    } else if size < 256 {
      memmove(place + 2, digits, size)
      place[0] = Opcode.long1
      place[1] = UInt8(truncatingIfNeeded: size)
      own.pointee.count &+= 2 + size
      return
    } else {
      place[0] = Opcode.long4
      Self.store(UInt32(truncatingIfNeeded: size), place + 1)
    }
    own.pointee.count &+= header + size
  }

  private func saveInt32(_ value: Int32) throws(Raised) {
    if own.pointee.isBinary == 0 {
      try write(Opcode.int)
      return try write("\(value)\n")
    }
    let place = try room(5)
    if value >= 0 && value < 256 {
      place[0] = Opcode.binInt1
      place[1] = UInt8(truncatingIfNeeded: value)
      own.pointee.count &+= 2
    } else if value >= 0 && value < 65536 {
      place[0] = Opcode.binInt2
      Self.store(UInt16(truncatingIfNeeded: value), place + 1)
      own.pointee.count &+= 3
    } else {
      place[0] = Opcode.binInt
      Self.store(value, place + 1)
      own.pointee.count &+= 5
    }
  }

  private func saveFloat(_ object: Ref) throws(Raised) {
    let value = object.view(PyFloatObject.self).pointee.ob_fval
    if own.pointee.isBinary != 0 {
      let place = try room(9)
      place[0] = Opcode.binFloat
      UnsafeMutableRawPointer(place + 1).storeBytes(
        of: value.bitPattern.bigEndian, as: UInt64.self)
      own.pointee.count &+= 9
      return
    }
    try write(Opcode.float)
    let shown = try Objects.own(PyObject_Repr(object))
    try write(apus_str_data(shown.ref), apus_str_length(shown.ref))
    try write(UInt8(ascii: "\n"))
  }

  // MARK: Text and bytes

  private func saveStr(_ object: Ref) throws(Raised) {
    if own.pointee.isBinary == 0 {
      try saveEscaped(object)
    } else if apus_str_is_ascii(object) != 0 {
      try saveUTF8(apus_str_data(object), apus_str_length(object), payload: nil)
    } else {
      var size = 0
      if let utf8 = PyUnicode_AsUTF8AndSize(object, &size) {
        try saveUTF8(utf8, size, payload: nil)
      } else {
        // Lone surrogates.
        PyErr_Clear()
        let encoded = try Objects.own(PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass"))
        try saveUTF8(
          apus_bytes_data(encoded.ref), apus_var_size(encoded.ref), payload: encoded.ref)
      }
    }
    try memoize(object)
  }

  private func saveUTF8(
    _ utf8: UnsafeRawPointer, _ size: Int, payload: Ref?
  ) throws(Raised) {
    var header: (UInt64, UInt64) = (0, 0)
    try withUnsafeMutableBytes(of: &header) { buffer throws(Raised) in
      guard let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      let length: Int
      if size < 256 && own.pointee.version >= 4 {
        bytes[0] = Opcode.shortBinUnicode
        bytes[1] = UInt8(truncatingIfNeeded: size)
        length = 2
      } else if size <= 0xFFFF_FFFF {
        bytes[0] = Opcode.binUnicode
        Self.store(UInt32(truncatingIfNeeded: size), bytes + 1)
        length = 5
      } else if own.pointee.version >= 4 {
        bytes[0] = Opcode.binUnicode8
        Self.store(UInt64(size), bytes + 1)
        length = 9
      } else {
        throw raise(
          .overflowError,
          "serializing a string larger than 4 GiB requires pickle protocol 4 or higher")
      }
      try write(bytes, length, utf8, size, payload: payload)
    }
  }

  /// Protocol 0: a line of Latin-1 with escapes for everything else and for what ends lines.
  private func saveEscaped(_ object: Ref) throws(Raised) {
    try write(Opcode.unicode)
    let kind = apus_str_kind(object)
    let data = apus_str_data(object)
    for index in 0..<apus_str_length(object) {
      let c = apus_str_read(kind, data, index)
      let digits = c > 0xFFFF ? 8 : 4
      let plain =
        c < 256 && c != 0 && c != 10 && c != 13 && c != 0x1A && c != UInt32(UInt8(ascii: "\\"))
      if plain {
        try write(UInt8(c))
        continue
      }
      try write(UInt8(ascii: "\\"))
      try write(UInt8(ascii: digits == 8 ? "U" : "u"))
      for place in (0..<digits).reversed() {
        let digit = UInt8((c >> (4 * UInt32(place))) & 15)
        try write(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
    try write(UInt8(ascii: "\n"))
  }

  private func saveBytes(_ object: Ref) throws(Raised) {
    if own.pointee.version >= 3 {
      return try saveBytes(
        object, apus_bytes_data(object), apus_var_size(object), payload: object)
    }
    // Python 2 has no instruction for them: bytes() or codecs.encode(text, 'latin1').
    let reduced: Owned
    if apus_var_size(object) == 0 {
      reduced = try tuple(
        bytesType().object.retained(), emptyTuple().retained())
    } else {
      let text = try Objects.own(
        PyUnicode_DecodeLatin1(
          UnsafeRawPointer(apus_bytes_data(object)).assumingMemoryBound(to: CChar.self),
          apus_var_size(object), nil))
      reduced = try tuple(
        PickleState.encode.retained(), try tuple(text, PickleState.names.latin1.retained()))
    }
    try saveReduced(reduced.ref, of: object)
  }

  /// The instruction for the bytes of an object, which goes into the memo.
  private func saveBytes(
    _ object: Ref, _ bytes: UnsafeRawPointer, _ size: Int, payload: Ref?
  ) throws(Raised) {
    var header: (UInt64, UInt64) = (0, 0)
    try withUnsafeMutableBytes(of: &header) { buffer throws(Raised) in
      guard let head = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      let length: Int
      if size < 256 {
        head[0] = Opcode.shortBinBytes
        head[1] = UInt8(truncatingIfNeeded: size)
        length = 2
      } else if size <= 0xFFFF_FFFF {
        head[0] = Opcode.binBytes
        Self.store(UInt32(truncatingIfNeeded: size), head + 1)
        length = 5
      } else if own.pointee.version >= 4 {
        head[0] = Opcode.binBytes8
        Self.store(UInt64(size), head + 1)
        length = 9
      } else {
        throw raise(
          .overflowError,
          "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher")
      }
      try write(head, length, bytes, size, payload: payload)
    }
    try memoize(object)
  }

  private func saveByteArray(_ object: Ref) throws(Raised) {
    if own.pointee.version >= 5 {
      let size = PyByteArray_Size(object)
      guard let bytes = PyByteArray_AsString(object) else { throw Raised() }
      return try saveMutableBytes(
        object, bytes, size, payload: size >= Format.frameTarget ? object : nil)
    }
    let reduced: Owned
    if PyByteArray_Size(object) == 0 {
      reduced = try tuple(byteArrayType().object.retained(), emptyTuple().retained())
    } else {
      let content = try Objects.own(PyBytes_FromObject(object))
      reduced = try tuple(byteArrayType().object.retained(), try tuple(content))
    }
    try saveReduced(reduced.ref, of: object)
  }

  private func saveMutableBytes(
    _ object: Ref, _ bytes: UnsafeRawPointer, _ size: Int, payload: Ref?
  ) throws(Raised) {
    var header: (UInt64, UInt64) = (0, 0)
    try withUnsafeMutableBytes(of: &header) { buffer throws(Raised) in
      guard let head = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      head[0] = Opcode.byteArray8
      Self.store(UInt64(size), head + 1)
      try write(head, 9, bytes, size, payload: payload)
    }
    try memoize(object)
  }

  /// A PickleBuffer: within the stream, or left to whoever `buffer_callback` handed it to.
  private func savePickleBuffer(_ object: Ref) throws(Raised) {
    if own.pointee.version < 5 {
      throw PickleState.raisePickling("PickleBuffer can only be pickled with protocol >= 5")
    }
    guard let view = PyPickleBuffer_GetBuffer(object) else { throw Raised() }
    var info = view.pointee
    guard info.suboffsets == nil, PyBuffer_IsContiguous(&info, CChar(UInt8(ascii: "A"))) != 0 else {
      throw PickleState.raisePickling(
        "PickleBuffer can not be pickled when pointing to a non-contiguous buffer")
    }
    var inBand = true
    if let callback = own.pointee.bufferCallback {
      let function = callback.retained()
      let answer = try Objects.own(PyObject_CallOneArg(function.ref, object))
      inBand = try check(PyObject_IsTrue(answer.ref)) != 0
    }
    // The callback may have released it.
    guard let held = PyPickleBuffer_GetBuffer(object) else { throw Raised() }
    let isReadOnly = held.pointee.readonly != 0
    if inBand {
      guard let bytes = held.pointee.buf ?? UnsafeMutableRawPointer(bitPattern: 1) else { return }
      if isReadOnly {
        return try saveBytes(object, bytes, held.pointee.len, payload: nil)
      }
      return try saveMutableBytes(object, bytes, held.pointee.len, payload: nil)
    }
    try write(Opcode.nextBuffer)
    if isReadOnly { try write(Opcode.readOnlyBuffer) }
  }
}
