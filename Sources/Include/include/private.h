// Functions and tables that CPython does not document but compiled wheels bind to: those that Cython
// writes into every module, and numpy's.
#ifndef APUS_PRIVATE_H
#define APUS_PRIVATE_H
#include "capi.h"
#pragma clang assume_nonnull begin

extern const unsigned int _Py_ctype_table[256];
extern const unsigned char _Py_ctype_tolower[256];
extern const unsigned char _Py_ctype_toupper[256];
extern const unsigned char _Py_ascii_whitespace[128];
extern const char *_Nonnull Py_hexdigits;
extern char _PyByteArray_empty_string[1];
extern const char *_Nonnull Py_FileSystemDefaultEncoding;
extern const char *_Nonnull Py_FileSystemDefaultEncodeErrors;
extern int Py_HasFileSystemDefaultEncoding;
extern int (*_Nullable PyOS_InputHook)(void);

PyObject *_Nullable _PyLong_Copy(PyObject *);
int _PyLong_AsByteArray(PyObject *, unsigned char *bytes, Py_ssize_t n, int little_endian, int is_signed, int with_exceptions);
Py_hash_t _Py_HashBytes(const void *, Py_ssize_t);
int _PyGen_FetchStopIterationValue(PyObject *_Nullable *_Nonnull);
PyObject *_Nullable PyGen_GetCode(PyObject *);
void *_Nullable PyCFunction_GetFunction(PyObject *);

#pragma clang assume_nonnull end
#endif
