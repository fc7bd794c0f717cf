import CPythonABI
import Objects

/// datetime.IsoCalendarDate, what `date.isocalendar()` gives: a tuple of year, week and weekday.
enum IsoCalendarDate {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func make(
    _ year: Int, _ week: Int, _ weekday: Int, _ type: TypeRef = type
  ) throws(Raised) -> Owned {
    let first = try int(year)
    let second = try int(week)
    let third = try int(weekday)
    return try make(type, first, second, third)
  }

  private static func make(
    _ type: TypeRef, _ year: consuming Owned, _ week: consuming Owned, _ weekday: consuming Owned
  ) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 3))
    let items = apus_tuple_items(object.ref)
    items[0] = year.give()
    items[1] = week.give()
    items[2] = weekday.give()
    return object
  }

  private static let construct: Method = .variableKeywords(
    "IsoCalendarDate(year, week, weekday)", "") { _, _, _ in nil }

  private static func shown(_ object: Ref, _ index: Int) throws(Raised) -> String {
    let shown = try own(PyObject_Str(apus_tuple_item(object, index)))
    return text(of: shown.ref)
  }

  static let spec = TypeSpec(
    type, "datetime.IsoCalendarDate", basicSize: MemoryLayout<PyTupleObject>.size - 8, itemSize: 8,
    doc: "The result of date.isocalendar() or datetime.isocalendar()\n\nA tuple of year, week and weekday whose items have names too.",
    base: tupleType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(construct, tuple: args, keywords: keywords)
          return try make(
            type, a.object(0).retained(), a.object(1).retained(), a.object(2).retained())
        }
      },
      .tp_repr { object in
        new {
          let year = try shown(object, 0)
          let week = try shown(object, 1)
          let weekday = try shown(object, 2)
          return try own(
            newString("\(object.type.fullName)(year=\(year), week=\(week), weekday=\(weekday))"))
        }
      },
    ],
    methods: [
      .noargs("__reduce__($self, /)", "Pickled as a plain tuple.") { object, _ in
        new {
          let plain = try tuple(
            apus_tuple_item(object, 0).retained(), apus_tuple_item(object, 1).retained(),
            apus_tuple_item(object, 2).retained())
          return try tuple(tupleType().object.retained(), tuple(plain))
        }
      }
    ],
    properties: [
      Property("year", get: { object, _ in Py_NewRef(apus_tuple_item(object, 0)) }),
      Property("week", get: { object, _ in Py_NewRef(apus_tuple_item(object, 1)) }),
      Property("weekday", get: { object, _ in Py_NewRef(apus_tuple_item(object, 2)) }),
    ])
}
