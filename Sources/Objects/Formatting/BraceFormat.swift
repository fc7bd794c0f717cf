import CPythonABI

/// The `str.format` language: text with replacement fields. CPython: Objects/stringlib/unicode_format.h.
enum BraceFormat {
  /// A piece of a format string: literal text, then perhaps a field. Offsets into the string.
  struct Piece {
    var literal: Range<Int>
    var hasField = false
    var name = 0..<0
    var spec = 0..<0
    /// 0 when there is none.
    var conversion: UInt32 = 0
    var specHasFields = false
  }

  /// Reads the next piece from `position` on; nil at `end`. Raises ValueError.
  static func next(
    _ text: PyUnicode, _ position: inout Int, _ end: Int
  ) throws(Raised) -> Piece? {
    if position >= end { return nil }
    let start = position
    var character: UInt32 = 0
    var isMarkup = false
    if text.kind == 1 {
      let bytes = text.data.as(UInt8.self)
      while position < end && bytes[position] != 123 && bytes[position] != 125 { position &+= 1 }
      if position < end {
        character = UInt32(bytes[position])
        position &+= 1
        isMarkup = true
      }
    } else {
      while position < end {
        character = text[position]
        position += 1
        if character == 123 || character == 125 {
          isMarkup = true
          break
        }
      }
    }
    let atEnd = position >= end
    var length = position - start
    if isMarkup {
      if character == 125 && (atEnd || text[position] != 125) {
        throw raise(.valueError, "Single '}' encountered in format string")
      }
      if atEnd && character == 123 {
        throw raise(.valueError, "Single '{' encountered in format string")
      }
      if text[position] == character {
        // A doubled brace is one brace of literal text.
        position += 1
        isMarkup = false
      } else {
        length -= 1
      }
    }
    var piece = Piece(literal: start..<start + length)
    if isMarkup { try readField(text, &position, end, &piece) }
    return piece
  }

  private static func readField(
    _ text: PyUnicode, _ position: inout Int, _ end: Int, _ piece: inout Piece
  ) throws(Raised) {
    piece.hasField = true
    let start = position
    var character: UInt32 = 0
    scan: while position < end {
      character = text[position]
      position += 1
      switch character {
      case 123: throw raise(.valueError, "unexpected '{' in field name")
      case 91:
        while position < end && text[position] != 93 { position += 1 }
      case 125, 58, 33: break scan
      default: break
      }
    }
    piece.name = start..<Swift.max(position - 1, start)
    if character == 33 || character == 58 {
      if character == 33 {
        if position >= end {
          throw raise(
            .valueError, "end of string while looking for conversion specifier")
        }
        piece.conversion = text[position]
        position += 1
        if position < end {
          character = text[position]
          position += 1
          if character == 125 { return }
          if character != 58 {
            throw raise(.valueError, "expected ':' after conversion specifier")
          }
        }
      }
      let specStart = position
      var depth = 1
      while position < end {
        character = text[position]
        position += 1
        if character == 123 {
          piece.specHasFields = true
          depth += 1
        } else if character == 125 {
          depth -= 1
          if depth == 0 {
            piece.spec = specStart..<position - 1
            return
          }
        }
      }
      throw raise(.valueError, "unmatched '{' in format spec")
    }
    if character != 125 {
      throw raise(.valueError, "expected '}' before end of string")
    }
  }

