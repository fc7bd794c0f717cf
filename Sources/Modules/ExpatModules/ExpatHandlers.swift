import CExpat
import CPythonABI
import Glibc
import Objects

/// The functions that Expat calls, each of which calls a Python handler.
enum ExpatHandlers {
  typealias Text = UnsafePointer<XML_Char>

  /// The text as a str, None for NULL.
  static func string(_ text: Text?) throws(Raised) -> Owned {
    guard let text else { return noneObject().retained() }
    return try own(PyUnicode_DecodeUTF8(text, strlen(text), "strict"))
  }

  static func string(_ text: Text?, _ count: Int32) throws(Raised) -> Owned {
    guard let text else { return noneObject().retained() }
    return try own(PyUnicode_DecodeUTF8(text, Int(count), "strict"))
  }

  /// The text as a str that the parser has once for each text.
  static func name(_ parser: ExpatParser, _ text: Text?) throws(Raised) -> Owned {
    let made = try string(text)
    guard !made.ref.isNone, let names = parser.layout.pointee.names else { return made }
    var known: Ref?
    try check(PyDict_SetDefaultRef(names, made.ref, made.ref, &known))
    return try own(known)
  }

  /// Runs a handler whose result does not matter.
  private static func run(
    _ data: UnsafeMutableRawPointer?, _ event: ExpatEvent,
    _ arguments: (ExpatParser) throws(Raised) -> Owned
  ) {
    guard let parser = ExpatParser.of(data) else { return }
    let result = ExpatEvent.call(parser, event) { () throws(Raised) in try arguments(parser) }
    Py_XDECREF(result)
  }

  /// Runs a handler that answers with an int; 0 when it failed.
  private static func ask(
    _ data: UnsafeMutableRawPointer?, _ event: ExpatEvent,
    _ arguments: (ExpatParser) throws(Raised) -> Owned
  ) -> Int32 {
    guard let parser = ExpatParser.of(data),
      let result = ExpatEvent.call(parser, event, { () throws(Raised) in try arguments(parser) })
    else { return 0 }
    defer { Py_DECREF(result) }
    let value = PyLong_AsLong(result)
    if value == -1 && hasRaised() {
      parser.stop()
      return 0
    }
    return Int32(truncatingIfNeeded: value)
  }

  static let startElement: XML_StartElementHandler = { data, name, attributes in
    run(data, .startElement) { (parser) throws(Raised) in
      var count = 0
      if parser.layout.pointee.specifiedAttributes != 0 {
        count = parser.parser.map { Int(XML_GetSpecifiedAttributeCount($0)) } ?? 0
      } else if let attributes {
        while attributes[count] != nil { count += 2 }
      }
      let ordered = parser.layout.pointee.orderedAttributes != 0
      let container = ordered ? try own(PyList_New(0)) : try own(PyDict_New())
      var index = 0
      while index < count {
        let key = try ExpatHandlers.name(parser, attributes?[index])
        let value = try string(attributes?[index + 1])
        if ordered {
          try check(PyList_Append(container.ref, key.ref))
          try check(PyList_Append(container.ref, value.ref))
        } else {
          try check(PyDict_SetItem(container.ref, key.ref, value.ref))
        }
        index += 2
      }
      let tag = try ExpatHandlers.name(parser, name)
      return try tuple(tag, container)
    }
  }

  static let endElement: XML_EndElementHandler = { data, name in
    run(data, .endElement) { (parser) throws(Raised) in
      try tuple(try ExpatHandlers.name(parser, name))
    }
  }

  static let processingInstruction: XML_ProcessingInstructionHandler = { data, target, text in
    run(data, .processingInstruction) { (parser) throws(Raised) in
      let name = try ExpatHandlers.name(parser, target)
      return try tuple(name, try string(text))
    }
  }

  static let characterData: XML_CharacterDataHandler = { data, text, count in
    guard let parser = ExpatParser.of(data), let text else { return }
    parser.characters(text, Int(count))
  }

  static let unparsedEntityDecl: XML_UnparsedEntityDeclHandler = {
    data, entity, base, system, publicId, notation in
    run(data, .unparsedEntityDecl) { (parser) throws(Raised) in
      try names(parser, [entity, base, system, publicId, notation])
    }
  }

  static let notationDecl: XML_NotationDeclHandler = { data, notation, base, system, publicId in
    run(data, .notationDecl) { (parser) throws(Raised) in
      try names(parser, [notation, base, system, publicId])
    }
  }

  /// A tuple of names.
  private static func names(_ parser: ExpatParser, _ texts: [Text?]) throws(Raised) -> Owned {
    let result = try own(PyTuple_New(texts.count))
    for (index, text) in texts.enumerated() {
      apus_tuple_items(result.ref)[index] = try name(parser, text).give()
    }
    return result
  }

  static let startNamespaceDecl: XML_StartNamespaceDeclHandler = { data, prefix, uri in
    run(data, .startNamespaceDecl) { (parser) throws(Raised) in try names(parser, [prefix, uri]) }
  }

  static let endNamespaceDecl: XML_EndNamespaceDeclHandler = { data, prefix in
    run(data, .endNamespaceDecl) { (parser) throws(Raised) in try names(parser, [prefix]) }
  }

