import CPythonABI
import Objects

/// generator and coroutine: their type objects and methods.
enum GeneratorTypes {
  // MARK: Shared attributes

  private static func nameProperty(_ slot: Int) -> (Property.Getter, Property.Setter) {
    slot == 0
      ? (
        { object, _ in
          let name = object.view(PyGenObject.self).pointee.gi_name.unsafelyUnwrapped
          Py_INCREF(name)
          return name
        },
        { object, value, _ in
          status {
            guard let value, value.isStr else {
              throw raise(.typeError, "__name__ must be set to a string object")
            }
            let generator = object.view(PyGenObject.self)
            let old = generator.pointee.gi_name
            Py_INCREF(value)
            generator.pointee.gi_name = value
            Py_XDECREF(old)
          }
        }
      )
      : (
        { object, _ in
          let name = object.view(PyGenObject.self).pointee.gi_qualname.unsafelyUnwrapped
          Py_INCREF(name)
          return name
        },
        { object, value, _ in
          status {
            guard let value, value.isStr else {
              throw raise(.typeError, "__qualname__ must be set to a string object")
            }
            let generator = object.view(PyGenObject.self)
            let old = generator.pointee.gi_qualname
            Py_INCREF(value)
            generator.pointee.gi_qualname = value
            Py_XDECREF(old)
          }
        }
      )
  }

  private static func isReadRefused(_ object: Ref, _ attribute: StaticString) -> Bool {
    if !Audit.isActive { return false }
    let kind = object.type == generatorType() ? "gi" : object.type == coroutineType() ? "cr" : "ag"
    return Audit.refuses(
      "object.__getattr__", [.object(object), .string(kind + attribute.description)])
  }

  static let getFrame: Property.Getter = { object, _ in
    if isReadRefused(object, "_frame") { return nil }
    if PyGenerator.state(object) >= FRAME_COMPLETED { return noneObject() }
    guard let frame = PyFrameObjects.object(for: apus_gen_frame(object)) else { return nil }
    let result = PyFrameObjects.asObject(frame)
    Py_INCREF(result)
    return result
  }

  static let getCode: Property.Getter = { object, _ in
    if isReadRefused(object, "_code") { return nil }
    // The code outlives the frame's content: a finished generator keeps the pointer of its name
    // only, so it is read from the frame while there is one.
    guard let code = apus_gen_frame(object).pointee.f_executable else { return noneObject() }
    Py_INCREF(code)
    return code
  }

  static let getRunning: Property.Getter = { object, _ in
    boolObject(PyGenerator.state(object) == FRAME_EXECUTING)
  }

  static let getSuspended: Property.Getter = { object, _ in
    let state = PyGenerator.state(object)
    return boolObject(state == FRAME_SUSPENDED || state == FRAME_SUSPENDED_YIELD_FROM)
  }

  static let getDelegate: Property.Getter = { object, _ in
    guard let delegate = PyGenerator.delegate(object) else { return noneObject() }
    Py_INCREF(delegate)
    return delegate
  }

  static func names() -> [Property] {
    let (getName, setName) = nameProperty(0)
    let (getQualname, setQualname) = nameProperty(1)
    return [
      Property("__name__", "name of the generator", get: getName, set: setName),
      Property(
        "__qualname__", "qualified name of the generator", get: getQualname, set: setQualname),
    ]
  }

  static func coroutineNames() -> [Property] {
    let (getName, setName) = nameProperty(0)
    let (getQualname, setQualname) = nameProperty(1)
    return [
      Property("__name__", "name of the coroutine", get: getName, set: setName),
      Property(
        "__qualname__", "qualified name of the coroutine", get: getQualname, set: setQualname),
    ]
  }

