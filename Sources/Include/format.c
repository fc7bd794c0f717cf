// Texts from C format strings: the variadic functions of the C API. What they write, the writer in
// Objects/Unicode collects. Conversions and flags: CPython 3.13, PyUnicode_FromFormat.
#include "CPythonABI.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

typedef struct {
  bool left, zero, alternate;
  Py_ssize_t width, precision;
  /// Length modifier: 0, 'l', 'q' (ll), 'j', 'z', 't'.
  char length;
  char type;
} Conversion;

/// Writes `count` code points of `text`, cut to the precision and padded to the width.
static int write_padded(_PyUnicodeWriter *writer, PyObject *text, const Conversion *c) {
  Py_ssize_t count = apus_str_length(text);
  if (c->precision >= 0 && count > c->precision) count = c->precision;
  Py_ssize_t room = c->width > count ? c->width - count : 0;
  char fill = c->zero && !c->left ? '0' : ' ';
  if (!c->left)
    for (; room > 0; room--)
      if (_PyUnicodeWriter_WriteChar(writer, (Py_UCS4)fill) < 0) return -1;
  if (_PyUnicodeWriter_WriteSubstring(writer, text, 0, count) < 0) return -1;
  for (; room > 0; room--)
    if (_PyUnicodeWriter_WriteChar(writer, ' ') < 0) return -1;
  return 0;
}

/// The same for a new reference, which may be NULL.
static int write_owned(_PyUnicodeWriter *writer, PyObject *_Nullable text, const Conversion *c) {
  if (!text) return -1;
  int result = write_padded(writer, (PyObject *)text, c);
  Py_DECREF((PyObject *)text);
  return result;
}

/// UTF-8 up to its NUL or `precision` bytes; what does not decode becomes U+FFFD.
static int write_utf8(_PyUnicodeWriter *writer, const char *_Nullable text, Conversion c) {
  if (!text) text = "(null)";
  Py_ssize_t size = 0;
  while ((c.precision < 0 || size < c.precision) && text[size]) size++;
  Py_ssize_t used = size;
  // A character cut by the precision is left out.
  PyObject *decoded = PyUnicode_DecodeUTF8Stateful(
      (const char *_Nonnull)text, size, "replace", c.precision >= 0 ? &used : NULL);
  c.precision = -1;
  return write_owned(writer, decoded, &c);
}

static int write_wide(_PyUnicodeWriter *writer, const wchar_t *_Nullable text, Conversion c) {
  if (!text) text = L"(null)";
  Py_ssize_t size = 0;
  while ((c.precision < 0 || size < c.precision) && text[size]) size++;
  c.precision = -1;
  return write_owned(writer, PyUnicode_FromWideChar((const int32_t *)text, size), &c);
}

static int write_number(_PyUnicodeWriter *writer, const Conversion *c, va_list *arguments) {
  char digits[64];
  bool is_signed = c->type == 'd' || c->type == 'i';
  intmax_t value = 0;
  uintmax_t natural = 0;
  switch (c->length) {
    case 'l': value = va_arg(*arguments, long); natural = (unsigned long)value; break;
    case 'q': value = va_arg(*arguments, long long); natural = (unsigned long long)value; break;
    case 'j': value = va_arg(*arguments, intmax_t); natural = (uintmax_t)value; break;
    case 'z': value = va_arg(*arguments, Py_ssize_t); natural = (size_t)value; break;
    case 't': value = va_arg(*arguments, ptrdiff_t); natural = (size_t)value; break;
    default: value = va_arg(*arguments, int); natural = (unsigned int)value; break;
  }
  int size;
  if (is_signed) size = snprintf(digits, sizeof digits, "%jd", value);
  else if (c->type == 'u') size = snprintf(digits, sizeof digits, "%ju", natural);
  else if (c->type == 'o') size = snprintf(digits, sizeof digits, "%jo", natural);
  else if (c->type == 'x') size = snprintf(digits, sizeof digits, "%jx", natural);
  else size = snprintf(digits, sizeof digits, "%jX", natural);
  const char *text = digits;
  Py_ssize_t count = size;
  bool negative = is_signed && digits[0] == '-';
  if (negative) text++, count--;
  // The precision is the least number of digits; zeros also fill a width unless there is one.
  Py_ssize_t zeros = c->precision > count ? c->precision - count : 0;
  Py_ssize_t room = c->width - count - zeros - negative;
  if (room < 0) room = 0;
  if (c->zero && !c->left && c->precision < 0) zeros += room, room = 0;
  if (!c->left)
    for (; room > 0; room--)
      if (_PyUnicodeWriter_WriteChar(writer, ' ') < 0) return -1;
  if (negative && _PyUnicodeWriter_WriteChar(writer, '-') < 0) return -1;
  for (; zeros > 0; zeros--)
    if (_PyUnicodeWriter_WriteChar(writer, '0') < 0) return -1;
  if (_PyUnicodeWriter_WriteASCIIString(writer, text, count) < 0) return -1;
  for (; room > 0; room--)
    if (_PyUnicodeWriter_WriteChar(writer, ' ') < 0) return -1;
  return 0;
}

