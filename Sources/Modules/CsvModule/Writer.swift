import CPythonABI
import Objects

/// _csv.writer: rows to lines. CPython: Modules/_csv.c.
struct Writer {
  struct Layout {
    var base: PyObject
    /// The file's `write`.
    var write: Ref?
    var dialect: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func make(_ file: Ref, _ dialect: Ref?, _ keywords: Ref?) throws(Raised) -> Owned {
    let style = try Dialect.make(dialect, keywords)
    var write: Ref?
    try check(PyObject_GetOptionalAttrString(file, "write", &write))
    guard let write else { throw raise(.typeError, "argument 1 must have a \"write\" method") }
    let method = Owned(adopting: write)
    guard PyCallable_Check(method.ref) != 0 else {
      throw raise(.typeError, "argument 1 must have a \"write\" method")
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.write = method.give()
    object.ref.view(Layout.self).pointee.dialect = style.give()
    return object
  }

  /// A line under construction.
  private struct Line {
    let style: Ref
    var characters: [UInt32] = []
    var fields = 0

    /// Appends a field, nil for None.
    mutating func append(_ field: Ref?, quoted given: Bool) throws(Raised) {
      let dialect = Dialect(style).layout.pointee
      let quoting = dialect.quoting
      var quoted = given
      var body: [UInt32] = []
      if let field {
        let kind = apus_str_kind(field)
        let data = apus_str_data(field)
        body.reserveCapacity(apus_str_length(field))
        for index in 0..<apus_str_length(field) {
          let c = apus_str_read(kind, data, index)
          let code = Int32(bitPattern: c)
          if code == dialect.delimiter || code == dialect.escape || code == dialect.quote
            || c == 10 || c == 13 || Dialect(style).isInTerminator(code)
          {
            var escapes = false
            if quoting == Dialect.Quoting.none {
              escapes = true
            } else {
              if code == dialect.quote {
                if dialect.doubleQuote != 0 { body.append(c) } else { escapes = true }
              } else if code == dialect.escape {
                escapes = true
              }
              if !escapes { quoted = true }
            }
            if escapes {
              guard dialect.escape >= 0 else {
                throw CsvState.raise("need to escape, but no escapechar set")
              }
              body.append(UInt32(bitPattern: dialect.escape))
            }
          }
          body.append(c)
        }
      }
      if body.isEmpty && dialect.delimiter == 32 && dialect.skipInitialSpace != 0 {
        if quoting == Dialect.Quoting.none
          || (field == nil
            && (quoting == Dialect.Quoting.strings || quoting == Dialect.Quoting.notNull))
        {
          throw CsvState.raise(
            "empty field must be quoted if delimiter is a space and skipinitialspace is true")
        }
        quoted = true
      }
      if fields > 0 { characters.append(UInt32(bitPattern: dialect.delimiter)) }
      if quoted && dialect.quote >= 0 {
        characters.append(UInt32(bitPattern: dialect.quote))
        characters += body
        characters.append(UInt32(bitPattern: dialect.quote))
      } else {
        characters += body
      }
      fields += 1
    }
  }

  private static func writeRow(_ writer: Ref, _ row: Ref) throws(Raised) -> Owned {
    let layout = writer.view(Layout.self)
    guard let style = layout.pointee.dialect, let write = layout.pointee.write else {
      throw Raised()
    }
    guard let iterator = PyObject_GetIter(row) else {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        throw CsvState.raise("iterable expected, not \(row.type.fullName)")
      }
      throw Raised()
    }
    let fields = Owned(adopting: iterator)
    let quoting = Dialect(style).layout.pointee.quoting
    var line = Line(style: style)
    var isNull = false
    while let next = PyIter_Next(fields.ref) {
      let field = Owned(adopting: next)
      let quoted: Bool
      switch quoting {
      case Dialect.Quoting.nonNumeric: quoted = PyNumber_Check(field.ref) == 0
      case Dialect.Quoting.all: quoted = true
      case Dialect.Quoting.strings: quoted = field.ref.isStr
      case Dialect.Quoting.notNull: quoted = !field.ref.isNone
      default: quoted = false
      }
      isNull = field.ref.isNone
      if field.ref.isStr {
        try line.append(field.ref, quoted: quoted)
      } else if isNull {
        try line.append(nil, quoted: quoted)
      } else {
        let shown = try own(PyObject_Str(field.ref))
        try line.append(shown.ref, quoted: quoted)
      }
    }
    if hasRaised() { throw Raised() }
    if line.fields > 0 && line.characters.isEmpty {
      if quoting == Dialect.Quoting.none
        || (isNull && (quoting == Dialect.Quoting.strings || quoting == Dialect.Quoting.notNull))
      {
        throw CsvState.raise("single empty field record must be quoted")
      }
      line.fields -= 1
      try line.append(nil, quoted: true)
    }
    let text = try own(
      line.characters.withUnsafeBufferPointer {
        PyUnicode_FromKindAndData(4, $0.baseAddress, $0.count)
      })
    let terminator = Dialect(style).layout.pointee.lineTerminator ?? apus_str_empty()
    let whole = try own(PyUnicode_Concat(text.ref, terminator))
    let method = write.retained()
    return try own(PyObject_CallOneArg(method.ref, whole.ref))
  }

  static let spec = TypeSpec(
    type, "_csv.writer", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .disallowInstantiation],
    doc: "CSV writer\n\nWrites rows to a file as lines.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(object.view(Layout.self).pointee.write)
        Py_XDECREF(object.view(Layout.self).pointee.dialect)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self)
        return visitReferences(visit, argument, layout.pointee.write, layout.pointee.dialect)
      },
      .tp_clear { object in
        clearReference(&object.view(Layout.self).pointee.write)
        clearReference(&object.view(Layout.self).pointee.dialect)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .o("writerow", "writerow(iterable)\n\nWrite the items of an iterable as one row.") {
        writer, row in new { try writeRow(writer, row) }
      },
      .o("writerows", "writerows(iterable of iterables)\n\nWrite one row for each iterable.") {
        writer, rows in
        none {
          let iterator = try own(PyObject_GetIter(rows))
          while let next = PyIter_Next(iterator.ref) {
            let row = Owned(adopting: next)
            _ = try writeRow(writer, row.ref)
          }
          if hasRaised() { throw Raised() }
        }
      },
    ],
    members: [
      Member(
        "dialect", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.dialect), flags: Py_READONLY)
    ])
}
