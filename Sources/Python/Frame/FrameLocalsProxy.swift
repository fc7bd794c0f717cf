import CPythonABI
import Objects

/// FrameLocalsProxy: the variables of a running function as a mapping that writes through (PEP 667).
enum FrameLocalsProxy {
  struct Layout {
    var base: PyObject
    /// The frame object (strong).
    var frame: Ref?
  }

  static func make(_ frame: Ref) -> Ref? {
    guard let proxy = _PyObject_GC_New(frameLocalsProxyType()) else { return nil }
    Py_INCREF(frame)
    proxy.view(Layout.self).pointee.frame = frame
    PyObject_GC_Track(proxy)
    return proxy
  }

  private static func object(_ proxy: Ref) throws(Raised) -> PyFrameObjects.ObjectRef {
    guard let frame = proxy.view(Layout.self).pointee.frame else {
      throw raise(.runtimeError, "the frame is gone")
    }
    return frame.view(PyFrameObject.self)
  }

  private static func frame(_ proxy: Ref) throws(Raised) -> FrameRef {
    guard let inner = try object(proxy).pointee.f_frame else {
      throw raise(.runtimeError, "the frame is gone")
    }
    return inner
  }

  /// The value of a name, new; nil when it has none.
  private static func get(_ proxy: Ref, _ key: Ref) throws(Raised) -> Owned? {
    let frame = try frame(proxy)
    if let slot = try FrameType.slot(frame, key, bound: true),
      let value = FrameType.value(frame, slot)
    {
      return value.retained()
    }
    if let extra = try object(proxy).pointee.f_extra_locals {
      var value: Ref?
      try check(PyDict_GetItemRef(extra, key, &value))
      if let value { return Owned(adopting: value) }
    }
    return nil
  }

  private static func set(_ proxy: Ref, _ key: Ref, _ value: Ref?) throws(Raised) {
    let frame = try frame(proxy)
    if let slot = try FrameType.slot(frame, key, bound: false) {
      guard let value else {
        throw raise(.valueError, "cannot remove local variables from FrameLocalsProxy")
      }
      FrameType.setSlot(frame, slot, value)
      return
    }
    let object = try object(proxy)
    if object.pointee.f_extra_locals == nil {
      guard value != nil else { throw raise(.keyError, value: key) }
      object.pointee.f_extra_locals = try own(PyDict_New()).give()
    }
    guard let extra = object.pointee.f_extra_locals else { return }
    if let value {
      try check(PyDict_SetItem(extra, key, value))
    } else {
      try check(PyDict_DelItem(extra, key))
    }
  }

  /// A plain dict of the variables now.
  static func snapshot(_ proxy: Ref) throws(Raised) -> Owned {
    let frame = try frame(proxy)
    let code = Frame.code(frame)
    let dict = try own(PyDict_New())
    for slot in 0..<Int(code.pointee.co_nlocalsplus) {
      if slot < Int(code.pointee.co_nlocals) && FrameType.isCellArgument(code, slot) {
        // Its place in the order is the argument's, its value in the cell.
        let name = apus_tuple_item(code.pointee.co_localsplusnames, slot)
        if let inner = try FrameType.slot(frame, name, bound: true),
          let value = FrameType.value(frame, inner)
        {
          try check(PyDict_SetItem(dict.ref, name, value))
        }
        continue
      }
      if let value = FrameType.value(frame, slot) {
        // A comprehension's variable hides a cell of the same name.
        try borrow(
          PyDict_SetDefault(
            dict.ref, apus_tuple_item(code.pointee.co_localsplusnames, slot), value))
      }
    }
    if let extra = try object(proxy).pointee.f_extra_locals {
      try check(PyDict_Update(dict.ref, extra))
    }
    return dict
  }

  private static func isMergeable(_ object: Ref) -> Bool {
    object.isDict || object.type == frameLocalsProxyType()
  }

  /// Sets every name of a dict or another proxy.
  private static func merge(_ proxy: Ref, _ other: Ref) throws(Raised) {
    let dict: Owned
    if other.type == frameLocalsProxyType() {
      dict = try snapshot(other)
    } else {
      dict = try own(PyDict_Copy(other))
    }
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(dict.ref, &position, &key, &value) != 0 {
      if let key, let value { try set(proxy, key, value) }
    }
  }