/// `%T` and `%N`: a type's full name, with a colon before the qualified name when `#` is given.
static PyObject *_Nullable type_name(PyTypeObject *type, bool colon) {
  PyObject *name = PyType_GetFullyQualifiedName(type);
  if (!name || !colon) return name;
  PyObject *module = PyType_GetModuleName(type);
  PyObject *qualname = PyType_GetQualName(type);
  PyObject *result = NULL;
  if (module && qualname) {
    Py_ssize_t start = apus_str_length((PyObject *)module);
    if (apus_str_length((PyObject *)name) > start + 1 + apus_str_length((PyObject *)qualname) - 1)
      result = PyUnicode_FromFormat("%U:%U", module, qualname);
    else
      result = Py_NewRef((PyObject *)name);
  }
  Py_XDECREF(module);
  Py_XDECREF(qualname);
  Py_DECREF((PyObject *)name);
  return result;
}

/// Reads the conversion behind a percent sign; NULL when it makes no sense.
static const char *_Nullable read_conversion(const char *p, Conversion *c, va_list *arguments) {
  *c = (Conversion){.width = -1, .precision = -1};
  for (;; p++) {
    if (*p == '-') c->left = true;
    else if (*p == '0') c->zero = true;
    else if (*p == '#') c->alternate = true;
    else break;
  }
  if (*p == '*') {
    int width = va_arg(*arguments, int);
    if (width < 0) c->left = true, c->width = -(Py_ssize_t)width;
    else c->width = width;
    p++;
  } else if (*p >= '0' && *p <= '9') {
    c->width = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
      if (c->width > 100000000) return NULL;
      c->width = c->width * 10 + (*p - '0');
    }
  }
  if (*p == '.') {
    p++;
    c->precision = 0;
    if (*p == '*') {
      int precision = va_arg(*arguments, int);
      c->precision = precision < 0 ? -1 : precision;
      p++;
    } else {
      for (; *p >= '0' && *p <= '9'; p++) {
        if (c->precision > 100000000) return NULL;
        c->precision = c->precision * 10 + (*p - '0');
      }
    }
  }
  if (*p == 'l') {
    c->length = 'l';
    p++;
    if (*p == 'l') c->length = 'q', p++;
  } else if (*p == 'j' || *p == 'z' || *p == 't') {
    c->length = *p++;
  }
  c->type = *p;
  return *p ? p + 1 : NULL;
}

static int write_conversion(_PyUnicodeWriter *writer, const Conversion *c, va_list *arguments) {
  switch (c->type) {
    case '%':
      return _PyUnicodeWriter_WriteChar(writer, '%');
    case 'c': {
      int value = va_arg(*arguments, int);
      if (value < 0 || value > 0x10FFFF) {
        PyErr_SetString(PyExc_OverflowError,
                        "character argument not in range(0x110000)");
        return -1;
      }
      return _PyUnicodeWriter_WriteChar(writer, (Py_UCS4)value);
    }
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
      return write_number(writer, c, arguments);
    case 'p': {
      char text[32];
      int size = snprintf(text, sizeof text, "%p", va_arg(*arguments, void *));
      return _PyUnicodeWriter_WriteASCIIString(writer, text, size);
    }
    case 's':
      if (c->length == 'l') return write_wide(writer, va_arg(*arguments, const wchar_t *), *c);
      return write_utf8(writer, va_arg(*arguments, const char *), *c);
    case 'U': {
      PyObject *text = va_arg(*arguments, PyObject *);
      return write_padded(writer, text, c);
    }
    case 'V': {
      PyObject *text = va_arg(*arguments, PyObject *);
      if (c->length == 'l') {
        const wchar_t *wide = va_arg(*arguments, const wchar_t *);
        return text ? write_padded(writer, text, c) : write_wide(writer, wide, *c);
      }
      const char *bytes = va_arg(*arguments, const char *);
      return text ? write_padded(writer, text, c) : write_utf8(writer, bytes, *c);
    }
    case 'S': return write_owned(writer, PyObject_Str(va_arg(*arguments, PyObject *)), c);
    case 'R': return write_owned(writer, PyObject_Repr(va_arg(*arguments, PyObject *)), c);
    case 'A': return write_owned(writer, PyObject_ASCII(va_arg(*arguments, PyObject *)), c);
    case 'T':
      return write_owned(writer, type_name(Py_TYPE(va_arg(*arguments, PyObject *)), c->alternate), c);
    case 'N':
      return write_owned(
          writer, type_name((PyTypeObject *)va_arg(*arguments, PyObject *), c->alternate), c);
    default:
      return -2;
  }
}

