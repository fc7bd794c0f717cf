import CPythonABI
import Glibc

/// The cyclic garbage collector: three generations; what is unreachable is found by subtracting
/// the references that come from inside a generation.
///
/// CPython: Python/gc.c of 3.13, Documentation/garbage-collector.md.
///
///     update references -> subtract internal ones -> move what is left at zero aside ->
///     legacy finalisers -> weak references and their callbacks -> finalisers (PEP 442) ->
///     look again for what was resurrected -> tp_clear
public enum Collector {
  static let generationCount = 3

  /// Why a collection runs.
  enum Reason { case heap, manual, shutdown }

  /// `gc.set_debug` flags.
  enum Debug {
    static let stats: Int32 = 1
    static let collectable: Int32 = 2
    static let uncollectable: Int32 = 4
    static let saveAll: Int32 = 32
  }

  /// Makes the lists and thresholds of a new interpreter; before its first object.
  public static func initialize(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    for number in 0..<generationCount {
      let generation = apus_gc_generation(interpreter, Int32(number))
      head(generation).initializeList()
      generation.pointee.count = 0
      generation.pointee.threshold = number == 0 ? 2000 : 10
      apus_gc_stats(interpreter, Int32(number)).pointee =
        ApusGCStats(collections: 0, collected: 0, uncollectable: 0)
    }
    apus_gc_permanent(interpreter).initializeList()
    interpreter.pointee.gc.enabled = 1
  }

  /// The sentinel of a generation: its first field.
  @inline(__always)
  static func head(_ generation: UnsafeMutablePointer<ApusGCGeneration>) -> GcHead {
    UnsafeMutableRawPointer(generation).assumingMemoryBound(to: PyGC_Head.self)
  }

  @inline(__always)
  static func generation(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ number: Int
  ) -> GcHead {
    head(apus_gc_generation(interpreter, Int32(number)))
  }

  /// The oldest generation that is due, nil when none is. The last one waits until the objects
  /// that survived since are a quarter of all.
  private static func dueGeneration(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>
  ) -> Int? {
    for number in (0..<generationCount).reversed() {
      let generation = apus_gc_generation(interpreter, Int32(number))
      guard generation.pointee.count > generation.pointee.threshold else { continue }
      if number == generationCount - 1
        && interpreter.pointee.gc.long_lived_pending < interpreter.pointee.gc.long_lived_total / 4
      {
        continue
      }
      return number
    }
    return nil
  }

  /// Collects a generation and the younger ones; nil picks the one that is due. Returns how many
  /// unreachable objects were found, uncollectable ones included.
  @discardableResult
  static func collect(_ chosen: Int?, _ reason: Reason) -> Int {
    let thread = apus_tstate()
    let interpreter = thread.pointee.interp
    if interpreter.pointee.gc.collecting != 0 { return 0 }
    if reason == .heap && interpreter.pointee.gc.enabled == 0 { return 0 }
    guard let number = chosen ?? dueGeneration(interpreter) else { return 0 }
    interpreter.pointee.gc.collecting = 1
    defer { interpreter.pointee.gc.collecting = 0 }

    if reason != .shutdown { invokeCallbacks("start", number, 0, 0) }
    let debug = interpreter.pointee.gc.debug
    var started = timespec()
    if debug & Debug.stats != 0 {
      clock_gettime(CLOCK_MONOTONIC, &started)
      writeToStderr("gc: collecting generation \(number)...\n")
      showGenerations(interpreter)
    }

    if number + 1 < generationCount {
      apus_gc_generation(interpreter, Int32(number + 1)).pointee.count &+= 1
    }
    for younger in 0...number { apus_gc_generation(interpreter, Int32(younger)).pointee.count = 0 }
    let young = generation(interpreter, number)
    for younger in 0..<number { young.merge(generation(interpreter, younger)) }
    let old = number + 1 < generationCount ? generation(interpreter, number + 1) : young

    var counts = (collected: 0, uncollectable: 0)
    withList { unreachable in
      Unreachable.deduce(young, unreachable)
      untrackTuples(young)
      if young != old {
        if number == generationCount - 2 {
          interpreter.pointee.gc.long_lived_pending += young.listCount
        }
        old.merge(young)
      } else {
        untrackDicts(young)
        interpreter.pointee.gc.long_lived_pending = 0
        interpreter.pointee.gc.long_lived_total = young.listCount
      }
      counts = dispose(interpreter, unreachable, old, debug)
    }
    if number == generationCount - 1 { FreeLists.clear() }

    if debug & Debug.stats != 0 {
      var ended = timespec()
      clock_gettime(CLOCK_MONOTONIC, &ended)
      let elapsed =
        Double(ended.tv_sec - started.tv_sec) + Double(ended.tv_nsec - started.tv_nsec) * 1e-9
      let total = counts.collected + counts.uncollectable
      let tenths = Int(elapsed * 10_000)
      writeToStderr(
        "gc: done, \(total) unreachable, \(counts.uncollectable) uncollectable, "
          + "\(tenths / 10_000).\(String(10_000 + tenths % 10_000).dropFirst())s elapsed\n")
    }
    if hasRaised() {
      if reason == .shutdown { PyErr_Clear() } else { PyErr_WriteUnraisable(nil) }
    }
    let stats = apus_gc_stats(interpreter, Int32(number))
    stats.pointee.collections += 1
    stats.pointee.collected += counts.collected
    stats.pointee.uncollectable += counts.uncollectable
    if reason != .shutdown {
      invokeCallbacks("stop", number, counts.collected, counts.uncollectable)
    }
    return counts.collected + counts.uncollectable
  }

