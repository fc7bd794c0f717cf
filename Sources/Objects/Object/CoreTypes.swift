import CPythonABI

/// `object`, `type` and the singletons: the first types to become ready.
public enum CoreTypes {
  static let specs = [PyObjectType.spec, PyType.spec] + Singletons.specs + [BufferWrapper.spec]
}
