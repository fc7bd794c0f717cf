import CPythonABI

// Bounds on native recursion, and the marks that keep `repr` out of cycles.

/// Enters a function that may recurse natively; raises RecursionError when the native stack is
/// nearly used up. `place` ends the message (" in comparison").
@c @implementation
public func Py_EnterRecursiveCall(_ place: UnsafePointer<CChar>) -> Int32 {
  let thread = apus_tstate()
  if apus_native_stack_left(thread) > 0 || thread.pointee.recursion_headroom > 0 { return 0 }
  return raiseRecursion(thread, place)
}

@inline(never)
private func raiseRecursion(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ place: UnsafePointer<CChar>
) -> Int32 {
  thread.pointee.recursion_headroom += 1
  _ = raise(.recursionError, "maximum recursion depth exceeded" + String(cString: place))
  thread.pointee.recursion_headroom -= 1
  return -1
}

/// Pairs with `Py_EnterRecursiveCall`. Nothing to undo: depth is measured by stack address.
@c @implementation
public func Py_LeaveRecursiveCall() {}

/// `Py_EnterRecursiveCall` for throwing functions.
@inline(__always)
func checkRecursion(_ place: StaticString) throws(Raised) {
  let thread = apus_tstate()
  if apus_native_stack_left(thread) > 0 || thread.pointee.recursion_headroom > 0 { return }
  _ = raiseRecursion(thread, cString(place))
  throw Raised()
}

/// Marks the object as being represented in this thread: 1 when it already is, 0 when not yet, -1
/// with an exception.
@c @implementation
public func Py_ReprEnter(_ object: Ref) -> Int32 {
  guard let dict = PyThreadState_GetDict() else { return hasRaised() ? -1 : 0 }
  let list: Ref
  if let found = PyDict_GetItemWithError(dict, id_Py_Repr()) {
    list = found
  } else {
    if hasRaised() { return -1 }
    guard let made = PyList_New(0) else { return -1 }
    // The dict keeps it alive.
    defer { Py_DECREF(made) }
    if PyDict_SetItem(dict, id_Py_Repr(), made) < 0 { return -1 }
    list = made
  }
  guard list.isList else { return 0 }
  var index = apus_var_size(list) - 1
  while index >= 0 {
    if apus_list_item(list, index) == object { return 1 }
    index -= 1
  }
  return PyList_Append(list, object) < 0 ? -1 : 0
}

/// Takes the mark of `Py_ReprEnter` away, without need of memory. Keeps an exception that is set.
@c @implementation
public func Py_ReprLeave(_ object: Ref) {
  let pending = PyErr_GetRaisedException()
  defer { PyErr_SetRaisedException(pending) }
  guard let dict = PyThreadState_GetDict() else { return }
  guard let list = PyDict_GetItemWithError(dict, id_Py_Repr()), list.isList else {
    PyErr_Clear()
    return
  }
  var index = apus_var_size(list) - 1
  while index >= 0 {
    if apus_list_item(list, index) == object {
      PyList(list).removeKeepingRoom(at: index)
      return
    }
    index -= 1
  }
}
