// OpenSSL of the system (Debian: libssl-dev): its headers, and as functions what they have as
// macros, stacks and unions. Nothing here knows about Python objects.
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

/// A named number of the library. The table ends with a NULL name.
typedef struct {
  const char *_Nullable name;
  long long value;
} ApusSslConstant;
const ApusSslConstant *_Nonnull apus_ssl_table(void);
unsigned long apus_openssl_version_number(void);

/// The last error of the queue, 0 without one, and its parts.
unsigned long apus_err_peek_last(void);
int apus_err_lib(unsigned long code);
int apus_err_reason(unsigned long code);
/// Whether the code is an errno; then the reason is its number.
int apus_err_is_system(unsigned long code);

long apus_bio_set_mem_eof_return(BIO *_Nonnull bio, int value);
void apus_bio_reset(BIO *_Nonnull bio);
/// Prints a name as RFC 2253 says, characters beyond ASCII as they are.
void apus_x509_name_print(BIO *_Nonnull bio, X509_NAME *_Nullable name);
long apus_bio_mem_data(BIO *_Nonnull bio, char *_Nullable *_Nonnull data);
void apus_bio_set_retry_read(BIO *_Nonnull bio);
void apus_bio_clear_retry(BIO *_Nonnull bio);
BIO *_Nullable apus_bio_file(const char *_Nonnull path, const char *_Nonnull mode);
long apus_bio_tell(BIO *_Nonnull bio);

int apus_ctx_set_min(SSL_CTX *_Nonnull context, int version);
int apus_ctx_set_max(SSL_CTX *_Nonnull context, int version);
long apus_ctx_get_min(SSL_CTX *_Nonnull context);
long apus_ctx_get_max(SSL_CTX *_Nonnull context);
int apus_ctx_set_groups(SSL_CTX *_Nonnull context, int *_Nonnull nids, int count);
int apus_ctx_set_tmp_dh(SSL_CTX *_Nonnull context, DH *_Nonnull parameters);
int apus_ctx_load_dh(SSL_CTX *_Nonnull context, const char *_Nonnull path);
/// The counter of session_stats() with a number from 0.
long apus_ctx_statistic(SSL_CTX *_Nonnull context, int which);
void apus_ctx_set_servername(SSL_CTX *_Nonnull context,
                             int (*_Nullable function)(SSL *_Nullable, int *_Nullable,
                                                       void *_Nullable),
                             void *_Nullable argument);
/// How many certificates, revocation lists and authorities there are.
void apus_store_count(X509_STORE *_Nonnull store, int *_Nonnull certificates, int *_Nonnull lists,
                      int *_Nonnull authorities);
/// The certificate at an index of the store's objects, NULL for other objects.
X509 *_Nullable apus_store_certificate(X509_STORE *_Nonnull store, int index);
int apus_store_size(X509_STORE *_Nonnull store);

long apus_ssl_set_mode(SSL *_Nonnull ssl, long mode);
int apus_ssl_set_host_name(SSL *_Nonnull ssl, const char *_Nonnull name);
void *_Nullable apus_ssl_app_data(const SSL *_Nonnull ssl);
void apus_ssl_set_app_data(SSL *_Nonnull ssl, void *_Nullable data);
void apus_bio_set_nonblocking(BIO *_Nullable bio, long flag);
X509 *_Nullable apus_ssl_peer_certificate(const SSL *_Nonnull ssl);

typedef struct stack_st_X509 ApusCertificates;
typedef struct stack_st_SSL_CIPHER ApusCiphers;
int apus_certificates_count(const ApusCertificates *_Nullable stack);
X509 *_Nullable apus_certificates_at(const ApusCertificates *_Nonnull stack, int index);
int apus_ciphers_count(const ApusCiphers *_Nullable stack);
const SSL_CIPHER *_Nullable apus_ciphers_at(const ApusCiphers *_Nonnull stack, int index);
ApusCiphers *_Nullable apus_ssl_ciphers(const SSL *_Nonnull ssl);
ApusCiphers *_Nullable apus_ssl_client_ciphers(const SSL *_Nonnull ssl);
int apus_ciphers_contain(const ApusCiphers *_Nonnull stack, const SSL_CIPHER *_Nonnull cipher);
ApusCertificates *_Nullable apus_ssl_chain(const SSL *_Nonnull ssl, int verified);

/// The subjectAltName extension of a certificate; NULL without one.
void *_Nullable apus_alternative_names(X509 *_Nonnull certificate);
int apus_names_count(void *_Nonnull names);
/// The kind of a name (GEN_*). Text, address or object bytes go to `data`.
int apus_name_at(void *_Nonnull names, int index, const unsigned char *_Nullable *_Nonnull data,
                 long *_Nonnull size);
X509_NAME *_Nullable apus_name_directory(void *_Nonnull names, int index);
ASN1_OBJECT *_Nullable apus_name_object(void *_Nonnull names, int index);
void apus_name_print(void *_Nonnull names, int index, BIO *_Nonnull target);
void apus_names_free(void *_Nullable names);
/// The index-th URI of an authority access method (OCSP, CA issuers); NULL at the end.
/// `total` gets the number of entries of the extension.
void *_Nullable apus_authority_access(X509 *_Nonnull certificate);
int apus_authority_count(void *_Nonnull access);
const unsigned char *_Nullable apus_authority_uri(void *_Nonnull access, int index, int nid,
                                                  long *_Nonnull size);
void apus_authority_free(void *_Nullable access);
/// The distribution points of revocation lists: names of the index-th, NULL when it has none.
void *_Nullable apus_distribution_points(X509 *_Nonnull certificate);
int apus_distribution_count(void *_Nonnull points);
void *_Nullable apus_distribution_names(void *_Nonnull points, int index);
void apus_distribution_free(void *_Nullable points);

#endif
