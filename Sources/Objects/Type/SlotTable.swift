import CPythonABI
import Glibc

/// Which special method belongs to which slot: name, offset in `PyHeapTypeObject`, the function that
/// dispatches to a Python-level method, the function that shows the slot as a method, its text.
/// CPython: Objects/typeobject.c, `slotdefs`.
///
/// Rows with one name may lie apart (`__add__` of numbers and of sequences); rows with one offset
/// stand together. Earlier rows win when a type fills several slots of one name.
enum SlotTable {
  static let count = 94

  /// The rows, then one row without a name.
  @inline(__always) static var rows: UnsafeMutablePointer<wrapperbase> {
    if let known = apus_slot_table_address().pointee {
      return known.assumingMemoryBound(to: wrapperbase.self)
    }
    return build()
  }

  @inline(never) private static func build() -> UnsafeMutablePointer<wrapperbase> {
    let size = (count + 1) * MemoryLayout<wrapperbase>.stride + buckets + count
    let rows = UnsafeMutableRawPointer(PermanentMemory.allocate(UInt8.self, count: size))
      .assumingMemoryBound(to: wrapperbase.self)
    apus_slot_table_address().pointee = UnsafeMutableRawPointer(rows)
    var next = rows
    fillTypeRows(&next)
    fillNumberRows(&next)
    fillContainerRows(&next)
    // Backwards, so that each chain is in the order of the rows.
    for number in (0..<count).reversed() {
      guard let name = rows[number].name_strobj else { continue }
      let head = index(rows) + bucket(name)
      (index(rows) + buckets)[number] = head.pointee
      head.pointee = UInt8(number + 1)
    }
    return rows
  }

  /// Frees the table when the interpreter ends: its names go. It is built again for the next one.
  static func forget() {
    free(apus_slot_table_address().pointee)
    apus_slot_table_address().pointee = nil
  }

  // Behind the rows: for each of 256 hashes of a name the first row + 1, 0 for none; then for each
  // row the next one with the same hash.
  private static let buckets = 256

