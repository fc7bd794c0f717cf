import CPythonABI
import Objects

/// CALL_FUNCTION_EX: calls with `*arguments` and `**keywords`.
extension Calls {
  /// Makes an exact tuple of the arguments and an exact dict of the keywords, which lie on top of the
  /// stack. False when an exception is set.
  private static func normalizeSpread(_ sp: StackRef, hasKeywords: Bool) -> Bool {
    let keywordSlot = sp - 1
    let argumentSlot = sp - (hasKeywords ? 2 : 1)
    let callable = argumentSlot[-1].unsafelyUnwrapped
    if hasKeywords, let mapping = keywordSlot[0], !mapping.isExactDict {
      guard let keywords = PyDict_New() else { return false }
      if _PyDict_MergeEx(keywords, mapping, 2) < 0 {
        Py_DECREF(keywords)
        describeMergeFailure(callable, mapping)
        return false
      }
      keywordSlot[0] = keywords
      Py_DECREF(mapping)
    }
    let iterable = argumentSlot[0].unsafelyUnwrapped
    if iterable.isExactTuple { return true }
    if iterable.type.pointee.tp_iter == nil && PySequence_Check(iterable) == 0 {
      _ = raise(
        .typeError,
        "\(describe(callable)) argument after * must be an iterable, not \(iterable.type.fullName)")
      return false
    }
    guard let tuple = PySequence_Tuple(iterable) else { return false }
    argumentSlot[0] = tuple
    Py_DECREF(iterable)
    return true
  }

  /// The call whose callable, iterable of arguments and, perhaps, mapping of keywords are on top of
  /// the stack, which it leaves there. A Python function gets a frame.
  @inline(never)
  static func spread(_ thread: ThreadRef, _ sp: StackRef, hasKeywords: Bool) -> Outcome {
    guard normalizeSpread(sp, hasKeywords: hasKeywords) else { return .failed }
    let argumentSlot = sp - (hasKeywords ? 2 : 1)
    let callable = argumentSlot[-1].unsafelyUnwrapped
    let arguments = argumentSlot[0].unsafelyUnwrapped
    let keywords = hasKeywords ? sp[-1] : nil
    var result: Ref?
    if Tracing.isOn(thread) {
      let first = apus_var_size(arguments) > 0 ? apus_tuple_item(arguments, 0) : nil
      result = Tracing.call(callable, first) { PyObject_Call(callable, arguments, keywords) }
    } else if callable.type == functionType() {
      return push(thread, callable, nil, arguments, keywords)
    } else if callable.type == methodType() {
      let method = callable.view(PyMethodObject.self)
      if method.pointee.im_func.type == functionType() {
        return push(thread, method.pointee.im_func, method.pointee.im_self, arguments, keywords)
      }
      result = PyObject_Call(callable, arguments, keywords)
    } else {
      result = PyObject_Call(callable, arguments, keywords)
    }
    return result.map { .result($0) } ?? .failed
  }

  /// Calls a Python function with a receiver, if any, the items of a tuple and the entries of a dict.
  private static func push(
    _ thread: ThreadRef, _ function: Ref, _ receiver: Ref?, _ arguments: Ref, _ keywords: Ref?
  ) -> Outcome {
    let given = apus_var_size(arguments)
    let first = receiver == nil ? 0 : 1
    let keywordCount = keywords.map { PyDict_Size($0) } ?? 0
    return withUnsafeTemporaryAllocation(
      of: Ref?.self, capacity: first + given + keywordCount + 1
    ) { space in
      let row = space.baseAddress.unsafelyUnwrapped
      row[0] = receiver
      for index in 0..<given { row[first + index] = apus_tuple_item(arguments, index) }
      var names: Ref?
      if let keywords, keywordCount > 0 {
        guard let tuple = PyTuple_New(keywordCount) else { return .failed }
        names = tuple
        var position = 0
        var index = 0
        var key: Ref?
        var value: Ref?
        while PyDict_Next(keywords, &position, &key, &value) != 0, let name = key {
          guard name.isStr else {
            Py_DECREF(tuple)
            _ = raise(.typeError, "keywords must be strings")
            return .failed
          }
          Py_INCREF(name)
          apus_tuple_items(tuple)[index] = name
          row[first + given + index] = value
          index += 1
        }
      }
      for index in 0..<(first + given + keywordCount) { Py_XINCREF(row[index]) }
      Py_INCREF(function)
      let outcome = push(
        thread, function.view(PyFunctionObject.self), row, first + given, names: names)
      Py_XDECREF(names)
      return outcome
    }
  }

  /// `module.function()` as messages name a callable.
  static func describe(_ callable: Ref) -> String {
    guard let text = _PyObject_FunctionStr(callable) else {
      PyErr_Clear()
      return "function"
    }
    defer { Py_DECREF(text) }
    return Objects.text(of: text)
  }

  /// Turns the error of merging `**mapping` into the one a caller expects.
  static func describeMergeFailure(_ callable: Ref, _ mapping: Ref) {
    if PyErr_ExceptionMatches(.attributeError) != 0 {
      PyErr_Clear()
      _ = raise(
        .typeError,
        "\(describe(callable)) argument after ** must be a mapping, not \(mapping.type.fullName)")
    } else if PyErr_ExceptionMatches(.keyError) != 0 {
      guard let exception = PyErr_GetRaisedException() else { return }
      if let arguments = exception.view(PyBaseExceptionObject.self).pointee.args,
        arguments.isTuple, apus_var_size(arguments) == 1
      {
        let key = apus_tuple_item(arguments, 0)
        if let shown = PyObject_Str(key) {
          _ = raise(
            .typeError,
            "\(describe(callable)) got multiple values for keyword argument '\(text(of: shown))'")
          Py_DECREF(shown)
        }
        Py_DECREF(exception)
      } else {
        PyErr_SetRaisedException(exception)
      }
    }
  }
}
