import CPythonABI

/// `type`: the type of types. CPython: Objects/typeobject.c, `PyType_Type`.
public enum PyType {
  static let spec = TypeSpec(
    typeType(), "type", basicSize: MemoryLayout<PyHeapTypeObject>.size,
    itemSize: MemoryLayout<PyMemberDef>.stride,
    flags: [.baseType, .haveGC, .haveVectorcall, .typeSubclass, .itemsAtEnd],
    doc: """
      type(object) -> the type of the object
      type(name, bases, dict, **kwds) -> a class made from these
      """,
    base: objectType(), dictOffset: 264, weakListOffset: 368, vectorcallOffset: 400,
    slots: [
      .tp_dealloc(type_dealloc),
      .tp_repr { type in new { try PyType.repr(type.asType) } },
      .tp_call(type_call),
      .tp_getattro(type_getattro),
      .tp_setattro(type_setattro),
      .tp_traverse(type_traverse),
      .tp_clear(type_clear),
      .tp_init(type_init),
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(type_new),
      .freesTracked,
      .tp_is_gc { type in type.asType.isHeap ? 1 : 0 },
      .tp_vectorcall(type_vectorcall),
      .nb_or(_Py_union_type_or),
    ],
    methods: [mro, subclasses, prepare, instanceCheck, subclassCheck, dir, sizeOf],
    members: [
      Member("__basicsize__", Py_T_PYSSIZET, offset: 32, flags: Py_READONLY),
      Member("__itemsize__", Py_T_PYSSIZET, offset: 40, flags: Py_READONLY),
      Member("__flags__", TypeFlags.memberType, offset: 168, flags: Py_READONLY),
      Member("__weakrefoffset__", Py_T_PYSSIZET, offset: 208, flags: Py_READONLY),
      Member("__base__", _Py_T_OBJECT, offset: 256, flags: Py_READONLY),
      Member("__dictoffset__", Py_T_PYSSIZET, offset: 288, flags: Py_READONLY),
    ],
    properties: [
      name, qualifiedName, bases, mroProperty, module, abstractMethods, dict, doc, textSignature,
      annotations, typeParameters,
    ])

  static func repr(_ type: TypeRef) throws(Raised) -> Owned {
    var module: Owned?
    do { module = try moduleName(type) } catch { PyErr_Clear() }
    if let module, module.ref.isStr, PyUnicode_CompareWithASCIIString(module.ref, "builtins") != 0 {
      let qualified = try qualname(type)
      return try own(
        newString("<class '\(text(of: module.ref)).\(text(of: qualified.ref))'>"))
    }
    return try own(newString("<class '\(type.fullName)'>"))
  }

  /// `__name__` as a new str.
  static func shortName(_ type: TypeRef) throws(Raised) -> Owned {
    if type.isHeap, let name = type.heap.pointee.ht_name { return name.retained() }
    return try own(PyUnicode_FromString(try unwrap(_PyType_Name(type))))
  }

  static func qualname(_ type: TypeRef) throws(Raised) -> Owned {
    if type.isHeap, let name = type.heap.pointee.ht_qualname { return name.retained() }
    return try shortName(type)
  }

  /// `__module__` as a new object. Raises AttributeError when a class lost it.
  static func moduleName(_ type: TypeRef) throws(Raised) -> Owned {
    if type.isHeap {
      var module: Ref?
      try check(PyDict_GetItemRef(try borrow(type.pointee.tp_dict), id___module__(), &module))
      guard let module else { throw raise(.attributeError, value: id___module__()) }
      return Owned(adopting: module)
    }
    let full = type.fullName
    guard let dot = full.lastIndex(of: ".") else { return id_builtins().retained() }
    var result: Ref? = try own(newString(String(full[..<dot]))).give()
    PyUnicode_InternInPlace(&result)
    return try own(result)
  }

  /// The attribute as the type sees it. nil without an exception when it is missing and
  /// `quietly`.
  static func attribute(_ type: TypeRef, _ name: Ref, quietly: Bool = false) -> Ref? {
    guard name.isStr else {
      _ = raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
      return nil
    }
    let metatype = type.object.type
    let metaAttribute = metatype.lookUp(name)
    var metaGet: descrgetfunc?
    if let metaAttribute {
      metaGet = metaAttribute.type.pointee.tp_descr_get
      if let metaGet, metaAttribute.type.pointee.tp_descr_set != nil {
        Py_INCREF(metaAttribute)
        let result = metaGet(metaAttribute, type.object, metatype.object)
        Py_DECREF(metaAttribute)
        return result
      }
      Py_INCREF(metaAttribute)
    }
    defer { Py_XDECREF(metaAttribute) }
    if let attribute = type.lookUp(name) {
      Py_INCREF(attribute)
      guard let get = attribute.type.pointee.tp_descr_get else { return attribute }
      let result = get(attribute, nil, type.object)
      Py_DECREF(attribute)
      return result
    }
    if let metaAttribute {
      if let metaGet { return metaGet(metaAttribute, type.object, metatype.object) }
      Py_INCREF(metaAttribute)
      return metaAttribute
    }
    if !quietly {
      _ = raise(
        .attributeError, "type object '\(type.fullName)' has no attribute '\(text(of: name))'")
      _ = _PyObject_SetAttributeErrorContext(type.object, name)
    }
    return nil
  }
}

