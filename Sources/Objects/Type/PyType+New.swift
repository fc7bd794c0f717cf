import CPythonABI
import Glibc

/// `type.__new__(metatype, name, bases, namespace, **keywords)`.
/// CPython: Objects/typeobject.c, `type_new` and the functions below it.
@c func type_new(_ metatype: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
  new {
    let count = apus_var_size(args)
    guard count == 3 else {
      throw raise(.typeError, "type.__new__() takes exactly 3 arguments (\(count) given)")
    }
    let name = apus_tuple_item(args, 0)
    let bases = apus_tuple_item(args, 1)
    let namespace = apus_tuple_item(args, 2)
    guard name.isStr else { throw badArgument("type.__new__", "argument 1", expected: "str", got: name) }
    guard bases.isTuple else { throw badArgument("type.__new__", "argument 2", expected: "tuple", got: bases) }
    guard namespace.isDict else { throw badArgument("type.__new__", "argument 3", expected: "dict", got: namespace) }
    try refuseMROEntries(bases)
    let winner = try TypeRef.metaclass(metatype, bases: bases)
    if winner != metatype,
      unsafeBitCast(winner.pointee.tp_new, to: UnsafeRawPointer?.self)
        != unsafeBitCast(type_new as newfunc, to: UnsafeRawPointer.self),
      let make = winner.pointee.tp_new
    {
      return try own(make(winner, args, keywords))
    }
    var builder = try ClassBuilder.make(metatype: winner, name: name, bases: bases)
    return try builder.build(namespace: namespace, keywords: keywords)
  }
}

/// `type()` does not resolve `__mro_entries__` as the class statement does.
private func refuseMROEntries(_ bases: Ref) throws(Raised) {
  for index in 0..<apus_var_size(bases) {
    let base = apus_tuple_item(bases, index)
    if base.isType { continue }
    var method: Ref?
    try check(PyObject_GetOptionalAttr(base, id___mro_entries__(), &method))
    if let method {
      Py_DECREF(method)
      throw raise(
        .typeError,
        "type() doesn't support MRO entry resolution; use types.new_class()")
    }
  }
}

/// The steps of making one class.
private struct ClassBuilder: ~Copyable {
  let metatype: TypeRef
  let name: Ref
  let bases: Owned
  let base: TypeRef
  /// Tuple of the mangled, sorted slot names without `__dict__` and `__weakref__`; nil without
  /// `__slots__`.
  var slots: Ref?
  var addDict = false
  var addWeak = false

  private init(metatype: TypeRef, name: Ref, owning bases: consuming Owned, base: TypeRef) {
    self.metatype = metatype
    self.name = name
    self.bases = bases
    self.base = base
  }

  /// A class without bases derives from object.
  static func make(metatype: TypeRef, name: Ref, bases: Ref) throws(Raised) -> ClassBuilder {
    let all =
      try apus_var_size(bases) == 0 ? own(PyTuple_Pack1(objectType().object)) : bases.retained()
    let base = try TypeRef.bestBase(all.ref)
    return ClassBuilder(metatype: metatype, name: name, owning: all, base: base)
  }

  deinit { Py_XDECREF(slots) }

  mutating func build(namespace: Ref, keywords: Ref?) throws(Raised) -> Owned {
    let dict = try own(PyDict_Copy(namespace))
    try planSlots(dict.ref)
    let type = try allocate(dict.ref)
    let target = type.ref.asType
    try setAttributes(target, dict.ref)
    try check(PyType_Ready(target))
    if apus_var_size(bases.ref) == 1 {
      // What the class does not define it has inherited with the slots.
      target.updateOwnSlots()
    } else {
      target.updateAllSlots()
    }
    if try dict.ref.hasOtherThanStringKeys() {
      try warn(.runtimeWarning, "non-string key in the __dict__ of class \(target.fullName)")
    }
    try setNames(target)
    try initializeSubclass(target, keywords)
    return type
  }

  // MARK: __slots__

  private var mayAddDict: Bool { base.pointee.tp_dictoffset == 0 }
  private var mayAddWeak: Bool {
    base.pointee.tp_weaklistoffset == 0 && base.pointee.tp_itemsize == 0
  }

