import CPythonABI

/// SyntaxError and its subclasses. CPython: Objects/exceptions.c, `SyntaxError_init`.
enum SyntaxErrorType {
  static let specs = [
    make(
      apus_exc_SyntaxError(), "SyntaxError", "The source text is not valid Python.",
      apus_exc_Exception(), isRoot: true),
    make(
      apus_exc_IndentationError(), "IndentationError", "The indentation is wrong.",
      apus_exc_SyntaxError()),
    make(
      apus_exc_TabError(), "TabError", "Spaces and tabs are mixed up.",
      apus_exc_IndentationError()),
    make(
      apus_exc_IncompleteInputError(), "_IncompleteInputError", "The input is not complete.",
      apus_exc_SyntaxError()),
  ]

  private static func make(
    _ type: TypeRef, _ name: StaticString, _ doc: StaticString, _ base: TypeRef,
    isRoot: Bool = false
  ) -> TypeSpec {
    var slots: [Slot] = [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 8) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 8) },
      .tp_clear { ExceptionFields.clear($0, objects: 8) },
      .tp_init(SyntaxError_init),
    ]
    if isRoot { slots.append(.tp_str { SyntaxErrorType.str($0) }) }
    return TypeSpec(
      type, name, basicSize: MemoryLayout<PySyntaxErrorObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: doc, base: base, dictOffset: 16,
      slots: slots,
      members: !isRoot
        ? []
        : [
          Member("msg", _Py_T_OBJECT, offset: 72, "The message."),
          Member("filename", _Py_T_OBJECT, offset: 80, "The file's name."),
          Member("lineno", _Py_T_OBJECT, offset: 88, "The line, counted from 1."),
          Member("offset", _Py_T_OBJECT, offset: 96, "The column, counted from 1."),
          Member("text", _Py_T_OBJECT, offset: 120, "The line's text."),
          Member("end_lineno", _Py_T_OBJECT, offset: 104, "The last line."),
          Member("end_offset", _Py_T_OBJECT, offset: 112, "The column behind the end."),
          Member(
            "print_file_and_line", _Py_T_OBJECT, offset: 128,
            "Whether the place is shown with the message."),
        ])
  }

  static func initialize(_ exception: Ref, _ args: Ref) throws(Raised) {
    let count = apus_var_size(args)
    func set(_ offset: Int, _ value: Ref?) {
      ExceptionFields.set(ExceptionFields.field(exception, offset), value)
    }
    if count >= 1 { set(72, apus_tuple_item(args, 0)) }
    guard count == 2 else { return }
    let info = try own(PySequence_Tuple(apus_tuple_item(args, 1)))
    let given = apus_var_size(info.ref)
    guard given >= 4 else {
      throw raise(.typeError, "function takes at least 4 arguments (\(given) given)")
    }
    guard given <= 6 else {
      throw raise(.typeError, "function takes at most 6 arguments (\(given) given)")
    }
    let offsets: InlineArray<6, Int> = [80, 88, 96, 120, 104, 112]
    for index in 0..<6 {
      set(offsets[index], index < given ? apus_tuple_item(info.ref, index) : nil)
    }
    if given == 5 {
      throw raise(.typeError, "end_offset must be provided when end_lineno is provided")
    }
  }

  private static func str(_ exception: Ref) -> Ref? {
    new {
      let fields = exception.view(PySyntaxErrorObject.self).pointee
      let message = try own(PyObject_Str(fields.msg ?? noneObject()))
      var name: String?
      if let file = fields.filename, file.isStr {
        // The last component of the path.
        let full = text(of: file)
        name = full.lastIndex(of: "/").map { String(full[full.index(after: $0)...]) } ?? full
      }
      var line: Int?
      if let number = fields.lineno, number.isExactInt {
        var overflow: Int32 = 0
        line = PyLong_AsLongAndOverflow(number, &overflow)
      }
      let head = text(of: message.ref)
      switch (name, line) {
      case (let name?, let line?): return try own(newString("\(head) (\(name), line \(line))"))
      case (let name?, nil): return try own(newString("\(head) (\(name))"))
      case (nil, let line?): return try own(newString("\(head) (line \(line))"))
      case (nil, nil): return message
      }
    }
  }
}

@c func SyntaxError_init(_ exception: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  status {
    try checkNoKeywords(exception.type.fullName, keywords)
    if BaseException_init(exception, args, nil) < 0 { throw Raised() }
    try SyntaxErrorType.initialize(exception, args)
  }
}
