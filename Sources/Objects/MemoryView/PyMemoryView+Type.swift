import CPythonABI
import Glibc

extension PyMemoryView {
  static let spec = TypeSpec(
    memoryViewType(), "memoryview", basicSize: header, itemSize: 8,
    flags: [.haveGC, .sequence],
    doc: "memoryview(object)\n--\n\nA view of the memory of an object, without a copy.",
    base: objectType(), weakListOffset: weakListOffset,
    slots: [
      .tp_dealloc { PyMemoryView.deallocate($0) },
      .tp_repr { view in
        newString(
          PyMemoryView(view).isReleased
            ? "<released memory at \(hexAddress(view))>" : "<memory at \(hexAddress(view))>")
      },
      .tp_hash { view in size { try PyMemoryView(view).hash() } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { view, visit, argument in
        guard let buffer = PyMemoryView(view).object.pointee.mbuf else { return 0 }
        return visit(UnsafeMutableRawPointer(buffer).as(PyObject.self), argument)
      },
      .tp_clear { view in
        PyMemoryView(view).dropManaged()
        return 0
      },
      .tp_richcompare { PyMemoryView.richCompare($0, $1, $2) },
      .tp_iter { view in new { try MemoryIterator.make(view) } },
      .tp_new { _, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          return try PyMemoryView.make(from: a.object(0))
        }
      },
      .sq_length { view in size { try PyMemoryView(view).length() } },
      .sq_item { view, index in new { try PyMemoryView(view).item(at: index) } },
      .mp_length { view in size { try PyMemoryView(view).length() } },
      .mp_subscript { view, key in new { try PyMemoryView(view).subscripted(key) } },
      .mp_ass_subscript { view, key, value in
        status { try PyMemoryView(view).assign(key, value) }
      },
      .bf_getbuffer { view, target, flags in
        status { try PyMemoryView(view).export(target, flags) }
      },
      .bf_releasebuffer { view, _ in PyMemoryView(view).object.pointee.exports -= 1 },
    ],
    methods: [release, tobytes, hex, tolist, cast, toreadonly, fromFlags, enter, exit],
    properties: properties)
}

/// The attributes; each raises ValueError once the view is released.
extension PyMemoryView {
  static let properties: [Property] = [
    Property("obj", "The object whose memory it is.") { object, _ in
      new {
        let view = try usable(object)
        return (view.view.obj ?? noneObject()).retained()
      }
    },
    Property("nbytes", "The bytes that the items take.") { object, _ in
      new {
        let view = try usable(object)
        return try own(PyLong_FromSsize_t(view.view.len))
      }
    },
    Property("readonly", "Whether the memory may not be written.") { object, _ in
      new {
        let view = try usable(object)
        return Owned(adopting: boolObject(view.view.readonly != 0))
      }
    },
    Property("itemsize", "The bytes of an item.") { object, _ in
      new {
        let view = try usable(object)
        return try own(PyLong_FromSsize_t(view.view.itemsize))
      }
    },
    Property("format", "The format of an item, in the notation of the struct module.") { object, _ in
      new {
        let view = try usable(object)
        return try own(PyUnicode_FromString(UnsafePointer(view.view.format) ?? cString("B")))
      }
    },
    Property("ndim", "The number of dimensions.") { object, _ in
      new {
        let view = try usable(object)
        return try own(PyLong_FromLong(Int(view.view.ndim)))
      }
    },
    Property("shape", "The items in each dimension.") { object, _ in
      new {
        let view = try usable(object)
        return try tuple(view.view.shape, view.dimensions)
      }
    },
    Property("strides", "The bytes from item to item in each dimension.") { object, _ in
      new {
        let view = try usable(object)
        return try tuple(view.view.strides, view.dimensions)
      }
    },
    Property("suboffsets", "The offsets behind pointers, for arrays in the style of PIL.") { object, _ in
      new {
        let view = try usable(object)
        return try tuple(view.view.suboffsets, view.dimensions)
      }
    },
    Property("c_contiguous", "Whether the items lie one behind the other in C order.") { object, _ in
      new {
        let view = try usable(object)
        return view.has(Flag.contiguousC)
      }
    },
    Property("f_contiguous", "Whether the items lie one behind the other in Fortran order.") { object, _ in
      new {
        let view = try usable(object)
        return view.has(Flag.contiguousFortran)
      }
    },
    Property("contiguous", "Whether the items lie one behind the other.") { object, _ in
      new {
        let view = try usable(object)
        return view.has(Flag.contiguousC | Flag.contiguousFortran)
      }
    },
  ]