PyObject *_Nullable PyUnicode_FromFormatV(const char *format, va_list given) {
  va_list arguments;
  va_copy(arguments, given);
  _PyUnicodeWriter writer;
  _PyUnicodeWriter_Init(&writer);
  writer.overallocate = 1;
  const char *p = format;
  while (*p) {
    const char *run = p;
    while (*p && *p != '%') p++;
    if (p > run) {
      for (const char *q = run; q < p; q++)
        if ((unsigned char)*q >= 128) {
          PyErr_SetString(PyExc_ValueError,
                          "PyUnicode_FromFormatV() expects an ASCII-encoded format string");
          goto failed;
        }
      if (_PyUnicodeWriter_WriteASCIIString(&writer, run, p - run) < 0) goto failed;
      continue;
    }
    Conversion conversion;
    const char *next = read_conversion(p + 1, &conversion, &arguments);
    int result = next ? write_conversion(&writer, &conversion, &arguments) : -2;
    if (result == -2) {
      PyObject *message = PyUnicode_FromFormat("invalid format string: %s", p);
      if (message) {
        PyErr_SetObject(PyExc_SystemError, message);
        Py_DECREF((PyObject *)message);
      }
      goto failed;
    }
    if (result < 0) goto failed;
    p = next;
  }
  va_end(arguments);
  return _PyUnicodeWriter_Finish(&writer);
failed:
  va_end(arguments);
  _PyUnicodeWriter_Dealloc(&writer);
  return NULL;
}

PyObject *_Nullable PyUnicode_FromFormat(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = PyUnicode_FromFormatV(format, arguments);
  va_end(arguments);
  return result;
}

/// bytes from a format: the conversions of C's printf for integers, %c, %p and %s.
PyObject *_Nullable PyBytes_FromFormatV(const char *format, va_list given) {
  va_list arguments;
  va_copy(arguments, given);
  _PyUnicodeWriter writer;
  _PyUnicodeWriter_Init(&writer);
  writer.overallocate = 1;
  const char *p = format;
  while (*p) {
    const char *run = p;
    while (*p && *p != '%') p++;
    if (p > run) {
      if (_PyUnicodeWriter_WriteLatin1String(&writer, run, p - run) < 0) goto failed;
      continue;
    }
    Conversion conversion;
    const char *next = read_conversion(p + 1, &conversion, &arguments);
    int result = -1;
    if (!next) {
      // What makes no sense is copied with all that follows.
      result = _PyUnicodeWriter_WriteLatin1String(&writer, p, (Py_ssize_t)strlen(p));
      next = p + strlen(p);
    } else if (conversion.type == 's') {
      const char *text = va_arg(arguments, const char *);
      Py_ssize_t size = 0;
      while ((conversion.precision < 0 || size < conversion.precision) && text[size]) size++;
      result = _PyUnicodeWriter_WriteLatin1String(&writer, text, size);
    } else if (conversion.type == 'c') {
      int value = va_arg(arguments, int);
      if (value < 0 || value > 255) {
        PyErr_SetString(PyExc_OverflowError,
                        "PyBytes_FromFormatV(): %c format expects an integer in range [0; 255]");
        goto failed;
      }
      result = _PyUnicodeWriter_WriteChar(&writer, (Py_UCS4)value);
    } else if (strchr("diuxp%", conversion.type)) {
      result = write_conversion(&writer, &conversion, &arguments);
    } else {
      result = _PyUnicodeWriter_WriteLatin1String(&writer, p, (Py_ssize_t)strlen(p));
      next = p + strlen(p);
    }
    if (result < 0) goto failed;
    p = next;
  }
  va_end(arguments);
  PyObject *text = _PyUnicodeWriter_Finish(&writer);
  if (!text) return NULL;
  PyObject *bytes = PyUnicode_AsLatin1String((PyObject *)text);
  Py_DECREF((PyObject *)text);
  return bytes;
failed:
  va_end(arguments);
  _PyUnicodeWriter_Dealloc(&writer);
  return NULL;
}

PyObject *_Nullable PyBytes_FromFormat(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *result = PyBytes_FromFormatV(format, arguments);
  va_end(arguments);
  return result;
}
