// The name tables, private to Names.c. See Tools/unicode/generate.py for how they are built.
#ifndef APUS_UNICODENAMES_H
#define APUS_UNICODENAMES_H

#include "include/UnicodeData.h"

typedef struct {
  uint32_t first, last;
  const char *prefix;
} apus_name_range;

extern const char apus_name_words[];
extern const uint8_t apus_name_word_lengths[];
extern const uint32_t apus_name_word_marks[];
extern const int apus_name_short_words;
extern const uint8_t apus_name_tokens[];
extern const uint8_t apus_name_lengths[];
extern const uint32_t apus_name_marks[];
extern const uint32_t apus_name_alias_codes[];
extern const uint16_t apus_name_sequences[];
extern const uint16_t apus_name_blocks[];
extern const uint16_t apus_name_index[];
extern const uint16_t apus_name_bucket_starts[];
extern const uint32_t apus_name_bucket_items[];
extern const apus_name_range apus_name_ranges[];
extern const int apus_name_range_count;
extern const int apus_name_plain_count;

#define APUS_NAME_BUCKETS 8192

#endif
