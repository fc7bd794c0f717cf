// The end of a process that APUS_CHECK_COUNTS caught with a wrong reference count.
#include "CPythonABI.h"
#include <stdio.h>
#include <stdlib.h>

#ifdef APUS_CHECK_COUNTS
void apus_wrong_count(PyObject *op, const char *what) {
  fprintf(stderr, "Fatal Python error: wrong reference count: %s an object at %p, count %lld\n", what,
          (void *)op, (long long)op->ob_refcnt);
  // A freed object's type may be gone too; a sanitizer says more at the access.
  fprintf(stderr, "type %s\n", op->ob_type->tp_name);
  abort();
}
#endif
