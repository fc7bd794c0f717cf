import CPythonABI
import Objects

/// `_thread._local`: attributes that each thread has for itself. CPython: Modules/_threadmodule.c.
///
/// The object owns a dict of the threads' attribute dicts, keyed by the threads' numbers, which are
/// never used again. When a thread ends, every live object drops its dict.
enum ThreadLocal {
  struct Local {
    var ob_base: PyObject
    var weakReferences: Ref?
    /// The constructor's arguments, for `__init__` in further threads.
    var args: Ref?
    var keywords: Ref?
    /// number -> attributes
    var dicts: Ref?
    /// The thread that asked last and its dict (borrowed from `dicts`).
    var lastThread: UInt64
    var lastDict: Ref?
    var next: UnsafeMutablePointer<Local>?
    var previous: UnsafeMutablePointer<Local>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) private static var all: UnsafeMutablePointer<Local>?

  static let spec = TypeSpec(
    type, "_thread._local", basicSize: MemoryLayout<Local>.size, flags: [.baseType, .haveGC],
    doc: "_local()\n--\n\nThread-local data", base: objectType(),
    weakListOffset: MemoryLayout<Local>.offset(of: \.weakReferences) ?? 16,
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let local = object.view(Local.self)
        if local.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        unlink(local)
        _ = clear(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        let local = object.view(Local.self)
        for reference in [local.pointee.args, local.pointee.keywords, local.pointee.dicts] {
          let answer = visitReference(reference, visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { clear($0) },
      .tp_getattro { object, name in
        new {
          let dict = try attributes(object)
          if PyUnicode_EqualToUTF8(name, "__dict__") != 0 { return dict }
          return try own(_PyObject_GenericGetAttrWithDict(object, name, dict.ref, 0))
        }
      },
      .tp_setattro { object, name, value in
        status {
          let dict = try attributes(object)
          if PyUnicode_EqualToUTF8(name, "__dict__") != 0 {
            throw raise(
              .attributeError,
              "'\(object.type.fullName)' object attribute '__dict__' is read-only")
          }
          try check(_PyObject_GenericSetAttrWithDict(object, name, value, dict.ref))
        }
      },
    ])

  private static func clear(_ object: Ref) -> Int32 {
    let local = object.view(Local.self)
    local.pointee.lastDict = nil
    clearReference(&local.pointee.args)
    clearReference(&local.pointee.keywords)
    clearReference(&local.pointee.dicts)
    return 0
  }

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let hasOwnInit =
      unsafeBitCast(type.pointee.tp_init, to: Int.self)
      != unsafeBitCast(objectType().pointee.tp_init, to: Int.self)
    if !hasOwnInit && (apus_var_size(args) > 0 || keywords.map({ PyDict_Size($0) }) ?? 0 > 0) {
      throw raise(.typeError, "Initialization arguments are not supported")
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    let local = object.ref.view(Local.self)
    local.pointee.next = all
    all?.pointee.previous = local
    all = local
    local.pointee.args = args.retained().give()
    local.pointee.keywords = keywords?.retained().give()
    local.pointee.dicts = try own(PyDict_New()).give()
    // The creator's `__init__` is about to run by itself.
    _ = try newAttributes(object.ref)
    return object
  }

  private static func unlink(_ local: UnsafeMutablePointer<Local>) {
    if let next = local.pointee.next { next.pointee.previous = local.pointee.previous }
    if let previous = local.pointee.previous {
      previous.pointee.next = local.pointee.next
    } else if all == local {
      all = local.pointee.next
    }
  }

  /// An empty dict for the calling thread.
  private static func newAttributes(_ object: Ref) throws(Raised) -> Owned {
    let local = object.view(Local.self)
    guard let dicts = local.pointee.dicts else {
      throw raise(.systemError, "thread-local data is being destroyed")
    }
    let dict = try own(PyDict_New())
    let key = try own(PyLong_FromUnsignedLongLong(apus_tstate().pointee.id))
    try check(PyDict_SetItem(dicts, key.ref, dict.ref))
    local.pointee.lastThread = apus_tstate().pointee.id
    local.pointee.lastDict = dict.ref
    return dict
  }

  /// The calling thread's attributes; at its first use `__init__` runs.
  private static func attributes(_ object: Ref) throws(Raised) -> Owned {
    let local = object.view(Local.self)
    let thread = apus_tstate().pointee.id
    if local.pointee.lastThread == thread, let dict = local.pointee.lastDict {
      return dict.retained()
    }
    if let dicts = local.pointee.dicts {
      let key = try own(PyLong_FromUnsignedLongLong(thread))
      if let known = PyDict_GetItemWithError(dicts, key.ref) {
        local.pointee.lastThread = thread
        local.pointee.lastDict = known
        return known.retained()
      }
      if hasRaised() { throw Raised() }
    }
    let dict = try newAttributes(object)
    let type = object.type
    if let initialize = type.pointee.tp_init, let args = local.pointee.args,
      unsafeBitCast(initialize, to: Int.self)
        != unsafeBitCast(objectType().pointee.tp_init, to: Int.self),
      initialize(object, args, local.pointee.keywords) < 0
    {
      // The next use tries again.
      let pending = PyErr_GetRaisedException()
      drop(thread, from: local)
      PyErr_SetRaisedException(pending)
      throw Raised()
    }
    return dict
  }

  private static func drop(_ thread: UInt64, from local: UnsafeMutablePointer<Local>) {
    if local.pointee.lastThread == thread { local.pointee.lastDict = nil }
    guard let dicts = local.pointee.dicts, let key = PyLong_FromUnsignedLongLong(thread) else {
      return
    }
    var old: Ref?
    if PyDict_Pop(dicts, key, &old) < 0 { PyErr_Clear() }
    Py_DECREF(key)
    Py_XDECREF(old)
  }

  /// Drops the attributes of a thread that ends. Freeing them may run code and free objects, so the
  /// search starts again after each.
  static func forget(thread: UInt64) {
    guard let key = PyLong_FromUnsignedLongLong(thread) else {
      PyErr_Clear()
      return
    }
    var found = true
    while found {
      found = false
      var local = all
      while let here = local {
        local = here.pointee.next
        guard let dicts = here.pointee.dicts, PyDict_Contains(dicts, key) == 1 else { continue }
        if here.pointee.lastThread == thread { here.pointee.lastDict = nil }
        var old: Ref?
        if PyDict_Pop(dicts, key, &old) < 0 { PyErr_Clear() }
        Py_XDECREF(old)
        found = true
        break
      }
    }
    Py_DECREF(key)
  }
}
