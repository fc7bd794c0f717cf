import CPythonABI
import Glibc
import Objects

/// _pickle.Unpickler: the pickle machine. CPython: Modules/_pickle.c.
///
/// Values are on a stack; MARK remembers a height (`marks`), below which (`fence`) nothing may pop
/// until the mark is gone. Input is either one buffer or a file read piece by piece.
struct Unpickler {
  struct Layout {
    var base: PyObject
    /// Owned references.
    var stack: UnsafeMutablePointer<Ref?>?
    var height: Int
    var stackCapacity: Int
    /// The height of the topmost mark.
    var fence: Int
    /// Owned references by number, nil for those never put.
    var memo: UnsafeMutablePointer<Ref?>?
    var memoSize: Int
    /// How many there are; MEMOIZE takes this number.
    var memoCount: Int
    var persistentLoad: Ref?
    var persistentLoadAttribute: Ref?
    /// The bytes being read; `obj` is nil without.
    var view: Py_buffer
    var input: UnsafePointer<UInt8>?
    var inputSize: Int
    var next: Int
    /// What of the input the file's position is already beyond, in bytes.
    var prefetched: Int
    /// The last line that spanned a call of `readline`, kept for its size.
    var line: UnsafeMutablePointer<UInt8>?
    var read: Ref?
    var readInto: Ref?
    var readLine: Ref?
    var peek: Ref?
    /// The iterator of out-of-band buffers.
    var buffers: Ref?
    var encoding: UnsafeMutablePointer<CChar>?
    var errors: UnsafeMutablePointer<CChar>?
    var marks: UnsafeMutablePointer<Int>?
    var markCount: Int32
    var markCapacity: Int32
    var version: Int32
    var fixImports: Int32
  }

  /// The size CPython's struct has, in bytes; `__sizeof__` is compared with it.
  static let basicSize = Swift.max(272, MemoryLayout<Layout>.size)
  static let smallestMemo = 32

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>

  @inline(__always)
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  static func isUnpickler(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// A new unpickler without input.
  static func make(_ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try Objects.own(allocate(type, 0))
    let own = Unpickler(object.ref).own
    guard let memo = PyMem_Calloc(smallestMemo, MemoryLayout<Ref?>.stride) else {
      throw raiseNoMemory()
    }
    own.pointee.memo = memo.bindMemory(to: Ref?.self, capacity: smallestMemo)
    own.pointee.memoSize = smallestMemo
    return object
  }

  // MARK: Setting up

  func setFile(_ file: Ref) throws(Raised) {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(file, PickleState.names.peek, &found))
    replaceReference(&own.pointee.peek, found)
    found = nil
    try check(PyObject_GetOptionalAttr(file, PickleState.names.readInto, &found))
    replaceReference(&own.pointee.readInto, found)
    found = nil
    try check(PyObject_GetOptionalAttr(file, id_read(), &found))
    replaceReference(&own.pointee.read, found)
    found = nil
    try check(PyObject_GetOptionalAttr(file, id_readline(), &found))
    replaceReference(&own.pointee.readLine, found)
    if own.pointee.read == nil || own.pointee.readLine == nil {
      clearReference(&own.pointee.read)
      clearReference(&own.pointee.readInto)
      clearReference(&own.pointee.readLine)
      clearReference(&own.pointee.peek)
      throw raise(.typeError, "file must have 'read' and 'readline' attributes")
    }
  }

  /// How strings of Python 2 are decoded; the texts are copied.
  func setEncoding(
    _ encoding: UnsafePointer<CChar>, _ errors: UnsafePointer<CChar>
  ) throws(Raised) {
    func copy(_ text: UnsafePointer<CChar>) throws(Raised) -> UnsafeMutablePointer<CChar> {
      let size = strlen(text) + 1
      guard let memory = PyMem_Malloc(size) else { throw raiseNoMemory() }
      memcpy(memory, text, size)
      return memory.bindMemory(to: CChar.self, capacity: size)
    }
    PyMem_Free(own.pointee.encoding)
    own.pointee.encoding = nil
    own.pointee.encoding = try copy(encoding)
    PyMem_Free(own.pointee.errors)
    own.pointee.errors = nil
    own.pointee.errors = try copy(errors)
  }

