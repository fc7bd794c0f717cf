import CPythonABI

/// `super`. CPython: Objects/typeobject.c, `PySuper_Type`.
enum PySuper {
  static let spec = TypeSpec(
    superType(), "super", basicSize: MemoryLayout<PySuperObject>.size, flags: [.haveGC, .baseType],
    doc: """
      super() -> the same as super(__class__, <first argument>)
      super(type) -> an unbound super object
      super(type, obj) -> a super object bound to obj, an instance of type
      super(type, type2) -> a super object bound to type2, a subclass of type

      Finds attributes in the classes behind `type` in the MRO:

      class C(B):
          def method(self, argument):
              super().method(argument)
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(UnsafeMutableRawPointer(object))
        let fields = object.view(PySuperObject.self).pointee
        Py_XDECREF(fields.type?.object)
        Py_XDECREF(fields.obj)
        Py_XDECREF(fields.obj_type?.object)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr { object in
        let fields = object.view(PySuperObject.self).pointee
        let type = fields.type?.fullName ?? "NULL"
        guard let bound = fields.obj_type else { return newString("<super: <class '\(type)'>, NULL>") }
        return newString("<super: <class '\(type)'>, <\(bound.fullName) object>>")
      },
      .tp_getattro { object, name in
        let fields = object.view(PySuperObject.self).pointee
        guard let type = fields.type, let bound = fields.obj, let start = fields.obj_type else {
          return PyObject_GenericGetAttr(object, name)
        }
        return lookUp(object, type, bound, start, name, nil)
      },
      .tp_traverse { object, visit, argument in
        let f = object.view(PySuperObject.self).pointee
        let fields: InlineArray<3, Ref?> = [f.type?.object, f.obj, f.obj_type?.object]
        for index in 0..<3 {
          if let field = fields[index] {
            let result = visit(field, argument)
            if result != 0 { return result }
          }
        }
        return 0
      },
      .tp_descr_get { object, instance, _ in
        let fields = object.view(PySuperObject.self).pointee
        guard let instance, !instance.isNone, fields.obj == nil, let type = fields.type else {
          Py_INCREF(object)
          return object
        }
        if object.type != superType() {
          return withArguments(type.object, instance) {
            PyObject_Vectorcall(object.type.object, $0, 2, nil)
          }
        }
        return new { try make(type, instance) }
      },
      .tp_init { object, args, keywords in
        status {
          if let keywords, PyDict_Size(keywords) > 0 {
            throw raise(.typeError, "super() takes no keyword arguments")
          }
          let count = apus_var_size(args)
          try initialize(
            object, count, count > 0 ? apus_tuple_item(args, 0) : nil,
            count > 1 ? apus_tuple_item(args, 1) : nil)
        }
      },
      .tp_alloc(PyType_GenericAlloc),
      .tp_new(PyType_GenericNew),
      .freesTracked,
      .tp_vectorcall { type, args, flags, names in
        new {
          if let names, apus_var_size(names) > 0 {
            throw raise(.typeError, "super() takes no keyword arguments")
          }
          let count = PyVectorcall_NARGS(flags)
          let object = try own(PyType_GenericAlloc(type.asType, 0))
          try initialize(
            object.ref, count, count > 0 ? args.unsafelyUnwrapped[0] : nil,
            count > 1 ? args.unsafelyUnwrapped[1] : nil)
          return object
        }
      },
    ],
    members: [
      Member("__thisclass__", _Py_T_OBJECT, offset: 16, flags: Py_READONLY, "The class that calls super()."),
      Member("__self__", _Py_T_OBJECT, offset: 24, flags: Py_READONLY, "The object that super() is bound to, or None."),
      Member("__self_class__", _Py_T_OBJECT, offset: 32, flags: Py_READONLY, "The type of that object, or None."),
    ])

  static func make(_ type: TypeRef, _ bound: Ref) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(superType(), 0))
    try bind(object.ref, type, bound)
    return object
  }

  private static func bind(_ object: Ref, _ type: TypeRef, _ bound: Ref?) throws(Raised) {
    var start: TypeRef?
    if let bound { start = try check(type, bound).give().asType }
    let fields = object.view(PySuperObject.self)
    let old = fields.pointee
    Py_INCREF(type.object)
    Py_XINCREF(bound)
    fields.pointee.type = type
    fields.pointee.obj = bound
    fields.pointee.obj_type = start
    Py_XDECREF(old.type?.object)
    Py_XDECREF(old.obj)
    Py_XDECREF(old.obj_type?.object)
  }

  private static func initialize(
    _ object: Ref, _ count: Int, _ first: Ref?, _ second: Ref?
  ) throws(Raised) {
    if count > 2 {
      throw raise(.typeError, "super() expected at most 2 arguments, got \(count)")
    }
    guard let first else {
      let (type, bound) = try callerArguments()
      // Checking `bound` may run Python code, which may rebind the caller's variables.
      Py_INCREF(type)
      Py_INCREF(bound)
      defer {
        Py_DECREF(type)
        Py_DECREF(bound)
      }
      try bind(object, type.asType, bound)
      return
    }
    guard first.isType else {
      throw raise(
        .typeError, "super() argument 1 must be a type, not \(first.type.fullName)")
    }
    let bound: Ref? = if let second, !second.isNone { second } else { nil }
    try bind(object, first.asType, bound)
  }

  /// `super()`: the cell `__class__` and the first argument of the calling Python function, borrowed.
  private static func callerArguments() throws(Raised) -> (type: Ref, bound: Ref) {
    guard let frame = apus_tstate().pointee.current_frame,
      let executable = frame.pointee.f_executable, executable.type == codeType()
    else { throw raise(.runtimeError, "super(): no current frame") }
    let code = executable.view(PyCodeObject.self)
    guard code.pointee.co_argcount > 0 else {
      throw raise(.runtimeError, "super(): no arguments")
    }
    let locals = apus_frame_locals(frame)
    var first = locals[0]
    let cells = Int(code.pointee.co_nlocals)
    if first == nil, let arguments = code.pointee.co_cell2arg {
      // An argument that an inner function uses lives in its cell.
      for index in 0..<Int(code.pointee.co_ncellvars) where arguments[index] == 0 {
        if let cell = locals[cells + index], cell.type == cellType() {
          first = cell.view(PyCellObject.self).pointee.ob_ref
        }
      }
    }
    guard let first else { throw raise(.runtimeError, "super(): arg[0] deleted") }
    let names = code.pointee.co_freevars
    for index in 0..<apus_var_size(names) {
      let name = apus_tuple_item(names, index)
      guard name == id___class__() || PyUnicode_CompareWithASCIIString(name, "__class__") == 0
      else { continue }
      guard let cell = locals[cells + Int(code.pointee.co_ncellvars) + index],
        cell.type == cellType()
      else { throw raise(.runtimeError, "super(): bad __class__ cell") }
      guard let type = cell.view(PyCellObject.self).pointee.ob_ref else {
        throw raise(.runtimeError, "super(): empty __class__ cell")
      }
      guard type.isType else {
        throw raise(
          .runtimeError, "super(): __class__ is not a type (\(type.type.fullName))")
      }
      return (type, first)
    }
    throw raise(.runtimeError, "super(): __class__ cell not found")
  }

  /// The type whose MRO is searched: `bound` itself, its type, or its `__class__`. Raises TypeError.
  static func check(_ type: TypeRef, _ bound: Ref) throws(Raised) -> Owned {
    if bound.isType && PyType_IsSubtype(bound.asType, type) != 0 { return bound.retained() }
    if PyType_IsSubtype(bound.type, type) != 0 { return bound.type.object.retained() }
    var given: Ref?
    try Objects.check(PyObject_GetOptionalAttr(bound, id___class__(), &given))
    if let given {
      let held = Owned(adopting: given)
      if held.ref.isType && held.ref != bound.type.object
        && PyType_IsSubtype(held.ref.asType, type) != 0
      {
        return held
      }
    }
    let what =
      bound.isType ? "type \(bound.asType.fullName)" : "instance of \(bound.type.fullName)"
    throw raise(
      .typeError,
      "super(type, obj): obj (\(what)) is not an instance or subtype of type (\(type.fullName)).")
  }

  /// Searches the MRO of `start` behind `type`. With `isMethod` an unbound method may come back.
  static func lookUp(
    _ object: Ref?, _ type: TypeRef, _ bound: Ref, _ start: TypeRef, _ name: Ref,
    _ isMethod: UnsafeMutablePointer<Int32>?
  ) -> Ref? {
    // `super().__class__` is super itself.
    let isClass =
      name == id___class__()
      || (name.isStr && apus_str_length(name) == 9
        && PyUnicode_Compare(name, id___class__()) == 0)
    if !isClass, let mro = start.pointee.tp_mro {
      Py_INCREF(mro)
      defer { Py_DECREF(mro) }
      let count = apus_var_size(mro)
      var index = 0
      while index < count && apus_tuple_item(mro, index) != type.object { index += 1 }
      index += 1
      while index < count {
        if let dict = apus_tuple_item(mro, index).asType.pointee.tp_dict {
          var found: Ref?
          if PyDict_GetItemRef(dict, name, &found) < 0 { return nil }
          if let found {
            if let isMethod, found.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)) {
              isMethod.pointee = 1
              return found
            }
            guard let get = found.type.pointee.tp_descr_get else { return found }
            let result = get(found, bound == start.object ? nil : bound, start.object)
            Py_DECREF(found)
            return result
          }
        }
        index += 1
      }
    }
    if let object { return PyObject_GenericGetAttr(object, name) }
    return new {
      let temporary = try make(type, bound)
      return try own(PyObject_GenericGetAttr(temporary.ref, name))
    }
  }
}

@c @implementation public func _PySuper_Lookup(
  _ type: TypeRef, _ bound: Ref, _ name: Ref, _ isMethod: UnsafeMutablePointer<Int32>?
) -> Ref? {
  isMethod?.pointee = 0
  let start: Owned
  do { start = try PySuper.check(type, bound) } catch { return nil }
  return PySuper.lookUp(nil, type, bound, start.ref.asType, name, isMethod)
}
