import CExpat
import CPythonABI
import Glibc
import Objects

/// xml.etree.ElementTree.XMLParser: Expat feeding a TreeBuilder or another target.
/// CPython: Modules/_elementtree.c.
struct TreeParser {
  struct Layout {
    var base: PyObject
    var parser: OpaquePointer?
    var target: Ref?
    /// A dict: the texts of entities by name.
    var entity: Ref?
    /// A dict of names by what Expat calls them.
    var names: Ref?
    /// Methods of a target that is no plain TreeBuilder, by `TreeHandler`.
    var handlers: InlineArray<9, Ref?>
  }

  enum TreeHandler: Int, CaseIterable {
    case startNamespace, endNamespace, start, data, end, comment, instruction, close, doctype

    var name: String {
      switch self {
      case .startNamespace: "start_ns"
      case .endNamespace: "end_ns"
      case .start: "start"
      case .data: "data"
      case .end: "end"
      case .comment: "comment"
      case .instruction: "pi"
      case .close: "close"
      case .doctype: "doctype"
      }
    }
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) private static var knownError: Ref?

  /// The class ParseError.
  static func errorType() throws(Raised) -> Ref {
    if let known = knownError { return known }
    let made = try own(
      PyErr_NewException("xml.etree.ElementTree.ParseError", .syntaxError, nil)
    ).give()
    knownError = made
    InterpreterEnd.add("xml.etree.ElementTree.ParseError") { InterpreterEnd.drop(&knownError) }
    return made
  }

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  /// The target when it is a plain TreeBuilder.
  var builder: TreeBuilder? {
    guard let target = layout.pointee.target, target.type == TreeBuilder.type else { return nil }
    return TreeBuilder(target)
  }

  func handler(_ which: TreeHandler) -> Ref? { layout.pointee.handlers[which.rawValue] }

  static func of(_ data: UnsafeMutableRawPointer?) -> TreeParser? {
    data.map { TreeParser($0.assumingMemoryBound(to: PyObject.self)) }
  }

  func checkReady() throws(Raised) -> OpaquePointer {
    guard layout.pointee.target != nil, let parser = layout.pointee.parser else {
      throw raise(.valueError, "XMLParser.__init__() wasn't called")
    }
    return parser
  }

  // MARK: Names

  /// An Expat name as a str: `uri}name` becomes `{uri}name`. Made once for each name.
  func universal(_ name: UnsafePointer<CChar>) throws(Raised) -> Owned {
    let size = strlen(name)
    guard let names = layout.pointee.names else { throw Raised() }
    let key = try own(PyBytes_FromStringAndSize(name, size))
    var known: Ref?
    if try check(PyDict_GetItemRef(names, key.ref, &known)) != 0 { return try own(known) }
    let plain = try own(PyUnicode_DecodeUTF8(name, size, "strict"))
    var made = plain.ref.retained()
    if memchr(name, 125, size) != nil {
      let brace = apus_str_of_latin1(123)
      made = try own(PyUnicode_Concat(brace, plain.ref))
    }
    try check(PyDict_SetItem(names, key.ref, made.ref))
    return made
  }

  // MARK: Errors

  func raiseError(_ parser: OpaquePointer) -> Raised {
    let code = XML_GetErrorCode(parser)
    let words = XML_ErrorString(code).map { String(cString: $0) } ?? ""
    return raiseError(
      words, Int(code.rawValue), Int(XML_GetCurrentLineNumber(parser)),
      Int(XML_GetCurrentColumnNumber(parser)))
  }

  func raiseError(_ words: String, _ code: Int, _ line: Int, _ column: Int) -> Raised {
    do {
      let type = try Self.errorType()
      let message = try own(newString("\(words): line \(line), column \(column)"))
      let error = try own(PyObject_CallOneArg(type, message.ref))
      let number = try int(code)
      try check(PyObject_SetAttrString(error.ref, "code", number.ref))
      let position = try tuple(int(line), int(column))
      try check(PyObject_SetAttrString(error.ref, "position", position.ref))
      PyErr_SetObject(type, error.ref)
      return Raised()
    } catch { return Raised() }
  }

  // MARK: Parsing

  func feed(
    _ bytes: UnsafePointer<CChar>?, _ count: Int, isFinal: Bool
  ) throws(Raised) {
    let parser = try checkReady()
    let status = ExpatParser.feed(parser, bytes, count, isFinal: isFinal)
    if hasRaised() { throw Raised() }
    if status == XML_STATUS_ERROR { throw raiseError(parser) }
  }

