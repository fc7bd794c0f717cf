// The four normal forms of UAX #15.
#include <stdlib.h>

#include "include/UnicodeData.h"

extern const apus_composition apus_compositions[];
extern const int apus_composition_count;
extern const uint32_t apus_old_corrections[];
extern const int apus_old_correction_count;

// Hangul syllables compose by arithmetic (The Unicode Standard, section 3.12).
enum {
  SYLLABLE = 0xAC00, LEADING = 0x1100, VOWEL = 0x1161, TRAILING = 0x11A7,
  LEADINGS = 19, VOWELS = 21, TRAILINGS = 28, SYLLABLES = LEADINGS * VOWELS * TRAILINGS,
};

static inline bool is_syllable(uint32_t c) { return c - SYLLABLE < SYLLABLES; }

int apus_decomposition(uint32_t c, bool old, const uint32_t **points, const char **tag) {
  *points = NULL;
  *tag = "";
  if (c >= APUS_UNICODE_LIMIT) return 0;
  if (old) {
    const apus_old_record *was = apus_old_record_of(c);
    if (was && !was->decomposes) return 0;
  }
  uint32_t block = apus_decomposition_blocks[c >> APUS_UNICODE_SHIFT];
  uint32_t offset = apus_decomposition_index[(block << APUS_UNICODE_SHIFT) | (c & 127)];
  if (offset == 0) return 0;
  uint32_t head = apus_decompositions[offset];
  *points = &apus_decompositions[offset + 1];
  *tag = apus_decomposition_tags[head & 255];
  return (int)(head >> 8);
}

