// Properties of single characters in the current database and in that of Unicode 3.2.0.
#include "include/UnicodeData.h"

#define PROPERTY(field)                                        \
  if (c >= APUS_UNICODE_LIMIT) return 0;                       \
  if (old) {                                                   \
    const apus_old_record *was = apus_old_record_of(c);        \
    if (was) return was->field;                                \
  }                                                            \
  return apus_record_of(c)->field

static inline int category_number(uint32_t c, bool old) { PROPERTY(category); }
static inline int bidirectional_number(uint32_t c, bool old) { PROPERTY(bidirectional); }
static inline int width_number(uint32_t c, bool old) { PROPERTY(width); }

int apus_combining(uint32_t c, bool old) { PROPERTY(combining); }
bool apus_mirrored(uint32_t c, bool old) { PROPERTY(mirrored); }

const char *apus_category(uint32_t c, bool old) {
  return apus_category_names[category_number(c, old)];
}

const char *apus_bidirectional(uint32_t c, bool old) {
  return apus_bidirectional_names[bidirectional_number(c, old)];
}

const char *apus_east_asian_width(uint32_t c, bool old) {
  return apus_width_names[width_number(c, old)];
}

int apus_decimal_in(uint32_t c, bool old) {
  if (old && c < APUS_UNICODE_LIMIT) {
    const apus_old_record *was = apus_old_record_of(c);
    if (was) return was->decimal == 255 ? -1 : was->decimal;
  }
  return apus_decimal_value(c);
}

int apus_digit_in(uint32_t c, bool old) {
  if (old && c < APUS_UNICODE_LIMIT) {
    const apus_old_record *was = apus_old_record_of(c);
    if (was) return was->digit == 255 ? -1 : was->digit;
  }
  return apus_digit_value(c);
}

bool apus_numeric_in(uint32_t c, bool old, double *value) {
  if (old && c < APUS_UNICODE_LIMIT) {
    const apus_old_record *was = apus_old_record_of(c);
    if (was) {
      if (was->numeric == 0) return false;
      *value = apus_numeric_values[was->numeric];
      return true;
    }
  }
  return apus_numeric_value(c, value);
}
