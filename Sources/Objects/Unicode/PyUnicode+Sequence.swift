import CPythonABI

extension PyUnicode {
  /// The character at an index, negative ones from the end. Raises IndexError.
  @inline(__always)
  func item(at index: Int) throws(Raised) -> Owned {
    let position = index < 0 ? index &+ count : index
    if UInt(bitPattern: position) >= UInt(bitPattern: count) {
      throw raise(.indexError, "string index out of range")
    }
    return try Self.character(self[position])
  }

  /// `text[key]` for an index or a slice.
  static func subscripted(_ text: Ref, _ key: Ref) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    if key.isExactInt && apus_long_is_compact(key) != 0 {
      return try view.item(at: apus_long_compact_value(key))
    }
    if PyIndex_Check(key) != 0 {
      let index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { throw Raised() }
      return try view.item(at: index)
    }
    if key.type == sliceType() {
      var start = 0
      var stop = 0
      var step = 0
      try check(PySlice_Unpack(key, &start, &stop, &step))
      let count = PySlice_AdjustIndices(view.count, &start, &stop, step)
      return try view.slice(start, count, step)
    }
    throw raise(.typeError, "string indices must be integers, not '\(key.type.fullName)'")
  }

  /// Every `step`th code point, `count` of them.
  func slice(_ start: Int, _ count: Int, _ step: Int) throws(Raised) -> Owned {
    if count <= 0 { return Self.empty }
    if step == 1 { return try substring(start, start + count) }
    if count == 1 { return try Self.character(self[start]) }
    let result = try Self.make(count, max: limit)
    let target = PyUnicode(result.ref)
    var position = start
    for index in 0..<count {
      target.write(self[position], at: index)
      position &+= step
    }
    return try target.narrowed(result)
  }

  /// Bytes of memory the object and its buffers take.
  var memorySize: Int {
    var size: Int
    if isCompact {
      size = isASCII ? Self.asciiHeader + count + 1 : Self.header + (count + 1) * kind
    } else {
      size = 64 + (count + 1) * kind
    }
    // What a subclass adds to the struct.
    if !ref.isExactStr { size += Swift.max(0, ref.type.pointee.tp_basicsize - 64) }
    if ownUTF8 != nil { size += ref.view(PyCompactUnicodeObject.self).pointee.utf8_length + 1 }
    return size
  }
}

extension PyUnicode.Methods {
  static let sizeof: Method = .noargs(
    "__sizeof__($self, /)", "The bytes of memory the string takes."
  ) { text, _ in
    PyLong_FromSsize_t(PyUnicode(text).memorySize)
  }

  static let getnewargs: Method = .noargs("__getnewargs__($self, /)", "For pickling.") { text, _ in
    new {
      let view = PyUnicode(text)
      let copy = try view.copied()
      let tuple = try own(PyTuple_New(1))
      apus_tuple_items(tuple.ref)[0] = copy.give()
      return tuple
    }
  }
}

extension PyUnicode {
  /// A new exact str with the same text (the singletons stay themselves).
  func copied() throws(Raised) -> Owned { try Self.make(data, width: kind, count) }
}
