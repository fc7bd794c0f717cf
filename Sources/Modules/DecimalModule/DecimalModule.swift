import CPythonABI
import DecimalArithmetic
import Objects

/// The module `_decimal`. CPython: Modules/_decimal/_decimal.c. The arithmetic is in the target
/// DecimalArithmetic; here are the Python types around it.
public let decimalModule = ModuleSpec(
  "_decimal", doc: "Decimal arithmetic in native code",
  methods: [getContext, setContext, ContextManager.localContext],
  constants: [
    .bool("HAVE_CONTEXTVAR", true), .bool("HAVE_THREADS", true),
    .int("MAX_PREC", DecimalContext.maxPrecision), .int("MAX_EMAX", DecimalContext.maxEmax),
    .int("MIN_EMIN", DecimalContext.minEmin), .int("MIN_ETINY", DecimalContext.minEtiny),
    .string("__version__", "1.70"), .string("__libmpdec_version__", "2.5.1"),
  ],
  exec: { module in
    status {
      try Signals.prepare()
      try SignalDict.prepare()
      for spec in [DecimalObject.spec, ContextObject.spec, ContextManager.spec]
      where !spec.isReady { try spec.installInModule() }
      try Classes.prepare()
      try Contexts.prepare()
      try check(PyModule_AddObjectRef(module, "Decimal", DecimalObject.type.object))
      try check(PyModule_AddObjectRef(module, "Context", ContextObject.type.object))
      try check(PyModule_AddObjectRef(module, "DecimalTuple", try borrow(Classes.decimalTuple)))
      try Signals.add(to: module)
      try check(PyModule_AddObjectRef(module, "DefaultContext", try borrow(Contexts.standard)))
      try check(PyModule_AddObjectRef(module, "BasicContext", try borrow(Contexts.basic)))
      try check(PyModule_AddObjectRef(module, "ExtendedContext", try borrow(Contexts.extended)))
      for (_, name) in Contexts.modes {
        let text = try own(PyUnicode_InternFromString(cString(name)))
        try check(PyModule_AddObjectRef(module, cString(name), text.ref))
      }
    }
  })

private let getContext: Method = .noargs(
  "getcontext($module, /)", "The current context."
) { _, _ in new { try Contexts.current() } }

private let setContext: Method = .o(
  "setcontext($module, context, /)", "Makes a context the current one."
) { _, context in none { try Contexts.setCurrent(context) } }
