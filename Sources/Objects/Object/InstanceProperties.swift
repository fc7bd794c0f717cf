import CPythonABI

/// `__dict__` and `__weakref__` of the instances of classes.
/// CPython: Objects/typeobject.c, `subtype_getsets_full`.
enum InstanceProperties {
  /// The getset table of a class that adds these to its instances; nil for neither.
  static func table(dict: Bool, weakReferences: Bool) -> UnsafeMutablePointer<PyGetSetDef>? {
    switch (dict, weakReferences) {
    case (true, true): both
    case (true, false): dictOnly
    case (false, true): weakOnly
    case (false, false): nil
    }
  }

  private nonisolated(unsafe) static let both = Property.table([dict, weakReferences])
  private nonisolated(unsafe) static let dictOnly = Property.table([dict])
  private nonisolated(unsafe) static let weakOnly = Property.table([weakReferences])

  static let dict = Property(
    "__dict__", "The instance's attributes.",
    get: { instance, _ in
      if let descriptor = inheritedDict(instance.type) {
        guard let get = descriptor.type.pointee.tp_descr_get else {
          raiseDescriptorError(instance)
          return nil
        }
        return get(descriptor, instance, instance.type.object)
      }
      return PyObject_GenericGetDict(instance, nil)
    },
    set: { instance, value, _ in
      if let descriptor = inheritedDict(instance.type) {
        guard let set = descriptor.type.pointee.tp_descr_set else {
          raiseDescriptorError(instance)
          return -1
        }
        return set(descriptor, instance, value)
      }
      return setDict(instance, value)
    })

  private static func setDict(_ instance: Ref, _ value: Ref?) -> Int32 {
    status {
      guard instance.type.pointee.tp_dictoffset != 0 else {
        throw raise(.attributeError, "This object has no __dict__")
      }
      if let value, !value.isDict {
        throw raise(
          .typeError, "__dict__ must be set to a dictionary, not a '\(value.type.fullName)'")
      }
      if instance.has(UInt(Py_TPFLAGS_MANAGED_DICT)) {
        try check(_PyObject_SetManagedDict(instance, value))
        return
      }
      guard let slot = _PyObject_ComputedDictPointer(instance) else {
        throw raise(.attributeError, "This object has no __dict__")
      }
      let old = slot.pointee
      Py_XINCREF(value)
      slot.pointee = value
      Py_XDECREF(old)
    }
  }

  /// The `__dict__` descriptor of a builtin base whose instances have a dict already. It decides
  /// what may be done with the dict, even where that is nothing.
  private static func inheritedDict(_ type: TypeRef) -> Ref? {
    var current: TypeRef? = type
    while let one = current, let base = one.pointee.tp_base {
      if one.pointee.tp_dictoffset != 0 && !one.isHeap,
        let descriptor = one.lookUp(id___dict__()), descriptor.type.pointee.tp_descr_set != nil
      {
        return descriptor
      }
      current = base
    }
    return nil
  }

  private static func raiseDescriptorError(_ instance: Ref) {
    _ = raise(
      .typeError,
      "this __dict__ descriptor does not support '\(instance.type.fullName)' objects")
  }

  static let weakReferences = Property(
    "__weakref__", "The first of the weak references to the instance, or None.",
    get: { instance, _ in
      let type = instance.type
      guard type.pointee.tp_weaklistoffset != 0 else {
        _ = raise(.attributeError, "This object has no __weakref__")
        return nil
      }
      let slot = (UnsafeMutableRawPointer(instance) + type.pointee.tp_weaklistoffset)
        .assumingMemoryBound(to: Ref?.self)
      let result = slot.pointee ?? noneObject()
      Py_INCREF(result)
      return result
    })
}
