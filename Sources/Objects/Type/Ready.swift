import CPythonABI

/// Making a type usable: bases, MRO, dict, inherited slots. CPython: Objects/typeobject.c,
/// `PyType_Ready`, `inherit_special`, `inherit_slots`.
@c @implementation public func PyType_Ready(_ type: TypeRef) -> Int32 {
  if type.has(UInt(Py_TPFLAGS_READY)) { return 0 }
  type.pointee.tp_flags |= UInt(Py_TPFLAGS_READYING)
  // A static type of an extension module never goes away either.
  if !type.isHeap {
    type.object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
    StaticTypes.prepare(type)
  }
  do {
    // The very first type needs the names.
    if apus_identifier_slot(0).pointee == nil { try Identifiers.intern() }
    try type.makeReady()
  } catch {
    type.pointee.tp_flags &= ~UInt(Py_TPFLAGS_READYING)
    return -1
  }
  type.pointee.tp_flags =
    (type.pointee.tp_flags & ~UInt(Py_TPFLAGS_READYING)) | UInt(Py_TPFLAGS_READY)
  if type == apus_exc_MemoryError() {
    do { try MemoryErrors.prepare() } catch { return -1 }
  }
  if type == apus_exc_ExceptionGroup() {
    // The one builtin exception that CPython makes at run time.
    type.pointee.tp_flags &= ~TypeFlags.immutableType.rawValue
    do { try type.moveToModule() } catch { return -1 }
  }
  return 0
}

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  func makeReady() throws(Raised) {
    guard pointee.tp_name != nil else {
      throw raise(.systemError, "Type does not define the tp_name field.")
    }
    if pointee.tp_dict == nil { pointee.tp_dict = try own(PyDict_New()).give() }
    try readyBases()
    try updateMRO()
    try readyConstructor()
    try fillDict()
    try inherit()
    try readyPreheader()
    try readyHash()
    try addToBases()
    if has(UInt(Py_TPFLAGS_MANAGED_DICT)) && isHeap { try readyInlineValues() }
    guard !has(UInt(Py_TPFLAGS_HAVE_GC)) || pointee.tp_traverse != nil else {
      throw raise(
        .systemError,
        "type \(fullName) has the Py_TPFLAGS_HAVE_GC flag but has no traverse function")
    }
  }

  private func readyBases() throws(Raised) {
    if pointee.tp_base == nil && self != objectType() {
      pointee.tp_base = objectType()
      if isHeap { Py_INCREF(objectType().object) }
    }
    if let base = pointee.tp_base, base.mayBeReadied { try check(PyType_Ready(base)) }
    // An extension's static type may leave its metatype out.
    let metatype: TypeRef? = object.pointee.ob_type
    if metatype == nil, let base = pointee.tp_base { object.pointee.ob_type = base.object.type }
    if pointee.tp_bases == nil {
      if self == apus_exc_ExceptionGroup() {
        // The one builtin type with two bases.
        pointee.tp_bases = try own(PyTuple_Pack2(.baseExceptionGroup, .exception)).give()
      } else if let base = pointee.tp_base {
        pointee.tp_bases = try own(PyTuple_Pack1(base.object)).give()
      } else {
        pointee.tp_bases = try own(PyTuple_New(0)).give()
      }
    }
    guard let bases = pointee.tp_bases else { return }
    for index in 0..<apus_var_size(bases) {
      let base = apus_tuple_item(bases, index).asType
      if base.mayBeReadied { try check(PyType_Ready(base)) }
    }
  }

  /// Neither ready nor, with its own mro() running, about to be.
  var mayBeReadied: Bool {
    pointee.tp_flags & (UInt(Py_TPFLAGS_READY) | UInt(Py_TPFLAGS_READYING)) == 0
  }

  /// A static type that neither has nor may inherit `tp_new` cannot be instantiated.
  private func readyConstructor() throws(Raised) {
    let base = pointee.tp_base
    if pointee.tp_new == nil && base == objectType() && !isHeap {
      pointee.tp_flags |= UInt(Py_TPFLAGS_DISALLOW_INSTANTIATION)
    }
    if has(UInt(Py_TPFLAGS_DISALLOW_INSTANTIATION)) {
      pointee.tp_new = nil
    } else if pointee.tp_new != nil {
      if !isPythonClass && !hasConstructorOfObject { try ConstructorMethod.add(to: self) }
    } else {
      pointee.tp_new = base?.pointee.tp_new
    }
  }

  /// Given as `Slot.constructorOfObject`, which stands for inheriting it.
  private var hasConstructorOfObject: Bool {
    self != objectType()
      && unsafeBitCast(pointee.tp_new, to: UnsafeRawPointer?.self)
        == unsafeBitCast(objectType().pointee.tp_new, to: UnsafeRawPointer?.self)
  }

  /// Whether `type.__new__` makes this type: its `__new__` is in the dict already or inherited.
  private var isPythonClass: Bool {
    unsafeBitCast(pointee.tp_new, to: UnsafeRawPointer?.self)
      == unsafeBitCast(slot_tp_new as newfunc, to: UnsafeRawPointer.self)
  }

  private func fillDict() throws(Raised) {
    let dict = try borrow(pointee.tp_dict)
    try addOperators()
    if var method = pointee.tp_methods {
      while method.pointee.ml_name != nil {
        try add(method)
        method += 1
      }
    }
    if var member = pointee.tp_members {
      while member.pointee.name != nil {
        try add(try own(PyDescr_NewMember(self, member)), to: dict)
        member += 1
      }
    }
    if var property = pointee.tp_getset {
      while property.pointee.name != nil {
        try add(try own(PyDescr_NewGetSet(self, property)), to: dict)
        property += 1
      }
    }
    if try check(PyDict_Contains(dict, id___doc__())) == 0 {
      if let doc = pointee.tp_doc {
        let text = try own(Docstring.text(pointee.tp_name, doc))
        try check(PyDict_SetItem(dict, id___doc__(), text.ref))
      } else {
        try check(PyDict_SetItem(dict, id___doc__(), noneObject()))
      }
    }
  }

  /// Adds a descriptor under its name unless the dict has that name.
  private func add(_ descriptor: consuming Owned, to dict: Ref) throws(Raised) {
    let name = try borrow(descriptor.ref.view(PyDescrObject.self).pointee.d_name)
    var existing: Ref?
    try check(PyDict_SetDefaultRef(dict, name, descriptor.ref, &existing))
    Py_XDECREF(existing)
  }

  /// Adds the descriptor of a method definition to the dict.
  func add(_ method: UnsafeMutablePointer<PyMethodDef>) throws(Raised) {
    let flags = method.pointee.ml_flags
    let dict = try borrow(pointee.tp_dict)
    let descriptor: Owned
    if flags & METH_CLASS != 0 {
      if flags & METH_STATIC != 0 {
        throw raise(.valueError, "method cannot be both class and static")
      }
      descriptor = try own(PyDescr_NewClassMethod(self, method))
    } else if flags & METH_STATIC != 0 {
      // At start-up these types may still be to come.
      try check(PyType_Ready(builtinFunctionType()))
      try check(PyType_Ready(staticMethodType()))
      let function = try own(PyCFunction_NewEx(method, object, nil))
      descriptor = try own(PyStaticMethod_New(function.ref))
    } else {
      descriptor = try own(PyDescr_NewMethod(self, method))
    }
    let name = try own(PyUnicode_InternFromString(try unwrap(method.pointee.ml_name)))
    if flags & METH_COEXIST == 0, try check(PyDict_Contains(dict, name.ref)) != 0 { return }
    try check(PyDict_SetItem(dict, name.ref, descriptor.ref))
  }

  // MARK: Inheritance

  private func inherit() throws(Raised) {
    guard let base = pointee.tp_base, let mro = pointee.tp_mro else { return }
    inheritLayout(from: base)
    for index in 1..<Swift.max(apus_var_size(mro), 1) {
      let ancestor = apus_tuple_item(mro, index)
      if ancestor.isType {
        try inheritSlots(from: ancestor.asType)
        inheritCollectionFlags(from: ancestor.asType)
      }
    }
    if pointee.tp_as_async == nil { pointee.tp_as_async = base.pointee.tp_as_async }
    if pointee.tp_as_number == nil { pointee.tp_as_number = base.pointee.tp_as_number }
    if pointee.tp_as_sequence == nil { pointee.tp_as_sequence = base.pointee.tp_as_sequence }
    if pointee.tp_as_mapping == nil { pointee.tp_as_mapping = base.pointee.tp_as_mapping }
    if pointee.tp_as_buffer == nil { pointee.tp_as_buffer = base.pointee.tp_as_buffer }
  }

  /// Sizes, offsets, collector functions and the flags that say what the layout is.
  private func inheritLayout(from base: TypeRef) {
    let gc = UInt(Py_TPFLAGS_HAVE_GC)
    // Also for a type that names the flag itself but adds nothing to visit.
    if base.has(gc) && pointee.tp_traverse == nil && pointee.tp_clear == nil {
      pointee.tp_flags |= gc
      pointee.tp_traverse = base.pointee.tp_traverse
      pointee.tp_clear = base.pointee.tp_clear
    }
    let subclassFlags: UInt = 0xFF << 24
    let inherited =
      subclassFlags | UInt(Py_TPFLAGS_PREHEADER) | UInt(_Py_TPFLAGS_MATCH_SELF)
      | UInt(Py_TPFLAGS_ITEMS_AT_END)
    pointee.tp_flags |= base.pointee.tp_flags & inherited
    if pointee.tp_basicsize == 0 { pointee.tp_basicsize = base.pointee.tp_basicsize }
    if pointee.tp_itemsize == 0 { pointee.tp_itemsize = base.pointee.tp_itemsize }
    if pointee.tp_weaklistoffset == 0 {
      pointee.tp_weaklistoffset = base.pointee.tp_weaklistoffset
    }
    if pointee.tp_dictoffset == 0 { pointee.tp_dictoffset = base.pointee.tp_dictoffset }
  }

  /// How `match` sees the type: the nearest ancestor that is a sequence or mapping decides.
  private func inheritCollectionFlags(from ancestor: TypeRef) {
    let flags = UInt(Py_TPFLAGS_SEQUENCE) | UInt(Py_TPFLAGS_MAPPING)
    if pointee.tp_flags & flags == 0 { pointee.tp_flags |= ancestor.pointee.tp_flags & flags }
  }

  /// A pointer-sized field of a type.
  @inline(__always) private func word(_ offset: Int) -> SlotAddress {
    (UnsafeMutableRawPointer(self) + offset).assumingMemoryBound(
      to: UnsafeMutableRawPointer?.self)
  }

  /// Takes a field of `ancestor` when it is empty here and `ancestor` defines it itself.
  @inline(__always) private func inheritWord(_ offset: Int, from ancestor: TypeRef) {
    guard word(offset).pointee == nil, let value = ancestor.word(offset).pointee else { return }
    if let next = ancestor.pointee.tp_base, next.word(offset).pointee == value { return }
    word(offset).pointee = value
  }

  /// The same for a range of fields of a method table at `tableOffset`.
  private func inheritTable(_ tableOffset: Int, fields: Int, from ancestor: TypeRef) {
    guard let mine = word(tableOffset).pointee, let theirs = ancestor.word(tableOffset).pointee,
      mine != theirs
    else { return }
    let above = ancestor.pointee.tp_base?.word(tableOffset).pointee
    for offset in stride(from: 0, to: fields * 8, by: 8) {
      let slot = (mine + offset).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      let value = (theirs + offset).load(as: UnsafeMutableRawPointer?.self)
      guard slot.pointee == nil, let value else { continue }
      if let above, (above + offset).load(as: UnsafeMutableRawPointer?.self) == value { continue }
      slot.pointee = value
    }
  }

  private func inheritSlots(from ancestor: TypeRef) throws(Raised) {
    inheritTable(96, fields: 36, from: ancestor)
    inheritTable(80, fields: 4, from: ancestor)
    inheritTable(104, fields: 10, from: ancestor)
    inheritTable(112, fields: 3, from: ancestor)
    inheritTable(160, fields: 2, from: ancestor)
    inheritWord(48, from: ancestor)
    if pointee.tp_getattr == nil && pointee.tp_getattro == nil {
      pointee.tp_getattr = ancestor.pointee.tp_getattr
      pointee.tp_getattro = ancestor.pointee.tp_getattro
    }
    if pointee.tp_setattr == nil && pointee.tp_setattro == nil {
      pointee.tp_setattr = ancestor.pointee.tp_setattr
      pointee.tp_setattro = ancestor.pointee.tp_setattro
    }
    inheritWord(88, from: ancestor)
    // Equality and hash belong together: neither is taken when the type says something about one.
    if pointee.tp_richcompare == nil && pointee.tp_hash == nil {
      let dict = try borrow(pointee.tp_dict)
      if try check(PyDict_Contains(dict, id___eq__())) == 0,
        try check(PyDict_Contains(dict, id___hash__())) == 0
      {
        pointee.tp_richcompare = ancestor.pointee.tp_richcompare
        pointee.tp_hash = ancestor.pointee.tp_hash
      }
    }
    if pointee.tp_call == nil && ancestor.has(UInt(Py_TPFLAGS_HAVE_VECTORCALL)) {
      pointee.tp_flags |= UInt(Py_TPFLAGS_HAVE_VECTORCALL)
    }
    inheritWord(56, from: ancestor)
    for offset in [128, 136, 216, 224, 272] { inheritWord(offset, from: ancestor) }
    if !isHeap, ancestor.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)),
      word(272).pointee != nil, word(272).pointee == ancestor.word(272).pointee
    {
      pointee.tp_flags |= UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)
    }
    for offset in [280, 288, 296, 304, 328, 392] { inheritWord(offset, from: ancestor) }
    let gc = UInt(Py_TPFLAGS_HAVE_GC)
    if pointee.tp_flags & gc == ancestor.pointee.tp_flags & gc {
      inheritWord(320, from: ancestor)
    } else if has(gc) && pointee.tp_free == nil
      && ancestor.word(320).pointee
        == unsafeBitCast(PyObject_Free as freefuncOptional, to: UnsafeMutableRawPointer.self)
    {
      word(320).pointee = unsafeBitCast(
        PyObject_GC_Del as freefuncOptional, to: UnsafeMutableRawPointer.self)
    }
  }

  private typealias freefuncOptional = @convention(c) (UnsafeMutableRawPointer?) -> Void

  private func readyPreheader() throws(Raised) {
    if has(UInt(Py_TPFLAGS_MANAGED_DICT)) {
      guard pointee.tp_dictoffset == 0 || pointee.tp_dictoffset == -1 else {
        throw raise(
          .typeError,
          "type \(fullName) has the Py_TPFLAGS_MANAGED_DICT flag but tp_dictoffset is set to "
            + "incompatible value")
      }
      pointee.tp_dictoffset = -1
    }
    if has(UInt(Py_TPFLAGS_MANAGED_WEAKREF)) {
      guard pointee.tp_weaklistoffset == 0 || pointee.tp_weaklistoffset == -32 else {
        throw raise(
          .typeError,
          "type \(fullName) has the Py_TPFLAGS_MANAGED_WEAKREF flag but tp_weaklistoffset is set "
            + "to incompatible value")
      }
      pointee.tp_weaklistoffset = -32
    }
  }

  private func readyHash() throws(Raised) {
    if pointee.tp_hash != nil { return }
    let dict = try borrow(pointee.tp_dict)
    if try check(PyDict_Contains(dict, id___hash__())) != 0 { return }
    try check(PyDict_SetItem(dict, id___hash__(), noneObject()))
    pointee.tp_hash = PyObject_HashNotImplemented
  }

  /// Attributes lie inside the instances, unless these have items behind them.
  private func readyInlineValues() throws(Raised) {
    if heap.pointee.ht_cached_keys == nil {
      guard let keys = _PyDict_NewKeysForClass(heap) else { throw raiseNoMemory() }
      heap.pointee.ht_cached_keys = keys
    }
    if pointee.tp_itemsize == 0 { pointee.tp_flags |= UInt(Py_TPFLAGS_INLINE_VALUES) }
  }
}

