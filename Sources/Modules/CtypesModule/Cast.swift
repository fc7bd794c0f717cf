import CForeign
import CPythonABI
import Glibc
import Objects

/// The functions that `ctypes` calls by their addresses.
enum AddressFunctions {
  /// `ctypes.string_at`
  static let stringAt: @convention(c) (UnsafePointer<CChar>?, Int32) -> Ref? = { text, size in
    new {
      guard let text else { throw raise(.valueError, "NULL pointer access") }
      let event = try tuple(try own(PyLong_FromVoidPtr(UnsafeMutableRawPointer(mutating: text))), try int(Int(size)))
      try check(PySys_AuditTuple("ctypes.string_at", event.ref))
      if size < -1 {
        throw raise(.systemError, "Negative size passed to PyBytes_FromStringAndSize")
      }
      return try own(PyBytes_FromStringAndSize(text, size == -1 ? strlen(text) : Int(size)))
    }
  }

  /// `ctypes.wstring_at`
  static let wideStringAt: @convention(c) (UnsafePointer<Int32>?, Int32) -> Ref? = { text, size in
    new {
      guard let text else { throw raise(.valueError, "NULL pointer access") }
      let event = try tuple(try own(PyLong_FromVoidPtr(UnsafeMutableRawPointer(mutating: text))), try int(Int(size)))
      try check(PySys_AuditTuple("ctypes.wstring_at", event.ref))
      if size < -1 { throw raise(.systemError, "Negative size passed to PyUnicode_FromWideChar") }
      return try own(PyUnicode_FromWideChar(text, size == -1 ? apus_wide_length(text) : Int(size)))
    }
  }

  /// `ctypes.cast`
  static let cast: @convention(c) (UnsafeMutableRawPointer?, Ref, Ref) -> Ref? = {
    address, source, type in new { try AddressFunctions.cast(address, source, type) }
  }

  private static func cast(
    _ address: UnsafeMutableRawPointer?, _ source: Ref, _ type: Ref
  ) throws(Raised) -> Owned {
    var isPointer = Metatypes.isPointer(type) || Metatypes.isFunction(type)
    if !isPointer, Metatypes.isSimple(type), let info = TypeInfo.of(type) {
      let code = info.pointee.code
      let letters: StaticString = "sPzUZXO"
      isPointer = letters.withUTF8Buffer { $0.contains(code) }
    }
    guard isPointer else {
      throw raise(
        .typeError,
        "cast() argument 2 must be a pointer, not "
          + (type.isType ? type.asType.name : type.type.name))
    }
    let result = try own(PyObject_CallNoArgs(type))
    let data = CData(result.ref)
    if CData.isInstance(source) {
      // The result lives off the source's memory.
      let kept = try CData(source).keptObjects()
      let objects: Owned
      if kept.isNone { objects = try own(PyDict_New()) } else { objects = kept.retained() }
      if objects.ref.isExactDict {
        if let owner = containerObjects(source) , owner.isNone {
          setContainerObjects(source, objects.ref)
        }
        let key = try own(PyLong_FromVoidPtr(source))
        try check(PyDict_SetItem(objects.ref, key.ref, source))
      }
      replaceReference(&data.own.pointee.objects, objects.give())
    }
    data.place.storeBytes(of: address, as: UnsafeMutableRawPointer?.self)
    return result
  }

  private static func container(_ object: Ref) -> CData {
    var data = CData(object)
    while let owner = data.own.pointee.owner { data = CData(owner) }
    return data
  }

  private static func containerObjects(_ object: Ref) -> Ref? {
    container(object).own.pointee.objects
  }

  private static func setContainerObjects(_ object: Ref, _ value: Ref) {
    replaceReference(&container(object).own.pointee.objects, Py_NewRef(value))
  }
}
