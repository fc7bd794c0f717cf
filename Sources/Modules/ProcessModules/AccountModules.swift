import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `pwd`: the password database. CPython: Modules/pwdmodule.c.
public let pwdModule = ModuleSpec(
  "pwd", doc: "Access to the Unix password database by user name and number.",
  methods: [userByNumber, userByName, allUsers],
  exec: { module in
    status {
      try StructSequence.install(
        userType, "pwd.struct_passwd", doc: "An entry of the password database, a tuple with names.",
        fields: [
          .init("pw_name", "user name"), .init("pw_passwd", "password"), .init("pw_uid", "user id"),
          .init("pw_gid", "group id"), .init("pw_gecos", "real name"),
          .init("pw_dir", "home directory"), .init("pw_shell", "shell program"),
        ])
      try check(PyModule_AddObjectRef(module, "struct_passwd", userType.object))
    }
  })

/// The module `grp`: the group database. CPython: Modules/grpmodule.c.
public let grpModule = ModuleSpec(
  "grp", doc: "Access to the Unix group database by group name and number.",
  methods: [groupByNumber, groupByName, allGroups],
  exec: { module in
    status {
      try StructSequence.install(
        groupType, "grp.struct_group", doc: "An entry of the group database, a tuple with names.",
        fields: [
          .init("gr_name", "group name"), .init("gr_passwd", "password"),
          .init("gr_gid", "group id"), .init("gr_mem", "group members"),
        ])
      try check(PyModule_AddObjectRef(module, "struct_group", groupType.object))
    }
  })

nonisolated(unsafe) private let userType = PermanentMemory.type()
nonisolated(unsafe) private let groupType = PermanentMemory.type()

private func string(_ text: UnsafePointer<CChar>?) throws(Raised) -> Owned {
  guard let text else { return noneObject().retained() }
  return try own(PyUnicode_DecodeFSDefault(text))
}
private func number(_ value: UInt32) throws(Raised) -> Owned {
  try int(value == .max ? -1 : Int(value))
}

private func user(_ entry: UnsafeMutablePointer<passwd>) throws(Raised) -> Owned {
  let e = entry.pointee
  var result = try StructSequenceBuilder(userType)
  result.append(try string(e.pw_name))
  result.append(try string(e.pw_passwd))
  result.append(try number(e.pw_uid))
  result.append(try number(e.pw_gid))
  result.append(try string(e.pw_gecos))
  result.append(try string(e.pw_dir))
  result.append(try string(e.pw_shell))
  return result.finish()
}

private func group(_ entry: UnsafeMutablePointer<Glibc.group>) throws(Raised) -> Owned {
  let members = try own(PyList_New(0))
  if var member = entry.pointee.gr_mem {
    while let name = member.pointee {
      let text = try string(name)
      try check(PyList_Append(members.ref, text.ref))
      member += 1
    }
  }
  var result = try StructSequenceBuilder(groupType)
  result.append(try string(entry.pointee.gr_name))
  result.append(try string(entry.pointee.gr_passwd))
  result.append(try number(entry.pointee.gr_gid))
  result.append(members)
  return result.finish()
}

/// Runs a reentrant lookup with enough room. nil when there is no such entry.
private func look<Entry, Result>(
  _ type: Entry.Type,
  _ body: (UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>) -> Int32,
  _ found: (UnsafeMutablePointer<Entry>) throws(Raised) -> Result
) throws(Raised) -> Result? {
  var room = 4096
  let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
  defer { entry.deallocate() }
  while true {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: room)
    defer { text.deallocate() }
    var result: UnsafeMutablePointer<Entry>?
    let size = room
    let status = withoutGIL { body(entry, text, size, &result) }
    if status == ERANGE && room < 1 << 24 {
      room *= 2
      continue
    }
    guard let result else { return nil }
    return try found(result)
  }
}

private func keyError(_ text: String) -> Raised { raise(.keyError, text) }

