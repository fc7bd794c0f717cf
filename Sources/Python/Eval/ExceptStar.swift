import CPythonABI
import Objects

/// `except*` (PEP 654). CPython: Python/ceval.c, _PyEval_ExceptionGroupMatch; Objects/exceptions.c,
/// _PyExc_PrepReraiseStar.
enum ExceptStar {
  /// CHECK_EG_MATCH (exception, types -- rest, match).
  @inline(never)
  static func match(_ thread: ThreadRef, _ sp: StackRef) -> Bool {
    do {
      try split(thread, sp)
      return true
    } catch { return false }
  }

  private static func split(_ thread: ThreadRef, _ sp: StackRef) throws(Raised) {
    let types = sp[-1].unsafelyUnwrapped
    let exception = sp[-2].unsafelyUnwrapped
    try checkTypes(types)
    func put(_ rest: consuming Owned, _ match: consuming Owned) {
      let matched = match.ref
      if !matched.isNone {
        // The match is the exception being handled while its clause runs.
        Py_INCREF(matched)
        let old = thread.pointee.exc_info.pointee.exc_value
        thread.pointee.exc_info.pointee.exc_value = matched
        Py_XDECREF(old)
      }
      sp[-2] = rest.give()
      sp[-1] = match.give()
      Py_DECREF(exception)
      Py_DECREF(types)
    }
    if exception.isNone {
      put(noneObject().retained(), noneObject().retained())
      return
    }
    if PyErr_GivenExceptionMatches(exception, types) != 0 {
      if exception.isInstance(of: apus_exc_BaseExceptionGroup()) {
        put(noneObject().retained(), exception.retained())
      } else {
        let group = try wrap(exception)
        let traceback = exception.view(PyBaseExceptionObject.self).pointee.traceback
        if let traceback { _ = PyException_SetTraceback(group.ref, traceback) }
        put(noneObject().retained(), group)
      }
      return
    }
    if exception.isInstance(of: apus_exc_BaseExceptionGroup()) {
      let name = try own(newString("split"))
      let pair = try own(PyObject_CallMethodOneArg(exception, name.ref, types))
      guard pair.ref.isTuple else {
        throw raise(
          .typeError,
          "\(exception.type.fullName).split must return a tuple, not \(pair.ref.type.fullName)")
      }
      guard apus_var_size(pair.ref) >= 2 else {
        throw raise(
          .typeError,
          "\(exception.type.fullName).split must return a 2-tuple, got tuple of size "
            + "\(apus_var_size(pair.ref))")
      }
      let matched = apus_tuple_item(pair.ref, 0)
      guard matched.isNone || matched.isException else {
        throw raise(
          .typeError, "exceptions must derive from BaseException, not \(matched.type.fullName)")
      }
      put(apus_tuple_item(pair.ref, 1).retained(), apus_tuple_item(pair.ref, 0).retained())
      return
    }
    put(exception.retained(), noneObject().retained())
  }

  private static func checkTypes(_ types: Ref) throws(Raised) {
    func check(_ type: Ref) throws(Raised) {
      guard Unwinding.isExceptionClass(type) else {
        throw raise(
          .typeError, "catching classes that do not inherit from BaseException is not allowed")
      }
      if PyType_IsSubtype(type.asType, apus_exc_BaseExceptionGroup()) != 0 {
        throw raise(
          .typeError,
          "catching ExceptionGroup with except* is not allowed. Use except instead.")
      }
    }
    if types.isTuple {
      for index in 0..<apus_var_size(types) { try check(apus_tuple_item(types, index)) }
    } else {
      try check(types)
    }
  }

  /// `ExceptionGroup("", [exception])`.
  private static func wrap(_ exception: Ref) throws(Raised) -> Owned {
    let members = try own(PyTuple_New(1))
    apus_tuple_items(members.ref)[0] = exception.retained().give()
    return try group(members.ref)
  }

