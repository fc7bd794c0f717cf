import CPythonABI
import Objects

/// _sre.SRE_Template: a replacement taken apart into literals and group numbers.
struct Template {
  struct Layout {
    var base: PyObject
    /// The list [literal, group, literal, group, …, literal].
    var items: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  private var items: Ref { ref.view(Layout.self).pointee.items.unsafelyUnwrapped }

  /// Group references.
  var count: Int { apus_var_size(items) / 2 }
  /// The first literal, all there is when there are no references.
  var literal: Ref { apus_tuple_item(items, 0) }

  static func make(_ list: Ref) throws(Raised) -> Owned {
    let size = list.isList ? apus_var_size(list) : 0
    guard size > 0, size % 2 == 1 else { throw raise(.typeError, "invalid template") }
    let items = try own(PyList_AsTuple(list))
    for index in stride(from: 1, to: apus_var_size(items.ref), by: 2) {
      let number = PyLong_AsSsize_t(apus_tuple_item(items.ref, index))
      if number == -1 && hasRaised() { throw Raised() }
      if number < 0 { throw raise(.typeError, "invalid template") }
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.items = items.give()
    return object
  }

  /// Appends literals and groups to a list; empty literals and groups without text are left out.
  func expand(
    into list: Ref, group: (Int) throws(Raised) -> Owned?
  ) throws(Raised) {
    for index in 0..<apus_var_size(items) {
      let item = apus_tuple_item(items, index)
      if index % 2 == 1 {
        let number = try check(PyLong_AsSsize_t(item))
        if let text = try group(number) { try check(PyList_Append(list, text.ref)) }
      } else if try check(PyObject_Size(item)) > 0 {
        try check(PyList_Append(list, item))
      }
    }
  }

  static let spec = TypeSpec(
    type, "_sre.SRE_Template", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(object.view(Layout.self).pointee.items)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { visitReference($0.view(Layout.self).pointee.items, $1, $2) },
      .tp_free { PyObject_GC_Del($0) },
    ])
}
