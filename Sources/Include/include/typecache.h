// The cache of attribute lookups on types (CPython: Objects/typeobject.c, the method cache). Type
// versions are unique in the process, so one table serves every interpreter.
#ifndef APUS_TYPECACHE_H
#define APUS_TYPECACHE_H
#include "object.h"
#pragma clang assume_nonnull begin

#define APUS_TYPE_CACHE_BITS 12

typedef struct {
  /// The type's version when the entry was made; 0 in an empty entry.
  unsigned int version;
  /// Strong, so that its address stays unique.
  PyObject *_Nullable name;
  /// Borrowed from the type's dict; NULL: the type has no such attribute.
  PyObject *_Nullable value;
} ApusTypeCacheEntry;

extern ApusTypeCacheEntry apus_type_cache[1 << APUS_TYPE_CACHE_BITS];

APUS_INLINE ApusTypeCacheEntry *apus_type_cache_entry(unsigned int version, PyObject *name) {
  uintptr_t hash = (uintptr_t)version ^ ((uintptr_t)name >> 3);
  return &apus_type_cache[hash & ((1 << APUS_TYPE_CACHE_BITS) - 1)];
}

APUS_INLINE ApusTypeCacheEntry *apus_type_cache_entry_at(Py_ssize_t index) { return &apus_type_cache[index]; }

/// The last version tag given out.
extern unsigned int apus_next_type_version;
APUS_INLINE unsigned int *apus_next_type_version_address(void) { return &apus_next_type_version; }

typedef int (*PyType_WatchCallback)(PyTypeObject *);
int PyType_AddWatcher(PyType_WatchCallback callback);
extern PyType_WatchCallback _Nullable apus_type_watcher_table[8];
APUS_INLINE PyType_WatchCallback _Nullable *_Nonnull apus_type_watchers(void) { return apus_type_watcher_table; }

/// `ml_*` of every builtin `__new__`.
extern PyMethodDef apus_constructor_method_definition;
APUS_INLINE PyMethodDef *apus_constructor_method(void) { return &apus_constructor_method_definition; }

/// A MemoryError made at start-up, for when there is no memory to make one.
extern PyObject *_Nullable apus_reserved_memory_error;
extern int apus_memory_error_depth;
APUS_INLINE PyObject *_Nullable *_Nonnull apus_reserved_memory_error_address(void) { return &apus_reserved_memory_error; }
APUS_INLINE int *apus_memory_error_depth_address(void) { return &apus_memory_error_depth; }

/// The table of special methods (`Type/SlotTable.swift`), built before the first type is ready.
extern void *_Nullable apus_slot_table;
APUS_INLINE void *_Nullable *_Nonnull apus_slot_table_address(void) { return &apus_slot_table; }

#pragma clang assume_nonnull end
#endif
