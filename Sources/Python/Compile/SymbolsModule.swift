import AST
import CPythonABI
import Compiler
import Objects

/// `_symbols`: the symbol table of a source as plain tuples, for `_symtable` in `Lib`, and the check of
/// code made by hand, for `wordcode`.
public let symbolsModule = ModuleSpec(
  "_symbols", doc: "The compiler's symbol tables.", methods: [SymbolsModule.table, SymbolsModule.verify])

enum SymbolsModule {
  static let table: Method = .fast(
    "table($module, source, filename, startstr, /)",
    """
    Return (name, type, line, nested, variables, symbols, children) of the outermost block.

    variables is the list of parameters, symbols maps names to flags, children are blocks like it.
    """
  ) { _, args, count in
    new {
      let arguments = try Objects.Arguments(table, args, count)
      let source = arguments.object(0)
      var path: Ref?
      try check(PyUnicode_FSDecoder(arguments.object(1), &path))
      let fileName = try own(path)
      let start = arguments.object(2)
      guard start.isStr else {
        throw raise(.typeError, "symtable() argument 3 must be str, not \(start.type.fullName)")
      }
      var request = Compilation.Request(fileName: fileName.ref)
      switch text(of: start) {
      case "exec": request.mode = .exec
      case "eval": request.mode = .eval
      case "single": request.mode = .single
      default:
        throw raise(.valueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'")
      }
      return try BuiltinEvaluation.withSource(source, "symtable", "string or bytes") {
        (bytes, isText) throws(Raised) -> Owned in
        if isText { request.flags |= Compilation.Flag.ignoreCookie }
        let tree = try Compilation.parse(bytes, request)
        return try block(try Compilation.symbolTable(of: tree, request).top)
      }
    }
  }

  static let verify: Method = .o(
    "verify($module, code, /)",
    "Raise SystemError when the instructions of a code object break the rules that keep a run safe."
  ) { _, code in
    none {
      guard code.type == codeType() else {
        throw badArgument("verify", "argument", expected: "code", got: code)
      }
      try CodeVerifier.verify(code.view(PyCodeObject.self))
    }
  }

  private static func block(_ scope: Scope) throws(Raised) -> Owned {
    try check(" in a symbol table".withCString { Py_EnterRecursiveCall($0) })
    defer { Py_LeaveRecursiveCall() }
    let symbols = try own(PyDict_New())
    for (name, flags) in scope.symbols {
      let key = try own(newString(name))
      let value = try own(PyLong_FromSsize_t(Int(flags.rawValue)))
      try check(PyDict_SetItem(symbols.ref, key.ref, value.ref))
    }
    let variables = try own(PyList_New(0))
    for name in scope.varNames {
      let item = try own(newString(name))
      try check(PyList_Append(variables.ref, item.ref))
    }
    let children = try own(PyList_New(0))
    for child in scope.children {
      let item = try block(child)
      try check(PyList_Append(children.ref, item.ref))
    }
    let name = try own(newString(scope.name))
    let type = try own(PyLong_FromSsize_t(scope.type.rawValue))
    let line = try own(PyLong_FromSsize_t(scope.lineno))
    let nested = try own(PyLong_FromSsize_t(scope.isNested ? 1 : 0))
    let result = try own(PyTuple_New(7))
    let items = apus_tuple_items(result.ref)
    items[0] = name.give()
    items[1] = type.give()
    items[2] = line.give()
    items[3] = nested.give()
    items[4] = variables.give()
    items[5] = symbols.give()
    items[6] = children.give()
    return result
  }
}
