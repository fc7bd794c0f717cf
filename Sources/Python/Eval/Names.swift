import CPythonABI
import Objects

/// Names of every kind: module and class namespaces, globals, builtins, unbound locals and cells.
/// A result of nil or false means that an exception is set.
enum Names {
  @inline(__always) static func name(_ code: CodeRef, _ index: UInt32) -> Ref {
    apus_tuple_item(code.pointee.co_names, Int(index))
  }

  // MARK: Loading

  @inline(never)
  static func load(_ frame: FrameRef, _ code: CodeRef, _ oparg: UInt32) -> Ref? {
    let name = name(code, oparg)
    guard let mapping = frame.pointee.f_locals else {
      _ = raise(.systemError, "no locals found")
      return nil
    }
    return loadFromMappingOrGlobals(frame, code, mapping, oparg, name)
  }

  @inline(never)
  static func loadFromMappingOrGlobals(
    _ frame: FrameRef, _ code: CodeRef, _ mapping: Ref, _ oparg: UInt32
  ) -> Ref? {
    loadFromMappingOrGlobals(frame, code, mapping, oparg, name(code, oparg))
  }

  @inline(never)
  private static func loadFromMappingOrGlobals(
    _ frame: FrameRef, _ code: CodeRef, _ mapping: Ref, _ oparg: UInt32, _ name: Ref
  ) -> Ref? {
    var value: Ref?
    if PyMapping_GetOptionalItem(mapping, name, &value) < 0 { return nil }
    if let value { return value }
    return loadGlobal(frame, code, oparg)
  }

  /// Where a specialised STORE_GLOBAL finds the old value; nil when the globals have other keys by now,
  /// are watched, or would have to be tracked by the collector from now on.
  @inline(__always)
  static func globalSlot(_ frame: FrameRef, _ cache: CacheRef) -> UnsafeMutablePointer<Ref?>? {
    let globals = frame.pointee.f_globals.unsafelyUnwrapped
    let dict = globals.view(PyDictObject.self)
    let keys = dict.pointee.ma_keys
    guard keys.pointee.dk_version == cache.pointee.keys_version,
      dict.pointee.ma_version_tag & 0xff == 0, globals.isTracked
    else { return nil }
    let entry = UnsafeMutableRawPointer(apus_keys_unicode(keys) + Int(cache.pointee.index))
    return (entry + 8).assumingMemoryBound(to: Ref?.self)
  }

  /// A new reference to a global or builtin; NameError when neither has the name.
  @inline(never)
  static func loadGlobal(_ frame: FrameRef, _ code: CodeRef, _ oparg: UInt32) -> Ref? {
    let name = name(code, oparg)
    var value: Ref?
    guard let globals = frame.pointee.f_globals, let builtins = frame.pointee.f_builtins else {
      raiseNotDefined(name)
      return nil
    }
    if globals.isExactDict {
      if PyDict_GetItemRef(globals, name, &value) < 0 { return nil }
    } else if PyMapping_GetOptionalItem(globals, name, &value) < 0 {
      return nil
    }
    if let value { return value }
    if builtins.isExactDict {
      if PyDict_GetItemRef(builtins, name, &value) < 0 { return nil }
    } else if PyMapping_GetOptionalItem(builtins, name, &value) < 0 {
      return nil
    }
    if let value { return value }
    raiseNotDefined(name)
    return nil
  }

  @inline(never)
  static func loadFromMappingOrCell(
    _ frame: FrameRef, _ code: CodeRef, _ mapping: Ref, _ oparg: UInt32
  ) -> Ref? {
    let index = Int(oparg)
    var value: Ref?
    if PyMapping_GetOptionalItem(mapping, cellName(code, index), &value) < 0 { return nil }
    if let value { return value }
    let slot = Int(code.pointee.co_nlocals) + index
    guard let cell = apus_frame_locals(frame)[slot],
      let content = cell.view(PyCellObject.self).pointee.ob_ref
    else {
      raiseUnboundFree(code, index)
      return nil
    }
    Py_INCREF(content)
    return content
  }

  @inline(never)
  static func buildClass(_ frame: FrameRef) -> Ref? {
    guard let builtins = frame.pointee.f_builtins else { return nil }
    var value: Ref?
    if PyMapping_GetOptionalItem(builtins, id___build_class__(), &value) < 0 { return nil }
    if value == nil { _ = raise(.nameError, "__build_class__ not found") }
    return value
  }

  // MARK: Storing and deleting

  @inline(never)
  static func store(
    _ frame: FrameRef, _ code: CodeRef, _ oparg: UInt32, _ value: Ref
  ) -> Bool {
    let name = name(code, oparg)
    guard let mapping = frame.pointee.f_locals else {
      _ = raise(.systemError, "no locals found when storing '\(text(of: name))'")
      return false
    }
    if mapping.isExactDict { return PyDict_SetItem(mapping, name, value) >= 0 }
    return PyObject_SetItem(mapping, name, value) >= 0
  }

