import CPythonABI
import Glibc
import Objects

/// Starts the library's importlib: its first bootstrap file is run as the module
/// `_frozen_importlib`, which then imports the other one as any frozen module.
/// CPython: Python/pylifecycle.c, init_importlib, init_importlib_external.
enum ImportlibBootstrap {
  static func install(stdlib: String) throws(Raised) {
    let interpreter = apus_tstate().pointee.interp
    FrozenCode.library = stdlib
    let bootstrap = try runBootstrap()
    interpreter.pointee.importlib = bootstrap.ref.retained().give()
    guard let modules = interpreter.pointee.modules,
      let sys = PyDict_GetItemString(modules, "sys")
    else { return }
    let imp = try BuiltinModules.make("_imp")
    try check(PyDict_SetItemString(modules, "_imp", imp.ref))
    try call(bootstrap.ref, "_install", [sys, imp.ref])
    // Imports its other half, which is frozen too.
    try call(bootstrap.ref, "_install_external_importers", [])
    try setMagicNumber()
    try ArchiveHook.install()
  }

  /// The library knows the number of CPython's bytecode only.
  private static func setMagicNumber() throws(Raised) {
    guard let modules = apus_tstate().pointee.interp.pointee.modules,
      let external = PyDict_GetItemString(modules, "_frozen_importlib_external")
    else { return }
    let number = try own(PyLong_FromLong(PycFile.magic))
    try check(
      "_RAW_MAGIC_NUMBER".withCString { PyObject_SetAttrString(external, $0, number.ref) })
    var text: [CChar] = []
    for shift in stride(from: 0, to: 32, by: 8) {
      text.append(CChar(truncatingIfNeeded: PycFile.magic >> shift))
    }
    let bytes = try own(PyBytes_FromStringAndSize(text, 4))
    try check("MAGIC_NUMBER".withCString { PyObject_SetAttrString(external, $0, bytes.ref) })
  }

  private static func call(_ module: Ref, _ name: String, _ arguments: [Ref]) throws(Raised) {
    let function = try own(name.withCString { PyObject_GetAttrString(module, $0) })
    let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: arguments.count + 1) {
      row in
      for (index, argument) in arguments.enumerated() { row[index] = argument }
      return PyObject_Vectorcall(function.ref, row.baseAddress, arguments.count, nil)
    }
    _ = try own(result)
  }

  private static func runBootstrap() throws(Raised) -> Owned {
    let name = try own(newString("_frozen_importlib"))
    guard let frozen = FrozenModule.find(name.ref) else {
      throw raise(.importError, "importlib is missing")
    }
    let module = try own("_frozen_importlib".withCString { PyImport_AddModuleRef($0) })
    guard let dict = PyModule_GetDict(module.ref) else { throw Raised() }
    try CodeExecution.addBuiltins(dict)
    let origin = try own(newString("importlib._bootstrap"))
    try check(PyDict_SetItemString(dict, "__origname__", origin.ref))
    let code = try FrozenCode.code(of: frozen)
    _ = try own(PyEval_EvalCode(code.ref, dict, dict))
    return module
  }
}

/// Whole files.
public enum SourceFile {
  /// The bytes of a file, nil when it cannot be read; `errno` tells why.
  public static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(ArgumentText.bytes(path), O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    return read(descriptor)
  }

  public static func read(_ descriptor: Int32) -> [UInt8]? {
    var status = stat()
    var bytes: [UInt8] = []
    if fstat(descriptor, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        errno = EISDIR
        return nil
      }
      bytes.reserveCapacity(Int(status.st_size) + 1)
    }
    while true {
      let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { buffer in
        let count = Glibc.read(descriptor, buffer.baseAddress, 65536)
        if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(buffer).prefix(count)) }
        return count
      }
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      if count == 0 { return bytes }
    }
  }
}
