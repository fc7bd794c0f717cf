import CForeign
import CPythonABI
import Glibc
import Objects

/// _ctypes.CFuncPtr: a C function that can be called, or a Python function that C can call.
/// CPython: Modules/_ctypes/_ctypes.c.
struct FunctionPointer {
  struct Layout {
    var data: CData.Layout
    /// The callback's closure.
    var thunk: Ref?
    /// The Python function of a callback.
    var callable: Ref?
    /// `from_param` of each of `argtypes`.
    var converters: Ref?
    var argtypes: Ref?
    var restype: Ref?
    /// `restype._check_retval_`
    var checker: Ref?
    var errcheck: Ref?
    var paramflags: Ref?
  }

  enum Flags {
    static let pythonAPI: Int32 = 4
    static let usesErrno: Int32 = 8
  }

  static let mostArguments = 1024

  nonisolated(unsafe) static let type = Metatypes.instance(of: Metatypes.function)

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  var address: UnsafeMutableRawPointer? {
    CData(ref).place.loadUnaligned(as: UnsafeMutableRawPointer?.self)
  }

  // MARK: Argument types

  /// `from_param` of each of a sequence of types.
  static func converters(_ types: Ref) throws(Raised) -> Owned {
    let items = try Objects.own(PySequence_Tuple(types))
    let count = apus_var_size(items.ref)
    if count > mostArguments {
      throw raise(
        CtypesState.argumentError,
        "_argtypes_ has too many arguments (\(count)), maximum is \(mostArguments)")
    }
    let result = try Objects.own(PyTuple_New(count))
    for index in 0..<count {
      var method: Ref?
      try check(
        PyObject_GetOptionalAttrString(apus_tuple_item(items.ref, index), "from_param", &method))
      guard let method else {
        throw raise(
          .typeError, "item \(index + 1) in _argtypes_ has no from_param method")
      }
      apus_tuple_items(result.ref)[index] = method
    }
    return result
  }

  private static func checkResult(_ type: Ref, _ name: String) throws(Raised) {
    if type.isNone || TypeInfo.of(type) != nil || PyCallable_Check(type) != 0 { return }
    throw raise(.typeError, "\(name) must be a type, a callable, or None")
  }

  private static func checker(of type: Ref) throws(Raised) -> Ref? {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_check_retval_", &found))
    return found
  }

  // MARK: The metatype

  private static func initialize(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    let info = try Metatype.begin(type, args, keywords)
    info.pointee.size = 8
    info.pointee.align = 8
    info.pointee.length = 1
    info.pointee.isPointer = true
    info.pointee.foreign = CtypesState.pointerType
    info.pointee.passing = (TypeInfo.Passing.integer, TypeInfo.Passing.integer, 0, 0)
    TypeInfo.setFormat(info, "X{}")
    if let base = type.asType.pointee.tp_base, base == CData.type {
      // The base class itself is abstract.
      info.pointee.isReady = false
      return
    }
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_flags_", &found))
    guard let found, found.isInt else {
      Py_XDECREF(found)
      throw raise(.typeError, "class must define _flags_ which must be an integer")
    }
    info.pointee.callFlags = Int32(truncatingIfNeeded: PyLong_AsUnsignedLongMask(found))
    Py_DECREF(found)
    var types: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_argtypes_", &types))
    if let types {
      let given = Owned(adopting: types)
      guard given.ref.isTuple else {
        throw raise(.typeError, "_argtypes_ must be a sequence of types")
      }
      let converters = try converters(given.ref)
      info.pointee.argtypes = given.give()
      info.pointee.converters = converters.give()
    }
    var result: Ref?
    try check(PyObject_GetOptionalAttrString(type, "_restype_", &result))
    if let result {
      let given = Owned(adopting: result)
      guard given.ref.isNone || TypeInfo.of(given.ref) != nil || PyCallable_Check(given.ref) != 0
      else { throw raise(.typeError, "_restype_ must be a type, a callable, or None") }
      info.pointee.checker = try checker(of: given.ref)
      info.pointee.restype = given.give()
    }
  }

  static let metaSpec = Metatype.spec(
    Metatypes.function, "_ctypes.PyCFuncPtrType", "The type of function pointer types",
    { type, args, keywords in status { try initialize(type, args, keywords) } })

  // MARK: Making

