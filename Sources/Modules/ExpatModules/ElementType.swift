import CPythonABI
import Objects

/// The methods and the type object of Element.
extension Element {
  /// The dict of attributes of a call: a copy of the one given, with the keywords added. The caller
  /// owns it.
  private static func attributes(_ given: Ref?, _ keywords: Ref?) throws(Raised) -> Ref? {
    guard let keywords, PyDict_Size(keywords) > 0 else {
      guard let given else { return nil }
      return try own(PyDict_Copy(given)).give()
    }
    let rest = try own(PyDict_Copy(keywords))
    let result: Owned
    if let given {
      result = try own(PyDict_Copy(given))
    } else {
      var named: Ref?
      try check(PyDict_PopString(rest.ref, "attrib", &named))
      defer { Py_XDECREF(named) }
      if let named {
        guard named.isDict else {
          throw raise(.typeError, "attrib must be dict, not \(named.type.fullName)")
        }
        result = try own(PyDict_Copy(named))
      } else {
        result = try own(PyDict_New())
      }
    }
    try check(PyDict_Update(result.ref, rest.ref))
    return result.give()
  }

  private static let constructFormat = ArgumentCount(name: "Element", least: 1, most: 2)
  private static let subElementFormat = ArgumentCount(name: "SubElement", least: 2, most: 3)

  /// How many positional arguments a function takes.
  private struct ArgumentCount {
    let name: String
    let least: Int
    let most: Int

