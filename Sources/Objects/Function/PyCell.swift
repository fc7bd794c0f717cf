import CPythonABI

/// cell: a variable shared by nested functions. CPython: Objects/cellobject.c.
enum PyCell {
  @inline(__always)
  static func content(_ cell: Ref) -> UnsafeMutablePointer<Ref?> {
    let offset = MemoryLayout<PyCellObject>.at(\.ob_ref)
    return (UnsafeMutableRawPointer(cell) + offset).assumingMemoryBound(to: Ref?.self)
  }

  static let spec = TypeSpec(
    cellType(), "cell", basicSize: MemoryLayout<PyCellObject>.size, flags: [.haveGC],
    doc: """
      cell([contents])
      --

      Make a cell, the variable a closure shares with its maker.

        contents
          the value of the variable; without it the cell is empty
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { cell in
        PyObject_GC_UnTrack(cell)
        Py_XDECREF(content(cell).pointee)
        PyObject_GC_Del(cell)
      },
      .tp_repr { cell in
        guard let value = content(cell).pointee else {
          return newString("<cell at \(hexAddress(cell)): empty>")
        }
        return newString(
          "<cell at \(hexAddress(cell)): \(value.type.fullName) object at \(hexAddress(value))>")
      },
      .tp_traverse { visitReference(content($0).pointee, $1, $2) },
      .tp_clear { cell in
        clearReference(content(cell))
        return 0
      },
      .tp_richcompare { left, right, operation in
        guard left.type == cellType(), right.type == cellType() else {
          return notImplementedObject()
        }
        let a = content(left).pointee
        let b = content(right).pointee
        // An empty cell is less than any other.
        if let a, let b { return PyObject_RichCompare(a, b, operation) }
        return boolObject(compare(a == nil ? 0 : 1, b == nil ? 0 : 1, operation))
      },
      .tp_new { _, args, keywords in
        new {
          try checkNoKeywords("cell", keywords)
          let count = apus_var_size(args)
          try checkPositional("cell", count, least: 0, most: 1)
          return try own(PyCell_New(count == 1 ? apus_tuple_item(args, 0) : nil))
        }
      },
    ],
    properties: [
      Property(
        "cell_contents",
        get: { cell, _ in
          guard let value = content(cell).pointee else {
            _ = raise(.valueError, "Cell is empty")
            return nil
          }
          Py_INCREF(value)
          return value
        },
        set: { cell, value, _ in
          Py_XINCREF(value)
          replaceReference(content(cell), value)
          return 0
        })
    ])
}

@c @implementation
public func PyCell_New(_ value: Ref?) -> Ref? {
  guard let cell = _PyObject_GC_New(cellType()) else { return nil }
  Py_XINCREF(value)
  PyCell.content(cell).pointee = value
  PyObject_GC_Track(cell)
  return cell
}

@c @implementation
public func PyCell_Get(_ cell: Ref) -> Ref? {
  guard cell.type == cellType() else {
    PyErr_BadInternalCall()
    return nil
  }
  Py_XINCREF(PyCell.content(cell).pointee)
  return PyCell.content(cell).pointee
}

@c @implementation
public func PyCell_Set(_ cell: Ref, _ value: Ref?) -> Int32 {
  guard cell.type == cellType() else {
    PyErr_BadInternalCall()
    return -1
  }
  Py_XINCREF(value)
  replaceReference(PyCell.content(cell), value)
  return 0
}