uint32_t apus_compose(uint32_t first, uint32_t second) {
  if (first - LEADING < LEADINGS && second - VOWEL < VOWELS) {
    return SYLLABLE + ((first - LEADING) * VOWELS + (second - VOWEL)) * TRAILINGS;
  }
  if (is_syllable(first) && (first - SYLLABLE) % TRAILINGS == 0 && second > TRAILING
      && second < TRAILING + TRAILINGS) {
    return first + (second - TRAILING);
  }
  int low = 0, high = apus_composition_count;
  while (low < high) {
    int middle = (low + high) / 2;
    const apus_composition *pair = &apus_compositions[middle];
    if (pair->first < first || (pair->first == first && pair->second < second)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < apus_composition_count && apus_compositions[low].first == first
      && apus_compositions[low].second == second) {
    return apus_compositions[low].composite;
  }
  return 0;
}

static bool reserve(apus_points *out, size_t extra) {
  if (out->capacity - out->count >= extra) return true;
  if (extra > SIZE_MAX / 8 - out->count) return false;
  size_t capacity = out->count + extra;
  if (capacity < out->capacity * 2) capacity = out->capacity * 2;
  if (capacity < 32) capacity = 32;
  if (capacity > SIZE_MAX / sizeof(uint32_t)) return false;
  void *(*resize)(void *, size_t) = out->resize ? out->resize : realloc;
  uint32_t *data = resize(out->data, capacity * sizeof(uint32_t));
  if (!data) return false;
  out->data = data;
  out->capacity = capacity;
  return true;
}

/// Appends the full decomposition of one character. The deepest mapping in Unicode is a handful of
/// steps, so recursion is bounded.
static bool decompose(uint32_t c, bool compatible, bool old, apus_points *out) {
  if (is_syllable(c)) {
    if (!reserve(out, 3)) return false;
    uint32_t number = c - SYLLABLE;
    out->data[out->count++] = LEADING + number / (VOWELS * TRAILINGS);
    out->data[out->count++] = VOWEL + number % (VOWELS * TRAILINGS) / TRAILINGS;
    if (number % TRAILINGS) out->data[out->count++] = TRAILING + number % TRAILINGS;
    return true;
  }
  if (old) {
    for (int i = 0; i < apus_old_correction_count; i++) {
      if (apus_old_corrections[2 * i] == c) {
        c = apus_old_corrections[2 * i + 1];
        break;
      }
    }
  }
  const uint32_t *points;
  const char *tag;
  int count = apus_decomposition(c, old, &points, &tag);
  if (count == 0 || (tag[0] && !compatible)) {
    if (!reserve(out, 1)) return false;
    out->data[out->count++] = c;
    return true;
  }
  for (int i = 0; i < count; i++) {
    if (!decompose(points[i], compatible, old, out)) return false;
  }
  return true;
}

static inline int combining(uint32_t c) {
  return c < APUS_UNICODE_LIMIT ? apus_record_of(c)->combining : 0;
}

/// Canonical ordering: a stable sort by combining class of every run of non-starters. Runs are short
/// in real text; a long one (an attack) is merged in halves to stay clear of quadratic time.
static bool sort_run(uint32_t *run, size_t count, apus_points *scratch) {
  if (count <= 32) {
    for (size_t i = 1; i < count; i++) {
      uint32_t c = run[i];
      int class = combining(c);
      size_t j = i;
      while (j > 0 && combining(run[j - 1]) > class) {
        run[j] = run[j - 1];
        j--;
      }
      run[j] = c;
    }
    return true;
  }
  // Counting sort over the 255 classes.
  scratch->count = 0;
  if (!reserve(scratch, count)) return false;
  size_t starts[257] = {0};
  for (size_t i = 0; i < count; i++) starts[combining(run[i]) + 1]++;
  for (int i = 0; i < 256; i++) starts[i + 1] += starts[i];
  for (size_t i = 0; i < count; i++) scratch->data[starts[combining(run[i])]++] = run[i];
  for (size_t i = 0; i < count; i++) run[i] = scratch->data[i];
  return true;
}

static bool order(uint32_t *points, size_t count, apus_points *scratch) {
  size_t i = 0;
  while (i < count) {
    if (combining(points[i]) == 0) {
      i++;
      continue;
    }
    size_t start = i;
    bool sorted = true;
    int last = 0;
    while (i < count) {
      int class = combining(points[i]);
      if (class == 0) break;
      if (class < last) sorted = false;
      last = class;
      i++;
    }
    if (!sorted && !sort_run(points + start, i - start, scratch)) return false;
  }
  return true;
}

/// Canonical composition in place; returns the new length.
static size_t compose(uint32_t *points, size_t count) {
  size_t written = 0, starter = SIZE_MAX;
  int last = 0;  // class of the last character kept after the starter
  for (size_t i = 0; i < count; i++) {
    uint32_t c = points[i];
    int class = combining(c);
    // `c` is blocked from the starter by a kept character of the same or a higher class.
    bool adjacent = starter != SIZE_MAX && starter + 1 == written;
    if (starter != SIZE_MAX && (adjacent || (last < class && last != 0))) {
      uint32_t composite = apus_compose(points[starter], c);
      if (composite) {
        points[starter] = composite;
        continue;
      }
    }
    if (class == 0) starter = written;
    last = class;
    points[written++] = c;
  }
  return written;
}

apus_check apus_quick_check(apus_form form, const uint32_t *points, size_t count) {
  static const uint8_t no[] = {APUS_NFD_NO, APUS_NFKD_NO, APUS_NFC_NO, APUS_NFKC_NO};
  static const uint8_t maybe[] = {0, 0, APUS_NFC_MAYBE, APUS_NFKC_MAYBE};
  // Below these no character decomposes, combines or changes.
  static const uint32_t quiet[] = {0xC0, 0xA0, 0x300, 0xA0};
  apus_check result = APUS_CHECK_YES;
  int last = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t c = points[i];
    if (c < quiet[form] || c >= APUS_UNICODE_LIMIT) {
      last = 0;
      continue;
    }
    const apus_database_record *record = apus_record_of(c);
    if (record->combining != 0 && record->combining < last) return APUS_CHECK_NO;
    if (record->checks & no[form]) return APUS_CHECK_NO;
    if (record->checks & maybe[form]) result = APUS_CHECK_MAYBE;
    last = record->combining;
  }
  return result;
}

bool apus_normalize(apus_form form, bool old, const uint32_t *points, size_t count,
                    apus_points *out) {
  size_t start = out->count;
  bool compatible = form == APUS_NFKD || form == APUS_NFKC;
  if (!reserve(out, count)) return false;
  for (size_t i = 0; i < count; i++) {
    if (points[i] < 0xA0) {
      if (!reserve(out, 1)) return false;
      out->data[out->count++] = points[i];
    } else if (!decompose(points[i], compatible, old, out)) {
      return false;
    }
  }
  apus_points scratch = {NULL, 0, 0, out->resize};
  bool ordered = order(out->data + start, out->count - start, &scratch);
  if (scratch.data) {
    if (out->resize) {
      out->resize(scratch.data, 0);
    } else {
      free(scratch.data);
    }
  }
  if (!ordered) return false;
  if (form == APUS_NFC || form == APUS_NFKC) {
    out->count = start + compose(out->data + start, out->count - start);
  }
  return true;
}
