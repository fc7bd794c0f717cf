import CPythonABI
import Objects

/// `_json.Encoder`: a callable that turns an object into JSON text. CPython: Modules/_json.c.
enum JsonEncoder {
  struct Layout {
    var base: PyObject
    /// A dict of the containers being encoded, by address, or None: no check for cycles.
    var markers: Ref?
    /// Called with what has no JSON form.
    var fallback: Ref?
    /// Called with every str that is encoded.
    var encoder: Ref?
    /// The text of one level, or None for one line.
    var indent: Ref?
    var keySeparator: Ref?
    var itemSeparator: Ref?
    var sortKeys: UInt8
    var skipKeys: UInt8
    var allowNaN: UInt8
    /// 1: `encoder` is ours for ASCII, 2: ours for any text, 0: somebody else's.
    var known: UInt8
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static let construct: Method = .variableKeywords(
    "make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    "") { _, _, _ in nil }

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    for index in 4...5 where !a.object(index).isStr {
      throw badArgument(
        "make_encoder", "argument \(index + 1)", expected: "str", got: a.object(index))
    }
    let sort = try a.bool(6)
    let skip = try a.bool(7)
    let nan = try a.bool(8)
    let markers = a.object(0)
    guard markers.isNone || markers.isDict else {
      throw raise(
        .typeError,
        "make_encoder() argument 1 must be dict or None, not \(markers.type.fullName)")
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.markers = markers.retained().give()
    layout.pointee.fallback = a.object(1).retained().give()
    let encoder = a.object(2)
    layout.pointee.encoder = encoder.retained().give()
    layout.pointee.indent = a.object(3).retained().give()
    layout.pointee.keySeparator = a.object(4).retained().give()
    layout.pointee.itemSeparator = a.object(5).retained().give()
    layout.pointee.sortKeys = sort ? 1 : 0
    layout.pointee.skipKeys = skip ? 1 : 0
    layout.pointee.allowNaN = nan ? 1 : 0
    if encoder.type == builtinFunctionType(),
      let function = encoder.view(PyCFunctionObject.self).pointee.m_ml.pointee.ml_meth
    {
      if function == unsafeBitCast(StringEncoders.ascii, to: UnsafeMutableRawPointer.self) {
        layout.pointee.known = 1
      } else if function == unsafeBitCast(StringEncoders.minimal, to: UnsafeMutableRawPointer.self)
      {
        layout.pointee.known = 2
      }
    }
    return object
  }

  private static let iterate: Method = .variableKeywords(
    "_iterencode(obj, _current_indent_level)", "") { _, _, _ in nil }

  private static func encode(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(iterate, tuple: args, keywords: keywords)
    let level = try a.index(1)
    var encoding = JsonEncoding(object, level: level)
    try encoding.append(a.object(0))
    let text = try encoding.finish()
    return try tuple(text)
  }

  static let spec = TypeSpec(
    type, "_json.Encoder", basicSize: MemoryLayout<Layout>.stride, flags: [.haveGC, .mutable],
    doc: "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_call { object, args, keywords in new { try encode(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = object.view(Layout.self)
        Py_XDECREF(layout.pointee.markers)
        Py_XDECREF(layout.pointee.fallback)
        Py_XDECREF(layout.pointee.encoder)
        Py_XDECREF(layout.pointee.indent)
        Py_XDECREF(layout.pointee.keySeparator)
        Py_XDECREF(layout.pointee.itemSeparator)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self)
        return visitReferences(
          visit, argument, layout.pointee.markers, layout.pointee.fallback, layout.pointee.encoder,
          layout.pointee.indent, layout.pointee.keySeparator, layout.pointee.itemSeparator)
      },
      .tp_clear { object in
        let layout = object.view(Layout.self)
        clearReference(&layout.pointee.markers)
        clearReference(&layout.pointee.fallback)
        clearReference(&layout.pointee.encoder)
        clearReference(&layout.pointee.indent)
        clearReference(&layout.pointee.keySeparator)
        clearReference(&layout.pointee.itemSeparator)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    members: [
      Member("markers", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.markers), flags: Py_READONLY, "markers"),
      Member("default", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.fallback), flags: Py_READONLY, "default"),
      Member("encoder", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.encoder), flags: Py_READONLY, "encoder"),
      Member("indent", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.indent), flags: Py_READONLY, "indent"),
      Member("key_separator", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.keySeparator), flags: Py_READONLY, "key_separator"),
      Member("item_separator", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.itemSeparator), flags: Py_READONLY, "item_separator"),
      Member("sort_keys", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.sortKeys), flags: Py_READONLY, "sort_keys"),
      Member("skipkeys", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.skipKeys), flags: Py_READONLY, "skipkeys"),
    ])
}
