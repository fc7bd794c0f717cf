import CPythonABI
import Objects

/// The descriptor of a named tuple's field.
enum TupleGetter {
  struct Layout {
    var base: PyObject
    var index: Int
    var doc: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    type, "collections._tuplegetter", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.doc)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_repr { object in
        new {
          let shown = try own(PyObject_Repr(view(object).pointee.doc))
          return try own(
            newString(
              "\(object.type.name)(\(view(object).pointee.index), \(text(of: shown.ref)))"))
        }
      },
      .tp_traverse { visitReference(view($0).pointee.doc, $1, $2) },
      .tp_clear { object in
        clearReference(&view(object).pointee.doc)
        return 0
      },
      .tp_descr_get { object, instance, _ in
        new {
          guard let instance, !instance.isNone else { return object.retained() }
          let index = view(object).pointee.index
          guard instance.isTuple else {
            throw raise(
              .typeError,
              "descriptor for index '\(index)' for tuple subclasses doesn't apply to "
                + "'\(instance.type.fullName)' object")
          }
          guard index >= 0, index < apus_var_size(instance) else {
            throw raise(.indexError, "tuple index out of range")
          }
          return apus_tuple_item(instance, index).retained()
        }
      },
      .tp_descr_set { _, _, value in
        _ = raise(
          .attributeError, value == nil ? "can't delete attribute" : "can't set attribute")
        return -1
      },
      .tp_new { type, args, keywords in
        new {
          try checkNoKeywords("_tuplegetter", keywords)
          try checkPositional("_tuplegetter", apus_var_size(args), least: 2, most: 2)
          let number = try own(PyNumber_Index(apus_tuple_item(args, 0)))
          let index = try check(PyLong_AsSsize_t(number.ref))
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          view(object.ref).pointee.index = index
          view(object.ref).pointee.doc = apus_tuple_item(args, 1).retained().give()
          return object
        }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__", "") { object, _ in
        new {
          let own = view(object).pointee
          let args = try tuple(int(own.index), (own.doc ?? noneObject()).retained())
          return try tuple(object.type.object.retained(), args)
        }
      }
    ],
    members: [Member("__doc__", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.doc))])
}

/// `_count_elements(mapping, iterable)`, the inner loop of Counter.
let countElements: Method = .fast(
  "_count_elements($module, mapping, iterable, /)",
  """
  Count elements in the iterable, updating the mapping
  """
) { _, args, count in
  none {
    let a = try Arguments(countElements, args, count)
    let mapping = a.object(0)
    let iterator = try own(PyObject_GetIter(a.object(1)))
    let one = try int(1)
    let get = try own(PyUnicode_InternFromString("get"))
    let setitem = try own(PyUnicode_InternFromString("__setitem__"))
    let isPlain =
      mapping.isDict
      && _PyType_Lookup(mapping.type, get.ref) == _PyType_Lookup(dictType(), get.ref)
      && _PyType_Lookup(mapping.type, setitem.ref) == _PyType_Lookup(dictType(), setitem.ref)
    if isPlain {
      while let next = PyIter_Next(iterator.ref) {
        let key = Owned(adopting: next)
        let hash = try check(PyObject_Hash(key.ref))
        if let old = _PyDict_GetItem_KnownHash(mapping, key.ref, hash) {
          let held = old.retained()
          let sum = try own(PyNumber_Add(held.ref, one.ref))
          try check(PyDict_SetItem(mapping, key.ref, sum.ref))
        } else {
          if hasRaised() { throw Raised() }
          try check(PyDict_SetItem(mapping, key.ref, one.ref))
        }
      }
    } else {
      let bound = try own(PyObject_GetAttr(mapping, get.ref))
      let zero = try int(0)
      while let next = PyIter_Next(iterator.ref) {
        let key = Owned(adopting: next)
        let old = try own(call(bound.ref, key.ref, zero.ref))
        let sum = try own(PyNumber_Add(old.ref, one.ref))
        try check(PyObject_SetItem(mapping, key.ref, sum.ref))
      }
    }
    if hasRaised() { throw Raised() }
  }
}
