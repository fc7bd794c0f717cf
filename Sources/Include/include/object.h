// The object header, reference counting and the type object, in CPython 3.13's layout.
// Source: CPython 3.13 Include/object.h, Include/cpython/object.h (layout facts only).
#ifndef APUS_OBJECT_H
#define APUS_OBJECT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#define APUS_INLINE static inline __attribute__((always_inline))
#define APUS_COLD __attribute__((cold, noinline))

#pragma clang assume_nonnull begin

typedef ssize_t Py_ssize_t;
typedef Py_ssize_t Py_hash_t;
typedef size_t Py_uhash_t;
typedef uint32_t Py_UCS4;
typedef uint16_t Py_UCS2;
typedef uint8_t Py_UCS1;

typedef struct _object PyObject;
typedef struct _typeobject PyTypeObject;

/// The two words every Python object starts with.
struct _object {
  /// Strong references. An immortal object holds 0xFFFFFFFF and is never counted.
  Py_ssize_t ob_refcnt;
  PyTypeObject *ob_type;
};

/// An object whose size depends on `ob_size` (its sign may carry meaning).
typedef struct {
  PyObject ob_base;
  Py_ssize_t ob_size;
} PyVarObject;

/// The 16 bytes before every object the collector tracks.
/// `_gc_prev` keeps flags in its two low bits: 1 finalised, 2 collecting.
typedef struct {
  uintptr_t _gc_next;
  uintptr_t _gc_prev;
} PyGC_Head;

typedef struct bufferinfo {
  void *_Nullable buf;
  PyObject *_Nullable obj;
  Py_ssize_t len;
  Py_ssize_t itemsize;
  int readonly;
  int ndim;
  char *_Nullable format;
  Py_ssize_t *_Nullable shape;
  Py_ssize_t *_Nullable strides;
  Py_ssize_t *_Nullable suboffsets;
  void *_Nullable internal;
} Py_buffer;

typedef PyObject *_Nullable (*unaryfunc)(PyObject *);
typedef PyObject *_Nullable (*binaryfunc)(PyObject *, PyObject *);
typedef PyObject *_Nullable (*ternaryfunc)(PyObject *, PyObject *, PyObject *_Nullable);
typedef int (*inquiry)(PyObject *);
typedef Py_ssize_t (*lenfunc)(PyObject *);
typedef PyObject *_Nullable (*ssizeargfunc)(PyObject *, Py_ssize_t);
typedef int (*ssizeobjargproc)(PyObject *, Py_ssize_t, PyObject *_Nullable);
typedef int (*objobjargproc)(PyObject *, PyObject *, PyObject *_Nullable);
typedef int (*objobjproc)(PyObject *, PyObject *);
typedef int (*visitproc)(PyObject *, void *_Nullable);
typedef int (*traverseproc)(PyObject *, visitproc, void *_Nullable);
typedef void (*freefunc)(void *);
typedef void (*destructor)(PyObject *);
typedef PyObject *_Nullable (*getattrfunc)(PyObject *, char *);
typedef PyObject *_Nullable (*getattrofunc)(PyObject *, PyObject *);
typedef int (*setattrfunc)(PyObject *, char *, PyObject *_Nullable);
typedef int (*setattrofunc)(PyObject *, PyObject *, PyObject *_Nullable);
typedef PyObject *_Nullable (*reprfunc)(PyObject *);
typedef Py_hash_t (*hashfunc)(PyObject *);
typedef PyObject *_Nullable (*richcmpfunc)(PyObject *, PyObject *, int);
typedef PyObject *_Nullable (*getiterfunc)(PyObject *);
typedef PyObject *_Nullable (*iternextfunc)(PyObject *);
typedef PyObject *_Nullable (*descrgetfunc)(PyObject *, PyObject *_Nullable, PyObject *_Nullable);
typedef int (*descrsetfunc)(PyObject *, PyObject *, PyObject *_Nullable);
typedef int (*initproc)(PyObject *, PyObject *, PyObject *_Nullable);
typedef PyObject *_Nullable (*newfunc)(PyTypeObject *, PyObject *, PyObject *_Nullable);
typedef PyObject *_Nullable (*allocfunc)(PyTypeObject *, Py_ssize_t);
typedef PyObject *_Nullable (*vectorcallfunc)(
    PyObject *callable, PyObject *_Nonnull const *_Nullable args, size_t nargsf,
    PyObject *_Nullable kwnames);
