import CPythonABI
import Glibc
import Objects

/// The first of `sys.path_hooks`: takes zip archives. CPython puts `zipimport.zipimporter` there;
/// here a function stands for it until the first path that may be an archive, so that start-up
/// needs no zipimport. CPython: Python/import.c, init_zipimport.
enum ArchiveHook {
  /// Puts the function in front of the hooks.
  static func install() throws(Raised) {
    guard let hooks = "path_hooks".withCString({ PySys_GetObject($0) }), hooks.isList else {
      throw raise(.runtimeError, "lost sys.path_hooks")
    }
    guard let imp = apus_tstate().pointee.interp.pointee.modules.flatMap({
      PyDict_GetItemString($0, "_imp")
    }) else { return }
    let hook = try own("_archive_hook".withCString { PyObject_GetAttrString(imp, $0) })
    try check(PyList_Insert(hooks, 0, hook.ref))
  }

  /// Part of `_imp`.
  static let method: Method = .o(
    "_archive_hook($module, path, /)",
    "The zipimporter of a path; ImportError when no part of it is a file."
  ) { _, path in
    new {
      guard path.isStr, mayBeArchive(path) else {
        throw raise(.importError, "not a Zip file")
      }
      let module = try own("zipimport".withCString { PyImport_ImportModule($0) })
      let type = try own("zipimporter".withCString { PyObject_GetAttrString(module.ref, $0) })
      try replace(by: type.ref)
      return try own(PyObject_CallOneArg(type.ref, path))
    }
  }

  /// Whether the path or a folder named in it is in truth a file.
  private static func mayBeArchive(_ path: Ref) -> Bool {
    guard let bytes = PyUnicode_EncodeFSDefault(path) else {
      PyErr_Clear()
      return false
    }
    defer { Py_DECREF(bytes) }
    var name = Array(
      UnsafeBufferPointer(start: apus_bytes_data(bytes), count: apus_var_size(bytes)))
    while !name.isEmpty {
      var status = stat()
      if (name + [0]).withUnsafeBytes({
        stat($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self), &status)
      }) == 0 {
        return status.st_mode & S_IFMT == S_IFREG
      }
      guard let slash = name.lastIndex(of: UInt8(ascii: "/")) else { return false }
      name.removeSubrange(slash...)
    }
    return false
  }

  /// From now on the class itself is the hook.
  private static func replace(by type: Ref) throws(Raised) {
    guard let hooks = "path_hooks".withCString({ PySys_GetObject($0) }), hooks.isList else {
      return
    }
    for index in 0..<apus_var_size(hooks) {
      let hook = apus_list_item(hooks, index)
      guard hook.type == builtinFunctionType(),
        hook.view(PyCFunctionObject.self).pointee.m_ml.pointee.ml_name.map({
          strcmp($0, "_archive_hook") == 0
        }) == true
      else { continue }
      Py_INCREF(type)
      try check(PyList_SetItem(hooks, index, type))
      return
    }
  }
}
