import CPythonABI
import Glibc
import Objects

/// _ctypes._CData: an instance of a C type, its own memory or part of another's.
/// CPython: Modules/_ctypes/_ctypes.c.
struct CData {
  struct Layout {
    var base: PyObject
    var place: UnsafeMutableRawPointer?
    /// Whether the memory is this object's own.
    var needsFree: Int32
    /// The object whose memory this is part of.
    var owner: Ref?
    /// In bytes.
    var size: Int
    var length: Int
    /// Which part of the owner.
    var index: Int
    /// What must live as long as the memory holds addresses into it.
    var objects: Ref?
    var padding: Int
    /// The memory of a small value, 16 bytes at an address divisible by 16.
    var value: (UInt64, UInt64)
  }

  nonisolated(unsafe) static let type = Metatypes.instance(of: typeType())

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>

  @inline(__always)
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  static func isInstance(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// The memory; ValueError never: an instance always has some.
  var place: UnsafeMutableRawPointer {
    own.pointee.place ?? UnsafeMutableRawPointer(own) + MemoryLayout<Layout>.at(\.value)
  }

  private var inlinePlace: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(own) + MemoryLayout<Layout>.at(\.value)
  }

  // MARK: Making

  private static func allocate(
    _ type: Ref, _ info: UnsafeMutablePointer<TypeInfo>
  ) throws(Raised) -> Owned {
    info.pointee.isFinal = true
    guard let allocate = type.asType.pointee.tp_alloc else { throw Raised() }
    let object = try Objects.own(allocate(type.asType, 0))
    let own = CData(object.ref).own
    own.pointee.length = info.pointee.length
    own.pointee.size = info.pointee.size
    return object
  }

  /// A zeroed instance with memory of its own.
  static func make(_ type: Ref) throws(Raised) -> Owned {
    let info = try TypeInfo.required(type)
    let object = try allocate(type, info)
    let data = CData(object.ref)
    let size = info.pointee.size
    if size <= 16 {
      data.own.pointee.place = data.inlinePlace
    } else {
      guard let memory = PyMem_Calloc(size, 1) else { throw raiseNoMemory() }
      data.own.pointee.place = memory
    }
    data.own.pointee.needsFree = 1
    return object
  }

  /// An instance over memory somebody else owns.
  static func make(_ type: Ref, at place: UnsafeMutableRawPointer?) throws(Raised) -> Owned {
    let event = try tuple(try Objects.own(PyLong_FromVoidPtr(place)))
    try check(PySys_AuditTuple("ctypes.cdata", event.ref))
    let info = try TypeInfo.required(type)
    let object = try allocate(type, info)
    CData(object.ref).own.pointee.place = place
    return object
  }

  /// An instance over part of another's memory, or a copy when there is no owner.
  static func make(
    _ type: Ref, owner: Ref?, index: Int, at place: UnsafeMutableRawPointer?
  ) throws(Raised) -> Owned {
    guard let owner else {
      let object = try make(type)
      let data = CData(object.ref)
      if let place { memcpy(data.place, place, data.own.pointee.size) }
      data.own.pointee.index = index
      return object
    }
    let info = try TypeInfo.required(type)
    let object = try allocate(type, info)
    let data = CData(object.ref)
    data.own.pointee.place = place
    data.own.pointee.owner = owner.retained().give()
    data.own.pointee.index = index
    return object
  }

  func clear() {
    clearReference(&own.pointee.objects)
    if own.pointee.needsFree != 0 && own.pointee.place != inlinePlace {
      PyMem_Free(own.pointee.place)
    }
    own.pointee.needsFree = 0
    own.pointee.place = nil
    clearReference(&own.pointee.owner)
  }

  // MARK: Keeping objects alive

  /// The object that owns the memory, with a place for what it keeps.
  private func container() throws(Raised) -> CData {
    var data = self
    while let owner = data.own.pointee.owner { data = CData(owner) }
    if data.own.pointee.objects == nil {
      data.own.pointee.objects =
        data.own.pointee.length != 0
        ? try Objects.own(PyDict_New()).give() : noneObject().retained().give()
    }
    return data
  }

  /// What this object's memory keeps alive, borrowed.
  func keptObjects() throws(Raised) -> Ref {
    try container().own.pointee.objects ?? noneObject()
  }

