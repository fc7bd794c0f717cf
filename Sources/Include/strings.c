// The immortal strings and bytes objects of at most one character, laid out at compile time, and the
// process-wide data of str.
#include "CPythonABI.h"

typedef struct {
  PyASCIIObject header;
  Py_UCS1 text[2];
} AsciiString;

typedef union {
  AsciiString ascii;
  struct {
    PyCompactUnicodeObject header;
    Py_UCS1 text[2];
  } latin1;
  char bytes[64];
} CharacterString;

#define HEADER(count, is_ascii) \
  {{_Py_IMMORTAL_REFCNT, &PyUnicode_Type}, count, -1, {3, 1, 1, is_ascii, 1}}
#define ASCII(c) {.ascii = {HEADER(1, 1), {c, 0}}},
#define LATIN1(c) {.latin1 = {{HEADER(1, 0), 0, NULL}, {c, 0}}},
#define TIMES16(row, base) \
  row(base + 0) row(base + 1) row(base + 2) row(base + 3) row(base + 4) row(base + 5) \
  row(base + 6) row(base + 7) row(base + 8) row(base + 9) row(base + 10) row(base + 11) \
  row(base + 12) row(base + 13) row(base + 14) row(base + 15)
#define TIMES128(row, base) \
  TIMES16(row, base) TIMES16(row, base + 16) TIMES16(row, base + 32) TIMES16(row, base + 48) \
  TIMES16(row, base + 64) TIMES16(row, base + 80) TIMES16(row, base + 96) TIMES16(row, base + 112)

CharacterString latin1_strings[256] __asm__("apus_latin1_strings") = {
  TIMES128(ASCII, 0) TIMES128(LATIN1, 128)
};
AsciiString empty_string __asm__("apus_empty_string") = {HEADER(0, 1), {0, 0}};

typedef union {
  struct {
    PyVarObject header;
    Py_hash_t hash;
    uint8_t text[2];
  } object;
  char bytes[48];
} ByteString;

#define BYTE(c) {.object = {{{_Py_IMMORTAL_REFCNT, &PyBytes_Type}, 1}, -1, {c, 0}}},
ByteString byte_strings[256] __asm__("apus_byte_strings") = {
  TIMES128(BYTE, 0) TIMES128(BYTE, 128)
};
ByteString empty_bytes __asm__("apus_empty_bytes") = {
  .object = {{{_Py_IMMORTAL_REFCNT, &PyBytes_Type}, 0}, -1, {0, 0}}};

_Py_HashSecret_t _Py_HashSecret;
ApusInternTable apus_interned;
int Py_BytesWarningFlag;