/// A pointer that a table must have; SystemError when it lacks it.
func unwrap<T>(_ pointer: UnsafePointer<T>?) throws(Raised) -> UnsafePointer<T> {
  guard let pointer else { throw raise(.systemError, "bad argument to internal function") }
  return pointer
}

@c @implementation public func _PyType_AddMethod(
  _ type: TypeRef, _ method: UnsafeMutablePointer<PyMethodDef>
) -> Int32 {
  status { try type.add(method) }
}

/// A new tuple of one item.
@inline(__always) func PyTuple_Pack1(_ item: Ref) -> Ref? {
  guard let tuple = PyTuple_New(1) else { return nil }
  Py_INCREF(item)
  apus_tuple_items(tuple)[0] = item
  return tuple
}

/// A new tuple of two items.
@inline(__always) func PyTuple_Pack2(_ first: Ref, _ second: Ref) -> Ref? {
  guard let tuple = PyTuple_New(2) else { return nil }
  Py_INCREF(first)
  Py_INCREF(second)
  apus_tuple_items(tuple)[0] = first
  apus_tuple_items(tuple)[1] = second
  return tuple
}

/// A new tuple of three items.
@inline(__always) func PyTuple_Pack3(_ first: Ref, _ second: Ref, _ third: Ref) -> Ref? {
  guard let tuple = PyTuple_New(3) else { return nil }
  Py_INCREF(first)
  Py_INCREF(second)
  Py_INCREF(third)
  apus_tuple_items(tuple)[0] = first
  apus_tuple_items(tuple)[1] = second
  apus_tuple_items(tuple)[2] = third
  return tuple
}
