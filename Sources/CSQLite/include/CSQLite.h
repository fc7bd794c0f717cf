// SQLite, with what Swift cannot say: its variadic functions and its cast constants.
#ifndef APUS_CSQLITE_H
#define APUS_CSQLITE_H
#include <sqlite3.h>

/// `sqlite3_db_config` for the operations that take a flag: `wanted` is 0, 1 or -1 (only ask).
int apus_sqlite_config(sqlite3 *database, int operation, int wanted, int *actual);
int apus_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int size);
int apus_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int size);
void apus_sqlite_result_text(sqlite3_context *context, const char *text, int size);
void apus_sqlite_result_blob(sqlite3_context *context, const void *bytes, int size);

#endif
