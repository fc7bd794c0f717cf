import CPythonABI
import Objects

/// The arguments of a function by a `PyArg_ParseTupleAndKeywords` format. The types of this module
/// read theirs with it, so messages are those that `datetime` users know.
struct ArgumentFormat: @unchecked Sendable {
  private let format: StaticString
  /// NULL-terminated; nil for a function without keywords.
  private let names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  /// The parameters whose type is fixed (`O!`), with that type.
  private let types: [Int: TypeRef]
  private let count: Int
  /// The names interned, and the letter of each parameter, for calls that need no conversion.
  private let keys: [Ref]
  private let letters: [UInt8]
  private let required: Int
  private let positional: Int

  /// - Parameter names: a name for each parameter; empty for positions only, then `count` says how
  ///   many there are.
  init(
    _ format: StaticString, _ names: [StaticString] = [], count: Int = 0,
    types: [Int: TypeRef] = [:]
  ) {
    self.format = format
    self.types = types
    self.count = names.isEmpty ? count : names.count
    keys = names.map { PermanentName.make($0) }
    var letters: [UInt8] = []
    var required: Int?
    var positional: Int?
    for byte in String(describing: format).utf8.prefix(while: { $0 != 58 }) {
      switch byte {
      case 124: required = letters.count
      case 36: positional = letters.count
      case 33: letters[letters.count - 1] = byte
      default: letters.append(byte)
      }
    }
    self.letters = letters
    self.required = required ?? self.count
    self.positional = positional ?? self.count
    if names.isEmpty {
      self.names = nil
      return
    }
    let table = PermanentMemory.allocate(UnsafeMutablePointer<CChar>?.self, count: names.count + 1)
    for (index, name) in names.enumerated() {
      table[index] = UnsafeMutablePointer(mutating: cString(name))
    }
    self.names = table
  }

  /// What was given: a word for each parameter, 0 where nothing was.
  struct Values {
    var words = InlineArray<10, Int>(repeating: 0)

    func object(_ index: Int) -> Ref? { Ref(bitPattern: words[index]) }
    /// The object, nil also for None.
    func value(_ index: Int) -> Ref? {
      guard let object = object(index), !object.isNone else { return nil }
      return object
    }
    func int(_ index: Int) -> Int { Int(Int32(truncatingIfNeeded: words[index])) }
    func character(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: words[index]) }
    /// A C string (`s`), nil when not given.
    func text(_ index: Int) -> String? {
      UnsafePointer<CChar>(bitPattern: words[index]).map { String(cString: $0) }
    }
  }

  /// The arguments when they fit as they are: small ints, objects, and keywords by identity.
  private func plain(_ args: Ref, _ keywords: Ref?, _ values: inout Values) -> Bool {
    let given = apus_var_size(args)
    guard given <= positional, keys.count == count || keywords == nil else { return false }
    func place(_ index: Int, _ value: Ref) -> Bool {
      switch letters[index] {
      case 79: values.words[index] = Int(bitPattern: value)
      case 85 where value.isStr: values.words[index] = Int(bitPattern: value)
      case 33 where types[index].map { value.isInstance(of: $0) } ?? false:
        values.words[index] = Int(bitPattern: value)
      case 105 where value.isExactInt && apus_long_is_compact(value) != 0:
        values.words[index] = apus_long_compact_value(value)
      default: return false
      }
      return true
    }
    for index in 0..<given where !place(index, apus_tuple_item(args, index)) { return false }
    var found = given
    if let keywords {
      var seen = 0
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(keywords, &position, &key, &value) != 0, let key, let value {
        guard let index = keys.firstIndex(of: key), index >= given, place(index, value) else {
          return false
        }
        if index < required { seen += 1 }
      }
      found += seen
    }
    return found >= required
  }

  func parse(
    _ args: Ref, _ keywords: Ref? = nil, defaults: (inout Values) -> Void = { _ in }
  ) throws(Raised) -> Values {
    var values = Values()
    defaults(&values)
    if plain(args, keywords, &values) { return values }
    values = Values()
    defaults(&values)
    var fine = false
    var span = values.words.mutableSpan
    span.withUnsafeMutableBufferPointer { words in
      guard let base = words.baseAddress else { return }
      var targets: [CVarArg] = []
      for index in 0..<count {
        if let type = types[index] { targets.append(type) }
        targets.append(base + index)
      }
      fine = withVaList(targets) { list in
        if let names {
          return PyArg_VaParseTupleAndKeywords(args, keywords, cString(format), names, list) != 0
        }
        return PyArg_VaParse(args, cString(format), list) != 0
      }
    }
    guard fine else { throw Raised() }
    return values
  }
}
