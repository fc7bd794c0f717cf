import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Directories: the current one, listing, making, removing, renaming, links.
enum Directories {
  static let methods: [Method] = [
    getcwd, getcwdb, chdir, fchdir, chroot, listdir, mkdir, rmdir, unlink, remove, rename, replace,
    symlink, readlink, link, mkfifo, mknod, umask,
  ]

  private static func currentDirectory(asBytes: Bool) throws(Raised) -> Owned {
    guard let text = withoutGIL({ Glibc.getcwd(nil, 0) }) else { throw raiseSystemError() }
    defer { free(text) }
    let count = strlen(text)
    // Outside of the process's root the kernel's answer is no path.
    if text[0] != 0x2F {
      errno = ENOENT
      throw raiseSystemError()
    }
    return try own(
      asBytes
        ? PyBytes_FromStringAndSize(text, count) : PyUnicode_DecodeFSDefaultAndSize(text, count))
  }

  static let getcwd: Method = .noargs(
    "getcwd($module, /)", "Return a unicode string representing the current working directory."
  ) { _, _ in new { try currentDirectory(asBytes: false) } }
  static let getcwdb: Method = .noargs(
    "getcwdb($module, /)", "Return a byte string representing the current working directory."
  ) { _, _ in new { try currentDirectory(asBytes: true) } }

  static let chdir: Method = .keywords(
    "chdir($module, /, path)",
    "Change the current working directory to a path or an open directory's descriptor."
  ) { _, args, count, names in
    none {
      let a = try Arguments(chdir, args, count, names)
      let path = try PathArgument(a[0], "chdir", "path", .descriptor)
      try Audit.send("os.chdir", [.object(path.filename)])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      try systemCall(path.filename) {
        descriptor >= 0 ? Glibc.fchdir(descriptor) : Glibc.chdir(bytes)
      }
    }
  }

  static let fchdir: Method = .keywords(
    "fchdir($module, /, fd)", "Change to the directory of the given file descriptor."
  ) { _, args, count, names in
    none {
      let a = try Arguments(fchdir, args, count, names)
      let descriptor = try a.fileno(0)
      try Audit.send("os.chdir", [.int(Int(descriptor))])
      try interruptibleCall { Glibc.fchdir(descriptor) }
    }
  }

  static let chroot: Method = .keywords("chroot($module, /, path)", "Change root directory to path.") {
    _, args, count, names in
    none {
      let a = try Arguments(chroot, args, count, names)
      let path = try PathArgument(a[0], "chroot")
      let bytes = path.bytes
      try systemCall(path.filename) { Glibc.chroot(bytes) }
    }
  }

