import CPythonABI
import Objects

/// _csv.reader: rows of lines. CPython: Modules/_csv.c.
struct Reader {
  enum State: Int32 {
    case startRecord, startField, escaped, inField, inQuotes, escapedInQuotes, quoteInQuotes
    case afterNewline, afterEscapedNewline
  }

  struct Layout {
    var base: PyObject
    var lines: Ref?
    var dialect: Ref?
    var lineNumber: UInt
    /// The row being read; NULL between rows.
    var fields: Ref?
    var state: Int32
    /// The characters of the field being read.
    var field: UnsafeMutablePointer<UInt32>?
    var fieldSize: Int
    var fieldLength: Int
    /// Whether the field has no quotes.
    var isUnquoted: Bool
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  private var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static func make(_ iterable: Ref, _ dialect: Ref?, _ keywords: Ref?) throws(Raised) -> Owned {
    let lines = try own(PyObject_GetIter(iterable))
    let style = try Dialect.make(dialect, keywords)
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.lines = lines.give()
    layout.pointee.dialect = style.give()
    return object
  }

  private func add(_ c: UInt32) throws(Raised) {
    if layout.pointee.fieldLength >= CsvState.fieldLimit {
      throw CsvState.raise("field larger than field limit (\(CsvState.fieldLimit))")
    }
    if layout.pointee.fieldLength == layout.pointee.fieldSize {
      let size = Swift.max(layout.pointee.fieldSize &* 2, 4096)
      guard let memory = PyMem_Realloc(layout.pointee.field, size &* 4) else {
        throw raiseNoMemory()
      }
      layout.pointee.field = memory.bindMemory(to: UInt32.self, capacity: size)
      layout.pointee.fieldSize = size
    }
    layout.pointee.field?[layout.pointee.fieldLength] = c
    layout.pointee.fieldLength += 1
  }

  /// Ends the field.
  private func save(_ quoting: Int32) throws(Raised) {
    let unquoted = layout.pointee.isUnquoted
    let length = layout.pointee.fieldLength
    var value: Owned
    if unquoted && length == 0
      && (quoting == Dialect.Quoting.notNull || quoting == Dialect.Quoting.strings)
    {
      value = noneObject().retained()
    } else {
      value = try own(PyUnicode_FromKindAndData(4, layout.pointee.field, length))
      layout.pointee.fieldLength = 0
      if unquoted && length != 0
        && (quoting == Dialect.Quoting.nonNumeric || quoting == Dialect.Quoting.strings)
      {
        value = try own(PyFloat_FromString(value.ref))
      }
    }
    guard let fields = layout.pointee.fields else { throw Raised() }
    try check(PyList_Append(fields, value.ref))
  }

  /// Takes one character, nil at the end of a line.
  private func take(_ c: UInt32?) throws(Raised) {
    guard let style = layout.pointee.dialect else { return }
    let dialect = Dialect(style).layout.pointee
    let isNewline = c == 10 || c == 13
    func equals(_ special: Int32) -> Bool {
      guard let c else { return false }
      return special >= 0 && UInt32(special) == c
    }
    func go(_ state: State) { layout.pointee.state = state.rawValue }
    func endOfField() throws(Raised) {
      try save(dialect.quoting)
      go(c == nil ? .startRecord : .afterNewline)
    }
    let quotes = dialect.quoting != Dialect.Quoting.none
    var state = State(rawValue: layout.pointee.state) ?? .startRecord
    if state == .startRecord {
      if c == nil { return }
      if isNewline { return go(.afterNewline) }
      state = .startField
    }
    if state == .afterEscapedNewline {
      if c == nil { return }
      state = .inField
    }
    switch state {
    case .startField:
      layout.pointee.isUnquoted = true
      if c == nil || isNewline {
        try endOfField()
      } else if equals(dialect.quote) && quotes {
        layout.pointee.isUnquoted = false
        go(.inQuotes)
      } else if equals(dialect.escape) {
        go(.escaped)
      } else if c == 32 && dialect.skipInitialSpace != 0 {
        // Nothing yet.
        go(.startField)
      } else if equals(dialect.delimiter) {
        try save(dialect.quoting)
        go(.startField)
      } else {
        try add(c ?? 0)
        go(.inField)
      }
    case .escaped:
      try add(c ?? 10)
      go(isNewline ? .afterEscapedNewline : .inField)
    case .inField:
      if c == nil || isNewline {
        try endOfField()
      } else if equals(dialect.escape) {
        go(.escaped)
      } else if equals(dialect.delimiter) {
        try save(dialect.quoting)
        go(.startField)
      } else {
        try add(c ?? 0)
      }
    case .inQuotes:
      guard let c else { return }
      if equals(dialect.escape) {
        go(.escapedInQuotes)
      } else if equals(dialect.quote) && quotes {
        go(dialect.doubleQuote != 0 ? .quoteInQuotes : .inField)
      } else {
        try add(c)
      }
    case .escapedInQuotes:
      try add(c ?? 10)
      go(.inQuotes)
    case .quoteInQuotes:
      if quotes && equals(dialect.quote) {
        try add(c ?? 0)
        go(.inQuotes)
      } else if equals(dialect.delimiter) {
        try save(dialect.quoting)
        go(.startField)
      } else if c == nil || isNewline {
        try endOfField()
      } else if dialect.strict == 0 {
        try add(c ?? 0)
        go(.inField)
      } else {
        func shown(_ value: Int32) -> String {
          Unicode.Scalar(UInt32(bitPattern: value)).map { String($0) } ?? "?"
        }
        throw CsvState.raise("'\(shown(dialect.delimiter))' expected after '\(shown(dialect.quote))'")
      }
    case .afterNewline:
      if c == nil { return go(.startRecord) }
      if !isNewline {
        throw CsvState.raise(
          "new-line character seen in unquoted field - do you need to open the file with newline=''?"
        )
      }
    case .startRecord, .afterEscapedNewline: break
    }
  }

