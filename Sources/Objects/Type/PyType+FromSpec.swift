import CPythonABI
import Glibc

/// Slot numbers of `PyType_Spec` (`Py_tp_repr` ...) and where each slot lies.
enum SpecSlots {
  static let count = 81

  /// The offset in `PyHeapTypeObject` of slots 1 ... 81, in the order of CPython's typeslots.h.
  private static let offsets: InlineArray<81, Int16> = [
    840, 848, 752, 736, 744, 512, 448, 552, 520,
    480, 592, 680, 712, 600, 656, 696, 640, 616,
    672, 632, 624, 648, 608, 704, 664, 576, 528,
    536, 464, 496, 568, 504, 488, 472, 544, 456,
    688, 560, 800, 768, 816, 824, 832, 784, 760,
    776, 304, 256, 336, 128, 192, 48, 376, 272,
    280, 176, 64, 144, 120, 296, 328, 216, 224,
    232, 312, 88, 200, 72, 152, 136, 184, 240,
    248, 320, 720, 728, 416, 424, 432, 392, 440,
  ]

  /// Slots whose value is not copied as it is.
  static let base = 48
  static let bases = 49
  static let doc = 56
  static let members = 72

  static func offset(_ slot: Int32) -> Int? {
    slot >= 1 && slot <= count ? Int(offsets[Int(slot) - 1]) : nil
  }
}

/// Types that extension modules describe by a table. CPython: Objects/typeobject.c,
/// `PyType_FromMetaclass`.
private struct SpecBuilder {
  let module: Ref?
  let spec: UnsafeMutablePointer<PyType_Spec>
  private var base: TypeRef = objectType()
  private var doc: UnsafePointer<CChar>?
  private var members: UnsafePointer<PyMemberDef>?
  private var memberCount = 0
  private var givenBases: Ref?
  /// Whether they came in the slot that wants a tuple.
  private var basesAreSeveral = false

  init(module: Ref?, spec: UnsafeMutablePointer<PyType_Spec>) {
    self.module = module
    self.spec = spec
  }

  private var name: String { String(cString: spec.pointee.name) }

  private func forEachSlot(
    _ body: (Int32, UnsafeMutableRawPointer?) throws(Raised) -> Void
  ) throws(Raised) {
    var slot = spec.pointee.slots
    while slot.pointee.slot != 0 {
      try body(slot.pointee.slot, slot.pointee.pfunc)
      slot += 1
    }
  }

