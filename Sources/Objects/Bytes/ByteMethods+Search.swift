import CPythonABI
import Glibc

/// The methods that bytes and bytearray share. Each works on the content of its object and gives
/// back an object of the same kind.
///
/// Arguments are converted first: that may run Python code, which may resize a bytearray; the view
/// of the content is made afterwards and nothing runs while it is in use.
enum ByteMethods {
  /// A new object like `owner` (bytes or bytearray) with the given content.
  static func make(like owner: Ref, _ view: ByteView) throws(Raised) -> Owned {
    if owner.isBytes { return try PyBytes.make(view.base, view.count) }
    return try PyByteArray.make(view.base, view.count)
  }

  /// Room for a new object like `owner`, and where its content lies.
  static func make(
    like owner: Ref, _ count: Int
  ) throws(Raised) -> (object: Ref, data: UnsafeMutablePointer<UInt8>) {
    if owner.isBytes {
      let object = try PyBytes.make(count).give()
      return (object, apus_bytes_data(object))
    }
    let object = try PyByteArray.make(count).give()
    return (object, PyByteArray(object).data)
  }

  /// The object itself when it is exactly bytes, else a copy.
  static func unchanged(_ object: Ref) throws(Raised) -> Owned {
    if object.type == bytesType() { return object.retained() }
    return try make(like: object, ByteView(object))
  }

  /// A part of the content, the object itself when it is all of an exact bytes.
  static func part(_ object: Ref, _ start: Int, _ end: Int) throws(Raised) -> Owned {
    let view = ByteView(object)
    if start == 0 && end == view.count { return try unchanged(object) }
    return try make(like: object, view.part(start, end))
  }

  /// What to search for: a bytes-like object or a byte.
  struct Needle: ~Copyable {
    private let hold: ByteBuffer?
    private let single: Ref

    private init(_ hold: consuming ByteBuffer?, _ single: Ref) {
      self.hold = hold
      self.single = single
    }

    static func make(_ object: Ref) throws(Raised) -> Needle {
      if PyObject_CheckBuffer(object) != 0 {
        return try Needle(ByteBuffer(object), apus_bytes_empty())
      }
      guard PyIndex_Check(object) != 0 else {
        throw raise(
          .typeError,
          "argument should be integer or bytes-like object, not '\(object.type.fullName)'")
      }
      let value = PyNumber_AsSsize_t(object, .valueError)
      if value == -1 && hasRaised() {
        if PyErr_ExceptionMatches(.valueError) == 0 { throw Raised() }
        PyErr_Clear()
        throw raise(.valueError, "byte must be in range(0, 256)")
      }
      guard let byte = UInt8(exactly: value) else {
        throw raise(.valueError, "byte must be in range(0, 256)")
      }
      return Needle(nil, apus_bytes_of(byte))
    }

    var bytes: ByteView {
      switch hold {
      case .some(let buffer): return buffer.bytes
      case .none: return ByteView(single)
      }
    }
  }

  /// The raw slice bounds of a search method, not yet brought into the content.
  private static func bounds(
    _ args: UnsafePointer<Ref>, _ count: Int
  ) throws(Raised) -> (start: Int, end: Int) {
    var start = 0
    var end = Int.max
    if count > 1 && !args[1].isNone && _PyEval_SliceIndex(args[1], &start) == 0 { throw Raised() }
    if count > 2 && !args[2].isNone && _PyEval_SliceIndex(args[2], &end) == 0 { throw Raised() }
    return (start, end)
  }

  private static func adjusted(_ start: Int, _ end: Int, _ length: Int) -> (start: Int, end: Int) {
    (
      start < 0 ? Swift.max(start + length, 0) : start,
      end > length ? length : end < 0 ? Swift.max(end + length, 0) : end
    )
  }

  private static func search(
    _ name: String, _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, backwards: Bool
  ) throws(Raised) -> Int {
    try checkPositional(name, count, least: 1, most: 3)
    let args = args.unsafelyUnwrapped
    let (first, last) = try bounds(args, count)
    let needle = try Needle.make(args[0])
    let view = ByteView(object)
    let (start, end) = adjusted(first, last, view.count)
    let wanted = needle.bytes
    if end - start < wanted.count { return -1 }
    let found = view.part(start, end).find(wanted, backwards: backwards)
    return found < 0 ? -1 : start + found
  }

