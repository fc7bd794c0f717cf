import CPythonABI

/// Type variables in the arguments of generic types: finding and replacing them. CPython:
/// Objects/genericaliasobject.c, _Py_make_parameters and _Py_subs_parameters.
enum TypeParameters {
  private static func optionalAttribute(_ object: Ref, _ name: Ref) throws(Raised) -> Owned? {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(object, name, &found))
    return found.map { Owned(adopting: $0) }
  }

  private static func index(_ tuple: Ref, _ item: Ref) -> Int? {
    for index in 0..<apus_var_size(tuple) where apus_tuple_item(tuple, index) == item {
      return index
    }
    return nil
  }

  /// The type variables of the arguments in order of appearance, each once.
  static func collect(_ args: Ref) throws(Raised) -> Owned {
    let found = try own(PyList_New(0))
    func add(_ item: Ref) throws(Raised) {
      for index in 0..<apus_var_size(found.ref) where apus_list_item(found.ref, index) == item {
        return
      }
      try check(PyList_Append(found.ref, item))
    }
    for index in 0..<apus_var_size(args) {
      let argument = apus_tuple_item(args, index)
      // A plain class may have a `__parameters__` that means something else.
      if argument.isType { continue }
      if try check(PyObject_HasAttrWithError(argument, SpecialName.typingSubst)) != 0 {
        try add(argument)
        continue
      }
      guard let inner = try optionalAttribute(argument, SpecialName.parameters) else { continue }
      if inner.ref.isTuple {
        for each in 0..<apus_var_size(inner.ref) { try add(apus_tuple_item(inner.ref, each)) }
      }
    }
    return try own(PyList_AsTuple(found.ref))
  }

  /// The subscript as a tuple, its unpacked tuples (`*tuple[int, str]`) laid out.
  private static func unpacked(_ item: Ref) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    func add(_ item: Ref) throws(Raised) {
      if !item.isType,
        let inner = try optionalAttribute(item, SpecialName.typingUnpackedTuple), inner.ref.isTuple
      {
        let count = apus_var_size(inner.ref)
        if count == 0 || apus_tuple_item(inner.ref, count - 1) != ellipsisObject() {
          for index in 0..<count {
            try check(PyList_Append(result.ref, apus_tuple_item(inner.ref, index)))
          }
          return
        }
      }
      try check(PyList_Append(result.ref, item))
    }
    if item.isTuple {
      for index in 0..<apus_var_size(item) { try add(apus_tuple_item(item, index)) }
    } else {
      try add(item)
    }
    return try own(PyList_AsTuple(result.ref))
  }

  /// The arguments of `alias` with its type variables replaced by those of the subscript.
  static func substitute(
    _ alias: Ref, _ args: Ref, _ parameters: Ref, _ item: Ref
  ) throws(Raised) -> Owned {
    let count = apus_var_size(parameters)
    if count == 0 {
      let shown = try own(PyObject_Repr(alias))
      throw raise(.typeError, "\(text(of: shown.ref)) is not a generic class")
    }
    var values = try unpacked(item)
    for index in 0..<count {
      let parameter = apus_tuple_item(parameters, index)
      guard let prepare = try optionalAttribute(parameter, SpecialName.typingPrepareSubst),
        !prepare.ref.isNone
      else { continue }
      let given =
        values.ref.isTuple ? values.ref.retained() : try tuple(values.ref.retained())
      values = try own(call(prepare.ref, alias, given.ref))
    }
    let items = values.ref.isTuple ? values.ref.retained() : try tuple(values.ref.retained())
    let given = apus_var_size(items.ref)
    if given != count {
      let shown = try own(PyObject_Repr(alias))
      throw raise(
        .typeError,
        "Too \(given > count ? "many" : "few") arguments for \(text(of: shown.ref)); "
          + "actual \(given), expected \(count)")
    }
    return try replaced(args, parameters, items.ref)
  }

  private static func replaced(
    _ args: Ref, _ parameters: Ref, _ items: Ref
  ) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    for index in 0..<apus_var_size(args) {
      let argument = apus_tuple_item(args, index)
      if argument.isType {
        try check(PyList_Append(result.ref, argument))
        continue
      }
      let isUnpacked = try flag(argument, SpecialName.typingIsUnpackedTypeVarTuple)
      let value: Owned
      if let subst = try optionalAttribute(argument, SpecialName.typingSubst) {
        guard let place = Self.index(parameters, argument) else {
          throw raise(.systemError, "type parameter is not among the parameters")
        }
        value = try own(PyObject_CallOneArg(subst.ref, apus_tuple_item(items, place)))
      } else {
        value = try replaced(inside: argument, parameters, items)
      }
      if isUnpacked {
        guard value.ref.isTuple else {
          let shown = try own(PyObject_Repr(value.ref))
          throw raise(.typeError, "expected __typing_subst__ of \(argument.type.fullName) objects "
            + "to return a tuple, not \(text(of: shown.ref))")
        }
        for each in 0..<apus_var_size(value.ref) {
          try check(PyList_Append(result.ref, apus_tuple_item(value.ref, each)))
        }
      } else {
        try check(PyList_Append(result.ref, value.ref))
      }
    }
    return try own(PyList_AsTuple(result.ref))
  }

  private static func flag(_ object: Ref, _ name: Ref) throws(Raised) -> Bool {
    guard let value = try optionalAttribute(object, name) else { return false }
    return try check(PyObject_IsTrue(value.ref)) != 0
  }

  /// An argument that is generic itself: subscribed with the values of its own variables.
  private static func replaced(
    inside argument: Ref, _ parameters: Ref, _ items: Ref
  ) throws(Raised) -> Owned {
    guard let inner = try optionalAttribute(argument, SpecialName.parameters), inner.ref.isTuple,
      apus_var_size(inner.ref) > 0
    else { return argument.retained() }
    let values = try own(PyList_New(0))
    for index in 0..<apus_var_size(inner.ref) {
      let parameter = apus_tuple_item(inner.ref, index)
      guard let place = Self.index(parameters, parameter) else {
        try check(PyList_Append(values.ref, parameter))
        continue
      }
      let value = apus_tuple_item(items, place)
      // A TypeVarTuple (the one that can be iterated) takes all its types at once.
      if parameter.type.pointee.tp_iter != nil && value.isTuple {
        for each in 0..<apus_var_size(value) {
          try check(PyList_Append(values.ref, apus_tuple_item(value, each)))
        }
      } else {
        try check(PyList_Append(values.ref, value))
      }
    }
    let key = try own(PyList_AsTuple(values.ref))
    return try own(PyObject_GetItem(argument, key.ref))
  }
}
