import Bytecode
import CPythonABI
import Glibc

/// What a code object is made of. All references are borrowed from the maker.
public struct CodeParts {
  public var argCount: Int32
  public var posOnlyArgCount: Int32
  public var kwOnlyArgCount: Int32
  public var stackSize: Int32
  public var flags: Int32
  public var firstLine: Int32
  /// bytes: the wordcode.
  public var wordcode: Ref
  /// tuples
  public var constants: Ref
  public var names: Ref
  public var varNames: Ref
  public var cellVars: Ref
  public var freeVars: Ref
  /// str
  public var fileName: Ref
  public var name: Ref
  public var qualifiedName: Ref
  /// bytes: 3.10's format.
  public var lineTable: Ref
  /// bytes: 3.11's location format; empty when there are no columns.
  public var locationTable: Ref

  public init(
    argCount: Int32, posOnlyArgCount: Int32, kwOnlyArgCount: Int32, stackSize: Int32,
    flags: Int32, firstLine: Int32, wordcode: Ref, constants: Ref, names: Ref, varNames: Ref,
    cellVars: Ref, freeVars: Ref, fileName: Ref, name: Ref, qualifiedName: Ref, lineTable: Ref,
    locationTable: Ref
  ) {
    self.argCount = argCount
    self.posOnlyArgCount = posOnlyArgCount
    self.kwOnlyArgCount = kwOnlyArgCount
    self.stackSize = stackSize
    self.flags = flags
    self.firstLine = firstLine
    self.wordcode = wordcode
    self.constants = constants
    self.names = names
    self.varNames = varNames
    self.cellVars = cellVars
    self.freeVars = freeVars
    self.fileName = fileName
    self.name = name
    self.qualifiedName = qualifiedName
    self.lineTable = lineTable
    self.locationTable = locationTable
  }
}

/// code: immutable compiled code. CPython: Objects/codeobject.c.
public struct PyCode {
  public typealias Object = PyCodeObject
  public let code: UnsafeMutablePointer<PyCodeObject>

  public init(_ object: Ref) { code = object.view(PyCodeObject.self) }

  /// Kinds in `co_localspluskinds`.
  enum LocalKind {
    static let local: UInt8 = 0x20
    static let cell: UInt8 = 0x40
    static let free: UInt8 = 0x80
  }

  /// Words of a frame before its locals.
  private static let frameHeaderWords: Int32 = 9

  /// False with `-X no_debug_ranges`: code objects keep the lines of their instructions only.
  nonisolated(unsafe) public static var keepsColumns = true

  /// A location table that says no more than the lines.
  private static func withoutColumns(_ table: Ref, _ firstLine: Int) throws(Raised) -> Owned {
    let bytes = UnsafeBufferPointer(start: apus_bytes_data(table), count: apus_var_size(table))
    var writer = LocationTableWriter(firstLine: firstLine)
    for location in LocationTableReader(Array(bytes), firstLine: firstLine) {
      writer.add(
        CodeLocation(line: location.line, endLine: location.line, column: -1, endColumn: -1),
        count: 1)
    }
    return try own(
      writer.bytes.withUnsafeBytes {
        PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      })
  }

  /// Interns the names in a tuple: calls and inline caches tell names apart by identity.
  /// CPython: Objects/codeobject.c, intern_strings.
  private static func intern(_ names: Ref) {
    let items = apus_tuple_items(names)
    for index in 0..<apus_var_size(names) {
      if let name = items[index], name.isExactStr, apus_str_interned(name) == 0 {
        PyUnicode_InternInPlace(items + index)
      }
    }
  }

