import CPythonABI
import Glibc

extension PyMemoryView {
  /// `left == right` of a view and any object with a buffer; nil when they cannot be compared.
  static func equal(_ left: Ref, _ right: Ref) throws(Raised) -> Bool? {
    let view = PyMemoryView(left)
    if view.isReleased { return left == right }
    if right.type == memoryViewType() && PyMemoryView(right).isReleased { return left == right }
    if PyObject_CheckBuffer(right) == 0 { return nil }
    let first = view.view
    let second: HeldBuffer
    do { second = try holdBuffer(right) } catch {
      // Something that cannot give its buffer is just different.
      PyErr_Clear()
      return nil
    }
    defer { second.release() }
    let other = second.buffer.pointee
    guard first.ndim == other.ndim else { return false }
    for index in 0..<Int(first.ndim) {
      let count = other.shape?[index] ?? (other.len / Swift.max(other.itemsize, 1))
      if first.shape?[index] != count { return false }
      if count == 0 { return true }
    }
    let comparison = try ItemComparison(first.format, other.format)
    return try comparison.equal(
      Cursor(first), first.buf, Cursor(other), other.buf, dimension: 0, of: Int(first.ndim))
  }

  /// Shape, strides and suboffsets of a buffer.
  private struct Cursor {
    let info: Py_buffer
    init(_ info: Py_buffer) { self.info = info }

    func count(_ dimension: Int) -> Int {
      info.shape?[dimension] ?? info.len / Swift.max(info.itemsize, 1)
    }

    func item(
      _ start: UnsafeMutableRawPointer?, _ index: Int, _ dimension: Int
    ) -> UnsafeMutableRawPointer? {
      guard let start else { return nil }
      var stride = info.itemsize
      if let strides = info.strides {
        stride = strides[dimension]
      } else if let shape = info.shape {
        for later in (dimension + 1)..<Swift.max(Int(info.ndim), dimension + 1) {
          stride = stride &* shape[later]
        }
      }
      let item = start + stride * index
      if let offset = info.suboffsets?[dimension], offset >= 0 {
        return item.load(as: UnsafeMutableRawPointer?.self).map { $0 + offset }
      }
      return item
    }
  }

  /// How items of two formats are compared.
  private struct ItemComparison: ~Copyable {
    private let left: UnsafePointer<CChar>?
    private let right: UnsafePointer<CChar>?
    private let code: UInt8?
    private let size: Int
    /// Strong references; nil where the format is a native one.
    private let leftUnpack: Ref?
    private let rightUnpack: Ref?

    init(_ left: UnsafePointer<CChar>?, _ right: UnsafePointer<CChar>?) throws(Raised) {
      let first = MemoryItem.native(left)
      let second = MemoryItem.native(right)
      let leftUnpack = first == nil ? try ItemComparison.unpacker(left) : nil
      let rightUnpack: Ref?
      do {
        rightUnpack = second == nil ? try ItemComparison.unpacker(right) : nil
      } catch {
        Py_XDECREF(leftUnpack)
        throw error
      }
      self.left = left
      self.right = right
      code = first?.code == second?.code ? first?.code : nil
      size = first?.size ?? 0
      self.leftUnpack = leftUnpack
      self.rightUnpack = rightUnpack
    }

    deinit {
      Py_XDECREF(leftUnpack)
      Py_XDECREF(rightUnpack)
    }

    /// `struct.Struct(format).unpack_from`, nil when the module does not know the format.
    private static func unpacker(_ format: UnsafePointer<CChar>?) throws(Raised) -> Ref? {
      let module = try own(PyImport_ImportModule("struct"))
      let type = try own(PyObject_GetAttrString(module.ref, "Struct"))
      let text = try own(PyUnicode_FromString(format ?? cString("B")))
      guard let made = PyObject_CallOneArg(type.ref, text.ref) else {
        let error = try own(PyObject_GetAttrString(module.ref, "error"))
        if PyErr_ExceptionMatches(error.ref) == 0 { throw Raised() }
        PyErr_Clear()
        return nil
      }
      let structure = Owned(adopting: made)
      return try own(PyObject_GetAttrString(structure.ref, "unpack")).give()
    }

    private func unpack(
      _ place: UnsafeMutableRawPointer, _ format: UnsafePointer<CChar>?, _ function: Ref?,
      _ size: Int
    ) throws(Raised) -> Owned? {
      guard let function else {
        if MemoryItem.native(format) == nil { return nil }
        return try MemoryItem.unpack(place, format)
      }
      let bytes = try PyBytes.make(UnsafePointer(place.as(UInt8.self)), size)
      let tuple = try own(PyObject_CallOneArg(function, bytes.ref))
      if apus_var_size(tuple.ref) == 1 { return apus_tuple_item(tuple.ref, 0).retained() }
      return tuple
    }

    private func equal(
      _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, _ sizeA: Int, _ sizeB: Int
    ) throws(Raised) -> Bool {
      switch code {
      case UInt8(ascii: "f"):
        return a.loadUnaligned(as: Float.self) == b.loadUnaligned(as: Float.self)
      case UInt8(ascii: "d"):
        return a.loadUnaligned(as: Double.self) == b.loadUnaligned(as: Double.self)
      case UInt8(ascii: "e"):
        return PyFloat_Unpack2(a.as(CChar.self), 1) == PyFloat_Unpack2(b.as(CChar.self), 1)
      case UInt8(ascii: "?"):
        return (a.load(as: UInt8.self) != 0) == (b.load(as: UInt8.self) != 0)
      case .some: return memcmp(a, b, size) == 0
      case nil: break
      }
      guard let first = try unpack(a, left, leftUnpack, sizeA),
        let second = try unpack(b, right, rightUnpack, sizeB)
      else { return false }
      return try check(PyObject_RichCompareBool(first.ref, second.ref, Py_EQ)) != 0
    }

    func equal(
      _ a: Cursor, _ startA: UnsafeMutableRawPointer?, _ b: Cursor,
      _ startB: UnsafeMutableRawPointer?, dimension: Int, of dimensions: Int
    ) throws(Raised) -> Bool {
      if dimension == dimensions {
        guard let startA, let startB else { return false }
        return try equal(startA, startB, a.info.itemsize, b.info.itemsize)
      }
      for index in 0..<a.count(dimension) {
        if try !equal(
          a, a.item(startA, index, dimension), b, b.item(startB, index, dimension),
          dimension: dimension + 1, of: dimensions)
        {
          return false
        }
      }
      return true
    }
  }

  static func richCompare(_ left: Ref, _ right: Ref, _ op: Int32) -> Ref? {
    new {
      guard op == Py_EQ || op == Py_NE, let equal = try equal(left, right) else {
        return Owned(adopting: notImplementedObject())
      }
      return Owned(adopting: boolObject(equal == (op == Py_EQ)))
    }
  }

  /// The hash of the bytes, of a read-only view of bytes.
  func hash() throws(Raised) -> Int {
    if object.pointee.hash != -1 { return object.pointee.hash }
    try requireUsable()
    if view.readonly == 0 {
      throw raise(.valueError, "cannot hash writable memoryview object")
    }
    guard let (code, _) = MemoryItem.native(view.format), MemoryItem.isByte(code) else {
      throw raise(
        .valueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'")
    }
    if let exporter = view.obj, PyObject_Hash(exporter) == -1 { throw Raised() }
    let bytes = try content()
    object.pointee.hash = PyBytes(bytes.ref).hash
    return object.pointee.hash
  }
}
