/// SimpleNamespace and capsules, in the order they are made ready.
enum NamespaceTypes {
  static let specs = [PyNamespace.spec, CapsuleType.spec]
}
