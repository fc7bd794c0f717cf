import CPythonABI
import Glibc
import Objects

/// The modules that importlib treats as part of the program: importlib itself and what nearly every
/// start needs. Their code is not in the binary but in one file (`FrozenCode`), made of the
/// library's sources when it is missing or a source is newer. CPython: Python/frozen.c.
struct FrozenModule {
  let name: StaticString
  /// The module whose source it is; nil when there is none.
  let origin: StaticString?
  var isPackage = false
  /// A package's own code under its `__init__` name.
  var isInit = false

  /// Found whatever `-X frozen_modules` says: nothing can be imported without them.
  var isEssential: Bool { equal(name, "_frozen_importlib") || equal(name, "_frozen_importlib_external") || equal(name, "zipimport") }

  /// What `_imp.find_frozen` reports as the origin.
  var reportedOrigin: String? {
    origin.map { isInit ? "<\($0)" : "\($0)" }
  }

  /// Path of the source inside the library.
  var source: String? {
    guard let origin else { return nil }
    let path = "\(origin)".split(separator: ".").joined(separator: "/")
    let isFolder = isInit || (isPackage && equal(name, origin))
    return isFolder ? path + "/__init__.py" : path + ".py"
  }

  /// CPython 3.13's list, in its order.
  static let all: [FrozenModule] = [
    FrozenModule(name: "_frozen_importlib", origin: "importlib._bootstrap"),
    FrozenModule(name: "_frozen_importlib_external", origin: "importlib._bootstrap_external"),
    FrozenModule(name: "zipimport", origin: "zipimport"),
    FrozenModule(name: "abc", origin: "abc"),
    FrozenModule(name: "codecs", origin: "codecs"),
    FrozenModule(name: "io", origin: "io"),
    FrozenModule(name: "_collections_abc", origin: "_collections_abc"),
    FrozenModule(name: "_sitebuiltins", origin: "_sitebuiltins"),
    FrozenModule(name: "genericpath", origin: "genericpath"),
    FrozenModule(name: "ntpath", origin: "ntpath"),
    FrozenModule(name: "posixpath", origin: "posixpath"),
    FrozenModule(name: "os.path", origin: "posixpath"),
    FrozenModule(name: "os", origin: "os"),
    FrozenModule(name: "site", origin: "site"),
    FrozenModule(name: "stat", origin: "stat"),
    FrozenModule(name: "importlib.util", origin: "importlib.util"),
    FrozenModule(name: "importlib.machinery", origin: "importlib.machinery"),
    FrozenModule(name: "runpy", origin: "runpy"),
    FrozenModule(name: "__hello__", origin: "__hello__"),
    FrozenModule(name: "__hello_alias__", origin: "__hello__"),
    FrozenModule(name: "__phello_alias__", origin: "__hello__", isPackage: true),
    FrozenModule(name: "__phello_alias__.spam", origin: "__hello__"),
    FrozenModule(name: "__phello__", origin: "__phello__", isPackage: true),
    FrozenModule(name: "__phello__.__init__", origin: "__phello__", isInit: true),
    FrozenModule(name: "__phello__.ham", origin: "__phello__.ham", isPackage: true),
    FrozenModule(name: "__phello__.ham.__init__", origin: "__phello__.ham", isInit: true),
    FrozenModule(name: "__phello__.ham.eggs", origin: "__phello__.ham.eggs"),
    FrozenModule(name: "__phello__.spam", origin: "__phello__.spam"),
    FrozenModule(name: "__hello_only__", origin: nil),
  ]

  /// The frozen module with a name; nil when there is none or they are switched off.
  static func find(_ name: Ref) -> FrozenModule? {
    guard name.isStr, apus_str_is_ascii(name) != 0 else { return nil }
    let text = UnsafeRawBufferPointer(start: apus_str_data(name), count: apus_str_length(name))
    for module in all where equal(module.name, text) {
      return isEnabled || module.isEssential ? module : nil
    }
    return nil
  }

  /// `-X frozen_modules`; tests override it: 1 on, -1 off, 0 as the option says.
  nonisolated(unsafe) static var option = true
  nonisolated(unsafe) static var override: Int32 = 0
  private static var isEnabled: Bool { override == 0 ? option : override > 0 }
}

private func equal(_ a: StaticString, _ b: StaticString) -> Bool {
  equal(a, UnsafeRawBufferPointer(start: b.utf8Start, count: b.utf8CodeUnitCount))
}

private func equal(_ a: StaticString, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.utf8CodeUnitCount == b.count, let start = b.baseAddress else { return false }
  return memcmp(a.utf8Start, start, b.count) == 0
}

/// The code of frozen modules, kept in the library's `importlib/__pycache__`, or, when that is not
/// writable, in the user's cache folder: one file for all of them.
///
///     header   8 bytes of format, number of entries
///     entry    name (32 bytes, zero padded), the source's modification time in nanoseconds and
///              size, where the marshalled code is and how long
///     code …
///
/// An entry counts only for the source it was made of; anything wrong means compiling again.
enum FrozenCode {
  /// Changes with the code layout; the last byte counts.
  private static let format: [UInt8] = Array("apusfz\0".utf8) + [1]
  private static let nameSize = 32
  private static let entrySize = 64
  private static let headerSize = 16

  nonisolated(unsafe) static var isWritingAllowed = true
  /// Folder of the standard library.
  nonisolated(unsafe) static var library = ""
  nonisolated(unsafe) private static var mapping: UnsafeRawBufferPointer?
  /// Compiled by this process and not in the file yet: complete entries without their place.
  nonisolated(unsafe) private static var fresh: [(entry: [UInt8], code: [UInt8])] = []

