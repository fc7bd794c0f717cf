import CPythonABI
import Objects

/// Slices of lists, tuples and strings, and assignments to those of lists, without a slice object.
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

  /// Every `step`th item of a list, also backwards. Nil, perhaps without an exception: the general
  /// way then.
  @inline(never)
  static func part(of container: Ref, _ low: Ref, _ high: Ref, by step: Ref) -> Ref? {
    if step == noneObject() { return part(of: container, low, high) }
    guard container.isExactList, step.isExactInt, apus_long_is_compact(step) != 0 else {
      return nil
    }
    let stride = apus_long_compact_value(step)
    if stride > 0 {
      let count = apus_var_size(container)
      guard let first = bound(low, count, none: 0), let end = bound(high, count, none: count) else {
        return nil
      }
      return items(of: container, first, first < end ? (end &- first &- 1) / stride &+ 1 : 0, stride)
    }
    let last = apus_var_size(container) &- 1
    guard stride < 0, let first = backwardBound(low, last, none: last),
      let end = backwardBound(high, last, none: -1)
    else { return nil }
    return items(of: container, first, end < first ? (first &- end &- 1) / -stride &+ 1 : 0, stride)
  }

  /// A bound of a slice that runs backwards from at most `last`; -1 is before the first item.
  private static func backwardBound(_ object: Ref, _ last: Int, none: Int) -> Int? {
    if object == noneObject() { return none }
    guard object.isExactInt && apus_long_is_compact(object) != 0 else { return nil }
    let value = apus_long_compact_value(object)
    return value < 0 ? Swift.max(value &+ last &+ 1, -1) : Swift.min(value, last)
  }

  private static func items(
    of list: Ref, _ first: Int, _ count: Int, _ stride: Int
  ) -> Ref? {
    guard let part = PyList_New(count) else { return nil }
    guard count > 0, let items = part.view(PyListObject.self).pointee.ob_item else { return part }
    var from = first
    for index in 0..<count {
      let item = apus_list_item(list, from)
      Py_INCREF(item)
      items[index] = item
      from &+= stride
    }
    return part
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
    let limit = Swift.max(first, end)
    if limit &- first == apus_var_size(items), items != container,
      swapInts(container, first, limit, with: items)
    {
      return 1
    }
    return PyList_SetSlice(container, first, limit, items) < 0 ? -1 : 1
  }

  /// Replaces items in place by as many others. False, with nothing done, unless all that go are
  /// ints, whose end runs no code.
  private static func swapInts(_ list: Ref, _ first: Int, _ limit: Int, with source: Ref) -> Bool {
    for index in first..<limit where !apus_list_item(list, index).isExactInt { return false }
    guard let items = list.view(PyListObject.self).pointee.ob_item else { return true }
    for index in first..<limit {
      let item =
        source.isExactList
        ? apus_list_item(source, index &- first) : apus_tuple_item(source, index &- first)
      Py_INCREF(item)
      let old = items[index].unsafelyUnwrapped
      items[index] = item
      dropInt(old)
    }
    return true
  }
}
