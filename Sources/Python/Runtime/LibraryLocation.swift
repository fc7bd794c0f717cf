import Glibc

/// Where the executable and the standard library are. CPython: Modules/getpath.py.
public enum LibraryLocation {
  /// Fills executable, prefix, stdlib and path. A standard library that is given is looked at first.
  public static func fill(_ options: inout CommandLineOptions, standardLibrary given: String? = nil) {
    options.settings.executable = executable(options.settings.originalArgv.first ?? "apus")
    let stdlib = given.flatMap { isLibrary($0) ? $0 : nil } ?? standardLibrary(options)
    options.settings.stdlib = stdlib ?? ""
    options.settings.prefix = prefix(stdlib, options.settings.executable)
    var path: [String] = []
    // Our own modules describe this machine: a CPython library on PYTHONPATH must not hide them.
    if let own = ownLibrary(options.settings.executable) { path.append(own) }
    if let extra = options.environment("PYTHONPATH") {
      path += extra.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        .map { $0.isEmpty ? currentFolder() : $0 }
    }
    // Not its lib-dynload: those are CPython's own modules in C, ours are inside the executable.
    if let stdlib { path.append(stdlib) }
    options.settings.path = path
    options.settings.baseExecutable = options.settings.executable
    if let link = environmentLink(options.settings.originalArgv.first ?? "") {
      options.settings.executable = link
    }
  }

  /// The path by which we were called when it lies in a virtual environment (PEP 405): `site` finds
  /// the environment by `sys.executable`.
  private static func environmentLink(_ name: String) -> String? {
    guard let path = calledPath(name) else { return nil }
    let near = folder(path)
    return isFile(near + "/pyvenv.cfg") || isFile(folder(near) + "/pyvenv.cfg") ? path : nil
  }

  /// What `argv[0]` stands for, links left as they are.
  private static func calledPath(_ name: String) -> String? {
    if name.isEmpty || name.hasPrefix("/") { return name.isEmpty ? nil : name }
    if name.utf8.contains(UInt8(ascii: "/")) { return currentFolder() + "/" + name }
    guard let search = getenv("PATH") else { return nil }
    return String(cString: search).split(separator: ":").lazy.map { "\($0)/\(name)" }.first(where: isFile)
  }

  static func currentFolder() -> String {
    guard let text = getcwd(nil, 0) else { return "" }
    defer { free(text) }
    return String(cString: text)
  }

  private static func executable(_ name: String) -> String {
    // The link is the whole path already, without links in it.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
      guard let start = buffer.baseAddress else { return name }
      let count = readlink("/proc/self/exe", start, Int(PATH_MAX))
      if count <= 0 { return name }
      start[count] = 0
      return String(cString: start)
    }
  }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(ArgumentText.bytes(path), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(ArgumentText.bytes(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func isLibrary(_ path: String) -> Bool {
    isFile(path + "/os.py") && isFile(path + "/importlib/_bootstrap.py")
  }

  private static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func standardLibrary(_ options: CommandLineOptions) -> String? {
    var candidates: [String] = []
    if let given = getenv("APUS_STDLIB") { candidates.append(String(cString: given)) }
    if let home = options.environment("PYTHONHOME") {
      let first = home.split(separator: ":").first.map(String.init) ?? home
      candidates += [first + "/lib/python3.13", first]
    }
    // Beside the binary, above it (an installation), or in the cache of a checkout.
    var at = folder(options.settings.executable)
    for _ in 0..<6 {
      candidates += [
        at + "/lib/python3.13", at + "/.cache/stdlib/lib/python3.13", at + "/.cache/stdlib",
        at + "/.cache/stdlib/usr/lib/python3.13", at + "/.cache/python3.13",
      ]
      if at == "/" { break }
      at = folder(at)
    }
    candidates += ["/usr/lib/python3.13", "/usr/local/lib/python3.13"]
    return candidates.first(where: isLibrary)
  }

  /// The folder with the modules that must be ours.
  private static func ownLibrary(_ executable: String) -> String? {
    var at = folder(executable)
    for _ in 0..<6 {
      for candidate in [at + "/lib/apus", at + "/Lib"] where isFile(candidate + "/dis.py") {
        return candidate
      }
      if at == "/" { return nil }
      at = folder(at)
    }
    return nil
  }

  private static func prefix(_ stdlib: String?, _ executable: String) -> String {
    guard let stdlib, stdlib.hasSuffix("/lib/python3.13") else { return folder(executable) }
    return String(stdlib.dropLast("/lib/python3.13".count))
  }
}
