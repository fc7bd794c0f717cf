import CForeign
import CPythonABI
import Glibc
import Objects

/// The module `_ctypes`. CPython: Modules/_ctypes.
public let ctypesModule = ModuleSpec(
  "_ctypes", doc: "C data types and foreign functions.",
  methods: [
    pointerTypeFunction, pointerFunction, unpickleFunction, bufferInfo, resizeFunction, dlopenFunction,
    dlcloseFunction, dlsymFunction, alignmentFunction, sizeofFunction, byrefFunction,
    addressofFunction, callFunction, callCdeclFunction, objectFromPointer, increment, decrement,
    getErrno, setErrno,
  ],
  constants: [
    .string("__version__", "1.1.0"), .int("FUNCFLAG_CDECL", 1), .int("FUNCFLAG_PYTHONAPI", 4),
    .int("FUNCFLAG_USE_ERRNO", 8), .int("FUNCFLAG_USE_LASTERROR", 16),
    .int("RTLD_LOCAL", RTLD_LOCAL), .int("RTLD_GLOBAL", RTLD_GLOBAL), .int("SIZEOF_TIME_T", 8),
    .int("CTYPES_MAX_ARGCOUNT", 1024),
  ],
  exec: { module in
    status {
      try CtypesState.load()
      for spec in [
        Metatype.spec, Structures.structureMetaSpec, Structures.unionMetaSpec,
        PointerType.metaSpec, ArrayType.metaSpec, Simple.metaSpec, FunctionPointer.metaSpec,
      ] where !spec.isReady {
        try spec.installInModule()
      }
      for spec in [CData.spec] + Structures.specs + [
        PointerType.spec, ArrayType.spec, Simple.spec, FunctionPointer.spec, Field.spec,
        CArgument.spec, Thunk.spec,
      ] where !spec.isReady {
        try spec.installInModule()
      }
      for (name, object) in [
        ("Structure", Structures.structure.object), ("Union", Structures.union.object),
        ("_Pointer", PointerType.type.object), ("Array", ArrayType.type.object),
        ("_SimpleCData", Simple.type.object), ("CFuncPtr", FunctionPointer.type.object),
        ("_pointer_type_cache", CtypesState.pointerTypes),
        ("ArgumentError", CtypesState.argumentError),
      ] {
        try check(PyModule_AddObjectRef(module, name, object))
      }
      let addresses: [(String, UnsafeMutableRawPointer)] = [
        ("_memmove_addr", apus_memmove_address()), ("_memset_addr", apus_memset_address()),
        (
          "_string_at_addr",
          unsafeBitCast(AddressFunctions.stringAt, to: UnsafeMutableRawPointer.self)
        ),
        (
          "_wstring_at_addr",
          unsafeBitCast(AddressFunctions.wideStringAt, to: UnsafeMutableRawPointer.self)
        ),
        ("_cast_addr", unsafeBitCast(AddressFunctions.cast, to: UnsafeMutableRawPointer.self)),
      ]
      for (name, address) in addresses {
        let number = try own(PyLong_FromVoidPtr(address))
        try check(PyModule_AddObjectRef(module, name, number.ref))
      }
      CtypesState.unpickle = try own(PyObject_GetAttrString(module, "_unpickle")).give()
    }
  })

private let pointerTypeFunction: Method = .o(
  "POINTER($module, type, /)",
  "Return the type of pointers to a C type; a str is the name of a type to come."
) { _, type in new { try PointerType.of(type) } }

private let pointerFunction: Method = .o(
  "pointer($module, obj, /)", "Return a new pointer to an instance of a C type."
) { _, object in
  new {
    let type = try PointerType.of(object.type.object)
    return try own(PyObject_CallOneArg(type.ref, object))
  }
}

private let unpickleFunction: Method = .variable("_unpickle", "") { _, args in
  new {
    guard apus_var_size(args) == 2, apus_tuple_item(args, 1).isTuple else {
      throw raise(.typeError, "_unpickle takes a type and a tuple")
    }
    let type = apus_tuple_item(args, 0)
    let object = try own(PyObject_CallMethodOneArg(type, id___new__(), type))
    let method = try own(PyObject_GetAttr(object.ref, id___setstate__()))
    _ = try own(PyObject_Call(method.ref, apus_tuple_item(args, 1), nil))
    return object
  }
}

/// The information of a type or of an instance's type.
private func info(_ object: Ref) -> UnsafeMutablePointer<TypeInfo>? {
  TypeInfo.of(object) ?? TypeInfo.of(instance: object)
}