  func feed(_ data: Ref) throws(Raised) {
    let parser = try checkReady()
    if data.isStr {
      var size = 0
      guard let bytes = PyUnicode_AsUTF8AndSize(data, &size) else { throw Raised() }
      // The str's declaration does not count.
      _ = XML_SetEncoding(parser, "utf-8")
      return try feed(bytes, size, isFinal: false)
    }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(data, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    try feed(
      view.buf.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }, view.len,
      isFinal: false)
  }

  func parseWhole(_ file: Ref) throws(Raised) -> Owned {
    let parser = try checkReady()
    let read = try own(PyObject_GetAttrString(file, "read"))
    let size = try int(64 * 1024)
    while true {
      let piece = try own(PyObject_CallOneArg(read.ref, size.ref))
      if piece.ref.isStr {
        if apus_str_length(piece.ref) == 0 { break }
        let bytes = try own(PyUnicode_AsEncodedString(piece.ref, "utf-8", "surrogatepass"))
        _ = XML_SetEncoding(parser, "utf-8")
        try feed(PyBytes_AsString(bytes.ref), apus_var_size(bytes.ref), isFinal: false)
      } else if piece.ref.isBytes {
        if apus_var_size(piece.ref) == 0 { break }
        try feed(PyBytes_AsString(piece.ref), apus_var_size(piece.ref), isFinal: false)
      } else {
        break
      }
    }
    try feed("", 0, isFinal: true)
    if let builder { return builder.close() }
    return noneObject().retained()
  }

  func close() throws(Raised) -> Owned {
    _ = try checkReady()
    try feed("", 0, isFinal: true)
    if let builder { return builder.close() }
    guard let close = handler(.close) else { return noneObject().retained() }
    return try own(PyObject_CallNoArgs(close))
  }

  // MARK: Setting up

