import CPythonABI

/// What is still alive, by kind: the answer to "who holds this?" after an interpreter ended.
public enum BlockCensus {
  /// Blocks alive in the object and memory domains and in the raw one.
  public static var count: Int { ObjectAllocator.allocatedBlocks + rawBlockCount() }

  /// Names that Swift variables hold for ever (`PermanentName`).
  public static var permanentNames: Int { Interning.permanentCount }

  /// The live blocks of pools, counted by the type of the object in each ("str 'abc'" for texts). A
  /// block whose object has no static type, or that is no object, goes by its size.
  public static func kinds() -> [String: Int] {
    var result: [String: Int] = [:]
    ObjectAllocator.forEachBlock { block, size in
      result[kind(of: block, size), default: 0] += 1
    }
    return result
  }

  private static func kind(of block: UnsafeMutableRawPointer, _ size: Int) -> String {
    // Behind no, one or two pairs of words: the collector's, the managed dict's.
    for offset in [0, 16, 32] where offset + 16 <= size {
      let object = (block + offset).assumingMemoryBound(to: PyObject.self)
      let type = (block + offset).load(fromByteOffset: 8, as: TypeRef?.self)
      guard let type, let name = staticName(type) else { continue }
      guard type == strType() else { return name }
      let text = PyUnicode(object)
      return text.interned == 3 ? "permanent name" : "str '\(Objects.text(of: object))'"
    }
    return "\(size) bytes"
  }

  /// The name of a type, when the address is that of a static type.
  private static func staticName(_ type: TypeRef) -> String? {
    StaticTypes.isKnown(type) ? type.pointee.tp_name.map { String(cString: $0) } : nil
  }
}
