#include "COpenSSL.h"

void *apus_alternative_names(X509 *certificate) {
  return X509_get_ext_d2i(certificate, NID_subject_alt_name, 0, 0);
}

int apus_names_count(void *names) { return sk_GENERAL_NAME_num((GENERAL_NAMES *)names); }

int apus_name_at(void *names, int index, const unsigned char **data, long *size) {
  GENERAL_NAME *name = sk_GENERAL_NAME_value((GENERAL_NAMES *)names, index);
  const ASN1_STRING *text = 0;
  *data = 0;
  *size = 0;
  switch (name->type) {
  case GEN_EMAIL: text = name->d.rfc822Name; break;
  case GEN_DNS: text = name->d.dNSName; break;
  case GEN_URI: text = name->d.uniformResourceIdentifier; break;
  case GEN_IPADD: text = name->d.iPAddress; break;
  default: break;
  }
  if (text) {
    *data = ASN1_STRING_get0_data(text);
    *size = ASN1_STRING_length(text);
  }
  return name->type;
}

X509_NAME *apus_name_directory(void *names, int index) {
  return sk_GENERAL_NAME_value((GENERAL_NAMES *)names, index)->d.dirn;
}

ASN1_OBJECT *apus_name_object(void *names, int index) {
  return sk_GENERAL_NAME_value((GENERAL_NAMES *)names, index)->d.rid;
}

void apus_name_print(void *names, int index, BIO *target) {
  GENERAL_NAME_print(target, sk_GENERAL_NAME_value((GENERAL_NAMES *)names, index));
}

void apus_names_free(void *names) { sk_GENERAL_NAME_pop_free((GENERAL_NAMES *)names, GENERAL_NAME_free); }

void *apus_authority_access(X509 *certificate) {
  return X509_get_ext_d2i(certificate, NID_info_access, 0, 0);
}

int apus_authority_count(void *access) {
  return sk_ACCESS_DESCRIPTION_num((AUTHORITY_INFO_ACCESS *)access);
}

const unsigned char *apus_authority_uri(void *access, int index, int nid, long *size) {
  ACCESS_DESCRIPTION *entry = sk_ACCESS_DESCRIPTION_value((AUTHORITY_INFO_ACCESS *)access, index);
  if (OBJ_obj2nid(entry->method) != nid || entry->location->type != GEN_URI) return 0;
  const ASN1_STRING *uri = entry->location->d.uniformResourceIdentifier;
  *size = ASN1_STRING_length(uri);
  return ASN1_STRING_get0_data(uri);
}

void apus_authority_free(void *access) { AUTHORITY_INFO_ACCESS_free(access); }

void *apus_distribution_points(X509 *certificate) {
  return X509_get_ext_d2i(certificate, NID_crl_distribution_points, 0, 0);
}

int apus_distribution_count(void *points) { return sk_DIST_POINT_num((CRL_DIST_POINTS *)points); }

void *apus_distribution_names(void *points, int index) {
  DIST_POINT *point = sk_DIST_POINT_value((CRL_DIST_POINTS *)points, index);
  // Names relative to the issuer are of another kind.
  if (!point->distpoint || point->distpoint->type != 0) return 0;
  return point->distpoint->name.fullname;
}

void apus_distribution_free(void *points) { CRL_DIST_POINTS_free(points); }
