import CPythonABI
import Objects

/// Functions of `builtins` on attributes, names and namespaces. CPython: Python/bltinmodule.c.
enum BuiltinNamespaces {
  static let getattr: Method = .fast(
    "getattr", "A named attribute of an object, or the default when it has none."
  ) { _, args, count in
    new {
      try checkPositional("getattr", count, least: 2, most: 3)
      guard let args else { throw Raised() }
      guard args[1].isStr else {
        throw raise(.typeError, "attribute name must be string, not '\(args[1].type.fullName)'")
      }
      if count < 3 { return try own(PyObject_GetAttr(args[0], args[1])) }
      var value: Ref?
      try check(PyObject_GetOptionalAttr(args[0], args[1], &value))
      if let value { return Owned(adopting: value) }
      return args[2].retained()
    }
  }

  static let hasattr: Method = .fast(
    "hasattr($module, obj, name, /)", "Whether the object has an attribute of that name."
  ) { _, args, count in
    new {
      try checkPositional("hasattr", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      guard args[1].isStr else {
        throw raise(.typeError, "attribute name must be string, not '\(args[1].type.fullName)'")
      }
      var value: Ref?
      try check(PyObject_GetOptionalAttr(args[0], args[1], &value))
      Py_XDECREF(value)
      return boolObject(value != nil).retained()
    }
  }

  static let setattr: Method = .fast(
    "setattr($module, obj, name, value, /)", "Set a named attribute of an object."
  ) { _, args, count in
    none {
      try checkPositional("setattr", count, least: 3, most: 3)
      guard let args else { throw Raised() }
      try check(PyObject_SetAttr(args[0], args[1], args[2]))
    }
  }

  static let delattr: Method = .fast(
    "delattr($module, obj, name, /)", "Delete a named attribute of an object."
  ) { _, args, count in
    none {
      try checkPositional("delattr", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      try check(PyObject_SetAttr(args[0], args[1], nil))
    }
  }

  static let dir: Method = .fast(
    "dir", "Names in the current scope, or the attributes of an object, sorted."
  ) { _, args, count in
    new {
      try checkPositional("dir", count, least: 0, most: 1)
      if count == 1, let args { return try own(PyObject_Dir(args[0])) }
      let locals = try currentLocals()
      let keys = try own(PyMapping_Keys(locals.ref))
      try check(PyList_Sort(keys.ref))
      return keys
    }
  }

  static let globals: Method = .noargs(
    "globals($module, /)", "The dict of the current module's names."
  ) { _, _ in
    guard let globals = PyEval_GetGlobals() else { return noneObject() }
    Py_INCREF(globals)
    return globals
  }

  static let locals: Method = .noargs(
    "locals($module, /)", "A dict of the current scope's names."
  ) { _, _ in
    new { try currentLocals() }
  }

  /// The locals of the running frame: a function's as a snapshot (PEP 667).
  static func currentLocals() throws(Raised) -> Owned {
    guard let frame = apus_tstate().pointee.current_frame else {
      throw raise(.systemError, "frame does not exist")
    }
    if let mapping = frame.pointee.f_locals, !FrameType.hasHiddenLocals(frame) {
      return mapping.retained()
    }
    guard let object = PyFrameObjects.object(for: frame) else { throw Raised() }
    let proxy = try own(FrameLocalsProxy.make(PyFrameObjects.asObject(object)))
    return try FrameLocalsProxy.snapshot(proxy.ref)
  }

  static let vars: Method = .fast(
    "vars", "The __dict__ of an object, or the current scope's names."
  ) { _, args, count in
    new {
      try checkPositional("vars", count, least: 0, most: 1)
      guard count == 1, let args else { return try currentLocals() }
      let name = id___dict__().retained()
      var dict: Ref?
      try check(PyObject_GetOptionalAttr(args[0], name.ref, &dict))
      guard let dict else {
        throw raise(.typeError, "vars() argument must have __dict__ attribute")
      }
      return Owned(adopting: dict)
    }
  }

  static let `import`: Method = .keywords(
    "__import__($module, /, name, globals=None, locals=None, fromlist=(),\n           level=0)",
    "Import a module; what the import statement calls."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(`import`, args, count, names)
      let empty = try own(PyTuple_New(0))
      return try own(
        PyImport_ImportModuleLevelObject(
          arguments.object(0), arguments[1], arguments[2], arguments[3] ?? empty.ref,
          try arguments.int32(4)))
    }
  }

  static let buildClass: Method = .keywords(
    "__build_class__", "What the class statement calls."
  ) { _, args, count, names in
    new { try ClassBuilder.build(args, count, names) }
  }
}

/// `__build_class__(function, name, /, *bases, metaclass=None, **keywords)`.
enum ClassBuilder {
  static func build(
    _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    guard count >= 2, let args else {
      throw raise(.typeError, "__build_class__: not enough arguments")
    }
    let function = args[0]
    guard function.type == functionType() else {
      throw raise(.typeError, "__build_class__: func must be a function")
    }
    let name = args[1]
    guard name.isStr else {
      throw raise(.typeError, "__build_class__: name is not a string")
    }
    let originalBases = try tuple(args + 2, count - 2)
    let bases = try resolve(originalBases.ref)
    let keywords = try own(PyDict_New())
    if let names {
      for index in 0..<apus_var_size(names) {
        try check(PyDict_SetItem(keywords.ref, apus_tuple_item(names, index), args[count + index]))
      }
    }
    var metaclass: Owned
    var isClass = true
    let metaName = id_metaclass().retained()
    var given: Ref?
    try check(PyDict_GetItemRef(keywords.ref, metaName.ref, &given))
    if let given {
      metaclass = Owned(adopting: given)
      try check(PyDict_DelItem(keywords.ref, metaName.ref))
      isClass = metaclass.ref.isType
    } else if apus_var_size(bases.ref) == 0 {
      metaclass = typeType().object.retained()
    } else {
      metaclass = apus_tuple_item(bases.ref, 0).type.object.retained()
    }
    if isClass {
      guard let winner = _PyType_CalculateMetaclass(metaclass.ref.asType, bases.ref) else {
        throw Raised()
      }
      metaclass = UnsafeMutableRawPointer(winner).assumingMemoryBound(to: PyObject.self).retained()
    }
    let namespace = try prepare(metaclass.ref, name, bases.ref, keywords.ref)
    guard PyMapping_Check(namespace.ref) != 0 else {
      let shown = isClass ? metaclass.ref.asType.name : "<metaclass>"
      throw raise(
        .typeError,
        "\(shown).__prepare__() must return a mapping, not \(namespace.ref.type.fullName)")
    }
    let cell = try own(runBody(function, namespace.ref))
    if bases.ref != originalBases.ref {
      let attribute = id___orig_bases__().retained()
      try check(PyObject_SetItem(namespace.ref, attribute.ref, originalBases.ref))
    }
    let arguments = try own(PyTuple_New(3))
    let items = apus_tuple_items(arguments.ref)
    items[0] = name.retained().give()
    items[1] = bases.ref.retained().give()
    items[2] = namespace.ref.retained().give()
    let type = try own(PyObject_Call(metaclass.ref, arguments.ref, keywords.ref))
    if type.ref.isType && cell.ref.type == cellType() {
      guard let content = cell.ref.view(PyCellObject.self).pointee.ob_ref else {
        throw raise(
          .runtimeError,
          "__class__ not set defining '\(text(of: name))' as \(repr(type.ref)). "
            + "Was __classcell__ propagated to type.__new__?")
      }
      guard content == type.ref else {
        throw raise(
          .typeError,
          "__class__ set to \(repr(content)) defining '\(text(of: name))' as \(repr(type.ref))")
      }
    }
    return type
  }

