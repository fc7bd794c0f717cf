// Free lists of the common types and the permanent empty objects. One set per process: the
// interpreter lock orders every access.
#ifndef APUS_FREELISTS_H
#define APUS_FREELISTS_H
#include "object.h"
#include "containerobjects.h"
#include "numberobjects.h"
#pragma clang assume_nonnull begin

/// Tuples of 1 ... 19 items are kept for reuse, up to 2000 of each size.
#define APUS_TUPLE_FREE_SIZES 20
#define APUS_TUPLE_FREE_MAX 2000
#define APUS_LIST_FREE_MAX 80
#define APUS_DICT_FREE_MAX 80
#define APUS_FLOAT_FREE_MAX 100
#define APUS_INT_FREE_MAX 100

/// Chains of dead objects, each linked through a field that a dead object does not need.
typedef struct {
  /// By size, linked through `ob_item[0]`.
  PyObject *_Nullable tuples[APUS_TUPLE_FREE_SIZES];
  int tuple_counts[APUS_TUPLE_FREE_SIZES];
  /// Linked through `ob_item`.
  PyObject *_Nullable lists;
  /// Linked through `ma_keys`.
  PyObject *_Nullable dicts;
  /// Key tables of 8 slots with str keys, linked through their first word.
  void *_Nullable keys;
  /// Linked through `ob_type`.
  PyObject *_Nullable floats;
  /// Ints of one digit, linked through `ob_type`.
  PyObject *_Nullable ints;
  int list_count;
  int dict_count;
  int keys_count;
  int float_count;
  int int_count;
} ApusFreeLists;

extern ApusFreeLists apus_free_lists;
APUS_INLINE ApusFreeLists *apus_freelists(void) { return &apus_free_lists; }
/// The next dead object of a chain linked through `ob_type`.
APUS_INLINE PyObject *_Nullable apus_free_next(PyObject *op) { return *(PyObject *_Nullable *)&op->ob_type; }
APUS_INLINE void apus_set_free_next(PyObject *op, PyObject *_Nullable next) { *(PyObject *_Nullable *)&op->ob_type = next; }
APUS_INLINE PyObject *_Nullable *_Nonnull apus_free_tuples(Py_ssize_t size) { return &apus_free_lists.tuples[size]; }
APUS_INLINE int *apus_free_tuple_count(Py_ssize_t size) { return &apus_free_lists.tuple_counts[size]; }

/// The empty tuple: immortal, with a collector header that is never linked.
typedef struct {
  PyGC_Head gc;
  PyVarObject tuple;
} ApusEmptyTuple;
extern ApusEmptyTuple apus_empty_tuple;
APUS_INLINE PyObject *emptyTuple(void) { return (PyObject *)&apus_empty_tuple.tuple; }

/// The keys of every empty dict: one slot that is never filled. Never freed.
typedef struct {
  PyDictKeysObject keys;
  int8_t indices[8];
} ApusEmptyKeys;
extern ApusEmptyKeys apus_empty_keys;
APUS_INLINE PyDictKeysObject *emptyKeys(void) { return &apus_empty_keys.keys; }

/// Marks a slot of a set whose key was removed.
extern PyObject apus_set_dummy;
APUS_INLINE PyObject *setDummy(void) { return &apus_set_dummy; }

/// What happened to a watched dict (PyDict_WatchCallback), in CPython's order.
typedef enum {
  PyDict_EVENT_ADDED,
  PyDict_EVENT_MODIFIED,
  PyDict_EVENT_DELETED,
  PyDict_EVENT_CLONED,
  PyDict_EVENT_CLEARED,
  PyDict_EVENT_DEALLOCATED,
} PyDict_WatchEvent;
typedef int (*PyDict_WatchCallback)(PyDict_WatchEvent event, PyObject *dict,
                                    PyObject *_Nullable key, PyObject *_Nullable new_value);
int PyDict_AddWatcher(PyDict_WatchCallback callback);

#define APUS_DICT_WATCHERS 8
extern PyDict_WatchCallback _Nullable apus_dict_watchers[APUS_DICT_WATCHERS];
APUS_INLINE PyDict_WatchCallback _Nullable *_Nonnull apus_dict_watcher(int id) { return &apus_dict_watchers[id]; }

#pragma clang assume_nonnull end
#endif
