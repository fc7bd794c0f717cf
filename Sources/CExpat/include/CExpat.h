// Expat, and the table of its functions that pyexpat hands to other modules.
#ifndef APUS_CEXPAT_H
#define APUS_CEXPAT_H
#include <expat.h>
#include <stddef.h>

/// `pyexpat.expat_CAPI`, CPython's struct PyExpat_CAPI. `unknown_encoding` is
/// `DefaultUnknownEncodingHandler`.
const void *apus_expat_interface(XML_UnknownEncodingHandler unknown_encoding);

#endif
