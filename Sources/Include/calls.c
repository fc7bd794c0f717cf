// The variadic functions of the C API that call, pack and print.
#include "CPythonABI.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// MARK: Packing and calling

PyObject *_Nullable PyTuple_Pack(Py_ssize_t count, ...) {
  PyObject *tuple = PyTuple_New(count);
  if (!tuple) return NULL;
  va_list arguments;
  va_start(arguments, count);
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = va_arg(arguments, PyObject *);
    Py_INCREF(item);
    apus_tuple_items((PyObject *)tuple)[i] = item;
  }
  va_end(arguments);
  return tuple;
}

/// The arguments up to NULL, `first` before them unless it is NULL; NULL without memory. `room` holds
/// the usual number of them.
static PyObject *_Nonnull *_Nullable collect(
    PyObject *_Nullable first, va_list given, PyObject *_Nonnull *_Nonnull room, Py_ssize_t size,
    Py_ssize_t *_Nonnull count) {
  va_list arguments;
  va_copy(arguments, given);
  Py_ssize_t n = first ? 1 : 0;
  while (va_arg(arguments, PyObject *)) n++;
  va_end(arguments);
  PyObject *_Nonnull *array = n <= size ? room : malloc((size_t)n * sizeof(PyObject *));
  if (!array) {
    PyErr_NoMemory();
    return NULL;
  }
  Py_ssize_t i = 0;
  if (first) array[i++] = (PyObject *_Nonnull)first;
  va_copy(arguments, given);
  while (i < n) array[i++] = va_arg(arguments, PyObject *);
  va_end(arguments);
  *count = n;
  return array;
}

PyObject *_Nullable PyObject_CallFunctionObjArgs(PyObject *callable, ...) {
  PyObject *room[8];
  Py_ssize_t count;
  va_list arguments;
  va_start(arguments, callable);
  PyObject *_Nonnull *array = collect(NULL, arguments, room, 8, &count);
  va_end(arguments);
  if (!array) return NULL;
  PyObject *result = PyObject_Vectorcall(callable, array, (size_t)count, NULL);
  if (array != room) free(array);
  return result;
}

PyObject *_Nullable PyObject_CallMethodObjArgs(PyObject *object, PyObject *name, ...) {
  PyObject *room[8];
  Py_ssize_t count;
  va_list arguments;
  va_start(arguments, name);
  PyObject *_Nonnull *array = collect(object, arguments, room, 8, &count);
  va_end(arguments);
  if (!array) return NULL;
  PyObject *result = PyObject_VectorcallMethod(name, array, (size_t)count, NULL);
  if (array != room) free(array);
  return result;
}

/// Calls with the value of a format: a tuple gives the arguments, anything else is the argument.
static PyObject *_Nullable call_with(PyObject *callable, const char *_Nullable format, va_list arguments) {
  if (!format || !*format) return PyObject_CallNoArgs(callable);
  PyObject *value = Py_VaBuildValue((const char *_Nonnull)format, arguments);
  if (!value) return NULL;
  PyObject *result = PyType_HasFeature(Py_TYPE((PyObject *)value), Py_TPFLAGS_TUPLE_SUBCLASS)
                         ? PyObject_Call(callable, (PyObject *)value, NULL)
                         : PyObject_CallOneArg(callable, (PyObject *)value);
  Py_DECREF((PyObject *)value);
  return result;
}

PyObject *_Nullable PyObject_CallFunction(PyObject *callable, const char *_Nullable format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with(callable, format, arguments);
  va_end(arguments);
  return result;
}

PyObject *_Nullable PyObject_CallMethod(
    PyObject *object, const char *name, const char *_Nullable format, ...) {
  PyObject *method = PyObject_GetAttrString(object, name);
  if (!method) return NULL;
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with((PyObject *)method, format, arguments);
  va_end(arguments);
  Py_DECREF((PyObject *)method);
  return result;
}

// The names these had before Python 3.9, which the stable ABI keeps. They always make a tuple.

static PyObject *_Nullable call_with_tuple(
    PyObject *callable, const char *_Nullable format, va_list arguments) {
  PyObject *value = format ? Py_VaBuildValue((const char *_Nonnull)format, arguments) : PyTuple_New(0);
  if (!value) return NULL;
  if (!PyType_HasFeature(Py_TYPE((PyObject *)value), Py_TPFLAGS_TUPLE_SUBCLASS)) {
    PyObject *tuple = value == noneObject() && !*(const char *_Nonnull)format ? PyTuple_New(0)
                                                                            : PyTuple_Pack(1, value);
    Py_DECREF((PyObject *)value);
    if (!tuple) return NULL;
    value = tuple;
  }
  PyObject *result = PyObject_Call(callable, (PyObject *)value, NULL);
  Py_DECREF((PyObject *)value);
  return result;
}

PyObject *_Nullable PyEval_CallFunction(PyObject *callable, const char *_Nullable format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with_tuple(callable, format, arguments);
  va_end(arguments);
  return result;
}

