import CPythonABI

/// The types of this folder.
public enum DescriptorTypes {
  static let specs = [
    MethodDescriptor.spec, ClassMethodDescriptor.spec, MemberDescriptor.spec,
    GetSetDescriptor.spec, WrapperDescriptor.spec, MethodWrapper.spec, MappingProxy.spec,
    Property_.spec, ClassMethod.spec, StaticMethod.spec, PySuper.spec,
  ]
}
