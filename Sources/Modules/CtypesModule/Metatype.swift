import CPythonABI
import Glibc
import Objects

/// What all ctypes metatypes have: arrays by multiplication, instances over given memory.
enum Metatype {
  static let spec = TypeSpec(
    Metatypes.base, "_ctypes.CType_Type", basicSize: TypeInfo.typeSize,
    flags: [.haveGC, .baseType, .typeSubclass, .itemsAtEnd], base: typeType(),
    slots: [
      .tp_dealloc { type in
        let info = TypeInfo.place(type)
        TypeInfo.clear(type)
        free(info.pointee.format)
        free(info.pointee.shape)
        free(info.pointee.own.elements)
        typeType().pointee.tp_dealloc?(type)
      },
      .tp_traverse { type, visit, argument in
        let info = TypeInfo.place(type)
        let answer = visitReferences(
          visit, argument, info.pointee.proto, info.pointee.argtypes, info.pointee.converters,
          info.pointee.restype, info.pointee.checker)
        return answer != 0 ? answer : typeType().pointee.tp_traverse?(type, visit, argument) ?? 0
      },
      .tp_clear { type in
        TypeInfo.clear(type)
        return typeType().pointee.tp_clear?(type) ?? 0
      },
      .sq_repeat { type, count in new { try ArrayType.of(type, count) } },
    ],
    methods: [
      .noargs("__sizeof__($self, /)", "Return memory consumption of the type object.") { type, _ in
        new {
          let method = try own(PyObject_GetAttrString(typeType().object, "__sizeof__"))
          let size = try own(PyObject_CallOneArg(method.ref, type))
          let more = try int(MemoryLayout<TypeInfo>.size)
          return try own(PyNumber_Add(size.ref, more.ref))
        }
      }
    ])

