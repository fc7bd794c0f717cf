import CPythonABI
import Glibc

/// A field of the instances' struct: `slice.start`, and every name in `__slots__`.
/// CPython: Objects/descrobject.c, `PyMemberDescr_Type`.
enum MemberDescriptor {
  static let spec = TypeSpec(
    memberDescrType(), "member_descriptor", basicSize: MemoryLayout<PyMemberDescrObject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc(descriptor_dealloc),
      .tp_repr { Descriptors.repr($0, "member") },
      .tp_traverse(descriptor_traverse),
      .tp_descr_get { descriptor, object, _ in
        guard let object else {
          Py_INCREF(descriptor)
          return descriptor
        }
        guard Descriptors.applies(descriptor, to: object) else { return nil }
        let member = descriptor.view(PyMemberDescrObject.self).pointee.d_member
        let base = UnsafeRawPointer(object).assumingMemoryBound(to: CChar.self)
        return PyMember_GetOne(base, member)
      },
      .tp_descr_set { descriptor, object, value in
        guard Descriptors.applies(descriptor, to: object) else { return -1 }
        let member = descriptor.view(PyMemberDescrObject.self).pointee.d_member
        let base = UnsafeMutableRawPointer(object).assumingMemoryBound(to: CChar.self)
        return PyMember_SetOne(base, member, value)
      },
    ],
    methods: [Descriptors.reduce], members: Descriptors.members,
    properties: [doc, Descriptors.qualifiedName])

  static let doc = Property(
    "__doc__",
    get: { descriptor, _ in
      guard let doc = descriptor.view(PyMemberDescrObject.self).pointee.d_member.pointee.doc else {
        return noneObject()
      }
      return PyUnicode_FromString(doc)
    })
}

@c @implementation public func PyDescr_NewMember(
  _ type: TypeRef, _ member: UnsafeMutablePointer<PyMemberDef>
) -> Ref? {
  if member.pointee.flags & Py_RELATIVE_OFFSET != 0 {
    _ = raise(.systemError, "PyDescr_NewMember used with Py_RELATIVE_OFFSET")
    return nil
  }
  guard let object = Descriptors.make(memberDescrType(), type, member.pointee.name) else {
    return nil
  }
  object.view(PyMemberDescrObject.self).pointee.d_member = member
  return object
}