@c func type_getattro(_ type: Ref, _ name: Ref) -> Ref? { PyType.attribute(type.asType, name) }

@c func type_setattro(_ receiver: Ref, _ name: Ref, _ value: Ref?) -> Int32 {
  let type = receiver.asType
  return status {
    if type.has(UInt(Py_TPFLAGS_IMMUTABLETYPE)) {
      let shown = try own(PyObject_Repr(name))
      throw raise(
        .typeError,
        "cannot set \(text(of: shown.ref)) attribute of immutable type '\(type.fullName)'")
    }
    guard name.isStr else {
      throw raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
    }
    var interned: Ref? =
      name.isExactStr ? name.retained().give() : try own(PyUnicode_FromObject(name)).give()
    PyUnicode_InternInPlace(&interned)
    let key = try own(interned)
    // The cache borrows what it remembers: the old value must outlive its invalidation.
    var old: Ref?
    if let dict = type.pointee.tp_dict { try check(PyDict_GetItemRef(dict, key.ref, &old)) }
    defer { Py_XDECREF(old) }
    try check(_PyObject_GenericSetAttrWithDict(receiver, key.ref, value, nil))
    type.modified()
    if isSpecialName(key.ref) { type.updateSlots(named: key.ref) }
  }
}

/// Whether a name looks like `__x__`.
func isSpecialName(_ name: Ref) -> Bool {
  let length = apus_str_length(name)
  guard length > 4, apus_str_kind(name) == 1 else { return false }
  let bytes = UnsafeRawPointer(apus_str_data(name)).assumingMemoryBound(to: UInt8.self)
  return bytes[0] == 0x5F && bytes[1] == 0x5F && bytes[length - 1] == 0x5F
    && bytes[length - 2] == 0x5F
}

// MARK: Calling a type

/// `type(x)`, and every call of a type that comes with a tuple of arguments.
@c func type_call(_ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  let type = receiver.asType
  if type == typeType() {
    let count = apus_var_size(args)
    if count == 1 && (keywords == nil || PyDict_Size(keywords.unsafelyUnwrapped) == 0) {
      let result = apus_tuple_item(args, 0).type.object
      Py_INCREF(result)
      return result
    }
    if count != 3 {
      _ = raise(.typeError, "type() takes 1 or 3 arguments")
      return nil
    }
  }
  guard let make = type.pointee.tp_new else {
    _ = raise(.typeError, "cannot create '\(type.fullName)' instances")
    return nil
  }
  guard let object = make(type, args, keywords) else { return nil }
  // `__new__` may return anything; only an instance of the type is initialised.
  if !object.isInstance(of: type) { return object }
  if let initialize = object.type.pointee.tp_init, initialize(object, args, keywords) < 0 {
    Py_DECREF(object)
    return nil
  }
  return object
}

/// `type(x)` without a tuple.
@c func type_vectorcall(
  _ metatype: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let count = PyVectorcall_NARGS(flags)
  if count == 1 && metatype == typeType().object, let args {
    if let names, apus_var_size(names) > 0 {
      _ = raise(.typeError, "type() takes no keyword arguments")
      return nil
    }
    let result = args[0].type.object
    Py_INCREF(result)
    return result
  }
  return callWithTuple(metatype, args, count, names)
}

/// Calls a type the general way: a tuple and a dict are made of the arguments.
func callWithTuple(
  _ type: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
) -> Ref? {
  guard let tuple = PyTuple_New(count) else { return nil }
  defer { Py_DECREF(tuple) }
  for index in 0..<count {
    let item = args.unsafelyUnwrapped[index]
    Py_INCREF(item)
    apus_tuple_items(tuple)[index] = item
  }
  var keywords: Ref?
  if let names, apus_var_size(names) > 0 {
    guard let dict = PyDict_New() else { return nil }
    for index in 0..<apus_var_size(names) {
      if PyDict_SetItem(
        dict, apus_tuple_item(names, index), args.unsafelyUnwrapped[count + index]) < 0
      {
        Py_DECREF(dict)
        return nil
      }
    }
    keywords = dict
  }
  defer { Py_XDECREF(keywords) }
  return type_call(type, tuple, keywords)
}