  private static func affix(
    _ name: String, _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, atEnd: Bool
  ) throws(Raised) -> Bool {
    try checkPositional(name, count, least: 1, most: 3)
    let args = args.unsafelyUnwrapped
    let (first, last) = try bounds(args, count)
    func matches(_ affix: Ref) throws(Raised) -> Bool {
      let hold = try ByteBuffer(affix)
      let view = ByteView(object)
      let (start, end) = adjusted(first, last, view.count)
      let wanted = hold.bytes
      if start > end || end - start < wanted.count { return false }
      let place = atEnd ? end - wanted.count : start
      return view.part(place, place + wanted.count).equals(wanted)
    }
    if args[0].isTuple {
      let items = Owned(retaining: args[0])
      for index in 0..<apus_var_size(items.ref) {
        if try matches(apus_tuple_item(items.ref, index)) { return true }
      }
      return false
    }
    if PyObject_CheckBuffer(args[0]) == 0 {
      throw raise(
        .typeError,
        "\(name) first arg must be bytes or a tuple of bytes, not \(args[0].type.fullName)")
    }
    return try matches(args[0])
  }

  static let find: Method = .fast(
    "find($self, sub[, start[, end]], /)",
    "The lowest index of sub (bytes or a byte) within B[start:end], or -1."
  ) { object, args, count in
    new { try own(PyLong_FromSsize_t(try search("find", object, args, count, backwards: false))) }
  }

  static let rfind: Method = .fast(
    "rfind($self, sub[, start[, end]], /)",
    "The highest index of sub (bytes or a byte) within B[start:end], or -1."
  ) { object, args, count in
    new { try own(PyLong_FromSsize_t(try search("rfind", object, args, count, backwards: true))) }
  }

