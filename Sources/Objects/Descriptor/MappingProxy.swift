import CPythonABI

/// A read-only view of a mapping: `type.__dict__`. CPython: Objects/descrobject.c,
/// `PyDictProxy_Type`.
enum MappingProxy {
  static let spec = TypeSpec(
    mappingProxyType(), "mappingproxy", basicSize: MemoryLayout<PyMappingProxyObject>.size,
    flags: [.haveGC, .mapping], doc: "mappingproxy(mapping)\n--\n\nA read-only view of a mapping.",
    base: objectType(),
    slots: [
      .tp_dealloc { proxy in
        PyObject_GC_UnTrack(UnsafeMutableRawPointer(proxy))
        Py_DECREF(mapping(proxy))
        PyObject_GC_Del(UnsafeMutableRawPointer(proxy))
      },
      .tp_repr { proxy in
        guard let inner = PyObject_Repr(mapping(proxy)) else { return nil }
        defer { Py_DECREF(inner) }
        return join("mappingproxy(", inner, ")")
      },
      .tp_str { proxy in PyObject_Str(mapping(proxy)) },
      .tp_hash { proxy in PyObject_Hash(mapping(proxy)) },
      .tp_traverse { proxy, visit, argument in visit(mapping(proxy), argument) },
      .tp_richcompare { proxy, other, operation in
        PyObject_RichCompare(mapping(proxy), other, operation)
      },
      .tp_iter { proxy in PyObject_GetIter(mapping(proxy)) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          let mapping = a.object(0)
          try checkMapping(mapping)
          return try own(make(mapping))
        }
      },
      .nb_or { left, right in PyNumber_Or(unwrapped(left), unwrapped(right)) },
      .nb_inplace_or { proxy, _ in
        _ = raise(
          .typeError,
          "'|=' is not supported by \(proxy.type.fullName); use '|' instead")
        return nil
      },
      .mp_length { proxy in PyObject_Size(mapping(proxy)) },
      .mp_subscript { proxy, key in PyObject_GetItem(mapping(proxy), key) },
      .sq_contains { proxy, key in
        mapping(proxy).isExactDict
          ? PyDict_Contains(mapping(proxy), key) : PySequence_Contains(mapping(proxy), key)
      },
    ],
    methods: [get, keys, values, items, copy, classGetItem, reversed])

  static let constructor: Method = .variableKeywords("mappingproxy(mapping)", "") { _, _, _ in nil }

  static func mapping(_ proxy: Ref) -> Ref { proxy.view(PyMappingProxyObject.self).pointee.mapping }

  private static func unwrapped(_ operand: Ref) -> Ref {
    operand.type == mappingProxyType() ? mapping(operand) : operand
  }

  static func checkMapping(_ mapping: Ref) throws(Raised) {
    if PyMapping_Check(mapping) == 0 || mapping.isList || mapping.isTuple {
      throw raise(
        .typeError, "mappingproxy() argument must be a mapping, not \(mapping.type.fullName)")
    }
  }

  static func make(_ mapping: Ref) -> Ref? {
    guard let object = _PyObject_GC_New(mappingProxyType()) else { return nil }
    Py_INCREF(mapping)
    object.view(PyMappingProxyObject.self).pointee.mapping = mapping
    PyObject_GC_Track(UnsafeMutableRawPointer(object))
    return object
  }

  static func join(_ before: String, _ middle: Ref, _ after: String) -> Ref? {
    new {
      let head = try own(newString(before))
      let both = try own(PyUnicode_Concat(head.ref, middle))
      let tail = try own(newString(after))
      return try own(PyUnicode_Concat(both.ref, tail.ref))
    }
  }

  static let get: Method = .fast(
    "get($self, key, default=None, /)", "The value of the key, or default when it is missing."
  ) { proxy, args, count in
    new {
      let a = try Arguments(get, args, count)
      return try own(
        withArguments(mapping(proxy), a.object(0), a.object(1)) {
          PyObject_VectorcallMethod(id_get(), $0, 3, nil)
        })
    }
  }

  static let keys: Method = .noargs("keys($self, /)", "A view of the mapping's keys.") { proxy, _ in
    SpecialMethod.call(mapping(proxy), id_keys())
  }
  static let values: Method = .noargs("values($self, /)", "A view of the mapping's values.") {
    proxy, _ in SpecialMethod.call(mapping(proxy), id_values())
  }
  static let items: Method = .noargs("items($self, /)", "A view of the mapping's items.") {
    proxy, _ in SpecialMethod.call(mapping(proxy), id_items())
  }
  static let copy: Method = .noargs("copy($self, /)", "A shallow copy of the mapping.") {
    proxy, _ in SpecialMethod.call(mapping(proxy), id_copy())
  }
  static let reversed: Method = .noargs("__reversed__($self, /)", "A reverse iterator over the keys.") {
    proxy, _ in SpecialMethod.call(mapping(proxy), id___reversed__())
  }
  static let classGetItem: Method = Method.o(
    "__class_getitem__($type, object, /)", "A generic alias, as in mappingproxy[str, int]."
  ) { type, item in Py_GenericAlias(type, item) }.classMethod
}

@c @implementation public func PyDictProxy_New(_ mapping: Ref) -> Ref? {
  new {
    try MappingProxy.checkMapping(mapping)
    return try own(MappingProxy.make(mapping))
  }
}
