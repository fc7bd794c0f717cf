import CPythonABI
import Objects

/// The module `_datetime`. CPython: Modules/_datetimemodule.c.
public let datetimeModule = ModuleSpec(
  "_datetime", doc: "Dates, times, durations and time zones.",
  constants: [
    .int("MINYEAR", CalendarDays.firstYear), .int("MAXYEAR", CalendarDays.lastYear),
  ],
  exec: { module in
    status {
      let specs = [
        CalendarDate.spec, DateTimeObject.spec, ClockTime.spec, TimeDelta.spec, TimeZones.spec,
        FixedZone.spec,
      ]
      if !IsoCalendarDate.spec.isReady {
        for spec in specs { try spec.install() }
        try IsoCalendarDate.spec.install()
        try addLimits()
      }
      for type in [
        CalendarDate.type, DateTimeObject.type, ClockTime.type, TimeDelta.type, TimeZones.type,
        FixedZone.type,
      ] { try check(PyModule_AddType(module, type)) }
      let utc = try FixedZone.utc()
      try check(PyModule_AddObjectRef(module, "UTC", utc))
      let capsule = try own(
        PyCapsule_New(try NativeInterface.table(), NativeInterface.name, nil))
      try check(PyModule_AddObjectRef(module, "datetime_CAPI", capsule.ref))
    }
  })

/// Adds the attributes `min`, `max` and `resolution` of the types.
private func addLimits() throws(Raised) {
  func add(_ type: TypeRef, _ name: StaticString, _ value: consuming Owned) throws(Raised) {
    guard let dict = type.pointee.tp_dict else { throw Raised() }
    try check(PyDict_SetItemString(dict, cString(name), value.ref))
    PyType_Modified(type)
  }
  try add(TimeDelta.type, "resolution", TimeDelta.make(0, 0, 1))
  try add(TimeDelta.type, "min", TimeDelta.make(-TimeDelta.mostDays, 0, 0))
  try add(TimeDelta.type, "max", TimeDelta.make(TimeDelta.mostDays, 86_399, 999_999))
  try add(CalendarDate.type, "min", CalendarDate.make(1, 1, 1))
  try add(CalendarDate.type, "max", CalendarDate.make(9999, 12, 31))
  try add(CalendarDate.type, "resolution", TimeDelta.make(1, 0, 0))
  try add(ClockTime.type, "min", ClockTime.make(0, 0, 0, 0, nil, fold: 0))
  try add(ClockTime.type, "max", ClockTime.make(23, 59, 59, 999_999, nil, fold: 0))
  try add(ClockTime.type, "resolution", TimeDelta.make(0, 0, 1))
  try add(DateTimeObject.type, "min", DateTimeObject.make(1, 1, 1, 0, 0, 0, 0, nil, fold: 0))
  try add(
    DateTimeObject.type, "max",
    DateTimeObject.make(9999, 12, 31, 23, 59, 59, 999_999, nil, fold: 0))
  try add(DateTimeObject.type, "resolution", TimeDelta.make(0, 0, 1))
  try add(FixedZone.type, "utc", FixedZone.utc().retained())
  // Offsets in whole minutes, as POSIX has them.
  let least = try TimeDelta.make(-1, 60, 0)
  try add(FixedZone.type, "min", FixedZone.make(least.ref, nil))
  let most = try TimeDelta.make(0, (23 * 60 + 59) * 60, 0)
  try add(FixedZone.type, "max", FixedZone.make(most.ref, nil))
}
