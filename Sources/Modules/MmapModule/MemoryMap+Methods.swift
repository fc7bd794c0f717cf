import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The methods of `mmap.mmap`.
extension MemoryMap {
  // MARK: Searching

  /// Where a subsequence begins, from the position on unless told otherwise; -1 without one.
  private static func search(
    _ object: Ref, _ name: StaticString, _ args: UnsafePointer<Ref>?, _ count: Int, last: Bool
  ) throws(Raised) -> Owned {
    _ = try open(object)
    let a = try TupleArguments(name, args, count, least: 1, most: 3)
    let pattern = try a.buffer(0)
    var start = try a.size(1, default: view(object).pointee.position)
    var end = try a.size(2, default: view(object).pointee.size)
    let state = try open(object)
    let size = state.pointee.size
    if start < 0 { start = Swift.max(0, start &+ size) }
    start = Swift.min(start, size)
    if end < 0 { end = Swift.max(0, end &+ size) }
    end = Swift.min(end, size)
    guard let data = state.pointee.data, end - start >= pattern.count else { return try int(-1) }
    guard pattern.count > 0, let bytes = pattern.start else { return try int(last ? end : start) }
    if !last {
      let found = apus_memmem(data + start, end - start, bytes, pattern.count)
      return try int(found.map { $0 - UnsafeRawPointer(data) } ?? -1)
    }
    var place = end - pattern.count
    while place >= start {
      if memcmp(data + place, bytes, pattern.count) == 0 { return try int(place) }
      place -= 1
    }
    return try int(-1)
  }

  static let find: Method = .fast("find", "") { object, args, count in
    new { try search(object, "find", args, count, last: false) }
  }
  static let findLast: Method = .fast("rfind", "") { object, args, count in
    new { try search(object, "rfind", args, count, last: true) }
  }

  // MARK: Reading and writing

  static let read: Method = .fast("read", "") { object, args, count in
    new {
      _ = try open(object)
      let a = try TupleArguments("read", args, count, least: 0, most: 1)
      var wanted = Int.max
      if let given = a[0], !given.isNone {
        guard PyIndex_Check(given) != 0 else {
          throw raise(
            .typeError, "argument should be integer or None, not '\(given.type.fullName)'")
        }
        wanted = try NumberConversion.size(given)
      }
      let state = try open(object)
      let left = Swift.max(0, state.pointee.size - state.pointee.position)
      if wanted < 0 || wanted > left { wanted = left }
      guard let data = state.pointee.data else { throw Raised() }
      let bytes = try own(
        PyBytes_FromStringAndSize(
          (data + state.pointee.position).assumingMemoryBound(to: CChar.self), wanted))
      state.pointee.position += wanted
      return bytes
    }
  }
  static let readByte: Method = .noargs("read_byte($self, /)", "") { object, _ in
    new {
      let state = try open(object)
      guard state.pointee.position < state.pointee.size, let data = state.pointee.data else {
        throw raise(.valueError, "read byte out of range")
      }
      let byte = data.load(fromByteOffset: state.pointee.position, as: UInt8.self)
      state.pointee.position += 1
      return try int(Int(byte))
    }
  }
  static let readLine: Method = .noargs("readline($self, /)", "") { object, _ in
    new {
      let state = try open(object)
      let left = Swift.max(0, state.pointee.size - state.pointee.position)
      guard left > 0, let data = state.pointee.data else {
        return try own(PyBytes_FromStringAndSize(nil, 0))
      }
      let start = data + state.pointee.position
      let count = memchr(start, 10, left).map { $0 - start + 1 } ?? left
      let line = try own(PyBytes_FromStringAndSize(start.assumingMemoryBound(to: CChar.self), count))
      state.pointee.position += count
      return line
    }
  }
  static let write: Method = .fast("write", "") { object, args, count in
    new {
      _ = try open(object)
      let a = try TupleArguments("write", args, count, least: 1, most: 1)
      let source = try a.buffer(0)
      try checkWritable(object)
      let state = try open(object)
      let position = state.pointee.position
      if position > state.pointee.size || state.pointee.size - position < source.count {
        throw raise(.valueError, "data out of range")
      }
      if let data = state.pointee.data, let bytes = source.start {
        memmove(data + position, bytes, source.count)
      }
      state.pointee.position += source.count
      return try int(source.count)
    }
  }
  static let writeByte: Method = .fast("write_byte", "") { object, args, count in
    none {
      _ = try open(object)
      let a = try TupleArguments("write_byte", args, count, least: 1, most: 1)
      let number = try own(PyNumber_Index(a.object(0)))
      let value = try check(PyLong_AsLong(number.ref))
      if value < 0 {
        throw raise(.overflowError, "unsigned byte integer is less than minimum")
      }
      if value > 255 {
        throw raise(.overflowError, "unsigned byte integer is greater than maximum")
      }
      try checkWritable(object)
      let state = try open(object)
      guard state.pointee.position < state.pointee.size, let data = state.pointee.data else {
        throw raise(.valueError, "write byte out of range")
      }
      data.storeBytes(of: UInt8(value), toByteOffset: state.pointee.position, as: UInt8.self)
      state.pointee.position += 1
    }
  }

