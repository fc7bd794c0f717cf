import CPythonABI

// The attributes of functions that can be set. Each change of what a call depends on puts the
// version back to 0, so that inline caches let go.

extension PyFunction {
  static let properties: [Property] = [
    Property(
      "__code__",
      get: { function, _ in
        if isReadRefused(function, "__code__") { return nil }
        let code = view(function).pointee.func_code ?? noneObject()
        Py_INCREF(code)
        return code
      },
      set: { function, value, _ in status { try setCode(function, value) } }),
    Property(
      "__defaults__",
      get: { function, _ in
        isReadRefused(function, "__defaults__") ? nil : orNone(view(function).pointee.func_defaults)
      },
      set: { function, value, _ in
        status {
          let tuple = value.flatMap { $0.isNone ? nil : $0 }
          if let tuple, !tuple.isTuple {
            throw raise(.typeError, "__defaults__ must be set to a tuple object")
          }
          try auditWrite(function, "__defaults__", tuple)
          view(function).pointee.func_version = 0
          Py_XINCREF(tuple)
          replaceReference(&view(function).pointee.func_defaults, tuple)
        }
      }),
    Property(
      "__kwdefaults__",
      get: { function, _ in
        isReadRefused(function, "__kwdefaults__")
          ? nil : orNone(view(function).pointee.func_kwdefaults)
      },
      set: { function, value, _ in
        status {
          let dict = value.flatMap { $0.isNone ? nil : $0 }
          if let dict, !dict.isDict {
            throw raise(.typeError, "__kwdefaults__ must be set to a dict object")
          }
          try auditWrite(function, "__kwdefaults__", dict)
          view(function).pointee.func_version = 0
          Py_XINCREF(dict)
          replaceReference(&view(function).pointee.func_kwdefaults, dict)
        }
      }),
    Property(
      "__annotations__", "The annotations by name, a dict.",
      get: { function, _ in
        guard let dict = annotations(function) else { return nil }
        Py_INCREF(dict)
        return dict
      },
      set: { function, value, _ in
        status {
          let dict = value.flatMap { $0.isNone ? nil : $0 }
          if let dict, !dict.isDict {
            throw raise(.typeError, "__annotations__ must be set to a dict object")
          }
          view(function).pointee.func_version = 0
          Py_XINCREF(dict)
          replaceReference(&view(function).pointee.func_annotations, dict)
        }
      }),
    Property(
      "__dict__", get: { PyObject_GenericGetDict($0, $1) },
      set: { PyObject_GenericSetDict($0, $1, $2) }),
    Property(
      "__name__",
      get: { function, _ in orNone(view(function).pointee.func_name) },
      set: { function, value, _ in
        status {
          guard let value, value.isStr else {
            throw raise(.typeError, "__name__ must be set to a string object")
          }
          Py_INCREF(value)
          replaceReference(&view(function).pointee.func_name, value)
        }
      }),
    Property(
      "__qualname__",
      get: { function, _ in orNone(view(function).pointee.func_qualname) },
      set: { function, value, _ in
        status {
          guard let value, value.isStr else {
            throw raise(.typeError, "__qualname__ must be set to a string object")
          }
          Py_INCREF(value)
          replaceReference(&view(function).pointee.func_qualname, value)
        }
      }),
    Property(
      "__type_params__", "The type parameters, a tuple.",
      get: { function, _ in
        guard let parameters = view(function).pointee.func_typeparams else { return PyTuple_New(0) }
        Py_INCREF(parameters)
        return parameters
      },
      set: { function, value, _ in
        status {
          guard let value, value.isTuple else {
            throw raise(.typeError, "__type_params__ must be set to a tuple")
          }
          Py_INCREF(value)
          replaceReference(&view(function).pointee.func_typeparams, value)
        }
      }),
  ]

  private static func isReadRefused(_ function: Ref, _ name: StaticString) -> Bool {
    Audit.refuses("object.__getattr__", [.object(function), .text(name)])
  }

  /// `value` is nil when the attribute is deleted or set to None.
  private static func auditWrite(
    _ function: Ref, _ name: StaticString, _ value: Ref?
  ) throws(Raised) {
    guard let value else {
      return try Audit.send("object.__delattr__", [.object(function), .text(name)])
    }
    try Audit.send("object.__setattr__", [.object(function), .text(name), .object(value)])
  }

  private static func orNone(_ object: Ref?) -> Ref? {
    let object = object ?? noneObject()
    Py_INCREF(object)
    return object
  }

  private static let generatorKinds: Int32 = 0x20 | 0x80 | 0x200

  private static func setCode(_ function: Ref, _ value: Ref?) throws(Raised) {
    guard let value, value.type == codeType() else {
      throw raise(.typeError, "__code__ must be set to a code object")
    }
    try auditWrite(function, "__code__", value)
    let freeCount = Int(value.view(PyCodeObject.self).pointee.co_nfreevars)
    let cellCount = view(function).pointee.func_closure.map { apus_var_size($0) } ?? 0
    if freeCount != cellCount {
      let name = view(function).pointee.func_name.map { text(of: $0) } ?? "?"
      throw raise(
        .valueError,
        "\(name)() requires a code object with \(cellCount) free vars, not \(freeCount)")
    }
    let before = view(function).pointee.func_code?.view(PyCodeObject.self).pointee.co_flags ?? 0
    let after = value.view(PyCodeObject.self).pointee.co_flags
    if before & generatorKinds != after & generatorKinds {
      try check(
        PyErr_WarnEx(
          .deprecationWarning,
          "Assigning a code object of non-matching type is deprecated (e.g., from a generator to "
            + "a plain function)", 1))
    }
    view(function).pointee.func_version = 0
    Py_INCREF(value)
    replaceReference(&view(function).pointee.func_code, value)
  }

  /// The annotations as a dict (borrowed). MAKE_FUNCTION leaves a tuple of names and values that
  /// becomes a dict when somebody looks.
  static func annotations(_ function: Ref) -> Ref? {
    let field = view(function)
    if let found = field.pointee.func_annotations, !found.isTuple { return found }
    guard let dict = PyDict_New() else { return nil }
    if let pairs = field.pointee.func_annotations {
      var index = 0
      while index + 1 < apus_var_size(pairs) {
        let failed = PyDict_SetItem(
          dict, apus_tuple_item(pairs, index), apus_tuple_item(pairs, index + 1))
        if failed < 0 {
          Py_DECREF(dict)
          return nil
        }
        index += 2
      }
    }
    replaceReference(&field.pointee.func_annotations, dict)
    return dict
  }
}
