import CPythonABI

/// `_warnings`: what the `warnings` module builds on. CPython: Python/_warnings.c.
public enum WarningsModule {
  public static let spec = ModuleSpec(
    "_warnings", doc: "The basic filtering of warnings, without the library.",
    methods: [warn, warnExplicit, filtersMutated],
    exec: { module in
      status {
        try Warnings.prepare()
        let state = apus_tstate().pointee.interp
        try check(PyModule_AddObjectRef(module, "filters", state.pointee.warnings_filters))
        try check(
          PyModule_AddObjectRef(module, "_onceregistry", state.pointee.warnings_once_registry))
        try check(
          PyModule_AddObjectRef(module, "_defaultaction", state.pointee.warnings_default_action))
      }
    })

  static let warn: Method = .keywords(
    """
    warn($module, /, message, category=None, stacklevel=1, source=None, *,
         skip_file_prefixes=<unrepresentable>)
    """,
    """
    Issue a warning, or ignore it, or raise it as an exception.

      message
        A text, or an instance of a Warning class.
      category
        The class of the warning, UserWarning by default.
      stacklevel
        Which caller to blame: 1 is the one that calls warn().
      source
        The object that was destroyed, for a ResourceWarning.
      skip_file_prefixes
        A tuple of file name prefixes whose frames are not blamed.
    """
  ) { _, args, count, names in
    none {
      let a = try Arguments(warn, args, count, names)
      let message = a.object(0)
      var level = try a.index(2, default: 1)
      let prefixes = a[4]
      if let prefixes {
        guard prefixes.isTuple else {
          throw badArgument(
            "warn", "argument 'skip_file_prefixes'", expected: "tuple", got: prefixes)
        }
        for index in 0..<apus_var_size(prefixes) {
          let prefix = apus_tuple_item(prefixes, index)
          guard prefix.isStr else {
            throw raise(
              .typeError, "Found non-str '\(prefix.type.fullName)' in skip_file_prefixes.")
          }
        }
        // The caller itself never counts then.
        if apus_var_size(prefixes) > 0 && level < 2 { level = 2 }
      }
      let category = try Warnings.category(of: message, a[1])
      try Warnings.issue(
        category, message, stackLevel: level, source: a.optional(3),
        skipping: prefixes.map { apus_var_size($0) > 0 ? $0 : nil } ?? nil)
    }
  }

  static let warnExplicit: Method = .keywords(
    """
    warn_explicit($module, /, message, category, filename, lineno,
                  module=<unrepresentable>, registry=None,
                  module_globals=None, source=None)
    """,
    "Issue a warning about a given place."
  ) { _, args, count, names in
    none {
      let a = try Arguments(warnExplicit, args, count, names)
      guard let filename = try a.str(2) else {
        throw raise(.typeError, "warn_explicit() missing required argument 'filename' (pos 3)")
      }
      let line = try a.int32(3)
      var sourceLine: Owned?
      if let globals = a.optional(6) {
        guard globals.isDict else {
          throw raise(
            .typeError, "module_globals must be a dict, not '\(globals.type.fullName)'")
        }
        sourceLine = try loadSourceLine(globals, Int(line))
      }
      try Warnings.issue(
        a.object(1), a.object(0), filename, Int(line), module: a[4], registry: a.optional(5),
        sourceLine: sourceLine.ref, source: a.optional(7))
    }
  }

  /// The line from the module's loader, for source that is in no file.
  private static func loadSourceLine(_ globals: Ref, _ line: Int) throws(Raised) -> Owned? {
    // importlib says which of __loader__ and __spec__.loader counts, and warns when they differ.
    guard let importlib = apus_tstate().pointee.interp.pointee.importlib else { return nil }
    let external = try own(
      "_bootstrap_external".withCString { PyObject_GetAttrString(importlib, $0) })
    let bless = try own(
      "_bless_my_loader".withCString { PyObject_GetAttrString(external.ref, $0) })
    let heldLoader = try own(PyObject_CallOneArg(bless.ref, globals))
    if heldLoader.ref.isNone { return nil }
    var name: Ref?
    try check(PyDict_GetItemRef(globals, id___name__(), &name))
    guard let name else { return nil }
    let heldName = Owned(adopting: name)
    var method: Ref?
    try check(PyObject_GetOptionalAttrString(heldLoader.ref, "get_source", &method))
    guard let method else { return nil }
    let heldMethod = Owned(adopting: method)
    let source = try own(PyObject_CallOneArg(heldMethod.ref, heldName.ref))
    if source.ref.isNone { return nil }
    let lines = try own(PyUnicode_Splitlines(source.ref, 0))
    guard line >= 1, line <= apus_var_size(lines.ref) else { return nil }
    return apus_list_item(lines.ref, line - 1).retained()
  }

  static let filtersMutated: Method = .noargs(
    "_filters_mutated($module, /)", "Tell that the filters changed."
  ) { _, _ in
    Warnings.filtersMutated()
    return noneObject()
  }
}
