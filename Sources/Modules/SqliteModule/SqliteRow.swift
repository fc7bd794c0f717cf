import CPythonABI
import CSQLite
import Objects

/// `sqlite3.Row`: a row whose columns have names too.
enum SqliteRow {
  struct Layout {
    var base: PyObject
    /// A tuple.
    var data: Ref?
    /// The cursor's description.
    var description: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func data(_ object: Ref) -> Ref { view(object).pointee.data ?? noneObject() }
  private static func description(_ object: Ref) -> Ref {
    view(object).pointee.description ?? noneObject()
  }

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    if type == self.type { try checkNoKeywords("Row", dict: keywords) }
    let count = apus_var_size(args)
    try checkPositional("Row", count, least: 2, most: 2)
    let cursor = apus_tuple_item(args, 0)
    let data = apus_tuple_item(args, 1)
    guard cursor.isInstance(of: SqliteCursor.type) else {
      throw badArgument("Row", "argument 1", expected: "sqlite3.Cursor", got: cursor)
    }
    guard data.isTuple else { throw badArgument("Row", "argument 2", expected: "tuple", got: data) }
    let object = try own(PyType_GenericAlloc(type, 0))
    view(object.ref).pointee.data = data.retained().give()
    let description = cursor.view(SqliteCursor.Layout.self).pointee.description ?? noneObject()
    view(object.ref).pointee.description = description.retained().give()
    return object
  }

  private static func item(_ object: Ref, _ index: Int) throws(Raised) -> Owned {
    let data = data(object)
    guard index >= 0, index < apus_var_size(data) else {
      throw raise(.indexError, "tuple index out of range")
    }
    return apus_tuple_item(data, index).retained()
  }

  /// Whether two names are equal; ASCII letters in any case.
  private static func isSame(_ left: Ref, _ right: Ref) -> Bool {
    let count = apus_str_length(left)
    guard count == apus_str_length(right) else { return false }
    let (leftKind, leftData) = (apus_str_kind(left), apus_str_data(left))
    let (rightKind, rightData) = (apus_str_kind(right), apus_str_data(right))
    for index in 0..<count {
      var a = apus_str_read(leftKind, leftData, index)
      var b = apus_str_read(rightKind, rightData, index)
      if a >= 65 && a <= 90 { a += 32 }
      if b >= 65 && b <= 90 { b += 32 }
      if a != b { return false }
    }
    return true
  }

  private static func subscripted(_ object: Ref, _ key: Ref) throws(Raised) -> Owned {
    if key.isInt {
      var index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { throw Raised() }
      if index < 0 { index += apus_var_size(data(object)) }
      return try item(object, index)
    }
    if key.isStr {
      let columns = description(object)
      guard columns.isTuple else {
        let shown = try own(PyObject_Repr(key))
        throw raise(.indexError, "No item with key \(Objects.text(of: shown.ref))")
      }
      do {
        for index in 0..<apus_var_size(columns) {
          let column = apus_tuple_item(columns, index)
          guard column.isTuple, apus_var_size(column) > 0 else { continue }
          let name = apus_tuple_item(column, 0)
          if name.isStr, isSame(name, key) { return try item(object, index) }
        }
      }
      throw raise(.indexError, "No item with that key")
    }
    if key.type == sliceType() { return try own(PyObject_GetItem(data(object), key)) }
    throw raise(.indexError, "Index must be int or string")
  }

  private static let keys: Method = .noargs("keys($self, /)", "Returns the keys of the row.") {
    object, _ in
    new {
      let result = try own(PyList_New(0))
      let columns = description(object)
      if columns.isTuple {
        for index in 0..<apus_var_size(columns) {
          let column = apus_tuple_item(columns, index)
          guard column.isTuple, apus_var_size(column) > 0 else { continue }
          try check(PyList_Append(result.ref, apus_tuple_item(column, 0)))
        }
      }
      return result
    }
  }

  static let spec = TypeSpec(
    type, "sqlite3.Row", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.data)
        Py_XDECREF(view(object).pointee.description)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, view(object).pointee.data, view(object).pointee.description)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.data)
        clearReference(&view(object).pointee.description)
        return 0
      },
      .tp_hash { object in
        size {
          let first = try check(PyObject_Hash(description(object)))
          let second = try check(PyObject_Hash(data(object)))
          let mixed = first ^ second
          return mixed == -1 ? -2 : mixed
        }
      },
      .tp_richcompare { left, right, operation in
        guard operation == Py_EQ || operation == Py_NE, right.isInstance(of: SqliteRow.type) else {
          return notImplementedObject()
        }
        return new {
          let same =
            try check(PyObject_RichCompareBool(description(left), description(right), Py_EQ)) != 0
          if !same { return boolObject(operation == Py_NE).retained() }
          return try own(PyObject_RichCompare(data(left), data(right), operation))
        }
      },
      .tp_iter { object in PyObject_GetIter(data(object)) },
      .tp_free { PyObject_GC_Del($0) },
      .mp_length { object in apus_var_size(data(object)) },
      .mp_subscript { object, key in new { try subscripted(object, key) } },
      .sq_length { object in apus_var_size(data(object)) },
      .sq_item { object, index in new { try item(object, index) } },
    ],
    methods: [keys])
}
