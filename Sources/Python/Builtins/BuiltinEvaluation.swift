import AST
import CPythonABI
import Glibc
import Objects
import Parser

/// `compile`, `eval`, `exec`, `print`, `input`, `open`, `breakpoint`. CPython: Python/bltinmodule.c.
enum BuiltinEvaluation {
  // MARK: Sources

  /// The bytes of a source given as str, bytes or a buffer; `body` gets them with the flag to ignore
  /// a coding cookie when it was text.
  static func withSource<Result: ~Copyable>(
    _ source: Ref, _ function: String, _ what: String,
    _ body: (UnsafeBufferPointer<UInt8>, Bool) throws(Raised) -> Result
  ) throws(Raised) -> Result {
    func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(Raised) {
      if bytes.contains(0) {
        throw raise(.syntaxError, "source code string cannot contain null bytes")
      }
    }
    if source.isStr {
      var size = 0
      guard let utf8 = PyUnicode_AsUTF8AndSize(source, &size) else { throw Raised() }
      let bytes = UnsafeBufferPointer(
        start: UnsafeRawPointer(utf8).assumingMemoryBound(to: UInt8.self), count: size)
      try check(bytes)
      return try body(bytes, true)
    }
    var view = Py_buffer()
    if PyObject_GetBuffer(source, &view, PyBUF_SIMPLE) != 0 {
      PyErr_Clear()
      throw raise(.typeError, "\(function)() arg 1 must be a \(what) object")
    }
    defer { PyBuffer_Release(&view) }
    let bytes = UnsafeBufferPointer(
      start: view.buf.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) },
      count: view.len)
    try check(bytes)
    return try body(bytes, false)
  }

  /// Flags that the running code hands down: its `from __future__` features.
  private static func inheritedFlags() -> Int {
    guard let frame = apus_tstate().pointee.current_frame else { return 0 }
    return Int(Frame.code(frame).pointee.co_flags) & Compilation.Flag.futureMask
  }

  static let compile: Method = .keywords(
    "compile($module, /, source, filename, mode, flags=0,\n        dont_inherit=False, optimize=-1, *, _feature_version=-1)",
    "Code (or a tree) of a source text or tree, ready for exec() or eval()."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(compile, args, count, names)
      let source = arguments.object(0)
      var path: Ref?
      if PyUnicode_FSDecoder(arguments.object(1), &path) == 0 { throw Raised() }
      let fileName = Owned(adopting: path.unsafelyUnwrapped)
      guard let mode = try arguments.str(2) else { throw Raised() }
      var flags = try arguments.index(3)
      let inherits = try !arguments.bool(4)
      let optimize = try arguments.index(5, default: -1)
      let featureVersion = try arguments.index(6, default: -1)
      if flags & ~Compilation.Flag.all != 0 {
        throw raise(.valueError, "compile(): unrecognised flags")
      }
      if optimize < -1 || optimize > 2 {
        throw raise(.valueError, "compile(): invalid optimize value")
      }
      if inherits { flags |= inheritedFlags() }
      var request = Compilation.Request(fileName: fileName.ref)
      request.optimize = optimize
      request.featureVersion = featureVersion < 0 ? 13 : featureVersion
      switch text(of: mode) {
      case "exec": request.mode = .exec
      case "eval": request.mode = .eval
      case "single": request.mode = .single
      case "func_type":
        if flags & Compilation.Flag.onlyAST == 0 {
          throw raise(
            .valueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST")
        }
        request.mode = .functionType
      default:
        throw raise(
          .valueError,
          flags & Compilation.Flag.onlyAST != 0
            ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
            : "compile() mode must be 'exec', 'eval' or 'single'")
      }
      request.flags = flags
      if try SyntaxTrees.isTree(source) {
        if flags & Compilation.Flag.onlyAST != 0 && flags & 0x8000 == 0 {
          return source.retained()
        }
        return try SyntaxTrees.compile(source, request)
      }
      return try withSource(source, "compile", "string, bytes or AST") {
        (bytes, isText) throws(Raised) -> Owned in
        if isText { request.flags |= Compilation.Flag.ignoreCookie }
        if flags & Compilation.Flag.onlyAST != 0 {
          return try SyntaxTrees.tree(try Compilation.parse(bytes, request), request)
        }
        return try Compilation.compile(bytes, request)
      }
    }
  }

  // MARK: eval, exec

  private struct Scopes: ~Copyable {
    let globals: Owned
    let locals: Owned
  }

  /// Globals and locals of an `eval` or `exec`, with defaults from the running frame.
  private static func namespaces(
    _ function: String, _ globals: Ref?, _ locals: Ref?
  ) throws(Raised) -> Scopes {
    let givenGlobals = globals.flatMap { $0.isNone ? nil : $0 }
    let givenLocals = locals.flatMap { $0.isNone ? nil : $0 }
    if function == "exec", let givenGlobals, !givenGlobals.isDict {
      throw raise(
        .typeError, "exec() globals must be a dict, not \(givenGlobals.type.fullName)")
    }
    if let givenLocals, PyMapping_Check(givenLocals) == 0 {
      throw raise(
        .typeError,
        function == "eval"
          ? "locals must be a mapping"
          : "locals must be a mapping or None, not \(givenLocals.type.fullName)")
    }
    if let givenGlobals, !givenGlobals.isDict {
      throw raise(
        .typeError,
        PyMapping_Check(givenGlobals) != 0
          ? "globals must be a real dict; try eval(expr, {}, mapping)"
          : "globals must be a dict")
    }
    let effective: Owned
    let mapping: Owned
    if let givenGlobals {
      effective = givenGlobals.retained()
      mapping = (givenLocals ?? givenGlobals).retained()
    } else {
      guard let current = PyEval_GetGlobals() else {
        throw raise(
          .typeError,
          "\(function) must be given globals and locals when called without a frame")
      }
      effective = current.retained()
      if let givenLocals {
        mapping = givenLocals.retained()
      } else {
        mapping = try BuiltinNamespaces.currentLocals()
      }
    }
    try CodeExecution.addBuiltins(effective.ref)
    return Scopes(globals: effective, locals: mapping)
  }

  static let eval: Method = .keywords(
    "eval($module, source, /, globals=None, locals=None)",
    "The value of an expression, given as text or code."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(eval, args, count, names)
      let source = arguments.object(0)
      let scopes = try namespaces("eval", arguments[1], arguments[2])
      if source.type == codeType() {
        if source.view(PyCodeObject.self).pointee.co_nfreevars > 0 {
          throw raise(
            .typeError, "code object passed to eval() may not contain free variables")
        }
        try Audit.send("exec", [.object(source)])
        return try own(PyEval_EvalCode(source, scopes.globals.ref, scopes.locals.ref))
      }
      return try withSource(source, "eval", "string, bytes or code") {
        (bytes, isText) throws(Raised) -> Owned in
        let fileName = try own(newString("<string>"))
        var request = Compilation.Request(fileName: fileName.ref)
        request.mode = .eval
        request.flags = inheritedFlags()
        if isText { request.flags |= Compilation.Flag.ignoreCookie }
        var start = bytes
        while let first = start.first, first == 0x20 || first == 0x09 {
          start = UnsafeBufferPointer(rebasing: start.dropFirst())
        }
        let code = try Compilation.compile(start, request)
        try Audit.send("exec", [.object(code.ref)])
        return try own(PyEval_EvalCode(code.ref, scopes.globals.ref, scopes.locals.ref))
      }
    }
  }

  static let exec: Method = .keywords(
    "exec($module, source, /, globals=None, locals=None, *, closure=None)",
    "Run statements, given as text or code."
  ) { _, args, count, names in
    none {
      let arguments = try Arguments(exec, args, count, names)
      let source = arguments.object(0)
      let closure = arguments.optional(3)
      let scopes = try namespaces("exec", arguments[1], arguments[2])
      if source.type == codeType() {
        let free = Int(source.view(PyCodeObject.self).pointee.co_nfreevars)
        try Audit.send("exec", [.object(source)])
        if free == 0 {
          if closure != nil {
            throw raise(
              .typeError, "cannot use a closure with this code object")
          }
          _ = try own(PyEval_EvalCode(source, scopes.globals.ref, scopes.locals.ref))
          return
        }
        try runWithClosure(source, free, closure, scopes.globals.ref, scopes.locals.ref)
        return
      }
      if closure != nil {
        throw raise(.typeError, "closure can only be used when source is a code object")
      }
      try withSource(source, "exec", "string, bytes or code") {
        (bytes, isText) throws(Raised) -> Void in
        let fileName = try own(newString("<string>"))
        var request = Compilation.Request(fileName: fileName.ref)
        request.flags = inheritedFlags()
        if isText { request.flags |= Compilation.Flag.ignoreCookie }
        let code = try Compilation.compile(bytes, request)
        try Audit.send("exec", [.object(code.ref)])
        _ = try own(PyEval_EvalCode(code.ref, scopes.globals.ref, scopes.locals.ref))
      }
    }
  }

  private static func runWithClosure(
    _ code: Ref, _ free: Int, _ closure: Ref?, _ globals: Ref, _ locals: Ref
  ) throws(Raised) {
    guard let closure, closure.isExactTuple, apus_var_size(closure) == free,
      (0..<free).allSatisfy({ apus_tuple_item(closure, $0).type == cellType() })
    else {
      throw raise(.typeError, "code object requires a closure of exactly length \(free)")
    }
    let object = try own(PyFunction_New(code, globals))
    let function = object.ref.view(PyFunctionObject.self)
    Py_INCREF(closure)
    function.pointee.func_closure = closure
    _ = try own(
      CodeExecution.run(code: Frame.codeOf(function), function: function, locals: locals))
  }

  // MARK: Input and output

  private static func standardStream(_ name: String) throws(Raised) -> Ref? {
    name.withCString { PySys_GetObject($0) }.flatMap { $0.isNone ? nil : $0 }
  }

  static let print: Method = .keywords(
    "print($module, /, *args, sep=' ', end='\\n', file=None, flush=False)",
    "Write values as text to a stream, sys.stdout unless another is given."
  ) { _, args, count, names in
    none { try printValues(args, count, names) }
  }

  private static func printValues(
    _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) {
    var separator: Ref?
    var end: Ref?
    var file: Ref?
    var flush = false
    if let names, let args {
      for index in 0..<apus_var_size(names) {
        let value = args[count + index]
        let keyword = text(of: apus_tuple_item(names, index))
        switch keyword {
        case "sep": separator = value.isNone ? nil : value
        case "end": end = value.isNone ? nil : value
        case "file": file = value.isNone ? nil : value
        case "flush": flush = try check(PyObject_IsTrue(value)) != 0
        default:
          throw unexpectedKeyword("print()", keyword, among: ["sep", "end", "file", "flush"])
        }
      }
    }
    if file == nil {
      guard let stream = "stdout".withCString({ PySys_GetObject($0) }) else {
        throw raise(.runtimeError, "lost sys.stdout")
      }
      // Without a terminal there may be none: print does nothing then.
      if stream.isNone { return }
      file = stream
    }
    if let separator, !separator.isStr {
      throw raise(.typeError, "sep must be None or a string, not \(separator.type.fullName)")
    }
    if let end, !end.isStr {
      throw raise(.typeError, "end must be None or a string, not \(end.type.fullName)")
    }
    guard let file else { return }
    let stream = file.retained()
    let space = try own(PyUnicode_FromOrdinal(0x20))
    let newline = try own(PyUnicode_FromOrdinal(0x0A))
    for index in 0..<count {
      if index > 0 { try check(PyFile_WriteObject(separator ?? space.ref, stream.ref, 1)) }
      guard let args else { return }
      try check(PyFile_WriteObject(args[index], stream.ref, 1))
    }
    try check(PyFile_WriteObject(end ?? newline.ref, stream.ref, 1))
    if flush {
      let name = id_flush().retained()
      _ = try own(PyObject_CallMethodNoArgs(stream.ref, name.ref))
    }
  }

  static let input: Method = .fast(
    "input($module, prompt='', /)", "A line from standard input without its end."
  ) { _, args, count in
    new {
      let arguments = try Arguments(input, args, count)
      let prompt = arguments[0]
      try Audit.send("builtins.input", [.object(prompt)])
      let line = try InputLine.read(prompt: prompt)
      try Audit.send("builtins.input/result", [.object(line.ref)])
      return line
    }
  }

  static let open: Method = .keywords(
    "open($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)",
    "Open a file and return a stream. See the io module."
  ) { _, args, count, names in
    new {
      let io = try own("_io".withCString { PyImport_ImportModule($0) })
      let function = try own("open".withCString { PyObject_GetAttrString(io.ref, $0) })
      return try own(PyObject_Vectorcall(function.ref, args, count, names))
    }
  }

  static let breakpoint: Method = .keywords(
    "breakpoint($module, /, *args, **kws)", "Call sys.breakpointhook(*args, **kws)."
  ) { _, args, count, names in
    new {
      guard let hook = "breakpointhook".withCString({ PySys_GetObject($0) }) else {
        throw raise(.runtimeError, "lost sys.breakpointhook")
      }
      let held = hook.retained()
      try Audit.send("builtins.breakpoint", [.object(held.ref)])
      return try own(PyObject_Vectorcall(held.ref, args, count, names))
    }
  }
}

