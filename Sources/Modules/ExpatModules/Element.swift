import CPythonABI
import Glibc
import Objects

/// xml.etree.ElementTree.Element: a node of a tree. CPython: Modules/_elementtree.c.
struct Element {
  struct Layout {
    var base: PyObject
    var tag: Ref?
    var text: Ref?
    var tail: Ref?
    /// Attributes and children; most elements of a document have neither.
    var extra: UnsafeMutablePointer<Extra>?
    var weakReferences: Ref?
  }

  struct Extra {
    /// A dict, nil for none.
    var attributes: Ref?
    var count: Int
    var capacity: Int
    /// `room` or memory of its own; owned references.
    var children: UnsafeMutablePointer<Ref?>
    var room: (Ref?, Ref?, Ref?, Ref?)
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  @inline(__always) var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  static func isElement(_ object: Ref) -> Bool { object.isInstance(of: type) }

  // MARK: Making

  static func make(
    _ tag: Ref, _ attributes: Ref?, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    let layout = object.ref.view(Layout.self)
    layout.pointee.tag = tag.retained().give()
    layout.pointee.text = noneObject()
    layout.pointee.tail = noneObject()
    if let attributes, PyDict_Size(attributes) > 0 {
      try Element(object.ref).needExtra(attributes)
    }
    return object
  }

  private static func room(
    _ extra: UnsafeMutablePointer<Extra>
  ) -> UnsafeMutablePointer<Ref?> {
    (UnsafeMutableRawPointer(extra) + MemoryLayout<Extra>.at(\.room))
      .assumingMemoryBound(to: Ref?.self)
  }

  /// Makes room for attributes and children.
  func needExtra(_ attributes: Ref?) throws(Raised) {
    guard layout.pointee.extra == nil else { return }
    guard let memory = PyMem_Malloc(MemoryLayout<Extra>.size) else { throw raiseNoMemory() }
    let extra = memory.assumingMemoryBound(to: Extra.self)
    memset(memory, 0, MemoryLayout<Extra>.size)
    extra.pointee.attributes = attributes?.retained().give()
    extra.pointee.capacity = 4
    extra.pointee.children = Self.room(extra)
    layout.pointee.extra = extra
  }

  /// Drops attributes and children.
  func dropExtra() {
    guard let extra = layout.pointee.extra else { return }
    layout.pointee.extra = nil
    Py_XDECREF(extra.pointee.attributes)
    for index in 0..<extra.pointee.count { Py_XDECREF(extra.pointee.children[index]) }
    if extra.pointee.children != Self.room(extra) { PyMem_Free(extra.pointee.children) }
    PyMem_Free(extra)
  }

  /// The attributes, made when there are none.
  func attributes() throws(Raised) -> Ref {
    try needExtra(nil)
    guard let extra = layout.pointee.extra else { throw Raised() }
    if let known = extra.pointee.attributes { return known }
    let made = try own(PyDict_New()).give()
    extra.pointee.attributes = made
    return made
  }

  // MARK: Children

  var count: Int { layout.pointee.extra?.pointee.count ?? 0 }

  /// Borrowed.
  func child(_ index: Int) -> Ref {
    layout.pointee.extra.unsafelyUnwrapped.pointee.children[index].unsafelyUnwrapped
  }

  /// Makes room for more children.
  private func reserve(_ more: Int) throws(Raised) -> UnsafeMutablePointer<Extra> {
    try needExtra(nil)
    guard let extra = layout.pointee.extra else { throw Raised() }
    let (needed, overflow) = extra.pointee.count.addingReportingOverflow(more)
    if overflow || needed > 1 << 40 { throw raiseNoMemory() }
    if needed <= extra.pointee.capacity { return extra }
    // 4, 8, 16, 25, 35, 46, …
    let size = needed >> 3 &+ (needed < 9 ? 3 : 6) &+ needed
    let inside = extra.pointee.children == Self.room(extra)
    guard
      let memory = PyMem_Realloc(
        inside ? nil : UnsafeMutableRawPointer(extra.pointee.children),
        size * MemoryLayout<Ref?>.stride)
    else { throw raiseNoMemory() }
    let children = memory.assumingMemoryBound(to: Ref?.self)
    if inside { memcpy(children, extra.pointee.children, extra.pointee.count * 8) }
    extra.pointee.children = children
    extra.pointee.capacity = size
    return extra
  }

  func append(_ child: Ref) throws(Raised) {
    let extra = try reserve(1)
    extra.pointee.children[extra.pointee.count] = child.retained().give()
    extra.pointee.count += 1
  }

  static func raiseNoElement(_ object: Ref) -> Raised {
    raise(.typeError, "expected an Element, not \"\(object.type.fullName)\"")
  }

  func insert(_ child: Ref, at index: Int) throws(Raised) {
    let extra = try reserve(1)
    let count = extra.pointee.count
    var place = index < 0 ? Swift.max(index &+ count, 0) : index
    if place > count { place = count }
    let children = extra.pointee.children
    memmove(children + place + 1, children + place, (count - place) * 8)
    children[place] = child.retained().give()
    extra.pointee.count += 1
  }

  /// Takes `length` children out at `start`; the caller owns them through the list.
  private func cut(_ start: Int, _ length: Int) throws(Raised) -> Owned {
    let list = try own(PyList_New(0))
    guard let extra = layout.pointee.extra else { return list }
    for index in start..<(start + length) { try check(PyList_Append(list.ref, child(index))) }
    let children = extra.pointee.children
    for index in start..<(start + length) { Py_XDECREF(children[index]) }
    memmove(
      children + start, children + start + length, (extra.pointee.count - start - length) * 8)
    extra.pointee.count -= length
    return list
  }