  /// Runs `body` with an empty list.
  private static func withList(_ body: (GcHead) -> Void) {
    var sentinel = PyGC_Head()
    withUnsafeMutablePointer(to: &sentinel) {
      $0.initializeList()
      body($0)
    }
  }

  /// Gets rid of the unreachable objects: how many went, and how many could not.
  private static func dispose(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ unreachable: GcHead, _ old: GcHead,
    _ debug: Int32
  ) -> (collected: Int, uncollectable: Int) {
    var collected = 0
    var uncollectable = 0
    withList { finalizers in
      Unreachable.moveLegacyFinalizers(unreachable, finalizers)
      if debug & Debug.collectable != 0 { show("collectable", unreachable) }
      collected += clearWeakrefs(unreachable, old)
      runFinalizers(unreachable)
      withList { still in
        Unreachable.clearMarks(unreachable)
        Unreachable.deduce(unreachable, still)
        Unreachable.clearUnreachableMarks(still)
        old.merge(unreachable)
        collected += still.listCount
        delete(interpreter, still, old)
      }
      uncollectable = finalizers.listCount
      if debug & Debug.uncollectable != 0 { show("uncollectable", finalizers) }
      keepLegacyFinalizers(interpreter, finalizers, old)
    }
    return (collected, uncollectable)
  }

  // MARK: Untracking

  /// Tuples of atomic values cannot be part of cycles.
  private static func untrackTuples(_ list: GcHead) {
    var node = list.next
    while node != list {
      let next = node.next
      let object = node.object
      if object.isExactTuple && !holdsTracked(tuple: object) { apus_gc_untrack(object) }
      node = next
    }
  }

  private static func holdsTracked(tuple: Ref) -> Bool {
    let items = apus_tuple_items(tuple)
    for index in 0..<apus_var_size(tuple) {
      // A tuple under construction.
      guard let item = items[index] else { return true }
      if mayBeTracked(item) { return true }
    }
    return false
  }

  private static func untrackDicts(_ list: GcHead) {
    var node = list.next
    while node != list {
      let next = node.next
      let object = node.object
      if object.isExactDict && !holdsTracked(dict: object) { apus_gc_untrack(object) }
      node = next
    }
  }

  private static func holdsTracked(dict: Ref) -> Bool {
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(dict, &position, &key, &value) != 0 {
      if let value, mayBeTracked(value) { return true }
      if let key, mayBeTracked(key) { return true }
    }
    return false
  }

  // MARK: Weak references, finalisers, clearing

  /// A weak reference, of a class of its own perhaps, or a weak proxy.
  @inline(__always) private static func isWeakReference(_ type: TypeRef) -> Bool {
    if type == weakProxyType() || type == weakCallableProxyType() { return true }
    // The layout comes down the line of first bases.
    var base: TypeRef? = type
    while let known = base {
      if known == weakrefType() { return true }
      base = known.pointee.tp_base
    }
    return false
  }

  /// Clears the weak references to unreachable objects and calls the callbacks of those that are
  /// reachable themselves. Returns how many weak references died of it.
  private static func clearWeakrefs(_ unreachable: GcHead, _ old: GcHead) -> Int {
    var freed = 0
    withList { pending in
      var node = unreachable.next
      while node != unreachable {
        let next = node.next
        let object = node.object
        // A callback of a weak reference that is trash itself is never called.
        if isWeakReference(object.type) { WeakReferences.clearKeepingCallback(object) }
        if let list = WeakReferences.list(of: object) {
          while let reference = list.pointee {
            let its = UnsafeMutableRawPointer(reference).assumingMemoryBound(to: PyObject.self)
            WeakReferences.clearKeepingCallback(its)
            guard reference.pointee.wr_callback != nil else { continue }
            let header = _Py_AS_GC(its)
            if header.isCollecting { continue }
            Py_INCREF(its)
            pending.take(header)
          }
        }
        node = next
      }
      while !pending.isEmptyList {
        let header = pending.next
        let reference = header.object
        if let callback = reference.view(PyWeakReference.self).pointee.wr_callback {
          if let result = PyObject_CallOneArg(callback, reference) {
            Py_DECREF(result)
          } else {
            PyErr_WriteUnraisable(callback)
          }
        }
        Py_DECREF(reference)
        if pending.next == header { old.take(header) } else { freed += 1 }
      }
    }
    return freed
  }

