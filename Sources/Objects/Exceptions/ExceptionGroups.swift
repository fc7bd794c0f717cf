import CPythonABI

/// BaseExceptionGroup and ExceptionGroup (PEP 654).
/// CPython: Objects/exceptions.c, `BaseExceptionGroup_new`, `exceptiongroup_split_recursive`.
enum ExceptionGroups {
  static let base = TypeSpec(
    apus_exc_BaseExceptionGroup(), "BaseExceptionGroup",
    basicSize: MemoryLayout<PyBaseExceptionGroupObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "Several unrelated exceptions at once.",
    base: apus_exc_BaseException(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 2) },
      .tp_str { group in
        new {
          let fields = group.view(PyBaseExceptionGroupObject.self).pointee
          let message = try own(PyObject_Str(fields.msg ?? noneObject()))
          let count = fields.excs.map { apus_var_size($0) } ?? 0
          return try own(
            newString(
              "\(text(of: message.ref)) (\(count) sub-exception\(count == 1 ? "" : "s"))"))
        }
      },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 2) },
      .tp_clear { ExceptionFields.clear($0, objects: 2) },
      .tp_init { group, args, keywords in BaseException_init(group, args, keywords) },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
    ],
    methods: [classGetItem, derive, split, subgroup],
    members: [
      Member("message", _Py_T_OBJECT, offset: 72, flags: Py_READONLY, "The message."),
      Member("exceptions", _Py_T_OBJECT, offset: 80, flags: Py_READONLY, "The exceptions, a tuple."),
    ])

  /// A second base, `Exception`, is added when the type is made ready.
  static let exceptionGroup = TypeSpec(
    apus_exc_ExceptionGroup(), "ExceptionGroup",
    basicSize: MemoryLayout<PyBaseExceptionGroupObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass, .managedWeakref],
    base: apus_exc_BaseExceptionGroup(), dictOffset: 16,
    slots: [
      .tp_dealloc { group in
        if apus_managed_weakrefs(group).pointee != nil { PyObject_ClearWeakRefs(group) }
        ExceptionFields.deallocate(group, objects: 2)
      },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 2) },
      .tp_clear { ExceptionFields.clear($0, objects: 2) },
    ],
    properties: [InstanceProperties.weakReferences])

  static func exceptions(_ group: Ref) throws(Raised) -> Ref {
    guard let exceptions = group.view(PyBaseExceptionGroupObject.self).pointee.excs else {
      throw raise(.systemError, "exception group without exceptions")
    }
    return exceptions
  }

  static func isGroup(_ object: Ref) -> Bool { object.isInstance(of: apus_exc_BaseExceptionGroup()) }

  private static func make(_ given: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    guard count == 2 else {
      throw raise(
        .typeError,
        "BaseExceptionGroup.__new__() takes exactly 2 arguments (\(count) given)")
    }
    let message = apus_tuple_item(args, 0)
    guard message.isStr else {
      throw badArgument(
        "BaseExceptionGroup.__new__", "argument 1", expected: "str", got: message)
    }
    guard PySequence_Check(apus_tuple_item(args, 1)) != 0 else {
      throw raise(.typeError, "second argument (exceptions) must be a sequence")
    }
    let exceptions = try own(PySequence_Tuple(apus_tuple_item(args, 1)))
    let size = apus_var_size(exceptions.ref)
    if size == 0 {
      throw raise(.valueError, "second argument (exceptions) must be a non-empty sequence")
    }
    var nestsBase = false
    for index in 0..<size {
      let item = apus_tuple_item(exceptions.ref, index)
      guard item.isException else {
        throw raise(
          .valueError, "Item \(index) of second argument (exceptions) is not an exception")
      }
      if !item.isInstance(of: apus_exc_Exception()) { nestsBase = true }
    }
    var type = given
    if type == apus_exc_BaseExceptionGroup() {
      // Nothing but Exceptions: the narrower class fits.
      if !nestsBase { type = apus_exc_ExceptionGroup() }
    } else if nestsBase {
      if type == apus_exc_ExceptionGroup() {
        throw raise(.typeError, "Cannot nest BaseExceptions in an ExceptionGroup")
      }
      if PyType_IsSubtype(type, apus_exc_Exception()) != 0 {
        throw raise(.typeError, "Cannot nest BaseExceptions in '\(type.fullName)'")
      }
    }
    guard let allocator = type.pointee.tp_alloc else { throw raiseNoMemory() }
    let group = try own(allocator(type, 0))
    let fields = group.ref.view(PyBaseExceptionGroupObject.self)
    fields.pointee.args = args.retained().give()
    fields.pointee.msg = message.retained().give()
    fields.pointee.excs = exceptions.give()
    return group
  }

  // MARK: Methods

  private static let classGetItem: Method = Method.o(
    "__class_getitem__($type, object, /)", "A generic alias, as in ExceptionGroup[OSError]."
  ) { type, item in Py_GenericAlias(type, item) }.classMethod

  private static let derive: Method = .o(
    "derive($self, object, /)", "A group of the same message with other exceptions."
  ) { group, exceptions in
    new {
      let message = group.view(PyBaseExceptionGroupObject.self).pointee.msg ?? noneObject()
      let args = try own(PyTuple_Pack2(message, exceptions))
      return try own(PyObject_CallObject(.baseExceptionGroup, args.ref))
    }
  }

  private static let split: Method = .o(
    "split($self, object, /)", "The pair of the parts that match and that do not."
  ) { group, condition in
    new {
      let matcher = try Matcher(condition)
      let parts = try matcher.split(group, wantsRest: true)
      return try own(PyTuple_Pack2(parts.match ?? noneObject(), parts.rest ?? noneObject()))
    }
  }

  private static let subgroup: Method = .o(
    "subgroup($self, object, /)", "The part that matches, or None."
  ) { group, condition in
    new {
      let matcher = try Matcher(condition)
      let parts = try matcher.split(group, wantsRest: false)
      return (parts.match ?? noneObject()).retained()
    }
  }

  /// A group like `original` with these exceptions; its class may choose through `derive`.
  static func subset(_ original: Ref, _ exceptions: Ref) throws(Raised) -> Owned? {
    if PyList_Size(exceptions) == 0 { return nil }
    let made = try own(SpecialMethod.callMethod(original, id_derive(), exceptions))
    guard isGroup(made.ref) else {
      throw raise(.typeError, "derive must return an instance of BaseExceptionGroup")
    }
    let fields = original.view(PyBaseExceptionObject.self)
    if let traceback = fields.pointee.traceback {
      try check(PyException_SetTraceback(made.ref, traceback))
    }
    ExceptionFields.set(ExceptionFields.field(made.ref, 48), fields.pointee.context)
    PyException_SetCause(made.ref, PyException_GetCause(original))
    made.ref.view(PyBaseExceptionObject.self).pointee.suppress_context =
      fields.pointee.suppress_context
    var notes: Ref?
    try check(PyObject_GetOptionalAttr(original, id___notes__(), &notes))
    if let notes {
      let held = Owned(adopting: notes)
      if PySequence_Check(held.ref) != 0 {
        // The parts must not share one list.
        let copy = try own(PySequence_List(held.ref))
        try check(PyObject_SetAttr(made.ref, id___notes__(), copy.ref))
      }
    }
    return made
  }

  /// Two optional results.
  struct Parts: ~Copyable {
    var match: Ref?
    var rest: Ref?
    deinit {
      Py_XDECREF(match)
      Py_XDECREF(rest)
    }
  }

  /// What `split` and `subgroup` look for.
  struct Matcher {
    private let condition: Ref
    private let isCallable: Bool

    init(_ condition: Ref) throws(Raised) {
      self.condition = condition
      if isExceptionClass(condition) {
        isCallable = false
        return
      }
      if condition.isTuple {
        for index in 0..<apus_var_size(condition)
        where !isExceptionClass(apus_tuple_item(condition, index)) {
          throw Self.raiseBadCondition()
        }
        isCallable = false
        return
      }
      guard !condition.isType, PyCallable_Check(condition) != 0 else {
        throw Self.raiseBadCondition()
      }
      isCallable = true
    }

    private static func raiseBadCondition() -> Raised {
      raise(
        .typeError,
        "expected an exception type, a tuple of exception types, or a callable (other than a class)")
    }

    private func matches(_ exception: Ref) throws(Raised) -> Bool {
      if !isCallable { return PyErr_GivenExceptionMatches(exception, condition) != 0 }
      let result = try own(PyObject_CallOneArg(condition, exception))
      return try check(PyObject_IsTrue(result.ref)) != 0
    }

    /// The parts of an exception or group that match and that do not.
    func split(_ exception: Ref, wantsRest: Bool) throws(Raised) -> Parts {
      if try matches(exception) {
        return Parts(match: exception.retained().give(), rest: nil)
      }
      guard ExceptionGroups.isGroup(exception) else {
        return Parts(match: nil, rest: wantsRest ? exception.retained().give() : nil)
      }
      if Py_EnterRecursiveCall(" in exceptiongroup_split_recursive") != 0 { throw Raised() }
      defer { Py_LeaveRecursiveCall() }
      let exceptions = try ExceptionGroups.exceptions(exception).retained()
      let matching = try own(PyList_New(0))
      let others = try own(PyList_New(0))
      for index in 0..<apus_var_size(exceptions.ref) {
        let parts = try split(apus_tuple_item(exceptions.ref, index), wantsRest: wantsRest)
        if let match = parts.match { try check(PyList_Append(matching.ref, match)) }
        if let rest = parts.rest { try check(PyList_Append(others.ref, rest)) }
      }
      let match = try ExceptionGroups.subset(exception, matching.ref)
      let rest = wantsRest ? try ExceptionGroups.subset(exception, others.ref) : nil
      return Parts(match: match.take(), rest: rest.take())
    }
  }
}

extension Optional where Wrapped == Owned {
  /// The reference, given away; nil when there is none.
  consuming func take() -> Ref? {
    switch consume self {
    case .some(let owned): return owned.give()
    case .none: return nil
    }
  }
}

extension SpecialMethod {
  /// Calls a method looked up on the instance, as Python code would.
  static func callMethod(_ receiver: Ref, _ name: Ref, _ argument: Ref) -> Ref? {
    withArguments(receiver, argument) { PyObject_VectorcallMethod(name, $0, 2, nil) }
  }
}
