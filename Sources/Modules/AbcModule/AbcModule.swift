import CPythonABI
import Objects

/// The module `_abc`: abstract base classes' registry and caches. CPython: Modules/_abc.c; PEP 3119.
///
/// Every class made by ABCMeta has an `_abc_impl` with three sets of weak references to classes:
/// the registered ones, those known to be subclasses, those known not to be. A counter of all
/// registrations tells when the last set is out of date.
public let abcModule = ModuleSpec(
  "_abc", doc: "Module contains faster native implementation of abc.ABCMeta",
  methods: [
    cacheToken, initialize, register, instanceCheck, subclassCheck, resetRegistry, resetCaches,
    dump,
  ],
  exec: { _ in status { if !ClassData.isReady { try ClassData.spec.install() } } })

nonisolated(unsafe) private var registrations: UInt64 = 0

/// What a class keeps in `_abc_impl`.
enum ClassData {
  struct Data {
    var ob_base: PyObject
    var registry: Ref?
    var cache: Ref?
    var negativeCache: Ref?
    var negativeVersion: UInt64
  }
  typealias DataRef = UnsafeMutablePointer<Data>

  nonisolated(unsafe) static let type = PermanentMemory.type()
  static var isReady: Bool { type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) != 0 }

  static let spec = TypeSpec(
    type, "_abc._abc_data", basicSize: MemoryLayout<Data>.size, flags: .haveGC,
    doc: "Internal state held by ABC machinery.", base: objectType(),
    slots: [
      .tp_new { type, _, _ in PyType_GenericAlloc(type, 0) },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        _ = clear(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        let data = object.view(Data.self).pointee
        for set in [data.registry, data.cache, data.negativeCache] {
          let answer = visitReference(set, visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { clear($0) },
    ])

  private static func clear(_ object: Ref) -> Int32 {
    let data = object.view(Data.self)
    clearReference(&data.pointee.registry)
    clearReference(&data.pointee.cache)
    clearReference(&data.pointee.negativeCache)
    return 0
  }

  /// The data of a class; the caller holds the class.
  static func of(_ object: Ref) throws(Raised) -> Owned {
    let data = try own("_abc_impl".withCString { PyObject_GetAttrString(object, $0) })
    guard data.ref.type == type else {
      throw raise(.typeError, "_abc_impl is set to a wrong type")
    }
    return data
  }
}

/// A set of weak references to classes.
private enum WeakClassSet {
  /// The reference's class is gone: the callback takes it out of the set it belongs to.
  static let removal: Method = .o("_destroy", "") { setReference, reference in
    none {
      var target: Ref?
      try check(PyWeakref_GetRef(setReference, &target))
      guard let target else { return }
      let set = Owned(adopting: target)
      try check(PySet_Discard(set.ref, reference))
    }
  }
  nonisolated(unsafe) private static let removalTable = Method.table([removal])

  static func add(_ object: Ref, to field: UnsafeMutablePointer<Ref?>) throws(Raised) {
    if field.pointee == nil { field.pointee = try own(PySet_New(nil)).give() }
    guard let set = field.pointee, let table = removalTable else { throw Raised() }
    let setReference = try own(PyWeakref_NewRef(set, nil))
    let callback = try own(PyCFunction_NewEx(table, setReference.ref, nil))
    let reference = try own(PyWeakref_NewRef(object, callback.ref))
    try check(PySet_Add(set, reference.ref))
  }

  static func contains(_ set: Ref?, _ object: Ref) throws(Raised) -> Bool {
    guard let set, PySet_Size(set) > 0 else { return false }
    let held = set.retained()
    guard let reference = PyWeakref_NewRef(object, nil) else {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        PyErr_Clear()
        return false
      }
      throw Raised()
    }
    let key = Owned(adopting: reference)
    return try check(PySet_Contains(held.ref, key.ref)) != 0
  }

  static func empty(_ set: Ref?) throws(Raised) {
    if let set { try check(PySet_Clear(set)) }
  }
}

private func field(
  _ data: Ref, _ path: KeyPath<ClassData.Data, Ref?>
) -> UnsafeMutablePointer<Ref?> {
  let offset = MemoryLayout<ClassData.Data>.offset(of: path) ?? 16
  return (UnsafeMutableRawPointer(data) + offset).assumingMemoryBound(to: Ref?.self)
}

private let cacheToken: Method = .noargs(
  "get_cache_token($module, /)",
  "Returns the current ABC cache token, a value that changes with every call to register()."
) { _, _ in PyLong_FromUnsignedLongLong(registrations) }

// MARK: Setting up a class

private func isAbstract(_ object: Ref) throws(Raised) -> Bool {
  var flag: Ref?
  try check(
    "__isabstractmethod__".withCString { PyObject_GetOptionalAttrString(object, $0, &flag) })
  guard let flag else { return false }
  let held = Owned(adopting: flag)
  return try check(PyObject_IsTrue(held.ref)) != 0
}

/// Finds the abstract names of a class and sets `__abstractmethods__`.
private func computeAbstractMethods(_ object: Ref) throws(Raised) {
  let abstracts = try own(PyFrozenSet_New(nil))
  let namespace = try own("__dict__".withCString { PyObject_GetAttrString(object, $0) })
  let items = try own(PyMapping_Items(namespace.ref))
  for index in 0..<apus_var_size(items.ref) {
    let pair = try own(
      PySequence_Tuple(apus_list_item(items.ref, index)))
    guard apus_var_size(pair.ref) == 2 else {
      throw raise(.typeError, "Iteration over dict must yield pairs")
    }
    if try isAbstract(apus_tuple_item(pair.ref, 1)) {
      try check(PySet_Add(abstracts.ref, apus_tuple_item(pair.ref, 0)))
    }
  }
  let bases = try own("__bases__".withCString { PyObject_GetAttrString(object, $0) })
  guard bases.ref.isTuple else { throw raise(.typeError, "__bases__ is not tuple") }
  for index in 0..<apus_var_size(bases.ref) {
    var inherited: Ref?
    try check(
      "__abstractmethods__".withCString {
        PyObject_GetOptionalAttrString(apus_tuple_item(bases.ref, index), $0, &inherited)
      })
    guard let inherited else { continue }
    let held = Owned(adopting: inherited)
    let iterator = try own(PyObject_GetIter(held.ref))
    while let next = PyIter_Next(iterator.ref) {
      let name = Owned(adopting: next)
      var value: Ref?
      try check(PyObject_GetOptionalAttr(object, name.ref, &value))
      guard let value else { continue }
      let attribute = Owned(adopting: value)
      if try isAbstract(attribute.ref) { try check(PySet_Add(abstracts.ref, name.ref)) }
    }
    if hasRaised() { throw Raised() }
  }
  try check("__abstractmethods__".withCString { PyObject_SetAttrString(object, $0, abstracts.ref) })
}

/// The flags Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING.
private let collectionFlags: UInt = 1 << 5 | 1 << 6

private let initialize: Method = .o(
  "_abc_init($module, self, /)",
  "Internal ABC helper for class set-up. Should be never used outside abc module."
) { _, object in
  none {
    try computeAbstractMethods(object)
    let data = try own(PyType_GenericAlloc(ClassData.type, 0))
    data.ref.view(ClassData.Data.self).pointee.negativeVersion = registrations
    try check("_abc_impl".withCString { PyObject_SetAttrString(object, $0, data.ref) })
    // `collections.abc` marks Sequence and Mapping for pattern matching this way.
    guard object.isType, let dict = object.asType.pointee.tp_dict else { return }
    var flags: Ref?
    try check("__abc_tpflags__".withCString { PyDict_PopString(dict, $0, &flags) })
    guard let flags else { return }
    let held = Owned(adopting: flags)
    guard held.ref.isExactInt else { return }
    let value = PyLong_AsLong(held.ref)
    if value == -1 && hasRaised() { throw Raised() }
    let wanted = UInt(bitPattern: value) & collectionFlags
    if wanted == collectionFlags {
      throw raise(
        .typeError,
        "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING")
    }
    object.asType.pointee.tp_flags |= wanted
    PyType_Modified(object.asType)
  }
}

/// Gives a class and its subclasses a collection flag.
private func propagate(_ flag: UInt, to type: TypeRef) throws(Raised) {
  guard type.pointee.tp_flags & collectionFlags != flag,
    type.pointee.tp_flags & UInt(Py_TPFLAGS_IMMUTABLETYPE) == 0
  else { return }
  type.pointee.tp_flags = type.pointee.tp_flags & ~collectionFlags | flag
  PyType_Modified(type)
  let subclasses = try own(
    "__subclasses__".withCString { name in
      guard let method = PyObject_GetAttrString(type.object, name) else { return nil }
      defer { Py_DECREF(method) }
      return PyObject_CallNoArgs(method)
    })
  guard subclasses.ref.isList else { return }
  for index in 0..<apus_var_size(subclasses.ref) {
    let subclass = apus_list_item(subclasses.ref, index)
    if subclass.isType { try propagate(flag, to: subclass.asType) }
  }
}

private let register: Method = .fast(
  "_abc_register($module, self, subclass, /)",
  "Internal ABC helper for subclass registration. Should be never used outside abc module."
) { _, args, count in
  new {
    let a = try Arguments(register, args, count)
    let (object, subclass) = (a.object(0), a.object(1))
    guard subclass.isType else { throw raise(.typeError, "Can only register classes") }
    if try check(PyObject_IsSubclass(subclass, object)) > 0 { return subclass.retained() }
    // A cycle would make every check run for ever.
    if try check(PyObject_IsSubclass(object, subclass)) > 0 {
      throw raise(.runtimeError, "Refusing to create an inheritance cycle")
    }
    let data = try ClassData.of(object)
    try WeakClassSet.add(subclass, to: field(data.ref, \.registry))
    registrations &+= 1
    if object.isType {
      let flag = object.asType.pointee.tp_flags & collectionFlags
      if flag != 0 { try propagate(flag, to: subclass.asType) }
    }
    return subclass.retained()
  }
}

// MARK: Checks

private func classCheck(_ object: Ref, _ subclass: Ref) throws(Raised) -> Owned {
  let name = try own(PyUnicode_InternFromString("__subclasscheck__"))
  return try own(PyObject_CallMethodOneArg(object, name.ref, subclass))
}

private let instanceCheck: Method = .fast(
  "_abc_instancecheck($module, self, instance, /)",
  "Internal ABC helper for instance checks. Should be never used outside abc module."
) { _, args, count in
  new {
    let a = try Arguments(instanceCheck, args, count)
    let (object, instance) = (a.object(0), a.object(1))
    let data = try ClassData.of(object)
    let subclass = try own("__class__".withCString { PyObject_GetAttrString(instance, $0) })
    let view = data.ref.view(ClassData.Data.self)
    if try WeakClassSet.contains(view.pointee.cache, subclass.ref) {
      return trueObject().retained()
    }
    let type = instance.type.object
    if type == subclass.ref {
      if view.pointee.negativeVersion == registrations,
        try WeakClassSet.contains(view.pointee.negativeCache, subclass.ref)
      {
        return falseObject().retained()
      }
      return try classCheck(object, subclass.ref)
    }
    let first = try classCheck(object, subclass.ref)
    if try check(PyObject_IsTrue(first.ref)) != 0 { return first }
    return try classCheck(object, type)
  }
}

private func isSubclass(_ object: Ref, _ subclass: Ref) throws(Raised) -> Bool {
  let data = try ClassData.of(object)
  let view = data.ref.view(ClassData.Data.self)
  if try WeakClassSet.contains(view.pointee.cache, subclass) { return true }
  if view.pointee.negativeVersion < registrations {
    try WeakClassSet.empty(view.pointee.negativeCache)
    view.pointee.negativeVersion = registrations
  } else if try WeakClassSet.contains(view.pointee.negativeCache, subclass) {
    return false
  }
  func remember(_ isOne: Bool) throws(Raised) -> Bool {
    try WeakClassSet.add(
      subclass, to: isOne ? field(data.ref, \.cache) : field(data.ref, \.negativeCache))
    return isOne
  }
  let hookName = try own(PyUnicode_InternFromString("__subclasshook__"))
  let answer = try own(PyObject_CallMethodOneArg(object, hookName.ref, subclass))
  if answer.ref == trueObject() { return try remember(true) }
  if answer.ref == falseObject() { return try remember(false) }
  guard answer.ref == notImplementedObject() else {
    throw raise(
      .assertionError, "__subclasshook__ must return either False, True, or NotImplemented")
  }
  if object.isType, PyType_IsSubtype(subclass.asType, object.asType) != 0 {
    return try remember(true)
  }
  // The registry may change meanwhile: check a copy.
  if let registry = view.pointee.registry, PySet_Size(registry) > 0 {
    let copy = try own(PySequence_List(registry))
    for index in 0..<apus_var_size(copy.ref) {
      var target: Ref?
      try check(PyWeakref_GetRef(apus_list_item(copy.ref, index), &target))
      guard let target else { continue }
      let candidate = Owned(adopting: target)
      if try check(PyObject_IsSubclass(subclass, candidate.ref)) > 0 {
        return try remember(true)
      }
    }
  }
  let subclassesName = try own(PyUnicode_InternFromString("__subclasses__"))
  let subclasses = try own(PyObject_CallMethodNoArgs(object, subclassesName.ref))
  guard subclasses.ref.isList else {
    throw raise(.typeError, "__subclasses__() must return a list")
  }
  for index in 0..<apus_var_size(subclasses.ref) {
    let candidate = apus_list_item(subclasses.ref, index).retained()
    if try check(PyObject_IsSubclass(subclass, candidate.ref)) > 0 { return try remember(true) }
  }
  return try remember(false)
}

private let subclassCheck: Method = .fast(
  "_abc_subclasscheck($module, self, subclass, /)",
  "Internal ABC helper for subclass checks. Should be never used outside abc module."
) { _, args, count in
  bool {
    let a = try Arguments(subclassCheck, args, count)
    guard a.object(1).isType else {
      throw raise(.typeError, "issubclass() arg 1 must be a class")
    }
    return try isSubclass(a.object(0), a.object(1))
  }
}

// MARK: Looking inside

private let resetRegistry: Method = .o(
  "_reset_registry($module, self, /)", "Internal ABC helper to reset registry of a given class."
) { _, object in
  none {
    let data = try ClassData.of(object)
    try WeakClassSet.empty(data.ref.view(ClassData.Data.self).pointee.registry)
  }
}

private let resetCaches: Method = .o(
  "_reset_caches($module, self, /)", "Internal ABC helper to reset both caches of a given class."
) { _, object in
  none {
    let data = try ClassData.of(object)
    try WeakClassSet.empty(data.ref.view(ClassData.Data.self).pointee.cache)
    try WeakClassSet.empty(data.ref.view(ClassData.Data.self).pointee.negativeCache)
  }
}

private let dump: Method = .o(
  "_get_dump($module, self, /)",
  "Internal ABC helper for debugging: registry, cache, negative cache and the latter's version."
) { _, object in
  new {
    let data = try ClassData.of(object)
    let view = data.ref.view(ClassData.Data.self).pointee
    func copy(_ set: Ref?) throws(Raised) -> Owned { try own(PySet_New(set)) }
    return try tuple(
      copy(view.registry), copy(view.cache), copy(view.negativeCache),
      own(PyLong_FromUnsignedLongLong(view.negativeVersion)))
  }
}
