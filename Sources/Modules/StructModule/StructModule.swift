import CPythonABI
import Objects

/// `_struct`: values packed as C structs. CPython: Modules/_struct.c.
public let structModule = ModuleSpec(
  "_struct",
  doc: """
    Values packed as C structs, and back.

    A format is a byte order (@ native with alignment, = native, < little, > or ! big endian), then
    characters with repeat counts: x pad byte; c char; b B signed and unsigned byte; ? bool; h H
    short; i I int; l L long; q Q long long; n N ssize_t and size_t; e f d half, single and double
    precision; s string of the counted length; p Pascal string; P pointer.
    """,
  methods: [clearCache, calcsize, iterUnpack, pack, packInto, unpack, unpackFrom],
  types: [Struct.spec], stateSize: MemoryLayout<Ref?>.size,
  exec: { module in
    status {
      if UnpackIterator.type.pointee.tp_dict == nil { try UnpackIterator.spec.install() }
      try check(PyModule_AddObjectRef(module, "error", try StructError.type()))
    }
  },
  traverse: { module, visit, argument in
    guard let cache = cache(of: module)?.pointee else { return 0 }
    return visit(cache, argument)
  },
  clear: { module in
    guard let place = cache(of: module), let cache = place.pointee else { return 0 }
    place.pointee = nil
    Py_DECREF(cache)
    return 0
  })

/// The module's state: a dict from formats to Struct objects, or NULL.
private func cache(of module: Ref) -> UnsafeMutablePointer<Ref?>? {
  PyModule_GetState(module)?.assumingMemoryBound(to: Ref?.self)
}

/// As many formats are remembered.
private let cacheLimit = 100

/// The compiled form of a format argument.
private func compiled(_ module: Ref, _ format: Ref) throws(Raised) -> Owned {
  if format.isInstance(of: Struct.type) { return format.retained() }
  let place = cache(of: module)
  if let place, place.pointee == nil { place.pointee = try own(PyDict_New()).give() }
  if let known = place?.pointee {
    var found: Ref?
    try check(PyDict_GetItemRef(known, format, &found))
    if let found { return Owned(adopting: found) }
  }
  let made = try Struct.make(Struct.type)
  try Struct(made.ref).initialize(format)
  if let place {
    if let cache = place.pointee {
      if PyDict_Size(cache) >= cacheLimit { PyDict_Clear(cache) }
      try check(PyDict_SetItem(cache, format, made.ref))
    }
  }
  return made
}

private let clearCache: Method = .noargs(
  "_clearcache($module, /)", "Forgets the compiled formats."
) { module, _ in
  if let known = cache(of: module)?.pointee { PyDict_Clear(known) }
  return noneObject()
}

private let calcsize: Method = .o(
  "calcsize($module, format, /)", "The bytes that a format describes."
) { module, format in
  new {
    let compiled = try compiled(module, format)
    return try own(PyLong_FromSsize_t(Struct(compiled.ref).size))
  }
}

private let pack: Method = .fast(
  "pack", "pack(format, v1, v2, ...) -> bytes\n\nThe values as bytes."
) { module, args, count in
  new {
    guard count > 0, let args else { throw raise(.typeError, "missing format argument") }
    let compiled = try compiled(module, args[0])
    return try Struct(compiled.ref).pack("pack", args + 1, count - 1)
  }
}

private let packInto: Method = .fast(
  "pack_into",
  "pack_into(format, buffer, offset, v1, v2, ...)\n\nWrites the values into a buffer at an offset."
) { module, args, count in
  none {
    guard count > 0, let args else { throw raise(.typeError, "missing format argument") }
    let compiled = try compiled(module, args[0])
    try Struct(compiled.ref).pack(into: args + 1, count - 1)
  }
}

private let unpack: Method = .fast(
  "unpack($module, format, buffer, /)", "The tuple of values that a buffer of exactly the size holds."
) { module, args, count in
  new {
    let a = try Arguments(unpack, args, count)
    let compiled = try compiled(module, a.object(0))
    return try Struct(compiled.ref).unpack(a.object(1))
  }
}

private let unpackFrom: Method = .keywords(
  "unpack_from($module, format, /, buffer, offset=0)", "The tuple of values at an offset of a buffer."
) { module, args, count, names in
  new {
    let a = try Arguments(unpackFrom, args, count, names)
    let compiled = try compiled(module, a.object(0))
    return try Struct(compiled.ref).unpack(from: a.object(1), offset: a.index(2))
  }
}

private let iterUnpack: Method = .fast(
  "iter_unpack($module, format, buffer, /)",
  "An iterator of the tuples that a buffer holds one behind the other."
) { module, args, count in
  new {
    let a = try Arguments(iterUnpack, args, count)
    let compiled = try compiled(module, a.object(0))
    return try UnpackIterator.make(compiled.ref, a.object(1))
  }
}
