// Character names: composing a name from its words, and finding the character of a name.
#include <string.h>

#include "UnicodeNames.h"

// -- Hangul (The Unicode Standard, section 3.12) ---------------------------------------------

static const char hangul_prefix[] = "HANGUL SYLLABLE ";
static const char leading[19][3] = {
  "G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H",
};
static const char vowels[21][4] = {
  "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE",
  "WI", "YU", "EU", "YI", "I",
};
static const char trailing[28][3] = {
  "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M",
  "B", "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
};

static size_t append(char *name, size_t length, const char *text) {
  size_t count = strlen(text);
  memcpy(name + length, text, count);
  return length + count;
}

static size_t hangul_name(uint32_t number, char *name) {
  size_t length = append(name, 0, hangul_prefix);
  length = append(name, length, leading[number / 588]);
  length = append(name, length, vowels[number % 588 / 28]);
  return append(name, length, trailing[number % 28]);
}

/// The longest row of a table that `text` starts with, or -1.
static int longest(const char *table, int rows, size_t width, const char *text, size_t length,
                   size_t *matched) {
  int best = -1;
  *matched = 0;
  for (int i = 0; i < rows; i++) {
    const char *row = table + (size_t)i * width;
    size_t count = strlen(row);
    if (count <= length && memcmp(row, text, count) == 0 && (best < 0 || count > *matched)) {
      best = i;
      *matched = count;
    }
  }
  return best;
}

static uint32_t hangul_lookup(const char *text, size_t length) {
  size_t matched;
  int l = longest(leading[0], 19, sizeof leading[0], text, length, &matched);
  text += matched, length -= matched;
  int v = longest(vowels[0], 21, sizeof vowels[0], text, length, &matched);
  text += matched, length -= matched;
  int t = longest(trailing[0], 28, sizeof trailing[0], text, length, &matched);
  if (l < 0 || v < 0 || t < 0 || matched != length) return 0;
  return 0xAC00 + (uint32_t)((l * 21 + v) * 28 + t);
}

// -- the word tables -------------------------------------------------------------------------

static size_t append_word(char *name, size_t length, unsigned word) {
  uint32_t offset = apus_name_word_marks[word / 16];
  for (unsigned i = word & ~15u; i < word; i++) offset += apus_name_word_lengths[i];
  if (length) name[length++] = ' ';
  memcpy(name + length, apus_name_words + offset, apus_name_word_lengths[word]);
  return length + apus_name_word_lengths[word];
}

/// Writes name number `entry` (plain names, then aliases and sequences).
static size_t entry_name(unsigned entry, char *name) {
  uint32_t offset = apus_name_marks[entry / 16];
  for (unsigned i = entry & ~15u; i < entry; i++) offset += apus_name_lengths[i];
  uint32_t end = offset + apus_name_lengths[entry];
  size_t length = 0;
  unsigned limit = (unsigned)apus_name_short_words;
  while (offset < end) {
    unsigned word = apus_name_tokens[offset++];
    if (word >= limit) word = limit + ((word - limit) << 8) + apus_name_tokens[offset++];
    length = append_word(name, length, word);
  }
  return length;
}

static unsigned entry_of(uint32_t c) {
  uint32_t block = apus_name_blocks[c >> APUS_UNICODE_SHIFT];
  return apus_name_index[(block << APUS_UNICODE_SHIFT) | (c & 127)];
}

static const apus_name_range *range_of(uint32_t c) {
  for (int i = 0; i < apus_name_range_count; i++) {
    if (c >= apus_name_ranges[i].first && c <= apus_name_ranges[i].last) return &apus_name_ranges[i];
  }
  return NULL;
}

size_t apus_name(uint32_t c, bool old, char *name) {
  if (c >= APUS_UNICODE_LIMIT) return 0;
  if (old) {
    const apus_old_record *was = apus_old_record_of(c);
    if (was && was->category == 0) return 0;
  }
  if (c - 0xAC00 < 11172) return hangul_name(c - 0xAC00, name);
  unsigned entry = entry_of(c);
  if (entry) return entry_name(entry - 1, name);
  const apus_name_range *range = range_of(c);
  if (!range) return 0;
  size_t length = append(name, 0, range->prefix);
  for (int shift = c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4) {
    name[length++] = "0123456789ABCDEF"[c >> shift & 15];
  }
  return length;
}

