import CPythonABI

/// The arguments of a call sorted into the parameters of a `Method`'s signature, with CPython's
/// checks and messages (Python/getargs.c: _PyArg_CheckPositional, _PyArg_UnpackKeywords).
///
/// Parameter numbers count the signature's parameters without `$self`. The references are borrowed
/// from the caller and live as long as the call.
public struct Arguments {
  /// As many parameters as a builtin may have.
  static let capacity = 16
  private var values = InlineArray<16, Ref?>(repeating: nil)
  private let signature: UnsafeMutablePointer<Signature>

  /// METH_FASTCALL: positional arguments only.
  public init(_ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int) throws(Raised) {
    signature = method.parsed.get(method.signature)
    let least = signature.pointee.requiredPositional
    let most = signature.pointee.positional
    if count < least || count > most {
      throw Self.raisePositional(signature.pointee.name, count, least: least, most: most)
    }
    for index in 0..<count { values[index] = args.unsafelyUnwrapped[index] }
  }

  /// METH_FASTCALL | METH_KEYWORDS.
  public init(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) {
    signature = method.parsed.get(method.signature)
    let keywordCount = names.map { apus_var_size($0) } ?? 0
    try place(args, count, keywordCount: keywordCount) { index in
      (apus_tuple_item(names.unsafelyUnwrapped, index), args.unsafelyUnwrapped[count + index])
    }
  }

  /// METH_VARARGS | METH_KEYWORDS, `tp_new` and `tp_init`.
  public init(_ method: Method, tuple: Ref, keywords: Ref?) throws(Raised) {
    signature = method.parsed.get(method.signature)
    let count = apus_var_size(tuple)
    let args = UnsafeRawPointer(apus_tuple_items(tuple)).assumingMemoryBound(to: Ref.self)
    var position = 0
    try place(args, count, keywordCount: keywords.map { PyDict_Size($0) } ?? 0) { _ in
      var key: Ref?
      var value: Ref?
      _ = PyDict_Next(keywords.unsafelyUnwrapped, &position, &key, &value)
      return (key.unsafelyUnwrapped, value.unsafelyUnwrapped)
    }
  }

  private mutating func place(
    _ args: UnsafePointer<Ref>?, _ count: Int, keywordCount: Int,
    keyword: (Int) -> (Ref, Ref)
  ) throws(Raised) {
    // The usual call, without touching what is counted by reference.
    if keywordCount == 0 && count <= signature.pointee.positional
      && count >= signature.pointee.requiredPositional
      && signature.pointee.requiredKeywordOnly == 0
    {
      for index in 0..<count { values[index] = args.unsafelyUnwrapped[index] }
      return
    }
    let parameters = signature.pointee
    let total = parameters.count
    let name = parameters.name
    if count + keywordCount > total {
      throw raise(
        .typeError,
        "\(name)() takes at most \(total) "
          + "\(count == 0 ? "keyword " : "")argument\(total == 1 ? "" : "s") "
          + "(\(count + keywordCount) given)")
    }
    if count > parameters.positional {
      if parameters.positional == 0 {
        throw raise(.typeError, "\(name)() takes no positional arguments")
      }
      let exact = parameters.requiredPositional == parameters.positional
      throw raise(
        .typeError,
        "\(name)() takes \(exact ? "exactly" : "at most") \(parameters.positional) positional "
          + "argument\(parameters.positional == 1 ? "" : "s") (\(count) given)")
    }
    let leastPositional = Swift.min(parameters.positionalOnly, parameters.requiredPositional)
    if count < leastPositional {
      let exact = leastPositional == parameters.positional
      throw raise(
        .typeError,
        "\(name)() takes \(exact ? "exactly" : "at least") \(leastPositional) positional "
          + "argument\(leastPositional == 1 ? "" : "s") (\(count) given)")
    }
    for index in 0..<count { values[index] = args.unsafelyUnwrapped[index] }
    // A missing argument is reported before a keyword that fits nowhere.
    var misplaced: Ref?
    var doubled = -1
    for index in 0..<keywordCount {
      let (key, value) = keyword(index)
      guard key.isStr else { throw raise(.typeError, "keywords must be strings") }
      let slot = Self.find(key, in: parameters)
      if let slot, values[slot] == nil {
        values[slot] = value
      } else if misplaced == nil {
        misplaced = key
        doubled = slot ?? -1
      }
    }
    for index in 0..<total where values[index] == nil && !parameters.hasDefault[index] {
      throw raise(
        .typeError,
        "\(name)() missing required argument '\(text(of: parameters.names[index]))' "
          + "(pos \(index + 1))")
    }
    guard let misplaced else { return }
    if doubled < 0 { throw Self.raiseUnexpected(parameters, misplaced) }
    throw raise(
      .typeError,
      "argument for \(name)() given by name ('\(text(of: misplaced))') and position "
        + "(\(doubled + 1))")
  }

