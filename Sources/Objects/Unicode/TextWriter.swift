import CPythonABI
import Glibc
import Numerics

/// A str under construction that grows and widens as needed: the Swift face of `_PyUnicodeWriter`.
struct TextWriter: ~Copyable {
  private var writer = _PyUnicodeWriter()

  /// - Parameters:
  ///   - minimum: code points to make room for at first.
  ///   - overallocate: whether growing adds a quarter, for texts written in many pieces.
  init(minimum: Int = 0, overallocate: Bool = true) {
    writer.min_length = minimum
    writer.overallocate = overallocate ? 1 : 0
  }

  deinit { Py_XDECREF(writer.buffer) }

  /// Code points written so far.
  var count: Int { writer.pos }

  /// The next piece is the last: a str that is all there is will be the result itself.
  mutating func expectNoMore() { writer.overallocate = 0 }

  /// Makes room for `count` code points not above `max`.
  @inline(__always)
  mutating func prepare(_ count: Int, max: UInt32) throws(Raised) {
    if max <= writer.maxchar && count <= writer.size &- writer.pos { return }
    if count == 0 { return }
    try check(_PyUnicodeWriter_PrepareInternal(&writer, count, max))
  }

  @inline(__always)
  mutating func append(_ value: UInt32) throws(Raised) {
    try prepare(1, max: value)
    apus_str_write(writer.kind, writer.data.unsafelyUnwrapped, writer.pos, value)
    writer.pos &+= 1
  }

  mutating func append(_ text: Ref) throws(Raised) {
    try check(_PyUnicodeWriter_WriteStr(&writer, text))
  }

  /// Code points `start..<end` of a str.
  mutating func append(_ text: PyUnicode, _ start: Int, _ end: Int) throws(Raised) {
    if end <= start { return }
    try prepare(end - start, max: text.limit(from: start, to: end))
    let kind = text.kind
    CodeUnits.copy(
      text.data + start * kind, width: kind,
      to: writer.data.unsafelyUnwrapped + writer.pos * Int(writer.kind), width: Int(writer.kind),
      end - start)
    writer.pos &+= end - start
  }

