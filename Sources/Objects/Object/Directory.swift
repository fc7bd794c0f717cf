import CPythonABI

/// `dir()`. CPython: Objects/object.c, `PyObject_Dir`; Objects/typeobject.c, `merge_class_dict`.
enum Directory {
  /// Adds the names of a class and its bases to a dict; whatever lacks `__dict__` or `__bases__`
  /// adds nothing.
  static func merge(_ type: Ref, into names: Ref) throws(Raised) {
    var classDict: Ref?
    try check(PyObject_GetOptionalAttr(type, id___dict__(), &classDict))
    if let classDict {
      let held = Owned(adopting: classDict)
      try check(PyDict_Update(names, held.ref))
    }
    var bases: Ref?
    try check(PyObject_GetOptionalAttr(type, id___bases__(), &bases))
    guard let bases else { return }
    let held = Owned(adopting: bases)
    let count = PySequence_Size(held.ref)
    // Not a sequence: nothing to merge.
    if count < 0 {
      PyErr_Clear()
      return
    }
    for index in 0..<count {
      guard let base = PySequence_GetItem(held.ref, index) else {
        PyErr_Clear()
        continue
      }
      let base2 = Owned(adopting: base)
      if Py_EnterRecursiveCall(" in __dir__") != 0 { throw Raised() }
      defer { Py_LeaveRecursiveCall() }
      try merge(base2.ref, into: names)
    }
  }

  /// The sorted names of an object, from its `__dir__`.
  static func names(of object: Ref) throws(Raised) -> Owned {
    guard let result = SpecialMethod.callOptional(object, id___dir__()) else {
      if !hasRaised() { throw raise(.typeError, "object does not provide __dir__") }
      throw Raised()
    }
    let given = Owned(adopting: result)
    let sorted = try own(PySequence_List(given.ref))
    try check(PyList_Sort(sorted.ref))
    return sorted
  }

  /// Without an object: the sorted names of the current local scope.
  static func localNames() throws(Raised) -> Owned {
    let locals = try own(PyEval_GetFrameLocals())
    let names = try own(PyMapping_Keys(locals.ref))
    guard names.ref.isList else {
      throw raise(
        .typeError, "dir(): expected keys() of locals to be a list, not '\(names.ref.type.fullName)'")
    }
    try check(PyList_Sort(names.ref))
    return names
  }
}

@c @implementation public func PyObject_Dir(_ object: Ref?) -> Ref? {
  new {
    if let object { return try Directory.names(of: object) }
    return try Directory.localNames()
  }
}

extension SpecialMethod {
  /// Calls the method without arguments; nil without an exception when the type has none.
  static func callOptional(_ receiver: Ref, _ name: Ref) -> Ref? {
    var unbound = false
    guard let method = find(receiver, name, unbound: &unbound) else { return nil }
    defer { Py_DECREF(method) }
    return withUnsafePointer(to: receiver) {
      unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
    }
  }
}
