// Exports the inline accessors of UnicodeData.h, for check.py.
#include <string.h>
#include "../../Sources/UnicodeData/include/UnicodeData.h"

/// Fills 24 integers with everything the type tables know about a code point.
void describe(uint32_t c, int32_t *out, uint32_t *mappings, double *numeric) {
  uint32_t flags = 0;
  flags |= apus_isalpha(c) << 0 | apus_isdecimal(c) << 1 | apus_isdigit(c) << 2;
  flags |= apus_isnumeric(c) << 3 | apus_isspace(c) << 4 | apus_isupper(c) << 5;
  flags |= apus_islower(c) << 6 | apus_istitle(c) << 7 | apus_isprintable(c) << 8;
  flags |= apus_isidentifierstart(c) << 9 | apus_isxidcontinue(c) << 10 | apus_islinebreak(c) << 11;
  flags |= apus_iscased(c) << 12 | apus_iscaseignorable(c) << 13 | apus_isalnum(c) << 14;
  out[0] = (int32_t)flags;
  out[1] = (int32_t)apus_simple_upper(c);
  out[2] = (int32_t)apus_simple_lower(c);
  out[3] = (int32_t)apus_simple_title(c);
  out[4] = apus_decimal_value(c);
  out[5] = apus_digit_value(c);
  out[6] = apus_full_upper(c, mappings);
  out[7] = apus_full_lower(c, mappings + 3);
  out[8] = apus_full_title(c, mappings + 6);
  out[9] = apus_full_fold(c, mappings + 9);
  *numeric = -12345;
  apus_numeric_value(c, numeric);
}
