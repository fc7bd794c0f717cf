import CPythonABI

/// Struct sequences: tuples whose items have names, some of them hidden from the tuple
/// (`os.stat_result`, `time.struct_time`). CPython: Objects/structseq.c.
///
/// `ob_size` counts the visible items; the hidden ones follow in the same memory. The numbers of
/// fields are attributes of the type.
public enum StructSequence {
  /// A field of a type declared in Swift; nil names an item that only an index reaches.
  public struct Field: Sendable {
    let name: StaticString?
    let doc: StaticString?
    public init(_ name: StaticString?, _ doc: StaticString? = nil) {
      self.name = name
      self.doc = doc
    }
  }

  /// A number of fields that the type has under a name. Needs no memory: the end of an instance asks, and so does the collector.
  private static func count(_ type: TypeRef, _ name: Ref) throws(Raised) -> Int {
    if let dict = type.pointee.tp_dict, let found = PyDict_GetItemWithError(dict, name) {
      return try check(PyLong_AsSsize_t(found))
    }
    // A subclass made in Python looks its base's up.
    guard let found = type.lookUp(name) else {
      throw raise(.typeError, "Missed attribute '\(text(of: name))' of type \(type.fullName)")
    }
    let number = found.retained()
    return try check(PyLong_AsSsize_t(number.ref))
  }

  static func visibleCount(_ type: TypeRef) throws(Raised) -> Int {
    try count(type, id_n_sequence_fields())
  }
  static func realCount(_ type: TypeRef) throws(Raised) -> Int { try count(type, id_n_fields()) }
  static func unnamedCount(_ type: TypeRef) throws(Raised) -> Int {
    try count(type, id_n_unnamed_fields())
  }