  @inline(__always)
  private static func index(
    _ rows: UnsafeMutablePointer<wrapperbase>
  ) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(rows + (count + 1)).assumingMemoryBound(to: UInt8.self)
  }

  @inline(__always) private static func bucket(_ name: Ref) -> Int {
    let address = UInt(bitPattern: name)
    return Int((address >> 4 ^ address >> 12) & 255)
  }

  /// Calls `body` with each row of an interned name, in order, until it says false.
  @inline(__always)
  static func forEachRow(named name: Ref, _ body: (UnsafeMutablePointer<wrapperbase>) -> Bool) {
    let rows = rows
    var number = index(rows)[bucket(name)]
    while number != 0 {
      let row = rows + (Int(number) - 1)
      if row.pointee.name_strobj == name && !body(row) { return }
      number = (index(rows) + buckets)[Int(number) - 1]
    }
  }

  @inline(__always)
  private static func row(
    _ next: inout UnsafeMutablePointer<wrapperbase>, _ name: StaticString, _ offset: Int32,
    _ function: UnsafeMutableRawPointer?, _ wrapper: wrapperfunc?, _ doc: StaticString?,
    takesKeywords: Bool = false
  ) {
    next.initialize(
      to: wrapperbase(
        name: cString(name), offset: offset, function: function, wrapper: wrapper,
        doc: doc.map(cString), flags: takesKeywords ? 1 : 0,
        name_strobj: PyUnicode_InternFromString(cString(name))))
    next += 1
  }

  @inline(__always) private static func raw<F>(_ function: F) -> UnsafeMutableRawPointer {
    unsafeBitCast(function, to: UnsafeMutableRawPointer.self)
  }

  private static func fillTypeRows(_ next: inout UnsafeMutablePointer<wrapperbase>) {
    row(&next, "__getattribute__", 64, nil, nil, nil)
    row(&next, "__getattr__", 64, nil, nil, nil)
    row(&next, "__setattr__", 72, nil, nil, nil)
    row(&next, "__delattr__", 72, nil, nil, nil)
    row(&next, "__repr__", 88, raw(slot_tp_repr as reprfunc), wrap_unaryfunc, "__repr__($self, /)\n--\n\nThe text repr(self) gives.")
    row(&next, "__hash__", 120, raw(slot_tp_hash as hashfunc), wrap_hashfunc, "__hash__($self, /)\n--\n\nThe number hash(self) gives.")
    row(&next, "__call__", 128, raw(slot_tp_call as ternaryfunc), unsafeBitCast(wrap_call as wrapperfunc_kwds, to: wrapperfunc.self), "__call__($self, /, *args, **kwargs)\n--\n\nCall self as a function would be called.", takesKeywords: true)
    row(&next, "__str__", 136, raw(slot_tp_str as reprfunc), wrap_unaryfunc, "__str__($self, /)\n--\n\nThe text str(self) gives.")
    row(&next, "__getattribute__", 144, raw(slot_tp_getattr_hook as getattrofunc), wrap_binaryfunc, "__getattribute__($self, name, /)\n--\n\nThe attribute getattr(self, name) gives.")
    row(&next, "__getattr__", 144, raw(slot_tp_getattr_hook as getattrofunc), nil, nil)
    row(&next, "__setattr__", 152, raw(slot_tp_setattro as setattrofunc), wrap_setattr, "__setattr__($self, name, value, /)\n--\n\nDoes what setattr(self, name, value) does.")
    row(&next, "__delattr__", 152, raw(slot_tp_setattro as setattrofunc), wrap_delattr, "__delattr__($self, name, /)\n--\n\nDoes what delattr(self, name) does.")
    row(&next, "__lt__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_lt, "__lt__($self, value, /)\n--\n\nThe result of self < value.")
    row(&next, "__le__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_le, "__le__($self, value, /)\n--\n\nThe result of self <= value.")
    row(&next, "__eq__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_eq, "__eq__($self, value, /)\n--\n\nThe result of self == value.")
    row(&next, "__ne__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_ne, "__ne__($self, value, /)\n--\n\nThe result of self != value.")
    row(&next, "__gt__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_gt, "__gt__($self, value, /)\n--\n\nThe result of self > value.")
    row(&next, "__ge__", 200, raw(slot_tp_richcompare as richcmpfunc), richcmp_ge, "__ge__($self, value, /)\n--\n\nThe result of self >= value.")
    row(&next, "__iter__", 216, raw(slot_tp_iter as getiterfunc), wrap_unaryfunc, "__iter__($self, /)\n--\n\nThe iterator iter(self) gives.")
    row(&next, "__next__", 224, raw(slot_tp_iternext as iternextfunc), wrap_next, "__next__($self, /)\n--\n\nImplement next(self).")
    row(&next, "__get__", 272, raw(slot_tp_descr_get as descrgetfunc), wrap_descr_get, "__get__($self, instance, owner=None, /)\n--\n\nThe attribute as seen from instance, which belongs to class owner.")
    row(&next, "__set__", 280, raw(slot_tp_descr_set as descrsetfunc), wrap_descr_set, "__set__($self, instance, value, /)\n--\n\nGive the attribute of instance a value.")
    row(&next, "__delete__", 280, raw(slot_tp_descr_set as descrsetfunc), wrap_descr_delete, "__delete__($self, instance, /)\n--\n\nRemove the attribute from instance.")
    row(&next, "__init__", 296, raw(slot_tp_init as initproc), unsafeBitCast(wrap_init as wrapperfunc_kwds, to: wrapperfunc.self), "__init__($self, /, *args, **kwargs)\n--\n\nSet self up.  help(type(self)) shows the real signature.", takesKeywords: true)
    row(&next, "__new__", 312, raw(slot_tp_new as newfunc), nil, "__new__($type, *args, **kwargs)\n--\n\nMake an object.  help(type) shows the real signature.")
    row(&next, "__del__", 392, raw(slot_tp_finalize as destructor), wrap_del, "__del__($self, /)\n--\n\nCalled when the object is about to go away.")
    row(&next, "__buffer__", 840, raw(slot_bf_getbuffer as getbufferproc), wrap_buffer, "__buffer__($self, flags, /)\n--\n\nA memoryview over the memory that the object exposes.")
    row(&next, "__release_buffer__", 848, raw(slot_bf_releasebuffer as releasebufferproc), wrap_releasebuffer, "__release_buffer__($self, buffer, /)\n--\n\nGive back a view that __buffer__ handed out.")
    row(&next, "__await__", 416, raw(slot_am_await as unaryfunc), wrap_unaryfunc, "__await__($self, /)\n--\n\nAn iterator for an await expression.")
    row(&next, "__aiter__", 424, raw(slot_am_aiter as unaryfunc), wrap_unaryfunc, "__aiter__($self, /)\n--\n\nThe object an async for loop runs over.")
    row(&next, "__anext__", 432, raw(slot_am_anext as unaryfunc), wrap_unaryfunc, "__anext__($self, /)\n--\n\nAn awaitable that gives the next item.")
  }

  private static func fillNumberRows(_ next: inout UnsafeMutablePointer<wrapperbase>) {
    row(&next, "__add__", 448, raw(slot_nb_add as binaryfunc), wrap_binaryfunc, "__add__($self, value, /)\n--\n\nThe result of self + value.")
    row(&next, "__radd__", 448, raw(slot_nb_add as binaryfunc), wrap_binaryfunc_r, "__radd__($self, value, /)\n--\n\nThe result of value + self.")
    row(&next, "__sub__", 456, raw(slot_nb_subtract as binaryfunc), wrap_binaryfunc, "__sub__($self, value, /)\n--\n\nThe result of self - value.")
    row(&next, "__rsub__", 456, raw(slot_nb_subtract as binaryfunc), wrap_binaryfunc_r, "__rsub__($self, value, /)\n--\n\nThe result of value - self.")
    row(&next, "__mul__", 464, raw(slot_nb_multiply as binaryfunc), wrap_binaryfunc, "__mul__($self, value, /)\n--\n\nThe result of self * value.")
    row(&next, "__rmul__", 464, raw(slot_nb_multiply as binaryfunc), wrap_binaryfunc_r, "__rmul__($self, value, /)\n--\n\nThe result of value * self.")
    row(&next, "__mod__", 472, raw(slot_nb_remainder as binaryfunc), wrap_binaryfunc, "__mod__($self, value, /)\n--\n\nThe result of self % value.")
    row(&next, "__rmod__", 472, raw(slot_nb_remainder as binaryfunc), wrap_binaryfunc_r, "__rmod__($self, value, /)\n--\n\nThe result of value % self.")
    row(&next, "__divmod__", 480, raw(slot_nb_divmod as binaryfunc), wrap_binaryfunc, "__divmod__($self, value, /)\n--\n\nThe pair divmod(self, value) gives.")
    row(&next, "__rdivmod__", 480, raw(slot_nb_divmod as binaryfunc), wrap_binaryfunc_r, "__rdivmod__($self, value, /)\n--\n\nThe pair divmod(value, self) gives.")
    row(&next, "__pow__", 488, raw(slot_nb_power as ternaryfunc), wrap_ternaryfunc, "__pow__($self, value, mod=None, /)\n--\n\nThe result of pow(self, value, mod).")
    row(&next, "__rpow__", 488, raw(slot_nb_power as ternaryfunc), wrap_ternaryfunc_r, "__rpow__($self, value, mod=None, /)\n--\n\nThe result of pow(value, self, mod).")
    row(&next, "__neg__", 496, raw(slot_nb_negative as unaryfunc), wrap_unaryfunc, "__neg__($self, /)\n--\n\nThe result of -self.")
    row(&next, "__pos__", 504, raw(slot_nb_positive as unaryfunc), wrap_unaryfunc, "__pos__($self, /)\n--\n\nThe result of +self.")
    row(&next, "__abs__", 512, raw(slot_nb_absolute as unaryfunc), wrap_unaryfunc, "__abs__($self, /)\n--\n\nThe result of abs(self).")
    row(&next, "__bool__", 520, raw(slot_nb_bool as inquiry), wrap_inquirypred, "__bool__($self, /)\n--\n\nWhether self counts as true.")
    row(&next, "__invert__", 528, raw(slot_nb_invert as unaryfunc), wrap_unaryfunc, "__invert__($self, /)\n--\n\nThe result of ~self.")
    row(&next, "__lshift__", 536, raw(slot_nb_lshift as binaryfunc), wrap_binaryfunc, "__lshift__($self, value, /)\n--\n\nThe result of self << value.")
    row(&next, "__rlshift__", 536, raw(slot_nb_lshift as binaryfunc), wrap_binaryfunc_r, "__rlshift__($self, value, /)\n--\n\nThe result of value << self.")
    row(&next, "__rshift__", 544, raw(slot_nb_rshift as binaryfunc), wrap_binaryfunc, "__rshift__($self, value, /)\n--\n\nThe result of self >> value.")
    row(&next, "__rrshift__", 544, raw(slot_nb_rshift as binaryfunc), wrap_binaryfunc_r, "__rrshift__($self, value, /)\n--\n\nThe result of value >> self.")
    row(&next, "__and__", 552, raw(slot_nb_and as binaryfunc), wrap_binaryfunc, "__and__($self, value, /)\n--\n\nThe result of self & value.")
    row(&next, "__rand__", 552, raw(slot_nb_and as binaryfunc), wrap_binaryfunc_r, "__rand__($self, value, /)\n--\n\nThe result of value & self.")
    row(&next, "__xor__", 560, raw(slot_nb_xor as binaryfunc), wrap_binaryfunc, "__xor__($self, value, /)\n--\n\nThe result of self ^ value.")
    row(&next, "__rxor__", 560, raw(slot_nb_xor as binaryfunc), wrap_binaryfunc_r, "__rxor__($self, value, /)\n--\n\nThe result of value ^ self.")
    row(&next, "__or__", 568, raw(slot_nb_or as binaryfunc), wrap_binaryfunc, "__or__($self, value, /)\n--\n\nThe result of self | value.")
    row(&next, "__ror__", 568, raw(slot_nb_or as binaryfunc), wrap_binaryfunc_r, "__ror__($self, value, /)\n--\n\nThe result of value | self.")
    row(&next, "__int__", 576, raw(slot_nb_int as unaryfunc), wrap_unaryfunc, "__int__($self, /)\n--\n\nThe int that int(self) gives.")
    row(&next, "__float__", 592, raw(slot_nb_float as unaryfunc), wrap_unaryfunc, "__float__($self, /)\n--\n\nThe float that float(self) gives.")
    row(&next, "__iadd__", 600, raw(slot_nb_inplace_add as binaryfunc), wrap_binaryfunc, "__iadd__($self, value, /)\n--\n\nThe result of self += value.")
    row(&next, "__isub__", 608, raw(slot_nb_inplace_subtract as binaryfunc), wrap_binaryfunc, "__isub__($self, value, /)\n--\n\nThe result of self -= value.")
    row(&next, "__imul__", 616, raw(slot_nb_inplace_multiply as binaryfunc), wrap_binaryfunc, "__imul__($self, value, /)\n--\n\nThe result of self *= value.")
    row(&next, "__imod__", 624, raw(slot_nb_inplace_remainder as binaryfunc), wrap_binaryfunc, "__imod__($self, value, /)\n--\n\nThe result of self %= value.")
    row(&next, "__ipow__", 632, raw(slot_nb_inplace_power as ternaryfunc), wrap_ternaryfunc, "__ipow__($self, value, /)\n--\n\nThe result of self **= value.")
    row(&next, "__ilshift__", 640, raw(slot_nb_inplace_lshift as binaryfunc), wrap_binaryfunc, "__ilshift__($self, value, /)\n--\n\nThe result of self <<= value.")
    row(&next, "__irshift__", 648, raw(slot_nb_inplace_rshift as binaryfunc), wrap_binaryfunc, "__irshift__($self, value, /)\n--\n\nThe result of self >>= value.")
    row(&next, "__iand__", 656, raw(slot_nb_inplace_and as binaryfunc), wrap_binaryfunc, "__iand__($self, value, /)\n--\n\nThe result of self &= value.")
    row(&next, "__ixor__", 664, raw(slot_nb_inplace_xor as binaryfunc), wrap_binaryfunc, "__ixor__($self, value, /)\n--\n\nThe result of self ^= value.")
    row(&next, "__ior__", 672, raw(slot_nb_inplace_or as binaryfunc), wrap_binaryfunc, "__ior__($self, value, /)\n--\n\nThe result of self |= value.")
    row(&next, "__floordiv__", 680, raw(slot_nb_floor_divide as binaryfunc), wrap_binaryfunc, "__floordiv__($self, value, /)\n--\n\nThe result of self // value.")
    row(&next, "__rfloordiv__", 680, raw(slot_nb_floor_divide as binaryfunc), wrap_binaryfunc_r, "__rfloordiv__($self, value, /)\n--\n\nThe result of value // self.")
    row(&next, "__truediv__", 688, raw(slot_nb_true_divide as binaryfunc), wrap_binaryfunc, "__truediv__($self, value, /)\n--\n\nThe result of self / value.")
    row(&next, "__rtruediv__", 688, raw(slot_nb_true_divide as binaryfunc), wrap_binaryfunc_r, "__rtruediv__($self, value, /)\n--\n\nThe result of value / self.")
    row(&next, "__ifloordiv__", 696, raw(slot_nb_inplace_floor_divide as binaryfunc), wrap_binaryfunc, "__ifloordiv__($self, value, /)\n--\n\nThe result of self //= value.")
    row(&next, "__itruediv__", 704, raw(slot_nb_inplace_true_divide as binaryfunc), wrap_binaryfunc, "__itruediv__($self, value, /)\n--\n\nThe result of self /= value.")
    row(&next, "__index__", 712, raw(slot_nb_index as unaryfunc), wrap_unaryfunc, "__index__($self, /)\n--\n\nself as an int, for subscripts and the like.")
    row(&next, "__matmul__", 720, raw(slot_nb_matrix_multiply as binaryfunc), wrap_binaryfunc, "__matmul__($self, value, /)\n--\n\nThe result of self @ value.")
    row(&next, "__rmatmul__", 720, raw(slot_nb_matrix_multiply as binaryfunc), wrap_binaryfunc_r, "__rmatmul__($self, value, /)\n--\n\nThe result of value @ self.")
    row(&next, "__imatmul__", 728, raw(slot_nb_inplace_matrix_multiply as binaryfunc), wrap_binaryfunc, "__imatmul__($self, value, /)\n--\n\nThe result of self @= value.")
  }

  private static func fillContainerRows(_ next: inout UnsafeMutablePointer<wrapperbase>) {
    row(&next, "__len__", 736, raw(slot_mp_length as lenfunc), wrap_lenfunc, "__len__($self, /)\n--\n\nThe number len(self) gives.")
    row(&next, "__getitem__", 744, raw(slot_mp_subscript as binaryfunc), wrap_binaryfunc, "__getitem__($self, key, /)\n--\n\nThe item self[key].")
    row(&next, "__setitem__", 752, raw(slot_mp_ass_subscript as objobjargproc), wrap_objobjargproc, "__setitem__($self, key, value, /)\n--\n\nDoes what self[key] = value does.")
    row(&next, "__delitem__", 752, raw(slot_mp_ass_subscript as objobjargproc), wrap_delitem, "__delitem__($self, key, /)\n--\n\nDoes what del self[key] does.")
    row(&next, "__len__", 760, raw(slot_sq_length as lenfunc), wrap_lenfunc, "__len__($self, /)\n--\n\nThe number len(self) gives.")
    row(&next, "__add__", 768, nil, wrap_binaryfunc, "__add__($self, value, /)\n--\n\nThe result of self + value.")
    row(&next, "__mul__", 776, nil, wrap_indexargfunc, "__mul__($self, value, /)\n--\n\nThe result of self * value.")
    row(&next, "__rmul__", 776, nil, wrap_indexargfunc, "__rmul__($self, value, /)\n--\n\nThe result of value * self.")
    row(&next, "__getitem__", 784, raw(slot_sq_item as ssizeargfunc), wrap_sq_item, "__getitem__($self, key, /)\n--\n\nThe item self[key].")
    row(&next, "__setitem__", 800, raw(slot_sq_ass_item as ssizeobjargproc), wrap_sq_setitem, "__setitem__($self, key, value, /)\n--\n\nDoes what self[key] = value does.")
    row(&next, "__delitem__", 800, raw(slot_sq_ass_item as ssizeobjargproc), wrap_sq_delitem, "__delitem__($self, key, /)\n--\n\nDoes what del self[key] does.")
    row(&next, "__contains__", 816, raw(slot_sq_contains as objobjproc), wrap_objobjproc, "__contains__($self, key, /)\n--\n\nWhether key in self.")
    row(&next, "__iadd__", 824, nil, wrap_binaryfunc, "__iadd__($self, value, /)\n--\n\nThe result of self += value.")
    row(&next, "__imul__", 832, nil, wrap_indexargfunc, "__imul__($self, value, /)\n--\n\nThe result of self *= value.")
  }
}
