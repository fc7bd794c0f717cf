import CPythonABI
import Objects

/// _sre.SRE_Scanner: repeated matching over one string, behind `finditer`.
struct Scanner {
  struct Layout {
    var base: PyObject
    var pattern: Ref?
    var string: Ref?
    /// Where to go on; -1 at the end.
    var next: Int
    var pos: Int
    var endpos: Int
    var mustAdvance: Bool
    var isRunning: Bool
    /// Keeps the memory of a bytes-like subject where it is; `obj` is NULL for str.
    var buffer: Py_buffer
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func make(
    _ pattern: Ref, _ string: Ref, _ pos: Int, _ endpos: Int
  ) throws(Raised) -> Owned {
    // Checks the string now, not at the first call.
    let subject = try Subject(Pattern(pattern), string, pos, endpos)
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.pattern = pattern.retained().give()
    layout.pointee.string = string.retained().give()
    layout.pointee.next = subject.pos
    layout.pointee.pos = pos
    layout.pointee.endpos = endpos
    if subject.isBytes { try check(PyObject_GetBuffer(string, &layout.pointee.buffer, PyBUF_SIMPLE)) }
    return object
  }

  private static func find(_ scanner: Ref, _ mode: Subject.Mode) throws(Raised) -> Owned {
    let layout = scanner.view(Layout.self)
    guard let pattern = layout.pointee.pattern, let string = layout.pointee.string else {
      return noneObject().retained()
    }
    if layout.pointee.isRunning {
      throw raise(.valueError, "regular expression scanner already executing")
    }
    if layout.pointee.next < 0 { return noneObject().retained() }
    layout.pointee.isRunning = true
    defer { scanner.view(Layout.self).pointee.isRunning = false }
    var subject = try Subject(Pattern(pattern), string, layout.pointee.pos, layout.pointee.endpos)
    if layout.pointee.next > subject.end { return noneObject().retained() }
    subject.start = layout.pointee.next
    subject.mustAdvance = layout.pointee.mustAdvance
    guard try subject.find(mode) else {
      layout.pointee.next = -1
      return noneObject().retained()
    }
    let match = try Match.make(pattern, subject)
    subject.advance()
    layout.pointee.next = subject.start
    layout.pointee.mustAdvance = subject.mustAdvance
    return match
  }

  static let spec = TypeSpec(
    type, "_sre.SRE_Scanner", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        PyBuffer_Release(&object.view(Layout.self).pointee.buffer)
        Py_XDECREF(object.view(Layout.self).pointee.pattern)
        Py_XDECREF(object.view(Layout.self).pointee.string)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self)
        return visitReferences(visit, argument, layout.pointee.pattern, layout.pointee.string)
      },
      .tp_clear { object in
        clearReference(&object.view(Layout.self).pointee.pattern)
        clearReference(&object.view(Layout.self).pointee.string)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("match($self, /)", "") { scanner, _ in new { try find(scanner, .match) } },
      .noargs("search($self, /)", "") { scanner, _ in new { try find(scanner, .search) } },
    ],
    members: [
      Member(
        "pattern", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.pattern), flags: Py_READONLY)
    ])
}
