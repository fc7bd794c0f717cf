import CPythonABI
import Objects

/// The object behind every iterator of this module: up to four references, three numbers and a
/// table of indices. What they mean is said at each type.
struct IteratorObject {
  var base: PyObject
  /// Mostly the iterator (or pool of items) that is read.
  var source: Ref?
  /// Mostly the function that is called.
  var function: Ref?
  var value: Ref?
  var extra: Ref?
  var count: Int
  var limit: Int
  var step: Int
  /// Owned memory of PyMem; NULL where there are no indices.
  var indices: UnsafeMutablePointer<Int>?
}

@inline(__always)
func view(_ object: Ref) -> UnsafeMutablePointer<IteratorObject> {
  object.view(IteratorObject.self)
}

/// The slots all types share besides `tp_new` and `tp_iternext`.
let commonSlots: [Slot] = [
  .tp_dealloc { object in
    PyObject_GC_UnTrack(object)
    let own = view(object).pointee
    Py_XDECREF(own.source)
    Py_XDECREF(own.function)
    Py_XDECREF(own.value)
    Py_XDECREF(own.extra)
    PyMem_Free(own.indices)
    object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
  },
  .tp_getattro(PyObject_GenericGetAttr),
  .tp_traverse { object, visit, argument in
    let own = view(object).pointee
    return visitReferences(visit, argument, own.source, own.function, own.value, own.extra)
  },
  .tp_iter(PyObject_SelfIter),
  .tp_free { PyObject_GC_Del($0) },
]

/// A type of this module.
func iteratorSpec(
  _ type: TypeRef, _ name: StaticString, _ doc: StaticString?, flags: TypeFlags = [.baseType],
  new: Slot, next: Slot, more: [Slot] = [], methods: [Method] = []
) -> TypeSpec {
  TypeSpec(
    type, name, basicSize: MemoryLayout<IteratorObject>.size,
    flags: flags.union([.haveGC, .immutableType]), doc: doc, base: objectType(),
    slots: commonSlots + [new, next] + more, methods: methods)
}

/// An instance of `type`, zeroed.
func allocated(_ type: TypeRef) throws(Raised) -> Owned {
  guard let allocate = type.pointee.tp_alloc else {
    throw raise(.systemError, "type is not ready")
  }
  return try own(allocate(type, 0))
}

/// An instance that reads `source` with `function`.
func made(
  _ type: TypeRef, _ source: consuming Owned, _ function: Ref? = nil
) throws(Raised) -> Owned {
  let object = try allocated(type)
  view(object.ref).pointee.source = source.give()
  if let function { view(object.ref).pointee.function = function.retained().give() }
  return object
}

/// Refuses keywords for the type itself; subclasses may want them for their `__init__`.
func noKeywords(_ type: TypeRef, _ base: TypeRef, _ name: String, _ keywords: Ref?) throws(Raised) {
  let baseInit = unsafeBitCast(base.pointee.tp_init, to: UnsafeRawPointer?.self)
  let ownInit = unsafeBitCast(type.pointee.tp_init, to: UnsafeRawPointer?.self)
  if type == base || baseInit == ownInit { try checkNoKeywords(name, keywords) }
}

/// What `copy` and `pickle` of these iterators warn about.
func warnPickling() throws(Raised) {
  try check(
    PyErr_WarnEx(
      .deprecationWarning,
      "Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14.", 1))
}

/// The next item, nil at the end or with an exception; StopIteration is not cleared.
@inline(__always)
func advance(_ iterator: Ref) -> Ref? { iterator.type.pointee.tp_iternext?(iterator) }

/// Clears a StopIteration; false when another exception is set.
func endedQuietly() -> Bool {
  guard hasRaised() else { return true }
  guard PyErr_ExceptionMatches(.stopIteration) != 0 else { return false }
  PyErr_Clear()
  return true
}

/// The type as a new reference, for `__reduce__`.
func typeOf(_ object: Ref) -> Owned { object.type.object.retained() }

/// A borrowed field or None, as a new reference.
func orNone(_ object: Ref?) -> Owned { (object ?? noneObject()).retained() }

/// A new `tuple` from the argument of a `__setstate__`; TypeError for anything else.
func stateTuple(_ state: Ref) throws(Raised) {
  guard state.isTuple else { throw raise(.typeError, "state is not a tuple") }
}

/// Room for `count` indices; MemoryError when there is none.
func indexTable(_ count: Int) throws(Raised) -> UnsafeMutablePointer<Int> {
  guard let memory = PyMem_Calloc(Swift.max(count, 1), MemoryLayout<Int>.stride) else {
    throw raiseNoMemory()
  }
  return memory.bindMemory(to: Int.self, capacity: Swift.max(count, 1))
}
