import CPythonABI

/// Raises TypeError when a function that takes no keywords gets some (`tp_new`, `tp_init`).
@inline(__always)
public func checkNoKeywords(_ name: String, dict: Ref?) throws(Raised) {
  guard let dict, PyDict_Size(dict) != 0 else { return }
  throw raise(.typeError, "\(name)() takes no keyword arguments")
}

/// The same for a vectorcall: `names` is the tuple of keyword names or nil.
@inline(__always)
public func checkNoKeywords(_ name: String, names: Ref?) throws(Raised) {
  guard let names, apus_var_size(names) != 0 else { return }
  throw raise(.typeError, "\(name)() takes no keyword arguments")
}

/// The same for the constructor of `base`, called for `type`: a subclass with an `__init__` of its own
/// may take keywords.
public func checkNoKeywords(
  _ name: String, _ type: TypeRef, _ base: TypeRef, _ keywords: Ref?
) throws(Raised) {
  let own = unsafeBitCast(type.pointee.tp_init, to: UnsafeRawPointer?.self)
  let inherited = unsafeBitCast(base.pointee.tp_init, to: UnsafeRawPointer?.self)
  if type == base || own == inherited { try checkNoKeywords(name, keywords) }
}
