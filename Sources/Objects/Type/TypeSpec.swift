import CPythonABI

/// What a builtin type is: its name, struct, flags, slots and attributes. `install` writes it into
/// the C type object that the Include target exports.
public struct TypeSpec: @unchecked Sendable {
  /// The C type object.
  let type: TypeRef
  /// `tp_name`: a static type outside `builtins` carries its module ("types.SimpleNamespace").
  let name: StaticString
  let basicSize: Int
  let itemSize: Int
  let flags: UInt
  let doc: StaticString?
  let base: TypeRef?
  let dictOffset: Int
  let weakListOffset: Int
  let vectorcallOffset: Int
  let slots: [Slot]
  let methods: [Method]
  let members: [Member]
  let properties: [Property]

  /// - Parameters:
  ///   - basicSize: bytes of an instance without its items (`MemoryLayout<PyListObject>.size`).
  ///   - itemSize: bytes of an item of a variable-size object, else 0.
  ///   - doc: with the text signature when the type has one ("list(iterable=(), /)\n--\n\n…").
  ///   - base: nil for `object`.
  public init(
    _ type: TypeRef, _ name: StaticString, basicSize: Int, itemSize: Int = 0,
    flags: TypeFlags = [], doc: StaticString? = nil, base: TypeRef? = nil, dictOffset: Int = 0,
    weakListOffset: Int = 0, vectorcallOffset: Int = 0, slots: [Slot] = [],
    methods: [Method] = [], members: [Member] = [], properties: [Property] = []
  ) {
    self.type = type
    self.name = name
    self.basicSize = basicSize
    self.itemSize = itemSize
    self.flags = flags.rawValue
    self.doc = doc
    self.base = base
    self.dictOffset = dictOffset
    self.weakListOffset = weakListOffset
    self.vectorcallOffset = vectorcallOffset
    self.slots = slots
    self.methods = methods
    self.members = members
    self.properties = properties
  }

  /// Fills the type object and makes it ready (`PyType_Ready`).
  public func install() throws(Raised) {
    if !isFilled { fill() }
    try check(PyType_Ready(type))
  }

  /// Whether the type object has its name and slots, perhaps since an earlier interpreter.
  var isFilled: Bool { type.pointee.tp_flags & UInt(_Py_TPFLAGS_STATIC_BUILTIN) != 0 }

  /// Fills the type object. Without inheritance and `tp_dict`, which `PyType_Ready` adds.
  public func fill() {
    type.pointee.tp_name = cString(name)
    type.pointee.tp_basicsize = basicSize
    type.pointee.tp_itemsize = itemSize
    type.pointee.tp_flags =
      flags & ~TypeFlags.mutable.rawValue | UInt(_Py_TPFLAGS_STATIC_BUILTIN)
      | (flags & TypeFlags.mutable.rawValue == 0 ? UInt(Py_TPFLAGS_IMMUTABLETYPE) : 0)
    type.pointee.tp_doc = doc.map(cString)
    type.pointee.tp_base = base
    type.pointee.tp_dictoffset = dictOffset
    type.pointee.tp_weaklistoffset = weakListOffset
    type.pointee.tp_vectorcall_offset = vectorcallOffset
    type.pointee.tp_methods = Method.table(methods)
    type.pointee.tp_members = Member.table(members)
    type.pointee.tp_getset = Property.table(properties)
    for slot in slots {
      table(at: slot.offset).storeBytes(of: slot.function, as: UnsafeMutableRawPointer.self)
    }
  }

  /// Where the slot with this offset of `PyHeapTypeObject` lies; makes the method table it is in.
  private func table(at offset: Int) -> UnsafeMutableRawPointer {
    switch offset {
    case Slot.Table.asBuffer...:
      return made(\.tp_as_buffer) + (offset - Slot.Table.asBuffer)
    case Slot.Table.asSequence...:
      return made(\.tp_as_sequence) + (offset - Slot.Table.asSequence)
    case Slot.Table.asMapping...:
      return made(\.tp_as_mapping) + (offset - Slot.Table.asMapping)
    case Slot.Table.asNumber...:
      return made(\.tp_as_number) + (offset - Slot.Table.asNumber)
    case Slot.Table.asAsync...:
      return made(\.tp_as_async) + (offset - Slot.Table.asAsync)
    default:
      return UnsafeMutableRawPointer(type) + offset
    }
  }

  private func made<T>(
    _ field: WritableKeyPath<PyTypeObject, UnsafeMutablePointer<T>?>
  ) -> UnsafeMutableRawPointer {
    if let table = type.pointee[keyPath: field] { return UnsafeMutableRawPointer(table) }
    let table = PermanentMemory.allocate(T.self, count: 1)
    type.pointee[keyPath: field] = table
    return UnsafeMutableRawPointer(table)
  }
}

/// `Py_TPFLAGS_*` by their CPython names.
public struct TypeFlags: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let inlineValues = TypeFlags(rawValue: 1 << 2)
  public static let managedWeakref = TypeFlags(rawValue: 1 << 3)
  public static let managedDict = TypeFlags(rawValue: 1 << 4)
  public static let sequence = TypeFlags(rawValue: 1 << 5)
  public static let mapping = TypeFlags(rawValue: 1 << 6)
  public static let disallowInstantiation = TypeFlags(rawValue: 1 << 7)
  public static let immutableType = TypeFlags(rawValue: 1 << 8)
  public static let baseType = TypeFlags(rawValue: 1 << 10)
  public static let haveVectorcall = TypeFlags(rawValue: 1 << 11)
  public static let haveGC = TypeFlags(rawValue: 1 << 14)
  public static let methodDescriptor = TypeFlags(rawValue: 1 << 17)
  public static let isAbstract = TypeFlags(rawValue: 1 << 20)
  public static let matchSelf = TypeFlags(rawValue: 1 << 22)
  public static let itemsAtEnd = TypeFlags(rawValue: 1 << 23)
  public static let longSubclass = TypeFlags(rawValue: 1 << 24)
  public static let listSubclass = TypeFlags(rawValue: 1 << 25)
  public static let tupleSubclass = TypeFlags(rawValue: 1 << 26)
  public static let bytesSubclass = TypeFlags(rawValue: 1 << 27)
  public static let unicodeSubclass = TypeFlags(rawValue: 1 << 28)
  public static let dictSubclass = TypeFlags(rawValue: 1 << 29)
  public static let baseExcSubclass = TypeFlags(rawValue: 1 << 30)
  public static let typeSubclass = TypeFlags(rawValue: 1 << 31)
  /// Ours alone: the type belongs to a module, where CPython has made it on the heap.
  static let ofModule = TypeFlags(rawValue: 1 << 62)

  /// Ours alone: programs may set attributes of the type, which has no `immutableType` then.
  public static let mutable = TypeFlags(rawValue: 1 << 61)

  /// The kind of `Member` that shows flags.
  static let memberType: Int32 = 64

  /// Whether a static type of ours is a heap type in CPython, with a collector's header.
  public static func isOfModule(_ type: TypeRef) -> Bool {
    type.pointee.tp_flags & ofModule.rawValue != 0
  }

  /// Flags as `__flags__` shows them. `copyreg` looks for the nearest base that is not on the heap.
  static func shown(_ flags: UInt) -> UInt {
    guard flags & ofModule.rawValue != 0 else { return flags }
    return (flags & ~ofModule.rawValue & ~UInt(_Py_TPFLAGS_STATIC_BUILTIN))
      | UInt(Py_TPFLAGS_HEAPTYPE)
  }
}
