import CPythonABI

/// `T.__new__` of a type with a native `tp_new`: a builtin method bound to the type.
/// CPython: Objects/typeobject.c, `tp_new_wrapper`.
enum ConstructorMethod {
  /// Adds `__new__` to the dict unless it is there.
  static func add(to type: TypeRef) throws(Raised) {
    let dict = try borrow(type.pointee.tp_dict)
    if try check(PyDict_Contains(dict, id___new__())) != 0 { return }
    let function = try own(PyCFunction_NewEx(definition, type.object, nil))
    try check(PyDict_SetItem(dict, id___new__(), function.ref))
  }

  /// The one method definition that all types share.
  private static var definition: UnsafeMutablePointer<PyMethodDef> {
    let address = apus_constructor_method()
    if address.pointee.ml_name == nil { method.write(to: address) }
    return address
  }

  private static let method: Method = .variableKeywords(
    "__new__($type, *args, **kwargs)",
    "Make an object.  help(type) shows the real signature.",
    tp_new_wrapper)

  static func isWrapper(_ object: Ref) -> Bool {
    object.type == builtinFunctionType()
      && object.view(PyCFunctionObject.self).pointee.m_ml == apus_constructor_method()
  }
}

@c func tp_new_wrapper(_ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
  new {
    guard receiver.isType else {
      throw raise(.systemError, "__new__() called with non-type 'self'")
    }
    let type = receiver.asType
    let name = type.fullName
    guard apus_var_size(args) > 0 else {
      throw raise(.typeError, "\(name).__new__(): not enough arguments")
    }
    let first = apus_tuple_item(args, 0)
    guard first.isType else {
      throw raise(
        .typeError, "\(name).__new__(X): X is not a type object (\(first.type.fullName))")
    }
    let subtype = first.asType
    guard PyType_IsSubtype(subtype, type) != 0 else {
      let other = subtype.fullName
      throw raise(
        .typeError, "\(name).__new__(\(other)): \(other) is not a subtype of \(name)")
    }
    // The nearest base with a native constructor must be the one called, or its part of the object
    // would stay uninitialised.
    let dispatcher = unsafeBitCast(slot_tp_new as newfunc, to: UnsafeRawPointer.self)
    var base: TypeRef? = subtype
    while let one = base,
      unsafeBitCast(one.pointee.tp_new, to: UnsafeRawPointer?.self) == dispatcher
    {
      base = one.pointee.tp_base
    }
    let native = unsafeBitCast(type.pointee.tp_new, to: UnsafeRawPointer?.self)
    if let base, unsafeBitCast(base.pointee.tp_new, to: UnsafeRawPointer?.self) != native {
      throw raise(
        .typeError,
        "\(name).__new__(\(subtype.fullName)) is not safe, use \(base.fullName).__new__()")
    }
    guard let make = type.pointee.tp_new else {
      throw raise(.typeError, "cannot create '\(name)' instances")
    }
    let rest = try own(PyTuple_GetSlice(args, 1, apus_var_size(args)))
    return try own(make(subtype, rest.ref, keywords))
  }
}