PyObject *_Nullable PyEval_CallMethod(
    PyObject *object, const char *name, const char *_Nullable format, ...) {
  PyObject *method = PyObject_GetAttrString(object, name);
  if (!method) return NULL;
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with_tuple((PyObject *)method, format, arguments);
  va_end(arguments);
  Py_DECREF((PyObject *)method);
  return result;
}

PyObject *_Nullable _PyObject_CallFunction_SizeT(PyObject *callable, const char *_Nullable format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with(callable, format, arguments);
  va_end(arguments);
  return result;
}

PyObject *_Nullable _PyObject_CallMethod_SizeT(
    PyObject *object, const char *name, const char *_Nullable format, ...) {
  PyObject *method = PyObject_GetAttrString(object, name);
  if (!method) return NULL;
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with((PyObject *)method, format, arguments);
  va_end(arguments);
  Py_DECREF((PyObject *)method);
  return result;
}

// MARK: Output

/// Writes to sys.stdout or sys.stderr, or to C's stream when that fails.
static void print(const char *name, FILE *stream, const char *text) {
  PyObject *error = PyErr_GetRaisedException();
  PyObject *file = PySys_GetObject(name);
  if (!file || PyFile_WriteString(text, (PyObject *)file) != 0) {
    PyErr_Clear();
    fputs(text, stream);
  }
  PyErr_SetRaisedException(error);
}

/// At most 1,000 bytes are written; then "... truncated" follows.
static void print_format(const char *name, FILE *stream, const char *format, va_list arguments) {
  char text[1001];
  int size = vsnprintf(text, sizeof text, format, arguments);
  print(name, stream, text);
  if (size < 0 || (size_t)size >= sizeof text) print(name, stream, "... truncated");
}

void PySys_WriteStdout(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print_format("stdout", stdout, format, arguments);
  va_end(arguments);
}

void PySys_WriteStderr(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print_format("stderr", stderr, format, arguments);
  va_end(arguments);
}

static void print_unicode(const char *name, FILE *stream, const char *format, va_list arguments) {
  PyObject *text = PyUnicode_FromFormatV(format, arguments);
  if (!text) {
    PyErr_Clear();
    return;
  }
  const char *utf8 = PyUnicode_AsUTF8((PyObject *)text);
  if (utf8) print(name, stream, (const char *_Nonnull)utf8);
  else PyErr_Clear();
  Py_DECREF((PyObject *)text);
}

void PySys_FormatStdout(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print_unicode("stdout", stdout, format, arguments);
  va_end(arguments);
}

void PySys_FormatStderr(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print_unicode("stderr", stderr, format, arguments);
  va_end(arguments);
}

int PySys_Audit(const char *event, const char *_Nullable format, ...) {
  PyObject *values = NULL;
  if (format && *format) {
    va_list arguments;
    va_start(arguments, format);
    values = Py_VaBuildValue((const char *_Nonnull)format, arguments);
    va_end(arguments);
  } else {
    values = PyTuple_New(0);
  }
  if (!values) return -1;
  PyObject *tuple = values;
  if (!PyType_HasFeature(Py_TYPE((PyObject *)values), Py_TPFLAGS_TUPLE_SUBCLASS)) {
    tuple = PyTuple_Pack(1, values);
    Py_DECREF((PyObject *)values);
    if (!tuple) return -1;
  }
  int result = PySys_AuditTuple(event, (PyObject *)tuple);
  Py_DECREF((PyObject *)tuple);
  return result;
}

int PyOS_vsnprintf(char *text, size_t size, const char *format, va_list arguments) {
  int result = vsnprintf(text, size, format, arguments);
  if (size > 0) text[size - 1] = 0;
  return result;
}

int PyOS_snprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int result = PyOS_vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return result;
}

// MARK: Static names

/// A name in static data that becomes a str at its first use; compiled code of mypyc has them. The
/// layout is that of CPython 3.13, where `index` is -1 before; here it then keeps the str itself.
typedef struct {
  const char *string;
  Py_ssize_t index;
  unsigned char mutex;
} _Py_Identifier;

/// The interned str of a static name: borrowed, kept for the life of the process.
PyObject *_Nullable _PyUnicode_FromId(_Py_Identifier *name) {
  if (name->index == -1) {
    PyObject *text = PyUnicode_InternFromString(name->string);
    if (!text) return NULL;
    name->index = (Py_ssize_t)text;
  }
  return (PyObject *)name->index;
}

PyObject *_Nullable _PyObject_GetAttrId(PyObject *object, _Py_Identifier *name) {
  PyObject *text = _PyUnicode_FromId(name);
  return text ? PyObject_GetAttr(object, text) : NULL;
}

PyObject *_Nullable _PyObject_CallMethodId(
    PyObject *object, _Py_Identifier *name, const char *_Nullable format, ...) {
  PyObject *method = _PyObject_GetAttrId(object, name);
  if (!method) return NULL;
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = call_with((PyObject *)method, format, arguments);
  va_end(arguments);
  Py_DECREF((PyObject *)method);
  return result;
}
