import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Changing what is known of a file: permissions, owner, times, extended attributes.
enum FileChanges {
  static let methods: [Method] = [
    chmod, fchmod, chown, fchown, lchown, utime, getxattr, setxattr, removexattr, listxattr,
  ]

  static let chmod: Method = .keywords(
    "chmod($module, /, path, mode, *, dir_fd=None,\n      follow_symlinks=(os.name != 'nt'))",
    "Change the access permissions of a file."
  ) { _, args, count, names in
    none {
      let a = try Arguments(chmod, args, count, names)
      let path = try PathArgument(a[0], "chmod", "path", .descriptor)
      let mode = mode_t(truncatingIfNeeded: try a.int32(1))
      let directory = try DescriptorArgument.directory(a[2])
      let follow = try a.bool(3, default: true)
      try Audit.send(
        "os.chmod", [.object(path.filename), .int(Int(mode)), .descriptor(directory)])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      if path.isDescriptor {
        try systemCall(path.filename) { Glibc.fchmod(descriptor, mode) }
        return
      }
      let result = withoutGIL {
        fchmodat(directory, bytes, mode, follow ? 0 : AT_SYMLINK_NOFOLLOW)
      }
      if result < 0 {
        if !follow && (errno == ENOTSUP || errno == EOPNOTSUPP) {
          throw raise(
            .notImplementedError,
            directory != AT_FDCWD
              ? "chmod: cannot use dir_fd and follow_symlinks together"
              : "chmod: follow_symlinks unavailable on this platform")
        }
        throw path.raiseError()
      }
    }
  }

  static let fchmod: Method = .keywords(
    "fchmod($module, /, fd, mode)", "Change the access permissions of the file given by descriptor."
  ) { _, args, count, names in
    none {
      let a = try Arguments(fchmod, args, count, names)
      let descriptor = try a.descriptor(0)
      let mode = mode_t(truncatingIfNeeded: try a.int32(1))
      try Audit.send("os.chmod", [.int(Int(descriptor)), .int(Int(mode)), .int(-1)])
      try interruptibleCall { Glibc.fchmod(descriptor, mode) }
    }
  }

  static let chown: Method = .keywords(
    "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
    "Change the owner and group id of path to the numeric uid and gid; -1 leaves one as it is."
  ) { _, args, count, names in
    none {
      let a = try Arguments(chown, args, count, names)
      let path = try PathArgument(a[0], "chown", "path", .descriptor)
      let user = try a.identity(1, "uid")
      let group = try a.identity(2, "gid")
      let directory = try DescriptorArgument.directory(a[3])
      let follow = try a.bool(4, default: true)
      if path.isDescriptor && directory != AT_FDCWD {
        throw raise(.valueError, "chown: can't specify dir_fd without matching path")
      }
      if path.isDescriptor && !follow {
        throw raise(.valueError, "chown: cannot use fd and follow_symlinks together")
      }
      try Audit.send(
        "os.chown",
        [
          .object(path.filename), .int(Int(user)),
          .int(Int(group)), .descriptor(directory),
        ])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      try systemCall(path.filename) {
        descriptor >= 0
          ? Glibc.fchown(descriptor, user, group)
          : fchownat(directory, bytes, user, group, follow ? 0 : AT_SYMLINK_NOFOLLOW)
      }
    }
  }

  static let fchown: Method = .keywords(
    "fchown($module, /, fd, uid, gid)",
    "Change the owner and group id of the file specified by file descriptor."
  ) { _, args, count, names in
    none {
      let a = try Arguments(fchown, args, count, names)
      let descriptor = try a.descriptor(0)
      let user = try a.identity(1, "uid")
      let group = try a.identity(2, "gid")
      try Audit.send(
        "os.chown",
        [
          .int(Int(descriptor)), .int(Int(user)),
          .int(Int(group)), .int(-1),
        ])
      try interruptibleCall { Glibc.fchown(descriptor, user, group) }
    }
  }

  static let lchown: Method = .keywords(
    "lchown($module, /, path, uid, gid)",
    "Change the owner and group id of path, of a symbolic link itself."
  ) { _, args, count, names in
    none {
      let a = try Arguments(lchown, args, count, names)
      let path = try PathArgument(a[0], "lchown")
      let user = try a.identity(1, "uid")
      let group = try a.identity(2, "gid")
      try Audit.send(
        "os.chown",
        [
          .object(path.filename), .int(Int(user)),
          .int(Int(group)), .int(-1),
        ])
      let bytes = path.bytes
      try systemCall(path.filename) { Glibc.lchown(bytes, user, group) }
    }
  }

