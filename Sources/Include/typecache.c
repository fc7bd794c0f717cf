// Storage of the type attribute cache and of the slot table.
#include "CPythonABI.h"

ApusTypeCacheEntry apus_type_cache[1 << APUS_TYPE_CACHE_BITS];
void *apus_slot_table;
unsigned int apus_next_type_version;
PyType_WatchCallback apus_type_watcher_table[8];
PyMethodDef apus_constructor_method_definition;
PyObject *apus_reserved_memory_error;
int apus_memory_error_depth;
