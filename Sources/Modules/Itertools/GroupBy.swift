import CPythonABI
import Objects

/// itertools.groupby and its groups.
enum GroupBy {
  struct Layout {
    var base: PyObject
    var source: Ref?
    /// None, or what computes the keys.
    var keyFunction: Ref?
    /// The key of the group delivered last.
    var targetKey: Ref?
    var currentKey: Ref?
    /// Read but not delivered yet.
    var currentValue: Ref?
    /// The group that may still read: not counted.
    var activeGroup: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static let groupType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static let constructor: Method = .variableKeywords(
    "groupby(iterable, key=None)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "itertools.groupby", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType],
    doc: """
      groupby(iterable, key=None)
      --

      make an iterator that returns consecutive keys and groups from the iterable

        iterable
          Elements to divide into groups according to the key function.
        key
          A function for computing the group category for each element.
          If the key function is not specified or is None, the element itself
          is used for grouping.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let own = view(object).pointee
        Py_XDECREF(own.source)
        Py_XDECREF(own.keyFunction)
        Py_XDECREF(own.targetKey)
        Py_XDECREF(own.currentKey)
        Py_XDECREF(own.currentValue)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        let own = view(object).pointee
        return visitReferences(
          visit, argument, own.source, own.keyFunction, own.targetKey, own.currentKey,
          own.currentValue)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          let source = try own(PyObject_GetIter(a.object(0)))
          let object = try allocated(type)
          view(object.ref).pointee.source = source.give()
          view(object.ref).pointee.keyFunction = a.object(1).retained().give()
          return object
        }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = view(object).pointee
          let args = try tuple(orNone(own.source), orNone(own.keyFunction))
          guard let target = own.targetKey, let key = own.currentKey, let value = own.currentValue
          else { return try tuple(typeOf(object), args) }
          let state = try tuple(value.retained(), target.retained(), key.retained())
          return try tuple(typeOf(object), args, state)
        }
      },
      .o("__setstate__", "Set state information for unpickling.") { object, state in
        none {
          try warnPickling()
          try stateTuple(state)
          let count = apus_var_size(state)
          if count != 3 {
            throw raise(.typeError, "function takes exactly 3 arguments (\(count) given)")
          }
          let own = view(object)
          replaceReference(&own.pointee.currentValue, apus_tuple_item(state, 0).retained().give())
          replaceReference(&own.pointee.targetKey, apus_tuple_item(state, 1).retained().give())
          replaceReference(&own.pointee.currentKey, apus_tuple_item(state, 2).retained().give())
        }
      },
    ])

  /// Reads the next item and its key; false at the end or with an exception.
  private static func step(_ object: Ref) -> Bool {
    let own = view(object)
    guard let source = own.pointee.source, let value = PyIter_Next(source) else { return false }
    let key: Ref
    if let function = own.pointee.keyFunction, !function.isNone {
      guard let computed = PyObject_CallOneArg(function, value) else {
        Py_DECREF(value)
        return false
      }
      key = computed
    } else {
      Py_INCREF(value)
      key = value
    }
    replaceReference(&own.pointee.currentValue, value)
    replaceReference(&own.pointee.currentKey, key)
    return true
  }

  /// Whether two keys are equal, both held meanwhile; -1 with an exception.
  private static func same(_ a: Ref, _ b: Ref) -> Int32 {
    let first = a.retained()
    let second = b.retained()
    return PyObject_RichCompareBool(first.ref, second.ref, Py_EQ)
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    own.pointee.activeGroup = nil
    // Skips what is left of the group delivered last.
    while true {
      if let key = own.pointee.currentKey {
        guard let target = own.pointee.targetKey else { break }
        let equal = same(target, key)
        if equal < 0 { return nil }
        if equal == 0 { break }
      }
      if !step(object) { return nil }
    }
    guard let key = own.pointee.currentKey else { return nil }
    Py_INCREF(key)
    replaceReference(&own.pointee.targetKey, key)
    return new {
      let group = try makeGroup(object, key)
      return try tuple(key.retained(), group)
    }
  }

  // MARK: Groups

  struct GroupLayout {
    var base: PyObject
    var parent: Ref?
    var key: Ref?
  }

  private static func group(_ object: Ref) -> UnsafeMutablePointer<GroupLayout> {
    object.view(GroupLayout.self)
  }

  static let groupSpec = TypeSpec(
    groupType, "itertools._grouper", basicSize: MemoryLayout<GroupLayout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if let parent = group(object).pointee.parent, view(parent).pointee.activeGroup == object {
          view(parent).pointee.activeGroup = nil
        }
        Py_XDECREF(group(object).pointee.parent)
        Py_XDECREF(group(object).pointee.key)
        PyObject_GC_Del(object)
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        visitReferences(visit, argument, group(object).pointee.parent, group(object).pointee.key)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { nextOfGroup($0) },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("_grouper", keywords)
          try checkPositional("_grouper", apus_var_size(args), least: 2, most: 2)
          let parent = apus_tuple_item(args, 0)
          guard parent.isInstance(of: type) else {
            throw raise(
              .typeError,
              "_grouper() argument 1 must be itertools.groupby, not \(parent.type.fullName)")
          }
          return try makeGroup(parent, apus_tuple_item(args, 1))
        }
      },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling.") { object, _ in
        new {
          try warnPickling()
          let own = group(object).pointee
          if let parent = own.parent, view(parent).pointee.activeGroup != object {
            let iter = try builtinNamed("iter")
            let empty = try Objects.own(PyTuple_New(0))
            let args = try tuple(empty)
            return try tuple(iter, args)
          }
          let args = try tuple(orNone(own.parent), orNone(own.key))
          return try tuple(typeOf(object), args)
        }
      }
    ])

  private static func builtinNamed(_ name: String) throws(Raised) -> Owned {
    let key = try own(PyUnicode_InternFromString(name))
    return try builtin(key.ref)
  }

  private static func makeGroup(_ parent: Ref, _ key: Ref) throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(groupType))
    group(object.ref).pointee.parent = parent.retained().give()
    group(object.ref).pointee.key = key.retained().give()
    view(parent).pointee.activeGroup = object.ref
    PyObject_GC_Track(object.ref)
    return object
  }

  private static func nextOfGroup(_ object: Ref) -> Ref? {
    guard let parent = group(object).pointee.parent, let target = group(object).pointee.key else {
      return nil
    }
    let own = view(parent)
    if own.pointee.activeGroup != object { return nil }
    if own.pointee.currentValue == nil && !step(parent) { return nil }
    guard let key = own.pointee.currentKey, same(target, key) == 1 else { return nil }
    let value = own.pointee.currentValue
    own.pointee.currentValue = nil
    clearReference(&own.pointee.currentKey)
    return value
  }
}
