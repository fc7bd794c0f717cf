import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `os.posix_spawn` and `os.posix_spawnp`.
enum Spawning {
  static let methods: [Method] = [spawn, spawnSearching]

  /// The signals of an iterable as a set.
  static func signalSet(_ iterable: Ref) throws(Raised) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    let iterator = try own(PyObject_GetIter(iterable))
    while let item = PyIter_Next(iterator.ref) {
      let signal = Owned(adopting: item)
      let number = try own(PyNumber_Index(signal.ref))
      var overflow: Int32 = 0
      let value = PyLong_AsLongAndOverflow(number.ref, &overflow)
      if overflow != 0 || value <= 0 || value >= 65 {
        throw raise(.valueError, "signal number \(overflow != 0 ? "" : "\(value) ")out of range [1; 64]")
      }
      // Those the C library keeps for itself are left out.
      _ = sigaddset(&set, Int32(value))
    }
    if hasRaised() { throw Raised() }
    return set
  }

  private static func addActions(
    _ sequence: Ref, to actions: UnsafeMutablePointer<posix_spawn_file_actions_t>
  ) throws(Raised) {
    let items = try own(PySequence_Fast(sequence, "file_actions must be a sequence or None"))
    let count = apus_var_size(items.ref)
    for index in 0..<count {
      let item =
        items.ref.isList ? apus_list_item(items.ref, index) : apus_tuple_item(items.ref, index)
      guard item.isTuple, apus_var_size(item) > 0 else {
        throw raise(.typeError, "Each file_actions element must be a non-empty tuple")
      }
      let size = apus_var_size(item)
      let kind = PyLong_AsLong(apus_tuple_item(item, 0))
      if kind == -1 && hasRaised() { throw Raised() }
      var number: Int32 = 0
      switch kind {
      case 0:
        guard size == 5 else {
          throw raise(.typeError, "A open file_action tuple must have 5 elements")
        }
        let path = try ProgramArguments.encode(apus_tuple_item(item, 2))
        number = posix_spawn_file_actions_addopen(
          actions, try intArgument(apus_tuple_item(item, 1)),
          PyBytes_AsString(path.ref).unsafelyUnwrapped, try intArgument(apus_tuple_item(item, 3)),
          mode_t(truncatingIfNeeded: try intArgument(apus_tuple_item(item, 4))))
      case 1:
        guard size == 2 else {
          throw raise(.typeError, "A close file_action tuple must have 2 elements")
        }
        number = posix_spawn_file_actions_addclose(
          actions, try intArgument(apus_tuple_item(item, 1)))
      case 2:
        guard size == 3 else {
          throw raise(.typeError, "A dup2 file_action tuple must have 3 elements")
        }
        number = posix_spawn_file_actions_adddup2(
          actions, try intArgument(apus_tuple_item(item, 1)),
          try intArgument(apus_tuple_item(item, 2)))
      case 3:
        guard size == 2 else {
          throw raise(.typeError, "A closefrom file_action tuple must have 2 elements")
        }
        number = apus_spawn_closefrom(actions, try intArgument(apus_tuple_item(item, 1)))
      default:
        throw raise(.typeError, "Unknown file_actions identifier")
      }
      if number != 0 { throw raiseSystemError(number: number) }
    }
  }

  private static func setAttributes(
    _ name: StaticString, _ a: Arguments, _ attributes: UnsafeMutablePointer<posix_spawnattr_t>
  ) throws(Raised) {
    var flags: Int32 = 0
    func must(_ number: Int32) throws(Raised) {
      if number != 0 { throw raiseSystemError(number: number) }
    }
    if let group = a[4] {
      try must(posix_spawnattr_setpgroup(attributes, try intArgument(group)))
      flags |= 0x02
    }
    if try a.bool(5) { flags |= 0x01 }
    if try a.bool(6) { flags |= 0x80 }
    if let mask = a[7] {
      var set = try signalSet(mask)
      try must(posix_spawnattr_setsigmask(attributes, &set))
      flags |= 0x08
    }
    if let defaults = a[8] {
      var set = try signalSet(defaults)
      try must(posix_spawnattr_setsigdefault(attributes, &set))
      flags |= 0x04
    }
    if let scheduler = a[9] {
      guard scheduler.isTuple, apus_var_size(scheduler) == 2 else {
        throw raise(.typeError, "A scheduler tuple must have two elements")
      }
      let policy = apus_tuple_item(scheduler, 0)
      if !policy.isNone {
        try must(posix_spawnattr_setschedpolicy(attributes, try intArgument(policy)))
        flags |= 0x20
      }
      var parameters = try Scheduling.parameters(apus_tuple_item(scheduler, 1))
      try must(posix_spawnattr_setschedparam(attributes, &parameters))
      flags |= 0x10
    }
    try must(posix_spawnattr_setflags(attributes, Int16(truncatingIfNeeded: flags)))
  }

  private static func run(
    _ name: StaticString, _ a: Arguments, searching: Bool
  ) throws -> Owned {
    let path = try PathArgument(a[0], name)
    guard a.object(1).isList || a.object(1).isTuple else {
      throw raise(.typeError, "\(name): argv must be a tuple or list")
    }
    guard apus_var_size(a.object(1)) > 0 else {
      throw raise(.valueError, "\(name): argv must not be empty")
    }
    let mapping = a.object(2)
    guard mapping.isNone || PyMapping_Check(mapping) != 0 else {
      throw raise(.typeError, "\(name): environment must be a mapping object or None")
    }
    let argv = try ProgramArguments.list(a.object(1))
    guard argv.pointer[0]?[0] != 0 else {
      throw raise(.valueError, "\(name): argv first element cannot be empty")
    }
    try Audit.send("os.posix_spawn", [.object(path.filename), .object(a[1]), .object(mapping)])
    let environment = mapping.isNone ? nil : try ProgramArguments.environment(mapping)
    let actions = UnsafeMutablePointer<posix_spawn_file_actions_t>.allocate(capacity: 1)
    let attributes = UnsafeMutablePointer<posix_spawnattr_t>.allocate(capacity: 1)
    posix_spawn_file_actions_init(actions)
    posix_spawnattr_init(attributes)
    defer {
      posix_spawn_file_actions_destroy(actions)
      posix_spawnattr_destroy(attributes)
      actions.deallocate()
      attributes.deallocate()
    }
    if let list = a.optional(3) { try addActions(list, to: actions) }
    try setAttributes(name, a, attributes)
    let variables =
      switch environment {
      case .some(let list): list.pointer
      case .none: apus_environ()
      }
    var pid: pid_t = 0
    let number =
      searching
      ? posix_spawnp(&pid, path.bytes, actions, attributes, argv.pointer, variables)
      : posix_spawn(&pid, path.bytes, actions, attributes, argv.pointer, variables)
    if number != 0 { throw raiseSystemError(number: number, path.filename) }
    return try int(Int(pid))
  }

  static let spawn: Method = .keywords(
    "posix_spawn($module, path, argv, env, /, *, file_actions=(),\n            setpgroup=<unrepresentable>, resetids=False, setsid=False,\n            setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)",
    "Execute the program specified by path in a new process. Returns its process id."
  ) { _, args, count, names in
    new { try run("posix_spawn", Arguments(spawn, args, count, names), searching: false) }
  }

  static let spawnSearching: Method = .keywords(
    "posix_spawnp($module, path, argv, env, /, *, file_actions=(),\n             setpgroup=<unrepresentable>, resetids=False, setsid=False,\n             setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)",
    "Execute the program, looked up along PATH, in a new process. Returns its process id."
  ) { _, args, count, names in
    new { try run("posix_spawnp", Arguments(spawnSearching, args, count, names), searching: true) }
  }
}
