import CPythonABI
import Glibc

/// Memory for the tables of static types and modules: allocated once, never freed.
public enum PermanentMemory {
  /// Uninitialised room for `count` values.
  public static func allocate<T>(_: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let bytes = count * MemoryLayout<T>.stride
    guard let memory = calloc(1, Swift.max(bytes, 1)) else { fatalNoMemory() }
    return memory.bindMemory(to: T.self, capacity: count)
  }

  /// A NUL-terminated copy of bytes.
  static func string(_ bytes: Slice<UnsafeRawBufferPointer>) -> UnsafePointer<CChar> {
    let copy = allocate(UInt8.self, count: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { copy[index] = byte }
    return UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self)
  }

  /// A NUL-terminated copy of a Swift string.
  public static func string(_ text: String) -> UnsafePointer<CChar> {
    guard let copy = strdup(text) else { fatalNoMemory() }
    return UnsafePointer(copy)
  }

  /// `signature + "\n--\n\n" + doc`, the form `ml_doc` and `tp_doc` have.
  static func docstring(signature: UnsafeRawBufferPointer, doc: StaticString) -> UnsafePointer<CChar> {
    let separator: StaticString = "\n--\n\n"
    let size = signature.count + separator.utf8CodeUnitCount + doc.utf8CodeUnitCount
    let copy = allocate(UInt8.self, count: size + 1)
    guard let start = signature.baseAddress else { fatalNoMemory() }
    memcpy(copy, start, signature.count)
    memcpy(copy + signature.count, separator.utf8Start, separator.utf8CodeUnitCount)
    memcpy(
      copy + signature.count + separator.utf8CodeUnitCount, doc.utf8Start, doc.utf8CodeUnitCount)
    return UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self)
  }
}

/// Ends the process: without memory for its own tables the runtime cannot start.
func fatalNoMemory() -> Never {
  let message: StaticString = "Fatal Python error: out of memory during start-up\n"
  _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
  abort()
}