  static let index: Method = .fast(
    "index($self, sub[, start[, end]], /)",
    "The lowest index of sub (bytes or a byte) within B[start:end]; ValueError without it."
  ) { object, args, count in
    new {
      let found = try search("index", object, args, count, backwards: false)
      if found < 0 { throw raise(.valueError, "subsection not found") }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let rindex: Method = .fast(
    "rindex($self, sub[, start[, end]], /)",
    "The highest index of sub (bytes or a byte) within B[start:end]; ValueError without it."
  ) { object, args, count in
    new {
      let found = try search("rindex", object, args, count, backwards: true)
      if found < 0 { throw raise(.valueError, "subsection not found") }
      return try own(PyLong_FromSsize_t(found))
    }
  }

  static let count: Method = .fast(
    "count($self, sub[, start[, end]], /)",
    "How often sub (bytes or a byte) occurs within B[start:end], without overlap."
  ) { object, args, count in
    new {
      try checkPositional("count", count, least: 1, most: 3)
      let args = args.unsafelyUnwrapped
      let (first, last) = try bounds(args, count)
      let needle = try Needle.make(args[0])
      let view = ByteView(object)
      let (start, end) = adjusted(first, last, view.count)
      let wanted = needle.bytes
      if start > end || end - start < wanted.count { return try own(PyLong_FromLong(0)) }
      if wanted.count == 0 { return try own(PyLong_FromSsize_t(end - start + 1)) }
      var search = TextSearch<UInt8>(wanted.base, wanted.count)
      return try own(PyLong_FromSsize_t(search.occurrences(in: view.base + start, end - start)))
    }
  }

  static let startswith: Method = .fast(
    "startswith($self, prefix[, start[, end]], /)",
    "Whether B[start:end] begins with prefix, or with one of a tuple of prefixes."
  ) { object, args, count in
    bool { try affix("startswith", object, args, count, atEnd: false) }
  }

  static let endswith: Method = .fast(
    "endswith($self, suffix[, start[, end]], /)",
    "Whether B[start:end] ends with suffix, or with one of a tuple of suffixes."
  ) { object, args, count in
    bool { try affix("endswith", object, args, count, atEnd: true) }
  }

  static let removeprefix: Method = .o(
    "removeprefix($self, prefix, /)", "The content without prefix at its start, if it is there."
  ) { object, prefix in
    new {
      let hold = try ByteBuffer(prefix)
      let view = ByteView(object)
      let wanted = hold.bytes
      if wanted.count > 0 && view.count >= wanted.count
        && view.part(0, wanted.count).equals(wanted)
      {
        return try make(like: object, view.part(wanted.count, view.count))
      }
      return try unchanged(object)
    }
  }

  static let removesuffix: Method = .o(
    "removesuffix($self, suffix, /)", "The content without suffix at its end, if it is there."
  ) { object, suffix in
    new {
      let hold = try ByteBuffer(suffix)
      let view = ByteView(object)
      let wanted = hold.bytes
      if wanted.count > 0 && view.count >= wanted.count
        && view.part(view.count - wanted.count, view.count).equals(wanted)
      {
        return try make(like: object, view.part(0, view.count - wanted.count))
      }
      return try unchanged(object)
    }
  }

  /// `element in object`
  static func contains(_ object: Ref, _ element: Ref) throws(Raised) -> Bool {
    if PyIndex_Check(element) != 0 {
      let value = PyNumber_AsSsize_t(element, .valueError)
      if value == -1 && hasRaised() {
        // Something that claims to be an index but is not may still have a buffer.
        if PyErr_ExceptionMatches(.valueError) == 0 { throw Raised() }
        PyErr_Clear()
        throw raise(.valueError, "byte must be in range(0, 256)")
      }
      guard let byte = UInt8(exactly: value) else {
        throw raise(.valueError, "byte must be in range(0, 256)")
      }
      let view = ByteView(object)
      return TextSearch<UInt8>.index(of: byte, in: view.base, view.count) >= 0
    }
    let hold = try ByteBuffer(element)
    return ByteView(object).find(hold.bytes) >= 0
  }

  // MARK: Replacing

  static func replace(
    _ object: Ref, _ old: ByteView, _ fresh: ByteView, _ limit: Int
  ) throws(Raised) -> Owned {
    let view = ByteView(object)
    let limit = limit < 0 ? Int.max : limit
    if limit == 0 || old.equals(fresh) || old.count > view.count { return try unchanged(object) }
    let times: Int
    if old.count == 0 {
      if fresh.count == 0 { return try unchanged(object) }
      times = Swift.min(view.count + 1, limit)
    } else {
      var search = TextSearch<UInt8>(old.base, old.count)
      times = search.occurrences(in: view.base, view.count, limit: limit)
      if times == 0 { return try unchanged(object) }
    }
    let (growth, overflow) = times.multipliedReportingOverflow(by: fresh.count - old.count)
    let (size, tooLong) = view.count.addingReportingOverflow(growth)
    if overflow || tooLong { throw raise(.overflowError, "replace bytes is too long") }
    let (result, target) = try make(like: object, size)
    var written = 0
    var position = 0
    var search = TextSearch<UInt8>(old.base, Swift.max(old.count, 1))
    for index in 0..<times {
      var found = 0
      if old.count == 0 {
        found = index == 0 ? 0 : 1
      } else {
        found = search.find(in: view.base + position, view.count - position)
      }
      memcpy(target + written, view.base + position, found)
      written += found
      memcpy(target + written, fresh.base, fresh.count)
      written += fresh.count
      position += found + old.count
    }
    memcpy(target + written, view.base + position, view.count - position)
    return Owned(adopting: result)
  }

  static let replace: Method = .fast(
    "replace($self, old, new, count=-1, /)",
    "A copy with occurrences of old replaced by new: the first count of them, or all (-1)."
  ) { object, args, count in
    new {
      let a = try Arguments(replace, args, count)
      let old = try ByteBuffer(a.object(0))
      let fresh = try ByteBuffer(a.object(1))
      let limit = try a.index(2, default: -1)
      return try replace(object, old.bytes, fresh.bytes, limit)
    }
  }
}
