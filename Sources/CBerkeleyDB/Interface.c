#define DB_DBM_HSEARCH 1
#include <db.h>

#include "CBerkeleyDB.h"

static datum in(ApusDatum value) { return (datum){value.start, value.size}; }
static ApusDatum out(datum value) { return (ApusDatum){value.dptr, value.dsize}; }
static DBM *handle(ApusDatabase *database) { return (DBM *)database; }

static int settle(ApusDatabase *database, int status) {
  if (status < 0) dbm_clearerr(handle(database));
  return status;
}

ApusDatabase *apus_dbm_open(const char *path, int flags, int mode) {
  return (ApusDatabase *)dbm_open(path, flags, mode);
}

void apus_dbm_close(ApusDatabase *database) { dbm_close(handle(database)); }

ApusDatum apus_dbm_fetch(ApusDatabase *database, ApusDatum key) {
  return out(dbm_fetch(handle(database), in(key)));
}

int apus_dbm_store(ApusDatabase *database, ApusDatum key, ApusDatum value, _Bool replace) {
  int how = replace ? DBM_REPLACE : DBM_INSERT;
  return settle(database, dbm_store(handle(database), in(key), in(value), how));
}

int apus_dbm_delete(ApusDatabase *database, ApusDatum key) {
  return settle(database, dbm_delete(handle(database), in(key)));
}

ApusDatum apus_dbm_first(ApusDatabase *database) { return out(dbm_firstkey(handle(database))); }

ApusDatum apus_dbm_next(ApusDatabase *database) { return out(dbm_nextkey(handle(database))); }