  /// The code object of a module. Raises ImportError when its source cannot be read.
  static func code(of module: FrozenModule) throws(Raised) -> Owned {
    guard let source = module.source, let origin = module.origin else { throw missing(module) }
    let path = library + "/" + source
    var status = stat()
    guard stat(path, &status) == 0 else { throw missing(module) }
    let entry = key(source, status)
    if let entry, let code = load(entry) { return code }
    guard let text = SourceFile.read(path) else { throw missing(module) }
    let fileName = try own(newString("<frozen \(origin)>"))
    let code = try Compilation.compile(text, Compilation.Request(fileName: fileName.ref))
    if let entry, isWritingAllowed, Compilation.dialect == .current {
      if let bytes = try? MarshalWriter.bytes(code.ref) { fresh.append((entry, bytes)) }
      PyErr_Clear()
    }
    return code
  }

  private static func missing(_ module: FrozenModule) -> Raised {
    guard let name = newString("\(module.name)"),
      let message = newString("No such frozen object named '\(module.name)'")
    else { return Raised() }
    _ = PyErr_SetImportError(message, name, nil)
    Py_DECREF(name)
    Py_DECREF(message)
    return Raised()
  }

  /// What an entry starts with: name, time and size of the source. Nil when the name is too long.
  private static func key(_ source: String, _ status: stat) -> [UInt8]? {
    var result = Array(source.utf8)
    if result.count > nameSize { return nil }
    result += repeatElement(0, count: nameSize - result.count)
    let time = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    withUnsafeBytes(of: time.littleEndian) { result += $0 }
    withUnsafeBytes(of: Int64(status.st_size).littleEndian) { result += $0 }
    return result
  }

  // MARK: Reading

  private static func load(_ key: [UInt8]) -> Owned? {
    if Compilation.dialect != .current { return nil }
    if mapping == nil { mapping = open() }
    guard let mapping, let start = mapping.baseAddress else { return nil }
    for index in 0..<entryCount(mapping) {
      let entry = headerSize + index * entrySize
      if memcmp(start + entry, key, key.count) != 0 { continue }
      guard let place = place(mapping, entry) else { return nil }
      let bytes = UnsafeBufferPointer(rebasing: mapping.assumingMemoryBound(to: UInt8.self)[place])
      guard let code = new({ try MarshalReader.load(bytes) }) else {
        PyErr_Clear()
        return nil
      }
      if code.type == codeType() {
        PycFile.trust(code)
        return Owned(adopting: code)
      }
      Py_DECREF(code)
      return nil
    }
    return nil
  }

  private static func entryCount(_ content: UnsafeRawBufferPointer) -> Int {
    let count = Int(content.loadUnaligned(fromByteOffset: format.count, as: UInt32.self))
    return Swift.min(count, (content.count - headerSize) / entrySize)
  }

  private static func place(_ content: UnsafeRawBufferPointer, _ entry: Int) -> Range<Int>? {
    let offset = content.loadUnaligned(fromByteOffset: entry + 48, as: UInt64.self)
    let length = content.loadUnaligned(fromByteOffset: entry + 56, as: UInt64.self)
    let size = UInt64(content.count)
    guard offset <= size, length <= size - offset else { return nil }
    return Int(offset)..<Int(offset + length)
  }

  /// The first usable file, mapped.
  private static func open() -> UnsafeRawBufferPointer? {
    for file in candidates() {
      let descriptor = Glibc.open(file, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { continue }
      defer { Glibc.close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_size >= headerSize,
        let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0),
        start != MAP_FAILED
      else { continue }
      if memcmp(start, format, format.count) == 0 {
        return UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
      }
      munmap(start, Int(status.st_size))
    }
    return nil
  }

  /// Lets the file go; the next use opens it again.
  static func close() {
    if let mapping { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }
    mapping = nil
  }

  private static func candidates() -> [String] {
    let name =
      Compilation.optimizeLevel > 0
      ? "frozen.apus-313-boot.opt-\(Compilation.optimizeLevel).pyc" : "frozen.apus-313-boot.pyc"
    var result = ["\(library)/importlib/__pycache__/\(name)"]
    if let cache = userCache() {
      // One folder for all libraries: the path is part of the name.
      let flat = library.split(separator: "/").joined(separator: "%")
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

  // MARK: Writing

  /// Writes what this process compiled, with what the file has besides.
  static func save() {
    defer { close() }
    if fresh.isEmpty { return }
    var entries = fresh
    fresh = []
    if mapping == nil { mapping = open() }
    if let mapping {
      for index in 0..<entryCount(mapping) {
        let entry = headerSize + index * entrySize
        let key = Array(mapping[entry..<entry + 48])
        if entries.contains(where: { $0.entry.prefix(nameSize) == key.prefix(nameSize) }) {
          continue
        }
        if let place = place(mapping, entry) { entries.append((key, Array(mapping[place]))) }
      }
    }
    var content = format
    withUnsafeBytes(of: UInt64(entries.count).littleEndian) { content += $0 }
    var offset = headerSize + entries.count * entrySize
    for (entry, code) in entries {
      content += entry
      withUnsafeBytes(of: UInt64(offset).littleEndian) { content += $0 }
      withUnsafeBytes(of: UInt64(code.count).littleEndian) { content += $0 }
      offset += code.count
    }
    for (_, code) in entries { content += code }
    for file in candidates() where store(content, file) { break }
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
    let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
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
    let closed = Glibc.close(descriptor) == 0
    if complete && closed && rename(temporary, file) == 0 { return true }
    unlink(temporary)
    return false
  }
}
