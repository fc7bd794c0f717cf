import CPythonABI
import Glibc
import Numerics
import TextCodecs

/// The builtin encoders: str to bytes.
public enum TextEncoding {
  public static func utf8(
    _ text: Ref, errors: UnsafePointer<CChar>? = nil
  ) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    if view.isASCII {
      return try own(PyBytes_FromStringAndSize(view.data.as(CChar.self), view.count))
    }
    if let cached = text.view(PyCompactUnicodeObject.self).pointee.utf8 {
      return try own(
        PyBytes_FromStringAndSize(
          cached, text.view(PyCompactUnicodeObject.self).pointee.utf8_length))
    }
    let size: Int
    let surrogate: Int?
    switch view.kind {
    case 1: (size, surrogate) = UTF8Coding.measure(view.data.as(UInt8.self), view.count)
    case 2: (size, surrogate) = UTF8Coding.measure(view.data.as(UInt16.self), view.count)
    default: (size, surrogate) = UTF8Coding.measure(view.data.as(UInt32.self), view.count)
    }
    if surrogate == nil || ErrorHandler(errors) == .surrogatePass {
      let result = try own(PyBytes_FromStringAndSize(nil, size))
      view.encodeUTF8(into: apus_bytes_data(result.ref))
      return result
    }
    return try utf8(view, surrogate: surrogate ?? 0, size, errors)
  }

  /// UTF-8 of a text with surrogates.
  private static func utf8(
    _ view: PyUnicode, surrogate: Int, _ size: Int, _ errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    var output = try ByteWriter(capacity: size)
    var handling = EncodingErrors(view.ref, "utf-8", errors)
    let reason: StaticString = "surrogates not allowed"
    var index = 0
    while index < view.count {
      let value = view[index]
      if value & 0xFFFF_F800 != 0xD800 {
        try output.reserve(4)
        let width = UTF8Coding.width(value)
        _ = UTF8Coding.write(value, to: try output.extend(by: width))
        index += 1
        continue
      }
      var end = index + 1
      while end < view.count && view[end] & 0xFFFF_F800 == 0xD800 { end += 1 }
      switch handling.kind {
      case .strict: throw handling.strict(index, end, reason)
      case .ignore: index = end
      case .replace:
        while index < end {
          try output.append(63)
          index += 1
        }
      case .surrogateEscape where view[index] >= 0xDC80 && view[index] <= 0xDCFF:
        while index < end && view[index] >= 0xDC80 && view[index] <= 0xDCFF {
          try output.append(UInt8(truncatingIfNeeded: view[index]))
          index += 1
        }
      default:
        let answer = try handling.ask(index, end, reason)
        if answer.replacement.ref.isBytes {
          try output.append(
            UnsafePointer(apus_bytes_data(answer.replacement.ref)),
            apus_var_size(answer.replacement.ref))
        } else {
          let text = PyUnicode(answer.replacement.ref)
          if !text.isASCII { throw handling.strict(index, end, reason) }
          try output.append(UnsafePointer(text.data.as(UInt8.self)), text.count)
        }
        index = answer.position
      }
    }
    return try output.finish()
  }

  /// Latin-1 (`limit` 256) and ASCII (`limit` 128).
  public static func narrow(
    _ text: Ref, limit: UInt32, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    if view.isASCII || limit == 256 && view.kind == 1 {
      return try own(PyBytes_FromStringAndSize(view.data.as(CChar.self), view.count))
    }
    let reason: StaticString =
      limit == 256 ? "ordinal not in range(256)" : "ordinal not in range(128)"
    var output = try ByteWriter(capacity: view.count)
    var handling = EncodingErrors(text, limit == 256 ? "latin-1" : "ascii", errors)
    var index = 0
    while index < view.count {
      let value = view[index]
      if value < limit {
        try output.append(UInt8(truncatingIfNeeded: value))
        index += 1
        continue
      }
      var end = index + 1
      while end < view.count && view[end] >= limit { end += 1 }
      switch handling.kind {
      case .strict: throw handling.strict(index, end, reason)
      case .ignore: index = end
      case .replace:
        while index < end {
          try output.append(63)
          index += 1
        }
      case .surrogateEscape where value >= 0xDC80 && value <= 0xDCFF:
        try output.append(UInt8(truncatingIfNeeded: value))
        index += 1
      case .backslashReplace:
        while index < end {
          let value = view[index]
          let width = value < 0x100 ? 4 : value < 0x10000 ? 6 : 10
          _ = PyUnicode.writeEscape(value, to: try output.extend(by: width))
          index += 1
        }
      case .xmlCharRefReplace:
        while index < end {
          try appendCharacterReference(view[index], to: &output)
          index += 1
        }
      default:
        let answer = try handling.ask(index, end, reason)
        if answer.replacement.ref.isBytes {
          try output.append(
            UnsafePointer(apus_bytes_data(answer.replacement.ref)),
            apus_var_size(answer.replacement.ref))
        } else {
          let text = PyUnicode(answer.replacement.ref)
          for position in 0..<text.count {
            if text[position] >= limit { throw handling.strict(index, end, reason) }
            try output.append(UInt8(truncatingIfNeeded: text[position]))
          }
        }
        index = answer.position
      }
    }
    return try output.finish()
  }

  /// UTF-16 and UTF-32. `order` is negative for little, positive for big endian, 0 for the machine's
  /// with a byte order mark first.
  public static func wide(
    _ text: Ref, unit: Int, order: Int32, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    let points = CodePoints(data: view.data, unit: view.kind, count: view.count)
    let byteOrder: ByteOrder = order > 0 ? .big : .little
    let name: StaticString =
      switch (unit, order) {
      case (2, ..<0): "utf-16-le"
      case (2, 1...): "utf-16-be"
      case (2, _): "utf-16"
      case (_, ..<0): "utf-32-le"
      case (_, 1...): "utf-32-be"
      default: "utf-32"
      }
    var output = TextBuffer(capacity: (view.count + 1) * unit)
    func put(_ value: UInt32, _ output: inout TextBuffer) {
      if unit == 2 {
        UTF16Codec.append(value, byteOrder, into: &output)
      } else {
        UTF32Codec.append(value, byteOrder, into: &output)
      }
    }
    if order == 0 { put(0xFEFF, &output) }
    var handling = EncodingErrors(text, name, errors)
    var position = 0
    encoding: while true {
      let stop =
        unit == 2
        ? UTF16Codec.encode(points, byteOrder, position: &position, into: &output)
        : UTF32Codec.encode(points, byteOrder, position: &position, into: &output)
      switch stop {
      case .done: break encoding
      case .outOfMemory: throw raiseNoMemory()
      case .error(let start, let end, let reason):
        let answer = try handling.ask(start, end, reason)
        let replacement = answer.replacement.ref
        if replacement.isBytes {
          if apus_var_size(replacement) % unit != 0 { throw handling.strict(start, end, reason) }
          output.append(apus_bytes_data(replacement), count: apus_var_size(replacement))
        } else {
          let ascii = PyUnicode(replacement)
          if !ascii.isASCII { throw handling.strict(start, end, reason) }
          for index in 0..<ascii.count { put(ascii[index], &output) }
        }
        position = answer.position
      }
    }
    return try PyBytes.make(output.bytes, output.count)
  }

  /// Runs an encoder of TextCodecs that can encode everything.
  static func total(
    _ text: Ref, _ encode: (CodePoints, inout TextBuffer) -> CodecStop
  ) throws(Raised) -> Owned {
    let view = PyUnicode(text)
    var output = TextBuffer(capacity: view.count)
    _ = encode(CodePoints(data: view.data, unit: view.kind, count: view.count), &output)
    if output.failed { throw raiseNoMemory() }
    return try PyBytes.make(output.bytes, output.count)
  }

  /// UTF-7, which can encode every text.
  public static func utf7(_ text: Ref) throws(Raised) -> Owned {
    try total(text) { UTF7Codec.encode($0, into: &$1) }
  }

  /// "&#1234;"
  static func appendCharacterReference(
    _ value: UInt32, to output: inout ByteWriter
  ) throws(Raised) {
    try output.append("&#")
    var divisor: UInt32 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      try output.append(UInt8(truncatingIfNeeded: 48 + value / divisor % 10))
      divisor /= 10
    }
    try output.append(59)
  }
}

