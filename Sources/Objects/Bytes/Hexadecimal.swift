import CPythonABI

/// Bytes as hexadecimal digits and back, for bytes, bytearray, memoryview and `binascii`.
public enum Hexadecimal {
  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  /// The value of a hexadecimal digit, or nil.
  public static func value(_ character: UInt32) -> UInt8? {
    switch character {
    case 48...57: UInt8(truncatingIfNeeded: character - 48)
    case 65...70: UInt8(truncatingIfNeeded: character - 55)
    case 97...102: UInt8(truncatingIfNeeded: character - 87)
    default: nil
    }
  }

  /// Digits of the bytes as str (or bytes), with a separator after every `group` bytes counted from
  /// the right (negative: from the left). Raises ValueError for a bad separator.
  public static func text(
    _ base: UnsafePointer<UInt8>, _ count: Int, separator: Ref?, group: Int, asBytes: Bool = false
  ) throws(Raised) -> Ref {
    var mark: UInt8 = 0
    var group = group
    if let separator {
      let length = PyObject_Length(separator)
      if length < 0 { throw Raised() }
      if length != 1 { throw raise(.valueError, "sep must be length 1.") }
      if separator.isStr {
        if PyUnicode(separator).kind != 1 { throw raise(.valueError, "sep must be ASCII.") }
        mark = UInt8(truncatingIfNeeded: PyUnicode(separator)[0])
      } else if separator.isBytes {
        mark = apus_bytes_data(separator)[0]
      } else {
        throw raise(.typeError, "sep must be str or bytes.")
      }
      if mark > 127 && !asBytes { throw raise(.valueError, "sep must be ASCII.") }
    } else {
      group = 0
    }
    let size = group == Int.min ? Int.max : abs(group)
    let marks = size == 0 || count == 0 ? 0 : (count - 1) / size
    let (digits, overflow) = count.multipliedReportingOverflow(by: 2)
    let (length, tooLong) = digits.addingReportingOverflow(marks)
    if overflow || tooLong { throw raiseNoMemory() }
    let result: Owned
    let target: UnsafeMutablePointer<UInt8>
    if asBytes {
      result = try PyBytes.make(length)
      target = PyBytes(result.ref).data
    } else {
      result = try PyUnicode.make(length, max: 127)
      target = PyUnicode(result.ref).data.as(UInt8.self)
    }
    if length == 0 { return result.give() }
    // How many bytes come before the first separator.
    var untilMark = marks == 0 ? count : group < 0 ? size : count - marks * size
    var position = 0
    for index in 0..<count {
      if untilMark == 0 {
        target[position] = mark
        position &+= 1
        untilMark = size
      }
      untilMark &-= 1
      target[position] = digit(base[index] >> 4)
      target[position &+ 1] = digit(base[index] & 15)
      position &+= 2
    }
    return result.give()
  }

  /// The bytes that pairs of digits stand for; ASCII white space may stand between pairs.
  static func bytes(_ text: PyUnicode) throws(Raised) -> Owned {
    var writer = try ByteWriter(capacity: text.count / 2)
    var index = 0
    while index < text.count {
      let first = text[index]
      if first < 128 && ByteView.isSpace(UInt8(truncatingIfNeeded: first)) {
        index += 1
        continue
      }
      guard let high = value(first) else { throw fault(index) }
      index += 1
      guard index < text.count, let low = value(text[index]) else { throw fault(index) }
      index += 1
      try writer.append(high << 4 | low)
    }
    return try writer.finish()
  }

  private static func fault(_ position: Int) -> Raised {
    raise(
      .valueError, "non-hexadecimal number found in fromhex() arg at position \(position)")
  }
}

extension ByteMethods {
  static let hex: Method = .keywords(
    "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
    """
    The content as hexadecimal digits, two for each byte.

    sep, one character, is put between groups of bytes_per_sep bytes, counted from the right, or
    from the left when bytes_per_sep is negative.

    >>> b'\\x12\\xab'.hex('-')
    '12-ab'
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(hex, args, count, names)
      let group = Int(try a.int32(1, default: 1))
      let view = ByteView(object)
      return Owned(
        adopting: try Hexadecimal.text(view.base, view.count, separator: a[0], group: group))
    }
  }

  static let fromhex: Method = Method.o(
    "fromhex($type, string, /)",
    "An object of the bytes that a string of hexadecimal digits stands for; spaces are skipped."
  ) { type, text in
    new {
      guard text.isStr else {
        throw badArgument("fromhex", "argument", expected: "str", got: text)
      }
      let bytes = try Hexadecimal.bytes(PyUnicode(text))
      if type == bytesType().object { return bytes }
      if type == byteArrayType().object { return try PyByteArray.make(PyBytes(bytes.ref).data, PyBytes(bytes.ref).count) }
      return try own(PyObject_CallOneArg(type, bytes.ref))
    }
  }.classMethod

  static let decode: Method = .keywords(
    "decode($self, /, encoding='utf-8', errors='strict')",
    "The text that the bytes encode; errors names the handler of what does not decode."
  ) { object, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      let encoding = try a.str(0)
      let errors = try a.str(1)
      let encodingName = try encoding.map { ref throws(Raised) in try PyUnicode(ref).cString() } ?? nil
      let errorsName = try errors.map { ref throws(Raised) in try PyUnicode(ref).cString() } ?? nil
      return try own(PyUnicode_FromEncodedObject(object, encodingName, errorsName))
    }
  }

  /// `object % arguments`
  static func format(_ object: Ref, _ arguments: Ref) throws(Raised) -> Owned {
    let view = try ByteBuffer(object)
    let result = try BytesFormat.format(view.bytes, arguments)
    return object.isBytes ? result : try make(like: object, ByteView(result.ref))
  }

  /// `object[key]` for an index or a slice.
  static func subscripted(
    _ object: Ref, _ key: Ref, range: StaticString, type: StaticString
  ) throws(Raised) -> Owned {
    if PyIndex_Check(key) != 0 {
      var index: Int
      if key.isExactInt && apus_long_is_compact(key) != 0 {
        index = apus_long_compact_value(key)
      } else {
        index = PyNumber_AsSsize_t(key, .indexError)
        if index == -1 && hasRaised() { throw Raised() }
      }
      let view = ByteView(object)
      if index < 0 { index += view.count }
      if index < 0 || index >= view.count { throw raise(.indexError, "\(range)") }
      return Owned(adopting: apus_small_int(Int(view[index])))
    }
    guard key.type == sliceType() else {
      throw raise(
        .typeError,
        "\(type) indices must be integers or slices, not \(key.type.fullName)")
    }
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let view = ByteView(object)
    let count = PySlice_AdjustIndices(view.count, &start, &stop, step)
    if count <= 0 { return try make(like: object, view.part(0, 0)) }
    if step == 1 {
      if object.isBytes { return try part(object, start, start + count) }
      return try make(like: object, view.part(start, start + count))
    }
    let (result, target) = try make(like: object, count)
    var position = start
    for index in 0..<count {
      target[index] = view[position]
      position &+= step
    }
    return Owned(adopting: result)
  }
}
