import CPythonABI

/// Collects everything; 0 when the collector is switched off.
@c @implementation
public func PyGC_Collect() -> Int {
  if apus_tstate().pointee.interp.pointee.gc.enabled == 0 { return 0 }
  let pending = PyErr_GetRaisedException()
  let found = Collector.collect(Collector.generationCount - 1, .manual)
  PyErr_SetRaisedException(pending)
  return found
}

@c @implementation
public func PyGC_Enable() -> Int32 { switchCollector(1) }

@c @implementation
public func PyGC_Disable() -> Int32 { switchCollector(0) }

/// Returns whether the collector was on.
private func switchCollector(_ on: Int32) -> Int32 {
  let interpreter = apus_tstate().pointee.interp
  let before = interpreter.pointee.gc.enabled
  interpreter.pointee.gc.enabled = on
  return before
}

@c @implementation
public func PyGC_IsEnabled() -> Int32 { apus_tstate().pointee.interp.pointee.gc.enabled }

@c @implementation
public func _Py_RunGC(_ thread: UnsafeMutablePointer<PyThreadState>) {
  thread.pointee.eval_breaker &= ~UInt(APUS_BREAK_GC)
  Collector.collect(nil, .heap)
}

/// Shows every tracked object to `visit` until it answers 0.
@c @implementation
public func PyUnstable_GC_VisitObjects(
  _ visit: @convention(c) (Ref, UnsafeMutableRawPointer?) -> Int32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let interpreter = apus_tstate().pointee.interp
  let enabled = interpreter.pointee.gc.enabled
  interpreter.pointee.gc.enabled = 0
  defer { interpreter.pointee.gc.enabled = enabled }
  for number in 0..<Collector.generationCount {
    let list = Collector.generation(interpreter, number)
    var node = list.next
    while node != list {
      let object = node.object.retained()
      if visit(object.ref, argument) == 0 { return 0 }
      node = node.next
    }
  }
  return 0
}

extension Collector {
  /// `gc.collect(generation)`
  public static func collect(generation: Int) -> Int { collect(generation, .manual) }

  /// The last collection of an interpreter, without callbacks.
  public static func collectAtShutdown() { collect(generationCount - 1, .shutdown) }

  /// Takes every object out of the lists of an interpreter that ends: the list heads go with it.
  static func abandonAll(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    unfreeze()
    for number in 0..<generationCount {
      let list = generation(interpreter, number)
      while !list.isEmptyList { apus_gc_untrack(list.next.object) }
    }
  }

  /// `gc.get_objects(generation)`; nil is all three.
  public static func objects(generation number: Int?) throws(Raised) -> Owned {
    let interpreter = apus_tstate().pointee.interp
    let result = try own(PyList_New(0))
    for each in 0..<generationCount where number == nil || number == each {
      let list = generation(interpreter, each)
      var node = list.next
      while node != list {
        if node.object != result.ref { try check(PyList_Append(result.ref, node.object)) }
        node = node.next
      }
    }
    return result
  }

  private static let isAmong: visitproc = { object, argument in
    guard let argument else { return 0 }
    let tuple = argument.assumingMemoryBound(to: PyObject.self)
    for index in 0..<apus_var_size(tuple) where apus_tuple_item(tuple, index) == object {
      return 1
    }
    return 0
  }

  /// `gc.get_referrers(*objects)`
  public static func referrers(_ objects: Ref) throws(Raised) -> Owned {
    let interpreter = apus_tstate().pointee.interp
    let result = try own(PyList_New(0))
    for number in 0..<generationCount {
      let list = generation(interpreter, number)
      var node = list.next
      while node != list {
        let object = node.object
        if object != objects && object != result.ref,
          let traverse = object.type.pointee.tp_traverse,
          traverse(object, isAmong, UnsafeMutableRawPointer(objects)) != 0
        {
          try check(PyList_Append(result.ref, object))
        }
        node = node.next
      }
    }
    return result
  }

  private static let appendReference: visitproc = { object, argument in
    guard let argument else { return 0 }
    return PyList_Append(argument.assumingMemoryBound(to: PyObject.self), object) < 0 ? 1 : 0
  }

  /// `gc.get_referents(*objects)`
  public static func referents(_ objects: Ref) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    for index in 0..<apus_var_size(objects) {
      let object = apus_tuple_item(objects, index)
      guard PyObject_IS_GC(object) != 0, let traverse = object.type.pointee.tp_traverse else {
        continue
      }
      if traverse(object, appendReference, UnsafeMutableRawPointer(result.ref)) != 0 {
        throw Raised()
      }
    }
    return result
  }

  /// `gc.freeze()`: everything tracked goes to the permanent generation.
  public static func freeze() {
    let interpreter = apus_tstate().pointee.interp
    let permanent = apus_gc_permanent(interpreter)
    for number in 0..<generationCount {
      permanent.merge(generation(interpreter, number))
      apus_gc_generation(interpreter, Int32(number)).pointee.count = 0
    }
  }

  /// `gc.unfreeze()`: and back into the oldest.
  public static func unfreeze() {
    let interpreter = apus_tstate().pointee.interp
    generation(interpreter, generationCount - 1).merge(apus_gc_permanent(interpreter))
  }

  /// `gc.get_freeze_count()`
  public static var frozenCount: Int {
    apus_gc_permanent(apus_tstate().pointee.interp).listCount
  }
}
