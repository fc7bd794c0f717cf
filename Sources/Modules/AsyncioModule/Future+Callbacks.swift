import CPythonABI
import Objects

/// Who is told when a future is done.
extension Future {
  /// `loop.call_soon(function, argument?, context=context)`
  static func callSoon(
    _ loop: Ref, _ function: Ref, _ argument: Ref?, _ context: Ref
  ) throws(Raised) {
    _ = try callMethod(
      loop, AsyncioState.names.callSoon, function, argument,
      keyword: AsyncioState.names.contextKeyword, value: context)
  }

  /// Gives all callbacks to the loop.
  func scheduleCallbacks() throws(Raised) {
    if let callback = own.pointee.callback {
      own.pointee.callback = nil
      let function = Owned(adopting: callback)
      let context = Owned(adopting: own.pointee.context ?? noneObject())
      own.pointee.context = nil
      do throws(Raised) {
        guard let loop = own.pointee.loop else { return }
        let held = loop.retained()
        try Self.callSoon(held.ref, function.ref, ref, context.ref)
      } catch {
        // As in Python code, a failure drops the others.
        clearReference(&own.pointee.callbacks)
        throw error
      }
    }
    guard let list = own.pointee.callbacks else { return }
    own.pointee.callbacks = nil
    let callbacks = Owned(adopting: list)
    for index in 0..<apus_var_size(callbacks.ref) {
      guard index < apus_var_size(callbacks.ref), let loop = own.pointee.loop else { return }
      let held = loop.retained()
      let pair = apus_list_item(callbacks.ref, index).retained()
      try Self.callSoon(
        held.ref, apus_tuple_item(pair.ref, 0), ref, apus_tuple_item(pair.ref, 1))
    }
  }

  func addDoneCallback(_ function: Ref, _ context: Ref) throws(Raised) {
    guard isPending else {
      guard let loop = own.pointee.loop else { return }
      let held = loop.retained()
      return try Self.callSoon(held.ref, function, ref, context)
    }
    if own.pointee.callback == nil && own.pointee.callbacks == nil {
      own.pointee.callback = function.retained().give()
      own.pointee.context = context.retained().give()
      return
    }
    let pair = try tuple(function.retained(), context.retained())
    if let list = own.pointee.callbacks {
      try check(PyList_Append(list, pair.ref))
    } else {
      let list = try Objects.own(PyList_New(0))
      try check(PyList_Append(list.ref, pair.ref))
      own.pointee.callbacks = list.give()
    }
  }

  /// Drops every callback equal to a function: how many there were.
  func removeDoneCallback(_ function: Ref) throws(Raised) -> Int {
    var removed = 0
    if let callback = own.pointee.callback {
      let held = callback.retained()
      if try check(PyObject_RichCompareBool(held.ref, function, Py_EQ)) != 0 {
        clearReference(&own.pointee.callback)
        clearReference(&own.pointee.context)
        removed = 1
      }
    }
    guard let list = own.pointee.callbacks else { return removed }
    let callbacks = list.retained()
    let count = apus_var_size(callbacks.ref)
    let kept = try Objects.own(PyList_New(0))
    var index = 0
    // A comparison may change the list.
    while own.pointee.callbacks == callbacks.ref, index < apus_var_size(callbacks.ref) {
      let pair = apus_list_item(callbacks.ref, index).retained()
      if try check(PyObject_RichCompareBool(apus_tuple_item(pair.ref, 0), function, Py_EQ)) == 0 {
        try check(PyList_Append(kept.ref, pair.ref))
      }
      index += 1
    }
    guard own.pointee.callbacks == callbacks.ref else { return removed + count }
    let left = apus_var_size(kept.ref)
    if left == 0 {
      clearReference(&own.pointee.callbacks)
    } else if left < count {
      replaceReference(&own.pointee.callbacks, kept.give())
    }
    return removed + count - left
  }

  /// The list of (callback, context), None when empty.
  func callbackList() throws(Raised) -> Owned {
    if own.pointee.callback == nil && own.pointee.callbacks == nil {
      return noneObject().retained()
    }
    let result = try Objects.own(PyList_New(0))
    if let callback = own.pointee.callback {
      let context = own.pointee.context ?? noneObject()
      let pair = try tuple(callback.retained(), context.retained())
      try check(PyList_Append(result.ref, pair.ref))
    }
    if let list = own.pointee.callbacks {
      for index in 0..<apus_var_size(list) {
        try check(PyList_Append(result.ref, apus_list_item(list, index)))
      }
    }
    return result
  }
}