  /// `throw(type[, value[, traceback]])` with the deprecation of the long form.
  static func throwArguments(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> Owned {
    try checkPositional("throw", count, least: 1, most: 3)
    guard let args else { throw Raised() }
    if count > 1 {
      try check(
        PyErr_WarnEx(
          .deprecationWarning,
          "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
          1))
    }
    return try own(
      PyGenerator.throw(
        object, args[0], count > 1 ? args[1] : nil, count > 2 ? args[2] : nil))
  }

  // MARK: generator

  static let send: Method = .o(
    "send($self, object, /)",
    "send(value) -> send 'value' into generator: the yield expression gives it; return what is\nyielded next."
  ) { object, value in
    PyGenerator.send(object, value)
  }

  static let sendCoroutine: Method = .o(
    "send($self, object, /)", "send(value) -> send 'value' into coroutine; return what is yielded."
  ) { object, value in
    PyGenerator.send(object, value)
  }

  static let `throw`: Method = .fast(
    "throw", "Raise an exception where the generator stands; return the next value."
  ) { object, args, count in
    new { try throwArguments(object, args, count) }
  }

  static let throwCoroutine: Method = .fast(
    "throw",
    "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or raise\nStopIteration."
  ) { object, args, count in
    new { try throwArguments(object, args, count) }
  }

  static let closeCoroutine: Method = .noargs(
    "close($self, /)", "close() -> raise GeneratorExit inside coroutine."
  ) { object, _ in
    guard let result = PyGenerator.close(object) else { return nil }
    Py_INCREF(noneObject())
    return result
  }

  static let close: Method = .noargs(
    "close($self, /)", "Raise GeneratorExit where the generator stands and let it end."
  ) { object, _ in
    guard let result = PyGenerator.close(object) else { return nil }
    Py_INCREF(noneObject())
    return result
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "Memory of the object in bytes.") {
    object, _ in
    // As CPython counts: its frame has nine words before the variables, and no block stack.
    let code = apus_gen_frame(object).pointee.f_executable?.view(PyCodeObject.self)
    let slots = code.map { Int($0.pointee.co_nlocalsplus) + Int($0.pointee.co_stacksize) } ?? 0
    return PyLong_FromSsize_t(144 + slots * 8)
  }

  static let classGetItem: Method = Method.o(
    "__class_getitem__($type, object, /)", "A parametrised generic alias of the type."
  ) { type, item in
    Py_GenericAlias(type, item)
  }.classMethod

  static let generator = TypeSpec(
    generatorType(), "generator", basicSize: Generators.frameOffset, itemSize: 8,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    weakListOffset: 16,
    slots: [
      .tp_dealloc { PyGenerator.deallocate($0) },
      .tp_repr { object in
        let name = object.view(PyGenObject.self).pointee.gi_qualname.map { text(of: $0) } ?? "?"
        return newString("<generator object \(name) at \(address(object))>")
      },
      .tp_traverse { PyGenerator.traverse($0, $1, $2) },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { PyGenerator.next($0) },
      .tp_finalize { PyGenerator.finalize($0) },
      .am_send { object, value, result in
        PyGenerator.resume(object, value, &result.pointee)
      },
    ],
    methods: [send, `throw`, close, sizeof, classGetItem],
    properties: names() + [
      Property("gi_yieldfrom", "What a yield from delegates to, or None.", get: getDelegate),
      Property("gi_running", get: getRunning),
      Property("gi_frame", get: getFrame),
      Property("gi_suspended", get: getSuspended),
      Property("gi_code", get: getCode),
    ])

  // MARK: coroutine

  static let await: Method = .noargs("__await__()", "The iterator that drives the coroutine.") {
    object, _ in
    CoroutineWrapper.make(object)
  }

  static let coroutine = TypeSpec(
    coroutineType(), "coroutine", basicSize: Generators.frameOffset, itemSize: 8,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    weakListOffset: 16,
    slots: [
      .tp_dealloc { PyGenerator.deallocate($0) },
      .tp_repr { object in
        let name = object.view(PyGenObject.self).pointee.gi_qualname.map { text(of: $0) } ?? "?"
        return newString("<coroutine object \(name) at \(address(object))>")
      },
      .tp_traverse { PyGenerator.traverse($0, $1, $2) },
      .tp_finalize { PyGenerator.finalize($0) },
      .am_await { CoroutineWrapper.make($0) },
      .am_send { object, value, result in
        PyGenerator.resume(object, value, &result.pointee)
      },
    ],
    methods: [
      sendCoroutine, throwCoroutine, closeCoroutine, sizeof, classGetItem,
    ],
    members: [
      Member(
        "cr_origin", _Py_T_OBJECT, offset: MemoryLayout<PyGenObject>.at(\.gi_origin_or_finalizer),
        flags: Py_READONLY)
    ],
    properties: coroutineNames() + [
      Property("cr_await", "What is being awaited, or None.", get: getDelegate),
      Property("cr_running", get: getRunning),
      Property("cr_frame", get: getFrame),
      Property("cr_code", get: getCode),
      Property("cr_suspended", get: getSuspended),
    ])

  /// `0x` and the address in hexadecimal, as repr shows it.
  static func address(_ object: Ref) -> String {
    "0x" + String(UInt(bitPattern: object), radix: 16)
  }
}

/// coroutine_wrapper: what `__await__` of a coroutine returns.
enum CoroutineWrapper {
  struct Layout {
    var base: PyObject
    var coroutine: Ref?
  }

  static func make(_ coroutine: Ref) -> Ref? {
    guard let wrapper = _PyObject_GC_New(coroWrapperType()) else { return nil }
    Py_INCREF(coroutine)
    wrapper.view(Layout.self).pointee.coroutine = coroutine
    PyObject_GC_Track(wrapper)
    return wrapper
  }

  private static func inner(_ wrapper: Ref) -> Ref {
    wrapper.view(Layout.self).pointee.coroutine ?? noneObject()
  }

  static let send: Method = .o(
    "send($self, object, /)", "send(value) -> send 'value' into coroutine; return what is yielded."
  ) {
    PyGenerator.send(inner($0), $1)
  }
  static let `throw`: Method = .fast("throw", "Raise an exception where the coroutine stands.") {
    wrapper, args, count in
    new { try GeneratorTypes.throwArguments(inner(wrapper), args, count) }
  }
  static let close: Method = .noargs("close($self, /)", "Let the coroutine end.") { wrapper, _ in
    PyGenerator.close(inner(wrapper))
  }

  static let spec = TypeSpec(
    coroWrapperType(), "coroutine_wrapper", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], doc: "What drives a coroutine in `await`.", base: objectType(),
    slots: [
      .tp_dealloc { wrapper in
        PyObject_GC_UnTrack(wrapper)
        Py_XDECREF(wrapper.view(Layout.self).pointee.coroutine)
        PyObject_GC_Del(wrapper)
      },
      .tp_traverse { wrapper, visit, argument in
        visit(inner(wrapper), argument)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { PyGenerator.next(inner($0)) },
      .am_send { wrapper, value, result in
        PyGenerator.resume(inner(wrapper), value, &result.pointee)
      },
    ],
    methods: [send, `throw`, close])
}
