import CPythonABI
import Objects

/// What `.pyc` files of this implementation begin with. CPython: Include/internal/pycore_magic_number.h.
///
/// With `-X classic` they are CPython 3.10's: its magic number and its layout of code objects, so that
/// it runs them. In caches they keep a tag of our own, for a program may use what 3.10 does not know.
enum PycFile {
  /// Number of the wordcode format, one that no CPython uses, then CR and LF, so that a file treated
  /// as text is noticed.
  private static let ownMagic = 0x0A0D_0000 | 3990
  /// CPython 3.10's number.
  private static let magic310 = 0x0A0D_0000 | 3439

  /// What this process writes, and what importlib takes.
  static var magic: Int { MarshalFormat.CodeLayout.current == .own ? ownMagic : magic310 }

  /// `sys.implementation.cache_tag`, the middle of the names of cached files.
  static var cacheTag: StaticString {
    MarshalFormat.CodeLayout.current == .own ? "apus-313" : "apus-310"
  }

  /// What the code in a file with this magic number looks like; nil for other numbers.
  static func layout(ofMagic magic: UInt32) -> MarshalFormat.CodeLayout? {
    switch Int(magic) {
    case ownMagic: .own
    case magic310: .python310
    default: nil
    }
  }

  /// Whether a file that begins so is a compiled one: by the first half of its magic number.
  static func isMagic(_ content: [UInt8]) -> Bool {
    guard content.count >= 2 else { return false }
    let number = UInt32(content[0]) | UInt32(content[1]) << 8
    return layout(ofMagic: 0x0A0D_0000 | number) != nil
  }

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

@c @implementation
public func PyImport_GetMagicTag() -> UnsafePointer<CChar>? {
  UnsafeRawPointer(PycFile.cacheTag.utf8Start).assumingMemoryBound(to: CChar.self)
}

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