  /// Makes `type` a struct sequence type.
  ///
  /// - Parameters:
  ///   - type: zeroed memory (`PermanentMemory.type()`).
  ///   - visible: how many fields are items of the tuple.
  ///   - flags: more type flags (`.disallowInstantiation`).
  public static func install(
    _ type: TypeRef, _ name: StaticString, doc: StaticString? = nil, fields: [Field],
    visible: Int? = nil, flags: TypeFlags = []
  ) throws(Raised) {
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) != 0 { return }
    let table = PermanentMemory.allocate(PyStructSequence_Field.self, count: fields.count + 1)
    defer { table.deallocate() }
    for (index, field) in fields.enumerated() {
      table[index] = PyStructSequence_Field(
        name: field.name.map(cString) ?? apus_unnamed_field(), doc: field.doc.map(cString))
    }
    var description = PyStructSequence_Desc(
      name: cString(name), doc: doc.map(cString), fields: table,
      n_in_sequence: Int32(visible ?? fields.count))
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) != 0 { return }
    try initialize(type, &description, flags.rawValue)
    // Those of sys are static in CPython, too; programs may add attributes to the others.
    let full = type.fullName
    guard full.contains("."), !full.hasPrefix("sys.") else { return }
    type.pointee.tp_flags &= ~TypeFlags.immutableType.rawValue
    try type.moveToModule()
  }

  static func initialize(
    _ type: TypeRef, _ description: UnsafeMutablePointer<PyStructSequence_Desc>, _ flags: UInt
  ) throws(Raised) {
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) != 0 { return }
    let fields = description.pointee.fields
    var total = 0
    var unnamed = 0
    while let name = fields[total].name {
      if name == apus_unnamed_field() { unnamed += 1 }
      total += 1
    }
    // Some static types have their name from the start.
    let isFilled = type.has(UInt(_Py_TPFLAGS_STATIC_BUILTIN))
    if !isFilled { fill(type, description, flags, total, members: total - unnamed) }
    try check(PyType_Ready(type))
    guard let dict = type.pointee.tp_dict else { throw Raised() }
    let visible = Int(description.pointee.n_in_sequence)
    for (name, value) in [
      ("n_sequence_fields", visible), ("n_fields", total), ("n_unnamed_fields", unnamed),
    ] {
      let number = try int(value)
      try check(PyDict_SetItemString(dict, name, number.ref))
    }
    // Unnamed fields cannot be matched by position.
    let named = try own(PyList_New(0))
    for index in 0..<visible where fields[index].name != apus_unnamed_field() {
      guard let spelling = fields[index].name else { continue }
      let name = try own(PyUnicode_InternFromString(spelling))
      try check(PyList_Append(named.ref, name.ref))
    }
    let match = try own(PyList_AsTuple(named.ref))
    try check(PyDict_SetItemString(dict, "__match_args__", match.ref))
  }

  /// Writes the type object, which an interpreter that starts after another one finds filled.
  private static func fill(
    _ type: TypeRef, _ description: UnsafeMutablePointer<PyStructSequence_Desc>, _ flags: UInt,
    _ total: Int, members count: Int
  ) {
    let fields = description.pointee.fields
    let members = PermanentMemory.allocate(PyMemberDef.self, count: count + 1)
    let items = MemoryLayout<PyTupleObject>.at(\.ob_item)
    var next = 0
    var index = 0
    while let name = fields[index].name {
      if name != apus_unnamed_field() {
        members[next] = PyMemberDef(
          name: name, type: _Py_T_OBJECT, offset: items + index * MemoryLayout<Ref?>.stride,
          flags: Py_READONLY, doc: fields[index].doc)
        next += 1
      }
      index += 1
    }
    template.fill(into: type)
    type.pointee.tp_name = description.pointee.name
    type.pointee.tp_doc = description.pointee.doc
    type.pointee.tp_members = members
    type.pointee.tp_flags |= flags
    // The hidden fields count as part of the header.
    let hidden = total - Int(description.pointee.n_in_sequence)
    type.pointee.tp_basicsize += hidden * MemoryLayout<Ref?>.stride
  }

  private static let template = StructSequenceTemplate(
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { object in new { try repr(object) } },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          return try make(type, a.object(0), a[1])
        }
      },
    ], methods: [reduce, replace])

  private static let constructor: Method = .variableKeywords(
    "structseq(sequence, dict=None)", "", { _, _, _ in nil })

  // MARK: Life

  private static func dealloc(_ object: Ref) {
    PyObject_GC_UnTrack(object)
    let type = object.type
    let pending = PyErr_GetRaisedException()
    let count = (try? realCount(type)) ?? apus_var_size(object)
    PyErr_SetRaisedException(pending)
    let items = apus_tuple_items(object)
    for index in 0..<count { Py_XDECREF(items[index]) }
    PyObject_GC_Del(object)
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0 { Py_DECREF(type.object) }
  }

  private static func traverse(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    if object.type.pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0 {
      let answer = visit(object.type.object, argument)
      if answer != 0 { return answer }
    }
    let pending = PyErr_GetRaisedException()
    let count = (try? realCount(object.type)) ?? apus_var_size(object)
    PyErr_SetRaisedException(pending)
    let items = apus_tuple_items(object)
    for index in 0..<count {
      let answer = visitReference(items[index], visit, argument)
      if answer != 0 { return answer }
    }
    return 0
  }

  /// An instance with all fields NULL; the caller fills them before anyone sees it.
  static func empty(_ type: TypeRef) throws(Raised) -> Owned {
    let visible = try visibleCount(type)
    let real = try realCount(type)
    guard let made = _PyObject_GC_NewVar(type, visible) else { throw Raised() }
    let object = UnsafeMutableRawPointer(made).assumingMemoryBound(to: PyObject.self)
    let items = apus_tuple_items(object)
    for index in 0..<real { items[index] = nil }
    return Owned(adopting: object)
  }

  /// `type(sequence, dict)`
  private static func make(_ type: TypeRef, _ argument: Ref, _ dict: Ref?) throws(Raised) -> Owned {
    let least = try visibleCount(type)
    let most = try realCount(type)
    let unnamed = try unnamedCount(type)
    let sequence = try own(PySequence_Fast(argument, "constructor requires a sequence"))
    let name = type.fullName
    if let dict, !dict.isDict {
      throw raise(.typeError, "\(name)() takes a dict as second arg, if any")
    }
    let count = apus_var_size(sequence.ref)
    if least != most {
      if count < least {
        throw raise(
          .typeError,
          "\(name)() takes an at least \(least)-sequence (\(count)-sequence given)")
      }
      if count > most {
        throw raise(
          .typeError, "\(name)() takes an at most \(most)-sequence (\(count)-sequence given)")
      }
    } else if count != least {
      throw raise(.typeError, "\(name)() takes a \(least)-sequence (\(count)-sequence given)")
    }
    let result = try empty(type)
    let items = apus_tuple_items(result.ref)
    for index in 0..<count {
      let item =
        sequence.ref.isList ? apus_list_item(sequence.ref, index)
        : apus_tuple_item(sequence.ref, index)
      items[index] = item.retained().give()
    }
    var used = 0
    for index in count..<Swift.max(most, count) {
      var found: Ref?
      if let dict, let spelling = type.pointee.tp_members?[index - unnamed].name {
        try check(PyDict_GetItemStringRef(dict, spelling, &found))
        if found != nil { used += 1 }
      }
      items[index] = found ?? noneObject()
    }
    if let dict, PyDict_Size(dict) > used {
      throw raise(.typeError, "\(name)() got duplicate or unexpected field name(s)")
    }
    PyObject_GC_Track(result.ref)
    return result
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let type = object.type
    var parts: [String] = []
    for index in 0..<apus_var_size(object) {
      guard let name = type.pointee.tp_members?[index].name else {
        throw raise(
          .systemError,
          "In structseq_repr(), member \(index) name is NULL for type \(type.fullName)")
      }
      let shown = try own(PyObject_Repr(apus_tuple_item(object, index)))
      parts.append("\(String(cString: name))=\(text(of: shown.ref))")
    }
    return try own(newString("\(type.fullName)(\(parts.joined(separator: ", ")))"))
  }

  static let reduce: Method = .noargs("__reduce__", "") { object, _ in
    new {
      let type = object.type
      let visible = try visibleCount(type)
      let real = try realCount(type)
      let unnamed = try unnamedCount(type)
      let items = apus_tuple_items(object)
      let sequence = try own(PyTuple_New(visible))
      for index in 0..<visible {
        apus_tuple_items(sequence.ref)[index] = (items[index] ?? noneObject()).retained().give()
      }
      let dict = try own(PyDict_New())
      for index in visible..<real {
        guard let name = type.pointee.tp_members?[index - unnamed].name else { continue }
        try check(PyDict_SetItemString(dict.ref, name, items[index] ?? noneObject()))
      }
      let args = try tuple(sequence, dict)
      return try tuple(type.object.retained(), args)
    }
  }

  static let replace: Method = .variableKeywords(
    "__replace__($self, /, **changes)", "A copy with new values for some fields."
  ) { object, args, keywords in
    new {
      if apus_var_size(args) > 0 {
        throw raise(.typeError, "__replace__() takes no positional arguments")
      }
      let type = object.type
      let real = try realCount(type)
      if try unnamedCount(type) > 0 {
        throw raise(
          .typeError,
          "__replace__() is not supported for \(type.fullName) because it has unnamed field(s)")
      }
      let result = try empty(type)
      let mine = apus_tuple_items(object)
      let items = apus_tuple_items(result.ref)
      let left = try own(keywords.map { PyDict_Copy($0) } ?? PyDict_New())
      for index in 0..<real {
        var value: Ref?
        if let name = type.pointee.tp_members?[index].name {
          try check(PyDict_PopString(left.ref, name, &value))
        }
        items[index] = value ?? (mine[index] ?? noneObject()).retained().give()
      }
      if PyDict_Size(left.ref) > 0 {
        let names = try own(PyDict_Keys(left.ref))
        let shown = try own(PyObject_Repr(names.ref))
        throw raise(.typeError, "Got unexpected field name(s): \(text(of: shown.ref))")
      }
      PyObject_GC_Track(result.ref)
      return result
    }
  }
}

