// Calls to and from C functions whose types are known only at run time, over libffi.
#ifndef APUS_CFOREIGN_H
#define APUS_CFOREIGN_H
#include <ffi.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// The type of a simple C type by the letter `_ctypes` has for it; NULL when there is none.
ffi_type *_Nullable apus_ffi_type(char code);
ffi_type *apus_ffi_void(void);
ffi_type *apus_ffi_pointer(void);
ffi_type *apus_ffi_int(void);

/// Prepares a call; `fixed` is the number of arguments before the variable ones, or `count`.
int apus_ffi_prepare(ffi_cif *cif, unsigned fixed, unsigned count, ffi_type *result,
                     ffi_type *_Nonnull *_Nullable types);

/// Calls. With `uses_errno` the thread's own copy of errno is in place during the call.
void apus_ffi_call(ffi_cif *cif, void *function, void *result, void *_Nullable *_Nullable arguments,
                   int uses_errno);

typedef void (*apus_ffi_callback)(ffi_cif *, void *, void *_Nonnull *_Nonnull, void *);

/// A C function that calls `callback` with `data`. `code` is its address; freed by
/// `apus_ffi_free`.
void *_Nullable apus_ffi_closure(ffi_cif *cif, apus_ffi_callback callback, void *data,
                                 void *_Nullable *_Nonnull code);
void apus_ffi_free(void *_Nullable closure);

/// The thread's own copy of errno.
int *apus_ffi_errno(void);
/// Swaps errno with the thread's own copy.
void apus_ffi_swap_errno(void);

double apus_long_double_get(const void *place);
void apus_long_double_set(void *place, double value);

/// Characters of a wide string, without its end.
ptrdiff_t apus_wide_length(const int *text);

void *apus_memmove_address(void);
void *apus_memset_address(void);

#pragma clang assume_nonnull end
#endif
