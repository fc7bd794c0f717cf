extension MemoryLayout {
  /// The byte offset of a stored field of a C struct.
  @inlinable @inline(__always)
  public static func at(_ field: PartialKeyPath<T>) -> Int { offset(of: field) ?? 0 }
}
