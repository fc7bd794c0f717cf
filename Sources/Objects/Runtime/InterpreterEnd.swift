import CPythonABI
import Glibc

/// What an interpreter gives back when it ends for good (`Py_FinalizeEx`), so that the process is as
/// it was before `Py_Initialize` and may start anew. CPython: Python/pylifecycle.c,
/// finalize_interp_clear, finalize_interp_types.
///
/// Objects that live in C or Swift variables are of three kinds: static ones (`None`, small ints,
/// texts of one character, builtin types), which stay; names that `PermanentName` made, which stay;
/// and those that a module keeps, of which the module says here how it lets go of them.
public enum InterpreterEnd {
  nonisolated(unsafe) private static var steps: [(owner: StaticString, step: () -> Void)] = []

  /// Has `step` called at the end of this interpreter, once; the last one added is called first.
  /// A second step of the same owner replaces the first.
  public static func add(_ owner: StaticString, _ step: @escaping () -> Void) {
    if let known = steps.firstIndex(where: { $0.owner.utf8Start == owner.utf8Start }) {
      steps[known].step = step
    } else {
      steps.append((owner, step))
    }
  }

  /// Empties a variable that holds a reference.
  public static func drop(_ variable: inout Ref?) {
    let old = variable
    variable = nil
    Py_XDECREF(old)
  }

  /// Empties a variable that holds a reference and must always have a value.
  public static func drop(_ variable: inout Ref, leaving value: Ref) {
    let old = variable
    variable = value
    Py_DECREF(old)
  }

  /// Runs the steps of the modules.
  public static func releaseModules() {
    while let last = steps.popLast() { last.step() }
  }

  /// Gives back what the interpreter's own fields hold. Destructors run here for the last time.
  public static func clear(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    drop(&interpreter.pointee.codec_search_path)
    drop(&interpreter.pointee.codec_search_cache)
    drop(&interpreter.pointee.codec_error_registry)
    drop(&interpreter.pointee.interned)
    drop(&interpreter.pointee.warnings_filters)
    drop(&interpreter.pointee.warnings_once_registry)
    drop(&interpreter.pointee.warnings_default_action)
    drop(&interpreter.pointee.modules_by_index)
    drop(&interpreter.pointee.importlib)
    drop(&interpreter.pointee.import_func)
    drop(&interpreter.pointee.modules)
    drop(&interpreter.pointee.sysdict)
    drop(&interpreter.pointee.builtins)
    Collector.collectAtShutdown()
    drop(&interpreter.pointee.gc.garbage)
    drop(&interpreter.pointee.gc.callbacks)
  }

  /// Takes the builtin types apart, frees what is kept for reuse and the names. Nothing Python may
  /// run from here on. Objects that are still alive leave the collector.
  public static func clearTypes(_ interpreter: UnsafeMutablePointer<PyInterpreterState>) {
    drop(apus_reserved_memory_error_address())
    _ = PyType_ClearCache()
    StaticTypes.clear()
    _ = PyType_ClearCache()
    Collector.abandonAll(interpreter)
    FreeLists.clear()
    Identifiers.forget()
    SlotTable.forget()
    Interning.clear()
    ObjectAllocator.releaseFreeArenas()
  }

  private static func drop(_ address: UnsafeMutablePointer<Ref?>) {
    let old = address.pointee
    address.pointee = nil
    Py_XDECREF(old)
  }
}

/// The types that are no heap objects, in the order they became ready.
enum StaticTypes {
  /// Which words of a type and its method tables are its own; `PyType_Ready` fills others from the
  /// bases, and a second `PyType_Ready` must not take them for the type's own.
  private struct OwnWords {
    var type: UInt64 = 0
    var tables: UInt64 = 0
  }

  private struct Entry {
    let type: TypeRef
    let own: OwnWords
  }

  nonisolated(unsafe) private static var ready: [Entry] = []
  /// Those of interpreters that ended.
  nonisolated(unsafe) private static var earlier: [TypeRef: OwnWords] = [:]

  /// Words of a type that may be inherited: all from `tp_dealloc` on, without those that are about the
  /// type itself (flags, doc, tables of attributes, base, dict, bases, mro, cache, subclasses,
  /// weaklist, tp_del, version, watchers).
  private static let words: [Int] = stride(from: 32, to: 400, by: 8).filter {
    !(168...176).contains($0) && !(232...264).contains($0) && !(336...384).contains($0)
  }

  /// The method tables: where the type has the address, and how many words there are.
  private static let tables = [(80, 4), (96, 36), (104, 10), (112, 3), (160, 2)]

  /// Before a type is made ready: takes out what an earlier interpreter inherited, and notes which
  /// words are the type's own.
  static func prepare(_ type: TypeRef) {
    let memory = UnsafeMutableRawPointer(type)
    let known = earlier[type]
    var own = OwnWords()
    var bit: UInt64 = 1
    for (pointer, count) in tables {
      let table = (memory + pointer).load(as: UnsafeMutableRawPointer?.self)
      // An inherited table is not touched.
      let isOwn = known.map { $0.type & mark(pointer) != 0 } ?? true
      for index in 0..<count {
        if let table, isOwn {
          if let known, known.tables & bit == 0 {
            table.storeBytes(of: 0, toByteOffset: index * 8, as: UInt.self)
          }
          if table.load(fromByteOffset: index * 8, as: UInt.self) != 0 { own.tables |= bit }
        }
        bit <<= 1
      }
    }
    for offset in words {
      if let known, known.type & mark(offset) == 0 {
        memory.storeBytes(of: 0, toByteOffset: offset, as: UInt.self)
      }
      if memory.load(fromByteOffset: offset, as: UInt.self) != 0 { own.type |= mark(offset) }
    }
    ready.append(Entry(type: type, own: own))
  }

  private static func mark(_ offset: Int) -> UInt64 { 1 << UInt64(offset / 8) }

  /// Whether the address is that of a type this knows of.
  static func isKnown(_ type: TypeRef) -> Bool {
    earlier[type] != nil || ready.contains { $0.type == type }
  }

  /// Gives back the dicts, bases and orders of all of them. The slots stay, as CPython has it: what is
  /// still alive can be deallocated.
  static func clear() {
    for entry in ready.reversed() {
      let type = entry.type
      if type.pointee.tp_weaklist != nil { PyObject_ClearWeakRefs(type.object) }
      type.pointee.tp_version_tag = 0
      type.pointee.tp_versions_used = 0
      type.pointee.tp_watched = 0
      if let dict = type.pointee.tp_dict {
        type.pointee.tp_dict = nil
        PyDict_Clear(dict)
        Py_DECREF(dict)
      }
      InterpreterEnd.drop(&type.pointee.tp_cache)
    }
    for entry in ready.reversed() {
      let type = entry.type
      InterpreterEnd.drop(&type.pointee.tp_mro)
      InterpreterEnd.drop(&type.pointee.tp_bases)
      free(type.pointee.tp_subclasses)
      type.pointee.tp_subclasses = nil
      type.pointee.tp_flags &= ~UInt(Py_TPFLAGS_READY)
      earlier[type] = entry.own
    }
    ready.removeAll()
  }
}

/// Names that Swift variables hold as long as the process lives.
public enum PermanentName {
  /// The interned string of a text, for ever.
  public static func make(_ text: StaticString) -> Ref { make(cString(text)) }

  static func make(_ text: UnsafePointer<CChar>) -> Ref {
    guard let name = PyUnicode_InternFromString(text) else { fatalNoMemory() }
    Interning.keepForEver(name)
    return name
  }
}
