import CPythonABI
import Glibc
import Objects

/// The module `time`. CPython: Modules/timemodule.c.
public let timeModule = ModuleSpec(
  "time",
  doc: """
    Functions to get and to convert times.

    A time is a number of seconds since the Epoch (1970, in UTC) or a tuple of nine integers: year,
    month (1-12), day (1-31), hours (0-23), minutes (0-59), seconds (0-59), weekday (0-6, Monday is
    0), day of the year (1-366), and whether summer time is in effect (1, 0, or -1 if unknown).
    """,
  methods: Clocks.methods + Calendar.methods,
  constants: [
    .int("CLOCK_REALTIME", 0), .int("CLOCK_MONOTONIC", 1), .int("CLOCK_PROCESS_CPUTIME_ID", 2),
    .int("CLOCK_THREAD_CPUTIME_ID", 3), .int("CLOCK_MONOTONIC_RAW", 4), .int("CLOCK_BOOTTIME", 7),
    .int("CLOCK_TAI", 11), .int("_STRUCT_TM_ITEMS", 11),
  ],
  exec: { module in
    status {
      tzset()
      try Calendar.install()
      try check(PyModule_AddObjectRef(module, "struct_time", Calendar.type.object))
      try Calendar.setZone(module)
    }
  })
