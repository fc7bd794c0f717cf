import CPythonABI
import Glibc

extension PyUnicode {
  static let spec = TypeSpec(
    strType(), "str", basicSize: MemoryLayout<PyUnicodeObject>.size,
    flags: [.baseType, .unicodeSubclass, .matchSelf],
    doc: """
      str(object='') -> str
      str(bytes_or_buffer[, encoding[, errors]]) -> str

      The text of an object, as its __str__ or else repr() gives it. With an encoding or an error
      handler, the text that the bytes of the object encode (UTF-8 and 'strict' unless given).
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { PyUnicode.deallocate($0) },
      .tp_repr { text in new { try PyUnicode(text).literal() } },
      .tp_hash { PyUnicode($0).hash },
      .tp_str { text in new { try PyUnicode(text).exact() } },
      .tp_richcompare { PyUnicode.richCompare($0, $1, $2) },
      .tp_iter { text in new { try StrIterator.make(text) } },
      .tp_new { type, args, keywords in new { try PyUnicode.construct(type, args, keywords) } },
      .freesUntracked,
      .tp_vectorcall { type, args, count, names in PyUnicode.vectorcall(type, args, count, names) },
      .nb_remainder { text, arguments in
        if !text.isStr { return notImplementedObject() }
        return PyUnicode_Format(text, arguments)
      },
      .sq_length { apus_str_length($0) },
      .sq_concat { PyUnicode_Concat($0, $1) },
      .sq_repeat { text, count in new { try PyUnicode(text).repeated(count) } },
      .sq_item { text, index in
        new {
          if UInt(bitPattern: index) >= UInt(bitPattern: PyUnicode(text).count) {
            throw raise(.indexError, "string index out of range")
          }
          return try PyUnicode.character(PyUnicode(text)[index])
        }
      },
      .sq_contains { PyUnicode_Contains($0, $1) },
      .mp_length { apus_str_length($0) },
      .mp_subscript { text, key in new { try PyUnicode.subscripted(text, key) } },
    ],
    methods: [
      Methods.encode, Methods.replace, Methods.split, Methods.rsplit, Methods.join,
      Methods.capitalize, Methods.casefold, Methods.title, Methods.center, Methods.count,
      Methods.expandtabs, Methods.find, Methods.partition, Methods.index, Methods.ljust,
      Methods.lower, Methods.lstrip, Methods.rfind, Methods.rindex, Methods.rjust, Methods.rstrip,
      Methods.rpartition, Methods.splitlines, Methods.strip, Methods.swapcase, Methods.translate,
      Methods.upper, Methods.startswith, Methods.endswith, Methods.removeprefix,
      Methods.removesuffix, Methods.isascii, Methods.islower, Methods.isupper, Methods.istitle,
      Methods.isspace, Methods.isdecimal, Methods.isdigit, Methods.isnumeric, Methods.isalpha,
      Methods.isalnum, Methods.isidentifier, Methods.isprintable, Methods.zfill, Methods.format,
      Methods.formatMap, Methods.dunderFormat, Methods.maketrans, Methods.sizeof,
      Methods.getnewargs,
    ])

  // MARK: str(...)

  private static let constructor: Method = .noargs("str(object='', encoding=None, errors=None)", "") {
    _, _ in nil
  }

  static func construct(
    _ type: TypeRef, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    let text = try convert(a[0], encoding: a[1], errors: a[2])
    return type == strType() ? text : try subclassInstance(type, text.ref)
  }

  private static func convert(
    _ object: Ref?, encoding: Ref?, errors: Ref?
  ) throws(Raised) -> Owned {
    let encodingName = try name(encoding, "encoding")
    let errorsName = try name(errors, "errors")
    guard let object else { return empty }
    if encoding == nil && errors == nil { return try own(PyObject_Str(object)) }
    return try own(PyUnicode_FromEncodedObject(object, encodingName, errorsName))
  }

  /// The C string of an optional name argument of str().
  private static func name(
    _ object: Ref?, _ parameter: String
  ) throws(Raised) -> UnsafePointer<CChar>? {
    guard let object else { return nil }
    guard object.isStr else {
      throw raise(
        .typeError, "str() argument '\(parameter)' must be str, not \(object.type.fullName)")
    }
    return try PyUnicode(object).cString()
  }

  /// The UTF-8 form as a C string. Raises ValueError when there is a NUL inside.
  public func cString() throws(Raised) -> UnsafePointer<CChar>? {
    let bytes = try utf8()
    guard let start = bytes.baseAddress else { return nil }
    if memchr(start, 0, bytes.count) != nil {
      throw raise(.valueError, "embedded null character")
    }
    return UnsafeRawPointer(start).as(CChar.self)
  }

  /// `str(...)` called with an argument vector.
  static func vectorcall(
    _ type: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
  ) -> Ref? {
    let count = PyVectorcall_NARGS(flags)
    if count == 1 && names == nil, let args { return PyObject_Str(args[0]) }
    return new {
      if let names, apus_var_size(names) > 0 {
        let tuple = try own(PyTuple_New(count))
        for index in 0..<count {
          apus_tuple_items(tuple.ref)[index] = args.unsafelyUnwrapped[index].retained().give()
        }
        let keywords = try own(PyDict_New())
        for index in 0..<apus_var_size(names) {
          try check(
            PyDict_SetItem(
              keywords.ref, apus_tuple_item(names, index), args.unsafelyUnwrapped[count + index]))
        }
        return try construct(type.asType, tuple.ref, keywords.ref)
      }
      if count > 3 { try checkPositional("str", count, least: 0, most: 3) }
      if count == 0 { return empty }
      let args = args.unsafelyUnwrapped
      return try convert(
        args[0], encoding: count > 1 ? args[1] : nil, errors: count > 2 ? args[2] : nil)
    }
  }

  /// An instance of a str subclass: its text lies in a block of its own.
  private static func subclassInstance(_ type: TypeRef, _ text: Ref) throws(Raised) -> Owned {
    let source = PyUnicode(text)
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let object = try own(allocate(type, 0))
    let bytes = (source.count + 1) * source.kind
    let view = object.ref.view(PyUnicodeObject.self)
    view.pointee._base._base.length = source.count
    view.pointee._base._base.hash = source.hash
    view.pointee._base.utf8 = nil
    view.pointee._base.utf8_length = 0
    view.pointee.data.any = nil
    apus_str_set_state(
      object.ref, UInt32(source.kind) << 2 | (source.isASCII ? State.ascii : 0))
    guard let memory = PyMem_Malloc(bytes) else { throw raiseNoMemory() }
    memcpy(memory, source.data, bytes)
    view.pointee.data.any = memory
    if source.isASCII {
      view.pointee._base.utf8 = memory.as(CChar.self)
      view.pointee._base.utf8_length = source.count
    }
    return object
  }
}

extension PyUnicode.Methods {
  static let encode: Method = .keywords(
    "encode($self, /, encoding='utf-8', errors='strict')",
    "The bytes that stand for the text in an encoding; errors names the handler of what it lacks."
  ) { text, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      let encoding = try a.str(0)
      let errors = try a.str(1)
      let encodingName = try encoding.map { ref throws(Raised) in try PyUnicode(ref).cString() } ?? nil
      let errorsName = try errors.map { ref throws(Raised) in try PyUnicode(ref).cString() } ?? nil
      return try own(PyUnicode_AsEncodedString(text, encodingName, errorsName))
    }
  }
}

/// The types of this folder and of Codecs.
enum StrTypes {
  static let specs = [
    PyUnicode.spec,
    StrIterator.spec(strAsciiIterType(), "str_ascii_iterator") { StrIterator.nextASCII($0) },
    StrIterator.spec(strIterType(), "str_iterator") { StrIterator.next($0) },
    EncodingMap.spec,
  ]
}
