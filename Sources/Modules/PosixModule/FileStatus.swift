import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `stat` and its relatives.
enum FileStatus {
  static let methods: [Method] = [
    stat, lstat, fstat, statvfs, fstatvfs, access, major, minor, makedev,
  ]

  nonisolated(unsafe) static let resultType = PermanentMemory.type()
  nonisolated(unsafe) static let volumeType = PermanentMemory.type()

  static func install() throws(Raised) {
    try StructSequence.install(
      resultType, "os.stat_result",
      doc: """
        stat_result: Result from stat, fstat, or lstat.

        A tuple of (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime) with the
        attributes st_mode, st_ino, st_dev, st_nlink, st_uid and so on. What the system tells
        besides (st_blksize, st_blocks, st_rdev, times in nanoseconds) are attributes only.
        """,
      fields: [
        .init("st_mode", "protection bits"), .init("st_ino", "inode"), .init("st_dev", "device"),
        .init("st_nlink", "number of hard links"), .init("st_uid", "user ID of owner"),
        .init("st_gid", "group ID of owner"), .init("st_size", "total size, in bytes"),
        .init(nil, "integer time of last access"),
        .init(nil, "integer time of last modification"), .init(nil, "integer time of last change"),
        .init("st_atime", "time of last access"), .init("st_mtime", "time of last modification"),
        .init("st_ctime", "time of last change"),
        .init("st_atime_ns", "time of last access in nanoseconds"),
        .init("st_mtime_ns", "time of last modification in nanoseconds"),
        .init("st_ctime_ns", "time of last change in nanoseconds"),
        .init("st_blksize", "blocksize for filesystem I/O"),
        .init("st_blocks", "number of blocks allocated"),
        .init("st_rdev", "device type (if inode device)"),
      ], visible: 10)
    try installConstructor()
    try StructSequence.install(
      volumeType, "os.statvfs_result",
      doc: "statvfs_result: Result from statvfs or fstatvfs, a tuple with named items.",
      fields: [
        .init("f_bsize"), .init("f_frsize"), .init("f_blocks"), .init("f_bfree"),
        .init("f_bavail"), .init("f_files"), .init("f_ffree"), .init("f_favail"),
        .init("f_flag"), .init("f_namemax"), .init("f_fsid"),
      ], visible: 10)
  }

  nonisolated(unsafe) private static var baseNew: newfunc?

  /// A stat_result made in Python from ten items has its float times from the integer ones.
  private static func installConstructor() throws(Raised) {
    guard baseNew == nil else { return }
    baseNew = resultType.pointee.tp_new
    resultType.pointee.tp_new = { type, args, keywords in
      guard let make = FileStatus.baseNew, let result = make(type, args, keywords) else { return nil }
      let items = apus_tuple_items(result)
      for index in 7...9 where items[index + 3].map({ $0.isNone }) ?? true {
        let old = items[index + 3]
        items[index + 3] = (items[index] ?? noneObject()).retained().give()
        Py_XDECREF(old)
      }
      return result
    }
  }

