import CPythonABI

/// Interned names of the attributes that the protocols look up. Immortal.
enum SpecialName {
  nonisolated(unsafe) static let lengthHint = interned("__length_hint__")
  nonisolated(unsafe) static let classGetItem = interned("__class_getitem__")
  nonisolated(unsafe) static let bytes = interned("__bytes__")
  nonisolated(unsafe) static let format = interned("__format__")
  nonisolated(unsafe) static let trunc = interned("__trunc__")
  nonisolated(unsafe) static let send = interned("send")
  nonisolated(unsafe) static let instanceCheck = interned("__instancecheck__")
  nonisolated(unsafe) static let subclassCheck = interned("__subclasscheck__")
  nonisolated(unsafe) static let `class` = interned("__class__")
  nonisolated(unsafe) static let bases = interned("__bases__")
  nonisolated(unsafe) static let mroEntries = interned("__mro_entries__")
  nonisolated(unsafe) static let keys = interned("keys")
  nonisolated(unsafe) static let values = interned("values")
  nonisolated(unsafe) static let items = interned("items")
  nonisolated(unsafe) static let name = interned("__name__")
  nonisolated(unsafe) static let qualname = interned("__qualname__")
  nonisolated(unsafe) static let module = interned("__module__")
  nonisolated(unsafe) static let builtins = interned("builtins")
  nonisolated(unsafe) static let dunderBuiltins = interned("__builtins__")
  nonisolated(unsafe) static let getattr = interned("getattr")
  nonisolated(unsafe) static let reversed = interned("__reversed__")
  nonisolated(unsafe) static let iter = interned("iter")
  nonisolated(unsafe) static let doc = interned("__doc__")
  nonisolated(unsafe) static let dict = interned("__dict__")
  nonisolated(unsafe) static let annotations = interned("__annotations__")
  nonisolated(unsafe) static let package = interned("__package__")
  nonisolated(unsafe) static let loader = interned("__loader__")
  nonisolated(unsafe) static let spec = interned("__spec__")
  nonisolated(unsafe) static let path = interned("__path__")
  nonisolated(unsafe) static let file = interned("__file__")
  nonisolated(unsafe) static let initializing = interned("_initializing")
  nonisolated(unsafe) static let dunderGetattr = interned("__getattr__")
  nonisolated(unsafe) static let call = interned("__call__")
  nonisolated(unsafe) static let origin = interned("__origin__")
  nonisolated(unsafe) static let args = interned("__args__")
  nonisolated(unsafe) static let parameters = interned("__parameters__")
  nonisolated(unsafe) static let typingSubst = interned("__typing_subst__")
  nonisolated(unsafe) static let typingPrepareSubst = interned("__typing_prepare_subst__")
  nonisolated(unsafe) static let typingUnpackedTuple = interned("__typing_unpacked_tuple_args__")
  nonisolated(unsafe) static let typingIsUnpackedTypeVarTuple = interned("__typing_is_unpacked_typevartuple__")
  nonisolated(unsafe) static let origClass = interned("__orig_class__")
  nonisolated(unsafe) static let reduce = interned("__reduce__")
  nonisolated(unsafe) static let abstractMethods = interned("__abstractmethods__")

  static func interned(_ text: StaticString) -> Ref { PermanentName.make(text) }
}

/// The special method `name` of an object, looked up on its type and bound to the object; nil with
/// or without an exception (`hasRaised()` tells).
@inline(__always)
func lookupSpecial(_ object: Ref, _ name: Ref) -> Ref? { _PyObject_LookupSpecial(object, name) }
