import CPythonABI
import Objects

/// The directions, names and defaults of a foreign function's parameters: tuples
/// `(flag[, name[, default]])`, flag 1 in, 2 out, 3 both, 4 in with default 0.
struct ParameterFlags: ~Copyable {
  /// The arguments of the call: a tuple this owns.
  let args: Ref
  private let outMask: UInt64
  private let inOutMask: UInt64
  private let results: Int

  private init(_ args: consuming Owned, outMask: UInt64, inOutMask: UInt64, results: Int) {
    self.args = args.give()
    self.outMask = outMask
    self.inOutMask = inOutMask
    self.results = results
  }

  borrowing func release() { Py_DECREF(args) }

  private static func raiseShape() -> Raised {
    raise(
      .typeError, "paramflags must be a sequence of (int [,string [,value]]) tuples")
  }

  /// Checks what a prototype is given.
  static func check(_ type: Ref, _ flags: Ref?) throws(Raised) {
    guard let flags, !flags.isNone else { return }
    let info = try TypeInfo.required(type)
    guard let types = info.pointee.argtypes else {
      throw raise(
        .typeError, "abstract class")
    }
    guard flags.isTuple else { throw raise(.typeError, "paramflags must be a tuple or None") }
    guard apus_var_size(flags) == apus_var_size(types) else {
      throw raise(
        .valueError, "paramflags must have the same length as argtypes")
    }
    for index in 0..<apus_var_size(flags) {
      let item = apus_tuple_item(flags, index)
      guard item.isTuple, apus_var_size(item) >= 1, apus_var_size(item) <= 3,
        apus_tuple_item(item, 0).isInt
      else { throw raiseShape() }
      if apus_var_size(item) > 1 {
        let name = apus_tuple_item(item, 1)
        guard name.isStr || name.isNone else { throw raiseShape() }
      }
      let flag = PyLong_AsUnsignedLongMask(apus_tuple_item(item, 0))
      let kind = apus_tuple_item(types, index)
      switch flag & 7 {
      case 0, 1, 4, 5, 3: break
      case 2:
        let isOutput: Bool
        if let target = TypeInfo.of(kind) {
          isOutput =
            Metatypes.isPointer(kind) || Metatypes.isArray(kind)
            || (Metatypes.isSimple(kind)
              && (target.pointee.code == UInt8(ascii: "P") || target.pointee.code == UInt8(ascii: "z")
                || target.pointee.code == UInt8(ascii: "Z")))
        } else {
          isOutput = true
        }
        guard isOutput else {
          throw raise(
            .typeError, "'out' parameter \(index + 1) must be a pointer type, not \(kind.asType.name)")
        }
      default:
        throw raise(.typeError, "paramflag value \(flag) not supported")
      }
    }
  }

  /// The arguments of a call with out parameters made, defaults filled in and names looked up.
  static func arguments(
    _ flags: Ref?, _ types: Ref?, _ args: Ref, _ keywords: Ref?
  ) throws(Raised) -> ParameterFlags {
    guard let flags, let types, apus_var_size(types) > 0 else {
      if let keywords, PyDict_Size(keywords) != 0 {
        // Without flags there are no names.
      }
      return ParameterFlags(args.retained(), outMask: 0, inOutMask: 0, results: 0)
    }
    let count = apus_var_size(types)
    let result = try own(PyTuple_New(count))
    var outMask: UInt64 = 0
    var inOutMask: UInt64 = 0
    var results = 0
    var used = 0
    for index in 0..<count {
      let item = apus_tuple_item(flags, index)
      let flag = PyLong_AsUnsignedLongMask(apus_tuple_item(item, 0))
      let name: Ref? = apus_var_size(item) > 1 ? apus_tuple_item(item, 1) : nil
      let fallback: Ref? = apus_var_size(item) > 2 ? apus_tuple_item(item, 2) : nil
      let value: Owned
      switch flag & 7 {
      case 2:
        if let fallback {
          value = fallback.retained()
        } else {
          let kind = apus_tuple_item(types, index)
          if Metatypes.isArray(kind) {
            value = try own(PyObject_CallNoArgs(kind))
          } else {
            guard let target = TypeInfo.of(kind)?.pointee.proto, target.isType else {
              throw raise(.typeError, "NULL type_ptr in 'out' parameter")
            }
            value = try own(PyObject_CallNoArgs(target))
          }
        }
        outMask |= index < 64 ? 1 << UInt64(index) : 0
        results += 1
      default:
        if flag & 7 == 3 {
          inOutMask |= index < 64 ? 1 << UInt64(index) : 0
          results += 1
        }
        if flag & 7 == 5 || flag & 7 == 4 {
          // Hidden: always the default.
          if flag & 4 != 0, flag & 1 != 0 || flag & 7 == 4 {
            if let fallback { value = fallback.retained() } else { value = try int(0) }
            break
          }
          value = try int(0)
          break
        }
        var named: Ref?
        if used < apus_var_size(args) {
          value = apus_tuple_item(args, used).retained()
          used += 1
        } else if let keywords, let name, name.isStr {
          try Objects.check(PyDict_GetItemRef(keywords, name, &named))
          if let named {
            value = Owned(adopting: named)
          } else if let fallback {
            value = fallback.retained()
          } else {
            throw raise(
              .typeError, "required argument '\(Objects.text(of: name))' missing")
          }
        } else if let fallback {
          value = fallback.retained()
        } else if let name, name.isStr {
          throw raise(.typeError, "required argument '\(Objects.text(of: name))' missing")
        } else {
          throw raise(.typeError, "not enough arguments")
        }
      }
      apus_tuple_items(result.ref)[index] = value.give()
    }
    let given = apus_var_size(args) + (keywords.map { PyDict_Size($0) } ?? 0)
    if used < apus_var_size(args) || given > count {
      throw raise(
        .typeError, "call takes exactly \(used) arguments (\(given) given)")
    }
    return ParameterFlags(result, outMask: outMask, inOutMask: inOutMask, results: results)
  }

  /// What the call gives back: its result, or the out parameters.
  borrowing func result(_ value: consuming Owned) throws(Raised) -> Owned {
    if results == 0 { return value }
    if results > 1 { _ = value.ref }
    let list = try own(PyList_New(0))
    for index in 0..<Swift.min(apus_var_size(args), 64) {
      let bit: UInt64 = 1 << UInt64(index)
      let item = apus_tuple_item(args, index)
      if inOutMask & bit != 0 {
        try Objects.check(PyList_Append(list.ref, item))
      } else if outMask & bit != 0 {
        let output = try own(
          PyObject_CallMethodNoArgs(item, CtypesState.fromOutParameter))
        try Objects.check(PyList_Append(list.ref, output.ref))
      }
    }
    if results == 1, apus_var_size(list.ref) == 1 { return apus_list_item(list.ref, 0).retained() }
    return try own(PyList_AsTuple(list.ref))
  }
}
