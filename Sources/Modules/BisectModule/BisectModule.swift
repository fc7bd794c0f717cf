import CPythonABI
import Objects

/// The module `_bisect`. CPython: Modules/_bisectmodule.c.
public let bisectModule = ModuleSpec(
  "_bisect",
  doc: "Bisection: finding places in sorted sequences and keeping them sorted.",
  methods: [bisectRight, insortRight, bisectLeft, insortLeft])

/// The place for `item` in `sequence[low:high]`: behind (`right`) or before its equals.
private func search(
  _ sequence: Ref, _ item: Ref, _ low: Int, _ high: Int?, _ key: Ref?, right: Bool
) throws(Raised) -> Int {
  var low = low
  if low < 0 { throw raise(.valueError, "lo must be non-negative") }
  var high = high ?? PySequence_Size(sequence)
  if high < 0 && hasRaised() { throw Raised() }
  let type = sequence.type
  guard type.pointee.tp_as_sequence?.pointee.sq_item != nil else {
    let hasKeys = type.pointee.tp_as_mapping?.pointee.mp_subscript != nil
    throw raise(
      .typeError,
      hasKeys
        ? "\(type.fullName) is not a sequence"
        : "'\(type.fullName)' object does not support indexing")
  }
  while low < high {
    let middle = low &+ (high &- low) / 2
    var candidate = try own(PySequence_GetItem(sequence, middle))
    if let key { candidate = try own(PyObject_CallOneArg(key, candidate.ref)) }
    let less =
      try right
      ? check(PyObject_RichCompareBool(item, candidate.ref, Py_LT))
      : check(PyObject_RichCompareBool(candidate.ref, item, Py_LT))
    if right == (less != 0) { high = middle } else { low = middle + 1 }
  }
  return low
}

/// The arguments all four functions take.
private struct Parameters {
  let sequence: Ref
  let item: Ref
  let low: Int
  let high: Int?
  let key: Ref?

  init(_ method: Method, _ args: ArgumentPointer?, _ count: Int, _ names: Ref?) throws(Raised) {
    let a = try Arguments(method, args, count, names)
    sequence = a.object(0)
    item = a.object(1)
    low = try a.index(2, default: 0)
    high = a.optional(3) == nil ? nil : try a.index(3)
    key = a.optional(4)
  }
}

private func find(
  _ method: Method, _ args: ArgumentPointer?, _ count: Int, _ names: Ref?, right: Bool
) -> Ref? {
  new {
    let a = try Parameters(method, args, count, names)
    return try int(search(a.sequence, a.item, a.low, a.high, a.key, right: right))
  }
}

private func insert(
  _ method: Method, _ args: ArgumentPointer?, _ count: Int, _ names: Ref?, right: Bool
) -> Ref? {
  none {
    let a = try Parameters(method, args, count, names)
    var sought = a.item.retained()
    if let key = a.key { sought = try own(PyObject_CallOneArg(key, a.item)) }
    let place = try search(a.sequence, sought.ref, a.low, a.high, a.key, right: right)
    if a.sequence.isExactList {
      try check(PyList_Insert(a.sequence, place, a.item))
    } else {
      let name = try own(PyUnicode_InternFromString("insert"))
      let index = try int(place)
      guard let result = callMethod(a.sequence, name.ref, index.ref, a.item) else { throw Raised() }
      Py_DECREF(result)
    }
  }
}

private let bisectRight: Method = .keywords(
  "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)",
  """
  Return the index where to insert item x in list a, assuming a is sorted.

  All items before the place are <= x, all behind it > x. lo and hi limit the
  search; a key function is applied to the items, not to x.
  """
) { _, args, count, names in find(bisectRight, args, count, names, right: true) }

private let bisectLeft: Method = .keywords(
  "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)",
  """
  Return the index where to insert item x in list a, assuming a is sorted.

  All items before the place are < x, all behind it >= x. lo and hi limit the
  search; a key function is applied to the items, not to x.
  """
) { _, args, count, names in find(bisectLeft, args, count, names, right: false) }

private let insortRight: Method = .keywords(
  "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)",
  """
  Insert item x in list a, and keep it sorted assuming a is sorted.

  x goes behind items equal to it.
  """
) { _, args, count, names in insert(insortRight, args, count, names, right: true) }

private let insortLeft: Method = .keywords(
  "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)",
  """
  Insert item x in list a, and keep it sorted assuming a is sorted.

  x goes before items equal to it.
  """
) { _, args, count, names in insert(insortLeft, args, count, names, right: false) }