  static let comment: XML_CommentHandler = { data, text in
    run(data, .comment) { (_) throws(Raised) in try tuple(try string(text)) }
  }

  static let startCdataSection: XML_StartCdataSectionHandler = { data in
    run(data, .startCdataSection) { (_) throws(Raised) in try own(PyTuple_New(0)) }
  }

  static let endCdataSection: XML_EndCdataSectionHandler = { data in
    run(data, .endCdataSection) { (_) throws(Raised) in try own(PyTuple_New(0)) }
  }

  static let defaultData: XML_DefaultHandler = { data, text, count in
    run(data, .defaultData) { (_) throws(Raised) in try tuple(try string(text, count)) }
  }

  static let defaultExpand: XML_DefaultHandler = { data, text, count in
    run(data, .defaultExpand) { (_) throws(Raised) in try tuple(try string(text, count)) }
  }

  static let notStandalone: XML_NotStandaloneHandler = { data in
    ask(data, .notStandalone) { (_) throws(Raised) in try own(PyTuple_New(0)) }
  }

  static let externalEntityRef: XML_ExternalEntityRefHandler = {
    expat, context, base, system, publicId in
    ask(userData(expat), .externalEntityRef) { (parser) throws(Raised) in
      let place = try string(context)
      let baseName = try name(parser, base)
      let systemName = try name(parser, system)
      let publicName = try name(parser, publicId)
      return try tuple(place, baseName, systemName, publicName)
    }
  }

  static let startDoctypeDecl: XML_StartDoctypeDeclHandler = {
    data, doctype, system, publicId, internalSubset in
    run(data, .startDoctypeDecl) { (parser) throws(Raised) in
      let doctypeName = try name(parser, doctype)
      let systemName = try name(parser, system)
      let publicName = try name(parser, publicId)
      return try tuple(doctypeName, systemName, publicName, try int(Int(internalSubset)))
    }
  }

  static let endDoctypeDecl: XML_EndDoctypeDeclHandler = { data in
    run(data, .endDoctypeDecl) { (_) throws(Raised) in try own(PyTuple_New(0)) }
  }

  static let entityDecl: XML_EntityDeclHandler = {
    data, entity, isParameter, value, count, base, system, publicId, notation in
    run(data, .entityDecl) { (parser) throws(Raised) in
      let result = try own(PyTuple_New(7))
      let items = apus_tuple_items(result.ref)
      items[0] = try name(parser, entity).give()
      items[1] = try int(Int(isParameter)).give()
      items[2] = try string(value, count).give()
      items[3] = try name(parser, base).give()
      items[4] = try name(parser, system).give()
      items[5] = try name(parser, publicId).give()
      items[6] = try name(parser, notation).give()
      return result
    }
  }

  static let xmlDecl: XML_XmlDeclHandler = { data, version, encoding, standalone in
    run(data, .xmlDecl) { (_) throws(Raised) in
      let versionText = try string(version)
      let encodingText = try string(encoding)
      return try tuple(versionText, encodingText, try int(Int(standalone)))
    }
  }

  static let elementDecl: XML_ElementDeclHandler = { data, element, model in
    guard let parser = ExpatParser.of(data), let model else { return }
    run(data, .elementDecl) { (parser) throws(Raised) in
      let elementName = try name(parser, element)
      return try tuple(elementName, try content(model.pointee))
    }
    if let expat = parser.parser { XML_FreeContentModel(expat, model) }
  }

  /// A content model as `(type, quantifier, name, children)`.
  private static func content(_ model: XML_Content) throws(Raised) -> Owned {
    guard Py_EnterRecursiveCall(" in conv_content_model") == 0 else { throw Raised() }
    defer { Py_LeaveRecursiveCall() }
    let children = try own(PyTuple_New(Int(model.numchildren)))
    for index in 0..<Int(model.numchildren) {
      guard let child = model.children?[index] else { break }
      apus_tuple_items(children.ref)[index] = try content(child).give()
    }
    let kind = try int(Int(model.type.rawValue))
    let quantifier = try int(Int(model.quant.rawValue))
    let elementName = try string(UnsafePointer(model.name))
    return try tuple(kind, quantifier, elementName, children)
  }

  static let attlistDecl: XML_AttlistDeclHandler = {
    data, element, attribute, type, fallback, isRequired in
    run(data, .attlistDecl) { (parser) throws(Raised) in
      let result = try own(PyTuple_New(5))
      let items = apus_tuple_items(result.ref)
      items[0] = try name(parser, element).give()
      items[1] = try name(parser, attribute).give()
      items[2] = try string(type).give()
      items[3] = try string(fallback).give()
      items[4] = try int(Int(isRequired)).give()
      return result
    }
  }

  static let skippedEntity: XML_SkippedEntityHandler = { data, entity, isParameter in
    run(data, .skippedEntity) { (parser) throws(Raised) in
      let entityName = try name(parser, entity)
      return try tuple(entityName, try int(Int(isParameter)))
    }
  }

  /// Expat hands this event the parser, which begins with its user data.
  private static func userData(_ parser: OpaquePointer?) -> UnsafeMutableRawPointer? {
    parser.flatMap { UnsafeRawPointer($0).load(as: UnsafeMutableRawPointer?.self) }
  }
}
