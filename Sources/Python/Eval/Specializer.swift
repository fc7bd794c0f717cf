import CPythonABI
import Objects

/// Chooses specialised forms of instructions by what they see, and takes them back.
/// CPython: Python/specialize.c.
enum Specializer {
  /// Runs of the general form between two attempts after one failed.
  private static let backOff: Int16 = 64

  /// Counts a run of the general form; true when it is time to look for a better one.
  @inline(__always)
  static func shouldTry(_ instruction: InstructionRef) -> Bool {
    if instruction.pointee.cache == 0 { return false }
    let cache = instruction.inlineCache
    cache.pointee.counter &-= 1
    return cache.pointee.counter <= 0
  }

  /// Back to the general form after a guard failed.
  @inline(never)
  static func deoptimize(_ instruction: InstructionRef, _ general: QuickOpcode) {
    instruction.inlineCache.pointee.counter = backOff
    instruction.pointee.opcode = general.stored
    if general == .loadAttr || general == .storeAttr {
      let before = QuickOpcode(instruction[-1].opcode)
      if before == .loadFastLoadAttr || before == .loadFastStoreAttr {
        instruction[-1].opcode = QuickOpcode.loadFast.stored
      }
    }
  }

  /// Fuses a LOAD_FAST with the attribute instruction behind it, which has become specialised.
  private static func fuse(_ instruction: InstructionRef, _ code: CodeRef, _ fused: QuickOpcode) {
    let index = instruction - code.pointee.co_instructions.unsafelyUnwrapped
    guard index > 0, QuickOpcode(instruction[-1].opcode) == .loadFast else { return }
    instruction[-1].opcode = fused.stored
    // A pair that the LOAD_FAST ends would step over the new one.
    if index > 1 {
      switch QuickOpcode(instruction[-2].opcode) {
      case .loadFastLoadFast: instruction[-2].opcode = QuickOpcode.loadFast.stored
      case .storeFastLoadFast: instruction[-2].opcode = QuickOpcode.storeFast.stored
      default: break
      }
    }
  }

  /// Lets the general form run for a while before the next attempt.
  static func wait(_ cache: CacheRef) { cache.pointee.counter = backOff }

  private static func set(_ instruction: InstructionRef, _ opcode: QuickOpcode) {
    instruction.pointee.opcode = opcode.stored
  }

  // MARK: Globals

  /// The version of a dict's keys, made when there is none; 0 when it cannot have one.
  static func version(of keys: UnsafeMutablePointer<PyDictKeysObject>) -> UInt32 {
    if keys.pointee.dk_version != 0 { return keys.pointee.dk_version }
    let interpreter = apus_tstate().pointee.interp
    if interpreter.pointee.next_keys_version == 0 { return 0 }
    let version = interpreter.pointee.next_keys_version
    interpreter.pointee.next_keys_version = version &+ 1
    keys.pointee.dk_version = version
    return version
  }

  /// Where a str key lies among keys that are all str, by identity; nil when it is not there.
  static func index(
    of name: Ref, in keys: UnsafeMutablePointer<PyDictKeysObject>
  ) -> Int? {
    guard keys.pointee.dk_kind != UInt8(DICT_KEYS_GENERAL) else { return nil }
    let entries = apus_keys_unicode(keys)
    for index in 0..<keys.pointee.dk_nentries where entries[index].me_key == name { return index }
    return nil
  }

