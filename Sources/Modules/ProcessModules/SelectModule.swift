import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `select`: waiting for descriptors. CPython: Modules/selectmodule.c.
public let selectModule = ModuleSpec(
  "select", doc: "Waiting for I/O completion on file descriptors: select(), poll() and epoll.",
  methods: [selectFunction, pollFunction], types: [EpollObject.spec],
  exec: { module in
    status {
      if PollObject.type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) == 0 {
        try PollObject.spec.install()
      }
      try addConstants(module, apus_select_table())
      try check(PyModule_AddObjectRef(module, "error", .osError))
    }
  })

/// The descriptors of a sequence as a bit set, with the objects they came from.
private func descriptorSet(
  _ sequence: Ref, _ set: UnsafeMutablePointer<UInt64>, _ highest: inout Int32
) throws(Raised) -> Owned {
  let list = try own(PySequence_Fast(sequence, "arguments 1-3 must be sequences"))
  let result = try own(PyList_New(0))
  var index = 0
  while index < apus_var_size(list.ref) {
    let item =
      (list.ref.isList ? apus_list_item(list.ref, index) : apus_tuple_item(list.ref, index))
      .retained()
    index += 1
    let descriptor = try DescriptorArgument.fileno(item.ref)
    if descriptor >= 1024 { throw raise(.valueError, "filedescriptor out of range in select()") }
    set[Int(descriptor) / 64] |= 1 << UInt64(descriptor % 64)
    highest = Swift.max(highest, descriptor)
    let entry = try tuple(item, int(Int(descriptor)))
    try check(PyList_Append(result.ref, entry.ref))
  }
  return result
}

/// The objects whose descriptors are in the set.
private func ready(_ list: Ref, _ set: UnsafeMutablePointer<UInt64>) throws(Raised) -> Owned {
  let result = try own(PyList_New(0))
  for index in 0..<apus_var_size(list) {
    let entry = apus_list_item(list, index)
    let descriptor = PyLong_AsLong(apus_tuple_item(entry, 1))
    if set[descriptor / 64] & (1 << UInt64(descriptor % 64)) != 0 {
      try check(PyList_Append(result.ref, apus_tuple_item(entry, 0)))
    }
  }
  return result
}

private let selectFunction: Method = .fast(
  "select($module, rlist, wlist, xlist, timeout=None, /)",
  """
  Wait until one or more file descriptors are ready for some kind of I/O.

  The first three arguments are sequences of what to wait for: reading, writing, an exceptional
  condition. Items are descriptors or objects with a fileno() method. The timeout is in seconds;
  None waits for ever. Returns three lists with the items that are ready.
  """
) { _, args, count in
  new {
    let a = try Arguments(selectFunction, args, count)
    var span = -1
    if let timeout = a.optional(3) {
      do throws(Raised) {
        span = try Timeout.nanoseconds(timeout)
      } catch {
        if PyErr_ExceptionMatches(.typeError) != 0 {
          PyErr_Clear()
          throw raise(.typeError, "timeout must be a float or None")
        }
        throw error
      }
      if span < 0 { throw raise(.valueError, "timeout must be non-negative") }
    }
    let wanted = UnsafeMutablePointer<UInt64>.allocate(capacity: 96)
    wanted.initialize(repeating: 0, count: 96)
    defer { wanted.deallocate() }
    var highest: Int32 = -1
    let reads = try descriptorSet(a.object(0), wanted, &highest)
    let writes = try descriptorSet(a.object(1), wanted + 16, &highest)
    let others = try descriptorSet(a.object(2), wanted + 32, &highest)
    let deadline = span > 0 ? Timeout.deadline(span) : 0
    let sets = wanted + 48
    let top = highest
    while true {
      memcpy(sets, wanted, 48 * 8)
      let left = Int64(span)
      let result = withoutGIL { apus_select(top, sets, sets + 16, sets + 32, left) }
      if result >= 0 { break }
      if errno != EINTR { throw raiseSystemError() }
      try check(PyErr_CheckSignals())
      if span > 0 { span = Swift.max(0, deadline - Timeout.now()) }
    }
    return try tuple(ready(reads.ref, sets), ready(writes.ref, sets + 16), ready(others.ref, sets + 32))
  }
}