/// The value of a field as an object (CPython: Python/structmember.c).
@c @implementation public func PyMember_GetOne(
  _ base: UnsafePointer<CChar>, _ member: UnsafeMutablePointer<PyMemberDef>
) -> Ref? {
  if member.pointee.flags & Py_AUDIT_READ != 0, Audit.isActive {
    let object = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: PyObject.self)
    let name = member.pointee.name.map { String(cString: $0) } ?? "?"
    if Audit.refuses("object.__getattr__", [.object(object), .string(name)]) { return nil }
  }
  let field = UnsafeRawPointer(base) + member.pointee.offset
  switch member.pointee.type {
  case Py_T_BOOL: return boolObject(field.loadUnaligned(as: Int8.self) != 0)
  case Py_T_BYTE: return PyLong_FromLong(Int(field.loadUnaligned(as: Int8.self)))
  case Py_T_UBYTE: return PyLong_FromLong(Int(field.loadUnaligned(as: UInt8.self)))
  case Py_T_SHORT: return PyLong_FromLong(Int(field.loadUnaligned(as: Int16.self)))
  case Py_T_USHORT: return PyLong_FromLong(Int(field.loadUnaligned(as: UInt16.self)))
  case Py_T_INT: return PyLong_FromLong(Int(field.loadUnaligned(as: Int32.self)))
  case Py_T_UINT: return PyLong_FromLong(Int(field.loadUnaligned(as: UInt32.self)))
  case Py_T_LONG, Py_T_PYSSIZET, Py_T_LONGLONG:
    return PyLong_FromSsize_t(field.loadUnaligned(as: Int.self))
  case TypeFlags.memberType:
    return PyLong_FromUnsignedLong(TypeFlags.shown(field.loadUnaligned(as: UInt.self)))
  case Py_T_ULONG, Py_T_ULONGLONG:
    return PyLong_FromUnsignedLong(field.loadUnaligned(as: UInt.self))
  case Py_T_FLOAT: return PyFloat_FromDouble(Double(field.loadUnaligned(as: Float.self)))
  case Py_T_DOUBLE: return PyFloat_FromDouble(field.loadUnaligned(as: Double.self))
  case Py_T_STRING:
    guard let text = field.loadUnaligned(as: UnsafePointer<CChar>?.self) else { return noneObject() }
    return PyUnicode_FromString(text)
  case Py_T_STRING_INPLACE:
    return PyUnicode_FromString(field.assumingMemoryBound(to: CChar.self))
  case Py_T_CHAR: return PyUnicode_FromStringAndSize(field.assumingMemoryBound(to: CChar.self), 1)
  case _Py_T_OBJECT:
    let value = field.loadUnaligned(as: Ref?.self) ?? noneObject()
    Py_INCREF(value)
    return value
  case Py_T_OBJECT_EX:
    guard let value = field.loadUnaligned(as: Ref?.self) else {
      let object = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: PyObject.self)
      let name = member.pointee.name.map { String(cString: $0) } ?? "?"
      guard let type = PyType_GetFullyQualifiedName(object.type) else { return nil }
      _ = raise(.attributeError, "'\(text(of: type))' object has no attribute '\(name)'")
      Py_DECREF(type)
      return nil
    }
    Py_INCREF(value)
    return value
  case _Py_T_NONE: return noneObject()
  default:
    _ = raise(.systemError, "bad memberdescr type for \(member.pointee.name.map { String(cString: $0) } ?? "?")")
    return nil
  }
}

/// Stores an object in a field; nil deletes it where the type allows that.
@c @implementation public func PyMember_SetOne(
  _ base: UnsafeMutablePointer<CChar>, _ member: UnsafeMutablePointer<PyMemberDef>, _ value: Ref?
) -> Int32 {
  status { try MemberField(base, member.pointee).store(value) }
}

/// A field to store to.
private struct MemberField {
  let field: UnsafeMutableRawPointer
  let member: PyMemberDef

  init(_ base: UnsafeMutablePointer<CChar>, _ member: PyMemberDef) {
    field = UnsafeMutableRawPointer(base) + member.offset
    self.member = member
  }

