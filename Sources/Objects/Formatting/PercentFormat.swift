import CPythonABI
import Glibc
import Numerics

/// The arguments of a `%` format, taken one after the other or by key.
struct PercentArguments: ~Copyable {
  private let all: Ref
  private var current: Ref
  /// The value a key gave, which the next conversion uses.
  private var keyed: Owned?
  private var index: Int
  private var count: Int
  private let mapping: Ref?

  /// `bytes`: the format is one of bytes, for which bytes are no mapping.
  init(_ arguments: Ref, bytes: Bool) {
    all = arguments
    current = arguments
    if arguments.isTuple {
      index = 0
      count = apus_var_size(arguments)
    } else {
      index = -2
      count = -1
    }
    let isMapping =
      arguments.type.pointee.tp_as_mapping?.pointee.mp_subscript != nil && !arguments.isTuple
      && !arguments.isStr
      && !(bytes && (arguments.isBytes || arguments.isInstance(of: byteArrayType())))
    mapping = isMapping ? arguments : nil
  }

  /// The next argument. Raises TypeError when there is none.
  mutating func next() throws(Raised) -> Ref {
    if index < count {
      index += 1
      if count < 0 { return current }
      return apus_tuple_item(current, index - 1)
    }
    throw raise(.typeError, "not enough arguments for format string")
  }

  /// The next argument without taking it, nil when there is none.
  @inline(__always) func peek() -> Ref? {
    if index >= count { return nil }
    return count < 0 ? current : apus_tuple_item(current, index)
  }

  /// Raises TypeError unless there is a mapping to look keys up in.
  func requireMapping() throws(Raised) {
    if mapping == nil { throw raise(.typeError, "format requires a mapping") }
  }

  /// Makes the value of `key` the next argument.
  mutating func select(_ key: Ref) throws(Raised) {
    guard let mapping else { throw raise(.typeError, "format requires a mapping") }
    let value = try own(PyObject_GetItem(mapping, key))
    current = value.ref
    keyed = consume value
    index = -2
    count = -1
  }

  /// Raises TypeError when arguments are left over.
  func finish(_ what: StaticString) throws(Raised) {
    if index < count && mapping == nil {
      throw raise(.typeError, "not all arguments converted during \(what) formatting")
    }
  }
}

/// What `%` formatting of str and of bytes have in common.
enum PercentFormat {
  /// Width and precision of a conversion, arguments of `*` fetched; -1 where there is none.
  struct Layout {
    var spec: PercentSpec
    var width = -1
    var precision = -1
  }

  /// Fetches what the specification leaves to the arguments and reports its problems.
  static func resolve(
    _ spec: PercentSpec, _ arguments: inout PercentArguments, isBytes: Bool
  ) throws(Raised) -> Layout {
    var layout = Layout(spec: spec)
    if spec.problem == .widthTooBig { throw raise(.valueError, "width too big") }
    switch spec.width {
    case .none: break
    case .value(let width): layout.width = width
    case .argument:
      let value = try arguments.next()
      guard value.isInt else { throw raise(.typeError, "* wants int") }
      var width = PyLong_AsSsize_t(value)
      if width == -1 && hasRaised() { throw Raised() }
      if width < 0 {
        layout.spec.flags.insert(.left)
        width = width == Int.min ? Int.max : -width
      }
      layout.width = width
    }
    if spec.problem == .precisionTooBig {
      throw raise(.valueError, isBytes ? "prec too big" : "precision too big")
    }
    switch spec.precision {
    case .none: break
    case .value(let precision): layout.precision = precision
    case .argument:
      let value = try arguments.next()
      guard value.isInt else { throw raise(.typeError, "* wants int") }
      let precision = PyLong_AsInt(value)
      if precision == -1 && hasRaised() { throw Raised() }
      layout.precision = Swift.max(Int(precision), 0)
    }
    if let problem = spec.problem { throw raise(.valueError, problem.rawValue) }
    return layout
  }

