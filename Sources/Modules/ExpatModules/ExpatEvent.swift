import CExpat
import CPythonABI
import Glibc
import Objects

/// The events of a parse, in the order of their attributes' table.
enum ExpatEvent: Int, CaseIterable {
  case startElement, endElement, processingInstruction, characterData, unparsedEntityDecl,
    notationDecl, startNamespaceDecl, endNamespaceDecl, comment, startCdataSection,
    endCdataSection, defaultData, defaultExpand, notStandalone, externalEntityRef,
    startDoctypeDecl, endDoctypeDecl, entityDecl, xmlDecl, elementDecl, attlistDecl, skippedEntity

  static let all = Array(allCases)

  /// The attribute that holds the Python handler.
  var attribute: StaticString {
    switch self {
    case .startElement: "StartElementHandler"
    case .endElement: "EndElementHandler"
    case .processingInstruction: "ProcessingInstructionHandler"
    case .characterData: "CharacterDataHandler"
    case .unparsedEntityDecl: "UnparsedEntityDeclHandler"
    case .notationDecl: "NotationDeclHandler"
    case .startNamespaceDecl: "StartNamespaceDeclHandler"
    case .endNamespaceDecl: "EndNamespaceDeclHandler"
    case .comment: "CommentHandler"
    case .startCdataSection: "StartCdataSectionHandler"
    case .endCdataSection: "EndCdataSectionHandler"
    case .defaultData: "DefaultHandler"
    case .defaultExpand: "DefaultHandlerExpand"
    case .notStandalone: "NotStandaloneHandler"
    case .externalEntityRef: "ExternalEntityRefHandler"
    case .startDoctypeDecl: "StartDoctypeDeclHandler"
    case .endDoctypeDecl: "EndDoctypeDeclHandler"
    case .entityDecl: "EntityDeclHandler"
    case .xmlDecl: "XmlDeclHandler"
    case .elementDecl: "ElementDeclHandler"
    case .attlistDecl: "AttlistDeclHandler"
    case .skippedEntity: "SkippedEntityHandler"
    }
  }

  /// The name in tracebacks.
  private var function: String {
    let name = String(describing: attribute)
    return name.hasSuffix("Handler") ? String(name.dropLast(7)) : name
  }

  /// Has Expat report the event, or not.
  func attach(_ parser: OpaquePointer, _ on: Bool) {
    switch self {
    case .startElement: XML_SetStartElementHandler(parser, on ? ExpatHandlers.startElement : nil)
    case .endElement: XML_SetEndElementHandler(parser, on ? ExpatHandlers.endElement : nil)
    case .processingInstruction:
      XML_SetProcessingInstructionHandler(parser, on ? ExpatHandlers.processingInstruction : nil)
    case .characterData:
      XML_SetCharacterDataHandler(parser, on ? ExpatHandlers.characterData : nil)
    case .unparsedEntityDecl:
      XML_SetUnparsedEntityDeclHandler(parser, on ? ExpatHandlers.unparsedEntityDecl : nil)
    case .notationDecl: XML_SetNotationDeclHandler(parser, on ? ExpatHandlers.notationDecl : nil)
    case .startNamespaceDecl:
      XML_SetStartNamespaceDeclHandler(parser, on ? ExpatHandlers.startNamespaceDecl : nil)
    case .endNamespaceDecl:
      XML_SetEndNamespaceDeclHandler(parser, on ? ExpatHandlers.endNamespaceDecl : nil)
    case .comment: XML_SetCommentHandler(parser, on ? ExpatHandlers.comment : nil)
    case .startCdataSection:
      XML_SetStartCdataSectionHandler(parser, on ? ExpatHandlers.startCdataSection : nil)
    case .endCdataSection:
      XML_SetEndCdataSectionHandler(parser, on ? ExpatHandlers.endCdataSection : nil)
    case .defaultData: XML_SetDefaultHandler(parser, on ? ExpatHandlers.defaultData : nil)
    case .defaultExpand:
      XML_SetDefaultHandlerExpand(parser, on ? ExpatHandlers.defaultExpand : nil)
    case .notStandalone: XML_SetNotStandaloneHandler(parser, on ? ExpatHandlers.notStandalone : nil)
    case .externalEntityRef:
      XML_SetExternalEntityRefHandler(parser, on ? ExpatHandlers.externalEntityRef : nil)
    case .startDoctypeDecl:
      XML_SetStartDoctypeDeclHandler(parser, on ? ExpatHandlers.startDoctypeDecl : nil)
    case .endDoctypeDecl:
      XML_SetEndDoctypeDeclHandler(parser, on ? ExpatHandlers.endDoctypeDecl : nil)
    case .entityDecl: XML_SetEntityDeclHandler(parser, on ? ExpatHandlers.entityDecl : nil)
    case .xmlDecl: XML_SetXmlDeclHandler(parser, on ? ExpatHandlers.xmlDecl : nil)
    case .elementDecl: XML_SetElementDeclHandler(parser, on ? ExpatHandlers.elementDecl : nil)
    case .attlistDecl: XML_SetAttlistDeclHandler(parser, on ? ExpatHandlers.attlistDecl : nil)
    case .skippedEntity: XML_SetSkippedEntityHandler(parser, on ? ExpatHandlers.skippedEntity : nil)
    }
  }

  /// Calls the Python handler of an event with the arguments made. Nil when there is no handler, or
  /// when it raised: then the parse is over. A non-nil result is borrowed nowhere: it is given away
  /// to the caller.
  static func call(
    _ parser: ExpatParser, _ event: ExpatEvent, flushing: Bool = true,
    _ arguments: () throws(Raised) -> Owned
  ) -> Ref? {
    guard parser.handler(event) != nil, !hasRaised() else { return nil }
    let held = parser.ref.retained()
    defer { _ = held.ref }
    if flushing {
      guard parser.flush(), !hasRaised() else { return nil }
    }
    guard let handler = parser.handler(event) else { return nil }
    let function = handler.retained()
    do {
      let args = try arguments()
      parser.layout.pointee.inCallback = 1
      let result = PyObject_Call(function.ref, args.ref, nil)
      parser.layout.pointee.inCallback = 0
      if let result { return result }
      addTraceback(event.function)
      if let expat = parser.parser { _ = XML_StopParser(expat, 0) }
    } catch {}
    parser.stop()
    return nil
  }

  /// Puts an entry for the handler into the traceback of the exception.
  private static func addTraceback(_ name: String) {
    guard let exception = PyErr_GetRaisedException() else { return }
    defer { PyErr_SetRaisedException(exception) }
    guard let globals = PyDict_New() else { return PyErr_Clear() }
    defer { Py_DECREF(globals) }
    guard let code = PyCode_NewEmpty("pyexpat.c", name, 0) else { return PyErr_Clear() }
    let codeObject = UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)
    defer { Py_DECREF(codeObject) }
    guard let frame = PyFrame_New(apus_tstate(), code, globals, nil) else { return PyErr_Clear() }
    defer { Py_DECREF(UnsafeMutableRawPointer(frame).assumingMemoryBound(to: PyObject.self)) }
    let saved = exception
    Py_INCREF(saved)
    PyErr_SetRaisedException(saved)
    _ = PyTraceBack_Here(frame)
    if let again = PyErr_GetRaisedException() { Py_DECREF(again) }
  }
}
