#include "COpenSSL.h"

unsigned long apus_err_peek_last(void) { return ERR_peek_last_error(); }
int apus_err_lib(unsigned long code) { return ERR_GET_LIB(code); }
int apus_err_reason(unsigned long code) { return ERR_GET_REASON(code); }
int apus_err_is_system(unsigned long code) { return ERR_SYSTEM_ERROR(code); }
unsigned long apus_openssl_version_number(void) { return OpenSSL_version_num(); }
