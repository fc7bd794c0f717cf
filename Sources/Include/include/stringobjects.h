// str, bytes, bytearray, memoryview: CPython 3.13 Include/cpython/{unicode,bytes,bytearray,memory}object.h.
#ifndef APUS_STRINGOBJECTS_H
#define APUS_STRINGOBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

/// str (PEP 393). Text follows the header directly: at offset 40 for ASCII, 56 otherwise.
typedef struct {
  PyObject ob_base;
  /// Code points.
  Py_ssize_t length;
  /// -1 while unknown.
  Py_hash_t hash;
  struct {
    unsigned int interned : 2;
    unsigned int kind : 3;
    unsigned int compact : 1;
    unsigned int ascii : 1;
    unsigned int statically_allocated : 1;
    unsigned int : 24;
  } state;
} PyASCIIObject;

typedef struct {
  PyASCIIObject _base;
  /// Bytes in `utf8`, without the final NUL.
  Py_ssize_t utf8_length;
  /// Cached UTF-8, owned; NULL until asked for.
  char *_Nullable utf8;
} PyCompactUnicodeObject;

/// The layout of str subclasses made with `tp_new`: the text is in a buffer of its own.
typedef struct {
  PyCompactUnicodeObject _base;
  union {
    void *_Nullable any;
    Py_UCS1 *_Nullable latin1;
    Py_UCS2 *_Nullable ucs2;
    Py_UCS4 *_Nullable ucs4;
  } data;
} PyUnicodeObject;

/// All bits of `state` as one word: interned 0-1, kind 2-4, compact 5, ascii 6, static 7.
APUS_INLINE unsigned int apus_str_state(PyObject *op) {
  unsigned int word;
  memcpy(&word, (char *)op + 32, 4);
  return word;
}
APUS_INLINE void apus_str_set_state(PyObject *op, unsigned int word) { memcpy((char *)op + 32, &word, 4); }
/// Bytes per code point: 1, 2 or 4.
APUS_INLINE int apus_str_kind(PyObject *op) { return (int)((apus_str_state(op) >> 2) & 7); }
APUS_INLINE int apus_str_is_ascii(PyObject *op) { return (int)((apus_str_state(op) >> 6) & 1); }
APUS_INLINE int apus_str_is_compact(PyObject *op) { return (int)((apus_str_state(op) >> 5) & 1); }
APUS_INLINE int apus_str_interned(PyObject *op) { return (int)(apus_str_state(op) & 3); }
APUS_INLINE Py_ssize_t apus_str_length(PyObject *op) { return ((PyASCIIObject *)op)->length; }
/// The text, `length` items of `kind` bytes and a final zero item.
APUS_INLINE void *apus_str_data(PyObject *op) {
  unsigned int state = apus_str_state(op);
  if (state & 0x20) return (char *)op + ((state & 0x40) ? 40 : 56);
  return ((PyUnicodeObject *)op)->data.any;
}
APUS_INLINE Py_UCS4 apus_str_read(int kind, const void *data, Py_ssize_t index) {
  if (kind == 1) return ((const Py_UCS1 *)data)[index];
  if (kind == 2) return ((const Py_UCS2 *)data)[index];
  return ((const Py_UCS4 *)data)[index];
}
APUS_INLINE void apus_str_write(int kind, void *data, Py_ssize_t index, Py_UCS4 value) {
  if (kind == 1) ((Py_UCS1 *)data)[index] = (Py_UCS1)value;
  else if (kind == 2) ((Py_UCS2 *)data)[index] = (Py_UCS2)value;
  else ((Py_UCS4 *)data)[index] = value;
}

typedef struct {
  PyVarObject ob_base;
  Py_hash_t ob_shash;
  char ob_sval[1];
} PyBytesObject;

APUS_INLINE uint8_t *apus_bytes_data(PyObject *op) { return (uint8_t *)((PyBytesObject *)op)->ob_sval; }

typedef struct {
  PyVarObject ob_base;
  /// Bytes allocated in `ob_bytes`.
  Py_ssize_t ob_alloc;
  char *_Nullable ob_bytes;
  /// Where the content starts inside `ob_bytes`.
  char *_Nullable ob_start;
  /// Buffers handed out.
  Py_ssize_t ob_exports;
} PyByteArrayObject;

typedef struct {
  PyObject ob_base;
  int flags;
  Py_ssize_t exports;
  Py_buffer master;
} _PyManagedBufferObject;

typedef struct {
  PyVarObject ob_base;
  _PyManagedBufferObject *_Nullable mbuf;
  Py_hash_t hash;
  int flags;
  Py_ssize_t exports;
  Py_buffer view;
  PyObject *_Nullable weakreflist;
  Py_ssize_t ob_array[1];
} PyMemoryViewObject;

/// The key of SipHash-1-3, chosen once per process (PYTHONHASHSEED).
typedef union {
  unsigned char uc[24];
  struct {
    uint64_t k0;
    uint64_t k1;
  } siphash;
} _Py_HashSecret_t;
extern _Py_HashSecret_t _Py_HashSecret;
APUS_INLINE _Py_HashSecret_t *apus_hash_secret(void) { return &_Py_HashSecret; }

/// The strings of one code point below 256 and the empty string: immortal, interned, never freed.
/// Every entry has 64 bytes, so that its address is one shift away.
extern char apus_latin1_strings[], apus_empty_string[];
APUS_INLINE PyObject *apus_str_of_latin1(Py_UCS1 c) { return (PyObject *)(apus_latin1_strings + 64 * (size_t)c); }
APUS_INLINE PyObject *apus_str_empty(void) { return (PyObject *)apus_empty_string; }

/// b"" and the bytes objects of one byte: immortal.
extern char apus_byte_strings[], apus_empty_bytes[];
APUS_INLINE PyObject *apus_bytes_of(uint8_t c) { return (PyObject *)(apus_byte_strings + 48 * (size_t)c); }
APUS_INLINE PyObject *apus_bytes_empty(void) { return (PyObject *)apus_empty_bytes; }

/// The interned strings: a hash set with linear probing. Entries are not counted as references; a
/// mortal string leaves the set when it dies. `mask` is the number of slots minus one.
typedef struct {
  PyObject *_Nullable *_Nullable slots;
  Py_ssize_t mask;
  Py_ssize_t count;
} ApusInternTable;
extern ApusInternTable apus_interned;
APUS_INLINE ApusInternTable *apus_intern_table(void) { return &apus_interned; }

/// How often `-b` was given: 1 warns about comparing bytes with str, 2 raises.
extern int Py_BytesWarningFlag;
APUS_INLINE int *apus_bytes_warning_flag(void) { return &Py_BytesWarningFlag; }

// GNU's, which string.h hides without _GNU_SOURCE.
void *_Nullable memrchr(const void *text, int byte, size_t length);

/// A str under construction.
typedef struct {
  PyObject *_Nullable buffer;
  void *_Nullable data;
  int kind;
  Py_UCS4 maxchar;
  Py_ssize_t size;
  Py_ssize_t pos;
  Py_ssize_t min_length;
  Py_UCS4 min_char;
  unsigned char overallocate;
  unsigned char readonly;
} _PyUnicodeWriter;

#pragma clang assume_nonnull end
#endif
