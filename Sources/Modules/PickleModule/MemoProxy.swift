import CPythonABI
import Objects

/// What the `memo` attribute of picklers and unpicklers is: a view that can be emptied and copied.
enum MemoProxy {
  struct Layout {
    var base: PyObject
    /// The pickler or unpickler.
    var owner: Ref?
  }

  nonisolated(unsafe) static let picklerType = PermanentMemory.type()
  nonisolated(unsafe) static let unpicklerType = PermanentMemory.type()

  static func owner(_ proxy: Ref) -> Ref? { proxy.view(Layout.self).pointee.owner }

  static func make(_ owner: Ref, _ type: TypeRef) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let proxy = try own(allocate(type, 0))
    proxy.ref.view(Layout.self).pointee.owner = owner.retained().give()
    return proxy
  }

  private static func content(_ proxy: Ref) throws(Raised) -> Owned {
    guard let owner = owner(proxy) else { return try own(PyDict_New()) }
    if proxy.type == unpicklerType { return try Unpickler(owner).memoDict() }
    guard let table = Pickler(owner).own.pointee.memo else { return try own(PyDict_New()) }
    return try PicklerMemo(table: table).dict()
  }

  private static let clear: Method = .noargs("clear($self, /)", "Empty the memo.") { proxy, _ in
    guard let owner = owner(proxy) else { return noneObject() }
    if proxy.type == unpicklerType {
      Unpickler(owner).resetMemo()
    } else if let table = Pickler(owner).own.pointee.memo {
      PicklerMemo(table: table).clear()
    }
    return noneObject()
  }

  private static let copy: Method = .noargs("copy($self, /)", "The memo as a dict.") { proxy, _ in
    new { try content(proxy) }
  }

  private static let reduce: Method = .noargs(
    "__reduce__($self, /)", "How to pickle or copy the memo: as a dict."
  ) { proxy, _ in
    new { try tuple(dictType().object.retained(), try tuple(try content(proxy))) }
  }

  private static func spec(_ type: TypeRef, _ name: StaticString) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
      base: objectType(),
      slots: [
        .tp_dealloc { object in
          PyObject_GC_UnTrack(object)
          Py_XDECREF(object.view(Layout.self).pointee.owner)
          object.type.pointee.tp_free?(object)
        },
        .tp_traverse { object, visit, argument in
          visitReference(MemoProxy.owner(object), visit, argument)
        },
        .tp_clear { object in
          clearReference(&object.view(Layout.self).pointee.owner)
          return 0
        },
        .tp_hash(PyObject_HashNotImplemented),
        .tp_new { type, args, keywords in
          new {
            if apus_var_size(args) != 0 || (keywords.map { PyDict_Size($0) } ?? 0) != 0 {
              throw raise(.typeError, "\(type.fullName)() takes no arguments")
            }
            guard let allocate = type.pointee.tp_alloc else { throw Raised() }
            return try own(allocate(type, 0))
          }
        },
        .tp_free { PyObject_GC_Del($0) },
      ],
      methods: [clear, copy, reduce])
  }

  static let specs = [
    spec(picklerType, "_pickle.PicklerMemoProxy"),
    spec(unpicklerType, "_pickle.UnpicklerMemoProxy"),
  ]
}
