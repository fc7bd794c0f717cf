import CCompression
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// A chain of liblzma's filters made of Python dicts.
struct FilterChain: ~Copyable {
  /// Ends with the ID "unknown".
  let filters: UnsafeMutablePointer<lzma_filter>
  private let count: Int

  static let most = 4
  private static let unknown = lzma_vli.max
  private enum ID {
    static let lzma1: lzma_vli = 0x4000_0000_0000_0001
    static let lzma2: lzma_vli = 0x21
    static let delta: lzma_vli = 3
    /// x86, PowerPC, IA-64, ARM, ARM Thumb, SPARC
    static let branches: ClosedRange<lzma_vli> = 4...9
  }

  deinit {
    for index in 0..<count { free(filters[index].options) }
    filters.deallocate()
  }

  private init(adopting filters: UnsafeMutablePointer<lzma_filter>, count: Int) {
    self.filters = filters
    self.count = count
  }

  /// The filters of a sequence of dicts.
  init(_ sequence: Ref) throws(Raised) {
    let total = try check(PySequence_Size(sequence))
    if total > Self.most {
      throw raise(
        .valueError, "Too many filters - liblzma supports a maximum of \(Self.most)")
    }
    self = try Self.make(total) { index throws(Raised) in
      try own(PySequence_GetItem(sequence, index))
    }
  }

  /// The chain of a single filter.
  init(one spec: Ref) throws(Raised) {
    self = try Self.make(1) { _ throws(Raised) in spec.retained() }
  }

  private static func make(
    _ count: Int, _ item: (Int) throws(Raised) -> Owned
  ) throws(Raised) -> FilterChain {
    let filters = UnsafeMutablePointer<lzma_filter>.allocate(capacity: most + 1)
    filters.initialize(repeating: lzma_filter(id: unknown, options: nil), count: most + 1)
    let chain = FilterChain(adopting: filters, count: count)
    for index in 0..<count {
      let spec = try item(index)
      filters[index] = try parse(spec.ref)
    }
    return chain
  }

  /// Whether the chain is a single LZMA1 filter, as the old format needs it.
  var isLzma1: Bool { count >= 1 && filters[0].id == ID.lzma1 && filters[1].id == Self.unknown }

  // MARK: One filter

  private static func lookUp(_ spec: Ref, _ name: StaticString) throws(Raised) -> Ref? {
    var found: Ref?
    try check(PyMapping_GetOptionalItemString(spec, cString(name), &found))
    return found
  }

  /// A number that must fit 32 bits without a sign.
  static func word(_ object: Ref) throws(Raised) -> UInt32 {
    let value = PyLong_AsUnsignedLongLong(object)
    if value == .max && hasRaised() { throw Raised() }
    guard let narrow = UInt32(exactly: value) else {
      throw raise(.overflowError, "Value too large for uint32_t type")
    }
    return narrow
  }

  private static func parse(_ spec: Ref) throws(Raised) -> lzma_filter {
    guard PyMapping_Check(spec) != 0 else {
      throw raise(.typeError, "Filter specifier must be a dict or dict-like object")
    }
    guard let id = try lookUp(spec, "id") else {
      throw raise(.valueError, "Filter specifier must have an \"id\" entry")
    }
    defer { Py_DECREF(id) }
    let number = PyLong_AsUnsignedLongLong(id)
    if number == .max && hasRaised() { throw Raised() }
    switch number {
    case ID.lzma1, ID.lzma2: return lzma_filter(id: number, options: try lzmaOptions(spec))
    case ID.delta: return lzma_filter(id: number, options: try deltaOptions(spec))
    case ID.branches: return lzma_filter(id: number, options: try branchOptions(spec))
    default: throw raise(.valueError, "Invalid filter ID: \(number)")
    }
  }

