import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The module `mmap`: files seen as memory. CPython: Modules/mmapmodule.c.
public let mmapModule = ModuleSpec(
  "mmap",
  constants: [
    .int("ACCESS_DEFAULT", 0), .int("ACCESS_READ", 1), .int("ACCESS_WRITE", 2),
    .int("ACCESS_COPY", 3), .int("PROT_READ", PROT_READ), .int("PROT_WRITE", PROT_WRITE),
    .int("PROT_EXEC", PROT_EXEC), .int("MAP_SHARED", MAP_SHARED), .int("MAP_PRIVATE", MAP_PRIVATE),
    .int("MAP_ANON", 0x20), .int("MAP_ANONYMOUS", 0x20), .int("MAP_32BIT", 0x40),
    .int("MAP_DENYWRITE", 0x800), .int("MAP_EXECUTABLE", 0x1000), .int("MAP_NORESERVE", 0x4000),
    .int("MAP_POPULATE", 0x8000), .int("MAP_STACK", 0x20000), .int("MADV_NORMAL", 0),
    .int("MADV_RANDOM", 1), .int("MADV_SEQUENTIAL", 2), .int("MADV_WILLNEED", 3),
    .int("MADV_DONTNEED", 4), .int("MADV_FREE", 8), .int("MADV_REMOVE", 9),
    .int("MADV_DONTFORK", 10), .int("MADV_DOFORK", 11), .int("MADV_MERGEABLE", 12),
    .int("MADV_UNMERGEABLE", 13), .int("MADV_HUGEPAGE", 14), .int("MADV_NOHUGEPAGE", 15),
    .int("MADV_DONTDUMP", 16), .int("MADV_DODUMP", 17), .int("MADV_HWPOISON", 100),
  ], types: [MemoryMap.spec],
  exec: { module in
    status {
      try check(PyModule_AddObjectRef(module, "error", .osError))
      let page = try int(sysconf(Int32(_SC_PAGESIZE)))
      try check(PyModule_AddObjectRef(module, "PAGESIZE", page.ref))
      try check(PyModule_AddObjectRef(module, "ALLOCATIONGRANULARITY", page.ref))
    }
  })
