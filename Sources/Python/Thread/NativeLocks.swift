import CPythonABI
import Glibc
import Objects

// Locks for C code: `PyThread_type_lock` is a semaphore, `PyMutex` one byte.
// CPython: Python/thread_pthread.h, Python/lock.c.

private func semaphore(_ lock: PyThread_type_lock) -> UnsafeMutablePointer<sem_t> {
  lock.assumingMemoryBound(to: sem_t.self)
}

/// A free lock; nil when memory is missing.
@c @implementation
public func PyThread_allocate_lock() -> PyThread_type_lock? {
  guard let memory = PyMem_RawMalloc(MemoryLayout<sem_t>.size) else { return nil }
  if sem_init(memory.assumingMemoryBound(to: sem_t.self), 0, 1) != 0 {
    PyMem_RawFree(memory)
    return nil
  }
  return memory
}

@c @implementation
public func PyThread_free_lock(_ lock: PyThread_type_lock) {
  sem_destroy(semaphore(lock))
  PyMem_RawFree(lock)
}

/// 1 when the lock is taken. Waits for it when `waitflag` is set.
@c @implementation
public func PyThread_acquire_lock(_ lock: PyThread_type_lock, _ waitflag: Int32) -> Int32 {
  PyThread_acquire_lock_timed(lock, waitflag != 0 ? -1 : 0, 0) == PY_LOCK_ACQUIRED ? 1 : 0
}

/// Waits at most so many microseconds, for ever when negative. A signal ends the wait with
/// `PY_LOCK_INTR` when `intr_flag` is set. The caller may hold the GIL: it is not dropped here.
@c @implementation
public func PyThread_acquire_lock_timed(
  _ lock: PyThread_type_lock, _ microseconds: Int64, _ intr_flag: Int32
) -> PyLockStatus {
  let place = semaphore(lock)
  var deadline = timespec()
  if microseconds > 0 {
    clock_gettime(CLOCK_REALTIME, &deadline)
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let nanoseconds = deadline.tv_nsec + Int(rest) * 1000
    let (sum, overflow) = deadline.tv_sec.addingReportingOverflow(
      Int(seconds) + nanoseconds / 1_000_000_000)
    deadline.tv_sec = overflow ? Int.max : sum
    deadline.tv_nsec = nanoseconds % 1_000_000_000
  }
  while true {
    let status =
      microseconds < 0
      ? sem_wait(place) : microseconds == 0 ? sem_trywait(place) : sem_timedwait(place, &deadline)
    if status == 0 { return PY_LOCK_ACQUIRED }
    if errno != EINTR { return PY_LOCK_FAILURE }
    if intr_flag != 0 { return PY_LOCK_INTR }
  }
}

@c @implementation
public func PyThread_release_lock(_ lock: PyThread_type_lock) { sem_post(semaphore(lock)) }

// MARK: PyMutex

/// Takes the lock; a thread that has to wait lets go of the GIL meanwhile.
@c @implementation
public func PyMutex_Lock(_ mutex: UnsafeMutablePointer<PyMutex>) {
  if apus_mutex_try(mutex) != 0 { return }
  let thread = apus_tstate_or_null()
  if let thread { GIL.drop(thread) }
  var pause = timespec(tv_sec: 0, tv_nsec: 1000)
  while apus_mutex_try(mutex) == 0 {
    nanosleep(&pause, nil)
    pause.tv_nsec = Swift.min(pause.tv_nsec * 2, 1_000_000)
  }
  if let thread { GIL.take(thread) }
}

/// Frees the lock. Unlocking a free one ends the process, as in CPython.
@c @implementation
public func PyMutex_Unlock(_ mutex: UnsafeMutablePointer<PyMutex>) {
  if apus_mutex_free(mutex) == 0 { Py_FatalError("unlocking mutex that is not locked") }
}

// With a GIL a critical section needs no lock of its own (PEP 703).

@c @implementation
public func PyCriticalSection_Begin(
  _ section: OpaquePointer, _ object: UnsafeMutablePointer<PyObject>
) {}
@c @implementation
public func PyCriticalSection_End(_ section: OpaquePointer) {}
@c @implementation
public func PyCriticalSection2_Begin(
  _ section: OpaquePointer, _ first: UnsafeMutablePointer<PyObject>,
  _ second: UnsafeMutablePointer<PyObject>
) {}
@c @implementation
public func PyCriticalSection2_End(_ section: OpaquePointer) {}