/// What all struct sequence types have in common.
struct StructSequenceTemplate: @unchecked Sendable {
  let slots: [Slot]
  let methods: [Method]

  func fill(into type: TypeRef) {
    TypeSpec(
      type, "structseq", basicSize: MemoryLayout<PyTupleObject>.at(\.ob_item),
      itemSize: MemoryLayout<Ref?>.stride, flags: [.haveGC], base: tupleType(), slots: slots,
      methods: methods
    ).fill()
  }
}

// MARK: C API

/// An instance whose fields the caller has to set.
@c @implementation
public func PyStructSequence_New(_ type: TypeRef) -> Ref? {
  new { try StructSequence.empty(type) }
}

/// Sets a field of a new instance; takes over the reference.
@c @implementation
public func PyStructSequence_SetItem(_ object: Ref, _ index: Int, _ value: Ref?) {
  apus_tuple_items(object)[index] = value
}

/// A field (borrowed).
@c @implementation
public func PyStructSequence_GetItem(_ object: Ref, _ index: Int) -> Ref? {
  apus_tuple_items(object)[index]
}

@c @implementation
public func PyStructSequence_InitType2(
  _ type: TypeRef, _ description: UnsafeMutablePointer<PyStructSequence_Desc>
) -> Int32 {
  status { try StructSequence.initialize(type, description, 0) }
}

@c @implementation
public func PyStructSequence_InitType(
  _ type: TypeRef, _ description: UnsafeMutablePointer<PyStructSequence_Desc>
) {
  _ = PyStructSequence_InitType2(type, description)
}

@c @implementation
public func PyStructSequence_NewType(
  _ description: UnsafeMutablePointer<PyStructSequence_Desc>
) -> TypeRef? {
  let type = PermanentMemory.type()
  return PyStructSequence_InitType2(type, description) < 0 ? nil : type
}
