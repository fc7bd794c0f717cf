// Unicode 15.1.0 character data, and where Unicode 3.2.0 differs.
//
// Every table has two stages: the upper bits of a code point choose a block of 128 entries, equal
// blocks are stored once, and the entry is the number of a record. The facts are those of CPython
// 3.13 (Tools/unicodedata, `str` methods); Tools/unicode/generate.py writes the tables.
//
// Accessors take any value below 0x110000 and are total on that range. They never allocate.
#ifndef APUS_UNICODEDATA_H
#define APUS_UNICODEDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APUS_UNICODE_LIMIT 0x110000u
#define APUS_UNICODE_SHIFT 7
#define APUS_INLINE static inline __attribute__((always_inline, unused))

// -- character types: what the methods of str ask --------------------------------------------

enum {
  APUS_ALPHA = 1 << 0,
  APUS_DECIMAL = 1 << 1,
  APUS_DIGIT = 1 << 2,
  APUS_NUMERIC = 1 << 3,
  APUS_SPACE = 1 << 4,
  APUS_UPPER = 1 << 5,
  APUS_LOWER = 1 << 6,
  APUS_TITLE = 1 << 7,
  APUS_CASED = 1 << 8,
  APUS_CASE_IGNORABLE = 1 << 9,
  APUS_PRINTABLE = 1 << 10,
  APUS_XID_START = 1 << 11,
  APUS_XID_CONTINUE = 1 << 12,
  APUS_LINE_BREAK = 1 << 13,
  APUS_SPECIAL_CASE = 1 << 14,
  APUS_FOLD_CASE = 1 << 15,
};

typedef struct {
  uint32_t flags;
  int32_t upper, lower, title;  // distances of the simple mappings
  uint16_t special;             // offset into apus_special_cases
  uint16_t numeric;             // index into apus_numeric_values, 0 when there is none
  uint8_t decimal, digit;       // 255 when there is none
} apus_character_type;

extern const apus_character_type apus_character_types[];
extern const uint16_t apus_special_cases[];
extern const uint32_t apus_latin1_flags[256];
extern const uint16_t apus_type_blocks[];
extern const uint16_t apus_type_index[];
extern const double apus_numeric_values[];

APUS_INLINE const apus_character_type *_Nonnull apus_type_of(uint32_t c) {
  uint32_t block = apus_type_blocks[c >> APUS_UNICODE_SHIFT];
  return &apus_character_types[apus_type_index[(block << APUS_UNICODE_SHIFT) | (c & 127)]];
}

/// The type flags of a code point. Values from 0x110000 on have none.
APUS_INLINE uint32_t apus_flags(uint32_t c) {
  if (c < 256) return apus_latin1_flags[c];
  if (c >= APUS_UNICODE_LIMIT) return 0;
  return apus_type_of(c)->flags;
}

APUS_INLINE bool apus_isalpha(uint32_t c) { return (apus_flags(c) & APUS_ALPHA) != 0; }
APUS_INLINE bool apus_isdecimal(uint32_t c) { return (apus_flags(c) & APUS_DECIMAL) != 0; }
APUS_INLINE bool apus_isdigit(uint32_t c) { return (apus_flags(c) & APUS_DIGIT) != 0; }
APUS_INLINE bool apus_isnumeric(uint32_t c) { return (apus_flags(c) & APUS_NUMERIC) != 0; }
APUS_INLINE bool apus_isalnum(uint32_t c) {
  return (apus_flags(c) & (APUS_ALPHA | APUS_DECIMAL | APUS_DIGIT | APUS_NUMERIC)) != 0;
}
APUS_INLINE bool apus_isspace(uint32_t c) { return (apus_flags(c) & APUS_SPACE) != 0; }
APUS_INLINE bool apus_isupper(uint32_t c) { return (apus_flags(c) & APUS_UPPER) != 0; }
APUS_INLINE bool apus_islower(uint32_t c) { return (apus_flags(c) & APUS_LOWER) != 0; }
/// A titlecase letter (category Lt).
APUS_INLINE bool apus_istitle(uint32_t c) { return (apus_flags(c) & APUS_TITLE) != 0; }
APUS_INLINE bool apus_iscased(uint32_t c) { return (apus_flags(c) & APUS_CASED) != 0; }
APUS_INLINE bool apus_iscaseignorable(uint32_t c) {
  return (apus_flags(c) & APUS_CASE_IGNORABLE) != 0;
}
APUS_INLINE bool apus_isprintable(uint32_t c) { return (apus_flags(c) & APUS_PRINTABLE) != 0; }
/// XID_Start, without the underscore.
APUS_INLINE bool apus_isxidstart(uint32_t c) { return (apus_flags(c) & APUS_XID_START) != 0; }
APUS_INLINE bool apus_isxidcontinue(uint32_t c) { return (apus_flags(c) & APUS_XID_CONTINUE) != 0; }
/// May begin a Python identifier: XID_Start or the underscore.
APUS_INLINE bool apus_isidentifierstart(uint32_t c) {
  return c == '_' || (apus_flags(c) & APUS_XID_START) != 0;
}
/// A boundary for `str.splitlines`.
APUS_INLINE bool apus_islinebreak(uint32_t c) { return (apus_flags(c) & APUS_LINE_BREAK) != 0; }

