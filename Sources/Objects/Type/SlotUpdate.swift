import CPythonABI

/// Keeps slots and special methods in step: a builtin type's slots appear in its dict as slot
/// wrappers, a class's special methods fill its slots.
/// CPython: Objects/typeobject.c, `add_operators`, `update_one_slot`, `update_slot`.
extension UnsafeMutablePointer where Pointee == PyTypeObject {
  typealias SlotAddress = UnsafeMutablePointer<UnsafeMutableRawPointer?>

  /// Where the slot with this offset of `PyHeapTypeObject` is; nil when the type lacks the table.
  func slotAddress(_ offset: Int) -> SlotAddress? {
    let base: UnsafeMutableRawPointer?
    let start: Int
    switch offset {
    case Slot.Table.asBuffer...:
      (base, start) = (UnsafeMutableRawPointer(pointee.tp_as_buffer), Slot.Table.asBuffer)
    case Slot.Table.asSequence...:
      (base, start) = (UnsafeMutableRawPointer(pointee.tp_as_sequence), Slot.Table.asSequence)
    case Slot.Table.asMapping...:
      (base, start) = (UnsafeMutableRawPointer(pointee.tp_as_mapping), Slot.Table.asMapping)
    case Slot.Table.asNumber...:
      (base, start) = (UnsafeMutableRawPointer(pointee.tp_as_number), Slot.Table.asNumber)
    case Slot.Table.asAsync...:
      (base, start) = (UnsafeMutableRawPointer(pointee.tp_as_async), Slot.Table.asAsync)
    default:
      (base, start) = (UnsafeMutableRawPointer(self), 0)
    }
    return base.map {
      ($0 + (offset - start)).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
    }
  }

  /// Puts a slot wrapper into the dict for every filled slot that the dict does not name yet.
  func addOperators() throws(Raised) {
    guard let dict = pointee.tp_dict else { return }
    let unhashable = unsafeBitCast(
      PyObject_HashNotImplemented as hashfunc, to: UnsafeMutableRawPointer.self)
    var row = SlotTable.rows
    while row.pointee.name != nil {
      defer { row += 1 }
      guard row.pointee.wrapper != nil, let name = row.pointee.name_strobj,
        let function = slotAddress(Int(row.pointee.offset))?.pointee
      else { continue }
      if try check(PyDict_Contains(dict, name)) != 0 { continue }
      if function == unhashable {
        try check(PyDict_SetItem(dict, name, noneObject()))
      } else {
        let wrapper = try own(PyDescr_NewWrapper(self, row, function))
        try check(PyDict_SetItem(dict, name, wrapper.ref))
      }
    }
  }

  /// Fills every slot of a class from the special methods its MRO has.
  func updateAllSlots() {
    var row = SlotTable.rows
    while row.pointee.name != nil { row = updateSlot(at: row) }
  }

  /// Fills the slots whose special methods the class itself defines.
  func updateOwnSlots() {
    guard let dict = pointee.tp_dict else { return }
    var position = 0
    var key: Ref?
    while PyDict_Next(dict, &position, &key, nil) != 0 {
      guard let key, key.isExactStr, isSpecialName(key) else { continue }
      var name: Ref? = key
      Py_INCREF(key)
      PyUnicode_InternInPlace(&name)
      if let name {
        updateSlots(named: name)
        Py_DECREF(name)
      }
    }
    // Equality and hash are not inherited when the class defines one of them: look up the other.
    if pointee.tp_richcompare == nil { updateSlots(named: id___eq__()) }
    if pointee.tp_hash == nil { updateSlots(named: id___hash__()) }
  }

