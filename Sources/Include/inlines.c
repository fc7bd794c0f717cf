// Functions of the stable ABI that CPython's headers also have inline: code in other languages (Rust,
// Cython's limited mode) links to the symbols. No header of ours may come first, its inline function
// of the same name would be in the way.
#include <stddef.h>
#include <stdint.h>
#include <strings.h>

typedef struct _object PyObject;

/// The number of positional arguments of a vectorcall: without the flag in the highest bit.
intptr_t PyVectorcall_NARGS(size_t nargsf) { return (intptr_t)(nargsf & (SIZE_MAX >> 1)); }

/// `left is right`.
int Py_Is(PyObject *left, PyObject *right) { return left == right; }

/// Compare ASCII text whatever its case, at most `size` bytes of it.
int PyOS_mystrnicmp(const char *left, const char *right, intptr_t size) {
  return size <= 0 ? 0 : strncasecmp(left, right, (size_t)size);
}
int PyOS_mystricmp(const char *left, const char *right) { return strcasecmp(left, right); }
