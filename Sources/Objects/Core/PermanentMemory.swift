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
  static func docstring(
    signature: UnsafePointer<CChar>, doc: UnsafePointer<CChar>
  ) -> UnsafePointer<CChar> {
    let separator: StaticString = "\n--\n\n"
    let before = strlen(signature)
    let between = separator.utf8CodeUnitCount
    let copy = allocate(UInt8.self, count: before + between + strlen(doc) + 1)
    memcpy(copy, signature, before)
    memcpy(copy + before, separator.utf8Start, between)
    memcpy(copy + before + between, doc, strlen(doc))
    return UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self)
  }
}

/// Ends the process: without memory for its own tables the runtime cannot start.
func fatalNoMemory() -> Never {
  let message: StaticString = "Fatal Python error: out of memory during start-up\n"
  _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
  _exit(1)
}
