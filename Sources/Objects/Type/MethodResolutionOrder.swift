import CPythonABI
import Glibc

/// The method resolution order: C3 linearization (Barrett et al., "A Monotonic Superclass
/// Linearization for Dylan"), and a metaclass's own `mro()`. CPython: Objects/typeobject.c,
/// `mro_implementation`, `mro_invoke`, `mro_internal`.
extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// The linearization of the type's bases as a new list (`type.mro()`).
  func linearize() throws(Raised) -> Owned {
    let bases = pointee.tp_bases
    let count = bases.map { apus_var_size($0) } ?? 0
    for index in 0..<count {
      let base = apus_tuple_item(bases.unsafelyUnwrapped, index).asType
      if base.pointee.tp_mro == nil {
        throw raise(
          .typeError, "Cannot extend an incomplete type '\(base.fullName)'")
      }
    }
    let result = try own(PyList_New(0))
    try check(PyList_Append(result.ref, object))
    guard let bases, count > 0 else { return result }
    if count == 1 {
      let only = try borrow(apus_tuple_item(bases, 0).asType.pointee.tp_mro)
      for index in 0..<apus_var_size(only) {
        try check(PyList_Append(result.ref, apus_tuple_item(only, index)))
      }
      return result
    }
    for index in 0..<count {
      for later in (index + 1)..<Swift.max(count, index + 1)
      where apus_tuple_item(bases, index) == apus_tuple_item(bases, later) {
        throw raise(
          .typeError, "duplicate base class \(apus_tuple_item(bases, index).asType.name)")
      }
    }
    try merge(bases, count, into: result.ref)
    return result
  }

  /// Merges the MROs of the bases and the list of bases: takes the first head that is in no tail.
  private func merge(_ bases: Ref, _ count: Int, into result: Ref) throws(Raised) {
    var sequences: [Ref] = []
    for index in 0..<count {
      sequences.append(try borrow(apus_tuple_item(bases, index).asType.pointee.tp_mro))
    }
    sequences.append(bases)
    var position = [Int](repeating: 0, count: sequences.count)
    while true {
      var finished = true
      var chosen: Ref?
      for index in sequences.indices {
        let sequence = sequences[index]
        if position[index] >= apus_var_size(sequence) { continue }
        finished = false
        let candidate = apus_tuple_item(sequence, position[index])
        if !Self.isInTail(candidate, sequences, position) {
          chosen = candidate
          break
        }
      }
      if finished { return }
      guard let chosen else { throw Self.raiseInconsistent(sequences, position) }
      try check(PyList_Append(result, chosen))
      for index in sequences.indices
      where position[index] < apus_var_size(sequences[index])
        && apus_tuple_item(sequences[index], position[index]) == chosen
      {
        position[index] += 1
      }
    }
  }

  private static func isInTail(_ candidate: Ref, _ sequences: [Ref], _ position: [Int]) -> Bool {
    for index in sequences.indices {
      var next = position[index] + 1
      while next < apus_var_size(sequences[index]) {
        if apus_tuple_item(sequences[index], next) == candidate { return true }
        next += 1
      }
    }
    return false
  }

  private static func raiseInconsistent(_ sequences: [Ref], _ position: [Int]) -> Raised {
    var heads: [Ref] = []
    for index in sequences.indices where position[index] < apus_var_size(sequences[index]) {
      let head = apus_tuple_item(sequences[index], position[index])
      if !heads.contains(head) { heads.append(head) }
    }
    let names = heads.map { $0.asType.name }.joined(separator: ", ")
    return raise(
      .typeError, "Cannot create a consistent method resolution order (MRO) for bases \(names)")
  }

  /// The MRO as a tuple, from the metaclass's `mro` when it has its own.
  private func invokeMRO() throws(Raised) -> Owned {
    if object.type == typeType() {
      let list = try linearize()
      return try own(PyList_AsTuple(list.ref))
    }
    let list = try own(SpecialMethod.call(object, id_mro()))
    let tuple = try own(PySequence_Tuple(list.ref))
    let solid = solidBase
    for index in 0..<apus_var_size(tuple.ref) {
      let item = apus_tuple_item(tuple.ref, index)
      guard item.isType else {
        throw raise(.typeError, "mro() returned a non-class ('\(item.type.fullName)')")
      }
      if PyType_IsSubtype(solid, item.asType.solidBase) == 0 {
        throw raise(
          .typeError, "mro() returned base with unsuitable layout ('\(item.asType.fullName)')")
      }
    }
    return tuple
  }

  /// Computes and sets `tp_mro`. False when Python code in a custom `mro()` set it meanwhile; then
  /// nothing is changed. `old` receives the MRO before.
  @discardableResult
  func updateMRO(old: UnsafeMutablePointer<Ref?>? = nil) throws(Raised) -> Bool {
    let before = pointee.tp_mro
    // Held so that comparing its address below means something.
    Py_XINCREF(before)
    let made: Owned
    do {
      made = try invokeMRO()
    } catch {
      Py_XDECREF(before)
      throw error
    }
    if pointee.tp_mro != before {
      Py_XDECREF(before)
      return false
    }
    pointee.tp_mro = made.give()
    noteMROChange(pointee.tp_mro)
    noteMROChange(pointee.tp_bases)
    modified()
    // The type's own reference to the old MRO goes to the caller; ours ends here.
    Py_XDECREF(before)
    if let old { old.pointee = before } else { Py_XDECREF(before) }
    return true
  }

  /// A type whose MRO does not follow from its bases alone is never cached.
  private func noteMROChange(_ types: Ref?) {
    guard let types else { return }
    var cacheable = true
    if object.type != typeType(),
      object.type.lookUp(id_mro()) != typeType().lookUp(id_mro())
    {
      cacheable = false
    }
    for index in 0..<apus_var_size(types) where cacheable {
      let base = apus_tuple_item(types, index).asType
      if PyType_IsSubtype(self, base) == 0 || base.pointee.tp_versions_used == UInt16.max {
        cacheable = false
      }
    }
    if !cacheable {
      pointee.tp_version_tag = 0
      pointee.tp_versions_used = UInt16.max
    }
  }
}

@c @implementation public func PyType_IsSubtype(_ type: TypeRef, _ base: TypeRef) -> Int32 {
  if let mro = type.pointee.tp_mro {
    for index in 0..<apus_var_size(mro) where apus_tuple_item(mro, index) == base.object {
      return 1
    }
    return 0
  }
  // Not ready yet: only the chain of first bases is known.
  var current: TypeRef? = type
  while let one = current {
    if one == base { return 1 }
    current = one.pointee.tp_base
  }
  return base == objectType() ? 1 : 0
}
