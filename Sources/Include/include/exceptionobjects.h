// Exceptions and tracebacks: CPython 3.13 Include/cpython/pyerrors.h, traceback.h.
#ifndef APUS_EXCEPTIONOBJECTS_H
#define APUS_EXCEPTIONOBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

#define PyException_HEAD \
  PyObject ob_base; \
  PyObject *_Nullable dict; \
  PyObject *_Nullable args; \
  PyObject *_Nullable notes; \
  PyObject *_Nullable traceback; \
  PyObject *_Nullable context; \
  PyObject *_Nullable cause; \
  char suppress_context;

typedef struct { PyException_HEAD } PyBaseExceptionObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable msg;
  PyObject *_Nullable excs;
} PyBaseExceptionGroupObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable msg;
  PyObject *_Nullable filename;
  PyObject *_Nullable lineno;
  PyObject *_Nullable offset;
  PyObject *_Nullable end_lineno;
  PyObject *_Nullable end_offset;
  PyObject *_Nullable text;
  PyObject *_Nullable print_file_and_line;
} PySyntaxErrorObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable msg;
  PyObject *_Nullable name;
  PyObject *_Nullable path;
  PyObject *_Nullable name_from;
} PyImportErrorObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable encoding;
  PyObject *_Nullable object;
  Py_ssize_t start;
  Py_ssize_t end;
  PyObject *_Nullable reason;
} PyUnicodeErrorObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable code;
} PySystemExitObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable myerrno;
  PyObject *_Nullable strerror;
  PyObject *_Nullable filename;
  PyObject *_Nullable filename2;
  /// Only of BlockingIOError; -1 when unset.
  Py_ssize_t written;
} PyOSErrorObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable value;
} PyStopIterationObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable name;
} PyNameErrorObject;

typedef struct {
  PyException_HEAD
  PyObject *_Nullable obj;
  PyObject *_Nullable name;
} PyAttributeErrorObject;

typedef struct _traceback {
  PyObject ob_base;
  PyObject *_Nullable tb_next;
  PyObject *_Nullable tb_frame;
  /// Bytes into `co_code`.
  int tb_lasti;
  /// -1 when not computed yet.
  int tb_lineno;
} PyTracebackObject;

#pragma clang assume_nonnull end
#endif