  @inline(never)
  static func loadGlobal(_ frame: FrameRef, _ instruction: InstructionRef) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    guard let globals = frame.pointee.f_globals, let builtins = frame.pointee.f_builtins,
      globals.isExactDict, builtins.isExactDict
    else { return }
    let name = Names.name(frame.code, instruction.pointee.oparg)
    let keys = globals.view(PyDictObject.self).pointee.ma_keys
    guard keys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      globals.view(PyDictObject.self).pointee.ma_values == nil
    else { return }
    if let index = index(of: name, in: keys) {
      guard apus_keys_unicode(keys)[index].me_value != nil else { return }
      let version = version(of: keys)
      guard version != 0 else { return }
      cache.pointee.keys_version = version
      cache.pointee.index = UInt32(truncatingIfNeeded: index)
      set(instruction, .loadGlobalModule)
      return
    }
    let builtinKeys = builtins.view(PyDictObject.self).pointee.ma_keys
    guard builtinKeys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      builtins.view(PyDictObject.self).pointee.ma_values == nil,
      let index = index(of: name, in: builtinKeys)
    else { return }
    let version = version(of: keys)
    let builtinVersion = self.version(of: builtinKeys)
    guard version != 0 && builtinVersion != 0 else { return }
    cache.pointee.version = version
    cache.pointee.keys_version = builtinVersion
    cache.pointee.index = UInt32(truncatingIfNeeded: index)
    set(instruction, .loadGlobalBuiltin)
  }

  /// Binding a global that there is already.
  @inline(never)
  static func storeGlobal(_ frame: FrameRef, _ instruction: InstructionRef) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    guard let globals = frame.pointee.f_globals, globals.isExactDict else { return }
    let keys = globals.view(PyDictObject.self).pointee.ma_keys
    guard keys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      globals.view(PyDictObject.self).pointee.ma_values == nil,
      let index = index(of: Names.name(frame.code, instruction.pointee.oparg), in: keys)
    else { return }
    let version = version(of: keys)
    guard version != 0 else { return }
    cache.pointee.keys_version = version
    cache.pointee.index = UInt32(truncatingIfNeeded: index)
    set(instruction, .storeGlobalModule)
  }

  // MARK: Attributes

  /// What the type says about a name.
  private enum Kind {
    /// Nothing: the instance decides.
    case absent
    /// A slot of the struct at this byte offset.
    case slot(Int)
    /// A plain Python function or method descriptor.
    case method(Ref)
    /// A property whose getter is a plain Python function.
    case property(Ref)
    /// A getset descriptor with a getter.
    case getSet(Ref)
    /// A data descriptor or something with `__get__`: the general way only.
    case other
    /// A value without `__get__`.
    case value(Ref)
  }

  private static func classify(_ type: TypeRef, _ name: Ref) -> Kind {
    guard let descriptor = _PyType_Lookup(type, name) else { return .absent }
    let descriptorType = descriptor.type
    if descriptorType == memberDescrType() {
      let member = descriptor.view(PyMemberDescrObject.self).pointee.d_member
      guard member.pointee.type == Py_T_OBJECT_EX, member.pointee.flags == 0,
        PyType_IsSubtype(type, descriptor.view(PyDescrObject.self).pointee.d_type) != 0
      else { return .other }
      return .slot(member.pointee.offset)
    }
    if descriptorType.pointee.tp_flags & UInt(Py_TPFLAGS_METHOD_DESCRIPTOR) != 0 {
      return .method(descriptor)
    }
    if descriptorType == propertyType() {
      // prop_get is the first word behind the header.
      guard let getter = (UnsafeMutableRawPointer(descriptor) + 16).load(as: Ref?.self),
        getter.type == functionType()
      else { return .other }
      return .property(getter)
    }
    if descriptorType == getSetDescrType() {
      guard descriptor.view(PyGetSetDescrObject.self).pointee.d_getset.pointee.get != nil,
        PyType_IsSubtype(type, descriptor.view(PyDescrObject.self).pointee.d_type) != 0
      else { return .other }
      return .getSet(descriptor)
    }
    if descriptorType.pointee.tp_descr_get != nil || descriptorType.pointee.tp_descr_set != nil {
      return .other
    }
    return .value(descriptor)
  }

  private static func usableVersion(_ type: TypeRef) -> UInt32 {
    if type.pointee.tp_version_tag == 0 { _ = PyUnstable_Type_AssignVersionTag(type) }
    return type.pointee.tp_version_tag
  }

  /// The slot of an inline value by its name; nil when the type keeps no such one.
  private static func inlineIndex(_ owner: Ref, _ name: Ref) -> Int? {
    let type = owner.type
    guard type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0,
      apus_inline_values(owner).pointee.valid != 0,
      let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self)
        .pointee.ht_cached_keys
    else { return nil }
    return index(of: name, in: keys)
  }

  /// The version of the keys among which no instance has the name, 0 when instances have no dict; nil
  /// when that cannot be told from the type.
  private static func decisiveKeys(_ owner: Ref, _ name: Ref) -> UInt32? {
    let type = owner.type
    let flags = type.pointee.tp_flags
    if flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 {
      guard apus_inline_values(owner).pointee.valid != 0,
        let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self)
          .pointee.ht_cached_keys, index(of: name, in: keys) == nil
      else { return nil }
      let version = self.version(of: keys)
      return version == 0 ? nil : version
    }
    let hasDict = flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 || type.pointee.tp_dictoffset != 0
    return hasDict ? nil : 0
  }

  @inline(never)
  static func loadAttr(
    _ owner: Ref, _ name: Ref, _ code: CodeRef, _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    let type = owner.type
    if type == moduleType() {
      return loadModuleAttr(owner, name, cache, instruction, .loadAttrModule)
    }
    if owner.isType { return loadClassAttr(owner, name, cache, instruction, .loadAttrClass) }
    guard usesGenericGetAttr(type) else { return }
    let version = usableVersion(type)
    guard version != 0 else { return }
    let kind = classify(type, name)
    switch kind {
    case .slot(let offset):
      cache.pointee.version = version
      cache.pointee.index = UInt32(truncatingIfNeeded: offset)
      set(instruction, .loadAttrSlot)
    case .property(let getter):
      let function = getter.view(PyFunctionObject.self)
      let code = Frame.codeOf(function)
      guard code.pointee.co_simple_argcount == 1 else { return }
      if code.pointee.co_instructions == nil {
        guard (try? Quickener.instructions(of: code)) != nil else { return PyErr_Clear() }
      }
      cache.pointee.version = version
      cache.pointee.keys_version = functionVersion(function)
      cache.pointee.object = getter
      guard cache.pointee.keys_version != 0 else { return }
      set(instruction, .loadAttrProperty)
    case .absent, .method, .value:
      if let index = inlineIndex(owner, name) {
        cache.pointee.version = version
        cache.pointee.index = UInt32(truncatingIfNeeded: index)
        set(instruction, .loadAttrInstance)
        fuse(instruction, code, .loadFastLoadAttr)
      } else if Attributes.hasManagedDict(owner), Attributes.remember(owner, name, cache) {
        cache.pointee.version = version
        set(instruction, .loadAttrHint)
      } else if let keysVersion = decisiveKeys(owner, name) {
        cache.pointee.version = version
        cache.pointee.keys_version = keysVersion
        switch kind {
        case .value(let value):
          cache.pointee.object = value
          set(instruction, .loadAttrOfType)
        case .method(let method) where method.type == functionType():
          cache.pointee.object = method
          set(instruction, .loadAttrBound)
        default: return
        }
      }
    case .getSet(let descriptor):
      cache.pointee.version = version
      cache.pointee.object = descriptor
      set(instruction, .loadAttrGetSet)
    case .other: return
    }
  }

  private static func usesGenericGetAttr(_ type: TypeRef) -> Bool {
    guard let function = type.pointee.tp_getattro else { return false }
    let generic: getattrofunc = PyObject_GenericGetAttr
    return unsafeBitCast(function, to: UInt.self) == unsafeBitCast(generic, to: UInt.self)
  }

  private static func usesGenericSetAttr(_ type: TypeRef) -> Bool {
    guard let function = type.pointee.tp_setattro else { return false }
    let generic: setattrofunc = PyObject_GenericSetAttr
    return unsafeBitCast(function, to: UInt.self) == unsafeBitCast(generic, to: UInt.self)
  }

  private static func loadClassAttr(
    _ owner: Ref, _ name: Ref, _ cache: CacheRef, _ instruction: InstructionRef,
    _ specialized: QuickOpcode
  ) {
    // A metaclass with the name, or with a lookup of its own, comes first.
    let metaclass = owner.type
    guard _PyType_Lookup(metaclass, name) == nil, metaclass == typeType(),
      let value = _PyType_Lookup(owner.asType, name),
      value.type.pointee.tp_descr_get == nil || value.type == functionType()
    else { return }
    let version = usableVersion(owner.asType)
    guard version != 0 else { return }
    cache.pointee.version = version
    cache.pointee.object = value
    set(instruction, specialized)
  }

  private static func loadModuleAttr(
    _ module: Ref, _ name: Ref, _ cache: CacheRef, _ instruction: InstructionRef,
    _ specialized: QuickOpcode
  ) {
    guard let dict = module.view(PyModuleObject.self).pointee.md_dict, dict.isExactDict else {
      return
    }
    let keys = dict.view(PyDictObject.self).pointee.ma_keys
    guard keys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      let index = index(of: name, in: keys), apus_keys_unicode(keys)[index].me_value != nil
    else { return }
    let version = version(of: keys)
    guard version != 0 else { return }
    cache.pointee.keys_version = version
    cache.pointee.index = UInt32(truncatingIfNeeded: index)
    set(instruction, specialized)
  }

  @inline(never)
  static func storeAttr(
    _ owner: Ref, _ name: Ref, _ code: CodeRef, _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    let type = owner.type
    guard usesGenericSetAttr(type), !owner.isType else { return }
    let version = usableVersion(type)
    guard version != 0 else { return }
    switch classify(type, name) {
    case .slot(let offset):
      cache.pointee.version = version
      cache.pointee.index = UInt32(truncatingIfNeeded: offset)
      set(instruction, .storeAttrSlot)
    case .absent, .value, .method:
      guard let index = inlineIndex(owner, name) else { return }
      cache.pointee.version = version
      cache.pointee.index = UInt32(truncatingIfNeeded: index)
      set(instruction, .storeAttrInstance)
      fuse(instruction, code, .loadFastStoreAttr)
    case .property, .getSet, .other: return
    }
  }

  @inline(never)
  static func loadMethod(
    _ owner: Ref, _ name: Ref, _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    let type = owner.type
    if type == moduleType() {
      return loadModuleAttr(owner, name, cache, instruction, .loadMethodModule)
    }
    if owner.isType { return loadClassAttr(owner, name, cache, instruction, .loadMethodClass) }
    guard usesGenericGetAttr(type) else { return }
    let version = usableVersion(type)
    guard version != 0, case .method(let method) = classify(type, name) else { return }
    cache.pointee.version = version
    cache.pointee.object = method
    let flags = type.pointee.tp_flags
    if flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 {
      guard apus_inline_values(owner).pointee.valid != 0,
        let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self)
          .pointee.ht_cached_keys, index(of: name, in: keys) == nil
      else { return }
      cache.pointee.keys_version = self.version(of: keys)
      guard cache.pointee.keys_version != 0 else { return }
      set(instruction, .loadMethodValues)
    } else if flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 {
      guard apus_managed_dict(owner).pointee == nil else { return }
      set(instruction, .loadMethodLazyDict)
    } else if type.pointee.tp_dictoffset == 0 {
      set(instruction, .loadMethodNoDict)
    }
  }

  /// What the type of an object says about a name, for the memo. Nil when that may change without a
  /// new type version: the name is in no instance yet.
  static func memo(_ owner: Ref, _ name: Ref) -> AttributeMemo.Entry? {
    var entry = AttributeMemo.Entry()
    let type = owner.type
    guard !owner.isType, type != moduleType(), usesGenericGetAttr(type), name.isExactStr else {
      return entry
    }
    let kind = classify(type, name)
    switch kind {
    case .absent, .value, .method:
      if let index = inlineIndex(owner, name) {
        entry.index = Int32(truncatingIfNeeded: index)
        entry.uses.insert(.load)
        if usesGenericSetAttr(type) { entry.uses.insert(.store) }
        return entry
      }
    case .slot, .property, .getSet, .other: return entry
    }
    guard case .method(let method) = kind else {
      return type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 ? nil : entry
    }
    entry.method = method
    let flags = type.pointee.tp_flags
    if flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 {
      guard
        let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self)
          .pointee.ht_cached_keys, index(of: name, in: keys) == nil
      else { return nil }
      entry.keysVersion = self.version(of: keys)
      if entry.keysVersion != 0 { entry.uses = .methodWithValues }
    } else if flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 {
      entry.uses = .methodWithLazyDict
    } else if type.pointee.tp_dictoffset == 0 {
      entry.uses = .methodWithoutDict
    }
    return entry
  }

  // MARK: Calls

  /// The version of a function, made when there is none; 0 when it cannot have one.
  static func functionVersion(_ function: UnsafeMutablePointer<PyFunctionObject>) -> UInt32 {
    if function.pointee.func_version != 0 { return function.pointee.func_version }
    let interpreter = apus_tstate().pointee.interp
    if interpreter.pointee.next_func_version == 0 { return 0 }
    let version = interpreter.pointee.next_func_version
    interpreter.pointee.next_func_version = version &+ 1
    function.pointee.func_version = version
    return version
  }

  @inline(never)
  static func call(
    _ callable: Ref, _ count: Int, _ frame: FrameRef, _ sp: StackRef,
    _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    if callable.type == functionType() {
      if let (version, missing) = simpleCall(callable, count) {
        cache.pointee.version = version
        cache.pointee.index = missing
        set(instruction, .callPythonExact)
      }
    } else if callable.type == builtinFunctionType() {
      let flags = callable.view(PyCFunctionObject.self).pointee.m_ml.pointee.ml_flags
      if count == 1 && flags == METH_O {
        set(instruction, .callBuiltinO)
      } else if flags == METH_FASTCALL {
        set(instruction, .callBuiltinFast)
      }
    } else if callable == typeType().object && count == 1 {
      set(instruction, .callTypeOne)
    } else if callable == superType().object {
      if count == 0 {
        callSuper(frame, cache, instruction)
      } else if count == 2, let type = sp[-2], let receiver = sp[-1] {
        superMethod(
          type, receiver, frame.code, cache, instruction, .callSuperMethodOf)
      }
    } else if callable.type == typeType() {
      callClass(callable.asType, count, cache, instruction)
    }
  }

  /// The version of a Python function that can be called with so many positional arguments moved
  /// straight into its frame, and the number of defaults to put behind them.
  private static func simpleCall(_ callable: Ref, _ count: Int) -> (UInt32, UInt32)? {
    let function = callable.view(PyFunctionObject.self)
    let callee = Frame.codeOf(function)
    let missing = Int(callee.pointee.co_simple_argcount) - count
    guard missing >= 0, callee.pointee.co_instructions != nil else { return nil }
    if missing > 0 {
      guard let defaults = function.pointee.func_defaults, apus_var_size(defaults) >= missing else {
        return nil
      }
    }
    let version = functionVersion(function)
    return version == 0 ? nil : (version, UInt32(truncatingIfNeeded: missing))
  }

  /// A call of a class whose instances come from `object.__new__` and a simple `__init__`.
  private static func callClass(
    _ type: TypeRef, _ count: Int, _ cache: CacheRef, _ instruction: InstructionRef
  ) {
    let allocate: allocfunc = PyType_GenericAlloc
    guard type.pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0,
      type.pointee.tp_flags & UInt(Py_TPFLAGS_IS_ABSTRACT) == 0,
      unsafeBitCast(type.pointee.tp_new, to: UInt.self)
        == unsafeBitCast(objectType().pointee.tp_new, to: UInt.self),
      unsafeBitCast(type.pointee.tp_alloc, to: UInt.self)
        == unsafeBitCast(allocate, to: UInt.self),
      let initializer = _PyType_Lookup(type, id___init__()), initializer.type == functionType(),
      let (functionVersion, missing) = simpleCall(initializer, count + 1)
    else { return }
    let version = usableVersion(type)
    guard version != 0 else { return }
    cache.pointee.version = version
    cache.pointee.keys_version = functionVersion
    cache.pointee.index = missing
    cache.pointee.object = initializer
    set(instruction, .callClassInit)
  }

  /// `super()` without arguments before a LOAD_METHOD.
  private static func callSuper(
    _ frame: FrameRef, _ cache: CacheRef, _ instruction: InstructionRef
  ) {
    let code = frame.code
    guard code.pointee.co_argcount > 0, let receiver = frame.locals[0] else { return }
    let names = code.pointee.co_freevars
    for index in 0..<apus_var_size(names)
    where PyUnicode_CompareWithASCIIString(apus_tuple_item(names, index), "__class__") == 0 {
      let slot = Int(code.pointee.co_nlocals) + Int(code.pointee.co_ncellvars) + index
      guard let cell = frame.locals[slot], cell.type == cellType(),
        let type = cell.view(PyCellObject.self).pointee.ob_ref
      else { return }
      cache.pointee.index = UInt32(truncatingIfNeeded: slot)
      superMethod(type, receiver, code, cache, instruction, .callSuperMethod)
      return
    }
  }

  /// The method that a LOAD_METHOD behind a call of `super` finds.
  private static func superMethod(
    _ type: Ref, _ receiver: Ref, _ code: CodeRef, _ cache: CacheRef,
    _ instruction: InstructionRef, _ specialized: QuickOpcode
  ) {
    let next = instruction + 1
    guard Quickener.general(QuickOpcode(next.pointee.opcode)) == .loadMethod else { return }
    let name = Names.name(code, next.pointee.oparg)
    guard PyUnicode_CompareWithASCIIString(name, "__class__") != 0,
      let method = superMethod(type, receiver, name)
    else { return }
    cache.pointee.version = receiver.type.pointee.tp_version_tag
    cache.pointee.object = method
    cache.pointee.extra = UnsafeMutableRawPointer(type)
    set(instruction, specialized)
  }

  /// The method that `super(type, receiver)` finds, borrowed: the classes that the version of the
  /// receiver's type stands for hold it. Nil when the general way must be taken.
  static func superMethod(_ type: Ref, _ receiver: Ref, _ name: Ref) -> Ref? {
    guard type.isType, !receiver.isType, PyType_IsSubtype(receiver.type, type.asType) != 0,
      usableVersion(receiver.type) != 0
    else { return nil }
    var isMethod: Int32 = 0
    guard let method = _PySuper_Lookup(type.asType, receiver, name, &isMethod) else {
      PyErr_Clear()
      return nil
    }
    Py_DECREF(method)
    return isMethod != 0 ? method : nil
  }

  /// The same for a specialised call of `super` before the LOAD_METHOD at `next`.
  @inline(__always)
  static func superMethod(
    _ type: Ref, _ receiver: Ref, _ cache: CacheRef, _ frame: FrameRef, _ next: InstructionRef
  ) -> Ref? {
    if receiver.type.pointee.tp_version_tag == cache.pointee.version
      && UnsafeMutableRawPointer(type) == cache.pointee.extra
    {
      return cache.pointee.object
    }
    return AttributeMemo.superMethod(type, receiver, Names.name(frame.code, next.pointee.oparg))
  }

  @inline(never)
  static func callMethod(
    _ callable: Ref, _ receiver: Ref, _ count: Int, _ instruction: InstructionRef
  ) {
    let cache = instruction.inlineCache
    cache.pointee.counter = backOff
    if callable.type == functionType() {
      if let (version, missing) = simpleCall(callable, count) {
        cache.pointee.version = version
        cache.pointee.index = missing
        set(instruction, .callMethodPythonExact)
      }
      return
    }
    guard callable.type == methodDescrType() else { return }
    let descriptor = callable.view(PyMethodDescrObject.self)
    guard receiver.type == descriptor.pointee.d_common.d_type else { return }
    let flags = descriptor.pointee.d_method.pointee.ml_flags
    switch (flags, count) {
    case (METH_NOARGS, 1): set(instruction, .callMethodNoargs)
    case (METH_O, 2):
      if receiver.isExactList, let name = descriptor.pointee.d_common.d_name,
        text(of: name) == "append"
      {
        cache.pointee.object = callable
        set(instruction, .callMethodListAppend)
      } else {
        set(instruction, .callMethodO)
      }
    case (METH_FASTCALL, _), (METH_FASTCALL | METH_KEYWORDS, _): set(instruction, .callMethodFast)
    default: return
    }
  }
}
