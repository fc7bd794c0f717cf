import CPythonABI

/// What a native module is, declared in one place:
///
///     public let mathModule = ModuleSpec(
///       "math", doc: "…", methods: [sqrt, floor],
///       constants: [.float("pi", .pi)], exec: { module in status { … } })
///
/// Methods, constants and types are added first, then `exec` runs. The state is zeroed memory of
/// the module object (`PyModule_GetState`); when it holds references, `traverse` and `clear` say so.
public struct ModuleSpec: @unchecked Sendable {
  public typealias Exec = @convention(c) (Ref) -> Int32

  public let name: StaticString
  let doc: StaticString?
  // Made when the module is first imported: a start does not pay for what it does not use.
  let methods: () -> [Method]
  let constants: () -> [ModuleConstant]
  let types: () -> [TypeSpec]
  let stateSize: Int
  let exec: Exec?
  let traverse: traverseproc?
  let clear: inquiry?

  /// - Parameters:
  ///   - types: static types; made ready once per process and added under their names.
  ///   - stateSize: bytes of the module's state.
  ///   - exec: returns 0, or -1 with an exception: `{ module in status { … } }`.
  public init(
    _ name: StaticString, doc: StaticString? = nil,
    methods: @autoclosure @escaping () -> [Method] = [],
    constants: @autoclosure @escaping () -> [ModuleConstant] = [],
    types: @autoclosure @escaping () -> [TypeSpec] = [], stateSize: Int = 0, exec: Exec? = nil,
    traverse: traverseproc? = nil, clear: inquiry? = nil
  ) {
    self.name = name
    self.doc = doc
    self.methods = methods
    self.constants = constants
    self.types = types
    self.stateSize = stateSize
    self.exec = exec
    self.traverse = traverse
    self.clear = clear
  }
}

/// A name with a fixed value in a module.
public struct ModuleConstant: @unchecked Sendable {
  enum Value {
    case int(Int)
    case float(Double)
    case string(StaticString)
    case bool(Bool)
    case none
  }
  let name: StaticString
  let value: Value

  public static func int(_ name: StaticString, _ value: Int) -> ModuleConstant {
    ModuleConstant(name: name, value: .int(value))
  }
  public static func int(_ name: StaticString, _ value: Int32) -> ModuleConstant {
    ModuleConstant(name: name, value: .int(Int(value)))
  }
  public static func float(_ name: StaticString, _ value: Double) -> ModuleConstant {
    ModuleConstant(name: name, value: .float(value))
  }
  public static func string(_ name: StaticString, _ value: StaticString) -> ModuleConstant {
    ModuleConstant(name: name, value: .string(value))
  }
  public static func bool(_ name: StaticString, _ value: Bool) -> ModuleConstant {
    ModuleConstant(name: name, value: .bool(value))
  }
  public static func none(_ name: StaticString) -> ModuleConstant {
    ModuleConstant(name: name, value: .none)
  }

  func object() throws(Raised) -> Owned {
    switch value {
    case .int(let value): return try own(PyLong_FromLong(value))
    case .float(let value): return try own(PyFloat_FromDouble(value))
    case .string(let value): return try own(PyUnicode_FromString(cString(value)))
    case .bool(let value): return boolObject(value).retained()
    case .none: return noneObject().retained()
    }
  }
}

/// A module's C definition with the specification it was made from behind it.
struct NativeModule {
  var definition: PyModuleDef
  var spec: UnsafePointer<ModuleSpec>

  /// Writes the definition of a specification; alive as long as the process.
  static func make(_ spec: ModuleSpec) -> UnsafeMutablePointer<PyModuleDef> {
    let kept = UnsafeMutablePointer<ModuleSpec>.allocate(capacity: 1)
    kept.initialize(to: spec)
    let slots = PermanentMemory.allocate(PyModuleDef_Slot.self, count: 2)
    slots[0] = PyModuleDef_Slot(slot: 2, value: unsafeBitCast(run, to: UnsafeMutableRawPointer.self))
    let record = PermanentMemory.allocate(NativeModule.self, count: 1)
    let base = PyModuleDef_Base(
      ob_base: PyObject(ob_refcnt: 1, ob_type: moduleDefType()), m_init: nil, m_index: 0,
      m_copy: nil)
    let definition = PyModuleDef(
      m_base: base, m_name: cString(spec.name), m_doc: spec.doc.map(cString),
      m_size: spec.stateSize, m_methods: Method.table(spec.methods()), m_slots: slots,
      m_traverse: spec.traverse, m_clear: spec.clear,
      m_free: spec.clear == nil ? nil : clearState)
    record.initialize(to: NativeModule(definition: definition, spec: UnsafePointer(kept)))
    return UnsafeMutableRawPointer(record).assumingMemoryBound(to: PyModuleDef.self)
  }

  /// The execution slot of every such module.
  private static let run: ModuleSpec.Exec = { module in
    status {
      guard let definition = PyModule_GetDef(module) else { throw Raised() }
      let spec = UnsafeRawPointer(definition).assumingMemoryBound(to: NativeModule.self).pointee.spec
      for constant in spec.pointee.constants() {
        let value = try constant.object()
        try check(PyModule_AddObjectRef(module, cString(constant.name), value.ref))
      }
      for type in spec.pointee.types() {
        try type.installInModule()
        try check(PyModule_AddType(module, type.type))
      }
      if let exec = spec.pointee.exec { try check(exec(module)) }
    }
  }

  /// `m_free`: what `clear` clears.
  private static let clearState: freefunc = { pointer in
    let module = pointer.assumingMemoryBound(to: PyObject.self)
    _ = PyModule.view(module).pointee.md_def?.pointee.m_clear?(module)
  }
}

extension TypeSpec {
  /// Makes a type of a module ready, once. As with a type made by a class statement, its instances
  /// see the module's name (`instance.__module__`).
  public func installInModule() throws(Raised) {
    if isReady { return }
    try install()
    try type.moveToModule()
  }

  /// Whether `PyType_Ready` has been through the type.
  public var isReady: Bool { type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) != 0 }
}

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// Makes a ready type look as CPython's types of modules do, which are on the heap: `__module__`
  /// stands in its dict.
  func moveToModule() throws(Raised) {
    pointee.tp_flags |= TypeFlags.ofModule.rawValue
    let full = fullName
    let module = full.lastIndex(of: ".").map { String(full[..<$0]) } ?? "builtins"
    guard let dict = pointee.tp_dict else { return }
    // A type alias computes it.
    if try check(PyDict_Contains(dict, SpecialName.module)) != 0 { return }
    let name = try own(newString(module))
    try check(PyDict_SetItem(dict, SpecialName.module, name.ref))
    PyType_Modified(self)
  }
}

extension PermanentMemory {
  /// Room for a static type of a module: `nonisolated(unsafe) static let type = PermanentMemory.type()`.
  public static func type() -> TypeRef {
    let type = allocate(PyTypeObject.self, count: 1)
    type.pointee.ob_base.ob_base.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
    type.pointee.ob_base.ob_base.ob_type = typeType()
    return type
  }
}
