import CPythonABI
import Objects

/// Where the frames of a thread are, for tracing.
public enum FramePlace {
  /// Calls `body` with the file name (borrowed) and the line of each frame, the innermost first, as
  /// long as it answers true.
  public static func visit(
    _ thread: UnsafeMutablePointer<PyThreadState>, _ body: (Ref, Int) -> Bool
  ) {
    var next = thread.pointee.current_frame
    while let frame = next {
      if let executable = frame.pointee.f_executable, executable.type == codeType() {
        let name = Frame.code(frame).pointee.co_filename
        if !body(name, PyFrameObjects.line(frame)) { return }
      }
      next = frame.pointee.previous
    }
  }
}
