import CPythonABI
import Glibc
import Objects

/// The module `_pickle`. CPython: Modules/_pickle.c.
public let pickleModule = ModuleSpec(
  "_pickle", doc: "Pickling and unpickling without Python code between the instructions.",
  methods: [dump, dumps, load, loads], types: [Pickler.spec, Unpickler.spec],
  exec: { module in
    status {
      try PickleState.load()
      for spec in MemoProxy.specs where !spec.isReady { try spec.installInModule() }
      for (name, object) in [
        ("PickleError", PickleState.pickleError), ("PicklingError", PickleState.picklingError),
        ("UnpicklingError", PickleState.unpicklingError),
        ("PickleBuffer", pickleBufferType().object),
      ] {
        try check(PyModule_AddObjectRef(module, name, object))
      }
    }
  })

private let dump: Method = .keywords(
  "dump($module, /, obj, file, protocol=None, *, fix_imports=True,\n     buffer_callback=None)",
  "Write the pickle of obj to a binary file; the arguments are those of Pickler."
) { _, args, count, names in
  none {
    let a = try Arguments(dump, args, count, names)
    let object = try Pickler.make()
    let pickler = Pickler(object.ref)
    try pickler.setProtocol(a[2], fixImports: try a.bool(3, default: true))
    try pickler.setFile(a.object(1))
    try pickler.setBufferCallback(a[4])
    try pickler.dump(a.object(0))
    try pickler.flush()
  }
}

private let dumps: Method = .keywords(
  "dumps($module, /, obj, protocol=None, *, fix_imports=True,\n      buffer_callback=None)",
  "Return the pickle of obj as bytes; the arguments are those of Pickler."
) { _, args, count, names in
  new {
    let a = try Arguments(dumps, args, count, names)
    let object = try Pickler.make()
    let pickler = Pickler(object.ref)
    try pickler.setProtocol(a[1], fixImports: try a.bool(2, default: true))
    try pickler.setBufferCallback(a[3])
    try pickler.dump(a.object(0))
    return try pickler.takeOutput()
  }
}

private let load: Method = .keywords(
  "load($module, /, file, *, fix_imports=True, encoding='ASCII',\n     errors='strict', buffers=())",
  "Read one pickle from a binary file; the arguments are those of Unpickler."
) { _, args, count, names in
  new {
    let a = try Arguments(load, args, count, names)
    let encoding = try Unpickler.text(a, 2, "ASCII")
    let errors = try Unpickler.text(a, 3, "strict")
    let object = try Unpickler.make(Unpickler.type)
    let unpickler = Unpickler(object.ref)
    try unpickler.setFile(a.object(0))
    try unpickler.setEncoding(encoding, errors)
    try unpickler.setBuffers(a[4])
    unpickler.own.pointee.fixImports = try a.bool(1, default: true) ? 1 : 0
    return try unpickler.load()
  }
}

private let loads: Method = .keywords(
  "loads($module, data, /, *, fix_imports=True, encoding='ASCII',\n      errors='strict', buffers=())",
  "Read a pickle from a bytes-like object; the arguments are those of Unpickler."
) { _, args, count, names in
  new {
    let a = try Arguments(loads, args, count, names)
    let encoding = try Unpickler.text(a, 2, "ASCII")
    let errors = try Unpickler.text(a, 3, "strict")
    let object = try Unpickler.make(Unpickler.type)
    let unpickler = Unpickler(object.ref)
    try unpickler.setInput(a.object(0))
    try unpickler.setEncoding(encoding, errors)
    try unpickler.setBuffers(a[4])
    unpickler.own.pointee.fixImports = try a.bool(1, default: true) ? 1 : 0
    return try unpickler.load()
  }
}
