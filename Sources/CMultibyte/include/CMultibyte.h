// The character sets of the East Asian codecs. Tables.c is generated.
#ifndef APUS_CMULTIBYTE_H
#define APUS_CMULTIBYTE_H
#include <stdint.h>

/// The characters of a lead byte as UTF-8, from the table's first trail byte on; U+FFFD: none.
typedef struct {
  uint8_t lead;
  const char *_Nullable cells;
} ApusMultibyteRow;

/// A table of two-byte characters. Rows that are not listed are those of the base: a table, or
/// "shift:" and the tables whose planes Shift JIS rearranges. Ends with a NULL name.
typedef struct {
  const char *_Nullable name;
  const char *_Nullable base;
  uint8_t first;
  const ApusMultibyteRow *_Nullable rows;
} ApusMultibyteTable;
extern const ApusMultibyteTable apus_multibyte_tables[];

/// A two-byte sequence that stands for two code points.
typedef struct {
  const char *_Nullable table;
  uint16_t code, first, second;
} ApusMultibytePair;
extern const ApusMultibytePair apus_multibyte_pairs[];

/// How a character is encoded when not by the lowest sequence that decodes to it; 0: not at all.
typedef struct {
  uint32_t character, bytes;
} ApusMultibytePreference;
typedef struct {
  const char *_Nullable codec;
  const ApusMultibytePreference *_Nullable list;
} ApusMultibytePreferences;
extern const ApusMultibytePreferences apus_multibyte_preferences[];

/// Code points that GB 18030 encodes with four bytes, in order of their linear index.
typedef struct {
  uint16_t first, last;
  int32_t index;
} ApusMultibyteRange;
extern const ApusMultibyteRange apus_gb18030_ranges[];

/// Swift sees arrays of unknown size badly: their addresses.
const ApusMultibyteTable *_Nonnull apus_multibyte_tables_start(void);
const ApusMultibytePair *_Nonnull apus_multibyte_pairs_start(void);
const ApusMultibytePreferences *_Nonnull apus_multibyte_preferences_start(void);
const ApusMultibyteRange *_Nonnull apus_gb18030_ranges_start(void);

#endif
