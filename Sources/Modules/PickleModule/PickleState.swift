import CPythonABI
import Objects

/// What all picklers and unpicklers share: the registries of `copyreg`, the name mappings of
/// `_compat_pickle`, a few functions that streams refer to, and the exceptions.
enum PickleState {
  nonisolated(unsafe) private(set) static var picklingError: Ref = .exception
  nonisolated(unsafe) private(set) static var unpicklingError: Ref = .exception
  nonisolated(unsafe) private(set) static var dispatchTable: Ref = noneObject()
  nonisolated(unsafe) private(set) static var extensionRegistry: Ref = noneObject()
  nonisolated(unsafe) private(set) static var invertedRegistry: Ref = noneObject()
  nonisolated(unsafe) private(set) static var extensionCache: Ref = noneObject()
  nonisolated(unsafe) private(set) static var names2to3: Ref = noneObject()
  nonisolated(unsafe) private(set) static var modules2to3: Ref = noneObject()
  nonisolated(unsafe) private(set) static var names3to2: Ref = noneObject()
  nonisolated(unsafe) private(set) static var modules3to2: Ref = noneObject()
  nonisolated(unsafe) private(set) static var encode: Ref = noneObject()
  nonisolated(unsafe) private(set) static var getattr: Ref = noneObject()
  nonisolated(unsafe) private(set) static var partial: Ref = noneObject()
  nonisolated(unsafe) private(set) static var names = Names()
  nonisolated(unsafe) private static var isLoaded = false

  /// Interned names.
  struct Names {
    var extend = noneObject(), append = noneObject(), add = noneObject()
    var persistentID = noneObject(), persistentLoad = noneObject()
    var reducerOverride = noneObject(), dispatchTable = noneObject()
    var peek = noneObject(), readInto = noneObject(), latin1 = noneObject()
    var locals = noneObject(), dot = noneObject(), findClass = noneObject()
    var newObj = noneObject()
  }

  /// Fetches everything, once.
  static func load() throws(Raised) {
    if isLoaded { return }
    names = Names(
      extend: PermanentName.make("extend"), append: PermanentName.make("append"), add: PermanentName.make("add"),
      persistentID: PermanentName.make("persistent_id"), persistentLoad: PermanentName.make("persistent_load"),
      reducerOverride: PermanentName.make("reducer_override"),
      dispatchTable: PermanentName.make("dispatch_table"), peek: PermanentName.make("peek"),
      readInto: PermanentName.make("readinto"), latin1: PermanentName.make("latin1"),
      locals: PermanentName.make("<locals>"), dot: PermanentName.make("."), findClass: PermanentName.make("find_class"),
      newObj: PermanentName.make("__newobj__"))
    let pickleError = try own(PyErr_NewException("_pickle.PickleError", nil, nil)).give()
    picklingError = try own(PyErr_NewException("_pickle.PicklingError", pickleError, nil)).give()
    unpicklingError = try own(
      PyErr_NewException("_pickle.UnpicklingError", pickleError, nil)).give()
    PickleState.pickleError = pickleError
    getattr = try builtin(id_getattr()).give()
    dispatchTable = try dict("copyreg", "dispatch_table")
    extensionRegistry = try dict("copyreg", "_extension_registry")
    invertedRegistry = try dict("copyreg", "_inverted_registry")
    extensionCache = try dict("copyreg", "_extension_cache")
    names2to3 = try dict("_compat_pickle", "NAME_MAPPING")
    modules2to3 = try dict("_compat_pickle", "IMPORT_MAPPING")
    names3to2 = try dict("_compat_pickle", "REVERSE_NAME_MAPPING")
    modules3to2 = try dict("_compat_pickle", "REVERSE_IMPORT_MAPPING")
    encode = try function("codecs", "encode")
    partial = try function("functools", "partial")
    isLoaded = true
    InterpreterEnd.add("_pickle") { forget() }
  }

  /// Lets go of everything when the interpreter ends.
  private static func forget() {
    isLoaded = false
    InterpreterEnd.drop(&pickleError, leaving: .exception)
    InterpreterEnd.drop(&picklingError, leaving: .exception)
    InterpreterEnd.drop(&unpicklingError, leaving: .exception)
    InterpreterEnd.drop(&getattr, leaving: noneObject())
    InterpreterEnd.drop(&dispatchTable, leaving: noneObject())
    InterpreterEnd.drop(&extensionRegistry, leaving: noneObject())
    InterpreterEnd.drop(&invertedRegistry, leaving: noneObject())
    InterpreterEnd.drop(&extensionCache, leaving: noneObject())
    InterpreterEnd.drop(&names2to3, leaving: noneObject())
    InterpreterEnd.drop(&modules2to3, leaving: noneObject())
    InterpreterEnd.drop(&names3to2, leaving: noneObject())
    InterpreterEnd.drop(&modules3to2, leaving: noneObject())
    InterpreterEnd.drop(&encode, leaving: noneObject())
    InterpreterEnd.drop(&partial, leaving: noneObject())
  }

  nonisolated(unsafe) private(set) static var pickleError: Ref = .exception

  private static func id_getattr() -> Ref { PermanentName.make("getattr") }

  private static func attribute(
    _ module: StaticString, _ name: StaticString
  ) throws(Raised) -> Owned {
    let imported = try own(PyImport_ImportModule(cString(module)))
    return try own(PyObject_GetAttrString(imported.ref, cString(name)))
  }

  private static func dict(_ module: StaticString, _ name: StaticString) throws(Raised) -> Ref {
    let found = try attribute(module, name)
    guard found.ref.isExactDict else {
      throw raise(
        .runtimeError, "\(module).\(name) should be a dict, not \(found.ref.type.fullName)")
    }
    return found.give()
  }

  private static func function(_ module: StaticString, _ name: StaticString) throws(Raised) -> Ref {
    let found = try attribute(module, name)
    guard PyCallable_Check(found.ref) != 0 else {
      throw raise(
        .runtimeError, "\(module).\(name) should be a callable, not \(found.ref.type.fullName)")
    }
    return found.give()
  }

  /// Sets a PicklingError.
  static func raisePickling(_ message: String) -> Raised { raise(picklingError, message) }

  /// Sets an UnpicklingError.
  static func raiseUnpickling(_ message: String) -> Raised { raise(unpicklingError, message) }
}

/// `repr(object)` for a message; an error while making it replaces the message.
func shown(_ object: Ref) throws(Raised) -> String {
  let text = try own(PyObject_Repr(object))
  return Objects.text(of: text.ref)
}

/// `str(object)` for a message.
func plain(_ object: Ref) throws(Raised) -> String {
  let text = try own(PyObject_Str(object))
  return Objects.text(of: text.ref)
}
