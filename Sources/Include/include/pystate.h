// Thread, interpreter and runtime state. The thread state has CPython 3.13's public layout
// (Include/cpython/pystate.h); what only Apus needs follows behind it.
#ifndef APUS_PYSTATE_H
#define APUS_PYSTATE_H
#include "object.h"
#include "frameobjects.h"
#pragma clang assume_nonnull begin

typedef struct _ts PyThreadState;
typedef struct _is PyInterpreterState;
typedef int (*Py_tracefunc)(PyObject *, PyFrameObject *, int, PyObject *_Nullable);

/// A piece of the chunked data stack frames live on.
typedef struct _stack_chunk {
  struct _stack_chunk *_Nullable previous;
  /// Bytes of the chunk, this header included.
  size_t size;
  size_t top;
  PyObject *_Nullable data[1];
} _PyStackChunk;

struct _ts {
  PyThreadState *_Nullable prev;
  PyThreadState *_Nullable next;
  PyInterpreterState *interp;
  /// Non-zero when the eval loop must stop for something (see APUS_BREAK_*).
  uintptr_t eval_breaker;
  struct {
    unsigned int initialized : 1;
    unsigned int bound : 1;
    unsigned int unbound : 1;
    unsigned int bound_gilstate : 1;
    unsigned int active : 1;
    unsigned int holds_gil : 1;
    unsigned int finalizing : 1;
    unsigned int cleared : 1;
    unsigned int finalized : 1;
    unsigned int : 23;
  } _status;
  int _whence;
  int state;
  int py_recursion_remaining;
  int py_recursion_limit;
  int c_recursion_remaining;
  int recursion_headroom;
  int tracing;
  int what_event;
  _PyInterpreterFrame *_Nullable current_frame;
  Py_tracefunc _Nullable c_profilefunc;
  Py_tracefunc _Nullable c_tracefunc;
  PyObject *_Nullable c_profileobj;
  PyObject *_Nullable c_traceobj;
  /// The exception being raised (strong); NULL when none is.
  PyObject *_Nullable current_exception;
  /// The innermost exception being handled.
  _PyErr_StackItem *exc_info;
  PyObject *_Nullable dict;
  int gilstate_counter;
  PyObject *_Nullable async_exc;
  unsigned long thread_id;
  unsigned long native_thread_id;
  void *_Nullable delete_later;
  uintptr_t critical_section;
  int coroutine_origin_tracking_depth;
  PyObject *_Nullable async_gen_firstiter;
  PyObject *_Nullable async_gen_finalizer;
  PyObject *_Nullable context;
  uint64_t context_ver;
  uint64_t id;
  _PyStackChunk *_Nullable datastack_chunk;
  PyObject *_Nullable *_Nullable datastack_top;
  PyObject *_Nullable *_Nullable datastack_limit;
  _PyErr_StackItem exc_state;
  PyObject *_Nullable previous_executor;
  uint64_t dict_global_version;
  PyObject *_Nullable threading_local_key;
  PyObject *_Nullable threading_local_sentinel;
  // From here on Apus's own.
  /// The lowest address native code may use before RecursionError is raised.
  uintptr_t native_stack_limit;
  /// Depth of nested deallocations (the trashcan).
  int trash_nesting;
  /// Ones in the low byte; 0 while a trace or profile function is set: and-ed onto each opcode.
  uint32_t dispatch_mask;
};

#define APUS_BREAK_GIL_DROP_REQUEST 1
#define APUS_BREAK_SIGNALS 2
#define APUS_BREAK_PENDING_CALLS 4
#define APUS_BREAK_ASYNC_EXCEPTION 8
#define APUS_BREAK_GC 16

/// A generation of the collector: the sentinel of a circular list of GC headers.
typedef struct {
  PyGC_Head head;
  int threshold;
  int count;
} ApusGCGeneration;

typedef struct {
  Py_ssize_t collections;
  Py_ssize_t collected;
  Py_ssize_t uncollectable;
} ApusGCStats;

typedef struct {
  ApusGCGeneration generations[3];
  PyGC_Head permanent;
  ApusGCStats stats[3];
  int enabled;
  int debug;
  int collecting;
  Py_ssize_t long_lived_total;
  Py_ssize_t long_lived_pending;
  PyObject *_Nullable garbage;
  PyObject *_Nullable callbacks;
} ApusGCState;

