// Iterators, range, the aliases of typing, SimpleNamespace, capsule: CPython 3.13
// Objects/{iterobject,enumobject,rangeobject,genericaliasobject,unionobject,namespaceobject,capsule}.c
// and Python/bltinmodule.c (layout facts only).
#ifndef APUS_ITERATOROBJECTS_H
#define APUS_ITERATOROBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

typedef struct {
  PyObject ob_base;
  Py_ssize_t it_index;
  /// NULL when the iterator is exhausted.
  PyObject *_Nullable it_seq;
} seqiterobject;

typedef struct {
  PyObject ob_base;
  /// Both NULL when the iterator is exhausted.
  PyObject *_Nullable it_callable;
  PyObject *_Nullable it_sentinel;
} calliterobject;

typedef struct {
  PyObject ob_base;
  /// The next number; PY_SSIZE_T_MAX once `en_longindex` counts.
  Py_ssize_t en_index;
  PyObject *_Nullable en_sit;
  /// A pair used again while nobody else holds it.
  PyObject *_Nullable en_result;
  PyObject *_Nullable en_longindex;
  /// CPython keeps the int 1 here.
  PyObject *_Nullable en_one;
} enumobject;

typedef struct {
  PyObject ob_base;
  Py_ssize_t index;
  PyObject *_Nullable seq;
} reversedobject;

typedef struct {
  PyObject ob_base;
  Py_ssize_t tuplesize;
  PyObject *_Nullable ittuple;
  PyObject *_Nullable result;
  int strict;
} zipobject;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable iters;
  PyObject *_Nullable func;
} mapobject;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable func;
  PyObject *_Nullable it;
} filterobject;

typedef struct {
  PyObject ob_base;
  PyObject *start;
  PyObject *stop;
  PyObject *step;
  PyObject *length;
} rangeobject;

/// The iterator over a range of machine ints.
typedef struct {
  PyObject ob_base;
  long start;
  long step;
  long len;
} _PyRangeIterObject;

typedef struct {
  PyObject ob_base;
  PyObject *start;
  PyObject *step;
  PyObject *len;
} longrangeiterobject;

typedef struct {
  PyObject ob_base;
  PyObject *origin;
  PyObject *args;
  PyObject *_Nullable parameters;
  PyObject *_Nullable weakreflist;
  /// Whether the alias was unpacked (`*tuple[int]`).
  char starred;
  vectorcallfunc _Nullable vectorcall;
} gaobject;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable obj;
} gaiterobject;

typedef struct {
  PyObject ob_base;
  PyObject *args;
  PyObject *_Nullable parameters;
} unionobject;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable ns_dict;
} _PyNamespaceObject;

typedef void (*PyCapsule_Destructor)(PyObject *);

typedef struct {
  PyObject ob_base;
  void *_Nullable pointer;
  const char *_Nullable name;
  void *_Nullable context;
  PyCapsule_Destructor _Nullable destructor;
  traverseproc _Nullable traverse_func;
  inquiry _Nullable clear_func;
} PyCapsule;

#pragma clang assume_nonnull end
#endif
