import CPythonABI

/// odict_iterator, and the views that make it.
enum OrderedDictIterator {
  struct Kind: OptionSet {
    let rawValue: Int
    static let keys = Kind(rawValue: 1)
    static let values = Kind(rawValue: 2)
    static let reversed = Kind(rawValue: 4)
    static let items: Kind = [.keys, .values]
  }

  struct Layout {
    var base: PyObject
    var kind: Int
    /// nil once exhausted.
    var dict: Ref?
    var size: Int
    var state: Int
    /// The key to deliver next.
    var current: Ref?
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    oDictIterType(), "odict_iterator", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.dict)
        Py_XDECREF(view(object).pointee.current)
        PyObject_GC_Del(object)
      },
      .tp_traverse { object, visit, argument in
        visitReferences(visit, argument, view(object).pointee.dict, view(object).pointee.current)
      },
      .tp_iter(PyObject_SelfIter),
      .tp_iternext { next($0) },
    ],
    methods: [
      .noargs("__reduce__", "Return state information for pickling") { object, _ in
        new {
          let iter = try builtin(SpecialName.iter)
          // What is left, gathered by a copy of the iterator.
          let own = view(object).pointee
          let rest = try Objects.own(PyList_New(0))
          if let dict = own.dict {
            let copy = try make(dict, Kind(rawValue: own.kind))
            view(copy.ref).pointee.state = own.state
            view(copy.ref).pointee.size = own.size
            replaceReference(
              &view(copy.ref).pointee.current, own.current.map { $0.retained().give() })
            try check(PyList_Extend(rest.ref, copy.ref))
          }
          let args = try tuple(rest)
          return try tuple(iter, args)
        }
      }
    ])

  static func make(_ dict: Ref, _ kind: Kind) throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(oDictIterType()))
    let source = OrderedDict.view(dict).pointee
    let own = view(object.ref)
    let start = kind.contains(.reversed) ? source.last : source.first
    own.pointee.kind = kind.rawValue
    own.pointee.dict = dict.retained().give()
    own.pointee.size = PyDict(dict).count
    own.pointee.state = source.state
    own.pointee.current = start.map { $0.pointee.key.retained().give() }
    PyObject_GC_Track(object.ref)
    return object
  }

  private static func finish(_ object: Ref) {
    clearReference(&view(object).pointee.current)
    clearReference(&view(object).pointee.dict)
  }

  private static func next(_ object: Ref) -> Ref? {
    let own = view(object)
    guard let dict = own.pointee.dict else { return nil }
    let held = dict.retained()
    guard let key = own.pointee.current else {
      finish(object)
      return nil
    }
    return new {
      let source = OrderedDict.view(held.ref)
      if source.pointee.state != own.pointee.state {
        finish(object)
        throw raise(.runtimeError, "OrderedDict mutated during iteration")
      }
      if PyDict(held.ref).count != own.pointee.size {
        own.pointee.size = -1
        finish(object)
        throw raise(.runtimeError, "OrderedDict changed size during iteration")
      }
      let current = key.retained()
      let hash = try check(PyObject_Hash(current.ref))
      guard let node = try OrderedDict.find(held.ref, current.ref, hash) else {
        finish(object)
        throw raise(.keyError, value: current.ref)
      }
      let kind = Kind(rawValue: own.pointee.kind)
      let following = kind.contains(.reversed) ? node.pointee.previous : node.pointee.next
      replaceReference(
        &own.pointee.current, following.map { $0.pointee.key.retained().give() })
      if !kind.contains(.values) { return current }
      guard let value = try PyDict(held.ref).find(current.ref, hash) else {
        finish(object)
        throw raise(.keyError, value: current.ref)
      }
      let result = value.retained()
      if !kind.contains(.keys) { return result }
      return try tuple(current, result)
    }
  }

  // MARK: Views

  private static func dict(_ view: Ref) -> Ref? { DictView(view).dict }

  private static func iterate(_ view: Ref, _ kind: Kind) -> Ref? {
    guard let dict = dict(view) else { return noneObject() }
    return new { try make(dict, kind) }
  }

  static let keysSpec = TypeSpec(
    oDictKeysType(), "odict_keys", basicSize: 0, base: dictKeysType(),
    slots: [.tp_iter { iterate($0, .keys) }],
    methods: [.noargs("__reversed__", "") { view, _ in iterate(view, [.keys, .reversed]) }])

  static let valuesSpec = TypeSpec(
    oDictValuesType(), "odict_values", basicSize: 0, base: dictValuesType(),
    slots: [.tp_iter { iterate($0, .values) }],
    methods: [.noargs("__reversed__", "") { view, _ in iterate(view, [.values, .reversed]) }])

  static let itemsSpec = TypeSpec(
    oDictItemsType(), "odict_items", basicSize: 0, base: dictItemsType(),
    slots: [.tp_iter { iterate($0, .items) }],
    methods: [
      .noargs("__reversed__", "") { view, _ in iterate(view, [.keys, .values, .reversed]) }
    ])
}

/// The types behind OrderedDict. Made ready when `_collections` is imported.
public enum OrderedDictTypes {
  static let specs = [
    OrderedDict.spec, OrderedDictIterator.spec, OrderedDictIterator.keysSpec,
    OrderedDictIterator.valuesSpec, OrderedDictIterator.itemsSpec,
  ]

  public static func install() throws(Raised) {
    if OrderedDict.spec.isReady { return }
    for spec in specs { try spec.install() }
  }
}
