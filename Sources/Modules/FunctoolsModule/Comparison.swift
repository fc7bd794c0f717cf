import CPythonABI
import Objects

/// What `cmp_to_key` makes: first the function that wraps, then the wrapped objects.
enum KeyWrapper {
  struct Layout {
    var base: PyObject
    var compare: Ref?
    var object: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let constructor: Method = .variableKeywords("K(obj)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "functools.KeyWrapper", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.compare)
        Py_XDECREF(view(object).pointee.object)
        PyObject_GC_Del(object)
      },
      .tp_call { object, args, keywords in
        new {
          let given = apus_var_size(args) + (keywords.map { PyDict_Size($0) } ?? 0)
          if given > 1 {
            throw raise(.typeError, "K() takes at most 1 argument (\(given) given)")
          }
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          guard let compare = view(object).pointee.compare else { throw Raised() }
          return try make(compare, a.object(0))
        }
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, view(object).pointee.compare, view(object).pointee.object)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.compare)
        clearReference(&view(object).pointee.object)
        return 0
      },
      .tp_richcompare { left, right, operation in
        new {
          guard right.type == type else {
            throw raise(.typeError, "other argument must be K instance")
          }
          guard let compare = view(left).pointee.compare, let a = view(left).pointee.object,
            let b = view(right).pointee.object
          else { throw raise(.attributeError, "object") }
          let answer = try own(call(compare, a, b))
          let zero = try int(0)
          return try own(PyObject_RichCompare(answer.ref, zero.ref, operation))
        }
      },
    ],
    members: [
      Member(
        "obj", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.object),
        "Value wrapped by a key function.")
    ],
    properties: [
      Property("__text_signature__", get: { _, _ in PyUnicode_FromString("(obj)") })
    ])

  private static func make(_ compare: Ref, _ object: Ref?) throws(Raised) -> Owned {
    let made = try own(_PyObject_GC_New(type))
    view(made.ref).pointee.compare = compare.retained().give()
    view(made.ref).pointee.object = object.map { $0.retained().give() }
    PyObject_GC_Track(made.ref)
    return made
  }

  static let compareToKey: Method = .keywords(
    "cmp_to_key($module, /, mycmp)",
    """
    Convert a cmp= function into a key= function.

      mycmp
        Function that compares two objects.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(compareToKey, args, count, names)
      return try make(a.object(0), nil)
    }
  }
}

/// `reduce(function, iterable[, initial])`
let reduceFunction: Method = .variable(
  "reduce",
  """
  reduce(function, iterable[, initial], /) -> value

  Combine the items of an iterable from left to right: with the function as +,
  reduce(function, [1, 2, 3]) is (1 + 2) + 3. The initial value, if given, comes
  before the first item and is the result for an empty iterable.
  """
) { _, args in
  new {
    let count = apus_var_size(args)
    try checkPositional("reduce", count, least: 2, most: 3)
    let function = apus_tuple_item(args, 0)
    guard let raw = PyObject_GetIter(apus_tuple_item(args, 1)) else {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        throw raise(.typeError, "reduce() arg 2 must support iteration")
      }
      throw Raised()
    }
    let iterator = Owned(adopting: raw)
    var result: Ref? = count == 3 ? apus_tuple_item(args, 2).retained().give() : nil
    while let item = PyIter_Next(iterator.ref) {
      guard let before = result else {
        result = item
        continue
      }
      result = call(function, before, item)
      Py_DECREF(before)
      Py_DECREF(item)
      if result == nil { throw Raised() }
    }
    if hasRaised() {
      Py_XDECREF(result)
      throw Raised()
    }
    guard let result else {
      throw raise(.typeError, "reduce() of empty iterable with no initial value")
    }
    return Owned(adopting: result)
  }
}
