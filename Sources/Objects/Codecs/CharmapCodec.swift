import CPythonABI
import Glibc

/// Codecs given by a mapping: a str (decoding), an EncodingMap (encoding), or any object that is
/// indexed with integers. CPython: Objects/unicodeobject.c, PyUnicode_DecodeCharmap and following.
public enum CharmapCodec {
  private static var undefined: StaticString { "character maps to <undefined>" }

  // MARK: Decoding

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, mapping: Ref?, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let mapping else { return try TextDecoding.latin1(bytes, count) }
    var run = DecodingRun(bytes, count, "charmap", errors)
    var position = 0
    while position < run.count {
      let byte = run.bytes[position]
      if mapping.isExactStr {
        let table = PyUnicode(mapping)
        if Int(byte) < table.count {
          let value = table[Int(byte)]
          if value != 0xFFFE {
            run.output.append(value)
            position += 1
            continue
          }
        }
      } else if try append(byte, mapping, to: &run) {
        position += 1
        continue
      }
      position = try run.fail(position, position + 1, undefined)
    }
    return try run.finish()
  }

  /// Appends what an object maps a byte to; false when it is undefined.
  private static func append(
    _ byte: UInt8, _ mapping: Ref, to run: inout DecodingRun
  ) throws(Raised) -> Bool {
    guard let found = PyObject_GetItem(mapping, apus_small_int(Int(byte))) else {
      if PyErr_ExceptionMatches(.lookupError) == 0 { throw Raised() }
      PyErr_Clear()
      return false
    }
    let item = Owned(adopting: found)
    if item.ref.isNone { return false }
    if item.ref.isInt {
      let value = PyLong_AsLong(item.ref)
      if value == 0xFFFE { return false }
      if hasRaised() || value < 0 || value > 0x10FFFF {
        PyErr_Clear()
        throw raise(.typeError, "character mapping must be in range(0x110000)")
      }
      run.output.append(UInt32(truncatingIfNeeded: value))
      return true
    }
    if item.ref.isStr {
      let text = PyUnicode(item.ref)
      if text.count == 1 && text[0] == 0xFFFE { return false }
      for index in 0..<text.count { run.output.append(text[index]) }
      return true
    }
    throw raise(.typeError, "character mapping must return integer, None or str")
  }

  // MARK: Encoding

  /// Appends what a code point maps to; false when it is undefined.
  private static func append(
    _ value: UInt32, _ mapping: Ref, to output: inout ByteWriter
  ) throws(Raised) -> Bool {
    if mapping.type == encodingMapType() {
      guard let byte = EncodingMap(mapping)[value] else { return false }
      try output.append(byte)
      return true
    }
    let key = try own(PyLong_FromLong(Int(value)))
    guard let found = PyObject_GetItem(mapping, key.ref) else {
      if PyErr_ExceptionMatches(.lookupError) == 0 { throw Raised() }
      PyErr_Clear()
      return false
    }
    let item = Owned(adopting: found)
    if item.ref.isNone { return false }
    if item.ref.isInt {
      let number = PyLong_AsLong(item.ref)
      guard !hasRaised(), let byte = UInt8(exactly: number) else {
        PyErr_Clear()
        throw raise(.typeError, "character mapping must be in range(256)")
      }
      try output.append(byte)
      return true
    }
    if item.ref.isBytes {
      try output.append(UnsafePointer(apus_bytes_data(item.ref)), apus_var_size(item.ref))
      return true
    }
    throw raise(
      .typeError,
      "character mapping must return integer, bytes or None, not \(item.ref.type.fullName)")
  }

  public static func encode(
    _ text: Ref, mapping: Ref?, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let mapping else { return try TextEncoding.narrow(text, limit: 256, errors: errors) }
    let view = PyUnicode(text)
    var output = try ByteWriter(capacity: view.count)
    var handling = EncodingErrors(text, "charmap", errors)
    var index = 0
    while index < view.count {
      if try append(view[index], mapping, to: &output) {
        index += 1
        continue
      }
      // The run of characters that do not map.
      var end = index + 1
      var probe = try ByteWriter(capacity: 16)
      while end < view.count {
        if try append(view[end], mapping, to: &probe) { break }
        end += 1
      }
      switch handling.kind {
      case .strict: throw handling.strict(index, end, undefined)
      case .ignore: index = end
      case .replace:
        for _ in index..<end {
          if try !append(63, mapping, to: &output) { throw handling.strict(index, end, undefined) }
        }
        index = end
      case .xmlCharRefReplace:
        for position in index..<end {
          for character in "&#\(view[position]);".utf8 {
            if try !append(UInt32(character), mapping, to: &output) {
              throw handling.strict(index, end, undefined)
            }
          }
        }
        index = end
      default:
        let answer = try handling.ask(index, end, undefined)
        if answer.replacement.ref.isBytes {
          try output.append(
            UnsafePointer(apus_bytes_data(answer.replacement.ref)),
            apus_var_size(answer.replacement.ref))
        } else {
          let replacement = PyUnicode(answer.replacement.ref)
          for position in 0..<replacement.count {
            if try !append(replacement[position], mapping, to: &output) {
              throw handling.strict(index, end, undefined)
            }
          }
        }
        index = answer.position
      }
    }
    return try output.finish()
  }
}

