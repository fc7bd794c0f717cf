import CPythonABI
import Glibc

extension ByteMethods {
  private static func append(_ object: Ref, _ start: Int, _ end: Int, to list: Ref) throws(Raised) {
    let part = try make(like: object, ByteView(object).part(start, end))
    try check(PyList_Append(list, part.ref))
  }

  /// The words between runs of ASCII white space.
  private static func splitAtWhitespace(
    _ object: Ref, _ limit: Int, fromEnd: Bool
  ) throws(Raised) -> Owned {
    let list = try own(PyList_New(0))
    let view = ByteView(object)
    var left = limit < 0 ? Int.max : limit
    if fromEnd {
      var position = view.count
      while true {
        while position > 0 && ByteView.isSpace(view[position - 1]) { position -= 1 }
        if position == 0 { break }
        let end = position
        if left == 0 {
          try append(object, 0, end, to: list.ref)
          break
        }
        left -= 1
        while position > 0 && !ByteView.isSpace(view[position - 1]) { position -= 1 }
        try append(object, position, end, to: list.ref)
      }
      try check(PyList_Reverse(list.ref))
      return list
    }
    var position = 0
    while true {
      while position < view.count && ByteView.isSpace(view[position]) { position += 1 }
      if position == view.count { break }
      let start = position
      if left == 0 {
        try append(object, start, view.count, to: list.ref)
        break
      }
      left -= 1
      while position < view.count && !ByteView.isSpace(view[position]) { position += 1 }
      try append(object, start, position, to: list.ref)
    }
    return list
  }

  private static func split(
    _ object: Ref, _ separator: ByteView, _ limit: Int, fromEnd: Bool
  ) throws(Raised) -> Owned {
    if separator.count == 0 { throw raise(.valueError, "empty separator") }
    let list = try own(PyList_New(0))
    let view = ByteView(object)
    var left = limit < 0 ? Int.max : limit
    var search = TextSearch<UInt8>(separator.base, separator.count, backwards: fromEnd)
    if fromEnd {
      var end = view.count
      while left > 0 {
        let found = search.find(in: view.base, end)
        if found < 0 { break }
        try append(object, found + separator.count, end, to: list.ref)
        end = found
        left -= 1
      }
      try append(object, 0, end, to: list.ref)
      try check(PyList_Reverse(list.ref))
      return list
    }
    var position = 0
    while left > 0 {
      let found = search.find(in: view.base + position, view.count - position)
      if found < 0 { break }
      try append(object, position, position + found, to: list.ref)
      position += found + separator.count
      left -= 1
    }
    if position == 0 {
      let whole = try unchanged(object)
      try check(PyList_Append(list.ref, whole.ref))
    } else {
      try append(object, position, view.count, to: list.ref)
    }
    return list
  }

