import CPythonABI
import Objects

/// What a profiler has measured: a record for each function, and the calls that are open.
final class ProfileData {
  /// What a caller measured of a function it called.
  struct Subentry {
    var function: Int
    var total: Int = 0
    var inline: Int = 0
    var calls = 0
    var recursiveCalls = 0
    var depth = 0
  }

  struct Entry {
    /// A code object or the name of a builtin; owned.
    var object: Ref
    /// Ticks from call to return, of the outermost calls.
    var total: Int = 0
    /// Ticks without those of the functions called.
    var inline: Int = 0
    var calls = 0
    var recursiveCalls = 0
    /// Calls that are open.
    var depth = 0
    var callees: [Subentry] = []
  }

  /// A call that is open.
  private struct Call {
    var entry: Int
    var start: Int
    /// Ticks of the calls it made.
    var below: Int = 0
  }

  private(set) var entries: [Entry] = []
  private var indices: [UnsafeRawPointer: Int] = [:]
  private var stack: [Call] = []

  func index(of key: UnsafeRawPointer) -> Int? { indices[key] }

  /// Adds a function; takes the reference over.
  func add(_ key: UnsafeRawPointer, _ object: Ref) -> Int {
    entries.append(Entry(object: object))
    indices[key] = entries.count - 1
    return entries.count - 1
  }

  /// The place of a callee's record in its caller's.
  private func callee(_ caller: Int, _ function: Int, make: Bool) -> Int? {
    if let known = entries[caller].callees.firstIndex(where: { $0.function == function }) {
      return known
    }
    guard make else { return nil }
    entries[caller].callees.append(Subentry(function: function))
    return entries[caller].callees.count - 1
  }

  /// A call begins. `clock` runs last, so that this costs the caller little.
  func enter(_ entry: Int, subcalls: Bool, clock: () -> Int) {
    entries[entry].depth += 1
    if subcalls, let caller = stack.last?.entry, let place = callee(caller, entry, make: true) {
      entries[caller].callees[place].depth += 1
    }
    stack.append(Call(entry: entry, start: 0))
    let now = clock()
    // The clock may have run Python code, and that another call or `clear`.
    if !stack.isEmpty { stack[stack.count - 1].start = now }
  }

  /// The call that is open returns; nothing when none is.
  func leave(_ key: UnsafeRawPointer, subcalls: Bool, clock: () -> Int) {
    let now = clock()
    guard let call = stack.popLast() else { return }
    guard let index = indices[key], index < entries.count else { return }
    let elapsed = now &- call.start
    let inline = elapsed &- call.below
    if !stack.isEmpty { stack[stack.count - 1].below &+= elapsed }
    entries[index].depth -= 1
    if entries[index].depth == 0 {
      entries[index].total &+= elapsed
    } else {
      entries[index].recursiveCalls += 1
    }
    entries[index].inline &+= inline
    entries[index].calls += 1
    if subcalls, let caller = stack.last?.entry, caller < entries.count,
      let place = callee(caller, index, make: false)
    {
      entries[caller].callees[place].depth -= 1
      if entries[caller].callees[place].depth == 0 {
        entries[caller].callees[place].total &+= elapsed
      } else {
        entries[caller].callees[place].recursiveCalls += 1
      }
      entries[caller].callees[place].inline &+= inline
      entries[caller].callees[place].calls += 1
    }
  }

  /// Closes the calls that are open.
  func flush(subcalls: Bool, clock: () -> Int) {
    while let call = stack.last {
      guard let key = indices.first(where: { $0.value == call.entry })?.key else {
        stack.removeLast()
        continue
      }
      leave(key, subcalls: subcalls, clock: clock)
    }
  }

  func clear() {
    let old = entries
    entries = []
    indices = [:]
    stack = []
    for entry in old { Py_DECREF(entry.object) }
  }
}
