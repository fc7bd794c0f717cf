import CPythonABI

/// weakref.ProxyType and weakref.CallableProxyType: every operation goes to the referent.
/// ReferenceError once it is gone.
enum PyWeakProxy {
  static let spec = TypeSpec(
    weakProxyType(), "weakref.ProxyType", basicSize: MemoryLayout<PyWeakReference>.size,
    flags: [.haveGC], base: objectType(), slots: slots, methods: [bytes, reversed])

  static let callableSpec = TypeSpec(
    weakCallableProxyType(), "weakref.CallableProxyType",
    basicSize: MemoryLayout<PyWeakReference>.size, flags: [.haveGC], base: objectType(),
    slots: slots + [
      .tp_call { proxy, args, keywords in
        forward(proxy) { PyObject_Call($0, args, keywords) }
      }
    ])

  /// The referent as a new reference; nil with ReferenceError when it is gone.
  private static func target(_ proxy: Ref) -> Ref? {
    if let found = WeakReferences.target(proxy) { return found }
    _ = raise(.referenceError, "weakly-referenced object no longer exists")
    return nil
  }

  /// The referent of a proxy, any other object as it is; a new reference.
  private static func unwrapped(_ object: Ref) -> Ref? {
    if WeakReferences.isProxy(object) { return target(object) }
    Py_INCREF(object)
    return object
  }

  private static func forward(_ proxy: Ref, _ body: (Ref) -> Ref?) -> Ref? {
    guard let target = unwrapped(proxy) else { return nil }
    defer { Py_DECREF(target) }
    return body(target)
  }

  private static func forward(_ left: Ref, _ right: Ref, _ body: (Ref, Ref) -> Ref?) -> Ref? {
    guard let a = unwrapped(left) else { return nil }
    defer { Py_DECREF(a) }
    guard let b = unwrapped(right) else { return nil }
    defer { Py_DECREF(b) }
    return body(a, b)
  }

  private static func forwardStatus(_ proxy: Ref, _ body: (Ref) -> Int32) -> Int32 {
    guard let target = target(proxy) else { return -1 }
    defer { Py_DECREF(target) }
    return body(target)
  }

  static let bytes: Method = .noargs("__bytes__", "") { proxy, _ in
    forward(proxy) { PyObject_CallMethodNoArgs($0, SpecialName.bytes) }
  }

  static let reversed: Method = .noargs("__reversed__", "") { proxy, _ in
    forward(proxy) { PyObject_CallMethodNoArgs($0, SpecialName.reversed) }
  }

  private static func repr(_ proxy: Ref) -> Ref? {
    let address = hexAddress(proxy)
    guard let target = WeakReferences.target(proxy) else {
      return newString("<weakproxy at \(address); dead>")
    }
    defer { Py_DECREF(target) }
    return newString(
      "<weakproxy at \(address); to '\(target.type.fullName)' at \(hexAddress(target))>")
  }