  func remove(_ wanted: Ref) throws(Raised) {
    var index = 0
    var isFound = false
    while index < count, !isFound {
      let item = child(index).retained()
      isFound = item.ref == wanted
      if !isFound {
        isFound = try check(PyObject_RichCompareBool(item.ref, wanted, Py_EQ)) != 0
      }
      if !isFound { index += 1 }
    }
    guard isFound else { throw raise(.valueError, "list.remove(x): x not in list") }
    // The comparison may have emptied the tree.
    if index < count { _ = try cut(index, 1) }
  }

  // MARK: Items and slices

  func subscripted(_ key: Ref) throws(Raised) -> Owned {
    if PyIndex_Check(key) != 0 {
      var index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { throw Raised() }
      if index < 0 { index += count }
      guard index >= 0, index < count else {
        throw raise(.indexError, "child index out of range")
      }
      return child(index).retained()
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "element indices must be integers")
    }
    var start = 0, stop = 0, step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    let length = PySlice_AdjustIndices(count, &start, &stop, step)
    let list = try own(PyList_New(0))
    for offset in 0..<Swift.max(length, 0) where start + offset * step < count {
      try check(PyList_Append(list.ref, child(start + offset * step)))
    }
    return list
  }

  func assign(_ key: Ref, _ value: Ref?) throws(Raised) {
    if PyIndex_Check(key) != 0 {
      var index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { throw Raised() }
      if index < 0 { index += count }
      guard index >= 0, index < count else {
        throw raise(.indexError, "child assignment index out of range")
      }
      guard let value else {
        _ = try cut(index, 1)
        return
      }
      guard Self.isElement(value) else { throw Self.raiseNoElement(value) }
      replaceReference(
        layout.pointee.extra.unsafelyUnwrapped.pointee.children + index, value.retained().give())
      return
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "element indices must be integers")
    }
    var start = 0, stop = 0, step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    var length = PySlice_AdjustIndices(count, &start, &stop, step)
    guard let value else {
      if length <= 0 { return }
      if step == 1 {
        _ = try cut(start, length)
        return
      }
      // From the back, so that the places of the others stay.
      let (first, distance) = step > 0 ? (start, step) : (start + (length - 1) * step, -step)
      let dropped = try own(PyList_New(0))
      for offset in (0..<length).reversed() {
        let one = try cut(first + offset * distance, 1)
        try check(PyList_Append(dropped.ref, one.ref))
      }
      return
    }
    let new = try own(PySequence_Fast(value, "assignment expects an iterable"))
    let newCount = PySequence_Size(new.ref)
    // Reading the new children may have changed the old ones.
    try check(PySlice_Unpack(key, &start, &stop, &step))
    length = PySlice_AdjustIndices(count, &start, &stop, step)
    if step != 1 && newCount != Swift.max(length, 0) {
      throw raise(
        .valueError,
        "attempt to assign sequence of size \(newCount) to extended slice of size \(Swift.max(length, 0))")
    }
    for index in 0..<newCount {
      let item = try own(PySequence_GetItem(new.ref, index))
      if !Self.isElement(item.ref) { throw Self.raiseNoElement(item.ref) }
    }
    if step != 1 {
      for index in 0..<newCount where start + index * step < count {
        let item = try own(PySequence_GetItem(new.ref, index))
        replaceReference(
          layout.pointee.extra.unsafelyUnwrapped.pointee.children + (start + index * step),
          item.give())
      }
      return
    }
    length = Swift.max(length, 0)
    let old = length > 0 ? try cut(start, length) : try own(PyList_New(0))
    defer { _ = old.ref }
    for index in 0..<newCount {
      let item = try own(PySequence_GetItem(new.ref, index))
      try insert(item.ref, at: start + index)
    }
  }

  // MARK: Paths

  /// Whether a tag is more than a name: a path for xml.etree.ElementPath.
  static func isPath(_ tag: Ref) -> Bool {
    let kind: Int32
    let data: UnsafeRawPointer
    let count: Int
    if tag.isStr {
      kind = apus_str_kind(tag)
      data = UnsafeRawPointer(apus_str_data(tag))
      count = apus_str_length(tag)
    } else if tag.isBytes {
      kind = 1
      data = UnsafeRawPointer(apus_bytes_data(tag))
      count = apus_var_size(tag)
    } else {
      return true
    }
    func read(_ index: Int) -> UInt32 { apus_str_read(kind, data, index) }
    // `{}tag` and `{*}tag` are patterns.
    if count >= 3 && read(0) == 123 && (read(1) == 125 || (read(1) == 42 && read(2) == 125)) {
      return true
    }
    var outside = true
    for index in 0..<count {
      switch read(index) {
      case 123: outside = false
      case 125: outside = true
      case 47, 42, 91, 64, 46: if outside { return true }
      default: break
      }
    }
    return false
  }

  /// The first child with a tag from `start` on, with its index; the caller owns the child, since
  /// comparing tags may run code that changes the tree. Nil for none.
  func firstChild(_ tag: Ref, from start: Int = 0) throws(Raised) -> (index: Int, child: Ref)? {
    var index = start
    while index < count {
      let item = child(index).retained()
      if Self.isElement(item.ref), let own = Element(item.ref).layout.pointee.tag {
        let held = own.retained()
        if try check(PyObject_RichCompareBool(held.ref, tag, Py_EQ)) != 0 {
          return (index, item.give())
        }
      }
      index += 1
    }
    return nil
  }
}
