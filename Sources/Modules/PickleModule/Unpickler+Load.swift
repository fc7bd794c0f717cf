import CPythonABI
import Objects

/// The machine's loop.
extension Unpickler {
  /// Runs one pickle to its STOP and returns the value.
  func load() throws(Raised) -> Owned {
    own.pointee.markCount = 0
    own.pointee.fence = 0
    own.pointee.version = 0
    clearStack(to: 0)
    try findHook()
    defer { clearReference(&own.pointee.persistentLoad) }
    while true {
      let opcode: UInt8
      let next = own.pointee.next
      if next < own.pointee.inputSize, let input = own.pointee.input {
        opcode = input[next]
        own.pointee.next = next &+ 1
      } else {
        opcode = try nextOpcode()
      }
      if opcode == Opcode.stop { break }
      try run(opcode)
    }
    try skipConsumed()
    return try pop()
  }

  /// Between instructions the end of the input is an EOFError.
  @inline(never)
  private func nextOpcode() throws(Raised) -> UInt8 {
    do {
      return try read(1).pointee
    } catch {
      if PyErr_ExceptionMatches(PickleState.unpicklingError) != 0 {
        PyErr_Clear()
        throw raise(.eofError, "Ran out of input")
      }
      throw error
    }
  }

  private func findHook() throws(Raised) {
    if let given = own.pointee.persistentLoadAttribute {
      replaceReference(&own.pointee.persistentLoad, given.retained().give())
      return
    }
    if ref.type == Self.type { return }
    var found: Ref?
    try check(PyObject_GetOptionalAttr(ref, PickleState.names.persistentLoad, &found))
    if let method = found, method.type == builtinFunctionType(),
      method.view(PyCFunctionObject.self).pointee.m_self == ref,
      let descriptor = _PyType_Lookup(Self.type, PickleState.names.persistentLoad),
      descriptor.view(PyMethodDescrObject.self).pointee.d_method
        == method.view(PyCFunctionObject.self).pointee.m_ml
    {
      Py_DECREF(method)
      found = nil
    }
    replaceReference(&own.pointee.persistentLoad, found)
  }

  /// Runs one instruction.
  @inline(__always)
  private func run(_ opcode: UInt8) throws(Raised) {
    switch opcode {
    case Opcode.binGet: try push(borrowed: try memoized(Int(try read(1).pointee)))
    case Opcode.memoize: try memoize(own.pointee.memoCount, try top())
    case Opcode.binPut:
      let number = Int(try read(1).pointee)
      try memoize(number, try top())
    case Opcode.shortBinUnicode: try loadUnicode(Int(try read(1).pointee))
    case Opcode.binInt1: try push(try int(Int(try read(1).pointee)))
    case Opcode.binInt2: try push(try int(Int(Self.load(try read(2), as: UInt16.self))))
    case Opcode.binInt: try push(try int(Int(Self.load(try read(4), as: Int32.self))))
    case Opcode.mark: try setMark()
    case Opcode.none: try push(borrowed: noneObject())
    case Opcode.newTrue: try push(borrowed: trueObject())
    case Opcode.newFalse: try push(borrowed: falseObject())
    case Opcode.binFloat:
      let bits = UInt64(
        bigEndian: UnsafeRawPointer(try read(8)).loadUnaligned(as: UInt64.self))
      try push(try Objects.own(PyFloat_FromDouble(Double(bitPattern: bits))))
    case Opcode.emptyTuple: try push(borrowed: emptyTuple())
    case Opcode.tuple1: try loadTuple(1)
    case Opcode.tuple2: try loadTuple(2)
    case Opcode.tuple3: try loadTuple(3)
    case Opcode.tuple:
      let start = try popMark()
      try push(try popTuple(from: start))
    case Opcode.emptyList: try push(try Objects.own(PyList_New(0)))
    case Opcode.emptyDict: try push(try Objects.own(PyDict_New()))
    case Opcode.append: try appendItems(from: own.pointee.height - 1)
    case Opcode.appends: try appendItems(from: try popMark())
    case Opcode.setItem: try setItems(from: own.pointee.height - 2)
    case Opcode.setItems: try setItems(from: try popMark())
    case Opcode.longBinGet:
      try push(borrowed: try memoized(Int(Self.load(try read(4), as: UInt32.self))))
    case Opcode.longBinPut:
      let number = Int(Self.load(try read(4), as: UInt32.self))
      try memoize(number, try top())
    case Opcode.binUnicode: try loadUnicode(Int(Self.load(try read(4), as: UInt32.self)))
    case Opcode.build: try loadBuild()
    case Opcode.reduce: try loadReduce()
    case Opcode.newObj: try loadNewObj(keywords: false)
    default: try runRare(opcode)
    }
  }

