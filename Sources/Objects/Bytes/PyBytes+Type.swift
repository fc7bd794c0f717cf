import CPythonABI
import Glibc

extension PyBytes {
  static let spec = TypeSpec(
    bytesType(), "bytes", basicSize: header, itemSize: 1,
    flags: [.baseType, .bytesSubclass, .matchSelf],
    doc: """
      bytes(iterable_of_ints) -> bytes
      bytes(string, encoding[, errors]) -> bytes
      bytes(bytes_or_buffer) -> a copy of the content
      bytes(int) -> that many zero bytes
      bytes() -> no bytes

      An immutable sequence of bytes, made from integers in range(256), from an encoded string, from
      the content of any object with a buffer, or with a size.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { bytes in
        if _Py_IsImmortal(bytes) != 0 { return }
        bytes.type.pointee.tp_free?(bytes)
      },
      .tp_repr { PyBytes_Repr($0, 1) },
      .tp_hash { PyBytes($0).hash },
      .tp_str { PyBytes_Repr($0, 1) },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_richcompare { PyBytes.richCompare($0, $1, $2) },
      .tp_iter { bytes in new { try ByteIterator.make(bytes, bytesIterType()) } },
      .tp_alloc { PyBytes.allocate($0, $1) },
      .tp_new { type, args, keywords in new { try PyBytes.construct(type, args, keywords) } },
      .freesUntracked,
      .nb_remainder { bytes, arguments in
        if !bytes.isBytes { return notImplementedObject() }
        return new { try ByteMethods.format(bytes, arguments) }
      },
      .sq_length { apus_var_size($0) },
      .sq_concat { left, right in new { try ByteMethods.concatenate(left, right) } },
      .sq_repeat { bytes, count in new { try ByteMethods.repeated(bytes, count) } },
      .sq_item { bytes, index in
        if index < 0 || index >= apus_var_size(bytes) {
          _ = raise(.indexError, "index out of range")
          return nil
        }
        return apus_small_int(Int(apus_bytes_data(bytes)[index]))
      },
      .sq_contains { bytes, element in truth { try ByteMethods.contains(bytes, element) } },
      .mp_length { apus_var_size($0) },
      .mp_subscript { bytes, key in
        new {
          try ByteMethods.subscripted(bytes, key, range: "index out of range", type: "byte")
        }
      },
      .bf_getbuffer { bytes, view, flags in
        PyBuffer_FillInfo(view, bytes, apus_bytes_data(bytes), apus_var_size(bytes), 1, flags)
      },
    ],
    methods: [
      getnewargs, bytes, ByteMethods.capitalize, ByteMethods.center, ByteMethods.count,
      ByteMethods.decode, ByteMethods.endswith, ByteMethods.expandtabs, ByteMethods.find,
      ByteMethods.fromhex, ByteMethods.hex, ByteMethods.index, ByteMethods.isalnum,
      ByteMethods.isalpha, ByteMethods.isascii, ByteMethods.isdigit, ByteMethods.islower,
      ByteMethods.isspace, ByteMethods.istitle, ByteMethods.isupper, ByteMethods.join,
      ByteMethods.ljust, ByteMethods.lower, ByteMethods.lstrip, ByteMethods.maketrans,
      ByteMethods.partition, ByteMethods.replace, ByteMethods.removeprefix,
      ByteMethods.removesuffix, ByteMethods.rfind, ByteMethods.rindex, ByteMethods.rjust,
      ByteMethods.rpartition, ByteMethods.rsplit, ByteMethods.rstrip, ByteMethods.split,
      ByteMethods.splitlines, ByteMethods.startswith, ByteMethods.strip, ByteMethods.swapcase,
      ByteMethods.title, ByteMethods.translate, ByteMethods.upper, ByteMethods.zfill,
    ])

  static let getnewargs: Method = .noargs("__getnewargs__($self, /)", "For pickling.") { bytes, _ in
    new {
      let copy = try make(PyBytes(bytes).data, PyBytes(bytes).count)
      let tuple = try own(PyTuple_New(1))
      apus_tuple_items(tuple.ref)[0] = copy.give()
      return tuple
    }
  }

  static let bytes: Method = .noargs("__bytes__($self, /)", "This object as exact bytes.") { bytes, _ in
    new { try ByteMethods.unchanged(bytes) }
  }

  /// `tp_alloc`: room for a subclass instance with `count` bytes.
  static func allocate(_ type: TypeRef, _ count: Int) -> Ref? {
    guard let object = PyType_GenericAlloc(type, count) else { return nil }
    object.view(PyBytesObject.self).pointee.ob_shash = -1
    return object
  }

  static func richCompare(_ left: Ref, _ right: Ref, _ op: Int32) -> Ref? {
    guard left.isBytes && right.isBytes else {
      return new {
        try warnAboutComparison(left, right, op)
        return Owned(adopting: notImplementedObject())
      }
    }
    if left == right {
      return boolObject(op == Py_EQ || op == Py_LE || op == Py_GE)
    }
    let a = ByteView(left)
    let b = ByteView(right)
    switch op {
    case Py_EQ: return boolObject(a.equals(b))
    case Py_NE: return boolObject(!a.equals(b))
    case Py_LT: return boolObject(a.compare(b) < 0)
    case Py_LE: return boolObject(a.compare(b) <= 0)
    case Py_GT: return boolObject(a.compare(b) > 0)
    case Py_GE: return boolObject(a.compare(b) >= 0)
    default:
      PyErr_BadInternalCall()
      return nil
    }
  }

  /// Under `-b`, comparing bytes with str or int gives a BytesWarning.
  static func warnAboutComparison(_ left: Ref, _ right: Ref, _ op: Int32) throws(Raised) {
    if apus_bytes_warning_flag().pointee == 0 || (op != Py_EQ && op != Py_NE) { return }
    if left.isStr || right.isStr {
      try check(PyErr_WarnEx(.bytesWarning, "Comparison between bytes and string", 1))
    }
    if left.isInt || right.isInt {
      try check(PyErr_WarnEx(.bytesWarning, "Comparison between bytes and int", 1))
    }
  }

  // MARK: bytes(...)

  private static let constructor: Method = .noargs("bytes(source=b'', encoding=None, errors=None)", "") {
    _, _ in nil
  }

  static func construct(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    let content = try content(of: a)
    if type == bytesType() { return content }
    let size = apus_var_size(content.ref)
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let object = try own(allocate(type, size))
    memcpy(apus_bytes_data(object.ref), apus_bytes_data(content.ref), size + 1)
    object.ref.view(PyBytesObject.self).pointee.ob_shash =
      content.ref.view(PyBytesObject.self).pointee.ob_shash
    return object
  }

  private static func content(of a: Arguments) throws(Raised) -> Owned {
    let encoding = try nameArgument(a[1], "bytes", "encoding")
    let errors = try nameArgument(a[2], "bytes", "errors")
    guard let source = a[0] else {
      if encoding != nil || errors != nil {
        throw raise(
          .typeError,
          encoding != nil
            ? "encoding without a string argument" : "errors without a string argument")
      }
      return empty
    }
    if encoding != nil {
      guard source.isStr else { throw raise(.typeError, "encoding without a string argument") }
      return try own(PyUnicode_AsEncodedString(source, encoding, errors))
    }
    if errors != nil {
      throw raise(
        .typeError,
        source.isStr
          ? "string argument without an encoding" : "errors without a string argument")
    }
    if source.type == bytesType() { return source.retained() }
    // `__bytes__` comes before everything else.
    let name = try PyUnicode.make(ascii: "__bytes__")
    if let method = _PyObject_LookupSpecial(source, name.ref) {
      let method = Owned(adopting: method)
      let result = try own(PyObject_CallNoArgs(method.ref))
      guard result.ref.isBytes else {
        throw raise(
          .typeError, "__bytes__ returned non-bytes (type \(result.ref.type.fullName))")
      }
      return result
    }
    if hasRaised() { throw Raised() }
    if source.isStr { throw raise(.typeError, "string argument without an encoding") }
    if PyIndex_Check(source) != 0 {
      let size = PyNumber_AsSsize_t(source, .overflowError)
      if size != -1 || !hasRaised() {
        if size < 0 { throw raise(.valueError, "negative count") }
        let result = try make(size)
        if size > 0 { memset(PyBytes(result.ref).data, 0, size) }
        return result
      }
      // Not an integer after all: treat it as any other object.
      if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    return try own(PyBytes_FromObject(source))
  }
}

/// The C string of an optional name argument ("encoding", "errors").
func nameArgument(
  _ object: Ref?, _ function: String, _ parameter: String
) throws(Raised) -> UnsafePointer<CChar>? {
  guard let object else { return nil }
  guard object.isStr else {
    throw badArgument(function, "argument '\(parameter)'", expected: "str", got: object)
  }
  return try PyUnicode(object).cString()
}

/// The types of this folder.
enum BytesTypes {
  static let specs = [PyBytes.spec, ByteIterator.spec(bytesIterType(), "bytes_iterator")]
}
