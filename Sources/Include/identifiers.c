// Storage of the interned names.
#include "CPythonABI.h"

ApusIdentifiers apus_identifiers;

#define APUS_ID_SPELLING(name) #name,
const char *const apus_identifier_spellings[] = {APUS_IDENTIFIERS(APUS_ID_SPELLING)};