  /// The number of the parameter that a keyword may give, by identity first, then by text.
  private static func find(_ key: Ref, in parameters: Signature) -> Int? {
    for index in parameters.positionalOnly..<parameters.count where parameters.names[index] == key {
      return index
    }
    for index in parameters.positionalOnly..<parameters.count
    where PyUnicode_Compare(parameters.names[index], key) == 0 {
      return index
    }
    return nil
  }

  private static func raiseUnexpected(_ parameters: Signature, _ key: Ref) -> Raised {
    let candidates = parameters.names[parameters.positionalOnly...].map { text(of: $0) }
    return unexpectedKeyword("\(parameters.name)()", text(of: key), among: candidates)
  }

  static func raisePositional(_ name: String, _ count: Int, least: Int, most: Int) -> Raised {
    let limit = count < least ? least : most
    let bound = least == most ? "" : count < least ? "at least " : "at most "
    return raise(
      .typeError,
      "\(name) expected \(bound)\(limit) argument\(limit == 1 ? "" : "s"), got \(count)")
  }

  // MARK: Access and conversion

  /// The argument, or nil when it was left out.
  @inline(__always) public subscript(_ index: Int) -> Ref? { values[index] }

  /// A required argument.
  @inline(__always) public func object(_ index: Int) -> Ref {
    values[index] ?? noneObject()
  }

  /// The argument, or nil when it was left out or is None.
  @inline(__always) public func optional(_ index: Int) -> Ref? {
    guard let value = values[index], !value.isNone else { return nil }
    return value
  }

  /// An int-like argument (`__index__`). Raises TypeError, and OverflowError beyond 64 bits.
  public func index(_ index: Int, default fallback: Int = 0) throws(Raised) -> Int {
    guard let value = values[index] else { return fallback }
    if value.isExactInt && apus_long_is_compact(value) != 0 {
      return apus_long_compact_value(value)
    }
    let number = try own(PyNumber_Index(value))
    return try check(PyLong_AsSsize_t(number.ref))
  }

  /// An argument that must fit a C int (`'i'`).
  public func int32(_ index: Int, default fallback: Int32 = 0) throws(Raised) -> Int32 {
    guard let value = values[index] else { return fallback }
    let number = try own(PyNumber_Index(value))
    let wide = PyLong_AsLong(number.ref)
    if wide == -1 && hasRaised() && PyErr_ExceptionMatches(.overflowError) == 0 { throw Raised() }
    guard let narrow = Int32(exactly: wide), narrow != -1 || !hasRaised() else {
      PyErr_Clear()
      throw raise(.overflowError, "Python int too large to convert to C int")
    }
    return narrow
  }

  /// The truth of an argument (`'p'`).
  public func bool(_ index: Int, default fallback: Bool = false) throws(Raised) -> Bool {
    guard let value = values[index] else { return fallback }
    if value == trueObject() { return true }
    if value == falseObject() { return false }
    return try check(PyObject_IsTrue(value)) != 0
  }

  /// A float argument (`'d'`).
  public func double(_ index: Int, default fallback: Double = 0) throws(Raised) -> Double {
    guard let value = values[index] else { return fallback }
    if value.isExactFloat { return value.view(PyFloatObject.self).pointee.ob_fval }
    let result = PyFloat_AsDouble(value)
    if result == -1 && hasRaised() { throw Raised() }
    return result
  }

