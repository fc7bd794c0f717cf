import CPosix
import CPythonABI
import Objects

/// The module `errno`: the system's error numbers by name. CPython: Modules/errnomodule.c.
public let errnoModule = ModuleSpec(
  "errno",
  doc: """
    The error numbers of the system by name.

    The dictionary errno.errorcode gives the name of a number: errno.errorcode[errno.EPERM] is
    'EPERM'. To turn a number into a message use os.strerror().
    """,
  exec: { module in
    status {
      try addConstants(module, apus_errno_table())
      let names = try own(PyDict_New())
      var row = apus_errno_table()
      while let name = row.pointee.name {
        let number = try int(row.pointee.value)
        let text = try own(PyUnicode_InternFromString(name))
        try check(PyDict_SetItem(names.ref, number.ref, text.ref))
        row += 1
      }
      try check(PyModule_AddObjectRef(module, "errorcode", names.ref))
    }
  })
