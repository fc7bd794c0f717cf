import CPythonABI
import Objects

/// _ctypes.CField: a field of a structure or union, as a descriptor.
/// CPython: Modules/_ctypes/cfield.c.
struct Field {
  struct Layout {
    var base: PyObject
    /// In bytes.
    var offset: Int
    /// In bytes; of a bit field the number of bits in the upper half, their shift in the lower.
    var size: Int
    var index: Int
    /// The field's type.
    var proto: Ref?
    /// "s" or "U" of a character array, else 0.
    var code: Int
    var isAnonymous: Int
    /// Whether the structure has the other byte order.
    var isSwapped: Int
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  static func isField(_ object: Ref) -> Bool { object.type == type }

  static func make(_ layout: Layout) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try Objects.own(allocate(type, 0))
    let own = Field(object.ref).own
    own.pointee.offset = layout.offset
    own.pointee.size = layout.size
    own.pointee.index = layout.index
    own.pointee.proto = layout.proto.map { Py_NewRef($0) } ?? nil
    own.pointee.code = layout.code
    return object
  }

  var bits: CValue.Bits? {
    let count = own.pointee.size >> 16
    return count > 0 ? CValue.Bits(count: count, shift: own.pointee.size & 0xFFFF) : nil
  }

  /// Bytes of the field's value.
  private var room: Int {
    guard let proto = own.pointee.proto else { return 0 }
    return TypeInfo.of(proto)?.pointee.size ?? 0
  }

  private func get(_ instance: Ref) throws(Raised) -> Owned {
    guard CData.isInstance(instance), let proto = own.pointee.proto else {
      throw raise(.typeError, "not a ctype instance")
    }
    return try CData.get(
      proto, code: UInt8(truncatingIfNeeded: own.pointee.code), swapped: false, owner: instance,
      index: own.pointee.index, size: room, at: CData(instance).place + own.pointee.offset,
      bits: bits)
  }

  private func set(_ instance: Ref, _ value: Ref?) throws(Raised) {
    guard CData.isInstance(instance), let proto = own.pointee.proto else {
      throw raise(.typeError, "not a ctype instance")
    }
    guard let value else { throw raise(.typeError, "can't delete attribute") }
    try CData.set(
      instance, proto, code: UInt8(truncatingIfNeeded: own.pointee.code), swapped: false, value,
      index: own.pointee.index, size: room, at: CData(instance).place + own.pointee.offset,
      bits: bits)
  }

  static let spec = TypeSpec(
    type, "_ctypes.CField", basicSize: 72, flags: [.haveGC, .disallowInstantiation],
    doc: "A field of a structure or union", base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(Field(object).own.pointee.proto)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in
        new {
          let own = Field(object).own
          let name = own.pointee.proto.map { $0.asType.name } ?? "?"
          if let bits = Field(object).bits {
            return try Objects.own(
              newString(
                "<Field type=\(name), ofs=\(own.pointee.offset):\(bits.shift), bits=\(bits.count)>"))
          }
          return try Objects.own(
            newString(
              "<Field type=\(name), ofs=\(own.pointee.offset), size=\(own.pointee.size)>"))
        }
      },
      .tp_traverse { object, visit, argument in
        visitReference(Field(object).own.pointee.proto, visit, argument)
      },
      .tp_clear { object in
        clearReference(&Field(object).own.pointee.proto)
        return 0
      },
      .tp_descr_get { object, instance, _ in
        new {
          guard let instance else { return object.retained() }
          return try Field(object).get(instance)
        }
      },
      .tp_descr_set { object, instance, value in status { try Field(object).set(instance, value) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    properties: [
      Property("offset", "offset in bytes of this field", get: { object, _ in
        PyLong_FromLong(Field(object).own.pointee.offset)
      }),
      Property("size", "size in bytes of this field", get: { object, _ in
        PyLong_FromLong(Field(object).own.pointee.size)
      }),
    ])
}
