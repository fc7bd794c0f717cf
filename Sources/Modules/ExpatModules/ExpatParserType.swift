import CExpat
import CPythonABI
import Objects

/// The attributes and methods of pyexpat.xmlparser.
extension ExpatParser {
  private static let parseMethod: Method = .fast(
    "Parse($self, data, isfinal=False, /)",
    "Parse XML data.\n\n'isfinal' says that no more data follows."
  ) { object, args, count in
    new {
      let a = try Arguments(parseMethod, args, count)
      let isFinal = try a.bool(1)
      return try ExpatParser(object).parse(a.object(0), isFinal: isFinal)
    }
  }

  private static let parseFileMethod: Method = .o(
    "ParseFile($self, file, /)", "Parse XML data from file-like object."
  ) { object, file in new { try ExpatParser(object).parseFile(file) } }

  private static let setBase: Method = .o("SetBase($self, base, /)", "Set the base URL for the parser.") {
    object, base in
    none {
      guard base.isStr else {
        throw Objects.badArgument("SetBase", "argument", expected: "str", got: base)
      }
      let text = try utf8(base)
      guard let parser = ExpatParser(object).parser, XML_SetBase(parser, text) != XML_STATUS_ERROR
      else { throw raiseNoMemory() }
    }
  }

  private static let getBase: Method = .noargs("GetBase($self, /)", "Return base URL string for the parser.") {
    object, _ in
    new { try ExpatHandlers.string(ExpatParser(object).parser.flatMap { XML_GetBase($0) }) }
  }

  private static let inputContext: Method = .noargs(
    "GetInputContext($self, /)",
    "The untranslated text of the input that caused the current event, as bytes.\n\nNone outside a handler."
  ) { object, _ in
    new {
      let it = ExpatParser(object)
      guard it.layout.pointee.inCallback != 0, let parser = it.parser else {
        return noneObject().retained()
      }
      var offset: Int32 = 0
      var size: Int32 = 0
      guard let text = XML_GetInputContext(parser, &offset, &size) else {
        return noneObject().retained()
      }
      return try own(PyBytes_FromStringAndSize(text + Int(offset), Int(size - offset)))
    }
  }

  private static let childMethod: Method = .fast(
    "ExternalEntityParserCreate($self, context, encoding=<unrepresentable>,\n                           /)",
    "Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler."
  ) { object, args, count in
    new {
      let a = try Arguments(childMethod, args, count)
      let context = try a.strOrNone(0)
      let encoding = try a.str(1)
      return try ExpatParser(object).child(context: context, encoding: encoding)
    }
  }

  private static let setParamEntityParsing: Method = .o(
    "SetParamEntityParsing($self, flag, /)",
    """
    Controls parsing of parameter entities (including the external DTD subset).

    The flag is XML_PARAM_ENTITY_PARSING_NEVER, XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE or
    XML_PARAM_ENTITY_PARSING_ALWAYS. Returns whether setting it was successful.
    """
  ) { object, flag in
    new {
      let value = PyLong_AsInt(flag)
      if value == -1 && hasRaised() { throw Raised() }
      guard let parser = ExpatParser(object).parser else { throw Raised() }
      return try int(
        Int(XML_SetParamEntityParsing(parser, XML_ParamEntityParsing(UInt32(bitPattern: value)))))
    }
  }

  private static let useForeignDTD: Method = .fast(
    "UseForeignDTD($self, flag=True, /)",
    "Lets the application give an external subset to documents that name none.\n\nMust be called before the parse begins; ExternalEntityRefHandler then gets None for both identifiers."
  ) { object, args, count in
    none {
      let a = try Arguments(useForeignDTD, args, count)
      let flag = try a.bool(0, default: true)
      guard let parser = ExpatParser(object).parser else { throw Raised() }
      let code = XML_UseForeignDTD(parser, flag ? 1 : 0)
      if code != XML_ERROR_NONE { throw raiseError(parser, code) }
    }
  }

  private static let setReparseDeferral: Method = .o(
    "SetReparseDeferralEnabled($self, enabled, /)",
    "Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0."
  ) { object, enabled in none { try check(PyObject_IsTrue(enabled)) } }

  private static let getReparseDeferral: Method = .noargs(
    "GetReparseDeferralEnabled($self, /)",
    "Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0."
  ) { object, _ in boolObject(ExpatParser(object).layout.pointee.reparseDeferral != 0) }

  // MARK: Properties

  private static let getHandler: Property.Getter = { object, closure in
    guard let event = ExpatEvent(rawValue: Int(bitPattern: closure)) else { return nil }
    return Py_NewRef(ExpatParser(object).handler(event) ?? noneObject())
  }

  private static let setHandlerProperty: Property.Setter = { object, value, closure in
    status {
      guard let event = ExpatEvent(rawValue: Int(bitPattern: closure)) else { throw Raised() }
      try ExpatParser(object).setHandler(event, value)
    }
  }

  /// A flag of the object; the closure is its byte offset.
  private static func flag(_ name: StaticString, _ offset: Int) -> Property {
    Property(
      name, closure: offset,
      get: { object, closure in
        boolObject(
          (UnsafeRawPointer(object) + Int(bitPattern: closure)).load(as: UInt8.self) != 0)
      },
      set: { object, value, closure in
        status {
          guard let value else { throw raise(.runtimeError, "Cannot delete attribute") }
          let on = try check(PyObject_IsTrue(value)) != 0
          (UnsafeMutableRawPointer(object) + Int(bitPattern: closure))
            .storeBytes(of: on ? 1 : 0, as: UInt8.self)
          if Int(bitPattern: closure) == MemoryLayout<Layout>.at(\.namespacePrefixes),
            let parser = ExpatParser(object).parser
          {
            XML_SetReturnNSTriplet(parser, on ? 1 : 0)
          }
        }
      })
  }