  mutating func append(ascii text: StaticString) throws(Raised) {
    try append(ascii: text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Bytes, each a code point below 256.
  mutating func append(latin1 bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) {
    if count == 0 { return }
    try append(bytes, count, max: CodeUnits.union(bytes, count) < 128 ? 127 : 255)
  }

  mutating func append(ascii bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) {
    if count > 0 { try append(bytes, count, max: 127) }
  }

  private mutating func append(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, max: UInt32
  ) throws(Raised) {
    try prepare(count, max: max)
    CodeUnits.copy(
      UnsafeRawPointer(bytes), width: 1,
      to: writer.data.unsafelyUnwrapped + writer.pos * Int(writer.kind), width: Int(writer.kind),
      count)
    writer.pos &+= count
  }

  /// `count` times the same code point.
  mutating func append(_ value: UInt32, times count: Int) throws(Raised) {
    if count <= 0 { return }
    try prepare(count, max: value)
    CodeUnits.fill(
      writer.data.unsafelyUnwrapped, width: Int(writer.kind), from: writer.pos, count, value)
    writer.pos &+= count
  }

  /// The decimal digits of a number, with a sign when it is negative.
  mutating func append(decimal value: Int) throws(Raised) {
    var rest = value.magnitude
    var digits = 1
    while rest >= 10 {
      rest /= 10
      digits &+= 1
    }
    let count = digits &+ (value < 0 ? 1 : 0)
    try prepare(count, max: 127)
    let data = writer.data.unsafelyUnwrapped
    rest = value.magnitude
    var position = writer.pos &+ count
    for _ in 0..<digits {
      position &-= 1
      apus_str_write(writer.kind, data, position, 48 &+ UInt32(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    if value < 0 { apus_str_write(writer.kind, data, writer.pos, 45) }
    writer.pos &+= count
  }

  /// A number as Numerics laid it out.
  mutating func append(_ number: borrowing FormattedNumber) throws(Raised) {
    let count = number.count
    if count == 0 { return }
    try prepare(count, max: number.maxCodePoint)
    let place = writer.data.unsafelyUnwrapped + writer.pos * Int(writer.kind)
    switch writer.kind {
    case 1: number.write(into: place.as(UInt8.self))
    case 2: number.write(into: place.as(UInt16.self))
    default: number.write(into: place.as(UInt32.self))
    }
    writer.pos &+= count
  }

  /// The text as a Swift string of ASCII or more.
  mutating func append(_ text: String) throws(Raised) {
    for scalar in text.unicodeScalars { try append(scalar.value) }
  }

  /// Valid UTF-8 bytes that `UTF8Coding.scan` measured.
  mutating func append(utf8 bytes: UnsafePointer<UInt8>, _ scan: UTF8Coding.Scan) throws(Raised) {
    if scan.points == 0 { return }
    try prepare(scan.points, max: Swift.min(Swift.max(scan.union, 127), 0x10FFFF))
    UTF8Coding.decode(
      bytes, scan.bytes, into: writer.data.unsafelyUnwrapped + writer.pos * Int(writer.kind),
      width: Int(writer.kind))
    writer.pos &+= scan.points
  }

  /// The finished text.
  consuming func finish() throws(Raised) -> Owned {
    let result = _PyUnicodeWriter_Finish(&writer)
    return try own(result)
  }
}

@c @implementation
public func _PyUnicodeWriter_Init(_ writer: UnsafeMutablePointer<_PyUnicodeWriter>) {
  writer.initialize(to: _PyUnicodeWriter())
}

/// Brings the fields that describe the buffer up to date.
private func update(_ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ buffer: Ref) {
  let text = PyUnicode(buffer)
  writer.pointee.buffer = buffer
  writer.pointee.maxchar = text.limit
  writer.pointee.data = text.data
  if writer.pointee.readonly == 0 {
    writer.pointee.kind = Int32(truncatingIfNeeded: text.kind)
    writer.pointee.size = text.count
  } else {
    // A kind of 0 makes the next write copy the buffer.
    writer.pointee.kind = 0
    writer.pointee.size = 0
  }
}

@c @implementation
public func _PyUnicodeWriter_PrepareInternal(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ length: Int, _ maximum: Py_UCS4
) -> Int32 {
  status {
    let (needed, overflow) = writer.pointee.pos.addingReportingOverflow(length)
    if overflow { throw raiseNoMemory() }
    let maximum = Swift.max(maximum, writer.pointee.min_char)
    var size = needed
    if writer.pointee.overallocate != 0 && size <= Int.max - size / 4 { size += size / 4 }
    if size < writer.pointee.min_length { size = writer.pointee.min_length }
    guard let old = writer.pointee.buffer else {
      update(writer, try PyUnicode.make(size, max: maximum).give())
      return
    }
    if needed > writer.pointee.size {
      if maximum > writer.pointee.maxchar || writer.pointee.readonly != 0 {
        try widen(writer, old, size, Swift.max(maximum, writer.pointee.maxchar))
      } else {
        var moved = old
        try PyUnicode.resize(&moved, to: size)
        update(writer, moved)
      }
    } else if maximum > writer.pointee.maxchar {
      try widen(writer, old, writer.pointee.size, maximum)
    }
  }
}

private func widen(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ old: Ref, _ size: Int, _ maximum: UInt32
) throws(Raised) {
  let fresh = try PyUnicode.make(size, max: maximum)
  PyUnicode(fresh.ref).copy(PyUnicode(old), writer.pointee.pos, at: 0)
  writer.pointee.readonly = 0
  update(writer, fresh.give())
  Py_DECREF(old)
}

@c @implementation
public func _PyUnicodeWriter_PrepareKindInternal(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ kind: Int32
) -> Int32 {
  _PyUnicodeWriter_PrepareInternal(writer, 0, PyUnicode.limit(ofKind: Int(kind)))
}

private func prepare(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ length: Int, _ maximum: UInt32
) -> Int32 {
  if maximum <= writer.pointee.maxchar && length <= writer.pointee.size &- writer.pointee.pos {
    return 0
  }
  return length == 0 ? 0 : _PyUnicodeWriter_PrepareInternal(writer, length, maximum)
}

@c @implementation
public func _PyUnicodeWriter_WriteChar(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ value: Py_UCS4
) -> Int32 {
  if prepare(writer, 1, value) < 0 { return -1 }
  apus_str_write(writer.pointee.kind, writer.pointee.data.unsafelyUnwrapped, writer.pointee.pos, value)
  writer.pointee.pos &+= 1
  return 0
}

@c @implementation
public func _PyUnicodeWriter_WriteStr(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ object: Ref
) -> Int32 {
  let text = PyUnicode(object)
  let count = text.count
  if count == 0 { return 0 }
  let maximum = text.limit
  if maximum > writer.pointee.maxchar || count > writer.pointee.size &- writer.pointee.pos {
    if writer.pointee.buffer == nil && writer.pointee.overallocate == 0 && object.isExactStr {
      // The only piece so far: the text itself becomes the result unless more follows.
      writer.pointee.readonly = 1
      Py_INCREF(object)
      update(writer, object)
      writer.pointee.pos = count
      return 0
    }
    if _PyUnicodeWriter_PrepareInternal(writer, count, maximum) < 0 { return -1 }
  }
  let kind = Int(writer.pointee.kind)
  CodeUnits.copy(
    text.data, width: text.kind,
    to: writer.pointee.data.unsafelyUnwrapped + writer.pointee.pos * kind, width: kind, count)
  writer.pointee.pos &+= count
  return 0
}

@c @implementation
public func _PyUnicodeWriter_WriteSubstring(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ object: Ref, _ start: Int, _ end: Int
) -> Int32 {
  let text = PyUnicode(object)
  if start == 0 && end == text.count { return _PyUnicodeWriter_WriteStr(writer, object) }
  if end <= start { return 0 }
  if prepare(writer, end - start, text.limit(from: start, to: end)) < 0 { return -1 }
  let kind = Int(writer.pointee.kind)
  CodeUnits.copy(
    text.data + start * text.kind, width: text.kind,
    to: writer.pointee.data.unsafelyUnwrapped + writer.pointee.pos * kind, width: kind, end - start)
  writer.pointee.pos &+= end - start
  return 0
}

@c @implementation
public func _PyUnicodeWriter_WriteASCIIString(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ text: UnsafePointer<CChar>, _ length: Int
) -> Int32 {
  write(writer, UnsafeRawPointer(text), length < 0 ? strlen(text) : length, 127)
}

@c @implementation
public func _PyUnicodeWriter_WriteLatin1String(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ text: UnsafePointer<CChar>, _ length: Int
) -> Int32 {
  let high = CodeUnits.union(UnsafeRawPointer(text).as(UInt8.self), length) >= 128
  return write(writer, UnsafeRawPointer(text), length, high ? 255 : 127)
}

private func write(
  _ writer: UnsafeMutablePointer<_PyUnicodeWriter>, _ bytes: UnsafeRawPointer, _ length: Int,
  _ maximum: UInt32
) -> Int32 {
  if length == 0 { return 0 }
  if prepare(writer, length, maximum) < 0 { return -1 }
  let kind = Int(writer.pointee.kind)
  CodeUnits.copy(
    bytes, width: 1, to: writer.pointee.data.unsafelyUnwrapped + writer.pointee.pos * kind,
    width: kind, length)
  writer.pointee.pos &+= length
  return 0
}

@c @implementation
public func _PyUnicodeWriter_Finish(_ writer: UnsafeMutablePointer<_PyUnicodeWriter>) -> Ref? {
  guard var object = writer.pointee.buffer else { return apus_str_empty() }
  writer.pointee.buffer = nil
  if writer.pointee.readonly != 0 { return object }
  let count = writer.pointee.pos
  if count <= 1 {
    // The texts of at most one code point below 256 exist once.
    if count == 0 || PyUnicode(object)[0] < 256 {
      let known =
        count == 0
        ? apus_str_empty() : apus_str_of_latin1(UInt8(truncatingIfNeeded: PyUnicode(object)[0]))
      Py_DECREF(object)
      return known
    }
  }
  if PyUnicode(object).count != count {
    do { try PyUnicode.resize(&object, to: count) } catch {
      Py_DECREF(object)
      return nil
    }
  }
  return object
}

@c @implementation
public func _PyUnicodeWriter_Dealloc(_ writer: UnsafeMutablePointer<_PyUnicodeWriter>) {
  let buffer = writer.pointee.buffer
  writer.pointee.buffer = nil
  Py_XDECREF(buffer)
}
