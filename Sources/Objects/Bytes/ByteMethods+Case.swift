import CPythonABI
import Glibc

/// ASCII case and character classes, padding, translation.
extension ByteMethods {
  @inline(__always) private static func isUpper(_ byte: UInt8) -> Bool { byte &- 65 < 26 }
  @inline(__always) private static func isLower(_ byte: UInt8) -> Bool { byte &- 97 < 26 }
  @inline(__always) private static func isAlpha(_ byte: UInt8) -> Bool { (byte | 32) &- 97 < 26 }
  @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// A new object with every byte mapped.
  @inline(__always)
  private static func map(
    _ object: Ref, _ transform: (UInt8, Int) -> UInt8
  ) throws(Raised) -> Owned {
    let view = ByteView(object)
    if object.isBytes && view.count <= 1 {
      return view.count == 0
        ? PyBytes.empty : Owned(adopting: apus_bytes_of(transform(view[0], 0)))
    }
    let (result, target) = try make(like: object, view.count)
    for index in 0..<view.count { target[index] = transform(view[index], index) }
    return Owned(adopting: result)
  }

  static let upper: Method = .noargs("upper($self, /)", "The content with ASCII letters in upper case.") {
    object, _ in
    new { try map(object) { byte, _ in PyUnicode.asciiUpper(byte) } }
  }
  static let lower: Method = .noargs("lower($self, /)", "The content with ASCII letters in lower case.") {
    object, _ in
    new { try map(object) { byte, _ in PyUnicode.asciiLower(byte) } }
  }
  static let swapcase: Method = .noargs(
    "swapcase($self, /)", "The content with upper and lower case exchanged."
  ) { object, _ in
    new { try map(object) { byte, _ in isAlpha(byte) ? byte ^ 32 : byte } }
  }
  static let capitalize: Method = .noargs(
    "capitalize($self, /)", "The content with its first byte in upper case and the rest in lower."
  ) { object, _ in
    new {
      try map(object) { byte, index in
        index == 0 ? PyUnicode.asciiUpper(byte) : PyUnicode.asciiLower(byte)
      }
    }
  }
  static let title: Method = .noargs(
    "title($self, /)", "The content with every word in lower case but for its first letter."
  ) { object, _ in
    new {
      var inWord = false
      return try map(object) { byte, _ in
        let result = inWord ? PyUnicode.asciiLower(byte) : PyUnicode.asciiUpper(byte)
        inWord = isAlpha(byte)
        return result
      }
    }
  }

  /// Whether the content is not empty and every byte passes.
  @inline(__always)
  private static func all(_ object: Ref, _ test: (UInt8) -> Bool) -> Ref {
    let view = ByteView(object)
    for index in 0..<view.count where !test(view[index]) { return falseObject() }
    return boolObject(view.count > 0)
  }

