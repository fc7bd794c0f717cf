import CPythonABI
import Glibc

/// How a sort compares two keys: 1 when the first is smaller, 0 when not, -1 with an exception set.
///
/// Before sorting, the keys are looked through once. When they all have one type, the comparison
/// for that type is used without the general dispatch; each of these gives exactly the result
/// `PyObject_RichCompareBool(a, b, Py_LT)` would. CPython: listobject.c, `unsafe_*_compare`.
protocol SortOrder {
  func less(_ a: Ref, _ b: Ref) -> Int32
}

/// Any objects.
struct GeneralOrder: SortOrder {
  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 { PyObject_RichCompareBool(a, b, Py_LT) }
}

/// Exact str objects of one byte per character.
struct LatinOrder: SortOrder {
  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    let left = apus_str_length(a)
    let right = apus_str_length(b)
    let difference = memcmp(apus_str_data(a), apus_str_data(b), Swift.min(left, right))
    return (difference != 0 ? difference < 0 : left < right) ? 1 : 0
  }
}

/// Exact ints of at most one digit.
struct CompactIntOrder: SortOrder {
  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    apus_long_compact_value(a) < apus_long_compact_value(b) ? 1 : 0
  }
}

/// Exact ints of any size.
struct IntOrder: SortOrder {
  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    let x = PyLong(a)
    let y = PyLong(b)
    // Up to two digits the magnitude is one word; a higher digit of zero does not exist, so the
    // count decides what is read.
    if x.count <= 2 && y.count <= 2 {
      return word(x) < word(y) ? 1 : 0
    }
    return PyLong.compare(a, b) < 0 ? 1 : 0
  }

  @inline(__always) private func word(_ long: PyLong) -> Int {
    let digits = long.digits
    let magnitude = long.count > 1 ? Int(digits[0]) | Int(digits[1]) << 30 : Int(digits[0])
    return long.isNegative ? -magnitude : magnitude
  }
}

/// Exact floats.
struct FloatOrder: SortOrder {
  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    a.view(PyFloatObject.self).pointee.ob_fval < b.view(PyFloatObject.self).pointee.ob_fval ? 1 : 0
  }
}

/// Objects of one type: its `tp_richcompare` is called directly while the type keeps it.
struct SameTypeOrder: SortOrder {
  let compare: richcmpfunc

  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    // A comparison may have assigned to `__class__` or `__lt__`.
    guard let current = a.type.pointee.tp_richcompare,
      unsafeBitCast(current, to: Int.self) == unsafeBitCast(compare, to: Int.self)
    else { return PyObject_RichCompareBool(a, b, Py_LT) }
    guard let result = compare(a, b, Py_LT) else { return -1 }
    if result == trueObject() { return 1 }
    if result == falseObject() { return 0 }
    if result == notImplementedObject() { return PyObject_RichCompareBool(a, b, Py_LT) }
    let truth = PyObject_IsTrue(result)
    Py_DECREF(result)
    return truth
  }
}

/// Non-empty exact tuples whose first items `First` can compare.
struct TupleOrder<First: SortOrder>: SortOrder {
  let first: First

  @inline(__always) func less(_ a: Ref, _ b: Ref) -> Int32 {
    let left = apus_var_size(a)
    let right = apus_var_size(b)
    let common = Swift.min(left, right)
    var index = 0
    while index < common {
      let x = apus_tuple_item(a, index)
      let y = apus_tuple_item(b, index)
      if x != y {
        let same = PyObject_RichCompareBool(x, y, Py_EQ)
        if same < 0 { return -1 }
        if same == 0 {
          return index == 0 ? first.less(x, y) : PyObject_RichCompareBool(x, y, Py_LT)
        }
      }
      index &+= 1
    }
    return left < right ? 1 : 0
  }
}

/// Which comparison a set of keys allows.
enum SortKind {
  case general
  case latin
  case compactInt
  case int
  case float
  case sameType(richcmpfunc)

  /// The kind, and whether it is about the first items of tuples.
  static func find(_ keys: UnsafeMutablePointer<Ref>, _ count: Int) -> (SortKind, inTuples: Bool) {
    var inTuples = keys[0].isExactTuple && apus_var_size(keys[0]) > 0
    let type = inTuples ? apus_tuple_item(keys[0], 0).type : keys[0].type
    var sameType = true
    var latin = true
    var compact = true
    for index in 0..<count {
      var key = keys[index]
      if inTuples {
        guard key.isExactTuple && apus_var_size(key) > 0 else {
          inTuples = false
          sameType = false
          break
        }
        key = apus_tuple_item(key, 0)
      }
      if key.type != type {
        sameType = false
        if !inTuples { break }
      } else if sameType {
        if type == intType() {
          if apus_long_is_compact(key) == 0 { compact = false }
        } else if type == strType() {
          if apus_str_kind(key) != 1 { latin = false }
        }
      }
    }
    if inTuples && type == tupleType() { return (.general, true) }
    guard sameType, let compare = type.pointee.tp_richcompare else { return (.general, inTuples) }
    if type == strType() && latin { return (.latin, inTuples) }
    if type == intType() { return (compact ? .compactInt : .int, inTuples) }
    if type == floatType() { return (.float, inTuples) }
    return (.sameType(compare), inTuples)
  }
}
