import CPythonABI
import Glibc

extension PyType {
  /// Refuses to change a special attribute of an immutable type, or to delete it from any.
  private static func checkMutable(
    _ type: TypeRef, _ value: Ref?, _ name: String
  ) throws(Raised) -> Ref {
    if type.has(UInt(Py_TPFLAGS_IMMUTABLETYPE)) {
      throw raise(
        .typeError, "cannot set '\(name)' attribute of immutable type '\(type.fullName)'")
    }
    guard let value else {
      throw raise(
        .typeError, "cannot delete '\(name)' attribute of immutable type '\(type.fullName)'")
    }
    try Audit.send("object.__setattr__", [.object(type.object), .string(name), .object(value)])
    return value
  }

  /// An entry of the type's own dict, or nil.
  private static func entry(_ type: TypeRef, _ name: Ref) throws(Raised) -> Owned? {
    guard let dict = type.pointee.tp_dict else { return nil }
    var value: Ref?
    try check(PyDict_GetItemRef(dict, name, &value))
    guard let value else { return nil }
    return Owned(adopting: value)
  }

  static let name = Property(
    "__name__",
    get: { type, _ in new { try shortName(type.asType) } },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__name__")
        guard value.isStr else {
          throw raise(
            .typeError,
            "can only assign string to \(type.fullName).__name__, not '\(value.type.fullName)'")
        }
        let text = try type.nameText(of: value)
        type.modified()
        let old = type.heap.pointee.ht_name
        Py_INCREF(value)
        type.heap.pointee.ht_name = value
        type.pointee.tp_name = text
        Py_XDECREF(old)
      }
    })

  static let qualifiedName = Property(
    "__qualname__",
    get: { type, _ in new { try qualname(type.asType) } },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__qualname__")
        guard value.isStr else {
          throw raise(
            .typeError,
            "can only assign string to \(type.fullName).__qualname__, not '\(value.type.fullName)'")
        }
        let old = type.heap.pointee.ht_qualname
        Py_INCREF(value)
        type.heap.pointee.ht_qualname = value
        Py_XDECREF(old)
      }
    })

  static let bases = Property(
    "__bases__",
    get: { type, _ in new { try borrow(type.asType.pointee.tp_bases).retained() } },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__bases__")
        try BasesAssignment.assign(value, to: type)
      }
    })

  static let mroProperty = Property(
    "__mro__",
    get: { type, _ in new { (type.asType.pointee.tp_mro ?? noneObject()).retained() } })

  static let module = Property(
    "__module__",
    get: { type, _ in new { try moduleName(type.asType) } },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__module__")
        type.modified()
        let dict = try borrow(type.pointee.tp_dict)
        var old: Ref?
        try check(PyDict_Pop(dict, id___firstlineno__(), &old))
        Py_XDECREF(old)
        try check(PyDict_SetItem(dict, id___module__(), value))
      }
    })

  static let abstractMethods = Property(
    "__abstractmethods__",
    get: { receiver, _ in
      new {
        // `type` itself has the descriptor in its dict, not a value.
        if receiver != typeType().object,
          let value = try entry(receiver.asType, id___abstractmethods__())
        {
          return value
        }
        throw raise(.attributeError, value: id___abstractmethods__())
      }
    },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let dict = try borrow(type.pointee.tp_dict)
        if type.has(UInt(Py_TPFLAGS_IMMUTABLETYPE)) {
          _ = try checkMutable(type, value, "__abstractmethods__")
        }
        var abstract = false
        if let value {
          abstract = try check(PyObject_IsTrue(value)) != 0
          try check(PyDict_SetItem(dict, id___abstractmethods__(), value))
        } else {
          var old: Ref?
          try check(PyDict_Pop(dict, id___abstractmethods__(), &old))
          guard let old else { throw raise(.attributeError, value: id___abstractmethods__()) }
          Py_DECREF(old)
        }
        type.modified()
        let flag = UInt(Py_TPFLAGS_IS_ABSTRACT)
        if abstract { type.pointee.tp_flags |= flag } else { type.pointee.tp_flags &= ~flag }
      }
    })

  static let dict = Property(
    "__dict__",
    get: { type, _ in
      new {
        guard let dict = type.asType.pointee.tp_dict else { return noneObject().retained() }
        return try own(PyDictProxy_New(dict))
      }
    })

  static let doc = Property(
    "__doc__",
    get: { receiver, _ in
      new {
        let type = receiver.asType
        if !type.isHeap, let doc = type.pointee.tp_doc {
          return try own(Docstring.text(type.pointee.tp_name, doc))
        }
        guard let value = try entry(type, id___doc__()) else { return noneObject().retained() }
        if let get = value.ref.type.pointee.tp_descr_get {
          return try own(get(value.ref, nil, receiver))
        }
        return value
      }
    },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__doc__")
        type.modified()
        try check(PyDict_SetItem(try borrow(type.pointee.tp_dict), id___doc__(), value))
      }
    })

  static let textSignature = Property(
    "__text_signature__",
    get: { receiver, _ in
      new {
        let type = receiver.asType
        return try own(Docstring.signatureText(type.pointee.tp_name, type.pointee.tp_doc, flags: 0))
      }
    })

  static let annotations = Property(
    "__annotations__",
    get: { receiver, _ in
      new {
        let type = receiver.asType
        guard type.isHeap else {
          throw raise(
            .attributeError, "type object '\(type.fullName)' has no attribute '__annotations__'")
        }
        if let value = try entry(type, id___annotations__()) {
          if let get = value.ref.type.pointee.tp_descr_get {
            return try own(get(value.ref, nil, receiver))
          }
          return value
        }
        let made = try own(PyDict_New())
        try check(
          PyDict_SetItem(try borrow(type.pointee.tp_dict), id___annotations__(), made.ref))
        type.modified()
        return made
      }
    },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        if type.has(UInt(Py_TPFLAGS_IMMUTABLETYPE)) {
          throw raise(
            .typeError,
            "cannot set '__annotations__' attribute of immutable type '\(type.fullName)'")
        }
        let dict = try borrow(type.pointee.tp_dict)
        if let value {
          try check(PyDict_SetItem(dict, id___annotations__(), value))
        } else {
          var old: Ref?
          try check(PyDict_Pop(dict, id___annotations__(), &old))
          guard let old else { throw raise(.attributeError, value: id___annotations__()) }
          Py_DECREF(old)
        }
        type.modified()
      }
    })

  static let typeParameters = Property(
    "__type_params__",
    get: { receiver, _ in
      new {
        // `type` itself has the descriptor in its dict, not a value.
        if receiver != typeType().object,
          let value = try entry(receiver.asType, id___type_params__())
        {
          return value
        }
        return try own(PyTuple_New(0))
      }
    },
    set: { receiver, value, _ in
      status {
        let type = receiver.asType
        let value = try checkMutable(type, value, "__type_params__")
        try check(PyDict_SetItem(try borrow(type.pointee.tp_dict), id___type_params__(), value))
        type.modified()
      }
    })
}

