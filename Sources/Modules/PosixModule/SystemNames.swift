import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Limits and settings of the system by name: `sysconf`, `pathconf`, `confstr`; the environment;
/// random bytes; error texts.
enum SystemNames {
  static let methods: [Method] = [
    sysconf, pathconf, fpathconf, confstr, putenv, unsetenv, urandom, getrandom, strerror,
  ]

  /// A dict of a table of constants.
  static func dict(_ table: UnsafePointer<ApusConstant>) throws(Raised) -> Owned {
    let result = try own(PyDict_New())
    var row = table
    while let name = row.pointee.name {
      let value = try int(row.pointee.value)
      try check(PyDict_SetItemString(result.ref, name, value.ref))
      row += 1
    }
    return result
  }

  /// The number of a name in a table, given as str or int.
  private static func number(
    _ object: Ref, _ table: UnsafePointer<ApusConstant>
  ) throws(Raised) -> Int32 {
    if PyIndex_Check(object) != 0 { return try intArgument(object) }
    guard object.isStr else {
      throw raise(.typeError, "configuration names must be strings or integers")
    }
    var row = table
    while let name = row.pointee.name {
      if PyUnicode_EqualToUTF8(object, name) != 0 { return Int32(row.pointee.value) }
      row += 1
    }
    throw raise(.valueError, "unrecognized configuration name")
  }

  private static var sysconfNames: UnsafePointer<ApusConstant> { apus_sysconf_table() }
  private static var pathconfNames: UnsafePointer<ApusConstant> { apus_pathconf_table() }
  private static var confstrNames: UnsafePointer<ApusConstant> { apus_confstr_table() }

  static let sysconf: Method = .o(
    "sysconf($module, name, /)", "Return an integer-valued system configuration variable."
  ) { _, object in
    new {
      let name = try number(object, sysconfNames)
      errno = 0
      let value = Glibc.sysconf(name)
      if value == -1 && errno != 0 { throw raiseSystemError() }
      return try int(value)
    }
  }

  static let pathconf: Method = .keywords(
    "pathconf($module, /, path, name)",
    "Return the configuration limit name for the file or directory path; -1 if there is no limit."
  ) { _, args, count, names in
    new {
      let a = try Arguments(pathconf, args, count, names)
      let path = try PathArgument(a[0], "pathconf", "path", .descriptor)
      let name = try number(a.object(1), pathconfNames)
      errno = 0
      let value =
        path.isDescriptor
        ? Glibc.fpathconf(path.descriptor, name) : Glibc.pathconf(path.bytes, name)
      if value == -1 && errno != 0 {
        throw errno == EINVAL ? raiseSystemError() : path.raiseError()
      }
      return try int(value)
    }
  }

  static let fpathconf: Method = .fast(
    "fpathconf($module, fd, name, /)",
    "Return the configuration limit name for the file descriptor fd; -1 if there is no limit."
  ) { _, args, count in
    new {
      let a = try Arguments(fpathconf, args, count)
      let descriptor = try a.fileno(0)
      let name = try number(a.object(1), pathconfNames)
      errno = 0
      let value = Glibc.fpathconf(descriptor, name)
      if value == -1 && errno != 0 { throw raiseSystemError() }
      return try int(value)
    }
  }

  static let confstr: Method = .o(
    "confstr($module, name, /)", "Return a string-valued system configuration variable."
  ) { _, object in
    new {
      let name = try number(object, confstrNames)
      errno = 0
      let room = Glibc.confstr(name, nil, 0)
      if room == 0 {
        if errno != 0 { throw raiseSystemError() }
        return noneObject().retained()
      }
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
      defer { buffer.deallocate() }
      _ = Glibc.confstr(name, buffer, room)
      return try own(PyUnicode_DecodeFSDefaultAndSize(buffer, room - 1))
    }
  }

  // MARK: The environment

  /// The variables as a dict of bytes; of a name set twice the first counts.
  static func environment() throws(Raised) -> Owned {
    let result = try own(PyDict_New())
    var entry = apus_environ()
    while let text = entry.pointee {
      entry += 1
      guard let equals = strchr(text, 0x3D) else { continue }
      let name = try own(PyBytes_FromStringAndSize(text, equals - text))
      let value = try own(PyBytes_FromString(equals + 1))
      if PyDict_Contains(result.ref, name.ref) == 0 {
        try check(PyDict_SetItem(result.ref, name.ref, value.ref))
      }
    }
    return result
  }

  static let putenv: Method = .fast("putenv($module, name, value, /)", "Change or add an environment variable.") {
    _, args, count in
    none {
      let a = try Arguments(putenv, args, count)
      let name = try ProgramArguments.encode(a.object(0))
      let value = try ProgramArguments.encode(a.object(1))
      guard let key = PyBytes_AsString(name.ref), let text = PyBytes_AsString(value.ref) else {
        throw Raised()
      }
      if strchr(key, 0x3D) != nil {
        throw raise(.valueError, "illegal environment variable name")
      }
      try Audit.send("os.putenv", [.object(name.ref), .object(value.ref)])
      if setenv(key, text, 1) != 0 { throw raiseSystemError() }
    }
  }

  static let unsetenv: Method = .o("unsetenv($module, name, /)", "Delete an environment variable.") { _, object in
    none {
      let name = try ProgramArguments.encode(object)
      guard let key = PyBytes_AsString(name.ref) else { throw Raised() }
      try Audit.send("os.unsetenv", [.object(name.ref)])
      if Glibc.unsetenv(key) != 0 { throw raiseSystemError() }
    }
  }

  // MARK: Randomness

  private static func random(
    _ count: Int, _ flags: UInt32, filling: Bool
  ) throws(Raised) -> Owned {
    var buffer: Ref? = try own(PyBytes_FromStringAndSize(nil, count)).give()
    var done = 0
    while done < count {
      guard let start = buffer.flatMap({ PyBytes_AsString($0) }) else { throw Raised() }
      let from = done
      let got = withoutGIL { apus_getrandom(start + from, count - from, flags) }
      if got < 0 {
        if errno == EINTR {
          if PyErr_CheckSignals() >= 0 { continue }
          Py_XDECREF(buffer)
          throw Raised()
        }
        let raised = raiseSystemError()
        Py_XDECREF(buffer)
        throw raised
      }
      done += got
      if !filling { break }
    }
    if done != count { try check(_PyBytes_Resize(&buffer, done)) }
    return try own(buffer)
  }

  static let urandom: Method = .o(
    "urandom($module, size, /)", "Return a bytes object containing random bytes suitable for cryptographic use."
  ) { _, object in
    new {
      let number = try own(PyNumber_Index(object))
      let count = try check(PyLong_AsSsize_t(number.ref))
      if count < 0 { throw raise(.valueError, "negative argument not allowed") }
      return try random(count, 0, filling: true)
    }
  }

  static let getrandom: Method = .keywords(
    "getrandom($module, /, size, flags=0)", "Obtain a series of random bytes."
  ) { _, args, count, names in
    new {
      let a = try Arguments(getrandom, args, count, names)
      let size = try a.index(0)
      if size < 0 { throw raiseSystemError(number: EINVAL) }
      return try random(size, UInt32(bitPattern: try a.int32(1)), filling: false)
    }
  }

  static let strerror: Method = .o(
    "strerror($module, code, /)", "Translate an error code to a message string."
  ) { _, object in
    new {
      guard let message = Glibc.strerror(try intArgument(object)) else {
        throw raise(.valueError, "strerror() argument out of range")
      }
      return try own(PyUnicode_DecodeFSDefault(message))
    }
  }
}
