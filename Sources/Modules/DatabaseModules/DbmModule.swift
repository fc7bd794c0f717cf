import CBerkeleyDB
import CPythonABI
import Glibc
import Objects

/// The module `_dbm`: the interface of ndbm over Berkeley DB, as on Debian. CPython: Modules/_dbmmodule.c.
public let dbmModule = ModuleSpec(
  "_dbm", methods: [DbmFunctions.open], constants: [.string("library", "Berkeley DB")],
  exec: { module in
    status {
      try DbmObject.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "error", try DbmFunctions.error()))
    }
  })

enum DbmFunctions {
  nonisolated(unsafe) private static var errorType: Ref?

  /// `_dbm.error`, an OSError.
  static func error() throws(Raised) -> Ref {
    if let errorType { return errorType }
    let made = try own(PyErr_NewException("_dbm.error", .osError, nil)).give()
    errorType = made
    InterpreterEnd.add("_dbm.error") { InterpreterEnd.drop(&errorType) }
    return made
  }

  static func raise(_ message: String) -> Raised {
    do { return Objects.raise(try error(), message) } catch { return Raised() }
  }

  /// How the flags of `open` ask for a file; nil for others.
  private static func accessMode(_ flags: String) -> Int32? {
    switch flags {
    case "r": O_RDONLY
    case "w", "rw": O_RDWR
    case "c": O_RDWR | O_CREAT
    case "n": O_RDWR | O_CREAT | O_TRUNC
    default: nil
    }
  }

  static let open: Method = .fast(
    "open($module, filename, flags='r', mode=0o666, /)",
    """
    Open a database file and return an object that works like a mapping of bytes.

      filename
        The file's name without the suffix ".db".
      flags
        "r" to read, "w" to read and write, "c" to create the file if need
        be, "n" to start with an empty one.
      mode
        The permissions of a file that is created, less those of the umask.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(open, args, count)
      let flags = try a.str(1).map { text(of: $0) } ?? "r"
      let mode = try a.int32(2, default: 0o666)
      var encoded: Ref?
      if PyUnicode_FSConverter(a.object(0), &encoded) == 0 { throw Raised() }
      let path = try own(encoded)
      guard let access = accessMode(flags) else {
        throw raise("arg 2 to open should be 'r', 'w', 'c', or 'n'")
      }
      guard let name = PyBytes_AsString(path.ref) else { throw Raised() }
      errno = 0
      guard let handle = apus_dbm_open(name, access, mode) else {
        _ = PyErr_SetFromErrnoWithFilename(try error(), name)
        throw Raised()
      }
      return try DbmObject.make(handle, isWritable: access & O_RDWR != 0)
    }
  }
}
