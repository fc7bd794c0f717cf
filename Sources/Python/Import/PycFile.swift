import CPythonABI
import Objects

/// What `.pyc` files of this implementation begin with. CPython: Include/internal/pycore_magic_number.h.
enum PycFile {
  /// Number of the wordcode format, one that no CPython uses, then CR and LF, so that a file treated
  /// as text is noticed.
  static let magic = 0x0A0D_0000 | 3990

  /// Spares code of our own cache, and the code inside it, the check before it runs.
  static func trust(_ code: Ref) {
    let object = code.view(PyCodeObject.self)
    object.pointee.co_is_compiled = 1
    let constants = object.pointee.co_consts
    for index in 0..<apus_var_size(constants) {
      let constant = apus_tuple_item(constants, index)
      if constant.type == codeType() { trust(constant) }
    }
  }
}

@c @implementation
public func PyImport_GetMagicNumber() -> Int { PycFile.magic }

/// The finder of a path entry: of the cache, or the first that a hook makes; None when no hook does.
@c @implementation
public func PyImport_GetImporter(
  _ path: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    guard let cache = "path_importer_cache".withCString({ PySys_GetObject($0) }) else {
      throw raise(.runtimeError, "lost sys.path_importer_cache")
    }
    guard let hooks = "path_hooks".withCString({ PySys_GetObject($0) }) else {
      throw raise(.runtimeError, "lost sys.path_hooks")
    }
    if !cache.isDict || !hooks.isList { return noneObject().retained() }
    var known: Ref?
    try check(PyDict_GetItemRef(cache, path, &known))
    if let known { return Owned(adopting: known) }
    try check(PyDict_SetItem(cache, path, noneObject()))
    var index = 0
    while index < apus_var_size(hooks) {
      let hook = apus_list_item(hooks, index).retained()
      index += 1
      if let finder = PyObject_CallOneArg(hook.ref, path) {
        let finder = Owned(adopting: finder)
        try check(PyDict_SetItem(cache, path, finder.ref))
        return finder
      }
      if PyErr_ExceptionMatches(.importError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    return noneObject().retained()
  }
}