  private static let construct: Method = .variableKeywords(
    "XMLParser(*, target=None, encoding=None)", "") { _, _, _ in nil }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    if apus_var_size(args) > 0 {
      throw raise(.typeError, "XMLParser() takes no positional arguments")
    }
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    let encoding = try a.strOrNone(1)
    let encodingText = try encoding.map { text throws(Raised) in try ExpatParser.utf8(text) }
    let fields = object.view(Layout.self)
    let it = TreeParser(object)
    replaceReference(&fields.pointee.entity, try own(PyDict_New()).give())
    replaceReference(&fields.pointee.names, try own(PyDict_New()).give())
    if let old = fields.pointee.parser {
      fields.pointee.parser = nil
      XML_ParserFree(old)
    }
    guard let parser = XML_ParserCreate_MM(encodingText, nil, "}") else { throw raiseNoMemory() }
    fields.pointee.parser = parser
    _ = XML_SetHashSalt(parser, UInt(apus_hash_secret().pointee.siphash.k0))
    let target: Owned
    if let given = a.optional(0) {
      target = given.retained()
    } else {
      target = try TreeBuilder.make()
    }
    replaceReference(&fields.pointee.target, target.ref.retained().give())
    for which in TreeHandler.allCases {
      var method: Ref?
      try check(PyObject_GetOptionalAttrString(target.ref, which.name, &method))
      let old = fields.pointee.handlers[which.rawValue]
      fields.pointee.handlers[which.rawValue] = method
      Py_XDECREF(old)
    }
    XML_SetUserData(parser, object)
    XML_SetElementHandler(parser, TreeHandlers.start, TreeHandlers.end)
    XML_SetDefaultHandlerExpand(parser, TreeHandlers.reference)
    XML_SetCharacterDataHandler(parser, TreeHandlers.data)
    if it.handler(.startNamespace) != nil {
      XML_SetStartNamespaceDeclHandler(parser, TreeHandlers.startNamespace)
    }
    if it.handler(.endNamespace) != nil {
      XML_SetEndNamespaceDeclHandler(parser, TreeHandlers.endNamespace)
    }
    if it.handler(.comment) != nil { XML_SetCommentHandler(parser, TreeHandlers.comment) }
    if it.handler(.instruction) != nil {
      XML_SetProcessingInstructionHandler(parser, TreeHandlers.instruction)
    }
    XML_SetStartDoctypeDeclHandler(parser, TreeHandlers.doctype)
    XML_SetUnknownEncodingHandler(parser, ExpatParser.unknownEncoding, nil)
  }

  private static let feedMethod: Method = .o("feed($self, data, /)", "Parse a piece of a document.") {
    object, data in none { try TreeParser(object).feed(data) }
  }
  private static let closeMethod: Method = .noargs("close($self, /)", "End the document; what the target gives for it.") {
    object, _ in new { try TreeParser(object).close() }
  }
  private static let flushMethod: Method = .noargs("flush($self, /)", "Have Expat use what it holds back.") {
    object, _ in none { _ = try TreeParser(object).checkReady() }
  }
  private static let parseWholeMethod: Method = .o("_parse_whole($self, file, /)", "Parse all that a file has.") {
    object, file in new { try TreeParser(object).parseWhole(file) }
  }

  private static let setEvents: Method = .fast(
    "_setevents($self, events_queue, events_to_report=None, /)", "Have events appended to a queue."
  ) { object, args, count in
    none {
      let a = try Arguments(setEvents, args, count)
      let it = TreeParser(object)
      let parser = try it.checkReady()
      guard let builder = it.builder else {
        throw raise(
          .typeError, "event handling only supported for ElementTree.TreeBuilder targets")
      }
      let append = try own(PyObject_GetAttrString(a.object(0), "append"))
      replaceReference(
        &builder.ref.view(TreeBuilder.Layout.self).pointee.appendEvent, append.give())
      builder.layout.pointee.events = 0
      guard let wanted = a.optional(1) else {
        builder.layout.pointee.events = TreeEvent.end.bit
        return
      }
      let list = try own(PySequence_Fast(wanted, "events must be a sequence"))
      for index in 0..<PySequence_Size(list.ref) {
        let item = try own(PySequence_GetItem(list.ref, index))
        var name = ""
        if item.ref.isStr {
          name = Objects.text(of: item.ref)
        } else if item.ref.isBytes {
          let decoded = try own(PyUnicode_FromEncodedObject(item.ref, "ascii", "strict"))
          name = Objects.text(of: decoded.ref)
        } else {
          throw raise(.valueError, "invalid events sequence")
        }
        guard let event = TreeEvent.allCases.first(where: { "\($0.name)" == name }) else {
          throw raise(.valueError, "unknown event '\(name)'")
        }
        builder.layout.pointee.events |= event.bit
        switch event {
        case .start, .end: break
        case .startNamespace:
          XML_SetStartNamespaceDeclHandler(parser, TreeHandlers.startNamespace)
        case .endNamespace:
          XML_SetEndNamespaceDeclHandler(parser, TreeHandlers.endNamespace)
        case .comment: XML_SetCommentHandler(parser, TreeHandlers.comment)
        case .instruction:
          XML_SetProcessingInstructionHandler(parser, TreeHandlers.instruction)
        }
      }
    }
  }

  private static func clear(_ object: Ref) {
    let fields = object.view(Layout.self)
    if let parser = fields.pointee.parser {
      fields.pointee.parser = nil
      XML_ParserFree(parser)
    }
    for index in 0..<9 {
      let old = fields.pointee.handlers[index]
      fields.pointee.handlers[index] = nil
      Py_XDECREF(old)
    }
    clearReference(&fields.pointee.target)
    clearReference(&fields.pointee.entity)
    clearReference(&fields.pointee.names)
  }

  static let spec = TypeSpec(
    type, "xml.etree.ElementTree.XMLParser", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType], base: objectType(),
    slots: [
      .tp_new { type, _, _ in PyType_GenericAlloc(type, 0) },
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let fields = object.view(Layout.self)
        for index in 0..<9 {
          guard let handler = fields.pointee.handlers[index] else { continue }
          let answer = visit(handler, argument)
          if answer != 0 { return answer }
        }
        return visitReferences(
          visit, argument, fields.pointee.target, fields.pointee.entity, fields.pointee.names)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [feedMethod, closeMethod, flushMethod, parseWholeMethod, setEvents],
    members: [
      Member("entity", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.entity), flags: Py_READONLY),
      Member("target", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.target), flags: Py_READONLY),
    ],
    properties: [
      Property(
        "version",
        get: { _, _ in
          newString("Expat \(XML_MAJOR_VERSION).\(XML_MINOR_VERSION).\(XML_MICRO_VERSION)")
        })
    ])
}