  private func next() throws(Raised) -> Owned? {
    let row = try own(PyList_New(0))
    let old = layout.pointee.fields
    layout.pointee.fields = row.give()
    Py_XDECREF(old)
    layout.pointee.fieldLength = 0
    layout.pointee.isUnquoted = false
    layout.pointee.state = State.startRecord.rawValue
    repeat {
      guard let lines = layout.pointee.lines, let dialect = layout.pointee.dialect else {
        return nil
      }
      guard let next = PyIter_Next(lines) else {
        if hasRaised() { throw Raised() }
        guard
          layout.pointee.fieldLength != 0
            || layout.pointee.state == State.inQuotes.rawValue
        else { return nil }
        if Dialect(dialect).layout.pointee.strict != 0 {
          throw CsvState.raise("unexpected end of data")
        }
        try save(Dialect(dialect).layout.pointee.quoting)
        break
      }
      let line = Owned(adopting: next)
      guard line.ref.isStr else {
        throw CsvState.raise(
          "iterator should return strings, not \(line.ref.type.fullName) "
            + "(the file should be opened in text mode)")
      }
      if layout.pointee.fields == nil {
        throw CsvState.raise("iterator has already advanced the reader")
      }
      layout.pointee.lineNumber += 1
      let kind = apus_str_kind(line.ref)
      let data = apus_str_data(line.ref)
      for index in 0..<apus_str_length(line.ref) { try take(apus_str_read(kind, data, index)) }
      try take(nil)
    } while layout.pointee.state != State.startRecord.rawValue
    let fields = layout.pointee.fields
    layout.pointee.fields = nil
    return fields.map { Owned(adopting: $0) }
  }

  static let spec = TypeSpec(
    type, "_csv.reader", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .disallowInstantiation],
    doc: "CSV reader\n\nIterates over the rows of a source of lines; a row is a list of str.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = object.view(Layout.self)
        Py_XDECREF(layout.pointee.lines)
        Py_XDECREF(layout.pointee.dialect)
        Py_XDECREF(layout.pointee.fields)
        PyMem_Free(layout.pointee.field)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self)
        return visitReferences(
          visit, argument, layout.pointee.lines, layout.pointee.dialect, layout.pointee.fields)
      },
      .tp_clear { object in
        let layout = object.view(Layout.self)
        clearReference(&layout.pointee.lines)
        clearReference(&layout.pointee.dialect)
        clearReference(&layout.pointee.fields)
        return 0
      },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { object in
        do { return try Reader(object).next()?.give() } catch { return nil }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    members: [
      Member(
        "dialect", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.dialect), flags: Py_READONLY),
      Member(
        "line_num", Py_T_ULONG, offset: MemoryLayout<Layout>.at(\.lineNumber), flags: Py_READONLY),
    ])
}
