import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_posixsubprocess`: what `subprocess` forks with. CPython: Modules/_posixsubprocess.c.
public let posixSubprocessModule = ModuleSpec(
  "_posixsubprocess", doc: "A POSIX helper for the subprocess module.", methods: [forkExec])

/// `preexec_fn` of the call that is going on, for the child.
nonisolated(unsafe) private var preparation: Ref?

private let forkExec: Method = .fast(
  "fork_exec($module, args, executable_list, close_fds, pass_fds, cwd,\n          env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,\n          errpipe_read, errpipe_write, restore_signals, call_setsid,\n          pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn,\n          allow_vfork, /)",
  """
  Spawn a fresh new child process.

  Forks, arranges the child's descriptors as told, and runs the first program of executable_list
  that can be run. What fails in the child is written to errpipe_write. Returns the child's process
  ID.
  """
) { _, args, count in
  new {
    guard count == 23, let args else {
      throw raise(.typeError, "fork_exec expected 23 arguments, got \(count)")
    }
    func number(_ index: Int) throws(Raised) -> Int32 {
      let value = PyLong_AsInt(args[index])
      if value == -1 && hasRaised() { throw Raised() }
      return value
    }
    let closesOthers = try check(PyObject_IsTrue(args[2])) != 0
    let passed = args[3]
    guard passed.isTuple else {
      throw raise(.typeError, "fork_exec() argument 4 must be tuple, not \(passed.type.fullName)")
    }
    let kept = UnsafeMutablePointer<Int32>.allocate(capacity: apus_var_size(passed) + 1)
    defer { kept.deallocate() }
    var previous: Int32 = -1
    for index in 0..<apus_var_size(passed) {
      let item = PyLong_AsInt(apus_tuple_item(passed, index))
      if item < 0 || item <= previous {
        PyErr_Clear()
        throw raise(.valueError, "bad value(s) in fds_to_keep")
      }
      kept[index] = item
      previous = item
    }
    let errorPipe = try number(13)
    if closesOthers && errorPipe < 3 {
      throw raise(.valueError, "errpipe_write must be >= 3")
    }
    let programs = try ProgramArguments.list(args[1])
    guard args[0].isList || args[0].isTuple || PySequence_Check(args[0]) != 0 else {
      throw raise(.typeError, "argv must be a tuple or list")
    }
    let argv = try ProgramArguments.list(args[0])
    let hasEnvironment = !args[5].isNone
    let emptyEnvironment = try own(PyTuple_New(0))
    let environment = try ProgramArguments.list(hasEnvironment ? args[5] : emptyEnvironment.ref)
    let directory = try args[4].isNone ? own(PyBytes_FromString("")) : ProgramArguments.encode(args[4])
    var groups: [gid_t] = []
    if !args[18].isNone {
      guard args[18].isList else { throw raise(.typeError, "setgroups argument must be a list") }
      let count = apus_var_size(args[18])
      if count > 65536 { throw raise(.valueError, "too many extra_groups") }
      for index in 0..<count {
        let item = apus_list_item(args[18], index).retained()
        guard item.ref.isInt else { throw raise(.typeError, "extra_groups must be integers") }
        do throws(Raised) {
          groups.append(try identityNumber(item.ref, "gid"))
        } catch {
          PyErr_Clear()
          throw raise(.valueError, "invalid group id")
        }
      }
    }
    let setsGroup = !args[17].isNone
    let setsUser = !args[19].isNone
    let group = try setsGroup ? identityNumber(args[17], "gid") : 0
    let user = try setsUser ? identityNumber(args[19], "uid") : 0
    let hasPreparation = !args[21].isNone
    if hasPreparation {
      try Forking.checkNotFinalizing("preexec_fn not supported at interpreter shutdown")
    }
    let numbers = try (6...13).map { try number($0) }
    let restores = try check(PyObject_IsTrue(args[14]))
    let session = try check(PyObject_IsTrue(args[15]))
    let processGroup = try number(16)
    let mask = try number(20)
    let number = groups.withUnsafeBufferPointer { groups -> (pid_t, Int32) in
      let start = PyBytes_AsString(directory.ref)
      var spawn = ApusSpawn(
        argv: argv.pointer, programs: programs.pointer,
        envp: hasEnvironment ? environment.pointer : nil,
        directory: args[4].isNone ? nil : UnsafePointer(start),
        kept: kept, kept_count: apus_var_size(passed), close_others: closesOthers ? 1 : 0,
        p2cread: numbers[0], p2cwrite: numbers[1], c2pread: numbers[2], c2pwrite: numbers[3],
        errread: numbers[4], errwrite: numbers[5], errpipe_read: numbers[6],
        errpipe_write: numbers[7], restore_signals: restores, new_session: session,
        process_group: processGroup, sets_group: setsGroup ? 1 : 0,
        sets_groups: args[18].isNone ? 0 : 1, sets_user: setsUser ? 1 : 0, group: group,
        groups: groups.baseAddress, group_count: groups.count, user: user, mask: mask, prepare: nil)
      if hasPreparation {
        preparation = args[21]
        spawn.prepare = {
          Forking.runInChild()
          guard let function = preparation else { return 0 }
          guard let result = PyObject_CallNoArgs(function) else { return 1 }
          Py_DECREF(result)
          return 0
        }
        Forking.runBefore()
      }
      let pid = apus_fork_exec(&spawn)
      return (pid, errno)
    }
    preparation = nil
    if hasPreparation { Forking.runInParent() }
    if number.0 < 0 { throw raiseSystemError(number: number.1) }
    return try int(Int(number.0))
  }
}