  @inline(never)
  static func delete(_ frame: FrameRef, _ code: CodeRef, _ oparg: UInt32) -> Bool {
    let name = name(code, oparg)
    guard let mapping = frame.pointee.f_locals else {
      _ = raise(.systemError, "no locals when deleting '\(text(of: name))'")
      return false
    }
    if PyObject_DelItem(mapping, name) >= 0 { return true }
    if PyErr_ExceptionMatches(.keyError) != 0 {
      PyErr_Clear()
      raiseNotDefined(name)
    }
    return false
  }

  @inline(never)
  static func deleteGlobal(_ frame: FrameRef, _ code: CodeRef, _ oparg: UInt32) -> Bool {
    let name = name(code, oparg)
    guard let globals = frame.pointee.f_globals else { return false }
    if PyDict_DelItem(globals, name) >= 0 { return true }
    if PyErr_ExceptionMatches(.keyError) != 0 {
      PyErr_Clear()
      raiseNotDefined(name)
    }
    return false
  }

  /// Makes sure that the namespace has `__annotations__`.
  @inline(never)
  static func setupAnnotations(_ frame: FrameRef) -> Bool {
    guard let mapping = frame.pointee.f_locals else {
      _ = raise(.systemError, "no locals found when setting up annotations")
      return false
    }
    guard let name = newString("__annotations__") else { return false }
    defer { Py_DECREF(name) }
    var value: Ref?
    if PyMapping_GetOptionalItem(mapping, name, &value) < 0 { return false }
    if let value {
      Py_DECREF(value)
      return true
    }
    guard let annotations = PyDict_New() else { return false }
    defer { Py_DECREF(annotations) }
    return PyObject_SetItem(mapping, name, annotations) >= 0
  }

  /// Hands the value of an interactive statement to `sys.displayhook`.
  @inline(never)
  static func display(_ value: Ref) -> Bool {
    guard let hook = "displayhook".withCString({ PySys_GetObject($0) }) else {
      _ = raise(.runtimeError, "lost sys.displayhook")
      return false
    }
    Py_INCREF(hook)
    defer { Py_DECREF(hook) }
    guard let result = PyObject_CallOneArg(hook, value) else { return false }
    Py_DECREF(result)
    return true
  }

  // MARK: Errors

  /// The name of a cell or free variable by its oparg.
  static func cellName(_ code: CodeRef, _ index: Int) -> Ref {
    let cells = apus_var_size(code.pointee.co_cellvars)
    return index < cells
      ? apus_tuple_item(code.pointee.co_cellvars, index)
      : apus_tuple_item(code.pointee.co_freevars, index - cells)
  }

  @inline(never) static func raiseUnbound(_ code: CodeRef, _ index: Int) {
    let name = apus_tuple_item(code.pointee.co_varnames, index)
    raiseUnboundLocal(name)
  }

  /// Without the name on the exception: there are no suggestions for it.
  private static func raiseUnboundLocal(_ name: Ref) {
    _ = raise(
      .unboundLocalError,
      "cannot access local variable '\(text(of: name))' where it is not associated with a value")
  }

  /// The same for a cell or free variable by its place among the variables.
  @inline(never) static func raiseUnboundCell(_ code: CodeRef, slot: Int) {
    raiseUnboundFree(code, slot - Int(code.pointee.co_nlocals))
  }

  @inline(never) static func raiseUnboundFree(_ code: CodeRef, _ index: Int) {
    let name = cellName(code, index)
    if index < apus_var_size(code.pointee.co_cellvars) {
      raiseUnboundLocal(name)
    } else {
      setNameError(
        .nameError, name,
        "cannot access free variable '\(text(of: name))' where it is not associated with a value"
          + " in enclosing scope")
    }
  }

  @inline(never) static func raiseNotDefined(_ name: Ref) {
    setNameError(.nameError, name, "name '\(text(of: name))' is not defined")
  }

  @inline(never) static func raiseNoLocals() { _ = raise(.systemError, "no locals") }

  /// Raises with the name kept on the exception, for suggestions.
  private static func setNameError(_ type: Ref, _ name: Ref, _ message: String) {
    _ = raise(type, message)
    guard let exception = PyErr_GetRaisedException() else { return }
    if exception.isInstance(of: UnsafeMutableRawPointer(.nameError).assumingMemoryBound(
      to: PyTypeObject.self))
    {
      let error = exception.view(PyNameErrorObject.self)
      if error.pointee.name == nil {
        Py_INCREF(name)
        error.pointee.name = name
      }
    }
    PyErr_SetRaisedException(exception)
  }
}
