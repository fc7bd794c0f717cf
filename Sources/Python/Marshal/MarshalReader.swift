import CPythonABI
import Glibc
import Objects

/// Objects from marshal's bytes, out of memory or a file object.
struct MarshalReader: ~Copyable {
  private typealias Code = MarshalFormat.Code

  private var cursor: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>
  /// An object with `readinto`, or nil when everything is in memory.
  private let file: Ref?
  private let allowCode: Bool
  private let layout: MarshalFormat.CodeLayout
  private var depth = 0
  /// The piece of the file being read.
  private var piece: UnsafeMutablePointer<UInt8>
  private var pieceSize = 0
  /// Objects that references may name; owned. nil where an object is not finished.
  private var known: UnsafeMutablePointer<Ref?>
  private var knownCount = 0
  private var knownCapacity = 64

  private init(
    _ bytes: UnsafeBufferPointer<UInt8>, file: Ref?, allowCode: Bool,
    layout: MarshalFormat.CodeLayout
  ) {
    piece = .allocate(capacity: 1)
    cursor = bytes.baseAddress ?? UnsafePointer(piece)
    end = cursor + bytes.count
    self.file = file
    self.allowCode = allowCode
    self.layout = layout
    known = .allocate(capacity: 64)
  }

  deinit {
    for index in 0..<knownCount { if let object = known[index] { Py_DECREF(object) } }
    known.deallocate()
    piece.deallocate()
  }

  /// The object at the start of some bytes; what follows is ignored.
  static func load(
    _ bytes: UnsafeBufferPointer<UInt8>, allowCode: Bool = true,
    layout: MarshalFormat.CodeLayout = .current
  ) throws(Raised) -> Owned {
    var reader = MarshalReader(bytes, file: nil, allowCode: allowCode, layout: layout)
    return try reader.top()
  }

  /// The next object of a binary file.
  static func load(file: Ref, allowCode: Bool) throws(Raised) -> Owned {
    var reader = MarshalReader(
      UnsafeBufferPointer(start: nil, count: 0), file: file, allowCode: allowCode,
      layout: .current)
    return try reader.top()
  }

  private mutating func top() throws(Raised) -> Owned {
    guard let object = try object() else {
      throw raise(.typeError, "NULL object in marshal data for object")
    }
    return object
  }

  // MARK: Pieces

  private static func bad(_ what: StaticString) -> Raised {
    raise(.valueError, "bad marshal data (\(what))")
  }

  /// The next `count` bytes, valid until the next call.
  @inline(__always)
  private mutating func take(_ count: Int) throws(Raised) -> UnsafePointer<UInt8> {
    if file == nil {
      if count > end - cursor { throw raise(.eofError, "marshal data too short") }
      let start = cursor
      cursor += count
      return start
    }
    return try pull(count)
  }

  private mutating func pull(_ count: Int) throws(Raised) -> UnsafePointer<UInt8> {
    guard let file else { throw Raised() }
    if count > pieceSize {
      piece.deallocate()
      piece = .allocate(capacity: count)
      pieceSize = count
    }
    if count == 0 { return UnsafePointer(piece) }
    // The memory is only lent: a file that keeps the view would see it change.
    let view = try own(
      PyMemoryView_FromMemory(
        UnsafeMutableRawPointer(piece).assumingMemoryBound(to: CChar.self), count, PyBUF_WRITE))
    let name = try own(PyUnicode_InternFromString("readinto"))
    var row: InlineArray<2, Ref> = [file, view.ref]
    let result = withUnsafePointer(to: &row) {
      $0.withMemoryRebound(to: Ref.self, capacity: 2) {
        PyObject_VectorcallMethod(name.ref, $0, 2, nil)
      }
    }
    let got = try own(result)
    let number = try check(PyNumber_AsSsize_t(got.ref, .valueError))
    if number == count { return UnsafePointer(piece) }
    if number > count {
      throw raise(
        .valueError, "read() returned too much data: \(count) bytes requested, \(number) returned")
    }
    throw raise(.eofError, "EOF read where not expected")
  }

  @inline(__always)
  private mutating func byte() throws(Raised) -> UInt8 {
    if file == nil {
      if cursor == end { throw raise(.eofError, "EOF read where not expected") }
      let value = cursor.pointee
      cursor += 1
      return value
    }
    return try pull(1).pointee
  }