/// Milliseconds for poll and epoll: -1 for ever. `scale` turns the argument's unit into nanoseconds.
private func milliseconds(_ object: Ref?, inSeconds: Bool) throws(Raised) -> Int {
  guard let object, !object.isNone else { return -1 }
  guard PyIndex_Check(object) != 0 || object.isInstance(of: floatType()) else {
    throw raise(.typeError, "timeout must be an integer or None")
  }
  let scaled: Double
  if object.isInstance(of: floatType()) {
    scaled = PyFloat_AsDouble(object) * (inSeconds ? 1000 : 1)
  } else {
    let number = try own(PyNumber_Index(object))
    let value = PyLong_AsDouble(number.ref)
    if value == -1 && hasRaised() { throw Raised() }
    scaled = value * (inSeconds ? 1000 : 1)
  }
  if scaled.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
  if scaled < 0 { return -1 }
  let rounded = scaled.rounded(.up)
  guard rounded <= Double(Int32.max) else { throw raise(.overflowError, "timeout is too large") }
  return Int(rounded)
}

// MARK: poll

private let pollFunction: Method = .noargs(
  "poll($module, /)", "Returns a polling object, which supports registering and unregistering descriptors."
) { _, _ in
  new {
    let object = try own(PyType_GenericAlloc(PollObject.type, 0))
    object.ref.view(PollObject.Poll.self).pointee.events = try own(PyDict_New()).give()
    return object
  }
}

/// `select.poll`.
enum PollObject {
  struct Poll {
    var ob_base: PyObject
    /// descriptor -> events
    var events: Ref?
    var isRunning: Bool
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "select.poll", basicSize: MemoryLayout<Poll>.size, flags: .disallowInstantiation,
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        clearReference(&object.view(Poll.self).pointee.events)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      }
    ], methods: [register, modify, unregister, poll])

  private static func events(_ object: Ref?, default fallback: Int) throws(Raised) -> Int {
    guard let object else { return fallback }
    let number = try own(PyNumber_Index(object))
    let value = PyLong_AsLong(number.ref)
    if value == -1 && hasRaised() { throw Raised() }
    if value < 0 { throw raise(.valueError, "value must be positive") }
    if value > 65535 { throw raise(.overflowError, "Python int too large to convert to C unsigned short") }
    return value
  }

  private static func set(_ object: Ref, _ descriptor: Int32, _ events: Int) throws(Raised) {
    guard let dict = object.view(Poll.self).pointee.events else { return }
    let key = try int(Int(descriptor))
    let value = try int(events)
    try check(PyDict_SetItem(dict, key.ref, value.ref))
  }

  private static let register: Method = .fast(
    "register($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
    "Register a file descriptor with the polling object, or change the events it waits for."
  ) { object, args, count in
    none {
      let a = try Arguments(register, args, count)
      let descriptor = try a.fileno(0)
      try set(object, descriptor, events(a[1], default: 7))
    }
  }
  private static let modify: Method = .fast(
    "modify($self, fd, eventmask, /)", "Modify an already registered file descriptor."
  ) { object, args, count in
    none {
      let a = try Arguments(modify, args, count)
      let descriptor = try a.fileno(0)
      let mask = try events(a[1], default: 0)
      let key = try int(Int(descriptor))
      guard let dict = object.view(Poll.self).pointee.events,
        try check(PyDict_Contains(dict, key.ref)) != 0
      else { throw raiseSystemError(number: ENOENT) }
      try set(object, descriptor, mask)
    }
  }
  private static let unregister: Method = .o(
    "unregister($self, fd, /)", "Remove a file descriptor being tracked by the polling object."
  ) { object, given in
    none {
      let key = try int(Int(DescriptorArgument.fileno(given)))
      guard let dict = object.view(Poll.self).pointee.events else { return }
      try check(PyDict_DelItem(dict, key.ref))
    }
  }
  private static let poll: Method = .fast(
    "poll($self, timeout=None, /)",
    "Polls the set of registered file descriptors, at most timeout milliseconds. Returns (descriptor, events) pairs."
  ) { object, args, count in
    new {
      let a = try Arguments(poll, args, count)
      var left = try milliseconds(a[0], inSeconds: false)
      let state = object.view(Poll.self)
      guard let dict = state.pointee.events else { throw Raised() }
      if state.pointee.isRunning { throw raise(.runtimeError, "concurrent poll() invocation") }
      let items = try own(PyDict_Items(dict))
      let count = apus_var_size(items.ref)
      let entries = UnsafeMutablePointer<pollfd>.allocate(capacity: count + 1)
      defer { entries.deallocate() }
      for index in 0..<count {
        let pair = apus_list_item(items.ref, index)
        entries[index] = pollfd(
          fd: Int32(truncatingIfNeeded: PyLong_AsLong(apus_tuple_item(pair, 0))),
          events: Int16(truncatingIfNeeded: PyLong_AsLong(apus_tuple_item(pair, 1))), revents: 0)
      }
      let deadline = left > 0 ? Timeout.deadline(left * 1_000_000) : 0
      state.pointee.isRunning = true
      defer { state.pointee.isRunning = false }
      while true {
        let wait = Int32(clamping: left)
        if withoutGIL({ Glibc.poll(entries, nfds_t(count), wait) }) >= 0 { break }
        if errno != EINTR { throw raiseSystemError() }
        try check(PyErr_CheckSignals())
        if left > 0 { left = Swift.max(0, (deadline - Timeout.now()) / 1_000_000) }
      }
      let result = try own(PyList_New(0))
      for index in 0..<count where entries[index].revents != 0 {
        let pair = try tuple(
          int(Int(entries[index].fd)), int(Int(UInt16(bitPattern: entries[index].revents))))
        try check(PyList_Append(result.ref, pair.ref))
      }
      return result
    }
  }
}

