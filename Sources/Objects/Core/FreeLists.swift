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
    if isOff { fillUp() }
  }

  /// Whether nothing is kept, so that every object is a block of its own from the allocator.
  nonisolated(unsafe) private static var isOff = false

  /// Keeps nothing from now on: for the allocators that check every block. The lists look full, so
  /// that the paths that put objects on them need not ask.
  static func turnOff() {
    clear()
    isOff = true
    fillUp()
  }

  /// Undoes `turnOff`: `tracemalloc` needs it for a while.
  static func turnOn() {
    isOff = false
    let free = apus_freelists()
    free.pointee.list_count = 0
    free.pointee.dict_count = 0
    free.pointee.keys_count = 0
    free.pointee.float_count = 0
    free.pointee.int_count = 0
    for size in 1..<Int(APUS_TUPLE_FREE_SIZES) { apus_free_tuple_count(size).pointee = 0 }
  }

  private static func fillUp() {
    let free = apus_freelists()
    free.pointee.list_count = Int32.max
    free.pointee.dict_count = Int32.max
    free.pointee.keys_count = Int32.max
    free.pointee.float_count = Int32.max
    free.pointee.int_count = Int32.max
    for size in 1..<Int(APUS_TUPLE_FREE_SIZES) {
      apus_free_tuple_count(size).pointee = Int32.max
    }
  }

  /// How many objects a list with this count holds.
  static func kept(_ count: Int32) -> Int { isOff ? 0 : Int(count) }
}
