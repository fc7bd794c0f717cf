import CPythonABI
import Glibc

extension PyUnicode {
  /// This text followed by `other`.
  @inline(__always)
  func appending(_ other: PyUnicode) throws(Raised) -> Owned {
    let count = self.count
    let more = other.count
    if more == 0 { return try exact() }
    if count == 0 { return try other.exact() }
    let (size, overflow) = count.addingReportingOverflow(more)
    if overflow { throw raise(.overflowError, "strings are too large to concat") }
    let result = try Self.make(size, max: Swift.max(limit, other.limit))
    let target = PyUnicode(result.ref)
    target.copy(self, count, at: 0)
    target.copy(other, more, at: count)
    return result
  }

  /// `left += right`: takes over `left`, which grows in place when nobody else holds it.
  static func append(_ left: inout Ref, _ right: Ref) throws(Raised) {
    let text = PyUnicode(left)
    let other = PyUnicode(right)
    let more = other.count
    if more == 0 && left.isExactStr { return }
    let count = text.count
    if left != right && count > 0 && text.isModifiable && other.kind <= text.kind
      && (!text.isASCII || other.isASCII)
    {
      let (size, overflow) = count.addingReportingOverflow(more)
      if overflow { throw raise(.overflowError, "strings are too large to concat") }
      try resize(&left, to: size)
      PyUnicode(left).copy(other, more, at: count)
      return
    }
    let result = try text.appending(other)
    Py_DECREF(left)
    left = result.give()
  }

  /// The usual `left += right`: both ASCII, nobody else holds `left`, which grows in place and may
  /// move. Nil, with nothing changed, when it is another case.
  @inline(__always)
  static func appendASCII(_ left: Ref, _ right: Ref) -> Ref? {
    let ascii = State.compact | State.ascii
    let count = apus_str_length(left)
    let more = apus_str_length(right)
    guard left.pointee.ob_refcnt == 1, left.isExactStr, right.isExactStr,
      apus_str_state(left) & (ascii | State.internedMask) == ascii,
      apus_str_state(right) & ascii == ascii,
      left.view(PyASCIIObject.self).pointee.hash == -1,
      count > 0, count < 1 << 40, more < 1 << 40
    else { return nil }
    let size = asciiHeader &+ count &+ more &+ 1
    var object = left
    if !ObjectAllocator.fits(left, size) {
      guard let moved = PyObject_Realloc(left, size) else { return nil }
      object = moved.as(PyObject.self)
    }
    object.view(PyASCIIObject.self).pointee.length = count &+ more
    // With the final NUL.
    memcpy(
      UnsafeMutableRawPointer(object) + asciiHeader + count,
      UnsafeRawPointer(right) + asciiHeader, more &+ 1)
    return object
  }

  /// The text `times` times.
  func repeated(_ times: Int) throws(Raised) -> Owned {
    if times < 1 || count == 0 { return Self.empty }
    if times == 1 { return try exact() }
    let (size, overflow) = count.multipliedReportingOverflow(by: times)
    if overflow { throw raise(.overflowError, "repeated string is too long") }
    let result = try Self.make(size, max: limit)
    let target = PyUnicode(result.ref).data
    if count == 1 {
      CodeUnits.fill(target, width: kind, from: 0, times, self[0])
    } else {
      Self.fill(target, pattern: data, count * kind, total: size * kind)
    }
    return result
  }

  /// Fills memory with a pattern by doubling what is there. `total` is a multiple of `count`.
  static func fill(
    _ target: UnsafeMutableRawPointer, pattern: UnsafeRawPointer, _ count: Int, total: Int
  ) {
    memcpy(target, pattern, count)
    var done = count
    while done < total {
      let more = Swift.min(done, total - done)
      memcpy(target + done, target, more)
      done += more
    }
  }

  /// The items of a sequence (list or tuple) with `separator` between them.
  static func join(_ separator: Ref, _ sequence: Ref) throws(Raised) -> Owned {
    guard separator.isStr else {
      throw raise(.typeError, "separator: expected str instance, \(separator.type.fullName) found")
    }
    let fast = try own(PySequence_Fast(sequence, "can only join an iterable"))
    let items: UnsafeMutablePointer<Ref?>
    let count = apus_var_size(fast.ref)
    if count == 0 { return empty }
    if fast.ref.isList {
      guard let list = fast.ref.view(PyListObject.self).pointee.ob_item else { return empty }
      items = list
    } else {
      items = apus_tuple_items(fast.ref)
    }
    if count == 1, let only = items[0], only.isExactStr { return only.retained() }
    return try join(PyUnicode(separator), items, count)
  }

