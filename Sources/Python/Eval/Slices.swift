import CPythonABI
import Objects

/// `a[low:high]` and `a[low:high] = b` of lists, tuples and strings without a slice object.
enum Slices {
  /// A bound of a slice of `count` items, clipped to them; nil unless it is None or a small int.
  @inline(__always)
  private static func bound(_ object: Ref, _ count: Int, none: Int) -> Int? {
    if object == noneObject() { return none }
    guard object.isExactInt && apus_long_is_compact(object) != 0 else { return nil }
    let value = apus_long_compact_value(object)
    return value < 0 ? Swift.max(value &+ count, 0) : Swift.min(value, count)
  }

  /// The part of a list, tuple or string. Nil, perhaps without an exception: the general way then.
  @inline(never)
  static func part(of container: Ref, _ low: Ref, _ high: Ref) -> Ref? {
    let type = container.type
    let count: Int
    if type == listType() || type == tupleType() {
      count = apus_var_size(container)
    } else if type == strType() {
      count = container.view(PyASCIIObject.self).pointee.length
    } else {
      return nil
    }
    guard let first = bound(low, count, none: 0), let end = bound(high, count, none: count) else {
      return nil
    }
    let limit = Swift.max(first, end)
    if type == listType() { return PyList_GetSlice(container, first, limit) }
    if type == tupleType() { return PyTuple_GetSlice(container, first, limit) }
    return PyUnicode_Substring(container, first, limit)
  }

  /// Replaces a part of a list. 1 when done, 0 when the general way must be taken, -1 with an
  /// exception set.
  @inline(never)
  static func replace(_ container: Ref, _ low: Ref, _ high: Ref, with items: Ref) -> Int32 {
    guard container.isExactList, items.isExactList || items.isExactTuple else { return 0 }
    let count = apus_var_size(container)
    guard let first = bound(low, count, none: 0), let end = bound(high, count, none: count) else {
      return 0
    }
    return PyList_SetSlice(container, first, Swift.max(first, end), items) < 0 ? -1 : 1
  }
}
