import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Terminals and pseudo-terminals.
enum Terminals {
  static let methods: [Method] = [
    getTerminalSize, ttyname, ctermid, openpty, forkpty, posixOpenpt, grantpt, unlockpt, ptsname,
    loginTty,
  ]

  nonisolated(unsafe) static let sizeType = PermanentMemory.type()

  static func install() throws(Raised) {
    try StructSequence.install(
      sizeType, "os.terminal_size", doc: "A tuple of (columns, lines) for holding terminal window size",
      fields: [
        .init("columns", "width of the terminal window in characters"),
        .init("lines", "height of the terminal window in characters"),
      ])
  }

  static let getTerminalSize: Method = .fast(
    "get_terminal_size($module, fd=<unrepresentable>, /)",
    """
    Return the size of the terminal window as (columns, lines).

    The descriptor (standard output when left out) must be connected to a terminal.
    """
  ) { _, args, count in
    new {
      try checkPositional("get_terminal_size", count, least: 0, most: 1)
      let descriptor = count > 0 ? try intArgument(args.unsafelyUnwrapped[0]) : 1
      var window = winsize()
      let result = withUnsafeMutablePointer(to: &window) { window in
        ioctl(descriptor, UInt(TIOCGWINSZ), window)
      }
      if result != 0 { throw raiseSystemError() }
      var size = try StructSequenceBuilder(sizeType)
      try size.append(Int(window.ws_col))
      try size.append(Int(window.ws_row))
      return size.finish()
    }
  }

  static let ttyname: Method = .o(
    "ttyname($module, fd, /)", "Return the name of the terminal device connected to 'fd'."
  ) { _, object in
    new {
      let descriptor = try intArgument(object)
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 4096)
      defer { buffer.deallocate() }
      let number = withoutGIL { ttyname_r(descriptor, buffer, 4096) }
      if number != 0 { throw raiseSystemError(number: number) }
      return try own(PyUnicode_DecodeFSDefault(buffer))
    }
  }

  static let ctermid: Method = .noargs(
    "ctermid($module, /)", "Return the name of the controlling terminal for this process."
  ) { _, _ in
    new {
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
      defer { buffer.deallocate() }
      guard let name = Glibc.ctermid(buffer) else { throw raiseSystemError() }
      return try own(PyUnicode_DecodeFSDefault(name))
    }
  }

  static let openpty: Method = .noargs(
    "openpty($module, /)",
    "Open a pseudo-terminal. Return a tuple of (master_fd, slave_fd), not inherited by programs."
  ) { _, _ in
    new {
      var (master, slave): (Int32, Int32) = (-1, -1)
      if Glibc.openpty(&master, &slave, nil, nil, nil) != 0 { throw raiseSystemError() }
      _ = fcntl(master, F_SETFD, FD_CLOEXEC)
      _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
      return try tuple(int(Int(master)), int(Int(slave)))
    }
  }

  static let forkpty: Method = .noargs(
    "forkpty($module, /)",
    """
    Fork a new process with a new pseudo-terminal as controlling tty.

    Returns (pid, master_fd), where pid is 0 in the child.
    """
  ) { _, _ in
    new {
      try Audit.send("os.forkpty")
      var master: Int32 = -1
      let pid = try Forking.fork("forkpty") { apus_forkpty(&master) }
      if pid > 0 { _ = fcntl(master, F_SETFD, FD_CLOEXEC) }
      return try tuple(int(Int(pid)), int(Int(master)))
    }
  }

  static let posixOpenpt: Method = .o(
    "posix_openpt($module, oflag, /)", "Open and return a file descriptor for a master pseudo-terminal device."
  ) { _, object in
    new {
      let flags = try intArgument(object)
      return try int(Int(systemCall { apus_posix_openpt(flags | O_CLOEXEC) }))
    }
  }
  static let grantpt: Method = .o(
    "grantpt($module, fd, /)", "Grant access to the slave pseudo-terminal device."
  ) { _, object in
    none {
      let descriptor = try DescriptorArgument.fileno(object)
      try systemCall { apus_grantpt(descriptor) }
    }
  }
  static let unlockpt: Method = .o(
    "unlockpt($module, fd, /)", "Unlock a pseudo-terminal master/slave pair."
  ) { _, object in
    none {
      let descriptor = try DescriptorArgument.fileno(object)
      try systemCall { apus_unlockpt(descriptor) }
    }
  }
  static let ptsname: Method = .o(
    "ptsname($module, fd, /)", "Return the name of the slave pseudo-terminal device."
  ) { _, object in
    new {
      let descriptor = try DescriptorArgument.fileno(object)
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 4096)
      defer { buffer.deallocate() }
      let number = apus_ptsname_r(descriptor, buffer, 4096)
      if number != 0 { throw raiseSystemError(number: number > 0 ? number : errno) }
      return try own(PyUnicode_DecodeFSDefault(buffer))
    }
  }
  static let loginTty: Method = .o(
    "login_tty($module, fd, /)",
    "Make a terminal the controlling one of a new session, and the standard streams of the process."
  ) { _, object in
    none {
      let descriptor = try DescriptorArgument.fileno(object)
      if apus_login_tty(descriptor) == -1 { throw raiseSystemError() }
    }
  }
}