static inline char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

static bool starts_with(const char *name, size_t length, const char *prefix) {
  size_t count = strlen(prefix);
  return length >= count && memcmp(name, prefix, count) == 0;
}

/// The number after the prefix, in `digits` upper-case hexadecimal digits; UINT32_MAX when it is
/// anything else.
static uint32_t hexadecimal(const char *text, size_t digits) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits; i++) {
    char c = text[i];
    if (c >= '0' && c <= '9') {
      value = value * 16 + (uint32_t)(c - '0');
    } else if (c >= 'A' && c <= 'F') {
      value = value * 16 + (uint32_t)(c - 'A') + 10;
    } else {
      return UINT32_MAX;
    }
  }
  return value;
}

/// Finds names made by a rule other than CJK's, which are matched without regard to case.
static uint32_t range_lookup(const char *name, size_t length) {
  for (int i = 0; i < apus_name_range_count; i++) {
    const apus_name_range *range = &apus_name_ranges[i];
    size_t count = strlen(range->prefix);
    if (!starts_with(name, length, range->prefix)) continue;
    size_t digits = length - count;
    if (digits != (range->first > 0xFFFF ? 5 : 4)) continue;
    uint32_t c = hexadecimal(name + count, digits);
    if (c >= range->first && c <= range->last) return c;
  }
  return 0;
}

int apus_lookup(const char *name, size_t length, apus_name_kinds kinds, uint32_t out[4]) {
  static const char cjk[] = "CJK UNIFIED IDEOGRAPH-";
  if (length == 0 || length > APUS_NAME_LIMIT) return 0;
  // These two families are recognised in capitals only, as CPython does.
  if (starts_with(name, length, hangul_prefix)) {
    uint32_t c = hangul_lookup(name + sizeof hangul_prefix - 1, length - (sizeof hangul_prefix - 1));
    if (c) return out[0] = c, 1;
  }
  if (starts_with(name, length, cjk)) {
    size_t digits = length - (sizeof cjk - 1);
    if (digits != 4 && digits != 5) return 0;
    uint32_t c = hexadecimal(name + sizeof cjk - 1, digits);
    const apus_name_range *range = c == UINT32_MAX ? NULL : range_of(c);
    return range && strcmp(range->prefix, cjk) == 0 ? (out[0] = c, 1) : 0;
  }

  char wanted[APUS_NAME_LIMIT], found[APUS_NAME_LIMIT];
  uint32_t hash = 0x811C9DC5;  // FNV-1a
  for (size_t i = 0; i < length; i++) {
    wanted[i] = upper(name[i]);
    hash = (hash ^ (uint8_t)wanted[i]) * 0x01000193;
  }
  hash = (hash ^ hash >> 15) & (APUS_NAME_BUCKETS - 1);
  for (unsigned i = apus_name_bucket_starts[hash]; i < apus_name_bucket_starts[hash + 1]; i++) {
    uint32_t item = apus_name_bucket_items[i];
    bool alias = item >= APUS_UNICODE_LIMIT;
    unsigned number = alias ? item - APUS_UNICODE_LIMIT : 0;
    unsigned entry = alias ? (unsigned)apus_name_plain_count + number : entry_of(item) - 1;
    if (entry_name(entry, found) != length || memcmp(found, wanted, length) != 0) continue;
    if (!alias) return out[0] = item, 1;
    uint32_t code = apus_name_alias_codes[number];
    if (kinds == APUS_NAMES_ONLY) return 0;
    if (code < APUS_UNICODE_LIMIT) return out[0] = code, 1;
    if (kinds != APUS_NAMES_SEQUENCES) return 0;
    const uint16_t *sequence = &apus_name_sequences[code - APUS_UNICODE_LIMIT];
    for (int j = 0; j < sequence[0]; j++) out[j] = sequence[1 + j];
    return sequence[0];
  }
  uint32_t c = range_lookup(wanted, length);
  if (c && strcmp(range_of(c)->prefix, cjk) != 0) return out[0] = c, 1;
  return 0;
}
