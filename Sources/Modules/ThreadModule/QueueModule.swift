import CPythonABI
import Interpreter
import Objects
import SystemCalls

/// The module `_queue`. CPython: Modules/_queuemodule.c.
public let queueModule = ModuleSpec(
  "_queue", doc: "The queue of the module queue that needs no locks of Python.",
  types: [SimpleQueue.spec],
  exec: { module in
    status { try check(PyModule_AddObjectRef(module, "Empty", try SimpleQueue.empty())) }
  })

/// _queue.SimpleQueue: an unbounded queue whose `put` may be called at any point of the program, even
/// by a finalizer within `get`.
enum SimpleQueue {
  struct Layout {
    var base: PyObject
    /// A ring of references; `capacity` is a power of two, 0 at first.
    var items: UnsafeMutablePointer<Ref?>?
    var capacity: Int
    var head: Int
    var count: Int
    var weakReferences: Ref?
    var parking: Parking
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) private static var knownEmpty: Ref?

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static func parking(_ object: Ref) -> UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(object) + (MemoryLayout<Layout>.offset(of: \.parking) ?? 56))
      .assumingMemoryBound(to: Parking.self)
  }

  /// The exception `_queue.Empty`.
  static func empty() throws(Raised) -> Ref {
    if let known = knownEmpty { return known }
    let made = try own(
      PyErr_NewExceptionWithDoc(
        "_queue.Empty", "Raised by get() without blocking when there is no item.", nil, nil)
    ).give()
    knownEmpty = made
    InterpreterEnd.add("_queue.Empty") { InterpreterEnd.drop(&knownEmpty) }
    return made
  }

  // MARK: Items

  private static func push(_ object: Ref, _ item: Ref) throws(Raised) {
    let queue = view(object)
    if queue.pointee.count == queue.pointee.capacity {
      let capacity = Swift.max(queue.pointee.capacity * 2, 8)
      guard let memory = PyMem_Malloc(capacity * MemoryLayout<Ref?>.stride) else {
        throw raiseNoMemory()
      }
      let items = memory.bindMemory(to: Ref?.self, capacity: capacity)
      for index in 0..<queue.pointee.count {
        (items + index).initialize(
          to: queue.pointee.items?[(queue.pointee.head &+ index) & (queue.pointee.capacity - 1)])
      }
      PyMem_Free(queue.pointee.items)
      queue.pointee.items = items
      queue.pointee.capacity = capacity
      queue.pointee.head = 0
    }
    let place = (queue.pointee.head &+ queue.pointee.count) & (queue.pointee.capacity - 1)
    queue.pointee.items?[place] = item.retained().give()
    queue.pointee.count += 1
    queue.pointee.parking.wake(all: false)
  }

  /// The first item; there is one. Memory goes back when little of it is used.
  private static func pop(_ object: Ref) throws(Raised) -> Owned {
    let queue = view(object)
    guard queue.pointee.count > 0, let item = queue.pointee.items?[queue.pointee.head] else {
      throw raise(try empty())
    }
    queue.pointee.head = (queue.pointee.head &+ 1) & (queue.pointee.capacity - 1)
    queue.pointee.count -= 1
    let count = queue.pointee.count
    if queue.pointee.capacity > 8 && count <= queue.pointee.capacity / 4 {
      let capacity = queue.pointee.capacity / 2
      if let memory = PyMem_Malloc(capacity * MemoryLayout<Ref?>.stride) {
        let items = memory.bindMemory(to: Ref?.self, capacity: capacity)
        for index in 0..<count {
          (items + index).initialize(
            to: queue.pointee.items?[(queue.pointee.head &+ index) & (queue.pointee.capacity - 1)])
        }
        PyMem_Free(queue.pointee.items)
        queue.pointee.items = items
        queue.pointee.capacity = capacity
        queue.pointee.head = 0
      }
    }
    return Owned(adopting: item)
  }

  private static func clear(_ object: Ref) {
    let queue = view(object)
    let items = queue.pointee.items
    let (head, count, mask) = (queue.pointee.head, queue.pointee.count, queue.pointee.capacity - 1)
    queue.pointee.items = nil
    queue.pointee.capacity = 0
    queue.pointee.head = 0
    queue.pointee.count = 0
    guard let items else { return }
    for index in 0..<count { Py_XDECREF(items[(head &+ index) & mask]) }
    PyMem_Free(items)
  }

  private static func take(_ object: Ref, blocking: Bool, timeout: Ref?) throws(Raised) -> Owned {
    let queue = view(object)
    if blocking {
      var deadline: Int?
      var waits = true
      if let timeout, !timeout.isNone {
        let span = try Timeout.nanoseconds(timeout)
        if span < 0 {
          throw raise(.valueError, "'timeout' must be a non-negative number")
        }
        if span / 1000 > LockLimits.longestMicroseconds {
          throw raise(.overflowError, "timeout value is too large")
        }
        waits = span > 0
        deadline = Timeout.deadline(span)
      }
      let held = object.retained()
      while queue.pointee.count == 0 {
        guard waits,
          try Parking.wait(parking(held.ref), until: deadline, { queue.pointee.count > 0 })
        else { throw raise(try empty()) }
      }
    }
    if queue.pointee.count == 0 { throw raise(try empty()) }
    return try pop(object)
  }

  // MARK: The type

  private static let putMethod: Method = .keywords(
    "put($self, /, item, block=True, timeout=None)",
    "Add an item at the end. block and timeout are as in Queue; they change nothing."
  ) { object, args, count, names in
    none {
      let a = try Arguments(putMethod, args, count, names)
      _ = try a.bool(1, default: true)
      try push(object, a.object(0))
    }
  }

  private static let putNowaitMethod: Method = .keywords(
    "put_nowait($self, /, item)", "Add an item at the end, as put() does."
  ) { object, args, count, names in
    none {
      let a = try Arguments(putNowaitMethod, args, count, names)
      try push(object, a.object(0))
    }
  }

  private static let getMethod: Method = .keywords(
    "get($self, /, block=True, timeout=None)",
    "Take the first item out. Waits for one, at most timeout seconds; raises Empty without one."
  ) { object, args, count, names in
    new {
      let a = try Arguments(getMethod, args, count, names)
      return try take(object, blocking: try a.bool(0, default: true), timeout: a[1])
    }
  }

  static let spec = TypeSpec(
    type, "_queue.SimpleQueue", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: "SimpleQueue()\n--\n\nSimple, unbounded, reentrant FIFO queue.", base: objectType(),
    weakListOffset: MemoryLayout<Layout>.offset(of: \.weakReferences) ?? 48,
    slots: [
      .tp_new { type, args, keywords in
        new {
          if type == SimpleQueue.type {
            if apus_var_size(args) != 0 {
              throw raise(.typeError, "SimpleQueue() takes no positional arguments")
            }
            if let keywords, PyDict_Size(keywords) != 0 {
              throw raise(.typeError, "SimpleQueue() takes no keyword arguments")
            }
          }
          guard let allocate = type.pointee.tp_alloc else { throw Raised() }
          let object = try own(allocate(type, 0))
          view(object.ref).pointee.parking = Parking()
          return object
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clear(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let queue = view(object)
        for index in 0..<queue.pointee.count {
          let place = (queue.pointee.head &+ index) & (queue.pointee.capacity - 1)
          let answer = visitReference(queue.pointee.items?[place], visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("empty($self, /)", "Whether there is no item (not reliable!).") { object, _ in
        boolObject(view(object).pointee.count == 0)
      },
      getMethod,
      .noargs("get_nowait($self, /)", "Take the first item out; Empty when there is none.") {
        object, _ in new { try take(object, blocking: false, timeout: nil) }
      },
      putMethod, putNowaitMethod,
      .noargs("qsize($self, /)", "How many items there are (not reliable!).") { object, _ in
        PyLong_FromLong(view(object).pointee.count)
      },
      Method.o("__class_getitem__($type, object, /)", "See PEP 585") { type, item in
        Py_GenericAlias(type, item)
      }.classMethod,
    ])
}