  private static let slots: [Slot] = [
    .tp_dealloc { proxy in
      PyObject_GC_UnTrack(proxy)
      WeakReferences.clear(proxy)
      PyObject_GC_Del(proxy)
    },
    .tp_repr { repr($0) },
    .tp_hash(PyObject_HashNotImplemented),
    .tp_str { forward($0) { PyObject_Str($0) } },
    .tp_getattro { proxy, name in forward(proxy, name) { PyObject_GetAttr($0, $1) } },
    .tp_setattro { proxy, name, value in
      forwardStatus(proxy) { PyObject_SetAttr($0, name, value) }
    },
    .tp_traverse { PyWeakref.traverse($0, $1, $2) },
    .tp_clear { PyWeakref.clear($0) },
    .tp_richcompare { left, right, operation in
      forward(left, right) { PyObject_RichCompare($0, $1, operation) }
    },
    .tp_iter { forward($0) { PyObject_GetIter($0) } },
    .tp_iternext { proxy in
      forward(proxy) { target in
        guard PyIter_Check(target) != 0 else {
          _ = raise(
            .typeError,
            "Weakref proxy referenced a non-iterator '\(target.type.fullName)' object")
          return nil
        }
        return PyIter_Next(target)
      }
    },
    .nb_bool { forwardStatus($0) { PyObject_IsTrue($0) } },
    .nb_power { base, exponent, modulus in
      let modulus = modulus ?? noneObject()
      return forward(base, exponent) { base, exponent in
        forward(modulus) { PyNumber_Power(base, exponent, $0) }
      }
    },
    .nb_inplace_power { base, exponent, modulus in
      let modulus = modulus ?? noneObject()
      return forward(base, exponent) { base, exponent in
        forward(modulus) { PyNumber_InPlacePower(base, exponent, $0) }
      }
    },
    .nb_negative { forward($0) { PyNumber_Negative($0) } },
    .nb_positive { forward($0) { PyNumber_Positive($0) } },
    .nb_absolute { forward($0) { PyNumber_Absolute($0) } },
    .nb_invert { forward($0) { PyNumber_Invert($0) } },
    .nb_int { forward($0) { PyNumber_Long($0) } },
    .nb_float { forward($0) { PyNumber_Float($0) } },
    .nb_index { forward($0) { PyNumber_Index($0) } },
    .nb_add { forward($0, $1) { PyNumber_Add($0, $1) } },
    .nb_subtract { forward($0, $1) { PyNumber_Subtract($0, $1) } },
    .nb_multiply { forward($0, $1) { PyNumber_Multiply($0, $1) } },
    .nb_remainder { forward($0, $1) { PyNumber_Remainder($0, $1) } },
    .nb_divmod { forward($0, $1) { PyNumber_Divmod($0, $1) } },
    .nb_lshift { forward($0, $1) { PyNumber_Lshift($0, $1) } },
    .nb_rshift { forward($0, $1) { PyNumber_Rshift($0, $1) } },
    .nb_and { forward($0, $1) { PyNumber_And($0, $1) } },
    .nb_xor { forward($0, $1) { PyNumber_Xor($0, $1) } },
    .nb_or { forward($0, $1) { PyNumber_Or($0, $1) } },
    .nb_floor_divide { forward($0, $1) { PyNumber_FloorDivide($0, $1) } },
    .nb_true_divide { forward($0, $1) { PyNumber_TrueDivide($0, $1) } },
    .nb_matrix_multiply { forward($0, $1) { PyNumber_MatrixMultiply($0, $1) } },
    .nb_inplace_add { forward($0, $1) { PyNumber_InPlaceAdd($0, $1) } },
    .nb_inplace_subtract { forward($0, $1) { PyNumber_InPlaceSubtract($0, $1) } },
    .nb_inplace_multiply { forward($0, $1) { PyNumber_InPlaceMultiply($0, $1) } },
    .nb_inplace_remainder { forward($0, $1) { PyNumber_InPlaceRemainder($0, $1) } },
    .nb_inplace_lshift { forward($0, $1) { PyNumber_InPlaceLshift($0, $1) } },
    .nb_inplace_rshift { forward($0, $1) { PyNumber_InPlaceRshift($0, $1) } },
    .nb_inplace_and { forward($0, $1) { PyNumber_InPlaceAnd($0, $1) } },
    .nb_inplace_xor { forward($0, $1) { PyNumber_InPlaceXor($0, $1) } },
    .nb_inplace_or { forward($0, $1) { PyNumber_InPlaceOr($0, $1) } },
    .nb_inplace_floor_divide { forward($0, $1) { PyNumber_InPlaceFloorDivide($0, $1) } },
    .nb_inplace_true_divide { forward($0, $1) { PyNumber_InPlaceTrueDivide($0, $1) } },
    .nb_inplace_matrix_multiply { forward($0, $1) { PyNumber_InPlaceMatrixMultiply($0, $1) } },
    .sq_contains { proxy, value in
      forwardStatus(proxy) { PySequence_Contains($0, value) }
    },
    .mp_length { proxy in
      guard let target = target(proxy) else { return -1 }
      defer { Py_DECREF(target) }
      return PyObject_Size(target)
    },
    .mp_subscript { forward($0, $1) { PyObject_GetItem($0, $1) } },
    .mp_ass_subscript { proxy, key, value in
      forwardStatus(proxy) { target in
        guard let value else { return PyObject_DelItem(target, key) }
        return PyObject_SetItem(target, key, value)
      }
    },
  ]
}

enum WeakrefTypes {
  static let specs = [PyWeakref.spec, PyWeakProxy.spec, PyWeakProxy.callableSpec]
}
