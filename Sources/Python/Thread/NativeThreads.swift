import CPythonABI
import Glibc
import Objects

// Native threads and their storage for C code. CPython: Python/thread.c, Python/thread_pthread.h.

@c @implementation
public func PyThread_init_thread() {}

/// What `PyThread_start_new_thread` hands to the new thread.
private struct NativeTask {
  let function: @convention(c) (UnsafeMutableRawPointer?) -> Void
  let argument: UnsafeMutableRawPointer?

  static func run(_ place: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let place else { return nil }
    let task = place.assumingMemoryBound(to: NativeTask.self)
    let (function, argument) = (task.pointee.function, task.pointee.argument)
    task.deallocate()
    function(argument)
    return nil
  }
}

/// Bytes of the stack of new threads; 0 is the system's choice.
nonisolated(unsafe) private var nativeStackSize = 0

/// The new thread's identity; `UInt.max` when it cannot start.
@c @implementation
public func PyThread_start_new_thread(
  _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
  _ argument: UnsafeMutableRawPointer?
) -> UInt {
  let task = UnsafeMutablePointer<NativeTask>.allocate(capacity: 1)
  task.initialize(to: NativeTask(function: function, argument: argument))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  if nativeStackSize > 0 { pthread_attr_setstacksize(&attributes, nativeStackSize + (1 << 20)) }
  var identity = pthread_t()
  let status = pthread_create(&identity, &attributes, { NativeTask.run($0) }, task)
  pthread_attr_destroy(&attributes)
  if status != 0 {
    task.deallocate()
    return UInt.max
  }
  return UInt(identity)
}

@c @implementation
public func PyThread_exit_thread() { pthread_exit(nil) }

@c @implementation
public func PyThread_get_thread_ident() -> UInt { UInt(pthread_self()) }

@c @implementation
public func PyThread_get_thread_native_id() -> UInt { apus_native_thread_id() }

@c @implementation
public func PyThread_get_stacksize() -> Int { nativeStackSize }

/// 0, or -1 when the size is too small.
@c @implementation
public func PyThread_set_stacksize(_ size: Int) -> Int32 {
  if size != 0 && size < 32 * 1024 { return -1 }
  nativeStackSize = size
  return 0
}

/// A new reference to what `sys.thread_info` is.
@c @implementation
public func PyThread_GetInfo() -> UnsafeMutablePointer<PyObject>? {
  guard let info = "thread_info".withCString({ PySys_GetObject($0) }) else {
    _ = raise(.runtimeError, "lost sys.thread_info")
    return nil
  }
  return info.retained().give()
}

// MARK: Thread-specific storage (PEP 539)

@c @implementation
public func PyThread_tss_alloc() -> UnsafeMutablePointer<Py_tss_t>? {
  PyMem_RawCalloc(1, MemoryLayout<Py_tss_t>.size)?.assumingMemoryBound(to: Py_tss_t.self)
}

@c @implementation
public func PyThread_tss_free(_ key: UnsafeMutablePointer<Py_tss_t>?) {
  guard let key else { return }
  PyThread_tss_delete(key)
  PyMem_RawFree(key)
}

@c @implementation
public func PyThread_tss_is_created(_ key: UnsafeMutablePointer<Py_tss_t>) -> Int32 {
  key.pointee._is_initialized
}

/// 0, also when the key exists already; -1 when there is no key left.
@c @implementation
public func PyThread_tss_create(_ key: UnsafeMutablePointer<Py_tss_t>) -> Int32 {
  if key.pointee._is_initialized != 0 { return 0 }
  if pthread_key_create(&key.pointee._key, nil) != 0 { return -1 }
  key.pointee._is_initialized = 1
  return 0
}

@c @implementation
public func PyThread_tss_delete(_ key: UnsafeMutablePointer<Py_tss_t>) {
  if key.pointee._is_initialized == 0 { return }
  pthread_key_delete(key.pointee._key)
  key.pointee._is_initialized = 0
}

@c @implementation
public func PyThread_tss_set(
  _ key: UnsafeMutablePointer<Py_tss_t>, _ value: UnsafeMutableRawPointer?
) -> Int32 {
  pthread_setspecific(key.pointee._key, value) == 0 ? 0 : -1
}

@c @implementation
public func PyThread_tss_get(_ key: UnsafeMutablePointer<Py_tss_t>) -> UnsafeMutableRawPointer? {
  pthread_getspecific(key.pointee._key)
}

// The older interface: keys are plain numbers.

@c @implementation
public func PyThread_create_key() -> Int32 {
  var key = pthread_key_t()
  if pthread_key_create(&key, nil) != 0 { return -1 }
  guard let number = Int32(exactly: key) else {
    pthread_key_delete(key)
    return -1
  }
  return number
}

@c @implementation
public func PyThread_delete_key(_ key: Int32) { pthread_key_delete(pthread_key_t(bitPattern: key)) }

@c @implementation
public func PyThread_set_key_value(_ key: Int32, _ value: UnsafeMutableRawPointer?) -> Int32 {
  pthread_setspecific(pthread_key_t(bitPattern: key), value) == 0 ? 0 : -1
}

@c @implementation
public func PyThread_get_key_value(_ key: Int32) -> UnsafeMutableRawPointer? {
  pthread_getspecific(pthread_key_t(bitPattern: key))
}

@c @implementation
public func PyThread_delete_key_value(_ key: Int32) {
  pthread_setspecific(pthread_key_t(bitPattern: key), nil)
}

@c @implementation
public func PyThread_ReInitTLS() {}
