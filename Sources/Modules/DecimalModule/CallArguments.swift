import CPythonABI
import Objects

/// Arguments sorted into named parameters, with the messages of a parser that was given no function
/// name ("function missing required argument 'other' (pos 1)").
struct CallArguments {
  private var values = InlineArray<9, Ref?>(repeating: nil)

  /// - Parameters:
  ///   - parameters: the names, separated by single spaces.
  ///   - total: how many there are.
  init(
    _ parameters: StaticString, total: Int, required: Int, _ args: UnsafePointer<Ref>?,
    _ count: Int, _ names: Ref?
  ) throws(Raised) {
    if names == nil && count >= required && count <= total {
      for index in 0..<count { values[index] = args.unsafelyUnwrapped[index] }
      return
    }
    let keywordCount = names.map { apus_var_size($0) } ?? 0
    try place(parameters, total, required, args, count, keywordCount) { index in
      (apus_tuple_item(names.unsafelyUnwrapped, index), args.unsafelyUnwrapped[count + index])
    }
  }

  /// The same from a tuple and a dict.
  init(
    _ parameters: StaticString, total: Int, required: Int, tuple: Ref, keywords: Ref?
  ) throws(Raised) {
    let count = apus_var_size(tuple)
    let args = UnsafeRawPointer(apus_tuple_items(tuple)).assumingMemoryBound(to: Ref.self)
    var position = 0
    let keywordCount = keywords.map { PyDict_Size($0) } ?? 0
    try place(parameters, total, required, args, count, keywordCount) { _ in
      var key: Ref?
      var value: Ref?
      _ = PyDict_Next(keywords.unsafelyUnwrapped, &position, &key, &value)
      return (key.unsafelyUnwrapped, value.unsafelyUnwrapped)
    }
  }

  private mutating func place(
    _ parameters: StaticString, _ total: Int, _ required: Int, _ args: UnsafePointer<Ref>?,
    _ count: Int, _ keywordCount: Int, keyword: (Int) -> (Ref, Ref)
  ) throws(Raised) {
    if count + keywordCount > total {
      throw raise(
        .typeError,
        "function takes \(required == total ? "exactly" : "at most") \(total) "
          + "\(count == 0 ? "keyword " : "")argument\(total == 1 ? "" : "s") "
          + "(\(count + keywordCount) given)")
    }
    for index in 0..<count { values[index] = args.unsafelyUnwrapped[index] }
    let known = "\(parameters)".split(separator: " ")
    var unexpected: Ref?
    for index in 0..<keywordCount {
      let (key, value) = keyword(index)
      let name = text(of: key)
      guard let place = known.firstIndex(where: { $0 == name }) else {
        if unexpected == nil { unexpected = key }
        continue
      }
      if place < count {
        throw raise(
          .typeError,
          "argument for function given by name ('\(name)') and position (\(place + 1))")
      }
      values[place] = value
    }
    for index in 0..<required where values[index] == nil {
      throw raise(
        .typeError, "function missing required argument '\(known[index])' (pos \(index + 1))")
    }
    if let unexpected {
      throw unexpectedKeyword(
        "this function", text(of: unexpected), among: known.map { String(describing: $0) })
    }
  }

  @inline(__always) subscript(_ index: Int) -> Ref? { values[index] }

  /// A required argument.
  @inline(__always) func object(_ index: Int) -> Ref { values[index] ?? noneObject() }

  /// The argument, nil when left out or None.
  @inline(__always) func optional(_ index: Int) -> Ref? {
    guard let value = values[index], !value.isNone else { return nil }
    return value
  }

  /// Checks the number of positions of a function without names.
  static func check(_ count: Int, least: Int, most: Int) throws(Raised) {
    if count >= least && count <= most { return }
    let bound = least == most ? "exactly" : count < least ? "at least" : "at most"
    let limit = count < least ? least : most
    throw raise(
      .typeError,
      "function takes \(bound) \(limit) argument\(limit == 1 ? "" : "s") (\(count) given)")
  }
}
