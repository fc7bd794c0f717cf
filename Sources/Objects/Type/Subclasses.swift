import CPythonABI
import Glibc

/// `tp_subclasses`: the direct subclasses of a type, in the order of their creation.
///
/// A native array of uncounted pointers (CPython keeps a dict of weak references): header
/// `[count, capacity]`, then the types. A type takes itself out of the lists of its bases before it
/// dies, so an entry never dangles.
struct SubclassList {
  private let words: UnsafeMutablePointer<Int>

  init?(_ type: TypeRef) {
    guard let memory = type.pointee.tp_subclasses else { return nil }
    words = memory.assumingMemoryBound(to: Int.self)
  }

  var count: Int { words[0] }

  subscript(index: Int) -> TypeRef {
    UnsafeMutableRawPointer(bitPattern: words[2 + index]).unsafelyUnwrapped
      .assumingMemoryBound(to: PyTypeObject.self)
  }

  static func add(_ subclass: TypeRef, to type: TypeRef) throws(Raised) {
    let old = type.pointee.tp_subclasses?.assumingMemoryBound(to: Int.self)
    let count = old?[0] ?? 0
    var capacity = old?[1] ?? 0
    var words = old
    if count == capacity {
      capacity = Swift.max(2, capacity * 2)
      guard let memory = realloc(old, (capacity + 2) * MemoryLayout<Int>.size) else {
        throw raiseNoMemory()
      }
      words = memory.assumingMemoryBound(to: Int.self)
      type.pointee.tp_subclasses = memory
    }
    guard let words else { return }
    words[0] = count + 1
    words[1] = capacity
    words[2 + count] = Int(bitPattern: subclass)
  }

  static func remove(_ subclass: TypeRef, from type: TypeRef) {
    guard let words = type.pointee.tp_subclasses?.assumingMemoryBound(to: Int.self) else { return }
    let count = words[0]
    for index in 0..<count where words[2 + index] == Int(bitPattern: subclass) {
      for next in (index + 1)..<Swift.max(count, index + 1) { words[1 + next] = words[2 + next] }
      words[0] = count - 1
      break
    }
    if words[0] == 0 {
      free(words)
      type.pointee.tp_subclasses = nil
    }
  }
}

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// Calls `body` for each direct subclass; it must not run Python code.
  func forEachSubclass<E: Error>(_ body: (TypeRef) throws(E) -> Void) throws(E) {
    guard let list = SubclassList(self) else { return }
    for index in 0..<list.count { try body(list[index]) }
  }

  /// Enters the type into the lists of its bases.
  func addToBases() throws(Raised) {
    guard let bases = pointee.tp_bases else { return }
    for index in 0..<apus_var_size(bases) {
      try SubclassList.add(self, to: apus_tuple_item(bases, index).asType)
    }
  }

  /// Takes the type out of the lists of these bases.
  func remove(fromBases bases: Ref) {
    for index in 0..<apus_var_size(bases) {
      let base = apus_tuple_item(bases, index)
      if base.isType { SubclassList.remove(self, from: base.asType) }
    }
  }

  /// `type.__subclasses__()`: a new list of the living direct subclasses.
  func subclasses() throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    guard let list = SubclassList(self) else { return result }
    for index in 0..<list.count {
      let subclass = list[index].object
      if subclass.pointee.ob_refcnt <= 0 || list[index].pointee.tp_mro == nil { continue }
      try check(PyList_Append(result.ref, subclass))
    }
    return result
  }
}

@c @implementation public func _PyType_GetSubclasses(_ type: TypeRef) -> Ref? {
  new { try type.subclasses() }
}