  static let split: Method = .keywords(
    "split($self, /, sep=None, maxsplit=-1)",
    """
    The list of the parts between separators, split from the left.

    Without sep, runs of ASCII white space separate and empty parts are left out. At most maxsplit
    splits are made when it is not negative.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(split, args, count, names)
      let limit = try a.index(1, default: -1)
      guard let separator = a.optional(0) else {
        return try splitAtWhitespace(object, limit, fromEnd: false)
      }
      let hold = try ByteBuffer(separator)
      return try split(object, hold.bytes, limit, fromEnd: false)
    }
  }

  static let rsplit: Method = .keywords(
    "rsplit($self, /, sep=None, maxsplit=-1)",
    """
    The list of the parts between separators, split from the right.

    Without sep, runs of ASCII white space separate and empty parts are left out. At most maxsplit
    splits are made when it is not negative.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(rsplit, args, count, names)
      let limit = try a.index(1, default: -1)
      guard let separator = a.optional(0) else {
        return try splitAtWhitespace(object, limit, fromEnd: true)
      }
      let hold = try ByteBuffer(separator)
      return try split(object, hold.bytes, limit, fromEnd: true)
    }
  }

  static let splitlines: Method = .keywords(
    "splitlines($self, /, keepends=False)",
    "The list of the lines (\\n, \\r, \\r\\n), with their ends when keepends is true."
  ) { object, args, count, names in
    new {
      let a = try Arguments(splitlines, args, count, names)
      let keepEnds = try a.bool(0)
      let list = try own(PyList_New(0))
      let view = ByteView(object)
      var position = 0
      while position < view.count {
        let start = position
        while position < view.count && view[position] != 10 && view[position] != 13 {
          position += 1
        }
        var end = position
        if position < view.count {
          let isPair =
            view[position] == 13 && position + 1 < view.count && view[position + 1] == 10
          position += isPair ? 2 : 1
          if keepEnds { end = position }
        }
        try append(object, start, end, to: list.ref)
      }
      return list
    }
  }

  private static func partition(
    _ object: Ref, _ separator: Ref, fromEnd: Bool
  ) throws(Raised) -> Owned {
    let hold = try ByteBuffer(separator)
    let wanted = hold.bytes
    if wanted.count == 0 { throw raise(.valueError, "empty separator") }
    let view = ByteView(object)
    let found = view.find(wanted, backwards: fromEnd)
    if found < 0 {
      let whole = object.isBytes ? object.retained() : try unchanged(object)
      let none = try make(like: object, view.part(0, 0))
      let other = try make(like: object, view.part(0, 0))
      return fromEnd
        ? try PyUnicode.triple(none, other, whole) : try PyUnicode.triple(whole, none, other)
    }
    let head = try make(like: object, view.part(0, found))
    let middle = object.isBytes ? separator.retained() : try make(like: object, wanted)
    let tail = try make(like: object, ByteView(object).part(found + wanted.count, view.count))
    return try PyUnicode.triple(head, middle, tail)
  }

  static let partition: Method = .o(
    "partition($self, sep, /)",
    "The content before the first sep, sep, and the rest; (content, b'', b'') without one."
  ) { object, separator in
    new { try partition(object, separator, fromEnd: false) }
  }

  static let rpartition: Method = .o(
    "rpartition($self, sep, /)",
    "The content before the last sep, sep, and the rest; (b'', b'', content) without one."
  ) { object, separator in
    new { try partition(object, separator, fromEnd: true) }
  }

  // MARK: Stripping

  private static func strip(
    _ method: Method, _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int,
    _ side: PyUnicode.Side
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count)
    var members = InlineArray<256, Bool>(repeating: false)
    if let set = a.optional(0) {
      let hold = try ByteBuffer(set)
      for index in 0..<hold.count { members[Int(hold.base[index])] = true }
    } else {
      for byte in [9, 10, 11, 12, 13, 32] { members[byte] = true }
    }
    let view = ByteView(object)
    var start = 0
    var end = view.count
    if side != .right { while start < end && members[Int(view[start])] { start += 1 } }
    if side != .left { while end > start && members[Int(view[end - 1])] { end -= 1 } }
    return try part(object, start, end)
  }

  static let strip: Method = .fast(
    "strip($self, bytes=None, /)",
    "The content without ASCII white space, or without the bytes given, at both ends."
  ) { object, args, count in
    new { try strip(strip, object, args, count, .both) }
  }

  static let lstrip: Method = .fast(
    "lstrip($self, bytes=None, /)",
    "The content without ASCII white space, or without the bytes given, at its start."
  ) { object, args, count in
    new { try strip(lstrip, object, args, count, .left) }
  }

  static let rstrip: Method = .fast(
    "rstrip($self, bytes=None, /)",
    "The content without ASCII white space, or without the bytes given, at its end."
  ) { object, args, count in
    new { try strip(rstrip, object, args, count, .right) }
  }

  // MARK: Joining

  /// The items of an iterable of bytes-like objects with `separator` between them.
  static func join(_ separator: Ref, _ iterable: Ref) throws(Raised) -> Owned {
    // The iterable's code may not resize the separator, nor may that of an item.
    let gap = try ByteBuffer(separator)
    let items = try own(PySequence_Fast(iterable, "can only join an iterable"))
    let count = PySequence_Size(items.ref)
    if count == 0 { return try make(like: separator, ByteView(separator).part(0, 0)) }
    func item(_ index: Int) -> Ref {
      items.ref.isList ? apus_list_item(items.ref, index) : apus_tuple_item(items.ref, index)
    }
    if count == 1 && separator.isBytes && item(0).type == bytesType() {
      return item(0).retained()
    }
    // Hold every buffer: getting one may run Python code that changes the others.
    var views: [Py_buffer] = []
    views.reserveCapacity(count)
    defer { for index in views.indices { PyBuffer_Release(&views[index]) } }
    var size = 0
    for index in 0..<count {
      if PySequence_Size(items.ref) != count {
        throw raise(.runtimeError, "sequence changed size during iteration")
      }
      let object = Owned(retaining: item(index))
      var view = Py_buffer()
      if object.ref.type == bytesType() {
        Py_INCREF(object.ref)
        view.obj = object.ref
        view.buf = UnsafeMutableRawPointer(apus_bytes_data(object.ref))
        view.len = apus_var_size(object.ref)
      } else if PyObject_CheckBuffer(object.ref) == 0
        || PyObject_GetBuffer(object.ref, &view, PyBUF_SIMPLE) != 0
      {
        if hasRaised() && PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
        PyErr_Clear()
        throw raise(
          .typeError,
          "sequence item \(index): expected a bytes-like object, \(object.ref.type.fullName) found"
        )
      }
      views.append(view)
      let (sum, overflow) = size.addingReportingOverflow(view.len + (index > 0 ? gap.count : 0))
      if overflow {
        throw raise(.overflowError, "join() result is too long")
      }
      size = sum
    }
    let (result, target) = try make(like: separator, size)
    var position = 0
    for index in 0..<count {
      if index > 0 {
        memcpy(target + position, gap.base, gap.count)
        position += gap.count
      }
      let view = views[index]
      if let start = view.buf { memcpy(target + position, start, view.len) }
      position += view.len
    }
    return Owned(adopting: result)
  }

  static let join: Method = .o(
    "join($self, iterable_of_bytes, /)",
    "The bytes-like objects of the iterable in one, with this content between them."
  ) { separator, iterable in
    new { try join(separator, iterable) }
  }

  /// `left + right` of bytes-like objects; the result is like `left`.
  static func concatenate(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    let known = left.isBytes || left.isInstance(of: byteArrayType())
    guard known || PyObject_CheckBuffer(left) != 0, PyObject_CheckBuffer(right) != 0 else {
      throw raise(
        .typeError, "can't concat \(right.type.fullName) to \(left.type.fullName)")
    }
    let first = try ByteBuffer(left)
    let second = try ByteBuffer(right)
    if second.count == 0 && left.type == bytesType() { return left.retained() }
    if first.count == 0 && right.type == bytesType() && left.isBytes { return right.retained() }
    let (size, overflow) = first.count.addingReportingOverflow(second.count)
    if overflow { throw raiseNoMemory() }
    let (result, target) = try make(
      like: known ? left : apus_bytes_empty(), size)
    memcpy(target, first.base, first.count)
    memcpy(target + first.count, second.base, second.count)
    return Owned(adopting: result)
  }

  /// The content `times` times.
  static func repeated(_ object: Ref, _ times: Int) throws(Raised) -> Owned {
    let view = ByteView(object)
    let times = Swift.max(times, 0)
    let (size, overflow) = view.count.multipliedReportingOverflow(by: times)
    if overflow { throw raise(.overflowError, "repeated bytes are too long") }
    if size == view.count && object.type == bytesType() { return object.retained() }
    // As in CPython `b"x" * 0` is not the one empty object.
    if size == 0 && object.type == bytesType() { return try PyBytes.makeOwn(0) }
    let (result, target) = try make(like: object, size)
    if size > 0 { PyUnicode.fill(target, pattern: view.base, view.count, total: size) }
    return Owned(adopting: result)
  }
}
