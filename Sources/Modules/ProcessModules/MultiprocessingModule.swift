import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_multiprocessing`: named semaphores. CPython: Modules/_multiprocessing/semaphore.c.
public let multiprocessingModule = ModuleSpec(
  "_multiprocessing", methods: [unlink],
  types: [ProcessSemaphore.spec],
  exec: { module in
    status {
      if let dict = ProcessSemaphore.type.pointee.tp_dict {
        let most = try int(Int(Int32.max))
        try check(PyDict_SetItemString(dict, "SEM_VALUE_MAX", most.ref))
        PyType_Modified(ProcessSemaphore.type)
      }
      let flags = try own(PyDict_New())
      let one = try int(1)
      try check(PyDict_SetItemString(flags.ref, "HAVE_SEM_OPEN", one.ref))
      try check(PyDict_SetItemString(flags.ref, "HAVE_SEM_TIMEDWAIT", one.ref))
      try check(PyModule_AddObjectRef(module, "flags", flags.ref))
    }
  })

private let unlink: Method = .o("sem_unlink($module, name, /)", "") { _, given in
  none {
    guard given.isStr else {
      throw badArgument("sem_unlink", "argument", expected: "str", got: given)
    }
    if apus_sem_unlink(try NumberConversion.cText(given)) < 0 { throw raiseSystemError() }
  }
}

/// `_multiprocessing.SemLock`: a recursive mutex or a semaphore between processes.
enum ProcessSemaphore {
  struct Layout {
    var ob_base: PyObject
    var handle: UnsafeMutableRawPointer?
    var lastThread: UInt
    /// How often this process holds it.
    var count: Int32
    var maximum: Int32
    /// 0: recursive mutex, 1: semaphore.
    var kind: Int32
    var name: UnsafeMutablePointer<CChar>?
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_multiprocessing.SemLock", basicSize: MemoryLayout<Layout>.size,
    flags: [.baseType, .haveGC], doc: "Semaphore/Mutex type", base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        object.untrackIfNeeded()
        if let handle = view(object).pointee.handle { _ = apus_sem_close(handle) }
        free(view(object).pointee.name)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_getattro(PyObject_GenericGetAttr), .tp_setattro(PyObject_GenericSetAttr),
      .tp_traverse { _, _, _ in 0 },
    ],
    methods: [
      acquire, release, holdCount, isMine, value, isZero, rebuild, afterFork, enter, exit,
    ],
    members: [
      Member("handle", Py_T_ULONG, offset: 16, flags: Py_READONLY, ""),
      Member("kind", Py_T_INT, offset: 40, flags: Py_READONLY, ""),
      Member("maxvalue", Py_T_INT, offset: 36, flags: Py_READONLY, ""),
      Member("name", Py_T_STRING, offset: 48, flags: Py_READONLY, ""),
    ])

  private static func isHeld(_ object: Ref) -> Bool {
    view(object).pointee.count > 0 && view(object).pointee.lastThread == PyThread_get_thread_ident()
  }

  private static let arguments: Method = .variableKeywords(
    "SemLock(kind, value, maxvalue, name, unlink)", "", { _, _, _ in nil })

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(arguments, tuple: args, keywords: keywords)
    let (kind, value, most) = (try a.int32(0), try a.int32(1), try a.int32(2))
    guard a.object(3).isStr else { throw a.badArgument(3, expected: "str") }
    let name = try NumberConversion.cText(a.object(3))
    let unlinks = try a.bool(4)
    guard kind == 0 || kind == 1 else { throw raise(.valueError, "unrecognized kind") }
    guard let handle = apus_sem_open(name, O_CREAT | O_EXCL, 0o600, UInt32(bitPattern: value))
    else { throw raiseSystemError() }
    if unlinks && apus_sem_unlink(name) < 0 {
      let number = errno
      _ = apus_sem_close(handle)
      throw raiseSystemError(number: number)
    }
    return try wrap(type, handle, kind, most, unlinks ? nil : name)
  }

  private static func wrap(
    _ type: TypeRef, _ handle: UnsafeMutableRawPointer, _ kind: Int32, _ most: Int32,
    _ name: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    let state = view(object.ref)
    state.pointee.handle = handle
    state.pointee.kind = kind
    state.pointee.maximum = most
    if let name { state.pointee.name = strdup(name) }
    return object
  }

  private static let rebuild: Method = Method.fast("_rebuild($type, handle, kind, maxvalue, name, /)", "") {
    type, args, count in
    new {
      let a = try TupleArguments("_rebuild", args, count, least: 4, most: 4)
      let bits = try NumberConversion.mask(a.object(0))
      let (kind, most) = (try a.int32(1), try a.int32(2))
      let given = a.object(3)
      if given.isNone {
        guard let handle = UnsafeMutableRawPointer(bitPattern: bits) else {
          throw raise(.valueError, "invalid semaphore handle")
        }
        return try wrap(type.asType, handle, kind, most, nil)
      }
      guard given.isStr else { throw a.bad(3, "str or None") }
      let name = try NumberConversion.cText(given)
      guard let handle = apus_sem_open(name, 0, 0, 0) else { throw raiseSystemError() }
      return try wrap(type.asType, handle, kind, most, name)
    }
  }.classMethod

  // MARK: Acquiring and releasing

  private static func acquire(
    _ object: Ref, blocks: Bool, timeout: Ref?
  ) throws(Raised) -> Bool {
    let state = view(object)
    if state.pointee.kind == 0 && isHeld(object) {
      state.pointee.count += 1
      return true
    }
    var deadline: timespec?
    if let timeout, !timeout.isNone {
      var seconds = PyFloat_AsDouble(timeout)
      if seconds == -1 && hasRaised() { throw Raised() }
      if seconds < 0 { seconds = 0 }
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      // A century stands for what is longer.
      let span = Swift.min(seconds, 3e9)
      let total = now.tv_nsec + Int(span.truncatingRemainder(dividingBy: 1) * 1e9)
      deadline = timespec(
        tv_sec: now.tv_sec + Int(span) + total / 1_000_000_000, tv_nsec: total % 1_000_000_000)
    }
    guard let handle = state.pointee.handle else { throw raise(.valueError, "semaphore is closed") }
    var result = apus_sem_trywait(handle)
    while result < 0 && errno == EINTR {
      try check(PyErr_CheckSignals())
      result = apus_sem_trywait(handle)
    }
    if result < 0 && errno == EAGAIN && blocks {
      while true {
        result = withoutGIL {
          guard var until = deadline else { return apus_sem_wait(handle) }
          return apus_sem_timedwait(handle, &until)
        }
        if result >= 0 || errno != EINTR { break }
        try check(PyErr_CheckSignals())
      }
    }
    if result < 0 {
      if errno == EAGAIN || errno == ETIMEDOUT { return false }
      throw raiseSystemError()
    }
    state.pointee.count += 1
    state.pointee.lastThread = PyThread_get_thread_ident()
    return true
  }

  private static let acquire: Method = .keywords(
    "acquire($self, /, block=True, timeout=None)", "Acquire the semaphore/lock."
  ) { object, args, count, names in
    bool {
      let a = try Arguments(acquire, args, count, names)
      return try acquire(object, blocks: a.bool(0, default: true), timeout: a[1])
    }
  }

  private static func release(_ object: Ref) throws(Raised) {
    let state = view(object)
    guard let handle = state.pointee.handle else { throw raise(.valueError, "semaphore is closed") }
    if state.pointee.kind == 0 {
      if !isHeld(object) {
        throw raise(.assertionError, "attempt to release recursive lock not owned by thread")
      }
      if state.pointee.count > 1 {
        state.pointee.count -= 1
        return
      }
    } else {
      var value: Int32 = 0
      if apus_sem_getvalue(handle, &value) < 0 { throw raiseSystemError() }
      if value >= state.pointee.maximum {
        throw raise(.valueError, "semaphore or lock released too many times")
      }
    }
    if apus_sem_post(handle) < 0 { throw raiseSystemError() }
    state.pointee.count -= 1
  }

  private static let release: Method = .noargs("release($self, /)", "Release the semaphore/lock.") { object, _ in
    none { try release(object) }
  }
  private static let enter: Method = .noargs("__enter__($self, /)", "Enter the semaphore/lock.") { object, _ in
    bool { try acquire(object, blocks: true, timeout: nil) }
  }
  private static let exit: Method = .fast(
    "__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)", "Exit the semaphore/lock."
  ) { object, args, count in
    none {
      _ = try Arguments(exit, args, count)
      try release(object)
    }
  }

  // MARK: State

  private static let holdCount: Method = .noargs(
    "_count($self, /)", "Num of `acquire()`s minus num of `release()`s for this process."
  ) { object, _ in PyLong_FromLong(Int(view(object).pointee.count)) }
  private static let isMine: Method = .noargs(
    "_is_mine($self, /)", "Whether the lock is owned by this thread."
  ) { object, _ in boolObject(isHeld(object)) }

  private static func value(of object: Ref) throws(Raised) -> Int {
    guard let handle = view(object).pointee.handle else {
      throw raise(.valueError, "semaphore is closed")
    }
    var value: Int32 = 0
    if apus_sem_getvalue(handle, &value) < 0 { throw raiseSystemError() }
    return Swift.max(0, Int(value))
  }
  private static let value: Method = .noargs("_get_value($self, /)", "Get the value of the semaphore.") { object, _ in
    new { try int(value(of: object)) }
  }
  private static let isZero: Method = .noargs("_is_zero($self, /)", "Return whether semaphore has value zero.") { object, _ in
    bool { try value(of: object) == 0 }
  }
  private static let afterFork: Method = .noargs(
    "_after_fork($self, /)", "Rezero the net acquisition count after fork()."
  ) { object, _ in
    view(object).pointee.count = 0
    return noneObject()
  }
}