typedef int (*getbufferproc)(PyObject *, Py_buffer *, int);
typedef void (*releasebufferproc)(PyObject *, Py_buffer *);
/// Result of `am_send`: PYGEN_RETURN 0, PYGEN_ERROR -1, PYGEN_NEXT 1.
typedef int PySendResult;
typedef PySendResult (*sendfunc)(PyObject *iter, PyObject *value,
                                 PyObject *_Nullable *_Nonnull result);

typedef struct {
  binaryfunc _Nullable nb_add;
  binaryfunc _Nullable nb_subtract;
  binaryfunc _Nullable nb_multiply;
  binaryfunc _Nullable nb_remainder;
  binaryfunc _Nullable nb_divmod;
  ternaryfunc _Nullable nb_power;
  unaryfunc _Nullable nb_negative;
  unaryfunc _Nullable nb_positive;
  unaryfunc _Nullable nb_absolute;
  inquiry _Nullable nb_bool;
  unaryfunc _Nullable nb_invert;
  binaryfunc _Nullable nb_lshift;
  binaryfunc _Nullable nb_rshift;
  binaryfunc _Nullable nb_and;
  binaryfunc _Nullable nb_xor;
  binaryfunc _Nullable nb_or;
  unaryfunc _Nullable nb_int;
  void *_Nullable nb_reserved;
  unaryfunc _Nullable nb_float;
  binaryfunc _Nullable nb_inplace_add;
  binaryfunc _Nullable nb_inplace_subtract;
  binaryfunc _Nullable nb_inplace_multiply;
  binaryfunc _Nullable nb_inplace_remainder;
  ternaryfunc _Nullable nb_inplace_power;
  binaryfunc _Nullable nb_inplace_lshift;
  binaryfunc _Nullable nb_inplace_rshift;
  binaryfunc _Nullable nb_inplace_and;
  binaryfunc _Nullable nb_inplace_xor;
  binaryfunc _Nullable nb_inplace_or;
  binaryfunc _Nullable nb_floor_divide;
  binaryfunc _Nullable nb_true_divide;
  binaryfunc _Nullable nb_inplace_floor_divide;
  binaryfunc _Nullable nb_inplace_true_divide;
  unaryfunc _Nullable nb_index;
  binaryfunc _Nullable nb_matrix_multiply;
  binaryfunc _Nullable nb_inplace_matrix_multiply;
} PyNumberMethods;

typedef struct {
  lenfunc _Nullable sq_length;
  binaryfunc _Nullable sq_concat;
  ssizeargfunc _Nullable sq_repeat;
  ssizeargfunc _Nullable sq_item;
  void *_Nullable was_sq_slice;
  ssizeobjargproc _Nullable sq_ass_item;
  void *_Nullable was_sq_ass_slice;
  objobjproc _Nullable sq_contains;
  binaryfunc _Nullable sq_inplace_concat;
  ssizeargfunc _Nullable sq_inplace_repeat;
} PySequenceMethods;

typedef struct {
  lenfunc _Nullable mp_length;
  binaryfunc _Nullable mp_subscript;
  objobjargproc _Nullable mp_ass_subscript;
} PyMappingMethods;

typedef struct {
  unaryfunc _Nullable am_await;
  unaryfunc _Nullable am_aiter;
  unaryfunc _Nullable am_anext;
  sendfunc _Nullable am_send;
} PyAsyncMethods;

typedef struct {
  getbufferproc _Nullable bf_getbuffer;
  releasebufferproc _Nullable bf_releasebuffer;
} PyBufferProcs;

/// `ml_meth` has the shape its flags say (METH_*), so it is kept untyped here.
typedef struct PyMethodDef {
  const char *_Nullable ml_name;
  void *_Nullable ml_meth;
  int ml_flags;
  const char *_Nullable ml_doc;
} PyMethodDef;

/// A number kept where `PyMethodDef` has four unused bytes behind `ml_flags`.
APUS_INLINE unsigned int apus_method_number(const PyMethodDef *definition) {
  unsigned int number;
  memcpy(&number, (const char *)&definition->ml_flags + sizeof(int), sizeof number);
  return number;
}
APUS_INLINE void apus_method_set_number(PyMethodDef *definition, unsigned int number) {
  memcpy((char *)&definition->ml_flags + sizeof(int), &number, sizeof number);
}