APUS_INLINE uint32_t apus_simple_upper(uint32_t c) {
  if (c < 128) return c - ((c >= 'a' && c <= 'z') ? 32 : 0);
  return c >= APUS_UNICODE_LIMIT ? c : c + (uint32_t)apus_type_of(c)->upper;
}
APUS_INLINE uint32_t apus_simple_lower(uint32_t c) {
  if (c < 128) return c + ((c >= 'A' && c <= 'Z') ? 32 : 0);
  return c >= APUS_UNICODE_LIMIT ? c : c + (uint32_t)apus_type_of(c)->lower;
}
APUS_INLINE uint32_t apus_simple_title(uint32_t c) {
  if (c < 128) return c - ((c >= 'a' && c <= 'z') ? 32 : 0);
  return c >= APUS_UNICODE_LIMIT ? c : c + (uint32_t)apus_type_of(c)->title;
}

/// Copies special mapping number `which` (0 upper, 1 lower, 2 title, 3 fold) and returns its length.
APUS_INLINE int apus_special_mapping(const apus_character_type *_Nonnull type, int which,
                                     uint32_t *_Nonnull out) {
  const uint16_t *entry = &apus_special_cases[type->special + 4 * which];
  int count = entry[0];
  for (int i = 0; i < count; i++) out[i] = entry[1 + i];
  return count;
}

/// Full case mappings (SpecialCasing.txt without conditions, CaseFolding.txt): write one to three
/// code points and return how many. The final form of sigma depends on its neighbours and is the
/// caller's job (see apus_iscased, apus_iscaseignorable).
APUS_INLINE int apus_full_upper(uint32_t c, uint32_t out[_Nonnull 3]) {
  if (c >= APUS_UNICODE_LIMIT) return out[0] = c, 1;
  const apus_character_type *type = apus_type_of(c);
  if (type->flags & APUS_SPECIAL_CASE) return apus_special_mapping(type, 0, out);
  return out[0] = c + (uint32_t)type->upper, 1;
}
APUS_INLINE int apus_full_lower(uint32_t c, uint32_t out[_Nonnull 3]) {
  if (c >= APUS_UNICODE_LIMIT) return out[0] = c, 1;
  const apus_character_type *type = apus_type_of(c);
  if (type->flags & APUS_SPECIAL_CASE) return apus_special_mapping(type, 1, out);
  return out[0] = c + (uint32_t)type->lower, 1;
}
APUS_INLINE int apus_full_title(uint32_t c, uint32_t out[_Nonnull 3]) {
  if (c >= APUS_UNICODE_LIMIT) return out[0] = c, 1;
  const apus_character_type *type = apus_type_of(c);
  if (type->flags & APUS_SPECIAL_CASE) return apus_special_mapping(type, 2, out);
  return out[0] = c + (uint32_t)type->title, 1;
}
APUS_INLINE int apus_full_fold(uint32_t c, uint32_t out[_Nonnull 3]) {
  if (c >= APUS_UNICODE_LIMIT) return out[0] = c, 1;
  const apus_character_type *type = apus_type_of(c);
  if (type->flags & APUS_SPECIAL_CASE) return apus_special_mapping(type, 3, out);
  if (type->flags & APUS_FOLD_CASE) return apus_special_mapping(type, 0, out);
  return out[0] = c + (uint32_t)type->lower, 1;
}

/// The decimal digit value, or -1.
APUS_INLINE int apus_decimal_value(uint32_t c) {
  if (c < 128) return c >= '0' && c <= '9' ? (int)c - '0' : -1;
  if (c >= APUS_UNICODE_LIMIT) return -1;
  uint8_t value = apus_type_of(c)->decimal;
  return value == 255 ? -1 : value;
}
/// The digit value (superscripts and the like included), or -1.
APUS_INLINE int apus_digit_value(uint32_t c) {
  if (c < 128) return c >= '0' && c <= '9' ? (int)c - '0' : -1;
  if (c >= APUS_UNICODE_LIMIT) return -1;
  uint8_t value = apus_type_of(c)->digit;
  return value == 255 ? -1 : value;
}
/// Stores the numeric value and returns true, or returns false when there is none.
APUS_INLINE bool apus_numeric_value(uint32_t c, double *_Nonnull value) {
  if (c >= APUS_UNICODE_LIMIT) return false;
  uint16_t number = apus_type_of(c)->numeric;
  if (number == 0) return false;
  *value = apus_numeric_values[number];
  return true;
}

// -- the character database ------------------------------------------------------------------

typedef struct {
  uint8_t category, combining, bidirectional, mirrored, width;
  uint8_t checks;  // quick check bits, see APUS_NFD_NO ...
} apus_database_record;