// MARK: epoll

/// `select.epoll`.
enum EpollObject {
  struct Epoll {
    var ob_base: PyObject
    var descriptor: Int32
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords("epoll(sizehint=-1, flags=0)", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "select.epoll", basicSize: MemoryLayout<Epoll>.size, flags: .mutable,
    doc: "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object. sizehint is not used; flags is 0 or EPOLL_CLOEXEC.",
    base: objectType(),
    slots: [
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          let hint = try a.int32(0, default: -1)
          if hint < -1 || hint == 0 { throw raise(.valueError, "negative sizehint") }
          let flags = try a.int32(1)
          if flags & ~O_CLOEXEC != 0 { throw raise(.osError, "invalid flags") }
          let object = try own(PyType_GenericAlloc(type, 0))
          object.ref.view(Epoll.self).pointee.descriptor = -1
          object.ref.view(Epoll.self).pointee.descriptor = try systemCall {
            apus_epoll_create(O_CLOEXEC)
          }
          return object
        }
      },
      .tp_dealloc { object in
        shut(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
    ],
    methods: [fromDescriptor, close, fileno, modify, register, unregister, poll, enter, exit],
    properties: [
      Property("closed", "True if the epoll handler is closed", get: { object, _ in
        boolObject(object.view(Epoll.self).pointee.descriptor < 0)
      })
    ])

  private static func shut(_ object: Ref) {
    let descriptor = object.view(Epoll.self).pointee.descriptor
    if descriptor < 0 { return }
    object.view(Epoll.self).pointee.descriptor = -1
    _ = withoutGIL { Glibc.close(descriptor) }
  }
  private static func opened(_ object: Ref) throws(Raised) -> Int32 {
    let descriptor = object.view(Epoll.self).pointee.descriptor
    if descriptor < 0 { throw raise(.valueError, "I/O operation on closed epoll object") }
    return descriptor
  }
  private static func mask(_ object: Ref?, default fallback: UInt32) throws(Raised) -> UInt32 {
    guard let object else { return fallback }
    let value = PyLong_AsUnsignedLongMask(object)
    if value == .max && hasRaised() { throw Raised() }
    return UInt32(truncatingIfNeeded: value)
  }

