// Functions of the C library that Swift cannot call itself: variadic ones and GNU extensions.
#ifndef APUS_CNUMERICS_H
#define APUS_CNUMERICS_H

#include <stdio.h>
#include <sys/random.h>

/// Prints `value` with `precision` digits after the point, in exponent (conversion 'e') or fixed
/// notation ('f'). Exact to any precision. Returns what snprintf returns.
static inline int apus_print_double(char *_Nonnull text, size_t size, char conversion, int precision,
                                    double value) {
  return snprintf(text, size, conversion == 'e' ? "%.*e" : "%.*f", precision, value);
}

/// strtod in the C locale, where the decimal point is a point whatever the program's locale says.
double apus_read_double(const char *_Nonnull text);

#endif