  @inline(never)
  private func runRare(_ opcode: UInt8) throws(Raised) {
    switch opcode {
    case Opcode.newObjEx: try loadNewObj(keywords: true)
    case Opcode.stackGlobal: try loadStackGlobal()
    case Opcode.global: try loadGlobal()
    case Opcode.long1: try loadLong(Int(try read(1).pointee))
    case Opcode.long4:
      let size = Int(Self.load(try read(4), as: Int32.self))
      if size < 0 {
        throw PickleState.raiseUnpickling("LONG pickle has negative byte count")
      }
      try loadLong(size)
    case Opcode.shortBinBytes: try loadBytes(Int(try read(1).pointee))
    case Opcode.binBytes: try loadBytes(Int(Self.load(try read(4), as: UInt32.self)))
    case Opcode.binBytes8: try loadBytes(try readSize("BINBYTES exceeds system's maximum size of"))
    case Opcode.byteArray8:
      try loadByteArray(try readSize("BYTEARRAY8 exceeds system's maximum size of"))
    case Opcode.binUnicode8:
      try loadUnicode(try readSize("BINUNICODE exceeds system's maximum size of"))
    case Opcode.nextBuffer: try loadNextBuffer()
    case Opcode.readOnlyBuffer: try loadReadOnlyBuffer()
    case Opcode.emptySet: try push(try Objects.own(PySet_New(nil)))
    case Opcode.addItems: try addItems(from: try popMark())
    case Opcode.frozenSet:
      let start = try popMark()
      let items = try popTuple(from: start)
      try push(try Objects.own(PyFrozenSet_New(items.ref)))
    case Opcode.list:
      let start = try popMark()
      try push(try popList(from: start))
    case Opcode.dict: try loadDict()
    case Opcode.frame: try loadFrame()
    case Opcode.proto: try loadProtocol()
    case Opcode.pop: try loadPop()
    case Opcode.popMark: clearStack(to: try popMark())
    case Opcode.dup: try push(borrowed: try top())
    case Opcode.ext1: try loadExtension(Int(try read(1).pointee))
    case Opcode.ext2: try loadExtension(Int(Self.load(try read(2), as: UInt16.self)))
    case Opcode.ext4: try loadExtension(Int(Self.load(try read(4), as: Int32.self)))
    case Opcode.int: try loadIntLine()
    case Opcode.long: try loadLongLine()
    case Opcode.float: try loadFloatLine()
    case Opcode.string: try loadStringLine()
    case Opcode.unicode: try loadUnicodeLine()
    case Opcode.shortBinString: try loadString(Int(try read(1).pointee))
    case Opcode.binString:
      let size = Int(Self.load(try read(4), as: Int32.self))
      if size < 0 {
        throw PickleState.raiseUnpickling("BINSTRING pickle has negative byte count")
      }
      try loadString(size)
    case Opcode.get: try push(borrowed: try memoized(try readIndexLine()))
    case Opcode.put:
      let number = try readIndexLine()
      let value = try top()
      if number < 0 { throw raise(.valueError, "negative PUT argument") }
      try memoize(number, value)
    case Opcode.inst: try loadInst()
    case Opcode.obj: try loadObj()
    case Opcode.persistentID: try loadPersistentIDLine()
    case Opcode.binPersistentID:
      let identity = try pop()
      try loadPersistent(identity.ref)
    default:
      let isShown = opcode >= 0x20 && opcode <= 0x7E && opcode != 0x27 && opcode != 0x5C
      let hex = String(opcode, radix: 16)
      let key =
        isShown
        ? String(Character(Unicode.Scalar(opcode))) : "\\x" + (hex.count < 2 ? "0" : "") + hex
      throw PickleState.raiseUnpickling("invalid load key, '\(key)'.")
    }
  }

