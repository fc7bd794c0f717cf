// tuple, list, dict, set, slice, cell: CPython 3.13 Include/cpython/*.h and, for the parts of dict
// that no header shows, Include/internal/pycore_dict.h (layout facts only).
#ifndef APUS_CONTAINEROBJECTS_H
#define APUS_CONTAINEROBJECTS_H
#include "object.h"
#pragma clang assume_nonnull begin

typedef struct {
  PyVarObject ob_base;
  PyObject *_Nullable ob_item[1];
} PyTupleObject;

APUS_INLINE PyObject *_Nullable *_Nonnull apus_tuple_items(PyObject *op) { return ((PyTupleObject *)op)->ob_item; }
APUS_INLINE Py_ssize_t apus_var_size(PyObject *op) { return ((PyVarObject *)op)->ob_size; }
APUS_INLINE PyObject *apus_tuple_item(PyObject *op, Py_ssize_t index) { return (PyObject *)((PyTupleObject *)op)->ob_item[index]; }

typedef struct {
  PyVarObject ob_base;
  /// NULL while `allocated` is 0.
  PyObject *_Nullable *_Nullable ob_item;
  Py_ssize_t allocated;
} PyListObject;

APUS_INLINE PyObject *apus_list_item(PyObject *op, Py_ssize_t index) {
  PyObject *_Nullable *_Nullable items = ((PyListObject *)op)->ob_item;
  return (PyObject *)items[index];
}

/// A general entry of a dict.
typedef struct {
  Py_hash_t me_hash;
  PyObject *_Nullable me_key;
  PyObject *_Nullable me_value;
} PyDictKeyEntry;

/// An entry of a dict whose keys are all exact str; the hash is in the key.
typedef struct {
  PyObject *_Nullable me_key;
  PyObject *_Nullable me_value;
} PyDictUnicodeEntry;

#define DICT_KEYS_GENERAL 0
#define DICT_KEYS_UNICODE 1
#define DICT_KEYS_SPLIT 2
#define DKIX_EMPTY (-1)
#define DKIX_DUMMY (-2)
#define DKIX_ERROR (-3)

/// The key table of a dict: this header, then `1 << dk_log2_index_bytes` bytes of indices (int8,
/// int16, int32 or int64 by size), then the entries.
typedef struct _dictkeysobject {
  Py_ssize_t dk_refcnt;
  uint8_t dk_log2_size;
  uint8_t dk_log2_index_bytes;
  uint8_t dk_kind;
  /// 0, or a number that is unique to this state of the keys (for inline caches).
  uint32_t dk_version;
  Py_ssize_t dk_usable;
  Py_ssize_t dk_nentries;
} PyDictKeysObject;

APUS_INLINE void *apus_keys_indices(PyDictKeysObject *keys) { return (char *)keys + sizeof(PyDictKeysObject); }
APUS_INLINE void *apus_keys_entries(PyDictKeysObject *keys) {
  return (char *)keys + sizeof(PyDictKeysObject) + ((size_t)1 << keys->dk_log2_index_bytes);
}
APUS_INLINE PyDictKeyEntry *apus_keys_general(PyDictKeysObject *keys) { return (PyDictKeyEntry *)apus_keys_entries(keys); }
APUS_INLINE PyDictUnicodeEntry *apus_keys_unicode(PyDictKeysObject *keys) { return (PyDictUnicodeEntry *)apus_keys_entries(keys); }

/// The values of a split dict, or the attributes an object keeps inline behind its `tp_basicsize`.
/// Behind `values[capacity]` lie `capacity` bytes: the insertion order as indices.
typedef struct _dictvalues {
  uint8_t capacity;
  uint8_t size;
  /// 1 when the values lie inside their object.
  uint8_t embedded;
  /// 1 while these values are the truth (0 once a dict took over).
  uint8_t valid;
  PyObject *_Nullable values[1];
} PyDictValues;

APUS_INLINE PyObject *_Nullable *_Nonnull apus_values_items(PyDictValues *values) { return values->values; }
APUS_INLINE uint8_t *apus_values_order(PyDictValues *values) { return (uint8_t *)&values->values[values->capacity]; }

typedef struct {
  PyObject ob_base;
  Py_ssize_t ma_used;
  uint64_t ma_version_tag;
  PyDictKeysObject *ma_keys;
  /// NULL for a combined table; the values of a split table otherwise.
  PyDictValues *_Nullable ma_values;
} PyDictObject;

/// `instance.__dict__` without a dict: the values inside the object (Py_TPFLAGS_INLINE_VALUES).
APUS_INLINE PyDictValues *apus_inline_values(PyObject *op) { return (PyDictValues *)((char *)op + op->ob_type->tp_basicsize); }
/// The managed dict slot before the object (Py_TPFLAGS_MANAGED_DICT).
APUS_INLINE PyObject *_Nullable *_Nonnull apus_managed_dict(PyObject *op) { return (PyObject *_Nullable *)((char *)op - 24); }
/// The managed weak-reference list slot (Py_TPFLAGS_MANAGED_WEAKREF).
APUS_INLINE PyObject *_Nullable *_Nonnull apus_managed_weakrefs(PyObject *op) { return (PyObject *_Nullable *)((char *)op - 32); }

typedef struct {
  PyObject *_Nullable key;
  Py_hash_t hash;
} setentry;

#define PySet_MINSIZE 8

typedef struct {
  PyObject ob_base;
  /// Active and dummy entries.
  Py_ssize_t fill;
  /// Active entries.
  Py_ssize_t used;
  /// Table size - 1.
  Py_ssize_t mask;
  setentry *table;
  /// Only of frozenset; -1 while unknown.
  Py_hash_t hash;
  /// Where `pop` goes on searching.
  Py_ssize_t finger;
  setentry smalltable[PySet_MINSIZE];
  PyObject *_Nullable weakreflist;
} PySetObject;

APUS_INLINE setentry *apus_set_smalltable(PyObject *op) { return ((PySetObject *)op)->smalltable; }

typedef struct {
  PyObject ob_base;
  PyObject *start;
  PyObject *stop;
  PyObject *step;
} PySliceObject;

typedef struct {
  PyObject ob_base;
  PyObject *_Nullable ob_ref;
} PyCellObject;

#pragma clang assume_nonnull end
#endif
