#include "CMultibyte.h"

const ApusMultibyteTable *apus_multibyte_tables_start(void) { return apus_multibyte_tables; }
const ApusMultibytePair *apus_multibyte_pairs_start(void) { return apus_multibyte_pairs; }
const ApusMultibytePreferences *apus_multibyte_preferences_start(void) {
  return apus_multibyte_preferences;
}
const ApusMultibyteRange *apus_gb18030_ranges_start(void) { return apus_gb18030_ranges; }
