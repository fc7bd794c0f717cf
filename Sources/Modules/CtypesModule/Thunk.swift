import CForeign
import CPythonABI
import Glibc
import Objects

/// _ctypes.CThunkObject: a C function made of a Python function. CPython:
/// Modules/_ctypes/callbacks.c.
enum Thunk {
  struct Layout {
    var base: PyObject
    var closure: UnsafeMutableRawPointer?
    var code: UnsafeMutableRawPointer?
    var callable: Ref?
    /// A tuple of types.
    var argtypes: Ref?
    var restype: Ref?
    var flags: Int32
    var cif: ffi_cif
    var types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func address(_ thunk: Ref) -> UnsafeMutableRawPointer? { view(thunk).pointee.code }

  static func make(
    _ callable: Ref, _ argtypes: Ref, _ restype: Ref, _ flags: Int32
  ) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let thunk = view(object.ref)
    let count = apus_var_size(argtypes)
    let types = UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>>.allocate(
      capacity: count + 1)
    thunk.pointee.types = types
    for index in 0..<count {
      (types + index).initialize(to: ForeignCall.foreignType(of: apus_tuple_item(argtypes, index)))
    }
    if !restype.isNone {
      guard let info = TypeInfo.of(restype), info.pointee.code != 0 || Metatypes.isPointer(restype)
      else { throw raise(.typeError, "invalid result type for callback function") }
      if info.pointee.code == 0 {
        throw raise(.typeError, "invalid result type for callback function")
      }
    }
    thunk.pointee.callable = callable.retained().give()
    thunk.pointee.argtypes = argtypes.retained().give()
    thunk.pointee.restype = restype.retained().give()
    thunk.pointee.flags = flags
    let cif = (UnsafeMutableRawPointer(thunk) + MemoryLayout<Layout>.at(\.cif))
      .assumingMemoryBound(to: ffi_cif.self)
    let status = apus_ffi_prepare(
      cif, UInt32(count), UInt32(count), ForeignCall.foreignType(of: restype), types)
    if status != 0 { throw raise(.runtimeError, "ffi_prep_cif failed with \(status)") }
    var code = UnsafeMutableRawPointer(bitPattern: 0)
    guard let closure = apus_ffi_closure(cif, entry, object.ref, &code) else {
      throw raiseNoMemory()
    }
    thunk.pointee.closure = closure
    thunk.pointee.code = code
    return object
  }

  /// What C calls.
  private static let entry: apus_ffi_callback = { cif, result, arguments, data in
    let state = PyGILState_Ensure()
    let thunk = data.assumingMemoryBound(to: PyObject.self)
    Py_INCREF(thunk)
    Thunk.run(thunk, result, arguments, Int(cif.pointee.rtype.pointee.size))
    Py_DECREF(thunk)
    PyGILState_Release(state)
  }

  private static func run(
    _ object: Ref, _ result: UnsafeMutableRawPointer,
    _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer>, _ size: Int
  ) {
    let thunk = view(object)
    guard let callable = thunk.pointee.callable, let types = thunk.pointee.argtypes,
      let restype = thunk.pointee.restype
    else { return }
    if !restype.isNone { memset(result, 0, Swift.max(size, 8)) }
    let value: Owned
    do throws(Raised) {
      let args = try own(PyTuple_New(apus_var_size(types)))
      for index in 0..<apus_var_size(types) {
        apus_tuple_items(args.ref)[index] = try argument(
          apus_tuple_item(types, index), arguments[index]
        ).give()
      }
      let usesErrno = thunk.pointee.flags & FunctionPointer.Flags.usesErrno != 0
      if usesErrno { apus_ffi_swap_errno() }
      let answer = PyObject_Call(callable, args.ref, nil)
      if usesErrno { apus_ffi_swap_errno() }
      value = try own(answer)
    } catch {
      return report("on calling ctypes callback function", callable)
    }
    if restype.isNone { return }
    do throws(Raised) {
      guard let info = TypeInfo.of(restype) else { return }
      let kept: Owned
      if CData.isInstance(value.ref), value.ref.type.object == restype {
        memcpy(result, CData(value.ref).place, info.pointee.size)
        kept = noneObject().retained()
      } else {
        kept = try CValue.set(
          info.pointee.code, result, value.ref, swapped: info.pointee.isSwapped)
      }
      // libffi wants small integers widened.
      if info.pointee.size < 8, CValue.isSigned(info.pointee.code) == true {
        let number: Int
        switch info.pointee.size {
        case 1: number = Int(result.load(as: Int8.self))
        case 2: number = Int(result.load(as: Int16.self))
        default: number = Int(result.load(as: Int32.self))
        }
        result.storeBytes(of: number, as: Int.self)
      }
      if kept.ref.isNone { return }
      if info.pointee.code == UInt8(ascii: "O") {
        // The caller gets the reference.
        _ = kept.give()
        return
      }
      // Nobody will ever let go of what the address points into.
      _ = kept.give()
      try check(PyErr_WarnEx(.runtimeWarning, "memory leak in callback function.", 1))
    } catch {
      report("on converting result of ctypes callback function", callable)
    }
  }

  private static func argument(
    _ type: Ref, _ memory: UnsafeMutableRawPointer
  ) throws(Raised) -> Owned {
    guard let info = TypeInfo.of(type) else {
      throw raise(.typeError, "cannot build parameter")
    }
    if info.pointee.code != 0 && !Simple.isSubclass(type) {
      return try CValue.get(
        info.pointee.code, memory, swapped: info.pointee.isSwapped, length: info.pointee.size)
    }
    let object = try own(PyObject_CallNoArgs(type))
    guard CData.isInstance(object.ref) else {
      throw raise(.typeError, "\(type.asType.name)() returned unexpected result of type \(object.ref.type.name)")
    }
    memcpy(CData(object.ref).place, memory, info.pointee.size)
    return object
  }

  /// Reports the exception that is set: C has no way to take it.
  private static func report(_ when: StaticString, _ callable: Ref) {
    guard let raised = PyErr_GetRaisedException() else { return }
    var message = "Exception ignored \(when)"
    if let shown = PyObject_Repr(callable) {
      message += " " + Objects.text(of: shown)
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
    }
    let text = newString(message)
    PyErr_SetRaisedException(raised)
    _PyErr_WriteUnraisableMsg(text, nil)
    Py_XDECREF(text)
  }

  static let spec = TypeSpec(
    type, "_ctypes.CThunkObject", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], doc: "CThunkObject", base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let thunk = view(object)
        apus_ffi_free(thunk.pointee.closure)
        thunk.pointee.types?.deallocate()
        Py_XDECREF(thunk.pointee.callable)
        Py_XDECREF(thunk.pointee.argtypes)
        Py_XDECREF(thunk.pointee.restype)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, view(object).pointee.callable, view(object).pointee.argtypes,
          view(object).pointee.restype)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.callable)
        clearReference(&view(object).pointee.argtypes)
        clearReference(&view(object).pointee.restype)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ])
}