private let bufferInfo: Method = .o(
  "buffer_info($self, object, /)", "Return buffer interface information"
) { _, object in
  new {
    guard let info = info(object) else {
      throw raise(.typeError, "not a ctypes type or object")
    }
    let shape = try own(PyTuple_New(info.pointee.dimensions))
    for index in 0..<info.pointee.dimensions {
      apus_tuple_items(shape.ref)[index] = try int(info.pointee.shape?[index] ?? 0).give()
    }
    return try tuple(
      try own(newString(info.pointee.formatText)), try int(info.pointee.dimensions), shape)
  }
}

private let resizeFunction: Method = .variable(
  "resize", "Resize the memory buffer of a ctypes instance"
) { _, args in
  none {
    try checkPositional("resize", apus_var_size(args), least: 2, most: 2)
    let object = apus_tuple_item(args, 0)
    let size = PyLong_AsSsize_t(apus_tuple_item(args, 1))
    if size == -1 && hasRaised() { throw Raised() }
    guard CData.isInstance(object), let info = TypeInfo.of(instance: object) else {
      throw raise(.typeError, "excepted ctypes instance")
    }
    if size < info.pointee.size {
      throw raise(.valueError, "minimum size is \(info.pointee.size)")
    }
    try CData(object).resize(size)
  }
}

extension CData {
  /// Makes the memory larger or smaller; ValueError when it is somebody else's.
  func resize(_ size: Int) throws(Raised) {
    if own.pointee.needsFree == 0 {
      throw raise(
        .valueError, "Memory cannot be resized because this object doesn't own it")
    }
    let inline = UnsafeMutableRawPointer(own) + MemoryLayout<Layout>.at(\.value)
    if size <= 16 && own.pointee.place == inline {
      own.pointee.size = size
      return
    }
    if own.pointee.place == inline {
      guard let memory = PyMem_Calloc(size, 1) else { throw raiseNoMemory() }
      memcpy(memory, inline, Swift.min(own.pointee.size, 16))
      own.pointee.place = memory
    } else {
      guard let memory = PyMem_Realloc(own.pointee.place, size) else { throw raiseNoMemory() }
      own.pointee.place = memory
      if size > own.pointee.size { memset(memory + own.pointee.size, 0, size - own.pointee.size) }
    }
    own.pointee.size = size
  }
}

// MARK: Libraries

private let dlopenFunction: Method = .variable(
  "dlopen", "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library"
) { _, args in
  new {
    try checkPositional("dlopen", apus_var_size(args), least: 1, most: 2)
    let name = apus_tuple_item(args, 0)
    var mode = RTLD_NOW
    if apus_var_size(args) == 2 {
      mode = PyLong_AsInt(apus_tuple_item(args, 1))
      if mode == -1 && hasRaised() { throw Raised() }
    }
    mode |= RTLD_NOW
    let event = try tuple(name.retained())
    try check(PySys_AuditTuple("ctypes.dlopen", event.ref))
    let handle: UnsafeMutableRawPointer?
    if name.isNone {
      handle = dlopen(nil, mode)
    } else {
      var bytes: Ref?
      if PyUnicode_FSConverter(name, &bytes) == 0 { throw Raised() }
      guard let bytes else { throw Raised() }
      defer { Py_DECREF(bytes) }
      let path = UnsafeRawPointer(apus_bytes_data(bytes)).assumingMemoryBound(to: CChar.self)
      let thread = PyEval_SaveThread()
      handle = dlopen(path, mode)
      if let thread { PyEval_RestoreThread(thread) }
    }
    guard let handle else {
      throw raise(.osError, dlerror().map { String(cString: $0) } ?? "dlopen() error")
    }
    return try own(PyLong_FromVoidPtr(handle))
  }
}

private func address(_ object: Ref) throws(Raised) -> UnsafeMutableRawPointer? {
  guard object.isInt else { throw raise(.typeError, "an integer is required") }
  let address = PyLong_AsVoidPtr(object)
  if address == nil && hasRaised() { throw Raised() }
  return address
}

private let dlcloseFunction: Method = .variable("dlclose", "dlclose a library") { _, args in
  none {
    try checkPositional("dlclose", apus_var_size(args), least: 1, most: 1)
    guard let handle = try address(apus_tuple_item(args, 0)) else {
      throw raise(.valueError, "NULL handle")
    }
    if dlclose(handle) != 0 {
      throw raise(.osError, dlerror().map { String(cString: $0) } ?? "dlclose() error")
    }
  }
}

private let dlsymFunction: Method = .variable("dlsym", "find symbol in shared library") { _, args in
  new {
    try checkPositional("dlsym", apus_var_size(args), least: 2, most: 2)
    let handle = try address(apus_tuple_item(args, 0))
    let event = try tuple(apus_tuple_item(args, 0).retained(), apus_tuple_item(args, 1).retained())
    try check(PySys_AuditTuple("ctypes.dlsym/handle", event.ref))
    guard let name = PyUnicode_AsUTF8(apus_tuple_item(args, 1)) else { throw Raised() }
    return try own(PyLong_FromVoidPtr(try Library.symbol(handle, name, error: .osError)))
  }
}

