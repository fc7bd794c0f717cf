import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `termios`: the modes of terminals. CPython: Modules/termios.c.
public let termiosModule = ModuleSpec(
  "termios",
  doc: """
    The POSIX calls that control terminals. Each takes a descriptor, or an object with fileno(), of
    a terminal; see the system's termios(3).
    """,
  methods: [
    getAttributes, setAttributes, sendBreak, drain, flushQueue, controlFlow, getWindowSize,
    setWindowSize,
  ],
  exec: { module in
    status {
      if terminalError == nil {
        terminalError = try own(PyErr_NewException("termios.error", nil, nil)).give()
      }
      InterpreterEnd.add("termios.error") { InterpreterEnd.drop(&terminalError) }
      try check(PyModule_AddObjectRef(module, "error", borrow(terminalError)))
      try addConstants(module, apus_termios_table())
    }
  })

nonisolated(unsafe) private var terminalError: Ref?

/// Makes a call without the GIL; a failure is a `termios.error` of errno.
private func terminalCall(_ body: () -> Int32) throws(Raised) {
  if withoutGIL(body) >= 0 { return }
  _ = PyErr_SetFromErrno(terminalError ?? .osError)
  throw Raised()
}

/// How many control characters there are.
private let characterCount = 32

private let getAttributes: Method = .o(
  "tcgetattr($module, fd, /)",
  """
  Get the tty attributes for file descriptor fd.

  Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]. cc is a list of the control
  characters, each as bytes of length 1, but those at VMIN and VTIME are ints when the terminal
  does not read by lines.
  """
) { _, given in
  new {
    let descriptor = try DescriptorArgument.fileno(given)
    var mode = termios()
    try terminalCall { tcgetattr(descriptor, &mode) }
    let characters = try own(PyList_New(characterCount))
    let isRaw = mode.c_lflag & tcflag_t(ICANON) == 0
    for index in 0..<characterCount {
      let value = withUnsafeBytes(of: mode.c_cc) { $0[index] }
      let item: Ref
      if isRaw && (index == Int(VMIN) || index == Int(VTIME)) {
        item = try int(Int(value)).give()
      } else {
        var byte = CChar(bitPattern: value)
        item = try own(PyBytes_FromStringAndSize(&byte, 1)).give()
      }
      try check(PyList_SetItem(characters.ref, index, item))
    }
    let result = try own(PyList_New(7))
    let numbers = [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag]
    for (index, number) in numbers.enumerated() {
      try check(PyList_SetItem(result.ref, index, int(Int(number)).give()))
    }
    try check(PyList_SetItem(result.ref, 4, int(Int(cfgetispeed(&mode))).give()))
    try check(PyList_SetItem(result.ref, 5, int(Int(cfgetospeed(&mode))).give()))
    try check(PyList_SetItem(result.ref, 6, characters.give()))
    return result
  }
}

private let setAttributes: Method = .fast(
  "tcsetattr($module, fd, when, attributes, /)",
  """
  Set the tty attributes for file descriptor fd.

  The attributes are a list as tcgetattr() returns it. When they take effect: at once (TCSANOW),
  after all output is sent (TCSADRAIN), or then with the input thrown away (TCSAFLUSH).
  """
) { _, args, count in
  none {
    let a = try Arguments(setAttributes, args, count)
    let descriptor = try a.fileno(0)
    let when = try a.int32(1)
    let list = a.object(2)
    guard list.isList, apus_var_size(list) == 7 else {
      throw raise(.typeError, "tcsetattr, arg 3: must be 7 element list")
    }
    var mode = termios()
    // What the list does not say stays as it is.
    try terminalCall { tcgetattr(descriptor, &mode) }
    var numbers: [UInt] = []
    for index in 0..<6 {
      let item = try borrow(PyList_GetItem(list, index)).retained()
      let index = try own(PyNumber_Index(item.ref))
      var overflow: Int32 = 0
      let number = PyLong_AsLongAndOverflow(index.ref, &overflow)
      if overflow != 0 {
        throw raise(.overflowError, "Python int too large to convert to C long")
      }
      numbers.append(UInt(bitPattern: number))
    }
    mode.c_iflag = tcflag_t(truncatingIfNeeded: numbers[0])
    mode.c_oflag = tcflag_t(truncatingIfNeeded: numbers[1])
    mode.c_cflag = tcflag_t(truncatingIfNeeded: numbers[2])
    mode.c_lflag = tcflag_t(truncatingIfNeeded: numbers[3])
    let characters = try borrow(PyList_GetItem(list, 6))
    guard characters.isList, apus_var_size(characters) == characterCount else {
      throw raise(.typeError, "tcsetattr: attributes[6] must be \(characterCount) element list")
    }
    for index in 0..<characterCount {
      let item = try borrow(PyList_GetItem(characters, index)).retained()
      let value: UInt8
      if item.ref.isBytes && apus_var_size(item.ref) == 1 {
        value = PyBytes_AsString(item.ref).map { UInt8(bitPattern: $0[0]) } ?? 0
      } else if item.ref.isInt {
        let number = PyLong_AsLong(item.ref)
        if number == -1 && hasRaised() { throw Raised() }
        value = UInt8(truncatingIfNeeded: number)
      } else {
        throw raise(
          .typeError, "tcsetattr: elements of attributes must be characters or integers")
      }
      withUnsafeMutableBytes(of: &mode.c_cc) { $0[index] = value }
    }
    let input = speed_t(truncatingIfNeeded: numbers[4])
    let output = speed_t(truncatingIfNeeded: numbers[5])
    if cfsetispeed(&mode, input) < 0 || cfsetospeed(&mode, output) < 0 {
      _ = PyErr_SetFromErrno(terminalError ?? .osError)
      throw Raised()
    }
    try terminalCall { tcsetattr(descriptor, when, &mode) }
  }
}