  private static func make(_ type: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count == 0 { return try CData.make(type) }
    let first = apus_tuple_item(args, 0)
    if first.isTuple { return try fromLibrary(type, args) }
    if count == 1, first.isInt {
      let address = PyLong_AsVoidPtr(first)
      if address == nil && hasRaised() { throw Raised() }
      let object = try CData.make(type)
      CData(object.ref).place.storeBytes(of: address, as: UnsafeMutableRawPointer?.self)
      return object
    }
    guard count == 1 else {
      throw raise(.typeError, "function takes exactly 1 argument (\(count) given)")
    }
    guard PyCallable_Check(first) != 0 else {
      throw raise(.typeError, "argument must be callable or integer function address")
    }
    let info = try TypeInfo.required(type)
    guard let types = info.pointee.argtypes else {
      throw raise(.typeError, "cannot construct instance of this class: no argtypes")
    }
    let thunk = try Thunk.make(
      first, types, info.pointee.restype ?? noneObject(), info.pointee.callFlags)
    let object = try CData.make(type)
    let pointer = FunctionPointer(object.ref)
    CData(object.ref).place.storeBytes(
      of: Thunk.address(thunk.ref), as: UnsafeMutableRawPointer?.self)
    try CData(object.ref).keep(thunk.ref, at: 0)
    pointer.own.pointee.callable = first.retained().give()
    pointer.own.pointee.thunk = thunk.give()
    return object
  }

