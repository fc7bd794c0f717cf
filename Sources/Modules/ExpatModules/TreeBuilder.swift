import CPythonABI
import Objects

/// xml.etree.ElementTree.TreeBuilder: makes a tree out of events. CPython: Modules/_elementtree.c.
struct TreeBuilder {
  struct Layout {
    var base: PyObject
    /// The first element.
    var root: Ref?
    /// The element that is open; None outside the root.
    var current: Ref?
    /// The element that was opened or closed last: where text goes.
    var last: Ref?
    /// The element whose tail follows, when the last event closed one.
    var lastForTail: Ref?
    /// Text that came since the last event: a str, or a list of parts.
    var data: Ref?
    /// A list of the open elements.
    var stack: Ref?
    var elementFactory: Ref?
    var commentFactory: Ref?
    var instructionFactory: Ref?
    /// `append` of a queue of events.
    var appendEvent: Ref?
    var insertsComments: UInt8
    var insertsInstructions: UInt8
    /// The events to report, a bit of `TreeEvent` each.
    var events: UInt8
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static var defaultCommentFactory: Ref?
  nonisolated(unsafe) static var defaultInstructionFactory: Ref?

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static func make(_ type: TypeRef = type) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.current = noneObject()
    layout.pointee.last = noneObject()
    layout.pointee.stack = try own(PyList_New(0)).give()
    return object
  }

  // MARK: Events

  func report(_ event: TreeEvent, _ value: Ref) throws(Raised) {
    guard layout.pointee.events & event.bit != 0, let append = layout.pointee.appendEvent else {
      return
    }
    let pair = try tuple(try event.object().retained(), value.retained())
    let held = append.retained()
    _ = try own(PyObject_CallOneArg(held.ref, pair.ref))
  }

  // MARK: Text

  /// Gives the text that waits to its element.
  func flush() throws(Raised) {
    guard let waiting = layout.pointee.data else { return }
    layout.pointee.data = nil
    let data = Owned(adopting: waiting)
    let text: Owned
    if data.ref.isExactList {
      text = try own(PyUnicode_Join(apus_str_empty(), data.ref))
    } else {
      text = data.ref.retained()
    }
    if let element = layout.pointee.lastForTail {
      try Self.extend(element, text.ref, tail: true)
    } else if let element = layout.pointee.last {
      try Self.extend(element, text.ref, tail: false)
    }
  }

  private static func extend(_ object: Ref, _ text: Ref, tail: Bool) throws(Raised) {
    let held = object.retained()
    if object.type == Element.type {
      let place = tail
        ? MemoryLayout<Element.Layout>.at(\.tail) : MemoryLayout<Element.Layout>.at(\.text)
      let field = (UnsafeMutableRawPointer(object) + place).assumingMemoryBound(to: Ref?.self)
      if let before = field.pointee, !before.isNone {
        let joined = try own(PyNumber_Add(before, text))
        replaceReference(field, joined.give())
      } else {
        replaceReference(field, text.retained().give())
      }
      return
    }
    let name = tail ? "tail" : "text"
    let before = try own(PyObject_GetAttrString(held.ref, name))
    if before.ref.isNone {
      try check(PyObject_SetAttrString(held.ref, name, text))
    } else {
      let joined = try own(PyNumber_Add(before.ref, text))
      try check(PyObject_SetAttrString(held.ref, name, joined.ref))
    }
  }

  func data(_ text: Ref) throws(Raised) {
    guard let waiting = layout.pointee.data else {
      // Before the first element there is nothing it could belong to.
      if layout.pointee.last?.isNone ?? true { return }
      layout.pointee.data = text.retained().give()
      return
    }
    if waiting.isExactList {
      try check(PyList_Append(waiting, text))
    } else {
      let list = try own(PyList_New(0))
      try check(PyList_Append(list.ref, waiting))
      try check(PyList_Append(list.ref, text))
      replaceReference(&ref.view(Layout.self).pointee.data, list.give())
    }
  }

