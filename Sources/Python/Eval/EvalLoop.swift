import CPythonABI
import Objects

/// Runs a frame until it returns, yields or raises. CPython: Python/ceval.c,
/// _PyEval_EvalFrameDefault.
///
/// `entry` is linked on top of `tstate.current_frame` by the caller. Python functions called from it
/// run in this same activation: a call pushes a frame and goes on, a return pops it. The result is a
/// new reference, or nil with an exception set; the frame is gone then, unless it is a generator's.
///
/// - Parameter throwFlag: not 0 when an exception is set that shall be raised inside the frame.
@c(_PyEval_EvalFrameDefault)
public func _PyEval_EvalFrameDefault(
  _ tstate: UnsafeMutablePointer<PyThreadState>,
  _ entry: UnsafeMutablePointer<_PyInterpreterFrame>, _ throwFlag: Int32
) -> UnsafeMutablePointer<PyObject>? {
  entry.pointee.flags |= Frame.enteredFromNative
  if apus_native_stack_left(tstate) < 0 {
    return NativeStack.overflow(tstate, entry)
  }
  var frame: FrameRef = entry
  /// A frame starts here, so its caller's switch interval, signals and trace function get their turn.
  var entering = throwFlag == 0
  var failed = throwFlag != 0
  var isReraise = false
  /// A RERAISE lets the frame appear to be where the exception came from.
  var restoresPlace = false

  activation: while true {
    var sp = frame.locals + Int(frame.pointee.stacktop)
    var pc = frame.pointee.instr_ptr.unsafelyUnwrapped
    if entering {
      entering = false
      if tstate.pointee.eval_breaker != 0 && !Pending.handle(tstate) { failed = true }
      if Tracing.isOn(tstate) && !failed && !Tracing.enter(tstate, frame) { failed = true }
      // Before its first instruction a frame is at its definition.
      if failed, pc != frame.code.pointee.co_instructions { pc += 1 }
    }
    dispatch: while !failed {
      // While somebody listens to events, every opcode dispatches to `.traced`.
      var opcode = QuickOpcode(
        number: UInt8(truncatingIfNeeded: pc.pointee.opcode)
          & UInt8(truncatingIfNeeded: tstate.pointee.dispatch_mask))
      instruction: while true {
        pc += 1
        switch opcode {

        case .traced:
          // The events first, then the instruction in its general form.
          pc -= 1
          Frame.noteStack(frame, sp)
          if !Tracing.instruction(tstate, frame, frame.code, pc) {
            pc += 1
            break dispatch
          }
          if frame.pointee.instr_ptr != pc {
            // A trace function has set f_lineno.
            pc = frame.pointee.instr_ptr.unsafelyUnwrapped
            sp = frame.locals + Int(frame.pointee.stacktop)
            continue dispatch
          }
          opcode = Quickener.general(QuickOpcode(pc.pointee.opcode))
          continue instruction

        // MARK: Stack

        case .nop, .setupFinally, .popBlock:
          continue dispatch

        case .popTop:
          sp -= 1
          Py_DECREF(sp[0].unsafelyUnwrapped)
          continue dispatch

        case .rotTwo:
          let top = sp[-1]
          sp[-1] = sp[-2]
          sp[-2] = top
          continue dispatch

        case .rotThree:
          let top = sp[-1]
          sp[-1] = sp[-2]
          sp[-2] = sp[-3]
          sp[-3] = top
          continue dispatch

        case .rotFour:
          let top = sp[-1]
          sp[-1] = sp[-2]
          sp[-2] = sp[-3]
          sp[-3] = sp[-4]
          sp[-4] = top
          continue dispatch

        case .rotN:
          let count = pc.argument
          let top = sp[-1]
          var index = 1
          while index < count {
            sp[-index] = sp[-index - 1]
            index &+= 1
          }
          sp[-count] = top
          continue dispatch

        case .dupTop:
          let top = sp[-1].unsafelyUnwrapped
          Py_INCREF(top)
          sp[0] = top
          sp += 1
          continue dispatch

        case .dupTopTwo:
          let top = sp[-1].unsafelyUnwrapped
          let second = sp[-2].unsafelyUnwrapped
          Py_INCREF(top)
          Py_INCREF(second)
          sp[0] = second
          sp[1] = top
          sp += 2
          continue dispatch

        // MARK: Loads and stores

        case .loadConst:
          let value = apus_tuple_item(frame.code.pointee.co_consts, pc.argument)
          Py_INCREF(value)
          sp[0] = value
          sp += 1
          continue dispatch

        case .loadFast:
          guard let value = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          Py_INCREF(value)
          sp[0] = value
          sp += 1
          continue dispatch

        case .loadFastLoadFast:
          let second = Int(pc.pointee.oparg)
          guard let first = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          guard let value = frame.locals[second] else {
            pc += 1
            Py_INCREF(first)
            sp[0] = first
            sp += 1
            Names.raiseUnbound(frame.code, second)
            break dispatch
          }
          Py_INCREF(first)
          Py_INCREF(value)
          sp[0] = first
          sp[1] = value
          sp += 2
          pc += 1
          continue dispatch

        case .loadFastLoadConst:
          guard let first = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          let value = apus_tuple_item(frame.code.pointee.co_consts, Int(pc.pointee.oparg))
          Py_INCREF(first)
          Py_INCREF(value)
          sp[0] = first
          sp[1] = value
          sp += 2
          pc += 1
          continue dispatch

        case .loadFastLoadAttr:
          // The LOAD_ATTR behind it is specialised to an inline value: the owner stays where it is.
          guard let owner = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          let cache = pc.inlineCache
          if owner.type.pointee.tp_version_tag == cache.pointee.version {
            let values = apus_inline_values(owner)
            if values.pointee.valid != 0,
              let value = apus_values_items(values)[Int(cache.pointee.index)]
            {
              Py_INCREF(value)
              sp[0] = value
              sp += 1
              pc += 1
              continue dispatch
            }
          }
          Py_INCREF(owner)
          sp[0] = owner
          sp += 1
          continue dispatch

        case .loadFastStoreAttr:
          // The same for a STORE_ATTR that replaces a value.
          guard let owner = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          let cache = pc.inlineCache
          if owner.type.pointee.tp_version_tag == cache.pointee.version {
            let values = apus_inline_values(owner)
            if values.pointee.valid != 0 && apus_managed_dict(owner).pointee == nil {
              let item = apus_values_items(values) + Int(cache.pointee.index)
              if let old = item.pointee {
                item.pointee = sp[-1]
                sp -= 1
                pc += 1
                Py_DECREF(old)
                continue dispatch
              }
            }
          }
          Py_INCREF(owner)
          sp[0] = owner
          sp += 1
          continue dispatch

        case .storeFast:
          sp -= 1
          let old = frame.locals[pc.argument]
          frame.locals[pc.argument] = sp[0]
          if let old { Py_DECREF(old) }
          continue dispatch

        case .storeFastLoadFast:
          let old = frame.locals[pc.argument]
          frame.locals[pc.argument] = sp[-1]
          let second = Int(pc.pointee.oparg)
          pc += 1
          guard let value = frame.locals[second] else {
            sp -= 1
            if let old { Py_DECREF(old) }
            Names.raiseUnbound(frame.code, second)
            break dispatch
          }
          Py_INCREF(value)
          sp[-1] = value
          if let old { Py_DECREF(old) }
          continue dispatch

        case .storeFastStoreFast:
          let old = frame.locals[pc.argument]
          frame.locals[pc.argument] = sp[-1]
          let second = Int(pc.pointee.oparg)
          let secondOld = frame.locals[second]
          frame.locals[second] = sp[-2]
          sp -= 2
          pc += 1
          if let old { Py_DECREF(old) }
          if let secondOld { Py_DECREF(secondOld) }
          continue dispatch

        case .deleteFast:
          guard let old = frame.locals[pc.argument] else {
            Names.raiseUnbound(frame.code, pc.argument)
            break dispatch
          }
          frame.locals[pc.argument] = nil
          Py_DECREF(old)
          continue dispatch

        case .loadName:
          frame.pointee.instr_ptr = pc - 1
          guard let value = Names.load(frame, frame.code, pc.oparg) else { break dispatch }
          sp[0] = value
          sp += 1
          continue dispatch

        case .storeName:
          frame.pointee.instr_ptr = pc - 1
          if !Names.store(frame, frame.code, pc.oparg, sp[-1].unsafelyUnwrapped) { break dispatch }
          sp -= 1
          Py_DECREF(sp[0].unsafelyUnwrapped)
          continue dispatch

        case .deleteName:
          frame.pointee.instr_ptr = pc - 1
          if !Names.delete(frame, frame.code, pc.oparg) { break dispatch }
          continue dispatch

        case .loadGlobalModule:
          let cache = (pc - 1).inlineCache
          let globals = frame.pointee.f_globals.unsafelyUnwrapped.view(PyDictObject.self)
          let keys = globals.pointee.ma_keys
          if keys.pointee.dk_version == cache.pointee.keys_version,
            let value = apus_keys_unicode(keys)[Int(cache.pointee.index)].me_value
          {
            Py_INCREF(value)
            sp[0] = value
            sp += 1
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadGlobal)
          pc -= 1
          continue dispatch

        case .loadGlobalBuiltin:
          let cache = (pc - 1).inlineCache
          let globals = frame.pointee.f_globals.unsafelyUnwrapped.view(PyDictObject.self)
          let builtins = frame.pointee.f_builtins.unsafelyUnwrapped.view(PyDictObject.self)
          let keys = builtins.pointee.ma_keys
          if globals.pointee.ma_keys.pointee.dk_version == cache.pointee.version
            && keys.pointee.dk_version == cache.pointee.keys_version,
            let value = apus_keys_unicode(keys)[Int(cache.pointee.index)].me_value
          {
            Py_INCREF(value)
            sp[0] = value
            sp += 1
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadGlobal)
          pc -= 1
          continue dispatch

        case .loadGlobal:
          frame.pointee.instr_ptr = pc - 1
          if Specializer.shouldTry(pc - 1) {
            Specializer.loadGlobal(frame, pc - 1)
          }
          guard let value = Names.loadGlobal(frame, frame.code, pc.oparg) else { break dispatch }
          sp[0] = value
          sp += 1
          continue dispatch

        case .storeGlobalModule:
          if let slot = Names.globalSlot(frame, (pc - 1).inlineCache), let old = slot.pointee {
            sp -= 1
            slot.pointee = sp[0]
            Py_DECREF(old)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .storeGlobal)
          pc -= 1
          continue dispatch

        case .storeGlobal:
          frame.pointee.instr_ptr = pc - 1
          if Specializer.shouldTry(pc - 1) {
            Specializer.storeGlobal(frame, pc - 1)
          }
          if PyDict_SetItem(
            frame.pointee.f_globals.unsafelyUnwrapped,
            apus_tuple_item(frame.code.pointee.co_names, pc.argument), sp[-1].unsafelyUnwrapped) < 0
          {
            break dispatch
          }
          sp -= 1
          Py_DECREF(sp[0].unsafelyUnwrapped)
          continue dispatch

        case .deleteGlobal:
          frame.pointee.instr_ptr = pc - 1
          if !Names.deleteGlobal(frame, frame.code, pc.oparg) { break dispatch }
          continue dispatch

        case .loadClosure:
          let cell = frame.locals[pc.argument].unsafelyUnwrapped
          Py_INCREF(cell)
          sp[0] = cell
          sp += 1
          continue dispatch

        case .loadDeref:
          let cell = frame.locals[pc.argument].unsafelyUnwrapped
          guard let value = cell.view(PyCellObject.self).pointee.ob_ref else {
            Names.raiseUnboundCell(frame.code, slot: pc.argument)
            break dispatch
          }
          Py_INCREF(value)
          sp[0] = value
          sp += 1
          continue dispatch

        case .storeDeref:
          sp -= 1
          let cell = frame.locals[pc.argument].unsafelyUnwrapped
          let old = cell.view(PyCellObject.self).pointee.ob_ref
          cell.view(PyCellObject.self).pointee.ob_ref = sp[0]
          if let old { Py_DECREF(old) }
          continue dispatch

        case .deleteDeref:
          let cell = frame.locals[pc.argument].unsafelyUnwrapped
          guard let old = cell.view(PyCellObject.self).pointee.ob_ref else {
            Names.raiseUnboundCell(frame.code, slot: pc.argument)
            break dispatch
          }
          cell.view(PyCellObject.self).pointee.ob_ref = nil
          Py_DECREF(old)
          continue dispatch

        case .loadClassDeref:
          frame.pointee.instr_ptr = pc - 1
          guard let namespace = frame.pointee.f_locals else {
            Names.raiseNoLocals()
            break dispatch
          }
          guard let value = Names.loadFromMappingOrCell(frame, frame.code, namespace, pc.oparg)
          else { break dispatch }
          sp[0] = value
          sp += 1
          continue dispatch

        case .loadFastAndClear:
          sp[0] = frame.locals[pc.argument]
          sp += 1
          frame.locals[pc.argument] = nil
          continue dispatch

        case .storeFastMaybeNull:
          sp -= 1
          let old = frame.locals[pc.argument]
          frame.locals[pc.argument] = sp[0]
          if let old { Py_DECREF(old) }
          continue dispatch

        case .loadCellAndClear:
          guard let cell = PyCell_New(nil) else { break dispatch }
          let slot = Int(frame.code.pointee.co_nlocals) &+ pc.argument
          sp[0] = frame.locals[slot]
          sp += 1
          frame.locals[slot] = cell
          continue dispatch

        case .storeCell:
          sp -= 1
          let slot = Int(frame.code.pointee.co_nlocals) &+ pc.argument
          let old = frame.locals[slot]
          frame.locals[slot] = sp[0]
          if let old { Py_DECREF(old) }
          continue dispatch

        case .loadLocals:
          guard let mapping = frame.pointee.f_locals else {
            Names.raiseNoLocals()
            break dispatch
          }
          Py_INCREF(mapping)
          sp[0] = mapping
          sp += 1
          continue dispatch

        case .loadFromDictOrGlobals:
          frame.pointee.instr_ptr = pc - 1
          let mapping = sp[-1].unsafelyUnwrapped
          guard let value = Names.loadFromMappingOrGlobals(frame, frame.code, mapping, pc.oparg) else {
            break dispatch
          }
          sp[-1] = value
          Py_DECREF(mapping)
          continue dispatch

        case .loadFromDictOrDeref:
          frame.pointee.instr_ptr = pc - 1
          let mapping = sp[-1].unsafelyUnwrapped
          guard let value = Names.loadFromMappingOrCell(frame, frame.code, mapping, pc.oparg) else {
            break dispatch
          }
          sp[-1] = value
          Py_DECREF(mapping)
          continue dispatch

        // MARK: Attributes

        case .loadAttrInstance:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version {
            let values = apus_inline_values(owner)
            if values.pointee.valid != 0,
              let value = apus_values_items(values)[Int(cache.pointee.index)]
            {
              Py_INCREF(value)
              sp[-1] = value
              Py_DECREF(owner)
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrHint:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            let value = Attributes.dictValue(
              owner, apus_tuple_item(frame.code.pointee.co_names, pc.argument), cache)
          {
            Py_INCREF(value)
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrSlot:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            let value = (UnsafeMutableRawPointer(owner) + Int(cache.pointee.index))
              .load(as: Ref?.self)
          {
            Py_INCREF(value)
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrModule:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type == moduleType(),
            let dict = owner.view(PyModuleObject.self).pointee.md_dict
          {
            let keys = dict.view(PyDictObject.self).pointee.ma_keys
            if keys.pointee.dk_version == cache.pointee.keys_version,
              let value = apus_keys_unicode(keys)[Int(cache.pointee.index)].me_value
            {
              Py_INCREF(value)
              sp[-1] = value
              Py_DECREF(owner)
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrClass:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.isType && owner.asType.pointee.tp_version_tag == cache.pointee.version,
            let value = cache.pointee.object
          {
            Py_INCREF(value)
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrOfType:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if Attributes.isTypeDecisive(owner, cache), let value = cache.pointee.object {
            Py_INCREF(value)
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrBound:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if Attributes.isTypeDecisive(owner, cache), let function = cache.pointee.object {
            guard let method = PyMethod_New(function, owner) else { break dispatch }
            sp[-1] = method
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrGetSet:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            let descriptor = cache.pointee.object
          {
            frame.pointee.instr_ptr = pc - 1
            guard let value = Attributes.get(owner, descriptor) else { break dispatch }
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttrProperty:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            let getter = cache.pointee.object
          {
            let function = getter.view(PyFunctionObject.self)
            if function.pointee.func_version == cache.pointee.keys_version {
              let callee = Frame.codeOf(function)
              guard let next = Calls.pushSimple(tstate, function, callee) else { break dispatch }
              Py_INCREF(getter)
              next.locals[0] = owner
              sp -= 1
              if Frame.enter(tstate, next, from: &frame, &sp, &pc) { continue dispatch }
              entering = true
              continue activation
            }
          }
          Specializer.deoptimize(pc - 1, .loadAttr)
          pc -= 1
          continue dispatch

        case .loadAttr:
          frame.pointee.instr_ptr = pc - 1
          let owner = sp[-1].unsafelyUnwrapped
          let name = apus_tuple_item(frame.code.pointee.co_names, pc.argument)
          if Specializer.shouldTry(pc - 1) {
            Specializer.loadAttr(owner, name, frame.code, pc - 1)
          }
          if let value = AttributeMemo.value(owner, name) {
            Py_INCREF(value)
            sp[-1] = value
            Py_DECREF(owner)
            continue dispatch
          }
          guard let value = PyObject_GetAttr(owner, name) else { break dispatch }
          sp[-1] = value
          Py_DECREF(owner)
          continue dispatch

        case .storeAttrInstance:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version {
            let values = apus_inline_values(owner)
            if values.pointee.valid != 0 && apus_managed_dict(owner).pointee == nil {
              let index = Int(cache.pointee.index)
              let items = apus_values_items(values)
              let old = items[index]
              items[index] = sp[-2]
              sp -= 2
              if let old {
                Py_DECREF(old)
              } else {
                let size = values.pointee.size
                apus_values_order(values)[Int(size)] = UInt8(truncatingIfNeeded: index)
                values.pointee.size = size &+ 1
              }
              Py_DECREF(owner)
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .storeAttr)
          pc -= 1
          continue dispatch

        case .storeAttrSlot:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version {
            let slot = (UnsafeMutableRawPointer(owner) + Int(cache.pointee.index))
              .assumingMemoryBound(to: Ref?.self)
            let old = slot.pointee
            slot.pointee = sp[-2]
            sp -= 2
            if let old { Py_DECREF(old) }
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .storeAttr)
          pc -= 1
          continue dispatch

        case .storeAttr:
          frame.pointee.instr_ptr = pc - 1
          let owner = sp[-1].unsafelyUnwrapped
          let name = apus_tuple_item(frame.code.pointee.co_names, pc.argument)
          if Specializer.shouldTry(pc - 1) {
            Specializer.storeAttr(owner, name, frame.code, pc - 1)
          }
          if !AttributeMemo.store(owner, name, sp[-2].unsafelyUnwrapped)
            && PyObject_SetAttr(owner, name, sp[-2]) < 0
          {
            break dispatch
          }
          sp -= 2
          Py_DECREF(sp[0].unsafelyUnwrapped)
          Py_DECREF(owner)
          continue dispatch

        case .deleteAttr:
          frame.pointee.instr_ptr = pc - 1
          let owner = sp[-1].unsafelyUnwrapped
          if PyObject_SetAttr(owner, apus_tuple_item(frame.code.pointee.co_names, pc.argument), nil) < 0 {
            break dispatch
          }
          sp -= 1
          Py_DECREF(owner)
          continue dispatch

        case .loadMethodValues:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          let type = owner.type
          if type.pointee.tp_version_tag == cache.pointee.version,
            apus_inline_values(owner).pointee.valid != 0,
            let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(
              to: PyHeapTypeObject.self
            ).pointee.ht_cached_keys,
            keys.pointee.dk_version == cache.pointee.keys_version,
            let method = cache.pointee.object
          {
            Py_INCREF(method)
            sp[-1] = method
            sp[0] = owner
            sp += 1
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadMethod)
          pc -= 1
          continue dispatch

        case .loadMethodNoDict:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            let method = cache.pointee.object
          {
            Py_INCREF(method)
            sp[-1] = method
            sp[0] = owner
            sp += 1
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadMethod)
          pc -= 1
          continue dispatch

        case .loadMethodLazyDict:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type.pointee.tp_version_tag == cache.pointee.version,
            apus_managed_dict(owner).pointee == nil, let method = cache.pointee.object
          {
            Py_INCREF(method)
            sp[-1] = method
            sp[0] = owner
            sp += 1
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadMethod)
          pc -= 1
          continue dispatch

        case .loadMethodModule:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.type == moduleType(),
            let dict = owner.view(PyModuleObject.self).pointee.md_dict
          {
            let keys = dict.view(PyDictObject.self).pointee.ma_keys
            if keys.pointee.dk_version == cache.pointee.keys_version,
              let value = apus_keys_unicode(keys)[Int(cache.pointee.index)].me_value
            {
              Py_INCREF(value)
              sp[-1] = nil
              sp[0] = value
              sp += 1
              Py_DECREF(owner)
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .loadMethod)
          pc -= 1
          continue dispatch

        case .loadMethodClass:
          let cache = (pc - 1).inlineCache
          let owner = sp[-1].unsafelyUnwrapped
          if owner.isType && owner.asType.pointee.tp_version_tag == cache.pointee.version,
            let value = cache.pointee.object
          {
            Py_INCREF(value)
            sp[-1] = nil
            sp[0] = value
            sp += 1
            Py_DECREF(owner)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .loadMethod)
          pc -= 1
          continue dispatch

        case .loadMethod:
          frame.pointee.instr_ptr = pc - 1
          let owner = sp[-1].unsafelyUnwrapped
          let name = apus_tuple_item(frame.code.pointee.co_names, pc.argument)
          if Specializer.shouldTry(pc - 1) {
            Specializer.loadMethod(owner, name, pc - 1)
          }
          if let method = AttributeMemo.method(owner, name) {
            Py_INCREF(method)
            sp[-1] = method
            sp[0] = owner
            sp += 1
            continue dispatch
          }
          var method: Ref?
          let unbound = _PyObject_GetMethod(owner, name, &method)
          guard let method else { break dispatch }
          if unbound != 0 {
            sp[-1] = method
            sp[0] = owner
          } else {
            sp[-1] = nil
            sp[0] = method
            Py_DECREF(owner)
          }
          sp += 1
          continue dispatch

        case .loadBuildClass:
          frame.pointee.instr_ptr = pc - 1
          guard let value = Names.buildClass(frame) else { break dispatch }
          sp[0] = value
          sp += 1
          continue dispatch

        case .loadAssertionError:
          sp[0] = .assertionError
          sp += 1
          continue dispatch

        // MARK: Arithmetic

        case .unaryPositive, .unaryInvert:
          frame.pointee.instr_ptr = pc - 1
          if !unaryOperator(QuickOpcode((pc - 1).pointee.opcode), sp) { break dispatch }
          continue dispatch

        case .unaryNegative:
          let value = sp[-1].unsafelyUnwrapped
          if value.isExactInt && apus_long_is_compact(value) != 0 {
            guard let result = makeInt(0 &- apus_long_compact_value(value), reusing: value)
            else { break dispatch }
            sp[-1] = result
            continue dispatch
          }
          frame.pointee.instr_ptr = pc - 1
          if !unaryOperator(.unaryNegative, sp) { break dispatch }
          continue dispatch

        case .unaryNot:
          let value = sp[-1].unsafelyUnwrapped
          if value != trueObject() && value != falseObject() {
            frame.pointee.instr_ptr = pc - 1
          }
          let truth = isTrue(value)
          if truth < 0 { break dispatch }
          sp[-1] = boolObject(truth == 0)
          Py_DECREF(value)
          continue dispatch

        // The general way of a binary operator, which all of these may come to, is behind the switch.

        case .binaryAdd, .inplaceAdd:
          switch fastArithmetic(sp, .add) {
          case .done:
            sp -= 1
            continue dispatch
          case .failed: break dispatch
          case .general:
            let left = sp[-2].unsafelyUnwrapped
            if left.type == strType() && sp[-1].unsafelyUnwrapped.type == strType() {
              frame.pointee.instr_ptr = pc - 1
              // In `s = s + x` the variable lets go first, so the text can grow in place.
              if left.pointee.ob_refcnt == 2 { Strings.release(left, before: pc, frame.locals) }
              sp -= 1
              if !Strings.append(sp) { break dispatch }
              continue dispatch
            }
          }

        case .binarySubtract, .inplaceSubtract:
          let outcome = fastArithmetic(sp, .subtract)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryMultiply, .inplaceMultiply:
          let outcome = fastArithmetic(sp, .multiply)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryTrueDivide, .inplaceTrueDivide:
          let outcome = fastTrueDivision(sp)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryFloorDivide, .inplaceFloorDivide:
          let outcome = fastIntegers(sp, .floorDivide)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryModulo, .inplaceModulo:
          let outcome = fastIntegers(sp, .modulo)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryAnd, .inplaceAnd:
          let outcome = fastIntegers(sp, .and)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryOr, .inplaceOr:
          let outcome = fastIntegers(sp, .or)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryXor, .inplaceXor:
          let outcome = fastIntegers(sp, .xor)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryLshift, .inplaceLshift:
          let outcome = fastIntegers(sp, .shiftLeft)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryRshift, .inplaceRshift:
          let outcome = fastIntegers(sp, .shiftRight)
          if outcome == .failed { break dispatch }
          if outcome == .done {
            sp -= 1
            continue dispatch
          }

        case .binaryPower, .inplacePower, .binaryMatrixMultiply, .inplaceMatrixMultiply:
          break

        case .compareOpJump:
          let right = sp[-1].unsafelyUnwrapped
          let left = sp[-2].unsafelyUnwrapped
          let type = left.type
          if type == right.type {
            var known = true
            var truth = false
            if type == intType() && (apus_long_tag(left) | apus_long_tag(right)) < 16 {
              truth = compare(
                apus_long_compact_value(left), apus_long_compact_value(right), pc.oparg)
            } else if type == floatType() {
              truth = compare(floatValue(left), floatValue(right), pc.oparg)
            } else if type == strType() && pc.oparg &- 2 < 2 {
              // Equal or not equal.
              truth = (left == right || _PyUnicode_Equal(left, right) != 0) == (pc.oparg == 2)
            } else {
              known = false
            }
            if known {
              sp -= 2
              pc += 1
              let jumps =
                truth == (QuickOpcode((pc - 1).pointee.opcode) == .popJumpIfTrue)
              let offset = jumps ? pc.distance : 0
              Py_DECREF(left)
              Py_DECREF(right)
              if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
              pc += offset
              continue dispatch
            }
          }
          frame.pointee.instr_ptr = pc - 1
          if !compareOperator(Int32(truncatingIfNeeded: pc.oparg), sp) { break dispatch }
          sp -= 1
          continue dispatch

        case .compareOp:
          let right = sp[-1].unsafelyUnwrapped
          let left = sp[-2].unsafelyUnwrapped
          if areCompactInts(left, right) {
            let truth = compare(
              apus_long_compact_value(left), apus_long_compact_value(right), pc.oparg)
            sp -= 1
            sp[-1] = boolObject(truth)
            dropInt(left)
            dropInt(right)
            continue dispatch
          }
          if left.isExactFloat && right.isExactFloat {
            let truth = compare(floatValue(left), floatValue(right), pc.oparg)
            sp -= 1
            sp[-1] = boolObject(truth)
            Py_DECREF(left)
            Py_DECREF(right)
            continue dispatch
          }
          frame.pointee.instr_ptr = pc - 1
          if !compareOperator(Int32(truncatingIfNeeded: pc.oparg), sp) { break dispatch }
          sp -= 1
          continue dispatch

        case .isOp:
          sp -= 1
          let right = sp[0].unsafelyUnwrapped
          let left = sp[-1].unsafelyUnwrapped
          sp[-1] = boolObject((left == right) != (pc.oparg != 0))
          Py_DECREF(left)
          Py_DECREF(right)
          continue dispatch

        case .containsOp:
          frame.pointee.instr_ptr = pc - 1
          if !containsOperator(pc.oparg, sp) { break dispatch }
          sp -= 1
          continue dispatch

        // MARK: Containers

        case .binarySubscr:
          let key = sp[-1].unsafelyUnwrapped
          let container = sp[-2].unsafelyUnwrapped
          let type = container.type
          if type == listType() {
            if key.isExactInt && apus_long_is_compact(key) != 0 {
              var index = apus_long_compact_value(key)
              let count = apus_var_size(container)
              if index < 0 { index &+= count }
              if UInt(bitPattern: index) < UInt(bitPattern: count) {
                let item = apus_list_item(container, index)
                Py_INCREF(item)
                sp -= 1
                sp[-1] = item
                dropInt(key)
                Py_DECREF(container)
                continue dispatch
              }
            }
          } else if type == dictType() {
            frame.pointee.instr_ptr = pc - 1
            var item: Ref?
            let found = PyDict_GetItemRef(container, key, &item)
            if found > 0 {
              sp -= 1
              sp[-1] = item
              Py_DECREF(key)
              Py_DECREF(container)
              continue dispatch
            }
            if found == 0 { _PyErr_SetKeyError(key) }
            break dispatch
          } else if type == tupleType() {
            if key.isExactInt && apus_long_is_compact(key) != 0 {
              var index = apus_long_compact_value(key)
              let count = apus_var_size(container)
              if index < 0 { index &+= count }
              if UInt(bitPattern: index) < UInt(bitPattern: count) {
                let item = apus_tuple_item(container, index)
                Py_INCREF(item)
                sp -= 1
                sp[-1] = item
                dropInt(key)
                Py_DECREF(container)
                continue dispatch
              }
            }
          }
        case .storeSubscr:
          let key = sp[-1].unsafelyUnwrapped
          let container = sp[-2].unsafelyUnwrapped
          if container.isExactList && key.isExactInt && apus_long_is_compact(key) != 0 {
            var index = apus_long_compact_value(key)
            let count = apus_var_size(container)
            if index < 0 { index &+= count }
            if UInt(bitPattern: index) < UInt(bitPattern: count) {
              let items = container.view(PyListObject.self).pointee.ob_item.unsafelyUnwrapped
              let old = items[index].unsafelyUnwrapped
              items[index] = sp[-3]
              sp -= 3
              dropInt(key)
              Py_DECREF(old)
              Py_DECREF(container)
              continue dispatch
            }
          }
          frame.pointee.instr_ptr = pc - 1
          if PyObject_SetItem(container, key, sp[-3].unsafelyUnwrapped) < 0 { break dispatch }
          sp -= 3
          Py_DECREF(sp[0].unsafelyUnwrapped)
          Py_DECREF(container)
          Py_DECREF(key)
          continue dispatch

        case .deleteSubscr:
          frame.pointee.instr_ptr = pc - 1
          let key = sp[-1].unsafelyUnwrapped
          let container = sp[-2].unsafelyUnwrapped
          if PyObject_DelItem(container, key) < 0 { break dispatch }
          sp -= 2
          Py_DECREF(container)
          Py_DECREF(key)
          continue dispatch

        case .buildTuple:
          // tracemalloc asks for the line.
          frame.pointee.instr_ptr = pc - 1
          guard let tuple = Builders.tuple(sp, pc.argument) else { break dispatch }
          sp -= pc.argument
          sp[0] = tuple
          sp += 1
          continue dispatch

        case .buildList:
          frame.pointee.instr_ptr = pc - 1
          guard let list = Builders.list(sp, pc.argument) else { break dispatch }
          sp -= pc.argument
          sp[0] = list
          sp += 1
          continue dispatch

        case .buildSet:
          frame.pointee.instr_ptr = pc - 1
          guard let set = Builders.set(sp, pc.argument) else { break dispatch }
          sp = Builders.drop(sp, pc.argument)
          sp[0] = set
          sp += 1
          continue dispatch

        case .buildMap:
          frame.pointee.instr_ptr = pc - 1
          guard let map = Builders.map(sp, pc.argument) else { break dispatch }
          sp = Builders.drop(sp, pc.argument &* 2)
          sp[0] = map
          sp += 1
          continue dispatch

        case .buildConstKeyMap:
          frame.pointee.instr_ptr = pc - 1
          guard let map = Builders.constKeyMap(sp, pc.argument) else { break dispatch }
          sp = Builders.drop(sp, pc.argument &+ 1)
          sp[0] = map
          sp += 1
          continue dispatch

        case .buildString:
          guard let text = Builders.string(sp, pc.argument) else { break dispatch }
          sp = Builders.drop(sp, pc.argument)
          sp[0] = text
          sp += 1
          continue dispatch

        case .buildSlice:
          let count = pc.argument
          let step: Ref? = count == 3 ? sp[-1] : nil
          guard let slice = PySlice_New(sp[-count], sp[1 - count], step) else { break dispatch }
          sp = Builders.drop(sp, count)
          sp[0] = slice
          sp += 1
          continue dispatch

        case .buildSliceSubscr:
          frame.pointee.instr_ptr = pc - 1
          let count = pc.argument
          let first = sp[-count].unsafelyUnwrapped
          let container = sp[-count - 1].unsafelyUnwrapped
          let end = sp[1 - count].unsafelyUnwrapped
          let part =
            count == 3
            ? Slices.part(of: container, first, end, by: sp[-1].unsafelyUnwrapped)
            : Slices.part(of: container, first, end)
          if let part {
            sp = Builders.drop(sp, count &+ 1)
            sp[0] = part
            sp += 1
            pc += 1
            continue dispatch
          }
          if hasRaised() { break dispatch }
          guard let slice = PySlice_New(first, end, count == 3 ? sp[-1] : nil) else {
            break dispatch
          }
          sp = Builders.drop(sp, count)
          sp[0] = slice
          sp += 1
          continue dispatch

        case .buildSliceStore:
          frame.pointee.instr_ptr = pc - 1
          let stored = Slices.replace(
            sp[-3].unsafelyUnwrapped, sp[-2].unsafelyUnwrapped, sp[-1].unsafelyUnwrapped,
            with: sp[-4].unsafelyUnwrapped)
          if stored > 0 {
            sp = Builders.drop(sp, 4)
            pc += 1
            continue dispatch
          }
          if stored < 0 { break dispatch }
          guard let slice = PySlice_New(sp[-2], sp[-1], nil) else { break dispatch }
          sp = Builders.drop(sp, 2)
          sp[0] = slice
          sp += 1
          continue dispatch

        case .listAppend:
          let list = sp[-1 - pc.argument].unsafelyUnwrapped
          sp -= 1
          let value = sp[0].unsafelyUnwrapped
          if !Builders.append(list, taking: value) { break dispatch }
          continue dispatch

        case .setAdd:
          frame.pointee.instr_ptr = pc - 1
          if PySet_Add(sp[-1 - pc.argument].unsafelyUnwrapped, sp[-1].unsafelyUnwrapped) < 0 {
            break dispatch
          }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .mapAdd:
          frame.pointee.instr_ptr = pc - 1
          if PyDict_SetItem(
            sp[-2 - pc.argument].unsafelyUnwrapped, sp[-2].unsafelyUnwrapped,
            sp[-1].unsafelyUnwrapped) < 0
          {
            break dispatch
          }
          sp = Builders.drop(sp, 2)
          continue dispatch

        case .listExtend:
          frame.pointee.instr_ptr = pc - 1
          if !Builders.extend(sp[-1 - pc.argument].unsafelyUnwrapped, sp[-1].unsafelyUnwrapped) {
            break dispatch
          }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .setUpdate:
          frame.pointee.instr_ptr = pc - 1
          if _PySet_Update(sp[-1 - pc.argument].unsafelyUnwrapped, sp[-1].unsafelyUnwrapped) < 0 {
            break dispatch
          }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .dictUpdate:
          frame.pointee.instr_ptr = pc - 1
          if !Builders.update(sp[-1 - pc.argument].unsafelyUnwrapped, sp[-1].unsafelyUnwrapped) {
            break dispatch
          }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .dictMerge:
          frame.pointee.instr_ptr = pc - 1
          let map = sp[-1 - pc.argument].unsafelyUnwrapped
          if !Builders.merge(
            map, sp[-1].unsafelyUnwrapped, callable: sp[-3 - pc.argument].unsafelyUnwrapped)
          {
            break dispatch
          }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .listToTuple:
          let list = sp[-1].unsafelyUnwrapped
          guard let tuple = PyList_AsTuple(list) else { break dispatch }
          sp[-1] = tuple
          Py_DECREF(list)
          continue dispatch

        case .unpackSequence:
          let sequence = sp[-1].unsafelyUnwrapped
          let count = pc.argument
          let type = sequence.type
          if (type == tupleType() || type == listType()) && apus_var_size(sequence) == count {
            let items =
              type == tupleType()
              ? apus_tuple_items(sequence)
              : (sequence.view(PyListObject.self).pointee.ob_item ?? sp)
            sp -= 1
            var index = count
            while index > 0 {
              index &-= 1
              let item = items[index].unsafelyUnwrapped
              Py_INCREF(item)
              sp[0] = item
              sp += 1
            }
            Py_DECREF(sequence)
            continue dispatch
          }
          frame.pointee.instr_ptr = pc - 1
          sp -= 1
          let filled = Builders.unpack(sequence, sp, before: count, after: -1)
          Py_DECREF(sequence)
          if !filled { break dispatch }
          sp += count
          continue dispatch

        case .unpackEx:
          frame.pointee.instr_ptr = pc - 1
          let sequence = sp[-1].unsafelyUnwrapped
          let before = Int(pc.oparg & 255)
          let after = Int(pc.oparg >> 8)
          sp -= 1
          let filled = Builders.unpack(sequence, sp, before: before, after: after)
          Py_DECREF(sequence)
          if !filled { break dispatch }
          sp += before &+ 1 &+ after
          continue dispatch

        case .formatValue:
          frame.pointee.instr_ptr = pc - 1
          let hasSpec = pc.oparg & 4 != 0
          let spec: Ref? = hasSpec ? sp[-1] : nil
          let value = sp[hasSpec ? -2 : -1].unsafelyUnwrapped
          guard let text = Builders.format(value, spec, conversion: pc.oparg & 3) else {
            break dispatch
          }
          sp = Builders.drop(sp, hasSpec ? 2 : 1)
          sp[0] = text
          sp += 1
          continue dispatch

        // MARK: Control

        case .jumpForward:
          pc += pc.distance
          continue dispatch

        case .jumpAbsolute:
          // Before the jump: what a signal raises belongs to the loop and the blocks it lies in, not
          // to what stands before its first instruction.
          if tstate.pointee.eval_breaker != 0 {
            frame.pointee.instr_ptr = pc - 1
            if !Pending.handle(tstate) { break dispatch }
          }
          pc += pc.distance
          continue dispatch

        case .popJumpIfFalse:
          let value = sp[-1].unsafelyUnwrapped
          if value == trueObject() {
            sp -= 1
            continue dispatch
          }
          if value == falseObject() {
            sp -= 1
            // A loop may jump back by its condition.
            let offset = pc.distance
            if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
            pc += offset
            continue dispatch
          }
          frame.pointee.instr_ptr = pc - 1
          let truth = isTrue(value)
          if truth < 0 { break dispatch }
          sp -= 1
          let offset = truth == 0 ? pc.distance : 0
          Py_DECREF(value)
          if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
          pc += offset
          continue dispatch

        case .popJumpIfTrue:
          let value = sp[-1].unsafelyUnwrapped
          if value == falseObject() {
            sp -= 1
            continue dispatch
          }
          if value == trueObject() {
            sp -= 1
            // A loop may jump back by its condition.
            let offset = pc.distance
            if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
            pc += offset
            continue dispatch
          }
          frame.pointee.instr_ptr = pc - 1
          let truth = isTrue(value)
          if truth < 0 { break dispatch }
          sp -= 1
          let offset = truth != 0 ? pc.distance : 0
          Py_DECREF(value)
          if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
          pc += offset
          continue dispatch

        case .jumpIfFalseOrPop:
          let value = sp[-1].unsafelyUnwrapped
          frame.pointee.instr_ptr = pc - 1
          let truth = isTrue(value)
          if truth < 0 { break dispatch }
          if truth == 0 {
            // No compiler jumps back with it.
            let offset = pc.distance
            if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
            pc += offset
          } else {
            sp -= 1
            Py_DECREF(value)
          }
          continue dispatch

        case .jumpIfTrueOrPop:
          let value = sp[-1].unsafelyUnwrapped
          frame.pointee.instr_ptr = pc - 1
          let truth = isTrue(value)
          if truth < 0 { break dispatch }
          if truth != 0 {
            let offset = pc.distance
            if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
            pc += offset
          } else {
            sp -= 1
            Py_DECREF(value)
          }
          continue dispatch

        case .getIter:
          frame.pointee.instr_ptr = pc - 1
          let iterable = sp[-1].unsafelyUnwrapped
          guard let iterator = PyObject_GetIter(iterable) else { break dispatch }
          sp[-1] = iterator
          Py_DECREF(iterable)
          continue dispatch

        case .forIter:
          let iterator = sp[-1].unsafelyUnwrapped
          let type = iterator.type
          if type == rangeIterType() {
            let range = iterator.view(RangeIteratorLayout.self)
            if range.pointee.left > 0 {
              let value = range.pointee.start
              range.pointee.start = value &+ range.pointee.step
              range.pointee.left &-= 1
              guard let item = makeInt(value) else { break dispatch }
              sp[0] = item
              sp += 1
              continue dispatch
            }
            sp -= 1
            Py_DECREF(iterator)
            pc += pc.distance
            continue dispatch
          }
          if type == listIterType() {
            let state = iterator.view(SequenceIteratorLayout.self)
            if let list = state.pointee.sequence {
              let index = state.pointee.index
              if index < apus_var_size(list) {
                state.pointee.index = index &+ 1
                let item = apus_list_item(list, index)
                Py_INCREF(item)
                sp[0] = item
                sp += 1
                continue dispatch
              }
              state.pointee.sequence = nil
              Py_DECREF(list)
            }
            sp -= 1
            Py_DECREF(iterator)
            pc += pc.distance
            continue dispatch
          }
          if type == tupleIterType() {
            let state = iterator.view(SequenceIteratorLayout.self)
            if let tuple = state.pointee.sequence {
              let index = state.pointee.index
              if index < apus_var_size(tuple) {
                state.pointee.index = index &+ 1
                let item = apus_tuple_item(tuple, index)
                Py_INCREF(item)
                sp[0] = item
                sp += 1
                continue dispatch
              }
              state.pointee.sequence = nil
              Py_DECREF(tuple)
            }
            sp -= 1
            Py_DECREF(iterator)
            pc += pc.distance
            continue dispatch
          }
          if type == generatorType() && !Tracing.isOn(tstate) {
            let generator = iterator.view(PyGenObject.self)
            if generator.pointee.gi_frame_state < Int8(FRAME_EXECUTING) {
              tstate.pointee.py_recursion_remaining &-= 1
              if tstate.pointee.py_recursion_remaining >= 0 {
                // The generator's frame runs right here; its yield comes back to the next line.
                frame.pointee.instr_ptr = pc - 1
                frame.endStack(at: sp)
                let next = apus_gen_frame(iterator)
                Generators.resume(tstate, generator, next, from: frame, sending: noneObject())
                frame = next
                continue activation
              }
              tstate.pointee.py_recursion_remaining &+= 1
            }
          }
          frame.pointee.instr_ptr = pc - 1
          guard let next = type.pointee.tp_iternext else {
            // Somebody has put an iterable in the place of a generator expression's iterator.
            guard let made = PyObject_GetIter(iterator) else { break dispatch }
            sp[-1] = made
            Py_DECREF(iterator)
            pc -= 1
            continue dispatch
          }
          if let item = next(iterator) {
            sp[0] = item
            sp += 1
            continue dispatch
          }
          if Tracing.isOn(tstate), !Tracing.exhausted(tstate, frame, iterator) { break dispatch }
          if tstate.pointee.current_exception != nil && !Generators.endsIteration(tstate) {
            break dispatch
          }
          sp -= 1
          Py_DECREF(iterator)
          pc += pc.distance
          continue dispatch

        case .returnValue:
          sp -= 1
          let result = sp[0].unsafelyUnwrapped
          // A frame object that outlives the frame shows the line of its end.
          frame.pointee.instr_ptr = pc - 1
          if Tracing.isOn(tstate) {
            Frame.noteStack(frame, sp)
            if !Tracing.leave(tstate, frame, result, yields: false) {
              Py_DECREF(result)
              break dispatch
            }
          }
          let caller = frame.pointee.previous
          let flags = frame.pointee.flags
          tstate.pointee.py_recursion_remaining &+= 1
          tstate.pointee.current_frame = caller
          if frame.pointee.owner == CChar(FRAME_OWNED_BY_THREAD) {
            Frame.clearContent(frame, frame.code)
            DataStack.pop(tstate, frame)
          } else {
            Generators.finish(tstate, frame)
            if flags & Frame.enteredFromNative == 0 {
              // A generator that FOR_ITER or YIELD_FROM resumed here is exhausted.
              frame = caller.unsafelyUnwrapped
              sp = frame.locals + Int(frame.pointee.stacktop)
              pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
              let generator = sp[-1].unsafelyUnwrapped
              if QuickOpcode((pc - 1).pointee.opcode) == .yieldFrom {
                sp[-1] = result
              } else {
                pc += pc.distance
                sp -= 1
                Py_DECREF(result)
              }
              Py_DECREF(generator)
              continue dispatch
            }
          }
          if flags & Frame.enteredFromNative != 0 { return result }
          frame = caller.unsafelyUnwrapped
          sp = frame.locals + Int(frame.pointee.stacktop)
          pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
          if flags & Frame.initializesInstance != 0 {
            // The new object is on the stack.
            if result != noneObject() {
              Calls.raiseInitResult(result)
              Py_DECREF(result)
              break dispatch
            }
            continue dispatch
          }
          sp[0] = result
          sp += 1
          continue dispatch

        case .yieldValue:
          sp -= 1
          var value = sp[0].unsafelyUnwrapped
          if frame.code.pointee.co_flags & 0x200 != 0 {
            // An asynchronous generator marks what it yields, to tell it from what it awaits.
            guard let wrapped = Generators.wrap(value) else {
              sp += 1
              break dispatch
            }
            value = wrapped
          }
          if Tracing.isOn(tstate) {
            frame.pointee.instr_ptr = pc - 1
            Frame.noteStack(frame, sp)
            if !Tracing.leave(tstate, frame, value, yields: true) {
              Py_DECREF(value)
              break dispatch
            }
          }
          let caller = frame.pointee.previous
          let isEntry = frame.pointee.flags & Frame.enteredFromNative != 0
          frame.pointee.instr_ptr = pc - 1
          frame.endStack(at: sp)
          Generators.suspend(tstate, frame, FRAME_SUSPENDED)
          tstate.pointee.current_frame = caller
          tstate.pointee.py_recursion_remaining &+= 1
          if isEntry { return value }
          frame = caller.unsafelyUnwrapped
          if QuickOpcode(frame.pointee.instr_ptr.unsafelyUnwrapped.pointee.opcode) == .yieldFrom {
            guard let consumer = Generators.passUp(tstate, frame) else { return value }
            frame = consumer
          }
          pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
          sp = frame.locals + Int(frame.pointee.stacktop)
          sp[0] = value
          sp += 1
          continue dispatch

        case .yieldFrom:
          frame.pointee.instr_ptr = pc - 1
          let value = sp[-1].unsafelyUnwrapped
          let receiver = sp[-2].unsafelyUnwrapped
          if (receiver.type == generatorType() || receiver.type == coroutineType())
            && !Tracing.isOn(tstate)
          {
            let generator = receiver.view(PyGenObject.self)
            let state = generator.pointee.gi_frame_state
            if state < Int8(FRAME_EXECUTING)
              && (state != Int8(FRAME_CREATED) || value == noneObject())
            {
              tstate.pointee.py_recursion_remaining &-= 1
              if tstate.pointee.py_recursion_remaining >= 0 {
                // The delegate runs right here, with the value sent.
                sp -= 1
                frame.endStack(at: sp)
                let next = apus_gen_frame(receiver)
                Generators.resume(tstate, generator, next, from: frame, sending: value)
                Py_DECREF(value)
                frame = next
                continue activation
              }
              tstate.pointee.py_recursion_remaining &+= 1
            }
          }
          guard let (outcome, result) = Generators.send(receiver, value) else { break dispatch }
          Py_DECREF(value)
          sp -= 1
          if outcome == PYGEN_RETURN {
            if Tracing.isOn(tstate), !Tracing.delegateEnded(tstate, frame, receiver, result) {
              Py_DECREF(result)
              break dispatch
            }
            sp[-1] = result
            Py_DECREF(receiver)
            continue dispatch
          }
          // Yield on; the next value sent makes this instruction run again.
          if Tracing.isOn(tstate) {
            Frame.noteStack(frame, sp)
            if !Tracing.leave(tstate, frame, result, yields: true) {
              Py_DECREF(result)
              break dispatch
            }
          }
          frame.endStack(at: sp)
          guard let consumer = Generators.passUp(tstate, frame) else { return result }
          frame = consumer
          pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
          sp = frame.locals + Int(frame.pointee.stacktop)
          sp[0] = result
          sp += 1
          continue dispatch

        case .genStart:
          sp -= 1
          Py_DECREF(sp[0].unsafelyUnwrapped)
          continue dispatch

        case .getYieldFromIter:
          frame.pointee.instr_ptr = pc - 1
          guard let iterator = Generators.yieldFromIterator(sp[-1].unsafelyUnwrapped, frame.code) else {
            break dispatch
          }
          Py_DECREF(sp[-1].unsafelyUnwrapped)
          sp[-1] = iterator
          continue dispatch

        case .getAwaitable:
          frame.pointee.instr_ptr = pc - 1
          guard let iterator = Generators.awaitable(sp[-1].unsafelyUnwrapped, before: pc, frame.code)
          else { break dispatch }
          Py_DECREF(sp[-1].unsafelyUnwrapped)
          sp[-1] = iterator
          continue dispatch

        case .getAiter:
          frame.pointee.instr_ptr = pc - 1
          guard let iterator = Generators.asyncIterator(sp[-1].unsafelyUnwrapped) else {
            break dispatch
          }
          Py_DECREF(sp[-1].unsafelyUnwrapped)
          sp[-1] = iterator
          continue dispatch

        case .getAnext:
          frame.pointee.instr_ptr = pc - 1
          guard let awaitable = Generators.asyncNext(sp[-1].unsafelyUnwrapped) else {
            break dispatch
          }
          sp[0] = awaitable
          sp += 1
          continue dispatch

        case .endAsyncFor:
          // iterator, old exception (3), exception (3)
          if PyErr_GivenExceptionMatches(sp[-1], .stopAsyncIteration) != 0 {
            sp = Builders.drop(sp, 3)
            sp = Unwinding.restoreHandled(tstate, sp)
            sp = Builders.drop(sp, 1)
            continue dispatch
          }
          sp = Unwinding.reraise(tstate, sp)
          isReraise = true
          break dispatch

        case .beforeAsyncWith:
          frame.pointee.instr_ptr = pc - 1
          if !Generators.enterAsyncWith(sp) { break dispatch }
          sp += 1
          continue dispatch

        case .setupAsyncWith:
          continue dispatch

        // MARK: Blocks and exceptions

        case .setupWith:
          frame.pointee.instr_ptr = pc - 1
          if !Builders.enterWith(sp) { break dispatch }
          sp += 1
          continue dispatch

        case .popExcept:
          sp = Unwinding.restoreHandled(tstate, sp)
          continue dispatch

        case .reraise:
          sp = Unwinding.reraise(tstate, sp)
          isReraise = true
          restoresPlace = pc.oparg != 0
          break dispatch

        case .reraiseValue:
          sp -= 1
          Unwinding.reraise(sp[0].unsafelyUnwrapped)
          isReraise = true
          break dispatch

        case .raiseVarargs:
          frame.pointee.instr_ptr = pc - 1
          let outcome = Unwinding.raise(tstate, sp, pc.oparg)
          sp -= Int(Swift.min(pc.oparg, 2))
          if outcome == .reraised { isReraise = true }
          break dispatch

        case .jumpIfNotExcMatch:
          let pattern = sp[-1].unsafelyUnwrapped
          let raised = sp[-2].unsafelyUnwrapped
          frame.pointee.instr_ptr = pc - 1
          let matched = Unwinding.matches(raised, pattern)
          if matched < 0 { break dispatch }
          sp -= 2
          let offset = matched == 0 ? pc.distance : 0
          Py_DECREF(raised)
          Py_DECREF(pattern)
          if !Pending.settle(tstate, frame, pc, beforeJump: offset) { break dispatch }
          pc += offset
          continue dispatch

        case .withExceptStart:
          frame.pointee.instr_ptr = pc - 1
          guard let result = Builders.callExit(sp) else { break dispatch }
          sp[0] = result
          sp += 1
          continue dispatch

        case .checkEgMatch:
          frame.pointee.instr_ptr = pc - 1
          if !ExceptStar.match(tstate, sp) { break dispatch }
          continue dispatch

        case .prepReraiseStar:
          frame.pointee.instr_ptr = pc - 1
          if !ExceptStar.prepareReraise(sp) { break dispatch }
          sp -= 1
          continue dispatch

        // MARK: Calls

        case .callPythonExact:
          let cache = (pc - 1).inlineCache
          let count = pc.argument
          if let function = Calls.exactFunction(sp[-1 - count], count, cache) {
            guard let next = Calls.pushExact(tstate, function, &sp, count, cache) else { break dispatch }
            if Frame.enter(tstate, next, from: &frame, &sp, &pc) { continue dispatch }
            entering = true
            continue activation
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callMethodPythonExact:
          let cache = (pc - 1).inlineCache
          let count = pc.argument &+ 1
          if let function = Calls.exactFunction(sp[-1 - count], count, cache) {
            guard let next = Calls.pushExact(tstate, function, &sp, count, cache) else { break dispatch }
            if Frame.enter(tstate, next, from: &frame, &sp, &pc) { continue dispatch }
            entering = true
            continue activation
          }
          Specializer.deoptimize(pc - 1, .callMethod)
          pc -= 1
          continue dispatch

        case .callClassInit:
          let cache = (pc - 1).inlineCache
          let count = pc.argument
          let callable = sp[-1 - count].unsafelyUnwrapped
          if callable.type == typeType()
            && callable.asType.pointee.tp_version_tag == cache.pointee.version,
            let initializer = cache.pointee.object
          {
            let function = initializer.view(PyFunctionObject.self)
            if function.pointee.func_version == cache.pointee.keys_version {
              frame.pointee.instr_ptr = pc - 1
              guard let object = PyType_GenericAlloc(callable.asType, 0) else { break dispatch }
              let callee = Frame.codeOf(function)
              guard let next = Calls.pushSimple(tstate, function, callee) else {
                Py_DECREF(object)
                break dispatch
              }
              next.pointee.flags = Frame.initializesInstance
              Py_INCREF(initializer)
              Py_INCREF(object)
              next.locals[0] = object
              sp -= count
              Calls.move(sp, count, to: next.locals + 1)
              if cache.pointee.index != 0 {
                Calls.fillDefaults(function, next.locals, count &+ 1, Int(cache.pointee.index))
              }
              sp[-1] = object
              Py_DECREF(callable)
              if Frame.enter(tstate, next, from: &frame, &sp, &pc) { continue dispatch }
              entering = true
              continue activation
            }
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callSuperMethod:
          // `super().name`: the call and the LOAD_METHOD behind it.
          let cache = (pc - 1).inlineCache
          if sp[-1] == superType().object, let receiver = frame.locals[0],
            let cell = frame.locals[Int(cache.pointee.index)],
            let type = cell.view(PyCellObject.self).pointee.ob_ref,
            let method = Specializer.superMethod(type, receiver, cache, frame, pc)
          {
            Py_INCREF(method)
            Py_INCREF(receiver)
            sp[-1] = method
            sp[0] = receiver
            sp += 1
            pc += 1
            Py_DECREF(superType().object)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callSuperMethodOf:
          // The same for `super(type, receiver).name`.
          let cache = (pc - 1).inlineCache
          if sp[-3] == superType().object, pc.argument == 2, let type = sp[-2],
            let receiver = sp[-1],
            let method = Specializer.superMethod(type, receiver, cache, frame, pc)
          {
            Py_INCREF(method)
            sp[-3] = method
            sp[-2] = receiver
            sp -= 1
            pc += 1
            Py_DECREF(type)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callBuiltinFast:
          let count = pc.argument
          let callable = sp[-1 - count].unsafelyUnwrapped
          if callable.type == builtinFunctionType() {
            let function = callable.view(PyCFunctionObject.self)
            if function.pointee.m_ml.pointee.ml_flags == METH_FASTCALL {
              frame.pointee.instr_ptr = pc - 1
              let body = unsafeBitCast(
                function.pointee.m_ml.pointee.ml_meth, to: Calls.FastFunction.self)
              let arguments = UnsafeRawPointer(sp - count).assumingMemoryBound(to: Ref.self)
              guard let result = body(function.pointee.m_self, arguments, count) else {
                break dispatch
              }
              sp = Builders.drop(sp, count)
              sp[-1] = result
              Py_DECREF(callable)
              if tstate.pointee.eval_breaker != 0 && !Pending.handle(tstate) { break dispatch }
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callBuiltinO:
          let callable = sp[-2].unsafelyUnwrapped
          if callable.type == builtinFunctionType() && pc.oparg == 1 {
            let function = callable.view(PyCFunctionObject.self)
            if function.pointee.m_ml.pointee.ml_flags == METH_O {
              frame.pointee.instr_ptr = pc - 1
              let argument = sp[-1].unsafelyUnwrapped
              let body = unsafeBitCast(
                function.pointee.m_ml.pointee.ml_meth, to: Calls.OneArgument.self)
              guard let result = body(function.pointee.m_self, argument) else { break dispatch }
              sp -= 1
              sp[-1] = result
              Py_DECREF(argument)
              Py_DECREF(callable)
              if tstate.pointee.eval_breaker != 0 {
                if !Pending.handle(tstate) { break dispatch }
              }
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callTypeOne:
          let callable = sp[-2].unsafelyUnwrapped
          if callable == typeType().object && pc.oparg == 1 {
            let argument = sp[-1].unsafelyUnwrapped
            let type = argument.type.object
            Py_INCREF(type)
            sp -= 1
            sp[-1] = type
            Py_DECREF(argument)
            continue dispatch
          }
          Specializer.deoptimize(pc - 1, .callFunction)
          pc -= 1
          continue dispatch

        case .callFunction:
          frame.pointee.instr_ptr = pc - 1
          let count = pc.argument
          let callable = sp[-1 - count].unsafelyUnwrapped
          if Specializer.shouldTry(pc - 1) {
            Specializer.call(callable, count, frame, sp, pc - 1)
          }
          if !Tracing.isOn(tstate),
            let (function, arguments) = Calls.pythonFunction(callable, sp - count)
          {
            let outcome = Calls.push(tstate, function, arguments, sp - arguments, names: nil)
            sp -= count &+ 1
            switch outcome {
            case .frame(let next):
              frame.endStack(at: sp)
              frame = next
              entering = true
              continue activation
            case .result(let generator):
              sp[0] = generator
              sp += 1
              continue dispatch
            case .failed:
              break dispatch
            }
          }
          guard let result = Calls.vector(callable, sp - count, count, names: nil) else {
            break dispatch
          }
          sp = Builders.drop(sp, count &+ 1)
          sp[0] = result
          sp += 1
          if tstate.pointee.eval_breaker != 0 {
            if !Pending.handle(tstate) { break dispatch }
          }
          continue dispatch

        case .callMethodNoargs:
          if let callable = sp[-2], callable.type == methodDescrType(), pc.oparg == 0 {
            let descriptor = callable.view(PyMethodDescrObject.self)
            let receiver = sp[-1].unsafelyUnwrapped
            if descriptor.pointee.d_method.pointee.ml_flags == METH_NOARGS
              && receiver.type == descriptor.pointee.d_common.d_type
            {
              frame.pointee.instr_ptr = pc - 1
              let body = unsafeBitCast(
                descriptor.pointee.d_method.pointee.ml_meth, to: Calls.NoArguments.self)
              guard let result = body(receiver, nil) else { break dispatch }
              sp -= 1
              sp[-1] = result
              Py_DECREF(receiver)
              Py_DECREF(callable)
              if tstate.pointee.eval_breaker != 0 {
                if !Pending.handle(tstate) { break dispatch }
              }
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callMethod)
          pc -= 1
          continue dispatch

        case .callMethodListAppend:
          if let callable = sp[-3], callable.type == methodDescrType(), pc.oparg == 1 {
            let cache = (pc - 1).inlineCache
            let receiver = sp[-2].unsafelyUnwrapped
            if callable == cache.pointee.object && receiver.isExactList {
              let item = sp[-1].unsafelyUnwrapped
              if !Builders.append(receiver, taking: item) {
                sp -= 1
                break dispatch
              }
              sp -= 2
              sp[-1] = noneObject()
              Py_DECREF(receiver)
              Py_DECREF(callable)
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callMethod)
          pc -= 1
          continue dispatch

        case .callMethodO:
          if let callable = sp[-3], callable.type == methodDescrType(), pc.oparg == 1 {
            let descriptor = callable.view(PyMethodDescrObject.self)
            let receiver = sp[-2].unsafelyUnwrapped
            if descriptor.pointee.d_method.pointee.ml_flags == METH_O
              && receiver.type == descriptor.pointee.d_common.d_type
            {
              frame.pointee.instr_ptr = pc - 1
              let body = unsafeBitCast(
                descriptor.pointee.d_method.pointee.ml_meth, to: Calls.OneArgument.self)
              let argument = sp[-1].unsafelyUnwrapped
              guard let result = body(receiver, argument) else { break dispatch }
              sp -= 2
              sp[-1] = result
              Py_DECREF(argument)
              Py_DECREF(receiver)
              Py_DECREF(callable)
              if tstate.pointee.eval_breaker != 0 {
                if !Pending.handle(tstate) { break dispatch }
              }
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callMethod)
          pc -= 1
          continue dispatch

        case .callMethodFast:
          let count = pc.argument
          if let callable = sp[-2 - count], callable.type == methodDescrType() {
            let descriptor = callable.view(PyMethodDescrObject.self)
            let receiver = sp[-1 - count].unsafelyUnwrapped
            let flags = descriptor.pointee.d_method.pointee.ml_flags
            if receiver.type == descriptor.pointee.d_common.d_type
              && (flags == METH_FASTCALL || flags == METH_FASTCALL | METH_KEYWORDS)
            {
              let arguments = UnsafeRawPointer(sp - count).assumingMemoryBound(to: Ref.self)
              frame.pointee.instr_ptr = pc - 1
              var result: Ref?
              if flags == METH_FASTCALL {
                let body = unsafeBitCast(
                  descriptor.pointee.d_method.pointee.ml_meth, to: Calls.Fast.self)
                result = body(receiver, arguments, count)
              } else {
                let body = unsafeBitCast(
                  descriptor.pointee.d_method.pointee.ml_meth, to: Calls.FastKeywords.self)
                result = body(receiver, arguments, count, nil)
              }
              guard let result else { break dispatch }
              sp = Builders.drop(sp, count &+ 2)
              sp[0] = result
              sp += 1
              if tstate.pointee.eval_breaker != 0 {
                if !Pending.handle(tstate) { break dispatch }
              }
              continue dispatch
            }
          }
          Specializer.deoptimize(pc - 1, .callMethod)
          pc -= 1
          continue dispatch

        case .callMethod:
          frame.pointee.instr_ptr = pc - 1
          let hasSelf = sp[-2 - pc.argument] != nil
          let count = hasSelf ? pc.argument &+ 1 : pc.argument
          let callable = sp[-1 - count].unsafelyUnwrapped
          if hasSelf && Specializer.shouldTry(pc - 1) {
            Specializer.callMethod(callable, sp[-count].unsafelyUnwrapped, count, pc - 1)
          }
          if !Tracing.isOn(tstate),
            let (function, arguments) = Calls.pythonFunction(callable, sp - count)
          {
            let outcome = Calls.push(tstate, function, arguments, sp - arguments, names: nil)
            sp -= pc.argument &+ 2
            switch outcome {
            case .frame(let next):
              frame.endStack(at: sp)
              frame = next
              entering = true
              continue activation
            case .result(let generator):
              sp[0] = generator
              sp += 1
              continue dispatch
            case .failed:
              break dispatch
            }
          }
          guard let result = Calls.vector(callable, sp - count, count, names: nil) else {
            break dispatch
          }
          sp = Builders.dropOptional(sp, pc.argument &+ 2)
          sp[0] = result
          sp += 1
          if tstate.pointee.eval_breaker != 0 {
            if !Pending.handle(tstate) { break dispatch }
          }
          continue dispatch

        case .callPythonKeywords:
          let names = sp[-1].unsafelyUnwrapped
          let total = pc.argument
          if let next = KeywordCalls.push(
            tstate, sp - 1 - total, total, names, (pc - 1).inlineCache)
          {
            Py_DECREF(names)
            sp -= total &+ 2
            if Frame.enter(tstate, next, from: &frame, &sp, &pc) { continue dispatch }
            entering = true
            continue activation
          }
          if tstate.pointee.current_exception != nil { break dispatch }
          Specializer.deoptimize(pc - 1, .callFunctionKw)
          pc -= 1
          continue dispatch

        case .callFunctionKw:
          frame.pointee.instr_ptr = pc - 1
          let names = sp[-1].unsafelyUnwrapped
          let total = pc.argument
          let callable = sp[-2 - total].unsafelyUnwrapped
          let positional = total &- apus_var_size(names)
          if Specializer.shouldTry(pc - 1) {
            KeywordCalls.specialize(callable, positional, names, pc - 1)
          }
          if !Tracing.isOn(tstate),
            let (function, arguments) = Calls.pythonFunction(callable, sp - 1 - total)
          {
            let given = sp - 1 - arguments &- apus_var_size(names)
            let outcome = Calls.push(tstate, function, arguments, given, names: names)
            Py_DECREF(names)
            sp -= total &+ 2
            switch outcome {
            case .frame(let next):
              frame.endStack(at: sp)
              frame = next
              entering = true
              continue activation
            case .result(let generator):
              sp[0] = generator
              sp += 1
              continue dispatch
            case .failed:
              break dispatch
            }
          }
          if callable.type == builtinFunctionType(), KeywordRefusal.refuses(callable) {
            break dispatch
          }
          guard let result = Calls.vector(callable, sp - 1 - total, positional, names: names)
          else { break dispatch }
          sp = Builders.drop(sp, total &+ 2)
          sp[0] = result
          sp += 1
          if tstate.pointee.eval_breaker != 0 {
            if !Pending.handle(tstate) { break dispatch }
          }
          continue dispatch

        case .callFunctionEx:
          frame.pointee.instr_ptr = pc - 1
          let hasKeywords = pc.oparg & 1 != 0
          let outcome = Calls.spread(tstate, sp, hasKeywords: hasKeywords)
          if case .failed = outcome { break dispatch }
          sp = Builders.drop(sp, hasKeywords ? 3 : 2)
          if case .frame(let next) = outcome {
            frame.endStack(at: sp)
            frame = next
            entering = true
            continue activation
          }
          guard case .result(let result) = outcome else { break dispatch }
          sp[0] = result
          sp += 1
          if tstate.pointee.eval_breaker != 0 {
            if !Pending.handle(tstate) { break dispatch }
          }
          continue dispatch

        case .makeFunction:
          guard let (function, left) = Calls.makeFunction(frame, sp, pc.oparg) else {
            break dispatch
          }
          sp = left
          sp[0] = function
          sp += 1
          continue dispatch

        // MARK: Imports and the rest

        case .importName:
          frame.pointee.instr_ptr = pc - 1
          let names = sp[-1].unsafelyUnwrapped
          let level = sp[-2].unsafelyUnwrapped
          guard
            let module = Imports.name(
              frame, apus_tuple_item(frame.code.pointee.co_names, pc.argument), names, level)
          else { break dispatch }
          sp -= 1
          sp[-1] = module
          Py_DECREF(names)
          Py_DECREF(level)
          continue dispatch

        case .importFrom:
          frame.pointee.instr_ptr = pc - 1
          guard
            let value = Imports.from(
              sp[-1].unsafelyUnwrapped, apus_tuple_item(frame.code.pointee.co_names, pc.argument))
          else { break dispatch }
          sp[0] = value
          sp += 1
          continue dispatch

        case .importStar:
          frame.pointee.instr_ptr = pc - 1
          if !Imports.star(frame, sp[-1].unsafelyUnwrapped) { break dispatch }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .setupAnnotations:
          frame.pointee.instr_ptr = pc - 1
          if !Names.setupAnnotations(frame) { break dispatch }
          continue dispatch

        case .printExpr:
          frame.pointee.instr_ptr = pc - 1
          if !Names.display(sp[-1].unsafelyUnwrapped) { break dispatch }
          sp = Builders.drop(sp, 1)
          continue dispatch

        case .getLen:
          frame.pointee.instr_ptr = pc - 1
          let length = PyObject_Size(sp[-1].unsafelyUnwrapped)
          guard length >= 0, let result = PyLong_FromSsize_t(length) else { break dispatch }
          sp[0] = result
          sp += 1
          continue dispatch

        case .matchMapping:
          sp[0] = boolObject(sp[-1].unsafelyUnwrapped.has(UInt(Py_TPFLAGS_MAPPING)))
          sp += 1
          continue dispatch

        case .matchSequence:
          sp[0] = boolObject(sp[-1].unsafelyUnwrapped.has(UInt(Py_TPFLAGS_SEQUENCE)))
          sp += 1
          continue dispatch

        case .matchKeys:
          frame.pointee.instr_ptr = pc - 1
          if !Matching.keys(sp) { break dispatch }
          sp += 2
          continue dispatch

        case .matchClass:
          frame.pointee.instr_ptr = pc - 1
          if !Matching.classPattern(sp, pc.argument) { break dispatch }
          sp -= 1
          continue dispatch

        case .copyDictWithoutKeys:
          frame.pointee.instr_ptr = pc - 1
          if !Matching.copyWithoutKeys(sp) { break dispatch }
          continue dispatch

        case .callIntrinsic1:
          frame.pointee.instr_ptr = pc - 1
          if !Intrinsics.one(pc.oparg, sp) { break dispatch }
          continue dispatch

        case .callIntrinsic2:
          frame.pointee.instr_ptr = pc - 1
          if !Intrinsics.two(pc.oparg, sp) { break dispatch }
          sp -= 1
          continue dispatch

        }

        frame.pointee.instr_ptr = pc - 1
        if !binaryOperator(QuickOpcode((pc - 1).pointee.opcode), sp) { break dispatch }
        sp -= 1
        continue dispatch
      }
    }

    // MARK: Unwinding: an exception is set

    if failed, Tracing.isOn(tstate), throwFlag != 0, frame == entry { Tracing.thrown(tstate, frame) }
    failed = false
    while true {
      frame.pointee.instr_ptr = pc - 1
      if !isReraise { Unwinding.addTraceback(tstate, frame, frame.code) }
      if Tracing.isOn(tstate) { Tracing.exception(tstate, frame, isReraise: isReraise) }
      isReraise = false
      if Unwinding.enterHandler(tstate, frame, frame.code, sp) {
        restoresPlace = false
        if Tracing.isOn(tstate), !Tracing.handled(tstate, frame) {
          // Another exception comes out of the handler instead.
          pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
          sp = frame.locals + Int(frame.pointee.stacktop)
          continue
        }
        continue activation
      }
      // No handler in this frame: it ends, and its caller goes on unwinding.
      if restoresPlace {
        restoresPlace = false
        Unwinding.restorePlace(tstate, frame, frame.code)
      }
      if Tracing.isOn(tstate) { Tracing.unwind(tstate, frame) }
      let caller = frame.pointee.previous
      let isEntry = frame.pointee.flags & Frame.enteredFromNative != 0
      tstate.pointee.py_recursion_remaining &+= 1
      tstate.pointee.current_frame = caller
      if frame.pointee.owner == CChar(FRAME_OWNED_BY_GENERATOR) {
        Generators.finishRaised(tstate, frame)
      } else {
        Frame.clear(tstate, frame)
      }
      if isEntry { return nil }
      frame = caller.unsafelyUnwrapped
      sp = frame.locals + Int(frame.pointee.stacktop)
      pc = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
    }
  }
}