  /// A new code object.
  public static func make(_ parts: CodeParts) throws(Raised) -> Owned {
    // Words of a frame; one more than the stack: a value sent to a generator.
    let words = Int(frameHeaderWords) + apus_var_size(parts.varNames)
      + apus_var_size(parts.cellVars) + apus_var_size(parts.freeVars) + Int(parts.stackSize) + 1
    if words > Int(Int32.max) / MemoryLayout<Ref>.stride {
      throw raise(.overflowError, "code: co_stacksize is too large")
    }
    let locationTable =
      try keepsColumns
      ? parts.locationTable.retained() : withoutColumns(parts.locationTable, Int(parts.firstLine))
    for names in [parts.names, parts.varNames, parts.cellVars, parts.freeVars] { intern(names) }
    guard let object = PyType_GenericAlloc(codeType(), 0) else { throw Raised() }
    let code = object.view(PyCodeObject.self)
    // Every reference first, so that a failure below can let go of the whole.
    func keep(_ value: Ref) -> Ref {
      Py_INCREF(value)
      return value
    }
    code.pointee.ob_base.ob_size = 0
    code.pointee.co_consts = keep(parts.constants)
    code.pointee.co_names = keep(parts.names)
    code.pointee.co_filename = keep(parts.fileName)
    code.pointee.co_name = keep(parts.name)
    code.pointee.co_qualname = keep(parts.qualifiedName)
    code.pointee.co_linetable = locationTable.give()
    code.pointee.co_wordcode = keep(parts.wordcode)
    code.pointee.co_lnotab310 = keep(parts.lineTable)
    code.pointee.co_varnames = keep(parts.varNames)
    code.pointee.co_cellvars = keep(parts.cellVars)
    code.pointee.co_freevars = keep(parts.freeVars)
    code.pointee.co_hash = -1
    let owned = Owned(adopting: object)
    code.pointee.co_exceptiontable = try own(PyBytes_FromStringAndSize(nil, 0)).give()
    code.pointee.co_flags = parts.flags
    code.pointee.co_argcount = parts.argCount
    code.pointee.co_posonlyargcount = parts.posOnlyArgCount
    code.pointee.co_kwonlyargcount = parts.kwOnlyArgCount
    code.pointee.co_stacksize = parts.stackSize
    code.pointee.co_firstlineno = parts.firstLine
    let locals = Int32(truncatingIfNeeded: apus_var_size(parts.varNames))
    let cells = Int32(truncatingIfNeeded: apus_var_size(parts.cellVars))
    let frees = Int32(truncatingIfNeeded: apus_var_size(parts.freeVars))
    code.pointee.co_nlocals = locals
    code.pointee.co_ncellvars = cells
    code.pointee.co_nfreevars = frees
    code.pointee.co_nlocalsplus = locals + cells + frees
    code.pointee.co_framesize = Int32(truncatingIfNeeded: words)
    try PyCode(object).makeLocalsPlus()
    try PyCode(object).mapCells()
    let notSimple: Int32 = 0x4 | 0x8 | 0x20 | 0x80 | 0x200
    code.pointee.co_simple_argcount =
      parts.flags & notSimple == 0 && parts.flags & 1 != 0 && parts.kwOnlyArgCount == 0 && cells == 0
      ? parts.argCount : -1
    // To C code that walks frames each looks as if it had not begun: there is no frame of the native
    // stack among them that would have to be left out.
    code.pointee._co_firsttraceable = Int32.max
    let interpreter = apus_tstate().pointee.interp
    code.pointee.co_version = interpreter.pointee.next_code_version
    if interpreter.pointee.next_code_version != 0 {
      interpreter.pointee.next_code_version &+= 1
    }
    return owned
  }

  /// Names and kinds of all slots of a frame in one row.
  private func makeLocalsPlus() throws(Raised) {
    let count = Int(code.pointee.co_nlocalsplus)
    let names = try own(PyTuple_New(count))
    let kinds = try own(PyBytes_FromStringAndSize(nil, count))
    let bytes = apus_bytes_data(kinds.ref)
    var slot = 0
    for (tuple, kind) in [
      (code.pointee.co_varnames, LocalKind.local), (code.pointee.co_cellvars, LocalKind.cell),
      (code.pointee.co_freevars, LocalKind.free),
    ] {
      for index in 0..<apus_var_size(tuple) {
        let name = apus_tuple_item(tuple, index)
        Py_INCREF(name)
        apus_tuple_items(names.ref)[slot] = name
        bytes[slot] = kind
        slot += 1
      }
    }
    code.pointee.co_localsplusnames = names.give()
    code.pointee.co_localspluskinds = kinds.give()
  }

  /// Finds the cell variables that are arguments.
  private func mapCells() throws(Raised) {
    let cells = Int(code.pointee.co_ncellvars)
    if cells == 0 { return }
    var arguments = Int(code.pointee.co_argcount + code.pointee.co_kwonlyargcount)
    if code.pointee.co_flags & 0x4 != 0 { arguments += 1 }
    if code.pointee.co_flags & 0x8 != 0 { arguments += 1 }
    arguments = Swift.min(arguments, Int(code.pointee.co_nlocals))
    guard let memory = PyMem_Malloc(cells * 4) else { throw raiseNoMemory() }
    let sources = memory.bindMemory(to: Int32.self, capacity: cells)
    var any = false
    for cell in 0..<cells {
      sources[cell] = -1
      for argument in 0..<arguments
      where PyUnicode_Compare(
        apus_tuple_item(code.pointee.co_cellvars, cell),
        apus_tuple_item(code.pointee.co_varnames, argument)) == 0
      {
        sources[cell] = Int32(truncatingIfNeeded: argument)
        any = true
        break
      }
    }
    if any { code.pointee.co_cell2arg = sources } else { PyMem_Free(memory) }
  }

  /// Frees everything. The fields may be NULL when making failed.
  static func deallocate(_ object: Ref) {
    if object.view(PyCodeObject.self).pointee.co_weakreflist != nil {
      PyObject_ClearWeakRefs(object)
    }
    let code = object.view(PyCodeObject.self)
    Py_XDECREF(code.pointee.co_consts)
    Py_XDECREF(code.pointee.co_names)
    Py_XDECREF(code.pointee.co_exceptiontable)
    Py_XDECREF(code.pointee.co_localsplusnames)
    Py_XDECREF(code.pointee.co_localspluskinds)
    Py_XDECREF(code.pointee.co_filename)
    Py_XDECREF(code.pointee.co_name)
    Py_XDECREF(code.pointee.co_qualname)
    Py_XDECREF(code.pointee.co_linetable)
    Py_XDECREF(code.pointee.co_wordcode)
    Py_XDECREF(code.pointee.co_lnotab310)
    Py_XDECREF(code.pointee.co_varnames)
    Py_XDECREF(code.pointee.co_cellvars)
    Py_XDECREF(code.pointee.co_freevars)
    PyMem_Free(code.pointee.co_cell2arg)
    PyMem_Free(code.pointee.co_instructions)
    free(code.pointee.co_blockmap)
    free(code.pointee.co_blocks)
    PyMem_Free(code.pointee._co_monitoring)
    PyObject_Free(object)
  }
}
