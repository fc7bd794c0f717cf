import CPythonABI

/// The object fields of the exception structs: `PyException_HEAD`, then `objects` more from byte 72
/// on. One traverse, clear and dealloc serve every class of the same shape.
///
///     16 dict   24 args   32 notes   40 traceback   48 context   56 cause   64 suppress_context
///     72 first field of the class ...
enum ExceptionFields {
  /// The number of extra object fields for the UnicodeError structs, which have two sizes between.
  static let unicode = -1

  @inline(__always)
  private static func forEach(
    _ exception: Ref, _ objects: Int, _ body: (UnsafeMutablePointer<Ref?>) -> Int32
  ) -> Int32 {
    let memory = UnsafeMutableRawPointer(exception)
    for offset in stride(from: 16, to: 64, by: 8) {
      let result = body((memory + offset).assumingMemoryBound(to: Ref?.self))
      if result != 0 { return result }
    }
    if objects == unicode {
      for offset in [72, 80, 104] {
        let result = body((memory + offset).assumingMemoryBound(to: Ref?.self))
        if result != 0 { return result }
      }
      return 0
    }
    for index in 0..<objects {
      let result = body((memory + 72 + 8 * index).assumingMemoryBound(to: Ref?.self))
      if result != 0 { return result }
    }
    return 0
  }

  static func traverse(
    _ exception: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?, objects: Int
  ) -> Int32 {
    forEach(exception, objects) { field in field.pointee.map { visit($0, argument) } ?? 0 }
  }

  static func clear(_ exception: Ref, objects: Int) -> Int32 {
    forEach(exception, objects) { field in
      if let value = field.pointee {
        field.pointee = nil
        Py_DECREF(value)
      }
      return 0
    }
  }

  static func deallocate(_ exception: Ref, objects: Int) {
    PyObject_GC_UnTrack(UnsafeMutableRawPointer(exception))
    if exception.type.isHeap {
      // The class's own dealloc went through the trashcan.
      release(exception, objects)
    } else {
      // Chained exceptions may be many.
      withTrashcan(exception, base: exception.type) { release(exception, objects) }
    }
  }

  private static func release(_ exception: Ref, _ objects: Int) {
    _ = clear(exception, objects: objects)
    exception.type.pointee.tp_free?(UnsafeMutableRawPointer(exception))
  }

  /// Replaces a field by a new reference to `value`.
  @inline(__always)
  static func set(_ field: UnsafeMutablePointer<Ref?>, _ value: Ref?) {
    let old = field.pointee
    Py_XINCREF(value)
    field.pointee = value
    Py_XDECREF(old)
  }

  /// A field of the exception's struct.
  @inline(__always)
  static func field(_ exception: Ref, _ offset: Int) -> UnsafeMutablePointer<Ref?> {
    (UnsafeMutableRawPointer(exception) + offset).assumingMemoryBound(to: Ref?.self)
  }
}