  /// Fills the slots that the special method `name` belongs to, here and in the subclasses that
  /// do not define it themselves.
  func updateSlots(named name: Ref) {
    // A method may belong to several slots (`__len__`: mapping and sequence), three at most.
    var groups = InlineArray<4, UnsafeMutablePointer<wrapperbase>?>(repeating: nil)
    var count = 0
    let rows = SlotTable.rows
    SlotTable.forEachRow(named: name) { row in
      var first = row
      while first > rows && (first - 1).pointee.offset == first.pointee.offset { first -= 1 }
      if count == 0 || groups[count - 1] != first {
        groups[count] = first
        count += 1
      }
      return count < 4
    }
    if count > 0 { updateSlots(groups, count, name) }
  }

  private func updateSlots(
    _ groups: InlineArray<4, UnsafeMutablePointer<wrapperbase>?>, _ count: Int, _ name: Ref
  ) {
    for index in 0..<count {
      if let group = groups[index] { _ = updateSlot(at: group) }
    }
    forEachSubclass { subclass in
      if let dict = subclass.pointee.tp_dict, PyDict_Contains(dict, name) > 0 { return }
      subclass.updateSlots(groups, count, name)
    }
  }

  /// Decides what fills one slot; the rows of that slot begin at `first`. Returns the row behind.
  ///
  /// When every method of the slot that the MRO has is the slot wrapper of one native function, the
  /// class gets this function itself; otherwise the function that dispatches to Python.
  func updateSlot(at first: UnsafeMutablePointer<wrapperbase>) -> UnsafeMutablePointer<wrapperbase> {
    let offset = first.pointee.offset
    var row = first
    guard let address = slotAddress(Int(offset)) else {
      while row.pointee.name != nil && row.pointee.offset == offset { row += 1 }
      return row
    }
    var native: UnsafeMutableRawPointer?
    var dispatcher: UnsafeMutableRawPointer?
    var mustDispatch = false
    while row.pointee.name != nil && row.pointee.offset == offset {
      defer { row += 1 }
      guard let name = row.pointee.name_strobj else { continue }
      guard let found = scanMRO(name) else {
        if offset == 224 {
          native = unsafeBitCast(
            _PyObject_NextNotImplemented as iternextfunc, to: UnsafeMutableRawPointer.self)
        }
        continue
      }
      if found.type == wrapperDescrType(),
        found.view(PyWrapperDescrObject.self).pointee.d_base.pointee.name_strobj == name
      {
        let descriptor = found.view(PyWrapperDescrObject.self).pointee
        let only = onlySlot(named: name)
        if only == nil || only == address { dispatcher = row.pointee.function }
        let sameWrapper =
          unsafeBitCast(descriptor.d_base.pointee.wrapper, to: UnsafeRawPointer?.self)
          == unsafeBitCast(row.pointee.wrapper, to: UnsafeRawPointer?.self)
        if (native == nil || native == descriptor.d_wrapped) && sameWrapper
          && PyType_IsSubtype(self, descriptor.d_common.d_type) != 0
        {
          native = descriptor.d_wrapped
        } else {
          mustDispatch = true
        }
      } else if offset == 312, ConstructorMethod.isWrapper(found) {
        // `__new__` of a builtin: the inherited tp_new is right already.
        native = address.pointee
      } else if offset == 120, found.isNone {
        native = unsafeBitCast(
          PyObject_HashNotImplemented as hashfunc, to: UnsafeMutableRawPointer.self)
      } else {
        mustDispatch = true
        dispatcher = row.pointee.function
        if offset == 128 {
          // A Python-level __call__ must be seen by vectorcall too.
          pointee.tp_flags &= ~UInt(Py_TPFLAGS_HAVE_VECTORCALL)
        }
      }
    }
    address.pointee = native != nil && !mustDispatch ? native : dispatcher
    return row
  }

  /// The one filled slot among those a special method's name stands for; nil when none or several.
  private func onlySlot(named name: Ref) -> SlotAddress? {
    var result: SlotAddress?
    SlotTable.forEachRow(named: name) { row in
      if let address = slotAddress(Int(row.pointee.offset)), address.pointee != nil {
        if result != nil {
          result = nil
          return false
        }
        result = address
      }
      return true
    }
    return result
  }
}