  private static func usable(_ object: Ref) throws(Raised) -> PyMemoryView {
    try PyMemoryView(object).requireUsable()
    return PyMemoryView(object)
  }

  private func has(_ flag: Int32) -> Owned {
    Owned(adopting: boolObject(object.pointee.flags & flag != 0))
  }

  private static func tuple(
    _ values: UnsafeMutablePointer<Int>?, _ count: Int
  ) throws(Raised) -> Owned {
    guard let values else { return try own(PyTuple_New(0)) }
    let result = try own(PyTuple_New(count))
    for index in 0..<count {
      apus_tuple_items(result.ref)[index] = try own(PyLong_FromSsize_t(values[index])).give()
    }
    return result
  }

  /// Items of the first dimension.
  func length() throws(Raised) -> Int {
    try requireUsable()
    if view.ndim == 0 { throw raise(.typeError, "0-dim memory has no length") }
    return view.shape?[0] ?? 0
  }
}

// MARK: Methods

extension PyMemoryView {
  static let constructor: Method = .noargs("memoryview(object)", "") { _, _ in nil }

  static let release: Method = .noargs(
    "release($self, /)", "Gives the memory back; the view cannot be used afterwards."
  ) { view, _ in
    none { try PyMemoryView(view).release() }
  }

  static let tobytes: Method = .keywords(
    "tobytes($self, /, order='C')",
    "The content as bytes, in C order ('C'), Fortran order ('F'), or as it lies in memory ('A')."
  ) { view, args, count, names in
    new {
      let a = try Arguments(tobytes, args, count, names)
      try PyMemoryView(view).requireUsable()
      var order = UInt8(ascii: "C")
      if let text = try a.strOrNone(0) {
        let name = PyUnicode(text)
        guard name.count == 1, "CFA".unicodeScalars.contains(where: { $0.value == name[0] }) else {
          throw raise(.valueError, "order must be 'C', 'F' or 'A'")
        }
        order = UInt8(truncatingIfNeeded: name[0])
      }
      return try PyMemoryView(view).content(order: order)
    }
  }

  static let hex: Method = .keywords(
    "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
    """
    The content as hexadecimal digits, two for each byte.

    sep, one character, is put between groups of bytes_per_sep bytes, counted from the right, or
    from the left when bytes_per_sep is negative.

    >>> memoryview(b'\\x12\\xab').hex('-')
    '12-ab'
    """
  ) { view, args, count, names in
    new {
      let a = try Arguments(hex, args, count, names)
      let group = Int(try a.int32(1, default: 1))
      try PyMemoryView(view).requireUsable()
      let bytes = try PyMemoryView(view).content()
      let digits = try Hexadecimal.text(
        PyBytes(bytes.ref).data, PyBytes(bytes.ref).count, separator: a[0], group: group)
      return Owned(adopting: digits)
    }
  }

  static let tolist: Method = .noargs(
    "tolist($self, /)", "The items as a list, of lists for more than one dimension."
  ) { view, _ in
    new { try PyMemoryView(view).list() }
  }

  static let cast: Method = .keywords(
    "cast($self, /, format, shape=<unrepresentable>)",
    "A view of the same memory with another format, and another shape if one is given."
  ) { view, args, count, names in
    new {
      let a = try Arguments(cast, args, count, names)
      guard let format = try a.str(0) else { throw Raised() }
      return try PyMemoryView(view).cast(to: format, shape: a[1])
    }
  }

  static let toreadonly: Method = .noargs(
    "toreadonly($self, /)", "A view of the same memory that does not allow writing."
  ) { view, _ in
    new {
      let original = PyMemoryView(view)
      try original.requireUsable()
      try original.requireUnrestricted()
      let result = try make(original.managed, original.view)
      PyMemoryView(result.ref).object.pointee.view.readonly = 1
      return result
    }
  }

  static let fromFlags: Method = Method.keywords(
    "_from_flags($type, /, object, flags)", "A view got with the given buffer request flags."
  ) { _, args, count, names in
    new {
      let a = try Arguments(fromFlags, args, count, names)
      let flags = try a.int32(1)
      return try make(from: a.object(0), flags: flags)
    }
  }.classMethod

  static let enter: Method = .noargs("__enter__($self, /)", "The view itself.") { view, _ in
    new {
      try PyMemoryView(view).requireUsable()
      return view.retained()
    }
  }

  static let exit: Method = .variable("__exit__($self, /, *exc_info)", "Releases the view.") {
    view, _ in
    none { try PyMemoryView(view).release() }
  }
}