  /// The stat_result of what the system told.
  static func result(_ s: Glibc.stat) throws(Raised) -> Owned {
    let tuple = try own(PyStructSequence_New(resultType))
    let target = tuple.ref
    var next = 0
    func set(_ value: consuming Owned) {
      PyStructSequence_SetItem(target, next, value.give())
      next += 1
    }
    set(try int(Int(s.st_mode)))
    set(try own(PyLong_FromUnsignedLongLong(UInt64(s.st_ino))))
    set(try own(PyLong_FromUnsignedLongLong(UInt64(s.st_dev))))
    set(try int(Int(s.st_nlink)))
    set(try identity(s.st_uid))
    set(try identity(s.st_gid))
    set(try int(s.st_size))
    for time in [s.st_atim, s.st_mtim, s.st_ctim] { set(try int(time.tv_sec)) }
    for time in [s.st_atim, s.st_mtim, s.st_ctim] {
      set(try own(PyFloat_FromDouble(Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec))))
    }
    for time in [s.st_atim, s.st_mtim, s.st_ctim] { set(try nanoseconds(time)) }
    set(try int(Int(s.st_blksize)))
    set(try int(Int(s.st_blocks)))
    set(try own(PyLong_FromUnsignedLongLong(UInt64(s.st_rdev))))
    return tuple
  }

  /// A user or group number; the all-ones number is -1.
  static func identity(_ number: UInt32) throws(Raised) -> Owned {
    try int(number == .max ? -1 : Int(number))
  }

  /// The whole time in nanoseconds, which may need more than 64 bits.
  private static func nanoseconds(_ time: timespec) throws(Raised) -> Owned {
    let (product, overflow) = time.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(time.tv_nsec)
    if !overflow && !carried { return try int(sum) }
    let seconds = try int(time.tv_sec)
    let billion = try int(1_000_000_000)
    let scaled = try own(PyNumber_Multiply(seconds.ref, billion.ref))
    let rest = try int(time.tv_nsec)
    return try own(PyNumber_Add(scaled.ref, rest.ref))
  }

  /// `stat` of a path or descriptor, with the checks of the keyword arguments.
  static func query(
    _ function: StaticString, _ path: borrowing PathArgument, directory: Int32,
    follow: Bool
  ) throws(Raised) -> Owned {
    if directory != AT_FDCWD && path.isDescriptor {
      throw raise(.valueError, "\(function): can't specify dir_fd without matching path")
    }
    var status = Glibc.stat()
    let result: Int32
    if path.isDescriptor {
      let descriptor = path.descriptor
      result = withoutGIL { Glibc.fstat(descriptor, &status) }
    } else {
      let bytes = path.bytes
      result = withoutGIL {
        Glibc.fstatat(directory, bytes, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW)
      }
    }
    if result != 0 { throw path.raiseError() }
    return try FileStatus.result(status)
  }

  static let stat: Method = .keywords(
    "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)",
    """
    Perform a stat system call on the given path.

      path
        str, bytes, a path-like object or an open file descriptor
      dir_fd
        a descriptor of the directory that a relative path starts from
      follow_symlinks
        False asks about a symbolic link itself
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(stat, args, count, names)
      let path = try PathArgument(a[0], "stat", "path", .descriptor)
      return try query(
        "stat", path, directory: DescriptorArgument.directory(a[1]),
        follow: a.bool(2, default: true))
    }
  }

  static let lstat: Method = .keywords(
    "lstat($module, /, path, *, dir_fd=None)",
    "Perform a stat system call on the given path, without following symbolic links."
  ) { _, args, count, names in
    new {
      let a = try Arguments(lstat, args, count, names)
      let path = try PathArgument(a[0], "lstat")
      return try query(
        "lstat", path, directory: DescriptorArgument.directory(a[1]), follow: false)
    }
  }

  static let fstat: Method = .keywords(
    "fstat($module, /, fd)", "Perform a stat system call on the given file descriptor."
  ) { _, args, count, names in
    new {
      let a = try Arguments(fstat, args, count, names)
      let descriptor = try a.descriptor(0)
      var status = Glibc.stat()
      try interruptibleCall { Glibc.fstat(descriptor, &status) }
      return try result(status)
    }
  }

  private static func volume(_ s: Glibc.statvfs) throws(Raised) -> Owned {
    var result = try StructSequenceBuilder(volumeType)
    for value in [
      s.f_bsize, s.f_frsize, s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree, s.f_favail,
      s.f_flag, s.f_namemax, s.f_fsid,
    ] {
      result.append(try own(PyLong_FromUnsignedLongLong(UInt64(value))))
    }
    return result.finish()
  }

  static let statvfs: Method = .keywords(
    "statvfs($module, /, path)", "Perform a statvfs system call on the given path or descriptor."
  ) { _, args, count, names in
    new {
      let a = try Arguments(statvfs, args, count, names)
      let path = try PathArgument(a[0], "statvfs", "path", .descriptor)
      var status = Glibc.statvfs()
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      try systemCall(path.filename) {
        descriptor >= 0 ? Glibc.fstatvfs(descriptor, &status) : apus_statvfs(bytes, &status)
      }
      return try volume(status)
    }
  }

  static let fstatvfs: Method = .o(
    "fstatvfs($module, fd, /)", "Perform an fstatvfs system call on the given descriptor."
  ) { _, object in
    new {
      let descriptor = try intArgument(object)
      var status = Glibc.statvfs()
      try interruptibleCall { Glibc.fstatvfs(descriptor, &status) }
      return try volume(status)
    }
  }

  static let access: Method = .keywords(
    "access($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n       follow_symlinks=True)",
    """
    Whether the real user of the process may do with the path what mode says:
    F_OK (it exists) or a combination of R_OK, W_OK and X_OK.

    With effective_ids the effective user is asked about.
    """
  ) { _, args, count, names in
    bool {
      let a = try Arguments(access, args, count, names)
      let path = try PathArgument(a[0], "access")
      let mode = try a.int32(1)
      let directory = try DescriptorArgument.directory(a[2])
      var flags: Int32 = 0
      if try a.bool(3) { flags |= AT_EACCESS }
      if try !a.bool(4, default: true) { flags |= AT_SYMLINK_NOFOLLOW }
      let bytes = path.bytes
      return withoutGIL {
        directory == AT_FDCWD && flags == 0
          ? Glibc.access(bytes, mode) : faccessat(directory, bytes, mode, flags)
      } == 0
    }
  }

  // MARK: Device numbers

  /// A device number; -1 (NODEV) is taken.
  static func device(_ object: Ref) throws(Raised) -> UInt {
    let number = try own(PyNumber_Index(object))
    let value = PyLong_AsLongLong(number.ref)
    if value == -1 && !hasRaised() { return UInt.max }
    PyErr_Clear()
    let wide = PyLong_AsUnsignedLongLong(number.ref)
    if wide == UInt64.max && hasRaised() { throw Raised() }
    return UInt(wide)
  }

  static let major: Method = .o("major($module, device, /)", "The major number of a device.") { _, object in
    new {
      let number = try device(object)
      return try int(number == .max ? -1 : Int(apus_major(number)))
    }
  }
  static let minor: Method = .o("minor($module, device, /)", "The minor number of a device.") { _, object in
    new {
      let number = try device(object)
      return try int(number == .max ? -1 : Int(apus_minor(number)))
    }
  }
  static let makedev: Method = .fast(
    "makedev($module, major, minor, /)", "The device number of a major and a minor number."
  ) { _, args, count in
    new {
      let a = try Arguments(makedev, args, count)
      let (major, minor) = (try device(a.object(0)), try device(a.object(1)))
      for number in [major, minor] where number != .max && number > UInt(UInt32.max) {
        throw raise(.overflowError, "Python int too large to convert to C unsigned int")
      }
      if major == .max && minor == .max { return try int(-1) }
      return try own(
        PyLong_FromUnsignedLongLong(
          UInt64(apus_makedev(UInt32(truncatingIfNeeded: major), UInt32(truncatingIfNeeded: minor)))))
    }
  }
}

/// An argument that must fit a C int, given alone.
func intArgument(_ object: Ref) throws(Raised) -> Int32 {
  let number = try own(PyNumber_Index(object))
  let wide = PyLong_AsLong(number.ref)
  if wide == -1 && hasRaised() { throw Raised() }
  guard let narrow = Int32(exactly: wide) else {
    throw raise(
      .overflowError,
      wide > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum")
  }
  return narrow
}
