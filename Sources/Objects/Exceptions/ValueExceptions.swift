import CPythonABI

/// StopIteration, SystemExit, KeyError: exceptions that show one of their arguments.
enum ValueExceptions {
  static let stopIteration = TypeSpec(
    apus_exc_StopIteration(), "StopIteration",
    basicSize: MemoryLayout<PyStopIterationObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "An iterator has no more items.",
    base: apus_exc_Exception(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 1) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 1) },
      .tp_clear { ExceptionFields.clear($0, objects: 1) },
      .tp_init { exception, args, keywords in
        if BaseException_init(exception, args, keywords) < 0 { return -1 }
        let value = apus_var_size(args) > 0 ? apus_tuple_item(args, 0) : noneObject()
        ExceptionFields.set(ExceptionFields.field(exception, 72), value)
        return 0
      },
    ],
    members: [Member("value", _Py_T_OBJECT, offset: 72, "What the generator returned.")])

  static let systemExit = TypeSpec(
    apus_exc_SystemExit(), "SystemExit", basicSize: MemoryLayout<PySystemExitObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "Asks the program to end.",
    base: apus_exc_BaseException(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 1) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 1) },
      .tp_clear { ExceptionFields.clear($0, objects: 1) },
      .tp_init { exception, args, keywords in
        if BaseException_init(exception, args, keywords) < 0 { return -1 }
        let count = apus_var_size(args)
        if count > 0 {
          ExceptionFields.set(
            ExceptionFields.field(exception, 72), count == 1 ? apus_tuple_item(args, 0) : args)
        }
        return 0
      },
    ],
    members: [Member("code", _Py_T_OBJECT, offset: 72, "The exit status, or what to print.")])

  static let keyError = TypeSpec(
    apus_exc_KeyError(), "KeyError", basicSize: MemoryLayout<PyBaseExceptionObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "A mapping does not have the key.",
    base: apus_exc_LookupError(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 0) },
      .tp_str { exception in
        // The key alone, but as its repr: '' must not look like nothing.
        if let args = BaseException.arguments(exception), apus_var_size(args) == 1 {
          return PyObject_Repr(apus_tuple_item(args, 0))
        }
        return BaseException.str(exception)
      },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 0) },
      .tp_clear { ExceptionFields.clear($0, objects: 0) },
      .tp_init(BaseException_init),
    ])
}