private let sendBreak: Method = .fast(
  "tcsendbreak($module, fd, duration, /)",
  """
  Send a break on file descriptor fd.

  A duration of zero sends it for a quarter to half a second; others depend on the system.
  """
) { _, args, count in
  none {
    let a = try Arguments(sendBreak, args, count)
    let (descriptor, duration) = (try a.fileno(0), try a.int32(1))
    try terminalCall { tcsendbreak(descriptor, duration) }
  }
}

private let drain: Method = .o(
  "tcdrain($module, fd, /)", "Wait until all output written to file descriptor fd has been transmitted."
) { _, given in
  none {
    let descriptor = try DescriptorArgument.fileno(given)
    try terminalCall { tcdrain(descriptor) }
  }
}

private let flushQueue: Method = .fast(
  "tcflush($module, fd, queue, /)",
  """
  Discard queued data on file descriptor fd.

  The queue is the input (TCIFLUSH), the output (TCOFLUSH) or both (TCIOFLUSH).
  """
) { _, args, count in
  none {
    let a = try Arguments(flushQueue, args, count)
    let (descriptor, queue) = (try a.fileno(0), try a.int32(1))
    try terminalCall { tcflush(descriptor, queue) }
  }
}

private let controlFlow: Method = .fast(
  "tcflow($module, fd, action, /)",
  """
  Suspend or resume input or output on file descriptor fd.

  The action suspends output (TCOOFF), resumes it (TCOON), suspends input (TCIOFF) or resumes it
  (TCION).
  """
) { _, args, count in
  none {
    let a = try Arguments(controlFlow, args, count)
    let (descriptor, action) = (try a.fileno(0), try a.int32(1))
    try terminalCall { tcflow(descriptor, action) }
  }
}

private let getWindowSize: Method = .o(
  "tcgetwinsize($module, fd, /)",
  "Get the tty winsize for file descriptor fd.\n\nReturns a tuple (ws_row, ws_col)."
) { _, given in
  new {
    let descriptor = try DescriptorArgument.fileno(given)
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    try terminalCall { apus_getwinsize(descriptor, &rows, &columns) }
    return try tuple(int(Int(rows)), int(Int(columns)))
  }
}

private let setWindowSize: Method = .fast(
  "tcsetwinsize($module, fd, winsize, /)",
  "Set the tty winsize for file descriptor fd.\n\nThe size is a pair (ws_row, ws_col), as tcgetwinsize() returns it."
) { _, args, count in
  none {
    let a = try Arguments(setWindowSize, args, count)
    let descriptor = try a.fileno(0)
    let pair = a.object(1)
    guard PySequence_Check(pair) != 0, try check(PySequence_Size(pair)) == 2 else {
      PyErr_Clear()
      throw raise(.typeError, "tcsetwinsize, arg 2: must be a two-item sequence")
    }
    let first = try own(PySequence_GetItem(pair, 0))
    let rows = try check(PyLong_AsLong(first.ref))
    let second = try own(PySequence_GetItem(pair, 1))
    let columns = try check(PyLong_AsLong(second.ref))
    guard let height = UInt16(exactly: rows), let width = UInt16(exactly: columns) else {
      throw raise(.overflowError, "winsize value(s) out of range.")
    }
    try terminalCall { apus_setwinsize(descriptor, height, width) }
  }
}
