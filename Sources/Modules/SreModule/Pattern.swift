import CPythonABI
import Glibc
import Objects

/// re.Pattern: a compiled regular expression. CPython: Modules/_sre/sre.c.
struct Pattern {
  struct Layout {
    var base: PyObject
    var groups: Int
    /// dict: names to numbers.
    var groupIndex: Ref?
    /// tuple: names by number, None for groups without.
    var indexGroup: Ref?
    var pattern: Ref?
    var flags: Int32
    /// 1 for bytes patterns, 0 for str, -1 unknown.
    var isBytes: Int32
    var weakReferences: Ref?
    var program: Program?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var program: Program { layout.pointee.program.unsafelyUnwrapped }
  var groups: Int { layout.pointee.groups }

  /// A new pattern of words. Raises RuntimeError when they are no valid program.
  static func make(
    pattern: Ref, flags: Int32, code: Ref, groups: Int, groupIndex: Ref, indexGroup: Ref
  ) throws(Raised) -> Owned {
    let count = apus_var_size(code)
    let words = UnsafeMutablePointer<UInt32>.allocate(capacity: Swift.max(count, 1))
    var isKept = false
    defer { if !isKept { words.deallocate() } }
    for index in 0..<count {
      guard index < apus_var_size(code) else { throw raise(.runtimeError, "invalid SRE code") }
      let value = PyLong_AsUnsignedLong(apus_list_item(code, index))
      if value == UInt.max && hasRaised() { throw Raised() }
      guard let word = UInt32(exactly: value) else {
        throw raise(.overflowError, "regular expression code size limit exceeded")
      }
      words[index] = word
    }
    guard CodeValidation.isValid(words, count, groups: groups), count < Int(Int32.max) else {
      throw raise(.runtimeError, "invalid SRE code")
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = Pattern(object.ref).layout
    layout.pointee.program = Program(code: words, count: count, groups: groups)
    isKept = true
    layout.pointee.groups = groups
    layout.pointee.groupIndex = groupIndex.retained().give()
    layout.pointee.indexGroup = indexGroup.retained().give()
    layout.pointee.pattern = pattern.retained().give()
    layout.pointee.flags = flags
    layout.pointee.isBytes = pattern.isNone ? -1 : pattern.isStr ? 0 : 1
    if !pattern.isNone && !pattern.isStr {
      var view = Py_buffer()
      if PyObject_GetBuffer(pattern, &view, PyBUF_SIMPLE) < 0 {
        PyErr_Clear()
        throw raise(
          .typeError, "expected string or bytes-like object, got '\(pattern.type.fullName)'")
      }
      PyBuffer_Release(&view)
    }
    return object
  }

  static let spec = TypeSpec(
    type, "re.Pattern", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation],
    doc: "Compiled regular expression object.",
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = Pattern(object).layout
        if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        Py_XDECREF(layout.pointee.groupIndex)
        Py_XDECREF(layout.pointee.indexGroup)
        Py_XDECREF(layout.pointee.pattern)
        layout.pointee.program?.deallocate()
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = Pattern(object).layout
        return visitReferences(
          visit, argument, layout.pointee.groupIndex, layout.pointee.indexGroup,
          layout.pointee.pattern)
      },
      .tp_clear { object in
        let layout = Pattern(object).layout
        clearReference(&layout.pointee.groupIndex)
        clearReference(&layout.pointee.indexGroup)
        clearReference(&layout.pointee.pattern)
        return 0
      },
      .tp_repr { object in new { try Pattern(object).shown() } },
      .tp_hash { object in size { try Pattern(object).hash() } },
      .tp_richcompare { left, right, operation in
        new { try compare(left, right, operation) }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: PatternMethods.all,
    members: [
      Member(
        "pattern", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.pattern), flags: Py_READONLY,
        "The pattern string from which the RE object was compiled."),
      Member(
        "flags", Py_T_INT, offset: MemoryLayout<Layout>.at(\.flags), flags: Py_READONLY,
        "The regex matching flags."),
      Member(
        "groups", Py_T_PYSSIZET, offset: MemoryLayout<Layout>.at(\.groups), flags: Py_READONLY,
        "The number of capturing groups in the pattern."),
    ],
    properties: [
      Property(
        "groupindex",
        "A dictionary mapping group names to group numbers.",
        get: { object, _ in
          new {
            guard let names = Pattern(object).layout.pointee.groupIndex else { throw Raised() }
            return try own(PyDictProxy_New(names))
          }
        })
    ])

  private static let flagNames: [(Int32, String)] = [
    (2, "re.IGNORECASE"), (4, "re.LOCALE"), (8, "re.MULTILINE"), (16, "re.DOTALL"),
    (32, "re.UNICODE"), (64, "re.VERBOSE"), (128, "re.DEBUG"), (256, "re.ASCII"),
  ]

  private func shown() throws(Raised) -> Owned {
    var flags = layout.pointee.flags
    // str patterns are Unicode unless they say otherwise.
    let encoding = flags & (PatternFlag.locale | PatternFlag.unicode | PatternFlag.ascii)
    if layout.pointee.isBytes == 0 && encoding == PatternFlag.unicode {
      flags &= ~PatternFlag.unicode
    }
    var names: [String] = []
    for (bit, name) in Self.flagNames where flags & bit != 0 {
      names.append(name)
      flags &= ~bit
    }
    if flags != 0 { names.append("0x" + String(UInt32(bitPattern: flags), radix: 16)) }
    let suffix = names.isEmpty ? ")" : ", " + names.joined(separator: "|") + ")"
    let full = try own(PyObject_Repr(layout.pointee.pattern ?? noneObject()))
    let short = try own(PyUnicode_Substring(full.ref, 0, 200))
    var result: Ref? = newString("re.compile(")
    PyUnicode_Append(&result, short.ref)
    PyUnicode_AppendAndDel(&result, newString(suffix))
    return try own(result)
  }

  private func hash() throws(Raised) -> Int {
    var result = try check(PyObject_Hash(layout.pointee.pattern ?? noneObject()))
    let program = self.program
    for index in 0..<program.count {
      result = (result &* 31) ^ Int(program.code[index])
    }
    result ^= Int(layout.pointee.flags) ^ Int(layout.pointee.isBytes) ^ groups
    return result == -1 ? -2 : result
  }

  private static func compare(
    _ left: Ref, _ right: Ref, _ operation: Int32
  ) throws(Raised) -> Owned {
    guard operation == Py_EQ || operation == Py_NE, right.type == type, left.type == type else {
      return notImplementedObject().retained()
    }
    var equal = left == right
    if !equal {
      let a = Pattern(left).layout
      let b = Pattern(right).layout
      let first = Pattern(left).program
      let second = Pattern(right).program
      equal =
        a.pointee.flags == b.pointee.flags && a.pointee.isBytes == b.pointee.isBytes
        && first.count == second.count
        && memcmp(first.code, second.code, first.count * 4) == 0
      if equal {
        equal =
          try check(
            PyObject_RichCompareBool(
              a.pointee.pattern ?? noneObject(), b.pointee.pattern ?? noneObject(), Py_EQ)) != 0
      }
    }
    return boolObject(equal == (operation == Py_EQ)).retained()
  }
}
