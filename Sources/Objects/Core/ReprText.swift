import CPythonABI

/// The repr of a container under construction: punctuation and the reprs of its items.
struct ReprText: ~Copyable {
  private var writer = _PyUnicodeWriter()

  /// `capacity` is a guess at the final length in code points.
  init(capacity: Int) {
    _PyUnicodeWriter_Init(&writer)
    writer.overallocate = 1
    writer.min_length = capacity
  }

  deinit {
    var writer = writer
    _PyUnicodeWriter_Dealloc(&writer)
  }

  mutating func append(_ text: StaticString) throws(Raised) {
    try check(_PyUnicodeWriter_WriteASCIIString(&writer, cString(text), text.utf8CodeUnitCount))
  }

  mutating func append(str text: Ref) throws(Raised) {
    try check(_PyUnicodeWriter_WriteStr(&writer, text))
  }

  /// Appends `repr(object)`. The caller keeps the object alive.
  mutating func append(reprOf object: Ref) throws(Raised) {
    let text = try own(PyObject_Repr(object))
    try append(str: text.ref)
  }

  consuming func finish() throws(Raised) -> Owned {
    let text = _PyUnicodeWriter_Finish(&writer)
    // Finish leaves the writer empty, so the deinit has nothing to free.
    writer.buffer = nil
    return try own(text)
  }
}

/// A new str of ASCII text.
func newString(ascii text: StaticString) throws(Raised) -> Owned {
  try own(PyUnicode_FromStringAndSize(cString(text), text.utf8CodeUnitCount))
}
