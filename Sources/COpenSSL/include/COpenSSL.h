// OpenSSL of the system (Debian: libssl-dev), with its macros as functions.
#ifndef APUS_COPENSSL_H
#define APUS_COPENSSL_H
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// The number of an error that is not set: no error.
unsigned long apus_err_peek_last(void);
int apus_err_lib(unsigned long code);
int apus_err_reason(unsigned long code);

#endif