  private mutating func planSlots(_ dict: Ref) throws(Raised) {
    var given: Ref?
    try check(PyDict_GetItemRef(dict, id___slots__(), &given))
    guard let given else {
      addDict = mayAddDict
      addWeak = mayAddWeak
      return
    }
    let declared = Owned(adopting: given)
    let names =
      declared.ref.isStr
      ? try own(PyTuple_Pack1(declared.ref)) : try own(PySequence_Tuple(declared.ref))
    let count = apus_var_size(names.ref)
    if count > 0 && base.pointee.tp_itemsize != 0 {
      throw raise(
        .typeError, "nonempty __slots__ not supported for subtype of '\(base.fullName)'")
    }
    for index in 0..<count { try planSpecialSlot(apus_tuple_item(names.ref, index)) }
    let list = try own(PyList_New(0))
    for index in 0..<count {
      let slot = apus_tuple_item(names.ref, index)
      if (addDict && equals(slot, id___dict__())) || (addWeak && equals(slot, id___weakref__())) {
        continue
      }
      let mangled = try own(_Py_Mangle(name, slot))
      try check(PyList_Append(list.ref, mangled.ref))
      if try check(PyDict_Contains(dict, mangled.ref)) != 0,
        !equals(slot, id___qualname__()), !equals(slot, id___classcell__()),
        !equals(slot, id___classdictcell__())
      {
        let shown = try own(PyObject_Repr(slot))
        throw raise(
          .valueError, "\(text(of: shown.ref)) in __slots__ conflicts with class variable")
      }
    }
    try check(PyList_Sort(list.ref))
    slots = try own(PyList_AsTuple(list.ref)).give()
    try planInheritedSlots()
  }

  private mutating func planSpecialSlot(_ slot: Ref) throws(Raised) {
    guard slot.isStr else {
      throw raise(.typeError, "__slots__ items must be strings, not '\(slot.type.fullName)'")
    }
    guard PyUnicode_IsIdentifier(slot) == 1 else {
      throw raise(.typeError, "__slots__ must be identifiers")
    }
    if equals(slot, id___dict__()) {
      if !mayAddDict || addDict {
        throw raise(.typeError, "__dict__ slot disallowed: we already got one")
      }
      addDict = true
    }
    if equals(slot, id___weakref__()) {
      if !mayAddWeak || addWeak {
        throw raise(.typeError, "__weakref__ slot disallowed: we already got one")
      }
      addWeak = true
    }
  }

  /// The other bases may bring a dict or weak references along.
  private mutating func planInheritedSlots() throws(Raised) {
    for index in 0..<apus_var_size(bases.ref) {
      let other = apus_tuple_item(bases.ref, index).asType
      if other == base { continue }
      if mayAddDict && !addDict && other.pointee.tp_dictoffset != 0 { addDict = true }
      if mayAddWeak && !addWeak && other.pointee.tp_weaklistoffset != 0 { addWeak = true }
    }
  }

  private func equals(_ text: Ref, _ name: Ref) -> Bool {
    text == name || PyUnicode_Compare(text, name) == 0
  }

  // MARK: The type object

  private func allocate(_ dict: Ref) throws(Raised) -> Owned {
    let slotCount = slots.map { apus_var_size($0) } ?? 0
    guard let allocator = metatype.pointee.tp_alloc else {
      throw raise(.typeError, "cannot create '\(metatype.fullName)' instances")
    }
    let made = try own(allocator(metatype, slotCount))
    let type = made.ref.asType
    let heap = type.heap
    type.pointee.tp_flags =
      UInt(Py_TPFLAGS_HEAPTYPE) | UInt(Py_TPFLAGS_BASETYPE) | UInt(Py_TPFLAGS_HAVE_GC)
    type.useOwnTables()
    type.pointee.tp_bases = bases.ref.retained().give()
    type.pointee.tp_base = base
    Py_INCREF(base.object)
    type.pointee.tp_dealloc = subtype_dealloc
    type.pointee.tp_traverse = subtype_traverse
    type.pointee.tp_clear = subtype_clear
    type.pointee.tp_alloc = PyType_GenericAlloc
    type.pointee.tp_vectorcall = class_vectorcall
    type.pointee.tp_free = unsafeBitCast(
      PyObject_GC_Del as @convention(c) (UnsafeMutableRawPointer?) -> Void, to: freefunc.self)
    type.pointee.tp_dict = dict.retained().give()
    heap.pointee.ht_name = name.retained().give()
    heap.pointee.ht_slots = slots
    if let slots { Py_INCREF(slots) }
    return made
  }