typedef struct PyMemberDef {
  const char *_Nullable name;
  int type;
  Py_ssize_t offset;
  int flags;
  const char *_Nullable doc;
} PyMemberDef;

typedef PyObject *_Nullable (*getter)(PyObject *, void *_Nullable);
typedef int (*setter)(PyObject *, PyObject *_Nullable, void *_Nullable);

typedef struct PyGetSetDef {
  const char *_Nullable name;
  getter _Nullable get;
  setter _Nullable set;
  const char *_Nullable doc;
  void *_Nullable closure;
} PyGetSetDef;

struct _typeobject {
  PyVarObject ob_base;
  const char *_Nullable tp_name;
  Py_ssize_t tp_basicsize;
  Py_ssize_t tp_itemsize;
  destructor _Nullable tp_dealloc;
  Py_ssize_t tp_vectorcall_offset;
  getattrfunc _Nullable tp_getattr;
  setattrfunc _Nullable tp_setattr;
  PyAsyncMethods *_Nullable tp_as_async;
  reprfunc _Nullable tp_repr;
  PyNumberMethods *_Nullable tp_as_number;
  PySequenceMethods *_Nullable tp_as_sequence;
  PyMappingMethods *_Nullable tp_as_mapping;
  hashfunc _Nullable tp_hash;
  ternaryfunc _Nullable tp_call;
  reprfunc _Nullable tp_str;
  getattrofunc _Nullable tp_getattro;
  setattrofunc _Nullable tp_setattro;
  PyBufferProcs *_Nullable tp_as_buffer;
  unsigned long tp_flags;
  const char *_Nullable tp_doc;
  traverseproc _Nullable tp_traverse;
  inquiry _Nullable tp_clear;
  richcmpfunc _Nullable tp_richcompare;
  Py_ssize_t tp_weaklistoffset;
  getiterfunc _Nullable tp_iter;
  iternextfunc _Nullable tp_iternext;
  PyMethodDef *_Nullable tp_methods;
  PyMemberDef *_Nullable tp_members;
  PyGetSetDef *_Nullable tp_getset;
  PyTypeObject *_Nullable tp_base;
  PyObject *_Nullable tp_dict;
  descrgetfunc _Nullable tp_descr_get;
  descrsetfunc _Nullable tp_descr_set;
  Py_ssize_t tp_dictoffset;
  initproc _Nullable tp_init;
  allocfunc _Nullable tp_alloc;
  newfunc _Nullable tp_new;
  freefunc _Nullable tp_free;
  inquiry _Nullable tp_is_gc;
  PyObject *_Nullable tp_bases;
  PyObject *_Nullable tp_mro;
  PyObject *_Nullable tp_cache;
  void *_Nullable tp_subclasses;
  PyObject *_Nullable tp_weaklist;
  destructor _Nullable tp_del;
  unsigned int tp_version_tag;
  destructor _Nullable tp_finalize;
  vectorcallfunc _Nullable tp_vectorcall;
  unsigned char tp_watched;
  uint16_t tp_versions_used;
};

struct _dictkeysobject;

typedef struct {
  PyObject *_Nullable getitem;
  uint32_t getitem_version;
  PyObject *_Nullable init;
} _specialization_cache;

/// A type made at run time (a class statement, `type(...)`, `PyType_FromSpec`).
typedef struct _heaptypeobject {
  PyTypeObject ht_type;
  PyAsyncMethods as_async;
  PyNumberMethods as_number;
  PyMappingMethods as_mapping;
  PySequenceMethods as_sequence;
  PyBufferProcs as_buffer;
  PyObject *_Nullable ht_name;
  PyObject *_Nullable ht_slots;
  PyObject *_Nullable ht_qualname;
  struct _dictkeysobject *_Nullable ht_cached_keys;
  PyObject *_Nullable ht_module;
  char *_Nullable _ht_tpname;
  _specialization_cache _spec_cache;
} PyHeapTypeObject;

typedef struct {
  int slot;
  void *_Nullable pfunc;
} PyType_Slot;

