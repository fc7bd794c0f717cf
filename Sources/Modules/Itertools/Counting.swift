import CPythonABI
import Objects

/// itertools.count. `count` is the next number while it fits and the step is 1; then `source` is
/// the next number and `function` the step.
enum Count {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// `limit` of an instance: 1 while `count` counts.
  private static let fast = 1

  static let spec = iteratorSpec(
    type, "itertools.count",
    """
    count(start=0, step=1)
    --

    Return a count object whose .__next__() method returns consecutive values.

    It goes on for ever: start, start+step, start+2*step, ...
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        return try make(type, a[0], a[1])
      }
    },
    next: .tp_iternext { next($0) },
    more: [.tp_repr { object in new { try repr(object) } }],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = view(object).pointee
          if own.limit == fast {
            let args = try tuple(int(own.count))
            return try tuple(typeOf(object), args)
          }
          if isOne(own.function) {
            let args = try tuple(orNone(own.source))
            return try tuple(typeOf(object), args)
          }
          let args = try tuple(orNone(own.source), orNone(own.function))
          return try tuple(typeOf(object), args)
        }
      }
    ])

  private static let constructor: Method = .variableKeywords(
    "count(start=0, step=1)", "", { _, _, _ in nil })

  private static func isOne(_ value: Ref?) -> Bool {
    guard let value, value.isInt, apus_long_is_compact(value) != 0 else { return false }
    return apus_long_compact_value(value) == 1
  }

  private static func number(_ value: Ref?, _ fallback: Int) throws(Raised) -> Owned {
    guard let value else { return try int(fallback) }
    return value.retained()
  }

  private static func make(_ type: TypeRef, _ start: Ref?, _ step: Ref?) throws(Raised) -> Owned {
    if let start, PyNumber_Check(start) == 0 { throw raise(.typeError, "a number is required") }
    if let step, PyNumber_Check(step) == 0 { throw raise(.typeError, "a number is required") }
    let object = try allocated(type)
    let fields = view(object.ref)
    if start?.isInt ?? true, step.map({ isOne($0) }) ?? true {
      var overflow: Int32 = 0
      let number = start.map { PyLong_AsLongAndOverflow($0, &overflow) } ?? 0
      if number == -1 && hasRaised() { throw Raised() }
      if overflow == 0 && number != Int.max {
        fields.pointee.count = number
        fields.pointee.limit = fast
        return object
      }
    }
    fields.pointee.source = try number(start, 0).give()
    fields.pointee.function = try number(step, 1).give()
    return object
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    if own.pointee.limit == fast {
      let number = own.pointee.count
      if number != Int.max {
        own.pointee.count = number + 1
        return PyLong_FromSsize_t(number)
      }
      guard let large = PyLong_FromSsize_t(number), let one = PyLong_FromSsize_t(1) else {
        return nil
      }
      own.pointee.source = large
      own.pointee.function = one
      own.pointee.limit = 0
    }
    guard let number = own.pointee.source, let step = own.pointee.function else { return nil }
    guard let following = PyNumber_Add(number, step) else { return nil }
    own.pointee.source = following
    return number
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let own = view(object).pointee
    let name = object.type.name
    if own.limit == fast { return try Objects.own(newString("\(name)(\(own.count))")) }
    guard let number = own.source, let step = own.function else { throw Raised() }
    let shown = try Objects.own(PyObject_Repr(number))
    if isOne(step) { return try Objects.own(newString("\(name)(\(text(of: shown.ref)))")) }
    let stride = try Objects.own(PyObject_Repr(step))
    return try Objects.own(
      newString("\(name)(\(text(of: shown.ref)), \(text(of: stride.ref)))"))
  }
}

/// itertools.repeat. `source` is the object, `count` how often it is still to come, or -1.
enum Repeat {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.repeat",
    """
    repeat(object [,times]) -> create an iterator which returns the object
    for the specified number of times.  If not specified, returns the object
    endlessly.
    """,
    new: .tp_new { type, args, keywords in
      new {
        let a = try Arguments(constructor, tuple: args, keywords: keywords)
        let object = try allocated(type)
        view(object.ref).pointee.count = a[1] == nil ? -1 : Swift.max(try a.index(1), 0)
        view(object.ref).pointee.source = a.object(0).retained().give()
        return object
      }
    },
    next: .tp_iternext { object in
      let own = view(object)
      if own.pointee.count == 0 { return nil }
      if own.pointee.count > 0 { own.pointee.count -= 1 }
      Py_XINCREF(own.pointee.source)
      return own.pointee.source
    },
    more: [
      .tp_repr { object in
        new {
          let own = view(object).pointee
          let shown = try Objects.own(PyObject_Repr(own.source))
          let times = own.count == -1 ? "" : ", \(own.count)"
          return try Objects.own(
            newString("\(object.type.name)(\(text(of: shown.ref))\(times))"))
        }
      }
    ],
    methods: [
      .noargs("__length_hint__", "Private method returning an estimate of len(list(it)).") { object, _ in
        new {
          if view(object).pointee.count == -1 {
            throw raise(.typeError, "len() of unsized object")
          }
          return try int(view(object).pointee.count)
        }
      },
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = view(object).pointee
          if own.count == -1 {
            let args = try tuple(orNone(own.source))
            return try tuple(typeOf(object), args)
          }
          let args = try tuple(orNone(own.source), int(own.count))
          return try tuple(typeOf(object), args)
        }
      },
    ])

  private static let constructor: Method = .variableKeywords(
    "repeat(object, times=-1)", "", { _, _, _ in nil })
}

/// itertools.cycle. `source` reads for the first time, `value` is the list of what was read,
/// `count` the place in it.
enum Cycle {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = iteratorSpec(
    type, "itertools.cycle",
    """
    cycle(iterable, /)
    --

    Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
    """,
    new: .tp_new { type, args, keywords in
      new {
        try noKeywords(type, Self.type, "cycle", keywords)
        try checkPositional("cycle", apus_var_size(args), least: 1, most: 1)
        let source = try own(PyObject_GetIter(apus_tuple_item(args, 0)))
        let saved = try own(PyList_New(0))
        let object = try made(type, source)
        view(object.ref).pointee.value = saved.give()
        return object
      }
    },
    next: .tp_iternext { next($0) },
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new { try reduced(object) }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none { try setState(object, state) }
      },
    ])

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let saved = own.pointee.value else { return nil }
    if let source = own.pointee.source {
      if let item = PyIter_Next(source) {
        // `limit` 1: the list is complete already, as after unpickling.
        if own.pointee.limit == 0 && PyList_Append(saved, item) < 0 {
          Py_DECREF(item)
          return nil
        }
        return item
      }
      if hasRaised() { return nil }
      clearReference(&own.pointee.source)
    }
    let count = apus_var_size(saved)
    if count == 0 { return nil }
    if own.pointee.count >= count { own.pointee.count = 0 }
    let item = apus_list_item(saved, own.pointee.count)
    own.pointee.count += 1
    if own.pointee.count >= count { own.pointee.count = 0 }
    Py_INCREF(item)
    return item
  }

  private static func reduced(_ object: Ref) throws(Raised) -> Owned {
    try warnPickling()
    let own = view(object).pointee
    guard let saved = own.value else { throw Raised() }
    if let source = own.source {
      let args = try tuple(source.retained())
      let state = try tuple(saved.retained(), boolObject(own.limit != 0).retained())
      return try tuple(typeOf(object), args, state)
    }
    let iterator = try Objects.own(PyObject_GetIter(saved))
    if own.count != 0 {
      let name = try Objects.own(PyUnicode_InternFromString("__setstate__"))
      let place = try int(own.count)
      _ = try Objects.own(PyObject_CallMethodOneArg(iterator.ref, name.ref, place.ref)).ref
    }
    let args = try tuple(iterator)
    let state = try tuple(saved.retained(), trueObject().retained())
    return try tuple(typeOf(object), args, state)
  }

  private static func setState(_ object: Ref, _ state: Ref) throws(Raised) {
    try warnPickling()
    try stateTuple(state)
    let given = apus_var_size(state)
    if given != 2 {
      throw raise(.typeError, "function takes exactly 2 arguments (\(given) given)")
    }
    let saved = apus_tuple_item(state, 0)
    guard saved.isList else {
      throw raise(.typeError, "argument 1 must be list, not \(saved.type.fullName)")
    }
    let flag = PyLong_AsInt(apus_tuple_item(state, 1))
    if flag == -1 && hasRaised() { throw Raised() }
    replaceReference(&view(object).pointee.value, saved.retained().give())
    view(object).pointee.limit = flag != 0 ? 1 : 0
    view(object).pointee.count = 0
  }
}