  private func setAttributes(_ type: TypeRef, _ dict: Ref) throws(Raised) {
    type.pointee.tp_name = try type.nameText(of: name)
    if try check(PyDict_Contains(dict, id___module__())) == 0, let globals = PyEval_GetGlobals() {
      var module: Ref?
      try check(PyDict_GetItemRef(globals, id___name__(), &module))
      if let module {
        let owned = Owned(adopting: module)
        try check(PyDict_SetItem(dict, id___module__(), owned.ref))
      }
    }
    try setQualifiedName(type, dict)
    try setDoc(type, dict)
    try wrap(dict, id___new__(), PyStaticMethod_New)
    try wrap(dict, id___init_subclass__(), PyClassMethod_New)
    try wrap(dict, id___class_getitem__(), PyClassMethod_New)
    try addDescriptors(type)
    try fillCell(dict, id___classcell__(), with: type.object)
    try fillCell(dict, id___classdictcell__(), with: dict)
  }

  private func setQualifiedName(_ type: TypeRef, _ dict: Ref) throws(Raised) {
    var given: Ref?
    try check(PyDict_GetItemRef(dict, id___qualname__(), &given))
    guard let given else {
      type.heap.pointee.ht_qualname = name.retained().give()
      return
    }
    let qualified = Owned(adopting: given)
    guard qualified.ref.isStr else {
      throw raise(
        .typeError, "type __qualname__ must be a str, not \(qualified.ref.type.fullName)")
    }
    type.heap.pointee.ht_qualname = qualified.give()
    try check(PyDict_DelItem(dict, id___qualname__()))
  }

  private func setDoc(_ type: TypeRef, _ dict: Ref) throws(Raised) {
    var given: Ref?
    try check(PyDict_GetItemRef(dict, id___doc__(), &given))
    guard let given else { return }
    let doc = Owned(adopting: given)
    guard doc.ref.isStr else { return }
    var length = 0
    guard let utf8 = PyUnicode_AsUTF8AndSize(doc.ref, &length) else { throw Raised() }
    guard let copy = PyMem_Malloc(length + 1) else { throw raiseNoMemory() }
    memcpy(copy, utf8, length + 1)
    type.pointee.tp_doc = UnsafePointer(copy.assumingMemoryBound(to: CChar.self))
  }

  /// A plain function under a name that is always a static or class method becomes one.
  private func wrap(_ dict: Ref, _ name: Ref, _ make: (Ref) -> Ref?) throws(Raised) {
    var given: Ref?
    try check(PyDict_GetItemRef(dict, name, &given))
    guard let given else { return }
    let function = Owned(adopting: given)
    guard function.ref.type == functionType() else { return }
    let method = try own(make(function.ref))
    try check(PyDict_SetItem(dict, name, method.ref))
  }

  private func addDescriptors(_ type: TypeRef) throws(Raised) {
    var offset = base.pointee.tp_basicsize
    if let slots {
      let members = type.memberTable
      for index in 0..<apus_var_size(slots) {
        let slot = apus_tuple_item(slots, index)
        guard let spelling = PyUnicode_AsUTF8AndSize(slot, nil) else { throw Raised() }
        (members + index).initialize(
          to: PyMemberDef(
            name: spelling, type: Py_T_OBJECT_EX, offset: offset, flags: 0, doc: nil))
        offset += 8
      }
      type.pointee.tp_members = members
    }
    type.pointee.tp_basicsize = offset
    type.pointee.tp_itemsize = base.pointee.tp_itemsize
    if addDict {
      type.pointee.tp_flags |= UInt(Py_TPFLAGS_MANAGED_DICT)
      type.pointee.tp_dictoffset = -1
    }
    if addWeak {
      type.pointee.tp_flags |= UInt(Py_TPFLAGS_MANAGED_WEAKREF)
      type.pointee.tp_weaklistoffset = -32
    }
    type.pointee.tp_getset = InstanceProperties.table(dict: addDict, weakReferences: addWeak)
  }

  private func fillCell(_ dict: Ref, _ name: Ref, with value: Ref) throws(Raised) {
    var given: Ref?
    try check(PyDict_GetItemRef(dict, name, &given))
    guard let given else { return }
    let cell = Owned(adopting: given)
    guard cell.ref.type == cellType() else {
      let shown = try own(PyObject_Repr(cell.ref.type.object))
      throw raise(
        .typeError,
        "\(text(of: name)) must be a nonlocal cell, not \(text(of: shown.ref))")
    }
    try check(PyCell_Set(cell.ref, value))
    try check(PyDict_DelItem(dict, name))
  }

