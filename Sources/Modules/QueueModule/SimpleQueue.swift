import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_queue.SimpleQueue`: a first-in, first-out queue without a bound, whose `put` may be called
/// anywhere, also in a destructor or signal handler that interrupts it.
/// CPython: Modules/_queuemodule.c.
enum SimpleQueue {
  struct Layout {
    var base: PyObject
    /// A ring of owned references.
    var items: UnsafeMutablePointer<Ref>?
    /// A power of two, or 0.
    var capacity: Int
    var start: Int
    var count: Int
    var parking: Parking
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) private static var knownEmpty: Ref?

  /// The class `_queue.Empty`.
  static func empty() throws(Raised) -> Ref {
    if let known = knownEmpty { return known }
    let made = try own(
      PyErr_NewExceptionWithDoc(
        "_queue.Empty", "Exception raised by Queue.get(block=0)/get_nowait().", nil, nil)
    ).give()
    knownEmpty = made
    return made
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> {
    object.view(Layout.self)
  }

  private static func parking(_ object: Ref) -> UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(object) + MemoryLayout<Layout>.at(\.parking))
      .assumingMemoryBound(to: Parking.self)
  }

  // MARK: Items

  private static func append(_ object: Ref, _ item: Ref) throws(Raised) {
    let queue = view(object)
    if queue.pointee.count == queue.pointee.capacity {
      let larger = Swift.max(8, queue.pointee.capacity &* 2)
      guard let memory = PyMem_Malloc(larger &* MemoryLayout<Ref>.stride) else {
        throw raiseNoMemory()
      }
      let items = memory.bindMemory(to: Ref.self, capacity: larger)
      for index in 0..<queue.pointee.count { items[index] = at(queue, index) }
      PyMem_Free(queue.pointee.items)
      queue.pointee.items = items
      queue.pointee.capacity = larger
      queue.pointee.start = 0
    }
    let place = (queue.pointee.start &+ queue.pointee.count) & (queue.pointee.capacity &- 1)
    queue.pointee.items?[place] = item.retained().give()
    queue.pointee.count &+= 1
    queue.pointee.parking.wake(all: false)
  }

  private static func at(_ queue: UnsafeMutablePointer<Layout>, _ index: Int) -> Ref {
    queue.pointee.items.unsafelyUnwrapped[
      (queue.pointee.start &+ index) & (queue.pointee.capacity &- 1)]
  }

  /// The first item; the queue must not be empty.
  private static func takeFirst(_ object: Ref) -> Owned {
    let queue = view(object)
    let item = at(queue, 0)
    queue.pointee.start = (queue.pointee.start &+ 1) & (queue.pointee.capacity &- 1)
    queue.pointee.count &-= 1
    return Owned(adopting: item)
  }

  private static func clear(_ object: Ref) {
    let queue = view(object)
    let (items, capacity, start, count) = (
      queue.pointee.items, queue.pointee.capacity, queue.pointee.start, queue.pointee.count
    )
    queue.pointee.items = nil
    queue.pointee.capacity = 0
    queue.pointee.start = 0
    queue.pointee.count = 0
    guard let items else { return }
    for index in 0..<count { Py_DECREF(items[(start &+ index) & (capacity &- 1)]) }
    PyMem_Free(items)
  }

  private static func get(_ object: Ref, block: Bool, timeout: Ref?) throws(Raised) -> Owned {
    var deadline: Int?
    if block, let timeout, !timeout.isNone {
      let span = try Timeout.nanoseconds(timeout)
      if span < 0 { throw raise(.valueError, "'timeout' must be a non-negative number") }
      deadline = Timeout.deadline(span)
    }
    if view(object).pointee.count == 0 {
      guard block else { throw raise(try empty()) }
      let held = object.retained()
      guard
        try Parking.wait(
          parking(held.ref), until: deadline, { view(object).pointee.count > 0 })
      else { throw raise(try empty()) }
    }
    return takeFirst(object)
  }

  // MARK: Methods

  private static let emptyMethod: Method = .noargs(
    "empty($self, /)", "Return True if the queue is empty, False otherwise (not reliable!)."
  ) { object, _ in boolObject(view(object).pointee.count == 0) }

  private static let size: Method = .noargs(
    "qsize($self, /)", "Return the approximate size of the queue (not reliable!)."
  ) { object, _ in PyLong_FromLong(view(object).pointee.count) }

  private static let getMethod: Method = .keywords(
    "get($self, /, block=True, timeout=None)",
    """
    Remove and return an item from the queue.

    Waits for one when the queue is empty, at most 'timeout' seconds if that is given, and raises
    Empty when none came. With block false it does not wait.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(getMethod, args, count, names)
      let block = try a.bool(0, default: true)
      return try get(object, block: block, timeout: a[1])
    }
  }

  private static let getNow: Method = .noargs(
    "get_nowait($self, /)", "Remove and return an item, or raise Empty when there is none."
  ) { object, _ in new { try get(object, block: false, timeout: nil) } }

  private static let put: Method = .keywords(
    "put($self, /, item, block=True, timeout=None)",
    "Put the item on the queue.\n\nNever waits: 'block' and 'timeout' are there for Queue.put()'s sake."
  ) { object, args, count, names in
    none {
      let a = try Arguments(put, args, count, names)
      _ = try a.bool(1, default: true)
      try append(object, a.object(0))
    }
  }

  private static let putNow: Method = .keywords(
    "put_nowait($self, /, item)", "Put the item on the queue; the same as put()."
  ) { object, args, count, names in
    none {
      let a = try Arguments(putNow, args, count, names)
      try append(object, a.object(0))
    }
  }

  private static let classItem: Method = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585"
  ) { type, item in Py_GenericAlias(type, item) }.classMethod

  static let spec = TypeSpec(
    type, "_queue.SimpleQueue", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .baseType],
    doc: "SimpleQueue()\n--\n\nSimple, unbounded, reentrant FIFO queue.",
    base: objectType(), weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_new { type, args, keywords in
        new {
          if type == SimpleQueue.type {
            try checkNoKeywords("SimpleQueue", dict: keywords)
            guard apus_var_size(args) == 0 else {
              throw raise(.typeError, "SimpleQueue() takes no positional arguments")
            }
          }
          let object = try own(PyType_GenericAlloc(type, 0))
          view(object.ref).pointee.parking = Parking()
          return object
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let queue = view(object)
        for index in 0..<queue.pointee.count {
          let answer = visit(at(queue, index), argument)
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
    methods: [classItem, emptyMethod, getMethod, getNow, put, putNow, size])
}