  private static func group(_ exceptions: Ref) throws(Raised) -> Owned {
    let message = try own(PyUnicode_New(0, 0))
    return try withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) {
      (arguments) throws(Raised) -> Owned in
      arguments[0] = message.ref
      arguments[1] = exceptions
      return try own(
        PyObject_Vectorcall(.exceptionGroup, arguments.baseAddress, 2, nil))
    }
  }

  /// PREP_RERAISE_STAR (original, results -- exception or None).
  @inline(never)
  static func prepareReraise(_ sp: StackRef) -> Bool {
    let results = sp[-1].unsafelyUnwrapped
    let original = sp[-2].unsafelyUnwrapped
    do {
      let result = try combine(original, results)
      sp[-2] = result.give()
      Py_DECREF(original)
      Py_DECREF(results)
      return true
    } catch { return false }
  }

  private static func combine(_ original: Ref, _ results: Ref) throws(Raised) -> Owned {
    // In code made by hand the operands may be anything.
    guard original.isException, results.isExactList else {
      throw raise(.systemError, "bad operand of PREP_RERAISE_STAR")
    }
    let count = apus_var_size(results)
    for index in 0..<count {
      let item = apus_list_item(results, index)
      guard item.isNone || item.isException else {
        throw raise(.systemError, "bad operand of PREP_RERAISE_STAR")
      }
    }
    if count == 0 { return noneObject().retained() }
    if !original.isInstance(of: apus_exc_BaseExceptionGroup()) {
      // A naked exception can only come out once: raised, or not caught.
      return apus_list_item(results, 0).retained()
    }
    let raised = try own(PyList_New(0))
    let reraised = try own(PyList_New(0))
    for index in 0..<count {
      let exception = apus_list_item(results, index)
      if exception.isNone { continue }
      let target = try sameMetadata(exception, original) ? reraised.ref : raised.ref
      try check(PyList_Append(target, exception))
    }
    var projected: Owned? = try project(original, reraised.ref)
    if apus_var_size(raised.ref) == 0 { return projected.take() ?? noneObject().retained() }
    if let kept = projected.take(), !kept.ref.isNone {
      try check(PyList_Append(raised.ref, kept.ref))
    }
    if apus_var_size(raised.ref) == 1 { return apus_list_item(raised.ref, 0).retained() }
    return try group(raised.ref)
  }

  /// Whether an exception is a part of the original group: the same notes, traceback, cause, context.
  private static func sameMetadata(_ exception: Ref, _ original: Ref) throws(Raised) -> Bool {
    let a = exception.view(PyBaseExceptionObject.self)
    let b = original.view(PyBaseExceptionObject.self)
    return a.pointee.notes == b.pointee.notes && a.pointee.traceback == b.pointee.traceback
      && a.pointee.cause == b.pointee.cause && a.pointee.context == b.pointee.context
  }

  /// The part of the group that consists of the leaves of `kept`, in the group's own structure.
  private static func project(_ group: Ref, _ kept: Ref) throws(Raised) -> Owned {
    if apus_var_size(kept) == 0 { return noneObject().retained() }
    let leaves = try own(PySet_New(nil))
    for index in 0..<apus_var_size(kept) {
      try collectLeaves(apus_list_item(kept, index), leaves.ref)
    }
    return try part(of: group, leaves.ref)
  }

  private static func members(_ group: Ref) -> Ref? {
    group.view(PyBaseExceptionGroupObject.self).pointee.excs
  }

  private static func collectLeaves(_ exception: Ref, _ leaves: Ref) throws(Raised) {
    if exception.isInstance(of: apus_exc_BaseExceptionGroup()) {
      guard let members = members(exception) else { return }
      if Py_EnterRecursiveCall(" in collect_exception_group_leaf_ids") != 0 { throw Raised() }
      defer { Py_LeaveRecursiveCall() }
      for index in 0..<apus_var_size(members) {
        try collectLeaves(apus_tuple_item(members, index), leaves)
      }
      return
    }
    let identity = try own(PyLong_FromVoidPtr(exception))
    try check(PySet_Add(leaves, identity.ref))
  }

  private static func part(of group: Ref, _ leaves: Ref) throws(Raised) -> Owned {
    if Py_EnterRecursiveCall(" in exception_group_projection") != 0 { throw Raised() }
    defer { Py_LeaveRecursiveCall() }
    guard let all = members(group) else { return noneObject().retained() }
    let found = try own(PyList_New(0))
    for index in 0..<apus_var_size(all) {
      let member = apus_tuple_item(all, index)
      if member.isInstance(of: apus_exc_BaseExceptionGroup()) {
        let inner = try part(of: member, leaves)
        if !inner.ref.isNone { try check(PyList_Append(found.ref, inner.ref)) }
      } else {
        let identity = try own(PyLong_FromVoidPtr(member))
        if try check(PySet_Contains(leaves, identity.ref)) != 0 {
          try check(PyList_Append(found.ref, member))
        }
      }
    }
    if apus_var_size(found.ref) == 0 { return noneObject().retained() }
    let derive = id_derive().retained()
    let result = try own(PyObject_CallMethodOneArg(group, derive.ref, found.ref))
    let source = group.view(PyBaseExceptionObject.self)
    let target = result.ref.view(PyBaseExceptionObject.self)
    if let traceback = source.pointee.traceback {
      _ = PyException_SetTraceback(result.ref, traceback)
    }
    if let context = source.pointee.context {
      Py_INCREF(context)
      PyException_SetContext(result.ref, context)
    }
    if let cause = source.pointee.cause {
      Py_INCREF(cause)
      PyException_SetCause(result.ref, cause)
    }
    if let notes = source.pointee.notes {
      Py_INCREF(notes)
      Py_XDECREF(target.pointee.notes)
      target.pointee.notes = notes
    }
    return result
  }
}
