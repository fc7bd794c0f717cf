import CPythonABI
import Glibc
import Objects

// Marshalled values for C code. CPython: Python/marshal.c, Include/marshal.h.

@c public func PyMarshal_WriteObjectToString(
  _ value: UnsafeMutablePointer<PyObject>, _ version: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new { try MarshalWriter.dump(value, version: Int(version), allowCode: true) }
}

/// The value that `count` bytes start with. EOFError, ValueError or TypeError when there is none.
@c public func PyMarshal_ReadObjectFromString(
  _ data: UnsafePointer<UInt8>?, _ count: Int
) -> UnsafeMutablePointer<PyObject>? {
  new {
    try MarshalReader.load(
      UnsafeBufferPointer(start: data, count: Swift.max(count, 0)), allowCode: true)
  }
}

@c public func PyMarshal_WriteObjectToFile(
  _ value: UnsafeMutablePointer<PyObject>, _ file: UnsafeMutablePointer<FILE>, _ version: Int32
) {
  _ = status {
    let bytes = try MarshalWriter.dump(value, version: Int(version), allowCode: true)
    _ = fwrite(PyBytes_AsString(bytes.ref), 1, PyBytes_Size(bytes.ref), file)
  }
}

/// The lower 32 bits, little-endian.
@c public func PyMarshal_WriteLongToFile(
  _ value: Int, _ file: UnsafeMutablePointer<FILE>, _ version: Int32
) {
  var word = UInt32(truncatingIfNeeded: value).littleEndian
  _ = fwrite(&word, 4, 1, file)
}

/// A number of `count` bytes from a stream; EOFError when it ends before.
private func readNumber(_ file: UnsafeMutablePointer<FILE>, _ count: Int) -> UInt32? {
  var word: UInt32 = 0
  if fread(&word, 1, count, file) == count { return UInt32(littleEndian: word) }
  _ = raise(.eofError, "EOF read where data expected")
  return nil
}

/// A signed number of 32 bits; -1 with EOFError at the end.
@c public func PyMarshal_ReadLongFromFile(_ file: UnsafeMutablePointer<FILE>) -> Int {
  readNumber(file, 4).map { Int(Int32(bitPattern: $0)) } ?? -1
}

/// A signed number of 16 bits; -1 with EOFError at the end.
@c public func PyMarshal_ReadShortFromFile(_ file: UnsafeMutablePointer<FILE>) -> Int32 {
  readNumber(file, 2).map { Int32(Int16(truncatingIfNeeded: $0)) } ?? -1
}

/// The value a stream has next. The stream may be read further than the value.
@c public func PyMarshal_ReadLastObjectFromFile(
  _ file: UnsafeMutablePointer<FILE>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    var data: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      data += buffer[..<count]
    }
    let copy = try own(PyBytes_FromStringAndSize(nil, data.count))
    let start = PyBytes_AsString(copy.ref)
    for (index, byte) in data.enumerated() { start?[index] = CChar(bitPattern: byte) }
    return try MarshalReader.load(
      UnsafeBufferPointer(
        start: start.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) },
        count: data.count),
      allowCode: true)
  }
}