  /// The part of the owner as text: indices from the innermost outwards, in hexadecimal.
  private func key(_ index: Int) throws(Raised) -> Owned {
    var text = String(UInt32(truncatingIfNeeded: index), radix: 16)
    var data = self
    var depth = 0
    while let owner = data.own.pointee.owner {
      text += ":" + String(UInt32(truncatingIfNeeded: data.own.pointee.index), radix: 16)
      if text.utf8.count > 250 || depth > 100 {
        throw raise(.valueError, "ctypes object structure too deep")
      }
      data = CData(owner)
      depth += 1
    }
    return try Objects.own(newString(text))
  }

  /// Keeps an object as long as the memory, for part `index`.
  func keep(_ object: Ref, at index: Int) throws(Raised) {
    if object.isNone { return }
    let container = try container()
    guard let kept = container.own.pointee.objects, kept.isExactDict else {
      replaceReference(&container.own.pointee.objects, object.retained().give())
      return
    }
    let key = try key(index)
    try check(PyDict_SetItem(kept, key.ref, object))
  }

  // MARK: Parts

  /// The value of a part: a Python object for simple types, else an instance.
  static func get(
    _ type: Ref, code: UInt8, swapped: Bool, owner: Ref, index: Int, size: Int,
    at place: UnsafeMutableRawPointer, bits: CValue.Bits? = nil
  ) throws(Raised) -> Owned {
    if code != 0 {
      return try CValue.get(code, place, swapped: swapped, length: size, bits: bits)
    }
    if let info = TypeInfo.of(type), info.pointee.code != 0, !Simple.isSubclass(type) {
      return try CValue.get(
        info.pointee.code, place, swapped: info.pointee.isSwapped, length: size, bits: bits)
    }
    return try make(type, owner: owner, index: index, at: place)
  }

  /// Stores a value in a part; what must be kept for it.
  private static func store(
    _ type: Ref, code: UInt8, swapped: Bool, _ value: Ref, size: Int,
    at place: UnsafeMutableRawPointer, bits: CValue.Bits?
  ) throws(Raised) -> Owned {
    if code != 0 {
      return try CValue.set(code, place, value, swapped: swapped, length: size, bits: bits)
    }
    if !isInstance(value) {
      if let info = TypeInfo.of(type), info.pointee.code != 0 {
        return try CValue.set(
          info.pointee.code, place, value, swapped: info.pointee.isSwapped, length: size,
          bits: bits)
      }
      if value.isTuple {
        guard let made = PyObject_CallObject(type, value) else {
          throw extendError(.runtimeError, "(\(type.asType.name)) ")
        }
        let object = Owned(adopting: made)
        return try store(
          type, code: code, swapped: swapped, object.ref, size: size, at: place, bits: bits)
      }
      if value.isNone && Metatypes.isPointer(type) {
        place.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        return value.retained()
      }
      throw raise(
        .typeError, "expected \(type.asType.name) instance, got \(value.type.name)")
    }
    let source = CData(value)
    if try check(PyObject_IsInstance(value, type)) != 0 {
      memmove(place, source.place, Swift.min(size, source.own.pointee.size))
      return try source.keptObjects().retained()
    }
    if Metatypes.isPointer(type), value.isInstance(of: ArrayType.type) {
      let items = TypeInfo.of(instance: value)?.pointee.proto
      guard items == TypeInfo.of(type)?.pointee.proto else { throw mismatch(type, value) }
      place.storeBytes(of: source.place, as: UnsafeMutableRawPointer?.self)
      // The array itself has to live, not only what it keeps.
      return try tuple(try source.keptObjects().retained(), value.retained())
    }
    throw mismatch(type, value)
  }

  private static func mismatch(_ type: Ref, _ value: Ref) -> Raised {
    raise(
      .typeError,
      "incompatible types, \(value.type.name) instance instead of \(type.asType.name) instance")
  }

  /// Stores a value in part `index` of an instance.
  static func set(
    _ owner: Ref, _ type: Ref, code: UInt8, swapped: Bool, _ value: Ref, index: Int, size: Int,
    at place: UnsafeMutableRawPointer, bits: CValue.Bits? = nil
  ) throws(Raised) {
    guard isInstance(owner) else { throw raise(.typeError, "not a ctype instance") }
    let kept = try store(
      type, code: code, swapped: swapped, value, size: size, at: place, bits: bits)
    try CData(owner).keep(kept.ref, at: index)
  }

