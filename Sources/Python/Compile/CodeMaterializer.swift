import AST
import CPythonABI
import Compiler
import Objects

/// A compiled unit into a code object with all its constants.
enum CodeMaterializer {
  static func code(_ unit: CodeUnit, fileName: Ref) throws(Raised) -> Owned {
    try code(unit, fileName: fileName, SharedConstants())
  }

  private static func code(
    _ unit: CodeUnit, fileName: Ref, _ shared: SharedConstants
  ) throws(Raised) -> Owned {
    let constants = try tuple(unit.constants.count) { index throws(Raised) -> Owned in
      try constant(unit.constants[index], fileName: fileName, shared)
    }
    let names = try strings(unit.names)
    let varNames = try strings(unit.varNames)
    let cellVars = try strings(unit.cellVars)
    let freeVars = try strings(unit.freeVars)
    let name = try interned(unit.name)
    let qualifiedName = try interned(unit.qualifiedName)
    let wordcode = try bytes(unit.code)
    let lineTable = try bytes(unit.lineTable)
    let locationTable = try bytes(unit.locationTable)
    let code = try PyCode.make(
      CodeParts(
        argCount: Int32(truncatingIfNeeded: unit.argCount),
        posOnlyArgCount: Int32(truncatingIfNeeded: unit.posOnlyArgCount),
        kwOnlyArgCount: Int32(truncatingIfNeeded: unit.kwOnlyArgCount),
        stackSize: Int32(truncatingIfNeeded: unit.stackSize),
        flags: Int32(bitPattern: unit.flags.rawValue),
        firstLine: Int32(truncatingIfNeeded: unit.firstLine),
        wordcode: wordcode.ref, constants: constants.ref, names: names.ref,
        varNames: varNames.ref, cellVars: cellVars.ref, freeVars: freeVars.ref,
        fileName: fileName, name: name.ref, qualifiedName: qualifiedName.ref,
        lineTable: lineTable.ref, locationTable: locationTable.ref))
    code.ref.view(PyCodeObject.self).pointee.co_is_compiled = 1
    return code
  }

  private static func tuple(
    _ count: Int, _ make: (Int) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    let result = try own(PyTuple_New(count))
    for index in 0..<count { apus_tuple_items(result.ref)[index] = try make(index).give() }
    return result
  }

  private static func interned(_ text: String) throws(Raised) -> Owned {
    var object: Ref? = newString(text)
    guard object != nil else { throw Raised() }
    PyUnicode_InternInPlace(&object)
    return try own(object)
  }

  private static func strings(_ texts: [String]) throws(Raised) -> Owned {
    try tuple(texts.count) { index throws(Raised) -> Owned in try interned(texts[index]) }
  }

  private static func bytes(_ content: [UInt8]) throws(Raised) -> Owned {
    try own(
      content.withUnsafeBytes {
        PyBytes_FromStringAndSize(
          $0.baseAddress?.assumingMemoryBound(to: CChar.self), content.count)
      })
  }

  /// A str constant; one that looks like an identifier is interned, as CPython's are.
  private static func string(_ content: [UInt8]) throws(Raised) -> Owned {
    var object: Ref? = content.withUnsafeBytes { buffer -> Ref? in
      guard let base = buffer.baseAddress else { return PyUnicode_New(0, 0) }
      return PyUnicode_DecodeUTF8(
        base.assumingMemoryBound(to: CChar.self), content.count, "surrogatepass")
    }
    guard object != nil else { throw Raised() }
    let isName = content.allSatisfy {
      $0 == 0x5F || ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122)
    }
    if isName { PyUnicode_InternInPlace(&object) }
    return try own(object)
  }

  /// A constant as an object.
  static func constant(
    _ constant: CodeConstant, fileName: Ref, _ shared: SharedConstants = SharedConstants()
  ) throws(Raised) -> Owned {
    switch constant {
    case .none: return noneObject().retained()
    case .true: return trueObject().retained()
    case .false: return falseObject().retained()
    case .ellipsis: return ellipsisObject().retained()
    case .int(let value):
      // Small ones are shared anyway.
      if value >= -5 && value <= 256 { return try own(PyLong_FromSsize_t(value)) }
      return try shared.object(.int(value)) { () throws(Raised) in
        try own(PyLong_FromSsize_t(value))
      }
    case .bigInt(let negative, let digits):
      return try shared.object(.bigInt(negative: negative, digits: digits)) { () throws(Raised) in
        try integer(negative, digits)
      }
    case .float(let value):
      return try shared.object(.float(value.bitPattern)) { () throws(Raised) in
        try own(PyFloat_FromDouble(value))
      }
    case .complex(let real, let imaginary):
      return try shared.object(.complex(real.bitPattern, imaginary.bitPattern)) {
        () throws(Raised) in try own(PyComplex_FromDoubles(real, imaginary))
      }
    case .string(let content):
      return try shared.object(.string(content)) { () throws(Raised) in try string(content) }
    case .bytes(let content):
      return try shared.object(.bytes(content)) { () throws(Raised) in try bytes(content) }
    case .tuple(let items):
      let made = try tuple(items.count) { index throws(Raised) -> Owned in
        try self.constant(items[index], fileName: fileName, shared)
      }
      return shared.tuple(made)
    case .frozenset(let items):
      let tuple = try tuple(items.count) { index throws(Raised) -> Owned in
        try self.constant(items[index], fileName: fileName, shared)
      }
      // CPython makes the set again from its own order when it merges constants; with colliding
      // hashes that changes the order.
      let first = try own(PyFrozenSet_New(tuple.ref))
      let again = try own(PySequence_Tuple(first.ref))
      return try own(PyFrozenSet_New(again.ref))
    case .code(let unit): return try code(unit, fileName: fileName, shared)
    }
  }

  /// An int of any size from the digits of its magnitude.
  private static func integer(_ negative: Bool, _ digits: [UInt32]) throws(Raised) -> Owned {
    guard let long = _PyLong_New(digits.count) else { throw Raised() }
    let object = UnsafeMutableRawPointer(long).assumingMemoryBound(to: PyObject.self)
    let target = apus_long_digits(object)
    for (index, digit) in digits.enumerated() { target[index] = digit }
    long.pointee.long_value.lv_tag = UInt(digits.count) << 3 | (negative ? 2 : 0)
    return Owned(adopting: object)
  }
}
