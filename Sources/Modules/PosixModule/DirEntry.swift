import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `os.scandir` and the entries it gives. CPython: Modules/posixmodule.c, DirEntry.
enum DirectoryScan {
  struct Entry {
    var ob_base: PyObject
    var name: Ref?
    var path: Ref?
    /// The stat_results asked for so far, following and not.
    var status: Ref?
    var ownStatus: Ref?
    var inode: UInt64
    /// The directory's descriptor when that is what was scanned, else AT_FDCWD.
    var directory: Int32
    /// DT_*
    var kind: UInt8
  }

  struct Iterator {
    var ob_base: PyObject
    var stream: OpaquePointer?
    /// The path argument, to be joined with the names (str or bytes; nil for a descriptor).
    var prefix: Ref?
    var isBytes: Bool
    /// The caller's descriptor, or -1.
    var descriptor: Int32
  }

  nonisolated(unsafe) static let entryType = PermanentMemory.type()
  nonisolated(unsafe) static let iteratorType = PermanentMemory.type()

  static let entry = TypeSpec(
    entryType, "posix.DirEntry", basicSize: MemoryLayout<Entry>.size,
    flags: [.disallowInstantiation, .mutable], base: objectType(),
    slots: [
      .tp_dealloc { object in
        let entry = object.view(Entry.self)
        Py_XDECREF(entry.pointee.name)
        Py_XDECREF(entry.pointee.path)
        Py_XDECREF(entry.pointee.status)
        Py_XDECREF(entry.pointee.ownStatus)
        PyObject_Free(object)
      },
      .tp_repr { object in
        new {
          let name = object.view(Entry.self).pointee.name ?? noneObject()
          let shown = try own(PyObject_Repr(name))
          return try own(newString("<DirEntry \(text(of: shown.ref))>"))
        }
      },
    ],
    methods: [isDirectory, isFile, isSymbolicLink, isJunction, stat, inode, fspath, classItem],
    members: [
      Member(
        "name", Py_T_OBJECT_EX, offset: MemoryLayout<Entry>.offset(of: \.name) ?? 16,
        flags: Py_READONLY, "the entry's base filename, relative to scandir() \"path\" argument"),
      Member(
        "path", Py_T_OBJECT_EX, offset: MemoryLayout<Entry>.offset(of: \.path) ?? 24,
        flags: Py_READONLY, "the entry's full path name"),
    ])

  static let iterator = TypeSpec(
    iteratorType, "posix.ScandirIterator", basicSize: MemoryLayout<Iterator>.size,
    flags: .disallowInstantiation, base: objectType(),
    slots: [
      .tp_dealloc { object in
        if PyObject_CallFinalizerFromDealloc(object) < 0 { return }
        let state = object.view(Iterator.self)
        finish(state)
        Py_XDECREF(state.pointee.prefix)
        PyObject_Free(object)
      },
      .tp_finalize { object in
        let state = object.view(Iterator.self)
        if state.pointee.stream == nil { return }
        let pending = PyErr_GetRaisedException()
        let text = "unclosed scandir iterator"
        _ = try? {
          let shown = try own(PyObject_Repr(object))
          do { try warn(.resourceWarning, "\(text) \(Objects.text(of: shown.ref))") } catch {
            if PyErr_ExceptionMatches(.warning) != 0 { PyErr_WriteUnraisable(object) }
          }
        }()
        PyErr_Clear()
        finish(state)
        PyErr_SetRaisedException(pending)
      },
      .tp_iter { object in object.retained().give() },
      .tp_iternext { object in
        do { return try next(object.view(Iterator.self))?.give() } catch { return nil }
      },
    ],
    methods: [enter, exit, close])

  private static func finish(_ state: UnsafeMutablePointer<Iterator>) {
    guard let stream = state.pointee.stream else { return }
    state.pointee.stream = nil
    let rewinds = state.pointee.descriptor != -1
    withoutGIL {
      if rewinds { rewinddir(stream) }
      closedir(stream)
    }
  }

