import CPythonABI
import Glibc
import Objects

/// `sys`: functions. The values that start-up sets are in SysValues. CPython: Python/sysmodule.c.
enum SysModule {
  // MARK: Objects and memory

  static let getrefcount: Method = .o(
    "getrefcount($module, object, /)", "References to the object, the argument's included."
  ) { PyLong_FromSsize_t(_Py_IsImmortal($1) != 0 ? 0xFFFF_FFFF : $1.pointee.ob_refcnt) }

  static let getsizeof: Method = .keywords(
    "getsizeof", "Memory of an object in bytes, with the collector's header."
  ) { _, args, count, names in
    new {
      let total = count + (names.map { apus_var_size($0) } ?? 0)
      guard total <= 2 else {
        throw raise(.typeError, "getsizeof() takes at most 2 arguments (\(total) given)")
      }
      var object: Ref? = count > 0 ? args?[0] : nil
      var fallback: Ref? = count > 1 ? args?[1] : nil
      var unexpected: String?
      for index in count..<total {
        guard let names, let args else { break }
        let name = text(of: apus_tuple_item(names, index - count))
        if name == "object" {
          if object != nil {
            throw raise(
              .typeError, "argument for getsizeof() given by name ('object') and position (1)")
          }
          object = args[index]
        } else if name == "default" {
          fallback = args[index]
        } else {
          unexpected = unexpected ?? name
        }
      }
      guard let object else {
        throw raise(.typeError, "getsizeof() missing required argument 'object' (pos 1)")
      }
      if let unexpected {
        throw unexpectedKeyword("getsizeof()", unexpected, among: ["object", "default"])
      }
      let size = _PySys_GetSizeOf(object)
      if size == Int.max || (size == 0 && hasRaised()) || hasRaised() {
        if let fallback, PyErr_ExceptionMatches(.typeError) != 0 {
          PyErr_Clear()
          return fallback.retained()
        }
        throw Raised()
      }
      return try own(PyLong_FromSsize_t(size))
    }
  }

  static let intern: Method = .o(
    "intern($module, string, /)", "The one object that stands for all equal interned strings."
  ) { _, string in
    new {
      guard string.isStr else {
        throw badArgument("intern", "argument", expected: "str", got: string)
      }
      guard string.isExactStr else {
        throw raise(.typeError, "can't intern \(string.type.fullName)")
      }
      Py_INCREF(string)
      var object: Ref? = string
      PyUnicode_InternInPlace(&object)
      return try own(object)
    }
  }

  static let isInterned: Method = .o(
    "_is_interned($module, string, /)", "Whether the string is interned."
  ) { _, string in
    bool {
      guard string.isStr else {
        throw badArgument("_is_interned", "argument", expected: "str", got: string)
      }
      return apus_str_interned(string) != 0
    }
  }

  static let getallocatedblocks: Method = .noargs(
    "getallocatedblocks($module, /)", "Memory blocks in use."
  ) { _, _ in PyLong_FromSsize_t(allocatedBlockCount()) }