enum {
  APUS_NFD_NO = 1,
  APUS_NFKD_NO = 2,
  APUS_NFC_NO = 4,
  APUS_NFC_MAYBE = 8,
  APUS_NFKC_NO = 16,
  APUS_NFKC_MAYBE = 32,
};

typedef struct {
  uint32_t first, second, composite;
} apus_composition;

typedef struct {
  uint8_t category, combining, bidirectional, mirrored, width;
  uint8_t decimal, digit, numeric, decomposes;
} apus_old_record;

extern const char apus_category_names[30][3];
extern const char apus_bidirectional_names[24][4];
extern const char apus_width_names[6][3];
extern const char apus_decomposition_tags[17][12];
extern const apus_database_record apus_database_records[];
extern const uint16_t apus_database_blocks[];
extern const uint16_t apus_database_index[];
extern const uint32_t apus_decompositions[];
extern const uint16_t apus_decomposition_blocks[];
extern const uint16_t apus_decomposition_index[];
extern const apus_old_record apus_old_records[];
extern const uint16_t apus_old_blocks[];
extern const uint8_t apus_old_index[];

APUS_INLINE const apus_database_record *_Nonnull apus_record_of(uint32_t c) {
  uint32_t block = apus_database_blocks[c >> APUS_UNICODE_SHIFT];
  return &apus_database_records[apus_database_index[(block << APUS_UNICODE_SHIFT) | (c & 127)]];
}

/// What Unicode 3.2.0 says where it differs from today, or NULL.
APUS_INLINE const apus_old_record *_Nullable apus_old_record_of(uint32_t c) {
  uint32_t block = apus_old_blocks[c >> APUS_UNICODE_SHIFT];
  uint32_t number = apus_old_index[(block << APUS_UNICODE_SHIFT) | (c & 127)];
  return number == 0 ? NULL : &apus_old_records[number];
}

/// Properties in the current database (`old` false) or that of Unicode 3.2.0 (`old` true). The
/// names are static, NUL-terminated ASCII.
const char *_Nonnull apus_category(uint32_t c, bool old);
const char *_Nonnull apus_bidirectional(uint32_t c, bool old);
const char *_Nonnull apus_east_asian_width(uint32_t c, bool old);
int apus_combining(uint32_t c, bool old);
bool apus_mirrored(uint32_t c, bool old);
int apus_decimal_in(uint32_t c, bool old);
int apus_digit_in(uint32_t c, bool old);
bool apus_numeric_in(uint32_t c, bool old, double *_Nonnull value);

/// The decomposition mapping as the database has it (one step, not of Hangul): stores the code
/// points' address and the tag ("" or "<compat>"...), and returns their number, 0 when there is
/// none.
int apus_decomposition(uint32_t c, bool old, const uint32_t *_Nullable *_Nonnull points,
                       const char *_Nullable *_Nonnull tag);

/// The primary composite of two code points, Hangul included, or 0.
uint32_t apus_compose(uint32_t first, uint32_t second);

// -- normalisation ---------------------------------------------------------------------------

typedef enum { APUS_NFD = 0, APUS_NFKD = 1, APUS_NFC = 2, APUS_NFKC = 3 } apus_form;

/// Growable output. Start with all fields zero, or with a buffer that `resize` may take over.
/// The caller frees `data` in every case, also after an error.
typedef struct {
  uint32_t *_Nullable data;
  size_t count, capacity;
  /// realloc-like; NULL means the C library's realloc.
  void *_Nullable (*_Nullable resize)(void *_Nullable data, size_t bytes);
} apus_points;

typedef enum { APUS_CHECK_NO = 0, APUS_CHECK_MAYBE = 1, APUS_CHECK_YES = 2 } apus_check;

/// UAX #15 quick check. MAYBE: only normalising can tell.
apus_check apus_quick_check(apus_form form, const uint32_t *_Nonnull points, size_t count);

/// Appends the normal form of `points` to `out`. Returns false when out of memory.
/// `old` uses Unicode 3.2.0: characters it did not have are left alone.
bool apus_normalize(apus_form form, bool old, const uint32_t *_Nonnull points, size_t count,
                    apus_points *_Nonnull out);

// -- names -----------------------------------------------------------------------------------

/// No name is longer, aliases and sequences included.
#define APUS_NAME_LIMIT 256

/// Writes the character's name (without a NUL) to `name`, which holds APUS_NAME_LIMIT bytes, and
/// returns its length; 0 when the character has none.
size_t apus_name(uint32_t c, bool old, char *_Nonnull name);

/// What `apus_lookup` accepts besides character names.
typedef enum {
  APUS_NAMES_ONLY = 0,      // unicodedata.ucd_3_2_0.lookup
  APUS_NAMES_ALIASES = 1,   // "\N{...}"
  APUS_NAMES_SEQUENCES = 2, // unicodedata.lookup
} apus_name_kinds;

/// Finds a character by name. Letter case does not matter where CPython ignores it. Stores up to 4
/// code points and returns their number, 0 when there is no such name.
int apus_lookup(const char *_Nonnull name, size_t length, apus_name_kinds kinds,
                uint32_t out[_Nonnull 4]);

#endif
