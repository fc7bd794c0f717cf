import CPythonABI
import Glibc

/// The set of interned strings: one object per text, so that names compare by address.
///
/// Open addressing with linear probing, at most two thirds full; removing moves the following
/// entries back, so there are no tombstones. The set holds no references: a mortal string leaves it
/// when it is deallocated (state 1), an immortal one when the interpreter ends (state 2). State 3 is
/// for ever: names that Swift variables hold (`PermanentName`), and the texts of at most one code point
/// below 256, which are not in the table.
enum Interning {
  /// The interned string equal to `object`, which is `object` itself when it is the first.
  /// Exact str only; a subclass instance comes back unchanged. Borrowed.
  static func intern(_ object: Ref, immortal: Bool) -> Ref {
    let text = PyUnicode(object)
    if text.interned != 0 {
      if immortal && text.interned == 1 { makeImmortal(object) }
      return object
    }
    guard object.isExactStr else { return object }
    if text.count == 0 { return apus_str_empty() }
    if text.count == 1 && text.kind == 1 {
      return apus_str_of_latin1(UInt8(truncatingIfNeeded: text[0]))
    }
    let table = apus_intern_table()
    if table.pointee.slots == nil || table.pointee.count &* 3 >= table.pointee.mask &* 2 {
      // Without memory for a larger table the string stays uninterned, which is allowed.
      guard grow(table) else { return object }
    }
    let slots = table.pointee.slots.unsafelyUnwrapped
    let mask = table.pointee.mask
    var index = UInt(bitPattern: text.hash) & UInt(mask)
    while let known = slots[Int(index)] {
      if PyUnicode(known).hash == text.hash && text.equals(PyUnicode(known)) {
        if immortal && PyUnicode(known).interned == 1 { makeImmortal(known) }
        return known
      }
      index = (index &+ 1) & UInt(mask)
    }
    slots[Int(index)] = object
    table.pointee.count &+= 1
    apus_str_set_state(object, apus_str_state(object) | PyUnicode.State.mortal)
    if immortal { makeImmortal(object) }
    return object
  }

  private static func makeImmortal(_ object: Ref) {
    object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
    let state = apus_str_state(object) & ~PyUnicode.State.internedMask
    apus_str_set_state(object, state | PyUnicode.State.immortal)
  }

  /// Keeps an interned string beyond the end of the interpreter.
  static func keepForEver(_ object: Ref) {
    makeImmortal(object)
    apus_str_set_state(object, apus_str_state(object) | PyUnicode.State.internedMask)
  }

  /// How many strings in the table live for ever.
  static var permanentCount: Int {
    var count = 0
    forEach { if PyUnicode($0).interned == 3 { count += 1 } }
    return count
  }

  private static func forEach(_ body: (Ref) -> Void) {
    let table = apus_intern_table()
    guard let slots = table.pointee.slots else { return }
    for position in 0...Int(table.pointee.mask) {
      if let object = slots[position] { body(object) }
    }
  }

  /// Frees the immortal strings and forgets the mortal ones; those for ever stay interned.
  static func clear() {
    let table = apus_intern_table()
    var all: [Ref] = []
    forEach { all.append($0) }
    free(table.pointee.slots)
    table.pointee.slots = nil
    table.pointee.mask = 0
    table.pointee.count = 0
    for object in all {
      let state = PyUnicode(object).interned
      apus_str_set_state(object, apus_str_state(object) & ~PyUnicode.State.internedMask)
      if state == 2 {
        object.pointee.ob_refcnt = 1
        Py_DECREF(object)
      } else if state == 3 {
        _ = intern(object, immortal: true)
        keepForEver(object)
      }
    }
  }

  /// Takes a dying string out.
  static func remove(_ object: Ref) {
    let table = apus_intern_table()
    guard let slots = table.pointee.slots else { return }
    let mask = UInt(table.pointee.mask)
    var hole = UInt(bitPattern: PyUnicode(object).hash) & mask
    while slots[Int(hole)] != object {
      if slots[Int(hole)] == nil { return }
      hole = (hole &+ 1) & mask
    }
    var next = (hole &+ 1) & mask
    while let other = slots[Int(next)] {
      let home = UInt(bitPattern: PyUnicode(other).hash) & mask
      // `other` may move into the hole unless its home lies behind the hole.
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[Int(hole)] = other
        hole = next
      }
      next = (next &+ 1) & mask
    }
    slots[Int(hole)] = nil
    table.pointee.count &-= 1
  }

  private static func grow(_ table: UnsafeMutablePointer<ApusInternTable>) -> Bool {
    let size = table.pointee.slots == nil ? 4096 : (Int(table.pointee.mask) + 1) * 2
    guard let memory = calloc(size, MemoryLayout<Ref?>.size) else { return false }
    let fresh = memory.as(Ref?.self)
    let mask = UInt(size - 1)
    if let old = table.pointee.slots {
      for position in 0...Int(table.pointee.mask) {
        guard let object = old[position] else { continue }
        var index = UInt(bitPattern: PyUnicode(object).hash) & mask
        while fresh[Int(index)] != nil { index = (index &+ 1) & mask }
        fresh[Int(index)] = object
      }
      free(old)
    }
    table.pointee.slots = fresh
    table.pointee.mask = Int(mask)
    return true
  }
}

@c @implementation
public func PyUnicode_InternInPlace(_ pointer: UnsafeMutablePointer<Ref?>) {
  replace(pointer, immortal: false)
}

/// Interns and makes the string live as long as the process.
@c @implementation
public func PyUnicode_InternImmortal(_ pointer: UnsafeMutablePointer<Ref?>) {
  replace(pointer, immortal: true)
}

@c @implementation
public func PyUnicode_InternFromString(_ text: UnsafePointer<CChar>) -> Ref? {
  var object = PyUnicode_FromString(text)
  if object != nil { replace(&object, immortal: true) }
  return object
}

private func replace(_ pointer: UnsafeMutablePointer<Ref?>, immortal: Bool) {
  guard let object = pointer.pointee, object.isStr else { return }
  let known = Interning.intern(object, immortal: immortal)
  if known == object { return }
  Py_INCREF(known)
  pointer.pointee = known
  Py_DECREF(object)
}