  private mutating func read() throws(Raised) {
    var slot = spec.pointee.slots
    while slot.pointee.slot != 0 {
      let number = Int(slot.pointee.slot)
      guard SpecSlots.offset(slot.pointee.slot) != nil else {
        throw raise(.runtimeError, "invalid slot offset")
      }
      switch number {
      case SpecSlots.doc:
        doc = slot.pointee.pfunc.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }
      case SpecSlots.members:
        members = slot.pointee.pfunc.map {
          UnsafePointer($0.assumingMemoryBound(to: PyMemberDef.self))
        }
      case SpecSlots.base, SpecSlots.bases:
        if givenBases == nil || number == SpecSlots.bases {
          givenBases = slot.pointee.pfunc?.assumingMemoryBound(to: PyObject.self)
          basesAreSeveral = number == SpecSlots.bases
        }
      default: break
      }
      slot += 1
    }
    guard let members else { return }
    while members[memberCount].name != nil { memberCount += 1 }
  }

  /// The field of the type that a member tells an offset for; such a member is no attribute of the
  /// instances.
  private static func offsetField(
    _ member: PyMemberDef
  ) -> WritableKeyPath<PyTypeObject, Int>? {
    guard let name = member.name else { return nil }
    if strcmp(name, "__weaklistoffset__") == 0 { return \.tp_weaklistoffset }
    if strcmp(name, "__dictoffset__") == 0 { return \.tp_dictoffset }
    if strcmp(name, "__vectorcalloffset__") == 0 { return \.tp_vectorcall_offset }
    return nil
  }

  private func bases(_ argument: Ref?) throws(Raised) -> Owned {
    guard let given = argument ?? givenBases else {
      return try own(PyTuple_Pack1(objectType().object))
    }
    if given.isTuple { return given.retained() }
    if argument == nil && basesAreSeveral { throw raise(.systemError, "Py_tp_bases is not a tuple") }
    return try own(PyTuple_Pack1(given))
  }

  mutating func build(metaclass given: TypeRef?, bases argument: Ref?) throws(Raised) -> Owned {
    try read()
    let bases = try bases(argument)
    if spec.pointee.flags & UInt32(Py_TPFLAGS_IMMUTABLETYPE) != 0 {
      for index in 0..<apus_var_size(bases.ref) {
        let base = apus_tuple_item(bases.ref, index)
        if base.isType, !base.asType.has(UInt(Py_TPFLAGS_IMMUTABLETYPE)) {
          throw raise(
            .typeError,
            "Creating immutable type \(name) from mutable base \(base.asType.fullName)")
        }
      }
    }
    let metaclass = try TypeRef.metaclass(given ?? typeType(), bases: bases.ref)
    if metaclass != typeType(), metaclass.pointee.tp_new != nil,
      unsafeBitCast(metaclass.pointee.tp_new, to: UnsafeRawPointer?.self)
        != unsafeBitCast(type_new as newfunc, to: UnsafeRawPointer.self)
    {
      throw raise(
        .typeError, "Metaclasses with custom tp_new are not supported.")
    }
    base = try TypeRef.bestBase(bases.ref)
    guard let allocator = metaclass.pointee.tp_alloc else { throw raiseNoMemory() }
    let made = try own(allocator(metaclass, memberCount))
    let type = made.ref.asType
    type.pointee.tp_flags = UInt(spec.pointee.flags) | UInt(Py_TPFLAGS_HEAPTYPE)
    type.useOwnTables()
    try setNames(type)
    let dataOffset = (base.pointee.tp_basicsize + 15) & ~15
    try setSizes(type, dataOffset)
    type.pointee.tp_base = base
    Py_INCREF(base.object)
    type.pointee.tp_bases = bases.give()
    try copySlots(type, dataOffset)
    if type.pointee.tp_dealloc == nil { type.pointee.tp_dealloc = subtype_dealloc }
    try check(PyType_Ready(type))
    if let module {
      Py_INCREF(module)
      type.heap.pointee.ht_module = module
    }
    try setModule(type)
    return made
  }

  private func setNames(_ type: TypeRef) throws(Raised) {
    let full = name
    let short = full.lastIndex(of: ".").map { String(full[full.index(after: $0)...]) } ?? full
    type.heap.pointee.ht_name = try own(newString(short)).give()
    type.heap.pointee.ht_qualname = try own(newString(short)).give()
    let length = strlen(spec.pointee.name)
    guard let copy = PyMem_Malloc(length + 1) else { throw raiseNoMemory() }
    memcpy(copy, spec.pointee.name, length + 1)
    type.heap.pointee._ht_tpname = copy.assumingMemoryBound(to: CChar.self)
    type.pointee.tp_name = UnsafePointer(copy.assumingMemoryBound(to: CChar.self))
    if let doc {
      let size = strlen(doc)
      guard let text = PyMem_Malloc(size + 1) else { throw raiseNoMemory() }
      memcpy(text, doc, size + 1)
      type.pointee.tp_doc = UnsafePointer(text.assumingMemoryBound(to: CChar.self))
    }
  }

  /// A negative basic size adds to that of the base.
  private func setSizes(_ type: TypeRef, _ dataOffset: Int) throws(Raised) {
    let given = Int(spec.pointee.basicsize)
    if given == 0 {
      type.pointee.tp_basicsize = base.pointee.tp_basicsize
    } else if given < 0 {
      if base.pointee.tp_itemsize != 0 && !base.has(UInt(Py_TPFLAGS_ITEMS_AT_END)) {
        throw raise(
          .systemError, "Cannot extend variable-size class without Py_TPFLAGS_ITEMS_AT_END.")
      }
      type.pointee.tp_basicsize = dataOffset + ((-given + 15) & ~15)
    } else {
      type.pointee.tp_basicsize = given
    }
    type.pointee.tp_itemsize = Int(spec.pointee.itemsize)
    guard let members else { return }
    for index in 0..<memberCount {
      guard let field = Self.offsetField(members[index]) else { continue }
      let isRelative = members[index].flags & Py_RELATIVE_OFFSET != 0
      type.pointee[keyPath: field] = members[index].offset + (isRelative ? dataOffset : 0)
    }
  }

  private func copySlots(_ type: TypeRef, _ dataOffset: Int) throws(Raised) {
    try forEachSlot { (slot, function) throws(Raised) in
      switch Int(slot) {
      case SpecSlots.base, SpecSlots.bases, SpecSlots.doc: break
      case SpecSlots.members:
        guard let members else { return }
        let table = type.memberTable
        var count = 0
        for index in 0..<memberCount where Self.offsetField(members[index]) == nil {
          var member = members[index]
          if member.flags & Py_RELATIVE_OFFSET != 0 {
            member.offset += dataOffset
            member.flags &= ~Py_RELATIVE_OFFSET
          }
          (table + count).initialize(to: member)
          count += 1
        }
        // The metatype's allocation leaves a zeroed item behind the last.
        type.pointee.tp_members = table
      default:
        guard let offset = SpecSlots.offset(slot), let address = type.slotAddress(offset) else {
          return
        }
        address.pointee = function
      }
    }
  }

  private func setModule(_ type: TypeRef) throws(Raised) {
    let dict = try borrow(type.pointee.tp_dict)
    // The specification may have a member or property of this name for its instances.
    if try check(PyDict_Contains(dict, id___module__())) != 0 { return }
    let full = name
    if let dot = full.lastIndex(of: ".") {
      let module = try own(newString(String(full[..<dot])))
      try check(PyDict_SetItem(dict, id___module__(), module.ref))
    } else {
      try warn(.deprecationWarning, "builtin type \(full) has no __module__ attribute")
    }
  }
}

@c @implementation public func PyType_FromMetaclass(
  _ metaclass: TypeRef?, _ module: Ref?, _ spec: UnsafeMutablePointer<PyType_Spec>, _ bases: Ref?
) -> Ref? {
  new {
    var builder = SpecBuilder(module: module, spec: spec)
    return try builder.build(metaclass: metaclass, bases: bases)
  }
}

@c @implementation public func PyType_FromModuleAndSpec(
  _ module: Ref?, _ spec: UnsafeMutablePointer<PyType_Spec>, _ bases: Ref?
) -> Ref? {
  PyType_FromMetaclass(nil, module, spec, bases)
}

@c @implementation public func PyType_FromSpecWithBases(
  _ spec: UnsafeMutablePointer<PyType_Spec>, _ bases: Ref?
) -> Ref? {
  PyType_FromMetaclass(nil, nil, spec, bases)
}

@c @implementation public func PyType_FromSpec(_ spec: UnsafeMutablePointer<PyType_Spec>) -> Ref? {
  PyType_FromMetaclass(nil, nil, spec, nil)
}