  private static let fromDescriptor: Method = Method.o(
    "fromfd($type, fd, /)", "Create an epoll object from a given control fd."
  ) { type, given in
    new {
      let descriptor = PyLong_AsInt(given)
      if descriptor == -1 && hasRaised() { throw Raised() }
      let object = try own(PyType_GenericAlloc(type.asType, 0))
      object.ref.view(Epoll.self).pointee.descriptor = descriptor
      return object
    }
  }.classMethod
  private static let close: Method = .noargs("close($self, /)", "Close the epoll control file descriptor.") { object, _ in
    shut(object)
    return noneObject()
  }
  private static let fileno: Method = .noargs("fileno($self, /)", "Return the epoll control file descriptor.") { object, _ in
    new { try int(Int(opened(object))) }
  }
  private static let register: Method = .keywords(
    "register($self, /, fd,\n         eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
    "Registers a new fd or raises an OSError if the fd is already registered."
  ) { object, args, count, names in
    none {
      let a = try Arguments(register, args, count, names)
      let descriptor = try a.fileno(0)
      let events = try mask(a[1], default: 7)
      let epoll = try opened(object)
      try systemCall { apus_epoll_ctl(epoll, 1, descriptor, events) }
    }
  }
  private static let modify: Method = .keywords("modify($self, /, fd, eventmask)", "Modify event mask for a registered file descriptor.") {
    object, args, count, names in
    none {
      let a = try Arguments(modify, args, count, names)
      let descriptor = try a.fileno(0)
      let events = try mask(a[1], default: 0)
      let epoll = try opened(object)
      try systemCall { apus_epoll_ctl(epoll, 3, descriptor, events) }
    }
  }
  private static let unregister: Method = .keywords(
    "unregister($self, /, fd)", "Remove a registered file descriptor from the epoll object."
  ) { object, args, count, names in
    none {
      let a = try Arguments(unregister, args, count, names)
      let descriptor = try a.fileno(0)
      let epoll = try opened(object)
      try systemCall { apus_epoll_ctl(epoll, 2, descriptor, 0) }
    }
  }
  private static let poll: Method = .keywords(
    "poll($self, /, timeout=None, maxevents=-1)",
    "Wait for events on the epoll file descriptor, at most timeout seconds. Returns (descriptor, events) pairs."
  ) { object, args, count, names in
    new {
      let a = try Arguments(poll, args, count, names)
      let epoll = try opened(object)
      var left = try milliseconds(a[0], inSeconds: true)
      var most = try a.int32(1, default: -1)
      if most == -1 { most = 1023 }
      if most < 1 { throw raise(.valueError, "maxevents must be greater than 0, got \(most)") }
      let events = UnsafeMutablePointer<ApusEpollEvent>.allocate(capacity: Int(most))
      defer { events.deallocate() }
      let deadline = left > 0 ? Timeout.deadline(left * 1_000_000) : 0
      var found: Int32
      while true {
        let (wait, room) = (Int32(clamping: left), most)
        found = withoutGIL { apus_epoll_wait(epoll, events, room, wait) }
        if found >= 0 { break }
        if errno != EINTR { throw raiseSystemError() }
        try check(PyErr_CheckSignals())
        if left > 0 { left = Swift.max(0, (deadline - Timeout.now()) / 1_000_000) }
      }
      let result = try own(PyList_New(0))
      for index in 0..<Int(found) {
        let pair = try tuple(int(Int(events[index].fd)), int(Int(events[index].events)))
        try check(PyList_Append(result.ref, pair.ref))
      }
      return result
    }
  }
  private static let enter: Method = .noargs("__enter__($self, /)", "") { object, _ in
    new {
      _ = try opened(object)
      return object.retained()
    }
  }
  private static let exit: Method = .fast(
    "__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)", ""
  ) { object, _, _ in PyObject_CallMethodNoArgs(object, closeName) }
  nonisolated(unsafe) private static let closeName = PermanentName.make("close")
}