  // MARK: Times

  /// The nanoseconds that mean the present time (UTIME_NOW).
  private static let setToNow = (1 << 30) - 1

  /// Nanoseconds as a timespec with a nanosecond part that is not negative.
  private static func split(_ nanoseconds: Ref) throws(Raised) -> timespec {
    let billion = try int(1_000_000_000)
    let both = try own(PyNumber_Divmod(nanoseconds, billion.ref))
    guard both.ref.isTuple, apus_var_size(both.ref) == 2 else {
      throw raise(
        .typeError,
        "\(nanoseconds.type.fullName).__divmod__() must return a 2-tuple, "
          + "not \(both.ref.type.fullName)")
    }
    let seconds = PyLong_AsLong(apus_tuple_item(both.ref, 0))
    if seconds == -1 && hasRaised() { throw Raised() }
    let rest = PyLong_AsLong(apus_tuple_item(both.ref, 1))
    if rest == -1 && hasRaised() { throw Raised() }
    return timespec(tv_sec: seconds, tv_nsec: rest)
  }

  /// Seconds as an int or a float; a fraction of a nanosecond is rounded down.
  private static func seconds(_ object: Ref) throws(Raised) -> timespec {
    if object.isInstance(of: floatType()) {
      let value = PyFloat_AsDouble(object)
      if value.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
      var whole = value.rounded(.towardZero)
      var rest = ((value - whole) * 1e9).rounded(.down)
      if rest < 0 {
        rest += 1e9
        whole -= 1
      } else if rest >= 1e9 {
        rest -= 1e9
        whole += 1
      }
      guard whole >= -9223372036854775808.0 && whole < 9223372036854775808.0 else {
        throw raise(.overflowError, "timestamp out of range for platform time_t")
      }
      return timespec(tv_sec: Int(whole), tv_nsec: Int(rest))
    }
    let number = try own(PyNumber_Index(object))
    let value = PyLong_AsLong(number.ref)
    if value == -1 && hasRaised() {
      if PyErr_ExceptionMatches(.overflowError) != 0 {
        PyErr_Clear()
        throw raise(.overflowError, "timestamp out of range for platform time_t")
      }
      throw Raised()
    }
    return timespec(tv_sec: value, tv_nsec: 0)
  }

  static let utime: Method = .keywords(
    "utime($module, /, path, times=None, *, ns=<unrepresentable>,\n      dir_fd=None, follow_symlinks=True)",
    """
    Set the access and modified time of path.

      times
        (atime, mtime) in seconds; now when None
      ns
        (atime, mtime) in nanoseconds, instead of times
    """
  ) { _, args, count, names in
    none {
      let a = try Arguments(utime, args, count, names)
      let path = try PathArgument(a[0], "utime", "path", .descriptor)
      if a.optional(1) != nil && a[2] != nil {
        throw raise(
          .valueError, "utime: you may specify either 'times' or 'ns' but not both")
      }
      var spec = (
        timespec(tv_sec: 0, tv_nsec: setToNow), timespec(tv_sec: 0, tv_nsec: setToNow)
      )
      if let times = a.optional(1) {
        guard times.isExactTuple, apus_var_size(times) == 2 else {
          throw raise(
            .typeError, "utime: 'times' must be either a tuple of two ints or None")
        }
        spec = (try seconds(apus_tuple_item(times, 0)), try seconds(apus_tuple_item(times, 1)))
      } else if let nanoseconds = a[2] {
        guard nanoseconds.isExactTuple, apus_var_size(nanoseconds) == 2 else {
          throw raise(.typeError, "utime: 'ns' must be a tuple of two ints")
        }
        spec = (
          try split(apus_tuple_item(nanoseconds, 0)), try split(apus_tuple_item(nanoseconds, 1))
        )
      }
      let directory = try DescriptorArgument.directory(a[3])
      let follow = try a.bool(4, default: true)
      if path.isDescriptor && directory != AT_FDCWD {
        throw raise(.valueError, "utime: can't specify dir_fd without matching path")
      }
      if path.isDescriptor && !follow {
        throw raise(.valueError, "utime: cannot use fd and follow_symlinks together")
      }
      try Audit.send(
        "os.utime",
        [.object(path.filename), .object(a[1]), .object(a[2]), .descriptor(directory)])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      try withUnsafeMutableBytes(of: &spec) { raw in
        let pair = raw.assumingMemoryBound(to: timespec.self).baseAddress
        try systemCall(path.filename) {
          descriptor >= 0
            ? futimens(descriptor, pair)
            : utimensat(directory, bytes, pair, follow ? 0 : AT_SYMLINK_NOFOLLOW)
        }
      }
    }
  }