/// An interpreter: what its threads share.
struct _is {
  PyInterpreterState *_Nullable next;
  int64_t id;
  PyThreadState *_Nullable threads;
  /// `sys.modules`, `sys.__dict__`, `builtins.__dict__` (strong).
  PyObject *_Nullable modules;
  PyObject *_Nullable sysdict;
  PyObject *_Nullable builtins;
  PyObject *_Nullable importlib;
  PyObject *_Nullable import_func;
  PyObject *_Nullable codec_search_path;
  PyObject *_Nullable codec_search_cache;
  PyObject *_Nullable codec_error_registry;
  /// Interned strings (dict: str -> itself).
  PyObject *_Nullable interned;
  PyObject *_Nullable warnings_filters;
  PyObject *_Nullable warnings_once_registry;
  PyObject *_Nullable warnings_default_action;
  long warnings_filters_version;
  int int_max_str_digits;
  /// Modules of single-phase extensions by the index of their definition (list).
  PyObject *_Nullable modules_by_index;
  uint64_t next_thread_id;
  ApusGCState gc;
  /// Runs a frame (PEP 523); installed by the Interpreter target at start-up.
  PyObject *_Nullable (*_Nullable eval_frame)(PyThreadState *, _PyInterpreterFrame *, int);
  /// Calls a function written in Python: the `vectorcall` of new functions; installed likewise.
  vectorcallfunc _Nullable function_vectorcall;
  unsigned int next_type_version;
  uint32_t next_func_version;
  uint32_t next_keys_version;
  uint32_t next_code_version;
  int finalizing;
  /// `-X dev`: more checks at run time.
  int dev_mode;
  /// State of `sys.monitoring`; belongs to the Interpreter target.
  void *_Nullable monitoring;
};

/// The thread's state; NULL while it does not hold the interpreter. One instruction to read.
extern __thread PyThreadState *_Nullable _Py_tss_tstate __attribute__((tls_model("initial-exec")));

APUS_INLINE PyThreadState *apus_tstate(void) { return (PyThreadState *)_Py_tss_tstate; }
APUS_INLINE void apus_set_tstate(PyThreadState *_Nullable tstate) { _Py_tss_tstate = tstate; }

APUS_INLINE ApusGCGeneration *apus_gc_generation(PyInterpreterState *interp, int number) {
  return &interp->gc.generations[number];
}
APUS_INLINE ApusGCStats *apus_gc_stats(PyInterpreterState *interp, int number) {
  return &interp->gc.stats[number];
}
APUS_INLINE PyGC_Head *apus_gc_permanent(PyInterpreterState *interp) {
  return &interp->gc.permanent;
}

/// Links an object that is not tracked into the youngest generation.
APUS_INLINE void apus_gc_track(PyObject *op) {
  PyGC_Head *gc = _Py_AS_GC(op);
  PyGC_Head *young = &apus_tstate()->interp->gc.generations[0].head;
  PyGC_Head *last = (PyGC_Head *)young->_gc_prev;
  last->_gc_next = (uintptr_t)gc;
  gc->_gc_prev = (gc->_gc_prev & 3) | (uintptr_t)last;
  gc->_gc_next = (uintptr_t)young;
  young->_gc_prev = (uintptr_t)gc;
}

/// Unlinks a tracked object; the mark of a finaliser that ran stays.
APUS_INLINE void apus_gc_untrack(PyObject *op) {
  PyGC_Head *gc = _Py_AS_GC(op);
  PyGC_Head *prev = (PyGC_Head *)(gc->_gc_prev & ~(uintptr_t)3);
  PyGC_Head *next = (PyGC_Head *)gc->_gc_next;
  prev->_gc_next = (uintptr_t)next;
  next->_gc_prev = (next->_gc_prev & 3) | (uintptr_t)prev;
  gc->_gc_next = 0;
  gc->_gc_prev &= 1;
}

/// How deep the native stack may still go, in bytes (negative: too deep).
APUS_INLINE intptr_t apus_native_stack_left(PyThreadState *tstate) {
  return (intptr_t)((uintptr_t)__builtin_frame_address(0) - tstate->native_stack_limit);
}

APUS_INLINE void apus_atomic_or(uintptr_t *word, uintptr_t bits) {
  __atomic_fetch_or(word, bits, __ATOMIC_SEQ_CST);
}
APUS_INLINE void apus_atomic_and(uintptr_t *word, uintptr_t bits) {
  __atomic_fetch_and(word, bits, __ATOMIC_SEQ_CST);
}

#pragma clang assume_nonnull end
#endif
