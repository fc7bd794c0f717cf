import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Users, groups, sessions and the process's own numbers.
enum Identity {
  static let methods: [Method] = [
    getpid, getppid, getuid, geteuid, getgid, getegid, getpgid, getpgrp, setpgid, setpgrp, getsid,
    setsid, setuid, seteuid, setgid, setegid, setreuid, setregid, getresuid, getresgid, setresuid,
    setresgid, getgroups, setgroups, getgrouplist, initgroups, getlogin, tcgetpgrp, tcsetpgrp,
  ]

  static let getpid: Method = .noargs("getpid($module, /)", "Return the current process id.") { _, _ in
    PyLong_FromLong(Int(Glibc.getpid()))
  }
  static let getppid: Method = .noargs("getppid($module, /)", "Return the parent's process id.") { _, _ in
    PyLong_FromLong(Int(Glibc.getppid()))
  }
  static let getuid: Method = .noargs("getuid($module, /)", "Return the current process's user id.") { _, _ in
    new { try FileStatus.identity(Glibc.getuid()) }
  }
  static let geteuid: Method = .noargs("geteuid($module, /)", "Return the current process's effective user id.") { _, _ in
    new { try FileStatus.identity(Glibc.geteuid()) }
  }
  static let getgid: Method = .noargs("getgid($module, /)", "Return the current process's group id.") { _, _ in
    new { try FileStatus.identity(Glibc.getgid()) }
  }
  static let getegid: Method = .noargs("getegid($module, /)", "Return the current process's effective group id.") { _, _ in
    new { try FileStatus.identity(Glibc.getegid()) }
  }
  static let getpgid: Method = .keywords(
    "getpgid($module, /, pid)", "Call the system call getpgid(), and return the result."
  ) { _, args, count, names in
    new {
      let a = try Arguments(getpgid, args, count, names)
      let pid = try a.int32(0)
      return try int(Int(systemCall { Glibc.getpgid(pid) }))
    }
  }
  static let getpgrp: Method = .noargs("getpgrp($module, /)", "Return the current process group id.") { _, _ in
    PyLong_FromLong(Int(Glibc.getpgrp()))
  }
  static let setpgid: Method = .fast(
    "setpgid($module, pid, pgrp, /)", "Call the system call setpgid(pid, pgrp)."
  ) { _, args, count in
    none {
      let a = try Arguments(setpgid, args, count)
      let (pid, group) = (try a.int32(0), try a.int32(1))
      try systemCall { Glibc.setpgid(pid, group) }
    }
  }
  static let setpgrp: Method = .noargs(
    "setpgrp($module, /)", "Make the current process the leader of its process group."
  ) { _, _ in none { try systemCall { Glibc.setpgid(0, 0) } } }
  static let getsid: Method = .o("getsid($module, pid, /)", "Call the system call getsid(pid) and return the result.") { _, object in
    new {
      let pid = try intArgument(object)
      return try int(Int(systemCall { Glibc.getsid(pid) }))
    }
  }
  static let setsid: Method = .noargs("setsid($module, /)", "Call the system call setsid().") { _, _ in
    none { try systemCall { Glibc.setsid() } }
  }
  static let setuid: Method = .o("setuid($module, uid, /)", "Set the current process's user id.") { _, object in
    none {
      let id = try identityNumber(object, "uid")
      try systemCall { Glibc.setuid(id) }
    }
  }
  static let seteuid: Method = .o("seteuid($module, euid, /)", "Set the current process's effective user id.") { _, object in
    none {
      let id = try identityNumber(object, "uid")
      try systemCall { Glibc.seteuid(id) }
    }
  }
  static let setgid: Method = .o("setgid($module, gid, /)", "Set the current process's group id.") { _, object in
    none {
      let id = try identityNumber(object, "gid")
      try systemCall { Glibc.setgid(id) }
    }
  }
  static let setegid: Method = .o("setegid($module, egid, /)", "Set the current process's effective group id.") { _, object in
    none {
      let id = try identityNumber(object, "gid")
      try systemCall { Glibc.setegid(id) }
    }
  }
  static let setreuid: Method = .fast(
    "setreuid($module, ruid, euid, /)", "Set the current process's real and effective user ids."
  ) { _, args, count in
    none {
      let a = try Arguments(setreuid, args, count)
      let (real, effective) = (try a.identity(0, "uid"), try a.identity(1, "uid"))
      try systemCall { Glibc.setreuid(real, effective) }
    }
  }
  static let setregid: Method = .fast(
    "setregid($module, rgid, egid, /)", "Set the current process's real and effective group ids."
  ) { _, args, count in
    none {
      let a = try Arguments(setregid, args, count)
      let (real, effective) = (try a.identity(0, "gid"), try a.identity(1, "gid"))
      try systemCall { Glibc.setregid(real, effective) }
    }
  }
  static let getresuid: Method = .noargs(
    "getresuid($module, /)", "Return a tuple of the current process's real, effective, and saved user ids."
  ) { _, _ in
    new {
      var (r, e, s): (UInt32, UInt32, UInt32) = (0, 0, 0)
      if apus_getresuid(&r, &e, &s) < 0 { throw raiseSystemError() }
      return try tuple(FileStatus.identity(r), FileStatus.identity(e), FileStatus.identity(s))
    }
  }
  static let getresgid: Method = .noargs(
    "getresgid($module, /)", "Return a tuple of the current process's real, effective, and saved group ids."
  ) { _, _ in
    new {
      var (r, e, s): (UInt32, UInt32, UInt32) = (0, 0, 0)
      if apus_getresgid(&r, &e, &s) < 0 { throw raiseSystemError() }
      return try tuple(FileStatus.identity(r), FileStatus.identity(e), FileStatus.identity(s))
    }
  }
  static let setresuid: Method = .fast(
    "setresuid($module, ruid, euid, suid, /)", "Set the current process's real, effective, and saved user ids."
  ) { _, args, count in
    none {
      let a = try Arguments(setresuid, args, count)
      let (r, e, s) = (try a.identity(0, "uid"), try a.identity(1, "uid"), try a.identity(2, "uid"))
      try systemCall { apus_setresuid(r, e, s) }
    }
  }
  static let setresgid: Method = .fast(
    "setresgid($module, rgid, egid, sgid, /)", "Set the current process's real, effective, and saved group ids."
  ) { _, args, count in
    none {
      let a = try Arguments(setresgid, args, count)
      let (r, e, s) = (try a.identity(0, "gid"), try a.identity(1, "gid"), try a.identity(2, "gid"))
      try systemCall { apus_setresgid(r, e, s) }
    }
  }