  // MARK: The type

  private static let reduce: Method = .noargs("__reduce__($self, /)", "How to pickle the value.") {
    object, _ in
    new {
      guard let info = TypeInfo.of(instance: object) else { throw raise(.typeError, "abstract class") }
      if info.pointee.isPointer || info.pointee.hasPointer {
        throw raise(.valueError, "ctypes objects containing pointers cannot be pickled")
      }
      let data = CData(object)
      let content = try Objects.own(
        PyBytes_FromStringAndSize(
          data.place.assumingMemoryBound(to: CChar.self), data.own.pointee.size))
      var attributes: Ref?
      try check(PyObject_GetOptionalAttr(object, id___dict__(), &attributes))
      let dict = attributes.map { Owned(adopting: $0) } ?? noneObject().retained()
      let state = try tuple(dict, content)
      return try tuple(
        CtypesState.unpickle.retained(), try tuple(object.type.object.retained(), state))
    }
  }

  private static let setState: Method = .variable("__setstate__", "") { object, args in
    none {
      guard apus_var_size(args) == 2, apus_tuple_item(args, 1).isBytes else {
        throw raise(.typeError, "__setstate__ takes a dict and bytes")
      }
      let content = apus_tuple_item(args, 1)
      let data = CData(object)
      memmove(
        data.place, apus_bytes_data(content),
        Swift.min(apus_var_size(content), data.own.pointee.size))
      let attributes = apus_tuple_item(args, 0)
      if attributes.isNone { return }
      let dict = try Objects.own(PyObject_GetAttr(object, id___dict__()))
      guard dict.ref.isDict else {
        throw raise(.typeError, "\(object.type.name).__dict__ must be a dictionary, not \(dict.ref.type.name)")
      }
      try check(PyDict_Update(dict.ref, attributes))
    }
  }

  static let spec = TypeSpec(
    type, "_ctypes._CData", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType, .disallowInstantiation], doc: "A value of a C type.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        CData(object).clear()
        object.type.pointee.tp_free?(object)
      },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, CData(object).own.pointee.objects, CData(object).own.pointee.owner)
      },
      .tp_clear { object in
        CData(object).clear()
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
      .bf_getbuffer { object, view, flags in
        let data = CData(object)
        let info = TypeInfo.of(instance: object)
        // The items of an array, or the instance.
        var item = info
        while let current = item, current.pointee.dimensions > 0, let proto = current.pointee.proto,
          let next = TypeInfo.of(proto)
        {
          item = next
        }
        view.pointee.buf = data.place
        view.pointee.obj = Py_NewRef(object)
        view.pointee.len = data.own.pointee.size
        view.pointee.readonly = 0
        view.pointee.format = info?.pointee.format ?? UnsafeMutablePointer(mutating: cString("B"))
        view.pointee.ndim = Int32(truncatingIfNeeded: info?.pointee.dimensions ?? 0)
        view.pointee.shape = info?.pointee.shape
        view.pointee.itemsize = item?.pointee.size ?? data.own.pointee.size
        view.pointee.strides = nil
        view.pointee.suboffsets = nil
        view.pointee.internal = nil
        return 0
      },
    ],
    methods: [
      .noargs("__ctypes_from_outparam__($self, /)", "") { object, _ in Py_NewRef(object) },
      reduce, setState,
    ],
    members: [
      Member(
        "_b_base_", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.owner), flags: Py_READONLY,
        "the base object"),
      Member(
        "_b_needsfree_", Py_T_INT, offset: MemoryLayout<Layout>.at(\.needsFree),
        flags: Py_READONLY, "whether the object owns the memory or not"),
      Member(
        "_objects", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.objects), flags: Py_READONLY,
        "internal objects tree (NEVER CHANGE THIS OBJECT!)"),
    ])
}

/// Puts a text in front of the message of the exception that is set, whose class becomes `type`.
func extendError(_ type: Ref, _ prefix: String) -> Raised {
  guard let raised = PyErr_GetRaisedException() else { return Raised() }
  let exception = Owned(adopting: raised)
  var text = prefix
  text += exception.ref.type.name + ": "
  if let message = PyObject_Str(exception.ref) {
    text += Objects.text(of: message)
    Py_DECREF(message)
  } else {
    PyErr_Clear()
    text += "???"
  }
  return raise(type, text)
}
