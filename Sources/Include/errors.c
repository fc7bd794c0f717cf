// The variadic entry points of exceptions and warnings. Each makes its text with
// PyUnicode_FromFormatV and hands it to the Swift function that does the work.
// CPython: Python/errors.c, Python/_warnings.c.
#include <stdarg.h>
#include "CPythonABI.h"

PyObject *_Nullable PyUnicode_FromFormatV(const char *_Nonnull format, va_list vargs);

PyObject *_Nullable PyErr_FormatV(PyObject *_Nonnull exception, const char *_Nonnull format, va_list vargs) {
  // Formatting runs Python code, which must not see the exception that is replaced.
  PyErr_Clear();
  PyObject *text = PyUnicode_FromFormatV(format, vargs);
  if (text == NULL) return NULL;
  PyErr_SetObject(exception, text);
  Py_DECREF(text);
  return NULL;
}

PyObject *_Nullable PyErr_Format(PyObject *_Nonnull exception, const char *_Nonnull format, ...) {
  va_list vargs;
  va_start(vargs, format);
  PyErr_FormatV(exception, format, vargs);
  va_end(vargs);
  return NULL;
}

void PyErr_FormatUnraisable(const char *_Nullable format, ...) {
  PyObject *raised = PyErr_GetRaisedException();
  PyObject *text = NULL;
  if (format != NULL) {
    va_list vargs;
    va_start(vargs, format);
    text = PyUnicode_FromFormatV(format, vargs);
    va_end(vargs);
    if (text == NULL) PyErr_Clear();
  }
  PyErr_SetRaisedException(raised);
  _PyErr_WriteUnraisableMsg(text, NULL);
  Py_XDECREF(text);
}

static int warn_format(PyObject *_Nullable category, Py_ssize_t level, PyObject *_Nullable source,
                       const char *_Nonnull format, va_list vargs) {
  PyObject *text = PyUnicode_FromFormatV(format, vargs);
  if (text == NULL) return -1;
  int result = _PyErr_WarnUnicode(category, text, level, source);
  Py_DECREF(text);
  return result;
}

int PyErr_WarnFormat(PyObject *_Nullable category, Py_ssize_t level, const char *_Nonnull format, ...) {
  va_list vargs;
  va_start(vargs, format);
  int result = warn_format(category, level, NULL, format, vargs);
  va_end(vargs);
  return result;
}

int PyErr_ResourceWarning(PyObject *_Nullable source, Py_ssize_t level, const char *_Nonnull format, ...) {
  va_list vargs;
  va_start(vargs, format);
  int result = warn_format(PyExc_ResourceWarning, level, source, format, vargs);
  va_end(vargs);
  return result;
}

int PyErr_WarnExplicitFormat(PyObject *_Nonnull category, const char *_Nullable filename, int lineno,
                             const char *_Nullable module, PyObject *_Nullable registry,
                             const char *_Nonnull format, ...) {
  va_list vargs;
  va_start(vargs, format);
  PyObject *text = PyUnicode_FromFormatV(format, vargs);
  va_end(vargs);
  if (text == NULL) return -1;
  PyObject *file = PyUnicode_DecodeFSDefault(filename ? filename : "<unknown>");
  PyObject *name = module ? PyUnicode_FromString(module) : NULL;
  int result = -1;
  if (file != NULL && (module == NULL || name != NULL))
    result = PyErr_WarnExplicitObject(category, text, file, lineno, name, registry);
  Py_XDECREF(file);
  Py_XDECREF(name);
  Py_DECREF(text);
  return result;
}
