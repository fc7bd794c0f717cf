import CPythonABI

/// The objects kept for reuse by the common types. Each type's file keeps and takes its own.
public enum FreeLists {
  /// Frees all of them; a full collection does this.
  public static func clear() {
    PyTuple.clearFreeLists()
    PyList.clearFreeList()
    PyDict.clearFreeLists()
    PyFloat.clearFreeList()
    PyLong.clearFreeList()
  }
}