  private static func list(_ groups: UnsafePointer<gid_t>, _ count: Int) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    for index in 0..<count {
      let group = try FileStatus.identity(groups[index])
      try check(PyList_Append(result.ref, group.ref))
    }
    return result
  }

  static let getgroups: Method = .noargs(
    "getgroups($module, /)", "Return list of supplemental group IDs for the process."
  ) { _, _ in
    new {
      let size = Glibc.getgroups(0, nil)
      if size < 0 { throw raiseSystemError() }
      let groups = UnsafeMutablePointer<gid_t>.allocate(capacity: Int(size) + 1)
      defer { groups.deallocate() }
      let count = Glibc.getgroups(size, groups)
      if count < 0 { throw raiseSystemError() }
      return try list(groups, Int(count))
    }
  }

  static let setgroups: Method = .o("setgroups($module, groups, /)", "Set the groups of the current process to list.") { _, object in
    none {
      guard PySequence_Check(object) != 0 else {
        throw raise(.typeError, "setgroups argument must be a sequence")
      }
      let count = try check(PySequence_Size(object))
      if count > 65536 { throw raise(.valueError, "too many groups") }
      let groups = UnsafeMutablePointer<gid_t>.allocate(capacity: count + 1)
      defer { groups.deallocate() }
      for index in 0..<count {
        let item = try own(PySequence_GetItem(object, index))
        guard item.ref.isInt else { throw raise(.typeError, "groups must be integers") }
        groups[index] = try identityNumber(item.ref, "gid")
      }
      try systemCall { Glibc.setgroups(count, groups) }
    }
  }

  static let getgrouplist: Method = .fast(
    "getgrouplist($module, user, group, /)",
    "Returns a list of groups to which a user belongs, with a group to be included as well."
  ) { _, args, count in
    new {
      let a = try Arguments(getgrouplist, args, count)
      guard let user = try a.str(0), let name = PyUnicode_AsUTF8(user) else { throw Raised() }
      let base = try a.identity(1, "gid")
      var room: Int32 = 64
      while true {
        let groups = UnsafeMutablePointer<gid_t>.allocate(capacity: Int(room))
        defer { groups.deallocate() }
        var found = room
        if Glibc.getgrouplist(name, base, groups, &found) >= 0 {
          return try list(groups, Int(found))
        }
        if found <= room { throw raiseSystemError() }
        room = found
      }
    }
  }

  static let initgroups: Method = .fast(
    "initgroups($module, username, gid, /)",
    "Initialize the group access list with the groups of a user, and a group besides."
  ) { _, args, count in
    none {
      let a = try Arguments(initgroups, args, count)
      let name = try PathArgument(a[0], "initgroups", "username")
      let group = try a.identity(1, "gid")
      let bytes = name.bytes
      try systemCall(name.filename) { Glibc.initgroups(bytes, group) }
    }
  }

  static let getlogin: Method = .noargs("getlogin($module, /)", "Return the actual login name.") { _, _ in
    new {
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 257)
      defer { buffer.deallocate() }
      let number = withoutGIL { getlogin_r(buffer, 257) }
      if number != 0 { throw raiseSystemError(number: number) }
      return try own(PyUnicode_DecodeFSDefault(buffer))
    }
  }

  static let tcgetpgrp: Method = .o(
    "tcgetpgrp($module, fd, /)", "Return the process group associated with the terminal specified by fd."
  ) { _, object in
    new {
      let descriptor = try intArgument(object)
      return try int(Int(systemCall { Glibc.tcgetpgrp(descriptor) }))
    }
  }
  static let tcsetpgrp: Method = .fast(
    "tcsetpgrp($module, fd, pgid, /)", "Set the process group associated with the terminal specified by fd."
  ) { _, args, count in
    none {
      let a = try Arguments(tcsetpgrp, args, count)
      let (descriptor, group) = (try a.int32(0), try a.int32(1))
      try systemCall { Glibc.tcsetpgrp(descriptor, group) }
    }
  }
}