  private static func setBufferText(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.runtimeError, "Cannot delete attribute") }
    let on = try check(PyObject_IsTrue(value)) != 0
    let parser = ExpatParser(object)
    if on {
      if parser.layout.pointee.buffer != nil { return }
      guard let memory = PyMem_Malloc(parser.layout.pointee.bufferSize) else {
        throw raiseNoMemory()
      }
      parser.layout.pointee.buffer = memory.assumingMemoryBound(to: CChar.self)
      parser.layout.pointee.bufferUsed = 0
    } else if parser.layout.pointee.buffer != nil {
      guard parser.flush() else { throw Raised() }
      PyMem_Free(parser.layout.pointee.buffer)
      parser.layout.pointee.buffer = nil
    }
  }

  private static func setBufferSize(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.runtimeError, "Cannot delete attribute") }
    guard value.isInt else { throw raise(.typeError, "buffer_size must be an integer") }
    let size = PyLong_AsLong(value)
    if size <= 0 {
      if !hasRaised() { throw raise(.valueError, "buffer_size must be greater than zero") }
      throw Raised()
    }
    let parser = ExpatParser(object)
    if size == parser.layout.pointee.bufferSize { return }
    guard size <= Int(Int32.max) else {
      throw raise(.valueError, "buffer_size must not be greater than \(Int32.max)")
    }
    if parser.layout.pointee.buffer != nil {
      guard parser.flush() else { throw Raised() }
      guard let memory = PyMem_Malloc(size) else { throw raiseNoMemory() }
      PyMem_Free(parser.layout.pointee.buffer)
      parser.layout.pointee.buffer = memory.assumingMemoryBound(to: CChar.self)
    }
    parser.layout.pointee.bufferSize = size
  }

  /// What Expat tells about the place; read-only.
  private static func place(
    _ name: StaticString, _ get: @escaping @convention(c) (Ref, UnsafeMutableRawPointer?) -> Ref?
  ) -> Property { Property(name, get: get) }

  private static var properties: [Property] {
    ExpatEvent.all.map {
      Property(
        $0.attribute, closure: $0.rawValue, get: getHandler, set: setHandlerProperty)
    } + [
      place("ErrorCode") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetErrorCode($0).rawValue) } ?? 0)
      },
      place("ErrorLineNumber") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentLineNumber($0)) } ?? 0)
      },
      place("ErrorColumnNumber") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentColumnNumber($0)) } ?? 0)
      },
      place("ErrorByteIndex") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentByteIndex($0)) } ?? 0)
      },
      place("CurrentLineNumber") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentLineNumber($0)) } ?? 0)
      },
      place("CurrentColumnNumber") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentColumnNumber($0)) } ?? 0)
      },
      place("CurrentByteIndex") { object, _ in
        PyLong_FromLong(ExpatParser(object).parser.map { Int(XML_GetCurrentByteIndex($0)) } ?? 0)
      },
      Property(
        "buffer_size",
        get: { object, _ in PyLong_FromLong(ExpatParser(object).layout.pointee.bufferSize) },
        set: { object, value, _ in status { try ExpatParser.setBufferSize(object, value) } }),
      Property(
        "buffer_text",
        get: { object, _ in boolObject(ExpatParser(object).layout.pointee.buffer != nil) },
        set: { object, value, _ in status { try ExpatParser.setBufferText(object, value) } }),
      Property(
        "buffer_used",
        get: { object, _ in PyLong_FromLong(ExpatParser(object).layout.pointee.bufferUsed) }),
      flag("namespace_prefixes", MemoryLayout<Layout>.at(\.namespacePrefixes)),
      flag("ordered_attributes", MemoryLayout<Layout>.at(\.orderedAttributes)),
      flag("specified_attributes", MemoryLayout<Layout>.at(\.specifiedAttributes)),
    ]
  }

  static let spec = TypeSpec(
    type, "pyexpat.xmlparser", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], doc: "XML parser", base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let parser = ExpatParser(object)
        if let expat = parser.parser { XML_ParserFree(expat) }
        parser.layout.pointee.parser = nil
        PyMem_Free(parser.layout.pointee.buffer)
        clearReference(&object.view(Layout.self).pointee.names)
        parser.clearHandlers()
        PyMem_Free(parser.layout.pointee.handlers)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let parser = ExpatParser(object)
        for event in ExpatEvent.all {
          guard let handler = parser.handler(event) else { continue }
          let answer = visit(handler, argument)
          if answer != 0 { return answer }
        }
        return visitReferences(visit, argument, parser.layout.pointee.names, nil)
      },
      .tp_clear { object in
        ExpatParser(object).clearHandlers()
        clearReference(&object.view(Layout.self).pointee.names)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      parseMethod, parseFileMethod, setBase, getBase, inputContext, childMethod,
      setParamEntityParsing, useForeignDTD, setReparseDeferral, getReparseDeferral,
    ],
    members: [
      Member("intern", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.names), flags: Py_READONLY)
    ],
    properties: properties)
}
