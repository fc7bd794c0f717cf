// Code, frames, generators: CPython 3.13 Include/cpython/{code,genobject}.h and the frame layout of
// Include/internal/pycore_frame.h, followed by what Apus's own machine needs.
#ifndef APUS_FRAMEOBJECTS_H
#define APUS_FRAMEOBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

/// One quickened instruction. `opcode` is a wordcode opcode or one of its specialised forms,
/// `cache` the number of its entry in the code's cache table (0: none).
typedef struct {
  uint16_t opcode;
  uint16_t cache;
  uint32_t oparg;
} ApusInstruction;

/// What a specialised instruction remembers.
typedef struct {
  /// Type version, function version or 0.
  uint32_t version;
  /// Dict keys version or 0.
  uint32_t keys_version;
  /// A slot index, a byte offset or an entry number.
  uint32_t index;
  /// Counts down to the next attempt to specialise.
  int16_t counter;
  uint16_t flags;
  /// A borrowed object that the versions keep valid (a descriptor, a function, a type).
  PyObject *_Nullable object;
  void *_Nullable extra;
} ApusInlineCache;

/// An entry of the static block table: what the block stack would hold at an instruction.
typedef struct {
  /// The instruction index of the handler.
  uint32_t handler;
  /// Value-stack depth to unwind to.
  uint16_t level;
  /// 0 SETUP_FINALLY/SETUP_WITH, 1 EXCEPT_HANDLER.
  uint16_t kind;
  /// The block below, or -1.
  int32_t parent;
} ApusBlock;

typedef struct {
  PyObject *_Nullable _co_code;
  PyObject *_Nullable _co_varnames;
  PyObject *_Nullable _co_cellvars;
  PyObject *_Nullable _co_freevars;
} _PyCoCached;

typedef struct PyCodeObject {
  PyVarObject ob_base;
  PyObject *co_consts;
  PyObject *co_names;
  PyObject *co_exceptiontable;
  int co_flags;
  int co_argcount;
  int co_posonlyargcount;
  int co_kwonlyargcount;
  int co_stacksize;
  int co_firstlineno;
  /// co_nlocals + cells not among the arguments + free variables.
  int co_nlocalsplus;
  /// Words of a frame of this code.
  int co_framesize;
  int co_nlocals;
  int co_ncellvars;
  int co_nfreevars;
  uint32_t co_version;
  PyObject *co_localsplusnames;
  PyObject *co_localspluskinds;
  PyObject *co_filename;
  PyObject *co_name;
  PyObject *co_qualname;
  /// Positions per instruction in 3.11's location format (PEP 626, PEP 657).
  PyObject *co_linetable;
  PyObject *_Nullable co_weakreflist;
  void *_Nullable co_executors;
  _PyCoCached *_Nullable _co_cached;
  uintptr_t _co_instrumentation_version;
  void *_Nullable _co_monitoring;
  int _co_firsttraceable;
  void *_Nullable co_extra;
  char co_code_adaptive[8];
  // From here on Apus's own.
  /// The wordcode (bytes).
  PyObject *co_wordcode;
  /// The line table in 3.10's format (bytes).
  PyObject *co_lnotab310;
  /// Variable names (tuples): locals, cells, free variables.
  PyObject *co_varnames;
  PyObject *co_cellvars;
  PyObject *co_freevars;
  /// For each cell variable the argument it is, or -1; NULL when none is an argument.
  int *_Nullable co_cell2arg;
  /// Quickened instructions, `co_ninstructions` of them; NULL before the first execution.
  ApusInstruction *_Nullable co_instructions;
  int co_ninstructions;
  /// For each instruction the innermost block, or -1.
  int32_t *_Nullable co_blockmap;
  ApusBlock *_Nullable co_blocks;
  Py_hash_t co_hash;
  /// co_argcount when a call may move its positional arguments straight into the frame (no *args,
  /// **kwargs, keyword-only parameters, cells or generator), else -1.
  int co_simple_argcount;
  /// Made by the compiler: the code keeps the rules of its instructions. Other code is checked
  /// before it runs.
  int co_is_compiled;
} PyCodeObject;

typedef struct _err_stackitem {
  /// The exception being handled; None or NULL when none is.
  PyObject *_Nullable exc_value;
  struct _err_stackitem *_Nullable previous_item;
} _PyErr_StackItem;

#define FRAME_OWNED_BY_THREAD 0
#define FRAME_OWNED_BY_GENERATOR 1
#define FRAME_OWNED_BY_FRAME_OBJECT 2
#define FRAME_OWNED_BY_CSTACK 3

/// A running (or suspended) activation. Locals, cells, free variables, then the value stack follow
/// in `localsplus`.
typedef struct _PyInterpreterFrame {
  /// The code (strong).
  PyObject *_Nullable f_executable;
  struct _PyInterpreterFrame *_Nullable previous;
  /// The function (strong).
  PyObject *_Nullable f_funcobj;
  /// Borrowed from the function.
  PyObject *_Nullable f_globals;
  PyObject *_Nullable f_builtins;
  /// The mapping of a class body or of exec; NULL in functions (strong).
  PyObject *_Nullable f_locals;
  /// Made only when someone looks (strong).
  struct _frame *_Nullable frame_obj;
  /// The instruction being executed, or that was executed last.
  ApusInstruction *_Nullable instr_ptr;
  /// Depth of the value stack counted from `localsplus`, valid while the frame is not executing.
  int stacktop;
  uint16_t return_offset;
  char owner;
  /// Bits: 1 entered from native code, 2 tracing wants this frame's lines.
  char flags;
  PyObject *_Nullable localsplus[1];
} _PyInterpreterFrame;

APUS_INLINE PyObject *_Nullable *_Nonnull apus_frame_locals(_PyInterpreterFrame *frame) { return frame->localsplus; }

typedef struct _frame {
  PyObject ob_base;
  struct _frame *_Nullable f_back;
  struct _PyInterpreterFrame *_Nullable f_frame;
  PyObject *_Nullable f_trace;
  int f_lineno;
  char f_trace_lines;
  char f_trace_opcodes;
  PyObject *_Nullable f_extra_locals;
  PyObject *_Nullable f_locals_cache;
  PyObject *_Nullable _f_frame_data[1];
} PyFrameObject;

#define FRAME_CREATED (-3)
#define FRAME_SUSPENDED (-2)
#define FRAME_SUSPENDED_YIELD_FROM (-1)
#define FRAME_EXECUTING 0
#define FRAME_COMPLETED 1
#define FRAME_CLEARED 4

/// generator, coroutine and async_generator share one layout; the names differ by prefix only.
typedef struct {
  PyObject ob_base;
  PyObject *_Nullable gi_weakreflist;
  PyObject *_Nullable gi_name;
  PyObject *_Nullable gi_qualname;
  _PyErr_StackItem gi_exc_state;
  PyObject *_Nullable gi_origin_or_finalizer;
  char gi_hooks_inited;
  char gi_closed;
  char gi_running_async;
  int8_t gi_frame_state;
  /// The frame, in place.
  PyObject *_Nullable gi_iframe[1];
} PyGenObject;

APUS_INLINE _PyInterpreterFrame *apus_gen_frame(PyObject *op) { return (_PyInterpreterFrame *)((PyGenObject *)op)->gi_iframe; }

#pragma clang assume_nonnull end
#endif