  // MARK: Elements

  private static func add(_ parent: Ref, _ child: Ref) throws(Raised) {
    if parent.type == Element.type, Element.isElement(child) {
      return try Element(parent).append(child)
    }
    let append = try own(PyObject_GetAttrString(parent, "append"))
    _ = try own(PyObject_CallOneArg(append.ref, child))
  }

  /// - Parameter attributes: a dict or nil.
  func start(_ tag: Ref, _ attributes: Ref?) throws(Raised) -> Owned {
    try flush()
    let node: Owned
    if let factory = layout.pointee.elementFactory {
      let dict: Owned
      if let attributes { dict = attributes.retained() } else { dict = try own(PyDict_New()) }
      let held = factory.retained()
      node = try own(call(held.ref, tag, dict.ref))
    } else {
      node = try Element.make(tag, attributes)
    }
    let fields = ref.view(Layout.self)
    clearReference(&fields.pointee.lastForTail)
    let parent = (fields.pointee.current ?? noneObject()).retained()
    if !parent.ref.isNone {
      try Self.add(parent.ref, node.ref)
    } else {
      if fields.pointee.root != nil {
        throw raise(try TreeParser.errorType(), "multiple elements on top level")
      }
      fields.pointee.root = node.ref.retained().give()
    }
    guard let stack = fields.pointee.stack else { throw Raised() }
    try check(PyList_Append(stack, parent.ref))
    replaceReference(&fields.pointee.current, node.ref.retained().give())
    replaceReference(&fields.pointee.last, node.ref.retained().give())
    try report(.start, node.ref)
    return node
  }

  func end() throws(Raised) -> Owned {
    try flush()
    let fields = ref.view(Layout.self)
    guard let stack = fields.pointee.stack, apus_var_size(stack) > 0 else {
      throw raise(.indexError, "pop from empty stack")
    }
    let top = apus_var_size(stack) - 1
    let parent = apus_list_item(stack, top).retained()
    try check(PyList_SetSlice(stack, top, top + 1, nil))
    let closed = (fields.pointee.current ?? noneObject()).retained()
    replaceReference(&fields.pointee.last, closed.ref.retained().give())
    replaceReference(&fields.pointee.lastForTail, closed.ref.retained().give())
    replaceReference(&fields.pointee.current, parent.give())
    try report(.end, closed.ref)
    return closed
  }

  private func place(_ node: Ref, inserted: Bool) throws(Raised) {
    let fields = ref.view(Layout.self)
    guard inserted, let current = fields.pointee.current, !current.isNone else { return }
    let parent = current.retained()
    try Self.add(parent.ref, node)
    replaceReference(&fields.pointee.lastForTail, node.retained().give())
  }

  func comment(_ text: Ref) throws(Raised) -> Owned {
    try flush()
    let node: Owned
    if let factory = layout.pointee.commentFactory {
      let held = factory.retained()
      node = try own(PyObject_CallOneArg(held.ref, text))
      try place(node.ref, inserted: layout.pointee.insertsComments != 0)
    } else {
      node = text.retained()
    }
    try report(.comment, node.ref)
    return node
  }

  func instruction(_ target: Ref, _ text: Ref) throws(Raised) -> Owned {
    try flush()
    let node: Owned
    if let factory = layout.pointee.instructionFactory {
      let held = factory.retained()
      node = try own(call(held.ref, target, text))
      try place(node.ref, inserted: layout.pointee.insertsInstructions != 0)
    } else {
      node = try tuple(target.retained(), text.retained())
    }
    try report(.instruction, node.ref)
    return node
  }

  func close() -> Owned { (layout.pointee.root ?? noneObject()).retained() }

  // MARK: Type

