#define _GNU_SOURCE
#include "CPosix.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Only functions that are safe between fork and exec are used here (signal-safety(7)).

static int keep(int fd) {
  int flags = fcntl(fd, F_GETFD);
  return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

static void close_all_but(const int *kept, size_t count) {
  unsigned first = 3;
  for (size_t i = 0; i < count; i++) {
    if (kept[i] < (int)first) continue;
    if ((unsigned)kept[i] > first) apus_close_range(first, (unsigned)kept[i] - 1, 0);
    first = (unsigned)kept[i] + 1;
  }
  if (apus_close_range(first, ~0u, 0) < 0) {
    long most = sysconf(_SC_OPEN_MAX);
    for (long fd = first; fd < (most > 0 ? most : 1024); fd++) close((int)fd);
  }
}

static void report(int pipe, int number, const char *where) {
  char text[64];
  char digits[16];
  int at = sizeof digits;
  unsigned value = (unsigned)number;
  do {
    digits[--at] = "0123456789ABCDEF"[value & 15];
    value >>= 4;
  } while (value && at > 0);
  size_t size = 0;
  memcpy(text, "OSError:", 8);
  size = 8;
  memcpy(text + size, digits + at, sizeof digits - (size_t)at);
  size += sizeof digits - (size_t)at;
  text[size++] = ':';
  ssize_t done = write(pipe, text, size);
  (void)done;
  if (where) {
    done = write(pipe, where, strlen(where));
    (void)done;
  }
}

static void child(ApusSpawn s) {
  const char *where = "";
  int error_pipe = s.errpipe_write;
  for (size_t i = 0; i < s.kept_count; i++)
    if (s.kept[i] != s.errpipe_write && keep(s.kept[i]) < 0) goto failed;
  if (s.p2cwrite != -1) close(s.p2cwrite);
  if (s.c2pread != -1) close(s.c2pread);
  if (s.errread != -1) close(s.errread);
  close(s.errpipe_read);
  // Descriptors that would be overwritten move out of the way.
  if (s.c2pwrite == 0 && (s.c2pwrite = dup(s.c2pwrite)) < 0) goto failed;
  while (s.errwrite == 0 || s.errwrite == 1)
    if ((s.errwrite = dup(s.errwrite)) < 0) goto failed;
  if (s.p2cread == 0) { if (keep(0) < 0) goto failed; }
  else if (s.p2cread != -1 && dup2(s.p2cread, 0) < 0) goto failed;
  if (s.c2pwrite == 1) { if (keep(1) < 0) goto failed; }
  else if (s.c2pwrite != -1 && dup2(s.c2pwrite, 1) < 0) goto failed;
  if (s.errwrite == 2) { if (keep(2) < 0) goto failed; }
  else if (s.errwrite != -1 && dup2(s.errwrite, 2) < 0) goto failed;
  where = "noexec:chdir";
  if (s.directory && chdir(s.directory) < 0) goto failed;
  where = "";
  if (s.mask >= 0) umask((mode_t)s.mask);
  if (s.restore_signals) {
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
  }
  where = "noexec";
  if (s.new_session && setsid() < 0) goto failed;
  if (s.process_group >= 0 && setpgid(0, s.process_group) < 0) goto failed;
  if (s.sets_groups && setgroups(s.group_count, s.groups) < 0) goto failed;
  if (s.sets_group && setregid(s.group, s.group) < 0) goto failed;
  if (s.sets_user && setreuid(s.user, s.user) < 0) goto failed;
  where = "";
  if (s.prepare && s.prepare()) {
    static const char text[] = "SubprocessError:0:Exception occurred in preexec_fn.";
    ssize_t done = write(error_pipe, text, sizeof text - 1);
    (void)done;
    _exit(255);
  }
  if (s.close_others) close_all_but(s.kept, s.kept_count);
  int saved = 0;
  for (size_t i = 0; s.programs[i]; i++) {
    if (s.envp) execve(s.programs[i], s.argv, s.envp);
    else execv(s.programs[i], s.argv);
    if (errno != ENOENT && errno != ENOTDIR && saved == 0) saved = errno;
  }
  if (saved) errno = saved;
failed:
  report(error_pipe, errno, where);
  _exit(255);
}

pid_t apus_fork_exec(const ApusSpawn *spawn) {
  pid_t pid = fork();
  if (pid == 0) child(*spawn);
  return pid;
}
