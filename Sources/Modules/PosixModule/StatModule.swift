import CPythonABI
import Objects

/// The module `_stat`: what `st_mode` means. CPython: Modules/_stat.c.
public let statModule = ModuleSpec(
  "_stat", doc: "The file type and permission bits of st_mode: tests and constants.",
  methods: [permissions, format, fileMode] + typeTests,
  constants: [
    .int("SF_APPEND", 262144), .int("SF_ARCHIVED", 65536), .int("SF_DATALESS", 1073741824),
    .int("SF_FIRMLINK", 8388608), .int("SF_IMMUTABLE", 131072), .int("SF_NOUNLINK", 1048576),
    .int("SF_SETTABLE", 4294901760), .int("SF_SNAPSHOT", 2097152), .int("ST_ATIME", 7),
    .int("ST_CTIME", 9), .int("ST_DEV", 2), .int("ST_GID", 5), .int("ST_INO", 1),
    .int("ST_MODE", 0), .int("ST_MTIME", 8), .int("ST_NLINK", 3), .int("ST_SIZE", 6),
    .int("ST_UID", 4), .int("S_ENFMT", 0o2000), .int("S_IEXEC", 0o100), .int("S_IFBLK", 0o60000),
    .int("S_IFCHR", 0o20000), .int("S_IFDIR", 0o40000), .int("S_IFDOOR", 0),
    .int("S_IFIFO", 0o10000), .int("S_IFLNK", 0o120000), .int("S_IFPORT", 0),
    .int("S_IFREG", 0o100000), .int("S_IFSOCK", 0o140000), .int("S_IFWHT", 0),
    .int("S_IREAD", 0o400), .int("S_IRGRP", 0o40), .int("S_IROTH", 0o4), .int("S_IRUSR", 0o400),
    .int("S_IRWXG", 0o70), .int("S_IRWXO", 0o7), .int("S_IRWXU", 0o700), .int("S_ISGID", 0o2000),
    .int("S_ISUID", 0o4000), .int("S_ISVTX", 0o1000), .int("S_IWGRP", 0o20), .int("S_IWOTH", 0o2),
    .int("S_IWRITE", 0o200), .int("S_IWUSR", 0o200), .int("S_IXGRP", 0o10), .int("S_IXOTH", 0o1),
    .int("S_IXUSR", 0o100), .int("UF_APPEND", 4), .int("UF_COMPRESSED", 32),
    .int("UF_DATAVAULT", 128), .int("UF_HIDDEN", 32768), .int("UF_IMMUTABLE", 2),
    .int("UF_NODUMP", 1), .int("UF_NOUNLINK", 16), .int("UF_OPAQUE", 8), .int("UF_SETTABLE", 65535),
    .int("UF_TRACKED", 64),
  ])

/// The file mode argument, which must fit 32 bits.
private func mode(_ object: Ref) throws(Raised) -> UInt32 {
  let value = PyLong_AsUnsignedLong(object)
  if value == .max && hasRaised() { throw Raised() }
  guard let narrow = UInt32(exactly: value) else { throw raise(.overflowError, "mode out of range") }
  return narrow
}

private let permissions: Method = .o("S_IMODE($self, object, /)", "Return the portion of the file's mode that can be set by os.chmod().") {
  _, object in new { try int(Int(mode(object) & 0o7777)) }
}
private let format: Method = .o("S_IFMT($self, object, /)", "Return the portion of the file's mode that describes the file type.") {
  _, object in new { try int(Int(mode(object) & 0o170000)) }
}

private let typeTests: [Method] = [
  .o("S_ISBLK($self, object, /)", "Return True if mode is from a block special device file.") { _, object in
    bool { try mode(object) & 0o170000 == 0o060000 }
  },
  .o("S_ISCHR($self, object, /)", "Return True if mode is from a character special device file.") { _, object in
    bool { try mode(object) & 0o170000 == 0o020000 }
  },
  .o("S_ISDIR($self, object, /)", "Return True if mode is from a directory.") { _, object in
    bool { try mode(object) & 0o170000 == 0o040000 }
  },
  .o("S_ISDOOR($self, object, /)", "Return True if mode is from a door; never on this system.") { _, object in
    bool {
      _ = try mode(object)
      return false
    }
  },
  .o("S_ISFIFO($self, object, /)", "Return True if mode is from a FIFO (named pipe).") { _, object in
    bool { try mode(object) & 0o170000 == 0o010000 }
  },
  .o("S_ISLNK($self, object, /)", "Return True if mode is from a symbolic link.") { _, object in
    bool { try mode(object) & 0o170000 == 0o120000 }
  },
  .o("S_ISPORT($self, object, /)", "Return True if mode is from an event port; never on this system.") { _, object in
    bool {
      _ = try mode(object)
      return false
    }
  },
  .o("S_ISREG($self, object, /)", "Return True if mode is from a regular file.") { _, object in
    bool { try mode(object) & 0o170000 == 0o100000 }
  },
  .o("S_ISSOCK($self, object, /)", "Return True if mode is from a socket.") { _, object in
    bool { try mode(object) & 0o170000 == 0o140000 }
  },
  .o("S_ISWHT($self, object, /)", "Return True if mode is from a whiteout; never on this system.") { _, object in
    bool {
      _ = try mode(object)
      return false
    }
  },
]

private let fileMode: Method = .o("filemode($self, object, /)", "Convert a file's mode to a string of the form '-rwxrwxrwx'") { _, object in
  new {
    let value = try mode(object)
    let kind: Character =
      switch value & 0o170000 {
      case 0o100000: "-"
      case 0o040000: "d"
      case 0o120000: "l"
      case 0o060000: "b"
      case 0o020000: "c"
      case 0o010000: "p"
      case 0o140000: "s"
      default: "?"
      }
    var text = String(kind)
    for (shift, special, letter) in [(6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")] {
      let bits = value >> UInt32(shift)
      text += bits & 4 != 0 ? "r" : "-"
      text += bits & 2 != 0 ? "w" : "-"
      if value & UInt32(special) != 0 {
        text += bits & 1 != 0 ? letter : letter.uppercased()
      } else {
        text += bits & 1 != 0 ? "x" : "-"
      }
    }
    return try own(newString(text))
  }
}
