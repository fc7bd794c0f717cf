import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Paths as text: what `os.path` leaves to native code.
enum PathText {
  static let methods: [Method] = [fspath, normalize, splitRoot]

  static let fspath: Method = .keywords(
    "fspath($module, /, path)",
    "Return the file system path representation of the object: str, bytes or what __fspath__ gives."
  ) { _, args, count, names in
    new {
      let a = try Arguments(fspath, args, count, names)
      return try own(PyOS_FSPath(a.object(0)))
    }
  }

  /// Runs `body` on the bytes of a path; a str is seen as UTF-8 with lone surrogates kept apart.
  private static func withBytes(
    _ object: Ref, _ function: StaticString,
    _ body: (UnsafeBufferPointer<UInt8>, borrowing PathArgument) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    let path = try PathArgument(object, function, "path", .anyBytes)
    let start = UnsafeRawPointer(path.bytes).assumingMemoryBound(to: UInt8.self)
    return try body(UnsafeBufferPointer(start: start, count: path.count), path)
  }

  private static func piece(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ path: borrowing PathArgument
  ) throws(Raised) -> Owned {
    guard let base = bytes.baseAddress else { return try path.result(cString(""), 0) }
    return try path.result(
      UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self), range.count)
  }

  /// How many bytes the root ("/", or "//" when exactly two) has.
  private static func rootCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard bytes.count > 0, bytes[0] == 0x2F else { return 0 }
    if bytes.count > 1 && bytes[1] == 0x2F && !(bytes.count > 2 && bytes[2] == 0x2F) { return 2 }
    return 1
  }

  static let splitRoot: Method = .keywords(
    "_path_splitroot_ex($module, /, path)",
    "Split a pathname into drive, root and tail. The tail has everything after the root."
  ) { _, args, count, names in
    new {
      let a = try Arguments(splitRoot, args, count, names)
      let given = try own(PyOS_FSPath(a.object(0)))
      if given.ref.isStr { return try split(str: given.ref) }
      return try withBytes(a.object(0), "_path_splitroot_ex") { bytes, path throws(Raised) in
        let root = rootCount(bytes)
        return try tuple(
          piece(bytes, 0..<0, path), piece(bytes, 0..<root, path),
          piece(bytes, root..<bytes.count, path))
      }
    }
  }

  /// A str is split as it is: what cannot be encoded is no concern here.
  private static func split(str path: Ref) throws(Raised) -> Owned {
    let (kind, data, count) = (apus_str_kind(path), apus_str_data(path), apus_str_length(path))
    var slashes = 0
    while slashes < count && slashes < 3 && apus_str_read(kind, data, slashes) == 0x2F {
      slashes += 1
    }
    let root = slashes == 3 ? 1 : slashes
    return try tuple(
      own(PyUnicode_New(0, 0)), own(PyUnicode_Substring(path, 0, root)),
      own(PyUnicode_Substring(path, root, count)))
  }

  static let normalize: Method = .keywords(
    "_path_normpath($module, /, path)", "Normalize path, eliminating double slashes, etc."
  ) { _, args, count, names in
    new {
      let a = try Arguments(normalize, args, count, names)
      let given = try own(PyOS_FSPath(a.object(0)))
      if given.ref.isStr {
        // Lone surrogates that no encoding of file names has pass too.
        let encoded = try own(PyUnicode_AsEncodedString(given.ref, "utf-8", "surrogatepass"))
        let result = normalized(
          UnsafeBufferPointer(start: apus_bytes_data(encoded.ref), count: apus_var_size(encoded.ref)))
        return try own(
          result.withUnsafeBufferPointer { bytes in
            PyUnicode_DecodeUTF8(
              UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
              bytes.count, "surrogatepass")
          })
      }
      return try withBytes(a.object(0), "_path_normpath") { bytes, path throws(Raised) in
        let result = normalized(bytes)
        return try path.result(
          result.map { CChar(bitPattern: $0) }, result.count)
      }
    }
  }

  private static func normalized(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let root = rootCount(bytes)
    var result = [UInt8](repeating: 0x2F, count: root)
    result.reserveCapacity(bytes.count + 1)
    // The names that ".." may remove.
    var depth = 0
    var at = root
    while at < bytes.count {
      var end = at
      while end < bytes.count && bytes[end] != 0x2F { end += 1 }
      let length = end - at
      let isParent = length == 2 && bytes[at] == 0x2E && bytes[at + 1] == 0x2E
      let isSelf = length == 1 && bytes[at] == 0x2E
      if isParent && depth > 0 {
        while result.count > root && result[result.count - 1] != 0x2F { result.removeLast() }
        if result.count > root { result.removeLast() }
        depth -= 1
      } else if length > 0 && !isSelf && !(isParent && root > 0) {
        if result.count > root { result.append(0x2F) }
        result.append(contentsOf: bytes[at..<end])
        if !isParent { depth += 1 }
      }
      at = end + 1
    }
    return result.isEmpty ? [0x2E] : result
  }
}
