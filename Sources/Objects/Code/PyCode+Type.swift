import CPythonABI
import Numerics

extension PyCode {
  // MARK: Attributes

  private static func held(_ value: Ref?) -> Ref? {
    let value = value ?? noneObject()
    Py_INCREF(value)
    return value
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<PyCodeObject> {
    object.view(PyCodeObject.self)
  }

  static let members: [Member] = [
    Member("co_nlocals", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_nlocals), flags: Py_READONLY, "Local variables."),
    Member("co_linetable", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_lnotab310), flags: Py_READONLY, "Lines of instructions, in the format of 3.10."),
    Member("co_argcount", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_argcount), flags: Py_READONLY, "Parameters without * and keyword-only ones."),
    Member("co_posonlyargcount", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_posonlyargcount), flags: Py_READONLY, "Positional-only parameters."),
    Member("co_kwonlyargcount", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_kwonlyargcount), flags: Py_READONLY, "Keyword-only parameters."),
    Member("co_stacksize", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_stacksize), flags: Py_READONLY, "Entries the value stack needs."),
    Member("co_flags", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_flags), flags: Py_READONLY, "Bits that describe the code."),
    Member("co_names", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_names), flags: Py_READONLY, "Names used besides local variables."),
    Member("co_filename", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_filename), flags: Py_READONLY, "Where the source is."),
    Member("co_name", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_name), flags: Py_READONLY, "The function's name."),
    Member("co_qualname", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_qualname), flags: Py_READONLY, "The function's qualified name."),
    Member("co_firstlineno", Py_T_INT, offset: MemoryLayout<PyCodeObject>.at(\.co_firstlineno), flags: Py_READONLY, "The first line."),
    Member("co_exceptiontable", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_exceptiontable), flags: Py_READONLY, "Empty: handlers are found through blocks."),
    Member("co_consts", _Py_T_OBJECT, offset: MemoryLayout<PyCodeObject>.at(\.co_consts), flags: Py_READONLY, "Constants."),
  ]

  static let properties: [Property] = [
    Property("co_code", "The wordcode.", get: { object, _ in held(view(object).pointee.co_wordcode) }),
    Property("_co_code_adaptive", "The wordcode as it is executed.", get: { object, _ in held(view(object).pointee.co_wordcode) }),
    Property("co_varnames", "Names of local variables, parameters first.", get: { object, _ in held(view(object).pointee.co_varnames) }),
    Property("co_cellvars", "Local variables that inner functions use.", get: { object, _ in held(view(object).pointee.co_cellvars) }),
    Property("co_freevars", "Variables of outer functions.", get: { object, _ in held(view(object).pointee.co_freevars) }),
    Property("_co_locations", "Positions of instructions, in the format of 3.11.", get: { object, _ in held(view(object).pointee.co_linetable) }),
    Property("co_lnotab", "Lines of instructions, in the format of 3.9.", get: { object, _ in new { try oldLineTable(object) } }),
  ]

  /// `co_lnotab` (deprecated): unsigned byte distances and signed line distances.
  private static func oldLineTable(_ object: Ref) throws(Raised) -> Owned {
    try check(
      PyErr_WarnEx(.deprecationWarning, "co_lnotab is deprecated, use co_lines instead.", 1))
    let bytes = try own(PyByteArray_FromStringAndSize(nil, 0))
    var table = LineTable(view(object))
    var line = Int(view(object).pointee.co_firstlineno)
    var address = 0
    func append(_ distance: Int, _ lines: Int) throws(Raised) {
      let size = PyByteArray_Size(bytes.ref)
      try check(PyByteArray_Resize(bytes.ref, size + 2))
      guard let data = PyByteArray_AsString(bytes.ref) else { throw Raised() }
      data[size] = CChar(truncatingIfNeeded: distance)
      data[size + 1] = CChar(truncatingIfNeeded: lines)
    }
    while let range = table.next() {
      if range.line < 0 || range.line == line { continue }
      var distance = range.start - address
      var lines = range.line - line
      while distance > 255 {
        try append(255, 0)
        distance -= 255
      }
      while lines < -128 || lines > 127 {
        let step = lines < 0 ? -128 : 127
        try append(distance, step)
        distance = 0
        lines -= step
      }
      try append(distance, lines)
      address = range.start
      line = range.line
    }
    return try own(PyBytes_FromObject(bytes.ref))
  }

  // MARK: Methods

  static let coLines: Method = .noargs(
    "co_lines($self, /)", "Iterate over (start, end, line) of the ranges of bytes that share a line."
  ) { object, _ in
    new {
      let list = try own(PyList_New(0))
      var table = LineTable(view(object))
      var last: (start: Int, end: Int, line: Int)?
      func flush() throws(Raised) {
        guard let range = last else { return }
        let entry = try own(PyTuple_New(3))
        apus_tuple_items(entry.ref)[0] = try own(PyLong_FromSsize_t(range.start)).give()
        apus_tuple_items(entry.ref)[1] = try own(PyLong_FromSsize_t(range.end)).give()
        apus_tuple_items(entry.ref)[2] =
          range.line < 0 ? noneObject() : try own(PyLong_FromSsize_t(range.line)).give()
        try check(PyList_Append(list.ref, entry.ref))
      }
      // Before the first instruction a frame is at its definition; a module has none, which is 0.
      let code = view(object)
      let isModule =
        code.pointee.co_flags & 0x2 == 0
        && PyUnicode_CompareWithASCIIString(code.pointee.co_name, "<module>") == 0
      last = (-2, 0, isModule ? 0 : Int(code.pointee.co_firstlineno))
      try flush()
      last = nil
      while let range = table.next() {
        if let known = last, known.line == range.line {
          last = (known.start, range.end, known.line)
        } else {
          try flush()
          last = range
        }
      }
      try flush()
      return try CodeIterators.lines(list.ref)
    }
  }

  static let coPositions: Method = .noargs(
    "co_positions($self, /)",
    "Iterate over (line, end line, column, end column) of each instruction; None where unknown."
  ) { object, _ in
    new {
      let list = try own(PyList_New(0))
      var table = LocationTable(view(object))
      func item(_ value: Int) throws(Raised) -> Ref {
        value < 0 ? noneObject() : try own(PyLong_FromSsize_t(value)).give()
      }
      while let entry = table.next() {
        for _ in entry.start..<entry.end {
          let position = try own(PyTuple_New(4))
          let items = apus_tuple_items(position.ref)
          items[0] = try item(entry.position.line)
          items[1] = try item(entry.position.endLine)
          items[2] = try item(entry.position.column)
          items[3] = try item(entry.position.endColumn)
          try check(PyList_Append(list.ref, position.ref))
        }
      }
      return try CodeIterators.positions(list.ref)
    }
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "Memory of the object in bytes.") {
    object, _ in
    let code = view(object)
    return PyLong_FromSsize_t(
      MemoryLayout<PyCodeObject>.size + Int(code.pointee.co_ninstructions) * 8)
  }

  static let varnameFromOparg: Method = .keywords(
    "_varname_from_oparg($self, /, oparg)", "The name of a slot of the frame."
  ) { object, args, count, names in
    new {
      let arguments = try Arguments(varnameFromOparg, args, count, names)
      let index = Int(try arguments.int32(0))
      let table = view(object).pointee.co_localsplusnames
      guard index >= 0, index < apus_var_size(table) else {
        throw raise(.indexError, "tuple index out of range")
      }
      return apus_tuple_item(table, index).retained()
    }
  }

  static let replace: Method = .keywords(
    "replace($self, /, **changes)",
    "A copy with some fields changed."
  ) { object, args, count, names in
    new { try replaced(object, args, count, names) }
  }

  private static let replaceable = [
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize",
    "co_flags", "co_firstlineno", "co_code", "co_consts", "co_names", "co_varnames", "co_freevars",
    "co_cellvars", "co_filename", "co_name", "co_qualname", "co_linetable", "co_exceptiontable",
  ]

  private static func replaced(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    // Two more fields than Arguments holds are taken out by hand: the tables.
    var parts = current(object)
    guard count == 0 else {
      throw raise(.typeError, "replace() takes no positional arguments")
    }
    guard let names, let args else {
      try audit(parts)
      return try make(parts)
    }
    func int(_ value: Ref, _ least: Int32 = 0) throws(Raised) -> Int32 {
      let number = try own(PyNumber_Index(value))
      let wide = PyLong_AsLong(number.ref)
      if wide == -1 && hasRaised() { throw Raised() }
      guard let narrow = Int32(exactly: wide) else {
        throw raise(.overflowError, "Python int too large to convert to C int")
      }
      return narrow
    }
    func typed(_ value: Ref, _ type: TypeRef, _ name: String) throws(Raised) -> Ref {
      guard value.isInstance(of: type) else {
        throw raise(
          .typeError,
          "replace() argument '\(name)' must be \(type.name), not "
            + (value.isNone ? "None" : value.type.fullName))
      }
      return value
    }
    var localCount: Int32 = -1
    for index in 0..<apus_var_size(names) {
      let key = text(of: apus_tuple_item(names, index))
      let value = args[index]
      switch key {
      case "co_argcount": parts.argCount = try int(value)
      case "co_posonlyargcount": parts.posOnlyArgCount = try int(value)
      case "co_kwonlyargcount": parts.kwOnlyArgCount = try int(value)
      case "co_nlocals": localCount = try int(value)
      case "co_stacksize": parts.stackSize = try int(value)
      case "co_flags": parts.flags = try int(value)
      case "co_firstlineno": parts.firstLine = try int(value)
      case "co_code": parts.wordcode = try typed(value, bytesType(), key)
      case "co_consts": parts.constants = try typed(value, tupleType(), key)
      case "co_names": parts.names = try typed(value, tupleType(), key)
      case "co_varnames": parts.varNames = try typed(value, tupleType(), key)
      case "co_freevars": parts.freeVars = try typed(value, tupleType(), key)
      case "co_cellvars": parts.cellVars = try typed(value, tupleType(), key)
      case "co_filename": parts.fileName = try typed(value, strType(), key)
      case "co_name": parts.name = try typed(value, strType(), key)
      case "co_qualname": parts.qualifiedName = try typed(value, strType(), key)
      case "co_linetable": parts.lineTable = try typed(value, bytesType(), key)
      case "co_exceptiontable": _ = try typed(value, bytesType(), key)
      case "_co_locations": parts.locationTable = try typed(value, bytesType(), key)
      default:
        throw unexpectedKeyword("replace()", key, among: replaceable)
      }
    }
    if localCount >= 0 && Int(localCount) != apus_var_size(parts.varNames) {
      throw raise(.valueError, "code: co_nlocals != len(co_varnames)")
    }
    try audit(parts)
    try validate(parts)
    try audit(parts)
    return try make(parts)
  }

  /// Tells the audit hooks that a code object is made.
  private static func audit(_ parts: CodeParts) throws(Raised) {
    try Audit.send(
      "code.__new__",
      [
        .object(parts.wordcode), .object(parts.fileName), .object(parts.name),
        .int(Int(parts.argCount)), .int(Int(parts.posOnlyArgCount)), .int(Int(parts.kwOnlyArgCount)),
        .int(apus_var_size(parts.varNames)), .int(Int(parts.stackSize)), .int(Int(parts.flags)),
      ])
  }

  private static func current(_ object: Ref) -> CodeParts {
    let code = view(object)
    return CodeParts(
      argCount: code.pointee.co_argcount, posOnlyArgCount: code.pointee.co_posonlyargcount,
      kwOnlyArgCount: code.pointee.co_kwonlyargcount, stackSize: code.pointee.co_stacksize,
      flags: code.pointee.co_flags, firstLine: code.pointee.co_firstlineno,
      wordcode: code.pointee.co_wordcode, constants: code.pointee.co_consts,
      names: code.pointee.co_names, varNames: code.pointee.co_varnames,
      cellVars: code.pointee.co_cellvars, freeVars: code.pointee.co_freevars,
      fileName: code.pointee.co_filename, name: code.pointee.co_name,
      qualifiedName: code.pointee.co_qualname, lineTable: code.pointee.co_lnotab310,
      locationTable: code.pointee.co_linetable)
  }

  /// Refuses fields that contradict each other. CPython: Objects/codeobject.c, _PyCode_Validate.
  public static func validate(_ parts: CodeParts) throws(Raised) {
    let length = apus_var_size(parts.wordcode)
    for (name, count) in [
      ("co_argcount", parts.argCount), ("co_posonlyargcount", parts.posOnlyArgCount),
      ("co_kwonlyargcount", parts.kwOnlyArgCount), ("co_stacksize", parts.stackSize),
      ("co_flags", parts.flags), ("co_firstlineno", parts.firstLine),
    ] where count < 0 {
      throw raise(.valueError, "\(name) must be a positive integer")
    }
    if parts.argCount < parts.posOnlyArgCount || parts.posOnlyArgCount < 0
      || parts.kwOnlyArgCount < 0 || parts.stackSize < 0 || parts.flags < 0
    {
      throw raise(.systemError, "code: bad argument counts")
    }
    if length % 2 != 0 {
      throw raise(.valueError, "code: co_code is malformed")
    }
    for tuple in [parts.names, parts.varNames, parts.cellVars, parts.freeVars] {
      for index in 0..<apus_var_size(tuple) {
        let name = apus_tuple_item(tuple, index)
        guard name.isExactStr else {
          throw raise(.systemError, "non-string found in code slot")
        }
      }
    }
    var parameters = Int(parts.argCount) + Int(parts.kwOnlyArgCount)
    if parts.flags & 0x4 != 0 { parameters += 1 }
    if parts.flags & 0x8 != 0 { parameters += 1 }
    if parameters > apus_var_size(parts.varNames) {
      throw raise(.valueError, "code: varnames is too small")
    }
  }

  // MARK: Comparison

  private static func fields(_ object: Ref) -> [Ref] {
    let code = view(object)
    return [
      code.pointee.co_wordcode, code.pointee.co_consts, code.pointee.co_names,
      code.pointee.co_varnames, code.pointee.co_cellvars, code.pointee.co_freevars,
      code.pointee.co_name, code.pointee.co_linetable,
    ]
  }

  private static func isEqual(_ a: Ref, _ b: Ref) throws(Raised) -> Bool {
    let x = view(a)
    let y = view(b)
    if x.pointee.co_argcount != y.pointee.co_argcount
      || x.pointee.co_posonlyargcount != y.pointee.co_posonlyargcount
      || x.pointee.co_kwonlyargcount != y.pointee.co_kwonlyargcount
      || x.pointee.co_flags != y.pointee.co_flags
      || x.pointee.co_firstlineno != y.pointee.co_firstlineno
    {
      return false
    }
    for (left, right) in zip(fields(a), fields(b)) {
      if try !sameConstant(left, right) { return false }
    }
    return true
  }

  /// Equality of constants: 1, 1.0 and True differ, as do zeros of different sign.
  private static func sameConstant(_ a: Ref, _ b: Ref) throws(Raised) -> Bool {
    if a == b { return true }
    if a.type != b.type { return false }
    if a.isExactTuple {
      if apus_var_size(a) != apus_var_size(b) { return false }
      for index in 0..<apus_var_size(a)
      where try !sameConstant(apus_tuple_item(a, index), apus_tuple_item(b, index)) {
        return false
      }
      return true
    }
    if a.isExactFloat {
      let x = a.view(PyFloatObject.self).pointee.ob_fval
      let y = b.view(PyFloatObject.self).pointee.ob_fval
      return x.bitPattern == y.bitPattern
    }
    return try check(PyObject_RichCompareBool(a, b, Py_EQ)) != 0
  }

  private static func hash(_ object: Ref) throws(Raised) -> Int {
    let code = view(object)
    var result: UInt = 20_221_211
    func mix(_ value: Int) { result = (result ^ UInt(bitPattern: value)) &* 1_000_003 }
    for field in fields(object) where field.isExactStr || field.isBytes {
      mix(try check(PyObject_Hash(field)))
    }
    for field in [
      code.pointee.co_names, code.pointee.co_varnames, code.pointee.co_cellvars,
      code.pointee.co_freevars,
    ] {
      mix(try check(PyObject_Hash(field)))
    }
    mix(Int(code.pointee.co_argcount))
    mix(Int(code.pointee.co_posonlyargcount))
    mix(Int(code.pointee.co_kwonlyargcount))
    mix(Int(code.pointee.co_flags))
    mix(Int(code.pointee.co_firstlineno))
    mix(apus_var_size(code.pointee.co_wordcode))
    let signed = Int(bitPattern: result)
    return signed == -1 ? -2 : signed
  }

  // MARK: Construction

  /// `code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants,
  /// names, varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(),
  /// cellvars=())`
  private static func construct(_ tuple: Ref) throws(Raised) -> Owned {
    let count = apus_var_size(tuple)
    try checkPositional("code", count, least: 16, most: 18)
    func item(_ index: Int) -> Ref { apus_tuple_item(tuple, index) }
    func int(_ index: Int) throws(Raised) -> Int32 {
      let wide = PyLong_AsLong(item(index))
      if wide == -1 && hasRaised() { throw Raised() }
      guard let narrow = Int32(exactly: wide) else {
        throw raise(.overflowError, "Python int too large to convert to C int")
      }
      return narrow
    }
    func typed(_ index: Int, _ type: TypeRef) throws(Raised) -> Ref {
      guard item(index).isInstance(of: type) else {
        throw badArgument("code", "argument \(index + 1)", expected: type.name, got: item(index))
      }
      return item(index)
    }
    let empty = try own(PyTuple_New(0))
    let noLocations = try own(PyBytes_FromStringAndSize(nil, 0))
    let parts = CodeParts(
      argCount: try int(0), posOnlyArgCount: try int(1), kwOnlyArgCount: try int(2),
      stackSize: try int(4), flags: try int(5), firstLine: try int(13),
      wordcode: try typed(6, bytesType()), constants: try typed(7, tupleType()),
      names: try typed(8, tupleType()), varNames: try typed(9, tupleType()),
      cellVars: count > 17 ? try typed(17, tupleType()) : empty.ref,
      freeVars: count > 16 ? try typed(16, tupleType()) : empty.ref,
      fileName: try typed(10, strType()), name: try typed(11, strType()),
      qualifiedName: try typed(12, strType()), lineTable: try typed(14, bytesType()),
      locationTable: noLocations.ref)
    if Int(try int(3)) != apus_var_size(parts.varNames) {
      throw raise(.valueError, "code: co_nlocals != len(co_varnames)")
    }
    try validate(parts)
    return try make(parts)
  }

  public static let spec = TypeSpec(
    codeType(), "code", basicSize: MemoryLayout<PyCodeObject>.size,
    doc:
      "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     cellvars=(), /)\n--\n\nCompiled code. Not for everyday use.",
    base: objectType(), weakListOffset: 144,
    slots: [
      .tp_dealloc { deallocate($0) },
      .tp_repr { object in
        let code = view(object)
        let name = text(of: code.pointee.co_name)
        let file = text(of: code.pointee.co_filename)
        let address = String(UInt(bitPattern: object), radix: 16)
        let line = code.pointee.co_firstlineno != 0 ? Int(code.pointee.co_firstlineno) : -1
        return newString("<code object \(name) at 0x\(address), file \"\(file)\", line \(line)>")
      },
      .tp_hash { object in size { try hash(object) } },
      .tp_richcompare { a, b, operation in
        guard operation == Py_EQ || operation == Py_NE, b.type == codeType(), a.type == codeType()
        else { return notImplementedObject() }
        return bool { try isEqual(a, b) == (operation == Py_EQ) }
      },
      .tp_new { _, args, keywords in
        new {
          if let keywords, PyDict_Size(keywords) > 0 {
            throw raise(.typeError, "code() takes no keyword arguments")
          }
          return try construct(args)
        }
      },
    ],
    methods: [sizeof, coLines, coPositions, replace, varnameFromOparg,
      Method.keywords("__replace__($self, /, **changes)", "The same as replace().") { object, args, count, names in
        new { try replaced(object, args, count, names) }
      }],
    members: members, properties: properties)
}