private let userByNumber: Method = .o(
  "getpwuid($module, uidobj, /)", "Return the password database entry for the given numeric user ID."
) { _, object in
  new {
    let id: UInt32
    do throws(Raised) {
      id = try identityNumber(object, "uid")
    } catch {
      if PyErr_ExceptionMatches(.overflowError) != 0 {
        PyErr_Clear()
        throw keyError("getpwuid(): uid not found")
      }
      throw error
    }
    let found = try look(passwd.self, { getpwuid_r(id, $0, $1, $2, $3) }) { entry throws(Raised) in
      try user(entry).give()
    }
    guard let found else { throw keyError("getpwuid(): uid not found: \(id == .max ? "-1" : "\(id)")") }
    return Owned(adopting: found)
  }
}

private let userByName: Method = .fast(
  "getpwnam($module, name, /)", "Return the password database entry for the given user name."
) { _, args, count in
  new {
    let a = try Arguments(userByName, args, count)
    guard let name = try a.str(0) else { throw Raised() }
    let bytes = try ProgramArguments.encode(name)
    guard let text = PyBytes_AsString(bytes.ref) else { throw Raised() }
    let found = try look(passwd.self, { getpwnam_r(text, $0, $1, $2, $3) }) { entry throws(Raised) in
      try user(entry).give()
    }
    guard let found else {
      let shown = try own(PyObject_Repr(name))
      throw keyError("getpwnam(): name not found: \(Objects.text(of: shown.ref))")
    }
    return Owned(adopting: found)
  }
}

private let allUsers: Method = .noargs(
  "getpwall($module, /)", "Return a list of all available password database entries, in arbitrary order."
) { _, _ in
  new {
    let list = try own(PyList_New(0))
    setpwent()
    defer { endpwent() }
    while let entry = getpwent() {
      let item = try user(entry)
      try check(PyList_Append(list.ref, item.ref))
    }
    return list
  }
}

private let groupByNumber: Method = .keywords(
  "getgrgid($module, /, id)", "Return the group database entry for the given numeric group ID."
) { _, args, count, names in
  new {
    let a = try Arguments(groupByNumber, args, count, names)
    let id: UInt32
    do throws(Raised) {
      id = try a.identity(0, "gid")
    } catch {
      if PyErr_ExceptionMatches(.overflowError) != 0 {
        PyErr_Clear()
        throw keyError("getgrgid(): gid not found")
      }
      throw error
    }
    let found = try look(Glibc.group.self, { getgrgid_r(id, $0, $1, $2, $3) }) { entry throws(Raised) in
      try group(entry).give()
    }
    guard let found else { throw keyError("getgrgid(): gid not found: \(id == .max ? "-1" : "\(id)")") }
    return Owned(adopting: found)
  }
}

private let groupByName: Method = .keywords(
  "getgrnam($module, /, name)", "Return the group database entry for the given group name."
) { _, args, count, names in
  new {
    let a = try Arguments(groupByName, args, count, names)
    guard let name = try a.str(0) else { throw Raised() }
    let bytes = try ProgramArguments.encode(name)
    guard let text = PyBytes_AsString(bytes.ref) else { throw Raised() }
    let found = try look(Glibc.group.self, { getgrnam_r(text, $0, $1, $2, $3) }) { entry throws(Raised) in
      try group(entry).give()
    }
    guard let found else {
      let shown = try own(PyObject_Repr(name))
      throw keyError("getgrnam(): name not found: \(Objects.text(of: shown.ref))")
    }
    return Owned(adopting: found)
  }
}

private let allGroups: Method = .noargs(
  "getgrall($module, /)", "Return a list of all available group entries, in arbitrary order."
) { _, _ in
  new {
    let list = try own(PyList_New(0))
    setgrent()
    defer { endgrent() }
    while let entry = getgrent() {
      let item = try group(entry)
      try check(PyList_Append(list.ref, item.ref))
    }
    return list
  }
}
