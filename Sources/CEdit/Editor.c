#define _GNU_SOURCE
#include "CEdit.h"
#include <stdio.h>
#include <editline/readline.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ApusEditHooks hooks;
static char *word_breaks;
/// The number of the first line of history: 0 or 1, by the version.
static int history_start;
/// 1 when replacing and appending count from 1 on.
static int replace_offset;
static char unfinished[] = "";
static char *finished = unfinished;

static char **attempt(const char *text, int start, int end) {
  rl_completion_append_character = '\0';
  rl_completion_suppress_append = 0;
  if (hooks.attempt) hooks.attempt(start, end);
  return completion_matches((char *)text, hooks.complete);
}

static int startup(const char *text, int state) { return hooks.startup ? hooks.startup() : 0; }
static int before_input(const char *text, int state) {
  return hooks.before_input ? hooks.before_input() : 0;
}

static void show(char **matches, int count, int longest) {
  if (hooks.show) hooks.show(matches, count, longest);
}

void apus_edit_setup(const ApusEditHooks *given) {
  hooks = *given;
  rl_readline_name = "python";
  rl_initialize();
  using_history();
  // Which number the first line has.
  add_history("1");
  history_start = history_get(1) == 0 ? 0 : 1;
  HIST_ENTRY *old = replace_history_entry(1, "X", 0);
  if (old) {
    free((void *)old->line);
    free(old);
  }
  HIST_ENTRY *first = history_get(history_start);
  replace_offset = first && first->line && strcmp(first->line, "X") == 0;
  clear_history();
  rl_bind_key('\t', rl_insert);
  rl_attempted_completion_function = attempt;
  apus_edit_set_delimiters(" \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?");
  rl_read_init_file(0);
}

void apus_edit_enable(int hook, int on) {
  switch (hook) {
  case 0: rl_startup_hook = on ? (rl_hook_func_t *)startup : 0; break;
  case 1: rl_pre_input_hook = on ? (rl_hook_func_t *)before_input : 0; break;
  default: rl_completion_display_matches_hook = on ? (VFunction *)show : 0;
  }
}

const char *apus_edit_library_version(void) { return rl_library_version; }
int apus_edit_version(void) { return rl_readline_version; }
int apus_edit_header_version(void) { return RL_READLINE_VERSION; }

static void finish(char *line) {
  finished = line;
  rl_callback_handler_remove();
}

void apus_edit_begin(const char *prompt) {
  finished = unfinished;
  rl_instream = stdin;
  rl_outstream = stdout;
  rl_callback_handler_install(prompt, finish);
}

int apus_edit_wait(void) {
  struct pollfd entry = {fileno(rl_instream), POLLIN, 0};
  int result = poll(&entry, 1, -1);
  if (result < 0) return errno == EINTR ? 0 : -1;
  return 1;
}

void apus_edit_read(void) { rl_callback_read_char(); }

int apus_edit_is_done(char **line) {
  if (finished == unfinished) return 0;
  *line = finished;
  finished = unfinished;
  return 1;
}

void apus_edit_cancel(void) {
  rl_callback_handler_remove();
  finished = unfinished;
}

int apus_edit_parse(const char *text) {
  char *copy = strdup(text);
  if (!copy) return -1;
  int result = rl_parse_and_bind(copy);
  free(copy);
  return result;
}

int apus_edit_read_init(const char *path) {
  errno = 0;
  return rl_read_init_file(path) ? (errno ? errno : ENOENT) : 0;
}

const char *apus_edit_line(void) { return rl_line_buffer ? rl_line_buffer : ""; }
void apus_edit_insert(const char *text) { rl_insert_text(text); }
void apus_edit_redisplay(void) { rl_redisplay(); }
int apus_edit_completion_type(void) { return rl_completion_type; }
const char *apus_edit_delimiters(void) { return word_breaks ? word_breaks : ""; }

int apus_edit_set_delimiters(const char *text) {
  char *copy = strdup(text);
  if (!copy) return 0;
  free(word_breaks);
  word_breaks = copy;
  rl_completer_word_break_characters = word_breaks;
  // These are the ones libedit looks at.
  rl_basic_word_break_characters = word_breaks;
  return 1;
}

int apus_history_count(void) {
  HISTORY_STATE *state = history_get_history_state();
  if (!state) return 0;
  int count = state->length;
  free(state);
  return count;
}

const char *apus_history_at(int number) {
  int count = apus_history_count();
  if (number < 1 || number > count) return 0;
  HIST_ENTRY *entry = history_get(number - 1 + history_start);
  return entry ? entry->line : 0;
}

void apus_history_add(const char *line) { add_history(line); }
void apus_history_clear(void) { clear_history(); }

int apus_history_remove(int position) {
  HIST_ENTRY *entry = remove_history(position);
  if (!entry) return 0;
  free((void *)entry->line);
  free(entry);
  return 1;
}

int apus_history_replace(int position, const char *line) {
  HIST_ENTRY *entry = replace_history_entry(position + replace_offset, line, 0);
  if (!entry) return 0;
  free((void *)entry->line);
  free(entry);
  return 1;
}

int apus_history_read(const char *path) {
  errno = 0;
  return read_history(path);
}

int apus_history_write(const char *path) {
  errno = 0;
  return write_history(path);
}

int apus_history_append(int count, const char *path) {
  errno = 0;
  return append_history(count - replace_offset, path);
}

// libedit's own function would cut off the first line, by which it knows its files.
void apus_history_truncate(const char *path, int count) {
  FILE *file = path ? fopen(path, "r+") : 0;
  if (!file) return;
  char *text = 0;
  size_t room = 0;
  ssize_t size = getdelim(&text, &room, '\0', file);
  char *start = size > 0 ? memchr(text, '\n', (size_t)size) : 0;
  if (start) {
    char *end = text + size;
    char *from = end;
    // The start of the last `count` lines behind the first one.
    for (int left = count; left > 0 && from > start + 1; left--)
      for (from--; from > start + 1 && from[-1] != '\n';) from--;
    size_t head = (size_t)(start + 1 - text), tail = (size_t)(end - from);
    memmove(start + 1, from, tail);
    rewind(file);
    if (fwrite(text, 1, head + tail, file) == head + tail && fflush(file) == 0 &&
        ftruncate(fileno(file), (off_t)(head + tail)) != 0)
      errno = 0;
  }
  free(text);
  fclose(file);
}
