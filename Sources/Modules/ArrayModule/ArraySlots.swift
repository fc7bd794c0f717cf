import CPythonABI
import Glibc
import Objects

extension ArrayObject {
  static let spec = TypeSpec(
    type, "array.array", basicSize: MemoryLayout<Layout>.size, flags: [.baseType, .sequence],
    doc: """
      array(typecode [, initializer]) -> array

      A row of numbers of one machine type, or of characters.

      The typecode says which: b B signed and unsigned char, u w character, h H short, i I int,
      l L long, q Q long long, f float, d double. The initializer is an iterable of items,
      bytes-like data, or str for characters.
      """,
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_new { type, args, keywords in new { try construct(type, args, keywords) } },
      .tp_dealloc { object in
        let layout = ArrayObject(object).layout
        if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        PyMem_Free(layout.pointee.items)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try ArrayObject(object).shown() } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_richcompare { left, right, operation in new { try compare(left, right, operation) } },
      .tp_iter { object in new { try ArrayIterator.make(object) } },
      .sq_length { ArrayObject($0).count },
      .sq_concat { left, right in new { try concatenate(left, right) } },
      .sq_repeat { object, times in new { try ArrayObject(object).repeated(times) } },
      .sq_item { object, index in
        new {
          guard index >= 0, index < ArrayObject(object).count else {
            throw raise(.indexError, "array index out of range")
          }
          return try ArrayObject(object).load(index)
        }
      },
      .sq_ass_item { object, index, value in
        status {
          guard index >= 0, index < ArrayObject(object).count else {
            throw raise(.indexError, "array assignment index out of range")
          }
          guard let value else { return try ArrayObject(object).remove(index, index + 1) }
          try ArrayObject(object).store(
            value, at: index, else: "array assignment index out of range")
        }
      },
      .sq_contains { object, value in
        truth {
          let array = ArrayObject(object)
          return try array.index(of: value, from: 0, to: array.count) != nil
        }
      },
      .sq_inplace_concat { object, other in
        new {
          guard isArray(other) else {
            throw raise(
              .typeError, "can only extend array with array (not \"\(other.type.fullName)\")")
          }
          try ArrayObject(object).extend(array: other)
          return object.retained()
        }
      },
      .sq_inplace_repeat { object, times in
        new {
          try ArrayObject(object).repeatInPlace(times)
          return object.retained()
        }
      },
      .mp_length { ArrayObject($0).count },
      .mp_subscript { object, key in new { try ArrayObject(object).subscripted(key) } },
      .mp_ass_subscript { object, key, value in
        status { try ArrayObject(object).assign(key, value) }
      },
      .bf_getbuffer { object, view, flags in
        status { try ArrayObject(object).export(view, flags) }
      },
      .bf_releasebuffer { object, _ in ArrayObject(object).layout.pointee.exports -= 1 },
    ],
    methods: ArrayMethods.all,
    properties: [
      Property(
        "typecode", "the typecode character used to create the array",
        get: { object, _ in
          PyUnicode_FromOrdinal(Int32(bitPattern: ArrayObject(object).layout.pointee.typecode))
        }),
      Property(
        "itemsize", "the size, in bytes, of one array item",
        get: { object, _ in PyLong_FromSsize_t(ArrayObject(object).item.size) }),
    ])

  private static func construct(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    if type == self.type, let keywords, PyDict_Size(keywords) > 0 {
      throw raise(.typeError, "array.array() takes no keyword arguments")
    }
    let count = apus_var_size(args)
    if count < 1 || count > 2 {
      throw raise(
        .typeError,
        count < 1
          ? "array() takes at least 1 argument (0 given)"
          : "array() takes at most 2 arguments (\(count) given)")
    }
    let code = apus_tuple_item(args, 0)
    guard code.isStr, apus_str_length(code) == 1 else {
      throw raise(
        .typeError,
        "array() argument 1 must be a unicode character, not \(code.isNone ? "None" : code.type.fullName)")
    }
    let letter = apus_str_read(apus_str_kind(code), apus_str_data(code), 0)
    let initial = count == 2 ? apus_tuple_item(args, 1) : nil
    try Audit.send("array.__new__", [.object(code), .object(initial)])
    if letter == 0x75 {
      try check(
        PyErr_WarnEx(
          .deprecationWarning,
          "The 'u' type code is deprecated and will be removed in Python 3.16", 1))
    }
    let isText = letter == 0x75 || letter == 0x77
    if let initial, !isText {
      let letterText = Unicode.Scalar(letter).map { String($0) } ?? "?"
      if initial.isStr {
        throw raise(
          .typeError, "cannot use a str to initialize an array with typecode '\(letterText)'")
      }
      if isArray(initial), ArrayObject(initial).item.isText {
        throw raise(
          .typeError,
          "cannot use a unicode array to initialize an array with typecode '\(letterText)'")
      }
    }
    guard let item = ItemType(letter) else {
      throw raise(
        .valueError, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)")
    }
    let result = try make(type, item, 0)
    let array = ArrayObject(result.ref)
    guard let initial else { return result }
    if initial.isStr {
      try array.append(text: initial)
    } else if initial.isBytes || initial.isInstance(of: byteArrayType()) {
      _ = try array.frombytes(initial)
    } else if isArray(initial), ArrayObject(initial).item.code == item.code
      || (ArrayObject(initial).item.isText && isText)
    {
      try array.append(bytes: ArrayObject(initial).data, ArrayObject(initial).byteCount)
    } else if initial.isExactList || initial.isExactTuple {
      // As many items as needed, not more.
      let size = PyObject_Size(initial)
      let exact = try make(type, item, size)
      memset(ArrayObject(exact.ref).data, 0, size > 0 ? size * item.size : 0)
      for index in 0..<size {
        guard index < apus_var_size(initial) else { break }
        let value = Owned(
          retaining: initial.isExactList
            ? apus_list_item(initial, index) : apus_tuple_item(initial, index))
        try ArrayObject(exact.ref).store(
          value.ref, at: index, else: "array assignment index out of range")
      }
      return exact
    } else {
      let iterator = try own(PyObject_GetIter(initial))
      while let next = PyIter_Next(iterator.ref) {
        let value = Owned(adopting: next)
        try array.append(value.ref)
      }
      if hasRaised() { throw Raised() }
    }
    return result
  }

  /// Appends the memory of a bytes-like object.
  func frombytes(_ source: Ref) throws(Raised) -> Bool {
    var view = Py_buffer()
    try check(PyObject_GetBuffer(source, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    if view.itemsize != 1 {
      throw raise(.typeError, "a bytes-like object is required")
    }
    try append(bytes: view.buf, view.len)
    return true
  }

  private func shown() throws(Raised) -> Owned {
    let name = ref.type.name
    if count == 0 { return try own(newString("\(name)('\(item.letter)')")) }
    let content = try item.isText ? text() : list()
    let shown = try own(PyObject_Repr(content.ref))
    var result: Ref? = newString("\(name)('\(item.letter)', ")
    PyUnicode_Append(&result, shown.ref)
    PyUnicode_AppendAndDel(&result, newString(")"))
    return try own(result)
  }

  private static func concatenate(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    guard isArray(right) else {
      throw raise(
        .typeError, "can only append array (not \"\(right.type.fullName)\") to array")
    }
    let a = ArrayObject(left)
    let b = ArrayObject(right)
    if a.item.code != b.item.code {
      throw raise(.typeError, "bad argument type for built-in operation")
    }
    let (size, overflow) = a.count.addingReportingOverflow(b.count)
    if overflow { throw raiseNoMemory() }
    let result = try make(type, a.item, size)
    let target = ArrayObject(result.ref).data
    if a.count > 0 { memcpy(target, a.data, a.byteCount) }
    if b.count > 0 { memcpy(target + a.byteCount, b.data, b.byteCount) }
    return result
  }

  private static func compare(
    _ left: Ref, _ right: Ref, _ operation: Int32
  ) throws(Raised) -> Owned {
    guard isArray(left), isArray(right) else { return notImplementedObject().retained() }
    let a = ArrayObject(left)
    let b = ArrayObject(right)
    if a.count != b.count && (operation == Py_EQ || operation == Py_NE) {
      return boolObject(operation == Py_NE).retained()
    }
    if a.item.code == b.item.code && !a.item.isFloat && (operation == Py_EQ || operation == Py_NE) {
      let equal = a.count == 0 || memcmp(a.data, b.data, a.byteCount) == 0
      return boolObject(equal == (operation == Py_EQ)).retained()
    }
    var index = 0
    while index < a.count && index < b.count {
      let x = try a.load(index)
      let y = try b.load(index)
      if try check(PyObject_RichCompareBool(x.ref, y.ref, Py_EQ)) == 0 {
        if operation == Py_EQ { return falseObject().retained() }
        if operation == Py_NE { return trueObject().retained() }
        return try own(PyObject_RichCompare(x.ref, y.ref, operation))
      }
      index += 1
    }
    let first = a.count
    let second = b.count
    let answer: Bool
    switch operation {
    case Py_LT: answer = first < second
    case Py_LE: answer = first <= second
    case Py_EQ: answer = first == second
    case Py_NE: answer = first != second
    case Py_GT: answer = first > second
    default: answer = first >= second
    }
    return boolObject(answer).retained()
  }

  private func position(_ key: Ref, _ message: String) throws(Raised) -> Int {
    var index = PyNumber_AsSsize_t(key, .indexError)
    if index == -1 && hasRaised() { throw Raised() }
    if index < 0 { index += count }
    guard index >= 0, index < count else { throw raise(.indexError, message) }
    return index
  }

  private func subscripted(_ key: Ref) throws(Raised) -> Owned {
    if PyIndex_Check(key) != 0 {
      return try load(position(key, "array index out of range"))
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "array indices must be integers")
    }
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let length = PySlice_AdjustIndices(count, &start, &stop, step)
    if step == 1 { return try slice(start, start + length) }
    let result = try Self.make(Self.type, item, length)
    let target = ArrayObject(result.ref).data
    let size = item.size
    for index in 0..<length {
      memcpy(target + index * size, data + (start &+ index &* step) * size, size)
    }
    return result
  }

  private func assign(_ key: Ref, _ value: Ref?) throws(Raised) {
    if PyIndex_Check(key) != 0 {
      let index = try position(key, "array assignment index out of range")
      guard let value else { return try remove(index, index + 1) }
      return try store(value, at: index, else: "array assignment index out of range")
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "array indices must be integers")
    }
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let length = PySlice_AdjustIndices(count, &start, &stop, step)
    if let value {
      guard Self.isArray(value) else {
        throw raise(
          .typeError, "can only assign array (not \"\(value.type.fullName)\") to array slice")
      }
      if value == ref {
        // Its own items: a copy, so that they are not overwritten while they are read.
        let copy = try slice(0, count)
        return try assign(key, copy.ref)
      }
      if ArrayObject(value).item.code != item.code {
        throw raise(.typeError, "bad argument type for built-in operation")
      }
    }
    let needed = value.map { ArrayObject($0).count } ?? 0
    let source = value.map { ArrayObject($0).data }
    let size = item.size
    if step == 1 {
      if (step > 0 && stop < start) { stop = start }
      if needed < length {
        try remove(start + needed, start + length)
      } else if needed > length {
        let old = count
        try resize(old + needed - length)
        memmove(
          data + (start + needed) * size, data + (start + length) * size,
          (old - start - length) * size)
      }
      if let source, needed > 0 { memcpy(data + start * size, source, needed * size) }
      return
    }
    guard let source else {
      if length == 0 { return }
      if layout.pointee.exports > 0 {
        throw raise(.bufferError, "cannot resize an array that is exporting buffers")
      }
      let (first, stride) = step < 0 ? (start + step * (length - 1), -step) : (start, step)
      var write = first
      for read in first..<count
      where !((read - first) % stride == 0 && (read - first) / stride < length) {
        memmove(data + write * size, data + read * size, size)
        write += 1
      }
      return try resize(count - length)
    }
    if needed != length {
      throw raise(
        .valueError,
        "attempt to assign array of size \(needed) to extended slice of size \(length)")
    }
    for index in 0..<length {
      memcpy(data + (start &+ index &* step) * size, source + index * size, size)
    }
  }

  private func export(
    _ view: UnsafeMutablePointer<Py_buffer>, _ flags: Int32
  ) throws(Raised) {
    view.pointee.buf = data
    Py_INCREF(ref)
    view.pointee.obj = ref
    view.pointee.len = byteCount
    view.pointee.readonly = 0
    view.pointee.ndim = 1
    view.pointee.itemsize = item.size
    view.pointee.suboffsets = nil
    view.pointee.shape = nil
    if flags & PyBUF_ND == PyBUF_ND {
      // The count lies in the object and does not change while the buffer is out.
      view.pointee.shape =
        (UnsafeMutableRawPointer(ref) + MemoryLayout<PyVarObject>.at(\.ob_size))
        .assumingMemoryBound(to: Int.self)
    }
    view.pointee.strides = nil
    if flags & PyBUF_STRIDES == PyBUF_STRIDES {
      view.pointee.strides = withUnsafeMutablePointer(to: &view.pointee.itemsize) { $0 }
    }
    view.pointee.format = nil
    view.pointee.internal = nil
    if flags & PyBUF_FORMAT == PyBUF_FORMAT {
      view.pointee.format = UnsafeMutablePointer(mutating: item.format)
    }
    layout.pointee.exports += 1
  }
}
