// Storage of the free lists and the permanent empty objects.
#include "CPythonABI.h"

ApusFreeLists apus_free_lists;

ApusEmptyTuple apus_empty_tuple = {
    .gc = {0, 0},
    .tuple = {{_Py_IMMORTAL_REFCNT, &PyTuple_Type}, 0},
};

ApusEmptyKeys apus_empty_keys = {
    .keys = {
        .dk_refcnt = 1,
        .dk_log2_size = 0,
        .dk_log2_index_bytes = 3,
        .dk_kind = DICT_KEYS_UNICODE,
        .dk_version = 1,
        .dk_usable = 0,
        .dk_nentries = 0,
    },
    .indices = {DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY, DKIX_EMPTY},
};

PyDict_WatchCallback apus_dict_watchers[APUS_DICT_WATCHERS];

PyObject apus_set_dummy = {_Py_IMMORTAL_REFCNT, &PyBaseObject_Type};
