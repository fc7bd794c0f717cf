import CPythonABI
import Glibc
import Objects

/// stderrprinter: the stream in place of `sys.stderr` (and of `sys.stdout` in a program without `_io`)
/// until there are real streams. Text goes straight to the descriptor. CPython: Objects/fileobject.c.
enum StandardPrinter {
  struct Layout {
    var base: PyObject
    var descriptor: Int32
  }

  private static func descriptor(_ object: Ref) -> Int32 {
    object.view(Layout.self).pointee.descriptor
  }

  static func make(_ descriptor: Int32) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(stdPrinterType(), 0))
    object.ref.view(Layout.self).pointee.descriptor = descriptor
    return object
  }

  static let write: Method = .o("write", "Write text.") { object, text in
    new {
      guard text.isStr else {
        throw raise(.typeError, "write() argument must be str, not \(text.type.fullName)")
      }
      let bytes = try own(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"))
      var offset = 0
      let count = apus_var_size(bytes.ref)
      while offset < count {
        let written = Glibc.write(
          descriptor(object), apus_bytes_data(bytes.ref) + offset, count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN { return noneObject().retained() }
          break
        }
        offset += written
      }
      return try own(PyLong_FromSsize_t(apus_str_length(text)))
    }
  }

  static let spec = TypeSpec(
    stdPrinterType(), "stderrprinter", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation], base: objectType(),
    slots: [
      .tp_repr { object in
        newString(
          "<stdprinter(fd=\(descriptor(object))) object at \(GeneratorTypes.address(object))>")
      }
    ],
    methods: [
      Method.noargs("close", "Does nothing.") { _, _ in noneObject() },
      Method.noargs("flush", "Does nothing: nothing is kept back.") { _, _ in noneObject() },
      Method.noargs("fileno", "The descriptor.") { object, _ in
        PyLong_FromLong(Int(descriptor(object)))
      },
      Method.noargs("isatty", "Whether it is a terminal.") { object, _ in
        boolObject(Glibc.isatty(descriptor(object)) != 0)
      },
      write,
    ],
    properties: [
      Property("closed", get: { _, _ in falseObject() }),
      Property("encoding", get: { _, _ in newString("utf-8") }),
      Property("mode", get: { _, _ in newString("w") }),
    ])
}
