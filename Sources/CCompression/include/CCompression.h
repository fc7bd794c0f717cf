// zlib, bzip2 and liblzma of the system (Debian: zlib1g-dev, libbz2-dev, liblzma-dev), with their
// macros as functions.
#ifndef APUS_CCOMPRESSION_H
#define APUS_CCOMPRESSION_H
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

int apus_deflate_init(z_streamp stream, int level, int method, int window_bits, int memory_level,
                      int strategy);
int apus_inflate_init(z_streamp stream, int window_bits);
const char *apus_zlib_header_version(void);

#endif
