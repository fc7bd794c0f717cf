import CPythonABI
import Objects

/// The module `_io`: streams. CPython: Modules/_io.
public let ioModule = ModuleSpec(
  "_io",
  doc: """
    The stream classes and open().

    IOBase is the base of all. RawIOBase reads and writes bytes directly (FileIO: files of the
    system). BufferedIOBase puts a buffer before a raw stream (BufferedReader, BufferedWriter,
    BufferedRWPair, BufferedRandom) or is one (BytesIO). TextIOBase is for text: TextIOWrapper over
    a buffered stream, StringIO in memory.
    """,
  methods: [OpenFunction.open, OpenFunction.openCode, OpenFunction.textEncoding],
  constants: [.int("DEFAULT_BUFFER_SIZE", 8192)],
  types: [
    IOBase.spec, RawIOBase.spec, BufferedIOBase.spec, TextIOBase.spec, FileIO.spec, BytesIO.spec,
    BytesIOView.spec, BufferedReader.spec, BufferedWriter.spec, BufferedRandom.spec,
    BufferedRWPair.spec, NewlineDecoder.spec, StringIO.spec, TextStream.spec,
  ],
  exec: { module in
    status {
      if Streams.unsupportedOperation == .osError {
        let bases = try tuple(Ref.osError.retained(), Ref.valueError.retained())
        Streams.unsupportedOperation = try own(
          PyErr_NewException("io.UnsupportedOperation", bases.ref, nil)).give()
        InterpreterEnd.add("io.UnsupportedOperation") {
          InterpreterEnd.drop(&Streams.unsupportedOperation, leaving: .osError)
        }
      }
      try check(PyModule_AddObjectRef(module, "UnsupportedOperation", Streams.unsupportedOperation))
      try check(PyModule_AddObjectRef(module, "BlockingIOError", .blockingIOError))
    }
  })