  /// The usual join: all parts, at least two, are ASCII. Nil, without an exception, when it is another
  /// case.
  @inline(__always)
  private static func joinASCII(
    _ separator: PyUnicode, _ items: UnsafeMutablePointer<Ref?>, _ count: Int
  ) -> Ref? {
    let ascii = State.compact | State.ascii
    let gap = separator.count
    guard count > 1, gap < 1 << 20, gap == 0 || apus_str_state(separator.ref) & ascii == ascii
    else { return nil }
    var size = gap &* (count &- 1)
    for index in 0..<count {
      guard let item = items[index], item.isExactStr, apus_str_state(item) & ascii == ascii,
        size < 1 << 40
      else { return nil }
      size &+= apus_str_length(item)
    }
    if size <= 1 { return nil }
    guard let result = allocate(size, max: 127) else {
      PyErr_Clear()
      return nil
    }
    var place = UnsafeMutableRawPointer(result) + asciiHeader
    for index in 0..<count {
      let item = items[index].unsafelyUnwrapped
      if index > 0 && gap > 0 {
        memcpy(place, UnsafeRawPointer(separator.ref) + asciiHeader, gap)
        place += gap
      }
      let length = apus_str_length(item)
      memcpy(place, UnsafeRawPointer(item) + asciiHeader, length)
      place += length
    }
    return result
  }

  static func join(
    _ separator: PyUnicode, _ items: UnsafeMutablePointer<Ref?>, _ count: Int
  ) throws(Raised) -> Owned {
    if let joined = joinASCII(separator, items, count) { return Owned(adopting: joined) }
    let gap = separator.count
    var size = 0
    var max: UInt32 = count > 1 && gap > 0 ? separator.limit : 0
    for index in 0..<count {
      let item = items[index].unsafelyUnwrapped
      guard item.isStr else {
        throw raise(
          .typeError,
          "sequence item \(index): expected str instance, \(item.type.fullName) found")
      }
      let view = PyUnicode(item)
      if view.limit > max { max = view.limit }
      let (sum, overflow) = size.addingReportingOverflow(view.count &+ (index > 0 ? gap : 0))
      if overflow || sum < 0 {
        throw raise(.overflowError, "join() result is too long for a Python string")
      }
      size = sum
    }
    if size == 0 { return empty }
    let result = try make(size, max: max)
    let target = PyUnicode(result.ref)
    var position = 0
    for index in 0..<count {
      if index > 0 && gap > 0 {
        target.copy(separator, gap, at: position)
        position &+= gap
      }
      let view = PyUnicode(items[index].unsafelyUnwrapped)
      let length = view.count
      target.copy(view, length, at: position)
      position &+= length
    }
    if size == 1 { return try target.exactCharacter(result) }
    return result
  }

  /// The singleton instead of a fresh text of one code point below 256.
  private func exactCharacter(_ result: consuming Owned) throws(Raised) -> Owned {
    let value = self[0]
    if value < 256 { return try Self.character(value) }
    return result
  }
}

extension PyUnicode.Methods {
  static let join: Method = .o(
    "join($self, iterable, /)",
    "The strings of the iterable in one, with this text between them."
  ) { separator, sequence in
    new { try PyUnicode.join(separator, sequence) }
  }
}

// MARK: C API

@c @implementation
public func PyUnicode_Join(_ separator: Ref?, _ sequence: Ref) -> Ref? {
  new {
    if let separator { return try PyUnicode.join(separator, sequence) }
    return try PyUnicode.join(apus_str_of_latin1(32), sequence)
  }
}

/// Joins an array of str objects.
@c @implementation
public func _PyUnicode_JoinArray(
  _ separator: Ref, _ items: UnsafePointer<Ref>?, _ count: Int
) -> Ref? {
  new {
    guard let items, count > 0 else { return PyUnicode.empty }
    if count == 1 && items[0].isExactStr { return items[0].retained() }
    let array = UnsafeMutableRawPointer(mutating: items).as(Ref?.self)
    return try PyUnicode.join(PyUnicode(separator), array, count)
  }
}

@c @implementation
public func PyUnicode_Concat(_ left: Ref, _ right: Ref) -> Ref? {
  new {
    try requireStr(left)
    if !right.isStr {
      throw raise(
        .typeError, "can only concatenate str (not \"\(right.type.fullName)\") to str")
    }
    return try PyUnicode(left).appending(PyUnicode(right))
  }
}

@c @implementation
public func PyUnicode_Append(_ pointer: UnsafeMutablePointer<Ref?>, _ right: Ref?) {
  if let left = pointer.pointee, let right, left != right,
    let grown = PyUnicode.appendASCII(left, right)
  {
    pointer.pointee = grown
    return
  }
  guard var left = pointer.pointee else {
    if !hasRaised() { PyErr_BadInternalCall() }
    return
  }
  do {
    guard let right, left.isStr, right.isStr else {
      if !hasRaised() { PyErr_BadInternalCall() }
      throw Raised()
    }
    try PyUnicode.append(&left, right)
    pointer.pointee = left
  } catch {
    pointer.pointee = nil
    Py_DECREF(left)
  }
}

@c @implementation
public func PyUnicode_AppendAndDel(_ pointer: UnsafeMutablePointer<Ref?>, _ right: Ref?) {
  PyUnicode_Append(pointer, right)
  Py_XDECREF(right)
}
