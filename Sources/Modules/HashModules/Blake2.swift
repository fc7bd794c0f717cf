import CPythonABI
import Objects

/// BLAKE2b and BLAKE2s (RFC 7693), with the parameters of tree hashing.
struct Blake2State {
  var words: InlineArray<8, UInt64> = .init(repeating: 0)
  var buffer: InlineArray<128, UInt8> = .init(repeating: 0)
  var buffered = 0
  var length: UInt64 = 0
  var digestSize = 0
  var lastNode = false
  /// 64-bit words (BLAKE2b) or 32-bit ones (BLAKE2s).
  var wide = true

  var blockSize: Int { wide ? 128 : 64 }

  private static let permutations: [[Int]] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
  ]
  private static let columns: [(Int, Int, Int, Int)] = [
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
  ]

  /// The initial state for a parameter block of 64 (BLAKE2b) or 32 bytes.
  init(wide: Bool, parameters: [UInt8], digestSize: Int, lastNode: Bool) {
    self.wide = wide
    self.digestSize = digestSize
    self.lastNode = lastNode
    for index in 0..<8 {
      var parameter: UInt64 = 0
      let size = wide ? 8 : 4
      for byte in 0..<size {
        parameter |= UInt64(parameters[index * size + byte]) << UInt64(8 * byte)
      }
      words[index] = initial(index) ^ parameter
    }
  }

  private func initial(_ index: Int) -> UInt64 {
    wide ? SHA2Constants.initial512[index] : SHA2Constants.initial512[index] >> 32
  }

  private mutating func compress(last: Bool) {
    var v = InlineArray<16, UInt64>(repeating: 0)
    var m = InlineArray<16, UInt64>(repeating: 0)
    let size = wide ? 8 : 4
    for index in 0..<16 {
      var word: UInt64 = 0
      for byte in 0..<size { word |= UInt64(buffer[index * size + byte]) << UInt64(8 * byte) }
      m[index] = word
    }
    for index in 0..<8 {
      v[index] = words[index]
      v[index + 8] = initial(index)
    }
    v[12] ^= wide ? length : length & 0xffff_ffff
    if !wide { v[13] ^= length >> 32 }
    if last {
      v[14] = wide ? ~v[14] : ~v[14] & 0xffff_ffff
      if lastNode { v[15] = wide ? ~v[15] : ~v[15] & 0xffff_ffff }
    }
    for round in 0..<(wide ? 12 : 10) {
      let order = Self.permutations[round % 10]
      for step in 0..<8 {
        let (a, b, c, d) = Self.columns[step]
        mix(&v, a, b, c, d, m[order[2 * step]], m[order[2 * step + 1]])
      }
    }
    for index in 0..<8 { words[index] ^= v[index] ^ v[index + 8] }
    buffered = 0
  }

  @inline(__always)
  private func mix(
    _ v: inout InlineArray<16, UInt64>, _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ x: UInt64,
    _ y: UInt64
  ) {
    if wide {
      func right(_ x: UInt64, _ n: UInt64) -> UInt64 { x >> n | x << (64 - n) }
      v[a] = v[a] &+ v[b] &+ x
      v[d] = right(v[d] ^ v[a], 32)
      v[c] = v[c] &+ v[d]
      v[b] = right(v[b] ^ v[c], 24)
      v[a] = v[a] &+ v[b] &+ y
      v[d] = right(v[d] ^ v[a], 16)
      v[c] = v[c] &+ v[d]
      v[b] = right(v[b] ^ v[c], 63)
    } else {
      func right(_ x: UInt64, _ n: UInt64) -> UInt64 { (x >> n | x << (32 - n)) & 0xffff_ffff }
      v[a] = (v[a] &+ v[b] &+ x) & 0xffff_ffff
      v[d] = right(v[d] ^ v[a], 16)
      v[c] = (v[c] &+ v[d]) & 0xffff_ffff
      v[b] = right(v[b] ^ v[c], 12)
      v[a] = (v[a] &+ v[b] &+ y) & 0xffff_ffff
      v[d] = right(v[d] ^ v[a], 8)
      v[c] = (v[c] &+ v[d]) & 0xffff_ffff
      v[b] = right(v[b] ^ v[c], 7)
    }
  }

  /// The last block is kept back: it is compressed with a mark of its own.
  mutating func update(_ data: UnsafePointer<UInt8>, _ count: Int) {
    for index in 0..<count {
      if buffered == blockSize { compress(last: false) }
      buffer[buffered] = data[index]
      buffered += 1
      length &+= 1
    }
  }

  func digest() -> [UInt8] {
    var copy = self
    for index in copy.buffered..<copy.blockSize { copy.buffer[index] = 0 }
    copy.compress(last: true)
    let size = wide ? 8 : 4
    return (0..<digestSize).map {
      UInt8(truncatingIfNeeded: copy.words[$0 / size] >> UInt64(8 * ($0 % size)))
    }
  }
}

