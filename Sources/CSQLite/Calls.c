#include "CSQLite.h"

int apus_sqlite_config(sqlite3 *database, int operation, int wanted, int *actual) {
  return sqlite3_db_config(database, operation, wanted, actual);
}

int apus_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int size) {
  return sqlite3_bind_text(statement, index, text, size, SQLITE_TRANSIENT);
}

int apus_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int size) {
  return sqlite3_bind_blob(statement, index, bytes ? bytes : "", size, SQLITE_TRANSIENT);
}

void apus_sqlite_result_text(sqlite3_context *context, const char *text, int size) {
  sqlite3_result_text(context, text, size, SQLITE_TRANSIENT);
}

void apus_sqlite_result_blob(sqlite3_context *context, const void *bytes, int size) {
  sqlite3_result_blob(context, bytes ? bytes : "", size, SQLITE_TRANSIENT);
}