  func store(_ given: Ref?) throws(Raised) {
    if member.flags & Py_READONLY != 0 { throw raise(.attributeError, "readonly attribute") }
    guard let value = given else { return try delete() }
    switch member.type {
    case Py_T_BOOL:
      guard value.isBool else {
        throw raise(.typeError, "attribute value type must be bool")
      }
      field.storeBytes(of: value == trueObject() ? 1 : 0, as: Int8.self)
    case Py_T_BYTE: try storeNarrow(value, as: Int8.self, "Truncation of value to char")
    case Py_T_UBYTE: try storeNarrow(value, as: UInt8.self, "Truncation of value to unsigned char")
    case Py_T_SHORT: try storeNarrow(value, as: Int16.self, "Truncation of value to short")
    case Py_T_USHORT: try storeNarrow(value, as: UInt16.self, "Truncation of value to unsigned short")
    case Py_T_INT: try storeNarrow(value, as: Int32.self, "Truncation of value to int")
    case Py_T_UINT:
      let number = try unsigned(value, PyLong_AsUnsignedLong)
      field.storeBytes(of: UInt32(truncatingIfNeeded: number.value), as: UInt32.self)
      if number.isNegative {
        try warnOfNegative()
      } else if number.value > UInt(UInt32.max) {
        try warn(.runtimeWarning, "Truncation of value to unsigned int")
      }
    // The widest fields get what the conversion gives, -1 too when it fails, as CPython's do.
    case Py_T_LONG: try storeChecked(PyLong_AsLong(value), -1)
    case Py_T_LONGLONG: try storeChecked(Int(PyLong_AsLongLong(value)), -1)
    case Py_T_PYSSIZET: try storeChecked(PyLong_AsSsize_t(value), -1)
    case Py_T_DOUBLE: try storeChecked(PyFloat_AsDouble(value), -1)
    case Py_T_ULONG, Py_T_ULONGLONG:
      let isLong = member.type == Py_T_ULONG
      let number = try unsigned(value) {
        isLong ? PyLong_AsUnsignedLong($0) : UInt(PyLong_AsUnsignedLongLong($0))
      }
      field.storeBytes(of: number.value, as: UInt.self)
      if number.isNegative { try warnOfNegative() }
    case Py_T_FLOAT:
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      field.storeBytes(of: Float(number), as: Float.self)
    case _Py_T_OBJECT, Py_T_OBJECT_EX:
      let old = field.loadUnaligned(as: Ref?.self)
      Py_INCREF(value)
      field.storeBytes(of: value, as: Ref.self)
      Py_XDECREF(old)
    case Py_T_CHAR:
      guard value.isStr, apus_str_length(value) == 1 else { throw badOperand() }
      let code = PyUnicode_ReadChar(value, 0)
      guard code < 128 else { throw badOperand() }
      field.storeBytes(of: UInt8(truncatingIfNeeded: code), as: UInt8.self)
    case Py_T_STRING, Py_T_STRING_INPLACE:
      throw raise(.typeError, "readonly attribute")
    default:
      throw raise(.systemError, "bad memberdescr type for \(member.name.map { String(cString: $0) } ?? "?")")
    }
  }

  private func delete() throws(Raised) {
    switch member.type {
    case Py_T_OBJECT_EX:
      guard let old = field.loadUnaligned(as: Ref?.self) else {
        let name = try own(PyUnicode_FromString(try unwrap(member.name)))
        throw raise(.attributeError, value: name.ref)
      }
      field.storeBytes(of: nil, as: Ref?.self)
      Py_DECREF(old)
    case _Py_T_OBJECT:
      let old = field.loadUnaligned(as: Ref?.self)
      field.storeBytes(of: nil, as: Ref?.self)
      Py_XDECREF(old)
    default:
      throw raise(.typeError, "can't delete numeric/char attribute")
    }
  }

  private func badOperand() -> Raised {
    raise(.typeError, "bad argument type for built-in operation")
  }

  private func signed(_ value: Ref) throws(Raised) -> Int {
    let number = PyLong_AsLong(value)
    if number == -1 && hasRaised() { throw Raised() }
    return number
  }

  private func storeChecked<T: Equatable>(_ number: T, _ failure: T) throws(Raised) {
    field.storeBytes(of: number, as: T.self)
    if number == failure && hasRaised() { throw Raised() }
  }

  private func storeNarrow<T: FixedWidthInteger>(
    _ value: Ref, as _: T.Type, _ warning: String
  ) throws(Raised) {
    let number = try signed(value)
    if T(exactly: number) == nil { try warn(.runtimeWarning, warning) }
    field.storeBytes(of: T(truncatingIfNeeded: number), as: T.self)
  }

  /// The value of an int for an unsigned field, where a negative one wraps around.
  private func unsigned(
    _ value: Ref, _ convert: (Ref) -> UInt
  ) throws(Raised) -> (value: UInt, isNegative: Bool) {
    let number = try own(PyNumber_Index(value))
    if apus_long_sign(number.ref) < 0 {
      let wrapped = PyLong_AsLong(number.ref)
      if wrapped == -1 && hasRaised() { throw Raised() }
      return (UInt(bitPattern: wrapped), true)
    }
    let wide = convert(number.ref)
    if wide == UInt.max && hasRaised() { throw Raised() }
    return (wide, false)
  }

  private func warnOfNegative() throws(Raised) {
    try warn(.runtimeWarning, "Writing negative value into unsigned field")
  }
}
