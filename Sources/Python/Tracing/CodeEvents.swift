import Bytecode
import CPythonABI
import Objects

/// What tracing and monitoring know of a code object: which instructions start a line, and which
/// events tools want of this code only. Made when the code first runs while somebody listens.
///
/// One block of memory in `_co_monitoring`: the header, then per instruction its line (Int32), its
/// kind (UInt8) and the tools that disabled an event there (UInt8 for each local event).
struct CodeEvents {
  struct Header {
    /// Of `MonitoringState.version` when `disabled` was valid.
    var version: UInt32
    var count: Int32
    /// Events a tool wants of this code only, by tool.
    var local: InlineArray<8, UInt32>
    /// All of `local` together.
    var anyLocal: UInt32
  }

  /// Bits of an instruction's kind.
  enum Kind {
    static let startsLine: UInt8 = 1
    static let branch: UInt8 = 2
    static let jump: UInt8 = 4
  }

  private let memory: UnsafeMutableRawPointer

  var header: UnsafeMutablePointer<Header> { memory.assumingMemoryBound(to: Header.self) }
  private var body: UnsafeMutableRawPointer { memory + MemoryLayout<Header>.stride }
  /// The line of each instruction, -1 for none.
  var lines: UnsafeMutablePointer<Int32> { body.assumingMemoryBound(to: Int32.self) }
  var kinds: UnsafeMutablePointer<UInt8> {
    (body + Int(header.pointee.count) * 4).assumingMemoryBound(to: UInt8.self)
  }
  private var disabled: UnsafeMutablePointer<UInt8> { kinds + Int(header.pointee.count) }

  /// The block of a code object, if it has one.
  static func existing(_ code: CodeRef) -> CodeEvents? {
    code.pointee._co_monitoring.map { CodeEvents(memory: $0) }
  }

  /// The block of a code object; nil with MemoryError.
  static func of(_ code: CodeRef) -> CodeEvents? {
    if let made = code.pointee._co_monitoring { return CodeEvents(memory: made) }
    let count = apus_var_size(code.pointee.co_wordcode) / 2
    let size = MemoryLayout<Header>.stride + count * (5 + MonitoringEvent.localCount)
    guard let memory = PyMem_Calloc(1, size) else {
      _ = raiseNoMemory()
      return nil
    }
    let events = CodeEvents(memory: memory)
    events.header.pointee.count = Int32(truncatingIfNeeded: count)
    events.findLines(code)
    code.pointee._co_monitoring = memory
    return events
  }

  private func findLines(_ code: CodeRef) {
    let count = Int(header.pointee.count)
    for index in 0..<count { lines[index] = -1 }
    var table = LineTable(code)
    while let range = table.next() {
      for index in (range.start / 2)..<Swift.min((range.end + 1) / 2, count) {
        lines[index] = Int32(truncatingIfNeeded: range.line)
      }
    }
    var current: Int32 = -1
    for index in 0..<count {
      if lines[index] < 0 { continue }
      if lines[index] != current { kinds[index] |= Kind.startsLine }
      current = lines[index]
    }
    let bytes = apus_bytes_data(code.pointee.co_wordcode)
    var argument = 0
    for index in 0..<count {
      argument = argument << 8 | Int(bytes[index * 2 + 1])
      guard let opcode = Opcode(rawValue: bytes[index * 2]) else { continue }
      if opcode == .extendedArg { continue }
      let target = opcode.hasRelativeJump ? index + 1 + argument : argument
      argument = 0
      guard opcode.hasJump else { continue }
      if !opcode.isBlockPush {
        kinds[index] |= opcode.isUnconditionalJump ? Kind.jump : Kind.branch
      }
      guard target >= 0, target < count, lines[target] >= 0 else { continue }
      if opcode.isBlockPush || lines[target] != lines[index] { kinds[target] |= Kind.startsLine }
    }
  }

  // MARK: Disabled events

  /// Forgets what was disabled before `sys.monitoring.restart_events()` was called last.
  func refresh(_ version: UInt32) {
    if header.pointee.version == version { return }
    header.pointee.version = version
    let count = Int(header.pointee.count) * MonitoringEvent.localCount
    disabled.update(repeating: 0, count: count)
  }

  /// The tools (as bits) that do not want a local event at an instruction any more.
  func disabledTools(at index: Int, _ event: MonitoringEvent) -> UInt8 {
    let row = Int(event.rawValue)
    guard row < MonitoringEvent.localCount, index >= 0, index < Int(header.pointee.count) else {
      return 0
    }
    return disabled[index * MonitoringEvent.localCount + row]
  }

  func disable(at index: Int, _ event: MonitoringEvent, tool: Int) {
    guard index >= 0, index < Int(header.pointee.count) else { return }
    disabled[index * MonitoringEvent.localCount + Int(event.rawValue)] |= 1 << UInt8(tool)
  }

  /// Wants the events again at every instruction: a tool has set its events anew.
  func enable(_ events: UInt32, tool: Int) {
    let keep = ~(UInt8(1) << UInt8(tool))
    for index in 0..<Int(header.pointee.count) {
      for row in 0..<MonitoringEvent.localCount where events & (1 << UInt32(row)) != 0 {
        disabled[index * MonitoringEvent.localCount + row] &= keep
      }
    }
  }
}