  /// Calls each `tp_finalize` that has not run yet.
  private static func runFinalizers(_ collectable: GcHead) {
    withList { seen in
      while !collectable.isEmptyList {
        let node = collectable.next
        seen.take(node)
        let object = node.object
        guard node.pointee._gc_prev & GcMark.finalized == 0,
          let finalize = object.type.pointee.tp_finalize
        else { continue }
        node.pointee._gc_prev |= GcMark.finalized
        Py_INCREF(object)
        finalize(object)
        Py_DECREF(object)
      }
      collectable.merge(seen)
    }
  }

  /// Breaks the cycles: `tp_clear` of each object that is still there.
  private static func delete(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ collectable: GcHead, _ old: GcHead
  ) {
    while !collectable.isEmptyList {
      let node = collectable.next
      let object = node.object
      if interpreter.pointee.gc.debug & Debug.saveAll != 0 {
        keep(interpreter, object)
      } else if let clear = object.type.pointee.tp_clear {
        Py_INCREF(object)
        _ = clear(object)
        if hasRaised() { PyErr_WriteUnraisable(object.type.object) }
        Py_DECREF(object)
      }
      if collectable.next == node {
        // Still alive; it may die later.
        node.clearCollecting()
        old.take(node)
      }
    }
  }

  /// `gc.garbage.append(object)`
  private static func keep(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ object: Ref
  ) {
    if interpreter.pointee.gc.garbage == nil { interpreter.pointee.gc.garbage = PyList_New(0) }
    guard let garbage = interpreter.pointee.gc.garbage, PyList_Append(garbage, object) >= 0 else {
      PyErr_Clear()
      return
    }
  }

  private static func keepLegacyFinalizers(
    _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ finalizers: GcHead, _ old: GcHead
  ) {
    var node = finalizers.next
    while node != finalizers {
      let object = node.object
      if interpreter.pointee.gc.debug & Debug.saveAll != 0 || object.type.pointee.tp_del != nil {
        keep(interpreter, object)
      }
      node = node.next
    }
    old.merge(finalizers)
  }

  // MARK: Reports

  /// Calls `gc.callbacks` with the phase and a dict of the numbers.
  private static func invokeCallbacks(
    _ phase: StaticString, _ generation: Int, _ collected: Int, _ uncollectable: Int
  ) {
    guard let callbacks = apus_tstate().pointee.interp.pointee.gc.callbacks, callbacks.isList,
      apus_var_size(callbacks) > 0
    else { return }
    let pending = PyErr_GetRaisedException()
    defer { PyErr_SetRaisedException(pending) }
    do {
      let info = try own(PyDict_New())
      try set(info.ref, "generation", generation)
      try set(info.ref, "collected", collected)
      try set(info.ref, "uncollectable", uncollectable)
      let name = try own(PyUnicode_FromString(cString(phase)))
      var index = 0
      while index < apus_var_size(callbacks) {
        let callback = apus_list_item(callbacks, index).retained()
        if let result = call(callback.ref, name.ref, info.ref) {
          Py_DECREF(result)
        } else {
          PyErr_WriteUnraisable(callback.ref)
        }
        index += 1
      }
    } catch {
      PyErr_WriteUnraisable(nil)
    }
  }

  private static func set(_ dict: Ref, _ key: StaticString, _ value: Int) throws(Raised) {
    let number = try int(value)
    try check(PyDict_SetItemString(dict, cString(key), number.ref))
  }

  private static func show(_ what: StaticString, _ list: GcHead) {
    var node = list.next
    while node != list {
      writeToStderr("gc: \(what) <\(node.object.type.fullName) \(hexAddress(node.object))>\n")
      node = node.next
    }
  }

  private static func showGenerations(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    let counts = (0..<generationCount).map { generation(interpreter, $0).listCount }
    writeToStderr(
      "gc: objects in each generation: \(counts[0]) \(counts[1]) \(counts[2])\n"
        + "gc: objects in permanent generation: \(apus_gc_permanent(interpreter).listCount)\n")
  }
}

/// Writes a report to `sys.stderr`, or to the process's own when that is not to be had.
func writeToStderr(_ text: String) {
  let pending = PyErr_GetRaisedException()
  defer { PyErr_SetRaisedException(pending) }
  if let stream = PySys_GetObject("stderr"), !stream.isNone,
    PyFile_WriteString(text, stream) == 0
  {
    return
  }
  PyErr_Clear()
  var copy = text
  copy.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
}
