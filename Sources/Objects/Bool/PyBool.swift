import CPythonABI
import Numerics

/// bool: the two ints True and False, immortal. CPython: Objects/boolobject.c.
enum PyBool {
  static var spec: TypeSpec {
    TypeSpec(
      boolType(), "bool", basicSize: 24, itemSize: 4, flags: [.longSubclass, .matchSelf],
      doc: """
        bool(object=False, /)
        --

        The truth of an object: True or False.

        True and False are the only instances; they are the ints 1 and 0 with
        another name.
        """,
      base: intType(),
      slots: [
        .tp_dealloc { object in
          // Extension code released one reference too many: the two stay.
          object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
        },
        .tp_repr { object in
          new { try newString(ascii: object == trueObject() ? "True" : "False") }
        },
        .tp_new { type, args, keywords in
          new {
            try checkNoKeywords("bool", dict: keywords)
            let given = apus_var_size(args)
            try checkPositional("bool", given, least: 0, most: 1)
            return try PyBool.convert(given == 0 ? nil : apus_tuple_item(args, 0))
          }
        },
        .tp_vectorcall { type, args, flags, names in
          new {
            let count = PyVectorcall_NARGS(flags)
            try checkNoKeywords("bool", names: names)
            try checkPositional("bool", count, least: 0, most: 1)
            return try PyBool.convert(count == 0 ? nil : args.unsafelyUnwrapped[0])
          }
        },
        .nb_invert { object in
          new {
            try check(
              PyErr_WarnEx(
                .deprecationWarning,
                "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. "
                  + "This returns the bitwise inversion of the underlying int object and is usually "
                  + "not what you expect from negating a bool. Use the 'not' operator for boolean "
                  + "negation or ~int(x) if you really want the bitwise inversion of the underlying "
                  + "int.", 1))
            return try PyLong.invert(object)
          }
        },
        .nb_and { a, b in PyBool.bitwise(.and, a, b) },
        .nb_xor { a, b in PyBool.bitwise(.xor, a, b) },
        .nb_or { a, b in PyBool.bitwise(.or, a, b) },
      ])
  }

  static func convert(_ value: Ref?) throws(Raised) -> Owned {
    guard let value else { return Owned(adopting: falseObject()) }
    return Owned(adopting: boolObject(try check(PyObject_IsTrue(value)) != 0))
  }

  /// Two bools give a bool; anything else is left to int.
  private static func bitwise(_ operation: Digits.BitOperation, _ a: Ref, _ b: Ref) -> Ref? {
    guard a.isBool && b.isBool else {
      guard a.isInt && b.isInt else { return notImplementedObject() }
      return new { try PyLong.bitwise(operation, a, b) }
    }
    let x = a == trueObject()
    let y = b == trueObject()
    switch operation {
    case .and: return boolObject(x && y)
    case .or: return boolObject(x || y)
    case .xor: return boolObject(x != y)
    }
  }
}

@c @implementation public func PyBool_FromLong(_ value: Int) -> Ref? { boolObject(value != 0) }

@c @implementation public func Py_IsTrue(_ object: Ref) -> Int32 { object == trueObject() ? 1 : 0 }

@c @implementation public func Py_IsFalse(_ object: Ref) -> Int32 { object == falseObject() ? 1 : 0 }

/// The types of this folder.
enum BoolTypes {
  static var specs: [TypeSpec] { [PyBool.spec] }
}
