// int, float, complex: CPython 3.13 Include/cpython/longintrepr.h, floatobject.h, complexobject.h.
#ifndef APUS_NUMBEROBJECTS_H
#define APUS_NUMBEROBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

typedef uint32_t digit;

/// `lv_tag`: bits 0-1 sign (0 positive, 1 zero, 2 negative), bit 2 reserved, the rest the digit count.
typedef struct _PyLongValue {
  uintptr_t lv_tag;
  digit ob_digit[1];
} _PyLongValue;

/// int: 30-bit digits, least significant first.
typedef struct _longobject {
  PyObject ob_base;
  _PyLongValue long_value;
} PyLongObject;

#define PyLong_SHIFT 30
#define PyLong_MASK 0x3FFFFFFFU
#define _PY_NSMALLPOSINTS 257
#define _PY_NSMALLNEGINTS 5

APUS_INLINE uintptr_t apus_long_tag(PyObject *op) { return ((PyLongObject *)op)->long_value.lv_tag; }
/// Whether the value has at most one digit.
APUS_INLINE int apus_long_is_compact(PyObject *op) { return apus_long_tag(op) < 16; }
/// The value of a compact int.
APUS_INLINE Py_ssize_t apus_long_compact_value(PyObject *op) {
  Py_ssize_t sign = 1 - (Py_ssize_t)(apus_long_tag(op) & 3);
  return sign * (Py_ssize_t)((PyLongObject *)op)->long_value.ob_digit[0];
}
APUS_INLINE Py_ssize_t apus_long_digit_count(PyObject *op) { return (Py_ssize_t)(apus_long_tag(op) >> 3); }
/// -1, 0 or 1.
APUS_INLINE int apus_long_sign(PyObject *op) { return 1 - (int)(apus_long_tag(op) & 3); }
APUS_INLINE digit *apus_long_digits(PyObject *op) { return ((PyLongObject *)op)->long_value.ob_digit; }

typedef struct {
  PyObject ob_base;
  double ob_fval;
} PyFloatObject;

typedef struct {
  double real;
  double imag;
} Py_complex;

typedef struct {
  PyObject ob_base;
  Py_complex cval;
} PyComplexObject;

#pragma clang assume_nonnull end
#endif
