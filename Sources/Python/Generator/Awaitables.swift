import CPythonABI
import Objects

/// What `await` accepts. CPython: Objects/genobject.c, _PyCoro_GetAwaitableIter.
enum Awaitables {
  /// The iterator that `await object` drives (new), or nil with TypeError.
  static func iterator(of object: Ref) -> Ref? {
    if object.type == coroutineType() || isIterableCoroutine(object) {
      Py_INCREF(object)
      return object
    }
    guard let getter = object.type.pointee.tp_as_async?.pointee.am_await else {
      _ = raise(
        .typeError, "object \(object.type.fullName) can't be used in 'await' expression")
      return nil
    }
    guard let iterator = getter(object) else { return nil }
    if iterator.type == coroutineType() || isIterableCoroutine(iterator) {
      _ = raise(.typeError, "__await__() returned a coroutine")
      Py_DECREF(iterator)
      return nil
    }
    if PyIter_Check(iterator) == 0 {
      _ = raise(
        .typeError, "__await__() returned non-iterator of type '\(iterator.type.fullName)'")
      Py_DECREF(iterator)
      return nil
    }
    return iterator
  }

  /// A generator made awaitable by `types.coroutine`.
  private static func isIterableCoroutine(_ object: Ref) -> Bool {
    object.type == generatorType()
      && Frame.code(apus_gen_frame(object)).pointee.co_flags & 0x100 != 0
  }
}

/// Where a coroutine was made (`sys.set_coroutine_origin_tracking_depth`).
enum CoroutineOrigin {
  /// A tuple of (file name, line, function name), the innermost first.
  static func make(depth: Int) -> Ref? {
    guard let list = PyList_New(0) else { return nil }
    defer { Py_DECREF(list) }
    var frame = apus_tstate().pointee.current_frame
    var left = depth
    while left > 0, let at = frame {
      let code = Frame.code(at)
      guard let line = PyLong_FromSsize_t(PyFrameObjects.line(at)) else { return nil }
      defer { Py_DECREF(line) }
      guard let entry = PyTuple_New(3) else { return nil }
      let items = apus_tuple_items(entry)
      Py_INCREF(code.pointee.co_filename)
      Py_INCREF(line)
      Py_INCREF(code.pointee.co_name)
      items[0] = code.pointee.co_filename
      items[1] = line
      items[2] = code.pointee.co_name
      let status = PyList_Append(list, entry)
      Py_DECREF(entry)
      if status < 0 { return nil }
      frame = at.pointee.previous
      left -= 1
    }
    return PyList_AsTuple(list)
  }
}
