import CPythonABI
import Objects

/// The module `_heapq`: a list as a binary heap. CPython: Modules/_heapqmodule.c.
///
/// Item k is not greater than items 2k+1 and 2k+2 (not less, in the `_max` functions). A
/// comparison may run anything, so the list's size is checked after each.
public let heapqModule = ModuleSpec(
  "_heapq", doc: "Heap queue algorithm (a.k.a. priority queue).",
  methods: [push, pushPop, pop, replace, heapify, popMax, heapifyMax, replaceMax],
  constants: [
    .string(
      "__about__",
      """
      A heap is a binary tree laid out in a list: item k is not greater than items 2*k+1 and 2*k+2,
      so that the smallest is item 0. Pushing and popping walk one path of the tree.
      """)
  ])

private struct Heap {
  let list: Ref
  /// Whether the greatest item is on top.
  let maximum: Bool

  /// `function` and `argument` name the call in the TypeError for another object.
  init(
    _ object: Ref, maximum: Bool = false, _ function: String, _ argument: String = "argument"
  ) throws(Raised) {
    guard object.isList else {
      throw badArgument(function, argument, expected: "list", got: object)
    }
    list = object
    self.maximum = maximum
  }

  var count: Int { apus_var_size(list) }

  /// Whether an item belongs above another.
  private func isAbove(_ a: Ref, _ b: Ref, _ count: Int) throws(Raised) -> Bool {
    let first = a.retained()
    let second = b.retained()
    let above =
      try maximum
      ? check(PyObject_RichCompareBool(second.ref, first.ref, Py_LT))
      : check(PyObject_RichCompareBool(first.ref, second.ref, Py_LT))
    if self.count != count {
      throw raise(.runtimeError, "list changed size during iteration")
    }
    return above != 0
  }

  private func exchange(_ a: Int, _ b: Int) {
    guard let items = list.view(PyListObject.self).pointee.ob_item else { return }
    (items[a], items[b]) = (items[b], items[a])
  }

  /// Lets the item at `place` rise, not above `start`.
  func rise(_ start: Int, _ place: Int) throws(Raised) {
    let count = count
    if place >= count { throw raise(.indexError, "index out of range") }
    var place = place
    while place > start {
      let parent = (place - 1) >> 1
      if try !isAbove(apus_list_item(list, place), apus_list_item(list, parent), count) { break }
      exchange(place, parent)
      place = parent
    }
  }

  /// Lets the item at `place` sink to the bottom along the better children, then rise: that takes
  /// fewer comparisons than stopping on the way.
  func sink(_ start: Int) throws(Raised) {
    let count = count
    if start >= count { throw raise(.indexError, "index out of range") }
    var place = start
    while place < count >> 1 {
      var child = 2 * place + 1
      if child + 1 < count,
        try !isAbove(apus_list_item(list, child), apus_list_item(list, child + 1), count)
      {
        child += 1
      }
      exchange(child, place)
      place = child
    }
    try rise(start, place)
  }

  func build() throws(Raised) {
    var place = count >> 1
    while place > 0 {
      place -= 1
      try sink(place)
    }
  }

  /// Takes the last item off; IndexError when there is none.
  private func takeLast() throws(Raised) -> Owned {
    let count = count
    if count == 0 { throw raise(.indexError, "index out of range") }
    let last = apus_list_item(list, count - 1).retained()
    try check(PyList_SetSlice(list, count - 1, count, nil))
    return last
  }

  func pop() throws(Raised) -> Owned {
    let last = try takeLast()
    if count == 0 { return last }
    let top = apus_list_item(list, 0).retained()
    try check(PyList_SetItem(list, 0, last.give()))
    try sink(0)
    return top
  }

  func replaceTop(_ item: Ref) throws(Raised) -> Owned {
    if count == 0 { throw raise(.indexError, "index out of range") }
    let top = apus_list_item(list, 0).retained()
    try check(PyList_SetItem(list, 0, item.retained().give()))
    try sink(0)
    return top
  }

  func push(_ item: Ref) throws(Raised) {
    try check(PyList_Append(list, item))
    try rise(0, count - 1)
  }

  func pushPop(_ item: Ref) throws(Raised) -> Owned {
    if count == 0 { return item.retained() }
    let top = apus_list_item(list, 0).retained()
    let held = item.retained()
    let above =
      try maximum
      ? check(PyObject_RichCompareBool(held.ref, top.ref, Py_LT))
      : check(PyObject_RichCompareBool(top.ref, held.ref, Py_LT))
    if above == 0 { return held }
    // The comparison may have emptied the list; replacing says so.
    return try replaceTop(held.ref)
  }
}

private let push: Method = .fast("heappush($module, heap, item, /)", "Push item onto heap, maintaining the heap invariant.") { _, args, count in
  none {
    let a = try Arguments(push, args, count)
    try Heap(a.object(0), "heappush", "argument 1").push(a.object(1))
  }
}

private let pushPop: Method = .fast(
  "heappushpop($module, heap, item, /)",
  """
  Push item on the heap, then pop and return the smallest item from the heap.

  One step is faster than heappush() followed by heappop().
  """
) { _, args, count in
  new {
    let a = try Arguments(pushPop, args, count)
    return try Heap(a.object(0), "heappushpop", "argument 1").pushPop(a.object(1))
  }
}

private let pop: Method = .o("heappop($module, heap, /)", "Pop the smallest item off the heap, maintaining the heap invariant.") { _, heap in
  new { try Heap(heap, "heappop").pop() }
}

private let replace: Method = .fast(
  "heapreplace($module, heap, item, /)",
  """
  Pop and return the current smallest value, and add the new item.

  The size stays the same, and the value returned may be larger than the item.
  """
) { _, args, count in
  new {
    let a = try Arguments(replace, args, count)
    return try Heap(a.object(0), "heapreplace", "argument 1").replaceTop(a.object(1))
  }
}

private let heapify: Method = .o("heapify($module, heap, /)", "Transform list into a heap, in-place, in O(len(heap)) time.") { _, heap in
  none { try Heap(heap, "heapify").build() }
}

private let popMax: Method = .o("_heappop_max($module, heap, /)", "Maxheap variant of heappop.") { _, heap in
  new { try Heap(heap, maximum: true, "_heappop_max").pop() }
}

private let replaceMax: Method = .fast("_heapreplace_max($module, heap, item, /)", "Maxheap variant of heapreplace.") { _, args, count in
  new {
    let a = try Arguments(replaceMax, args, count)
    return try Heap(a.object(0), maximum: true, "_heapreplace_max", "argument 1").replaceTop(a.object(1))
  }
}

private let heapifyMax: Method = .o("_heapify_max($module, heap, /)", "Maxheap variant of heapify.") { _, heap in
  none { try Heap(heap, maximum: true, "_heapify_max").build() }
}