    func check(_ count: Int) throws(Raised) {
      if count < least {
        throw raise(
          .typeError,
          "\(name)() takes at least \(least) argument\(least == 1 ? "" : "s") (\(count) given)")
      }
      if count > most {
        throw raise(.typeError, "\(name)() takes at most \(most) arguments (\(count) given)")
      }
    }
  }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let count = apus_var_size(args)
    try constructFormat.check(count)
    let given = count > 1 ? apus_tuple_item(args, 1) : nil
    if let given, !given.isDict {
      throw Objects.badArgument("Element", "argument 2", expected: "dict", got: given)
    }
    let attributes = try attributes(given, keywords)
    defer { Py_XDECREF(attributes) }
    let element = Element(object)
    element.dropExtra()
    if let attributes { try element.needExtra(attributes) }
    let layout = object.view(Layout.self)
    replaceReference(&layout.pointee.tag, apus_tuple_item(args, 0).retained().give())
    replaceReference(&layout.pointee.text, noneObject())
    replaceReference(&layout.pointee.tail, noneObject())
  }

  /// `SubElement(parent, tag, attrib={}, **extra)`
  static let subElement: Method = .variableKeywords("SubElement", "") { _, args, keywords in
    new {
      let count = apus_var_size(args)
      try subElementFormat.check(count)
      let parent = apus_tuple_item(args, 0)
      guard isElement(parent) else {
        throw Objects.badArgument(
          "SubElement", "argument 1", expected: "xml.etree.ElementTree.Element", got: parent)
      }
      let given = count > 2 ? apus_tuple_item(args, 2) : nil
      if let given, !given.isDict {
        throw Objects.badArgument("SubElement", "argument 3", expected: "dict", got: given)
      }
      let attributes = try attributes(given, keywords)
      defer { Py_XDECREF(attributes) }
      let child = try make(apus_tuple_item(args, 1), attributes)
      try Element(parent).append(child.ref)
      return child
    }
  }

  private static func element(
    _ object: Ref, _ function: String, _ which: String
  ) throws(Raised) -> Ref {
    guard isElement(object) else {
      throw Objects.badArgument(
        function, which, expected: "xml.etree.ElementTree.Element", got: object)
    }
    return object
  }

  // MARK: Structure

  private static let append: Method = .keywords(
    "append($self, subelement, /)", "Add a child at the end."
  ) { object, args, count, names in
    none {
      let a = try Arguments(append, args, count, names)
      try Element(object).append(try element(a.object(0), "append", "argument 1"))
    }
  }

  private static let clearMethod: Method = .noargs("clear($self, /)", "Drop children, attributes, text and tail.") {
    object, _ in
    let layout = object.view(Layout.self)
    Element(object).dropExtra()
    replaceReference(&layout.pointee.text, noneObject())
    replaceReference(&layout.pointee.tail, noneObject())
    return noneObject()
  }

  private static let extend: Method = .o("extend($self, elements, /)", "Add the elements of an iterable as children.") {
    object, elements in
    none {
      guard let list = PySequence_Fast(elements, "'elements' must be an iterable") else {
        throw Raised()
      }
      let items = Owned(adopting: list)
      for index in 0..<PySequence_Size(items.ref) {
        let item = try own(PySequence_GetItem(items.ref, index))
        guard isElement(item.ref) else { throw raiseNoElement(item.ref) }
        try Element(object).append(item.ref)
      }
    }
  }

  private static let insertMethod: Method = .fast("insert($self, index, subelement, /)", "Add a child before an index.") {
    object, args, count in
    none {
      let a = try Arguments(insertMethod, args, count)
      let index = try a.index(0)
      try Element(object).insert(try element(a.object(1), "insert", "argument 2"), at: index)
    }
  }

  private static let removeMethod: Method = .o("remove($self, subelement, /)", "Take a child out.") {
    object, child in none { try Element(object).remove(try element(child, "remove", "argument")) }
  }

  private static let makeElement: Method = .fast("makeelement($self, tag, attrib, /)", "A new element, not in the tree.") {
    _, args, count in
    new {
      let a: Arguments
      if count != 2 {
        throw raise(
          .typeError, "makeelement() takes exactly 2 positional arguments (\(count) given)")
      }
      a = try Arguments(makeElement, args, count)
      guard a.object(1).isDict else {
        throw Objects.badArgument("makeelement", "argument 2", expected: "dict", got: a.object(1))
      }
      let copy = try own(PyDict_Copy(a.object(1)))
      return try make(a.object(0), copy.ref)
    }
  }

  // MARK: Search

  private static func path(_ name: String, _ args: [Ref]) throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("xml.etree.ElementPath"))
    let function = try own(PyObject_GetAttrString(module.ref, name))
    return try own(
      args.withUnsafeBufferPointer { PyObject_Vectorcall(function.ref, $0.baseAddress, $0.count, nil) })
  }

  private static let find: Method = .keywords("find($self, /, path, namespaces=None)", "The first child that matches a tag or path, or None.") {
    object, args, count, names in
    new {
      let a = try Arguments(find, args, count, names)
      if isPath(a.object(0)) || a.optional(1) != nil {
        return try path("find", [object, a.object(0), a.object(1)])
      }
      guard let found = try Element(object).firstChild(a.object(0)) else {
        return noneObject().retained()
      }
      return Owned(adopting: found.child)
    }
  }

  private static let findText: Method = .keywords(
    "findtext($self, /, path, default=None, namespaces=None)",
    "The text of the first child that matches, or the default."
  ) { object, args, count, names in
    new {
      let a = try Arguments(findText, args, count, names)
      if isPath(a.object(0)) || a.optional(2) != nil {
        return try path("findtext", [object, a.object(0), a.object(1), a.object(2)])
      }
      guard let found = try Element(object).firstChild(a.object(0)) else {
        return a.object(1).retained()
      }
      let child = Owned(adopting: found.child)
      let text = Element(child.ref).layout.pointee.text ?? noneObject()
      return text.isNone ? apus_str_empty().retained() : text.retained()
    }
  }

  private static let findAll: Method = .keywords("findall($self, /, path, namespaces=None)", "A list of the children that match a tag or path.") {
    object, args, count, names in
    new {
      let a = try Arguments(findAll, args, count, names)
      if isPath(a.object(0)) || a.optional(1) != nil {
        return try path("findall", [object, a.object(0), a.object(1)])
      }
      let list = try own(PyList_New(0))
      var start = 0
      while let found = try Element(object).firstChild(a.object(0), from: start) {
        let child = Owned(adopting: found.child)
        try check(PyList_Append(list.ref, child.ref))
        start = found.index + 1
      }
      return list
    }
  }

  private static let iterFind: Method = .keywords("iterfind($self, /, path, namespaces=None)", "An iterator over what matches a path.") {
    object, args, count, names in
    new {
      let a = try Arguments(iterFind, args, count, names)
      return try path("iterfind", [object, a.object(0), a.object(1)])
    }
  }

  private static let iter: Method = .keywords("iter($self, /, tag=None)", "An iterator over the element and all below it, in document order.") {
    object, args, count, names in
    new {
      let a = try Arguments(iter, args, count, names)
      var tag = a.object(0)
      if tag.isStr && PyUnicode_EqualToUTF8(tag, "*") != 0 { tag = noneObject() }
      if tag.isBytes && apus_var_size(tag) == 1 && apus_bytes_data(tag)[0] == 42 {
        tag = noneObject()
      }
      return try ElementIterator.make(object, tag: tag, texts: false)
    }
  }

  private static let iterText: Method = .noargs("itertext($self, /)", "An iterator over the texts inside, in document order.") {
    object, _ in new { try ElementIterator.make(object, tag: noneObject(), texts: true) }
  }

  // MARK: Attributes

  private static let get: Method = .keywords("get($self, /, key, default=None)", "The value of an attribute, or the default.") {
    object, args, count, names in
    new {
      let a = try Arguments(get, args, count, names)
      if let attributes = Element(object).layout.pointee.extra?.pointee.attributes {
        var value: Ref?
        if try check(PyDict_GetItemRef(attributes, a.object(0), &value)) != 0 {
          return try own(value)
        }
      }
      return a.object(1).retained()
    }
  }

  private static let items: Method = .noargs("items($self, /)", "The attributes as pairs.") { object, _ in
    new {
      guard let attributes = Element(object).layout.pointee.extra?.pointee.attributes else {
        return try own(PyList_New(0))
      }
      return try own(PyDict_Items(attributes))
    }
  }

  private static let keys: Method = .noargs("keys($self, /)", "The names of the attributes.") { object, _ in
    new {
      guard let attributes = Element(object).layout.pointee.extra?.pointee.attributes else {
        return try own(PyList_New(0))
      }
      return try own(PyDict_Keys(attributes))
    }
  }

  private static let set: Method = .fast("set($self, key, value, /)", "Give an attribute a value.") {
    object, args, count in
    none {
      let a = try Arguments(set, args, count)
      try check(PyDict_SetItem(try Element(object).attributes(), a.object(0), a.object(1)))
    }
  }

  // MARK: Copies and pickles

  private static let copy: Method = .noargs("__copy__($self, /)", "A copy that shares the children.") {
    object, _ in
    new {
      let element = Element(object)
      let attributes = try element.layout.pointee.extra?.pointee.attributes.map {
        (dict) throws(Raised) in try own(PyDict_Copy(dict)).give()
      }
      defer { if let attributes { Py_XDECREF(attributes) } }
      let made = try make(element.layout.pointee.tag ?? noneObject(), attributes ?? nil)
      let layout = made.ref.view(Layout.self)
      replaceReference(
        &layout.pointee.text, (element.layout.pointee.text ?? noneObject()).retained().give())
      replaceReference(
        &layout.pointee.tail, (element.layout.pointee.tail ?? noneObject()).retained().give())
      var index = 0
      while index < element.count {
        try Element(made.ref).append(element.child(index))
        index += 1
      }
      return made
    }
  }

  private static func deepCopy(_ object: Ref, _ memo: Ref) throws(Raised) -> Owned {
    if object.isNone || object.isExactStr { return object.retained() }
    if object.type == type { return try deepCopied(object, memo) }
    let module = try own(PyImport_ImportModule("copy"))
    let function = try own(PyObject_GetAttrString(module.ref, "deepcopy"))
    return try own(call(function.ref, object, memo))
  }

  private static func deepCopied(_ object: Ref, _ memo: Ref) throws(Raised) -> Owned {
    guard Py_EnterRecursiveCall(" in Element.__deepcopy__") == 0 else { throw Raised() }
    defer { Py_LeaveRecursiveCall() }
    let element = Element(object)
    let tag = try deepCopy(element.layout.pointee.tag ?? noneObject(), memo)
    let attributes = try deepCopy(
      element.layout.pointee.extra?.pointee.attributes ?? noneObject(), memo)
    let made = try make(tag.ref, attributes.ref.isDict ? attributes.ref : nil)
    let layout = made.ref.view(Layout.self)
    let text = try deepCopy(element.layout.pointee.text ?? noneObject(), memo)
    replaceReference(&layout.pointee.text, text.give())
    let tail = try deepCopy(element.layout.pointee.tail ?? noneObject(), memo)
    replaceReference(&layout.pointee.tail, tail.give())
    var index = 0
    while index < element.count {
      let held = element.child(index).retained()
      let child = try deepCopy(held.ref, memo)
      guard isElement(child.ref) else { throw raiseNoElement(child.ref) }
      try Element(made.ref).append(child.ref)
      index += 1
    }
    let key = try own(PyLong_FromVoidPtr(object))
    try check(PyDict_SetItem(memo, key.ref, made.ref))
    return made
  }

  private static let deepCopyMethod: Method = .o("__deepcopy__($self, memo, /)", "A copy of the element and all below it.") {
    object, memo in
    new {
      guard memo.isDict else {
        throw Objects.badArgument("__deepcopy__", "argument", expected: "dict", got: memo)
      }
      return try deepCopied(object, memo)
    }
  }

  private static let getState: Method = .noargs("__getstate__($self, /)", "What a pickle holds.") {
    object, _ in
    new {
      let element = Element(object)
      let state = try own(PyDict_New())
      let children = try own(PyList_New(0))
      var index = 0
      while index < element.count {
        try check(PyList_Append(children.ref, element.child(index)))
        index += 1
      }
      let attributes: Owned
      if let dict = element.layout.pointee.extra?.pointee.attributes {
        attributes = dict.retained()
      } else {
        attributes = try own(PyDict_New())
      }
      let layout = element.layout.pointee
      try check(PyDict_SetItemString(state.ref, "tag", layout.tag ?? noneObject()))
      try check(PyDict_SetItemString(state.ref, "_children", children.ref))
      try check(PyDict_SetItemString(state.ref, "attrib", attributes.ref))
      try check(PyDict_SetItemString(state.ref, "text", layout.text ?? noneObject()))
      try check(PyDict_SetItemString(state.ref, "tail", layout.tail ?? noneObject()))
      return state
    }
  }

  private static let setState: Method = .o("__setstate__($self, state, /)", "Takes what a pickle holds.") {
    object, state in
    none {
      guard state.isDict else {
        let shown = try own(PyObject_Repr(state))
        throw raise(
          .typeError,
          "Don't know how to unpickle \"\(Objects.text(of: shown.ref))\" as an Element")
      }
      func value(_ name: String) throws(Raised) -> Owned {
        var found: Ref?
        try check(PyDict_GetItemStringRef(state, name, &found))
        return found.map { Owned(adopting: $0) } ?? noneObject().retained()
      }
      let element = Element(object)
      let layout = object.view(Layout.self)
      let tag = try value("tag")
      let text = try value("text")
      let tail = try value("tail")
      let attributes = try value("attrib")
      let children = try value("_children")
      guard attributes.ref.isNone || attributes.ref.isDict else {
        throw raise(.typeError, "attrib must be dict, not \(attributes.ref.type.fullName)")
      }
      replaceReference(&layout.pointee.tag, tag.give())
      replaceReference(&layout.pointee.text, text.give())
      replaceReference(&layout.pointee.tail, tail.give())
      element.dropExtra()
      if !children.ref.isNone { try element.needExtra(nil) }
      if !children.ref.isNone {
        guard children.ref.isList else {
          throw raise(.typeError, "'_children' is not a list")
        }
        for index in 0..<apus_var_size(children.ref)
        where !isElement(apus_list_item(children.ref, index)) {
          throw raiseNoElement(apus_list_item(children.ref, index))
        }
      }
      if attributes.ref.isDict, element.layout.pointee.extra != nil {
        replaceReference(
          &element.layout.pointee.extra.unsafelyUnwrapped.pointee.attributes,
          attributes.ref.retained().give())
      } else if attributes.ref.isDict { try element.needExtra(attributes.ref) }
      if children.ref.isList {
        var index = 0
        while index < apus_var_size(children.ref) {
          try element.append(apus_list_item(children.ref, index))
          index += 1
        }
      }
    }
  }

  private static let sizeOf: Method = .noargs("__sizeof__($self, /)", "Bytes of the element itself.") {
    object, _ in
    var size = MemoryLayout<Layout>.size
    if let extra = Element(object).layout.pointee.extra {
      size += MemoryLayout<Extra>.size
      if extra.pointee.capacity > 4 { size += extra.pointee.capacity * 8 }
    }
    return PyLong_FromLong(size)
  }

  // MARK: Properties

  /// A field that may be set but not deleted; the closure is its offset.
  private static let getField: Property.Getter = { object, closure in
    let place = (UnsafeRawPointer(object) + Int(bitPattern: closure))
    return Py_NewRef(place.load(as: Ref?.self) ?? noneObject())
  }
  private static let setField: Property.Setter = { object, value, closure in
    status {
      guard let value else { throw raise(.attributeError, "can't delete element attribute") }
      let place = (UnsafeMutableRawPointer(object) + Int(bitPattern: closure))
        .assumingMemoryBound(to: Ref?.self)
      replaceReference(place, value.retained().give())
    }
  }

  static let spec = TypeSpec(
    type, "xml.etree.ElementTree.Element", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType], base: objectType(),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_new { type, _, _ in new { try make(noneObject(), nil, type) } },
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        ElementTrash.dealloc(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self).pointee
        let answer = visitReferences(visit, argument, layout.tag, layout.text, layout.tail)
        if answer != 0 { return answer }
        guard let extra = layout.extra else { return 0 }
        if let attributes = extra.pointee.attributes {
          let answer = visit(attributes, argument)
          if answer != 0 { return answer }
        }
        for index in 0..<extra.pointee.count {
          guard let child = extra.pointee.children[index] else { continue }
          let answer = visit(child, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { object in
        let layout = object.view(Layout.self)
        clearReference(&layout.pointee.tag)
        clearReference(&layout.pointee.text)
        clearReference(&layout.pointee.tail)
        Element(object).dropExtra()
        return 0
      },
      .tp_repr { object in
        new {
          let tag = Element(object).layout.pointee.tag ?? noneObject()
          let status = try check(Py_ReprEnter(object))
          if status != 0 {
            throw raise(
              .runtimeError, "reentrant call inside \(object.type.fullName).__repr__")
          }
          defer { Py_ReprLeave(object) }
          let held = tag.retained()
          let shown = try own(PyObject_Repr(held.ref))
          let start = try own(PyUnicode_FromString("<Element "))
          let middle = try own(PyUnicode_Concat(start.ref, shown.ref))
          let address = String(UInt(bitPattern: object), radix: 16)
          let end = try own(newString(" at 0x\(address)>"))
          return try own(PyUnicode_Concat(middle.ref, end.ref))
        }
      },
      .tp_free { PyObject_GC_Del($0) },
      .nb_bool { object in
        if PyErr_WarnEx(
          .deprecationWarning,
          "Testing an element's truth value will always return True in future versions.  "
            + "Use specific 'len(elem)' or 'elem is not None' test instead.", 1) < 0
        {
          return -1
        }
        return Element(object).count > 0 ? 1 : 0
      },
      .sq_length { object in Element(object).count },
      .sq_item { object, index in
        new {
          guard index >= 0, index < Element(object).count else {
            throw raise(.indexError, "child index out of range")
          }
          return Element(object).child(index).retained()
        }
      },
      .mp_length { object in Element(object).count },
      .mp_subscript { object, key in new { try Element(object).subscripted(key) } },
      .mp_ass_subscript { object, key, value in
        status { try Element(object).assign(key, value) }
      },
    ],
    methods: [
      clearMethod, get, set, find, findText, findAll, append, extend, insertMethod, removeMethod,
      iter, iterText, iterFind, items, keys, makeElement, copy, deepCopyMethod, sizeOf, getState,
      setState,
    ],
    properties: [
      Property(
        "tag", "The element's name.", closure: MemoryLayout<Layout>.at(\.tag), get: getField, set: setField),
      Property(
        "text", "What stands between the start tag and the first child, or None.", closure: MemoryLayout<Layout>.at(\.text), get: getField, set: setField),
      Property(
        "tail", "What stands behind the end tag, or None.", closure: MemoryLayout<Layout>.at(\.tail), get: getField, set: setField),
      Property(
        "attrib", "The element's attributes as a dict.",
        get: { object, _ in new { try Element(object).attributes().retained() } },
        set: { object, value, _ in
          status {
            guard let value else {
              throw raise(.attributeError, "can't delete element attribute")
            }
            guard value.isDict else {
              throw raise(.typeError, "attrib must be dict, not \(value.type.fullName)")
            }
            try Element(object).needExtra(nil)
            guard let extra = Element(object).layout.pointee.extra else { throw Raised() }
            replaceReference(&extra.pointee.attributes, value.retained().give())
          }
        }),
    ])
}

/// Ends elements without exhausting the native stack, however deep the tree is.
enum ElementTrash {
  static func dealloc(_ object: Ref) {
    let thread = apus_tstate()
    if thread.pointee.trash_nesting >= 50 {
      _PyTrash_thread_deposit_object(thread, object)
      return
    }
    thread.pointee.trash_nesting &+= 1
    let layout = object.view(Element.Layout.self)
    if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
    clearReference(&layout.pointee.tag)
    clearReference(&layout.pointee.text)
    clearReference(&layout.pointee.tail)
    Element(object).dropExtra()
    object.type.pointee.tp_free?(object)
    thread.pointee.trash_nesting &-= 1
    if thread.pointee.delete_later != nil && thread.pointee.trash_nesting == 0 {
      _PyTrash_thread_destroy_chain(thread)
    }
  }
}
