import Bytecode
import CPythonABI
import Glibc
import Objects

/// Counts what the eval loop does: executions, pairs of neighbours, time stamps and allocations of
/// every instruction, for `--profile-opcodes` and `apus.profile`.
///
/// While it counts, every opcode takes the traced way, so instructions run in their general form:
/// specialised forms and fused pairs do not show. The time of an instruction ends where the next one
/// of its thread begins; what a call runs in Python belongs to the instructions that run there. Time
/// in which another thread had the interpreter belongs to nobody. When it is off, nothing is asked.
enum OpcodeProfile {
  struct Row {
    var count: UInt64 = 0
    /// Of the time-stamp counter.
    var ticks: UInt64 = 0
    /// Blocks that the object layer gave out.
    var allocations: UInt64 = 0
  }

  /// The rows of one code object, an instruction each; the code object is kept.
  private struct Table {
    var rows: UnsafeMutablePointer<Row>
    var count: Int
  }

  nonisolated(unsafe) private(set) static var isOn = false
  /// Whether allocations are counted: not while `tracemalloc` has the allocator's attention.
  nonisolated(unsafe) private static var countsAllocations = false
  nonisolated(unsafe) private static var allocations: UInt64 = 0
  nonisolated(unsafe) private static var tables: [CodeRef: Table] = [:]
  /// By first and second opcode.
  nonisolated(unsafe) private static var pairs: UnsafeMutablePointer<UInt64>?

  /// What ran last, and where the counters stood when it began.
  private struct Last {
    var thread: ThreadRef?
    var code: CodeRef?
    var table = Table(rows: noRows, count: 0)
    var row: UnsafeMutablePointer<Row>?
    var opcode = 0
    var stamp: UInt64 = 0
    var allocations: UInt64 = 0
  }

  nonisolated(unsafe) private static var last = Last()
  nonisolated(unsafe) private static let noRows = UnsafeMutablePointer<Row>.allocate(capacity: 1)

  // MARK: Counting

  /// The instruction at an index of a code object is about to run.
  static func note(_ thread: ThreadRef, _ code: CodeRef, _ index: Int) {
    closeLast(thread)
    if last.code != code { enter(code) }
    let opcode = Int(apus_bytes_data(code.pointee.co_wordcode)[index * 2])
    if last.thread == thread, last.row != nil { pairs?[last.opcode << 8 | opcode] &+= 1 }
    last.thread = thread
    last.opcode = opcode
    last.row = index < last.table.count ? last.table.rows + index : nil
    last.row?.pointee.count &+= 1
    last.allocations = allocations
    last.stamp = apus_time_stamp()
  }

  private static func closeLast(_ thread: ThreadRef) {
    guard let row = last.row, last.thread == thread else { return }
    row.pointee.ticks &+= apus_time_stamp() &- last.stamp
    row.pointee.allocations &+= allocations &- last.allocations
  }

  private static func enter(_ code: CodeRef) {
    last.code = code
    if let table = tables[code] {
      last.table = table
      return
    }
    let count = apus_var_size(code.pointee.co_wordcode) / 2
    guard let memory = calloc(max(count, 1), MemoryLayout<Row>.stride) else {
      last.table = Table(rows: noRows, count: 0)
      return
    }
    last.table = Table(rows: memory.bindMemory(to: Row.self, capacity: count), count: count)
    Py_INCREF(object(code))
    tables[code] = last.table
  }

  private static func object(_ code: CodeRef) -> Ref {
    UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)
  }

  // MARK: Switching

  /// `--profile-opcodes`: the program is counted, not what prepares it.
  nonisolated(unsafe) static var isWanted = false

  /// Runs the program, counted if that is wanted.
  static func program(_ body: () -> Ref?) -> Ref? {
    if isWanted { _ = start() }
    defer { if isWanted { stop() } }
    return body()
  }

  /// Begins with every count at zero. False when it is on already.
  static func start() -> Bool {
    if isOn { return false }
    clear()
    pairs = calloc(1 << 16, MemoryLayout<UInt64>.stride)?
      .bindMemory(to: UInt64.self, capacity: 1 << 16)
    countsAllocations =
      AllocationTracing.isPossible && apus_allocator().pointee.mode != APUS_ALLOCATOR_TRACED
    if countsAllocations {
      AllocationTracing.start(
        AllocationTracing.Tracer(
          allocated: { _, _ in OpcodeProfile.allocations &+= 1 }, freed: { _ in }))
    }
    isOn = true
    updateThreads()
    return true
  }

  static func stop() {
    if !isOn { return }
    closeLast(apus_tstate())
    isOn = false
    last = Last()
    if countsAllocations { AllocationTracing.stop() }
    updateThreads()
  }

  private static func updateThreads() {
    var next = apus_tstate().pointee.interp.pointee.threads
    while let thread = next {
      Tracing.update(thread)
      next = thread.pointee.next
    }
  }

  private static func clear() {
    let old = tables
    tables = [:]
    allocations = 0
    free(pairs)
    pairs = nil
    for (code, table) in old {
      free(table.rows)
      Py_DECREF(object(code))
    }
  }

  // MARK: Results

  /// `(unit, allocations are counted, codes, pairs)` of the last run, whose counts are forgotten:
  /// codes are `(code, [(instruction, count, ticks, allocations), ...])`, pairs
  /// `(opcode, opcode, count)`.
  static func take() throws(Raised) -> Owned {
    let codes = try own(PyList_New(0))
    for (code, table) in tables {
      let rows = try own(PyList_New(0))
      for index in 0..<table.count where table.rows[index].count > 0 {
        let row = table.rows[index]
        let entry = try tuple(
          try int(index), try number(row.count), try number(row.ticks), try number(row.allocations))
        try check(PyList_Append(rows.ref, entry.ref))
      }
      let entry = try tuple(object(code).retained(), rows)
      try check(PyList_Append(codes.ref, entry.ref))
    }
    let neighbours = try own(PyList_New(0))
    if let pairs {
      for index in 0..<(1 << 16) where pairs[index] > 0 {
        let entry = try tuple(
          try int(index >> 8), try int(index & 0xFF), try number(pairs[index]))
        try check(PyList_Append(neighbours.ref, entry.ref))
      }
    }
    clear()
    let unit = try own(newString(unit))
    return try tuple(unit, boolObject(countsAllocations).retained(), codes, neighbours)
  }

  /// What the time stamps count.
  #if arch(x86_64) || arch(arm64)
    private static let unit = "cycles"
  #else
    private static let unit = "ns"
  #endif

  private static func number(_ value: UInt64) throws(Raised) -> Owned {
    try own(PyLong_FromUnsignedLongLong(value))
  }
}