typedef struct {
  const char *name;
  int basicsize;
  int itemsize;
  unsigned int flags;
  PyType_Slot *slots;
} PyType_Spec;

// MARK: Reference counting

/// Called when a count falls to zero: runs `tp_dealloc`.
void _Py_Dealloc(PyObject *op);

APUS_INLINE int _Py_IsImmortal(PyObject *op) { return (int32_t)op->ob_refcnt < 0; }

/// With APUS_CHECK_COUNTS (./dev sanitize) a count that cannot be right ends the process: that of an
/// object already dead, or of memory that PYTHONMALLOC=debug filled on freeing.
#ifdef APUS_CHECK_COUNTS
void apus_wrong_count(PyObject *op, const char *what) __attribute__((noreturn, cold));
APUS_INLINE void apus_check_count(PyObject *op, const char *what) {
  if (op->ob_refcnt == 0 || (uint64_t)op->ob_refcnt == 0xDDDDDDDDDDDDDDDD) apus_wrong_count(op, what);
}
/// An object that ends must have no reference left.
APUS_INLINE void apus_check_dead(PyObject *op) {
  if (op->ob_refcnt != 0) apus_wrong_count(op, "the end, with references left, of");
}
#else
APUS_INLINE void apus_check_count(PyObject *op, const char *what) {}
APUS_INLINE void apus_check_dead(PyObject *op) {}
#endif

APUS_INLINE void Py_INCREF(PyObject *op) {
  apus_check_count(op, "a new reference to");
  uint32_t *low = (uint32_t *)&op->ob_refcnt;
  uint32_t next = *low + 1;
  if (__builtin_expect(next == 0, 0)) return;
  *low = next;
}

APUS_INLINE void Py_DECREF(PyObject *op) {
  apus_check_count(op, "a reference given up to");
  if (_Py_IsImmortal(op)) return;
  if (__builtin_expect(--op->ob_refcnt == 0, 0)) _Py_Dealloc(op);
}

APUS_INLINE void Py_XINCREF(PyObject *_Nullable op) {
  if (op) Py_INCREF((PyObject *_Nonnull)op);
}

APUS_INLINE void Py_XDECREF(PyObject *_Nullable op) {
  if (op) Py_DECREF((PyObject *_Nonnull)op);
}

APUS_INLINE int Py_Is(PyObject *_Nullable a, PyObject *_Nullable b) { return a == b; }

APUS_INLINE PyTypeObject *Py_TYPE(PyObject *op) { return op->ob_type; }

#define _Py_IMMORTAL_REFCNT 0xFFFFFFFFL

// MARK: Type flags

#define _Py_TPFLAGS_STATIC_BUILTIN (1UL << 1)
#define Py_TPFLAGS_INLINE_VALUES (1UL << 2)
#define Py_TPFLAGS_MANAGED_WEAKREF (1UL << 3)
#define Py_TPFLAGS_MANAGED_DICT (1UL << 4)
#define Py_TPFLAGS_PREHEADER (Py_TPFLAGS_MANAGED_WEAKREF | Py_TPFLAGS_MANAGED_DICT)
#define Py_TPFLAGS_SEQUENCE (1UL << 5)
#define Py_TPFLAGS_MAPPING (1UL << 6)
#define Py_TPFLAGS_DISALLOW_INSTANTIATION (1UL << 7)
#define Py_TPFLAGS_IMMUTABLETYPE (1UL << 8)
#define Py_TPFLAGS_HEAPTYPE (1UL << 9)
#define Py_TPFLAGS_BASETYPE (1UL << 10)
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
#define Py_TPFLAGS_READY (1UL << 12)
#define Py_TPFLAGS_READYING (1UL << 13)
#define Py_TPFLAGS_HAVE_GC (1UL << 14)
#define Py_TPFLAGS_METHOD_DESCRIPTOR (1UL << 17)
#define Py_TPFLAGS_HAVE_VERSION_TAG (1UL << 18)
#define Py_TPFLAGS_VALID_VERSION_TAG (1UL << 19)
#define Py_TPFLAGS_IS_ABSTRACT (1UL << 20)
#define _Py_TPFLAGS_MATCH_SELF (1UL << 22)
#define Py_TPFLAGS_ITEMS_AT_END (1UL << 23)
#define Py_TPFLAGS_LONG_SUBCLASS (1UL << 24)
#define Py_TPFLAGS_LIST_SUBCLASS (1UL << 25)
#define Py_TPFLAGS_TUPLE_SUBCLASS (1UL << 26)
#define Py_TPFLAGS_BYTES_SUBCLASS (1UL << 27)
#define Py_TPFLAGS_UNICODE_SUBCLASS (1UL << 28)
#define Py_TPFLAGS_DICT_SUBCLASS (1UL << 29)
#define Py_TPFLAGS_BASE_EXC_SUBCLASS (1UL << 30)
#define Py_TPFLAGS_TYPE_SUBCLASS (1UL << 31)