  /// An int for `%d` and its like. Raises TypeError for anything that is not a number.
  static func integer(_ value: Ref, _ type: UInt32, isBytes: Bool = false) throws(Raised) -> Owned {
    if value.isInt { return value.retained() }
    var letter = String(Unicode.Scalar(UInt8(truncatingIfNeeded: type)))
    if isBytes, letter == "i" { letter = "d" }
    let needsIndex = letter == "o" || letter == "x" || letter == "X"
    if PyNumber_Check(value) != 0 {
      if let result = needsIndex ? PyNumber_Index(value) : PyNumber_Long(value) {
        return Owned(adopting: result)
      }
      if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    throw raise(
      .typeError,
      "%\(letter) format: \(needsIndex ? "an integer" : "a real number") is required, not "
        + value.type.fullName)
  }

  static func render(
    _ value: Ref, _ layout: Layout, isBytes: Bool = false
  ) throws(Raised) -> FormattedNumber {
    let number = try integer(value, layout.spec.type, isBytes: isBytes)
    if layout.spec.type != 0x6F && layout.spec.type | 0x20 != 0x78 {
      try Formatting.requireShort(number.ref)
    }
    guard
      let result = layout.spec.renderInteger(
        UnsafePointer(apus_long_digits(number.ref)), apus_long_digit_count(number.ref),
        negative: apus_long_sign(number.ref) < 0, width: layout.width,
        precision: layout.precision)
    else { throw raiseNoMemory() }
    return result
  }

  /// The error of a conversion character that means nothing.
  static func unsupported(_ type: UInt32, at index: Int) -> Raised {
    let shown = type > 30 && type < 127 ? Unicode.Scalar(UInt8(type)) : "?"
    return raise(
      .valueError,
      "unsupported format character '\(shown)' (0x\(String(type, radix: 16))) at index \(index)")
  }
}

/// `str % arguments`
enum StrPercentFormat {
  static func format(_ format: Ref, _ arguments: Ref) throws(Raised) -> Owned {
    let text = PyUnicode(format)
    var arguments = PercentArguments(arguments, bytes: false)
    var writer = TextWriter(minimum: text.count + 100)
    var position = 0
    let count = text.count
    var hasField = false
    while position < count {
      let percent = text.find(character: 37, position, count)
      if percent >= 0 { hasField = true }
      if percent != position {
        let end = percent < 0 ? count : percent
        try writer.append(text, position, end)
        position = end
        continue
      }
      if position + 1 < count && text[position + 1] == 37 {
        try writer.append(37)
        position += 2
        continue
      }
      if position + 2 == count { writer.expectNoMore() }
      if position + 1 < count, try appendPlain(text[position + 1], &arguments, to: &writer) {
        position += 2
        continue
      }
      let spec = parse(text, from: position + 1)
      if let key = spec.key {
        try arguments.requireMapping()
        let name = try text.substring(key.lowerBound, key.upperBound)
        try arguments.select(name.ref)
      } else if spec.problem == .incompleteKey {
        try arguments.requireMapping()
      }
      let layout = try PercentFormat.resolve(spec, &arguments, isBytes: false)
      if spec.end == count { writer.expectNoMore() }
      try append(layout, try arguments.next(), to: &writer)
      position = spec.end
    }
    try arguments.finish("string")
    // A format without anything to replace is the result, of a subclass, too.
    if !hasField && count > 0 { return format.retained() }
    return try writer.finish()
  }

  /// `%s` and `%d` without more, of the usual types; false when there is more to do.
  @inline(__always)
  private static func appendPlain(
    _ type: UInt32, _ arguments: inout PercentArguments, to writer: inout TextWriter
  ) throws(Raised) -> Bool {
    guard type == 0x73 || type == 0x64, let value = arguments.peek() else { return false }
    if value.isExactInt && apus_long_is_compact(value) != 0 {
      try writer.append(decimal: apus_long_compact_value(value))
    } else if type == 0x73 && value.isExactStr {
      try writer.append(value)
    } else {
      return false
    }
    _ = try arguments.next()
    return true
  }

  private static func parse(_ text: PyUnicode, from start: Int) -> PercentSpec {
    switch text.kind {
    case 1: PercentSpec(text.data.as(UInt8.self), text.count, from: start)
    case 2: PercentSpec(text.data.as(UInt16.self), text.count, from: start)
    default: PercentSpec(text.data.as(UInt32.self), text.count, from: start)
    }
  }