  /// The next entry; nil at the end.
  private static func next(_ state: UnsafeMutablePointer<Iterator>) throws -> Owned? {
    while let stream = state.pointee.stream {
      errno = 0
      guard let found = withoutGIL({ readdir(stream) }) else {
        let number = errno
        let prefix = state.pointee.prefix
        finish(state)
        if number != 0 { throw raiseSystemError(number: number, prefix) }
        return nil
      }
      // Closed meanwhile by another thread.
      if state.pointee.stream == nil { return nil }
      let name = Directories.name(of: found)
      let count = strlen(name)
      if name[0] == 0x2E && (count == 1 || (count == 2 && name[1] == 0x2E)) { continue }
      return try make(state, name, count, found.pointee.d_ino, found.pointee.d_type)
    }
    return nil
  }

  private static func make(
    _ state: UnsafeMutablePointer<Iterator>, _ name: UnsafePointer<CChar>, _ count: Int,
    _ inode: UInt, _ kind: UInt8
  ) throws -> Owned {
    let isBytes = state.pointee.isBytes
    let nameObject = try own(
      isBytes
        ? PyBytes_FromStringAndSize(name, count) : PyUnicode_DecodeFSDefaultAndSize(name, count))
    let path: Owned
    if let prefix = state.pointee.prefix {
      let separator = try own(isBytes ? PyBytes_FromString("/") : PyUnicode_FromString("/"))
      let size = isBytes ? apus_var_size(prefix) : apus_str_length(prefix)
      let endsWithSeparator =
        size > 0
        && (isBytes
          ? PyBytes_AsString(prefix).map { $0[size - 1] == 0x2F } ?? false
          : apus_str_read(apus_str_kind(prefix), apus_str_data(prefix), size - 1) == 0x2F)
      if size == 0 {
        path = nameObject.ref.retained()
      } else {
        let head =
          endsWithSeparator
          ? prefix.retained()
          : try own(
            isBytes
              ? PySequence_Concat(prefix, separator.ref)
              : PyUnicode_Concat(prefix, separator.ref))
        path = try own(
          isBytes
            ? PySequence_Concat(head.ref, nameObject.ref)
            : PyUnicode_Concat(head.ref, nameObject.ref))
      }
    } else {
      path = nameObject.ref.retained()
    }
    let object = try own(PyType_GenericAlloc(entryType, 0))
    let entry = object.ref.view(Entry.self)
    entry.pointee.name = nameObject.give()
    entry.pointee.path = path.give()
    entry.pointee.inode = UInt64(inode)
    entry.pointee.kind = kind
    entry.pointee.directory =
      state.pointee.descriptor == -1 ? AT_FDCWD : state.pointee.descriptor
    return object
  }

  // MARK: scandir