  /// `prototype((name, library)[, paramflags])`
  private static func fromLibrary(_ type: Ref, _ args: Ref) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    guard count <= 2 else {
      throw raise(.typeError, "function takes at most 2 arguments (\(count) given)")
    }
    let pair = apus_tuple_item(args, 0)
    guard apus_var_size(pair) == 2 else {
      throw raise(.typeError, "argument 1 must be 2-item sequence, not \(pair.type.name)")
    }
    let name = apus_tuple_item(pair, 0)
    let library = apus_tuple_item(pair, 1)
    let text: UnsafePointer<CChar>
    if name.isStr {
      guard let utf8 = PyUnicode_AsUTF8(name) else { throw Raised() }
      text = utf8
    } else if name.isBytes {
      text = UnsafeRawPointer(apus_bytes_data(name)).assumingMemoryBound(to: CChar.self)
    } else {
      throw raise(.typeError, "function name must be string, bytes object or integer")
    }
    let event = try tuple(library.retained(), name.retained())
    try check(PySys_AuditTuple("ctypes.dlsym", event.ref))
    let handle = try Library.handle(of: library, "second argument")
    let address = try Library.symbol(handle, text, error: .attributeError, kind: "function")
    let paramflags: Ref? = count == 2 ? apus_tuple_item(args, 1) : nil
    try ParameterFlags.check(type, paramflags)
    let object = try CData.make(type)
    CData(object.ref).place.storeBytes(of: address, as: UnsafeMutableRawPointer?.self)
    if let paramflags, !paramflags.isNone {
      FunctionPointer(object.ref).own.pointee.paramflags = paramflags.retained().give()
    }
    try CData(object.ref).keep(library, at: 0)
    return object
  }

  // MARK: Calling

  private func call(_ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let info = try TypeInfo.required(ref.type.object)
    let held = ref.retained()
    let restype = own.pointee.restype ?? info.pointee.restype
    let converters = own.pointee.converters ?? info.pointee.converters
    let checker = own.pointee.restype != nil ? own.pointee.checker : info.pointee.checker
    guard let address else {
      throw raise(.valueError, "attempt to call a NULL function pointer")
    }
    let parameters = try ParameterFlags.arguments(
      own.pointee.paramflags, info.pointee.argtypes, args, keywords)
    defer { parameters.release() }
    if let converters {
      let required = apus_var_size(converters)
      let actual = apus_var_size(parameters.args)
      if required > actual {
        throw raise(
          .typeError,
          "this function takes at least \(required) argument\(required == 1 ? "" : "s") "
            + "(\(actual) given)")
      }
    }
    // Everything a call may let go of.
    let heldType = (restype ?? noneObject()).retained()
    let heldConverters = (converters ?? noneObject()).retained()
    let heldChecker = (checker ?? noneObject()).retained()
    let result = try ForeignCall.call(
      address, parameters.args, flags: info.pointee.callFlags, converters: converters,
      restype: restype, checker: checker)
    _ = (held.ref, heldType.ref, heldConverters.ref, heldChecker.ref)
    var final = result
    if let errcheck = own.pointee.errcheck {
      let function = errcheck.retained()
      let value = try Objects.own(
        Objects.call(function.ref, final.ref, ref, parameters.args))
      // The arguments unchanged mean: go on with what the call gave.
      if value.ref != parameters.args { return value }
    }
    final = try parameters.result(final)
    return final
  }

  // MARK: The type

  static let spec = TypeSpec(
    type, "_ctypes.CFuncPtr", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: "Function Pointer", base: CData.type,
    slots: [
      .tp_new { type, args, keywords in new { try make(type.object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        FunctionPointer(object).clear()
        CData(object).clear()
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in
        new {
          try Objects.own(
            newString(
              "<\(object.type.name) object at 0x\(String(UInt(bitPattern: object), radix: 16))>"))
        }
      },
      .tp_call { object, args, keywords in
        new { try FunctionPointer(object).call(args, keywords) }
      },
      .tp_traverse { object, visit, argument in
        let own = FunctionPointer(object).own
        let answer = visitReferences(
          visit, argument, own.pointee.callable, own.pointee.restype, own.pointee.checker,
          own.pointee.errcheck, own.pointee.argtypes, own.pointee.converters,
          own.pointee.paramflags, own.pointee.thunk, own.pointee.data.objects,
          own.pointee.data.owner)
        return answer
      },
      .tp_clear { object in
        FunctionPointer(object).clear()
        CData(object).clear()
        return 0
      },
      .bf_getbuffer { object, view, flags in
        CData.type.pointee.tp_as_buffer?.pointee.bf_getbuffer?(object, view, flags) ?? -1
      },
      .nb_bool { object in FunctionPointer(object).address != nil ? 1 : 0 },
      .tp_free { PyObject_GC_Del($0) },
    ],
    properties: [
      Property("errcheck", "a function to check for errors", get: { object, _ in
        Py_NewRef(FunctionPointer(object).own.pointee.errcheck ?? noneObject())
      }, set: { object, value, _ in
        status {
          if let value, PyCallable_Check(value) == 0 {
            throw raise(.typeError, "the errcheck attribute must be callable")
          }
          replaceReference(
            &FunctionPointer(object).own.pointee.errcheck, value.map { Py_NewRef($0) } ?? nil)
        }
      }),
      Property("restype", "specify the result type", get: { object, _ in
        new {
          let pointer = FunctionPointer(object)
          if let given = pointer.own.pointee.restype { return given.retained() }
          let info = try TypeInfo.required(object.type.object)
          return (info.pointee.restype ?? noneObject()).retained()
        }
      }, set: { object, value, _ in
        status {
          let pointer = FunctionPointer(object)
          clearReference(&pointer.own.pointee.checker)
          guard let value else {
            clearReference(&pointer.own.pointee.restype)
            return
          }
          try checkResult(value, "restype")
          pointer.own.pointee.checker = try checker(of: value)
          replaceReference(&pointer.own.pointee.restype, Py_NewRef(value))
        }
      }),
      Property("argtypes", "specify the argument types", get: { object, _ in
        new {
          let pointer = FunctionPointer(object)
          if let given = pointer.own.pointee.argtypes { return given.retained() }
          let info = try TypeInfo.required(object.type.object)
          return (info.pointee.argtypes ?? noneObject()).retained()
        }
      }, set: { object, value, _ in
        status {
          let pointer = FunctionPointer(object)
          guard let value, !value.isNone else {
            clearReference(&pointer.own.pointee.converters)
            clearReference(&pointer.own.pointee.argtypes)
            return
          }
          let converters = try converters(value)
          replaceReference(&pointer.own.pointee.converters, converters.give())
          replaceReference(&pointer.own.pointee.argtypes, Py_NewRef(value))
        }
      }),
    ])

  private func clear() {
    clearReference(&own.pointee.callable)
    clearReference(&own.pointee.restype)
    clearReference(&own.pointee.checker)
    clearReference(&own.pointee.errcheck)
    clearReference(&own.pointee.argtypes)
    clearReference(&own.pointee.converters)
    clearReference(&own.pointee.paramflags)
    clearReference(&own.pointee.thunk)
  }
}
