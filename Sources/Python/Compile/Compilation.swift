import AST
import CPythonABI
import Compiler
import Objects
import Parser

/// Source text to code object, with CPython's exceptions. CPython: Python/pythonrun.c,
/// Py_CompileStringObject.
public enum Compilation {
  /// Flags of `compile()`.
  public enum Flag {
    static let dontImplyDedent = 0x200
    static let onlyAST = 0x400
    static let ignoreCookie = 0x800
    static let typeComments = 0x1000
    static let topLevelAwait = 0x2000
    static let allowIncompleteInput = 0x4000
    static let optimizedAST = 0x8400
    /// `from __future__` features in `co_flags`.
    static let futureMask = 0x1FE0000
    /// All bits `compile()` takes.
    static let all = futureMask | 0xF600 | 0x10
  }

  public struct Request {
    public var fileName: Ref
    public var mode: ParseMode = .exec
    public var flags = 0
    /// -1: the interpreter's level.
    public var optimize = -1
    public var isFile = false
    public var featureVersion = 13

    public init(fileName: Ref) { self.fileName = fileName }
  }

  /// `-O` level of this process.
  nonisolated(unsafe) public static var optimizeLevel = 0
  /// `-X classic`: byte parity with CPython 3.10.
  nonisolated(unsafe) public static var dialect = Dialect.current

  /// Tells the audit hooks of a source: its bytes, or None where it comes from a file.
  private static func audit(
    _ source: UnsafeBufferPointer<UInt8>, _ request: Request
  ) throws(Raised) {
    if request.isFile {
      return try Audit.send("compile", [.object(nil), .object(request.fileName)])
    }
    let start = UnsafeRawPointer(source.baseAddress)?.assumingMemoryBound(to: CChar.self)
    let bytes = try own(PyBytes_FromStringAndSize(start, source.count))
    try Audit.send("compile", [.object(bytes.ref), .object(request.fileName)])
  }

  /// The tree of a source.
  public static func parse(
    _ source: UnsafeBufferPointer<UInt8>, _ request: Request
  ) throws(Raised) -> Mod {
    if Audit.isActive { try audit(source, request) }
    var flags: ParserFlags = []
    if request.flags & Flag.typeComments != 0 { flags.insert(.typeComments) }
    if request.flags & Flag.ignoreCookie != 0 { flags.insert(.ignoreCookie) }
    if request.flags & Flag.dontImplyDedent != 0 { flags.insert(.dontImplyDedent) }
    if request.flags & Flag.allowIncompleteInput != 0 { flags.insert(.allowIncompleteInput) }
    if request.flags & 0x40_0000 != 0 { flags.insert(.barryAsFLUFL) }
    if request.flags & Flag.onlyAST != 0 { flags.insert(.onlyAST) }
    if request.isFile { flags.insert(.isFile) }
    let options = ParseOptions(
      flags: flags, featureVersion: request.featureVersion,
      maxIntDigits: Int(apus_tstate().pointee.interp.pointee.int_max_str_digits),
      filename: text(of: request.fileName))
    let result: Result<ParsedSource, ParseFailure> = {
      do throws(ParseFailure) {
        return .success(
          try parseModule(
            source, mode: request.mode, options: options, decoder: SourceDecoding.decode))
      } catch { return .failure(error) }
    }()
    switch result {
    case .success(let parsed):
      for caution in parsed.cautions { try warn(caution, request) }
      return parsed.tree
    case .failure(let failure):
      for caution in failure.cautions { try warn(caution, request) }
      if hasRaised() { throw Raised() }
      var failure = failure
      if request.isFile { failure.failure.adaptToFile(source) }
      throw SyntaxErrors.raise(failure.failure, fileName: request.fileName)
    }
  }

  /// Checks a tree made by a program, which may break rules that no source can.
  public static func validate(_ tree: Mod, _ request: Request) throws(Raised) {
    do throws(CompileError) {
      try Compiler.validate(tree, CompilerOptions(fileName: text(of: request.fileName)))
    } catch {
      throw SyntaxErrors.raise(error, fileName: request.fileName)
    }
  }

  /// Replaces constant expressions by their values, for `ast.parse(optimize=1)`.
  static func fold(_ tree: Mod, _ request: Request) throws(Raised) {
    var options = CompilerOptions(fileName: text(of: request.fileName))
    options.optimize = request.optimize < 0 ? optimizeLevel : request.optimize
    options.dialect = dialect
    let future = FutureFeatures(
      rawValue: UInt32(truncatingIfNeeded: request.flags & Flag.futureMask))
    do throws(CompileError) {
      try Compiler.foldConstants(tree, options, future: future)
    } catch {
      throw SyntaxErrors.raise(error, fileName: request.fileName)
    }
  }

  /// The symbol table of a tree (`symtable.symtable()`).
  static func symbolTable(of tree: Mod, _ request: Request) throws(Raised) -> SymbolTable {
    var options = CompilerOptions(fileName: text(of: request.fileName))
    options.dialect = dialect
    do throws(CompileError) {
      return try Compiler.makeSymbolTable(tree, options)
    } catch {
      throw SyntaxErrors.raise(error, fileName: request.fileName)
    }
  }

