// libedit of the system (Debian: libedit-dev) by its readline interface, whose variables Swift
// cannot set. Nothing here knows about Python objects.
#ifndef APUS_CEDIT_H
#define APUS_CEDIT_H
#include <stddef.h>

/// What the editor calls. `complete` gives a malloc()ed match or NULL; `attempt` tells where the
/// word begins and ends; `show` gets the matches (the first is what they share).
typedef struct {
  char *_Nullable (*_Nullable complete)(const char *_Nonnull text, int state);
  void (*_Nullable attempt)(int start, int end);
  int (*_Nullable startup)(void);
  int (*_Nullable before_input)(void);
  void (*_Nullable show)(char *_Nullable *_Nonnull matches, int count, int longest);
} ApusEditHooks;

/// Prepares the editor once.
void apus_edit_setup(const ApusEditHooks *_Nonnull hooks);
/// Switches a hook on or off: 0 startup, 1 before input, 2 show.
void apus_edit_enable(int hook, int on);
const char *_Nonnull apus_edit_library_version(void);
int apus_edit_version(void);
int apus_edit_header_version(void);

/// Begins a line; then bytes are read until it is done.
void apus_edit_begin(const char *_Nonnull prompt);
/// Waits for input: 1 there is some, 0 interrupted, -1 error.
int apus_edit_wait(void);
void apus_edit_read(void);
/// Whether the line is done; then it is in `line`: malloc()ed, NULL at the end of input.
int apus_edit_is_done(char *_Nullable *_Nonnull line);
void apus_edit_cancel(void);

int apus_edit_parse(const char *_Nonnull text);
int apus_edit_read_init(const char *_Nullable path);
const char *_Nonnull apus_edit_line(void);
void apus_edit_insert(const char *_Nonnull text);
void apus_edit_redisplay(void);
int apus_edit_completion_type(void);
const char *_Nonnull apus_edit_delimiters(void);
/// 0 without memory.
int apus_edit_set_delimiters(const char *_Nonnull text);

int apus_history_count(void);
/// The line at a number from 1 on; NULL without one.
const char *_Nullable apus_history_at(int number);
void apus_history_add(const char *_Nonnull line);
void apus_history_clear(void);
/// By position from 0 on; 0 when there is none.
int apus_history_remove(int position);
int apus_history_replace(int position, const char *_Nonnull line);
/// Error numbers.
int apus_history_read(const char *_Nullable path);
int apus_history_write(const char *_Nullable path);
int apus_history_append(int count, const char *_Nullable path);
void apus_history_truncate(const char *_Nullable path, int count);

#endif