// MARK: Method, member and comparison constants

#define METH_VARARGS 0x0001
#define METH_KEYWORDS 0x0002
#define METH_NOARGS 0x0004
#define METH_O 0x0008
#define METH_CLASS 0x0010
#define METH_STATIC 0x0020
#define METH_COEXIST 0x0040
#define METH_FASTCALL 0x0080
#define METH_METHOD 0x0200

#define Py_T_SHORT 0
#define Py_T_INT 1
#define Py_T_LONG 2
#define Py_T_FLOAT 3
#define Py_T_DOUBLE 4
#define Py_T_STRING 5
#define _Py_T_OBJECT 6
#define Py_T_CHAR 7
#define Py_T_BYTE 8
#define Py_T_UBYTE 9
#define Py_T_USHORT 10
#define Py_T_UINT 11
#define Py_T_ULONG 12
#define Py_T_STRING_INPLACE 13
#define Py_T_BOOL 14
#define Py_T_OBJECT_EX 16
#define Py_T_LONGLONG 17
#define Py_T_ULONGLONG 18
#define Py_T_PYSSIZET 19
#define _Py_T_NONE 20
#define Py_READONLY 1
#define Py_AUDIT_READ 2
#define Py_RELATIVE_OFFSET 8

#define Py_LT 0
#define Py_LE 1
#define Py_EQ 2
#define Py_NE 3
#define Py_GT 4
#define Py_GE 5

#define PYGEN_RETURN 0
#define PYGEN_ERROR -1
#define PYGEN_NEXT 1

#define PyBUF_SIMPLE 0
#define PyBUF_WRITABLE 0x0001
#define PyBUF_FORMAT 0x0004
#define PyBUF_ND 0x0008
#define PyBUF_STRIDES 0x0018
#define PyBUF_C_CONTIGUOUS 0x0038
#define PyBUF_F_CONTIGUOUS 0x0058
#define PyBUF_ANY_CONTIGUOUS 0x0098
#define PyBUF_INDIRECT 0x0118
#define PyBUF_CONTIG 0x0009
#define PyBUF_CONTIG_RO 0x0008
#define PyBUF_STRIDED 0x0019
#define PyBUF_STRIDED_RO 0x0018
#define PyBUF_RECORDS 0x001d
#define PyBUF_RECORDS_RO 0x001c
#define PyBUF_FULL 0x011d
#define PyBUF_FULL_RO 0x011c
#define PyBUF_READ 0x100
#define PyBUF_WRITE 0x200
#define PyBUF_MAX_NDIM 64

/// Set in `nargsf` when the callee may overwrite `args[-1]`.
#define APUS_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << 63)

APUS_INLINE Py_ssize_t PyVectorcall_NARGS(size_t nargsf) {
  return (Py_ssize_t)(nargsf & ~APUS_VECTORCALL_ARGUMENTS_OFFSET);
}

APUS_INLINE int PyType_HasFeature(PyTypeObject *type, unsigned long feature) {
  return (type->tp_flags & feature) != 0;
}

// MARK: Collector header

APUS_INLINE PyGC_Head *_Py_AS_GC(PyObject *op) { return (PyGC_Head *)op - 1; }
APUS_INLINE PyObject *_Py_FROM_GC(PyGC_Head *gc) { return (PyObject *)(gc + 1); }
/// Whether a GC object is linked into a generation.
APUS_INLINE int _PyObject_GC_IS_TRACKED(PyObject *op) { return _Py_AS_GC(op)->_gc_next != 0; }

#pragma clang assume_nonnull end
#endif
