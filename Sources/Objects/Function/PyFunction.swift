import CPythonABI

/// Functions written in Python. CPython: Objects/funcobject.c.
enum PyFunction {
  typealias Layout = PyFunctionObject

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PyFunctionObject> {
    object.view(PyFunctionObject.self)
  }

  static let spec = TypeSpec(
    functionType(), "function", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .haveVectorcall, .methodDescriptor],
    doc: """
      function(code, globals, name=None, argdefs=None, closure=None,
               kwdefaults=None)
      --

      Create a function object.

        code
          the code object to run
        globals
          the dict of its global names
        name
          a string that replaces the code's name
        argdefs
          a tuple with the defaults of the last positional parameters
        closure
          a tuple of cells for the code's free variables
        kwdefaults
          a dict with the defaults of keyword-only parameters
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.func_dict),
    weakListOffset: MemoryLayout<Layout>.at(\.func_weakreflist),
    vectorcallOffset: MemoryLayout<Layout>.at(\.vectorcall),
    slots: [
      .tp_dealloc { dealloc($0) },
      .tp_repr { newString("<function \(name($0)) at \(hexAddress($0))>") },
      .tp_call { PyVectorcall_Call($0, $1, $2) },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_clear { object in
        clear(object)
        // Something may still hold the function: it keeps a name and a code.
        replaceReference(&view(object).pointee.func_name, newString(""))
        replaceReference(&view(object).pointee.func_qualname, newString(""))
        return 0
      },
      .tp_descr_get { function, object, _ in
        guard let object, !object.isNone else {
          Py_INCREF(function)
          return function
        }
        return PyMethod_New(function, object)
      },
      .tp_new { _, args, keywords in new { try make(args, keywords) } },
    ],
    members: [
      Member("__closure__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.func_closure), flags: Py_READONLY),
      Member("__doc__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.func_doc)),
      Member("__globals__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.func_globals), flags: Py_READONLY),
      Member("__module__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.func_module)),
      Member("__builtins__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.func_builtins), flags: Py_READONLY),
    ],
    properties: properties)

  private static func name(_ function: Ref) -> String {
    view(function).pointee.func_qualname.map { text(of: $0) } ?? "?"
  }

  private static func traverse(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    let own = view(object).pointee
    return visitReferences(
      visit, argument, own.func_code, own.func_globals, own.func_module, own.func_defaults,
      own.func_kwdefaults, own.func_doc, own.func_name, own.func_dict, own.func_closure,
      own.func_annotations, own.func_typeparams, own.func_qualname, own.func_builtins)
  }

  /// Drops what may be part of a cycle. The code and the names stay: a function under destruction
  /// may still be shown or called by a finaliser.
  private static func clear(_ object: Ref) {
    let own = view(object)
    own.pointee.func_version = 0
    clearReference(&own.pointee.func_globals)
    clearReference(&own.pointee.func_builtins)
    clearReference(&own.pointee.func_module)
    clearReference(&own.pointee.func_defaults)
    clearReference(&own.pointee.func_kwdefaults)
    clearReference(&own.pointee.func_doc)
    clearReference(&own.pointee.func_dict)
    clearReference(&own.pointee.func_closure)
    clearReference(&own.pointee.func_annotations)
    clearReference(&own.pointee.func_typeparams)
  }

  private static func dealloc(_ object: Ref) {
    PyObject_GC_UnTrack(object)
    if view(object).pointee.func_weakreflist != nil { PyObject_ClearWeakRefs(object) }
    clear(object)
    let own = view(object)
    clearReference(&own.pointee.func_code)
    clearReference(&own.pointee.func_name)
    clearReference(&own.pointee.func_qualname)
    PyObject_GC_Del(object)
  }

  // MARK: Making functions

  private static let constructor: Method = .variableKeywords(
    "function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", "",
    { _, _, _ in nil })

  /// `types.FunctionType(...)`
  private static func make(_ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    let code = a.object(0)
    guard code.type == codeType() else { throw a.badArgument(0, expected: "code") }
    let globals = a.object(1)
    guard globals.isDict else { throw a.badArgument(1, expected: "dict") }
    let name = a.optional(2)
    if let name, !name.isStr {
      throw raise(.typeError, "arg 3 (name) must be None or string")
    }
    let defaults = a.optional(3)
    if let defaults, !defaults.isTuple {
      throw raise(.typeError, "arg 4 (defaults) must be None or tuple")
    }
    let freeCount = Int(code.view(PyCodeObject.self).pointee.co_nfreevars)
    let closure = a.optional(4)
    if let closure, !closure.isTuple {
      throw raise(.typeError, "arg 5 (closure) must be None or tuple")
    }
    if closure == nil && freeCount > 0 {
      throw raise(.typeError, "arg 5 (closure) must be tuple")
    }
    let keywordDefaults = a.optional(5)
    if let keywordDefaults, !keywordDefaults.isDict {
      throw raise(.typeError, "arg 6 (kwdefaults) must be None or dict")
    }
    let cellCount = closure.map { apus_var_size($0) } ?? 0
    if cellCount != freeCount {
      throw raise(
        .valueError,
        "\(text(of: code.view(PyCodeObject.self).pointee.co_name)) requires closure of length "
          + "\(freeCount), not \(cellCount)")
    }
    if let closure {
      for index in 0..<cellCount {
        let cell = apus_tuple_item(closure, index)
        guard cell.type == cellType() else {
          throw raise(
            .typeError, "arg 5 (closure) expected cell, found \(cell.type.fullName)")
        }
      }
    }
    try Audit.send("function.__new__", [.object(code)])
    let function = try own(PyFunction_New(code, globals))
    let own = view(function.ref)
    if let name {
      Py_INCREF(name)
      replaceReference(&own.pointee.func_name, name)
    }
    Py_XINCREF(defaults)
    own.pointee.func_defaults = defaults
    Py_XINCREF(closure)
    own.pointee.func_closure = closure
    Py_XINCREF(keywordDefaults)
    own.pointee.func_kwdefaults = keywordDefaults
    return function
  }

  /// The builtins that code with these globals sees.
  static func builtins(from globals: Ref) -> Ref? {
    var found: Ref?
    if PyDict_GetItemRef(globals, SpecialName.dunderBuiltins, &found) < 0 { return nil }
    guard let found else {
      guard let builtins = PyEval_GetBuiltins() else { return nil }
      Py_INCREF(builtins)
      return builtins
    }
    guard found.isInstance(of: moduleType()) else { return found }
    defer { Py_DECREF(found) }
    guard let dict = PyModule_GetDict(found) else { return nil }
    Py_INCREF(dict)
    return dict
  }
}

@c @implementation
public func PyFunction_New(_ code: Ref, _ globals: Ref) -> Ref? {
  PyFunction_NewWithQualName(code, globals, nil)
}

/// A function of `code` without defaults and closure. `qualname` NULL means the code's.
@c @implementation
public func PyFunction_NewWithQualName(_ code: Ref, _ globals: Ref, _ qualname: Ref?) -> Ref? {
  var module: Ref?
  if PyDict_GetItemRef(globals, SpecialName.name, &module) < 0 { return nil }
  guard let builtins = PyFunction.builtins(from: globals) else {
    Py_XDECREF(module)
    return nil
  }
  guard let function = _PyObject_GC_New(functionType()) else {
    Py_XDECREF(module)
    Py_DECREF(builtins)
    return nil
  }
  let its = code.view(PyCodeObject.self)
  let name = its.pointee.co_name
  let fullName = qualname ?? its.pointee.co_qualname
  // The docstring is the first constant.
  var doc = noneObject()
  let constants = its.pointee.co_consts
  if apus_var_size(constants) > 0 && apus_tuple_item(constants, 0).isStr {
    doc = apus_tuple_item(constants, 0)
  }
  Py_INCREF(globals)
  Py_INCREF(name)
  Py_INCREF(fullName)
  Py_INCREF(code)
  Py_INCREF(doc)
  let own = PyFunction.view(function)
  own.pointee.func_globals = globals
  own.pointee.func_builtins = builtins
  own.pointee.func_name = name
  own.pointee.func_qualname = fullName
  own.pointee.func_code = code
  own.pointee.func_defaults = nil
  own.pointee.func_kwdefaults = nil
  own.pointee.func_closure = nil
  own.pointee.func_doc = doc
  own.pointee.func_dict = nil
  own.pointee.func_weakreflist = nil
  own.pointee.func_module = module
  own.pointee.func_annotations = nil
  own.pointee.func_typeparams = nil
  own.pointee.vectorcall = apus_tstate().pointee.interp.pointee.function_vectorcall
  own.pointee.func_version = 0
  PyObject_GC_Track(function)
  return function
}
