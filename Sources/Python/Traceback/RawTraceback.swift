import CPythonABI
import Glibc
import Objects

/// Tracebacks written straight to a file descriptor, for signal handlers and fatal errors: nothing is
/// allocated and no lock is taken, and what is read may be half changed. CPython:
/// Python/traceback.c, _Py_DumpTraceback.
public enum RawTraceback {
  private static let mostFrames = 100
  private static let mostThreads = 100
  /// Characters of a name.
  private static let longestName = 500

  // MARK: Text

  @inline(__always)
  public static func write(_ text: StaticString, to descriptor: Int32) {
    _ = Glibc.write(descriptor, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func write(byte: UInt8, to descriptor: Int32) {
    var byte = byte
    _ = Glibc.write(descriptor, &byte, 1)
  }

  /// A number of at least `width` digits.
  private static func write(
    _ number: UInt, base: UInt, width: Int, to descriptor: Int32
  ) {
    var left = number
    var digits = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    withUnsafeMutableBytes(of: &digits) { buffer in
      guard let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      var start = 32
      while left != 0 || 32 - start < Swift.max(width, 1), start > 0 {
        let digit = UInt8(truncatingIfNeeded: left % base)
        start -= 1
        bytes[start] = digit < 10 ? 48 &+ digit : 87 &+ digit
        left /= base
      }
      _ = Glibc.write(descriptor, bytes + start, 32 - start)
    }
  }

  /// A str in ASCII, escaped and cut short.
  public static func write(str text: Ref?, to descriptor: Int32) {
    guard let text, text.isStr else { return write("???", to: descriptor) }
    let kind = apus_str_kind(text)
    let data = apus_str_data(text)
    let count = apus_str_length(text)
    var index = 0
    while index < count && index < longestName {
      let c = apus_str_read(kind, data, index)
      if c >= 32 && c < 127 {
        write(byte: UInt8(truncatingIfNeeded: c), to: descriptor)
      } else if c <= 0xFF {
        write("\\x", to: descriptor)
        write(UInt(c), base: 16, width: 2, to: descriptor)
      } else if c <= 0xFFFF {
        write("\\u", to: descriptor)
        write(UInt(c), base: 16, width: 4, to: descriptor)
      } else {
        write("\\U", to: descriptor)
        write(UInt(c), base: 16, width: 8, to: descriptor)
      }
      index += 1
    }
    if count > longestName { write("...", to: descriptor) }
  }

  // MARK: Frames

  private static func writeFrames(
    _ thread: UnsafeMutablePointer<PyThreadState>, to descriptor: Int32
  ) {
    guard var frame = thread.pointee.current_frame else {
      return write("  <no Python frame>\n", to: descriptor)
    }
    var depth = 0
    while true {
      if depth >= mostFrames { return write("  ...\n", to: descriptor) }
      if let executable = frame.pointee.f_executable, executable.type == codeType() {
        let code = Frame.code(frame)
        write("  File \"", to: descriptor)
        write(str: code.pointee.co_filename, to: descriptor)
        write("\", line ", to: descriptor)
        let line = PyFrameObjects.line(frame)
        if line >= 0 {
          write(UInt(line), base: 10, width: 1, to: descriptor)
        } else {
          write("???", to: descriptor)
        }
        write(" in ", to: descriptor)
        write(str: code.pointee.co_name, to: descriptor)
        write("\n", to: descriptor)
        depth += 1
      }
      guard let previous = frame.pointee.previous else { return }
      frame = previous
    }
  }

  /// The stack of one thread.
  public static func write(
    _ thread: UnsafeMutablePointer<PyThreadState>, to descriptor: Int32
  ) {
    write("Stack (most recent call first):\n", to: descriptor)
    writeFrames(thread, to: descriptor)
  }

  /// The stacks of all threads; `current` is marked.
  public static func writeAll(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>,
    current: UnsafeMutablePointer<PyThreadState>?, to descriptor: Int32
  ) {
    var next = interpreter.pointee.threads
    var count = 0
    while let thread = next {
      if count > 0 { write("\n", to: descriptor) }
      if count >= mostThreads { return write("...\n", to: descriptor) }
      write(thread == current ? "Current thread 0x" : "Thread 0x", to: descriptor)
      write(UInt(thread.pointee.thread_id), base: 16, width: 16, to: descriptor)
      write(" (most recent call first):\n", to: descriptor)
      if thread == current && interpreter.pointee.gc.collecting != 0 {
        write("  Garbage-collecting\n", to: descriptor)
      }
      writeFrames(thread, to: descriptor)
      count += 1
      next = thread.pointee.next
    }
  }

  /// A decimal number of at least `width` digits.
  public static func write(_ number: Int, width: Int, to descriptor: Int32) {
    write(UInt(bitPattern: number), base: 10, width: width, to: descriptor)
  }
}