  /// The numbers of a dict that has only the names given. Any failure is `message`.
  private static func numbers(
    _ spec: Ref, _ names: [StaticString], ignoring others: [StaticString], _ message: String
  ) throws(Raised) -> [UInt32?] {
    do throws(Raised) {
      var result: [UInt32?] = []
      var known = 0
      for name in others {
        if let found = try lookUp(spec, name) {
          Py_DECREF(found)
          known += 1
        }
      }
      for name in names {
        guard let found = try lookUp(spec, name) else {
          result.append(nil)
          continue
        }
        defer { Py_DECREF(found) }
        known += 1
        result.append(try word(found))
      }
      if try check(PyMapping_Size(spec)) != known { throw raise(.valueError, message) }
      return result
    } catch {
      throw raise(.valueError, message)
    }
  }

  private static func allocate<T>(_ value: T) throws(Raised) -> UnsafeMutableRawPointer {
    guard let memory = malloc(MemoryLayout<T>.size) else { throw raiseNoMemory() }
    memory.initializeMemory(as: T.self, to: value)
    return memory
  }

  private static func lzmaOptions(_ spec: Ref) throws(Raised) -> UnsafeMutableRawPointer {
    var preset: UInt32 = 6
    if let given = try lookUp(spec, "preset") {
      defer { Py_DECREF(given) }
      preset = try word(given)
    }
    var options = lzma_options_lzma()
    if lzma_lzma_preset(&options, preset) != 0 {
      throw LzmaError.raise("Invalid compression preset: \(preset)")
    }
    let given = try numbers(
      spec, ["dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"],
      ignoring: ["id", "preset"], "Invalid filter specifier for LZMA filter")
    if let value = given[0] { options.dict_size = value }
    if let value = given[1] { options.lc = value }
    if let value = given[2] { options.lp = value }
    if let value = given[3] { options.pb = value }
    if let value = given[4] { options.mode = lzma_mode(rawValue: value) }
    if let value = given[5] { options.nice_len = value }
    if let value = given[6] { options.mf = lzma_match_finder(rawValue: value) }
    if let value = given[7] { options.depth = value }
    return try allocate(options)
  }

  private static func deltaOptions(_ spec: Ref) throws(Raised) -> UnsafeMutableRawPointer {
    let given = try numbers(
      spec, ["dist"], ignoring: ["id"], "Invalid filter specifier for delta filter")
    var options = lzma_options_delta()
    options.type = LZMA_DELTA_TYPE_BYTE
    options.dist = given[0] ?? 1
    return try allocate(options)
  }

  private static func branchOptions(_ spec: Ref) throws(Raised) -> UnsafeMutableRawPointer {
    let given = try numbers(
      spec, ["start_offset"], ignoring: ["id"], "Invalid filter specifier for BCJ filter")
    var options = lzma_options_bcj()
    options.start_offset = given[0] ?? 0
    return try allocate(options)
  }

  // MARK: Back to Python

  /// The dict of a decoded filter.
  static func dictionary(of filter: lzma_filter) throws(Raised) -> Owned {
    let dict = try own(PyDict_New())
    let target = dict.ref
    func add(_ name: StaticString, _ value: UInt64) throws(Raised) {
      let number = try own(PyLong_FromUnsignedLongLong(value))
      try check(PyDict_SetItemString(target, cString(name), number.ref))
    }
    try add("id", filter.id)
    switch filter.id {
    case ID.lzma1:
      if let options = filter.options?.assumingMemoryBound(to: lzma_options_lzma.self).pointee {
        try add("lc", UInt64(options.lc))
        try add("lp", UInt64(options.lp))
        try add("pb", UInt64(options.pb))
        try add("dict_size", UInt64(options.dict_size))
      }
    case ID.lzma2:
      if let options = filter.options?.assumingMemoryBound(to: lzma_options_lzma.self).pointee {
        try add("dict_size", UInt64(options.dict_size))
      }
    case ID.delta:
      if let options = filter.options?.assumingMemoryBound(to: lzma_options_delta.self).pointee {
        try add("dist", UInt64(options.dist))
      }
    case ID.branches:
      if let options = filter.options?.assumingMemoryBound(to: lzma_options_bcj.self).pointee {
        try add("start_offset", UInt64(options.start_offset))
      }
    default: throw raise(.valueError, "Invalid filter ID: \(filter.id)")
    }
    return dict
  }
}
