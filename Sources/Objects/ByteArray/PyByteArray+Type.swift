import CPythonABI
import Glibc

extension PyByteArray {
  static let spec = TypeSpec(
    byteArrayType(), "bytearray", basicSize: MemoryLayout<PyByteArrayObject>.size,
    flags: [.baseType, .matchSelf],
    doc: """
      bytearray(iterable_of_ints) -> bytearray
      bytearray(string, encoding[, errors]) -> bytearray
      bytearray(bytes_or_buffer) -> a mutable copy of the content
      bytearray(int) -> that many zero bytes
      bytearray() -> no bytes

      A mutable sequence of bytes, made from integers in range(256), from an encoded string, from
      the content of any object with a buffer, or with a size.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { PyByteArray.deallocate($0) },
      .tp_repr { array in new { try PyByteArray(array).literal() } },
      .tp_str { array in new { try PyByteArray(array).literal() } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_hash(PyObject_HashNotImplemented),
      .tp_richcompare { PyByteArray.richCompare($0, $1, $2) },
      .tp_iter { array in new { try ByteIterator.make(array, byteArrayIterType()) } },
      .tp_init { array, args, keywords in
        status { try PyByteArray(array).initialize(args, keywords) }
      },
      .tp_alloc { PyType_GenericAlloc($0, $1) },
      .tp_new { type, _, _ in PyType_GenericAlloc(type, 0) },
      .freesUntracked,
      .nb_remainder { array, arguments in
        if !array.isInstance(of: byteArrayType()) { return notImplementedObject() }
        return new { try ByteMethods.format(array, arguments) }
      },
      .sq_length { apus_var_size($0) },
      .sq_concat { PyByteArray_Concat($0, $1) },
      .sq_repeat { array, count in new { try ByteMethods.repeated(array, count) } },
      .sq_item { array, index in
        if index < 0 || index >= apus_var_size(array) {
          _ = raise(.indexError, "bytearray index out of range")
          return nil
        }
        return apus_small_int(Int(PyByteArray(array).data[index]))
      },
      .sq_ass_item { array, index, value in
        status { try PyByteArray(array).setItem(index, value) }
      },
      .sq_contains { array, element in truth { try ByteMethods.contains(array, element) } },
      .sq_inplace_concat { array, other in
        new {
          guard PyObject_CheckBuffer(other) != 0 else {
            throw raise(
              .typeError, "can't concat \(other.type.fullName) to \(array.type.fullName)")
          }
          let hold = try ByteBuffer(other)
          let content = PyByteArray(array)
          try content.replace(content.count, content.count, with: hold.base, hold.count)
          return array.retained()
        }
      },
      .sq_inplace_repeat { array, times in
        new {
          try PyByteArray(array).multiply(times)
          return array.retained()
        }
      },
      .mp_length { apus_var_size($0) },
      .mp_subscript { array, key in
        new {
          try ByteMethods.subscripted(
            array, key, range: "bytearray index out of range", type: "bytearray")
        }
      },
      .mp_ass_subscript { array, key, value in
        status { try PyByteArray(array).assign(key, value) }
      },
      .bf_getbuffer { PyByteArray($0).export($1, $2) },
      .bf_releasebuffer { array, _ in PyByteArray(array).object.pointee.ob_exports -= 1 },
    ],
    methods: [
      alloc, reduce, reduceEx, sizeof, append, ByteMethods.capitalize, ByteMethods.center, clear,
      copy, ByteMethods.count, ByteMethods.decode, ByteMethods.endswith, ByteMethods.expandtabs,
      extend, ByteMethods.find, ByteMethods.fromhex, ByteMethods.hex, ByteMethods.index, insert,
      ByteMethods.isalnum, ByteMethods.isalpha, ByteMethods.isascii, ByteMethods.isdigit,
      ByteMethods.islower, ByteMethods.isspace, ByteMethods.istitle, ByteMethods.isupper,
      ByteMethods.join, ByteMethods.ljust, ByteMethods.lower, ByteMethods.lstrip,
      ByteMethods.maketrans, ByteMethods.partition, pop, remove, ByteMethods.replace,
      ByteMethods.removeprefix, ByteMethods.removesuffix, reverse, ByteMethods.rfind,
      ByteMethods.rindex, ByteMethods.rjust, ByteMethods.rpartition, ByteMethods.rsplit,
      ByteMethods.rstrip, ByteMethods.split, ByteMethods.splitlines, ByteMethods.startswith,
      ByteMethods.strip, ByteMethods.swapcase, ByteMethods.title, ByteMethods.translate,
      ByteMethods.upper, ByteMethods.zfill,
    ])

  private func setItem(_ index: Int, _ value: Ref?) throws(Raised) {
    let byte = try value.map { object throws(Raised) in try Self.byte(object) }
    if index < 0 || index >= count { throw raise(.indexError, "bytearray index out of range") }
    if let byte { data[index] = byte } else { try remove(at: index) }
  }

  private func export(_ view: UnsafeMutablePointer<Py_buffer>, _ flags: Int32) -> Int32 {
    let result = PyBuffer_FillInfo(view, ref, data, count, 0, flags)
    if result == 0 { object.pointee.ob_exports += 1 }
    return result
  }

  /// `bytearray(b'...')`; unlike that of bytes the literal escapes every single quote.
  func literal() throws(Raised) -> Owned {
    let view = ByteView(ref)
    var singles = false
    var doubles = false
    for index in 0..<view.count {
      if view[index] == 39 { singles = true } else if view[index] == 34 { doubles = true }
    }
    let quote: UInt8 = singles && !doubles ? 34 : 39
    var writer = TextWriter(minimum: view.count + 14)
    try writer.append(ref.type.name)
    try writer.append(ascii: "(b")
    try writer.append(UInt32(quote))
    for index in 0..<view.count { try writer.append(byteEscape: view[index], quote: 39) }
    try writer.append(UInt32(quote))
    try writer.append(41)
    return try writer.finish()
  }

  func multiply(_ times: Int) throws(Raised) {
    let times = Swift.max(times, 0)
    if times == 1 { return }
    let size = count
    let (total, overflow) = size.multipliedReportingOverflow(by: times)
    if overflow { throw raiseNoMemory() }
    try resize(to: total)
    if size == 0 || times == 0 { return }
    var done = size
    while done < total {
      let more = Swift.min(done, total - done)
      memcpy(data + done, data, more)
      done += more
    }
  }

  static func richCompare(_ left: Ref, _ right: Ref, _ op: Int32) -> Ref? {
    new {
      guard PyObject_CheckBuffer(left) != 0, PyObject_CheckBuffer(right) != 0 else {
        if apus_bytes_warning_flag().pointee != 0 && (op == Py_EQ || op == Py_NE)
          && (left.isStr || right.isStr)
        {
          try check(PyErr_WarnEx(.bytesWarning, "Comparison between bytearray and string", 1))
        }
        return Owned(adopting: notImplementedObject())
      }
      // Who does not give its bytes is not compared.
      for side in [left, right] where !side.isBytes && side.type != byteArrayType() {
        var probe = Py_buffer()
        guard PyObject_GetBuffer(side, &probe, PyBUF_SIMPLE) == 0 else {
          PyErr_Clear()
          return Owned(adopting: notImplementedObject())
        }
        PyBuffer_Release(&probe)
      }
      let first = try ByteBuffer(left)
      let second = try ByteBuffer(right)
      let a = first.bytes
      let b = second.bytes
      let result =
        switch op {
        case Py_EQ: a.equals(b)
        case Py_NE: !a.equals(b)
        case Py_LT: a.compare(b) < 0
        case Py_LE: a.compare(b) <= 0
        case Py_GT: a.compare(b) > 0
        default: a.compare(b) >= 0
        }
      return Owned(adopting: boolObject(result))
    }
  }

  // MARK: bytearray(...)

  private static let constructor: Method = .noargs(
    "bytearray(source=b'', encoding=None, errors=None)", ""
  ) { _, _ in nil }

  func initialize(_ args: Ref, _ keywords: Ref?) throws(Raised) {
    let a = try Arguments(Self.constructor, tuple: args, keywords: keywords)
    let encoding = try nameArgument(a[1], "bytearray", "encoding")
    let errors = try nameArgument(a[2], "bytearray", "errors")
    if count != 0 { try resize(to: 0) }
    guard let source = a[0] else {
      if encoding != nil || errors != nil {
        throw raise(
          .typeError,
          encoding != nil
            ? "encoding without a string argument" : "errors without a string argument")
      }
      return
    }
    if source.isStr {
      guard encoding != nil else {
        throw raise(.typeError, "string argument without an encoding")
      }
      let encoded = try own(PyUnicode_AsEncodedString(source, encoding, errors))
      try append(contentsOf: encoded.ref)
      return
    }
    if encoding != nil || errors != nil {
      throw raise(
        .typeError,
        encoding != nil
          ? "encoding without a string argument" : "errors without a string argument")
    }
    if PyIndex_Check(source) != 0 {
      let size = PyNumber_AsSsize_t(source, .overflowError)
      if size != -1 || !hasRaised() {
        if size < 0 { throw raise(.valueError, "negative count") }
        if size > 0 {
          try resize(to: size)
          memset(data, 0, size)
        }
        return
      }
      if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    if PyObject_CheckBuffer(source) != 0 {
      let hold = try ByteBuffer(source, flags: PyBUF_FULL_RO)
      try resize(to: hold.count)
      if hold.count > 0 { try hold.copy(to: data) }
      return
    }
    guard let found = PyObject_GetIter(source) else {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        throw raise(
          .typeError, "cannot convert '\(source.type.fullName)' object to bytearray")
      }
      throw Raised()
    }
    let iterator = Owned(adopting: found)
    while let item = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: item)
      try append(try Self.byte(item.ref))
    }
    if hasRaised() { throw Raised() }
  }
}

/// The types of this folder.
enum ByteArrayTypes {
  static let specs = [
    PyByteArray.spec, ByteIterator.spec(byteArrayIterType(), "bytearray_iterator"),
  ]
}