  private static func append(
    _ layout: PercentFormat.Layout, _ value: Ref, to writer: inout TextWriter
  ) throws(Raised) {
    let value = Owned(retaining: value)
    switch UInt8(truncatingIfNeeded: layout.spec.type < 128 ? layout.spec.type : 0) {
    case UInt8(ascii: "s"):
      try append(try own(PyObject_Str(value.ref)), layout, to: &writer)
    case UInt8(ascii: "r"):
      try append(try own(PyObject_Repr(value.ref)), layout, to: &writer)
    case UInt8(ascii: "a"):
      try append(try own(PyObject_ASCII(value.ref)), layout, to: &writer)
    case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "o"),
      UInt8(ascii: "x"), UInt8(ascii: "X"):
      let number = try PercentFormat.render(value.ref, layout)
      try writer.append(number)
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "g"), UInt8(ascii: "G"):
      let float = PyFloat_AsDouble(value.ref)
      if float == -1 && hasRaised() { throw Raised() }
      guard
        let number = layout.spec.renderFloat(
          float, width: layout.width, precision: layout.precision)
      else { throw raiseNoMemory() }
      try writer.append(number)
    case UInt8(ascii: "c"):
      let character = try PyUnicode.character(try character(value.ref))
      var layout = layout
      layout.precision = -1
      try append(character, layout, to: &writer)
    default:
      throw PercentFormat.unsupported(layout.spec.type, at: layout.spec.end - 1)
    }
  }

  private static func append(
    _ text: consuming Owned, _ layout: PercentFormat.Layout, to writer: inout TextWriter
  ) throws(Raised) {
    let view = PyUnicode(text.ref)
    let length =
      layout.precision >= 0 ? Swift.min(view.count, layout.precision) : view.count
    let room = layout.width - length
    if room > 0 && !layout.spec.flags.contains(.left) { try writer.append(32, times: room) }
    if length == view.count {
      try writer.append(text.ref)
    } else {
      try writer.append(view, 0, length)
    }
    if room > 0 && layout.spec.flags.contains(.left) { try writer.append(32, times: room) }
  }

  private static func character(_ value: Ref) throws(Raised) -> UInt32 {
    if value.isStr {
      if PyUnicode(value).count == 1 { return PyUnicode(value)[0] }
      throw raise(.typeError, "%c requires int or char")
    }
    guard let found = PyNumber_Index(value) else {
      if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
      PyErr_Clear()
      throw raise(.typeError, "%c requires int or char")
    }
    let number = Owned(adopting: found)
    var overflow: Int32 = 0
    let ordinal = PyLong_AsLongAndOverflow(number.ref, &overflow)
    if ordinal == -1 && hasRaised() { throw Raised() }
    if overflow != 0 || ordinal < 0 || ordinal > 0x10FFFF {
      throw raise(.overflowError, "%c arg not in range(0x110000)")
    }
    return UInt32(truncatingIfNeeded: ordinal)
  }
}

@c @implementation
public func PyUnicode_Format(_ format: Ref, _ arguments: Ref) -> Ref? {
  new {
    try requireStr(format)
    return try StrPercentFormat.format(format, arguments)
  }
}

/// `bytes % arguments` (PEP 461)
enum BytesFormat {
  static func format(_ text: ByteView, _ arguments: Ref) throws(Raised) -> Owned {
    var arguments = PercentArguments(arguments, bytes: true)
    var writer = try ByteWriter(capacity: text.count + 100)
    var position = 0
    while position < text.count {
      let found = TextSearch<UInt8>.index(
        of: 37, in: text.base + position, text.count - position)
      if found != 0 {
        let run = found < 0 ? text.count - position : found
        try writer.append(text.base + position, run)
        position += run
        continue
      }
      if position + 1 < text.count && text[position + 1] == 37 {
        try writer.append(37)
        position += 2
        continue
      }
      let spec = PercentSpec(text.base, text.count, from: position + 1)
      if let key = spec.key {
        try arguments.requireMapping()
        let name = try PyBytes.make(text.base + key.lowerBound, key.count)
        try arguments.select(name.ref)
      } else if spec.problem == .incompleteKey {
        try arguments.requireMapping()
      }
      let layout = try PercentFormat.resolve(spec, &arguments, isBytes: true)
      try append(layout, try arguments.next(), to: &writer)
      position = spec.end
    }
    try arguments.finish("bytes")
    return try writer.finish()
  }

