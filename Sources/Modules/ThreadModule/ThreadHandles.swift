import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The life of a thread as others see it, shared by the thread itself and its handle object.
/// Changed under the GIL only.
struct ThreadRecord {
  enum State { case notStarted, starting, running, done }
  var references = 1
  var state = State.notStarted
  var identity: UInt = 0
  var parking = Parking()
  /// The list of threads that `_shutdown` waits for.
  var isListed = false
  var next: UnsafeMutablePointer<ThreadRecord>?

  static func make() -> UnsafeMutablePointer<ThreadRecord> {
    let record = UnsafeMutablePointer<ThreadRecord>.allocate(capacity: 1)
    record.initialize(to: ThreadRecord())
    all.insert(record)
    return record
  }

  /// Every record there is: after fork() those of other threads are done.
  nonisolated(unsafe) fileprivate static var all: Set<UnsafeMutablePointer<ThreadRecord>> = []
}

/// `_thread._ThreadHandle`.
enum ThreadHandle {
  struct Handle {
    var ob_base: PyObject
    var record: UnsafeMutablePointer<ThreadRecord>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// Threads that are no daemons and run.
  nonisolated(unsafe) private static var awaited: UnsafeMutablePointer<ThreadRecord>?

  static let spec = TypeSpec(
    type, "_thread._ThreadHandle", basicSize: MemoryLayout<Handle>.size, base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          guard apus_var_size(args) == 0, keywords.map({ PyDict_Size($0) }) ?? 0 == 0 else {
            throw raise(.typeError, "_ThreadHandle() takes no arguments")
          }
          return try make()
        }
      },
      .tp_dealloc { object in
        if let record = object.view(Handle.self).pointee.record { release(record) }
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        new {
          try own(
            newString(
              "<\(object.type.fullName) object: ident=\(record(object).pointee.identity)>"))
        }
      },
    ],
    methods: [join, setDone, isDone],
    properties: [
      Property("ident", get: { object, _ in PyLong_FromUnsignedLong(record(object).pointee.identity) })
    ])

  static func make() throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    object.ref.view(Handle.self).pointee.record = ThreadRecord.make()
    return object
  }

  static func record(_ object: Ref) -> UnsafeMutablePointer<ThreadRecord> {
    object.view(Handle.self).pointee.record.unsafelyUnwrapped
  }

  static func release(_ record: UnsafeMutablePointer<ThreadRecord>) {
    record.pointee.references -= 1
    if record.pointee.references == 0 {
      unlist(record)
      ThreadRecord.all.remove(record)
      record.deallocate()
    }
  }

  static func list(_ record: UnsafeMutablePointer<ThreadRecord>) {
    record.pointee.isListed = true
    record.pointee.next = awaited
    awaited = record
  }

  static func unlist(_ record: UnsafeMutablePointer<ThreadRecord>) {
    guard record.pointee.isListed else { return }
    record.pointee.isListed = false
    if awaited == record {
      awaited = record.pointee.next
      return
    }
    var at = awaited
    while let here = at {
      if here.pointee.next == record {
        here.pointee.next = record.pointee.next
        return
      }
      at = here.pointee.next
    }
  }

  static func finish(_ record: UnsafeMutablePointer<ThreadRecord>) {
    record.pointee.state = .done
    unlist(record)
    record.pointee.parking.wake(all: true)
  }

  private static func place(
    _ record: UnsafeMutablePointer<ThreadRecord>
  ) -> UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(record) + (MemoryLayout<ThreadRecord>.offset(of: \.parking) ?? 0))
      .assumingMemoryBound(to: Parking.self)
  }

  static func wait(
    _ record: UnsafeMutablePointer<ThreadRecord>, until deadline: Int?
  ) throws(Raised) {
    record.pointee.references += 1
    defer { release(record) }
    _ = try Parking.wait(place(record), until: deadline) { record.pointee.state == .done }
  }

  /// Waits for all threads that are no daemons. CPython: thread_shutdown.
  static func shutdown() throws(Raised) {
    while true {
      var record = awaited
      while let candidate = record,
        candidate.pointee.identity == apus_tstate().pointee.thread_id
      {
        record = candidate.pointee.next
      }
      guard let record else { return }
      try wait(record, until: nil)
    }
  }

  /// After fork() all other threads are gone.
  static func afterFork() {
    let me = apus_tstate().pointee.thread_id
    var record = awaited
    awaited = nil
    while let here = record {
      record = here.pointee.next
      here.pointee.isListed = false
      if here.pointee.identity == me { list(here) }
    }
    for other in ThreadRecord.all
    where other.pointee.identity != me && other.pointee.state != .notStarted {
      other.pointee.state = .done
    }
  }

  private static let join: Method = .fast("join", "") { object, args, count in
    none {
      try checkPositional("join", count, least: 0, most: 1)
      var deadline: Int?
      if count == 1, !args.unsafelyUnwrapped[0].isNone {
        let span = try Timeout.nanoseconds(args.unsafelyUnwrapped[0])
        if span >= 0 { deadline = Timeout.deadline(span) }
      }
      let record = record(object)
      if record.pointee.state == .notStarted {
        throw raise(.runtimeError, "thread not started")
      }
      if record.pointee.state != .done
        && record.pointee.identity == apus_tstate().pointee.thread_id
      {
        throw raise(.runtimeError, "Cannot join current thread")
      }
      try wait(record, until: deadline)
    }
  }
  private static let setDone: Method = .noargs("_set_done($self, /)", "") { object, _ in
    none {
      let record = record(object)
      if record.pointee.state == .notStarted {
        throw raise(.runtimeError, "thread not started")
      }
      finish(record)
    }
  }
  private static let isDone: Method = .noargs("is_done($self, /)", "") { object, _ in
    boolObject(record(object).pointee.state == .done)
  }
}