  /// A str argument, nil when left out. Raises TypeError for anything else.
  public func str(_ index: Int) throws(Raised) -> Ref? {
    guard let value = values[index] else { return nil }
    guard value.isStr else { throw badArgument(index, expected: "str") }
    return value
  }

  /// A str argument or None, nil when left out.
  public func strOrNone(_ index: Int) throws(Raised) -> Ref? {
    guard let value = values[index], !value.isNone else { return nil }
    guard value.isStr else { throw badArgument(index, expected: "str or None") }
    return value
  }

  /// Sets the TypeError of an argument of the wrong type (_PyArg_BadArgument).
  public func badArgument(_ index: Int, expected: String) -> Raised {
    let parameters = signature.pointee
    let which =
      index < parameters.positionalOnly
      ? (parameters.count == 1 ? "argument" : "argument \(index + 1)")
      : "argument '\(text(of: parameters.names[index]))'"
    let value = values[index] ?? noneObject()
    return raise(
      .typeError,
      "\(parameters.name)() \(which) must be \(expected), not "
        + (value.isNone ? "None" : value.type.fullName))
  }
}

/// The text of a str object as a Swift string, for messages; lone surrogates become U+FFFD.
public func text(of object: Ref) -> String {
  guard object.isStr else { return "?" }
  let kind = apus_str_kind(object)
  let data = apus_str_data(object)
  if apus_str_is_ascii(object) != 0 {
    return String(
      decoding: UnsafeRawBufferPointer(start: data, count: apus_str_length(object)), as: UTF8.self)
  }
  var scalars = String.UnicodeScalarView()
  for index in 0..<apus_str_length(object) {
    scalars.append(SurrogateStand.scalar(for: apus_str_read(kind, data, index)))
  }
  return String(scalars)
}

/// Swift's text has no surrogates: characters for private use stand for them on the way from a str
/// into a message and back.
public enum SurrogateStand {
  /// Stands for U+D800; the others follow.
  public static let first: UInt32 = 0x10F000
  private static var range: ClosedRange<UInt32> { first...(first + 0x7FF) }

  /// The character of Swift's text for a code point of a str.
  static func scalar(for code: UInt32) -> Unicode.Scalar {
    if let scalar = Unicode.Scalar(code) { return scalar }
    return Unicode.Scalar(first &+ (code &- 0xD800) & 0x7FF) ?? "\u{FFFD}"
  }

  /// `text` with surrogates instead of what stands for them. Takes the reference.
  static func removed(from text: Ref) -> Ref? {
    let count = apus_str_length(text)
    let data = apus_str_data(text).assumingMemoryBound(to: UInt32.self)
    guard (0..<count).contains(where: { range.contains(data[$0]) }) else { return text }
    defer { Py_DECREF(text) }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { codes in
      for index in 0..<count {
        let code = data[index]
        codes[index] = range.contains(code) ? code &- first &+ 0xD800 : code
      }
      return PyUnicode_FromKindAndData(4, codes.baseAddress, count)
    }
  }
}

/// Sets the TypeError for a keyword that `function` ("print()") does not know, with the parameter
/// that may be meant.
public func unexpectedKeyword(
  _ function: String, _ keyword: String, among parameters: [String]
) -> Raised {
  var message = "\(function) got an unexpected keyword argument '\(keyword)'"
  if let suggestion = Suggestions.closest(to: keyword, among: parameters) {
    message += ". Did you mean '\(suggestion)'?"
  }
  return raise(.typeError, message)
}

/// Checks the number of arguments of a function that takes positions only, with CPython's message.
public func checkPositional(
  _ name: String, _ count: Int, least: Int, most: Int
) throws(Raised) {
  if count < least || count > most {
    throw Arguments.raisePositional(name, count, least: least, most: most)
  }
}

/// Sets the TypeError of an argument of the wrong type (`badArgument("join", "argument", …)`).
public func badArgument(
  _ name: String, _ which: String, expected: String, got value: Ref
) -> Raised {
  raise(
    .typeError,
    "\(name)() \(which) must be \(expected), not " + (value.isNone ? "None" : value.type.fullName))
}