  /// Whether strings of Python 2 stay bytes.
  var keepsBytes: Bool {
    guard let encoding = own.pointee.encoding else { return false }
    return strcmp(encoding, "bytes") == 0
  }

  func setBuffers(_ buffers: Ref?) throws(Raised) {
    guard let buffers, !buffers.isNone else {
      clearReference(&own.pointee.buffers)
      return
    }
    let iterator = try Objects.own(PyObject_GetIter(buffers))
    replaceReference(&own.pointee.buffers, iterator.give())
  }

  func clear() {
    clearReference(&own.pointee.readLine)
    clearReference(&own.pointee.readInto)
    clearReference(&own.pointee.read)
    clearReference(&own.pointee.peek)
    clearReference(&own.pointee.persistentLoad)
    clearReference(&own.pointee.persistentLoadAttribute)
    clearReference(&own.pointee.buffers)
    clearStack(to: 0)
    PyMem_Free(own.pointee.stack)
    own.pointee.stack = nil
    own.pointee.stackCapacity = 0
    releaseInput()
    resetMemo()
    PyMem_Free(own.pointee.memo)
    own.pointee.memo = nil
    own.pointee.memoSize = 0
    PyMem_Free(own.pointee.marks)
    own.pointee.marks = nil
    own.pointee.markCount = 0
    own.pointee.markCapacity = 0
    PyMem_Free(own.pointee.line)
    own.pointee.line = nil
    PyMem_Free(own.pointee.encoding)
    own.pointee.encoding = nil
    PyMem_Free(own.pointee.errors)
    own.pointee.errors = nil
  }

  // MARK: The memo

  func resetMemo() {
    guard let memo = own.pointee.memo else { return }
    own.pointee.memoCount = 0
    for index in 0..<own.pointee.memoSize { clearReference(memo + index) }
  }

  @inline(__always)
  func memoized(_ number: Int) throws(Raised) -> Ref {
    guard number >= 0, number < own.pointee.memoSize, let value = own.pointee.memo?[number] else {
      throw PickleState.raiseUnpickling("Memo value not found at index \(number)")
    }
    return value
  }

  func memoize(_ number: Int, _ value: Ref) throws(Raised) {
    if number >= own.pointee.memoSize { try growMemo(number) }
    guard let place = own.pointee.memo.map({ $0 + number }) else { throw Raised() }
    let old = place.pointee
    Py_INCREF(value)
    place.pointee = value
    if let old { Py_DECREF(old) } else { own.pointee.memoCount &+= 1 }
  }

  private func growMemo(_ number: Int) throws(Raised) {
    let (wanted, overflow) = number.multipliedReportingOverflow(by: 2)
    guard !overflow, wanted < 1 << 36 / 8, wanted > 0,
      let memory = PyMem_Calloc(wanted, MemoryLayout<Ref?>.stride)
    else { throw raiseNoMemory() }
    let memo = memory.bindMemory(to: Ref?.self, capacity: wanted)
    if let old = own.pointee.memo {
      memcpy(memo, old, own.pointee.memoSize * MemoryLayout<Ref?>.stride)
      PyMem_Free(old)
    }
    own.pointee.memo = memo
    own.pointee.memoSize = wanted
  }

  /// `{number: object}`
  func memoDict() throws(Raised) -> Owned {
    let result = try Objects.own(PyDict_New())
    for index in 0..<own.pointee.memoSize {
      guard let value = own.pointee.memo?[index] else { continue }
      let key = try int(index)
      try check(PyDict_SetItem(result.ref, key.ref, value))
    }
    return result
  }

  // MARK: The stack

  @inline(__always)
  func push(_ value: consuming Owned) throws(Raised) {
    let height = own.pointee.height
    if height == own.pointee.stackCapacity { try growStack() }
    own.pointee.stack.unsafelyUnwrapped[height] = value.give()
    own.pointee.height = height &+ 1
  }

