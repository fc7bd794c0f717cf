// Objects from C values by a format: Py_BuildValue. CPython: Python/modsupport.c.
#include "CPythonABI.h"
#include <stdarg.h>
#include <string.h>

typedef struct {
  const char *format;
  va_list arguments;
} Builder;

static PyObject *_Nullable build_one(Builder *b);

static void skip_blanks(Builder *b) {
  while (*b->format == ',' || *b->format == ' ' || *b->format == '\t' || *b->format == ':') b->format++;
}

/// The items up to `end` (0: the end of the format) as a list, new; NULL with an exception. Further
/// values are consumed in any case, so that references given away are not lost.
static PyObject *_Nullable build_items(Builder *b, char end) {
  PyObject *list = PyList_New(0);
  int failed = list == NULL;
  for (;;) {
    skip_blanks(b);
    if (*b->format == end) break;
    if (!*b->format) {
      if (!failed) PyErr_SetString(PyExc_SystemError, "unmatched paren in format");
      Py_XDECREF(list);
      return NULL;
    }
    PyObject *item = build_one(b);
    if (!item) {
      failed = 1;
      if (!*b->format) break;
      continue;
    }
    if (!failed && PyList_Append((PyObject *)list, (PyObject *)item) < 0) failed = 1;
    Py_DECREF((PyObject *)item);
  }
  if (end && *b->format == end) b->format++;
  if (failed) {
    Py_XDECREF(list);
    return NULL;
  }
  return list;
}

static PyObject *_Nullable build_tuple(Builder *b, char end) {
  PyObject *list = build_items(b, end);
  if (!list) return NULL;
  PyObject *tuple = PyList_AsTuple((PyObject *)list);
  Py_DECREF((PyObject *)list);
  return tuple;
}

static PyObject *_Nullable build_dict(Builder *b) {
  PyObject *list = build_items(b, '}');
  if (!list) return NULL;
  Py_ssize_t count = PyList_Size((PyObject *)list);
  PyObject *dict = NULL;
  if (count % 2) {
    PyErr_SetString(PyExc_SystemError, "Bad dict format");
  } else if ((dict = PyDict_New())) {
    for (Py_ssize_t i = 0; i < count; i += 2)
      if (PyDict_SetItem((PyObject *)dict, apus_list_item((PyObject *)list, i),
                         apus_list_item((PyObject *)list, i + 1)) < 0) {
        Py_DECREF((PyObject *)dict);
        dict = NULL;
        break;
      }
  }
  Py_DECREF((PyObject *)list);
  return dict;
}

static Py_ssize_t length_argument(Builder *b) {
  if (*b->format != '#') return -1;
  b->format++;
  return va_arg(b->arguments, Py_ssize_t);
}

static PyObject *_Nullable build_one(Builder *b) {
  skip_blanks(b);
  char code = *b->format;
  if (!code) {
    PyErr_SetString(PyExc_SystemError, "bad format char passed to Py_BuildValue");
    return NULL;
  }
  b->format++;
  switch (code) {
    case '(': return build_tuple(b, ')');
    case '[': return build_items(b, ']');
    case '{': return build_dict(b);
    case 'b': case 'B': case 'h': case 'i': return PyLong_FromLong(va_arg(b->arguments, int));
    case 'H': return PyLong_FromLong((long)va_arg(b->arguments, unsigned int));
    case 'I': return PyLong_FromUnsignedLong(va_arg(b->arguments, unsigned int));
    case 'p': return PyBool_FromLong(va_arg(b->arguments, int));
    case 'n': return PyLong_FromSsize_t(va_arg(b->arguments, Py_ssize_t));
    case 'l': return PyLong_FromLong(va_arg(b->arguments, long));
    case 'k': return PyLong_FromUnsignedLong(va_arg(b->arguments, unsigned long));
    case 'L': return PyLong_FromLongLong(va_arg(b->arguments, long long));
    case 'K': return PyLong_FromUnsignedLongLong(va_arg(b->arguments, unsigned long long));
    case 'u': {
      const int32_t *text = va_arg(b->arguments, const int32_t *);
      Py_ssize_t size = length_argument(b);
      if (!text) return Py_NewRef(noneObject());
      return PyUnicode_FromWideChar(text, size);
    }
    case 'f': case 'd': return PyFloat_FromDouble(va_arg(b->arguments, double));
    case 'D': {
      Py_complex *value = va_arg(b->arguments, Py_complex *);
      return PyComplex_FromDoubles(value->real, value->imag);
    }
    case 'c': {
      char text[1] = {(char)va_arg(b->arguments, int)};
      return PyBytes_FromStringAndSize(text, 1);
    }
    case 'C': return PyUnicode_FromOrdinal(va_arg(b->arguments, int));
    case 's': case 'z': case 'U': case 'y': {
      const char *text = va_arg(b->arguments, const char *);
      Py_ssize_t size = length_argument(b);
      if (!text) return Py_NewRef(noneObject());
      if (size < 0) size = (Py_ssize_t)strlen(text);
      return code == 'y' ? PyBytes_FromStringAndSize(text, size)
                         : PyUnicode_FromStringAndSize(text, size);
    }
    case 'N': case 'S': case 'O': {
      if (*b->format == '&') {
        PyObject *_Nullable (*convert)(void *) = va_arg(b->arguments, void *);
        void *argument = va_arg(b->arguments, void *);
        b->format++;
        return convert(argument);
      }
      PyObject *object = va_arg(b->arguments, PyObject *);
      if (!object) {
        // The expression that made the argument failed.
        if (!PyErr_Occurred())
          PyErr_SetString(PyExc_SystemError, "NULL object passed to Py_BuildValue");
        return NULL;
      }
      if (code != 'N') Py_INCREF(object);
      return object;
    }
    default:
      PyErr_SetString(PyExc_SystemError, "bad format char passed to Py_BuildValue");
      return NULL;
  }
}

/// Values at the top level of a format.
static int count_values(const char *format) {
  int count = 0, depth = 0;
  for (; *format; format++) {
    switch (*format) {
      case '(': case '[': case '{':
        if (depth++ == 0) count++;
        break;
      case ')': case ']': case '}': depth--; break;
      case '#': case '&': case ',': case ':': case ' ': case '\t': break;
      default:
        if (depth == 0) count++;
    }
  }
  return depth == 0 ? count : -1;
}

PyObject *_Nullable Py_VaBuildValue(const char *format, va_list given) {
  int count = count_values(format);
  if (count < 0) {
    PyErr_SetString(PyExc_SystemError, "unmatched paren in format");
    return NULL;
  }
  if (count == 0) return Py_NewRef(noneObject());
  Builder b;
  b.format = format;
  va_copy(b.arguments, given);
  PyObject *result = count == 1 ? build_one(&b) : build_tuple(&b, 0);
  va_end(b.arguments);
  return result;
}

PyObject *_Nullable _Py_VaBuildValue_SizeT(const char *format, va_list given) {
  return Py_VaBuildValue(format, given);
}

PyObject *_Nullable Py_BuildValue(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = Py_VaBuildValue(format, arguments);
  va_end(arguments);
  return result;
}

PyObject *_Nullable _Py_BuildValue_SizeT(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = Py_VaBuildValue(format, arguments);
  va_end(arguments);
  return result;
}
