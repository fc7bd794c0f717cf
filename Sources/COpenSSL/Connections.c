#include "COpenSSL.h"
#include <errno.h>
#include <stdio.h>

long apus_bio_set_mem_eof_return(BIO *bio, int value) { return BIO_set_mem_eof_return(bio, value); }
void apus_bio_reset(BIO *bio) { (void)BIO_reset(bio); }

void apus_x509_name_print(BIO *bio, X509_NAME *name) {
  X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

long apus_bio_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
void apus_bio_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
void apus_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
BIO *apus_bio_file(const char *path, const char *mode) { return BIO_new_file(path, mode); }
long apus_bio_tell(BIO *bio) { return BIO_tell(bio); }

int apus_ctx_set_min(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}

int apus_ctx_set_max(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_max_proto_version(context, version);
}

long apus_ctx_get_min(SSL_CTX *context) { return SSL_CTX_get_min_proto_version(context); }
long apus_ctx_get_max(SSL_CTX *context) { return SSL_CTX_get_max_proto_version(context); }

int apus_ctx_set_groups(SSL_CTX *context, int *nids, int count) {
  return (int)SSL_CTX_set1_groups(context, nids, count);
}

int apus_ctx_set_tmp_dh(SSL_CTX *context, DH *parameters) {
  return (int)SSL_CTX_set_tmp_dh(context, parameters);
}

// 1; 0 with an error of OpenSSL's; -1 when the file cannot be opened; -2 with errno.
int apus_ctx_load_dh(SSL_CTX *context, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return -1;
  errno = 0;
  DH *parameters = PEM_read_DHparams(file, 0, 0, 0);
  int number = errno;
  fclose(file);
  if (!parameters) {
    errno = number;
    return number ? -2 : 0;
  }
  int result = (int)SSL_CTX_set_tmp_dh(context, parameters);
  DH_free(parameters);
  return result == 1;
}

long apus_ctx_statistic(SSL_CTX *context, int which) {
  switch (which) {
  case 0: return SSL_CTX_sess_number(context);
  case 1: return SSL_CTX_sess_connect(context);
  case 2: return SSL_CTX_sess_connect_good(context);
  case 3: return SSL_CTX_sess_connect_renegotiate(context);
  case 4: return SSL_CTX_sess_accept(context);
  case 5: return SSL_CTX_sess_accept_good(context);
  case 6: return SSL_CTX_sess_accept_renegotiate(context);
  case 7: return SSL_CTX_sess_cache_full(context);
  case 8: return SSL_CTX_sess_hits(context);
  case 9: return SSL_CTX_sess_misses(context);
  default: return SSL_CTX_sess_timeouts(context);
  }
}

void apus_ctx_set_servername(SSL_CTX *context, int (*function)(SSL *, int *, void *),
                             void *argument) {
  SSL_CTX_set_tlsext_servername_callback(context, function);
  SSL_CTX_set_tlsext_servername_arg(context, argument);
}

void apus_store_count(X509_STORE *store, int *certificates, int *lists, int *authorities) {
  STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
  *certificates = *lists = *authorities = 0;
  for (int index = 0; index < sk_X509_OBJECT_num(objects); index++) {
    X509_OBJECT *object = sk_X509_OBJECT_value(objects, index);
    if (X509_OBJECT_get_type(object) == X509_LU_X509) {
      ++*certificates;
      if (X509_check_ca(X509_OBJECT_get0_X509(object))) ++*authorities;
    } else if (X509_OBJECT_get_type(object) == X509_LU_CRL) {
      ++*lists;
    }
  }
}

int apus_store_size(X509_STORE *store) {
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
}

X509 *apus_store_certificate(X509_STORE *store, int index) {
  return X509_OBJECT_get0_X509(sk_X509_OBJECT_value(X509_STORE_get0_objects(store), index));
}

long apus_ssl_set_mode(SSL *ssl, long mode) { return SSL_set_mode(ssl, mode); }

int apus_ssl_set_host_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

void *apus_ssl_app_data(const SSL *ssl) { return SSL_get_app_data(ssl); }
void apus_ssl_set_app_data(SSL *ssl, void *data) { SSL_set_app_data(ssl, data); }

void apus_bio_set_nonblocking(BIO *bio, long flag) {
  if (bio) BIO_set_nbio(bio, flag);
}

X509 *apus_ssl_peer_certificate(const SSL *ssl) { return SSL_get1_peer_certificate(ssl); }

int apus_certificates_count(const ApusCertificates *stack) { return stack ? sk_X509_num(stack) : 0; }
X509 *apus_certificates_at(const ApusCertificates *stack, int index) {
  return sk_X509_value(stack, index);
}

int apus_ciphers_count(const ApusCiphers *stack) { return stack ? sk_SSL_CIPHER_num(stack) : 0; }
const SSL_CIPHER *apus_ciphers_at(const ApusCiphers *stack, int index) {
  return sk_SSL_CIPHER_value(stack, index);
}

ApusCiphers *apus_ssl_ciphers(const SSL *ssl) { return SSL_get_ciphers(ssl); }
ApusCiphers *apus_ssl_client_ciphers(const SSL *ssl) { return SSL_get_client_ciphers(ssl); }

int apus_ciphers_contain(const ApusCiphers *stack, const SSL_CIPHER *cipher) {
  for (int index = 0; index < sk_SSL_CIPHER_num(stack); index++)
    if (sk_SSL_CIPHER_value(stack, index) == cipher) return 1;
  return 0;
}

ApusCertificates *apus_ssl_chain(const SSL *ssl, int verified) {
  return verified ? SSL_get0_verified_chain(ssl) : SSL_get_peer_cert_chain(ssl);
}
