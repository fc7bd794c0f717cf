// Berkeley DB behind the interface of ndbm. The library's own header redefines <search.h>, so it is not
// shown to Swift.
#ifndef APUS_CBERKELEYDB_H
#define APUS_CBERKELEYDB_H

typedef struct ApusDatabase ApusDatabase;

/// Bytes of a key or value; `start` is NULL where there is none. What a function gives is the library's
/// and valid until the next call.
typedef struct {
  char *_Nullable start;
  int size;
} ApusDatum;

/// NULL with errno set. The suffix ".db" is added to the path.
ApusDatabase *_Nullable apus_dbm_open(const char *_Nonnull path, int flags, int mode);
void apus_dbm_close(ApusDatabase *_Nonnull database);
ApusDatum apus_dbm_fetch(ApusDatabase *_Nonnull database, ApusDatum key);
/// Negative when it fails; the state of error is taken back at once.
int apus_dbm_store(ApusDatabase *_Nonnull database, ApusDatum key, ApusDatum value, _Bool replace);
int apus_dbm_delete(ApusDatabase *_Nonnull database, ApusDatum key);
ApusDatum apus_dbm_first(ApusDatabase *_Nonnull database);
ApusDatum apus_dbm_next(ApusDatabase *_Nonnull database);

#endif