  /// The code of a tree, which is changed by constant folding.
  public static func code(of tree: Mod, _ request: Request) throws(Raised) -> Owned {
    var options = CompilerOptions(fileName: text(of: request.fileName))
    options.optimize = request.optimize < 0 ? optimizeLevel : request.optimize
    options.dialect = dialect
    options.future = FutureFeatures(
      rawValue: UInt32(truncatingIfNeeded: request.flags & Flag.futureMask))
    options.allowTopLevelAwait = request.flags & Flag.topLevelAwait != 0
    let fileName = request.fileName
    let result: Result<CodeUnit, CompileError> = {
      do throws(CompileError) {
        return .success(
          try Compiler.compile(tree, options) { warning in
            warning.isDeprecation
              ? SyntaxErrors.deprecate(warning.message)
              : SyntaxErrors.warn(
                warning.message, line: Int(warning.location.lineno), fileName: fileName)
          })
      } catch { return .failure(error) }
    }()
    switch result {
    case .success(let unit): return try CodeMaterializer.code(unit, fileName: request.fileName)
    case .failure(let error): throw SyntaxErrors.raise(error, fileName: request.fileName)
    }
  }

  /// Parses and compiles.
  public static func compile(
    _ source: UnsafeBufferPointer<UInt8>, _ request: Request
  ) throws(Raised) -> Owned {
    let tree = try parse(source, request)
    return try code(of: tree, request)
  }

  /// Parses and compiles a source held in an array.
  public static func compile(_ source: [UInt8], _ request: Request) throws(Raised) -> Owned {
    try own(source.withUnsafeBufferPointer { bytes in new { try compile(bytes, request) } })
  }

  private static func warn(_ caution: SyntaxCaution, _ request: Request) throws(Raised) {
    switch SyntaxErrors.warn(
      caution.message, line: caution.lineno, fileName: request.fileName, isOfParser: true)
    {
    case .proceed: return
    case .syntaxError: throw SyntaxErrors.raise(caution.asError, fileName: request.fileName)
    case .raised: throw Raised()
    }
  }
}

extension SyntaxFailure {
  /// CPython reads a file line by line: at its end no column is known any more, and the line that is
  /// shown ends at a null byte.
  fileprivate mutating func adaptToFile(_ source: UnsafeBufferPointer<UInt8>) {
    if kind == .indentationError, endOffset == -1, message.hasPrefix("expected an indented") {
      offset = 0
    }
    if message == "unexpected EOF while parsing", Self.endsInContinuedBlank(source) { offset = 0 }
    if let shown = text, let end = shown.utf8.firstIndex(of: 0) { text = String(shown[..<end]) }
  }
}

extension SyntaxFailure {
  /// Whether the last logical line of a source is nothing but backslashes.
  fileprivate static func endsInContinuedBlank(_ source: UnsafeBufferPointer<UInt8>) -> Bool {
    var end = source.count
    while end > 0 {
      if source[end - 1] == UInt8(ascii: "\n") { end -= 1 }
      var start = end
      var isBlank = true
      while start > 0, source[start - 1] != UInt8(ascii: "\n") {
        start -= 1
        let isFiller =
          source[start] == UInt8(ascii: " ") || source[start] == UInt8(ascii: "\t")
          || source[start] == UInt8(ascii: "\r")
          || (source[start] == UInt8(ascii: "\\") && start == end - 1)
        if !isFiller { isBlank = false }
      }
      let continues = end > start && source[end - 1] == UInt8(ascii: "\\")
      if !continues { return true }
      if !isBlank { return false }
      end = start
    }
    return true
  }
}

/// Decodes source files in encodings the parser does not know, through the codec registry.
enum SourceDecoding {
  static func decode(
    _ encoding: String, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(SyntaxFailure) -> [UInt8]? {
    guard let base = bytes.baseAddress else { return [] }
    let text = UnsafeRawPointer(base).withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      pointer in
      encoding.withCString { PyUnicode_Decode(pointer, bytes.count, $0, nil) }
    }
    guard let text else {
      if PyErr_ExceptionMatches(.lookupError) != 0 {
        PyErr_Clear()
        return nil
      }
      guard let exception = PyErr_GetRaisedException() else { return nil }
      defer { Py_DECREF(exception) }
      var message = "encoding problem: \(encoding)"
      if let shown = PyObject_Str(exception) {
        message = "(unicode error) " + Objects.text(of: shown)
        Py_DECREF(shown)
      } else {
        PyErr_Clear()
      }
      throw SyntaxFailure(.syntaxError, message)
    }
    defer { Py_DECREF(text) }
    var size = 0
    guard let utf8 = PyUnicode_AsUTF8AndSize(text, &size) else {
      PyErr_Clear()
      return nil
    }
    return utf8.withMemoryRebound(to: UInt8.self, capacity: size) {
      Array(UnsafeBufferPointer(start: $0, count: size))
    }
  }
}
