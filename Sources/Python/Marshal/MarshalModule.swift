import CPythonABI
import Objects

/// The module `marshal`. CPython: Python/marshal.c.
enum MarshalModule {
  static let spec = ModuleSpec(
    "marshal",
    doc: """
      Python values as bytes, for the interpreter's own files.

      The format may change between versions and is no protection against bad data: use pickle for
      anything but compiled code. It knows None, booleans, numbers, str, bytes, tuples, lists,
      dicts, sets, code objects, Ellipsis and StopIteration; containers only of these.
      """,
    methods: [dump, load, dumps, loads], constants: [.int("version", MarshalFormat.version)])

  private static func version(_ a: borrowing Arguments, _ index: Int) throws(Raised) -> Int {
    Int(try a.int32(index, default: Int32(MarshalFormat.version)))
  }

  private static let dump: Method = .keywords(
    "dump($module, value, file, version=version, /, *, allow_code=True)",
    """
    Write a value to a binary file.

      value
        Of a type marshal knows; ValueError otherwise.
      file
        With a `write` method.
      version
        The format to write, 0 to 4.
      allow_code
        Whether code objects may occur.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(dump, args, count, names)
      let version = try version(a, 2)
      try Audit.send("marshal.dumps", [.object(a[0]), .int(Int(version))])
      let bytes = try MarshalWriter.dump(
        a.object(0), version: version, allowCode: a.bool(3, default: true))
      let write = try own("write".withCString { PyObject_GetAttrString(a.object(1), $0) })
      return try own(PyObject_CallOneArg(write.ref, bytes.ref))
    }
  }

  private static let dumps: Method = .keywords(
    "dumps($module, value, version=version, /, *, allow_code=True)",
    """
    The bytes that dump() would write.

      value
        Of a type marshal knows; ValueError otherwise.
      version
        The format to write, 0 to 4.
      allow_code
        Whether code objects may occur.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(dumps, args, count, names)
      let version = try version(a, 1)
      try Audit.send("marshal.dumps", [.object(a[0]), .int(Int(version))])
      return try MarshalWriter.dump(
        a.object(0), version: version, allowCode: a.bool(2, default: true))
    }
  }

  private static let load: Method = .keywords(
    "load($module, file, /, *, allow_code=True)",
    """
    Read one value from a binary file.

      file
        With the methods `read` and `readinto`.
      allow_code
        Whether code objects may occur.

    Raises EOFError, ValueError or TypeError when there is no valid value.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(load, args, count, names)
      let file = a.object(0)
      let allowCode = try a.bool(1, default: true)
      // Asks for nothing, to tell text files.
      let read = try own("read".withCString { PyObject_GetAttrString(file, $0) })
      let zero = try int(0)
      let data = try own(PyObject_CallOneArg(read.ref, zero.ref))
      guard data.ref.isBytes else {
        throw raise(
          .typeError, "file.read() returned not bytes but \(data.ref.type.fullName)")
      }
      try Audit.send("marshal.load")
      return try MarshalReader.load(file: file, allowCode: allowCode)
    }
  }

  private static let loads: Method = .keywords(
    "loads($module, bytes, /, *, allow_code=True)",
    """
    The value that bytes-like data starts with; the rest is ignored.

      allow_code
        Whether code objects may occur.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(loads, args, count, names)
      let allowCode = try a.bool(1, default: true)
      var view = Py_buffer()
      try check(PyObject_GetBuffer(a.object(0), &view, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&view) }
      if Audit.isActive {
        let start = view.buf?.assumingMemoryBound(to: CChar.self)
        let bytes = try own(PyBytes_FromStringAndSize(start, view.len))
        try Audit.send("marshal.loads", [.object(bytes.ref)])
      }
      return try MarshalReader.load(
        UnsafeBufferPointer(
          start: view.buf?.assumingMemoryBound(to: UInt8.self), count: view.len),
        allowCode: allowCode)
    }
  }
}
