import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_thread.lock`: a lock any thread may release. CPython: Modules/_threadmodule.c.
enum LockType {
  struct Lock {
    var ob_base: PyObject
    var weakReferences: Ref?
    var parking: Parking
    var isLocked: Bool
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_thread.lock", basicSize: MemoryLayout<Lock>.size,
    doc: """
      lock()
      --

      A lock object is a synchronization primitive. acquire() locks it, waiting while it is locked;
      release() unlocks it, which any thread may do; locked() tells its state.
      """,
    base: objectType(), weakListOffset: MemoryLayout<Lock>.offset(of: \.weakReferences) ?? 16,
    slots: [
      .tp_new { type, args, keywords in
        new {
          if keywords.map({ PyDict_Size($0) }) ?? 0 > 0 {
            throw raise(.typeError, "lock() takes no keyword arguments")
          }
          let given = apus_var_size(args)
          if given > 0 { throw raise(.typeError, "lock expected 0 arguments, got \(given)") }
          return try make(type)
        }
      },
      .tp_dealloc { object in
        if object.view(Lock.self).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        new {
          let state = object.view(Lock.self).pointee.isLocked ? "locked" : "unlocked"
          return try own(
            newString("<\(state) \(object.type.fullName) object at \(hexAddress(object))>"))
        }
      },
    ],
    methods: [
      acquire, acquireLock, release, releaseLock, locked, lockedLock, enter, exit, reinitialize,
    ])

  static func make(_ type: TypeRef = LockType.type) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    object.ref.view(Lock.self).pointee.parking = Parking()
    return object
  }

  private static func place(
    _ lock: UnsafeMutablePointer<Lock>
  ) -> UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(lock) + (MemoryLayout<Lock>.offset(of: \.parking) ?? 24))
      .assumingMemoryBound(to: Parking.self)
  }

  private static func take(_ object: Ref, _ how: AcquireArguments) throws(Raised) -> Bool {
    let lock = object.view(Lock.self)
    if !lock.pointee.isLocked {
      lock.pointee.isLocked = true
      return true
    }
    if !how.isBlocking { return false }
    guard
      try Parking.wait(place(lock), until: how.deadline, { !lock.pointee.isLocked })
    else { return false }
    lock.pointee.isLocked = true
    return true
  }

  private static func letGo(_ object: Ref) throws(Raised) {
    let lock = object.view(Lock.self)
    guard lock.pointee.isLocked else { throw raise(.runtimeError, "release unlocked lock") }
    lock.pointee.isLocked = false
    lock.pointee.parking.wake(all: false)
  }

  static let acquire: Method = .keywords(
    "acquire($self, /, blocking=True, timeout=-1)",
    "Lock the lock, waiting while it is locked unless blocking is False. Returns whether it was locked."
  ) { object, args, count, names in
    if count == 0 && names == nil && !object.view(Lock.self).pointee.isLocked {
      object.view(Lock.self).pointee.isLocked = true
      return trueObject()
    }
    return bool { try take(object, AcquireArguments(Arguments(acquire, args, count, names))) }
  }
  private static let acquireLock: Method = .keywords(
    "acquire_lock($self, /, blocking=True, timeout=-1)", "An obsolete synonym of acquire()."
  ) { object, args, count, names in
    bool { try take(object, AcquireArguments(Arguments(acquireLock, args, count, names))) }
  }
  private static let release: Method = .noargs(
    "release($self, /)", "Release the lock, so that another thread waiting for it may lock it."
  ) { object, _ in none { try letGo(object) } }
  private static let releaseLock: Method = .noargs(
    "release_lock($self, /)", "An obsolete synonym of release()."
  ) { object, _ in none { try letGo(object) } }
  private static let locked: Method = .noargs("locked($self, /)", "Return whether the lock is in the locked state.") {
    object, _ in boolObject(object.view(Lock.self).pointee.isLocked)
  }
  private static let lockedLock: Method = .noargs("locked_lock($self, /)", "An obsolete synonym of locked().") {
    object, _ in boolObject(object.view(Lock.self).pointee.isLocked)
  }
  private static let enter: Method = .noargs("__enter__($self, /)", "Lock the lock.") { object, _ in
    let lock = object.view(Lock.self)
    if !lock.pointee.isLocked {
      lock.pointee.isLocked = true
      return trueObject()
    }
    return bool {
      _ = try Parking.wait(place(lock), until: nil) { !lock.pointee.isLocked }
      lock.pointee.isLocked = true
      return true
    }
  }
  private static let exit: Method = .fast("__exit__($self, /, *exc_info)", "Release the lock.") {
    object, _, _ in none { try letGo(object) }
  }
  private static let reinitialize: Method = .noargs("_at_fork_reinit($self, /)", "Make the lock free again after fork().") {
    object, _ in
    object.view(Lock.self).pointee.isLocked = false
    object.view(Lock.self).pointee.parking = Parking()
    return noneObject()
  }
}

/// `_thread.RLock`: a lock its owner may take again. CPython: Modules/_threadmodule.c.
enum RecursiveLock {
  struct Lock {
    var ob_base: PyObject
    var weakReferences: Ref?
    var parking: Parking
    /// The owner's identity, 0 when free.
    var owner: UInt
    var count: UInt
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_thread.RLock", basicSize: MemoryLayout<Lock>.size, flags: .baseType,
    base: objectType(), weakListOffset: MemoryLayout<Lock>.offset(of: \.weakReferences) ?? 16,
    slots: [
      .tp_new { type, _, _ in PyType_GenericAlloc(type, 0) },
      .tp_dealloc { object in
        if object.view(Lock.self).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        let type = object.type
        type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        new {
          let lock = object.view(Lock.self).pointee
          return try own(
            newString(
              "<\(lock.count > 0 ? "locked" : "unlocked") \(object.type.fullName) object "
                + "owner=\(lock.owner) count=\(lock.count) at \(hexAddress(object))>"))
        }
      },
    ],
    methods: [
      acquire, release, isOwned, acquireRestore, releaseSave, recursionCount, enter, exit,
      reinitialize,
    ])

  private static func place(
    _ lock: UnsafeMutablePointer<Lock>
  ) -> UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(lock) + (MemoryLayout<Lock>.offset(of: \.parking) ?? 24))
      .assumingMemoryBound(to: Parking.self)
  }

  private static var me: UInt { apus_tstate().pointee.thread_id }

  private static func take(
    _ object: Ref, blocking: Bool, until deadline: Int?
  ) throws(Raised) -> Bool {
    let lock = object.view(Lock.self)
    if lock.pointee.owner == me {
      lock.pointee.count &+= 1
      if lock.pointee.count == 0 {
        lock.pointee.count = .max
        throw raise(.overflowError, "Internal lock count overflowed")
      }
      return true
    }
    if lock.pointee.owner != 0 {
      if !blocking { return false }
      guard try Parking.wait(place(lock), until: deadline, { lock.pointee.owner == 0 }) else {
        return false
      }
    }
    lock.pointee.owner = me
    lock.pointee.count = 1
    return true
  }

  private static func letGo(_ object: Ref) throws(Raised) {
    let lock = object.view(Lock.self)
    guard lock.pointee.count > 0, lock.pointee.owner == me else {
      throw raise(.runtimeError, "cannot release un-acquired lock")
    }
    lock.pointee.count -= 1
    if lock.pointee.count == 0 {
      lock.pointee.owner = 0
      lock.pointee.parking.wake(all: false)
    }
  }

  static let acquire: Method = .keywords(
    "acquire($self, /, blocking=True, timeout=-1)",
    "Lock the lock, or count once more when this thread owns it. Returns whether it was locked."
  ) { object, args, count, names in
    bool {
      if count == 0 && names == nil { return try take(object, blocking: true, until: nil) }
      let how = try AcquireArguments(Arguments(acquire, args, count, names))
      return try take(object, blocking: how.isBlocking, until: how.deadline)
    }
  }
  private static let enter: Method = .noargs("__enter__($self, /)", "Lock the lock.") { object, _ in
    bool { try take(object, blocking: true, until: nil) }
  }
  private static let release: Method = .noargs(
    "release($self, /)", "Count down, and unlock the lock at zero. Only its owner may do so."
  ) { object, _ in none { try letGo(object) } }
  private static let exit: Method = .fast("__exit__($self, /, *exc_info)", "Release the lock.") {
    object, _, _ in none { try letGo(object) }
  }
  private static let isOwned: Method = .noargs("_is_owned($self, /)", "For internal use by threading.Condition.") {
    object, _ in
    boolObject(object.view(Lock.self).pointee.owner == me)
  }
  private static let recursionCount: Method = .noargs(
    "_recursion_count($self, /)", "For internal use by reentrancy checks: the owner's count, else 0."
  ) { object, _ in
    let lock = object.view(Lock.self)
    return PyLong_FromSize_t(lock.pointee.owner == me ? Int(lock.pointee.count) : 0)
  }
  private static let releaseSave: Method = .noargs("_release_save($self, /)", "For internal use by threading.Condition.") {
    object, _ in
    new {
      let lock = object.view(Lock.self)
      guard lock.pointee.count > 0 else {
        throw raise(.runtimeError, "cannot release un-acquired lock")
      }
      let state = try tuple(
        own(PyLong_FromUnsignedLong(lock.pointee.count)),
        own(PyLong_FromUnsignedLong(lock.pointee.owner)))
      lock.pointee.count = 0
      lock.pointee.owner = 0
      lock.pointee.parking.wake(all: false)
      return state
    }
  }
  private static let acquireRestore: Method = .o(
    "_acquire_restore($self, state, /)", "For internal use by threading.Condition."
  ) { object, state in
    none {
      guard state.isTuple, apus_var_size(state) == 2 else {
        throw raise(.typeError, "_acquire_restore() argument 1 must be tuple, not \(state.type.fullName)")
      }
      let count = PyLong_AsUnsignedLong(apus_tuple_item(state, 0))
      if count == .max && hasRaised() { throw Raised() }
      let owner = PyLong_AsUnsignedLong(apus_tuple_item(state, 1))
      if owner == .max && hasRaised() { throw Raised() }
      let lock = object.view(Lock.self)
      while lock.pointee.owner != 0 { _ = Parking.sleep(place(lock), until: nil) }
      lock.pointee.owner = owner
      lock.pointee.count = count
    }
  }
  private static let reinitialize: Method = .noargs("_at_fork_reinit($self, /)", "Make the lock free again after fork().") {
    object, _ in
    let lock = object.view(Lock.self)
    lock.pointee.owner = 0
    lock.pointee.count = 0
    lock.pointee.parking = Parking()
    return noneObject()
  }
}