  // MARK: Hooks

  /// Calls `__set_name__` of every attribute that has it.
  private func setNames(_ type: TypeRef) throws(Raised) {
    // Over a copy: a hook may change the class.
    let names = try own(PyDict_Copy(try borrow(type.pointee.tp_dict)))
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(names.ref, &position, &key, &value) != 0 {
      guard let key, let value else { continue }
      var unbound = false
      guard let hook = SpecialMethod.find(value, id___set_name__(), unbound: &unbound) else {
        if hasRaised() { throw Raised() }
        continue
      }
      let result = withArguments(value, type.object, key) {
        unbound
          ? PyObject_Vectorcall(hook, $0, 3, nil) : PyObject_Vectorcall(hook, $0 + 1, 2, nil)
      }
      Py_DECREF(hook)
      guard let result else {
        noteFailure(value, key, type)
        throw Raised()
      }
      Py_DECREF(result)
    }
  }

  /// Tells in a note which attribute's `__set_name__` failed.
  private func noteFailure(_ value: Ref, _ key: Ref, _ type: TypeRef) {
    guard let exception = PyErr_GetRaisedException() else { return }
    if let shown = PyObject_Repr(key) {
      if let note = newString(
        "Error calling __set_name__ on '\(value.type.fullName)' instance \(text(of: shown)) in "
          + "'\(type.fullName)'")
      {
        if _PyException_AddNote(exception, note) < 0 { PyErr_Clear() }
        Py_DECREF(note)
      }
      Py_DECREF(shown)
    }
    PyErr_Clear()
    PyErr_SetRaisedException(exception)
  }

  /// `super(type, type).__init_subclass__(**keywords)`.
  private func initializeSubclass(_ type: TypeRef, _ keywords: Ref?) throws(Raised) {
    let hook = try own(_PySuper_Lookup(type, type.object, id___init_subclass__(), nil))
    let empty = try own(PyTuple_New(0))
    let result = try own(PyObject_Call(hook.ref, empty.ref, keywords))
    _ = result.ref
  }
}

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// Points the type at the method tables inside its `PyHeapTypeObject`.
  func useOwnTables() {
    let memory = UnsafeMutableRawPointer(self)
    pointee.tp_as_async = (memory + Slot.Table.asAsync).assumingMemoryBound(to: PyAsyncMethods.self)
    pointee.tp_as_number = (memory + Slot.Table.asNumber).assumingMemoryBound(to: PyNumberMethods.self)
    pointee.tp_as_mapping = (memory + Slot.Table.asMapping).assumingMemoryBound(to: PyMappingMethods.self)
    pointee.tp_as_sequence = (memory + Slot.Table.asSequence).assumingMemoryBound(to: PySequenceMethods.self)
    pointee.tp_as_buffer = (memory + Slot.Table.asBuffer).assumingMemoryBound(to: PyBufferProcs.self)
  }

  /// The members behind a heap type's struct (the items of the metatype's instances).
  var memberTable: UnsafeMutablePointer<PyMemberDef> {
    (UnsafeMutableRawPointer(self) + object.type.pointee.tp_basicsize)
      .assumingMemoryBound(to: PyMemberDef.self)
  }

  /// The UTF-8 text of a class name, which lives as long as the str. Raises ValueError for a NUL.
  func nameText(of name: Ref) throws(Raised) -> UnsafePointer<CChar> {
    var length = 0
    guard let utf8 = PyUnicode_AsUTF8AndSize(name, &length) else { throw Raised() }
    if strlen(utf8) != length {
      throw raise(.valueError, "type name must not contain null characters")
    }
    return utf8
  }
}

extension UnsafeMutablePointer where Pointee == PyObject {
  /// Whether a dict has a key that is not a str.
  func hasOtherThanStringKeys() throws(Raised) -> Bool {
    if view(PyDictObject.self).pointee.ma_keys.pointee.dk_kind != UInt8(DICT_KEYS_GENERAL) {
      return false
    }
    var position = 0
    var key: Ref?
    while PyDict_Next(self, &position, &key, nil) != 0 {
      if let key, !key.isStr { return true }
    }
    return false
  }
}
