// C values from arguments by a format: PyArg_ParseTuple and its relatives. Units and messages:
// CPython 3.13, Python/getargs.c.
#include "CPythonABI.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLEANUP_SUPPORTED 0x20000

typedef int (*Converter)(PyObject *_Nullable, void *_Nullable);

/// What has to be undone when a later argument fails.
typedef struct {
  enum { FREE_MEMORY, RELEASE_BUFFER, CALL_CONVERTER } kind;
  void *target;
  Converter converter;
} Cleanup;

typedef struct {
  const char *format;
  va_list targets;
  /// The function's name (until `:` or `;`), or NULL.
  const char *_Nullable function;
  /// The message that replaces all others, or NULL.
  const char *_Nullable message;
  Cleanup cleanups[32];
  int cleanup_count;
  /// Text of the failure of a unit ("must be str, not int"); empty when an exception is set.
  char failure[256];
  int levels[8];
  int depth;
} Parser;

static int is_type(PyObject *object, unsigned long flag) {
  return PyType_HasFeature(Py_TYPE(object), flag);
}

static int remember(Parser *p, int kind, void *target, Converter _Nullable converter) {
  if (p->cleanup_count == 32) {
    PyErr_SetString(PyExc_SystemError, "too many arguments to clean up");
    return 0;
  }
  p->cleanups[p->cleanup_count++] = (Cleanup){kind, target, converter};
  return 1;
}

static int undo(Parser *p) {
  while (p->cleanup_count > 0) {
    Cleanup *c = &p->cleanups[--p->cleanup_count];
    switch (c->kind) {
      case FREE_MEMORY:
        PyMem_Free(*(void **)c->target);
        *(void **)c->target = NULL;
        break;
      case RELEASE_BUFFER: PyBuffer_Release((Py_buffer *)c->target); break;
      case CALL_CONVERTER: c->converter(NULL, c->target); break;
    }
  }
  return 0;
}

static const char *type_text(PyObject *object) {
  return object == noneObject() ? "None" : Py_TYPE(object)->tp_name;
}

static int must_be(Parser *p, const char *expected, PyObject *got) {
  snprintf(p->failure, sizeof p->failure, "must be %.50s, not %.50s", expected, type_text(got));
  return 0;
}

static int fail(Parser *p, const char *text) {
  snprintf(p->failure, sizeof p->failure, "%s", text);
  return 0;
}

/// Skips a unit's characters without converting; NULL at a malformed one. Nested tuples are skipped
/// whole.
static const char *_Nullable skip_unit(const char *format, va_list *_Nullable targets) {
  char code = *format++;
  int pointers = 1;
  switch (code) {
    case 'b': case 'B': case 'h': case 'H': case 'i': case 'I': case 'l': case 'k': case 'L': case 'K':
    case 'n': case 'f': case 'd': case 'D': case 'c': case 'C': case 'p': case 'S': case 'Y': case 'U':
      break;
    case 'e':
      pointers = 2;
      if (*format != 's' && *format != 't') return NULL;
      format++;
      if (*format == '#') format++, pointers++;
      break;
    case 's': case 'z': case 'y': case 'w':
      if (*format == '#') format++, pointers++;
      else if (*format == '*') format++;
      break;
    case 'O':
      if (*format == '!' || *format == '&') format++, pointers = 2;
      break;
    case '(':
      while (*format != ')') {
        if (!*format) return NULL;
        format = skip_unit(format, targets);
        if (!format) return NULL;
      }
      return format + 1;
    default: return NULL;
  }
  if (targets)
    while (pointers-- > 0) (void)va_arg(*targets, void *);
  return format;
}

// MARK: Units

static int convert(Parser *p, PyObject *arg);

/// An integer unit: range-checked when `low < high`.
static int take_long(Parser *p, PyObject *arg, long low, long high, const char *name, long *result) {
  long value = PyLong_AsLong(arg);
  if (value == -1 && PyErr_Occurred()) return 0;
  char text[96];
  if (value < low) {
    snprintf(text, sizeof text, "%s is less than minimum", name);
    PyErr_SetString(PyExc_OverflowError, text);
    return 0;
  }
  if (value > high) {
    snprintf(text, sizeof text, "%s is greater than maximum", name);
    PyErr_SetString(PyExc_OverflowError, text);
    return 0;
  }
  *result = value;
  return 1;
}