  static let move: Method = .fast("move", "") { object, args, count in
    none {
      _ = try open(object)
      let a = try TupleArguments("move", args, count, least: 3, most: 3)
      let (target, source, length) = (try a.size(0), try a.size(1), try a.size(2))
      try checkWritable(object)
      let state = try open(object)
      let size = state.pointee.size
      guard target >= 0, source >= 0, length >= 0, size - target >= length,
        size - source >= length, let data = state.pointee.data
      else {
        throw raise(.valueError, "source, destination, or count out of range")
      }
      memmove(data + target, data + source, length)
    }
  }

  // MARK: Position and size

  static let seek: Method = .fast("seek", "") { object, args, count in
    new {
      _ = try open(object)
      let a = try TupleArguments("seek", args, count, least: 1, most: 2)
      let distance = try a.size(0)
      let whence = try a.int32(1)
      let state = try open(object)
      let base: Int
      switch whence {
      case 0: base = 0
      case 1: base = state.pointee.position
      case 2: base = state.pointee.size
      default: throw raise(.valueError, "unknown seek type")
      }
      let (place, overflow) = base.addingReportingOverflow(distance)
      guard !overflow && place >= 0 && place <= state.pointee.size else {
        throw raise(.valueError, "seek out of range")
      }
      state.pointee.position = place
      return try int(place)
    }
  }
  static let seekable: Method = .noargs("seekable($self, /)", "") { _, _ in trueObject() }
  static let tell: Method = .noargs("tell($self, /)", "") { object, _ in
    new { try int(open(object).pointee.position) }
  }
  static let fileSize: Method = .noargs("size($self, /)", "") { object, _ in
    new {
      let descriptor = try open(object).pointee.descriptor
      var status = stat()
      if withoutGIL({ fstat(descriptor, &status) }) < 0 { throw raiseSystemError() }
      return try int(status.st_size)
    }
  }

  static let resize: Method = .fast("resize", "") { object, args, count in
    none {
      _ = try open(object)
      let a = try TupleArguments("resize", args, count, least: 1, most: 1)
      let length = try a.size(0)
      let state = try open(object)
      if state.pointee.exports > 0 {
        throw raise(.bufferError, "mmap can't resize with extant pointers exported.")
      }
      if !state.pointee.tracksDescriptor {
        throw raise(.valueError, "mmap can't resize with trackfd=False.")
      }
      guard state.pointee.access == Access.write || state.pointee.access == Access.default else {
        throw raise(.typeError, "mmap can't resize a readonly or copy-on-write memory map.")
      }
      if length < 0 || Int.max - length < state.pointee.offset {
        throw raise(.valueError, "new size out of range")
      }
      let descriptor = state.pointee.descriptor
      let end = state.pointee.offset + length
      if descriptor != -1 && withoutGIL({ ftruncate(descriptor, end) }) == -1 {
        throw raiseSystemError()
      }
      guard let data = state.pointee.data else { return }
      let moved = apus_mremap(data, state.pointee.size, length)
      guard moved != MAP_FAILED, let moved else { throw raiseSystemError() }
      state.pointee.data = moved
      state.pointee.size = length
    }
  }

  static let flush: Method = .fast("flush", "") { object, args, count in
    none {
      let size = view(object).pointee.size
      let a = try TupleArguments("flush", args, count, least: 0, most: 2)
      let (offset, length) = (try a.size(0), try a.size(1, default: size))
      let state = try open(object)
      let (end, overflow) = length.addingReportingOverflow(offset)
      if overflow || end > state.pointee.size || offset < 0 || length < 0 {
        throw raise(.valueError, "flush values out of range")
      }
      if state.pointee.access == Access.read || state.pointee.access == Access.copy { return }
      guard let data = state.pointee.data else { return }
      try systemCall { msync(data + offset, length, Int32(MS_SYNC)) }
    }
  }

  static let advise: Method = .fast("madvise", "") { object, args, count in
    none {
      _ = try open(object)
      let a = try TupleArguments("madvise", args, count, least: 1, most: 3)
      let option = try a.int32(0)
      let start = try a.size(1)
      let state = try open(object)
      var length = try a.size(2, default: state.pointee.size)
      if start < 0 || start >= state.pointee.size {
        throw raise(.valueError, "madvise start out of bounds")
      }
      if length < 0 { throw raise(.valueError, "madvise length invalid") }
      if Int.max - start < length { throw raise(.overflowError, "madvise length too large") }
      length = Swift.min(length, state.pointee.size - start)
      guard let data = state.pointee.data else { return }
      if madvise(data + start, length, option) != 0 { throw raiseSystemError() }
    }
  }
}