/// `tp_vectorcall` of a class: the usual class, with a Python `__init__` and object's `__new__`, is
/// instantiated without a tuple of arguments.
@c func class_vectorcall(
  _ receiver: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let type = receiver.asType
  let count = PyVectorcall_NARGS(flags)
  guard
    unsafeBitCast(type.pointee.tp_new, to: UnsafeRawPointer?.self)
      == unsafeBitCast(object_new as newfunc, to: UnsafeRawPointer.self),
    !type.has(UInt(Py_TPFLAGS_IS_ABSTRACT))
  else { return callWithTuple(receiver, args, count, names) }
  let initialize = unsafeBitCast(type.pointee.tp_init, to: UnsafeRawPointer?.self)
  if initialize == unsafeBitCast(object_init as initproc, to: UnsafeRawPointer.self) {
    if count != 0 || names != nil { return callWithTuple(receiver, args, count, names) }
    return type.pointee.tp_alloc?(type, 0)
  }
  guard initialize == unsafeBitCast(slot_tp_init as initproc, to: UnsafeRawPointer.self),
    let method = type.lookUp(id___init__()), method.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR))
  else { return callWithTuple(receiver, args, count, names) }
  guard let object = type.pointee.tp_alloc?(type, 0) else { return nil }
  Py_INCREF(method)
  let result: Ref?
  if flags < 0, let args {
    // The caller lends us the place before its first argument.
    let place = UnsafeMutablePointer(mutating: args - 1)
    let borrowed = place.pointee
    place.pointee = object
    result = PyObject_Vectorcall(method, UnsafePointer(place), count + 1, names)
    place.pointee = borrowed
  } else {
    let total = count + (names.map { apus_var_size($0) } ?? 0)
    result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: total + 1) { stack in
      guard let base = stack.baseAddress else { return nil }
      base[0] = object
      for index in 0..<total { base[index + 1] = args.unsafelyUnwrapped[index] }
      return PyObject_Vectorcall(method, UnsafePointer(base), count + 1, names)
    }
  }
  Py_DECREF(method)
  guard let result else {
    Py_DECREF(object)
    return nil
  }
  if !result.isNone {
    _ = raise(.typeError, "__init__() should return None, not '\(result.type.fullName)'")
    Py_DECREF(result)
    Py_DECREF(object)
    return nil
  }
  return object
}

@c func type_init(_ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  let count = apus_var_size(args)
  if let keywords, count == 1, PyDict_Size(keywords) != 0 {
    _ = raise(.typeError, "type.__init__() takes no keyword arguments")
    return -1
  }
  if count != 1 && count != 3 {
    _ = raise(.typeError, "type.__init__() takes 1 or 3 arguments")
    return -1
  }
  return 0
}

// MARK: Lifetime

@c func type_dealloc(_ receiver: Ref) {
  let type = receiver.asType
  let heap = type.heap
  PyObject_GC_UnTrack(UnsafeMutableRawPointer(receiver))
  if let bases = type.pointee.tp_bases { type.remove(fromBases: bases) }
  PyObject_ClearWeakRefs(receiver)
  type.pointee.tp_version_tag = 0
  Py_XDECREF(type.pointee.tp_base?.object)
  Py_XDECREF(type.pointee.tp_dict)
  Py_XDECREF(type.pointee.tp_bases)
  Py_XDECREF(type.pointee.tp_mro)
  Py_XDECREF(type.pointee.tp_cache)
  PyMem_Free(UnsafeMutableRawPointer(mutating: type.pointee.tp_doc))
  Py_XDECREF(heap.pointee.ht_name)
  Py_XDECREF(heap.pointee.ht_qualname)
  Py_XDECREF(heap.pointee.ht_slots)
  if let keys = heap.pointee.ht_cached_keys { _PyDictKeys_DecRef(keys) }
  Py_XDECREF(heap.pointee.ht_module)
  PyMem_Free(heap.pointee._ht_tpname)
  let metatype = receiver.type
  metatype.pointee.tp_free?(UnsafeMutableRawPointer(receiver))
  // `subtype_dealloc` of a metaclass releases it; a plain `type` is immortal.
}

@c func type_traverse(
  _ receiver: Ref, _ visit: @escaping visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let type = receiver.asType
  guard type.isHeap else { return 0 }
  let fields: InlineArray<6, Ref?> = [
    type.pointee.tp_dict, type.pointee.tp_cache, type.pointee.tp_mro, type.pointee.tp_bases,
    type.pointee.tp_base?.object, type.heap.pointee.ht_module,
  ]
  for index in 0..<6 {
    if let field = fields[index] {
      let result = visit(field, argument)
      if result != 0 { return result }
    }
  }
  return 0
}

@c func type_clear(_ receiver: Ref) -> Int32 {
  let type = receiver.asType
  guard type.isHeap else { return 0 }
  // The dict and the MRO are what cycles go through; the rest stays usable until the end.
  type.modified()
  if let dict = type.pointee.tp_dict { PyDict_Clear(dict) }
  if let module = type.heap.pointee.ht_module {
    type.heap.pointee.ht_module = nil
    Py_DECREF(module)
  }
  if let mro = type.pointee.tp_mro {
    type.pointee.tp_mro = nil
    Py_DECREF(mro)
  }
  return 0
}

@c @implementation public func _PyType_Name(_ type: TypeRef) -> UnsafePointer<CChar>? {
  guard let name = type.pointee.tp_name else { return nil }
  if type.isHeap { return name }
  var result = name
  var next = name
  while next.pointee != 0 {
    if next.pointee == 0x2E { result = next + 1 }
    next += 1
  }
  return result
}