  static let methods: [Method] = [
    .noargs("keys", "The names.") { proxy, _ in
      new {
        let dict = try snapshot(proxy)
        return try own(PyDict_Keys(dict.ref))
      }
    },
    .noargs("values", "The values.") { proxy, _ in
      new {
        let dict = try snapshot(proxy)
        return try own(PyDict_Values(dict.ref))
      }
    },
    .noargs("items", "Names and values as pairs.") { proxy, _ in
      new {
        let dict = try snapshot(proxy)
        return try own(PyDict_Items(dict.ref))
      }
    },
    .noargs("copy", "A dict of the variables now.") { proxy, _ in
      new { try snapshot(proxy) }
    },
    .noargs("__reversed__", "The names from the last.") { proxy, _ in
      new {
        let dict = try snapshot(proxy)
        let keys = try own(PyDict_Keys(dict.ref))
        try check(PyList_Reverse(keys.ref))
        return keys
      }
    },
    .fast("get", "The value of a name, else the default.") { proxy, args, count in
      new {
        try checkPositional("get", count, least: 1, most: 2)
        guard let args else { throw Raised() }
        if let value = try get(proxy, args[0]) { return value }
        return (count > 1 ? args[1] : noneObject()).retained()
      }
    },
    .fast("setdefault", "The value of a name, which is set when it has none.") {
      proxy, args, count in
      new {
        try checkPositional("setdefault", count, least: 1, most: 2)
        guard let args else { throw Raised() }
        if let value = try get(proxy, args[0]) { return value }
        let value = count > 1 ? args[1] : noneObject()
        try set(proxy, args[0], value)
        return value.retained()
      }
    },
    .fast("pop", "Remove an extra name and return its value.") { proxy, args, count in
      new {
        try checkPositional("pop", count, least: 1, most: 2)
        guard let args else { throw Raised() }
        guard let value = try get(proxy, args[0]) else {
          if count > 1 { return args[1].retained() }
          throw raise(.keyError, value: args[0])
        }
        try set(proxy, args[0], nil)
        return value
      }
    },
    .o("update", "Set every name of a dict or another proxy.") { proxy, other in
      none {
        guard isMergeable(other) else {
          throw raise(.typeError, "update() argument must be dict or another FrameLocalsProxy")
        }
        try merge(proxy, other)
      }
    },
  ]

  static let spec = TypeSpec(
    frameLocalsProxyType(), "FrameLocalsProxy", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .mapping], base: objectType(),
    slots: [
      .tp_dealloc { proxy in
        PyObject_GC_UnTrack(proxy)
        Py_XDECREF(proxy.view(Layout.self).pointee.frame)
        PyObject_GC_Del(proxy)
      },
      .tp_repr { proxy in
        new {
          if try check(Py_ReprEnter(proxy)) != 0 { return try own(newString("{...}")) }
          defer { Py_ReprLeave(proxy) }
          let dict = try snapshot(proxy)
          return try own(PyObject_Repr(dict.ref))
        }
      },
      .tp_new { type, args, keywords in
        new {
          let count = apus_var_size(args)
          if count != 1 {
            throw raise(.typeError, "FrameLocalsProxy expected 1 argument, got \(count)")
          }
          if let keywords, PyDict_Size(keywords) != 0 {
            throw raise(.typeError, "FrameLocalsProxy takes no keyword arguments")
          }
          let frame = apus_tuple_item(args, 0)
          guard frame.type == frameType() else {
            throw raise(.typeError, "expect frame, not \(frame.type.fullName)")
          }
          return try own(make(frame))
        }
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_setattro(PyObject_GenericSetAttr),
      .tp_traverse { proxy, visit, argument in
        proxy.view(Layout.self).pointee.frame.map { visit($0, argument) } ?? 0
      },
      .tp_richcompare { a, b, operation in
        guard operation == Py_EQ || operation == Py_NE else { return notImplementedObject() }
        return new {
          let left = try snapshot(a)
          if b.type == frameLocalsProxyType() {
            let right = try snapshot(b)
            return try own(PyObject_RichCompare(left.ref, right.ref, operation))
          }
          guard b.isDict else { return notImplementedObject().retained() }
          return try own(PyObject_RichCompare(left.ref, b, operation))
        }
      },
      .tp_iter { proxy in
        new {
          let dict = try snapshot(proxy)
          let keys = try own(PyDict_Keys(dict.ref))
          return try own(PyObject_GetIter(keys.ref))
        }
      },
      .mp_length { proxy in size {
        let dict = try snapshot(proxy)
        return PyDict_Size(dict.ref)
      } },
      .mp_subscript { proxy, key in
        new {
          guard let value = try get(proxy, key) else {
            throw raise(.keyError, value: key)
          }
          return value
        }
      },
      .mp_ass_subscript { proxy, key, value in status { try set(proxy, key, value) } },
      .sq_contains { proxy, key in
        truth {
          let value = try get(proxy, key)
          return value != nil
        }
      },
      .nb_or { a, b in
        guard isMergeable(a), isMergeable(b) else { return notImplementedObject() }
        return new {
          let result = a.isDict ? try own(PyDict_Copy(a)) : try snapshot(a)
          let right = b.isDict ? b.retained() : try snapshot(b)
          try check(PyDict_Update(result.ref, right.ref))
          return result
        }
      },
      .nb_inplace_or { proxy, other in
        guard isMergeable(other) else { return notImplementedObject() }
        return new {
          try merge(proxy, other)
          return proxy.retained()
        }
      },
    ],
    methods: methods)
}
