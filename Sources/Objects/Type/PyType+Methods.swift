import CPythonABI

extension PyType {
  static let mro: Method = .noargs(
    "mro($self, /)", "The method resolution order, computed anew."
  ) { type, _ in
    new { try type.asType.linearize() }
  }

  static let subclasses: Method = .noargs(
    "__subclasses__($self, /)", "A list of the direct subclasses that are alive."
  ) { type, _ in
    new { try type.asType.subclasses() }
  }

  static let prepare: Method = Method.keywords(
    "__prepare__($cls, name, bases, /, **kwds)",
    "The namespace in which the body of a class statement runs."
  ) { _, _, _, _ in
    PyDict_New()
  }.classMethod

  static let instanceCheck: Method = .o(
    "__instancecheck__($self, instance, /)", "Whether an object is an instance."
  ) { type, instance in
    bool { try check(_PyObject_RealIsInstance(instance, type)) != 0 }
  }

  static let subclassCheck: Method = .o(
    "__subclasscheck__($self, subclass, /)", "Whether a class is a subclass."
  ) { type, subclass in
    bool { try check(_PyObject_RealIsSubclass(subclass, type)) != 0 }
  }

  static let dir: Method = .noargs(
    "__dir__($self, /)", "The names of the attributes of the type and its bases."
  ) { type, _ in
    new {
      let names = try own(PyDict_New())
      try Directory.merge(type, into: names.ref)
      return try own(PyDict_Keys(names.ref))
    }
  }

  static let sizeOf: Method = .noargs(
    "__sizeof__($self, /)", "Bytes of memory the type object takes."
  ) { type, _ in
    new {
      let type = type.asType
      var size = MemoryLayout<PyTypeObject>.size
      if type.isHeap || type.has(TypeFlags.ofModule.rawValue) {
        size = MemoryLayout<PyHeapTypeObject>.size
        // CPython's table of shared keys: a header, 64 index bytes, 42 entries of two words. Ours is
        // as large as the class needs.
        if type.isHeap, type.heap.pointee.ht_cached_keys != nil { size += 32 + 64 + 42 * 16 }
      }
      return try own(PyLong_FromSsize_t(size))
    }
  }
}