  private static let construct: Method = .variableKeywords(
    "TreeBuilder(element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)",
    "") { _, _, _ in nil }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    let comments = try a.bool(3)
    let instructions = try a.bool(4)
    let fields = object.view(Layout.self)
    replaceReference(
      &fields.pointee.elementFactory, a.optional(0).map { $0.retained().give() })
    let comment = a.optional(1) ?? defaultCommentFactory
    replaceReference(&fields.pointee.commentFactory, comment.map { $0.retained().give() })
    fields.pointee.insertsComments = comment != nil && comments ? 1 : 0
    let instruction = a.optional(2) ?? defaultInstructionFactory
    replaceReference(
      &fields.pointee.instructionFactory, instruction.map { $0.retained().give() })
    fields.pointee.insertsInstructions = instruction != nil && instructions ? 1 : 0
  }

  private static let dataMethod: Method = .o("data($self, data, /)", "Text inside the open element.") {
    object, text in none { try TreeBuilder(object).data(text) }
  }
  private static let endMethod: Method = .o("end($self, tag, /)", "Close the open element, and return it.") {
    object, _ in new { try TreeBuilder(object).end() }
  }
  private static let commentMethod: Method = .o("comment($self, text, /)", "A comment.") {
    object, text in new { try TreeBuilder(object).comment(text) }
  }
  private static let instructionMethod: Method = .fast(
    "pi($self, target, text=None, /)", "A processing instruction."
  ) { object, args, count in
    new {
      let a = try Arguments(instructionMethod, args, count)
      return try TreeBuilder(object).instruction(a.object(0), a.object(1))
    }
  }
  private static let closeMethod: Method = .noargs("close($self, /)", "The root of the tree.") {
    object, _ in new { TreeBuilder(object).close() }
  }
  private static let startMethod: Method = .fast("start($self, tag, attrs, /)", "Open an element, and return it.") {
    object, args, count in
    new {
      let a = try Arguments(startMethod, args, count)
      guard a.object(1).isDict else {
        throw Objects.badArgument("start", "argument 2", expected: "dict", got: a.object(1))
      }
      return try TreeBuilder(object).start(a.object(0), a.object(1))
    }
  }

  private static func clear(_ object: Ref) {
    let fields = object.view(Layout.self)
    clearReference(&fields.pointee.root)
    clearReference(&fields.pointee.current)
    clearReference(&fields.pointee.last)
    clearReference(&fields.pointee.lastForTail)
    clearReference(&fields.pointee.data)
    clearReference(&fields.pointee.stack)
    clearReference(&fields.pointee.elementFactory)
    clearReference(&fields.pointee.commentFactory)
    clearReference(&fields.pointee.instructionFactory)
    clearReference(&fields.pointee.appendEvent)
  }

  static let spec = TypeSpec(
    type, "xml.etree.ElementTree.TreeBuilder", basicSize: MemoryLayout<Layout>.stride,
    flags: [.haveGC, .baseType], base: objectType(),
    slots: [
      .tp_new { type, _, _ in new { try make(type) } },
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let f = object.view(Layout.self).pointee
        return visitReferences(
          visit, argument, f.root, f.current, f.last, f.lastForTail, f.data, f.stack,
          f.elementFactory, f.commentFactory, f.instructionFactory, f.appendEvent)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [dataMethod, startMethod, endMethod, commentMethod, instructionMethod, closeMethod])
}

/// The events that a parse can report.
enum TreeEvent: Int, CaseIterable {
  case start, end, startNamespace, endNamespace, comment, instruction

  var bit: UInt8 { 1 << UInt8(rawValue) }

  var name: StaticString {
    switch self {
    case .start: "start"
    case .end: "end"
    case .startNamespace: "start-ns"
    case .endNamespace: "end-ns"
    case .comment: "comment"
    case .instruction: "pi"
    }
  }

  nonisolated(unsafe) private static var names = InlineArray<6, Ref?>(repeating: nil)

  /// The name as a str, made once.
  func object() throws(Raised) -> Ref {
    if let known = Self.names[rawValue] { return known }
    let made = PermanentName.make(name)
    Self.names[rawValue] = made
    return made
  }
}
