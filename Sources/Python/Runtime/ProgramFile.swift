import CPythonABI
import Glibc
import Objects

/// Runs what the command line names: a source file, a compiled file, a folder or zip file with a
/// `__main__`. CPython: Modules/main.c, pymain_run_file; Python/pythonrun.c, pyrun_simple_file.
enum ProgramFile {
  /// Runs a file in `__main__`; the exit status.
  static func run(_ path: String, _ settings: Settings) throws(Raised) -> Int32 {
    // Tracebacks and `__file__` show the whole path; sys.argv[0] stays as it was given.
    let whole = absolute(path)
    if try isImportable(whole) {
      try Launcher.insertPath(whole)
      return try Launcher.runModule("__main__", setArgv0: false)
    }
    let source = LibraryLocation.isFolder(whole) ? nil : SourceFile.read(whole)
    guard let source else {
      if LibraryLocation.isFolder(whole) {
        RawOutput.write(
          "\(settings.executable): '\(ArgumentText.shown(whole))' is a directory, cannot continue\n", to: 2)
        return 1
      }
      let reason = String(cString: strerror(errno))
      RawOutput.write(
        "\(settings.executable): can't open file '\(ArgumentText.shown(whole))': "
          + "[Errno \(errno)] \(reason)\n", to: 2)
      return 2
    }
    if !settings.safePath { try Launcher.insertPath(folderOfProgram(path)) }
    let dict = try Launcher.mainDict()
    let name = try own(SysValues.fileSystemString(whole))
    try check(PyDict_SetItemString(dict, "__file__", name.ref))
    try check(PyDict_SetItemString(dict, "__cached__", noneObject()))
    if isCompiled(whole, source) {
      try setLoader(dict, whole, "SourcelessFileLoader")
      try Launcher.execute(try CompiledFile.code(source))
      return 0
    }
    try setLoader(dict, whole, "SourceFileLoader")
    try Launcher.execute(
      try Launcher.compile(source, whole, isFile: true, skipFirstLine: settings.skipFirstLine))
    return 0
  }

  // MARK: What it is

  /// Whether a path hook takes the path: a folder, or an archive.
  private static func isImportable(_ path: String) throws(Raised) -> Bool {
    // Asked of the library only when it may be true: the hook for archives has to be imported.
    guard LibraryLocation.isFolder(path) || hasArchiveEnd(path),
      apus_tstate().pointee.interp.pointee.importlib != nil
    else { return false }
    let text = try own(SysValues.fileSystemString(path))
    let importer = try own(PyImport_GetImporter(text.ref))
    return !importer.ref.isNone
  }

  /// Whether the mark that ends a zip file is among the last bytes.
  private static func hasArchiveEnd(_ path: String) -> Bool {
    // A pipe can be opened once only.
    guard LibraryLocation.isFile(path) else { return false }
    let descriptor = open(ArgumentText.bytes(path), O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    // The mark with its fields takes 22 bytes, the comment behind it at most 65,535.
    if size < 22 { return false }
    let count = min(Int(size), 65557)
    return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { buffer in
      let got = pread(descriptor, buffer.baseAddress, count, size - off_t(count))
      guard got >= 22 else { return false }
      var at = got - 22
      while at >= 0 {
        if buffer[at] == 0x50 && buffer[at + 1] == 0x4B && buffer[at + 2] == 5
          && buffer[at + 3] == 6
        {
          return true
        }
        at -= 1
      }
      return false
    }
  }

  private static func isCompiled(_ path: String, _ content: [UInt8]) -> Bool {
    path.hasSuffix(".pyc") || PycFile.isMagic(content)
  }

  // MARK: Names

  private static func setLoader(_ dict: Ref, _ path: String, _ loader: String) throws(Raised) {
    guard apus_tstate().pointee.interp.pointee.importlib != nil,
      let modules = apus_tstate().pointee.interp.pointee.modules,
      let external = PyDict_GetItemString(modules, "_frozen_importlib_external")
    else { return }
    let type = try own(loader.withCString { PyObject_GetAttrString(external, $0) })
    let name = id___main__().retained()
    let file = try own(SysValues.fileSystemString(path))
    let made = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
      arguments[0] = name.ref
      arguments[1] = file.ref
      return PyObject_Vectorcall(type.ref, arguments.baseAddress, 2, nil)
    }
    let instance = try own(made)
    try check(PyDict_SetItemString(dict, "__loader__", instance.ref))
  }

  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    let current = LibraryLocation.currentFolder()
    return path.isEmpty || path == "." ? current : current + "/" + path
  }

  private static func folderOfProgram(_ path: String) -> String {
    var target = path
    if let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    guard let slash = target.lastIndex(of: "/") else { return "" }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }
}

/// The code in a `.pyc` file that is run as a program: of this implementation or of CPython 3.10.
/// CPython: Python/pythonrun.c, run_pyc_file.
enum CompiledFile {
  /// Magic number, flags, and time and size or a hash of the source.
  private static let headerSize = 16

  static func code(_ content: [UInt8]) throws(Raised) -> Owned {
    var found: UInt32 = 0
    for (index, byte) in content.prefix(4).enumerated() { found |= UInt32(byte) << (8 * UInt32(index)) }
    if content.count < 4 { throw raise(.eofError, "EOF read where not expected") }
    guard let layout = PycFile.layout(ofMagic: found) else {
      throw raise(.runtimeError, "Bad magic number in .pyc file")
    }
    guard content.count >= headerSize else {
      throw raise(.eofError, "EOF read where not expected")
    }
    let object = content.withUnsafeBufferPointer { bytes in
      new {
        try MarshalReader.load(UnsafeBufferPointer(rebasing: bytes[headerSize...]), layout: layout)
      }
    }
    guard let object else {
      PyErr_Clear()
      throw raise(.runtimeError, "Bad code object in .pyc file")
    }
    let code = Owned(adopting: object)
    guard code.ref.type == codeType() else {
      throw raise(.runtimeError, "Bad code object in .pyc file")
    }
    return code
  }
}