/// _blake2.blake2b and _blake2.blake2s.
enum Blake2 {
  struct Layout {
    var base: PyObject
    var state: Blake2State
  }

  nonisolated(unsafe) static let wideType = PermanentMemory.type()
  nonisolated(unsafe) static let narrowType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let wideParser: Method = .variableKeywords(
    "blake2b(data=b'', *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)",
    "", { _, _, _ in nil })
  private static let narrowParser: Method = .variableKeywords(
    "blake2s(data=b'', *, digest_size=32, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)",
    "", { _, _, _ in nil })

  private static let properties: [Property] = [
    Property("name") { object, _ in
      newString(view(object).pointee.state.wide ? "blake2b" : "blake2s")
    },
    Property("block_size") { object, _ in
      PyLong_FromSsize_t(view(object).pointee.state.blockSize)
    },
    Property("digest_size") { object, _ in
      PyLong_FromSsize_t(view(object).pointee.state.digestSize)
    },
  ]

  private static func spec(
    _ type: TypeRef, _ name: StaticString, _ doc: StaticString, _ create: Slot
  ) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<Layout>.size, flags: [.immutableType], doc: doc,
      base: objectType(), slots: [.tp_dealloc { PyObject_Free($0) }, create],
      methods: [copy, digest, hexDigest, HashObjectUpdate.blake2],
      properties: properties)
  }

  static let wideSpec = spec(
    wideType, "_blake2.blake2b",
    """
    blake2b(data=b'', *, digest_size=_blake2.blake2b.MAX_DIGEST_SIZE,
            key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
            node_offset=0, node_depth=0, inner_size=0, last_node=False,
            usedforsecurity=True, string=None)
    --

    Return a new BLAKE2b hash object.
    """,
    .tp_new { type, args, keywords in new { try make(type, true, wideParser, args, keywords) } })

  static let narrowSpec = spec(
    narrowType, "_blake2.blake2s",
    """
    blake2s(data=b'', *, digest_size=_blake2.blake2s.MAX_DIGEST_SIZE,
            key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
            node_offset=0, node_depth=0, inner_size=0, last_node=False,
            usedforsecurity=True, string=None)
    --

    Return a new BLAKE2s hash object.
    """,
    .tp_new { type, args, keywords in new { try make(type, false, narrowParser, args, keywords) } })

  /// The bytes of an argument, at most `limit` of them.
  private static func bytes(_ object: Ref?, _ what: String, _ limit: Int) throws(Raised) -> [UInt8] {
    guard let object else { return [] }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(object, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    if view.len > limit { throw raise(.valueError, "maximum \(what) length is \(limit) bytes") }
    guard let start = view.buf else { return [] }
    return (0..<view.len).map { start.load(fromByteOffset: $0, as: UInt8.self) }
  }

  private static func make(
    _ type: TypeRef, _ wide: Bool, _ parser: Method, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> Owned {
    let a = try Arguments(parser, tuple: args, keywords: keywords)
    let data = try hashedArgument(a[0], a[13])
    let limit = wide ? 64 : 32
    let half = wide ? 16 : 8
    let digestSize = Int(try a.int32(1, default: Int32(limit)))
    guard digestSize >= 1 && digestSize <= limit else {
      throw raise(.valueError, "digest_size must be between 1 and \(limit) bytes")
    }
    let salt = try bytes(a[3], "salt", half)
    let person = try bytes(a[4], "person", half)
    let fanout = try a.int32(5, default: 1)
    guard fanout >= 0 && fanout <= 255 else {
      throw raise(.valueError, "fanout must be between 0 and 255")
    }
    let depth = try a.int32(6, default: 1)
    guard depth >= 1 && depth <= 255 else {
      throw raise(.valueError, "depth must be between 1 and 255")
    }
    let leafSize = try number(a[7])
    if leafSize > 0xffff_ffff { throw raise(.overflowError, "leaf_size is too large") }
    let nodeOffset = try number(a[8])
    if !wide && nodeOffset > 0xffff_ffff_ffff {
      throw raise(.overflowError, "node_offset is too large")
    }
    let nodeDepth = try a.int32(9)
    guard nodeDepth >= 0 && nodeDepth <= 255 else {
      throw raise(.valueError, "node_depth must be between 0 and 255")
    }
    let innerSize = try a.int32(10)
    guard innerSize >= 0 && Int(innerSize) <= limit else {
      throw raise(.valueError, "inner_size must be between 0 and is \(limit)")
    }
    let lastNode = try a.bool(11)
    let key = try bytes(a[2], "key", limit)
    var block = [UInt8](repeating: 0, count: wide ? 64 : 32)
    block[0] = UInt8(digestSize)
    block[1] = UInt8(key.count)
    block[2] = UInt8(fanout)
    block[3] = UInt8(depth)
    for byte in 0..<4 { block[4 + byte] = UInt8(truncatingIfNeeded: leafSize >> UInt64(8 * byte)) }
    for byte in 0..<(wide ? 8 : 6) {
      block[8 + byte] = UInt8(truncatingIfNeeded: nodeOffset >> UInt64(8 * byte))
    }
    block[wide ? 16 : 14] = UInt8(nodeDepth)
    block[wide ? 17 : 15] = UInt8(innerSize)
    let place = wide ? 32 : 16
    for index in 0..<salt.count { block[place + index] = salt[index] }
    for index in 0..<person.count { block[place + half + index] = person[index] }
    guard let made = _PyObject_New(type) else { throw Raised() }
    let object = Owned(adopting: made)
    view(made).pointee.state = Blake2State(
      wide: wide, parameters: block, digestSize: digestSize, lastNode: lastNode)
    if !key.isEmpty {
      let padded = key + [UInt8](repeating: 0, count: view(made).pointee.state.blockSize - key.count)
      padded.withUnsafeBufferPointer {
        if let base = $0.baseAddress { view(made).pointee.state.update(base, $0.count) }
      }
    }
    if let data { try update(object.ref, data) }
    return object
  }

  private static func number(_ value: Ref?) throws(Raised) -> UInt64 {
    guard let value else { return 0 }
    let index = try own(PyNumber_Index(value))
    if apus_long_sign(index.ref) < 0 { throw raise(.valueError, "value must be positive") }
    let number = PyLong_AsUnsignedLongLong(index.ref)
    if number == UInt64.max && hasRaised() { throw Raised() }
    return number
  }

  static func update(_ object: Ref, _ data: Ref) throws(Raised) {
    try withBytes(of: data) { view(object).pointee.state.update($0, $1) }
  }

  private static let copy: Method = .noargs("copy($self, /)", "Return a copy of the hash object.") { object, _ in
    new {
      guard let made = _PyObject_New(object.type) else { throw Raised() }
      view(made).pointee.state = view(object).pointee.state
      return Owned(adopting: made)
    }
  }
  private static let digest: Method = .noargs("digest($self, /)", "Return the digest value as a bytes object.") { object, _ in
    new { try HashObject.bytes(view(object).pointee.state.digest()) }
  }
  private static let hexDigest: Method = .noargs("hexdigest($self, /)", "Return the digest value as a string of hexadecimal digits.") { object, _ in
    new { try HashObject.hexadecimal(view(object).pointee.state.digest()) }
  }
}

enum HashObjectUpdate {
  static let blake2: Method = .o("update($self, data, /)", "Update this hash object's state with the provided bytes-like object.") { object, data in
    none { try Blake2.update(object, data) }
  }
}

/// The module `_blake2`.
public let blake2Module = ModuleSpec(
  "_blake2", doc: "_blake2b provides BLAKE2b for hashlib\n",
  constants: [
    .int("BLAKE2B_SALT_SIZE", 16), .int("BLAKE2B_PERSON_SIZE", 16),
    .int("BLAKE2B_MAX_KEY_SIZE", 64), .int("BLAKE2B_MAX_DIGEST_SIZE", 64),
    .int("BLAKE2S_SALT_SIZE", 8), .int("BLAKE2S_PERSON_SIZE", 8),
    .int("BLAKE2S_MAX_KEY_SIZE", 32), .int("BLAKE2S_MAX_DIGEST_SIZE", 32),
  ],
  types: [Blake2.wideSpec, Blake2.narrowSpec],
  exec: { _ in
    status {
      for (type, half, limit) in [(Blake2.wideType, 16, 64), (Blake2.narrowType, 8, 32)] {
        guard let dict = type.pointee.tp_dict else { throw Raised() }
        for (name, value) in [
          ("SALT_SIZE", half), ("PERSON_SIZE", half), ("MAX_KEY_SIZE", limit),
          ("MAX_DIGEST_SIZE", limit),
        ] {
          let number = try int(value)
          try check(PyDict_SetItemString(dict, name, number.ref))
        }
      }
    }
  })
