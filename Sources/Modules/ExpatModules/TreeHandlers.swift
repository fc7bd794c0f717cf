import CExpat
import CPythonABI
import Glibc
import Objects

/// The functions that Expat calls for XMLParser.
enum TreeHandlers {
  /// Runs a handler unless an exception is set already.
  private static func run(
    _ data: UnsafeMutableRawPointer?, _ body: (TreeParser) throws(Raised) -> Void
  ) {
    guard !hasRaised(), let parser = TreeParser.of(data) else { return }
    do { try body(parser) } catch {}
  }

  /// Calls a method of the target and drops the result.
  private static func tell(_ handler: Ref, _ args: [Ref]) throws(Raised) {
    let held = handler.retained()
    let result = args.withUnsafeBufferPointer {
      PyObject_Vectorcall(held.ref, $0.baseAddress, $0.count, nil)
    }
    _ = try own(result)
  }

  static let start: XML_StartElementHandler = { data, name, attributes in
    run(data) { (parser) throws(Raised) in
      guard let name else { return }
      let tag = try parser.universal(name)
      var dict: Ref?
      defer { Py_XDECREF(dict) }
      if var place = attributes, place.pointee != nil {
        let made = try own(PyDict_New())
        while let key = place[0], let value = place[1] {
          let keyName = try parser.universal(key)
          let text = try ExpatHandlers.string(value)
          try check(PyDict_SetItem(made.ref, keyName.ref, text.ref))
          place += 2
        }
        dict = made.give()
      }
      if let builder = parser.builder {
        _ = try builder.start(tag.ref, dict)
      } else if let handler = parser.handler(.start) {
        if dict == nil { dict = try own(PyDict_New()).give() }
        try tell(handler, [tag.ref, dict ?? noneObject()])
      }
    }
  }

  static let end: XML_EndElementHandler = { data, name in
    run(data) { (parser) throws(Raised) in
      if let builder = parser.builder {
        _ = try builder.end()
      } else if let handler = parser.handler(.end), let name {
        let tag = try parser.universal(name)
        try tell(handler, [tag.ref])
      }
    }
  }

  static let data: XML_CharacterDataHandler = { data, text, count in
    run(data) { (parser) throws(Raised) in
      let value = try ExpatHandlers.string(text, count)
      if let builder = parser.builder {
        try builder.data(value.ref)
      } else if let handler = parser.handler(.data) {
        try tell(handler, [value.ref])
      }
    }
  }

  /// What Expat does not know: the reference of an entity.
  static let reference: XML_DefaultHandler = { data, text, count in
    run(data) { (parser) throws(Raised) in
      guard let text, count >= 2, text[0] == 38, let entities = parser.layout.pointee.entity else {
        return
      }
      let key = try own(PyUnicode_DecodeUTF8(text + 1, Int(count) - 2, "strict"))
      var found: Ref?
      if try check(PyDict_GetItemRef(entities, key.ref, &found)) != 0 {
        let value = try own(found)
        if let builder = parser.builder {
          try builder.data(value.ref)
        } else if let handler = parser.handler(.data) {
          try tell(handler, [value.ref])
        }
        return
      }
      guard let expat = parser.layout.pointee.parser else { return }
      throw parser.raiseError(
        "undefined entity &\(Objects.text(of: key.ref));", 11,
        Int(XML_GetCurrentLineNumber(expat)), Int(XML_GetCurrentColumnNumber(expat)))
    }
  }

  static let startNamespace: XML_StartNamespaceDeclHandler = { data, prefix, uri in
    run(data) { (parser) throws(Raised) in
      let prefixText = try prefix == nil ? apus_str_empty().retained() : ExpatHandlers.string(prefix)
      let uriText = try uri == nil ? apus_str_empty().retained() : ExpatHandlers.string(uri)
      if let builder = parser.builder {
        let pair = try tuple(prefixText, uriText)
        try builder.report(.startNamespace, pair.ref)
      } else if let handler = parser.handler(.startNamespace) {
        try tell(handler, [prefixText.ref, uriText.ref])
      }
    }
  }

  static let endNamespace: XML_EndNamespaceDeclHandler = { data, prefix in
    run(data) { (parser) throws(Raised) in
      if let builder = parser.builder {
        try builder.report(.endNamespace, noneObject())
      } else if let handler = parser.handler(.endNamespace) {
        let text = try prefix == nil ? apus_str_empty().retained() : ExpatHandlers.string(prefix)
        try tell(handler, [text.ref])
      }
    }
  }

  static let comment: XML_CommentHandler = { data, text in
    run(data) { (parser) throws(Raised) in
      let value = try ExpatHandlers.string(text)
      if let builder = parser.builder {
        _ = try builder.comment(value.ref)
      } else if let handler = parser.handler(.comment) {
        try tell(handler, [value.ref])
      }
    }
  }

  static let instruction: XML_ProcessingInstructionHandler = { data, target, text in
    run(data) { (parser) throws(Raised) in
      let name = try ExpatHandlers.string(target)
      let value = try ExpatHandlers.string(text)
      if let builder = parser.builder {
        let fields = builder.layout.pointee
        guard fields.insertsInstructions != 0 || fields.events & TreeEvent.instruction.bit != 0
        else { return }
        _ = try builder.instruction(name.ref, value.ref)
      } else if let handler = parser.handler(.instruction) {
        try tell(handler, [name.ref, value.ref])
      }
    }
  }

  static let doctype: XML_StartDoctypeDeclHandler = { data, name, system, publicId, _ in
    run(data) { (parser) throws(Raised) in
      guard let name else { return }
      let doctypeName = try parser.universal(name)
      let systemText = try ExpatHandlers.string(system)
      let publicText = try ExpatHandlers.string(publicId)
      if let handler = parser.handler(.doctype) {
        return try tell(handler, [doctypeName.ref, publicText.ref, systemText.ref])
      }
      var method: Ref?
      try check(PyObject_GetOptionalAttrString(parser.ref, "doctype", &method))
      guard let method else { return }
      Py_DECREF(method)
      try check(
        PyErr_WarnEx(
          .runtimeWarning,
          "The doctype() method of XMLParser is ignored.  Define doctype() method on the "
            + "TreeBuilder target.", 1))
    }
  }
}