  // MARK: Extended attributes

  static let getxattr: Method = .keywords(
    "getxattr($module, /, path, attribute, *, follow_symlinks=True)",
    "Return the value of extended attribute attribute on path, which may be a descriptor."
  ) { _, args, count, names in
    new {
      let a = try Arguments(getxattr, args, count, names)
      let path = try PathArgument(a[0], "getxattr", "path", .descriptor)
      let attribute = try PathArgument(a[1], "getxattr", "attribute")
      let follow: Int32 = try a.bool(2, default: true) ? 1 : 0
      try checkFollow("getxattr", path, follow)
      try Audit.send("os.getxattr", [.object(path.filename), .object(attribute.filename)])
      let (bytes, descriptor, name) = (path.bytes, path.descriptor, attribute.bytes)
      for room in [128, 65536] {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
        defer { buffer.deallocate() }
        let length = withoutGIL { apus_getxattr(bytes, descriptor, follow, name, buffer, room) }
        if length >= 0 { return try own(PyBytes_FromStringAndSize(buffer, length)) }
        if errno != ERANGE { break }
      }
      throw path.raiseError()
    }
  }

  private static func checkFollow(
    _ function: StaticString, _ path: borrowing PathArgument, _ follow: Int32
  ) throws(Raised) {
    if path.isDescriptor && follow == 0 {
      throw raise(.valueError, "\(function): cannot use fd and follow_symlinks together")
    }
  }

  static let setxattr: Method = .keywords(
    "setxattr($module, /, path, attribute, value, flags=0, *,\n         follow_symlinks=True)",
    "Set extended attribute attribute on path to value."
  ) { _, args, count, names in
    none {
      let a = try Arguments(setxattr, args, count, names)
      let path = try PathArgument(a[0], "setxattr", "path", .descriptor)
      let attribute = try PathArgument(a[1], "setxattr", "attribute")
      let value = try a.buffer(2)
      let flags = try a.int32(3)
      let follow: Int32 = try a.bool(4, default: true) ? 1 : 0
      try checkFollow("setxattr", path, follow)
      try Audit.send(
        "os.setxattr",
        [
          .object(path.filename), .object(attribute.filename), .object(a[2]), .int(Int(flags)),
        ])
      let (bytes, descriptor, name) = (path.bytes, path.descriptor, attribute.bytes)
      let (start, size) = (value.start, value.count)
      try systemCall(path.filename) {
        apus_setxattr(bytes, descriptor, follow, name, start, size, flags)
      }
    }
  }

  static let removexattr: Method = .keywords(
    "removexattr($module, /, path, attribute, *, follow_symlinks=True)",
    "Remove extended attribute attribute on path."
  ) { _, args, count, names in
    none {
      let a = try Arguments(removexattr, args, count, names)
      let path = try PathArgument(a[0], "removexattr", "path", .descriptor)
      let attribute = try PathArgument(a[1], "removexattr", "attribute")
      let follow: Int32 = try a.bool(2, default: true) ? 1 : 0
      try checkFollow("removexattr", path, follow)
      try Audit.send("os.removexattr", [.object(path.filename), .object(attribute.filename)])
      let (bytes, descriptor, name) = (path.bytes, path.descriptor, attribute.bytes)
      try systemCall(path.filename) { apus_removexattr(bytes, descriptor, follow, name) }
    }
  }

  static let listxattr: Method = .keywords(
    "listxattr($module, /, path=None, *, follow_symlinks=True)",
    "Return a list of extended attributes on path; the current directory when None."
  ) { _, args, count, names in
    new {
      let a = try Arguments(listxattr, args, count, names)
      let path = try PathArgument(a[0], "listxattr", "path", [.descriptor, .none])
      let follow: Int32 = try a.bool(1, default: true) ? 1 : 0
      try checkFollow("listxattr", path, follow)
      try Audit.send("os.listxattr", [.object(a[0])])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      for room in [256, 65536] {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
        defer { buffer.deallocate() }
        let length = withoutGIL { apus_listxattr(bytes, descriptor, follow, buffer, room) }
        if length < 0 {
          if errno == ERANGE { continue }
          break
        }
        let list = try own(PyList_New(0))
        var start = 0
        for index in 0..<length where buffer[index] == 0 {
          let name = try own(PyUnicode_DecodeFSDefaultAndSize(buffer + start, index - start))
          try check(PyList_Append(list.ref, name.ref))
          start = index + 1
        }
        return list
      }
      throw path.raiseError()
    }
  }
}