  static let listdir: Method = .keywords(
    "listdir($module, /, path=None)",
    """
    Return a list containing the names of the files in the directory.

      path
        str, bytes (then the names are bytes), a path-like object or a descriptor;
        the current directory when None

    The order is arbitrary; '.' and '..' are left out.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(listdir, args, count, names)
      let path = try PathArgument(a[0], "listdir", "path", [.descriptor, .none])
      try Audit.send("os.listdir", [.object(a[0])])
      let stream = try open(path)
      let rewinds = path.isDescriptor
      defer {
        withoutGIL {
          // The position is shared with the caller's descriptor.
          if rewinds { rewinddir(stream) }
          closedir(stream)
        }
      }
      let list = try own(PyList_New(0))
      while true {
        errno = 0
        guard let entry = withoutGIL({ readdir(stream) }) else {
          if errno != 0 { throw path.raiseError() }
          return list
        }
        let name = name(of: entry)
        let count = strlen(name)
        if name[0] == 0x2E && (count == 1 || (count == 2 && name[1] == 0x2E)) { continue }
        let object = try path.result(name, count)
        try check(PyList_Append(list.ref, object.ref))
      }
    }
  }

  /// The directory's stream; of a descriptor, one of a duplicate.
  static func open(_ path: borrowing PathArgument) throws(Raised) -> OpaquePointer {
    let (bytes, descriptor) = (path.bytes, path.descriptor)
    let stream: OpaquePointer? = withoutGIL {
      guard path.isDescriptor else { return opendir(bytes) }
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
      if copy < 0 { return nil }
      if let stream = fdopendir(copy) { return stream }
      let saved = errno
      _ = Glibc.close(copy)
      errno = saved
      return nil
    }
    guard let stream else { throw path.raiseError() }
    return stream
  }

  static func name(of entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
    (UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19))
      .assumingMemoryBound(to: CChar.self)
  }

  static let mkdir: Method = .keywords(
    "mkdir($module, /, path, mode=511, *, dir_fd=None)",
    "Create a directory. With dir_fd a relative path starts from that directory."
  ) { _, args, count, names in
    none {
      let a = try Arguments(mkdir, args, count, names)
      let path = try PathArgument(a[0], "mkdir")
      let mode = mode_t(truncatingIfNeeded: try a.int32(1, default: 0o777))
      let directory = try DescriptorArgument.directory(a[2])
      try Audit.send(
        "os.mkdir", [.object(path.filename), .int(Int(mode)), .descriptor(directory)])
      let bytes = path.bytes
      try systemCall(path.filename) { mkdirat(directory, bytes, mode) }
    }
  }

  static let rmdir: Method = .keywords(
    "rmdir($module, /, path, *, dir_fd=None)",
    "Remove a directory. With dir_fd a relative path starts from that directory."
  ) { _, args, count, names in
    none {
      let a = try Arguments(rmdir, args, count, names)
      let path = try PathArgument(a[0], "rmdir")
      let directory = try DescriptorArgument.directory(a[1])
      try Audit.send("os.rmdir", [.object(path.filename), .descriptor(directory)])
      let bytes = path.bytes
      try systemCall(path.filename) { unlinkat(directory, bytes, AT_REMOVEDIR) }
    }
  }

  private static func unlink(_ path: borrowing PathArgument, _ directory: Int32) throws(Raised) {
    try Audit.send("os.remove", [.object(path.filename), .descriptor(directory)])
    let bytes = path.bytes
    try systemCall(path.filename) { unlinkat(directory, bytes, 0) }
  }

  static let unlink: Method = .keywords(
    "unlink($module, /, path, *, dir_fd=None)", "Remove a file (same as remove())."
  ) { _, args, count, names in
    none {
      let a = try Arguments(unlink, args, count, names)
      let path = try PathArgument(a[0], "unlink")
      try unlink(path, DescriptorArgument.directory(a[1]))
    }
  }

  static let remove: Method = .keywords(
    "remove($module, /, path, *, dir_fd=None)", "Remove a file (same as unlink())."
  ) { _, args, count, names in
    none {
      let a = try Arguments(remove, args, count, names)
      let path = try PathArgument(a[0], "remove")
      try unlink(path, DescriptorArgument.directory(a[1]))
    }
  }

  private static func rename(_ function: StaticString, _ a: Arguments) throws(Raised) {
    let source = try PathArgument(a[0], function, "src")
    let target = try PathArgument(a[1], function, "dst")
    let from = try DescriptorArgument.directory(a[2])
    let to = try DescriptorArgument.directory(a[3])
    try Audit.send(
      "os.rename",
      [.object(source.filename), .object(target.filename), .descriptor(from), .descriptor(to)])
    let (old, new) = (source.bytes, target.bytes)
    try systemCall(source.filename, target.filename) { renameat(from, old, to, new) }
  }

  static let rename: Method = .keywords(
    "rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
    "Rename a file or directory. The descriptors are where relative paths start from."
  ) { _, args, count, names in
    none { try rename("rename", try Arguments(rename, args, count, names)) }
  }

  static let replace: Method = .keywords(
    "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
    "Rename a file or directory, overwriting the destination."
  ) { _, args, count, names in
    none { try rename("replace", try Arguments(replace, args, count, names)) }
  }

  static let symlink: Method = .keywords(
    "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
    "Create a symbolic link pointing to src named dst. target_is_directory matters on Windows only."
  ) { _, args, count, names in
    none {
      let a = try Arguments(symlink, args, count, names)
      let source = try PathArgument(a[0], "symlink", "src")
      let target = try PathArgument(a[1], "symlink", "dst")
      _ = try a.bool(2)
      let directory = try DescriptorArgument.directory(a[3])
      try Audit.send(
        "os.symlink",
        [.object(source.filename), .object(target.filename), .descriptor(directory)])
      let (old, new) = (source.bytes, target.bytes)
      try systemCall(source.filename, target.filename) { symlinkat(old, directory, new) }
    }
  }

  static let readlink: Method = .keywords(
    "readlink($module, /, path, *, dir_fd=None)",
    "Return a string representing the path to which the symbolic link points."
  ) { _, args, count, names in
    new {
      let a = try Arguments(readlink, args, count, names)
      let path = try PathArgument(a[0], "readlink")
      let directory = try DescriptorArgument.directory(a[1])
      let bytes = path.bytes
      let room = Int(PATH_MAX) + 1
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
      defer { buffer.deallocate() }
      let length = try systemCall(path.filename) { readlinkat(directory, bytes, buffer, room - 1) }
      return try path.result(buffer, length)
    }
  }

  static let link: Method = .keywords(
    "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,\n     follow_symlinks=True)",
    """
    Create a hard link to a file.

    With follow_symlinks=False and a symbolic link as src the link is to that itself.
    """
  ) { _, args, count, names in
    none {
      let a = try Arguments(link, args, count, names)
      let source = try PathArgument(a[0], "link", "src")
      let target = try PathArgument(a[1], "link", "dst")
      let from = try DescriptorArgument.directory(a[2])
      let to = try DescriptorArgument.directory(a[3])
      let follow = try a.bool(4, default: true)
      try Audit.send(
        "os.link",
        [.object(source.filename), .object(target.filename), .descriptor(from), .descriptor(to)])
      let plain = a[2].map { $0.isNone } ?? true && a[3].map { $0.isNone } ?? true && follow
      let (old, new) = (source.bytes, target.bytes)
      try systemCall(source.filename, target.filename) {
        plain ? Glibc.link(old, new) : linkat(from, old, to, new, follow ? AT_SYMLINK_FOLLOW : 0)
      }
    }
  }

  static let mkfifo: Method = .keywords(
    "mkfifo($module, /, path, mode=438, *, dir_fd=None)", "Create a \"fifo\" (a POSIX named pipe)."
  ) { _, args, count, names in
    none {
      let a = try Arguments(mkfifo, args, count, names)
      let path = try PathArgument(a[0], "mkfifo")
      let mode = mode_t(truncatingIfNeeded: try a.int32(1, default: 0o666))
      let directory = try DescriptorArgument.directory(a[2])
      let bytes = path.bytes
      try interruptibleCall { mkfifoat(directory, bytes, mode) }
    }
  }

  static let mknod: Method = .keywords(
    "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)",
    "Create a node in the file system: a file, device special file or named pipe."
  ) { _, args, count, names in
    none {
      let a = try Arguments(mknod, args, count, names)
      let path = try PathArgument(a[0], "mknod")
      let mode = mode_t(truncatingIfNeeded: try a.int32(1, default: 0o600))
      let device = try a[2].map { try FileStatus.device($0) } ?? 0
      let directory = try DescriptorArgument.directory(a[3])
      let bytes = path.bytes
      try interruptibleCall { mknodat(directory, bytes, mode, device) }
    }
  }

  static let umask: Method = .o(
    "umask($module, mask, /)", "Set the current numeric umask and return the previous umask."
  ) { _, object in
    new { try int(Int(Glibc.umask(mode_t(truncatingIfNeeded: intArgument(object))))) }
  }
}
