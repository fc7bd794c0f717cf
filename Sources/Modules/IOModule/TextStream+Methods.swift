import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The methods of TextIOWrapper but for positions.
extension TextStream {
  static let write: Method = .o(
    "write($self, text, /)", "Write string to stream. Returns the number of characters written."
  ) { object, string in
    new {
      let text = object.view(TextStream.self)
      guard string.isStr else {
        throw raise(
          .typeError, "write() argument must be str, not \(string.isNone ? "None" : string.type.fullName)")
      }
      try text.write(string)
      return try int(apus_str_length(string))
    }
  }

  static let read: Method = .fast(
    "read($self, size=-1, /)", "Read at most size characters; all that are left when negative or None."
  ) { object, args, count in
    new {
      let size = try sizeArgument(onlyArgument("read", args, count))
      let text = object.view(TextStream.self)
      try text.checkOpen()
      return try size < 0 ? text.readAll() : text.read(size)
    }
  }

  static let readline: Method = .fast(
    "readline($self, size=-1, /)", "Read until newline or EOF, at most size characters unless negative."
  ) { object, args, count in
    new {
      let argument = try onlyArgument("readline", args, count)
      let size = try argument.map { try check(PyNumber_AsSsize_t($0, .overflowError)) } ?? -1
      let text = object.view(TextStream.self)
      try text.checkOpen()
      return try text.line(size)
    }
  }

  private static func forward(_ object: Ref, _ name: Ref) throws(Raised) -> Owned {
    try send(object.view(TextStream.self).buffer(), name)
  }
  static let fileno: Method = .noargs("fileno($self, /)", "The byte stream's file descriptor.") {
    object, _ in new { try forward(object, Name.fileno) }
  }
  static let seekable: Method = .noargs("seekable($self, /)", "Whether the byte stream supports random access.") {
    object, _ in new { try forward(object, Name.seekable) }
  }
  static let readable: Method = .noargs("readable($self, /)", "Whether the byte stream can be read.") {
    object, _ in new { try forward(object, Name.readable) }
  }
  static let writable: Method = .noargs("writable($self, /)", "Whether the byte stream can be written.") {
    object, _ in new { try forward(object, Name.writable) }
  }
  static let isatty: Method = .noargs("isatty($self, /)", "Whether the byte stream is a terminal.") {
    object, _ in new { try forward(object, Name.isatty) }
  }

  static let flush: Method = .noargs("flush($self, /)", "Write the buffered text to the byte stream and flush that.") {
    object, _ in
    new {
      let text = object.view(TextStream.self)
      try text.checkOpen()
      text.pointee.isTelling = text.pointee.isSeekable
      try text.flushPending()
      return try forward(object, Name.flush)
    }
  }

  static let detach: Method = .noargs(
    "detach($self, /)", "Separate the underlying buffer and return it. The text stream cannot be used after."
  ) { object, _ in
    new {
      let text = object.view(TextStream.self)
      _ = try text.buffer()
      _ = try send(object, Name.flush).ref
      let buffer = try text.buffer()
      text.pointee.buffer = nil
      text.pointee.isDetached = true
      text.pointee.isReady = false
      return Owned(adopting: buffer)
    }
  }

  static let close: Method = .noargs("close($self, /)", "Flush and close this stream and the byte stream.") {
    object, _ in
    new {
      let text = object.view(TextStream.self)
      let buffer = try text.buffer().retained()
      if try text.isClosed() { return noneObject().retained() }
      if text.pointee.finalizing != 0 {
        if let result = PyObject_CallMethodOneArg(buffer.ref, Name.deallocWarn, object) {
          Py_DECREF(result)
        } else {
          PyErr_Clear()
        }
      }
      let flushed = PyObject_CallMethodNoArgs(object, Name.flush)
      let pending = flushed == nil ? PyErr_GetRaisedException() : nil
      Py_XDECREF(flushed)
      let closed = PyObject_CallMethodNoArgs(buffer.ref, Name.close)
      if let pending {
        if closed == nil, let second = PyErr_GetRaisedException() {
          PyException_SetContext(second, pending)
          PyErr_SetRaisedException(second)
        } else {
          Py_XDECREF(closed)
          PyErr_SetRaisedException(pending)
        }
        throw Raised()
      }
      return try own(closed)
    }
  }

  static let truncate: Method = .fast(
    "truncate($self, pos=None, /)", "Truncate the byte stream to a size, by default the current position."
  ) { object, args, count in
    new {
      let position = try onlyArgument("truncate", args, count) ?? noneObject()
      let text = object.view(TextStream.self)
      let buffer = try text.buffer()
      _ = try send(object, Name.flush).ref
      return try send(buffer, Name.truncate, position)
    }
  }
}