// MARK: C API

@c @implementation
public func PyUnicode_AsUTF8String(_ text: Ref) -> Ref? {
  new {
    guard text.isStr else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    return try TextEncoding.utf8(text)
  }
}

@c @implementation
public func PyUnicode_AsLatin1String(_ text: Ref) -> Ref? {
  new {
    guard text.isStr else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    return try TextEncoding.narrow(text, limit: 256, errors: nil)
  }
}

@c @implementation
public func PyUnicode_AsASCIIString(_ text: Ref) -> Ref? {
  new {
    guard text.isStr else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    return try TextEncoding.narrow(text, limit: 128, errors: nil)
  }
}

@c @implementation
public func PyUnicode_AsUTF16String(_ text: Ref) -> Ref? {
  new {
    try requireStr(text)
    return try TextEncoding.wide(text, unit: 2, order: 0, errors: nil)
  }
}

@c @implementation
public func PyUnicode_AsUTF32String(_ text: Ref) -> Ref? {
  new {
    try requireStr(text)
    return try TextEncoding.wide(text, unit: 4, order: 0, errors: nil)
  }
}

@c @implementation
public func PyUnicode_AsUnicodeEscapeString(_ text: Ref) -> Ref? {
  new {
    try requireStr(text)
    return try TextEncoding.total(text) { EscapeCodec.encode($0, into: &$1) }
  }
}

@c @implementation
public func PyUnicode_AsRawUnicodeEscapeString(_ text: Ref) -> Ref? {
  new {
    try requireStr(text)
    return try TextEncoding.total(text) { EscapeCodec.encodeRaw($0, into: &$1) }
  }
}