  private static func repr(_ object: Ref) -> String {
    guard let shown = PyObject_Repr(object) else {
      PyErr_Clear()
      return "?"
    }
    defer { Py_DECREF(shown) }
    return text(of: shown)
  }

  private static func tuple(_ items: UnsafePointer<Ref>, _ count: Int) throws(Raised) -> Owned {
    let tuple = try own(PyTuple_New(count))
    for index in 0..<count {
      apus_tuple_items(tuple.ref)[index] = items[index].retained().give()
    }
    return tuple
  }

  /// Replaces bases that are no classes by what their `__mro_entries__` return (PEP 560).
  private static func resolve(_ bases: Ref) throws(Raised) -> Owned {
    var list: Owned?
    let name = id___mro_entries__().retained()
    for index in 0..<apus_var_size(bases) {
      let base = apus_tuple_item(bases, index)
      var method: Ref?
      if !base.isType { try check(PyObject_GetOptionalAttr(base, name.ref, &method)) }
      guard let method else {
        if let collected = list.take() {
          try check(PyList_Append(collected.ref, base))
          list = consume collected
        }
        continue
      }
      let owned = Owned(adopting: method)
      let entries = try own(PyObject_CallOneArg(owned.ref, bases))
      guard entries.ref.isTuple else {
        throw raise(.typeError, "__mro_entries__ must return a tuple")
      }
      let collected: Owned
      if let known = list.take() {
        collected = consume known
      } else {
        collected = try own(PyList_New(0))
        for earlier in 0..<index {
          try check(PyList_Append(collected.ref, apus_tuple_item(bases, earlier)))
        }
      }
      for entry in 0..<apus_var_size(entries.ref) {
        try check(PyList_Append(collected.ref, apus_tuple_item(entries.ref, entry)))
      }
      list = consume collected
    }
    guard let collected = list.take() else { return bases.retained() }
    return try own(PyList_AsTuple(collected.ref))
  }

  private static func prepare(
    _ metaclass: Ref, _ name: Ref, _ bases: Ref, _ keywords: Ref
  ) throws(Raised) -> Owned {
    let attribute = id___prepare__().retained()
    var found: Ref?
    try check(PyObject_GetOptionalAttr(metaclass, attribute.ref, &found))
    guard let found else { return try own(PyDict_New()) }
    let method = Owned(adopting: found)
    let arguments = try own(PyTuple_New(2))
    apus_tuple_items(arguments.ref)[0] = name.retained().give()
    apus_tuple_items(arguments.ref)[1] = bases.retained().give()
    return try own(PyObject_Call(method.ref, arguments.ref, keywords))
  }

  /// Runs a class body in its namespace; the result is the class cell or None.
  private static func runBody(_ function: Ref, _ namespace: Ref) -> Ref? {
    let object = function.view(PyFunctionObject.self)
    return CodeExecution.run(
      code: Frame.codeOf(object), function: object, locals: namespace)
  }
}