/// The inverse of a decoding table: three levels of blocks, found by bits 11-15, 7-10 and 0-6 of a
/// code point. The blocks of the levels below the first follow the object's fields.
///
/// ```
/// | header 16 | level 1: 32 bytes | count2 | count3 | level 2: count2 x 16 | level 3: count3 x 128 |
/// ```
struct EncodingMap {
  let ref: Ref

  init(_ ref: Ref) { self.ref = ref }

  static let first = 16
  static let counts = 48
  static let blocks = 56

  private var base: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(ref).as(UInt8.self)
  }
  private var count2: Int { Int(UnsafeMutableRawPointer(ref).load(fromByteOffset: Self.counts, as: Int32.self)) }
  private var count3: Int { Int(UnsafeMutableRawPointer(ref).load(fromByteOffset: Self.counts + 4, as: Int32.self)) }

  /// The byte of a code point.
  subscript(value: UInt32) -> UInt8? {
    if value > 0xFFFF { return nil }
    if value == 0 { return 0 }
    let block = base[Self.first + Int(value >> 11)]
    if block == 0xFF { return nil }
    let last = base[Self.blocks + 16 * Int(block) + Int(value >> 7 & 15)]
    if last == 0xFF { return nil }
    let byte = base[Self.blocks + 16 * count2 + 128 * Int(last) + Int(value & 127)]
    return byte == 0 ? nil : byte
  }

  /// Bytes of the object.
  var memorySize: Int { 64 + 16 * count2 + 128 * count3 - 1 }

  /// An EncodingMap for a decoding table, or a dict when the table does not fit that form.
  static func make(_ table: Ref) throws(Raised) -> Owned {
    guard table.isStr, PyUnicode(table).count > 0 else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    let text = PyUnicode(table)
    let count = Swift.min(text.count, 256)
    var blocks2 = InlineArray<512, UInt8>(repeating: 0xFF)
    var blocks1 = InlineArray<32, UInt8>(repeating: 0xFF)
    var count2 = 0
    var count3 = 0
    var fits = text[0] == 0
    for index in 1..<Swift.max(count, 1) where fits {
      let value = text[index]
      if value == 0 || value > 0xFFFF {
        fits = false
        break
      }
      if value == 0xFFFE { continue }
      if blocks1[Int(value >> 11)] == 0xFF {
        blocks1[Int(value >> 11)] = UInt8(truncatingIfNeeded: count2)
        count2 += 1
      }
      if blocks2[Int(value >> 7)] == 0xFF {
        blocks2[Int(value >> 7)] = UInt8(truncatingIfNeeded: count3)
        count3 += 1
      }
      if count2 >= 0xFF || count3 >= 0xFF { fits = false }
    }
    if !fits {
      let dict = try own(PyDict_New())
      for index in 0..<count {
        let key = try own(PyLong_FromLong(Int(text[index])))
        try check(PyDict_SetItem(dict.ref, key.ref, apus_small_int(index)))
      }
      return dict
    }
    let size = blocks + 16 * count2 + 128 * count3
    guard let memory = PyObject_Malloc(size) else { throw raiseNoMemory() }
    memset(memory, 0, size)
    let result = Owned(adopting: memory.as(PyObject.self))
    result.ref.pointee.ob_refcnt = 1
    result.ref.pointee.ob_type = encodingMapType()
    memory.storeBytes(of: Int32(count2), toByteOffset: counts, as: Int32.self)
    memory.storeBytes(of: Int32(count3), toByteOffset: counts + 4, as: Int32.self)
    let bytes = memory.as(UInt8.self)
    for index in 0..<32 { bytes[first + index] = blocks1[index] }
    memset(bytes + blocks, 0xFF, 16 * count2)
    // Blocks of the last level are numbered again in the order in which they are reached.
    var next = 0
    for index in 1..<Swift.max(count, 1) {
      let value = text[index]
      if value == 0xFFFE { continue }
      let slot = blocks + 16 * Int(bytes[first + Int(value >> 11)]) + Int(value >> 7 & 15)
      if bytes[slot] == 0xFF {
        bytes[slot] = UInt8(truncatingIfNeeded: next)
        next += 1
      }
      bytes[blocks + 16 * count2 + 128 * Int(bytes[slot]) + Int(value & 127)] =
        UInt8(truncatingIfNeeded: index)
    }
    return result
  }

  static let size: Method = .noargs("size", "The bytes of memory the map takes.") { map, _ in
    PyLong_FromSsize_t(EncodingMap(map).memorySize)
  }

  static let spec = TypeSpec(
    encodingMapType(), "EncodingMap", basicSize: 64, base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_getattro(PyObject_GenericGetAttr),
    ],
    methods: [size])
}

// MARK: C API

@c @implementation
public func PyUnicode_DecodeCharmap(
  _ text: UnsafePointer<CChar>, _ size: Int, _ mapping: Ref?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  if size == 0 { return apus_str_empty() }
  return new {
    try CharmapCodec.decode(buffer(text), size, mapping: mapping, errors: errors)
  }
}

@c @implementation
public func PyUnicode_AsCharmapString(_ text: Ref, _ mapping: Ref?) -> Ref? {
  guard text.isStr, let mapping else {
    _ = PyErr_BadArgument()
    return nil
  }
  return new { try CharmapCodec.encode(text, mapping: mapping, errors: nil) }
}

@c @implementation
public func PyUnicode_BuildEncodingMap(_ text: Ref) -> Ref? { new { try EncodingMap.make(text) } }