/// An editor for lines typed at a terminal, which the module readline puts in.
public enum LineEditor {
  /// Reads a line with a prompt: malloc()ed, with its newline, empty at the end of input. nil with
  /// an exception set when it is interrupted.
  nonisolated(unsafe) public static var read:
    ((UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?)?
}

/// `input()`: through readline on a terminal, else through `sys.stdin` and `sys.stdout`.
enum InputLine {
  /// Whether a stream is a terminal with the descriptor of the process's own.
  private static func isTerminal(_ stream: Ref, _ descriptor: Int32) -> Bool {
    let found = PyObject_AsFileDescriptor(stream)
    if found < 0 { PyErr_Clear() }
    return found == descriptor && isatty(descriptor) != 0
  }

  /// The text a prompt has for the editor, and the line without its end.
  private static func edit(
    _ editor: (UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?, prompt: Ref?, _ source: Ref,
    _ output: Ref
  ) throws(Raised) -> Owned {
    func text(_ stream: Ref, _ name: String) throws(Raised) -> Owned {
      let value = try own(name.withCString { PyObject_GetAttrString(stream, $0) })
      if value.ref.isStr { return value }
      return try own(newString("utf-8"))
    }
    var shown: Ref?
    if let prompt { shown = try own(PyObject_Str(prompt)).give() }
    defer { Py_XDECREF(shown) }
    var bytes: Ref?
    if let shown {
      let encoding = try text(output, "encoding")
      let errors = try text(output, "errors")
      bytes = try own(
        PyUnicode_AsEncodedString(shown, PyUnicode_AsUTF8(encoding.ref), PyUnicode_AsUTF8(errors.ref))
      ).give()
    }
    defer { Py_XDECREF(bytes) }
    let line = editor(bytes.flatMap { PyBytes_AsString($0) }.map { UnsafePointer($0) } ?? cString(""))
    guard let line else { throw Raised() }
    defer { free(line) }
    var count = strlen(line)
    if count == 0 { throw raise(.eofError) }
    if line[count - 1] == 10 { count -= 1 }
    let encoding = try text(source, "encoding")
    let errors = try text(source, "errors")
    return try own(
      PyUnicode_Decode(line, count, PyUnicode_AsUTF8(encoding.ref), PyUnicode_AsUTF8(errors.ref)))
  }

  static func read(prompt: Ref?) throws(Raised) -> Owned {
    func stream(_ name: String) throws(Raised) -> Owned {
      guard let found = name.withCString({ PySys_GetObject($0) }), !found.isNone else {
        throw raise(.runtimeError, "lost sys.\(name)")
      }
      return found.retained()
    }
    let errors = try stream("stderr")
    let output = try stream("stdout")
    let source = try stream("stdin")
    let flush = id_flush().retained()
    if let result = PyObject_CallMethodNoArgs(errors.ref, flush.ref) {
      Py_DECREF(result)
    } else {
      PyErr_Clear()
    }
    if let editor = LineEditor.read, isTerminal(source.ref, 0), isTerminal(output.ref, 1) {
      return try edit(editor, prompt: prompt, source.ref, output.ref)
    }
    if let prompt { try check(PyFile_WriteObject(prompt, output.ref, 1)) }
    if let result = PyObject_CallMethodNoArgs(output.ref, flush.ref) {
      Py_DECREF(result)
    } else {
      PyErr_Clear()
    }
    return try own(PyFile_GetLine(source.ref, -1))
  }
}