  static let scandir: Method = .keywords(
    "scandir($module, /, path=None)",
    """
    Return an iterator of DirEntry objects for given path.

      path
        str, bytes, a path-like object or a descriptor; the current directory when None
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(scandir, args, count, names)
      let path = try PathArgument(a[0], "scandir", "path", [.descriptor, .none])
      try Audit.send("os.scandir", [.object(a[0])])
      let object = try own(PyType_GenericAlloc(iteratorType, 0))
      let state = object.ref.view(Iterator.self)
      state.pointee.descriptor = path.isDescriptor ? path.descriptor : -1
      state.pointee.isBytes = path.isBytes
      if !path.isDescriptor {
        state.pointee.prefix =
          try path.filename.map { $0.retained().give() } ?? own(PyUnicode_FromString(".")).give()
      }
      state.pointee.stream = try Directories.open(path)
      return object
    }
  }

  private static let enter: Method = .noargs("__enter__", "") { object, _ in
    object.retained().give()
  }
  private static let exit: Method = .variable("__exit__", "") { object, _ in
    finish(object.view(Iterator.self))
    return noneObject()
  }
  private static let close: Method = .noargs("close", "") { object, _ in
    finish(object.view(Iterator.self))
    return noneObject()
  }

  // MARK: Entries

  /// The stat_result, fetched once.
  private static func status(
    _ entry: UnsafeMutablePointer<Entry>, follow: Bool
  ) throws -> Owned {
    if !follow {
      if let known = entry.pointee.ownStatus { return known.retained() }
      let made = try query(entry, follow: false)
      if entry.pointee.ownStatus == nil { entry.pointee.ownStatus = made.ref.retained().give() }
      return made
    }
    if let known = entry.pointee.status { return known.retained() }
    let made =
      try isLink(entry) ? query(entry, follow: true) : status(entry, follow: false)
    if entry.pointee.status == nil { entry.pointee.status = made.ref.retained().give() }
    return made
  }

  private static func query(
    _ entry: UnsafeMutablePointer<Entry>, follow: Bool
  ) throws(Raised) -> Owned {
    let path = try PathArgument(entry.pointee.path, "DirEntry")
    return try FileStatus.query(
      "DirEntry", path, directory: entry.pointee.directory, follow: follow)
  }

  private static func isLink(_ entry: UnsafeMutablePointer<Entry>) throws -> Bool {
    if entry.pointee.kind != UInt8(DT_UNKNOWN) { return entry.pointee.kind == UInt8(DT_LNK) }
    return try has(S_IFLNK, entry, follow: false)
  }

  /// Whether the entry's file is of a kind (S_IF*). A file that is gone is of none.
  private static func has(
    _ kind: mode_t, _ entry: UnsafeMutablePointer<Entry>, follow: Bool
  ) throws -> Bool {
    let known = entry.pointee.kind
    if known != UInt8(DT_UNKNOWN) && !(follow && known == UInt8(DT_LNK)) {
      switch kind {
      case S_IFDIR: return known == UInt8(DT_DIR)
      case S_IFREG: return known == UInt8(DT_REG)
      default: return known == UInt8(DT_LNK)
      }
    }
    do {
      let result = try status(entry, follow: follow)
      let mode = PyLong_AsLong(apus_tuple_item(result.ref, 0))
      if mode == -1 && hasRaised() { throw Raised() }
      return mode_t(truncatingIfNeeded: mode) & S_IFMT == kind
    } catch {
      if PyErr_ExceptionMatches(.fileNotFoundError) != 0 {
        PyErr_Clear()
        return false
      }
      throw error
    }
  }

  private static let isDirectory: Method = .keywords(
    "is_dir($self, /, *, follow_symlinks=True)",
    "Return True if the entry is a directory; cached per entry."
  ) { object, args, count, names in
    bool {
      let a = try Arguments(isDirectory, args, count, names)
      return try has(S_IFDIR, object.view(Entry.self), follow: a.bool(0, default: true))
    }
  }

  private static let isFile: Method = .keywords(
    "is_file($self, /, *, follow_symlinks=True)",
    "Return True if the entry is a file; cached per entry."
  ) { object, args, count, names in
    bool {
      let a = try Arguments(isFile, args, count, names)
      return try has(S_IFREG, object.view(Entry.self), follow: a.bool(0, default: true))
    }
  }

  private static let isSymbolicLink: Method = .noargs(
    "is_symlink($self, /)", "Return True if the entry is a symbolic link; cached per entry."
  ) { object, _ in bool { try isLink(object.view(Entry.self)) } }

  private static let isJunction: Method = .noargs(
    "is_junction($self, /)", "Return True if the entry is a junction (never, on this system)."
  ) { _, _ in falseObject() }

  private static let stat: Method = .keywords(
    "stat($self, /, *, follow_symlinks=True)",
    "Return stat_result object for the entry; cached per entry."
  ) { object, args, count, names in
    new {
      let a = try Arguments(stat, args, count, names)
      return try status(object.view(Entry.self), follow: a.bool(0, default: true))
    }
  }

  private static let inode: Method = .noargs(
    "inode($self, /)", "Return inode of the entry; cached per entry."
  ) { object, _ in PyLong_FromUnsignedLongLong(object.view(Entry.self).pointee.inode) }

  private static let fspath: Method = .noargs(
    "__fspath__($self, /)", "Returns the path for the entry."
  ) { object, _ in object.view(Entry.self).pointee.path.map { $0.retained().give() } }

  private static let classItem: Method = Method.o(
    "__class_getitem__", "See PEP 585"
  ) { type, item in Py_GenericAlias(type, item) }.classMethod
}
