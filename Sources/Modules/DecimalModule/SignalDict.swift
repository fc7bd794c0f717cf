import CPythonABI
import DecimalArithmetic
import Objects

/// The mapping from signal classes to booleans behind `Context.flags` and `Context.traps`: a view of
/// the context's bits. Python sees it as `SignalDict`, mixed with MutableMapping.
struct SignalDict {
  struct Layout {
    var base: PyObject
    /// The bits in the context; nil when there is no context (any more).
    var bits: UnsafeMutablePointer<UInt32>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// The class with MutableMapping, made when the module is.
  nonisolated(unsafe) static var publicType: Ref?

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static func isSignalDict(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// A new view of some bits.
  static func make(_ bits: UnsafeMutablePointer<UInt32>) throws(Raised) -> Owned {
    guard let publicType else { throw raise(.runtimeError, "decimal is not initialised") }
    let made = try own(PyObject_CallNoArgs(publicType))
    SignalDict(made.ref).layout.pointee.bits = bits
    return made
  }

  /// Makes the public class.
  static func prepare() throws(Raised) {
    if publicType != nil { return }
    if !spec.isReady { try spec.installInModule() }
    let abc = try own(PyImport_ImportModule("collections.abc"))
    let mapping = try own(PyObject_GetAttrString(abc.ref, "MutableMapping"))
    let name = try own(PyUnicode_FromString("SignalDict"))
    let bases = try tuple(type.object.retained(), mapping)
    let dict = try own(PyDict_New())
    let args = try tuple(name, bases, dict)
    publicType = try own(PyObject_Call(typeType().object, args.ref, nil)).give()
    InterpreterEnd.add("decimal.SignalDict") { InterpreterEnd.drop(&publicType) }
  }

  private func bits() throws(Raised) -> UnsafeMutablePointer<UInt32> {
    guard let bits = layout.pointee.bits else {
      throw raise(.valueError, "invalid signal dict")
    }
    return bits
  }

  func conditions() throws(Raised) -> Conditions { Conditions(rawValue: try bits().pointee) }

  private func copied() throws(Raised) -> Owned {
    let set = try conditions()
    let dict = try own(PyDict_New())
    for entry in Signals.signals {
      let value = boolObject(!entry.conditions.isDisjoint(with: set))
      try check(PyDict_SetItem(dict.ref, entry.type, value))
    }
    return dict
  }

  private func shown() throws(Raised) -> Owned {
    let set = try conditions()
    let items = Signals.signals.map { entry in
      "<class 'decimal.\(entry.name)'>:"
        + (entry.conditions.isDisjoint(with: set) ? "False" : "True")
    }
    return try own(newString("{" + items.joined(separator: ", ") + "}"))
  }

  private static func compare(
    _ left: Ref, _ right: Ref, _ operation: Int32
  ) throws(Raised) -> Owned {
    let mine = try SignalDict(left).conditions()
    guard operation == Py_EQ || operation == Py_NE else {
      return notImplementedObject().retained()
    }
    let other: Conditions
    if isSignalDict(right) {
      other = try SignalDict(right).conditions()
    } else if right.isDict {
      do { other = try Signals.conditions(dict: right) } catch {
        if PyErr_ExceptionMatches(.keyError) != 0 {
          // A dict with other keys is just different.
          PyErr_Clear()
          return notImplementedObject().retained()
        }
        throw error
      }
    } else {
      return notImplementedObject().retained()
    }
    return boolObject((mine == other) == (operation == Py_EQ)).retained()
  }

  private static let copy: Method = .noargs("copy($self, /)", "") { object, _ in
    new { try SignalDict(object).copied() }
  }

  static let spec = TypeSpec(
    type, "decimal.SignalDictMixin", basicSize: MemoryLayout<Layout>.size, flags: [.baseType],
    base: objectType(),
    slots: [
      .tp_new { type, _, _ in
        new {
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          SignalDict(object.ref).layout.pointee.bits = nil
          return object
        }
      },
      .tp_init { object, _, _ in
        SignalDict(object).layout.pointee.bits = nil
        return 0
      },
      .tp_dealloc { object in object.type.pointee.tp_free?(object) },
      .tp_repr { object in new { try SignalDict(object).shown() } },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_richcompare { left, right, operation in new { try compare(left, right, operation) } },
      .tp_iter { object in
        new {
          _ = try SignalDict(object).bits()
          return try own(PyObject_GetIter(try borrow(Signals.tuple)))
        }
      },
      .mp_length { object in
        size {
          _ = try SignalDict(object).bits()
          return Signals.signals.count
        }
      },
      .mp_subscript { object, key in
        new {
          let bits = try SignalDict(object).bits()
          let wanted = try Signals.conditions(of: key)
          return boolObject(wanted.rawValue & bits.pointee != 0).retained()
        }
      },
      .mp_ass_subscript { object, key, value in
        status {
          let bits = try SignalDict(object).bits()
          guard let value else {
            throw raise(.valueError, "signal keys cannot be deleted")
          }
          let wanted = try Signals.conditions(of: key)
          if try check(PyObject_IsTrue(value)) != 0 {
            bits.pointee |= wanted.rawValue
          } else {
            bits.pointee &= ~wanted.rawValue
          }
        }
      },
    ],
    methods: [copy])
}
