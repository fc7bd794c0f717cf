import CForeign
import CPythonABI
import Glibc
import Objects

/// A call of a C function: arguments to C, the call without the GIL, the result back.
/// CPython: Modules/_ctypes/callproc.c.
enum ForeignCall {
  /// An argument on its way.
  private struct Argument {
    var foreign: UnsafeMutablePointer<ffi_type>?
    /// 16 bytes, or the address of a structure.
    var value: (UInt64, UInt64) = (0, 0)
    /// What keeps the value alive: a reference.
    var keep: Ref?
    /// Where a structure is.
    var structure: UnsafeMutableRawPointer?
  }

  /// Calls a function.
  ///
  /// - Parameters:
  ///   - args: a tuple.
  ///   - converters: `from_param` of the declared parameters, or nil.
  ///   - restype: nil for int.
  static func call(
    _ function: UnsafeMutableRawPointer, _ args: Ref, flags: Int32, converters: Ref?,
    restype: Ref?, checker: Ref?
  ) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count > FunctionPointer.mostArguments {
      throw raise(
        CtypesState.argumentError,
        "too many arguments (\(count)), maximum is \(FunctionPointer.mostArguments)")
    }
    let arguments = UnsafeMutablePointer<Argument>.allocate(capacity: count + 1)
    arguments.initialize(repeating: Argument(), count: count + 1)
    // What converters made.
    let converted = try own(PyList_New(0))
    defer {
      for index in 0..<count { Py_XDECREF(arguments[index].keep) }
      arguments.deallocate()
    }
    let declared = converters.map { apus_var_size($0) } ?? 0
    for index in 0..<count {
      let item = apus_tuple_item(args, index)
      if let converters, index < declared {
        guard let made = PyObject_CallOneArg(apus_tuple_item(converters, index), item) else {
          throw extendError(CtypesState.argumentError, "argument \(index + 1): ")
        }
        let value = Owned(adopting: made)
        try check(PyList_Append(converted.ref, value.ref))
        try numbered(value.ref, index + 1, arguments + index)
      } else {
        try numbered(item, index + 1, arguments + index)
      }
    }
    let result = try run(
      function, arguments, count, declared: declared, flags: flags, restype: restype)
    defer { free(result) }
    if flags & FunctionPointer.Flags.pythonAPI != 0 && hasRaised() { throw Raised() }
    return try value(of: result, restype, checker)
  }

  /// The call itself: the memory of the result, to be freed.
  private static func run(
    _ function: UnsafeMutableRawPointer, _ arguments: UnsafeMutablePointer<Argument>, _ count: Int,
    declared: Int, flags: Int32, restype: Ref?
  ) throws(Raised) -> UnsafeMutableRawPointer {
    let resultType = foreignType(of: restype)
    let size = Swift.max(Int(resultType.pointee.size), 16)
    guard let result = calloc(1, size + 16) else { throw raiseNoMemory() }
    let types = UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>>.allocate(capacity: count + 1)
    let values = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: count + 1)
    defer {
      types.deallocate()
      values.deallocate()
    }
    for index in 0..<count {
      (types + index).initialize(to: arguments[index].foreign ?? apus_ffi_pointer())
      let place = UnsafeMutableRawPointer(arguments + index)
        + MemoryLayout<Argument>.at(\.value)
      (values + index).initialize(to: arguments[index].structure ?? place)
    }
    var cif = ffi_cif()
    let fixed = declared > 0 && declared < count ? declared : count
    let status = apus_ffi_prepare(
      &cif, UInt32(fixed), UInt32(count), resultType, types)
    if status != 0 {
      free(result)
      throw raise(.runtimeError, "ffi_prep_cif failed")
    }
    let usesErrno: Int32 = flags & FunctionPointer.Flags.usesErrno != 0 ? 1 : 0
    if flags & FunctionPointer.Flags.pythonAPI != 0 {
      apus_ffi_call(&cif, function, result, values, usesErrno)
    } else {
      let thread = PyEval_SaveThread()
      apus_ffi_call(&cif, function, result, values, usesErrno)
      if let thread { PyEval_RestoreThread(thread) }
    }
    return result
  }

  /// How libffi sees a result type; int for nil and plain callables.
  static func foreignType(of type: Ref?) -> UnsafeMutablePointer<ffi_type> {
    guard let type else { return apus_ffi_int() }
    if type.isNone { return apus_ffi_void() }
    return TypeInfo.of(type)?.pointee.foreign ?? apus_ffi_int()
  }

  // MARK: Arguments

  /// An argument; an error says which one it was.
  private static func numbered(
    _ value: Ref, _ number: Int, _ result: UnsafeMutablePointer<Argument>
  ) throws(Raised) {
    do throws(Raised) { try argument(value, number, result) } catch {
      throw extendError(CtypesState.argumentError, "argument \(number): ")
    }
  }

  private static func argument(
    _ value: Ref, _ number: Int, _ result: UnsafeMutablePointer<Argument>
  ) throws(Raised) {
    let place = UnsafeMutableRawPointer(result) + MemoryLayout<Argument>.at(\.value)
    if let info = TypeInfo.of(instance: value), CData.isInstance(value) {
      result.pointee.keep = Py_NewRef(value)
      let data = CData(value)
      let type = value.type.object
      if Metatypes.isStructure(type) {
        result.pointee.foreign = info.pointee.foreign
        result.pointee.structure = data.place
      } else if Metatypes.isArray(type) {
        result.pointee.foreign = apus_ffi_pointer()
        place.storeBytes(of: data.place, as: UnsafeMutableRawPointer?.self)
      } else {
        result.pointee.foreign = info.pointee.foreign
        memcpy(place, data.place, Swift.min(data.own.pointee.size, 16))
      }
      return
    }
    if value.type == CArgument.type {
      let argument = CArgument(value)
      result.pointee.keep = Py_NewRef(value)
      result.pointee.foreign = argument.own.pointee.foreign
      memcpy(place, argument.valuePlace, 16)
      return
    }
    if value.isNone {
      result.pointee.foreign = apus_ffi_pointer()
      return
    }
    if value.isInt {
      result.pointee.foreign = apus_ffi_int()
      var number = Int(truncatingIfNeeded: PyLong_AsUnsignedLong(value))
      if hasRaised() {
        PyErr_Clear()
        number = PyLong_AsLong(value)
        if number == -1 && hasRaised() {
          PyErr_Clear()
          throw raise(.overflowError, "int too long to convert")
        }
      }
      place.storeBytes(of: Int32(truncatingIfNeeded: number), as: Int32.self)
      return
    }
    if value.isBytes {
      result.pointee.foreign = apus_ffi_pointer()
      place.storeBytes(of: apus_bytes_data(value), as: UnsafeMutablePointer<UInt8>?.self)
      result.pointee.keep = Py_NewRef(value)
      return
    }
    if value.isStr {
      result.pointee.foreign = apus_ffi_pointer()
      result.pointee.keep = try CValue.setWide(place, value).give()
      return
    }
    guard let parameter = try Metatype.asParameter(value) else {
      throw raise(.typeError, "Don't know how to convert parameter \(number)")
    }
    let held = Owned(adopting: parameter)
    try check(Py_EnterRecursiveCall(" while processing _as_parameter_"))
    defer { Py_LeaveRecursiveCall() }
    try argument(held.ref, number, result)
    if result.pointee.keep == nil { result.pointee.keep = held.give() }
  }

  // MARK: Results

  private static func value(
    of memory: UnsafeMutableRawPointer, _ type: Ref?, _ checker: Ref?
  ) throws(Raised) -> Owned {
    guard let type else { return try int(Int(memory.load(as: Int32.self))) }
    if type.isNone { return noneObject().retained() }
    guard let info = TypeInfo.of(type) else {
      let number = try int(Int(memory.load(as: Int32.self)))
      return try own(PyObject_CallOneArg(type, number.ref))
    }
    let result: Owned
    if info.pointee.code != 0 && !Simple.isSubclass(type) {
      result = try CValue.get(
        info.pointee.code, memory, swapped: info.pointee.isSwapped, length: info.pointee.size)
      // A function that returns an object gives its reference away.
      if info.pointee.code == UInt8(ascii: "O") { Py_DECREF(result.ref) }
    } else {
      result = try CData.make(type, owner: nil, index: 0, at: memory)
    }
    guard let checker else { return result }
    return try own(PyObject_CallOneArg(checker, result.ref))
  }
}
