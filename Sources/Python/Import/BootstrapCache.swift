import CPythonABI
import Glibc
import Objects

/// Code of the bootstrap files, kept in the library's `__pycache__`, or, when that is not writable,
/// in the user's cache folder. A file is 8 bytes of format, the source's modification time in
/// nanoseconds and its size, and the marshalled code. Anything wrong with it means compiling again.
enum BootstrapCache {
  /// Changes with the code layout; the last byte counts.
  private static let format: [UInt8] = Array("apusbc\0".utf8) + [1]
  private static let headerSize = 24

  static func code(of path: String, shown: String) throws(Raised) -> Owned {
    var status = stat()
    let known = stat(path, &status) == 0
    let header = known ? header(status) : []
    let files = known ? candidates(path) : []
    for file in files {
      if let code = load(file, header) { return code }
    }
    guard let source = SourceFile.read(path) else {
      throw raise(.importError, "can't read \(path)")
    }
    let fileName = try own(newString(shown))
    let request = Compilation.Request(fileName: fileName.ref)
    let code = try Compilation.compile(source, request)
    if isWritingAllowed, let content = try? MarshalWriter.bytes(code.ref) {
      for file in files where store(header + content, file) { break }
    }
    PyErr_Clear()
    return code
  }

  nonisolated(unsafe) static var isWritingAllowed = true

  private static func header(_ status: stat) -> [UInt8] {
    var result = format
    let time = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    withUnsafeBytes(of: time.littleEndian) { result += $0 }
    withUnsafeBytes(of: Int64(status.st_size).littleEndian) { result += $0 }
    return result
  }

  /// Where the code of a source may lie: `dir/__pycache__/name.apus-313-boot.pyc`, then the user's.
  private static func candidates(_ path: String) -> [String] {
    // The classic dialect is for comparing code, not for speed.
    if Compilation.dialect != .current { return [] }
    guard let slash = path.lastIndex(of: "/") else { return [] }
    let folder = String(path[..<slash])
    var name = String(path[path.index(after: slash)...])
    if name.hasSuffix(".py") { name.removeLast(3) }
    name += ".apus-313-boot"
    if Compilation.optimizeLevel > 0 { name += ".opt-\(Compilation.optimizeLevel)" }
    name += ".pyc"
    var result = ["\(folder)/__pycache__/\(name)"]
    if let cache = userCache() {
      // One folder for all libraries: the path is part of the name.
      let flat = folder.split(separator: "/").joined(separator: "%")
      result.append("\(cache)/apus/\(flat)%\(name)")
    }
    return result
  }

  private static func userCache() -> String? {
    if let given = getenv("XDG_CACHE_HOME"), given.pointee == CChar(UInt8(ascii: "/")) {
      return String(cString: given)
    }
    guard let home = getenv("HOME"), home.pointee == CChar(UInt8(ascii: "/")) else { return nil }
    return String(cString: home) + "/.cache"
  }

  private static func load(_ file: String, _ header: [UInt8]) -> Owned? {
    guard let content = SourceFile.read(file), content.count > headerSize,
      content.starts(with: header)
    else { return nil }
    let code = content.withUnsafeBufferPointer { bytes in
      new { try MarshalReader.load(UnsafeBufferPointer(rebasing: bytes[headerSize...])) }
    }
    guard let code else {
      PyErr_Clear()
      return nil
    }
    if code.type != codeType() {
      Py_DECREF(code)
      return nil
    }
    return Owned(adopting: code)
  }

  /// Writes a new file beside the old one and renames it, so that no reader sees half a file.
  private static func store(_ content: [UInt8], _ file: String) -> Bool {
    guard let slash = file.lastIndex(of: "/") else { return false }
    let folder = String(file[..<slash])
    if mkdir(folder, 0o777) != 0 && errno != EEXIST {
      guard errno == ENOENT, let above = folder.lastIndex(of: "/"),
        mkdir(String(folder[..<above]), 0o700) == 0, mkdir(folder, 0o700) == 0
      else { return false }
    }
    let temporary = "\(file).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 { return false }
    let complete = content.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        offset += count
      }
      return true
    }
    let closed = close(descriptor) == 0
    if complete && closed && rename(temporary, file) == 0 { return true }
    unlink(temporary)
    return false
  }
}