  static let isalnum: Method = .noargs(
    "isalnum($self, /)", "Whether the content is not empty and all ASCII letters or digits."
  ) { object, _ in all(object) { isAlpha($0) || isDigit($0) } }
  static let isalpha: Method = .noargs(
    "isalpha($self, /)", "Whether the content is not empty and all ASCII letters."
  ) { object, _ in all(object) { isAlpha($0) } }
  static let isdigit: Method = .noargs(
    "isdigit($self, /)", "Whether the content is not empty and all ASCII digits."
  ) { object, _ in all(object) { isDigit($0) } }
  static let isspace: Method = .noargs(
    "isspace($self, /)", "Whether the content is not empty and all ASCII white space."
  ) { object, _ in all(object) { ByteView.isSpace($0) } }
  static let isascii: Method = .noargs(
    "isascii($self, /)", "Whether every byte is below 128; true of empty content."
  ) { object, _ in
    let view = ByteView(object)
    return boolObject(CodeUnits.asciiPrefix(view.base, view.count) == view.count)
  }
  static let islower: Method = .noargs(
    "islower($self, /)", "Whether there are ASCII letters and all of them are lower case."
  ) { object, _ in
    let view = ByteView(object)
    var found = false
    for index in 0..<view.count {
      if isUpper(view[index]) { return falseObject() }
      if isLower(view[index]) { found = true }
    }
    return boolObject(found)
  }
  static let isupper: Method = .noargs(
    "isupper($self, /)", "Whether there are ASCII letters and all of them are upper case."
  ) { object, _ in
    let view = ByteView(object)
    var found = false
    for index in 0..<view.count {
      if isLower(view[index]) { return falseObject() }
      if isUpper(view[index]) { found = true }
    }
    return boolObject(found)
  }
  static let istitle: Method = .noargs(
    "istitle($self, /)",
    "Whether upper case follows only other bytes than letters, and lower case only letters."
  ) { object, _ in
    let view = ByteView(object)
    var found = false
    var inWord = false
    for index in 0..<view.count {
      let byte = view[index]
      if isUpper(byte) {
        if inWord { return falseObject() }
        inWord = true
        found = true
      } else if isLower(byte) {
        if !inWord { return falseObject() }
        found = true
      } else {
        inWord = false
      }
    }
    return boolObject(found)
  }

  // MARK: Padding

  private static func padded(
    _ object: Ref, _ left: Int, _ right: Int, _ fill: UInt8
  ) throws(Raised) -> Owned {
    let view = ByteView(object)
    if left <= 0 && right <= 0 { return try unchanged(object) }
    let (sum, overflow) = left.addingReportingOverflow(right)
    let (size, tooLong) = sum.addingReportingOverflow(view.count)
    if overflow || tooLong { throw raise(.overflowError, "padded bytes are too long") }
    let (result, target) = try make(like: object, size)
    memset(target, Int32(fill), left)
    memcpy(target + left, view.base, view.count)
    memset(target + left + view.count, Int32(fill), right)
    return Owned(adopting: result)
  }

