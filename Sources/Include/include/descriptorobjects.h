// property, classmethod, staticmethod, super, method-wrapper, mappingproxy: the layouts of CPython
// 3.13 Objects/{descrobject,funcobject,typeobject}.c, which no public header shows.
#ifndef APUS_DESCRIPTOROBJECTS_H
#define APUS_DESCRIPTOROBJECTS_H
#include "callobjects.h"
#pragma clang assume_nonnull begin

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable prop_get;
  PyObject *_Nullable prop_set;
  PyObject *_Nullable prop_del;
  PyObject *_Nullable prop_doc;
  PyObject *_Nullable prop_name;
  /// 1 when the docstring came from the getter.
  int getter_doc;
} PyPropertyObject;

/// classmethod and staticmethod.
typedef struct {
  PyObject ob_base;
  PyObject *_Nullable callable;
  PyObject *_Nullable dict;
} PyMethodDecoratorObject;

typedef struct {
  PyObject ob_base;
  PyTypeObject *_Nullable type;
  PyObject *_Nullable obj;
  PyTypeObject *_Nullable obj_type;
} PySuperObject;

/// A slot wrapper bound to an object.
typedef struct {
  PyObject ob_base;
  PyWrapperDescrObject *descr;
  PyObject *self;
} PyMethodWrapperObject;

typedef struct {
  PyObject ob_base;
  PyObject *mapping;
} PyMappingProxyObject;

/// What a buffer from a Python-level `__buffer__` belongs to: the memoryview and the object.
typedef struct {
  PyObject ob_base;
  PyObject *_Nullable mv;
  PyObject *_Nullable obj;
} PyBufferWrapperObject;

#pragma clang assume_nonnull end
#endif