  /// The number that a part of a field name is, nil when it is none. Raises ValueError when it is
  /// too large.
  static func integer(_ text: PyUnicode, _ range: Range<Int>) throws(Raised) -> Int? {
    if range.isEmpty { return nil }
    var value = 0
    for index in range {
      let character = text[index]
      let digit =
        character < 128
        ? (character >= 48 && character <= 57 ? Int(character) - 48 : -1)
        : Int(_PyUnicode_ToDecimalDigit(character))
      if digit < 0 { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      if overflow || carry {
        throw raise(.valueError, "Too many decimal digits in format string")
      }
      value = sum
    }
    return value
  }

  /// The end of the first part of a field name.
  static func firstEnd(_ text: PyUnicode, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound && text[index] != 46 && text[index] != 91 { index += 1 }
    return index
  }

  /// `.name` or `[key]` of a field name.
  struct Accessor {
    var isAttribute: Bool
    var name: Range<Int>
    var index: Int?
  }

  static func nextAccessor(
    _ text: PyUnicode, _ position: inout Int, _ end: Int
  ) throws(Raised) -> Accessor? {
    if position >= end { return nil }
    let character = text[position]
    position += 1
    var accessor: Accessor
    switch character {
    case 46:
      let start = position
      while position < end && text[position] != 46 && text[position] != 91 { position += 1 }
      accessor = Accessor(isAttribute: true, name: start..<position, index: nil)
    case 91:
      let start = position
      while position < end && text[position] != 93 { position += 1 }
      if position >= end { throw raise(.valueError, "Missing ']' in format string") }
      accessor = Accessor(isAttribute: false, name: start..<position, index: nil)
      position += 1
      accessor.index = try integer(text, accessor.name)
    default:
      throw raise(
        .valueError, "Only '.' or '[' may follow ']' in format field specifier")
    }
    if accessor.name.isEmpty { throw raise(.valueError, "Empty attribute in format string") }
    return accessor
  }

  // MARK: Rendering

  /// A formatting in progress.
  struct Run {
    /// The positional arguments; nil for format_map.
    let args: Ref?
    /// The mapping of named arguments.
    let names: Ref?
    var numbering = Numbering.undecided
    var nextNumber = 0

    enum Numbering { case undecided, automatic, manual }

    mutating func decide(_ wanted: Numbering) throws(Raised) {
      if numbering == .undecided { numbering = wanted }
      if numbering != wanted {
        throw raise(
          .valueError,
          numbering == .manual
            ? "cannot switch from manual field specification to automatic field numbering"
            : "cannot switch from automatic field numbering to manual field specification")
      }
    }
  }

  static func format(_ text: Ref, _ args: Ref?, _ names: Ref?) throws(Raised) -> Owned {
    var run = Run(args: args, names: names)
    let view = PyUnicode(text)
    return try render(view, 0..<view.count, &run, depth: 2)
  }

  private static func render(
    _ text: PyUnicode, _ range: Range<Int>, _ run: inout Run, depth: Int
  ) throws(Raised) -> Owned {
    if depth <= 0 { throw raise(.valueError, "Max string recursion exceeded") }
    var writer = TextWriter(minimum: range.count + 100)
    var position = range.lowerBound
    while let piece = try next(text, &position, range.upperBound) {
      if piece.literal.count == text.count { return text.ref.retained() }
      try writer.append(text, piece.literal.lowerBound, piece.literal.upperBound)
      if position == range.upperBound { writer.expectNoMore() }
      if piece.hasField { try render(field: piece, text, &run, depth, to: &writer) }
    }
    return try writer.finish()
  }

  private static func render(
    field piece: Piece, _ text: PyUnicode, _ run: inout Run, _ depth: Int,
    to writer: inout TextWriter
  ) throws(Raised) {
    var value = try look(up: piece.name, text, &run)
    switch piece.conversion {
    case 0: break
    case 114: value = try own(PyObject_Repr(value.ref))
    case 115: value = try own(PyObject_Str(value.ref))
    case 97: value = try own(PyObject_ASCII(value.ref))
    default:
      let code = piece.conversion
      let shown =
        code > 32 && code < 127
        ? String(Unicode.Scalar(UInt8(code))) : "\\x" + String(code, radix: 16)
      throw raise(.valueError, "Unknown conversion specifier \(shown)")
    }
    if piece.spec.isEmpty {
      if value.ref.isExactStr {
        try writer.append(value.ref)
        return
      }
      if value.ref.isExactInt && apus_long_is_compact(value.ref) != 0 {
        try writer.append(decimal: apus_long_compact_value(value.ref))
        return
      }
    }
    let spec =
      piece.specHasFields
      ? try render(text, piece.spec, &run, depth: depth - 1)
      : try text.substring(piece.spec.lowerBound, piece.spec.upperBound)
    if let result = try Formatting.builtin(value.ref, spec.ref) {
      try writer.append(result.ref)
    } else {
      let result = try own(PyObject_Format(value.ref, spec.ref))
      try writer.append(result.ref)
    }
  }

  /// The object a field name stands for.
  private static func look(
    up name: Range<Int>, _ text: PyUnicode, _ run: inout Run
  ) throws(Raised) -> Owned {
    let end = firstEnd(text, name)
    let first = name.lowerBound..<end
    var number = try integer(text, first)
    if first.isEmpty {
      try run.decide(.automatic)
      number = run.nextNumber
      run.nextNumber += 1
    } else if number != nil {
      try run.decide(.manual)
    }
    var value: Owned
    if let number {
      guard let args = run.args else {
        throw raise(.valueError, "Format string contains positional fields")
      }
      guard number < apus_var_size(args) else {
        throw raise(
          .indexError,
          "Replacement index \(number) out of range for positional args tuple")
      }
      value = apus_tuple_item(args, number).retained()
    } else {
      let key = try text.substring(first.lowerBound, first.upperBound)
      guard let names = run.names else { throw raise(.keyError, value: key.ref) }
      value = try own(PyObject_GetItem(names, key.ref))
    }
    var position = end
    while let accessor = try nextAccessor(text, &position, name.upperBound) {
      if let index = accessor.index {
        if PySequence_Check(value.ref) != 0 {
          value = try own(PySequence_GetItem(value.ref, index))
        } else {
          let key = try own(PyLong_FromSsize_t(index))
          value = try own(PyObject_GetItem(value.ref, key.ref))
        }
        continue
      }
      let key = try text.substring(accessor.name.lowerBound, accessor.name.upperBound)
      value =
        accessor.isAttribute
        ? try own(PyObject_GetAttr(value.ref, key.ref))
        : try own(PyObject_GetItem(value.ref, key.ref))
    }
    return value
  }
}

extension PyUnicode.Methods {
  static let format: Method = .variableKeywords(
    "format($self, /, *args, **kwargs)",
    "The text with its {fields} replaced by the arguments they name."
  ) { text, args, names in
    new { try BraceFormat.format(text, args, names) }
  }

  static let formatMap: Method = .o(
    "format_map($self, mapping, /)", "The text with its {fields} replaced by items of the mapping."
  ) { text, mapping in
    new { try BraceFormat.format(text, nil, mapping) }
  }
}
