import CPythonABI
import Glibc
import Numerics
import Objects

/// The module `_random`: the Mersenne Twister behind random.Random. CPython:
/// Modules/_randommodule.c.
public let randomModule = ModuleSpec(
  "_random", doc: "Module implements the Mersenne Twister random number generator.",
  types: [RandomGenerator.spec])

/// _random.Random.
enum RandomGenerator {
  struct Layout {
    var base: PyObject
    /// Owned.
    var generator: UnsafeMutablePointer<MersenneTwister>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_random.Random", basicSize: MemoryLayout<Layout>.size, flags: [.baseType, .mutable],
    doc: "Random() -> create a random number generator with its own internal state.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        if let generator = object.view(Layout.self).pointee.generator {
          generator.deinitialize(count: 1)
          generator.deallocate()
        }
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_init { object, args, keywords in
        status { try initialize(object, args, keywords) }
      },
      .tp_new { type, _, _ in
        new {
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          let generator = UnsafeMutablePointer<MersenneTwister>.allocate(capacity: 1)
          generator.initialize(to: MersenneTwister(seed: 5489))
          object.ref.view(Layout.self).pointee.generator = generator
          return object
        }
      },
    ],
    methods: [random, seedMethod, getState, setState, getRandomBits])

  private static func generator(_ object: Ref) throws(Raised) -> UnsafeMutablePointer<MersenneTwister> {
    guard let generator = object.view(Layout.self).pointee.generator else {
      throw raise(.systemError, "random generator is not initialised")
    }
    return generator
  }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    if object.type == type { try checkNoKeywords("Random", keywords) }
    let count = apus_var_size(args)
    if count > 1 { throw raise(.typeError, "Random() requires 0 or 1 argument") }
    try seed(object, count == 1 ? apus_tuple_item(args, 0) : nil)
  }

  /// Seeds with the magnitude of an int, the hash of another object, or, for None, the system's
  /// random bytes.
  private static func seed(_ object: Ref, _ value: Ref?) throws(Raised) {
    let generator = try generator(object)
    guard let value, !value.isNone else {
      generator.pointee = MersenneTwister(key: try systemKey())
      return
    }
    let number = try magnitude(value)
    let bits = Int(_PyLong_NumBits(number.ref))
    var key = [UInt32](repeating: 0, count: Swift.max((bits + 31) / 32, 1))
    let size = key.count * 4
    // Little-endian, without a sign.
    let needed = key.withUnsafeMutableBytes {
      PyLong_AsNativeBytes(number.ref, $0.baseAddress, size, 1 | 4)
    }
    if needed < 0 { throw Raised() }
    generator.pointee = MersenneTwister(key: key)
  }

  private static func magnitude(_ value: Ref) throws(Raised) -> Owned {
    if value.isInt {
      // int's own abs: a subclass may have another.
      guard let absolute = intType().pointee.tp_as_number?.pointee.nb_absolute else { throw Raised() }
      return try own(absolute(value))
    }
    let hash = try check(PyObject_Hash(value))
    return try own(PyLong_FromSize_t(hash))
  }

  private static func systemKey() throws(Raised) -> [UInt32] {
    var key = [UInt32](repeating: 0, count: MersenneTwister.size)
    let size = key.count * 4
    let filled = key.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < size, let base = bytes.baseAddress {
        // At most 256 bytes come at once.
        let part = Swift.min(size - done, 256)
        if getentropy(base + done, part) != 0 { return false }
        done += part
      }
      return true
    }
    if !filled {
      _ = PyErr_SetFromErrno(.osError)
      throw Raised()
    }
    return key
  }

  private static let random: Method = .noargs("random($self, /)", "random() -> x in the interval [0, 1).") { object, _ in
    new { try own(PyFloat_FromDouble(try generator(object).pointee.nextDouble())) }
  }

  private static let seedMethod: Method = .fast(
    "seed($self, n=None, /)",
    """
    seed([n]) -> None.

    Seeds the generator; without a number from the system's random bytes.
    """
  ) { object, args, count in
    none { try seed(object, Arguments(seedMethod, args, count)[0]) }
  }

  private static let getState: Method = .noargs(
    "getstate($self, /)", "getstate() -> tuple containing the current state."
  ) { object, _ in
    new {
      let generator = try generator(object)
      let result = try own(PyTuple_New(MersenneTwister.size + 1))
      for index in 0..<MersenneTwister.size {
        apus_tuple_items(result.ref)[index] = try int(Int(generator.pointee.words[index])).give()
      }
      apus_tuple_items(result.ref)[MersenneTwister.size] = try int(generator.pointee.index).give()
      return result
    }
  }

  private static let setState: Method = .o(
    "setstate($self, state, /)", "setstate(state) -> None.  Restores generator state."
  ) { object, state in
    none {
      guard state.isTuple else { throw raise(.typeError, "state vector must be a tuple") }
      guard apus_var_size(state) == MersenneTwister.size + 1 else {
        throw raise(.valueError, "state vector is the wrong size")
      }
      var words: [UInt32] = []
      words.reserveCapacity(MersenneTwister.size)
      for index in 0..<MersenneTwister.size {
        let word = PyLong_AsUnsignedLong(apus_tuple_item(state, index))
        if word == UInt.max && hasRaised() { throw Raised() }
        guard let narrow = UInt32(exactly: word) else { throw raise(.valueError, "invalid state") }
        words.append(narrow)
      }
      let index = try check(PyLong_AsLong(apus_tuple_item(state, MersenneTwister.size)))
      guard let restored = MersenneTwister(words: words, index: index) else {
        throw raise(.valueError, "invalid state")
      }
      try generator(object).pointee = restored
    }
  }

  private static let getRandomBits: Method = .o(
    "getrandbits($self, k, /)", "getrandbits(k) -> x.  Generates an int with k random bits."
  ) { object, k in
    new {
      let index = try own(PyNumber_Index(k))
      var overflow: Int32 = 0
      let bits = PyLong_AsLongAndOverflow(index.ref, &overflow)
      if overflow != 0 { throw raise(.overflowError, "int too big to convert") }
      if bits < 0 { throw raise(.valueError, "number of bits must be non-negative") }
      if bits == 0 { return try int(0) }
      let generator = try generator(object)
      if bits <= 32 { return try int(Int(generator.pointee.next() >> UInt32(32 - bits))) }
      let count = (bits - 1) / 32 + 1
      guard let memory = PyMem_Malloc(count * 4) else { throw raiseNoMemory() }
      defer { PyMem_Free(memory) }
      generator.pointee.fill(memory.assumingMemoryBound(to: UInt32.self), bits: bits)
      return try own(PyLong_FromUnsignedNativeBytes(memory, count * 4, 1))
    }
  }
}