  /// A metatype for one kind of C types.
  static func spec(
    _ type: TypeRef, _ name: StaticString, _ doc: StaticString, _ initialize: @escaping initproc,
    setAttribute: setattrofunc? = nil, convert: Method = fromParameter, methods: [Method] = []
  ) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: TypeInfo.typeSize,
      flags: [.haveGC, .baseType, .typeSubclass, .itemsAtEnd], doc: doc, base: Metatypes.base,
      slots: [.tp_init(initialize)] + (setAttribute.map { [.tp_setattro($0)] } ?? []),
      methods: [convert, fromAddress, fromBuffer, fromBufferCopy, inLibrary] + methods)
  }

  /// `type.__init__` and then the type's information, which `body` fills.
  static func begin(
    _ type: Ref, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> UnsafeMutablePointer<TypeInfo> {
    guard let initialize = typeType().pointee.tp_init else { throw Raised() }
    try check(initialize(type, args, keywords))
    return try TypeInfo.begin(type)
  }

  // MARK: from_param

  static let fromParameter: Method = .o(
    "from_param($self, value, /)", "Convert a Python object into a function call parameter."
  ) { type, value in new { try convert(type, value) } }

  static func convert(_ type: Ref, _ value: Ref) throws(Raised) -> Owned {
    if try check(PyObject_IsInstance(value, type)) != 0 { return value.retained() }
    if value.type == CArgument.type {
      // byref(instance)
      let object = CArgument(value).own.pointee.object
      let target = TypeInfo.of(type)?.pointee.proto
      if let object, let target, target.isType,
        try check(PyObject_IsInstance(object, target)) != 0
      {
        return value.retained()
      }
      throw raise(
        .typeError,
        "expected \(type.asType.name) instance instead of pointer to "
          + (object?.type.name ?? "???"))
    }
    if let parameter = try asParameter(value) {
      defer { Py_DECREF(parameter) }
      return try nested { () throws(Raised) in try convert(type, parameter) }
    }
    throw raise(
      .typeError, "expected \(type.asType.name) instance instead of \(value.type.name)")
  }

  /// `value._as_parameter_`, a new reference, nil when there is none.
  static func asParameter(_ value: Ref) throws(Raised) -> Ref? {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(value, "_as_parameter_", &found))
    return found
  }

  /// `_as_parameter_` may go in circles.
  static func nested(_ body: () throws(Raised) -> Owned) throws(Raised) -> Owned {
    try check(Py_EnterRecursiveCall(" while processing _as_parameter_"))
    defer { Py_LeaveRecursiveCall() }
    return try body()
  }

  // MARK: Instances over given memory

  private static let fromAddress: Method = .o(
    "from_address($self, value, /)",
    "C.from_address(integer) -> C instance\n\nAn instance over the memory at an address."
  ) { type, value in
    new {
      guard value.isInt else { throw raise(.typeError, "integer expected") }
      let address = PyLong_AsVoidPtr(value)
      if address == nil && hasRaised() { throw Raised() }
      return try CData.make(type, at: address)
    }
  }

  private static func checkRoom(
    _ info: UnsafeMutablePointer<TypeInfo>, _ length: Int, _ offset: Int
  ) throws(Raised) {
    if offset < 0 { throw raise(.valueError, "offset cannot be negative") }
    if info.pointee.size > length - offset {
      throw raise(
        .valueError,
        "Buffer size too small (\(length) instead of at least \(info.pointee.size + offset) bytes)"
      )
    }
  }

  private static let fromBuffer: Method = .fast(
    "from_buffer($self, obj, offset=0, /)",
    "C.from_buffer(object, offset=0) -> C instance\n\nAn instance over the memory of a writable buffer."
  ) { type, args, count in
    new {
      let a = try Arguments(fromBuffer, args, count)
      let offset = try a.index(1)
      let info = try TypeInfo.required(type)
      let view = try own(PyMemoryView_FromObject(a.object(0)))
      var buffer = view.ref.view(PyMemoryViewObject.self).pointee.view
      if buffer.readonly != 0 {
        throw raise(.typeError, "underlying buffer is not writable")
      }
      if PyBuffer_IsContiguous(&buffer, CChar(UInt8(ascii: "C"))) == 0 {
        throw raise(.typeError, "underlying buffer is not C contiguous")
      }
      try checkRoom(info, buffer.len, offset)
      let event = try tuple(
        try own(PyLong_FromVoidPtr(buffer.buf)), try int(buffer.len), try int(offset))
      try check(PySys_AuditTuple("ctypes.cdata/buffer", event.ref))
      let object = try CData.make(type, at: buffer.buf.map { $0 + offset })
      try CData(object.ref).keep(view.ref, at: -1)
      return object
    }
  }

  private static let fromBufferCopy: Method = .fast(
    "from_buffer_copy($self, buffer, offset=0, /)",
    "C.from_buffer_copy(object, offset=0) -> C instance\n\nAn instance with a copy of a buffer's bytes."
  ) { type, args, count in
    new {
      let a = try Arguments(fromBufferCopy, args, count)
      let offset = try a.index(1)
      var buffer = Py_buffer()
      try check(PyObject_GetBuffer(a.object(0), &buffer, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&buffer) }
      let info = try TypeInfo.required(type)
      try checkRoom(info, buffer.len, offset)
      let event = try tuple(
        try own(PyLong_FromVoidPtr(buffer.buf)), try int(buffer.len), try int(offset))
      try check(PySys_AuditTuple("ctypes.cdata/buffer", event.ref))
      let object = try CData.make(type)
      if let bytes = buffer.buf { memcpy(CData(object.ref).place, bytes + offset, info.pointee.size) }
      return object
    }
  }

  private static let inLibrary: Method = .fast(
    "in_dll($self, dll, name, /)",
    "C.in_dll(dll, name) -> C instance\n\nAn instance over a variable that a library exports."
  ) { type, args, count in
    new {
      let a = try Arguments(inLibrary, args, count)
      guard a.object(1).isStr else { throw a.badArgument(1, expected: "str") }
      let event = try tuple(a.object(0).retained(), a.object(1).retained())
      try check(PySys_AuditTuple("ctypes.dlsym", event.ref))
      let handle = try Library.handle(of: a.object(0), "second argument")
      guard let name = PyUnicode_AsUTF8(a.object(1)) else { throw Raised() }
      let address = try Library.symbol(handle, name, error: .valueError)
      return try CData.make(type, at: address)
    }
  }
}

/// Shared libraries.
enum Library {
  static func handle(of library: Ref, _ which: String) throws(Raised) -> UnsafeMutableRawPointer? {
    let value = try own(PyObject_GetAttrString(library, "_handle"))
    guard value.ref.isInt else {
      throw raise(.typeError, "the _handle attribute of the \(which) must be an integer")
    }
    let handle = PyLong_AsVoidPtr(value.ref)
    if hasRaised() {
      PyErr_Clear()
      throw raise(.valueError, "could not convert the _handle attribute to a pointer")
    }
    return handle
  }

  /// The address of a symbol; an error with the loader's text when there is none.
  static func symbol(
    _ handle: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>, error type: Ref,
    kind: String = "symbol"
  ) throws(Raised) -> UnsafeMutableRawPointer {
    _ = dlerror()
    let address = dlsym(handle, name)
    if let message = dlerror() {
      throw raise(type, String(cString: message))
    }
    guard let address else {
      throw raise(type, "\(kind) '\(String(cString: name))' not found")
    }
    return address
  }
}