  @inline(__always)
  func push(borrowed value: Ref) throws(Raised) {
    let height = own.pointee.height
    if height == own.pointee.stackCapacity { try growStack() }
    Py_INCREF(value)
    own.pointee.stack.unsafelyUnwrapped[height] = value
    own.pointee.height = height &+ 1
  }

  @inline(never)
  private func growStack() throws(Raised) {
    let capacity = own.pointee.stackCapacity
    let wanted = Swift.max(capacity + capacity / 2, 64)
    guard
      let memory = PyMem_Realloc(own.pointee.stack, wanted * MemoryLayout<Ref?>.stride)
    else { throw raiseNoMemory() }
    own.pointee.stack = memory.assumingMemoryBound(to: Ref?.self)
    own.pointee.stackCapacity = wanted
  }

  func raiseUnderflow() -> Raised {
    PickleState.raiseUnpickling(
      own.pointee.markCount > 0 ? "unexpected MARK found" : "unpickling stack underflow")
  }

  /// The value on top, which stays. Raises UnpicklingError at the fence.
  @inline(__always)
  func top() throws(Raised) -> Ref {
    guard own.pointee.height > own.pointee.fence else { throw raiseUnderflow() }
    return own.pointee.stack.unsafelyUnwrapped[own.pointee.height &- 1].unsafelyUnwrapped
  }

  @inline(__always)
  func pop() throws(Raised) -> Owned {
    guard own.pointee.height > own.pointee.fence else { throw raiseUnderflow() }
    own.pointee.height &-= 1
    return Owned(
      adopting: own.pointee.stack.unsafelyUnwrapped[own.pointee.height].unsafelyUnwrapped)
  }

  /// Drops the values above a height.
  func clearStack(to height: Int) {
    while own.pointee.height > height {
      own.pointee.height &-= 1
      Py_XDECREF(own.pointee.stack.unsafelyUnwrapped[own.pointee.height])
    }
  }

  /// The values above a height as a tuple.
  func popTuple(from start: Int) throws(Raised) -> Owned {
    guard start >= own.pointee.fence, start <= own.pointee.height else { throw raiseUnderflow() }
    let count = own.pointee.height - start
    let result = try Objects.own(PyTuple_New(count))
    let stack = own.pointee.stack
    for index in 0..<count {
      apus_tuple_items(result.ref)[index] = stack.unsafelyUnwrapped[start &+ index].unsafelyUnwrapped
    }
    own.pointee.height = start
    return result
  }

  /// The values above a height as a list.
  func popList(from start: Int) throws(Raised) -> Owned {
    guard start >= own.pointee.fence, start <= own.pointee.height else { throw raiseUnderflow() }
    let count = own.pointee.height - start
    let result = try Objects.own(PyList_New(count))
    if count > 0, let items = result.ref.view(PyListObject.self).pointee.ob_item,
      let stack = own.pointee.stack
    {
      memcpy(items, stack + start, count * MemoryLayout<Ref?>.stride)
    }
    own.pointee.height = start
    return result
  }

  func setMark() throws(Raised) {
    let count = own.pointee.markCount
    if count >= own.pointee.markCapacity {
      let wanted = Int(count) * 2 + 20
      guard wanted < Int(Int32.max),
        let memory = PyMem_Realloc(own.pointee.marks, wanted * MemoryLayout<Int>.stride)
      else { throw raiseNoMemory() }
      own.pointee.marks = memory.assumingMemoryBound(to: Int.self)
      own.pointee.markCapacity = Int32(wanted)
    }
    own.pointee.marks.unsafelyUnwrapped[Int(count)] = own.pointee.height
    own.pointee.markCount = count + 1
    own.pointee.fence = own.pointee.height
  }

  /// Takes the topmost mark away: the height it remembers.
  func popMark() throws(Raised) -> Int {
    let count = own.pointee.markCount
    guard count > 0, let marks = own.pointee.marks else {
      throw PickleState.raiseUnpickling("could not find MARK")
    }
    own.pointee.markCount = count - 1
    let height = marks[Int(count) - 1]
    own.pointee.fence = count > 1 ? marks[Int(count) - 2] : 0
    return height
  }
}