  private static func append(
    _ layout: PercentFormat.Layout, _ value: Ref, to writer: inout ByteWriter
  ) throws(Raised) {
    let value = Owned(retaining: value)
    switch UInt8(truncatingIfNeeded: layout.spec.type < 128 ? layout.spec.type : 0) {
    case UInt8(ascii: "s"), UInt8(ascii: "b"):
      try appendContent(of: value.ref, layout, to: &writer)
    case UInt8(ascii: "r"), UInt8(ascii: "a"):
      let text = try own(PyObject_ASCII(value.ref))
      try append(
        ByteView(PyUnicode(text.ref).data.as(UInt8.self), PyUnicode(text.ref).count), layout,
        to: &writer)
      _ = text.ref
    case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "o"),
      UInt8(ascii: "x"), UInt8(ascii: "X"):
      let number = try PercentFormat.render(value.ref, layout, isBytes: true)
      number.write(into: try writer.extend(by: number.count))
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "g"), UInt8(ascii: "G"):
      let float = PyFloat_AsDouble(value.ref)
      if float == -1 && hasRaised() {
        if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
        PyErr_Clear()
        throw raise(
          .typeError, "float argument required, not \(value.ref.type.fullName)")
      }
      guard
        let number = layout.spec.renderFloat(
          float, width: layout.width, precision: layout.precision)
      else { throw raiseNoMemory() }
      number.write(into: try writer.extend(by: number.count))
    case UInt8(ascii: "c"):
      let byte = apus_bytes_of(try character(value.ref))
      var layout = layout
      layout.precision = -1
      try append(ByteView(byte), layout, to: &writer)
    default:
      throw PercentFormat.unsupported(layout.spec.type, at: layout.spec.end - 1)
    }
  }

  private static func append(
    _ view: ByteView, _ layout: PercentFormat.Layout, to writer: inout ByteWriter
  ) throws(Raised) {
    let length =
      layout.precision >= 0 ? Swift.min(view.count, layout.precision) : view.count
    let room = layout.width - length
    let isLeft = layout.spec.flags.contains(.left)
    if room > 0 && !isLeft { memset(try writer.extend(by: room), 32, room) }
    try writer.append(view.base, length)
    if room > 0 && isLeft { memset(try writer.extend(by: room), 32, room) }
  }

  /// `%b`: the content of a bytes-like object, or what its `__bytes__` returns.
  private static func appendContent(
    of value: Ref, _ layout: PercentFormat.Layout, to writer: inout ByteWriter
  ) throws(Raised) {
    if value.isBytes || value.isInstance(of: byteArrayType()) {
      let hold = try ByteBuffer(value)
      try append(hold.bytes, layout, to: &writer)
      return
    }
    let name = try PyUnicode.make(ascii: "__bytes__")
    if let method = _PyObject_LookupSpecial(value, name.ref) {
      let method = Owned(adopting: method)
      let result = try own(PyObject_CallNoArgs(method.ref))
      guard result.ref.isBytes else {
        throw raise(
          .typeError, "__bytes__ returned non-bytes (type \(result.ref.type.fullName))")
      }
      try append(ByteView(result.ref), layout, to: &writer)
      return
    }
    if hasRaised() { throw Raised() }
    if PyObject_CheckBuffer(value) != 0 {
      let copy = try PyBytes.convert(value)
      try append(ByteView(copy.ref), layout, to: &writer)
      return
    }
    throw raise(
      .typeError,
      "%b requires a bytes-like object, or an object that implements __bytes__, not "
        + "'\(value.type.fullName)'")
  }

  private static func character(_ value: Ref) throws(Raised) -> UInt8 {
    if value.isBytes || value.isInstance(of: byteArrayType()) {
      if apus_var_size(value) == 1 { return ByteView(value)[0] }
    } else if value.isInt || PyIndex_Check(value) != 0 {
      let number = try own(PyNumber_Index(value))
      var overflow: Int32 = 0
      let ordinal = PyLong_AsLongAndOverflow(number.ref, &overflow)
      if ordinal == -1 && hasRaised() { throw Raised() }
      guard overflow == 0, let byte = UInt8(exactly: ordinal) else {
        throw raise(.overflowError, "%c arg not in range(256)")
      }
      return byte
    }
    throw raise(.typeError, "%c requires an integer in range(256) or a single byte")
  }
}
