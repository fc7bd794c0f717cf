import CForeign
import CPythonABI
import Objects

/// What the parts of the module share.
enum CtypesState {
  nonisolated(unsafe) private(set) static var argumentError: Ref = .exception
  /// dict: C type to its pointer type.
  nonisolated(unsafe) private(set) static var pointerTypes: Ref = noneObject()
  /// dict: (type, length) to the array type.
  nonisolated(unsafe) private(set) static var arrayTypes: Ref = noneObject()
  /// The function `_ctypes._unpickle`.
  nonisolated(unsafe) static var unpickle: Ref = noneObject()
  nonisolated(unsafe) private(set) static var fromOutParameter: Ref = noneObject()
  nonisolated(unsafe) private static var isLoaded = false

  static var pointerType: UnsafeMutablePointer<ffi_type> { apus_ffi_pointer() }

  static func load() throws(Raised) {
    if isLoaded { return }
    argumentError = try own(PyErr_NewException("ctypes.ArgumentError", nil, nil)).give()
    pointerTypes = try own(PyDict_New()).give()
    arrayTypes = try own(PyDict_New()).give()
    fromOutParameter = PermanentName.make("__ctypes_from_outparam__")
    isLoaded = true
    InterpreterEnd.add("_ctypes") {
      isLoaded = false
      InterpreterEnd.drop(&argumentError, leaving: .exception)
      InterpreterEnd.drop(&pointerTypes, leaving: noneObject())
      InterpreterEnd.drop(&arrayTypes, leaving: noneObject())
      InterpreterEnd.drop(&unpickle, leaving: noneObject())
    }
  }
}
