// Functions, methods, descriptors, modules, weak references: CPython 3.13 Include/cpython/
// {funcobject,classobject,methodobject,descrobject,moduleobject,weakrefobject}.h.
#ifndef APUS_CALLOBJECTS_H
#define APUS_CALLOBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable func_globals;
  PyObject *_Nullable func_builtins;
  PyObject *_Nullable func_name;
  PyObject *_Nullable func_qualname;
  PyObject *_Nullable func_code;
  PyObject *_Nullable func_defaults;
  PyObject *_Nullable func_kwdefaults;
  PyObject *_Nullable func_closure;
  PyObject *_Nullable func_doc;
  PyObject *_Nullable func_dict;
  PyObject *_Nullable func_weakreflist;
  PyObject *_Nullable func_module;
  PyObject *_Nullable func_annotations;
  PyObject *_Nullable func_typeparams;
  vectorcallfunc _Nullable vectorcall;
  /// 0, or a number unique to this state of code, defaults and the like (for inline caches).
  uint32_t func_version;
} PyFunctionObject;

typedef struct {
  PyObject ob_base;
  PyObject *im_func;
  PyObject *im_self;
  PyObject *_Nullable im_weakreflist;
  vectorcallfunc _Nullable vectorcall;
} PyMethodObject;

typedef struct {
  PyObject ob_base;
  PyObject *func;
} PyInstanceMethodObject;

typedef struct {
  PyObject ob_base;
  PyMethodDef *m_ml;
  PyObject *_Nullable m_self;
  PyObject *_Nullable m_module;
  PyObject *_Nullable m_weakreflist;
  vectorcallfunc _Nullable vectorcall;
} PyCFunctionObject;

typedef struct {
  PyCFunctionObject func;
  PyTypeObject *_Nullable mm_class;
} PyCMethodObject;

typedef struct {
  PyObject ob_base;
  PyTypeObject *d_type;
  PyObject *_Nullable d_name;
  PyObject *_Nullable d_qualname;
} PyDescrObject;

typedef struct {
  PyDescrObject d_common;
  PyMethodDef *d_method;
  vectorcallfunc _Nullable vectorcall;
} PyMethodDescrObject;

typedef struct {
  PyDescrObject d_common;
  PyMemberDef *d_member;
} PyMemberDescrObject;

typedef struct {
  PyDescrObject d_common;
  PyGetSetDef *d_getset;
} PyGetSetDescrObject;

typedef PyObject *_Nullable (*wrapperfunc)(PyObject *self, PyObject *args, void *wrapped);
typedef PyObject *_Nullable (*wrapperfunc_kwds)(PyObject *self, PyObject *args, void *wrapped,
                                                PyObject *_Nullable kwds);

/// A slot that shows as a special method (`__add__` of nb_add).
struct wrapperbase {
  const char *_Nullable name;
  int offset;
  void *_Nullable function;
  wrapperfunc _Nullable wrapper;
  const char *_Nullable doc;
  int flags;
  PyObject *_Nullable name_strobj;
};

typedef struct {
  PyDescrObject d_common;
  struct wrapperbase *d_base;
  void *d_wrapped;
} PyWrapperDescrObject;

typedef struct PyModuleDef_Slot {
  int slot;
  void *_Nullable value;
} PyModuleDef_Slot;

typedef struct PyModuleDef_Base {
  PyObject ob_base;
  PyObject *_Nullable (*_Nullable m_init)(void);
  Py_ssize_t m_index;
  PyObject *_Nullable m_copy;
} PyModuleDef_Base;

typedef struct PyModuleDef {
  PyModuleDef_Base m_base;
  const char *m_name;
  const char *_Nullable m_doc;
  Py_ssize_t m_size;
  PyMethodDef *_Nullable m_methods;
  PyModuleDef_Slot *_Nullable m_slots;
  traverseproc _Nullable m_traverse;
  inquiry _Nullable m_clear;
  freefunc _Nullable m_free;
} PyModuleDef;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable md_dict;
  PyModuleDef *_Nullable md_def;
  void *_Nullable md_state;
  PyObject *_Nullable md_weaklist;
  PyObject *_Nullable md_name;
} PyModuleObject;

typedef struct _PyWeakReference {
  PyObject ob_base;
  /// The referent, or None once it is gone. Not counted.
  PyObject *wr_object;
  PyObject *_Nullable wr_callback;
  Py_hash_t hash;
  struct _PyWeakReference *_Nullable wr_prev;
  struct _PyWeakReference *_Nullable wr_next;
  vectorcallfunc _Nullable vectorcall;
} PyWeakReference;

#pragma clang assume_nonnull end
#endif