/// A buffer for reading, contiguous and of an object that keeps it in place by itself.
static Py_ssize_t borrowed_buffer(Parser *p, PyObject *arg, const void **data) {
  Py_buffer view;
  if (Py_TYPE(arg)->tp_as_buffer != NULL && Py_TYPE(arg)->tp_as_buffer->bf_releasebuffer != NULL) {
    must_be(p, "read-only bytes-like object", arg);
    return -1;
  }
  if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) != 0) return -1;
  if (!PyBuffer_IsContiguous(&view, 'C')) {
    PyBuffer_Release(&view);
    must_be(p, "contiguous buffer", arg);
    return -1;
  }
  *data = view.buf;
  Py_ssize_t size = view.len;
  PyBuffer_Release(&view);
  return size;
}

static int take_text(Parser *p, PyObject *arg, char code) {
  if (*p->format == '*') {
    p->format++;
    Py_buffer *view = va_arg(p->targets, Py_buffer *);
    if (code == 'z' && arg == noneObject()) {
      PyBuffer_FillInfo(view, NULL, NULL, 0, 1, 0);
    } else if (code != 'y' && is_type(arg, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      Py_ssize_t size;
      const char *text = PyUnicode_AsUTF8AndSize(arg, &size);
      if (!text) return 0;
      PyBuffer_FillInfo(view, arg, (void *)text, size, 1, 0);
    } else {
      if (PyObject_GetBuffer(arg, view, PyBUF_SIMPLE) != 0) return 0;
    }
    return remember(p, RELEASE_BUFFER, view, NULL);
  }
  int sized = *p->format == '#';
  if (sized) p->format++;
  const char **target = va_arg(p->targets, const char **);
  Py_ssize_t *length = sized ? va_arg(p->targets, Py_ssize_t *) : NULL;
  Py_ssize_t size = 0;
  if (code == 'z' && arg == noneObject()) {
    *target = NULL;
  } else if (code != 'y' && is_type(arg, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const char *text = PyUnicode_AsUTF8AndSize(arg, &size);
    if (!text) return 0;
    *target = (const char *)text;
  } else if (sized) {
    size = borrowed_buffer(p, arg, (const void **)target);
    if (size < 0) return 0;
  } else if (code == 'y') {
    if (!is_type(arg, Py_TPFLAGS_BYTES_SUBCLASS)) {
      size = borrowed_buffer(p, arg, (const void **)target);
      if (size < 0) return 0;
    } else {
      *target = (const char *)apus_bytes_data(arg);
      size = apus_var_size(arg);
    }
  } else {
    return must_be(p, code == 'z' ? "str or None" : "str", arg);
  }
  if (sized) {
    *length = size;
  } else if (*target && strlen(*target) != (size_t)size) {
    PyErr_SetString(PyExc_ValueError,
                    code == 'y' ? "embedded null byte" : "embedded null character");
    return 0;
  }
  return 1;
}

/// `es`, `et`: text in an encoding, copied to memory of the caller or new.
static int take_encoded(Parser *p, PyObject *arg) {
  const char *encoding = va_arg(p->targets, const char *);
  if (!encoding) encoding = "utf-8";
  int takes_bytes = *p->format++ == 't';
  char **target = va_arg(p->targets, char **);
  int sized = *p->format == '#';
  Py_ssize_t *length = NULL;
  if (sized) {
    p->format++;
    length = va_arg(p->targets, Py_ssize_t *);
  }
  PyObject *bytes;
  if (takes_bytes && is_type(arg, Py_TPFLAGS_BYTES_SUBCLASS)) {
    bytes = Py_NewRef(arg);
  } else if (takes_bytes && PyType_IsSubtype(Py_TYPE(arg), &PyByteArray_Type)) {
    bytes = PyBytes_FromObject(arg);
  } else if (is_type(arg, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    bytes = PyUnicode_AsEncodedString(arg, encoding, NULL);
  } else {
    return must_be(p, takes_bytes ? "str, bytes or bytearray" : "str", arg);
  }
  if (!bytes) return 0;
  Py_ssize_t size = apus_var_size((PyObject *)bytes);
  const char *text = (const char *)apus_bytes_data((PyObject *)bytes);
  int done = 0;
  if (sized && *target) {
    if (size + 1 > *length) {
      char message[128];
      snprintf(message, sizeof message, "encoded string too long (%zd, maximum length %zd)", size,
               *length - 1);
      PyErr_SetString(PyExc_ValueError, message);
    } else {
      memcpy(*target, text, (size_t)size + 1);
      *length = size;
      done = 1;
    }
  } else if (!sized && strlen(text) != (size_t)size) {
    must_be(p, "encoded string without null bytes", arg);
  } else {
    *target = PyMem_Malloc((size_t)size + 1);
    if (!*target) {
      PyErr_NoMemory();
    } else {
      memcpy(*target, text, (size_t)size + 1);
      if (sized) *length = size;
      done = remember(p, FREE_MEMORY, target, NULL);
    }
  }
  Py_DECREF((PyObject *)bytes);
  return done;
}

static int take_object(Parser *p, PyObject *arg) {
  if (*p->format == '!') {
    p->format++;
    PyTypeObject *type = va_arg(p->targets, PyTypeObject *);
    PyObject **target = va_arg(p->targets, PyObject **);
    if (Py_TYPE(arg) != type && !PyType_IsSubtype(Py_TYPE(arg), type))
      return must_be(p, (const char *)type->tp_name, arg);
    *target = arg;
    return 1;
  }
  if (*p->format == '&') {
    p->format++;
    Converter converter = va_arg(p->targets, Converter);
    void *target = va_arg(p->targets, void *);
    int result = converter(arg, target);
    if (result == 0) return PyErr_Occurred() ? 0 : fail(p, "(unspecified)");
    return result == CLEANUP_SUPPORTED ? remember(p, CALL_CONVERTER, target, converter) : 1;
  }
  *va_arg(p->targets, PyObject **) = arg;
  return 1;
}

static int take_tuple(Parser *p, PyObject *arg) {
  int count = 0;
  for (const char *f = p->format; *f && *f != ')';) {
    const char *next = skip_unit(f, NULL);
    if (!next) {
      PyErr_SetString(PyExc_SystemError, "bad format in nested argument");
      return 0;
    }
    f = next;
    count++;
  }
  if (!PySequence_Check(arg) || is_type(arg, Py_TPFLAGS_BYTES_SUBCLASS)) {
    snprintf(p->failure, sizeof p->failure, "must be %d-item sequence, not %.50s", count,
             type_text(arg));
    return 0;
  }
  Py_ssize_t size = PySequence_Size(arg);
  if (size < 0) return 0;
  if (size != count) {
    snprintf(p->failure, sizeof p->failure, "must be %s %d, not %zd",
             "sequence of length", count, size);
    return 0;
  }
  if (p->depth == 7) {
    PyErr_SetString(PyExc_SystemError, "too many nested tuples in format");
    return 0;
  }
  p->depth++;
  for (int i = 0; i < count; i++) {
    p->levels[p->depth] = i + 1;
    PyObject *item = PySequence_GetItem(arg, i);
    if (!item) return 0;
    // The sequence keeps the item alive, as a borrowed argument has to be.
    Py_DECREF((PyObject *)item);
    if (!convert(p, (PyObject *)item)) return 0;
  }
  p->levels[p->depth] = 0;
  p->depth--;
  p->format++;
  return 1;
}

static int convert(Parser *p, PyObject *arg) {
  char code = *p->format++;
  long value;
  switch (code) {
    case '(': return take_tuple(p, arg);
    case 'b':
      if (!take_long(p, arg, 0, UCHAR_MAX, "unsigned byte integer", &value)) return 0;
      *va_arg(p->targets, unsigned char *) = (unsigned char)value;
      return 1;
    case 'B': {
      unsigned long mask = PyLong_AsUnsignedLongMask(arg);
      if (mask == (unsigned long)-1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, unsigned char *) = (unsigned char)mask;
      return 1;
    }
    case 'h':
      if (!take_long(p, arg, SHRT_MIN, SHRT_MAX, "signed short integer", &value)) return 0;
      *va_arg(p->targets, short *) = (short)value;
      return 1;
    case 'H': {
      unsigned long mask = PyLong_AsUnsignedLongMask(arg);
      if (mask == (unsigned long)-1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, unsigned short *) = (unsigned short)mask;
      return 1;
    }
    case 'i':
      if (!take_long(p, arg, INT_MIN, INT_MAX, "signed integer", &value)) return 0;
      *va_arg(p->targets, int *) = (int)value;
      return 1;
    case 'I': {
      unsigned long mask = PyLong_AsUnsignedLongMask(arg);
      if (mask == (unsigned long)-1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, unsigned int *) = (unsigned int)mask;
      return 1;
    }
    case 'n': {
      PyObject *index = PyNumber_Index(arg);
      if (!index) return 0;
      Py_ssize_t size = PyLong_AsSsize_t((PyObject *)index);
      Py_DECREF((PyObject *)index);
      if (size == -1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, Py_ssize_t *) = size;
      return 1;
    }
    case 'l': {
      long number = PyLong_AsLong(arg);
      if (number == -1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, long *) = number;
      return 1;
    }
    case 'k': {
      if (!is_type(arg, Py_TPFLAGS_LONG_SUBCLASS)) return must_be(p, "int", arg);
      *va_arg(p->targets, unsigned long *) = PyLong_AsUnsignedLongMask(arg);
      return 1;
    }
    case 'L': {
      long long number = PyLong_AsLongLong(arg);
      if (number == -1 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, long long *) = number;
      return 1;
    }
    case 'K': {
      if (!is_type(arg, Py_TPFLAGS_LONG_SUBCLASS)) return must_be(p, "int", arg);
      *va_arg(p->targets, unsigned long long *) = PyLong_AsUnsignedLongLongMask(arg);
      return 1;
    }
    case 'f': {
      double number = PyFloat_AsDouble(arg);
      if (number == -1.0 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, float *) = (float)number;
      return 1;
    }
    case 'd': {
      double number = PyFloat_AsDouble(arg);
      if (number == -1.0 && PyErr_Occurred()) return 0;
      *va_arg(p->targets, double *) = number;
      return 1;
    }
    case 'D': {
      Py_complex number = PyComplex_AsCComplex(arg);
      if (PyErr_Occurred()) return 0;
      *va_arg(p->targets, Py_complex *) = number;
      return 1;
    }
    case 'c': {
      char *target = va_arg(p->targets, char *);
      if (is_type(arg, Py_TPFLAGS_BYTES_SUBCLASS)) {
        if (apus_var_size(arg) != 1) return must_be(p, "a byte string of length 1", arg);
        *target = (char)apus_bytes_data(arg)[0];
      } else if (PyType_IsSubtype(Py_TYPE(arg), &PyByteArray_Type)) {
        if (apus_var_size(arg) != 1) return must_be(p, "a byte string of length 1", arg);
        *target = ((const char *)PyByteArray_AsString(arg))[0];
      } else {
        return must_be(p, "a byte string of length 1", arg);
      }
      return 1;
    }
    case 'C': {
      int *target = va_arg(p->targets, int *);
      if (!is_type(arg, Py_TPFLAGS_UNICODE_SUBCLASS)) return must_be(p, "a unicode character", arg);
      if (apus_str_length(arg) != 1) return must_be(p, "a unicode character", arg);
      *target = (int)apus_str_read(apus_str_kind(arg), apus_str_data(arg), 0);
      return 1;
    }
    case 'p': {
      int truth = PyObject_IsTrue(arg);
      if (truth < 0) return 0;
      *va_arg(p->targets, int *) = truth;
      return 1;
    }
    case 's': case 'z': case 'y': return take_text(p, arg, code);
    case 'e': return take_encoded(p, arg);
    case 'w': {
      if (*p->format != '*') {
        PyErr_SetString(PyExc_SystemError, "impossible<bad format char>");
        return 0;
      }
      p->format++;
      Py_buffer *view = va_arg(p->targets, Py_buffer *);
      if (PyObject_GetBuffer(arg, view, PyBUF_WRITABLE) < 0) {
        PyErr_Clear();
        return must_be(p, "read-write bytes-like object", arg);
      }
      return remember(p, RELEASE_BUFFER, view, NULL);
    }
    case 'S':
      if (!is_type(arg, Py_TPFLAGS_BYTES_SUBCLASS)) return must_be(p, "bytes", arg);
      *va_arg(p->targets, PyObject **) = arg;
      return 1;
    case 'Y':
      if (!PyType_IsSubtype(Py_TYPE(arg), &PyByteArray_Type)) return must_be(p, "bytearray", arg);
      *va_arg(p->targets, PyObject **) = arg;
      return 1;
    case 'U':
      if (!is_type(arg, Py_TPFLAGS_UNICODE_SUBCLASS)) return must_be(p, "str", arg);
      *va_arg(p->targets, PyObject **) = arg;
      return 1;
    case 'O': return take_object(p, arg);
    default:
      PyErr_SetString(PyExc_SystemError, "impossible<bad format char>");
      return 0;
  }
}

/// Sets the exception of argument number `number` (0: the only object of PyArg_Parse).
static void report(Parser *p, int number) {
  if (PyErr_Occurred()) return;
  if (p->message) {
    PyErr_SetString(PyExc_TypeError, (const char *)p->message);
    return;
  }
  char text[512];
  size_t used = 0;
  text[0] = 0;
  if (p->function) {
    size_t length = strcspn((const char *)p->function, ";");
    used += (size_t)snprintf(text, sizeof text, "%.*s() ", (int)(length > 200 ? 200 : length), p->function);
  }
  if (number > 0) {
    used += (size_t)snprintf(text + used, sizeof text - used, "argument %d", number);
    for (int i = 1; i <= p->depth && used < 300; i++)
      used += (size_t)snprintf(text + used, sizeof text - used, ", item %d", p->levels[i] - 1);
  } else {
    used += (size_t)snprintf(text + used, sizeof text - used, "argument");
  }
  snprintf(text + used, sizeof text - used, " %.256s", p->failure);
  PyErr_SetString(PyExc_TypeError, text);
}

/// Finds name and message behind the units of a format.
static void find_names(Parser *p) {
  const char *end = p->format;
  while (*end && *end != ':' && *end != ';') end++;
  if (*end == ':') p->function = end + 1;
  else if (*end == ';') p->message = end + 1;
}

static void set_format(Parser *p, const char *format) {
  p->format = format;
  p->function = p->message = NULL;
  p->cleanup_count = p->depth = 0;
  p->failure[0] = 0;
  find_names(p);
}

// MARK: Positional arguments

static int is_end(char c) { return c == 0 || c == ':' || c == ';'; }

static int raise_text(PyObject *type, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyErr_FormatV(type, format, arguments);
  va_end(arguments);
  return 0;
}

static int count_error(Parser *p, Py_ssize_t given, int least, int most) {
  if (p->message) {
    PyErr_SetString(PyExc_TypeError, (const char *)p->message);
    return 0;
  }
  int limit = given < least ? least : most;
  int length = p->function ? (int)strcspn((const char *)p->function, ";") : 8;
  char text[300];
  snprintf(text, sizeof text, "%.*s%s takes %s %d argument%s (%zd given)",
           length > 150 ? 150 : length, p->function ? p->function : "function",
           p->function ? "()" : "", least == most ? "exactly" : given < least ? "at least" : "at most",
           limit, limit == 1 ? "" : "s", given);
  PyErr_SetString(PyExc_TypeError, text);
  return 0;
}

static int parse_tuple(PyObject *args, const char *format, va_list targets) {
  Parser p;
  set_format(&p, format);
  int least = -1, most = 0;
  for (const char *f = format; !is_end(*f);) {
    if (*f == '|') {
      least = most;
      f++;
      continue;
    }
    const char *next = skip_unit(f, NULL);
    if (!next) return raise_text(PyExc_SystemError, "bad format string: %.200s", f);
    f = next;
    most++;
  }
  if (least < 0) least = most;
  if (!is_type(args, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    PyErr_SetString(PyExc_SystemError, "new style getargs format but argument is not a tuple");
    return 0;
  }
  Py_ssize_t count = apus_var_size(args);
  if (count < least || count > most) return count_error(&p, count, least, most);
  va_copy(p.targets, targets);
  for (Py_ssize_t i = 0; i < count; i++) {
    if (*p.format == '|') p.format++;
    if (!convert(&p, apus_tuple_item(args, i))) {
      report(&p, (int)i + 1);
      va_end(p.targets);
      return undo(&p);
    }
  }
  va_end(p.targets);
  return 1;
}

int PyArg_VaParse(PyObject *args, const char *format, va_list targets) {
  return parse_tuple(args, format, targets);
}

int _PyArg_VaParse_SizeT(PyObject *args, const char *format, va_list targets) {
  return parse_tuple(args, format, targets);
}

int PyArg_ParseTuple(PyObject *args, const char *format, ...) {
  va_list targets;
  va_start(targets, format);
  int result = parse_tuple(args, format, targets);
  va_end(targets);
  return result;
}

int _PyArg_ParseTuple_SizeT(PyObject *args, const char *format, ...) {
  va_list targets;
  va_start(targets, format);
  int result = parse_tuple(args, format, targets);
  va_end(targets);
  return result;
}

/// One object by a format of one unit.
static int parse_object(PyObject *arg, const char *format, va_list targets) {
  Parser p;
  set_format(&p, format);
  const char *next = is_end(*format) ? NULL : skip_unit(format, NULL);
  if (!next || !is_end(*next)) {
    PyErr_SetString(PyExc_SystemError, "old style getargs format uses new features");
    return 0;
  }
  va_copy(p.targets, targets);
  int result = convert(&p, arg);
  va_end(p.targets);
  if (result) return 1;
  report(&p, 0);
  return undo(&p);
}

int PyArg_Parse(PyObject *arg, const char *format, ...) {
  va_list targets;
  va_start(targets, format);
  int result = parse_object(arg, format, targets);
  va_end(targets);
  return result;
}

int _PyArg_Parse_SizeT(PyObject *arg, const char *format, ...) {
  va_list targets;
  va_start(targets, format);
  int result = parse_object(arg, format, targets);
  va_end(targets);
  return result;
}

// MARK: Keyword arguments

static int parse_keywords(
    PyObject *args, PyObject *_Nullable keywords, const char *format,
    char *_Nullable const *_Nonnull names, va_list targets) {
  Parser p;
  set_format(&p, format);
  const char *name = p.function ? (const char *)p.function : "function";
  const char *brackets = p.function ? "()" : "";
  int total = 0, positional_only = 0;
  while (names[total]) {
    if (!*names[total]) positional_only++;
    total++;
  }
  // Where optional and keyword-only parameters begin.
  int least = INT_MAX, most_positional = INT_MAX, index = 0;
  for (const char *f = format; !is_end(*f);) {
    if (*f == '|') least = index, f++;
    else if (*f == '$') most_positional = index, f++;
    else {
      const char *next = skip_unit(f, NULL);
      // What is wrong is reported only when an argument gets that far.
      if (!next) break;
      f = next;
      index++;
    }
  }
  if (least == INT_MAX) least = most_positional < total ? most_positional : total;
  if (most_positional == INT_MAX) most_positional = total;
  Py_ssize_t given = apus_var_size(args);
  Py_ssize_t named = keywords ? PyDict_Size((PyObject *)keywords) : 0;
  if (given + named > total)
    return raise_text(PyExc_TypeError, "%.200s%s takes at most %d %sargument%s (%zd given)", name,
                      brackets, total, given == 0 ? "keyword " : "", total == 1 ? "" : "s",
                      given + named);
  if (given > most_positional) {
    if (most_positional == 0)
      return raise_text(PyExc_TypeError, "%.200s%s takes no positional arguments", name, brackets);
    return raise_text(PyExc_TypeError, "%.200s%s takes %s %d positional argument%s (%zd given)", name,
                      brackets, least >= most_positional ? "exactly" : "at most", most_positional,
                      most_positional == 1 ? "" : "s", given);
  }
  if (given < positional_only && given < least) {
    int limit = positional_only < least ? positional_only : least;
    return raise_text(PyExc_TypeError, "%.200s%s takes %s %d positional argument%s (%zd given)", name,
                      brackets, limit < (most_positional < total ? most_positional : total) ? "at least" : "exactly", limit,
                      limit == 1 ? "" : "s", given);
  }
  va_copy(p.targets, targets);
  for (int i = 0; i < total; i++) {
    while (*p.format == '|' || *p.format == '$') p.format++;
    if (is_end(*p.format)) {
      va_end(p.targets);
      undo(&p);
      return raise_text(PyExc_SystemError,
                        "More keyword list entries (%d) than format specifiers (%d)", total, i);
    }
    PyObject *value = NULL;
    if (i < given) {
      value = apus_tuple_item(args, i);
    } else if (named > 0 && *names[i]) {
      value = PyDict_GetItemString((PyObject *)keywords, (const char *)names[i]);
      if (value) named--;
    }
    if (value) {
      if (!convert(&p, (PyObject *)value)) {
        report(&p, i + 1);
        va_end(p.targets);
        return undo(&p);
      }
      continue;
    }
    if (i < least) {
      if (i < positional_only)
        raise_text(PyExc_TypeError, "%.200s%s takes at least %d positional arguments (%zd given)", name,
                   brackets, least, given);
      else
        raise_text(PyExc_TypeError, "%.200s%s missing required argument '%s' (pos %d)", name, brackets,
                   names[i], i + 1);
      va_end(p.targets);
      return undo(&p);
    }
    // Nothing is left to convert: formats with more or fewer units than names pass, as in CPython
    // (the zstandard wheel has such).
    if (named == 0) {
      va_end(p.targets);
      return 1;
    }
    const char *next = skip_unit(p.format, &p.targets);
    if (!next) {
      va_end(p.targets);
      undo(&p);
      return raise_text(PyExc_SystemError, "bad format in argument format");
    }
    p.format = next;
  }
  va_end(p.targets);
  if (!is_end(*p.format) && *p.format != '|' && *p.format != '$') {
    undo(&p);
    return raise_text(PyExc_SystemError,
                      "more argument specifiers than keyword list entries (remaining format:'%s')",
                      p.format);
  }
  if (named > 0) {
    // Something in the dict has no parameter, or one that a position gave already.
    for (int i = 0; i < given; i++) {
      if (!*names[i] || !PyDict_GetItemString((PyObject *)keywords, (const char *)names[i])) continue;
      raise_text(PyExc_TypeError, "argument for %.200s%s given by name ('%s') and position (%d)", name,
                 brackets, names[i], i + 1);
      return undo(&p);
    }
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next((PyObject *)keywords, &position, &key, &value)) {
      if (!is_type((PyObject *)key, Py_TPFLAGS_UNICODE_SUBCLASS)) {
        raise_text(PyExc_TypeError, "keywords must be strings");
        return undo(&p);
      }
      int known = 0;
      for (int i = 0; i < total && !known; i++)
        known = *names[i] && PyUnicode_EqualToUTF8((PyObject *)key, (const char *)names[i]);
      if (!known) {
        int meant = _PyArg_NearestName(names + positional_only, total - positional_only, key);
        raise_text(PyExc_TypeError,
                   meant < 0 ? "%.200s%s got an unexpected keyword argument '%S'"
                             : "%.200s%s got an unexpected keyword argument '%S'. Did you mean '%s'?",
                   p.function ? name : "this function", brackets, key,
                   meant < 0 ? "" : (const char *)names[positional_only + meant]);
        return undo(&p);
      }
    }
  }
  return 1;
}

int PyArg_VaParseTupleAndKeywords(
    PyObject *args, PyObject *_Nullable keywords, const char *format,
    char *_Nullable const *_Nonnull names, va_list targets) {
  return parse_keywords(args, keywords, format, names, targets);
}

int _PyArg_VaParseTupleAndKeywords_SizeT(
    PyObject *args, PyObject *_Nullable keywords, const char *format,
    char *_Nullable const *_Nonnull names, va_list targets) {
  return parse_keywords(args, keywords, format, names, targets);
}

int PyArg_ParseTupleAndKeywords(
    PyObject *args, PyObject *_Nullable keywords, const char *format,
    char *_Nullable const *_Nonnull names, ...) {
  va_list targets;
  va_start(targets, names);
  int result = parse_keywords(args, keywords, format, names, targets);
  va_end(targets);
  return result;
}

int _PyArg_ParseTupleAndKeywords_SizeT(
    PyObject *args, PyObject *_Nullable keywords, const char *format,
    char *_Nullable const *_Nonnull names, ...) {
  va_list targets;
  va_start(targets, names);
  int result = parse_keywords(args, keywords, format, names, targets);
  va_end(targets);
  return result;
}

/// The items of a tuple to as many object pointers, borrowed.
int PyArg_UnpackTuple(
    PyObject *args, const char *_Nullable name, Py_ssize_t least, Py_ssize_t most, ...) {
  if (!is_type(args, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    PyErr_SetString(PyExc_SystemError, "PyArg_UnpackTuple() argument list is not a tuple");
    return 0;
  }
  Py_ssize_t count = apus_var_size(args);
  if (count < least || count > most) {
    Py_ssize_t limit = count < least ? least : most;
    const char *bound = least == most ? "" : count < least ? "at least " : "at most ";
    return name ? raise_text(PyExc_TypeError, "%.200s expected %s%zd argument%s, got %zd", name, bound,
                             limit, limit == 1 ? "" : "s", count)
                : raise_text(PyExc_TypeError, "unpacked tuple should have %s%zd element%s, but has %zd",
                             bound, limit, limit == 1 ? "" : "s", count);
  }
  va_list targets;
  va_start(targets, most);
  for (Py_ssize_t i = 0; i < count; i++) *va_arg(targets, PyObject **) = apus_tuple_item(args, i);
  va_end(targets);
  return 1;
}
