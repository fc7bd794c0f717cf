// Native threads, locks and thread-local storage: CPython 3.13's pythread.h, lock.h and
// critical_section.h. Implemented in Sources/Python/Thread.
#ifndef APUS_PYTHREAD_H
#define APUS_PYTHREAD_H
#include "pystate.h"
#include <pthread.h>
#include <semaphore.h>
#pragma clang assume_nonnull begin

typedef void *PyThread_type_lock;

typedef enum PyLockStatus {
  PY_LOCK_FAILURE = 0,
  PY_LOCK_ACQUIRED = 1,
  PY_LOCK_INTR
} PyLockStatus;

/// A key of thread-local storage; zeroed until PyThread_tss_create.
typedef struct _Py_tss_t {
  int _is_initialized;
  pthread_key_t _key;
} Py_tss_t;

/// A one-byte lock; zeroed when free.
typedef struct PyMutex {
  uint8_t _bits;
} PyMutex;

typedef struct PyCriticalSection PyCriticalSection;
typedef struct PyCriticalSection2 PyCriticalSection2;

PyThread_type_lock _Nullable PyThread_allocate_lock(void);
void PyThread_free_lock(PyThread_type_lock);
int PyThread_acquire_lock(PyThread_type_lock, int waitflag);
PyLockStatus PyThread_acquire_lock_timed(PyThread_type_lock, long long microseconds, int intr_flag);
void PyThread_release_lock(PyThread_type_lock);

void PyThread_init_thread(void);
unsigned long PyThread_start_new_thread(void (*function)(void *_Nullable), void *_Nullable argument);
void PyThread_exit_thread(void);
unsigned long PyThread_get_thread_ident(void);
unsigned long PyThread_get_thread_native_id(void);
size_t PyThread_get_stacksize(void);
int PyThread_set_stacksize(size_t);
PyObject *_Nullable PyThread_GetInfo(void);

Py_tss_t *_Nullable PyThread_tss_alloc(void);
void PyThread_tss_free(Py_tss_t *_Nullable key);
int PyThread_tss_is_created(Py_tss_t *key);
int PyThread_tss_create(Py_tss_t *key);
void PyThread_tss_delete(Py_tss_t *key);
int PyThread_tss_set(Py_tss_t *key, void *_Nullable value);
void *_Nullable PyThread_tss_get(Py_tss_t *key);

int PyThread_create_key(void);
void PyThread_delete_key(int key);
int PyThread_set_key_value(int key, void *_Nullable value);
void *_Nullable PyThread_get_key_value(int key);
void PyThread_delete_key_value(int key);
void PyThread_ReInitTLS(void);

void PyMutex_Lock(PyMutex *);
void PyMutex_Unlock(PyMutex *);
void PyCriticalSection_Begin(PyCriticalSection *, PyObject *);
void PyCriticalSection_End(PyCriticalSection *);
void PyCriticalSection2_Begin(PyCriticalSection2 *, PyObject *, PyObject *);
void PyCriticalSection2_End(PyCriticalSection2 *);

/// The state that PyGILState_Ensure uses on the calling native thread; NULL when it has none.
extern __thread PyThreadState *_Nullable apus_tss_gilstate;
APUS_INLINE PyThreadState *_Nullable apus_gilstate(void) { return apus_tss_gilstate; }
APUS_INLINE void apus_set_gilstate(PyThreadState *_Nullable state) { apus_tss_gilstate = state; }

/// The thread's state; NULL while it does not hold the interpreter.
APUS_INLINE PyThreadState *_Nullable apus_tstate_or_null(void) { return _Py_tss_tstate; }

/// Takes a free PyMutex; 0 when it is held.
APUS_INLINE int apus_mutex_try(PyMutex *mutex) {
  uint8_t free = 0;
  return __atomic_compare_exchange_n(&mutex->_bits, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
/// Frees a PyMutex; its bits before.
APUS_INLINE uint8_t apus_mutex_free(PyMutex *mutex) {
  return __atomic_exchange_n(&mutex->_bits, 0, __ATOMIC_RELEASE);
}

#pragma clang assume_nonnull end
#endif
