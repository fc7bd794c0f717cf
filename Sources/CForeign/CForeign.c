#include "CForeign.h"
#include <errno.h>
#include <string.h>

ffi_type *apus_ffi_type(char code) {
  switch (code) {
  case 'c': case 'b': return &ffi_type_sint8;
  case 'B': case '?': return &ffi_type_uint8;
  case 'h': case 'v': return &ffi_type_sint16;
  case 'H': return &ffi_type_uint16;
  case 'i': return &ffi_type_sint32;
  case 'I': return &ffi_type_uint32;
  case 'l': case 'q': return &ffi_type_sint64;
  case 'L': case 'Q': return &ffi_type_uint64;
  case 'u': return &ffi_type_sint32;
  case 'f': return &ffi_type_float;
  case 'd': return &ffi_type_double;
  case 'g': return &ffi_type_longdouble;
  case 'O': case 'P': case 'z': case 'Z': case 's': case 'U': return &ffi_type_pointer;
  default: return NULL;
  }
}

ffi_type *apus_ffi_void(void) { return &ffi_type_void; }
ffi_type *apus_ffi_pointer(void) { return &ffi_type_pointer; }
ffi_type *apus_ffi_int(void) { return &ffi_type_sint32; }

int apus_ffi_prepare(ffi_cif *cif, unsigned fixed, unsigned count, ffi_type *result,
                     ffi_type **types) {
  if (fixed < count) return ffi_prep_cif_var(cif, FFI_DEFAULT_ABI, fixed, count, result, types);
  return ffi_prep_cif(cif, FFI_DEFAULT_ABI, count, result, types);
}

static _Thread_local int own_errno;

int *apus_ffi_errno(void) { return &own_errno; }

void apus_ffi_swap_errno(void) {
  int saved = errno;
  errno = own_errno;
  own_errno = saved;
}

void apus_ffi_call(ffi_cif *cif, void *function, void *result, void **arguments, int uses_errno) {
  if (uses_errno) apus_ffi_swap_errno();
  ffi_call(cif, FFI_FN(function), result, arguments);
  if (uses_errno) apus_ffi_swap_errno();
}

void *apus_ffi_closure(ffi_cif *cif, apus_ffi_callback callback, void *data, void **code) {
  ffi_closure *closure = ffi_closure_alloc(sizeof(ffi_closure), code);
  if (!closure) return NULL;
  if (ffi_prep_closure_loc(closure, cif, callback, data, *code) != FFI_OK) {
    ffi_closure_free(closure);
    return NULL;
  }
  return closure;
}

void apus_ffi_free(void *closure) {
  if (closure) ffi_closure_free(closure);
}

double apus_long_double_get(const void *place) {
  long double value;
  memcpy(&value, place, sizeof value);
  return (double)value;
}

void apus_long_double_set(void *place, double value) {
  long double wide = value;
  memcpy(place, &wide, sizeof wide);
}

void *apus_memmove_address(void) { return (void *)memmove; }
void *apus_memset_address(void) { return (void *)memset; }

ptrdiff_t apus_wide_length(const int *text) {
  ptrdiff_t count = 0;
  while (text[count]) count++;
  return count;
}