// MARK: Sizes and addresses

private let sizeofFunction: Method = .o(
  "sizeof($self, object, /)",
  "sizeof(C type) -> integer\nsizeof(C instance) -> integer\nThe size in bytes."
) { _, object in
  new {
    if let info = TypeInfo.of(object) { return try int(info.pointee.size) }
    if CData.isInstance(object) { return try int(CData(object).own.pointee.size) }
    throw raise(.typeError, "this type has no size")
  }
}

private let alignmentFunction: Method = .o(
  "alignment($self, object, /)",
  "alignment(C type) -> integer\nalignment(C instance) -> integer\nThe alignment in bytes."
) { _, object in
  new {
    guard let info = info(object) else { throw raise(.typeError, "no alignment info") }
    return try int(info.pointee.align)
  }
}

private let byrefFunction: Method = .variable(
  "byref",
  "byref(C instance[, offset=0]) -> byref-object\nA lightweight pointer to an instance, for arguments of foreign functions."
) { _, args in
  new {
    try checkPositional("byref", apus_var_size(args), least: 1, most: 2)
    var offset = 0
    if apus_var_size(args) == 2 {
      offset = PyNumber_AsSsize_t(apus_tuple_item(args, 1), nil)
      if offset == -1 && hasRaised() { throw Raised() }
    }
    return try CArgument.reference(to: apus_tuple_item(args, 0), offset: offset)
  }
}

private let addressofFunction: Method = .o(
  "addressof($self, object, /)",
  "addressof(C instance) -> integer\nThe address of an instance's memory."
) { _, object in
  new {
    guard CData.isInstance(object) else { throw raise(.typeError, "invalid type") }
    let event = try tuple(object.retained())
    try check(PySys_AuditTuple("ctypes.addressof", event.ref))
    return try own(PyLong_FromVoidPtr(CData(object).place))
  }
}

// MARK: Calls

private func call(_ args: Ref, flags: Int32) throws(Raised) -> Owned {
  guard apus_var_size(args) == 2, apus_tuple_item(args, 1).isTuple else {
    throw raise(.typeError, "an address and a tuple of arguments are required")
  }
  guard let function = try address(apus_tuple_item(args, 0)) else {
    throw raise(.valueError, "attempt to call a NULL function pointer")
  }
  let event = try tuple(apus_tuple_item(args, 0).retained(), apus_tuple_item(args, 1).retained())
  try check(PySys_AuditTuple("ctypes.call_function", event.ref))
  return try ForeignCall.call(
    function, apus_tuple_item(args, 1), flags: flags, converters: nil, restype: nil, checker: nil)
}

private let callFunction: Method = .variable("call_function", "") { _, args in
  new { try call(args, flags: 0) }
}

private let callCdeclFunction: Method = .variable("call_cdeclfunction", "") { _, args in
  new { try call(args, flags: 1) }
}

private let objectFromPointer: Method = .variable("PyObj_FromPtr", "") { _, args in
  new {
    try checkPositional("PyObj_FromPtr", apus_var_size(args), least: 1, most: 1)
    guard let object = try address(apus_tuple_item(args, 0)) else {
      throw raise(.valueError, "NULL pointer access")
    }
    let event = try tuple(apus_tuple_item(args, 0).retained())
    try check(PySys_AuditTuple("ctypes.PyObj_FromPtr", event.ref))
    return object.assumingMemoryBound(to: PyObject.self).retained()
  }
}

private let increment: Method = .o("Py_INCREF($self, object, /)", "") { _, object in
  Py_INCREF(object)
  return Py_NewRef(object)
}

private let decrement: Method = .o("Py_DECREF($self, object, /)", "") { _, object in
  Py_DECREF(object)
  return Py_NewRef(object)
}

private let getErrno: Method = .noargs("get_errno($self, /)", "") { _, _ in
  new {
    let event = try own(PyTuple_New(0))
    try check(PySys_AuditTuple("ctypes.get_errno", event.ref))
    return try int(Int(apus_ffi_errno().pointee))
  }
}

private let setErrno: Method = .variable("set_errno", "") { _, args in
  new {
    try checkPositional("set_errno", apus_var_size(args), least: 1, most: 1)
    try check(PySys_AuditTuple("ctypes.set_errno", args))
    let value = PyLong_AsInt(apus_tuple_item(args, 0))
    if value == -1 && hasRaised() { throw Raised() }
    let old = apus_ffi_errno().pointee
    apus_ffi_errno().pointee = value
    return try int(Int(old))
  }
}
