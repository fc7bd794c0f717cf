import Bytecode
import CPythonABI
import Objects

/// Setting `frame.f_lineno` in a trace function: the program goes on at another line.
/// CPython: Objects/frameobject.c, frame_setlineno.
enum LineJump {
  static func set(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.attributeError, "cannot delete attribute") }
    guard value.isInt else { throw raise(.valueError, "lineno must be an integer") }
    let thread = apus_tstate()
    let frameObject = object.view(PyFrameObject.self)
    guard thread.pointee.tracing != 0, thread.pointee.what_event >= 0 else {
      throw raise(.valueError, "f_lineno can only be set in a trace function")
    }
    switch MonitoringEvent(rawValue: thread.pointee.what_event) {
    case .pyStart, .pyThrow:
      throw raise(.valueError, "can't jump from the 'call' trace event of a new frame")
    case .line, .instruction: break
    default: throw raise(.valueError, "can only jump from a 'line' trace event")
    }
    guard let frame = frameObject.pointee.f_frame, frame.pointee.flags & Frame.inLineEvent != 0
    else {
      throw raise(.valueError, "f_lineno can only be set in a trace function")
    }
    let wanted = PyLong_AsLong(value)
    if wanted == -1 && hasRaised() { throw Raised() }
    let code = Frame.code(frame)
    if wanted < Int(code.pointee.co_firstlineno) {
      throw raise(.valueError, "line \(wanted) comes before the current code block")
    }
    let starts = rangeStarts(code)
    guard let line = starts.lazy.map({ $0.line }).filter({ $0 >= wanted }).min() else {
      throw raise(.valueError, "line \(wanted) comes after the current code block")
    }
    let candidates = starts.filter { $0.line == line }.map { $0.index }
    let statements = candidates.filter { !isCleanup(code, $0) }
    try go(frame, code, candidates: statements.isEmpty ? candidates : statements)
    frameObject.pointee.f_lineno = 0
  }

  /// Whether an instruction only leaves the statement whose line it has.
  private static func isCleanup(_ code: CodeRef, _ index: Int) -> Bool {
    switch Opcode(rawValue: apus_bytes_data(code.pointee.co_wordcode)[index * 2]) {
    case .popBlock, .popExcept, .jumpForward, .jumpAbsolute: true
    default: false
    }
  }

  private static func rangeStarts(_ code: CodeRef) -> [(index: Int, line: Int)] {
    var result: [(index: Int, line: Int)] = []
    var table = LineTable(code)
    while let range = table.next() {
      if range.line >= 0 { result.append((range.start / 2, range.line)) }
    }
    return result
  }

  private static func go(
    _ frame: FrameRef, _ code: CodeRef, candidates: [Int]
  ) throws(Raised) {
    let kinds = StackKinds(code).stacks
    let here = Frame.instructionIndex(frame)
    guard kinds.indices.contains(here), let stack = kinds[here] else {
      throw raise(.valueError, "can't jump from unreachable code")
    }
    var best: (index: Int, stack: [StackKinds.Kind])?
    var problem: String?
    for index in candidates where kinds.indices.contains(index) {
      if let target = kinds[index], StackKinds.leads(stack, target) {
        if best == nil || target.count > best.unsafelyUnwrapped.stack.count {
          best = (index, target)
        }
      } else if problem == nil {
        problem = StackKinds.obstacle(kinds[index])
      }
    }
    guard let best else {
      throw raise(.valueError, problem ?? "cannot find bytecode for specified line")
    }
    try bindLocals(frame, code)
    drop(frame, code, from: stack, to: best.stack.count)
    frame.pointee.instr_ptr = code.pointee.co_instructions.unsafelyUnwrapped + best.index
  }

  /// A jump may leave assignments out that the code behind it relies on.
  private static func bindLocals(_ frame: FrameRef, _ code: CodeRef) throws(Raised) {
    let locals = apus_frame_locals(frame)
    let count = Int(code.pointee.co_nlocalsplus)
    var unbound = 0
    for slot in 0..<count where locals[slot] == nil { unbound += 1 }
    if unbound == 0 { return }
    try check(
      PyErr_WarnEx(
        .runtimeWarning,
        "assigning None to \(unbound) unbound local\(unbound == 1 ? "" : "s")", 0))
    for slot in 0..<count where locals[slot] == nil { locals[slot] = noneObject() }
  }

  private static func drop(
    _ frame: FrameRef, _ code: CodeRef, from stack: [StackKinds.Kind], to depth: Int
  ) {
    let thread = apus_tstate()
    let base = apus_frame_locals(frame) + Int(code.pointee.co_nlocalsplus)
    var sp = apus_frame_locals(frame) + Int(frame.pointee.stacktop)
    var left = stack.count
    while left > depth, sp > base {
      if stack[left - 1] == .handled {
        sp = Unwinding.restoreHandled(thread, sp)
        left -= 3
      } else {
        sp -= 1
        let value = sp[0]
        sp[0] = nil
        Py_XDECREF(value)
        left -= 1
      }
    }
    frame.pointee.stacktop = Int32(truncatingIfNeeded: sp - apus_frame_locals(frame))
  }
}