/// `C.__bases__ = bases`. CPython: Objects/typeobject.c, `type_set_bases`.
enum BasesAssignment {
  static func assign(_ bases: Ref, to type: TypeRef) throws(Raised) {
    try validate(bases, type)
    let newBase = try TypeRef.bestBase(bases)
    try TypeRef.checkAssignable(newBase, try borrowType(type.pointee.tp_base), attribute: "__bases__")
    let oldBases = try borrow(type.pointee.tp_bases).retained()
    let oldBase = try borrowType(type.pointee.tp_base)
    let oldBaseHeld = Owned(retaining: oldBase.object)
    set(type, bases, newBase)
    // What the MROs were, to go back when one of them cannot be computed.
    var undo: [(TypeRef, Ref?)] = []
    do {
      try updateHierarchy(type, &undo)
    } catch {
      let raised = PyErr_GetRaisedException()
      for (changed, mro) in undo.reversed() {
        let made = changed.pointee.tp_mro
        changed.pointee.tp_mro = mro
        Py_XDECREF(made)
        changed.modified()
        Py_DECREF(changed.object)
      }
      if type.pointee.tp_bases == bases { set(type, oldBases.ref, oldBaseHeld.ref.asType) }
      PyErr_SetRaisedException(raised)
      throw error
    }
    for (changed, mro) in undo {
      Py_XDECREF(mro)
      Py_DECREF(changed.object)
    }
    // Python code in a custom mro() may have assigned the bases again.
    if type.pointee.tp_bases == bases {
      type.remove(fromBases: oldBases.ref)
      try type.addToBases()
      updateSlots(type)
    }
  }

  /// Every slot here and below may come from elsewhere now.
  private static func updateSlots(_ type: TypeRef) {
    type.updateAllSlots()
    type.forEachSubclass { updateSlots($0) }
  }

  private static func borrowType(_ type: TypeRef?) throws(Raised) -> TypeRef {
    guard let type else { throw raise(.typeError, "a type without a base cannot get one") }
    return type
  }

  private static func set(_ type: TypeRef, _ bases: Ref, _ base: TypeRef) {
    let oldBases = type.pointee.tp_bases
    let oldBase = type.pointee.tp_base
    Py_INCREF(bases)
    Py_INCREF(base.object)
    type.pointee.tp_bases = bases
    type.pointee.tp_base = base
    Py_XDECREF(oldBases)
    Py_XDECREF(oldBase?.object)
  }

  private static func validate(_ bases: Ref, _ type: TypeRef) throws(Raised) {
    guard bases.isTuple else {
      throw raise(
        .typeError,
        "can only assign tuple to \(type.fullName).__bases__, not \(bases.type.fullName)")
    }
    guard apus_var_size(bases) > 0 else {
      throw raise(
        .typeError, "can only assign non-empty tuple to \(type.fullName).__bases__, not ()")
    }
    for index in 0..<apus_var_size(bases) {
      let base = apus_tuple_item(bases, index)
      guard base.isType else {
        throw raise(
          .typeError,
          "\(type.fullName).__bases__ must be tuple of classes, not '\(base.type.fullName)'")
      }
      // A custom mro() may have been interrupted before it set the MRO: ask the bases too.
      if PyType_IsSubtype(base.asType, type) != 0 || isBelow(base.asType, type) {
        throw raise(.typeError, "a __bases__ item causes an inheritance cycle")
      }
    }
  }

  private static func isBelow(_ type: TypeRef, _ other: TypeRef) -> Bool {
    var next: TypeRef? = type
    while let one = next {
      if one == other { return true }
      next = one.pointee.tp_base
    }
    return false
  }

  /// Recomputes the MRO of the type and everything below it.
  private static func updateHierarchy(
    _ type: TypeRef, _ undo: inout [(TypeRef, Ref?)]
  ) throws(Raised) {
    var old: Ref?
    guard try type.updateMRO(old: &old) else { return }
    Py_INCREF(type.object)
    undo.append((type, old))
    // A list: a custom mro() may make or lose subclasses.
    let below = try type.subclasses()
    for index in 0..<apus_var_size(below.ref) {
      try updateHierarchy(apus_list_item(below.ref, index).asType, &undo)
    }
  }
}