  static let getunicodeinternedsize: Method = .keywords(
    "getunicodeinternedsize($module, /, *, _only_immortal=False)", "Interned strings."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(getunicodeinternedsize, args, count, names)
      _ = try arguments.bool(0)
      return try own(PyLong_FromSsize_t(Int(apus_intern_table().pointee.count)))
    }
  }

  static let baseRepl: Method = .noargs(
    "_baserepl($module, /)", "Private: the plain interactive loop, on standard input."
  ) { _, _ in
    new {
      _ = try InteractiveLoop.run(try Launcher.mainDict())
      return noneObject().retained()
    }
  }

  // MARK: Frames, threads, recursion

  static let getFrame: Method = .fast(
    "_getframe($module, depth=0, /)", "The frame so many calls below the caller's."
  ) { _, args, count in
    new {
      let arguments = try Arguments(getFrame, args, count)
      var depth = try arguments.index(0)
      var frame = apus_tstate().pointee.current_frame
      while depth > 0, let at = frame {
        frame = at.pointee.previous
        depth -= 1
      }
      guard let frame else {
        throw raise(.valueError, "call stack is not deep enough")
      }
      let object = try own(frameObject(frame))
      try Audit.send("sys._getframe", [.object(object.ref)])
      return object
    }
  }

  private static func frameObject(
    _ frame: UnsafeMutablePointer<_PyInterpreterFrame>
  ) -> Ref? {
    guard let object = PyFrameObjects.object(for: frame) else { return nil }
    let result = PyFrameObjects.asObject(object)
    Py_INCREF(result)
    return result
  }

  static let getFrameModuleName: Method = .keywords(
    "_getframemodulename($module, /, depth=0)", "The module of the frame so many calls below."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(getFrameModuleName, args, count, names)
      var depth = try arguments.index(0)
      try Audit.send("sys._getframemodulename", [.int(depth)])
      var frame = apus_tstate().pointee.current_frame
      while depth > 0, let at = frame {
        frame = at.pointee.previous
        depth -= 1
      }
      guard let frame, let function = frame.pointee.f_funcobj, function.type == functionType()
      else { return noneObject().retained() }
      return (function.view(PyFunctionObject.self).pointee.func_module ?? noneObject()).retained()
    }
  }

  static let currentFrames: Method = .noargs(
    "_current_frames($module, /)", "The innermost frame of every thread, by its identity."
  ) { _, _ in
    new {
      try Audit.send("sys._current_frames")
      let dict = try own(PyDict_New())
      var thread = apus_tstate().pointee.interp.pointee.threads
      while let at = thread {
        if let frame = at.pointee.current_frame {
          let key = try own(PyLong_FromUnsignedLong(at.pointee.thread_id))
          let value = try own(frameObject(frame))
          try check(PyDict_SetItem(dict.ref, key.ref, value.ref))
        }
        thread = at.pointee.next
      }
      return dict
    }
  }

  static let currentExceptions: Method = .noargs(
    "_current_exceptions($module, /)", "The exception every thread is handling, by its identity."
  ) { _, _ in
    new {
      try Audit.send("sys._current_exceptions")
      let dict = try own(PyDict_New())
      var thread = apus_tstate().pointee.interp.pointee.threads
      while let at = thread {
        let key = try own(PyLong_FromUnsignedLong(at.pointee.thread_id))
        let value = Unwinding.handledException(at) ?? noneObject()
        try check(PyDict_SetItem(dict.ref, key.ref, value))
        thread = at.pointee.next
      }
      return dict
    }
  }

  static let getrecursionlimit: Method = .noargs(
    "getrecursionlimit($module, /)", "How deep Python calls may nest."
  ) { _, _ in PyLong_FromLong(Int(apus_tstate().pointee.py_recursion_limit)) }

  static let setrecursionlimit: Method = .o(
    "setrecursionlimit($module, limit, /)", "Set how deep Python calls may nest."
  ) { _, value in
    none {
      let number = try own(PyNumber_Index(value))
      let limit = PyLong_AsInt(number.ref)
      if limit == -1 && hasRaised() { throw Raised() }
      guard limit >= 1 else {
        throw raise(.valueError, "recursion limit must be greater or equal than 1")
      }
      let thread = apus_tstate()
      let depth = thread.pointee.py_recursion_limit - thread.pointee.py_recursion_remaining
      if depth >= limit {
        throw raise(
          .recursionError,
          "cannot set the recursion limit to \(limit) at the recursion depth \(depth): "
            + "the limit is too low")
      }
      var each = thread.pointee.interp.pointee.threads
      while let at = each {
        let used = at.pointee.py_recursion_limit - at.pointee.py_recursion_remaining
        at.pointee.py_recursion_limit = limit
        at.pointee.py_recursion_remaining = limit - used
        each = at.pointee.next
      }
    }
  }

  static let getswitchinterval: Method = .noargs(
    "getswitchinterval($module, /)", "Seconds a thread runs before another gets its turn."
  ) { _, _ in PyFloat_FromDouble(Double(GIL.interval) * 1e-6) }

  static let setswitchinterval: Method = .o(
    "setswitchinterval($module, interval, /)",
    "Set the seconds a thread runs before another gets its turn."
  ) { _, value in
    none {
      let seconds = PyFloat_AsDouble(value)
      if seconds == -1 && hasRaised() { throw Raised() }
      guard seconds > 0 else {
        throw raise(.valueError, "switch interval must be strictly positive")
      }
      GIL.interval = Swift.max(1, Int(seconds * 1e6))
    }
  }

  // MARK: Exceptions

  static let exception: Method = .noargs(
    "exception($module, /)", "The exception being handled, or None."
  ) { _, _ in
    let value = Unwinding.handledException(apus_tstate()) ?? noneObject()
    Py_INCREF(value)
    return value
  }

  static let excInfo: Method = .noargs(
    "exc_info($module, /)", "(type, value, traceback) of the exception being handled, or Nones."
  ) { _, _ in
    new {
      let tuple = try own(PyTuple_New(3))
      let items = apus_tuple_items(tuple.ref)
      if let value = Unwinding.handledException(apus_tstate()) {
        items[0] = value.type.object.retained().give()
        items[1] = value.retained().give()
        let traceback = value.view(PyBaseExceptionObject.self).pointee.traceback
        items[2] = (traceback ?? noneObject()).retained().give()
      } else {
        for index in 0..<3 { items[index] = noneObject() }
      }
      return tuple
    }
  }

  static let excepthook: Method = .fast(
    "excepthook($module, exctype, value, traceback, /)", "Print an exception to sys.stderr."
  ) { _, args, count in
    none {
      try checkPositional("excepthook", count, least: 3, most: 3)
      guard let args else { throw Raised() }
      ExceptionPrinter.display(args[1], traceback: args[2])
    }
  }

  static let unraisablehook: Method = .o(
    "unraisablehook($module, unraisable, /)", "Report an exception that cannot be raised."
  ) { _, report in
    none { try ExceptionPrinter.displayUnraisable(report) }
  }

  static let exit: Method = .fast(
    "exit($module, status=None, /)", "Raise SystemExit(status)."
  ) { _, args, count in
    none {
      let arguments = try Arguments(exit, args, count)
      throw raise(.systemExit, value: arguments.object(0))
    }
  }

  // MARK: Hooks

  static let displayhook: Method = .o(
    "displayhook($module, object, /)", "Print the repr of a value and keep it in builtins._."
  ) { _, value in
    none { try DisplayHook.show(value) }
  }

  static let breakpointhook: Method = .keywords(
    "breakpointhook($module, /, *args, **kwargs)", "Enter the debugger, or what PYTHONBREAKPOINT names."
  ) { _, args, count, names in
    new {
      var target = "pdb.set_trace"
      if let setting = getenv("PYTHONBREAKPOINT") {
        let text = String(cString: setting)
        if text == "0" { return noneObject().retained() }
        if !text.isEmpty { target = text }
      }
      let parts = target.split(separator: ".", omittingEmptySubsequences: false)
      let moduleName =
        parts.count > 1 ? parts.dropLast().joined(separator: ".") : "builtins"
      let function = String(parts.last ?? "")
      guard let module = moduleName.withCString({ PyImport_ImportModule($0) }) else {
        PyErr_Clear()
        try check(
          PyErr_WarnEx(
            .runtimeWarning, "Ignoring unimportable $PYTHONBREAKPOINT: \"\(target)\"", 0))
        return noneObject().retained()
      }
      let owned = Owned(adopting: module)
      guard let hook = function.withCString({ PyObject_GetAttrString(owned.ref, $0) }) else {
        PyErr_Clear()
        try check(
          PyErr_WarnEx(
            .runtimeWarning, "Ignoring unimportable $PYTHONBREAKPOINT: \"\(target)\"", 0))
        return noneObject().retained()
      }
      let held = Owned(adopting: hook)
      return try own(PyObject_Vectorcall(held.ref, args, count, names))
    }
  }

  static let audit: Method = .fast("audit($module, event, /, *args)", "Report an event to hooks.") {
    _, args, count in
    none {
      guard count >= 1, let args else {
        throw raise(.typeError, "audit() missing 1 required positional argument: 'event'")
      }
      if !AuditHooks.isActive { return }
      guard args[0].isStr else {
        throw raise(.typeError, "expected str for argument 'event', not \(args[0].type.fullName)")
      }
      let details = try own(PyTuple_New(count - 1))
      for index in 1..<count { apus_tuple_items(details.ref)[index - 1] = args[index].retained().give() }
      try AuditHooks.send(args[0], details.ref)
    }
  }

  static let addaudithook: Method = .keywords(
    "addaudithook($module, /, hook)", "Add a function that is called with every audit event."
  ) { _, args, count, names in
    none {
      let arguments = try Arguments(addaudithook, args, count, names)
      try AuditHooks.add(arguments.object(0))
    }
  }

  // MARK: Tracing

  static let settrace: Method = .o(
    "settrace($module, function, /)", "Set the function called for calls, lines and returns."
  ) { _, function in
    if Audit.refuses("sys.settrace") { return nil }
    Tracing.setTrace(function)
    return noneObject()
  }

  static let gettrace: Method = .noargs("gettrace($module, /)", "The trace function, or None.") {
    _, _ in
    let function = apus_tstate().pointee.c_traceobj ?? noneObject()
    Py_INCREF(function)
    return function
  }

  static let setprofile: Method = .o(
    "setprofile($module, function, /)", "Set the function called for calls and returns."
  ) { _, function in
    if Audit.refuses("sys.setprofile") { return nil }
    Tracing.setProfile(function)
    return noneObject()
  }

  static let getprofile: Method = .noargs(
    "getprofile($module, /)", "The profile function, or None."
  ) { _, _ in
    let function = apus_tstate().pointee.c_profileobj ?? noneObject()
    Py_INCREF(function)
    return function
  }

  static let callTracing: Method = .fast(
    "call_tracing($module, func, args, /)", "Call func(*args) with tracing on inside a tracer."
  ) { _, args, count in
    new {
      try checkPositional("call_tracing", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      guard args[1].isTuple else {
        throw badArgument("call_tracing", "argument 2", expected: "tuple", got: args[1])
      }
      let thread = apus_tstate()
      let saved = thread.pointee.tracing
      thread.pointee.tracing = 0
      Tracing.update(thread)
      let result = PyObject_Call(args[0], args[1], nil)
      thread.pointee.tracing = saved
      return try own(result)
    }
  }

  // MARK: Coroutines

  static let setOriginDepth: Method = .keywords(
    "set_coroutine_origin_tracking_depth($module, /, depth)",
    "Set how many frames a new coroutine remembers of where it was made."
  ) { _, args, count, names in
    none {
      let arguments = try Arguments(setOriginDepth, args, count, names)
      let depth = try arguments.int32(0)
      if depth < 0 { throw raise(.valueError, "depth must be >= 0") }
      apus_tstate().pointee.coroutine_origin_tracking_depth = depth
    }
  }

  static let getOriginDepth: Method = .noargs(
    "get_coroutine_origin_tracking_depth($module, /)",
    "How many frames a new coroutine remembers of where it was made."
  ) { _, _ in PyLong_FromLong(Int(apus_tstate().pointee.coroutine_origin_tracking_depth)) }

  static let setAsyncgenHooks: Method = .keywords(
    "set_asyncgen_hooks",
    "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet what is called when an asynchronous generator is first iterated and when it dies."
  ) { _, args, count, names in
    none {
      guard let args else { return }
      let thread = apus_tstate()
      func hook(_ value: Ref, _ name: String) throws(Raised) -> Ref? {
        if value.isNone { return nil }
        guard PyCallable_Check(value) != 0 else {
          throw raise(
            .typeError, "callable \(name) expected, got \(value.type.fullName)")
        }
        return value
      }
      var first: Ref? = count > 0 ? args[0] : nil
      var final: Ref? = count > 1 ? args[1] : nil
      if let names {
        for index in 0..<apus_var_size(names) {
          switch text(of: apus_tuple_item(names, index)) {
          case "firstiter": first = args[count + index]
          case "finalizer": final = args[count + index]
          case let other:
            throw raise(
              .typeError,
              "set_asyncgen_hooks() got an unexpected keyword argument '\(other)'")
          }
        }
      }
      if let final {
        let value = try hook(final, "finalizer")
        try Audit.send("sys.set_asyncgen_hook_finalizer")
        if let value { Py_INCREF(value) }
        let old = thread.pointee.async_gen_finalizer
        thread.pointee.async_gen_finalizer = value
        Py_XDECREF(old)
      }
      if let first {
        let value = try hook(first, "firstiter")
        try Audit.send("sys.set_asyncgen_hook_firstiter")
        if let value { Py_INCREF(value) }
        let old = thread.pointee.async_gen_firstiter
        thread.pointee.async_gen_firstiter = value
        Py_XDECREF(old)
      }
    }
  }

  static let getAsyncgenHooks: Method = .noargs(
    "get_asyncgen_hooks($module, /)", "The hooks of asynchronous generators."
  ) { _, _ in
    new {
      let thread = apus_tstate()
      return try SysValues.asyncgenHooks(
        thread.pointee.async_gen_firstiter, thread.pointee.async_gen_finalizer)
    }
  }

  // MARK: Settings

  static let getdefaultencoding: Method = .noargs(
    "getdefaultencoding($module, /)", "The encoding str and bytes use: utf-8."
  ) { _, _ in newString("utf-8") }

  static let getfilesystemencoding: Method = .noargs(
    "getfilesystemencoding($module, /)", "The encoding of file names."
  ) { _, _ in newString("utf-8") }

  static let getfilesystemencodeerrors: Method = .noargs(
    "getfilesystemencodeerrors($module, /)", "How file names that do not decode are handled."
  ) { _, _ in newString("surrogateescape") }

  static let getdlopenflags: Method = .noargs(
    "getdlopenflags($module, /)", "Flags that extension modules are loaded with."
  ) { _, _ in PyLong_FromLong(Int(SysValues.dlopenFlags)) }

  static let setdlopenflags: Method = .o(
    "setdlopenflags($module, flags, /)", "Set the flags that extension modules are loaded with."
  ) { _, value in
    none {
      let flags = PyLong_AsInt(value)
      if flags == -1 && hasRaised() { throw Raised() }
      SysValues.dlopenFlags = flags
    }
  }

  static let getIntMaxStrDigits: Method = .noargs(
    "get_int_max_str_digits($module, /)", "Most digits between int and text; 0 is no limit."
  ) { _, _ in PyLong_FromLong(Int(apus_tstate().pointee.interp.pointee.int_max_str_digits)) }

  static let setIntMaxStrDigits: Method = .keywords(
    "set_int_max_str_digits($module, /, maxdigits)", "Set the most digits between int and text."
  ) { _, args, count, names in
    none {
      let arguments = try Arguments(setIntMaxStrDigits, args, count, names)
      let digits = try arguments.int32(0)
      if digits != 0 && digits < 640 {
        throw raise(
          .valueError, "maxdigits must be 0 or larger than 640")
      }
      apus_tstate().pointee.interp.pointee.int_max_str_digits = digits
    }
  }

  static let isFinalizing: Method = .noargs(
    "is_finalizing($module, /)", "Whether the interpreter is shutting down."
  ) { _, _ in boolObject(apus_tstate().pointee.interp.pointee.finalizing != 0) }

  static let isGilEnabled: Method = .noargs(
    "_is_gil_enabled($module, /)", "Whether the lock is in use; always True."
  ) { _, _ in trueObject() }

  static let getCPUCountConfig: Method = .noargs(
    "_get_cpu_count_config($module, /)",
    "The number of processors that `-X cpu_count` sets, -1 without it."
  ) { _, _ in PyLong_FromLong(Int(ProcessorCount.configured)) }

  static let clearTypeCache: Method = .noargs(
    "_clear_type_cache($module, /)", "Clear the cache of attribute lookups."
  ) { _, _ in
    _ = PyType_ClearCache()
    return noneObject()
  }

  static let debugMallocStats: Method = .noargs(
    "_debugmallocstats($module, /)",
    "Write to stderr what the small-block allocator and the free lists hold."
  ) { _, _ in
    AllocatorReport.write()
    return noneObject()
  }

  static let clearInternalCaches: Method = .noargs(
    "_clear_internal_caches($module, /)", "Clear caches that only speed things up."
  ) { _, _ in
    _ = PyType_ClearCache()
    return noneObject()
  }

  static let activateStackTrampoline: Method = .o(
    "activate_stack_trampoline($module, backend, /)", "Not available on this machine."
  ) { _, _ in
    none { throw raise(.valueError, "perf trampoline not available") }
  }

  static let deactivateStackTrampoline: Method = .noargs(
    "deactivate_stack_trampoline($module, /)", "Does nothing: no trampoline is ever active."
  ) { _, _ in noneObject() }

  static let isStackTrampolineActive: Method = .noargs(
    "is_stack_trampoline_active($module, /)", "Whether a trampoline is active; always False."
  ) { _, _ in falseObject() }

  static let spec = ModuleSpec(
    "sys", doc: "The interpreter's own variables and functions.",
    methods: [
      getrefcount, getsizeof, intern, isInterned, getallocatedblocks, getunicodeinternedsize,
      getFrame, getFrameModuleName, currentFrames, currentExceptions, getrecursionlimit,
      setrecursionlimit, getswitchinterval, setswitchinterval, exception, excInfo, excepthook,
      baseRepl, unraisablehook, exit, displayhook, breakpointhook, audit, addaudithook, settrace, gettrace,
      setprofile, getprofile, Tracing.settraceAllThreads, Tracing.setprofileAllThreads, callTracing, setOriginDepth, getOriginDepth, setAsyncgenHooks,
      getAsyncgenHooks, getdefaultencoding, getfilesystemencoding, getfilesystemencodeerrors,
      getdlopenflags, setdlopenflags, getIntMaxStrDigits, setIntMaxStrDigits, isFinalizing,
      isGilEnabled, getCPUCountConfig, clearTypeCache, debugMallocStats, clearInternalCaches, activateStackTrampoline,
      deactivateStackTrampoline, isStackTrampolineActive,
    ])
}

