import CPythonABI

/// The iterators of str: one for ASCII texts, one for the others.
enum StrIterator {
  /// index and text, which is NULL at the end.
  struct Layout {
    var base: PyObject
    var index: Int
    var text: Ref?
  }

  static func make(_ text: Ref) throws(Raised) -> Owned {
    let type = text.isExactStr && PyUnicode(text).isASCII ? strAsciiIterType() : strIterType()
    let iterator = try own(_PyObject_GC_New(type))
    iterator.ref.view(Layout.self).pointee.index = 0
    Py_INCREF(text)
    iterator.ref.view(Layout.self).pointee.text = text
    PyObject_GC_Track(iterator.ref)
    return iterator
  }

  static func nextASCII(_ iterator: Ref) -> Ref? {
    let layout = iterator.view(Layout.self)
    guard let text = layout.pointee.text else { return nil }
    let index = layout.pointee.index
    if index < apus_str_length(text) {
      layout.pointee.index = index &+ 1
      return apus_str_of_latin1(PyUnicode(text).data.as(UInt8.self)[index])
    }
    layout.pointee.text = nil
    Py_DECREF(text)
    return nil
  }

  static func next(_ iterator: Ref) -> Ref? {
    let layout = iterator.view(Layout.self)
    guard let text = layout.pointee.text else { return nil }
    let index = layout.pointee.index
    if index < apus_str_length(text) {
      layout.pointee.index = index &+ 1
      return new { try PyUnicode.character(PyUnicode(text)[index]) }
    }
    layout.pointee.text = nil
    Py_DECREF(text)
    return nil
  }

  static func deallocate(_ iterator: Ref) {
    PyObject_GC_UnTrack(iterator)
    Py_XDECREF(iterator.view(Layout.self).pointee.text)
    PyObject_GC_Del(iterator)
  }

  static let lengthHint: Method = .noargs(
    "__length_hint__($self, /)", "How many characters are left."
  ) { iterator, _ in
    let layout = iterator.view(Layout.self).pointee
    guard let text = layout.text else { return apus_small_int(0) }
    return PyLong_FromSsize_t(apus_str_length(text) - layout.index)
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "For pickling.") { iterator, _ in
    new {
      // Looking up the name may run code, so it comes first.
      let function = try own(builtinFunction("iter"))
      let layout = iterator.view(Layout.self).pointee
      guard let text = layout.text else {
        let tuple = try own(PyTuple_New(2))
        let arguments = try own(PyTuple_New(1))
        apus_tuple_items(arguments.ref)[0] = apus_str_empty()
        apus_tuple_items(tuple.ref)[0] = function.give()
        apus_tuple_items(tuple.ref)[1] = arguments.give()
        return tuple
      }
      let tuple = try own(PyTuple_New(3))
      let arguments = try own(PyTuple_New(1))
      apus_tuple_items(arguments.ref)[0] = text.retained().give()
      apus_tuple_items(tuple.ref)[0] = function.give()
      apus_tuple_items(tuple.ref)[1] = arguments.give()
      let index = try own(PyLong_FromSsize_t(layout.index))
      apus_tuple_items(tuple.ref)[2] = index.give()
      return tuple
    }
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Moves the iterator; for unpickling."
  ) { iterator, state in
    none {
      let index = PyLong_AsSsize_t(state)
      if index == -1 && hasRaised() { throw Raised() }
      let layout = iterator.view(Layout.self)
      guard let text = layout.pointee.text else { return }
      layout.pointee.index = Swift.min(Swift.max(index, 0), apus_str_length(text))
    }
  }

  static func spec(_ type: TypeRef, _ name: StaticString, next: @escaping iternextfunc) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: 32, flags: [.haveGC], base: objectType(),
      slots: [
        .tp_dealloc { StrIterator.deallocate($0) },
        .tp_traverse { iterator, visit, argument in
          guard let text = iterator.view(Layout.self).pointee.text else { return 0 }
          return visit(text, argument)
        },
        .tp_iter { $0.retained().give() },
        .tp_iternext(next),
      ],
      methods: [lengthHint, reduce, setState])
  }
}

/// A function of the builtins module, as pickling by `__reduce__` names it.
func builtinFunction(_ name: StaticString) -> Ref? {
  guard let builtins = PyEval_GetBuiltins() else {
    if !hasRaised() { _ = raise(.runtimeError, "no builtins") }
    return nil
  }
  var result: Ref?
  if PyDict_GetItemStringRef(builtins, cString(name), &result) == 0 {
    _ = raise(.attributeError, "module 'builtins' has no attribute '\(name)'")
  }
  return result
}
