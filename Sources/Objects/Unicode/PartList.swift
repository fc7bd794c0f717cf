import CPythonABI

/// The list of parts that a split makes, with room for the usual number of them from the start.
struct PartList: ~Copyable {
  /// Owned; always complete, so that it may be dropped at any time.
  private let list: Ref
  private let room: Int
  private var count = 0

  /// `limit` splits give at most one part more.
  init(limit: Int = .max) throws(Raised) {
    room = limit >= 11 ? 12 : limit + 1
    list = try own(PyList_New(room)).give()
    list.view(PyVarObject.self).pointee.ob_size = 0
  }

  /// Without room at first, as a list that grows by appending.
  init(growing: Void) throws(Raised) {
    room = 0
    list = try own(PyList_New(0)).give()
  }

  deinit { Py_DECREF(list) }

  @inline(__always)
  mutating func append(_ part: consuming Owned) throws(Raised) {
    if count < room, let items = list.view(PyListObject.self).pointee.ob_item {
      items[count] = part.give()
      count &+= 1
      list.view(PyVarObject.self).pointee.ob_size = count
      return
    }
    try check(PyList_Append(list, part.ref))
  }

  consuming func finish() -> Owned {
    let result = list
    discard self
    return Owned(adopting: result)
  }

  /// The same for parts found from the end.
  consuming func finishReversed() throws(Raised) -> Owned {
    try check(PyList_Reverse(list))
    return finish()
  }
}
