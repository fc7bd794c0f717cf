#include "CCompression.h"

int apus_deflate_init(z_streamp stream, int level, int method, int window_bits, int memory_level,
                      int strategy) {
  return deflateInit2(stream, level, method, window_bits, memory_level, strategy);
}

int apus_inflate_init(z_streamp stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

const char *apus_zlib_header_version(void) { return ZLIB_VERSION; }