  /// A little-endian number.
  @inline(__always)
  static func load<T: FixedWidthInteger>(_ place: UnsafePointer<UInt8>, as: T.Type) -> T {
    T(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: T.self))
  }

  /// An 8-byte size; OverflowError when an Int cannot hold it.
  private func readSize(_ message: String) throws(Raised) -> Int {
    let size = Self.load(try read(8), as: UInt64.self)
    guard let count = Int(exactly: size) else {
      throw raise(.overflowError, "\(message) \(Int.max) bytes")
    }
    return count
  }

  // MARK: The stream

  private func loadProtocol() throws(Raised) {
    let version = try read(1).pointee
    guard Int32(version) <= Format.highestProtocol else {
      throw raise(.valueError, "unsupported pickle protocol: \(version)")
    }
    own.pointee.version = Int32(version)
  }

  /// Gets the frame into the buffer; reading goes on at its start.
  private func loadFrame() throws(Raised) {
    let size = try readSize("FRAME length exceeds system's maximum of")
    _ = try read(size)
    own.pointee.next -= size
  }

  // MARK: Stack

  private func loadTuple(_ count: Int) throws(Raised) {
    guard own.pointee.height - own.pointee.fence >= count else { throw raiseUnderflow() }
    try push(try popTuple(from: own.pointee.height - count))
  }

  /// POP takes a mark away when one is on top.
  private func loadPop() throws(Raised) {
    let count = Int(own.pointee.markCount)
    if count > 0, own.pointee.marks.unsafelyUnwrapped[count - 1] == own.pointee.height {
      _ = try popMark()
      return
    }
    _ = try pop()
  }

  // MARK: Containers

  private func loadDict() throws(Raised) {
    let start = try popMark()
    let dict = try Objects.own(PyDict_New())
    let count = own.pointee.height - start
    if count % 2 != 0 {
      throw PickleState.raiseUnpickling("odd number of items for DICT")
    }
    let items = try popTuple(from: start)
    var index = 0
    while index < count {
      try check(
        PyDict_SetItem(
          dict.ref, apus_tuple_item(items.ref, index), apus_tuple_item(items.ref, index + 1)))
      index += 2
    }
    try push(dict)
  }

  /// Adds the values above a height to the list below them.
  private func appendItems(from start: Int) throws(Raised) {
    let height = own.pointee.height
    guard start <= height, start > own.pointee.fence else { throw raiseUnderflow() }
    if start == height { return }
    let list = own.pointee.stack.unsafelyUnwrapped[start - 1].unsafelyUnwrapped
    if list.isExactList {
      if height - start == 1 {
        own.pointee.height -= 1
        let item = Owned(
          adopting: own.pointee.stack.unsafelyUnwrapped[start].unsafelyUnwrapped)
        try check(PyList_Append(list, item.ref))
        return
      }
      let items = try popList(from: start)
      let size = apus_var_size(list)
      try check(PyList_SetSlice(list, size, size, items.ref))
      return
    }
    let target = list.retained()
    var extend: Ref?
    try check(PyObject_GetOptionalAttr(target.ref, PickleState.names.extend, &extend))
    if let extend {
      defer { Py_DECREF(extend) }
      let items = try popList(from: start)
      _ = try Objects.own(PyObject_CallOneArg(extend, items.ref))
      return
    }
    let append = try Objects.own(PyObject_GetAttr(target.ref, PickleState.names.append))
    let items = try popList(from: start)
    for index in 0..<apus_var_size(items.ref) {
      _ = try Objects.own(PyObject_CallOneArg(append.ref, apus_list_item(items.ref, index)))
    }
  }

  /// Puts the pairs above a height into the mapping below them.
  private func setItems(from start: Int) throws(Raised) {
    let height = own.pointee.height
    guard start <= height, start > own.pointee.fence else { throw raiseUnderflow() }
    if start == height { return }
    if (height - start) % 2 != 0 {
      throw PickleState.raiseUnpickling("odd number of items for SETITEMS")
    }
    let target = own.pointee.stack.unsafelyUnwrapped[start - 1].unsafelyUnwrapped.retained()
    let isExact = target.ref.isExactDict
    var index = start
    // The stack may move while a key is hashed.
    while index < height, height == own.pointee.height,
      let key = own.pointee.stack.unsafelyUnwrapped[index],
      let value = own.pointee.stack.unsafelyUnwrapped[index + 1]
    {
      try check(
        isExact
          ? PyDict_SetItem(target.ref, key, value) : PyObject_SetItem(target.ref, key, value))
      index += 2
    }
    clearStack(to: start)
  }

  private func addItems(from start: Int) throws(Raised) {
    let height = own.pointee.height
    guard start <= height, start > own.pointee.fence else { throw raiseUnderflow() }
    if start == height { return }
    let target = own.pointee.stack.unsafelyUnwrapped[start - 1].unsafelyUnwrapped.retained()
    if target.ref.isInstance(of: setType()) {
      let items = try popTuple(from: start)
      try check(_PySet_Update(target.ref, items.ref))
      return
    }
    let add = try Objects.own(PyObject_GetAttr(target.ref, PickleState.names.add))
    let items = try popTuple(from: start)
    for index in 0..<apus_var_size(items.ref) {
      _ = try Objects.own(PyObject_CallOneArg(add.ref, apus_tuple_item(items.ref, index)))
    }
  }
}
