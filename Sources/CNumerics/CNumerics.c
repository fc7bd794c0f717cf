#define _GNU_SOURCE
#include "CNumerics.h"

#include <locale.h>
#include <stdatomic.h>
#include <stdlib.h>

double apus_read_double(const char *text) {
  static _Atomic(locale_t) shared;
  locale_t locale = atomic_load_explicit(&shared, memory_order_acquire);
  if (!locale) {
    locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t expected = (locale_t)0;
    if (!atomic_compare_exchange_strong(&shared, &expected, locale)) {
      freelocale(locale);
      locale = expected;
    }
  }
  return strtod_l(text, NULL, locale);
}