@c @implementation
public func PySys_GetObject(
  _ name: UnsafePointer<CChar>
) -> UnsafeMutablePointer<PyObject>? {
  guard let dict = apus_tstate().pointee.interp.pointee.sysdict else { return nil }
  let pending = PyErr_GetRaisedException()
  let value = PyDict_GetItemString(dict, name)
  PyErr_SetRaisedException(pending)
  return value
}

@c @implementation
public func PySys_SetObject(
  _ name: UnsafePointer<CChar>, _ value: UnsafeMutablePointer<PyObject>?
) -> Int32 {
  guard let dict = apus_tstate().pointee.interp.pointee.sysdict else { return -1 }
  if let value { return PyDict_SetItemString(dict, name, value) }
  if PyDict_GetItemString(dict, name) == nil { return 0 }
  return PyDict_DelItemString(dict, name)
}

/// `sys.getsizeof` without its default. CPython: _PySys_GetSizeOf.
@c public func _PySys_GetSizeOf(_ object: UnsafeMutablePointer<PyObject>) -> Int {
  guard let name = newString("__sizeof__") else { return 0 }
  defer { Py_DECREF(name) }
  guard let method = _PyObject_LookupSpecial(object, name) else {
    if !hasRaised() {
      _ = raise(.typeError, "Type \(object.type.fullName) doesn't define __sizeof__")
    }
    return 0
  }
  defer { Py_DECREF(method) }
  guard let result = PyObject_CallNoArgs(method) else { return 0 }
  defer { Py_DECREF(result) }
  let size = PyLong_AsSsize_t(result)
  if size == -1 && hasRaised() { return 0 }
  if size < 0 {
    _ = raise(.valueError, "__sizeof__() should return >= 0")
    return 0
  }
  let isCollected =
    PyObject_IS_GC(object) != 0 || (object.isType && TypeFlags.isOfModule(object.asType))
  return size + (isCollected ? 16 : 0)
    + (object.has(UInt(Py_TPFLAGS_PREHEADER)) ? 16 : 0)
}
