import CPythonABI

/// One slot of a type with the C function that fills it: `.tp_repr { self in … }`.
///
/// Named as in CPython, so a reader finds it. The number is CPython's `Py_tp_*` slot number where
/// there is one.
public struct Slot: @unchecked Sendable {
  /// Byte offset of the slot within `PyHeapTypeObject`; the method tables of a static type are
  /// separate and found by the same offset.
  let offset: Int
  let function: UnsafeMutableRawPointer

  @inline(__always)
  init(_ offset: Int, _ function: UnsafeMutableRawPointer) {
    self.offset = offset
    self.function = function
  }

  /// Where the tables lie in `PyHeapTypeObject`.
  enum Table {
    static let asAsync = 416
    static let asNumber = 448
    static let asMapping = 736
    static let asSequence = 760
    static let asBuffer = 840
    static let end = 856
  }

  @inline(__always) public static func tp_dealloc(_ function: @escaping destructor) -> Slot {
    Slot(48, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_repr(_ function: @escaping reprfunc) -> Slot {
    Slot(88, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  /// `object`'s own constructor. A static type whose base is `object` does not inherit it, and it
  /// must be the very same: it looks whether a class has one of its own.
  public static var constructorOfObject: Slot {
    Slot(312, unsafeBitCast(objectType().pointee.tp_new, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_hash(_ function: @escaping hashfunc) -> Slot {
    Slot(120, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_call(_ function: @escaping ternaryfunc) -> Slot {
    Slot(128, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_str(_ function: @escaping reprfunc) -> Slot {
    Slot(136, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_getattro(_ function: @escaping getattrofunc) -> Slot {
    Slot(144, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_setattro(_ function: @escaping setattrofunc) -> Slot {
    Slot(152, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_traverse(_ function: @escaping traverseproc) -> Slot {
    Slot(184, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_clear(_ function: @escaping inquiry) -> Slot {
    Slot(192, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_richcompare(_ function: @escaping richcmpfunc) -> Slot {
    Slot(200, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_iter(_ function: @escaping getiterfunc) -> Slot {
    Slot(216, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_iternext(_ function: @escaping iternextfunc) -> Slot {
    Slot(224, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_descr_get(_ function: @escaping descrgetfunc) -> Slot {
    Slot(272, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_descr_set(_ function: @escaping descrsetfunc) -> Slot {
    Slot(280, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_init(_ function: @escaping initproc) -> Slot {
    Slot(296, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_alloc(_ function: @escaping allocfunc) -> Slot {
    Slot(304, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_new(_ function: @escaping newfunc) -> Slot {
    Slot(312, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_free(_ function: @escaping freefunc) -> Slot {
    Slot(320, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_is_gc(_ function: @escaping inquiry) -> Slot {
    Slot(328, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_del(_ function: @escaping destructor) -> Slot {
    Slot(376, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_finalize(_ function: @escaping destructor) -> Slot {
    Slot(392, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func tp_vectorcall(_ function: @escaping vectorcallfunc) -> Slot {
    Slot(400, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }

  @inline(__always) public static func nb_add(_ function: @escaping binaryfunc) -> Slot {
    Slot(448, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_subtract(_ function: @escaping binaryfunc) -> Slot {
    Slot(456, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_multiply(_ function: @escaping binaryfunc) -> Slot {
    Slot(464, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_remainder(_ function: @escaping binaryfunc) -> Slot {
    Slot(472, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_divmod(_ function: @escaping binaryfunc) -> Slot {
    Slot(480, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_power(_ function: @escaping ternaryfunc) -> Slot {
    Slot(488, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_negative(_ function: @escaping unaryfunc) -> Slot {
    Slot(496, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_positive(_ function: @escaping unaryfunc) -> Slot {
    Slot(504, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_absolute(_ function: @escaping unaryfunc) -> Slot {
    Slot(512, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_bool(_ function: @escaping inquiry) -> Slot {
    Slot(520, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_invert(_ function: @escaping unaryfunc) -> Slot {
    Slot(528, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_lshift(_ function: @escaping binaryfunc) -> Slot {
    Slot(536, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_rshift(_ function: @escaping binaryfunc) -> Slot {
    Slot(544, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_and(_ function: @escaping binaryfunc) -> Slot {
    Slot(552, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_xor(_ function: @escaping binaryfunc) -> Slot {
    Slot(560, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_or(_ function: @escaping binaryfunc) -> Slot {
    Slot(568, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_int(_ function: @escaping unaryfunc) -> Slot {
    Slot(576, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_float(_ function: @escaping unaryfunc) -> Slot {
    Slot(592, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_add(_ function: @escaping binaryfunc) -> Slot {
    Slot(600, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_subtract(_ function: @escaping binaryfunc) -> Slot {
    Slot(608, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_multiply(_ function: @escaping binaryfunc) -> Slot {
    Slot(616, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_remainder(_ function: @escaping binaryfunc) -> Slot {
    Slot(624, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_power(_ function: @escaping ternaryfunc) -> Slot {
    Slot(632, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_lshift(_ function: @escaping binaryfunc) -> Slot {
    Slot(640, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_rshift(_ function: @escaping binaryfunc) -> Slot {
    Slot(648, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_and(_ function: @escaping binaryfunc) -> Slot {
    Slot(656, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_xor(_ function: @escaping binaryfunc) -> Slot {
    Slot(664, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_or(_ function: @escaping binaryfunc) -> Slot {
    Slot(672, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_floor_divide(_ function: @escaping binaryfunc) -> Slot {
    Slot(680, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_true_divide(_ function: @escaping binaryfunc) -> Slot {
    Slot(688, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_floor_divide(_ function: @escaping binaryfunc) -> Slot {
    Slot(696, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_true_divide(_ function: @escaping binaryfunc) -> Slot {
    Slot(704, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_index(_ function: @escaping unaryfunc) -> Slot {
    Slot(712, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_matrix_multiply(_ function: @escaping binaryfunc) -> Slot {
    Slot(720, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func nb_inplace_matrix_multiply(_ function: @escaping binaryfunc) -> Slot {
    Slot(728, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }

  @inline(__always) public static func mp_length(_ function: @escaping lenfunc) -> Slot {
    Slot(736, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func mp_subscript(_ function: @escaping binaryfunc) -> Slot {
    Slot(744, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func mp_ass_subscript(_ function: @escaping objobjargproc) -> Slot {
    Slot(752, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }

  @inline(__always) public static func sq_length(_ function: @escaping lenfunc) -> Slot {
    Slot(760, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_concat(_ function: @escaping binaryfunc) -> Slot {
    Slot(768, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_repeat(_ function: @escaping ssizeargfunc) -> Slot {
    Slot(776, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_item(_ function: @escaping ssizeargfunc) -> Slot {
    Slot(784, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_ass_item(_ function: @escaping ssizeobjargproc) -> Slot {
    Slot(800, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_contains(_ function: @escaping objobjproc) -> Slot {
    Slot(816, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_inplace_concat(_ function: @escaping binaryfunc) -> Slot {
    Slot(824, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func sq_inplace_repeat(_ function: @escaping ssizeargfunc) -> Slot {
    Slot(832, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }

  @inline(__always) public static func am_await(_ function: @escaping unaryfunc) -> Slot {
    Slot(416, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func am_aiter(_ function: @escaping unaryfunc) -> Slot {
    Slot(424, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func am_anext(_ function: @escaping unaryfunc) -> Slot {
    Slot(432, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func am_send(_ function: @escaping sendfunc) -> Slot {
    Slot(440, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }

  @inline(__always) public static func bf_getbuffer(_ function: @escaping getbufferproc) -> Slot {
    Slot(840, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
  @inline(__always) public static func bf_releasebuffer(_ function: @escaping releasebufferproc) -> Slot {
    Slot(848, unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
  }
}