  private static func padding(
    _ method: Method, _ name: String, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> (width: Int, fill: UInt8) {
    let a = try Arguments(method, args, count)
    let width = try a.index(0)
    guard let fill = a[1] else { return (width, 32) }
    guard fill.isBytes || fill.isInstance(of: byteArrayType()), apus_var_size(fill) == 1 else {
      throw raise(
        .typeError,
        "\(name)() argument 2 must be a byte string of length 1, not "
          + (fill.isNone ? "None" : fill.type.fullName))
    }
    return (width, ByteView(fill)[0])
  }

  static let center: Method = .fast(
    "center($self, width, fillchar=b' ', /)",
    "The content in the middle of a field of the given width."
  ) { object, args, count in
    new {
      let (width, fill) = try padding(center, "center", args, count)
      let size = ByteView(object).count
      if width <= size { return try unchanged(object) }
      let space = width - size
      let left = space / 2 + (space & width & 1)
      return try padded(object, left, space - left, fill)
    }
  }

  static let ljust: Method = .fast(
    "ljust($self, width, fillchar=b' ', /)",
    "The content at the left of a field of the given width."
  ) { object, args, count in
    new {
      let (width, fill) = try padding(ljust, "ljust", args, count)
      let size = ByteView(object).count
      return try padded(object, 0, width <= size ? 0 : width - size, fill)
    }
  }

  static let rjust: Method = .fast(
    "rjust($self, width, fillchar=b' ', /)",
    "The content at the right of a field of the given width."
  ) { object, args, count in
    new {
      let (width, fill) = try padding(rjust, "rjust", args, count)
      let size = ByteView(object).count
      return try padded(object, width <= size ? 0 : width - size, 0, fill)
    }
  }

  static let zfill: Method = .o(
    "zfill($self, width, /)",
    "The content padded with zeros at its left, behind a sign if it has one."
  ) { object, width in
    new {
      let width = try PyUnicode.Methods.index(width)
      let view = ByteView(object)
      if view.count >= width { return try unchanged(object) }
      let zeros = width - view.count
      let result = try padded(object, zeros, 0, 48)
      if view.count > 0 && (view[0] == 43 || view[0] == 45) {
        let target = UnsafeMutablePointer(mutating: ByteView(result.ref).base)
        target[0] = view[0]
        target[zeros] = 48
      }
      return result
    }
  }

  static let expandtabs: Method = .keywords(
    "expandtabs($self, /, tabsize=8)",
    "The content with tabs replaced by spaces up to the next multiple of tabsize columns."
  ) { object, args, count, names in
    new {
      let a = try Arguments(expandtabs, args, count, names)
      let size = Int(try a.int32(0, default: 8))
      let view = ByteView(object)
      var writer = try ByteWriter(capacity: view.count)
      var column = 0
      for index in 0..<view.count {
        let byte = view[index]
        if byte == 9 {
          if size > 0 {
            let spaces = size - column % size
            memset(try writer.extend(by: spaces), 32, spaces)
            column += spaces
          }
        } else {
          try writer.append(byte)
          column = byte == 10 || byte == 13 ? 0 : column + 1
        }
      }
      let result = try writer.finish()
      return object.isBytes ? result : try make(like: object, ByteView(result.ref))
    }
  }

  // MARK: Translation

  static let translate: Method = .keywords(
    "translate($self, table, /, delete=b'')",
    "A copy without the bytes in delete, the others mapped by a table of 256 bytes (or None)."
  ) { object, args, count, names in
    new {
      let a = try Arguments(translate, args, count, names)
      var map = InlineArray<256, UInt8>(repeating: 0)
      for byte in 0..<256 { map[byte] = UInt8(byte) }
      if let table = a.optional(0) {
        let hold = try ByteBuffer(table)
        if hold.count != 256 {
          throw raise(.valueError, "translation table must be 256 characters long")
        }
        for byte in 0..<256 { map[byte] = hold.base[byte] }
      }
      var deleted = InlineArray<256, Bool>(repeating: false)
      var deletes = false
      if let set = a[1] {
        let hold = try ByteBuffer(set)
        for index in 0..<hold.count { deleted[Int(hold.base[index])] = true }
        deletes = hold.count > 0
      }
      let view = ByteView(object)
      var size = view.count
      if deletes {
        for index in 0..<view.count where deleted[Int(view[index])] { size -= 1 }
      }
      var changed = size != view.count
      for index in 0..<view.count where map[Int(view[index])] != view[index] { changed = true }
      if !changed { return try unchanged(object) }
      let (result, target) = try make(like: object, size)
      if object.isBytes && size == 1 {
        Py_DECREF(result)
        for index in 0..<view.count where !deleted[Int(view[index])] {
          return Owned(adopting: apus_bytes_of(map[Int(view[index])]))
        }
      }
      var position = 0
      for index in 0..<view.count where !deleted[Int(view[index])] {
        target[position] = map[Int(view[index])]
        position += 1
      }
      return Owned(adopting: result)
    }
  }

  static let maketrans: Method = Method.fast(
    "maketrans(frm, to, /)",
    "A table for translate() that maps each byte of frm to the one of to at its place."
  ) { _, args, count in
    new {
      try checkPositional("maketrans", count, least: 2, most: 2)
      let from = try ByteBuffer(args.unsafelyUnwrapped[0])
      let to = try ByteBuffer(args.unsafelyUnwrapped[1])
      if from.count != to.count {
        throw raise(.valueError, "maketrans arguments must have same length")
      }
      let table = try PyBytes.make(256)
      let data = PyBytes(table.ref).data
      for byte in 0..<256 { data[byte] = UInt8(byte) }
      for index in 0..<from.count { data[Int(from.base[index])] = to.base[index] }
      return table
    }
  }.staticMethod
}
