import CPythonABI
import Objects

/// `_json.Scanner`: a callable that reads one value of a document. CPython: Modules/_json.c.
enum JsonScanner {
  struct Layout {
    var base: PyObject
    var strict: UInt8
    var objectHook: Ref?
    var pairsHook: Ref?
    var parseFloat: Ref?
    var parseInt: Ref?
    var parseConstant: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static let construct: Method = .variableKeywords("make_scanner(context)", "") {
    _, _, _ in nil
  }

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    let context = a.object(0)
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = object.ref.view(Layout.self)
    let strict = try own(PyObject_GetAttrString(context, "strict"))
    layout.pointee.strict = try check(PyObject_IsTrue(strict.ref)) != 0 ? 1 : 0
    layout.pointee.objectHook = try own(PyObject_GetAttrString(context, "object_hook")).give()
    layout.pointee.pairsHook = try own(PyObject_GetAttrString(context, "object_pairs_hook")).give()
    layout.pointee.parseFloat = try own(PyObject_GetAttrString(context, "parse_float")).give()
    layout.pointee.parseInt = try own(PyObject_GetAttrString(context, "parse_int")).give()
    layout.pointee.parseConstant = try own(PyObject_GetAttrString(context, "parse_constant")).give()
    return object
  }

  private static let once: Method = .variableKeywords("scan_once(string, idx)", "") {
    _, _, _ in nil
  }

  private static func scan(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let source: Ref
    let index: Int
    // The usual call, from json.decoder.
    if keywords == nil, apus_var_size(args) == 2, apus_tuple_item(args, 1).isExactInt {
      source = apus_tuple_item(args, 0)
      index = try check(PyLong_AsSsize_t(apus_tuple_item(args, 1)))
    } else {
      let a = try Arguments(once, tuple: args, keywords: keywords)
      index = try a.index(1)
      source = a.object(0)
    }
    guard source.isStr else {
      throw raise(.typeError, "first argument must be a string, not \(source.type.fullName)")
    }
    let layout = object.view(Layout.self).pointee
    var next = 0
    let value: Owned
    switch apus_str_kind(source) {
    case 1:
      var document = DocumentScan<UInt8>(source, layout)
      value = try document.value(at: index, next: &next)
    case 2:
      var document = DocumentScan<UInt16>(source, layout)
      value = try document.value(at: index, next: &next)
    default:
      var document = DocumentScan<UInt32>(source, layout)
      value = try document.value(at: index, next: &next)
    }
    return try tuple(value, int(next))
  }

  static let spec = TypeSpec(
    type, "_json.Scanner", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .mutable],
    doc: "Reads JSON values out of a str.",
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_call { object, args, keywords in new { try scan(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = object.view(Layout.self)
        Py_XDECREF(layout.pointee.objectHook)
        Py_XDECREF(layout.pointee.pairsHook)
        Py_XDECREF(layout.pointee.parseFloat)
        Py_XDECREF(layout.pointee.parseInt)
        Py_XDECREF(layout.pointee.parseConstant)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self)
        return visitReferences(
          visit, argument, layout.pointee.objectHook, layout.pointee.pairsHook,
          layout.pointee.parseFloat, layout.pointee.parseInt, layout.pointee.parseConstant)
      },
      .tp_clear { object in
        let layout = object.view(Layout.self)
        clearReference(&layout.pointee.objectHook)
        clearReference(&layout.pointee.pairsHook)
        clearReference(&layout.pointee.parseFloat)
        clearReference(&layout.pointee.parseInt)
        clearReference(&layout.pointee.parseConstant)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    members: [
      Member("strict", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.strict), flags: Py_READONLY, "strict"),
      Member("object_hook", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.objectHook), flags: Py_READONLY, "object_hook"),
      Member("object_pairs_hook", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.pairsHook), flags: Py_READONLY),
      Member("parse_float", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.parseFloat), flags: Py_READONLY, "parse_float"),
      Member("parse_int", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.parseInt), flags: Py_READONLY, "parse_int"),
      Member("parse_constant", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.parseConstant), flags: Py_READONLY, "parse_constant"),
    ])
}
