import CPythonABI
import Objects

/// The module `_elementtree`: the fast half of xml.etree.ElementTree.
/// CPython: Modules/_elementtree.c.
public let elementTreeModule = ModuleSpec(
  "_elementtree", methods: [Element.subElement, setFactories],
  exec: { module in
    status {
      let specs: [(StaticString, TypeSpec, TypeRef)] = [
        ("TreeBuilder", TreeBuilder.spec, TreeBuilder.type),
        ("Element", Element.spec, Element.type),
        ("XMLParser", TreeParser.spec, TreeParser.type),
      ]
      try ElementIterator.spec.installInModule()
      for (name, spec, type) in specs {
        try spec.installInModule()
        try check(PyModule_AddObjectRef(module, cString(name), type.object))
      }
      // What copying and paths need, and who parses.
      _ = try own(PyImport_ImportModule("copy"))
      _ = try own(PyImport_ImportModule("xml.etree.ElementPath"))
      _ = try own(PyImport_ImportModule("pyexpat"))
      try check(PyModule_AddObjectRef(module, "ParseError", TreeParser.errorType()))
    }
  })

private let setFactories: Method = .fast(
  "_set_factories($module, comment_factory, pi_factory, /)",
  "Change the functions that make comments and processing instructions; returns the old ones."
) { _, args, count in
  new {
    let a = try Arguments(setFactories, args, count)
    for (index, name) in ["Comment", "PI"].enumerated() {
      let factory = a.object(index)
      if !factory.isNone && PyCallable_Check(factory) == 0 {
        throw raise(
          .typeError, "\(name) factory must be callable, not \(factory.type.fullName)")
      }
    }
    let old = try tuple(
      (TreeBuilder.defaultCommentFactory ?? noneObject()).retained(),
      (TreeBuilder.defaultInstructionFactory ?? noneObject()).retained())
    let comment = a.optional(0).map { $0.retained().give() }
    let instruction = a.optional(1).map { $0.retained().give() }
    let (before, beforeInstruction) = (
      TreeBuilder.defaultCommentFactory, TreeBuilder.defaultInstructionFactory
    )
    TreeBuilder.defaultCommentFactory = comment
    TreeBuilder.defaultInstructionFactory = instruction
    InterpreterEnd.add("_elementtree") {
      InterpreterEnd.drop(&TreeBuilder.defaultCommentFactory)
      InterpreterEnd.drop(&TreeBuilder.defaultInstructionFactory)
    }
    Py_XDECREF(before)
    Py_XDECREF(beforeInstruction)
    return old
  }
}