  private mutating func int32() throws(Raised) -> Int32 {
    let bytes = try take(4)
    return Int32(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: Int32.self))
  }

  private mutating func double() throws(Raised) -> Double {
    let bytes = try take(8)
    return Double(
      bitPattern: UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)))
  }

  private mutating func floatText() throws(Raised) -> Double {
    let length = Int(try byte())
    let bytes = try take(length)
    let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { text in
      for index in 0..<length { text[index] = CChar(bitPattern: bytes[index]) }
      text[length] = 0
      guard let start = text.baseAddress else { return -1.0 }
      return PyOS_string_to_double(start, nil, nil)
    }
    if value == -1 && hasRaised() { throw Raised() }
    return value
  }

  private mutating func count(_ what: StaticString) throws(Raised) -> Int {
    let value = try int32()
    if value < 0 { throw Self.bad(what) }
    return Int(value)
  }

  // MARK: References

  private mutating func reserve() throws(Raised) -> Int {
    if knownCount == knownCapacity {
      if knownCapacity > 0x7FFF_FFFE { throw Self.bad("index list too large") }
      let larger = UnsafeMutablePointer<Ref?>.allocate(capacity: knownCapacity * 2)
      larger.update(from: known, count: knownCount)
      known.deallocate()
      known = larger
      knownCapacity *= 2
    }
    (known + knownCount).initialize(to: nil)
    knownCount += 1
    return knownCount - 1
  }

  @inline(__always)
  private func remember(_ object: Ref, at index: Int) {
    if index < 0 { return }
    Py_INCREF(object)
    known[index] = object
  }

  // MARK: Objects

  private mutating func required(_ what: StaticString) throws(Raised) -> Owned {
    guard let object = try object() else {
      throw raise(.typeError, "NULL object in marshal data for \(what)")
    }
    return object
  }

  /// The next object; nil for the mark that ends a dict.
  private mutating func object() throws(Raised) -> Owned? {
    let lead: UInt8
    if file == nil {
      if cursor == end { throw raise(.eofError, "EOF read where object expected") }
      lead = cursor.pointee
      cursor += 1
    } else {
      do { lead = try pull(1).pointee } catch {
        if PyErr_ExceptionMatches(.eofError) != 0 {
          throw raise(.eofError, "EOF read where object expected")
        }
        throw error
      }
    }
    depth += 1
    defer { depth -= 1 }
    if depth > MarshalFormat.depthLimit { throw raise(.valueError, "recursion limit exceeded") }
    let flagged = lead & MarshalFormat.referenceFlag != 0
    let code = lead & ~MarshalFormat.referenceFlag
    switch code {
    case Code.null: return nil
    case Code.none: return noneObject().retained()
    case Code.false: return falseObject().retained()
    case Code.true: return trueObject().retained()
    case Code.ellipsis: return ellipsisObject().retained()
    case Code.stopIteration: return Ref.stopIteration.retained()
    case Code.reference:
      let number = try int32()
      guard number >= 0, Int(number) < knownCount, let object = known[Int(number)] else {
        throw Self.bad("invalid reference")
      }
      return object.retained()
    case Code.tuple, Code.smallTuple:
      let size = code == Code.tuple ? try count("tuple size out of range") : Int(try byte())
      return try tuple(size, flagged)
    case Code.list: return try list(flagged)
    case Code.dict: return try dict(flagged)
    case Code.set, Code.frozenset: return try set(frozen: code == Code.frozenset, flagged)
    case Code.code: return try self.code(flagged)
    default:
      let result = try scalar(code)
      if flagged {
        let index = try reserve()
        remember(result.ref, at: index)
      }
      return result
    }
  }

  private mutating func scalar(_ code: UInt8) throws(Raised) -> Owned {
    switch code {
    case Code.int: return try own(PyLong_FromLong(Int(try int32())))
    case Code.int64:
      let bytes = try take(8)
      return try own(
        PyLong_FromLong(Int(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: Int.self))))
    case Code.long: return try long()
    case Code.float: return try own(PyFloat_FromDouble(try floatText()))
    case Code.binaryFloat: return try own(PyFloat_FromDouble(try double()))
    case Code.complex:
      let real = try floatText()
      return try own(PyComplex_FromDoubles(real, try floatText()))
    case Code.binaryComplex:
      let real = try double()
      return try own(PyComplex_FromDoubles(real, try double()))
    case Code.bytes:
      let size = try count("bytes object size out of range")
      let bytes = try take(size)
      // Always a new object, as CPython makes it: whether it is shared shows when it is written.
      let result = try own(PyBytes_FromStringAndSize(nil, size))
      apus_bytes_data(result.ref).update(from: bytes, count: size)
      return result
    case Code.shortAscii: return try latin1(Int(try byte()), interned: false)
    case Code.shortAsciiInterned: return try latin1(Int(try byte()), interned: true)
    case Code.ascii: return try latin1(try count("string size out of range"), interned: false)
    case Code.asciiInterned:
      return try latin1(try count("string size out of range"), interned: true)
    case Code.unicode, Code.interned:
      let size = try count("string size out of range")
      let bytes = try take(size)
      var text = PyUnicode_DecodeUTF8(
        UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), size, "surrogatepass")
      if text != nil && code == Code.interned { PyUnicode_InternInPlace(&text) }
      return try own(text)
    default: throw Self.bad("unknown type code")
    }
  }

  private mutating func latin1(_ size: Int, interned: Bool) throws(Raised) -> Owned {
    let bytes = try take(size)
    var text = PyUnicode_FromKindAndData(1, bytes, size)
    if text != nil && interned { PyUnicode_InternInPlace(&text) }
    return try own(text)
  }

  private mutating func long() throws(Raised) -> Owned {
    let signed = try int32()
    if signed == 0 { return try own(PyLong_FromLong(0)) }
    if signed == Int32.min { throw Self.bad("long size out of range") }
    let halves = Int(signed.magnitude)
    // Checked before the memory is asked for: the count may be garbage.
    if file == nil && halves > (end - cursor) / 2 {
      while true { _ = try half(isLast: false) }
    }
    let size = (halves + 1) / 2
    guard let made = _PyLong_New(size) else { throw Raised() }
    let result = Owned(
      adopting: UnsafeMutableRawPointer(made).assumingMemoryBound(to: PyObject.self))
    let digits = apus_long_digits(result.ref)
    for index in 0..<size { digits[index] = 0 }
    for half in 0..<halves {
      let value = try self.half(isLast: half == halves - 1)
      digits[half >> 1] |= half & 1 == 0 ? value : value << 15
    }
    made.pointee.long_value.lv_tag = UInt(size) << 3 | (signed < 0 ? 2 : 0)
    if size == 1 {
      let value = Int(digits[0])
      return try own(PyLong_FromLong(signed < 0 ? -value : value))
    }
    return result
  }

  /// Half a digit of an int, 15 bits.
  private mutating func half(isLast: Bool) throws(Raised) -> UInt32 {
    let bytes = try take(2)
    let value = UInt32(bytes[0]) | UInt32(bytes[1]) << 8
    if value > 0x7FFF { throw Self.bad("digit out of range in long") }
    if isLast && value == 0 { throw Self.bad("unnormalized long data") }
    return value
  }

  private mutating func tuple(_ size: Int, _ flagged: Bool) throws(Raised) -> Owned {
    // A garbage size must not cost more memory than there can be items: the items there are tell what
    // is wrong, and each takes a byte.
    if file == nil && size > end - cursor {
      if flagged {
        let index = try reserve()
        remember(noneObject(), at: index)
      }
      while true { _ = try required("tuple") }
    }
    let result = try own(PyTuple_New(size))
    if flagged {
      // Its own items may name it before it is complete: it has no NULL then. None is immortal.
      for index in 0..<size { apus_tuple_items(result.ref)[index] = noneObject() }
      let index = try reserve()
      remember(result.ref, at: index)
    }
    for index in 0..<size {
      let item = try required("tuple")
      apus_tuple_items(result.ref)[index] = item.give()
    }
    return result
  }

  private mutating func list(_ flagged: Bool) throws(Raised) -> Owned {
    let size = try count("list size out of range")
    let result = try own(PyList_New(0))
    if flagged {
      let index = try reserve()
      remember(result.ref, at: index)
    }
    for _ in 0..<size {
      let item = try required("list")
      try check(PyList_Append(result.ref, item.ref))
    }
    return result
  }

  private mutating func dict(_ flagged: Bool) throws(Raised) -> Owned {
    let result = try own(PyDict_New())
    if flagged {
      let index = try reserve()
      remember(result.ref, at: index)
    }
    while let key = try object() {
      guard let value = try object() else { break }
      try check(PyDict_SetItem(result.ref, key.ref, value.ref))
    }
    return result
  }

  private mutating func set(frozen: Bool, _ flagged: Bool) throws(Raised) -> Owned {
    let size = try count("set size out of range")
    let result = try own(frozen ? PyFrozenSet_New(nil) : PySet_New(nil))
    // A frozenset may not be seen before it is complete.
    let index = flagged ? try reserve() : -1
    if !frozen { remember(result.ref, at: index) }
    if size == 0 {
      if frozen { remember(result.ref, at: index) }
      return result
    }
    if !frozen {
      for _ in 0..<size {
        let item = try required("set")
        try check(PySet_Add(result.ref, item.ref))
      }
      return result
    }
    let items = try own(PyList_New(0))
    for _ in 0..<size {
      let item = try required("set")
      if PyObject_Hash(item.ref) == -1 { throw Raised() }
      try check(PyList_Append(items.ref, item.ref))
    }
    let made = try own(PyFrozenSet_New(items.ref))
    remember(made.ref, at: index)
    return made
  }

  // MARK: Code

  private mutating func part(_ type: TypeRef, _ what: StaticString) throws(Raised) -> Owned {
    let object = try required("code")
    guard object.ref.type == type else {
      throw raise(.typeError, "bad marshal data (\(what) of code is \(object.ref.type.fullName))")
    }
    return object
  }

  private mutating func names(_ what: StaticString) throws(Raised) -> Owned {
    let tuple = try part(tupleType(), what)
    for index in 0..<apus_var_size(tuple.ref)
    where !apus_tuple_item(tuple.ref, index).isExactStr {
      throw raise(.typeError, "bad marshal data (\(what) of code are no names)")
    }
    return tuple
  }

  private mutating func code(_ flagged: Bool) throws(Raised) -> Owned {
    if !allowCode { throw raise(.valueError, "unmarshalling code objects is disallowed") }
    let index = flagged ? try reserve() : -1
    let argCount = try int32()
    let posOnly = try int32()
    let kwOnly = try int32()
    let localCount = layout == .own ? nil : try int32()
    let stackSize = try int32()
    let flags = try int32()
    let wordcode = try part(bytesType(), "wordcode")
    let constants = try part(tupleType(), "constants")
    let names = try names("names")
    let varNames = try self.names("variables")
    // 3.10 has the free variables first.
    let nearer = try self.names(layout == .own ? "cell variables" : "free variables")
    let farther = try self.names(layout == .own ? "free variables" : "cell variables")
    let cellVars = layout == .own ? nearer.ref : farther.ref
    let freeVars = layout == .own ? farther.ref : nearer.ref
    let fileName = try part(strType(), "file name")
    let name = try part(strType(), "name")
    let qualifiedName =
      layout == .own
      ? try part(strType(), "qualified name")
      : (QualifiedNames.classBody(wordcode.ref, names.ref, constants.ref) ?? name.ref).retained()
    let firstLine = try int32()
    let lineTable = try part(bytesType(), "line table")
    let locationTable =
      layout == .own
      ? try part(bytesType(), "location table") : try own(PyBytes_FromStringAndSize(nil, 0))
    let locals = apus_var_size(varNames.ref)
    let (arguments, overflow) = argCount.addingReportingOverflow(kwOnly)
    let extra = (flags & 0x4 != 0 ? 1 : 0) + (flags & 0x8 != 0 ? 1 : 0)
    guard argCount >= 0, posOnly >= 0, kwOnly >= 0, posOnly <= argCount, !overflow,
      Int(arguments) + extra <= locals, localCount.map({ Int($0) == locals }) ?? true, stackSize >= 0, stackSize < 1 << 24,
      apus_var_size(wordcode.ref) & 1 == 0
    else { throw raise(.valueError, "bad marshal data (code object)") }
    let result = try PyCode.make(
      CodeParts(
        argCount: argCount, posOnlyArgCount: posOnly, kwOnlyArgCount: kwOnly,
        stackSize: stackSize, flags: flags, firstLine: firstLine, wordcode: wordcode.ref,
        constants: constants.ref, names: names.ref, varNames: varNames.ref,
        cellVars: cellVars, freeVars: freeVars, fileName: fileName.ref, name: name.ref,
        qualifiedName: qualifiedName.ref, lineTable: lineTable.ref,
        locationTable: locationTable.ref))
    if layout == .python310 { QualifiedNames.give(by: result.ref) }
    remember(result.ref, at: index)
    return result
  }
}
