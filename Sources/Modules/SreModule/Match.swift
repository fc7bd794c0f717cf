import CPythonABI
import Objects

/// re.Match: where a pattern matched. CPython: Modules/_sre/sre.c.
struct Match {
  struct Layout {
    var base: PyVarObject
    var string: Ref?
    /// Of all groups, cached.
    var regs: Ref?
    var pattern: Ref?
    var pos: Int
    var endpos: Int
    /// The last group closed, -1 for none.
    var lastIndex: Int
    /// Groups with group 0.
    var groups: Int
    // Start and end of each group follow, -1 for groups that took no part.
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  private var spans: UnsafeMutablePointer<Int> {
    (UnsafeMutableRawPointer(ref) + MemoryLayout<Layout>.size).assumingMemoryBound(to: Int.self)
  }

  /// The match that a subject has just found.
  static func make(_ pattern: Ref, _ subject: borrowing Subject) throws(Raised) -> Owned {
    let groups = Pattern(pattern).groups + 1
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, groups * 2))
    let match = Match(object.ref)
    match.layout.pointee.groups = groups
    match.layout.pointee.string = subject.string.retained().give()
    match.layout.pointee.pattern = pattern.retained().give()
    match.layout.pointee.pos = subject.pos
    match.layout.pointee.endpos = subject.end
    match.layout.pointee.lastIndex = subject.lastIndex
    let spans = match.spans
    spans[0] = subject.matchStart
    spans[1] = subject.matchEnd
    for group in 1..<Swift.max(groups, 1) {
      let from = subject.marks[2 * group - 2]
      let to = subject.marks[2 * group - 1]
      if from >= 0 && to >= 0 {
        spans[2 * group] = from
        spans[2 * group + 1] = Swift.max(from, to)
      } else {
        spans[2 * group] = -1
        spans[2 * group + 1] = -1
      }
    }
    return object
  }

  /// The number of the group an index or name stands for. IndexError when there is none.
  private func number(_ index: Ref) throws(Raised) -> Int {
    var result = -1
    if PyIndex_Check(index) != 0 {
      result = PyNumber_AsSsize_t(index, nil)
      if result == -1 && hasRaised() { PyErr_Clear() }
    } else if let pattern = layout.pointee.pattern,
      let names = Pattern(pattern).layout.pointee.groupIndex
    {
      if let found = PyDict_GetItemWithError(names, index) {
        if found.isInt { result = PyLong_AsSsize_t(found) }
        if result == -1 && hasRaised() { PyErr_Clear() }
      } else {
        PyErr_Clear()
      }
    }
    guard result >= 0, result < layout.pointee.groups else {
      throw raise(.indexError, "no such group")
    }
    return result
  }

  /// The text of a group, or nil when it took no part.
  private func text(_ group: Int) throws(Raised) -> Owned? {
    guard let string = layout.pointee.string, spans[2 * group] >= 0 else { return nil }
    let from = spans[2 * group]
    let to = spans[2 * group + 1]
    if string.isStr {
      let length = apus_str_length(string)
      return try own(
        PyUnicode_Substring(string, Swift.min(from, length), Swift.min(to, length)))
    }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(string, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    // The object may have shrunk since.
    let start = Swift.min(from, view.len)
    let end = Swift.min(to, view.len)
    let data = view.buf.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(ref)
    return try Subject.slice(string, data, view.len, start, end)
  }

  private func text(_ group: Int, default fallback: Ref) throws(Raised) -> Owned {
    try text(group) ?? fallback.retained()
  }

  private func span(_ group: Int) throws(Raised) -> Owned {
    let start = try int(spans[2 * group])
    let end = try int(spans[2 * group + 1])
    return try tuple(start, end)
  }

  static let spec = TypeSpec(
    type, "re.Match", basicSize: MemoryLayout<Layout>.size, itemSize: 8,
    flags: [.haveGC, .disallowInstantiation],
    doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = Match(object).layout
        Py_XDECREF(layout.pointee.regs)
        Py_XDECREF(layout.pointee.string)
        Py_XDECREF(layout.pointee.pattern)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = Match(object).layout
        return visitReferences(
          visit, argument, layout.pointee.string, layout.pointee.regs, layout.pointee.pattern)
      },
      .tp_clear { object in
        let layout = Match(object).layout
        clearReference(&layout.pointee.string)
        clearReference(&layout.pointee.regs)
        clearReference(&layout.pointee.pattern)
        return 0
      },
      .tp_repr { object in
        new {
          let match = Match(object)
          let text = try match.text(0, default: noneObject())
          let shown = try own(PyObject_Repr(text.ref))
          var result: Ref? = newString(
            "<\(object.type.fullName) object; span=(\(match.spans[0]), \(match.spans[1])), match=")
          PyUnicode_Append(&result, shown.ref)
          PyUnicode_AppendAndDel(&result, newString(">"))
          return try own(result)
        }
      },
      .mp_subscript { object, index in
        new {
          let match = Match(object)
          let group = try match.number(index)
          return try match.text(group, default: noneObject())
        }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      group, start, end, span, groups, groupDict, expand,
      .noargs("__copy__($self, /)", "") { match, _ in Py_NewRef(match) },
      .o("__deepcopy__($self, memo, /)", "") { match, _ in Py_NewRef(match) },
      Method.o("__class_getitem__($type, object, /)", "See PEP 585") {
        Py_GenericAlias($0, $1)
      }.classMethod,
    ],
    members: [
      Member(
        "string", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.string), flags: Py_READONLY,
        "The string passed to match() or search()."),
      Member(
        "re", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.pattern), flags: Py_READONLY,
        "The regular expression object."),
      Member(
        "pos", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.pos), flags: Py_READONLY,
        "The index into the string at which the RE engine started looking for a match."),
      Member(
        "endpos", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.endpos), flags: Py_READONLY,
        "The index into the string beyond which the RE engine will not go."),
    ],
    properties: [
      Property(
        "lastindex", "The integer index of the last matched capturing group.",
        get: { object, _ in
          new {
            let index = Match(object).layout.pointee.lastIndex
            return index < 0 ? noneObject().retained() : try int(index)
          }
        }),
      Property(
        "lastgroup", "The name of the last matched capturing group.",
        get: { object, _ in
          new {
            let layout = Match(object).layout
            let index = layout.pointee.lastIndex
            guard index >= 0, let pattern = layout.pointee.pattern,
              let names = Pattern(pattern).layout.pointee.indexGroup,
              index < apus_var_size(names)
            else { return noneObject().retained() }
            return Owned(retaining: apus_tuple_item(names, index))
          }
        }),
      Property(
        "regs", "The spans of all groups.",
        get: { object, _ in
          new {
            let match = Match(object)
            if let known = match.layout.pointee.regs { return known.retained() }
            let count = match.layout.pointee.groups
            let result = try own(PyTuple_New(count))
            for group in 0..<count {
              apus_tuple_items(result.ref)[group] = try match.span(group).give()
            }
            match.layout.pointee.regs = result.ref.retained().give()
            return result
          }
        }),
    ])

  private static let group: Method = .fast(
    "group",
    "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match."
  ) { object, args, count in
    new {
      let match = Match(object)
      guard count > 0, let args else { return try match.text(0, default: noneObject()) }
      if count == 1 {
        let group = try match.number(args[0])
        return try match.text(group, default: noneObject())
      }
      let result = try own(PyTuple_New(count))
      for index in 0..<count {
        let group = try match.number(args[index])
        apus_tuple_items(result.ref)[index] = try match.text(group, default: noneObject()).give()
      }
      return result
    }
  }

  private static let start: Method = .fast(
    "start($self, group=0, /)", "Return index of the start of the substring matched by group."
  ) { object, args, count in
    new {
      let a = try Arguments(start, args, count)
      let match = Match(object)
      let group = try a[0].map { (index) throws(Raised) in try match.number(index) } ?? 0
      return try int(match.spans[2 * group])
    }
  }

  private static let end: Method = .fast(
    "end($self, group=0, /)", "Return index of the end of the substring matched by group."
  ) { object, args, count in
    new {
      let a = try Arguments(end, args, count)
      let match = Match(object)
      let group = try a[0].map { (index) throws(Raised) in try match.number(index) } ?? 0
      return try int(match.spans[2 * group + 1])
    }
  }

  private static let span: Method = .fast(
    "span($self, group=0, /)", "For match object m, return the 2-tuple (m.start(group), m.end(group))."
  ) { object, args, count in
    new {
      let a = try Arguments(span, args, count)
      let match = Match(object)
      let group = try a[0].map { (index) throws(Raised) in try match.number(index) } ?? 0
      return try match.span(group)
    }
  }

  private static let groups: Method = .keywords(
    "groups($self, /, default=None)",
    "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not participate in the match."
  ) { object, args, count, names in
    new {
      let a = try Arguments(groups, args, count, names)
      let match = Match(object)
      let number = match.layout.pointee.groups
      let result = try own(PyTuple_New(number - 1))
      for group in 1..<Swift.max(number, 1) {
        apus_tuple_items(result.ref)[group - 1] =
          try match.text(group, default: a.object(0)).give()
      }
      return result
    }
  }

  private static let groupDict: Method = .keywords(
    "groupdict($self, /, default=None)",
    "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is used for groups that did not participate in the match."
  ) { object, args, count, names in
    new {
      let a = try Arguments(groupDict, args, count, names)
      let match = Match(object)
      let result = try own(PyDict_New())
      guard let pattern = match.layout.pointee.pattern,
        let index = Pattern(pattern).layout.pointee.groupIndex
      else { return result }
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(index, &position, &key, &value) != 0 {
        guard let key else { break }
        let name = key.retained()
        let group = try match.number(name.ref)
        let text = try match.text(group, default: a.object(0))
        try check(PyDict_SetItem(result.ref, name.ref, text.ref))
      }
      return result
    }
  }

  private static let expand: Method = .keywords(
    "expand($self, /, template)",
    "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."
  ) { object, args, count, names in
    new {
      let a = try Arguments(expand, args, count, names)
      let match = Match(object)
      guard let pattern = match.layout.pointee.pattern else { throw Raised() }
      let compiled = try Substitution.template(pattern, a.object(0))
      guard compiled.ref.type == Template.type else { return compiled }
      let template = Template(compiled.ref)
      if template.count == 0 { return template.literal.retained() }
      let pieces = try own(PyList_New(0))
      try template.expand(into: pieces.ref) { (group) throws(Raised) -> Owned? in
        if group >= match.layout.pointee.groups { throw raise(.indexError, "no such group") }
        return try match.text(group)
      }
      let isBytes = Pattern(pattern).layout.pointee.isBytes == 1 || !(template.literal.isStr)
      if isBytes { return try own(_PyBytes_Join(apus_bytes_empty(), pieces.ref)) }
      return try own(PyUnicode_Join(apus_str_empty(), pieces.ref))
    }
  }
}
